"""The few sentences and signs that every form of a summary shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reflect.models import Prompt

if TYPE_CHECKING:  # home and `ask` say where a question comes from without making a summary
    from reflect.summary.roll_up import Movement

_BLOCKS = "▁▂▃▄▅▆▇█"


def many(count: int, noun: str) -> str:
    """Return a count with its noun: 1 entry, 3 entries."""
    if count == 1:
        return f"1 {noun}"
    if noun == "person":
        return f"{count:,} people"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else noun + ("es" if noun.endswith("s") else "s")
    return f"{count:,} {plural}"


def spread(weeks: Sequence[tuple[str, int]]) -> str:
    """Return over how many of the period's weeks the entries are spread."""
    with_entries = sum(1 for _, count in weeks if count)
    return f"in {with_entries} of {many(len(weeks), 'week')}"


def movement(moved: Movement) -> str:
    """Return the movement against the period before as a sentence that judges nothing."""
    return f"The period before had {moved.before}; this one has {moved.now}."


def sparkline(weeks: Sequence[tuple[str, int]], width: int = 52) -> str:
    """Return a small chart, one block a week; long periods are gathered into at most `width` blocks."""
    counts = [count for _, count in weeks]
    group = -(-len(counts) // width)
    counts = [sum(counts[at : at + group]) for at in range(0, len(counts), group)]
    most = max(counts, default=0) or 1
    return "".join(_BLOCKS[round(count / most * (len(_BLOCKS) - 1))] if count else "·" for count in counts)


def source(prompt: Prompt) -> str:
    """Return where a question comes from, as people read it: From: King's Fund, Language."""
    if not prompt.document:
        return "Our own question"
    how = {
        "asked": "From",
        "heading": "From a heading in",
        "implied": "Drawn from",
        "practice": "Made from a practice in",
    }.get(prompt.form, "From")
    return f"{how}: {prompt.document}, {prompt.heading}"
