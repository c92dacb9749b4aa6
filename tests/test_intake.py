"""Any bytes become text that can be stored; what was changed is told, and nothing else is changed."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflect import intake
from reflect.errors import Refused

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ENDS = ("\r\n", "\r", "\u0085", "\u2028", "\u2029")


def as_documented(text: str) -> str:
    """The documented changes, done one by one: NUL, line ends, outer empty lines."""
    text = text.replace("\0", "\ufffd")
    for end in ENDS:
        text = text.replace(end, "\n")
    return text.strip("\n")


@given(TEXT)
@example("\n\na\r\n\r\nb\r\n")
@example("\ufeffa")
@example("a\x0b\x0c\x1c\x1d\x1eb")
def test_text_is_changed_only_as_documented(text: str) -> None:
    """NUL becomes U+FFFD and is told, line ends become one kind, outer empty lines go; all else stays."""
    taken = intake.from_text(text)
    assert taken.text == as_documented(text)
    assert bool(taken.remarks) == ("\0" in text)
    assert taken.raw == b""
    assert intake.from_text(taken.text) == intake.Taken(taken.text)


@given(TEXT)
@example("\ufeffmarked twice")
def test_bytes_in_utf8_and_utf16_are_the_text_they_are(text: str) -> None:
    """UTF-8 with or without a mark, and UTF-16 with one, give the same words."""
    wanted = intake.from_text(text).text
    assert intake.from_bytes(b"\xef\xbb\xbf" + text.encode()).text == wanted
    assert intake.from_bytes(text.encode("utf-16")).text == wanted
    assert intake.from_bytes(b"\xfe\xff" + text.encode("utf-16-be")).text == wanted
    if not text.startswith("\ufeff"):
        assert intake.from_bytes(text.encode()).text == wanted


@given(st.binary())
@example(b"caf\xe9")
@example(b"\xff\xfea")
@example(b"\xed\xa0\x80")
@example(b"\xef\xbb\xbf\xff")
def test_any_bytes_can_be_stored(content: bytes) -> None:
    """Whatever comes in, there is text that UTF-8 can hold; bytes that were no text are returned as they came."""
    taken = intake.from_bytes(content)
    taken.text.encode()
    assert "\0" not in taken.text
    assert taken.raw in (b"", content)
    assert bool(taken.raw) == any("no text" in remark for remark in taken.remarks)


@given(st.text(st.characters(exclude_categories=[])))
@example("a\udce9b")
@example("\ud83d \udce9")
def test_any_argument_can_be_stored(text: str) -> None:
    """Half letters, which arguments that were not UTF-8 arrive as, are replaced, told and kept as bytes."""
    taken = intake.from_text(text)
    taken.text.encode()
    halves = any("\ud800" <= sign <= "\udfff" for sign in text)
    assert bool(taken.raw) == halves
    assert taken.text.count("\ufffd") >= sum("\ud800" <= sign <= "\udfff" for sign in text)


def test_an_arguments_bytes_are_kept_as_they_came() -> None:
    """The bytes behind an argument that was not UTF-8 are exactly those that were given."""
    given_bytes = "Café".encode("latin-1") + " für".encode()
    assert intake.from_text(given_bytes.decode("utf-8", "surrogateescape")).raw == given_bytes


@pytest.mark.parametrize(
    ("text", "remark"), [("\0", "1 NUL sign can't"), ("ab\0", "place 2"), ("a\0b\0", "2 NUL signs can't")], ids=repr
)
def test_nul_is_counted_and_placed(text: str, remark: str) -> None:
    """How many NULs there were, and where the first stood, is told."""
    assert remark in intake.from_text(text).remarks[0]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\n\r\u0085\u2028\u2029"))))
def test_pasted_lines_stay_lines(lines: list[str]) -> None:
    """What is pasted comes line by line, the empty ones included, whatever ends them."""
    for end in ("\n", *ENDS):
        assert intake.lines(end.join(lines)) == (lines or [""])
    assert intake.lines("a\0\ud800") == ["a\ufffd\ufffd"]


def test_the_limit_is_exact() -> None:
    """An entry of the largest size is taken; one byte more is refused, with what had been read."""
    assert len(intake.from_stream(io.BytesIO(b"x" * intake.LARGEST)).text) == intake.LARGEST
    with pytest.raises(intake.TooMuch, match="5,000,000") as refused:
        intake.from_stream(io.BytesIO(b"x" * (intake.LARGEST + 5)))
    assert len(refused.value.begun) == intake.LARGEST + 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Board", "board"),
        ("C#", "c#"),
        ("\u00a0 # \u3000#x\u00a0", "x"),
        ("#Board", "board"),
        ("  ##two words ", "two words"),
        ("cafe\u0301", "café"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ΣΊΣΥΦΟΣ", "σίσυφοσ"),
        ("2026-q3", "2026-q3"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        ("x" * 60, "x" * 60),
    ],
)
def test_tags(typed: str, stored: str) -> None:
    """A tag is stored in one form, however it is typed."""
    assert intake.tag(typed) == stored


@given(st.text(st.characters(exclude_categories=[]), max_size=70))
def test_any_tag_is_stored_in_one_form_or_refused(typed: str) -> None:
    """A stored tag is visible, on one line, short, no option, and stays the same when it is typed again."""
    try:
        made = intake.tag(typed)
    except Refused:
        return
    assert made
    assert len(made) <= intake.LONGEST_TAG
    assert made == made.strip()
    assert made[0] not in "-#"
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in made)
    assert intake.tag(made) == made
    assert intake.tag(unicodedata.normalize("NFD", made)) == made


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("  Board \n meeting\t", "Board meeting"),
        ("a\0b", "a\ufffdb"),
        ("a\udce9", "a\ufffd"),
        ("", ""),
        ("x" * 200, "x" * 200),
    ],
    ids=lambda text: ascii(text)[:20],
)
def test_short_texts_stand_on_one_line(typed: str, made: str) -> None:
    """What an entry is about is one line of at most 200 letters."""
    assert intake.short(typed, "it") == made


def test_a_short_text_that_is_long_is_refused() -> None:
    """More than 200 letters are refused by the name of the field."""
    with pytest.raises(Refused, match="the reason is too long"):
        intake.short("x" * 201, "the reason")
