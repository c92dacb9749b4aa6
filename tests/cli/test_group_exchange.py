"""`reflect group codebook`, `reflect group export` and `reflect summary -o`: a group's words through the command."""

from __future__ import annotations

import getpass
import json
import platform
import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, Run
from tests.summary.group_forms.conftest import unpacked

As = Callable[..., Ran]

NEW = (
    *("group", "new", "--name", "Hub partners", "--purpose", "fair meetings", "--audience", "the partners"),
    *("--keeper", "Dilys", "--responder", "Dilys", "--respond-by", "15/12/2026", "--erase-on", "31/3/2027"),
)
BUSES = (
    '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>'
    '<Code guid="1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" name="Getting there" isCodable="true">'
    "<Description>How people come, and who pays.</Description></Code></Codes></CodeBook>"
)
PRIVATE = "This sentence is private and must never leave."


@pytest.fixture
def by(run: Run, tmp_path: Path) -> As:
    """Run a command as one of several people, each with a home of their own."""

    def run_as(person: str, *words: str, **said: object) -> Ran:
        return run(*words, env={"REFLECT_HOME": str(tmp_path / "homes" / person)}, **said)  # type: ignore[arg-type]

    (tmp_path / "homes").mkdir()
    return run_as


@pytest.fixture
def lead(by: As, tmp_path: Path) -> As:
    """Run a command as the keeper of a group that holds nothing yet."""
    by("lead", *NEW, "-o", str(tmp_path / "invitation.json"))
    return lambda *words, **said: by("lead", *words, **said)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the group of five is kept, so that it is made once for all tests."""
    return tmp_path_factory.mktemp("group-of-five")


@pytest.fixture
def journal_ids(by: As, tmp_path: Path, once: Path) -> list[str]:
    """Let five people share a sentence of an entry with a group; return their journals' ids for these entries."""
    ids = once / "ids.json"
    if not ids.exists():
        made = _five(by, tmp_path)
        for name in ("homes", "invitation.json"):
            (shutil.copytree if (tmp_path / name).is_dir() else shutil.copy)(tmp_path / name, once / name)
        ids.write_text(json.dumps(made))
    else:
        shutil.copytree(once / "homes", tmp_path / "homes", dirs_exist_ok=True)
        shutil.copy(once / "invitation.json", tmp_path)
    found: list[str] = json.loads(ids.read_text())
    return found


def _five(by: As, folder: Path) -> list[str]:
    by("lead", *NEW, "-o", str(folder / "invitation.json"))
    ids = []
    for person in "abcde":
        by(person, "group", "join", str(folder / "invitation.json"), "--yes")
        words = f"We paid the bus fares again, said {person}, and nobody asked us who could. {PRIVATE}"
        entry = by(person, "write", "-", "--theme", "funding", "--json", stdin=words).json
        assert isinstance(entry, dict)
        ids.append(str(entry["id"]))
        by(person, "mark", ids[-1], "--for", "group", "--level", "verbatim", "--sentences", "1")
        by(person, "share", "--yes", "-o", str(folder / f"{person}.age"))
    by("lead", "group", "gather", str(folder))
    return ids


@pytest.fixture
def keeper(by: As, journal_ids: list[str]) -> As:
    """Run a command as the keeper of the group to which five people gave something."""
    assert len(journal_ids) == 5
    return lambda *words, **said: by("lead", *words, **said)


