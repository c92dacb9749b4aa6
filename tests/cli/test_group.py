"""`reflect group` and a group's `reflect summary`: begun, joined, gathered, answered, handed over, closed."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from reflect.exchange import letters, seal
from tests.cli.conftest import AtTerminal
from tests.conftest import Ran, Run, bytes_under
from tests.people import NEW_GROUP, Person, begins, hexadecimal, key_of, passage
from tests.themes.test_placed import placements

BUDGET = "We waited for the budget again, and I was there for the {}nd time that month."


@pytest.fixture
def lead(home: Path, run: Run) -> Person:
    """Somebody who leads a group."""
    return Person(home, run)


@pytest.fixture
def invitation(lead: Person, tmp_path: Path) -> Path:
    """The invitation to the lead's group."""
    return begins(lead, tmp_path)


def share(invitation: Path, name: str, person: int, passages: Iterable[dict[str, Any]], **said: Any) -> Path:
    """Write somebody's share beside the invitation, without a home of theirs."""
    found = letters.read(invitation.read_bytes(), invitation.name)
    assert isinstance(found, letters.Invitation)
    values = {"group": found.group, "contributor": hexadecimal(person), "sequence": 1} | said
    letter = letters.Share.model_validate(values | {"contributions": tuple(passages)})
    path = invitation.with_name(name)
    path.write_bytes(seal.seal(letters.write(letter), found.keys))
    return path


def six(invitation: Path, folder: Path, many: int = 6, **said: Any) -> Path:
    """Write the shares of six people into a folder."""
    folder.mkdir(exist_ok=True)
    for person in range(many):
        path = share(invitation, f"{person}.age", person, [passage(person, BUDGET.format(person + 2), **said)])
        path.rename(folder / path.name)
    return folder


@pytest.fixture
def gathered(lead: Person, invitation: Path, tmp_path: Path) -> Path:
    """A group in which six people wrote about funding; returns its invitation."""
    lead("group", "gather", str(six(invitation, tmp_path / "shares")))
    return invitation


def secret_file(folder: Path, words: str = "three old otters", name: str = "secret.txt") -> Path:
    """Write a passphrase into a private file."""
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(words + "\n")
    return path


# -- new -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "missing", ["--name", "--purpose", "--audience", "--keeper", "--responder", "--respond-by", "--erase-on"]
)
def test_nothing_begins_without_being_said(lead: Person, tmp_path: Path, missing: str) -> None:
    """REQ-35: without purpose, audience, a responder or a date nothing is begun; what is missing is named."""
    words = list(NEW_GROUP)
    at = words.index(missing)
    del words[at : at + 2]
    said = lead(*words, "-o", str(tmp_path / "invitation.json"), code=2)
    assert missing in said.err
    assert not (tmp_path / "invitation.json").exists()
    assert not (lead.home / "groups").exists()


def test_begun(lead: Person, invitation: Path) -> None:
    """A group begins with an invitation to send and a recovery sheet to lock away; both are private files."""
    value = json.loads(invitation.read_text())
    assert (value["name"], value["purpose"], value["responder"]) == ("Hub partners", "fair meetings", "Femi")
    assert (value["respond_by"], value["erase_on"], value["fewest"]) == ("2026-12-15", "2027-03-31", 5)
    assert "SECRET" not in invitation.read_text()
    sheet = invitation.with_name("invitation-recovery.txt")
    assert seal.public_key(key_of(invitation)) == value["keys"][0]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (invitation, sheet)} == {0o600}
    assert lead("group", "list", "--json").json == [
        {"group": value["group"], "name": "Hub partners", "kept_here": True, "joined": False}
    ]


def test_what_can_not_be_begun(lead: Person, tmp_path: Path) -> None:
    """A name of two lines, a k below three, a day that is none, a file that is there: refused, and nothing is begun."""
    (tmp_path / "there.json").write_text("mine")
    (tmp_path / "new-recovery.txt").write_text("mine")
    for more, path, code in (
        (("--name", "a\nb"), "a.json", 3),
        (("--fewest", "2"), "a.json", 2),
        (("--respond-by", "31/2/2027"), "a.json", 3),
        (("--until", "whenever"), "a.json", 3),
        (("--term", "INT"), "a.json", 2),
        ((), "there.json", 3),
        ((), "new.json", 3),
    ):
        lead(*NEW_GROUP, *more, "-o", str(tmp_path / path), code=code)
    assert list((lead.home / "groups").glob("*/group.db")) == []
    assert (tmp_path / "there.json").read_text() == "mine"


