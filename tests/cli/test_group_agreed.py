"""`reflect group glossary` and `reflect group support`: changed by the keeper, learnt of by everybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import AtTerminal
from tests.cli.test_group import BUDGET, six
from tests.conftest import Run
from tests.people import Person, begins

CONTACT = "Mo at the hub, 01632 960000"


@pytest.fixture
def lead(home: Path, run: Run) -> Person:
    """Somebody who leads a group."""
    return Person(home, run)


@pytest.fixture
def member(run: Run, tmp_path: Path) -> Person:
    """Somebody else."""
    return Person(tmp_path / "member", run)


def again(lead: Person, tmp_path: Path) -> Path:
    """The invitation, written once more."""
    path = tmp_path / "again.json"
    lead("group", "invitation", "-o", str(path), "--force")
    return path


# -- whom to turn to ---------------------------------------------------------------------------


def story(run: Run) -> str:
    """A question of one part that begins with a care note."""
    found = run("prompts", "list", "--json").json
    return next(each["id"] for each in found if each["care"] and len(each["parts"]) == 1)


def test_told_at_joining(lead: Person, member: Person, tmp_path: Path) -> None:
    """REQ-13: the contact that the group sets is told before joining; where there is none, that is said."""
    none = begins(lead, tmp_path)
    assert "Whom to turn to if a story stirs something up: not stated" in member("open", str(none)).out
    lead("group", "support", CONTACT)
    said = member("group", "join", str(again(lead, tmp_path)), "--yes").out
    assert f"Whom to turn to if a story stirs something up: {CONTACT}" in said


def test_stands_before_a_story(lead: Person, run: Run, tmp_path: Path, at_terminal: AtTerminal) -> None:
    """REQ-13: one's own contact and the group's stand with the care note, before a word is written."""
    invitation = begins(lead, tmp_path, "--support", CONTACT)
    lead("group", "join", str(invitation), "--yes")
    (lead.home / "config.toml").write_text('support = "my sister"\n')
    identity = story(run)
    care = run("prompts", "show", identity, "--json").json["care"]
    lines = [care, "For support: my sister", f"For support: {CONTACT} (Hub partners)"]
    seen = at_terminal("write", "--prompt", identity).see("A lone .").type("/discard").leave()
    places = [" ".join(seen.split()).index(line) for line in lines]
    assert places == sorted(places)
    assert "\n".join(lines) in run("prompts", "show", identity).out


def test_asked_with_the_contact(lead: Person, run: Run, tmp_path: Path) -> None:
    """REQ-13: `ask` shows the contact with a story's care note, and with no other question."""
    lead("group", "join", str(begins(lead, tmp_path, "--support", CONTACT)), "--yes")
    shown = [run("ask", "--theme", "voice", "--depth", depth, "-n", "3").out for depth in ("light", "working", "deep")]
    care = {each["care"] for each in run("prompts", "list", "--json").json if each["care"]}
    with_care = [any(" ".join(each.split()) in " ".join(said.split()) for each in care) for said in shown]
    assert with_care == [CONTACT in said for said in shown]
    assert any(with_care)
    assert CONTACT not in run("ask", "--theme", "funding", "--depth", "light").out


def test_a_broken_setting_stops_no_question(home: Path, run: Run, at_terminal: AtTerminal) -> None:
    """Where one's own contact can't be read, the question is asked all the same."""
    identity = story(run)
    (home / "config.toml").write_text("support = 3\n")
    seen = at_terminal("write", "--prompt", identity).see("A lone .").type("It was long ago.", ".").leave()
    assert "your own support contact is not shown: the setting support can't be 3" in " ".join(seen.split())
    assert run("list", "--json").json[0]["text"] == "It was long ago."


def test_support_is_shown_and_set(lead: Person, tmp_path: Path) -> None:
    """Without words it says who it is; with them it changes it, and names the next step."""
    begins(lead, tmp_path)
    assert lead("group", "support").out == "Not stated.\n"
    assert "reflect group invitation -o FILE" in lead("group", "support", CONTACT).out
    assert lead("group", "support").out == f"{CONTACT}\n"
    lead("group", "support", "two\nlines", code=3)


def test_the_host_says_it(lead: Person, tmp_path: Path) -> None:
    """REQ-13: the host's sheet of a discussion pack has the contact, to be said aloud."""
    invitation = begins(lead, tmp_path, "--support", CONTACT)
    lead("group", "gather", str(six(invitation, tmp_path / "shares")))
    lead("summary", "--group", "Hub partners", "--pack", str(tmp_path / "session"))
    sheet = (tmp_path / "session" / "host-sheet.md").read_text(encoding="utf-8")
    assert f"For support, said aloud: {CONTACT}" in sheet.replace("\\", "")


