"""A room holds one session: on the disk with every key, resumed after any kill, and forgetful at its close."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect.errors import NotFound, Refused, StorageRefused, Usage
from reflect.group import Group
from reflect.session import after, log, note, room
from reflect.session.room import Elsewhere, Room, Setup
from reflect.store import engine, sessions
from tests.conftest import bytes_under
from tests.people import WHEN, group_of
from tests.session.rooms import (
    ACTIONS,
    AGAIN,
    CHECK_IN,
    CLOSE,
    EMPTY_CHAIR,
    NAMES,
    PLAN,
    QUESTIONS,
    ROUND,
    SETTLE,
    SETUP,
    TALK,
    VOICE,
    WRITE,
    Clock,
    ended,
    opened,
    started,
    to_step,
    wait,
)

WORDS = "zqxThe caretaker has the only key."
ADDRESS = "5f1d0c9ab2"


# -- opening ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setup", "lacks"),
    [
        (Setup(), "a named person who will respond"),
        (Setup(responder="Femi"), "a day to come"),
        (Setup(respond_by="2026-12-15"), "a named person who will respond"),
        (Setup(responder="Femi", respond_by="2026-11-19"), "a day to come"),
    ],
)
def test_a_session_of_the_team_needs_who_responds_and_by_when(home, clock: Clock, setup: Setup, lacks: str) -> None:
    """REQ-35: a session is not opened before somebody has said that they will respond, and by when."""
    with room.team(home, clock.now) as team:
        with pytest.raises(Refused) as refused:
            opened(team, clock=clock, setup=setup)
        assert lacks in refused.value.why
        assert after.every(team) == []
        assert opened(team, clock=clock).setup.responder == "Femi"


def test_what_the_group_agreed_stands_for_its_sessions(group: Group, clock: Clock) -> None:
    """REQ-35, 45, 47: purpose, audience, responder and day come from the invitation; aims and cost may stay open."""
    setup = opened(group, clock=clock, setup=Setup()).setup
    assert (setup.purpose, setup.audience) == ("fair meetings", "the partners")
    assert (setup.responder, setup.respond_by) == ("Femi", "2026-12-15")
    assert (setup.aims, setup.cost) == ("to be found with the group", "")


def test_a_responder_whose_day_has_passed_is_asked_anew(group: Group, clock: Clock) -> None:
    """REQ-35: a day of the invitation that has passed is no date for a response."""
    clock.after(40 * 86_400)
    with pytest.raises(Refused):
        opened(group, clock=clock, setup=Setup())


def test_a_check_in_of_the_team_needs_nothing(home, clock: Clock) -> None:
    """REQ-54: the group `team` is made on first use, with no passphrase, no file to send and no lead."""
    with room.team(home, clock.now) as made:
        setup = opened(made, CHECK_IN, clock=clock, setup=None).setup
        assert (setup.responder, setup.respond_by) == ("the team", "2026-11-20")
        assert not made.is_locked
    with room.team(home, clock.after(86_400)) as again:
        assert again.folder == made.folder
        assert opened(again, CHECK_IN, clock=clock, setup=None).setup.respond_by == "2026-11-21"
    assert len(list((home / "groups").iterdir())) == 1
    assert {path.name for path in made.folder.iterdir()} - {"group.db-journal"} == {"group.db", "key.secret"}


def test_a_closed_group_holds_no_sessions(group: Group, clock: Clock) -> None:
    """What was erased for good is not begun again."""
    ended(started(group, CHECK_IN, clock=clock), clock)
    group.close()
    with pytest.raises(Refused):
        opened(group, clock=clock)
    assert after.every(group) == []


def test_the_time_is_fitted_to_those_who_came(group: Group, clock: Clock) -> None:
    """Phones that joined before the start share the time: turns are equal, and the whole stays as long."""
    here = opened(group, clock=clock, minutes=30)
    assert here.course.agenda.steps[ROUND].turn == 110
    for number in range(3):
        here.arrive(clock.now, joined=True, person=here.phone(f"phone {number}").person)
    view = here.do("start", clock.now)
    assert here.course.agenda.people == view.present == 7
    assert here.course.agenda.seconds == 1800
    assert here.course.agenda.steps[ROUND].turn < 110


def test_people_without_names_have_turns_all_the_same(group: Group, clock: Clock) -> None:
    """On a call the host says how many there are; each has a place in the order."""
    here = started(group, clock=clock, names=(), people=3)
    view = to_step(here, clock, ROUND)
    assert (view.speaker.name, view.speaker.number, view.turn, view.turns) == ("", 1, 1, 3)


def test_typed_names_and_phones_share_one_order(group: Group, clock: Clock) -> None:
    """REQ-48: how somebody joined, and what they are called, makes no difference to their turn."""
    here = opened(group, clock=clock)
    phone = here.phone(ADDRESS)
    here.arrive(clock.now, "Dilys", joined=True, person=phone.person)
    here.do("start", clock.now)
    assert sorted(each.name for each in here.people()) == ["Amara", "Dilys", "Joel", "Len", "Priya"]
    assert [each.number for each in here.people()] == [1, 2, 3, 4, 5]


def test_somebody_may_be_called_otherwise_or_nothing(group: Group, clock: Clock) -> None:
    """A name is chosen, and can be taken away again; coming back doesn't need it twice."""
    here = opened(group, clock=clock, names=("Amara",))
    (amara,) = here.people()
    assert here.rename(amara.id, "A.").name == "A."
    assert here.arrive(clock.now, person=amara.id).name == "A."
    assert here.rename(amara.id, "").name == ""
    with pytest.raises(NotFound):
        here.rename("nobody", "X")


