"""A session line by line, and from a script."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflect.errors import Refused, Usage
from reflect.group import Group
from reflect.session import plain, room, script
from reflect.session.host import Act
from reflect.session.pace import Pace
from reflect.session.plain import Hand
from reflect.session.room import Room, View
from tests.session.rooms import CHECK_IN, ROUND, STORIES, Clock, opened


class Played:
    """A hand that does one act after another, with so many seconds between them."""

    def __init__(self, *acts: Act | float) -> None:
        """Take acts, and seconds to let go by."""
        self._left = list(acts)

    def act(self, pace: Pace, view: View, most: float) -> Act | None:  # noqa: ARG002 - a script needs the view
        """Return the next act, or let time pass."""
        if not self._left:
            return Act("away")
        first = self._left[0]
        if isinstance(first, Act):
            return self._left.pop(0) and first
        gone = min(most, first)
        self._left[0] = first - gone
        if not self._left[0]:
            self._left.pop(0)
        pace.leap(gone)
        return None


def held(here: Room, hand: Hand, clock: Clock, **how: object) -> list[str]:
    """Hold a session without waiting, and return what was said."""
    said: list[str] = []
    plain.hold(here, hand, Pace(clock.now, 0), said.append, **how)  # type: ignore[arg-type]
    return said


def test_time_is_told_at_five_three_one_and_none(group: Group, clock: Clock) -> None:
    """In plain mode the time is told at 5, 3, 1 and 0 minutes, in words, once each."""
    said = held(opened(group, clock=clock), Played(Act("start"), Act("jump", number=5), 400.0), clock)
    told = [line for line in said if " left." in line or "is over" in line]
    assert told == [
        "3 minutes left.",
        "1 minute left.",
        "The time of this step is over; come to an end when you can.",
    ]


def test_no_words_where_they_are_switched_off(group: Group, clock: Clock) -> None:
    """Each cue can be switched off: without words nothing tells the time."""
    here = opened(group, clock=clock)
    said = held(here, Played(Act("start"), 300.0), clock, cues=frozenset({"sight"}))
    assert not [line for line in said if " left." in line or "is over" in line]


def test_turns_are_said_and_nobody_is_named_late(group: Group, clock: Clock) -> None:
    """REQ-50: each turn is said with who is next; that a time is over is said to nobody by name (REQ-41)."""
    here = opened(group, CHECK_IN, clock=clock)
    said = held(here, Played(Act("start"), Act("next"), Act("next"), 200.0, Act("pass"), Act("next")), clock)
    turns = [line for line in said if "has the word" in line]
    assert len(turns) == 3
    assert " Then " in turns[0]
    over = [line for line in said if "is over" in line]
    assert over
    assert not any(name in line for line in over for name in ("Amara", "Len", "Priya", "Joel"))


def test_whom_to_turn_to_is_said_with_a_care_note(group: Group, clock: Clock) -> None:
    """REQ-13: each care note comes with the group's contact for support, before the question."""
    group.amend(support="Mo at the hub")
    here = opened(group, STORIES, clock=clock)
    said = held(here, Played(Act("start"), Act("jump", number=ROUND + 1)), clock)
    at = said.index("You may stop at any time.")
    assert said[at + 1 : at + 3] == ["For support: Mo at the hub", "What did we take for granted this month?"]
    assert said.count("For support: Mo at the hub") == 1


def test_a_care_note_stands_alone_where_there_is_no_contact(group: Group, clock: Clock) -> None:
    """A group that named nobody has the care note alone."""
    said = held(opened(group, STORIES, clock=clock), Played(Act("start"), Act("jump", number=ROUND + 1)), clock)
    assert "You may stop at any time." in said
    assert not [line for line in said if "support" in line]


