"""Names for the shell to offer: read without ever writing, waiting long, or asking for a passphrase.

An encrypted file, and any that is missing, damaged or newer, has none to offer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from reflect import ids
from reflect.errors import ReflectError, WrongKey
from reflect.store import engine

MOST = 60
"""Names of one kind; more would fill the screen."""

_WAIT_MS = 200
_LAST = (1 << 40) - 1  # the highest id
_NEWEST = 2000  # entries that are looked through where there is no index


class Glimpse(NamedTuple):
    """One entry or action by its number, with when it was and what it was about; never its words."""

    id: int
    at: str
    about: str


@contextmanager
def looking(path: Path, application_id: int = engine.APPLICATION_ID) -> Iterator[engine.Connection]:
    """Open a file of ours to look at it only."""
    schema = engine.SCHEMA if application_id == engine.APPLICATION_ID else engine.GROUP_SCHEMA
    engine.check_header(path, application_id=application_id, schema=schema)
    if engine.salt_of(path):  # before anything could ask for its key
        raise WrongKey("an encrypted file is not opened for a look", where=str(path))
    with closing(engine.raw(path, read_only=True)) as connection, engine.translated(path):
        connection.execute(f"PRAGMA busy_timeout={_WAIT_MS:d}")
        yield connection


def entries(connection: engine.Connection, beginning: str) -> list[Glimpse]:
    """Return the newest entries whose ids begin with these signs."""
    if not beginning:  # by the index of times, whatever the planner would think of a span of all ids
        newest = "SELECT id, happened_at, about FROM entry ORDER BY happened DESC LIMIT ?"
        return [Glimpse(*row) for row in connection.execute(newest, (MOST,))]
    like = "SELECT id, happened_at, about FROM entry WHERE id BETWEEN ? AND ? ORDER BY happened DESC LIMIT ?"
    return [Glimpse(*row) for row in connection.execute(like, (*_span(beginning), MOST))]


def actions(connection: engine.Connection, beginning: str, *, only_open: bool = False) -> list[Glimpse]:
    """Return the actions whose ids begin with these signs, the open ones first, the nearest day before others."""
    found = connection.execute(
        "SELECT id, coalesce(nullif(due, ''), offered_at), about FROM action WHERE id BETWEEN ? AND ?"
        " AND (state = 'open' OR NOT ?) ORDER BY state <> 'open', 2 LIMIT ?",
        (*_span(beginning), only_open, MOST),
    )
    return [Glimpse(*row) for row in found]


def _span(beginning: str) -> tuple[int, int]:
    """Return the ids that begin so: all for nothing, none for what begins no id."""
    try:
        return ids.span(beginning) if beginning else (0, _LAST)
    except ReflectError:
        return (1, 0)


def size(connection: engine.Connection) -> tuple[int, str]:
    """Return how many entries there are, and when the newest was."""
    many = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    newest = connection.execute("SELECT happened_at FROM entry ORDER BY happened DESC LIMIT 1").fetchone()
    return many, newest[0] if newest else ""


def tags(connection: engine.Connection) -> list[str]:
    """Return the tags, the ones given most often first."""
    return [row[0] for row in connection.execute("SELECT tag FROM tag GROUP BY tag ORDER BY count(*) DESC, tag")]


def abouts(connection: engine.Connection) -> list[str]:
    """Return what the newest entries are about, the most frequent first."""
    newest = "SELECT about FROM entry ORDER BY happened DESC LIMIT ?"
    query = f"SELECT about FROM ({newest}) WHERE about <> '' GROUP BY about ORDER BY count(*) DESC, about"  # noqa: S608
    return [row[0] for row in connection.execute(query, (_NEWEST,))]


def joined(connection: engine.Connection) -> list[str]:
    """Return the names of the groups that were joined."""
    return [json.loads(row[0])["name"] for row in connection.execute("SELECT invitation FROM membership")]


def group(connection: engine.Connection) -> str:
    """Return the name of a group from its own file."""
    row = connection.execute("SELECT value FROM about WHERE name = 'invitation'").fetchone()
    return str(json.loads(row[0])["name"]) if row else ""


def sessions(connection: engine.Connection) -> list[tuple[str, str]]:
    """Return a group's sessions, the newest first, each with when it was held."""
    return list(connection.execute("SELECT id, held_at FROM session ORDER BY held_at DESC LIMIT ?", (MOST,)))
