"""The whole loop through the installed command: written, marked, shared, gathered, summarised, answered, taken back."""

from __future__ import annotations

import getpass
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from reflect import config
from reflect.consent import Consent, Terms
from reflect.exchange import letters, seal
from reflect.intake import from_text
from reflect.journal import Details, Journal
from tests.conftest import Run, bytes_under
from tests.people import WHEN, Person, begins, key_of, opened

NAMES = ("Aminah", "Bronwen", "Caerwyn", "Dorothea", "Evangeline", "Florian")
SHORTEST_NAME = 5
"""Signs of a host's or user's name that is looked for; a shorter one, as root, may be part of any word or key."""

PUBLIC = "We waited for the budget again, {} of us, and nobody who is paid to be there said a word about INT."
PRIVATE = "zqxPrivate of {}: I cried on the bus home."
DIFFERS = "I like the form, since it treats us all the same, whoever we happen to know."


@pytest.fixture
def lead(home: Path, run: Run) -> Person:
    """The keeper of the group."""
    return Person(home, run)


@pytest.fixture
def invitation(lead: Person, tmp_path: Path) -> Path:
    """The invitation."""
    return begins(lead, tmp_path, "--term", "INT=Integrated Neighbourhood Team", "--term", "ICB=Integrated Care Board")


def words_of(name: str) -> str:
    """The sentence that somebody lets the group read; Caerwyn's differs."""
    number = ("two", "three", "four", "five", "six", "seven")[NAMES.index(name)]
    return DIFFERS if name == "Caerwyn" else PUBLIC.format(number)


@pytest.fixture
def people(invitation: Path, run: Run, tmp_path: Path) -> dict[str, Person]:
    """Six people with homes of their own, who wrote of money and let the group read one sentence of it."""
    (tmp_path / "homes").mkdir()
    found = letters.read(invitation.read_bytes(), invitation.name)
    assert isinstance(found, letters.Invitation)
    made = {}
    for name in NAMES:
        home = tmp_path / "homes" / f"zqxhome-{name}"
        made[name] = Person(home, run)
        with Journal(config.Places(home, home), WHEN, seed="test") as journal:
            permissions = Consent(journal)
            permissions.join(found)
            details = Details(themes=("funding",), about="zqxAbout", tags=("zqxtag",))
            entry = journal.write(from_text(f"{words_of(name)} {PRIVATE.format(name)}"), details).entry
            terms = Terms(reader=found.group, stance="differs" if name == "Caerwyn" else "")
            permissions.mark(entry, permissions.passages(entry, "1"), terms)
            journal.write(from_text(f"zqxUnmarked of {name}."), details)
    return made


def share_all(people: dict[str, Person], folder: Path) -> Path:
    """Have everybody share into one folder."""
    folder.mkdir(exist_ok=True)
    for at, someone in enumerate(people.values()):
        someone.shares(folder / f"{at}.age")
    return folder


def summary(lead: Person, *options: str) -> Any:
    """The group's summary as scripts read it."""
    return lead("summary", "-g", "Hub partners", "--json", *options).json


def theme(made: Any, identity: str = "funding") -> Any:
    """One theme of a summary."""
    return next(each for each in made["themes"] if each["id"] == identity)


