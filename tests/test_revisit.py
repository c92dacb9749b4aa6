"""An earlier entry comes back at the right moment, and what is thought of it now stands beside what was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import config, drafts
from reflect.errors import Refused, StorageRefused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Filters
from reflect.revisit import FIRST, KINDS, LATER, LONGEST, Coming, Revisit, Turn, next_turn, same_days
from reflect.store import engine
from tests.conftest import NOW

TODAY = date(2026, 11, 20)
At = Callable[..., Journal]


@pytest.fixture
def at(home: Path) -> Iterator[At]:
    """Open the one journal so many days later than the usual time."""
    with ExitStack() as stack:

        def open_at(days: int = 0, seed: str = "test") -> Journal:
            now = datetime.fromisoformat(NOW).astimezone() + timedelta(days=days)
            return stack.enter_context(Journal(config.Places(home, home), now, seed=seed))

        yield open_at


def wrote(journal: Journal, when: str, text: str = "words") -> Entry:
    """An entry about something that happened then."""
    return journal.write(from_text(text), Details(at=when)).entry


def why(coming: Coming | None) -> tuple[str, int]:
    """Why an entry comes up, and which."""
    assert coming
    return coming.why, coming.entry.id


# -- when it comes again ----------------------------------------------------------------------


def test_the_interval_follows_the_answer() -> None:
    """Still true waits twice as long each time; changed begins anew; let go never comes; act waits for its day."""
    turn = next_turn("still", None, TODAY)
    assert turn == Turn("2027-01-19", 60)
    turn = next_turn("still", turn, TODAY)
    assert turn.days == 120
    assert next_turn("changed", turn, TODAY) == Turn("2026-12-20", FIRST)
    assert next_turn("let-go", turn, TODAY).due == ""
    assert next_turn("act", turn, TODAY) == Turn("2026-12-04", FIRST)
    assert next_turn("act", turn, TODAY, "2026-11-27").due == "2026-11-27"
    assert next_turn("act", turn, TODAY, "2026-11-20").due == "2026-11-21"


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=40), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_entry_comes_again_later_or_never(answers: list[str], today: date) -> None:
    """Whatever was answered before, the next turn lies ahead, no further than the longest interval, or is none."""
    turn = None
    for kind in answers:
        turn = next_turn(kind, turn, today)
        assert 1 <= turn.days <= LONGEST
        assert (turn.due == "") == (kind == "let-go")
        assert turn.due == "" or today < date.fromisoformat(turn.due) <= today + timedelta(days=LONGEST)


@pytest.mark.parametrize(
    ("today", "first", "days"),
    [
        ("2026-11-20", "2024-01-01", ["2025-11-20", "2024-11-20"]),
        ("2026-11-20", "2026-01-01", []),
        ("2026-02-28", "2023-01-01", ["2025-02-28", "2024-02-28", "2024-02-29", "2023-02-28"]),
        ("2028-02-28", "2024-01-01", ["2027-02-28", "2026-02-28", "2025-02-28", "2024-02-28"]),
        ("2028-02-29", "2023-01-01", ["2024-02-29"]),
    ],
)
def test_this_day_of_earlier_years(today: str, first: str, days: list[str]) -> None:
    """A year is a year and not 365 days; what was written on a 29 February comes every year."""
    assert [day.isoformat() for day in same_days(date.fromisoformat(today), date.fromisoformat(first))] == days


# -- which one comes ----------------------------------------------------------------------------


def test_an_empty_or_a_young_journal_has_nothing_to_look_at(at: At) -> None:
    """Before an entry has had time to settle, none comes up."""
    journal = at()
    assert Revisit(journal).coming() is None
    wrote(journal, "today")
    wrote(journal, "1/11/2026")
    assert Revisit(journal).coming() is None


def test_this_day_of_an_earlier_year_comes_first(at: At) -> None:
    """On the day, an entry of that day comes before any other; the nearest year first."""
    journal = at()
    wrote(journal, "1/3/2026")
    older, newer = wrote(journal, "20/11/2023"), wrote(journal, "20/11/2025")
    assert why(Revisit(journal).coming()) == ("on-this-day", newer.id)
    Revisit(journal).answer(newer, "still")
    assert why(Revisit(journal).coming()) == ("on-this-day", older.id)


def test_the_day_is_the_entrys_own(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happened late on a day far away counts for that local day, whatever the day was here."""
    journal = at()
    entry = wrote(journal, "2025-11-20T23:30:00-10:00")
    wrote(journal, "2025-11-21T00:30:00+13:00")
    assert why(Revisit(journal).coming()) == ("on-this-day", entry.id)
    Revisit(journal).answer(entry, "let-go")
    assert Revisit(journal).coming() is not None
    assert why(Revisit(journal).coming())[0] == "earlier"


