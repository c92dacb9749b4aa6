"""The values that move through the inside of reflect: frozen, small, without behaviour of their own.

Named tuples, since a frozen dataclass takes four times as long to define at every start
and to make from a row; for the same reason annotations are not postponed here
(docs/performance.md).
"""

from dataclasses import dataclass
from typing import NamedTuple


class Prompt(NamedTuple):
    """One question of the bank, with where it comes from and when it fits."""

    id: str
    text: str
    group_text: str
    parts: tuple[str, ...]
    """Each thing asked, one or more; a single question is its own only part."""
    document: str
    """Short name of the source document, such as "King's Fund"; empty for a group's own question."""
    title: str
    heading: str
    rows: tuple[str, ...]
    """Ids of the rows of the source guide it rests on."""
    form: str
    """asked, heading, implied, practice (made from one) or own."""
    theme: str
    also_themes: tuple[str, ...]
    occasions: tuple[str, ...]
    depth: str
    """light, working or deep."""
    context: str
    flags: tuple[str, ...]
    near: str
    """Family of near-duplicates, never two in one sitting; empty when it has none."""
    suits: tuple[str, ...]
    care: str
    """What is said before a question that may stir a story; empty for others."""
    pack: str


class Asked(NamedTuple):
    """A prompt as it was asked for one entry, and which words answered which part."""

    id: str
    text: str
    parts: tuple[str, ...]
    answers: tuple[tuple[int, int] | None, ...] | None
    """For each part its span in the entry's text, or None when it was left; None when not answered part by part."""


class Placed(NamedTuple):
    """One theme of an entry: who put it there (prompt, author or suggested) and because of what."""

    id: str
    by: str
    because: str


class Mark(NamedTuple):
    """The author's permission for one passage of one version of an entry, for one audience."""

    id: int
    entry: int
    version: int
    start: int
    end: int
    audience: str
    """group, funder or public; none implies another."""
    reader: str
    """Id of the group it goes through, empty for any the author shares with."""
    purpose: str
    level: str
    """theme (no words), reworded (the author's approved words) or verbatim."""
    attribution: str
    """The name the author chose to be known by, empty for none."""
    words: str
    """The approved rewording; empty for the other levels."""
    stance: str
    """gain, loss or differs as the author said, empty where nothing was said."""
    leads_to: str
    """What the author wants it to lead to; travels with the quotation (REQ-06)."""
    alone_ok: bool
    """Whether it may be quoted where few wrote about the theme."""
    made_at: str
    withdrawn_at: str


class Entry(NamedTuple):
    """One piece of writing by one person."""

    id: int
    version: int
    text: str
    asked: Asked | None
    about: str
    occasion: str
    happened_at: str
    """ISO 8601 with offset; rules order, filters and periods by its own local date."""
    precision: str
    """minute or day."""
    written_at: str
    zone: str
    tags: tuple[str, ...]
    themes: tuple[Placed, ...]
    marks: tuple[Mark, ...] = ()
    """What its author lets others read of it; empty is private."""


class Version(NamedTuple):
    """One wording of an entry and when it was written (ISO 8601 with offset)."""

    number: int
    text: str
    at: str


class Suggestion(NamedTuple):
    """A theme suggested by an entry's words, with the span of the cue that caused it."""

    theme: str
    cue: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries to read: every field narrows, None or empty lets all through."""

    since: str = ""
    """First local day, YYYY-MM-DD, included."""
    until: str = ""
    """Last local day, included."""
    theme: str = ""
    tag: str = ""
    about: str = ""
    prompt: str = ""
    text: str = ""
    limit: int | None = None


class Action(NamedTuple):
    """Something the writer offered to do."""

    id: int
    text: str
    entry: int | None
    offered_at: str
    due: str
    """Local day, YYYY-MM-DD, or empty."""
    state: str
    """open, kept, changed or dropped."""
    closed_at: str
    note: str
    """A word of why it was kept, changed or dropped."""
    about: str = ""
    """What it is about, as entries say it; with an entry, what that is about."""
    from_line: bool = False
    """Whether it came from a line of its entry that begins with ->, so that it goes when the entry is erased."""
    intended: str = ""
    outcomes: tuple["Outcome", ...] = ()


class Outcome(NamedTuple):
    """What was seen to come of an action, from one viewpoint (REQ-30)."""

    for_whom: str
    seen: str
    expected: str
    """yes, no, partly, or empty where nothing was said."""
    helped: str
    """yes, no, partly, or empty where nothing was said."""
    at: str


LAYER_KINDS = {"still": "still true", "changed": "changed", "act": "act", "let-go": "let go"}
"""How each kind of later thought is called."""


class Layer(NamedTuple):
    """A later thought beside an earlier entry, whose words it leaves as they are."""

    id: int
    entry: int
    version: int
    """The version that was read again."""
    kind: str
    """still, changed, act or let-go."""
    text: str
    action: int | None
    at: str
    zone: str


class Meeting(NamedTuple):
    """A meeting as a calendar names it: an event, and which time of one that repeats."""

    uid: str
    instance: str
    """When it was first planned to begin, as the calendar writes it; empty for an event that happens once."""
    started_at: str
    """ISO 8601 with the local offset, as are all times."""
    ended_at: str


class Membership(NamedTuple):
    """A group this journal's author joined."""

    reader: str
    """The group's id."""
    contributor: str
    """Random id by which the group knows that words come from one person, and nothing else."""
    invitation: str
    """The invitation as it was accepted, JSON."""
    site: str
    joined_at: str
    looked_until: str
    """Written-at time up to which the author has looked through entries for sharing."""
    shares: int


class Sent(NamedTuple):
    """One passage that left the journal in a share."""

    contribution: str
    reader: str
    mark: int | None
    entry: int | None
    audience: str
    sent_at: str
    withdrawn_at: str
    withdrawal_told: bool
    """Whether the withdrawal has travelled in a later share."""


class Found(NamedTuple):
    """One search hit: the entry and the words around what was found."""

    entry: Entry
    snippet: str
    """A piece of the entry with each hit between U+E000 and U+E001, which a screen turns into marks."""