def test_asked_for_at_a_terminal(lead: Person, at_terminal: AtTerminal, tmp_path: Path) -> None:
    """At a terminal what is missing is asked for, question by question; two may stay open (REQ-13, REQ-45)."""
    with at_terminal("group", "new", "-o", str(tmp_path / "invitation.json")) as seen:
        for question, answer in (
            ("called?", "Hub partners"),
            ("reflect for?", "to be found together"),
            ("Who reads", "the partners"),
            ("Who can open", "Dilys"),
            ("Who will respond?", "Femi"),
            ("By which day?", "15/12/2026"),
            ("erased?", "31/3/2027"),
            ("recompensed? (Enter: not stated)", "an hour"),
            ("(Enter: not stated)", ""),
            ("(Enter: later)", ""),
        ):
            seen.see(question).answer(answer)
        seen.see("Begun: Hub partners")
        seen.leave()
    made = json.loads((tmp_path / "invitation.json").read_text())
    assert (made["purpose"], made["cost"], made["support"]) == ("to be found together", "an hour", "")


# -- join ------------------------------------------------------------------------------------------


def test_told_before_joining(lead: Person, run: Run, tmp_path: Path) -> None:
    """REQ-35, REQ-45: it is said first who can open what, what a small group gets, what it costs, when it ends."""
    invitation = begins(lead, tmp_path, "--until", "1/12/2026")
    ada = Person(tmp_path / "ada", run)
    said = ada("group", "join", str(invitation), code=2)
    for sentence in (
        "What for: fair meetings",
        "Who reads the summaries: the partners",
        "Who responds: Femi, by 15 December 2026",
        "What taking part costs and how it is recompensed: not stated",
        "Dilys can open what you share, and may know which file is yours. Nobody else can.",
        "Below 5 people no number is shown, and you are only quoted there if you agreed to that passage.",
        "If fewer than 5 people write, the whole summary takes that form.",
        "Gathered words are erased on 31 March 2027.",
        "You can add until 1 December 2026; late counts like any other.",
    ):
        assert sentence in said.out
    assert ada("group", "list", "--json").json == []


def test_cost_is_shown(lead: Person, run: Run, tmp_path: Path) -> None:
    """REQ-45: what taking part costs, and how it is recompensed, stands in the invitation and in the summary."""
    invitation = begins(lead, tmp_path, "--cost", "two hours, bus fares paid")
    assert "recompensed: two hours, bus fares paid" in Person(tmp_path / "ada", run)("open", str(invitation)).out
    lead("group", "gather", str(six(invitation, tmp_path / "shares")))
    assert "recompensed: two hours, bus fares paid" in lead("summary", "-g", "Hub partners").out


def test_small_k_only_if_accepted(lead: Person, run: Run, tmp_path: Path) -> None:
    """Point 2: a group that counts from three people up is only joined by who accepts that."""
    invitation = begins(lead, tmp_path, "--fewest", "3")
    ada = Person(tmp_path / "ada", run)
    assert "--accept-small" in ada("group", "join", str(invitation), "--yes", code=2).err
    assert ada("group", "list", "--json").json == []
    ada("group", "join", str(invitation), "--yes", "--accept-small")
    assert ada("group", "list", "--json").json[0]["joined"] is True


def test_not_joined_at_a_terminal(lead: Person, invitation: Path, at_terminal: AtTerminal) -> None:
    """At a terminal joining is asked; anything but yes is no."""
    with at_terminal("group", "join", str(invitation)) as seen:
        seen.see("Nobody else can.", "Join? [y/N]").answer("").see("Not joined.").leave()
    with at_terminal("group", "join", str(invitation)) as seen:
        seen.see("Join? [y/N]").answer("yes").see("Joined Hub partners.").leave()


def test_what_is_no_invitation(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """A file that is missing, a folder, a recovery sheet, an answer: refused by name, and nothing is joined."""
    sheet = invitation.with_name("invitation-recovery.txt")
    for path, code in ((tmp_path / "none.json", 4), (tmp_path, 3), (sheet, 3)):
        assert str(path.name) in lead("group", "join", str(path), "--yes", code=code).err
    assert lead("group", "list", "--json").json[0]["joined"] is False


def test_another_key_is_noticed(lead: Person, run: Run, invitation: Path, tmp_path: Path) -> None:
    """An invitation to the same group with another key is told, since whoever made it could read what is shared."""
    ada = Person(tmp_path / "ada", run)
    ada.joins(invitation)
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(json.loads(invitation.read_text()) | {"keys": [seal.new_key()[1]]}))
    assert "another key than the one you joined with" in ada("group", "join", str(forged), code=2).err
    assert "another key" not in ada("group", "join", str(invitation), "--yes").err


def test_a_second_device(lead: Person, run: Run, invitation: Path, tmp_path: Path) -> None:
    """With `--from` a second device is the same person: both devices' words count as one person's."""
    laptop, phone = Person(tmp_path / "laptop", run), Person(tmp_path / "phone", run)
    laptop.joins(invitation)
    phone("group", "join", str(invitation), "--yes", "--from", str(tmp_path / "nowhere"), code=4)
    phone("group", "join", str(invitation), "--yes", "--from", str(laptop.home / "journal.db"))
    for who, text in ((laptop, "On the laptop."), (phone, "On the phone.")):
        who.lets(text)
    contributors = set()
    for at, who in enumerate((laptop, phone)):
        path = who.shares(tmp_path / f"{at}.age")
        contributors.add(json.loads(seal.unseal(path.read_bytes(), key_of(invitation), "x"))["contributor"])
    assert len(contributors) == 1


