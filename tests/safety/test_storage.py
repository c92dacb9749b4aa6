"""Rows 47 to 63 of the table of bad inputs: damaged, full, read-only and vanishing disks; and erasing for good."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from reflect import drafts, ids
from reflect.errors import Busy, Damaged, StorageRefused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry
from reflect.store import backups, engine
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import NOW, Run, bytes_under
from tests.safety.conftest import Limited, digest_of

READING = (("list",), ("show", "0"), ("search", "words"), ("summary",), ())
WORDS = "words that must not get lost"


def texts(run: Run) -> list[str]:
    """The words of every entry, newest first."""
    return [entry["text"] for entry in run("list", "--json").json]


def kept_words(home: Path) -> list[str]:
    """The words of every draft."""
    return [drafts.read(path).text for path in drafts.every(home / "drafts")]


def assert_sound(run: Run) -> None:
    """Doctor finds nothing wrong with the file, its index or its words."""
    found = {finding["code"] for finding in run("doctor", "--json").json}
    assert {"structure", "index", "words"} <= found


def copy_of(home: Path) -> Path:
    """Make one of our own copies of the journal, as an upgrade does."""
    database = home / "journal.db"
    with closing(engine.connect(database)) as connection:
        return backups.make(connection, database, datetime.fromisoformat(NOW), "before-test").path


# -- rows 47 to 50: a journal that is none any more --------------------------------------------


def assert_all_refuse(run: Run, home: Path, said: str) -> None:
    """Every command names the damage with exit 7, and no byte of the journal's folder but a draft changes."""
    before = digest_of(home)
    for words in (*READING, ("erase", "0", "--yes"), ("edit", "0", "-"), ("ask",), ("doctor",)):
        ran = run(*words, stdin="x", code=7)
        assert said in ran.err + ran.out, words
        assert "Next:" in ran.err
    assert digest_of(home) == before
    for words in (("write", "-"), ("write", "--", WORDS)):
        ran = run(*words, "--about=Board" if words[-1] == "-" else "", stdin=WORDS, code=7)
        assert "draft" in ran.err
    assert all(WORDS in kept for kept in kept_words(home))
    assert len(kept_words(home)) == 2
    assert {name: digest for name, digest in digest_of(home).items() if "drafts" not in name} == before


def test_row_47_an_emptied_journal_is_named_and_left(write: Write, run: Run, home: Path) -> None:
    """A journal of 0 bytes is said to be emptied, is not started afresh, and our copy is named; words go to a draft."""
    write("first")
    copy = copy_of(home)
    (home / "journal.db").write_bytes(b"")
    assert_all_refuse(run, home, "emptied")
    assert copy.name in run("list", code=7).err
    assert (home / "journal.db").read_bytes() == b""


@pytest.mark.parametrize("content", [b"Shopping list\n", b"x", b"SQLite format 3\0", b"\0" * 4096], ids=repr)
def test_row_48_a_file_that_is_no_journal_is_left(run: Run, home: Path, content: bytes) -> None:
    """A text file, or a beginning without its rest, in the journal's place is named and not touched."""
    home.mkdir(mode=0o700)
    (home / "journal.db").write_bytes(content)
    (home / "journal.db").chmod(0o600)
    assert_all_refuse(run, home, "not a journal")


@pytest.mark.parametrize("mode", ["DELETE", "WAL", "PERSIST"])
def test_row_48_another_programs_database_is_left(run: Run, home: Path, mode: str) -> None:
    """Another program's SQLite file, whatever its mode, is named and keeps every byte."""
    home.mkdir(mode=0o700)
    with closing(sqlite3.connect(home / "journal.db")) as other:
        other.execute(f"PRAGMA journal_mode={mode}")
        other.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT)")
        other.execute("INSERT INTO entry (text) VALUES ('theirs')")
        other.commit()
    (home / "journal.db").chmod(0o600)
    assert_all_refuse(run, home, "not a reflect journal")


