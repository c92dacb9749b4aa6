"""`reflect actions`: what the writer offered to do, and what came of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run


def test_add_says_what_was_noted_with_an_id(run: Run) -> None:
    """An offer is answered with its id, its words and its day; it is not called done."""
    ran = run("actions", "add", "Send the bus times", "--by", "friday")
    (action,) = run("actions", "--json").json
    assert ran.out == f"Noted {action['id']}  Send the bus times  by 27 November 2026\n"
    assert action["state"] == "open"
    assert action["due"] == "2026-11-27"


def test_a_day_without_a_year_is_the_next_one(run: Run) -> None:
    """What is offered lies ahead: 3 January is next January."""
    assert run("actions", "add", "Book the hall", "--by", "3 january", "--json").json["due"] == "2027-01-03"


def test_list_has_the_nearest_day_first_and_undated_last(run: Run) -> None:
    """Open actions stand in the order of their days."""
    for text, day in (("No day", ""), ("Later", "1/2/2027"), ("Sooner", "1/12/2026")):
        run("actions", "add", text, *(["--by", day] if day else []))
    assert [each["text"] for each in run("actions", "list", "--json").json] == ["Sooner", "Later", "No day"]
    assert run("actions").out == run("actions", "list").out


def test_done_closes_as_kept_with_what_came_of_it(run: Run) -> None:
    """A closed action leaves the open list and stays, with its note, under --all."""
    action = run("actions", "add", "Send the bus times", "--json").json
    closed = run("actions", "done", action["id"][:6], "--note", "they are on the door now", "--json").json
    assert (closed["state"], closed["note"]) == ("kept", "they are on the door now")
    assert closed["closed_at"]
    assert run("actions").out == "Nothing is open.\n"
    assert "kept: they are on the door now" in run("actions", "list", "--all").out


def test_action_can_come_from_an_entry(run: Run, write: Write) -> None:
    """--entry ties an action to the entry it comes from."""
    entry = write("Nobody knew the bus times.")
    action = run("actions", "add", "Send the bus times", "--entry", entry["id"][:5], "--json").json
    assert action["entry"] == entry["id"]


def test_action_outlives_its_erased_entry(run: Run, write: Write) -> None:
    """Erasing the entry keeps the action, which no longer points anywhere."""
    entry = write("Nobody knew the bus times.")
    run("actions", "add", "Send the bus times", "--entry", entry["id"])
    run("erase", entry["id"], "--yes")
    (action,) = run("actions", "--json").json
    assert action["entry"] is None


def test_empty_or_overlong_offers_are_refused(run: Run) -> None:
    """No words, or more than a line holds, are exit 3 and note nothing."""
    run("actions", "add", "  ", code=3)
    run("actions", "add", "x" * 201, code=3)
    assert run("actions", "--json").json == []


def test_unreadable_day_and_unknown_entry_are_refused(run: Run) -> None:
    """A day that can't be read is exit 3, an entry that does not exist 4; nothing is noted."""
    run("actions", "add", "Send the bus times", "--by", "soonish", code=3)
    run("actions", "add", "Send the bus times", "--entry", "zzzzzzzz", code=4)
    assert run("actions", "--json").json == []


def test_unknown_action_is_not_found(run: Run) -> None:
    """No action of that id: exit 4."""
    run("actions", "done", "zzzzzzzz", code=4)


def test_nothing_open_is_no_failure(run: Run) -> None:
    """Without actions the list says so, and JSON is an empty list."""
    assert run("actions").out == "Nothing is open.\n"
    assert run("actions", "--json").out == "[]\n"
    assert run("actions", "list", "--all").out == "No actions.\n"


# -- how it went ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("command", "state"), [("done", "kept"), ("change", "changed"), ("drop", "dropped")])
def test_each_way_of_closing_has_a_word_of_why_and_what_was_seen(run: Run, command: str, state: str) -> None:
    """REQ-30: kept, changed or dropped, with why, what was seen, expected or not, helpful or not, and for whom."""
    action = run("actions", "add", "Open the gate at eight", "--intended", "nobody waits", "--json").json
    said = ("--why", "the caretaker agreed", "--seen", "a shorter queue", "--expected", "y", "--for", "families")
    closed = run("actions", command, action["id"], *said, "--helped", "partly", "--json").json
    assert (closed["state"], closed["note"], closed["intended"]) == (state, "the caretaker agreed", "nobody waits")
    (outcome,) = closed["outcomes"]
    assert {name: outcome[name] for name in ("for_whom", "seen", "expected", "helped")} == {
        "for_whom": "families",
        "seen": "a shorter queue",
        "expected": "yes",
        "helped": "partly",
    }
    out = run("actions", "show", action["id"]).out
    assert "meant to: nobody waits" in out
    assert "families: seen: a shorter queue; as expected: yes; helped: partly" in out
    assert run("actions").out == "Nothing is open.\n"


def test_another_viewpoint_can_be_added_later(run: Run) -> None:
    """REQ-30: an action that is closed can be looked at again; a later view stands beside the first."""
    action = run("actions", "add", "Open the gate at eight", "--json").json
    run("actions", "done", action["id"], "--seen", "a shorter queue", "--for", "families")
    later = {"REFLECT_NOW": "2026-12-20T16:00:00+00:00"}
    seen = run("actions", "seen", action["id"], "she starts earlier", "--expected", "no", "--json", env=later).json
    assert [each["seen"] for each in seen["outcomes"]] == ["a shorter queue", "she starts earlier"]
    assert "for me: seen: she starts earlier; as expected: no" in run("actions", "list", "--all").out


