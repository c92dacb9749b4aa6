"""`reflect write`: one entry."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import NOW, Run, bytes_under

FIELDS = {
    "id",
    "version",
    "text",
    "prompt",
    "about",
    "occasion",
    "happened_at",
    "precision",
    "written_at",
    "zone",
    "tags",
    "themes",
    "mark",
}
"""What scripts may rely on (design section 5)."""

THREE_PARTS = "KF-Q19"
ONE_PART = "KF-Q12"
WORDS = "The caretaker was in the room and nobody asked her."


def newest(run: Run) -> dict:
    """Return the entry that `list` names first."""
    return run("list", "-n", "1", "--json").json[0]


# -- from a pipe and from arguments ------------------------------------------------------------


def test_words_from_a_pipe(run: Run) -> None:
    """`-` reads the words from a pipe, and the answer is the id and date of the entry."""
    ran = run("write", "-", stdin=WORDS + "\n")
    entry = newest(run)
    assert entry["text"] == WORDS
    assert ran.out.startswith(f"Saved {entry['id']}  20 Nov 2026, 16:00")


def test_words_as_arguments_are_free_writing(run: Run) -> None:
    """TEXT given as arguments is one text and answers no question, even when one was just asked."""
    run("ask")
    run("write", "Nobody", "asked", "her.")
    assert newest(run)["text"] == "Nobody asked her."
    assert newest(run)["prompt"] is None


def test_arguments_are_warned_of_once(run: Run) -> None:
    """That a shell remembers arguments is said the first time, on stderr, and never again."""
    run()
    first, second = run("write", WORDS), run("write", WORDS)
    assert "shell's history" in first.err
    assert "shell's history" not in first.out
    assert second.err == ""


def test_json_has_the_fields_of_the_contract(write: Write) -> None:
    """An entry in JSON has every field that scripts may rely on; without a mark it is private."""
    entry = write(WORDS)
    assert set(entry) >= FIELDS
    assert entry["version"] == 1
    assert entry["mark"] is None
    assert entry["written_at"] == entry["happened_at"] == NOW
    assert entry["zone"] == "Europe/London"
    assert len(entry["id"]) == 8


def test_nothing_but_words_is_needed(run: Run, home: Path) -> None:
    """One command on an empty home makes an entry; no other field and no other step is asked for."""
    assert not home.exists()
    run("write", "-", stdin="It went well.")
    assert len(run("list", "--json").json) == 1


def test_details_are_kept(write: Write, run: Run) -> None:
    """What it was about, when, the occasion, tags and themes are stored as they were said."""
    entry = write(
        WORDS,
        *("--about", "Board", "--at", "yesterday 3pm", "--occasion", "after-meeting"),
        *("--tag", "Minutes", "--tag", "#minutes", "--tag", "café", "--theme", "structures", "--theme", "roles"),
    )
    assert entry["about"] == "Board"
    assert entry["happened_at"].startswith("2026-11-19T15:00")
    assert entry["precision"] == "minute"
    assert entry["occasion"] == "after-meeting"
    assert entry["tags"] == ["café", "minutes"]
    assert {each["id"] for each in entry["themes"] if each["by"] == "author"} == {"structures", "roles"}
    assert run("show", entry["id"], "--json").json == entry | {"layers": [], "actions": []}


@pytest.mark.parametrize(
    ("at", "happened", "precision"),
    [
        ("3/4/2026", "2026-04-03T12:00:00+01:00", "day"),
        ("3/4/2026 15:30", "2026-04-03T15:30:00+01:00", "minute"),
        ("2026-04-03", "2026-04-03T12:00:00+01:00", "day"),
        ("yesterday", "2026-11-19T12:00:00+00:00", "day"),
    ],
)
def test_dates_as_people_write_them(write: Write, at: str, happened: str, precision: str) -> None:
    """Dates are day first or plain English; a bare day stands at noon and says so."""
    entry = write(WORDS, "--at", at)
    assert (entry["happened_at"], entry["precision"]) == (happened, precision)


@pytest.mark.parametrize("at", ["31/2/2026", "13/13/2026", "the day the music died", "5"])
def test_unreadable_date_is_refused_before_anything_else(run: Run, home: Path, at: str) -> None:
    """A date that can't be read is refused by name; nothing is stored, no draft made, no question used up."""
    before = run("--json").json
    ran = run("write", "-", "--at", at, stdin=WORDS, code=3)
    assert at in ran.err
    assert run("--json").json == before
    assert run("list", "--json").json == []
    assert WORDS.encode() not in bytes_under(home)


