"""Where phones find the page: which address of this laptop, its QR code, and whether it can be reached at all."""

from __future__ import annotations

import contextlib
import errno
import http.client
import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reflect.errors import Busy, NotFound, ReflectError, Refused

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

PORT = 8400
"""Where the page is unless the host says otherwise; the same each time, so that phones find a resumed session."""

_FAR = ("192.0.2.1", "10.255.255.255", "192.168.255.255", "172.31.255.255")
"""Places on the usual kinds of network. Nothing is sent: the question is only which of our addresses would be used."""

INSTEAD = (
    "Make a hotspot with a phone, let laptop and phones join it, and check again.",
    "Guest Wi-Fi often keeps its devices apart; ask for the other network, or take a router of your own.",
    "A firewall on this laptop may stop it; let it take in connections on this port.",
    "Phones are not needed: leave --join out, write on paper, and type who is there.",
)
"""What to do when phones can't reach this laptop."""


class Place(NamedTuple):
    """An address of this laptop, and a port."""

    address: str
    port: int

    @property
    def host(self) -> str:
        """Return what a browser calls it."""
        named = f"[{self.address}]" if ":" in self.address else self.address
        return named if self.port == 80 else f"{named}:{self.port}"

    @property
    def origin(self) -> str:
        """Return how every link to it begins."""
        return f"http://{self.host}"


