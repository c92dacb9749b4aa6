"""What the harness says of itself is so: what could not be run is never counted as passed, or as found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import counted, every_part, power, tracing
from tests.faults.oracle import Figures


@pytest.fixture
def untraced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without the tool that watches system calls."""
    monkeypatch.setattr(tracing, "STRACE", "a-tool-that-nobody-has")
    tracing.why_not.cache_clear()
    yield
    tracing.why_not.cache_clear()


def _done(**changed: Figures) -> dict[str, list[Any]]:
    """Figures of a run in which every part held and every planted fault was found, but for those named."""
    more = {"erased words found": 0, "places looked for": 3, "words outside our folders": 0, "plain words found": 0}
    done: dict[str, list[Any]] = {}
    for name in every_part.PARTS:
        done[name] = [Figures(name, "", runs=2, more=more), 2, 0]
    for name in every_part.PLANTS:
        done[name] = [Figures(name, "", runs=1, faults=["found"]), 1, 0]
    for name, figures in changed.items():
        done[name.replace("_", " ")][0] = figures
    return done


@pytest.mark.usefixtures("untraced")
def test_without_its_tool_a_part_is_not_run(tmp_path: Path) -> None:
    """Parts C and D say why they were not run, and claim nothing."""
    for figures in (counted.fail(tmp_path, only=["write"]), power.cut(["add"])):
        assert figures.not_run
        assert (figures.runs, figures.faults, figures.acknowledged) == (0, [], 0)


def test_a_part_that_was_not_run_is_said_to_be() -> None:
    """One case that could not be run makes its whole part 'not run' in the table, without figures."""
    table = every_part._table(_done(C_write=Figures("C", "", not_run="strace is not installed")))
    (line,) = [each for each in table.splitlines() if each.startswith("| C |")]
    assert line.endswith("| not run: strace is not installed | | | |")
    assert "| D | the power goes after each system call, in seven ways | 18 |  | 0 | 0 |" in table


def test_a_planted_fault_that_was_not_tried_is_not_found() -> None:
    """Only planted faults that were seen count as found."""
    assert "Planted faults: 10, of which found: 10." in every_part._sentences(_done())
    some = _done()
    first, second, *_ = every_part.PLANTS
    some[first][0] = Figures("C", "", not_run="strace is not installed")
    some[second][0] = Figures("D", "", runs=1)
    assert "Planted faults: 10, of which found: 8." in every_part._sentences(some)
