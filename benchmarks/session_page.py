"""Measures the page for phones: two hundred that join and write, how far its clock is off, and memory over two hours.

Run by itself with `python -m benchmarks.session_page`, or as a part of `make bench`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from benchmarks.processes import Ratio

if TYPE_CHECKING:
    from reflect.session.page.serve import Page
    from reflect.session.room import Room

PHONES = 200
SPREAD = 60.0
"""Seconds within which all phones join, and then within which all of them write."""

WORDS = "Nobody asked the carers whether a Tuesday evening suits them, and we all knew that it does not. " * 2
NOW = datetime(2026, 11, 20, 16).astimezone()

_WRITE = 1
"""Index of the step of a check-in in which people write."""


def saves(times: int, phones: int = PHONES, spread: float = SPREAD) -> Ratio:
    """Compare the p95 of a saved answer with that of a Starlette route that does one durable insert."""
    ratios = []
    for seed in range(times):
        with _bare_route() as port:
            floor = _p95(_phones("route", port, "", phones, spread, seed))
        with _held() as (_, page):
            ours = _p95(_phones("page", page.place.port, page.code, phones, spread, seed))
        print(f"  p95 of a saved answer: {ours:.1f} ms, of the bare route {floor:.1f} ms", file=sys.stderr)
        ratios.append(ours / floor)
    return Ratio(median(ratios), min(ratios), max(ratios), times)


def _p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1] * 1000


def _phones(what: str, port: int, code: str, phones: int, spread: float, seed: int) -> list[float]:
    """Let phones join and write from a process of their own; return the seconds each waited for "saved"."""
    command = [sys.executable, "-m", "benchmarks.session_page", "--phones", what, str(port), code or "-"]
    done = subprocess.run([*command, str(phones), str(spread), str(seed)], capture_output=True, check=True, text=True)
    return list(json.loads(done.stdout))


# -- the two things compared ---------------------------------------------------------------------


@contextmanager
def _held(times: float = 1, **limits: float) -> Iterator[tuple[Room, Page]]:
    """Hold a check-in that writes, with its page open, as a host does who looks at the screen."""
    from reflect.session import plans, room
    from reflect.session.pace import Pace
    from reflect.session.page.guard import Limits
    from reflect.session.page.serve import Page

    plan = plans.read(plans.shipped()["check-in"])
    asked = {step.id: plans.Question("What is on your mind?", ()) for step in plan.step}
    with tempfile.TemporaryDirectory() as folder, room.team(Path(folder), NOW) as group:
        here = room.begin(group, plan, asked, NOW, people=PHONES, minutes=600, seed="bench")
        pace = Pace(NOW, times)
        with Page(here, pace, "127.0.0.1", limits=Limits(**limits)) as page, _watched(here, pace):
            here.do("start", pace.now())
            here.do("jump", pace.now(), step=_WRITE)
            yield here, page


@contextmanager
def _watched(here: Room, pace: object) -> Iterator[None]:
    """Do what a host's screen does meanwhile: look four times a second, and say each second that somebody is there."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.25):
            here.tick(pace.now())
            here.view(pace.now())

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


@contextmanager
def _bare_route() -> Iterator[int]:
    """Serve one route that puts a form's words durably into a file, and nothing else."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request  # noqa: TC002 - a route is told by it
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    from benchmarks.by_hand import sql

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bare.db"
        sql.connect(file).execute("CREATE TABLE answer (id INTEGER PRIMARY KEY, words TEXT)")
        connections = []

        async def save(request: Request) -> PlainTextResponse:
            if not connections:
                connections.append(sql.connect(file))  # in the thread of the loop
            connections[0].execute("INSERT INTO answer (words) VALUES (?)", [(await request.body()).decode()])
            return PlainTextResponse("saved")

        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            app = Starlette(routes=[Route("/save", save, methods=["POST"])])
            server = uvicorn.Server(uvicorn.Config(app, loop="asyncio", http="h11", log_config=None, access_log=False))
            serving = threading.Thread(target=server.run, args=([listening],))
            serving.start()
            while not server.started:
                time.sleep(0.01)
            yield listening.getsockname()[1]
            server.should_exit = True
            serving.join()


# -- the phones, in a process of their own ----------------------------------------------------------


async def _crowd(what: str, port: int, code: str, phones: int, spread: float, seed: int) -> list[float]:
    chance = random.Random(seed)
    at = [(chance.uniform(0, spread), spread + 1 + chance.uniform(0, spread)) for _ in range(phones)]
    begun = time.perf_counter()
    one = _to_the_page if what == "page" else _to_the_route
    return await asyncio.gather(*(one(port, code, begun + join, begun + write) for join, write in at))


async def _to_the_route(port: int, _code: str, _join: float, write: float) -> float:
    await _until(write)
    start = time.perf_counter()
    answer = await _ask(port, "/save", {"words": WORDS})
    assert answer.startswith("HTTP/1.1 200"), answer[:200]
    return time.perf_counter() - start


async def _to_the_page(port: int, code: str, join: float, write: float) -> float:
    """Join, listen to what changes as a page does, and write."""
    await _until(join)
    token = re.search('name="token" value="([^"]*)"', await _ask(port, f"/j/{code}"))
    assert token
    own = f"/p/{token[1]}"
    joined = await _ask(port, "/join", {"code": code, "token": token[1], "name": ""})
    assert joined.startswith("HTTP/1.1 303"), joined[:200]
    key = re.search('id="answer".*?name="key" value="([^"]*)"', await _ask(port, own), re.DOTALL)
    assert key
    async with _listening(port, f"{own}/live"):
        await _until(write)
        start = time.perf_counter()
        fields = {"words": WORDS, "key": key[1], "step": str(_WRITE), "for": "room"}
        saved = await _ask(port, f"{own}/write", fields)
        took = time.perf_counter() - start
        assert saved.startswith("HTTP/1.1 200"), saved[:200]
        assert "Saved" in saved
    return took


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


async def _ask(port: int, path: str, fields: dict[str, str] | None = None) -> str:
    """Ask over a connection of its own, as a phone does that was quiet for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = urlencode(fields) if fields is not None else ""
    head = f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    if fields is not None:
        head += f"Origin: http://127.0.0.1:{port}\r\nAccept: application/json\r\n"
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}\r\n{body}".encode())
    answer = await reader.read()
    writer.close()
    return answer.decode()


