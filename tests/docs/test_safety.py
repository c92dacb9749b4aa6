"""docs/safety.md says what is so: every row has a test that names it, and the figures are those it promises."""

from __future__ import annotations

import re

from docs import make_safety
from reflect import doctor
from tests.faults.every_part import WHAT

TEXT = make_safety.PAGE.read_text(encoding="utf-8")


def test_the_tables_are_up_to_date() -> None:
    """What `make schemas` would write is what stands in docs/safety.md."""
    assert make_safety.page() == TEXT, "run `make schemas`"


def test_every_row_has_a_test_that_names_it() -> None:
    """Rows 1 to 20, 24 to 36, 44 and 47 to 77 of the list of bad inputs stand there, each with a test."""
    found = make_safety.held_by()
    assert set(make_safety.ROWS) == {*range(1, 21), *range(24, 37), 44, *range(47, 78)}
    assert {row for row in make_safety.ROWS if not found[row]} == make_safety.AWAITED


def test_a_row_is_found_in_names_and_docstrings() -> None:
    """A test names a row by its own name or in its first sentence; other numbers are not taken for rows."""
    found = make_safety.held_by()
    assert "tests/test_rescue.py::test_row_28_row_52_both_wordings_of_one_entry_stand" in found[52]
    assert "tests/faults/test_parts.py::test_part_d_power_cuts" in found[75]
    assert not {21, 22, 23, 45, 46} & found.keys()


def test_the_figures_are_those_that_are_promised() -> None:
    """Every part was run, none lost an entry or found another fault, and each planted fault was found."""
    rows = re.findall(r"^\| ([A-J]) \| (.+?) \| ([\d,]+) \| ([\d,]*) \| (\d+) \| (\d+) \|$", TEXT, re.MULTILINE)
    assert [(letter, what) for letter, what, *_ in rows] == list(WHAT.items())
    assert {(lost, faults) for *_, lost, faults in rows} == {("0", "0")}
    assert "Erased words found in any byte: 0," in TEXT
    assert "Plain words of an encrypted journal found in any byte: 0." in TEXT
    assert "Words left outside our folders: 0." in TEXT
    assert "with a traceback or a meaningless exit code: 0." in TEXT
    planted, found = re.findall(r"Planted faults: (\d+), of which found: (\d+)\.", TEXT)[0]
    assert planted == found


def test_every_code_of_doctor_is_explained() -> None:
    """A script that meets a code finds here what it means."""
    assert set(re.findall(r"^\| `([a-z-]+)` \|", TEXT, re.MULTILINE)) == set(doctor.CODES)
