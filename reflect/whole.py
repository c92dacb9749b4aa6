"""What moves in and out of a journal: entries with all that belongs to them, and what is said of a file that came.

Kept apart from `models.py`, because no everyday command needs these values.
"""

from __future__ import annotations

from typing import NamedTuple

from reflect.models import Action, Entry, Layer, Mark, Meeting, Membership, Sent

OUR_OWN = "reflect"
"""Family of entries that came with our own JSON; where they came from before that is what counts."""


class Wording(NamedTuple):
    """A wording of an entry that is not in force, as it is stored."""

    number: int
    text: str
    at: str
    answers: str
    """JSON of the places that answered the parts of the question, or empty."""


class Hint(NamedTuple):
    """A suggested theme as it is stored, with the place of its cue."""

    theme: str
    version: int
    cue: str
    start: int
    end: int
    suggester: str


class Revisit(NamedTuple):
    """When an entry comes back."""

    due: str
    """Day, YYYY-MM-DD; empty when it was let go."""
    interval_days: int


class Origin(NamedTuple):
    """Where an entry was brought in from, so that the same file brought in again changes nothing."""

    kind: str
    key: str
    batch: int


class Whole(NamedTuple):
    """An entry with all that belongs to it."""

    entry: Entry
    """With the id 0 when it has none yet; its themes and marks are not read from here."""
    revised_at: str
    choices: tuple[tuple[str, str], ...] = ()
    """Each theme with who chose it: prompt, author or removed."""
    wordings: tuple[Wording, ...] = ()
    hints: tuple[Hint, ...] = ()
    marks: tuple[Mark, ...] = ()
    """All marks that were ever made, withdrawn ones included."""
    layers: tuple[Layer, ...] = ()
    revisit: Revisit | None = None
    origins: tuple[Origin, ...] = ()
    meeting: Meeting | None = None


class Batch(NamedTuple):
    """One import: which format, from where, and when."""

    id: int
    kind: str
    source: str
    at: str


class Rest(NamedTuple):
    """What a journal holds besides its entries and actions."""

    batches: tuple[Batch, ...] = ()
    served: tuple[tuple[str, str, int, str, bool], ...] = ()
    """Prompt, whose (mine or group), times, last, answered."""
    bank_changes: tuple[tuple[str, str, str, str, str], ...] = ()
    """Prompt, change, at, who, why."""
    memberships: tuple[Membership, ...] = ()
    sent: tuple[Sent, ...] = ()
    came_back: tuple[tuple[str, str, str, str, str], ...] = ()
    """Group, output, audience, when it was made, JSON."""
    erased: tuple[tuple[int, str], ...] = ()
    """Ids of entries that were erased, each with its day; they never come back."""


class Together(NamedTuple):
    """What a file of our own holds besides its entries."""

    actions: tuple[Action, ...] = ()
    rest: Rest = Rest()


# -- what a reader of another tool's file yields --------------------------------------------------


class Arrival(NamedTuple):
    """One entry as a file holds it."""

    file: str
    line: int
    """Line of the file where it begins, counted from 1; 0 where lines mean nothing."""
    key: str
    """What makes it the same entry when the file comes again."""
    whole: Whole
    named: bool = False
    """Whether the key is the entry's own id there, under which its words may have changed."""


class Refusal(NamedTuple):
    """One entry of a file that can't be taken, and why."""

    file: str
    line: int
    why: str
    stops: bool = True
    """Whether it keeps everything else out, too; what holds no words or was erased here does not."""


class LeftOut(NamedTuple):
    """Something of an entry that reflect has no place for: photos, weather, a column."""

    what: str
    file: str
    line: int
    many: int = 1


class Remark(NamedTuple):
    """A sentence that whoever brings a file in should read: how it was understood."""

    text: str


Piece = Arrival | Refusal | LeftOut | Remark | Together
