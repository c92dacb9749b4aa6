"""What a session leaves: a note of marked words only, an opening for the next, and words that come or go later."""

from __future__ import annotations

import pytest

from reflect.errors import NotFound, Refused
from reflect.group import Group
from reflect.journal import Journal
from reflect.publish import Frame, make
from reflect.session import after, note, room
from reflect.session.room import Setup
from reflect.store.groups import Output
from reflect.summary.together import CONSTANT, Wanted
from tests.conftest import bytes_under
from tests.people import gather as gathered
from tests.people import hexadecimal, letter, passage
from tests.session.rooms import CLOSE, QUESTIONS, ROUND, SETUP, VOICE, WRITE, Clock, ended, opened, started, to_step

SAID = "zqxThe caretaker has the only key."


def _wrote(here: room.Room, people: int, *, step: int = WRITE, **said: object) -> list[room.Offered]:
    """Have so many people write for the group."""
    return [
        here.offer(here.phone(f"{at}").contributor, f"{SAID} {at}", key=f"{step}", step=step, for_group=True, **said)
        for at in range(people)
    ]


# -- the note ----------------------------------------------------------------------------------------


def test_the_note_holds_what_was_marked_and_what_happens_next(group: Group, clock: Clock) -> None:
    """REQ-36: marked words under their question, actions with owner and date; the room's own words are not in it."""
    here = started(group, clock=clock)
    _wrote(here, 5)
    here.offer("e" * 32, "zqx for the room", key="r", step=WRITE)
    here.accept(here.propose("ring the caretaker").id, owner="Len", due="2026-11-27")
    made = here.close(clock.after(60))
    (said,) = made.said
    assert said.question == QUESTIONS["ours"]["write"].text
    assert sorted(said.passages) == [f"{SAID} {at}" for at in range(5)]
    assert [(each.text, each.owner, each.due) for each in made.actions] == [("ring the caretaker", "Len", "2026-11-27")]
    assert (made.responder, made.respond_by, made.held_on) == ("Femi", "2026-12-15", "2026-11-20")
    for form in (note.markdown(made), note.html(made)):
        assert "zqx for the room" not in form
        assert CONSTANT in form
    assert after.note_of(group) == made


def test_few_are_quoted_only_where_they_agreed(group: Group, clock: Clock) -> None:
    """Row 87: below k people a passage is in the note only if its author, told so, agreed; nothing says how many."""
    here = started(group, clock=clock)
    _wrote(here, 4)
    agreed = here.offer("e" * 32, "zqx quote me", key="1", step=ROUND, for_group=True, alone_ok=True)
    made = ended(here, clock)
    # The round asks the question of the writing: five people stand under it.
    assert len(made.said[0].passages) == 5
    after.withdraw(group, agreed.receipt)
    assert after.note_of(group).said == ()


def test_one_lone_view_is_quoted_with_its_authors_agreement(group: Group, clock: Clock) -> None:
    """REQ-28: dissent survives: whoever agreed to be read alone is."""
    here = started(group, clock=clock)
    here.offer("e" * 32, "zqx I see it differently", key="1", step=WRITE, for_group=True, alone_ok=True)
    here.offer("d" * 32, SAID, key="1", step=WRITE, for_group=True)
    made = ended(here, clock)
    assert made.said[0].passages == ("zqx I see it differently",)


def test_a_reason_stands_where_no_action_does(group: Group, clock: Clock) -> None:
    """REQ-36: the note says why nothing happens next."""
    made = ended(started(group, clock=clock), clock)
    assert "No action today: we only listened today" in note.markdown(made)
    assert "we only listened today" in note.html(made)


def test_notes_are_found_by_their_beginning(group: Group, clock: Clock) -> None:
    """The latest without a name; an open session has no note yet."""
    with pytest.raises(NotFound):
        after.note_of(group)
    here = started(group, clock=clock)
    first = ended(here, clock)
    clock.after(3600)
    second = ended(started(group, clock=clock), clock)
    assert after.note_of(group).session == second.session
    assert after.note_of(group, first.session[:5].upper()) == first
    still_open = opened(group, clock=clock)
    with pytest.raises(NotFound):
        after.note_of(group, still_open.id)


# -- the opening -----------------------------------------------------------------------------------------


def test_what_phones_marked_at_the_close_opens_the_next_session(group: Group, clock: Clock) -> None:
    """REQ-39: marked answers to the pair open the next session, under the rule for few; unmarked ones don't."""
    here = started(group, clock=clock)
    to_step(here, clock, CLOSE)
    here.offer("e" * 32, "zqx I was heard", key="1", for_group=True, alone_ok=True)
    here.offer("d" * 32, "zqx nobody else agreed", key="1", for_group=True)
    here.offer("c" * 32, "zqx unmarked", key="1")
    made = ended(here, clock)
    assert opened(group, clock=clock).opening().learnt == ("zqx I was heard",) == made.learnt
    assert made.said == (), "the close is not what was said"


