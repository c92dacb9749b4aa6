"""Words, sentences and stems of a text, each where a quotation needs it with its place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*")
# A sentence ends at . ! ? … with its closing quotes where a blank follows, or at a new line. Nothing
# is read twice (the possessive ++ and *+), so that a million dots take no longer than a million letters.
_ENDS = r"[.!?\u2026]"
_CLOSES = r"['\"\u2019\u201d)\]]*+"
_SENTENCE = re.compile(rf"\S(?:[^\n.!?\u2026]++|{_ENDS}++{_CLOSES}(?!\s|$))*+{_ENDS}*+{_CLOSES}")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, apostrophes made straight."""
    return _WORD.findall(text.lower().replace("\u2019", "'"))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of a text stands, as code points from and to."""
    return [found.span() for found in _SENTENCE.finditer(text)]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


def places(text: str) -> list[tuple[str, int, int]]:
    """Return each word of a text in lower case with where it stands."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered; their places would be off
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    return [(found[0].replace("\u2019", "'"), found.start(), found.end()) for found in _WORD.finditer(lowered)]


@lru_cache(maxsize=1)
def _stemmer() -> Any:  # PyStemmer has no types
    from Stemmer import Stemmer

    return Stemmer("english")


def stems(found: list[str]) -> list[str]:
    """Return the Snowball English stem of each word, so that 'funded' meets 'funding'."""
    return list(_stemmer().stemWords(found))
