"""The hour about a summary: sixty minutes, quiet first, one challenge, an empty chair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reflect.summary import hour
from tests.summary import hub


@pytest.mark.parametrize("questions", range(7))
def test_every_hour_has_sixty_minutes(questions: int) -> None:
    """However many questions there are, the steps take sixty minutes and each has at least four."""
    made = hub.summary()
    steps = hour.steps(replace(made, questions=made.questions[:questions]))
    assert sum(step.minutes for step in steps) == 60
    assert min(step.minutes for step in steps) >= 4


def test_it_begins_in_quiet_and_ends_with_deciding_and_a_close() -> None:
    """Writing comes before anybody speaks; the empty chair, deciding and the close come last (REQ-29, BW-P31)."""
    kinds = [step.kind for step in hour.steps(hub.summary())]
    assert kinds == ["quiet", "made", *["question"] * 5, "challenge", "chair", "decide", "close"]


def test_one_question_tests_an_assumption() -> None:
    """The challenge is asked once, and is one that its pack flags as a challenge (REQ-29)."""
    found = [step.prompt for step in hour.steps(hub.summary()) if step.kind == hour.CHALLENGE]
    assert len(found) == 1
    assert found[0] is not None
    assert "challenge" in found[0].flags


def test_a_bank_without_questions_still_makes_an_hour() -> None:
    """Where the bank has none that fit, an open question takes their time."""
    steps = hour.steps(replace(hub.summary(), questions=()))
    assert [step.minutes for step in steps if step.kind == hour.QUESTION] == [31]
