"""Calendars that were added, meetings that entries are about, and meetings that were passed over, as rows."""

from __future__ import annotations

from reflect.models import Meeting
from reflect.store import engine

_READY = "meetings"


def calendars(connection: engine.Connection) -> list[tuple[str, str]]:
    """Return the path of each calendar, with when it was added."""
    return connection.execute("SELECT path, added_at FROM calendar ORDER BY path").fetchall()


def add_calendar(connection: engine.Connection, path: str, at: str) -> bool:
    """Remember a calendar by its path; return whether it is new."""
    return connection.execute("INSERT OR IGNORE INTO calendar VALUES (?, ?)", (path, at)).rowcount > 0


def remove_calendar(connection: engine.Connection, path: str) -> None:
    """Forget a calendar, and what was kept ready of it."""
    connection.execute("DELETE FROM calendar WHERE path = ?", (path,))
    connection.execute("DELETE FROM kept WHERE name = ?", (_READY,))


def ready(connection: engine.Connection) -> tuple[str, str] | None:
    """Return what is kept ready of all calendars, after the stamp it was kept under."""
    found: tuple[str, str] | None = connection.execute(
        "SELECT stamp, value FROM kept WHERE name = ?", (_READY,)
    ).fetchone()
    return found


def add(connection: engine.Connection, entry: int, meeting: Meeting) -> None:
    """Keep which meeting an entry is about; the caller holds the transaction."""
    connection.execute("INSERT INTO meeting VALUES (?, ?, ?, ?, ?)", (entry, *meeting))


def of(connection: engine.Connection, entry: int) -> Meeting | None:
    """Return the meeting an entry is about."""
    row = connection.execute(
        "SELECT uid, instance, started_at, ended_at FROM meeting WHERE entry = ?", (entry,)
    ).fetchone()
    return Meeting(*row) if row else None


def is_done(connection: engine.Connection, uid: str, instance: str) -> bool:
    """Return whether there is an entry about a meeting, or it was passed over."""
    row = connection.execute(
        "SELECT 1 FROM meeting WHERE uid = ?1 AND instance = ?2"
        " UNION ALL SELECT 1 FROM passed WHERE uid = ?1 AND instance = ?2 LIMIT 1",
        (uid, instance),
    ).fetchone()
    return row is not None


def pass_over(connection: engine.Connection, meeting: Meeting, at: str, but_since: str) -> None:
    """Remember that a meeting is to be passed over, and forget those of before a day, which come up no more."""
    connection.execute("DELETE FROM passed WHERE at < ?", (but_since,))
    connection.execute("INSERT OR IGNORE INTO passed VALUES (?, ?, ?)", (meeting.uid, meeting.instance, at))
