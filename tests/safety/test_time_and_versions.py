"""Rows 66 to 74 of the table of bad inputs: several at once, clocks and zones, and files of newer programs."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reflect import drafts, ids
from reflect.errors import Busy
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.store import engine
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import NOW, Run
from tests.safety.conftest import digest_of

WORDS = "words that must not get lost"


def kept_words(home: Path) -> list[str]:
    """The words of every draft."""
    return [drafts.read(path).text for path in drafts.every(home / "drafts")]


# -- rows 66 to 69: several at once ------------------------------------------------------------


def test_row_66_six_first_starts_at_once_all_succeed(run: Run, home: Path) -> None:
    """Six processes on an empty home make one whole journal, and each stores its entry."""
    command = [sys.executable, "-m", "reflect", "write", "-", "--tag"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    writers = [subprocess.Popen([*command, f"t{number}"], **pipes) for number in range(6)]
    for number, writer in enumerate(writers):
        _, said = writer.communicate(f"first words of {number}".encode(), timeout=60)
        assert writer.returncode == 0, said
        assert b"Traceback" not in said
    assert sorted(entry["tags"] for entry in run("list", "--json").json) == [[f"t{number}"] for number in range(6)]
    assert {path.name for path in home.iterdir()} <= {"journal.db", "journal.db-journal", "drafts"}
    assert run("doctor").code == 0


def test_row_67_an_entry_edited_in_two_places_keeps_both_wordings(
    at_terminal: AtTerminal, write: Write, run: Run, home: Path
) -> None:
    """The second to finish is told with exit 5; its words are in a draft, the first one's in the entry."""
    entry = write("as it was")
    terminal = at_terminal("edit", entry["id"]).type("the slow wording").see("> ")
    run("edit", entry["id"], "-", stdin="the quick wording")
    screen = terminal.answer(".").leave(5)
    kept = drafts.every(home / "drafts")
    assert [drafts.read(path).text for path in kept] == ["the slow wording"]
    assert kept[0].name in "".join(screen.split())
    assert run("show", entry["id"], "--json").json["text"] == "the quick wording"
    saved = run("drafts", "resume", kept[0].stem, "--json").json
    assert (saved["id"], saved["version"], saved["text"]) == (entry["id"], 3, "the slow wording")


@contextmanager
def writing(home: Path, *, seconds: float | None = None) -> Iterator[None]:
    """Hold the journal as another program that writes, for some seconds or for as long as the block lasts."""
    with closing(
        sqlite3.connect(home / "journal.db", isolation_level=None, check_same_thread=False, timeout=30)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds or 0, other.execute, ("COMMIT",))
        if seconds is not None:
            timer.start()
        yield
        if seconds is None:
            other.execute("ROLLBACK")
        else:
            timer.join()


def test_row_68_who_reads_first_still_waits_to_write(journal: Journal, home: Path) -> None:
    """A read before a write doesn't make the write fail when another is writing: it waits its turn."""
    entry = journal.write(from_text("before"), Details()).entry
    reading = journal.find(Filters())
    next(reading)
    with writing(home, seconds=0.3):
        journal.write(from_text("after"), Details())
        journal.edit(entry, from_text("changed"))
    assert journal.size() == 2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, journal: Journal) -> Journal:
    """A journal that gives up waiting at once."""
    monkeypatch.setattr(engine, "WAIT_MS", 20)
    return Journal(journal.places, journal.now)


def test_row_69_a_lock_held_too_long_is_told_and_the_words_kept(impatient: Journal, home: Path) -> None:
    """Every change is refused with 5 when another holds the journal; words are in a draft, and nothing half done."""
    entry = impatient.write(from_text("before"), Details()).entry
    with writing(home):
        with pytest.raises(Busy) as busy:
            impatient.write(from_text(WORDS), Details(about="Board"))
        assert str(drafts.every(home / "drafts")[0]) in str(busy.value)
        assert busy.value.exit_code == 5
        with pytest.raises(Busy):
            impatient.edit(entry, from_text("other " + WORDS))
        for change in (
            lambda: impatient.erase(entry),
            lambda: impatient.offer("something"),
            lambda: impatient.serve(impatient.prompts()[:1]),
            lambda: impatient.retheme(entry, ["funding"], []),
        ):
            with pytest.raises(Busy):
                change()
        assert impatient.entry(entry.id) == entry
    assert WORDS in kept_words(home)


