"""`reflect remind`: shown before it is written, removed as easily, and told to a system that is a fake one here."""

from __future__ import annotations

import sys
from pathlib import Path

import icalendar
import pytest

from reflect.reminders.keeper import SAYS
from tests.cli.conftest import AtTerminal, Here
from tests.conftest import Run

if sys.platform != "linux":
    pytest.skip("the reminder of Linux; other systems' are rendered and read back", allow_module_level=True)


@pytest.fixture
def units(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where systemd would read units from; its program is not to be found."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "settings" / "systemd" / "user"


@pytest.fixture
def told(units: Path, tmp_path: Path) -> Path:
    """The file in which a systemctl of ours notes what it is told."""
    return _systemctl(tmp_path, "exit 0")


def _systemctl(tmp_path: Path, end: str) -> Path:
    notes = tmp_path / "told"
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\necho "$@" >> "{notes}"\n{end}\n')
    program.chmod(0o755)
    return notes


def names(folder: Path) -> list[str]:
    """Return the names of the files in a folder, none where there is none."""
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def test_a_reminder_is_set_shown_and_removed(run: Run, units: Path, told: Path, home: Path) -> None:
    """Both files are shown whole and are private, systemd is told, and afterwards nothing is left of it."""
    assert run("remind", "--json").json == {"installed": False, "when": None, "kept_by": "systemd", "files": []}
    out = run("remind", "set", "friday", "16:00", "--yes").out
    for name in names(units):
        assert all(line in out for line in (units / name).read_text().splitlines())
        assert (units / name).stat().st_mode & 0o777 == 0o600
    assert names(units) == ["reflect-reminder.service", "reflect-reminder.timer"]
    assert told.read_text() == "--user daemon-reload\n--user enable --now reflect-reminder.timer\n"
    shown = run("remind", "show", "--json").json
    assert (shown["installed"], shown["when"]) == (True, "on Fridays at 16:00")  # type: ignore[index, call-overload]
    assert "on Fridays at 16:00" in run("remind").out
    told.unlink()
    assert "Would be removed" in run("remind", "remove", "--dry-run").out
    assert len(names(units)) == 2
    run("remind", "remove", "--yes")
    assert names(units) == []
    assert told.read_text() == "--user disable --now reflect-reminder.timer\n--user daemon-reload\n"
    assert "No reminder." in run("remind").out
    run("remind", "remove", "--yes", code=4)
    assert not home.exists()  # the journal was not even opened


def test_another_time_takes_the_place_of_the_first(run: Run, units: Path, told: Path) -> None:
    """There is one reminder: a second one is stopped, written and started anew."""
    run("remind", "set", "friday 16:00", "--yes")
    told.unlink()
    run("remind", "set", "daily 9:00", "--yes")
    assert [line.split()[1] for line in told.read_text().splitlines()] == ["disable", "daemon-reload", "enable"]
    assert "every day at 09:00" in run("remind").out


def test_nothing_is_written_unasked(run: Run, units: Path, told: Path, at_terminal: AtTerminal) -> None:
    """A dry run, nobody to ask, or a no: no file is made and systemd is told nothing."""
    assert "Nothing was written." in run("remind", "set", "friday 16:00", "--dry-run").out
    assert "add --yes" in run("remind", "set", "friday 16:00", code=2).err
    with at_terminal("remind", "set", "friday 16:00") as terminal:
        terminal.see("ExecStart=", "Write this? [y/N]").answer("n").see("Nothing was written.")
        terminal.leave()
    assert names(units) == []
    assert not told.exists()
    with at_terminal("remind", "set", "friday 16:00") as terminal:
        terminal.see("Write this? [y/N]").answer("y").see("You will be reminded on Fridays at 16:00.")
        terminal.leave()
    with at_terminal("remind", "remove") as terminal:
        terminal.see("Remove this? [y/N]").answer("").see("Nothing was removed.")
        terminal.leave()
    assert len(names(units)) == 2


def test_without_systemctl_files_are_written_only_if_wished(run: Run, units: Path) -> None:
    """Refused with the ways that are left; with --files-only they are there, and what to run next is said."""
    refused = run("remind", "set", "friday 16:00", "--yes", code=3).err
    assert 'reflect remind ics "friday 16:00"' in refused
    assert "--files-only" in refused
    assert names(units) == []
    out = run("remind", "set", "friday 16:00", "--yes", "--files-only").out
    assert "systemctl --user enable --now reflect-reminder.timer" in out
    assert "You will be reminded" not in out
    assert len(names(units)) == 2
    run("remind", "remove", "--yes")
    assert names(units) == []


def test_a_system_that_refuses_is_quoted(run: Run, units: Path, tmp_path: Path) -> None:
    """What systemd says is passed on, with what is there and what to run by hand: exit 5."""
    _systemctl(tmp_path, "echo 'Failed to connect to bus' >&2; exit 1")
    err = run("remind", "set", "friday 16:00", "--yes", code=5).err
    assert "Failed to connect to bus" in err
    assert "The files are written." in err
    assert "systemctl --user enable --now reflect-reminder.timer" in err
    assert "Failed to connect to bus" in run("remind", "remove", "--yes").err
    assert names(units) == []


@pytest.mark.parametrize("words", [("set", "friday 16:00", "--yes"), ("remove", "--yes")])
def test_a_file_of_somebody_else_is_left_alone(run: Run, units: Path, told: Path, words: tuple[str, ...]) -> None:
    """A unit of our name that we did not make is neither replaced nor removed."""
    units.mkdir(parents=True)
    (units / "reflect-reminder.timer").write_text("[Timer]\nOnCalendar=daily\n")
    assert "was not made by reflect" in run("remind", *words, code=3).err
    assert names(units) == ["reflect-reminder.timer"]
    assert run("remind", "--json").json["installed"] is False  # type: ignore[index, call-overload]


@pytest.mark.parametrize("words", [("set", "someday"), ("ics", "friday"), ("set", "friday 9")])
def test_what_is_not_clear_is_refused_first(here: Here, units: Path, words: tuple[str, ...]) -> None:
    """A time that can't be read is refused before anything is shown."""
    ran = here("remind", *words)
    assert (ran.exit_code, ran.stdout) == (3, "")


def test_the_calendar_file_is_new_and_whole(here: Here, tmp_path: Path) -> None:
    """Into a file or a pipe, never over another file unasked."""
    path = tmp_path / "reminder.ics"
    assert "on Fridays at 16:00" in here("remind", "ics", "friday", "16:00", "-o", str(path)).stdout
    assert path.stat().st_mode & 0o777 == 0o600
    assert here("remind", "ics", "daily 9:00", "-o", str(path)).exit_code == 3
    assert b"FR" in path.read_bytes()
    assert here("remind", "ics", "daily 9:00", "-o", str(path), "--force").exit_code == 0
    piped = here("remind", "ics", "daily 9:00").stdout_bytes
    for content in (path.read_bytes(), piped):
        (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
        assert event["RRULE"]["FREQ"] == ["DAILY"]


def test_the_reminder_says_its_one_sentence(run: Run, units: Path, tmp_path: Path, home: Path) -> None:
    """REQ-41: by the system's own notice where there is one, as a line where not; the journal is not opened."""
    assert run("remind", "now").out == f"{SAYS}\n"
    notes = tmp_path / "shown"
    program = tmp_path / "bin" / "notify-send"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > "{notes}"\n')
    program.chmod(0o755)
    assert run("remind", "now").out == ""
    assert notes.read_text() == f"--app-name=reflect|reflect|{SAYS}|"
    program.write_text("#!/bin/sh\nexit 1\n")
    assert run("remind", "now").out == f"{SAYS}\n"
    assert not home.exists()