class _listening:  # noqa: N801 - read as a word: async with _listening(...)
    """Takes in whatever the laptop tells, as long as the block lasts."""

    def __init__(self, port: int, path: str) -> None:
        self._port, self._path = port, path

    async def __aenter__(self) -> None:
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(f"GET {self._path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
        self._taking = asyncio.create_task(_take(reader))

    async def __aexit__(self, *_: object) -> None:
        self._taking.cancel()
        self._writer.close()


async def _take(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        pass


# -- the clock, and memory ----------------------------------------------------------------------------


def drift(looks: int = 60) -> Ratio | None:
    """Return by how many milliseconds the page's own count differed from the host's word; None without a browser."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        return None
    from playwright.sync_api import sync_playwright

    found: list[float] = []
    with _held(beat_seconds=0.5) as (_, page), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page()
        tab.goto(page.link)
        tab.get_by_role("button", name="Join").click()
        tab.locator("#clock[data-drift]").wait_for()
        for _ in range(looks):
            tab.evaluate("document.getElementById('clock').removeAttribute('data-drift')")
            tab.locator("#clock[data-drift]").wait_for()
            found.append(abs(float(tab.get_attribute("#clock", "data-drift") or 0)))
        browser.close()
    return Ratio(median(found), min(found), max(found), looks)


def memory() -> Ratio | None:
    """Compare what a host's process holds after two hours with what it held after twenty minutes, in fast time."""
    if not Path("/proc/self/statm").exists():
        return None
    command = [sys.executable, "-m", "benchmarks.session_page", "--two-hours"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    held = list(json.loads(done.stdout))
    ratio = held[-1] / held[1]
    return Ratio(ratio, ratio, ratio, 1)


def _two_hours() -> list[int]:
    """Hold two hours in fast time, with phones that listen and write; return kilobytes after each ten minutes."""
    times, tens, phones = 200, 12, 20
    held = []
    with _held(times) as (here, page):
        port = page.place.port
        crowd = threading.Thread(target=lambda: asyncio.run(_busy(port, page.code, phones, tens * 600 / times)))
        crowd.start()
        for _ in range(tens):
            end = time.monotonic() + 600 / times
            while time.monotonic() < end:
                for key in ("next", "undo", "pause", "go"):
                    here.do(key, page._desk.pace.now())  # noqa: SLF001 - a host would hold the pace
                time.sleep(0.1)
            held.append(_resident())
        crowd.join()
    return held


async def _busy(port: int, code: str, phones: int, seconds: float) -> None:
    """Let phones listen and each write and take back an answer now and then, for so many seconds."""
    until = time.perf_counter() + seconds
    with suppress(ConnectionError):
        await asyncio.gather(*(_one_busy(port, code, until) for _ in range(phones)))


async def _one_busy(port: int, code: str, until: float) -> None:
    token = re.search('name="token" value="([^"]*)"', await _ask(port, f"/j/{code}"))
    assert token
    own = f"/p/{token[1]}"
    await _ask(port, "/join", {"code": code, "token": token[1], "name": ""})
    async with _listening(port, f"{own}/live"):
        while time.perf_counter() < until:
            await asyncio.sleep(2.5)
            await _ask(
                port, f"{own}/write", {"words": WORDS, "key": "the same key", "step": str(_WRITE), "for": "room"}
            )


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def every(times: int, *, spread: float = SPREAD) -> Iterator[tuple[str, str, float, Ratio]]:
    """Yield each goal: what, against what, at most, and what was found."""
    within = f"{PHONES} phones that join and write within {spread:g} seconds each"
    yield (
        f"p95 of a saved answer, {within}",
        "a Starlette route with one durable insert",
        3.0,
        saves(times, spread=spread),
    )
    if found := drift():
        yield "difference between the page's clock and the host's", "a millisecond", 100.0, found
    if found := memory():
        yield "memory of a host with 20 phones after two hours", "after twenty minutes", 1.1, found


def main() -> None:
    """Measure and tell, or be the phones that are measured."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.session_page", description=__doc__)
    options.add_argument("--quick", action="store_true", help="once, and all within ten seconds")
    options.add_argument("--phones", nargs=6, help=argparse.SUPPRESS)
    options.add_argument("--two-hours", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.phones:
        what, port, code, phones, spread, seed = given.phones
        took = asyncio.run(_crowd(what, int(port), code, int(phones), float(spread), int(seed)))
        print(json.dumps(took))
    elif given.two_hours:
        print(json.dumps(_two_hours()))
    else:
        rows = every(1, spread=10) if given.quick else every(5)
        for what, against, goal, found in rows:
            span = f"{found.lowest:.2f} to {found.highest:.2f}"
            print(f"{what}, times {against}: {found.median:.2f} ({span}), goal {goal:g}")


if __name__ == "__main__":
    main()
