"""What a host types, and what it does in the room."""

from __future__ import annotations

import pytest

from reflect.errors import NotFound, Refused, Usage
from reflect.group import Group
from reflect.session import host
from reflect.session.host import Act
from reflect.session.room import Room
from tests.session.rooms import ACTIONS, CLOSE, EMPTY_CHAIR, ROUND, Clock, opened, started, to_step


@pytest.fixture
def here(group: Group, clock: Clock) -> Room:
    """A session in its first round."""
    made = started(group, clock=clock)
    to_step(made, clock, ROUND)
    return made


def do(room: Room, clock: Clock, typed: str) -> str:
    """Do what is typed, a second later."""
    return host.do(room, host.read(typed), clock.after(1))


@pytest.mark.parametrize(
    ("typed", "act"),
    [
        ("", Act("next")),
        ("n", Act("next")),
        ("next", Act("next")),
        (" ", Act("pause")),
        ("pause", Act("pause")),
        ("+", Act("more")),
        ("+30", Act("more")),
        ("U", Act("undo")),
        ("s 2", Act("shorten", number=2)),
        ("who  the night shift", Act("missing", "the night shift")),
        ("offer Ring them / Len / friday", Act("offer", "Ring them", "Len", "friday")),
        ("offer Ring them", Act("offer", "Ring them")),
        ("kept 1 it went well", Act("kept", "it went well", number=1)),
    ],
)
def test_typed(typed: str, act: Act) -> None:
    """Each word stands for one act; Enter is next, a space is pause."""
    assert host.read(typed) == act


@pytest.mark.parametrize("typed", ["fly", "s", "s two", "offer", "kept now", "e 9999"])
def test_typed_in_vain(typed: str) -> None:
    """What does nothing is refused with what would do."""
    with pytest.raises(Usage) as refused:
        host.read(typed)
    assert refused.value.next_step


def test_every_word_is_done(here: Room, clock: Clock) -> None:
    """No word is only listed: each is one of the room's keys, or has an act of its own."""
    from reflect.session.room import KEYS

    known = {*KEYS, *host._DOES}
    assert {each.what for each in host.WORDS.values()} <= known


def test_next_begins_goes_on_and_gives_the_word(group: Group, clock: Clock) -> None:
    """The one key starts a session, takes up a paused one, and gives the word to the next person."""
    room = opened(group, clock=clock)
    do(room, clock, "n")
    assert room.view(clock.now).phase == "running"
    do(room, clock, "pause")
    assert room.view(clock.now).phase == "paused"
    do(room, clock, "n")
    assert room.view(clock.now).phase == "running"
    to_step(room, clock, ROUND)
    first = room.view(clock.now).speaker
    do(room, clock, "n")
    assert room.view(clock.now).speaker != first
    do(room, clock, "u")
    assert room.view(clock.now).speaker == first


def test_half_a_minute(here: Room, clock: Clock) -> None:
    """Plus and minus give and take thirty seconds of the present turn."""
    before = here.view(clock.now).clock.turn_left
    assert do(here, clock, "+")
    assert here.view(clock.now).clock.turn_left == before + 30 - 1
    do(here, clock, "-")
    assert here.view(clock.now).clock.turn_left == before - 2


def test_late_and_what_to_shorten(here: Room, clock: Clock) -> None:
    """REQ-50: on overrun the host takes one of the offers by its number, or the room agrees to more time."""
    for _ in range(20):
        here.tick(clock.after(20))
    late = here.view(clock.now).clock.late
    assert late
    assert "instead of" in do(here, clock, "s 1")
    assert here.view(clock.now).clock.late < late
    do(here, clock, "e 20")
    assert here.view(clock.now).clock.late == 0
    with pytest.raises(NotFound, match="number 7"):
        do(here, clock, "s 7")


def test_people_come_and_go(here: Room, clock: Clock) -> None:
    """Somebody who comes late is seated, somebody who leaves has no more turns; a name nobody has is refused."""
    assert do(here, clock, "here Dilys") == "Dilys is here."
    assert [each.name for each in here.people()][-1] == "Dilys"
    do(here, clock, "gone dilys")
    assert "Dilys" not in [each.name for each in here.people()]
    with pytest.raises(NotFound, match="nobody here"):
        do(here, clock, "gone Otter")


def test_offered_is_nobodys_before_it_is_accepted(here: Room, clock: Clock) -> None:
    """REQ-46: an offer without a name stays proposed; with a name and a day it is theirs, with their limits."""
    to_step(here, clock, ACTIONS)
    assert "nobody's" in do(here, clock, "offer Ring the carers")
    assert do(here, clock, "offer Write to the carers / Len / 27/11/2026") == "Noted for Len, by 27 November 2026."
    do(here, clock, "limits len / not before Wednesday")
    second, first = here.actions()
    assert (first.state, first.owner) == ("proposed", "")
    assert (second.state, second.owner, second.limits, second.limits_shared) == (
        "open",
        "Len",
        "not before Wednesday",
        False,
    )
    with pytest.raises(Refused, match="owner and a day"):
        do(here, clock, "offer Something / Len")


def test_what_the_room_says(here: Room, clock: Clock) -> None:
    """REQ-39, REQ-52: who isn't here, what is promised, whether people felt heard and what they learnt are kept."""
    to_step(here, clock, EMPTY_CHAIR)
    do(here, clock, "who the night shift")
    do(here, clock, "promise Ask them / Priya / 30/11/2026")
    to_step(here, clock, CLOSE)
    do(here, clock, "heard mostly")
    do(here, clock, "learnt to wait")
    do(here, clock, "none we only listened")
    assert here.said() == {
        "missing": "the night shift",
        "heard": "mostly",
        "learnt": "to wait",
        "no-action": "we only listened",
    }
    assert [each.sort for each in here.actions()] == ["empty-chair"]


def test_earlier_actions_are_settled(group: Group, clock: Clock) -> None:
    """What the last session left is settled by its number, and none of it is a failure."""
    first = started(group, clock=clock)
    do(first, clock, "offer Ring them / Len / 27/11/2026")
    do(first, clock, "close")
    assert [home.actions[0].text for home in first.takeaways.values()] == ["Ring them"]
    second = started(group, clock=clock)
    assert do(second, clock, "dropped 1 it was no longer needed") == "Ring them: dropped."
    with pytest.raises(NotFound, match="earlier action 5"):
        do(second, clock, "kept 5 so")
