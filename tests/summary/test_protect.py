"""Small numbers are protected: alone, beside each other, and from one output to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.summary import protect
from reflect.summary.protect import NOTHING, Cell, Shown

FEWEST = 5
ALWAYS = ("", "")
SUMMER = ("2026-07-02", "2026-09-24")
JULY = ("2026-07-02", "2026-07-30")
AUGUST = ("2026-08-06", "2026-08-27")
JULY_TO_AUGUST = ("2026-07-09", "2026-08-27")


def cell(people: int, *path: str, weeks: tuple[str, str] = ALWAYS, entries: int | None = None) -> Cell:
    """A number of people somewhere in a summary."""
    return Cell(path, *weeks, people, entries)


def shown(one: Cell, *earlier: Cell) -> Shown:
    """How a cell is shown beside others."""
    return protect.shown(one, earlier, FEWEST)


def told(one: Cell, *earlier: Cell, here: Sequence[Cell] = (), fewest: int = FEWEST) -> bool:
    """Whether a number of contributions is told beside others."""
    return protect.may_tell_contributions(one, earlier, here, fewest)


# -- one number alone --------------------------------------------------------------------------


@given(st.integers(0, FEWEST - 1))
def test_below_k_there_is_nothing(people: int) -> None:
    """REQ-10: below k neither number nor band is shown."""
    assert shown(cell(people, entries=40)) == NOTHING


@given(st.integers(FEWEST, 1000), st.integers(1, 1000))
def test_from_k_on_the_number_is_shown(people: int, entries: int) -> None:
    """From k people on, people and contributions are numbers."""
    assert shown(cell(people, entries=entries)) == Shown(people, None)
    assert told(cell(people, entries=entries))


# -- a whole and its part ----------------------------------------------------------------------


@pytest.mark.parametrize("people", [6, 7, 8, 9])
def test_part_that_leaves_few_is_a_band(people: int) -> None:
    """Row 88: a part that would tell by subtraction of one to four people is shown as "5 or more"."""
    assert shown(cell(people, "theme funding"), cell(10)) == Shown(None, "5 or more")


@pytest.mark.parametrize("people", [5, 10])
def test_part_that_leaves_nobody_or_enough_is_a_number(people: int) -> None:
    """A part of which the rest is nobody, or k people, is shown."""
    assert shown(cell(people, "theme funding"), cell(10)).people == people


def test_grandparts_count_too() -> None:
    """What recurs in a theme is held against the total, also where the theme itself shows no number."""
    assert shown(cell(6, "theme funding", "bus fare"), cell(7)) == Shown(None, "5 or more")


def test_neighbours_do_not_count() -> None:
    """Two themes or two sites, of which neither is a part of the other, are no difference."""
    assert shown(cell(6, "theme funding"), cell(7, "theme voice")).people == 6
    assert shown(cell(6, "theme funding", "bus"), cell(7, "theme voice", "bus")).people == 6
    assert shown(cell(6, "site North"), cell(7, "site South")).people == 6


@pytest.mark.parametrize(("one", "other"), [("bus", "bus fare"), ("bus fare", "bus"), ("fare", "bus fare")])
def test_a_pair_of_words_is_a_part_of_each(one: str, other: str) -> None:
    """Who wrote of "bus fares" wrote of "buses": the two are held against each other, in any order."""
    assert shown(cell(6, "theme funding", one), cell(7, "theme funding", other)).band == "5 or more"
    assert shown(cell(6, "theme funding", "tram"), cell(7, "theme funding", other)).people == 6


# -- one output and the next -------------------------------------------------------------------


@pytest.mark.parametrize("weeks", [ALWAYS, SUMMER, JULY, JULY_TO_AUGUST])
def test_this_week_minus_last_week(weeks: tuple[str, str]) -> None:
    """Row 88: a cell that moved by one between two outputs whose periods share a week is a band in the second."""
    assert shown(cell(6, "theme funding", weeks=weeks), cell(7, "theme funding", weeks=JULY)).band == "5 or more"


def test_periods_apart_are_no_difference() -> None:
    """July and August share no week, so nobody can subtract them."""
    assert shown(cell(6, "theme funding", weeks=AUGUST), cell(7, "theme funding", weeks=JULY)).people == 6


def test_weeks_decide_and_not_days() -> None:
    """A period that begins a day later but counts the same weeks, and one more, holds the first one."""
    first = protect.weeks("2026-09-01", "2026-09-30")
    later = protect.weeks("2026-09-02", "2026-10-01")
    assert first == ("2026-09-03", "2026-09-24")
    assert later == ("2026-09-03", "2026-10-01")
    assert shown(cell(6, weeks=later), cell(5, weeks=first)).band == "5 or more"


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 400))
def test_a_period_counts_from_thursday_to_thursday(start: date, days: int) -> None:
    """The weeks of a period are those whose Thursday lies in it."""
    end = start + timedelta(days=days)
    since, until = protect.weeks(start.isoformat(), end.isoformat())
    thursdays = [start + timedelta(days=n) for n in range(days + 1) if (start + timedelta(days=n)).isoweekday() == 4]
    if thursdays:
        assert (since, until) == (thursdays[0].isoformat(), thursdays[-1].isoformat())
    else:
        assert since > until
    assert protect.weeks("", "") == ALWAYS


# -- contributions -----------------------------------------------------------------------------


def test_one_contribution_more_is_not_told() -> None:
    """The same people and one contribution more: the second number would tell of one person."""
    assert not told(cell(10, entries=21), cell(10, entries=20))
    assert told(cell(10, entries=20), cell(10, entries=20))


def test_contributions_of_enough_people_are_told() -> None:
    """A part whose rest is k people may say how many contributions it has, as may one that is the whole."""
    assert told(cell(10, "theme funding", entries=12), cell(20, entries=30))
    assert told(cell(20, "theme funding", entries=30), cell(20, entries=30))
    assert not told(cell(20, "theme funding", entries=29), cell(20, entries=30))


def test_a_whole_that_is_told_here_is_held_against_the_people() -> None:
    """Where this output tells the whole just as an earlier one did, its own people decide, and not the numbers."""
    whole, part = cell(20, entries=30), cell(20, "theme funding", entries=15)
    assert told(part, whole, here=[whole])
    assert not told(part, whole, here=[cell(20, entries=31)])


def test_a_number_told_before_is_told_again() -> None:
    """The very same cell with the very same numbers tells nothing new."""
    part, whole = cell(20, "theme funding", entries=15), cell(20, entries=30)
    assert told(part, part, whole)


def test_contributions_of_a_quarter_and_its_months_are_not_both_told() -> None:
    """Contributions add up, so that a quarter minus two of its months would be the third."""
    quarter = cell(20, weeks=SUMMER, entries=40)
    assert not told(cell(10, weeks=JULY, entries=20), quarter)
    assert told(cell(10, weeks=AUGUST, entries=20), cell(10, weeks=JULY, entries=12))


# -- sequences ---------------------------------------------------------------------------------


NAMES = st.sampled_from(
    [
        (),
        ("theme funding",),
        ("theme funding", "bus"),
        ("theme funding", "bus fare"),
        ("theme voice",),
        ("theme voice", "bus"),
        ("site North",),
        ("not placed",),
    ]
)
WEEKS = st.sampled_from([ALWAYS, SUMMER, JULY, AUGUST, JULY_TO_AUGUST, ("", "2026-07-30"), ("2026-08-06", "")])


@given(
    st.lists(st.builds(Cell, NAMES, st.just(""), st.just(""), st.integers(0, 30), st.integers(0, 60)), max_size=14),
    st.lists(WEEKS, min_size=14, max_size=14),
    st.integers(3, 8),
)
def test_no_two_numbers_differ_by_few(cells: list[Cell], weeks: list[tuple[str, str]], fewest: int) -> None:
    """REQ-10: whatever was asked for in whatever order, two numbers a reader could subtract differ by 0 or by k."""
    said: list[Cell] = []
    for each, (since, until) in zip(cells, weeks, strict=False):
        asked = Cell(each.path, since, until, each.people, each.entries)
        found = protect.shown(asked, said, fewest)
        assert found.people is None or found.people >= fewest
        assert found.band in (None, f"{fewest} or more")
        assert (found == NOTHING) == (asked.people < fewest)
        if found.people is not None:
            said.append(asked if told(asked, *said, fewest=fewest) else replace(asked, entries=None))
    for at, one in enumerate(said):
        for other in said[:at]:
            if protect.comparable(one, other):
                difference = abs(one.people - other.people)
                assert difference == 0 or difference >= fewest
                if one.entries is not None and other.entries is not None and one not in said[:at]:
                    assert one.entries == other.entries or difference >= fewest


@given(NAMES, NAMES, WEEKS, WEEKS)
def test_comparing_has_no_order(
    one: tuple[str, ...], other: tuple[str, ...], first: tuple[str, str], second: tuple[str, str]
) -> None:
    """Whether two numbers can be subtracted does not hang on which came first; a number and itself always can."""
    a, b = cell(9, *one, weeks=first), cell(9, *other, weeks=second)
    assert protect.comparable(a, b) == protect.comparable(b, a)
    assert protect.comparable(a, a)


@given(st.lists(st.builds(Cell, NAMES, st.just(""), st.just(""), st.integers(0, 9)), max_size=20), NAMES, WEEKS)
def test_only_what_is_near_is_compared(said: list[Cell], name: tuple[str, ...], weeks: tuple[str, str]) -> None:
    """However numbers are kept, each new one meets all those a reader could subtract, each once."""
    asked = cell(7, *name, weeks=weeks)
    near = protect.Numbers(said).near(asked)
    assert len(near) == len(set(near))
    assert set(near) == {each for each in said if protect.comparable(asked, each)}


# -- quotations and sites ------------------------------------------------------------------------


def test_may_quote() -> None:
    """Below k a passage is quoted only if its author agreed; from k on it is."""
    assert protect.may_quote(5, 5, author_agreed=False)
    assert protect.may_quote(1, 5, author_agreed=True)
    assert not protect.may_quote(4, 5, author_agreed=False)


@pytest.mark.parametrize(
    ("sites", "named"),
    [([7, 7, 3], 0), ([7, 7, 7], 3), ([5, 5], 2), ([7], 0), ([], 0), ([7, 0], 0)],
)
def test_all_sites_or_none(sites: list[int], named: int) -> None:
    """Sites are named if every one reaches k, else none is; one site alone is the total and needs no name."""
    assert protect.sites_may_be_named(sites, 5) is bool(named)
