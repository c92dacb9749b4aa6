"""Dates as people write them, day first; what can't be read is refused, and no date is guessed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflect import dates
from reflect.errors import Refused

FRIDAY = datetime.fromisoformat("2026-11-20T16:00:00+00:00")


@pytest.fixture(autouse=True)
def _zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process, too, lives in London."""
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def read(text: str, *, ahead: bool = False) -> tuple[str, str]:
    """A moment as it is stored, and its precision."""
    when, precision = dates.moment(text, FRIDAY, ahead=ahead)
    return when.isoformat(), precision


@pytest.mark.parametrize(
    ("text", "happened", "precision"),
    [
        ("21/11/2025", "2025-11-21T12:00:00+00:00", "day"),
        ("1.2.26", "2026-02-01T12:00:00+00:00", "day"),
        ("05-06-2026", "2026-06-05T12:00:00+01:00", "day"),
        ("21/11/2025 15:00", "2025-11-21T15:00:00+00:00", "minute"),
        ("21/11/2025 at 9", "2025-11-21T09:00:00+00:00", "minute"),
        ("21/11/2025, 3pm", "2025-11-21T15:00:00+00:00", "minute"),
        ("21/11/2025 12am", "2025-11-21T00:00:00+00:00", "minute"),
        ("21/11/2025 12.30 pm", "2025-11-21T12:30:00+00:00", "minute"),
        ("2026-06-05", "2026-06-05T12:00:00+01:00", "day"),
        (" 2026-06-05 ", "2026-06-05T12:00:00+01:00", "day"),
        ("2026-06-05 15:30", "2026-06-05T15:30:00+01:00", "minute"),
        ("2026-06-05T15:30:00Z", "2026-06-05T15:30:00+00:00", "minute"),
        ("2026-06-05T15:30:00+05:30", "2026-06-05T15:30:00+05:30", "minute"),
        ("2026-W05-1", "2026-01-26T12:00:00+00:00", "day"),
        ("yesterday", "2026-11-19T12:00:00+00:00", "day"),
        ("Yesterday 3pm", "2026-11-19T15:00:00+00:00", "minute"),
        ("yesterday at 9", "2026-11-19T09:00:00+00:00", "minute"),
        ("today", "2026-11-20T12:00:00+00:00", "day"),
        ("now", "2026-11-20T16:00:00+00:00", "minute"),
        ("noon", "2026-11-20T12:00:00+00:00", "minute"),
        ("2 hours ago", "2026-11-20T14:00:00+00:00", "minute"),
        ("3 days ago", "2026-11-17T12:00:00+00:00", "day"),
        ("last month", "2026-10-20T12:00:00+01:00", "day"),
        ("a year ago", "2025-11-20T12:00:00+00:00", "day"),
        ("monday", "2026-11-16T12:00:00+00:00", "day"),
        ("last friday", "2026-11-13T12:00:00+00:00", "day"),
        ("tuesday 10am", "2026-11-17T10:00:00+00:00", "minute"),
        ("21 nov", "2025-11-21T12:00:00+00:00", "day"),
        ("21st of November 2025", "2025-11-21T12:00:00+00:00", "day"),
        ("Nov 3", "2026-11-03T12:00:00+00:00", "day"),
        ("the day before yesterday", "2026-11-18T12:00:00+00:00", "day"),
    ],
)
def test_dates_people_write(text: str, happened: str, precision: str) -> None:
    """Numbers are day first, ISO is ISO, English is understood; a bare day is noon with precision day."""
    assert read(text) == (happened, precision)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("friday", "2026-11-27"),
        ("monday", "2026-11-23"),
        ("21 nov", "2026-11-21"),
        ("tomorrow", "2026-11-21"),
        ("12/6/2026", "2026-06-12"),
    ],
)
def test_ahead_a_day_without_a_year_is_the_next_one(text: str, day: str) -> None:
    """What is to be done by friday is to be done by the next one; a whole date stays what it is."""
    assert dates.day(text, FRIDAY, ahead=True) == day


