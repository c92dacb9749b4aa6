"""The SQLite file for Datasette: three tables, protected, and nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflect import publish
from reflect.summary.together import CONSTANT, GroupSummary
from reflect.summary.together_say import standing
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import golden


def opened(made: GroupSummary, tmp_path: Path) -> sqlite3.Connection:
    """Write a summary's file and open it as another program would."""
    path = tmp_path / "summary.db"
    path.write_bytes(publish.as_database(made))
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The small group's file."""
    connection = opened(canal.summary(), tmp_path)
    yield connection
    connection.close()


def test_rows(database: sqlite3.Connection) -> None:
    """Tables and rows stand as in the golden file."""
    made = "\n".join(database.iterdump()) + "\n"
    assert made == golden("datasette.txt", made)


def test_holds_three_tables_and_nothing_else(database: sqlite3.Connection) -> None:
    """There are themes, quotations and method; no view, trigger, index or other table."""
    found = database.execute("SELECT type, name FROM sqlite_master ORDER BY name").fetchall()
    assert found == [("table", "method"), ("table", "quotations"), ("table", "themes")]
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_quotations_are_the_summarys(database: sqlite3.Connection) -> None:
    """Every quotation is there, letter for letter, under its theme."""
    found = {row[0] for row in database.execute("SELECT quotation FROM quotations")}
    assert found == {each.text for each in canal.summary().quotations()}
    paths = {
        row[0] for row in database.execute("SELECT path FROM quotations JOIN themes ON themes.id = quotations.theme")
    }
    assert {"Funding", "Funding / bus fares", "Not placed"} <= paths


def test_below_k_there_is_no_number(database: sqlite3.Connection) -> None:
    """A theme of two people has no number, and its quotations no occasion (rule 3)."""
    row = database.execute("SELECT people, people_in_words FROM themes WHERE path = 'Learning'").fetchone()
    assert row == (None, "Fewer than 5 people wrote, or it can't be said how many")
    occasions = database.execute(
        "SELECT occasion FROM quotations JOIN themes ON themes.id = quotations.theme WHERE path = 'Learning'"
    )
    assert occasions.fetchall() == [("not said",)]


def test_prints_the_constant_sentence(database: sqlite3.Connection) -> None:
    """How it was made begins with whether it is final, then the sentence that every summary prints."""
    found = database.execute("SELECT sentence FROM method WHERE id < 3 ORDER BY id").fetchall()
    assert found == [(standing(canal.summary()),), (CONSTANT,)]


def test_tells_nobody_and_no_moment() -> None:
    """No contributor, contribution or time is in the file, and the same summary gives the same bytes."""
    content = publish.as_database(canal.summary())
    for number in range(100):
        assert canal.contributor(number).encode() not in content
        assert canal.contribution(number).encode() not in content
    assert b"09:1" not in content
    assert content == publish.as_database(canal.summary())


def test_two_themes_of_one_name(tmp_path: Path) -> None:
    """Themes that were given the same name stay two rows, each with its own quotations."""
    from dataclasses import replace

    made = canal.summary()
    made = replace(made, themes=tuple(replace(theme, name="Same") for theme in made.themes))
    connection = opened(made, tmp_path)
    rows = connection.execute("SELECT theme, count(*) FROM quotations GROUP BY theme").fetchall()
    assert len(rows) == len({each.theme_id + each.recurs for each in _quoted(made)})
    connection.close()


def _quoted(made: GroupSummary) -> list[object]:
    from reflect.summary.together_rows import quotations

    return list(quotations(made))


def test_hostile_words(tmp_path: Path) -> None:
    """Words that look like SQL, and signs that a terminal obeys, do nothing and are not obeyed."""
    connection = opened(canal.hostile(), tmp_path)
    dumped = "\n".join(connection.iterdump())
    assert "=HYPERLINK(" in dumped
    assert "\x1b" not in dumped
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (3,)
    connection.close()
