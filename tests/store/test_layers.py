"""Later thoughts as rows, and which entry comes up, found by indexes alone."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from reflect.cli.desk import Desk
from reflect.cli.home import show
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters, Layer
from reflect.revisit import Revisit
from reflect.store import entries, layers
from tests.store.plans import plans, walks


@pytest.fixture
def filled(journal: Journal) -> Journal:
    """A journal of a hundred entries over ten years, some of them answered, with actions."""
    for number in range(100):
        when = (journal.now - timedelta(days=36 * number)).date().isoformat()
        written = journal.write(from_text(f"entry {number}\n-> act {number} by Friday"), Details(about="x", at=when))
        if number % 3 == 1:
            Revisit(journal).answer(written.entry, "still")
    return journal


def layer(entry: int, text: str = "now", **other: object) -> Layer:
    """A later thought."""
    return Layer(7, entry, 1, "changed", text, None, "2026-11-20T16:00:00+00:00", "Europe/London")._replace(**other)  # type: ignore[arg-type]


def test_a_thought_comes_back_as_it_went_in(journal: Journal) -> None:
    """Every field is kept; of one entry, oldest first."""
    entry = journal.write(from_text("then"), Details()).entry.id
    older, newer = layer(entry, id=9, at="2026-01-01T12:00:00+00:00"), layer(entry)
    with journal.change() as db:
        layers.add(db, newer)
        layers.add(db, older)
    assert layers.of(journal._db, entry) == [older, newer]
    assert layers.get(journal._db, 7) == newer
    assert list(layers.every(journal._db)) == [older, newer]
    assert layers.of(journal._db, 12345) == []
    assert layers.get(journal._db, 12345) is None


def test_a_damaged_thought_is_noticed(journal: Journal) -> None:
    """Row 51: a letter that changed on the disk is found by its checksum, and the entry named."""
    entry = journal.write(from_text("then"), Details()).entry.id
    with journal.change() as db:
        layers.add(db, layer(entry))
    assert list(entries.broken(journal._db)) == []
    with journal.change() as db:
        db.execute("UPDATE layer SET text = 'naw'")
    assert list(entries.broken(journal._db)) == [entry]


def test_only_known_answers_are_stored(journal: Journal) -> None:
    """The table itself refuses any other kind of answer."""
    entry = journal.write(from_text("then"), Details()).entry.id
    with pytest.raises(sqlite3.IntegrityError):
        layers.add(journal._db, layer(entry, kind="liked"))


def test_the_limit_of_a_search_holds_for_later_thoughts_too(journal: Journal) -> None:
    """Entries that hold the words come first, those whose later thought does after them, never more than wanted."""
    here = journal.write(from_text("gentian"), Details()).entry
    for number in range(3):
        other = journal.write(from_text("then"), Details()).entry
        with journal.change() as db:
            layers.add(db, layer(other.id, "gentian", id=number))
            layers.add(db, layer(other.id, "gentian", id=number + 10))
    found = [each.entry.id for each in journal.search("gentian", Filters(limit=3))]
    assert found[0] == here.id
    assert len(set(found)) == len(found) == 3
    assert len(list(journal.search("gentian", Filters()))) == 4


def test_looking_back_walks_through_no_table(filled: Journal) -> None:
    """What comes up is found by indexes, however long the journal is."""
    found = plans(filled._db, lambda: Revisit(filled).coming())
    assert found
    assert walks(found) == []


def test_home_walks_through_no_table_of_entries(filled: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Home asks only what grows with the bank and with what is due, never with the entries."""
    desk = Desk()
    monkeypatch.setattr(Desk, "open", lambda _: filled)
    monkeypatch.setattr(Journal, "__exit__", lambda *_: None)
    found = plans(filled._db, lambda: show(desk))
    assert any("action" in sql for sql in found)
    small = ("SCAN bank_change", "SCAN calendar", "SCAN came_back", "SCAN served", "USE TEMP B-TREE FOR ORDER BY")
    assert walks(found, *small) == []
    assert not any("entry" in step and step.startswith("SCAN") for steps in found.values() for step in steps)


def test_open_actions_come_in_the_order_of_their_index(filled: Journal) -> None:
    """The list of what is open, what is due and what is about the same thing are found by indexes, without sorting."""
    details = Details(about="x")
    for work in (filled.actions, filled.actions_due, lambda: filled.actions_about(details)):
        found = plans(filled._db, work)  # type: ignore[arg-type]
        assert found
        assert walks(found, "SCAN outcome", "USE TEMP B-TREE FOR ORDER BY" if work is not filled.actions else "-") == []


def test_the_latest_answer_is_found_by_its_index(filled: Journal) -> None:
    """Whether a question was answered before costs the same with one answer and with a thousand."""
    found = plans(filled._db, lambda: filled.answered_before("KF-Q12"))
    assert walks(found) == []