def test_the_whole_loop(lead: Person, invitation: Path, run: Run, tmp_path: Path) -> None:  # noqa: PLR0915 - it is long
    """From six homes to a summary, an answer at home, a withdrawal and a re-issue, one command after another.

    REQ-03, REQ-26, REQ-28, REQ-31, REQ-33, REQ-34, REQ-37, REQ-38, REQ-56.
    """
    people = {name: Person(tmp_path / name, run) for name in NAMES}
    for name, someone in people.items():
        someone.joins(invitation)
        options = ("--differs",) if name == "Caerwyn" else ("--leads-to", "fares on the day")
        said = someone.lets(f"{words_of(name)} {PRIVATE.format(name)}", "--sentences", "1", *options)
        assert someone.entry(said)["text"].endswith("on the bus home.")
    lead("group", "gather", str(share_all(people, tmp_path / "shares")))
    made = summary(lead, "--not-heard-from", "the night staff")
    funding = theme(made)
    assert (made["people"], funding["people"], funding["entries"]) == (6, 6, 6)
    assert [each["text"] for each in funding["differing"]] == [DIFFERS]
    assert funding["differing"][0]["attribution"] is None
    assert funding["gains"] == funding["losses"] == []
    assert made["key"] == {"INT": "Integrated Neighbourhood Team"}

    draft, final, answer = (tmp_path / name for name in ("draft.md", "final.md", "answer.json"))
    lead("summary", "-g", "Hub partners", "--draft", "--until", "1/12/2026", "-o", str(draft))
    ben, ada = people["Bronwen"], people["Aminah"]
    assert "Until 1 December 2026 you can say something" in ben("open", str(tmp_path / "draft.letter.json")).out
    ben.shares(tmp_path / "shares" / "ben-again.age", "--comment", "It leaves out the volunteers.")
    lead("group", "objection", "You left out the buses.")
    lead("group", "gather", str(tmp_path / "shares"))
    assert "this is final before that day" in lead("summary", "-g", "Hub partners", "--final", "-o", str(final)).err
    text = final.read_text()
    assert "- It leaves out the volunteers.\n- You left out the buses.\n" in text
    assert text.count("Nothing recorded.") >= 2

    point = ("group", "answer", "Who is paid to be there")
    assert "people are owed words" in lead(*point, "--outcome", "act", code=3).err
    lead(*point, "--outcome", "act", "--reply", "From May everybody is.", "-o", str(answer))
    for someone in people.values():
        assert "Who is paid to be there: can act. From May everybody is." in someone("open", str(answer)).out
    quoted = json.loads(answer.read_text())["quoted"]
    mine = {each["contribution"] for each in ada("shared", "--json").json["sent"]}
    came = ada("shared", "--json").json["came_back"]
    assert [(each["kind"], each["mine"]) for each in came] == [("final", len(mine & set(quoted)))]

    lead("summary", "verify", str(final))
    lead("summary", "verify", str(answer))
    cai = people["Caerwyn"]
    (differing,) = cai("shared", "--json").json["sent"]
    assert differing["contribution"] in quoted
    said = cai("unmark", differing["entry"]).out
    assert "Quoted in the final summary of 20 November 2026 of Hub partners, for group." in said
    cai.shares(tmp_path / "back.age")
    assert "final.md" in lead("group", "gather", str(tmp_path / "back.age")).out
    assert "no longer stands" in lead("summary", "verify", str(final), code=3).err
    assert "1 quotation gone" in lead("summary", "again", str(final)).out
    assert DIFFERS not in final.read_text()
    assert "It leaves out the volunteers." in final.read_text()
    assert "5 or more people wrote." in final.read_text()
    lead("summary", "verify", str(final))
    assert DIFFERS.encode() not in bytes_under(lead.home)
    lead("group", "answer", "-o", str(tmp_path / "answer-2.json"))
    assert "From May everybody is." in ada("open", str(tmp_path / "answer-2.json")).out
    assert DIFFERS not in (tmp_path / "answer-2.json").read_text()


def test_nothing_else_leaves(lead: Person, people: dict[str, Person], invitation: Path, tmp_path: Path) -> None:
    """REQ-01, row 91: no share, opened, and no output has a byte of unmarked words, host, user, path, id or time."""
    entries = [entry["id"] for someone in people.values() for entry in someone("list", "--json").json]
    folder = share_all(people, tmp_path / "shares")
    lead("group", "gather", str(folder))
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    for name in ("s.md", "s.json", "s.csv", "s.html"):
        lead("summary", "-g", "Hub partners", "-o", str(outputs / name))
    lead("summary", "-g", "Hub partners", "--draft", "--until", "1/12/2026", "-o", str(outputs / "d.md"))
    lead("summary", "-g", "Hub partners", "--final", "-o", str(outputs / "f.md"))
    lead("group", "answer", "-o", str(outputs / "a.json"))
    secret = key_of(invitation)
    inside = b"\0".join(json.dumps(opened(path, secret), ensure_ascii=False).encode() for path in folder.iterdir())
    scanned = inside + bytes_under(outputs) + invitation.read_bytes()
    assert b"We waited for the budget again" in scanned
    names = [each for each in (socket.gethostname(), getpass.getuser()) if len(each) >= SHORTEST_NAME]
    for sign in ("zqx", str(tmp_path), "16:00", "Europe/London", *NAMES, *entries, *names):
        assert sign.encode() not in scanned, sign
    assert b"2026-11-20" not in inside
    assert b"zqx" not in bytes_under(lead.home)
    assert all(b"zqxPrivate" in bytes_under(someone.home) for someone in people.values())


def test_levels_through_the_loop(lead: Person, people: dict[str, Person], tmp_path: Path) -> None:
    """Rule 1: a theme-only mark counts and carries no words; of a rewording only the approved words arrive anywhere."""
    ada, ben, *others = people.values()
    ada.lets("zqxTheme is all of this.", level="theme", theme="voice")
    ben.lets("zqxReworded is what it was.", "--words", "We were not asked in time.", level="reworded", theme="voice")
    for at, someone in enumerate(others):
        someone.lets(f"It was a long and loud evening, said number {at}.", theme="voice")
    lead("group", "gather", str(share_all(people, tmp_path / "shares")))
    made = theme(summary(lead), "voice")
    assert (made["people"], made["entries"]) == (6, 6)
    assert {each["words"] for each in lead("group", "read", "--json").json} >= {"", "We were not asked in time."}
    assert b"zqx" not in bytes_under(lead.home)


