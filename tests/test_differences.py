"""What differs between two wordings is said word by word, and nothing of either is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.differences import Piece, difference

TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["we", "met", "her", " ", "  ", "\n", "\n\n", ".", ",", "don't", "é", "\u2028"])).map(
        "".join
    ),
)


@given(TEXT, TEXT)
def test_both_wordings_are_whole(old: str, new: str) -> None:
    """Same and removed pieces are the old wording, same and added ones the new, letter for letter."""
    pieces = difference(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("the same", "the same", "the same"),
        ("We met on Monday.", "We met on Tuesday.", "We met on [-Monday-]{+Tuesday+}."),
        ("a b c d", "a x y d", "a [-b c-]{+x y+} d"),
        ("Nobody asked.", "Nobody asked her.", "Nobody asked{+ her+}."),
        ("I don't know", "I do know", "I [-don't-]{+do+} know"),
        ("one\n\ntwo", "one\n\n2", "one\n\n[-two-]{+2+}"),
        ("one\ntwo", "one\nand\ntwo", "one\n{+and\n+}two"),
        ("all new", "", "[-all new-]"),
        ("", "all new", "{+all new+}"),
    ],
)
def test_words_are_compared_and_not_letters(old: str, new: str, pieces: str) -> None:
    """A changed word is one change; words around it that stayed are not part of it."""
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    found = "".join(signs[kind][0] + text + signs[kind][1] for kind, text in difference(old, new))
    assert found == pieces


def test_a_text_beyond_measure_is_replaced_as_a_whole() -> None:
    """A wording of very many words on one line is not compared for minutes."""
    old, new = "a " * 20_000, "b " * 20_000
    assert difference(old, new) == (Piece("removed", old.rstrip()), Piece("added", new.rstrip()), Piece("same", " "))


def test_one_changed_word_in_a_long_text_is_found() -> None:
    """In a text of a thousand lines one changed word is still one change."""
    lines = [f"line {number} of the text" for number in range(1000)]
    old = "\n".join(lines)
    new = old.replace("line 700 of", "line 700 in")
    assert [piece for piece in difference(old, new) if piece.kind != "same"] == [
        Piece("removed", "of"),
        Piece("added", "in"),
    ]
