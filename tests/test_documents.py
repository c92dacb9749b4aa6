"""The written house: what pages and help say is true, can be typed, and is said as we say things."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import reflect
from reflect import dates, errors
from reflect.bank import wording
from reflect.cli.app import COMMANDS, app
from reflect.cli.desk import GREETING
from reflect.cli.mark import LEVELS
from reflect.cli.together import AUDIENCES
from reflect.journal import Journal
from tests.conftest import NOW, Run
from tests.terminal import Terminal

REPOSITORY = Path(__file__).parent.parent
PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md")])
OURS = [page for page in PAGES if page.name != "sources.md"]  # a key to the sources' own rows
SHOWN = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]
FOUR = (
    "not a therapist",
    "not a reporting system",
    "not a substitute for talking with those who hold less power",
    "slow by nature",
)
"""What reflect can't do (REQ-62)."""

NOTES = "The funder asked for numbers again. Nobody asked the people on the estate what they would count.\n"
"""What stands in notes.txt, the file that pages take words from."""


def name_of(page: Path) -> str:
    """Return a page's path as a test's name."""
    return str(page.relative_to(REPOSITORY))


def text_of(page: Path) -> str:
    """Return a page as one line, so that a sentence is found wherever its lines end."""
    return " ".join(page.read_text(encoding="utf-8").split())


# -- console blocks ----------------------------------------------------------------------------


@dataclass
class Typed:
    """One command of a console block: its line, what is typed at its prompts, what is shown."""

    line: int
    command: str
    answers: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


def typed_in(text: str) -> Iterator[Typed]:
    """Yield the commands of a page's console blocks in their order."""
    inside = False
    current: Typed | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            if current:
                yield current
            inside, current = line == "```console", None
        elif inside and line.startswith("$ "):
            if current:
                yield current
            current = Typed(number, line[2:])
        elif inside:
            assert current, f"line {number}: a console block begins with a command"
            if line == ">" or line.startswith("> "):
                current.answers.append(line[2:])
            current.shown.append(line)
    assert not inside, "a console block is not closed"


ANY_ID = r"\b[0-9a-hjkmnp-tv-z]{8}\b"
ID = re.compile(rf"(?=[a-z]*\d)(?=\d*[a-z]){ANY_ID}")
"""An id on a page: with a letter and a digit, so that no word is taken for one."""


class Ids:
    """The ids a page uses as examples, each with the one that stands for it in this run."""

    def __init__(self) -> None:
        """Begin without any."""
        self._real: dict[str, str] = {}

    def in_command(self, command: str) -> str:
        """Return a command with each example id, or beginning of one, replaced by the real one's."""

        def real(word: re.Match[str]) -> str:
            like = [found for shown, found in self._real.items() if shown.startswith(word[0])]
            return like[0][: len(word[0])] if len(like) == 1 else word[0]

        return re.sub(r"(?<=\s)[0-9a-z]{4,8}(?=\s|$)", real, command)

    def pattern(self, shown: str) -> str:
        """Return what output must look like: `...` is anything, a new id any id, blanks and line ends are alike."""
        pieces: list[str] = []
        seen: set[str] = set()
        for each in re.split(f"({ID.pattern}|\\.\\.\\.)", " ".join(shown.split())):
            piece = each.strip()
            if piece == "...":
                pieces.append(r".*?")
            elif ID.fullmatch(piece) and piece in self._real:
                pieces.append(self._real[piece])
            elif ID.fullmatch(piece) and piece in seen:
                pieces.append(f"(?P=i{piece})")
            elif ID.fullmatch(piece):
                seen.add(piece)
                pieces.append(f"(?P<i{piece}>{ANY_ID})")
            else:
                pieces.append(re.escape(piece))
        return r"\s*".join(filter(None, pieces))

    def learn(self, found: re.Match[str]) -> None:
        """Remember which id an example stood for."""
        self._real |= {name[1:]: real for name, real in found.groupdict().items()}


