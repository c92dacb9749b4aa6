"""Makes text from people and files safe to show on a screen.

Every path to a terminal goes through here, because a terminal obeys some of the
characters it is sent. Stored words are never altered: only what is shown.
"""

from __future__ import annotations

import re

# Direction marks, embeddings, overrides and isolates (Unicode Bidirectional Algorithm, UAX 9).
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSAFE_BODY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029]")
_UNSAFE_LINE = re.compile(f"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029{_BIDI}]")
_HAS_BIDI = re.compile(f"[{_BIDI}]")
_OPEN_EMBEDDING = re.compile("[\u202a\u202b\u202d\u202e]")
_OPEN_ISOLATE = re.compile("[\u2066-\u2068]")


def _mark(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)  # the Unicode pictures of control characters
    if code == 0x7F:
        return "\u2421"
    return f"\u27e8U+{code:04X}\u27e9"


def line(text: str) -> str:
    """Return text for one line of a screen: names, titles, tags, ids and prompts."""
    return _UNSAFE_LINE.sub(_mark, text)


def body(text: str) -> str:
    """Return a person's words for a screen, paragraphs kept, direction changes closed at each line's end."""
    shown = _UNSAFE_BODY.sub(_mark, text)
    if _HAS_BIDI.search(shown):
        shown = "\n".join(_isolated(each) for each in shown.split("\n"))
    return shown


def _isolated(one_line: str) -> str:
    """Close what a line leaves open, so that it can't turn round the text that follows it."""
    if not _HAS_BIDI.search(one_line):
        return one_line
    embeddings = len(_OPEN_EMBEDDING.findall(one_line)) - one_line.count("\u202c")
    isolates = len(_OPEN_ISOLATE.findall(one_line)) - one_line.count("\u2069")
    closed = one_line + "\u202c" * max(0, embeddings) + "\u2069" * max(0, isolates)
    return f"\u2068{closed}\u2069"


def is_unsafe(text: str) -> bool:
    """Return whether text holds characters that a screen would obey or hide."""
    return _UNSAFE_LINE.search(text.replace("\n", " ").replace("\t", " ")) is not None


def document(text: str) -> str:
    """Return a person's words for a document: as for a screen, and without the two signs that no XML can hold."""
    return re.sub("[\ufffe\uffff]", _mark, body(text))
