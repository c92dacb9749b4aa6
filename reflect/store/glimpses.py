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
    """Return the newest entries whose ids begin with these signs, all of them where there are none."""
    return _newest(connection, "SELECT id, happened_at, about FROM entry {} ORDER BY happened DESC LIMIT ?", beginning)


def actions(connection: engine.Connection, beginning: str) -> list[Glimpse]:
    """Return the actions whose ids begin with these signs, the open ones first."""
    query = "SELECT id, coalesce(nullif(due, ''), offered_at), about FROM action {} ORDER BY state <> 'open', 2 LIMIT ?"
    return _newest(connection, query, beginning)


def _newest(connection: engine.Connection, query: str, beginning: str) -> list[Glimpse]:
    if not beginning:
        return [Glimpse(*row) for row in connection.execute(query.format(""), (MOST,))]
    try:
        low, high = ids.span(beginning)
    except ReflectError:
        return []
    return [Glimpse(*row) for row in connection.execute(query.format("WHERE id BETWEEN ? AND ?"), (low, high, MOST))]


def size(connection: engine.Connection) -> tuple[int, str]:
    """Return how many entries there are, and when the newest was."""
    many = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    newest = connection.execute("SELECT happened_at FROM entry ORDER BY happened DESC LIMIT 1").fetchone()
    return many, newest[0] if newest else ""


def tags(connection: engine.Connection) -> list[str]:
    """Return the tags, the ones given most often first."""
    return [row[0] for row in connection.execute("SELECT tag FROM tag GROUP BY tag ORDER BY count(*) DESC, tag")]


def abouts(connection: engine.Connection) -> list[str]:
    """Return what entries are about, the most frequent first."""
    query = "SELECT about FROM entry WHERE about <> '' GROUP BY about ORDER BY count(*) DESC, about LIMIT 1000"
    return [row[0] for row in connection.execute(query)]


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
