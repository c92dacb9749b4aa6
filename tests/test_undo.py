"""Steps are taken back one by one, the last first, and no words are lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect import config, drafts, ids
from reflect.actions import Actions, Seen
from reflect.consent import Consent, Terms
from reflect.errors import NotFound, Refused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Filters, Sent
from reflect.offers import Offer
from reflect.revisit import Revisit
from reflect.store import consent, entries, undo
from reflect.undo import Undo
from tests.conftest import NOW, bytes_under

WHEN = datetime.fromisoformat(NOW).astimezone()
TABLES = {
    "entry": "*",
    "tag": "*",
    "choice": "*",
    "suggestion": "*",
    "action": "*",
    "outcome": "action, for_whom, seen, expected, helped, at",
    "layer": "*",
    "revisit": "*",
    "mark": "*",
    "erased": "*",
    "batch": "*",
    "batch_entry": "*",
}


def state(journal: Journal) -> dict[str, list[Any]]:
    """All that a journal says, and what its index finds, without its log and what is only kept ready."""
    found = {
        table: sorted(map(tuple, journal._db.execute(f"SELECT {columns} FROM {table}")), key=repr)  # noqa: S608
        for table, columns in TABLES.items()
    }
    found["version"] = sorted(
        map(
            tuple,
            journal._db.execute(
                "SELECT v.entry, v.number, v.text FROM version v JOIN entry e ON e.id = v.entry WHERE number < version"
            ),
        )
    )
    for word in ("first", "second", "third", "later"):
        found[word] = sorted(each.entry.id for each in journal.search(word, Filters()))
    return found


def wrote(journal: Journal, text: str = "first words", **details: Any) -> Entry:
    """An entry."""
    return journal.write(from_text(text), Details(**details)).entry


# -- one kind after the other -----------------------------------------------------------------------


def _write(journal: Journal, entry: Entry) -> None:
    wrote(journal, "third words\n-> ring her by Friday\n-> write to him", about="Board", tags=("x",))


def _edit(journal: Journal, entry: Entry) -> None:
    journal.edit(entry, from_text("second words\n-> book the hall"))


def _theme(journal: Journal, entry: Entry) -> None:
    journal.retheme(entry, ["funding"], ["roles"])


def _tag(journal: Journal, entry: Entry) -> None:
    journal.retag(entry, ["new", "#Board"], ["minutes"])


def _offer(journal: Journal, entry: Entry) -> None:
    journal.offer("ring her", due="friday", entry=entry)


def _taken(journal: Journal, entry: Entry) -> None:
    Actions(journal).take([Offer("a", "2026-12-01"), Offer("b")])


def _done(journal: Journal, entry: Entry) -> None:
    (action,) = journal.actions()
    Actions(journal).close(ids.shown(action.id), "kept", "it rang", Seen("they came", "yes", "partly", "the team"))


def _changed(journal: Journal, entry: Entry) -> None:
    (action,) = journal.actions()
    Actions(journal).change(ids.shown(action.id), "she was out", to="write to her", due="1/12/2026")


def _seen(journal: Journal, entry: Entry) -> None:
    (action,) = journal.actions()
    Actions(journal).see(ids.shown(action.id), Seen("they came"), "so that they come")


def _mark(journal: Journal, entry: Entry) -> None:
    Consent(journal).mark(entry, [(0, 5)], Terms(audience="group", level="verbatim"))


def _mark_again(journal: Journal, entry: Entry) -> None:
    permissions = Consent(journal)
    permissions.mark(entry, [(0, 5), (6, 11)], Terms(audience="public", level="theme"))


def _unmark(journal: Journal, entry: Entry) -> None:
    Consent(journal).unmark(entry)


def _look(journal: Journal, entry: Entry) -> None:
    Revisit(journal).answer(entry, "changed", from_text("a later thought"))


def _act(journal: Journal, entry: Entry) -> None:
    Revisit(journal).answer(entry, "act", do="ring her by Friday")


STEPS = [
    _write,
    _edit,
    _theme,
    _tag,
    _offer,
    _taken,
    _done,
    _changed,
    _seen,
    _mark,
    _mark_again,
    _unmark,
    _look,
    _act,
]


@pytest.fixture
def used(journal: Journal) -> Entry:
    """An entry with a tag, a chosen theme, a mark, an open action and a later thought."""
    entry = wrote(journal, "first words", tags=("minutes",), themes=("roles",))
    journal.offer("stand by", entry=entry)
    Consent(journal).mark(entry, [(0, 11)], Terms(audience="public", level="verbatim"))
    Revisit(journal).answer(entry, "still", from_text("later on"))
    return journal.entry(entry.id)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__.strip("_"))
def test_taken_back_all_is_as_it_was(journal: Journal, used: Entry, step: Callable[[Journal, Entry], None]) -> None:
    """One step of each kind, taken back, leaves everything, the search index included, as it was before."""
    before, count = state(journal), len(Undo(journal).steps())
    step(journal, used)
    assert len(Undo(journal).steps()) == count + 1
    assert state(journal) != before
    (done,) = Undo(journal).back()
    assert state(journal) == before
    assert done.step.what
    assert len(Undo(journal).steps()) == count


def test_edits_of_lines_are_followed_back(journal: Journal, used: Entry) -> None:
    """A line that was reworded has its old words and day again, and one that came with the edit is gone."""
    with_line = journal.edit(used, from_text("first words\n-> ring the caretaker by Friday"))
    assert with_line
    before = state(journal)
    journal.edit(with_line, from_text("first words\n-> ring the caretakers by Monday\n-> write"))
    assert sorted(each.text for each in journal.actions()) == ["ring the caretakers", "stand by", "write"]
    Undo(journal).back()
    assert state(journal) == before
    first = journal.actions()[0]
    assert (first.text, first.due) == ("ring the caretaker", "2026-11-27")


AT_ANY_TIME = [step for step in STEPS if step is not _seen]  # what an action is for is said once


@given(st.lists(st.sampled_from(AT_ANY_TIME), min_size=1, max_size=8), st.data())
@settings(max_examples=25)
def test_several_steps_back_are_as_many_states_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Callable[[Journal, Entry], None]], data: st.DataObject
) -> None:
    """After any steps, taking some back at once gives the very state of that many steps before."""
    home = tmp_path_factory.mktemp("undo") / "home"
    with Journal(config.Places(home, home), WHEN, seed="test") as journal:
        entry = wrote(journal, "first words", tags=("minutes",), themes=("roles",))
        states, counts = [state(journal)], [len(Undo(journal).steps())]
        for step in steps:
            if step in (_done, _changed) and len(journal.actions()) != 1:
                continue
            if step is _unmark and not Consent(journal).marks(entry):
                continue
            step(journal, journal.entry(entry.id))
            states.append(state(journal))
            counts.append(len(Undo(journal).steps()))
        back = data.draw(st.integers(0, len(states) - 1))
        many = counts[-1] - counts[back]
        if many:
            Undo(journal).back(many)
        assert state(journal) == states[back]


# -- words stay within reach ----------------------------------------------------------------------------


def test_an_entry_taken_back_is_in_a_draft_with_all_that_was_said_of_it(journal: Journal) -> None:
    """Its words, question, subject, day, tags and themes are in a private draft, and nowhere in the file."""
    prompt = journal.prompts()[0]
    details = Details(about="Board", at="1/3/2026", occasion="after-meeting", tags=("x",), themes=("funding",))
    entry = journal.write(from_text("heliotrope"), details, prompt).entry
    (done,) = Undo(journal).back()
    assert done.draft
    kept = drafts.read(done.draft)
    assert kept.text == "heliotrope"
    assert kept.options == {
        "prompt": prompt.id,
        "about": "Board",
        "at": "2026-03-01",
        "occasion": "after-meeting",
        "tags": ["x"],
        "themes": ["funding"],
        "meeting": [],
        "undone": ids.shown(entry.id),
    }
    assert journal.size() == 0
    drafts.discard(done.draft)
    assert b"heliotrop" not in bytes_under(journal.places.home)


def test_no_wording_is_lost_when_all_of_an_entry_is_taken_back(journal: Journal) -> None:
    """Edits that were taken back stood in the history, which goes with the entry: each wording is in a draft."""
    entry = journal.write(from_text("first"), Details(about="Board")).entry
    for text in ("second", "third", "first"):
        changed = journal.edit(entry, from_text(text))
        assert changed
        entry = changed
    *_, done = Undo(journal).back(4)
    assert done.draft
    assert drafts.read(done.draft).text == "first"
    assert [drafts.read(path).text for path in done.others] == ["second", "third"]
    assert len(journal.drafts()) == 3
    assert all(drafts.read(path).options["about"] == "Board" for path in journal.drafts())


def test_what_was_taken_back_is_erased_wherever_it_is(journal: Journal) -> None:
    """An entry that was undone and came back, from its draft or from a copy, is gone for good when erased."""
    for way in ("draft", "copy"):
        entry = journal.write(from_text("heliotrope"), Details()).entry
        copy = journal.backup().path
        (done,) = Undo(journal).back()
        assert done.draft
        if way == "copy":
            from reflect import rescue

            with rescue.Return(copy, journal.places, journal.now) as coming:
                coming.merge()
        else:
            back = journal.write(
                from_text("heliotrope"), Details(undone=str(drafts.read(done.draft).options["undone"]))
            )
            assert back.entry.id == entry.id, "our copies know it by this id"
        journal.erase(journal.entry(entry.id))
        assert b"heliotrop" not in bytes_under(journal.places.home), way


@pytest.mark.parametrize("taken", ["here", "erased", "no id"])
def test_an_id_that_is_not_free_is_not_given_again(journal: Journal, taken: str) -> None:
    """Where another entry has the id, it was erased, or the draft was changed by hand, a fresh one is given."""
    entry = journal.write(from_text("first"), Details()).entry
    if taken == "erased":
        journal.erase(entry)
    name = "no id" if taken == "no id" else ids.shown(entry.id)
    assert journal.write(from_text("second"), Details(undone=name)).entry.id != entry.id


def test_a_question_whose_answer_was_taken_back_is_open_again(journal: Journal) -> None:
    """`write` asks it once more, as if nobody had answered."""
    asked = journal.question_for_now()
    journal.write(from_text("words"), Details(), asked)
    Undo(journal).back()
    assert journal.question_for_now() == asked


def test_a_wording_taken_back_stays_in_the_history(journal: Journal, used: Entry) -> None:
    """The earlier wording holds again under its own number; the later one can be read, and its number is not reused."""
    second = journal.edit(used, from_text("second words"))
    assert second
    Undo(journal).back()
    present = journal.entry(used.id)
    assert (present.version, present.text) == (1, "first words")
    assert [(each.number, each.text) for each in journal.versions(present)] == [(1, "first words"), (2, "second words")]
    third = journal.edit(present, from_text("third words"))
    assert third
    assert third.version == 3
    assert list(entries.broken(journal._db)) == []


def test_answers_by_part_come_back_with_their_wording(journal: Journal) -> None:
    """Which words answered which part is known again when that wording holds again."""
    prompt = next(each for each in journal.prompts() if len(each.parts) == 2)
    entry = journal.write(from_text("one\n\ntwo"), Details(), prompt, [(0, 3), (5, 8)]).entry
    changed = journal.edit(entry, from_text("all new"))
    assert changed
    assert changed.asked
    assert changed.asked.answers is None
    Undo(journal).back()
    assert journal.entry(entry.id) == entry


def test_a_mark_suspended_by_an_edit_holds_again(journal: Journal, used: Entry) -> None:
    """Marks belong to a version: with the old wording, they are in force as before."""
    (mark,) = Consent(journal).marks(used)
    journal.edit(used, from_text("second words"))
    Undo(journal).back()
    assert journal.entry(used.id).version == mark.version


# -- what is not taken back ---------------------------------------------------------------------------------


def send(journal: Journal, entry: Entry, mark: int | None) -> None:
    """Record that a passage left in a share."""
    with journal.change() as db:
        consent.send(db, Sent("c" * 32, "group", mark, entry.id, "group", NOW, "", withdrawal_told=False))


def test_what_was_shared_is_not_taken_back(journal: Journal) -> None:
    """A mark that travelled, and the entry it is of, are passed over; what can be taken back still is."""
    wrote(journal, "other words")
    entry = wrote(journal)
    (mark,) = Consent(journal).mark(entry, [(0, 5)], Terms(audience="group", level="verbatim"))
    send(journal, entry, mark.id)
    assert [(step.kind, step.entry != entry.id) for step in Undo(journal).steps()] == [("write", True)]
    Undo(journal).back()
    assert [each.id for each in journal.find(Filters())] == [entry.id]
    assert Consent(journal).marks(entry) == [mark]


def test_what_was_erased_is_gone_from_the_log(journal: Journal, used: Entry) -> None:
    """Erasing an entry takes every step about it out of the log."""
    other = wrote(journal, "other words")
    journal.erase(used)
    assert [step.entry for step in Undo(journal).steps()] == [other.id, None]
    Undo(journal).back(2)
    assert entries.erased(journal._db) == {used.id: "2026-11-20"}


def test_more_steps_than_there_are_is_refused_and_changes_nothing(journal: Journal, used: Entry) -> None:
    """All of the wanted steps are taken back, or none."""
    before, count = state(journal), len(Undo(journal).steps())
    with pytest.raises(NotFound, match=f"only {count} steps"):
        Undo(journal).back(count + 1)
    assert state(journal) == before
    Undo(journal).back(count)
    with pytest.raises(NotFound, match="nothing to take back"):
        Undo(journal).back()


def test_a_step_that_fails_takes_nothing_back_and_leaves_no_draft(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the second of two steps can't be taken back, the first stands, too, and its words are in no draft."""
    entry = wrote(journal)
    journal.edit(entry, from_text("second words"))
    wrote(journal, "third words")
    before = state(journal)

    def refuse(*_: object) -> None:
        raise Refused("no")

    monkeypatch.setattr(entries, "put_back", refuse)
    with pytest.raises(Refused):
        Undo(journal).back(2)
    assert state(journal) == before
    assert drafts.every(journal.places.drafts) == []
    assert len(Undo(journal).steps()) == 3


