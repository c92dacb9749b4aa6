"""Part C: the first write fails, then the fourth, the seventh and so on, until a run is clean; and kills likewise."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from reflect import config, ids
from reflect.journal import Journal
from reflect.models import Filters
from tests.conftest import NOW
from tests.faults import commands, oracle, tracing
from tests.faults.oracle import Figures
from tests.store.formats import journal_of_format

WORDS = "words that must not get lost " + "who pays and who decides " * 100
WRITES = ("pwrite64", "ftruncate")
SYNCS = ("fsync", "fdatasync")


_UNDONE = ("was not saved", "Nothing was changed", "Nothing was brought in", "Nothing was erased")
"""Sentences that must be true."""


class Case(NamedTuple):
    """A command and what its journal holds before and after."""

    name: str
    words: tuple[str, ...]
    stdin: str = ""
    module: str = "reflect"


class Kind(NamedTuple):
    """A kind of failure: which calls, how strace says it, at how many places, and the exit codes that are right."""

    name: str
    calls: tuple[str, ...]
    how: str
    places: int
    codes: frozenset[int]


KINDS = (
    Kind("killed", WRITES, "signal=KILL:when={}", 6, frozenset({-9, 0})),
    Kind("disk full for good", ("pwrite64",), "error=ENOSPC:when={}+", 4, frozenset({0, 5, 6})),
    Kind("disk full once", ("pwrite64",), "error=ENOSPC:when={}", 3, frozenset({0, 5, 6})),
    Kind("sync fails", SYNCS, "error=EIO:when={}", 3, frozenset({0, 5, 6})),
)


def prepared(folder: Path) -> Path:
    """Return a home with three entries, a copy of it from when there were two, and a file to bring in."""
    home = folder / "ready"
    commands.run(home, "write", "-", stdin="the first entry " * 200)
    commands.run(home, "write", "-", stdin="the second entry " * 200)
    commands.run(home, "backup")
    commands.run(home, "write", "-", stdin="the third entry " * 200)
    (folder / "jrnl.txt").write_text(
        "".join(f"[2026-01-0{day} 12:00] Day {day}. {'words ' * 200}\n\n" for day in range(1, 9)), encoding="utf-8"
    )
    return home


def cases(home: Path) -> list[Case]:
    """Return the commands that change a journal."""
    with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
        entry = next(iter(journal.find(Filters())))
    number = ids.shown(entry.id)
    copy = next((home / "backups").glob("*.db")).name
    return [
        Case("write", ("write", "-", "--about", "Board"), WORDS),
        Case("edit", ("edit", number, "-"), WORDS),
        Case("erase", ("erase", number, "--yes")),
        Case("import", ("import", "jrnl", str(home.parent / "jrnl.txt"), "--yes")),
        Case("backup", ("backup",)),
        Case("restore", ("restore", copy, "--yes")),
        Case("merge", ("restore", copy, "--merge", "--yes")),
        Case("migrate", ("list",)),
    ]


def fail(folder: Path, kinds: Sequence[Kind] = KINDS, only: Sequence[str] = (), *, module: str = "reflect") -> Figures:
    """Let each command fail at places spread over all its calls, and look at what that leaves."""
    figures = Figures("C", "calls that fail, one after the other", not_run=tracing.why_not())
    if figures.not_run:
        return figures
    ready = prepared(folder)
    for case in cases(ready):
        if only and case.name not in only:
            continue
        source = _old(folder) if case.name == "migrate" else ready
        before = texts(source)
        clean = _copy(source, folder / "clean")
        totals = _count(clean, case, folder / "trace")
        after = texts(clean)
        for kind in kinds:
            total = sum(totals[call] for call in kind.calls)
            for place in sorted({1 + number * (total - 1) // max(1, kind.places - 1) for number in range(kind.places)}):
                home = _copy(source, folder / "run")
                _one(figures, home, case._replace(module=module), kind, place, (before, after))
    figures.more["commands with a traceback"] = commands.COUNTED.tracebacks
    return figures


def _old(folder: Path) -> Path:
    home = folder / "old"
    if not home.exists():
        journal_of_format(home, 2, {7: "the old heliotrope " * 300, 8: "and another"}, name="journal.db")
    return home


def _copy(source: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(source, to)


def _count(home: Path, case: Case, trace: Path) -> dict[str, int]:
    """Return how often a clean run makes each call."""
    tracing.run(home, ["reflect", *case.words], calls=[*WRITES, *SYNCS], output=trace, stdin=case.stdin)
    lines = trace.read_text(encoding="ascii").splitlines()
    return {call: sum(f" {call}(" in line for line in lines) for call in (*WRITES, *SYNCS)}


def _one(figures: Figures, home: Path, case: Case, kind: Kind, place: int, states: tuple[list[str], list[str]]) -> None:
    # An injection counts each call by itself, so all but the last kind of call fail at their own place.
    inject = f"{','.join(kind.calls)}:{kind.how.format(place)}"
    ran = tracing.run(home, [case.module, *case.words], calls=kind.calls, inject=inject, stdin=case.stdin)
    answer = commands.ended(ran)
    figures.runs += 1
    what = f"{case.name}, {kind.name} at {place}: exit {answer.code}"
    if answer.code not in kind.codes:
        figures.fault(f"{what}: {answer.err[-300:]}")
    if "Traceback" in answer.err:
        figures.fault(f"{what}: a traceback")
    try:
        found = texts(home)
    except oracle.Unsound as error:
        figures.fault(f"{what}: {error}", lost=1)
        return
    before, after = states
    if answer.code == 0:
        figures.acknowledged += 1
        if found != after:
            figures.fault(f"{what}: said to be done, and it is not", lost=1)
    elif found == after != before and any(said in answer.err for said in _UNDONE):
        figures.fault(f"{what}: said not to be done, and it is: {answer.err[-300:]}")
    elif found not in (before, after):
        figures.fault(f"{what}: done by halves: {len(found)} entries", lost=1)
    elif found != after and answer.code > 0 and case.stdin.strip() not in commands.words_of(home, answer):
        figures.fault(f"{what}: the words are nowhere", lost=1)


def texts(home: Path) -> list[str]:
    """Return the words of every entry of a home whose journal is sound."""
    oracle.found_in(home)
    with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
        return sorted(entry.text for entry in journal.find(Filters()))
