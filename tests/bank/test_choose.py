"""Which question comes next: what a rotation promises."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.bank import choose, packs, shelf
from reflect.bank.choose import STARRED, Wishes
from reflect.errors import NotFound, Refused
from reflect.journal import Journal
from reflect.models import Prompt

BANK = [prompt for path in shelf.shipped().values() for prompt in packs.read(path).prompts()]


def _prompt(number: int, **said: object) -> Prompt:
    values = {
        "text": f"Question {number}?",
        "group_text": f"Question {number} for us?",
        "parts": (f"Question {number}?",),
        "document": "",
        "title": "",
        "heading": "",
        "rows": (),
        "form": "own",
        "theme": "roles",
        "also_themes": (),
        "occasions": ("solo",),
        "depth": "working",
        "context": "",
        "flags": (),
        "near": "",
        "suits": ("one", "group"),
        "care": "",
        "pack": "test",
    }
    return Prompt(id=f"q{number}", **(values | said))  # type: ignore[arg-type]


THEMES = ["roles", "voice"]
OCCASIONS = ["solo", "naming"]
DEPTHS = ["light", "working", "deep"]

_shapes = st.fixed_dictionaries(
    {
        "theme": st.sampled_from(THEMES),
        "also_themes": st.sampled_from([(), ("voice",)]),
        "occasions": st.sampled_from([("solo",), ("naming",), ("solo", "naming")]),
        "depth": st.sampled_from(DEPTHS),
        "flags": st.sampled_from([(), (), (STARRED,), ("challenge",)]),
        "near": st.sampled_from(["", "", "a", "b"]),
        "suits": st.sampled_from([("one", "group"), ("one",), ("group",)]),
    }
)
_banks = st.lists(_shapes, max_size=14).map(
    lambda shapes: [_prompt(number, **shape) for number, shape in enumerate(shapes)]
)
_wishes = st.builds(
    Wishes,
    theme=st.sampled_from(["", *THEMES]),
    occasion=st.sampled_from(["", *OCCASIONS]),
    depth=st.sampled_from(["", "", *DEPTHS]),
    for_group=st.booleans(),
)
_many = st.integers(1, choose.MOST)
_times = st.dictionaries(st.integers(0, 13).map("q{}".format), st.integers(0, 3))


@given(_banks, st.lists(st.tuples(_wishes, _many), max_size=12), st.text())
def test_none_repeats_before_all_that_fit_were_served(
    bank: list[Prompt], sittings: list[tuple[Wishes, int]], seed: str
) -> None:
    """Whoever asks what in whatever order, no question comes again while another that fits has been asked less."""
    times: Counter[str] = Counter()
    for wishes, many in sittings:
        sitting = [each.prompt for each in choose.choose(bank, times, wishes, seed, many)]
        fewer = min((times[prompt.id] for prompt in bank if choose.fits(prompt, wishes)), default=0)
        waiting = {prompt.id for prompt in bank if choose.fits(prompt, wishes) and times[prompt.id] == fewer} - {
            prompt.id for prompt in sitting
        }
        for prompt in sitting:
            assert times[prompt.id] == fewer or not waiting
        times.update(prompt.id for prompt in sitting)


@given(_banks, _wishes, st.lists(_many, min_size=1, max_size=25), st.text())
def test_a_rotation_stays_even(bank: list[Prompt], wishes: Wishes, sittings: list[int], seed: str) -> None:
    """Asked again and again for the same, no question is ever served two times more than another."""
    times: Counter[str] = Counter()
    fitting = [prompt.id for prompt in bank if choose.fits(prompt, wishes)]
    for many in sittings:
        served = [each.prompt.id for each in choose.choose(bank, times, wishes, seed, many)]
        assert bool(served) == bool(fitting)
        times.update(served)
        assert not fitting or max(times[each] for each in fitting) - min(times[each] for each in fitting) <= 1


@given(_banks, _times, _wishes, st.text(), _many)
def test_what_is_served_is_what_was_wished_for(
    bank: list[Prompt], times: dict[str, int], wishes: Wishes, seed: str, many: int
) -> None:
    """A sitting has at most as many as asked for, each of the theme, occasion, depth and kind of person wished."""
    sitting = choose.choose(bank, times, wishes, seed, many)
    assert len(sitting) <= many
    assert len({each.prompt.id for each in sitting}) == len(sitting)
    for each in sitting:
        prompt = each.prompt
        assert wishes.theme in ("", prompt.theme, *prompt.also_themes)
        assert wishes.occasion in ("", *prompt.occasions)
        assert ("group" if wishes.for_group else "one") in prompt.suits
        assert wishes.depth in ("", prompt.depth)
        assert each.why


@given(_banks, _times, _wishes, st.text(), _many)
def test_a_deep_question_never_comes_unasked_but_the_announced_one(
    bank: list[Prompt], times: dict[str, int], wishes: Wishes, seed: str, many: int
) -> None:
    """Where no depth was wished, a deep question is a starred one, and the words beside it say that it is deep."""
    for each in choose.choose(bank, times, wishes, seed, many):
        if not wishes.depth and each.prompt.depth == "deep":
            assert STARRED in each.prompt.flags
            assert "a deep one" in each.why
            assert "skip it" in each.why


@given(_banks, _times, _wishes, st.text(), _many)
def test_near_duplicates_never_meet_in_one_sitting(
    bank: list[Prompt], times: dict[str, int], wishes: Wishes, seed: str, many: int
) -> None:
    """No two questions of one sitting are of one family."""
    families = [each.prompt.near for each in choose.choose(bank, times, wishes, seed, many) if each.prompt.near]
    assert len(families) == len(set(families))


@given(_banks, _times, _wishes, st.text(), _many)
def test_the_same_wishes_bring_the_same_questions(
    bank: list[Prompt], times: dict[str, int], wishes: Wishes, seed: str, many: int
) -> None:
    """Choosing is a pure function: same bank, history, wishes and seed, same questions, and it changes none of them."""
    before = (list(bank), dict(times))
    first = choose.choose(bank, times, wishes, seed, many)
    assert choose.choose(iter(bank), dict(times), wishes, seed, many) == first
    assert (bank, times) == before


@given(_banks, _times, _wishes, st.text(), _many)
def test_a_starred_question_comes_first_among_equals(
    bank: list[Prompt], times: dict[str, int], wishes: Wishes, seed: str, many: int
) -> None:
    """The first question served is one of those asked least, and a starred one if these have any."""
    sitting = choose.choose(bank, times, wishes, seed, many)
    fitting = [prompt for prompt in bank if choose.fits(prompt, wishes)]
    if not fitting:
        assert sitting == []
        return
    least = min(times.get(prompt.id, 0) for prompt in fitting)
    equals = [prompt for prompt in fitting if times.get(prompt.id, 0) == least]
    assert sitting[0].prompt in equals
    assert STARRED in sitting[0].prompt.flags or not any(STARRED in prompt.flags for prompt in equals)


# -- the shipped bank ------------------------------------------------------------------------


@given(st.text(), _many, st.booleans())
def test_the_first_thirteen_are_the_questions_to_consider(seed: str, many: int, for_group: bool) -> None:  # noqa: FBT001 - drawn
    """Unfiltered, the 13 starred questions come first whatever the seed, the deep one of them last."""
    times: Counter[str] = Counter()
    served: list[Prompt] = []
    while len(served) < 13:
        sitting = choose.choose(BANK, times, Wishes(for_group=for_group), seed, many)
        served += [each.prompt for each in sitting]
        times.update(each.prompt.id for each in sitting)
    assert {prompt.id for prompt in served[:13]} == {prompt.id for prompt in BANK if STARRED in prompt.flags}
    assert served[12].rows == ("KF-Q32",)


@pytest.mark.parametrize("many", [1, 2, 3])
def test_a_whole_rotation_serves_every_question_once(many: int) -> None:
    """A person who asks long enough meets every question that suits one and isn't deep, each once, and KF-Q32."""
    times: Counter[str] = Counter()
    served: list[str] = []
    fitting = {prompt.id for prompt in BANK if choose.fits(prompt, Wishes())}
    while len(served) < len(fitting):
        sitting = choose.choose(BANK, times, Wishes(), "seed", many)
        served += [each.prompt.id for each in sitting]
        times.update(each.prompt.id for each in sitting)
    assert set(served[: len(fitting)]) == fitting
    wanted = {
        prompt.id for prompt in BANK if "one" in prompt.suits and (prompt.depth != "deep" or "KF-Q32" in prompt.rows)
    }
    assert fitting == wanted


