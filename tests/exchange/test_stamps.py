"""Dates as other tools write them, and the zones they are put into."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.errors import Refused
from reflect.exchange import stamps
from reflect.exchange.stamps import Clock

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
naive = st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2037-12-31"))


@given(naive.map(lambda moment: moment.replace(microsecond=0)), st.sampled_from(sorted(set(stamps.known()))))
def test_every_known_form_reads_what_it_writes(moment: datetime, form: str) -> None:
    """For all forms that are tried, what strftime writes in one is read as the same moment."""
    written = moment.replace(tzinfo=UTC).strftime(form)
    read = stamps.compiled(form).read(written)
    assert read is not None
    assert read.replace(tzinfo=None).strftime(form) == moment.strftime(form)


@pytest.mark.parametrize(
    ("form", "written", "read"),
    [
        ("%F %r", "2026-11-20 03:04:05 PM", "2026-11-20T15:04:05"),
        ("%F %T", "2026-11-20 15:04:05", "2026-11-20T15:04:05"),
        ("%D %R", "11/20/26 15:04", "2026-11-20T15:04:00"),
        ("%-d.%-m.%Y", "3.4.2026", "2026-04-03T00:00:00"),
        ("%c", "Fri Nov 20 15:04:05 2026", "2026-11-20T15:04:05"),
        ("%d %B %Y", "3 MAY 2026", "2026-05-03T00:00:00"),
        ("%Y%m%dT%H%M", "20261120T1504", "2026-11-20T15:04:00"),
        ("100%% %Y-%m-%d", "100% 2026-11-20", "2026-11-20T00:00:00"),
        ("%y-%m-%d", "68-11-20", "2068-11-20T00:00:00"),
        ("%y-%m-%d", "69-11-20", "1969-11-20T00:00:00"),
        ("%Y-%m-%d %H:%M %Z", "2026-11-20 15:04 UTC", "2026-11-20T15:04:00+00:00"),
        ("%Y-%m-%d %H:%M%z", "2026-11-20 15:04-0330", "2026-11-20T15:04:00-03:30"),
        ("%Y-%m-%d %I:%M%p", "2026-11-20 12:04AM", "2026-11-20T00:04:00"),
    ],
)
def test_forms_that_a_person_states(form: str, written: str, read: str) -> None:
    """Directives mean what they mean to the C library."""
    found = stamps.compiled(form).read(written)
    assert found is not None
    assert found.isoformat() == read


@pytest.mark.parametrize("form", ["%Q", "%", "%Y %Y"])
def test_a_form_that_is_none(form: str) -> None:
    """An unknown directive, or one twice, is refused."""
    with pytest.raises(Refused, match="not a format"):
        stamps.Format(form)


@pytest.mark.parametrize(
    ("form", "written"), [("%d/%m/%Y", "31/02/2026"), ("%Y-%m-%d %I:%M %p", "2026-01-01 13:00 PM")]
)
def test_a_day_that_does_not_exist(form: str, written: str) -> None:
    """The right form with a wrong number is told from a wrong form."""
    with pytest.raises(ValueError, match=r"day|hour"):
        stamps.compiled(form).read(written)
    assert stamps.compiled(form).fits(written)
    assert stamps.compiled(form).read("something") is None


def test_day_first_is_guessed_first() -> None:
    """Of two forms that fit alike the one with the day first is taken."""
    found = stamps.guess(["03/04/2026", "05/06/2026"], stamps.known())
    assert found is not None
    assert found.written == "%d/%m/%Y"
    turned = stamps.guess(["03/04/2026", "05/06/2026"], stamps.known(month_first=True))
    assert turned is not None
    assert turned.written == "%m/%d/%Y"
    assert stamps.guess(["soon"], stamps.known()) is None


ZONES = st.sampled_from(
    ["Europe/London", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Sao_Paulo"]
)


@given(naive, ZONES)
def test_a_wall_time_keeps_its_clock_reading(moment: datetime, zone: str) -> None:
    """For all wall times: the entry shows the same hour, unless the clocks leapt over it (Row 71)."""
    clock = Clock(zone, "")
    placed = clock.wall(moment)
    there = datetime.fromisoformat(placed.at)
    assert placed.zone == zone
    if clock.leapt:
        assert timedelta() < there.replace(tzinfo=None) - moment <= timedelta(hours=2)
    else:
        assert there.replace(tzinfo=None) == moment
    assert there.astimezone(UTC) == datetime.fromisoformat(clock.utc(there).at)


@given(naive.map(lambda moment: moment.replace(tzinfo=UTC)), ZONES)
def test_an_exact_moment_stays_the_same_moment(moment: datetime, zone: str) -> None:
    """For all moments in UTC: only the clock they are shown by changes."""
    assert datetime.fromisoformat(Clock(zone, "").utc(moment).at) == moment


@given(days, ZONES)
def test_a_bare_day_stays_the_same_day(day: date, zone: str) -> None:
    """For all days: the entry is on that day, at noon."""
    assert Clock(zone, "").day(day).at[:13] == f"{day.isoformat()}T12"


@pytest.fixture
def _in_london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let this process's clock be London's."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Europe/London")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_in_london")
def test_the_computer_s_own_zone() -> None:
    """Without a name the computer's clock counts, its leap included."""
    clock = Clock("", "")
    assert clock.wall(datetime.fromisoformat("2026-07-01T10:00:00")) == ("2026-07-01T10:00:00+01:00", "")
    assert clock.wall(datetime.fromisoformat("2026-03-29T01:30:00")).at == "2026-03-29T02:30:00+01:00"
    assert clock.leapt == 1
    assert clock.said == "this computer's time zone"


def test_a_zone_that_does_not_exist() -> None:
    """A zone that was asked for and is not known is refused; the computer's own odd name is not."""
    with pytest.raises(Refused, match="no time zone 'Mars/Olympus'"):
        Clock("Mars/Olympus", "")
    assert Clock("", "GMT0BST,M3.5.0/1,M10.5.0").said == "this computer's time zone"
    assert stamps.of_zone("Mars/Olympus", Clock("Asia/Tokyo", "")).name == "Asia/Tokyo"
    assert stamps.of_zone("Europe/Paris", Clock("Asia/Tokyo", "")).name == "Europe/Paris"
