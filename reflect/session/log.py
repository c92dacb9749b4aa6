"""A session as a list of events, and what a fold over them makes of it: pure, and cheap for each event.

Events hold ids, never words, and no event says who passed or spoke. Times are whole
milliseconds since 1970; `elapsed` counts only what the people in the room lived through:
not pauses, not a closed lid, not the time a killed process was away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import NamedTuple

from reflect.session import order
from reflect.session.scale import Agenda, Timed, spoken

BEAT = 1_000
"""Milliseconds between two heartbeats: so much of a session is lost when its process is killed."""

LAPSE = 30_000
"""Milliseconds without any event after which nobody can have been there: a closed lid, not a slow second."""

TOLERANCE = 30
"""Seconds late at which it is said."""

FEWEST_TURNS = 3
"""Turns below which no spread is told: it would be one person's time."""

MARKS = (300, 180, 60, 0)
"""Seconds left at which the time is told in words."""


class Event(NamedTuple):
    """Something that happened in a session."""

    number: int
    at: int
    what: str
    """
    start · next · pass · more · pause · go · jump · undo · reveal · voice · shorten · extend: the host's keys;
    arrive · leave · ready · unready: people; beat · back · away · close: the process.
    """
    who: str = ""
    """A person's session id; for `voice` the id of a line; for `next` and `pass` whom they are meant for, if said."""
    step: int = -1
    """Index of a step, for `jump` and `shorten`."""
    amount: int = 0
    """Seconds for `more`, `shorten` and `extend`; for `beat` the milliseconds that count."""


class Course(NamedTuple):
    """What a session follows: its agenda, and the order that was drawn when it started."""

    agenda: Agenda
    order: tuple[str, ...] = ()


class Spread(NamedTuple):
    """How even the turns were, without names or an order of merit."""

    turns: int = 0
    shortest: int = 0
    """Milliseconds."""
    longest: int = 0
    passed: int = 0
    """People who passed and did not speak when they were asked again."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the agenda a session stands: what a key changes, and `undo` gives back."""

    planned: tuple[int, ...]
    """Seconds of each step, of each turn where people have turns, as they are now meant."""
    spent: tuple[int, ...]
    """Milliseconds in each step so far, the present one aside."""
    step: int = -1
    entered: int = 0
    """Number of the event that came to this step; another visit has another."""
    step_began: int = 0
    """Elapsed milliseconds when the step began."""
    turn_began: int = 0
    extra: int = 0
    """Seconds given to (or taken from) this turn, or this step where nobody has one."""
    speaker: str = ""
    spoke: frozenset[str] = frozenset()
    passed: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    """Those who passed when asked again, too."""
    spread: Spread = Spread()  # noqa: RUF009 - a named tuple can't be changed by one place for another
    openers: tuple[str, ...] = ()
    """Who had the first turn of each round, for the next session's order."""
    revealed: int = -1
    """Words written up to this step are shown."""
    line: str = ""
    """Id of the line that is being voiced."""
    voiced: frozenset[str] = frozenset()
    """Lines voiced in this step."""
    seen: frozenset[str] = frozenset()
    """Lines voiced in this session."""
    allowed: int = 0
    """Seconds the room agreed to go on longer."""


class History(NamedTuple):
    """The places before, newest first."""

    place: Place
    before: History | None


@dataclass(frozen=True, slots=True)
class State:
    """What stands on the screen: the fold of every event so far."""

    place: Place
    number: int = 0
    """Of the last event."""
    at: int = 0
    phase: str = "arriving"
    """arriving, running, paused, away (closed for now) or closed."""
    elapsed: int = 0
    finish: int = 0
    """When it should end by the clock on the wall, without what the room allowed on top."""
    people: tuple[str, ...] = ()
    """Everybody who came, in the order of arrival."""
    late: tuple[str, ...] = ()
    """Those who came after the start."""
    gone: frozenset[str] = frozenset()
    ready: frozenset[tuple[int, str]] = frozenset()
    """Who is ready in which visit of a step."""
    history: History | None = field(default=None, compare=False, repr=False)

    @property
    def is_under_way(self) -> bool:
        """Return whether it has started and not been closed."""
        return self.phase in ("running", "paused", "away")

    @property
    def present(self) -> tuple[str, ...]:
        """Return who is there."""
        return tuple(each for each in self.people if each not in self.gone) if self.gone else self.people


