"""A journal read whole: entry by entry, with what belongs to each, in pieces."""

from __future__ import annotations

import pytest

from reflect.consent import Consent, Terms
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.revisit import Revisit
from reflect.store import exported
from reflect.store.exported import Reader
from reflect.whole import Rest
from tests.moving import uncounted


def test_all_that_belongs_to_an_entry(journal: Journal) -> None:
    """Versions, choices and removals, withdrawn marks, later thoughts and the next turn are there."""
    entry = journal.write(from_text("As it was."), Details(themes=("voice",))).entry
    journal.retheme(entry, ["roles"], ["funding"])
    entry = journal.edit(entry, from_text("As it became."))
    assert entry is not None
    Consent(journal).mark(entry, [(0, 5)], Terms())
    Consent(journal).unmark(entry)
    Revisit(journal).answer(entry, "still", from_text("Yes."))
    with journal.reading() as db:
        (whole,) = Reader(db, Filters(), everything=True).wholes(uncounted)
    assert [each.text for each in whole.wordings] == ["As it was."]
    assert whole.choices == (("funding", "removed"), ("roles", "author"), ("voice", "author"))
    assert [bool(each.withdrawn_at) for each in whole.marks] == [True]
    assert [each.text for each in whole.layers] == ["Yes."]
    assert whole.revisit is not None


def test_words_alone(journal: Journal) -> None:
    """Without everything, an entry comes with its words and what was thought of it later."""
    entry = journal.write(from_text("One."), Details()).entry
    journal.edit(entry, from_text("Two."))
    Revisit(journal).answer(entry, "still", from_text("Yes."))
    with journal.reading() as db:
        (whole,) = Reader(db, Filters(), everything=False).wholes(uncounted)
    assert (whole.entry.text, whole.wordings, len(whole.layers)) == ("Two.", (), 1)


@pytest.mark.parametrize("everything", [True, False])
def test_pieces_make_no_difference(journal: Journal, monkeypatch: pytest.MonkeyPatch, everything: bool) -> None:  # noqa: FBT001 - a case
    """Read in pieces of two, the same entries come in the same order, each with its own."""
    for number in range(7):
        entry = journal.write(from_text(f"Entry {number}."), Details(at=f"{number + 1}/3/2026")).entry
        journal.edit(entry, from_text(f"Entry {number} again."))
    with journal.reading() as db:
        at_once = list(Reader(db, Filters(), everything=everything).wholes(uncounted))
        monkeypatch.setattr(exported, "_A_PIECE", 2)
        assert list(Reader(db, Filters(), everything=everything).wholes(uncounted)) == at_once
    assert [each.entry.text[6] for each in at_once] == list("0123456")
    assert all(len(each.wordings) == everything for each in at_once)


def test_actions_follow_the_entries_that_were_read(journal: Journal) -> None:
    """With filters only actions of the entries that passed are given, without filters all."""
    entry = journal.write(from_text("One."), Details(tags=("a",))).entry
    journal.offer("with it", entry=entry)
    journal.offer("alone")
    with journal.reading() as db:
        part, whole = (Reader(db, filters, everything=True) for filters in (Filters(tag="a"), Filters()))
        for reader in (part, whole):
            list(reader.wholes(uncounted))
        assert [each.text for each in part.actions()] == ["with it"]
        assert {each.text for each in whole.actions()} == {"with it", "alone"}


def test_nothing_beside_in_a_new_journal(journal: Journal) -> None:
    """A journal that was never used holds nothing else."""
    with journal.reading() as db:
        assert Reader(db, Filters(), everything=True).rest() == Rest()
