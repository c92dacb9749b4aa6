"""What reaches a screen can't steer it, and words stay as they are where they are harmless."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflect import clean

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OBEYED = ("Cc", "Cs", "Zl", "Zp")
ANY = st.text(st.characters(exclude_categories=[]))
STEERING = st.text(st.sampled_from([*BIDI, "\x1b", "\x07", "\x9b", "\n", "\r", "\t", "\0", "a", "א", " "]), max_size=30)


def left_open(line: str) -> tuple[int, int]:
    """How many direction changes a line leaves open, and how many ends it has that end nothing (UAX 9, X1 to X8)."""
    ends: list[str] = []
    astray = 0
    for sign in line:
        if sign in "\u202a\u202b\u202d\u202e":
            ends.append("\u202c")
        elif sign in "\u2066\u2067\u2068":
            ends.append("\u2069")
        elif sign == "\u202c":
            if ends[-1:] == ["\u202c"]:
                ends.pop()
            else:
                astray += 1
        elif sign == "\u2069":
            if "\u2069" in ends:
                while ends.pop() != "\u2069":
                    pass
            else:
                astray += 1
    return len(ends), astray


@given(st.one_of(ANY, STEERING))
@example("".join(map(chr, range(0x300))))
@example(BIDI)
@example("\ud800\udfff")
def test_a_line_has_no_sign_that_a_screen_obeys(text: str) -> None:
    """No control, escape, line end or direction change comes out of `line`; nothing else is altered."""
    shown = clean.line(text)
    assert not any(unicodedata.category(sign) in OBEYED or sign in BIDI for sign in shown)
    assert clean.line(shown) == shown
    steering = [sign for sign in text if unicodedata.category(sign) in OBEYED or sign in BIDI + "\ufeff"]
    assert (shown == text) == (not steering)
    assert len(shown) >= len(text)


@given(st.one_of(ANY, STEERING))
@example("\u2069\u202e")
@example("\u202e\u2067\u202c\u2069\u2069")
@example("\u2067\u202e\u2069")
def test_a_body_obeys_only_line_ends_and_closes_what_it_opens(text: str) -> None:
    """Controls become marks; every line closes the direction changes it opens, in order, and ends none but its own."""
    shown = clean.body(text)
    assert not any(unicodedata.category(sign) in OBEYED and sign not in "\n\t" for sign in shown)
    for line in shown.split("\n"):
        assert left_open(line) == (0, 0)
        if any(sign in BIDI for sign in line):
            assert (line[0], line[-1]) == ("\u2068", "\u2069")
    assert shown.count("\n") == text.count("\n")


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n")))
def test_plain_words_are_shown_as_they_are(text: str) -> None:
    """Letters, accents, emoji and blanks of any script pass through `body` untouched."""
    assert clean.body(text) == text


@pytest.mark.parametrize(
    ("text", "line", "body"),
    [
        ("a\x1b[2Jb", "a␛[2Jb", "a␛[2Jb"),
        ("a\x07\x08\x7f\0", "a␇␈␡␀", "a␇␈␡␀"),
        ("a\x9b31m", "a⟨U+009B⟩31m", "a⟨U+009B⟩31m"),
        ("one\ntwo\tthree", "one␊two␉three", "one\ntwo\tthree"),
        ("a\r\nb", "a␍␊b", "a␍\nb"),
        ("a\u2028b\ufeff", "a⟨U+2028⟩b⟨U+FEFF⟩", "a⟨U+2028⟩b⟨U+FEFF⟩"),
        ("\udce9", "⟨U+DCE9⟩", "⟨U+DCE9⟩"),
        ("a\u202eb", "a⟨U+202E⟩b", "\u2068a\u202eb\u202c\u2069"),
        ("a\u202cb", "a⟨U+202C⟩b", "\u2068a⟨U+202C⟩b\u2069"),
        ("\u2069x", "⟨U+2069⟩x", "\u2068⟨U+2069⟩x\u2069"),
        ("\u2067a\u202db\u2069c", "⟨U+2067⟩a⟨U+202D⟩b⟨U+2069⟩c", "\u2068\u2067a\u202db\u2069c\u2069"),
        ("[bold]:cow: café", "[bold]:cow: café", "[bold]:cow: café"),
    ],
    ids=lambda text: ascii(text)[:24],
)
def test_marks(text: str, line: str, body: str) -> None:
    """Each sign that would steer has its own visible mark."""
    assert clean.line(text) == line
    assert clean.body(text) == body


@given(st.one_of(ANY, STEERING))
def test_unsafe_is_what_line_would_mark(text: str) -> None:
    """A text is unsafe exactly when `line` would mark more in it than line ends and tabs."""
    plain = text.replace("\n", " ").replace("\t", " ")
    assert clean.is_unsafe(text) == (clean.line(plain) != plain)


FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    "cluster",
    [FAMILY, "e\u0301\u0323", "\U0001f1ec\U0001f1e7", "\U0001f44d\U0001f3fd", "❤️", "שָׁ", "नि", "a"],
    ids=["family", "accents", "flag", "skin", "heart", "hebrew", "devanagari", "letter"],
)
def test_a_cut_parts_no_letter(cluster: str) -> None:
    """Wherever a text is to be cut, what is left is whole letters, and as many as fit."""
    text = cluster * 20
    for at in range(1, len(text) + 1):
        found = clean.cut(text, at)
        if at < len(cluster):
            assert found == text[:at]
        else:
            assert re.fullmatch(f"({cluster})+", found)
            assert at - len(cluster) < len(found) <= at


@given(ANY, st.integers(0, 60))
def test_a_cut_is_a_beginning_that_fits(text: str, at: int) -> None:
    """A cut text is always a beginning of the text, at most as long as asked, and empty only where it must be."""
    found = clean.cut(text, at)
    assert text.startswith(found)
    assert len(found) <= at
    assert found or not text or not at


def test_monotonous_cells_hang_nothing() -> None:
    """A cell of line ends or blanks alone is looked at once, whatever its length (Row 26)."""
    for monotonous in ("\n", "\r\n ", " ", "\t", "'", "'\n"):
        assert clean.cell("a" + monotonous * 300_000).startswith("a")
    assert clean.cell("a" + "\n" * 300_000 + "=1").startswith("'a")
