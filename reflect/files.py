"""Files that are whole or absent, and private from the first byte."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
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


def write_folder(folder: Path, files: Mapping[str, bytes], *, replace: bool = False) -> None:
    """Write files into a folder for the owner alone: all of them or none, never over another unless told."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is not a folder", next_step="choose another name")
    there = [folder / name for name in files if (folder / name).exists()]
    if there and not replace:
        raise Refused(
            f"{there[0]} is there already",
            why="it would be overwritten",
            next_step="choose another folder, or add --force",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for name, content in files.items():
            write_private(folder / name, content, replace=replace)
            written.append(folder / name)
    except BaseException:
        for path in written:
            path.unlink()  # half a pack would be read as a whole one
        raise


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip container of these members in this order: the same members always as the same bytes.

    It tells nothing of when, where or by whom it was made.
    """
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()
