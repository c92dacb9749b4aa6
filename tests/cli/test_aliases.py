"""Commands of the person's own: written out once, never in place of a command of ours, and told of where wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from reflect.cli import aliases
from reflect.cli.app import COMMANDS
from reflect.errors import Refused
from tests.cli.conftest import Here
from tests.conftest import Run


@pytest.fixture
def settings(home: Path) -> Path:
    """The file of settings of an empty home."""
    home.mkdir(mode=0o700)
    return home / "config.toml"


def test_an_alias_is_written_out_and_more_words_go_after_it(here: Here, settings: Path) -> None:
    """The words of an alias are read as a shell reads them, once; what is added comes after them."""
    settings.write_text("""[aliases]\nweek = "list --about 'the board'"\n""", encoding="utf-8")
    here("write", "Said by nobody.", "--about", "the board")
    here("write", "Said by somebody.", "--about", "the estate")
    (found,) = json.loads(here("week", "--json").stdout)
    assert found["about"] == "the board"
    assert sys.argv[1:] == ["list", "--about", "the board", "--json"]
    assert here("--plain", "week", "-n", "1").stdout.count("the board") == 1


def test_an_alias_may_be_options_that_go_before_a_command(here: Here, settings: Path, home: Path) -> None:
    """`work = "--journal work"` stands before any command; what comes after it is a command, never an alias."""
    settings.write_text('[aliases]\nwork = "--journal work"\nnewest = "list -n 1"\n', encoding="utf-8")
    assert here("work", "write", "Said at work.").exit_code == 0
    assert (home / "journals" / "work" / "journal.db").exists()
    assert here("work", "newest").exit_code == 2


def test_a_failure_of_an_alias_with_json_is_json(run: Run, settings: Path) -> None:
    """What an alias stands for counts as typed, also for the form of an error."""
    settings.write_text('[aliases]\nbad = "show --json"\n', encoding="utf-8")
    assert json.loads(run("bad", "zzzz", code=4).err.splitlines()[-1])["error"]["code"] == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('list = "list -n 5"', "'list' is a command of reflect"),
        ('week = "week"', "'week' is an alias itself"),
        ('week = "days"\ndays = "week"', "is an alias itself"),
        ('week = "lst"', "did you mean list?"),
        ('week = "list \'"', "no closing quotation"),
        ('week = " "', "stands for nothing"),
        ("week = 7", "stands for words"),
        ('"last week" = "list"', "can't be typed"),
        ('Week = "list"', "can't be typed"),
        ('"-w" = "list"', "can't be typed"),
    ],
)
def test_a_wrong_alias_is_named_with_its_file_table_and_key(
    here: Here, settings: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    """An alias that shadows a command, goes in a circle, stands for nothing or can't be read is exit 3 and why."""
    settings.write_text(f"[aliases]\n{text}\n", encoding="utf-8")
    ran = here("week")
    assert ran.exit_code == Refused.exit_code
    assert said in ran.stderr
    assert f"{settings}, [aliases]" in ran.stderr
    assert aliases.known(COMMANDS) == {}
    monkeypatch.setattr("sys.argv", ["reflect"])
    assert said in here().stderr, "home tells of it, too"


def test_an_unknown_command_is_told_with_the_nearest(here: Here, settings: Path) -> None:
    """A slip of the finger is answered with the nearest command or alias."""
    settings.write_text('[aliases]\nmonthly = "summary"\n', encoding="utf-8")
    assert "did you mean monthly?" in here("montly").stderr
    assert "did you mean search?" in here("serach").stderr
    assert here("frobnicate").exit_code == 2


def test_help_lists_the_aliases_and_survives_wrong_ones(here: Here, settings: Path) -> None:
    """`reflect --help` ends with one's own commands; settings that can't be read leave them out."""
    settings.write_text('[aliases]\nweek = "list --from monday"\n', encoding="utf-8")
    shown = here("--help").stdout.partition("Your aliases:")[2]
    assert shown.split() == ["week", "list", "--from", "monday"]
    settings.write_text("[aliases", encoding="utf-8")
    assert "Your aliases" not in here("--help").stdout


def test_a_command_of_ours_reads_no_settings_to_be_found(here: Here, settings: Path) -> None:
    """Aliases cost nothing where a command stands, also behind options and with settings that can't be read."""
    settings.write_text("[aliases", encoding="utf-8")
    assert here("--plain", "--journal", "work", "write", "Said.").exit_code == 0
    assert here("--journal=work", "list").exit_code == 0
    assert here("lsit").exit_code == Refused.exit_code


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ([], None),
        (["list"], 0),
        (["--plain", "list", "-n", "1"], 1),
        (["--journal", "work", "list"], 2),
        (["--journal=work", "list"], 1),
        (["--journal"], None),
        (["--", "list"], 1),
        (["--"], None),
    ],
)
def test_the_command_stands_after_the_options_before_it(words: list[str], place: int | None) -> None:
    """Where the command stands is known from the words alone."""
    assert aliases.place_of_command(words) == place
