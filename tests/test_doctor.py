"""Doctor finds what is wrong with a journal and its privacy, names it by a code that stays, and writes nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from reflect import config, doctor, drafts
from reflect.errors import Busy, Damaged, NewerVersion, NotFound
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.store import engine, migrations
from tests.conftest import NOW, Run
from tests.safety.conftest import digest_of


@pytest.fixture
def places(journal: Journal) -> config.Places:
    """The places of a journal with two entries."""
    journal.write(from_text("the heliotrope stood there"), Details())
    journal.write(from_text("and the saxifrage"), Details())
    return journal.places


def codes(places: config.Places, level: str = "") -> set[str]:
    """The codes of what was found, all or those of one level."""
    return {each.code for each in doctor.examine(places) if level in ("", each.level)}


def test_a_sound_journal_has_no_fault_and_stays_as_it_is(places: config.Places) -> None:
    """All that can be sound is said to be; what can't be helped is a note; no byte changes."""
    before = digest_of(places.home)
    assert codes(places, "fault") == set()
    assert codes(places, "good") == {"structure", "index", "words", "permissions"}
    assert "not-encrypted" in codes(places, "note")
    assert digest_of(places.home) == before
    doctor.raise_if_at_fault(doctor.examine(places))


def _sql(statement: str) -> Callable[[config.Places], None]:
    def change(places: config.Places) -> None:
        with closing(sqlite3.connect(places.database, isolation_level=None)) as other:
            other.execute("PRAGMA writable_schema=ON")
            other.execute(statement)

    return change


def _overwrite(old: bytes, new: bytes) -> Callable[[config.Places], None]:
    def change(places: config.Places) -> None:
        places.database.write_bytes(places.database.read_bytes().replace(old, new))

    return change


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_overwrite(b"the heliotrope", b"the heliotropf"), "words-damaged"),
        (_overwrite(b"the heliotrope", b"the hel\xff\xfetrope"), "words-damaged"),
        (_sql("UPDATE entry SET about = 'x'"), "words-damaged"),
        (_sql("DELETE FROM entry_fts_data WHERE id > 10"), "index-damaged"),
        (_sql("INSERT INTO entry_fts (rowid, text, about) VALUES (7, 'nobody', '')"), "index-damaged"),
        (_sql("UPDATE entry_fts_config SET v = 99 WHERE k = 'version'"), "index-newer"),
        (_sql("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'entry_by_time'"), "structure-damaged"),
        (lambda places: places.database.write_bytes(b""), "journal-unusable"),
        (lambda places: places.database.write_bytes(b"not a journal"), "journal-unusable"),
        (lambda places: places.database.chmod(0o640), "permissions-open"),
        (lambda places: places.journal.chmod(0o755), "permissions-open"),
    ],
)
def test_each_fault_has_its_code(places: config.Places, damage: Callable[[config.Places], None], code: str) -> None:
    """What is broken is found and named, ends with exit 7, and is left as it is."""
    damage(places)
    before = digest_of(places.home)
    found = doctor.examine(places)
    assert code in {each.code for each in found if each.level == "fault"}
    with pytest.raises(Damaged, match=code) as raised:
        doctor.raise_if_at_fault(found)
    assert raised.value.exit_code == 7
    assert digest_of(places.home) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("what", ["drafts", "a draft", "backups", "a copy"])
def test_what_others_could_read_is_named(journal: Journal, what: str) -> None:
    """Drafts and copies must be private, too, and the open one is named."""
    places = journal.places
    copy = migrations.backup(journal._db, places.database, journal.now, "x")
    draft = drafts.keep(places.drafts, journal.now, "words", {})
    path = {"drafts": places.drafts, "a draft": draft, "backups": places.backups, "a copy": copy}[what]
    assert codes(places, "fault") == set()
    path.chmod(path.stat().st_mode | 0o044)
    (fault,) = (each for each in doctor.examine(places) if each.level == "fault")
    assert (fault.code, str(path) in fault.text) == ("permissions-open", True)


def test_what_waits_or_was_left_is_noted(places: config.Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafts, copies of a sync service, a second name, a full disk: told, and no fault."""
    drafts.keep(places.drafts, datetime.fromisoformat(NOW), "words", {})
    (places.journal / "journal (conflicted copy).db").touch()
    os.link(places.database, places.home / "second.db")
    monkeypatch.setattr(doctor, "LOW_DISK", 10**18)
    assert {"drafts", "conflict-copy", "hard-link", "disk-low"} <= codes(places, "note")
    assert codes(places, "fault") == set()


def test_what_can_not_be_looked_at_is_an_error_of_its_own(
    places: config.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No journal, a newer one, one that another holds: each ends with its own exit code."""
    with pytest.raises(NotFound):
        doctor.examine(config.Places(places.home / "none", places.home / "none"))
    monkeypatch.setattr(engine, "WAIT_MS", 20)
    with closing(sqlite3.connect(places.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy):
            doctor.examine(places)
        other.execute("ROLLBACK")
        other.execute("PRAGMA user_version=99")
    with pytest.raises(NewerVersion):
        doctor.examine(places)


def test_while_another_writes_the_index_is_waited_for(places: config.Places, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock is no damage: it is said that another is writing."""
    monkeypatch.setattr(engine, "WAIT_MS", 20)
    with closing(sqlite3.connect(places.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            doctor.examine(places)
        other.execute("ROLLBACK")


def test_before_the_first_entry_there_is_nothing_to_check(run: Run, home: Path) -> None:
    """Without a journal doctor says so with exit 4 and makes none."""
    assert "no journal" in run("doctor", code=4).err
    assert not home.exists()


def test_the_screen_says_the_same_as_the_json(run: Run) -> None:
    """Each finding is one line with its weight; with --json each has a code, a level and a text."""
    run("write", "-", stdin="words")
    found = run("doctor", "--json").json
    assert {frozenset(each) for each in found} == {frozenset({"code", "level", "text"})}
    lines = run("doctor").out.splitlines()
    assert len(lines) == len(found)
    for line, each in zip(lines, found, strict=True):
        assert line.startswith(each["level"])
        assert each["text"] in line
