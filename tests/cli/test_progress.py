"""How far something has come, told to who waits: late, in words or as a bar, and never into a pipe."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator

import pytest

from reflect.cli import progress
from reflect.cli.progress import Progress, doing, summing_up
from reflect.cli.screen import Screen


class Terminal(io.StringIO):
    """An stderr that somebody looks at."""

    def __init__(self) -> None:
        """Open a terminal, of which the width is asked."""
        super().__init__()
        self.ends = os.openpty()

    def isatty(self) -> bool:
        """Return that it is a terminal."""
        return True

    def fileno(self) -> int:
        """Return the terminal's end."""
        return self.ends[1]


class Alarm:
    """A timer that rings when it is told to."""

    def __init__(self) -> None:
        """Begin without anything to do."""
        self.ring: Callable[[], None] = lambda: None
        self.is_cancelled = False

    def __call__(self, _: float, ring: Callable[[], None]) -> Alarm:
        """Set it."""
        self.ring = ring
        return self

    def start(self) -> None:
        """Start it."""

    def cancel(self) -> None:
        """Stop it."""
        self.is_cancelled = True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A terminal of 80 columns; a test sets it as stderr itself, since pytest sets its own before each."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    made = Terminal()
    yield made
    for end in made.ends:
        os.close(end)


def test_nothing_is_said_of_what_is_soon_done(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes less than a second leaves no trace, and nothing rings after its end."""
    monkeypatch.setattr("sys.stderr", terminal)
    alarm = Alarm()
    with Progress(Screen(plain=True), alarm) as waiting:
        waiting.step("Reading")
        waiting.counted("Gathering", "files")(1, 2)
    alarm.ring()
    assert alarm.is_cancelled
    assert terminal.getvalue() == ""


def test_nothing_goes_into_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody looks, nothing is written however long it takes."""
    alarm = Alarm()
    with Progress(Screen(), alarm) as waiting:
        waiting.step("Reading")
        alarm.ring()
        waiting.step("Writing")
    assert capsys.readouterr() == ("", "")


def test_plain_lines(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """With plain lines, each step is told once and a count a few times: words, and nothing drawn over."""
    monkeypatch.setattr("sys.stderr", terminal)
    alarm = Alarm()
    with Progress(Screen(plain=True), alarm) as waiting:
        waiting.step("Reading what was gathered")
        alarm.ring()
        tell = waiting.counted("Summing up", "themes")
        for done in range(1000):
            tell(done, 1000)
    assert terminal.getvalue().splitlines() == [
        "Reading what was gathered …",
        *(f"Summing up: {done} of 1,000 themes" for done in (0, 200, 400, 600, 800)),
    ]


def test_a_bar_that_is_cleared(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal a bar says in words how far it has come, and is gone when all is done, an error or not."""
    monkeypatch.setattr("sys.stderr", terminal)
    alarm, screen = Alarm(), Screen()
    screen.plain = False

    def work() -> None:
        with Progress(screen, alarm) as waiting:
            tell = waiting.counted("Gathering", "files")
            tell(7, 2000)
            assert terminal.getvalue() == ""
            alarm.ring()
            tell(1204, 2000)
            waiting.step("Writing")
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert "Gathering: 7 of 2,000 files" in terminal.getvalue()
    shown, _, after = terminal.getvalue().rpartition("Writing …")
    assert shown
    assert "\x1b[?25h" in after  # the cursor is back
    assert after.endswith("\x1b[2K")  # and the line empty


def test_what_the_commands_use(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is quickly done under either name shows nothing; what they yield takes how far it is."""
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", 3600.0)
    with doing(Screen(plain=True), "Writing it"), summing_up(Screen(plain=True)) as tell:
        tell(0, 10)
    assert terminal.getvalue() == ""
