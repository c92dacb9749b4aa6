"""`reflect tour`: the main job on sample people, in a home that is thrown away."""

from __future__ import annotations

from pathlib import Path

from reflect import sample
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run, bytes_under


def test_shows_the_main_job_and_ends_by_itself(run: Run) -> None:
    """A question, an entry, a search and a summary, without a terminal; `run` gives it a minute and no more."""
    ran = run("tour")
    for step in ("$ reflect ask", "$ reflect write -", "$ reflect search", "$ reflect summary"):
        assert step in ran.out
    order = [ran.out.index(each) for each in ("Why this one:", "Saved ", "«", "How it was made")]
    assert order == sorted(order)
    assert all(line.startswith("You offered") for line in ran.err.splitlines())


def test_commands_it_shows_can_be_pasted(run: Run) -> None:
    """An argument of several words stands in quotes, as a shell needs it."""
    shown = [line for line in run("tour").out.splitlines() if line.startswith("$ reflect write")]
    assert shown == ["$ reflect write - --about 'Hub steering group'"]


def test_touches_nothing_of_ones_own(run: Run, write: Write, home: Path, tmp_path: Path) -> None:
    """Neither the journal, nor the person's home, nor the shared temp folder is changed."""
    write("An entry of one's own.")
    before = bytes_under(home)
    (tmp_path / "temp").mkdir()
    out = run("tour", env={"TMPDIR": str(tmp_path / "temp")}).out
    assert bytes_under(home) == before
    assert list((tmp_path / "temp").iterdir()) == []
    assert not (tmp_path / "user").exists()
    assert "An entry of one's own" not in out


def test_makes_no_home_where_there_is_none(run: Run, home: Path) -> None:
    """A tour before the first entry leaves no home behind."""
    run("tour")
    assert not home.exists()


def test_on_a_terminal_it_asks_nothing(at_terminal: AtTerminal) -> None:
    """At a terminal, too, it runs to its end without a question."""
    screen = at_terminal("tour", env={"TERM": "xterm-256color"}).leave()
    assert "How it was made" in screen


def test_plain_is_passed_on(at_terminal: AtTerminal) -> None:
    """With --plain every step of the tour is plain."""
    assert "\x1b" not in at_terminal("--plain", "tour", env={"TERM": "xterm-256color"}).leave()


def test_sample_is_fifty_odd_entries_by_four_people_over_six_months() -> None:
    """The sample people are four, their entries some fifty, spread over half a year."""
    people = sample.people()
    days = sorted(entry.date for person in people.values() for entry in person.entry)
    assert len(people) == 4
    assert 50 <= len(days) <= 60
    assert 150 <= (days[-1] - days[0]).days <= 190
    assert days[-1].date() <= sample.ENDS.date()
