"""An everyday command starts quickly: instructions are counted, which is exact, and modules are named."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import platformdirs
import pytest

from benchmarks import goals, journals, processes
from reflect import config
from reflect.cli.app import COMMANDS
from tests import ics

EVERYDAY = [
    "reflect --help",
    "reflect --version",
    "reflect",
    "reflect list -n 5",
    "reflect show ID",
    "reflect search kingfisher",
    "reflect ask",
    "reflect write -",
]

HEAVY = {
    "asyncio",
    "click",
    "concurrent.futures",
    "dateparser",
    "dateutil",
    "email",
    "hashlib",
    "http",
    "importlib.metadata",
    "importlib.resources",
    "logging",
    "markdown_it",
    "multiprocessing",
    "platformdirs",
    "pydantic",
    "pydantic_core",
    "pygments",
    "reflect.bank.packs",
    "reflect.store.migrations",
    "reflect.summary.roll_up",
    "reflect.themes.codebook",
    "regex",
    "rich",
    "secrets",
    "sqlite_utils",
    "ssl",
    "tomllib",
    "unittest",
    "yaml",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that has been used: twenty entries and one about a kingfisher, every everyday command run once."""
    made = tmp_path_factory.mktemp("start-up") / "reflect"
    journals.fill(made, 20)
    processes.output(processes.reflect(made, "write", "We saw a kingfisher on the way to the meeting."))
    for each in goals.everyday(made):
        processes.reflect(made, *each.words)()
    return made


@pytest.fixture(scope="module")
def bare(home: Path) -> int:
    """How many instructions Python takes to start and end."""
    if not processes.instructions_can_be_counted():
        pytest.skip("valgrind is missing, which counts instructions")
    return processes.instructions(processes.BARE, home)


def _command(home: Path, name: str) -> goals.Everyday:
    return next(each for each in goals.everyday(home) if each.name == name)


def test_every_command_of_every_day_is_checked_here(home: Path) -> None:
    """The commands whose start-up is measured are those whose start-up is tested."""
    assert [each.name for each in goals.everyday(home)] == EVERYDAY


@pytest.mark.parametrize("name", EVERYDAY)
def test_a_start_takes_few_instructions(name: str, home: Path, bare: int) -> None:
    """An everyday command stays within half a start-up of Python above its goal of speed."""
    command = _command(home, name)
    processes.reflect(home, *command.words)()  # what has changed since is compiled here and not counted
    counted = processes.instructions((*processes.REFLECT, *command.words), home)
    assert counted / bare <= command.instructions, f"{counted / bare:.2f} times bare Python's {bare:,} instructions"


@pytest.mark.parametrize("name", EVERYDAY)
def test_no_heavy_module_is_imported(name: str, home: Path) -> None:
    """An everyday command, its output not a terminal, imports none of what a start can do without."""
    imported = _imported(home, *processes.REFLECT[1:], *_command(home, name).words)
    assert "typer.main" in imported
    assert not imported & HEAVY


def test_home_reads_no_calendar(home: Path, bare: int, tmp_path: Path) -> None:
    """With a calendar of a thousand meetings, one of which just ended, home is as quick: it reads none."""
    ended = datetime.now(UTC) - timedelta(minutes=5)
    meetings = [ics.hour(str(each), f"{ended - timedelta(hours=1 + 9 * each):%Y%m%dT%H%M%S}") for each in range(1_000)]
    (tmp_path / "work.ics").write_bytes(ics.calendar(*meetings))
    processes.reflect(home, "calendar", "add", str(tmp_path / "work.ics"))()
    try:
        imported = _imported(home, *processes.REFLECT[1:])
        assert "reflect.meetings" in imported
        assert not imported & (HEAVY | {"icalendar", "recurring_ical_events", "reflect.calendars"})
        counted = processes.instructions(processes.REFLECT, home)
        assert counted / bare <= _command(home, "reflect").instructions
    finally:
        processes.reflect(home, "calendar", "remove", str(tmp_path / "work.ics"))()


def test_help_imports_no_command(home: Path) -> None:
    """`--help` and `--version` open no journal and import no command's module."""
    for option in ("--help", "--version"):
        imported = _imported(home, *processes.REFLECT[1:], option)
        assert not imported & {"sqlite3", "reflect.journal", "reflect.store"}
        assert not imported & {f"reflect.cli.{name}" for name in COMMANDS}


def test_the_probe_sees_what_is_imported(home: Path) -> None:
    """A heavy module that is imported is noticed, whether it is named itself or by one inside it."""
    assert _imported(home, "-c", "import pydantic, importlib.metadata") >= {"pydantic", "importlib.metadata"}


@pytest.mark.parametrize(
    ("data", "user"),
    [
        (None, "/home/ann"),
        ("/data", "/home/ann"),
        ("", "/home/ann"),
        ("not/absolute", "/home/ann"),
        (None, "/"),
        (None, ""),
        (None, None),
    ],
)
def test_the_usual_place_is_known_without_a_library(
    data: str | None, user: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal's place is the one that platformdirs would name, which is not asked in the plain case."""
    monkeypatch.delenv("REFLECT_HOME")
    for name, value in (("XDG_DATA_HOME", data), ("HOME", user)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert config.places().home == Path(platformdirs.user_data_dir("reflect", appauthor=False))


def _imported(home: Path, *arguments: str) -> set[str]:
    """Return the modules that a run of Python imports, each with the packages it stands in."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        input=b"Something was said.",
        capture_output=True,
        check=True,
        env=processes.environment(home),
    )
    lines = done.stderr.decode(errors="replace").splitlines()
    names = {line.rsplit("|", 1)[-1].strip() for line in lines if line.startswith("import time:")}
    return names | {name[:at] for name in names for at, sign in enumerate(name) if sign == "."}


def test_the_run_is_measured_as_a_person_has_it(home: Path) -> None:
    """What is measured runs with little in its environment: nothing of Python's or of coverage's own."""
    seen = processes.environment(home)
    assert not [name for name in seen if name.startswith(("PYTHON", "COVERAGE"))]
    assert seen["XDG_DATA_HOME"] == str(home.parent)
    assert Path(processes.REFLECT[-1]).exists()
