"""Whether a journal is sound and private: each finding with a code that stays the same, and what can be mended."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reflect import drafts, envelopes, ids, settings, unlocking
from reflect.config import Places, Settings
from reflect.errors import Damaged, NewerVersion, ReflectError, Refused, StorageRefused, WrongKey
from reflect.store import backups, engine, entries, kept, merging

LOW_DISK = 50_000_000
"""Bytes free below which saving may soon fail."""
CODES = {
    "structure": "the file's structure is sound",
    "structure-damaged": "SQLite finds the file's structure broken",
    "index": "the search index agrees with the entries",
    "index-damaged": "the search index does not agree with the entries; --repair makes it anew",
    "index-newer": "a newer SQLite made the search index; --repair makes it anew",
    "index-not-checked": "the index can't be checked while the journal is read-only",
    "words": "every entry's words agree with their checksum",
    "words-damaged": "words changed on the disk; --repair takes them from a copy that still has them",
    "journal-damaged": "the file can't be read to its end",
    "journal-unusable": "the file is no journal any more",
    "side-file": "another file's unfinished changes lie beside the journal",
    "erase-unfinished": "an erasure was cut off; --repair finishes it",
    "permissions": "only the owner can read the files",
    "permissions-open": "others can read some file; --repair closes it",
    "hard-link": "the journal has a second name",
    "copies": "our copies are whole",
    "no-copies": "there is no copy yet",
    "copy-damaged": "a copy is not whole",
    "copy-missing": "a copy made elsewhere is not there now",
    "copy-holds-erased": "a copy still holds what was erased; --repair takes it out",
    "damaged-kept": "a damaged journal was put aside, with its words",
    "leftovers": "half-made files were left by a kill; --repair removes them",
    "drafts": "words wait that were not stored yet",
    "settings": "config.toml can be read, and says nothing that is not known",
    "settings-broken": "config.toml can't be read, or says what is not known",
    "conflict-copy": "a second copy of the journal lies beside it, as sync services leave them",
    "sync-folder": "a sync service copies the folder the journal is in",
    "network-folder": "the journal is on another machine's disk",
    "disk-low": "the disk is nearly full",
    "encrypted": "the journal is encrypted",
    "not-encrypted": "the journal is not encrypted",
    "key-in-keyring": "the system's keyring keeps the key of the encrypted journal",
    "copy-not-encrypted": "something beside the encrypted journal holds words in plain; --repair encrypts our copies",
    "copy-sealed": "a copy of the encrypted journal is sealed as an age file, and was not looked into",
    "copy-locked": "a copy is under another passphrase",
    "draft-not-sealed": "a draft beside the encrypted journal stands in plain",
    "groups-not-encrypted": "files of groups are not encrypted with the journal",
}
"""Every code there is and what it means; a code is never given another meaning."""

_SYNCED = (
    *("dropbox", "onedrive", "google drive", "googledrive", "my drive", "icloud drive", "mobile documents"),
    *("nextcloud", "owncloud", "pcloud drive", "pclouddrive", "megasync", "box sync", "seafile", "syncthing"),
)
_SYNC_MARKS = (".dropbox", ".dropbox.cache", ".stfolder", ".owncloudsync.log", ".sync", ".seafile-data")
_NETWORK = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ncpfs", "davfs", "vboxsf"),
    *("fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.vmhgfs-fuse"),
}
_MOUNTS = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `level` is good, note or fault, and mended for what `repair` did."""

    code: str
    level: str
    text: str


def examine(places: Places, check_settings: Callable[[Settings], None] = lambda _: None) -> list[Finding]:
    """Look at everything; a damaged file is told of and never written to, one that can't be looked at is an error.

    `check_settings` refuses what only the command line can: an alias that names no command.
    """
    found = [*_file(places), *_private(places), *_copies(places), *_around(places), *of_the_place(places)]
    found += _settings(places, check_settings)
    found += _encryption(places)
    return found


def _encryption(places: Places) -> Iterator[Finding]:
    """Yield what is encrypted and what is not."""
    if engine.salt_of(places.database) is None:
        if not places.drafts_key.exists():
            said = "the journal, its copies and its drafts are not encrypted: an encrypted disk and a locked screen"
            yield Finding("not-encrypted", "note", f"{said} guard them; `reflect encrypt` does, too")
        return
    yield Finding("encrypted", "good", "the journal is encrypted")
    if unlocking.is_kept(places.journal):
        yield Finding("key-in-keyring", "note", "the system's keyring keeps its key; `reflect passphrase forget`")
    yield from _in_plain(places)
    if any((places.home / "groups").glob("*/group.db")):
        text = "the groups you keep are not encrypted with it; each has a key and a passphrase of its own"
        yield Finding("groups-not-encrypted", "note", text)