def test_a_changed_action_is_offered_in_its_new_form(run: Run) -> None:
    """Other words or another day take the old one's place, which stays as changed."""
    action = run("actions", "add", "Ring her", "--by", "friday", "--json").json
    changed = run("actions", "change", action["id"], "Write", "to", "her", "--by", "1/12/2026", "--json").json
    assert (changed["state"], changed["instead"]["text"], changed["instead"]["due"]) == (
        "changed",
        "Write to her",
        "2026-12-01",
    )
    assert [each["id"] for each in run("actions", "--json").json] == [changed["instead"]["id"]]
    assert "In its place: " in run("actions", "change", changed["instead"]["id"], "--by", "2/12/2026").out


def test_at_a_terminal_a_word_of_why_is_asked(run: Run, at_terminal: AtTerminal) -> None:
    """One line, which Enter passes over; without a terminal nobody is asked."""
    first, second = (run("actions", "add", text, "--json").json for text in ("Ring her", "Write"))
    at_terminal("actions", "done", first["id"]).see("A word of why").answer("she rang first").see("Done: ").leave()
    at_terminal("actions", "drop", second["id"]).see("A word of why").answer("").see("Dropped: ").leave()
    notes = {each["text"]: (each["state"], each["note"]) for each in run("actions", "list", "--all", "--json").json}
    assert notes == {"Ring her": ("kept", "she rang first"), "Write": ("dropped", "")}


def test_closing_twice_and_odd_answers_are_refused(run: Run) -> None:
    """What is closed stays as it was closed, and an answer is yes, no or partly: exit 3, and nothing is changed."""
    action = run("actions", "add", "Ring her", "--json").json
    run("actions", "done", action["id"], "--seen", "x", "--expected", "perhaps", code=3)
    run("actions", "done", action["id"])
    for command in ("done", "change", "drop"):
        assert "closed already, as kept" in run("actions", command, action["id"], code=3).err
    run("actions", "seen", action["id"], code=3)


# -- where it comes from -----------------------------------------------------------------------------------


def test_a_line_with_an_arrow_is_offered_and_said(run: Run) -> None:
    """`write` says what it understood of such lines; the entry's words stay as they were written."""
    ran = run("write", "-", "--about", "Board", stdin="We met.\n-> Ring the caretaker by Friday\n")
    (action,) = run("actions", "--json").json
    assert f"  Offered {action['id']}  Ring the caretaker  by 27 November 2026\n" in ran.out
    assert (action["about"], action["due"]) == ("Board", "2026-11-27")
    entry = run("show", action["entry"], "--json").json
    assert entry["text"] == "We met.\n-> Ring the caretaker by Friday"
    assert entry["actions"] == [action]


def test_what_is_open_is_shown_before_the_next_entry_about_the_same(run: Run, at_terminal: AtTerminal) -> None:
    """At a terminal before the words are typed, in a pipe beside the answer; other subjects bring none."""
    run("actions", "add", "Ring the caretaker", "--about", "Board", "--by", "friday")
    screen = at_terminal("write", "--free", "--about", "board").see(
        "You offered, by 27 November 2026: Ring the caretaker"
    )
    screen.type("words", ".").leave()
    assert (
        "You offered, by 27 November 2026: Ring the caretaker" in run("write", "-", "--about", "BOARD", stdin="x").err
    )
    assert "You offered" not in run("write", "-", "--about", "Team", stdin="x").err
    assert "You offered" not in run("write", "-", stdin="x").err


def _taken_home(path: Path, *actions: dict[str, str]) -> Path:
    """Write the file that a session gives somebody at its close."""
    head = {"reflect": "takeaway", "format": 1, "group": "Hub", "title": "Check-in", "held_on": "2026-11-20"}
    path.write_text(json.dumps({**head, "actions": actions}), encoding="utf-8")
    return path


def test_a_file_of_actions_is_taken_in(run: Run, tmp_path: Path) -> None:
    """--from says what it would take in, takes it in, and a second time passes all of it over; the sums add up."""
    path = _taken_home(
        tmp_path / "mine.json",
        {"text": "Ring her", "due": "2026-11-27", "limits": "mornings only"},
        {"text": "Write", "due": "2026-12-01"},
    )
    dry = run("actions", "add", "--from", str(path), "--dry-run").out
    assert dry.startswith("Would be noted: Ring her (mornings only)  by 27 November 2026\n")
    assert "Read 2: 2 new, 0 here already." in dry
    assert run("actions", "--json").json == []
    taken = run("actions", "add", "--from", str(path), "--json").json
    assert (taken["read"], len(taken["new"]), taken["already_here"]) == (2, 2, 0)
    assert run("actions", "add", "--from", str(path)).out == "Read 2: 0 new, 2 here already.\n"
    run("undo")
    assert run("actions", "--json").json == []


def test_a_file_that_cannot_be_taken_is_refused_whole(run: Run, tmp_path: Path) -> None:
    """Rows 24 and 26: a wrong record is named and nothing is taken in; a file that is not there is exit 4."""
    path = _taken_home(tmp_path / "mine.json", {"text": "Ring her", "due": "2026-11-27"}, {"text": "Write"})
    assert "actions.2.due" in run("actions", "add", "--from", str(path), code=3).err
    assert run("actions", "--json").json == []
    run("actions", "add", "--from", str(tmp_path / "none.json"), code=4)
    run("actions", "add", "words", "--from", str(path), code=2)
    run("actions", "add", code=2)
