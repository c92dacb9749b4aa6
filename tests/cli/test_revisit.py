"""`reflect revisit`: an earlier entry, and what you think of it now."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run
from tests.terminal import Terminal

YEAR_AGO = {"REFLECT_NOW": "2025-11-20T16:00:00+00:00"}


@pytest.fixture
def old(write: Write) -> Any:
    """An entry of a year ago."""
    return write("They decide, we hear of it.", "--about", "Board", env=YEAR_AGO)


def layers(run: Run, entry: Any) -> list[Any]:
    """The later thoughts of an entry."""
    return run("show", entry["id"], "--json").json["layers"]  # type: ignore[no-any-return, index, call-overload]


def test_without_a_terminal_it_shows_an_entry_and_how_to_answer(run: Run, old: Any) -> None:
    """An entry comes with why it comes, and no answer is waited for."""
    ran = run("revisit")
    assert "From this day in an earlier year." in ran.out
    assert "They decide, we hear of it." in ran.out
    assert f"To answer: reflect revisit {old['id']} with --still" in ran.out
    found = run("revisit", "--json").json
    assert (found["why"], found["entry"]["id"], found["entry"]["layers"]) == ("on-this-day", old["id"], [])
    assert layers(run, old) == []


def test_nothing_to_look_at_is_no_failure(run: Run, write: Write) -> None:
    """In an empty or a young journal nothing comes up, and JSON is still one object."""
    assert run("revisit").out == "Nothing comes up today.\n"
    write("today")
    assert run("revisit", "--json").json == {"why": None, "entry": None}


def test_each_answer_can_be_given_by_a_script(run: Run, old: Any) -> None:
    """Still, changed, act and let go, each with or without words, are kept beside the entry."""
    assert run("revisit", old["id"], "--still", "--json").json["interval_days"] == 60
    run("revisit", old["id"][:4], "--changed", "They ask us now.")
    run("revisit", old["id"], "--changed", "-", stdin="From a pipe,\nin two lines.\n")
    acted = run("revisit", old["id"], "Write to them by friday", "--act", "--json").json
    assert (acted["comes_again"], acted["actions"][0]["text"]) == ("2026-11-27", "Write to them")
    run("revisit", old["id"], "--act")
    gone = run("revisit", old["id"], "--let-go", "It was long ago.", "--json").json
    assert gone["comes_again"] is None
    assert sorted((each["kind"], each["text"]) for each in layers(run, old)) == [
        ("act", ""),
        ("act", ""),
        ("changed", "From a pipe,\nin two lines."),
        ("changed", "They ask us now."),
        ("let-go", "It was long ago."),
        ("still", ""),
    ]
    assert run("show", old["id"], "--raw").out == "They decide, we hear of it."
    assert run("actions", "--json").json[0]["entry"] == old["id"]


def test_show_gives_then_and_now(run: Run, old: Any) -> None:
    """The untouched words stand first as then, each later thought below them as now, with its date."""
    run("revisit", old["id"], "--changed", "They ask us now.")
    run("edit", old["id"], "-", stdin="They decide; we hear of it.")
    run("revisit", old["id"], "--still", env={"REFLECT_NOW": "2026-12-20T16:00:00+00:00"})
    out = run("show", old["id"]).out
    order = [
        "Then:",
        "They decide; we hear",
        "Now, 20 Nov 2026: changed  (of version 1)",
        "They ask us now.",
        "Now, 20 Dec 2026: still true",
    ]
    assert [out.index(each) for each in order] == sorted(out.index(each) for each in order)
    thought = layers(run, old)[0]
    assert (thought["at"][:10], thought["zone"], thought["version"]) == ("2026-11-20", "Europe/London", 1)


def test_it_says_when_it_comes_again(run: Run, old: Any) -> None:
    """Every answer ends with what was kept and when the entry comes up again, if it does."""
    assert "still true; it comes again from 19 January 2027." in run("revisit", old["id"], "--still").out
    assert "let go; it stays, and rests." in run("revisit", old["id"], "--let-go").out


@pytest.mark.parametrize(
    "words",
    [
        ("--still",),
        ("ID", "--still", "--let-go"),
        ("ID", "some words"),
        ("ID", "--still", "--by", "friday"),
        ("ID", "--perhaps"),
    ],
)
def test_half_an_answer_is_refused(run: Run, old: Any, words: tuple[str, ...]) -> None:
    """An answer without an entry, two answers, words without an answer: exit 2, and nothing is kept."""
    run("revisit", *(old["id"] if word == "ID" else word for word in words), code=2)
    assert layers(run, old) == []


def test_a_day_that_cannot_be_read_and_an_unknown_entry_are_refused(run: Run, old: Any) -> None:
    """An unreadable day is exit 3, an unknown entry 4; nothing is kept."""
    run("revisit", old["id"], "Write", "--act", "--by", "soonish", code=3)
    run("revisit", "zzzzzzzz", "--still", code=4)
    assert layers(run, old) == []
    assert run("actions", "--json").json == []


# -- at a terminal --------------------------------------------------------------------------------------


def test_one_key_answers(at_terminal: AtTerminal, run: Run, old: Any) -> None:
    """A single key without Enter is the answer."""
    at_terminal("revisit").see("They decide", "not now > ").answer_key("s").see("still true").leave()
    assert [each["kind"] for each in layers(run, old)] == ["still"]
    at_terminal("revisit", old["id"]).see("Now, 20 Nov 2026: still true", "not now > ").answer_key("L").leave()
    assert sorted(each["kind"] for each in layers(run, old)) == ["let-go", "still"]


@pytest.mark.parametrize("key", ["\x1b[A", "é"])
def test_a_key_of_several_bytes_leaves_none_for_the_shell(home: Path, run: Run, old: Any, key: str) -> None:
    """An arrow key, or a letter beyond ASCII, is another key: not now, and nothing of it is read by what runs next."""
    command = f'{sys.executable} -m reflect revisit; read -r rest; echo "left:$rest:"'
    with Terminal("bash", "--norc", "-c", command, home=home) as terminal:
        terminal.see("not now > ").answer_key(key).see("Not now.").answer("next").see("left:next:")
    assert layers(run, old) == []


def test_changed_has_the_later_thought_typed(at_terminal: AtTerminal, run: Run, old: Any) -> None:
    """After `c` the words are typed as an entry's are, and stand beside the old ones."""
    screen = at_terminal("revisit").see("not now > ").answer_key("c").see("What do you think now?")
    screen.type("They ask us now.", "", "And early.", ".").leave()
    assert layers(run, old)[0]["text"] == "They ask us now.\n\nAnd early."
    assert run("drafts", "--json").json == []


