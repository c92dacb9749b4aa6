"""`reflect` alone: where you are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reflect.cli.desk import GREETING
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run

LATER = {"REFLECT_NOW": "2026-11-27T09:00:00+00:00"}


def test_greets_once_in_five_lines(run: Run) -> None:
    """The first command ever says five things to know, beside the answer; no later one says them again."""
    first, second = run(), run()
    assert len(GREETING) == 5
    assert first.err.splitlines() == list(GREETING)
    assert second.err == ""


def test_greeting_says_what_the_first_run_must_say() -> None:
    """It says where words are kept, whose story to leave out, what reflect is not, and how to discard."""
    said = " ".join(GREETING)
    for needed in (
        "this computer only",
        "patient or client",
        "not a therapist and not a reporting system",
        "not encrypt",
        "/discard",
    ):
        assert needed in said


def test_offers_a_question_with_its_source_and_how_to_answer(run: Run) -> None:
    """A question for now stands with where it comes from and the command that answers it."""
    ran = run()
    question = run("--json").json["question"]
    assert question["text"] in ran.out
    assert f"{question['source']['document']}, {question['source']['heading']}" in ran.out
    assert f"reflect write --prompt {question['id']}" in ran.out


def test_previews_and_does_not_serve(run: Run) -> None:
    """Looking at home uses up no question; `ask` then serves that very one and home moves on."""
    shown = [run("--json").json["question"]["id"] for _ in range(2)]
    served = run("ask", "--json").json[0]["id"]
    assert shown == [served, served]
    assert run("--json").json["question"]["id"] != served


def test_json_is_one_object(run: Run) -> None:
    """`reflect --json` holds the question, the actions that are due and the drafts."""
    assert set(run("--json").json) >= {"question", "actions_due", "drafts"}


def test_tells_of_actions_that_are_due_and_of_no_other(run: Run) -> None:
    """What was offered for a day that has come is told; what is for later or has no day is not."""
    run("actions", "add", "Send the bus times", "--by", "25/11/2026")
    run("actions", "add", "Book the hall", "--by", "1/12/2026")
    run("actions", "add", "Read the lease")
    assert "bus times" not in run().out
    out = run(env=LATER).out
    assert "You offered, for 25 November 2026: Send the bus times" in out
    assert "hall" not in out
    assert "lease" not in out


def test_asks_what_came_of_what_is_due(run: Run) -> None:
    """REQ-30: an action older than its date brings the question what came of it; no more than three are shown."""
    for number in range(5):
        run("actions", "add", f"number {number}", "--by", f"2{number + 1}/11/2026")
    out = run(env=LATER).out
    assert out.count("You offered, for ") == 3
    assert "2 more: reflect actions. What came of it? reflect actions done, change or drop ID" in out
    assert len(run("--json", env=LATER).json["actions_due"]) == 5
    assert "What came of it?" not in run().out


def test_never_shames(run: Run) -> None:
    """Nothing at home speaks of lateness, of gaps or of how much was written."""
    run("actions", "add", "Send the bus times", "--by", "21/11/2026")
    out = run(env={"REFLECT_NOW": "2027-03-01T09:00:00+00:00"}).out.lower()
    for word in ("overdue", "late", "missed", "streak", "haven't", "days since", "entries"):
        assert not re.search(rf"\b{word}\b", out), word


def test_tells_of_drafts_by_date_and_never_by_words(at_terminal: AtTerminal, run: Run) -> None:
    """A draft is named by the day it was begun; its words stay in it."""
    at_terminal("write", "--free").type("heliotrope").press("c").leave(130)
    out = run().out
    assert "1 draft of 20 November 2026" in out
    assert "heliotrope" not in out


def test_broken_pack_of_ones_own_is_named_and_blocks_nothing(run: Run, home: Path) -> None:
    """A user's pack that can't be read is told of beside the answer, and home still works."""
    run()
    (home / "packs").mkdir(mode=0o700)
    (home / "packs" / "ours.toml").write_text("[pack\n", encoding="utf-8")
    ran = run()
    assert "ours.toml" in ran.err
    assert "A question for now" in ran.out


def test_named_journals_are_apart(run: Run, write: Write, home: Path) -> None:
    """An entry in a journal of one name is not in another."""
    run("--journal", "evening-class", "write", "-", stdin="Only here.")
    assert run("list", "--json").json == []
    assert len(run("--journal", "evening-class", "list", "--json").json) == 1
    assert (home / "journals" / "evening-class" / "journal.db").exists()


def test_journal_name_that_could_leave_the_home_is_refused(run: Run) -> None:
    """A journal's name is letters, digits and hyphens, so no name can point outside."""
    for name in ("../elsewhere", "a/b", ".", "x" * 41):
        run("--journal", name, code=3)


@pytest.mark.parametrize(
    ("words", "env"),
    [
        ((), {"TERM": "dumb"}),
        ((), {"TERM": "xterm-256color", "NO_COLOR": "1"}),
        ((), {"TERM": "xterm-256color", "ACCESSIBLE": "1"}),
        (("--plain",), {"TERM": "xterm-256color"}),
    ],
    ids=["TERM=dumb", "NO_COLOR", "ACCESSIBLE", "--plain"],
)
def test_plain_where_plain_is_wished(at_terminal: AtTerminal, words: tuple[str, ...], env: dict[str, str]) -> None:
    """Each way of asking for plain lines gives a screen without a single control sequence."""
    screen = at_terminal(*words, env=env).leave()
    assert "A question for now" in screen
    assert "\x1b" not in screen


def test_colour_on_a_terminal_that_has_it(at_terminal: AtTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal with colours gets them."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in at_terminal(env={"TERM": "xterm-256color"}).leave()


def test_no_control_sequence_in_a_pipe(run: Run) -> None:
    """Into a pipe go plain lines, whatever the terminal could show."""
    assert "\x1b" not in run(env={"TERM": "xterm-256color"}).out
