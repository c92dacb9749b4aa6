"""The settings a person may write into config.toml: checked whole, each unknown name refused with the nearest one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from reflect.config import Settings
from reflect.errors import Refused


def read(path: Path) -> Settings:
    """Return what a file of settings says; without a file, and where it says nothing, all is as usual."""
    import tomllib  # loaded only where there is something to read

    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise Refused("the settings can't be read", where=str(path), why=str(error)) from None
    for name, value in found.items():
        if name in _TABLES:
            found[name] = _TABLES[name](value, path)
            continue
        if name not in _CHECKS:
            known = (*_CHECKS, *_TABLES)
            raise Refused(
                f"there is no setting {name!r}",
                where=str(path),
                why="there are " + ", ".join(known),
                next_step=_likely(name, known),
            )
        is_right, wanted = _CHECKS[name]
        if not is_right(value):
            raise Refused(f"the setting {name} can't be {value!r}", where=str(path), next_step=f"write {wanted}")
    return Settings(**{name: _settled(value) for name, value in found.items()})


def place(path: Path, table: str, key: str = "") -> str:
    """Return where something stands in a file of settings: file, table and key."""
    return f"{path}, [{table}]" + (f", key {key}" if key else "")


def _likely(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else "remove it, or write it as one of these"


def _aliases(value: object, path: Path) -> dict[str, str]:
    """Return the commands of the person's own; which commands there are is the command line's to know."""
    read = {}
    for name, words in _table(value, "aliases", "week = \"list --from 'last monday'\"", path).items():
        if not isinstance(words, str):
            raise Refused(
                "an alias stands for words", where=place(path, "aliases", name), next_step=f'write {name} = "list -n 5"'
            )
        try:
            split = shlex.split(words)
        except ValueError as error:
            why = str(error).lower()
            raise Refused("an alias can't be read", where=place(path, "aliases", name), why=why) from None
        if not split:
            raise Refused("an alias stands for nothing", where=place(path, "aliases", name), next_step="name a command")
        read[name] = words
    return read


def _filters(value: object, path: Path) -> dict[str, dict[str, str | int]]:
    """Return the filters kept under a name; days in them are read anew each time, so that `last week` moves on."""
    read = {}
    for name, options in _table(value, "filters", '[filters.board] and under it tag = "board"', path).items():
        table = f"filters.{name}"
        if not isinstance(options, dict):
            raise Refused("a filter is a table of its own", where=place(path, "filters", name), next_step=f"[{table}]")
        for option in options:
            if option not in FILTERS:
                raise Refused(
                    f"a filter has no {option!r}",
                    where=place(path, table, option),
                    why="it has " + ", ".join(FILTERS),
                    next_step=_likely(option, FILTERS),
                )
        made = {option: _filtered(option, each, place(path, table, option)) for option, each in options.items()}
        if "on" in made and made.keys() & {"from", "to"}:
            raise Refused("on names one day", where=place(path, table, "on"), next_step="leave out from and to")
        read[name] = made
    return read


def _filtered(option: str, value: object, where: str) -> str | int:
    """Return what one option of a filter says; a list of one word, and a date as TOML has it, are taken, too."""
    if option == "limit":
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise Refused("a limit is a whole number from 1", where=where, next_step="write limit = 20")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, date):
        value = value.isoformat()
    if isinstance(value, str) and value.strip():
        return value.strip()
    why = "a command takes one at a time" if isinstance(value, list) else ""
    raise Refused(f"{option} is one text", where=where, why=why, next_step=f'write {option} = "..."')


def _table(value: object, name: str, example: str, path: Path) -> dict[str, object]:
    """Return a table whose keys can be typed as words of a command."""
    if not isinstance(value, dict):
        raise Refused(f"{name} is a table", where=place(path, name), next_step=f"write [{name}] and under it {example}")
    for key in value:
        if not _TYPED.fullmatch(key):
            raise Refused(
                f"{key!r} can't be typed as a name",
                where=place(path, name),
                why="a name is small letters, digits and hyphens, at most 40, and begins with a letter",
                next_step="rename it",
            )
    return value


_TYPED = re.compile(r"[a-z][a-z0-9-]{0,39}")

FILTERS = ("from", "to", "on", "theme", "tag", "about", "prompt", "text", "limit")
"""What a saved filter may hold: the options that narrow in every command."""


def _settled(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return value.strip() if isinstance(value, str) else value


def _is_switch(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)


_CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "never_share": (_are_words, 'never_share = ["Ada"]'),
    "language_mirror": (_is_switch, "language_mirror = true or false"),
    "support": (_is_text, 'support = "Mo, 01632 960000"'),
    "revisit": (_is_switch, "revisit = true or false"),
    "editor": (_is_text, 'editor = "code -w"'),
}
"""For each setting: whether a value may stand there, and how it is written."""

_TABLES: dict[str, Callable[[object, Path], Any]] = {"aliases": _aliases, "filters": _filters}
"""Settings with names of the person's own in them, each with what reads it."""
