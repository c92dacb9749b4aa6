"""The CSV form: one row a quotation, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from reflect.clean import cell
from reflect.summary.group_forms.csv import HEADER
from reflect.summary.together import CONSTANT
from reflect.summary.together_say import standing
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import Rendered, golden


def rows(content: bytes) -> list[list[str]]:
    """Return the rows as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_rows(rendered: Rendered) -> None:
    """The rows stand as in the golden file: path, period in words, level, stance, attribution, occasion, quotation."""
    made = rendered("csv", "canal").decode("utf-8-sig").replace("\r\n", "\n")
    assert made == golden("csv.txt", made)


def test_bytes(rendered: Rendered) -> None:
    """It begins with the mark of UTF-8, ends its lines with CRLF and quotes every cell."""
    content = rendered("csv", "canal")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == len(rows(content))
    for line in content.removeprefix(b"\xef\xbb\xbf").splitlines():
        assert line.startswith(b'"')
        assert line.endswith(b'"')


def test_one_row_a_quotation(rendered: Rendered) -> None:
    """Every quotation has a row under each theme it stands in, no cell of it blank."""
    head, *found = rows(rendered("csv", "canal"))
    assert tuple(head) == HEADER
    assert {row[6] for row in found} == {each.text for each in canal.summary().quotations()}
    assert all(cell for row in found for cell in row)
    assert "Funding / bus fares" in {row[0] for row in found}
    assert "Not placed" in {row[0] for row in found}
    assert {row[1] for row in found} == {"July to September 2026"}
    assert {row[2] for row in found} == {"verbatim", "reworded"}
    assert {row[3] for row in found} == {"nothing recorded", "gain", "loss", "differs"}
    assert "a neighbour" in {row[4] for row in found}
    assert {row[5] for row in found} == {"after a meeting", "not said"}


def test_few_people_have_no_occasion(rendered: Rendered) -> None:
    """What stands in a theme of few says nothing of where it was written."""
    assert {row[5] for row in rows(rendered("csv", "canal")) if row[0] == "Learning"} == {"not said"}


def test_no_quotation(rendered: Rendered) -> None:
    """Without a quotation there is one row that says so, and the constant sentence."""
    _, row = rows(rendered("csv", "theme marks"))
    assert row[7] == f"No passage may be quoted. {standing(canal.of_theme_marks())} {CONSTANT}"


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+44 1632", "-2", "@SUM(1)", "\t=1", "\tx", "\rx", "\nx", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"),
        *("first line\n=1+1", "first\r\n+1", "one\r@x", "a\n\uff1d1", "  =1", "\u3000=1", "\ufeff=1"[1:]),
    ],
)
def test_what_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    """A cell that a spreadsheet might work out begins with an apostrophe, and so does not (safety row 89)."""
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["a = b", "bus-fares", "1+1", "me@there", "'quoted'", "", "two\nlines", "café – 5"])
def test_plain_words_stay_as_they_are(text: str) -> None:
    """Nothing is put before words that no spreadsheet takes for a formula."""
    assert cell(text) == text


def test_hostile_words(rendered: Rendered) -> None:
    """No cell of the hostile group begins a formula, whatever field it came from."""
    for row in rows(rendered("csv", "hostile"))[1:]:
        for each in row:
            assert each[:1] not in tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
    assert "'=HYPERLINK(" in rendered("csv", "hostile").decode()
