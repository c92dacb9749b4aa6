"""reflect's own JSON as it comes in: everything checked, nothing half."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reflect import ids
from reflect.errors import NewerVersion, Refused
from tests.exchange.importers.reading import read

ENTRY: dict[str, Any] = {
    "id": "7k2m0000",
    "version": 2,
    "text": "We talked. Nobody asked.",
    "prompt": {
        "id": "kf-q10",
        "text": "Two parts?",
        "parts": [{"text": "One?", "start": 0, "end": 10}, {"text": "Two?", "start": None, "end": None}],
        "answered_by_part": True,
    },
    "about": "Board",
    "occasion": "after-meeting",
    "happened_at": "2026-11-19T15:00:00+00:00",
    "precision": "minute",
    "written_at": "2026-11-19T16:00:00+00:00",
    "revised_at": "2026-11-20T16:00:00+00:00",
    "zone": "Europe/London",
    "tags": ["minutes"],
    "themes": [{"id": "voice", "by": "author"}, {"id": "roles", "by": "removed"}],
    "suggested": [],
    "history": [{"version": 1, "text": "We.", "at": "2026-11-19T16:00:00+00:00", "answers": [[0, 2], None]}],
    "marks": [],
    "layers": [],
    "revisit": {"due": "2026-12-24", "interval_days": 30},
    "origins": [],
}
MARK = {
    "id": "0000000a",
    "version": 2,
    "start": 0,
    "end": 10,
    "audience": "group",
    "reader": "",
    "purpose": "",
    "level": "verbatim",
    "attribution": "",
    "words": "",
    "stance": "",
    "leads_to": "",
    "alone_ok": False,
    "made_at": "2026-11-19T16:00:00+00:00",
    "withdrawn_at": "",
}


def journal(*entries: object, **beside: object) -> str:
    """Return a journal file."""
    return json.dumps({"reflect": "journal", "format": 1, "entries": entries} | beside)


def test_an_entry_with_all_that_belongs_to_it() -> None:
    """Id, versions, answers, choices and the next turn arrive as they were."""
    (arrival,) = read("reflect", journal(ENTRY)).arrivals
    whole = arrival.whole
    assert ids.shown(whole.entry.id) == "7k2m0000"
    assert whole.entry.asked is not None
    assert whole.entry.asked.answers == ((0, 10), None)
    assert whole.choices == (("voice", "author"), ("roles", "removed"))
    assert whole.wordings[0].answers == "[[0, 2], null]"
    assert whole.revisit == ("2026-12-24", 30)
    assert (arrival.key, arrival.named) == ("7k2m0000", True)


def test_lines_of_entries() -> None:
    """An entry a line is read, too, whatever the file is called."""
    found = read("reflect", {"export": f"{json.dumps(ENTRY)}\n\n{json.dumps(ENTRY | {'id': '0000000b'})}\n"})
    assert found.lines == [1, 3]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": "7k2m"}, "id:"),
        ({"id": "ilo00000"}, "id:"),
        ({"version": "2"}, "version:"),
        ({"text": "  "}, "no words"),
        ({"text": "a\0b"}, "NUL"),
        ({"text": "\ud800"}, "unicode"),
        ({"happened_at": "2026-11-19T15:00:00"}, "no offset"),
        ({"happened_at": "2026-02-30T15:00:00+00:00"}, "happened_at"),
        ({"happened_at": "2300-01-01T15:00:00+00:00"}, "years go from"),
        ({"precision": "hour"}, "precision"),
        ({"tags": ["two\nlines"]}, "tag"),
        ({"prompt": ENTRY["prompt"] | {"parts": [{"text": "x", "start": 0, "end": 999}]}}, "place of an answer"),
        ({"prompt": ENTRY["prompt"] | {"parts": [{"text": "x", "start": 3, "end": None}]}}, "place of an answer"),
        ({"history": [ENTRY["history"][0] | {"version": 2}]}, "version stands twice"),
        ({"history": [ENTRY["history"][0] | {"answers": [[0, 99]]}]}, "place of an answer"),
        ({"marks": [MARK | {"end": 999}]}, "place of one"),
        ({"marks": [MARK, MARK]}, "an id stands twice"),
        ({"marks": [MARK | {"audience": "lead"}]}, "marks.0.audience"),
        ({"themes": [{"id": "voice", "by": "author"}] * 2}, "stands twice"),
        ({"layer": []}, "did you mean layers"),
        ({"revisit": {"due": "soon", "interval_days": 1}}, "revisit"),
    ],
)
def test_a_bad_entry_is_named_by_its_id_and_field(changed: dict[str, Any], why: str) -> None:
    """What is wrong is said with the entry and the field; nothing is guessed."""
    (refusal,) = read("reflect", journal(ENTRY | changed)).refusals
    assert why in refusal.why
    assert refusal.why.startswith("entry ")


def test_an_entry_may_lack_what_came_later() -> None:
    """Fields that a first form did not have may be missing; words and dates may not."""
    small = {
        key: value for key, value in ENTRY.items() if key not in ("history", "marks", "layers", "revisit", "origins")
    }
    assert len(read("reflect", journal(small)).arrivals) == 1
    (refusal,) = read("reflect", journal({key: value for key, value in ENTRY.items() if key != "zone"})).refusals
    assert "zone: it is missing" in refusal.why


@pytest.mark.parametrize("first", [True, False])
def test_a_newer_format_is_named(first: bool) -> None:  # noqa: FBT001 - a case
    """A file of a newer format is refused with both versions, wherever the number stands (Row 42)."""
    head = {"reflect": "journal", "format": 2}
    fields = head | {"entries": [{"new": 1}]} if first else {"entries": [{"new": 1}]} | head
    with pytest.raises(NewerVersion, match=r"format 2 .* up to 1"):
        read("reflect", json.dumps(fields))


@pytest.mark.parametrize(
    "fields",
    [{"entries": []}, {"reflect": "share", "entries": []}, {"reflect": "journal", "entries": []}, {"entries": {}}],
)
def test_another_kind_of_file(fields: dict[str, object]) -> None:
    """A file that doesn't say what it is, or is another of ours, is refused."""
    with pytest.raises(Refused):
        read("reflect", json.dumps(fields))


@pytest.mark.parametrize(
    "beside",
    [
        {"actions": [{"id": "x"}]},
        {"actions": 7},
        {"served": [{"prompt": 1}]},
        {"unknown": []},
        {"erased": [{"entry": "a"}]},
    ],
)
def test_what_stands_beside_the_entries_is_checked(beside: dict[str, object]) -> None:
    """Actions and the rest are refused with their field, all of the file with them."""
    with pytest.raises(Refused, match="beside the entries") as refused:
        read("reflect", journal(ENTRY, **beside))
    assert next(iter(beside)) in refused.value.why or "id" in refused.value.why or "object" in refused.value.why


@pytest.mark.parametrize("content", ['{"id": "7k2m0000"', '{"id": 1} x', "[" * 100_000])
def test_a_line_that_is_no_json(content: str) -> None:
    """A cut line is refused, with its number."""
    try:
        found = read("reflect", {"a.jsonl": f"\n{content}\n"})
    except Refused as refused:
        assert refused.where == "a.jsonl, line 2"  # noqa: PT017 - either way of refusing is right
    else:
        assert [each.line for each in found.refusals] == [2]


def test_tags_of_the_wish_are_added() -> None:
    """A tag given with the import is put on every entry."""
    assert read("reflect", journal(ENTRY), tags=("moved",)).entries[0].tags == ("minutes", "moved")
