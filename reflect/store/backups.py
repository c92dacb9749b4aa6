"""Copies of the journal that we make: whole, private, checked, and known, so that erasing reaches each of them.

A copy is made by SQLite itself (VACUUM INTO), which writes only what the journal holds
and no freed piece of it, under another name, and gets its own once it is found sound.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from reflect import envelopes
from reflect.config import private_folder
from reflect.errors import Damaged, NewerVersion, NotFound, ReflectError, Refused
from reflect.files import put_in_place, sync_folder, write_private
from reflect.store import cipher, consent, engine, entries, kept

BEFORE_FORMAT, BEFORE_IMPORT, BEFORE_MERGE = "before-format", "before-import", "before-merge"
AUTOMATIC = (BEFORE_FORMAT, BEFORE_IMPORT, BEFORE_MERGE)
"""Reasons of the copies that we make unasked; the oldest of these make room for newer ones."""
BEFORE_RESTORE = "before-restore"
"""Reason of the copy that a restored journal leaves behind; it may hold what nothing else holds, so it stays."""
KEEP = 5
"""Automatic copies that stay, for each reason."""
PART = ".copy-{}.part"
_PARTS = (".copy-*.part*", ".rewritten-*.part*", ".new-*.db*", ".reflect-*.part")
_SIDES = ("-journal", "-wal", "-shm")
_ELSEWHERE = "copy "  # names what `kept` remembers of a copy outside the backups folder


class Verified(NamedTuple):
    """A file that was opened and found whole: only what has been looked at can take a journal's place."""

    path: Path
    entries: int
    latest: str
    """When the latest entry was written, ISO 8601, empty when there is none."""
    broken: tuple[int, ...] = ()
    """Entries whose words are not as they were written; everything else is sound."""


class Copy(NamedTuple):
    """One copy: where it is and why it was made (empty when it was asked for)."""

    path: Path
    reason: str
    elsewhere: bool = False


def make(
    connection: engine.Connection,
    database: Path,
    now: datetime,
    reason: str = "",
    target: Path | None = None,
    *,
    plain_text: bool = False,
) -> Verified:
    """Copy the journal into its backups folder, or to `target` (a folder, or a name that is free); return the copy.

    A copy of an encrypted journal is under the same key; one that goes elsewhere is sealed
    with age besides, under the passphrase, or is plain where `plain_text` says so. What a
    process erases while this one copies is taken out of the copy before this returns.
    """
    is_sealed = connection.key is not None and target is not None and not plain_text
    place = _place(database, now, reason, target, envelopes.AGE if is_sealed else "")
    passphrase = cipher.for_what_leaves() if is_sealed else ""
    part = place.with_name(PART.format(os.urandom(4).hex()))
    if place.parent != folder_of(database):
        _note(connection, database, place, now)  # before it is there, so that no kill leaves an unknown copy
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if connection.key is not None and plain_text:
            _write_plain(connection.key, database, part)
        else:
            write_into(connection, database, part)
        found = verify(part)
        if is_sealed:
            seal(part, passphrase)
        if not put_in_place(part, place):
            raise _taken(place)
    finally:
        remove(part)
    erase_from(place, _erased(connection, database), now.isoformat())
    if reason.startswith(AUTOMATIC):
        _rotate(database)
    return found._replace(path=place)


def _write_plain(key: engine.Key, database: Path, target: Path) -> None:
    with closing(engine.with_cipher(database, key, read_only=True)) as db, engine.translated(database):
        engine.copy_under(db, target, None)
    _put_on_disk(target)


def seal(part: Path, passphrase: str) -> None:
    """Seal a copy in its place, and open it once to see that it can be."""
    content = part.read_bytes()
    sealed = envelopes.under_passphrase(content, passphrase)
    if envelopes.opened_with(sealed, [passphrase], part)[0] != content:
        raise Damaged("the sealed copy does not open", where=str(part))
    write_private(part, sealed, replace=True)


def write_into(connection: engine.Connection, database: Path, target: Path) -> None:
    """Write what the journal holds into an empty file that is there; the caller holds no transaction."""
    with engine.translated(database):
        connection.execute("VACUUM INTO ?", (str(target),))
    _put_on_disk(target)


