"""The man page: whole, up to date, and shown by every reader of man pages as it was meant."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from docs import make_man
from reflect.cli.app import app

SIGNS = {"rs": "\\", "aq": "'", "ga": "`", "ha": "^", "ti": "~", "dq": '"'}


def read(source: str) -> str:
    """Return what roff makes of escaped text."""

    def sign(found: re.Match[str]) -> str:
        named, code, minus = found["named"], found["code"], found["minus"]
        return SIGNS[named] if named else chr(int(code, 16)) if code else minus or ""

    signs = r"\\\((?P<named>[a-z]{2})|\\\[u(?P<code>[0-9A-F]{4,6})\]|\\(?P<minus>-)|\\&|\\f[BIR]"
    return re.sub(signs, sign, source)


@pytest.fixture(scope="module")
def page() -> str:
    """The page as its source stands in the repository."""
    return make_man.PAGE.read_text(encoding="utf-8")


def test_the_page_is_up_to_date(page: str) -> None:
    """The page says what the help says now; `make schemas` writes it anew."""
    assert page == make_man.page(), "run make schemas"


def test_every_command_and_option_stands_in_the_page(page: str) -> None:
    """Each command has its part, and each option and argument of it stands there with what it does."""
    parts = dict(re.findall(r'^\.SS "([^"]*)"\n(.*?)(?=^\.S[SH])', page, re.MULTILINE | re.DOTALL))
    parts = {read(name): " ".join(read(text).split()) for name, text in parts.items()}
    root: Any = typer.main.get_command(app)
    commands = [each for each in make_man.tree(root) if each[0]]
    assert set(parts) == {" ".join(("reflect", *words)) for words, _ in commands}
    for words, command in commands:
        part = parts[" ".join(("reflect", *words))]
        for parameter in command.params:
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert not option.startswith("-") or re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", part), option
            assert " ".join((parameter.help or "").replace("`", "").split()) in part, parameter.name
        assert "Examples:" in part


def test_the_page_has_the_parts_that_a_man_page_has(page: str) -> None:
    """Name, synopsis, options, exit codes, environment and files stand in it, and no date that would go stale."""
    heads = re.findall(r"^\.SH (.*)$", page, re.MULTILINE)
    assert heads[:4] == ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"]
    assert set(heads) >= {"COMMANDS", "EXIT STATUS", "ENVIRONMENT", "FILES"}
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 130):
        assert rf"\fB{code}\fR" in page
    assert page.isascii()
    assert not re.search(r"\b20\d\d\\-\d\d\\-\d\d\b", page.partition(".SH NAME")[0])


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    """Escaped text reads as the same text, and never begins with what roff takes for a request."""
    made = make_man.roff(text)
    assert read(made) == text
    assert not made.startswith((".", "'"))
    assert made.isascii()


HOSTILE = [
    ".so /etc/passwd",
    "'br",
    "\\n(.g \\*[x] \\fB",
    "-- --json ~/x ^ `a` 'b' \"c\"",
    "café – “x” 日本",
    "a\\",
    "...",
]


def shown(source: str, tmp_path: Path, *command: str) -> str:
    """Return what a reader of man pages shows of a page, without any remark of its own."""
    file = tmp_path / "page.1"
    file.write_text(source, encoding="utf-8")
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return unicodedata.normalize("NFC", re.sub(r".\x08|\x1b\[[0-9;]*m", "", done.stdout))


READERS = {"mandoc": ("mandoc", "-T", "utf8", "-O", "width=200"), "groff": ("groff", "-man", "-ww", "-Tutf8")}


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Each program that shows man pages, in turn."""
    if not shutil.which(request.param):
        pytest.skip(f"{request.param} is not installed here, so the man page can't be read with it")
    return READERS[request.param]


def test_readers_find_no_fault_and_show_every_command(page: str, reader: tuple[str, ...], tmp_path: Path) -> None:
    """The page is shown without a warning, whole."""
    text = shown(page, tmp_path, *reader)
    for words, _ in make_man.tree(typer.main.get_command(app)):
        assert " ".join(("reflect", *words)) in text


def test_readers_show_hostile_text_as_it_is(reader: tuple[str, ...], tmp_path: Path) -> None:
    """Requests, escapes, quotation marks and letters beyond ASCII are text; no file is read in."""
    lines = "\n.br\n".join(map(make_man.roff, HOSTILE))
    text = shown(f'.TH X 1 "" "x" "y"\n.SH NAME\nx \\- y\n.SH TEXT\n.nf\n{lines}\n', tmp_path, *reader)
    for each in HOSTILE:
        assert each in text


def test_lint_has_no_warning(page: str, tmp_path: Path) -> None:
    """The stricter check of mandoc finds nothing worse than a matter of style, and that there is no date."""
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed here, so the man page can't be checked with it")
    command = ["mandoc", "-T", "lint", "-W", "warning", str(make_man.PAGE)]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert [line for line in found.splitlines() if "missing date" not in line] == []
