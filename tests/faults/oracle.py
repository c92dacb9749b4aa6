"""What must hold after every fault, whatever it was: what was acknowledged is there, the rest is all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from reflect import config
from reflect.errors import ReflectError
from reflect.journal import Journal
from reflect.store import backups, engine
from tests.conftest import NOW
from tests.faults.child import state

State = Mapping[str, str]


@dataclass
class Figures:
    """What a part did and found; `faults` say in words what did not hold."""

    part: str
    what: str
    runs: int = 0
    acknowledged: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)
    not_run: str = ""
    """Why it was not run, empty when it was."""
    more: dict[str, int] = field(default_factory=dict)
    """Further counts, by what was counted."""

    def fault(self, said: str, *, lost: int = 0) -> None:
        """Note that something did not hold."""
        self.faults.append(said)
        self.lost += lost


class Unsound(Exception):
    """The journal that was found can't be trusted."""


def found_in(home: Path) -> State:
    """Open the journal as the next command would and return what it holds; one that is not sound is an error."""
    try:
        with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
            check(journal)
            return state(journal)
    except ReflectError as error:
        raise Unsound(f"{type(error).__name__}: {error.what}: {error.why}") from error
    except engine.database_errors() as error:
        raise Unsound(str(error)) from error


def check(journal: Journal) -> None:
    """Ask SQLite about the file and its indexes, and count what each index knows."""
    db = journal._db
    answer = db.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        raise Unsound(str(answer))
    with engine.translated(journal.places.database):
        for index, table in (("entry_fts", "entry"), ("layer_fts", "layer")):
            db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - our tables
            indexed = db.execute(f"SELECT count(*) FROM {index}_docsize").fetchone()[0]  # noqa: S608 - as above
            stored = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - as above
            if index == "entry_fts" and indexed != stored:
                raise Unsound(f"{indexed} entries in the index, {stored} in the table")


def copies_are_whole(home: Path, known: dict[str, str]) -> list[str]:
    """Return what is wrong with the copies in a home; `known` remembers what was looked at."""
    wrong = []
    for path in sorted((home / "backups").glob("*.db")):
        name = hashlib.sha256(path.read_bytes()).hexdigest()
        if name not in known:
            try:
                backups.verify(path)
                known[name] = ""
            except ReflectError as error:
                known[name] = f"{path.name}: {error.why or error.what}"
        if known[name]:
            wrong.append(known[name])
    return wrong


def page_count(path: Path) -> int:
    """Return how many pages a file has."""
    with closing(engine.raw(path, read_only=True)) as db:
        return int(db.execute("PRAGMA page_count").fetchone()[0])
