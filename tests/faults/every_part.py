"""All parts of the harness and all planted faults, run two at a time, with their figures as docs/safety.md has them."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from tests.faults import commands, counted, crowd, damage, editors, kills, limits, power, sealed, traces
from tests.faults.oracle import Figures

Part = tuple[str, str]
PARTS: dict[str, Callable[[Path], Figures]] = {
    "A": lambda folder: kills.one_shot(folder / "home"),
    "B": lambda folder: kills.loop(folder / "home"),
    **{
        f"C {name}": lambda folder, name=name: counted.fail(folder, only=[name])  # type: ignore[misc]
        for name in ("write", "edit", "erase", "import", "backup", "restore", "merge", "migrate")
    },
    **{
        f"D {number}": lambda _, case=case: power.cut(case.steps, case.prepare)  # type: ignore[misc]
        for number, case in enumerate(power.CASES)
    },
    "E files": limits.small_files,
    "E disk": limits.full_disk,
    "F": lambda folder: crowd.together(folder / "home"),
    "G": limits.read_only,
    "H": damage.every,
    "I": traces.scan,
    "I reader": lambda folder: traces.beside_a_reader(folder / "home"),
    "I sealed": sealed.scan,
    "J": editors.every,
}
PLANTS: dict[str, Callable[[Path], Figures]] = {
    "C, 0 whatever the disk says": lambda folder: counted.fail(folder, only=["write"], module="tests.faults.says_done"),
    **{
        f"D, {plant}": lambda _, plant=plant: power.cut(["add", "add"], plant=plant)  # type: ignore[misc]
        for plant in power.PLANTS
    },
    "F, plain begin": lambda folder: crowd.together(folder / "home", plant="plain begin"),
    "I, not overwritten": lambda folder: traces.planted(folder, "not overwritten"),
    "I, index not rebuilt": lambda folder: traces.planted(folder, "index not rebuilt"),
    "I, not encrypted": lambda folder: sealed.scan(folder, encrypts=False),
    "J, editing in the temp folder": lambda folder: editors.every(folder, module="tests.faults.edits_in_temp"),
}
"""Faults planted on purpose, each of which its part must find."""

WHAT = {
    "A": "one command killed at a random moment",
    "B": "a writer killed after a random number of acknowledgements",
    "C": "each write or sync fails in turn, or is the last one before a kill",
    "D": "the power goes after each system call, in seven ways",
    "E": "a full disk, and files that may grow no further",
    "F": "four writers and a reader at once",
    "G": "files and folders that may not be written",
    "H": "damaged journals",
    "I": "words looked for in every byte, erased ones and those of an encrypted journal",
    "J": "editors that fail, die, kill, or remove the page",
}


def run(name: str) -> tuple[str, Figures, int, int]:
    """Run one part in a folder of its own; return its figures, and the runs of commands and tracebacks among them."""
    with tempfile.TemporaryDirectory(prefix="reflect-faults-") as folder:
        figures = {**PARTS, **PLANTS}[name](Path(folder))
    return name, figures, commands.COUNTED.runs, commands.COUNTED.tracebacks + commands.COUNTED.strange


def main(words: list[str]) -> int:
    """Run all and print the figures, with --write into docs/safety.md, too; return how many parts did not hold."""
    began, busy_before = time.monotonic(), _busy()
    with ProcessPoolExecutor(max_workers=2, max_tasks_per_child=1) as pool:
        done = {name: rest for name, *rest in pool.map(run, [*PARTS, *PLANTS])}
    wrong = [f"{name}: {fault}" for name in PARTS for fault in done[name][0].faults[:5]]
    blind = [name for name in PLANTS if not done[name][0].faults and not done[name][0].not_run]
    found = _table(done) + "\n\n" + _sentences(done)
    print(found)
    print("\n".join(wrong + [f"blind: {name}" for name in blind]), file=sys.stderr)
    took = time.monotonic() - began
    print(f"{took:.0f} seconds, {_busy() - busy_before:.0f} of a processor", file=sys.stderr)
    if "--write" in words:
        from docs import make_safety

        text = make_safety.PAGE.read_text(encoding="utf-8")
        make_safety.PAGE.write_text(make_safety.put(text, "found", found), encoding="utf-8")
    return len(wrong) + len(blind)


def _table(done: dict[str, list[Any]]) -> str:
    lines = ["| Part | What was done | Times | Acknowledged | Lost | Other faults |", "|---|---|---|---|---|---|"]
    for letter, what in WHAT.items():
        mine: list[Figures] = [done[name][0] for name in PARTS if name.split()[0] == letter]
        not_run = next((each.not_run for each in mine if each.not_run), "")
        runs, acknowledged, lost = (sum(getattr(each, name) for each in mine) for name in _NAMES)
        faults = sum(len(each.faults) for each in mine)
        if not_run:
            lines.append(f"| {letter} | {what} | not run: {not_run} | | | |")
        else:
            lines.append(
                f"| {letter} | {what} | {runs:,} | {f'{acknowledged:,}' if acknowledged else ''} | {lost} | {faults} |"
            )
    return "\n".join(lines)


def _busy() -> float:
    """Return the seconds that this process and those it started kept a processor busy."""
    return sum(os.times()[:4])


def _sentences(done: dict[str, list[Any]]) -> str:
    commands_run, strange = (sum(done[name][place] for name in PARTS) for place in (1, 2))
    scan, editors_ = done["I"][0].more, done["J"][0].more
    plain = done["I sealed"][0].more.get("plain words found", "not run")
    return (
        f"Erased words found in any byte: {scan['erased words found']}, of words in {scan['places looked for']} places."
        f"\nPlain words of an encrypted journal found in any byte: {plain}."
        f"\nWords left outside our folders: {editors_['words outside our folders']}."
        f"\nCommands run: {commands_run:,}, of which with a traceback or a meaningless exit code: {strange}."
        f"\nPlanted faults: {len(PLANTS)}, of which found: {sum(bool(done[name][0].faults) for name in PLANTS)}."
    )


_NAMES = ("runs", "acknowledged", "lost")
