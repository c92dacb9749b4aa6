"""Calendar files before they are read: what is refused unread, and which events are not looked at closely."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import calendar_text
from reflect.errors import NotFound, Refused
from tests.ics import calendar, event, hour

TODAY = datetime.fromisoformat("2026-11-20T00:00:00+00:00")
SPAN = (TODAY, TODAY + timedelta(days=8))


def matter(*events: str) -> list[str]:
    """Return the UIDs of the events that a quick look lets through."""
    blocks = [
        each for each in calendar_text.blocks([("a", calendar(*events))]) if isinstance(each, calendar_text.Block)
    ]
    return [each.uid for each in calendar_text.that_matter(blocks, *SPAN)]


# -- before a file is read ------------------------------------------------------------------------------


def test_a_calendar_is_read_whole(tmp_path: Path) -> None:
    """A file that begins as a calendar does comes as it is, with a mark of its encoding or small letters, too."""
    for number, content in enumerate([calendar(hour("a", "20261120T140000")), b"\xef\xbb\xbfbegin:vcalendar\n" * 900]):
        path = tmp_path / f"{number}.ics"
        path.write_bytes(content)
        assert calendar_text.contents(path) == content


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0", b"BEGIN:VCARD\nEND:VCARD\n", "BEGIN:VCALENDAR".encode("utf-16")]
)
def test_what_is_no_calendar_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file is known by its first line, and another is refused."""
    (tmp_path / "a.ics").write_bytes(content)
    with pytest.raises(Refused, match="no calendar"):
        calendar_text.contents(tmp_path / "a.ics")


def test_what_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    """A file is not even opened where it holds more than is ever read."""
    with (tmp_path / "a.ics").open("wb") as file:
        file.write(b"BEGIN:VCALENDAR\n")
        file.truncate(calendar_text.LARGEST + 1)
    (tmp_path / "a.ics").chmod(0)
    with pytest.raises(Refused, match="too large"):
        calendar_text.contents(tmp_path / "a.ics")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
def test_what_has_no_end_is_refused_unread(tmp_path: Path) -> None:
    """A pipe that nobody writes to, and a device that never ends, are refused and not waited for."""
    os.mkfifo(tmp_path / "a.ics")
    for path in (tmp_path / "a.ics", Path("/dev/zero")):
        with pytest.raises(Refused, match="no end"):
            calendar_text.contents(path)


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    """A path that leads nowhere is said to."""
    with pytest.raises(NotFound, match=r"nowhere\.ics"):
        calendar_text.contents(tmp_path / "nowhere.ics")


def test_a_folder_gives_its_calendars(tmp_path: Path) -> None:
    """Of a folder the .ics files are read, hidden and other ones are not; without any it is refused."""
    with pytest.raises(Refused, match="no calendar in"):
        calendar_text.files(tmp_path)
    for name in ("b.ics", "a.ICS", ".hidden.ics", "notes.txt"):
        (tmp_path / name).write_bytes(calendar())
    assert [each.name for each in calendar_text.files(tmp_path)] == ["a.ICS", "b.ics"]


def test_a_folder_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many files together are no more than may be read."""
    (tmp_path / "a.ics").write_bytes(calendar())
    monkeypatch.setattr(calendar_text, "_MOST_TOGETHER", 10)
    with pytest.raises(Refused, match="too large"):
        calendar_text.files(tmp_path)


# -- which events matter --------------------------------------------------------------------------------


def test_what_was_over_long_ago_is_not_looked_at() -> None:
    """Old and far events are passed over, single ones and those whose rule has ended."""
    old = hour("old", "20200101T140000")
    ended = hour("ended", "20200101T140000", "RRULE:FREQ=WEEKLY;UNTIL=20210101T000000Z")
    far = hour("far", "20270601T140000", "RRULE:FREQ=WEEKLY")
    assert matter(old, ended, far, hour("now", "20261120T140000")) == ["now"]


@pytest.mark.parametrize(
    "text",
    [
        hour("a", "20200101T140000", "RRULE:FREQ=WEEKLY"),
        hour("a", "20200101T140000", "RRULE:FREQ=WEEKLY;UNTIL=20261125T000000Z"),
        hour("a", "20200101T140000", "RRULE:FREQ=WEEKLY;COUNT=900"),
        hour("a", "20200101T140000", "RDATE:20261120T140000Z"),
        hour("a", "20280101T140000", "RDATE:20261120T140000Z"),
        hour("a", "20200101T140000", "RRULE:FREQ=WEEKLY;UNTIL=20210101T000000Z", "RDATE:20261120T140000Z"),
        event("a", "DTSTART:20260901T140000Z", "DURATION:P90D"),
        event("a", "DTSTART:20260901T140000Z", "DTEND:20261121T140000Z"),
        event("a", "DTSTART:2026112", "DTEND:20200101T140000Z"),
        event("a", "DTSTART\n ;TZID=Europe/London\n :20261120T140000"),
    ],
)
def test_whatever_may_matter_is_looked_at(text: str) -> None:
    """A rule that goes on, an added day, a long event and what can't be told are looked at closely."""
    assert matter(text) == ["a"]


def test_every_copy_of_an_event_is_looked_at() -> None:
    """Where one copy of an event matters, all do: another may be newer."""
    assert matter(hour("a", "20261120T140000"), hour("b", "20200101T140000"), hour("a", "20200101T140000")) == [
        "a",
        "a",
    ]


@given(st.dates(datetime(2026, 11, 20).date(), datetime(2026, 11, 28).date()), st.integers(0, 30))  # noqa: DTZ001
def test_for_all_events_that_end_in_the_span_a_quick_look_lets_them_through(day: datetime, days: int) -> None:
    """For all events that end in the span, however long they last: they are looked at."""
    start = day - timedelta(days=days)
    assert matter(event("a", f"DTSTART:{start:%Y%m%d}T120000Z", f"DTEND:{day:%Y%m%d}T130000Z")) == ["a"]
    assert matter(event("a", f"DTSTART:{start:%Y%m%d}T120000Z", f"DURATION:P{days}DT1H")) == ["a"]
