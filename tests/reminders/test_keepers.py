"""What each system is given to keep a reminder: read back with the parser of its own form."""

from __future__ import annotations

import configparser
import plistlib
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import defusedxml.ElementTree as Safe
import icalendar
import pytest
from hypothesis import given

from reflect.reminders import calendar_file, here
from reflect.reminders.keeper import MADE_BY, SAYS, Keeper, Reminder
from reflect.reminders.launchd import Launchd
from reflect.reminders.systemd import Systemd
from reflect.reminders.when import When, read
from reflect.reminders.windows import TaskScheduler
from tests.ics import now
from tests.reminders.test_when import WHENS

FOLDER = Path("/home/ann marie")
BEGINS = datetime(2026, 11, 27, 16, 0)  # noqa: DTZ001 - a wall time
FRIDAY = When((4,), 16, 0)
ODD = ('/opt/ours & theirs/100% $HOME/a "b" <c> d\\e/reflect', "remind", "two words", "")
KEEPERS: list[Keeper] = [Systemd(FOLDER), Launchd(FOLDER, 501), TaskScheduler(FOLDER)]
SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def made(
    keeper: Keeper, when: When = FRIDAY, program: tuple[str, ...] = ("/bin/reflect", "remind", "now")
) -> list[bytes]:
    """Return the content of each file."""
    return list(keeper.files(Reminder(when, program, when.after(BEGINS - timedelta(days=7)))).values())


def units(*contents: bytes) -> list[configparser.RawConfigParser]:
    """Read systemd's units."""
    found = []
    for content in contents:
        parser = configparser.RawConfigParser()
        parser.optionxform = str  # type: ignore[assignment, method-assign]  # as its documentation says
        parser.read_string(content.decode())
        found.append(parser)
    return found


# -- for every system --------------------------------------------------------------------------------------


@given(WHENS)
def test_for_all_times_what_is_written_says_when(when: When) -> None:
    """For all days and times: each system's file, read back, says the same."""
    for keeper in KEEPERS:
        assert keeper.when(made(keeper, when)[0]) == when


@pytest.mark.parametrize("keeper", KEEPERS, ids=lambda keeper: keeper.name)
def test_only_our_own_files_are_known_as_ours(keeper: Keeper) -> None:
    """Each file says that it is ours; others in such a place, whatever they hold, are not."""
    assert all(keeper.is_ours(content) for content in made(keeper))
    assert list(keeper.files(Reminder(FRIDAY, ("/bin/reflect",), BEGINS))) == list(keeper.paths)
    for other in (b"", b"\xff\xfe\0", b"[Timer]\nOnCalendar=daily\n", b"<a/>", plistlib.dumps({}), plistlib.dumps([])):
        assert not keeper.is_ours(other)
        assert keeper.when(other) is None


@pytest.mark.parametrize("keeper", KEEPERS, ids=lambda keeper: keeper.name)
def test_a_reminder_holds_no_words_and_shames_nobody(keeper: Keeper) -> None:
    """REQ-41: a reminder knows nothing of the journal: the same whatever is in it, no counts, nothing missed."""
    assert not any(word in SAYS.lower() for word in ("streak", "missed", "days", "last", "forgot", "overdue", "again"))
    assert not any(sign.isdigit() for sign in SAYS)
    for content in made(keeper):
        text = content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8").replace("&gt;", ">")
        assert MADE_BY in text
        assert str(FOLDER) not in text


# -- systemd -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("friday 16:00", "Fri *-*-* 16:00:00"),
        ("monday thursday 9:05", "Mon,Thu *-*-* 09:05:00"),
        ("daily 17:30", "*-*-* 17:30:00"),
    ],
)
def test_systemd_gets_a_timer_and_its_service(text: str, on: str) -> None:
    """The timer says when and is wanted at log-in; the service of the same name runs once."""
    timer, service = units(*made(KEEPERS[0], read(text)))
    assert (timer["Timer"]["OnCalendar"], timer["Install"]["WantedBy"]) == (on, "timers.target")
    assert service["Service"]["Type"] == "oneshot"
    assert service["Service"]["ExecStart"] == '"/bin/reflect" "remind" "now"'
    assert {path.stem for path in KEEPERS[0].paths} == {"reflect-reminder"}
    assert KEEPERS[0].start()[-1] == ("systemctl", "--user", "enable", "--now", "reflect-reminder.timer")


