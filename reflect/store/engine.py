"""Opens the journal file safely; the only module that imports sqlite3 and, for an encrypted file, sqlcipher3.

A rollback journal in TRUNCATE mode with synchronous=FULL loses nothing that was
acknowledged and leaves one file at rest (safety anchors, section 7 D).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakSet

from reflect.config import SEALED
from reflect.errors import Busy, Damaged, NewerVersion, NotFound, ReflectError, StorageRefused, WrongKey

APPLICATION_ID = 0x7265666C  # "refl", so that another program's file is never taken for ours
SCHEMA = 3  # the number of steps in migrations.py
GROUP_APPLICATION_ID = 0x72656667  # "refg", a group's file
GROUP_SCHEMA = 1
WAIT_MS = 10_000  # how long to wait for another reflect that is writing
SALT = 16  # bytes
_MAGIC = b"SQLite format 3\x00"
_ROLLBACK_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
_ROLLBACK = 1  # the file's way of writing, as byte 18 of its beginning has it; 2 is a write-ahead log
_FRACTIONS = b"\x40\x20\x20"  # bytes that every SQLite file has in this place
_HEADER = 100  # bytes; SQLite's file format keeps user_version at 60 and application_id at 68

Row = sqlite3.Row
_errors: tuple[type[Exception], ...] = (sqlite3.DatabaseError,)


class Key(NamedTuple):
    """What opens an encrypted file: the key itself, as SQLCipher derives it from a passphrase and the salt."""

    raw: bytes
    salt: bytes


def database_errors() -> tuple[type[Exception], ...]:
    """Return what a connection may raise; SQLCipher's errors, once it is loaded, are not sqlite3's."""
    return _errors


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
    key: Key | None = None
    """What opened it, None for a plain file."""

    def close(self) -> None:
        """Close the file."""
        _opened.discard(self)
        super().close()


_opened: WeakSet[Connection] = WeakSet()
"""What this process has open: such a file must not be opened by hand, which drops SQLite's locks."""


def connect(path: Path, *, application_id: int = APPLICATION_ID, schema: int = SCHEMA) -> Connection:
    """Open a file that exists and is ours; a foreign, cut, empty or newer one is named and left as it is."""
    check_header(path, application_id=application_id, schema=schema)
    connection = raw(path)
    try:
        _check_version(connection, path, application_id, schema)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_version(connection: Connection, path: Path, application_id: int, schema: int) -> None:
    with translated(path):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if connection.key and connection.execute("PRAGMA application_id").fetchone()[0] != application_id:
            raise _not_ours(path)
    if version > schema:
        raise _newer(path, version, schema)


def _newer(path: Path, version: int, schema: int) -> NewerVersion:
    return NewerVersion(
        f"this journal is in format {version} and this reflect knows formats up to {schema}",
        where=str(path),
        why="a newer reflect made it",
        next_step="install the newer reflect",
    )


def raw(path: Path, *, read_only: bool = False, key: Key | None = None) -> Connection:
    """Open a database file with our settings and without looking at what it holds.

    An encrypted file is known by its beginning and opened with its key, which is asked for
    when nobody has given it yet; with `key` an empty file becomes an encrypted one.
    """
    if not read_only and not os.access(path, os.W_OK):
        read_only = True  # a read-only journal can still be read
    key = key or key_of(path)
    mode = "ro" if read_only else "rw"
    with translated(path):
        connection = _open_sealed(path, mode, key) if key else _open(path, mode)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if not read_only:
            connection.execute("PRAGMA journal_mode=TRUNCATE")
    return connection


def _open(path: Path, mode: str) -> Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=WAIT_MS / 1000,
        factory=Connection,
        check_same_thread=False,  # a session's screen and its page for phones take turns, under Room's lock
    )
    connection.opened = _identity(path)
    _opened.add(connection)
    return connection


# -- encrypted files ---------------------------------------------------------------------------


def salt_of(path: Path) -> bytes | None:
    """Return the salt of an encrypted file, None when it is not one of ours; the file is opened by hand."""
    try:
        with path.open("rb") as file:
            head = file.read(SALT)
    except OSError:
        return None
    return head if len(head) == SALT and head.startswith(SEALED) else None


