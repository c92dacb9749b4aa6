"""Several journals: listed, apart from each other in every command, and never begun by a slip of the finger."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reflect.errors import NotFound
from tests.cli.conftest import Here
from tests.conftest import bytes_under

ELSEWHERE = "Said at the evening class"


def listed(here: Here) -> list[dict[str, Any]]:
    """Return the journals as `--json` shows them."""
    found: list[dict[str, Any]] = json.loads(here("journals", "--json").stdout)
    return found


def test_journals_are_listed_without_making_one(here: Here, home: Path) -> None:
    """An empty home has none, and looking makes none."""
    assert listed(here) == []
    assert "No journal yet" in here("journals").stdout
    assert not home.exists()


def test_each_journal_has_its_name_place_and_size(here: Here, home: Path) -> None:
    """The first one has no name; the others come by name, with how many entries there are and the newest one's day."""
    here("--journal", "work", "write", "Said.", "--at", "2/10/2026")
    assert [each["name"] for each in listed(here)] == ["work"]
    here("write", "Said.")
    here("write", "Said.", "--at", "1/10/2026")
    first, work = listed(here)
    assert (first["name"], first["entries"], first["newest"][:10]) == ("", 2, "2026-11-20")
    assert (work["name"], work["entries"], work["newest"][:10]) == ("work", 1, "2026-10-02")
    assert work["path"] == str(home / "journals" / "work")
    shown = here("--journal", "work", "journals").stdout
    assert "work  1 entry, the newest of 2 October 2026" in shown


def test_a_journal_that_can_not_be_read_is_listed_with_why(here: Here, home: Path) -> None:
    """Encrypted, damaged or newer: it stands in the list, and no other is hidden by it."""
    for name in ("damaged", "locked", "sound"):
        here("--journal", name, "write", "Said.")
    for name, beginning in (("damaged", b"\0" * 16), ("locked", b"reflect\x01")):
        path = home / "journals" / name / "journal.db"
        path.write_bytes(beginning + path.read_bytes()[len(beginning) :])
    notes = {each["name"]: (each["entries"], each["note"]) for each in listed(here)}
    assert notes["locked"] == (None, "encrypted")
    assert notes["damaged"][0] is None
    assert "damaged" in notes["damaged"][1]
    assert notes["sound"] == (1, "")
    assert "encrypted" in here("journals").stdout


@pytest.mark.parametrize(
    "words",
    [(), ("list",), ("search", "said"), ("show", "7k2m"), ("ask",), ("revisit",), ("undo",), ("export", "json")],
)
def test_a_slip_of_the_finger_begins_no_journal(here: Here, home: Path, words: tuple[str, ...]) -> None:
    """A name that is new is exit 4 with those there are, except where something is written."""
    here("--journal", "work", "write", "Said.")
    ran = here("--journal", "wrok", *words)
    assert ran.exit_code == NotFound.exit_code
    assert "there are work" in ran.stderr
    assert not (home / "journals" / "wrok").exists()


def test_writing_begins_a_journal_and_says_so(here: Here) -> None:
    """The first entry under a new name begins a journal, which is told of once."""
    assert "begins another journal, work" in here("--journal", "work", "write", "Said.").stderr
    assert "begins" not in here("--journal", "work", "write", "Said.").stderr


def test_every_command_keeps_to_the_journal_it_is_given(here: Here, home: Path, tmp_path: Path) -> None:
    """Backups, exports, undo, drafts, actions, imports, restoring, recovering and doctor reach one journal alone."""
    there = ("--journal", "class")
    here("write", "Said at home")
    first = bytes_under(home)
    here(*there, "write", ELSEWHERE, "--tag", "class")
    here(*there, "actions", "add", "Ring the teacher")

    def own(*words: str) -> str:
        ran = here(*there, *words)
        assert ran.exit_code == 0, (words, ran.stdout, ran.stderr)
        return str(ran.stdout)

    assert len(json.loads(own("list", "--json"))) == 1
    assert ELSEWHERE in own("export", "jsonl")
    assert "Ring the teacher" in own("actions")
    own("backup")
    (copy,) = (home / "journals" / "class" / "backups").glob("*.db")
    own("undo", "-n", "2")
    assert json.loads(own("list", "--json")) == []
    (draft,) = json.loads(own("drafts", "--json"))
    assert Path(draft["path"]).parent == home / "journals" / "class" / "drafts"
    own("restore", copy.name, "--yes")
    assert len(json.loads(own("list", "--json"))) == 1
    own("export", "json", "-o", str(tmp_path / "class.json"))
    own("import", "reflect", str(tmp_path / "class.json"), "--yes")
    own("recover")
    own("doctor")
    (entry,) = json.loads(own("list", "--json"))
    own("erase", entry["id"], "--yes")
    assert ELSEWHERE.encode() not in bytes_under(home / "journals")
    (home / "journals").rename(tmp_path / "journals")
    assert bytes_under(home) == first, "nothing reached the first journal"