def test_what_cannot_be_done_is_said_and_it_goes_on(group: Group, clock: Clock) -> None:
    """A word that can't be done now is answered with why, and the session stands."""
    said = held(opened(group, clock=clock), Played(Act("start"), Act("close"), Act("next")), clock)
    assert any("can't be closed yet" in line for line in said)
    assert any(line.startswith("Step 2 of") for line in said)


def test_it_can_be_left_before_the_start(group: Group, clock: Clock) -> None:
    """Whoever closes it for now before anybody came can take it up again, not yet started."""
    said = held(opened(group, clock=clock), Played(Act("away"), Act("start")), clock)
    assert not any(line.startswith("Step") for line in said)
    assert room.reopen(group, clock.after(60)).view(clock.now).phase == "arriving"


def test_a_late_session_offers_what_to_shorten(group: Group, clock: Clock) -> None:
    """On overrun it says when it will finish and what could be shortened, once."""
    said = held(opened(group, clock=clock), Played(Act("start"), 300.0), clock)
    late = [line for line in said if line.startswith("We will finish at")]
    assert len(late) == 1
    assert "later than agreed" in late[0]


# -- scripts -----------------------------------------------------------------------------------------


def written(folder: Path, content: str) -> Path:
    """Write a script."""
    path = folder / "script.toml"
    path.write_text(content, encoding="utf-8")
    return path


SCRIPT = """
people = ["Amara", "Len"]
[[cue]]
step = "write"
write = "Zqx the minutes never say it."
who = "a"
[[cue]]
step = "offers"
type = "offer Ask them / Len / 27/11/2026"
limits = "not on Monday"
[[cue]]
step = "close"
wait = 20
type = "close"
"""


def test_a_script_holds_a_whole_check_in(group: Group, clock: Clock, tmp_path: Path) -> None:
    """Without a terminal a script does what a host would, and the session ends with its actions."""
    played = script.read(written(tmp_path, SCRIPT))
    here = opened(group, CHECK_IN, clock=clock, names=played.people, minutes=10)
    said: list[str] = []
    view = plain.hold(here, script.Reader(played), Pace(clock.now, 0), said.append, moves_on=True)
    assert view.phase == "closed"
    assert here.takeaways["Len"].actions[0].limits == "not on Monday"
    assert not any("Zqx" in line for line in said), "what was written stays hidden"
    assert [line.split(":")[0] for line in said if line.startswith("Step ")] == [f"Step {n} of 7" for n in range(1, 8)]


def test_a_script_that_ends_early_closes_for_now(group: Group, clock: Clock, tmp_path: Path) -> None:
    """Where a script has no close, the session stays open and can be resumed."""
    here = opened(group, CHECK_IN, clock=clock, minutes=10)
    played = script.read(written(tmp_path, ""))
    view = plain.hold(here, script.Reader(played), Pace(clock.now, 0), lambda _: None, moves_on=True)
    assert view.phase == "away"
    assert room.reopen(group, clock.after(3600)).view(clock.now).phase == "paused"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('[[cue]]\ntype = "n"\nwrite = "a"\n', "cue 1"),
        ("[[cue]]\nwait = 5\n", "cue 1"),
        ('[[cue]]\ntype = "n"\n[[cue]]\ntype = "fly"\n', "cue 2"),
        ('pepole = ["Len"]\n', "pepole"),
        ("[[cue]\n", "script.toml"),
    ],
)
def test_a_script_that_is_wrong_is_refused_before_anything(tmp_path: Path, content: str, named: str) -> None:
    """A script's fault is named with file, cue and field."""
    with pytest.raises((Refused, Usage)) as refused:
        script.read(written(tmp_path, content))
    assert named in str(refused.value)
    assert "script.toml" in str(refused.value)


def test_pace() -> None:
    """A pace without waiting goes only when it is told to; a real one is the wall's clock."""
    clock = Clock()
    still = Pace(clock.now, 0)
    assert still.now() == clock.now
    still.leap(90)
    assert still.now() == clock.after(90)
    assert Pace().is_real
    assert Pace(clock.now, 60).outside(30) == 0.5