def key_of(path: Path) -> Key | None:
    """Return the key of an encrypted file, None for any other; it is asked for when nobody has given it yet."""
    identity = _identity(path)
    for each in _opened:
        if each.opened == identity and identity != (0, 0):
            return each.key
    salt = salt_of(path)
    if salt is None:
        return None
    from reflect.store import cipher

    return cipher.key_for(path, salt)


def with_cipher(path: Path, key: Key | None, *, read_only: bool = False) -> Connection:
    """Open a file, plain when there is no key, with SQLCipher, which alone can write what it holds under another key.

    A file that sqlite3 has open in this process must not be opened so: one library's locks end with the other's.
    """
    with translated(path):
        connection = _open_sealed(path, "ro" if read_only else "rw", key)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    return connection


def _open_sealed(path: Path, mode: str, key: Key | None) -> Connection:
    library = sqlcipher()
    connection: Any = library.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=WAIT_MS / 1000,
        factory=_sealed_connection(),
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA cipher_log_level=NONE")  # it would write to stderr
        if key:
            connection.execute(f'PRAGMA key="{key_words(key)}"')
        _refuse_what_knows_no_encryption(connection, path)
        connection.opened, connection.key = _identity(path), key
        _opened.add(connection)
        if key:
            _try_key(connection, path, key)
    except BaseException:
        connection.close()
        raise
    opened: Connection = connection
    return opened


def copy_under(connection: Connection, target: Path, key: Key | None) -> None:
    """Copy what a connection of SQLCipher's reads into an empty file under another key, plain without one.

    Every row is compared afterwards, and what SQLCipher leaves out is brought along: the
    file's format and whose it is.
    """
    connection.execute("ATTACH ? AS made KEY ?", (str(target), key_words(key) if key else ""))
    try:
        connection.execute("SELECT sqlcipher_export('made')").fetchone()
        for name in ("user_version", "application_id"):
            value = connection.execute(f"PRAGMA main.{name}").fetchone()[0]
            connection.execute(f"PRAGMA made.{name}={value:d}")
        for table in _tables(connection, "main"):
            _compare(connection, table, target)
    finally:
        connection.execute("DETACH made")


def _tables(connection: Connection, schema: str) -> list[str]:
    """Return the tables that hold rows of their own; a virtual one keeps its in some of these."""
    rows = connection.execute(
        f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"  # noqa: S608
    )
    return [row[0] for row in rows]


def _compare(connection: Connection, table: str, target: Path) -> None:
    counts = [
        connection.execute(f'SELECT count(*) FROM {schema}."{table}"').fetchone()[0]  # noqa: S608 - our own tables
        for schema in ("main", "made")
    ]
    differs = connection.execute(
        f'SELECT 1 FROM (SELECT * FROM main."{table}" EXCEPT SELECT * FROM made."{table}") LIMIT 1'  # noqa: S608
    ).fetchone()
    if differs or counts[0] != counts[1]:
        raise Damaged("the new file is not as the old one", where=str(target), why=f"{table} differs")


def _refuse_what_knows_no_encryption(connection: Any, path: Path) -> None:
    """Plain SQLite takes a key without a word and writes in plain, so the library has to name its cipher."""
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise WrongKey(
            "this can't be opened",
            where=str(path),
            why="the library that was loaded knows no encryption",
            next_step=_INSTALL,
        )


