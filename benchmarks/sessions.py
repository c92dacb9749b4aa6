"""Measures sessions: how soon the host's screen stands, and what a key costs with many people in the room.

Run by itself with `python -m benchmarks.sessions`, or as a part of `make bench`.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks import processes
from benchmarks.processes import Ratio, compared

SHOWN = b"Here:"
"""Stands on both screens once they are painted."""

FEW, MANY = 2, 200
_KEYS = 40


def first_paint(pairs: int) -> Ratio:
    """Compare the time until `session run` stands with that of an empty Textual app."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        empty = (sys.executable, str(Path(__file__).parent / "by_hand" / "empty_textual.py"))
        run = (*processes.REFLECT, "session", "run", "check-in", "--people", "Amara, Len, Priya")
        environment = processes.environment(home)
        environment.pop("REFLECT_NOW")
        return compared(_painted(empty, environment), _painted(run, environment), pairs)


def _painted(command: Sequence[str], environment: dict[str, str]) -> Callable[[], float]:
    """Return what starts a screen, says after how many seconds it stood, and ends it."""

    def run() -> float:
        ours, theirs = pty.openpty()
        start = time.perf_counter()
        with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
            os.close(theirs)
            seen = b""
            while SHOWN not in seen:
                seen += os.read(ours, 65_536)
            elapsed = time.perf_counter() - start
            process.kill()
        os.close(ours)
        return elapsed

    return run


def keys(pairs: int) -> Ratio:
    """Compare a key with two hundred people in the room with one with two, in process."""
    return compared(lambda: _a_key(FEW), lambda: _a_key(MANY), pairs)


def _a_key(people: int) -> float:
    """Return the median time of a key that gives the word on, with what a screen then shows."""
    from reflect.session import plans, room

    plan = plans.read(plans.shipped()["check-in"])
    now = datetime(2026, 11, 20, 16).astimezone()
    with tempfile.TemporaryDirectory() as folder, room.team(Path(folder), now) as group:
        names = tuple(f"Person {n}" for n in range(people))
        asked = plans.Question("What is on your mind?", ())
        here = room.begin(group, plan, {step.id: asked for step in plan.step}, now, names=names, seed="bench")
        here.do("start", now)
        at = next(at for at, step in enumerate(here.course.agenda.steps) if step.turns == "each")
        took = []
        for n in range(_KEYS):
            now += timedelta(seconds=1)
            if n % people == 0:
                here.do("jump", now, step=at)
            start = time.perf_counter()
            here.do("next", now)
            took.append(time.perf_counter() - start)
        return median(took)


def every(pairs: int) -> Iterator[tuple[str, str, float, Ratio]]:
    """Yield each goal: what, against what, at most, and what was found."""
    yield "`session run` to its first paint", "an empty Textual app", 3.0, first_paint(pairs)
    yield f"a key with {MANY} people in the room", f"with {FEW}", 2.0, keys(pairs)


if __name__ == "__main__":
    for what, against, goal, found in every(11):
        print(f"{what}, times {against}: {found.median:.2f} ({found.lowest:.2f} to {found.highest:.2f}), goal {goal:g}")