def test_act_asks_what_will_be_done(at_terminal: AtTerminal, run: Run, old: Any) -> None:
    """After `a` one line says what; Enter leaves it open."""
    screen = at_terminal("revisit").see("not now > ").answer_key("a").see("What will you do")
    screen.answer("Write to them by friday").see("Offered").leave()
    (action,) = run("actions", "--json").json
    assert (action["text"], action["due"]) == ("Write to them", "2026-11-27")


def test_any_other_key_is_not_now(at_terminal: AtTerminal, run: Run, old: Any) -> None:
    """Enter, or a key that means nothing here, keeps nothing; the entry rests for some days."""
    at_terminal("revisit").see("not now > ").answer_key("x").see("Not now.").leave()
    assert layers(run, old) == []
    assert run("revisit").out == "Nothing comes up today.\n"
    assert run("undo", "--list", "--json").json[0]["kind"] == "write"


def test_ctrl_c_keeps_nothing_of_the_question(at_terminal: AtTerminal, run: Run, old: Any) -> None:
    """Row 20: stopped at the question, nothing is kept: exit 130."""
    at_terminal("revisit").see("not now > ").interrupt().leave(130)
    assert layers(run, old) == []


def test_a_begun_thought_is_a_draft_that_can_be_resumed(at_terminal: AtTerminal, run: Run, old: Any) -> None:
    """Row 20: stopped amid the words, they are in a draft, which becomes the later thought when it is resumed."""
    screen = at_terminal("revisit").see("not now > ").answer_key("c").see("What do you think now?")
    screen.type("They ask us now.").press("c").leave(130)
    (draft,) = run("drafts", "--json").json
    run("drafts", "resume", draft["name"])
    assert [(each["kind"], each["text"]) for each in layers(run, old)] == [("changed", "They ask us now.")]
    assert len(run("list", "--json").json) == 1
    assert run("drafts", "--json").json == []


