"""`reflect erase`: an entry, gone for good."""

from __future__ import annotations

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run


def test_dry_run_says_what_would_go_and_erases_nothing(run: Run, write: Write) -> None:
    """Earlier wordings, later thoughts and actions of its lines are counted; JSON says the same as one object."""
    entry = write("Old words.\n-> Ring her\n-> Write")
    run("edit", entry["id"], "-", stdin="New words.\n-> Ring her\n-> Write")
    run("revisit", entry["id"], "--still")
    out = run("erase", entry["id"], "--dry-run").out
    assert "New words." in out
    assert "With it: 1 earlier wording, 1 later thought, 2 actions\nNothing was erased.\n" in out
    assert run("erase", entry["id"], "--dry-run", "--json").json == {
        "would_erase": entry["id"],
        "earlier_wordings": 1,
        "later_thoughts": 1,
        "actions": 2,
    }
    assert run("show", entry["id"], "--raw").out.startswith("New words.")


def test_it_says_that_it_cannot_be_undone_and_asks(run: Run, write: Write, at_terminal: AtTerminal) -> None:
    """At a terminal a yes is wanted; anything else leaves the entry. Without a terminal, --yes or exit 2."""
    entry = write("words")
    at_terminal("erase", entry["id"]).see("This can't be undone. [y/N] ").answer("").see("Nothing was erased.").leave()
    assert "can't be undone" in run("erase", entry["id"], code=2).err
    assert run("show", entry["id"], "--raw").out == "words"
    at_terminal("erase", entry["id"]).see("[y/N] ").answer("y").see("Erased ").leave()
    run("show", entry["id"], code=4)


def test_json_is_one_value(run: Run, write: Write) -> None:
    """What was erased and how many copies were rewritten, and nothing beside it."""
    entry = write("words")
    assert run("erase", entry["id"], "--yes", "--json").json == {"erased": entry["id"], "copies_rewritten": 0}
