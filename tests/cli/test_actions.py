"""`reflect actions`: what the writer offered to do."""

from __future__ import annotations

from tests.cli.conftest import Write
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
