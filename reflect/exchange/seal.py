"""Seals what travels, with age (pyrage): only who holds the group's key can open it."""

from __future__ import annotations

from collections.abc import Sequence

import pyrage

from reflect.errors import Refused, WrongKey

_AGE = b"age-encryption.org/"


def new_key() -> tuple[str, str]:
    """Return a fresh secret key and the public key that belongs to it."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def is_sealed(content: bytes) -> bool:
    """Return whether a file's content is sealed."""
    return content.startswith(_AGE)


def seal(content: bytes, public_keys: Sequence[str]) -> bytes:
    """Return content that only holders of one of these keys can open."""
    sealed: bytes = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(key) for key in public_keys])
    return sealed


def unseal(content: bytes, secret_key: str, name: str) -> bytes:
    """Return what was sealed; a damaged file and one for another key are told apart."""
    try:
        opened: bytes = pyrage.decrypt(content, [pyrage.x25519.Identity.from_str(secret_key)])
    except pyrage.DecryptError as error:
        if "matching keys" in str(error):
            raise WrongKey(
                f"{name} is sealed for another key",
                why="it was shared with another group",
                next_step="ask for one shared with this group",
            ) from None
        raise Refused(
            f"{name} is damaged", why="it was cut or changed on its way", next_step="ask for it again"
        ) from None
    return opened


def lock(secret: str, passphrase: str) -> bytes:
    """Return a secret key locked under a passphrase; takes a second or more, on purpose."""
    locked: bytes = pyrage.passphrase.encrypt(secret.encode(), passphrase)
    return locked


def unlock(content: bytes, passphrase: str) -> str:
    """Return the secret key that `lock` locked."""
    try:
        secret: bytes = pyrage.passphrase.decrypt(content, passphrase)
    except pyrage.DecryptError:
        raise WrongKey(
            "the passphrase does not open the group's key", next_step="try again, or use the recovery sheet"
        ) from None
    return secret.decode()
