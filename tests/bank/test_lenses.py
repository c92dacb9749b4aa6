"""Lenses are offered and never imposed, say where they come from, and add nothing to what their source has."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reflect import intake
from reflect.bank import lenses
from reflect.bank.lenses import Choice, Lens
from reflect.config import our_data
from reflect.errors import NotFound, Refused
from reflect.themes import codebook
from tests.data.make_source_tables import rows

LENS = """
[[lens]]
id = "near-or-far"
title = "Near or far"
optional = true
asks = "Where was it decided?"
choices = [{ id = "near", name = "near us" }, { id = "far", name = "far away", says = "In another town." }]
sources = [{ document = "BW", heading = "Unheard voices", rows = ["BW-F27"] }]
theme = "structures"
occasions = ["strategy"]
context = "Local and national power."
"""
SHIPPED = lenses.shipped().lens
ROWS = rows()
LOST = {"BW-F07", "BW-F08", "BW-F26", "IVAR-F07"}
"""Frameworks of which the documents, as we have them, lost a slide or a list."""
DISPUTED = {"BW-F36", "BW-F45"}
"""Frameworks that the documents themselves call disputed or criticised."""


def _read(folder: Path, content: str) -> lenses.Lenses:
    path = folder / "lenses.toml"
    path.write_text(content, encoding="utf-8")
    return lenses.read(path)


# -- one lens --------------------------------------------------------------------------------


def test_every_lens_has_a_way_out(tmp_path: Path) -> None:
    """REQ-19: 'not sure' and 'something else' stand in every lens, whatever its file says."""
    (lens,) = _read(tmp_path, LENS).lens
    assert [each.name for each in lens.offered] == ["near us", "far away", "not sure", "something else"]
    assert lens.lines == (
        "Optional: as many as fit, or none.",
        "near us",
        "far away: In another town.",
        "not sure",
        "something else",
    )


def test_what_is_lost_or_disputed_is_said(tmp_path: Path) -> None:
    """REQ-23, 61: a caveat and a loss are said with the lens, and a part without words says why it has none."""
    content = LENS.replace('"near us"', '"near us", unexplained = true').replace(
        'says = "In another town."', "lost = true"
    )
    extra = 'disputed = true\ncaveat = "Some doubt it."\nincomplete = "A slide is lost."\n'
    (lens,) = _read(tmp_path, content + extra).lens
    assert [each.told for each in lens.choices] == [
        "Named there, and not explained.",
        "Incomplete in source: what stood here is lost.",
    ]
    assert lens.warnings == ("Disputed: Some doubt it.", "Incomplete in source: A slide is lost.")
    assert lens.lines[-2:] == lens.warnings


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        (LENS.replace("optional = true", "optional = false"), "lens near-or-far, field optional", "True"),
        (LENS.replace("optional = true\n", ""), "lens near-or-far, field optional", "missing"),
        (LENS + "disputed = true\n", "lens near-or-far, field caveat", "only a disputed lens"),
        (LENS + 'caveat = "Some doubt it."\n', "lens near-or-far, field caveat", "only a disputed lens"),
        (LENS.replace('"near us"', '"near us", lost = true'), "field incomplete", "says what is lost"),
        (LENS.replace("says = ", "lost = true, says = "), "field choices.1.says", "not filled in"),
        (LENS.replace("says = ", "unexplained = true, says = "), "field choices.1.says", "not filled in"),
        (LENS.replace('"near us"', '"near us", rows = ["BW-F01"]'), "field choices", "that the lens's sources name"),
        (LENS.replace("BW-F27", "BW-27"), "field sources.0.rows.0", "a row looks like"),
        (LENS.replace("choices = ", "chioces = "), "lens near-or-far, field chioces", "'choices' was meant"),
        (LENS + "score = 3\n", "lens near-or-far, field score", "no such field"),
        (LENS + LENS, "field lens", "'near-or-far' stands there twice"),
        (LENS + LENS.replace("near-or-far", "another"), "field lens", "'near' stands there twice"),
        ("", "field lens", "missing"),
    ],
)
def test_a_fault_is_told_by_file_lens_and_field(tmp_path: Path, content: str, where: str, why: str) -> None:
    """A lens that isn't optional, fills in what is lost, or hides what is disputed is refused, with its place."""
    with pytest.raises(Refused) as refused:
        _read(tmp_path, content)
    assert refused.value.where.startswith("lenses.toml")
    assert where in refused.value.where
    assert why in refused.value.why


def test_nothing_of_a_lens_is_a_number() -> None:
    """REQ-19: a lens and its choices have no field that could hold a score, and none that says has or has not."""
    for kind in (Lens, Choice):
        for name, field in kind.model_fields.items():
            assert field.annotation not in (int, float), name
    assert {name for name, field in Choice.model_fields.items() if field.annotation is bool} == {"lost", "unexplained"}