# -- keys --------------------------------------------------------------------------------------------


def test_a_round_is_shown_turn_by_turn(group: Group, clock: Clock) -> None:
    """The screen knows whose turn it is, who is next, and how many are left."""
    here = started(group, clock=clock)
    order = [each.name for each in here.people()]
    view = to_step(here, clock, ROUND)
    assert (view.speaker.name, view.following.name, view.turn, view.turns) == (order[0], order[1], 1, 4)
    view = here.do("pass", clock.after(5))
    assert (view.speaker.name, view.asked_again) == (order[1], False)
    for _ in range(3):
        view = here.do("next", clock.after(20))
    assert (view.speaker.name, view.asked_again, view.following, view.turn) == (order[0], True, None, 4)
    view = here.do("next", clock.after(20))
    assert (view.step, view.speaker) == (ROUND + 1, None)


def test_two_hands_on_one_turn_skip_nobody(group: Group, clock: Clock) -> None:
    """A phone says it is done in the moment in which the host presses next."""
    here = started(group, clock=clock)
    first, second = (each.id for each in here.people()[:2])
    to_step(here, clock, ROUND)
    here.do("next", clock.after(60), who=first)
    assert here.do("next", clock.now, who=first).speaker.id == second


def test_a_key_that_does_not_exist_is_refused(group: Group, clock: Clock) -> None:
    """A word that is no key is named with those there are; the process's own events are none."""
    here = started(group, clock=clock)
    for what in ("back", "beat", "close", "arrive", "sing"):
        with pytest.raises(Usage):
            here.do(what, clock.now)


def test_ready_is_counted_and_nobody_named(group: Group, clock: Clock) -> None:
    """The room sees three of four, never who."""
    here = started(group, clock=clock)
    for person in here.people()[:3]:
        view = here.do("ready", clock.now, who=person.id)
    assert (view.ready, view.present) == (3, 4)
    assert here.do("leave", clock.now, who=here.people()[0].id).ready == 2
    assert here.do("next", clock.now).ready == 0


def test_what_the_screen_is_told_on_overrun(group: Group, clock: Clock) -> None:
    """It says when it will end now, and what may be shortened; the room decides."""
    here = started(group, clock=clock)
    wait(here, clock, 60)
    here.do("next", clock.now)
    view = wait(here, clock, 120 + 240)
    assert view.clock.late == 240
    assert view.finish == WHEN + (clock.now - WHEN) + (view.finish - clock.now)
    assert view.cuts
    view = here.do("shorten", clock.now, step=view.cuts[0].step, amount=view.clock.late)
    assert (view.clock.late, view.cuts) == (0, ())
    assert here.do("undo", clock.now).clock.late == 240
    assert here.do("extend", clock.now, amount=240).clock.late == 0


# -- on the disk -------------------------------------------------------------------------------------


def test_it_comes_back_at_the_right_second(group: Group, clock: Clock) -> None:
    """A process that is gone for hours comes back paused, at the second of its last heartbeat."""
    here = started(group, clock=clock)
    to_step(here, clock, ROUND)
    before = wait(here, clock, 37)
    again = room.reopen(group, clock.after(5 * 3600))
    view = again.view(clock.now)
    assert view.phase == "paused"
    assert view._replace(phase="", finish=None, clock=view.clock._replace(finish=0)) == before._replace(
        phase="", finish=None, clock=before.clock._replace(finish=0)
    )
    assert (view.finish - before.finish).total_seconds() == 5 * 3600
    assert again.do("go", clock.now).phase == "running"
    assert wait(again, clock, 3).clock.turn_left == before.clock.turn_left - 3


