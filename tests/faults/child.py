"""A process that works on a journal and says on its stdout what it tries and what is done.

`python -m tests.faults.child HOME WORD…` does the named steps in order; with `--forever SEED`
it adds, edits and erases at random until it is killed; `--plant FAULT` makes it faulty on
purpose, so that the harness can be seen to find it.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reflect import config, ids, rescue
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Filters
from reflect.store import engine, entries
from tests.conftest import NOW

Step = Callable[["Worker"], None]


def digest(text: str) -> str:
    """What stands for a text in the log of what was acknowledged."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def state(journal: Journal) -> dict[str, str]:
    """Every entry by its id: a digest of all its wordings, later thoughts and names."""
    found = {}
    for entry in journal.find(Filters()):
        words = [each.text for each in journal.versions(entry)]
        thoughts = [layer.text for layer in journal.layers(entry)]
        found[ids.shown(entry.id)] = digest("\x1e".join([*words, "", *thoughts, entry.about, *entry.tags]))
    return found


def say(*words: str) -> None:
    """Write one whole line at once."""
    os.write(1, (" ".join(words) + "\n").encode())


class Worker:
    """One journal and what was done to it."""

    def __init__(self, home: Path) -> None:
        """Name the home; nothing is opened yet."""
        self.places = config.Places(home, home)
        self.now = datetime.fromisoformat(NOW)
        self.chance = random.Random(os.environ.get("REFLECT_WRITER", "1"))
        self.done = 0
        self._open: Journal | None = None

    @property
    def journal(self) -> Journal:
        """The journal, opened when it is first needed."""
        if self._open is None:
            self.now += timedelta(seconds=1)
            self._open = Journal(self.places, self.now, seed="x")
        return self._open

    def close(self) -> None:
        """Close the journal, so that the next step opens it anew."""
        if self._open:
            self._open._db.close()
            self._open = None

    def text(self) -> str:
        """Words nobody else writes."""
        self.done += 1
        filler = "who pays and who decides " * self.chance.randrange(1, 120)
        return f"entry {self.done} {self.chance.random()} {filler}"

    def some(self) -> Entry:
        """The entry that was written first."""
        return list(self.journal.find(Filters()))[-1]


def add(worker: Worker) -> None:
    """Write an entry."""
    worker.journal.write(from_text(worker.text()), Details(tags=("t",), themes=("funding",), about="Board"))


def edit(worker: Worker) -> None:
    """Give an entry new words."""
    worker.journal.edit(worker.some(), from_text(worker.text()))


def erase(worker: Worker) -> None:
    """Erase an entry."""
    worker.journal.erase(worker.some())


def undo(worker: Worker) -> None:
    """Take the last step back."""
    from reflect.undo import Undo

    Undo(worker.journal).back()


def think(worker: Worker) -> None:
    """Put a later thought beside an entry."""
    from reflect.revisit import Revisit

    Revisit(worker.journal).answer(worker.some(), "changed", from_text(worker.text()))


def bring_in(worker: Worker) -> None:
    """Bring in three entries of another tool."""
    from reflect import incoming
    from reflect.exchange.arriving import Wishes
    from reflect.exchange.stamps import Clock

    file = worker.places.home.parent / "jrnl.txt"
    if not file.exists():
        file.write_text("".join(f"[2026-01-0{day} 12:00] Day {day}. {'words ' * 200}\n\n" for day in (1, 2, 3)))
    wishes = Wishes(Clock("Europe/London", ""), worker.now)
    plan = incoming.look(worker.journal, "jrnl", str(file), wishes, lambda *_: None)
    incoming.bring_in(worker.journal, plan, lambda *_: None)


def backup(worker: Worker) -> None:
    """Make a copy."""
    worker.journal.backup()


def migrate(worker: Worker) -> None:
    """Open a journal of an older format, which brings it up to date."""
    worker.journal.size()


def restore(worker: Worker) -> None:
    """Let the oldest copy take the journal's place."""
    worker.close()
    copy = min(worker.places.backups.glob("*.db"))
    with rescue.Return(copy, worker.places, worker.now) as coming:
        coming.replace()


