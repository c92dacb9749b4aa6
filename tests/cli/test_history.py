"""`reflect history`: every wording of an entry."""

from __future__ import annotations

from tests.cli.conftest import Write
from tests.conftest import Run


def test_every_wording_oldest_first(run: Run, write: Write) -> None:
    """Each edit is a version with its words and its time; the first is as it was written."""
    entry = write("First.\n\nWith two paragraphs.")
    run("edit", entry["id"], "-", stdin="Second.", env={"REFLECT_NOW": "2026-11-21T10:05:00+00:00"})
    run("edit", entry["id"], "-", stdin="Third.", env={"REFLECT_NOW": "2026-11-22T11:10:00+00:00"})
    versions = run("history", entry["id"], "--json").json
    assert [(each["version"], each["text"]) for each in versions] == [
        (1, "First.\n\nWith two paragraphs."),
        (2, "Second."),
        (3, "Third."),
    ]
    assert [each["at"][:16] for each in versions] == ["2026-11-20T16:00", "2026-11-21T10:05", "2026-11-22T11:10"]
    out = run("history", entry["id"][:5]).out
    assert "Version 2  21 Nov 2026, 10:05\n  Second.\n" in out
    assert out.index("With two paragraphs.") < out.index("Second.") < out.index("Third.")


def test_an_entry_never_edited_has_one_version(run: Run, write: Write) -> None:
    """A new entry's history is its only wording."""
    entry = write("First.")
    assert run("history", entry["id"], "--json").json == [{"version": 1, "text": "First.", "at": entry["written_at"]}]


def test_unknown_id_is_not_found(run: Run) -> None:
    """No entry of that id: exit 4."""
    run("history", "zzzzzzzz", code=4)
