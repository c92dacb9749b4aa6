"""Actions follow what is written, and are closed as kept, changed or dropped, with what was seen (REQ-30)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reflect import config, ids
from reflect.actions import Actions, Seen
from reflect.errors import Refused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Action, Entry, Outcome
from reflect.offers import Offer
from tests.conftest import NOW

At = Callable[[int], Journal]


@pytest.fixture
def at(home: Path) -> Iterator[At]:
    """Open the one journal so many days later than the usual time."""
    with ExitStack() as stack:

        def open_at(days: int) -> Journal:
            now = datetime.fromisoformat(NOW).astimezone() + timedelta(days=days)
            return stack.enter_context(Journal(config.Places(home, home), now, seed="test"))

        yield open_at


def edit(journal: Journal, entry: Entry, text: str) -> Entry:
    """An entry with other words."""
    changed = journal.edit(entry, from_text(text))
    assert changed
    return changed


def open_ones(journal: Journal) -> list[tuple[str, str]]:
    """What is open: its words and its day; of those without a day, in the order of the alphabet."""
    found = [(each.text, each.due) for each in journal.actions()]
    return sorted(found, key=lambda each: (not each[1], each[1], each[0]))


def named(action: Action) -> str:
    """An action's id as it is typed."""
    return ids.shown(action.id)


# -- from what is written -------------------------------------------------------------------------


def test_each_line_with_an_arrow_is_offered_with_its_entry(journal: Journal) -> None:
    """Every such line of an entry is an action from that entry, about the same, with its day if it has one."""
    written = journal.write(from_text("We met.\n-> Ring her by Friday\nSo.\n-> Write"), Details(about="Board"))
    assert [each.text for each in written.offered] == ["Ring her", "Write"]
    assert journal.actions() == list(written.offered)
    first = written.offered[0]
    assert (first.entry, first.about, first.due, first.state, first.from_line) == (
        written.entry.id,
        "Board",
        "2026-11-27",
        "open",
        True,
    )
    assert written.entry.text == "We met.\n-> Ring her by Friday\nSo.\n-> Write"


def test_an_edit_offers_rewords_and_leaves(journal: Journal) -> None:
    """New lines are offered, reworded ones keep their action, one that is gone stays offered."""
    entry = journal.write(from_text("-> Ring the caretaker by Friday\n-> Book the hall"), Details()).entry
    before = {each.text: each.id for each in journal.actions()}
    edit(journal, entry, "-> Ring the caretaker's wife by Monday\n-> Send the minutes round")
    assert open_ones(journal) == [
        ("Ring the caretaker's wife", "2026-11-23"),
        ("Book the hall", ""),
        ("Send the minutes round", ""),
    ]
    assert journal.actions()[0].id == before["Ring the caretaker"]


def test_a_line_of_weeks_ago_is_still_its_action(at: At) -> None:
    """Editing an entry after its action's day has passed offers nothing twice and takes no day away."""
    entry = at(0).write(from_text("-> Ring her by Friday"), Details()).entry
    later = at(40)
    same = edit(later, entry, "More words.\n-> Ring her by Friday")
    assert open_ones(later) == [("Ring her", "2026-11-27")]
    edit(later, same, "More words.\n-> Ring her twice by Friday")
    assert [each.text for each in later.actions()] == ["Ring her twice"]


def test_a_closed_action_is_not_offered_again_by_an_edit(journal: Journal) -> None:
    """What was done stays done, and its words stay, whatever becomes of the line."""
    entry = journal.write(from_text("-> Ring her"), Details()).entry
    Actions(journal).close(named(journal.actions()[0]), "kept", "")
    same = edit(journal, entry, "More words.\n-> Ring her")
    edit(journal, same, "More words.\n-> Ring her now")
    (action,) = journal.actions(only_open=False)
    assert (action.text, action.state) == ("Ring her", "kept")


