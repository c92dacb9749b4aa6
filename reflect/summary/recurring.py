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
from itertools import pairwise

from reflect.summary.excerpts import SMALL_WORDS, spread
from reflect.words import stems, words

MOST = 4
"""Matters listed for a theme."""

SAMPLE = 1000
"""Passages of a theme that are looked through to find what recurs; who speaks of it is counted in all."""

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


class Contrast:
    """What is said inside a theme, held against what is said elsewhere."""

    def __init__(self, inside: Sequence[Passage], elsewhere: Sequence[Passage]) -> None:
        """Look through the passages; of very many, through an even spread of them."""
        self._inside = inside
        looked_at, beside = spread(inside, SAMPLE), spread(elsewhere, 2 * SAMPLE)
        self._has_all = len(looked_at) == len(inside)
        self._here, self._there = _terms(looked_at), _terms(beside)
        self._persons_here = len({each.person for each in looked_at}) or 1
        self._persons_there = len({each.person for each in beside}) or 1

    def recurring(self, most: int = MOST) -> list[Matter]:
        """Return what several people speak of inside the theme, most people first."""
        here = self._here
        odds = {term: self._odds(term) for term, people in here.people.items() if len(people) >= FEWEST_PEOPLE}
        chosen: list[str] = []
        for term in sorted(odds, key=lambda term: (-len(here.people[term]) * odds[term], -len(term), term)):
            if len(chosen) == most:
                break
            if odds[term] > 0 and not any(_overlap(here.passages[term], here.passages[other]) for other in chosen):
                chosen.append(term)
        passages = here.passages if self._has_all else _using(chosen, self._inside)
        return [Matter(_as_written(here, term), term, frozenset(passages[term])) for term in chosen]

    def standing_out(self, most: int = 8, fewest_people: int = FEWEST_PEOPLE) -> list[str]:
        """Return the words that set the theme's passages apart from the rest, used by so many people at least."""
        scored = [
            (self._odds(term), term)
            for term, people in self._here.people.items()
            if len(people) >= fewest_people and " " not in term
        ]
        telling = [term for odds, term in sorted(scored, key=lambda s: (-s[0], s[1])) if odds > 0]
        return [_as_written(self._here, term) for term in telling[:most]]

    def _odds(self, term: str) -> float:
        inside, outside = len(self._here.people[term]), len(self._there.people.get(term, ()))
        return math.log((inside + _PRIOR) / (self._persons_here - inside + 1)) - math.log(
            (outside + _PRIOR) / (self._persons_there - outside + 1)
        )


def _overlap(one: AbstractSet[str], other: AbstractSet[str]) -> bool:
    return len(one & other) > _OVERLAP * min(len(one), len(other))


def _using(terms: Sequence[str], passages: Sequence[Passage]) -> Mapping[str, AbstractSet[str]]:
    """Return which of all passages use each term, for numbers that are exact."""
    found: dict[str, set[str]] = {term: set() for term in terms}
    wanted = [(term, *term.split()) for term in terms]
    for each in passages:
        roots = stems(words(each.text))
        for term, first, *more in wanted:
            if first in roots and (not more or (first, more[0]) in pairwise(roots)):
                found[term].add(each.id)
    return found


def _as_written(here: _Terms, term: str) -> str:
    """Return how most people write a term; of two as frequent ones the first in the alphabet."""
    return min(here.written[term].items(), key=lambda found: (-found[1], found[0]))[0]


def _terms(passages: Sequence[Passage]) -> _Terms:
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
    tokens = words(text)
    roots = stems(tokens)
    telling = [root not in SMALL_WORDS and len(root) > 2 and not root.isdigit() for root in roots]
    found = []
    for at, (root, word) in enumerate(zip(roots, tokens, strict=True)):
        if telling[at]:
            found.append((root, word))
            if at + 1 < len(roots) and telling[at + 1]:
                found.append((f"{root} {roots[at + 1]}", f"{word} {tokens[at + 1]}"))
    return tuple(found)