def test_an_edit_that_was_edited_over_unseen_is_refused(journal: Journal) -> None:
    """Where the present wording is not the one the step left, nothing is overwritten."""
    entry = wrote(journal)
    second = journal.edit(entry, from_text("second words"))
    assert second
    with journal.change() as db:
        entries.revise(db, second, "third words", NOW)
    with pytest.raises(Refused, match="not as that edit left it"):
        Undo(journal).back()
    assert journal.entry(entry.id).text == "third words"


def test_the_log_holds_no_words(journal: Journal) -> None:
    """The log and its labels hold ids, numbers, days and the names of themes and tags; of an entry's words, none."""
    entry = wrote(journal, "heliotrope\n-> saxifrage by Friday", about="campanula")
    journal.edit(entry, from_text("gentian"))
    Revisit(journal).answer(entry, "changed", from_text("edelweiss"))
    journal.offer("arnica")
    Actions(journal).close(ids.shown(journal.actions()[0].id), "kept", "aconite", Seen("hellebore"))
    rows = [*journal._db.execute("SELECT * FROM undo"), *journal._db.execute("SELECT * FROM undo_label")]
    said = repr([tuple(row) for row in rows])
    for word in ("helio", "saxi", "campa", "genti", "edel", "arni", "aconi", "hell"):
        assert word not in said


def test_the_log_keeps_the_last_steps_only(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log never grows beyond its measure, so that it costs as much after years as at first."""
    monkeypatch.setattr(undo, "MOST", 5)
    for number in range(9):
        journal.offer(f"number {number}")
    assert [step.what for step in Undo(journal).steps()] == [f"offered: number {number}" for number in (8, 7, 6, 5, 4)]


@pytest.fixture
def later(home: Path, journal: Journal) -> Iterator[Journal]:
    """The same journal, opened a day later by another process."""
    with Journal(config.Places(home, home), WHEN + timedelta(days=1), seed="test") as opened:
        yield opened


def test_what_another_reflect_did_is_taken_back_in_its_order(journal: Journal, later: Journal) -> None:
    """The log is the journal's: the last step of whichever terminal comes first."""
    wrote(journal, "from here")
    wrote(later, "from there")
    (done,) = Undo(journal).back()
    assert done.step.at.startswith("2026-11-21")
    assert [each.text for each in later.find(Filters())] == ["from here"]
