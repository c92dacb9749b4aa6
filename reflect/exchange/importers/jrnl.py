"""The text files that jrnl keeps, or its folder of days: an entry begins with its date in square brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import PurePosixPath
from typing import NamedTuple

from reflect.errors import Refused
from reflect.exchange import stamps
from reflect.exchange.arriving import Bad, Desk, Wishes
from reflect.exchange.exporters.jrnl import GUARD
from reflect.exchange.sources import File, lined, one_by_one
from reflect.whole import Arrival, Piece, Refusal, Remark

ENDINGS = (".txt",)
FAMILY = "jrnl"
OPTIONS = frozenset({"time_format", "tag_symbols", "every_date", "encoding"})

_BRACKETED = re.compile(r"^\[([^\]\n]{1,60})\](?: |$)", re.MULTILINE)
_OF_FIRST_VERSION = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d) ", re.MULTILINE)
_SAMPLE = 500
_A_FILE = 5
"""Entries one after the other that are an order of their own, and no quotation."""
_SHARE_OF_A_SECOND_FORMAT = 0.2
_ENCRYPTED = (b"JRNLv3", b"gAAAA")


class _Start(NamedTuple):
    """A line that may begin an entry."""

    place: int
    words_from: int
    stamp: str
    parted: bool
    """Whether an empty line, or nothing, stands before it."""
    moment: datetime | None
    """None for a day that doesn't exist."""
    why: str
    form: stamps.Format


