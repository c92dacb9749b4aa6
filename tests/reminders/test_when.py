"""When a reminder comes, as people write it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.errors import Refused
from reflect.reminders.when import DAYS, When, read

ALL = tuple(range(7))
WHENS = st.builds(
    lambda days, hour, minute: When(tuple(sorted(days)), hour, minute),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 23),
    st.integers(0, 59),
)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("friday 16:00", When((4,), 16, 0)),
        ("Fridays at 4pm", When((4,), 16, 0)),
        ("4 pm on fri", When((4,), 16, 0)),
        ("monday and thursday 9:05", When((0, 3), 9, 5)),
        ("thu, mon, mon 09.05", When((0, 3), 9, 5)),
        ("daily 17:30", When(ALL, 17, 30)),
        ("every day at 12am", When(ALL, 0, 0)),
        ("weekdays 12:00pm", When(ALL[:5], 12, 0)),
        ("weekend 10:00", When(ALL[5:], 10, 0)),
        ("wednesdays 23:59", When((2,), 23, 59)),
    ],
)
def test_days_and_times_are_read(text: str, when: When) -> None:
    """Names of days, their beginnings, several of them, and times of both kinds."""
    assert read(text) == when


@pytest.mark.parametrize(
    "text",
    [
        "",
        "friday",
        "16:00",
        "friday 9",
        "friday 25:00",
        "friday 9:60",
        "friday 13pm",
        "t 9:00",
        "someday 9:00",
        "fri 9:00 10:00",
    ],
)
def test_what_is_not_clear_is_refused(text: str) -> None:
    """No day, no time, a time that may be two, a day that may be two: refused with examples."""
    with pytest.raises(Refused, match="does not say when") as refused:
        read(text)
    assert "friday 16:00" in str(refused.value)


@given(WHENS)
def test_for_all_times_the_words_say_the_same(when: When) -> None:
    """For all days and times: read from its own words, it is the same."""
    assert read(str(when)) == when
    assert read(f"{' '.join(DAYS[day] for day in when.days)} {when.time}") == when


@given(WHENS, st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)))  # noqa: DTZ001 - wall times
def test_for_all_moments_the_first_is_the_next(when: When, now: datetime) -> None:
    """For all moments: the first time is after it, on a day and at the hour that was said, within a week."""
    first = when.after(now)
    assert now < first <= now + timedelta(days=7)
    assert (first.weekday() in when.days, first.hour, first.minute) == (True, when.hour, when.minute)
