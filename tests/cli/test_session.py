"""`reflect session` and `reflect checkin`: plans shown, sessions held, killed, resumed and given back."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reflect.session import room
from tests.cli.conftest import AtTerminal
from tests.conftest import NOW, Run, bytes_under
from tests.people import NEW_GROUP
from tests.session.rooms import WRITE, Clock, ended, started

FIVE = """
people = ["Amara", "Len", "Priya", "Joel", "Dilys"]
[[cue]]
step = "write"
write = "Zqxroom the minutes never say who disagreed."
who = "a"
[[cue]]
step = "write"
write = "Zqxgroup we were asked too late."
who = "b"
for_group = true
[[cue]]
step = "round"
type = "p"
[[cue]]
step = "empty-chair"
type = "who the night shift"
[[cue]]
step = "offers"
type = "offer Ask the night shift / Len / 27/11/2026"
limits = "zqxlimit not before Wednesday"
[[cue]]
step = "close"
type = "heard mostly"
[[cue]]
step = "close"
wait = 30
type = "close"
"""


def script(folder: Path, content: str = FIVE, name: str = "five.toml") -> str:
    """Write a script; return its path."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return str(path)


@pytest.fixture
def held(run: Run, tmp_path: Path) -> Path:
    """A check-in of five people, held from a script; returns the folder with what it gave back."""
    run(
        "checkin",
        "--script",
        script(tmp_path),
        "--pace",
        "0",
        "--minutes",
        "10",
        "--me",
        "len",
        "-o",
        str(tmp_path / "o"),
    )
    return tmp_path / "o"


# -- plans -------------------------------------------------------------------------------------------


def test_plans_are_listed(run: Run) -> None:
    """Every plan there is has a name, a length and people it is meant for."""
    found: Any = run("session", "plans", "--json").json
    assert {"check-in", "gibbs", "action-learning-set"} <= {each["id"] for each in found}
    assert "Quick check-in  20 minutes for 7" in run("session", "plans").out


def test_a_plan_of_ones_own_is_dropped_in(run: Run, home: Path) -> None:
    """A file in the folder `plans` is a plan; a faulty one is named, left out, and blocks nothing."""
    run("session", "plans")
    (home / "plans").mkdir()
    ours = Path(__file__).parents[2] / "prompts" / "plans" / "check-in.toml"
    (home / "plans" / "tuesday.toml").write_text(ours.read_text(encoding="utf-8").replace('"check-in"', '"tuesday"', 1))
    (home / "plans" / "broken.toml").write_text("[plan]\nid = 1\n")
    ran = run("session", "plans", "--json")
    assert "tuesday" in [each["id"] for each in ran.json]
    assert "broken.toml" in ran.err


def test_show_scales_a_plan(run: Run) -> None:
    """REQ-50: a plan is fitted to people and minutes with equal turns; what was cut is said."""
    found: Any = run("session", "show", "check-in", "--people", "7", "--minutes", "15", "--json").json
    agenda = found["agenda"]
    assert agenda["seconds"] == 15 * 60 == sum(each["seconds"] for each in agenda["steps"])
    rounds = [each for each in agenda["steps"] if each["turns"] == "each"]
    assert all(each["seconds"] == 7 * each["turn"] for each in rounds)
    assert agenda["cut"]
    assert "instead of" in run("session", "show", "check-in", "--people", "7", "--minutes", "15").out


def test_show_says_what_a_time_too_short_would_need(run: Run) -> None:
    """A time in which nobody could be heard is refused with how long it takes."""
    ran = run("session", "show", "gibbs", "--people", "12", "--minutes", "10", code=3)
    assert "it takes" in ran.err


def test_there_is_no_such_plan(run: Run) -> None:
    """An unknown plan ends with 4, an unknown lens too."""
    assert "session plans" in run("session", "show", "zumba", code=4).err
    run("session", "show", "check-in", "--lens", "zumba", code=4)


def test_a_lens_is_added(run: Run) -> None:
    """REQ-23: a lens is laid beside a plan only when it is asked for."""
    lens = run("prompts", "lenses", "--json").json[0]["id"]
    plain, with_lens = (run("session", "show", "gibbs", *extra).out for extra in ((), ("--lens", lens)))
    assert plain != with_lens


# -- held --------------------------------------------------------------------------------------------


def test_nobody_is_here_to_host(run: Run, home: Path) -> None:
    """Without a terminal and without a script it ends at once with 2, and nothing is begun."""
    assert "--script" in run("checkin", code=2).err
    assert run("session", "list", "--json").json == []
    assert not (home / "groups").exists()


