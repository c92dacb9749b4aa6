"""`reflect import`: what is said, what is asked, and what a script gets."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from reflect.exchange import importers
from tests.cli.conftest import AtTerminal, Here, Write
from tests.conftest import Run
from tests.exchange.importers.test_dayone import ONE
from tests.exchange.importers.test_dayone import journal as day_one
from tests.exchange.importers.test_jrnl import TWO


@pytest.fixture
def two(tmp_path: Path) -> str:
    """A journal of jrnl with two entries."""
    (tmp_path / "journal.txt").write_text(TWO)
    return str(tmp_path / "journal.txt")


@pytest.fixture
def bad(tmp_path: Path) -> str:
    """A journal of jrnl in which one of three days does not exist."""
    (tmp_path / "bad.txt").write_text(
        "[2024-02-28 10:00] One.\n\n[2024-02-30 10:00] Two.\n\n[2024-03-01 10:00] Three.\n"
    )
    return str(tmp_path / "bad.txt")


def test_it_says_what_it_found_and_brings_it_in(run: Run, two: str) -> None:
    """The sums, the days, the zone and the form of dates are said; then the entries are there, undo is named."""
    out = run("import", "jrnl", two, "--yes").out
    assert "journal.txt: 2 entries read." in out
    assert "  2  new\n" in out
    assert "  0  already here\n" in out
    assert "  0  refused\n" in out
    assert "New from 19 November 2026 to 20 November 2026." in out
    assert "Times without a zone are those of Europe/London." in out
    assert "Dates were read as %Y-%m-%d %H:%M." in out
    assert "Brought in 2 entries. `reflect undo` takes them out again." in out
    assert [each["text"] for each in run("list", "--json").json] == [
        "Short one",
        "Met the board. They listened.\nSomebody asked who decides. @sam #money",
    ]


def test_a_dry_run_only_looks(run: Run, two: str) -> None:
    """--dry-run says the same and stores nothing."""
    out = run("import", "jrnl", two, "--dry-run").out
    assert "2  new" in out
    assert "Nothing was brought in" in out
    assert run("list", "--json").json == []


def test_without_a_terminal_it_needs_a_yes(run: Run, two: str) -> None:
    """Nobody there to agree: what was found is said, nothing is stored, and it never waits (exit 2)."""
    ran = run("import", "jrnl", two, code=2)
    assert "2  new" in ran.out
    assert "--yes" in ran.err
    assert run("list", "--json").json == []


def test_at_a_terminal_it_asks(at_terminal: AtTerminal, run: Run, two: str) -> None:
    """The look comes first; no is no, and yes brings them in."""
    shown = at_terminal("import", "jrnl", two).see("2  new", "Bring in 2 new entries?").answer("n").leave()
    assert "Nothing was brought in." in shown
    assert run("list", "--json").json == []
    at_terminal("import", "jrnl", two).see("Bring in 2 new entries?").answer("y").see("Brought in 2 entries").leave()
    assert len(run("list", "--json").json) == 2


def test_twice_is_once(run: Run, two: str) -> None:
    """The same file again has nothing new and makes nothing (Row 27)."""
    run("import", "jrnl", two, "--yes")
    out = run("import", "jrnl", two, "--yes").out
    assert "2  already here" in out
    assert "Nothing to bring in." in out


def test_undo_takes_it_out(run: Run, two: str, write: Write) -> None:
    """One import is one step back, and what was there before stays."""
    write("Mine.")
    run("import", "jrnl", two, "--yes")
    run("undo")
    assert [each["text"] for each in run("list", "--json").json] == ["Mine."]


def test_one_bad_entry_keeps_all_out(run: Run, bad: str) -> None:
    """It is named with file, line and why; nothing is stored (Row 29, Row 30)."""
    ran = run("import", "jrnl", bad, "--yes", code=3)
    assert "bad.txt, line 3: [2024-02-30 10:00]: day is out of range for month" in ran.out
    assert "1 of 3 entries can't be taken" in ran.err
    assert "--skip-bad" in ran.err
    assert "Nothing was brought in." in ran.err
    assert run("list", "--json").json == []


def test_skipping_what_is_bad_lists_all_of_it(run: Run, bad: str) -> None:
    """With --skip-bad the others come in, and what was left out is listed."""
    out = run("import", "jrnl", bad, "--yes", "--skip-bad").out
    assert "1  refused" in out
    assert "line 3" in out
    assert len(run("list", "--json").json) == 2


def test_record_7312_of_10000(run: Run, tmp_path: Path) -> None:
    """One bad record among ten thousand is named by its line, and nothing of the others is stored (Row 30)."""
    days = [f"{1990 + n // 336}-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}" for n in range(10_000)]
    entries = [{"title": f"T {number}", "date": day} for number, day in enumerate(days)]
    entries[7311]["date"] = "2026-02-30"
    lines = ",\n".join(map(json.dumps, entries))
    (tmp_path / "j.json").write_text(f'{{"entries": [\n{lines}]}}')
    ran = run("import", "jrnl-json", str(tmp_path / "j.json"), "--yes", "--json", code=3)
    assert [each["line"] for each in ran.json["refusals"]] == [7313]
    assert (ran.json["read"], ran.json["new"], ran.json["refused"]) == (10_000, 9_999, 1)
    assert run("list", "--json").json == []


def test_what_a_script_gets(run: Run, two: str) -> None:
    """--json is one object whose sums add up, for a look, for the real thing, and for a second time."""
    look = run("import", "jrnl", two, "--dry-run", "--json").json
    done = run("import", "jrnl", two, "--yes", "--json").json
    again = run("import", "jrnl", two, "--yes", "--json").json
    for each in (look, done, again):
        assert each["read"] == each["new"] + each["already_here"] + each["refused"] == 2
    assert (look["brought_in"], look["dry_run"], look["batch"]) == (False, True, None)
    assert done["brought_in"]
    assert len(done["batch"]) == 8
    assert (again["brought_in"], again["already_here"]) == (False, 2)


def test_photos_are_told_as_left_out(run: Run, tmp_path: Path) -> None:
    """What has no place here is counted, never dropped in silence."""
    (tmp_path / "J.json").write_text(day_one(ONE | {"photos": [{"identifier": "A"}, {"identifier": "B"}]}))
    ran = run("import", "dayone", str(tmp_path / "J.json"), "--yes", "--json")
    assert ran.json["left_out"] == [{"what": "photos", "count": 2}]
    out = run("import", "dayone", str(tmp_path / "J.json"), "--dry-run").out
    assert "Left out, since reflect has no place for them:\n          2  photos" in out


def test_a_pipe(run: Run) -> None:
    """With - the file comes from standard input."""
    assert "2  new" in run("import", "jrnl", "-", "--yes", stdin=TWO).out
    assert "can't be read" not in run("import", "jrnl", "-", "--yes", stdin="").err


def test_a_zone_a_tag_and_a_mapping(run: Run, tmp_path: Path) -> None:
    """Options reach the reader: zone, tag, columns."""
    (tmp_path / "log.csv").write_text("When,Said\n03/04/2026 10:00,words\n")
    run(
        *("import", "csv", str(tmp_path / "log.csv"), "--yes", "--zone", "Asia/Tokyo", "--tag", "CPD"),
        *("--map", "date=when", "--map", "text=Said"),
    )
    (entry,) = run("list", "--json").json
    assert (entry["happened_at"], entry["zone"], entry["tags"]) == ("2026-04-03T10:00:00+09:00", "Asia/Tokyo", ["cpd"])


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("jrnl", "missing.txt"), 4, "there is no missing.txt"),
        (("jrn", "missing.txt"), 2, "did you mean jrnl"),
        (("dayone", "FILE", "--every-date"), 2, "--every-date means nothing for dayone"),
        (("reflect", "FILE", "--month-first"), 2, "there is none of these for it"),
        (("csv", "FILE", "--map", "text"), 2, "'text' maps nothing"),
        (("jrnl", "FILE", "--zone", "Mars"), 3, "no time zone 'Mars'"),
        (("jrnl", "FILE", "--time-format", "%Q"), 3, "not a format of dates"),
        (("jrnl", "FILE", "--tag", "-x"), 3, "can't be a tag"),
        (("jrnl", "/dev/zero"), 3, "is a device"),
        (("jrnl",), 2, "PATH"),
    ],
)
def test_what_is_refused_at_once(here: Here, two: str, words: tuple[str, ...], code: int, why: str) -> None:
    """A wrong word is refused before anything happens, with what would be right."""
    ended = here("import", *(two if word == "FILE" else word for word in words), "--yes")
    assert ended.exit_code == code
    assert why in ended.stderr


def test_an_encrypted_jrnl(run: Run, tmp_path: Path) -> None:
    """It is refused with what jrnl's owner can do."""
    (tmp_path / "j.txt").write_bytes(b"JRNLv3\n\x00\x01")
    assert "jrnl --decrypt" in run("import", "jrnl", str(tmp_path / "j.txt"), "--yes", code=3).err


