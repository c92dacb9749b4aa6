"""Filters that a person saved in config.toml, read where `--filter NAME` names one."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from reflect import dates, settings
from reflect.cli.desk import Desk
from reflect.errors import NotFound, Refused

_DAYS = ("from", "to", "on")


def filled(desk: Desk, name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was asked for and, where nothing was, what the saved filter says."""
    path = desk.places.settings
    filters = settings.read(path).filters
    if name not in filters:
        near = get_close_matches(name, filters, 1)
        raise NotFound(
            f"there is no filter {name!r}",
            where=str(path),
            why="there are " + ", ".join(filters) if filters else "none is saved",
            next_step=f"did you mean {near[0]}?" if near else f"write [filters.{name}] and under it what it holds",
        )
    saved: dict[str, Any] = dict(filters[name])
    for day in _DAYS:
        _check_day(desk, saved.get(day, ""), settings.place(path, f"filters.{name}", day))
    if asked["on"]:  # one day and a period don't go together
        saved = saved | {"from": "", "to": ""}
    elif asked["from"] or asked["to"]:
        saved = saved | {"on": ""}
    return {option: value or saved.get(option, value) for option, value in asked.items()}


def _check_day(desk: Desk, day: str, where: str) -> None:
    """Refuse a day of the file that can't be read, and say where it stands."""
    if day:
        try:
            dates.day(day, desk.now)
        except Refused as error:
            error.where = where
            raise
