"""A journal comes back from a copy, from two that drifted apart, and from a damaged file; nothing is lost for it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from reflect import config, drafts, rescue
from reflect.consent import Consent
from reflect.errors import Busy, Damaged, NewerVersion, NotFound, Refused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Filters, Mark, Sent
from reflect.revisit import Revisit
from reflect.store import backups, consent, engine
from tests.conftest import bytes_under
from tests.moving import another
from tests.safety.conftest import digest_of
from tests.store.formats import journal_of_format


def wrote(journal: Journal, text: str, **details: object) -> Entry:
    """Write an entry."""
    return journal.write(from_text(text), Details(**details)).entry


def returned(journal: Journal, copy: Path, *, later: int = 0) -> rescue.Returned:
    """Let a copy take the journal's place, as another process would."""
    with rescue.Return(copy, journal.places, journal.now + timedelta(minutes=later)) as coming:
        return coming.replace()


def texts(places: config.Places, now) -> dict[str, list[str]]:
    """Each entry's words and every earlier wording, by its present words."""
    with Journal(places, now) as journal:
        return {each.text: [one.text for one in journal.versions(each)] for each in journal.find(Filters())}


def mark_of(entry: Entry, reader: str = "") -> Mark:
    """A mark on an entry's present version."""
    what = ("group", reader, "p", "verbatim", "", "", "", "")
    return Mark(5, entry.id, entry.version, 0, 3, *what, alone_ok=False, made_at="2026-01-01", withdrawn_at="")


# -- a copy that takes the journal's place -----------------------------------------------------


def test_a_copy_comes_back_whole_and_the_present_journal_is_kept(journal: Journal) -> None:
    """Every entry is as it was when the copy was made; what was there before is one of our copies."""
    first = wrote(journal, "first", tags=("a",), about="Board")
    journal.edit(first, from_text("first, changed"))
    copy = journal.backup().path
    wrote(journal, "written after the copy")
    done = returned(journal, copy)
    assert done.entries == 1
    assert texts(journal.places, journal.now) == {"first, changed": ["first", "first, changed"]}
    assert done.kept
    with (
        Journal(config.Places(done.kept.parent, done.kept.parent)._replace(), journal.now)
        if False
        else closing(engine.connect(done.kept)) as db
    ):
        assert {row[0] for row in db.execute("SELECT text FROM entry")} == {"first, changed", "written after the copy"}
    assert not backups.parts(journal.places.journal, journal.places.backups)


def test_a_copy_is_never_changed(journal: Journal, tmp_path: Path) -> None:
    """Its bytes are the same after it was looked at, merged and brought back, and nothing appears beside it."""
    gone = wrote(journal, "to be erased")
    wrote(journal, "stays")
    place = tmp_path / "far"
    place.mkdir()
    shutil.copy2(journal.places.database, place / "copy.db")
    journal.erase(gone)
    before = digest_of(place)
    for merge in (True, False):
        with rescue.Return(place / "copy.db", journal.places, journal.now) as coming:
            assert coming.outlook.stay_erased == 1
            if merge:
                coming.merge()
            else:
                coming.replace()
        assert digest_of(place) == before


def test_looking_changes_nothing(journal: Journal) -> None:
    """Until somebody agrees, no byte of the home changes."""
    wrote(journal, "words")
    copy = journal.backup().path
    before = digest_of(journal.places.home)
    with rescue.Return(copy, journal.places, journal.now) as coming:
        assert coming.outlook.here == 1
    assert digest_of(journal.places.home) == before


def test_an_erased_entry_does_not_come_back(journal: Journal, home: Path) -> None:
    """A copy that erasing could not reach brings everything back but what was erased since, in no byte."""
    gone = wrote(journal, "ZqxSecretColleague told us", about="ZqxAbout")
    wrote(journal, "stays")
    outside = home.parent / "outside.db"
    shutil.copy2(journal.places.database, outside)
    journal.erase(gone)
    returned(journal, outside)
    assert list(texts(journal.places, journal.now)) == ["stays"]
    assert b"zqx" not in bytes_under(home).lower()


