"""Entries are stored and returned whole, with versions, tags, themes and the search index beside them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reflect import ids
from reflect.errors import Busy, NotFound
from reflect.journal import Journal
from reflect.models import Asked, Entry, Filters, Layer, Placed, Suggestion
from reflect.store import engine, entries, layers, undo
from tests.conftest import NOW
from tests.store.formats import journal_of_format

ASKED = Asked("who-pays", "Who pays, and who decides?", ("Who pays?", "Who decides?"), ((0, 3), None))
PLAIN = Entry(1, 1, "We pay all.", ASKED, "Board", "after-meeting", NOW, "minute", NOW, "Europe/London", ("a", "b"), ())


@pytest.fixture
def db(journal: Journal) -> engine.Connection:
    """The connection of a journal."""
    return journal._db


def put(
    db: engine.Connection,
    number: int,
    text: str = "words",
    *,
    at: str = NOW,
    tags: tuple[str, ...] = (),
    author: tuple[str, ...] = (),
    prompt: str = "",
    found: tuple[Suggestion, ...] = (),
    about: str = "",
    asked: Asked | None = None,
) -> Entry:
    """Store an entry and return it as it is read."""
    entry = Entry(number, 1, text, asked, about, "", at, "minute", at, "Europe/London", tags, ())
    entries.add(db, entry, author_themes=author, prompt_theme=prompt, suggestions=found, suggester="test")
    return entries.get(db, number)


def numbers(db: engine.Connection, filters: Filters, *, newest_first: bool = True) -> list[int]:
    """The ids that a search by filters finds, in order."""
    return [entry.id for entry in entries.find(db, filters, newest_first=newest_first)]


def test_an_entry_comes_back_as_it_was(db: engine.Connection) -> None:
    """Every field of an entry survives, the question as it was asked and which words answered which part."""
    entries.add(db, PLAIN, author_themes=["voice"], prompt_theme="funding", suggestions=[], suggester="test")
    assert entries.get(db, 1) == PLAIN._replace(
        themes=(Placed("funding", "prompt", "the question is about it"), Placed("voice", "author", "you chose it"))
    )
    assert entries.holds(db, 1)
    assert entries.count(db) == 1


def test_what_is_not_there_is_not_found(db: engine.Connection) -> None:
    """An unknown id is an error that names it."""
    with pytest.raises(NotFound, match=ids.shown(7)):
        entries.get(db, 7)
    assert not entries.holds(db, 7)
    assert entries.wording(db, 7, 1) == ""


def test_themes_by_question_author_and_suggestion(db: engine.Connection) -> None:
    """The author's choice stands above the question's theme, and both above suggestions; removed is removed."""
    found = (Suggestion("funding", "pays", 0, 4), Suggestion("roles", "chair", 5, 10))
    entry = put(db, 1, author=("voice",), prompt="funding", found=found)
    assert [(each.id, each.by) for each in entry.themes] == [
        ("funding", "prompt"),
        ("voice", "author"),
        ("roles", "suggested"),
    ]
    assert entry.themes[-1].because == "chair"
    entries.choose_themes(db, 1, ["roles"], ["funding"])
    assert {(each.id, each.by) for each in entries.get(db, 1).themes} == {("voice", "author"), ("roles", "author")}
    entries.suggest(db, 1, 1, found, "later")
    assert {each.id for each in entries.get(db, 1).themes} == {"voice", "roles"}
    assert [numbers(db, Filters(theme=theme)) for theme in ("voice", "roles", "funding")] == [[1], [1], []]


@pytest.mark.parametrize("sign", ["\x1f", "\x1e", "\x1f\x1e\x1f"], ids=ascii)
def test_a_cue_with_odd_signs_between_its_words_can_be_read(db: engine.Connection, sign: str) -> None:
    """Signs that word processors use for hyphens may stand inside a cue, and the entry is still read whole."""
    text = f"the steering{sign}group"
    cue = f"steering{sign}group"
    entry = put(db, 1, text, found=(Suggestion("structures", cue, 4, len(text)), Suggestion("roles", "the", 0, 3)))
    assert entry.text == text
    assert [(each.id, len(each.because)) for each in entry.themes] == [("roles", 3), ("structures", len(cue))]


def test_the_journal_reads_what_word_processors_leave_between_words(journal: Journal) -> None:
    """The same through the whole way in: what is pasted with such signs can be read again."""
    from reflect.intake import from_text
    from reflect.journal import Details

    text = (
        "Who\x1fpays\x1efor\x1ffunding\x1eand\x1fgrants, lived\x1eexperience, power\x1fdynamics and steering\x1fgroups?"
    )
    assert journal.write(from_text(text), Details()).entry.text == text
    assert [entry.text for entry in journal.find(Filters())] == [text]


def test_order_is_by_instant_then_id(db: engine.Connection) -> None:
    """Entries stand in the order of their instants, whatever their offsets; equal ones always in the same order."""
    times = {
        5: "2026-10-25T01:30:00+01:00",
        3: "2026-10-25T01:30:00+00:00",
        9: "2026-10-25T01:30:00+00:00",
        1: "2026-10-25T09:00:00+12:00",
    }
    for number, at in times.items():
        put(db, number, at=at)
    assert numbers(db, Filters()) == [9, 3, 5, 1]
    assert numbers(db, Filters(), newest_first=False) == [1, 5, 3, 9]
    assert numbers(db, Filters(limit=2)) == [9, 3]
    assert numbers(db, Filters(limit=2), newest_first=False) == [3, 9]


def test_days_are_those_of_each_entrys_own_place(db: engine.Connection) -> None:
    """A period takes entries by the date on their own clock, both days included, at any offset."""
    offsets = {1: "+14:00", 2: "-12:00", 3: "+00:00"}
    for number, offset in offsets.items():
        put(db, number, at=f"2026-06-05T00:01:00{offset}")
        put(db, number + 10, at=f"2026-06-05T23:59:00{offset}")
        put(db, number + 20, at=f"2026-06-06T00:00:00{offset}")
    assert set(numbers(db, Filters(since="2026-06-05", until="2026-06-05"))) == {1, 2, 3, 11, 12, 13}
    assert set(numbers(db, Filters(since="2026-06-06"))) == {21, 22, 23}
    assert set(numbers(db, Filters(until="2026-06-04"))) == set()
    assert len(numbers(db, Filters(since="1900-01-01", until="2199-12-31"))) == 9


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(tag="pay"), {1}),
        (Filters(tag="pa"), set()),
        (Filters(about="board"), {1, 2}),
        (Filters(about="oar"), {1, 2}),
        (Filters(about="50%"), {3}),
        (Filters(about="0%_a"), {3}),
        (Filters(about="%"), {3}),
        (Filters(about="_"), {3}),
        (Filters(about="\\"), {4}),
        (Filters(prompt="who-pays"), {2}),
        (Filters(text="funding"), {1, 3}),
        (Filters(text="funded", about="board"), {1}),
        (Filters(text="nobody"), set()),
        (Filters(), {1, 2, 3, 4}),
    ],
    ids=repr,
)
def test_filters(db: engine.Connection, filters: Filters, found: set[int]) -> None:
    """Each filter narrows, several narrow together, and signs that mean something in SQL mean nothing."""
    put(db, 1, "we fund it", tags=("pay", "b"), about="Board")
    put(db, 2, "we don't", about="The BOARD", asked=ASKED)
    put(db, 3, "funding", about="50%_are \\not")
    put(db, 4, "nothing", about="back\\slash")
    if filters == Filters(about="\\"):
        found = {3, 4}
    assert set(numbers(db, filters)) == found


def test_a_revision_keeps_what_was(db: engine.Connection) -> None:
    """New words make a version; the old ones stay, the index follows, and answers have no places any more."""
    first = put(db, 1, "first wording", asked=ASKED, about="Board")
    entries.revise(db, first, "second wording", "2026-11-21T09:00:00+00:00")
    second = entries.get(db, 1)
    entries.revise(db, second, "third", "2026-11-22T09:00:00+00:00")
    assert [(each.number, each.text, each.at[:10]) for each in entries.versions(db, 1)] == [
        (1, "first wording", "2026-11-20"),
        (2, "second wording", "2026-11-21"),
        (3, "third", "2026-11-22"),
    ]
    assert entries.get(db, 1).version == 3
    assert second.asked == ASKED._replace(answers=None)
    assert [entries.wording(db, 1, number) for number in (1, 2, 3, 4)] == [
        "first wording",
        "second wording",
        "third",
        "",
    ]
    assert [numbers(db, Filters(text=word)) for word in ("first", "second", "third", "board")] == [[], [], [1], [1]]
    db.execute("INSERT INTO entry_fts (entry_fts, rank) VALUES ('integrity-check', 1)")
    assert list(entries.broken(db)) == []


def test_a_revision_of_an_older_wording_is_refused(db: engine.Connection) -> None:
    """Who edits what has changed meanwhile is told, and nothing of it is stored."""
    first = put(db, 1, "first")
    entries.revise(db, first, "second", NOW)
    with pytest.raises(Busy, match="changed by another"):
        entries.revise(db, first, "mine", NOW)
    assert [each.text for each in entries.versions(db, 1)] == ["first", "second"]


def rows_of(db: engine.Connection, entry: int) -> dict[str, int]:
    """How many rows each table has for an entry."""
    return {
        name: db.execute(f"SELECT count(*) FROM {name} WHERE entry = ?", (entry,)).fetchone()[0]  # noqa: S608 - ours
        for name in ("tag", "choice", "suggestion", "version", "layer", "revisit", "undo", "batch_entry")
    }


def test_erasing_takes_all_that_belongs_to_an_entry(db: engine.Connection) -> None:
    """No row of any table is left of an erased entry, and none of another is touched."""
    other = put(db, 2, "funding other", tags=("b",), author=("voice",), found=(Suggestion("roles", "x", 0, 1),))
    first = put(db, 1, "funding first", tags=("a",), author=("voice",), found=(Suggestion("roles", "x", 0, 1),))
    entries.revise(db, first, "funding second", NOW)
    layers.add(db, Layer(1, 1, 2, "changed", "funding later", None, NOW, "Europe/London"))
    layers.set_turn(db, 1, layers.Turn("2026-12-24", 30))
    undo.note(db, "edit", NOW, entry=1)
    db.execute("INSERT INTO batch VALUES (1, 'jrnl', 'x', ?)", (NOW,))
    db.execute("INSERT INTO batch_entry (batch, entry, kind, origin_key) VALUES (1, 1, 'jrnl', 'key')")
    assert set(rows_of(db, 1).values()) == {1}
    entries.erase(db, 1, NOW)
    assert set(rows_of(db, 1).values()) == {0}
    assert entries.erased(db) == {1: "2026-11-20"}
    assert entries.get(db, 2) == other
    assert numbers(db, Filters(text="funding")) == [2]
    for index in ("entry_fts", "layer_fts"):
        db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - ours


@pytest.mark.parametrize("version", [1, 2])
def test_an_entry_is_erased_from_a_copy_of_any_format(tmp_path: Path, version: int) -> None:
    """Copies made before later thoughts were known are erased from as well, to the last byte."""
    path = journal_of_format(tmp_path / "backups", version, {1: "heliotrope", 2: "other"})
    with closing(engine.connect(path)) as old:
        assert list(entries.broken(old)) == []
        with engine.write(old, path):
            entries.erase(old, 1, NOW)
        engine.compact(old, path)
    assert b"heliotrop" not in path.read_bytes()
    assert b"other" in path.read_bytes()


def test_an_earlier_wording_holds_again(db: engine.Connection) -> None:
    """It has its number, time, answers and place in the index again; the later ones are kept, and their numbers."""
    first = put(db, 1, "first words", asked=ASKED)
    entries.revise(db, first, "second words", NOW)
    third_number = entries.revise(db, entries.get(db, 1), "third words", NOW)
    entries.put_back(db, entries.get(db, 1), 1)
    assert entries.get(db, 1) == first
    assert [(each.number, each.text) for each in entries.versions(db, 1)] == [
        (1, "first words"),
        (2, "second words"),
        (third_number, "third words"),
    ]
    assert [numbers(db, Filters(text=word)) for word in ("first", "second", "third")] == [[1], [], []]
    db.execute("INSERT INTO entry_fts (entry_fts, rank) VALUES ('integrity-check', 1)")
    assert list(entries.broken(db)) == []
    assert entries.revise(db, first, "fourth words", NOW) == third_number + 1
    with pytest.raises(NotFound, match="no version 9"):
        entries.put_back(db, entries.get(db, 1), 9)


def test_the_latest_answer_to_a_question(db: engine.Connection) -> None:
    """By when it happened, not by when it was stored; another question's answers don't count."""
    assert entries.answered(db, "who-pays") is None
    new = put(db, 1, "now", asked=ASKED)
    old = put(db, 2, "then", asked=ASKED, at="2025-01-01T12:00:00+00:00")
    put(db, 3, "else", asked=ASKED._replace(id="who-else"))
    assert entries.answered(db, "who-pays") == new
    assert entries.answered(db, "who-pays", but=1) == old


def test_an_action_outlives_the_entry_it_came_from(journal: Journal) -> None:
    """What somebody offered to do stays when the entry it came from is erased; it names no entry any more."""
    from reflect.intake import from_text
    from reflect.journal import Details

    entry = journal.write(from_text("words"), Details()).entry
    journal.offer("Ring Joan", entry=entry)
    journal.erase(entry)
    assert [(each.text, each.entry) for each in journal.actions()] == [("Ring Joan", None)]


def test_ids_are_found_by_their_beginning(db: engine.Connection) -> None:
    """Up to three ids that begin so are returned, which is enough to say that it is unclear."""
    low, _ = ids.span("7k2m")
    for number in (low, low + 1, low + 2, low + 3):
        put(db, number)
    assert len(entries.matching(db, "7k2m")) == 3
    assert entries.matching(db, ids.shown(low + 2)) == [low + 2]
    assert entries.matching(db, "zzzz") == []


def test_a_changed_letter_is_noticed(db: engine.Connection) -> None:
    """The checksum covers the words and what they are about, and survives what is no text any more."""
    for number, text in enumerate(("one", "two", "three", "vier ü"), 1):
        put(db, number, text, about="Board")
    assert list(entries.broken(db)) == []
    db.execute("UPDATE entry SET text = 'onE' WHERE id = 1")
    db.execute("UPDATE entry SET about = 'board' WHERE id = 2")
    db.execute("UPDATE entry SET text = CAST(x'ff6f' AS TEXT) WHERE id = 4")
    assert sorted(entries.broken(db)) == [1, 2, 4]


def test_a_changed_letter_of_an_earlier_wording_is_noticed(db: engine.Connection) -> None:
    """Row 51: wordings that no longer hold are covered, too."""
    entries.revise(db, put(db, 1, "first"), "second", NOW)
    assert list(entries.broken(db)) == []
    db.execute("UPDATE version SET text = 'fist'")
    assert list(entries.broken(db)) == [1]


@pytest.mark.parametrize("at", [0, 30, 5_000, 60_000, 119_990])
def test_a_long_text_shows_its_hit_in_context(db: engine.Connection, at: int) -> None:
    """In a very long text the first hit stands marked among the words around it, wherever it is."""
    text = ("lorem ipsum " * 10_000)[:at] + " Heliotrope " + ("dolor sit " * 12_000)[: 120_000 - at]
    put(db, 1, text.strip())
    ((_, snippet),) = entries.search(db, "heliotrope", Filters())
    assert "\ue000Heliotrope\ue001" in snippet
    assert len(snippet) < 300
    assert snippet.replace("\ue000", "").replace("\ue001", "").strip(" …") in text


def test_a_long_text_without_the_very_word_shows_its_beginning(db: engine.Connection) -> None:
    """Where only another form of the word stands, the snippet is the beginning."""
    put(db, 1, "lorem ipsum " * 3_000 + "he funded it")
    ((_, snippet),) = entries.search(db, "funding", Filters())
    assert snippet.startswith("lorem ipsum")
    assert snippet.endswith(" … ")


def test_past_many_matches_the_newest_come_first(db: engine.Connection) -> None:
    """Ranked while there are few, by time when there are many; either way every match can be reached."""
    start = datetime.fromisoformat(NOW)
    for number in range(1, 31):
        put(db, number, "pay " * (31 - number), at=(start + timedelta(hours=number)).isoformat())
    ranked = [entry.id for entry, _ in entries.search(db, "pay", Filters(), many=100)]
    newest = [entry.id for entry, _ in entries.search(db, "pay", Filters(), many=10)]
    assert newest == list(range(30, 0, -1))
    assert ranked != newest
    assert sorted(ranked) == sorted(newest)
    assert [entry.id for entry, _ in entries.search(db, "pay", Filters(limit=3, tag="x"), many=10)] == []


def test_recent_subjects_come_first_and_once(db: engine.Connection) -> None:
    """What entries were about is listed once each, the latest used first."""
    for number, about in enumerate(("Board", "Hub", "Board", "", "Café"), 1):
        put(db, number, at=f"2026-11-0{number}T09:00:00+00:00", about=about)
    assert entries.abouts(db) == ["Café", "Board", "Hub"]


def test_types_are_strict(db: engine.Connection) -> None:
    """The tables refuse what is of another type, so that nothing odd is ever read back."""
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO tag VALUES (99, 'no such entry')")
    put(db, 1)
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("UPDATE entry SET text = x'00'")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO choice VALUES (1, 'voice', 'nobody')")
