"""Calendar files for tests, written line by line as calendar programs write them."""

from __future__ import annotations

from datetime import datetime

from reflect import calendars
from tests.conftest import NOW

ZONE = """BEGIN:VTIMEZONE
TZID:Our Island
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def event(uid: str, *lines: str, title: str = "Board") -> str:
    """Return an event with these lines besides its UID and title."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, f"SUMMARY:{title}", "END:VEVENT", ""])


def hour(uid: str, start: str, *lines: str, title: str = "Board") -> str:
    """Return an event of one hour from a start in UTC, such as 20261120T140000."""
    return event(uid, f"DTSTART:{start}Z", "DURATION:PT1H", *lines, title=title)


def calendar(*events: str, head: str = "") -> bytes:
    """Return a calendar file with these events; `head` is what stands before them."""
    text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n" + head + "".join(events) + "END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(*files: bytes, everything: bool = False) -> calendars.Reading:
    """Return what files hold from 20 to 28 November 2026; each file is called by its number."""
    named = [(f"{number}.ics", content) for number, content in enumerate(files, 1)]
    return calendars.read(named, _midnight("2026-11-20"), _midnight("2026-11-28"), everything=everything)


def ends(*files: bytes) -> list[tuple[str, str]]:
    """Return title and local end of each meeting that files hold, and see that nothing was refused."""
    reading = read(*files)
    assert not reading.refused
    return [(each.title, each.meeting.ended_at[5:16]) for each in reading.held]


def now() -> datetime:
    """Return the usual moment of tests in the local zone."""
    return datetime.fromisoformat(NOW).astimezone()


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).astimezone()
