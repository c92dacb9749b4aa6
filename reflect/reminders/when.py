"""When a reminder comes: days of the week and a time, as people write them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from reflect.errors import Refused

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVERY = tuple(range(7))
_SPANS = {"daily": _EVERY, "everyday": _EVERY, "day": _EVERY, "weekdays": _EVERY[:5], "weekends": _EVERY[5:]}
_BETWEEN = {"at", "on", "and", "every", "the"}
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")


class When(NamedTuple):
    """Days of the week, Monday being 0, and a local time."""

    days: tuple[int, ...]
    hour: int
    minute: int

    @property
    def is_daily(self) -> bool:
        """Return whether it is every day."""
        return self.days == _EVERY

    @property
    def time(self) -> str:
        """Return the time as 16:00."""
        return f"{self.hour:02}:{self.minute:02}"

    def __str__(self) -> str:
        """Return it in words: on Fridays at 16:00."""
        if self.is_daily:
            return f"every day at {self.time}"
        if self.days == _SPANS["weekdays"]:
            return f"on weekdays at {self.time}"
        names = [f"{DAYS[day]}s" for day in self.days]
        return f"on {' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))} at {self.time}"

    def after(self, now: datetime) -> datetime:
        """Return the first such moment after this one, as a local time without a zone."""
        first = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0, tzinfo=None)
        days = (first + timedelta(days=number) for number in range(8))
        return next(each for each in days if each.weekday() in self.days and each > now.replace(tzinfo=None))


def read(text: str) -> When:
    """Return when a reminder is wished for, or refuse what can't be read."""
    days: set[int] = set()
    time: tuple[int, int] | None = None
    words = re.sub(r"(\d)\s+([ap]m)\b", r"\1\2", text.lower().replace(",", " ")).split()
    for word in words:
        if word in _BETWEEN:
            continue
        found = _TIME.fullmatch(word)
        if found and time is None:
            time = _time(text, found)
        else:
            days.update(_days(text, word))
    if not days:
        raise _unreadable(text, "it names no day")
    if time is None:
        raise _unreadable(text, "it names no time")
    return When(tuple(sorted(days)), *time)


def _time(text: str, found: re.Match[str]) -> tuple[int, int]:
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise _unreadable(text, f"there is no {found[0]}")
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    elif not found[2]:
        raise _unreadable(text, f"{found[0]} may be morning or evening")
    if hour > 23 or minute > 59:
        raise _unreadable(text, f"there is no {found[0]}")
    return hour, minute


def _days(text: str, word: str) -> tuple[int, ...]:
    if word in _SPANS:
        return _SPANS[word]
    if f"{word}s" in _SPANS:
        return _SPANS[f"{word}s"]
    name = word.removesuffix("s")
    like = [number for number, day in enumerate(DAYS) if len(name) >= 3 and day.lower().startswith(name)]
    if len(like) != 1:
        raise _unreadable(text, f"{word!r} is no day and no time")
    return tuple(like)


def _unreadable(text: str, why: str) -> Refused:
    return Refused(
        f"{text!r} does not say when",
        why=why,
        next_step='write it as "friday 16:00", "daily 17:30", "weekdays 4pm" or "monday and thursday 9:00"',
    )