def test_closed_for_now_is_taken_up_later(group: Group, clock: Clock) -> None:
    """The host closes for now; days later everything is as it was."""
    here = started(group, clock=clock)
    before = wait(here, clock, 30)
    assert here.do("away", clock.now).phase == "away"
    again = room.reopen(group, clock.after(3 * 86_400), here.id[:4])
    assert again.view(clock.now).clock.step_left == before.clock.step_left
    assert [each.name for each in again.people()] == [each.name for each in here.people()]


def test_a_session_goes_on_in_one_window_only(group: Group, clock: Clock) -> None:
    """When it was taken up elsewhere, the first window is told and changes nothing."""
    here = started(group, clock=clock)
    other = room.reopen(group, clock.now)
    for act in (
        lambda: here.do("next", clock.now),
        lambda: here.tick(clock.after(1)),
        lambda: here.offer("f" * 32, "words", key="1"),
        lambda: here.propose("ring them"),
        lambda: here.say("missing", "the neighbours"),
        lambda: here.arrive(clock.now, "Dilys"),
        lambda: here.close(clock.now),
    ):
        here.said() or other.say("no-action", "none")
        with pytest.raises(Elsewhere):
            act()
    assert other.do("go", clock.now).phase == "running"


def test_no_open_session_is_said(group: Group, clock: Clock) -> None:
    """Resuming when nothing was left open is no crash."""
    with pytest.raises(NotFound) as missing:
        room.reopen(group, clock.now)
    assert "reflect session run" in missing.value.next_step
    with pytest.raises(NotFound):
        room.reopen(group, clock.now, "zzzz")


def test_heartbeats_are_one_row(group: Group, clock: Clock) -> None:
    """Two hours of heartbeats are no burden: the log has one row for those in a row."""
    here = started(group, clock=clock)
    wait(here, clock, 50)
    here.do("pause", clock.now)
    wait(here, clock, 50)
    with group.reading() as db:
        whats = [each.what for each in sessions.log(db, here.id)]
    assert whats == ["arrive"] * 4 + ["start", "beat", "pause", "beat"]
    assert Room(group, _row(group, here.id)).state == here.state


def _row(group: Group, session: str) -> sessions.Session:
    with group.reading() as db:
        return sessions.find(db, session)[0]


def test_a_heartbeat_that_finds_the_file_busy_is_let_go(group: Group, clock: Clock) -> None:
    """A clock does not stop because another process writes; what was lived through still counts."""
    here = started(group, clock=clock)
    wait(here, clock, 2)
    other = engine.raw(group.folder / "group.db")
    other.execute("BEGIN IMMEDIATE")
    here.tick(clock.after(1))
    assert here.view(clock.now).clock.used == 3
    other.execute("ROLLBACK")
    other.close()
    wait(here, clock, 1)
    assert Room(group, _row(group, here.id)).state == here.state


def test_a_key_that_can_not_be_stored_changes_nothing(group: Group, clock: Clock) -> None:
    """What the screen shows is what is on the disk, also when the disk refuses."""
    here = started(group, clock=clock)
    before = here.state
    group._db.execute("PRAGMA query_only=ON")
    with pytest.raises(StorageRefused):
        here.do("next", clock.now)
    assert here.state == before
    group._db.execute("PRAGMA query_only=OFF")
    assert here.do("next", clock.now).step == WRITE


HOST = """
import os, sys
from datetime import datetime
from pathlib import Path
from reflect.group import Group
from reflect.session import room

def hold(number):
    here = room.reopen(Group(Path(sys.argv[1]), now), now)
    here.do("go", now)
    while True:
        number += 1
        made = here.offer(f"{number:032x}", f"saved {number}", key="k", step=1, for_group=number % 2 == 0)
        print(made.id, number, flush=True)
        here.do("undo" if number % 3 == 0 else "next", now)

now = datetime.fromisoformat(sys.argv[2])
for command in sys.stdin:
    process = os.fork()
    if not process:
        hold(int(command) * 10_000)
    print("host", process, flush=True)
    os.waitpid(process, 0)
    print("gone", process, flush=True)
"""
"""Holds the session in a process of its own for each line that comes in: what is slow to load is loaded once."""