def test_a_check_in_from_a_script(held: Path, run: Run, home: Path) -> None:
    """REQ-36, REQ-46: a check-in is held, its note says what happens next, and each owner takes theirs home."""
    assert {path.name for path in held.iterdir()} == {"note.md", "note.html", "len.takeaway.json"}
    note = (held / "note.md").read_text(encoding="utf-8")
    assert "Ask the night shift (Len, by 27 November 2026)" in note
    assert "the night shift" in note
    assert "mostly" in note
    assert stat.S_IMODE((held / "note.md").stat().st_mode) == 0o600
    assert [each["text"] for each in run("actions", "--json").json] == ["Ask the night shift"]
    assert "zqxlimit" in (held / "len.takeaway.json").read_text(encoding="utf-8")


def test_others_take_their_actions_home(held: Path, run: Run, tmp_path: Path) -> None:
    """REQ-46: whoever is not the host keeps their actions from the file, limits with them; twice changes nothing."""
    elsewhere = {"REFLECT_HOME": str(tmp_path / "len")}
    words = ("actions", "add", "--from", str(held / "len.takeaway.json"), "--json")
    (made,) = run(*words, env=elsewhere).json["new"]
    assert made["text"] == "Ask the night shift (zqxlimit not before Wednesday)"
    assert run(*words, env=elsewhere).json["new"] == []
    assert [each["id"] for each in run("actions", "--json", env=elsewhere).json] == [made["id"]]
    run("actions", "add", env=elsewhere, code=2)
    run("actions", "add", "Ask", "--from", "x.json", env=elsewhere, code=2)
    (tmp_path / "bad.json").write_text("{}")
    assert "bad.json" in run("actions", "add", "--from", str(tmp_path / "bad.json"), env=elsewhere, code=3).err


def test_what_was_for_the_room_is_gone(held: Path, home: Path) -> None:
    """REQ-48: after the close neither names nor limits nor words for the room are in any byte of the home."""
    kept = bytes_under(home / "groups")
    assert b"Zqxroom" not in kept
    assert b"zqxlimit" not in kept
    assert b"Priya" not in kept
    assert b"Zqxgroup" in kept
    assert "Zqx" not in (held / "note.md").read_text(encoding="utf-8"), "one person's words, below k"


def test_a_session_opens_with_the_last_one(held: Path, run: Run, tmp_path: Path) -> None:
    """REQ-39, REQ-52: the next check-in begins with what was offered, who was missing and how it felt."""
    again = script(tmp_path, '[[cue]]\nstep = "settle"\ntype = "dropped 1 they had met already"\n', "again.toml")
    out = run("checkin", "--people", "3", "--script", again, "--pace", "0").out
    assert "From last time:\n1. Ask the night shift (Len, by 27 November 2026, open)" in out
    assert "Who wasn't there: the night shift" in out
    assert "Ask the night shift: dropped." in out


def test_a_session_needs_who_responds(run: Run, tmp_path: Path) -> None:
    """REQ-35: a session, unlike a check-in, names who responds and by when, or does not open."""
    run(*NEW_GROUP, "-o", str(tmp_path / "invitation.json"))
    script(tmp_path, "")
    words = ("session", "run", "what-so-what", "--people", "4", "--script", str(tmp_path / "five.toml"), "--pace", "0")
    assert "Step 1 of" in run(*words, "--group", "Hub partners").out
    assert "respond" in run(*words, "--group", "Hub partners", "--respond-by", "1/1/2020", code=3).err


def test_a_folder_that_is_there_is_refused_before_the_session(run: Run, tmp_path: Path) -> None:
    """Nobody should find out at the close that the note has no place."""
    (tmp_path / "o").mkdir()
    ran = run("checkin", "--script", script(tmp_path), "--pace", "0", "-o", str(tmp_path / "o"), code=3)
    assert "there already" in ran.err
    assert run("session", "list", "--json").json == []


def test_unknown_cue(run: Run, tmp_path: Path) -> None:
    """A way of telling the end that there is not is refused."""
    assert "sight, bell and words" in run("checkin", "--script", script(tmp_path), "--cues", "smell", code=2).err


# -- what was held -----------------------------------------------------------------------------------


def test_sessions_are_listed(held: Path, run: Run) -> None:
    """A list says when, what and how even, and nobody's name or count."""
    assert held
    (found,) = run("session", "list", "--json").json
    assert (found["group"], found["plan"]) == ("team", "check-in")
    assert found["closed_at"]
    assert "Amara" not in str(found)
    assert "Turns ran" in run("session", "list").out


