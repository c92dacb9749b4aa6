"""Sessions as rows of a group's file: what is stored, what a close keeps, what can be taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reflect.group import Group
from reflect.store import engine, sessions
from reflect.store import groups as rows
from reflect.store.sessions import Action, Row, Session, Words
from tests.people import group_of, hexadecimal
from tests.store.test_groups import ONE

HELD = Session("7k2m9x3p", "2026-11-20T16:00:00+00:00", "", {"plan": 1}, {"cost": ""}, {"order": ["a"]}, "f" * 32, {})
ACTION = Action(
    "aaaa1111",
    HELD.id,
    "",
    "action",
    "ring them",
    "Len",
    "2026-11-27",
    "open",
    "not Mondays",
    limits_shared=False,
    note="",
)
WORDS = "zqx nobody asked the caretaker"


@pytest.fixture
def db(home) -> Iterator[engine.Connection]:
    """A group's file with one open session."""
    group: Group
    with group_of(home)[0] as group, group.change() as connection:
        sessions.add(connection, HELD)
        yield connection


def _offered(number: int, **said: object) -> Words:
    return Words(hexadecimal(number), hexadecimal(70), f"k{number}", 1, WORDS, "", False, False)._replace(**said)  # noqa: FBT003


def test_a_session_is_read_as_it_was_stored(db: engine.Connection) -> None:
    """By its id's beginning, the newest first."""
    later = HELD._replace(id="9zzz0000", held_at="2026-11-27T16:00:00+00:00")
    sessions.add(db, later)
    assert sessions.find(db) == [later, HELD]
    assert sessions.find(db, "7k2") == [HELD]
    assert sessions.find(db, "zz") == []


def test_events_come_in_order_and_a_heartbeat_takes_its_own_place(db: engine.Connection) -> None:
    """An event of the same number replaces the row: two hours of heartbeats are one."""
    for row in (Row(2, 20, "beat", "", -1, 5), Row(1, 10, "start", "", -1, 0), Row(2, 30, "beat", "", -1, 15)):
        sessions.note(db, HELD.id, row)
    assert sessions.log(db, HELD.id) == [Row(1, 10, "start", "", -1, 0), Row(2, 30, "beat", "", -1, 15)]
    assert sessions.last_number(db, HELD.id) == 2
    assert sessions.last_number(db, "nothing") == 0


def test_words_of_a_contribution_are_in_one_place_only(db: engine.Connection) -> None:
    """What is for the group is read from its contribution, so that taking it back leaves no copy."""
    rows.revise(db, ONE)
    sessions.offer(db, HELD.id, _offered(1, contribution=ONE.id))
    sessions.hear(db, HELD.id, ONE.id, 1, "digest")
    (each,) = sessions.words(db, HELD.id)
    assert (each.words, each.alone_ok) == (ONE.words, ONE.alone_ok)
    assert db.execute("SELECT words FROM offered").fetchone() == ("",)
    assert sessions.by_receipt(db, "digest") == (ONE.id, ONE.contributor)
    assert sessions.contributors(db) == {ONE.contributor: HELD.id}
    rows.withdraw(db, ONE.id, ONE.contributor)
    sessions.unhear(db, ONE.id)
    assert sessions.words(db, HELD.id) == []
    assert sessions.heard(db, HELD.id) == []
    assert sessions.by_receipt(db, "digest") is None


def test_what_was_taken_back_is_known_to_be(db: engine.Connection) -> None:
    """The row stays without words, so that a late retry is told from a new answer."""
    sessions.offer(db, HELD.id, _offered(1))
    sessions.take_back(db, hexadecimal(1))
    found = sessions.offered_under(db, HELD.id, hexadecimal(70), "k1")
    assert found is not None
    assert (found.taken_back, found.words) == (True, "")
    assert sessions.words(db, HELD.id) == []
    assert sessions.offered_under(db, HELD.id, hexadecimal(71), "k1") is None


def test_a_close_keeps_what_may_stay(db: engine.Connection) -> None:
    """Log, names, secret, the room's words and private limits go; actions and what the room kept stay."""
    sessions.note(db, HELD.id, Row(1, 10, "start", "", -1, 0))
    sessions.name(db, HELD.id, "p1", "Amara", joined=True)
    sessions.offer(db, HELD.id, _offered(1))
    sessions.say(db, HELD.id, "learnt", "slow is fine")
    shared = ACTION._replace(id="bbbb2222", limits_shared=True)
    for each in (ACTION, shared):
        sessions.put_action(db, each)
    assert sessions.names(db, HELD.id) == {"p1": ("Amara", True)}
    sessions.close(db, HELD.id, "2026-11-20T17:00:00+00:00", {"minutes": 20})
    (closed,) = sessions.find(db)
    assert (closed.closed_at, closed.secret, closed.record) == ("2026-11-20T17:00:00+00:00", "", {"minutes": 20})
    assert (sessions.log(db, HELD.id), sessions.names(db, HELD.id), sessions.words(db, HELD.id)) == ([], {}, [])
    assert sessions.said(db, HELD.id) == {"learnt": "slow is fine"}
    assert {(each.id, each.limits) for each in sessions.actions(db)} == {
        ("aaaa1111", ""),
        ("bbbb2222", "not Mondays"),
    }


def test_what_the_room_said_can_be_said_otherwise(db: engine.Connection) -> None:
    """Later words take the place of earlier ones, and empty ones take them back."""
    for words in ("the tenants", "the night staff"):
        sessions.say(db, HELD.id, "missing", words)
    assert sessions.said(db, HELD.id) == {"missing": "the night staff"}
    sessions.say(db, HELD.id, "missing", "")
    assert sessions.said(db, HELD.id) == {}


def test_an_action_is_stored_once_in_its_latest_state(db: engine.Connection) -> None:
    """A change of state, owner or note is the same action; one can be dropped."""
    sessions.put_action(db, ACTION)
    settled = ACTION._replace(state="kept", note="done", settled_in=HELD.id)
    sessions.put_action(db, settled)
    assert sessions.actions(db) == [settled]
    sessions.drop_action(db, ACTION.id)
    assert sessions.actions(db) == []


def test_a_session_that_is_removed_takes_everything_with_it(db: engine.Connection) -> None:
    """Nothing of it is left in any table."""
    sessions.note(db, HELD.id, Row(1, 10, "start", "", -1, 0))
    sessions.name(db, HELD.id, "p1", "Amara", joined=False)
    sessions.offer(db, HELD.id, _offered(1))
    sessions.put_action(db, ACTION)
    sessions.say(db, HELD.id, "heard", "yes")
    sessions.remove(db, HELD.id)
    for table in ("session", "session_event", "session_person", "offered", "heard", "session_action", "session_said"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table  # noqa: S608


def test_a_change_by_anybody_is_noticed(db: engine.Connection) -> None:
    """The version is another one after a change of this process, and the same after none."""
    before = sessions.version(db)
    assert sessions.version(db) == before
    sessions.say(db, HELD.id, "heard", "yes")
    assert sessions.version(db) != before


def test_the_course_is_what_it_was_last_said_to_be(db: engine.Connection) -> None:
    """At the start agenda and order take the place of those it was opened with."""
    sessions.follow(db, HELD.id, {"order": ["b", "a"]})
    assert sessions.find(db)[0].course == {"order": ["b", "a"]}
