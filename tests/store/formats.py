"""Journals as earlier versions made them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from reflect.store import engine, entries, migrations

_STEPS = ("journal", "sharing", "keeping")


def journal_of_format(
    folder: Path, version: int, texts: Mapping[int, str], name: str = "2026-01-01-120000-old-0000.db"
) -> Path:
    """Make a journal of an older format that holds entries with these numbers and words."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / name
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        db = Database(old)
        stop = {"stop_before": _STEPS[version]} if version < len(_STEPS) else {}
        old.execute("BEGIN")
        migrations._steps().apply(db, **stop)
        old.execute(f"PRAGMA application_id={engine.APPLICATION_ID}")
        old.execute(f"PRAGMA user_version={version}")
        for number, text in texts.items():
            at = "2026-01-01T12:00:00+00:00"
            old.execute(
                "INSERT INTO entry VALUES (?, 1, ?, NULL, NULL, '', '', ?, ?, 'minute', ?, ?, 'UTC', ?)",
                (number, text, entries.instant(at), at, at, at, entries.checksum(text, "")),
            )
            old.execute("INSERT INTO entry_fts (rowid, text, about) VALUES (?, ?, '')", (number, text))
        old.execute("COMMIT")
    return path
