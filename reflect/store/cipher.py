"""Keys of encrypted files: derived from a passphrase once a command, tried, and told apart from damage.

The file is SQLCipher's, as version 4 makes it: AES-256 with an HMAC for each page. The key is
derived here, by SQLCipher's own rule, so that one derivation serves the journal and
all of its copies, and the passphrase opens the file in SQLCipher's own shell, too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reflect import unlocking
from reflect.config import SEALED
from reflect.errors import Damaged, ReflectError, Refused, WrongKey
from reflect.store.engine import SALT, Key

ROUNDS = 256_000
"""Of PBKDF2 with SHA-512, as SQLCipher 4 has it."""
PAGE, RESERVED, _IV, _HMAC = 4096, 80, 16, 64  # bytes; a page ends with its IV and its HMAC
_BEGINNING = b"SQLite format 3\0\x10\x00\x01\x01" + bytes([RESERVED]) + b"\x40\x20\x20"
_held: dict[bytes, Key] = {}
_passphrases: list[str] = []
_named: set[Path] = set()


def new_key(passphrase: str) -> Key:
    """Return the key for a new file under this passphrase, with a salt that no other file has."""
    return hold(derive(passphrase, SEALED + os.urandom(SALT - len(SEALED))), passphrase)


def derive(passphrase: str, salt: bytes) -> Key:
    """Return the key that a passphrase makes with a file's salt; takes a good part of a second, on purpose."""
    import hashlib

    raw = hashlib.pbkdf2_hmac("sha512", unlocking.checked(passphrase).encode(), salt, ROUNDS, 32)
    return Key(raw, salt)


def hold(key: Key, passphrase: str = "") -> Key:
    """Remember a key, and the passphrase it came from, until this process ends; return the key."""
    _held[key.salt] = key
    if passphrase and passphrase not in _passphrases:
        _passphrases.append(passphrase)
    return key


def held(salt: bytes) -> Key | None:
    """Return the key for a salt, if it is known."""
    return _held.get(salt)


def let_go() -> None:
    """Remember no key and no passphrase any more."""
    _held.clear()
    _passphrases.clear()
    _named.clear()


def passphrase() -> str:
    """Return the passphrase of the journal as it was last given in this process, empty when only its key is known."""
    return _passphrases[-1] if _passphrases else ""


def passphrases() -> tuple[str, ...]:
    """Return every passphrase that is known in this process."""
    return tuple(_passphrases)


def for_what_leaves() -> str:
    """Return the passphrase under which a copy or an export leaves; asked for when only the key is known."""
    if not _passphrases:
        if not unlocking.somebody_is_here():
            raise WrongKey(
                "what leaves an encrypted journal is sealed under a passphrase, and nobody is here to type it",
                next_step=f"set {unlocking.FILE} to a private file that holds it, or add --plain-text",
            )
        first = unlocking.checked(unlocking.ask("A passphrase for what leaves: "))
        if unlocking.ask("Once more: ") != first:
            raise Refused("the two differ", next_step="try again")
        _passphrases.append(first)
    return _passphrases[-1]


def opened(path: Path) -> tuple[bytes, str]:
    """Return what a file sealed under a passphrase holds, with the passphrase that opened it."""
    from reflect.envelopes import opened_with

    content = path.read_bytes()
    given = unlocking.given()
    known = [*_passphrases, *([given[0]] if given and given[0] not in _passphrases else [])]
    try:
        return opened_with(content, known, path)
    except WrongKey:
        if path.resolve() not in _named or not unlocking.somebody_is_here():
            raise
    typed = unlocking.ask(f"Passphrase of {path.name}: ")
    return opened_with(content, [typed] if typed else [], path)


@contextmanager
def asked_for(path: Path) -> Iterator[None]:
    """While a file is read that the person named: its own passphrase may be asked for, if it has another."""
    _named.add(path.resolve())
    try:
        yield
    finally:
        _named.discard(path.resolve())


def key_for(path: Path, salt: bytes) -> Key:
    """Return the key of an encrypted file: one that is known, or one made from a passphrase that fits.

    Nobody is asked for the passphrase of one of our copies, only for the journal's and that of a file they named.
    """
    if salt in _held:
        return _held[salt]
    for known in _passphrases:
        key = derive(known, salt)
        if fits(path, key):
            return hold(key)
    found = _from_a_script(path, salt) or _from_the_keyring(path, salt)
    if found:
        return found
    if (_held and path.resolve() not in _named) or not unlocking.somebody_is_here():
        raise _locked(path)
    return _from_a_person(path, salt)


