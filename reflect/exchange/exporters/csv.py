"""CSV for a spreadsheet, one row an entry; no cell can act as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from reflect import ids
from reflect.clean import cell
from reflect.exchange.exporters import Outgoing
from reflect.models import Entry

ENDING = ".csv"
EVERYTHING = False
LEAVES_OUT = (
    "History, later thoughts, marks and actions stay behind; `reflect export json` has all of it."
    " An apostrophe stands before a cell that a spreadsheet might take for a formula."
)

HEADER = ("id", "date", "time", "zone", "about", "question", "text", "tags", "themes", "occasion", "written_at")


def pieces(outgoing: Outgoing) -> Iterator[str]:
    """Yield the table, UTF-8 with its mark, CRLF, every cell quoted."""
    made = io.StringIO(newline="")
    table = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    made.write("\ufeff")
    table.writerow(HEADER)
    for whole in outgoing.wholes:
        table.writerow(map(cell, _row(whole.entry)))
        if made.tell() > io.DEFAULT_BUFFER_SIZE:
            yield made.getvalue()
            made.seek(0)
            made.truncate()
    yield made.getvalue()


def _row(entry: Entry) -> tuple[str, ...]:
    moment = datetime.fromisoformat(entry.happened_at)
    return (
        ids.shown(entry.id),
        f"{moment:%Y-%m-%d}",
        "" if entry.precision == "day" else f"{moment:%H:%M:%S}",
        entry.zone,
        entry.about,
        entry.asked.text if entry.asked else "",
        entry.text,
        " | ".join(entry.tags),
        " | ".join(theme.id for theme in entry.themes if theme.by != "suggested"),
        entry.occasion,
        entry.written_at,
    )
