"""The JSON that jrnl makes with `--format json`: title, body, day and minute, without a zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from reflect.exchange.arriving import Bad, Desk, Wishes
from reflect.exchange.checking import each_record
from reflect.exchange.importers.jrnl import unguarded
from reflect.exchange.sources import File, one_by_one
from reflect.whole import Arrival, Piece

ENDINGS = (".json",)
FAMILY = "jrnl"
OPTIONS = frozenset({"encoding"})


class JrnlEntry(BaseModel):
    """One entry of jrnl; older exports have no tags or star, those that came from Day One an id."""

    model_config = ConfigDict(extra="ignore")

    title: StrictStr = ""
    body: StrictStr = ""
    date: Annotated[StrictStr, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    time: Annotated[StrictStr, Field(pattern=r"^\d{2}:\d{2}(:\d{2})?$")] = ""
    tags: list[StrictStr] = []
    starred: StrictBool = False
    creator: dict[str, Any] = {}


def read(files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
    """Yield the entries; an empty file is what jrnl writes when it found none."""
    yield from one_by_one(files, lambda file: each_record(file, wishes, JrnlEntry, _entry, "entries"))


def _entry(found: JrnlEntry, line: int, desk: Desk) -> Arrival:
    try:
        when = datetime.fromisoformat(f"{found.date} {found.time or '12:00'}")
        placed = desk.wishes.clock.wall(when)
    except ValueError as error:
        raise Bad(f"{found.date} {found.time}: {error}") from None
    desk.leave_out("the device it was written on", line, bool(found.creator))
    tags = [tag[1:] if len(tag) > 1 and not tag[0].isalnum() else tag for tag in found.tags]
    return desk.arrival(
        line,
        text=unguarded(f"{found.title.rstrip()}\n{found.body.rstrip()}"),
        placed=placed,
        precision="minute" if found.time else "day",
        tags=[*tags, "starred"] if found.starred else tags,
    )
