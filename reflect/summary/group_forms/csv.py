"""CSV for a spreadsheet, one row a quotation; no cell can act as a formula."""

from __future__ import annotations

import csv
import io

from reflect.clean import cell
from reflect.summary.together import CONSTANT, GroupSummary
from reflect.summary.together_rows import quotations
from reflect.summary.together_say import period, standing

ENDING = ".csv"

HEADER = ("theme path", "period", "level", "stance", "attribution", "occasion", "quotation", "note")


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
        table.writerow(map(cell, (*row, note)))
    if not rows:
        table.writerow(["", period(summary), "", "", "", "", "", f"No passage may be quoted. {note}"])
    return made.getvalue().encode("utf-8-sig")
