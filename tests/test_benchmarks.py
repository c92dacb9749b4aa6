"""The benchmarks measure what they say: the same journals every time, and by hand the same objects as the command."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import astuple
from datetime import datetime
from itertools import islice
from pathlib import Path
from statistics import mean

import pytest

from benchmarks import __main__ as bench
from benchmarks import goals, groups, journals, moves, pages, processes
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
    by_hand = processes.output(processes.script(made, "list_json", made / "journal.db"))
    assert by_hand == processes.output(processes.reflect(made, "list", "--json"))


def test_by_hand_means_the_same_export(made: Path) -> None:
    """The raw loop that `export json` is compared with writes the very same entries."""
    by_hand, ours = (json.loads(processes.output(run))["entries"] for run in moves.exports(made))
    assert by_hand == ours


def test_by_hand_means_the_same_hits(made: Path) -> None:
    """The SQL that a search is compared with finds the same entries in the same order."""
    connection = sql.connect(made / "journal.db")
    with _journal(made) as journal:
        for word in journals.SHARES:
            ours = [each.entry.id for each in journal.search(word, Filters(limit=20))]
            assert ours == [row[1] for row in sql.search(connection, word)]
    connection.close()


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up group of 40 people, its 400 contributions in sealed files."""
    folder = tmp_path_factory.mktemp("group") / "made"
    groups.fill(folder, 40, 400)
    return folder


def test_a_group_is_the_same_every_time(journal: Journal) -> None:
    """Two runs of the generator give the same people the same contributions; only key and seals differ."""
    themes = [theme.id for theme in journal.themes]
    asked = [{"id": prompt.id, "text": prompt.text} for prompt in journal.prompts()]
    assert list(groups.shared("abcd2345", 9, 60, themes, asked)) == list(
        groups.shared("abcd2345", 9, 60, themes, asked)
    )


def test_a_group_is_as_its_page_describes_it(group: Path) -> None:
    """Everybody gave something, some very much; no two passages are alike, and few stand under no theme."""
    with groups.opened(group / "reflect") as kept:
        taken = kept.gather([(path.name, path.read_bytes()) for path in (group / "shares").iterdir()], lambda: "")
        found = kept.contributions()
    assert (taken.files, taken.refused, len(found)) == (40, (), 400)
    given = Counter(each.contributor for each in found)
    assert len(given) == 40
    assert max(given.values()) > 3 * mean(given.values())
    written = [each.words for each in found if each.words]
    assert len(set(written)) == len(written)
    assert mean(map(len, written)) == pytest.approx(460, rel=0.1)
    assert 0 < sum(not each.themes for each in found) < 40
    assert {each.stance for each in found} == set(groups.STANCES)
    assert {each.level for each in found} == set(groups.LEVELS)


def test_by_hand_means_the_same_contributions(group: Path, tmp_path: Path) -> None:
    """What gathering is compared with decrypts and stores the very same contributions."""
    home = tmp_path / "reflect"
    shutil.copytree(group / "reflect", home)
    raw = tmp_path / "raw.db"
    processes.output(processes.script(home, "gather", raw, groups.key_of(home), group / "shares"))
    with groups.opened(home) as kept:
        kept.gather([(path.name, path.read_bytes()) for path in (group / "shares").iterdir()], lambda: "")
        ours = [
            (*astuple(each)[:6], json.dumps(each.themes), *astuple(each)[7:13], int(each.alone_ok), each.attribution)
            for each in kept.contributions()
        ]
    connection = sql.connect(raw)
    assert connection.execute("SELECT * FROM contribution ORDER BY id").fetchall() == ours
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
    """Measuring one part changes what stands between its markers in the page and nothing else."""
    page = tmp_path / "page.md"
    tables = {part: "\n{}\n".join(pages.marks(part, bench.COMMAND)) for part in bench.PARTS}
    page.write_text("Before.\n" + "\nBetween.\n".join(each.format("old") for each in tables.values()) + "\nAfter.\n")
    pages.put(page, "groups", "new", bench.COMMAND)
    written = [each.format("new" if part == "groups" else "old") for part, each in tables.items()]
    assert page.read_text() == "Before.\n" + "\nBetween.\n".join(written) + "\nAfter.\n"
    with pytest.raises(ValueError, match="markers"):
        pages.put(_without_markers(page), "journal", "new", bench.COMMAND)


def _without_markers(page: Path) -> Path:
    page.write_text("Before. After.\n")
    return page


def test_the_page_shows_every_everyday_command(made: Path) -> None:
    """docs/performance.md has rows for each everyday command: its time, its instructions, and with many entries."""
    text = bench.PAGE.read_text(encoding="utf-8")
    for each in goals.everyday(made):
        assert f"| `{each.name}` |" in text
        assert f"| `{each.name}`, instructions |" in text
    for name in ("group gather", "summary --group"):
        assert f"| `reflect {name}`, {goals.LARGE:,} contributions" in text
    for each in goals.everyday(made)[2:]:
        assert f"| `{each.name}` with {goals.LARGE:,} entries |" in text


def _journal(home: Path) -> Journal:
    return Journal(config.Places(home, home), datetime.fromisoformat(journals.NOW), seed="bench")
