"""jrnl's JSON: title, body, day and minute."""

from __future__ import annotations

import json

import pytest

from reflect.errors import Refused
from tests.exchange.importers.reading import read
from tests.exchange.importers.test_jrnl import TWO

ONE = {
    "title": "One.",
    "body": "I saw @sam. x",
    "date": "2026-11-19",
    "time": "18:15",
    "tags": ["@sam", "#money"],
    "starred": True,
}


def journal(*entries: object) -> str:
    """Return entries as jrnl exports them."""
    return json.dumps({"tags": {"@sam": 1}, "entries": entries}, indent=2)


def test_an_entry() -> None:
    """Title and body are its words; tags lose their symbol, the star becomes a tag."""
    found = read("jrnl-json", journal(ONE))
    (entry,) = found.entries
    assert entry.text == "One.\nI saw @sam. x"
    assert (entry.happened_at, entry.precision) == ("2026-11-19T18:15:00+00:00", "minute")
    assert entry.tags == ("money", "sam", "starred")
    assert found.lines == [6]


def test_older_exports_lack_some_fields() -> None:
    """An entry without tags, star, time or body is an entry."""
    (entry,) = read("jrnl-json", journal({"title": "T", "date": "2026-11-19"})).entries
    assert (entry.text, entry.precision, entry.tags) == ("T", "day", ())


def test_nothing_found_is_an_empty_file() -> None:
    """No entry found makes jrnl write nothing at all ; that is no error."""
    assert read("jrnl-json", "").entries == []


def test_the_same_journal_as_text_and_as_json_is_one() -> None:
    """An entry has the same key whether it came as text or as JSON, so that bringing in both adds none."""
    as_json = journal(
        {"title": "Met the board. They listened.", "body": "Somebody asked who decides. @sam #money"}
        | {"date": "2026-11-19", "time": "15:00", "tags": ["@sam"], "starred": False},
        {"title": "Short one", "body": "", "date": "2026-11-20", "time": "09:30", "starred": True},
    )
    assert [each.key for each in read("jrnl-json", as_json).arrivals] == [
        each.key for each in read("jrnl", TWO).arrivals
    ]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (ONE | {"date": "2026-02-30"}, "2026-02-30"),
        (ONE | {"date": "1e20"}, "date"),
        (ONE | {"time": "25:00"}, "25:00"),
        (ONE | {"title": 7}, "title"),
        (ONE | {"starred": "yes"}, "starred"),
        ("text", "no object"),
        ({"title": "x"}, "date: it is missing"),
    ],
)
def test_a_bad_entry_is_named_by_line_and_field(bad: object, why: str) -> None:
    """One bad entry of several is refused with its line and the field (Row 29, Row 30)."""
    found = read("jrnl-json", journal(ONE, bad, ONE | {"time": "19:00"}))
    (refusal,) = found.refusals
    assert why in refusal.why
    assert refusal.line == 17
    assert len(found.entries) == 2


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ('{"title": "a", "date": "2026-11-19", "x": NaN}', "x is NaN"),
        ('{"title": "a", "date": "2026-11-19", "x": {"y": [1, -Infinity]}}', "x.y[1] is -Infinity"),
        ('{"title": "a", "title": "b", "date": "2026-11-19"}', "title stands twice"),
        ('{"title": "a", "date": "2026-11-19", "n": ' + "7" * 5000 + "}", "n is a number of 5,000 digits"),
    ],
)
def test_what_json_hides_is_refused(odd: str, why: str) -> None:
    """NaN, a key that stands twice and endless numbers are refused by record and key (Row 25)."""
    found = read("jrnl-json", f'{{"entries": [{json.dumps(ONE)},\n{odd}]}}')
    assert [(each.line, each.why.partition(",")[0]) for each in found.refusals] == [(2, why.partition(",")[0])]
    assert len(found.entries) == 1


def test_a_record_is_numbered_where_lines_tell_nothing() -> None:
    """In a file that is all one line a refusal says which record it means (Row 30)."""
    whys = [each.why for each in read("jrnl-json", json.dumps({"entries": [ONE, {"title": "x"}, ONE, 3]})).refusals]
    assert whys == ["record 2: date: it is missing", "record 4: it is no object with names and values"]


def test_half_a_letter_is_refused() -> None:
    """A lone surrogate can't be stored, and is refused with its line (Row 13)."""
    (refusal,) = read("jrnl-json", journal(ONE | {"body": "\ud800"})).refusals
    assert "lone surrogate" in refusal.why


@pytest.mark.parametrize(
    "content", ["[" * 100_000, '{"entries": ' + "[" * 100_000, '{"entries": [{"a": ' + "[" * 100_000]
)
def test_lists_without_end_are_refused(content: str) -> None:
    """Nesting that no honest file has is refused, not fallen over (Row 25)."""
    with pytest.raises(Refused, match=r"without end|ends in the middle|should begin"):
        read("jrnl-json", content)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_refused_whole(share: float) -> None:
    """JSON that ends in the middle is refused with line and column, however much of it could be read (Row 24)."""
    whole = journal(*[ONE] * 20)
    with pytest.raises(Refused, match="no JSON that can be read") as refused:
        read("jrnl-json", whole[: int(len(whole) * share)])
    assert "line" in refused.value.where
    assert "column" in refused.value.where


def test_a_wrong_encoding_is_named_with_its_place() -> None:
    """Bytes that are no UTF-8 are refused with line and byte, and --encoding reads them (Row 24)."""
    content = journal(ONE | {"body": "caf\u00e9"}).replace("\\u00e9", "\u00e9").encode("cp1252")
    with pytest.raises(Refused, match="no text") as refused:
        read("jrnl-json", content)
    assert "line 8" in refused.value.where
    assert read("jrnl-json", content, encoding="cp1252").texts == ["One.\ncaf\u00e9"]


def test_another_kind_of_json_is_refused() -> None:
    """A file without a list of entries is named for what it lacks."""
    with pytest.raises(Refused, match="no list 'entries'"):
        read("jrnl-json", '{"something": []}')