def test_hostile_words_reach_no_terminal(run: Run, tmp_path: Path) -> None:
    """Names and words of a file are shown with their signs made visible (Row 7)."""
    path = tmp_path / "x\x1b[2J.txt"
    path.write_text("[2024-02-30 10:00] \x1b]52;c;aGk=\x07\n")
    ran = run("import", "jrnl", str(path), "--yes", code=3)
    assert "\x1b" not in ran.out + ran.err
    ran = run("import", "jrnl", str(path), "--dry-run", "--json", code=3)
    assert "\x1b" not in ran.out + ran.err


def test_many_refusals_are_cut_on_a_screen(run: Run, tmp_path: Path) -> None:
    """Twenty are shown and the rest counted; JSON has every one."""
    (tmp_path / "j.txt").write_text("\n\n".join(f"[2024-02-30 10:{number:02}] x" for number in range(30)))
    out = run("import", "jrnl", str(tmp_path / "j.txt"), "--yes", code=3).out
    assert out.count(", line ") == 20
    assert "and 10 more; --json lists all" in out
    assert len(run("import", "jrnl", str(tmp_path / "j.txt"), "--json", "--yes", code=3).json["refusals"]) == 30


def test_what_was_killed_left_nothing(run: Run, two: str, home: Path) -> None:
    """A journal from before an import opens the same after a look that was cut off."""
    run("import", "jrnl", two, "--dry-run")
    assert run("doctor", "--json", code=None).code in (0, 5)
    assert not list(home.rglob("*.part"))


def test_help_names_every_format(run: Run) -> None:
    """The help lists the formats there are."""
    shown = run("import", "--help").out
    for name in importers.names():
        assert name in shown
    assert os.linesep in shown
