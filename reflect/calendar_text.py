"""Calendar files before anything is made of their events: which may be read, and each event's own text.

A quick look at the text tells which events can matter, so that a calendar of many years is soon read anew.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from reflect.errors import NotFound, Refused

LARGEST = 20_000_000
"""Bytes of one calendar file that are read; a larger one is refused."""
_MOST_TOGETHER = 100_000_000
_LONGEST_TITLE = 120
_MARGIN = timedelta(days=7)
"""By how much an event may last longer, or be in another zone, than a quick look tells."""
_IGNORING = re.MULTILINE | re.IGNORECASE
_FOLD = re.compile(r"\n[ \t]")
_UID = re.compile(r"^UID(?:;[^:\n]*)?:(.*)$", _IGNORING)
_SUMMARY = re.compile(r"^SUMMARY[^:\n]*:(.*)$", _IGNORING)
_STARTS = re.compile(r"^DTSTART[^:\n]*:(\d{8})", _IGNORING)
_ENDS = re.compile(r"^DTEND[^:\n]*:(\d{8})", _IGNORING)
_LASTS_LONG = re.compile(r"^DURATION[^:\n]*:(?!PT(?:\d{1,2}H)?(?:\d{1,3}M)?(?:\d+S)?$)", _IGNORING)
_IS_INSTANCE = re.compile(r"^RECURRENCE-ID[;:]", _IGNORING)
_REPEATS = re.compile(r"^(?:RRULE|RDATE)[;:]", _IGNORING)
_ON_DAYS = re.compile(r"^RDATE[;:]", _IGNORING)
_RULE = re.compile(r"^RRULE[^:\n]*:(.*)$", _IGNORING)
_UNTIL = re.compile(r"UNTIL=(\d{8})", re.IGNORECASE)


class Refusal(NamedTuple):
    """One event of a file that can't be read, and why."""

    file: str
    line: int
    event: str
    """Its title, as far as it could be read."""
    why: str


class Calendar:
    """What one VCALENDAR of a file says for all its events."""

    def __init__(self, number: int) -> None:
        """Begin with nothing said; `number` tells it from others."""
        self.number = number
        self.zones: list[str] = []
        """The text of each time zone that it brings with it."""
        self.zone = ""
        """The zone of times that name none, where it says so."""
        self.is_cancelled = False


class Block(NamedTuple):
    """The text of one event, its lines unfolded."""

    file: str
    line: int
    calendar: Calendar
    text: str

    @property
    def uid(self) -> str:
        """Return the event's UID as a quick look tells it."""
        found = _UID.search(self.text)
        return found[1].strip() if found else ""

    def refused(self, why: str) -> Refusal:
        """Return why this event can't be read."""
        found = _SUMMARY.search(self.text)
        return Refusal(self.file, self.line, title(found[1]) if found else "", why)


def title(text: str) -> str:
    """Return a title on one line, cut where it is very long."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1].rstrip() + "…"


def rules(text: str) -> list[str]:
    """Return the rules by which an event, or a zone's clocks, repeat."""
    return _RULE.findall(text)


# -- before a file is read ------------------------------------------------------------------------


def files(path: Path) -> list[Path]:
    """Return the calendar files that a path names: itself, or those in the folder; none there is refused."""
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.iterdir() if is_calendar(each.name))
    if not found:
        raise Refused(
            f"there is no calendar in {path}",
            why="a calendar is a file that ends in .ics, and folders inside are not looked into",
            next_step="name the folder that holds the .ics files, or one of them",
        )
    together = sum(each.stat().st_size for each in found)
    if together > _MOST_TOGETHER:
        raise _too_large(path, together, _MOST_TOGETHER)
    return found


def is_calendar(name: str) -> bool:
    """Return whether a file in a folder of calendars is one, by its name."""
    return name.lower().endswith(".ics") and not name.startswith(".")


