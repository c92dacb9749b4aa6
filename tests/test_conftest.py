"""The shared fixtures keep their promises."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Run


def test_the_command_runs_in_a_home_of_its_own(run: Run, home: Path) -> None:
    """A command makes its journal in the test's home and nowhere else."""
    run("write", "-", stdin="words")
    assert (home / "journal.db").exists()
