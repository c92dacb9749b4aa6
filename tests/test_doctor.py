"""Doctor finds what is wrong with a journal and its privacy, names it by a code that stays, and writes nothing."""

from __future__ import annotations

import os
import re
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
from reflect.models import Filters
from reflect.store import engine
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
    assert {"not-encrypted", "no-copies"} <= codes(places, "note")
    assert digest_of(places.home) == before
    doctor.raise_if_at_fault(doctor.examine(places))


def _sql(statement: str) -> Callable[[config.Places], None]:
    def change(places: config.Places) -> None:
        with closing(sqlite3.connect(places.database, isolation_level=None)) as other:
            other.execute("PRAGMA writable_schema=ON")
            other.execute(statement)

    return change


def _beside(name: str, content: bytes) -> Callable[[config.Places], None]:
    def change(places: config.Places) -> None:
        (places.journal / name).write_bytes(content)

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
        (_beside("journal.db-wal", b"\x37\x7f\x06\x82 another journal's changes"), "side-file"),
        (_beside("journal.db-journal", b"a shopping list"), "side-file"),
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
    copy = journal.backup().path
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
    (places.journal / ".copy-12345678.part").touch()
    os.link(places.database, places.home / "second.db")
    monkeypatch.setattr(doctor, "LOW_DISK", 10**18)
    assert {"drafts", "conflict-copy", "hard-link", "disk-low", "leftovers"} <= codes(places, "note")
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


def test_every_code_is_listed(places: config.Places) -> None:
    """The list of codes names each one that a finding can have; `docs/safety.md` has the same list."""
    source = Path(doctor.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r'Finding\(\s*"([a-z-]+)"', source)) | {"side-file", "journal-unusable"}
    assert used == set(doctor.CODES)
    assert {each.code for each in doctor.examine(places)} <= set(doctor.CODES)


# -- copies --------------------------------------------------------------------------------------


def test_whole_copies_are_said_to_be(journal: Journal, places: config.Places) -> None:
    """Copies here and elsewhere are opened and counted, and keep every byte."""
    journal.backup()
    (places.home.parent / "stick").mkdir()
    journal.backup(places.home.parent / "stick")
    before = digest_of(places.home.parent)
    found = {each.code: each for each in doctor.examine(places)}
    assert found["copies"].text == "2 copies are whole"
    assert digest_of(places.home.parent) == before


def test_a_copy_that_is_not_whole_is_a_fault(journal: Journal, places: config.Places) -> None:
    """A damaged copy is named before anybody needs it, and what to do is said."""
    copy = journal.backup().path
    copy.write_bytes(copy.read_bytes().replace(b"the heliotrope", b"the heliotropf"))
    (fault,) = (each for each in doctor.examine(places) if each.level == "fault")
    assert (fault.code, str(copy) in fault.text) == ("copy-damaged", True)
    with pytest.raises(Damaged, match="make a new copy"):
        doctor.raise_if_at_fault([fault])


def test_a_copy_that_is_missing_or_holds_what_was_erased_is_named(journal: Journal, places: config.Places) -> None:
    """A copy that was away while its entry was erased is named, then and when it is back; --repair takes it out."""
    entry = journal.write(from_text("ZqxSecret"), Details()).entry
    stick = places.home.parent / "stick"
    stick.mkdir()
    copy = journal.backup(stick).path
    stick.rename(places.home.parent / "away")
    journal.erase(entry)
    assert "copy-missing" in codes(places, "note")
    (places.home.parent / "away").rename(stick)
    assert codes(places, "fault") == {"copy-holds-erased"}
    assert {each.code for each in doctor.repair(places, journal.now)} == {"copy-holds-erased"}
    assert codes(places, "fault") == set()
    assert b"ZqxSecret" not in copy.read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"revist = false", "there is no setting 'revist'"),
        (b"revist = false", "did you mean revisit?"),
        (b"revisit = [", "the settings can't be read"),
        (b"revisit = 3", "the setting revisit can't be 3"),
        (b"caf\xe9 = 3", "the settings can't be read"),
        (b"[aliases]\nweek = 'lst'", "did you mean list?"),
        (b"[aliases]\nlist = 'list -n 5'", "is a command of reflect"),
    ],
)
def test_settings_that_are_wrong_are_told(run: Run, home: Path, content: bytes, said: str) -> None:
    """What is wrong in config.toml is a fault of its own, with exit code 3; the journal is sound beside it."""
    run("list")
    (home / "config.toml").write_bytes(content)
    answer = run("doctor", "--json", code=3)
    (found,) = [each for each in answer.json if each["level"] == "fault"]
    assert found["code"] == "settings-broken"
    assert said in found["text"]
    assert "config.toml" in found["text"]
    assert "Traceback" not in answer.err