def test_systemd_reads_nothing_into_a_path() -> None:
    """Blanks, quotes, percent and dollar signs in a path stand for themselves."""
    odd = ("/opt/ours & theirs/100% $HOME/<c>/reflect", "two words", "")
    _, service = units(*made(KEEPERS[0], program=odd))
    assert service["Service"]["ExecStart"] == ':"/opt/ours & theirs/100%% $HOME/<c>/reflect" "two words" ""'
    _, service = units(*made(KEEPERS[0], program=ODD))  # with quotes it would be refused as a program's path
    assert service["Service"]["ExecStart"] == (
        r':"/bin/sh" "-c" "exec \"$0\" \"$@\"" '
        r'"/opt/ours & theirs/100%% $HOME/a \"b\" <c> d\\e/reflect" "remind" "two words" ""'
    )


def test_systemd_itself_takes_the_units(tmp_path: Path) -> None:
    """The check of systemd's own finds the program behind an odd path, and misses one that is not there."""
    checker = shutil.which("systemd-analyze")
    if not checker:
        pytest.skip("systemd-analyze is not installed here, which checks units")
    odd, quoted = tmp_path / "ours & theirs, 100% $HOME", tmp_path / "it's \\x"
    for folder in (odd, quoted):
        folder.mkdir()
        (folder / "reflect").symlink_to(sys.executable)
    (tmp_path / "run").mkdir(mode=0o700)
    for program, is_right in (odd / "reflect", True), (quoted / "reflect", True), (odd / "nothing", False):
        keeper = Systemd(tmp_path)
        for path, content in keeper.files(Reminder(FRIDAY, (str(program), "now"), BEGINS)).items():
            path.write_bytes(content)
        done = subprocess.run(
            [checker, "verify", "--user", *map(str, keeper.paths)],
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")},
            timeout=60,
            check=False,
        )
        assert (done.returncode == 0) == is_right, done.stderr


# -- launchd -------------------------------------------------------------------------------------------------


def test_launchd_gets_an_agent() -> None:
    """Each argument stands by itself, whatever is in it; weekdays are counted from Sunday, as it does."""
    (content,) = made(KEEPERS[1], read("sunday monday saturday 9:05"), ODD)
    agent = plistlib.loads(content)
    assert agent["ProgramArguments"] == list(ODD)
    assert [each["Weekday"] for each in agent["StartCalendarInterval"]] == [1, 6, 0]
    assert {(each["Hour"], each["Minute"]) for each in agent["StartCalendarInterval"]} == {(9, 5)}
    (path,) = KEEPERS[1].paths
    assert path.stem == agent["Label"]
    assert KEEPERS[1].start() == (("launchctl", "bootstrap", "gui/501", str(path)),)
    assert KEEPERS[1].stop() == (("launchctl", "bootout", f"gui/501/{agent['Label']}"),)
    assert plistlib.loads(made(KEEPERS[1], read("daily 9:05"))[0])["StartCalendarInterval"] == {"Hour": 9, "Minute": 5}


def test_an_agent_that_was_changed_by_hand_tells_no_time() -> None:
    """Two times, or none, are not said to be one."""
    agent: dict[str, Any] = plistlib.loads(made(KEEPERS[1])[0])
    for interval in (
        [{"Weekday": 1, "Hour": 9, "Minute": 0}, {"Weekday": 2, "Hour": 10, "Minute": 0}],
        [{"Hour": 9}],
        [],
    ):
        assert KEEPERS[1].when(plistlib.dumps(agent | {"StartCalendarInterval": interval})) is None


# -- Task Scheduler --------------------------------------------------------------------------------------------


