"""`reflect encrypt`, `decrypt` and `passphrase`, and what the other commands do with an encrypted journal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reflect import doctor, envelopes
from reflect.store import backups, cipher, engine
from tests.cli.conftest import Here
from tests.conftest import Run
from tests.sealed import NEEDLE, NEW, OLD, filled, holds_needle, keyring_in, passphrase_file, places, quick, texts


@pytest.fixture
def words(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The words of a plain journal with a copy and a draft; keys are made in no time."""
    quick(monkeypatch)
    return filled(home)


@pytest.fixture
def encrypted(words: list[str], here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The same, encrypted; a private file holds the passphrase."""
    file = str(passphrase_file(tmp_path, OLD))
    assert here("encrypt", "--new-passphrase-file", file, "--yes").exit_code == 0
    cipher.let_go()
    monkeypatch.setenv("REFLECT_PASSPHRASE_FILE", file)
    return words


def test_a_look_first(words: list[str], here: Here, home: Path) -> None:
    """--dry-run says what would be encrypted and what can't be, and changes nothing."""
    (home / "backups" / "2026-01-01-000000-journal-abcd.damaged").write_bytes(b"noise")
    before = {path: path.read_bytes() for path in (home / "backups").iterdir()}
    ran = here("encrypt", "--dry-run")
    assert "Would be encrypted: the journal, 1 copy, 1 draft." in ran.output
    assert "too damaged" in ran.output
    found = json.loads(here("encrypt", "--dry-run", "--json").output)
    assert (len(found["copies"]), found["drafts"], len(found["stays"])) == (1, 1, 1)
    assert {path: path.read_bytes() for path in (home / "backups").iterdir()} == before
    assert texts(home) == words
    assert engine.salt_of(home / "journal.db") is None


def test_without_a_person_it_says_at_once_what_it_needs(words: list[str], here: Here, tmp_path: Path) -> None:
    """Nobody at a terminal: a passphrase file and --yes, or exit 8 and 2 at once."""
    assert here("encrypt").exit_code == 8
    ran = here("encrypt", "--new-passphrase-file", str(passphrase_file(tmp_path, OLD)))
    assert ran.exit_code == 2
    assert "add --yes" in ran.output
    assert here("passphrase", "change").exit_code == 3
    assert here("decrypt").exit_code == 3


def test_encrypted_changed_and_decrypted(
    encrypted: list[str], here: Here, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each says what it did, as words and as JSON; the old passphrase ends with exit 8."""
    assert not holds_needle(home)
    assert "its passphrase is kept nowhere" in here("passphrase").output
    new = str(passphrase_file(tmp_path, NEW))
    ran = here("passphrase", "change", "--new-passphrase-file", new, "--yes", "--json")
    said = json.loads(ran.stdout)
    assert (said["changed"], said["copies"], said["stays"]) == (True, 1, [])
    cipher.let_go()
    assert here("list").exit_code == 8
    monkeypatch.setenv("REFLECT_PASSPHRASE_FILE", new)
    assert here("decrypt").exit_code == 2
    assert "Would be decrypted: the journal, 1 copy, 1 draft." in here("decrypt", "--dry-run").output
    assert "Decrypted the journal, 1 copy and 1 draft, and checked." in here("decrypt", "--yes").output
    assert holds_needle(home)
    assert texts(home) == encrypted
    assert "not encrypted" in here("passphrase").output


def test_what_stays_plain_is_unfinished(words: list[str], here: Here, home: Path, tmp_path: Path) -> None:
    """A file that can't be encrypted is named, with exit 5; the journal itself is done, and doctor tells of it, too."""
    (home / "backups" / "2026-01-01-000000-journal-abcd.damaged").write_bytes(NEEDLE.encode())
    ran = here("encrypt", "--new-passphrase-file", str(passphrase_file(tmp_path, OLD)), "--yes")
    assert ran.exit_code == 5
    assert "abcd.damaged: it is too damaged" in ran.output
    assert engine.salt_of(home / "journal.db")
    found = {each.code: each for each in doctor.examine(places(home))}
    assert found["copy-not-encrypted"].level == "note"
    assert {"encrypted", "damaged-kept"} <= set(found)
    assert "not-encrypted" not in found


def test_a_plain_copy_put_there_by_hand_is_found_and_encrypted(
    words: list[str], here: Here, home: Path, tmp_path: Path
) -> None:
    """Doctor finds a plain copy beside an encrypted journal, and --repair encrypts it."""
    plain = tmp_path / "plain.db"
    plain.write_bytes((home / "journal.db").read_bytes())
    assert here("encrypt", "--new-passphrase-file", str(passphrase_file(tmp_path, OLD)), "--yes").exit_code == 0
    (home / "backups" / "2026-01-01-000000-abcd.db").write_bytes(plain.read_bytes())
    ran = here("doctor", "--json")
    assert ran.exit_code == 7
    faults = [each["code"] for each in json.loads(ran.stdout) if each["level"] == "fault"]
    assert set(faults) - {"permissions-open"} == {"copy-not-encrypted"}
    assert here("doctor", "--repair").exit_code == 0
    assert not holds_needle(home)


def test_every_reading_command_works(encrypted: list[str], here: Here, home: Path) -> None:
    """Home, search, show, history, summary, actions and drafts read an encrypted journal as any other."""
    entry = json.loads(here("list", "--json").stdout)[0]["id"]
    for command in (
        (),
        ("search", NEEDLE),
        ("show", entry),
        ("history", entry),
        ("summary",),
        ("actions",),
        ("drafts",),
    ):
        ran = here(*command)
        assert ran.exit_code == 0, (command, ran.output)
    assert here("edit", entry, "--tag", "new").exit_code == 0
    assert not holds_needle(home)


def test_copies_elsewhere_are_sealed(encrypted: list[str], here: Here, home: Path, tmp_path: Path) -> None:
    """`backup -o` writes an age file, with --plain-text a plain journal; restored, either is encrypted."""
    sealed, plain = tmp_path / "copy.age", tmp_path / "copy.db"
    assert here("backup", "-o", str(sealed)).exit_code == 0
    assert envelopes.is_sealed(sealed)
    assert NEEDLE.encode() not in sealed.read_bytes()
    assert here("backup", "--plain-text").exit_code == 2
    assert here("backup", "-o", str(plain), "--plain-text").exit_code == 0
    assert plain.read_bytes().startswith(b"SQLite format 3")
    assert NEEDLE.encode() in plain.read_bytes()
    for copy in (sealed, plain):
        cipher.let_go()
        ran = here("restore", str(copy), "--yes")
        assert ran.exit_code == 0, ran.output
        assert engine.salt_of(home / "journal.db")
        assert not holds_needle(home)
        assert texts(home) == encrypted
    assert {engine.salt_of(each.path) for each in backups.beside(home / "journal.db")} == {
        engine.salt_of(home / "journal.db")
    }


def test_a_plain_copy_is_merged_into_an_encrypted_journal(
    words: list[str], here: Here, home: Path, tmp_path: Path
) -> None:
    """What a plain copy has more comes into the encrypted journal, and nothing plain stays here."""
    from tests.sealed import opened

    with opened(home) as journal:
        copy = journal.backup(tmp_path / "copy.db").path
        held = copy.read_bytes()
    assert here("backup", "--forget", str(copy)).exit_code == 0
    entry = json.loads(here("list", "--json").stdout)[0]["id"]
    assert here("encrypt", "--new-passphrase-file", str(passphrase_file(tmp_path, OLD)), "--yes").exit_code == 0
    assert copy.read_bytes() == held, "a forgotten copy is not ours to change"
    assert here("restore", str(copy), "--merge", "--yes").exit_code == 0
    assert not holds_needle(home)
    assert entry in here("list").output


@pytest.mark.parametrize(("form", "name"), [("json", "out.json.age"), ("markdown", "out.zip.age")])
def test_exports_are_sealed(
    form: str, name: str, encrypted: list[str], here: Here, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export is sealed, named for it, private, and comes in again elsewhere; --plain-text is plain."""
    place = tmp_path / ("out.json" if form == "json" else "out")
    said = json.loads(here("export", form, "-o", str(place), "--json").stdout)
    assert said["path"] == str(tmp_path / name)
    sealed = tmp_path / name
    assert envelopes.is_sealed(sealed)
    assert sealed.stat().st_mode & 0o077 == 0
    assert not place.exists()
    assert here("export", form, "-o", str(place)).exit_code == 3, "never overwritten unasked"
    assert here("export", form, "-o", str(place), "--plain-text").exit_code == 0
    assert place.exists()
    other = tmp_path / "other"
    monkeypatch.setenv("REFLECT_HOME", str(other))
    ran = here("import", "reflect" if form == "json" else "markdown", str(sealed), "--yes")
    assert ran.exit_code == 0, ran.output
    assert texts(other) == encrypted


def test_into_a_pipe_it_is_sealed_too(home: Path, run: Run, tmp_path: Path) -> None:
    """A real command into a real pipe: sealed bytes unless --plain-text, and what arrives is whole."""
    filled(home)
    file = str(passphrase_file(tmp_path, OLD))
    run("encrypt", "--new-passphrase-file", file, "--yes")
    env = {"REFLECT_PASSPHRASE_FILE": file}
    assert run("export", "jsonl", env=env).out.startswith("age-encryption.org/v1")
    assert NEEDLE in run("export", "jsonl", "--plain-text", env=env).out


def test_the_keyring_only_if_asked(
    encrypted: list[str], here: Here, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept unless asked; kept, no passphrase is needed, for what leaves neither; forgotten, it is again."""
    ring = keyring_in(tmp_path, monkeypatch)
    assert here("list").exit_code == 0
    assert not ring.exists()
    assert json.loads(here("passphrase", "keep", "--json").stdout) == {"kept": True}
    monkeypatch.delenv("REFLECT_PASSPHRASE_FILE")
    cipher.let_go()
    assert here("list").exit_code == 0
    assert "keyring keeps its key" in here("passphrase").output
    assert here("backup", "-o", str(tmp_path / "copy.age")).exit_code == 0
    assert "key-in-keyring" in {each.code for each in doctor.examine(places(home))}
    assert json.loads(here("passphrase", "forget", "--json").stdout) == {"kept": False, "was_kept": True}
    cipher.let_go()
    assert here("list").exit_code == 8
    assert "never asked" in here("passphrase", "forget").output
