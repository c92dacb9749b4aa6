"""Actions somebody offered to do, as rows."""

from __future__ import annotations

from reflect import ids
from reflect.errors import NotFound, Refused
from reflect.models import Action
from reflect.store import engine

_COLUMNS = "id, text, entry, offered_at, due, state, closed_at, note"


def add(connection: engine.Connection, action: Action) -> None:
    """Store a new action."""
    connection.execute(
        "INSERT INTO action VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            action.id,
            action.text,
            action.entry,
            action.offered_at,
            action.due,
            action.state,
            action.closed_at,
            action.note,
        ),
    )


def find(connection: engine.Connection, *, only_open: bool) -> list[Action]:
    """Return actions, those with the nearest date first, those without a date last."""
    where = "WHERE state = 'open'" if only_open else ""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM action {where} ORDER BY due = '', due, offered_at, id"  # noqa: S608
    )
    return [Action(*row) for row in rows]


def get(connection: engine.Connection, beginning: str) -> Action:
    """Return the one action whose id begins with these signs."""
    low, high = ids.span(beginning)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM action WHERE id BETWEEN ? AND ? LIMIT 2",  # noqa: S608
        (low, high),
    ).fetchall()
    if not rows:
        raise NotFound(f"there is no action {beginning!r}", next_step="see `reflect actions`")
    if len(rows) > 1:
        raise Refused(f"more than one action begins with {beginning!r}", next_step="give one more sign")
    return Action(*rows[0])


def close(connection: engine.Connection, number: int, state: str, at: str, note: str) -> None:
    """Close an action as kept, changed or dropped, with a word of why."""
    connection.execute("UPDATE action SET state = ?, closed_at = ?, note = ? WHERE id = ?", (state, at, note, number))
