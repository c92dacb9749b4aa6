"""Makes text from people and files safe to show on a screen.

Every path to a terminal goes through here, because a terminal obeys some of the
characters it is sent. Stored words are never altered: only what is shown.
"""

from __future__ import annotations

import re

# Patterns are compiled when the first text needs them: most text is printable and needs none.
# Direction marks, embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX 9).
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSAFE_BODY = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029]"
_UNSAFE_LINE = f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029{_BIDI}]"
_JOINED = "\u200d" + "".join(map(chr, range(0x1F3FB, 0x1F400)))  # the joiner and the tones of skin
_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # letters that are a flag in pairs
_HAS_BIDI = f"[{_BIDI}]"
_EMBEDDINGS, _END_EMBEDDING = "\u202a\u202b\u202d\u202e", "\u202c"
_ISOLATES, _END_ISOLATE = "\u2066\u2067\u2068", "\u2069"


def _mark(match: re.Match[str]) -> str:
    return _named(match[0])


def _named(sign: str) -> str:
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)  # the Unicode pictures of control characters
    if code == 0x7F:
        return "\u2421"
    return f"\u27e8U+{code:04X}\u27e9"


def line(text: str) -> str:
    """Return text for one line of a screen: names, titles, tags, ids and prompts."""
    return text if text.isprintable() else re.sub(_UNSAFE_LINE, _mark, text)


def body(text: str) -> str:
    """Return a person's words for a screen, paragraphs kept, direction changes closed at each line's end."""
    if text.replace("\n", "").isprintable():
        return text
    shown = re.sub(_UNSAFE_BODY, _mark, text)
    if re.search(_HAS_BIDI, shown):
        shown = "\n".join(_isolated(each) for each in shown.split("\n"))
    return shown


def _isolated(one_line: str) -> str:
    """Close what a line leaves open and mark what closes nothing in it, so that it can't turn round other text."""
    if not re.search(_HAS_BIDI, one_line):
        return one_line
    made: list[str] = []
    ends: list[str] = []  # what is still to be closed, and by which sign
    for sign in one_line:
        if sign in _EMBEDDINGS:
            ends.append(_END_EMBEDDING)
        elif sign in _ISOLATES:
            ends.append(_END_ISOLATE)
        elif sign == _END_EMBEDDING and ends[-1:] == [_END_EMBEDDING]:
            ends.pop()
        elif sign == _END_ISOLATE and _END_ISOLATE in ends:
            while ends.pop() != _END_ISOLATE:
                pass  # the end of an isolate ends the embeddings in it, too
        elif sign in (_END_EMBEDDING, _END_ISOLATE):
            made.append(_named(sign))
            continue
        made.append(sign)
    return f"\u2068{''.join(made)}{''.join(reversed(ends))}\u2069"


def cut(text: str, at: int) -> str:
    """Return a text's beginning, at most `at` letters, no letter parted from its accents or an emoji from its parts."""
    from unicodedata import category

    place = at
    while 0 < place < len(text) and (
        category(text[place]).startswith("M")
        or text[place] in _JOINED
        or text[place - 1] == "\u200d"
        or (text[place] in _FLAGS and _flags_before(text, place) % 2)
    ):
        place -= 1
    return text[: place or at]


def _flags_before(text: str, place: int) -> int:
    return len(text[:place]) - len(text[:place].rstrip(_FLAGS))


def is_unsafe(text: str) -> bool:
    """Return whether text holds characters that a screen would obey or hide."""
    return re.search(_UNSAFE_LINE, text.replace("\n", " ").replace("\t", " ")) is not None


def document(text: str) -> str:
    """Return a person's words for a document: as for a screen, and without the two signs that no XML can hold."""
    return re.sub("[\ufffe\uffff]", _mark, body(text))


# What a spreadsheet reads as the beginning of a formula, also where it splits a cell at its line ends;
# the full-width signs count, because some settings fold them (safety anchors, row 89).
# Words that have the apostrophe already get another, so that taking one away brings back what was there.
_FORMULA = r"(?:\A'*|[\r\n])[^\S\r\n]*[=+\-@\uff1d\uff0b\uff0d\uff20]|\A'*[\t\r\n]"


def cell(text: str) -> str:
    """Return a cell's text that no spreadsheet takes for a formula: with an apostrophe before it where one might."""
    apostrophe = "'" if re.search(_FORMULA, text) else ""
    return apostrophe + document(text)
