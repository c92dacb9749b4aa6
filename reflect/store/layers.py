"""Later thoughts beside entries, and when an entry comes up again, as rows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reflect.models import Layer
from reflect.store import engine

_COLUMNS = "id, entry, version, kind, text, action, at, zone"


class Turn(NamedTuple):
    """When an entry comes up again (a local day, empty for never) and how many days lie between."""

    due: str
    days: int


def add(connection: engine.Connection, each: Layer) -> None:
    """Store a later thought and its place in the search index; the caller holds the transaction."""
    connection.execute(
        f"INSERT INTO layer ({_COLUMNS}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (*each, zlib.crc32(each.text.encode())),
    )
    if each.text:
        connection.execute("INSERT INTO layer_fts (rowid, text) VALUES (?, ?)", (each.id, each.text))


def remove(connection: engine.Connection, each: Layer) -> None:
    """Take a later thought out again; the caller rebuilds the index, where its words stay till then."""
    connection.execute("DELETE FROM layer WHERE id = ?", (each.id,))


def of(connection: engine.Connection, entry: int) -> list[Layer]:
    """Return what was thought of an entry later, oldest first."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM layer WHERE entry = ? ORDER BY at, id", (entry,))  # noqa: S608
    return [Layer(*row) for row in rows]


def get(connection: engine.Connection, number: int) -> Layer | None:
    """Return one later thought, None when it is gone."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM layer WHERE id = ?", (number,)).fetchone()  # noqa: S608
    return Layer(*row) if row else None


def every(connection: engine.Connection) -> Iterator[Layer]:
    """Yield all later thoughts, entry by entry."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM layer ORDER BY entry, at, id")  # noqa: S608
    return (Layer(*row) for row in rows)


# -- when an entry comes up again ---------------------------------------------------------------


def turn(connection: engine.Connection, entry: int) -> Turn | None:
    """Return when an entry comes up again, None when nobody has said anything about it yet."""
    row = connection.execute("SELECT due, interval_days FROM revisit WHERE entry = ?", (entry,)).fetchone()
    return Turn(*row) if row else None


def set_turn(connection: engine.Connection, entry: int, each: Turn | None) -> None:
    """Say when an entry comes up again; None forgets that anything was said."""
    connection.execute("DELETE FROM revisit WHERE entry = ?", (entry,))
    if each:
        connection.execute("INSERT INTO revisit VALUES (?, ?, ?)", (entry, *each))


def due(connection: engine.Connection, today: str) -> int | None:
    """Return the entry whose day came first, None when no day has come."""
    row = connection.execute(
        "SELECT entry FROM revisit WHERE due <> '' AND due <= ? ORDER BY due, entry LIMIT 1", (today,)
    ).fetchone()
    return row[0] if row else None


def first_happened(connection: engine.Connection) -> int | None:
    """Return when the earliest entry happened, in microseconds since 1970."""
    earliest: int | None = connection.execute("SELECT min(happened) FROM entry").fetchone()[0]
    return earliest


def unseen_on(connection: engine.Connection, days: Iterable[tuple[str, int, int]]) -> int | None:
    """Return the first entry of these days nothing was said about yet.

    A day is its date and the two instants, in microseconds, that it can't reach beyond.
    """
    for day, low, high in days:
        row = connection.execute(
            "SELECT id FROM entry e WHERE happened BETWEEN ? AND ? AND substr(happened_at, 1, 10) = ?"
            " AND NOT EXISTS (SELECT 1 FROM revisit WHERE entry = e.id) ORDER BY happened, id LIMIT 1",
            (low, high, day),
        ).fetchone()
        if row:
            found: int = row[0]
            return found
    return None


def unseen_before(connection: engine.Connection, instant: int) -> int | None:
    """Return the last entry up to an instant (microseconds) nothing was said about yet."""
    row = connection.execute(
        "SELECT id FROM entry e WHERE happened <= ? AND NOT EXISTS (SELECT 1 FROM revisit WHERE entry = e.id)"
        " ORDER BY happened DESC, id DESC LIMIT 1",
        (instant,),
    ).fetchone()
    return row[0] if row else None
