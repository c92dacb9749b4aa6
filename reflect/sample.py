"""The sample people and their entries, for the tour and for tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from reflect import config, intake
from reflect.bank.packs import table_of
from reflect.consent import Consent, Terms
from reflect.journal import Details, Journal

ENDS = datetime.fromisoformat("2026-10-31T17:40:00+00:00")
"""When the last sample entry has been written: the tour's present."""


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Checked):
    """A fictional practitioner."""

    name: str
    about: str


class SampleMark(_Checked):
    """What a sample person lets their group read of an entry."""

    level: str
    sentences: str = ""
    words: str = ""
    stance: str = ""
    leads_to: str = ""
    alone_ok: bool = False


class SampleEntry(_Checked):
    """One of their entries, at a local time."""

    date: datetime
    about: str = ""
    occasion: str = ""
    prompt: str = ""
    tags: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    mark: SampleMark | None = None
    text: str


class Sample(_Checked):
    """A person with what they wrote."""

    person: Person
    entry: Annotated[tuple[SampleEntry, ...], Field(min_length=1)]


def people(*, of_the_group: bool = False) -> dict[str, Sample]:
    """Return the sample people by their journal's name: the tour's four, or all six of the group they belong to."""
    folder = config.our_data() / "sample"
    paths = [*folder.glob("*.toml"), *((folder / "more").glob("*.toml") if of_the_group else ())]
    return {path.stem: Sample.model_validate(table_of(path.read_bytes(), path.name)) for path in sorted(paths)}


def fill(places: config.Places, name: str, sample: Sample) -> int:
    """Write a person's entries, with the marks they set, into a journal of their own; return how many there are."""
    for each in sample.entry:
        with Journal(places, each.date.astimezone(), seed=name) as journal:
            journal.first_time("greeted")
            details = Details(about=each.about, occasion=each.occasion, tags=each.tags, themes=each.themes)
            prompt = journal.bank.get(each.prompt) if each.prompt else None
            entry = journal.write(intake.from_text(each.text), details, prompt).entry
            if each.mark:
                mark = each.mark
                permissions = Consent(journal)
                terms = Terms(
                    level=mark.level,
                    words=mark.words,
                    stance=mark.stance,
                    leads_to=mark.leads_to,
                    alone_ok=mark.alone_ok,
                )
                permissions.mark(entry, permissions.passages(entry, mark.sentences), terms)
    return len(sample.entry)


def homes(folder: Path) -> list[str]:
    """Lay out a home for each of the six people below a folder; return their names."""
    found = people(of_the_group=True)
    for name, sample in found.items():
        fill(config.Places(folder / name, folder / name), name, sample)
    return list(found)