def test_the_note_once_more(held: Path, run: Run, tmp_path: Path) -> None:
    """The note can be shown, written as Markdown or a page, and read by a script; it never overwrites unasked."""
    assert "What happens next" in run("session", "note").out
    assert run("session", "note", "--json").json["actions"][0]["owner"] == "Len"
    for name in ("n.md", "n.html"):
        run("session", "note", "-o", str(tmp_path / name))
        assert (tmp_path / name).read_bytes() == (held / f"note{Path(name).suffix}").read_bytes()
    run("session", "note", "-o", str(tmp_path / "n.md"), code=3)
    run("session", "note", "zzzz", code=4)


def test_a_wrong_receipt(held: Path, run: Run) -> None:
    """A code that stands for no words opens nothing."""
    assert held
    assert "receipt" in run("session", "withdraw", "aaaa-bbbb-cccc", code=4).err


def test_a_withdrawal_names_the_notes_that_held_it(run: Run, home: Path, tmp_path: Path) -> None:
    """REQ-03: a note's file is in the ledger; words taken back are told to stand in it until it was written anew."""
    run("list")
    with room.team(home, Clock().now) as group:
        here = started(group, clock=Clock())
        said = [
            here.offer(here.phone(f"{at}").contributor, f"Zqxsaid {at}", key="1", step=WRITE, for_group=True)
            for at in range(5)
        ]
        ended(here, Clock())
    path = tmp_path / "friday.md"
    run("session", "note", "-o", str(path))
    assert path.read_text(encoding="utf-8").count("Zqxsaid") == 5
    assert "Quotes words" not in run("session", "withdraw", "aaaa-bbbb-cccc", code=4).out
    before = bytes_under(home / "groups")
    assert "Nothing was changed" in run("session", "withdraw", said[0].receipt, "--dry-run").out
    run("session", "withdraw", "aaaa-bbbb-cccc", "--dry-run", code=4)
    assert bytes_under(home / "groups") == before
    told = run("session", "withdraw", said[0].receipt).out
    assert "friday.md" in told
    (again,) = re.findall(r"reflect session note (\w+) -o FILE", told)
    run("session", "note", again, "-o", str(path), "--force")
    assert "Zqxsaid" not in path.read_text(encoding="utf-8")
    assert "friday.md" not in run("session", "withdraw", said[1].receipt).out


def test_killed_and_resumed(run: Run, home: Path, tmp_path: Path) -> None:
    """A killed session is open and comes back paused where it stood, with what was written still there."""
    half, _, others = FIVE.partition('[[cue]]\nstep = "empty-chair"')
    begun = script(tmp_path, half + '[[cue]]\nwait = 9000\ntype = "n"\n')
    environment = os.environ | {"REFLECT_HOME": str(home), "REFLECT_NOW": NOW, "PYTHONUTF8": "1"}
    words = [sys.executable, "-m", "reflect", "checkin", "--script", begun, "--pace", "40", "--minutes", "10"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout
        assert any("has the word" in line for line in host.stdout)
        host.kill()
    assert not run("session", "list", "--json").json[0]["closed_at"]
    rest = script(tmp_path, '[[cue]]\ntype = "n"\n[[cue]]\nstep = "empty-chair"' + others, "rest.toml")
    out = run("session", "resume", "--script", rest, "--pace", "0").out
    assert "Step 3 of 7: Round" in out
    assert out.rstrip().splitlines()[-1].startswith("What it gives back")
    assert b"Zqxgroup" in bytes_under(home / "groups")
    run("session", "resume", "--script", rest, code=4)


# -- at a terminal -----------------------------------------------------------------------------------


def test_plain_mode_at_a_terminal(at_terminal: AtTerminal) -> None:
    """With --plain a host types words, line by line, and Ctrl-D closes for now."""
    seen = at_terminal("--plain", "checkin", "--people", "Amara, Len")
    seen.see("2 people", "Press Enter to start").answer("").see("Step 1 of 7: Settle")
    seen.answer("?").see("half a minute more").answer("m").see("we will finish at").answer("n").see("Step 2 of 7")
    seen.answer("q").see("Closed for now")
    seen.leave()


def test_the_screen_at_a_terminal(at_terminal: AtTerminal) -> None:
    """At a terminal a screen of its own shows the time and the keys, and q closes for now."""
    seen = at_terminal("checkin", "--people", "Amara, Len", env={"TERM": "xterm-256color"})
    seen.see("Here: ").answer("n").see("Settle")
    seen._child.send("q")
    seen.see("Closed for now")
    seen.leave()
