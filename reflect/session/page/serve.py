"""Serves the page from a thread of its own, beside the host's screen, with bounds on what any device can take up."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import uvicorn

from reflect.errors import ReflectError
from reflect.session.pace import Pace
from reflect.session.page import address, door
from reflect.session.page.app import Desk, page_app
from reflect.session.page.bounds import bounded
from reflect.session.page.guard import Limits
from reflect.session.room import Room

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_LAST_SECONDS = 2
"""How long phones have to hear that it is over."""


class Page:
    """The page of one room, open for as long as the block it stands in."""

    def __init__(self, room: Room, pace: Pace, at: str = "", port: int = 0, *, limits: Limits | None = None) -> None:
        """Take an address of this laptop, the likeliest where none is given; what can't be had is refused here."""
        self._listening = address.listen(address.chosen(at), port)
        self.place = address.place(self._listening)
        self.code = room.code()
        self._desk = Desk(room, pace, self.place, limits or Limits())
        self._served = Served(page_app(self._desk), self._listening, self._desk.limits)

    @property
    def link(self) -> str:
        """Return what the QR code leads to: address and code in one."""
        return f"{self.place.origin}/j/{self.code}"

    @property
    def short(self) -> str:
        """Return the address as people type it."""
        return self.place.host

    @property
    def shown_code(self) -> str:
        """Return the code as people type it."""
        return door.shown(self.code)

    def qr(self, *, ink_is_light: bool = True) -> tuple[str, ...]:
        """Return the QR code as lines of text blocks."""
        return address.qr(self.link, ink_is_light=ink_is_light)

    def sentences(self) -> tuple[str, ...]:
        """Return what the host reads out."""
        return (
            f"Phones join at {self.short} with the code {self.shown_code}.",
            "Nothing leaves this network; words cross it unencrypted, which the page says.",
        )

    @property
    def faults(self) -> tuple[Exception, ...]:
        """Return what went wrong inside the page; empty unless reflect has a fault."""
        return tuple(self._desk.faults)

    def __enter__(self) -> Self:
        """Open the page."""
        self._served.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell the phones, and close the page."""
        self._served.call(self._desk.board.stop)
        self._served.__exit__(kind, error, trace)
        self._desk.close()


class Served:
    """An app on a socket, served from a thread with a loop of its own."""

    def __init__(self, app: ASGIApp, listening: socket.socket, limits: Limits | None = None) -> None:
        """Make ready; nothing is answered before the block begins."""
        self._listening = listening
        self._server = _Server(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=bounded(limits or Limits()),
                ws="none",
                lifespan="on",
                log_config=None,  # what people ask for stands in no log
                log_level=logging.CRITICAL + 1,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=_LAST_SECONDS,
            )
        )
        self._thread = threading.Thread(target=self._run, name="page for phones", daemon=True)

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        self._server.is_up.wait()
        if not self._server.started:
            raise ReflectError("the page for phones did not open", next_step="go on without it; paper is fine")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop answering; requests that hang are cut off."""
        self._server.should_exit = True
        self._thread.join(_LAST_SECONDS + 5)
        self._listening.close()

    def call(self, work: Callable[[], object]) -> None:
        """Do something in the loop's own thread."""
        loop = self._server.loop
        if loop and loop.is_running():
            loop.call_soon_threadsafe(work)

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listening])
        finally:
            self._server.is_up.set()


class _Server(uvicorn.Server):
    """Says when it is up, and to whom to turn."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(lambda *_: None)  # a phone that goes away is no news, least of all on a screen
        await super().startup(sockets)
        self.is_up.set()