def _in_plain(places: Places) -> Iterator[Finding]:
    """Yield what holds words in plain beside an encrypted journal."""
    for copy in backups.beside(places.database):
        if engine.salt_of(copy.path) is None:
            text = f"the copy {copy.path} is not encrypted; `reflect doctor --repair` encrypts it"
            yield Finding("copy-not-encrypted", "fault", text)
    for path in (*backups.damaged(places.database), *backups.strays(places.database)):
        if engine.salt_of(path) is None:
            yield Finding("copy-not-encrypted", "note", f"{path} is not encrypted; take out what you need, delete it")
    for path in drafts.every(places.drafts):
        if path.suffix != drafts.SEALED:
            yield Finding("draft-not-sealed", "note", f"the draft {path} is not sealed; store or discard it")


def _file(places: Places) -> Iterator[Finding]:
    try:
        connection = engine.connect(places.database)
    except Damaged as error:
        is_side = error.where.endswith(("-wal", "-journal"))
        yield Finding(
            "side-file" if is_side else "journal-unusable", "fault", f"{error.what} ({error.where}): {error.why}"
        )
        return
    try:
        with engine.translated(places.database):
            yield from _structure(connection)
            yield from _index(connection, places)
            yield from _words(connection)
            yield from _erasing(connection)
    except Damaged as error:
        yield Finding("journal-damaged", "fault", f"the file can't be read to its end: {error.why}")
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
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            for index in tables & {"entry_fts", "layer_fts"}:
                # rank 1 compares the index with the entries and not only with itself
                connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except StorageRefused:  # SQLite takes the question for a change
        yield Finding("index-not-checked", "note", "the search index can't be checked while the journal is read-only")
    except NewerVersion as error:
        yield Finding("index-newer", "fault", str(error))
    except Damaged:
        yield Finding(
            "index-damaged",
            "fault",
            "the search index does not agree with the entries; `reflect doctor --repair` makes it anew",
        )
    else:
        yield Finding("index", "good", "the search index is sound")


def _erasing(connection: engine.Connection) -> Iterator[Finding]:
    if kept.get(connection, kept.ERASING) is not None:
        yield Finding(
            "erase-unfinished",
            "note",
            "an erasure was cut off; `reflect doctor --repair` removes what it may have left in the file",
        )


def _words(connection: engine.Connection) -> Iterator[Finding]:
    count = entries.count(connection)
    broken = [ids.shown(number) for number in dict.fromkeys(entries.broken(connection))]
    if broken:
        yield Finding("words-damaged", "fault", f"the words of {', '.join(broken[:5])} are not as they were written")
    else:
        yield Finding("words", "good", f"the words of {count:,} entries are as they were written")


def _private(places: Places) -> Iterator[Finding]:
    if os.name == "nt":
        yield Finding("permissions", "note", "on Windows the folder's own permissions decide who may read")
        return
    open_to_others = _open_to_others(places)
    if open_to_others:
        yield Finding("permissions-open", "fault", "others can read " + ", ".join(map(str, open_to_others)))
    else:
        yield Finding("permissions", "good", "only you can read the files")
    if places.database.exists() and places.database.stat().st_nlink > 1:
        yield Finding(
            "hard-link", "note", "the journal has a second name somewhere (a hard link); erasing reaches both"
        )


