"""Finds what recurs inside a theme, and what sets its words apart; named by the contributors' own words.

A matter recurs when several people use the same telling words. No model, no download:
words and pairs of words, weighed by how many *people* use them here against elsewhere
(log-odds with a prior, after Monroe, Colaresi and Quinn 2008), then gathered greedily so
that two matters do not rest on the same passages.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from reflect.summary.excerpts import SMALL_WORDS, spread
from reflect.words import stem, straight, words, words_from

MOST = 4
"""Matters listed for a theme."""

SAMPLE = 1000
"""Passages of a theme that are looked through to find what recurs; who speaks of it is counted in all."""

BESIDE = 3 * SAMPLE
"""Passages of all themes that each one is held against: read once, the same for all."""

FEWEST_PEOPLE = 2
"""People who must use a word before it can name a matter; whether a number is shown is another question."""

_OVERLAP = 0.5  # two names whose passages overlap by more are one matter
_PRIOR = 0.5
_SHORTEST = 3  # letters of a stem that can tell something


class Passage(NamedTuple):
    """One contribution's words, and the person they come from."""

    id: str
    person: str
    text: str


class Matter(NamedTuple):
    """Something that recurs: its name in the contributors' words, and the passages that speak of it."""

    name: str
    term: str
    """The stems behind the name, the same however it is written."""
    passages: frozenset[str]


class Read:
    """Passages that were read: where each telling word stands, and each pair of neighbours among them."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Read each passage once."""
        self.passages = passages
        self.places: dict[str, list[int]] = defaultdict(list)
        """For each term the passages that use it, by their number; one that uses it twice is there twice."""
        for number, each in enumerate(passages):
            for root, following in pairwise([*map(_telling, words(each.text)), ""]):
                if root:
                    self.places[root].append(number)
                    if following:
                        self.places[f"{root} {following}"].append(number)

    def people(self, numbers: Iterable[int]) -> set[str]:
        """Return who wrote the passages of these numbers."""
        return {self.passages[number].person for number in numbers}

    def ids(self, term: str) -> frozenset[str]:
        """Return the ids of the passages that use a term."""
        return frozenset(self.passages[number].id for number in self.places[term])

    def as_written(self, term: str) -> str:
        """Return how a term is written most often; of two as frequent forms the first in the alphabet."""
        forms = Counter(
            form for number in set(self.places[term]) for form in _forms(straight(self.passages[number].text), term)
        )
        return min(forms.items(), key=lambda found: (-found[1], found[0]))[0]


class Contrast:
    """What is said inside a theme, held against what is said elsewhere."""

    def __init__(self, inside: Sequence[Passage], beside: Read) -> None:
        """Look through the passages; of very many, through an even spread of them.

        `beside` are passages of all themes; those that are not inside stand for what is said elsewhere.
        """
        self._inside = inside
        self._here = Read(spread(inside, SAMPLE))
        mine = {each.id for each in inside}
        others = [number for number, each in enumerate(beside.passages) if each.id not in mine]
        self._beside, self._others = beside, set(spread(others, 2 * SAMPLE))
        self._persons_here = len({each.person for each in self._here.passages}) or 1
        self._persons_there = len(beside.people(self._others)) or 1
        self._users = {
            term: len(people)
            for term, numbers in self._here.places.items()
            if len(numbers) >= FEWEST_PEOPLE and len(people := self._here.people(numbers)) >= FEWEST_PEOPLE
        }
        self._odds = {term: self._odds_of(term, people) for term, people in self._users.items()}

    def recurring(self, most: int = MOST) -> list[Matter]:
        """Return what several people speak of inside the theme, most people first."""
        ranked = sorted(
            (term for term, odds in self._odds.items() if odds > 0),
            key=lambda term: (-self._users[term] * self._odds[term], -len(term), term),
        )
        chosen: dict[str, AbstractSet[str]] = {}
        for term in ranked:
            if len(chosen) == most:
                break
            passages = self._here.ids(term)
            if not any(_overlap(passages, other) for other in chosen.values()):
                chosen[term] = passages
        if len(self._here.passages) < len(self._inside):
            chosen = dict(_using(list(chosen), self._inside))
        return [Matter(self._here.as_written(term), term, frozenset(found)) for term, found in chosen.items()]

    def standing_out(
        self, most: int = 8, fewest_people: int = FEWEST_PEOPLE, people: Callable[[frozenset[str]], int] | None = None
    ) -> list[str]:
        """Return the words that set the theme's passages apart from the rest, used by so many people at least.

        `people` says how many are behind these passages for sure, where one person may go
        by several ids; without it each id is one person.
        """
        telling = sorted(
            (-odds, term)
            for term, odds in self._odds.items()
            if odds > 0 and self._users[term] >= fewest_people and " " not in term
        )
        enough = (term for _, term in telling if people is None or people(self._here.ids(term)) >= fewest_people)
        return [self._here.as_written(term) for term in islice(enough, most)]

    def _odds_of(self, term: str, inside: int) -> float:
        elsewhere = self._others.intersection(self._beside.places.get(term, ()))
        outside = len(self._beside.people(elsewhere))
        return math.log((inside + _PRIOR) / (self._persons_here - inside + 1)) - math.log(
            (outside + _PRIOR) / (self._persons_there - outside + 1)
        )


def _overlap(one: AbstractSet[str], other: AbstractSet[str]) -> bool:
    return len(one & other) > _OVERLAP * min(len(one), len(other))


def _using(terms: Sequence[str], passages: Sequence[Passage]) -> Mapping[str, AbstractSet[str]]:
    """Return which of all passages use each term, for numbers that are exact."""
    found: dict[str, set[str]] = {term: set() for term in terms}
    starts = [(term, beginning(term.partition(" ")[0])) for term in terms]
    for each in passages:
        text = straight(each.text)
        for term, start in starts:
            if start in text and any(_forms(text, term)):
                found[term].add(each.id)
    return found


def beginning(root: str) -> str:
    """Return how every word with this stem begins.

    A stem is the beginning of its words, but for an e, i, l or y at its end, which may
    stand for another letter (carri of carry, possibl of possibility), and for the ie of die, dying.
    """
    if root.endswith("ie"):
        return root[:-2]
    return root[:-1] if root.endswith(("e", "i", "l", "y")) else root


@lru_cache(maxsize=1 << 16)
def _telling(word: str) -> str:
    """Return the stem of a word; nothing for one that tells little."""
    root = stem(word)
    return "" if root in SMALL_WORDS or len(root) < _SHORTEST or root.isdigit() else root


def _forms(text: str, term: str) -> Iterator[str]:
    """Yield how a straight text writes a term, as often as it does."""
    first, _, second = term.partition(" ")
    alike = (word for word in words_from(beginning(first), text) if stem(word) == first)
    if not second:
        yield from alike
    elif any(alike):
        yield from (
            f"{one} {other}" for one, other in pairwise(words(text)) if (stem(one), stem(other)) == (first, second)
        )