def test_any_order_twice_and_late(lead: Person, people: dict[str, Person], run: Run, tmp_path: Path) -> None:
    """REQ-44: gathered one by one, in any order, twice, one late: the same summary as all at once, to the byte."""
    folder = share_all(people, tmp_path / "shares")
    other = Person(tmp_path / "other-lead", run)
    other("group", "list")
    shutil.copytree(lead.home / "groups", other.home / "groups")
    lead("group", "gather", str(folder))
    files = sorted(folder.iterdir(), reverse=True)
    for path in (*files[:3], files[1], *files[3:], files[0]):
        other(
            "group",
            "gather",
            str(path),
            now="2026-12-24T09:00:00+00:00" if path == files[4] else "2026-11-20T16:00:00+00:00",
        )
    assert summary(other) == summary(lead)
    assert "late" not in json.dumps(summary(other))


def test_audiences_through_the_loop(lead: Person, people: dict[str, Person], tmp_path: Path) -> None:
    """REQ-02, REQ-11: the funder's summary holds what was marked for the funder alone, without sites or names."""
    for name, someone in people.items():
        entry = someone.writes(f"For the funder's eyes: the form took {len(name)} evenings, and I am {name[0]}.")
        someone("theme", entry, "+funding")
        someone("mark", entry, "--for", "funder", "--level", "verbatim")
    lead("group", "gather", str(share_all(people, tmp_path / "shares")))
    group, funder = summary(lead), summary(lead, "--audience", "funder")
    assert "funder's eyes" not in json.dumps(group)
    assert "We waited" not in json.dumps(funder)
    assert theme(funder)["people"] == 6
    assert (funder["sites"], funder["method"]["site_note"]) == ([], None)
    assert all(each["attribution"] is None for each in theme(funder)["excerpts"])
    lead("summary", "-g", "Hub partners", "--audience", "public", code=10)
    lead("summary", "-g", "Hub partners", "--audience", "everybody", code=2)


def test_the_lead_sees_no_more(lead: Person, people: dict[str, Person], tmp_path: Path) -> None:
    """REQ-48, REQ-41: nothing a lead can call shows an unmarked word, a name, a person's id or what one gave."""
    lead("group", "gather", str(share_all(people, tmp_path / "shares")))
    ids = {each["id"] for each in lead("group", "read", "--json").json}
    assert len(ids) == 6
    seen = "".join(
        lead(*words).out
        for words in (
            ("group", "read"),
            ("group", "read", "--json"),
            ("group", "list", "--json"),
            ("summary", "-g", "Hub partners"),
            ("summary", "-g", "Hub partners", "--json"),
            ("list", "--json"),
            ("search", "budget", "--json"),
        )
    )
    assert "zqx" not in seen
    assert not any(name in seen for name in NAMES)
    assert lead("list", "--json").json == []


# -- five sites of seven, of which two have three contributors -----------------------------------------

SITES = ("North", "South", "East", "West", "Quay")


def write_and_share(home: Path, found: letters.Invitation, site: str, number: int, path: Path) -> None:
    """Write, mark and share as a person at a site does, in this process."""
    with Journal(config.Places(home, home), WHEN, seed="test") as journal:
        permissions = Consent(journal)
        permissions.join(found, site=site)
        for audience in ("group", "funder"):
            entry = journal.write(
                from_text(f"We at number {number} waited for the {audience} and the budget again, as before."),
                Details(themes=("funding",), occasion="after-meeting"),
            ).entry
            permissions.mark(entry, permissions.passages(entry), Terms(audience=audience, reader=found.group))
        leaving = permissions.leaving(permissions.membership())
        path.write_bytes(seal.seal(letters.write(leaving.letter), found.keys))
        permissions.made(permissions.membership(), leaving)


@pytest.fixture
def five_sites(lead: Person, tmp_path: Path) -> tuple[Path, letters.Invitation, Path]:
    """A group with five sites; returns a folder for homes, the invitation and a folder for shares."""
    path = begins(lead, tmp_path, *(word for site in SITES for word in ("--site", site)))
    found = letters.read(path.read_bytes(), path.name)
    assert isinstance(found, letters.Invitation)
    (tmp_path / "homes").mkdir()
    (tmp_path / "shares").mkdir()
    return tmp_path / "homes", found, tmp_path / "shares"


