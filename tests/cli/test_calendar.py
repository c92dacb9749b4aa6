"""`reflect calendar`, home and `write` after a meeting."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reflect import ids
from tests.cli.conftest import AtTerminal, Here, Write
from tests.conftest import Run
from tests.ics import calendar, event, hour

BOARD = event("board", "DTSTART:20261120T140000Z", "DTEND:20261120T154000Z", title="Board [bold]x[/bold]")
TEAM = event("team", "DTSTART:20260102T090000Z", "DURATION:PT30M", "RRULE:FREQ=WEEKLY", title="Team")
BAD = event("bad", "DTSTART:20261120T140000Z", "DTEND:20261120T130000Z", title="Odd")


@pytest.fixture
def work(tmp_path: Path, here: Here) -> Path:
    """A calendar that was added: a board meeting ended 20 minutes ago, a weekly one this morning."""
    path = tmp_path / "work.ics"
    path.write_bytes(calendar(BOARD, TEAM))
    assert here("calendar", "add", str(path)).exit_code == 0
    return path


def shown(here: Here, *words: str) -> Any:
    """Return the JSON that a command prints."""
    return json.loads(here(*words).stdout)


def entry(here: Here) -> Any:
    """Return the one entry there is, as `show --json` gives it."""
    (found,) = shown(here, "list", "--json")
    return shown(here, "show", found["id"], "--json")


# -- home -------------------------------------------------------------------------------------------------


def test_home_offers_what_just_ended(here: Here, work: Path) -> None:
    """The meeting, how long ago it ended, and how to say yes or no; as JSON, too."""
    out = here().stdout
    assert "Board [bold]x[/bold] ended 20 minutes ago: reflect?" in out
    assert "Team ended 6 hours ago: reflect?" in out
    assert "reflect write --meeting ID" in out
    assert "reflect calendar pass ID" in out
    board, team = shown(here, "--json")["meetings"]
    assert board["uid"] == "board"
    assert (team["uid"], team["instance"]) == ("team", "20261120T090000Z")
    assert shown(here, "calendar", "--json") == [board, team]


def test_home_without_calendars_says_nothing_of_them(here: Here) -> None:
    """Whoever added no calendar sees nothing of meetings."""
    assert shown(here, "--json")["meetings"] == []
    assert "meeting" not in here().stdout.lower().replace("after a meeting", "")
    assert "No calendar yet" in here("calendar").stdout
    assert shown(here, "calendar", "--json") == shown(here, "calendar", "list", "--json") == []


def test_home_shows_a_few_and_counts_the_rest(here: Here, work: Path) -> None:
    """A day full of meetings is no list to work off: three are shown."""
    work.write_bytes(calendar(*(hour(f"m{number}", f"20261120T{number + 8:02}0000") for number in range(7))))
    out = here().stdout
    assert out.count("reflect?") == 3
    assert "4 more: reflect calendar" in out
    assert here("calendar").stdout.count("reflect?") == 7


def test_home_tells_once_of_a_calendar_that_is_gone(here: Here, work: Path) -> None:
    """It is no failure, stands on stderr, also beside JSON, and is not said again."""
    work.unlink()
    first = here("--json")
    assert first.exit_code == 0
    assert json.loads(first.stdout)["meetings"] == []
    assert f"The calendar {work} is gone." in first.stderr
    assert here().stderr == ""
    assert "(gone)" in here("calendar", "list").stdout
    assert shown(here, "calendar", "list", "--json")[0]["there"] is False


# -- the command --------------------------------------------------------------------------------------------


def test_adding_names_what_can_not_be_read(here: Here, tmp_path: Path) -> None:
    """File, line, event and reason of each malformed event are said; the others are offered."""
    path = tmp_path / "work.ics"
    path.write_bytes(calendar(BOARD, BAD))
    dry = here("calendar", "add", str(path), "--dry-run")
    assert "Would be added: " in dry.stdout
    assert shown(here, "calendar", "list", "--json") == []
    out = here("calendar", "add", str(path)).stdout
    assert f"Added: {path}, 2 events." in out
    assert "Not read: work.ics, line 10, “Odd”: its end is before its start" in out
    again = shown(here, "calendar", "add", str(path), "--json")
    assert (again["new"], again["events"], again["refused"][0]["line"]) == (False, 2, 10)
    assert [each["uid"] for each in shown(here, "calendar", "--json")] == ["board"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add", "nowhere.ics"), 4),
        (("add", "/dev/zero"), 3),
        (("add", "."), 3),
        (("remove", "nowhere.ics"), 4),
        (("pass",), 4),
        (("pass", "zzzz"), 4),
    ],
)
def test_what_is_not_there_is_refused(
    here: Here, words: tuple[str, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No such file, no calendar, none that is known, no meeting: each has its exit code, and changes nothing."""
    monkeypatch.chdir(tmp_path)
    ran = here("calendar", *words)
    assert ran.exit_code == code
    assert "Nothing was changed." in ran.stderr
    assert shown(here, "calendar", "list", "--json") == []


