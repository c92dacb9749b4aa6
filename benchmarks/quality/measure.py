"""How well themes are suggested on labelled collections: precision, recall and F1 a theme.

`held_out.jsonl` was written by other hands than the codebook and `development.jsonl`,
and nothing was tuned on it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reflect import config
from reflect.themes import codebook, suggest

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Labelled:
    """One entry with the themes a careful reader gave it, and what was planted in it."""

    text: str
    themes: frozenset[str]
    cue_free: bool
    id: str = ""
    person: str = ""
    date: str = ""
    sub: str = ""
    """The matter inside its theme that others wrote of, too; empty for none."""
    is_minority: bool = False
    """Whether one or two people hold its view against the others."""
    stance: str = ""
    """gain, loss, differs, or nothing said."""


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of one theme, or the mean of all."""

    precision: float
    recall: float
    f1: float


def collection(name: str) -> list[Labelled]:
    """Return a labelled collection, `development` or `held_out`."""
    rows = (json.loads(line) for line in (HERE / f"{name}.jsonl").read_text().splitlines() if line.strip())
    return [
        Labelled(
            text=row["text"],
            themes=frozenset(row["themes"]),
            cue_free=row["cue_free"],
            id=row["id"],
            person=row["person"],
            date=row["date"],
            sub=row["sub"],
            is_minority=row["view"] == "minority",
            stance="" if row["stance"] == "none" else row["stance"],
        )
        for row in rows
    ]


def shipped() -> suggest.Table:
    """Return the suggester that ships."""
    data = config.our_data()
    return suggest.compiled(codebook.read(data / "themes.toml"), json.loads((data / "learnt.json").read_bytes()))


def scores(entries: Iterable[Labelled], placed: Callable[[str], Iterable[str]]) -> dict[str, Score]:
    """Return a score for each theme, under `macro` their mean, under `micro` that of all placings together."""
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for entry in entries:
        found = set(placed(entry.text))
        given.update(found)
        wanted.update(entry.themes)
        right.update(found & entry.themes)
    by_theme = {theme: _score(right[theme], given[theme], wanted[theme]) for theme in wanted}
    count = len(by_theme)
    macro = Score(
        *(sum(getattr(each, name) for each in by_theme.values()) / count for name in ("precision", "recall", "f1"))
    )
    return by_theme | {"macro": macro, "micro": _score(right.total(), given.total(), wanted.total())}


def _score(right: int, given: int, wanted: int) -> Score:
    precision = right / given if given else 0.0
    recall = right / wanted if wanted else 0.0
    return Score(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)
