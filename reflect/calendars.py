"""What calendar files hold: which meetings there are, and when each one ended.

The one module that knows icalendar; it is loaded only when a calendar is new or has changed.
Each event is read by itself, so that a malformed one is refused and the rest is read.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from dateutil.rrule import rrulestr

from reflect import calendar_text
from reflect.calendar_text import Block, Calendar, Refusal
from reflect.models import Meeting

OURS = "@reminder.reflect"
"""How the UID of our own reminder ends, which is no meeting."""
_LAST_YEARS = range(9904, 9932)  # each distance from a leap year comes once with each weekday; reckoning ends with 9999
_MOST_A_DAY = 24
_LONGEST_UID = 1_000
_EARLIEST, _LATEST = 1900, 2199
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS", "SEQUENCE", "UID")
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SEQUENCE", "STATUS", "UID")


class Held(NamedTuple):
    """One meeting that a calendar holds, with its title."""

    title: str
    meeting: Meeting


class Reading(NamedTuple):
    """What calendar files hold."""

    held: tuple[Held, ...]
    """Meetings that end in the span that was asked for, in the order of their ends."""
    refused: tuple[Refusal, ...]
    events: int
    """Events that there are, refused ones included."""


class _Event(NamedTuple):
    block: Block
    event: Any

    @property
    def rank(self) -> tuple[int, str]:
        """Return what tells the newer of two copies."""
        stamp = next((self.event[name] for name in ("LAST-MODIFIED", "DTSTAMP") if name in self.event), None)
        at = getattr(stamp, "dt", None)
        return int(self.event.get("SEQUENCE", 0)), _instance(at) if isinstance(at, date) else ""


def read(
    sources: Iterable[tuple[str, bytes]],
    since: datetime,
    until: datetime,
    *,
    everything: bool = False,
    tick: Callable[[int, int], None] = lambda _done, _of_all: None,
) -> Reading:
    """Return the meetings that end between two moments, from files given by name and content.

    With `everything` each event is read closely, so that every malformed one is told of; without, only those that
    may matter. `tick` is called with how many of how many events are read.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library guesses of a zone's name is right or refused below
        return _read(sources, since, until, tick, everything=everything)


def _read(
    sources: Iterable[tuple[str, bytes]],
    since: datetime,
    until: datetime,
    tick: Callable[[int, int], None],
    *,
    everything: bool,
) -> Reading:
    found = list(calendar_text.blocks(sources))
    refused = [each for each in found if isinstance(each, Refusal)]
    blocks = [each for each in found if isinstance(each, Block)]
    chosen = blocks if everything else calendar_text.that_matter(blocks, since, until)
    series: dict[str, dict[str, _Event]] = defaultdict(dict)
    for each in _parsed(chosen, lambda done: tick(done, len(chosen))):
        if isinstance(each, Refusal):
            refused.append(each)
            continue
        copies, instance = series[str(each.event["UID"])], _recurrence(each.event)
        if instance not in copies or each.rank > copies[instance].rank:
            copies[instance] = each
    held: list[Held] = []
    for uid, copies in series.items():
        if uid.endswith(OURS):
            continue
        try:
            held += _instances(uid, list(copies.values()), since, until)
        except Exception as error:  # noqa: BLE001 - whatever a library makes of one event must not cost the others
            refused.append(next(iter(copies.values())).block.refused(f"its times can't be made out ({error})"))
    held.sort(key=lambda each: (datetime.fromisoformat(each.meeting.ended_at), each.meeting.uid))
    return Reading(tuple(held), tuple(refused), len(found))


# -- what an event says ---------------------------------------------------------------------------


def _parsed(blocks: Sequence[Block], tick: Callable[[int], None]) -> Iterator[_Event | Refusal]:
    """Yield each event as read, its times checked, or why it can't be."""
    calendar = 0
    for done, block in enumerate(blocks):
        if not done % 100:
            tick(done)
        if block.calendar.number != calendar:
            calendar = block.calendar.number
            _know_zones(block.calendar.zones)
        try:
            event: Any = icalendar.Event.from_ical(block.text)
            _check(event)
        except Exception as error:  # noqa: BLE001 - as in `read`
            yield block.refused(str(error) or type(error).__name__)
            continue
        yield _Event(block, event)
    tick(len(blocks))


