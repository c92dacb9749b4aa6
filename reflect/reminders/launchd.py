"""The reminder of macOS: an agent of the person's own launchd."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from reflect.reminders.keeper import MADE_BY, Command, Reminder
from reflect.reminders.when import When

_LABEL = "reflect.reminder"


class Launchd(NamedTuple):
    """The person's own launchd."""

    folder: Path
    """`Library/LaunchAgents` in the person's home."""
    user: int
    """The person's number, by which launchd names their session."""
    name: str = "launchd"
    tool: str = "launchctl"

    @property
    def paths(self) -> Sequence[Path]:
        """Return where the agent lies."""
        return (self.folder / f"{_LABEL}.plist",)

    def files(self, reminder: Reminder) -> Mapping[Path, bytes]:
        """Return the agent's property list."""
        when = reminder.when
        at = {"Hour": when.hour, "Minute": when.minute}
        agent = {
            "Label": _LABEL,
            "ReflectNote": MADE_BY,
            "ProgramArguments": list(reminder.program),
            # Sunday is 0 there
            "StartCalendarInterval": at if when.is_daily else [{"Weekday": (day + 1) % 7, **at} for day in when.days],
        }
        return {self.paths[0]: plistlib.dumps(agent, sort_keys=False)}

    def start(self) -> Sequence[Command]:
        """Return how launchd is told of the agent; one of before is let go first."""
        return (("launchctl", "bootstrap", f"gui/{self.user}", str(self.paths[0])),)

    def stop(self) -> Sequence[Command]:
        """Return how the agent is let go."""
        return (("launchctl", "bootout", f"gui/{self.user}/{_LABEL}"),)

    def settle(self) -> Sequence[Command]:
        """Return nothing: launchd need not be told of a file that is gone."""
        return ()

    def is_ours(self, content: bytes) -> bool:
        """Return whether our sentence stands in it."""
        return _read(content).get("ReflectNote") == MADE_BY

    def when(self, content: bytes) -> When | None:
        """Return when the agent is started."""
        found = _read(content).get("StartCalendarInterval")
        each: list[Any] = found if isinstance(found, list) else [found]
        try:
            times = {(at["Hour"], at["Minute"]) for at in each}
            days = {(at["Weekday"] - 1) % 7 for at in each if "Weekday" in at} or set(range(7))
        except (KeyError, TypeError):
            return None
        return When(tuple(sorted(days)), *times.pop()) if len(times) == 1 else None


def _read(content: bytes) -> dict[str, Any]:
    try:
        found = plistlib.loads(content)
    except Exception:  # noqa: BLE001 - what can't be read is none of ours, whatever is wrong with it
        return {}
    return found if isinstance(found, dict) else {}
