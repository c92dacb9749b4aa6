"""The sample people and their entries, for the tour and for tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from reflect import config, intake
from reflect.bank.packs import table_of
from reflect.journal import Details, Journal

ENDS = datetime.fromisoformat("2026-10-31T17:40:00+00:00")
"""When the last sample entry has been written: the tour's present."""


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Checked):
    """A fictional practitioner."""

    name: str
    about: str


class SampleEntry(_Checked):
    """One of their entries, at a local time."""

    date: datetime
    about: str = ""
    occasion: str = ""
    prompt: str = ""
    tags: tuple[str, ...] = ()
    text: str


class Sample(_Checked):
    """A person with what they wrote."""

    person: Person
    entry: Annotated[tuple[SampleEntry, ...], Field(min_length=1)]


def people() -> dict[str, Sample]:
    """Return the sample people by their journal's name."""
    folder = config.our_data() / "sample"
    return {
        path.stem: Sample.model_validate(table_of(path.read_bytes(), path.name))
        for path in sorted(folder.glob("*.toml"))
    }


def fill(home: Path, name: str, sample: Sample) -> int:
    """Write a person's entries into a journal of their own below `home`; return how many there are."""
    places = config.Places(home, home / "journals" / name)
    for each in sample.entry:
        with Journal(places, each.date.astimezone(), seed=name) as journal:
            journal.first_time("greeted")
            details = Details(about=each.about, occasion=each.occasion, tags=each.tags)
            prompt = journal.bank.get(each.prompt) if each.prompt else None
            journal.write(intake.from_text(each.text), details, prompt)
    return len(sample.entry)
