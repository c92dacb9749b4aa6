"""A plan is fitted to people and minutes: equal turns, a whole that is kept to the second, and honesty about cuts."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reflect.errors import Refused
from reflect.session import plans, scale
from reflect.session.plans import Plan
from tests.session.rooms import CHECK_IN, PLAN, QUESTIONS

ALL: list[Plan] = [plans.read(path) for path in plans.shipped().values()] + [PLAN]
ANY_PLAN = st.sampled_from(ALL)


def _lengths(agenda: scale.Agenda) -> dict[str, int]:
    return {each.id: each.seconds for each in agenda.steps}


def test_the_check_in_of_seven_takes_twenty_minutes() -> None:
    """The timings that were asked for: settle 1, write 2, seven turns of 1:30, talk 3, who isn't here 1, offers 1½."""
    agenda = scale.scaled(CHECK_IN, 7, 20)
    assert list(_lengths(agenda).values()) == [60, 120, 630, 180, 60, 90, 60]
    assert (agenda.seconds, agenda.cut, agenda.grown, agenda.remarks) == (1200, (), (), ())
    assert next(each.turn for each in agenda.steps if each.turns) == 90


@given(ANY_PLAN, st.integers(1, 210), st.floats(0.1, 600))
def test_steps_sum_to_the_whole_and_turns_are_equal(plan: Plan, people: int, minutes: float) -> None:
    """REQ-50: whatever the people and the time, steps sum to the total and everybody's turn is the same."""
    try:
        agenda = scale.scaled(plan, people, minutes)
    except Refused:
        assert minutes < scale.needs(plan, people) + 0.1
        return
    assert sum(each.seconds for each in agenda.steps) == agenda.seconds
    assert abs(agenda.seconds - minutes * 60) <= scale.GRAIN
    by_id = {step.id: step for step in plan.step}
    for each in agenda.steps:
        assert each.seconds >= each.least > 0
        many = {"each": people, "halves": 2}.get(each.turns, 0)
        assert each.turn * many == (each.seconds if many else 0)
        if by_id[each.id].optional:
            by_id.pop(each.id)
    assert {step for step in by_id if not by_id[step].optional} <= {each.id for each in agenda.steps}


@given(ANY_PLAN, st.integers(2, 30), st.floats(1, 200))
def test_protected_steps_are_the_last_to_give_way(plan: Plan, people: int, minutes: float) -> None:
    """What is protected is shortened only when nothing else can be, and never below its least."""
    assume(minutes >= scale.needs(plan, people))
    agenda = scale.scaled(plan, people, minutes)
    whole = {step.id: round(60 * (step.minutes or (step.each or 0) * people)) for step in plan.step}
    if any(each.protected and each.seconds < whole[each.id] for each in agenda.steps):
        # A turn's rounding may leave the others a little over.
        others = [each for each in agenda.steps if not each.protected]
        assert sum(each.seconds - each.least for each in others) <= people * scale.GRAIN


@given(ANY_PLAN, st.integers(2, 30), st.integers(1, 200))
def test_what_was_cut_is_said(plan: Plan, people: int, minutes: int) -> None:
    """Every step that is shorter, or left out, is named with what it has and what it had."""
    assume(minutes >= scale.needs(plan, people))
    agenda = scale.scaled(plan, people, minutes)
    whole = {step.id: round(60 * (step.minutes or (step.each or 0) * people)) for step in plan.step}
    lengths = _lengths(agenda)
    assert len(agenda.cut) == sum(lengths.get(step, 0) < seconds for step, seconds in whole.items())
    assert len(agenda.grown) == sum(lengths.get(step, 0) > seconds for step, seconds in whole.items())
    assert sum(said.endswith("left out.") for said in agenda.cut) == len(whole) - len(lengths)


