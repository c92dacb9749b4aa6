"""Makes a sound journal of what was salvaged from a damaged one; the damaged file is only read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reflect.store import engine, entries, kept
from reflect.store.salvage import Row, Salvaged, Value

# Each after what its rows refer to. What is kept ready, and what could be undone, is not worth a doubt.
_TABLES = (
    *("erased", "entry", "version", "tag", "choice", "suggestion", "action", "outcome", "batch", "batch_entry"),
    *("layer", "revisit", "meeting", "calendar", "passed", "mark", "membership", "sent", "came_back", "served"),
    *("bank_change", "kept"),
)
_BY_TIME = "entry_by_time"  # this index names every entry, also those whose page is gone
_PRECISIONS = ("minute", "day")


class Recovered(NamedTuple):
    """What was read of a damaged journal."""

    entries: int
    wordings: int
    """Older wordings."""
    doubtful: tuple[int, ...]
    """Entries that are here, with words that are not quite as they were written."""
    lost: tuple[int, ...]
    """Entries that were there once and could not be read."""


class _Columns(NamedTuple):
    names: tuple[str, ...]
    """In the order in which a row keeps its values."""
    alias: str
    """The column that is the rowid itself, empty where there is none."""


def fill(connection: engine.Connection, salvaged: Salvaged) -> Recovered:
    """Put salvaged rows into an empty journal; the caller holds the transaction."""
    doubtful: set[int] = set()
    for table in _TABLES:
        columns = _columns(connection, table)
        rows = [_named(columns, row) for row in salvaged.tables.get(table, ())]
        if table in ("entry", "version"):
            fits = _is_entry if table == "entry" else _is_version
            rows += [named for named in (_named(columns, row) for row in salvaged.stray) if fits(named)]
            rows.sort(key=lambda row: not _is_as_written(row))  # of two rows for one place the sound one comes first
        for row in rows:
            if table == "kept" and not str(row.get("name")).startswith(("copy ", kept.DRAFTS)):
                continue
            number = row.get("id") if table == "entry" else None
            if isinstance(number, int) and not _is_as_written(row):
                doubtful.add(number)
            _put(connection, table, _mended(row) if table in ("entry", "version") else row)
    entries.rebuild_index(connection)
    here = {row[0] for row in connection.execute("SELECT id FROM entry")}
    sound = {row[0] for row in connection.execute("SELECT id FROM entry") if row[0] not in doubtful}
    erased = {row[0] for row in connection.execute("SELECT entry FROM erased")}
    known = {value for value in _known(salvaged) if isinstance(value, int)}
    wordings = connection.execute("SELECT count(*) FROM version").fetchone()[0]
    return Recovered(len(here), wordings, tuple(here - sound), tuple(known - here - erased))


def _known(salvaged: Salvaged) -> Iterator[Value]:
    return (row.values[-1] for row in salvaged.tables.get(_BY_TIME, ()) if row.values)


def _columns(connection: engine.Connection, table: str) -> _Columns:
    """Return a table's columns as its rows keep them: where there is no rowid, the primary key's come first."""
    found = [(row[1], row[5], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]
    (has_no_rowid,) = (row[4] for row in connection.execute(f"PRAGMA table_list({table})"))
    if has_no_rowid:
        keys = sorted((key, name) for name, key, _ in found if key)
        return _Columns((*(name for _, name in keys), *(name for name, key, _ in found if not key)), "")
    alias = next((name for name, key, kind in found if key and kind == "INTEGER"), "")
    return _Columns(tuple(name for name, _, _ in found), alias)


def _named(columns: _Columns, row: Row) -> dict[str, Value]:
    """Return a row by the names of its columns; columns that came later are left to their defaults."""
    named = dict(zip(columns.names, row.values, strict=False))
    if columns.alias:
        named[columns.alias] = row.rowid
    return named


def _is_entry(row: dict[str, Value]) -> bool:
    """Return whether a row that no table leads to is an entry: its form and its checksum say so."""
    return row.get("precision") in _PRECISIONS and isinstance(row.get("id"), int) and _is_as_written(row)


def _is_version(row: dict[str, Value]) -> bool:
    return isinstance(row.get("entry"), int) and isinstance(row.get("number"), int) and _is_as_written(row)


def _is_as_written(row: dict[str, Value]) -> bool:
    """Return whether the words of an entry or a version agree with their checksum; without one nobody can tell."""
    text, about = row.get("text"), row.get("about", "")
    if not isinstance(text, str) or not isinstance(about, str):
        return False
    return row.get("checksum") == entries.checksum(text, about)


def _mended(row: dict[str, Value]) -> dict[str, Value]:
    """Return a row with words that can be stored, and their checksum."""
    text, about = row.get("text"), row.get("about", "")
    if not isinstance(text, str) or not isinstance(about, str):
        return row
    text, about = text.replace("\0", "�"), about.replace("\0", "�")
    named = row | {"text": text, "checksum": entries.checksum(text, about)}
    return named | {"about": about} if "about" in row else named


def _put(connection: engine.Connection, table: str, row: dict[str, Value]) -> None:
    """Insert a row unless it contradicts the journal's own rules, or belongs to what was erased or is lost."""
    if table == "entry" and connection.execute("SELECT 1 FROM erased WHERE entry = ?", (row.get("id"),)).fetchone():
        return
    names, values = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    try:
        connection.execute(
            f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({values})",  # noqa: S608 - our own names
            tuple(row.values()),
        )
    except engine.database_errors():  # which takes back this one row and nothing else
        return
