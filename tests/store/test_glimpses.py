"""Names for the shell: read from a file that is only looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflect import ids, intake
from reflect.errors import NewerVersion, NotFound, ReflectError, StorageRefused, WrongKey
from reflect.journal import Details, Journal
from reflect.store import engine, glimpses


def test_entries_are_known_by_the_beginning_of_their_id(journal: Journal) -> None:
    """The newest come first; signs no id has find none, and never all."""
    for day in ("18/11/2026", "20/11/2026", "19/11/2026"):
        journal.write(intake.from_text("Said."), Details(at=day, about=day))
    with glimpses.looking(journal.places.database) as db:
        found = glimpses.entries(db, "")
        assert [each.about for each in found] == ["20/11/2026", "19/11/2026", "18/11/2026"]
        assert glimpses.entries(db, ids.shown(found[2].id)) == [found[2]]
        assert glimpses.entries(db, "not an id") == []


def test_open_actions_come_first(journal: Journal) -> None:
    """What is open stands before what is closed, the nearest day first."""
    later, sooner = journal.offer("Ring.", due="25/12/2026"), journal.offer("Write.", due="1/12/2026")
    closed = journal.offer("Ask.", due="30/11/2026")
    with journal.change() as db:
        db.execute("UPDATE action SET state = 'kept' WHERE id = ?", (closed.id,))
    with glimpses.looking(journal.places.database) as db:
        assert [each.id for each in glimpses.actions(db, "")] == [sooner.id, later.id, closed.id]
        assert [each.id for each in glimpses.actions(db, "", only_open=True)] == [sooner.id, later.id]


def test_what_is_only_looked_at_is_never_written(journal: Journal) -> None:
    """The file is open for reading alone."""
    with (
        pytest.raises(StorageRefused),
        glimpses.looking(journal.places.database) as db,
    ):
        db.execute("DELETE FROM entry")


@pytest.mark.parametrize(
    ("at", "value", "error"),
    [(0, engine.SEALED, WrongKey), (60, b"\0\0\x27\x0f", NewerVersion), (0, b"nothing", ReflectError)],
)
def test_a_file_that_can_not_be_looked_at_is_told_apart(
    journal: Journal, at: int, value: bytes, error: type[ReflectError]
) -> None:
    """Encrypted, newer or damaged files are refused before they are opened; nobody is asked for a passphrase."""
    content = bytearray(journal.places.database.read_bytes())
    content[at : at + len(value)] = value
    journal.places.database.write_bytes(content)
    with pytest.raises(error), glimpses.looking(journal.places.database):
        pytest.fail("it was opened")


def test_where_there_is_no_file_none_is_made(tmp_path: Path) -> None:
    """Looking makes nothing."""
    with pytest.raises(NotFound), glimpses.looking(tmp_path / "journal.db"):
        pytest.fail("it was opened")
    assert not list(tmp_path.iterdir())
