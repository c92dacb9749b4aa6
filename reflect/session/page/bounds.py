"""Bounds on connections: how many there are, and how slowly one may come or go. The host's own files come first."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from reflect.session.page.guard import Limits

_OTHER_FILES = 200
"""Files that the group, the screen and the rest may need; phones never get at these."""


class Bounded(H11Protocol):
    """One connection, dropped when it keeps us waiting for a request or does not take its answer."""

    limits: ClassVar[Limits]
    from_each: ClassVar[Counter[str]]
    _coming: asyncio.TimerHandle | None = None
    _going: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, if there are not too many."""
        super().connection_made(transport)
        self.from_each[self._theirs] += 1
        if self._is_too_many():
            transport.write(_BUSY)
            transport.close()
        else:
            self._coming = self.loop.call_later(self.limits.request_seconds, self._too_slow)

    @property
    def _theirs(self) -> str:
        return self.client[0] if self.client else ""

    def _is_too_many(self) -> bool:
        if len(self.connections) > self.limits.connections:
            return True
        is_this_laptop = self.server is not None and self._theirs == self.server[0]
        return self.from_each[self._theirs] > self.limits.from_one and not is_this_laptop

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self.from_each[self._theirs] -= 1
        if not self.from_each[self._theirs]:
            del self.from_each[self._theirs]
        self._stop_coming()
        self._stop_going()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; a request that has only begun has so long to come in whole."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_coming()
        elif self._coming is None and not self.transport.is_closing():
            self._coming = self.loop.call_later(self.limits.request_seconds, self._too_slow)

    def pause_writing(self) -> None:
        """Wait for a device to take what it was sent, and not for ever."""
        super().pause_writing()
        self._going = self.loop.call_later(self.limits.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it was taken."""
        super().resume_writing()
        self._stop_going()

    def _stop_coming(self) -> None:
        if self._coming:
            self._coming.cancel()
            self._coming = None

    def _stop_going(self) -> None:
        if self._going:
            self._going.cancel()
            self._going = None

    def _too_slow(self) -> None:
        self.transport.write(_SLOW)
        self.transport.close()


def bounded(limits: Limits) -> type[Bounded]:
    """Return the protocol of one server, with its limits and its own count."""
    return type("Bounded", (Bounded,), {"limits": _possible(limits), "from_each": Counter()})


def _possible(limits: Limits) -> Limits:
    """Return the limits with no more connections than this process may open; it asks for as many as it needs first."""
    try:
        import resource
    except ImportError:  # not on this system, which sets no such limit
        return limits
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + _OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return limits
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return limits._replace(connections=max(1, soft - _OTHER_FILES))


def _bare(status: str, why: str) -> bytes:
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(why)}\r\n"
        f"Cache-Control: no-store\r\nConnection: close\r\n\r\n{why}"
    ).encode()


_BUSY = _bare("429 Too Many Requests", "Too many connections. Try again in a moment.\n")
_SLOW = _bare("408 Request Timeout", "That took too long to arrive.\n")