def read(files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
    """Yield the entries of a journal of jrnl."""
    said: set[str] = set()
    yield from one_by_one(files, lambda file: _file(file, wishes, said))


_TAG = re.compile(r"[-+*#/\w]+")


def tags_of(words: str, symbols: str) -> list[str]:
    """Return the tags in words as jrnl sees them: a symbol at the start or after a blank, then letters and some signs.

    Looking for the symbols first is ten times as fast as one pattern that looks back at each letter.
    """
    found: list[str] = []
    for symbol in symbols:
        at = words.find(symbol)
        while at >= 0:
            if not at or words[at - 1].isspace():
                tag = _TAG.match(words, at + 1)
                if tag:
                    found.append(tag[0])
            at = words.find(symbol, at + 1)
    return found


def unguarded(words: str) -> str:
    """Return words without the signs that our own export put in so that jrnl would read them back."""
    return words.replace(f"{GUARD}[", "[").replace(f"*{GUARD}", "*") if GUARD in words else words


def _file(file: File, wishes: Wishes, said: set[str]) -> Iterator[Piece]:
    content = file.read()
    if content.startswith(_ENCRYPTED):
        raise Refused(
            f"{file.name} is encrypted",
            why="only jrnl can open it",
            next_step="run `jrnl --decrypt`, bring the file in, and encrypt it again",
        )
    text = lined(file._replace(read=lambda: content), wishes.encoding)
    if not text.strip():
        return
    day = _day_of(file.name)
    starts, remarks = _starts(text, wishes, of_a_day=day is not None)
    if not starts:
        raise Refused(
            "no entry was found",
            where=file.name,
            why="no line begins with a date in square brackets",
            next_step="name the dates' form, such as --time-format '%d.%m.%Y %H:%M'",
        )
    for remark in remarks:
        if remark not in said:
            said.add(remark)
            yield Remark(remark)
    if words := text[: starts[0].place].strip():
        yield Refusal(file.name, text[: text.index(words)].count("\n") + 1, "words stand before the first date")
    yield from _entries(text, starts, day, Desk(file.name, wishes), wishes)


def _entries(text: str, starts: Sequence[_Start], day: datetime | None, desk: Desk, wishes: Wishes) -> Iterator[Piece]:
    symbols = wishes.tag_symbols
    line, counted = 1, 0
    ends = [*(start.place for start in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=True):
        line += text.count("\n", counted, start.place)
        counted = start.place
        words = text[start.words_from : end].rstrip()
        if start.moment is None:
            yield Refusal(desk.file, line, f"[{start.stamp}]: {start.why}")
            continue
        moment = start.moment if day is None else datetime.combine(day, start.moment.time())
        try:
            yield _entry(desk, line, words, moment, tags_of(words, symbols), has_time=start.form.has_time)
        except Bad as error:
            yield Refusal(desk.file, line, f"[{start.stamp}]: {error.why}", error.stops)
        except ValueError as error:
            yield Refusal(desk.file, line, f"[{start.stamp}]: {error}")
        if desk.left_out:
            yield from desk.taken()


def _entry(desk: Desk, line: int, words: str, moment: datetime, tags: list[str], *, has_time: bool) -> Arrival:
    first, ended, rest = words.partition("\n")
    if first.endswith(" *"):
        words = first[:-2] + ended + rest
        tags.append("starred")
    words = unguarded(words)
    clock = desk.wishes.clock
    placed = clock.wall(moment) if has_time else clock.day(moment)
    return desk.arrival(line, text=words, placed=placed, precision="minute" if has_time else "day", tags=tags)


# -- which lines begin an entry -------------------------------------------------------------------


def _starts(text: str, wishes: Wishes, *, of_a_day: bool) -> tuple[list[_Start], list[str]]:
    """Return the lines that begin entries, and what is to be told of how they were found."""
    found = [(match.start(), match.end(), match[1]) for match in _BRACKETED.finditer(text)]
    remarks: list[str] = []
    if wishes.time_format:
        forms = [stamps.compiled(wishes.time_format)]
    else:
        forms = _forms([stamp for _, _, stamp in found], of_a_day=of_a_day)
        if not forms:
            found = [(match.start(), match.end(), match[1]) for match in _OF_FIRST_VERSION.finditer(text)]
            if not found:
                return [], []
            forms = [stamps.compiled("%Y-%m-%d %H:%M")]
            remarks.append("The dates stand without brackets, as jrnl wrote them in its first version.")
    starts, others = _read_all(text, found, forms)
    remarks.insert(0, f"Dates were read as {' and '.join(form.written for form in forms)}.")
    parted = [start for start in starts if start.parted]
    if len(parted) * 2 >= len(starts) and not wishes.every_date:
        others += [start.place for start in starts if not start.parted]
        starts = parted
    if not wishes.every_date and not of_a_day:
        starts, out_of_order = _in_order(starts, wishes.now.replace(tzinfo=None) + timedelta(days=1))
        others += out_of_order
    if others:
        lines = ", ".join(f"{text.count(chr(10), 0, place) + 1:,}" for place in sorted(others)[:5])
        more = f" and {len(others) - 5:,} more" if len(others) > 5 else ""
        remarks.append(
            f"{len(others):,} bracketed {_stand(len(others))} inside an entry and taken as words of it"
            f" (line {lines}{more}); --every-date makes each line that begins with a date an entry."
        )
    return starts, remarks


def _stand(many: int) -> str:
    return "date was found" if many == 1 else "dates were found"


def _forms(written: Sequence[str], *, of_a_day: bool) -> list[stamps.Format]:
    """Return the form of the dates; two where a good part of them has another one."""
    sample = written[:: max(1, len(written) // _SAMPLE)]
    main = stamps.guess(sample, stamps.known(times=of_a_day, either_first=True))
    if main is None:
        return []
    left = [stamp for stamp in sample if not main.fits(stamp)]
    if len(left) < len(sample) * _SHARE_OF_A_SECOND_FORMAT:
        return [main]
    second = stamps.guess(left, stamps.known(times=of_a_day, either_first=True))
    enough = second and sum(second.fits(stamp) for stamp in left) >= len(sample) * _SHARE_OF_A_SECOND_FORMAT
    return [main, second] if second and enough else [main]


def _read_all(
    text: str, found: Sequence[tuple[int, int, str]], forms: Sequence[stamps.Format]
) -> tuple[list[_Start], list[int]]:
    """Return the lines whose brackets hold a date of one of these forms, and the places of dates of other forms."""
    starts: list[_Start] = []
    others: list[int] = []
    for place, words_from, stamp in found:
        moment, why, form = None, "", None
        for each in forms:
            try:
                moment = each.read(stamp)
            except ValueError as error:
                form, why = each, str(error)
            else:
                if moment is None:
                    continue
                form, why = each, ""
            break
        if form is None:
            if len(stamp) > 6 and re.search(r"\d", stamp) and stamps.guess([stamp], stamps.known()):
                others.append(place)
            continue
        parted = place < 2 or text.startswith("\n\n", place - 2) or not text[_line_before(text, place) : place].strip()
        starts.append(_Start(place, words_from, stamp, parted, moment, why, form))
    return starts, others


def _line_before(text: str, place: int) -> int:
    return text.rfind("\n", 0, place - 1) + 1


def _in_order(starts: list[_Start], now: datetime) -> tuple[list[_Start], list[int]]:
    """Return the starts in order of time without those that break it, since jrnl sorts its file at every change.

    Where too many break it, the file was not kept by jrnl alone, and all are entries.
    """
    dated = [(number, start.moment.replace(tzinfo=None)) for number, start in enumerate(starts) if start.moment]
    if all(one <= other for (_, one), (_, other) in pairwise(dated)):
        return starts, []
    first = dated[0][1]
    last_past = max((number for number, moment in dated if moment <= now), default=-1)
    possible = [
        (number, moment) for number, moment in dated if moment >= first and (moment <= now or number > last_past)
    ]
    kept = _longest_rising(possible)
    kept |= _of_other_files(dated, kept)
    if (len(dated) - len(kept)) * 3 > len(dated):
        return starts, []
    out = {number for number, _ in dated} - kept
    return [start for number, start in enumerate(starts) if number not in out], [starts[number].place for number in out]


def _of_other_files(dated: Sequence[tuple[int, datetime]], kept: set[int]) -> set[int]:
    """Return the starts that stand together, many and in order among themselves: one file was put behind another.

    A quotation inside an entry seldom has so many dates, each parted from the next.
    """
    rows: list[list[tuple[int, datetime]]] = [[]]
    for number, moment in dated:
        if number in kept or (rows[-1] and moment < rows[-1][-1][1]):
            rows.append([])
        if number not in kept:
            rows[-1].append((number, moment))
    return {number for row in rows if len(row) >= _A_FILE for number, _ in row}


def _longest_rising(row: Sequence[tuple[int, datetime]]) -> set[int]:
    """Return the longest choice from a row of numbered moments that never goes back in time.

    Of two that exclude each other, the one that stands first is taken: dates inside an
    entry are mostly earlier than its own.
    """
    tails: list[datetime] = []
    levels: list[list[tuple[int, datetime]]] = []
    for number, moment in row:
        level = bisect_right(tails, moment)
        if level == len(tails):
            tails.append(moment)
            levels.append([])
        else:
            tails[level] = moment
        levels[level].append((number, moment))
    kept: set[int] = set()
    after: tuple[int, datetime] | None = None
    for level_found in reversed(levels):
        after = next(each for each in level_found if after is None or (each[0] < after[0] and each[1] <= after[1]))
        kept.add(after[0])
    return kept


def _day_of(name: str) -> datetime | None:
    """Return the day that the path YYYY/MM/DD.txt names, which wins over the dates inside."""
    parts = PurePosixPath(name).parts
    if len(parts) < 3:
        return None
    try:
        return datetime.strptime("/".join(parts[-3:]), "%Y/%m/%d.txt")  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return None
