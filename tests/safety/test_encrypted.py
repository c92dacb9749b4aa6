"""Rows 76 and 77, and every trap of encrypted files: never plain words where a person was told they are encrypted."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from reflect import drafts, locking, unlocking
from reflect.errors import Busy, Damaged, Refused, StorageRefused, WrongKey
from reflect.intake import from_text
from reflect.journal import Details
from reflect.store import backups, cipher, engine, rewriting
from tests.cli.conftest import AtTerminal, Here
from tests.conftest import Run
from tests.safety.conftest import digest_of
from tests.sealed import (
    NEEDLE,
    NEW,
    OLD,
    copied,
    filled,
    holds_needle,
    keyring_in,
    opened,
    passphrase_file,
    places,
    quick,
    texts,
)
from tests.store.formats import journal_of_format


@pytest.fixture
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are made in no time."""
    quick(monkeypatch)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted home, under the first passphrase, with keys as they are made for people."""
    home = tmp_path_factory.mktemp("made") / "home"
    filled(home)
    locking.encrypt(places(home), OLD)
    return home


@pytest.fixture
def sealed(made: Path, home: Path) -> Path:
    """A fresh copy of that home, in the place of this test's."""
    return copied(made, home)


@pytest.fixture
def quick_home(home: Path, quick_keys: None) -> Path:
    """An encrypted home whose key is known here and was made in no time."""
    filled(home)
    locking.encrypt(places(home), OLD)
    return home


# -- which of them it is -----------------------------------------------------------------------------


def test_row_76_wrong_empty_nul_and_none(sealed: Path, run: Run, tmp_path: Path) -> None:
    """Row 76: a passphrase that is wrong, empty, no text, missing or open to others: which is said, nothing changes."""
    before = digest_of(sealed)
    for content, code, said in (
        (NEW.encode(), 8, "is another one"),
        (b"", 3, "is empty"),
        (b"a\0b", 3, "holds a NUL"),
        (b"\xff\xfe\xfa", 3, "is no text"),
    ):
        path = tmp_path / "passphrase"
        path.write_bytes(content)
        path.chmod(0o600)
        ran = run("list", code=code, env={"REFLECT_PASSPHRASE_FILE": str(path)})
        assert said in ran.err
        assert len(ran.err.strip().splitlines()) == 1, "SQLCipher's own log is not shown"
        assert ran.out == ""
    path.chmod(0o644)
    assert "others can read" in run("list", code=3, env={"REFLECT_PASSPHRASE_FILE": str(path)}).err
    assert "no passphrase file" in run("list", code=4, env={"REFLECT_PASSPHRASE_FILE": str(tmp_path / "none")}).err
    said = run("list", code=8).err
    assert "nobody is here to type its passphrase" in said
    assert "REFLECT_PASSPHRASE_FILE" in said
    assert digest_of(sealed) == before


def test_row_76_words_that_can_not_be_stored_are_sealed(sealed: Path, run: Run) -> None:
    """Row 76: without the passphrase an entry goes to a draft that nobody can read without it, and that is named."""
    said = run("write", "-", stdin=f"{NEEDLE} without a key", code=8).err
    assert "Your words are in the draft" in said
    assert not holds_needle(sealed)
    newest = max(drafts.every(sealed / "drafts"), key=lambda path: path.stat().st_mtime_ns)
    cipher.hold(cipher.derive(OLD, engine.salt_of(sealed / "journal.db") or b""), OLD)
    with opened(sealed) as journal:
        assert drafts.read(newest, journal.draft_keys).text == f"{NEEDLE} without a key"


