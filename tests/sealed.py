"""What the tests of an encrypted journal share: quick keys, needles, a keyring in a file, and kills at every step."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyrage

from reflect import config, envelopes
from reflect.errors import WrongKey
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.store import cipher
from tests.conftest import NOW, bytes_under

if TYPE_CHECKING:
    import pytest

NEEDLE = "zqxneedle"
OLD, NEW = "blue heron lamp stone river oak", "six other words nobody would guess"
_STEPS = {"replace", "rename", "unlink", "remove", "link", "open", "fsync", "write", "execute", "close"}
_OF_FILES = {"replace", "rename", "link"}


def now() -> datetime:
    """The moment of the tests."""
    return datetime.fromisoformat(NOW).astimezone()


def places(home: Path) -> config.Places:
    """The one journal of a home."""
    return config.Places(home, home)


def opened(home: Path) -> Journal:
    """The journal of a home, opened in this process."""
    return Journal(places(home), now(), seed="test")


def texts(home: Path) -> list[str]:
    """The words of every entry, sorted."""
    from reflect.models import Filters

    with opened(home) as journal:
        return sorted(entry.text for entry in journal.find(Filters()))


def filled(home: Path) -> list[str]:
    """Make a plain journal of three entries, a copy and a draft, each with the needle; return the words."""
    words = [f"{NEEDLE} number {number}" for number in range(3)]
    with opened(home) as journal:
        for each in words:
            journal.write(from_text(each), Details(tags=(f"{NEEDLE}-tag",)), None)
        journal.backup()
        with journal.draft(Details(), None) as draft:
            draft.line(f"a draft with {NEEDLE}")
    return words


def holds_needle(folder: Path) -> bool:
    """Whether the needle stands in any byte of any file under a folder."""
    return NEEDLE.encode() in bytes_under(folder)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive keys in no time; the rule is the same, and other tests keep to the numbers that people have.

    Files that leave are real age files here, to a key for each passphrase instead of the
    passphrase itself, which takes seconds.
    """
    monkeypatch.setattr(cipher, "ROUNDS", 2)
    keys: dict[str, pyrage.x25519.Identity] = {}

    def key_of(passphrase: str) -> pyrage.x25519.Identity:
        return keys.setdefault(passphrase, pyrage.x25519.Identity.generate())

    def opened_with(content: bytes, passphrases: Iterable[str], where: Path) -> tuple[bytes, str]:
        for each in passphrases:
            with suppress(pyrage.DecryptError):
                return pyrage.decrypt(content, [key_of(each)]), each
        raise WrongKey("the passphrase does not open it", where=str(where))

    monkeypatch.setattr(
        envelopes, "under_passphrase", lambda content, words: pyrage.encrypt(content, [key_of(words).to_public()])
    )
    monkeypatch.setattr(envelopes, "opened_with", opened_with)


def passphrase_file(folder: Path, words: str) -> Path:
    """A private file that holds a passphrase."""
    path = folder / f"passphrase-{len(words)}"
    path.write_text(words + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def keyring_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the library keyring keep everything in one file, for this test; return the file."""
    import keyring
    from keyring.backend import KeyringBackend

    file = folder / "keyring.json"

    class InAFile(KeyringBackend):
        priority = 1  # type: ignore[assignment]

        def _all(self) -> dict[str, str]:
            return json.loads(file.read_text()) if file.exists() else {}

        def get_password(self, service: str, username: str) -> str | None:
            return self._all().get(f"{service} {username}")

        def set_password(self, service: str, username: str, password: str) -> None:
            file.write_text(json.dumps(self._all() | {f"{service} {username}": password}))

        def delete_password(self, service: str, username: str) -> None:
            rest = self._all()
            del rest[f"{service} {username}"]
            file.write_text(json.dumps(rest))

    before = keyring.core._keyring_backend
    monkeypatch.setattr(keyring.core, "_keyring_backend", before)
    keyring.set_keyring(InAFile())
    return file


def steps(what: Callable[[], object]) -> list[str]:
    """Run something in a process of its own; return the steps it took: each call that reaches the disk."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with os.fdopen(write, "w") as told:
            _watched(what, lambda _, name: told.write(name + "\n"))
            told.flush()
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as told:
        names = told.read().split()
    assert os.waitpid(child, 0)[1] == 0
    return names


def killed_at(step: int, what: Callable[[], object]) -> bool:
    """Run something in a process of its own that is killed before its step of this number; return whether it was."""

    def stop(number: int, _: str) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            _watched(what, stop)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def worth_a_kill(names: list[str], *, each: int, first: int = 0) -> list[int]:
    """The steps before which to kill: each that gives a file its name, and every so many of the rest."""
    return [number for number, name in enumerate(names) if name in _OF_FILES or number % each == first]


def copied(home: Path, to: Path) -> Path:
    """A fresh copy of a home."""
    if to.exists():
        shutil.rmtree(to)
    shutil.copytree(home, to)
    return to


def _watched(what: Callable[[], object], seen: Callable[[int, str], object]) -> None:
    count = 0

    def note(_: Any, event: str, called: Any) -> None:
        nonlocal count
        if event == "c_call" and called.__name__ in _STEPS and not isinstance(called.__self__, str | bytes):
            seen(count, called.__name__)
            count += 1

    sys.setprofile(note)
    try:
        what()
    finally:
        sys.setprofile(None)
