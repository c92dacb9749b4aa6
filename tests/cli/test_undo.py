"""`reflect undo`: take the last steps back."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import Write
from tests.conftest import Run


def test_the_last_step_is_taken_back_and_said(run: Run, write: Write) -> None:
    """The step is named with its entry and when it was done; its words are within reach."""
    entry = write("Old words.")
    run("edit", entry["id"], "-", stdin="New words.")
    assert run("undo").out == f"Taken back: version 2  {entry['id']}  20 November 2026, 16:00\n"
    assert run("show", entry["id"], "--raw").out == "Old words."
    out = run("undo").out
    assert f"Taken back: written  {entry['id']}" in out
    (draft,) = re.findall("Its words: reflect drafts resume (\\S+),", out)
    (other,) = re.findall("Another wording of it: reflect drafts resume (\\S+),", out)
    assert {each["name"] for each in run("drafts", "--json").json} == {draft, other}
    assert run("drafts", "show", other).out.strip() == "New words."
    assert run("list", "--json").json == []
    resumed = run("drafts", "resume", draft, "--json").json
    assert (resumed["text"], resumed["happened_at"]) == ("Old words.", entry["happened_at"])
    assert resumed["id"] == entry["id"]


def test_several_steps_at_once(run: Run, write: Write) -> None:
    """-n takes that many back, the last one first, all or none."""
    entry = write("words")
    run("theme", entry["id"], "+funding")
    run("edit", entry["id"], "--tag", "minutes")
    assert [each["kind"] for each in run("undo", "-n", "2", "--json").json] == ["tag", "theme"]
    after = run("show", entry["id"], "--json").json
    assert after["tags"] == []
    assert "funding" not in {each["id"] for each in after["themes"]}
    assert "only 1 step can be taken back" in run("undo", "-n", "2", code=4).err
    assert run("show", entry["id"], "--raw").out == "words"


def test_list_and_dry_run_change_nothing(run: Run, write: Write) -> None:
    """--list shows what can be taken back, newest first; --dry-run what would be; both leave everything."""
    entry = write("words")
    run("actions", "add", "Ring her")
    listed = run("undo", "--list", "--json").json
    assert [(each["kind"], each["entry"]) for each in listed] == [("offer", None), ("write", entry["id"])]
    assert run("undo", "--list").out.splitlines()[0].startswith("  1  offered: Ring her")
    assert run("undo", "-n", "2", "--dry-run", "--json").json == listed
    assert run("undo", "--dry-run").out.startswith("Would be taken back: offered: Ring her")
    assert run("undo", "--list", "--json").json == listed


def test_nothing_to_take_back(run: Run) -> None:
    """An empty list is no failure; taking back what is not there is exit 4; no steps at all is exit 2."""
    assert run("undo", "--list").out == "There is nothing to take back.\n"
    assert run("undo", "--list", "--json").json == []
    assert "nothing to take back" in run("undo", code=4).err
    run("undo", "--dry-run", code=4)
    run("undo", "-n", "0", code=2)


def test_an_erased_entry_does_not_come_back(run: Run, write: Write) -> None:
    """`erase` can't be undone: nothing about the entry is in the list any more."""
    entry = write("words")
    run("erase", entry["id"], "--yes")
    assert run("undo", "--list", "--json").json == []
    run("undo", code=4)


@pytest.mark.parametrize("way", ["mark", "unmark"])
def test_marks_are_taken_back_until_they_are_shared(run: Run, write: Write, way: str) -> None:
    """A mark, or its withdrawal, that has not left the journal is as it was before."""
    entry = write("Some words. And more.")
    run("mark", entry["id"], "--for", "group", "--level", "verbatim")
    if way == "unmark":
        run("unmark", entry["id"])
    run("undo")
    marked = run("show", entry["id"], "--json").json["mark"]
    assert (marked is None) == (way == "mark")
