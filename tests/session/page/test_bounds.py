"""How much of the laptop any device can take up."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import ExitStack, closing

from reflect.session.page.guard import Limits
from tests.session import rooms
from tests.session.page.conftest import Hold, Host


def line(host: Host, come_from: str = "127.0.0.1") -> socket.socket:
    """A connection that says nothing yet."""
    return socket.create_connection((host.place.address, host.place.port), timeout=30, source_address=(come_from, 0))


def test_too_many_connections(hold: Hold) -> None:
    """Row 80: beyond the limit a connection is refused as such; the host's keys work all the while."""
    host = hold(limits=Limits(connections=12, request_seconds=300))
    with ExitStack() as stack:
        for _ in range(12):
            stack.enter_context(closing(line(host)))
        late = stack.enter_context(closing(line(host)))
        assert late.recv(4096).startswith(b"HTTP/1.1 429")
        host.to(rooms.WRITE)
        assert host.room.view(host.pace.now()).step == rooms.WRITE


def test_two_hundred_idle_sockets(hold: Hold) -> None:
    """Row 80: two hundred sockets that say nothing keep neither the host nor another phone from going on."""
    host = hold(limits=Limits(request_seconds=300))
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(closing(line(host, "127.0.0.2")))
        assert stack.enter_context(closing(line(host, "127.0.0.2"))).recv(4096).startswith(b"HTTP/1.1 429")
        host.to(rooms.WRITE)
        phone = host.phone()
        assert phone.write("in spite of them").status == 200
        assert host.words(phone) == ["in spite of them"]


def test_who_says_nothing_is_dropped(hold: Hold) -> None:
    """Row 80: a connection on which no request comes, or half of one, is closed with a word why."""
    host = hold(limits=Limits(request_seconds=0.2))
    for begun in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n"):
        with closing(line(host)) as silent:
            silent.sendall(begun)
            assert silent.recv(4096).startswith(b"HTTP/1.1 408")
            assert silent.recv(4096) == b""


def test_half_a_second_request_is_dropped(hold: Hold) -> None:
    """Row 80: on a connection that was answered before, too."""
    host = hold(limits=Limits(request_seconds=0.2))
    with closing(line(host)) as slow:
        found = bytearray()
        slow.sendall(f"GET /page.css HTTP/1.1\r\nHost: {host.place.host}\r\n\r\n".encode())
        while not found.endswith(b"}\n"):
            found += slow.recv(65_536)
        assert found.startswith(b"HTTP/1.1 200")
        slow.sendall(b"GET /page")
        assert slow.recv(4096).startswith(b"HTTP/1.1 408")


def test_garbage(hold: Hold) -> None:
    """What is no HTTP at all is refused, and the next one is answered."""
    host = hold()
    for bytes_sent in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"\x00" * 5000 + b"\r\n\r\n", b"GET / HTTP/9\r\n\r\n"):
        with closing(line(host)) as odd:
            odd.sendall(bytes_sent)
            assert odd.recv(4096).startswith(b"HTTP/1.1 400")
    assert host.ask("/").status == 200


def test_endless_headers(hold: Hold) -> None:
    """Row 80: a request whose head never ends is cut off."""
    host = hold()
    with closing(line(host)) as wide:
        wide.sendall(b"GET / HTTP/1.1\r\n" + b"X-A: " + b"a" * 200_000)
        assert wide.recv(4096).startswith((b"HTTP/1.1 400", b"HTTP/1.1 431"))


def test_files_are_left_for_the_host() -> None:
    """Row 80: where a process may open few files, phones get what is left, so that saving never lacks one."""
    code = """
import resource
from reflect.session.page.bounds import bounded
from reflect.session.page.guard import Limits
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 500))
print(bounded(Limits(connections=800)).limits.connections, *resource.getrlimit(resource.RLIMIT_NOFILE))
print(bounded(Limits(connections=100)).limits.connections)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["300", "500", "500", "100"]
