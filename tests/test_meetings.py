"""Meetings that ended lately: what is offered, when no more, and that calendars are read only when they changed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reflect import calendars, config, drafts
from reflect.errors import NotFound, Refused
from reflect.exchange import our_fields
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.meetings import LATELY, Meetings
from reflect.models import Entry, Filters, Meeting
from reflect.store.exported import Reader
from reflect.undo import Undo
from tests.conftest import NOW, bytes_under
from tests.ics import calendar, event, hour

At = Callable[..., Meetings]
BOARD = hour("board", "20261120T140000", title="Board")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A calendar with a board meeting that ended at three, an hour before now, and a weekly one at nine."""
    path = tmp_path / "work.ics"
    weekly = event("team", "DTSTART:20260102T090000Z", "DURATION:PT30M", "RRULE:FREQ=WEEKLY", title="Team")
    path.write_bytes(calendar(BOARD, weekly))
    return path


@pytest.fixture
def at(home: Path) -> Iterator[At]:
    """Open the meetings of the one journal, so many hours later than the usual time."""
    with ExitStack() as stack:

        def open_at(hours: float = 0) -> Meetings:
            now = datetime.fromisoformat(NOW).astimezone() + timedelta(hours=hours)
            return Meetings(stack.enter_context(Journal(config.Places(home, home), now, seed="test")))

        yield open_at


@pytest.fixture
def no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing read a calendar: what asks for it falls."""

    def falls(*_: object, **__: object) -> None:
        raise AssertionError("a calendar was read")

    monkeypatch.setattr(calendars, "read", falls)


def titles(meetings: Meetings) -> list[str]:
    """Return the titles of what is offered."""
    return [each.title for each in meetings.lately().ended]


def wrote(journal: Journal, meeting: Meeting, text: str = "words") -> Entry:
    """An entry about a meeting."""
    return journal.write(from_text(text), Details(meeting=meeting)).entry


# -- what is offered ------------------------------------------------------------------------------------


def test_without_a_calendar_nothing_is_offered(at: At) -> None:
    """A journal without calendars has no meetings, and nothing to say of them."""
    assert at().lately() == ((), ())


def test_meetings_are_offered_for_some_hours_after_their_end(at: At, work: Path) -> None:
    """The last one comes first; one that goes on or ended long ago is not offered."""
    at().add(work)
    assert titles(at()) == ["Board", "Team"]
    assert at().lately().ended[0].meeting == Meeting(
        "board", "", "2026-11-20T14:00:00+00:00", "2026-11-20T15:00:00+00:00"
    )
    assert titles(at(-1)) == ["Board", "Team"]
    assert titles(at(-1.1)) == ["Team"]
    late = LATELY.total_seconds() / 3600
    assert titles(at(late - 1)) == ["Board"]
    assert titles(at(late - 0.9)) == []


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-1, "just now"), (-0.98, "1 minute ago"), (-0.5, "30 minutes ago"), (0, "1 hour ago"), (2, "3 hours ago")],
)
def test_how_long_ago_is_said_in_words(at: At, work: Path, hours: float, words: str) -> None:
    """The time since an end is said as a person would."""
    now = at(hours)
    now.add(work)
    assert now.lately().ended[0].ago(now._now) == words


def test_a_meeting_with_an_entry_is_offered_no_more(at: At, work: Path) -> None:
    """What was written about is done, as that instance and no other, till the entry is gone."""
    here = at()
    here.add(work)
    board, team = here.lately().ended
    wrote(here._journal, team.meeting)
    assert titles(here) == ["Board"]
    assert titles(at(7 * 24 - 6)) == ["Team"]
    entry = wrote(here._journal, board.meeting)
    assert titles(here) == []
    here._journal.erase(entry)
    assert titles(here) == ["Board"]


def test_a_meeting_can_be_passed_over(at: At, work: Path) -> None:
    """What was passed over is offered no more, and the next time of the same event is."""
    here = at()
    here.add(work)
    here.pass_over(here.named("last", only_offered=True))
    here.pass_over(here.named("last", only_offered=True))
    assert titles(here) == []
    assert titles(at(7 * 24 - 6)) == ["Team"]
    with pytest.raises(NotFound):
        here.named("last", only_offered=True)
    assert here.named("last").title == "Board"


def test_what_was_passed_over_long_ago_is_forgotten(at: At, work: Path) -> None:
    """A month later nothing is remembered of what was passed over."""
    here, later = at(), at(24 * 31)
    here.add(work)
    here.pass_over(here.named("last"))
    work.write_bytes(calendar(hour("other", "20261221T140000")))
    later.pass_over(later.named("last"))
    with later._journal.reading() as db:
        assert db.execute("SELECT uid FROM passed").fetchall() == [("other",)]


def test_a_meeting_is_named_by_its_beginning(at: At, work: Path) -> None:
    """Ids are the same each time; a beginning is enough, none or several are refused."""
    here = at()
    here.add(work)
    ids = [each.id for each in here.lately().ended]
    assert [each.id for each in at(1).lately().ended] == ids
    assert here.named(ids[1][:4].upper()).title == "Team"
    for unknown in ("", "zzzzzzzz", "Board"):
        with pytest.raises((NotFound, Refused)):
            here.named(unknown)


def test_an_event_of_two_calendars_is_offered_once(at: At, work: Path, tmp_path: Path) -> None:
    """The same event in a file, in a copy of it, and in a folder that holds both, is one meeting."""
    (tmp_path / "copy.ics").write_bytes(work.read_bytes())
    for path in (work, tmp_path / "copy.ics", tmp_path):
        at().add(path)
    assert titles(at()) == ["Board", "Team"]


# -- calendars --------------------------------------------------------------------------------------------


def test_a_calendar_is_not_read_again_till_it_changes(at: At, work: Path, request: pytest.FixtureRequest) -> None:
    """What ended is kept ready: for a week no file is read, however often it is asked."""
    at().add(work)
    request.getfixturevalue("no_reading")
    assert titles(at()) == ["Board", "Team"]
    assert titles(at(24 * 7)) == ["Team"]
    with pytest.raises(AssertionError, match="a calendar was read"):
        at(24 * 9).lately()


@pytest.mark.parametrize("change", ["content", "time", "zone"])
def test_a_calendar_that_changed_is_read_anew(
    at: At, work: Path, change: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another size, another time of change, or another zone of this computer, and it is read."""
    at().add(work)
    request.getfixturevalue("no_reading")
    if change == "content":
        before = work.stat()
        work.write_bytes(calendar(BOARD))
        os.utime(work, ns=(before.st_atime_ns, before.st_mtime_ns))
    elif change == "time":
        os.utime(work, (1, 1))
    else:
        monkeypatch.setenv("TZ", "Asia/Tokyo")
    with pytest.raises(AssertionError, match="a calendar was read"):
        at().lately()


