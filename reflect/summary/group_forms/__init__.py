"""The forms a group's summary can be written in: one module a form, its name the name of `--format`.

To add one, put a module here with a one-line docstring, `ENDING` (of a file) and
`render(summary) -> bytes`; the contract test finds it by itself. A form shows what a
GroupSummary holds and nothing else: protection has been applied before it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from reflect.errors import Usage
from reflect.summary.together import GroupSummary


class GroupForm(Protocol):
    """A form of a group's summary."""

    ENDING: str
    """Of a file in this form, with the dot."""

    def render(self, summary: GroupSummary) -> bytes:
        """Return the summary in this form; text from people is made safe for where it will be read."""


def names() -> list[str]:
    """Return the forms there are."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> GroupForm:
    """Return the form of this name."""
    if name not in names():
        raise Usage(f"there is no form {name!r}", why="there are " + ", ".join(names()), next_step="choose one of them")
    return cast("GroupForm", import_module(f"{__name__}.{name}"))
