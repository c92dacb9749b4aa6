"""The sessions of a group, as rows of the group's file.

While a session is open it has a log of ids, the people's names apart from it, and the words
offered for the room only. All three are gone once it is closed; what stays are step lengths,
the spread of turns, actions, what the room chose to keep, and which contributions were heard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from reflect.store import engine


class Session(NamedTuple):
    """One session; the last three fields are empty once it is closed, and the record before."""

    id: str
    held_at: str
    """When it was opened, ISO 8601 with offset."""
    closed_at: str
    plan: Mapping[str, Any]
    setup: Mapping[str, Any]
    course: Mapping[str, Any]
    secret: str
    record: Mapping[str, Any]
    """Step lengths and the spread of turns, once it is closed."""


class Row(NamedTuple):
    """One event of a session's log."""

    number: int
    at: int
    what: str
    who: str
    step: int
    amount: int


class Words(NamedTuple):
    """What a phone or the host offered; words for the group are read from their contribution."""

    id: str
    contributor: str
    key: str
    step: int
    words: str
    contribution: str
    """Id of the contribution the words are kept in; empty when they are for the room only."""
    alone_ok: bool
    taken_back: bool


class Heard(NamedTuple):
    """A contribution that stands, and the step of the session in which it was written."""

    contribution: str
    contributor: str
    step: int
    words: str
    alone_ok: bool


class Action(NamedTuple):
    """Something offered in a session."""

    id: str
    session: str
    settled_in: str
    """Id of the session that said how it ended, empty before."""
    sort: str
    text: str
    owner: str
    due: str
    state: str
    limits: str
    limits_shared: bool
    note: str


# -- sessions ------------------------------------------------------------------------------------