def test_unreadable_date_is_refused_before_the_question(at_terminal: AtTerminal, run: Run) -> None:
    """At a terminal nobody types an entry only to hear that its date was wrong."""
    before = run("--json").json
    screen = at_terminal("write", "--at", "31/2/2026").leave(3)
    assert "> " not in screen
    assert run("--json").json == before


@pytest.mark.parametrize("option", ["--theme", "--occasion", "--prompt"])
def test_unknown_name_is_refused_before_anything_is_stored(run: Run, option: str) -> None:
    """A theme, occasion or question that does not exist is exit 4 and stores nothing."""
    run("write", "-", option, "no-such-thing", stdin=WORDS, code=4)
    assert run("list", "--json").json == []


def test_free_and_prompt_exclude_each_other(run: Run) -> None:
    """--free says no question and --prompt names one: exit 2, nothing stored."""
    run("write", "-", "--free", "--prompt", ONE_PART, stdin=WORDS, code=2)
    assert run("list", "--json").json == []


def test_without_words_and_terminal_it_ends_at_once(home: Path) -> None:
    """No TEXT, no `-`, no terminal: exit 2 at once, though stdin stays open and silent."""
    read, keep_open = os.pipe()
    began = time.monotonic()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "reflect", "write"], stdin=read, capture_output=True, timeout=20, check=False
        )
    finally:
        os.close(read)
        os.close(keep_open)
    assert ended.returncode == 2
    assert b"no terminal" in ended.stderr
    assert time.monotonic() - began < 20
    assert not home.exists()


@pytest.mark.parametrize("nothing", ["", "\n\n", "  \n\t\n"])
def test_nothing_to_save_is_refused(run: Run, nothing: str) -> None:
    """No words, or only blanks, make no entry: exit 3."""
    run("write", "-", stdin=nothing, code=3)
    assert run("list", "--json").json == []


def test_question_is_kept_as_it_was_asked(write: Write, run: Run) -> None:
    """The wording answered stays with the entry, whatever becomes of the question in the bank."""
    asked = run("prompts", "show", ONE_PART, "--json").json
    entry = write(WORDS, "--prompt", ONE_PART)
    run("prompts", "retire", ONE_PART, "--why", "we know by now")
    assert entry["prompt"]["id"] == asked["id"]
    assert asked["text"] in run("show", entry["id"]).out
    assert {each["id"] for each in entry["themes"]} >= {asked["theme"]}


def test_suggested_theme_says_its_cue_and_how_to_change_it(write: Write, run: Run) -> None:
    """A theme suggested from the words is shown as a suggestion, with the cue and the command that removes it."""
    text = "The grant ran out and the contract, the budget and the funder all changed at once."
    ran = run("write", "-", stdin=text)
    entry = newest(run)
    suggested = [each for each in entry["themes"] if each["by"] == "suggested"]
    assert suggested, entry["themes"]
    for each in suggested:
        assert each["because"] in text
        assert f"reflect theme {entry['id']} -{each['id']}" in ran.out


def test_paragraphs_survive_a_pipe(write: Write) -> None:
    """Paragraphs, blanks inside lines and signs of all sorts come back letter for letter."""
    text = "First: café & [bold]not markup[/bold].\n\n  indented\tand tabbed\n\n“Last”, she said. 🫖"
    assert write(text)["text"] == text


def test_no_advice_after_an_entry(run: Run) -> None:
    """What follows an entry holds its id, date and themes: no praise, no advice, no question about its content."""
    out = run("write", "-", stdin="I shouted at the whole meeting and walked out.").out
    for line in out.splitlines():
        assert line.startswith("Saved ") or "suggested by" in line, line


def test_strong_language_is_kept_as_written(write: Write, run: Run) -> None:
    """Anger and swearing come back unchanged, on the screen and in JSON."""
    text = "Bloody disgrace. They lied to us, again, and smiled. I am FURIOUS!!"
    entry = write(text)
    assert text in run("show", entry["id"]).out
    assert entry["text"] == text


# -- at a terminal -----------------------------------------------------------------------------


