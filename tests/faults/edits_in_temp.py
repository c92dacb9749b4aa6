"""A planted fault: editing in the shared temp folder, as a well-known library does it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reflect import intake
from reflect.__main__ import run
from reflect.cli import editor
from reflect.errors import Refused


def write_on(page: Path, words: Sequence[str], before: str) -> intake.Taken | None:
    """Edit a file in the temp folder, and remove it whatever comes of it."""
    handle, name = tempfile.mkstemp(suffix=".txt")
    os.close(handle)
    try:
        if subprocess.run([*words, name], check=False).returncode:
            raise Refused("the editor failed")
        return intake.from_bytes(Path(name).read_bytes())
    finally:
        Path(name).unlink(missing_ok=True)


if __name__ == "__main__":
    editor.write_on = write_on
    run()