def opening(agenda: Agenda) -> State:
    """Return the state before the first event."""
    planned = tuple(each.turn if each.turns == "each" else each.seconds for each in agenda.steps)
    return State(Place(planned, (0,) * len(planned)))


def fitted(state: State, agenda: Agenda) -> State:
    """Return the state of a session that has not started, with its agenda fitted to those who came."""
    return replace(state, place=opening(agenda).place)


def fold(course: Course, events: Iterable[Event], state: State | None = None) -> State:
    """Return the state after these events, from the opening or from a state given."""
    return reduce(lambda before, event: after(course, before, event), events, state or opening(course.agenda))


def after(course: Course, state: State, event: Event) -> State:
    """Return the state after one more event; an event that makes no sense there changes nothing but the time."""
    if state.phase == "closed":
        return state
    state = _later(state, event)
    if event.what in _KEYS and state.is_under_way:
        place = _KEYS[event.what](course, state, event)
        if place is state.place:
            return state
        return replace(state, place=place, history=History(state.place, state.history))
    if event.what in _OTHERS:
        return _OTHERS[event.what](course, state, event)
    return state


# -- time ---------------------------------------------------------------------------------------


def counted(state: State, at: int) -> int:
    """Return the milliseconds between the last event and now that count."""
    gap = at - state.at
    return gap if state.phase == "running" and 0 < gap <= LAPSE else 0


def _later(state: State, event: Event) -> State:
    at = max(event.at, state.at)  # a clock put back makes no time
    gap = at - state.at
    if event.what == "back" or state.phase == "away":
        counts, lapsed = 0, gap
    elif event.what == "beat":
        lived = min(event.amount, gap)
        counts, lapsed = lived if state.phase == "running" else 0, gap - lived
    else:
        counts, lapsed = counted(state, at), gap if gap > LAPSE else 0
    finish = state.finish + lapsed if state.finish else 0
    return replace(state, number=event.number, at=at, elapsed=state.elapsed + counts, finish=finish)


def beat(state: State, number: int, at: int) -> Event:
    """Return the heartbeat that says the process was there until now."""
    gap = max(0, at - state.at)
    return Event(number, at, "beat", amount=gap if gap <= LAPSE else 0)


# -- the host's keys -------------------------------------------------------------------------------


def _step(course: Course, place: Place) -> Timed:
    return course.agenda.steps[place.step]


def queue(course: Course, state: State) -> tuple[str, ...]:
    """Return who is still to speak in this round, whoever speaks now first; those who passed are asked at its end."""
    place = state.place
    if place.step < 0 or _step(course, place).turns != "each":
        return ()
    number = sum(1 for each in course.agenda.steps[: place.step] if each.turns == "each")
    done = place.spoke | place.again | state.gone
    waiting = [each for each in order.in_round(course.order, state.late, number) if each not in done]
    first = [place.speaker] if place.speaker and place.speaker not in done else []
    rest = [each for each in waiting if each != place.speaker]
    return (
        *first,
        *(each for each in rest if each not in place.passed),
        *(each for each in rest if each in place.passed),
    )


def speaker(course: Course, state: State) -> str:
    """Return whose turn it is, empty where nobody has one."""
    return next(iter(queue(course, state)), "")


def _next(course: Course, state: State, event: Event) -> Place:
    place, who = state.place, speaker(course, state)
    if event.who not in ("", who):
        return place  # two hands pressed for the same turn
    if not who:
        return _entered(course, state, _following(course, place))
    took = state.elapsed - place.turn_began
    turns, shortest, longest, passed = place.spread
    spread = Spread(turns + 1, min(shortest, took) if turns else took, max(longest, took), passed)
    openers = place.openers if place.spoke else (*place.openers, who)
    return _next_turn(course, state, replace(place, spoke=place.spoke | {who}, spread=spread, openers=openers))


