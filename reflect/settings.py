"""The settings a person may write into config.toml: checked whole, each unknown name refused with the nearest one."""

from __future__ import annotations

from collections.abc import Callable
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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("the settings can't be read", where=str(path), why=str(error)) from None
    for name, value in found.items():
        if name not in _CHECKS:
            raise Refused(
                f"there is no setting {name!r}",
                where=str(path),
                why="there are " + ", ".join(_CHECKS),
                next_step=_likely(name),
            )
        is_right, wanted = _CHECKS[name]
        if not is_right(value):
            raise Refused(f"the setting {name} can't be {value!r}", where=str(path), next_step=f"write {wanted}")
    return Settings(**{name: _settled(value) for name, value in found.items()})


def _likely(name: str) -> str:
    near = get_close_matches(name, _CHECKS, 1)
    return f"did you mean {near[0]}?" if near else "remove it, or write it as one of these"


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