def test_row_76_the_keyring_is_absent(
    quick_home: Path, here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Row 76: a keyring that is not there keeps nothing and is named; one that lost the key is named, too."""
    from keyring.backends.fail import Keyring

    ring = keyring_in(tmp_path, monkeypatch)
    import keyring

    keyring.set_keyring(Keyring())
    ran = here("passphrase", "keep")
    assert ran.exit_code == 8
    assert "keyring can't be used" in ran.output
    assert not unlocking.is_kept(quick_home)
    ring = keyring_in(tmp_path, monkeypatch)
    assert here("passphrase", "keep").exit_code == 0
    ring.write_text("{}")
    cipher.let_go()
    ran = here("list")
    assert ran.exit_code == 8
    assert "the system's keyring does not give its key" in ran.output


def test_row_76_a_keyring_that_does_not_answer_is_not_waited_for(
    quick_home: Path, here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Row 76: without a person a keyring that hangs is given up, so that no command hangs."""
    keyring_in(tmp_path, monkeypatch)
    assert here("passphrase", "keep").exit_code == 0
    cipher.let_go()
    never = threading.Event()
    import keyring

    monkeypatch.setattr(keyring, "get_password", lambda *_: never.wait(60))
    monkeypatch.setattr(unlocking, "_WAIT_S", 0.05)
    ran = here("list")
    never.set()
    assert ran.exit_code == 8


def test_row_77_the_library_is_missing(sealed: Path, run: Run, tmp_path: Path) -> None:
    """Row 77: without sqlcipher3 the extra is named, nothing is created, and no plain journal takes its place."""
    stub = tmp_path / "stub" / "sqlcipher3"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise ImportError('sqlcipher3')")
    env = {
        "PYTHONPATH": str(tmp_path / "stub"),
        "REFLECT_PASSPHRASE_FILE": str(passphrase_file(tmp_path, OLD)),
    }
    before = digest_of(sealed)
    for words in (("list",), ("write", "-"), ("doctor",), ("backup",), ("encrypt",)):
        ran = run(*words, stdin="", code=None, env=env)
        assert ran.code == 8, words
        assert "reflect-journal[encrypted]" in ran.err
    assert digest_of(sealed) == before
    plain = tmp_path / "plain"
    filled(plain)
    before = digest_of(plain)
    file = env["REFLECT_PASSPHRASE_FILE"]
    ran = run("encrypt", "--yes", "--new-passphrase-file", file, code=8, env=env | {"REFLECT_HOME": str(plain)})
    assert "reflect-journal[encrypted]" in ran.err
    assert digest_of(plain) == before


def test_row_77_a_library_that_knows_no_encryption(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quick_keys: None
) -> None:
    """Row 77: plain SQLite takes a key in silence and writes plain text, so a library has to name its cipher first."""
    with closing(sqlite3.connect(tmp_path / "trap.db")) as trap:
        trap.execute("PRAGMA key='a secret'")
        trap.execute("CREATE TABLE t (x)")
        trap.commit()
    assert (tmp_path / "trap.db").read_bytes().startswith(b"SQLite format 3")
    filled(home)
    before = digest_of(home)
    monkeypatch.setattr(engine, "sqlcipher", lambda: sqlite3)
    engine._sealed_connection.cache_clear()
    with pytest.raises(WrongKey, match="knows no encryption"):
        locking.encrypt(places(home), OLD)
    engine._sealed_connection.cache_clear()
    monkeypatch.undo()
    assert {name: each for name, each in digest_of(home).items() if not name.endswith("-journal")} == {
        name: each for name, each in before.items() if not name.endswith("-journal")
    }


# -- traps ----------------------------------------------------------------------------------------------


def test_a_passphrase_opens_it_in_sqlciphers_own_way(sealed: Path) -> None:
    """Our derivation is SQLCipher's own: the passphrase alone opens the file there, and no other does."""
    from sqlcipher3 import dbapi2

    for words, opens in ((OLD, True), (NEW, False)):
        with closing(dbapi2.connect(str(sealed / "journal.db"))) as db:
            db.execute("PRAGMA cipher_log_level=NONE")
            db.execute(f"PRAGMA key='{words}'")
            try:
                assert db.execute("SELECT count(*) FROM entry").fetchone()[0] == 3
            except dbapi2.DatabaseError:
                assert not opens
            else:
                assert opens


@pytest.mark.parametrize("words", ["it's \"quoted\" '' ;--", "näïve — 雨 🦢", "x", " blanks at both ends "])
def test_any_passphrase_works(words: str, home: Path, quick_keys: None) -> None:
    """Quotes, letters of any script and blanks are the passphrase's own."""
    expected = filled(home)
    locking.encrypt(places(home), words)
    cipher.let_go()
    cipher.hold(cipher.derive(words, engine.salt_of(home / "journal.db") or b""), words)
    assert texts(home) == expected


def test_one_passphrase_however_its_letters_are_put_together() -> None:
    """A passphrase typed on another system, with its accents apart, is the same one."""
    assert unlocking.checked("cafe\u0301") == unlocking.checked("caf\u00e9")


def test_a_wrong_key_and_a_damaged_file_are_told_apart(quick_home: Path) -> None:
    """Both look alike to SQLCipher; here another key is exit 8 and a damaged beginning exit 7."""
    path = quick_home / "journal.db"
    salt = engine.salt_of(path) or b""
    right = cipher.held(salt)
    assert right
    cipher.let_go()
    cipher.hold(cipher.derive(NEW, salt), NEW)
    with pytest.raises(WrongKey, match="does not open"):
        engine.connect(path)
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    cipher.hold(right, OLD)
    with pytest.raises(Damaged, match="the key is right"):
        engine.connect(path)


def test_a_damaged_plain_journal_is_not_taken_for_an_encrypted_one(home: Path) -> None:
    """A plain file whose beginning is noise is damaged, and nobody is asked for a passphrase."""
    filled(home)
    path = home / "journal.db"
    path.write_bytes(os.urandom(100) + path.read_bytes()[100:])
    with pytest.raises(Damaged):
        engine.connect(path)
    assert engine.key_of(path) is None


def test_one_flipped_byte_is_found(quick_home: Path) -> None:
    """Each page has a checksum: a byte that changed on the disk is found by doctor, and the rest can be recovered."""
    from reflect import doctor, rescue
    from tests.sealed import now

    path = quick_home / "journal.db"
    content = bytearray(path.read_bytes())
    content[4096 * 2 + 300] ^= 1
    path.write_bytes(content)
    codes = {finding.code for finding in doctor.examine(places(quick_home)) if finding.level == "fault"}
    assert codes & {"structure-damaged", "journal-damaged"}
    made = rescue.recover(path, places(quick_home), now())
    assert made.found.entries == 3
    assert engine.salt_of(made.path) == engine.salt_of(path)
    assert not holds_needle(quick_home)


def test_a_lost_beginning_is_read_with_a_copys_salt(quick_home: Path) -> None:
    """Where the salt itself is gone, one of our copies still has it, and the journal can be recovered."""
    from reflect import rescue
    from tests.sealed import now

    path = quick_home / "journal.db"
    with path.open("rb+") as file:
        file.write(bytes(16))
    with pytest.raises(Damaged):
        opened(quick_home)
    made = rescue.recover(path, places(quick_home), now())
    assert made.found.entries == 3
    assert not holds_needle(quick_home)


def test_sqlciphers_errors_are_ours(quick_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock and a full disk are told as those of a plain journal are, though SQLCipher's errors are not sqlite3's."""
    monkeypatch.setattr(engine, "WAIT_MS", 20)
    path = quick_home / "journal.db"
    with closing(engine.connect(path)) as one, closing(engine.connect(path)) as other:
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy), engine.write(other, path):
            pass
        one.execute("ROLLBACK")
        one.execute("PRAGMA max_page_count=1")
        with pytest.raises(StorageRefused, match="not saved"), engine.write(one, path):
            one.execute("CREATE TABLE large AS SELECT zeroblob(10000000)")


def test_files_are_private(quick_home: Path) -> None:
    """Everything that encrypting makes is the owner's alone."""
    for path in quick_home.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_an_open_file_is_not_opened_by_hand(quick_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While this process has a file open, its key is known from there: opening it by hand would drop SQLite's locks."""
    path = quick_home / "journal.db"
    with closing(engine.connect(path)) as db:
        monkeypatch.setattr(engine, "salt_of", lambda _: pytest.fail("opened by hand"))
        assert engine.key_of(path) == db.key
        with closing(engine.raw(path, read_only=True)) as again:
            assert again.execute("SELECT count(*) FROM entry").fetchone()[0] == 3
    monkeypatch.undo()


def test_one_derivation_a_command(
    quick_home: Path, here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """However many copies a command looks into, the key is derived once; with the keyring not at all."""
    with opened(quick_home) as journal:
        journal.backup()
    monkeypatch.setenv("REFLECT_PASSPHRASE_FILE", str(passphrase_file(tmp_path, OLD)))
    counted = []
    derive = cipher.derive
    monkeypatch.setattr(cipher, "derive", lambda *words: counted.append(words) or derive(*words))
    for words in (("list",), ("doctor",), ("backup",), ("backup", "--list")):
        cipher.let_go()
        counted.clear()
        assert here(*words).exit_code == 0
        assert len(counted) == 1, words
    keyring_in(tmp_path, monkeypatch)
    assert here("passphrase", "keep").exit_code == 0
    monkeypatch.delenv("REFLECT_PASSPHRASE_FILE")
    for words in (("list",), ("backup",)):
        cipher.let_go()
        counted.clear()
        assert here(*words).exit_code == 0
        assert not counted, words


def test_an_older_format_is_brought_up_to_date_inside(home: Path, quick_keys: None) -> None:
    """An encrypted journal of an older format is copied, encrypted, before it is changed, and stays encrypted."""
    journal_of_format(home, 2, {41: f"{NEEDLE} of old"}, "journal.db")
    key = cipher.new_key(OLD)
    rewriting.rewrite(home / "journal.db", key)
    with opened(home) as journal:
        assert journal.entry(41).text == f"{NEEDLE} of old"
    (copy,) = backups.beside(home / "journal.db")
    assert copy.reason == "before-format-3"
    assert engine.salt_of(copy.path) == engine.salt_of(home / "journal.db") == key.salt
    assert not holds_needle(home)


def test_an_import_a_step_back_and_an_erasure_inside(quick_home: Path, here: Here, tmp_path: Path) -> None:
    """Importing copies first, all encrypted; undo and erase work inside, and erased words are gone from every page."""
    from reflect.models import Filters

    source = tmp_path / "journal.txt"
    source.write_text(f"[2026-11-01 09:00] {NEEDLE} from elsewhere\n", encoding="utf-8")
    assert here("import", "jrnl", str(source), "--yes").exit_code == 0
    assert len(backups.beside(quick_home / "journal.db")) == 2
    assert here("undo").exit_code == 0
    assert len(texts(quick_home)) == 3
    with opened(quick_home) as journal:
        written = journal.write(from_text("mandrake in the margin"), Details(), None).entry
        journal.erase(written)
        assert list(journal.find(Filters(text="mandrake"))) == []
    path = quick_home / "journal.db"
    key = engine.key_of(path)
    assert key
    assert b"mandrake" not in cipher.plain_pages(path, key)
    assert NEEDLE.encode() in cipher.plain_pages(path, key), "the scan can find words"
    assert not holds_needle(quick_home)


def test_a_named_journal_has_a_passphrase_of_its_own(home: Path, here: Here, tmp_path: Path, quick_keys: None) -> None:
    """`--journal NAME` is encrypted by itself; the first journal stays as it is."""
    from tests.sealed import now

    filled(home)
    from reflect import config
    from reflect.journal import Journal

    work = config.Places(home, home / "journals" / "work")
    with Journal(work, now(), seed="test") as journal:
        journal.write(from_text("at work"), Details(), None)
    file = str(passphrase_file(tmp_path, OLD))
    ran = here("--journal", "work", "encrypt", "--yes", "--new-passphrase-file", file)
    assert ran.exit_code == 0, ran.output
    assert engine.salt_of(work.database)
    assert engine.salt_of(home / "journal.db") is None
    assert here("--journal", "work", "list").exit_code == 0


def test_an_editor_sees_its_page_in_memory_only(
    quick_home: Path, here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An editor's page stands in memory; when it fails, the words are sealed into a draft, and nothing else is left."""
    from reflect import envelopes

    memory = envelopes.memory_folder(quick_home / "drafts")
    if memory is None:
        pytest.skip("this system has no place in memory, which docs/safety.md says")
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\necho "{NEEDLE} at $1" > "$1"\nexit 1\n')
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    ran = here("write", "--editor", "--free")
    assert ran.exit_code == 3, ran.output
    assert not memory.exists()
    assert not holds_needle(quick_home)
    with opened(quick_home) as journal:
        words = [drafts.read(each, journal.draft_keys).text for each in journal.drafts()]
    assert any(f"{NEEDLE} at {memory}" in each for each in words)


def test_vim_is_told_to_keep_nothing(
    quick_home: Path, home: Path, here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Vim gets options against files of its own with words in them, unless the person gave it options."""
    from reflect import envelopes

    if envelopes.memory_folder(quick_home / "drafts") is None:
        pytest.skip("this system has no place in memory, which docs/safety.md says")
    vim = tmp_path / "vim"
    vim.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/said\nfor page; do :; done; echo words > "$page"\n')
    vim.chmod(0o700)
    for command in (str(vim), f"{vim} -y"):
        monkeypatch.setenv("EDITOR", command)
        assert here("write", "--editor", "--free").exit_code == 0
    with_none, with_own = (tmp_path / "said").read_text().splitlines()
    assert with_none.startswith("-i NONE --cmd set noundofile nobackup /")
    assert with_own.startswith("-y /")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pexpect on Windows")
def test_at_a_terminal(home: Path, at_terminal: AtTerminal) -> None:
    """Typed twice, typed wrong once, changed and taken off: nothing typed is shown."""
    filled(home)
    with at_terminal("encrypt") as typed:
        typed.see("A passphrase").answer(OLD).see("Once more:").answer(OLD).see("Encrypted the journal")
        assert OLD not in typed.leave()
    assert not holds_needle(home)
    with at_terminal("list", "-n", "1") as typed:
        typed.see("Passphrase:").answer("wrong").see("does not open it").answer(OLD).see(NEEDLE)
        typed.leave()
    with at_terminal("passphrase", "change") as typed:
        typed.see("Passphrase:").answer(OLD).see("The new passphrase:").answer(NEW).see("Once more:").answer("else")
        typed.see("the two differ")
        typed.leave(3)
    with at_terminal("decrypt") as typed:
        typed.see("Passphrase:").answer(OLD).see("Decrypt it?").answer("y").see("Decrypted the journal")
        typed.leave()
    assert holds_needle(home)


def test_refused_before_anything(home: Path, here: Here, quick_keys: None) -> None:
    """An empty passphrase, and one with a NUL, are refused before a byte is written."""
    filled(home)
    before = digest_of(home)
    for words in ("", "a\0b"):
        with pytest.raises(Refused):
            locking.encrypt(places(home), words)
    assert digest_of(home) == before
