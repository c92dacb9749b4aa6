"""Where a passphrase comes from, and that it is never waited for without a person."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from reflect import kernel_keyring, unlocking
from reflect.errors import NotFound, Refused, WrongKey
from tests.sealed import keyring_in, passphrase_file

SALT = b"reflect\x01" + bytes(8)


def test_from_a_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's words are taken without the line's end; one that others can read is refused by name."""
    path = passphrase_file(tmp_path, "  blanks stay  ")
    monkeypatch.setenv("REFLECT_PASSPHRASE_FILE", str(path))
    assert unlocking.given() == ("  blanks stay  ", str(path))
    path.chmod(0o640)
    with pytest.raises(Refused, match="others can read"):
        unlocking.given()
    path.unlink()
    with pytest.raises(NotFound):
        unlocking.given()


def test_from_an_open_file_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe can be read once only, so what it said is remembered; a number that is not open is refused."""
    read, write = os.pipe()
    os.write(write, "näïve words\n".encode())
    os.close(write)
    monkeypatch.setattr(unlocking, "_from_descriptor", {})
    monkeypatch.setenv("REFLECT_PASSPHRASE_FD", str(read))
    assert unlocking.given() == unlocking.given() == ("näïve words", f"REFLECT_PASSPHRASE_FD={read}")
    os.close(read)
    for number in ("99999", "-1", "nine"):
        monkeypatch.setenv("REFLECT_PASSPHRASE_FD", number)
        with pytest.raises(NotFound):
            unlocking.given()


def test_nobody_is_asked_without_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt that nobody could see or answer is never shown: stdin or stderr elsewhere, or closed."""
    assert not unlocking.somebody_is_here()
    for stream in (None, io.StringIO()):
        monkeypatch.setattr(sys, "stderr", stream)
        assert not unlocking.somebody_is_here()


def test_the_marker_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the keyring was asked stands in a private file beside the journal, without key or passphrase."""
    keyring_in(tmp_path, monkeypatch)
    kept = unlocking.Kept("ab" * 32, "the words")
    assert unlocking.from_keyring(tmp_path, SALT) is None
    unlocking.keep(tmp_path, SALT, kept)
    marker = tmp_path / unlocking.MARKER
    assert stat.S_IMODE(marker.stat().st_mode) == 0o600
    assert kept.key not in marker.read_text()
    assert kept.passphrase not in marker.read_text()
    assert unlocking.from_keyring(tmp_path, SALT) == kept
    assert unlocking.forget(tmp_path, SALT)
    assert unlocking.from_keyring(tmp_path, SALT) is None
    assert not unlocking.forget(tmp_path, SALT)


def test_a_key_belongs_to_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is kept under its file's salt, so that it is never tried on another file; nonsense in its place is none."""
    ring = keyring_in(tmp_path, monkeypatch)
    unlocking.keep(tmp_path, SALT, unlocking.Kept("ab" * 32, "the words"))
    assert unlocking.from_keyring(tmp_path, SALT[:-1] + b"x") is None
    kernel_keyring.forget(SALT.hex())
    ring.write_text(ring.read_text().replace("key", "other"))
    assert unlocking.from_keyring(tmp_path, SALT) is None
    unlocking.forget(tmp_path, SALT)


def test_a_keyring_that_forgets_at_once_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a keyring does not give back is not noted as kept."""
    keyring_in(tmp_path, monkeypatch)
    import keyring

    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    with pytest.raises(Exception, match="does not give back"):
        unlocking.keep(tmp_path, SALT, unlocking.Kept("ab" * 32, "the words"))
    assert not unlocking.is_kept(tmp_path)


def test_a_missing_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library keyring, keeping says what to install; a kept key is then asked for."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(WrongKey, match="not installed"):
        unlocking.keep(tmp_path, SALT, unlocking.Kept("ab" * 32, "the words"))
    (tmp_path / unlocking.MARKER).touch()
    assert unlocking.from_keyring(tmp_path, SALT) is None


def test_the_kernel_holds_and_forgets() -> None:
    """Where the kernel has a keyring it gives back what it was given, and nothing after it was told to forget."""
    name = f"test-{os.getpid()}"
    kernel_keyring.put(name, '{"key": "ä"}')
    if kernel_keyring.read(name) is None:
        pytest.skip("needs the right to use the kernel's keyring")
    assert kernel_keyring.read(name) == '{"key": "ä"}'
    assert kernel_keyring.read(name + "x") is None
    kernel_keyring.forget(name)
    assert kernel_keyring.read(name) is None


def test_without_such_a_kernel_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    """On another system, or another kind of machine, nothing is held and nothing fails."""
    monkeypatch.setattr(sys, "platform", "darwin")
    kernel_keyring.put("a", "b")
    kernel_keyring.forget("a")
    assert kernel_keyring.read("a") is None
    monkeypatch.undo()
    monkeypatch.setattr(kernel_keyring, "_CALLS", {})
    assert kernel_keyring.read("a") is None
