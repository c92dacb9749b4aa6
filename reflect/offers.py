"""Reads what somebody offers to do out of what they write: lines that begin with ->, and "by Friday" at their end."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from reflect import dates
from reflect.errors import Refused

ARROWS = ("->", "\u2192")  # some editors make one sign of the two
LONGEST = 200
"""Letters of an action; what a line has more is cut, and stays whole in its entry."""

_LINE = r"(?m)^[ \t]*(?:->|\u2192)[ \t]*(\S.*?)[ \t]*$"
_BY = r"(?i)^(.*\S)[\s,;:(\u2013-]+by[ \t]+(\S.{0,39}?)[\s.!)]*$"
# Only what sounds like a day is tried, since "by bus" is none and reading dates in words costs seven start-ups.
_DAY = (
    r"(?i)\d|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|\b(?:today|tonight|tomorrow|noon|midday|day|week|fortnight|month|year)s?\b"
)
_END_OF = r"(?i)(?:the )?end of (?:the |this )?(week|month|year)"
_OF_THE_MONTH = r"(?i)the (\d{1,2})(?:st|nd|rd|th)"
_ALIKE = 0.6
"""How much of two lines must be the same (difflib's ratio) for one to be the other, reworded."""


class Offered(NamedTuple):
    """Something offered, and the local day it is for, empty for none."""

    text: str
    due: str = ""


class Offer(NamedTuple):
    """Something offered elsewhere, such as in a session, on its way into a journal."""

    text: str
    due: str = ""
    """Local day, YYYY-MM-DD, or empty."""
    about: str = ""
    intended: str = ""


class Followed(NamedTuple):
    """What an edit did to the lines of an entry that offer something."""

    new: tuple[str, ...]
    reworded: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]


def may_offer(text: str) -> bool:
    """Return whether a text is worth looking at for lines that offer something."""
    return any(arrow in text for arrow in ARROWS)


def lines(text: str) -> list[str]:
    """Return what stands behind the arrow in each line that begins with one, every line once."""
    if not may_offer(text):
        return []
    return list(dict.fromkeys(" ".join(each.split()) for each in re.findall(_LINE, text)))


def read(line: str, now: datetime) -> Offered:
    """Return what a line offers; "by" and a day ahead at its end become the day, else they stay words."""
    found = re.match(_BY, line)
    due = day_ahead(found[2], now) if found and re.search(_DAY, found[2]) else ""
    said = found[1].rstrip(" ,;:(\u2013-") if found and due else line
    return Offered(_cut(said), due)


def day_ahead(text: str, now: datetime) -> str:
    """Return the day that a few words mean, today or later, as YYYY-MM-DD; empty when they mean none."""
    today = now.date()
    if found := re.fullmatch(_END_OF, text.strip()):
        return _end_of(found[1].lower(), today).isoformat()
    if found := re.fullmatch(_OF_THE_MONTH, text.strip()):
        return _of_the_month(int(found[1]), today)
    try:
        day = dates.day(text, now, ahead=True)
    except Refused:
        return ""
    return day if day >= today.isoformat() else ""


def follow(old: list[str], new: list[str]) -> Followed:
    """Say which lines of `new` were there, which are a line of `old` in other words, and which are gone."""
    added = [line for line in new if line not in old]
    gone = [line for line in old if line not in new]
    reworded = []
    for line in list(added):
        nearest = max(gone, key=lambda each, line=line: _likeness(each, line), default="")  # type: ignore[misc]
        if nearest and _likeness(nearest, line) >= _ALIKE:
            reworded.append((nearest, line))
            gone.remove(nearest)
            added.remove(line)
    return Followed(tuple(added), tuple(reworded), tuple(gone))


def _likeness(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # not for every entry that offers something

    return SequenceMatcher(None, one[:LONGEST], other[:LONGEST], autojunk=False).ratio()


def _end_of(what: str, today: date) -> date:
    if what == "week":  # of the working week, since that is what people mean who meet
        return today + timedelta(days=(4 - today.weekday()) % 7)
    if what == "month":
        return today.replace(day=_days_in(today.year, today.month))
    return date(today.year, 12, 31)


def _days_in(year: int, month: int) -> int:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return (first_of_next - timedelta(days=1)).day


def _of_the_month(day: int, today: date) -> str:
    """Return the next such day, in this month or one of the two that follow."""
    for later in range(3):
        year, month = divmod(today.year * 12 + today.month - 1 + later, 12)
        if 1 <= day <= _days_in(year, month + 1) and (found := date(year, month + 1, day)) >= today:
            return found.isoformat()
    return ""


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    end = text.rfind(" ", 0, LONGEST - 1)
    return text[: end if end > LONGEST // 2 else LONGEST - 2].rstrip() + " \u2026"
