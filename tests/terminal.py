"""The command at a terminal of its own, typed at as a person would type."""

from __future__ import annotations

import io
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Self

import pytest

from tests.conftest import NOW

PROMPT = "\n> "  # at the beginning of a line: words may hold the sign, too


class Terminal:
    """One run of a command at a terminal of 40 lines and 100 columns."""

    def __init__(self, *command: str, home: Path, env: dict[str, str] | None = None, cwd: Path | None = None) -> None:
        """Start the command; TERM=dumb unless `env` says otherwise, so that what is seen is what is printed."""
        self._pexpect = pexpect = pytest.importorskip("pexpect", reason="there is no pexpect on Windows")
        environment = os.environ | {
            "REFLECT_HOME": str(home),
            "REFLECT_NOW": NOW,
            "REFLECT_SEED": "test",
            "PYTHONUTF8": "1",
            "TERM": "dumb",
        }
        with warnings.catch_warnings():
            # A later Python warns of every fork beside threads; the child runs another program at once.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._child = pexpect.spawn(
                command[0],
                list(command[1:]),
                env=environment | (env or {}),
                cwd=str(cwd) if cwd else None,
                encoding="utf-8",
                codec_errors="replace",
                dimensions=(40, 100),
                timeout=30,
            )
        self._child.delaybeforesend = None  # a prompt is waited for, so nothing is typed too early
        self._child.ptyproc.delayafterclose = 0.01
        self._seen = io.StringIO()
        self._child.logfile_read = self._seen

    def __enter__(self) -> Self:
        """Return the terminal; leaving the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the terminal, and the command with it."""
        self._child.close(force=True)

    def see(self, *texts: str) -> Self:
        """Wait until each text has appeared, in this order."""
        for text in texts:
            self._child.expect_exact(text)
        return self

    def type(self, *lines: str) -> Self:
        """Type lines, each at a prompt of its own."""
        for line in lines:
            self.see(PROMPT)
            self._child.sendline(line)
        return self

    def answer(self, line: str) -> Self:
        """Type a line where a question stands instead of the prompt."""
        self._child.sendline(line)
        return self

    def answer_key(self, sign: str) -> Self:
        """Press one key where a question waits for it, without Enter."""
        self._child.send(sign)
        return self

    def press(self, key: str) -> Self:
        """Press Ctrl with a key, at a prompt of its own."""
        self.see(PROMPT)
        self._settle()
        self._child.sendcontrol(key)
        return self

    @property
    def screen(self) -> str:
        """What was on the screen so far."""
        return self._seen.getvalue()

    def kill(self, sign: int) -> None:
        """Kill the command, and wait until it is gone."""
        self._child.kill(sign)
        self._child.expect(self._pexpect.EOF)
        self._child.wait()

    def interrupt(self) -> Self:
        """Press Ctrl-C where the command waits."""
        self._settle()
        self._child.sendcontrol("c")
        return self

    def _settle(self) -> None:
        """Wait until the command waits for a key and has read all that was typed.

        A prompt is seen a moment before it is waited at: a Ctrl-C in between would be noticed at the
        next key only, and one before a line is read throws the line away.
        """
        until = time.monotonic() + self._child.timeout
        before = ""
        while (now := self._standing()) != before or self._unread():
            assert time.monotonic() < until, "the command does not come to rest"
            before = now
            time.sleep(0.02)

    def _standing(self) -> str:
        """Return whether the command sleeps and what it has used so far; different each time while it works."""
        here = Path(f"/proc/{self._child.pid}")
        if not here.exists():  # no Linux: a moment has to do
            time.sleep(0.2)
            return "unknown"
        state, *rest = (here / "stat").read_text().rpartition(")")[2].split()
        used = (here / "schedstat").read_text() if (here / "schedstat").exists() else ""
        return f"S {rest[10:12]} {used}" if state == "S" else f"at work {time.monotonic()}"

    def _unread(self) -> int:
        """Return how many typed bytes stand in the terminal, not read by anybody."""
        import fcntl
        import termios

        place = Path(f"/proc/{self._child.pid}/fd/0")
        if not place.exists():
            return 0
        terminal = os.open(place.readlink(), os.O_RDONLY | os.O_NOCTTY)
        try:
            return int.from_bytes(fcntl.ioctl(terminal, termios.FIONREAD, bytes(4)), sys.byteorder)
        finally:
            os.close(terminal)

    def leave(self, code: int = 0) -> str:
        """Wait for the end, check the exit code, and return all that was on the screen."""
        self._child.expect(self._pexpect.EOF)
        self._child.wait()
        self._child.close()
        screen = self._seen.getvalue().replace("\r\n", "\n").replace("\r", "\n")
        assert self._child.exitstatus == code, f"exit {self._child.exitstatus}, wanted {code}\n{screen}"
        assert "Traceback" not in screen, screen
        return screen


def reflect(*words: str, home: Path, env: dict[str, str] | None = None) -> Terminal:
    """Start `reflect` at a terminal."""
    return Terminal(sys.executable, "-m", "reflect", *words, home=home, env=env)
