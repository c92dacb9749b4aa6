"""Meetings that ended lately, of the calendars a person added: what `reflect` offers to look back on.

Calendars are local files. What they hold around today is kept ready in the journal, and they
are read anew only when one has changed, so that everyday commands never wait for them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reflect import dates
from reflect.errors import NotFound, ReflectError, Refused
from reflect.models import Meeting
from reflect.store import kept, meetings

if TYPE_CHECKING:
    from reflect.calendar_text import Refusal
    from reflect.calendars import Reading
    from reflect.journal import Journal

LATELY = timedelta(hours=12)
"""How long after its end a meeting is offered."""
LAST = "last"
"""Names the meeting that ended last."""
_BACK, _AHEAD = timedelta(days=1), timedelta(days=8)  # what is kept ready lasts a week, if no calendar changes
_REMEMBERED = timedelta(days=30)
_FEW = 200
"""Files of a folder that are looked at one by one; of more, the folder tells when one came or was replaced."""
_VERSION = 1


class Ended(NamedTuple):
    """A meeting that ended lately."""

    id: str
    """Eight signs, of which the beginning is enough."""
    title: str
    meeting: Meeting

    @property
    def name(self) -> str:
        """Return its title, or what stands for one."""
        return self.title or "A meeting"

    def fields(self) -> dict[str, object]:
        """Return it as scripts see it."""
        return {"id": self.id, "title": self.title, **self.meeting._asdict()}

    def ago(self, now: datetime) -> str:
        """Return how long ago it ended, in words."""
        minutes = int((now - datetime.fromisoformat(self.meeting.ended_at)).total_seconds()) // 60
        if minutes < 1:
            return "just now"
        number, unit = (minutes, "minute") if minutes < 60 else (minutes // 60, "hour")
        return f"{number} {unit}{'s' * (number > 1)} ago"


class Lately(NamedTuple):
    """Meetings that ended lately, the last one first."""

    ended: tuple[Ended, ...] = ()
    told: tuple[str, ...] = ()
    """Sentences on calendars that can't be read; each is said once."""


class Known(NamedTuple):
    """A calendar that was added."""

    path: str
    added_at: str
    is_there: bool


class Added(NamedTuple):
    """A calendar that was read whole."""

    path: str
    is_new: bool
    files: int
    reading: Reading


class Meetings:
    """The calendars of one journal."""

    def __init__(self, journal: Journal) -> None:
        """Take the journal they belong to."""
        self._journal = journal
        self._now = journal.now

    # -- calendars --------------------------------------------------------------------------

    def calendars(self) -> list[Known]:
        """Return the calendars that were added."""
        with self._journal.reading() as db:
            return [Known(path, at, Path(path).exists()) for path, at in meetings.calendars(db)]

    def add(
        self, path: Path, *, dry_run: bool = False, tick: Callable[[int, int], None] = lambda _done, _of_all: None
    ) -> Added:
        """Read a calendar whole, and remember it by its path; one that can't be read is refused."""
        from reflect import calendar_text, calendars

        place = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - a link stays the name it goes by
        if not _is_text(str(place)):
            raise Refused("the path is no text", why="it has bytes that are not UTF-8", next_step="rename the file")
        found = calendar_text.files(place)
        sources = ((each.name, calendar_text.contents(each)) for each in found)
        reading = calendars.read(sources, self._now - _BACK, self._now + _AHEAD, everything=True, tick=tick)
        with self._journal.reading() as db:
            is_new = str(place) not in dict(meetings.calendars(db))
        if not dry_run:
            with self._journal.change() as db:
                meetings.add_calendar(db, str(place), self._now.isoformat())
                kept.drop(db, "meetings")
            self._lately()
        return Added(str(place), is_new, len(found), reading)

    def remove(self, path: str, *, dry_run: bool = False) -> str:
        """Forget a calendar; its file stays as it is. Return its path."""
        place = os.path.abspath(Path(path).expanduser())  # noqa: PTH100 - as above
        known = [each.path for each in self.calendars()]
        like = [each for each in known if each == place] or [each for each in known if Path(each).name == path]
        if len(like) != 1:
            raise NotFound(f"there is no calendar {path!r} here", next_step="see `reflect calendar list`")
        if not dry_run:
            with self._journal.change() as db:
                meetings.remove_calendar(db, like[0])
        return like[0]

    # -- what ended -------------------------------------------------------------------------

    def lately(self) -> Lately:
        """Return the meetings that ended lately, were not passed over, and have no entry yet."""
        ended, told = self._lately()
        with self._journal.reading() as db:
            free = (each for each in ended if not meetings.is_done(db, each.meeting.uid, each.meeting.instance))
            return Lately(tuple(free), tuple(told))

    def named(self, beginning: str, *, only_offered: bool = False) -> Ended:
        """Return the one meeting that ended lately whose id begins with these signs, or `last`."""
        ended, told = self._lately()
        if only_offered:
            ended = [each for each in ended if each in self.lately().ended]
        like = ended[:1] if beginning == LAST else [each for each in ended if each.id.startswith(beginning.lower())]
        if len(like) > 1:
            raise Refused(
                f"more than one meeting begins with {beginning!r}",
                why=", ".join(each.id for each in like),
                next_step="give one more sign",
            )
        if not like or not beginning:
            raise NotFound(
                "no meeting ended lately" if beginning == LAST else f"no meeting {beginning!r} ended lately",
                why="; ".join(each.rstrip(".") for each in told),
                next_step="see `reflect calendar`, and `reflect calendar list`",
            )
        return like[0]

    def pass_over(self, ended: Ended) -> None:
        """Offer a meeting no more."""
        with self._journal.change() as db:
            before = (self._now - _REMEMBERED).isoformat()
            meetings.pass_over(db, ended.meeting, self._now.isoformat(), before)

    def _lately(self) -> tuple[list[Ended], list[str]]:
        """Return what ended lately, the last one first, and what is to be said of calendars."""
        with self._journal.reading() as db:
            paths = [path for path, _ in meetings.calendars(db)]
            if not paths:
                return [], []
            ready = meetings.ready(db)
        stamp = _stamp(paths)
        now = self._now.timestamp()
        since = now - LATELY.total_seconds()
        known: dict[str, Any] = json.loads(ready[1]) if ready else {}
        told: list[str] = []
        if not ready or ready[0] != stamp or not known["since"] <= since <= now <= known["until"]:
            before = known.get("troubles", [])
            known = self._read(paths)
            told = [each for each in known["troubles"] if each not in before]
            self._journal.keep_ready("meetings", json.dumps(known), stamp)
        found = [each for each in known["held"] if since <= each[0] <= now]
        found.sort(key=lambda each: (each[0], each[1]), reverse=True)
        return [Ended(name, title, Meeting(*which)) for _, name, title, which in found], told

    def _read(self, paths: list[str]) -> dict[str, Any]:
        """Read the calendars for the days around today, one that can't be read left out."""
        from reflect import calendars

        since, until = self._now - _BACK, self._now + _AHEAD
        troubles: list[str] = []
        reading = calendars.read(_sources(paths, troubles), since, until)
        refused = {each.file: [one for one in reading.refused if one.file == each.file] for each in reading.refused}
        troubles += [_refused(path, events) for path, events in refused.items()]
        return {
            "since": since.timestamp(),
            "until": until.timestamp(),
            "troubles": troubles,
            "held": [
                [datetime.fromisoformat(each.meeting.ended_at).timestamp(), _id(each.meeting), each.title, each.meeting]
                for each in reading.held
            ],
        }