REFUSED = [
    "30 Feb", "30 Feb 2026", "Feb 30", "30/2/2026", "2026-02-30", "31 June", "32 January", "January 32", "45 march",
    "2026-13-01", "1/13/2026", "2026-00-10", "0/1/2026", "29/2/2027", "may", "May 2026", "march", "jan", "november",
    "7", "12", "2026", "11 2026", "20261120", "30/02", "0", "-1", "0000-01-01", "10000-01-01", "1/1/10000", "1/1/0000",
    "1899-12-31", "2200-01-01", "31/12/1899", "999999999 days ago", "in 99999999999999999999 years", "1e20", "", " ",
    "?", "soon", "the meeting", "summer", "q3", "2026-Q3", "25:00", "21/11/2026 25:00", "21/11/2026 10:61",
    "21/11/2026 13pm", "21/11/2026 0am", "2026-11-20 24:30", "2026-11-20T", "\0", "yesterday\x1b[2J" * 20, "१" * 70,
    "²²²²-01-01", "2026/11/20", "x" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text)[:24])
def test_what_is_no_date_is_refused(text: str) -> None:
    """Days that do not exist, months alone, bare numbers and far years are refused, with the way to write it."""
    for reading in (dates.moment, dates.day):
        with pytest.raises(Refused, match="is not a date") as refused:
            reading(text, FRIDAY)
        assert "21/11/2026" in refused.value.next_step


