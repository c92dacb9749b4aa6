"""`reflect summary`: the journal rolled up by theme."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import AtTerminal, Write
from tests.cli.test_themes import TEN
from tests.conftest import Run, bytes_under

WRITTEN = (
    ("2026-07-03", "funding", "The grant pays for the room. It does not pay for whoever sweeps it."),
    ("2026-08-20", "funding", "A year's contract, then a month's. Nobody plans a summer on a month's contract."),
    ("2026-09-30", "voice", "One voice from the back row about the bus; the minutes say transport."),
    ("2026-10-01", "voice", "She said it twice. The second time a doctor said it, and then it was heard."),
    ("2026-10-31", "language", "We say service users. They say neighbours."),
)


@pytest.fixture
def five(write: Write) -> list[Any]:
    """Five entries from July to October, each with a theme its author chose."""
    return [write(text, "--at", day, "--theme", theme) for day, theme, text in WRITTEN]


def placed(made: Any) -> dict[str, int]:
    """Return how many entries each theme of a summary has, those without any left out."""
    return {each["id"]: each["entries"] for each in made["themes"] if each["entries"]}


def excerpts(made: Any) -> list[Any]:
    """Return every excerpt of a summary."""
    return [each for theme in made["themes"] for each in theme["excerpts"]] + made["not_placed"]


def test_empty_home_gives_an_empty_summary(run: Run) -> None:
    """From an empty home a summary is made, with every theme at nothing and its method stated."""
    made = run("summary", "--json").json
    assert [each["id"] for each in made["themes"]] == TEN
    assert placed(made) == {}
    assert excerpts(made) == made["actions"] == []
    assert made["method"]["entries"] == 0
    assert "How it was made" in run("summary").out
    assert "0 entries" in run("summary", "--format", "markdown").out


def test_json_has_the_shape_of_the_contract(run: Run, five: list[Any]) -> None:
    """The summary in JSON has every field that scripts may rely on (design section 5)."""
    run("actions", "add", "Ask who sweeps the room", "--by", "1/12/2026")
    made = run("summary", "--json").json
    assert set(made) >= {"period", "themes", "not_placed", "questions", "actions", "method"}
    assert set(made["period"]) >= {"from", "to"}
    for theme in made["themes"]:
        assert set(theme) >= {"id", "name", "entries", "people", "band", "movement", "excerpts"}
        assert isinstance(theme["entries"], int)
        assert isinstance(theme["people"], int)
        assert theme["movement"] is None or set(theme["movement"]) >= {"before", "now"}
    for excerpt in excerpts(made):
        assert set(excerpt) >= {"entry", "version", "start", "end", "text"}
    assert [each["text"] for each in made["actions"]] == ["Ask who sweeps the room"]
    assert made["method"]["entries"] == 5


def test_json_and_format_json_are_one(run: Run, five: list[Any]) -> None:
    """--json is --format json, byte for byte."""
    assert run("summary", "--json").out == run("summary", "--format", "json").out


def test_every_excerpt_is_a_span_of_its_entry(run: Run, five: list[Any]) -> None:
    """A quotation is exactly the words of that version of that entry from start to end."""
    found = excerpts(run("summary", "--json").json)
    assert found
    for excerpt in found:
        entry = run("show", excerpt["entry"], "--json").json
        assert excerpt["version"] == entry["version"]
        assert entry["text"][excerpt["start"] : excerpt["end"]] == excerpt["text"]
        assert excerpt["text"].strip()


def test_the_same_entries_give_the_same_bytes(run: Run, five: list[Any]) -> None:
    """Made twice, a summary is the same byte for byte, in every form."""
    for form in ("json", "markdown"):
        assert run("summary", "--format", form).out == run("summary", "--format", form).out
    assert run("summary").out == run("summary").out


@pytest.mark.parametrize(
    ("period", "texts", "ends"),
    [
        (("--month", "2026-10"), {3, 4}, ("2026-10-01", "2026-10-31")),
        (("--quarter", "2026-Q3"), {0, 1, 2}, ("2026-07-01", "2026-09-30")),
        (("--from", "20/8/2026", "--to", "1/10/2026"), {1, 2, 3}, ("2026-08-20", "2026-10-01")),
        (("--from", "1/10/2026"), {3, 4}, ("2026-10-01", None)),
        (("--to", "3/7/2026"), {0}, (None, "2026-07-03")),
        ((), {0, 1, 2, 3, 4}, (None, None)),
    ],
)
def test_periods_include_both_their_days(
    run: Run, five: list[Any], period: tuple[str, ...], texts: set[int], ends: tuple[str | None, str | None]
) -> None:
    """A period has the entries of its first and last day, and says both; without one it has everything."""
    made = run("summary", *period, "--json").json
    assert made["method"]["entries"] == len(texts)
    assert {each["entry"] for each in excerpts(made)} == {five[number]["id"] for number in texts}
    assert (made["period"]["from"], made["period"]["to"]) == ends


def test_period_is_said_in_words(run: Run, five: list[Any]) -> None:
    """On screen and paper a quarter or month is named in words."""
    assert "July to September 2026" in run("summary", "--quarter", "2026-Q3").out
    assert "October 2026" in run("summary", "--month", "2026-10", "--format", "markdown").out


def test_one_period_at_most(run: Run) -> None:
    """Two ways of saying the period at once are exit 2; one that can't be read is exit 3."""
    run("summary", "--month", "2026-10", "--quarter", "2026-Q3", code=2)
    run("summary", "--month", "2026-10", "--from", "1/1/2026", code=2)
    run("summary", "--month", "October", code=3)
    run("summary", "--quarter", "2026-Q5", code=3)


