"""Commands of the person's own, from config.toml: looked up only where a word is no command of ours."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

from reflect import config, settings
from reflect.errors import ReflectError, Refused, Usage

_WITH_A_VALUE = "--journal"


def place_of_command(words: Sequence[str]) -> int | None:
    """Return where among the words the command stands, after the options that go before it; None without one."""
    at = 0
    while at < len(words):
        if not words[at].startswith("-"):
            return at
        if words[at] == "--":
            return at + 1 if at + 1 < len(words) else None
        at += 2 if words[at] == _WITH_A_VALUE else 1
    return None


def expanded(words: Sequence[str], at: int, commands: Collection[str]) -> list[str]:
    """Return the words with the alias at this place replaced by what it stands for, or refuse what is no command.

    What it stands for is never looked up again, so that none can go round in a circle.
    """
    path = config.places().settings
    found = settings.read(path).aliases if path.exists() else {}
    check(found, commands)
    if words[at] not in found:
        near = get_close_matches(words[at], (*commands, *found), 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise Usage(f"there is no command {words[at]!r}", next_step=f"{meant}See `reflect --help`")
    return [*words[:at], *shlex.split(found[words[at]]), *words[at + 1 :]]


def check(found: Mapping[str, str], commands: Collection[str]) -> None:
    """Refuse an alias that has a command's name, or that stands for no command; options alone may stand before one."""
    path = config.places().settings
    for name, text in found.items():
        where = settings.place(path, "aliases", name)
        if name in commands:
            raise Refused(f"{name!r} is a command of reflect", where=where, next_step="give the alias another name")
        words = shlex.split(text)
        at = place_of_command(words)
        command = words[at] if at is not None else ""
        if command in commands or at is None:
            continue
        if command in found:
            why = "an alias stands for a command, never for an alias"
            raise Refused(f"{command!r} is an alias itself", where=where, why=why, next_step="write out what it does")
        near = get_close_matches(command, commands, 1)
        raise Refused(
            f"there is no command {command!r}",
            where=where,
            next_step=f"did you mean {near[0]}?" if near else "see `reflect --help`",
        )


def known(commands: Collection[str]) -> Mapping[str, str]:
    """Return the aliases, or none where the settings can't be read."""
    path = config.places().settings
    try:
        found = settings.read(path).aliases if path.exists() else {}
        check(found, commands)
    except (ReflectError, OSError):
        return {}
    return found
