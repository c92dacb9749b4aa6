"""`reflect open`: a file that came is recognised, and what came of one's words is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reflect.exchange import letters, seal
from tests.conftest import Run, bytes_under
from tests.people import Person, begins, hexadecimal

THREE = "Nobody asked the caretaker. She had the keys. We waited outside for an hour."


@pytest.fixture
def invitation(tmp_path: Path, run: Run) -> Path:
    """An invitation to a group."""
    return begins(Person(tmp_path / "lead", run), tmp_path)


@pytest.fixture
def me(home: Path, run: Run, invitation: Path) -> Person:
    """Somebody who joined the group."""
    someone = Person(home, run)
    someone.joins(invitation)
    return someone


def answer(folder: Path, invitation: Path, **said: Any) -> Path:
    """Write an answer of the group."""
    values = {
        "group": json.loads(invitation.read_text())["group"],
        "output": hexadecimal(1),
        "kind": "final",
        "audience": "group",
        "made_on": "2026-11-20",
        "quoted": (),
        "summary": "# What we wrote\n\nzqxSummary of all.",
        "answers": ({"point": "Funding", "outcome": "can act", "reply": "From May bus fares are paid."},),
    }
    path = folder / "answer.json"
    path.write_bytes(letters.write(letters.Answer.model_validate(values | said)))
    return path


def test_an_invitation(me: Person, invitation: Path) -> None:
    """An invitation is read out, with how to join; nothing is joined by looking."""
    (me.home / "other").mkdir()
    said = Person(me.home / "other" / "home", me.run)("open", str(invitation))
    assert said.out.startswith("Hub partners\nWhat for: fair meetings\n")
    assert f"To join: reflect group join {invitation}" in said.out
    assert me("open", str(invitation), "--json").json["name"] == "Hub partners"


def test_an_answer(me: Person, invitation: Path, tmp_path: Path) -> None:
    """REQ-37: an answer shows the summary, how much is one's own, and what came of it; `shared` and home keep that."""
    entry = me.lets(THREE)
    me.shares(tmp_path / "a.age")
    (sent,) = me("shared", "--json").json["sent"]
    path = answer(tmp_path, invitation, quoted=(sent["contribution"], hexadecimal(99)))
    said = me("open", str(path)).out
    assert said.startswith("Hub partners: final summary of 20 November 2026\n")
    assert "zqxSummary of all." in said
    assert "Funding: can act. From May bus fares are paid." in said
    assert "It quotes 1 passage of yours." in said
    assert "Funding: can act. From May bus fares are paid." in me("shared").out
    assert me("shared", "--json").json["came_back"][0]["mine"] == 1
    assert me("open", str(path), "--json").json["mine"] == 1
    assert "From Hub partners: 1 answer in the final summary of 20 November 2026;" in me().out
    assert me("--json").json["came_back"][0] == {
        "group": "Hub partners",
        "kind": "final",
        "made_on": "2026-11-20",
        "answers": 1,
    }
    assert b"zqxSummary" not in bytes_under(me.home)
    assert "Quoted in the final summary of 20 November 2026 of Hub partners, for group." in me("unmark", entry).out


def test_nothing_came_back(me: Person) -> None:
    """Home says nothing of groups where nothing came back."""
    assert "Hub partners" not in me().out
    assert me("--json").json["came_back"] == []


def test_a_draft(me: Person, invitation: Path, tmp_path: Path) -> None:
    """REQ-26: a draft says until when it can be spoken to, and how."""
    path = answer(tmp_path, invitation, kind="draft", comment_by="2026-12-01", answers=())
    said = me("open", str(path)).out
    assert "Until 1 December 2026 you can say something to it: reflect share --comment TEXT" in said


def test_words_of_others_are_cleaned(me: Person, invitation: Path, tmp_path: Path) -> None:
    """Rule 7: what stands in an answer never reaches the terminal raw."""
    path = answer(
        tmp_path,
        invitation,
        summary="zqx \x1b]52;c;AAAA\x07 [/bold]",
        answers=({"point": "Funding \u202e", "outcome": "can act", "reply": "\x9b2J"},),
    )
    for shown in (me("open", str(path)).out, me("shared").out):
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown)


def test_an_answer_for_strangers(run: Run, home: Path, invitation: Path, tmp_path: Path) -> None:
    """An answer of a group that was not joined is refused by name of the fault, and not kept."""
    stranger = Person(home, run)
    assert "not joined" in stranger("open", str(answer(tmp_path, invitation)), code=4).err
    assert stranger("shared", "--json").json["came_back"] == []


def test_a_share(me: Person, invitation: Path, tmp_path: Path) -> None:
    """A sealed share is told to be for its keeper; one that is not sealed is refused."""
    me.lets(THREE)
    path = me.shares(tmp_path / "a.age")
    assert "Its keeper opens it: reflect group gather" in me("open", str(path)).out
    plain = tmp_path / "plain.json"
    plain.write_text(me("share", "--dry-run").out)
    assert "not sealed" in me("open", str(plain), code=3).err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", 3),
        (b"PK\x03\x04../../evil", 3),
        (b"SQLite format 3\x00", 3),
        (b"[" * 100_000, 3),
        (b'{"reflect": "answer", "reflect": "answer"}', 3),
        (b'{"reflect": "answer", "format": 2}', 9),
        (b'{"reflect": "invitation", "format": 1, "sudo": true}', 3),
    ],
)
def test_what_is_no_letter(me: Person, tmp_path: Path, content: bytes, code: int) -> None:
    """Rows 25, 37 to 42: anything else is refused by its name and changes nothing."""
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    assert "odd.json" in me("open", str(path), code=code).err
    assert me("shared", "--json").json["came_back"] == []


def test_places_that_are_no_files(me: Person, tmp_path: Path) -> None:
    """Row 26: a folder, a device and a missing file are named before anything is read."""
    for path, code in ((tmp_path, 3), (Path("/dev/null"), 3), (tmp_path / "none.json", 4)):
        assert path.name in me("open", str(path), code=code).err


def test_a_sealed_thing_that_is_no_group(me: Person, tmp_path: Path) -> None:
    """What is under a passphrase and no group is refused by name; nothing is left in the home."""
    path, secret = tmp_path / "odd.age", tmp_path / "secret.txt"
    path.write_bytes(seal.seal_with(b'{"reflect": "share"}', "three old otters"))
    secret.touch(mode=0o600)
    secret.write_text("three old otters")
    assert "no group that was handed over" in me("open", str(path), "--passphrase-file", str(secret), code=3).err
    assert not (me.home / "groups").exists()
