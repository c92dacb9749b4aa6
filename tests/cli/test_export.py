"""`reflect export`: files that are whole, private and never over another unasked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reflect.exchange import exporters
from reflect.intake import from_text
from reflect.journal import Details, Journal
from tests.cli.conftest import AtTerminal, Here, Write
from tests.conftest import Run


@pytest.fixture
def three(journal: Journal) -> None:
    """Three entries in two months."""
    for text, details in (
        ("In October.", Details(at="5/10/2026", tags=("money",), themes=("funding",))),
        ("Early November.", Details(at="2/11/2026 15:00", about="Board")),
        ("Late November.", Details(at="19/11/2026 15:00")),
    ):
        journal.write(from_text(text), details)
    journal.first_time("greeted")


pytestmark = pytest.mark.usefixtures("three")


@pytest.mark.parametrize("form", exporters.names())
def test_to_a_file(run: Run, here: Here, tmp_path: Path, form: str) -> None:
    """Each format goes to a file for its owner alone, and it says how many entries it holds."""
    path = tmp_path / f"out{exporters.load(form).ENDING}"
    ended = here("export", form, "-o", str(path))
    assert f"Wrote 3 entries to {path}, for you alone to read." in ended.stdout
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert b"In October." in path.read_bytes()
    assert ended.stderr.strip() == exporters.load(form).LEAVES_OUT
    assert run("export", form).out.encode() == path.read_bytes()


def test_markdown_as_a_folder(run: Run, tmp_path: Path) -> None:
    """Without .md at its end the place is a folder of files."""
    run("export", "markdown", "-o", str(tmp_path / "notes"))
    found = sorted(path.name for path in (tmp_path / "notes" / "2026").iterdir())
    assert [name[:10] for name in found] == ["2026-10-05", "2026-11-02", "2026-11-19"]


def test_a_month_as_markdown(run: Run, tmp_path: Path) -> None:
    """A month is one file that says which month it is."""
    run("export", "markdown", "--month", "2026-11", "-o", str(tmp_path / "november.md"))
    made = (tmp_path / "november.md").read_text()
    assert made.startswith("# November 2026\n\n## 2 November 2026, 15:00: Board\n\nEarly November.\n")
    assert "October" not in made


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (("--from", "1/11/2026"), ["Early November.", "Late November."]),
        (("--to", "2/11/2026"), ["In October.", "Early November."]),
        (("--on", "2/11/2026"), ["Early November."]),
        (("--quarter", "2026-Q4"), ["In October.", "Early November.", "Late November."]),
        (("--theme", "fund"), ["In October."]),
        (("--tag", "money"), ["In October."]),
        (("--about", "board"), ["Early November."]),
        (("--text", "late"), ["Late November."]),
        (("-n", "2"), ["Early November.", "Late November."]),
        (("--tag", "nothing"), []),
    ],
)
def test_any_filter(here: Here, words: tuple[str, ...], texts: list[str]) -> None:
    """Filters mean what they mean everywhere; nothing found is still a whole file."""
    assert [each["text"] for each in json.loads(here("export", "json", *words).stdout)["entries"]] == texts


def test_nothing_is_overwritten_unasked(run: Run, tmp_path: Path) -> None:
    """A file or a folder in use stays; --force replaces it (Row 44)."""
    path, folder = tmp_path / "out.json", tmp_path / "notes"
    path.write_text("mine")
    folder.mkdir()
    (folder / "mine.md").write_text("mine")
    assert "is there already" in run("export", "json", "-o", str(path), code=3).err
    assert "holds something already" in run("export", "markdown", "-o", str(folder), code=3).err
    assert path.read_text() == "mine"
    run("export", "json", "-o", str(path), "--force")
    run("export", "markdown", "-o", str(folder), "--force")
    assert json.loads(path.read_text())["format"] == 1
    assert (folder / "mine.md").read_text() == "mine"


def test_a_place_that_is_none(run: Run, tmp_path: Path) -> None:
    """No folder there, or a disk that refuses: it is said, and nothing is left (Row 44)."""
    assert "no folder" in run("export", "json", "-o", str(tmp_path / "none" / "x.json"), code=4).err
    assert run("export", "json", "-o", "/dev/full", code=3).err.startswith("reflect: /dev/full is there already")
    assert "is a folder" in run("export", "json", "-o", str(tmp_path), "--force", code=3).err
    assert not list(tmp_path.glob("*.part"))


def test_a_hyphen_is_the_pipe(run: Run, tmp_path: Path) -> None:
    """`-o -` is standard output, as everywhere, and no file of that name."""
    assert run("export", "csv", "-o", "-").out == run("export", "csv").out


def test_what_a_script_gets(run: Run, tmp_path: Path) -> None:
    """With -o, --json says what was written; without, it would mix two answers."""
    path = str(tmp_path / "out.csv")
    assert run("export", "csv", "-o", path, "--json").json == {"path": path, "format": "csv", "entries": 3}
    assert "add -o FILE" in run("export", "csv", "--json", code=2).err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("jsn",), "did you mean json"),
        (("json", "--month", "2026-11", "--from", "1/11/2026"), "one period is enough"),
        (("json", "--theme", "nothing"), "no theme 'nothing'"),
        (("json", "--from", "someday"), "not a date"),
        ((), "FORMAT"),
    ],
)
def test_what_is_refused_at_once(here: Here, words: tuple[str, ...], why: str) -> None:
    """A wrong word is refused before anything is written."""
    ended = here("export", *words)
    assert ended.exit_code in (2, 3, 4)
    assert why in ended.stderr
    assert ended.stdout == ""


def test_a_terminal_gets_no_signs_it_would_obey(at_terminal: AtTerminal, write: Write) -> None:
    """Shown on a screen, words are made safe; in a file they are as they were (Row 7)."""
    write("escape \x1b[31mred\x1b[0m")
    shown = at_terminal("export", "markdown", "--on", "20/11/2026").leave()
    assert "\u241b[31mred" in shown
    assert "\x1b[31m" not in shown


def test_the_way_round(run: Run, tmp_path: Path) -> None:
    """Out as JSON and into an empty home, and out again: the same bytes."""
    first, second = str(tmp_path / "one.json"), str(tmp_path / "two.json")
    other = {"REFLECT_HOME": str(tmp_path / "other")}
    run("export", "json", "-o", first)
    run("import", "reflect", first, "--yes", env=other)
    run("export", "json", "-o", second, env=other)
    assert Path(first).read_bytes() == Path(second).read_bytes()


def test_help_names_every_format(run: Run) -> None:
    """The help lists the formats there are."""
    shown = run("export", "--help").out
    for name in exporters.names():
        assert name in shown
