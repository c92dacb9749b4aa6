"""`reflect summary --group` as files: Word, and a discussion pack in one run."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document

from tests.conftest import NOW, Ran, Run, bytes_under

PACK = ["data.csv", "data.json", "handout.docx", "host-sheet.md", "summary.docx"]
WORDS = {
    "funding": "We waited for the budget again and nobody who is paid said a word about bus fares.",
    "roles": "I still do not know what I am allowed to say yes to, so I say I will check.",
}
ALONE = "I offered an excuse where I could have offered a question."
HELD = "Nobody but me was asked to bring the tea, and it was not for my tea that I had come."

Lead = Callable[..., Ran]


def command(home: Path, *words: str, stdin: str = "") -> str:
    """Run the command for one person and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "reflect", *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"REFLECT_HOME": str(home), "REFLECT_NOW": NOW, "TZ": "Europe/London"},
    )
    return done.stdout


def share(folder: Path, person: str, **passages: str) -> None:
    """Let one person write, mark and share passages, each under its theme; one on learning may stand alone."""
    home = folder / person
    for theme, words in passages.items():
        entry = json.loads(command(home, "write", "-", "--theme", theme, "--json", stdin=words))["id"]
        alone = ["--alone-ok"] if theme == "learning" else []
        command(home, "mark", entry, "--for", "group", "--level", "verbatim", *alone)
    command(home, "share", "--yes", "-o", str(folder / f"{person}.age"))


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a group of six whose words on money and roles, and one's on two more themes, were gathered."""
    folder = tmp_path_factory.mktemp("group")
    invitation = str(folder / "invitation.json")
    about = ("--name", "Hub partners", "--purpose", "fair meetings", "--audience", "the partners", "--keeper", "Dilys")
    when = ("--responder", "Dilys", "--respond-by", "15/12/2026", "--erase-on", "31/3/2027", "-o", invitation)
    command(folder / "lead", "group", "new", *about, *when)
    for at, person in enumerate("abcdef"):
        command(folder / person, "group", "join", invitation, "--yes")
        more = {"learning": ALONE, "change": HELD} if at == 1 else {}
        share(
            folder, person, **{theme: f"{words} And again, said the {at}th." for theme, words in WORDS.items()}, **more
        )
    command(folder / "lead", "group", "gather", str(folder))
    return folder


@pytest.fixture
def here(gathered: Path, tmp_path: Path) -> Path:
    """A copy of the group and its people, for one test."""
    return Path(shutil.copytree(gathered, tmp_path / "here"))


@pytest.fixture
def lead(run: Run, here: Path) -> Lead:
    """Run the command as the group's lead."""

    def run_as_lead(*words: str, code: int = 0) -> Ran:
        return run(*words, code=code, env={"REFLECT_HOME": str(here / "lead")})

    return run_as_lead


def test_word_is_written_by_a_files_ending(lead: Lead, here: Path) -> None:
    """`-o summary.docx` makes a Word file for its owner alone, which begins with the handout, and can be verified."""
    made = here / "summary.docx"
    lead("summary", "--group", "Hub partners", "-o", str(made))
    headings = [each.text for each in Document(str(made)).paragraphs if each.style.name == "Heading 1"]
    assert headings == ["What we wrote", "Our session: 60 minutes", "What we need to decide", "The full summary"]
    assert made.stat().st_mode & 0o777 == 0o600
    assert "Every quotation stands" in lead("summary", "verify", str(made)).out


def test_word_is_no_form_for_a_screen(lead: Lead) -> None:
    """Without a file, Word is refused in words, and nothing is printed."""
    ran = lead("summary", "--group", "Hub partners", "--format", "word", code=2)
    assert ran.out == ""
    assert "add -o FILE" in ran.err


def test_a_pack_is_a_private_folder_of_files_that_can_all_be_verified(lead: Lead, here: Path) -> None:
    """`--pack` writes five files for their owner alone, says each, and enters every one in the ledger."""
    folder = here / "new" / "pack"
    ran = lead("summary", "--group", "Hub partners", "--pack", str(folder), "--not-heard-from", "the night staff")
    assert sorted(path.name for path in folder.iterdir()) == PACK
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    for name in PACK:
        assert str(folder / name) in ran.out
        assert "Every quotation stands" in lead("summary", "verify", str(folder / name)).out
    assert "the night staff" in (folder / "host-sheet.md").read_text()
    assert json.loads((folder / "data.json").read_text())["method"]["not_heard_from"] == "the night staff"


def test_a_pack_writes_over_nothing(lead: Lead, here: Path) -> None:
    """Where one of its files is there already, none is written and the ledger has no entry; --force writes over it."""
    folder = here / "pack"
    folder.mkdir()
    (folder / "host-sheet.md").write_text("mine")
    ran = lead("summary", "--pack", str(folder), code=3)
    assert "host-sheet.md is there already" in ran.err
    assert [path.name for path in folder.iterdir()] == ["host-sheet.md"]
    assert (folder / "host-sheet.md").read_text() == "mine"
    lead("summary", "verify", str(folder / "host-sheet.md"), code=4)
    lead("summary", "--pack", str(folder), "--force")
    assert sorted(path.name for path in folder.iterdir()) == PACK