def test_its_turn_comes_when_its_day_has_come(at: At) -> None:
    """An answered entry rests until its day and then comes before those nobody has looked at."""
    journal = at()
    entry, other = wrote(journal, "1/3/2026"), wrote(journal, "2/3/2026")
    Revisit(journal).answer(entry, "changed")
    assert why(Revisit(journal).coming()) == ("earlier", other.id)
    assert why(Revisit(at(FIRST - 1)).coming()) == ("earlier", other.id)
    assert why(Revisit(at(FIRST)).coming()) == ("due", entry.id)


def test_what_was_let_go_never_comes_again(at: At) -> None:
    """Let go means that: not when a turn comes, not on its day."""
    journal = at()
    Revisit(journal).answer(wrote(journal, "20/11/2025"), "let-go")
    for days in (0, 40, 365, 3650):
        assert Revisit(at(days)).coming() is None


def test_not_now_lets_it_rest_and_keeps_nothing_else(at: At) -> None:
    """Passing an entry over moves it some days on; nothing is written beside it and nothing counted."""
    journal = at()
    entry = wrote(journal, "1/3/2026")
    Revisit(journal).not_now(entry)
    assert journal.layers(entry) == []
    assert Revisit(at(LATER - 1)).coming() is None
    assert why(Revisit(at(LATER)).coming()) == ("due", entry.id)


def test_the_same_one_all_day_and_old_ones_too(at: At) -> None:
    """Among those nobody has looked at, the day and the seed decide; over a month many different ones come."""
    journal = at()
    for number in range(120):
        wrote(journal, f"2024-{number % 12 + 1:02}-{number % 9 + 1:02}")
    assert Revisit(at(5)).coming() == Revisit(at(5)).coming()
    seen = {why(Revisit(at(days)).coming())[1] for days in range(300, 330)}
    assert len(seen) > 10


def test_home_is_shown_one_a_day_at_most(at: At) -> None:
    """Once something was said of an entry today, home shows no other; asked for, the next one comes."""
    journal = at()
    wrote(journal, "1/3/2026")
    wrote(journal, "2/3/2026")
    first = Revisit(journal).quietly()
    assert first
    Revisit(journal).answer(first.entry, "still")
    assert Revisit(journal).quietly() is None
    assert Revisit(journal).coming()
    assert Revisit(at(1)).quietly()


def test_switched_off_it_is_not_shown_by_itself(at: At) -> None:
    """One setting ends it at home and where a question comes again; who asks still gets an entry."""
    journal = at()
    entry = wrote(journal, "1/3/2026")
    prompt = journal.prompts()[0]
    answer = journal.write(from_text("an answer"), Details(), prompt).entry
    assert journal.answered_before(prompt.id) == answer
    journal.places.settings.write_text("revisit = false\n", encoding="utf-8")
    quiet = at()
    assert Revisit(quiet).quietly() is None
    assert quiet.answered_before(prompt.id) is None
    assert why(Revisit(quiet).coming()) == ("earlier", entry.id)


