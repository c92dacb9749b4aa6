"""What holds whichever copy comes back: what was erased, what was withdrawn, and what has left the journal.

An older copy knows none of it, so it is read from the present journal, and from every
other copy, before a copy takes the journal's place.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from reflect.store import consent, engine, entries, kept

_SENT = "contribution, reader, mark, entry, audience, sent_at, withdrawn_at, withdrawal_told"
_MEMBERSHIP = "reader, contributor, invitation, site, joined_at, looked_until, shares"
_CAME_BACK = "reader, output, audience, made_at, value"
_COPIES = ("copy *", kept.DRAFTS + "*")  # what `backups` keeps of copies elsewhere, and what opens sealed drafts


class Standing(NamedTuple):
    """Facts that no older copy may undo."""

    erased: dict[int, str]
    """Erased entries, and when."""
    withdrawn: dict[int, str]
    """Marks that were withdrawn, and when."""
    marks: frozenset[int]
    """Marks that hold."""
    sent: tuple[tuple[Any, ...], ...] = ()
    memberships: tuple[tuple[Any, ...], ...] = ()
    came_back: tuple[tuple[Any, ...], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    unused: bool = False
    """Whether nothing was ever written, erased or joined here: such a journal has no word on what may be read."""


def read(path: Path) -> Standing:
    """Return what a journal or a copy, of any format, knows to stand; nothing in it is changed."""
    with closing(engine.raw(path, read_only=True)) as db, engine.translated(path):
        version = db.execute("PRAGMA user_version").fetchone()[0]
        erased = dict(_rows(db, "SELECT entry, at FROM erased")) if version >= 3 else {}
        copies = _rows(db, "SELECT name, value FROM kept WHERE name GLOB ? OR name GLOB ?", *_COPIES)
        unused = not erased and _is_unused(db)
        if version < 2:  # the first format knew no sharing
            return Standing(erased, {}, frozenset(), copies=copies, unused=unused)
        marks = dict(_rows(db, "SELECT id, withdrawn_at FROM mark"))
        return Standing(
            erased,
            {mark: at for mark, at in marks.items() if at},
            frozenset(mark for mark, at in marks.items() if not at),
            _rows(db, f"SELECT {_SENT} FROM sent"),  # noqa: S608 - our own columns
            _rows(db, f"SELECT {_MEMBERSHIP} FROM membership"),  # noqa: S608 - as above
            _rows(db, f"SELECT {_CAME_BACK} FROM came_back"),  # noqa: S608 - as above
            copies,
            unused,
        )


def _is_unused(db: engine.Connection) -> bool:
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_master")} & {"entry", "mark", "sent", "membership"}
    return not any(db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in there)  # noqa: S608 - our tables


def hold(connection: engine.Connection, standing: Standing) -> tuple[int, int]:
    """Let these facts hold in a journal of the present format; return how many entries and marks that took away.

    The caller holds the transaction.
    """
    gone = _erase(connection, standing.erased)
    taken_back = sum(_withdraw(connection, mark, when) for mark, when in standing.withdrawn.items())
    for row in standing.memberships:
        connection.execute(f"INSERT OR IGNORE INTO membership ({_MEMBERSHIP}) VALUES (?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
        connection.execute(
            "UPDATE membership SET shares = max(shares, ?), looked_until = max(looked_until, ?) WHERE reader = ?",
            (row[6], row[5], row[0]),
        )
    for row in standing.sent:
        _send(connection, row)
    connection.executemany(
        f"INSERT OR IGNORE INTO came_back ({_CAME_BACK}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608
        standing.came_back,
    )
    for name, value in standing.copies:
        kept.put(connection, name, value)
    return gone, taken_back


def hold_only(connection: engine.Connection, standing: Standing, at: str) -> int:
    """Withdraw every mark that does not hold in the present journal; return how many there were.

    The present journal's word on who may read what is the last one, and so is how groups know this writer; one that
    was never used, as on a new computer, has none.
    """
    if standing.unused:
        return 0
    own = [row[0] for row in connection.execute("SELECT id FROM mark WHERE withdrawn_at = ''")]
    taken_back = sum(_withdraw(connection, mark, at) for mark in own if mark not in standing.marks)
    for row in standing.memberships:
        connection.execute(
            "UPDATE membership SET contributor = ?, invitation = ?, site = ?, joined_at = ? WHERE reader = ?",
            (*row[1:5], row[0]),
        )
    return taken_back


def _erase(connection: engine.Connection, erased: dict[int, str]) -> int:
    there = [number for number in erased if entries.holds(connection, number)]
    for number in there:
        consent.withdraw_entry(connection, number, erased[number])
        entries.erase(connection, number, erased[number])
    connection.executemany("INSERT OR IGNORE INTO erased (entry, at) VALUES (?, ?)", erased.items())
    return len(there)


def _withdraw(connection: engine.Connection, mark: int, at: str) -> bool:
    held = connection.execute("SELECT 1 FROM mark WHERE id = ? AND withdrawn_at = ''", (mark,)).fetchone()
    if held:
        consent.withdraw(connection, mark, at)
    return held is not None


def _send(connection: engine.Connection, row: tuple[Any, ...]) -> None:
    contribution, reader, mark, entry, audience, sent_at, withdrawn_at, told = row
    connection.execute(
        f"INSERT OR IGNORE INTO sent ({_SENT}) VALUES (?, ?, (SELECT id FROM mark WHERE id = ?),"  # noqa: S608
        " (SELECT id FROM entry WHERE id = ?), ?, ?, ?, ?)",
        (contribution, reader, mark, entry, audience, sent_at, withdrawn_at, told),
    )
    connection.execute(
        "UPDATE sent SET withdrawal_told = max(withdrawal_told, ?),"
        " withdrawn_at = CASE withdrawn_at WHEN '' THEN ? ELSE withdrawn_at END WHERE contribution = ?",
        (told, withdrawn_at, contribution),
    )


def _rows(connection: engine.Connection, sql: str, *values: object) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(row) for row in connection.execute(sql, values))
