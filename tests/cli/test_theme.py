"""`reflect theme`: the author's word on what an entry is about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Write
from tests.conftest import Run

TEXT = "The grant ran out and the contract, the budget and the funder all changed at once."


def themes(entry: Any) -> dict[str, str]:
    """Return an entry's themes, each with who put it there."""
    return {each["id"]: each["by"] for each in entry["themes"]}


def test_add_and_remove(run: Run, write: Write) -> None:
    """+ adds a theme as the author's own, - takes one away, whoever put it there."""
    entry = write("Words.", "--prompt", "KF-Q12")
    assert themes(entry)["roles"] == "prompt"
    after = run("theme", entry["id"], "+funding", "-roles", "--json").json
    assert themes(after)["funding"] == "author"
    assert "roles" not in themes(after)
    shown = run("show", entry["id"], "--json").json
    assert shown | after == shown


def test_choice_survives_refresh(run: Run, write: Write) -> None:
    """Suggesting anew brings back nothing the author removed and takes nothing the author chose."""
    entry = write(TEXT)
    assert themes(entry)["funding"] == "suggested"
    chosen = run("theme", entry["id"], "-funding", "+voice", "--json").json
    run("themes", "refresh")
    after = run("show", entry["id"], "--json").json
    assert themes(after) == themes(chosen)
    assert "funding" not in themes(after)
    assert themes(after)["voice"] == "author"


def test_choice_survives_an_edit(run: Run, write: Write) -> None:
    """New words bring new suggestions, and the author's choices stand above them."""
    entry = write("Nothing in particular.", "--theme", "voice")
    run("theme", entry["id"], "-funding")
    after = run("edit", entry["id"], "-", "--json", stdin=TEXT).json
    assert themes(after)["voice"] == "author"
    assert "funding" not in themes(after)


def test_removed_theme_is_gone_from_filters_and_summary(run: Run, write: Write) -> None:
    """A theme the author took away neither lists the entry nor counts it."""
    entry = write(TEXT)
    run("theme", entry["id"], "-funding")
    assert run("list", "--theme", "funding", "--json").json == []
    counts = {each["id"]: each["entries"] for each in run("summary", "--json").json["themes"]}
    assert counts["funding"] == 0


def test_confirming_a_suggestion_makes_it_the_authors(run: Run, write: Write) -> None:
    """+ of a suggested theme turns the suggestion into a choice."""
    entry = write(TEXT)
    assert themes(run("theme", entry["id"], "+funding", "--json").json)["funding"] == "author"


def test_changes_can_be_changed_back(run: Run, write: Write) -> None:
    """Taken away and added again, a theme is there as the author's choice."""
    entry = write(TEXT)
    run("theme", entry["id"], "-funding")
    assert themes(run("theme", entry["id"], "+funding", "--json").json)["funding"] == "author"


def test_alone_it_shows_the_themes_and_why(run: Run, write: Write) -> None:
    """Without a change it says each theme with its reason, the cue of a suggestion included."""
    entry = write(TEXT, "--theme", "change")
    out = run("theme", entry["id"]).out
    assert "change: you chose it" in out
    for each in entry["themes"]:
        if each["by"] == "suggested":
            assert f"{each['id']}: suggested by “{each['because']}”" in out


def test_beginning_of_a_themes_name_will_do(run: Run, write: Write) -> None:
    """+own finds own-power."""
    assert "own-power" in themes(run("theme", write("Words.")["id"], "+own", "--json").json)


@pytest.mark.parametrize(("change", "code"), [("+weather", 4), ("-weather", 4), ("-x", 4), ("+", 2), ("funding", 2)])
def test_what_is_no_change_is_refused(run: Run, write: Write, change: str, code: int) -> None:
    """An unknown theme, a bare sign or a name without one is refused, and nothing before it is applied."""
    entry = write("Words.")
    run("theme", entry["id"], "+voice", change, code=code)
    shown = run("show", entry["id"], "--json").json
    assert shown | entry == shown


def test_unknown_id_is_not_found(run: Run) -> None:
    """No entry of that id: exit 4."""
    run("theme", "zzzzzzzz", "+funding", code=4)