def test_typed_in_paragraphs_up_to_a_lone_dot(at_terminal: AtTerminal, run: Run) -> None:
    """Empty lines separate paragraphs, a lone dot ends, and the answer is the entry's id."""
    screen = at_terminal("write", "--free", "--about", "Board").type("One.", "", "Two.", "and more", ".").leave()
    assert newest(run)["text"] == "One.\n\nTwo.\nand more"
    assert newest(run)["about"] == "Board"
    assert newest(run)["prompt"] is None
    assert f"Saved {newest(run)['id']}" in screen


def test_ctrl_d_ends_too(at_terminal: AtTerminal, run: Run) -> None:
    """Ctrl-D at the beginning of a line ends the entry as a lone dot does."""
    at_terminal("write", "--free").type("One line.").press("d").leave()
    assert newest(run)["text"] == "One line."


def test_asks_a_light_question_when_none_was_shown(at_terminal: AtTerminal, run: Run) -> None:
    """`write` alone asks one light question for after a meeting, with its source, and stores it as asked."""
    text = at_terminal("write").type(WORDS, ".").leave()
    prompt = newest(run)["prompt"]
    asked = run("prompts", "show", prompt["id"], "--json").json
    assert asked["depth"] == "light"
    assert "after-meeting" in asked["occasions"]
    assert asked["text"] in text
    assert asked["source"]["heading"] in text


def test_answers_what_ask_showed_within_the_hour(at_terminal: AtTerminal, run: Run) -> None:
    """The question `ask` last showed is the one that `write` puts, until an hour has passed."""
    asked = run("ask", "--occasion", "before-meeting", "--depth", "light", "--json").json[0]
    screen = at_terminal("write", env={"REFLECT_NOW": "2026-11-20T16:59:00+00:00"}).type(WORDS, ".").leave()
    assert asked["text"] in screen
    assert newest(run)["prompt"]["id"] == asked["id"]


def test_after_the_hour_another_question_is_asked(at_terminal: AtTerminal, run: Run) -> None:
    """A question shown more than an hour ago is left alone."""
    asked = run("ask", "--occasion", "before-meeting", "--depth", "light", "--json").json[0]
    later = {"REFLECT_NOW": "2026-11-20T17:01:00+00:00"}
    at_terminal("write", env=later).type(WORDS, ".").leave()
    assert run("list", "-n", "1", "--json").json[0]["prompt"]["id"] != asked["id"]


def test_an_answered_question_is_not_put_again(at_terminal: AtTerminal, run: Run) -> None:
    """Once answered, the question of the last hour gives way to another."""
    asked = run("ask", "--occasion", "before-meeting", "--depth", "light", "--json").json[0]
    run("write", "-", "--prompt", asked["id"], stdin=WORDS)
    assert asked["text"] not in at_terminal("write").type(WORDS, ".").leave()


def test_occasion_chooses_the_question(at_terminal: AtTerminal, run: Run) -> None:
    """With --occasion the question put fits it."""
    screen = at_terminal("write", "--occasion", "naming").type("/discard").leave()
    (asked,) = [each for each in run("prompts", "list", "--json").json if each["text"] in screen]
    assert "naming" in asked["occasions"]


def test_compound_question_is_put_part_by_part(at_terminal: AtTerminal, run: Run) -> None:
    """Each part is asked by itself and may be passed over; the one passed over stays visible in `show`."""
    parts = run("prompts", "show", THREE_PARTS, "--json").json["parts"]
    screen = at_terminal("write", "--prompt", THREE_PARTS)
    screen.see("1 of 3: ").type("The grant form decides.", "Nobody else does.", ".")
    screen.see("2 of 3: ").type(".")
    screen.see("3 of 3: ").type("In who speaks first.", ".")
    screen.leave()
    entry = newest(run)
    answered = [
        each["start"] is not None and entry["text"][each["start"] : each["end"]] for each in entry["prompt"]["parts"]
    ]
    assert [each["text"] for each in entry["prompt"]["parts"]] == parts
    assert answered == ["The grant form decides.\nNobody else does.", False, "In who speaks first."]
    shown = run("show", entry["id"]).out
    for part in parts:
        assert part in shown
    assert shown.count("(not answered)") == 1
    assert shown.index(parts[1]) < shown.index("(not answered)") < shown.index(parts[2])


