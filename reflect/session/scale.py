"""Fits a plan to people and minutes: equal turns, protected steps keep their least, what was cut is said.

Pure: a plan and numbers in, an agenda out, whose steps sum to the whole to the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from reflect.errors import Refused
from reflect.session import plans
from reflect.session.plans import NOTHING_ASKED, Plan, Question

GRAIN = 5
"""Seconds; turns and steps are whole multiples of it, so that they can be said aloud."""

MOST_PEOPLE, LONGEST = 1000, 600
"""People in one session, and its minutes."""

_FEW = 12
"""People up to whom turns are whole multiples of the grain."""


@dataclass(frozen=True, slots=True)
class Timed:
    """One step as it will be held."""

    id: str
    kind: str
    title: str
    seconds: int
    """Of the whole step, all turns together."""
    turn: int
    """Seconds of each person's turn, 0 where nobody has one; in pairs, of each half."""
    least: int
    """Seconds below which the step is not shortened."""
    turns: str
    """each, halves, or empty where nobody has a turn."""
    protected: bool
    optional: bool
    quiet: bool
    writes: bool
    voices: bool
    takes: str
    """missing, actions, close, or empty."""
    beside: tuple[str, ...]
    question: Question
    hints: tuple[str, ...]
    lens: tuple[str, ...]
    """What a lens offers, line by line, with its caveats; empty where none is laid beside the question."""

    @property
    def shows(self) -> bool:
        """Return whether what was written before is shown in it."""
        return "lines" in self.beside


class Agenda(NamedTuple):
    """A plan fitted to people and minutes."""

    plan: str
    title: str
    kind: str
    """check-in or session."""
    people: int
    seconds: int
    steps: tuple[Timed, ...]
    cut: tuple[str, ...] = ()
    """What was shortened or left out, a sentence each."""
    grown: tuple[str, ...] = ()
    """What was given more time than the plan has, a sentence each."""
    remarks: tuple[str, ...] = ()
    """What else the host should know of the fit."""


@dataclass(slots=True)
class _Span:
    """A step's seconds while they are being fitted."""

    step: plans.Step
    many: int
    """Turns in it; 1 where nobody has one."""
    grain: int
    """Its seconds are a multiple of this."""
    wanted: int
    least: int
    seconds: float = 0
    """As it should be; whole in the end."""

    @property
    def kind(self) -> plans.Kind:
        return plans.kind_of(self.step)

    @property
    def is_protected(self) -> bool:
        return plans.is_protected(self.step)


def scaled(plan: Plan, people: int = 0, minutes: float = 0, questions: Mapping[str, Question] | None = None) -> Agenda:
    """Return the plan for so many people and minutes; too short a time is refused with what would be needed.

    Without people those it is meant for, without minutes as long as these people need. What
    is not protected is shortened first, evenly; then protected steps come down to their
    least; then optional steps are left out, the last ones first.
    """
    people = people or plan.plan.people
    if not 1 <= people <= MOST_PEOPLE:
        raise Refused(f"{people} people can't hold a session", why=f"it takes one to {MOST_PEOPLE}")
    if minutes < 0 or minutes > LONGEST:
        raise Refused(f"a session can't have {minutes:g} minutes", why=f"it has at most {LONGEST}")
    spans = [_span(each, people) for each in plan.step]
    total = round(minutes * 60 / GRAIN) * GRAIN if minutes else sum(each.wanted for each in spans)
    kept = _that_fit(spans, total)
    if total < _least(kept):
        raise _too_short(plan, people, total, _least(kept))
    _share_out(kept, total)
    steps = tuple(_timed(each, (questions or {}).get(each.step.id, NOTHING_ASKED)) for each in kept)
    cut, grown = _changes(spans, kept)
    return Agenda(plan.id, plan.plan.title, plan.plan.kind, people, total, steps, cut, grown, _remarks(plan, people))


def fitted(plan: Plan, people: int, minutes: float, questions: Mapping[str, Question] | None = None) -> Agenda:
    """Return the plan scaled, or as short as it can be where the time is too short, which is said.

    For the moment of starting, when people are in the room and a refusal would help nobody.
    """
    needed = needs(plan, people)
    if not minutes or minutes >= needed:
        return scaled(plan, people, minutes, questions)
    made = scaled(plan, people, needed, questions)
    said = f"{spoken(round(minutes * 60))} are too short for {people} people; it takes {spoken(made.seconds)}."
    return made._replace(remarks=(*made.remarks, said))


