"""Bringing a journal back: from a copy, from two that drifted apart, from a damaged file; each is looked at first.

The file that comes is never changed. It is read into a working file beside the journal,
and only one that was found whole can take the journal's place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from reflect import config, envelopes, ids
from reflect.errors import Busy, Damaged, NotFound, ReflectError, Refused, StorageRefused
from reflect.files import put_in_place, sync_folder, write_private
from reflect.store import backups, cipher, engine, merging, migrations, recovering, rewriting, salvage, standing

_SIDES = ("-journal", "-wal")
Merged = merging.Merged


class Outlook(NamedTuple):
    """What would come of a return: how many entries each file has, and where they differ."""

    copy: backups.Verified
    here: int | None
    """Entries of the present journal, None when there is none that can be read."""
    only_here: tuple[int, ...]
    only_there: tuple[int, ...]
    differing: tuple[int, ...]
    stay_erased: int
    """Entries of the copy that were erased, and do not come back."""
    stay_withdrawn: int
    """Permissions of the copy that were withdrawn, and do not come back."""
    erased_there: int
    """Entries here that the copy knows to be erased; merging erases them here, too."""


class Returned(NamedTuple):
    """A copy that took the journal's place, and where what was there before is."""

    entries: int
    kept: Path | None


class Return:
    """A copy made ready to come back; leaving the block removes the working file."""

    def __init__(self, source: Path, places: config.Places, now: datetime) -> None:
        """Name the copy; it is looked at when the block is entered."""
        self._source = source
        self._places = places
        self._database = places.database.resolve()
        self._now = now
        self._part = self._database.with_name(backups.PART.format(os.urandom(4).hex()))

    def __enter__(self) -> Self:
        """Read the copy into a working file in which what was erased or withdrawn since stays so."""
        if not self._source.is_file():
            raise NotFound(f"there is no copy {self._source}", next_step="see `reflect backup --list`")
        _refuse_foreign(self._database)
        config.make_home(self._places)
        with ExitStack() as stack:
            stack.callback(backups.remove, self._part)
            self._copy = stage(self._source, self._part, key_of_journal(self._places))
            self._theirs = standing.read(self._part)
            self._stay_erased, self._stay_withdrawn = self._hold()
            self.outlook = self._look()
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the working file, if it has not become the journal."""
        backups.remove(self._part)

    def _hold(self) -> tuple[int, int]:
        """Let what stands here, and in our other copies, hold in the working file."""
        gone = taken_back = 0
        stamp = self._now.isoformat()
        with closing(engine.raw(self._part)) as db:
            with engine.write(db, self._part):
                for path in (self._database, *(copy.path for copy in backups.beside(self._database))):
                    facts = _standing(path)
                    if facts is None:
                        continue
                    erased, withdrawn = standing.hold(db, facts)
                    gone, taken_back = gone + erased, taken_back + withdrawn
                    if path == self._database:
                        taken_back += standing.hold_only(db, facts, stamp)
            if gone:
                engine.compact(db, self._part)
        return gone, taken_back

    def _look(self) -> Outlook:
        with closing(engine.raw(self._part, read_only=True)) as there:
            count = there.execute("SELECT count(*) FROM entry").fetchone()[0]
            copy = self._copy._replace(path=self._source, entries=count)
            try:
                here = engine.connect(self._database)
            except (Damaged, NotFound):
                return Outlook(copy, None, (), (), (), self._stay_erased, self._stay_withdrawn, 0)
            with closing(here):
                try:
                    with engine.translated(self._database):
                        found = merging.compare(here, there)
                        many = here.execute("SELECT count(*) FROM entry").fetchone()[0]
                        gone = sum(number in self._theirs.erased for number in found.only_here)
                except Damaged:
                    return Outlook(copy, None, (), (), (), self._stay_erased, self._stay_withdrawn, 0)
        return Outlook(copy, many, *found, self._stay_erased, self._stay_withdrawn, gone)

    def replace(self) -> Returned:
        """Let the copy take the journal's place, at once and whole; what was there is kept among our copies."""
        config.private_folder(self._places.backups)
        with ExitStack() as stack:
            kept = self._keep(stack)
            self._hold()  # once more, now that nobody else can write
            with closing(engine.raw(self._part)) as db, engine.translated(self._part):
                db.execute("PRAGMA journal_mode=DELETE")
            backups.verify(self._part)
            if not engine.salt_of(self._part):  # drafts sealed from here on could never be opened
                self._places.drafts_key.unlink(missing_ok=True)
            self._part.replace(self._database)
            sync_folder(self._database.parent)
        return Returned(self.outlook.copy.entries, kept)

    def _keep(self, stack: ExitStack) -> Path | None:
        """Keep the present journal, as a copy if it can be read, else as it is; nobody writes to it from here on."""
        if not self._database.exists():
            return None
        try:
            engine.check_header(self._database)
            lock = stack.enter_context(closing(engine.raw(self._database)))
            with engine.translated(self._database):
                lock.execute("BEGIN IMMEDIATE")
            # Not `connect`, which would open the file by hand and so drop the lock.
            with closing(engine.raw(self._database, read_only=True)) as db:
                if _is_bare(db):
                    return None
                return backups.make(db, self._database, self._now, backups.BEFORE_RESTORE).path
        except Damaged:
            return self._put_aside()

    def _put_aside(self) -> Path:
        """Keep a file that can't be read, and what SQLite left beside it, byte for byte among our copies."""
        name = f"{self._now:%Y-%m-%d-%H%M%S}-journal-{os.urandom(2).hex()}.damaged"
        aside = self._places.backups / name
        for side in _sides(self._database):
            self._database.with_name(self._database.name + side).rename(aside.with_name(name + side))
        put_in_place(self._database, aside)
        return aside

    def merge(self) -> merging.Merged:
        """Take into the journal what the copy has more; what was erased or withdrawn there goes here, too."""
        with closing(engine.connect(self._database)) as here:
            with engine.translated(self._database):
                migrations.upgrade(here, self._database, self._now)
            backups.make(here, self._database, self._now, backups.BEFORE_MERGE)
            with closing(engine.raw(self._part, read_only=True)) as there, engine.write(here, self._database):
                gone, _ = standing.hold(here, self._theirs)
                merged = merging.merge(here, there)
            if gone:
                engine.compact(here, self._database)
                backups.erase_everywhere(here, self._database, tuple(self._theirs.erased), self._now.isoformat())
        return merged


