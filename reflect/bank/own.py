"""Puts a person's or group's own pack on the shelf."""

from __future__ import annotations

from pathlib import Path

from reflect.bank import packs
from reflect.bank.shelf import Bank
from reflect.config import private_folder
from reflect.errors import Refused
from reflect.files import write_private

remarks = packs.remarks

# File names that Windows keeps for devices, so that a pack made here can be taken there.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


def add(file: Path, folder: Path, bank: Bank) -> packs.Pack:
    """Check a pack and copy it into the folder of own packs; names that are taken are refused."""
    content = packs.contents(file)
    pack = packs.parse(content, file.name)
    name = pack.pack.id
    if name in {prompt.pack for prompt in bank.prompts}:
        raise Refused(f"there is a pack {name!r} already", where=file.name, next_step="give the pack another id")
    if name in _RESERVED:
        raise Refused(
            f"{name!r} can't name a pack",
            why="some systems keep that name for a device",
            next_step="give the pack another id",
        )
    known = {prompt.id for prompt in bank.prompts}
    for prompt in pack.prompt:
        if prompt.id in known:
            raise Refused(
                "an id is taken", where=f"{file.name}, prompt {prompt.id}", next_step="give the prompt another id"
            )
    private_folder(folder)
    write_private(folder / f"{name}.toml", content)
    return pack