def test_task_scheduler_gets_a_task() -> None:
    """The path stands by itself, arguments are quoted as Windows reads them, and days are named."""
    (content,) = made(KEEPERS[2], read("weekdays 16:00"), ODD)
    assert content[:2] in (b"\xff\xfe", b"\xfe\xff")
    task = Safe.fromstring(content)
    assert task.tag == f"{SPACE}Task"
    assert task.findtext(f".//{SPACE}Exec/{SPACE}Command") == ODD[0]
    assert task.findtext(f".//{SPACE}Exec/{SPACE}Arguments") == 'remind "two words" ""'
    assert task.findtext(f".//{SPACE}StartBoundary") == "2026-11-23T16:00:00"
    days = [each.tag.removeprefix(SPACE) for each in task.find(f".//{SPACE}DaysOfWeek")]
    assert days == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert task.findtext(f".//{SPACE}RunLevel") == "LeastPrivilege"
    daily = Safe.fromstring(made(KEEPERS[2], read("daily 16:00"))[0])
    assert daily.findtext(f".//{SPACE}DaysInterval") == "1"
    assert KEEPERS[2].start()[0][-3:] == ("/XML", str(FOLDER / "reminder.xml"), "/F")


# -- the calendar file -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "rule"),
    [
        ("friday 16:00", "2026-11-27T16:00:00", {"FREQ": ["WEEKLY"], "BYDAY": ["FR"]}),
        ("friday 16:01", "2026-11-20T16:01:00", {"FREQ": ["WEEKLY"], "BYDAY": ["FR"]}),
        ("daily 9:00", "2026-11-21T09:00:00", {"FREQ": ["DAILY"]}),
        ("mon thu 9:00", "2026-11-23T09:00:00", {"FREQ": ["WEEKLY"], "BYDAY": ["MO", "TH"]}),
    ],
)
def test_the_calendar_file_repeats_and_rings(text: str, first: str, rule: dict[str, list[str]]) -> None:
    """One event from the next such moment on, in local time wherever that is, with an alarm when it begins."""
    content = calendar_file.render(read(text), now())
    assert content == content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event["DTSTART"].dt == datetime.fromisoformat(first)
    assert event["DTSTART"].dt.tzinfo is None
    assert dict(event["RRULE"]) == rule
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt.total_seconds(), alarm["DESCRIPTION"]) == ("DISPLAY", 0, SAYS)
    assert (
        event["UID"] != icalendar.Calendar.from_ical(calendar_file.render(read(text), now())).walk("VEVENT")[0]["UID"]
    )


# -- on this system ----------------------------------------------------------------------------------------------


def test_the_system_decides_who_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux has systemd, in the folder of settings; macOS launchd; Windows Task Scheduler, in our own folder."""
    user = Path.home()
    assert here.keeper(tmp_path, "linux") == Systemd(user / ".config/systemd/user")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    assert here.keeper(tmp_path, "linux") == Systemd(tmp_path / "settings/systemd/user")
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert here.keeper(tmp_path, "linux") == Systemd(user / ".config/systemd/user")
    assert here.keeper(tmp_path, "darwin").paths[0].parent == user / "Library/LaunchAgents"
    assert here.keeper(tmp_path, "win32").paths == (tmp_path / "reminder.xml",)


def test_the_program_is_the_installed_command_or_this_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed command is called by its absolute path, links kept; else Python with the package, from anywhere."""
    (tmp_path / "real").write_text("")
    script = tmp_path / "reflect"
    script.symlink_to(tmp_path / "real")
    assert here.program(str(script), "/py") == (str(script), "remind", "now")
    monkeypatch.chdir(tmp_path)
    assert here.program("./reflect", "/py")[0] == str(script)
    for started_as in (str(tmp_path / "gone/reflect"), "/lib/reflect/__main__.py", "-c", ""):
        assert here.program(started_as, "/py") == ("/py", "-P", "-m", "reflect", "remind", "now")
    (tmp_path / "reflect.exe").write_text("")
    assert here.program(str(tmp_path / "reflect.exe"), "/py")[0].endswith("reflect.exe")


def test_the_notice_is_the_systems_own_where_there_is_one() -> None:
    """notify-send, osascript, or nothing, where a line or a window of ours has to do."""
    assert here.notice("linux", lambda name: f"/bin/{name}") == (
        "/bin/notify-send",
        "--app-name=reflect",
        "reflect",
        SAYS,
    )
    assert here.notice("linux", lambda _: None) is None
    assert here.notice("win32", lambda name: name) is None
    command = here.notice("darwin", lambda _: None)
    assert command is not None
    assert command[0] == "osascript"
    assert SAYS in command[2]
    assert '"' not in SAYS
