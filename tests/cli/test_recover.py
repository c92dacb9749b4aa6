"""`reflect recover` makes a new file of what a damaged one still holds, and says what it could not read."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

from tests.cli.conftest import Here, Write
from tests.conftest import Run


def test_a_damaged_journal_comes_back_by_recover_and_restore(write: Write, run: Run, home: Path) -> None:
    """From exit 7 to a sound journal by the two commands that doctor names; the damaged file is kept."""
    written = {write(f"words of {number}")["id"] for number in range(5)}
    path = home / "journal.db"
    damaged = b"\xff" * 64 + path.read_bytes()[64:]
    path.write_bytes(damaged)
    assert "reflect recover" in run("doctor", code=7).err
    made = run("recover", "--json").json
    assert (made["entries"], made["doubtful"], made["lost"]) == (5, [], [])
    assert path.read_bytes() == damaged
    out = run("recover").out
    assert f"Read 5 entries and 0 older wordings into {home / 'backups'}" in out
    run("restore", made["path"], "--yes")
    assert {entry["id"] for entry in run("list", "--json").json} == written
    assert run("doctor").code == 0
    assert [kept.read_bytes() for kept in (home / "backups").glob("*.damaged")] == [damaged]


def test_where_nothing_can_be_read_it_says_so(run: Run, home: Path) -> None:
    """A missing file is exit 4; one that holds no entry is exit 7; nothing is made."""
    run("recover", code=4)
    home.mkdir(exist_ok=True)
    (home / "journal.db").write_bytes(b"Shopping list\n")
    run("recover", code=7)
    assert list((home / "backups").glob("*")) == []


def test_a_file_may_be_named_from_where_one_stands(here: Here, home: Path, tmp_path: Path) -> None:
    """A relative path is as good as a whole one."""
    here("write", "Said.")
    with chdir(tmp_path):
        ran = here("recover", str((home / "journal.db").relative_to(tmp_path)))
    assert ran.exit_code == 0, ran.stderr
    assert "Read 1 entries" in ran.stdout
