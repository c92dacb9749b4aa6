"""`reflect drafts`: words that were not stored yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from reflect import drafts
from tests.cli.conftest import AtTerminal
from tests.conftest import NOW, Run, bytes_under


@pytest.fixture
def kept(home: Path) -> Path:
    """A draft begun on 18 November, with what it belongs to."""
    options = {"about": "Board", "tags": ["minutes"], "themes": ["voice"], "occasion": "after-meeting"}
    return drafts.keep(
        home / "drafts", datetime.fromisoformat("2026-11-18T09:30:00+00:00"), "heliotrope words", options
    )


def test_none_is_no_failure(run: Run) -> None:
    """Without drafts the list says so, and JSON is an empty list."""
    assert run("drafts").out == "No drafts.\n"
    assert run("drafts", "--json").out == "[]\n"


def test_list_names_them_by_when_they_were_begun(run: Run, kept: Path) -> None:
    """A draft is listed by its date and place, never by its words, with what can be done."""
    ran = run("drafts")
    assert "2026-11-18-093000" in ran.out
    assert "heliotrope" not in ran.out
    assert "reflect drafts resume" in ran.out
    assert "reflect drafts discard" in ran.out
    assert run("drafts", "--json").json == [{"name": kept.stem, "path": str(kept)}]


def test_show_has_the_words(run: Run, kept: Path) -> None:
    """`show` gives a draft's words and nothing of its first line."""
    assert run("drafts", "show", "2026-11-18").out == "  heliotrope words\n"


def test_resume_stores_it_as_it_was_meant(run: Run, kept: Path) -> None:
    """Without a terminal a draft becomes an entry at once, with its details and the time it was begun."""
    entry = run("drafts", "resume", "2026-11-18", "--json").json
    assert entry["text"] == "heliotrope words"
    assert (entry["about"], entry["tags"], entry["occasion"]) == ("Board", ["minutes"], "after-meeting")
    assert {"id": "voice", "by": "author", "because": "you chose it"} in entry["themes"]
    assert entry["happened_at"] == "2026-11-18T09:30:00+00:00"
    assert entry["written_at"] == NOW
    assert run("drafts", "--json").json == []


def test_discard_removes_the_words_at_once(run: Run, kept: Path, home: Path) -> None:
    """`discard` asks nothing and leaves no byte of the words."""
    assert "Discarded" in run("drafts", "discard", kept.stem).out
    assert b"heliotrope" not in bytes_under(home)


def test_discarding_can_be_tried_first(run: Run, kept: Path, home: Path) -> None:
    """`discard --dry-run` says which draft would go, and every byte stays."""
    before = bytes_under(home)
    assert str(kept) in run("drafts", "discard", kept.stem, "--dry-run").out
    assert bytes_under(home) == before


@pytest.mark.parametrize("what", ["show", "resume", "discard"])
def test_unknown_or_unclear_name_is_not_found(run: Run, kept: Path, home: Path, what: str) -> None:
    """A name that no draft, or more than one, begins with is exit 4, and every draft stays."""
    drafts.keep(home / "drafts", datetime.fromisoformat("2026-11-18T10:00:00+00:00"), "other words", {})
    run("drafts", what, "2027", code=4)
    run("drafts", what, "2026-11-18", code=4)
    assert len(run("drafts", "--json").json) == 2


def test_file_that_is_no_draft_of_ours_is_all_words(run: Run, home: Path) -> None:
    """A draft whose first line was lost, or is something else, loses no word."""
    (home / "drafts").mkdir(parents=True, mode=0o700)
    for number, head in enumerate(("Dear all,", '"quoted"', "5", '{"cut')):
        (home / "drafts" / f"2026-11-18-09300{number}-abcd.txt").write_text(f"{head}\nmore\n", encoding="utf-8")
        out = run("drafts", "show", f"2026-11-18-09300{number}").out
        assert out == f"  {head}\n  more\n"


