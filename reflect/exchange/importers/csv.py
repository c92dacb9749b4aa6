"""CSV with a header: any spreadsheet's log, Daylio's and Mindsera's exports, our own; columns are mapped by name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from reflect.errors import Refused, Usage
from reflect.exchange import stamps
from reflect.exchange.arriving import Bad, Desk, Wishes
from reflect.exchange.exporters.csv import HEADER as OUR_HEADER
from reflect.exchange.sources import File, decoded, one_by_one
from reflect.whole import Arrival, Piece, Refusal, Remark

ENDINGS = (".csv", ".tsv")
FAMILY = "csv"
OPTIONS = frozenset({"columns", "month_first", "time_format", "encoding"})

FIELDS = ("date", "time", "text", "about", "tags", "id")
"""What a column can be mapped to."""

_USUAL = {
    "date": ("full_date", "date", "datetime", "timestamp", "created", "created_at", "when", "day"),
    "time": ("time",),
    "text": ("text", "note", "notes", "content", "entry", "body", "reflection"),
    "about": ("about", "note_title", "title", "subject"),
    "tags": ("tags", "activities", "labels"),
    "id": ("id", "uuid"),
}
"""Names under which columns are found when nobody maps them."""

_SEPARATORS = ",;\t"
_LONGEST_CELL = 50_000_000


class _Columns(NamedTuple):
    """Where in a row each field stands; several columns can make one text."""

    places: Mapping[str, Sequence[int]]
    rest: Sequence[tuple[int, str]]
    """Columns that nothing is read from, with their names."""
    header: Sequence[str]


class _Row(NamedTuple):
    line: int
    cells: Sequence[str]


def read(files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
    """Yield an entry for each row."""
    yield from one_by_one(files, lambda file: _file(file, wishes))


def _file(file: File, wishes: Wishes) -> Iterator[Piece]:
    text = decoded(file, wishes.encoding)
    rows = _rows(text, file.name)
    if not rows:
        return
    columns = _columns(rows[0].cells, wishes, file.name)
    yield Remark(f"{file.name}: {_said(columns)}.")
    body = rows[1:]
    forms = _forms(body, columns, wishes, file.name)
    if isinstance(forms[0], stamps.Format):
        yield Remark(f"Dates were read as {forms[0].written}.")
    desk = Desk(file.name, wishes)
    ours = tuple(rows[0].cells) == OUR_HEADER
    for row in body:
        if not any(cell.strip() for cell in row.cells):
            continue
        try:
            yield _entry(row, columns, forms, desk, ours=ours)
        except Bad as error:
            yield Refusal(file.name, row.line, error.why, error.stops)
        yield from desk.taken()


def _rows(text: str, name: str) -> list[_Row]:
    """Return the rows with the line each begins on; what a spreadsheet put before the header as a hint is heeded."""
    first, _, _ = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=,"):
        separator, text, skipped = first.strip()[-1], text[len(first) + 1 :], 1
    else:
        separator, skipped = max(_SEPARATORS, key=_outside_quotes(first).count), 0
    before = csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[_Row] = []
    line = 0
    try:
        for cells in reader:
            if cells:
                rows.append(_Row(line + 1 + skipped, cells))
            line = reader.line_num
    except csv.Error as error:
        raise Refused(
            "this is no table that can be read",
            where=f"{name}, line {line + 1 + skipped:,}",
            why=str(error),
            next_step="save it as CSV again",
        ) from None
    finally:
        csv.field_size_limit(before)
    return rows


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


# -- which column is what -------------------------------------------------------------------------


def _columns(header: Sequence[str], wishes: Wishes, name: str) -> _Columns:
    named = [each.strip() for each in header]
    lower = [each.lower() for each in named]
    places: dict[str, list[int]] = {}
    for field, wanted in wishes.columns:
        if field not in FIELDS:
            raise Usage(
                f"a column can't be mapped to {field!r}", why="there are " + ", ".join(FIELDS), next_step="choose one"
            )
        if wanted.lower() not in lower:
            raise _no_column(f"there is no column {wanted!r}", named, name)
        places.setdefault(field, []).append(lower.index(wanted.lower()))
    taken = {place for found in places.values() for place in found}
    for field, usual in _USUAL.items():
        found = next((lower.index(each) for each in usual if each in lower and lower.index(each) not in taken), None)
        if field not in places and found is not None:
            places[field] = [found]
            taken.add(found)
    for field in ("date", "text"):
        if field not in places:
            raise _no_column(f"no column was found for the {field}", named, name, field)
    rest = [(place, each) for place, each in enumerate(named) if place not in taken]
    return _Columns(places, rest, named)


def _no_column(what: str, header: Sequence[str], name: str, field: str = "text") -> Refused:
    there = ", ".join(repr(each) for each in header if each)
    return Refused(
        what, where=f"{name}, line 1", why=f"there are {there}", next_step=f"name one, such as --map {field}=NAME"
    )


def _said(columns: _Columns) -> str:
    return ", ".join(
        f"{field} from {' and '.join(repr(columns.header[place]) for place in found)}"
        for field, found in columns.places.items()
    )


# -- dates ------------------------------------------------------------------------------------------


def _forms(
    rows: Sequence[_Row], columns: _Columns, wishes: Wishes, name: str
) -> tuple[stamps.Format | None, stamps.Format | None]:
    """Return the forms of the dates and of the times: one for all rows, day first unless told otherwise.

    None for dates means that none fits; each row then says so.
    """
    dates = [_cell(row, columns, "date") for row in rows]
    filled = [each for each in dates if each]
    clocks = [each for each in (_cell(row, columns, "time") for row in rows) if each]
    time_form = stamps.guess(clocks, stamps.known(days=False, times=True)) if clocks else None
    if wishes.time_format:
        return stamps.compiled(wishes.time_format), time_form
    if all(_is_iso(each) for each in filled):
        return None, time_form
    form = stamps.guess(filled, stamps.known(month_first=wishes.month_first))
    unread = [each for each in filled if form is None or not _reads(form, each)]
    if unread and not wishes.month_first:
        turned = stamps.guess(filled, stamps.known(month_first=True))
        if turned and turned.written.startswith("%m") and all(_reads(turned, each) for each in filled):
            at = next(row.line for row, each in zip(rows, dates, strict=True) if each == unread[0])
            raise Refused(
                f"{unread[0]!r} is no date, day first",
                where=f"{name}, line {at:,}",
                why="every date of the file can be read with the month first",
                next_step="add --month-first",
            )
    return form, time_form


def _is_iso(written: str) -> bool:
    try:
        return stamps.iso(written) is not None
    except ValueError:
        return False


def _reads(form: stamps.Format, written: str) -> bool:
    try:
        return form.read(written) is not None
    except ValueError:
        return False


def _moment(
    row: _Row, columns: _Columns, forms: tuple[stamps.Format | None, stamps.Format | None]
) -> tuple[datetime, bool]:
    written, clock = _cell(row, columns, "date"), _cell(row, columns, "time")
    if not written:
        raise Bad("it has no date")
    date_form, time_form = forms
    try:
        found = date_form.read(written) if date_form else None
        is_day = date_form is not None and not date_form.has_time
        if found is None and (iso := stamps.iso(written)):
            found, is_day = iso
        if found is None:
            raise Bad(f"{written!r} is not a date" + (f" as {date_form.written} has it" if date_form else ""))
        if is_day and clock:
            return datetime.combine(found.date(), _clock(clock, time_form).time()), False
    except ValueError as error:
        raise Bad(f"{written} {clock}".strip() + f": {error}") from None
    return found, is_day


def _clock(written: str, usual: stamps.Format | None) -> datetime:
    """Return a time of the day, in the form of most rows or another one: no two forms read it differently."""
    at = usual.read(written) if usual else None
    if at is None and (other := stamps.guess([written], stamps.known(days=False, times=True))):
        at = other.read(written)
    if at is None:
        raise Bad(f"{written!r} is not a time")
    return at


# -- rows -------------------------------------------------------------------------------------------


def _entry(
    row: _Row,
    columns: _Columns,
    forms: tuple[stamps.Format | None, stamps.Format | None],
    desk: Desk,
    *,
    ours: bool,
) -> Arrival:
    if len(row.cells) > len(columns.header) and any(cell.strip() for cell in row.cells[len(columns.header) :]):
        raise Bad(f"it has {len(row.cells)} cells, and the header names {len(columns.header)}")
    moment, is_day = _moment(row, columns, forms)
    try:
        placed = desk.wishes.clock.day(moment.date()) if is_day else desk.wishes.clock.wall(moment)
    except ValueError as error:
        raise Bad(f"{_cell(row, columns, 'date')}: {error}") from None
    for place, name in columns.rest:
        desk.leave_out(f"column {name!r}", row.line, place < len(row.cells) and bool(row.cells[place].strip()))
    text, about = _text(row, columns), _cell(row, columns, "about")
    key = _cell(row, columns, "id")
    if ours:
        text, about = _unguarded(text), _unguarded(about)
    elif about and not text.strip():
        text, about = about, ""
    return desk.arrival(
        row.line,
        text=text,
        placed=placed,
        precision="day" if is_day else "minute",
        about=desk.about(about, row.line),
        tags=_tags(_cell(row, columns, "tags")),
        key=key,
    )


def _text(row: _Row, columns: _Columns) -> str:
    """Return the words; where several columns make them, each under its column's name."""
    places = columns.places["text"]
    if len(places) == 1:
        return _at(row, places[0])
    found = [(columns.header[place], _at(row, place).strip()) for place in places]
    return "\n\n".join(f"{name}: {words}" for name, words in found if words)


def _cell(row: _Row, columns: _Columns, field: str) -> str:
    found = [_at(row, place).strip() for place in columns.places.get(field, ())]
    return " ".join(filter(None, found))


def _at(row: _Row, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _tags(written: str) -> list[str]:
    """Return tags that stand with | or ; or , between them."""
    separator = next((sign for sign in "|;," if sign in written), None)
    return (
        [each.strip() for each in written.split(separator) if each.strip()] if separator else [written] * bool(written)
    )


def _unguarded(text: str) -> str:
    """Return a cell of our own export without the apostrophe that keeps it from being a formula."""
    from reflect.clean import cell

    return text[1:] if text.startswith("'") and cell(text[1:]) == text else text
