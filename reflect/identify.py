"""Shows an author what in a passage could tell others who it is about; local rules, nothing is downloaded.

It points and never changes a word: what stays is the author's decision.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CAPITAL = r"[A-Z][a-z'\u2019\-]+"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_PATTERNS = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+\w")),
    ("a phone number", re.compile(r"(?<![\d(])(?:\+44\s?(?:\(0\)\s?)?|\(?0)(?:\d[\s()-]{0,2}){8,9}\d(?!\d)")),
    ("an NHS number's shape", re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.IGNORECASE)),
    ("a web address", re.compile(r"\b(?:https?://|www\.)\S+")),
    (
        "a date",
        re.compile(
            rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})|(?:{_MONTHS})\s+\d{{1,2}}\b"
            r"|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
        ),
    ),
    (
        "a title and name",
        re.compile(
            r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Cllr|Councillor|Sister|Nurse|Rev|Sir|Dame)\.?"
            rf"\s+{_CAPITAL}(?:\s{_CAPITAL})?"
        ),
    ),
    ("initials", re.compile(r"\b(?:[A-Z]\.\s?){1,2}[A-Z]\.|\b[A-Z]{2}\b(?=\s(?:said|asked|told|and)\b)")),
    (
        "a place",
        re.compile(
            r"\b(?:[A-Z][\w'\u2019]+\s)+(?:Road|Street|Lane|Avenue|Close|Estate|House|Court|Park|School|Surgery"
            r"|Hospital|Ward|Church|Centre|Hub)\b"
        ),
    ),
)
# A capital inside a sentence is a name more often than not; these are not.
_NO_NAMES = frozenset(
    """
    I I'm I've I'd I'll Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June
    July August September October November December English Christmas Easter God NHS GP GPs Zoom Teams
    """.split()
)
_NAME = re.compile(rf"(?<=[a-z,;:] )(?:{_CAPITAL})(?:\s{_CAPITAL})*")
# At a sentence's beginning everything has a capital; who says or does something there may have a name.
_DOES = r"said|says|asked|told|thinks|thought|wrote|rang|came|left|was|is|has|had|and\s(?:I|me|we)\b"
_FIRST = re.compile(rf"(?:(?<=^)|(?<=[.!?\u2026] )|(?<=\n)){_CAPITAL}(?=(?:'s|\u2019s)?\s(?:{_DOES})\b)")
_NOBODY = frozenset(
    """
    He She They We You It One Who What That This There These Those Here Everybody Everyone Nobody Somebody Someone
    Anybody Anyone Nothing Everything Something All Both Each Many Most Some Several Few Another Other Others Mine
    Theirs Ours People Staff Today Yesterday Time Money Which Where When Why How Not Now Then
    """.split()
)

_OWN = "a word of your own list"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something in a passage that could identify somebody, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def hints(passage: str, listed: Sequence[str] = ()) -> list[Hint]:
    """Return what could identify someone, in the order of the passage; `listed` are words of the author's own."""
    found = own_words(passage, listed)
    for kind, pattern in _PATTERNS:
        found += _all(kind, pattern, passage)
    found += [hint for hint in _all("a name", _NAME, passage) if hint.text.split()[0] not in _NO_NAMES]
    found += [hint for hint in _all("a name", _FIRST, passage) if hint.text not in _NO_NAMES | _NOBODY]
    return _without_overlaps(found)


def own_words(passage: str, listed: Sequence[str]) -> list[Hint]:
    """Return the words of the author's own list that stand in a passage."""
    return [hint for word in listed for hint in _all(_OWN, _exactly(word), passage)]


def _exactly(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word.strip())}(?!\w)", re.IGNORECASE)


def _all(kind: str, pattern: re.Pattern[str], passage: str) -> list[Hint]:
    return [Hint(kind, match[0], *match.span()) for match in pattern.finditer(passage)]


def _without_overlaps(found: list[Hint]) -> list[Hint]:
    kept: list[Hint] = []
    for hint in found:  # the earlier rules are the surer ones
        if all(hint.end <= other.start or hint.start >= other.end for other in kept):
            kept.append(hint)
    return sorted(kept, key=lambda hint: hint.start)