def test_nothing_called_saved_is_missing_after_twenty_kills(group: Group, clock: Clock) -> None:
    """Rows 82, 85: the host's process is killed twenty times; every answer it called saved is there, once."""
    here = started(group, clock=clock)
    saved: dict[str, str] = {}
    command = [sys.executable, "-c", HOST, group.folder, clock.now.isoformat()]
    path = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=path) as hosts:
        for kill in range(20):
            hosts.stdin.write(f"{kill}\n")
            hosts.stdin.flush()
            process, heard = 0, 0
            while (line := hosts.stdout.readline().split())[0] != "gone":
                if line[0] == "host":
                    process = int(line[1])
                    continue
                saved[line[0]] = f"saved {line[1]}"
                heard += 1
                if heard == 1 + kill % 3:
                    os.kill(process, signal.SIGKILL)
        hosts.stdin.close()
    with group.reading() as db:
        there = {each.id: each.words for each in sessions.words(db, here.id)}
    assert len(saved) >= 20
    assert saved.items() <= there.items()
    assert len(there) <= len(saved) + 20, "at most the one that was on its way"
    assert room.reopen(group, clock.now).view(clock.now).phase == "paused"


# -- words ---------------------------------------------------------------------------------------------


def test_an_answer_is_for_the_room_unless_its_author_says_otherwise(group: Group, clock: Clock) -> None:
    """By default nothing becomes a contribution, and there is no receipt since there is nothing to withdraw later."""
    here = started(group, clock=clock)
    phone = here.phone(ADDRESS)
    made = here.offer(phone.contributor, WORDS, key="1")
    assert (made.for_group, made.receipt, made.words) == (False, "", WORDS)
    assert group.contributions() == []
    ended(here, clock)
    assert WORDS.encode() not in bytes_under(group.folder)


def test_an_answer_for_the_group_is_a_contribution_like_any(group: Group, clock: Clock) -> None:
    """It is under a random contributor, with the question as it was asked, and stays after the close."""
    here = started(group, clock=clock)
    to_step(here, clock, WRITE)
    phone = here.phone(ADDRESS)
    here.offer(phone.contributor, WORDS, key="1", for_group=True, alone_ok=True)
    (each,) = group.contributions()
    assert (each.words, each.audience, each.level, each.attribution) == (WORDS, "group", "verbatim", "")
    assert (each.contributor, each.alone_ok, each.week) == (phone.contributor, True, "2026-W47")
    assert each.asked == QUESTIONS["ours"]["write"].text
    ended(here, clock)
    assert group.contributions() == [each]


def test_the_same_key_is_the_same_answer(group: Group, clock: Clock) -> None:
    """Row 82: a double tap, a reload and a retry leave one answer; changed words take its place."""
    here = started(group, clock=clock)
    who = here.phone(ADDRESS).contributor
    first = here.offer(who, "one", key="k", for_group=True)
    assert here.offer(who, "one", key="k", for_group=True) == first
    changed = here.offer(who, "two", key="k", for_group=True)
    assert (changed.id, changed.receipt) == (first.id, first.receipt)
    assert [each.words for each in group.contributions()] == ["two"]
    other = here.offer("e" * 32, "three", key="k")
    assert other.id != first.id, "a key is one phone's own"
    assert [each.words for each in here.mine(who)] == ["two"]


def test_an_answer_may_change_hands_before_the_close(group: Group, clock: Clock) -> None:
    """What was for the group becomes the room's again, and the group keeps nothing of it."""
    here = started(group, clock=clock)
    who = here.phone(ADDRESS).contributor
    here.offer(who, WORDS, key="k")
    made = here.offer(who, WORDS, key="k", for_group=True)
    assert here.mine(who)[0].for_group
    here.offer(who, WORDS, key="k")
    assert group.contributions() == []
    with pytest.raises(NotFound):
        after.withdraw(group, made.receipt)
    anew = here.offer(who, WORDS, key="k", for_group=True)
    assert anew.receipt != made.receipt
    assert len(group.contributions()) == 1


def test_what_was_taken_back_stays_away(group: Group, clock: Clock) -> None:
    """A late retry of words that were taken back is refused, and no other phone can take them back."""
    here = started(group, clock=clock)
    who = here.phone(ADDRESS).contributor
    for at, for_group in enumerate((True, False)):
        made = here.offer(who, WORDS, key=f"{at}", for_group=for_group)
        with pytest.raises(NotFound):
            here.take_back("e" * 32, made.id)
        here.take_back(who, made.id)
        with pytest.raises(Refused):
            here.offer(who, WORDS, key=f"{at}", for_group=for_group)
    assert here.mine(who) == ()
    assert group.contributions() == []
    ended(here, clock)
    assert WORDS.encode() not in bytes_under(group.folder)


