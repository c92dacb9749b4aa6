"""What the tests of the commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from reflect.cli.app import app
from tests.conftest import NOW, Run
from tests.terminal import Terminal, reflect

AtTerminal = Callable[..., Terminal]
Here = Callable[..., Result]
Write = Callable[..., Any]


@pytest.fixture
def at_terminal(home: Path) -> Iterator[AtTerminal]:
    """Run the command at a terminal; whatever is still open is closed at the end."""
    with ExitStack() as stack:

        def start(*words: str, env: dict[str, str] | None = None) -> Terminal:
            return stack.enter_context(reflect(*words, home=home, env=env))

        yield start


@pytest.fixture
def write(run: Run) -> Write:
    """Write an entry from a pipe and return it as `--json` shows it."""

    def write_entry(text: str, *options: str, env: dict[str, str] | None = None) -> Any:
        return run("write", "-", *options, "--json", stdin=text, env=env).json

    return write_entry


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """Run the command in this very process, without a terminal, which is quicker than one of its own."""
    monkeypatch.setenv("REFLECT_NOW", NOW)
    monkeypatch.setattr("sys.argv", ["reflect"])
    return lambda *words: CliRunner().invoke(app, words, prog_name="reflect")
