"""Small numbers are protected: what a group's summary may say of how many wrote, and whom it may quote.

Counts are of people. Four rules decide every number (design rule 3):

1. A cell with fewer than k people shows no number, date, place or organisation.
2. Two numbers that a reader could subtract (a whole and its part, or one cell in two
   outputs whose periods share a week) differ by nothing or by at least k.
3. What may not be shown as a number, and has k people or more, is shown as "k or more".
4. How many contributions there are is only said where no difference of two such numbers
   rests on fewer than k people.

A passage from a cell with fewer than k people is quoted only if its author agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_THURSDAY = 4  # the day that decides into which month or year an ISO week falls
_A_MATTER = 2  # length of the path to something that recurs in a theme


@dataclass(frozen=True, slots=True)
class Cell:
    """One number that an output showed: what it counts, over which weeks, and how many people."""

    path: tuple[str, ...]
    """From the whole group, `()`, down: `("theme funding",)`, `("theme funding", "bus fare")`, `("site North",)`."""
    since: str
    until: str
    """The Thursdays of the first and last week it counts; empty means without end."""
    people: int
    entries: int | None = None
    """Contributions, where that number was shown, too."""

    @property
    def name(self) -> str:
        """Return what it counts, for people."""
        return " / ".join(self.path) or "total"


@dataclass(frozen=True, slots=True)
class Shown:
    """How a cell is shown: a number, a band, or neither."""

    people: int | None
    band: str | None
    entries: int | None = None


NOTHING = Shown(None, None)


class Numbers:
    """Numbers that were shown, kept so that each new one is held only against those near it."""

    def __init__(self, cells: Iterable[Cell] = ()) -> None:
        """Keep these; the same number twice is kept once."""
        self._by_place: dict[tuple[str, ...], dict[Cell, None]] = {}
        for each in cells:
            self.add(each)

    def add(self, cell: Cell) -> None:
        """Keep one more."""
        self._by_place.setdefault(cell.path[:1], {})[cell] = None

    def near(self, cell: Cell) -> list[Cell]:
        """Return those that a reader could subtract from this one, or this one from them."""
        places = ((), cell.path[:1]) if cell.path else tuple(self._by_place)
        return [other for place in places for other in self._by_place.get(place, ()) if comparable(cell, other)]


def weeks(since: str, until: str) -> tuple[str, str]:
    """Return the Thursdays of the first and last week that fall into a period: what two periods are compared by."""
    first = date.fromisoformat(since) if since else None
    last = date.fromisoformat(until) if until else None
    if first:
        first += timedelta(days=(_THURSDAY - first.isoweekday()) % 7)
    if last:
        last -= timedelta(days=(last.isoweekday() - _THURSDAY) % 7)
    return first.isoformat() if first else "", last.isoformat() if last else ""


def shown(cell: Cell, earlier: Iterable[Cell], fewest: int) -> Shown:
    """Return how a cell may be shown beside every number that was shown before, in this output and in others."""
    if cell.people < fewest:
        return NOTHING
    near = [other for other in earlier if comparable(cell, other)]
    if any(0 < abs(cell.people - other.people) < fewest for other in near):
        return Shown(None, f"{fewest} or more")
    return Shown(cell.people, None)


def may_tell_contributions(cell: Cell, earlier: Iterable[Cell], here: Sequence[Cell], fewest: int) -> bool:
    """Return whether a number of contributions may be told beside those told before in other outputs.

    `here` are the cells shown in this output, whose differences the caller holds against the
    people themselves; of earlier ones only the numbers are left.
    """
    near = [other for other in earlier if other.entries is not None and comparable(cell, other)]
    if cell in near:
        return True
    return all(
        cell.entries == other.entries
        or (other.path != cell.path and other in here)
        or _rests_on_enough(cell, other, fewest)
        for other in near
    )


def _rests_on_enough(cell: Cell, other: Cell, fewest: int) -> bool:
    """Contributions, unlike people, add up: a quarter without two of its months is the third one's."""
    other_weeks = cell.path == other.path and (cell.since, cell.until) != (other.since, other.until)
    return not other_weeks and abs(cell.people - other.people) >= fewest


def comparable(one: Cell, other: Cell) -> bool:
    """Return whether a reader could subtract one from the other."""
    return _nested(one.path, other.path) and _share_a_week(one, other)


def _nested(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) == len(long) == _A_MATTER and short[0] == long[0]:
        words, more = set(short[1].split()), set(long[1].split())
        return words <= more or more <= words  # who wrote "bus fares" wrote "bus", too
    return long[: len(short)] == short


def _share_a_week(one: Cell, other: Cell) -> bool:
    """Two periods of which neither holds the other count, too: a reader may know that the rest was silent."""
    return (not one.until or not other.since or other.since <= one.until) and (
        not other.until or not one.since or one.since <= other.until
    )


def may_quote(people: int, fewest: int, *, author_agreed: bool) -> bool:
    """Return whether a passage may be quoted under a theme with so many people."""
    return people >= fewest or author_agreed


def sites_may_be_named(people_by_site: Sequence[int], fewest: int) -> bool:
    """Return whether sites may be named: only if every one of them reaches k, else none is."""
    return len(people_by_site) > 1 and min(people_by_site, default=0) >= fewest
