"""Calendar files: which meetings they hold and when each ended, whatever a calendar program may write."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ics import ZONE, calendar, ends, event, hour, read

LONDON = ("DTSTART;TZID=Europe/London:20260102T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")


@pytest.fixture(autouse=True)
def _in_london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the local zone of this process be London's."""
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


# -- zones ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "ended"),
    [
        (("DTSTART:20261120T140000Z", "DTEND:20261120T150000Z"), "11-20T15:00"),
        (("DTSTART:20261120T140000", "DTEND:20261120T150000"), "11-20T15:00"),
        (("DTSTART;TZID=America/New_York:20261120T090000", "DURATION:PT1H30M"), "11-20T15:30"),
        (("DTSTART;TZID=W. Europe Standard Time:20261120T140000", "DURATION:PT1H"), "11-20T14:00"),
        (("DTSTART;TZID=Our Island:20261120T160000", "DURATION:PT1H"), "11-20T15:00"),
        (("DTSTART;TZID=Asia/Tokyo:20261121T000000", "DTEND;TZID=Europe/Paris:20261120T170000"), "11-20T16:00"),
        (("DTSTART:20261120T140000Z",), "11-20T14:00"),
        (('DTSTART;TZID="Europe/Paris":20261120T140000', "DURATION:PT1H"), "11-20T14:00"),
        (("DTSTART;TZID=/example.org/Tzfile/Europe/Paris:20261120T140000", "DURATION:PT1H"), "11-20T14:00"),
    ],
)
def test_an_end_is_told_in_every_zone(lines: tuple[str, ...], ended: str) -> None:
    """UTC, floating, named in several ways, Windows' and the file's own zones, no length at all: each end is right."""
    assert ends(calendar(event("a", *lines), head=ZONE)) == [("Board", ended)]


def test_a_zone_of_one_file_is_not_the_next_ones() -> None:
    """Two calendars may call different zones by one name; each event is in its own calendar's."""
    east = ZONE.replace("+0200", "+0500").replace("+0300", "+0600")
    meeting = ("DTSTART;TZID=Our Island:20261120T160000", "DURATION:PT1H")
    first, second = (calendar(event(uid, *meeting, title=uid), head=head) for uid, head in (("a", ZONE), ("b", east)))
    assert ends(first, second) == [("b", "11-20T12:00"), ("a", "11-20T15:00")]


def test_the_calendars_own_zone_holds_for_floating_times() -> None:
    """Where a calendar says in which zone its bare times are, they are in that one."""
    bare = event("a", "DTSTART:20261120T140000", "DURATION:PT1H")
    assert ends(calendar(bare, head="X-WR-TIMEZONE:America/New_York\n")) == [("Board", "11-20T20:00")]
    assert ends(calendar(bare, head="X-WR-TIMEZONE:No/Where\n")) == [("Board", "11-20T15:00")]


def test_an_unknown_zone_is_refused_and_not_taken_for_ours() -> None:
    """A time in a zone that nobody knows would be off by hours, so its event is refused."""
    (refused,) = read(calendar(event("a", "DTSTART;TZID=No/Where:20261120T140000"))).refused
    assert "No/Where" in refused.why


def test_a_zone_whose_clocks_change_all_day_is_not_asked() -> None:
    """A zone that would be reckoned without end is unknown, and its events are refused."""
    endless = ZONE.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY")
    reading = read(calendar(event("a", "DTSTART;TZID=Our Island:20261120T140000"), head=endless))
    assert (reading.held, len(reading.refused)) == ((), 1)


