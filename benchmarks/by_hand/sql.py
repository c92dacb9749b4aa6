"""The SQL of a search and of a durable insert, without anything round it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from random import Random

MANY = 20_000
"""Matches past which the newest come first, since ranking must score every one."""

_COLUMNS = """
    snippet(entry_fts, 0, char(57344), char(57345), ' … ', 24),
    e.id, e.version, e.text, e.asked, e.about, e.occasion, e.happened_at, e.precision, e.written_at, e.zone,
    (SELECT group_concat(tag, char(31)) FROM tag WHERE entry = e.id),
    (SELECT group_concat(theme || char(30) || by, char(31)) FROM choice WHERE entry = e.id),
    (SELECT group_concat(theme || char(30) || cue, char(31)) FROM suggestion WHERE entry = e.id)
"""
_COUNT = f"SELECT count(*) FROM (SELECT 1 FROM entry_fts WHERE entry_fts MATCH ? LIMIT {MANY + 1})"
_RANKED = f"""
    SELECT {_COLUMNS} FROM entry_fts JOIN entry e ON e.id = entry_fts.rowid
    WHERE entry_fts MATCH ? ORDER BY bm25(entry_fts), e.happened DESC LIMIT 20
"""
_NEWEST = f"""
    SELECT {_COLUMNS} FROM entry e CROSS JOIN entry_fts ON entry_fts.rowid = e.id
    WHERE entry_fts MATCH ? ORDER BY e.happened DESC LIMIT 20
"""


def connect(database: Path) -> sqlite3.Connection:
    """Open a journal as durably as reflect does."""
    connection = sqlite3.connect(database, isolation_level=None)
    for setting in ("journal_mode=TRUNCATE", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def search(connection: sqlite3.Connection, word: str) -> list[tuple[object, ...]]:
    """Return the first twenty rows that hold a word."""
    expression = (f'"{word}"',)
    found = connection.execute(_COUNT, expression).fetchone()[0]
    return connection.execute(_RANKED if found <= MANY else _NEWEST, expression).fetchall()


@dataclass(frozen=True)
class Rows:
    """One entry as rows, to be inserted again under other ids."""

    entry: tuple[object, ...]
    tags: list[tuple[object, ...]]
    choices: list[tuple[object, ...]]
    suggestions: list[tuple[object, ...]]


def rows_of(connection: sqlite3.Connection, entry: int) -> Rows:
    """Return an entry's rows, without its id."""

    def rest(table: str) -> list[tuple[object, ...]]:
        rows = connection.execute(f"SELECT * FROM {table} WHERE entry = ?", (entry,))
        return [row[1:] for row in rows]

    whole = connection.execute("SELECT * FROM entry WHERE id = ?", (entry,)).fetchone()
    return Rows(whole[1:], rest("tag"), rest("choice"), rest("suggestion"))


def insert(connection: sqlite3.Connection, rows: Rows, chance: Random) -> None:
    """Insert an entry's rows under a new id; they are on the disk when this returns."""
    entry = chance.getrandbits(40)
    _, text, _, _, about, *_ = rows.entry
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"INSERT INTO entry VALUES (?{', ?' * len(rows.entry)})", (entry, *rows.entry))
    connection.execute("INSERT INTO entry_fts (rowid, text, about) VALUES (?, ?, ?)", (entry, text, about))
    connection.executemany("INSERT INTO tag VALUES (?, ?)", [(entry, *row) for row in rows.tags])
    connection.executemany("INSERT INTO choice VALUES (?, ?, ?)", [(entry, *row) for row in rows.choices])
    connection.executemany(
        "INSERT INTO suggestion VALUES (?, ?, ?, ?, ?, ?, ?)", [(entry, *row) for row in rows.suggestions]
    )
    connection.execute("COMMIT")
