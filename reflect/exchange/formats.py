"""Finds a format by its name: of those that can be brought in, and of those that can be written out."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from reflect.errors import Usage


def must_be_known(name: str, names: Sequence[str]) -> None:
    """Refuse a name that no format has, and name the nearest."""
    if name not in names:
        like = get_close_matches(name, names, 1)
        raise Usage(
            f"there is no format {name!r}",
            why="there are " + ", ".join(names),
            next_step=f"did you mean {like[0]}?" if like else "choose one of them",
        )
