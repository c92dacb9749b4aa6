"""The reminder of Windows: a task of Task Scheduler, as the XML file it takes in."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import defusedxml.ElementTree as Safe

from reflect.reminders.keeper import MADE_BY, Command, Reminder
from reflect.reminders.when import DAYS, When

_TASK = "reflect reminder"
_SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


class TaskScheduler(NamedTuple):
    """Task Scheduler of Windows."""

    folder: Path
    """Any folder of the person's: the file is taken in, and kept so that it can be looked at."""
    name: str = "Task Scheduler"
    tool: str = "schtasks"

    @property
    def paths(self) -> Sequence[Path]:
        """Return where the task's file lies."""
        return (self.folder / "reminder.xml",)

    def files(self, reminder: Reminder) -> Mapping[Path, bytes]:
        """Return the task."""
        when, program = reminder.when, reminder.program
        by_day = {"ScheduleByDay": {"DaysInterval": "1"}}
        days: dict[str, object] = {DAYS[day]: {} for day in when.days}
        by_week = {"ScheduleByWeek": {"WeeksInterval": "1", "DaysOfWeek": days}}
        trigger = {"StartBoundary": f"{reminder.begins:%Y-%m-%dT%H:%M:%S}", "Enabled": "true"}
        task = _tree(
            "Task",
            {
                "RegistrationInfo": {"Description": MADE_BY},
                "Triggers": {"CalendarTrigger": trigger | (by_day if when.is_daily else by_week)},
                "Principals": {"Principal": {"LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"}},
                "Settings": {
                    "MultipleInstancesPolicy": "IgnoreNew",
                    "DisallowStartIfOnBatteries": "false",
                    "StopIfGoingOnBatteries": "false",
                    "ExecutionTimeLimit": "PT1H",
                },
                # The path stands by itself, blanks and all; only arguments are quoted.
                "Actions": {"Exec": {"Command": program[0], "Arguments": subprocess.list2cmdline(program[1:])}},
            },
        )
        task.set("version", "1.2")
        task.set("xmlns", _SPACE)
        ET.indent(task)
        return {self.paths[0]: ET.tostring(task, encoding="utf-16", xml_declaration=True)}

    def start(self) -> Sequence[Command]:
        """Return how the task is taken in, in place of one of before."""
        return (("schtasks", "/Create", "/TN", _TASK, "/XML", str(self.paths[0]), "/F"),)

    def stop(self) -> Sequence[Command]:
        """Return how the task is removed."""
        return (("schtasks", "/Delete", "/TN", _TASK, "/F"),)

    def settle(self) -> Sequence[Command]:
        """Return nothing: the task is gone already."""
        return ()

    def is_ours(self, content: bytes) -> bool:
        """Return whether our sentence describes it."""
        task = _read(content)
        return task is not None and task.findtext(f".//{{{_SPACE}}}Description") == MADE_BY

    def when(self, content: bytes) -> When | None:
        """Return when the task runs."""
        task = _read(content)
        begins = task.findtext(f".//{{{_SPACE}}}StartBoundary", "") if task is not None else ""
        if task is None or not begins[11:13].isdigit() or not begins[14:16].isdigit():
            return None
        named = task.find(f".//{{{_SPACE}}}DaysOfWeek")
        names = [each.tag.rpartition("}")[2] for each in named] if named is not None else list(DAYS)
        days = tuple(number for number, day in enumerate(DAYS) if day in names)
        return When(days, int(begins[11:13]), int(begins[14:16]))


def _tree(name: str, inside: str | Mapping[str, object]) -> ET.Element:
    """Return an element, its text or the elements in it."""
    made = ET.Element(name)
    if isinstance(inside, str):
        made.text = inside
    else:
        made.extend(_tree(each, value) for each, value in inside.items())  # type: ignore[arg-type]  # a tree of these
    return made


def _read(content: bytes) -> ET.Element | None:
    try:
        found: ET.Element = Safe.fromstring(content)
    except Exception:  # noqa: BLE001 - what can't be read is none of ours, whatever is wrong with it
        return None
    return found
