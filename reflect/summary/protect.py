"""Small numbers are protected: what a group's summary may say of how many wrote, and whom it may quote.

Counts are of people. Three rules decide every number (design rule 3):

1. A cell with fewer than k people shows no number, date, place or organisation.
2. Two numbers that a reader could subtract (a whole and its part, or one cell in two
   outputs whose periods lie inside each other) differ by nothing or by at least k.
3. What may not be shown as a number, and has k people or more, is shown as "k or more".

A passage from a cell with fewer than k people is quoted only if its author agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One number that an output showed: what it counts, over which days, and how many people."""

    name: str
    """Such as `total`, `theme funding`, `theme funding / who pays`, `site North`."""
    whole: str
    """Name of the cell it is a part of, empty for the total."""
    since: str
    until: str
    """First and last day of the period; empty means without end."""
    people: int


@dataclass(frozen=True, slots=True)
class Shown:
    """How a cell is shown: a number, a band, or neither."""

    people: int | None
    band: str | None


NOTHING = Shown(None, None)


def shown(cell: Cell, earlier: Iterable[Cell], fewest: int) -> Shown:
    """Return how a cell may be shown beside every number that was shown before, in this output and in others."""
    if cell.people < fewest:
        return NOTHING
    for other in earlier:
        if _comparable(cell, other) and 0 < abs(cell.people - other.people) < fewest:
            return Shown(None, f"{fewest} or more")
    return Shown(cell.people, None)


def _comparable(one: Cell, other: Cell) -> bool:
    """Return whether a reader could subtract one from the other."""
    related = other.name in {one.name, one.whole} or other.whole == one.name
    return related and (_inside(one, other) or _inside(other, one))


def _inside(inner: Cell, outer: Cell) -> bool:
    starts = not outer.since or (bool(inner.since) and inner.since >= outer.since)
    ends = not outer.until or (bool(inner.until) and inner.until <= outer.until)
    return starts and ends


def may_quote(people: int, fewest: int, *, author_agreed: bool) -> bool:
    """Return whether a passage may be quoted under a theme with so many people."""
    return people >= fewest or author_agreed


def sites_may_be_named(people_by_site: Sequence[int], fewest: int) -> bool:
    """Return whether sites may be named: only if every one of them reaches k, else none is."""
    return len(people_by_site) > 1 and min(people_by_site, default=0) >= fewest
