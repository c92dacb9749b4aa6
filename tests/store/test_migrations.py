"""A journal is made whole, brought up to date whole, and copied before anything is changed in it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reflect import config
from reflect.errors import Damaged
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.store import engine, migrations
from tests.conftest import NOW

if TYPE_CHECKING:
    from sqlite_utils.migrations import Migrations

WHEN = datetime.fromisoformat(NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal will be."""
    return tmp_path / "home" / "journal.db"


def test_a_new_journal_is_whole_and_private(path: Path) -> None:
    """It has our application id and format, a sound structure, mode 0600, and nothing beside it but its side file."""
    migrations.create(path)
    with closing(engine.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("PRAGMA user_version").fetchone()[0] == engine.SCHEMA
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {"entry", "version", "tag", "choice", "suggestion", "action", "entry_fts"} <= tables
        assert {"layer", "layer_fts", "revisit", "outcome", "batch", "batch_entry", "undo", "erased"} <= tables
        assert not list(connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_nlink == 1
    assert {each.name for each in path.parent.iterdir()} <= {"journal.db", "journal.db-journal"}


def test_the_format_is_the_number_of_steps() -> None:
    """Whoever adds a step raises the format, too."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        from sqlite_utils import Database

        assert len(list(migrations._steps().pending(Database(connection)))) == engine.SCHEMA


def test_who_comes_second_takes_what_is_there(path: Path) -> None:
    """Making a journal where one has appeared meanwhile leaves that one, and nothing of the other."""
    migrations.create(path)
    with closing(engine.connect(path)) as connection, engine.write(connection, path):
        connection.execute("INSERT INTO kept VALUES ('mine', '', 'x')")
    migrations.create(path)
    with closing(engine.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone()[0] == 1
    assert list(path.parent.glob(".new-*")) == []


def test_without_hard_links_it_is_renamed_into_place(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system without hard links the journal is made all the same, and never over another."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    migrations.create(path)
    before = path.read_bytes()
    migrations.create(path)
    assert path.read_bytes() == before
    assert list(path.parent.glob(".new-*")) == []


def test_a_failure_on_the_way_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When making it fails, there is no journal and no half of one."""

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(migrations, "_apply", fail)
    with pytest.raises(Exception, match="disk I/O error"):
        migrations.create(path)
    assert list(path.parent.iterdir()) == []


def test_a_home_with_copies_is_not_begun_afresh(path: Path) -> None:
    """Copies without a journal mean a lost journal, and none is made in its place."""
    (path.parent / "backups").mkdir(parents=True)
    (path.parent / "backups" / "2026-01-01-000000-x.db").touch()
    with pytest.raises(Damaged, match="copies"):
        migrations.create(path)
    assert not path.exists()


def test_a_journal_of_the_second_format_keeps_all_it_holds(path: Path) -> None:
    """A journal made before layers and batches comes up to date with its versions, actions and marks as they were."""
    from sqlite_utils import Database

    migrations.create(path)
    path.unlink()
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        db = Database(old)
        old.execute("BEGIN")
        migrations._steps().apply(db, stop_before="keeping")
        old.execute(f"PRAGMA application_id={engine.APPLICATION_ID}")
        old.execute("PRAGMA user_version=2")
        old.execute(
            "INSERT INTO entry VALUES (7, 2, 'new words', NULL, NULL, 'Board', '', 1, '2026-01-01T12:00:00+00:00',"
            " 'day', '2026-01-01T12:00:00+00:00', '2026-01-02T12:00:00+00:00', 'UTC', 5)"
        )
        old.execute("INSERT INTO version VALUES (7, 1, 'ö words', '2026-01-01T12:00:00+00:00')")
        old.execute("INSERT INTO action VALUES (9, 'ring', 7, '2026-01-01', '', 'kept', '2026-01-02', 'done')")
        old.execute("COMMIT")
    with Journal(config.Places(path.parent, path.parent), WHEN) as journal:
        row = journal._db.execute("SELECT text, answers, checksum FROM version").fetchone()
        assert tuple(row) == ("ö words", "", zlib.crc32("ö words".encode()))
        (action,) = journal.actions(only_open=False)
        assert (action.text, action.state, action.note, action.intended) == ("ring", "kept", "done", "")
        assert journal._db.execute("PRAGMA user_version").fetchone()[0] == engine.SCHEMA
        assert journal._db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert len(list((path.parent / "backups").glob("*before-format-3*.db"))) == 1


def test_every_table_of_a_journal_is_strict_and_every_reference_is_indexed(path: Path) -> None:
    """Types are kept by SQLite itself, and removing an entry never walks through a whole table of what hangs on it."""
    migrations.create(path)
    with closing(engine.connect(path)) as connection:
        ours = [
            row[1]
            for row in connection.execute("PRAGMA table_list")
            if row[2] == "table" and not row[1].startswith(("sqlite_", "_sqlite", "entry_fts", "layer_fts"))
        ]
        strict = {row[1] for row in connection.execute("PRAGMA table_list") if row[5]}
        assert set(ours) <= strict
        small = {("undo", "action"), ("undo", "batch"), ("undo", "mark"), ("undo", "layer")}  # a log of few steps
        for table in ours:
            for _, _, to, column, *_ in connection.execute(f"PRAGMA foreign_key_list({table})"):
                asked = f"EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = 1"  # noqa: S608
                plan = connection.execute(asked).fetchall()
                assert "SEARCH" in plan[0][3] or (table, column) in small, (table, column, to, plan[0][3])


# -- upgrades, tried with a step that no release has yet ---------------------------------------


@pytest.fixture
def _later_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this reflect be one format newer than the journals it finds."""
    steps_so_far = migrations._steps

    def steps() -> Migrations:
        found = steps_so_far()

        @found()
        def mood(db: Any) -> None:
            db.conn.execute("ALTER TABLE entry ADD COLUMN later TEXT NOT NULL DEFAULT 'new'")

        return found

    monkeypatch.setattr(migrations, "_steps", steps)
    monkeypatch.setattr(engine, "SCHEMA", engine.SCHEMA + 1)
    # The default of a parameter was read when the function was made.
    monkeypatch.setitem(engine.connect.__kwdefaults__, "schema", engine.SCHEMA)
    monkeypatch.setitem(engine.check_header.__kwdefaults__, "schema", engine.SCHEMA)


@pytest.fixture
def older(path: Path) -> Path:
    """A journal in the format of today, with an entry."""
    with Journal(config.Places(path.parent, path.parent), WHEN) as journal:
        journal.write(from_text("words of before"), Details())
    return path


def state(path: Path) -> tuple[int, list[str]]:
    """A journal's format and its entries' words."""
    with closing(sqlite3.connect(path)) as connection:
        return (
            connection.execute("PRAGMA user_version").fetchone()[0],
            [row[0] for row in connection.execute("SELECT text FROM entry")],
        )


def test_an_older_journal_is_copied_and_brought_up_to_date(older: Path, request: pytest.FixtureRequest) -> None:
    """Opening an older journal copies it first, then brings it up to date; opening it again does neither."""
    before = engine.SCHEMA
    request.getfixturevalue("_later_step")
    for _ in range(2):
        with Journal(config.Places(older.parent, older.parent), WHEN) as journal:
            assert [entry.text for entry in journal.find(Filters())] == ["words of before"]
            assert journal._db.execute("SELECT later FROM entry").fetchone()[0] == "new"
    (copy,) = (older.parent / "backups").glob("*.db")
    assert f"before-format-{before + 1}" in copy.name
    assert state(copy) == (before, ["words of before"])
    assert state(older) == (before + 1, ["words of before"])


def test_a_step_that_fails_changes_nothing(
    older: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a step fails half-way, the journal is as it was, in its old format, and the copy is there."""
    before = engine.SCHEMA
    request.getfixturevalue("_later_step")
    whole = migrations._steps

    def broken() -> Migrations:
        found = whole()

        @found()
        def fails(db: Any) -> None:
            db.conn.execute("UPDATE entry SET text = 'half done'")
            db.conn.execute("SELECT no_such_function()")

        return found

    monkeypatch.setattr(migrations, "_steps", broken)
    with pytest.raises(Exception, match="no_such_function"):
        Journal(config.Places(older.parent, older.parent), WHEN)
    assert state(older) == (before, ["words of before"])
    assert len(list((older.parent / "backups").glob("*.db"))) == 1


def test_two_who_upgrade_at_once_do_it_once(older: Path, request: pytest.FixtureRequest) -> None:
    """Who waited while another brought the journal up to date finds it done and does nothing twice."""
    with closing(engine.connect(older)) as first, closing(engine.connect(older)) as second:
        request.getfixturevalue("_later_step")
        assert migrations.upgrade(first, older, WHEN)
        migrations._apply(second, migrations.a_journal())  # it had seen the old format before the first one was done
        assert migrations.upgrade(second, older, WHEN) is None
    assert state(older)[0] == engine.SCHEMA
    with closing(sqlite3.connect(older)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(entry)")]
    assert columns.count("later") == 1


def test_a_newer_journal_is_not_brought_down(older: Path, request: pytest.FixtureRequest) -> None:
    """A journal that is up to date, or ahead, is neither copied nor changed."""
    with closing(engine.connect(older)) as connection:
        before = older.read_bytes()
        assert migrations.upgrade(connection, older, WHEN) is None
    assert older.read_bytes() == before
    assert not (older.parent / "backups").exists()


_UPGRADER = """
import os, sys, sqlite3
from datetime import datetime
from pathlib import Path
from reflect import config
from reflect.journal import Journal
from reflect.store import engine, migrations

step, home = int(sys.argv[1]), Path(sys.argv[2])
steps_so_far = migrations._steps

def steps():
    found = steps_so_far()

    @found()
    def later(db):
        calls = 0
        def stop(*_):
            nonlocal calls
            calls += 1
            if calls == step:
                os.kill(os.getpid(), 9)
        db.conn.set_trace_callback(stop)
        db.conn.execute("ALTER TABLE entry ADD COLUMN later TEXT NOT NULL DEFAULT 'new'")
        db.conn.execute("UPDATE entry SET later = text")
        db.conn.execute("CREATE INDEX by_later ON entry (later)")

    return found

migrations._steps = steps
engine.SCHEMA += 1
engine.connect.__kwdefaults__["schema"] = engine.check_header.__kwdefaults__["schema"] = engine.SCHEMA
Journal(config.Places(home, home), datetime.now().astimezone())
"""


def test_a_kill_at_each_step_leaves_old_or_new(older: Path) -> None:
    """Killed at any statement of an upgrade, the journal is in its old format or its new one, never between."""
    before = engine.SCHEMA
    seen = set()
    for step in (1, 2, 3, 4, 6, 9, 12, 16, 20, 25, 30, 40, 60, 100):
        subprocess.run(
            [sys.executable, "-c", _UPGRADER, str(step), str(older.parent)], check=False, capture_output=True
        )
        version, words = state(older)
        seen.add(version)
        assert words == ["words of before"]
        with closing(sqlite3.connect(older)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            has_column = "later" in [row[1] for row in connection.execute("PRAGMA table_info(entry)")]
        assert has_column == (version == before + 1)
        if version > before:
            break
    assert seen == {before, before + 1}
    assert list((older.parent / "backups").glob("*.db"))