def test_a_meeting_is_passed_over_and_a_calendar_forgotten(here: Here, work: Path) -> None:
    """`pass` takes the last one or the one that is named; `remove` leaves the file alone."""
    assert here("calendar", "pass").stdout == "Passed over: Board [bold]x[/bold]\n"
    (team,) = shown(here, "calendar", "--json")
    assert here("calendar", "pass", team["id"][:5]).stdout == "Passed over: Team\n"
    assert "No meeting ended in the last 12 hours" in here("calendar").stdout
    assert "Would be forgotten" in here("calendar", "remove", "work.ics", "--dry-run").stdout
    assert "Forgotten: " in here("calendar", "remove", str(work)).stdout
    assert work.exists()
    assert shown(here, "calendar", "list", "--json") == []


# -- writing -------------------------------------------------------------------------------------------------


def test_a_script_is_never_guessed_for(run: Run, here: Here, work: Path) -> None:
    """Words from a pipe or arguments are about a meeting only where that is asked for."""
    piped = run("write", "-", "--json", stdin="From a pipe.").json
    given = run("write", "As arguments.", "--json", "--about", "Team").json
    for each in (piped, given):
        assert (each["meeting"], each["happened_at"][:16]) == (None, "2026-11-20T16:00")  # type: ignore[index, call-overload]
    assert piped["about"] == ""  # type: ignore[index, call-overload]
    assert len(shown(here, "calendar", "--json")) == 2


def test_a_script_can_name_the_meeting(run: Run, here: Here, work: Path) -> None:
    """With --meeting it is what the entry is about, happened when it began, and `show --json` tells which it was."""
    written: Any = run("write", "-", "--meeting", "last", "--json", stdin="They asked us.").json
    assert (written["about"], written["happened_at"]) == ("Board [bold]x[/bold]", "2026-11-20T14:00:00+00:00")
    assert written["meeting"]["uid"] == "board"
    assert entry(here)["meeting"] == written["meeting"]
    (team,) = shown(here, "calendar", "--json")
    more = ("--about", "Our team", "--at", "today 9:15")
    other: Any = run("write", "-", "--meeting", team["id"][:4], *more, "--json", stdin="Short.").json
    assert (other["about"], other["happened_at"][11:16], other["meeting"]["uid"]) == ("Our team", "09:15", "team")
    assert shown(here, "--json")["meetings"] == []
    run("write", "-", "--meeting", "last", stdin="Once more about the board.")


def test_an_unknown_meeting_is_refused_before_anything_is_written(run: Run, here: Here, work: Path) -> None:
    """No such meeting: exit 4, and no entry."""
    assert "no meeting 'zz' ended lately" in run("write", "-", "--meeting", "zz", stdin="Words.", code=4).err
    work.write_bytes(calendar())
    assert "no meeting ended lately" in run("write", "-", "--meeting", "last", stdin="Words.", code=4).err
    assert shown(here, "list", "--json") == []


