"""The formats that can be brought in: one module a format, its name the format's with _ for -.

To add one, put a module here with a one-line docstring, `ENDINGS` (of its files in a folder
or archive), `FAMILY` (formats of one family know each other's entries again), `OPTIONS` (the
wishes it heeds beyond those all share) and `read(files, wishes)`, which yields what it found
and never touches a journal; `tests/exchange/importers/test_contract.py` finds it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from reflect.exchange.arriving import Wishes
from reflect.exchange.formats import must_be_known
from reflect.exchange.sources import File
from reflect.whole import Piece


class Importer(Protocol):
    """A format that can be brought in."""

    ENDINGS: Sequence[str]
    """Of the files to read in a folder or archive, with the dot."""
    FAMILY: str
    """Under which its entries are known again."""
    OPTIONS: frozenset[str]
    """Names of the wishes it heeds."""

    def read(self, files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
        """Yield what the files hold: each entry once, as an arrival or as a refusal with its line and why."""


def names() -> list[str]:
    """Return the formats there are, as people write them."""
    return sorted(module.name.replace("_", "-") for module in iter_modules(__path__))


def load(name: str) -> Importer:
    """Return the format of this name."""
    must_be_known(name, names())
    return cast("Importer", import_module(f"{__name__}.{name.replace('-', '_')}"))
