"""What stands before every request: whom it is meant for, where it comes from, how much it may hold, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reflect.session.page import door
from reflect.session.page.address import Place

if TYPE_CHECKING:
    from starlette.requests import Request

LARGEST = 64 * 1024
"""Bytes of one form; the longest answer takes a third of it."""

FORM = "application/x-www-form-urlencoded"

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self';"
        " base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Stopped(Exception):
    """A request that goes no further, with its status and the sentence that says why."""

    def __init__(self, status: int, why: str, headers: Mapping[str, str] | None = None) -> None:
        """Say why."""
        super().__init__(why)
        self.status = status
        self.why = why
        self.headers = headers or {}


Refusal = Callable[[Scope, Stopped], Response]
"""Makes the page that says why a request went no further."""


class Guard:
    """Lets through what a page of ours sends to this address; everything that leaves says that nothing keeps it."""

    def __init__(self, app: ASGIApp, place: Place, is_over: Callable[[], bool], refusal: Refusal) -> None:
        """Stand before an app, until it is over."""
        self._app = app
        self._place = place
        self._is_over = is_over
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if message["status"] >= 400:
                    headers["Connection"] = "close"  # whatever else is still coming in on it
            await send(message)

        try:
            self._check(scope)
        except Stopped as stopped:
            await self._refusal(scope, stopped)(scope, receive, sent)
            return
        await self._app(scope, receive, sent)

    def _check(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        if not door.is_our_host(headers, self._place.host):
            raise Stopped(403, "This page opens at its own address only.")
        if self._is_over() and not scope["path"].startswith("/page."):
            raise Stopped(410, "The session has ended.")
        if scope["method"] in ("GET", "HEAD"):
            if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
                raise Stopped(400, "A page is asked for without anything else.")
            return
        if scope["method"] != "POST":
            raise Stopped(405, "This page takes forms and nothing else.", {"Allow": "GET, HEAD, POST"})
        if not door.is_our_origin(headers, self._place.origin):
            raise Stopped(403, "This form was not sent by a page of this session.")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
            raise Stopped(415, "This page takes forms and nothing else.")
        if not headers.get("content-length", "0").isdecimal() or int(headers.get("content-length", "0")) > LARGEST:
            raise Stopped(413, "That is more than one answer can hold.")


async def form(request: Request, seconds: float) -> dict[str, str]:
    """Return the fields of a form; one that is too large or too slow goes no further."""
    content = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                content += piece
                if len(content) > LARGEST:
                    raise Stopped(413, "That is more than one answer can hold.")
    except TimeoutError:
        raise Stopped(408, "That took too long to arrive.") from None
    try:
        return dict(parse_qsl(content.decode("ascii"), keep_blank_values=True, max_num_fields=20, encoding="utf-8"))
    except ValueError:
        raise Stopped(400, "This is not a form of ours.") from None


class Limits(NamedTuple):
    """How much of the page one device, or all of them together, may take up."""

    connections: int = 800
    from_one: int = 200
    """Connections from one device."""
    request_seconds: float = 10
    """Until a request has come in whole."""
    send_seconds: float = 30
    """Until a device has taken what it was sent."""
    beat_seconds: float = 10
    """Between two signs of life to a page that listens."""
