"""Excel workbook: how it was made, the numbers, and the quotations; text only, never a formula."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reflect import clean
from reflect.files import zipped
from reflect.summary.together import GroupSummary
from reflect.summary.together_rows import method, numbers, quotations
from reflect.summary.together_say import period

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ENDING = ".xlsx"

_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:language>en-GB</dc:language>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified>'
    "</cp:coreProperties>"
)
"""The file's properties: no name, and the day that every container here carries."""

_WIDEST = 70
"""Letters: a column is not made wider than can be read."""

_POINTS, _HIGHEST = 12, 409
"""Of a letter, and of a row, which the format allows no more."""

_MOST = 30_000
"""Letters of a cell; the format ends one at 32,767, and what is longer goes on in the next row."""


def render(summary: GroupSummary) -> bytes:
    """Return the summary as a workbook."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None  # noqa: S101 - a new workbook has a sheet
    told = [each[at : at + _MOST] for each in method(summary) for at in range(0, len(each), _MOST)]
    _fill(first, "How it was made", ["How it was made"], [[each] for each in told])
    _fill(
        book.create_sheet(),
        "Numbers",
        ["Theme", "What recurs", "People who wrote", "In the period before"],
        [
            [
                each.theme,
                each.recurs or "(all of it)",
                each.people if each.people is not None else each.said,
                each.before if each.before is not None else "(not shown)",
            ]
            for each in numbers(summary)
        ],
    )
    _fill(
        book.create_sheet(),
        "Quotations",
        ["Theme path", "Period", "Level", "Stance", "Attribution", "Occasion", "Quotation"],
        [
            [
                each.path,
                period(summary),
                each.level,
                each.stance,
                each.attribution,
                each.occasion,
                each.quotation.text,
            ]
            for each in quotations(summary)
        ],
    )
    made = io.BytesIO()
    book.save(made)
    return _without_a_clock(made.getvalue())


def _fill(sheet: Worksheet, title: str, header: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
    """Write one table from cell A1 on, its header row printed on every page."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.title = title
    table: list[Sequence[str | int]] = [header, *(rows or [["Nothing that may be shown."]])]
    for at, row in enumerate(table, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            if isinstance(value, int):
                cell.value = value
            else:
                cell.value = clean.document(value)
                cell.data_type = "s"  # or a text that begins with = would be kept as a formula
                cell.quotePrefix = True  # and would become one as soon as somebody edits the cell
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
            cell.font = Font(name="Arial", size=_POINTS, bold=at == 1)
    longest = [max(len(str(row[at])) for row in table if at < len(row)) for at in range(len(header))]
    widths = [min(letters + 4, _WIDEST) for letters in longest]
    for number, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFG"[number]].width = width
    for at, row in enumerate(table, start=1):
        lines = max(_lines(str(value), width) for value, width in zip(row, widths, strict=False))
        sheet.row_dimensions[at].height = min(lines * _POINTS * 1.3 + 2, _HIGHEST)
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes, each as wide as the table
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _lines(text: str, width: int) -> int:
    """Return about how many lines a cell's text takes; not every program finds a row's height by itself."""
    return sum(len(line) // (width - 4) + 1 for line in text.split("\n"))


def _without_a_clock(content: bytes) -> bytes:
    """Return the workbook with no moment, person or program's guess in its container."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(each, archive.read(each)) for each in archive.namelist()]
    return zipped((name, _CORE.encode() if name == "docProps/core.xml" else content) for name, content in members)
