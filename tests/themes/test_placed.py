"""What is learnt from a group's own placements."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from reflect.themes import placed, suggest

if TYPE_CHECKING:
    import pytest

THEMES = ["roles", "funding", "buses"]
"""A group's codebook with a theme of its own, which no shipped weight knows."""

STOPS = ["the bridge", "the library", "Mill Lane", "the hospital", "the school", "the market", "the baths", "the hill"]
SAID = {
    "The 17 never stops at {}.": "buses",
    "We waited at {} for the 17 until it was dark.": "buses",
    "It rained at {} all afternoon.": "roles",
    "We had soup near {} and went home.": "roles",
    "Her cousin works at {}, in the kitchen.": "roles",
    "The paint at {} is peeling.": "funding",
    "A heron stood by {} this morning.": "funding",
    "I left my gloves at {}.": "funding",
}


def placements(times: int = 1) -> dict[str, frozenset[str]]:
    """Texts of a group with the themes they were placed in."""
    return {
        f"{wording.format(stop)}{' Again' * more}": frozenset({theme})
        for wording, theme in SAID.items()
        for stop in STOPS
        for more in range(times)
    }


def hints(text: str, table: suggest.Table, known: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """The themes suggested for a text with the words that caused each, after learning."""
    own = placed.learn(known, THEMES, table, [text])
    return {each.theme: each.cue for each in suggest.suggest(text, table, own)}


def test_a_theme_of_the_group_is_learnt(table: suggest.Table) -> None:
    """A theme no shipped weight knows is suggested once enough was placed in it, with the words that caused it."""
    text = "The 17 never came, so she walked."
    assert "buses" not in {each.theme for each in suggest.suggest(text, table)}
    assert hints(text, table, placements()) == {"buses": "The 17"}
    assert "buses" not in hints("She brought a cake to the harbour.", table, placements())


def test_nothing_is_learnt_from_few(table: suggest.Table) -> None:
    """Below so many placements nothing is learnt, and the shipped suggester speaks alone."""
    few = dict(sorted(placements().items())[: placed.FEWEST - 1])
    assert placed.learn(few, THEMES, table) is None
    assert placed.learn({}, THEMES, table) is None


def test_a_theme_with_few_placements_is_not_learnt(table: suggest.Table) -> None:
    """Three placements in a theme say nothing of its words, however many others there are."""
    known = placements()
    buses = [text for text, found in known.items() if "buses" in found]
    for text in buses[placed.FEWEST_OF_A_THEME - 1 :]:
        del known[text]
    own = placed.learn(known, THEMES, table)
    assert own is not None
    assert own.themes == ("roles", "funding")


def test_what_does_not_help_is_not_listened_to(table: suggest.Table) -> None:
    """Where placements have nothing to do with the words, nothing is taken from them: few suggestions may be wrong."""
    texts = sorted(placements(3))
    without_reason = {text: frozenset({THEMES[zlib.crc32(text[::-1].encode()) % 3]}) for text in texts}
    assert placed.learn(without_reason, THEMES, table) is None


def test_much_is_read_in_part(table: suggest.Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many placements a part is read, and it is enough."""
    monkeypatch.setattr(placed, "MOST", 40)
    assert "buses" in hints("The 17 never came, so she walked.", table, placements(20))


@given(st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_the_order_of_placements_does_not_matter(table: suggest.Table, random: Random) -> None:
    """The same placements teach the same, in whatever order they came."""
    texts = sorted(placements())
    random.shuffle(texts)
    known = placements()
    assert placed.learn({text: known[text] for text in texts}, THEMES, table, texts[:3]) == placed.learn(
        known, THEMES, table, sorted(texts[:3])
    )
