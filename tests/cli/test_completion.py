"""`reflect completion`, in the shells themselves: a Tab at a real prompt."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflect.cli.completion import SCRIPTS
from reflect.errors import Usage
from tests.cli.conftest import Here
from tests.terminal import Terminal

HOSTILE = "Mo's $(touch pwned) `touch pwned` \\$(touch pwned) \"x"
"""What a file from elsewhere may call an entry's subject: nothing of it may ever be run by a shell."""

PLACE = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def needed(shell: str) -> str:
    """Return where a shell is, or skip."""
    found = shutil.which(shell)
    if not found:
        pytest.skip(f"{shell} is not installed here, so its completion can't be tried")
    return found


@pytest.fixture
def folder(here: Here, tmp_path: Path) -> Path:
    """A folder to stand in, with a file, beside a journal with two entries."""
    here("write", "Said.", "--about", HOSTILE, "--tag", "board meeting", "--tag", "a:b")
    here("write", "Said.", "--about", "Board", "--tag", "$(touch pwned)", "--at", "1/10/2026")
    stand = tmp_path / "stand"
    stand.mkdir()
    (stand / "notes.txt").write_text("x", encoding="utf-8")
    return stand


def test_a_shell_we_do_not_know_is_refused(here: Here) -> None:
    """Another shell is exit 2, with those there are."""
    ran = here("completion", "tcsh")
    assert ran.exit_code == Usage.exit_code
    assert "bash, zsh, fish" in ran.stderr


@pytest.mark.parametrize("shell", SCRIPTS)
def test_printing_a_script_makes_no_home(here: Here, home: Path, shell: str) -> None:
    """A script is printed whole, and nothing is written anywhere."""
    assert here("completion", shell).stdout == SCRIPTS[shell]
    assert not home.exists()


@pytest.mark.parametrize("shell", SCRIPTS)
def test_a_shell_can_read_its_script(shell: str, tmp_path: Path) -> None:
    """The shell itself finds no fault in the script."""
    script = tmp_path / "script"
    script.write_text(SCRIPTS[shell], encoding="utf-8")
    done = subprocess.run([needed(shell), "-n", str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def prompt(shell: str, home: Path, folder: Path) -> Terminal:
    """Return a shell at its prompt, with the completion as its help says to install it."""
    quiet = {
        "bash": ["bash", "--norc", "--noprofile", "-i"],
        "zsh": ["zsh", "-f", "-i"],
    }[shell]
    terminal = Terminal(needed(shell), *quiet[1:], home=home, cwd=folder, env={"PATH": PLACE, "PS1": "at> "})
    ready = {
        # Ids are random and may begin alike: what is common is then put in, and the list is wished for all the same.
        "bash": "bind 'set enable-bracketed-paste off' 2>/dev/null; bind 'set show-all-if-ambiguous on'; ",
        "zsh": "PS1='at> '; unsetopt list_ambiguous; autoload -Uz compinit && compinit -u -D; ",
    }[shell]
    terminal.answer(f'{ready}eval "$(reflect completion {shell})"; echo RE""ADY')
    return terminal.see("READY", "at> ")


@pytest.fixture(params=["bash", "zsh"])
def at_prompt(request: pytest.FixtureRequest, home: Path, folder: Path) -> Iterator[Terminal]:
    """Stand at the prompt of each shell in turn."""
    with prompt(request.param, home, folder) as terminal:
        yield terminal


def typed(terminal: Terminal, keys: str, *seen: str) -> None:
    """Type some keys and a Tab, wait for what comes of it, and clear the line."""
    terminal.answer_key(keys + "\t").see(*seen)
    terminal.answer_key("\x15")


def test_tab_completes_at_a_prompt(at_prompt: Terminal, folder: Path) -> None:
    """Commands, options, themes, tags with a blank or a colon, and files are completed as each shell writes them."""
    typed(at_prompt, "reflect sho", "w ")
    typed(at_prompt, "reflect list --theme fun", "ding ")
    typed(at_prompt, "reflect list --theme=fun", "ding ")
    typed(at_prompt, "reflect theme 7k2m +fun", "ding ")
    typed(at_prompt, "reflect list --tag bo", "ard\\ meeting ")
    typed(at_prompt, "reflect list --tag 'bo", "ard meeting' ")
    typed(at_prompt, "reflect list --tag a:", "b ")
    typed(at_prompt, "reflect import csv no", "tes.txt ")
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt"]


def test_ids_are_listed_with_what_they_are_about_and_nothing_of_it_is_run(
    request: pytest.FixtureRequest, at_prompt: Terminal, folder: Path
) -> None:
    """A list of ids shows date and subject as they are; a command that hides in a subject or tag stays text."""
    typed(at_prompt, "reflect show \t", "20 November 2026, Mo's $(touch pwned)", "1 October 2026, Board")
    typed(at_prompt, "reflect list --tag $\t")
    typed(at_prompt, "reflect list --tag \t", "touch")
    at_prompt.answer("echo ST''ILL").see("STILL")
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt"]


def test_fish_is_answered(home: Path, folder: Path) -> None:
    """Fish, asked for its completions, has commands, ids with their date and subject, and files."""
    fish = needed("fish")

    def complete(line: str) -> list[str]:
        done = subprocess.run(
            [fish, "--no-config", "-c", "reflect completion fish | source; complete -C $argv[1]", "--", line],
            env=os.environ | {"PATH": PLACE, "REFLECT_HOME": str(home)},
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    assert complete("reflect sho") == ["show\tShow one entry whole."]
    assert [line.partition("\t")[2] for line in complete("reflect show ")] == [
        f"20 November 2026, {HOSTILE}"[:70],
        "1 October 2026, Board",
    ]
    assert complete("reflect list --theme=fun") == ["--theme=funding\tFunding and commissioning"]
    assert complete("reflect list --tag 'bo") == ["board meeting"]
    assert complete("reflect import csv no") == ["notes.txt"]
    assert sorted(path.name for path in folder.iterdir()) == ["notes.txt"]
