"""Writes a journal or a copy under another key, or under none: a new whole file, checked, then put in its place.

A kill at any moment leaves the old file or the new one under the name, whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from reflect.envelopes import overwrite, shred
from reflect.errors import Busy, Damaged, Refused
from reflect.files import sync_folder
from reflect.store import backups, engine, kept

PART = ".rewritten-{}.part"


def rewrite(path: Path, key: engine.Key | None, notes: Mapping[str, str] | None = None) -> None:
    """Write a file anew under this key, plain without one, with these notes kept in it; nobody else writes meanwhile.

    No connection of this process may have the file open. A plain file's bytes are overwritten once the new one stands.
    """
    now = engine.key_of(path)
    if path.stat().st_nlink > 1:
        raise Refused(
            "the file has a second name (a hard link)",
            where=str(path),
            why="what that name leads to would stay as it is",
            next_step="remove the second name, then try again",
        )
    part = path.with_name(PART.format(os.urandom(4).hex()))
    with ExitStack() as stack:
        old = os.open(path, os.O_RDWR)  # closed last: closing a file by hand drops SQLite's locks on it
        stack.callback(os.close, old)
        lock = stack.enter_context(closing(engine.with_cipher(path, now)))
        with engine.translated(path):
            lock.execute("BEGIN IMMEDIATE")
        stack.callback(_remove, part)
        _make(path, now, part, key, notes or {})
        part.replace(path)
        sync_folder(path.parent)
        if now is None and key is not None:
            _clear(lock, old)


def _make(path: Path, now: engine.Key | None, part: Path, key: engine.Key | None, notes: Mapping[str, str]) -> None:
    """Make the new file and look at all of it."""
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(engine.with_cipher(path, now, read_only=True)) as db, engine.translated(path):
        engine.copy_under(db, part, key)
    with closing(engine.raw(part, key=key)) as db:
        if notes:
            with engine.write(db, part):
                for name, value in notes.items():
                    kept.put(db, name, value)
        with engine.translated(part):
            db.execute("PRAGMA journal_mode=DELETE")  # so that no empty file stays beside it
    handle = os.open(part, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    if engine.salt_of(part) != (key.salt if key else None):
        raise Damaged(
            "the new file is not as it should be", where=str(part), why="it is not under the key it was given"
        )
    backups.verify(part)


def _clear(lock: engine.Connection, old: int) -> None:
    """Overwrite the file that has no name any more, as soon as nobody reads it."""
    with suppress(Busy, *engine.database_errors()):
        lock.execute("COMMIT")
        lock.execute("BEGIN EXCLUSIVE")
        overwrite(old)


def _remove(part: Path) -> None:
    if part.exists():
        shred(part)
    backups.remove(part)


def left(*folders: Path) -> list[Path]:
    """Return the half-made files that a kill left in these folders."""
    return [path for folder in folders for path in folder.glob(PART.format("*"))]