def _from_a_script(path: Path, salt: bytes) -> Key | None:
    given = unlocking.given()
    if given is None or given[0] in _passphrases:
        return None
    key = derive(given[0], salt)
    if not fits(path, key):
        raise _unless_damaged(path, key, f"the passphrase in {given[1]} is another one")
    return hold(key, given[0])


def _from_the_keyring(path: Path, salt: bytes) -> Key | None:
    kept = unlocking.from_keyring(path.parent, salt)
    if kept is None:
        return None
    try:
        return hold(Key(bytes.fromhex(kept.key), salt), kept.passphrase)
    except ValueError:
        return None


def _from_a_person(path: Path, salt: bytes) -> Key:
    question = "Passphrase: " if not _held else f"Passphrase of {path.name}: "
    for left in reversed(range(unlocking.TRIES)):
        typed = unlocking.ask(question)
        if not typed:
            raise WrongKey("no passphrase was typed", where=str(path))
        key = derive(typed, salt)
        if fits(path, key):
            return hold(key, typed)
        question = "It does not open it. Once more: "
        if not left:
            break
    raise _unless_damaged(path, key, "")


def _locked(path: Path) -> WrongKey:
    if _held:
        return WrongKey(
            "this file is under another passphrase", where=str(path), next_step="open it by naming it at a terminal"
        )
    why = "nobody is here to type its passphrase"
    if unlocking.is_kept(path.parent):
        why = "the system's keyring does not give its key, and " + why
    return WrongKey(
        "the encrypted journal can't be opened",
        where=str(path),
        why=why,
        next_step=f"set {unlocking.FILE} to a private file that holds it",
    )


def refused(path: Path, key: Key) -> ReflectError:
    """Return what it means that a file does not open with a key: the key is another's, or its beginning is damaged."""
    return _unless_damaged(path, key, "")


def _unless_damaged(path: Path, key: Key, why: str) -> ReflectError:
    """Any page that fits the key tells that the key is right and that the file's beginning is not."""
    if next(sound_pages(path, key), None):
        hold(key)
        return Damaged(
            "the journal is damaged",
            where=str(path),
            why="the key is right, but its beginning is not as it was written",
            next_step="`reflect backup --list` names our copies; `reflect recover` reads what can be read",
        )
    return WrongKey("the passphrase does not open it", where=str(path), why=why, next_step="try again")


# -- pages ---------------------------------------------------------------------------------------


def fits(path: Path, key: Key) -> bool:
    """Return whether a key opens a file, by its first page; the file is opened by hand."""
    with path.open("rb") as file:
        return _is_sound(file.read(PAGE), 1, _page_key(key))


def sound_pages(path: Path, key: Key) -> Iterator[tuple[int, bytes]]:
    """Yield the pages of a file that are as they were written, each with its number; the file is opened by hand."""
    page_key = _page_key(key)
    with path.open("rb") as file:
        number = 0
        while page := file.read(PAGE):
            number += 1
            if _is_sound(page, number, page_key):
                yield number, page


def _page_key(key: Key) -> bytes:
    """Return the key of the pages' HMACs, made from the file's as SQLCipher makes it."""
    import hashlib

    return hashlib.pbkdf2_hmac("sha512", key.raw, bytes(each ^ 0x3A for each in key.salt), 2, 32)


def _is_sound(page: bytes, number: int, page_key: bytes) -> bool:
    import hmac

    if len(page) < PAGE:
        return False
    start, end = SALT if number == 1 else 0, PAGE - RESERVED + _IV
    made = hmac.digest(page_key, page[start:end] + number.to_bytes(4, "little"), "sha512")
    return hmac.compare_digest(made, page[end : end + _HMAC])


def plain_pages(path: Path, key: Key) -> bytes:
    """Return what the pages of a damaged file say, in memory only; damaged ones, too, as far as that goes.

    A changed byte costs the thirty-two around it. Whether an entry is as it was written is
    told by its own checksum.
    """
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        raise WrongKey(
            "a damaged encrypted journal can be read only with the library cryptography",
            where=str(path),
            next_step="install it with `pip install cryptography`",
        ) from None
    made = bytearray()
    with path.open("rb") as file:
        while page := file.read(PAGE):
            if len(page) < PAGE or not any(page):
                made += bytes(PAGE)
                continue
            start = 0 if made else SALT
            iv = page[PAGE - RESERVED : PAGE - RESERVED + _IV]
            opened = Cipher(algorithms.AES(key.raw), modes.CBC(iv)).decryptor()
            made += bytes(start) + opened.update(page[start : PAGE - RESERVED]) + opened.finalize() + bytes(RESERVED)
    made[: len(_BEGINNING)] = _BEGINNING  # known, whatever became of it
    return bytes(made)
