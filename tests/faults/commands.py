"""Running `reflect` as a person would, held to limits, with every traceback and strange exit code counted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.faults.tracing import environment

EXIT_CODES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130}
"""What a command may end with; 1 is a fault of ours, and counts as a traceback does."""

# A process of its own sets the limits and becomes the command. Without CAP_DAC_OVERRIDE and
# CAP_DAC_READ_SEARCH (taken from the bounding set by PR_CAPBSET_DROP) modes hold even root.
LIMITED = """
import ctypes, os, resource, sys
size = int(sys.argv[1])
if os.geteuid() == 0:
    for power in (1, 2):
        if ctypes.CDLL(None).prctl(24, power, 0, 0, 0):
            sys.exit("modes do not hold here")
if size:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])
"""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Counted:
    """Every run of a command so far: how many, and how many with a traceback or an exit code that means nothing."""

    runs: int = 0
    tracebacks: int = 0
    strange: int = 0


COUNTED = Counted()


def ended(done: subprocess.CompletedProcess[str]) -> Ended:
    """Return how a run ended, and count it."""
    COUNTED.runs += 1
    COUNTED.tracebacks += "Traceback" in done.stderr
    COUNTED.strange += done.returncode == 1 or (done.returncode >= 0 and done.returncode not in EXIT_CODES)
    return Ended(done.returncode, done.stdout, done.stderr)


def run(home: Path, *words: str, stdin: str = "", env: dict[str, str] | None = None) -> Ended:
    """Run the command."""
    return run_module("reflect", home, *words, stdin=stdin, env=env)


def run_module(module: str, home: Path, *words: str, stdin: str = "", env: dict[str, str] | None = None) -> Ended:
    """Run a Python module that acts as the command."""
    return ended(
        subprocess.run(
            [sys.executable, "-m", module, *words],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=environment(home) | (env or {}),
            timeout=60,
            check=False,
        )
    )


def run_limited(home: Path, *words: str, stdin: str = "", file_size: int = 0) -> Ended:
    """Run the command as an ordinary owner of its files, held to modes and to files of some bytes."""
    return ended(
        subprocess.run(
            [sys.executable, "-c", LIMITED, str(file_size), "reflect", *words],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=environment(home),
            timeout=60,
            check=False,
        )
    )


def words_of(home: Path, answer: Ended) -> str:
    """Return all words that a person could still find after a failure: in drafts, or printed."""
    kept = [path.read_text(encoding="utf-8", errors="replace") for path in (home / "drafts").glob("*")]
    return "\n".join([*kept, answer.err])


def start(home: Path, command: Sequence[str], **options: object) -> subprocess.Popen[str]:
    """Start a Python module (`-m` is put before) with its output to be read."""
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env=environment(home) | {"PYTHONPATH": os.pathsep.join(sys.path)},
        **options,  # type: ignore[call-overload]
    )
