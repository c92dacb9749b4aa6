"""Day One's JSON export (a zip archive, its folder, or one journal of it), and the plists of Day One Classic."""

from __future__ import annotations

import plistlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from xml.parsers.expat import ExpatError

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from reflect.exchange.arriving import Bad, Desk, Wishes
from reflect.exchange.checking import checked, refusal
from reflect.exchange.json_records import Document
from reflect.exchange.sources import File, decoded, one_by_one
from reflect.exchange.stamps import of_zone
from reflect.whole import Arrival, Piece, Refusal, Remark

ENDINGS = (".json", ".doentry")
FAMILY = "dayone"
OPTIONS = frozenset({"encoding"})

_MEDIA = {
    "photos": "photo",
    "audios": "audio",
    "videos": "video",
    "pdfAttachments": "pdf",
}
_SEVERAL = {"photo": "photos", "audio": "sounds", "video": "videos", "pdf": "PDF files"}
_LINK = re.compile(r"!\[[^\[\]\n]*\]\(dayone-moment:/{1,2}(?:(audio|video|pdfAttachment)/)?([0-9A-Fa-f-]+)\)")
_KIND = {None: "photo", "audio": "audio", "video": "video", "pdfAttachment": "pdf"}
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]+`)", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_UNSEEN = "\u200b"
_NO_PLIST = (
    *(plistlib.InvalidFileException, ExpatError, ValueError, LookupError),
    *(AttributeError, TypeError, OverflowError, RecursionError),
)
"""What Python's reader of property lists falls over."""


class Medium(BaseModel):
    """A photo, sound, video or PDF file of an entry; older exports don't name its file."""

    model_config = ConfigDict(extra="ignore")

    identifier: StrictStr = ""
    md5: StrictStr = ""
    type: StrictStr = ""
    format: StrictStr = ""


class DayOneEntry(BaseModel):
    """What of an entry is read; the rest is told as left out."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    uuid: StrictStr = ""
    created: StrictStr = Field(alias="creationDate")
    modified: StrictStr = Field("", alias="modifiedDate")
    zone: StrictStr = Field("", alias="timeZone")
    text: StrictStr = ""
    rich_text: StrictStr = Field("", alias="richText")
    tags: list[StrictStr] = []
    starred: StrictBool = False
    is_pinned: StrictBool = Field(default=False, alias="isPinned")
    is_all_day: StrictBool = Field(default=False, alias="isAllDay")
    photos: list[Medium] = []
    audios: list[Medium] = []
    videos: list[Medium] = []
    pdfs: list[Medium] = Field([], alias="pdfAttachments")
    location: dict[str, Any] = {}
    weather: dict[str, Any] = {}
    activity: dict[str, Any] = Field({}, alias="userActivity")
    music: dict[str, Any] = {}


class _Found(BaseModel):
    """An entry of either kind of file, its words as they were typed."""

    key: str
    created: datetime
    modified: datetime | None
    zone: str
    words: str
    tags: list[str]
    all_day: bool
    left_out: dict[str, int]


def read(files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
    """Yield the entries of every journal of the export."""
    journals = [file for file in files if not file.name.lower().endswith(".doentry")]
    if len(journals) > 1:
        yield Remark("Each entry has the name of its journal as a tag, since there are several journals.")
    yield from one_by_one(files, lambda file: _file(file, wishes, is_one_of_several=len(journals) > 1))


def _file(file: File, wishes: Wishes, *, is_one_of_several: bool) -> Iterator[Piece]:
    if file.name.lower().endswith(".doentry"):
        yield from _classic(file, wishes)
    else:
        yield from _journal(file, wishes, [PurePosixPath(file.name).stem] if is_one_of_several else [])


def _journal(file: File, wishes: Wishes, tags: Sequence[str]) -> Iterator[Piece]:
    desk = Desk(file.name, wishes)
    for element in Document(decoded(file, wishes.encoding), file.name).elements("entries"):
        try:
            found = _read(checked(DayOneEntry, element))
            found.tags += tags
            yield _arrival(found, element.line, desk)
        except Bad as error:
            yield refusal(file.name, element, error)
        yield from desk.taken()


def _arrival(found: _Found, line: int, desk: Desk) -> Arrival:
    """Return an entry by the clock of its own zone: its days are the writer's, not Greenwich's."""
    clock = of_zone(found.zone, desk.wishes.clock)
    desk.leave_out("names of time zones that are not known here", line, clock.name != (found.zone or clock.name))
    try:
        placed = clock.utc(found.created)
        revised = clock.utc(found.modified).at if found.modified and found.modified > found.created else ""
        if found.all_day:
            placed = clock.day(datetime.fromisoformat(placed.at))
    except (ValueError, OverflowError) as error:
        raise Bad(f"creationDate: {error}") from None
    for what, many in found.left_out.items():
        desk.leave_out(what, line, many)
    if not found.words.strip() and found.left_out:
        raise Bad(f"it holds no words, only {', '.join(found.left_out)}", stops=False)
    return desk.arrival(
        line,
        text=found.words,
        placed=placed,
        precision="day" if found.all_day else "minute",
        tags=found.tags,
        key=found.key.upper(),
        revised_at=revised,
    )


def _read(entry: DayOneEntry) -> _Found:
    media = {"photo": entry.photos, "audio": entry.audios, "video": entry.videos, "pdf": entry.pdfs}
    left_out = {_SEVERAL[kind]: len(found) for kind, found in media.items() if found}
    beside = {"places": entry.location, "weather": entry.weather, "activities": entry.activity, "music": entry.music}
    left_out |= {what: 1 for what, said in beside.items() if said}
    names = {
        medium.identifier.upper(): f"{medium.md5}.{medium.type or medium.format}".strip(".") if medium.md5 else ""
        for found in media.values()
        for medium in found
    }
    text = entry.text or _plain(entry.rich_text)
    return _Found(
        key=entry.uuid,
        created=_moment(entry.created, "creationDate"),
        modified=_moment(entry.modified, "modifiedDate") if entry.modified else None,
        zone=entry.zone,
        words=typed(_LINK.sub(lambda link: _named(_KIND[link[1]], names.get(link[2].upper(), "")), text)),
        tags=[*entry.tags, *(["starred"] if entry.starred else []), *(["pinned"] if entry.is_pinned else [])],
        all_day=entry.is_all_day,
        left_out=left_out,
    )


def typed(text: str) -> str:
    r"""Return words as they were typed: Day One writes 1\. for 1. and signs that can't be seen; code stays as it is."""
    pieces = _CODE.split(text.replace(_UNSEEN, ""))
    return "".join(piece if number % 2 else _ESCAPED.sub(r"\1", piece) for number, piece in enumerate(pieces))


def _named(kind: str, name: str) -> str:
    """Return what stands in the words for a picture or sound that stays in Day One."""
    return f"[{kind} {name}]" if name else f"[{kind}]"


def _plain(rich_text: str) -> str:
    """Return the words of an entry that has them only as rich text."""
    if not rich_text:
        return ""
    import json

    try:
        pieces = json.loads(rich_text)["contents"]
        return "".join(piece["text"] for piece in pieces if isinstance(piece.get("text"), str))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""


def _moment(written: str, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise Bad(f"{name}: {written!r} is not a time") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# -- Day One Classic ------------------------------------------------------------------------------


def _classic(file: File, wishes: Wishes) -> Iterator[Piece]:
    desk = Desk(file.name, wishes)
    try:
        try:
            plist = plistlib.loads(file.read(), fmt=plistlib.FMT_XML)
        except _NO_PLIST as error:
            raise Bad(f"it is no property list that can be read: {error}") from None
        yield _arrival(_of_plist(plist, PurePosixPath(file.name).stem), 0, desk)
    except Bad as error:
        yield Refusal(file.name, 0, error.why, error.stops)
    yield from desk.taken()


def _of_plist(plist: Any, stem: str) -> _Found:
    if not isinstance(plist, dict) or not isinstance(plist.get("Creation Date"), datetime):
        raise Bad("Creation Date: it is missing")
    words, tags = plist.get("Entry Text", ""), plist.get("Tags", [])
    if not isinstance(words, str) or not isinstance(tags, list):
        raise Bad("Entry Text or Tags: it is not as Day One writes it")
    beside = {"Location": "places", "Weather": "weather", "Music": "music", "Step Count": "activities"}
    return _Found(
        key=str(plist.get("UUID") or stem),
        created=plist["Creation Date"].replace(tzinfo=UTC),
        modified=None,
        zone=str(plist.get("Time Zone", "")),
        words=words,
        tags=[str(tag) for tag in tags] + (["starred"] if plist.get("Starred") is True else []),
        all_day=False,
        left_out={what: 1 for key, what in beside.items() if plist.get(key)},
    )
