"""The host's screen, driven key by key; what stands on it is compared with pictures in signs."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from textual.pilot import Pilot

from reflect.group import Group
from reflect.session import room
from reflect.session.pace import Pace
from reflect.session.plain import CUES
from reflect.session.screen import HostScreen
from tests.session.rooms import CHECK_IN, ROUND, STORIES, Clock, ended, opened, started, to_step

GOLDEN = Path(__file__).parent / "golden"


class Still(Pace):
    """A pace that goes by the clock of the test."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock."""
        super().__init__(clock.now, 0)
        self._clock = clock

    def now(self):
        """Return the test's moment."""
        return self._clock.now


Steps = Callable[[HostScreen, Pilot[None]], Awaitable[None]]


def held(
    here: room.Room,
    clock: Clock,
    steps: Steps,
    *,
    size: tuple[int, int] = (80, 24),
    cues: frozenset[str] = CUES,
) -> HostScreen:
    """Hold a session on a screen, doing these steps; return the screen as it was left."""
    screen = HostScreen(here, Still(clock), cues=cues)

    async def run() -> None:
        async with screen.run_test(size=size) as pilot:
            await steps(screen, pilot)

    with ThreadPoolExecutor(1) as thread:  # a browser of other tests has a loop of its own in this one
        thread.submit(asyncio.run, run()).result()
    return screen


def seen(screen: HostScreen) -> str:
    """Return what stands on the screen, line by line."""
    lines = ("".join(part.text for part in strip) for strip in screen.screen._compositor.render_strips())
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def compare(picture: str, name: str) -> None:
    """Compare a screen with its picture; REFLECT_WRITE_GOLDEN=1 takes it anew."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("REFLECT_WRITE_GOLDEN"):
        path.write_text(picture, encoding="utf-8")
    assert picture == path.read_text(encoding="utf-8")


async def pass_time(screen: HostScreen, clock: Clock, pilot: Pilot[None], seconds: float) -> None:
    """Let time go by, and the screen look at its clock."""
    clock.after(seconds)
    screen._look()
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_round_as_a_host_sees_it(group: Group, clock: Clock, size: tuple[int, int]) -> None:
    """REQ-50: time, whose turn it is, who is next, the question with its parts, hint and keys stand on 80 by 24."""
    here = started(group, clock=clock)
    to_step(here, clock, ROUND)
    pictures = []

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pass_time(screen, clock, pilot, 17)
        pictures.append(seen(screen))

    held(here, clock, steps, size=size)
    compare(pictures[0], f"round-{size[0]}")
    for needed in (
        "What did we take for granted",
        "pause",
        "next",
        "pass",
        "undo",
        "left",
        "close for now",
        "turn 1 of 4",
    ):
        assert needed in pictures[0]


def test_whom_to_turn_to_stands_with_a_care_note(group: Group, clock: Clock) -> None:
    """REQ-13: the group's contact for support stands below the care note."""
    group.amend(support="Mo at the hub")
    here = started(group, STORIES, clock=clock)
    to_step(here, clock, ROUND)
    pictures = []

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pilot.pause()
        pictures.append(seen(screen))

    held(here, clock, steps)
    lines = [line.strip() for line in pictures[0].splitlines()]
    assert lines[lines.index("You may stop at any time.") + 1] == "For support: Mo at the hub"


def test_arriving_with_what_the_last_session_left(group: Group, clock: Clock) -> None:
    """REQ-39: before the start stand who is here and what the last session left."""
    first = started(group, clock=clock)
    first.say("missing", "the night shift")
    ended(first, clock)
    pictures = []

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pilot.pause()
        pictures.append(seen(screen))

    held(opened(group, clock=clock), clock, steps)
    compare(pictures[0], "arriving")
    assert "Who wasn't there: the night shift" in pictures[0]