def _open_to_others(places: Places) -> list[Path]:
    folders = (places.journal, places.drafts, places.backups)
    copies = (*places.backups.glob("*.db"), *places.backups.glob("*.damaged*"))
    return [
        path
        for path in (*folders, places.database, *drafts.every(places.drafts), *copies)
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


def _copies(places: Places) -> Iterator[Finding]:
    elsewhere: list[backups.Copy] = []
    holding: list[Path] = []
    try:
        with closing(engine.connect(places.database)) as db:
            elsewhere = backups.elsewhere(db, places.database)
            holding = backups.holders(db, places.database)
    except ReflectError:  # told of already
        pass
    missing = [copy.path for copy in elsewhere if not copy.path.exists()]
    there = [copy for copy in (*backups.beside(places.database), *elsewhere) if copy.path not in missing]
    states = {copy: _state(copy.path) for copy in there}
    damaged = [copy for copy, state in states.items() if state == "damaged"]
    yield from _closed(copy.path for copy, state in states.items() if state == "closed")
    there = [copy for copy, state in states.items() if state != "closed"]
    for copy in damaged:
        # What a restore put aside was damaged then, and nothing relies on it.
        level = "note" if copy.reason == backups.BEFORE_RESTORE else "fault"
        yield Finding("copy-damaged", level, f"the copy {copy.path} is not whole; do not rely on it")
    for path in missing:
        yield Finding(
            "copy-missing",
            "note",
            f"the copy {path} is not there now, and erasing can't reach it;"
            f" if it is no more, `reflect backup --forget {path}`",
        )
    for path in holding:
        yield Finding(
            "copy-holds-erased", "fault", f"the copy {path} still holds what was erased; `reflect doctor --repair`"
        )
    for path in backups.damaged(places.database):
        yield Finding("damaged-kept", "note", f"{path} was put aside and can still be read; delete it when you can")
    if not states:
        yield Finding("no-copies", "note", "there is no copy of the journal; `reflect backup` makes one")
    elif there and not damaged:
        yield Finding("copies", "good", f"{len(there)} {'copy is' if len(there) == 1 else 'copies are'} whole")


def _closed(paths: Iterable[Path]) -> Iterator[Finding]:
    """Yield the copies that were not looked into, because that takes a passphrase."""
    for path in paths:
        how = "`reflect restore FILE --dry-run` looks into it"
        if envelopes.is_sealed(path):
            yield Finding("copy-sealed", "note", f"the copy {path} is sealed under the passphrase; {how}")
        else:
            yield Finding("copy-locked", "note", f"the copy {path} is under another passphrase; {how}")


def _state(path: Path) -> str:
    """Return whether a copy is whole, damaged, or closed to us."""
    if envelopes.is_sealed(path):
        return "closed"
    try:
        return "damaged" if backups.verify(path).broken else "whole"
    except NewerVersion:
        return "whole"
    except WrongKey:
        return "closed"
    except (ReflectError, OSError):
        return "damaged"


def _around(places: Places) -> Iterator[Finding]:
    waiting = drafts.every(places.drafts)
    if waiting:
        yield Finding("drafts", "note", f"there are {len(waiting)} drafts; see `reflect drafts`")
    for path in backups.strays(places.database):
        yield Finding(
            "conflict-copy",
            "note",
            f'a sync service left {path.name}; `reflect restore "{path}" --merge` takes in what it has more',
        )
    left = _leftovers(places)
    if left:
        yield Finding(
            "leftovers", "note", f"{len(left)} half-made files were left by a kill; `reflect doctor --repair`"
        )
    free = shutil.disk_usage(places.journal).free
    if free < LOW_DISK:
        yield Finding("disk-low", "note", f"{free // 1_000_000} MB are free on the disk")


def _leftovers(places: Places) -> list[Path]:
    return backups.parts(places.journal, places.backups, places.drafts)


def _settings(places: Places, check: Callable[[Settings], None]) -> Iterator[Finding]:
    if not places.settings.exists():
        return
    try:
        check(settings.read(places.settings))
    except Refused as error:
        said = ": ".join(filter(None, (error.what, error.why)))
        yield Finding("settings-broken", "fault", "; ".join(filter(None, (f"{error.where}: {said}", error.next_step))))
    except OSError as error:
        yield Finding("settings-broken", "fault", f"{places.settings}: {error.strerror}")
    else:
        yield Finding("settings", "good", f"{places.settings.name} says nothing that is not known")


# -- where the journal lies ----------------------------------------------------------------------


def of_the_place(places: Places, mounts: Path = _MOUNTS) -> Iterator[Finding]:
    """Yield what to know of the folder itself: that others copy it, or that it is on another machine."""
    service = _sync_service(places.journal)
    if service:
        yield Finding(
            "sync-folder",
            "note",
            f"a sync service copies {service}, and the journal in it, to other machines: erasing does not reach what"
            " is there,"
            " and two machines that write at once leave two journals (`reflect restore FILE --merge`)",
        )
    system = _file_system(places.journal.resolve(), mounts)
    if system in _NETWORK:
        yield Finding(
            "network-folder",
            "note",
            f"{places.journal} is on a network disk ({system}), where two machines that write at once can do damage;"
            " a folder of this computer is safer",
        )


def _sync_service(folder: Path) -> Path | None:
    """Return the folder that a sync service looks after, None when there is none above this one, links followed."""
    there = folder.resolve()
    for each in (folder, *folder.parents, there, *there.parents):
        if each.name.lower().startswith(_SYNCED) or any((each / mark).exists() for mark in _SYNC_MARKS):
            return each
    return None


def _file_system(folder: Path, mounts: Path) -> str:
    """Return the kind of file system a folder is on, empty where the system doesn't say."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split(" ")[4].replace("\\040", " "))
        if folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind


# -- mending -------------------------------------------------------------------------------------


def repair(places: Places, now: datetime) -> list[Finding]:
    """Mend what can be mended without a doubt, and return what was; a file with a broken structure is left alone."""
    done = [*_close_to_others(places), *_remove_leftovers(places)]
    codes = {finding.code for finding in _file(places)}
    if codes & {"structure-damaged", "journal-damaged", "journal-unusable", "side-file"}:
        return done
    with closing(engine.connect(places.database)) as db:
        if "words-damaged" in codes:
            done += _mend_words(db, places)
            codes = {finding.code for finding in _file(places)}
            if "words-damaged" in codes:
                codes.discard("index-damaged")  # it is the words that do not agree with it
        if codes & {"index-damaged", "index-newer", "erase-unfinished"}:
            with engine.write(db, places.database):
                entries.rebuild_index(db)
            engine.compact(db, places.database)
            with engine.write(db, places.database):
                kept.drop(db, kept.ERASING)
            done.append(Finding("index", "mended", "the search index was made anew, and the file written afresh"))
        holding = backups.holders(db, places.database)
        if holding:
            numbers = tuple(entries.erased(db))
            many, _ = backups.erase_everywhere(db, places.database, numbers, now.isoformat())
            done.append(Finding("copy-holds-erased", "mended", f"what was erased was taken out of {many} copies"))
    done += _encrypt_copies(places)
    return done


def _encrypt_copies(places: Places) -> Iterator[Finding]:
    """Encrypt the copies of an encrypted journal that are plain: put there by hand, or left by a kill."""
    plain = [copy.path for copy in backups.beside(places.database) if engine.salt_of(copy.path) is None]
    if plain and engine.salt_of(places.database) is not None:
        from reflect import locking

        done = locking.encrypt(places, "")
        yield Finding("copy-not-encrypted", "mended", f"{done.copies} copies were encrypted")


def _close_to_others(places: Places) -> Iterator[Finding]:
    for path in _open_to_others(places) if os.name != "nt" else ():
        path.chmod(0o700 if path.is_dir() else 0o600)
        yield Finding("permissions-open", "mended", f"others could read {path}; now only you can")


def _remove_leftovers(places: Places) -> Iterator[Finding]:
    for path in _leftovers(places):
        backups.remove(path)
        yield Finding("leftovers", "mended", f"{path.name} was removed")


def _mend_words(connection: engine.Connection, places: Places) -> Iterator[Finding]:
    """Take damaged words from copies that still have them as they were stored, the newest copy first."""
    for copy in reversed(backups.beside(places.database)):
        try:
            engine.check_header(copy.path)
            with engine.translated(copy.path), closing(engine.raw(copy.path, read_only=True)) as there:
                mended = _mended_from(there, connection, places)
        except ReflectError:
            continue
        if mended:
            shown = ", ".join(map(ids.shown, mended))
            yield Finding("words-damaged", "mended", f"the words of {shown} were taken from {copy.path.name}")


def _mended_from(there: engine.Connection, connection: engine.Connection, places: Places) -> tuple[int, ...]:
    with engine.write(connection, places.database):
        mended = merging.mend(connection, there)
        if mended:
            entries.rebuild_index(connection)
    return mended


def raise_if_at_fault(found: list[Finding]) -> None:
    """Raise what `doctor` ends with when something is broken."""
    faults = [finding for finding in found if finding.level == "fault"]
    if faults:
        codes = {finding.code for finding in faults}
        if codes == {"settings-broken"}:
            raise Refused("the settings are not as they should be", why=faults[0].text, next_step="mend config.toml")
        raise Damaged(
            f"{len(faults)} thing{'s are' * (len(faults) > 1) or ' is'} not as it should be",
            why="; ".join(finding.code for finding in faults),
            next_step=_way_out(codes),
        )


def _way_out(codes: set[str]) -> str:
    if codes & {"structure-damaged", "journal-damaged", "journal-unusable"}:
        return (
            "`reflect backup --list` names our copies and `reflect restore` brings one back;"
            " `reflect recover` reads what can be read of the damaged file"
        )
    codes = codes - {"settings-broken"}
    if codes == {"side-file"}:
        return "move that one file elsewhere"
    if codes == {"copy-damaged"}:
        return "make a new copy with `reflect backup`, then delete the damaged one"
    return "`reflect doctor --repair`"
