"""The log of steps holds what was done in its order, together what was done together."""

from __future__ import annotations

from reflect.journal import Journal
from reflect.store import undo
from tests.store.plans import plans, walks


def test_what_was_done_together_is_one_step(journal: Journal) -> None:
    """Rows with one step come back together, the newest step and its newest row first, labels with them."""
    with journal.change() as db:
        first = undo.note(db, "tag", "a", labels={"+x": "", "-y": ""})
        second = undo.note(db, "offer", "b")
        assert undo.note(db, "offer", "b", step=second) == second
        third = undo.note(db, "edit", "c", before=1, after=2)
    steps = undo.last(journal._db, 10)
    assert [[row.step for row in rows] for rows in steps] == [[third], [second, second], [first]]
    assert steps[1][0].id > steps[1][1].id
    assert (steps[0][0].before, steps[0][0].after) == (1, 2)
    assert undo.labels(journal._db, steps[2][0]) == {"+x": "", "-y": ""}
    assert [rows[0].step for rows in undo.last(journal._db, 2)] == [third, second]


def test_a_step_that_was_dropped_is_gone_with_its_labels(journal: Journal) -> None:
    """Nothing of it stays, and later steps are numbered above those that are left."""
    with journal.change() as db:
        first = undo.note(db, "offer", "a")
        undo.drop(db, undo.note(db, "tag", "b", labels={"+x": ""}))
        assert undo.note(db, "offer", "c") > first
    assert journal._db.execute("SELECT count(*) FROM undo_label").fetchone()[0] == 0
    assert len(undo.last(journal._db, 10)) == 2


def test_noting_walks_through_nothing(journal: Journal) -> None:
    """Each step of every day is noted without a walk through the log or the journal."""
    found = plans(journal._db, lambda: undo.note(journal._db, "offer", "a"))
    assert walks(found) == []
