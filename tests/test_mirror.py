"""The language mirror points at words of the watch list and leaves all others alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import mirror
from reflect.bank import wording

OFFICES = {"commissioner", "commissioners", "coproduction", "framework", "frameworks", "statutory", "vcse"}
"""Not ours to use in a question, but what some things a person writes of are called."""


def pieces(draft: str) -> list[str]:
    """What is pointed at."""
    return [note.text for note in mirror.notes(draft)]


@pytest.mark.parametrize("phrase", sorted({*wording.DEFICIT, *wording.JARGON, *wording.JARGON_PHRASES} - OFFICES))
def test_what_our_questions_refuse_is_noted(phrase: str) -> None:
    """REQ-57: each phrase that no question of ours may hold is on the watch list, said of people."""
    assert any(pieces(f"We met {said}.") for said in (phrase, f"the {phrase}", f"{phrase} people"))


@pytest.mark.parametrize(
    ("draft", "found"),
    [
        ("Hard-to-reach families were there.", ["Hard-to-reach"]),
        ("They are HARD  TO\nREACH, she said.", ["HARD  TO\nREACH"]),
        ("We want to give the residents a voice. Give them a voice!", ["Give them a voice"]),
        ("It is about the poor, and the elderly.", ["the poor"]),
        ("Two families didn\u2019t engage.", ["didn\u2019t engage"]),
        ("They just need to ring us.", ["They just need to"]),
        ("The stakeholders co-produced it.", ["stakeholders", "co-produced"]),
        ("Our service users, all service users.", ["service users"]),
    ],
)
def test_notes(draft: str, found: list[str]) -> None:
    """A phrase is found in any case, across hyphens and line ends, and once however often it comes."""
    assert pieces(draft) == found


@pytest.mark.parametrize(
    "draft",
    [
        "",
        "I felt vulnerable, and powerless, and it was about me.",
        "The poor chair broke, and the elderly dog slept.",
        "They must have been tired. They had to wait outside.",
        "Nobody was in the room but the caretaker, and she spoke for an hour.",
        "We reached the outside of the building.",
        "The discoursing parrots and their silo\u00f1 of grain.",
    ],
)
def test_plain_words_are_left_alone(draft: str) -> None:
    """A person's words about themselves, about things, or that only look alike bring no note."""
    assert pieces(draft) == []


def test_every_note_is_kind() -> None:
    """REQ-53: a reason and another way, in plain words, without talking anybody down or telling anybody what to do."""
    for watched in mirror._WATCH_LIST:
        said = f"{watched.because}. {watched.instead}"
        assert wording.deficit(said) == []
        assert wording.jargon(said) == []
        assert not said.lower().startswith(("don't", "avoid", "you should", "never"))
        assert len(said) <= 140
        assert watched.because.endswith(tuple("abcdefghijklmnopqrstuvwxyz"))


@given(st.text())
def test_notes_are_spans(draft: str) -> None:
    """Whatever the words, each note is an exact piece of them, in their order, and none overlaps another."""
    draft = f"{draft} hard to reach {draft} the poor. Empowering the poor {draft}"
    found = mirror.notes(draft)
    assert found
    assert all(draft[note.start : note.end] == note.text for note in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_a_long_draft_is_no_harder() -> None:
    """A long draft that nearly matches is looked through once, not over and over."""
    assert pieces("give they need hard to " * 8_000) == []
    assert pieces("- " * 100_000) == []
