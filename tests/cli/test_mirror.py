"""The language mirror at the command line: off by default, for the author's eyes, and without a trace."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run, bytes_under

WORDS = "The hard to reach were there. Nobody asked them."
NOTE = "it puts the distance on their side"
ON = "language_mirror = true\n"


def switch(home: Path, setting: str) -> None:
    """Put a setting into config.toml."""
    home.mkdir(exist_ok=True)
    (home / "config.toml").write_text(setting, encoding="utf-8")


def typed(at_terminal: AtTerminal, words: str = WORDS) -> str:
    """Write an entry at a terminal; return all that was on the screen, lines joined."""
    return " ".join(at_terminal("write", "--free").type(words, ".").leave().split())


def rows(home: Path) -> list[str]:
    """Everything in the journal as SQL but the entry's random id, the index that holds it, and when it was made."""
    with closing(sqlite3.connect(f"file:{home / 'journal.db'}?mode=ro", uri=True)) as db:
        number = str(db.execute("SELECT id FROM entry").fetchone()[0])
        lines = [line.replace(number, "ID") for line in db.iterdump()]
    return [line for line in lines if not line.startswith(('INSERT INTO "_sqlite', 'INSERT INTO "entry_fts_data'))]


def test_off_by_default(run: Run, at_terminal: AtTerminal) -> None:
    """REQ-57: nobody who did not switch it on sees a note."""
    run()
    assert NOTE not in typed(at_terminal)


def test_on_it_follows_what_was_written(home: Path, at_terminal: AtTerminal) -> None:
    """REQ-57: switched on, the author sees the words, why, and another way to say it; the words stay."""
    switch(home, ON)
    seen = typed(at_terminal)
    assert f"“hard to reach”: {NOTE}. Perhaps: people we have not reached yet" in seen
    assert "Your words stay as they are." in seen
    assert seen.index("Saved ") < seen.index("Your language mirror")


def test_plain_words_bring_nothing(home: Path, at_terminal: AtTerminal) -> None:
    """REQ-57: where nothing is on the watch list, nothing is said."""
    switch(home, ON)
    assert "mirror" not in typed(at_terminal, "The caretaker had the keys.")


def test_three_notes_at_most(home: Path, at_terminal: AtTerminal) -> None:
    """After writing there are three notes at most; `show --mirror` has all of them."""
    switch(home, ON)
    words = "The stakeholders, the service users, the poor and the learnings were there."
    seen = typed(at_terminal, words)
    assert seen.count("Perhaps:") == 3
    told = re.search(r"and 1 more: reflect show (\w+) --mirror", seen)
    assert told
    assert at_terminal("show", told[1], "--mirror").leave().count("Perhaps:") == 4


def test_show_asked_for(run: Run, write: Write) -> None:
    """REQ-57: `show --mirror` shows it whenever its author asks, and says so when there is nothing."""
    assert NOTE in run("show", write(WORDS)["id"], "--mirror").out
    assert "Nothing in it is on the watch list." in run("show", write("Keys.")["id"], "--mirror").out
    assert NOTE not in run("show", write(WORDS)["id"]).out


@pytest.mark.parametrize("option", ["--json", "--raw"])
def test_never_for_files_and_programs(run: Run, write: Write, option: str) -> None:
    """REQ-57: the notes go to no file and no program."""
    assert "for your eyes" in run("show", write(WORDS)["id"], "--mirror", option, code=2).err


def test_nothing_is_stored(run: Run, home: Path, tmp_path: Path, at_terminal: AtTerminal) -> None:
    """REQ-57: the journal holds the same, row for row, with it on and off, and no note is in any file."""
    switch(home, ON)
    assert NOTE in typed(at_terminal)
    on = rows(home)
    assert NOTE.encode() not in bytes_under(home)
    shutil.rmtree(home)
    assert NOTE not in typed(at_terminal)
    assert rows(home) == on


def test_every_output_is_the_same(run: Run, write: Write, home: Path) -> None:
    """REQ-57: what any command prints or writes is the same byte for byte, and so is the journal after it."""
    entry = write(WORDS)["id"]
    run("mark", entry, "--for", "group")
    commands = [
        ("show", entry, "--json"),
        ("show", entry),
        ("list",),
        ("list", "--json"),
        ("search", "reach", "--json"),
        ("history", entry),
        ("shared",),
        ("summary",),
        ("summary", "--json"),
        ("summary", "--format", "markdown"),
    ]
    off = [run(*each) for each in commands]
    before = (home / "journal.db").read_bytes()
    switch(home, ON)
    assert [run(*each) for each in commands] == off
    assert (home / "journal.db").read_bytes() == before
    said = run("write", "-", "--json", stdin=WORDS)
    assert NOTE not in said.out + said.err
    assert NOTE not in run("write", "-", stdin=WORDS).out


def test_a_broken_setting_loses_nothing(home: Path, run: Run, at_terminal: AtTerminal) -> None:
    """Where the settings can't be read, the entry is stored all the same, and it is said why there is no mirror."""
    switch(home, "languge_mirror = true\n")
    seen = typed(at_terminal)
    assert "the language mirror is not shown: there is no setting 'languge_mirror'" in seen
    assert run("list", "--json").json[0]["text"] == WORDS
