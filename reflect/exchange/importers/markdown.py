"""Markdown files with front matter, as zk, Obsidian, Logseq, jrnl and reflect itself write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, time
from pathlib import PurePosixPath
from typing import NamedTuple

from reflect import ids
from reflect.errors import Refused
from reflect.exchange import stamps
from reflect.exchange.arriving import MOST_ABOUT, Bad, Desk, Wishes
from reflect.exchange.exporters.markdown import LATER, LATER_HERE, OURS
from reflect.exchange.front_matter import FrontMatter, Unreadable, Value, parted
from reflect.exchange.sources import File, lined, unread
from reflect.exchange.stamps import Placed
from reflect.whole import Arrival, Piece, Refusal

ENDINGS = (".md", ".markdown")
FAMILY = "markdown"
OPTIONS = frozenset({"at_times", "file_times", "encoding", "month_first"})

_LONGEST_DATE = 40
_DATES = ("date", "created", "creation date", "created_at", "datetime")
_CHANGED = ("modified", "updated", "updated_at", "last_modified")
_TAGS = ("tags", "tag", "keywords")
_TITLES = ("about", "title")
_KEPT = {
    *_DATES,
    *_CHANGED,
    *_TAGS,
    *_TITLES,
    "id",
    "uuid",
    "body",
    "starred",
    "themes",
    OURS,
    LATER_HERE,
    "precision",
    "zone",
    "question",
}
_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_TIME_IN_NAME = re.compile(r"^[-_ T]+(\d{2})[-.:h]?(\d{2})(?!\d)")
_HASHTAG = re.compile(r"(?<![\w#&/])#([^\W\d_][\w/-]*)")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)
_AT_TIME = re.compile(
    r"^#{1,6} +(\d{1,2})[:.](\d{2})(?: *([AaPp])\.?[Mm]\.?)?\b[ \t:\u2013\u2014-]*(.*)$", re.MULTILINE
)


class _When(NamedTuple):
    placed: Placed
    precision: str
    day: datetime
    """Without a zone, for the headings with times below it."""


def read(files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
    """Yield the entry of each file, or with `at_times` each entry that a heading with a time begins."""
    for file in files:
        desk = Desk(file.name, wishes)
        try:
            yield from _entries(file, parted(lined(file, wishes.encoding)), desk)
        except Refused as error:
            yield unread(file, error)
        except Unreadable as error:
            yield Refusal(file.name, error.line, f"front matter: {error.why}")
        except Bad as error:
            yield Refusal(file.name, 1, error.why, error.stops)
        yield from desk.taken()


def _entries(file: File, page: FrontMatter, desk: Desk) -> Iterator[Piece]:
    if not page.body.strip() and "body" not in page.fields:
        raise Bad("it holds no words", stops=False)
    when = _when(file, page, desk)
    for name, value in page.fields.items():
        if name not in _KEPT and value and not (name == "question" and OURS in page.fields):
            desk.leave_out(f"{name} (front matter)", 1)
    if desk.wishes.at_times and (found := list(_AT_TIME.finditer(page.body))):
        yield from _at_times(page, when, found, desk)
    else:
        yield _whole(file, page, when, desk)


def _whole(file: File, page: FrontMatter, when: _When, desk: Desk) -> Arrival:
    text, about = page.body, _about(file, page)
    ours = bool(_text(page.fields, OURS))
    if ours:
        words, later, _ = text.rpartition(LATER)
        if later and LATER_HERE in page.fields:
            text = words
            desk.leave_out("later thoughts (they come with reflect's own JSON)", page.body_line)
        desk.leave_out("questions (they come with reflect's own JSON)", 1, "question" in page.fields)
    elif "body" in page.fields:  # as jrnl writes it: its titles are the first words of an entry
        text, about = f"{_text(page.fields, 'title')}\n{_text(page.fields, 'body')}", ""
    elif len(about) > MOST_ABOUT:
        text, about = f"{about}\n\n{text}", ""
    key = _text(page.fields, "id") or _text(page.fields, "uuid")
    return desk.arrival(
        page.body_line,
        text=text.strip("\n"),
        placed=when.placed,
        precision=when.precision,
        about=about,
        tags=_tags(page, "" if ours else text),
        key=key,
        number=_number(key) if ours else 0,
        revised_at=_revised(page.fields, desk),
        themes=_themes(page, desk),
    )


def _at_times(page: FrontMatter, when: _When, found: Sequence[re.Match[str]], desk: Desk) -> Iterator[Piece]:
    """Yield an entry for each heading with a time; what stands above the first is an entry of the day."""
    tags = _tags(page, "")
    above = page.body[: found[0].start()]
    if _HEADING.sub("", above).strip():
        placed = desk.wishes.clock.day(when.day)
        text_tags = [*tags, *_hashtags(above)]
        yield desk.arrival(page.body_line, text=above.strip("\n"), placed=placed, precision="day", tags=text_tags)
    ends = [*(each.start() for each in found[1:]), len(page.body)]
    for each, end in zip(found, ends, strict=True):
        line = page.body_line + page.body.count("\n", 0, each.start())
        words = page.body[each.end() : end].strip("\n")
        try:
            at = datetime.combine(when.day, time(_hour(each), int(each[2])))
            yield desk.arrival(
                line,
                text=f"{each[4].strip()}\n{words}".strip("\n"),
                placed=desk.wishes.clock.wall(at),
                tags=[*tags, *_hashtags(words)],
            )
        except (Bad, ValueError) as error:
            stops = error.stops if isinstance(error, Bad) else True
            yield Refusal(desk.file, line, f"{each[1]}:{each[2]}: {error}", stops)


def _hour(found: re.Match[str]) -> int:
    hour = int(found[1])
    if not found[3]:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("hour must be in 1..12")
    return hour % 12 + (12 if found[3] in "Pp" else 0)


# -- when -----------------------------------------------------------------------------------------


def _when(file: File, page: FrontMatter, desk: Desk) -> _When:
    """Return when a page was written: by its front matter, its file's name, or if wished by the file's own time."""
    clock = desk.wishes.clock
    written = next((_text(page.fields, name) for name in _DATES if _text(page.fields, name)), "").strip("[]")
    try:
        if _text(page.fields, OURS):  # with the very offset it was kept with
            moment = datetime.fromisoformat(written)
            precision = _text(page.fields, "precision") or "minute"
            stamps.check_year(moment.year)
            return _When(Placed(moment.isoformat(), _text(page.fields, "zone")), precision, moment)
        if written:
            moment, is_day = _read(written, month_first=desk.wishes.month_first)
        elif named := _in_name(file.name):
            moment, is_day = named
        elif desk.wishes.file_times and file.modified:
            moment, is_day = file.modified.replace(tzinfo=None), True
        else:
            raise Bad("it has no date in its front matter or its name; --file-times takes the day it was changed")
        if is_day:
            return _When(clock.day(moment.date()), "day", moment.replace(tzinfo=None))
        placed = clock.wall(moment)
        return _When(placed, "minute", datetime.fromisoformat(placed.at).replace(tzinfo=None))
    except ValueError as error:
        raise Bad(f"its date {written or file.name!r}: {error}") from None


def _read(written: str, *, month_first: bool) -> tuple[datetime, bool]:
    with suppress(ValueError):  # it may be another form that begins with the year
        if found := stamps.iso(written):
            return found
    form = stamps.guess([written], stamps.known(month_first=month_first))
    moment = form.read(written) if form else None
    if form is None or moment is None:
        raise ValueError("it can't be read as a day or a time")
    return moment, not form.has_time


def _in_name(name: str) -> tuple[datetime, bool] | None:
    """Return the day in a file's name (2026-11-20, 2026_11_20, journal-2026-11-20), with its time if it has one."""
    stem = PurePosixPath(name).stem
    found = _IN_NAME.search(stem)
    if not found:
        return None
    day = datetime(int(found[1]), int(found[2]), int(found[3]))  # noqa: DTZ001 - wall time, placed by a Clock
    at = _TIME_IN_NAME.match(stem[found.end() :])
    if at and int(at[1]) < 24 and int(at[2]) < 60:
        return day.replace(hour=int(at[1]), minute=int(at[2])), False
    return day, True