def test_settings_that_are_right_are_said_to_be(run: Run, home: Path) -> None:
    """A config.toml that says only what is known is told of as good."""
    run("list")
    (home / "config.toml").write_text("revisit = false\n[aliases]\nweek = 'list -n 7'\n")
    assert {"code": "settings", "level": "good", "text": "config.toml says nothing that is not known"} in run(
        "doctor", "--json"
    ).json


# -- where the journal lies ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "folder", ["Dropbox/reflect", "OneDrive - The Hospice/notes", "Library/Mobile Documents/x", "Nextcloud"]
)
def test_row_61_a_folder_that_is_synced_is_told(tmp_path: Path, folder: str) -> None:
    """Row 61: a folder of a sync service is named, by its name or by the mark the service leaves in it."""
    home = tmp_path / folder
    home.mkdir(parents=True)
    (found,) = doctor.of_the_place(config.Places(home, home))
    assert (found.code, found.level) == ("sync-folder", "note")
    marked = tmp_path / "plain" / "deep"
    marked.mkdir(parents=True)
    assert list(doctor.of_the_place(config.Places(marked, marked))) == []
    (tmp_path / "plain" / ".stfolder").mkdir()
    (found,) = doctor.of_the_place(config.Places(marked, marked))
    assert found.code == "sync-folder"
    assert f" {tmp_path / 'plain'}, " in found.text
    (tmp_path / "link").symlink_to(home)
    assert [each.code for each in doctor.of_the_place(config.Places(marked, tmp_path / "link"))] == ["sync-folder"]


@pytest.mark.parametrize(("kind", "told"), [("nfs4", True), ("cifs", True), ("9p", True), ("ext4", False)])
def test_row_61_a_disk_of_another_machine_is_told(tmp_path: Path, kind: str, *, told: bool) -> None:
    """Row 61: a network disk is named by what the system says of the mount the folder is on."""
    home = tmp_path / "with blank" / "home"
    home.mkdir(parents=True)
    mounts = tmp_path / "mountinfo"
    point = str(tmp_path / "with blank").replace(" ", "\\040")
    mounts.write_text(
        "22 1 0:21 / / rw - overlay overlay rw\n"
        f"40 22 0:31 / {point} rw,relatime shared:1 - {kind} server:/x rw\n"
        "41 22 0:32 / /elsewhere rw - nfs server:/y rw\n",
        encoding="utf-8",
    )
    found = [each.code for each in doctor.of_the_place(config.Places(home, home), mounts)]
    assert found == (["network-folder"] if told else [])


def test_row_61_the_first_start_says_so(run: Run, tmp_path: Path) -> None:
    """Row 61: somebody whose journal would lie in a synced folder hears it once, before anything else."""
    (tmp_path / "Dropbox").mkdir()
    env = {"REFLECT_HOME": str(tmp_path / "Dropbox" / "journal")}
    assert "other machines" in run("write", "-", stdin="words", env=env).err
    assert "other machines" not in run("write", "-", stdin="more", env=env).err
    assert "sync-folder" in run("doctor", "--json", env=env).out