def _pass(course: Course, state: State, event: Event) -> Place:
    place, who = state.place, speaker(course, state)
    if not who or event.who not in ("", who):
        return place
    if who in place.passed:
        return _next_turn(course, state, replace(place, again=place.again | {who}))
    return _next_turn(course, state, replace(place, passed=place.passed | {who}))


def _next_turn(course: Course, state: State, place: Place) -> Place:
    """Give the turn to whoever is next, or go on to the next step when everybody was asked."""
    place = replace(place, speaker="", turn_began=state.elapsed, extra=0)
    waiting = queue(course, replace(state, place=place))
    if waiting:
        return replace(place, speaker=waiting[0])
    return _entered(course, replace(state, place=place), _following(course, place))


def _following(course: Course, place: Place) -> int:
    """Return the next step that has any time, or the last one."""
    last = len(course.agenda.steps) - 1
    return next((at for at in range(place.step + 1, last) if place.planned[at]), last)


def _entered(course: Course, state: State, to: int) -> Place:
    """Come to a step; what was spent in the one before is kept, and its turns are counted."""
    place = state.place
    if to == place.step == len(course.agenda.steps) - 1:
        return place  # nothing follows the last step
    spent, spread = place.spent, place.spread
    if place.step >= 0:
        here = spent[place.step] + state.elapsed - place.step_began
        spent = (*spent[: place.step], here, *spent[place.step + 1 :])
        spread = spread._replace(passed=spread.passed + len(place.passed - place.spoke))
    step = course.agenda.steps[to]
    revealed = place.revealed
    if step.shows:
        revealed = max(revealed, to - 1)
    elif step.writes:
        revealed = min(revealed, to - 1)
    made = Place(
        planned=place.planned,
        spent=spent,
        step=to,
        entered=state.number,
        step_began=state.elapsed,
        turn_began=state.elapsed,
        spread=spread,
        openers=place.openers,
        revealed=revealed,
        seen=place.seen,
        allowed=place.allowed,
    )
    return replace(made, speaker=speaker(course, replace(state, place=made)))


def _jump(course: Course, state: State, event: Event) -> Place:
    return _entered(course, state, event.step) if 0 <= event.step < len(course.agenda.steps) else state.place


