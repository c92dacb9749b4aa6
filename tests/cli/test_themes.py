"""`reflect themes`: the codebook."""

from __future__ import annotations

from tests.cli.conftest import Write
from tests.conftest import Run

TEN = [
    *("roles", "funding", "communities", "language", "own-power"),
    *("voice", "structures", "connection", "change", "learning"),
]


def test_list_has_the_ten_in_the_codebooks_order(run: Run) -> None:
    """The ten themes stand in the order in which summaries print them, each with name and definition."""
    found = run("themes", "list", "--json").json
    assert [each["id"] for each in found] == TEN
    assert all(each["name"] and each["definition"] for each in found)
    out = run("themes", "list").out
    for each in found:
        assert f"{each['id']}  {each['name']}\n    {each['definition']}" in out


def test_refresh_reads_every_entry_again(run: Run, write: Write) -> None:
    """`refresh` says how many entries it read and leaves their words and versions as they are."""
    before = [write(text) for text in ("The funder decided.", "Nobody spoke.")]
    assert "2 entries" in run("themes", "refresh").out
    assert run("themes", "refresh", "--json").json == {"entries": 2}
    after = {each["id"]: each for each in run("list", "--json").json}
    assert len(after) == 2
    for each in before:  # a list leaves out the meeting, which only one entry by itself names
        assert each | after[each["id"]] == each


def test_alone_it_shows_its_help(run: Run) -> None:
    """`reflect themes` alone tells what can be done, on stdout, with exit 0."""
    out = run("themes").out
    assert "list" in out
    assert "refresh" in out


def test_prompts_alone_shows_its_help(run: Run) -> None:
    """`reflect prompts` alone does the same."""
    assert "retire" in run("prompts").out
