"""The few sentences that every form of a group's summary shares."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from reflect import config
from reflect.dates import in_words
from reflect.summary.protect import Shown
from reflect.summary.together import DRAFT, FINAL, GroupSummary, GroupTheme, Offered, Quotation

NOTHING_RECORDED = "Nothing recorded."
"""Stands where nobody said so: a gain, a loss or a differing view is never inferred."""


def standing(summary: GroupSummary) -> str:
    """Return whether this is a draft that can be spoken to, or final; stands first in every form."""
    if summary.kind == DRAFT:
        return f"Draft, for comments until {in_words(summary.comment_by)}."
    if summary.kind == FINAL:
        return "Final."
    return "Neither draft nor final: what was gathered, as it stands."


def stances(theme: GroupTheme) -> list[tuple[str, tuple[Quotation, ...]]]:
    """Return gains, losses and differing views with their headings: each stands there, said or not (REQ-31)."""
    return [("Gains", theme.gains), ("Losses", theme.losses), ("Differing views", theme.differing)]


STATES = {
    "kept": "Kept",
    "changed": "Changed",
    "dropped": "Dropped",
    "open": "Open",
    "proposed": "Offered, and nobody's yet",
}
NO_ACTION = "No action was recorded in a session."
NO_EFFECT = "what came of it is not recorded"


def actions(summary: GroupSummary) -> list[str]:
    """Return what was offered, a line each, by how it stands; that there is none is said (REQ-30)."""
    if summary.actions is None:
        return []
    found = [(title, each) for state, title in STATES.items() for each in summary.actions if each.state == state]
    return [f"{title}: {_offered(each)}" for title, each in found] or [NO_ACTION]


def _offered(each: Offered) -> str:
    whose = ", ".join(filter(None, [each.owner, f"by {in_words(each.due)}" if each.due else ""]))
    said = f"{each.text} ({whose})" if whose else each.text
    if each.state in ("kept", "changed", "dropped"):
        return f"{said}: {each.note or NO_EFFECT}"
    return f"{said}: {each.note}" if each.note else said


def people(shown: Shown, fewest: int) -> str:
    """Return how many people wrote, as far as it may be said."""
    if shown.people is not None:
        return f"{shown.people} people wrote"
    if shown.band:
        return f"{shown.band} people wrote"
    return f"Fewer than {fewest} people wrote, or it can't be said how many"


def period(summary: GroupSummary) -> str:
    """Return the period in words."""
    wanted = summary.wanted
    if wanted.period:
        return wanted.period
    start = f"from {in_words(wanted.since)}" if wanted.since else ""
    end = f"to {in_words(wanted.until)}" if wanted.until else ""
    return " ".join(filter(None, [start, end])) or "Everything shared so far"


def occasion(each: Quotation) -> str:
    """Return when a passage was written, in words: after a meeting; empty where it wasn't said or may not be."""
    name = _occasions().get(each.occasion, each.occasion.replace("-", " "))
    return name[:1].lower() + name[1:]


@cache
def _occasions() -> Mapping[str, str]:
    """Return the names of the occasions that ship, by their ids."""
    content = (config.our_data() / "occasions.toml").read_text(encoding="utf-8")
    return {each["id"]: each["name"] for each in tomllib.loads(content)["occasion"]}


_CALLED = {"gain": "a gain", "loss": "a loss", "differs": "a differing view"}


def called(each: Quotation) -> str:
    """Return what the lead calls a passage, and why; empty where its author said so, or nobody did (REQ-28, REQ-31)."""
    if not each.called_by_lead:
        return ""
    said = f"called {_CALLED[each.stance]} by the lead"
    return f"{said}: {each.memo}" if each.memo else said


def attributed(each: Quotation) -> str:
    """Return what stands beside a quotation: a chosen name, the occasion, what it should lead to, the lead's word."""
    said = [each.attribution, occasion(each)]
    if each.reworded:
        said.append("in other words the author approved")
    if each.leads_to:
        said.append(f"should lead to: {each.leads_to}")
    said.append(called(each))
    return "; ".join(filter(None, said))
