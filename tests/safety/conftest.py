"""What the tests of the safety rows share: commands held to modes, to small files and to small disks."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import at_terminal, here, write
from tests.conftest import NOW, UNMEASURED, Ran
from tests.faults.commands import LIMITED

__all__ = ["at_terminal", "here", "write"]

Limited = Callable[..., Ran]


@pytest.fixture
def limited(home: Path) -> Limited:
    """Run the command as an ordinary owner of its files, held to modes and, where given, to files of some bytes."""

    def run_limited(*words: str, stdin: str | None = None, code: int = 0, file_size: int = 0, at: Path = home) -> Ran:
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(file_size), "reflect", *words],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            encoding="utf-8",
            env=os.environ
            | {"REFLECT_HOME": str(at), "REFLECT_NOW": NOW, "REFLECT_SEED": "test", "PYTHONUTF8": "1"}
            | UNMEASURED,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, f"exit {done.returncode}, wanted {code}\n{done.stdout}\n{done.stderr}"
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_limited


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk needs the right to mount one: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def digest_of(folder: Path) -> dict[str, str]:
    """Each file under a folder, by name, and a digest of its bytes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