def test_a_question_answered_before_is_known_by_its_latest_answer(at: At) -> None:
    """The latest answer is the one to compare with; the one being written now is not compared with itself."""
    journal = at()
    prompt = journal.prompts()[0]
    assert journal.answered_before(prompt.id) is None
    old = journal.write(from_text("then"), Details(at="1/3/2024"), prompt).entry
    new = journal.write(from_text("now"), Details(), prompt).entry
    assert journal.answered_before(prompt.id) == new
    assert journal.answered_before(prompt.id, but=new) == old


# -- what is kept -----------------------------------------------------------------------------------


def test_a_later_thought_stands_beside_the_untouched_words(at: At) -> None:
    """The entry keeps words, version and history; each thought is dated and names the version that was read."""
    journal = at()
    entry = wrote(journal, "1/3/2026", "They decide, we hear of it.")
    first = Revisit(journal).answer(entry, "changed", from_text("They ask us now."))
    later = at(40)
    mended = later.edit(entry, from_text("They decide; we hear of it."))
    assert mended
    Revisit(later).answer(mended, "still")
    layers = later.layers(entry)
    assert [(each.kind, each.text, each.version) for each in layers] == [
        ("changed", "They ask us now.", 1),
        ("still", "", 2),
    ]
    assert layers[0] == first.layer
    assert layers[0].at < layers[1].at
    assert layers[0].zone == "Europe/London"
    assert [each.text for each in later.versions(entry)] == [entry.text, mended.text]


def test_act_offers_something_with_its_day(at: At) -> None:
    """What is to be done becomes an action of the entry, and the entry comes again on its day."""
    journal = at()
    entry = journal.write(from_text("They decide."), Details(about="Board", at="1/3/2026")).entry
    answered = Revisit(journal).answer(entry, "act", do="Write to them by friday")
    assert answered.action
    assert (answered.action.text, answered.action.due, answered.action.about) == (
        "Write to them",
        "2026-11-27",
        "Board",
    )
    assert answered.layer.action == answered.action.id
    assert answered.turn.due == "2026-11-27"
    assert journal.actions_of(entry) == [answered.action]
    assert Revisit(journal).answer(entry, "act").action is None


def test_only_act_comes_with_something_to_do(at: At) -> None:
    """Another answer with something to do is refused, and nothing is kept."""
    journal = at()
    entry = wrote(journal, "1/3/2026")
    with pytest.raises(Refused, match="only `act`"):
        Revisit(journal).answer(entry, "still", do="Write to them")
    assert journal.layers(entry) == []
    assert journal.actions() == []


def test_a_later_thought_that_cannot_be_stored_is_in_a_draft(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk refuses, the words are in a private draft that the error names."""
    journal = at()
    entry = wrote(journal, "1/3/2026")

    def refuse(*_: object, **__: object) -> None:
        raise StorageRefused("not saved", why="the disk is full")

    monkeypatch.setattr(engine, "write", refuse)
    with pytest.raises(StorageRefused) as refused:
        Revisit(journal).answer(entry, "changed", from_text("heliotrope"))
    (path,) = drafts.every(journal.places.drafts)
    assert str(path) in refused.value.changed
    assert drafts.read(path).text == "heliotrope"
    assert drafts.read(path).options["revisit"] == "changed"


def test_a_later_thought_is_found_and_is_erased_with_its_entry(at: At) -> None:
    """Search and filters find its words; erasing the entry leaves none of them in the file."""
    journal = at()
    entry = wrote(journal, "1/3/2026", "They decide.")
    Revisit(journal).answer(entry, "changed", from_text("A heliotrope came."))
    assert [each.entry.id for each in journal.search("heliotrope", Filters(limit=20))] == [entry.id]
    assert [each.id for each in journal.find(Filters(text="heliotropes"))] == [entry.id]
    assert [each.entry.id for each in journal.search("decide", Filters(limit=20))] == [entry.id]
    journal.erase(entry)
    assert list(journal.search("heliotrope", Filters())) == []
    assert b"heliotrop" not in journal.places.database.read_bytes()
