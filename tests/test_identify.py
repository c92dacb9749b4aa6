"""What could tell others who a passage is about, shown to its author and to nobody else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import identify


def kinds(passage: str, *listed: str) -> list[tuple[str, str]]:
    """What is pointed at, with its kind."""
    return [(hint.text, hint.kind) for hint in identify.hints(passage, listed)]


@pytest.mark.parametrize(
    ("passage", "hint"),
    [
        ("Write to ada.bell@hub.org.uk about it.", ("ada.bell@hub.org.uk", "an e-mail address")),
        ("Ring 0161 496 0123 after ten.", ("0161 496 0123", "a phone number")),
        ("Ring +44 7700 900123 after ten.", ("+44 7700 900123", "a phone number")),
        ("The form said 943 476 5919 at the top.", ("943 476 5919", "an NHS number's shape")),
        ("The form said 943-476-5919 at the top.", ("943-476-5919", "an NHS number's shape")),
        ("It is the only shop in M14 5RT still open.", ("M14 5RT", "a postcode")),
        ("It is on www.hub.example/minutes for all to see.", ("www.hub.example/minutes", "a web address")),
        ("We met on 3 March and again in spring.", ("3 March", "a date")),
        ("We met on the 3rd of March.", ("3rd of March", "a date")),
        ("We met on March 3 in the hall.", ("March 3", "a date")),
        ("The letter of 03/03/2026 came late.", ("03/03/2026", "a date")),
        ("I asked Dr Okafor twice.", ("Dr Okafor", "a title and name")),
        ("I asked Cllr Mary Webb twice.", ("Cllr Mary Webb", "a title and name")),
        ("I asked J. P. and nobody else.", ("J. P.", "initials")),
        ("Then AB said what we all thought.", ("AB", "initials")),
        ("It was in the Moss Lane Estate office.", ("Moss Lane Estate", "a place")),
        ("They met at Saint Mary's Church again.", ("Saint Mary's Church", "a place")),
        ("We waited for Amina and then began.", ("Amina", "a name")),
        ("We waited for Amina Yusuf and then began.", ("Amina Yusuf", "a name")),
        ("It was late. Amina said nothing.", ("Amina", "a name")),
        ("Amina's said it before.", ("Amina's", "a name")),
        ("Ring (0161) 496-0123 after ten.", ("(0161) 496-0123", "a phone number")),
    ],
)
def test_each_kind_is_pointed_at(passage: str, hint: tuple[str, str]) -> None:
    """Names, initials, numbers, addresses, dates and places are each pointed at with their kind."""
    assert hint in kinds(passage)


@pytest.mark.parametrize(
    "passage",
    [
        "We waited for the budget again, and nobody said a word.",
        "She said no. Nobody asked her. Everybody left.",
        "On Monday I spoke with the GP, who was on Zoom for the NHS.",
        "People said it was the third time in 2026, and 12 of us went.",
        "We were told that I should wait; I'm still waiting.",
        "",
    ],
)
def test_plain_words_are_left_alone(passage: str) -> None:
    """Words that tell of nobody, days of the week and numbers of things bring no hint."""
    assert kinds(passage) == []


def test_own_list_comes_first() -> None:
    """A word of the author's own list is found in any case, whole words only, before any other rule."""
    assert kinds("The otter pool at OTTER POOL, not otters.", "otter pool") == [
        ("otter pool", "a word of your own list"),
        ("OTTER POOL", "a word of your own list"),
    ]
    assert kinds("We asked Dr Okafor.", "Okafor") == [("Okafor", "a word of your own list")]


def test_own_words_alone() -> None:
    """Only what the list names is returned where nothing else is asked for, signs of any kind included."""
    found = identify.own_words("At C++ house, Ada rang Dr Bell.", ["c++ house", " ada "])
    assert [hint.text for hint in found] == ["C++ house", "Ada"]


@given(st.text(), st.lists(st.text(min_size=1, max_size=8).filter(str.strip), max_size=3))
def test_hints_are_spans(passage: str, listed: list[str]) -> None:
    """Whatever the words, each hint is an exact piece of them, in their order, and none overlaps another."""
    found = identify.hints(passage, listed)
    assert all(passage[hint.start : hint.end] == hint.text for hint in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
