"""`reflect restore` says what would come of it first, asks, and loses nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run
from tests.safety.conftest import digest_of


def texts(run: Run) -> set[str]:
    """The words of every entry."""
    return {entry["text"] for entry in run("list", "--json").json}


@pytest.fixture
def copy(write: Write, run: Run) -> str:
    """A copy of a journal with one entry, after which another is written."""
    write("before the copy")
    path = run("backup", "--json").json["path"]
    write("after the copy")
    return str(path)


def test_a_dry_run_says_what_would_come_of_it_and_changes_nothing(run: Run, home: Path, copy: str) -> None:
    """Numbers of entries on both sides, and where they differ; no byte changes."""
    before = digest_of(home)
    out = run("restore", copy, "--dry-run").out
    assert "Only here: 1 entry." in out
    assert "Nothing was changed." in out
    found = run("restore", copy, "--dry-run", "--json").json
    assert found["restored"] is False
    assert (found["entries"], found["entries_here"], found["only_here"], found["only_there"]) == (1, 2, 1, 0)
    assert digest_of(home) == before


def test_row_65_newer_entries_here_stop_it(run: Run, home: Path, copy: str) -> None:
    """Row 65: without --yes a copy that lacks what is here is refused with exit 3 and both ways on are named."""
    before = digest_of(home)
    ran = run("restore", copy, code=3)
    assert "--merge" in ran.err
    assert "--yes" in ran.err
    assert digest_of(home) == before


def test_row_65_with_yes_what_was_here_is_kept_and_can_come_back(run: Run, copy: str) -> None:
    """Row 65: going back to a copy keeps the present journal beside, and merging that brings all of it back."""
    done = run("restore", copy, "--yes", "--json").json
    assert done["restored"] is True
    assert texts(run) == {"before the copy"}
    run("restore", done["kept"], "--merge", "--yes")
    assert texts(run) == {"before the copy", "after the copy"}


def test_row_65_merging_keeps_both(run: Run, copy: str, write: Write) -> None:
    """Row 65: --merge takes in what the copy has more and says how much."""
    gone = next(entry for entry in run("list", "--json").json if entry["text"] == "before the copy")
    run("edit", gone["id"], "-", stdin="changed here")
    assert "Took in 0 entries." in run("restore", copy, "--merge", "--yes").out
    assert texts(run) == {"changed here", "after the copy"}


def test_it_asks_at_a_terminal(at_terminal: AtTerminal, run: Run, copy: str) -> None:
    """A person sees what would change and says yes or no; no changes nothing."""
    screen = at_terminal("restore", copy).see("[y/N]").answer("n").leave()
    assert "Only here: 1 entry." in screen
    assert "Nothing was changed." in screen
    assert len(texts(run)) == 2
    at_terminal("restore", copy).see("[y/N]").answer("y").leave()
    assert len(texts(run)) == 1


def test_without_a_terminal_it_needs_yes(write: Write, run: Run) -> None:
    """Nobody there to confirm: exit 2, and nothing changes."""
    write("words")
    copy = run("backup", "--json").json["path"]
    assert "--yes" in run("restore", copy, code=2).err


def test_an_erased_entry_stays_away(write: Write, run: Run, home: Path) -> None:
    """What was erased is told of as staying so, and is not in the journal."""
    gone, _ = write("to be erased"), write("stays")
    shutil.copy2(home / "journal.db", home.parent / "old.db")
    run("erase", gone["id"], "--yes")
    assert "Erased since, and stays so: 1 entry." in run("restore", str(home.parent / "old.db"), "--yes").out
    assert texts(run) == {"stays"}


def test_a_journal_that_is_gone_comes_back(run: Run, home: Path, copy: str) -> None:
    """With copies and no journal every command names the way, and that way works."""
    (home / "journal.db").unlink()
    assert f"reflect restore {Path(copy).name}" in run("list", code=7).err
    run("restore", Path(copy).name, "--yes")
    assert texts(run) == {"before the copy"}


@pytest.mark.parametrize(("name", "code"), [("nothing.db", 4), ("damaged.db", 7)])
def test_what_can_not_come_back_is_named(run: Run, home: Path, copy: str, name: str, code: int) -> None:
    """A missing file is exit 4, a damaged one exit 7; the journal stays as it was."""
    content = Path(copy).read_bytes()
    (home / "damaged.db").write_bytes(content[:9000])
    (home / "damaged.db").chmod(0o600)
    before = digest_of(home)
    ran = run("restore", str(home / name), "--yes", code=code)
    assert "Next:" in ran.err
    assert digest_of(home) == before
