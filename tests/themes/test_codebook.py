"""The codebook: ten themes that ship, and what is said when a codebook is wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from reflect.config import our_data
from reflect.errors import NotFound, Refused
from reflect.themes import codebook
from tests.test_prompts_data import THEMES

OURS = codebook.read(our_data() / "themes.toml")
THEME = '[[theme]]\nid = "work"\nname = "Work"\ndefinition = "What is done."\norigin = "ours"\ncues = ["work"]\n'


def test_the_ten_themes_stand_in_their_order() -> None:
    """The themes come in the order in which summaries print them, the four that a source names first."""
    assert [theme.id for theme in OURS.theme] == THEMES
    assert [theme.id for theme in OURS.theme if "KF" in theme.origin] == THEMES[:4]


@pytest.mark.parametrize("theme", OURS.theme, ids=lambda theme: theme.id)
def test_a_theme_teaches_the_suggester(theme: codebook.Theme) -> None:
    """Each theme has a definition, twelve examples or more and twenty cues or more, none of them twice."""
    assert len(theme.definition.split()) >= 8
    assert len(theme.examples) >= 12
    assert len(theme.cues) >= 20
    for texts in (theme.examples, theme.cues, theme.weak):
        assert len(set(texts)) == len(texts)
    assert not set(theme.cues) & set(theme.weak)


def test_no_cue_or_example_belongs_to_two_themes() -> None:
    """A cue or an example hints at one theme only; what could be two is settled by a tie rule."""
    for texts in (
        [cue for theme in OURS.theme for cue in theme.cues],
        [example for theme in OURS.theme for example in theme.examples],
    ):
        assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_ties_lead_to_themes_that_are_there() -> None:
    """Each tie rule says why and decides between themes of the codebook."""
    assert OURS.tie
    for tie in OURS.tie:
        assert {tie.then, tie.otherwise or tie.then} <= set(THEMES)
        assert tie.why
        assert tie.when
        assert tie.near


def test_the_occasions_are_nineteen_and_named() -> None:
    """There are 19 occasions, each with a name and a moment of its own."""
    occasions = codebook.read_occasions(our_data() / "occasions.toml").occasion
    assert len({each.id for each in occasions}) == 19
    assert len({each.name for each in occasions}) == 19
    assert all(each.when for each in occasions)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (THEME.replace('name = "Work"\n', ""), "theme.0.name"),
        (THEME + 'colour = "red"\n', "theme.0.colour"),
        (THEME.replace('"work"\nname', '"Not A Slug"\nname'), "theme.0.id"),
        ("", "theme"),
    ],
)
def test_a_wrong_codebook_is_refused_by_field(tmp_path: Path, content: str, where: str) -> None:
    """What is wrong with a codebook is named by file and field."""
    path = tmp_path / "themes.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        codebook.read(path)
    assert refused.value.where == f"themes.toml, field {where}"


def test_a_codebook_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    """A missing file is told as missing."""
    with pytest.raises(NotFound):
        codebook.read(tmp_path / "themes.toml")
    with pytest.raises(NotFound):
        codebook.read_occasions(tmp_path / "occasions.toml")