def test_row_69_words_already_in_a_draft_are_not_kept_twice(impatient: Journal, home: Path) -> None:
    """What was typed is in its draft; a write that fails names that one and makes no other."""
    draft = drafts.keep(home / "drafts", impatient.now, WORDS, {})
    with writing(home), pytest.raises(Busy, match=draft.name):
        impatient.write(from_text(WORDS), Details(), draft=draft)
    assert drafts.every(home / "drafts") == [draft]


@pytest.mark.slow
def test_row_69_the_command_waits_once_and_then_says_so(write: Write, run: Run, home: Path) -> None:
    """While another writes, reading works at once; writing waits ten seconds, once, and ends with 5 and a draft."""
    entry = write("before")
    with writing(home):
        for words in (("list",), ("show", entry["id"]), ("search", "before"), ("summary",), (), ("prompts", "list")):
            run(*words)
        began = monotonic()
        ran = run("write", "-", stdin=WORDS, code=5)
        assert 9 < monotonic() - began < 15
        assert "another reflect is writing" in ran.err
    assert kept_words(home) == [WORDS]
    assert [each["text"] for each in run("list", "--json").json] == ["before"]


# -- rows 70 to 72: clocks and zones -----------------------------------------------------------


def test_row_70_a_clock_that_jumps_loses_and_mixes_nothing(write: Write, run: Run) -> None:
    """An hour back, to 1970 and on to 2099: all are stored, in one order, and a clock that is behind is told of."""
    times = {
        "first": ("2026-11-20T16:00:00+00:00", False),
        "an hour back": ("2026-11-20T15:00:00+00:00", True),
        "the epoch": ("1970-01-01T00:00:30+00:00", True),
        "before it": ("1969-07-20T20:17:40+00:00", True),
        "far on": ("2099-12-31T23:59:59+00:00", False),
        "back again": ("2026-11-20T17:00:00+00:00", True),
    }
    for text, (now, told) in times.items():
        ran = run("write", "-", stdin=text, env={"REFLECT_NOW": now})
        assert ("clock is behind" in ran.err) == told, text
    wanted = ["far on", "back again", "first", "an hour back", "the epoch", "before it"]
    for now in ("1970-01-01T00:00:00+00:00", NOW):
        found = run("list", "--json", env={"REFLECT_NOW": now}).json
        assert [entry["text"] for entry in found] == wanted
    assert run("summary", "--format", "json").json["method"]["entries"] == len(times)
    assert [entry["text"] for entry in run("list", "--to", "31/12/1970", "--json").json] == ["the epoch", "before it"]


def test_row_71_the_hour_that_comes_twice(run: Run) -> None:
    """On 25 October 2026 01:30 comes twice in London: two instants, each with its offset, in their order, one day."""
    for text, now in (("summer", "2026-10-25T00:30:00+00:00"), ("winter", "2026-10-25T01:30:00+00:00")):
        run("write", "-", stdin=text, env={"REFLECT_NOW": now})
    found = run("list", "--on", "25/10/2026", "--json").json
    assert [(entry["text"], entry["happened_at"]) for entry in found] == [
        ("winter", "2026-10-25T01:30:00+00:00"),
        ("summer", "2026-10-25T01:30:00+01:00"),
    ]
    assert {entry["zone"] for entry in found} == {"Europe/London"}


@pytest.mark.parametrize(
    ("zone", "at", "happened"),
    [
        ("Europe/London", "29/3/2026 01:30", "2026-03-29T02:30:00+01:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08T03:30:00-04:00"),
        ("Africa/Cairo", "24 April 2026 0:30", "2026-04-24T01:30:00+03:00"),
    ],
)
def test_row_71_the_hour_that_never_comes(run: Run, zone: str, at: str, happened: str) -> None:
    """A time that the clocks leap over is stored behind the leap, on the day that was meant, even at midnight."""
    env = {"TZ": zone}
    assert run("write", "-", "--at", at, "--json", stdin="spring", env=env).json["happened_at"] == happened
    assert len(run("list", "--on", happened[:10], "--json", env=env).json) == 1


ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]