# -- agreed words ------------------------------------------------------------------------------


def test_added_changed_and_removed(lead: Person, tmp_path: Path) -> None:
    """REQ-56: a word is added, gets another meaning, is taken out; who, when and why are kept."""
    begins(lead, tmp_path, "--term", "GP=family doctor")
    lead("group", "glossary", "add", "INT", "neighbourhood team", "--why", "half of us asked", "--who", "Dilys")
    changed = lead("group", "glossary", "add", "INT", "Integrated Neighbourhood Team", "--why", "in full")
    assert "(before: neighbourhood team)" in changed.out
    lead("group", "glossary", "remove", "GP", "--why", "everybody knows")
    assert lead("group", "glossary", "--json").json == [{"term": "INT", "meaning": "Integrated Neighbourhood Team"}]
    assert lead("group", "glossary").out == "INT: Integrated Neighbourhood Team\n"
    log = lead("group", "glossary", "log", "--json").json
    assert [(each["term"], each["meaning"], each["who"], each["why"]) for each in log] == [
        ("INT", "neighbourhood team", "Dilys", "half of us asked"),
        ("INT", "Integrated Neighbourhood Team", "", "in full"),
        ("GP", None, "", "everybody knows"),
    ]
    assert all(each["at"].startswith("2026-11-20") for each in log)
    assert "2026-11-20, Dilys: half of us asked" in lead("group", "glossary", "log").out


def test_what_is_refused(lead: Person, tmp_path: Path) -> None:
    """No word without a meaning, none taken out that is not there, none of two lines; nothing changes."""
    begins(lead, tmp_path)
    assert lead("group", "glossary").out == "No agreed words.\n"
    lead("group", "glossary", "add", "INT", " ", "--why", "so", code=3)
    lead("group", "glossary", "add", "INT", "two\nlines", "--why", "so", code=3)
    lead("group", "glossary", "remove", "INT", "--why", "so", code=4)
    assert "--why" in lead("group", "glossary", "add", "INT", "team", code=2).err
    assert lead("group", "glossary", "--json").json == lead("group", "glossary", "log", "--json").json == []
    assert "Nothing was changed" in lead("group", "glossary", "log").out


def test_members_learn_of_it(lead: Person, member: Person, tmp_path: Path) -> None:
    """REQ-56: every form of the summary tells of the change and explains the word; the invitation does, too."""
    invitation = begins(lead, tmp_path)
    member("group", "join", str(invitation), "--yes")
    shares = six(invitation, tmp_path / "shares")
    lead("group", "gather", str(shares))
    lead("group", "glossary", "add", "budget", "what we may spend", "--why", "we meant two things", "--who", "Dilys")
    draft = tmp_path / "draft.md"
    lead("summary", "--group", "Hub partners", "--draft", "--until", "1/12/2026", "-o", str(draft))
    read = member("open", str(tmp_path / "draft.letter.json")).out.replace("\\", "")
    change = "budget is agreed to mean 'what we may spend' (20 November 2026, Dilys): we meant two things"
    for said in (read, draft.read_text(encoding="utf-8").replace("\\", "")):
        assert change in " ".join(said.split())
        assert "budget: what we may spend" in said
        assert BUDGET.format(2)[:30] in said

    said = member("open", str(again(lead, tmp_path))).out
    assert "Agreed word: budget means what we may spend" in said
    assert "Changed since you joined: the agreed words budget." in said
    assert member("group", "glossary", "--json").json == []
    member("group", "join", str(again(lead, tmp_path)), "--yes")
    assert member("group", "glossary", "--json").json == [{"term": "budget", "meaning": "what we may spend"}]
    assert "Changed since" not in member("open", str(again(lead, tmp_path))).out


def test_everything_that_changed_is_named(lead: Person, member: Person, tmp_path: Path) -> None:
    """REQ-35: whoever joined learns from a later invitation what is otherwise than what was accepted."""
    member("group", "join", str(begins(lead, tmp_path)), "--yes")
    lead("group", "support", CONTACT)
    path = again(lead, tmp_path)
    value = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(value | {"erase_on": "2028-03-31", "responder": "Priya"}), encoding="utf-8")
    said = " ".join(member("group", "join", str(path), "--yes").out.split())
    assert "Changed since you joined: who responds; whom to turn to; when words are erased." in said


def test_opening_an_invitation_begins_no_journal(run: Run, lead: Person, tmp_path: Path) -> None:
    """Looking at an invitation leaves nothing behind."""
    stranger = Person(tmp_path / "stranger", run)
    stranger("open", str(begins(lead, tmp_path)))
    assert not stranger.home.exists()
