"""Files that are whole or absent, and private from the first byte."""

from __future__ import annotations

import os
from pathlib import Path

from reflect.errors import NotFound, Refused


def write_private(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file for the owner alone (0600): whole or not at all, never over another unless told."""
    if not replace and path.exists():
        raise Refused(
            f"{path} is there already",
            why="it would be overwritten",
            next_step="choose another name, or add --force",
        )
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", next_step="make it, or choose another place")
    part = path.with_name(f".reflect-{os.urandom(4).hex()}.part")
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
