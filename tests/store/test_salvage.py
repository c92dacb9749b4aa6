"""What a damaged journal still holds is read page by page, and nothing is made up."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect import config, ids, rescue
from reflect.errors import Damaged, NotFound
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.store import backups, engine, salvage
from tests.conftest import NOW, bytes_under
from tests.safety.conftest import digest_of
from tests.store.formats import journal_of_format

PAGE = 4096


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    """Every row of a table, as SQLite reads it."""
    with closing(sqlite3.connect(path)) as db:
        return sorted(db.execute(f"SELECT * FROM {table}"))  # noqa: S608 - our tables


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a journal of 150 entries, some long, with versions, tags, actions and questions; written afresh."""
    chance = random.Random(5)
    home = tmp_path_factory.mktemp("salvage") / "home"
    with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
        for number in range(150):
            text = f"sentinel{number:03} " + f"filler{number} " * chance.choice([5, 40, 900])
            entry = journal.write(from_text(text), Details(tags=(f"t{number % 7}",), about=f"Board {number}")).entry
            if number % 9 == 0:
                journal.edit(entry, from_text(f"again{number:03} " + "and again " * chance.choice([1, 900])))
            if number % 30 == 0:
                journal.offer(f"ring {number}", entry=journal.entry(entry.id), due="friday")
        journal._db.execute("VACUUM")
    return (home / "journal.db").read_bytes()


@pytest.fixture
def full(journal: Journal, written: bytes) -> Journal:
    """That journal, closed, in a home of its own."""
    journal._db.close()
    journal.places.database.write_bytes(written)
    return journal


def damaged(journal: Journal, *pages: int) -> Path:
    """Zero some pages of the journal's file."""
    path = journal.places.database
    content = bytearray(path.read_bytes())
    for page in pages:
        content[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)
    path.write_bytes(content)
    return path


def test_a_sound_file_is_read_as_sqlite_reads_it(full: Journal) -> None:
    """Row for row and value for value, long rows included, in tables with and without rowids."""
    path = full.places.database
    found = salvage.read(path.read_bytes())
    for table in ("version", "tag", "suggestion", "served", "choice"):  # no rowid: the rows as they are kept
        assert sorted(row.values for row in found.tables[table]) == rows(path, table), table
    for table in ("entry", "action"):  # the rowid stands for the id
        assert sorted((row.rowid, *row.values[1:]) for row in found.tables[table]) == rows(path, table), table
    assert found.stray == []
    assert found.version == engine.SCHEMA
    assert set(found.schema) >= {"entry", "version", "erased"}


_VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False).map(lambda number: number or 0.0),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=80),
    st.binary(max_size=9000),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(_VALUES, _VALUES), max_size=30), st.sampled_from([512, 1024, 4096, 65536]))