def add(connection: engine.Connection, each: Session) -> None:
    """Store a new session."""
    values = [json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else value for value in each]
    connection.execute("INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def follow(connection: engine.Connection, session: str, course: Mapping[str, Any]) -> None:
    """Store the agenda and the order that a session follows from its start on."""
    connection.execute("UPDATE session SET course = ? WHERE id = ?", (json.dumps(course, ensure_ascii=False), session))


def find(connection: engine.Connection, beginning: str = "") -> list[Session]:
    """Return sessions, the newest first, all or those whose id begins so."""
    rows = connection.execute(
        "SELECT * FROM session WHERE substr(id, 1, ?) = ? ORDER BY held_at DESC, id", (len(beginning), beginning)
    )
    return [_session(row) for row in rows]


def _session(row: tuple[Any, ...]) -> Session:
    values: list[Any] = [*row[:3], *map(json.loads, row[3:6]), row[6], json.loads(row[7])]
    return Session(*values)


def close(connection: engine.Connection, session: str, at: str, record: Mapping[str, Any]) -> None:
    """Keep what may stay of a session; its log, its names and the room's words are gone."""
    for table in ("session_event", "session_person", "offered"):
        connection.execute(f"DELETE FROM {table} WHERE session = ?", (session,))  # noqa: S608 - names of our own
    connection.execute("UPDATE session_action SET limits = '' WHERE session = ? AND NOT limits_shared", (session,))
    connection.execute(
        "UPDATE session SET closed_at = ?, secret = '', record = ? WHERE id = ?",
        (at, json.dumps(record, ensure_ascii=False), session),
    )


def remove(connection: engine.Connection, session: str) -> None:
    """Remove a session with everything of it."""
    connection.execute("DELETE FROM session WHERE id = ?", (session,))


# -- the log -------------------------------------------------------------------------------------


def last_number(connection: engine.Connection, session: str) -> int:
    """Return the number of a session's last event, 0 before the first."""
    found = connection.execute("SELECT max(number) FROM session_event WHERE session = ?", (session,)).fetchone()[0]
    return found or 0


def note(connection: engine.Connection, session: str, row: Row) -> None:
    """Append an event; one of the same number is put in its place, which only a heartbeat does."""
    connection.execute("INSERT OR REPLACE INTO session_event VALUES (?, ?, ?, ?, ?, ?, ?)", (session, *row))


def log(connection: engine.Connection, session: str) -> list[Row]:
    """Return a session's events in order."""
    rows = connection.execute(
        "SELECT number, at, what, who, step, amount FROM session_event WHERE session = ? ORDER BY number", (session,)
    )
    return [Row(*row) for row in rows]


# -- people --------------------------------------------------------------------------------------


def name(connection: engine.Connection, session: str, person: str, called: str, *, joined: bool) -> None:
    """Keep what somebody is called while the session lasts."""
    connection.execute("INSERT OR REPLACE INTO session_person VALUES (?, ?, ?, ?)", (session, person, called, joined))


def names(connection: engine.Connection, session: str) -> dict[str, tuple[str, bool]]:
    """Return for each person what they are called, and whether they joined by phone."""
    rows = connection.execute("SELECT id, name, joined FROM session_person WHERE session = ?", (session,))
    return {row[0]: (row[1], bool(row[2])) for row in rows}


# -- words ---------------------------------------------------------------------------------------

_WORDS = """
    SELECT o.id, o.contributor, o.key, o.step, coalesce(c.words, o.words), o.contribution,
        coalesce(c.alone_ok, 0), o.taken_back
    FROM offered o LEFT JOIN contribution c ON c.id = o.contribution WHERE o.session = ?
"""


def offer(connection: engine.Connection, session: str, each: Words) -> None:
    """Keep words for the room, or, where they are a contribution, only that they were offered."""
    words = "" if each.contribution else each.words
    connection.execute(
        "INSERT INTO offered VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET"
        " step = excluded.step, words = excluded.words, contribution = excluded.contribution, taken_back = 0",
        (each.id, session, each.contributor, each.key, each.step, words, each.contribution),
    )


def take_back(connection: engine.Connection, offered: str) -> None:
    """Blank words for good; the row stays while the session is open, so that a late retry finds them taken back."""
    connection.execute("UPDATE offered SET words = '', contribution = '', taken_back = 1 WHERE id = ?", (offered,))


def words(connection: engine.Connection, session: str) -> list[Words]:
    """Return everything offered that was not taken back, in an order that tells nothing of who or when."""
    return [_words(row) for row in connection.execute(_WORDS + "AND NOT o.taken_back ORDER BY o.id", (session,))]


def offered_under(connection: engine.Connection, session: str, contributor: str, key: str) -> Words | None:
    """Return what a contributor offered under a key, also when it was taken back."""
    found = connection.execute(_WORDS + "AND o.contributor = ? AND o.key = ?", (session, contributor, key)).fetchone()
    return _words(found) if found else None


def _words(row: tuple[Any, ...]) -> Words:
    values: list[Any] = [*row[:6], bool(row[6]), bool(row[7])]
    return Words(*values)


def version(connection: engine.Connection) -> tuple[int, int]:
    """Return what is another value after any change of the file, by other processes and by this one."""
    return connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes


def hear(connection: engine.Connection, session: str, contribution: str, step: int, receipt: str) -> None:
    """Remember in which step a contribution was written, and the digest of the code that takes it back."""
    connection.execute(
        "INSERT INTO heard VALUES (?, ?, ?, ?) ON CONFLICT (contribution) DO UPDATE SET step = excluded.step",
        (contribution, session, step, receipt),
    )


def unhear(connection: engine.Connection, contribution: str) -> None:
    """Forget in which session a contribution was written, and its receipt; in an open one it counts as taken back."""
    connection.execute("DELETE FROM heard WHERE contribution = ?", (contribution,))
    connection.execute("UPDATE offered SET contribution = '', taken_back = 1 WHERE contribution = ?", (contribution,))


def heard(connection: engine.Connection, session: str) -> list[Heard]:
    """Return the contributions of a session that stand, in an order that tells nothing of who or when."""
    rows = connection.execute(
        "SELECT c.id, c.contributor, h.step, c.words, c.alone_ok FROM heard h"
        " JOIN contribution c ON c.id = h.contribution WHERE h.session = ? ORDER BY c.id",
        (session,),
    )
    return [_heard(row) for row in rows]


def _heard(row: tuple[Any, ...]) -> Heard:
    values: list[Any] = [*row[:4], bool(row[4])]
    return Heard(*values)


def contributors(connection: engine.Connection) -> dict[str, str]:
    """Return for each contributor who wrote in a session, that session."""
    rows = connection.execute(
        "SELECT DISTINCT c.contributor, h.session FROM heard h JOIN contribution c ON c.id = h.contribution"
    )
    return dict(rows.fetchall())


def by_receipt(connection: engine.Connection, receipt: str) -> tuple[str, str] | None:
    """Return the contribution that a receipt's digest stands for, and its contributor."""
    found: tuple[str, str] | None = connection.execute(
        "SELECT c.id, c.contributor FROM heard h JOIN contribution c ON c.id = h.contribution WHERE h.receipt = ?",
        (receipt,),
    ).fetchone()
    return found


# -- actions, and what the room keeps ------------------------------------------------------------------


def put_action(connection: engine.Connection, each: Action) -> None:
    """Store an action, in place of an earlier state of it."""
    connection.execute(
        "INSERT INTO session_action VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " settled_in = excluded.settled_in, text = excluded.text, owner = excluded.owner, due = excluded.due,"
        " state = excluded.state, limits = excluded.limits, limits_shared = excluded.limits_shared,"
        " note = excluded.note",
        each,
    )


def drop_action(connection: engine.Connection, action: str) -> None:
    """Remove an action."""
    connection.execute("DELETE FROM session_action WHERE id = ?", (action,))


def actions(connection: engine.Connection) -> list[Action]:
    """Return the actions of every session of the group, the oldest session's first, then by day."""
    rows = connection.execute(
        "SELECT a.* FROM session_action a JOIN session s ON s.id = a.session"
        " ORDER BY s.held_at, a.sort, a.due = '', a.due, a.id"
    )
    return [_action(row) for row in rows]


def _action(row: tuple[Any, ...]) -> Action:
    values: list[Any] = [*row[:9], bool(row[9]), row[10]]
    return Action(*values)


def say(connection: engine.Connection, session: str, what: str, said: str) -> None:
    """Keep what the room says; empty words take it back."""
    if said:
        connection.execute("INSERT OR REPLACE INTO session_said VALUES (?, ?, ?)", (session, what, said))
    else:
        connection.execute("DELETE FROM session_said WHERE session = ? AND what = ?", (session, what))


def said(connection: engine.Connection, session: str) -> dict[str, str]:
    """Return what the room kept of a session."""
    return dict(connection.execute("SELECT what, words FROM session_said WHERE session = ?", (session,)).fetchall())
