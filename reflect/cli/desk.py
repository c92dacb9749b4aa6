"""What every command needs at hand: the journal, the time, and a screen."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reflect import config, dates
from reflect.cli.screen import Screen
from reflect.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    import typer

    from reflect.journal import Journal

GREETING = (
    "Welcome. What you write is saved on this computer only, and nothing leaves it unless you say so.",
    "Leave out what would identify a patient or client; their story is theirs.",
    "This is not a therapist and not a reporting system: for harm or danger, use the ways your work gives you.",
    "It is not encrypted until you run `reflect encrypt`; a locked screen and an encrypted disk guard it, too.",
    "Changed your mind while writing? Type /discard and nothing is kept.",
)
"""Said once, before anything else."""


@dataclass
class Desk:
    """One run of the command line."""

    journal: str = ""
    """Name of the journal, empty for the first one."""
    plain: bool = False
    begins: bool = True
    """Whether the command may begin a journal of a new name; elsewhere the name is a slip of the finger."""

    @cached_property
    def screen(self) -> Screen:
        """The screen this run writes to."""
        return Screen(plain=self.plain)

    @cached_property
    def now(self) -> datetime:
        """The moment of this run."""
        return dates.now()

    @cached_property
    def places(self) -> config.Places:
        """Where this run's files live."""
        return config.places(self.journal)

    def open(self) -> Journal:
        """Open the journal; the very first time, say the five things to know."""
        from reflect.journal import Journal

        if self.journal and not self.begins and not self.places.journal.is_dir():
            raise self._no_such_journal()
        journal = Journal(self.places, self.now, seed=os.environ.get("REFLECT_SEED", ""))
        if journal.first_time("greeted"):
            if self.journal:
                self.screen.aside(f"This begins another journal, {self.journal}.")
            for sentence in GREETING:
                self.screen.aside(sentence)
            self._warn_of_the_place()
        self._warn_of_the_zone(journal)
        self._keep_private()
        return journal

    def _no_such_journal(self) -> NotFound:
        there = ", ".join(config.journals(self.places.home))
        return NotFound(
            f"there is no journal {self.journal!r}",
            why=f"there are {there}" if there else "none has a name yet",
            next_step=f"to begin it, reflect --journal {self.journal} write",
        )

    def _warn_of_the_place(self) -> None:
        """Say once that others copy the journal's folder, or that it is on another machine's disk."""
        from reflect import doctor

        for each in doctor.of_the_place(self.places):
            self.screen.aside(f"Note: {each.text}.")

    def _keep_private(self) -> None:
        """Give back privacy that another program or copy took away, and say so."""
        if os.name == "nt":
            return
        here = self.places
        for path, mode in ((here.journal, 0o700), (here.database, 0o600), (here.drafts, 0o700), (here.backups, 0o700)):
            with suppress(OSError):  # not there, or on a disk that can't be written
                found = path.stat()
                if found.st_mode & 0o077 and found.st_uid == os.getuid():
                    path.chmod(mode)
                    self.screen.aside(f"Others could read {path}; now only you can.")

    def _warn_of_the_zone(self, journal: Journal) -> None:
        """Say once of a zone the system doesn't know that it counts as a fixed offset."""
        named = os.environ.get("TZ", "").lstrip(":")
        written_out = "," in named or (named.isalnum() and not named.isalpha())  # as in GMT0BST,M3.5.0/1,M10.5.0
        if not named or written_out or Path(os.environ.get("TZDIR", "/usr/share/zoneinfo"), named).exists():
            return
        if not journal.first_time(f"zone {named}"):
            return
        from zoneinfo import ZoneInfo

        try:
            known = self.now.astimezone(ZoneInfo(named)).utcoffset() == self.now.utcoffset()
        except (KeyError, ValueError, OSError):  # KeyError: there is no zone of this name
            known = False
        if not known:
            self.screen.aside(f"The time zone {named!r} is not known here; times are kept with a fixed offset.")


def desk(ctx: typer.Context) -> Desk:
    """Return the desk that the root laid out."""
    found = ctx.obj
    return found if isinstance(found, Desk) else Desk()


def at_a_terminal() -> bool:
    """Return whether a person sits there, to read and to type."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
