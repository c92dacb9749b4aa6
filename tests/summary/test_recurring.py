"""What recurs in a theme, named by the contributors' own words."""

from __future__ import annotations

from pathlib import Path

import pytest  # noqa: TC002 - as in every other file
from hypothesis import given
from hypothesis import strategies as st

from reflect.summary import recurring
from reflect.summary.recurring import MOST, Contrast, Matter, Passage, Read
from reflect.words import stem, stems, words

ELSEWHERE = [
    Passage(f"e{n}", f"q{n}", "The agenda was long and the room was cold, and we went home late.") for n in range(9)
]


def told(*texts: str, person: str = "p") -> list[Passage]:
    """Passages of as many people, one each."""
    return [Passage(f"c{at}", f"{person}{at}", text) for at, text in enumerate(texts)]


def contrast(inside: list[Passage], elsewhere: list[Passage] = ELSEWHERE) -> Contrast:
    """A theme's passages held against others."""
    return Contrast(inside, Read(elsewhere))


def names(found: list[Matter]) -> list[str]:
    """The names of what was found."""
    return [matter.name for matter in found]


def test_named_by_their_own_words() -> None:
    """What several people speak of is found, and its name is a word or pair of words as they wrote it."""
    inside = told(
        "Nobody pays the bus fares of the volunteers.",
        "I paid bus fares again.",
        "Bus fares were last on the list.",
        "The contract ends in March.",
    )
    found = contrast(inside).recurring()
    assert found[0] == Matter("bus fares", "bus fare", frozenset({"c0", "c1", "c2"}))


def test_one_form_of_a_word_is_enough() -> None:
    """A matter keeps one term however it is written, and is named as most people write it."""
    inside = told("Contracts end.", "The contracts ended.", "A contract is ending.", "Contracts, always contracts.")
    first = contrast(inside).recurring()[0]
    assert (first.term, first.name) == ("contract", "contracts")


def test_one_person_alone_makes_no_matter() -> None:
    """However often one person says it, it does not recur among people."""
    inside = [Passage(f"c{n}", "p", "Parking permits, parking permits.") for n in range(9)]
    assert contrast([*inside, *told("It rained.", "It was dark.")]).recurring() == []


def test_what_is_everywhere_is_no_matter() -> None:
    """A word that is as usual elsewhere does not name a theme's matter."""
    inside = told("The agenda was long.", "The agenda was long again.", "The agenda, always.")
    assert "agenda" not in names(contrast(inside).recurring())


def test_two_matters_rest_on_different_passages() -> None:
    """Two names for the same passages are one matter."""
    inside = told(*["Bus fares and travel passes."] * 4, *["Rent and deposits of rooms."] * 4)
    found = contrast(inside).recurring()
    assert len(found) == 2
    assert not found[0].passages & found[1].passages


def test_of_very_many_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only a spread of the passages is looked through, who speaks of a matter is counted in all of them."""
    inside = told(*(f"The bus fares of day {n}." if n % 4 else f"The rent of room {n}." for n in range(90)))
    whole = contrast(inside).recurring(2)
    monkeypatch.setattr(recurring, "SAMPLE", 30)
    assert contrast(inside).recurring(2) == whole
    assert {each.term: len(each.passages) for each in whole} == {"bus fare": 67, "rent": 23}


def test_what_is_inside_is_not_elsewhere() -> None:
    """What a theme is held against may hold its own passages, too: they count as inside only."""
    inside = told("Nobody pays bus fares.", "Bus fares again.", "The rent is due.", "Rent, always.")
    assert contrast(inside, [*ELSEWHERE, *inside]).recurring() == contrast(inside).recurring()


VOICES = st.lists(
    st.lists(
        st.sampled_from(
            ["bus", "buses", "Bus", "fare", "fares", "die", "dying", "dies", "carries", "carry", "o\u2019clock"]
        ),
        max_size=6,
    ),
    max_size=12,
)
BETWEEN = st.sampled_from([" ", ", ", "-", "'", ".\n", "_", " -", "''"])


@given(VOICES, BETWEEN)
def test_counted_as_if_all_were_read(said: list[list[str]], between: str) -> None:
    """Who uses a word or a pair is found without reading every word, and is whom reading every word finds."""
    passages = told(*(between.join(each) for each in said))
    found = Read(passages)
    counted = recurring._using(list(found.places), passages)
    assert counted == {term: found.ids(term) for term in found.places}


ENDINGS = """
    s es ed ing ly y ies ied ization ational ator alism fulness ousli iveness biliti ogi enci anci abli ement tional
    alize icate ical ful ness ative ment ent ism ate ous ive ize ion al er able ible e l 's at bl iz
""".split()


@given(
    st.text("abcdeghilnostyz'é", min_size=1, max_size=8),
    st.lists(
        st.sampled_from(ENDINGS),
        max_size=3,
    ),
)
def test_a_word_begins_as_its_stem_says(start: str, ends: list[str]) -> None:
    """Whatever endings a word has, it begins as the rule says that all words with its stem begin."""
    for word in words(start + "".join(ends)):
        assert word.startswith(recurring.beginning(stem(word)))


def test_beginnings_of_many_words() -> None:
    """The rule holds for words whose stems have other letters than they, and for each word of a large text."""
    known = words((Path(__file__).parents[2] / "prompts" / "learnt.json").read_text())
    odd = "dying lying tying skies carried possibilities relational hoping conflated sized happily agencies".split()
    for word, root in zip([*known, *odd], stems([*known, *odd]), strict=True):
        assert word.startswith(recurring.beginning(root)), word


def test_nothing_said() -> None:
    """Where nobody wrote, nothing recurs."""
    assert contrast([]).recurring() == contrast([], []).recurring() == []
    assert contrast([]).standing_out() == []


def test_standing_out() -> None:
    """The words that set a theme apart are those of so many people at least; small words never are."""
    inside = told("The tender was late.", "A tender again.", "Tenders and the budget.", "The budget was small.")
    assert contrast(inside).standing_out(fewest_people=3) == ["tender"]
    assert set(contrast(inside).standing_out()) == {"tender", "budget"}


@given(st.lists(st.tuples(st.integers(0, 5), st.text("abc dé.\n", max_size=30)), max_size=12))
def test_any_words(said: list[tuple[int, str]]) -> None:
    """Whatever was written, each matter has people and passages of the theme, and its order is always the same."""
    inside = [Passage(f"c{at}", f"p{person}", text) for at, (person, text) in enumerate(said)]
    found = contrast(inside).recurring()
    assert found == contrast(inside[::-1], ELSEWHERE[::-1]).recurring()
    assert len(found) <= MOST
    for matter in found:
        people = {each.person for each in inside if each.id in matter.passages}
        assert len(people) >= recurring.FEWEST_PEOPLE
        assert matter.name
