"""Words of a text: found one by one, or from how they begin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.words import places, stem, stems, straight, words, words_from

PIECES = st.lists(
    st.sampled_from(
        ["bus", "buses", "Bus", "abus", "o\u2019clock", "_", "-", "'", "\u2019", " ", ".", "\n", "é", "ſ", "2"]
    ),
    max_size=14,
).map("".join)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It's ours.", ["it's", "ours"]),
        ("It\u2019s ours.", ["it's", "ours"]),
        ("co-lead -lead 'lead' lead-", ["co-lead", "lead", "lead", "lead"]),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    """A word keeps the hyphens and apostrophes inside it; the two kinds of apostrophe are one."""
    assert words(text) == found


@given(PIECES | st.text(max_size=60))
def test_words_where_they_stand(text: str) -> None:
    """Each word with its place is that of the text itself, and they are the words in their order."""
    if len(text.lower()) == len(text):
        assert [word for word, _, _ in places(text)] == words(text)
    for word, start, end in places(text):
        assert straight(text[start:end]) == word or len(text[start:end].lower()) != end - start


@given(PIECES | st.text(max_size=60), st.sampled_from(["bus", "o'", "o'clock", "2", "é", "_", "buses"]))
def test_words_from_their_beginning(text: str, start: str) -> None:
    """Those found from how they begin are those that reading every word finds."""
    assert list(words_from(start, straight(text))) == [word for word in words(text) if word.startswith(start)]


@given(st.lists(st.text("abcdefghinostuy'é-", min_size=1, max_size=12)))
def test_remembered_stems(found: list[str]) -> None:
    """A stem that is remembered is the one that is worked out anew."""
    assert list(map(stem, found)) == stems(found)
