"""What a shell is answered: every name that may stand there, in silence, whatever state the journal is in."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from reflect import ids
from reflect.cli import completing
from reflect.cli.app import COMMANDS, app
from reflect.cli.mark import LEVELS
from reflect.cli.together import AUDIENCES
from reflect.completing import Offer
from reflect.store import engine, glimpses
from reflect.summary import group_forms
from tests.cli.conftest import Here
from tests.conftest import Run

UNSEEN = "nobody should see this over my shoulder"


@pytest.fixture
def kept(here: Here, home: Path) -> str:
    """The id of the newest of two entries, in a home with settings and another journal."""
    here("write", UNSEEN, "--about", "Board", "--at", "19/11/2026", "--tag", "board meeting")
    here("write", "--about", "The estate", "--tag", "estate", "--", f"-> {UNSEEN} by Friday")
    here("--journal", "work", "write", UNSEEN)
    (home / "config.toml").write_text(
        '[aliases]\nweek = "list --from monday"\n[filters.board]\ntag = "board"\n', encoding="utf-8"
    )
    return str(here("list", "--json", "-n", "1").stdout).partition('"id": "')[2][: ids.LENGTH]


def offered(line: str) -> list[Offer]:
    """Return what is offered at the end of a line."""
    return completing.answer(*completing.line_of("bash", line)).offers


def words(line: str) -> list[str]:
    """Return the words that are offered at the end of a line."""
    return [each.word for each in offered(line)]


def test_ids_come_with_date_and_about_and_never_with_words(kept: str) -> None:
    """The newest entry comes first, by its id, with when it was and what it was about."""
    newest, older = offered("reflect show ")
    assert (newest.word, newest.note) == (kept, "20 November 2026, The estate")
    assert older.note == "19 November 2026, Board"
    assert words(f"reflect show {kept[:5]}") == [kept]
    assert words("reflect erase ?") == []


@pytest.mark.parametrize(
    "line",
    [
        *(f"reflect {name} " for name in COMMANDS),
        "reflect actions done ",
        "reflect list --about ",
        "reflect drafts show ",
    ],
)
def test_no_words_of_an_entry_are_ever_offered(kept: str, line: str) -> None:
    """Somebody may look on: nothing that is offered holds what was written."""
    assert "shoulder" not in repr(offered(line))


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("reflect ", {"write", "completion", "week"}),
        ("reflect wr", {"write"}),
        ("reflect --journal ", {"work"}),
        ("reflect --pl", {"--plain"}),
        ("reflect list --th", {"--theme"}),
        ("reflect list --theme f", {"funding"}),
        ("reflect list --theme=f", {"--theme=funding"}),
        ("reflect list --tag ", {"estate", "board meeting"}),
        ("reflect list --tag 'board m", {"board meeting"}),
        ("reflect list --tag BOARD", {"board meeting"}),
        ("reflect list --about ", {"Board", "The estate"}),
        ("reflect list --filter ", {"board"}),
        ("reflect search word --filter b", {"board"}),
        ("reflect week --ta", {"--tag"}),
        ("reflect write --prompt ", {"what-we-are-for"}),
        ("reflect ask --occasion ", {"after-meeting"}),
        ("reflect ask --depth d", {"deep"}),
        ("reflect theme 7k2m +own", {"+own-power"}),
        ("reflect theme 7k2m -own", {"-own-power"}),
        ("reflect theme 7k2m +roles +own", {"+own-power"}),
        ("reflect actions ", {"add", "done"}),
        ("reflect actions done 7k2m --helped ", {"yes", "no", "partly"}),
        ("reflect session run check", {"check-in"}),
        ("reflect import j", {"jrnl", "jrnl-json", "journal-cli"}),
        ("reflect export ", {"json", "markdown", "html"}),
        ("reflect summary --format ", {"markdown", "word"}),
        ("reflect mark 7k2m --for ", set(AUDIENCES)),
        ("reflect mark 7k2m --level ", set(LEVELS)),
        ("reflect completion ", {"bash", "zsh", "fish"}),
    ],
)
def test_what_may_stand_there_is_offered(kept: str, line: str, some: set[str]) -> None:
    """Commands, aliases, options, tags, themes, prompts, plans, formats and filters are offered in their places."""
    found = set(words(line))
    assert found >= some
    beginning = completing.line_of("bash", line)[1].casefold()
    assert all(word.casefold().startswith(beginning) for word in found)


def test_another_journal_offers_its_own(kept: str) -> None:
    """`--journal NAME` on the line decides whose ids are offered."""
    (there,) = words("reflect --journal work show ")
    assert there not in words("reflect show ")


@pytest.mark.parametrize(
    ("line", "paths"),
    [
        ("reflect import csv ", "files"),
        ("reflect export json -o ", "files"),
        ("reflect tour --homes ", "folders"),
        ("reflect show ", ""),
    ],
)
def test_paths_are_left_to_the_shell(line: str, paths: str) -> None:
    """Where a file or a folder may stand, the shell is told to offer its own."""
    assert completing.answer(*completing.line_of("bash", line)).paths == paths


def parameters() -> Iterator[tuple[str, Any]]:
    """Yield every option and argument that takes a value, with its command's words."""

    def below(path: tuple[str, ...], command: Any) -> Iterator[tuple[str, Any]]:
        yield from ((" ".join(path), each) for each in command.params if not getattr(each, "is_flag", False))
        for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
            yield from below((*path, name), command.get_command(None, name))

    return below((), typer.main.get_command(app))


