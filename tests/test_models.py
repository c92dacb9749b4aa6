"""The values of the inside: what they hold, and what they must not."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass

from reflect import models


def names_of(kind: type) -> set[str]:
    """Return the names of a value's fields."""
    return {each.name for each in fields(kind)} if is_dataclass(kind) else set(getattr(kind, "_fields", ()))


def test_an_entry_holds_nothing_about_its_writer() -> None:
    """An entry is words, what they answer and are about, and when; a new field is to be thought about (REQ-16)."""
    assert names_of(models.Entry) == {
        *("id", "version", "text", "asked", "about", "occasion"),
        *("happened_at", "precision", "written_at", "zone", "tags", "themes", "marks"),
    }


def test_nothing_is_rated() -> None:
    """No value has a field for a score, a rank, a mood or a streak (REQ-19, REQ-41)."""
    kinds = [kind for _, kind in inspect.getmembers(models, inspect.isclass) if kind.__module__ == models.__name__]
    names = {name for kind in kinds for name in names_of(kind)}
    assert len(names) > 20
    assert not names & {"score", "rank", "rating", "grade", "sentiment", "mood", "streak", "points"}
    # A mark's level says how much of the words may leave: theme, reworded or verbatim.
    assert [kind.__name__ for kind in kinds if "level" in names_of(kind)] == ["Mark"]


def test_values_can_not_be_changed() -> None:
    """What moves through the inside is frozen."""
    version = models.Version(1, "Words.", "2026-11-20T16:00:00+00:00")
    try:
        version.text = "Others."  # type: ignore[misc]
    except AttributeError:
        return
    raise AssertionError("a value was changed")
