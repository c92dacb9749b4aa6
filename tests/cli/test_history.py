"""`reflect history`: every wording of an entry, and what each changed."""

from __future__ import annotations

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run


def test_every_wording_oldest_first(run: Run, write: Write) -> None:
    """Each edit is a version with its words and its time; the first is as it was written."""
    entry = write("First.\n\nWith two paragraphs.")
    run("edit", entry["id"], "-", stdin="Second.", env={"REFLECT_NOW": "2026-11-21T10:05:00+00:00"})
    run("edit", entry["id"], "-", stdin="Third.", env={"REFLECT_NOW": "2026-11-22T11:10:00+00:00"})
    versions = run("history", entry["id"], "--json").json
    assert [(each["version"], each["text"]) for each in versions] == [
        (1, "First.\n\nWith two paragraphs."),
        (2, "Second."),
        (3, "Third."),
    ]
    assert [each["at"][:16] for each in versions] == ["2026-11-20T16:00", "2026-11-21T10:05", "2026-11-22T11:10"]
    assert [each["in_force"] for each in versions] == [False, False, True]
    out = run("history", entry["id"][:5], "--whole").out
    assert "Version 2  21 Nov 2026, 10:05\n  Second.\n" in out
    assert out.index("With two paragraphs.") < out.index("Second.") < out.index("Third.")


def test_what_an_edit_changed_is_shown_word_by_word(run: Run, write: Write) -> None:
    """Plain lines mark what went and what came; JSON has the same as pieces that make up both wordings."""
    entry = write("We met on Monday.\nNobody asked her.")
    run("edit", entry["id"], "-", stdin="We met on Tuesday.\nNobody asked her or him.")
    out = run("history", entry["id"]).out
    assert "  We met on [-Monday-]{+Tuesday+}.\n  Nobody asked her{+ or him+}.\n" in out
    first, second = run("history", entry["id"], "--json").json
    assert first["changes"] is None
    for version, but in ((first, "added"), (second, "removed")):
        assert "".join(each["text"] for each in second["changes"] if each["kind"] != but) == version["text"]


def test_colours_where_there_are_some(run: Run, write: Write, at_terminal: AtTerminal) -> None:
    """On a terminal with colours, what went and what came is coloured, and no marks stand between the words."""
    entry = write("We met on Monday.")
    run("edit", entry["id"], "-", stdin="We met on Tuesday.")
    screen = at_terminal("history", entry["id"], env={"TERM": "xterm-256color"}).leave()
    assert "\x1b[" in screen
    assert "[-" not in screen
    assert "{+" not in screen
    assert "Monday" in screen
    assert "Tuesday" in screen


def test_a_wording_taken_back_is_told_apart(run: Run, write: Write) -> None:
    """After `undo` the wording that no longer holds is still there, said to be out of force."""
    entry = write("First.")
    run("edit", entry["id"], "-", stdin="Second.")
    run("undo")
    out = run("history", entry["id"]).out
    assert "Version 2  20 Nov 2026, 16:00  not in force: taken back" in out
    assert [each["in_force"] for each in run("history", entry["id"], "--json").json] == [True, False]


def test_words_that_a_terminal_would_obey_are_shown_as_marks(run: Run, write: Write) -> None:
    """Row 7: a wording's escapes reach no terminal, in the pieces of a difference either."""
    entry = write("one \x1b[31m two")
    run("edit", entry["id"], "-", stdin="one \x1b[32m two")
    out = run("history", entry["id"]).out
    assert "\x1b" not in out
    assert "␛" in out


def test_an_entry_never_edited_has_one_version(run: Run, write: Write) -> None:
    """A new entry's history is its only wording."""
    entry = write("First.")
    (only,) = run("history", entry["id"], "--json").json
    assert only == {"version": 1, "text": "First.", "at": entry["written_at"], "in_force": True, "changes": None}


def test_unknown_id_is_not_found(run: Run) -> None:
    """No entry of that id: exit 4."""
    run("history", "zzzzzzzz", code=4)
