"""Suggests themes for an entry from its words, each with the words that spoke for it.

Three witnesses are heard: the codebook's cues, which people can read and change; the
weight that each word, and each two neighbours, were found to have for each theme
(`learn.py`); and, in a group, what its own placements taught beyond that (`placed.py`).
How good they are together is measured in `docs/quality.md`, on entries kept apart.

The interface is small: `compiled` makes a table that is kept ready as JSON, `suggest`
reads a text against it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from reflect.models import Suggestion
from reflect.words import places, stems, words

if TYPE_CHECKING:
    from reflect.themes.codebook import Codebook
    from reflect.themes.learn import Learnt

VERSION = "cues-and-words-2"
"""Stored with every suggestion, so that it is known which suggester made it."""

MOST = 3
"""Themes suggested for one entry; a longer list would suggest nothing."""

ENOUGH, ENOUGH_BESIDE = -0.1, 0.2
"""The least score of the first suggested theme, and of each beside it: few suggestions may be wrong."""

QUOTED = "#quoted"
"""Stands among a text's terms where one to three words are in quotation marks: somebody looks at a word."""

_CUE, _MOST_CUES, _AGAIN, _PAIR, _WEAK = 0.5, 2.0, 0.25, 0.2, 0.1
_TELLING = 4.0  # a word this rare can be named as the reason; "that I" would tell nobody anything
_IN_QUOTES = re.compile(
    r"(?<!\w)['\"\u2018\u201c]\w[\w'\u2019-]*(?: \w[\w'\u2019-]*){0,2}[.,!?]?['\"\u2019\u201d](?!\w)"
)
# Rarities and weights stand in the table as letters, in tenths: a string for each term is read several times
# faster than a list of numbers, and every `reflect write` reads the table.
_RARE, _NOTHING, _LEAST, _MOST = 35, 80, 35, 126

Table = dict[str, Any]
"""The compiled codebook: plain lists, numbers and strings, so that it can be kept as JSON."""


def terms(text: str) -> set[str]:
    """Return the stems of a text, each two neighbours, and `QUOTED` where it fits."""
    found = stems(words(text))
    return {*found, *map(" ".join, pairwise(found)), *((QUOTED,) if _IN_QUOTES.search(text) else ())}


def compiled(codebook: Codebook, learnt: Mapping[str, Any]) -> Table:
    """Return the codebook and what was learnt (`prompts/learnt.json`) as one table."""
    cues: dict[str, list[list[Any]]] = defaultdict(list)
    for theme in codebook.theme:
        for cue in theme.cues:
            found = stems(words(cue))
            cues[found[0]].append([found, theme.id])
    for listed in cues.values():
        listed.sort(key=lambda each: -len(each[0]))  # the longest phrase that fits is the one that was meant
    ties = [
        {
            "when": [stems(words(each)) for each in tie.when],
            "near": [stems(words(each)) for each in tie.near],
            "then": tie.then,
            "otherwise": tie.otherwise or "",
        }
        for tie in codebook.tie
    ]
    return {
        "cues": cues,
        "ties": ties,
        "weak": {theme.id: sorted(set(stems(words(" ".join(theme.weak))))) for theme in codebook.theme},
        "themes": learnt["themes"],
        "start": learnt["start"],
        "terms": {term: _as_letters(rarity, weights) for term, (rarity, *weights) in learnt["terms"].items()},
    }


def _as_letters(rarity: int, weights: Iterable[int]) -> str:
    levels = (min(max(_NOTHING + weight, _LEAST), _MOST) for weight in weights)
    return chr(min(_RARE + rarity, _MOST)) + "".join(map(chr, levels))


def suggest(text: str, table: Table, own: Learnt | None = None) -> list[Suggestion]:
    """Return the themes a text hints at, strongest first, each with the words that spoke for it most.

    `own` is what a group's own placements taught beyond the table.
    """
    hearing = _Hearing(text, table)
    if own:
        hearing.hear_own(own)
    return hearing.found()


def scores(text: str, table: Table) -> dict[str, float]:
    """Return how much a text's words speak for each theme of the table: above nothing rather for it, below against."""
    return _Hearing(text, table).scores()


