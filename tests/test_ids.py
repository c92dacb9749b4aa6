"""Ids are short, random, and understood from their beginning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import ids
from reflect.errors import Refused

NUMBERS = st.integers(0, 2**40 - 1)


@given(NUMBERS)
def test_shown_and_read_is_the_same(number: int) -> None:
    """An id as it is shown names exactly its number, in any case and with signs that are easily misread."""
    shown = ids.shown(number)
    assert len(shown) == ids.LENGTH
    assert set(shown) <= set(ids.SIGNS)
    misread = shown.replace("1", "l").replace("0", "O")
    for typed in (shown, shown.upper(), f" {shown} ", misread, shown.replace("1", "I")):
        assert ids.span(typed) == (number, number)


@given(NUMBERS, st.integers(1, 8))
def test_every_beginning_spans_what_begins_so(number: int, length: int) -> None:
    """The beginning of an id spans exactly the ids that begin with it."""
    beginning = ids.shown(number)[:length]
    low, high = ids.span(beginning)
    assert low <= number <= high
    assert ids.shown(low).startswith(beginning)
    assert ids.shown(high).startswith(beginning)
    assert high - low + 1 == 32 ** (8 - length)


@pytest.mark.parametrize("typed", ["", " ", "u", "abcdefghj", "a-b", "ä", "１", "12 34", "\0", "x" * 1000])
def test_what_is_no_id_is_refused(typed: str) -> None:
    """Anything but one to eight signs of the alphabet is refused."""
    with pytest.raises(Refused, match="is not an id"):
        ids.span(typed)


@given(st.text())
def test_any_text_is_a_span_or_refused(typed: str) -> None:
    """Whatever is typed, it is understood or refused."""
    try:
        low, high = ids.span(typed)
    except Refused:
        return
    assert 0 <= low <= high < 2**40


def test_new_ids_are_random_and_within_bounds() -> None:
    """Two thousand ids are all different and use the whole range."""
    found = {ids.new() for _ in range(2_000)}
    assert len(found) == 2_000
    assert 0 <= min(found) < 2**33
    assert 2**40 - 2**33 < max(found) < 2**40