@settings(max_examples=12)
@given(
    acts=st.lists(
        st.sampled_from(["write", "for group", "take back", "retry", "undo", "next", "resume", "receipt", "voice"]),
        min_size=4,
        max_size=25,
    )
)
def test_withdrawn_words_never_return(tmp_path_factory: pytest.TempPathFactory, acts: list[str]) -> None:
    """Whatever keys are pressed and however often it is resumed, words that were taken back are in no view and file."""
    clock = Clock()
    with group_of(tmp_path_factory.mktemp("home"))[0] as group:
        here = started(group, clock=clock)
        to_step(here, clock, VOICE)
        who, gone, standing = here.phone(ADDRESS).contributor, set(), {}
        for number, act in enumerate(acts):
            clock.after(1)
            if act in ("write", "for group"):
                text = f"zqx{number}x"
                standing[text] = here.offer(who, text, key=text, step=WRITE, for_group=act == "for group")
            elif act in ("take back", "receipt") and standing:
                text, made = standing.popitem()
                gone.add(text)
                _take_back(here, who, made, by_receipt=act == "receipt")
            elif act == "retry" and gone:
                with pytest.raises(Refused):
                    here.offer(who, min(gone), key=min(gone), step=WRITE)
            elif act == "resume":
                here = room.reopen(group, clock.now)
                here.do("go", clock.now)
            elif act in ("undo", "next"):
                here.do(act, clock.now)
            view = to_step(here, clock, VOICE) if act == "voice" else here.view(clock.now)
            seen = {each.words for each in (*view.lines, *here.mine(who), *group.contributions())}
            assert not seen & gone
            if view.step == VOICE:
                assert {each.words for each in view.lines} == set(standing)
        ended(here, clock)
        left = bytes_under(group.folder)
        assert not [each for each in gone if each.encode() in left]


def _take_back(here: Room, who: str, made: room.Offered, *, by_receipt: bool) -> None:
    if by_receipt and made.receipt:
        after.withdraw(here.group, made.receipt)
    else:
        here.take_back(who, made.id)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001])
def test_no_words_and_too_many_are_refused(group: Group, clock: Clock, text: str) -> None:
    """An answer has words, and not a book of them."""
    here = started(group, clock=clock)
    with pytest.raises(Refused):
        here.offer("e" * 32, text, key="k")
    with pytest.raises(Refused):
        here.offer("e" * 32, "words", key="k", step=99)


def test_what_is_written_is_hidden_until_it_is_revealed(group: Group, clock: Clock) -> None:
    """REQ-49: writing is alone first; the screen says how many lines wait and shows none."""
    here = started(group, clock=clock)
    to_step(here, clock, WRITE)
    for at in range(3):
        here.offer(f"{at:032x}", f"line {at}", key="k")
    for step in (WRITE, ROUND, TALK):
        view = to_step(here, clock, step)
        assert (view.lines, view.hidden) == ((), 3)
    view = to_step(here, clock, VOICE)
    assert ({each.words for each in view.lines}, view.hidden) == ({"line 0", "line 1", "line 2"}, 0)


def test_every_line_is_voiced_once_unseen_first(group: Group, clock: Clock) -> None:
    """`next` shows each line once; when the pass is taken anew, lines nobody has seen come first."""
    here = started(group, clock=clock)
    for at in range(3):
        here.offer(f"{at:032x}", f"line {at}", key="k", step=WRITE)
    view = to_step(here, clock, VOICE)
    heard = []
    while view.unvoiced:
        view = here.do("next", clock.after(1))
        heard.append(view.line.words)
    assert sorted(heard) == ["line 0", "line 1", "line 2"]
    assert here.do("next", clock.after(1)).step == AGAIN
    here.offer("9" * 32, "a new one", key="k", step=WRITE)
    to_step(here, clock, VOICE)
    view = here.do("next", clock.after(1))
    assert (view.line.words, view.unvoiced) == ("a new one", 3)
    assert here.do("undo", clock.now).line is None


