"""Batches as rows: ids, what is known again, and what goes when one is taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflect.errors import NotFound
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Filters
from reflect.store import batches, engine, entries
from reflect.whole import Arrival, Batch, Whole
from tests.conftest import NOW


def arrival(number: int, text: str = "Words.", key: str = "") -> Arrival:
    """Return an entry as a file would bring it."""
    entry = Entry(0, 1, text, None, "Board", "", NOW, "minute", NOW, "UTC", ("one", "two"), ())
    return Arrival("file", number, key or f"k{number}", Whole(entry, NOW, (("voice", "author"),)))


def store(journal: Journal, *arrivals: Arrival, batch: int = 7) -> list[int]:
    """Store entries as one batch; return their ids."""
    with journal.change() as db:
        numbers = batches.fresh_ids(db, len(arrivals))
        batches.bring_in(db, Batch(batch, "jrnl", "a file", NOW), "jrnl", arrivals, numbers, tick=lambda done: None)  # noqa: ARG005
        batches.note(db, Batch(batch, "jrnl", "a file", NOW), [])
    return numbers


def test_ids_are_fresh_rising_and_random(journal: Journal) -> None:
    """Ids are nobody's, in rising order for the sake of writing, and far apart."""
    mine = journal.write(from_text("Mine."), Details()).entry.id
    with journal.reading() as db:
        found = batches.fresh_ids(db, 500, [1, 2, 3])
    assert found == sorted(set(found))
    assert len(found) == 500
    assert not {mine, 1, 2, 3} & set(found)
    assert max(found) - min(found) > 2**38


def test_entries_are_as_a_single_write_leaves_them(journal: Journal) -> None:
    """An entry of a batch has tags, themes, checksum, index and the instant like one that was written."""
    (number,) = store(journal, arrival(1, "A grey heron."))
    (entry,) = journal.find(Filters(tag="two", theme="voice"))
    assert (entry.id, entry.about) == (number, "Board")
    assert [each.entry.id for each in journal.search("herons", Filters())] == [number]
    assert [each.entry.id for each in journal.search("board", Filters())] == [number]
    with journal.reading() as db:
        assert list(entries.broken(db)) == []
        assert db.execute("SELECT happened FROM entry").fetchone()[0] == entries.instant(NOW)
        assert not db.execute("PRAGMA foreign_key_check").fetchall()


def test_what_was_brought_in_is_known(journal: Journal) -> None:
    """Keys of one family of formats are known, those of another are not."""
    first, second = store(journal, arrival(1), arrival(2))
    with journal.reading() as db:
        assert batches.known(db, "jrnl").keys == {"k1": first, "k2": second}
        assert batches.known(db, "csv").keys == {}
        assert batches.worded(db, first, "Words.")
        assert not batches.worded(db, first, "Others.")
        assert batches.worded(db, 5, "Words.") is None


def test_a_key_that_is_taken_stops_all(journal: Journal) -> None:
    """Two entries under one key are a fault that leaves nothing behind."""
    with pytest.raises(Exception, match="UNIQUE"):
        store(journal, arrival(1, key="same"), arrival(2, key="same"))
    assert journal.size() == 0
    with journal.reading() as db:
        assert not db.execute("SELECT * FROM batch").fetchall()


def test_taking_out_takes_just_one_batch(journal: Journal) -> None:
    """The entries of one batch go with their keys and words; others stay."""
    store(journal, arrival(1, "A grey heron."), batch=7)
    (stays,) = store(journal, arrival(2, "A red kite."), batch=8)
    with journal.change() as db:
        assert batches.brought(db, 7) == Batch(7, "jrnl", "a file", NOW)
        assert batches.take_out(db, 7) == 1
        entries.rebuild_index(db)
    assert [each.id for each in journal.find(Filters())] == [stays]
    assert not list(journal.search("heron", Filters()))
    with journal.reading() as db:
        assert batches.known(db, "jrnl").keys == {"k2": stays}
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        assert not db.execute("SELECT * FROM undo WHERE batch = 7").fetchall()
        with pytest.raises(NotFound):
            batches.brought(db, 7)


def test_no_trace_of_erased_words_stays_with_a_batch(journal: Journal) -> None:
    """When an entry is erased its key goes, too: a digest of few words could be guessed."""
    store(journal, arrival(1, "A grey heron."), arrival(2, "A red kite."))
    journal.erase(next(iter(journal.find(Filters(text="heron")))))
    with journal.reading() as db:
        assert len(batches.known(db, "jrnl").keys) == 1


def test_integrity_is_seen_by_every_sqlite(journal: Journal) -> None:
    """The table of batches has its key columns first, since SQLite 3.40 takes others for damaged."""
    store(journal, arrival(1))
    with journal.reading() as db:
        assert db.execute("PRAGMA integrity_check").fetchall()[0][0] == "ok"
        columns = [row[1] for row in db.execute("PRAGMA table_info(batch_entry)")]
    assert columns[:2] == ["kind", "origin_key"]


def test_a_journal_in_use_is_not_empty(journal: Journal, tmp_path: Path) -> None:
    """Any entry, action or import means that no other journal may move in whole."""
    with journal.reading() as db:
        assert batches.is_empty(db)
    journal.offer("ring")
    with journal.reading() as db:
        assert not batches.is_empty(db)
    assert engine.SCHEMA >= 3
    assert tmp_path.exists()
