"""Whether a journal is sound and private: each finding with a code that stays the same."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from reflect import drafts, ids
from reflect.config import Places
from reflect.errors import Damaged, NewerVersion, StorageRefused
from reflect.store import engine, entries, kept

LOW_DISK = 50_000_000
"""Bytes free below which saving may soon fail."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `level` is good, note or fault."""

    code: str
    level: str
    text: str


def examine(places: Places) -> list[Finding]:
    """Look at everything; a damaged file is told of and never written to, one that can't be looked at is an error."""
    found = [*_file(places), *_private(places), *_around(places)]
    found.append(
        Finding(
            "not-encrypted",
            "note",
            "reflect does not encrypt the journal: an encrypted disk and a locked screen guard it",
        )
    )
    return found


def _file(places: Places) -> Iterator[Finding]:
    try:
        connection = engine.connect(places.database)
    except Damaged as error:
        yield Finding("journal-unusable", "fault", str(error))
        return
    try:
        with engine.translated(places.database):
            yield from _structure(connection)
            yield from _index(connection, places)
            yield from _words(connection)
            yield from _erasing(connection)
    except Damaged as error:
        yield Finding("journal-damaged", "fault", str(error))
    finally:
        connection.close()


def _structure(connection: engine.Connection) -> Iterator[Finding]:
    answers = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    if answers == ["ok"]:
        yield Finding("structure", "good", "the file's structure is sound")
    else:
        yield Finding("structure-damaged", "fault", "; ".join(answers))


def _index(connection: engine.Connection, places: Places) -> Iterator[Finding]:
    try:
        with engine.translated(places.database):
            # rank 1 compares the index with the entries and not only with itself
            connection.execute("INSERT INTO entry_fts (entry_fts, rank) VALUES ('integrity-check', 1)")
    except StorageRefused:  # SQLite takes the question for a change
        yield Finding("index-not-checked", "note", "the search index can't be checked while the journal is read-only")
    except NewerVersion as error:
        yield Finding("index-newer", "fault", str(error))
    except Damaged:
        yield Finding(
            "index-damaged",
            "fault",
            "the search index does not agree with the entries; `reflect doctor --rebuild-index` makes it anew",
        )
    else:
        yield Finding("index", "good", "the search index is sound")


def _erasing(connection: engine.Connection) -> Iterator[Finding]:
    if kept.get(connection, kept.ERASING) is not None:
        yield Finding(
            "erase-unfinished",
            "note",
            "an erasure was cut off; `reflect doctor --rebuild-index` removes what it may have left in the file",
        )


def _words(connection: engine.Connection) -> Iterator[Finding]:
    count = entries.count(connection)
    broken = [ids.shown(number) for number in entries.broken(connection)]
    if broken:
        yield Finding("words-damaged", "fault", f"the words of {', '.join(broken[:5])} are not as they were written")
    else:
        yield Finding("words", "good", f"the words of {count:,} entries are as they were written")


def _private(places: Places) -> Iterator[Finding]:
    if os.name == "nt":
        yield Finding("permissions", "note", "on Windows the folder's own permissions decide who may read")
        return
    folders = (places.journal, places.drafts, places.backups)
    open_to_others = [
        path
        for path in (*folders, places.database, *drafts.every(places.drafts), *places.backups.glob("*.db"))
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_others:
        yield Finding("permissions-open", "fault", "others can read " + ", ".join(map(str, open_to_others)))
    else:
        yield Finding("permissions", "good", "only you can read the files")
    if places.database.exists() and places.database.stat().st_nlink > 1:
        yield Finding(
            "hard-link", "note", "the journal has a second name somewhere (a hard link); erasing reaches both"
        )


def _around(places: Places) -> Iterator[Finding]:
    waiting = drafts.every(places.drafts)
    if waiting:
        yield Finding("drafts", "note", f"there are {len(waiting)} drafts; see `reflect drafts`")
    conflicts = [path for path in places.journal.glob("*") if "conflict" in path.name.lower()]
    if conflicts:
        yield Finding("conflict-copy", "note", "a sync service left " + ", ".join(path.name for path in conflicts))
    free = shutil.disk_usage(places.journal).free
    if free < LOW_DISK:
        yield Finding("disk-low", "note", f"{free // 1_000_000} MB are free on the disk")


def raise_if_at_fault(found: list[Finding]) -> None:
    """Raise what `doctor` ends with when something is broken."""
    faults = [finding for finding in found if finding.level == "fault"]
    if faults:
        raise Damaged(
            f"{len(faults)} thing{'s are' * (len(faults) > 1) or ' is'} not as it should be",
            why="; ".join(finding.code for finding in faults),
            next_step="copy the file before anything else, then look at our copies in the backups folder",
        )
