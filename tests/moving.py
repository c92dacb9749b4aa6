"""Moves entries out of a journal and into one, in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reflect import config, incoming, outgoing
from reflect.exchange import exporters
from reflect.exchange.arriving import Wishes
from reflect.exchange.stamps import Clock
from reflect.incoming import Brought, Plan
from reflect.journal import Journal
from reflect.models import Filters


def silent(stage: str, done: int, of: int) -> None:
    """Stand for a screen that shows no progress."""


def uncounted(number: int) -> None:
    """Stand for a screen that counts nothing."""


def exported(journal: Journal, form: str = "json", filters: Filters | None = None, title: str = "My journal") -> str:
    """Return a journal, or a part of it, in one of the forms."""
    exporter = exporters.load(form)
    with outgoing.going_out(
        journal, filters or Filters(), title, everything=exporter.EVERYTHING, count=uncounted
    ) as going:
        return "".join(exporter.pieces(going))


def members(journal: Journal, form: str = "markdown", filters: Filters | None = None) -> dict[str, str]:
    """Return a journal as files of a folder."""
    exporter = exporters.load(form)
    with outgoing.going_out(journal, filters or Filters(), "", everything=False, count=uncounted) as going:
        return dict(exporter.members(going))  # type: ignore[attr-defined]  # a form that can be a folder


def wishes(journal: Journal, **changed: Any) -> Wishes:
    """Return what an import is wished to heed."""
    themes = frozenset(theme.id for theme in journal.themes)
    return Wishes(**{"clock": Clock("Europe/London", ""), "now": journal.now, "themes": themes} | changed)


def looked(journal: Journal, form: str, path: Path, **changed: Any) -> Plan:
    """Return what a file would bring in."""
    return incoming.look(journal, form, str(path), wishes(journal, **changed), silent)


def brought(
    journal: Journal, form: str, path: Path, *, suggest: bool | None = None, **changed: Any
) -> tuple[Plan, Brought]:
    """Bring a file in."""
    plan = looked(journal, form, path, **changed)
    return plan, incoming.bring_in(journal, plan, silent, suggest=suggest)


@contextmanager
def another(journal: Journal, home: Path) -> Iterator[Journal]:
    """Open another journal, empty, at the same time as this one."""
    with Journal(config.Places(home, home), journal.now, seed="test") as opened:
        yield opened
