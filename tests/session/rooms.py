"""A plan of one's own, and a room to hold it in, for tests of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from reflect.group import Group
from reflect.session import plans, room
from reflect.session.plans import Plan
from reflect.session.room import Room, Setup, View
from tests.people import WHEN, group_of

HEAD = """
[plan]
id = "ours"
title = "Ours"
about = "A session of the tests, in which everybody is heard."
kind = "session"
people = 4
"""
STEPS = """
[[step]]
id = "settle"
kind = "settle"
minutes = 1
least = 0.5

[[step]]
id = "write"
kind = "write"
minutes = 2
least = 1
text = "What did we take for granted this month?"
challenge = ["assumption"]

[[step]]
id = "round"
kind = "round"
each = 2
least = 0.5
same_as = "write"

[[step]]
id = "pairs"
kind = "pairs"
minutes = 4
least = 2
text = "How would the others tell it?"
challenge = ["other-side"]

[[step]]
id = "talk"
kind = "open-talk"
minutes = 5
least = 1
optional = true
same_as = "write"

[[step]]
id = "voice"
kind = "voice-everything"
minutes = 3
same_as = "write"

[[step]]
id = "again"
kind = "round"
each = 1
text = "What stays with you?"

[[step]]
id = "empty-chair"
kind = "empty-chair"
minutes = 1

[[step]]
id = "actions"
kind = "actions"
minutes = 2
least = 1

[[step]]
id = "close"
kind = "close"
minutes = 1
"""
PLAN: Plan = plans.parse((HEAD + STEPS).encode(), "ours.toml")
"""A session with every sort of step that matters to the clock: 31 minutes for four."""

STORIES: Plan = plans.parse(
    (HEAD + STEPS)
    .replace('"ours"', '"stories"')
    .replace("each = 2\n", 'each = 2\ncare = "You may stop at any time."\n')
    .encode(),
    "stories.toml",
)
"""The same, with a care note before the round."""

CHECK_IN: Plan = plans.read(plans.shipped()["check-in"])
QUESTIONS = {
    plan.id: {step.id: plans.Question("What is on your mind?", ("What is on your mind?",)) for step in plan.step}
    for plan in (CHECK_IN,)
} | {plan.id: plans.questions(plan, (), {}, "") for plan in (PLAN, STORIES)}

NAMES = ("Amara", "Len", "Priya", "Joel")
SETUP = Setup(responder="Femi", respond_by="2026-12-15")

SETTLE, WRITE, ROUND, PAIRS, TALK, VOICE, AGAIN, EMPTY_CHAIR, ACTIONS, CLOSE = range(10)
"""Places of the steps of PLAN."""


STRIDE = 20
"""Seconds between two heartbeats here; a screen's come every second."""


class Clock:
    """A clock that only goes when it is told to."""

    def __init__(self, now: datetime = WHEN) -> None:
        """Begin at a moment."""
        self.now = now

    def after(self, seconds: float) -> datetime:
        """Let so many seconds go by; return the moment then."""
        self.now += timedelta(seconds=seconds)
        return self.now


def a_group(home: Path) -> Group:
    """Return a group to hold sessions in, whose k is five."""
    return group_of(home)[0]


def opened(group: Group, plan: Plan = PLAN, *, clock: Clock, names: Sequence[str] = NAMES, **said: Any) -> Room:
    """Open a session, not yet started."""
    said = {"setup": SETUP, "seed": "test"} | said
    return room.begin(group, plan, QUESTIONS[plan.id], clock.now, names=names, **said)


def started(group: Group, plan: Plan = PLAN, *, clock: Clock, names: Sequence[str] = NAMES, **said: Any) -> Room:
    """Open a session and start it."""
    made = opened(group, plan, clock=clock, names=names, **said)
    made.do("start", clock.now)
    return made


def wait(here: Room, clock: Clock, seconds: int) -> View:
    """Let time go by as a screen does, with a heartbeat now and then."""
    for left in range(seconds, 0, -STRIDE):
        here.tick(clock.after(min(STRIDE, left)))
    return here.view(clock.now)


def to_step(here: Room, clock: Clock, step: int) -> View:
    """Go to a step by jumping there."""
    return here.do("jump", clock.after(1), step=step)


def ended(here: Room, clock: Clock) -> Any:
    """Close a session that has no action, and say why; return its note."""
    here.say("no-action", "we only listened today")
    return here.close(clock.after(1))
