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


def test_a_weight_stands_in_tenths() -> None:
    """A term a line, its rarity and its weights in tenths, so that the file stays small and can be read."""
    learnt = learn.Learnt(("money", "talk"), (-0.25, 0.5), {"a, bill": 3.4}, {"a, bill": (1.2, -0.7)})
    assert json.loads(learn.to_json(learnt, "stamp")) == {
        "made_from": "stamp",
        "themes": ["money", "talk"],
        "start": [-0.25, 0.5],
        "terms": {"a, bill": [34, 12, -7]},
    }


def test_few_pairs_of_neighbours_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of pairs only those that tell most are kept; every word is."""
    monkeypatch.setattr(learn, "MOST_USED", 1.0)
    monkeypatch.setattr(learn, "PAIRS", 1)
    learnt = learn.learn(PASSAGES, ["money", "talk"])
    assert [term for term in learnt.weights if " " in term] == ["they listen"]
    assert "bill" in learnt.weights


def test_passages_about_nothing_teach_what_no_theme_is() -> None:
    """Some passages we ship are about no theme, so that everyday talk is left alone."""
    assert len([each for each in learn.passages() if not each.themes]) >= 40


def test_the_shipped_weights_are_those_of_the_shipped_passages() -> None:
    """prompts/learnt.json was made from the very files beside it; `make learn` makes it anew."""
    shipped = json.loads((config.our_data() / "learnt.json").read_bytes())
    assert shipped["made_from"] == learn.stamp()
    assert shipped["themes"] == [theme.id for theme in codebook.read(config.our_data() / "themes.toml").theme]


def test_every_passage_names_themes_there_are() -> None:
    """A passage under a theme that does not exist would teach nothing."""
    known = {theme.id for theme in codebook.read(config.our_data() / "themes.toml").theme}
    assert {theme for each in learn.passages() for theme in each.themes} <= known
