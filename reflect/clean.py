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
_HAS_BIDI = f"[{_BIDI}]"
_OPEN_EMBEDDING = "[\u202a\u202b\u202d\u202e]"
_OPEN_ISOLATE = "[\u2066-\u2068]"


def _mark(match: re.Match[str]) -> str:
    code = ord(match[0])
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
    """Close what a line leaves open, so that it can't turn round the text that follows it."""
    if not re.search(_HAS_BIDI, one_line):
        return one_line
    embeddings = len(re.findall(_OPEN_EMBEDDING, one_line)) - one_line.count("\u202c")
    isolates = len(re.findall(_OPEN_ISOLATE, one_line)) - one_line.count("\u2069")
    closed = one_line + "\u202c" * max(0, embeddings) + "\u2069" * max(0, isolates)
    return f"\u2068{closed}\u2069"


def is_unsafe(text: str) -> bool:
    """Return whether text holds characters that a screen would obey or hide."""
    return re.search(_UNSAFE_LINE, text.replace("\n", " ").replace("\t", " ")) is not None