def test_a_folder_is_read_anew_when_a_file_comes_goes_or_changes(at: At, tmp_path: Path) -> None:
    """One event a file, as calendar servers are mirrored: each change in the folder counts."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    (folder / "a.ics").write_bytes(calendar(BOARD))
    assert at().add(folder).files == 1
    assert titles(at()) == ["Board"]
    (folder / "b.ics").write_bytes(calendar(hour("b", "20261120T143000", title="Second")))
    assert titles(at()) == ["Second", "Board"]
    (folder / "b.ics").write_bytes(calendar(hour("b", "20261120T130000", title="Earlier")))
    assert titles(at()) == ["Board", "Earlier"]
    (folder / "a.ics").unlink()
    assert titles(at()) == ["Earlier"]


def test_of_a_large_folder_its_own_time_tells(at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files are too many to look at each, one that was replaced, as mirrors do, is noticed by the folder."""
    monkeypatch.setattr("reflect.meetings._FEW", 1)
    for name in ("a", "b"):
        (tmp_path / f"{name}.ics").write_bytes(calendar(hour(name, "20261120T140000", title=name)))
    at().add(tmp_path)
    assert sorted(titles(at())) == ["a", "b"]
    os.utime(tmp_path, (1, 1))
    at().lately()
    (tmp_path / "new").write_bytes(calendar(hour("b", "20261120T143000", title="later")))
    (tmp_path / "new").replace(tmp_path / "b.ics")
    assert titles(at()) == ["later", "a"]


def test_a_calendar_that_is_gone_is_told_of_once(at: At, work: Path) -> None:
    """A file that is gone is said so once; what it held is offered no more, and again when it is back."""
    at().add(work)
    kept = work.read_bytes()
    work.unlink()
    gone = at().lately()
    assert (gone.ended, len(gone.told)) == ((), 1)
    assert str(work) in gone.told[0]
    assert at().lately().told == ()
    assert at().calendars()[0].is_there is False
    work.write_bytes(kept)
    assert titles(at()) == ["Board", "Team"]
    work.unlink()
    assert len(at().lately().told) == 1


def test_one_calendar_that_fails_does_not_cost_the_others(at: At, work: Path, tmp_path: Path) -> None:
    """What became unreadable is told of once, with the reason; others are read."""
    other = tmp_path / "other.ics"
    other.write_bytes(calendar())
    for path in (work, other):
        at().add(path)
    other.write_bytes(b"no calendar")
    found = at().lately()
    assert [each.title for each in found.ended] == ["Board", "Team"]
    assert "other.ics" in found.told[0]
    assert "no calendar" in found.told[0]
    other.write_bytes(calendar(event("bad", "DTSTART:20261120T140000Z", "DTEND:20261120T130000Z", title="Odd")))
    assert "“Odd” can't be read" in at().lately().told[0]
    assert at().lately().told == ()
    work.write_bytes(calendar(BOARD))  # all are read anew, and what was told of is not told of again
    assert (titles(at()), at().lately().told) == (["Board"], ())
    os.utime(work, (1, 1))
    assert at().lately().told == ()


