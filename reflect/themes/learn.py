"""Learns which words speak for which theme, from passages that people placed.

For each theme one line is drawn between the passages inside it and those outside (a linear
support vector machine with squared loss, trained by dual coordinate descent after Hsieh
and others, 2008), over the terms of a text weighted by how rare they are: words, pairs of
neighbours, and whether something stands in quotation marks. All in plain Python.

`make learn` writes `prompts/learnt.json` from the codebook's examples, the questions and
`prompts/passages`; what a group's own placements teach beyond that is `placed.py`.
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

from pydantic import BaseModel, ConfigDict

from reflect.bank import packs, shelf
from reflect.config import our_data
from reflect.themes import codebook
from reflect.themes.suggest import Table, scores, terms

ROUNDS, COST = 12, 0.2
"""Times every passage is read at most, and how much a passage on the wrong side of a line costs."""

FEWEST_USES, MOST_USED = 2, 0.3
"""A term counts from this many passages up, and below this share of all."""

PAIRS = 2500
"""Pairs of neighbours that are kept, those that tell most; the rest would make the file five times as long."""


class Passage(BaseModel):
    """A text with the themes a reader gave it; some texts are about none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    themes: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Example:
    """A placed text as its scaled terms, its themes, and what was known before for each theme."""

    terms: tuple[tuple[str, float], ...]
    themes: frozenset[str]
    before: Mapping[str, float]


def files() -> list[Path]:
    """Return what `prompts/learnt.json` is made from."""
    data = our_data()
    return [data / "themes.toml", *shelf.files(data / "none"), *sorted((data / "passages").glob("*.toml"))]


def sources() -> dict[str, list[Passage]]:
    """Return every placed text we ship, by where it stands: the codebook's examples, the questions, and each file."""
    data = our_data()
    found = {
        "examples": [
            Passage(themes=(theme.id,), text=example)
            for theme in codebook.read(data / "themes.toml").theme
            for example in theme.examples
        ],
        "questions": [
            Passage(themes=(prompt.theme,), text=prompt.text)
            for path in shelf.files(data / "none")
            for prompt in packs.read(path).prompts()
        ],
    }
    for path in sorted((data / "passages").glob("*.toml")):
        found[path.stem] = list(_Passages.model_validate(packs.table_of(path.read_bytes(), path.name)).passage)
    return found


def passages() -> list[Passage]:
    """Return every placed text we ship."""
    return [each for found in sources().values() for each in found]


def rarities(texts: Iterable[str]) -> dict[str, float]:
    """Return for each term that is neither too rare nor too common how much its presence says."""
    used: Counter[str] = Counter()
    count = 0
    for text in texts:
        used.update(terms(text))
        count += 1
    return {
        term: round(math.log((1 + count) / (1 + uses)) + 1, 1)
        for term, uses in sorted(used.items())
        if FEWEST_USES <= uses <= MOST_USED * count
    }


def learn(read: Sequence[Passage], themes: Sequence[str]) -> Learnt:
    """Return what passages teach of each theme; the same teach the same, in whatever order they come."""
    rarity = rarities(each.text for each in read)
    kept = _most_telling(lines(examples(read, rarity), themes, ROUNDS, COST), rarity)
    shorter = examples(read, {term: value for term, value in rarity.items() if term in kept})
    return as_learnt(themes, lines(shorter, themes, ROUNDS, COST), rarity)


Line = tuple[dict[str, float], float]
"""The weight of each term for one theme, and where it starts from."""


def examples(read: Iterable[Passage], rarity: Mapping[str, float], table: Table | None = None) -> list[Example]:
    """Return placed texts as they are learnt from; with a table, together with what it says of them."""
    return [
        Example(
            tuple(scaled(terms(each.text), rarity).items()),
            frozenset(each.themes),
            scores(each.text, table) if table else {},
        )
        for each in ordered(read)
    ]


def ordered(read: Iterable[Passage]) -> list[Passage]:
    """Return texts in a fixed order that has nothing to do with who wrote what: the same teach the same."""
    return sorted(read, key=lambda each: (zlib.crc32(each.text.encode()), each.text, each.themes))


