"""Running a command under strace, which watches system calls and makes some of them fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.conftest import NOW, UNMEASURED

STRACE = "strace"


@cache
def why_not() -> str:
    """Return why no system call can be watched here, empty when it can."""
    if not sys.platform.startswith("linux"):
        return "strace is a Linux tool"
    if not shutil.which(STRACE):
        return "strace is not installed"
    tried = subprocess.run([STRACE, "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"strace may not watch here: {tried.stderr.strip()[:80]}"


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a process whose journal is in `home`."""
    return (
        os.environ
        | UNMEASURED
        | {
            "REFLECT_HOME": str(home),
            "REFLECT_NOW": NOW,
            "REFLECT_SEED": "test",
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
    )


def run(
    home: Path,
    command: Sequence[str],
    *,
    calls: Sequence[str],
    paths: Sequence[Path] = (),
    inject: str = "",
    output: Path | None = None,
    stdin: str = "",
) -> subprocess.CompletedProcess[str]:
    """Run a Python module (`-m` is put before) while its calls are watched.

    `inject` is strace's own way of saying what fails and when, for calls on `paths`.
    """
    options = ["-f", "--seccomp-bpf", "-o", str(output or os.devnull), "-e", f"trace={','.join(calls)}"]
    if output:
        options += ["-y", "-xx", "-s", "200000"]
    if inject:
        options += ["-e", f"inject={inject}"]
    for path in paths:
        options += ["-P", str(path)]
    return subprocess.run(
        [STRACE, *options, sys.executable, "-m", *command],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env=environment(home),
        timeout=120,
        check=False,
    )
