"""The bank as it stands on the shelf: our packs, then the person's own, checked once and kept ready."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import Any

from reflect import __version__
from reflect.config import our_data
from reflect.errors import NotFound, ReflectError, Refused
from reflect.models import Prompt

LARGEST = 1_000_000
"""Bytes; a pack is read by people, and a larger file is no pack."""

_NOT_PACKS = {"themes.toml", "occasions.toml", "lenses.toml"}


@dataclass(frozen=True)
class Bank:
    """Every question that may be served, in the order of the packs."""

    prompts: tuple[Prompt, ...]
    left_out: tuple[str, ...] = ()
    """Packs of the person's own that could not be used, each with why; they never block writing."""

    @cached_property
    def _by_id(self) -> Mapping[str, Prompt]:
        return {prompt.id: prompt for prompt in self.prompts}

    @cached_property
    def _by_row(self) -> Mapping[str, Prompt]:
        return {row.upper(): prompt for prompt in reversed(self.prompts) for row in prompt.rows}

    def get(self, name: str) -> Prompt:
        """Return the prompt with this id, this beginning of an id, or this row of the source guide."""
        wanted = name.strip()
        found = self._by_id.get(wanted) or self._by_row.get(wanted.upper())
        if found:
            return found
        like = [prompt for prompt in self.prompts if wanted and prompt.id.startswith(wanted.lower())]
        if len(like) == 1:
            return like[0]
        if like:
            names = ", ".join(prompt.id for prompt in like[:4])
            raise Refused(f"more than one prompt begins with {name!r}", why=names, next_step="give more of the name")
        raise NotFound(f"there is no prompt {name!r}", next_step="see `reflect prompts list`")

    def without(self, retired: Iterable[str]) -> tuple[Prompt, ...]:
        """Return the prompts that are not retired."""
        gone = set(retired)
        return tuple(prompt for prompt in self.prompts if prompt.id not in gone)


def shipped() -> dict[str, Path]:
    """Return our own packs, each by its id, which is its file's name."""
    return {path.stem: path for path in sorted(our_data().glob("*.toml")) if path.name not in _NOT_PACKS}


def files(own: Path) -> list[Path]:
    """Return our packs by name, then those in the person's own folder."""
    return [*shipped().values(), *(sorted(own.glob("*.toml")) if own.is_dir() else ())]


def stamp(paths: Iterable[Path]) -> str:
    """Return a digest of this reflect and the packs' names and content; another one means: read the bank again.

    A checksum and the length notice a change; a cryptographic digest would load OpenSSL
    and take a quarter of a bare start-up.
    """
    length = checksum = 0
    for path in paths:
        try:
            # Of what is no pack, such as a pipe that never ends, the kind and size are enough.
            found = path.stat()
            fit = S_ISREG(found.st_mode) and found.st_size <= LARGEST
            content = path.read_bytes() if fit else f"{found.st_mode} {found.st_size}".encode()
        except OSError as error:
            content = str(error).encode()
        length += len(content)
        checksum = zlib.crc32(os.fsencode(path.name) + b"\0" + content + b"\0", checksum)
    return f"{__version__} {length} {checksum:08x}"


def read(paths: Iterable[Path], own: Path, themes: Collection[str], occasions: Collection[str]) -> Bank:
    """Read and check every pack; a fault in one of ours is an error, one of the person's own is left out by name.

    `themes` and `occasions` are the ids there are.
    """
    from reflect.bank import packs

    prompts: dict[str, Prompt] = {}
    names: set[str] = set()
    left_out = []
    for path in paths:
        try:
            pack = packs.read(path)
            packs.check_names(pack, path.name, themes, occasions)
            if pack.pack.id in names:
                raise Refused("the pack's id is taken", where=path.name, why=f"there is a pack {pack.pack.id} already")
            taken = [prompt.id for prompt in pack.prompts() if prompt.id in prompts]
            if taken:
                raise Refused("an id is taken", where=path.name, why=f"there is a prompt {taken[0]} already")
        except ReflectError as error:
            if path.parent != own:
                raise
            error.changed = ""
            left_out.append(str(error))
            continue
        names.add(pack.pack.id)
        prompts |= {prompt.id: prompt for prompt in pack.prompts()}
    return Bank(tuple(prompts.values()), tuple(left_out))


def to_json(bank: Bank) -> str:
    """Return the checked bank in the form that is kept ready in the journal."""
    return json.dumps([bank.prompts, bank.left_out], ensure_ascii=False)


def from_json(text: str) -> Bank:
    """Return the bank that `to_json` wrote."""
    rows, left_out = json.loads(text)
    return Bank(tuple(_prompt(row) for row in rows), tuple(left_out))


def _prompt(row: list[Any]) -> Prompt:
    values: list[Any] = [tuple(each) if isinstance(each, list) else each for each in row]
    return Prompt(*values)
