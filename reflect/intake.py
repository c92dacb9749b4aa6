"""Takes in what people write: any bytes become text that can be stored, and what was changed is told."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import BinaryIO, NamedTuple

from reflect.errors import Interrupted, Refused

LARGEST = 5_000_000
"""Bytes of one entry: about a thousand pages."""

LONGEST_TAG = 60

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENDS = "\r\n|[\r\u0085\u2028\u2029]"
_LONE = "[\ud800-\udfff]"


class Taken(NamedTuple):
    """Words as they will be stored, and what had to be changed to store them."""

    text: str
    remarks: tuple[str, ...] = ()
    raw: bytes = b""
    """The bytes as they came, when some of them were no text; they go to a private file."""


class TooMuch(Refused):
    """More came in than one entry holds; `begun` is what had been read of it."""

    def __init__(self, begun: bytes) -> None:
        """Say how much is too much."""
        super().__init__(
            f"more than {LARGEST:,} bytes came in",
            why="one entry holds at most about a thousand pages",
            next_step="write it in several entries, or keep the file where it is",
        )
        self.begun = begun


class CutOff(Interrupted):
    """The writer stopped while words were coming in; `begun` is what had come."""

    def __init__(self, begun: bytes) -> None:
        """Say that it was stopped."""
        super().__init__("stopped, not saved" if begun.strip() else "stopped", changed="")
        self.begun = begun


def from_stream(stream: BinaryIO) -> Taken:
    """Read words from standard input; more than an entry can hold is refused before it is all read."""
    content = bytearray()
    try:
        while piece := stream.readline(LARGEST + 1 - len(content)):
            content += piece
    except KeyboardInterrupt:
        raise CutOff(bytes(content)) from None
    if len(content) > LARGEST:
        raise TooMuch(bytes(content))
    return from_bytes(bytes(content))


def from_bytes(content: bytes) -> Taken:
    """Return bytes as text: UTF-8, or UTF-16 with its mark; what is neither is kept beside."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return from_text(content.decode(encoding))
    except UnicodeDecodeError:
        taken = from_text(content.decode(encoding, "replace"))
        return Taken(taken.text, (*taken.remarks, _NOT_TEXT), content)


def lines(typed: str) -> list[str]:
    """Return what was typed or pasted line by line, each as it can be stored."""
    return re.sub(_ENDS, "\n", re.sub(_LONE, "\ufffd", typed).replace("\0", "\ufffd")).split("\n")


_NOT_TEXT = "some bytes were no text; they stand as \ufffd"


def from_text(text: str) -> Taken:
    """Return words with line ends made one kind; what can't be stored in a text is replaced and told."""
    remarks: list[str] = []
    raw = b""
    if re.search(_LONE, text):  # an argument that was not UTF-8 arrives with its bytes hidden in surrogates
        raw = text.encode("utf-8", "surrogateescape" if _from_bytes(text) else "surrogatepass")
        text = re.sub(_LONE, "\ufffd", text)
        remarks.append(_NOT_TEXT)
    if "\0" in text:
        first, count = text.index("\0"), text.count("\0")
        text = text.replace("\0", "\ufffd")
        remarks.append(
            f"{count} NUL sign{'s' * (count > 1)} can't be stored (the first at place {first}); \ufffd stands there"
        )
    return Taken(re.sub(_ENDS, "\n", text).strip("\n"), tuple(remarks), raw)


def _from_bytes(text: str) -> bool:
    return all(0xDC80 <= ord(found[0]) <= 0xDCFF for found in re.finditer(_LONE, text))


def tag(text: str) -> str:
    """Return a tag as it is stored (NFC, case folded), so that café typed in two ways is one tag."""
    bare = re.sub(r"^[\s#]+", "", text)
    made = unicodedata.normalize("NFC", unicodedata.normalize("NFC", bare).casefold()).strip()
    why = ""
    if not made.strip("\u200d"):
        why = "it is empty"
    elif len(made) > LONGEST_TAG:
        why = f"it is longer than {LONGEST_TAG} letters"
    elif made.startswith("-"):
        why = "it begins with a hyphen, as an option does"
    elif any(unicodedata.category(sign) in ("Cc", "Cs", "Cf", "Zl", "Zp") and sign != "\u200d" for sign in made):
        why = "it holds a line break or a sign that can't be seen"
    if why:
        shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:30])
        raise Refused(f"{shown!r} can't be a tag", why=why, next_step="choose a short word")
    return made


def short(text: str, what: str) -> str:
    """Return a one-line text such as what an entry is about; what can't stand on one line is refused."""
    made = " ".join(from_text(text).text.split())
    if len(made) > 200:
        raise Refused(f"{what} is too long", why="it has more than 200 letters", next_step="say it shorter")
    return made
