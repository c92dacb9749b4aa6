"""Tells every listening page what changed: one look at the room for all of them, and each takes it at its own speed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from reflect.session.page import stage
from reflect.session.page.stage import Moment, Timer

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

LOOK = 0.2
"""Seconds between two looks at the room, which the host changes from another thread."""

CALM = 1.0
"""Seconds between two messages when only a number changed: how many are ready, how many wrote."""

DRIFT = 150
"""Milliseconds by which a time has to be another than expected for it to be told."""

Look = Callable[[], Awaitable[Moment]]


class Told:
    """A moment and when it was; what every page is told of it is made once."""

    def __init__(self, moment: Moment, html: str, lines: str, at: float) -> None:
        """Keep a moment as it was at `at`, in seconds of a clock that only goes on, with what is drawn of it."""
        self.moment = moment
        self.at = at
        shared = {
            "html": html,
            "news": moment.news,
            "write": moment.write,
            "readying": moment.readying,
            "phase": moment.stage.phase,
            "asks": moment.stage.question,
        }
        self._shared = json.dumps(shared)[1:-1]
        self._lines = json.dumps({"lines": lines})[1:-1]

    def message(self, person: str, timer: Timer, before: Told | None = None) -> bytes:
        """Return all of it for one person, with the time as it is now; lines they were shown before are left out."""
        own = json.dumps({"mine": stage.mine(self.moment, person)._asdict(), "timer": timer._asdict()})
        shared = self._shared
        if before is None or before.moment.lines != self.moment.lines:
            shared = f"{shared}, {self._lines}"
        return f"event: now\ndata: {own[:-1]}, {shared}}}\n\n".encode()

    def is_so_still(self, moment: Moment, at: float) -> bool:
        """Return whether a page that counted on from here shows this moment, apart from what can wait."""
        expected, found = passed(self.moment.timer, at - self.at).left, moment.timer.left
        drifts = abs(expected - found) > DRIFT * max(1.0, moment.timer.pace)
        return self.moment.urgent == moment.urgent and not drifts

    def is_the_same(self, moment: Moment) -> bool:
        """Return whether nothing but the time is another."""
        return moment._replace(timer=self.moment.timer) == self.moment


def passed(timer: Timer, seconds: float) -> Timer:
    """Return a timer as it stands so many seconds later."""
    if not timer.runs:
        return timer
    return timer._replace(left=max(0, round(timer.left - seconds * 1000 * timer.pace)))


class Board:
    """Holds the present moment, and wakes every page that listens when it is another one."""

    def __init__(self, look: Look, draw: Callable[[str, Moment], str], fault: Callable[[Exception], None]) -> None:
        """Look at a room; `draw` makes the part of the page that is named, for everybody."""
        self._look = look
        self._draw = draw
        self._fault = fault
        self._changed: asyncio.Future[None] | None = None
        self._poked = asyncio.Event()
        self._timer, self._at = Timer("", 0, 0, runs=False, pace=1, marks=()), 0.0
        self._is_closing = False
        self.is_over = False
        self.told: Told | None = None

    async def watch(self) -> None:
        """Look at the room until the page closes, and once more then, so that nobody misses the end."""
        is_last = False
        while not is_last:
            is_last = self._is_closing
            try:
                await self.refresh()
            except Exception as error:  # noqa: BLE001 - one look that fails must not end all those after it
                self._fault(error)
            if not self._is_closing:
                self._poked.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._poked.wait(), LOOK)
        self.is_over = True
        self._wake()

    async def refresh(self) -> Told:
        """Look at the room, and tell every listener what is new; return how it stands, also where that can wait."""
        moment, at = await self._look(), time.monotonic()
        self._timer, self._at = moment.timer, at
        told = self.told
        if told and told.is_so_still(moment, at):
            if told.is_the_same(moment):
                return told
            if at - told.at < CALM:
                return self._drawn(moment, at)
        self.told = self._drawn(moment, at)
        self._wake()
        return self.told

    def _drawn(self, moment: Moment, at: float) -> Told:
        return Told(moment, self._draw("_stage.html", moment), self._draw("_lines.html", moment), at)

    def _wake(self) -> None:
        if self._changed:
            self._changed.set_result(None)
            self._changed = None

    def poke(self) -> None:
        """Look again at once: somebody did something on a phone."""
        self._poked.set()

    def stop(self) -> None:
        """Let every listener go."""
        self._is_closing = True
        self._poked.set()

    def timer(self) -> Timer:
        """Return the time as it is now."""
        return passed(self._timer, time.monotonic() - self._at)

    def beat(self) -> bytes:
        """Return the time alone: a sign of life, and what a page sets its clock by."""
        return f"event: time\ndata: {json.dumps(self.timer()._asdict())}\n\n".encode()

    async def change(self, gone: asyncio.Future[None], seconds: float) -> None:
        """Wait until there is something else to tell, a page is gone, or so many seconds have passed."""
        if self._changed is None:
            self._changed = asyncio.get_running_loop().create_future()
        await asyncio.wait((self._changed, gone), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)


class Stream:
    """Server-sent events to one page; one that takes them slowly is told the latest, and nothing is kept for it."""

    def __init__(self, board: Board, person: str, beat_seconds: float) -> None:
        """Tell one person what is on the board, and every so many seconds what time it is."""
        self._board = board
        self._person = person
        self._beat_seconds = beat_seconds

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Tell how it stands, and then what is new, until the page is gone or the session."""
        first = await self._board.refresh()
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.ensure_future(_left(receive))
        try:
            await _send(send, b"retry: 2000\n\n")
            await self._tell(send, gone, first)
            await _send(send, b"", more=False)
        finally:
            gone.cancel()

    async def _tell(self, send: Send, gone: asyncio.Future[None], now: Told) -> None:
        board, before = self._board, None
        while not gone.done():
            told = board.told
            await _send(send, now.message(self._person, board.timer(), before))
            while board.told is told and not gone.done():
                if board.is_over:
                    return
                await board.change(gone, self._beat_seconds)
                if board.told is told and not board.is_over:
                    await _send(send, board.beat())
            before, now = now, board.told or now


async def _send(send: Send, content: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": more})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
