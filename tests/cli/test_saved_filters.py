"""Filters saved in config.toml: the same in every command, and what is typed beside them wins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reflect.errors import NotFound, Refused
from tests.cli.conftest import Here

SAVED = """
[filters.board]
tag = ["board"]
from = "1/9/2026"

[filters.one-day]
on = 2026-11-19
limit = 1
"""


@pytest.fixture
def settings(home: Path, here: Here) -> Path:
    """Settings with two filters, beside a journal with entries of three days."""
    home.mkdir(mode=0o700)
    for day, tag in (("1/8/2026", "board"), ("19/11/2026", "board"), ("19/11/2026", "estate"), ("20/11/2026", "board")):
        here("write", f"Said on {day}, {tag}.", "--at", day, "--tag", tag)
    path = home / "config.toml"
    path.write_text(SAVED, encoding="utf-8")
    return path


def found(here: Here, *words: str) -> list[str]:
    """Return the words of what a command found."""
    ran = here(*words, "--json")
    assert ran.exit_code == 0, ran.stderr
    return [each["text"].removeprefix("Said on ").rstrip(".") for each in json.loads(ran.stdout)]


def test_a_saved_filter_narrows(here: Here, settings: Path) -> None:
    """All that is saved under a name holds together, in `list` as in `search`."""
    assert found(here, "list", "--filter", "board") == ["20/11/2026, board", "19/11/2026, board"]
    assert sorted(found(here, "search", "said", "--filter", "board")) == ["19/11/2026, board", "20/11/2026, board"]
    assert len(found(here, "list", "--filter", "one-day")) == 1
    assert len(found(here, "search", "said", "--filter", "one-day")) == 1


def test_what_is_typed_wins(here: Here, settings: Path) -> None:
    """An option that is typed takes the saved one's place; the others still hold."""
    assert found(here, "list", "--filter", "board", "--tag", "estate") == ["19/11/2026, estate"]
    assert found(here, "list", "--filter", "board", "--to", "19/11/2026") == ["19/11/2026, board"]
    assert found(here, "list", "--filter", "board", "--on", "1/8/2026") == ["1/8/2026, board"]
    assert len(found(here, "list", "--filter", "one-day", "--from", "1/8/2026", "-n", "9")) == 4


@pytest.mark.parametrize("words", [("export", "json"), ("summary", "--format", "json")])
def test_a_saved_filter_holds_in_every_command_that_narrows(here: Here, settings: Path, words: tuple[str, ...]) -> None:
    """Exports and summaries take saved filters, too."""
    ran = here(*words, "--filter", "board")
    assert ran.exit_code == 0, ran.stderr
    assert "20/11/2026" in ran.stdout
    assert "estate" not in ran.stdout
    assert "1/8/2026" not in ran.stdout


def test_a_saved_filter_is_not_for_a_group(here: Here, settings: Path) -> None:
    """A group's summary is narrowed by nothing that its file does not hold."""
    assert here("summary", "--group", "Hub", "--filter", "board").exit_code == 2


def test_a_name_that_is_not_saved_is_told_with_the_nearest(here: Here, settings: Path) -> None:
    """An unknown filter is exit 4, with those there are."""
    ran = here("list", "--filter", "bord")
    assert ran.exit_code == NotFound.exit_code
    assert "did you mean board?" in ran.stderr
    settings.unlink()
    assert "none is saved" in here("list", "--filter", "board").stderr


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('frm = "1/9/2026"', "frm", "did you mean from?"),
        ('journal = "work"', "journal", "it has from, to, on"),
        ('tag = ["a", "b"]', "tag", "one at a time"),
        ("tag = 3", "tag", "one text"),
        ('tag = ""', "tag", "one text"),
        ("limit = 0", "limit", "whole number"),
        ("limit = true", "limit", "whole number"),
        ('on = "today"\nfrom = "yesterday"', "on", "one day"),
        ('from = "the day of the flood"', "from", "can't be read"),
    ],
)
def test_a_wrong_filter_is_named_with_its_file_table_and_key(
    here: Here, settings: Path, text: str, key: str, said: str
) -> None:
    """An unknown option, a wrong kind of value and a day that can't be read are exit 3, and say where they stand."""
    settings.write_text(f"[filters.board]\n{text}\n", encoding="utf-8")
    ran = here("list", "--filter", "board")
    assert ran.exit_code == Refused.exit_code
    assert f"{settings}, [filters.board], key {key}" in ran.stderr
    assert said in ran.stderr


@pytest.mark.parametrize("text", ["filters = 3", '[filters]\nboard = "tag"', '[filters."a b"]\ntag = "x"'])
def test_what_is_no_table_of_filters_is_refused(here: Here, settings: Path, text: str) -> None:
    """Filters are tables with names that can be typed."""
    settings.write_text(text, encoding="utf-8")
    ran = here("list", "--filter", "board")
    assert ran.exit_code == Refused.exit_code
    assert f"{settings}, [filters]" in ran.stderr
