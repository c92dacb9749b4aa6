"""Opens the journal file safely; the only module that imports sqlite3.

A rollback journal in TRUNCATE mode with synchronous=FULL loses nothing that was
acknowledged and leaves one file at rest (safety anchors, section 7 D).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reflect.errors import Busy, Damaged, NewerVersion, NotFound, ReflectError, StorageRefused

APPLICATION_ID = 0x7265666C  # "refl", so that another program's file is never taken for ours
SCHEMA = 3  # the number of steps in migrations.py
GROUP_APPLICATION_ID = 0x72656667  # "refg", a group's file
GROUP_SCHEMA = 1
WAIT_MS = 10_000  # how long to wait for another reflect that is writing
_MAGIC = b"SQLite format 3\x00"
_ROLLBACK_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_ROLLBACK = 1  # the file's way of writing, as byte 18 of its beginning has it; 2 is a write-ahead log
_FRACTIONS = b"\x40\x20\x20"  # bytes that every SQLite file has in this place
_HEADER = 100  # bytes; SQLite's file format keeps user_version at 60 and application_id at 68

Row = sqlite3.Row
DatabaseError = sqlite3.DatabaseError

_PRAGMAS = (
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",  # erased words are overwritten, not only unlinked
    "PRAGMA temp_store=MEMORY",  # no words in the shared temp folder
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA trusted_schema=OFF",
)


class Connection(sqlite3.Connection):
    """An open file that remembers which file it is, because its name may come to mean another one."""

    opened: tuple[int, int] = (0, 0)


def connect(path: Path, *, application_id: int = APPLICATION_ID, schema: int = SCHEMA) -> Connection:
    """Open a file that exists and is ours; a foreign, cut, empty or newer one is named and left as it is."""
    check_header(path, application_id=application_id, schema=schema)
    connection = raw(path)
    try:
        _check_version(connection, path, schema)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(connection: Connection, path: Path, schema: int) -> None:
    with translated(path):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > schema:
        raise _newer(path, version, schema)


def _newer(path: Path, version: int, schema: int) -> NewerVersion:
    return NewerVersion(
        f"this journal is in format {version} and this reflect knows formats up to {schema}",
        where=str(path),
        why="a newer reflect made it",
        next_step="install the newer reflect",
    )


def raw(path: Path, *, read_only: bool = False) -> Connection:
    """Open a database file with our settings and without looking at what it holds."""
    if not read_only and not os.access(path, os.W_OK):
        read_only = True  # a read-only journal can still be read
    mode = "ro" if read_only else "rw"
    with translated(path):
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            timeout=WAIT_MS / 1000,
            factory=Connection,
            check_same_thread=False,  # a session's screen and its page for phones take turns, under Room's lock
        )
        connection.opened = _identity(path)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if not read_only:
            connection.execute("PRAGMA journal_mode=TRUNCATE")
    return connection


def in_memory() -> Connection:
    """Open a database that no disk ever sees, to make a file for others in."""
    connection = sqlite3.connect(":memory:", isolation_level=None, factory=Connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


def check_header(path: Path, *, application_id: int = APPLICATION_ID, schema: int = SCHEMA) -> None:
    """Refuse a file that is missing, empty, foreign or newer by its first bytes, before SQLite touches it."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except FileNotFoundError:
        raise NotFound(f"there is no journal at {path}", next_step="write a first entry") from None
    except OSError as error:
        raise StorageRefused("the journal can't be read", where=str(path), why=error.strerror or str(error)) from None
    if not head:
        raise Damaged(
            "the journal has been emptied",
            where=str(path),
            why="the file has no bytes",
            next_step=_look_at_backups(path),
        )
    if not head.startswith(_MAGIC) or len(head) < _HEADER:
        raise Damaged(
            "this is not a journal, or its beginning is damaged",
            where=str(path),
            why="it does not begin as a SQLite file does",
            next_step=_look_at_backups(path),
        )
    if int.from_bytes(head[68:72], "big") != application_id:
        raise Damaged(
            "this is not a reflect journal",
            where=str(path),
            why="it is another program's file",
            next_step="move it elsewhere, or set REFLECT_HOME to another folder",
        )
    version = int.from_bytes(head[60:64], "big")
    if version > schema and not _is_unfinished(path):
        raise _newer(path, version, schema)
    if head[18] == _ROLLBACK:
        _check_sides(path)


def _check_sides(path: Path) -> None:
    """Refuse a file beside which another one's unfinished changes lie: SQLite would write them into it.

    A journal at rest has none; only one that was cut off amid a change has a rollback journal.
    """
    log, rollback = path.with_name(path.name + "-wal"), path.with_name(path.name + "-journal")
    if _holds_something(log):
        stray = log
    elif _holds_something(rollback) and _is_no_rollback(rollback):
        stray = rollback
    else:
        return
    raise Damaged(
        "a file of unfinished changes lies beside the journal and is not its own",
        where=str(stray),
        why="a sync service or another program may have put it there",
        next_step="move that one file elsewhere, then run `reflect doctor`",
    )


