"""One person's journal: asking, serving, writing, and what it changes of the bank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reflect import config, ids
from reflect.bank.choose import STARRED, Wishes
from reflect.errors import NotFound, Refused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters, Prompt
from tests.conftest import NOW


@contextmanager
def opened(home: Path, *, minutes: int = 0, seed: str = "test", name: str = "") -> Iterator[Journal]:
    """Open a journal some minutes after the tests' present."""
    places = config.Places(home, home / "journals" / name if name else home)
    now = datetime.fromisoformat(NOW).astimezone() + timedelta(minutes=minutes)
    with Journal(places, now, seed=seed) as journal:
        yield journal


def served(journal: Journal, many: int, wishes: Wishes | None = None) -> list[Prompt]:
    """Serve questions one at a time."""
    return [journal.ask(wishes or Wishes())[0].prompt for _ in range(many)]


# -- asking ------------------------------------------------------------------------------------


def test_first_thirteen_are_starred_and_none_comes_twice(journal: Journal) -> None:
    """Unfiltered, the 13 questions to consider come first, each once, the announced deep one last of them."""
    first = served(journal, 13)
    assert all(STARRED in prompt.flags for prompt in first)
    assert len({prompt.id for prompt in first}) == 13
    assert [prompt.depth == "deep" for prompt in first] == [False] * 12 + [True]


def test_none_repeats_before_all_that_fit_were_served(journal: Journal) -> None:
    """A whole rotation of one theme serves every question that fits once; the next one serves each again."""
    wishes = Wishes(theme="language")
    fitting = {
        prompt.id
        for prompt in journal.prompts()
        if "language" in (prompt.theme, *prompt.also_themes)
        and "one" in prompt.suits
        and (prompt.depth != "deep" or STARRED in prompt.flags)
    }
    twice = [prompt.id for prompt in served(journal, 2 * len(fitting), wishes)]
    assert set(twice[: len(fitting)]) == fitting
    assert Counter(twice) == Counter(dict.fromkeys(fitting, 2))


def test_preview_serves_nothing(journal: Journal) -> None:
    """What is previewed stays the next question until it is served."""
    shown = [journal.preview()[0].prompt.id for _ in range(3)]
    assert len(set(shown)) == 1
    assert journal.ask(Wishes())[0].prompt.id == shown[0]
    assert journal.preview()[0].prompt.id != shown[0]


def test_rotation_outlives_the_process(home: Path) -> None:
    """What was served is known to the next run."""
    with opened(home) as journal:
        first = served(journal, 5)
    with opened(home, minutes=1) as journal:
        then = served(journal, 8)
    assert len({prompt.id for prompt in first + then}) == 13


def test_journals_have_rotations_of_their_own(home: Path) -> None:
    """Serving in one journal uses up nothing in another."""
    with opened(home) as one:
        first = one.ask(Wishes())[0].prompt
    with opened(home, name="other") as other:
        assert other.preview()[0].prompt == first


@pytest.mark.parametrize("many", [0, 4, -1])
def test_a_sitting_is_one_to_three(journal: Journal, many: int) -> None:
    """Any other number is refused and serves nothing."""
    before = journal.preview()
    with pytest.raises(Refused):
        journal.ask(Wishes(), many)
    assert journal.preview() == before


def test_wishes_that_no_question_fits_are_told(journal: Journal) -> None:
    """Where nothing fits, that is said instead of something else being served."""
    with pytest.raises(NotFound):
        journal.ask(Wishes(theme="no-such-theme"))
    with pytest.raises(NotFound):
        journal.ask(Wishes(occasion="no-such-occasion"))


# -- the seed ----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_order(home: Path) -> None:
    """Two journals with one seed are asked the same questions in the same order."""
    orders = []
    for name in ("one", "two"):
        with opened(home, name=name, seed="seven") as journal:
            orders.append([prompt.id for prompt in served(journal, 13)])
    assert orders[0] == orders[1]


def test_another_seed_gives_another_order(home: Path) -> None:
    """Journals with different seeds meet the same thirteen in another order."""
    orders = []
    for seed in ("seven", "eight"):
        with opened(home, name=seed, seed=seed) as journal:
            orders.append([prompt.id for prompt in served(journal, 13)])
    assert orders[0] != orders[1]
    assert set(orders[0]) == set(orders[1])


def test_a_journal_draws_its_own_seed_once(home: Path) -> None:
    """Without a seed from outside, one is drawn for the journal and kept."""
    with opened(home, seed="") as journal:
        drawn = journal.seed
    with opened(home, seed="", minutes=5) as journal:
        assert journal.seed == drawn
    with opened(home, seed="", name="other") as other:
        assert other.seed != drawn


def test_a_journals_own_seed_decides_what_it_is_asked(home: Path) -> None:
    """Journals that nobody gave a seed are not all asked the same questions in the same order."""
    orders = set()
    for number in range(4):
        with opened(home, seed="", name=f"n{number}") as journal:
            orders.add(tuple(prompt.id for prompt in served(journal, 12)))
    assert len(orders) > 1


# -- the question for now ----------------------------------------------------------------------


def test_question_for_now_is_the_one_last_shown(home: Path) -> None:
    """The question `ask` showed last within the hour is the one `write` puts, and serving it again is not needed."""
    with opened(home) as journal:
        journal.ask(Wishes(theme="voice"))
    with opened(home, minutes=10) as journal:
        second = journal.ask(Wishes(theme="funding"))[0].prompt
    with opened(home, minutes=69) as journal:
        next_up = journal.preview()
        assert journal.question_for_now() == second
        assert journal.preview() == next_up


