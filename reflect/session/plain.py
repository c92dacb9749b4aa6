"""A session line by line: for screen readers, for pipes, and wherever a redrawn screen is in the way."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from reflect.errors import ReflectError
from reflect.session import host, log, say
from reflect.session.host import Act
from reflect.session.pace import Pace
from reflect.session.room import Room, View

CUES = frozenset(("sight", "bell", "words"))
"""How the end of a time is told; each can be left out."""

LONGEST_WAIT = 10.0
"""Seconds of session time between two looks at the clock where time runs fast; well below `log.LAPSE`."""

_REAL_WAIT = 0.02  # below it a computer only counts

Say = Callable[[str], None]


class Hand(Protocol):
    """Where the host's acts come from: a keyboard, or a script."""

    def act(self, pace: Pace, view: View, most: float) -> Act | None:
        """Return the next act, or None once `most` seconds of the session have passed without one."""


class Keyboard:
    """What is typed, line by line; nothing waits for it."""

    def __init__(self) -> None:
        """Begin to listen."""
        self._typed: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()  # reading a line can't be given up half-way

    def _listen(self) -> None:
        for typed in sys.stdin:
            self._typed.put(typed.rstrip("\r\n"))
        self._typed.put("q")  # Ctrl-D: closed for now

    def act(self, pace: Pace, view: View, most: float) -> Act | None:  # noqa: ARG002 - a script needs the view
        """Return what was typed, waiting a while for it."""
        try:
            typed = self._typed.get(timeout=max(pace.outside(most), _REAL_WAIT))
        except queue.Empty:
            pace.leap(most)
            return None
        return host.read(typed)


class _Told(NamedTuple):
    """What was said last, so that nothing is said twice."""

    place: tuple[int, int] = (-2, 0)
    phase: str = ""
    speaker: str = ""
    turn: int = 0
    left: int = 0
    turn_left: int = 0
    line: str = ""
    half: int = 0
    is_late: bool = False


def hold(room: Room, hand: Hand, pace: Pace, tell: Say, *, cues: frozenset[str] = CUES, moves_on: bool = False) -> View:
    """Hold the session until it is closed, for good or for now; return how it stands then.

    `moves_on` goes to the next person or step by itself when the time is over.
    """
    for line in (*say.opening(room.opening()), _before(room)):
        tell(line)
    told, is_left = _Told(), False
    view = room.view(pace.now())
    while not (is_left or host.is_over(view)):
        told = _tell(view, told, tell, cues, room.support)
        try:
            act = _its_time(view) if moves_on else None
            act = act or hand.act(pace, view, _wait(pace, view))
            _do(room, act, pace.now(), tell)
            is_left = act is not None and act.what == "away"  # also before the start, where no time is to be stopped
        except ReflectError as error:
            if error.exit_code == 1:
                raise
            tell(str(error))
        view = room.view(pace.now())
    return view


def _before(room: Room) -> str:
    people = room.people()
    who = f"{len(people)} people. " if people else ""
    return f"{room.course.agenda.title}. {who}Press Enter to start; ? tells what can be typed."


def _wait(pace: Pace, view: View) -> float:
    """Return how long to wait for the host in seconds of the session: a second, or more where time runs fast."""
    if pace.is_real:
        return 1.0
    most = min(LONGEST_WAIT, max(1.0, _REAL_WAIT / max(pace.outside(1.0), 0.002)))
    left = view.clock.turn_left if view.speaker else view.clock.step_left
    return min(most, float(left)) if left else most


def _its_time(view: View) -> Act | None:
    """Return `next` when a turn or a step is over and nobody has to be waited for."""
    if view.phase != "running" or (view.step + 1 == view.steps and view.speaker is None):
        return None
    over = view.clock.turn_left == 0 if view.speaker else view.clock.step_left == 0
    return Act("next") if over else None


def _do(room: Room, act: Act | None, now: datetime, tell: Say) -> None:
    if act is None:
        room.tick(now)
    elif act.what == "help":
        for typed, word in host.WORDS.items():
            tell(f"{typed} {word.takes.lower()}".strip() + f": {word.says}")
    elif act.what == "left":
        for line in say.overall(room.view(now)):
            tell(line)
    else:
        answer = host.do(room, act, now)
        if answer:
            tell(answer)


def _tell(view: View, told: _Told, tell: Say, cues: frozenset[str], support: str) -> _Told:
    """Say what has changed since it was last said."""
    for line in _news(view, told, cues, support):
        tell(line)
    return _Told(
        (view.step, view.visit),
        view.phase,
        view.speaker.id if view.speaker else "",
        view.turn,
        view.clock.step_left,
        view.clock.turn_left,
        view.line.id if view.line else "",
        view.clock.half,
        bool(view.clock.late),
    )


def _news(view: View, told: _Told, cues: frozenset[str], support: str) -> Sequence[str]:
    """Return what is new: the step, the turn, the line, the time."""
    lines: list[str] = []
    if view.phase != told.phase and (view.phase == "paused" or told.phase == "paused"):
        lines.append("Paused. Enter goes on." if view.phase == "paused" else "Going on.")
    if view.step >= 0 and (view.step, view.visit) != told.place:
        return [*lines, "", *say.step(view, support), *_turn(view)]
    if (view.speaker.id if view.speaker else "", view.turn) != (told.speaker, told.turn):
        lines += _turn(view)
    elif view.phase == "running":
        lines += _time(view, told, cues)
    if view.line and view.line.id != told.line:
        lines.append(say.voiced(view.line, view.unvoiced))
    if view.clock.half == 2 and told.half == 1:
        lines.append("Change over: the other one speaks now.")
    if view.clock.late and not told.is_late:
        lines += [*say.late(view), "s 1 takes the first of these." if view.cuts else "e 5 agrees to five minutes more."]
    return lines


def _turn(view: View) -> Sequence[str]:
    return [said] if (said := say.turn(view)) else []


def _time(view: View, told: _Told, cues: frozenset[str]) -> Sequence[str]:
    """Return the time as it comes to 5, 3, 1 and 0 minutes, of a turn or else of the step."""
    whole = view.now.turn if view.now and view.speaker else view.now.seconds if view.now else 0
    before, now = (told.turn_left, view.clock.turn_left) if view.speaker else (told.left, view.clock.step_left)
    mark = log.crossed(before, now, say.marks(whole))
    if mark is None:
        return []
    return [say.left(mark, of_turn=view.speaker is not None)] if "words" in cues else []
