"""How fast entries come in and go out, beside the same by hand with SQLite."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks import journals, processes
from benchmarks.by_hand import bulk
from benchmarks.goals import LARGE, MIDDLE, Row, Thoroughness
from benchmarks.processes import compared
from reflect import config, incoming
from reflect.exchange.arriving import Wishes
from reflect.exchange.stamps import Clock
from reflect.journal import Journal

IN, OUT = 2.0, 1.4
"""How many times as long as by hand an import and an export may take."""


def every(how: Thoroughness) -> Iterator[Row]:
    """Yield each goal of moving in and out with what was found."""
    for size in (MIDDLE, LARGE):
        if size <= how.largest:
            yield _import(size, how)
            yield _export(size, how)


def jrnl_file(size: int, path: Path, *, tagged: bool = True) -> Path:
    """Write made-up entries as jrnl keeps them, about ten years of them; the same every time."""
    chance = random.Random(journals.SEED)
    writer = journals.Writer(chance)
    moment = datetime.fromisoformat("2016-01-01T09:00:00")
    step = timedelta(days=3650) / size
    pieces = []
    for number in range(size):
        tags = " ".join(f"#{tag}" for tag in chance.sample(journals.TAGS, chance.choice(journals.TAG_COUNTS)))
        title, _, body = writer.entry().partition(". ")
        moment_said = (moment + step * number).strftime("%Y-%m-%d %H:%M")
        pieces.append(f"[{moment_said}] {title}.\n{body}{' ' * tagged}{tags * tagged}\n")
    path.write_text("\n".join(pieces), encoding="utf-8")
    return path


def _import(size: int, how: Thoroughness) -> Row:
    """Compare reading, checking and storing a file with inserting its rows when they are ready."""
    folder = journals.OUT / "work-moves"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    path = jrnl_file(size, folder / "journal.txt")
    _bring_in(folder / "pattern", path)
    rows = bulk.rows_of(folder / "pattern" / "journal.db")
    random.Random(journals.SEED).shuffle(rows.entries)  # by hand nobody sorts ids

    def by_hand() -> float:
        home = _empty(folder / "by-hand")
        return _seconds(lambda: bulk.insert(home / "journal.db", rows))

    def ours() -> float:
        home = _empty(folder / "ours")
        return _seconds(lambda: _bring_in(home, path))

    found = compared(by_hand, ours, max(3, how.passes // 2))
    shutil.rmtree(folder)
    return Row(f"importing {size:,} entries of jrnl, in process", "inserting their rows, then indexing", IN, found)


def _export(size: int, how: Thoroughness) -> Row:
    by_hand, ours = exports(journals.made(size))
    if json.loads(processes.output(by_hand))["entries"] != json.loads(processes.output(ours))["entries"]:
        message = "`export json` and its raw loop write different entries: they can't be compared"
        raise AssertionError(message)
    found = compared(by_hand, ours, max(3, how.passes // 2))
    return Row(f"`reflect export json`, {size:,} entries", "a raw `sqlite3` and `json` loop", OUT, found)


def exports(home: Path) -> tuple[processes.Run, processes.Run]:
    """Return an export by hand, and ours."""
    by_hand = processes.script(home, "export_json", home / "journal.db")
    return by_hand, processes.reflect(home, "export", "json")


def _bring_in(home: Path, path: Path) -> None:
    with Journal(config.Places(home, home), datetime.fromisoformat(journals.NOW), seed="bench") as journal:
        wishes = Wishes(Clock("Europe/London", ""), journal.now)
        plan = incoming.look(journal, "jrnl", str(path), wishes, _silent)
        incoming.bring_in(journal, plan, _silent, suggest=False)


def _empty(home: Path) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    with Journal(config.Places(home, home), datetime.fromisoformat(journals.NOW), seed="bench"):
        return home


def _silent(stage: str, done: int, of: int) -> None:
    """Show no progress."""


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