def _is_no_rollback(path: Path) -> bool:
    """Return whether a file is neither SQLite's rollback journal nor what a power cut may leave of one."""
    try:
        with path.open("rb") as file:
            head = file.read(8)
    except OSError:  # another reflect has just ended its change
        return False
    return not _ROLLBACK_MAGIC.startswith(head.rstrip(b"\0"))


def is_foreign(path: Path) -> bool:
    """Return whether a file is a sound SQLite file of another program."""
    with path.open("rb") as file:
        head = file.read(_HEADER)
    whole = head.startswith(_MAGIC) and len(head) == _HEADER and head[21:24] == _FRACTIONS
    return whole and int.from_bytes(head[68:72], "big") != APPLICATION_ID


def _is_unfinished(path: Path) -> bool:
    """Return whether a change was cut off, so that the file's beginning may not hold once it is rolled back."""
    return _holds_something(path.with_name(path.name + "-journal"))


def _holds_something(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _look_at_backups(path: Path) -> str:
    copies = sorted((path.parent / "backups").glob("*.db"))
    if copies:
        return f"`reflect restore {copies[-1].name}` brings our newest copy back"
    return "look for a copy of your own for `reflect restore`, or see what `reflect recover` can still read"


@contextmanager
def write(connection: Connection, path: Path, *, wait_ms: int | None = None) -> Iterator[None]:
    """One whole change: all of it is on the disk when this ends, or none of it.

    BEGIN IMMEDIATE waits for another writer (as long as `wait_ms` says, else WAIT_MS); a
    plain BEGIN would fail at once when two processes read and then write.
    """
    _check_place(connection, path, "not saved")
    with translated(path):
        if wait_ms is None:
            connection.execute("BEGIN IMMEDIATE")
        else:
            connection.execute(f"PRAGMA busy_timeout={wait_ms:d}")
            try:
                connection.execute("BEGIN IMMEDIATE")
            finally:
                connection.execute(f"PRAGMA busy_timeout={WAIT_MS:d}")
        try:
            yield
            _commit(connection, path)
        except BaseException:
            if connection.in_transaction:
                with suppress(sqlite3.DatabaseError):  # what stopped the change is what is told
                    connection.execute("ROLLBACK")
            raise
    _check_place(connection, path, "not saved for sure")


def _commit(connection: Connection, path: Path) -> None:
    """End a change; when the disk fails at this, nobody knows whether it has it, and no error says so or otherwise."""
    try:
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_IOERR:
            raise
        raise StorageRefused(
            "not saved for sure",
            where=str(path),
            why="the disk answered with a fault at the very end",
            next_step="check the disk, then look whether it is there",
            changed="",
        ) from error


def compact(connection: Connection, path: Path) -> None:
    """Write the file anew from what it holds; the caller holds no transaction.

    Even with secure_delete SQLite leaves pieces of moved rows where it split a page, and
    so, of one entry in fifty, words that were erased later.
    """
    _check_place(connection, path, "not finished")
    with translated(path):
        connection.execute("VACUUM")


def _check_place(connection: Connection, path: Path, what: str) -> None:
    if _identity(path) != connection.opened:
        raise Damaged(
            what,
            where=str(path),
            why="the journal file was moved or replaced while it was open",
            next_step="close other programs that move the file, then write it again",
            changed="",
        )


@contextmanager
def part(connection: Connection) -> Iterator[None]:
    """One part of a larger change: when it fails, it alone is taken back."""
    connection.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK TO part")
        raise
    finally:
        connection.execute("RELEASE part")


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says into our own errors, with the file named."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _meaning(error, path) from error


def _meaning(error: sqlite3.DatabaseError, path: Path) -> ReflectError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    where = str(path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(
            "another reflect is writing",
            where=where,
            why=f"it held the journal for more than {WAIT_MS // 1000} seconds",
            next_step="close the other one, or try again",
        )
    if code == sqlite3.SQLITE_FULL:
        return StorageRefused("not saved", where=where, why="the disk is full", next_step="free some space")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StorageRefused(
            "the journal can't be written",
            where=where,
            why="the file or its folder is read-only",
            next_step="make the folder yours to write, or set REFLECT_HOME to another",
        )
    if code == sqlite3.SQLITE_IOERR:
        return StorageRefused(
            "the disk answered with a fault",
            where=where,
            why=str(error),
            next_step="check the disk and its free space",
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "decode to UTF-8" in str(error):
        return Damaged(
            "the journal is damaged",
            where=where,
            why=str(error),
            next_step="run `reflect doctor`, and keep the file as it is",
        )
    return _of_the_index(error, where)


def _of_the_index(error: sqlite3.DatabaseError, where: str) -> ReflectError:
    if "fts5 file format" in str(error):
        return NewerVersion(
            "the search index was made by a newer SQLite",
            where=where,
            why=str(error).partition(" - ")[0],
            next_step="make it anew with `reflect doctor --rebuild-index`; your entries can be read as before",
        )
    return ReflectError(f"the journal answered: {error}", where=where)