def test_a_line_that_is_taken_back_while_it_is_voiced_is_gone_from_the_screen(group: Group, clock: Clock) -> None:
    """The view has no line then, and `next` goes on with the others."""
    here = started(group, clock=clock)
    mine = [here.offer("a" * 32, f"line {at}", key=f"{at}", step=WRITE) for at in range(2)]
    to_step(here, clock, VOICE)
    shown = here.do("next", clock.after(1)).line.id
    here.take_back("a" * 32, shown)
    assert here.view(clock.now).line is None
    (other,) = {each.id for each in mine} - {shown}
    assert here.do("next", clock.after(1)).line.id == other


def test_brought_words_stand_beside_the_opening(group: Group, clock: Clock) -> None:
    """What the host brings is there when the step asks for it, and for the room only."""
    plan = PLAN.model_copy(update={"step": (PLAN.step[0].model_copy(update={"beside": ("brought",)}), *PLAN.step[1:])})
    here = room.begin(group, plan, QUESTIONS["ours"], clock.now, names=NAMES, setup=SETUP)
    here.offer("a" * 32, "I brought this.", key="1", step=-1)
    assert [each.words for each in here.do("start", clock.now).lines] == ["I brought this."]
    assert here.do("next", clock.now).lines == ()


def test_nothing_stored_ties_a_name_to_words(group: Group, clock: Clock) -> None:
    """Row 84: a phone's two ids share nothing, come only from its address, and the address is nowhere in the file."""
    here = started(group, clock=clock)
    phone = here.phone(ADDRESS)
    here.arrive(clock.now, "Dilys", joined=True, person=phone.person)
    here.offer(phone.contributor, WORDS, key="1", for_group=True)
    assert here.phone(ADDRESS) == phone
    assert here.phone(ADDRESS + "x") != phone
    assert ADDRESS.encode() not in bytes_under(group.folder)
    with group.reading() as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        holds = {
            table
            for table in tables
            for row in db.execute(f"SELECT * FROM {table}")  # noqa: S608
            if any(phone.contributor in str(value) for value in row)
            and any(phone.person in str(value) or "Dilys" in str(value) for value in row)
        }
    assert holds == set()
    other = started(group, CHECK_IN, clock=clock)
    assert other.phone(ADDRESS) != phone, "in another session the same address is somebody else"


# -- actions, and what the room keeps -------------------------------------------------------------------


def test_an_action_is_offered_and_not_assigned(group: Group, clock: Clock) -> None:
    """REQ-46: nobody owns an action before they accept it; declining leaves it proposed, and nobody's."""
    here = started(group, clock=clock)
    offered = here.propose("ring the caretaker", owner="Len", due="2026-11-27")
    assert offered.state == "proposed"
    accepted = here.accept(offered.id, limits="not on Mondays")
    assert (accepted.state, accepted.owner, accepted.limits, accepted.limits_shared) == (
        "open",
        "Len",
        "not on Mondays",
        False,
    )
    declined = here.decline(offered.id[:6])
    assert (declined.state, declined.owner, declined.limits) == ("proposed", "", "")
    with pytest.raises(Refused):
        here.accept(offered.id)
    assert here.accept(offered.id, owner="Amara", due="2026-12-01").owner == "Amara"


def test_a_limit_is_kept_private_unless_it_is_shared(group: Group, clock: Clock) -> None:
    """REQ-46: a limit goes home with its owner and leaves the group's file at the close, unless they share it."""
    here = started(group, clock=clock)
    for owner, share in (("Len", False), ("Priya", True)):
        offered = here.propose(f"what {owner} does", due="2026-11-27")
        here.accept(offered.id, owner=owner, limits=f"zqx limit of {owner}", share_limits=share)
    assert here.takeaway("Len").actions[0].limits == "zqx limit of Len"
    made = here.close(clock.now)
    assert "zqx limit of Priya" in note.markdown(made)
    assert "zqx limit of Len" not in note.markdown(made)
    assert b"zqx limit of Len" not in bytes_under(group.folder)


def test_a_session_is_not_closed_without_actions_or_a_reason(group: Group, clock: Clock) -> None:
    """REQ-36: a proposal that nobody accepted is not enough; a reason for none is."""
    here = started(group, clock=clock)
    offered = here.propose("somebody should ring them")
    assert here.missing()
    with pytest.raises(Refused) as refused:
        here.close(clock.now)
    assert "why there is none" in refused.value.why
    assert here.view(clock.now).phase == "running"
    here.say("no-action", "we only listened today")
    assert here.missing() == ""
    here.say("no-action", "")
    here.accept(offered.id, owner="Len", due="2026-12-01")
    assert here.close(clock.now).actions[0].owner == "Len"


