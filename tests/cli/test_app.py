"""The command line's root: which commands there are, and the one door through which every failure leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reflect import __version__
from reflect.cli.app import COMMANDS
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import NOW, Ran, Run

FIELDS = {"code", "what", "where", "why", "next", "changed"}


def test_version(run: Run) -> None:
    """--version says the version and makes nothing."""
    assert run("--version").out == f"{__version__}\n"


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("write", "--help"), ("prompts",)])
def test_asking_about_reflect_makes_no_home(run: Run, home: Path, words: tuple[str, ...]) -> None:
    """Help and version need no journal and make none."""
    run(*words)
    assert not home.exists()


def test_help_names_every_command(run: Run) -> None:
    """`reflect --help` and `-h` list every command with its line."""
    out = run("--help").out
    assert out == run("-h").out
    for name, line in COMMANDS.items():
        assert any(each.split()[:1] == [name] and line in each for each in out.splitlines()), name


@pytest.mark.parametrize("name", COMMANDS)
def test_line_in_the_list_is_the_first_of_the_commands_help(run: Run, name: str) -> None:
    """What the root says of a command agrees with the first sentence of the command's own help."""
    first = " ".join(run(name, "--help").out.split("\n\n")[1].split())
    assert first.startswith(tuple(COMMANDS[name].rstrip(".") + sign for sign in ".,;:"))


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("list", "--frobnicate"),
        ("--frobnicate",),
        ("show",),
        ("show", "abc", "def"),
        ("prompts", "frobnicate"),
        ("ask", "-n", "many"),
    ],
)
def test_words_it_does_not_know_are_usage(run: Run, words: tuple[str, ...]) -> None:
    """An unknown command or option, one too few or too many, is exit 2 with the next step, in a line or two."""
    ran = run(*words, code=2)
    assert ran.out == ""
    assert "--help" in ran.err
    assert len(ran.err.splitlines()) <= 2


def fails(ran: Ran, code: int) -> dict[str, object]:
    """Return the failure that a run with --json told of on stderr, and check that stdout stayed clean."""
    assert ran.out == ""
    error = json.loads(ran.err)["error"]
    assert set(error) == FIELDS
    assert error["code"] == ran.code == code
    assert error["what"]
    return error


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--frobnicate", "--json"), 2),
        (("list", "--json", "--on", "soonish"), 3),
        (("show", "zzzzzzzz", "--json"), 4),
        (("summary", "--format", "json", "--quarter", "2026-Q9"), 3),
        (("summary", "--format=json", "--quarter", "2026-Q9"), 3),
    ],
)
def test_failure_with_json_is_fields_on_stderr(run: Run, words: tuple[str, ...], code: int) -> None:
    """With --json a failure is one JSON object on stderr, with its parts as fields."""
    run()
    fails(run(*words, code=code), code)


def test_the_word_json_is_not_the_option(run: Run) -> None:
    """Only --json or --format json asks for JSON; the word alone may be somebody's search or id."""
    run()
    assert run("show", "json", code=4).err.startswith("reflect: ")
    assert run("write", "json", "--at", "soonish", code=3).err.startswith("reflect: ")


def test_failure_says_what_to_do_and_what_changed(run: Run) -> None:
    """A failure on the screen says what, the next step, and that nothing was changed."""
    run()
    err = run("show", "zzzzzzzz", code=4).err
    assert err.startswith("reflect: there is no entry 'zzzzzzzz'.")
    assert "Next: " in err
    assert err.rstrip().endswith("Nothing was changed.")


FAULT = """
import sys
from reflect.journal import Journal

def find(self, filters, *, newest_first=True):
    raise ZeroDivisionError("heliotrope")

Journal.find = find
sys.argv = ["reflect", *sys.argv[1:]]
from reflect.cli.app import run
run()
"""


