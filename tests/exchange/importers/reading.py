"""Reads text as a file of some format, without a journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reflect.exchange import importers
from reflect.exchange.arriving import Wishes
from reflect.exchange.sources import File
from reflect.exchange.stamps import Clock
from reflect.models import Entry
from reflect.whole import Arrival, LeftOut, Refusal, Remark, Together
from tests.conftest import NOW

THEMES = frozenset({"roles", "funding", "voice"})


@dataclass
class Found:
    """What a reader yielded, by its kind."""

    arrivals: list[Arrival] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    together: list[Together] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """The entries that could be taken."""
        return [each.whole.entry for each in self.arrivals]

    @property
    def texts(self) -> list[str]:
        """Their words."""
        return [each.text for each in self.entries]

    @property
    def lines(self) -> list[int]:
        """The lines they begin on."""
        return [each.line for each in self.arrivals]


def read(
    form: str, content: str | bytes | Mapping[str, str | bytes], *, zone: str = "Europe/London", **wishes: Any
) -> Found:
    """Read one file, or several by their names."""
    named = content if isinstance(content, Mapping) else {"file": content}
    files = [_file(name, each) for name, each in named.items()]
    wished = Wishes(Clock(zone, ""), datetime.fromisoformat(NOW), THEMES, **wishes)
    found = Found()
    for piece in importers.load(form).read(files, wished):
        if isinstance(piece, Arrival):
            found.arrivals.append(piece)
        elif isinstance(piece, Refusal):
            found.refusals.append(piece)
        elif isinstance(piece, LeftOut):
            found.left_out[piece.what] = found.left_out.get(piece.what, 0) + piece.many
        elif isinstance(piece, Remark):
            found.remarks.append(piece.text)
        else:
            found.together.append(piece)
    return found


def _file(name: str, content: str | bytes) -> File:
    whole = content.encode() if isinstance(content, str) else content
    return File(name, lambda: whole, datetime.fromisoformat("2026-05-04T10:00:00+00:00"))
