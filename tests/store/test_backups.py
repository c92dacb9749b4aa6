"""Copies of the journal are whole, private, checked, rotated and known; what is erased leaves them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from reflect.errors import Damaged, NotFound, Refused, StorageRefused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.store import backups, engine, entries
from tests.conftest import NOW, bytes_under

WHEN = datetime.fromisoformat(NOW)
WORD = "ZqxSecretColleague"


def copy_of(journal: Journal, reason: str = "", target: Path | None = None) -> Path:
    """Make a copy."""
    return backups.make(journal._db, journal.places.database, WHEN, reason, target).path


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of our own."""
    with closing(sqlite3.connect(path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {each: sorted(db.execute(f"SELECT * FROM {each}"), key=repr) for each in tables if "_fts" not in each}  # noqa: S608


def test_a_copy_is_private_sound_and_equal(journal: Journal) -> None:
    """A copy holds every row, mode 0600 in a 0700 folder, its name says its day and its reason."""
    entry = journal.write(from_text("words"), Details(tags=("a",), about="Board")).entry
    journal.edit(entry, from_text("other words"))
    journal.offer("ring them", due="friday")
    copy = copy_of(journal, "before-import")
    assert copy.name.startswith("2026-11-20-160000-before-import-")
    assert everything(copy) == everything(journal.places.database)
    with closing(engine.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert [hit.id for hit, _ in entries.search(connection, "other", filters_of_all())] == [entry.id]
    if os.name != "nt":
        assert copy.stat().st_mode & 0o777 == 0o600
        assert copy.parent.stat().st_mode & 0o777 == 0o700
    copy.unlink()
    copy.with_name(copy.name + "-journal").unlink(missing_ok=True)
    assert list(copy.parent.iterdir()) == []


def filters_of_all():
    """Filters that let all through."""
    from reflect.models import Filters

    return Filters()


def test_two_copies_in_one_second_are_two_files(journal: Journal) -> None:
    """Processes that copy at the same time don't get into each other's way."""
    assert len({copy_of(journal) for _ in range(4)}) == 4


def test_a_copy_that_fails_does_not_stay(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """For want of room or of soundness: neither half a copy nor a working file is left."""

    def fail(*_: object) -> None:
        raise StorageRefused("not saved", why="the disk is full")

    for name in ("write_into", "verify", "put_in_place"):
        with monkeypatch.context() as patch:
            patch.setattr(backups, name, fail)
            with pytest.raises(StorageRefused):
                copy_of(journal)
    assert list(journal.places.backups.iterdir()) == []


def test_a_copy_never_takes_a_name_that_is_taken(journal: Journal, tmp_path: Path) -> None:
    """A file that is there is left, also when it appears at the last moment; a missing folder is named."""
    there = tmp_path / "mine.db"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="there already"):
        copy_of(journal, target=there)
    with pytest.raises(NotFound, match="no folder"):
        copy_of(journal, target=tmp_path / "none" / "x.db")
    assert there.read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob(".copy-*"))


def test_a_name_taken_at_the_last_moment_is_left(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that comes to be while the copy is made is not overwritten either."""
    place, verify = tmp_path / "late.db", backups.verify

    def verified(path: Path) -> backups.Verified:
        place.write_text("theirs", encoding="utf-8")
        return verify(path)

    monkeypatch.setattr(backups, "verify", verified)
    with pytest.raises(Refused, match="there already"):
        copy_of(journal, target=place)
    assert place.read_text(encoding="utf-8") == "theirs"


def test_only_the_newest_automatic_copies_stay(journal: Journal) -> None:
    """Five copies of each automatic reason stay; copies that were asked for, or that a restore left, always do."""
    asked, left = copy_of(journal), copy_of(journal, backups.BEFORE_RESTORE)
    for minute in range(8):
        when = WHEN.replace(minute=minute)
        backups.make(journal._db, journal.places.database, when, backups.BEFORE_IMPORT)
        backups.make(journal._db, journal.places.database, when, "before-format-3")
    found = backups.beside(journal.places.database)
    assert {asked, left} <= {each.path for each in found}
    for reason in (backups.BEFORE_IMPORT, "before-format-3"):
        assert [each.path.name[13:15] for each in found if each.reason == reason] == ["03", "04", "05", "06", "07"]


def test_a_copy_with_damaged_words_is_made_and_says_so(journal: Journal) -> None:
    """One letter that changed on the disk does not keep the rest from being copied; a broken structure does."""
    journal.write(from_text("the heliotrope stood there"), Details())
    broken = journal.write(from_text("and the saxifrage"), Details()).entry
    journal._db.close()
    path = journal.places.database
    path.write_bytes(path.read_bytes().replace(b"and the saxifrage", b"and the saxifragf"))
    with closing(engine.connect(path)) as db:
        found = backups.make(db, path, WHEN)
    assert (found.entries, found.broken) == (2, (broken.id,))
    content = bytearray(found.path.read_bytes())
    content[8192:12288] = bytes(4096)
    found.path.write_bytes(content)
    with pytest.raises(Damaged, match="recover"):
        backups.verify(found.path)


def test_verifying_changes_nothing(journal: Journal) -> None:
    """A copy that is looked at keeps every byte, and nothing appears beside it."""
    journal.write(from_text("words"), Details())
    copy = copy_of(journal)
    before = copy.read_bytes()
    assert backups.verify(copy).entries == 1
    assert copy.read_bytes() == before
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_erasing_reaches_copies_of_every_format(journal: Journal, home: Path, version: int) -> None:
    """A copy that an older reflect made loses the words, stays in its format, and can be searched as before."""
    from tests.store.formats import journal_of_format

    old = journal_of_format(home / "backups", version, {7: f"{WORD} told us", 8: "the heliotrope"})
    assert WORD.encode() in old.read_bytes()
    assert backups.erase_from(old, [7], NOW)
    assert WORD.lower().encode() not in old.read_bytes().lower()
    assert not backups.erase_from(old, [7], NOW)
    with closing(sqlite3.connect(old)) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == version
        assert db.execute("SELECT id FROM entry").fetchall() == [(8,)]
        assert db.execute("SELECT rowid FROM entry_fts WHERE entry_fts MATCH 'heliotrope'").fetchall() == [(8,)]


def test_erasing_in_a_copy_takes_back_what_was_sent(journal: Journal) -> None:
    """When only the copy survives, groups are still told that an erased entry's words were withdrawn."""
    entry = journal.write(from_text(WORD), Details()).entry
    with journal.change() as db:
        db.execute("INSERT INTO sent VALUES ('c', 'r', NULL, ?, 'group', '2026-01-01', '', 0)", (entry.id,))
    copy = copy_of(journal)
    backups.erase_from(copy, [entry.id], NOW)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT entry, withdrawn_at FROM sent").fetchall() == [(None, NOW)]
        assert db.execute("SELECT entry FROM erased").fetchall() == [(entry.id,)]


def test_an_erasure_cut_off_in_a_copy_is_finished(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill between erasing and writing the copy afresh leaves a sign, and the next erasure finishes it."""
    entry = journal.write(from_text(WORD), Details()).entry
    other = journal.write(from_text("other"), Details()).entry
    copy = copy_of(journal)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(engine, "compact", killed)
        with pytest.raises(KeyboardInterrupt):
            backups.erase_from(copy, [entry.id], NOW)
    assert backups.holders(journal._db, journal.places.database) == [copy]
    assert backups.erase_from(copy, [entry.id], NOW)
    assert backups.holders(journal._db, journal.places.database) == []
    with closing(engine.connect(copy)) as db:
        assert entries.holds(db, other.id)


def test_a_copy_made_while_another_erases_does_not_keep_the_words(
    journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry erased after a copy was written and before it got its name is taken out of it again."""
    entry = journal.write(from_text(WORD), Details()).entry
    verify = backups.verify

    def slow(path: Path) -> backups.Verified:
        found = verify(path)
        monkeypatch.setattr(backups, "verify", verify)
        kept = path.read_bytes()
        with Journal(journal.places, journal.now) as other:
            other.erase(entry)
        path.write_bytes(kept)  # the erasing one removed the half-made copy; this one had it open
        return found

    monkeypatch.setattr(backups, "verify", slow)
    copy = copy_of(journal)
    assert copy.exists()
    assert WORD.encode() not in bytes_under(home)


def test_copies_elsewhere_are_known_and_can_be_forgotten(journal: Journal, tmp_path: Path) -> None:
    """A copy that went to another folder is reached by erasing, named when it is missing, and forgotten when told."""
    entry = journal.write(from_text(WORD), Details()).entry
    second = journal.write(from_text("second " + WORD), Details()).entry
    (tmp_path / "stick").mkdir()
    copy = copy_of(journal, target=tmp_path / "stick")
    assert copy.parent == tmp_path / "stick"
    assert [each.path for each in backups.elsewhere(journal._db, journal.places.database)] == [copy]
    assert journal.erase(entry).out_of_reach == ()
    assert copy.read_bytes().count(WORD.encode()) >= 1  # the second entry's
    (tmp_path / "stick").rename(tmp_path / "away")
    assert str(copy) in journal.erase(second).out_of_reach[0]
    (tmp_path / "away").rename(tmp_path / "stick")
    assert backups.holders(journal._db, journal.places.database) == [copy]
    backups.forget(journal._db, journal.places.database, copy)
    assert backups.elsewhere(journal._db, journal.places.database) == []
    with pytest.raises(NotFound):
        backups.forget(journal._db, journal.places.database, copy)


def test_half_made_files_are_removed_by_erasing(journal: Journal, home: Path) -> None:
    """What a kill left of a copy or a restore may hold the words, and goes with them."""
    entry = journal.write(from_text(WORD), Details()).entry
    journal.places.backups.mkdir(exist_ok=True)
    content = journal.places.database.read_bytes()
    for path in (
        journal.places.backups / ".copy-12ab34cd.part",
        journal.places.backups / ".copy-12ab34cd.part-journal",
        home / ".copy-12ab34ce.part",
        home / ".new-abc.db",
        home / ".reflect-12345678.part",
    ):
        path.write_bytes(content)
    journal.erase(entry)
    assert WORD.encode() not in bytes_under(home)
    assert backups.parts(home, journal.places.backups) == []
