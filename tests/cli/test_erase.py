"""`reflect erase`: an entry, gone for good."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run, bytes_under


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


def test_what_was_undone_is_erased_from_our_copies_too(run: Run, write: Write, home: Path) -> None:
    """An entry taken back is in no journal any more; its whole id erases it from copies and its draft."""
    entry, other = write("Heliotrope."), write("Other words.")
    run("backup")
    run("undo", "-n", "2")
    run("erase", entry["id"][:7], "--yes", code=4)
    assert run("erase", entry["id"], "--dry-run", "--json").json == {
        "would_erase": entry["id"],
        "copies": 1,
        "drafts": 1,
    }
    out = run("erase", entry["id"], "--dry-run").out
    assert "still in 1 copy and 1 draft" in out
    assert "--yes" in run("erase", entry["id"], code=2).err
    assert bytes_under(home).count(b"Heliotrope.") >= 2
    assert "1 of our own copies rewritten" in run("erase", entry["id"], "--yes").out
    assert b"eliotrop" not in bytes_under(home)
    assert b"Other words." in bytes_under(home), other["id"]
    run("erase", entry["id"], "--yes", code=4)


def test_discarding_what_was_undone_says_what_copies_may_hold(run: Run, write: Write) -> None:
    """Words of an entry that a copy was made of are gone with the next command, which is named."""
    entry = write("Heliotrope.")
    run("backup")
    run("undo")
    (draft,) = run("drafts", "--json").json
    assert f"reflect erase {entry['id']} removes it there" in run("drafts", "discard", draft["name"]).out
    run("erase", entry["id"], "--yes")


def test_json_is_one_value(run: Run, write: Write) -> None:
    """What was erased and how many copies were rewritten, and nothing beside it."""
    entry = write("words")
    assert run("erase", entry["id"], "--yes", "--json").json == {"erased": entry["id"], "copies_rewritten": 0}
