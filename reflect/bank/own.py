"""Puts a person's or group's own pack on the shelf."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from reflect.bank import packs, shelf
from reflect.config import private_folder
from reflect.errors import Refused
from reflect.files import write_private

# File names that Windows keeps for devices, so that a pack made here can be taken there.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


def check(
    content: bytes, name: str, bank: shelf.Bank, themes: Collection[str], occasions: Collection[str]
) -> packs.Pack:
    """Return a pack that could stand on this shelf, or say which file, prompt and field is wrong.

    `name` is what the error calls the file; `themes` and `occasions` are the ids there are.
    """
    pack = packs.parse(content, name)
    packs.check_names(pack, name, themes, occasions)
    identity = pack.pack.id
    if identity in _RESERVED:
        raise Refused(
            f"{identity!r} can't name a pack",
            where=name,
            why="some systems keep that name for a device",
            next_step="give the pack another id",
        )
    if identity in shelf.shipped():
        raise _is_there(identity, name)
    taken = {prompt.id for prompt in bank.prompts if prompt.pack != identity}
    for prompt in pack.prompt:
        if prompt.id in taken:
            raise Refused("an id is taken", where=f"{name}, prompt {prompt.id}", next_step="give the prompt another id")
    return pack


def add(file: Path, folder: Path, bank: shelf.Bank, themes: Collection[str], occasions: Collection[str]) -> packs.Pack:
    """Check a pack and copy it into the folder of own packs; names that are taken are refused."""
    content = packs.contents(file)
    pack = check(content, file.name, bank, themes, occasions)
    kept = folder / f"{pack.pack.id}.toml"
    if kept.exists() or pack.pack.id in {prompt.pack for prompt in bank.prompts}:
        raise _is_there(pack.pack.id, file.name)
    private_folder(folder)
    write_private(kept, content)
    return pack


def _is_there(identity: str, name: str) -> Refused:
    return Refused(f"there is a pack {identity!r} already", where=name, next_step="give the pack another id")
