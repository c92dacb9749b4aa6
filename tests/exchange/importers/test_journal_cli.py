"""journal-cli's JSON: questions with their answers."""

from __future__ import annotations

import json

import pytest

from tests.exchange.importers.reading import read

ONE = {
    "date": "2026-07-08 22:19:40 UTC",
    "data": {
        "Reflection": {"went_well": "We listened.\nAll of us.", "next_time": "", "energy": 4, "done": True},
        "Weather": {"now": {"temp": 15, "wind": None}, "list": ["a", "b"]},
    },
}


def test_questions_and_answers() -> None:
    """Each answer keeps its question beside it; an empty one stays visible as not answered."""
    (entry,) = read("journal-cli", json.dumps([ONE])).entries
    assert entry.text == "We listened.\nAll of us.\n\n4\n\nyes\n\ntemp: 15\n\na\nb"
    assert entry.asked is not None
    assert entry.asked.parts[:2] == ("Reflection: went_well", "Reflection: next_time")
    assert entry.asked.answers is not None
    answers = [entry.text[span[0] : span[1]] if span else None for span in entry.asked.answers]
    assert answers == ["We listened.\nAll of us.", None, "4", "yes", "temp: 15", "a\nb"]


def test_its_utc_is_put_on_the_local_clock() -> None:
    """The date is on the day the writer had."""
    (entry,) = read("journal-cli", json.dumps([ONE])).entries
    assert (entry.happened_at, entry.zone) == ("2026-07-08T23:19:40+01:00", "Europe/London")


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("2026-07-08 22:19:40 +0200", "2026-07-08T22:19:40+02:00"),
        ("2026-07-08 22:19", "2026-07-08T22:19:00+01:00"),
        ("2026-07-08T22:19:40Z", "2026-07-08T23:19:40+01:00"),
    ],
)
def test_other_times(date: str, at: str) -> None:
    """An offset that is written is kept; without one the time is local."""
    assert read("journal-cli", json.dumps([ONE | {"date": date}])).entries[0].happened_at == at


def test_one_section_needs_no_name() -> None:
    """With a single section the questions stand by themselves."""
    (entry,) = read("journal-cli", json.dumps([{"date": "2026-07-08 22:19", "data": {"Day": {"note": "x"}}}])).entries
    assert entry.asked is not None
    assert entry.asked.parts == ("note",)
    assert entry.asked.id == "day"


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"date": "yesterday", "data": {"a": {"b": "c"}}}, "yesterday"),
        ({"date": "2026-02-30 10:00", "data": {"a": {"b": "c"}}}, "day"),
        ({"data": {"a": {"b": "c"}}}, "date: it is missing"),
        ({"date": "2026-07-08 10:00", "data": []}, "data"),
    ],
)
def test_a_bad_record(bad: object, why: str) -> None:
    """It is refused with its line and field."""
    (refusal,) = read("journal-cli", json.dumps([bad])).refusals
    assert why in refusal.why
    assert refusal.stops


def test_a_day_without_answers_stops_nothing() -> None:
    """Questions nobody answered hold no words."""
    for data in ({"a": {"b": ""}}, {"a": {}}, {}):
        (refusal,) = read("journal-cli", json.dumps([{"date": "2026-07-08 10:00", "data": data}])).refusals
        assert (refusal.why, refusal.stops) == ("it holds no words", False)


def test_questions_are_stored_as_words_are() -> None:
    """What no text can hold is replaced in a question, too."""
    (entry,) = read("journal-cli", '[{"date": "2026-07-08 10:00", "data": {"a": {"b\\u0000\\ud800": "x"}}}]').entries
    assert entry.asked is not None
    assert entry.asked.text == "b\ufffd\ufffd"


def test_words_with_line_ends_of_windows_keep_their_places() -> None:
    """Each answer's place holds although its line ends were changed."""
    (entry,) = read(
        "journal-cli", json.dumps([{"date": "2026-07-08 10:00", "data": {"a": {"b": "x\r\ny", "c": "z"}}}])
    ).entries
    assert entry.asked is not None
    assert entry.asked.answers == ((0, 3), (5, 6))
