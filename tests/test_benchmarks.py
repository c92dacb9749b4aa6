"""The benchmarks measure what they say: the same journals every time, and by hand the same objects as the command."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path
from statistics import mean

import pytest

from benchmarks import __main__ as bench
from benchmarks import goals, journals, processes
from benchmarks.by_hand import sql
from benchmarks.processes import Ratio
from reflect import config
from reflect.journal import Journal
from reflect.models import Filters


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a made-up journal of 1,000 entries."""
    home = tmp_path_factory.mktemp("made") / "reflect"
    journals.fill(home, goals.SMALL)
    return home


def test_a_journal_is_the_same_every_time(journal: Journal) -> None:
    """Two runs of the generator give the same entries, themes and suggestions."""
    prompts, themes = journal.prompts(), [theme.id for theme in journal.themes]
    first = list(islice(journals.generated(1000, prompts, themes), 50))
    assert first == list(islice(journals.generated(1000, prompts, themes), 50))


def test_a_journal_is_as_its_page_describes_it(made: Path) -> None:
    """Entries have about 415 letters and 1.8 tags, over three years, and the marked words are as frequent as said."""
    with _journal(made) as journal:
        found = list(journal.find(Filters(), newest_first=False))
    assert len(found) == goals.SMALL
    assert mean(len(entry.text) for entry in found) == pytest.approx(415, rel=0.05)
    assert mean(len(entry.tags) for entry in found) == pytest.approx(1.8, rel=0.05)
    years = datetime.fromisoformat(found[-1].happened_at) - datetime.fromisoformat(found[0].happened_at)
    assert years.days == pytest.approx(3 * 365, abs=5)
    assert sum("meeting" in entry.text.lower() for entry in found) == pytest.approx(550, abs=50)
    assert 1 <= sum("kingfisher" in entry.text.lower() for entry in found) <= 5


def test_by_hand_means_the_same_objects(made: Path) -> None:
    """The raw loop that `list --json` is compared with writes the very same bytes."""
    by_hand = processes.output(processes.script(made, "list_json"))
    assert by_hand == processes.output(processes.reflect(made, "list", "--json"))


def test_by_hand_means_the_same_hits(made: Path) -> None:
    """The SQL that a search is compared with finds the same entries in the same order."""
    connection = sql.connect(made / "journal.db")
    with _journal(made) as journal:
        for word in journals.SHARES:
            ours = [each.entry.id for each in journal.search(word, Filters(limit=20))]
            assert ours == [row[1] for row in sql.search(connection, word)]
    connection.close()


def test_a_pair_is_compared_in_turn() -> None:
    """Floor and subject run by turns after a warm-up, and the median of their ratios is told with both ends."""
    order: list[str] = []
    times = {"floor": iter([9.0, 1.0, 1.0, 2.0]), "subject": iter([9.0, 3.0, 5.0, 2.0])}

    def run(name: str) -> float:
        order.append(name)
        return next(times[name])

    found = processes.compared(lambda: run("floor"), lambda: run("subject"), 3)
    assert order == ["floor", "subject"] * 4
    assert found == Ratio(3.0, 1.0, 5.0, 3)


def test_a_missed_goal_is_told() -> None:
    """A row says in words whether its median keeps within the goal."""
    found = Ratio(1.3, 1.1, 1.4, 9)
    assert bench.line(goals.Row("a thing", "another", 1.2, found)).endswith("| **not met** |")
    assert bench.line(goals.Row("a thing", "another", 1.3, found)).endswith("| met |")


def test_only_the_table_is_written(tmp_path: Path) -> None:
    """Measuring changes what stands between the page's markers and nothing else."""
    page = tmp_path / "page.md"
    page.write_text(f"Before.\n{bench.BEGIN}\nold\n{bench.END}\nAfter.\n")
    bench.put(page, "new")
    assert page.read_text() == f"Before.\n{bench.BEGIN}\nnew\n{bench.END}\nAfter.\n"
    with pytest.raises(ValueError, match="markers"):
        bench.put(_without_markers(page), "new")


def _without_markers(page: Path) -> Path:
    page.write_text("Before. After.\n")
    return page


def test_the_page_shows_every_everyday_command(made: Path) -> None:
    """docs/performance.md has rows for each everyday command: its time, its instructions, and with many entries."""
    text = bench.PAGE.read_text(encoding="utf-8")
    for each in goals.everyday(made):
        assert f"| `{each.name}` |" in text
        assert f"| `{each.name}`, instructions |" in text
    for each in goals.everyday(made)[2:]:
        assert f"| `{each.name}` with {goals.LARGE:,} entries |" in text


def _journal(home: Path) -> Journal:
    return Journal(config.Places(home, home), datetime.fromisoformat(journals.NOW), seed="bench")