@pytest.mark.parametrize("text", ["", "   "])
def test_an_action_has_words(group: Group, clock: Clock, text: str) -> None:
    """Nothing can't be offered."""
    here = started(group, clock=clock)
    with pytest.raises(Refused):
        here.propose(text)
    with pytest.raises(Refused):
        here.propose("ring them", due="next friday")
    with pytest.raises(Usage):
        here.propose("ring them", sort="duty")
    with pytest.raises(Usage):
        here.say("mood", "fine")


def test_an_offer_can_be_taken_off_the_list(group: Group, clock: Clock) -> None:
    """What was noted by mistake goes, in its own session."""
    here = started(group, clock=clock)
    offered = here.propose("ring them")
    here.drop(offered.id)
    assert here.actions() == ()
    with pytest.raises(NotFound):
        here.accept(offered.id, owner="Len", due="2026-12-01")


def test_takeaway_is_ones_own(group: Group, clock: Clock) -> None:
    """Each takes home the actions they accepted and what they wrote, and nobody else's."""
    here = started(group, clock=clock)
    who = here.phone(ADDRESS).contributor
    to_step(here, clock, WRITE)
    here.offer(who, WORDS, key="1")
    here.offer("e" * 32, "somebody else's", key="1")
    for owner in ("Len", "Priya"):
        here.accept(here.propose(f"what {owner} does", due="2026-11-27").id, owner=owner)
    taken = here.takeaway("Len", who)
    assert [each.text for each in taken.actions] == ["what Len does"]
    assert [(each.question, each.words) for each in taken.answers] == [(QUESTIONS["ours"]["write"].text, WORDS)]
    assert here.takeaway() == taken.model_copy(update={"actions": (), "answers": ()})


# -- the close and what comes of it -----------------------------------------------------------------------


def test_names_and_the_log_are_gone_at_the_close(group: Group, clock: Clock) -> None:
    """What stays are lengths of steps and the spread of turns; no name, no pass, nobody's seconds."""
    names = ("Zqxamara", "Zqxlen", "Zqxpriya", "Zqxjoel")
    here = started(group, clock=clock, names=names)
    to_step(here, clock, ROUND)
    people = [each.id for each in here.people()]
    for key in ("next", "next", "pass", "next", "pass"):
        here.do(key, clock.after(20))
    made = ended(here, clock)
    assert made.evenness == "Turns ran 20 seconds each; one passed."
    left = bytes_under(group.folder)
    assert not [each for each in (*names, *people) if each.encode() in left]
    with group.reading() as db:
        assert sessions.log(db, here.id) == []
        assert sessions.names(db, here.id) == {}
    row = _row(group, here.id)
    assert (row.secret, row.course["order"], set(row.course)) == ("", [], {"agenda", "order"})


def test_nobody_is_first_twice_running_across_sessions(group: Group, clock: Clock) -> None:
    """REQ-50: the next draw knows who spoke first, though no name was kept; those who come anew may."""
    openers: list[str] = []
    for number in range(8):
        here = started(group, clock=clock, seed=f"{number}")
        view = to_step(here, clock, ROUND)
        assert view.speaker.name not in openers
        openers = [view.speaker.name]
        here.do("next", clock.now)
        openers.append(to_step(here, clock, AGAIN).speaker.name)
        here.do("next", clock.now)
        assert openers[0] != openers[1]
        ended(here, clock)


def test_orders_differ_between_sessions(group: Group, clock: Clock) -> None:
    """REQ-50: the order is drawn anew each time; the same seed draws the same order for the same session."""
    names = tuple(f"person {number}" for number in range(8))
    orders = []
    for _ in range(4):
        here = started(group, clock=clock, names=names)
        orders.append([each.name for each in here.people()])
        ended(here, clock)
    assert len({tuple(each) for each in orders}) == 4


def test_a_session_that_was_begun_by_mistake_leaves_nothing(group: Group, clock: Clock) -> None:
    """REQ-13: discarding keeps no note, no action and no words, those for the group included."""
    here = started(group, clock=clock)
    made = here.offer("a" * 32, WORDS, key="1", for_group=True)
    here.offer("b" * 32, WORDS, key="1")
    here.propose("zqx ring them")
    here.discard()
    assert after.every(group) == []
    assert group.contributions() == []
    left = bytes_under(group.folder)
    assert WORDS.encode() not in left
    assert b"zqx ring them" not in left
    with pytest.raises(NotFound):
        after.withdraw(group, made.receipt)
    with pytest.raises(Elsewhere):
        here.do("next", clock.now)