def test_discard_leaves_it_as_it_was(at_terminal: AtTerminal, run: Run, old: Any, home: Path) -> None:
    """REQ-13: /discard amid the words keeps nothing of them, and no answer."""
    screen = at_terminal("revisit").see("not now > ").answer_key("c").see("What do you think now?")
    screen.type("heliotrope", "/discard").see("Nothing is kept.").leave()
    assert layers(run, old) == []
    assert list((home / "drafts").iterdir()) == []


# -- where it comes up by itself ---------------------------------------------------------------------------


def test_home_shows_one_line_without_words(run: Run, old: Any) -> None:
    """Home names the day and the subject, and none of the words: whoever looks on need not read them."""
    out = run().out
    assert "From this day, 20 November 2025, about Board: reflect revisit\n" in out
    assert "They decide" not in out
    assert run("--json").json["revisit"] == {"id": old["id"], "why": "on-this-day", "about": "Board"}
    run("revisit", old["id"], "--still")
    assert run("--json").json["revisit"] is None


def test_one_setting_switches_it_off(run: Run, old: Any, home: Path) -> None:
    """With `revisit = false` nothing comes up by itself; who asks for an entry still gets one."""
    (home / "config.toml").write_text("revisit = false\n", encoding="utf-8")
    assert "reflect revisit" not in run().out
    assert run("--json").json["revisit"] is None
    assert run("revisit", "--json").json["entry"]["id"] == old["id"]


def test_a_wrong_setting_is_told_at_home_and_stops_nothing(run: Run, old: Any, home: Path, write: Write) -> None:
    """A mistyped setting is named with the one that is meant; home and writing go on."""
    (home / "config.toml").write_text("revist = false\n", encoding="utf-8")
    ran = run()
    assert "did you mean revisit?" in ran.err
    assert "A question for now" in ran.out
    assert write("words", "--prompt", "KF-Q12")["text"] == "words"
    assert write("words", "--prompt", "KF-Q12")["text"] == "words"


def test_it_never_counts_or_shames(run: Run, old: Any, write: Write) -> None:
    """REQ-41: nothing it says speaks of streaks, of days missed or of how many entries wait."""
    write("more", env={"REFLECT_NOW": "2025-03-01T12:00:00+00:00"})
    long_after = {"REFLECT_NOW": "2029-11-20T16:00:00+00:00"}
    said = "".join(run(*words, env=long_after).out.lower() for words in ((), ("revisit",), ("revisit", "--help")))
    for word in ("streak", "missed", "overdue", "late ", "days ago", "in a row", "haven't", "waiting"):
        assert word not in said


def test_a_question_that_comes_again_brings_then_and_now(run: Run, write: Write, at_terminal: AtTerminal) -> None:
    """When a question is asked again, the earlier answer is named; after the new one, both stand together."""
    first = write("They decide.", "--prompt", "KF-Q12", env=YEAR_AGO)
    out = run("write", "-", "--prompt", "KF-Q12", stdin="They ask us.").out
    assert out.index("You answered this question before. Then, 20 Nov 2025") < out.index("They decide.")
    assert out.index("They decide.") < out.index("Now:") < out.index("They ask us.")
    assert f"reflect show {first['id']}" in out
    screen = at_terminal("write", "--prompt", "KF-Q12").see("You answered this question before").type("Once more.", ".")
    screen.see("They ask us.", "Now:", "Once more.").leave()


def test_ask_names_the_earlier_answer(run: Run) -> None:
    """A question that is served again says when it was answered, for people and as JSON."""
    served = run("ask", "--theme", "connection", "--json").json[0]
    assert served["answered_before"] is None
    entry = run("write", "-", "--prompt", served["id"], "--json", stdin="words").json
    for _ in range(60):
        again = run("ask", "--theme", "connection", "--json").json[0]
        if again["id"] == served["id"]:
            break
    assert again["answered_before"] == {"entry": entry["id"], "happened_at": entry["happened_at"]}