class TestCodebook:
    """Themes, out and in."""

    def test_out_and_in_again_adds_nothing(self, lead: As, tmp_path: Path) -> None:
        """The group's own codebook brings nothing new."""
        file = tmp_path / "themes.qdc"
        assert "10 themes" in lead("group", "codebook", "export", str(file)).out
        assert lead("group", "codebook", "import", str(file), "--json").json == {"added": [], "known": 10}

    def test_never_over_a_file_unless_told(self, lead: As, tmp_path: Path) -> None:
        """A file that is there is not written over without --force."""
        file = tmp_path / "themes.qdc"
        file.write_text("mine")
        assert "there already" in lead("group", "codebook", "export", str(file), code=3).err
        assert file.read_text() == "mine"
        lead("group", "codebook", "export", str(file), "--force")
        assert file.read_bytes().startswith(b"<?xml")

    def test_in(self, lead: As, tmp_path: Path) -> None:
        """A theme of another program's codebook becomes the group's, with who brought it and why; once."""
        file = tmp_path / "in.qdc"
        file.write_text(BUSES)
        assert "1 theme would be added" in lead("group", "codebook", "import", str(file), "--dry-run").out
        added = lead("group", "codebook", "import", str(file), "--who", "Dilys", "--json").json
        assert added == {"added": [{"id": "getting-there", "name": "Getting there"}], "known": 0}
        assert lead("group", "codebook", "import", str(file), "--json").json == {"added": [], "known": 1}
        out = tmp_path / "out.qdc"
        assert "11 themes" in lead("group", "codebook", "export", str(out)).out
        assert 'name="Getting there"' in out.read_text()

    def test_change_stands_in_the_summary(self, keeper: As, tmp_path: Path) -> None:
        """The summary says that the theme was added, by whom, and from where (REQ-22)."""
        file = tmp_path / "in.qdc"
        file.write_text(BUSES)
        keeper("group", "codebook", "import", str(file), "--who", "Dilys")
        said = keeper("summary", "--group", "Hub partners").out
        assert re.search(r"Getting there was added \(.*, Dilys\): brought in from a REFI-QDA codebook", said)

    @pytest.mark.parametrize(
        ("content", "why"),
        [("<!DOCTYPE a [<!ENTITY b 'c'>]><CodeBook/>", "entities"), ("no xml", "no XML"), ("<Other/>", "no codebook")],
    )
    def test_refused(self, lead: As, tmp_path: Path, content: str, why: str) -> None:
        """What is no codebook is refused by name, and nothing is added."""
        file = tmp_path / "in.qdc"
        file.write_text(content)
        refused = lead("group", "codebook", "import", str(file), code=3)
        assert "in.qdc" in refused.err
        assert why in refused.err

    def test_missing_file(self, lead: As, tmp_path: Path) -> None:
        """A file that isn't there is named."""
        assert "nowhere.qdc" in lead("group", "codebook", "import", str(tmp_path / "nowhere.qdc"), code=4).err


class TestDatasette:
    """The summary as tables."""

    def test_out(self, keeper: As, tmp_path: Path) -> None:
        """The file holds the summary's numbers and words, is private, and stands in the ledger like any output."""
        file = tmp_path / "summary.db"
        keeper("group", "export", "datasette", "-o", str(file))
        assert file.stat().st_mode & 0o777 == 0o600
        connection = sqlite3.connect(file)
        assert connection.execute("SELECT people FROM themes WHERE recurs IS NULL").fetchone() == (5,)
        connection.close()
        assert "Every quotation stands" in keeper("summary", "verify", str(file)).out

    def test_nothing_for_an_audience_nobody_shared_with(self, keeper: As, tmp_path: Path) -> None:
        """For a funder nobody shared anything, so nothing is written (rule 1)."""
        file = tmp_path / "funder.db"
        keeper("group", "export", "datasette", "-o", str(file), "--audience", "funder", code=10)
        assert not file.exists()

    @pytest.mark.parametrize("words", [("clay", "-o", "x.db"), ("datasette", "-o", "x.db", "--audience", "everybody")])
    def test_misused(self, lead: As, words: tuple[str, ...]) -> None:
        """An export or an audience that isn't one is refused with those there are."""
        assert "there" in lead("group", "export", *words, code=2).err


def test_no_form_holds_what_was_not_shared(keeper: As, journal_ids: list[str], tmp_path: Path) -> None:
    """Through the command, no form holds an unmarked word, a journal's id, a path or a time (row 91)."""
    endings = ["html", "csv", "xlsx", "qdpx", "docx", "md", "json"]
    endings += ["pdf"] if shutil.which("soffice") and shutil.which("pdftotext") else []
    out = tmp_path / "out"
    out.mkdir()
    for ending in endings:
        file = out / f"summary.{ending}"
        keeper("summary", "--group", "Hub partners", "-o", str(file))
        assert "Every quotation stands" in keeper("summary", "verify", str(file)).out
    keeper("group", "export", "datasette", "-o", str(out / "summary.db"))
    invitation = json.loads((tmp_path / "invitation.json").read_text())
    told = [PRIVATE, str(tmp_path), invitation["keys"][0], *journal_ids, "16:00"]
    told += [each for each in (getpass.getuser(), platform.node()) if len(each) > 4]  # shorter: part of any word
    for file in sorted(out.iterdir()):
        content = unpacked(file.suffix[1:], file.read_bytes())
        assert [each for each in told if each.encode() in content] == [], file.name
        assert b"bus fares again, said" in content or file.suffix == ".pdf"
    assert [path.name for path in (tmp_path / "homes" / "lead").iterdir() if path.name.startswith(".making")] == []
