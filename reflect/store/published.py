"""Makes SQLite files for others to read: a few tables of published rows, and nothing that points back here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reflect.store import engine

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, its columns as SQL declares them, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]


def database(tables: Sequence[Table]) -> bytes:
    """Return a database file with these tables: made in memory, the same rows always as the same bytes."""
    connection = engine.in_memory()
    try:
        for table in tables:
            connection.execute(f"CREATE TABLE {table.name} ({', '.join(table.columns)}) STRICT")
            holes = ", ".join("?" * len(table.columns))
            connection.executemany(f"INSERT INTO {table.name} VALUES ({holes})", table.rows)  # noqa: S608 - our own names
        return connection.serialize()
    finally:
        connection.close()
