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

    def __init__(self, moment: Moment, html: str, at: float) -> None:
        """Keep a moment as it was at `at`, in seconds of a clock that only goes on."""
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

    def message(self, person: str, timer: Timer) -> bytes:
        """Return all of it for one person, with the time as it is now."""
        own = json.dumps({"mine": stage.mine(self.moment, person)._asdict(), "timer": timer._asdict()})
        return f"event: now\ndata: {own[:-1]}, {self._shared}}}\n\n".encode()

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

    def __init__(self, look: Look, draw: Callable[[Moment], str], fault: Callable[[Exception], None]) -> None:
        """Look at a room, and draw what everybody sees of it."""
        self._look = look
        self._draw = draw
        self._fault = fault
        self._changed: asyncio.Future[None] | None = None
        self._poked = asyncio.Event()
        self._timer, self._at = Timer("", 0, 0, runs=False, pace=1, marks=()), 0.0
        self.is_over = False
        self.told: Told | None = None

    async def watch(self) -> None:
        """Look at the room until the page closes."""
        while not self.is_over:
            try:
                await self.refresh()
            except Exception as error:  # noqa: BLE001 - one look that fails must not end all those after it
                self._fault(error)
            self._poked.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._poked.wait(), LOOK)

    async def refresh(self) -> None:
        """Look at the room, and tell every listener what is new."""
        moment, at = await self._look(), time.monotonic()
        self._timer, self._at = moment.timer, at
        told = self.told
        if told and told.is_so_still(moment, at) and (at - told.at < CALM or told.is_the_same(moment)):
            return
        self.told = Told(moment, self._draw(moment), at)
        self._wake()

    def _wake(self) -> None:
        if self._changed:
            self._changed.set_result(None)
            self._changed = None

    def poke(self) -> None:
        """Look again at once: somebody did something on a phone."""
        self._poked.set()

    def stop(self) -> None:
        """Let every listener go."""
        self.is_over = True
        self._poked.set()
        self._wake()

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
        """Tell what is new until the page is gone, or the session."""
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.ensure_future(_left(receive))
        try:
            await _send(send, b"retry: 2000\n\n")
            await self._tell(send, gone)
            await _send(send, b"", more=False)
        finally:
            gone.cancel()

    async def _tell(self, send: Send, gone: asyncio.Future[None]) -> None:
        board, told = self._board, None
        while not gone.done():
            if board.told is not told and board.told is not None:
                told = board.told
                await _send(send, told.message(self._person, board.timer()))
            elif board.is_over:
                return
            else:
                await board.change(gone, self._beat_seconds)
                if board.told is told and not board.is_over:
                    await _send(send, board.beat())


async def _send(send: Send, content: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": content, "more_body": more})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