def planted_fault(home: Path, *words: str, debug: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a reflect whose journal has a fault, the fault's text being somebody's words."""
    environment = os.environ | {"REFLECT_HOME": str(home), "REFLECT_NOW": NOW}
    return subprocess.run(
        [sys.executable, "-c", FAULT, *words],
        capture_output=True,
        text=True,
        env=environment | ({"REFLECT_DEBUG": "1"} if debug else {}),
        check=False,
    )


def test_fault_of_ours_is_told_without_words_or_traceback(run: Run, write: Write, home: Path) -> None:
    """A bug is exit 1: its kind and place are told, not its text, which might be somebody's words."""
    write("An entry.")
    for words in (("list",), ("list", "--json")):
        ended = planted_fault(home, *words)
        assert ended.returncode == 1
        assert "ZeroDivisionError" in ended.stderr
        assert "REFLECT_DEBUG" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert "heliotrope" not in ended.stderr + ended.stdout


def test_debug_shows_all_of_a_fault(run: Run, home: Path) -> None:
    """With REFLECT_DEBUG set the traceback is shown, for whoever mends it."""
    run()
    ended = planted_fault(home, "list", debug=True)
    assert ended.returncode != 0
    assert "Traceback" in ended.stderr
    assert "heliotrope" in ended.stderr


def test_reader_that_goes_away_is_no_failure(home: Path, write: Write) -> None:
    """When what reads our output stops, as `head` does, we end silently with exit 0."""
    for _ in range(3):
        write("many words " * 20_000)
    command = [sys.executable, "-m", "reflect", "list", "--json"]
    environment = os.environ | {"REFLECT_HOME": str(home)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.read(10)
        listing.stdout.close()
        told = listing.stderr.read()
        assert listing.wait(timeout=30) == 0
    assert told == b""


def test_interrupted_is_130(at_terminal: AtTerminal) -> None:
    """Ctrl-C ends with exit 130 and a sentence on a line of its own."""
    screen = at_terminal("write", "--free").press("c").leave(130)
    assert "\nreflect: stopped" in screen


def test_output_that_can_not_show_a_sign_shows_a_mark(run: Run, write: Write) -> None:
    """Where the output's encoding has no é or teapot, a mark stands there and nothing fails; JSON escapes it."""
    entry = write("café 🫖")
    narrow = {"PYTHONIOENCODING": "ascii"}
    assert "caf?" in run("show", entry["id"], env=narrow).out
    assert run("show", entry["id"], "--json", env=narrow).json["text"] == "café 🫖"


def test_clock_that_can_not_be_read_is_refused(run: Run) -> None:
    """REFLECT_NOW that is no time is exit 3 and named."""
    assert "REFLECT_NOW" in run(code=3, env={"REFLECT_NOW": "teatime"}).err


WITHOUT_NETWORK = """
import sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "urllib.Request"):
        raise RuntimeError(event)

sys.addaudithook(refuse)
sys.argv = ["reflect", *sys.argv[1:]]
from reflect.cli.app import run
run()
"""


@pytest.mark.parametrize(
    "words",
    [
        ("ask",),
        ("write", "-", "--at", "yesterday"),
        ("search", "funder"),
        ("themes", "refresh"),
        ("summary",),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_no_connection_is_opened(run: Run, home: Path, words: tuple[str, ...]) -> None:
    """The main job is done where every connection and every look-up of a name is refused (REQ-09)."""
    run()
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, *words],
        input="The funder decided.",
        capture_output=True,
        text=True,
        env=os.environ | {"REFLECT_HOME": str(home), "REFLECT_NOW": NOW},
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_failure_is_cut_between_words(at_terminal: AtTerminal) -> None:
    """At a terminal a long failure fills its lines with whole words; into a pipe it stays one line."""
    screen = at_terminal("list", "--theme", "no-such-theme").leave(4)
    lines = screen[screen.index("reflect: ") :].splitlines()
    assert len(lines) > 1
    assert all(len(line) <= 100 for line in lines)
    assert "There is no theme 'no-such-theme'".lower() in " ".join(lines).lower()
    words = {"roles,", "communities,", "own-power,", "structures,", "learning."}
    assert words <= {word for line in lines for word in line.split()}