@pytest.mark.parametrize("damage", ["cut in half", "cut in the header", "header overwritten", "header zeroed"])
def test_row_49_a_cut_or_overwritten_journal_is_left(write: Write, run: Run, home: Path, damage: str) -> None:
    """Cut short or with a broken beginning it is named, the copy is named, and its bytes stay as they are."""
    write("first")
    copy = copy_of(home)
    path = home / "journal.db"
    whole = path.read_bytes()
    path.write_bytes(
        {
            "cut in half": whole[: len(whole) // 2],
            "cut in the header": whole[:50],
            "header overwritten": b"\xff" * 64 + whole[64:],
            "header zeroed": b"\0" * 100 + whole[100:],
        }[damage]
    )
    assert_all_refuse(run, home, "damaged")
    assert copy.exists()


@pytest.fixture
def zeroed(journal: Journal, home: Path) -> dict[str, Any]:
    """A journal of 60 entries in which a page with the words of one of them is zeroed."""
    journal.first_time("greeted")
    written = [
        journal.write(from_text(f"sentinel{number:03} " + f"filler{number} " * 80), Details()).entry
        for number in range(60)
    ]
    journal._db.execute("VACUUM")  # so that each entry stands in one place only
    journal._db.close()
    path = home / "journal.db"
    content = bytearray(path.read_bytes())
    size = int.from_bytes(content[16:18], "big")
    page = content.index(b"sentinel030 filler") // size
    lost = [entry for entry in written if page * size <= content.index(entry.text[:25].encode()) < (page + 1) * size]
    content[page * size : (page + 1) * size] = bytes(size)
    path.write_bytes(content)
    return {"written": written, "lost": {entry.id for entry in lost}, "path": path}


def test_row_50_a_zeroed_page_is_found_and_the_rest_read(run: Run, home: Path, zeroed: dict[str, Any]) -> None:
    """Doctor names the damage with exit 7; what stands on other pages is still read; nothing is written."""
    before = digest_of(home)
    ran = run("doctor", "--json", code=7)
    assert any(finding["level"] == "fault" for finding in ran.json)
    assert '"code": 7' in ran.err
    assert digest_of(home) == before
    run("list", "--json", code=7)
    assert digest_of(home) == before
    readable = 0
    for entry in zeroed["written"][::6]:
        ran = run("show", ids.shown(entry.id), "--raw", code=None)
        if entry.id in zeroed["lost"]:
            assert ran.code in (4, 7)
        elif ran.code == 0:
            assert ran.out == entry.text
            readable += 1
        else:
            assert ran.code == 7
    assert readable >= 6  # of ten, one of which is surely lost and up to three more stand on its page
    assert digest_of(home) == before


def test_row_50_words_are_safe_beside_a_damaged_page(run: Run, home: Path, zeroed: dict[str, Any]) -> None:
    """Writing into a damaged journal either stores the words or keeps them in a draft."""
    ran = run("write", "-", stdin=WORDS, code=None)
    assert ran.code in (0, 7)
    if ran.code:
        assert kept_words(home) == [WORDS]
    else:
        assert run("show", ran.out.split()[1], "--raw").out == WORDS


def test_row_51_a_letter_changed_on_the_disk_is_found(write: Write, run: Run, home: Path) -> None:
    """A byte that changed inside an entry's words passes SQLite's own check and is found by doctor."""
    entry = write("the heliotrope stood there")
    path = home / "journal.db"
    content = path.read_bytes()
    assert content.count(b"the heliotrope") == 1
    path.write_bytes(content.replace(b"the heliotrope", b"the heliotropf"))
    ran = run("doctor", "--json", code=7)
    assert entry["id"] in next(each["text"] for each in ran.json if each["code"] == "words-damaged")
    path.write_bytes(content.replace(b"the heliotrope", b"the hel\xffotrope"))
    assert "words-damaged" in run("doctor", "--json", code=7).out
    assert "damaged" in run("show", entry["id"], code=7).err


# -- rows 53 to 56: disks that refuse ----------------------------------------------------------


def fill(disk: Path) -> Path:
    """Fill a disk to its last byte; return the file that does it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 1_024, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


def test_row_53_a_full_disk_prints_the_words(run: Run, small_disk: Path) -> None:
    """Nothing is saved, no half draft stays, the words are printed: exit 6; earlier entries stand, later ones fit."""
    env = {"REFLECT_HOME": str(small_disk / "home")}
    run("write", "-", stdin="before", env=env)
    filler = fill(small_disk)
    text = WORDS + " filler" * 10_000
    ran = run("write", "-", stdin=text, env=env, code=6)
    assert "not saved" in ran.err
    assert text in ran.err
    assert drafts.every(small_disk / "home" / "drafts") == []
    assert "before" in run("list", env=env).out
    filler.unlink()
    run("write", "-", stdin=text, env=env)
    assert [entry["text"] for entry in run("list", "--json", env=env).json] in (["before", text], [text, "before"])
    assert run("doctor", env=env).code == 0


def test_row_53_a_first_journal_on_a_full_disk(run: Run, small_disk: Path) -> None:
    """A journal that can't even be begun leaves no half one behind, and the words are printed."""
    filler = fill(small_disk)
    env = {"REFLECT_HOME": str(small_disk / "home")}
    assert WORDS in run("write", "-", stdin=WORDS, env=env, code=6).err
    assert not (small_disk / "home" / "journal.db").exists()
    filler.unlink()
    run("write", "-", stdin=WORDS, env=env)
    assert {path.name for path in (small_disk / "home").iterdir()} <= {"journal.db", "journal.db-journal", "drafts"}


def test_row_54_a_full_disk_erases_nothing_by_halves(run: Run, small_disk: Path) -> None:
    """An erasure without room is refused whole: the entry is still there, and erasing again is complete."""
    env = {"REFLECT_HOME": str(small_disk / "home")}
    entry = run("write", "-", "--json", stdin="heliotrope " * 20_000, env=env).json
    filler = fill(small_disk)
    assert "Next:" in run("erase", entry["id"], "--yes", env=env, code=6).err
    assert run("show", entry["id"], "--raw", env=env).out == entry["text"]
    filler.unlink()
    run("erase", entry["id"], "--yes", env=env)
    assert b"heliotrope" not in bytes_under(small_disk / "home")


@pytest.mark.parametrize("share", [0.3, 0.95, 1.0])
def test_row_55_a_limit_on_files_keeps_the_words_in_a_draft(
    write: Write, run: Run, limited: Limited, home: Path, share: float
) -> None:
    """Where a file may grow no further, the entry is not saved and the words are in a draft: exit 6."""
    write("before")
    size = int((home / "journal.db").stat().st_size * share)
    text = WORDS + " filler" * 8_000
    ran = limited("write", "-", stdin=text, file_size=size, code=6)
    assert "not saved" in ran.err
    assert kept_words(home) == [text]
    assert texts(run) == ["before"]
    assert_sound(run)
    run("drafts", "resume", drafts.every(home / "drafts")[0].stem)
    assert sorted(map(len, texts(run))) == sorted([len("before"), len(text)])


def test_row_55_a_limit_too_small_for_a_draft_prints_the_words(
    write: Write, run: Run, limited: Limited, home: Path
) -> None:
    """When not even a draft fits, no half draft stays and the words are printed."""
    write("before")
    text = WORDS + " filler" * 10_000
    ran = limited("write", "-", stdin=text, file_size=4_096, code=6)
    assert text in ran.err
    assert kept_words(home) == []
    assert_sound(run)


@contextmanager
def mode_of(path: Path, mode: int) -> Iterator[None]:
    """Give a path another mode for a while."""
    before = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("what", ["file", "folder", "both"])
def test_row_56_a_read_only_journal_is_read_and_not_written(
    write: Write, run: Run, limited: Limited, home: Path, what: str
) -> None:
    """With the file or its folder read-only every reading command works; writing is refused: exit 6, words told."""
    entry = write("words before", "--about", "Board")
    run("write", "an argument")
    for path in home.glob("journal.db-*"):
        path.unlink()
    with (
        mode_of(home / "journal.db", 0o400 if what != "folder" else 0o600),
        mode_of(home, 0o500 if what != "file" else 0o700),
    ):
        before = digest_of(home)
        for words in (("list",), ("show", entry["id"]), ("search", "words"), ("summary",), (), ("prompts", "list")):
            assert limited(*words).out
        codes = {each["code"]: each["level"] for each in limited("doctor", "--json").json}
        assert "fault" not in codes.values()
        assert digest_of(home) == before
        ran = limited("write", "-", stdin=WORDS, code=6)
        assert "read-only" in ran.err
        assert WORDS in ran.err or kept_words(home) == [WORDS]
        for words in (("edit", entry["id"], "-"), ("erase", entry["id"], "--yes"), ("ask",), ("actions", "add", "x")):
            limited(*words, stdin="other words", code=6)
        assert limited("show", entry["id"], "--raw").out == "words before"
    assert_sound(run)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_row_56_an_unreadable_journal_is_refused(write: Write, run: Run, limited: Limited, home: Path) -> None:
    """A journal that may not even be read is named: exit 6, and the words are printed.

    Nobody can tell then whether it is encrypted, and a draft in plain text might betray it.
    """
    write("before")
    with mode_of(home / "journal.db", 0):
        assert "can't be read" in limited("list", code=6).err
        assert WORDS in limited("write", "-", stdin=WORDS, code=6).err
    with mode_of(home, 0):
        limited("list", code=6)


# -- rows 58 to 60: places that vanish, move and have two names --------------------------------


def test_row_58_a_missing_drive_is_not_made_anew(run: Run, tmp_path: Path) -> None:
    """When the folder above the home is missing, nothing is made there: exit 4, and the words are printed."""
    gone = tmp_path / "drive" / "home"
    for words in (("list",), (), ("doctor",), ("write", "-")):
        ran = run(*words, stdin=WORDS, env={"REFLECT_HOME": str(gone)}, code=4)
        assert "Next:" in ran.err
    assert WORDS in ran.err
    assert not gone.parent.exists()


def test_row_58_a_home_with_copies_but_no_journal_is_not_begun_afresh(write: Write, run: Run, home: Path) -> None:
    """Copies without a journal mean that one was lost: exit 7, nothing made, words in a draft."""
    write("before")
    copy_of(home)
    (home / "journal.db").unlink()
    for words in (("list",), (), ("write", "-")):
        assert "copies" in run(*words, stdin=WORDS, code=7).err
    assert not (home / "journal.db").exists()
    assert kept_words(home) == [WORDS]
    assert list(home.glob(".new-*")) == []


def test_row_58_a_file_in_the_place_of_a_folder(run: Run, tmp_path: Path) -> None:
    """A home that is a file, or lies in one, is refused by name and left."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for place, code in (("file", 3), ("file/home", 4)):
        ran = run("write", "-", stdin=WORDS, env={"REFLECT_HOME": str(tmp_path / place)}, code=code)
        assert WORDS in ran.err
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not move open files")
@pytest.mark.parametrize("fate", ["removed", "replaced", "moved away"])
def test_row_59_a_journal_that_goes_while_it_is_open(
    at_terminal: AtTerminal, write: Write, run: Run, home: Path, tmp_path: Path, fate: str
) -> None:
    """What was typed while the file was removed or replaced is not said to be saved: exit 7, words in the draft."""
    write("before")
    shutil.copy2(home / "journal.db", tmp_path / "copy.db")
    terminal = at_terminal("write", "--free").type(WORDS).see("> ")
    if fate == "replaced":
        (tmp_path / "copy.db").replace(home / "journal.db")
    elif fate == "removed":
        (home / "journal.db").unlink()
    else:
        (home / "journal.db").rename(tmp_path / "elsewhere.db")
    terminal.answer(".")
    screen = terminal.leave(7)
    assert "Saved" not in screen
    assert "moved or replaced" in screen
    assert kept_words(home) == [WORDS]
    if fate == "replaced":
        assert texts(run) == ["before"]
        assert_sound(run)


def test_row_59_every_change_is_checked(journal: Journal, home: Path) -> None:
    """After the file was replaced no change of any kind is acknowledged."""
    entry = journal.write(from_text("before"), Details()).entry
    shutil.copy2(home / "journal.db", home / "copy.db")
    (home / "copy.db").replace(home / "journal.db")
    for change in (
        lambda: journal.write(from_text(WORDS), Details()),
        lambda: journal.edit(entry, from_text(WORDS)),
        lambda: journal.offer("something"),
        lambda: journal.retheme(entry, ["funding"], []),
        lambda: journal.serve([]),
    ):
        with pytest.raises(Damaged, match="moved or replaced"):
            change()
    assert kept_words(home) == [WORDS, WORDS]
    with pytest.raises(Damaged, match="moved or replaced"):
        journal.erase(entry)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_row_60_links_lead_to_the_one_journal(write: Write, run: Run, home: Path, tmp_path: Path) -> None:
    """A linked home and a linked journal file are the same journal; a hard link is warned of."""
    write("through the front door")
    link = tmp_path / "link to home"
    link.symlink_to(home, target_is_directory=True)
    run("write", "-", stdin="through the link", env={"REFLECT_HOME": str(link)})
    assert len(texts(run)) == 2
    (tmp_path / "far").mkdir()
    (home / "journal.db").rename(tmp_path / "far" / "real.db")
    (home / "journal.db").symlink_to(tmp_path / "far" / "real.db")
    run("write", "-", stdin="through a linked file")
    assert len(texts(run)) == 3
    assert (home / "journal.db").is_symlink()
    assert_sound(run)
    (home / "journal.db").unlink()
    os.link(tmp_path / "far" / "real.db", home / "journal.db")
    assert "hard-link" in run("doctor", "--json").out
    (home / "journal.db").unlink()
    (home / "journal.db").symlink_to(tmp_path / "nowhere.db")
    run("list", code=4)
    assert not (tmp_path / "nowhere.db").exists()


# -- row 62: privacy ---------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_row_62_files_are_private_from_the_start(run: Run, home: Path, at_terminal: AtTerminal) -> None:
    """Whatever the umask, folders are 0700 and files 0600, drafts, raw bytes, copies and summaries included."""
    script = 'umask 000; exec "$0" -m reflect "$@"'
    for words, stdin in (
        (("write", "-"), b"words"),
        (("write", "-"), b"caf\xe9"),
        (("summary", "-o", f"{home}/s.md"), b""),
    ):
        subprocess.run(["/bin/sh", "-c", script, sys.executable, *words], input=stdin, check=True, capture_output=True)
    at_terminal("write", "--free").type("typed").press("c").leave(130)
    copy_of(home)
    for path in home.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert home.stat().st_mode & 0o777 == 0o700
    assert len(list(home.rglob("*"))) >= 7


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_row_62_what_others_could_read_is_closed_and_told_once(write: Write, run: Run, home: Path) -> None:
    """Modes that another program opened are closed again by the next command, which says so, once."""
    write("words")
    copy_of(home)
    drafts.keep(home / "drafts", datetime.fromisoformat(NOW), "x", {})
    opened = {home: 0o775, home / "journal.db": 0o644, home / "drafts": 0o755, home / "backups": 0o755}
    for path, mode in opened.items():
        path.chmod(mode)
    assert "permissions-open" in run("doctor", "--json", code=7).out
    first = run("list")
    for path, mode in opened.items():
        assert str(path) in first.err
        assert path.stat().st_mode & 0o777 == (0o600 if mode == 0o644 else 0o700)
    assert run("list").err == ""
    assert "permissions-open" not in run("doctor", "--json").out


# -- row 63: killed ----------------------------------------------------------------------------

# Kills amid everything else, and power cuts, are parts A to D of tests/faults.


def test_row_63_a_kill_while_the_journal_is_made_leaves_none_or_a_whole_one(run: Run, home: Path) -> None:
    """Killed during the very first start, the next start is silent about it and has a whole journal."""
    chance = random.Random(1)
    for _ in range(6):
        shutil.rmtree(home, ignore_errors=True)
        with subprocess.Popen(
            [sys.executable, "-m", "reflect", "list"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as first:
            try:
                first.wait(timeout=chance.uniform(0.08, 0.5))
            except subprocess.TimeoutExpired:
                first.kill()
        run("write", "-", stdin="words")
        assert_sound(run)


# -- erased means gone -------------------------------------------------------------------------

SECRETS = {
    "words": "ZqxSecretColleagueName",
    "older": "VbnmOlderWordingSecret",
    "about": "KjhgAboutSomebodySecret",
    "tag": "wertytagofasecret",
    "draft": "PoiuDraftOfAnEditSecret",
}


def traces(home: Path, secret: str) -> int:
    """How often a secret is found in any file: as text, folded, as the tail an index keeps, and in UTF-16."""
    content = bytes_under(home)
    folded = content.lower()
    tail = secret.lower()[-12:-3].encode()  # the index folds words, cuts their ending and shares their beginnings
    return (
        content.count(secret.encode())
        + folded.count(secret.lower().encode())
        + folded.count(tail)
        + content.count(secret.encode("utf-16-le"))
        + content.count(secret.encode("utf-16-be"))
    )


@pytest.fixture
def told(write: Write, run: Run, home: Path, journal: Journal, at_terminal: AtTerminal) -> str:
    """The id of an entry among others whose secrets are in its words, an older version, names, a draft and a copy."""
    for number in range(30):
        journal.write(from_text(f"ordinary entry {number} about the hub and its colleagues"), Details())
    entry = write(
        f"first {SECRETS['older']} wording", "--about", SECRETS["about"], "--tag", SECRETS["tag"], "--theme", "voice"
    )
    run("edit", entry["id"], "-", stdin=f"now {SECRETS['words']} pays for funding")
    copy_of(home)
    at_terminal("edit", entry["id"]).type(f"typed {SECRETS['draft']}").press("c").leave(130)
    for name, secret in SECRETS.items():
        assert traces(home, secret) >= 1, name
    return entry["id"]


def test_erased_means_gone_from_every_byte(told: str, run: Run, home: Path) -> None:
    """After `erase` no byte of words, versions, names, tags, drafts or copies holds them; others are still found."""
    ran = run("erase", told, "--yes")
    assert "1 of our own copies rewritten" in ran.out
    for name, secret in SECRETS.items():
        assert traces(home, secret) == 0, name
    assert told.encode() not in bytes_under(home)
    assert len(run("search", "colleagues", "--json", "-n", "100").json) == 30
    assert run("search", SECRETS["words"], "--json").json == []
    run("show", told, code=4)
    assert_sound(run)
    copy = next((home / "backups").glob("*.db"))
    with closing(engine.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert connection.execute("SELECT count(*) FROM entry").fetchone()[0] == 30


@pytest.mark.parametrize("fate", ["damaged", "newer", "foreign"])
def test_a_copy_out_of_reach_is_named(told: str, run: Run, home: Path, fate: str) -> None:
    """A copy that can't be rewritten is named with exit 5; the journal itself is clean."""
    copy = next((home / "backups").glob("*.db"))
    content = bytearray(copy.read_bytes())
    if fate == "damaged":
        content[:16] = bytes(16)
    elif fate == "newer":
        content[60:64] = (99).to_bytes(4, "big")
    else:
        content[68:72] = b"else"
    copy.write_bytes(content)
    ran = run("erase", told, "--yes", code=5)
    assert str(copy) in ran.err
    assert "gone from the journal" in ran.err
    assert copy.read_bytes() == content
    copy.unlink()
    for secret in SECRETS.values():
        assert traces(home, secret) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_copy_that_may_not_be_written_is_named(told: str, limited: Limited, home: Path) -> None:
    """A read-only copy is named with exit 5, and says why."""
    copy = next((home / "backups").glob("*.db"))
    copy.chmod(0o400)
    ran = limited("erase", told, "--yes", code=5)
    assert str(copy) in ran.err
    assert "read-only" in ran.err
    assert traces(home, SECRETS["words"]) >= 1


def test_an_edit_that_is_erased_leaves_no_wording(journal: Journal, home: Path) -> None:
    """Twenty random histories of adding and editing: erasing one entry leaves no wording of it behind."""
    chance = random.Random(20)
    for history in range(20):
        secret = f"qsecret{history}x{chance.randrange(10**9)}"
        entry = journal.write(from_text(f"{secret} " + "pay " * chance.randrange(900)), Details(about=secret)).entry
        for number in range(chance.randrange(4)):
            journal.write(from_text(f"other {number} " + "funding " * chance.randrange(300)), Details())
            changed = journal.edit(entry, from_text(f"{number} {secret} " + "again " * chance.randrange(2_000)))
            assert changed
            entry = changed
        assert traces(home, secret)
        journal.erase(entry)
        assert traces(home, secret) == 0


def test_erasing_leaves_no_piece_where_pages_were_split(
    journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite leaves a second copy of some rows when it splits a page; erasing takes that one, too."""
    chance = random.Random(3)
    monkeypatch.setattr(ids, "new", lambda: chance.getrandbits(40))
    written: list[Entry] = []
    doubled: list[Entry] = []
    while len(doubled) < 3:
        text = f"sentinel{len(written):04} " + f"filler{len(written):04} " * chance.randrange(20, 90)
        written.append(journal.write(from_text(text), Details()).entry)
        content = bytes_under(home)
        doubled = [entry for entry in written if content.count(entry.text[:20].encode()) > 1]
        assert len(written) < 600, "SQLite leaves no second copies any more, and erasing need not write the file anew"
    for entry in doubled:
        journal.erase(entry)
    content = bytes_under(home)
    assert [entry.text[:12] for entry in doubled if entry.text[13:24].encode() in content] == []
    assert journal.size() == len(written) - 3


def test_an_erasure_that_was_cut_off_is_told_and_finished(
    journal: Journal, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before the file was written anew: exit 5 and the way to finish, which doctor repeats until it is done."""
    entry = journal.write(from_text(SECRETS["words"]), Details()).entry

    def refuse(*_: object) -> None:
        raise StorageRefused("not saved", why="the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "compact", refuse)
        with pytest.raises(Busy, match="pieces of it may be left"):
            journal.erase(entry)
    assert journal.size() == 0
    journal._db.close()
    assert "erase-unfinished" in run("doctor", "--json").out
    assert "erase-unfinished" not in run("doctor", "--rebuild-index", "--json").out
    assert "erase-unfinished" not in run("doctor", "--json").out


def test_while_another_reads_nothing_is_erased_by_halves(
    journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a reader in the way the erasure is refused whole; once it has gone, erasing again is complete."""
    monkeypatch.setattr(engine, "WAIT_MS", 50)
    entry = journal.write(from_text(SECRETS["words"]), Details()).entry
    with (
        Journal(journal.places, journal.now) as other,
        closing(sqlite3.connect(home / "journal.db", isolation_level=None)) as reader,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entry").fetchone()
        with pytest.raises(Busy):
            other.erase(entry)
        assert journal.entry(entry.id).text == SECRETS["words"]
        reader.execute("COMMIT")
        other.erase(entry)
    assert traces(home, SECRETS["words"]) == 0


def test_a_kill_between_copy_and_journal_can_be_repeated(
    journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the journal can't be written, the entry stays there to be erased again, after its copies."""
    entry = journal.write(from_text(SECRETS["words"]), Details()).entry
    copy = copy_of(home)

    @contextmanager
    def refuse() -> Iterator[None]:
        raise StorageRefused("no")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(journal, "change", refuse)
        with pytest.raises(StorageRefused):
            journal.erase(entry)
    assert SECRETS["words"].encode() not in copy.read_bytes()
    assert journal.erase(entry).copies == 0
    assert traces(home, SECRETS["words"]) == 0
