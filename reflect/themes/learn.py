"""Learns which words speak for which theme, from passages that people placed.

One logistic regression a theme over the stems of a text, weighted by how rare they are,
trained with AdaGrad in plain Python. `make learn` writes `prompts/learnt.json` from the
codebook's examples, the questions and `prompts/passages`; the same training goes on from
there with a group's own placements.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from reflect.bank import packs, shelf
from reflect.config import our_data
from reflect.themes import codebook
from reflect.themes.suggest import terms

ROUNDS, RATE, DECAY = 15, 0.3, 0.03
"""Times every passage is read, how far each step goes, and how strongly weights are drawn back to nothing."""

FEWEST_USES, MOST_USED = 2, 0.3
"""A term counts from this many passages up, and below this share of all."""


class Passage(BaseModel):
    """A text with the themes a reader gave it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    themes: Annotated[tuple[str, ...], Field(min_length=1)]
    text: str


class _Passages(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt: how rare each term is, its weight for each theme in order, and where each theme starts from."""

    themes: tuple[str, ...]
    start: tuple[float, ...]
    rarity: Mapping[str, float]
    weights: Mapping[str, tuple[float, ...]]


def files() -> list[Path]:
    """Return what `prompts/learnt.json` is made from."""
    data = our_data()
    return [data / "themes.toml", *shelf.files(data / "none"), *sorted((data / "passages").glob("*.toml"))]


def passages() -> list[Passage]:
    """Return every placed text we ship."""
    data = our_data()
    found = [
        Passage(themes=(theme.id,), text=example)
        for theme in codebook.read(data / "themes.toml").theme
        for example in theme.examples
    ]
    for path in shelf.files(data / "none"):
        found += [Passage(themes=(prompt.theme,), text=prompt.text) for prompt in packs.read(path).prompts()]
    for path in sorted((data / "passages").glob("*.toml")):
        found += _Passages.model_validate(packs.table_of(path.read_bytes(), path.name)).passage
    return found


def rarities(texts: Iterable[str]) -> dict[str, float]:
    """Return for each term that is neither too rare nor too common how much its presence says."""
    used: Counter[str] = Counter()
    count = 0
    for text in texts:
        used.update(terms(text))
        count += 1
    return {
        term: round(math.log((1 + count) / (1 + uses)) + 1, 2)
        for term, uses in sorted(used.items())
        if FEWEST_USES <= uses <= MOST_USED * count
    }


def learn(read: Sequence[Passage], themes: Sequence[str], before: Learnt | None = None) -> Learnt:
    """Return what passages teach, going on from what was learnt before where there is such."""
    rarity = dict(before.rarity) if before else rarities(each.text for each in read)
    # A fixed order that has nothing to do with who wrote what: the same passages teach the same.
    ordered = sorted(read, key=lambda each: zlib.crc32(each.text.encode()))
    examples = [(scaled(terms(each.text), rarity), frozenset(each.themes)) for each in ordered]
    columns = [_learn_one(theme, examples, before) for theme in themes]
    weights = {term: tuple(round(column.get(term, 0.0), 1) for column, _ in columns) for term in rarity}
    telling = {term: row for term, row in weights.items() if any(row)}
    return Learnt(
        tuple(themes), tuple(start for _, start in columns), {each: rarity[each] for each in telling}, telling
    )


def scaled(found: Iterable[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """Return known terms, the rare ones heavier, scaled so that a long text does not count for more."""
    known = {term: rarity[term] for term in sorted(found) if term in rarity}
    length = math.sqrt(sum(value * value for value in known.values())) or 1.0
    return {term: value / length for term, value in known.items()}


def _learn_one(
    theme: str, examples: Sequence[tuple[dict[str, float], frozenset[str]]], before: Learnt | None
) -> tuple[dict[str, float], float]:
    at = before.themes.index(theme) if before and theme in before.themes else None
    weights = {term: row[at] for term, row in before.weights.items()} if before and at is not None else {}
    start = before.start[at] if before and at is not None else 0.0
    inside = sum(theme in themes for _, themes in examples)
    if not inside:
        return weights, start
    # As much is learnt from the few passages inside a theme as from the many outside it.
    importance = {True: len(examples) / (2 * inside), False: len(examples) / (2 * max(1, len(examples) - inside))}
    squares: dict[str, float] = {}
    start_squares = 1e-6
    for _ in range(ROUNDS):
        for found, themes in examples:
            wanted = theme in themes
            score = start + sum(weights.get(term, 0.0) * value for term, value in found.items())
            slope = (_chance(score) - wanted) * importance[wanted]
            for term, value in found.items():
                step = slope * value + DECAY * weights.get(term, 0.0)
                squares[term] = squares.get(term, 1e-6) + step * step
                weights[term] = weights.get(term, 0.0) - RATE * step / math.sqrt(squares[term])
            start_squares += slope * slope
            start -= RATE * slope / math.sqrt(start_squares)
    return weights, round(start, 2)


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def to_json(learnt: Learnt, made_from: str) -> str:
    """Return what was learnt as JSON, a term a line; `made_from` is the stamp of the files it was learnt from."""
    head = {"made_from": made_from, "themes": learnt.themes, "start": learnt.start}
    rows = ",\n".join(
        f"{json.dumps(term, ensure_ascii=False)}: {json.dumps([learnt.rarity[term], *row])}"
        for term, row in learnt.weights.items()
    )
    return f'{json.dumps(head)[:-1]},\n"terms": {{\n{rows}\n}}}}\n'


def stamp() -> str:
    """Return a digest of the files and settings the shipped weights are learnt from."""
    digest = hashlib.sha256(f"{ROUNDS}:{RATE}:{DECAY}".encode())
    for path in files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def main() -> None:
    """Write `prompts/learnt.json` anew."""
    themes = [theme.id for theme in codebook.read(our_data() / "themes.toml").theme]
    (our_data() / "learnt.json").write_text(to_json(learn(passages(), themes), stamp()), encoding="utf-8")


if __name__ == "__main__":
    main()
