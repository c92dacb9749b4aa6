"""Measures how well themes are suggested and summaries show what was planted; writes docs/quality.md's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks import pages
from benchmarks.quality import learning, measure, summaries
from benchmarks.quality.measure import Labelled, Score
from reflect.themes import suggest

PAGE = Path(__file__).parent.parent.parent / "docs" / "quality.md"
COMMAND = "make quality"
COLLECTIONS = ("development", "held_out")
OF_A_KIND = ("everyday", "partnership")
"""Passages we ship that are read as a group's own, by a suggester that never saw them."""


def main() -> None:
    """Measure, show, and put the tables into their page."""
    collections = {name: measure.collection(name) for name in COLLECTIONS}
    table = measure.shipped()
    for part, rows in (
        ("suggestions", suggestions(collections, table)),
        ("learning", learnt(collections, table)),
        ("summaries", shown(collections)),
    ):
        measured = "\n".join(rows)
        print(measured, flush=True)
        pages.put(PAGE, part, f"\n{measured}\n", COMMAND)
    print(f"Written to docs/{PAGE.name}.")


def suggestions(collections: dict[str, list[Labelled]], table: suggest.Table) -> Iterator[str]:
    """Yield the table of precision, recall and F1 a theme."""

    def placed(text: str) -> list[str]:
        return [each.theme for each in suggest.suggest(text, table)]

    found = [measure.scores(entries, placed) for entries in collections.values()]
    yield "| Theme | " + " | ".join(f"{_said(name)}: precision | recall | F1" for name in collections) + " |"
    yield "|---" * (1 + 3 * len(found)) + "|"
    for theme in table["themes"]:
        yield f"| {theme} | " + " | ".join(_three(scores[theme]) for scores in found) + " |"
    yield (
        "| **mean** | "
        + " | ".join(f"**{_three(scores['macro']).replace(' | ', '** | **')}**" for scores in found)
        + " |"
    )


def learnt(collections: dict[str, list[Labelled]], table: suggest.Table) -> Iterator[str]:
    """Yield the table of what a group's own placements add."""
    yield "| Learnt from 128 of | Alone: precision | F1 | Learnt: precision | F1 | Listened to in |"
    yield "|---|---|---|---|---|---|"
    of_groups: dict[str, Callable[[], tuple[Sequence[Labelled], suggest.Table]]] = {
        **{_said(name): partial(_as_it_ships, entries, table) for name, entries in collections.items()},
        **{f"{name} passages": partial(learning.of_a_kind, name) for name in OF_A_KIND},
    }
    for name, group in of_groups.items():
        alone, taught, listened = learning.with_and_without(*group())
        yield (
            f"| {name} | {alone.precision:.2f} | {alone.f1:.2f} | {taught.precision:.2f} | {taught.f1:.2f}"
            f" | {listened} of {learning.SPLITS} splits |"
        )


def _as_it_ships(entries: Sequence[Labelled], table: suggest.Table) -> tuple[Sequence[Labelled], suggest.Table]:
    return entries, table


def shown(collections: dict[str, list[Labelled]]) -> Iterator[str]:
    """Yield the table of what a group's summary shows of what was planted."""
    rows: dict[str, Callable[[list[Labelled]], str]] = {
        "planted matters among what recurs": lambda entries: str(summaries.matters(entries)[0]),
        "matters listed that are planted ones": lambda entries: str(summaries.matters(entries)[1]),
        f"planted matters shown, named by {summaries.FEWEST} people": lambda entries: str(
            summaries.matters_shown(entries)
        ),
        "rises and falls shown": lambda entries: str(summaries.movements(entries)[0]),
        "rises and falls shown that are none": lambda entries: str(summaries.movements(entries)[1]),
        "views of one or two people quoted": lambda entries: str(summaries.views_of_few(entries)),
        "excerpts by somebody new in their list": lambda entries: str(summaries.voices(entries)),
        "an excerpt's telling words that others beside it have": lambda entries: "{:.3f}; by turns {:.3f}".format(
            *summaries.redundancy(entries)
        ),
    }
    yield "| What | " + " | ".join(map(_said, collections)) + " |"
    yield "|---" * (1 + len(collections)) + "|"
    for what, count in rows.items():
        yield f"| {what} | " + " | ".join(map(count, collections.values())) + " |"


def _said(name: str) -> str:
    return name.replace("_", " ")


def _three(score: Score) -> str:
    return f"{score.precision:.2f} | {score.recall:.2f} | {score.f1:.2f}"


if __name__ == "__main__":
    main()