def test_all_parts_passed_over_is_no_entry(at_terminal: AtTerminal, run: Run, home: Path) -> None:
    """Passing over every part keeps nothing: no entry, no draft, no word of it."""
    screen = at_terminal("write", "--prompt", THREE_PARTS).type(".", ".", ".").leave()
    assert "nothing is kept" in screen.lower()
    assert run("list", "--json").json == []
    assert run("drafts", "--json").json == []


@pytest.mark.parametrize("prompt", [ONE_PART, THREE_PARTS])
def test_discard_leaves_nothing(at_terminal: AtTerminal, run: Run, home: Path, prompt: str) -> None:
    """/discard ends at once and no byte of what was typed is left under the home."""
    screen = at_terminal("write", "--prompt", prompt).type("heliotrope", "/discard").leave()
    assert "Nothing is kept" in screen
    assert run("list", "--json").json == []
    assert b"heliotrope" not in bytes_under(home)


def test_ctrl_c_keeps_a_draft_and_says_where(at_terminal: AtTerminal, run: Run) -> None:
    """Stopped half-way, the words are in a draft whose path is printed; nothing else was stored: exit 130."""
    screen = at_terminal("write", "--free").type("heliotrope", "and more").press("c").leave(130)
    (draft,) = run("drafts", "--json").json
    assert draft["path"] in screen.replace("\n", "")
    assert "heliotrope\nand more\n" in Path(draft["path"]).read_text(encoding="utf-8")
    assert run("list", "--json").json == []


def test_ctrl_c_before_the_first_word_leaves_nothing(at_terminal: AtTerminal, run: Run) -> None:
    """Stopped before anything was typed, a part passed over included, there is no draft."""
    assert "Nothing was written" in at_terminal("write", "--free").press("c").leave(130)
    at_terminal("write", "--prompt", THREE_PARTS).type(".").press("c").leave(130)
    assert run("drafts", "--json").json == []


def story(run: Run) -> str:
    """Return the id of a question that may stir a story."""
    found = run("prompts", "list", "--occasion", "story", "--json").json
    return next(each["id"] for each in found if "story" in each["flags"] and len(each["parts"]) == 1)


def test_story_question_begins_with_its_care_note(at_terminal: AtTerminal, run: Run) -> None:
    """Before a story question is put, its care note stands on the screen."""
    asked = run("prompts", "show", story(run), "--json").json
    screen = at_terminal("write", "--prompt", asked["id"]).type("/discard").leave()
    assert screen.index(asked["care"]) < screen.index(asked["text"])


@pytest.mark.parametrize(("answer", "kept"), [("y", 0), ("n", 1), ("", 1)], ids=["yes", "no", "no answer"])
def test_story_stopped_asks_keep_or_discard(
    at_terminal: AtTerminal, run: Run, home: Path, answer: str, kept: int
) -> None:
    """Ctrl-C after a story asks whether to discard it; yes leaves no word of it, anything else keeps the draft."""
    terminal = at_terminal("write", "--prompt", story(run)).type("heliotrope").press("c")
    terminal.see("Discard what you wrote?").answer(answer).leave(130)
    assert len(run("drafts", "--json").json) == kept
    assert (b"heliotrope" in bytes_under(home)) is bool(kept)


def test_story_stopped_twice_keeps(at_terminal: AtTerminal, run: Run) -> None:
    """A second Ctrl-C is no answer, and no answer keeps."""
    terminal = at_terminal("write", "--prompt", story(run)).type("heliotrope").press("c")
    terminal.see("Discard what you wrote?")
    terminal.interrupt().leave(130)
    assert len(run("drafts", "--json").json) == 1


def test_typing_leaves_nothing_in_the_persons_home(at_terminal: AtTerminal, tmp_path: Path) -> None:
    """What is typed goes to no history file: the person's own home folder stays empty."""
    (tmp_path / "user").mkdir()
    at_terminal("write", "--free").type("heliotrope", ".").leave()
    assert list((tmp_path / "user").iterdir()) == []


def test_with_colours_the_words_are_the_same(at_terminal: AtTerminal, run: Run) -> None:
    """On a terminal with colours and line editing the words arrive as typed."""
    at_terminal("write", "--free", env={"TERM": "xterm-256color"}).type("One: café [b]x[/b].", ".").leave()
    assert newest(run)["text"] == "One: café [b]x[/b]."
