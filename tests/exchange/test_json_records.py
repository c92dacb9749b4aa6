"""JSON read record by record, each with its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.errors import Refused
from reflect.exchange.json_records import Document

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=6), st.sampled_from([None, 1, "\t"]))
def test_elements_are_what_json_says(values: list[object], indent: int | str | None) -> None:
    """For all lists: each element is what Python's own reader gives, whatever blanks stand between."""
    document = Document(f" \n{json.dumps(values, indent=indent)}\n ", "file")
    assert [each.value for each in document.elements()] == values


@given(
    st.dictionaries(st.text().filter(lambda key: key != "entries"), VALUES, max_size=3), st.lists(VALUES, max_size=4)
)
def test_what_stands_beside_is_kept(beside: dict[str, object], values: list[object]) -> None:
    """For all objects with the list anywhere in them: the elements come, and the rest is at hand afterwards."""
    document = Document(json.dumps({**beside, "entries": values, "last": 1}), "file")
    assert [each.value for each in document.elements("entries")] == values
    assert document.beside == beside | {"last": 1}


def test_each_element_has_its_line() -> None:
    """Lines are counted from one, for each element where it begins."""
    document = Document('{"a": 1,\n"entries": [\n\n7, 8,\n{"b":\n 2}, 9]}', "file")
    assert [each.line for each in document.elements("entries")] == [4, 4, 5, 6]


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("", "line 1, column 1", "ends in the middle"),
        ("7", "line 1, column 1", "should begin with"),
        ("[1,\n 2", "line 2, column 3", "ends in the middle"),
        ("[1,\n x]", "line 2, column 2", "Expecting value"),
        ("[1] [2]", "line 1, column 5", "something follows"),
        ("[1 2]", "line 1, column 4", "a ',' should stand here"),
        ("[1,]", "line 1, column 4", "Expecting value"),
        ('["\n"]', "line 1, column 3", "Invalid control character"),
    ],
)
def test_what_is_broken_is_said_with_its_place(text: str, place: str, why: str) -> None:
    """A fault has its line and column (Row 24)."""
    with pytest.raises(Refused) as refused:
        list(Document(text, "file").elements())
    assert refused.value.where == f"file, {place}"
    assert why in refused.value.why


BROKEN = ('{"entries": [1],}', '{"entries": [1] "a": 2}', "{entries: []}", '{"entries" []}', '{"a": 1, "a": 2}')


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_object(text: str) -> None:
    """An object that is none is refused, wherever it breaks."""
    with pytest.raises(Refused):
        list(Document(text, "file").elements("entries"))