def scaled(found: Iterable[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """Return known terms, the rare ones heavier, scaled so that a long text does not count for more."""
    known = {term: rarity[term] for term in sorted(found) if term in rarity}
    length = math.sqrt(math.fsum(value * value for value in known.values())) or 1.0
    return {term: value / length for term, value in known.items()}


def lines(examples: Sequence[Example], themes: Iterable[str], rounds: int, cost: float) -> list[Line]:
    """Return for each theme the line between what is inside it and what is not."""
    return [_line(theme, examples, rounds, cost) for theme in themes]


def _line(theme: str, examples: Sequence[Example], rounds: int, cost: float) -> Line:
    """Return the line between what is inside a theme and what is not, as near to nothing as it can be."""
    inside = sum(theme in each.themes for each in examples)
    if not inside:
        return {}, 0.0
    # As much is learnt from the few passages inside a theme as from the many outside it.
    costs = {
        True: cost * len(examples) / (2 * inside),
        False: cost * len(examples) / (2 * max(1, len(examples) - inside)),
    }
    weights: dict[str, float] = {}
    start = 0.0
    pulls = [0.0] * len(examples)
    for _ in range(rounds):
        for at, each in enumerate(examples):
            side = 1.0 if theme in each.themes else -1.0
            slack = 0.5 / costs[side > 0]
            score = each.before.get(theme, 0.0) + start
            for term, value in each.terms:
                if term in weights:
                    score += weights[term] * value
            wrong = side * score - 1 + slack * pulls[at]
            pull = max(pulls[at] - wrong / (2 + slack), 0.0)  # a text's terms have length 1, and so has the start
            step = (pull - pulls[at]) * side
            if step:
                pulls[at] = pull
                start += step
                for term, value in each.terms:
                    weights[term] = weights.get(term, 0.0) + step * value
    return weights, start


def _most_telling(lines: Sequence[Line], rarity: Mapping[str, float]) -> set[str]:
    """Return all words, and the pairs of neighbours that tell most."""
    tells = {term: max(abs(weights.get(term, 0.0)) for weights, _ in lines) * rarity[term] for term in rarity}
    pairs = sorted((term for term in rarity if " " in term), key=lambda term: (-tells[term], term))
    return set(pairs[:PAIRS]).union(term for term in rarity if " " not in term)


def as_learnt(themes: Sequence[str], lines: Sequence[Line], rarity: Mapping[str, float], places: int = 1) -> Learnt:
    """Return lines as what was learnt, without the terms that say nothing once weights are rounded."""
    weights = {term: tuple(round(line.get(term, 0.0), places) for line, _ in lines) for term in rarity}
    telling = {term: row for term, row in weights.items() if any(row)}
    return Learnt(
        tuple(themes), tuple(round(start, 2) for _, start in lines), {each: rarity[each] for each in telling}, telling
    )


def to_json(learnt: Learnt, made_from: str) -> str:
    """Return what was learnt as JSON, a term a line: how rare it is and its weights, in tenths.

    `made_from` is the stamp of the files it was learnt from.
    """
    head = {"made_from": made_from, "themes": learnt.themes, "start": learnt.start}
    tenths = {term: [round(each * 10) for each in (learnt.rarity[term], *row)] for term, row in learnt.weights.items()}
    rows = ",\n".join(
        f"{json.dumps(term, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
        for term, row in tenths.items()
    )
    return f'{json.dumps(head)[:-1]},\n"terms": {{\n{rows}\n}}}}\n'


def stamp() -> str:
    """Return a digest of the files and settings the shipped weights are learnt from."""
    digest = hashlib.sha256(f"{ROUNDS}:{COST}:{PAIRS}:tenths".encode())
    for path in files():
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def main() -> None:
    """Write `prompts/learnt.json` anew."""
    themes = [theme.id for theme in codebook.read(our_data() / "themes.toml").theme]
    (our_data() / "learnt.json").write_text(to_json(learn(passages(), themes), stamp()), encoding="utf-8")


if __name__ == "__main__":
    main()
