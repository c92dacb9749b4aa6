"""Tells a person who waits what is being done and how far it has come, once it takes longer than a second.

On stderr: a bar at a terminal, plain lines where these are wished for, nothing in a pipe.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from reflect.cli.screen import Screen

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

PATIENCE = 1.0
"""Seconds in which nothing is said."""

_PARTS = 5  # plain lines may be read aloud: no more than so many for one thing


class _Timer(Protocol):
    def start(self) -> None: ...

    def cancel(self) -> None: ...


Later = Callable[[float, Callable[[], None]], _Timer]
"""Has something done after so many seconds, once it is started."""


class Progress:
    """How far something has come; leaving its block clears what it showed."""

    def __init__(self, screen: Screen, later: Later = Timer) -> None:
        """Wait to hear what is being done."""
        self._screen = screen
        self._later = later
        self._is_watched = sys.stderr is not None and sys.stderr.isatty()
        self._lock = RLock()  # the timer has a thread of its own
        self._timer: _Timer | None = None
        self._is_due = False
        self._bar: Bar | None = None
        self._what, self._noun, self._done, self._of_all = "", "", 0, 0
        self._said = ("", 0)

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the bar; what was said in plain lines stays."""
        with self._lock:
            self._is_watched = False
            if self._timer:
                self._timer.cancel()
            if self._bar:
                self._bar.stop()

    def step(self, what: str) -> None:
        """Say what is being done now, such as "Writing word"; how long it takes is not known."""
        self._now(what, "", 0, 0)

    def stage(self, what: str, done: int, of_all: int) -> None:
        """Say what is being done now, and how much of it is; `of_all` is 0 where that is not known."""
        self._now(what, "", done, of_all)

    def counted(self, what: str, noun: str) -> Callable[[int, int], None]:
        """Return what takes how many of how many are done, such as files of "Gathering"."""
        return lambda done, of_all: self._now(what, noun, done, of_all)

    def _now(self, what: str, noun: str, done: int, of_all: int) -> None:
        if not self._is_watched:
            return
        with self._lock:
            self._what, self._noun, self._done, self._of_all = what, noun, done, of_all
            if self._timer is None:
                self._timer = self._later(PATIENCE, self._begin)
                if isinstance(self._timer, Timer):
                    self._timer.daemon = True  # an end that comes sooner does not wait for it
                self._timer.start()
            self._show()

    def _begin(self) -> None:
        with self._lock:
            self._is_due = True
            self._show()

    def _show(self) -> None:
        if not (self._is_due and self._is_watched):
            return
        if self._screen.plain:
            part = self._done * _PARTS // self._of_all if self._of_all else 0
            if self._said != (self._what, part):
                self._said = (self._what, part)
                self._screen.aside(self._in_words())
            return
        how_far: dict[str, Any] = {"completed": self._done, "total": self._of_all or None}
        if self._bar is None:
            self._bar = self._screen.bar()
            self._bar.add_task(self._in_words(), **how_far)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], description=self._in_words(), **how_far)

    def _in_words(self) -> str:
        if not self._of_all:
            return f"{self._what} …"
        return f"{self._what}: {self._done:,} of {self._of_all:,} {self._noun}".rstrip()


@contextmanager
def doing(screen: Screen, what: str) -> Iterator[None]:
    """Tell what is being done where that takes long."""
    with Progress(screen) as progress:
        progress.step(what)
        yield


@contextmanager
def summing_up(screen: Screen) -> Iterator[Callable[[int, int], None]]:
    """Tell how far a group's summary has come; what is yielded takes how many of how many themes are done."""
    with Progress(screen) as progress:
        progress.step("Reading what was gathered")
        yield progress.counted("Summing up", "themes")
