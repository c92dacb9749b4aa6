"""Suggests themes for an entry from its words, each with the cue that caused it.

One small interface: `compiled` turns the codebook into a table that is kept ready,
`suggest` reads a text against it. What it knows are cues, tie rules and the words of
example passages; a better suggester takes the place of these two functions.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reflect.models import Suggestion
from reflect.words import places, stems, words

if TYPE_CHECKING:
    from reflect.themes.codebook import Codebook

VERSION = "cues-1"
"""Stored with every suggestion, so that it is known which suggester made it."""

MOST = 3
"""Themes suggested for one entry; a longer list would suggest nothing."""

ENOUGH = 1.0
"""The least score of a suggested theme: one plain cue, or several words its examples share."""

_CUE, _AGAIN, _WEAK, _EXAMPLE = 1.0, 0.25, 0.3, 0.22
_COMMON = 0.25  # a word in more than this share of all themes' examples says nothing

Table = dict[str, Any]
"""The compiled codebook: plain lists and numbers, so that it can be kept as JSON."""


def compiled(codebook: Codebook) -> Table:
    """Return the codebook as a table of stems."""
    cues: dict[str, list[list[Any]]] = defaultdict(list)
    for theme in codebook.theme:
        for cue in theme.cues:
            found = stems(words(cue))
            cues[found[0]].append([found, theme.id, cue])
    weak = {theme.id: sorted(set(stems(words(" ".join(theme.weak))))) for theme in codebook.theme}
    ties = [
        {
            "when": [stems(words(each)) for each in tie.when],
            "near": [stems(words(each)) for each in tie.near],
            "then": tie.then,
            "otherwise": tie.otherwise or "",
        }
        for tie in codebook.tie
    ]
    return {"cues": cues, "weak": weak, "ties": ties, "weights": _weights(codebook)}


def _weights(codebook: Codebook) -> dict[str, dict[str, float]]:
    """Return for each stem of the examples how much more often it stands in one theme than in the others."""
    inside: dict[str, Counter[str]] = {
        theme.id: Counter(stem for example in theme.examples for stem in set(stems(words(example))))
        for theme in codebook.theme
    }
    everywhere = sum(inside.values(), Counter[str]())
    total = sum(len(theme.examples) for theme in codebook.theme) or 1
    weights: dict[str, dict[str, float]] = {}
    for stem, count in everywhere.items():
        if count < 2 or count / total > _COMMON or len(stem) < 3:
            continue
        for theme, counts in inside.items():
            odds = math.log((counts[stem] + 0.3) / (count - counts[stem] + 0.3 * (len(inside) - 1)) * (len(inside) - 1))
            if odds > 1:
                weights.setdefault(stem, {})[theme] = round(odds, 2)
    return weights


def suggest(text: str, table: Table) -> list[Suggestion]:
    """Return the themes a text hints at, strongest first, each with the place of its cue."""
    ballot = _Ballot(text)
    found = ballot.stems
    settled = _settled_by_ties(found, table["ties"])
    for at, (theme, length) in settled.items():
        ballot.vote(theme, _CUE, at, length)
    for at, stem in enumerate(found):
        for cue, theme, shown in table["cues"].get(stem, ()):
            if found[at : at + len(cue)] == cue and at not in settled:
                ballot.cue(theme, shown, at, len(cue))
    present = set(found)
    for theme in list(ballot.votes):
        ballot.votes[theme] += _WEAK * len(present.intersection(table["weak"][theme]))
    for stem in present:
        for theme, weight in table["weights"].get(stem, {}).items():
            ballot.vote(theme, _EXAMPLE * weight, found.index(stem), 1)
    return ballot.elected()


class _Ballot:
    """The votes that a text's words cast for themes, and the strongest word for each."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = places(text)
        self.stems = stems([word for word, _, _ in self._places])
        self.votes: dict[str, float] = defaultdict(float)
        self._strongest: dict[str, tuple[float, int, int]] = {}
        self._seen: set[tuple[str, str]] = set()

    def cue(self, theme: str, shown: str, at: int, length: int) -> None:
        """Count a cue; a phrase says more than a word, a repetition less than the first time."""
        again = (theme, shown) in self._seen
        self._seen.add((theme, shown))
        self.vote(theme, _AGAIN if again else _CUE + 0.2 * (length - 1), at, length)

    def vote(self, theme: str, weight: float, at: int, length: int) -> None:
        """Add a weight to a theme for the words from `at` on."""
        self.votes[theme] += weight
        if weight > self._strongest.get(theme, (0.0, 0, 0))[0]:
            self._strongest[theme] = (weight, self._places[at][1], self._places[at + length - 1][2])

    def elected(self) -> list[Suggestion]:
        """Return the themes with enough votes, most first."""
        ranked = sorted((-votes, theme) for theme, votes in self.votes.items() if votes >= ENOUGH)
        return [
            Suggestion(theme, self._text[start:end], start, end)
            for theme, (_, start, end) in ((theme, self._strongest[theme]) for _, theme in ranked[:MOST])
        ]


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
