"""Marks, memberships and what left, as rows of the journal."""

from __future__ import annotations

from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Mark, Membership, Sent
from reflect.store import consent as rows
from tests.people import hexadecimal

MONDAY, TUESDAY = "2026-11-16T10:00:00+00:00", "2026-11-17T10:00:00+00:00"
MEMBER = Membership("abcd1234", hexadecimal(7), "{}", "North", MONDAY, "", 0)


def entry_of(journal: Journal, text: str = "Nobody asked her. It was late.") -> Entry:
    """A fresh entry."""
    return journal.write(from_text(text), Details()).entry


def mark_of(entry: Entry, number: int = 1, **said: object) -> Mark:
    """A mark of an entry's beginning."""
    made = Mark(
        id=number,
        entry=entry.id,
        version=1,
        start=0,
        end=17,
        audience="group",
        reader="",
        purpose="",
        level="verbatim",
        attribution="",
        words="",
        stance="",
        leads_to="",
        alone_ok=True,
        made_at=MONDAY,
        withdrawn_at="",
    )
    return made._replace(**said)  # type: ignore[arg-type]


def sent_of(mark: Mark, number: int = 1) -> Sent:
    """A passage that left because of a mark."""
    return Sent(hexadecimal(number), MEMBER.reader, mark.id, mark.entry, "group", MONDAY, "", withdrawal_told=False)


def test_marks_come_back_whole(journal: Journal) -> None:
    """A mark is read as it was set, of one entry or of all, oldest first."""
    one, other = entry_of(journal), entry_of(journal, "Another day.")
    first, second = mark_of(other, 2, made_at=MONDAY, leads_to="keys"), mark_of(one, 1, made_at=TUESDAY)
    with journal.change() as db:
        rows.mark(db, second)
        rows.mark(db, first)
        assert rows.marks(db) == [first, second]
        assert rows.marks(db, one.id) == [second]


def test_withdrawing_reaches_what_left(journal: Journal) -> None:
    """A withdrawn mark no longer holds, and what left because of it waits to be told, once."""
    each = mark_of(entry_of(journal))
    with journal.change() as db:
        rows.mark(db, each)
        rows.send(db, sent_of(each))
        rows.withdraw(db, each.id, MONDAY)
        rows.withdraw(db, each.id, TUESDAY)
        assert rows.marks(db) == []
        assert rows.sent(db) == [sent_of(each)._replace(withdrawn_at=MONDAY)]
        rows.told(db, [hexadecimal(1)])
        assert rows.sent(db, MEMBER.reader)[0].withdrawal_told is True
        assert rows.sent(db, "other123") == []


def test_erased_entry_takes_its_marks_and_leaves_what_left(journal: Journal) -> None:
    """When an entry goes, its marks go, too; that something left is kept without saying what."""
    entry = entry_of(journal)
    with journal.change() as db:
        rows.mark(db, mark_of(entry, words="Other words", level="reworded"))
        rows.send(db, sent_of(mark_of(entry)))
    journal.erase(entry)
    with journal.reading() as db:
        assert rows.marks(db) == []
        (left,) = rows.sent(db)
    assert (left.mark, left.entry) == (None, None)
    assert left.withdrawn_at


def test_reaffirmed(journal: Journal) -> None:
    """A mark can be moved to the version its author has seen."""
    each = mark_of(entry_of(journal))
    with journal.change() as db:
        rows.mark(db, each)
        rows.reaffirm(db, each, 3, 4, 9)
        assert rows.marks(db) == [each._replace(version=3, start=4, end=9)]


def test_first_group_adopts(journal: Journal) -> None:
    """Marks that named no group become the first one's, with its purpose where they had none; others stay."""
    entry = entry_of(journal)
    open_mark, named, gone = mark_of(entry, 1), mark_of(entry, 2, reader="other123"), mark_of(entry, 3)
    purposeful = mark_of(entry, 4, audience="funder", purpose="the bid")
    with journal.change() as db:
        for each in (open_mark, named, gone, purposeful):
            rows.mark(db, each)
        rows.withdraw(db, gone.id, TUESDAY)
        rows.adopt(db, "abcd1234", "fair meetings")
        assert rows.marks(db) == [
            open_mark._replace(reader="abcd1234", purpose="fair meetings"),
            named,
            purposeful._replace(reader="abcd1234"),
        ]


def test_memberships(journal: Journal) -> None:
    """A membership is stored once a group; a share adds one to its number and moves how far was looked through."""
    with journal.change() as db:
        rows.join(db, MEMBER)
        rows.join(db, MEMBER._replace(site="South"))
        rows.shared(db, MEMBER, TUESDAY)
        assert rows.memberships(db) == [MEMBER._replace(site="South", looked_until=TUESDAY, shares=1)]


def test_answers_that_came_back(journal: Journal) -> None:
    """The later answer to the same output replaces the earlier one; they are read oldest first."""
    with journal.change() as db:
        for made_at, output, value in ((TUESDAY, "b", "{}"), (MONDAY, "a", "{}"), (TUESDAY, "b", '{"new": 1}')):
            rows.keep_answer(db, reader="abcd1234", output=output, audience="group", made_at=made_at, value=value)
        assert [row[1] for row in rows.answers(db)] == ["a", "b"]
        assert rows.answers(db)[1][4] == '{"new": 1}'