def test_at_a_terminal_it_begins_with_the_last_meeting(at_terminal: AtTerminal, here: Here, work: Path) -> None:
    """What is typed is about the meeting that just ended; that is said first, and how to leave it out."""
    with at_terminal("write", "--free") as terminal:
        terminal.see("About Board [bold]x[/bold], which ended 20 minutes ago.", 'reflect write --about ""')
        terminal.type("They asked us.", ".").see("Saved ")
        terminal.leave()
    found = entry(here)
    assert (found["about"], found["meeting"]["uid"]) == ("Board [bold]x[/bold]", "board")
    with at_terminal("write", "--free") as terminal:
        terminal.see("About Team, which ended 6 hours ago.")
        terminal.type("/discard")
        terminal.leave()
    assert [each["uid"] for each in shown(here, "calendar", "--json")] == ["team"]


@pytest.mark.parametrize("words", [("--about", ""), ("--about", "Other"), ("--at", "yesterday 3pm")])
def test_at_a_terminal_the_meeting_can_be_left_out(
    at_terminal: AtTerminal, here: Here, work: Path, words: tuple[str, ...]
) -> None:
    """With an empty --about, another one, or another time, it is about no meeting."""
    with at_terminal("write", "--free", *words) as terminal:
        terminal.type("Something else.", ".").see("Saved ")
        assert "which ended" not in terminal.leave()
    assert entry(here)["meeting"] is None


def test_at_a_terminal_the_title_alone_names_the_meeting(at_terminal: AtTerminal, here: Here, work: Path) -> None:
    """Who says with --about what the meeting is called means that meeting."""
    with at_terminal("write", "--free", "--about", "team") as terminal:
        terminal.type("Short today.", ".").see("Saved ")
        terminal.leave()
    assert (entry(here)["about"], entry(here)["meeting"]["uid"]) == ("team", "team")


def test_a_draft_keeps_its_meeting(at_terminal: AtTerminal, run: Run, here: Here, work: Path) -> None:
    """Stopped half-way and resumed, the entry is about the same meeting, though a later one has ended."""
    with at_terminal("write", "--free") as terminal:
        terminal.type("They asked us.").press("c")
        terminal.leave(130)
    later = hour("later", "20261120T144500", title="Later")
    work.write_bytes(calendar(BOARD, TEAM, later))
    run("drafts", "resume", "2026")
    assert entry(here)["meeting"]["uid"] == "board"


def test_json_brings_the_meeting_into_another_journal(run: Run, here: Here, work: Path, tmp_path: Path) -> None:
    """Exported, brought into an empty home and exported again, it is the same, meeting and all."""
    run("write", "-", "--meeting", "last", stdin="They asked us.")
    first = run("export", "json").out
    assert json.loads(first)["entries"][0]["meeting"]["uid"] == "board"
    (tmp_path / "journal.json").write_text(first)
    other = {"REFLECT_HOME": str(tmp_path / "other")}
    run("import", "reflect", str(tmp_path / "journal.json"), "--yes", env=other)
    assert run("export", "json", env=other).out == first


def test_a_merge_brings_the_meeting(run: Run, here: Here, write: Write, work: Path, tmp_path: Path) -> None:
    """Two journals that drifted apart are brought together with what their entries are about."""
    write("Here.")
    run("backup", "-o", str(tmp_path / "copy.db"))
    run("write", "-", "--meeting", "last", stdin="They asked us.")
    run("backup", "-o", str(tmp_path / "newer.db"))
    run("restore", str(tmp_path / "copy.db"), "--yes")
    run("restore", str(tmp_path / "newer.db"), "--merge", "--yes")
    found = [shown(here, "show", each["id"], "--json")["meeting"] for each in shown(here, "list", "--json")]
    assert sorted(each["uid"] for each in found if each) == ["board"]


def test_ids_of_meetings_are_like_all_ids(here: Here, work: Path) -> None:
    """Eight signs, so that a person need not learn another kind."""
    for each in shown(here, "calendar", "--json"):
        assert ids.shown(ids.span(each["id"])[0]) == each["id"]