# -- mending -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_sql("DELETE FROM entry_fts_data WHERE id > 10"), "index-damaged"),
        (_sql("UPDATE entry_fts_config SET v = 99 WHERE k = 'version'"), "index-newer"),
        (_sql("INSERT INTO kept VALUES ('erasing', '', 'x')"), "erase-unfinished"),
        (lambda places: places.database.chmod(0o640), "permissions-open"),
        (_beside(".copy-12345678.part", b"half a copy"), "leftovers"),
    ],
)
def test_what_can_be_mended_is(places: config.Places, damage: Callable[[config.Places], None], code: str) -> None:
    """--repair mends it, says so, and nothing is left to say; a second time there is nothing to do."""
    damage(places)
    now = datetime.fromisoformat(NOW)
    assert code in codes(places)
    assert [each.level for each in doctor.repair(places, now)] == ["mended"]
    assert code not in codes(places)
    assert codes(places, "fault") == set()
    assert doctor.repair(places, now) == []
    with Journal(places, now) as journal:
        assert [hit.entry.text for hit in journal.search("saxifrage", Filters())] == ["and the saxifrage"]


@pytest.mark.parametrize("new", [b"the heliotropf", b"the hel\xffotrope"])
def test_row_51_damaged_words_come_from_a_copy(journal: Journal, places: config.Places, new: bytes) -> None:
    """Row 51: words that changed on the disk are taken from the newest copy that still has them, and the rest stays."""
    journal.backup()
    journal.write(from_text("written since"), Details())
    journal._db.close()
    _overwrite(b"the heliotrope", new)(places)
    (mended,) = doctor.repair(places, journal.now)
    assert mended.code == "words-damaged"
    assert codes(places, "fault") == set()
    with Journal(places, journal.now) as anew:
        found = {each.text for each in anew.find(Filters())}
    assert found == {"the heliotrope stood there", "and the saxifrage", "written since"}


def test_words_that_no_copy_has_stay_a_fault(journal: Journal, places: config.Places) -> None:
    """Where no copy has the words as they were stored, nothing is made up."""
    journal._db.close()
    _overwrite(b"the heliotrope", b"the heliotropf")(places)
    before = places.database.read_bytes()
    assert doctor.repair(places, journal.now) == []
    assert codes(places, "fault") == {"words-damaged", "index-damaged"}
    assert places.database.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        _sql("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'entry_by_time'"),
        lambda places: places.database.write_bytes(b""),
        lambda places: places.database.write_bytes(b"not a journal"),
        _beside("journal.db-wal", b"\x37\x7f\x06\x82 another journal's changes"),
    ],
)
def test_a_broken_structure_is_not_written_to(places: config.Places, damage: Callable[[config.Places], None]) -> None:
    """--repair leaves a file alone that restore and recover are for."""
    damage(places)
    before = digest_of(places.home)
    assert doctor.repair(places, datetime.fromisoformat(NOW)) == []
    assert digest_of(places.home) == before


def test_row_52_what_lies_beside_is_told_and_left(journal: Journal, run: Run, places: config.Places) -> None:
    """Row 52: a conflict copy is named with the way to merge it; another one's changes stop everything."""
    journal.first_time("greeted")
    journal._db.close()
    copy = places.journal / "journal (Ann's conflicted copy 2026-11-20).db"
    copy.write_bytes(places.database.read_bytes())
    copy.chmod(0o600)
    before = digest_of(places.home)
    assert f'restore "{copy}" --merge' in run("doctor").out
    run("list")
    assert digest_of(places.home) == before
    for name, content in (("journal.db-wal", b"\x37\x7f\x06\x82" + bytes(60)), ("journal.db-journal", b"shopping")):
        stray = places.journal / name
        aside = stray.read_bytes() if stray.exists() else None
        stray.write_bytes(content)
        stray.chmod(0o600)
        before = digest_of(places.home)
        for words in (("list",), ("doctor",), ("erase", "0", "--yes")):
            assert str(stray) in run(*words, code=7).err + run(*words, code=7).out
        assert digest_of(places.home) == before
        stray.unlink()
        if aside is not None:
            stray.write_bytes(aside)
    assert run("doctor").code == 0
