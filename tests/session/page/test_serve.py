"""The page beside the host's screen: opened, closed, silent, and killed twenty times."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Self

import pytest

from reflect.errors import Busy
from reflect.group import Group
from reflect.session import room
from reflect.session.pace import Pace
from reflect.session.page import address, door
from reflect.session.page.address import Place
from reflect.session.page.serve import Page
from tests.conftest import UNMEASURED
from tests.people import WHEN
from tests.session import rooms
from tests.session.page.conftest import Handset, Hold, Host, Listener, ask

KILLS, PHONES = 20, 4


class TestPage:
    """The page as whoever holds the session sees it."""

    def test_says_where_it_is(self, host: Host) -> None:
        """Address, code, link and QR code are all for one address and port."""
        assert host.page.short == host.place.host
        assert host.page.link == f"{host.place.origin}/j/{host.page.code}"
        assert host.page.qr() == address.qr(host.page.link)
        said = " ".join(host.page.sentences())
        assert host.page.short in said
        assert host.page.shown_code in said
        assert "unencrypted" in said

    def test_a_closed_page_answers_nobody(self, host: Host) -> None:
        """When the host leaves, the port is free at once."""
        host.page.__exit__(None, None, None)
        with pytest.raises(ConnectionRefusedError):
            host.ask("/")
        address.listen(host.place.address, host.place.port).close()

    def test_a_taken_port_is_refused_before_anything_opens(self, host: Host) -> None:
        """A second page at the same port is refused by name."""
        with pytest.raises(Busy):
            Page(host.room, host.pace, "127.0.0.1", host.place.port)

    def test_says_nothing_on_the_terminal(self, hold: Hold, capfd: pytest.CaptureFixture[str]) -> None:
        """Whatever is asked, nothing reaches the screen or a log: no address of a page, no word."""
        host = hold()
        host.to(rooms.WRITE)
        phone = host.phone("Joel")
        phone.write("a word")
        host.ask("/nowhere")
        with socket.create_connection((host.place.address, host.place.port)) as line:
            line.sendall(b"nonsense\r\n\r\n")
            line.recv(100)
        host.page.__exit__(None, None, None)
        assert capfd.readouterr() == ("", "")

    def test_screen_and_phones_at_once(self, host: Host) -> None:
        """The host's keys and the phones' answers never get in each other's way."""
        phones = [host.phone() for _ in range(4)]
        refused: list[object] = []

        def write(phone: Handset) -> None:
            """Write ten answers."""
            for number in range(10):
                answer = phone.write(f"answer {number}")
                if answer.status != 200:
                    refused.append(answer)

        threads = [threading.Thread(target=write, args=(phone,)) for phone in phones]
        for each in threads:
            each.start()
        while any(each.is_alive() for each in threads):
            host.do("more", amount=30)
            host.do("undo")
            host.room.tick(host.pace.now())
        assert refused == []
        assert [len(host.words(each)) for each in phones] == [10] * 4
        before = host.room.state
        again = room.reopen(host.room.group, host.pace.now())
        assert (again.state.place, again.state.people) == (before.place, before.people)


def test_faults_are_kept_for_the_host(tmp_path: Path, founded: Path) -> None:
    """A fault of ours inside the page answers 500, tells no detail, and is kept for the host to see."""
    with rooms.a_group(tmp_path / "home") as group:
        here = rooms.opened(group, clock=rooms.Clock())
        with Page(here, Pace(WHEN, 1), "127.0.0.1") as page:
            page._desk.agreed = None  # type: ignore[assignment]
            answer = ask(page.place, "/")
        assert answer.status == 500
        assert "NoneType" not in answer.body
        assert any("NoneType" in str(each) for each in page.faults)