def test_theme_narrows_to_one(run: Run, five: list[Any]) -> None:
    """With --theme, or the beginning of it, the summary holds that theme alone, and says it was narrowed."""
    made = run("summary", "--theme", "fund", "--json").json
    assert [each["id"] for each in made["themes"]] == ["funding"]
    assert made["themes"][0]["entries"] >= 2
    assert any("filter" in told for told in made["method"]["told"])


def test_not_placed_is_listed_and_never_dropped(run: Run, write: Write) -> None:
    """An entry without any theme stands under 'Not placed', in every form."""
    entry = write("Mm.")
    made = run("summary", "--json").json
    assert [each["entry"] for each in made["not_placed"]] == [entry["id"]]
    for form in ((), ("--format", "markdown")):
        out = run("summary", *form).out
        assert out.index("Not placed") < out.index("Mm.")


def test_a_theme_is_never_only_a_number(run: Run, five: list[Any]) -> None:
    """Every theme with entries has words beside its count, each with its entry's id and date."""
    made = run("summary", "--json").json
    for theme in made["themes"]:
        assert bool(theme["entries"]) == bool(theme["excerpts"])
    out = run("summary", "--month", "2026-10").out
    assert f"31 October 2026, entry {five[4]['id']}" in out


def test_few_entries_show_no_movement(run: Run, five: list[Any]) -> None:
    """Below eight entries no rise or fall is shown."""
    made = run("summary", "--quarter", "2026-Q3", "--json").json
    assert {each["movement"] for each in made["themes"]} == {None}


def test_movement_from_eight_entries_up(run: Run, write: Write) -> None:
    """With eight in one of the two periods, both counts are told and nothing is judged."""
    for day in range(1, 9):
        write(f"Day {day}.", "--at", f"{day}/10/2026", "--theme", "voice")
    for day in ("1/9/2026", "30/9/2026", "15/8/2026"):
        write(f"Before, on {day}.", "--at", day, "--theme", "voice")
    made = run("summary", "--month", "2026-10", "--json").json
    voice = next(each for each in made["themes"] if each["id"] == "voice")
    assert voice["movement"] == {"before": 2, "now": 8}


def test_open_actions_are_there_and_closed_ones_not(run: Run) -> None:
    """What is still open is listed; with nothing open the heading stays and says so."""
    assert "Nothing recorded" in run("summary").out
    done = run("actions", "add", "Book the hall", "--json").json
    run("actions", "done", done["id"])
    run("actions", "add", "Ask who sweeps the room")
    out = run("summary", "--format", "markdown").out
    assert "Ask who sweeps the room" in out
    assert "Book the hall" not in out


def test_answered_questions_are_not_proposed(run: Run, write: Write) -> None:
    """The questions for a group session are ones that no entry answers yet."""
    write("An answer.", "--prompt", "KF-Q10")
    first = [each["id"] for each in run("summary", "--json").json["questions"]]
    assert first
    write("Another.", "--prompt", first[0])
    assert first[0] not in [each["id"] for each in run("summary", "--json").json["questions"]]