def test_summer_time_is_kept_by_events_that_repeat() -> None:
    """A meeting at nine stays at nine when the clocks change between its first time and now."""
    summer = event("a", "DTSTART;TZID=Europe/London:20260703T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    assert ends(calendar(summer)) == [("Board", "11-20T10:00"), ("Board", "11-27T10:00")]


# -- events that repeat -------------------------------------------------------------------------------


def test_each_time_of_an_event_is_an_instance_of_its_own() -> None:
    """What repeats keeps its UID, and each time is told by when it was planned."""
    held = read(calendar(event("weekly", *LONDON))).held
    assert [(each.meeting.uid, each.meeting.instance) for each in held] == [
        ("weekly", "20261120T090000Z"),
        ("weekly", "20261127T090000Z"),
    ]
    (once,) = read(calendar(hour("once", "20261120T140000"))).held
    assert once.meeting.instance == ""


def test_excluded_and_added_days_count() -> None:
    """EXDATE takes a time out and RDATE adds one."""
    rows = (*LONDON, "EXDATE;TZID=Europe/London:20261127T090000", "RDATE;TZID=Europe/London:20261125T090000")
    assert ends(calendar(event("a", *rows))) == [("Board", "11-20T10:00"), ("Board", "11-25T10:00")]


def test_a_moved_instance_is_at_its_new_time_only() -> None:
    """A time that was moved ends when it was moved to, keeps which one it was, and is not at its old time."""
    moved = event(
        "a", "RECURRENCE-ID;TZID=Europe/London:20261120T090000", "DTSTART:20261120T130000Z", "DURATION:PT1H", title="X"
    )
    held = read(calendar(moved, event("a", *LONDON))).held
    assert [(each.title, each.meeting.instance, each.meeting.ended_at[5:16]) for each in held] == [
        ("X", "20261120T090000Z", "11-20T14:00"),
        ("Board", "20261127T090000Z", "11-27T10:00"),
    ]


def test_a_move_of_all_that_follow_moves_each() -> None:
    """From a time that was moved with all that follow, each is moved and an instance of its own."""
    moved = event(
        "a",
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20261113T090000",
        "DTSTART;TZID=Europe/London:20261113T110000",
        "DURATION:PT1H",
    )
    held = read(calendar(event("a", *LONDON), moved)).held
    assert [each.meeting.ended_at[5:16] for each in held] == ["11-20T12:00", "11-27T12:00"]
    assert len({each.meeting.instance for each in held}) == 2


@pytest.mark.parametrize(
    "content",
    [
        calendar(hour("a", "20261120T140000", "STATUS:CANCELLED")),
        calendar(hour("a", "20261120T140000", "STATUS:cancelled")),
        calendar(hour("a", "20261120T140000"), head="METHOD:CANCEL\n"),
        calendar(
            event("a", *LONDON, "EXDATE;TZID=Europe/London:20261127T090000"),
            event(
                "a",
                "RECURRENCE-ID;TZID=Europe/London:20261120T090000",
                "DTSTART;TZID=Europe/London:20261120T090000",
                "DURATION:PT1H",
                "STATUS:CANCELLED",
            ),
        ),
        calendar(
            event("a", *LONDON, "STATUS:CANCELLED"),
            event("a", "RECURRENCE-ID:20261120T090000Z", "DTSTART:20261120T100000Z", "DURATION:PT1H"),
        ),
    ],
)
def test_what_was_cancelled_did_not_end(content: bytes) -> None:
    """A cancelled event, one time of one, a whole series and a calendar that cancels are never offered."""
    assert ends(content) == []


def test_whole_days_are_no_meetings() -> None:
    """A birthday or a day off is never offered, once or every year."""
    yearly = ("DTSTART;VALUE=DATE:20201120", "RRULE:FREQ=YEARLY")
    assert ends(calendar(event("a", "DTSTART;VALUE=DATE:20261120"), event("b", *yearly))) == []


# -- several files ------------------------------------------------------------------------------------


def test_the_same_event_in_two_files_is_one() -> None:
    """Of two copies the newer counts, wherever it stands: its time, and that it was cancelled."""
    old = calendar(hour("a", "20261120T140000", "SEQUENCE:1"), hour("b", "20261120T100000"))
    new = calendar(hour("a", "20261120T150000", "SEQUENCE:2"), hour("b", "20261120T100000", "SEQUENCE:1"))
    gone = calendar(hour("a", "20261120T150000", "SEQUENCE:3", "STATUS:CANCELLED"))
    expected = [("Board", "11-20T11:00"), ("Board", "11-20T16:00")]
    assert ends(old, old, new) == ends(new, old) == expected
    assert ends(gone, new, old) == expected[:1]


def test_a_copy_that_moved_far_away_still_counts() -> None:
    """A newer copy that is nowhere near today keeps an older one from being offered."""
    near, far = hour("a", "20261120T140000"), hour("a", "20270301T140000", "SEQUENCE:1")
    assert ends(calendar(near), calendar(far)) == []


# -- what can't be read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:yesterday",), "DTSTART"),
        (("DTSTART:20261320T140000",), "DTSTART"),
        (("DTSTART:20261120T140000Z", "DTEND:20261120T130000Z"), "end is before its start"),
        (("DTSTART:20261120T140000Z", "DURATION:-PT1H"), "end is before its start"),
        (("DTSTART:20261120T140000Z", "DTEND;VALUE=DATE:20261121"), "day"),
        (("DTSTART:20261120T140000Z", "DTSTART:20261121T140000Z"), "more than one DTSTART"),
        (("DTSTART:20261120T140000Z", "RRULE:FREQ=SOMETIMES"), "RRULE"),
        (("DTSTART:20261120T140000Z", "RRULE:FREQ=SECONDLY"), "all day long"),
        (("DTSTART:20261120T140000Z", "RRULE:FREQ=HOURLY"), "all day long"),
        (("DTSTART:20261120T140000Z", f"RRULE:FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))}"), "all day long"),
        (("DTSTART:20261120T140000Z", "RRULE:FREQ=DAILY;INTERVAL=0"), "interval"),
        (("DTSTART:20261120T140000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "never"),
        (("DTSTART:20261120T140000Z", "RRULE:FREQ=DAILY;BYSETPOS=2;COUNT=3"), "never"),
        (("DTSTART:20261120T140000Z", "RRULE:FREQ=MONTHLY;BYDAY=7MO"), "never"),
        (("DTSTART:00011120T140000Z",), "years go"),
        (("DTSTART:20261120T140000Z", "SEQUENCE:x"), "SEQUENCE"),
        (("X-NOTHING:1",), "no DTSTART"),
    ],
)
def test_a_malformed_event_is_named_and_the_rest_is_read(lines: tuple[str, ...], why: str) -> None:
    """What is wrong with an event is said with file, line and title; the one after it is read, and nothing hangs."""
    reading = read(
        calendar(hour("good", "20261120T100000")),
        calendar(event("bad", *lines), hour("z", "20261120T140000")),
        everything=True,
    )
    (refused,) = reading.refused
    assert (refused.file, refused.line, refused.event) == ("2.ics", 4, "Board")
    assert why in refused.why
    assert [each.meeting.uid for each in reading.held] == ["good", "z"]
    assert reading.events == 3


def test_rare_days_are_not_never() -> None:
    """The 29th of February, every second year or a certain weekday, comes true now and then."""
    for rule in ("FREQ=YEARLY;INTERVAL=2", "FREQ=DAILY;BYDAY=MO"):
        for year in (2021, 2022, 2023, 2024):
            rows = (f"DTSTART:{year}0101T140000Z", f"RRULE:{rule};BYMONTH=2;BYMONTHDAY=29")
            wanted = 1 if "INTERVAL" in rule and year % 2 else 0  # odd years, counted by two, have no such day
            assert len(read(calendar(event("a", *rows))).refused) == wanted, (rule, year)


@pytest.mark.parametrize("uid", ["", " ", "a\0b", "x" * 1_001])
def test_an_event_without_a_right_uid_is_refused(uid: str) -> None:
    """Without a UID that can be kept nobody could tell whether an event was written about."""
    (refused,) = read(calendar(event(uid, "DTSTART:20261120T140000Z"))).refused
    assert "UID" in refused.why


def test_a_file_that_is_cut_off_gives_what_is_whole() -> None:
    """Of a file that ends in the middle of an event, that one is refused and those before it are read."""
    whole = calendar(hour("a", "20261120T140000"), hour("b", "20261120T150000", title="Second"))
    reading = read(whole[: whole.index(b"Second") + 8])
    assert [each.meeting.uid for each in reading.held] == ["a"]
    assert [each.why for each in reading.refused] == ["it is cut off", "the file's end is missing"]


def test_what_else_a_calendar_holds_is_passed_over() -> None:
    """Tasks, notes, alarms and lines that nobody knows are no reason to refuse an event."""
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM"
    task = "BEGIN:VTODO\nUID:t\nDUE:20261120T140000Z\nEND:VTODO\n"
    assert ends(calendar(task, hour("a", "20261120T140000", alarm, "NO SUCH LINE", "X-A:1"))) == [
        ("Board", "11-20T15:00")
    ]


def test_our_own_reminder_is_no_meeting() -> None:
    """The reminder that `reflect remind ics` makes is not offered when it is in a calendar."""
    assert ends(calendar(hour("1@reminder.reflect", "20261120T140000"))) == []


def test_a_title_is_one_clean_line() -> None:
    """Folded lines, escapes and signs that a terminal would obey leave a title that can be shown."""
    folded = hour("a", "20261120T140000", title="A long\n  title\\, with \x1b[31msigns\\nand more")
    (held,) = read(calendar(folded)).held
    assert held.title == "A long title, with [31msigns and more"
    (long,) = read(calendar(hour("b", "20261120T140000", title="x" * 500))).held
    assert len(long.title) == 120


# -- for all ------------------------------------------------------------------------------------------


@given(
    st.datetimes(datetime(2026, 11, 10), datetime(2026, 12, 5)),  # noqa: DTZ001 - wall times
    st.integers(0, 600),
    st.sampled_from(["Europe/London", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati"]),
    st.sampled_from(["DTEND", "DURATION"]),
)
def test_for_every_event_the_quick_look_agrees_with_the_close_one(
    start: datetime, minutes: int, zone: str, how: str
) -> None:
    """For all single events: it is held exactly when it ends in the span, and looking closely finds the same."""
    start = start.replace(second=0, microsecond=0)
    end = (start.replace(tzinfo=ZoneInfo(zone)) + timedelta(minutes=minutes)).replace(tzinfo=None)
    rest = f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}" if how == "DTEND" else f"DURATION:PT{minutes}M"
    content = calendar(event("a", f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}", rest))
    found = [each.meeting.ended_at for each in read(content).held]
    assert found == [each.meeting.ended_at for each in read(content, everything=True).held]
    begin, last = (datetime.fromisoformat(day).astimezone() for day in ("2026-11-20", "2026-11-28"))
    assert bool(found) == (begin <= end.replace(tzinfo=ZoneInfo(zone)).astimezone() <= last)


@given(st.text(st.sampled_from("BEGIN:VTZCALDRSU;=\r\n \t0126ZQ"), max_size=300))
def test_no_file_makes_it_fall(text: str) -> None:
    """For all text that looks like a calendar: it is read or refused, and nothing else happens."""
    reading = read(b"BEGIN:VCALENDAR\n" + text.encode(), calendar(hour("good", "20261120T100000")))
    assert "good" in [each.meeting.uid for each in reading.held]
    assert all(re.fullmatch(r"[12]\.ics", each.file) for each in reading.refused)
