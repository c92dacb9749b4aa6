"""Encrypting, decrypting, another passphrase: whole or not at all, with copies and drafts, and nothing left plain."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from reflect import drafts, envelopes, locking, unlocking
from reflect.errors import Busy, Damaged, Refused, WrongKey
from reflect.intake import from_text
from reflect.journal import Details
from reflect.store import backups, cipher, engine, kept, rewriting
from tests.sealed import (
    NEEDLE,
    NEW,
    OLD,
    copied,
    filled,
    holds_needle,
    killed_at,
    now,
    opened,
    places,
    quick,
    steps,
    texts,
    worth_a_kill,
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)


def _locked_home(home: Path) -> list[str]:
    words = filled(home)
    locking.encrypt(places(home), OLD)
    return words


def test_nothing_plain_is_left(home: Path) -> None:
    """After encrypting no byte under the home says a word of entries, tags, copies or drafts; with the key all do."""
    words = filled(home)
    assert holds_needle(home)
    done = locking.encrypt(places(home), OLD)
    assert (done.copies, done.drafts, done.stays) == (1, 1, ())
    assert not holds_needle(home)
    assert texts(home) == words
    with opened(home) as journal:
        (draft,) = journal.drafts()
        assert drafts.read(draft, journal.draft_keys).text == f"a draft with {NEEDLE}"
    assert engine.salt_of(home / "journal.db") == engine.salt_of(backups.beside(home / "journal.db")[0].path)


def test_the_old_bytes_are_overwritten(home: Path) -> None:
    """The plain file that was the journal holds zeros when it loses its name."""
    filled(home)
    with (home / "journal.db").open("rb") as old:
        locking.encrypt(places(home), OLD)
        content = old.read()
    assert content
    assert not any(content)


def test_format_and_whose_it_is_come_along(home: Path) -> None:
    """What SQLCipher's export drops is there: the format's number and whose file it is."""
    _locked_home(home)
    with closing(engine.connect(home / "journal.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == engine.SCHEMA
        assert db.execute("PRAGMA application_id").fetchone()[0] == engine.APPLICATION_ID
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert not db.execute("PRAGMA cipher_integrity_check").fetchall()


def test_search_works_inside(home: Path) -> None:
    """Words are found in an encrypted journal, also those written there."""
    from reflect.models import Filters

    _locked_home(home)
    with opened(home) as journal:
        journal.write(from_text("A kingfisher by the canal."), Details(), None)
        assert [found.entry.text for found in journal.search("kingfisher", Filters())] == ["A kingfisher by the canal."]
        assert len(list(journal.search(NEEDLE, Filters()))) == 3
    assert b"kingfisher" not in (home / "journal.db").read_bytes()


def test_there_and_back(home: Path) -> None:
    """Decrypting gives journal, copies and drafts in plain again, and forgets what opened drafts."""
    words = _locked_home(home)
    done = locking.decrypt(places(home))
    assert (done.copies, done.drafts, done.stays) == (1, 1, ())
    assert texts(home) == words
    assert sorted(path.name for path in home.iterdir() if not path.name.endswith("-journal")) == [
        *("backups", "drafts", "journal.db"),
    ]
    with closing(sqlite3.connect(home / "journal.db")) as db:
        assert db.execute("SELECT count(*) FROM kept WHERE name GLOB 'drafts *' OR name = 'sealing'").fetchone() == (0,)
    (draft,) = drafts.every(home / "drafts")
    assert drafts.read(draft).text == f"a draft with {NEEDLE}"


def test_another_passphrase(home: Path) -> None:
    """Afterwards the new passphrase opens journal, copies and drafts, and the old one none of them."""
    words = _locked_home(home)
    done = locking.change(places(home), NEW)
    assert (done.copies, done.stays) == (1, ())
    for path in (home / "journal.db", backups.beside(home / "journal.db")[0].path):
        salt = engine.salt_of(path)
        assert salt
        assert cipher.fits(path, cipher.derive(NEW, salt))
        assert not cipher.fits(path, cipher.derive(OLD, salt))
    cipher.let_go()
    cipher.hold(cipher.derive(NEW, engine.salt_of(home / "journal.db") or b""), NEW)
    assert texts(home) == words
    with opened(home) as journal:
        assert NEEDLE in drafts.read(journal.drafts()[0], journal.draft_keys).text
        with journal.reading() as db:
            assert kept.get(db, kept.SEALING) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a process is forked")
@pytest.mark.parametrize(
    ("before", "what"),
    [
        ("plain", lambda home: locking.encrypt(places(home), OLD)),
        ("encrypted", lambda home: locking.change(places(home), NEW)),
        ("encrypted", lambda home: locking.decrypt(places(home))),
    ],
    ids=["encrypt", "change", "decrypt"],
)
def test_row_63_a_kill_at_any_step_leaves_the_old_or_the_new(
    home: Path, tmp_path: Path, before: str, what: Callable[[Path], object]
) -> None:
    """Row 63: killed before any step, the journal is whole and opens, and where it is encrypted nothing is plain."""
    words = _locked_home(home) if before == "encrypted" else filled(home)
    salt = engine.salt_of(home / "journal.db")
    old = cipher.held(salt) if salt else None
    tried = tmp_path / "tried"

    def run() -> object:
        if old:
            cipher.hold(old, OLD)
        return what(tried)

    copied(home, tried)
    names = steps(run)
    assert names.count("replace") >= 2
    ended: set[str] = set()
    for step in worth_a_kill(names, each=max(9, len(names) // 8)):
        copied(home, tried)
        assert killed_at(step, run), f"step {step} of {len(names)}"
        cipher.let_go()
        found = engine.salt_of(tried / "journal.db")
        for each in (OLD, NEW):
            if found and cipher.fits(tried / "journal.db", key := cipher.derive(each, found)):
                cipher.hold(key, each)
        assert texts(tried) == words, f"step {step} of {len(names)}"
        ended.add("plain" if found is None else "as before" if found == salt else "under a new key")
        if found:
            assert not holds_needle(tried), f"plain words after step {step} of {len(names)}"
            assert {engine.salt_of(copy.path) for copy in backups.beside(tried / "journal.db")} == {found}
        with suppress(Refused):  # done to its end already
            what(tried)
        with opened(tried) as journal:
            assert [drafts.read(each, journal.draft_keys).text for each in journal.drafts()] == [
                f"a draft with {NEEDLE}"
            ]
    assert len(ended) == 2, ended


def test_another_that_writes_meanwhile_is_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process changes the journal it is not rewritten; that it is busy is said, and nothing changes."""
    filled(home)
    content = (home / "journal.db").read_bytes()
    monkeypatch.setattr(engine, "WAIT_MS", 30)
    began, begins = os.pipe()
    ends, end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            other = sqlite3.connect(home / "journal.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            os.write(begins, b".")
            os.read(ends, 1)
        finally:
            os._exit(0)
    os.close(begins)
    os.read(began, 1)
    try:
        with pytest.raises(Busy):
            locking.encrypt(places(home), OLD)
    finally:
        os.write(end, b".")
        os.waitpid(child, 0)
        for each in (began, ends, end):
            os.close(each)
    assert (home / "journal.db").read_bytes() == content
    assert not rewriting.left(home)


def test_another_that_has_the_plain_file_open_writes_nothing_more(home: Path) -> None:
    """A journal that was open while it was encrypted takes no more words, and leaves no plain side file."""
    filled(home)
    code = (
        "import sys; from pathlib import Path; from tests.sealed import *\n"
        "journal = opened(Path(sys.argv[1])); print('open', flush=True); sys.stdin.readline()\n"
        "try: journal.write(from_text('zqxneedle too late'), Details(), None)\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    import subprocess

    with subprocess.Popen(
        [sys.executable, "-c", code, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        locking.encrypt(places(home), OLD)
        said, _ = other.communicate("go\n", timeout=60)
    assert said.startswith("Damaged")
    assert "moved or replaced" in said
    assert not holds_needle(home)
    (sealed,) = [path for path in drafts.every(home / "drafts") if "too late" in _words(home, path)]
    assert sealed.suffix == drafts.SEALED


def _words(home: Path, path: Path) -> str:
    with opened(home) as journal:
        return drafts.read(path, journal.draft_keys).text


def test_what_can_not_be_reached_is_named(home: Path, tmp_path: Path) -> None:
    """A copy that is away, a damaged journal put aside and a stray one are named; everything else is encrypted."""
    filled(home)
    with opened(home) as journal:
        away = journal.backup(tmp_path / "away.db").path
    away.rename(tmp_path / "somewhere-else.db")
    (home / "backups" / "2026-01-01-000000-journal-abcd.damaged").write_bytes(b"nothing of SQLite's")
    done = locking.encrypt(places(home), OLD)
    assert [each.split(": ", 1)[1] for each in done.stays] == [
        "it is not there",
        "it is too damaged to be encrypted",
    ]
    assert done.copies == 1


def test_a_copy_elsewhere_is_encrypted_too(home: Path, tmp_path: Path) -> None:
    """A plain copy that was made elsewhere is rewritten when the journal is encrypted."""
    filled(home)
    with opened(home) as journal:
        elsewhere = journal.backup(tmp_path / "elsewhere.db").path
    locking.encrypt(places(home), OLD)
    assert NEEDLE.encode() not in elsewhere.read_bytes()
    assert engine.salt_of(elsewhere)


def test_a_second_name_stops_it(home: Path) -> None:
    """A journal with a hard link is not encrypted, because the other name would keep the plain file."""
    filled(home)
    (home / "second.db").hardlink_to(home / "journal.db")
    with pytest.raises(Refused, match="second name"):
        locking.encrypt(places(home), OLD)
    assert engine.salt_of(home / "journal.db") is None


def test_plain_and_encrypted_are_not_taken_for_each_other(home: Path) -> None:
    """A plain journal is not decrypted and has no passphrase; an encrypted one that is gone is not begun in plain."""
    filled(home)
    for what in (locking.decrypt, lambda here: locking.change(here, NEW)):
        with pytest.raises(Refused, match="not encrypted"):
            what(places(home))
    locking.encrypt(places(home), OLD)
    (home / "journal.db").unlink()
    with pytest.raises(Damaged, match="was encrypted"):
        opened(home)
    assert not (home / "journal.db").exists()


def test_a_key_of_drafts_that_was_lost_comes_back(home: Path) -> None:
    """The public key beside the journal is written anew from what the journal keeps, so no draft is ever plain."""
    _locked_home(home)
    public = (home / "drafts.pub").read_text()
    (home / "drafts.pub").unlink()
    with opened(home):
        assert (home / "drafts.pub").read_text() == public
    (home / "drafts.pub").unlink()
    from reflect.journal import keep_words

    said = keep_words(places(home), now(), f"{NEEDLE} again", {})
    assert said.startswith("No draft could be made")
    assert not holds_needle(home)


def test_a_keyring_that_keeps_the_old_key_gets_the_new_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change the keyring has the new key alone, and after decrypting none."""
    from tests.sealed import keyring_in

    words = _locked_home(home)
    ring = keyring_in(home.parent, monkeypatch)
    locking.keep_key(places(home), OLD)
    locking.change(places(home), NEW)
    salt = (engine.salt_of(home / "journal.db") or b"").hex()
    assert ring.read_text().count("reflect-journal") == 1
    assert salt in ring.read_text()
    cipher.let_go()
    assert texts(home) == words
    assert cipher.passphrase() == NEW
    locking.decrypt(places(home))
    assert ring.read_text() == "{}"
    assert not unlocking.is_kept(home)


def test_erasing_reaches_into_encrypted_copies(home: Path, tmp_path: Path) -> None:
    """An erasure rewrites the copies of an encrypted journal, also one that was sealed elsewhere."""
    from reflect.models import Filters

    _locked_home(home)
    with opened(home) as journal:
        sealed = journal.backup(tmp_path).path
        assert envelopes.is_sealed(sealed)
        gone = next(iter(journal.find(Filters())))
        erased = journal.erase(gone)
        assert erased.copies == 2
        assert not erased.out_of_reach
    inside = tmp_path / "inside.db"
    inside.write_bytes(cipher.opened(sealed)[0])
    for path in (inside, backups.beside(home / "journal.db")[0].path):
        with closing(engine.connect(path)) as db:
            assert db.execute("SELECT count(*) FROM entry").fetchone()[0] == 2
            assert not db.execute("SELECT 1 FROM entry WHERE id = ?", (gone.id,)).fetchone()


def test_a_copy_under_another_passphrase_is_named(home: Path, tmp_path: Path) -> None:
    """A copy whose passphrase nobody knows is named as out of reach; nobody is asked for it."""
    from reflect.models import Filters

    _locked_home(home)
    other = copied(home, tmp_path / "other")
    locking.change(places(other), NEW)
    foreign = home / "backups" / "2026-01-01-000000-abcd.db"
    (other / "journal.db").rename(foreign)
    cipher.let_go()
    cipher.hold(cipher.derive(OLD, engine.salt_of(home / "journal.db") or b""), OLD)
    with opened(home) as journal:
        erased = journal.erase(next(iter(journal.find(Filters()))))
    assert len(erased.out_of_reach) == 1
    assert str(foreign) in erased.out_of_reach[0]
    with pytest.raises(WrongKey, match="another passphrase"):
        backups.verify(foreign)
