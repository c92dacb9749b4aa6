"""Calendars, the meetings of entries, and meetings that were passed over, as rows."""

from __future__ import annotations

from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Meeting
from reflect.store import kept, meetings
from tests.conftest import NOW


def test_a_meeting_is_done_by_uid_and_instance(journal: Journal) -> None:
    """Written about or passed over, it is done; another instance, or another event at that time, is another meeting."""
    journal.write(from_text("words"), Details(meeting=Meeting("a", "1", NOW, NOW)))
    with journal.change() as db:
        meetings.pass_over(db, Meeting("b", "1", NOW, NOW), NOW, "")
        known = [meetings.is_done(db, *each) for each in (("a", "1"), ("b", "1"), ("a", "2"), ("c", "1"))]
    assert known == [True, True, False, False]


def test_a_calendar_is_remembered_once_by_its_path(journal: Journal) -> None:
    """Added again, it is as it was; forgotten, nothing that was kept ready of it stays."""
    with journal.change() as db:
        assert meetings.add_calendar(db, "/b.ics", NOW)
        assert meetings.add_calendar(db, "/a.ics", NOW)
        assert not meetings.add_calendar(db, "/a.ics", "later")
        assert meetings.calendars(db) == [("/a.ics", NOW), ("/b.ics", NOW)]
        kept.put(db, "meetings", "what ended", "stamp")
        assert meetings.ready(db) == ("stamp", "what ended")
        meetings.remove_calendar(db, "/a.ics")
        assert (meetings.calendars(db), meetings.ready(db)) == ([("/b.ics", NOW)], None)
