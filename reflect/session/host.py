"""What a host may do in a session: typed as a line, pressed as a key, or read from a script, it is the same act."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from reflect import dates
from reflect.errors import NotFound, Usage
from reflect.session.room import Offer, Person, Room, View
from reflect.summary.say import many

HALF_A_MINUTE = 30
"""Seconds that + and - give and take."""


class Act(NamedTuple):
    """One thing the host does."""

    what: str
    words: str = ""
    owner: str = ""
    """Whose an action is, or whose words these are."""
    due: str = ""
    """A day, as people write it."""
    limits: str = ""
    number: int = 0
    """Seconds for `more`, `shorten` and `extend`; a place in a list, from 1, for `jump` and the like."""
    for_group: bool = False


class Word(NamedTuple):
    """A word the host can type, and what it does."""

    what: str
    takes: str
    """What is typed after it; empty for nothing."""
    says: str


WORDS: Mapping[str, Word] = {
    "n": Word("next", "", "next person, next line, or next step (Enter does the same)"),
    "p": Word("pass", "", "this person passes, and is asked again at the end"),
    "space": Word("pause", "", "pause, or go on"),
    "+": Word("more", "", "half a minute more"),
    "-": Word("less", "", "half a minute less"),
    "u": Word("undo", "", "undo the last key"),
    "m": Word("left", "", "how many minutes are left"),
    "s": Word("shorten", "N", "shorten the step offered as number N"),
    "e": Word("extend", "MINUTES", "agree to finish so much later"),
    "j": Word("jump", "STEP", "go to the step with this number"),
    "r": Word("reveal", "", "show what was written so far"),
    "here": Word("arrive", "NAME", "somebody came"),
    "gone": Word("leave", "NAME", "somebody had to leave"),
    "who": Word("missing", "WORDS", "note who isn't here"),
    "promise": Word("promise", "WORDS / NAME / DAY", "what is promised to them, by whom, by when"),
    "offer": Word("offer", "WORDS / NAME / DAY", "note an action, and whose it is if they accept it"),
    "limits": Word("limits", "NAME / WORDS", "what this person can't do; only they see it"),
    "none": Word("no-action", "REASON", "no action today, and why"),
    "kept": Word("kept", "N WORD", "the earlier action N was kept"),
    "changed": Word("changed", "N WORD", "the earlier action N was changed"),
    "dropped": Word("dropped", "N WORD", "the earlier action N was dropped"),
    "heard": Word("heard", "WORDS", "did people feel heard?"),
    "learnt": Word("learnt", "WORDS", "what did we learn about working together?"),
    "close": Word("close", "", "end the session for good"),
    "q": Word("away", "", "close for now; `reflect session resume` goes on"),
    "?": Word("help", "", "these words"),
}
"""What can be typed in plain mode, and stands in a script."""

_NUMBERED = ("shorten", "extend", "jump")
_EARLIER = ("kept", "changed", "dropped")
_OWNED = ("offer", "promise")


def read(typed: str) -> Act:
    """Return the act of a typed line; Enter is `next`, one space (or `pause`) is pause."""
    if typed in (" ", "  ") or typed.strip().lower() in ("pause", "go"):
        return Act("pause")
    first, _, rest = typed.strip().partition(" ")
    word = WORDS.get(first.lower()) if first else WORDS["n"]
    if word is None and first[:1] in "+-":
        word = WORDS[first[0]]
    if word is None:
        by_name = {each.what: each for each in WORDS.values()}
        word = by_name.get(first.lower())
    if word is None:
        raise Usage(f"{first!r} does nothing here", next_step="type ? for the words that do")
    rest = rest.strip()
    if word.takes and not rest:
        raise Usage(
            f"{first} needs {word.takes.lower()} after it", next_step=f"for instance `{first} {_example(word)}`"
        )
    if word.what in _OWNED:
        words, owner, due = (*(each.strip() for each in re.split(r"\s+/\s+", rest, maxsplit=2)), "", "")[:3]
        return Act(word.what, words, owner, due)
    if word.what in _NUMBERED or word.what in _EARLIER:
        number, _, words = rest.partition(" ")
        if not re.fullmatch(r"\d{1,3}", number):
            raise Usage(f"{first} needs a number", next_step=f"for instance `{first} {_example(word)}`")
        return Act(word.what, words.strip(), number=int(number))
    return Act(word.what, rest)


def _example(word: Word) -> str:
    return {
        "N": "1",
        "N WORD": "1 as agreed",
        "MINUTES": "5",
        "STEP": "3",
        "NAME": "Len",
        "NAME / WORDS": "Len / not before Wednesday",
        "WORDS / NAME / DAY": "write to the carers / Len / Friday",
    }.get(word.takes, "as people said it")


def do(room: Room, act: Act, now: datetime) -> str:
    """Do it, and return what is said about it; empty where what is shown next says all."""
    return _DOES.get(act.what, _key)(room, act, now)


# -- keys ------------------------------------------------------------------------------------------


def _key(room: Room, act: Act, now: datetime) -> str:
    view = room.view(now)
    if act.what == "next" and view.phase == "arriving":
        room.do("start", now)
    elif act.what == "next" and view.phase == "paused":
        room.do("go", now)
    elif act.what in ("next", "pass"):
        room.do(act.what, now, who=view.speaker.id if view.speaker else "")
    else:
        room.do(act.what, now)
    return ""


def _pause(room: Room, _act: Act, now: datetime) -> str:
    room.do("go" if room.view(now).phase == "paused" else "pause", now)
    return ""


def _more(room: Room, _act: Act, now: datetime) -> str:
    room.do("more", now, amount=HALF_A_MINUTE)
    return "Half a minute more."


def _less(room: Room, _act: Act, now: datetime) -> str:
    room.do("more", now, amount=-HALF_A_MINUTE)
    return "Half a minute less."


def _shorten(room: Room, act: Act, now: datetime) -> str:
    view = room.view(now)
    if not 1 <= act.number <= len(view.cuts):
        raise NotFound(f"nothing is offered as number {act.number}", next_step="m shows what could be shortened")
    cut = view.cuts[act.number - 1]
    room.do("shorten", now, step=cut.step, amount=view.clock.late)
    return cut.sentence


def _extend(room: Room, act: Act, now: datetime) -> str:
    room.do("extend", now, amount=act.number * 60)
    return f"Agreed: {many(act.number, 'minute')} longer."


def _jump(room: Room, act: Act, now: datetime) -> str:
    view = room.view(now)
    if not 1 <= act.number <= view.steps:
        raise NotFound(f"there is no step {act.number}", why=f"there are {view.steps}")
    room.do("jump", now, step=act.number - 1)
    return ""


# -- people ----------------------------------------------------------------------------------------


def _arrive(room: Room, act: Act, now: datetime) -> str:
    made = room.arrive(now, act.words)
    return f"{made.name} is here."


def _leave(room: Room, act: Act, now: datetime) -> str:
    room.do("leave", now, who=_person(room, act.words).id)
    return ""


def _person(room: Room, name: str) -> Person:
    found = [each for each in room.people() if each.name.casefold() == name.strip().casefold()]
    if not found:
        raise NotFound(f"nobody here is called {name!r}", next_step="use the name as it stands in the order")
    return found[0]


# -- what is noted ---------------------------------------------------------------------------------


def _say(room: Room, act: Act, _now: datetime) -> str:
    room.say(act.what, act.words)
    return "Noted."


def _offer(room: Room, act: Act, now: datetime) -> str:
    sort = "empty-chair" if act.what == "promise" else "action"
    due = dates.day(act.due, now, ahead=True) if act.due else ""
    made = room.propose(act.words, sort=sort, due=due)
    if not act.owner:
        return "Noted; it is nobody's before somebody accepts it."
    made = room.accept(made.id, owner=act.owner, due=due, limits=act.limits)
    return f"Noted for {made.owner}{f', by {dates.in_words(made.due)}' if made.due else ''}."


def _limits(room: Room, act: Act, _now: datetime) -> str:
    name, _, words = (each.strip() for each in act.words.partition("/"))
    owned = [each for each in room.actions() if each.owner.casefold() == name.casefold() and each.state == "open"]
    if not owned:
        raise NotFound(f"no action is {name}'s yet", next_step="offer one first, with their name and a day")
    for each in owned:
        room.accept(each.id, limits=words)
    return f"Noted, for {owned[0].owner} alone."


def earlier(room: Room) -> tuple[Offer, ...]:
    """Return the actions of the sessions before, in the order of their numbers."""
    return room.opening().actions


def _settle(room: Room, act: Act, _now: datetime) -> str:
    found = earlier(room)
    if not 1 <= act.number <= len(found):
        raise NotFound(f"there is no earlier action {act.number}", why=f"there are {len(found)}")
    made = room.settle(found[act.number - 1].id, act.what, act.words)
    return f"{made.text}: {made.state}."


def _write(room: Room, act: Act, _now: datetime) -> str:
    room.offer(f"host-{act.owner}", act.words, key=f"{room.id}-{act.owner}-{act.words}", for_group=act.for_group)
    return ""


def _close(room: Room, _act: Act, now: datetime) -> str:
    room.close(now)
    return ""


def _nothing(_room: Room, _act: Act, _now: datetime) -> str:
    return ""


_DOES: Mapping[str, Callable[[Room, Act, datetime], str]] = {
    "pause": _pause,
    "more": _more,
    "less": _less,
    "shorten": _shorten,
    "extend": _extend,
    "jump": _jump,
    "arrive": _arrive,
    "leave": _leave,
    "missing": _say,
    "heard": _say,
    "learnt": _say,
    "no-action": _say,
    "offer": _offer,
    "promise": _offer,
    "limits": _limits,
    "kept": _settle,
    "changed": _settle,
    "dropped": _settle,
    "write": _write,
    "close": _close,
    "left": _nothing,
    "help": _nothing,
}


def is_over(view: View) -> bool:
    """Return whether the session was closed, for good or for now."""
    return view.phase in ("closed", "away")