def _put_on_disk(target: Path) -> None:
    handle = os.open(target, os.O_RDONLY)  # SQLite leaves it to us to have such a file on the disk
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify(path: Path) -> Verified:
    """Open a journal or a copy without changing it and look at all of it; one that is not whole is refused."""
    engine.check_header(path)
    with closing(engine.raw(path, read_only=True)) as db, engine.translated(path):
        sound = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if sound != "ok":
            raise Damaged(
                "this file is damaged",
                where=str(path),
                why=str(sound),
                next_step=f"take another copy, or `reflect recover {path}` for what can still be read of it",
            )
        broken = tuple(entries.broken(db))
        count, latest = db.execute("SELECT count(*), coalesce(max(written_at), '') FROM entry").fetchone()
    return Verified(path, count, latest, broken)


def folder_of(database: Path) -> Path:
    """Return the folder of a journal's own copies."""
    return database.parent / "backups"


def _place(database: Path, now: datetime, reason: str, target: Path | None, ending: str = "") -> Path:
    """Return where a copy goes; a name that is taken is refused."""
    target = target.expanduser().absolute() if target else None
    name = f"{now:%Y-%m-%d-%H%M%S}{'-' * bool(reason)}{reason}-{os.urandom(2).hex()}.db"  # two in one second
    if target is None:
        private_folder(folder_of(database))
        return folder_of(database) / name
    if target.is_dir():
        return target / f"reflect-{name}{ending}"
    if target.exists() or target.is_symlink():
        raise _taken(target)
    if not target.parent.is_dir():
        raise NotFound(f"there is no folder {target.parent}", next_step="make it, or choose another place")
    return target


def _taken(place: Path) -> Refused:
    return Refused(f"{place} is there already", why="it would be overwritten", next_step="choose another name")


# -- which copies there are --------------------------------------------------------------------


def beside(database: Path) -> list[Copy]:
    """Return the copies in the journal's backups folder, oldest first."""
    return [Copy(path, _reason(path)) for path in sorted(folder_of(database).glob("*.db"))]


def damaged(database: Path) -> list[Path]:
    """Return the damaged journals that a restore put aside; nothing can be taken out of these by itself."""
    return sorted(folder_of(database).glob("*.damaged"))


def strays(database: Path) -> list[Path]:
    """Return what others left beside the journal: files that are journals, or say that they are conflicts."""
    found = []
    for path in sorted(database.parent.glob("*")):
        ours = path.name.startswith((database.name, ".")) or path.name.endswith(_SIDES)
        if not ours and path.is_file() and ("conflict" in path.name.lower() or _is_journal(path)):
            found.append(path)
    return found


def _is_journal(path: Path) -> bool:
    try:
        engine.check_header(path)
    except NewerVersion:
        return True
    except (ReflectError, OSError):
        return False
    return True


def elsewhere(connection: engine.Connection, database: Path) -> list[Copy]:
    """Return the copies that were made outside the backups folder, whether they are still there or not."""
    with engine.translated(database):
        rows = connection.execute(
            "SELECT substr(name, ?) FROM kept WHERE name GLOB ? ORDER BY name", (len(_ELSEWHERE) + 1, _ELSEWHERE + "*")
        )
        return [Copy(Path(row[0]), "", elsewhere=True) for row in rows]


def forget(connection: engine.Connection, database: Path, path: Path) -> None:
    """Forget a copy outside the backups folder, because it is no more."""
    if path not in [copy.path for copy in elsewhere(connection, database)]:
        raise NotFound(f"no copy was made at {path}", next_step="see `reflect backup --list`")
    with engine.write(connection, database):
        kept.drop(connection, f"{_ELSEWHERE}{path}")


def _note(connection: engine.Connection, database: Path, path: Path, now: datetime) -> None:
    with engine.write(connection, database):
        kept.put(connection, f"{_ELSEWHERE}{path}", now.isoformat())


def _reason(path: Path) -> str:
    """Return why a copy was made, by its name: the day, the time, the reason, four signs."""
    return "-".join(path.stem.split("-")[4:-1])


def _rotate(database: Path) -> None:
    """Remove the oldest automatic copies beyond those that stay."""
    for reason in AUTOMATIC:
        for copy in [each for each in beside(database) if each.reason.startswith(reason)][:-KEEP]:
            remove(copy.path)


def remove(path: Path) -> None:
    """Remove a copy and what SQLite left beside it."""
    for side in ("", *_SIDES):
        path.with_name(path.name + side).unlink(missing_ok=True)


def parts(*folders: Path) -> list[Path]:
    """Return the half-made files that a kill left in these folders; words may stand in them."""
    return sorted(path for folder in folders for pattern in _PARTS for path in folder.glob(pattern))


