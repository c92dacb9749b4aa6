"""Marks, memberships and what has left the journal, as rows."""

from __future__ import annotations

from reflect.models import Mark, Membership, Sent
from reflect.store import engine

_MARK = (
    "id, entry, version, start, end, audience, reader, purpose, level, attribution, words, stance, leads_to,"
    " alone_ok, made_at, withdrawn_at"
)
_SENT = "contribution, reader, mark, entry, audience, sent_at, withdrawn_at, withdrawal_told"


def mark(connection: engine.Connection, each: Mark) -> None:
    """Store a mark."""
    connection.execute(f"INSERT INTO mark VALUES ({', '.join('?' * 16)})", tuple(each))  # noqa: S608


def marks(connection: engine.Connection, entry: int | None = None) -> list[Mark]:
    """Return the marks that hold, of one entry or of all, oldest first."""
    where, values = ("AND entry = ?", (entry,)) if entry is not None else ("", ())
    rows = connection.execute(
        f"SELECT {_MARK} FROM mark WHERE withdrawn_at = '' {where} ORDER BY made_at, start, id",  # noqa: S608
        values,
    )
    return [_mark(row) for row in rows]


def withdraw(connection: engine.Connection, number: int, at: str) -> None:
    """Withdraw a mark and what was sent because of it."""
    connection.execute("UPDATE mark SET withdrawn_at = ? WHERE id = ?", (at, number))
    connection.execute("UPDATE sent SET withdrawn_at = ? WHERE mark = ? AND withdrawn_at = ''", (at, number))


def remove(connection: engine.Connection, number: int) -> None:
    """Take out a mark that nothing was ever sent for."""
    connection.execute("DELETE FROM mark WHERE id = ?", (number,))


def put_back(connection: engine.Connection, number: int) -> None:
    """Let a mark hold again that was withdrawn before anything was sent for it."""
    connection.execute("UPDATE mark SET withdrawn_at = '' WHERE id = ?", (number,))


def has_left(connection: engine.Connection, *, mark: int | None = None, entry: int | None = None) -> bool:
    """Return whether anything was ever sent for a mark, or of an entry."""
    return (
        connection.execute("SELECT 1 FROM sent WHERE mark = ? OR entry = ? LIMIT 1", (mark, entry)).fetchone()
        is not None
    )


def withdraw_entry(connection: engine.Connection, entry: int, at: str) -> None:
    """Withdraw what was sent of an entry; called before the entry is erased."""
    connection.execute("UPDATE sent SET withdrawn_at = ? WHERE entry = ? AND withdrawn_at = ''", (at, entry))


def reaffirm(connection: engine.Connection, each: Mark, version: int, start: int, end: int) -> None:
    """Let a mark hold for a later version, after its author has seen the new text."""
    connection.execute("UPDATE mark SET version = ?, start = ?, end = ? WHERE id = ?", (version, start, end, each.id))


def join(connection: engine.Connection, each: Membership) -> None:
    """Store a membership, in place of an earlier one of the same group."""
    connection.execute("INSERT OR REPLACE INTO membership VALUES (?, ?, ?, ?, ?, ?, ?)", tuple(each))


def adopt(connection: engine.Connection, reader: str, purpose: str) -> None:
    """Let marks that named no group be for this one."""
    connection.execute(
        "UPDATE mark SET reader = ?, purpose = CASE purpose WHEN '' THEN ? ELSE purpose END"
        " WHERE reader = '' AND withdrawn_at = ''",
        (reader, purpose),
    )


def memberships(connection: engine.Connection) -> list[Membership]:
    """Return the groups that were joined."""
    rows = connection.execute(
        "SELECT reader, contributor, invitation, site, joined_at, looked_until, shares"
        " FROM membership ORDER BY joined_at"
    )
    return [Membership(*row) for row in rows]


def shared(connection: engine.Connection, each: Membership, until: str) -> None:
    """Record that one more share was made, and up to which time its author has looked through what they wrote."""
    connection.execute(
        "UPDATE membership SET looked_until = ?, shares = shares + 1 WHERE reader = ?", (until, each.reader)
    )


def send(connection: engine.Connection, each: Sent) -> None:
    """Record that a passage leaves."""
    connection.execute("INSERT OR REPLACE INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?)", tuple(each))


def sent(connection: engine.Connection, reader: str = "") -> list[Sent]:
    """Return what left, to one group or to any, oldest first."""
    where, values = ("WHERE reader = ?", (reader,)) if reader else ("", ())
    rows = connection.execute(f"SELECT {_SENT} FROM sent {where} ORDER BY sent_at, contribution", values)  # noqa: S608
    return [Sent(*row)._replace(withdrawal_told=bool(row[-1])) for row in rows]


def told(connection: engine.Connection, contributions: list[str]) -> None:
    """Record that withdrawals travelled."""
    connection.executemany(
        "UPDATE sent SET withdrawal_told = 1 WHERE contribution = ?", [(each,) for each in contributions]
    )


def keep_answer(
    connection: engine.Connection, *, reader: str, output: str, audience: str, made_at: str, value: str
) -> None:
    """Keep what came back from a group: a summary's manifest and answers, as JSON."""
    connection.execute(
        "INSERT OR REPLACE INTO came_back VALUES (?, ?, ?, ?, ?)", (reader, output, audience, made_at, value)
    )


def answers(connection: engine.Connection) -> list[tuple[str, str, str, str, str]]:
    """Return what came back: group, output, audience, when it was made, JSON; oldest first."""
    return connection.execute(
        "SELECT reader, output, audience, made_at, value FROM came_back ORDER BY made_at, output"
    ).fetchall()


def _mark(row: tuple[object, ...]) -> Mark:
    made = Mark(*row)  # type: ignore[arg-type]  # STRICT tables promise the types
    return made._replace(alone_ok=bool(made.alone_ok))