@pytest.mark.parametrize("zone", ZONES)
def test_row_71_days_weeks_and_periods_are_the_writers_own(run: Run, zone: str) -> None:
    """Around midnight and around both clock changes, an entry belongs to its own local day and week."""
    env = {"TZ": zone}
    written = []
    for day in ("2026-03-08", "2026-03-29", "2026-04-05", "2026-09-27", "2026-10-25", "2026-11-01", "2026-12-31"):
        for hour in ("23:30", "00:30"):
            local = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(zone))
            local += timedelta(days=hour == "00:30")
            utc = local.astimezone(ZoneInfo("UTC"))
            run("write", "-", "--theme", "funding", stdin=f"{day} {hour}", env=env | {"REFLECT_NOW": utc.isoformat()})
            written.append(local)
    found = run("list", "--json", env=env).json
    assert [entry["happened_at"][:16] for entry in reversed(found)] == [f"{local:%Y-%m-%dT%H:%M}" for local in written]
    assert {entry["zone"] for entry in found} == {zone}
    for local in (written[0], written[3], written[9]):
        there = run("list", "--on", f"{local.day}/{local.month}/{local.year}", "--json", env=env).json
        assert [entry["happened_at"][:10] for entry in there] == [local.date().isoformat()]
    made = run("summary", "--month", "2026-11", "--format", "json", env=env).json
    assert made["method"]["entries"] == sum(local.month == 11 for local in written)
    weeks = Counter(f"{local.isocalendar()[0]}-W{local.isocalendar()[1]:02}" for local in written)
    themes = run("summary", "--format", "json", env=env).json["themes"]
    funding = next(theme for theme in themes if theme["id"] == "funding")
    assert Counter({week["week"]: week["entries"] for week in funding["weeks"] if week["entries"]}) == weeks


@pytest.mark.parametrize("zone", ZONES)
def test_row_71_days_in_words_are_the_writers_own(run: Run, zone: str) -> None:
    """Yesterday is the local yesterday, just after midnight and on both sides of a clock change."""
    for day in ("2026-03-29", "2026-04-06", "2026-10-26"):
        for clock in ("00:10", "23:50"):
            local = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone))
            env = {"TZ": zone, "REFLECT_NOW": local.isoformat()}
            entry = run("write", "-", "--at", "yesterday", "--json", stdin="x", env=env).json
            assert entry["happened_at"][:10] == (date.fromisoformat(day) - timedelta(days=1)).isoformat()
            assert entry["happened_at"][10:16] == "T12:00"
            assert entry["precision"] == "day"


UNKNOWN = [
    {"TZ": "Nonsense/Zone"},
    {"TZ": "Nonsense"},
    {"TZ": "../../etc/passwd"},
    {"TZ": "Asia/Kolkata", "TZDIR": "/nonexistent", "PYTHONTZPATH": ""},
]
KNOWN = [
    {"TZ": "Europe/London", "PYTHONTZPATH": ""},
    {"TZ": ":Europe/London"},
    {"TZ": "/usr/share/zoneinfo/Europe/London"},
    {"TZ": "GMT0BST,M3.5.0/1,M10.5.0"},
    {"TZ": "UTC0"},
    {"TZ": ""},
]


@pytest.mark.parametrize("env", UNKNOWN, ids=repr)
def test_row_72_a_zone_that_is_unknown_counts_as_a_fixed_offset(run: Run, env: dict[str, str]) -> None:
    """A bad TZ, or none of the zone data it needs: times get a fixed offset, and that is said, once."""
    ran = run("write", "-", "--json", stdin="words", env=env)
    assert "is not known here" in ran.err
    assert ran.json["happened_at"] == "2026-11-20T16:00:00+00:00"
    assert "is not known here" not in run("write", "-", stdin="more", env=env).err
    assert len(run("list", "--from", "yesterday", "--json", env=env).json) == 2


@pytest.mark.parametrize("env", KNOWN, ids=repr)
def test_row_72_other_ways_to_name_a_zone_are_known(run: Run, env: dict[str, str]) -> None:
    """A path, a rule written out, and no TZ at all are nothing to warn of."""
    ran = run("write", "-", "--at", "yesterday 3pm", "--json", stdin="words", env=env)
    assert "is not known here" not in ran.err
    assert ran.json["happened_at"] == "2026-11-19T15:00:00+00:00"
    assert not ran.json["zone"].startswith("/")