def test_a_session_runs_with_everything_open(home, clock: Clock) -> None:
    """REQ-44, 45, 47, 51, 54: with open aims, no lead and no phone a session opens, runs on paper and closes."""
    with room.team(home, clock.now) as team:
        here = started(team, clock=clock, names=(), people=2)
        for _ in range(40):
            here.do("next", clock.after(10))
        assert here.view(clock.now).step == CLOSE
        made = ended(here, clock)
    assert made.aims == "to be found with the group"
    assert "not stated" in note.markdown(made)
    assert made.said == ()


def test_the_next_session_opens_with_what_the_last_one_left(group: Group, clock: Clock) -> None:
    """REQ-39, 52: last actions, the promise for the empty chair, and how people worked together open the next."""
    here = started(group, clock=clock)
    to_step(here, clock, EMPTY_CHAIR)
    here.say("missing", "the night staff")
    promise = here.propose("ask them when they can", sort="empty-chair")
    here.accept(promise.id, owner="Amara", due="2026-12-01")
    to_step(here, clock, ACTIONS)
    kept = here.accept(here.propose("ring the caretaker").id, owner="Len", due="2026-11-27")
    proposed = here.propose("paint the door")
    here.say("heard", "mostly")
    here.say("learnt", "slow is fine")
    here.close(clock.now)
    following = opened(group, clock=clock)
    opening = following.opening()
    assert (opening.missing, opening.heard, opening.learnt) == ("the night staff", ("mostly",), ("slow is fine",))
    assert {each.id for each in opening.actions} == {promise.id, kept.id, proposed.id}
    following.settle(kept.id, "kept", "the door was open")
    following.settle(proposed.id, "dropped", "it is being replaced")
    assert {each.state for each in following.opening().actions} == {"kept", "dropped", "open"}
    following.do("start", clock.now)
    made = ended(following, clock)
    assert {(each.state, each.note) for each in made.earlier} == {
        ("kept", "the door was open"),
        ("dropped", "it is being replaced"),
    }
    third = opened(group, clock=clock).opening()
    assert [each.id for each in third.actions] == [promise.id], (
        "what is still open comes again; what is settled does not"
    )
    assert third.no_action == "we only listened today"


def test_an_earlier_action_is_settled_and_not_dropped_from_the_list(group: Group, clock: Clock) -> None:
    """Dropping is a recorded choice: an action of an earlier session can't vanish."""
    here = started(group, clock=clock)
    action = here.accept(here.propose("ring them").id, owner="Len", due="2026-11-27")
    here.close(clock.now)
    following = opened(group, clock=clock)
    with pytest.raises(Refused):
        following.drop(action.id)
    with pytest.raises(Usage):
        following.settle(action.id, "forgotten")
    following.settle(action.id, "kept")
    assert following.settle(action.id, "open").state == "open"
    assert following.opening().actions[0].state == "open"


def test_a_first_session_opens_with_nothing(group: Group, clock: Clock) -> None:
    """There is nothing of a last session then, and nothing is made up."""
    opening = opened(group, clock=clock).opening()
    assert opening == room.Opening("", (), "", (), (), "", "")


def test_the_view_before_the_start_says_how_long_it_takes(group: Group, clock: Clock) -> None:
    """REQ-42: the expected time is shown before anything is asked."""
    view = opened(group, clock=clock).view(clock.now)
    assert (view.phase, view.step, view.clock.session_left) == ("arriving", -1, round(PLAN.minutes * 60))
    assert view.now is None
    assert not view.can_undo


def test_sessions_are_listed(group: Group, clock: Clock) -> None:
    """The newest stands first; a closed one has its record, an open one none yet."""
    ended(started(group, clock=clock), clock)
    clock.after(60)
    here = started(group, CHECK_IN, clock=clock)
    newest, oldest = after.every(group)
    assert (newest.id, newest.closed_at, newest.record) == (here.id, "", {})
    assert oldest.record["steps"][SETTLE]["title"] == "Settle"


def test_a_group_hands_over_with_its_sessions(group: Group, clock: Clock, tmp_path: Path) -> None:
    """REQ-54: who takes the group over has its sessions, and can go on with one that is open."""
    here = started(group, clock=clock)
    shutil.copytree(group.folder, tmp_path / "theirs")
    with Group(tmp_path / "theirs", clock.now) as theirs:
        assert room.reopen(theirs, clock.now).id == here.id


def test_a_lapse_is_longer_than_a_heartbeat() -> None:
    """A slow second is not taken for a closed lid."""
    assert log.LAPSE >= 10 * log.BEAT
