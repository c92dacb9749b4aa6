"""The journal file is opened with the settings that keep words safe, and SQLite's answers become our own errors."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reflect.errors import Busy, Damaged, NewerVersion, NotFound, ReflectError, StorageRefused
from reflect.journal import Journal
from reflect.store import engine


@pytest.fixture
def path(journal: Journal) -> Path:
    """A journal file."""
    return journal.places.database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("synchronous", 2),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 10_000),
        ("journal_mode", "truncate"),
        ("application_id", engine.APPLICATION_ID),
        ("user_version", engine.SCHEMA),
    ],
)
def test_settings_hold_on_every_connection(path: Path, name: str, value: int | str) -> None:
    """Each setting that safety rests on is in force, read back from SQLite."""
    with closing(engine.connect(path)) as connection:
        assert connection.execute(f"PRAGMA {name}").fetchone()[0] == value


def test_a_write_is_whole_or_absent(path: Path) -> None:
    """What fails in the middle of a change leaves nothing of it, and no transaction open."""
    with closing(engine.connect(path)) as connection:
        change = engine.write(connection, path)
        change.__enter__()
        connection.execute("INSERT INTO kept VALUES ('half', '', 'x')")
        error = ZeroDivisionError()
        assert not change.__exit__(type(error), error, None)
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM kept WHERE name = 'half'").fetchone()[0] == 0
        with engine.write(connection, path):
            connection.execute("INSERT INTO kept VALUES ('whole', '', 'x')")
    with closing(engine.connect(path)) as again:
        assert again.execute("SELECT value FROM kept WHERE name = 'whole'").fetchone()[0] == "x"


def test_a_write_begins_by_taking_its_turn(path: Path) -> None:
    """From its first moment a change holds the journal, so that what it reads still stands when it writes."""
    with (
        closing(engine.connect(path)) as connection,
        closing(engine.connect(path)) as other,
        engine.write(connection, path),
        pytest.raises(Busy),
        engine.write(other, path, wait_ms=1),
    ):
        pytest.fail("both write at once")


def test_a_short_wait_is_for_one_change_only(path: Path) -> None:
    """After a change that would not wait long, the connection waits as long as ever."""
    with closing(engine.connect(path)) as connection:
        with engine.write(connection, path, wait_ms=1):
            pass
        assert connection.execute("PRAGMA busy_timeout").fetchone()[0] == engine.WAIT_MS


def test_nothing_but_the_file_is_left_at_rest(path: Path) -> None:
    """After a change the file beside the journal holds no byte: a copy of the one file is a whole journal."""
    with closing(engine.connect(path)) as connection, engine.write(connection, path):
        connection.execute("INSERT INTO kept VALUES ('x', '', 'secret')")
    assert {each.name: each.stat().st_size for each in path.parent.glob("journal.db-*")} == {"journal.db-journal": 0}


def test_a_name_with_odd_signs_is_a_path_like_any_other(tmp_path: Path, path: Path) -> None:
    """Signs that mean something in an address (? # %) mean nothing in a folder's name."""
    for name in ("what? #1 100%25", "Über uns", "a&mode=memory", "x;y"):
        odd = tmp_path / name / "journal.db"
        odd.parent.mkdir()
        odd.write_bytes(path.read_bytes())
        with closing(engine.connect(odd)) as connection, engine.write(connection, odd):
            connection.execute("INSERT INTO kept VALUES ('x', '', 'y')")
        assert {each.name for each in odd.parent.iterdir()} == {"journal.db", "journal.db-journal"}


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    """Opening what isn't there is an error, and makes nothing."""
    with pytest.raises(NotFound):
        engine.connect(tmp_path / "none.db")
    with pytest.raises(StorageRefused):
        engine.raw(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_the_newest_copy_is_named_for_an_emptied_journal(tmp_path: Path) -> None:
    """Where there are copies, the error says which one to look at; otherwise where to look."""
    empty = tmp_path / "journal.db"
    empty.touch()
    with pytest.raises(Damaged, match="a copy of your own"):
        engine.connect(empty)
    (tmp_path / "backups").mkdir()
    for name in ("2026-01-01-000000-x.db", "2026-03-01-000000-x.db", "2026-02-01-000000-x.db"):
        (tmp_path / "backups" / name).touch()
    with pytest.raises(Damaged, match="2026-03-01"):
        engine.connect(empty)


def test_a_newer_format_under_way_is_decided_after_its_rollback(path: Path) -> None:
    """While a side file says that a change was cut off, the file's first bytes alone refuse nothing."""
    content = bytearray(path.read_bytes())
    content[60:64] = (engine.SCHEMA + 1).to_bytes(4, "big")
    path.write_bytes(content)
    with pytest.raises(NewerVersion):
        engine.check_header(path)
    path.with_name("journal.db-journal").write_bytes(bytes(12))  # as a power cut leaves one that was just begun
    engine.check_header(path)
    with pytest.raises(NewerVersion):
        engine.connect(path)


@pytest.mark.parametrize(
    ("side", "content", "refused"),
    [
        ("-wal", b"\x37\x7f\x06\x82 another journal's changes", True),
        ("-wal", b"", False),
        ("-journal", b"a shopping list", True),
        ("-journal", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7 and more", False),
        ("-journal", b"\xd9\xd5\x05\xf9\x20\xa1\0\0\0", False),  # written by half
        ("-journal", bytes(512), False),
        ("-journal", b"", False),
    ],
)
def test_row_52_unfinished_changes_of_another_file_are_refused(
    path: Path, side: str, content: bytes, *, refused: bool
) -> None:
    """Row 52: what SQLite would write into the journal, and did not come from it, is named and left."""
    beside = path.with_name(path.name + side)
    beside.write_bytes(content)
    if refused:
        with pytest.raises(Damaged, match=side):
            engine.connect(path)
        assert beside.read_bytes() == content
    else:
        engine.check_header(path)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, Busy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Busy),
        (sqlite3.SQLITE_LOCKED, Busy),
        (sqlite3.SQLITE_FULL, StorageRefused),
        (sqlite3.SQLITE_READONLY, StorageRefused),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StorageRefused),
        (sqlite3.SQLITE_CANTOPEN, StorageRefused),
        (sqlite3.SQLITE_PERM, StorageRefused),
        (sqlite3.SQLITE_IOERR_WRITE, StorageRefused),
        (sqlite3.SQLITE_IOERR_FSYNC, StorageRefused),
        (sqlite3.SQLITE_CORRUPT, Damaged),
        (sqlite3.SQLITE_CORRUPT_VTAB, Damaged),
        (sqlite3.SQLITE_NOTADB, Damaged),
        (sqlite3.SQLITE_ERROR, ReflectError),
    ],
)
def test_each_answer_of_sqlite_has_its_meaning(tmp_path: Path, code: int, kind: type[ReflectError]) -> None:
    """Every kind of refusal, with its finer codes, becomes the error with the contract's exit code, the file named."""

    def fail() -> None:
        error = sqlite3.OperationalError("as SQLite says")
        error.sqlite_errorcode = code
        raise error

    with pytest.raises(ReflectError) as raised, engine.translated(tmp_path / "j.db"):
        fail()
    assert type(raised.value) is kind
    assert raised.value.where == str(tmp_path / "j.db")


def test_a_connection_knows_which_file_it_opened(path: Path) -> None:
    """It keeps the file's device and number, by which a change of file under the same name is noticed."""
    with closing(engine.connect(path)) as connection:
        found = path.stat()
        assert connection.opened == (found.st_dev, found.st_ino)
        path.rename(path.with_name("moved.db"))
        with pytest.raises(Damaged, match="moved or replaced"), engine.write(connection, path):
            pytest.fail("the write began")