def test_what_came_from_a_line_goes_with_its_entry(journal: Journal) -> None:
    """Erasing an entry erases the actions of its lines, words of the entry as they are, and what it was about."""
    entry = journal.write(from_text("-> heliotrope"), Details(about="saxifrage")).entry
    journal.offer("Ring her", entry=entry)
    journal.offer("Write", entry=entry, about="Team")
    journal.erase(entry)
    assert sorted((each.text, each.about, each.entry) for each in journal.actions()) == [
        ("Ring her", "", None),
        ("Write", "Team", None),
    ]
    content = journal.places.database.read_bytes()
    assert b"heliotrop" not in content
    assert b"saxifrag" not in content


def test_a_day_at_the_end_of_an_offer_is_its_day(journal: Journal) -> None:
    """Said in the words or beside them, the day is the same; said beside them, the words stay as they are."""
    assert journal.offer("Ring her by Friday").due == journal.offer("Ring her", due="friday").due == "2026-11-27"
    beside = journal.offer("Ring her by Monday", due="friday")
    assert (beside.text, beside.due) == ("Ring her by Monday", "2026-11-27")


# -- what is open about the same thing ---------------------------------------------------------------


def test_what_is_open_about_the_same_thing_is_known(journal: Journal) -> None:
    """By what it is about, in any case, or by a tag of its entry; closed ones and others are not among them."""
    entry = journal.write(from_text("-> Ring her by Friday"), Details(about="Board", tags=("minutes",))).entry
    journal.offer("Write", about="board")
    journal.offer("Other", about="Team")
    journal.offer("Alone")
    Actions(journal).close(named(journal.offer("Done", entry=entry)), "kept", "")

    def found(about: str = "", *tags: str) -> list[str]:
        return [each.text for each in journal.actions_about(Details(about=about, tags=tags))]

    assert found("BOARD") == ["Ring her", "Write"]
    assert found("", "minutes") == ["Ring her"]
    assert found("Team", "minutes") == ["Ring her", "Other"]
    assert found("Elsewhere", "none") == []
    assert found() == []


def test_at_most_a_few_are_shown_before_an_entry(journal: Journal) -> None:
    """The nearest five; more would be a list to work off."""
    for day in range(1, 9):
        journal.offer(f"number {day}", about="Board", due=f"{day}/12/2026")
    found = journal.actions_about(Details(about="Board"))
    assert [each.text for each in found] == [f"number {day}" for day in range(1, 6)]


def test_due_is_what_has_its_day_and_it_has_come(at: At) -> None:
    """Today's and earlier days', nearest first; without a day never."""
    for text, day in (("later", "28/11/2026"), ("today", "27/11/2026"), ("before", "21/11/2026"), ("never", "")):
        at(0).offer(text, due=day)
    assert [each.text for each in at(7).actions_due()] == ["before", "today"]


# -- closing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["kept", "changed", "dropped"])
def test_an_action_is_closed_with_a_word_of_why(journal: Journal, state: str) -> None:
    """Each way of closing keeps why and when; none is a failure, and none asks for a reason."""
    action = journal.offer("Ring her")
    closed = Actions(journal).close(named(action), state, "she rang first").action
    assert (closed.state, closed.note, closed.closed_at) == (state, "she rang first", journal.now.isoformat())
    assert Actions(journal).close(named(journal.offer("Write")), state, "").action.state == state
    assert journal.actions() == []


def test_what_was_seen_is_kept_by_viewpoint(at: At) -> None:
    """REQ-30: intended, seen, expected or not, helpful or not, for whom; one viewpoint stands beside another."""
    journal = at(0)
    action = journal.offer("Open the gate at eight", intended="nobody waits in the rain")
    seen = Seen("the queue was shorter", expected="yes", helped="yes", for_whom="families")
    Actions(journal).close(named(action), "kept", "the caretaker agreed", seen)
    after = Actions(at(30)).see(named(action), Seen("she starts earlier now", "no", "no", "the caretaker"))
    assert after.intended == "nobody waits in the rain"
    assert after.state == "kept"
    assert after.outcomes == (
        Outcome("families", "the queue was shorter", "yes", "yes", after.outcomes[0].at),
        Outcome("the caretaker", "she starts earlier now", "no", "no", after.outcomes[1].at),
    )
    assert after.outcomes[0].at < after.outcomes[1].at
    assert at(30).actions(only_open=False) == [after]


