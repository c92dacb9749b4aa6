"""The reminder of Linux: a timer of the person's own systemd, and the service it starts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from reflect.reminders.keeper import MADE_BY, Command, Reminder
from reflect.reminders.when import DAYS, When

_UNIT = "reflect-reminder"
_ON = re.compile(r"^OnCalendar=(?:([A-Za-z,]+) )?\*-\*-\* (\d\d):(\d\d):00$", re.MULTILINE)


class Systemd(NamedTuple):
    """The person's own systemd."""

    folder: Path
    """Where it reads units from: `systemd/user` in the folder of settings."""
    name: str = "systemd"
    tool: str = "systemctl"

    @property
    def paths(self) -> Sequence[Path]:
        """Return where timer and service lie."""
        return self.folder / f"{_UNIT}.timer", self.folder / f"{_UNIT}.service"

    def files(self, reminder: Reminder) -> Mapping[Path, bytes]:
        """Return timer and service."""
        when = reminder.when
        days = "" if when.is_daily else ",".join(DAYS[day][:3] for day in when.days) + " "
        timer = (
            f"# {MADE_BY}\n[Unit]\nDescription=A moment to reflect\n\n"
            f"[Timer]\nOnCalendar={days}*-*-* {when.time}:00\n\n[Install]\nWantedBy=timers.target\n"
        )
        service = (
            f"# {MADE_BY}\n[Unit]\nDescription=A moment to reflect\n\n"
            f"[Service]\nType=oneshot\nExecStart={line(reminder.program)}\n"
        )
        return dict(zip(self.paths, (timer.encode(), service.encode()), strict=True))

    def start(self) -> Sequence[Command]:
        """Return how systemd is told to read the files and start the timer."""
        return self.settle()[0], ("systemctl", "--user", "enable", "--now", f"{_UNIT}.timer")

    def stop(self) -> Sequence[Command]:
        """Return how the timer is stopped."""
        return (("systemctl", "--user", "disable", "--now", f"{_UNIT}.timer"),)

    def settle(self) -> Sequence[Command]:
        """Return how systemd is told to look at its files anew."""
        return (("systemctl", "--user", "daemon-reload"),)

    def is_ours(self, content: bytes) -> bool:
        """Return whether our sentence stands at its head."""
        return content.startswith(f"# {MADE_BY}".encode())

    def when(self, content: bytes) -> When | None:
        """Return when the timer rings."""
        found = _ON.search(content.decode("utf-8", "replace"))
        if not found:
            return None
        names = [day[:3] for day in DAYS]
        days = found[1].split(",") if found[1] else names
        if not set(days) <= set(names):
            return None
        return When(tuple(sorted(names.index(day) for day in days)), int(found[2]), int(found[3]))


def line(program: Command) -> str:
    """Return a command as ExecStart takes it: quoted, nothing in it read as a sign of systemd's."""
    if any(sign in "'\"\\" or not sign.isprintable() for sign in program[0]):
        # a program with such signs in its path is refused, so a shell is asked to become it
        program = ("/bin/sh", "-c", 'exec "$0" "$@"', *program)
    # Before a path, $$ does not stand for $; the colon turns off what $ would do.
    return (":" if any("$" in word for word in program) else "") + " ".join(map(_quoted, program))


def _quoted(word: str) -> str:
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("%", "%%")):
        word = word.replace(sign, written)
    return f'"{word}"'