@given(st.one_of(st.text(), st.from_regex(r"[0-9 /.:apm-]{1,20}", fullmatch=True)))
@example("\u0661\u0662/\u0661/2026")
@example("monday the 99th of never")
@example("12:30:45:50")
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """Whatever is typed, it is a moment between 1900 and 2199 with an offset, or refused."""
    try:
        when, precision = dates.moment(text, FRIDAY)
    except Refused:
        return
    assert 1900 <= when.year <= 2199
    assert when.utcoffset() is not None
    assert precision in ("minute", "day")
    assert precision == "minute" or when.hour == 12
    assert dates.day(text, FRIDAY) == when.date().isoformat()


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31)))  # noqa: DTZ001 - local by nature
def test_a_date_written_day_first_is_that_date(when: datetime) -> None:
    """Any date written with numbers, in words or as ISO is read as itself."""
    day = when.date()
    for text in (f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", day.isoformat(), f"{day.day} {day:%B %Y}"):
        assert dates.day(text, FRIDAY) == day.isoformat()
    read, precision = dates.moment(f"{day.day}/{day.month}/{day.year} {when:%H:%M}", FRIDAY)
    assert precision == "minute"
    assert read.date() == day


def test_nothing_depends_on_the_zone_dateparser_would_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """English dates are understood even where the zone has no data."""
    monkeypatch.setenv("TZ", "Nonsense/Zone")
    time.tzset()
    assert dates.day("yesterday", FRIDAY) == "2026-11-19"
    assert dates.moment("yesterday 3pm", FRIDAY)[0].isoformat() == "2026-11-19T15:00:00+00:00"


@pytest.mark.parametrize(
    ("zone", "text", "happened"),
    [
        ("Europe/London", "25/10/2026 00:30", "2026-10-25T00:30:00+01:00"),
        ("Europe/London", "25/10/2026 02:30", "2026-10-25T02:30:00+00:00"),
        ("Europe/London", "29/3/2026 01:30", "2026-03-29T02:30:00+01:00"),
        ("America/New_York", "8/3/2026 02:15", "2026-03-08T03:15:00-04:00"),
        ("America/New_York", "1/11/2026", "2026-11-01T12:00:00-05:00"),
        ("Asia/Kolkata", "29/3/2026 01:30", "2026-03-29T01:30:00+05:30"),
        ("Pacific/Auckland", "27/9/2026 02:30", "2026-09-27T03:30:00+13:00"),
        ("Pacific/Auckland", "5/4/2026 03:30", "2026-04-05T03:30:00+12:00"),
        ("Africa/Cairo", "24/4/2026 00:10", "2026-04-24T01:10:00+03:00"),
    ],
)
def test_clock_changes(monkeypatch: pytest.MonkeyPatch, zone: str, text: str, happened: str) -> None:
    """On days with a clock change a time keeps its day and has the offset of its own hour."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert read(text)[0] == happened
    assert dates.zone_name() == zone


@pytest.mark.parametrize(
    ("text", "starts", "first", "last"),
    [
        ("2026-Q1", 1, "2026-01-01", "2026-03-31"),
        ("2026-Q4", 1, "2026-10-01", "2026-12-31"),
        ("2026q2", 1, "2026-04-01", "2026-06-30"),
        (" 2024-Q1 ", 1, "2024-01-01", "2024-03-31"),
        ("2026-Q1", 4, "2026-04-01", "2026-06-30"),
        ("2026-Q4", 4, "2027-01-01", "2027-03-31"),
        ("2026-Q3", 12, "2027-06-01", "2027-08-31"),
        ("2026-Q4", 9, "2027-06-01", "2027-08-31"),
    ],
)
def test_quarters(text: str, starts: int, first: str, last: str) -> None:
    """A quarter has three whole months, counted from the month the year starts in."""
    assert dates.quarter(text, starts) == (first, last)


@given(st.integers(1950, 2150), st.integers(1, 12))
def test_quarters_of_a_year_follow_each_other(year: int, starts: int) -> None:
    """The four quarters fill a year from its first month on without gap or overlap."""
    quarters = [dates.quarter(f"{year}-Q{number}", starts) for number in (1, 2, 3, 4)]
    assert quarters[0][0] == date(year, starts, 1).isoformat()
    for (_, last), (first, _) in pairwise(quarters):
        assert date.fromisoformat(first) - date.fromisoformat(last) == timedelta(days=1)
    assert date.fromisoformat(quarters[3][1]) + timedelta(days=1) == date(year + 1, starts, 1)


@given(st.integers(1900, 2198), st.integers(1, 12))
def test_a_month_is_whole(year: int, month: int) -> None:
    """A month goes from its first to its last day."""
    first, last = map(date.fromisoformat, dates.month(f"{year}-{month:02}"))
    assert (first.year, first.month, first.day) == (year, month, 1)
    assert last.month == month
    assert (last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026", "26-10", "0001-01", "9999-12", "1899-12", "October 2026", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    """A month is written in one way, within the years that are kept."""
    with pytest.raises(Refused):
        dates.month(text)


@pytest.mark.parametrize("text", ["2026-Q5", "2026-Q0", "Q3", "Q3 2026", "9999-Q4", "0001-Q1", "1899-Q4", ""])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    """A quarter is written in one way, within the years that are kept."""
    with pytest.raises(Refused):
        dates.quarter(text)


def test_now_can_be_pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    """REFLECT_NOW stands in for the clock, in the local zone; what is no time is refused."""
    monkeypatch.setenv("REFLECT_NOW", "2026-07-01T12:00:00+00:00")
    assert dates.now().isoformat() == "2026-07-01T13:00:00+01:00"
    monkeypatch.setenv("REFLECT_NOW", "2026-07-01T12:00")
    assert dates.now().isoformat() == "2026-07-01T12:00:00+01:00"
    monkeypatch.setenv("REFLECT_NOW", "noon")
    with pytest.raises(Refused, match="REFLECT_NOW"):
        dates.now()
    monkeypatch.delenv("REFLECT_NOW")
    assert dates.now().utcoffset() is not None


@pytest.mark.parametrize(
    ("named", "zone"),
    [
        ("Europe/London", "Europe/London"),
        (":Asia/Kolkata", "Asia/Kolkata"),
        ("/usr/share/zoneinfo/Europe/Paris", "Europe/Paris"),
        ("/etc/localtime", ""),
    ],
)
def test_zone_is_a_name_and_no_path(monkeypatch: pytest.MonkeyPatch, named: str, zone: str) -> None:
    """What is stored of the zone is its name, never a path of this machine."""
    monkeypatch.setenv("TZ", named)
    assert dates.zone_name() == zone


def test_in_words() -> None:
    """On paper a date is words."""
    assert dates.in_words("2026-11-01") == "1 November 2026"
    assert dates.in_words("2026-11-20T16:00:00+00:00") == "20 November 2026"
