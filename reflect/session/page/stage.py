"""What a phone shows at one moment, as values: what is the same for everybody, and what is one person's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from reflect.session import log, say
from reflect.session.room import Room, View
from reflect.session.scale import Timed, spoken

YOUR_TURN = "It is your turn."
YOU_ARE_NEXT = "You are next."

_PHASES = {
    "arriving": "Waiting for the host to begin.",
    "running": "",
    "paused": "Paused. The time stands still.",
    "away": "The host has closed the session for now. What you saved is safe; keep this page to come back to it.",
    "closed": "The session has ended.",
}


class Stage(NamedTuple):
    """What everybody sees, apart from the time that runs."""

    phase: str
    notice: str
    """What holds everything up; empty while the time runs."""
    place: str
    """Which step of how many; empty before the start."""
    heading: str
    length: str
    care: str
    question: str
    parts: tuple[str, ...]
    source: str
    lens: tuple[str, ...]
    beside: tuple[str, ...]
    """What the last session left."""
    speaker: str
    following: str
    asked_again: bool
    voiced: str
    """The line that is being voiced."""
    waiting: str
    """How much waits to be shown or voiced."""
    ready: str
    evenness: str
    finish: str


class Timer(NamedTuple):
    """The time that runs; the page counts it down by itself from here."""

    of: str
    """turn, half, step, or empty where no time runs."""
    left: int
    """Milliseconds of the session."""
    whole: int
    runs: bool
    pace: float
    """How many milliseconds of the session pass in one."""
    marks: tuple[tuple[int, str], ...]
    """Seconds left at which the time is told, and how."""


class Moment(NamedTuple):
    """One moment of a session as every phone needs it."""

    stage: Stage
    lines: tuple[str, ...]
    """What was written and has been revealed."""
    timer: Timer
    news: Mapping[str, tuple[str, str]]
    """What is said aloud when its key, the first of the two, becomes another."""
    write: int
    """Index of the step that takes answers now, -1 for none."""
    readying: bool
    """Whether people can say that they are ready."""
    speaker: str
    following: str
    turn: str
    """Key of the present turn."""
    ready: frozenset[str]
    present: frozenset[str]

    @property
    def urgent(self) -> tuple[object, ...]:
        """Return what must be told at once when it changes; the rest can wait a second."""
        keys = tuple(key for key, _ in self.news.values())
        return keys, self.timer._replace(left=0), self.write, self.stage.heading


class Mine(NamedTuple):
    """What one person sees beside it."""

    here: bool
    turn: bool
    next: bool
    ready: bool
    tell: tuple[str, str]
    """What is said aloud to this person alone, with its key; both empty when there is nothing."""


def mine(moment: Moment, person: str) -> Mine:
    """Return what this moment is for one person."""
    turn, following = person == moment.speaker, person == moment.following
    tell = YOUR_TURN if turn else YOU_ARE_NEXT if following else ""
    return Mine(
        here=person in moment.present,
        turn=turn,
        next=following,
        ready=person in moment.ready,
        tell=(f"{moment.turn} {tell}" if tell else "", tell),
    )


def look(room: Room, now: datetime, pace: float, beside: tuple[str, ...] = ()) -> Moment:
    """Return the present moment; `beside` is what the last session left, for the steps that show it."""
    with room.lock:
        view, state = room.view(now), room.state
    place, step = state.place, view.now
    under_way = state.is_under_way
    speaker, following = view.speaker, view.following
    turn = f"{place.entered}.{speaker.number}.{view.asked_again:d}" if speaker else ""
    timer = _timer(view, room, now, pace)
    return Moment(
        stage=_stage(view, beside, room.support),
        lines=tuple(each.words for each in view.lines),
        timer=timer,
        news=_news(view, f"{place.entered}", turn, timer),
        write=view.step if under_way and step and takes_answers(step) else -1,
        readying=bool(under_way and step and (step.quiet or step.writes)),
        speaker=speaker.id if speaker else "",
        following=following.id if following else "",
        turn=turn,
        ready=frozenset(who for visit, who in state.ready if visit == place.entered),
        present=frozenset(state.present),
    )


def takes_answers(step: Timed) -> bool:
    """Return whether people write in a step: the quiet ones, and the close with its two questions."""
    return step.writes or step.takes == "close"


def _stage(view: View, beside: tuple[str, ...], support: str) -> Stage:
    step = view.now
    asked = step.question if step else None
    parts = asked.parts if asked and len(asked.parts) > 1 and " ".join(asked.parts) != asked.text else ()
    shows_last = step and any(each.startswith("last-") for each in step.beside)
    return Stage(
        phase=view.phase,
        notice=_PHASES[view.phase],
        place=f"Step {view.step + 1} of {view.steps}" if step else "",
        heading=step.title if step else "",
        length=say.upper(say.length(step)) + "." if step else "",
        care="\n".join(say.care(step, support)),
        question=asked.text if asked else "",
        parts=parts,
        source=asked.source if asked else "",
        lens=step.lens if step else (),
        beside=beside if shows_last or not step else (),
        speaker=say.upper(say.name(view.speaker, view.turns)) if view.speaker else "",
        following=say.name(view.following, view.turns) if view.following else "",
        asked_again=view.asked_again,
        voiced=view.line.words if view.line else "",
        waiting=_waiting(view),
        ready=say.readiness(view) if step else _here(view.present),
        evenness="" if view.speaker else view.evenness,
        finish=f"We will finish at {view.finish:%H:%M}." if step else "",
    )


def _here(present: int) -> str:
    return "Nobody is here yet." if not present else "1 person is here." if present == 1 else f"{present} are here."


def _waiting(view: View) -> str:
    if view.unvoiced:
        many = say.IN_WORDS[view.unvoiced] if view.unvoiced < len(say.IN_WORDS) else str(view.unvoiced)
        return f"{say.upper(many)} still to be read out."
    if view.hidden:
        answers = "1 answer is" if view.hidden == 1 else f"{view.hidden} answers are"
        return f"{answers} hidden until the host shows them."
    return ""


def _timer(view: View, room: Room, now: datetime, pace: float) -> Timer:
    step, clock, state = view.now, view.clock, room.state
    if step is None or not state.is_under_way:
        return Timer("", 0, 0, runs=False, pace=pace, marks=())
    planned = state.place.planned[view.step] + state.place.extra
    at = round(now.timestamp() * 1000)
    began = state.place.turn_began if step.turns == "each" else state.place.step_began
    # The clock tells whole seconds, rounded up; how far into one we are, the log knows.
    into = (state.elapsed + log.counted(state, max(at, state.at)) - began) % 1000
    if view.speaker:
        of, left, whole = "turn", clock.turn_left, planned
        marks = tuple((each, f"{spoken(each)} left." if each else _OVER) for each in say.marks(whole))
    else:
        of, left, whole = ("half", clock.turn_left, planned // 2) if clock.half else ("step", clock.step_left, planned)
        marks = tuple((each, say.left(each)) for each in say.marks(whole))
    return Timer(of, max(0, left * 1000 - into), whole * 1000, view.phase == "running", pace, marks)


_OVER = "Your time is over; come to an end when you can."


def _news(view: View, visit: str, turn: str, timer: Timer) -> dict[str, tuple[str, str]]:
    step = view.now
    found = {"phase": (view.phase, _PHASES[view.phase] or ("The time runs again." if step else ""))}
    if step:
        asked = f" {step.question.text}" if step.question.text else ""
        found["step"] = (
            visit,
            f"Step {view.step + 1} of {view.steps}: {step.title}. {say.upper(say.length(step))}.{asked}",
        )
    found["turn"] = turn, _turn(view)
    found["half"] = f"{visit}.{view.clock.half}" if timer.of == "half" else "", _half(view)
    found["line"] = (f"{visit}.{view.line.id}", say.voiced(view.line, view.unvoiced)) if view.line else ("", "")
    return found


def _turn(view: View) -> str:
    if view.speaker is None:
        return ""
    then = f" Then {say.name(view.following, view.turns)}." if view.following else ""
    return f"{say.upper(say.name(view.speaker, view.turns))} has the word.{then}"


def _half(view: View) -> str:
    return "Change over: who listened now speaks." if view.clock.half == 2 else ""
