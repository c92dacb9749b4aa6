"""The workbook: three sheets of text and numbers, no formula, and nothing of who made it."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest

from reflect.summary.group_forms import xlsx
from reflect.summary.together import CONSTANT
from reflect.summary.together_say import standing
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import Rendered, golden, members

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook


@pytest.fixture
def book(rendered: Rendered) -> Workbook:
    """The small group's workbook, opened."""
    return openpyxl.load_workbook(io.BytesIO(rendered("xlsx", "canal")))


def test_sheets_and_cells(book: Workbook) -> None:
    """How it was made comes first, then the numbers, then the quotations, as in the golden file."""
    shown = [
        f"[{sheet.title}]\n"
        + "\n".join(" | ".join(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True))
        for sheet in book
    ]
    made = "\n\n".join(shown) + "\n"
    assert made == golden("xlsx.txt", made)
    sheet = book["How it was made"]
    assert [sheet["A2"].value, sheet["A3"].value] == [standing(canal.summary()), CONSTANT]


def test_numbers_are_numbers_and_none_is_blank(book: Workbook) -> None:
    """A number that may be shown is one; where none may, words say so (rule 3)."""
    found = {
        row[0]: row[2] for row in book["Numbers"].iter_rows(min_row=2, values_only=True) if row[1] == "(all of it)"
    }
    assert found["Funding"] == 10
    assert found["Learning"] == "Fewer than 5 people wrote, or it can't be said how many"
    assert all(cell is not None for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


@pytest.mark.parametrize("summary", ["canal", "hostile"])
def test_no_formula(rendered: Rendered, summary: str) -> None:
    """No cell is a formula or becomes one when somebody edits it; no macro, link or picture is in the file."""
    content = rendered("xlsx", summary)
    for name, inside in members(content).items():
        assert b"<f>" not in inside
        assert b"<f " not in inside
        assert not any(each in name for each in ("vba", "media", "drawing", "externalLink", "comments"))
        assert b"TargetMode=" not in inside
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n")
                assert cell.hyperlink is None
                if cell.data_type == "s":
                    assert cell.quotePrefix


def test_formula_stands_as_it_was_written(rendered: Rendered) -> None:
    """Words that look like a formula are the words, with nothing before them."""
    book = openpyxl.load_workbook(io.BytesIO(rendered("xlsx", "hostile")))
    quoted = [row[6] for row in book["Quotations"].iter_rows(min_row=2, values_only=True)]
    assert any(str(each).startswith("=HYPERLINK(") for each in quoted)


def test_properties_name_nobody_and_no_moment(rendered: Rendered) -> None:
    """The file's properties hold no creator, and the day that every container of ours carries."""
    properties = members(rendered("xlsx", "canal"))["docProps/core.xml"].decode()
    assert "creator" not in properties
    assert "lastModifiedBy" not in properties
    assert re.findall(r"\d{4}-\d\d-\d\dT[\d:]+", properties) == ["1980-01-01T00:00:00"] * 2


def test_long_words_go_on_in_the_next_row() -> None:
    """What is longer than a cell may be is not cut."""
    words = "word " * 20_000
    content = xlsx.render(replace(canal.summary(), objections=(words,)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [str(row[0]) for row in book["How it was made"].iter_rows(values_only=True)]
    assert f"Said to the draft: {words}" in "".join(cells)
