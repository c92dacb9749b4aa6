"""Suggests themes for an entry from its words, each with the cue that caused it.

Two witnesses are heard: the codebook's cues, which people can read and change, and the
weight that each ordinary word was found to have for each theme (`learn.py`). How good
they are together is measured in `docs/quality.md`, on entries kept apart.

The interface is small: `compiled` makes a table that is kept ready as JSON, `suggest`
reads a text against it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reflect.models import Suggestion
from reflect.words import places, stems, words

if TYPE_CHECKING:
    from reflect.themes.codebook import Codebook

VERSION = "cues-and-words-1"
"""Stored with every suggestion, so that it is known which suggester made it."""

MOST = 3
"""Themes suggested for one entry; a longer list would suggest nothing."""

ENOUGH = 0.2
"""The least score of a suggested theme, chosen so that few suggestions are wrong (docs/quality.md)."""

_CUE, _MOST_CUES, _AGAIN, _PAIR, _WEAK = 1.0, 2.0, 0.25, 0.2, 0.1

Table = dict[str, Any]
"""The compiled codebook: plain lists and numbers, so that it can be kept as JSON."""


def terms(text: str) -> set[str]:
    """Return the stems of a text."""
    return set(stems(words(text)))


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
    weak = {theme.id: sorted(terms(" ".join(theme.weak))) for theme in codebook.theme}
    return {
        "cues": cues,
        "ties": ties,
        "weak": weak,
        "themes": learnt["themes"],
        "start": learnt["start"],
        "terms": learnt["terms"],
    }


def suggest(text: str, table: Table) -> list[Suggestion]:
    """Return the themes a text hints at, strongest first, each with the words that spoke for it most."""
    hearing = _Hearing(text)
    hearing.hear_cues(table)
    hearing.hear_words(table)
    return hearing.found()


class _Hearing:
    """What a text's words say for each theme, and which of them say it most."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = places(text)
        self._stems = stems([word for word, _, _ in self._places])
        self._cues: dict[str, float] = defaultdict(float)
        self._words: dict[str, float] = {}
        self._strongest: dict[str, tuple[float, int, int]] = {}

    def hear_cues(self, table: Table) -> None:
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

    def hear_words(self, table: Table) -> None:
        """Add what each ordinary word was found to weigh for each theme."""
        known = {stem: table["terms"][stem] for stem in sorted(set(self._stems)) if stem in table["terms"]}
        length = math.sqrt(sum(row[0] * row[0] for row in known.values())) or 1.0
        for column, theme in enumerate(table["themes"], 1):
            said = {stem: row[column] * row[0] / length for stem, row in known.items()}
            self._words[theme] = table["start"][column - 1] + sum(said.values())
            if theme not in self._cues and said:
                stem = max(said, key=lambda each: (said[each], each))
                self._remember(theme, said[stem], self._stems.index(stem), 1)

    def found(self) -> list[Suggestion]:
        """Return the themes that were spoken for enough."""
        scores = {
            theme: self._words.get(theme, 0.0) + _CUE * min(self._cues.get(theme, 0.0), _MOST_CUES)
            for theme in self._strongest
        }
        ranked = sorted((-score, theme) for theme, score in scores.items() if score >= ENOUGH)
        return [
            Suggestion(theme, self._text[start:end], start, end)
            for theme, (_, start, end) in ((theme, self._strongest[theme]) for _, theme in ranked[:MOST])
        ]

    def _cue(self, theme: str, weight: float, at: int, length: int) -> None:
        self._cues[theme] += weight
        self._remember(theme, weight, at, length)

    def _remember(self, theme: str, weight: float, at: int, length: int) -> None:
        if weight > self._strongest.get(theme, (0.0, 0, 0))[0]:
            self._strongest[theme] = (weight, self._places[at][1], self._places[at + length - 1][2])


def _settled_by_ties(found: Sequence[str], ties: Sequence[Table]) -> dict[int, tuple[str, int]]:
    """Return the places of words that could belong to two themes, with the theme their neighbours decide."""
    settled: dict[int, tuple[str, int]] = {}
    for tie in ties:
        near = any(_stands(found, phrase) for phrase in tie["near"])
        theme = tie["then"] if near else tie["otherwise"]
        if not theme:
            continue
        for phrase in tie["when"]:
            for at in _stands(found, phrase):
                settled.setdefault(at, (theme, len(phrase)))
    return settled


def _stands(found: Sequence[str], phrase: Sequence[str]) -> list[int]:
    first, length = phrase[0], len(phrase)
    return [at for at, stem in enumerate(found) if stem == first and list(found[at : at + length]) == list(phrase)]
