"""The values that pass between a room and whoever draws or drives it: frozen, without behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from reflect.session import log, scale


class Setup(NamedTuple):
    """What was agreed before the session; an empty field is taken from the group's invitation."""

    purpose: str = ""
    audience: str = ""
    responder: str = ""
    respond_by: str = ""
    """Day by which they respond, YYYY-MM-DD."""
    cost: str = ""
    """What taking part costs and how it is recompensed; shown as "not stated" when empty (REQ-45)."""
    aims: str = ""
    """May stay open: shown as "to be found with the group" (REQ-47)."""
    add_until: str = ""
    """Day until which people who could not come may add their words (REQ-44)."""


class Person(NamedTuple):
    """Somebody in the room, for as long as the session lasts."""

    id: str
    name: str
    """As typed or chosen; empty for none: "the third of seven"."""
    joined: bool
    """By phone; else typed by the host."""
    number: int
    """Place in the order of speaking, from 1; before it is drawn, in that of arrival."""


class Phone(NamedTuple):
    """The two ids of one phone, which nothing stored ties to each other."""

    person: str
    """Who takes turns, under a name they choose, or none."""
    contributor: str
    """Who writes."""


class Offered(NamedTuple):
    """Words that are safely stored."""

    id: str
    step: int
    words: str
    for_group: bool
    """Else for this room only, and gone at close."""
    alone_ok: bool
    """Whether it may be quoted though few wrote."""
    receipt: str
    """Code that takes words for the group back at any time, also after the close; empty for the room's."""
    key: str = ""
    """What it was offered under; offered under it again, it is changed."""


class Line(NamedTuple):
    """A written line as the room sees it: nobody's."""

    id: str
    step: int
    words: str
    voiced: bool


class Offer(NamedTuple):
    """An action, or what was promised for the empty chair."""

    id: str
    sort: str
    """action or empty-chair."""
    text: str
    owner: str
    """Name of who accepted it or was asked; it is theirs only when `state` is not proposed."""
    due: str
    """Day, YYYY-MM-DD."""
    state: str
    """proposed, open, kept, changed or dropped."""
    limits: str
    """What the owner can't do; private to them unless `limits_shared`, and gone at close then."""
    limits_shared: bool
    note: str
    """A word on how it ended."""
    session: str
    """Id of the session in which it was offered."""


class Opening(NamedTuple):
    """What a session opens with (REQ-39, 52)."""

    held_on: str
    """Day of the last session, YYYY-MM-DD; empty when this is the first."""
    actions: tuple[Offer, ...]
    """Of the last session, and older ones still open; the empty chair's promise among them."""
    missing: str
    """Who was missing, as the last session said it."""
    heard: tuple[str, ...]
    """What was kept of "did people feel heard"."""
    learnt: tuple[str, ...]
    """What was kept of "what did we learn about working together"; what phones marked for the group at the close."""
    no_action: str
    """Why the last session ended without actions, if it did."""
    summary: str
    """Which summary the group put out last, as a sentence; empty when it has none."""


class View(NamedTuple):
    """Everything a screen shows at one moment."""

    phase: str
    """arriving, running, paused, away (closed for now) or closed."""
    title: str
    step: int
    """Index of the present step, -1 before the start."""
    visit: int
    """Another number at each coming to a step, so that a step come to again is a new one."""
    steps: int
    now: scale.Timed | None
    """The present step: kind, question with its parts, care note, hints, lens."""
    clock: log.Clock
    speaker: Person | None
    following: Person | None
    """Who speaks next."""
    asked_again: bool
    """Whether the speaker passed before and is asked once more."""
    turn: int
    """The how-manieth turn this is, and of how many; 0 where nobody has one."""
    turns: int
    ready: int
    present: int
    finish: datetime
    """When it will end if nothing changes."""
    cuts: tuple[log.Cut, ...]
    """What could be shortened; empty while it is on time."""
    ahead: tuple[tuple[str, int], ...]
    """The steps to come, with their seconds."""
    lines: tuple[Line, ...]
    """What was written and has been revealed, where the step shows it."""
    hidden: int
    """Lines that wait for a step to reveal them."""
    line: Line | None
    """The line being voiced."""
    unvoiced: int
    """Lines still to be voiced in this step."""
    evenness: str
    """How even the turns were, as a sentence; empty while there is nothing to say."""
    can_undo: bool


class Held(NamedTuple):
    """One session of a group, for lists."""

    id: str
    plan: str
    title: str
    kind: str
    held_at: str
    closed_at: str
    """Empty while it is open."""
    record: Mapping[str, Any]
    """Of a closed one: minutes, steps (title, planned and spent seconds) and evenness, a sentence."""