def test_bytes_that_are_no_text_can_not_be_resumed(run: Run, home: Path) -> None:
    """Bytes kept beside an entry are named as such: exit 3, and they stay."""
    (home / "drafts").mkdir(parents=True, mode=0o700)
    (home / "drafts" / "2026-11-18-093000-7k2mabcd.raw").write_bytes(b"\xff\xfe\x00")
    run("drafts", "resume", "2026-11-18", code=3)
    assert len(run("drafts", "--json").json) == 1


def test_resumed_at_a_terminal_it_is_written_on(at_terminal: AtTerminal, run: Run, kept: Path) -> None:
    """At a terminal the words so far are shown, more are typed, and one entry holds both."""
    at_terminal("drafts", "resume", "2026-11-18").see("heliotrope words").type("And more.", ".").leave()
    (entry,) = run("list", "--json").json
    assert entry["text"] == "heliotrope words\n\nAnd more."
    assert entry["happened_at"] == "2026-11-18T09:30:00+00:00"
    assert run("drafts", "--json").json == []


def test_discarded_while_resuming_it_is_gone(at_terminal: AtTerminal, run: Run, kept: Path, home: Path) -> None:
    """/discard while writing on removes what was there before, too."""
    at_terminal("drafts", "resume", "2026-11-18").type("And amber.", "/discard").leave()
    assert run("list", "--json").json == []
    left = bytes_under(home)
    assert b"heliotrope" not in left
    assert b"amber" not in left


def test_stopped_again_there_is_one_draft_with_all_words(at_terminal: AtTerminal, run: Run, kept: Path) -> None:
    """Ctrl-C while writing on keeps one draft that holds old words and new."""
    screen = at_terminal("drafts", "resume", "2026-11-18").type("And amber.").press("c").leave(130)
    (draft,) = run("drafts", "--json").json
    assert draft["name"] in screen
    entry = run("drafts", "resume", draft["name"], "--json").json
    assert entry["text"].split() == ["heliotrope", "words", "And", "amber."]
    assert entry["about"] == "Board"
    assert entry["happened_at"] == "2026-11-18T09:30:00+00:00"


def test_compound_question_goes_on_where_it_stopped(at_terminal: AtTerminal, run: Run) -> None:
    """A draft of a question in parts is resumed at the part begun last, and each answer stays with its part."""
    terminal = at_terminal("write", "--prompt", "KF-Q19").type("First.", ".")
    terminal.see("2 of 3: ").type("Second").press("c").leave(130)
    terminal = at_terminal("drafts", "resume", "2026-11-20").see("First.", "2 of 3: ").type("goes on.", ".")
    terminal.see("3 of 3: ").type("Third.", ".").leave()
    (entry,) = run("list", "--json").json
    answers = [entry["text"][part["start"] : part["end"]] for part in entry["prompt"]["parts"]]
    assert [" ".join(answer.split()) for answer in answers] == ["First.", "Second goes on.", "Third."]


def test_resumed_without_a_terminal_answers_keep_their_parts(at_terminal: AtTerminal, run: Run) -> None:
    """A part that was never reached stays visible as not answered."""
    at_terminal("write", "--prompt", "KF-Q19").type(".").see("2 of 3: ").type("Second.").press("c").leave(130)
    entry = run("drafts", "resume", "2026-11-20", "--json").json
    assert entry["text"] == "Second."
    assert [part["start"] for part in entry["prompt"]["parts"]] == [None, 0, None]
    assert run("show", entry["id"]).out.count("(not answered)") == 2


def test_yesterday_stays_the_day_that_was_meant(at_terminal: AtTerminal, run: Run) -> None:
    """A draft begun with --at yesterday and resumed a week later keeps the day it was begun for."""
    at_terminal("write", "--free", "--at", "yesterday 3pm").type("Words.").press("c").leave(130)
    later = {"REFLECT_NOW": "2026-11-27T09:00:00+00:00"}
    entry = run("drafts", "resume", "2026-11-20", "--json", env=later).json
    assert entry["happened_at"] == "2026-11-19T15:00:00+00:00"
