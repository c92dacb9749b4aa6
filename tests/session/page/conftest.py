"""A session with its page open on loopback, phones that speak HTTP to it, and Chromium."""

from __future__ import annotations

import html
import http.client
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import pytest

from reflect.group import Group
from reflect.session import room
from reflect.session.pace import Pace
from reflect.session.page import door
from reflect.session.page.address import Place
from reflect.session.page.guard import Limits
from reflect.session.page.serve import Page
from reflect.session.plans import Plan
from reflect.session.room import Room
from reflect.session.values import Phone as Ids
from tests.people import WHEN
from tests.session import rooms


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> dict[str, str]:
        """The body as the page's script reads it."""
        return json.loads(self.body)

    def field(self, name: str, *, after: str = "") -> str:
        """The value of a hidden field, the first one after some text."""
        found = re.search(f'name="{name}"[^>]* value="([^"]*)"', self.body[self.body.index(after) :])
        assert found, f"no field {name} in {self.body}"
        return html.unescape(found[1])


def ask(place: Place, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
    """Ask as a browser would: a page, or with fields a form sent from a page of ours."""
    sent = {"Origin": place.origin} if fields is not None else {}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection(place.address, place.port, timeout=30)
    try:
        if fields is None:
            connection.request("GET", path, headers=sent)
        else:
            sent = {"Content-Type": "application/x-www-form-urlencoded"} | sent
            connection.request("POST", path, urlencode(fields), sent)
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
    finally:
        connection.close()


@dataclass
class Handset:
    """A phone that has joined."""

    place: Place
    token: str

    @property
    def path(self) -> str:
        """Its page."""
        return f"/p/{self.token}"

    def page(self) -> str:
        """What it shows."""
        answer = ask(self.place, self.path)
        assert answer.status == 200
        return answer.body

    def send(self, what: str, **fields: str) -> Answer:
        """Send a form as the page's script does."""
        return ask(self.place, f"{self.path}/{what}", fields, Accept="application/json")

    def write(self, words: str, *, step: int = rooms.WRITE, key: str = "", **fields: str) -> Answer:
        """Save an answer; with `fields` such as {"for": "group"}."""
        return self.send("write", words=words, step=str(step), key=key or door.token(), **fields)


class Listener:
    """A page that listens to what the laptop tells it."""

    def __init__(self, phone: Handset) -> None:
        """Begin to listen."""
        self._connection = http.client.HTTPConnection(phone.place.address, phone.place.port, timeout=30)
        self._connection.request("GET", f"{phone.path}/live")
        self.answer = self._connection.getresponse()

    def __enter__(self) -> Self:
        """Listen as long as the block lasts."""
        return self

    def __exit__(self, *_: object) -> None:
        """Go away."""
        self.answer.close()
        self._connection.close()

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each event: its name, and what it holds."""
        name = ""
        while line := self.answer.readline().decode():
            if line.startswith("event: "):
                name = line[7:].strip()
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])

    def until(self, is_wanted: Callable[[dict[str, Any]], bool], name: str = "now") -> dict[str, Any]:
        """The first event of a name that is as wanted."""
        return next(found for said, found in self.events() if said == name and is_wanted(found))


@dataclass
class Host:
    """The host's side: the room, and the page beside it."""

    room: Room
    pace: Pace
    page: Page
    handsets: list[Handset] = field(default_factory=list)

    @property
    def place(self) -> Place:
        """Where the page is."""
        return self.page.place

    def do(self, what: str, **said: object) -> None:
        """Press a key."""
        self.room.do(what, self.pace.now(), **said)  # type: ignore[arg-type]

    def to(self, step: int) -> None:
        """Begin, if it has not begun, and go to a step."""
        self.do("start")
        self.do("jump", step=step)

    def close(self) -> None:
        """End the session for good."""
        self.room.say("no-action", "we only listened today")
        self.room.close(self.pace.now())

    def ask(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
        """Ask the page for something."""
        return ask(self.place, path, fields, **headers)

    def phone(self, name: str = "") -> Handset:
        """Let a phone join."""
        form = self.ask(f"/j/{self.page.code}")
        token = form.field("token")
        joined = self.ask("/join", {"code": self.page.code, "token": token, "name": name})
        assert joined.status == 303, joined.body
        assert joined.headers["location"] == f"/p/{token}"
        return Handset(self.place, token)

    def ids(self, phone: Handset) -> Ids:
        """The two ids of a phone."""
        return self.room.phone(phone.token)

    def words(self, phone: Handset) -> list[str]:
        """What stands of a phone's answers, in the order of the alphabet."""
        return sorted(each.words for each in self.room.mine(self.ids(phone).contributor))


Hold = Callable[..., Host]


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a group in it, made once: making its key takes longest."""
    home = tmp_path_factory.mktemp("founded") / "home"
    rooms.a_group(home).__exit__(None, None, None)
    return home


@pytest.fixture
def hold(tmp_path: Path, founded: Path) -> Iterator[Hold]:
    """Open a session with its page; whatever goes wrong inside the page fails the test."""
    home = shutil.copytree(founded, tmp_path / "home")
    group = Group(next(iter((home / "groups").iterdir())), WHEN)
    with group, ExitStack() as stack:
        hosts: list[Host] = []

        def open_one(
            plan: Plan = rooms.PLAN,
            *,
            limits: Limits | None = None,
            names: tuple[str, ...] = ("Amara", "Len"),
            times: float = 1,
        ) -> Host:
            pace = Pace(WHEN, times)
            here = rooms.opened(group, plan, clock=rooms.Clock(pace.now()), names=names)
            hosts.append(Host(here, pace, stack.enter_context(Page(here, pace, "127.0.0.1", limits=limits))))
            return hosts[-1]

        yield open_one
    assert [fault for host in hosts for fault in host.page.faults] == []


@pytest.fixture
def host(hold: Hold) -> Host:
    """A session that takes answers, with its page."""
    made = hold()
    made.to(rooms.WRITE)
    return made


def resumed(host: Host) -> Room:
    """Take the same session up in this process, as after a crash."""
    return room.reopen(host.room.group, host.pace.now())