NAMELESS = {"group code contribution", "group one-person one", "group one-person other"}
"""Ids of what others shared, which are read off a screen."""

OF_NAMES = ("ID", "TAG", "THEME", "PLAN", "GROUP", "AUDIENCE", "LEVEL", "DEPTH", "DRAFT", "SHELL", "yes|no|partly")


def test_every_parameter_that_takes_a_name_has_names_to_offer() -> None:
    """No option or argument that takes an id, tag, theme, plan or the like is forgotten in the table."""
    forgotten = []
    for path, parameter in parameters():
        metavar = str(parameter.metavar or "").strip("[]")
        named = f"{path} {parameter.name}"
        if metavar in OF_NAMES and named not in NAMELESS and not any(completing.takes(path, parameter)):
            forgotten.append(named)
    assert not forgotten


def test_the_table_names_parameters_that_there_are() -> None:
    """Every argument in the table is one of a command, so that a renamed one is noticed."""
    there = {f"{path} {each.name}" for path, each in parameters()}
    there |= {f"{path} {option}" for path, each in parameters() for option in each.opts}
    assert set(completing._ARGUMENTS) | {each for each in completing._WORDS if " " in each} <= there
    options = {option for _, each in parameters() for option in each.opts}
    assert set(completing._OPTIONS) <= options


def test_the_words_offered_are_those_that_are_taken() -> None:
    """Audiences, levels and forms are the ones the commands know."""
    assert completing._WORDS["--audience"] == AUDIENCES
    assert completing._WORDS["--level"] == LEVELS
    assert set(group_forms.names()) | {"markdown", "json"} == set(completing._formats("summary"))


@pytest.mark.parametrize(
    ("line", "split"),
    [
        ("reflect show ", (["show"], "")),
        ("reflect show 7k", (["show"], "7k")),
        ("reflect", ([], "")),
        ("reflect ", ([], "")),
        ("reflect list --tag 'board m", (["list", "--tag"], "board m")),
        ('reflect list --tag "board meeting" ', (["list", "--tag", "board meeting"], "")),
        ("reflect list --tag board\\ m", (["list", "--tag"], "board m")),
    ],
)
def test_a_line_of_bash_is_read_as_bash_reads_it(line: str, split: tuple[list[str], str]) -> None:
    """Quotations and blanks behind a backslash stay in one word; an open quotation is the word being typed."""
    assert completing.line_of("bash", line) == split


def test_words_of_the_other_shells_come_one_by_one() -> None:
    """The two others hand over words, each with a NUL after it; an opening quotation mark is no letter of one."""
    assert completing.line_of("zsh", "list\0--tag\0board m\0") == (["list", "--tag"], "board m")
    assert completing.line_of("fish", "list\0--tag\0'board m\0") == (["list", "--tag"], "board m")
    assert completing.line_of("fish", "show\0\0") == (["show"], "")


# -- whatever is wrong -------------------------------------------------------------------------


def asked(run: Run, line: str = "reflect show ") -> list[str]:
    """Ask as bash does, in a process of its own, and check that it is silent, ends well and changes nothing."""
    ran = run(stdin=line, env={"_REFLECT_COMPLETE": "bash"})
    assert ran.err == ""
    return ran.out.splitlines()[1:]