def _more(course: Course, state: State, event: Event) -> Place:
    place = state.place
    has_turns = _step(course, place).turns == "each"
    used = state.elapsed - (place.turn_began if has_turns else place.step_began)
    # Never less than what was used, so that no time is below nothing.
    least = -(-used // 1000) - place.planned[place.step]
    return replace(place, extra=max(place.extra + event.amount, min(least, place.extra)))


def _reveal(_course: Course, state: State, _event: Event) -> Place:
    place = state.place
    return replace(place, revealed=place.step) if place.revealed < place.step else place


def _voice(course: Course, state: State, event: Event) -> Place:
    place = state.place
    if not _step(course, place).voices or not event.who or event.who in place.voiced:
        return place
    return replace(place, line=event.who, voiced=place.voiced | {event.who}, seen=place.seen | {event.who})


def _shorten(course: Course, state: State, event: Event) -> Place:
    place, at = state.place, event.step
    if not place.step < at < len(course.agenda.steps) or event.amount <= 0:
        return place
    found = next((each for each in cuts(course, state, event.amount) if each.step == at), None)
    if found is None:
        return place
    planned = (*place.planned[:at], found.left, *place.planned[at + 1 :])
    return replace(place, planned=planned)


def _extend(_course: Course, state: State, event: Event) -> Place:
    return replace(state.place, allowed=max(0, state.place.allowed + event.amount))


_KEYS: dict[str, Callable[[Course, State, Event], Place]] = {
    "next": _next,
    "pass": _pass,
    "jump": _jump,
    "more": _more,
    "reveal": _reveal,
    "voice": _voice,
    "shorten": _shorten,
    "extend": _extend,
}
"""What a key does to the place; `undo` takes any of it back."""


# -- people and the process ----------------------------------------------------------------------------


def _start(course: Course, state: State, _event: Event) -> State:
    if state.phase != "arriving":
        return state
    state = replace(state, phase="running", finish=state.at + course.agenda.seconds * 1000)
    return replace(state, place=_entered(course, state, 0))


def _undo(_course: Course, state: State, _event: Event) -> State:
    if state.history is None or not state.is_under_way:
        return state
    return replace(state, place=state.history.place, history=state.history.before)


def _arrive(course: Course, state: State, event: Event) -> State:
    if not event.who:
        return state
    if event.who in state.people:
        return _seated(course, replace(state, gone=state.gone - {event.who}))
    late = (*state.late, event.who) if state.is_under_way else state.late
    return _seated(course, replace(state, people=(*state.people, event.who), late=late))


def _seated(course: Course, state: State) -> State:
    """Give somebody who came into an empty round the turn."""
    if state.place.step < 0 or state.place.speaker or not speaker(course, state):
        return state
    place = replace(state.place, speaker=speaker(course, state), turn_began=state.elapsed)
    return replace(state, place=place)


def _leave(course: Course, state: State, event: Event) -> State:
    if event.who not in state.people or event.who in state.gone:
        return state
    spoke_now = event.who == speaker(course, state)
    state = replace(state, gone=state.gone | {event.who})
    return replace(state, place=_next_turn(course, state, state.place)) if spoke_now else state


def _ready(_course: Course, state: State, event: Event) -> State:
    if event.who not in state.people:
        return state
    return replace(state, ready=state.ready | {(state.place.entered, event.who)})


def _unready(_course: Course, state: State, event: Event) -> State:
    return replace(state, ready=state.ready - {(state.place.entered, event.who)})


def _phase(before: Sequence[str], to: str) -> Callable[[Course, State, Event], State]:
    def change(_: Course, state: State, __: Event) -> State:
        return replace(state, phase=to) if state.phase in before else state

    return change


_OTHERS: dict[str, Callable[[Course, State, Event], State]] = {
    "start": _start,
    "undo": _undo,
    "arrive": _arrive,
    "leave": _leave,
    "ready": _ready,
    "unready": _unready,
    "pause": _phase(("running",), "paused"),
    "go": _phase(("paused", "away"), "running"),
    "back": _phase(("running", "away"), "paused"),
    "away": _phase(("running", "paused"), "away"),
    "close": _phase(("arriving", "running", "paused", "away"), "closed"),
}
EVENTS = frozenset((*_KEYS, *_OTHERS, "beat"))


# -- what is left, and what may be shortened -------------------------------------------------------


class Cut(NamedTuple):
    """One way to win time: a later step that may be shortened or left out, never a protected one."""

    step: int
    seconds: int
    """Won by it."""
    left: int
    """Seconds of the step then, of each turn where people have turns."""
    sentence: str


class Clock(NamedTuple):
    """The time that is left at one moment, in whole seconds; what is left is never below nothing."""

    step_left: int
    step_over: int
    turn_left: int
    """Of the present turn, or of the present half in pairs; 0 where nobody has one."""
    turn_over: int
    half: int
    """1 or 2 in pairs, 0 elsewhere."""
    session_left: int
    used: int
    """Seconds of the session so far."""
    finish: int
    """When it will end if nothing changes, in milliseconds since 1970."""
    late: int
    """Seconds by which that is later than agreed; 0 below half a minute."""


def look(course: Course, state: State, at: int) -> Clock:
    """Return the time left now."""
    at = max(at, state.at)
    elapsed = state.elapsed + counted(state, at)
    if not state.is_under_way:
        left = course.agenda.seconds if state.phase == "arriving" else 0
        return Clock(0, 0, 0, 0, 0, left, elapsed // 1000, at + left * 1000, 0)
    place = state.place
    step = _step(course, place)
    has_turns = step.turns == "each"
    whole = place.planned[place.step] + place.extra
    left = whole * 1000 - (elapsed - (place.turn_began if has_turns else place.step_began))
    others = max(0, len([each for each in queue(course, state) if each not in place.passed]) - 1) if has_turns else 0
    step_left = max(0, left) + others * place.planned[place.step] * 1000
    half, turn = 0, left if has_turns else 0
    if step.turns == "halves":
        half = 1 if left > whole * 500 else 2
        turn = left - whole * 500 if half == 1 else left
    ahead = sum(_whole(course, state, at) for at in range(place.step + 1, len(course.agenda.steps)))
    finish = at + step_left + ahead * 1000
    gap = at - state.at
    agreed = state.finish + place.allowed * 1000 + (gap if gap > LAPSE or state.phase == "away" else 0)
    late = (finish - agreed) // 1000
    return Clock(
        step_left=_up(step_left),
        step_over=max(0, -left) // 1000,
        turn_left=_up(max(0, turn)),
        turn_over=max(0, -turn) // 1000,
        half=half,
        session_left=_up(step_left) + ahead,
        used=elapsed // 1000,
        finish=finish,
        late=late if late >= TOLERANCE else 0,
    )


def _up(milliseconds: int) -> int:
    return -(-milliseconds // 1000)


def _whole(course: Course, state: State, at: int) -> int:
    return state.place.planned[at] * _turns(course, state, at)


def _turns(course: Course, state: State, at: int) -> int:
    return len(state.present) if course.agenda.steps[at].turns == "each" else 1


def ahead(course: Course, state: State) -> tuple[tuple[str, int], ...]:
    """Return the steps still to come with their seconds."""
    steps = course.agenda.steps
    return tuple((steps[at].title, _whole(course, state, at)) for at in range(state.place.step + 1, len(steps)))


def cuts(course: Course, state: State, late: int) -> tuple[Cut, ...]:
    """Return the ways to win back so many seconds, those that win most first; protected steps are never among them."""
    found = []
    for at in range(state.place.step + 1, len(course.agenda.steps)):
        step = course.agenda.steps[at]
        turns = _turns(course, state, at)
        planned = state.place.planned[at]
        if step.protected or not turns or late <= 0:
            continue
        # What a turn may come down to does not hang on how many came.
        least = step.least * step.turn // max(1, step.seconds) if step.turns == "each" else step.least
        left = max(least, planned - -(-late // turns))
        if left < planned:
            a_turn = " a turn" if step.turns == "each" else ""
            won = (planned - left) * turns
            sentence = f"{step.title}: {spoken(left)}{a_turn} instead of {spoken(planned)}"
            found.append(Cut(at, won, left, f"{sentence} wins {spoken(won)}."))
        elif step.optional and planned:
            found.append(Cut(at, planned * turns, 0, f"Leaving out {step.title} wins {spoken(planned * turns)}."))
    return tuple(sorted(found, key=lambda cut: (-cut.seconds, cut.step)))


def crossed(before: int, now: int, marks: Sequence[int] = MARKS) -> int | None:
    """Return the mark that the seconds left have just come to, if they have come to one."""
    return min((each for each in marks if now <= each < before), default=None)


def evenness(spread: Spread) -> str:
    """Return how even the turns were, as the room sees it: never a name, never an order (REQ-41)."""
    if spread.turns < FEWEST_TURNS:
        return ""
    shortest, longest = (round(each / 1000) for each in (spread.shortest, spread.longest))
    ran = f"Turns ran {shortest} to {longest} seconds" if shortest != longest else f"Turns ran {spoken(longest)} each"
    return f"{ran}; {_number(spread.passed)} passed." if spread.passed else f"{ran}."


def record(course: Course, state: State) -> dict[str, object]:
    """Return what stays of a session's log at its close: lengths of steps and the spread of turns, and nobody's."""
    ended = _entered(course, state, 0)
    return {
        "minutes": round(state.elapsed / 60_000),
        "steps": [
            {"title": step.title, "planned": step.seconds, "spent": round(spent / 1000)}
            for step, spent in zip(course.agenda.steps, ended.spent, strict=True)
        ],
        "evenness": evenness(ended.spread),
    }


def _number(many: int) -> str:
    words = ("nobody", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[many] if many < len(words) else str(many)


def passed(state: State) -> Spread:
    """Return the spread with those who have passed in the present round and not spoken."""
    place = state.place
    return place.spread._replace(passed=place.spread.passed + len(place.passed - place.spoke))
