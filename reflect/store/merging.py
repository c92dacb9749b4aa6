"""Takes into a journal what a copy of it has more: entries, wordings, thoughts, actions; nothing here is lost for it.

Both files are of the present format, and what stands (`standing.py`) holds already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from reflect.store import engine, entries

_OF_AN_ENTRY = ("version", "tag", "choice", "suggestion", "revisit", "mark", "meeting")
_WITH_CHECKSUM = {"entry": ("id", "text, about"), "version": ("number", "text"), "layer": ("id", "text")}
_WORDS = "SELECT id, version, text, about, checksum, revised_at, asked FROM entry WHERE id = ?"


class Compared(NamedTuple):
    """Two files of one journal, by their entries' numbers."""

    only_here: tuple[int, ...]
    only_there: tuple[int, ...]
    differing: tuple[int, ...]
    """In both, with other words."""


class Merged(NamedTuple):
    """What a merge brought: entries, newer wordings, mended words, and entries whose two wordings now both stand."""

    entries: tuple[int, ...]
    newer: tuple[int, ...]
    mended: tuple[int, ...]
    both: tuple[int, ...]


def compare(here: engine.Connection, there: engine.Connection) -> Compared:
    """Compare two files by the words of their entries."""
    ours, theirs = _digests(here), _digests(there)
    return Compared(
        tuple(ours.keys() - theirs.keys()),
        tuple(theirs.keys() - ours.keys()),
        tuple(number for number in ours.keys() & theirs.keys() if ours[number] != theirs[number]),
    )


def _digests(connection: engine.Connection) -> dict[int, tuple[int, int]]:
    return {row[0]: (row[1], row[2]) for row in connection.execute("SELECT id, checksum, length(text) FROM entry")}


def merge(here: engine.Connection, there: engine.Connection) -> Merged:
    """Take what `there` has more into `here`; the caller holds the transaction."""
    compared = compare(here, there)
    known = {row[0] for row in here.execute("SELECT id FROM entry")}
    erased = {row[0] for row in here.execute("SELECT entry FROM erased")}
    new = tuple(number for number in compared.only_there if number not in erased)
    mended = mend(here, there)
    broken = set(entries.broken(here))
    _insert(here, "entry", _of(there, "entry", "id", new))
    _insert(here, "batch", _all(there, "batch"))
    for table in _OF_AN_ENTRY:
        _insert(here, table, _of(there, table, "entry", new))
    for table in ("tag", "choice"):  # a theme the author decided on here stays as it is
        _insert(here, table, [row for row in _all(there, table) if row["entry"] in known])
    _insert_doings(here, there)
    outcomes = {number: _bring_together(here, there, number) for number in compared.differing if number not in broken}
    entries.rebuild_index(here)
    newer, both = (tuple(each for each, came in outcomes.items() if came == what) for what in ("newer", "both"))
    return Merged(new, newer, mended, both)


def _insert_doings(here: engine.Connection, there: engine.Connection) -> None:
    """Bring actions with their outcomes, later thoughts, what came from where, and what was served."""
    entry = {None, *(row[0] for row in here.execute("SELECT id FROM entry"))}
    _insert(here, "action", [row for row in _all(there, "action") if row["entry"] in entry])
    action = {row[0] for row in here.execute("SELECT id FROM action")}
    _insert(here, "outcome", [row for row in _all(there, "outcome") if row["action"] in action])
    layers = [row for row in _all(there, "layer") if row["entry"] in entry]
    _insert(here, "layer", [row | {"action": row["action"] if row["action"] in action else None} for row in layers])
    _insert(here, "batch_entry", [row for row in _all(there, "batch_entry") if row["entry"] in entry])
    here.executemany(
        "INSERT INTO served (prompt, whose, times, last, answered) VALUES (:prompt, :whose, :times, :last, :answered)"
        " ON CONFLICT (prompt, whose) DO UPDATE SET"
        " times = max(times, excluded.times), last = max(last, excluded.last),"
        " answered = max(answered, excluded.answered)",
        _all(there, "served"),
    )


def mend(here: engine.Connection, there: engine.Connection) -> tuple[int, ...]:
    """Give damaged words back as they were stored, where the other file still has exactly these.

    Return the entries that are as they were written again; the caller holds the transaction
    and rebuilds the index.
    """
    before = set(entries.broken(here))
    tables = {row[0] for row in there.execute("SELECT name FROM sqlite_master")}
    for table, (key, words) in _WITH_CHECKSUM.items():
        known = {row[1] for row in there.execute(f"PRAGMA table_info({table})")} if table in tables else set()
        if "checksum" not in known:  # a copy of a format that had none
            continue
        for number in before:
            _mend_rows(here, there, table, key, words, number)
    return tuple(before - set(entries.broken(here)))


