"""Learns from what a group itself placed, by author or lead, and suggests themes for what nobody placed.

Nothing is learnt from few placements. What was learnt is listened to only if it did better
than the shipped suggester on placements that were kept aside in turn, so that a group whose
words repeat little loses nothing by it (docs/quality.md has the figures).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from reflect.themes.learn import Example, Learnt, Line, Passage, as_learnt, examples, lines, ordered, rarities
from reflect.themes.suggest import Table, chosen

ROUNDS, COST = 8, 0.1
"""As in `learn.py`; the shipped weights are where it starts from."""

FEWEST, FEWEST_OF_A_THEME = 24, 4
"""Placements from which something is learnt, and those of one theme."""

MOST = 1000
"""Placements that are read at most, and as many texts that nobody placed."""

PARTS = 3
"""Parts into which placements are split; each is kept aside in turn, to see whether learning helps."""

PRECISION = 0.65
"""The least share of suggestions that must have been right."""


def learn(
    placed: Mapping[str, AbstractSet[str]], themes: Sequence[str], table: Table, beside: Iterable[str] = ()
) -> Learnt | None:
    """Return what placements teach beyond the shipped table, or None where that is too little.

    `placed` has for each text its themes, `themes` are those of the group's codebook;
    `beside` are texts nobody placed: with the placed ones they tell how rare a word is
    here. The same placements teach the same, in whatever order they come.
    """
    read = ordered(Passage(themes=tuple(sorted(found)), text=text) for text, found in placed.items())[:MOST]
    if len(read) < FEWEST:
        return None
    rarity = rarities([*(each.text for each in read), *sorted(beside)[:MOST]])
    known = examples(read, rarity, table)
    taught = [theme for theme in themes if sum(theme in each.themes for each in known) >= FEWEST_OF_A_THEME]
    if not taught or not _helps(known, taught):
        return None
    return as_learnt(taught, lines(known, taught, ROUNDS, COST), rarity, places=3)


def _helps(known: Sequence[Example], themes: Sequence[str]) -> bool:
    """Return whether more is found with what was learnt than without, and most of what is found is right."""
    with_it: dict[int, list[str]] = {}
    for part in range(PARTS):
        found = lines([each for at, each in enumerate(known) if at % PARTS != part], themes, ROUNDS, COST)
        for at in range(part, len(known), PARTS):
            with_it[at] = chosen(_scores(known[at], themes, found))
    precision, f1 = _right(known, [with_it[at] for at in range(len(known))])
    _, f1_before = _right(known, [chosen(each.before) for each in known])
    return f1 > f1_before and precision >= PRECISION


def _scores(example: Example, themes: Sequence[str], found: Sequence[Line]) -> dict[str, float]:
    learnt = {
        theme: start + sum(weights.get(term, 0.0) * value for term, value in example.terms)
        for theme, (weights, start) in zip(themes, found, strict=True)
    }
    return {theme: example.before.get(theme, 0.0) + learnt.get(theme, 0.0) for theme in {**example.before, **learnt}}


def _right(known: Sequence[Example], suggested: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Return precision and F1 of all suggestions together."""
    right = sum(len(each.themes.intersection(found)) for each, found in zip(known, suggested, strict=True))
    given = sum(map(len, suggested))
    wanted = sum(len(each.themes) for each in known)
    return right / max(given, 1), 2 * right / max(given + wanted, 1)
