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
        self._child.sendcontrol(key)
        return self

    def taken(self) -> Self:
        """Wait until the command has read every line typed so far; Ctrl-C throws away what it has not."""
        until = time.monotonic() + self._child.timeout
        while self._waiting() or not self._asleep():
            assert time.monotonic() < until, "what was typed is not read"
            time.sleep(0.01)
        return self

    def _waiting(self) -> int:
        """Return how many typed bytes stand in the terminal, not read by anybody."""
        import fcntl
        import termios

        terminal = os.open(Path(f"/proc/{self._child.pid}/fd/0").readlink(), os.O_RDONLY | os.O_NOCTTY)
        try:
            return int.from_bytes(fcntl.ioctl(terminal, termios.FIONREAD, bytes(4)), sys.byteorder)
        finally:
            os.close(terminal)

    def _asleep(self) -> bool:
        """Return whether the command waits, rather than works on what it has read."""
        return Path(f"/proc/{self._child.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S"

    def interrupt(self) -> Self:
        """Press Ctrl-C wherever the command stands."""
        self._child.sendcontrol("c")
        return self

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