def own() -> tuple[str, ...]:
    """Return this laptop's addresses, the likeliest first: private ones by which it reaches a network."""
    found: list[str] = []
    for far in _FAR:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((far, 9))
            except OSError:
                continue
            found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):  # a laptop need not know its own name
        found += [str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    there = [each for each in dict.fromkeys(found) if not ipaddress.ip_address(each).is_unspecified]
    return tuple(sorted(there, key=_rank))


def _rank(address: str) -> int:
    known = ipaddress.ip_address(address)
    if known.is_loopback:
        return 3
    if known.is_link_local:
        return 2
    return 0 if known.is_private else 1


def chosen(address: str = "") -> str:
    """Return the address the host picked; left out, the likeliest one of a private network."""
    named = address.strip()
    if named.lower() in ("", "auto"):
        return _likeliest()
    try:
        known = ipaddress.ip_address(named)
    except ValueError:
        raise Refused(
            f"{address!r} is no address",
            why="the page opens at one numbered address of this laptop",
            next_step=f"take {_listed()}",
        ) from None
    if known.is_unspecified or known.is_multicast:
        raise Refused(
            f"{known} is not one address",
            why="the page opens at one address, and never at all of them",
            next_step=f"take {_listed()}",
        )
    return str(known)


def _likeliest() -> str:
    fitting = [each for each in own() if _rank(each) == 0]
    if not fitting:
        raise NotFound(
            "this laptop is on no private network",
            why=f"it has {_listed()}",
            next_step="join a Wi-Fi or make a hotspot, or name the address yourself",
        )
    return fitting[0]


def _listed() -> str:
    return " or ".join(own()) or "an address once this laptop is on a network"


def listen(address: str, port: int = 0) -> socket.socket:
    """Return a socket that takes in connections at this address and no other.

    Port 0 is our usual one, or any other where that is taken.
    """
    try:
        return _bound(address, port or PORT)
    except Busy:
        if port:
            raise
        return _bound(address, 0)


def _bound(address: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
        made.listen(512)
    except OSError as error:
        made.close()
        raise _meaning(error, address, port) from None
    return made


def _meaning(error: OSError, address: str, port: int) -> ReflectError:
    if error.errno == errno.EADDRINUSE:
        return Busy(f"port {port} is taken", why="another program listens there", next_step="choose another --port")
    if error.errno == errno.EACCES:
        return Refused(f"port {port} is not ours to take", next_step=f"choose one above 1023, such as {PORT}")
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return NotFound(f"{address} is not an address of this laptop", next_step=f"take {_listed()}")
    return Refused(f"nothing can listen at {address}", why=error.strerror or str(error), next_step=f"take {_listed()}")


def place(listening: socket.socket) -> Place:
    """Return where a socket listens."""
    name = listening.getsockname()
    return Place(str(name[0]), int(name[1]))


def qr(link: str, *, ink_is_light: bool = True) -> tuple[str, ...]:
    """Return a link as a QR code of text blocks, two rows of it a line.

    On a dark screen the light parts are printed, on a light one (`ink_is_light` false) the
    dark ones. In capitals a link takes a smaller code; ours is found in capitals, too.
    """
    import segno

    drawn = segno.make(link.upper() if link.lower() == link else link, error="m", micro=False)
    rows = [[bool(dark) != ink_is_light for dark in row] for row in drawn.matrix_iter(border=2)]
    rows += [[ink_is_light] * len(rows[0])] * (len(rows) % 2)
    signs = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    return tuple("".join(signs[pair] for pair in zip(*rows[at : at + 2], strict=True)) for at in range(0, len(rows), 2))


class Checked(NamedTuple):
    """What was found at an address."""

    address: str
    port: int
    link: str
    """What to open on a phone."""
    own: tuple[str, ...]
    """All addresses of this laptop, the likeliest first."""
    answers: bool
    """Whether this laptop's own request came back."""
    reached: bool | None
    """Whether another device opened it; None where nobody was waited for."""
    remarks: tuple[str, ...]
    instead: tuple[str, ...]
    """What to do instead; empty when a phone got through."""


Show = Callable[[str, Sequence[str]], None]
"""Shows a link and its QR code while a phone is waited for."""


def check(address: str = "", port: int = 0, *, wait: float = 0, show: Show | None = None) -> Checked:
    """Try an address before anybody comes: take it, ask it ourselves, and wait some seconds for a phone to open it."""
    from reflect.session.page.serve import Served

    listening = listen(chosen(address), port)
    here = place(listening)
    knocks = _Knocks(here.address)
    with Served(knocks, listening):
        answers = _answers(here)
        reached = None
        if wait and answers:
            if show:
                show(here.origin, qr(here.origin))
            reached = knocks.came.wait(wait)
    return Checked(
        address=here.address,
        port=here.port,
        link=here.origin,
        own=own(),
        answers=answers,
        reached=reached,
        remarks=tuple(_remarks(here, answers=answers, reached=reached)),
        instead=() if reached else INSTEAD,
    )


def _remarks(here: Place, *, answers: bool, reached: bool | None) -> list[str]:
    known = ipaddress.ip_address(here.address)
    said = [f"The page can open at {here.origin}." if answers else f"Nothing answers at {here.origin}."]
    if known.is_loopback:
        said.append("This address is this laptop's alone: no phone can open it.")
    elif known.is_global:
        said.append("This address may be open to the internet: take one of a private network if there is one.")
    if reached:
        said.append("A phone opened it: phones can join here.")
    elif reached is False:
        said.append("No phone opened it. What to do instead:")
    elif not answers or known.is_loopback:
        said.append("What to do instead:")
    else:
        said.append("Whether a phone gets through, only a phone can tell: wait for one with --wait 60.")
        said.append("If it can't open the page:")
    return said


class _Knocks:
    """A page that says it was found, and remembers whether another device found it."""

    def __init__(self, own_address: str) -> None:
        self.came = threading.Event()
        self._own = own_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.responses import PlainTextResponse

        if scope["type"] != "http":
            return
        if scope["client"] and scope["client"][0] != self._own:
            self.came.set()
        words = "This phone can reach the laptop. You can close this page.\n"
        await PlainTextResponse(words, headers={"Cache-Control": "no-store"})(scope, receive, send)


def _answers(here: Place) -> bool:
    asked = http.client.HTTPConnection(here.address, here.port, timeout=5)
    try:
        asked.request("GET", "/")
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()