# -- reading what comes --------------------------------------------------------------------------


def key_of_journal(places: config.Places) -> engine.Key | None:
    """Return the key of the present journal, None when it is plain, not there, or not to be known any more."""
    database = places.database.resolve()
    with suppress(Damaged):
        return engine.key_of(database)
    return cipher.held(engine.salt_of(database) or b"")


def stage(source: Path, part: Path, key: engine.Key | None = None) -> backups.Verified:
    """Read a copy, of any format, whole into a new private file in the present format; the copy is not changed.

    With `key` the new file is under it, whatever the copy is under; without, it is as the copy is.
    """
    if engine.is_foreign(source):
        engine.check_header(source)
    try:
        with cipher.asked_for(source):
            _stage(source, part)
        if key and engine.salt_of(part) != key.salt:
            rewriting.rewrite(part, key)
        found = backups.verify(part)
        if found.broken:
            why = f"the words of {len(found.broken)} of its entries are not as they were written"
            raise Damaged("", why=why)  # noqa: TRY301 - one sentence for all that can be wrong with a copy
        with closing(engine.raw(part)) as db, engine.translated(part):
            _refuse_what_acts(db, source)
            migrations.bring_up_to_date(db)
    except Damaged as error:
        raise Damaged(
            "this copy is damaged and can't be brought back as it is",
            where=str(source),
            why=error.why,
            next_step=f"take another copy, or `reflect recover {source}` for what can still be read of it",
        ) from error
    return found


def _refuse_what_acts(db: engine.Connection, source: Path) -> None:
    """Refuse a file that would change or hide words by itself: no journal of ours has triggers or views."""
    found = db.execute("SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')").fetchone()
    if found:
        raise Refused(
            "this copy is not one of ours",
            where=str(source),
            why=f"somebody put a {found[0]} into it, {found[1]}, which acts by itself when the journal is used",
            next_step="take another copy",
        )


def _stage(source: Path, part: Path) -> None:
    if envelopes.is_sealed(source):
        write_private(part, cipher.opened(source)[0])
        engine.check_header(part)
        return
    engine.check_header(source)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    _read_into(source, part)


def _read_into(source: Path, part: Path) -> None:
    if not _sides(source):
        try:
            with closing(engine.raw(source, read_only=True)) as db:
                backups.write_into(db, source, part)
        except (Busy, StorageRefused):  # such as a file in a mode that needs a place to write
            part.write_bytes(b"")
        else:
            return
    _copy_bytes(source, part)


def _copy_bytes(source: Path, part: Path) -> None:
    """Copy a file with what SQLite left beside it, and let SQLite finish in the copy what was begun."""
    shutil.copyfile(source, part)
    for side in _sides(source):
        beside = part.with_name(part.name + side)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        shutil.copyfile(source.with_name(source.name + side), beside)
    with closing(engine.raw(part)) as db, engine.translated(part):
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _sides(path: Path) -> list[str]:
    """Return the endings of what SQLite left beside a file, where it is not empty."""
    found = []
    for side in _SIDES:
        with suppress(FileNotFoundError):
            if path.with_name(path.name + side).stat().st_size:
                found.append(side)
    return found