def _revised(fields: dict[str, Value], desk: Desk) -> str:
    written = next((_text(fields, name) for name in _CHANGED if _text(fields, name)), "")
    if not written:
        return ""
    try:
        moment, is_day = _read(written, month_first=desk.wishes.month_first)
        return (desk.wishes.clock.day(moment.date()) if is_day else desk.wishes.clock.wall(moment)).at
    except ValueError:
        return ""


# -- the rest -------------------------------------------------------------------------------------


def _text(fields: dict[str, Value], name: str) -> str:
    value = fields.get(name, "")
    return value.strip() if isinstance(value, str) else " ".join(value)


def _list(fields: dict[str, Value], name: str) -> list[str]:
    """Return a list, or a text with commas, #tags or words, as its items."""
    value = fields.get(name, ())
    if isinstance(value, str):
        value = tuple(re.split(r",|\s+(?=#)" if "," in value else r"\s+", value))
    return [item.strip().lstrip("#").strip() for item in value if item.strip().lstrip("#").strip()]


def _tags(page: FrontMatter, text: str) -> list[str]:
    found = [tag for name in _TAGS for tag in _list(page.fields, name)]
    starred = _text(page.fields, "starred").lower() == "true"
    return [*found, *_hashtags(text), *(["starred"] if starred else [])]


def _hashtags(text: str) -> list[str]:
    """Return the tags inside words, as Obsidian and Logseq write them; code holds none."""
    return [found.rstrip("/-") for found in _HASHTAG.findall(_CODE.sub(" ", text))]


def _about(file: File, page: FrontMatter) -> str:
    """Return the page's title, unless it is only its date; without one, the heading it begins with."""
    if _text(page.fields, OURS):
        return _text(page.fields, "about")  # our own titles are made of dates where an entry is about nothing
    said = next((_text(page.fields, name) for name in _TITLES if _text(page.fields, name)), "")
    heading = _HEADING.match(page.body.lstrip("\n"))
    if not said and heading and len(heading[1]) <= MOST_ABOUT:
        said = _unclosed(heading[1])
    said = " ".join(said.split())
    return "" if said == PurePosixPath(file.name).stem or _is_date(said) else said


def _unclosed(heading: str) -> str:
    """Return a heading without the signs that may close it: # Title ##."""
    bare = heading.rstrip().rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else heading


def _is_date(said: str) -> bool:
    if _IN_NAME.fullmatch(said):
        return True
    if len(said) > _LONGEST_DATE or not re.search(r"\d", said):
        return False
    try:
        _read(said, month_first=False)
    except ValueError:
        return False
    return True


def _themes(page: FrontMatter, desk: Desk) -> list[str]:
    """Return the themes a page names; one that the codebook doesn't know is told as left out."""
    if not _text(page.fields, OURS):
        desk.leave_out("themes (front matter)", 1, bool(page.fields.get("themes")))
        return []
    found = _list(page.fields, "themes")
    known = [theme for theme in found if theme in desk.wishes.themes]
    desk.leave_out("themes that the codebook doesn't know", 1, len(found) - len(known))
    return known


def _number(key: str) -> int:
    try:
        low, high = ids.span(key)
    except Refused:
        return 0
    return low if low == high else 0
