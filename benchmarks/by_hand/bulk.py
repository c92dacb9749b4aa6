"""The ceiling of an import: rows that are ready inserted, and the search index made anew, by hand with sqlite3."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from benchmarks.by_hand import sql


class Rows(NamedTuple):
    """Everything an import stored, ready to be stored again."""

    entries: list[tuple[object, ...]]
    tags: list[tuple[object, ...]]


def rows_of(database: Path) -> Rows:
    """Return the rows of a journal that holds an import and nothing else."""
    connection = sqlite3.connect(database)
    rows = Rows(*(connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("entry", "tag")))
    connection.close()
    return rows


def insert(database: Path, rows: Rows) -> None:
    """Insert rows into an empty journal, and make the index; they are on the disk when this returns."""
    connection = sql.connect(database)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"INSERT INTO entry VALUES (?{', ?' * (len(rows.entries[0]) - 1)})", rows.entries)
    connection.executemany("INSERT INTO tag VALUES (?, ?)", rows.tags)
    connection.execute("INSERT INTO entry_fts (entry_fts) VALUES ('rebuild')")
    connection.execute("COMMIT")
    connection.close()
