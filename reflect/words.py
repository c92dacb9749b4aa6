"""Words, sentences and stems of a text, each where a quotation needs it with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"\w+(?:['-]\w+)*")  # with apostrophes made straight, since one sign more takes half as long again
# A sentence ends at . ! ? … with its closing quotes where a blank follows, or at a new line. The look-behind
# lets each run of ends be tried once, so that a million dots take no longer than a million letters. (Possessive
# groups said it shorter, but Python before 3.11.5 matches them wrongly: gh-106052.)
_END = re.compile(r"(?<![.!?\u2026])[.!?\u2026]+['\"\u2019\u201d)\]]*(?=\s|\Z)|\n")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, apostrophes made straight."""
    return _WORD.findall(straight(text))


def straight(text: str) -> str:
    """Return a text in lower case, apostrophes made straight: what words are looked for in."""
    return text.lower().replace("\u2019", "'")


def words_from(start: str, text: str) -> Iterator[str]:
    """Yield the words of a straight text that begin with these signs; much faster than reading all of it."""
    at = text.find(start)
    while at >= 0:
        before = text[max(0, at - 2) : at]
        if not (_is_of_a_word(before[-1:]) or (before[1:] in ("'", "-") and _is_of_a_word(before[:1]))):
            found = _WORD.match(text, at)
            if found:
                yield found[0]
        at = text.find(start, at + 1)


def _is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return where each sentence of a text stands, as code points from and to."""
    ends = [found.end() for found in _END.finditer(text)]
    spans = []
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        piece = text[start:end].rstrip()
        first = end - len(text[start:end].lstrip())
        if piece:
            spans.append((first, start + len(piece)))
    return spans


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end] for start, end in sentence_spans(text)]


def places(text: str) -> list[tuple[str, int, int]]:
    """Return each word of a text in lower case with where it stands."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered; their places would be off
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
    lowered = lowered.replace("\u2019", "'")
    return [(found[0], found.start(), found.end()) for found in _WORD.finditer(lowered)]


@lru_cache(maxsize=1)
def _stemmer() -> Any:  # PyStemmer has no types
    from Stemmer import Stemmer

    return Stemmer("english")


def stems(found: list[str]) -> list[str]:
    """Return the Snowball English stem of each word, so that 'funded' meets 'funding'."""
    return list(_stemmer().stemWords(found))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of one word, remembered: for reading very many texts, which share most of their words."""
    return str(_stemmer().stemWord(word))
