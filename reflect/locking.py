"""Encrypting a journal, decrypting it, and changing its passphrase: the journal first, then its copies and drafts.

What is still to be done for the copies is noted in the journal, so that an encryption that
was cut off is finished by the next command that opens it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

from reflect import drafts, envelopes, unlocking
from reflect.config import Places
from reflect.errors import Busy, NotFound, ReflectError, Refused, StorageRefused, WrongKey
from reflect.files import sync_folder, write_private
from reflect.store import backups, cipher, engine, kept, rewriting

_FIRST = "{}"  # noted while a journal that was plain is being encrypted


class Outlook(NamedTuple):
    """What would be written anew besides the journal, and what can't be."""

    copies: tuple[Path, ...]
    drafts: int
    stays: tuple[str, ...]
    """Files that hold words and can't be written anew, each with why."""


class Done(NamedTuple):
    """What was written anew besides the journal, and what could not be."""

    copies: int
    drafts: int
    stays: tuple[str, ...]


def is_encrypted(places: Places) -> bool:
    """Return whether the journal is encrypted; it need not be opened for that."""
    return engine.salt_of(places.database) is not None


def salt(places: Places) -> bytes:
    """Return the salt of an encrypted journal, empty for a plain one."""
    return engine.salt_of(places.database) or b""


def outlook(places: Places) -> Outlook:
    """Return what encrypting, decrypting or another passphrase would reach besides the journal."""
    with closing(engine.connect(places.database)) as db:
        copies = _copies(db, places)
    return Outlook(
        tuple(path for path in copies if path.exists()),
        len(drafts.every(places.drafts)),
        (*_unreachable(places), *(f"{path}: it is not there" for path in copies if not path.exists())),
    )


def _copies(connection: engine.Connection, places: Places) -> list[Path]:
    copies = [*backups.beside(places.database), *backups.elsewhere(connection, places.database)]
    return [copy.path for copy in copies]


def _unreachable(places: Places) -> list[str]:
    """Return what holds words beside the journal and is no copy that could be written anew."""
    found = [f"{path}: it is too damaged to be encrypted" for path in backups.damaged(places.database)]
    strays = [path for path in backups.strays(places.database) if engine.salt_of(path) is None]
    return found + [f"{path}: it is not a copy of ours; merge it or delete it" for path in strays]


# -- the three ------------------------------------------------------------------------------------


def encrypt(places: Places, passphrase: str) -> Done:
    """Encrypt the journal, then its copies and drafts; of an encrypted one, finish what was left."""
    engine.sqlcipher()
    database = places.database.resolve()
    if not is_encrypted(places):
        secret, public = envelopes.new_key()
        key = cipher.new_key(passphrase)
        rewriting.rewrite(database, key, {kept.DRAFTS + public: secret, kept.SEALING: _FIRST})
    with closing(engine.connect(places.database)) as db:
        return finish(db, places)


def decrypt(places: Places) -> Done:
    """Decrypt the journal, then its copies and drafts; of a plain one, finish what was left."""
    database = places.database.resolve()
    if not may_be_decrypted(places):
        raise Refused("the journal is not encrypted", next_step="`reflect encrypt` encrypts it")
    key = engine.key_of(database)
    with closing(engine.connect(database)) as db:
        with engine.write(db, database):
            kept.put(db, kept.SEALING, _FIRST)  # so that a half-made plain file is removed, should this be cut off
        copies = _copies(db, places)
    if key is not None:
        rewriting.rewrite(database, None)
    many, stays = _rewrite(copies, None)
    with closing(engine.connect(database)) as db:
        opened, left = _open_drafts(places, kept.named(db, kept.DRAFTS).values())
        places.drafts_key.unlink(missing_ok=True)  # before what opens drafts is forgotten
        with engine.write(db, database):
            kept.drop(db, kept.SEALING)
            if not left:
                for each in kept.named(db, kept.DRAFTS):
                    kept.drop(db, kept.DRAFTS + each)
    if key is not None:
        with suppress(WrongKey):
            unlocking.forget(places.journal, key.salt)
    return Done(many, opened, (*stays, *left))


def may_be_decrypted(places: Places) -> bool:
    """Return whether the journal is encrypted, or was and its copies and drafts may still be."""
    if is_encrypted(places):
        return True
    with closing(engine.connect(places.database)) as db, engine.translated(places.database):
        return kept.get(db, kept.SEALING) is not None


def change(places: Places, passphrase: str) -> Done:
    """Put the journal, then its copies, under another passphrase."""
    database = places.database.resolve()
    old = engine.key_of(database)
    if old is None:
        raise Refused("the journal is not encrypted", next_step="`reflect encrypt` encrypts it")
    was_kept = unlocking.is_kept(places.journal)
    key = cipher.new_key(passphrase)
    before = json.dumps({"raw": old.raw.hex(), "salt": old.salt.hex()})  # for what is not rewritten yet
    rewriting.rewrite(database, key, {kept.SEALING: before})
    if was_kept:
        with suppress(WrongKey):
            unlocking.forget(places.journal, old.salt)
        keep_key(places, passphrase)
    with closing(engine.connect(database)) as db:
        return finish(db, places)