def test_the_last_summary_is_at_hand(group: Group, clock: Clock) -> None:
    """The opening names the group's newest draft or final summary."""
    group.put_out(Output(hexadecimal(1), "final", "group", "2026-09-30", "", {"name": "autumn.html"}))
    group.put_out(Output(hexadecimal(2), "letter", "group", "2026-10-05", "", {}))
    said = opened(group, clock=clock).opening().summary
    assert said == "The group's last summary is the final of 30 September 2026 (autumn.html)."


# -- words that come or go later ------------------------------------------------------------------------------


def test_who_could_not_come_is_heard_as_if_they_had_been_there(group: Group, clock: Clock) -> None:
    """REQ-44: until the stated day words are added, and nothing marks them as late."""
    here = started(group, clock=clock, setup=Setup("", "", "Femi", "2026-12-15", add_until="2026-11-27"))
    _wrote(here, 4)
    made = ended(here, clock)
    assert made.said == ()
    clock.after(7 * 86_400)
    (receipt,) = after.add_later(group, clock.now, made.session, {WRITE: f"{SAID} 4"})
    now = after.note_of(group)
    assert sorted(now.said[0].passages) == [f"{SAID} {at}" for at in range(5)]
    assert len({each.week for each in group.contributions()}) == 1
    after.withdraw(group, receipt)
    assert after.note_of(group).said == ()
    with pytest.raises(Refused):
        after.add_later(group, clock.after(86_400), made.session, {WRITE: "too late"})


@pytest.mark.parametrize(("step", "text"), [(99, "words"), (VOICE + 1, " "), (-1, "words"), (0, "words")])
def test_what_answers_nothing_is_not_added(group: Group, clock: Clock, step: int, text: str) -> None:
    """Words are added to a question that was asked; all of them, or none."""
    here = started(group, clock=clock, setup=Setup("", "", "Femi", "2026-12-15", add_until="2026-11-27"))
    made = ended(here, clock)
    with pytest.raises(Refused):
        after.add_later(group, clock.now, made.session, {WRITE: "fine", step: text})
    assert group.contributions() == []


def test_nothing_is_added_where_no_day_was_stated(group: Group, clock: Clock) -> None:
    """REQ-44: without a stated time a session is what it was."""
    made = ended(started(group, clock=clock), clock)
    with pytest.raises(Refused) as refused:
        after.add_later(group, clock.now, made.session, {WRITE: "words"})
    assert "no day was stated" in refused.value.why


def test_a_receipt_takes_words_back_long_after(group: Group, clock: Clock) -> None:
    """Rows 3, 84: the words are gone from the note, the group and the file; the receipt works once."""
    here = started(group, clock=clock)
    offered = _wrote(here, 5)
    ended(here, clock)
    after.withdraw(group, offered[2].receipt.upper())
    assert len(group.contributions()) == 4
    assert f"{SAID} 2".encode() not in bytes_under(group.folder)
    assert after.note_of(group).said == ()
    for code in (offered[2].receipt, "0000-0000-0000-0000", ""):
        with pytest.raises(NotFound):
            after.withdraw(group, code)


def test_no_other_groups_receipt_opens_anything(group: Group, clock: Clock, home) -> None:
    """Row 84: a receipt is of one group."""
    here = started(group, clock=clock)
    (offered,) = _wrote(here, 1)
    with room.team(home, clock.now) as other, pytest.raises(NotFound):
        after.withdraw(other, offered.receipt)
    assert len(group.contributions()) == 1


# -- what a summary makes of it ----------------------------------------------------------------------------------


def test_people_of_several_sessions_are_counted_as_few_as_they_may_be(
    group: Group, clock: Clock, journal: Journal
) -> None:
    """Rule 3: nobody knows who of one session is in the next or in a share, so none is counted twice."""
    for _ in range(2):
        here = started(group, clock=clock)
        _wrote(here, 3)
        ended(here, clock)
        clock.after(86_400)
    shares = [letter(group, 70 + at, [passage(at, f"Nobody pays for the bus, {at}.", themes=())]) for at in range(3)]
    gathered(group, *shares)
    assert len({each.contributor for each in group.contributions()}) == 9
    here = started(group, clock=clock)
    _wrote(here, 5)
    ended(here, clock)
    made, _ = make(group, Wanted(), Frame.of(journal), kind="look")
    assert made.not_placed_shown.people == 5


def test_a_session_is_held_with_the_setup_it_was_given(group: Group, clock: Clock) -> None:
    """REQ-45, 47: cost and aims that were said stand in the note."""
    here = opened(group, clock=clock, setup=SETUP._replace(cost="paid time", aims="who opens the hall"))
    here.do("start", clock.now)
    made = ended(here, clock)
    assert dict(made.facts)["What taking part costs, and how it is recompensed"] == "paid time"
    assert dict(made.facts)["Aims"] == "who opens the hall"