def test_keys(group: Group, clock: Clock) -> None:
    """Each key does what it says: pause, next, pass, more, less, undo."""
    here = started(group, clock=clock)
    to_step(here, clock, ROUND)
    first = here.view(clock.now).speaker

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pilot.press("space")
        assert here.view(clock.now).phase == "paused"
        assert "(paused)" in seen(screen)
        await pilot.press("space")
        assert here.view(clock.now).phase == "running"
        left = here.view(clock.now).clock.turn_left
        await pilot.press("plus")
        assert here.view(clock.now).clock.turn_left == left + 30
        await pilot.press("minus")
        assert here.view(clock.now).clock.turn_left == left
        await pilot.press("n")
        second = here.view(clock.now).speaker
        assert second != first
        await pilot.press("u")
        assert here.view(clock.now).speaker == first
        await pilot.press("p")
        assert here.view(clock.now).speaker == second
        await pilot.press("m")
        assert "we will finish at" in seen(screen)
        await pilot.press("q")

    held(here, clock, steps)
    assert here.view(clock.now).phase == "away"


def test_an_action_is_typed(group: Group, clock: Clock) -> None:
    """REQ-46: a key opens a line with its first word; what is wrong with it is said, and nothing is lost."""
    here = started(group, clock=clock)

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pilot.press("o", *"Ring them / Len", "enter")
        await pilot.pause()
        assert "owner and a day" in seen(screen)
        await pilot.press("o", *"Ring them / Len / 27/11/2026", "enter")
        await pilot.pause()
        assert "Noted for Len, by 27 November 2026." in seen(screen)
        await pilot.press("slash", *"fly", "enter")
        await pilot.pause()
        assert "does nothing here" in seen(screen)
        await pilot.press("w", "escape")

    held(here, clock, steps)
    assert [each.owner for each in here.actions() if each.state == "open"] == ["Len"]


@pytest.mark.parametrize("cues", [CUES, frozenset({"sight"}), frozenset({"words"}), frozenset({"bell"}), frozenset()])
def test_the_end_of_a_turn_is_told_gently(group: Group, clock: Clock, cues: frozenset[str]) -> None:
    """The end of a turn is told by sight, bell and words, each of which can be switched off."""
    here = started(group, CHECK_IN, clock=clock)
    to_step(here, clock, 2)
    rung = []

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        screen.bell = lambda: rung.append(True)  # type: ignore[method-assign]
        await pass_time(screen, clock, pilot, 20)
        for _ in range(3):
            await pass_time(screen, clock, pilot, 25)
        assert ("is over" in seen(screen)) is ("words" in cues)
        assert screen.query_one("#now").has_class("ending") is ("sight" in cues)

    held(here, clock, steps, cues=cues)
    assert bool(rung) is ("bell" in cues)


def test_signs_from_people_do_nothing(group: Group, clock: Clock) -> None:
    """Names and words with markup or escapes stand on the screen as they are, harmless."""
    here = opened(group, clock=clock, names=("[red]Len[/]", "Amara\x1b[2J"))

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pilot.pause()
        assert "[red]Len[/]" in seen(screen)
        assert "\x1b" not in seen(screen)

    held(here, clock, steps)


def test_q_leaves_before_the_start(group: Group, clock: Clock) -> None:
    """Whoever closes it for now before anybody came can take it up again, not yet started."""
    here = opened(group, clock=clock)

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pilot.press("q")
        await pilot.pause()
        assert not screen.is_running

    held(here, clock, steps)
    assert room.reopen(group, clock.after(60)).view(clock.now).phase == "arriving"


def test_a_screen_that_is_left_closes_for_now(group: Group, clock: Clock) -> None:
    """However the screen ends, the session stays open and can be resumed at the same second."""
    here = started(group, clock=clock)

    async def steps(screen: HostScreen, pilot: Pilot[None]) -> None:
        await pass_time(screen, clock, pilot, 20)

    held(here, clock, steps)
    left = here.view(clock.now).clock.session_left
    again = room.reopen(group, clock.after(7200))
    assert again.view(clock.now).clock.session_left == left