def _standing(path: Path) -> standing.Standing | None:
    """Return what a file knows to stand, None when it can't be read; the file is not opened by hand."""
    if not path.exists():
        return None
    try:
        return standing.read(path)
    except (ReflectError, OSError):
        return None


def _refuse_foreign(database: Path) -> None:
    """Leave another program's file in the journal's place alone."""
    try:
        engine.check_header(database)
    except Damaged as error:
        if engine.is_foreign(database):
            raise error from None
    except NotFound:
        return


def _is_bare(connection: engine.Connection) -> bool:
    """Return whether a journal holds nothing that anybody wrote."""
    tables = ("entry", "action", "mark", "sent")
    there = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    return not any(
        connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - our tables
        for table in tables
        if table in there
    )


# -- reading what is damaged ---------------------------------------------------------------------


class Rescued(NamedTuple):
    """A new journal made of what could be read, and what that was."""

    path: Path
    found: recovering.Recovered


def recover(source: Path, places: config.Places, now: datetime) -> Rescued:
    """Read what can be read of a damaged journal into a new one among our copies; the damaged one is not changed."""
    if not source.is_file() and (places.backups / source.name).is_file():
        source = places.backups / source.name
    if not source.is_file():
        raise NotFound(f"there is no file {source}", next_step="check the path")
    if engine.is_foreign(source):
        engine.check_header(source)
    config.private_folder(places.backups)
    database = places.database.resolve()
    made = places.backups / f"{now:%Y-%m-%d-%H%M%S}-recovered-{os.urandom(2).hex()}.db"
    with _working_file(places.backups) as raw, _working_file(places.backups) as part:
        key = _key_of_damaged(source, database)
        with suppress(Damaged):
            _copy_bytes(source, raw)
        salvaged = salvage.read(cipher.plain_pages(raw, key) if key else raw.read_bytes())
        migrations.build(part, migrations.a_journal(), key_of_journal(places) or key)
        with closing(engine.raw(part)) as db:
            with engine.write(db, part):
                for path in (source, database, *(copy.path for copy in backups.beside(database))):
                    facts = _standing(path)
                    if facts is not None:
                        standing.hold(db, facts._replace(sent=(), came_back=(), memberships=()))
                found = recovering.fill(db, salvaged)
            with engine.translated(part):
                db.execute("PRAGMA journal_mode=DELETE")
        if not found.entries:
            raise Damaged(
                "nothing could be read of it",
                where=str(source),
                why="no page of it holds an entry",
                next_step="look for a copy: `reflect backup --list`",
            )
        backups.verify(part)
        put_in_place(part, made)
    return Rescued(made, found)


def _key_of_damaged(source: Path, database: Path) -> engine.Key | None:
    """Return the key of an encrypted file that may be damaged, None for a plain one.

    Where its very beginning is gone, which holds the salt, one of our copies may still have the same.
    """
    for path in (source, database, *(copy.path for copy in backups.beside(database))):
        with cipher.asked_for(source), suppress(ReflectError) if path != source else suppress(Damaged):
            engine.key_of(path)
        key = cipher.held(engine.salt_of(path) or b"")
        if path == source and (key or engine.is_plain(source)):
            return key
        if key and next(cipher.sound_pages(source, key), None):
            return key
    return None


@contextmanager
def _working_file(folder: Path) -> Iterator[Path]:
    path = folder / backups.PART.format(os.urandom(4).hex())
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield path
    finally:
        backups.remove(path)


def copy_named(places: config.Places, name: str) -> Path:
    """Return a copy by its path, or one of our own by a part of its name; the newest when none is named."""
    path = Path(name).expanduser()
    if name and path.exists():
        return path.resolve()
    like = [copy.path for copy in backups.beside(places.database) if name in copy.path.name]
    if len(like) == 1 or (like and not name):
        return like[-1]
    raise NotFound(
        f"there is no copy {name!r}" if not like else f"more than one copy begins with {name!r}",
        why=", ".join(each.name for each in like[:5]),
        next_step="see `reflect backup --list`",
    )


def copies(places: config.Places) -> list[backups.Copy]:
    """Return every copy we know of: those in the backups folder and, if the journal can be read, those elsewhere."""
    found = backups.beside(places.database)
    with suppress(ReflectError), closing(engine.connect(places.database)) as db:
        found += backups.elsewhere(db, places.database)
    return found


def ids_of(numbers: tuple[int, ...]) -> list[str]:
    """Return the ids of entries as they are shown."""
    return [ids.shown(number) for number in sorted(numbers)]


def shown(numbers: tuple[int, ...], most: int = 5) -> str:
    """Return the first ids of some entries, for a sentence."""
    more = f" and {len(numbers) - most:,} more" if len(numbers) > most else ""
    return ", ".join(map(ids.shown, sorted(numbers)[:most])) + more