def _know_zones(zones: Iterable[str]) -> None:
    """Let the zones that a calendar brings with it be known, and no others of that kind."""
    icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # forgets those of the calendar before
    for text in zones:
        if any("FREQ=YEARLY" not in rule.upper() or "INTERVAL" in rule.upper() for rule in calendar_text.rules(text)):
            continue  # clocks change once a year; a zone that says otherwise could be asked without end
        try:
            icalendar.Calendar.from_ical(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n")
        except Exception:  # noqa: BLE001, S112 - its events are refused, since their zone is not known then
            continue


def _check(event: Any) -> None:
    """Raise ValueError with the reason for which an event's times can't be told."""
    for name, error in event.errors:
        if name in _TIMES:
            raise ValueError(f"{name}: {error}")
    for name in _ONCE:
        if isinstance(event.get(name), list):
            raise ValueError(f"it has more than one {name}")  # noqa: TRY004 - a fault of the file
    _check_uid(str(event.get("UID", "")))
    if "DTSTART" not in event:
        raise ValueError("it has no DTSTART")
    for name in ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"):
        for each in _each(event.get(name)):
            _check_zone(name, each)
    start = event["DTSTART"].dt
    _check_span(event, start)
    for rule in _each(event.get("RRULE")):
        _check_rule(rule, start)


def _check_uid(uid: str) -> None:
    """Refuse an event that could not be told from others later."""
    if not uid.strip():
        raise ValueError("it has no UID")
    if len(uid) > _LONGEST_UID or any(sign < " " for sign in uid):
        raise ValueError("its UID can't be kept")


def _check_span(event: Any, start: object) -> None:
    """Refuse an event that has no right beginning, or ends before it."""
    if not isinstance(start, date):
        raise ValueError("DTSTART is no day and no time")  # noqa: TRY004 - a fault of the file
    if not _EARLIEST <= start.year <= _LATEST:
        raise ValueError(f"years go from {_EARLIEST} to {_LATEST}")
    end = event["DTEND"].dt if "DTEND" in event else start
    if not isinstance(end, date) or isinstance(start, datetime) != isinstance(end, datetime):
        raise ValueError("one of DTSTART and DTEND is a day, the other is not")
    lasts = event["DURATION"].dt if "DURATION" in event else timedelta(0)
    if _moment(end) < _moment(start) or lasts < timedelta(0):
        raise ValueError("its end is before its start")


def _each(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _check_zone(name: str, value: Any) -> None:
    """Refuse a time in a zone that nobody knows, which would count as local time."""
    zone = str(value.params.get("TZID", ""))
    inner = [each.dt for each in value.dts] if hasattr(value, "dts") else [value.dt]
    times = [each[0] if isinstance(each, tuple) else each for each in inner]
    if zone and any(isinstance(each, datetime) and each.tzinfo is None for each in times):
        raise ValueError(f"{name}: the time zone {zone} is not known")


def _check_rule(rule: Any, start: date) -> None:
    """Refuse a rule that comes true too often, or never: either would be reckoned without end."""
    if any(number < 1 for number in rule.get("INTERVAL", ())):
        raise ValueError("RRULE: the interval is less than one")
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= len(rule.get(name, ())) or 1
    if rule.get("FREQ", [""])[0] in ("SECONDLY", "MINUTELY", "HOURLY") or times > _MOST_A_DAY:
        raise ValueError("RRULE: it repeats all day long, which no meeting does")
    bare = icalendar.vRecur({key: value for key, value in rule.items() if key not in ("UNTIL", "COUNT")})
    rules = rrulestr(bare.to_ical().decode(), dtstart=_late(start))  # type: ignore[no-untyped-call]
    if next(iter(rules), None) is None:
        raise ValueError("RRULE: it never comes true")


def _late(start: date) -> datetime:
    """Return a day like this one shortly before years end: a rule that never comes true from there is soon known."""
    first = date(start.year, 1, 1).weekday()
    year = next(year for year in _LAST_YEARS if date(year, 1, 1).weekday() == first and year % 4 == start.year % 4)
    return datetime(year, start.month, start.day)  # noqa: DTZ001 - only whether there is a day is asked


# -- when it was ----------------------------------------------------------------------------------


def _instances(uid: str, copies: Sequence[_Event], since: datetime, until: datetime) -> Iterator[Held]:
    """Yield the times of one event that end in the span; neither whole days nor what was cancelled."""
    main = next((each for each in copies if "RECURRENCE-ID" not in each.event), None)
    if main and _is_cancelled(main.event, main.block.calendar):
        return
    calendar = icalendar.Calendar()
    zone = (main or copies[0]).block.calendar.zone
    if zone and _is_known(zone):
        calendar.add("X-WR-TIMEZONE", zone)
    for each in copies:
        if _is_cancelled(each.event, each.block.calendar):
            each.event["STATUS"] = "CANCELLED"
        calendar.add_component(each.event)
    repeats = not main or "RRULE" in main.event or "RDATE" in main.event
    shift = timedelta(days=1)  # a time without a zone is compared with one that has some other
    for found in recurring_ical_events.of(calendar).between(since - shift, until + shift):
        start, end = found["DTSTART"].dt, found["DTEND"].dt
        if not isinstance(start, datetime) or _is_cancelled(found):
            continue
        ended = _moment(end)
        if since <= ended <= until:
            meeting = Meeting(
                uid, _which(found) if repeats else "", _moment(start).isoformat(), ended.astimezone().isoformat()
            )
            yield Held(calendar_text.title(str(found.get("SUMMARY", ""))), meeting)


def _is_cancelled(event: Any, calendar: Calendar | None = None) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED" or bool(calendar and calendar.is_cancelled)


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _moment(when: date) -> datetime:
    """Return a time in the local zone, into which a floating one falls; a day begins at its midnight."""
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day)  # noqa: DTZ001 - local, as the next line says
    return when.astimezone()


def _which(found: Any) -> str:
    """Return which instance this is: the time it was first planned for."""
    planned = found["RECURRENCE-ID"]
    if planned.params.get("RANGE", "") == "THISANDFUTURE":  # all that follow carry the same one
        return _instance(found["DTSTART"].dt)
    return _instance(planned.dt)


def _recurrence(event: Any) -> str:
    """Return the instance that an event's text is about, empty where it is about all."""
    return _instance(event["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in event else ""


def _instance(when: date) -> str:
    if not isinstance(when, datetime):
        return f"{when:%Y%m%d}"
    return f"{when.astimezone(timezone.utc):%Y%m%dT%H%M%SZ}" if when.tzinfo else f"{when:%Y%m%dT%H%M%S}"  # noqa: UP017
