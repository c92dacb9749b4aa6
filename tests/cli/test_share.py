"""`reflect share`: what leaves, exactly as its author saw it, and nothing where they refuse."""

from __future__ import annotations

import json
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from reflect.exchange import seal
from tests.cli.conftest import AtTerminal
from tests.conftest import NOW, Run
from tests.people import Person, begins, key_of, opened

THREE = "Nobody asked the caretaker. She had the keys. We waited outside for an hour."
SECOND, THIRD, FOURTH = "zqxSecond was a long day.", "zqxThird I would say in another way.", "zqxFourth may be read."


@pytest.fixture
def invitation(tmp_path: Path, run: Run) -> Path:
    """An invitation to a group with two sites."""
    return begins(Person(tmp_path / "lead", run), tmp_path, "--site", "North", "--site", "South")


@pytest.fixture
def me(home: Path, run: Run, invitation: Path) -> Person:
    """Somebody who joined the group."""
    someone = Person(home, run)
    someone.joins(invitation)
    return someone


def inside(share: Path, invitation: Path) -> Any:
    """What a share holds, as the keeper reads it."""
    return opened(share, key_of(invitation))


# -- without a terminal ---------------------------------------------------------------------------


def test_dry_run_is_the_letter(me: Person, tmp_path: Path, invitation: Path) -> None:
    """REQ-04: what the dry run shows is the sealed letter, byte for byte, and the dry run changes nothing."""
    me.lets(THREE, "--sentences", "2", "--as", "a neighbour")
    me.lets(SECOND, level="theme")
    dry = me("share", "--dry-run", "--comment", "Too long.").out
    assert me("share", "--dry-run", "--comment", "Too long.").out == dry
    path = me.shares(tmp_path / "a.age", "--comment", "Too long.")
    assert seal.unseal(path.read_bytes(), key_of(invitation), "a.age") == dry.encode()
    assert me("share", "--dry-run").out != dry  # the next one counts on


def test_only_what_is_marked(me: Person, tmp_path: Path, invitation: Path) -> None:
    """REQ-01: of an entry whose second sentence is marked, and of one that is not, that sentence alone leaves."""
    me.lets(THREE, "--sentences", "2")
    me.writes("zqxPrivate words.", "--theme", "voice", "--about", "zqxAbout", "--tag", "zqxtag")
    letter = inside(me.shares(tmp_path / "a.age"), invitation)
    assert [each["words"] for each in letter["contributions"]] == ["She had the keys."]
    assert "zqx" not in json.dumps(letter)


def test_nothing_of_host_user_path_or_time(me: Person, tmp_path: Path, invitation: Path) -> None:
    """Row 91: a share, opened with the key, holds no host, user, path, journal id, day or hour, whatever was marked."""
    entry = me.lets(THREE, "--leads-to", "keys for her")
    letter = json.dumps(inside(me.shares(tmp_path / "a.age"), invitation))
    host = [socket.gethostname()] if len(socket.gethostname()) > 4 else []  # a shorter one may be part of any key
    for sign in (*host, str(me.home), entry, "Europe", "16:00", "2026-11-20", "/", "\\\\"):
        assert sign not in letter, sign
    assert '"week": "2026-W47"' in letter


def test_sealed_and_private(me: Person, tmp_path: Path) -> None:
    """Rule 7: the file is sealed, for the owner alone, and its name says nothing of who or when."""
    me.lets(THREE)
    path = me.shares(tmp_path / "a.age")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"caretaker" not in path.read_bytes()
    assert seal.is_sealed(path.read_bytes())


def test_says_what_leaves(me: Person, tmp_path: Path) -> None:
    """REQ-04: with `--yes`, too, what left is shown, and who can open it."""
    me.lets(THREE, "--sentences", "2")
    said = me("share", "--yes", "-o", str(tmp_path / "a.age"), "--comment", "Too long.").out
    assert "This, and nothing else, leaves:\nFor the group, verbatim, under no name:\n  She had the keys.\n" in said
    assert "To the draft you say: Too long." in said
    assert "It stands in the final summary, under no name; once gathered it can't be taken back." in said
    assert "Send it to Dilys, who holds the key." in said


def test_a_comment_from_a_pipe(me: Person, tmp_path: Path, invitation: Path) -> None:
    """What is said to a draft can come from a pipe, so that it is in no shell's history; nothing is no comment."""
    said = me(
        "share", "--yes", "-o", str(tmp_path / "a.age"), "--comment", "-", stdin="Dr Okafor was there.\n\nTwice.\n"
    )
    assert inside(tmp_path / "a.age", invitation)["comments"] == ["Dr Okafor was there.\n\nTwice."]
    assert "Could tell who it is: “Dr Okafor”" in said.out
    me("share", "--yes", "-o", str(tmp_path / "b.age"), "--comment", "-", stdin=" \n", code=3)
    assert not (tmp_path / "b.age").exists()


