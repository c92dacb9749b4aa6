"""Drafts of an encrypted journal: each piece is sealed to its public key, so that writing one takes no passphrase.

What opens them is kept in the journal itself. A sealed draft is a row of pieces, each with
its length before it: a line can be added without opening what is there, and a cut one costs itself alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from reflect.errors import WrongKey

ENDING = ".sealed"
AGE = ".age"
HEADER = b"age-encryption.org/"
"""With which a file of age begins."""
_LENGTH = 4  # bytes
_IN_MEMORY = ("tmpfs", "ramfs")


def new_key() -> tuple[str, str]:
    """Return a fresh secret key and the public one that belongs to it."""
    import pyrage

    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def piece(content: bytes, public_key: str) -> bytes:
    """Return content as a piece of a sealed draft."""
    import pyrage

    sealed: bytes = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(public_key)])
    return len(sealed).to_bytes(_LENGTH, "big") + sealed


def opened(content: bytes, secret_keys: Iterable[str]) -> bytes:
    """Return what the pieces of a sealed draft say; a piece that was cut off says nothing."""
    import pyrage

    identities = [pyrage.x25519.Identity.from_str(each) for each in secret_keys]
    try:
        return b"".join(pyrage.decrypt(each, identities) for each in _pieces(content))
    except pyrage.DecryptError:
        raise WrongKey(
            "a draft can't be opened",
            why="it is damaged, or was sealed to another journal's key",
            next_step="`reflect drafts discard NAME` removes it",
        ) from None


def is_sealed(path: Path) -> bool:
    """Return whether a file is one of age's; it is opened by hand."""
    try:
        with path.open("rb") as file:
            return file.read(len(HEADER)) == HEADER
    except OSError:
        return False


def under_passphrase(content: bytes, passphrase: str) -> bytes:
    """Return content that this passphrase opens, as any program for age files can; takes a second or more."""
    import pyrage

    sealed: bytes = pyrage.passphrase.encrypt(content, passphrase)
    return sealed


def opened_with(content: bytes, passphrases: Iterable[str], where: Path) -> tuple[bytes, str]:
    """Return what a file sealed under a passphrase holds, and which of these opened it."""
    import pyrage

    for each in passphrases:
        try:
            return pyrage.passphrase.decrypt(content, each), each
        except pyrage.DecryptError:
            continue
    raise WrongKey(
        "the passphrase does not open it",
        where=str(where),
        why="it is sealed under another one, or was cut or changed",
        next_step="give the passphrase it was sealed with",
    )


def _pieces(content: bytes) -> Iterator[bytes]:
    place = 0
    while place + _LENGTH < len(content):
        length = int.from_bytes(content[place : place + _LENGTH], "big")
        place += _LENGTH
        if place + length > len(content):
            return
        yield content[place : place + length]
        place += length


def memory_folder(drafts: Path) -> Path | None:
    """Return the folder in memory in which an editor may open a page; None where the system has none."""
    if sys.platform != "linux":
        return None
    from hashlib import blake2b

    mine = f"reflect-{os.getuid()}-{blake2b(os.fsencode(drafts), digest_size=6).hexdigest()}"
    for each in (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm"):  # noqa: S108 - only if it is in memory, and 0700
        if each and _is_in_memory(Path(each)):
            return Path(each) / mine
    return None


def _is_in_memory(folder: Path) -> bool:
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    real = folder.resolve()
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split(" ")[4])
        if real.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind in _IN_MEMORY and os.access(real, os.W_OK) and real.is_dir()


def overwrite(descriptor: int) -> None:
    """Write zeros over a file before its last name goes, so that its words do not stand on in free blocks.

    A disk that writes elsewhere, as solid-state ones do, keeps them for a while all the same.
    """
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    zeros = bytes(1 << 16)
    while left > 0:
        left -= os.write(descriptor, zeros[: min(left, len(zeros))])
    os.fsync(descriptor)


def shred(path: Path) -> None:
    """Remove a file after writing zeros over it; nothing happens where there is none."""
    try:
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        path.unlink(missing_ok=True)
        return
    try:
        overwrite(descriptor)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)
