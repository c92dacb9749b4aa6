"""What a group's own placements add: learnt from some entries of a collection, judged on its others."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence

from benchmarks.quality.measure import Labelled, Score, scores
from reflect import config
from reflect.themes import codebook, learn, placed, suggest

PLACED = 128
"""Entries that are learnt from; the others, or as many of them as `JUDGED`, are judged."""

JUDGED, SPLITS = 150, 10


def splits(entries: Sequence[Labelled], many: int = PLACED) -> Iterator[tuple[list[Labelled], list[Labelled]]]:
    """Yield seeded ways to split a collection into what is learnt from and what is judged."""
    for seed in range(SPLITS):
        mixed = random.Random(seed).sample(list(entries), len(entries))
        yield mixed[:many], mixed[many:][:JUDGED]


def with_and_without(entries: Sequence[Labelled], table: suggest.Table) -> tuple[Score, Score, int]:
    """Return how well the suggester does alone and with what it learnt, and how often it listened to that."""
    themes = table["themes"]
    alone: list[tuple[Labelled, list[str]]] = []
    taught: list[tuple[Labelled, list[str]]] = []
    listened = 0
    for known, judged in splits(entries):
        teaching = {each.text: each.themes for each in known if each.themes}
        own = placed.learn(teaching, themes, table, [each.text for each in judged])
        listened += own is not None
        for found, what in ((alone, None), (taught, own)):
            found += [(each, [hint.theme for hint in suggest.suggest(each.text, table, what)]) for each in judged]
    return _macro(alone), _macro(taught), listened


def _macro(found: Sequence[tuple[Labelled, list[str]]]) -> Score:
    suggested = iter([themes for _, themes in found])
    return scores([each for each, _ in found], lambda _: next(suggested))["macro"]


def of_a_kind(name: str) -> tuple[list[Labelled], suggest.Table]:
    """Return passages we ship as a group's own, with a suggester that never saw them."""
    book = codebook.read(config.our_data() / "themes.toml")
    sources = learn.sources()
    mine = [Labelled(each.text, frozenset(each.themes), cue_free=False) for each in sources.pop(name)]
    others = [each for found in sources.values() for each in found]
    learnt = learn.learn(others, [theme.id for theme in book.theme])
    return mine, suggest.compiled(book, json.loads(learn.to_json(learnt, "")))