def test_own_list_stops_all_that_leaves(me: Person, tmp_path: Path) -> None:
    """Row 92: a word of one's own list leaves neither in a comment, nor as what it should lead to, nor as a name."""
    me.lets(THREE, "--leads-to", "a bus to Otter Lane", "--as", "Ada")
    for listed, comment in (("otter lane", ()), ("ada", ()), ("swan road", ("--comment", "I live in Swan Road."))):
        (me.home / "config.toml").write_text(f'never_share = ["{listed}"]\n')
        assert "never_share" in me("share", "--yes", "-o", str(tmp_path / "a.age"), *comment, code=10).err
    assert not (tmp_path / "a.age").exists()
    entry = me.writes(SECOND)
    (me.home / "config.toml").write_text('never_share = ["ada"]\n')
    me("mark", entry, "--for", "group", "--level", "verbatim", "--as", "Ada", code=10)
    me("mark", entry, "--for", "group", "--level", "verbatim", "--leads-to", "Ada hears it", code=10)


def test_as_json(me: Person, tmp_path: Path) -> None:
    """For scripts: where the file is and how much is in it; what waits for its author."""
    me.lets(THREE)
    waits = me.lets(SECOND)
    me("edit", waits, "-", stdin="Other words.")
    said = me("share", "--yes", "-o", str(tmp_path / "a.age"), "--json").json
    assert (said["file"], said["group"]) == (str(tmp_path / "a.age"), "Hub partners")
    assert (said["contributions"], said["withdrawn"], len(said["suspended"])) == (1, 0, 1)


def test_nobody_there_to_look(me: Person, tmp_path: Path) -> None:
    """Without a terminal and without `--yes` nothing leaves, at once and with exit code 2."""
    me.lets(THREE)
    assert "--yes" in me("share", "-o", str(tmp_path / "a.age"), code=2).err
    assert not (tmp_path / "a.age").exists()
    assert me("shared", "--json").json["sent"] == []


def test_no_group(home: Path, run: Run) -> None:
    """Who has joined nothing is told how to."""
    assert "group join" in run("share", "--yes", code=4).err


def test_never_over_another_file(me: Person, tmp_path: Path) -> None:
    """Row 44: a file that is there is left alone; nothing counts as sent."""
    me.lets(THREE)
    (tmp_path / "a.age").write_text("mine")
    me("share", "--yes", "-o", str(tmp_path / "a.age"), code=3)
    assert (tmp_path / "a.age").read_text() == "mine"
    assert me("shared", "--json").json["sent"] == []
    me("share", "--yes", "-o", str(tmp_path / "no-such-folder" / "a.age"), code=4)
    assert me("shared", "--json").json["sent"] == []


def test_erased_is_taken_back(me: Person, tmp_path: Path, invitation: Path) -> None:
    """REQ-03: an entry that was shared and then erased is taken back with the next share, and left no words here."""
    entry = me.lets("zqxErased words.")
    (first,) = inside(me.shares(tmp_path / "a.age"), invitation)["contributions"]
    me("erase", entry, "--yes")
    second = inside(me.shares(tmp_path / "b.age"), invitation)
    assert (second["contributions"], second["withdrawn"]) == ([], [first["id"]])


def test_two_people_have_nothing_in_common(me: Person, run: Run, tmp_path: Path, invitation: Path) -> None:
    """The same words of two people travel under ids that have nothing in common; a person keeps theirs."""
    ada = Person(tmp_path / "ada", run)
    ada.joins(invitation, "--site", "North")
    for who in (me, ada):
        who.lets(THREE)
    mine, hers = (inside(who.shares(tmp_path / f"{at}.age"), invitation) for at, who in enumerate((me, ada)))
    again = inside(me.shares(tmp_path / "again.age"), invitation)
    assert mine["contributor"] == again["contributor"] != hers["contributor"]
    assert mine["contributions"][0]["id"] == again["contributions"][0]["id"] != hers["contributions"][0]["id"]
    assert (mine["site"], hers["site"], mine["sequence"], again["sequence"]) == ("", "North", 1, 2)


def test_prompted_entry_travels_with_its_question(me: Person, tmp_path: Path, invitation: Path) -> None:
    """A passage that answers a question of the bank carries the question as it was asked."""
    entry = me.writes(THREE, "--prompt", "KF-Q12")
    me("mark", entry, "--for", "group", "--level", "verbatim")
    prompt = me.entry(entry)["prompt"]
    (passage,) = inside(me.shares(tmp_path / "a.age"), invitation)["contributions"]
    assert passage["prompt"] == {"id": prompt["id"], "text": prompt["text"]}


# -- at a terminal --------------------------------------------------------------------------------

WALK = "Enter keep private"