# -- erasing from copies -----------------------------------------------------------------------


def erase_from(copy: Path, numbers: Sequence[int], at: str) -> bool:
    """Erase entries from a copy, and finish an erasure that was cut off there; return whether it had to be rewritten.

    A copy in an older format stays in it.
    """
    if not numbers:
        return False
    if envelopes.is_sealed(copy):
        return _erase_from_sealed(copy, numbers, at)
    with closing(engine.connect(copy)) as db:
        with engine.translated(copy):
            there = [number for number in numbers if entries.holds(db, number)]
            if not there and kept.get(db, kept.ERASING) is None:
                return False
        with engine.write(db, copy):
            for number in there:
                if db.execute("PRAGMA user_version").fetchone()[0] >= 2:  # the first format knew no sharing
                    consent.withdraw_entry(db, number, at)
                entries.erase(db, number, at)
            kept.put(db, kept.ERASING, at)
        engine.compact(db, copy)
        with engine.write(db, copy):
            kept.drop(db, kept.ERASING)
        with engine.translated(copy):
            db.execute("PRAGMA journal_mode=DELETE")  # so that no empty file stays beside a copy
    return True


def _erase_from_sealed(copy: Path, numbers: Sequence[int], at: str) -> bool:
    """Erase entries from a copy that is sealed besides; inside it is under the journal's own key."""
    content, passphrase = cipher.opened(copy)
    part = copy.with_name(PART.format(os.urandom(4).hex()))
    try:
        write_private(part, content)
        if not erase_from(part, numbers, at):
            return False
        seal(part, passphrase)
        part.replace(copy)
        sync_folder(copy.parent)
    finally:
        remove(part)
    return True


def erase_everywhere(
    connection: engine.Connection, database: Path, numbers: Sequence[int], at: str
) -> tuple[int, list[str]]:
    """Erase entries from every copy we made; return how many were rewritten, and which are out of reach, with why."""
    rewritten, out_of_reach = 0, [f"{path}: it is too damaged to be rewritten" for path in damaged(database)]
    out_of_reach += [
        f"{path}: it is not a copy of ours; merge it or delete it"
        for path in strays(database)
        if path.suffix == ".db" and _holds(path, numbers)
    ]
    for copy in [*beside(database), *elsewhere(connection, database)]:
        try:
            rewritten += erase_from(copy.path, numbers, at)
        except NotFound:
            out_of_reach.append(f"{copy.path}: it is not there")
        except ReflectError as error:
            out_of_reach.append(f"{copy.path}: {error.why or error.what}")
        except OSError as error:
            out_of_reach.append(f"{copy.path}: {error.strerror}")
    return rewritten, out_of_reach


def holders(connection: engine.Connection, database: Path) -> list[Path]:
    """Return the copies that still hold erased entries, as far as they can be looked at."""
    numbers = _erased(connection, database)
    holding = []
    for copy in [*beside(database), *elsewhere(connection, database)]:
        with suppress(ReflectError, OSError):
            engine.check_header(copy.path)
            with closing(engine.raw(copy.path, read_only=True)) as db, engine.translated(copy.path):
                unfinished = kept.get(db, kept.ERASING) is not None
                if unfinished or any(entries.holds(db, number) for number in numbers):
                    holding.append(copy.path)
    return holding


def with_entry(connection: engine.Connection, database: Path, number: int) -> list[Path]:
    """Return the copies that hold an entry, as far as they can be looked at."""
    holding = []
    for copy in [*beside(database), *elsewhere(connection, database)]:
        with suppress(ReflectError, OSError):
            engine.check_header(copy.path)
            with closing(engine.raw(copy.path, read_only=True)) as db, engine.translated(copy.path):
                if entries.holds(db, number):
                    holding.append(copy.path)
    return holding


def _holds(path: Path, numbers: Sequence[int]) -> bool:
    """Return whether a file holds any of these entries; one that can't be read may."""
    try:
        engine.check_header(path)
        with closing(engine.raw(path, read_only=True)) as db, engine.translated(path):
            return any(entries.holds(db, number) for number in numbers)
    except (ReflectError, OSError):
        return True


def _erased(connection: engine.Connection, database: Path) -> list[int]:
    """Return the tombstones a journal holds; before the third format there were none."""
    with engine.translated(database):
        if connection.execute("PRAGMA user_version").fetchone()[0] < 3:
            return []
        return [row[0] for row in connection.execute("SELECT entry FROM erased")]
