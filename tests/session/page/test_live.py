"""What listening pages are told, and when; slow ones keep nobody waiting."""

from __future__ import annotations

import socket

from reflect.session.page.guard import Limits
from tests.session import rooms
from tests.session.page.conftest import Hold, Host, Listener


def test_everything_at_once_then_changes(host: Host) -> None:
    """Whoever begins to listen is told how it stands, and then each key the host presses."""
    with Listener(host.phone()) as listener:
        assert listener.answer.headers["Content-Type"].startswith("text/event-stream")
        first = listener.until(lambda _: True)
        assert first["write"] == rooms.WRITE
        assert "What did we take for granted this month?" in first["html"]
        host.do("jump", step=rooms.TALK)
        later = listener.until(lambda found: found["write"] == -1)
        assert "Open talk" in later["html"]
        assert later["news"]["step"] != first["news"]["step"]


def test_whoever_comes_is_told_how_it_stands(host: Host) -> None:
    """The first thing a phone hears knows of it, though what others hear of a count can wait a second."""
    for _ in range(5):
        with Listener(host.phone()) as listener:
            assert listener.until(lambda _: True)["mine"]["here"]


def test_one_s_own_turn(host: Host) -> None:
    """Each phone hears of its own turn, and is told that it is its own."""
    joel, priya = host.phone("Joel"), host.phone("Priya")
    with Listener(joel) as one, Listener(priya) as other:
        host.do("jump", step=rooms.ROUND)
        for _ in range(3):
            host.do("next")
        at_turn = one if host.room.people()[3].id == host.ids(joel).person else other
        assert at_turn.until(lambda found: found["mine"]["turn"])["mine"]["tell"][1] == "It is your turn."


def test_counts_are_told_too(host: Host) -> None:
    """How many are ready and how many answers wait reaches every page soon."""
    one, other = host.phone(), host.phone()
    with Listener(other) as listener:
        one.send("ready", ready="yes")
        assert "1 of 4 ready." in listener.until(lambda found: "of 4 ready" in found["html"])["html"]
        one.write("words")
        listener.until(lambda found: "1 answer is hidden" in found["html"])


def test_reveal(host: Host) -> None:
    """Words reach other phones when the host reveals them, and not before."""
    one, other = host.phone(), host.phone()
    one.write("nobody asked the carers")
    with Listener(other) as listener:
        assert "carers" not in listener.until(lambda _: True)["lines"]
        host.do("jump", step=rooms.VOICE)
        assert "carers" in listener.until(lambda found: "lines" in found)["lines"]
        host.do("next")
        assert "lines" not in listener.until(lambda found: "voiced" in found["html"])


def test_sign_of_life(hold: Hold) -> None:
    """When nothing changes, the time is told now and then, so that a page can set its clock."""
    host = hold(limits=Limits(beat_seconds=0.05))
    host.to(rooms.WRITE)
    with Listener(host.phone()) as listener:
        left = [listener.until(lambda _: True, "time")["left"] for _ in range(3)]
        assert left == sorted(left, reverse=True)


def test_the_end_is_told(host: Host) -> None:
    """When the session closes, every page hears it."""
    with Listener(host.phone()) as listener:
        listener.until(lambda _: True)
        host.close()
        assert listener.until(lambda found: found["phase"] == "closed")["write"] == -1


def test_listeners_are_let_go_when_the_page_closes(host: Host) -> None:
    """When the host goes away, nothing hangs: the stream ends."""
    with Listener(host.phone()) as listener:
        listener.until(lambda _: True)
        host.page.__exit__(None, None, None)
        assert list(listener.events()) == []


def test_who_takes_nothing_is_let_go(hold: Hold) -> None:
    """Row 80: a phone that listens and never reads stops neither the host nor the others, and is dropped."""
    host = hold(limits=Limits(send_seconds=0.3))
    host.to(rooms.WRITE)
    writer, deaf = host.phone(), host.phone()
    host.page._listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
    for number in range(6):
        writer.write(f"{number} " + "long words " * 300)
    with socket.socket() as line, Listener(writer) as listener:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(30)
        line.connect((host.place.address, host.place.port))
        line.sendall(f"GET {deaf.path}/live HTTP/1.1\r\nHost: {host.place.host}\r\n\r\n".encode())
        server = host.page._served._server.server_state
        wide = iter(range(1_000))
        while len(server.connections) > 1 or next(wide) < 3:
            host.do("jump", step=(rooms.VOICE, rooms.WRITE)[next(wide) % 2])
            listener.until(lambda _: True)
    assert writer.page()


def test_nobody_misses_the_end(host: Host) -> None:
    """Row 84: when session and page close in one breath, every page that listens still hears that it is over."""
    with Listener(host.phone()) as listener:
        listener.until(lambda _: True)
        host.close()
        host.page.__exit__(None, None, None)
        assert listener.until(lambda found: found["phase"] == "closed")