def test_walk(me: Person, at_terminal: AtTerminal, tmp_path: Path, invitation: Path) -> None:
    """REQ-04: Enter keeps an entry private, t lets its theme leave, m other words, w these; then all of it is shown."""
    for minute, text in enumerate((THREE, SECOND, THIRD, FOURTH)):
        me.writes(text, "--theme", "roles", now=NOW.replace("16:00", f"15:0{minute}"))
    path = tmp_path / "a.age"
    with at_terminal("share", "-o", str(path)) as seen:
        seen.see("4 entries since last time. Shared with Hub partners, for: fair meetings.")
        seen.see("Nobody asked the caretaker.", WALK).answer("")
        seen.see("zqxSecond", WALK).answer("t")
        seen.see("zqxThird", WALK).answer("m").see("What may be read instead: ").answer("In other words.")
        seen.see("May it be quoted even so? [y/N]").answer("")
        seen.see("zqxFourth", WALK).answer("w").see("Few may have written", "even so? [y/N]").answer("y")
        seen.see("This, and nothing else, leaves:").see("Let this leave, sealed for Hub partners? [y/N]").answer("y")
        screen = seen.leave()
    leaving = screen.split("nothing else, leaves:")[1]
    assert "In other words." in leaving
    assert "zqxFourth may be read." in leaving
    assert "zqxSecond" not in leaving
    assert "zqxThird" not in leaving
    letter = inside(path, invitation)
    assert sorted((each["level"], each["words"], each["alone_ok"]) for each in letter["contributions"]) == [
        ("reworded", "In other words.", False),
        ("theme", "", False),
        ("verbatim", FOURTH, True),
    ]
    assert "caretaker" not in json.dumps(letter)


def test_refused_at_the_end(me: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """REQ-04: who refuses at the end leaves no file, and what was looked through is shown again next time."""
    me.writes(THREE)
    path = tmp_path / "a.age"
    with at_terminal("share", "-o", str(path)) as seen:
        seen.see(WALK).answer("").see("Let this leave").answer("n").see("Nothing left.")
        seen.leave()
    assert not path.exists()
    with at_terminal("share", "-o", str(path)) as seen:
        seen.see("1 entry since last time").see(WALK).answer("").see("Let this leave").answer("y")
        seen.leave()
    with at_terminal("share", "-o", str(tmp_path / "b.age")) as seen:
        seen.see("0 entries since last time").see("Let this leave").answer("")
        seen.leave()


def test_what_was_shared_by_script_is_still_walked(me: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """A share made with `--yes` is no walk: what its author has not looked at is shown at the next one."""
    me.writes(THREE)
    me.shares(tmp_path / "a.age")
    with at_terminal("share", "-o", str(tmp_path / "b.age")) as seen:
        seen.see("1 entry since last time").see("Nobody asked the caretaker.", WALK).answer("")
        seen.see("Let this leave").answer("")
        seen.leave()


def test_no_rewording_no_mark(me: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """Who chooses other words and writes none keeps it private; a sign that is none of the choices does, too."""
    me.writes(THREE)
    me.writes(SECOND)
    with at_terminal("share", "-o", str(tmp_path / "a.age")) as seen:
        seen.see(WALK).answer("m").see("instead: ").answer("  ").see("Kept private.")
        seen.see(WALK).answer("wx").see("Let this leave").answer("n")
        seen.leave()
    assert me("shared", "--json").json["marks"] == []


def test_stopped_in_the_middle(me: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """Ctrl-C while walking leaves no file and ends with 130."""
    me.writes(THREE)
    with at_terminal("share", "-o", str(tmp_path / "a.age")) as seen:
        seen.see(WALK).interrupt().leave(130)
    assert list(tmp_path.glob("*.age")) == []


def test_edited_words_are_seen_before_they_leave(me: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """An edited entry's new words are shown, and leave only if their author says so."""
    entry = me.lets(THREE)
    me("edit", entry, "-", stdin="zqxNew words altogether.")
    for answer, leaves in (("n", False), ("y", True)):
        with at_terminal("share", "-o", str(tmp_path / f"{answer}.age")) as seen:
            seen.see(
                "Edited since it was marked; now it says:", "zqxNew words", "Let it leave like this, verbatim? [y/N]"
            )
            seen.answer(answer).see("nothing else, leaves:").see("Let this leave").answer("n")
            screen = seen.leave()
        assert ("zqxNew" in screen.split("nothing else, leaves:")[1]) is leaves


def test_own_list_in_the_walk(me: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """Row 92: a word of the author's own list keeps the entry private in the walk, and says which word it was."""
    me.writes("We met in Otter Lane.")
    (me.home / "config.toml").write_text('never_share = ["Otter Lane"]\n')
    with at_terminal("share", "-o", str(tmp_path / "a.age")) as seen:
        seen.see(WALK).answer("w").see("“Otter Lane”", "Kept private.").see("Let this leave").answer("n")
        seen.leave()
    assert me("shared", "--json").json["marks"] == []


def test_terminal_signs_in_the_walk(me: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """Rule 7: words that a terminal would obey are shown as marks in the walk and in the dry run."""
    me.lets("Look \x9b2J \u202e here.")
    me.writes("Look \x1b[2J there.")
    with at_terminal("share", "-o", str(tmp_path / "a.age")) as seen:
        seen.see("Look").see(WALK).answer("").see("Let this leave").answer("n")
        assert "\x1b[2J" not in seen.leave()
    with at_terminal("share", "--dry-run") as seen:
        assert "\x9b" not in seen.leave()