def standing(home: Path) -> dict[str, tuple[int, int, bytes]]:
    """Return every file of a home with its mode, time and bytes."""
    return {
        str(path): (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in home.rglob("*")
    }


def test_without_a_journal_nothing_is_made(run: Run, home: Path) -> None:
    """A first Tab makes no home; commands and themes are offered all the same."""
    assert asked(run) == []
    assert any(line.startswith("funding\t") for line in asked(run, "reflect list --theme "))
    assert not home.exists()


def change_header(journal: Path, at: int, value: bytes) -> None:
    """Write some bytes into the beginning of a journal."""
    content = bytearray(journal.read_bytes())
    content[at : at + len(value)] = value
    journal.write_bytes(content)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        pytest.param(0, b"\0" * 16, id="damaged at the beginning"),
        pytest.param(60, b"\0\0\x27\x0f", id="newer"),
        pytest.param(68, b"\0\0\0\0", id="of another program"),
        pytest.param(4096, b"\xff" * 8192, id="damaged inside"),
        pytest.param(0, b"reflect\x01", id="encrypted"),
    ],
)
def test_a_journal_that_can_not_be_read_offers_nothing(run: Run, kept: str, home: Path, at: int, value: bytes) -> None:
    """Damaged, newer, foreign or encrypted: no ids, no question, no word on stderr, exit 0, and no byte changed."""
    change_header(home / "journal.db", at, value)
    before = standing(home)
    assert asked(run) == [] or at == 4096
    assert any(line.startswith("week\t") for line in asked(run, "reflect we"))
    assert standing(home) == before


def test_a_journal_that_is_being_written_is_not_waited_for(run: Run, kept: str, home: Path) -> None:
    """While another program holds the journal, a Tab offers no ids and comes back at once."""
    with sqlite3.connect(home / "journal.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert asked(run) == []
    other.close()
    assert glimpses._WAIT_MS < engine.WAIT_MS


@pytest.mark.parametrize("content", [b"[aliases", b"\xff\xfe", b'[aliases]\nlist = "list"\n', b"filters = 3"])
def test_settings_that_can_not_be_read_stop_nothing(run: Run, kept: str, home: Path, content: bytes) -> None:
    """Broken settings leave aliases and filters out, and all else is offered."""
    (home / "config.toml").write_bytes(content)
    assert any(line.startswith("show\t") for line in asked(run, "reflect sh"))
    assert asked(run)
    assert asked(run, "reflect list --filter ") == []


@pytest.mark.parametrize(
    "line",
    ["reflect frobnicate ", "reflect show 'a", "reflect --journal ../x show ", "", "\0\xff", "reflect \\", "x" * 99],
)
def test_whatever_is_typed_it_ends_well(run: Run, home: Path, line: str) -> None:
    """Lines that make no sense offer nothing, and never an error."""
    assert asked(run, line) == [] or len(line.split()) < 2 or "\\" in line
    assert not home.exists()


@pytest.mark.parametrize("variable", ["", "tcsh", "complete_bash"])
def test_an_unknown_shell_is_silent(run: Run, variable: str) -> None:
    """Whatever the variable holds, nothing is said and it ends well."""
    ran = run(stdin="show\0\0", env={"_REFLECT_COMPLETE": variable})
    assert (ran.err, ran.code) == ("", 0)


def test_stdin_may_be_closed_and_nobody_may_read(home: Path) -> None:
    """A shell that went away gets no error either."""
    command = f"{sys.executable} -m reflect"
    for line in (f"{command} <&-", f"printf 'reflect ' | {command} | true", f"{command} </dev/null >&-"):
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {line}"],
            env=os.environ | {"_REFLECT_COMPLETE": "bash"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_an_answer_loads_nothing_heavy(kept: str, home: Path) -> None:
    """Neither Rich nor Pydantic nor sqlite-utils is loaded to offer ids, themes and prompts."""
    for line in ("reflect show ", "reflect list --theme ", "reflect write --prompt "):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "reflect"],
            input=line.encode(),
            env=os.environ | {"_REFLECT_COMPLETE": "bash"},
            capture_output=True,
            timeout=60,
            check=True,
        )
        assert done.stdout.count(b"\t") > 1
        loaded = {each.rpartition("|")[2].strip().partition(".")[0] for each in done.stderr.decode().splitlines()}
        assert "typer" in loaded
        assert not loaded & {"rich", "pydantic", "sqlite_utils", "textual", "dateparser"}


def test_a_note_stays_on_its_line() -> None:
    """What is offered is a line each, cut where it is long, and signs that could move a cursor are gone."""
    shown = completing.written(completing.Answer([Offer("word", "a\nb\t" + "c" * 200)], "files"))
    paths, line = shown.splitlines()
    word, note = line.split("\t")
    assert (paths, word) == ("files", "word")
    assert note.startswith("a b c")
    assert note.endswith("…")
    assert len(note) <= 70
