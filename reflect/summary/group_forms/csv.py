"""CSV for a spreadsheet, one row a quotation; no cell can act as a formula."""

from __future__ import annotations

import csv
import io
import re

from reflect import clean
from reflect.summary.together import CONSTANT, GroupSummary
from reflect.summary.together_rows import quotations
from reflect.summary.together_say import period, standing

ENDING = ".csv"

HEADER = ("theme path", "period", "level", "stance", "attribution", "occasion", "quotation", "note")

# What a spreadsheet reads as the beginning of a formula, also where it splits a cell at its line ends;
# the full-width signs count, because some settings fold them (safety anchors, row 89).
_FORMULA = re.compile(r"(?:\A|[\r\n])\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|\A[\t\r\n]")


def render(summary: GroupSummary) -> bytes:
    """Return the quotations as CSV: UTF-8 with its mark, CRLF, every cell quoted."""
    made = io.StringIO(newline="")
    table = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(HEADER)
    note = f"{standing(summary)} {CONSTANT}"
    rows = [
        (each.path, period(summary), each.level, each.stance, each.attribution, each.occasion, each.quotation.text)
        for each in quotations(summary)
    ]
    for row in rows:
        table.writerow(map(guarded, (*row, note)))
    if not rows:
        table.writerow(["", period(summary), "", "", "", "", "", f"No passage may be quoted. {note}"])
    return made.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """Return a cell's text that no spreadsheet takes for a formula: with an apostrophe before it where one might."""
    apostrophe = "'" if _FORMULA.search(text) else ""
    return apostrophe + clean.document(text)