def fill(places: tuple[Path, letters.Invitation, Path], people_by_site: dict[str, range]) -> Path:
    """Have so many people at each site write and share; return the folder of shares."""
    homes, found, shares = places
    for site, numbers in people_by_site.items():
        for number in numbers:
            write_and_share(homes / f"{site}-{number}", found, site, number, shares / f"{site}-{number}.age")
    return shares


def test_five_sites_of_which_two_are_small(lead: Person, five_sites: tuple[Path, letters.Invitation, Path]) -> None:
    """REQ-10, REQ-11: with three people at two of five sites none is named; at five each all are; to funders never."""
    sizes = dict.fromkeys(SITES, range(7)) | {"West": range(3), "Quay": range(3)}
    lead("group", "gather", str(fill(five_sites, sizes)))
    made = summary(lead)
    assert (made["people"], theme(made)["people"]) == (27, 27)
    assert (made["sites"], made["method"]["site_note"]) == ([], "Some sites are not named.")
    assert not any(site in json.dumps(made) for site in SITES)
    assert theme(made)["excerpts"][0]["occasion"] == "after-meeting"

    lead("group", "gather", str(fill(five_sites, {"West": range(3, 7), "Quay": range(3, 5)})))
    made = summary(lead)
    assert made["people"] == 33
    assert {each["name"]: each["people"] for each in made["sites"]} == dict.fromkeys(SITES[:4], 7) | {"Quay": 5}
    assert made["method"]["site_note"] is None

    funder = summary(lead, "--audience", "funder")
    assert funder["people"] == 33
    assert (funder["sites"], funder["method"]["site_note"]) == ([], None)
    assert not any(site in json.dumps(funder) for site in SITES)


def test_one_more_person_is_not_told_by_site(lead: Person, five_sites: tuple[Path, letters.Invitation, Path]) -> None:
    """Row 88: when one person joins after an output, neither the total nor a site tells of them by subtraction."""
    lead("group", "gather", str(fill(five_sites, dict.fromkeys(SITES, range(5)))))
    before = summary(lead)
    assert {each["people"] for each in before["sites"]} == {5}
    lead("group", "gather", str(fill(five_sites, {"North": range(5, 6)})))
    after = summary(lead)
    assert (after["people"], after["band"]) == (None, "5 or more")
    north, *others = after["sites"]
    assert (north["people"], north["band"]) == (None, "5 or more")
    assert {each["people"] for each in others} == {5}


# -- alone and offline --------------------------------------------------------------------------------


def test_no_network(lead: Person, people: dict[str, Person], run: Run, tmp_path: Path) -> None:
    """REQ-09: the loop runs with every socket blocked: nothing is fetched, sent or looked up."""
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "sitecustomize.py").write_text(
        "import socket\n"
        "def blocked(*given, **named):\n"
        "    raise RuntimeError('the network was asked for')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = blocked\n"
    )
    offline = {"PYTHONPATH": str(tmp_path / "blocked")}

    def ran(who: Person, *words: str) -> None:
        run(*words, env={"REFLECT_HOME": str(who.home)} | offline)

    ran(people["Aminah"], "share", "--yes", "-o", str(tmp_path / "ada.age"))
    lead("group", "gather", str(share_all(people, tmp_path / "shares")))
    ran(lead, "group", "gather", str(tmp_path / "ada.age"))
    ran(lead, "summary", "-g", "Hub partners", "-o", str(tmp_path / "s.md"))


def test_taken_out_and_erased(people: dict[str, Person], tmp_path: Path) -> None:
    """REQ-08: an author takes all entries out as JSON, and erases them with marks and rewordings, to the byte."""
    ada = people["Aminah"]
    entry = ada.lets("zqxWhat it was.", "--words", "zqxOther words.", level="reworded")
    ada.shares(tmp_path / "a.age")
    out = ada("list", "--json").json
    assert {"zqxWhat it was.", "zqxUnmarked of Aminah."} <= {each["text"] for each in out}
    assert b"zqxOther" in bytes_under(ada.home)
    for each in out:
        ada("erase", each["id"], "--yes")
    assert b"zqx" not in bytes_under(ada.home)
    assert entry not in ada("shared").out
    assert ada("list", "--json").json == []


def test_unprompted_writing_counts_the_same(lead: Person, people: dict[str, Person], tmp_path: Path) -> None:
    """REQ-27: free writing is marked, themed and rolled up like an answer to a question."""
    for at, someone in enumerate(people.values()):
        options = ("--prompt", "KF-Q12") if at % 2 else ("--free",)
        entry = someone.writes(f"Six of us sat there for an hour, and I was number {at}.", *options, "--theme", "voice")
        someone("mark", entry, "--for", "group", "--level", "verbatim")
    lead("group", "gather", str(share_all(people, tmp_path / "shares")))
    assert theme(summary(lead), "voice")["people"] == 6