def test_another_seed_brings_another_order() -> None:
    """Two journals meet the questions in different orders."""
    orders = {
        tuple(each.prompt.id for each in choose.choose(BANK, {}, Wishes(theme="voice"), seed, 3)) for seed in "abcdef"
    }
    assert len(orders) > 1


def test_a_sitting_is_shorter_rather_than_repeating() -> None:
    """When all that is left is of one family, the sitting has one of them and the other has its turn next."""
    bank = [_prompt(1), _prompt(2, near="a"), _prompt(3, near="a")]
    (first,) = choose.choose(bank, {"q1": 1}, Wishes(), "", 3)
    (second, *_) = choose.choose(bank, {"q1": 1, first.prompt.id: 1}, Wishes(), "", 3)
    assert {first.prompt.id, second.prompt.id} == {"q2", "q3"}


def test_the_words_beside_a_question_say_why_it_came() -> None:
    """Why a question was chosen is told by star, occasion, theme and whether it was asked before."""
    (starred,) = choose.choose([_prompt(1, flags=(STARRED,))], {}, Wishes(), "")
    assert starred.why == "one of the 13 questions to consider; not asked before"
    wishes = Wishes(theme="voice", occasion="solo")
    (touching,) = choose.choose([_prompt(1, also_themes=("voice",))], {"q1": 2}, wishes, "")
    assert touching.why == "fits the occasion solo; touches voice; all others that fit have been asked as often"
    (deep,) = choose.choose([_prompt(1, depth="deep", flags=(STARRED,))], {}, Wishes(depth="deep"), "")
    assert deep.why == "one of the 13 questions to consider; not asked before"


