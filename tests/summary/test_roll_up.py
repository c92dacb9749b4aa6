"""The roll-up: a pure function of entries, every number and quotation traceable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reflect import fields
from reflect.errors import ReflectError
from reflect.models import Action, Entry, Filters, Placed
from reflect.summary import roll_up
from reflect.summary.formats import json as as_json

THEMES = [("funding", "Funding"), ("voice", "Voice")]
FUNDING = Placed("funding", "author", "you chose it")


def entry(
    number: int, day: str, *themes: Placed, text: str = "We waited for the budget and said nothing at all."
) -> Entry:
    """An entry of a day."""
    return Entry(
        number,
        1,
        f"{text} ({number})",
        None,
        "",
        "",
        f"{day}T12:00:00+00:00",
        "day",
        f"{day}T12:00:00+00:00",
        "",
        (),
        themes,
    )


def summarised(entries: list[Entry], filters: Filters | None = None) -> roll_up.Summary:
    """A summary of these entries."""

    def read(wanted: Filters) -> list[Entry]:
        return [
            each
            for each in entries
            if (not wanted.since or each.happened_at[:10] >= wanted.since)
            and (not wanted.until or each.happened_at[:10] <= wanted.until)
        ]

    return roll_up.roll_up(
        entries=read,
        filters=filters or Filters(),
        period="",
        themes=THEMES,
        actions=[],
        prompts=[],
        answered=frozenset(),
    )


def test_an_entry_counts_under_each_of_its_themes() -> None:
    """One entry with two themes is counted in both."""
    made = summarised([entry(1, "2026-10-05", FUNDING, Placed("voice", "suggested", "said"))])
    assert {theme.id: theme.entries for theme in made.themes} == {"funding": 1, "voice": 1}


def test_an_entry_without_a_known_theme_is_listed_as_not_placed() -> None:
    """REQ-25: what fits no theme, or only one that is no longer there, is never dropped."""
    made = summarised([entry(1, "2026-10-05"), entry(2, "2026-10-06", Placed("gone", "author", ""))])
    assert [excerpt.entry for excerpt in made.not_placed] == [1, 2]


def test_every_week_between_the_first_and_the_last_is_there() -> None:
    """The small chart has a place for weeks without an entry."""
    made = summarised([entry(1, "2026-10-05", FUNDING), entry(2, "2026-10-26", FUNDING)])
    assert made.themes[0].weeks == (("2026-W41", 1), ("2026-W42", 0), ("2026-W43", 0), ("2026-W44", 1))


@pytest.mark.parametrize(("count", "shown"), [(7, False), (8, True)])
def test_movement_is_shown_from_eight_entries_up(count: int, *, shown: bool) -> None:
    """Below eight entries in both periods a rise or fall says nothing."""
    entries = [entry(number, "2026-10-05", FUNDING) for number in range(count)] + [entry(99, "2026-09-10", FUNDING)]
    made = summarised(entries, Filters(since="2026-10-01", until="2026-10-31"))
    moved = made.themes[0].movement
    assert (moved == roll_up.Movement(1, count)) if shown else moved is None


def test_the_same_entries_give_the_same_bytes() -> None:
    """The roll-up is a pure function: two runs agree byte for byte."""
    entries = [entry(number, f"2026-10-{number + 1:02}", FUNDING) for number in range(12)]
    assert as_json.render(summarised(entries)) == as_json.render(summarised(list(entries)))


def test_a_quotation_that_differs_stops_the_output() -> None:
    """REQ-05: verbatim or nothing."""
    made = summarised([entry(1, "2026-10-05", FUNDING)])
    roll_up.check(made, lambda _number, _version: "We waited for the budget and said nothing at all. (1)")
    with pytest.raises(ReflectError, match="does not match"):
        roll_up.check(made, lambda _number, _version: "We did not wait for the budget at all, said nobody. (1)")


def test_the_method_says_how_it_was_made() -> None:
    """REQ-24: the number of entries, how themes were assigned, and any filter."""
    made = summarised([entry(1, "2026-10-05", FUNDING)], Filters(tag="secret"))
    told = " ".join(made.method.sentences)
    assert "1 entry" in told
    assert "a tag" in told or "tag" in told


def test_open_actions_travel_with_the_summary() -> None:
    """What the writer offered is beside what they wrote."""
    made = replace(summarised([]), actions=(Action(1, "Ring Joan", None, "", "2026-11-01", "open", "", ""),))
    assert [fields.action(each)["text"] for each in made.actions] == ["Ring Joan"]
