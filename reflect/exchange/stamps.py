"""Dates and times as other tools write them: their formats read, guessed, and put into a time zone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reflect.errors import Refused

EARLIEST, LATEST = 1900, 2199
_LONGEST = 100
"""Letters of the longest text that is looked at as a date."""

_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_ALIKE = {
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "D": "%m/%d/%y",
    "c": "%a %b %e %H:%M:%S %Y",
    "h": "%b",
    "k": "%H",
    "l": "%I",
}
"""Directives that stand for several others, as the C library writes them where nothing else is set."""

_PATTERNS = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "e": r"(?P<d>\d{1,2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"(?P<S>\d{2})",
    "f": r"(?P<f>\d{1,9})",
    "p": r"(?P<p>[AaPp])\.?[Mm]\.?",
    "P": r"(?P<p>[AaPp])\.?[Mm]\.?",
    "z": r"(?P<z>[Zz]|[+-]\d{2}:?\d{2})",
    "Z": r"(?P<Z>[A-Za-z]{3,5})",
    "a": rf"(?:{'|'.join(each[:3] for each in _DAYS)})\.?",
    "A": rf"(?:{'|'.join(_DAYS)})",
    "b": rf"(?P<b>{'|'.join(each[:3] for each in _MONTHS)})\.?",
    "B": rf"(?P<b>{'|'.join(_MONTHS)})",
    "%": "%",
}
_MONTH_OF = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}

_DATES = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d %b %Y",
    "%d %B %Y",
    "%a %d %b %Y",
    "%A %d %B %Y",
    "%a, %d %b %Y",
    "%A, %d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%a %b %d %Y",
    "%A, %B %d, %Y",
    "%d/%m/%y",
    "%d.%m.%y",
    "%Y%m%d",
)
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")
_JOINTS = (" ", ", ", "T", " at ", " - ")
_TIMES = ("%H:%M", "%H:%M:%S", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%H.%M", "%H:%M:%S.%f", "%Hh%M")
_ZONES = ("%z", " %z", " %Z")


class Format:
    """A format of dates, such as %d/%m/%Y %H:%M, ready to read."""

    def __init__(self, written: str) -> None:
        """Take a format as strftime knows it; what it can't hold is refused."""
        self.written = written
        try:
            self.pattern = re.compile(_as_pattern(written), re.IGNORECASE)
        except (KeyError, re.error):
            raise Refused(
                f"{written!r} is not a format of dates",
                why="it is written with signs such as %Y-%m-%d %H:%M",
                next_step="look into the other tool's settings for its own",
            ) from None
        groups = self.pattern.groupindex
        self.has_day = ("d" in groups) and ("m" in groups or "b" in groups) and ("Y" in groups or "y" in groups)
        self.has_time = "H" in groups or "I" in groups
        # Python reads these forms itself, ten times as fast.
        self._iso_length = {"%Y-%m-%d %H:%M": 16, "%Y-%m-%d %H:%M:%S": 19}.get(written, 0)
        self._plain = [groups.get(name, 0) for name in "YmdHMS"]
        self._is_plain = set(groups) <= set("YmdHMS") and self.has_day

    def fits(self, text: str) -> bool:
        """Return whether a text has this form, whatever its numbers."""
        return len(text) <= _LONGEST and self.pattern.fullmatch(text) is not None

    def read(self, text: str) -> datetime | None:
        """Return the moment, without a zone unless one is written; None for another form, ValueError for no day."""
        if self._iso_length == len(text) > 10 and text[7] == "-" and text[10] == " ":
            with suppress(ValueError):  # what it is instead is found out below
                return datetime.fromisoformat(text)
        found = self.pattern.fullmatch(text) if len(text) <= _LONGEST else None
        if found is None:
            return None
        if self._is_plain:
            year, month, day, hour, minute, second = (int(found[at]) if at else 0 for at in self._plain)
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - wall time, placed by a Clock
        return _moment(found.groupdict())


def _as_pattern(written: str) -> str:
    made: list[str] = []
    at = 0
    while at < len(written):
        sign = written[at]
        if sign == "%":
            at += 1
            while written[at : at + 1] in ("-", "_", "0", "^"):
                at += 1
            directive = written[at : at + 1]
            made.append(_as_pattern(_ALIKE[directive]) if directive in _ALIKE else _PATTERNS[directive])
        elif sign.isspace():
            made.append(r"\s*" if written[at + 1 : at + 3] in ("%p", "%P") else r"\s+")
        else:
            made.append(re.escape(sign))
        at += 1
    return "".join(made)


def _moment(parts: dict[str, str | None]) -> datetime:
    def number(name: str, otherwise: int = 0) -> int:
        found = parts.get(name)
        return int(found) if found else otherwise

    year = number("Y") or (number("y") + (1900 if number("y") >= 69 else 2000) if parts.get("y") else 1904)
    named = parts.get("b")
    month = _MONTH_OF[named[:3].lower()] if named else number("m", 1)
    hour = number("H")
    if parts.get("I"):
        hour = number("I")
        if not 1 <= hour <= 12:
            raise ValueError("hour must be in 1..12")
        half = parts.get("p")
        hour = hour % 12 + (12 if half and half.lower() == "p" else 0)
    fraction = ((parts.get("f") or "") + "000000")[:6]
    return datetime(
        year,
        month,
        number("d", 1),
        hour,
        number("M"),
        number("S"),
        int(fraction),
        _zone(parts.get("z"), parts.get("Z")),
    )


def _zone(offset: str | None, name: str | None) -> tzinfo | None:
    if name and name.upper() in ("UTC", "GMT"):
        return UTC
    if not offset:
        return None
    if offset in "Zz":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))


