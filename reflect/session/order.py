"""Who speaks when: an order drawn by lot, nobody first twice running, late arrivals last. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random


def drawn(people: Collection[str], seed: str, openers: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the people in an order drawn by lot.

    `openers` are those who opened a round of the last session, in that order. Nobody who
    opened any comes first; where all did, nobody who opened the first.
    """
    # A fair draw that resuming repeats; nothing secret hangs on it.
    order = Random(seed).sample(list(people), len(people))  # noqa: S311
    first = next(
        (each for spared in (openers, openers[:1]) for each in order if each not in spared),
        order[0] if order else "",
    )
    return (first, *(each for each in order if each != first)) if order else ()


def in_round(order: Sequence[str], late: Sequence[str], number: int) -> tuple[str, ...]:
    """Return the order of a session's round (the first is 0): each is opened by another person, late ones stay last."""
    at = number % len(order) if order else 0
    return (*order[at:], *order[:at], *late)