# -- finding one -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kinds-of-power", "kinds-of-p", " Kinds-Of-Power ", "power-with", "kf-f05", "BW-F28"])
def test_a_lens_is_found(name: str) -> None:
    """A lens is found by its id, the beginning of it, one of its choices, or a row it rests on."""
    assert lenses.shipped().get(name).id == "kinds-of-power"


def test_what_fits_several_or_none_is_told() -> None:
    """A beginning or a row of several lenses is refused with their names, an unknown name not found."""
    with pytest.raises(Refused, match="more than one") as refused:
        lenses.shipped().get("BW-F07")
    assert refused.value.why == "layers-of-power, helped-and-held-back"
    for name in ("weather", "", " "):
        with pytest.raises(NotFound):
            lenses.shipped().get(name)


# -- those that ship -------------------------------------------------------------------------


def test_the_lenses_pass_the_schema_they_name() -> None:
    """An editor that knows the published schema finds no fault in our lenses, and marks one that isn't optional."""
    text = (our_data() / "lenses.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema ./schema/lenses.json\n")
    check = Draft202012Validator(json.loads((our_data() / "schema" / "lenses.json").read_text(encoding="utf-8")))
    table = tomllib.loads(text)
    assert not list(check.iter_errors(table))
    table["lens"][0]["optional"] = False
    assert len(list(check.iter_errors(table))) == 1


def test_every_framework_is_a_lens() -> None:
    """Each framework of the five documents is offered as a lens, but the one that is the codebook's first four."""
    frameworks = {row for row, each in ROWS.items() if each.kind == "framework"}
    assert len(frameworks) == 76
    assert frameworks - {row for lens in SHIPPED for row in lens.rows} == {"KF-F01"}


def test_every_lens_says_where_it_stands() -> None:
    """A lens names document, heading and rows, its rows are that document's frameworks, its theme the first row's."""
    for lens in SHIPPED:
        for source in lens.sources:
            for row in source.rows:
                assert (ROWS[row].document, ROWS[row].kind) == (source.document, "framework"), lens.id
        assert ROWS[lens.rows[0]].theme == lens.theme, lens.id


def test_themes_and_occasions_are_known() -> None:
    """No lens names a theme or an occasion that isn't there."""
    themes = {each.id for each in codebook.read(our_data() / "themes.toml").theme}
    occasions = {each.id for each in codebook.read_occasions(our_data() / "occasions.toml").occasion}
    assert {lens.theme for lens in SHIPPED} <= themes
    assert {each for lens in SHIPPED for each in lens.occasions} <= occasions


def test_what_the_sources_lost_is_told_and_not_filled_in() -> None:
    """REQ-61: each lens with a part lost from its document says so, and a corner without a label gets none of ours."""
    for lens in SHIPPED:
        assert bool(lens.incomplete) == bool(LOST & set(lens.rows)), lens.id
    grid = lenses.shipped().get("BW-F26")
    assert [each.lost for each in grid.choices] == [False, True, True, True]
    assert not any(each.says for each in grid.choices if each.lost)
    assert {each.told for each in lenses.shipped().get("BW-F01").choices} == {"Named there, and not explained."}


def test_what_is_disputed_carries_its_caveat() -> None:
    """REQ-23: whether power has an end, and Alinsky's rules, are offered as disputed, with a caveat, and no others."""
    for lens in SHIPPED:
        assert lens.disputed == bool(DISPUTED & set(lens.rows)), lens.id
    assert lenses.shipped().get("BW-F45").occasions == ("campaign",)
    assert len(lenses.shipped().get("BW-F45").choices) == 13


def test_kinds_of_power_say_who_named_them() -> None:
    """The one lens made of several sets says of each kind of power which rows it comes from."""
    found = {each.id: set(each.rows) for each in lenses.shipped().get("kinds-of-power").choices}
    assert found == {
        "power-over": {"KF-F05", "BW-F03", "BW-F28", "BW-F37"},
        "power-with": {"KF-F05", "BW-F37"},
        "power-to": {"KF-F05", "BW-F03", "BW-F28"},
        "power-within": {"BW-F03"},
        "power-for": {"BW-F03", "BW-F04"},
    }


def test_every_choice_is_a_tag() -> None:
    """Each choice's id is a tag exactly as an entry would keep it, and belongs to one lens alone."""
    ids = [choice.id for lens in SHIPPED for choice in lens.offered]
    assert ids == [intake.tag(each) for each in ids]
    assert len(ids) == len(set(ids))