@cache
def compiled(written: str) -> Format:
    """Return a format, ready to read."""
    return Format(written)


def known(
    *, month_first: bool = False, either_first: bool = False, days: bool = True, times: bool = False
) -> Iterator[str]:
    """Yield the formats that are tried, the most usual ones first; `times` adds those without a day.

    With `either_first` the month may come first where the day can't: formats that read as many come after.
    """
    if days:
        dates = (*_MONTH_FIRST, *_DATES) if month_first else _DATES
        for joint, each in ((" ", "%H:%M"), ("T", "%H:%M"), (" ", "%I:%M:%S %p"), (" ", "%H:%M:%S")):
            yield f"{dates[0]}{joint}{each}"
        for day in dates:
            yield day
            yield from (f"{day}{joint}{each}" for joint in _JOINTS for each in _TIMES)
        for each in _TIMES:
            yield from (f"%Y-%m-%d{joint}{each}{zone}" for joint in " T" for zone in _ZONES)
        yield "%a %b %d %H:%M:%S %Y"
        yield "%a, %d %b %Y %H:%M:%S %z"
    if either_first:
        yield from (f"{day}{joint}{each}" for day in _MONTH_FIRST for joint in _JOINTS for each in _TIMES)
        yield from _MONTH_FIRST
    if times:
        yield from _TIMES


def guess(written: Sequence[str], formats: Iterable[str]) -> Format | None:
    """Return the format that most of these texts have, the first of equals; None when none has any.

    Where no text is a day that exists, the one that looks most like them is returned.
    """
    tried = []
    best: Format | None = None
    most = 0
    for each in formats:
        form = compiled(each)
        tried.append(form)
        many = sum(1 for text in written if _reads(form, text))
        if many > most:
            best, most = form, many
            if many == len(written):
                break
    if best is None:
        alike = [(sum(map(form.fits, written)), form) for form in tried]
        most, best = max(alike, key=lambda each: each[0], default=(0, None))
    return best if most else None


def _reads(tried: Format, text: str) -> bool:
    try:
        return tried.read(text) is not None
    except ValueError:
        return False


class Placed(NamedTuple):
    """A moment as an entry keeps it."""

    at: str
    """ISO 8601 with offset."""
    zone: str


class Clock:
    """Puts wall times into a zone: the named one, or the computer's own."""

    def __init__(self, name: str, local_name: str) -> None:
        """Take the name of a zone that was asked for, empty for the computer's own, and the name of that."""
        self.leapt = 0
        """How many times stood in an hour that the clocks leap over."""
        self.name = name or local_name
        self._offsets: dict[int, str] = {}
        self._zone: ZoneInfo | None = None
        if self.name:
            self._zone = _named(self.name)
            if self._zone is None and name:
                raise Refused(
                    f"there is no time zone {name!r}",
                    why="zones have names such as Europe/London",
                    next_step="name one",
                )

    @cached_property
    def said(self) -> str:
        """The zone in words."""
        return self.name if self._zone else "this computer's time zone"

    def wall(self, moment: datetime) -> Placed:
        """Return a wall time, or a moment with an offset of its own, as an entry keeps it."""
        check_year(moment.year)
        if moment.tzinfo is None:
            return Placed(self._local(moment), self.name)
        if moment.tzinfo is UTC:
            return self.utc(moment)
        return Placed(moment.isoformat(), self.name if self._has_its_offset(moment) else "")

    def day(self, day: date) -> Placed:
        """Return a bare day, put at noon."""
        return self.wall(datetime.combine(day, time(12)))

    def utc(self, moment: datetime) -> Placed:
        """Return a moment that is known exactly, by the clock of the zone."""
        check_year(moment.year)
        return Placed(moment.astimezone(self._zone).isoformat(), self.name)

    def _has_its_offset(self, moment: datetime) -> bool:
        return moment.astimezone(self._zone).utcoffset() == moment.utcoffset()

    def _local(self, wall: datetime) -> str:
        day = wall.toordinal()
        offset = self._offsets.get(day)
        if offset is None:
            offset = self._offsets[day] = self._offset_of(wall)
        if offset:
            return wall.isoformat() + offset
        placed = self._placed(wall)
        if placed.replace(tzinfo=None) != wall:
            self.leapt += 1
        return placed.isoformat()

    def _offset_of(self, wall: datetime) -> str:
        """Return the offset of a whole day, such as +01:00; empty for a day on which the clocks change."""
        start = datetime.combine(wall.date(), time())
        first, last = (self._placed(each).isoformat()[19:] for each in (start, start + timedelta(days=1)))
        return first if first == last else ""

    def _placed(self, wall: datetime) -> datetime:
        """Return a wall time in the zone; one that the clocks leap over is put as far behind the leap."""
        if self._zone:
            return wall.replace(tzinfo=self._zone).astimezone(UTC).astimezone(self._zone)
        there = wall.astimezone()
        leapt = wall - there.replace(tzinfo=None)
        return (wall + leapt).astimezone() if leapt else there


@cache
def _named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def of_zone(name: str, clock: Clock) -> Clock:
    """Return the clock of a zone that a file names, or the given one when there is no such zone."""
    return _clock(name) if name and _named(name) else clock


@cache
def _clock(name: str) -> Clock:
    return Clock(name, "")


def check_year(year: int) -> None:
    """Raise ValueError for a year that can't be an entry's."""
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"years go from {EARLIEST} to {LATEST}")


def iso(text: str) -> tuple[datetime, bool] | None:
    """Return an ISO 8601 day or time and whether it is a bare day; None for another form, ValueError for no day."""
    if len(text) < 10 or text[4] != "-" or not text[:4].isdigit():
        return None
    return datetime.fromisoformat(text), len(text) == 10
