"""The few sentences that every form of a group's summary shares."""

from __future__ import annotations

from reflect.dates import in_words
from reflect.summary.protect import Shown
from reflect.summary.together import GroupSummary, Quotation

NOTHING_RECORDED = "Nothing recorded."
"""Stands where nobody said so: a gain, a loss or a differing view is never inferred."""


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


def attributed(each: Quotation) -> str:
    """Return what stands beside a quotation: a chosen name, the occasion, what it should lead to."""
    said = [each.attribution, each.occasion.replace("-", " ")]
    if each.reworded:
        said.append("in other words the author approved")
    if each.leads_to:
        said.append(f"should lead to: {each.leads_to}")
    return "; ".join(filter(None, said))
