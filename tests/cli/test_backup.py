"""`reflect backup` makes a copy anybody can rely on, and says where it is."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Write
from tests.conftest import Run, bytes_under


def test_a_copy_is_made_named_by_its_day_and_checked(write: Write, run: Run, home: Path) -> None:
    """The path and the number of entries are said; --list names it; a second copy is another file."""
    write("words")
    made = run("backup", "--json").json
    path = Path(made["path"])
    assert path.parent == home / "backups"
    assert path.name.startswith("2026-11-20-160000-")
    assert (made["entries"], made["damaged_entries"]) == (1, 0)
    assert "Copied 1 entry to" in run("backup").out
    listed = run("backup", "--list", "--json").json
    assert [set(each) for each in listed] == [{"path", "reason", "elsewhere", "is_there"}] * 2
    assert str(path) in {each["path"] for each in listed}
    assert path.name in run("backup", "--list").out


def test_a_copy_goes_where_it_is_told_and_over_nothing(write: Write, run: Run, tmp_path: Path) -> None:
    """-o names a folder or a free file; a file that is there is refused with exit 3, a missing folder with 4."""
    write("words")
    (tmp_path / "stick").mkdir()
    made = Path(run("backup", "-o", str(tmp_path / "stick"), "--json").json["path"])
    assert made.parent == tmp_path / "stick"
    assert made.name.startswith("reflect-2026-11-20")
    run("backup", "-o", str(tmp_path / "mine.db"))
    assert "there already" in run("backup", "-o", str(tmp_path / "mine.db"), code=3).err
    run("backup", "-o", str(tmp_path / "none" / "mine.db"), code=4)
    for path in (made, tmp_path / "mine.db"):
        assert path.stat().st_mode & 0o777 == 0o600


def test_before_the_first_entry_the_list_is_empty(run: Run, home: Path) -> None:
    """Listing makes nothing and says that there is nothing."""
    assert run("backup", "--list", "--json").json == []
    assert "No copies yet" in run("backup", "--list").out
    assert not home.exists()


def test_erasing_reaches_a_copy_elsewhere_and_names_one_that_is_away(write: Write, run: Run, tmp_path: Path) -> None:
    """A copy on a stick loses the words; when the stick is away it is named with exit 5, and can be forgotten."""
    one, two = write("ZqxOne"), write("ZqxTwo")
    (tmp_path / "stick").mkdir()
    path = run("backup", "-o", str(tmp_path / "stick"), "--json").json["path"]
    assert "1 of our own copies rewritten" in run("erase", one["id"], "--yes").out
    assert b"zqxone" not in bytes_under(tmp_path).lower()
    (tmp_path / "stick").rename(tmp_path / "away")
    ran = run("erase", two["id"], "--yes", code=5)
    assert path in ran.err
    assert "backup --forget" in ran.err
    assert "not there now" in run("backup", "--list").out
    assert path in run("backup", "--forget", path).out
    run("backup", "--forget", path, code=4)
    assert run("backup", "--list", "--json").json == []


def test_what_erasing_can_not_rewrite_is_named_each_time(write: Write, run: Run, home: Path) -> None:
    """A damaged journal that was put aside, and a sync service's copy that holds the entry, are named with exit 5."""
    write("stays")
    run("backup")
    path = home / "journal.db"
    path.write_bytes(path.read_bytes()[:9000])
    run("restore", "2026", "--yes")
    entry = write("to be erased")
    conflict = home / "journal (conflicted copy).db"
    conflict.write_bytes(path.read_bytes())
    conflict.chmod(0o600)
    (aside,) = (home / "backups").glob("*.damaged")
    ran = run("erase", entry["id"], "--yes", code=5)
    assert str(aside) in ran.err
    assert str(conflict) in ran.err
    assert "gone from the journal" in ran.err
    aside.unlink()
    other = write("to be erased, too")
    assert "Erased" in run("erase", other["id"], "--yes").out  # the conflict copy never had it