def test_any_row_is_read_as_sqlite_reads_it(values: list[tuple[object, object]], size: int) -> None:
    """Every kind of value, of any length, on pages of any size, comes out equal."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute(f"PRAGMA page_size={size}")
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, a, b)")
        db.execute("CREATE TABLE two (k INTEGER PRIMARY KEY, a, b) WITHOUT ROWID")
        for number, pair in enumerate(values):
            db.execute("INSERT INTO one VALUES (?, ?, ?)", (number * 3 - 40, *pair))
            db.execute("INSERT INTO two VALUES (?, ?, ?)", (number, *pair))
        found = salvage.read(db.serialize())
        assert sorted((row.rowid, *row.values[1:]) for row in found.tables["one"]) == list(
            db.execute("SELECT * FROM one ORDER BY id")
        )
        assert sorted(row.values for row in found.tables["two"]) == list(db.execute("SELECT * FROM two ORDER BY k"))


@settings(max_examples=60)
@given(st.data())
def test_whatever_the_bytes_are_nothing_fails(data: st.DataObject) -> None:
    """Any file, and a journal with any bytes overwritten, is read to its end without an error."""
    content = bytearray(_a_file())
    for _ in range(data.draw(st.integers(0, 12))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(min_size=1, max_size=60))
        content[place : place + len(piece)] = piece
    salvage.read(bytes(content[: data.draw(st.integers(0, len(content)))]))
    salvage.read(data.draw(st.binary(max_size=3000)))


def _a_file() -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        db.execute("PRAGMA page_size=512")
        db.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, a, b)")
        db.executemany("INSERT INTO one VALUES (?, ?, ?)", [(n, "words " * n, b"x" * n) for n in range(60)])
        db.execute("DELETE FROM one WHERE id % 9 = 0")
        return db.serialize()


def test_row_50_any_page_of_the_file_may_be_the_broken_one(full: Journal) -> None:
    """Row 50: with any one page zeroed at least 90 of 100 entries come out, each word for word, and none is made up."""
    path = full.places.database
    sound = path.read_bytes()
    wanted = {row[0]: row for row in rows(path, "entry")}
    pages = range(1, len(sound) // PAGE + 1)
    for page in {*pages[:12], *random.Random(1).sample(pages, 20)}:
        damaged(full, page)
        found = salvage.read(path.read_bytes())
        read = [*found.tables.get("entry", ()), *(row for row in found.stray if len(row.values) == 14)]
        got = {row.rowid: (row.rowid, *row.values[1:]) for row in read}
        assert sum(wanted.get(number) == row for number, row in got.items()) >= 135, page
        path.write_bytes(sound)


@pytest.mark.parametrize("which", ["first page", "root of the entries", "a leaf", "root of the tags"])
def test_row_50_recover_makes_a_sound_journal_of_the_rest(full: Journal, which: str) -> None:
    """Row 50: what can be read goes into a new file that is whole; the damaged one keeps every byte."""
    path = full.places.database
    with closing(sqlite3.connect(path)) as db:
        roots = dict(db.execute("SELECT name, rootpage FROM sqlite_master"))
    leaf = path.read_bytes().index(b"sentinel031") // PAGE + 1
    pages = {"first page": 1, "root of the entries": roots["entry"], "a leaf": leaf, "root of the tags": roots["tag"]}
    wanted = {row[0]: row for row in rows(path, "entry")}
    damaged(full, pages[which])
    before = path.read_bytes()
    made, found = rescue.recover(path, full.places, full.now)
    assert path.read_bytes() == before
    assert backups.verify(made).broken == ()
    got = {row[0]: row for row in rows(made, "entry")}
    assert len(got) == found.entries >= 135
    assert all(wanted[number] == row for number, row in got.items() if number not in found.doubtful)
    if which == "a leaf":
        assert set(found.lost) == wanted.keys() - got.keys()
        assert found.lost
    with rescue.Return(made, full.places, full.now) as coming:
        coming.replace()
    with Journal(full.places, full.now) as anew:
        assert anew.size() == len(got)
        assert list(anew.search("again", Filters()))


@pytest.mark.parametrize("damage", ["cut in half", "header overwritten", "header zeroed"])
def test_row_49_recover_reads_what_sqlite_refuses(full: Journal, damage: str) -> None:
    """Row 49: a file that SQLite does not open at all still gives what stands on its pages."""
    path = full.places.database
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut in half": whole[: len(whole) // 2],
            "header overwritten": b"\xff" * 64 + whole[64:],
            "header zeroed": bytes(100) + whole[100:],
        }[damage]
    )
    made, found = rescue.recover(path, full.places, full.now)
    assert backups.verify(made).entries == found.entries
    assert found.entries == 150 if damage != "cut in half" else found.entries > 10


def test_words_that_changed_are_kept_and_named(full: Journal) -> None:
    """Row 51: an entry with a changed letter comes out, is named, and is sound from then on."""
    path = full.places.database
    path.write_bytes(path.read_bytes().replace(b"sentinel031", b"sentinfl031"))
    made, found = rescue.recover(path, full.places, full.now)
    assert [row[2][:11] for row in rows(made, "entry") if row[0] in found.doubtful] == ["sentinfl031"]
    assert backups.verify(made).broken == ()


def test_what_was_erased_is_not_dug_up(journal: Journal, home: Path) -> None:
    """An erased entry stays erased, even when a damaged older copy of the journal still has it."""
    gone = journal.write(from_text("ZqxSecretColleague told us"), Details()).entry
    journal.write(from_text("stays"), Details())
    old = home.parent / "old.db"
    old.write_bytes(b"\xff" * 64 + journal.places.database.read_bytes()[64:])
    journal.erase(gone)
    _, found = rescue.recover(old, journal.places, journal.now)
    assert found.entries == 1
    assert b"zqx" not in bytes_under(home).lower()


@pytest.mark.parametrize("version", [1, 2])
def test_a_damaged_journal_of_an_older_format_is_read(journal: Journal, version: int) -> None:
    """What an older reflect wrote comes out in the present format."""
    journal.places.backups.mkdir()
    old = journal_of_format(journal.places.backups, version, {7: "the old heliotrope", 8: "and another"})
    old.write_bytes(b"\xff" * 64 + old.read_bytes()[64:])
    made, found = rescue.recover(old, journal.places, journal.now)
    assert (found.entries, found.doubtful, found.lost) == (2, (), ())
    assert [row[2] for row in rows(made, "entry")] == ["the old heliotrope", "and another"]


@pytest.mark.parametrize("content", [b"", b"Shopping list\n", bytes(9000)], ids=["empty", "text", "zeros"])
def test_where_nothing_is_nothing_is_made(journal: Journal, content: bytes) -> None:
    """A file without a single entry is named with exit 7, and no new file stays."""
    journal.write(from_text("words"), Details())
    (journal.places.home / "old.db").write_bytes(content)
    before = digest_of(journal.places.home)
    with pytest.raises(Damaged, match="nothing could be read"):
        rescue.recover(journal.places.home / "old.db", journal.places, journal.now)
    assert digest_of(journal.places.home) == before
    with pytest.raises(NotFound):
        rescue.recover(journal.places.home / "none.db", journal.places, journal.now)


def test_another_programs_file_is_not_read(journal: Journal, tmp_path: Path) -> None:
    """A sound file of another program is named and left."""
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as db:
        db.execute("CREATE TABLE entry (x)")
    with pytest.raises(Damaged, match="another program"):
        rescue.recover(tmp_path / "theirs.db", journal.places, journal.now)


def test_the_lost_are_named_by_their_ids(full: Journal) -> None:
    """An id that is shown can be looked for in a copy."""
    leaf = full.places.database.read_bytes().index(b"sentinel031") // PAGE + 1
    damaged(full, leaf)
    _, found = rescue.recover(full.places.database, full.places, full.now)
    assert all(ids.shown(number) in rescue.shown(found.lost, most=50) for number in found.lost)
