"""What a phone shows at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.session.page import stage
from reflect.session.page.live import Told, passed
from reflect.session.page.stage import Moment, Timer
from reflect.session.room import Room
from tests.people import WHEN
from tests.session import rooms


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A session that writes quietly."""
    with rooms.a_group(tmp_path_factory.mktemp("stage") / "home") as group:
        clock = rooms.Clock()
        made = rooms.started(group, clock=clock)
        made.do("jump", clock.now, step=rooms.WRITE)
        yield made


class TestTimer:
    """The time that runs, to the millisecond."""

    @given(st.integers(0, 29_999))
    def test_tells_the_same_second_as_the_screen(self, room: Room, milliseconds: int) -> None:
        """Rounded up, what the page counts from is what the host's screen shows, at any moment."""
        now = WHEN + timedelta(milliseconds=milliseconds)
        timer = stage.look(room, now, 1).timer
        assert timer.left == 120_000 - milliseconds
        assert -(-timer.left // 1000) == room.view(now).clock.step_left

    @given(st.integers(0, 10**7), st.floats(0, 10**4), st.floats(0, 100), st.booleans())
    def test_never_below_nothing(self, left: int, seconds: float, pace: float, runs: bool) -> None:  # noqa: FBT001
        """It stops at nothing, and stands still when the session does."""
        timer = Timer("step", left, left, runs=runs, pace=pace, marks=())
        later = passed(timer, seconds)
        assert 0 <= later.left <= left
        assert later == timer or runs

    def test_is_told_in_words(self, room: Room) -> None:
        """The time left is said at a minute and at the end, as on the host's side."""
        marks = dict(stage.look(room, WHEN, 1).timer.marks)
        assert set(marks) == {60, 0}
        assert marks[60] == "1 minute left."

    def test_each_sort_of_time(self, tmp_path: Path) -> None:
        """A turn, a half in pairs and a step each have their own; nothing runs before the start or in a pause."""
        with rooms.a_group(tmp_path / "home") as group:
            clock = rooms.Clock()
            made = rooms.opened(group, clock=clock)
            assert stage.look(made, clock.now, 1).timer.of == ""
            made.do("start", clock.now)
            for step, of, left in ((rooms.SETTLE, "step", 60), (rooms.ROUND, "turn", 120), (rooms.PAIRS, "half", 120)):
                made.do("jump", clock.now, step=step)
                timer = stage.look(made, clock.now, 1).timer
                assert (timer.of, timer.left, timer.whole, timer.runs) == (of, left * 1000, left * 1000, True)
            rooms.wait(made, clock, 130)
            second = stage.look(made, clock.now, 1)
            assert (second.timer.of, second.timer.left, second.news["half"][1][:11]) == ("half", 110_000, "Change over")
            made.do("pause", clock.now)
            assert not stage.look(made, clock.now, 1).timer.runs


class TestMoment:
    """What everybody sees, and what is one's own."""

    def test_parts_and_source(self, room: Room) -> None:
        """The question stands with its step and its length."""
        shown = stage.look(room, WHEN, 1).stage
        assert (shown.place, shown.heading, shown.length) == ("Step 2 of 10", "Write quietly", "2 minutes.")
        assert shown.question == "What did we take for granted this month?"

    def test_every_part_of_a_question(self, room: Room) -> None:
        """A compound question shows every part (REQ-59), on phones too."""
        for step in room.course.agenda.steps:
            if len(step.question.parts) > 1:
                with room.lock:
                    room.do("jump", WHEN, step=room.course.agenda.steps.index(step))
                    shown = stage.look(room, WHEN, 1).stage
                    assert all(part in shown.parts or part in shown.question for part in step.question.parts)
                    room.do("undo", WHEN)

    def test_no_hint_for_the_host(self, room: Room) -> None:
        """What is meant for the host stays on the host's screen."""
        shown = str(stage.look(room, WHEN, 1))
        assert not any(hint in shown for step in room.course.agenda.steps for hint in step.hints)

    def test_nobody_is_told_who_another_is(self, room: Room) -> None:
        """What one phone is sent holds no id of anybody, and who is ready is one's own to see (REQ-41)."""
        people = room.people()
        room.do("ready", WHEN, who=people[0].id)
        moment = stage.look(room, WHEN, 1)
        sent = {each.id: Told(moment, "", "", 0).message(each.id, moment.timer).decode() for each in people}
        assert not any(each.id in message for each in people for message in sent.values())
        assert '"ready": true' in sent[people[0].id]
        assert '"ready": true' not in sent[people[1].id]
        room.do("unready", WHEN, who=people[0].id)

    def test_turns(self, tmp_path: Path) -> None:
        """One person has the word and one is next; the key of the turn is another one after each pass."""
        with rooms.a_group(tmp_path / "home") as group:
            clock = rooms.Clock()
            made = rooms.started(group, clock=clock)
            made.do("jump", clock.now, step=rooms.ROUND)
            keys = []
            for _ in range(8):
                moment = stage.look(made, clock.now, 1)
                own = {each.id: stage.mine(moment, each.id) for each in made.people()}
                assert sum(each.turn for each in own.values()) == 1
                assert [each.tell[1] for each in own.values() if each.turn] == [stage.YOUR_TURN]
                assert sum(each.next for each in own.values()) == (moment.following != "")
                keys.append(moment.turn)
                made.do("pass", clock.now)
            assert len(set(keys)) == 8


def test_still_the_same_while_time_runs(room: Room) -> None:
    """A page that counts by itself is told nothing while nothing but the time changes, and at once when it jumps."""
    first = stage.look(room, WHEN, 1)
    told = Told(first, "", "", 100.0)
    later = stage.look(room, WHEN + timedelta(seconds=5), 1)
    assert told.is_so_still(later, 105.0)
    assert told.is_the_same(later)
    assert not told.is_so_still(later, 103.0)
    assert not told.is_so_still(_paused(later), 105.0)


def _paused(moment: Moment) -> Moment:
    return moment._replace(timer=moment.timer._replace(runs=False))
