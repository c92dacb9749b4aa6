"""The settings a person may write into config.toml: checked whole, each unknown name refused with the nearest one."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path

from reflect.config import Settings
from reflect.errors import Refused
from reflect.identify import OWN_LIST

_KINDS: dict[str, tuple[type, str]] = {
    "revisit": (bool, "true or false"),
    "editor": (str, 'a command, such as "code -w"'),
}
_READ_ELSEWHERE = (OWN_LIST,)


def read(path: Path) -> Settings:
    """Return what a file of settings says; the file, the name and what it must be are said where it can't be taken."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused("the settings can't be read", where=str(path), why=str(error)) from None
    for name, value in found.items():
        if name in _READ_ELSEWHERE:
            continue
        if name not in _KINDS:
            like = get_close_matches(name, [*_KINDS, *_READ_ELSEWHERE], 1)
            raise Refused(
                f"there is no setting {name!r}",
                where=str(path),
                next_step=f"did you mean {like[0]}?" if like else "the settings are " + ", ".join(_KINDS),
            )
        kind, wanted = _KINDS[name]
        if type(value) is not kind:
            raise Refused(f"the setting {name} can't be {value!r}", where=str(path), next_step=f"write {wanted}")
    return Settings(**{name: value for name, value in found.items() if name in _KINDS})
