"""The log of steps that can be taken back: ids and numbers of versions, never words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reflect.store import engine

MOST = 500
"""Rows the log keeps; older steps can no longer be taken back."""

_COLUMNS = "id, step, at, kind, entry, action, batch, mark, layer, before, after, was"


class Row(NamedTuple):
    """One thing that a step did; most steps did one."""

    id: int
    step: int
    at: str
    kind: str
    """write, edit, theme, tag, offer, close, outcome, mark, unmark, layer or import."""
    entry: int | None
    action: int | None
    batch: int | None
    mark: int | None
    layer: int | None
    before: int | None
    """A version, an interval in days, or nothing, as the kind has it."""
    after: int | None
    was: str
    """A day, never words."""


def note(
    connection: engine.Connection,
    kind: str,
    at: str,
    *,
    step: int = 0,
    entry: int | None = None,
    action: int | None = None,
    batch: int | None = None,
    mark: int | None = None,
    layer: int | None = None,
    before: int | None = None,
    after: int | None = None,
    was: str = "",
    labels: Mapping[str, str] | None = None,
) -> int:
    """Record what was done, in the transaction that does it; return its step, to which more can be added."""
    ((identity, number),) = connection.execute(
        f"INSERT INTO undo ({_COLUMNS}) VALUES"  # noqa: S608
        " (NULL, ifnull(?, (SELECT ifnull(max(id), 0) + 1 FROM undo)), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id, step",
        (step or None, at, kind, entry, action, batch, mark, layer, before, after, was),
    ).fetchall()  # all of them, or the statement would still be under way at COMMIT
    if labels:
        connection.executemany(
            "INSERT INTO undo_label VALUES (?, ?, ?)", [(identity, *each) for each in labels.items()]
        )
    connection.execute("DELETE FROM undo WHERE id <= ?", (identity - MOST,))
    made: int = number
    return made


def last(connection: engine.Connection, many: int) -> list[list[Row]]:
    """Return the last steps, the newest first, each with its rows, the newest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM undo WHERE step IN (SELECT DISTINCT step FROM undo ORDER BY step DESC LIMIT ?)"  # noqa: S608
        " ORDER BY step DESC, id DESC",
        (many,),
    )
    steps: dict[int, list[Row]] = {}
    for row in map(Row._make, rows):
        steps.setdefault(row.step, []).append(row)
    return list(steps.values())


def labels(connection: engine.Connection, row: Row) -> dict[str, str]:
    """Return the themes or tags a row is about, with + or - before each, and what each was before."""
    return dict(connection.execute("SELECT label, was FROM undo_label WHERE undo = ?", (row.id,)).fetchall())


def drop(connection: engine.Connection, step: int) -> None:
    """Forget a step."""
    connection.execute("DELETE FROM undo WHERE step = ?", (step,))


def batch_size(connection: engine.Connection, batch: int) -> int:
    """Return how many entries of an import are still there."""
    number: int = connection.execute("SELECT count(*) FROM batch_entry WHERE batch = ?", (batch,)).fetchone()[0]
    return number


def batch_has_left(connection: engine.Connection, batch: int) -> bool:
    """Return whether anything of what an import brought in was ever sent."""
    sql = "SELECT 1 FROM sent WHERE entry IN (SELECT entry FROM batch_entry WHERE batch = ?) LIMIT 1"
    return connection.execute(sql, (batch,)).fetchone() is not None
