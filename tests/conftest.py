"""What every test shares: a home of its own, the installed command in a real process, and a guard on the real home."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest
from hypothesis import HealthCheck, settings

from reflect import config
from reflect.journal import Journal

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NOW = "2026-11-20T16:00:00+00:00"

UNMEASURED = {"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": ""}
"""Added to the environment of a process that may write no large file: measuring coverage would need one."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""With these Chromium runs without a screen, as any user, and asks nothing of the network."""

# A shell that starts the tests in the background has them ignore Ctrl-C, and every command they start would do so, too.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("house")

_REAL_HOME = Path(platformdirs.user_data_dir("reflect", appauthor=False))


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> None:
    """Where CI says so, a test that skips has failed, unless it needs a right that an ordinary user has not."""
    skipped = call.excinfo and call.excinfo.errisinstance(pytest.skip.Exception)
    if os.environ.get("REFLECT_REFUSE_SKIPS") and skipped and "needs the right" not in str(call.excinfo.value):
        message = f"skipped, and skips are refused: {call.excinfo.value}"
        call.excinfo = pytest.ExceptionInfo.from_exception(AssertionError(message))


@pytest.fixture(autouse=True)
def _guard_on_the_real_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Fail any test that makes something in the real home; give each one a zone and a home of its own."""
    before = _REAL_HOME.exists()
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("REFLECT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TZ", "Europe/London")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    for name in ("REFLECT_DEBUG", "REFLECT_PASSPHRASE_FILE", "REFLECT_PASSPHRASE_FD", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    yield
    if "reflect.store.cipher" in sys.modules:
        sys.modules["reflect.store.cipher"].let_go()  # the keys that this process knew
    if not before and _REAL_HOME.exists():
        pytest.fail(f"the test made {_REAL_HOME}, the real home")


@dataclass(frozen=True)
class Ran:
    """What a run of the command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        """The one JSON value on stdout."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home; the journal's folder is made by the first command."""
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    """Run the installed command in a process of its own, without a terminal, at a fixed time."""

    def run_command(
        *words: str | bytes, stdin: str | bytes | None = None, code: int | None = 0, env: dict[str, str] | None = None
    ) -> Ran:
        environment = os.environ | {
            "REFLECT_HOME": str(home),
            "REFLECT_NOW": NOW,
            "REFLECT_SEED": "test",
            "PYTHONUTF8": "1",
        }
        done = subprocess.run(
            [sys.executable, "-m", "reflect", *words],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            env=environment | (env or {}),
            timeout=60,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
        assert "Traceback" not in ran.err, ran.err
        if code is not None:
            assert ran.code == code, f"exit {ran.code}, wanted {code}\n{ran.out}\n{ran.err}"
        return ran

    return run_command


@pytest.fixture
def journal(home: Path) -> Iterator[Journal]:
    """A journal of one's own in this process, at a fixed time."""
    with Journal(config.Places(home, home), datetime.fromisoformat(NOW).astimezone(), seed="test") as opened:
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a screen: one for all tests, since there can be only one in a process."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("Chromium is not installed here, so no page can be looked at in a browser")
    if not importlib.util.find_spec("axe_playwright_python"):
        pytest.skip("axe-playwright-python is not installed here, so no browser can be driven")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened
        opened.close()


def bytes_under(folder: Path) -> bytes:
    """Every byte of every file under a folder, for asking whether words are still there."""
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
