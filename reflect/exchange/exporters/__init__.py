"""The formats a journal can be written out in: one module a format, its name the format's.

To add one, put a module here with a one-line docstring, `ENDING` (of its file), `EVERYTHING`
(whether it needs history, marks and the like), `LEAVES_OUT` (a sentence, empty when nothing
stays behind) and `pieces(outgoing)`, which yields its text piece by piece; a format that can
be a folder of files has `members(outgoing)`, too. `tests/exchange/exporters/test_contract.py`
finds it by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from reflect.exchange.formats import must_be_known
from reflect.models import Action
from reflect.whole import Rest, Whole


@dataclass(frozen=True)
class Outgoing:
    """What goes out: read while it is written, so that a long journal needs little memory."""

    wholes: Iterable[Whole]
    """Oldest first, to be gone through once."""
    actions: Callable[[], Sequence[Action]]
    """To be called when all entries have been gone through."""
    rest: Callable[[], Rest] | None
    """What else the journal holds; None when only a part of it goes out."""
    title: str
    """What it is in words: a month, or the whole journal."""


class Exporter(Protocol):
    """A format that can be written."""

    ENDING: str
    """Of its file, with the dot."""
    EVERYTHING: bool
    """Whether it needs each entry with all that belongs to it."""
    LEAVES_OUT: str
    """What stays behind, in a sentence; empty when nothing does."""

    def pieces(self, outgoing: Outgoing) -> Iterator[str]:
        """Yield the text of one file."""


class FolderExporter(Exporter, Protocol):
    """A format that can also be a folder of files."""

    def members(self, outgoing: Outgoing) -> Iterator[tuple[str, str]]:
        """Yield each file's name inside the folder with its text."""


def names() -> list[str]:
    """Return the formats there are."""
    return sorted(module.name for module in iter_modules(__path__))


def load(name: str) -> Exporter:
    """Return the format of this name."""
    must_be_known(name, names())
    return cast("Exporter", import_module(f"{__name__}.{name}"))
