"""Dates and times as people write them, day first; one that can't be read is refused."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from reflect.errors import Refused

# Patterns are compiled when the first date needs them: most commands read none.
_ISO_DAY = r"\d{4}-\d{2}-\d{2}"
_NUMBERS = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})(?:,?\s+(?:at\s+)?(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?)?"
_LOOKS_NUMERIC = r"[\d\s/.:+-]+"
_SAYS_A_SPAN = r"\b(?:months?|years?)\b"
_HOUR_ALONE = r"\bat (\d{1,2})$"
_SAYS_A_TIME = r"\b(?:hours?|minutes?|mins?|now|noon|midday|morning|afternoon|evening|tonight)\b"
_QUARTER = r"(\d{4})-?[Qq]([1-4])"
_MONTH = r"(\d{4})-(\d{2})"
_Read = TypeVar("_Read")
_EARLIEST, _LATEST = 1900, 2199
_LONGEST = 60  # letters; more is no date


def now() -> datetime:
    """Return the present moment in the local zone; `REFLECT_NOW` (ISO 8601) stands in for it in tests."""
    pretended = os.environ.get("REFLECT_NOW")
    if not pretended:
        return datetime.now().astimezone()
    try:
        return datetime.fromisoformat(pretended).astimezone()
    except ValueError:
        raise Refused(f"REFLECT_NOW is {pretended!r}", why="it is not an ISO 8601 time", next_step="unset it") from None


def zone_name() -> str:
    """Return the local zone's name, such as Europe/London; empty when the system doesn't say."""
    named = os.environ.get("TZ", "").lstrip(":")
    if named.startswith("/"):
        return named.partition("zoneinfo/")[2]
    if named:
        return named
    try:
        target = str(Path("/etc/localtime").readlink())
    except OSError:
        return ""
    return target.partition("zoneinfo/")[2]


def moment(text: str, now: datetime, *, ahead: bool = False) -> tuple[datetime, str]:
    """Return when something happened and its precision, minute or day; a bare day is put at noon.

    A weekday or a day without a year is the last one, or with `ahead` the next one.
    """
    written = text.strip()
    found = _iso(written) or _day_first(written) or _in_words(written, now, ahead=ahead)
    if found is None or not _EARLIEST <= found[0].year <= _LATEST:
        raise _unreadable(text)
    when, precision = found
    if precision == "day":
        when = datetime.combine(when.date(), time(12))
    return (when if when.tzinfo else _local(when)), precision


def _local(when: datetime) -> datetime:
    """Return a wall time in the local zone; one that the clocks leap over is put as far behind the leap."""
    there = when.astimezone()
    leapt = when - there.replace(tzinfo=None)
    return (when + leapt).astimezone() if leapt else there


def day(text: str, now: datetime, *, ahead: bool = False) -> str:
    """Return a local day as YYYY-MM-DD; `ahead` as for `moment`."""
    return moment(text, now, ahead=ahead)[0].date().isoformat()


def month(text: str) -> tuple[str, str]:
    """Return the first and last day of a month written 2026-10."""
    found = re.fullmatch(_MONTH, text.strip())
    if not found:
        raise _unreadable(text, "a month is written 2026-10")
    first = _checked(text, lambda: _in_range(date(int(found[1]), int(found[2]), 1)))
    return first.isoformat(), _day_before_next(first, 1)


def quarter(text: str, year_starts: int = 1) -> tuple[str, str]:
    """Return the first and last day of a quarter written 2026-Q3, counted from the month the year starts in."""
    found = re.fullmatch(_QUARTER, text.strip())
    if not found:
        raise _unreadable(text, "a quarter is written 2026-Q3")
    months = year_starts - 1 + 3 * (int(found[2]) - 1)
    first = _checked(text, lambda: _in_range(date(int(found[1]) + months // 12, months % 12 + 1, 1)))
    return first.isoformat(), _day_before_next(first, 3)


def _in_range(day: date) -> date:
    if not _EARLIEST <= day.year <= _LATEST:
        raise ValueError(f"years go from {_EARLIEST} to {_LATEST}")
    return day


def _day_before_next(first: date, months: int) -> str:
    after = first.month - 1 + months
    return (date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)).isoformat()


def period_before(since: str, until: str) -> tuple[str, str]:
    """Return the first and last day of the period before: as many whole months, or else as many days."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    after = last + timedelta(days=1)
    eve = (first - timedelta(days=1)).isoformat()
    if first.day == after.day == 1:
        months = first.year * 12 + first.month - 1 - (after.year * 12 + after.month - first.year * 12 - first.month)
        return date(months // 12, months % 12 + 1, 1).isoformat(), eve
    return (first - (after - first)).isoformat(), eve


def in_words(day_or_time: str) -> str:
    """Return a stored day or time as words for people: 21 November 2026."""
    found = datetime.fromisoformat(day_or_time)
    return f"{found.day} {found:%B %Y}"


def _iso(text: str) -> tuple[datetime, str] | None:
    if not text[:4].isdigit() or text[4:5] != "-":
        return None
    found = _checked(text, lambda: datetime.fromisoformat(text))
    return found, "day" if len(text) <= len("2026-11-21") else "minute"


def _day_first(text: str) -> tuple[datetime, str] | None:
    found = re.fullmatch(_NUMBERS, text, re.IGNORECASE)
    if not found:
        return None
    year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
    hour, minute = int(found[4] or 12), int(found[5] or 0)
    if found[6]:
        if not 1 <= hour <= 12:
            raise _unreadable(text)
        hour = hour % 12 + (12 if found[6].lower() == "pm" else 0)
    when = _checked(text, lambda: datetime(year, int(found[2]), int(found[1]), hour, minute))  # noqa: DTZ001 - the local zone is added later
    return when, "minute" if found[4] else "day"


def _in_words(text: str, now: datetime, *, ahead: bool) -> tuple[datetime, str] | None:
    """Read plain English; a bare number or month is no day, whatever a parser makes of it."""
    if (re.fullmatch(_LOOKS_NUMERIC, text) and ":" not in text) or len(text) > _LONGEST:
        return None
    from dateparser.date import DateDataParser  # seven start-ups of bare Python, paid only by dates in words

    parser = DateDataParser(
        languages=["en"],
        settings={
            "DATE_ORDER": "DMY",
            "PREFER_DATES_FROM": "future" if ahead else "past",
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "RETURN_TIME_AS_PERIOD": True,
            "TIMEZONE": "UTC",  # so that it need not know the local zone; everything here is local without saying so
        },
    )
    try:
        found = parser.get_date_data(re.sub(_HOUR_ALONE, r"at \1:00", text))  # it would pass over the 9 in "today at 9"
    except (OverflowError, ValueError):
        return None
    # A month by itself, or with a day it hasn't got, is given today's day; last month's is what was said.
    if found.date_obj is None or (found.period in ("month", "year") and not re.search(_SAYS_A_SPAN, text)):
        return None
    says_a_time = found.period == "time" or re.search(_SAYS_A_TIME, text, re.IGNORECASE)
    return found.date_obj, "minute" if says_a_time else "day"


def _checked(text: str, read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except ValueError as error:
        raise _unreadable(text, str(error)) from None


def _unreadable(text: str, why: str = "it can't be read as a day or a time") -> Refused:
    return Refused(
        f"{text!r} is not a date",
        why=why,
        next_step="write 21/11/2026, 21/11/2026 15:00, 2026-11-21 or `yesterday 3pm`",
    )