def test_after_an_hour_a_light_one_for_after_a_meeting_is_served(home: Path) -> None:
    """An old question gives way to one light question for after a meeting, which counts as served."""
    with opened(home) as journal:
        shown = journal.ask(Wishes(theme="funding"))[0].prompt
    with opened(home, minutes=61) as journal:
        prompt = journal.question_for_now()
        assert prompt != shown
        assert prompt.depth == "light"
        assert "after-meeting" in prompt.occasions
    with opened(home, minutes=62) as journal:
        assert journal.question_for_now() == prompt


def test_answered_question_is_not_put_again(home: Path) -> None:
    """Once answered, the question last shown is no longer the question for now."""
    with opened(home) as journal:
        shown = journal.ask(Wishes())[0].prompt
        journal.write(from_text("An answer."), Details(), shown)
        assert journal.question_for_now() != shown


def test_occasion_chooses_the_question_for_now(home: Path) -> None:
    """With an occasion the question fits it, whatever was shown before, at any depth that is served unasked."""
    with opened(home) as journal:
        journal.ask(Wishes(theme="funding"))
        assert "naming" in journal.question_for_now("naming").occasions


def test_clock_that_went_back_does_not_bring_questions_from_the_future(home: Path) -> None:
    """A question shown in what is now the future is left alone."""
    with opened(home, minutes=120) as journal:
        shown = journal.ask(Wishes(theme="funding"))[0].prompt
    with opened(home) as journal:
        assert journal.question_for_now() != shown


# -- the bank changes --------------------------------------------------------------------------


def test_retired_question_is_served_no_more_and_restored_it_is(journal: Journal) -> None:
    """Retiring takes a question out of list and rotation; restoring brings it back."""
    name = journal.preview()[0].prompt.id
    journal.retire(name, who="the Tuesday team", why="we know by now")
    assert name not in {prompt.id for prompt in journal.prompts()}
    assert journal.preview()[0].prompt.id != name
    journal.restore(name, who="", why="new people joined")
    assert journal.preview()[0].prompt.id == name


def test_each_change_of_the_bank_is_kept_with_who_and_why(journal: Journal) -> None:
    """The log holds every change with its time, the chosen name and the reason, oldest first."""
    journal.retire("KF-Q09", who="the Tuesday team", why="we know by now")
    journal.restore("KF-Q09", who="", why="new people joined")
    prompt = journal.bank.get("KF-Q09").id
    log = journal.bank_changes()
    assert [(each.prompt, each.change, each.who, each.why) for each in log] == [
        (prompt, "retired", "the Tuesday team", "we know by now"),
        (prompt, "restored", "", "new people joined"),
    ]
    assert all(datetime.fromisoformat(each.at) == datetime.fromisoformat(NOW) for each in log)


def test_retiring_twice_or_restoring_what_is_there_is_refused(journal: Journal) -> None:
    """A change that changes nothing is refused and not logged."""
    with pytest.raises(Refused):
        journal.restore("KF-Q09", who="", why="because")
    journal.retire("KF-Q09", who="", why="because")
    with pytest.raises(Refused):
        journal.retire("KF-Q09", who="", why="because")
    assert len(journal.bank_changes()) == 1


def test_retired_question_keeps_its_answers(journal: Journal) -> None:
    """Entries that answered a question still show it as it was asked."""
    prompt = journal.bank.get("KF-Q12")
    entry = journal.write(from_text("An answer."), Details(), prompt).entry
    journal.retire(prompt.id, who="", why="because")
    again = journal.named(ids.shown(entry.id))
    assert again.asked is not None
    assert again.asked.text == prompt.text
    assert [each.id for each in journal.find(Filters(prompt=prompt.id))] == [entry.id]


# -- writing -----------------------------------------------------------------------------------


def test_an_entry_needs_nothing_but_words(journal: Journal) -> None:
    """Words alone make an entry that happened now, answers nothing and is about nothing named."""
    entry = journal.write(from_text("Words."), Details()).entry
    assert (entry.text, entry.asked, entry.about, entry.occasion, entry.tags) == ("Words.", None, "", "", ())
    assert entry.happened_at == entry.written_at == journal.now.isoformat()
    assert entry.precision == "minute"


def test_free_writing_counts_the_same_as_an_answer(journal: Journal) -> None:
    """An entry without a question is themed, found and rolled up like any other."""
    journal.write(from_text("The funder decided, by contract, about the grant."), Details(themes=("funding",)))
    made = journal.summary(Filters())
    assert next(theme for theme in made.themes if theme.id == "funding").entries == 1
    assert len(list(journal.search("grants", Filters()))) == 1


def test_checked_details_mean_the_same_on_another_day(home: Path) -> None:
    """What was checked once can be checked again later: days and times no longer move."""
    for said in ("yesterday", "yesterday 3pm", "last friday"):
        with opened(home) as journal:
            checked = journal.check(Details(at=said))
            first = journal.write(from_text("One."), Details(at=said)).entry
        with opened(home, minutes=60 * 24 * 9) as journal:
            second = journal.write(from_text("Two."), checked).entry
        assert (second.happened_at, second.precision) == (first.happened_at, first.precision), said


def test_clock_behind_the_latest_entry_is_told(home: Path) -> None:
    """When the clock has gone back, the entry is stored with the clock's time and the writer is told."""
    with opened(home, minutes=60) as journal:
        journal.write(from_text("Later."), Details())
    with opened(home) as journal:
        assert any("clock" in remark for remark in journal.write(from_text("Earlier."), Details()).remarks)


def test_first_time_is_once(home: Path) -> None:
    """What is said once is said once per journal, across runs."""
    with opened(home) as journal:
        assert journal.first_time("told")
        assert not journal.first_time("told")
    with opened(home, minutes=1) as journal:
        assert not journal.first_time("told")
        assert journal.first_time("another")