def _mend_rows(
    here: engine.Connection, there: engine.Connection, table: str, key: str, words: str, number: int
) -> None:
    whose = "id" if table == "entry" else "entry"
    rows = f"SELECT {key}, checksum, {words} FROM {table} WHERE {whose} = ?"  # noqa: S608 - our tables
    sound = {
        tuple(row)[:2]: row[2:]
        for row in there.execute(rows, (number,))
        if entries.checksum(*(*row[2:], "")[:2]) == row[1]
    }
    for name, stored in here.execute(f"SELECT {key}, checksum FROM {table} WHERE {whose} = ?", (number,)).fetchall():  # noqa: S608
        if (name, stored) in sound:
            setting = ", ".join(f"{column} = ?" for column in words.split(", "))
            here.execute(
                f"UPDATE {table} SET {setting} WHERE {whose} = ? AND {key} = ?",  # noqa: S608 - as above
                (*sound[name, stored], number, name),
            )


def _bring_together(here: engine.Connection, there: engine.Connection, number: int) -> str:
    """Let one entry have the wordings of both files; return what that came to, empty when there was nothing to do."""
    theirs = there.execute(_WORDS, (number,)).fetchone()
    ours = here.execute(_WORDS, (number,)).fetchone()
    known = {each.text for each in entries.versions(here, number)}
    if theirs[2] in known:
        return ""
    wordings = [(each.text, each.at) for each in entries.versions(there, number)]
    follows = ours[2] in [text for text, _ in wordings]
    before = entries.get(here, number)
    # The one in force there comes last, whatever its number: one that was taken back may have a higher one.
    for text, at in [*(each for each in wordings if each[0] not in known | {theirs[2]}), (theirs[2], theirs[5])]:
        entries.revise(here, entries.get(here, number), text, at)
    # Taking back an edit of before would put words back that are no longer the ones before the last.
    here.execute("DELETE FROM undo WHERE entry = ? AND kind = 'edit'", (number,))
    if follows:
        here.execute("UPDATE entry SET asked = ? WHERE id = ?", (theirs[6], number))
        _suggested(here, there, number)
        return "newer"
    # Neither followed from the other: theirs became versions, and ours, unchanged, comes after them.
    entries.revise(here, entries.get(here, number), before.text, ours[5])
    here.execute("UPDATE entry SET asked = ? WHERE id = ?", (ours[6], number))
    for table in ("mark", "suggestion"):
        here.execute(
            f"UPDATE {table} SET version = (SELECT version FROM entry WHERE id = ?)"  # noqa: S608 - our tables
            " WHERE entry = ? AND version = ?",
            (number, number, before.version),
        )
    return "both"


def _suggested(here: engine.Connection, there: engine.Connection, number: int) -> None:
    """Let the themes that were suggested there for these words be suggested here."""
    here.execute("DELETE FROM suggestion WHERE entry = ?", (number,))
    version = here.execute("SELECT version FROM entry WHERE id = ?", (number,)).fetchone()[0]
    rows = _of(there, "suggestion", "entry", [number])
    _insert(here, "suggestion", [row | {"version": version} for row in rows])


_Row = dict[str, Any]


def _of(connection: engine.Connection, table: str, column: str, numbers: Iterable[int]) -> Iterator[_Row]:
    """Yield a table's rows that belong to these numbers."""
    sql = f"SELECT * FROM {table} WHERE {column} = ?"  # noqa: S608 - our tables
    for number in numbers:
        yield from _named(connection.execute(sql, (number,)))


def _all(connection: engine.Connection, table: str) -> list[_Row]:
    return list(_named(connection.execute(f"SELECT * FROM {table}")))  # noqa: S608 - our tables


def _named(rows: Any) -> Iterator[_Row]:
    """Yield rows by the names of their columns, whose order may differ between files."""
    names = [each[0] for each in rows.description]
    return (dict(zip(names, row, strict=True)) for row in rows)


def _insert(here: engine.Connection, table: str, rows: Iterable[_Row]) -> None:
    """Insert rows as they are; what is there already stays as it is."""
    for row in rows:
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
        here.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