class _Hearing:
    """What a text's words say for each theme, and which of them say it most."""

    def __init__(self, text: str, table: Table) -> None:
        self._text = text
        self._places = places(text)
        self._stems = stems([word for word, _, _ in self._places])
        self._cues: dict[str, float] = defaultdict(float)
        self._words: dict[str, float] = {}
        self._strongest: dict[str, tuple[float, int, int]] = {}
        self._terms = self._with_places()
        self._hear_cues(table)
        self._hear_words(table)

    def _hear_cues(self, table: Table) -> None:
        """Count each theme's cues; a phrase says a little more than a word, a repetition less than the first time."""
        found = self._stems
        settled = _settled_by_ties(found, table["ties"])
        for at, (theme, length) in settled.items():
            self._cue(theme, 1.0, at, length)
        seen: set[tuple[str, ...]] = set()
        taken = -1
        for at, stem in enumerate(found):
            for cue, theme in table["cues"].get(stem, ()):
                if at > taken and at not in settled and found[at : at + len(cue)] == cue:
                    weight = _AGAIN if tuple(cue) in seen else 1.0 + _PAIR * (len(cue) - 1)
                    seen.add(tuple(cue))
                    self._cue(theme, weight, at, len(cue))
                    taken = at + len(cue) - 1
                    break
        present = set(found)
        for theme in self._cues:
            self._cues[theme] += _WEAK * len(present.intersection(table["weak"].get(theme, ())))

    def _with_places(self) -> dict[str, tuple[int, int]]:
        """Return each term of the text with where it first stands."""
        found: dict[str, tuple[int, int]] = {}
        for stem, (_, start, end) in zip(self._stems, self._places, strict=True):
            found.setdefault(stem, (start, end))
        for (one, other), (first, last) in zip(pairwise(self._stems), pairwise(self._places), strict=True):
            found.setdefault(f"{one} {other}", (first[1], last[2]))
        if quoted := _IN_QUOTES.search(self._text):
            found[QUOTED] = quoted.span()
        return found

    def _hear_words(self, table: Table) -> None:
        """Add what each word and each two neighbours were found to weigh for each theme."""
        rows = {term: table["terms"][term] for term in self._terms if term in table["terms"]}
        rare = {term: (ord(row[0]) - _RARE) / 10 for term, row in rows.items()}
        scale = _scale(rare)
        for column, theme in enumerate(table["themes"], 1):
            said = {term: (ord(row[column]) - _NOTHING) / 10 * rare[term] * scale for term, row in rows.items()}
            self._add(theme, table["start"][column - 1], said, rare)

    def hear_own(self, own: Learnt) -> None:
        """Add what a group's own placements taught."""
        rare = {term: own.rarity[term] for term in self._terms if term in own.rarity}
        scale = _scale(rare)
        for column, theme in enumerate(own.themes):
            said = {term: own.weights[term][column] * value * scale for term, value in rare.items()}
            self._add(theme, own.start[column], said, rare)

    def _add(self, theme: str, start: float, said: Mapping[str, float], rare: Mapping[str, float]) -> None:
        # Summed exactly, so that the order of words decides nothing.
        self._words[theme] = self._words.get(theme, 0.0) + start + math.fsum(said.values())
        if theme in self._cues or not said:
            return
        telling = [term for term in said if said[term] > 0 and _tells(term, rare)]
        term = max(telling or said, key=lambda each: (said[each], each))
        self._remember(theme, said[term], *self._terms[term])

    def _cue(self, theme: str, weight: float, at: int, length: int) -> None:
        self._cues[theme] += weight
        self._remember(theme, weight, self._places[at][1], self._places[at + length - 1][2])

    def _remember(self, theme: str, weight: float, start: int, end: int) -> None:
        if weight > self._strongest.get(theme, (0.0, 0, 0))[0]:
            self._strongest[theme] = (weight, start, end)

    def scores(self) -> dict[str, float]:
        """Return what was heard for each theme."""
        return {theme: said + _CUE * min(self._cues.get(theme, 0.0), _MOST_CUES) for theme, said in self._words.items()}

    def found(self) -> list[Suggestion]:
        """Return the themes that were spoken for enough, each with the words that spoke for it most."""
        heard = self.scores()
        best = chosen({theme: heard.get(theme, 0.0) for theme in self._strongest})
        return [Suggestion(theme, self._text[start:end], start, end) for theme, start, end in map(self._because, best)]

    def _because(self, theme: str) -> tuple[str, int, int]:
        return (theme, *self._strongest[theme][1:])


def chosen(scores: Mapping[str, float]) -> list[str]:
    """Return the themes whose score is enough for a suggestion, strongest first."""
    ranked = sorted((-score, theme) for theme, score in scores.items())
    return [
        theme for place, (score, theme) in enumerate(ranked[:MOST]) if -score >= (ENOUGH_BESIDE if place else ENOUGH)
    ]


def _scale(rare: Mapping[str, float]) -> float:
    """Return what a text's terms are multiplied with, so that a long text does not count for more."""
    return 1 / (math.sqrt(math.fsum(value * value for value in rare.values())) or 1.0)


def _tells(term: str, rare: Mapping[str, float]) -> bool:
    return term == QUOTED or any(rare.get(stem, 0.0) >= _TELLING for stem in term.split())


def _settled_by_ties(found: Sequence[str], ties: Sequence[Table]) -> dict[int, tuple[str, int]]:
    """Return the places of words that could belong to two themes, with the theme their neighbours decide."""
    settled: dict[int, tuple[str, int]] = {}
    present = set(found)  # most phrases are not there, which is known sooner than where they stand
    for tie in ties:
        places = [(at, len(phrase)) for phrase in tie["when"] if phrase[0] in present for at in _stands(found, phrase)]
        if not places:
            continue
        near = any(phrase[0] in present and _stands(found, phrase) for phrase in tie["near"])
        if theme := tie["then"] if near else tie["otherwise"]:
            for at, length in places:
                settled.setdefault(at, (theme, length))
    return settled


def _stands(found: Sequence[str], phrase: Sequence[str]) -> list[int]:
    first, length = phrase[0], len(phrase)
    return [at for at, stem in enumerate(found) if stem == first and list(found[at : at + length]) == list(phrase)]
