"""The reminder that works everywhere: an .ics file, for whichever calendar a person has."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import uuid4

import icalendar

from reflect.calendars import OURS
from reflect.reminders.keeper import SAYS
from reflect.reminders.when import DAYS, When

_LASTS = timedelta(minutes=10)


def render(when: When, now: datetime) -> bytes:
    """Return a calendar with one event that repeats, in local time wherever the person is, and rings."""
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//reflect//reminder//EN")
    event = icalendar.Event()
    event.add("uid", f"{uuid4()}{OURS}")
    event.add("dtstamp", now.astimezone(timezone.utc))  # noqa: UP017 - as elsewhere
    event.add("dtstart", when.after(now))
    event.add("duration", _LASTS)
    days = [DAYS[day][:2].upper() for day in when.days]
    event.add("rrule", {"freq": "daily"} if when.is_daily else {"freq": "weekly", "byday": days})
    event.add("summary", "A moment to reflect")
    event.add("description", SAYS)
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", SAYS)
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
