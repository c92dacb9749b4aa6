"""What a session says in words; screen, plain mode and page tell the same thing in the same sentence."""

from __future__ import annotations

from collections.abc import Sequence

from reflect.session import log
from reflect.session.room import Line, Offer, Opening, Person, View
from reflect.session.scale import Timed, spoken

IN_WORDS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def clock(seconds: int) -> str:
    """Return seconds as a clock shows them: 1:05, 12:00."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def name(person: Person, of_all: int) -> str:
    """Return what a person is called: their name, or their place: the third of seven."""
    if person.name:
        return person.name
    if not person.number:
        return "somebody"
    place = _ORDINALS[person.number] if person.number < len(_ORDINALS) else f"number {person.number}"
    return f"the {place} of {IN_WORDS[of_all] if of_all < len(IN_WORDS) else of_all}"


def upper(text: str) -> str:
    """Return a sentence with its first letter large."""
    return text[:1].upper() + text[1:]


def step(view: View, support: str = "") -> list[str]:
    """Return what is said when a step begins: its place and length, its question, and what stands beside it."""
    now = view.now
    if now is None:
        return []
    lines = [f"Step {view.step + 1} of {view.steps}: {title(now)} {upper(length(now))}."]
    lines += care(now, support)
    lines += question(now)
    lines += [f"A lens, for those who like one: {now.lens[0]}", *now.lens[1:]] if now.lens else []
    if view.lines:
        lines.append("What was written:")
        lines += [f"- {each.words}" for each in view.lines]
    lines += [f"For the host: {each}" for each in now.hints]
    return lines


def care(now: Timed | None, support: str) -> list[str]:
    """Return a step's care note with whom to turn to, the room's `support`; empty where it has none (REQ-13)."""
    if now is None or not now.question.care:
        return []
    return [now.question.care, f"For support: {support}"] if support else [now.question.care]


def title(now: Timed) -> str:
    """Return a step's name as a sentence."""
    return now.title if now.title[-1:] in "?!." else f"{now.title}."


def length(now: Timed) -> str:
    """Return how long a step is, and each turn in it."""
    if now.turns == "each":
        return f"{spoken(now.turn)} for each person, {spoken(now.seconds)} in all"
    if now.turns == "halves":
        return f"{spoken(now.seconds)}; change over after {spoken(now.turn)}"
    return spoken(now.seconds)


def question(now: Timed) -> list[str]:
    """Return the question of a step with all its parts, and where it comes from."""
    asked = now.question
    if not asked.text:
        return []
    lines = [asked.text]
    if len(asked.parts) > 1 and " ".join(asked.parts) != asked.text:
        lines += [f"{at}. {part}" for at, part in enumerate(asked.parts, 1)]
    return [*lines, f"From: {asked.source}"] if asked.source else lines


def turn(view: View) -> str:
    """Return whose turn it is and who is next; empty where nobody has one."""
    if view.speaker is None:
        return ""
    who = name(view.speaker, view.turns)
    asked = f"{upper(who)} passed before and is asked again" if view.asked_again else f"{upper(who)} has the word"
    then = f" Then {name(view.following, view.turns)}." if view.following else " Nobody comes after."
    return f"{asked}: {spoken(view.clock.turn_left)}.{then}"


def left(seconds: int, *, of_turn: bool = False) -> str:
    """Return the time that is left, gently, and to nobody by name."""
    if seconds > 0:
        return f"{spoken(seconds)} left."
    return f"The time of this {'turn' if of_turn else 'step'} is over; come to an end when you can."


def overall(view: View) -> list[str]:
    """Return how much of the session is left, when it will end, and what could be shortened."""
    lines = [f"{upper(spoken(view.clock.session_left))} left; we will finish at {view.finish:%H:%M}."]
    if view.clock.late:
        lines = late(view)
    return [*lines, *(f"To come: {title}, {spoken(seconds)}." for title, seconds in view.ahead if seconds)]


def late(view: View) -> list[str]:
    """Return that it will end late, and what could be done about it; never a word on whose time it was."""
    lines = [f"We will finish at {view.finish:%H:%M}, {spoken(view.clock.late)} later than agreed."]
    lines += [f"{at}. {each.sentence}" for at, each in enumerate(view.cuts, 1)]
    return lines


def voiced(line: Line, unvoiced: int) -> str:
    """Return one written line as it is read out, and how many wait."""
    waiting = f" ({IN_WORDS[unvoiced] if unvoiced < len(IN_WORDS) else unvoiced} more)" if unvoiced else " (the last)"
    return f"“{line.words}”{waiting}"


def readiness(view: View) -> str:
    """Return how many are ready, never who; empty where nobody said so."""
    return f"{view.ready} of {view.present} ready." if view.ready else ""


def opening(found: Opening) -> list[str]:
    """Return what the last session left to this one."""
    if not found.held_on:
        return []
    lines = ["From last time:"]
    lines += [offer(each, at) for at, each in enumerate(found.actions, 1)]
    lines += [f"There was no action: {found.no_action}"] if found.no_action else []
    lines += [f"Who wasn't there: {found.missing}"] if found.missing else []
    lines += [f"Did people feel heard? {each}" for each in found.heard]
    lines += [f"About working together: {each}" for each in found.learnt]
    return lines if len(lines) > 1 else []


def offer(each: Offer, number: int = 0) -> str:
    """Return an action as a line: whose, by when, and how it stands."""
    whose = each.owner if each.owner and each.state != "proposed" else "nobody's yet"
    by = f", by {_day(each.due)}" if each.due else ""
    how = "" if each.state == "proposed" else f", {each.state}"
    before = f"{number}. " if number else ""
    return f"{before}{each.text} ({whose}{by}{how})"


def _day(day: str) -> str:
    from reflect.dates import in_words

    return in_words(day)


def people(order: Sequence[Person]) -> str:
    """Return the order of speaking as a sentence."""
    return ", ".join(name(each, len(order)) for each in order) + "."


def marks(seconds: int) -> tuple[int, ...]:
    """Return the seconds left at which time is told in a span so long: a short one needs no word half-way."""
    return tuple(each for each in log.MARKS if each < seconds)
