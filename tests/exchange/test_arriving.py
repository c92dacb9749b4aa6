"""Entries made from what a file holds: words, tags and keys as they are stored."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import intake
from reflect.exchange.arriving import Bad, Desk, Wishes
from reflect.exchange.stamps import Clock, Placed
from tests.conftest import NOW

PLACED = Placed(NOW, "Europe/London")


def desk(**wishes: object) -> Desk:
    """Return a desk for one file."""
    return Desk("file", Wishes(Clock("Europe/London", ""), datetime.fromisoformat(NOW), **wishes))  # type: ignore[arg-type]


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_words_are_as_writing_would_store_them(text: str) -> None:
    """For all texts: words come in as `write` would take them, or are refused as holding none."""
    taken = intake.from_text(text).text
    if taken.strip():
        assert desk().arrival(1, text=text, placed=PLACED).whole.entry.text == taken
    else:
        with pytest.raises(Bad, match="no words"):
            desk().arrival(1, text=text, placed=PLACED)


def test_what_can_not_be_stored() -> None:
    """Half a letter is refused; a NUL is replaced and told; more than an entry holds is refused."""
    at_desk = desk()
    with pytest.raises(Bad, match="surrogate"):
        at_desk.arrival(1, text="a\ud800", placed=PLACED)
    assert at_desk.arrival(1, text="a\0\0b", placed=PLACED).whole.entry.text == "a\ufffd\ufffdb"
    assert [(each.what[:9], each.many) for each in at_desk.taken()] == [("NUL signs", 2)]
    with pytest.raises(Bad, match="more than"):
        at_desk.arrival(1, text="x" * (intake.LARGEST + 1), placed=PLACED)


def test_tags_that_can_not_be_one() -> None:
    """A tag that can't be stored is told as left out, and the others stay (Row 11, Row 12)."""
    at_desk = desk(tags=("moved",))
    found = at_desk.arrival(
        1, text="x", placed=PLACED, tags=["Caf\u00e9", "cafe\u0301", "-x", "a" * 99, "two\nwords", ""]
    )
    assert found.whole.entry.tags == ("caf\u00e9", "moved", "two words")
    assert [(each.what, each.many) for each in at_desk.taken()] == [("words that can't be a tag", 1)] * 3


@given(st.text(st.sampled_from("ab \n\t"), min_size=1), st.text(st.sampled_from("ab \n\t"), min_size=1))
def test_keys_pass_over_how_lines_are_broken(one: str, other: str) -> None:
    """For all words: keys are alike just when the words are, blanks and line ends left aside."""
    if not one.strip() or not other.strip():
        return
    alike = "".join(one.split()) == "".join(other.split())
    keys = [desk().arrival(1, text=text, placed=PLACED).key for text in (one, other)]
    assert (keys[0] == keys[1]) == alike


def test_a_revision_is_never_before_the_entry() -> None:
    """When it was changed is not earlier than when it was written."""
    found = desk().arrival(1, text="x", placed=PLACED, revised_at="2020-01-01T00:00:00+00:00")
    assert found.whole.revised_at == NOW


def test_what_it_is_about() -> None:
    """A title on one line stays; one too long is told."""
    at_desk = desk()
    assert at_desk.about("  two\n words\0 ", 1) == "two words"
    assert at_desk.about("long " * 50, 1) == ""
    assert len(at_desk.taken()) == 1