def test_adding_says_what_is_in_it_and_a_dry_run_changes_nothing(at: At, work: Path) -> None:
    """All events are read closely, those of long ago, too; with a dry run nothing is remembered."""
    work.write_bytes(calendar(BOARD, hour("old", "20100101T140000", "RRULE:FREQ=SECONDLY")))
    added = at().add(work, dry_run=True)
    assert (added.is_new, added.reading.events, [each.file for each in added.reading.refused]) == (
        True,
        2,
        ["work.ics"],
    )
    assert at().calendars() == []
    at().add(work)
    assert at().add(work).is_new is False
    assert [each.path for each in at().calendars()] == [str(work)]


@pytest.mark.parametrize("name", ["work.ics", "work.txt"])
def test_a_calendar_that_can_not_be_read_is_not_added(at: At, tmp_path: Path, name: str) -> None:
    """What is no calendar is refused, and not remembered."""
    (tmp_path / name).write_bytes(b"nothing")
    with pytest.raises(Refused):
        at().add(tmp_path / name)
    assert at().calendars() == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name themselves")
def test_names_that_are_no_text_break_nothing(at: At, tmp_path: Path) -> None:
    """A calendar of such a name is refused; in a folder it is read like any other, and its trouble is told of."""
    odd = tmp_path / os.fsdecode(b"caf\xe9.ics")
    odd.write_bytes(calendar(BOARD))
    with pytest.raises(Refused, match="no text"):
        at().add(odd)
    at().add(tmp_path)
    assert titles(at()) == titles(at()) == ["Board"]
    odd.write_bytes(calendar(BOARD, event("bad", "DTSTART:20261120T140000Z", "DTEND:20261120T130000Z", title="Odd")))
    assert (len(at().lately().told), at().lately().told) == (1, ())


def test_a_calendar_is_forgotten_by_path_or_name(at: At, work: Path) -> None:
    """A forgotten calendar offers nothing; its file stays, and one that is not known is not found."""
    for name in (str(work), "work.ics"):
        at().add(work)
        assert at().remove(name, dry_run=True) == str(work)
        assert titles(at()) == ["Board", "Team"]
        at().remove(name)
        assert titles(at()) == []
    assert work.exists()
    with pytest.raises(NotFound):
        at().remove("work.ics")


# -- the meeting of an entry --------------------------------------------------------------------------------


def test_an_entry_keeps_its_meeting_and_loses_it_with_itself(at: At, work: Path, home: Path) -> None:
    """The UID stands beside the entry; erased, no byte of it is left, in our copies neither."""
    here = at()
    here.add(work)
    meeting = here.named("last").meeting._replace(uid="kingfisher-uid")
    entry = wrote(here._journal, meeting)
    assert here._journal.meeting_of(entry) == meeting
    assert here._journal.meeting_of(wrote(here._journal, meeting, "again")) == meeting
    here._journal.backup()
    assert bytes_under(home).count(b"kingfisher-uid") > 1
    for each in list(here._journal.find(Filters())):
        here._journal.erase(each)
    assert here._journal.meeting_of(entry) is None
    assert b"kingfisher-uid" not in bytes_under(home)


def test_undo_leaves_a_draft_that_knows_its_meeting(at: At, work: Path) -> None:
    """An entry that is taken back, and stored again from its draft, is about the same meeting."""
    here = at()
    here.add(work)
    meeting = here.named("last").meeting
    wrote(here._journal, meeting)
    (undone,) = Undo(here._journal).back()
    assert undone.draft is not None
    assert drafts.read(undone.draft).options["meeting"] == list(meeting)
    assert titles(here) == ["Board", "Team"]


def test_the_meeting_travels_in_our_own_json(at: At, work: Path) -> None:
    """What is exported holds the meeting's UID and instance, and null where there is none."""
    here = at()
    here.add(work)
    meeting = here.named("last").meeting
    wrote(here._journal, meeting)
    here._journal.write(from_text("no meeting"), Details())
    with here._journal.reading() as db:
        wholes = list(Reader(db, Filters(), everything=True).wholes(lambda _: None))
    found = [json.loads(our_fields.entry_text(each))["meeting"] for each in wholes]
    assert sorted(found, key=str) == [None, meeting._asdict()] or found == [meeting._asdict(), None]