def keep_key(places: Places, passphrase: str) -> None:
    """Have the system's keyring keep the journal's key, and the passphrase for what leaves the journal."""
    key = engine.key_of(places.database)
    if key is None:
        raise Refused("the journal is not encrypted", next_step="`reflect encrypt` encrypts it")
    unlocking.keep(places.journal, key.salt, unlocking.Kept(key.raw.hex(), passphrase))


def forget_key(places: Places) -> bool:
    """Have the keyring forget the key; return whether it was asked to keep one."""
    salt = engine.salt_of(places.database)
    return unlocking.forget(places.journal, salt or b"")


# -- what is done after the journal ------------------------------------------------------------------


def look_after(connection: engine.Connection, places: Places, *, unfinished: bool) -> None:
    """Finish what was left half done when an encrypted journal is opened, or give its drafts their key."""
    with suppress(Busy, StorageRefused, OSError):
        if unfinished:
            finish(connection, places)
        else:
            _name_drafts_key(connection, places)


def finish(connection: engine.Connection, places: Places) -> Done:
    """Write copies and drafts anew under the journal's key, as far as they can be reached."""
    with engine.translated(places.database):
        noted = kept.get(connection, kept.SEALING)
    before = json.loads(noted or "{}")
    if before:
        cipher.hold(engine.Key(bytes.fromhex(before["raw"]), bytes.fromhex(before["salt"])))
    with engine.write(connection, places.database):  # whoever is rewriting the journal holds it until that is done
        for path in rewriting.left(places.database.resolve().parent, places.backups):
            envelopes.shred(path)
    _name_drafts_key(connection, places)
    many, stays = _rewrite(_meant(_copies(connection, places), places, anew=noted == _FIRST), connection.key)
    sealed, left = _seal_drafts(places)
    with engine.write(connection, places.database):
        kept.drop(connection, kept.SEALING)
    return Done(many, sealed, (*stays, *_unreachable(places), *left))


def _name_drafts_key(connection: engine.Connection, places: Places) -> None:
    """Write the public key of drafts beside the journal; a journal that has none yet gets one."""
    keys = kept.named(connection, kept.DRAFTS)
    if drafts.public_key(places.drafts) in keys:
        return
    public = next(iter(keys), "")
    if not public:
        secret, public = envelopes.new_key()
        with engine.write(connection, places.database):
            kept.put(connection, kept.DRAFTS + public, secret)
    write_private(places.drafts_key, f"{public}\n".encode(), replace=True)
    sync_folder(places.journal)


def _meant(copies: Iterable[Path], places: Places, *, anew: bool) -> list[Path]:
    """Return the copies to write anew; one that was made plain on purpose elsewhere stays so at a mere change."""
    return [
        path
        for path in copies
        if anew or path.parent == places.backups or engine.salt_of(path) or envelopes.is_sealed(path)
    ]


def _rewrite(copies: Iterable[Path], key: engine.Key | None) -> tuple[int, list[str]]:
    """Write copies anew under a key; return how many were, and which could not be, with why."""
    many, stays = 0, []
    for path in copies:
        try:
            if not path.exists():
                raise NotFound("", why="it is not there")
            if envelopes.is_sealed(path):
                many += _seal_anew(path, key)
            elif engine.salt_of(path) != (key.salt if key else None):
                rewriting.rewrite(path, key)
                many += 1
        except ReflectError as error:
            stays.append(f"{path}: {error.why or error.what}")
        except OSError as error:
            stays.append(f"{path}: {error.strerror}")
    return many, stays


def _seal_anew(path: Path, key: engine.Key | None) -> int:
    """Write a copy that is sealed besides under another key and passphrase; return how many were."""
    if key is None:
        raise Refused("", why="it stays sealed under its passphrase")
    content, passphrase = cipher.opened(path)
    part = path.with_name(rewriting.PART.format(os.urandom(4).hex()))
    try:
        write_private(part, content)
        if engine.salt_of(part) == key.salt:
            return 0
        rewriting.rewrite(part, key)
        backups.seal(part, cipher.passphrase() or passphrase)
        part.replace(path)
        sync_folder(path.parent)
    finally:
        backups.remove(part)
    return 1


def _seal_drafts(places: Places) -> tuple[int, list[str]]:
    return _each_draft([path for path in drafts.every(places.drafts) if path.suffix != envelopes.ENDING], drafts.sealed)


def _open_drafts(places: Places, keys: Iterable[str]) -> tuple[int, list[str]]:
    secret = tuple(keys)
    return _each_draft(
        [path for path in drafts.every(places.drafts) if path.suffix == envelopes.ENDING],
        lambda path: drafts.unsealed(path, secret),
    )


def _each_draft(paths: list[Path], turned: Callable[[Path], Path]) -> tuple[int, list[str]]:
    many, stays = 0, []
    for path in paths:
        try:
            turned(path)
            many += 1
        except ReflectError as error:
            stays.append(f"{path}: {error.why or error.what}")
        except OSError as error:
            stays.append(f"{path}: {error.strerror or os.strerror(error.errno or 0)}")
    return many, stays