def _try_key(connection: Any, path: Path, key: Key) -> None:
    """Read something: only this tells whether the key is the right one."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except database_errors() as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise
        from reflect.store import cipher

        raise cipher.refused(path, key) from error


def key_words(key: Key) -> str:
    """Return a key as SQLCipher reads it."""
    return f"x'{key.raw.hex()}{key.salt.hex()}'"


_INSTALL = "install it with `pip install 'reflect-journal[encrypted]'`"


def sqlcipher() -> Any:
    """Return the library that reads encrypted files, loaded only where there is one."""
    global _errors  # noqa: PLW0603 - loaded once in a process
    try:
        from sqlcipher3 import dbapi2
    except ImportError:
        raise WrongKey("an encrypted journal needs sqlcipher3, which is not installed", next_step=_INSTALL) from None
    _errors = (sqlite3.DatabaseError, dbapi2.DatabaseError)
    return dbapi2


@cache
def _sealed_connection() -> Any:
    """Return the class of a connection to an encrypted file, which can be told of only once the library is there."""
    library = sqlcipher()

    class SealedConnection(library.Connection):  # type: ignore[misc, name-defined]
        opened: tuple[int, int] = (0, 0)
        key: Key | None = None

        def close(self) -> None:
            _opened.discard(self)
            super().close()

    return SealedConnection


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
    if head.startswith(SEALED) and len(head) == _HEADER:
        _check_sides(path)  # all else is known once it is opened
        return
    if not head.startswith(_MAGIC) or len(head) < _HEADER:
        raise Damaged(
            "this is not a journal, or its beginning is damaged",
            where=str(path),
            why="it does not begin as a SQLite file does",
            next_step=_look_at_backups(path),
        )
    if int.from_bytes(head[68:72], "big") != application_id:
        raise _not_ours(path)
    version = int.from_bytes(head[60:64], "big")
    if version > schema and not _is_unfinished(path):
        raise _newer(path, version, schema)
    if head[18] == _ROLLBACK:
        _check_sides(path)


def _not_ours(path: Path) -> Damaged:
    return Damaged(
        "this is not a reflect journal",
        where=str(path),
        why="it is another program's file",
        next_step="move it elsewhere, or set REFLECT_HOME to another folder",
    )


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


def is_plain(path: Path) -> bool:
    """Return whether a file begins as SQLite's do."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


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
        try:
            _begin(connection, wait_ms)
        except database_errors():
            _check_place(connection, path, "not saved")
            raise
        try:
            _check_place(connection, path, "not saved")  # while it waited, the journal may have been encrypted
            yield
            _commit(connection, path)
        except BaseException:
            if connection.in_transaction:
                with suppress(*database_errors()):  # what stopped the change is what is told
                    connection.execute("ROLLBACK")
            raise
    _check_place(connection, path, "not saved for sure")


def _begin(connection: Connection, wait_ms: int | None) -> None:
    if wait_ms is None:
        connection.execute("BEGIN IMMEDIATE")
        return
    connection.execute(f"PRAGMA busy_timeout={wait_ms:d}")
    try:
        connection.execute("BEGIN IMMEDIATE")
    finally:
        connection.execute(f"PRAGMA busy_timeout={WAIT_MS:d}")


def _commit(connection: Connection, path: Path) -> None:
    """End a change; when the disk fails at this, nobody knows whether it has it, and no error says so or otherwise."""
    try:
        connection.execute("COMMIT")
    except database_errors() as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_IOERR:
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
        raise _moved(path, what)


def _moved(path: Path, what: str) -> Damaged:
    return Damaged(
        what,
        where=str(path),
        why="the journal file was moved or replaced while it was open",
        next_step="close other programs that move the file, then do it again",
        changed="",
    )


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


@contextmanager
def translated(path: Path, connection: Connection | None = None) -> Iterator[None]:
    """Turn what SQLite says into our own errors, with the file named; of a `connection`, whether its file is gone."""
    try:
        yield
    except database_errors() as error:
        if connection is not None and _identity(path) != connection.opened:
            raise _moved(path, "the journal can't be read any more") from error
        raise _meaning(error, path) from error


def _meaning(error: Exception, path: Path) -> ReflectError:
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


def _of_the_index(error: Exception, where: str) -> ReflectError:
    if "fts5 file format" in str(error):
        return NewerVersion(
            "the search index was made by a newer SQLite",
            where=where,
            why=str(error).partition(" - ")[0],
            next_step="make it anew with `reflect doctor --rebuild-index`; your entries can be read as before",
        )
    return ReflectError(f"the journal answered: {error}", where=where)