def test_nothing_is_scored_or_advised(run: Run, five: list[Any]) -> None:
    """Outside quotations and questions no form of the summary scores, praises or advises."""
    out = run("summary", "--format", "markdown").out
    own = "\n".join(line for line in out.splitlines() if not line.startswith(("> ", "- ")))
    for word in ("score", "rank", "should", "try to", "well done", "sentiment", "positive", "negative", "streak"):
        assert word not in own.lower(), word


def test_output_goes_to_a_private_file(run: Run, five: list[Any], tmp_path: Path) -> None:
    """-o writes the whole summary to a new file that only its owner can read, and says where."""
    file = tmp_path / "october.md"
    ran = run("summary", "--month", "2026-10", "-o", str(file))
    assert str(file) in ran.out
    assert file.read_text(encoding="utf-8") == run("summary", "--month", "2026-10", "--format", "markdown").out
    if os.name != "nt":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_output_takes_its_form_from_the_files_ending(run: Run, five: list[Any], tmp_path: Path) -> None:
    """A name that ends in .json is written as JSON; --format says otherwise where it is given."""
    run("summary", "-o", str(tmp_path / "a.json"))
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == run("summary", "--json").json
    run("summary", "--format", "markdown", "-o", str(tmp_path / "b.json"))
    assert (tmp_path / "b.json").read_text(encoding="utf-8").startswith("# ")


def test_output_never_overwrites_unasked(run: Run, five: list[Any], tmp_path: Path) -> None:
    """A file that is there is left as it is: exit 3, and --force is named; with --force it is replaced."""
    file = tmp_path / "october.md"
    file.write_text("somebody's own words", encoding="utf-8")
    assert "--force" in run("summary", "-o", str(file), code=3).err
    assert file.read_text(encoding="utf-8") == "somebody's own words"
    run("summary", "-o", str(file), "--force")
    assert file.read_text(encoding="utf-8").startswith("# ")
    assert sorted(path.name for path in tmp_path.glob("*.part")) == []


def test_output_into_a_folder_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    """A path that can't be written is exit 4 with the path, and leaves nothing behind."""
    assert "nowhere" in run("summary", "-o", str(tmp_path / "nowhere" / "a.md"), code=4).err
    assert not (tmp_path / "nowhere").exists()


def test_unknown_form_is_refused_with_those_there_are(run: Run) -> None:
    """A form that does not exist is exit 2, and those that do are named."""
    err = run("summary", "--format", "interpretive-dance", code=2).err
    assert "markdown" in err
    assert "json" in err


def test_making_a_summary_changes_nothing(run: Run, five: list[Any], home: Path) -> None:
    """Reading is reading: the journal's bytes are the same before and after."""
    run("summary")
    before = bytes_under(home)
    run("summary", "--json")
    run("summary", "--quarter", "2026-Q3", "--format", "markdown")
    assert bytes_under(home) == before


def test_at_a_terminal_there_is_a_small_chart(at_terminal: AtTerminal, five: list[Any], run: Run) -> None:
    """On a terminal a theme of several weeks has its weeks as a row of blocks; plain lines have words only."""
    assert "█" in at_terminal("summary", env={"TERM": "xterm-256color"}).leave()
    assert "█" not in run("summary").out


def test_erased_words_are_gone_from_the_next_summary(run: Run, five: list[Any]) -> None:
    """After `erase` no summary holds the entry's words or counts it."""
    run("erase", five[4]["id"], "--yes")
    made = run("summary", "--json")
    assert made.json["method"]["entries"] == 4
    assert "neighbours" not in made.out


def test_bar_stands_beside_every_line_of_a_quotation(at_terminal: AtTerminal, write: Write) -> None:
    """On a terminal a quotation longer than a line keeps its bar, and is cut between words."""
    write(" ".join(f"word{number}" for number in range(30)) + ".", "--theme", "voice")
    lines = at_terminal("summary", env={"TERM": "xterm-256color"}).leave().splitlines()
    quoted = [line for line in lines if "word1" in line or "word2" in line]
    assert len(quoted) > 1
    assert all(line.startswith("  │ word") for line in quoted)
