"""Part D: the power goes after every single system call, and what is found is worked out in several ways."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults import disk, oracle, tracing
from tests.faults.child import Worker, do_quietly
from tests.faults.oracle import Figures
from tests.store.formats import journal_of_format

Prepare = Callable[[Path], None]


class Case(NamedTuple):
    """Steps whose power is cut, and what is there before them."""

    steps: tuple[str, ...]
    prepare: Prepare | None = None


def _nothing(_: Path) -> None:
    """Leave the home empty, so that the first step makes the journal."""


def _older(home: Path) -> None:
    """Put a journal of the second format there, which the first step brings up to date."""
    journal_of_format(home, 2, {7: "the old heliotrope " * 300, 8: "and another"}, name="journal.db")


def _copied(home: Path) -> None:
    """Put a journal with a copy there that differs from it both ways."""
    worker = Worker(home)
    do_quietly(worker, ["add", "add", "backup", "erase", "add"])


CASES = (
    Case(("add", "add", "edit")),
    Case(("add",), _nothing),
    Case(("add", "erase")),
    Case(("think", "undo")),
    Case(("bring_in",)),
    Case(("backup",)),
    Case(("restore",), _copied),
    Case(("merge",), _copied),
    Case(("migrate",), _older),
)
"""Every kind of change that a journal knows."""

ENOUGH = 250
"""Calls of one run after each of which the power is cut; of longer runs of writes some are left out."""

PLANTS = ("sync off", "write-ahead log, sync normal", "rollback journal deleted", "said too early")
"""Faults that no kill shows, because the kernel still writes what a killed process handed over."""


def cut(
    steps: Sequence[str], prepare: Prepare | None = None, *, plant: str = "", ways: Sequence[str] = disk.WAYS
) -> Figures:
    """Trace one run of steps, cut its power after each call in each way, and look at what every cut leaves."""
    figures = Figures("D", f"power cut: {', '.join(dict.fromkeys(steps))}", not_run=tracing.why_not())
    if figures.not_run:
        return figures
    with tempfile.TemporaryDirectory(prefix="reflect-faults-") as folder:
        root = Path(folder).resolve() / "home"
        _prepared(root, prepare)
        before = shutil.copytree(root, root.with_name("before"))
        trace = root.with_name("trace")
        command = ["tests.faults.child", str(root), *steps, *(["--plant", plant] if plant else [])]
        ran = tracing.run(root, command, calls=disk.CALLS, output=trace)
        if ran.returncode:
            figures.fault(f"the run itself failed: {ran.stderr[-500:]}")
            return figures
        _replay(figures, trace.read_text(encoding="ascii"), root, before, ways, plant=plant)
    return figures


def _prepared(root: Path, prepare: Prepare | None) -> None:
    root.mkdir(mode=0o700)
    if prepare:
        prepare(root)
    else:
        do_quietly(Worker(root), ["add"])


def _replay(figures: Figures, trace: str, root: Path, before: Path, ways: Sequence[str], *, plant: str) -> None:
    calls = list(disk.parse(trace, root))
    said = [json.loads(call.data.decode().split(" ", 1)[1]) for call in calls if _is_done(call)]
    model = _rooted(before, root)
    chance = random.Random(7)
    holds: oracle.State | None = None
    told = 0
    looked: dict[str, oracle.State | str] = {}
    copies: dict[str, str] = {}
    place = root.with_name("after")
    step = 1 + len(calls) // ENOUGH
    for number, call in enumerate(calls):
        if call.name == "say":
            if _is_done(call):
                holds, told = said[told], told + 1
                figures.acknowledged += len(holds)
            continue
        model.do(call)
        if call.name == "write" and number % step and calls[number - 1].name == "write":
            continue  # in a long run of writes, the first and then every second or third one
        following = said[told] if told < len(said) else holds
        for way in ways:
            left = model.left(way, chance)
            figures.runs += 1
            name = _name(left)
            if name not in looked:
                looked[name] = _look(left, root, place, copies)
            found = looked[name]
            if isinstance(found, str):
                figures.fault(f"{call.name} {call.paths[0].rsplit('/', 1)[-1]}, {way}: {found}")
            elif found not in (holds, following) and not (holds is None and found == {}):
                what = f"{call.name} {call.paths[0].rsplit('/', 1)[-1]}"
                figures.fault(f"{what}, {way}: not what was said", lost=_lost(found, holds, following))
        if plant and figures.faults:
            break
    figures.more["calls"] = len(calls)
    figures.more["different states"] = len(looked)


def _lost(found: oracle.State, holds: oracle.State | None, following: oracle.State | None) -> int:
    """Return how many acknowledged entries are not there as they were, at least one."""
    kept = {entry: words for entry, words in (holds or {}).items() if (following or {}).get(entry) == words}
    return max(1, sum(found.get(entry) != words for entry, words in kept.items()))


def _is_done(call: disk.Call) -> bool:
    return call.name == "say" and call.data.startswith(b"done ")


def _rooted(before: Path, root: Path) -> disk.Disk:
    """Return the disk as it was before the run, under the names it had then."""
    model = disk.Disk(before)
    for names in (model._names, model._durable):
        for path in list(names):
            names[str(root) + path[len(str(before)) :]] = names.pop(path)
    return model


def _name(left: dict[str, bytes]) -> str:
    found = hashlib.blake2b()
    for path, content in sorted(left.items()):
        found.update(path.encode() + b"\0" + hashlib.blake2b(content).digest())
    return found.hexdigest()


def _look(left: dict[str, bytes], root: Path, place: Path, copies: dict[str, str]) -> oracle.State | str:
    """Put the files down as a cut left them, open the journal, and return what it holds, or what is wrong."""
    shutil.rmtree(place, ignore_errors=True)
    for path, content in left.items():
        file = place / Path(path).relative_to(root)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_bytes(content)
    place.mkdir(exist_ok=True)
    wrong = oracle.copies_are_whole(place, copies)
    if wrong:
        return wrong[0]
    try:
        return oracle.found_in(place)
    except oracle.Unsound as error:
        return str(error)
