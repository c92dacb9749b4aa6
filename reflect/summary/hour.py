"""The hour in which a group talks about its summary: what is done, and for how many minutes."""

from __future__ import annotations

from dataclasses import dataclass

from reflect.models import Prompt
from reflect.summary.together import GroupSummary

MINUTES = 60

QUIET, MADE, QUESTION, CHALLENGE, CHAIR, DECIDE, CLOSE = "quiet made question challenge chair decide close".split()
"""The kinds of steps, in the order in which they come."""

_NO_QUESTION = "What in this stands out to you, and what does it ask of us?"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the hour; all steps together take 60 minutes."""

    kind: str
    minutes: int
    name: str
    text: str
    prompt: Prompt | None = None
    """The question of the bank it asks, if it asks one."""


_BEFORE = (
    Step(
        QUIET,
        8,
        "Read and write, quietly",
        "Everybody writes for themselves: what stands out, what is missing, what does it ask of me?",
    ),
    Step(MADE, 4, "How it was made", "It is read out, with who has not been heard from."),
)
_AFTER = (
    Step(
        CHAIR,
        5,
        "The empty chair",
        "Whose account is missing here? What would they say we have got wrong, and how will we ask them?",
    ),
    Step(DECIDE, 8, "What we need to decide", "Who offers to do what, and by when?"),
    Step(CLOSE, 4, "Close", "Each person says one thing they take away, or passes."),
)
_CHALLENGE_MINUTES = 6


def steps(summary: GroupSummary) -> tuple[Step, ...]:
    """Return the hour's steps: quiet writing, questions by theme, one challenge, the empty chair, deciding, close."""
    test = challenge(summary)
    after = list(_AFTER)
    if test:
        after.insert(
            0, Step(CHALLENGE, _CHALLENGE_MINUTES, "A question that tests what we assume", test.group_text, test)
        )
    left = MINUTES - sum(step.minutes for step in (*_BEFORE, *after))
    names = {theme.id: theme.name for theme in summary.themes}
    asked: list[tuple[str, str, Prompt | None]] = [
        (names.get(prompt.theme, "A question"), prompt.group_text, prompt)
        for prompt in summary.questions
        if prompt is not test
    ]
    asked = asked or [("What was shared", _NO_QUESTION, None)]
    shares = [left // len(asked) + (at < left % len(asked)) for at in range(len(asked))]
    questions = [Step(QUESTION, share, *each) for share, each in zip(shares, asked, strict=True)]
    return (*_BEFORE, *questions, *after)


def challenge(summary: GroupSummary) -> Prompt | None:
    """Return the question that tests an assumption: the last of the summary's that is meant to."""
    return next((prompt for prompt in reversed(summary.questions) if "challenge" in prompt.flags), None)
