"""Actions somebody offered to do, and what was seen of them, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reflect import ids
from reflect.errors import NotFound, Refused
from reflect.models import Action, Outcome
from reflect.store import engine

_COLUMNS = "id, text, entry, offered_at, due, state, closed_at, note, about, from_line, intended"
_OUTCOME = "for_whom, seen, expected, helped, at"
_IN_ORDER = "ORDER BY due, offered_at, id"


def add(connection: engine.Connection, action: Action) -> None:
    """Store a new action."""
    connection.execute(
        f"INSERT INTO action ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            action.id,
            action.text,
            action.entry,
            action.offered_at,
            action.due,
            action.state,
            action.closed_at,
            action.note,
            action.about,
            action.from_line,
            action.intended,
        ),
    )


def find(connection: engine.Connection, *, only_open: bool) -> list[Action]:
    """Return actions, those with the nearest date first, those without a date last."""
    if only_open:  # in two halves, each in the order its index has
        return [
            *_read(connection, f"WHERE state = 'open' AND due > '' {_IN_ORDER}"),
            *_read(connection, f"WHERE state = 'open' AND due = '' {_IN_ORDER}"),
        ]
    return _read(connection, "ORDER BY due = '', due, offered_at, id")


def due(connection: engine.Connection, today: str) -> list[Action]:
    """Return the open actions whose day has come, the earliest first."""
    return _read(connection, f"WHERE state = 'open' AND due > '' AND due <= ? {_IN_ORDER}", (today,))


def about(connection: engine.Connection, about: str, tags: Sequence[str], most: int) -> list[Action]:
    """Return open actions about this, or from an entry that has one of these tags; the nearest date first."""
    found = {}
    if about:
        where = "WHERE state = 'open' AND about = ? COLLATE NOCASE ORDER BY due = '', due, offered_at, id LIMIT ?"
        found = {each.id: each for each in _read(connection, where, (about, most))}
    for tag in tags:
        where = (
            "WHERE state = 'open' AND entry IS NOT NULL AND EXISTS"
            " (SELECT 1 FROM tag WHERE tag.entry = action.entry AND tag = ?)"
            " ORDER BY due = '', due, offered_at, id LIMIT ?"
        )
        found |= {each.id: each for each in _read(connection, where, (tag, most))}
    return sorted(found.values(), key=lambda each: (not each.due, each.due, each.offered_at, each.id))[:most]


def of_entry(connection: engine.Connection, entry: int) -> list[Action]:
    """Return what was offered in an entry, or because of it, oldest first."""
    return _read(connection, "WHERE entry = ? ORDER BY offered_at, id", (entry,))


def get(connection: engine.Connection, beginning: str) -> Action:
    """Return the one action whose id begins with these signs."""
    low, high = ids.span(beginning)
    found = _read(connection, "WHERE id BETWEEN ? AND ? LIMIT 2", (low, high))
    if not found:
        raise NotFound(f"there is no action {beginning!r}", next_step="see `reflect actions`")
    if len(found) > 1:
        raise Refused(f"more than one action begins with {beginning!r}", next_step="give one more sign")
    return found[0]


def close(connection: engine.Connection, number: int, state: str, at: str, note: str) -> None:
    """Close an action as kept, changed or dropped, with a word of why; or open it again, with nothing said."""
    connection.execute("UPDATE action SET state = ?, closed_at = ?, note = ? WHERE id = ?", (state, at, note, number))


def reword(connection: engine.Connection, number: int, text: str, due: str) -> None:
    """Give an action other words and another day."""
    connection.execute("UPDATE action SET text = ?, due = ? WHERE id = ?", (text, due, number))


def intend(connection: engine.Connection, number: int, intended: str) -> None:
    """Say what an action is meant to bring about."""
    connection.execute("UPDATE action SET intended = ? WHERE id = ?", (intended, number))


def remove(connection: engine.Connection, number: int) -> None:
    """Remove an action with what was seen of it."""
    connection.execute("DELETE FROM action WHERE id = ?", (number,))


def see(connection: engine.Connection, action: int, outcome: Outcome) -> int:
    """Store what was seen of an action from one viewpoint; return its number."""
    number: int | None = connection.execute(
        f"INSERT INTO outcome (action, {_OUTCOME}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
        (action, *outcome),
    ).lastrowid
    return number or 0


def unsee(connection: engine.Connection, number: int) -> None:
    """Take out what was seen."""
    connection.execute("DELETE FROM outcome WHERE id = ?", (number,))


def _read(connection: engine.Connection, where: str, values: Iterable[object] = ()) -> list[Action]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM action {where}", tuple(values)).fetchall()  # noqa: S608
    return [Action._make((*row[:9], bool(row[9]), row[10], _outcomes(connection, row[0]))) for row in rows]


def _outcomes(connection: engine.Connection, action: int) -> tuple[Outcome, ...]:
    rows = connection.execute(f"SELECT {_OUTCOME} FROM outcome WHERE action = ? ORDER BY at, id", (action,))  # noqa: S608
    return tuple(Outcome(*row) for row in rows)