# -- gather ----------------------------------------------------------------------------------------


def test_gathered_without_telling_how_much(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """REQ-41: gathering says how many files there were, never who or how many passages each held."""
    heavy = share(invitation, "heavy.age", 70, [passage(n, f"{n} was a day.") for n in range(200, 211)])
    said = lead("group", "gather", str(heavy), str(six(invitation, tmp_path / "shares")))
    assert said.out == "Gathered 7 files; 0 were here already, 0 refused.\n"
    again = lead("group", "gather", str(heavy), "--json")
    assert again.json == {"files": 0, "already_here": 1, "refused": [], "to_re_issue": []}
    for shown in (said, again, lead("group", "read", "--json"), lead("group", "read")):
        assert hexadecimal(70) not in shown.out + shown.err


def test_bad_files_are_named_and_good_ones_taken(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """Rows 37 to 42: bad files are refused by name, good ones taken; the exit code is the first refusal's."""
    folder = six(invitation, tmp_path / "shares")
    good = (folder / "0.age").read_bytes()
    (folder / "a-newer.age").write_bytes(
        seal.seal(b'{"reflect": "share", "format": 9}', json.loads(invitation.read_text())["keys"])
    )
    (folder / "b-cut.age").write_bytes(good[:-1])
    (folder / "c-zip.age").write_bytes(b"PK\x03\x04../../evil")
    (folder / "d-other.age").write_bytes(seal.seal(b"{}", [seal.new_key()[1]]))
    said = lead("group", "gather", str(folder), code=9)
    assert said.out == "Gathered 6 files; 0 were here already, 4 refused.\n"
    for name in ("a-newer.age", "b-cut.age", "c-zip.age", "d-other.age"):
        assert name in said.err
    codes = [each["code"] for each in lead("group", "gather", str(folder), "--json", code=9).json["refused"]]
    assert codes == [9, 3, 3, 8]
    assert len(lead("group", "read", "--json").json) == 6


def test_what_can_not_be_gathered(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """Row 26: a missing file is named before anything is read; a folder without shares is no fault."""
    folder = six(invitation, tmp_path / "shares")
    assert "none.age" in lead("group", "gather", str(folder), str(tmp_path / "none.age"), code=4).err
    assert lead("group", "read", "--json").json == []
    (tmp_path / "empty").mkdir()
    assert "Gathered 0 files" in lead("group", "gather", str(tmp_path / "empty")).out
    assert "no one group" in lead("group", "gather", str(folder), "--group", "Nobody", code=4).err


def test_lists_what_held_the_words(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """REQ-03, row 93: after a withdrawal the outputs that quoted the words are listed, until they are re-issued."""
    path = tmp_path / "final.json"
    quoted = _put_out(lead, path)
    back = share(gathered, "back.age", quoted, [], sequence=2, withdrawn=(hexadecimal(quoted),))
    said = lead("group", "gather", str(back))
    assert "taken back or changed: final.json, made on 20 November 2026 for group; re-issue it" in said.out
    assert lead("group", "gather", str(back), "--json").json["to_re_issue"][0]["name"] == "final.json"
    lead("summary", "again", str(path))
    assert lead("group", "gather", str(back), "--json").json["to_re_issue"] == []


def _put_out(lead: Person, path: Path) -> int:
    """Put a summary out; return whose passage it quotes first."""
    lead("summary", "-g", "Hub partners", "-o", str(path))
    funding = next(each for each in json.loads(path.read_text())["themes"] if each["id"] == "funding")
    return int(funding["excerpts"][0]["entry"], 16)


# -- coding ----------------------------------------------------------------------------------------


def test_coded(lead: Person, invitation: Path) -> None:
    """The lead places what was not placed, with a memo; the author's own placement can't be taken away."""
    words = [passage(n, f"A day of its own, number {n}.", themes=() if n else ("roles",)) for n in range(1, 7)]
    for n, each in enumerate(words):
        lead("group", "gather", str(share(invitation, f"{n}.age", n, [each])))
    placed = share(invitation, "placed.age", 99, [passage(99, "Placed by its author.")])
    lead("group", "gather", str(placed))
    for each in lead("group", "read", "--not-placed", "--json").json:
        lead("group", "code", each["id"][-33:], "+voice", "--memo", "it is about being heard")
    assert lead("group", "read", "--not-placed").out == "0 contributions.\n"
    read = {each["id"]: each["themes"] for each in lead("group", "read", "--json").json}
    assert read[hexadecimal(1)] == {"author": [], "lead": ["voice"]}
    assert "author's placement" in lead("group", "code", hexadecimal(99), "-funding", code=3).err
    assert lead("group", "code", hexadecimal(99), "+nothing", code=2).err
    assert lead("group", "code", hexadecimal(99), "funding", code=2).err
    made = lead("summary", "-g", "Hub partners", "--json").json
    assert next(each for each in made["themes"] if each["id"] == "voice")["memos"] == ["it is about being heard"]


def test_words_hint_at_themes_for_the_lead_to_confirm(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """What nobody placed comes with hints and the words that gave them; no summary counts one that is not confirmed."""
    lead("group", "gather", str(six(invitation, tmp_path / "placed")))
    for n in range(10, 16):
        unplaced = passage(n, f"The invoice was paid late once more, {n} weeks late.", themes=())
        lead("group", "gather", str(share(invitation, f"{n}.age", n, [unplaced])))
    read = {each["id"]: each for each in lead("group", "read", "--json").json}
    assert read[hexadecimal(0)]["suggested"] == [], "its author placed it"
    hint = read[hexadecimal(10)]["suggested"][0]
    assert hint["id"] == "funding"
    assert hint["because"] in read[hexadecimal(10)]["words"]
    shown = lead("group", "read", "--not-placed").out
    assert f"its words hint at funding (\u201c{hint['because']}\u201d)" in " ".join(shown.split())
    assert "counts nowhere until you place it" in shown

    def funding() -> dict[str, Any]:
        made = lead("summary", "-g", "Hub partners", "--json").json
        return next(each for each in made["themes"] if each["id"] == "funding")

    assert funding()["people"] == 6
    for n in range(10, 15):
        lead("group", "code", hexadecimal(n), "+funding")
    assert funding()["people"] != 6
    lead("group", "code", hexadecimal(15), "-funding")
    left = lead("group", "read", "--not-placed", "--json").json
    assert [each["id"] for each in left] == [hexadecimal(15)]
    assert "funding" not in [each["id"] for each in left[0]["suggested"]], "the lead said it is not"


def test_hints_follow_the_codebook_of_the_group(lead: Person, invitation: Path) -> None:
    """A theme that was merged is suggested as what it went into, one that was retired not at all."""
    unplaced = passage(1, "The invoice was paid late once more.", themes=())
    lead("group", "gather", str(share(invitation, "1.age", 1, [unplaced])))

    def hinted() -> list[str]:
        return [each["id"] for each in lead("group", "read", "--json").json[0]["suggested"]]

    assert hinted() == ["funding"]
    lead("group", "themes", "merge", "funding", "--into", "roles", "--why", "too alike")
    assert hinted() == ["roles"]
    lead("group", "themes", "retire", "roles", "--why", "nobody wrote of it")
    assert hinted() == []


def test_hints_are_learnt_from_what_was_placed(lead: Person, invitation: Path) -> None:
    """A theme of the group's own is hinted at once enough stands in it, with the words that speak for it."""
    lead("group", "themes", "add", "buses", "--name", "Buses", "--why", "half of us wrote of them")
    known = [(text, sorted(found)) for text, found in placements().items()]
    for person in range(4):
        mine = [passage(n, text, themes=tuple(found)) for n, (text, found) in enumerate(known) if n % 4 == person]
        lead("group", "gather", str(share(invitation, f"{person}.age", person, mine)))
    new = passage(999, "The 17 never came, so she walked.", themes=())
    lead("group", "gather", str(share(invitation, "new.age", 9, [new])))
    assert lead("group", "read", "--not-placed", "--json").json[0]["suggested"] == [
        {"id": "buses", "because": "The 17"}
    ]


def test_a_retired_theme_leaves_its_contributions_to_be_placed(lead: Person, gathered: Path) -> None:
    """What stands only in a theme that was retired is not placed, for the lead as in the summary."""
    assert lead("group", "read", "--not-placed", "--json").json == []
    lead("group", "themes", "retire", "funding", "--why", "we look at it elsewhere")
    assert len(lead("group", "read", "--not-placed", "--json").json) == 6


def test_called_a_gain_a_loss_or_a_differing_view(lead: Person, invitation: Path) -> None:
    """REQ-28, REQ-31: the lead's reading is the lead's, can be taken back, and never beats the author's word."""
    for n in range(1, 7):
        more = {1: {"stance": "loss"}}.get(n, {})
        words = "" if n == 6 else f"A day of its own, number {n}."
        lead("group", "gather", str(share(invitation, f"{n}.age", n, [passage(n, words, **more)])))
    assert "above yours" in lead("group", "code", hexadecimal(1), "--gain", code=3).err
    assert "no words" in lead("group", "code", hexadecimal(6), "--gain", code=3).err
    assert "choose one" in lead("group", "code", hexadecimal(2), "--gain", "--loss", code=2).err
    assert "nothing to say" in lead("group", "code", hexadecimal(2), code=2).err
    assert "differs" in lead("group", "code", hexadecimal(2), "--differs", "--memo", "nobody else did").out
    read = {each["id"]: each["stance"] for each in lead("group", "read", "--json").json}
    assert (read[hexadecimal(1)], read[hexadecimal(2)], read[hexadecimal(3)]) == (
        {"author": "loss", "lead": None},
        {"author": None, "lead": "differs"},
        {"author": None, "lead": None},
    )
    assert "differs (lead)" in lead("group", "read").out
    assert "called a differing view by the lead: nobody else did" in lead("summary", "-g", "Hub partners").out
    lead("group", "code", hexadecimal(2), "+voice", "--no-stance")
    assert "by the lead" not in lead("summary", "-g", "Hub partners").out


def test_codebook(lead: Person, gathered: Path) -> None:
    """REQ-22: themes are added, renamed, merged and retired with a reason; what can't be is refused."""
    why = ("--why", "half of us wrote of it", "--who", "Dilys")
    lead("group", "themes", "add", "buses", "--name", "Getting there", *why)
    lead("group", "themes", "rename", "funding", "--name", "Money", *why)
    lead("group", "themes", "merge", "voice", "--into", "communities", *why)
    lead("group", "themes", "retire", "language", *why)
    for words, code in (
        (("add", "buses", "--name", "Again"), 3),
        (("add", "Foo Bar", "--name", "Foo"), 3),
        (("add", "trams"), 2),
        (("rename", "nothing", "--name", "X"), 3),
        (("merge", "roles", "--into", "roles"), 3),
        (("merge", "roles"), 3),
        (("lose", "roles"), 2),
    ):
        lead("group", "themes", *words, *why, code=code)
    lead("group", "themes", "retire", "roles", code=2)
    made = lead("summary", "-g", "Hub partners", "--json").json
    names = {each["id"]: each["name"] for each in made["themes"]}
    assert (names["funding"], names["buses"]) == ("Money", "Getting there")
    assert not {"voice", "language"} & names.keys()
    assert "voice went into communities (2026-11-20, Dilys): half of us wrote of it" in str(made["method"])


def test_one_person(lead: Person, gathered: Path) -> None:
    """Two contributions' authors can be counted as one person; from then on the lower number stands."""
    lead("group", "one-person", hexadecimal(0), hexadecimal(1))
    assert lead("summary", "-g", "Hub partners", "--json").json["people"] == 5


def test_leans_on_one_is_told_to_the_lead_alone(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """REQ-43: ten passages of one of four: the lead is told, without a name, and the summary doesn't say it."""
    shares = [share(invitation, "heavy.age", 70, [passage(n, f"{n} was a day.", alone_ok=True) for n in range(10)])]
    shares += [share(invitation, f"{n}.age", n, [passage(n, f"{n} was too.", alone_ok=True)]) for n in range(71, 74)]
    lead("group", "gather", *map(str, shares))
    said = lead("summary", "-g", "Hub partners", "-o", str(tmp_path / "s.md"))
    assert "leans heavily on what one person gave" in said.err
    assert hexadecimal(70) not in said.err
    assert "heavily" not in (tmp_path / "s.md").read_text() + said.out


# -- summary -----------------------------------------------------------------------------------------


def test_same_whoever_asks(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """REQ-38, REQ-48: nobody has a fuller one: on the screen, in a file and in the letter it is one and the same."""
    screen = lead("summary", "-g", "Hub partners").out
    for seed in ("1", "2", "3"):
        words = ("summary", "-g", "Hub partners")
        assert lead.run(*words, env={"REFLECT_HOME": str(lead.home), "PYTHONHASHSEED": seed}).out == screen
    lead("summary", "-g", "Hub partners", "-o", str(tmp_path / "s.md"))
    assert (tmp_path / "s.md").read_text() == screen
    lead("summary", "-g", "Hub partners", "--draft", "--until", "1/12/2026", "-o", str(tmp_path / "d.md"))
    draft = (tmp_path / "d.md").read_text()
    assert json.loads((tmp_path / "d.letter.json").read_text())["summary"] == draft
    standing = "Neither draft nor final: what was gathered, as it stands."
    assert screen.replace(standing, "Draft, for comments until 1 December 2026.") == draft


def test_on_a_screen(lead: Person, gathered: Path, at_terminal: AtTerminal) -> None:
    """At a terminal that can show it, bars of blocks follow the words; plain lines and files have none."""
    words = ("summary", "-g", "Hub partners")
    seen = at_terminal(*words, env={"TERM": "xterm"}).leave()
    assert "How it was made" in seen.split("6 people wrote about Funding")[0]
    assert "█ 6" in seen
    assert "█" not in at_terminal(*words).leave()
    assert "█" not in lead(*words).out


def test_the_lead_is_asked_who_is_missing(
    lead: Person, gathered: Path, at_terminal: AtTerminal, tmp_path: Path
) -> None:
    """REQ-24: where others will read it, the lead is asked who has not been heard from; once said, no more."""
    words = ("summary", "-g", "Hub partners", "--draft", "--until", "1/12/2026")
    with at_terminal(*words, "-o", str(tmp_path / "a.md")) as seen:
        seen.see("Who has not been heard from").answer("the night staff").see("Written to").leave()
    assert "Not heard from: the night staff" in (tmp_path / "a.md").read_text()
    with at_terminal(*words, "-o", str(tmp_path / "b.md")) as seen:
        seen.see("Who has not been heard from").answer("").see("Written to").leave()
    assert "Not heard from: nothing was said" in (tmp_path / "b.md").read_text()
    said = at_terminal(*words, "-o", str(tmp_path / "c.md"), "--not-heard-from", "us").leave()
    assert "Who has not" not in said
    assert "Who has not" not in at_terminal("summary", "-g", "Hub partners").leave()


@pytest.mark.parametrize("people", [0, 1, 4])
def test_nothing_may_be_shown(lead: Person, invitation: Path, tmp_path: Path, people: int) -> None:
    """Row 87: exit 10 in the same words, whether nobody wrote or too few; no file is written."""
    lead("group", "gather", str(six(invitation, tmp_path / "shares", people)))
    said = lead("summary", "-g", "Hub partners", "-o", str(tmp_path / "s.md"), code=10)
    assert said.err.splitlines()[-1] == (
        "reflect: there is nothing that may be shown: nobody, or too few, shared something of it for the audience"
        " 'group'. Next: choose another period, theme or audience. Nothing was written."
    )
    assert not (tmp_path / "s.md").exists()


def test_a_team_of_four(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """Rule 3: four people get a summary of the passages they agreed to, without numbers; the lead is told."""
    lead("group", "gather", str(six(invitation, tmp_path / "shares", 4, alone_ok=True, stance="differs")))
    said = lead("summary", "-g", "Hub partners")
    assert "all of it is in the protected form" in said.err
    assert said.out.count("> We waited for the budget again") == 4
    assert "4 people" not in said.out
    assert "Views held by few may be missing." in said.out


def test_lone_view_leaves_no_trace(lead: Person, gathered: Path) -> None:
    """Rule 3: with and without a view of few that was not agreed to, a summary is the same to the byte."""
    before = [lead("summary", "-g", "Hub partners", *form).out for form in ((), ("--json",))]
    lone = passage(99, "I like it as it is, and I say so.", themes=("roles",), stance="differs")
    lead("group", "gather", str(share(gathered, "lone.age", 99, [lone])))
    assert [lead("summary", "-g", "Hub partners", *form).out for form in ((), ("--json",))] == before


def test_a_period_that_leaves_one(lead: Person, gathered: Path) -> None:
    """Row 88: filters that leave few are withheld, and those of a journal refused; a theme has short names."""
    lead("summary", "-g", "Hub partners", "--month", "2026-01", code=10)
    lead("summary", "-g", "Hub partners", "--theme", "roles", code=10)
    assert [
        each["id"] for each in lead("summary", "-g", "Hub partners", "--theme", "fun", "--json").json["themes"]
    ] == ["funding"]
    lead("summary", "-g", "Hub partners", "--theme", "nothing", code=4)
    for journal_only in (("--tag", "a"), ("--about", "a"), ("--text", "a")):
        lead("summary", "-g", "Hub partners", *journal_only, code=2)


def test_draft_and_final(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """REQ-26: no final without a draft, a warning before its day; spoken and written objections stand in it."""
    final = ("summary", "-g", "Hub partners", "--final", "-o")
    assert "no draft" in lead(*final, str(tmp_path / "f.md"), code=3).err
    assert "--until" in lead("summary", "-g", "Hub partners", "--draft", code=2).err
    lead("summary", "-g", "Hub partners", "--draft", "--final", "--until", "1/12/2026", code=2)
    assert lead("group", "objection", "Too early.", code=4).err
    lead("summary", "-g", "Hub partners", "--draft", "--until", "1/12/2026", "-o", str(tmp_path / "d.md"))
    lead("group", "objection", "You left out", "the buses.")
    spoken = share(gathered, "said.age", 3, [], sequence=2, comments=("It was **not** like that.",))
    lead("group", "gather", str(spoken))
    said = lead(*final, str(tmp_path / "f.md"))
    assert "The draft can be spoken to until 1 December 2026; this is final before that day." in said.err
    text = (tmp_path / "f.md").read_text()
    assert "- You left out the buses." in text
    assert "not" in text.split("What was said to the draft")[1]
    late = lead(*final, str(tmp_path / "late.md"), now="2026-12-02T10:00:00+00:00")
    assert "final before that day" not in late.err


def test_a_draft_does_not_replace_a_letter(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """Row 44: files that are there are left alone, unless `--force` is given."""
    draft = ("summary", "-g", "Hub partners", "--draft", "--until", "1/12/2026", "-o", str(tmp_path / "d.md"))
    lead(*draft)
    lead(*draft, code=3)
    lead(*draft, "--force")


def test_answers(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """REQ-34: three outcomes, each with a reply; an answer without one, or before the final, is refused."""
    for kind in (("--draft", "--until", "1/12/2026"), ("--final",)):
        assert lead("group", "answer", "Funding", "--outcome", "act", "--reply", "From May.", code=4).err
        lead("summary", "-g", "Hub partners", *kind)
    for outcome in ("act", "pass-on", "not-ours"):
        assert "people are owed words" in lead("group", "answer", "Funding", "--outcome", outcome, code=3).err
        lead("group", "answer", f"Point {outcome}", "--outcome", outcome, "--reply", f"Reply to {outcome}.")
    lead("group", "answer", "Funding", "--outcome", "perhaps", "--reply", "Soon.", code=2)
    assert lead("group", "answer").out.splitlines() == [
        "Point act: can act. Reply to act.",
        "Point pass-on: can pass on. Reply to pass-on.",
        "Point not-ours: acknowledged, not within our power. Reply to not-ours.",
    ]
    path = tmp_path / "answer.json"
    lead("group", "answer", "-o", str(path))
    assert [each["outcome"] for each in json.loads(path.read_text())["answers"]] == [
        "can act",
        "can pass on",
        "acknowledged, not within our power",
    ]
    lead("group", "answer", "-o", str(path), code=3)
    lead("summary", "verify", str(path))


def test_verify_and_again(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """Point 8: a file is checked, found out when it or its ground has changed, and re-issued in its place."""
    path = tmp_path / "s.json"
    quoted = _put_out(lead, path)
    assert lead("summary", "verify", str(path)).out == "Every quotation stands as it was shared.\n"
    changed = tmp_path / "changed.json"
    changed.write_text(path.read_text().replace("budget", "money"))
    assert "changed after it was written" in lead("summary", "verify", str(changed), code=4).err
    lead("summary", "verify", str(tmp_path / "none.md"), code=4)
    lead("summary", "check", str(path), code=2)
    back = share(gathered, "back.age", quoted, [], sequence=2, withdrawn=(hexadecimal(quoted),))
    lead("group", "gather", str(back))
    assert "summary again" in lead("summary", "verify", str(path), code=3).err
    said = lead("summary", "again", str(path)).out
    assert "1 quotation gone: withdrawn or reworded." in said
    assert "shown otherwise now: total" in said
    assert BUDGET.format(quoted + 2) not in path.read_text()
    assert json.loads(path.read_text())["band"] == "5 or more"
    lead("summary", "verify", str(path))


# -- keys ------------------------------------------------------------------------------------------


def refuses_without_a_terminal(ran: Ran) -> None:
    """Exit 8 at once, with what to do about it."""
    assert ran.code == 8
    assert "--passphrase-file" in ran.err


def test_locked_and_unlocked(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """Row 76: nothing opens without the passphrase: a wrong one, or none and no terminal, is exit 8 at once."""
    one = share(invitation, "one.age", 1, [passage(1, "One.")])
    right, wrong = secret_file(tmp_path), secret_file(tmp_path, "two old otters", "wrong.txt")
    lead("group", "key", code=2)
    lead("group", "key", "--lock", code=2)
    lead("group", "key", "--lock", "--passphrase-file", str(right))
    assert "SECRET" not in bytes_under(lead.home).decode("latin-1")
    refuses_without_a_terminal(lead("group", "gather", str(one), code=None))
    assert "does not open" in lead("group", "gather", str(one), "--passphrase-file", str(wrong), code=8).err
    assert lead("group", "read", "--json").json == []
    lead("group", "gather", str(one), "--passphrase-file", str(right))
    assert len(lead("group", "read", "--json").json) == 1
    assert "already" in lead("group", "key", "--lock", "--passphrase-file", str(right), code=3).err
    sheet = invitation.with_name("invitation-recovery.txt")
    lead("group", "key", "--restore", "--from", str(invitation), code=8)
    lead("group", "key", "--restore", "--from", str(sheet))
    assert "1 were here already" in lead("group", "gather", str(one)).out


def test_a_lost_laptop(lead: Person, run: Run, gathered: Path, tmp_path: Path) -> None:
    """With the invitation and the recovery sheet the group is kept on another computer, and gathered once more."""
    again, sheet = Person(tmp_path / "again", run), gathered.with_name("invitation-recovery.txt")
    restore = ("group", "key", "--restore", "--invitation", str(gathered), "--from")
    again(*restore, str(gathered), code=8)
    assert not (again.home / "groups").exists()
    again(*restore, str(sheet))
    again("group", "gather", str(tmp_path / "shares"))
    assert again("summary", "-g", "Hub partners", "--json").json == lead("summary", "-g", "Hub partners", "--json").json
    assert "kept here already" in lead(*restore, str(sheet), code=3).err
    again("group", "key", "--lock", "--invitation", str(gathered), code=2)


def test_a_second_keeper(lead: Person, run: Run, tmp_path: Path) -> None:
    """A second keeper is named before anybody joins, has a sheet of their own, and can open what is shared."""
    invitation = begins(lead, tmp_path, "--second-keeper", "Priya")
    first, second = (invitation.with_name(f"invitation-recovery{which}.txt") for which in ("", "-second-keeper"))
    ada, priya = Person(tmp_path / "ada", run), Person(tmp_path / "priya", run)
    assert "Dilys and Priya can open what you share" in ada("group", "join", str(invitation), "--yes").out
    ada.lets("Nobody asked the caretaker.")
    path = ada.shares(tmp_path / "ada.age")
    priya("group", "key", "--restore", "--invitation", str(invitation), "--from", str(second))
    for keeper in (lead, priya):
        keeper("group", "gather", str(path))
        assert [each["words"] for each in keeper("group", "read", "--json").json] == ["Nobody asked the caretaker."]
    assert first.read_text() != second.read_text()
    assert stat.S_IMODE(second.stat().st_mode) == 0o600


def test_passphrase_file_must_be_private(lead: Person, invitation: Path, tmp_path: Path) -> None:
    """Rule 7: a passphrase that others can read is refused, with what to do."""
    path = secret_file(tmp_path)
    path.chmod(0o644)
    assert "chmod 600" in lead("group", "key", "--lock", "--passphrase-file", str(path), code=3).err


def test_passphrase_at_a_terminal(lead: Person, invitation: Path, at_terminal: AtTerminal) -> None:
    """At a terminal the passphrase is typed twice and unseen; two that differ lock nothing."""
    with at_terminal("group", "key", "--lock") as seen:
        seen.see("(Enter: later): ").answer("zqx one").see("Once more: ").answer("zqx two")
        assert "zqx" not in seen.leave(3)
    assert list(lead.home.glob("groups/*/key.age")) == []


def test_handed_over(lead: Person, run: Run, invitation: Path, tmp_path: Path) -> None:
    """Handed over under a passphrase, the next keeper gathers, sends a new invitation, and the first one closes."""
    lead("group", "gather", str(share(invitation, "one.age", 1, [passage(1, "zqxOne passage.")])))
    copy, theirs = tmp_path / "copy.age", secret_file(tmp_path)
    lead("group", "handover", "Priya", "-o", str(copy), code=2)
    lead("group", "handover", "Priya", "-o", str(copy), "--passphrase-file", str(theirs))
    assert b"zqxOne" not in copy.read_bytes()
    lead("group", "handover", "Priya", "-o", str(copy), "--passphrase-file", str(theirs), code=3)
    priya = Person(tmp_path / "priya", run)
    refuses_without_a_terminal(priya("open", str(copy), code=None))
    assert "You keep Hub partners now." in priya("open", str(copy), "--passphrase-file", str(theirs)).out
    assert [each["words"] for each in priya("group", "read", "--json").json] == ["zqxOne passage."]
    priya("group", "invitation", "-o", str(tmp_path / "new.json"))
    assert json.loads((tmp_path / "new.json").read_text())["keeper"] == "Priya"
    priya("group", "gather", str(share(tmp_path / "new.json", "two.age", 2, [passage(2, "Two.")])))
    lead("group", "close", "--yes")
    assert b"zqxOne" not in bytes_under(lead.home)


# -- close -----------------------------------------------------------------------------------------


def test_closed(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """Closing needs a yes, erases every word that was gathered, and then nothing is gathered or shown any more."""
    lead("summary", "-g", "Hub partners", "--draft", "--until", "1/12/2026", "-o", str(tmp_path / "d.md"))
    lead("group", "objection", "zqxObjection to it.")
    assert "--yes" in lead("group", "close", code=2).err
    assert "Nothing was changed" in lead("group", "close", "--dry-run").out
    assert b"budget again" in bytes_under(lead.home / "groups")
    lead("group", "close", "--yes")
    left = bytes_under(lead.home / "groups")
    for word in (b"budget again", b"zqxObjection", hexadecimal(3).encode()):
        assert word not in left
    assert "closed" in lead("group", "gather", str(tmp_path / "shares"), code=3).err
    lead("summary", "-g", "Hub partners", code=10)
    assert "erased" in lead("summary", "verify", str(tmp_path / "d.md"), code=3).err


def test_reminded_of_the_day(lead: Person, gathered: Path, tmp_path: Path) -> None:
    """On the day the invitation promised, the keeper is reminded to erase."""
    assert "The day has come" not in lead("group", "gather", str(tmp_path / "shares")).err
    said = lead("group", "gather", str(tmp_path / "shares"), now="2027-03-31T09:00:00+00:00")
    assert "The day has come to erase these words" in said.err


def test_no_groups(lead: Person) -> None:
    """Where there is no group, that is said, with how to begin one."""
    assert "group new" in lead("group", "list").out
    assert lead("group", "list", "--json").json == []
    assert "group list" in lead("summary", "-g", "Hub partners", code=4).err