def contents(path: Path) -> bytes:
    """Return a calendar file's bytes; what is no calendar, too large or without an end is refused before it is read."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound(f"there is no calendar {path}", next_step="check the path") from None
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{path} is no file", why="it may have no end", next_step="name an .ics file")
    if found.st_size > LARGEST:
        raise _too_large(path, found.st_size, LARGEST)
    with path.open("rb") as file:
        begin = file.read(1024)
        if not begin.removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(b"BEGIN:VCALENDAR"):
            raise Refused(
                f"{path} is no calendar",
                why="it does not begin with BEGIN:VCALENDAR",
                next_step="export the calendar as an .ics file (iCalendar)",
            )
        return begin + file.read(LARGEST)


def _too_large(path: Path, size: int, most: int) -> Refused:
    return Refused(
        f"{path} is too large",
        why=f"it has {size:,} bytes; {most:,} are read",
        next_step="export fewer years of it",
    )


# -- what a file holds ----------------------------------------------------------------------------


def blocks(sources: Iterable[tuple[str, bytes]]) -> Iterator[Block | Refusal]:
    """Yield the text of each event of files given by name and content, and what is cut off."""
    number = 0
    for name, content in sources:
        walk = _Walk(name, content, number)
        yield from walk.blocks()
        number = walk.number


class _Walk:
    """One walk through the lines of a file."""

    def __init__(self, name: str, content: bytes, number: int) -> None:
        text = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        self._name, self._lines = name, text.split("\n")
        self.number = number
        self._calendar: Calendar | None = None
        self._kind, self._start = "", 0

    def blocks(self) -> Iterator[Block | Refusal]:
        for at, line in enumerate(self._lines):
            if line[:6].upper() == "BEGIN:":
                yield from self._begin(line[6:].strip().upper(), at)
            elif line[:4].upper() == "END:":
                yield from self._end(line[4:].strip().upper(), at)
            elif self._calendar and not self._kind:
                self._note(self._calendar, line)
        yield from self._cut_off(len(self._lines))
        if self._calendar:
            yield Refusal(self._name, len(self._lines), "", "the file's end is missing")

    def _begin(self, kind: str, at: int) -> Iterator[Block | Refusal]:
        if kind in ("VEVENT", "VCALENDAR"):  # neither stands inside an event
            yield from self._cut_off(at)
        if kind == "VCALENDAR":
            self.number += 1
            self._calendar, self._kind = Calendar(self.number), ""
        elif self._calendar and not self._kind:
            self._kind, self._start = kind, at

    def _end(self, kind: str, at: int) -> Iterator[Block | Refusal]:
        if kind == "VCALENDAR":
            yield from self._cut_off(at)
            self._calendar, self._kind = None, ""
        elif self._calendar and kind == self._kind:
            self._kind = ""
            text = _FOLD.sub("", "\n".join(self._lines[self._start : at + 1])) + "\n"
            if kind == "VEVENT":
                yield Block(self._name, self._start + 1, self._calendar, text)
            elif kind == "VTIMEZONE":
                self._calendar.zones.append(text)

    def _cut_off(self, at: int) -> Iterator[Refusal]:
        """Yield the event that begins and does not end."""
        if self._calendar and self._kind == "VEVENT":
            text = "\n".join(self._lines[self._start : at])
            yield Block(self._name, self._start + 1, self._calendar, text).refused("it is cut off")
            self._kind = ""

    @staticmethod
    def _note(calendar: Calendar, line: str) -> None:
        key, _, value = line.partition(":")
        name = key.partition(";")[0].upper()
        if name == "X-WR-TIMEZONE":
            calendar.zone = value.strip()
        elif name == "METHOD":
            calendar.is_cancelled = value.strip().upper() == "CANCEL"


def that_matter(found: Sequence[Block], since: datetime, until: datetime) -> list[Block]:
    """Return the events that may have a time between two moments, and every copy of these."""
    first, last = f"{since - _MARGIN:%Y%m%d}", f"{until + _MARGIN:%Y%m%d}"
    wanted = {each.uid for each in found if _may_be_between(each.text, first, last)}
    return [each for each in found if each.uid in wanted]


def _may_be_between(text: str, first: str, last: str) -> bool:
    """Tell at a quick look whether an event may have a time between two days, written YYYYMMDD."""
    starts, ends = _STARTS.search(text), _ENDS.search(text)
    if not starts or _LASTS_LONG.search(text):
        return True
    if starts[1] > last and not _ON_DAYS.search(text):
        return False
    if _REPEATS.search(text):
        until = [_UNTIL.search(rule) for rule in rules(text)]
        return bool(_ON_DAYS.search(text)) or any(each is None or each[1] >= first for each in until)
    return (ends[1] if ends else starts[1]) >= first