def _sources(paths: list[str], troubles: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield each calendar file once, by path and content; what can't be read is put among the troubles."""
    from shlex import quote

    from reflect import calendar_text

    seen = set()
    for path in paths:
        try:
            for file in calendar_text.files(Path(path)):
                if (real := file.resolve()) not in seen:
                    seen.add(real)
                    yield str(file), calendar_text.contents(file)
        except NotFound:
            troubles.append(f"The calendar {path} is gone. `reflect calendar remove {quote(path)}` forgets it.")
        except (ReflectError, OSError) as error:
            why = f"{error.what}: {error.why}" if isinstance(error, ReflectError) else error.strerror
            troubles.append(f"The calendar {path} can't be read ({why}).")


def _refused(path: str, events: list[Refusal]) -> str:
    from shlex import quote

    what = f"“{events[0].event}”" if len(events) == 1 and events[0].event else f"{len(events)} of its events"
    return f"Of the calendar {path}, {what} can't be read. `reflect calendar add {quote(path)} --dry-run` says why."


def _stamp(paths: list[str]) -> str:
    """Return what changes when a calendar does, or the zone in which times without one are read."""
    return "\n".join([f"{_VERSION} {dates.zone_name()}", *(f"{path} {_changed(path)}" for path in paths)])


def _is_text(name: str) -> bool:
    """Return whether a file's name can be stored; on some systems it is any bytes."""
    return name.encode("utf-8", "replace").decode() == name


def _changed(path: str) -> str:
    try:
        found = os.stat(path)  # noqa: PTH116 - on the everyday path, where a Path is one object more
        if not os.path.isdir(path):  # noqa: PTH112 - as above
            return f"{found.st_mtime_ns} {found.st_size}"
        names = sorted(each for each in os.listdir(path) if each.lower().endswith(".ics"))  # noqa: PTH208 - as above
        inside = [os.stat(os.path.join(path, each)) for each in names] if len(names) <= _FEW else []  # noqa: PTH116, PTH118
    except OSError:
        return "gone"
    of_files = (f"{each.st_mtime_ns}-{each.st_size}" for each in inside)
    return " ".join([str(found.st_mtime_ns), str(len(names)), *of_files])


def _id(meeting: Meeting) -> str:
    """Return eight signs by which a person can name a meeting; the same ones whenever it is read."""
    from hashlib import blake2b

    from reflect import ids

    digest = blake2b(f"{meeting.uid}\n{meeting.instance}".encode(), digest_size=5).digest()
    return ids.shown(int.from_bytes(digest, "big"))