def test_one_look_that_fails_does_not_end_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the room can't be looked at once, pages hear of what comes after."""
    with rooms.a_group(tmp_path / "home") as group:
        here = rooms.opened(group, clock=rooms.Clock())
        pace = Pace(WHEN, 1)
        with Page(here, pace, "127.0.0.1") as page:
            host = Host(here, pace, page)
            with Listener(host.phone()) as listener:
                listener.until(lambda _: True)
                with monkeypatch.context() as patched:
                    patched.setattr(page._desk, "look", None)
                    while not page.faults:
                        pass
                here.do("start", pace.now())
                assert listener.until(lambda found: found["phase"] == "running")


@pytest.mark.parametrize("module", ["reflect.session.page.address", "reflect.session.room", "reflect.cli.session"])
def test_nothing_of_the_page_is_loaded_before_it_opens(module: str) -> None:
    """Whoever holds a session without phones never loads a web server."""
    heavy = ("starlette", "uvicorn", "segno", "h11")
    code = f"import sys, {module}; print(*(each for each in {heavy} if each in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


class TestKills:
    """A host that is killed, again and again, while phones write."""

    def test_nothing_called_saved_is_missing(self, tmp_path: Path) -> None:
        """Row 85: after twenty kills in one session every answer that was shown as saved stands, and stands once."""
        with rooms.a_group(tmp_path / "home") as group:
            here = rooms.opened(group, clock=rooms.Clock())
            phones = [door.token() for _ in range(PHONES)]
            for token in phones:
                here.arrive(WHEN, person=here.phone(token).person, joined=True)
            here.do("start", WHEN)
            here.do("jump", WHEN, step=rooms.WRITE)
            place = _free_place()
            with _Writers(place, phones) as writers, _hosts(group.folder, place.port) as zygote:
                chance = random.Random(20)
                for _ in range(KILLS):
                    host = zygote.next()
                    writers.wait_for(chance.randint(1, 5))
                    os.kill(host, signal.SIGKILL)
                writers.is_over = True
                last = zygote.next()
            os.kill(last, signal.SIGKILL)
        with Group(group.folder, WHEN) as group:
            again = room.reopen(group, WHEN)
            for token in phones:
                stands = [each.words for each in again.mine(again.phone(token).contributor)]
                assert len(stands) == len(set(stands))
                assert set(writers.saved[token]) <= set(stands)
            assert sum(map(len, writers.saved.values())) >= KILLS


class _Writers:
    """Phones that write one answer after another, each sent again under its key until it is said to be saved."""

    def __init__(self, place: Place, tokens: list[str]) -> None:
        self.saved: dict[str, list[str]] = {token: [] for token in tokens}
        self.is_over = False
        self._one_more = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._write, args=(Handset(place, token),)) for token in tokens]

    def __enter__(self) -> Self:
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over = True
        for each in self._threads:
            each.join()

    def wait_for(self, many: int) -> None:
        """Wait until so many more answers were said to be saved."""
        for _ in range(many):
            assert self._one_more.acquire(timeout=60), "no answer is saved any more"

    def _write(self, phone: Handset) -> None:
        for number in range(45):
            words, key = f"answer {number} of {phone.token}", door.token()
            while not self._is_saved(phone, words, key):
                if self.is_over:
                    return
            self.saved[phone.token].append(words)
            self._one_more.release()

    @staticmethod
    def _is_saved(phone: Handset, words: str, key: str) -> bool:
        try:
            answer = phone.write(words, key=key)
        except (OSError, ValueError, HTTPException):
            return False
        return answer.status == 200 and "Saved" in answer.json["said"]


@contextmanager
def _hosts(folder: Path, port: int) -> Iterator[_Zygote]:
    command = [sys.executable, "-m", "tests.session.page.killed", str(folder), str(port)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | UNMEASURED
    ) as process:
        yield _Zygote(process)
        assert process.stdin
        process.stdin.close()


class _Zygote:
    """Makes one host after another."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def next(self) -> int:
        """Make a host; return its process id once its page answers."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        up, pid = self._process.stdout.readline().split()
        assert up == "up"
        return int(pid)


def _free_place() -> Place:
    with address.listen("127.0.0.1") as listening:
        return address.place(listening)
