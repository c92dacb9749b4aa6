"""Where a passphrase comes from: a file a script names, the system's keyring if it was asked to keep it, or a person.

It is never an argument and never a variable: both can be seen by others while a command runs.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from reflect.errors import NotFound, Refused, StorageRefused, WrongKey

FILE, DESCRIPTOR = "REFLECT_PASSPHRASE_FILE", "REFLECT_PASSPHRASE_FD"
"""Variables that name where a script's passphrase stands; the passphrase itself is in neither."""
SERVICE = "reflect-journal"
"""What the keyring calls us."""
MARKER = "key-in-keyring"
"""File in a journal's folder that says that the keyring was asked to keep its key; it holds no secret."""
TRIES = 3
"""How often a person may type a passphrase."""
_WAIT_S, _WAIT_FOR_A_PERSON_S = 5.0, 60.0
_from_descriptor: dict[int, str] = {}


class Kept(NamedTuple):
    """What the keyring keeps: the key itself, so that none has to be derived, and the passphrase for what leaves."""

    key: str
    passphrase: str


def checked(passphrase: str) -> str:
    """Return a passphrase in its one form (NFC); one that no file can have is refused."""
    if not passphrase:
        raise Refused("the passphrase is empty", next_step="choose one of several words")
    if "\0" in passphrase:
        raise Refused("the passphrase holds a NUL", next_step="choose one of several words")
    try:
        passphrase.encode()
    except UnicodeEncodeError:
        raise Refused("the passphrase is no text", next_step="write it in UTF-8") from None
    return _in_one_form(passphrase)


def _in_one_form(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)


def given() -> tuple[str, str] | None:
    """Return the passphrase that a script gave, and where it stands; None where no script did."""
    number = os.environ.get(DESCRIPTOR, "")
    if number:
        return _from_fd(number), f"{DESCRIPTOR}={number}"
    file = os.environ.get(FILE, "")
    return (from_file(Path(file).expanduser()), file) if file else None


def from_file(path: Path) -> str:
    """Return the passphrase in a private file, without the line's end."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if os.name != "nt" and stat.S_ISREG(found.st_mode) and found.st_mode & 0o077:
                raise Refused(f"others can read {path}", next_step=f"make it yours alone: chmod 600 {path}")
            return _text(file.read(10_000), str(path))
    except FileNotFoundError:
        raise NotFound(f"there is no passphrase file {path}", next_step="check the path") from None


def _from_fd(number: str) -> str:
    try:
        descriptor = int(number)
        if descriptor not in _from_descriptor:
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                _from_descriptor[descriptor] = _text(file.read(10_000), f"{DESCRIPTOR}={number}")
    except (ValueError, OSError):
        raise NotFound(f"there is nothing to read at {DESCRIPTOR}={number}", next_step="name an open number") from None
    return _from_descriptor[descriptor]


def _text(content: bytes, where: str) -> str:
    try:
        return checked(content.decode().rstrip("\r\n"))
    except UnicodeDecodeError:
        raise Refused("the passphrase is no text", where=where, next_step="write it in UTF-8") from None


# -- a person ------------------------------------------------------------------------------------


def somebody_is_here() -> bool:
    """Return whether a person can be asked: words may come through a pipe, but the prompt must be seen."""
    try:
        if not sys.stderr.isatty():
            return False
        return sys.stdin.isatty() or stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode)
    except (AttributeError, ValueError, OSError):  # closed
        return False


def ask(question: str) -> str:
    """Return a passphrase typed unseen; an empty one is what Enter alone means."""
    import getpass

    try:
        return _in_one_form(getpass.getpass(question))
    except EOFError:
        return ""


# -- the system's keyring ------------------------------------------------------------------------


def is_kept(folder: Path) -> bool:
    """Return whether the keyring was asked to keep the key of the journal in this folder."""
    return (folder / MARKER).exists()


def from_keyring(folder: Path, salt: bytes) -> Kept | None:
    """Return what the keyring keeps for a file with this salt; None when it was not asked to, or has it no more."""
    if not is_kept(folder):
        return None
    from reflect import kernel_keyring

    found = kernel_keyring.read(_name(salt))
    if found is None:
        found = _within(lambda library: library.get_password(SERVICE, _name(salt)))
        if found is not None:
            kernel_keyring.put(_name(salt), found)
    try:
        return Kept(**json.loads(found)) if found else None
    except (TypeError, ValueError):
        return None


def keep(folder: Path, salt: bytes, kept: Kept) -> None:
    """Have the keyring keep a key, read it back, and note that it was asked to."""
    said = json.dumps(kept._asdict())
    _within(lambda library: library.set_password(SERVICE, _name(salt), said), must=True)
    if _within(lambda library: library.get_password(SERVICE, _name(salt)), must=True) != said:
        raise StorageRefused(
            "the keyring does not give back what it was asked to keep", next_step="see `keyring diagnose`"
        )
    _note(folder)


def _note(folder: Path) -> None:
    from reflect.files import write_private

    text = "The system's keyring was asked to keep this journal's key: `reflect passphrase forget` ends it.\n"
    write_private(folder / MARKER, text.encode(), replace=True)


def forget(folder: Path, salt: bytes) -> bool:
    """Have the keyring forget a key; return whether it had been asked to keep one."""
    was_kept = is_kept(folder)
    if was_kept:
        _within(_delete(salt), must=True)
        from reflect import kernel_keyring

        kernel_keyring.forget(_name(salt))
        (folder / MARKER).unlink(missing_ok=True)
    return was_kept


def _delete(salt: bytes) -> Callable[[Any], None]:
    def delete(library: Any) -> None:
        if library.get_password(SERVICE, _name(salt)) is not None:
            library.delete_password(SERVICE, _name(salt))

    return delete


def _name(salt: bytes) -> str:
    """Return the name of a key: its file's salt, so that a key can never be taken for another file's."""
    return salt.hex()


def _within(what: Callable[[Any], Any], *, must: bool = False) -> Any:
    """Ask the keyring, and wait no longer for it than a person would; a keyring that is not there keeps nothing."""
    from threading import Thread

    answers: list[Any] = []
    faults: list[Exception] = []

    def run() -> None:
        try:
            import keyring

            answers.append(what(keyring))
        except Exception as error:  # noqa: BLE001 - each keyring has errors of its own
            faults.append(error)

    asking = Thread(target=run, daemon=True)
    asking.start()
    asking.join(_WAIT_FOR_A_PERSON_S if somebody_is_here() else _WAIT_S)
    if answers:
        return answers[0]
    if not must:
        return None
    why = "it did not answer in time"
    if faults:
        missing = isinstance(faults[0], ImportError)
        why = "the library is not installed" if missing else f"{type(faults[0]).__name__}: {faults[0]}".split("\n")[0]
    raise WrongKey(
        "the system's keyring can't be used",
        why=why,
        next_step="go on typing the passphrase, or install `reflect-journal[encrypted]` and a keyring",
    )