def merge(worker: Worker) -> None:
    """Take in what the oldest copy has more."""
    worker.close()
    copy = min(worker.places.backups.glob("*.db"))
    with rescue.Return(copy, worker.places, worker.now) as coming:
        coming.merge()


STEPS: dict[str, Step] = {
    each.__name__: each for each in (add, edit, erase, undo, think, bring_in, backup, migrate, restore, merge)
}


def do(worker: Worker, names: list[str]) -> None:
    """Do the steps, each acknowledged with the whole state that must hold from then on."""
    if names[0] != "migrate":
        worker.journal.first_time("greeted")
        say("done", json.dumps(state(worker.journal)))
    for name in names:
        say("try", name)
        STEPS[name](worker)
        say("done", json.dumps(state(worker.journal)))
    worker.close()


def do_quietly(worker: Worker, names: list[str]) -> None:
    """Do the steps in this very process, to prepare a home."""
    for name in names:
        STEPS[name](worker)
    worker.close()


def forever(worker: Worker, seed: str) -> None:
    """Add, edit and erase until killed, saying before each change what it will be and after it that it is done."""
    chance = random.Random(seed)
    known: list[int] = []
    journal = worker.journal
    say("open")
    while True:
        text = f"entry {chance.random()} " + "who pays and who decides " * chance.randrange(1, 200)
        act = chance.choice(["add"] * 6 + ["edit", "edit", "erase"]) if known else "add"
        if act == "add":
            say("try", "add", "-", digest(text))
            number = journal.write(from_text(text), Details(tags=("t",), themes=("funding",))).entry.id
            known.append(number)
        else:
            number = chance.choice(known)
            entry = journal.entry(number)
            say("try", act, ids.shown(number), digest(text))
            if act == "edit":
                journal.edit(entry, from_text(text))
            else:
                journal.erase(entry)
                known.remove(number)
        say("done", act, ids.shown(number), digest(text))


# -- faults planted on purpose -------------------------------------------------------------------


def _pragmas(*pragmas: str) -> Callable[[Worker], None]:
    def plant(_: Worker) -> None:
        raw = engine.raw

        def faulty(path: Path, *, read_only: bool = False) -> Any:
            connection = raw(path, read_only=read_only)
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
            return connection

        engine.raw = faulty  # type: ignore[assignment]

    return plant


def _too_early(worker: Worker) -> None:
    write = engine.write

    @contextmanager
    def saying(connection: engine.Connection, path: Path, *, wait_ms: int | None = None) -> Any:
        with write(connection, path, wait_ms=wait_ms):
            yield
            say("done", json.dumps(state(worker.journal)))

    engine.write = saying


def _no_rebuild(_: Worker) -> None:
    def remove(connection: engine.Connection, gone: Any) -> None:
        connection.executemany("DELETE FROM entry WHERE id = ?", [(number,) for number in gone])

    entries.remove = remove


def _no_overwriting(_: Worker) -> None:
    _pragmas("secure_delete=OFF")(_)
    engine.compact = lambda *_: None


def _plain_begin(_: Worker) -> None:
    @contextmanager
    def write(connection: engine.Connection, path: Path, *, wait_ms: int | None = None) -> Any:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM entry").fetchone()  # as code does that reads before it writes
        with engine.translated(path):
            yield
            connection.execute("COMMIT")

    engine.write = write
    engine.WAIT_MS = 500


PLANTS: dict[str, Callable[[Worker], None]] = {
    "sync off": _pragmas("journal_mode=DELETE", "synchronous=OFF"),
    "write-ahead log, sync normal": _pragmas("journal_mode=WAL", "synchronous=NORMAL"),
    "rollback journal deleted": _pragmas("journal_mode=DELETE", "synchronous=FULL"),
    "said too early": _too_early,
    "not overwritten": _no_overwriting,
    "index not rebuilt": _no_rebuild,
    "plain begin": _plain_begin,
}


def main(words: list[str]) -> None:
    """Do what the command line asks for."""
    worker = Worker(Path(words.pop(0)))
    if "--plant" in words:
        place = words.index("--plant")
        PLANTS[words[place + 1]](worker)
        del words[place : place + 2]
    if words[:1] == ["--forever"]:
        forever(worker, words[1])
    else:
        do(worker, words)


if __name__ == "__main__":
    main(sys.argv[1:])