def test_under_time_pressure_it_shortens_and_does_not_disappear() -> None:
    """REQ-50: five people in ten minutes still have a round, the empty chair, offers and a close."""
    agenda = scale.scaled(CHECK_IN, 5, 10)
    assert "Round: 35 seconds a turn instead of 1 minute 30." in agenda.cut
    assert {"round", "empty-chair", "offers", "close"} <= set(_lengths(agenda))


def test_each_has_two_minutes_of_ten() -> None:
    """REQ-50: in a round of ten minutes each of five people has two."""
    content = b"""
[plan]
id = "two"
title = "Two each"
about = "A round and what goes with every session."
kind = "check-in"
people = 5
[[step]]
id = "write"
kind = "write"
minutes = 1
[[step]]
id = "round"
kind = "round"
each = 2
[[step]]
id = "empty-chair"
kind = "empty-chair"
minutes = 1
[[step]]
id = "close"
kind = "close"
minutes = 1
"""
    plan = plans.parse(content, "two.toml")
    turn = next(each.turn for each in scale.scaled(plan, 5, 13).steps if each.turns)
    assert turn == 120


def test_too_short_a_time_is_refused_with_what_would_be_needed() -> None:
    """The refusal names the least minutes, the most people, and the check-in."""
    with pytest.raises(Refused) as refused:
        scale.scaled(PLAN, 12, 20)
    assert scale.needs(PLAN, 12) == 21.5
    assert "21 minutes 30" in refused.value.why
    assert "take 21.5 minutes" in refused.value.next_step
    assert "circles of at most 10" in refused.value.next_step
    assert "check-in" in refused.value.next_step
    assert scale.scaled(PLAN, 10, 20).seconds == 1200
    with pytest.raises(Refused):
        scale.scaled(PLAN, 11, 20)


@given(ANY_PLAN, st.integers(1, 60))
def test_what_is_needed_is_enough_and_no_more(plan: Plan, people: int) -> None:
    """The least time named is the least time that works."""
    needed = scale.needs(plan, people)
    assert scale.scaled(plan, people, needed).seconds == needed * 60
    with pytest.raises(Refused):
        scale.scaled(plan, people, needed - 0.25)


def test_more_people_than_were_told_start_all_the_same() -> None:
    """At the moment of starting the plan takes the time it needs, and says so."""
    agenda = scale.fitted(PLAN, 12, 20)
    assert agenda.seconds == 21.5 * 60
    assert agenda.remarks[-1] == "20 minutes are too short for 12 people; it takes 21 minutes 30."
    assert scale.fitted(PLAN, 4, 0).seconds == PLAN.minutes * 60


@pytest.mark.parametrize(("people", "minutes"), [(-1, 20), (1001, 20), (5, -1), (5, 601)])
def test_what_makes_no_session_is_refused(people: int, minutes: float) -> None:
    """No session has a thousand and one people, or lasts a day."""
    with pytest.raises(Refused):
        scale.scaled(CHECK_IN, people, minutes)


def test_a_circle_that_is_too_large_or_small_is_told() -> None:
    """A plan says for how many it is meant, and still lets itself be held."""
    assert "two circles" in scale.scaled(CHECK_IN, 13).remarks[0]
    assert "2 to 12 people" in scale.scaled(CHECK_IN, 1).remarks[0]


@given(ANY_PLAN, st.integers(2, 20))
def test_an_agenda_survives_the_store(plan: Plan, people: int) -> None:
    """What is stored as JSON and read again is the same agenda, questions included."""
    agenda = scale.scaled(plan, people, 0, QUESTIONS.get(plan.id))
    assert scale.from_fields(json.loads(json.dumps(scale.to_fields(agenda)))) == agenda


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 second"), (45, "45 seconds"), (60, "1 minute"), (90, "1 minute 30"), (125, "2 minutes 05")],
)
def test_lengths_are_said_as_people_say_them(seconds: int, said: str) -> None:
    """A length of time is told in minutes and seconds."""
    assert scale.spoken(seconds) == said
