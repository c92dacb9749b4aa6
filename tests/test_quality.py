"""What `make quality` measures: suggestions, learning from placements, and summaries, on labelled collections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks import pages
from benchmarks.quality import __main__ as quality
from benchmarks.quality import learning, measure, summaries
from benchmarks.quality.measure import Labelled
from benchmarks.quality.summaries import Share

DEVELOPMENT = measure.collection("development")


def entry(number: int, text: str, *, theme: str = "funding", **planted: Any) -> Labelled:
    """One labelled entry, by somebody of its own."""
    values = {"id": f"{number:03}", "person": f"p{number}", "date": "2026-06-01"} | planted
    return Labelled(text, frozenset({theme}), cue_free=False, **values)


def two_matters() -> list[Labelled]:
    """Six people on bus fares, six on the heating, and twelve on other things, each of them elsewhere."""
    fares = [f"Bus fares were what stopped neighbour {each} this week." for each in "abcdef"]
    cold = [f"A radiator stayed cold in room {each} all day." for each in "uvwxyz"]
    songs = [f"Somebody sang {each} songs." for each in "ghijklmnopqr"]
    return [
        *(entry(number, text, sub="fares") for number, text in enumerate(fares)),
        *(entry(number, text, sub="cold") for number, text in enumerate(cold, 10)),
        *(entry(number, text, theme="voice") for number, text in enumerate(songs, 20)),
    ]


@pytest.mark.parametrize("name", quality.COLLECTIONS)
def test_a_collection_is_as_its_page_describes_it(name: str) -> None:
    """170 entries by 24 people, half of the themed ones without a cue, 14 planted matters, twelve views of few."""
    entries = measure.collection(name)
    assert (len(entries), len({each.id for each in entries}), len({each.person for each in entries})) == (170, 170, 24)
    assert len({each.sub for each in entries} - {""}) == 14
    assert sum(each.is_minority for each in entries) == 12
    assert sum(not each.themes for each in entries) == 12
    themed = [each for each in entries if each.themes]
    assert 0.4 <= sum(each.cue_free for each in themed) / len(themed) <= 0.75


def test_precision_recall_and_f1() -> None:
    """Precision is of what was suggested, recall of what is there, F1 between them; the mean is over themes."""
    entries = [entry(1, "a"), entry(2, "b"), Labelled("c", frozenset({"voice"}), cue_free=True)]
    found = measure.scores(entries, lambda text: {"a": ["funding", "voice"], "b": [], "c": ["voice"]}[text])
    assert found["funding"] == measure.Score(1.0, 0.5, 2 / 3)
    assert found["voice"] == measure.Score(0.5, 1.0, 2 / 3)
    assert found["macro"].precision == 0.75


def test_planted_matters_are_found_in_what_recurs() -> None:
    """A matter is found where most passages behind a listed name speak of it; one without common words is not."""
    found, listed = summaries.matters(two_matters())
    assert found == Share(2, 2)
    assert 2 <= listed.found <= listed.of_all
    scattered = [entry(n, word, sub="x") for n, word in enumerate("birch pebble lantern harbour quilt mustard".split())]
    assert summaries.matters(scattered)[0] == Share(0, 1)
    assert summaries.matters_shown(two_matters()) == Share(2, 2)


def test_a_rise_is_found() -> None:
    """Five people before and eight after is a rise; the summary shows it, and shows none that is not there."""
    days = [*(["2026-03-03"] * 5), *(["2026-07-07"] * 8)]
    grown = [entry(n, f"Bus fares, for the {n}th time.", date=day) for n, day in enumerate(days, 1)]
    assert summaries.movements(grown) == (Share(1, 1), 0)
    assert summaries.movements(grown[2:11]) == (Share(0, 1), 0), "below five people nothing is shown"


def test_views_of_few_are_counted_where_they_are_quoted() -> None:
    """A view of few that is quoted counts; one that the excerpts leave out does not."""
    alone = [entry(n, f"Bus fares were what stopped neighbour {n} this week.", is_minority=n == 1) for n in range(1, 6)]
    assert summaries.views_of_few(alone).of_all == 1
    quoted = {each.contribution for each in summaries.summary(alone).quotations()}
    assert summaries.views_of_few(alone).found == int("001" in quoted)


def test_excerpts_say_different_things() -> None:
    """The excerpts that are chosen repeat each other less than as many taken by turns, and voices take turns."""
    chosen, by_turns = summaries.redundancy(DEVELOPMENT)
    assert 0 <= chosen < by_turns
    assert summaries.voices(DEVELOPMENT).found >= 0.95 * summaries.voices(DEVELOPMENT).of_all


def test_what_is_judged_was_not_learnt_from() -> None:
    """No entry stands on both sides of a split, and the splits are the same every time."""
    first = list(learning.splits(DEVELOPMENT))
    assert first == list(learning.splits(DEVELOPMENT))
    for known, judged in first:
        assert len(known) == learning.PLACED
        assert not {each.id for each in known} & {each.id for each in judged}
        assert len(judged) == len(DEVELOPMENT) - learning.PLACED


def test_only_a_table_is_written(tmp_path: Path) -> None:
    """Measuring changes what stands between a part's markers in the page and nothing else."""
    page = tmp_path / "page.md"
    first, last = pages.marks("learning", quality.COMMAND)
    page.write_text(f"Before.\n{first}\nold\n{last}\nAfter.\n")
    pages.put(page, "learning", "\nnew\n", quality.COMMAND)
    assert page.read_text() == f"Before.\n{first}\n\nnew\n\n{last}\nAfter.\n"
    page.write_text("Before. After.\n")
    with pytest.raises(ValueError, match="markers"):
        pages.put(page, "learning", "new", quality.COMMAND)


def test_the_page_tells_the_figures_of_today() -> None:
    """docs/quality.md has the table of suggestions as it is measured now."""
    collections = {name: measure.collection(name) for name in quality.COLLECTIONS}
    page = quality.PAGE.read_text(encoding="utf-8")
    assert "\n".join(quality.suggestions(collections, measure.shipped())) in page
    assert "\n".join(quality.shown(collections)) in page
