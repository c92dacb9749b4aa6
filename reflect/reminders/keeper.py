"""What every system that can keep a reminder has in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from reflect.reminders.when import When

SAYS = "A moment to look back, if it suits you. In a terminal: reflect"
"""All that a reminder says: no words of the journal, no count, nothing that was missed (REQ-41)."""
TITLE = "reflect"
MADE_BY = "Made by `reflect remind`, and removed by `reflect remind remove`."
"""Stands in every file of ours, so that no other is replaced or removed."""

Command = tuple[str, ...]


class Reminder(NamedTuple):
    """A reminder to be kept."""

    when: When
    program: Command
    """What shows it: an absolute path and its arguments."""
    begins: datetime
    """The first moment, as a local time without a zone."""


class Keeper(Protocol):
    """One system that keeps reminders: which files it reads, and what tells it of them."""

    @property
    def name(self) -> str:
        """Return what people call it."""

    @property
    def tool(self) -> str:
        """Return the program that is told."""

    @property
    def paths(self) -> Sequence[Path]:
        """Return where its files lie, the one that says when first."""

    def files(self, reminder: Reminder) -> Mapping[Path, bytes]:
        """Return the content of each file."""

    def start(self) -> Sequence[Command]:
        """Return what is run once the files are there."""

    def stop(self) -> Sequence[Command]:
        """Return what is run before they are removed."""

    def settle(self) -> Sequence[Command]:
        """Return what is run after they were removed."""

    def is_ours(self, content: bytes) -> bool:
        """Return whether a file in such a place was made by us."""

    def when(self, content: bytes) -> When | None:
        """Return when the reminder comes, from the first file; None when that can't be told any more."""