def test_minutes_are_those_of_the_depths() -> None:
    """A sitting's minutes are the sum of its questions': two, five and ten."""
    assert choose.minutes([_prompt(1, depth="light"), _prompt(2), _prompt(3, depth="deep")]) == 17


def test_only_three_depths_can_be_wished_for() -> None:
    """A depth is light, working, deep or none; another word is refused with those there are."""
    assert [choose.depth(name) for name in ("", *DEPTHS)] == ["", *DEPTHS]
    with pytest.raises(Refused, match="light, working, deep"):
        choose.depth("bottomless")


# -- through the journal ---------------------------------------------------------------------


@pytest.mark.parametrize("many", [0, -1, 4, 99])
def test_a_sitting_has_one_to_three(journal: Journal, many: int) -> None:
    """More than three questions at once, or none, are refused and nothing counts as served."""
    before = journal.preview()
    with pytest.raises(Refused, match="one to 3"):
        journal.ask(Wishes(), many)
    assert journal.preview() == before


def test_asking_thirteen_times_brings_the_thirteen(journal: Journal) -> None:
    """What was served is remembered: thirteen askings bring the 13, and a look ahead serves nothing."""
    served = []
    for _ in range(13):
        ahead = journal.preview()
        asked = journal.ask(Wishes())
        assert [each.prompt for each in ahead] == [each.prompt for each in asked]
        served += asked
    assert len({each.prompt.id for each in served}) == 13
    assert all(STARRED in each.prompt.flags for each in served)
    assert STARRED not in journal.ask(Wishes())[0].prompt.flags


def test_wishes_that_nothing_fits_are_told(journal: Journal) -> None:
    """A theme, an occasion and a depth that no question has together are not found."""
    fitting = [prompt for prompt in BANK if choose.fits(prompt, Wishes("language", "campaign", "deep"))]
    assert fitting == []
    with pytest.raises(NotFound, match="no question fits"):
        journal.ask(Wishes("language", "campaign", "deep"))