def test_a_pack_into_a_file_is_refused(lead: Lead, here: Path) -> None:
    """A name that is a file's is no folder's, and the file stays as it is."""
    before = (here / "invitation.json").read_bytes()
    assert "is not a folder" in lead("summary", "--pack", str(here / "invitation.json"), code=3).err
    assert (here / "invitation.json").read_bytes() == before


@pytest.mark.parametrize("more", [("-o", "x.md"), ("--format", "word"), ("--json",)])
def test_a_pack_has_its_own_forms(lead: Lead, here: Path, more: tuple[str, ...]) -> None:
    """A pack with another form or file beside it is refused before anything is written."""
    lead("summary", "--pack", str(here / "pack"), *more, code=2)
    assert not (here / "pack").exists()


def test_the_lead_picks_the_handouts_themes(lead: Lead, here: Path) -> None:
    """`--handout-theme`, given again, names the handout's themes in their order."""
    lead("summary", "--handout-theme", "learn", "--handout-theme", "roles", "--pack", str(here / "pack"))
    handout = Document(str(here / "pack" / "handout.docx"))
    assert [each.text for each in handout.paragraphs if each.style.name == "Heading 2"] == [
        "Learning together",
        "Roles: 6 people wrote",
    ]


@pytest.mark.parametrize(
    ("picked", "code", "said"),
    [
        (["nonsense"], 4, "no theme 'nonsense'"),
        (["language"], 3, "nothing under 'language'"),
        (["change"], 3, "nothing under 'change'"),
        (["roles", "funding", "learning", "language", "voice", "change"], 2, "room for 5 themes"),
    ],
)
def test_a_theme_that_cannot_be_picked_is_refused(
    lead: Lead, here: Path, picked: list[str], code: int, said: str
) -> None:
    """Unknown, empty and too many themes are refused in words; nothing is written."""
    options = [word for each in picked for word in ("--handout-theme", each)]
    assert said in lead("summary", "--pack", str(here / "pack"), *options, code=code).err
    assert not (here / "pack").exists()


def test_what_few_wrote_is_in_no_file_of_a_pack(lead: Lead, here: Path) -> None:
    """Below k, what may not stand alone is nowhere; what may has its theme's name and no number (rule 3)."""
    lead("summary", "--pack", str(here / "pack"))
    for path in (here / "pack").iterdir():
        content = path.read_bytes()
        if path.suffix == ".docx":
            read = Document(io.BytesIO(content))
            headings = [each.text for each in read.paragraphs if each.style.name == "Heading 2"]
            assert "Learning together" in headings
            assert "How change happens" not in headings
            content = read.element.xml.encode()
        assert b"bring the tea" not in content, path.name
        assert (ALONE.encode() in content) == (path.name != "host-sheet.md"), path.name
    assert "- Learning together\n" in (here / "pack" / "host-sheet.md").read_text()
    themes = {each["id"]: each for each in json.loads((here / "pack" / "data.json").read_text())["themes"]}
    for theme in ("learning", "change"):
        assert (themes[theme]["people"], themes[theme]["band"]) == (None, None)


def test_a_packs_file_is_reissued_as_what_it_was(lead: Lead, here: Path) -> None:
    """After a withdrawal, `again` makes the handout as a handout and the host's sheet as one, without the words."""
    lead("summary", "--pack", str(here / "pack"))
    entries = json.loads(command(here / "a", "list", "--json"))
    for entry in entries:
        command(here / "a", "unmark", entry["id"])
    command(here / "a", "share", "--yes", "-o", str(here / "back.age"))
    lead("group", "gather", str(here / "back.age"))
    for name in ("handout.docx", "host-sheet.md"):
        path = here / "pack" / name
        old = path.read_bytes()
        lead("summary", "again", str(path))
        assert path.read_bytes() != old
        lead("summary", "verify", str(path))
    handout = Document(str(here / "pack" / "handout.docx"))
    assert [each.text for each in handout.paragraphs if each.style.name == "Heading 1"][-1] == "What we need to decide"
    assert "said the 0th" not in handout.element.xml
    assert (here / "pack" / "host-sheet.md").read_text().startswith("# Host's sheet: Hub partners")


def test_a_draft_pack_brings_its_letter(lead: Lead, here: Path) -> None:
    """A draft as a pack writes, beside its files, the letter that people answer; one that is there stops it all."""
    lead("summary", "--draft", "--until", "1/12/2026", "--pack", str(here / "pack"))
    letter = json.loads((here / "pack" / "summary.letter.json").read_text())
    assert (letter["reflect"], letter["kind"]) == ("answer", "draft")
    (here / "second").mkdir()
    (here / "second" / "summary.letter.json").write_text("mine")
    lead("summary", "--draft", "--until", "1/12/2026", "--pack", str(here / "second"), code=3)
    assert bytes_under(here / "second") == b"mine"


def test_the_same_words_give_the_same_pack(lead: Lead, here: Path) -> None:
    """Two packs made of the same gathered words have the same bytes, file by file."""
    shutil.copytree(here / "lead", here / "copy")
    lead("summary", "--pack", str(here / "one"))
    command(here / "copy", "summary", "--pack", str(here / "two"))
    assert bytes_under(here / "one") == bytes_under(here / "two")
