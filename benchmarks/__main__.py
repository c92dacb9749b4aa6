"""Measures every goal of speed and writes the table of docs/performance.md; `--quick` only shows a rough one."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from benchmarks import goals, journals, looking_back, moves, peers, processes
from benchmarks.goals import FULL, QUICK, Row
from reflect.dates import in_words

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- begin: measured by `make bench` -->", "<!-- end: measured by `make bench` -->"


def main() -> None:
    """Measure, tell each goal as it is found, and put the table into its page."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--quick", action="store_true", help="few pairs, no large journal, and no page written")
    quick = options.parse_args().quick
    rows = []
    how = QUICK if quick else FULL
    for row in chain(goals.every(how), looking_back.every(how), moves.every(how)):
        print(line(row), flush=True)
        rows.append(row)
    journals.forget_copies()
    print(machine())
    beside = peers.measured(quick=quick)
    if not quick:
        put(PAGE, f"{machine()}\n\n{table(rows)}")
        put(PAGE, beside, peers.BEGIN, peers.END)
        print(f"Written to docs/{PAGE.name}.")


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


def put(page: Path, measured: str, first: str = BEGIN, last: str = END) -> None:
    """Put what was measured between two markers of the page."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        message = f"{page.name} has lost its two markers"
        raise ValueError(message)
    page.write_text(f"{before}{begin}\n{measured}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
