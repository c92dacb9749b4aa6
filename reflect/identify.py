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
    ("a phone number", re.compile(r"(?<!\d)(?:\+44\s?|0)(?:\d[\s-]?){9,10}(?!\d)")),
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
    ("initials", re.compile(r"\b(?:[A-Z]\.\s?){2,3}|\b[A-Z]{2}\b(?=\s(?:said|asked|told|and)\b)")),
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


@dataclass(frozen=True, slots=True)
class Hint:
    """Something in a passage that could identify somebody, and where it stands."""

    kind: str
    text: str
    start: int
    end: int


def hints(passage: str, own_list: Sequence[str] = ()) -> list[Hint]:
    """Return what could identify someone, in the order of the passage; `own_list` are words of the author's own."""
    found: list[Hint] = []
    for word in own_list:
        found += _all("a word of your own list", re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE), passage)
    for kind, pattern in _PATTERNS:
        found += _all(kind, pattern, passage)
    found += [hint for hint in _all("a name", _NAME, passage) if hint.text.split()[0] not in _NO_NAMES]
    return _without_overlaps(found)


def _all(kind: str, pattern: re.Pattern[str], passage: str) -> list[Hint]:
    return [Hint(kind, match[0], *match.span()) for match in pattern.finditer(passage)]


def _without_overlaps(found: list[Hint]) -> list[Hint]:
    kept: list[Hint] = []
    for hint in found:  # the earlier rules are the surer ones
        if all(hint.end <= other.start or hint.start >= other.end for other in kept):
            kept.append(hint)
    return sorted(kept, key=lambda hint: hint.start)
