"""`reflect edit`: new words for an entry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run, bytes_under


def test_new_words_from_a_pipe_make_a_version(run: Run, write: Write) -> None:
    """`edit ID -` stores the new words as version 2; all else of the entry stays."""
    entry = write("Old words.", "--about", "Board", "--tag", "minutes", "--prompt", "KF-Q12")
    out = run("edit", entry["id"], "-", stdin="New words.\n").out
    after = run("show", entry["id"], "--json").json
    assert out.startswith(f"Saved version 2 of {entry['id']}")
    assert (after["text"], after["version"]) == ("New words.", 2)
    for field in ("id", "about", "tags", "happened_at", "written_at"):
        assert after[field] == entry[field]
    assert after["prompt"]["id"] == entry["prompt"]["id"]


def test_search_follows_the_new_words(run: Run, write: Write) -> None:
    """The new words are found and the old ones no longer are."""
    entry = write("A heliotrope meeting.")
    run("edit", entry["id"], "-", stdin="An amber meeting.")
    assert [each["id"] for each in run("search", "amber", "--json").json] == [entry["id"]]
    assert run("search", "heliotrope", "--json").json == []


def test_the_same_words_change_nothing(run: Run, write: Write) -> None:
    """An edit to the very same words makes no version."""
    entry = write("Same words.")
    assert run("edit", entry["id"], "-", stdin="Same words.").out == "Nothing was changed.\n"
    assert len(run("history", entry["id"], "--json").json) == 1


def test_an_edit_to_nothing_is_refused(run: Run, write: Write) -> None:
    """Empty words are exit 3, the entry stays, and `erase` is named."""
    entry = write("Words.")
    assert f"reflect erase {entry['id']}" in run("edit", entry["id"], "-", stdin=" \n", code=3).err
    assert run("show", entry["id"], "--raw").out == "Words."


def test_without_words_and_terminal_it_ends_at_once(run: Run, write: Write) -> None:
    """No `-` and no terminal, or something else in its place: exit 2, nothing changed."""
    entry = write("Words.")
    run("edit", entry["id"], code=2)
    run("edit", entry["id"], "words on the line", code=2)
    assert run("show", entry["id"], "--raw").out == "Words."


def test_unknown_id_is_not_found(run: Run) -> None:
    """No entry of that id: exit 4."""
    run("edit", "zzzzzzzz", "-", stdin="Words.", code=4)


def test_answers_by_part_become_one_answer(at_terminal: AtTerminal, run: Run) -> None:
    """After an edit nobody knows which words answered which part, so the question is shown whole."""
    at_terminal("write", "--prompt", "KF-Q19").type("One.", ".", ".", "Three.", ".").leave()
    entry = run("list", "--json").json[0]
    after = run("edit", entry["id"], "-", "--json", stdin="All new.").json
    assert {(part["start"], part["end"]) for part in after["prompt"]["parts"]} == {(None, None)}
    out = run("show", entry["id"]).out
    assert entry["prompt"]["text"] in out
    assert "(not answered)" not in out


def test_typed_below_the_old_words(at_terminal: AtTerminal, run: Run, write: Write) -> None:
    """At a terminal the words now are shown, and the new ones typed."""
    entry = write("Old words.")
    screen = at_terminal("edit", entry["id"]).type("New words.", "", "And more.", ".").leave()
    assert screen.index("Old words.") < screen.index("New words.")
    assert run("show", entry["id"], "--raw").out == "New words.\n\nAnd more."
    assert run("drafts", "--json").json == []


def test_nothing_typed_leaves_the_entry(at_terminal: AtTerminal, run: Run, write: Write, home: Path) -> None:
    """A lone dot, or /discard after some words, leaves the entry as it is and no draft."""
    entry = write("Old words.")
    at_terminal("edit", entry["id"]).type(".").leave()
    at_terminal("edit", entry["id"]).type("heliotrope", "/discard").leave()
    assert run("show", entry["id"], "--json").json == entry | {"layers": [], "actions": []}
    assert b"heliotrope" not in bytes_under(home)


def test_stopped_edit_can_be_resumed_as_an_edit(at_terminal: AtTerminal, run: Run, write: Write) -> None:
    """After Ctrl-C the entry stands as it was, and resuming the draft gives it the new words, and only those."""
    entry = write("Old words.")
    at_terminal("edit", entry["id"]).type("New words.").press("c").leave(130)
    assert run("show", entry["id"], "--raw").out == "Old words."
    (draft,) = run("drafts", "--json").json
    run("drafts", "resume", draft["name"])
    assert run("show", entry["id"], "--raw").out == "New words."
    assert len(run("list", "--json").json) == 1
    assert run("drafts", "--json").json == []


def test_erasing_an_entry_takes_the_draft_of_its_edit_along(
    at_terminal: AtTerminal, run: Run, write: Write, home: Path
) -> None:
    """Words typed for an entry that is erased later are gone with it."""
    entry = write("Old words.")
    at_terminal("edit", entry["id"]).type("heliotrope").press("c").leave(130)
    run("erase", entry["id"], "--yes")
    assert b"heliotrope" not in bytes_under(home)


def test_tags_are_given_and_taken_away(run: Run, write: Write) -> None:
    """--tag and --untag change the tags and leave the words, also without a terminal."""
    entry = write("Words.", "--tag", "minutes")
    out = run("edit", entry["id"], "--tag", "#Board", "--untag", "MINUTES").out
    assert out.startswith(f"Saved {entry['id']}")
    after = run("show", entry["id"], "--json").json
    assert (after["tags"], after["version"]) == (["board"], 1)
    assert run("edit", entry["id"], "--tag", "board").out == "Nothing was changed.\n"
    run("edit", entry["id"], "--tag", "-", code=3)
    both = run("edit", entry["id"], "-", "--tag", "new", "--json", stdin="Other words.").json
    assert (both["tags"], both["version"], both["text"]) == (["board", "new"], 2, "Other words.")


def test_of_two_pipes_the_second_is_told(run: Run, write: Write) -> None:
    """Row 67: an entry that changed while new words were on their way is left; the words are in a draft: exit 5."""
    entry = write("Old words.")
    script = (
        "import os, subprocess, sys;"
        "from reflect import config; from reflect.journal import Journal; from reflect.intake import from_text;"
        "from reflect.dates import now; here = config.places();"
        "journal = Journal(here, now()); entry = journal.named(sys.argv[1]);"
        "journal.edit(entry, from_text('Theirs.'));"
        "journal.edit(entry, from_text('Mine.'))"
    )
    done = subprocess.run([sys.executable, "-c", script, entry["id"]], capture_output=True, text=True, check=False)
    assert "was changed by another reflect while you were editing" in done.stderr
    (draft,) = run("drafts", "--json").json
    assert run("show", entry["id"], "--raw").out == "Theirs."
    assert run("drafts", "show", draft["name"]).out.strip() == "Mine."
