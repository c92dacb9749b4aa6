"""What is learnt from placed passages."""

from __future__ import annotations

import json

import pytest

from reflect import config
from reflect.themes import codebook, learn, suggest

PASSAGES = [
    learn.Passage(themes=("money",), text="we paid the bill from the purse"),
    learn.Passage(themes=("money",), text="the bill was paid late"),
    learn.Passage(themes=("talk",), text="she spoke and they listened"),
    learn.Passage(themes=("talk",), text="they listened while he spoke"),
]


@pytest.fixture
def everything_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let four passages be enough to learn from."""
    monkeypatch.setattr(learn, "MOST_USED", 1.0)


def chosen(learnt: learn.Learnt, text: str) -> dict[str, float]:
    """The score of each theme for a text."""
    found = learn.scaled(suggest.terms(text), learnt.rarity)
    return {
        theme: learnt.start[at] + sum(learnt.weights[term][at] * value for term, value in found.items())
        for at, theme in enumerate(learnt.themes)
    }


@pytest.mark.usefixtures("everything_counts")
def test_words_speak_for_the_theme_they_were_used_in() -> None:
    """A text with the words of one theme's passages scores higher there."""
    learnt = learn.learn(PASSAGES, ["money", "talk"])
    scores = chosen(learnt, "who paid this bill?")
    assert scores["money"] > 0 > scores["talk"]


@pytest.mark.usefixtures("everything_counts")
def test_the_order_of_passages_does_not_matter() -> None:
    """The same passages teach the same, in whatever order they come."""
    assert learn.learn(PASSAGES, ["money", "talk"]) == learn.learn(PASSAGES[::-1], ["money", "talk"])


@pytest.mark.usefixtures("everything_counts")
def test_learning_goes_on_from_what_was_learnt() -> None:
    """A group's own placements move the weights without starting afresh."""
    before = learn.learn(PASSAGES, ["money", "talk"])
    after = learn.learn([learn.Passage(themes=("talk",), text="the bill we spoke of")] * 3, ["money", "talk"], before)
    assert chosen(after, "the bill")["talk"] > chosen(before, "the bill")["talk"]


def test_the_shipped_weights_are_those_of_the_shipped_passages() -> None:
    """prompts/learnt.json was made from the very files beside it; `make learn` makes it anew."""
    shipped = json.loads((config.our_data() / "learnt.json").read_bytes())
    assert shipped["made_from"] == learn.stamp()
    assert shipped["themes"] == [theme.id for theme in codebook.read(config.our_data() / "themes.toml").theme]


def test_every_passage_names_themes_there_are() -> None:
    """A passage under a theme that does not exist would teach nothing."""
    known = {theme.id for theme in codebook.read(config.our_data() / "themes.toml").theme}
    assert {theme for each in learn.passages() for theme in each.themes} <= known
