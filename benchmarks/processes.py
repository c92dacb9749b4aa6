"""Runs whole processes and compares them in pairs, so that a machine's changing mood touches both alike."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

BARE = (sys.executable, "-c", "pass")
"""The floor: Python starting and ending, from the same environment."""

REFLECT = (sys.executable, str(Path(sys.executable).with_name("reflect")))
"""The installed command."""

_WRITE = "Something was said about who decides, and the meeting went on as if it had not been said."


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return what a run sees: little, the same everywhere, and nothing that measures coverage."""
    from benchmarks.journals import NOW

    # Where it can be, the journal is found as most people's is: in the platform's own place.
    found = {"XDG_DATA_HOME": str(home.parent)} if home.name == "reflect" else {"REFLECT_HOME": str(home)}
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TZ": "Europe/London",
        "TERM": "xterm-256color",
        "REFLECT_NOW": NOW,
        "REFLECT_SEED": "bench",
        **found,
        **more,
    }


@dataclass(frozen=True)
class Run:
    """One command with the home it works on."""

    command: tuple[str, ...]
    home: Path
    at_a_terminal: bool = False

    def __call__(self) -> float:
        """Run it once; return the seconds it took."""
        return (_at_a_terminal if self.at_a_terminal else _piped)(self.command, environment(self.home))


def reflect(home: Path, *words: str, at_a_terminal: bool = False) -> Run:
    """Return a run of the installed command."""
    return Run((*REFLECT, *words), home, at_a_terminal)


def bare(home: Path, *, at_a_terminal: bool = False) -> Run:
    """Return a run of Python that does nothing."""
    return Run(BARE, home, at_a_terminal)


def script(home: Path, name: str, *words: str | Path) -> Run:
    """Return a run of one of the scripts in `by_hand`, with files and words to work on."""
    path = Path(__file__).parent / "by_hand" / f"{name}.py"
    return Run((sys.executable, str(path), *map(str, words)), home)


@dataclass(frozen=True)
class Ratio:
    """How many times as long one thing took as another: the median of pairs, with the lowest and the highest."""

    median: float
    lowest: float
    highest: float
    pairs: int


def compared(floor: Callable[[], float], subject: Callable[[], float], pairs: int) -> Ratio:
    """Run both in turn (A B A B …) after a warm-up; return the subject's time over the floor's, pair by pair."""
    floor()
    subject()
    ratios = []
    for _ in range(pairs):
        least = floor()
        ratios.append(subject() / least)
    return Ratio(median(ratios), min(ratios), max(ratios), pairs)


def seconds(run: Callable[[], float], times: int) -> float:
    """Return the median time of a run."""
    run()
    return median(run() for _ in range(times))


def _piped(command: Sequence[str], env: Mapping[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, input=_WRITE.encode(), stdout=subprocess.DEVNULL, check=True, env=env)
    return time.perf_counter() - start


def _at_a_terminal(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Run with a terminal of 80 columns on all three streams, and read what it shows to the end."""
    ours, theirs = pty.openpty()
    start = time.perf_counter()
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        if "write" in command:
            os.write(ours, f"{_WRITE}\n.\n".encode())
        while True:
            try:
                if not os.read(ours, 65_536):
                    break
            except OSError:  # Linux says so when the other end is closed
                break
    elapsed = time.perf_counter() - start
    os.close(ours)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return elapsed


def output(run: Run) -> bytes:
    """Return what a run writes."""
    return subprocess.run(run.command, stdout=subprocess.PIPE, check=True, env=environment(run.home)).stdout


def peak(run: Run) -> float:
    """Return the most memory a run held, in MiB; asked of a small process between, since a child inherits its peak."""
    asked = (
        "import json, resource, subprocess, sys; subprocess.run(json.loads(sys.argv[1]), check=True,"
        " stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked, json.dumps(run.command)],
        capture_output=True,
        check=True,
        env=environment(run.home),
    )
    kilobytes = int(done.stdout) // (1024 if sys.platform == "darwin" else 1)
    return kilobytes / 1024


def instructions(command: Sequence[str], home: Path) -> int:
    """Return how many instructions a run takes, counted by valgrind: the same number every time."""
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
        input=_WRITE.encode(),
        capture_output=True,
        check=True,
        env=environment(home, PYTHONHASHSEED="0"),
    )
    found = re.search(rb"Collected : (\d+)", done.stderr)
    if not found:
        message = f"valgrind said nothing of instructions: {done.stderr[-300:]!r}"
        raise RuntimeError(message)
    return int(found[1])


def instructions_can_be_counted() -> bool:
    """Return whether valgrind is here."""
    return shutil.which("valgrind") is not None
