"""The suggester: cues, ties and learnt words, each suggestion with the words that caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality import measure
from reflect.themes import suggest

if TYPE_CHECKING:
    import pytest


def themes(text: str, table: suggest.Table) -> list[str]:
    """The suggested themes of a text."""
    return [each.theme for each in suggest.suggest(text, table)]


def test_a_cue_in_any_ending_suggests_its_theme(table: suggest.Table) -> None:
    """A cue is found by its stem, whatever its ending."""
    assert "funding" in themes("Two tenders went in and both budgets were cut.", table)


def test_a_cue_inside_another_word_says_nothing(table: suggest.Table) -> None:
    """'grant' in 'grandmother' or 'bid' in 'forbidden' is no cue."""
    assert "funding" not in themes("My grandmother was forbidden to fly.", table)


def test_every_suggestion_shows_the_words_that_caused_it(table: suggest.Table) -> None:
    """The cue is exactly what stands at its place in the text."""
    text = "Nobody asked the residents. The budget was settled in May."
    for found in suggest.suggest(text, table):
        assert text[found.start : found.end] == found.cue
        assert found.cue


def test_data_beside_money_belongs_to_funding(table: suggest.Table) -> None:
    """The tie rule sends data to funding where a money word stands near, and to structures where none does."""
    assert "funding" in themes("They wanted data for the funder before they would pay.", table)
    assert "structures" in themes("The dashboard shows data that nobody on the ward understands.", table)


def test_an_empty_text_suggests_nothing(table: suggest.Table) -> None:
    """Where nothing is said, nothing is suggested."""
    assert themes("", table) == []
    assert themes("… !!! 12", table) == []


def test_everyday_talk_is_left_alone(table: suggest.Table) -> None:
    """An entry about the weather gets no theme: a wrong suggestion costs more than a missing one."""
    assert themes("It rained all day and the printer jammed again.", table) == []


def test_a_word_in_quotation_marks_is_looked_at(table: suggest.Table) -> None:
    """One to three words in quotation marks speak for language; a whole sentence that somebody said does not."""
    assert suggest.QUOTED in suggest.terms("They call us 'service users'.")
    assert suggest.QUOTED in suggest.terms("They call us \u201cservice users\u201d now.")
    assert suggest.QUOTED not in suggest.terms("It's the neighbours' wall.")
    assert suggest.QUOTED not in suggest.terms("'We have never been asked about that,' she said.")
    plain, quoted = (suggest.scores(text, table)["language"] for text in ("They say hubs.", "They say 'hubs'."))
    assert quoted > plain


def test_what_is_beside_the_first_theme_needs_more(table: suggest.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second theme is suggested only when more speaks for it than the first needs."""
    text = "The budget was cut and the tender lost, so we wrote down what we learned from our mistake."
    monkeypatch.setattr(suggest, "ENOUGH_BESIDE", 0.0)
    assert len(themes(text, table)) > 1
    monkeypatch.setattr(suggest, "ENOUGH_BESIDE", 9.0)
    assert len(themes(text, table)) == 1


@given(st.text(max_size=300))
def test_any_text_can_be_read(table: suggest.Table, text: str) -> None:
    """Whatever is written, at most three different themes come back, each with a span inside the text."""
    found = suggest.suggest(text, table)
    assert len(found) == len({each.theme for each in found}) <= suggest.MOST
    assert all(0 <= each.start < each.end <= len(text) for each in found)


def test_suggestions_on_entries_kept_apart_are_mostly_right(table: suggest.Table) -> None:
    """On entries written by other hands than the codebook, at least two suggestions of three are right."""
    found = measure.scores(measure.collection("held_out"), lambda text: themes(text, table))["macro"]
    assert found.precision >= 0.65
    assert found.f1 >= 0.6