def test_row_72_a_zone_that_goes_bad_later_is_told_too(run: Run) -> None:
    """The warning comes with the first run in that zone, not only with the first run of all."""
    assert "is not known here" not in run("list").err
    assert "is not known here" in run("list", env={"TZ": "Nonsense/Zone"}).err


# -- rows 73 and 74: newer programs ------------------------------------------------------------


@pytest.mark.parametrize("mode", ["TRUNCATE", "DELETE", "WAL"])
def test_row_73_a_newer_journal_is_refused_and_keeps_every_byte(write: Write, run: Run, home: Path, mode: str) -> None:
    """Both formats are named with exit 9, no byte changes, no file appears but a draft with the words."""
    entry = write("before")
    with closing(sqlite3.connect(home / "journal.db")) as newer:
        newer.execute(f"PRAGMA user_version={engine.SCHEMA + 41}")
        newer.execute(f"PRAGMA journal_mode={mode}")
    before = digest_of(home)
    for words in (("list",), ("show", entry["id"]), ("search", "x"), ("erase", entry["id"], "--yes"), (), ("doctor",)):
        ran = run(*words, code=9)
        assert f"format {engine.SCHEMA + 41}" in ran.err
        assert f"up to {engine.SCHEMA}" in ran.err
    assert digest_of(home) == before
    assert '"code": 9' in run("list", "--json", code=9).err
    run("write", "-", stdin=WORDS, code=9)
    assert kept_words(home) == [WORDS]
    assert {name: digest for name, digest in digest_of(home).items() if "drafts" not in name} == before


@pytest.fixture
def newer_index(write: Write, home: Path) -> Any:
    """An entry in a journal whose search index a newer SQLite made."""
    entry = write("the heliotrope stood there", "--theme", "voice")
    with closing(sqlite3.connect(home / "journal.db")) as newer:
        newer.execute("UPDATE entry_fts_config SET v = 99 WHERE k = 'version'")
        newer.commit()
    return entry


def test_row_74_entries_are_read_and_a_new_index_offered(newer_index: Any, run: Run, home: Path) -> None:
    """With an index of a newer SQLite, entries are read; search and writing end with 9 and offer to make it anew."""
    assert "heliotrope" in run("show", newer_index["id"]).out
    assert "heliotrope" in run("list").out
    run("summary")
    for words in (("search", "heliotrope"), ("list", "--text", "heliotrope")):
        assert "doctor --rebuild-index" in run(*words, code=9).err
    assert "doctor --rebuild-index" in run("write", "-", stdin=WORDS, code=9).err
    assert kept_words(home) == [WORDS]
    assert "index-newer" in run("doctor", "--json", code=7).out


def test_row_74_the_index_is_made_anew(newer_index: Any, run: Run) -> None:
    """After `doctor --rebuild-index` everything works again."""
    run("doctor", "--rebuild-index")
    assert [each["id"] for each in run("search", "heliotropes", "--json").json] == [newer_index["id"]]
    run("write", "-", stdin="more")
    assert run("doctor").code == 0


def test_row_74_erasing_needs_no_working_index(newer_index: Any, run: Run, home: Path) -> None:
    """Erasing makes the index anew by itself, so that words go whatever state it is in."""
    run("erase", newer_index["id"], "--yes")
    assert b"heliotrop" not in (home / "journal.db").read_bytes().lower()
    assert run("search", "heliotrope", "--json").json == []


def test_a_damaged_index_is_found_and_mended(write: Write, run: Run, home: Path) -> None:
    """An index that disagrees with the entries is found by doctor, and made anew from them."""
    entry = write("the heliotrope stood there")
    with closing(sqlite3.connect(home / "journal.db")) as other:
        other.execute("DELETE FROM entry_fts_data WHERE id > 10")
        other.commit()
    assert "index-damaged" in run("doctor", "--json", code=7).out
    run("doctor", "--rebuild-index")
    assert [each["id"] for each in run("search", "heliotrope", "--json").json] == [entry["id"]]


def test_ids_give_no_order_away(journal: Journal) -> None:
    """Ids are random: they tell neither how many entries there were nor which came first."""
    found = [journal.write(from_text(f"{number}"), Details()).entry.id for number in range(40)]
    rises = sum(one < other for one, other in pairwise(found))
    assert 5 < rises < 35
    assert all(len(ids.shown(each)) == ids.LENGTH for each in found)
