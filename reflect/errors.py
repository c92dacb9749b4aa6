"""What can go wrong, each kind with its exit code and its sentence.

ReflectError            1   a fault of ours
├── Usage               2   the command's words are off
├── Refused             3   what came in can't be taken
├── NotFound            4   nothing of that name
├── Busy                5   another reflect is writing, or something is unfinished
├── StorageRefused      6   the disk is full or read-only
├── Damaged             7   the journal can't be trusted as it is
├── WrongKey            8   the passphrase or key does not open it
├── NewerVersion        9   made by a newer reflect
├── Withheld           10   kept back to protect people
└── Interrupted       130   stopped by the person
"""

from __future__ import annotations

NOTHING_CHANGED = "Nothing was changed."


class ReflectError(Exception):
    """A failure that says what, where, why, what to do next, and what did or did not change."""

    exit_code = 1

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        why: str = "",
        next_step: str = "",
        changed: str = NOTHING_CHANGED,
    ) -> None:
        """Say `what` went wrong; the rest is said where it is known."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.next_step = next_step
        self.changed = changed

    def __str__(self) -> str:
        """Return the failure as one or two plain sentences."""
        text = self.what
        if self.where:
            text += f" in {self.where}"
        if self.why:
            text += f": {self.why}"
        text = text.rstrip(".") + "."
        if self.next_step:
            text += f" Next: {self.next_step.rstrip('.')}" + ("" if self.next_step.endswith("?") else ".")
        if self.changed:
            text += f" {self.changed}"
        return text

    def fields(self) -> dict[str, object]:
        """Return the same failure as fields for `--json`."""
        return {
            "code": self.exit_code,
            "what": self.what,
            "where": self.where,
            "why": self.why,
            "next": self.next_step,
            "changed": self.changed,
        }


class Usage(ReflectError):
    """The command was called in a way it doesn't understand."""

    exit_code = 2


class Refused(ReflectError):
    """Something that came in (words, a date, a pack) can't be taken as it is."""

    exit_code = 3


class NotFound(ReflectError):
    """No entry, prompt, theme or place answers to that name."""

    exit_code = 4


class Busy(ReflectError):
    """Another reflect holds the journal, or something was left unfinished."""

    exit_code = 5


class StorageRefused(ReflectError):
    """The disk would not take the words: full, read-only or failing."""

    exit_code = 6


class Damaged(ReflectError):
    """The journal file is empty, foreign, cut or broken."""

    exit_code = 7


class WrongKey(ReflectError):
    """The passphrase or key is missing or does not open the file."""

    exit_code = 8


class Withheld(ReflectError):
    """Nothing may be shown, to protect people."""

    exit_code = 10


class NewerVersion(ReflectError):
    """The file was made by a newer reflect than this one."""

    exit_code = 9


class Interrupted(ReflectError):
    """The person stopped the command."""

    exit_code = 130
