"""Seals what travels, with age (pyrage): only who holds the group's key can open it."""

from __future__ import annotations

from collections.abc import Sequence

import pyrage

from reflect.envelopes import HEADER, new_key
from reflect.envelopes import under_passphrase as seal_with
from reflect.errors import Refused, WrongKey

__all__ = [
    "is_sealed",
    "is_under_a_passphrase",
    "new_key",
    "public_key",
    "seal",
    "seal_with",
    "unseal",
    "unseal_with",
]


def public_key(secret_key: str) -> str:
    """Return the public key that belongs to a secret one."""
    try:
        return str(pyrage.x25519.Identity.from_str(secret_key).to_public())
    except pyrage.IdentityError:
        raise WrongKey("this is no secret key", next_step="it begins with AGE-SECRET-KEY-1") from None


def is_sealed(content: bytes) -> bool:
    """Return whether a file's content is sealed."""
    return content.startswith(HEADER)


def is_under_a_passphrase(content: bytes) -> bool:
    """Return whether a sealed file opens with a passphrase and not with a key (its header says so)."""
    return b"\n-> scrypt " in content[:200]


def unseal_with(content: bytes, passphrase: str, name: str) -> bytes:
    """Return what `seal_with` sealed."""
    try:
        opened: bytes = pyrage.passphrase.decrypt(content, passphrase)
    except pyrage.DecryptError:
        raise WrongKey(f"the passphrase does not open {name}", next_step="ask for it again") from None
    return opened


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
