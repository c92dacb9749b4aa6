"""Finds what recurs inside a theme, and what sets its words apart; named by the contributors' own words.

A matter recurs when several people use the same telling words. No model, no download:
words and pairs of words, weighed by how many *people* use them here against elsewhere
(log-odds with a prior, after Monroe, Colaresi and Quinn 2008), then gathered greedily so
that two matters do not rest on the same passages.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from reflect.summary.excerpts import SMALL_WORDS
from reflect.words import places, stems

MOST = 4
"""Matters listed for a theme."""

FEWEST_PEOPLE = 2
"""People who must use a word before it can name a matter; whether a number is shown is another question."""

_OVERLAP = 0.5  # two names whose passages overlap by more are one matter
_PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class Passage:
    """One contribution's words, and the person they come from."""

    id: str
    person: str
    text: str


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that recurs: its name in the contributors' words, and the passages that speak of it."""

    name: str
    term: str
    """The stems behind the name, the same however it is written."""
    passages: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Terms:
    """For each term of a set of passages who uses it, where, and how it is written most often."""

    people: Mapping[str, AbstractSet[str]]
    passages: Mapping[str, AbstractSet[str]]
    written: Mapping[str, Mapping[str, int]]


def recurring(inside: Sequence[Passage], elsewhere: Sequence[Passage], most: int = MOST) -> list[Matter]:
    """Return what several people speak of inside a theme, most people first."""
    here, there = _terms(tuple(inside)), _terms(tuple(elsewhere))
    persons_here = len({each.person for each in inside}) or 1
    persons_there = len({each.person for each in elsewhere}) or 1
    ranked = sorted(
        (term for term, people in here.people.items() if len(people) >= FEWEST_PEOPLE),
        key=lambda term: (
            -len(here.people[term]) * _odds(term, here, there, persons_here, persons_there),
            -len(term),
            term,
        ),
    )
    chosen: list[Matter] = []
    for term in ranked:
        if len(chosen) == most:
            break
        if _odds(term, here, there, persons_here, persons_there) <= 0:
            continue
        passages = frozenset(here.passages[term])
        if any(len(passages & other.passages) > _OVERLAP * min(len(passages), len(other.passages)) for other in chosen):
            continue
        chosen.append(Matter(_as_written(here, term), term, passages))
    return chosen


def standing_out(
    inside: Sequence[Passage], elsewhere: Sequence[Passage], most: int = 8, fewest_people: int = FEWEST_PEOPLE
) -> list[str]:
    """Return the words that set a theme's passages apart from the rest, used by so many people at least."""
    here, there = _terms(tuple(inside)), _terms(tuple(elsewhere))
    counts = (len({each.person for each in inside}) or 1, len({each.person for each in elsewhere}) or 1)
    scored = [
        (_odds(term, here, there, *counts), term)
        for term, people in here.people.items()
        if len(people) >= fewest_people and " " not in term
    ]
    return [_as_written(here, term) for odds, term in sorted(scored, key=lambda s: (-s[0], s[1])) if odds > 0][:most]


def _as_written(here: _Terms, term: str) -> str:
    """Return how most people write a term; of two as frequent ones the first in the alphabet."""
    return min(here.written[term].items(), key=lambda found: (-found[1], found[0]))[0]


def _odds(term: str, here: _Terms, there: _Terms, persons_here: int, persons_there: int) -> float:
    inside, outside = len(here.people[term]), len(there.people.get(term, ()))
    return math.log((inside + _PRIOR) / (persons_here - inside + 1)) - math.log(
        (outside + _PRIOR) / (persons_there - outside + 1)
    )


@lru_cache(maxsize=4)  # what recurs and what stands out are asked of the same passages
def _terms(passages: tuple[Passage, ...]) -> _Terms:
    people: dict[str, set[str]] = defaultdict(set)
    where: dict[str, set[str]] = defaultdict(set)
    written: dict[str, dict[str, int]] = defaultdict(dict)
    for each in passages:
        for term, shown in _found_in(each.text):
            people[term].add(each.person)
            where[term].add(each.id)
            written[term][shown] = written[term].get(shown, 0) + 1
    return _Terms(people, where, written)


@lru_cache(maxsize=8192)  # a contribution is inside one theme and outside nine
def _found_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return the telling words of a text and the pairs of neighbours among them: as stems, and as written."""
    tokens = [word for word, _, _ in places(text)]
    roots = stems(tokens)
    telling = [root not in SMALL_WORDS and len(root) > 2 and not root.isdigit() for root in roots]
    found = []
    for at, (root, word) in enumerate(zip(roots, tokens, strict=True)):
        if telling[at]:
            found.append((root, word))
            if at + 1 < len(roots) and telling[at + 1]:
                found.append((f"{root} {roots[at + 1]}", f"{word} {tokens[at + 1]}"))
    return tuple(found)
