"""The forms a summary can be written in: one module a form, its name the name of `--format`.

To add one, put a module here with a one-line docstring, `ENDING` (of a file) and
`render(summary) -> str`; `tests/summary/test_formats.py` finds it by itself.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from reflect.errors import Usage
from reflect.summary.roll_up import Summary


class Format(Protocol):
    """A form of a summary."""

    ENDING: str
    """Of a file in this form, with the dot."""

    def render(self, summary: Summary) -> str:
        """Return the summary in this form; text from people is made safe for where it will be read."""


def names() -> list[str]:
    """Return the forms there are."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> Format:
    """Return the form of this name."""
    if name not in names():
        raise Usage(f"there is no form {name!r}", why="there are " + ", ".join(names()), next_step="choose one of them")
    return cast("Format", import_module(f"{__name__}.{name}"))
