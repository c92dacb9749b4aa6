"""Measures every goal of speed and writes the tables of docs/performance.md; `--quick` only shows rough ones."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from benchmarks import encrypted, goals, journals, looking_back, moves, pages, peers, processes
from benchmarks.goals import FULL, QUICK, Row, Thoroughness
from reflect.dates import in_words

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
COMMAND = "make bench"


def main() -> None:
    """Measure, tell each goal as it is found, and put the tables into their page."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--quick", action="store_true", help="few pairs, no large journal, and no page written")
    options.add_argument("--only", choices=PARTS, help="one of the tables")
    asked = options.parse_args()
    for part in [asked.only] if asked.only else PARTS:
        found = PARTS[part](QUICK if asked.quick else FULL)
        print(machine())
        if not asked.quick:
            pages.put(PAGE, part, f"{machine()}\n\n{found}", COMMAND)
            print(f"Written to docs/{PAGE.name}.")


def _ours(*parts: Callable[[Thoroughness], Iterable[Row]]) -> Callable[[Thoroughness], str]:
    """Return what measures goals of ours, tells each as it is found, and returns their table."""

    def measured(how: Thoroughness) -> str:
        rows = []
        for row in chain.from_iterable(part(how) for part in parts):
            print(line(row), flush=True)
            rows.append(row)
        journals.forget_copies()
        return table(rows)

    return measured


PARTS: dict[str, Callable[[Thoroughness], str]] = {
    "journal": _ours(goals.every, looking_back.every),
    "moves": _ours(moves.every),
    "encrypted": _ours(encrypted.every),
    "peers": peers.measured,
    "groups": _ours(goals.of_groups),
    "sessions": _ours(goals.of_sessions),
}
"""Each has a table of its own, and can be measured alone."""


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    head = ["| What | Times what | At most | Measured | Pairs | |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *map(line, rows)])


def line(row: Row) -> str:
    """Return one goal as a line of the table: the median of its pairs, the lowest and the highest."""
    found = row.found
    span = f" ({found.lowest:.2f} to {found.highest:.2f})" if found.pairs > 1 else ""
    met = "met" if row.met else "**not met**"
    return (
        f"| {row.name} | {row.against} | {row.goal:g} | **{found.median:.2f}**{span}"
        f" | {found.pairs if found.pairs > 1 else 'exact'} | {met} |"
    )


def machine() -> str:
    """Return in neutral words what the figures were measured on."""
    today = in_words(datetime.now(UTC).date().isoformat())
    start = processes.seconds(processes.bare(journals.made(goals.SMALL)), 21)
    return (
        f"Measured on {today}: {os.cpu_count()} cores, {platform.system()} on {platform.machine()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
        f" A bare start of Python took {start * 1000:.0f} ms."
    )


if __name__ == "__main__":
    main()