def ran(typed: Typed, command: str, home: Path, folder: Path, environment: dict[str, str]) -> str:
    """Run one command line as a person would, at a terminal where something is typed, and return what was shown."""
    if typed.answers:
        with Terminal("bash", "--norc", "-c", command, home=home, env=environment, cwd=folder) as terminal:
            return terminal.type(*typed.answers).leave()
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=os.environ | {"REFLECT_HOME": str(home), "REFLECT_NOW": NOW, "REFLECT_SEED": "test"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"line {typed.line}: {typed.command}\n{done.stdout}"
    return done.stdout


@pytest.mark.parametrize("page", SHOWN, ids=name_of)
def test_console_blocks_do_what_they_show(page: Path, home: Path, tmp_path: Path) -> None:
    """Typed in order in an empty home, every command works and shows what the page says it shows."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "notes.txt").write_text(NOTES, encoding="utf-8")
    shutil.copytree(REPOSITORY / "docs" / "examples", folder, dirs_exist_ok=True)
    here = Path(sys.executable).parent
    assert (here / "reflect").exists(), "the command is installed beside Python"
    environment = {"PATH": f"{here}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    ids = Ids()
    for typed in typed_in(page.read_text(encoding="utf-8")):
        shown = ran(typed, ids.in_command(typed.command), home, folder, environment)
        pattern = ids.pattern("\n".join(typed.shown)) if typed.shown else ".*"
        shown = " ".join(shown.split()).removeprefix(" ".join(GREETING)).strip()  # said once, told of in words
        found = re.fullmatch(pattern, shown)
        assert found, f"line {typed.line}: $ {typed.command}\nthe page shows\n{pattern}\nand it shows\n{shown}"
        ids.learn(found)


def test_readme_and_guide_have_console_blocks() -> None:
    """The two pages a newcomer follows can be typed along."""
    assert {page.name for page in SHOWN} >= {"README.md", "first-month.md"}


def test_first_minute_leaves_no_words_in_the_history() -> None:
    """No line of the README's console blocks gives an entry's words as an argument or in a here-document."""
    for typed in typed_in((REPOSITORY / "README.md").read_text(encoding="utf-8")):
        words = shlex.split(typed.command)
        assert "<<" not in typed.command
        if words[1:2] in (["write"], ["edit"]):
            assert "--about" not in words
            given = [word for word in words[2:] if not word.startswith("--")]
            assert given in ([], ["-", "<", "notes.txt"]), typed.command


# -- help --------------------------------------------------------------------------------------


def tree(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command and subcommand with its words."""
    yield path, command
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            yield from tree(command.get_command(None, name), (*path, name))


@cache
def commands() -> dict[str, Any]:
    """Return every command by its words, the root by none."""
    return {" ".join(path): command for path, command in tree(typer.main.get_command(app))}


@cache
def help_of(words: str) -> str:
    """Return a command's help as it is shown."""
    shown = CliRunner().invoke(app, [*words.split(), "--help"], prog_name="reflect")
    assert shown.exit_code == 0, shown.output
    return shown.output


EVERY = list(commands())


@cache
def examples_of(words: str) -> list[str]:
    """Return the examples a help ends with."""
    lines = help_of(words).partition("Examples:")[2].partition("Options:")[0].partition("Arguments:")[0].splitlines()
    return [line.strip() for line in lines if line.strip().startswith("reflect ")]


EXAMPLES = [example for words in EVERY for example in examples_of(words)]


@pytest.mark.parametrize("words", EVERY)
def test_help_names_every_option_and_says_what_it_does(words: str) -> None:
    """Each option and argument of a command stands in its help with some words on it."""
    shown = help_of(words)
    for parameter in commands()[words].params:
        for option in (*parameter.opts, *parameter.secondary_opts):
            if option.startswith("-"):
                assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", shown), option
        assert parameter.help, parameter.name


@pytest.mark.parametrize("words", EVERY)
def test_help_has_two_examples(words: str) -> None:
    """Every help ends with at least two examples of its own command."""
    found = examples_of(words)
    assert len(found) >= 2
    for example in found:
        assert not words or set(words.split()) <= set(shlex.split(example)), example


def bare(example: str) -> list[str]:
    """Return an example's words without `reflect` and without what the shell takes for itself."""
    return shlex.split(re.split(r" [<>|] ", example)[0])[1:]


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_parses(example: str) -> None:
    """Each example is made of words the command knows."""
    shown = CliRunner().invoke(app, [*bare(example), "--help"], prog_name="reflect")
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("Usage: reflect")


DAYS = {"--from", "--to", "--on", "--at", "--by"}
FILES = {"group": {"--from"}, "actions": {"--from"}}
"""Where an option names a file instead: another device's journal, a recovery sheet, what a session gave."""


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_names_what_exists(example: str, journal: Journal) -> None:
    """Questions, themes, occasions and dates in an example are ones that would be taken."""
    words = bare(example)
    now = datetime.fromisoformat(NOW).astimezone()
    read = {
        "--prompt": journal.bank.get,
        "--theme": journal.theme,
        "--occasion": journal.occasion,
        "--month": dates.month,
        "--quarter": dates.quarter,
        **dict.fromkeys(DAYS - FILES.get(words[0], set()), lambda day: dates.moment(day, now)),
    }
    # Elsewhere it is a file: of actions, another device's journal, the recovery sheet.
    read |= {} if words[:1] in (["actions"], ["group"]) else {"--from": read["--to"]}
    if words[:1] == ["group"]:
        read |= dict.fromkeys(("--respond-by", "--until", "--erase-on"), lambda day: dates.day(day, now, ahead=True))
        read |= {"--into": journal.theme, "--outcome": ["act", "pass-on", "not-ours"].index}
    if words[:1] in (["mark"], ["summary"]) or words[:2] == ["group", "export"]:
        read |= {"--audience": AUDIENCES.index, "--level": LEVELS.index}
    for option, value in pairwise(words):
        if option in read:
            read[option](value)
    if words[:1] == ["prompts"] and words[1:2] in (["show"], ["retire"], ["restore"]):
        journal.bank.get(words[2])
    if words[:2] == ["group", "themes"] and words[2] != "add":
        journal.theme(words[3])
    if words[:1] == ["theme"] or words[:2] == ["group", "code"]:
        for change in words:
            if change[0] == "+" or (change[0] == "-" and change[1] != "-"):
                journal.theme(change[1:])


def test_root_help_says_what_reflect_can_not_do() -> None:
    """The four statements stand in the root's help and in the README (REQ-62)."""
    for said in (" ".join(help_of("").split()), text_of(REPOSITORY / "README.md")):
        for statement in FOUR:
            assert statement in said.replace("**", ""), statement


def test_help_of_a_line_is_never_cut() -> None:
    """In every list of commands each line is whole."""
    for words in EVERY:
        assert "..." not in help_of(words).partition("Commands:")[2], words


@pytest.mark.parametrize("words", EVERY)
def test_help_is_plain(words: str) -> None:
    """Help is free of jargon and of phrases that talk people down, and reads no harder than a newspaper (REQ-55)."""
    command = commands()[words]
    said = (command.help or "").partition("Examples:")[0]
    lines = [said, *(parameter.help for parameter in command.params)]
    for line in lines:
        assert wording.deficit(line) == []
        assert wording.jargon(line) == []
    assert "—" not in help_of(words)
    assert wording.difficulty(said) <= 50, wording.difficulty(said)


# -- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", OURS, ids=name_of)
def test_page_is_said_as_we_say_things(page: Path) -> None:
    """No page talks people down or is strewn with em dashes, and its lines fit an editor."""
    text = page.read_text(encoding="utf-8")
    assert wording.deficit(text) == []
    assert text.count("—") <= 3
    for number, line in enumerate(text.splitlines(), 1):
        assert len(line) <= 120 or line.startswith("|") or "](" in line, f"line {number} is long"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """A link to a file of ours names one that is there."""
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_named_files_exist(name: str) -> None:
    """Every path in backquotes is a file or folder of this repository."""
    named = re.findall(r"`([\w./-]+)`", (REPOSITORY / name).read_text(encoding="utf-8"))
    tops = {"reflect", "prompts", "tests", "docs", "benchmarks", "requirements"}
    paths = [each for each in named if ("/" in each and each.split("/")[0] in tops) or each.endswith((".py", ".md"))]
    assert len(paths) >= 5
    for path in [*paths, *(each for each in named if each == "pyproject.toml")]:
        assert (REPOSITORY / path).exists(), path


def modules_and_classes() -> dict[str, list[object]]:
    """Return every module and class of reflect by its own name."""
    found: dict[str, list[object]] = {}
    for each in pkgutil.walk_packages(reflect.__path__, "reflect."):
        if each.name.endswith("__main__"):
            continue
        module = importlib.import_module(each.name)
        found.setdefault(each.name.rpartition(".")[2], []).append(module)
        for name, value in vars(module).items():
            if isinstance(value, type) and value.__module__ == module.__name__:
                found.setdefault(name, []).append(value)
    return found


def test_architecture_names_real_functions() -> None:
    """What the walk of an entry calls by name is there by that name."""
    known = modules_and_classes()
    named = re.findall(r"`(\w+)\.(\w+)`", (REPOSITORY / "ARCHITECTURE.md").read_text(encoding="utf-8"))
    named = [(owner, member) for owner, member in named if member not in ("py", "md", "toml")]
    assert len(named) >= 10
    for owner, member in named:
        assert any(hasattr(each, member) for each in known.get(owner, ())), f"{owner}.{member}"


def test_architecture_is_one_page() -> None:
    """A newcomer reads it at one go."""
    assert len(text_of(REPOSITORY / "ARCHITECTURE.md").split()) <= 1200


def test_readme_names_every_command() -> None:
    """Each command that exists is in the README, and each in backquotes there exists."""
    text = text_of(REPOSITORY / "README.md")
    named = set(re.findall(r"`reflect ([a-z]+)", text))
    assert named == set(COMMANDS)


@pytest.mark.parametrize("page", [page for page in OURS if page.name != "requirements.md"], ids=name_of)
def test_named_options_exist(page: Path) -> None:
    """An option that a page names is one that some help names."""
    known = set(re.findall(r"--[a-z][a-z-]*", " ".join(map(help_of, EVERY))))
    for typed in re.findall(r"`(reflect [^`]*|--[a-z][^`]*)`", page.read_text(encoding="utf-8")):
        assert set(re.findall(r"--[a-z][a-z-]*", typed)) <= known, typed


def test_readme_names_every_exit_code() -> None:
    """Each exit code that can happen is in the README's table."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    codes = {
        each.exit_code
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.ReflectError)
    }
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)}
    assert table == codes | {0}


def test_readme_names_every_variable() -> None:
    """Each environment variable of ours that the code reads is in the README."""
    read = {
        name
        for path in (REPOSITORY / "reflect").rglob("*.py")
        for name in re.findall(r"""["'](REFLECT_[A-Z_]+)["']""", path.read_text(encoding="utf-8"))
    }
    text = text_of(REPOSITORY / "README.md")
    assert read
    for name in read:
        assert f"`{name}`" in text, name


def test_changelog_names_every_command() -> None:
    """A person who reads the changelog learns of every command there is."""
    text = text_of(REPOSITORY / "CHANGELOG.md")
    assert "## Unreleased" in text
    for name in COMMANDS:
        assert re.search(rf"`(reflect )?{name}`", text), name


def test_pack_in_contributing_is_one(run: Run, tmp_path: Path) -> None:
    """The pack that CONTRIBUTING.md shows is taken by `prompts check`, without a remark on its wording."""
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (pack,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "hand-over.toml").write_text(pack, encoding="utf-8")
    assert run("prompts", "check", str(tmp_path / "hand-over.toml"), "--json").json["remarks"] == []


# -- requirements ------------------------------------------------------------------------------

ROW = re.compile(r"^\| (REQ-\d\d) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def requirements() -> list[tuple[str, str, str]]:
    """Return the rows of docs/requirements.md: id, what it asks, what holds it."""
    return ROW.findall((REPOSITORY / "docs" / "requirements.md").read_text(encoding="utf-8"))


def test_every_requirement_has_its_row() -> None:
    """REQ-01 to REQ-62 stand in the table, each once and in order."""
    assert [identity for identity, _, _ in requirements()] == [f"REQ-{number:02}" for number in range(1, 63)]


def test_every_requirement_names_a_test_or_says_why_not() -> None:
    """A row names tests that exist, or says what it waits for."""
    for identity, _, held in requirements():
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", held)
        assert named or "comes with" in held.lower() or "not yet" in held.lower(), identity
        for path, name in named:
            assert (REPOSITORY / path).exists(), f"{identity}: {path}"
            if name:
                source = (REPOSITORY / path).read_text(encoding="utf-8")
                assert re.search(rf"^ *(def|class) {name}\b", source, re.MULTILINE), f"{identity}: {path}::{name}"