def test_nothing_said_is_nothing_kept(journal: Journal) -> None:
    """Closing without a word of what was seen leaves no empty viewpoint; seeing nothing at all is refused."""
    action = journal.offer("Ring her")
    with pytest.raises(Refused, match="nothing to keep"):
        Actions(journal).see(named(action), Seen())
    assert Actions(journal).close(named(action), "kept", "", Seen()).action.outcomes == ()


def test_answers_are_yes_no_or_partly(journal: Journal) -> None:
    """Short forms are taken; any other word is refused, and then nothing is closed."""
    action = journal.offer("Ring her")
    for said, kept in (("y", "yes"), ("N", "no"), ("part", "partly"), ("", "")):
        seen = Actions(journal).see(named(action), Seen("x", expected=said)).outcomes[-1]
        assert seen.expected == kept
    with pytest.raises(Refused, match="perhaps"):
        Actions(journal).close(named(action), "kept", "", Seen("x", expected="perhaps"))
    assert [each.state for each in journal.actions()] == ["open"]


def test_what_it_is_for_is_said_once(journal: Journal) -> None:
    """An intention that was there before stands beside what was seen, and can't be made to fit it."""
    action = journal.offer("Ring her")
    assert Actions(journal).see(named(action), Seen(), "so that she knows").intended == "so that she knows"
    with pytest.raises(Refused, match="said already"):
        Actions(journal).see(named(action), Seen(), "as it turned out")


def test_a_changed_action_lives_on_in_another(journal: Journal) -> None:
    """With other words or another day, a new open action takes its place, with all else that belonged to it."""
    entry = journal.write(from_text("words"), Details(about="Board")).entry
    action = journal.offer("Ring her", due="friday", entry=entry, intended="so that she knows")
    moved = Actions(journal).change(named(action), "she is away", due="1/12/2026")
    assert moved.action.state == "changed"
    assert moved.instead
    assert (moved.instead.text, moved.instead.due, moved.instead.state) == ("Ring her", "2026-12-01", "open")
    assert (moved.instead.entry, moved.instead.about) == (entry.id, "Board")
    assert moved.instead.intended == "so that she knows"
    again = Actions(journal).change(named(moved.instead), "", to="Write to her")
    assert again.instead
    assert (again.instead.text, again.instead.due) == ("Write to her", "")
    assert Actions(journal).change(named(again.instead), "").instead is None
    assert journal.actions() == []


def test_what_is_closed_stays_as_it_was_closed(journal: Journal) -> None:
    """Closing once more is refused, with the way to add what was seen since."""
    action = journal.offer("Ring her")
    Actions(journal).close(named(action), "dropped", "she moved")
    for again in (
        lambda: Actions(journal).close(named(action), "kept", ""),
        lambda: Actions(journal).change(named(action), ""),
    ):
        with pytest.raises(Refused, match="closed already, as dropped"):
            again()
    assert journal.actions(only_open=False)[0].note == "she moved"


# -- from elsewhere ----------------------------------------------------------------------------------------


def test_what_was_offered_elsewhere_comes_in_once(journal: Journal) -> None:
    """What is here already is passed over, a second time all of it; the sum is what was read."""
    journal.offer("Ring her", due="friday")
    offers = [
        Offer("Ring her", "2026-11-27"),
        Offer("Ring her"),
        Offer("Write", "", "Board", "so that"),
        Offer("Write"),
    ]
    seen, already = Actions(journal).take(offers, dry_run=True)
    assert len(journal.actions()) == 1
    new, again = Actions(journal).take(offers)
    assert [each.text for each in seen] == [each.text for each in new] == ["Ring her", "Write"]
    assert already == again == 2
    assert (new[1].about, new[1].intended) == ("Board", "so that")
    assert Actions(journal).take(offers) == ([], 4)