def test_an_erased_entry_stays_erased_when_only_copies_are_left(journal: Journal, home: Path) -> None:
    """With the journal gone, what our other copies know to be erased does not come back from an old one."""
    gone = wrote(journal, "ZqxSecretColleague told us")
    wrote(journal, "stays")
    outside = home.parent / "outside.db"
    shutil.copy2(journal.places.database, outside)
    journal.erase(gone)
    journal.backup()
    journal._db.close()
    journal.places.database.unlink()
    returned(journal, outside)
    assert list(texts(journal.places, journal.now)) == ["stays"]
    assert b"zqx" not in bytes_under(home).lower()


@pytest.fixture
def shared(journal: Journal) -> tuple[Journal, Entry]:
    """A journal with an entry that was marked and sent to a group."""
    entry = wrote(journal, "the words that left")
    with journal.change() as db:
        consent.mark(db, mark_of(entry, "r"))
        db.execute("INSERT INTO membership VALUES ('r', 'me', '{}', '', '2026-01-01', '', 1)")
        consent.send(db, Sent("c1", "r", 5, entry.id, "group", "2026-01-01", "", withdrawal_told=False))
    return journal, entry


def marks(places: config.Places) -> list[tuple[object, ...]]:
    """Each mark and when it was withdrawn."""
    with closing(sqlite3.connect(places.database)) as db:
        return db.execute("SELECT id, withdrawn_at <> '' FROM mark ORDER BY id").fetchall()


def sent(places: config.Places) -> list[tuple[object, ...]]:
    """What left, its mark, and whether it was withdrawn and the group told."""
    with closing(sqlite3.connect(places.database)) as db:
        return db.execute(
            "SELECT contribution, mark, withdrawn_at <> '', withdrawal_told FROM sent ORDER BY contribution"
        ).fetchall()


def test_a_withdrawn_mark_does_not_come_back(shared: tuple[Journal, Entry]) -> None:
    """A permission that was taken back after the copy was made stays taken back, and so does what had left."""
    journal, entry = shared
    copy = journal.backup().path
    Consent(journal).unmark(entry)
    with journal.change() as db:
        consent.told(db, ["c1"])
    with rescue.Return(copy, journal.places, journal.now) as coming:
        assert coming.outlook.stay_withdrawn == 1
        coming.replace()
    assert marks(journal.places) == [(5, 1)]
    assert sent(journal.places) == [("c1", 5, 1, 1)]


def test_a_permission_that_is_gone_here_does_not_come_back(shared: tuple[Journal, Entry]) -> None:
    """A mark that the present journal does not have (it was undone) holds no more in the copy."""
    journal, _ = shared
    copy = journal.backup().path
    with journal.change() as db:
        db.execute("DELETE FROM mark")
    returned(journal, copy)
    assert marks(journal.places) == [(5, 1)]


def test_a_journal_that_was_never_used_takes_no_permission_back(shared: tuple[Journal, Entry], tmp_path: Path) -> None:
    """On a new computer, where `reflect` has only been tried, a copy's permissions hold on."""
    journal, _ = shared
    copy = journal.backup().path
    with another(journal, tmp_path / "new") as fresh:
        with rescue.Return(copy, fresh.places, fresh.now) as coming:
            assert coming.outlook.stay_withdrawn == 0
            coming.replace()
        assert marks(fresh.places) == [(5, 0)]
        assert sent(fresh.places) == [("c1", 5, 0, 0)]
    with another(journal, tmp_path / "used") as used:
        wrote(used, "an entry")
        returned(used, copy)
        assert marks(used.places) == [(5, 1)]


def test_what_left_after_the_copy_is_still_known(shared: tuple[Journal, Entry]) -> None:
    """Words that left since are still listed and can be withdrawn; how groups know the writer stays the present one."""
    journal, entry = shared
    copy = journal.backup().path
    with journal.change() as db:
        consent.send(db, Sent("c2", "r", 5, entry.id, "group", "2026-02-01", "", withdrawal_told=False))
        db.execute("UPDATE membership SET contributor = 'me anew', shares = 2")
        db.execute("INSERT INTO membership VALUES ('q', 'me', '{}', '', '2026-02-01', '', 1)")
        db.execute("INSERT INTO came_back VALUES ('r', 'o', 'group', '2026-02-01', '{}')")
    returned(journal, copy)
    assert sent(journal.places) == [("c1", 5, 0, 0), ("c2", 5, 0, 0)]
    with closing(sqlite3.connect(journal.places.database)) as db:
        rows = db.execute("SELECT reader, contributor, shares FROM membership ORDER BY reader").fetchall()
        assert rows == [("q", "me", 1), ("r", "me anew", 2)]
        assert db.execute("SELECT output FROM came_back").fetchall() == [("o",)]


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_copy_of_every_format_comes_back(journal: Journal, version: int) -> None:
    """A copy that an older reflect made is brought up to date on its way, and not changed itself."""
    journal.places.backups.mkdir()
    copy = journal_of_format(journal.places.backups, version, {7: "the old heliotrope", 8: "and another"})
    before = copy.read_bytes()
    returned(journal, copy)
    with Journal(journal.places, journal.now) as anew:
        assert [hit.entry.id for hit in anew.search("heliotrope", Filters())] == [7]
        wrote(anew, "written after")
    assert copy.read_bytes() == before