def needs(plan: Plan, people: int) -> float:
    """Return the fewest minutes, in quarters, that a plan can be held in with so many people."""
    seconds = _least([each for each in (_span(step, people) for step in plan.step) if not each.step.optional])
    return -(-seconds // 15) / 4


def spoken(seconds: float) -> str:
    """Return a length of time as people say it: 45 seconds, 1 minute 30, 20 minutes."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return "1 second" if rest == 1 else f"{rest} seconds"
    return f"{minutes} minute{'s' * (minutes != 1)}{f' {rest:02d}' * bool(rest)}"


def _span(step: plans.Step, people: int) -> _Span:
    kind = plans.kind_of(step)
    many = people if kind.turns == "each" else 1
    whole = step.each if step.minutes is None else step.minutes
    least = step.least or (whole if plans.is_protected(step) else min(kind.least, whole or 0))
    # With many people a turn's five seconds are minutes of the whole.
    grain = {"each": many * (GRAIN if many <= _FEW else 1), "halves": 2 * GRAIN}.get(kind.turns, GRAIN)
    return _Span(step, many, grain, round((whole or 0) * 60) * many, round((least or 0) * 60) * many)


def _least(spans: Sequence[_Span]) -> int:
    return sum(each.least for each in spans)


def _that_fit(spans: Sequence[_Span], total: int) -> list[_Span]:
    kept = list(spans)
    for each in reversed(spans):
        if _least(kept) <= total:
            break
        if each.step.optional:
            kept.remove(each)
    return kept


def _share_out(spans: Sequence[_Span], total: int) -> None:
    """Give each step its seconds, which sum to the total."""
    for each in spans:
        each.seconds = each.wanted
    missing = sum(each.wanted for each in spans) - total
    if missing > 0:
        missing = _take(missing, [each for each in spans if not each.is_protected])
        _take(missing, [each for each in spans if each.is_protected])
    elif missing < 0:
        growing = [each for each in spans if each.kind.stretches and not each.is_protected] or list(spans)
        share = -missing / sum(each.wanted for each in growing)
        for each in growing:
            each.seconds += each.wanted * share
    _round(spans, total)


def _take(missing: int, spans: Sequence[_Span]) -> int:
    """Shorten steps evenly towards their least; return the seconds that could not be found."""
    slack = sum(each.wanted - each.least for each in spans)
    share = min(1.0, missing / slack) if slack else 0.0
    for each in spans:
        each.seconds = each.wanted - (each.wanted - each.least) * share
    return max(0, missing - slack)


def _round(spans: Sequence[_Span], total: int) -> None:
    """Make seconds whole and turns equal; what is left over goes where nobody has a turn."""
    target = {each.step.id: each.seconds for each in spans}
    for each in spans:
        # A hair more, since a share of a second may be a hair too little.
        each.seconds = max(each.least, int((each.seconds + 1e-6) // each.grain) * each.grain)
    left = total - sum(int(each.seconds) for each in spans)
    while left > 0:
        each = max((each for each in spans if not each.kind.turns), key=lambda each: _claim(each, target))
        each.seconds += min(GRAIN, left)
        left -= GRAIN


def _claim(span: _Span, target: Mapping[str, float]) -> tuple[bool, bool, float]:
    """Return how much a step may claim of what rounding left over: what it lost first, then what may grow."""
    lost = target[span.step.id] - span.seconds
    return lost > 0, span.kind.stretches and not span.is_protected, lost


def _timed(span: _Span, question: Question) -> Timed:
    step, kind, seconds = span.step, span.kind, int(span.seconds)
    parts = {"each": span.many, "halves": 2}.get(kind.turns)
    return Timed(
        id=step.id,
        kind=kind.id,
        title=step.title or kind.title,
        seconds=seconds,
        turn=seconds // parts if parts else 0,
        least=span.least,
        turns=kind.turns,
        protected=span.is_protected,
        optional=step.optional,
        quiet=kind.quiet,
        writes=kind.writes,
        voices=kind.voices,
        takes=kind.takes,
        beside=kind.beside if step.beside is None else step.beside,
        question=question,
        hints=step.hints or kind.hints,
        lens=plans.lenses()[step.lens].lines if step.lens else (),
    )


def _changes(spans: Sequence[_Span], kept: Sequence[_Span]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cut: list[str] = []
    grown: list[str] = []
    for each in spans:
        title = each.step.title or each.kind.title
        if each not in kept:
            cut.append(f"{title}: left out.")
        elif each.seconds != each.wanted:
            a_turn = " a turn" if each.kind.turns == "each" else ""
            now, before = (spoken(seconds / each.many) for seconds in (each.seconds, each.wanted))
            sentence = f"{title}: {now}{a_turn} instead of {before}."
            (cut if each.seconds < each.wanted else grown).append(sentence)
    return tuple(cut), tuple(grown)


def _remarks(plan: Plan, people: int) -> tuple[str, ...]:
    head = plan.plan
    if head.fewest <= people <= head.most:
        return ()
    instead = "two circles may hear each other better" if people > head.most else "a talk of your own may do"
    return (f"{head.title} is meant for {head.fewest} to {head.most} people; {instead}.",)


def _too_short(plan: Plan, people: int, total: int, needed: int) -> Refused:
    fewer = next((each for each in range(people - 1, plan.plan.fewest - 1, -1) if needs(plan, each) * 60 <= total), 0)
    others = [f"take {needs(plan, people):g} minutes"]
    if fewer:
        others.append(f"make circles of at most {fewer}")
    if plan.plan.kind == "session":
        others.append("hold a check-in")
    return Refused(
        f"{spoken(total)} are too short for {plan.plan.title} with {people} people",
        why=f"with every step at its shortest it takes {spoken(needed)}",
        next_step=", or ".join(others),
    )


# -- as JSON, for the store ----------------------------------------------------------------------


def to_fields(agenda: Agenda) -> dict[str, Any]:
    """Return an agenda as fields for JSON."""
    steps = [asdict(each) | {"question": each.question._asdict()} for each in agenda.steps]
    return agenda._asdict() | {"steps": steps}


def from_fields(fields: Mapping[str, Any]) -> Agenda:
    """Return the agenda that `to_fields` made."""
    steps = tuple(
        Timed(**{name: _tuples(value) for name, value in each.items() if name != "question"}, question=_question(each))
        for each in fields["steps"]
    )
    return Agenda(**{name: _tuples(value) for name, value in fields.items() if name != "steps"}, steps=steps)


def _question(fields: Mapping[str, Any]) -> Question:
    return Question(**{name: _tuples(value) for name, value in fields["question"].items()})


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