def test_a_newer_copy_is_refused(journal: Journal) -> None:
    """Both formats are named, and nothing changes."""
    wrote(journal, "words")
    copy = journal.backup().path
    with closing(sqlite3.connect(copy)) as db:
        db.execute(f"PRAGMA user_version={engine.SCHEMA + 3}")
    before = digest_of(journal.places.home)
    with pytest.raises(NewerVersion, match=f"format {engine.SCHEMA + 3}"):
        returned(journal, copy)
    assert digest_of(journal.places.home) == before


@pytest.mark.parametrize("damage", ["a page", "a letter", "cut", "empty", "text", "foreign"])
def test_a_damaged_copy_is_refused_and_nothing_changes(journal: Journal, damage: str) -> None:
    """Row 65: a copy that is not whole, down to a letter, is refused before anything else happens."""
    wrote(journal, "the heliotrope stood there " * 300)
    copy = journal.backup().path
    wrote(journal, "after")
    content = bytearray(copy.read_bytes())
    if damage == "a page":
        place = content.index(b"heliotrope") // 4096
        content[place * 4096 : (place + 1) * 4096] = bytes(4096)
    elif damage == "a letter":
        content = content.replace(b"the heliotrope", b"the heliotropf", 1)
    elif damage == "foreign":
        content[68:72] = b"else"
    else:
        content = bytearray({"cut": content[: len(content) // 2], "empty": b"", "text": b"shopping"}[damage])
    copy.write_bytes(content)
    before = digest_of(journal.places.home)
    with pytest.raises(Damaged, match="another program" if damage == "foreign" else "recover") as refused:
        returned(journal, copy)
    assert refused.value.exit_code == 7
    assert str(copy) in str(refused.value)
    assert digest_of(journal.places.home) == before


@pytest.mark.parametrize("damage", ["a page", "cut", "empty", "text", "gone"])
def test_a_damaged_journal_is_put_aside_byte_for_byte(journal: Journal, damage: str) -> None:
    """Whatever is left of the present journal is kept beside, and the copy takes its place."""
    wrote(journal, "the heliotrope stood there " * 300)
    copy = journal.backup().path
    journal._db.close()
    path = journal.places.database
    content = bytearray(path.read_bytes())
    if damage == "a page":
        content[4096:8192] = bytes(4096)
    else:
        content = bytearray({"cut": content[:9000], "empty": b"", "text": b"shopping", "gone": b""}[damage])
    path.write_bytes(content)
    side = path.with_name("journal.db-journal")
    if damage == "gone":
        path.unlink()
        side.unlink(missing_ok=True)
    else:
        side.write_bytes(b"")
    done = returned(journal, copy)
    assert [each[:14] for each in texts(journal.places, journal.now)] == ["the heliotrope"]
    if damage == "gone":
        assert done.kept is None
        return
    assert done.kept
    assert done.kept.read_bytes() == content
    if damage != "a page":
        assert done.kept.suffix == ".damaged"


def test_a_change_that_was_cut_off_is_not_rolled_into_the_copy(journal: Journal, tmp_path: Path) -> None:
    """An unfinished change beside a damaged journal goes aside with it: SQLite would write it into what came."""
    wrote(journal, "as it was")
    copy = journal.backup().path
    hot = hot_copy(journal, tmp_path / "hot")
    journal._db.close()
    path = journal.places.database
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    path.with_name("journal.db-journal").write_bytes((hot.parent / "hot.db-journal").read_bytes())
    done = returned(journal, copy)
    assert list(texts(journal.places, journal.now)) == ["as it was"]
    assert done.kept
    assert done.kept.with_name(done.kept.name + "-journal").stat().st_size > 0


def hot_copy(journal: Journal, folder: Path) -> Path:
    """Return a copy of the journal as a kill amid a large change leaves it, with what SQLite needs to take it back."""
    folder.mkdir()
    journal._db.execute("PRAGMA cache_size=2")  # so that the change reaches the file before it is finished
    journal._db.execute("BEGIN IMMEDIATE")
    for number in range(200):
        journal._db.execute("INSERT INTO served VALUES (?, 'mine', 1, '', 0)", (f"{number:04}" * 200,))
    for side in ("", "-journal"):
        shutil.copyfile(f"{journal.places.database}{side}", folder / f"hot.db{side}")
    journal._db.execute("ROLLBACK")
    assert (folder / "hot.db-journal").stat().st_size > 0
    return folder / "hot.db"


def test_a_copy_that_was_cut_off_amid_a_change_comes_back_as_it_was_before(journal: Journal, tmp_path: Path) -> None:
    """A copy with an unfinished change beside it is rolled back in the working file only."""
    wrote(journal, "as it was")
    hot = hot_copy(journal, tmp_path / "hot")
    before = digest_of(hot.parent)
    returned(journal, hot)
    assert list(texts(journal.places, journal.now)) == ["as it was"]
    with closing(sqlite3.connect(journal.places.database)) as db:
        assert db.execute("SELECT count(*) FROM served").fetchone()[0] < 200
    assert digest_of(hot.parent) == before


def test_a_copy_in_another_mode_comes_back(journal: Journal, tmp_path: Path) -> None:
    """A copy that another program left with a write-ahead log keeps what stands in the log."""
    wrote(journal, "first")
    path = tmp_path / "wal.db"
    shutil.copyfile(journal.places.database, path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA wal_autocheckpoint=0")
        db.execute("INSERT INTO tag SELECT id, 'from-the-log' FROM entry")
        (tmp_path / "kept").mkdir()
        for side in ("", "-wal"):
            shutil.copyfile(f"{path}{side}", tmp_path / "kept" / f"wal.db{side}")
    before = digest_of(tmp_path / "kept")
    returned(journal, tmp_path / "kept" / "wal.db")
    with Journal(journal.places, journal.now) as anew:
        assert [each.tags for each in anew.find(Filters())] == [("from-the-log",)]
    assert digest_of(tmp_path / "kept") == before


def test_another_programs_file_in_the_journals_place_is_left(journal: Journal) -> None:
    """A restore never moves what another program made."""
    wrote(journal, "words")
    copy = journal.backup().path
    journal._db.close()
    journal.places.database.unlink()
    with closing(sqlite3.connect(journal.places.database)) as db:
        db.execute("CREATE TABLE theirs (x)")
    before = digest_of(journal.places.home)
    with pytest.raises(Damaged, match="another program"):
        returned(journal, copy)
    assert digest_of(journal.places.home) == before


def test_nobody_can_write_while_a_copy_takes_the_place(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another terminal saves meanwhile is not acknowledged, and its words are in a draft."""
    wrote(journal, "first")
    copy = journal.backup().path
    monkeypatch.setattr(engine, "WAIT_MS", 50)
    verify = backups.verify
    other = Journal(journal.places, journal.now)

    def meanwhile(path: Path) -> backups.Verified:
        if path.parent == journal.places.journal and path.suffix == ".part":
            with pytest.raises(Busy):
                wrote(other, "words of another terminal")
        return verify(path)

    with rescue.Return(copy, journal.places, journal.now) as coming:
        monkeypatch.setattr(backups, "verify", meanwhile)
        coming.replace()
        monkeypatch.setattr(backups, "verify", verify)
    with pytest.raises(Damaged, match="moved or replaced"):
        wrote(other, "once more")
    kept = [drafts.read(path).text for path in drafts.every(journal.places.drafts)]
    assert sorted(kept) == ["once more", "words of another terminal"]


def test_a_kill_before_the_last_step_changes_nothing(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped anywhere before the copy gets the journal's name, the journal is as it was."""
    wrote(journal, "first")
    copy = journal.backup().path
    wrote(journal, "second")

    class Killed(BaseException):
        """Stands for a kill."""

    def killed(*_: object) -> None:
        raise Killed

    for where in ("verify", "write_into"):
        with monkeypatch.context() as patch, rescue.Return(copy, journal.places, journal.now) as coming:
            patch.setattr(backups, where, killed)
            with pytest.raises(Killed):
                coming.replace()
        assert set(texts(journal.places, journal.now)) == {"first", "second"}


def test_a_journal_that_is_missing_comes_back(journal: Journal, tmp_path: Path) -> None:
    """On another computer, with no home yet, a copy makes one."""
    wrote(journal, "words")
    copy = shutil.copyfile(journal.places.database, tmp_path / "copy.db")
    new = config.Places(tmp_path / "new", tmp_path / "new")
    with rescue.Return(copy, new, journal.now) as coming:
        assert coming.outlook.here is None
        assert coming.replace().kept is None
    assert list(texts(new, journal.now)) == ["words"]
    assert new.database.stat().st_mode & 0o777 == 0o600
    assert new.journal.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER later AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE id = new.id; END",
        "CREATE VIEW others AS SELECT * FROM entry",
    ],
)
def test_a_copy_that_would_act_by_itself_is_refused(journal: Journal, statement: str) -> None:
    """A file into which somebody put a trigger or a view neither comes back nor is merged (Row 41)."""
    wrote(journal, "words")
    copy = journal.backup().path
    with closing(sqlite3.connect(copy)) as db:
        db.execute(statement)
    before = digest_of(journal.places.database)
    with pytest.raises(Refused, match="not one of ours"), rescue.Return(copy, journal.places, journal.now):
        pass
    assert digest_of(journal.places.database) == before


def test_a_copy_is_found_by_part_of_its_name(journal: Journal) -> None:
    """A path, or what only one name in the backups folder has; otherwise the names are given."""
    wrote(journal, "words")
    one, other = journal.copy_before("import"), journal.backup().path
    assert one
    assert rescue.copy_named(journal.places, str(other)) == other
    assert rescue.copy_named(journal.places, "before-import") == one
    with pytest.raises(NotFound, match="more than one"):
        rescue.copy_named(journal.places, "2026-11-20")
    with pytest.raises(NotFound, match="no copy"):
        rescue.copy_named(journal.places, "2031")
    assert {copy.path for copy in rescue.copies(journal.places)} == {one, other}


# -- two journals that drifted apart ------------------------------------------------------------


@pytest.fixture
def apart(journal: Journal, tmp_path: Path):
    """Let a journal and its copy of now go on by themselves: a function that opens the copy as a journal."""
    places = config.Places(tmp_path / "other", tmp_path / "other")

    def part() -> Journal:
        places.journal.mkdir(mode=0o700)
        shutil.copyfile(journal.places.database, places.database)
        return Journal(places, journal.now + timedelta(minutes=5))

    return part


def merged(journal: Journal, other: Journal) -> rescue.Merged:
    """Merge what the other journal has more."""
    other._db.close()
    with rescue.Return(other.places.database, journal.places, journal.now) as coming:
        return coming.merge()


def test_row_52_what_the_other_wrote_comes_in_whole(journal: Journal, apart) -> None:
    """Entries of a conflict copy come with versions, tags, themes and actions, are found, and ours stay."""
    before = wrote(journal, "before")
    other = apart()
    theirs = wrote(other, "theirs about the heliotrope", tags=("b",), about="Board", themes=("voice",))
    other.edit(theirs, from_text("theirs about the saxifrage"))
    other.offer("ring them", entry=other.entry(theirs.id))
    Revisit(other).answer(other.entry(before.id), "changed", from_text("a later thought of the geranium"))
    ours = wrote(journal, "ours", tags=("a",))
    as_it_was = journal.entry(ours.id)
    result = merged(journal, other)
    assert result.entries == (theirs.id,)
    found = journal.entry(theirs.id)
    assert (found.text, found.tags, found.about) == ("theirs about the saxifrage", ("b",), "Board")
    assert [each.text for each in journal.versions(found)] == ["theirs about the heliotrope", found.text]
    assert [each.id for each in found.themes if each.by == "author"] == ["voice"]
    assert [each.text for each in journal.actions()] == ["ring them"]
    assert [hit.entry.id for hit in journal.search("saxifrage", Filters())] == [theirs.id]
    assert journal.entry(ours.id) == as_it_was
    assert [layer.text for layer in journal.layers(before)] == ["a later thought of the geranium"]
    assert [hit.entry.id for hit in journal.search("geranium", Filters())] == [before.id]
    again = merged(journal, other)
    assert again == rescue.Merged((), (), (), ())


def test_row_52_what_was_edited_in_one_place_is_taken_as_it_is_now(journal: Journal, apart) -> None:
    """Later words win where they follow from the others, in either direction, with all wordings between."""
    one, two = wrote(journal, "one"), wrote(journal, "two")
    other = apart()
    journal.edit(one, from_text("one, later here"))
    for text in ("two, later there", "two, latest there"):
        other.edit(other.entry(two.id), from_text(text))
    result = merged(journal, other)
    assert (result.newer, result.both) == ((two.id,), ())
    assert [each.text for each in journal.versions(one)] == ["one", "one, later here"]
    assert [each.text for each in journal.versions(two)] == ["two", "two, later there", "two, latest there"]
    assert [hit.entry.id for hit in journal.search("latest", Filters())] == [two.id]


def test_row_28_row_52_both_wordings_of_one_entry_stand(journal: Journal, apart) -> None:
    """Edited in both places: ours stays in force with its marks, theirs is in the history, and the pair is named."""
    entry = wrote(journal, "as it was")
    other = apart()
    journal.edit(entry, from_text("changed here"))
    with journal.change() as db:
        consent.mark(db, mark_of(journal.entry(entry.id)))
    other.edit(other.entry(entry.id), from_text("changed there"))
    result = merged(journal, other)
    assert result.both == (entry.id,)
    assert journal.entry(entry.id).text == "changed here"
    assert [each.text for each in journal.versions(entry)] == [
        "as it was",
        "changed here",
        "changed there",
        "changed here",
    ]
    with journal.reading() as db:
        assert consent.marks(db)[0].version == journal.entry(entry.id).version
    assert merged(journal, other) == rescue.Merged((), (), (), ())


def test_what_was_erased_in_one_place_goes_in_both(journal: Journal, apart, home: Path) -> None:
    """Erased here it does not come back, erased there it goes here, too, out of every byte and every copy."""
    one, two = wrote(journal, "ZqxOne secret"), wrote(journal, "ZqxTwo secret")
    other = apart()
    journal.erase(one)
    other.erase(other.entry(two.id))
    other._db.close()
    with rescue.Return(other.places.database, journal.places, journal.now) as coming:
        assert coming.outlook.erased_there == 1
        coming.merge()
    assert texts(journal.places, journal.now) == {}
    assert b"zqx" not in bytes_under(home).lower()


def test_a_mark_withdrawn_there_is_withdrawn_here(shared: tuple[Journal, Entry], apart) -> None:
    """Taking a permission back holds wherever it was said."""
    journal, entry = shared
    other = apart()
    Consent(other).unmark(other.entry(entry.id))
    merged(journal, other)
    assert marks(journal.places) == [(5, 1)]
    assert sent(journal.places)[0][2] == 1


def test_damaged_words_are_taken_from_the_copy(journal: Journal) -> None:
    """Words that changed on the disk come back from a copy that has exactly what was stored."""
    entry = wrote(journal, "the heliotrope stood there")
    journal.edit(entry, from_text("the saxifrage stood there"))
    copy = journal.backup().path
    journal._db.close()
    path = journal.places.database
    path.write_bytes(
        path.read_bytes().replace(b"the heliotrope", b"the heli\xfftrope").replace(b"the saxi", b"the saxj")
    )
    with rescue.Return(copy, journal.places, journal.now) as coming:
        assert coming.merge().mended == (entry.id,)
    assert texts(journal.places, journal.now) == {
        "the saxifrage stood there": ["the heliotrope stood there", "the saxifrage stood there"]
    }


def test_merging_makes_a_copy_first_and_is_all_or_nothing(
    journal: Journal, apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A merge that fails half-way leaves the journal as it was, and a copy of it exists."""
    wrote(journal, "ours")
    other = apart()
    wrote(other, "theirs")

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    from reflect.store import merging

    monkeypatch.setattr(merging, "_insert_doings", fail)
    with pytest.raises(Exception, match="disk I/O"):
        merged(journal, other)
    assert list(texts(journal.places, journal.now)) == ["ours"]
    assert [copy.reason for copy in rescue.copies(journal.places)] == ["before-merge"]
