"""Passages that are quoted: exact, of different voices, saying different things."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reflect.summary import excerpts
from reflect.summary.excerpts import Sample, Told, choose, first_passage, passages

BUS = "The last bus leaves before the meeting ends, so the tenants never hear the decision."
PAY = "Everybody round the table was paid to be there except the two people we had come to hear."


def told(*texts: str) -> list[Told]:
    """Each text as words of another voice."""
    return [Told(f"e{at}", f"v{at}", text) for at, text in enumerate(texts)]


@given(st.lists(st.text(min_size=1, max_size=400), min_size=1, max_size=8))
def test_every_quote_is_what_stands_at_its_place(texts: list[str]) -> None:
    """Whatever the words, a quote is an exact piece of one text."""
    words = {each.id: each.text for each in told(*texts)}
    for quote in choose(told(*texts)):
        assert words[quote.id][quote.start : quote.end] == quote.text


@given(st.lists(st.sampled_from([BUS, PAY, "Short.", "We met."]), min_size=1, max_size=9))
def test_nobody_is_quoted_twice_before_everybody_was_once(texts: list[str]) -> None:
    """With as many voices as quotes, every quote is another voice's."""
    spoken = [Told(f"e{at}", f"v{at % 4}", text) for at, text in enumerate(texts)]
    voices = {each.id: each.voice for each in spoken}
    quoted = [voices[quote.id] for quote in choose(spoken, many=4)]
    assert len(set(quoted)) == min(len({each.voice for each in spoken}), len(quoted))


def test_different_things_are_quoted_before_the_same_again() -> None:
    """Where three say the same and one says another thing, two quotes show both things."""
    found = {quote.text for quote in choose(told(BUS, BUS, BUS, PAY), many=2)}
    assert found == {BUS, PAY}


def test_the_passage_with_the_cue_is_the_one_that_is_quoted() -> None:
    """Where words placed an entry in the theme, the quote holds these words."""
    text = f"{BUS} {PAY}"
    assert [quote.text for quote in choose([Told("e", "v", text, cue="paid")])] == [PAY]


def test_a_short_sentence_takes_its_neighbour_along() -> None:
    """A sentence that says little on its own is quoted with the one after it, across no paragraph."""
    assert passages(Told("e", "v", f"He left. {BUS}"))[0].text == f"He left. {BUS}"
    assert passages(Told("e", "v", f"He left.\n\n{BUS}"))[0].text == BUS


def test_a_very_long_sentence_is_cut_at_a_words_end() -> None:
    """Where no passage is short enough, the beginning is quoted up to the end of a word."""
    quote = first_passage(Told("e", "v", "word " * 200))
    assert quote.text.endswith("word")
    assert len(quote.text) <= 320


def test_of_few_all_are_compared_and_of_many_a_spread() -> None:
    """Up to twice the sample's size nothing is left out; of more an even spread is compared, from end to end."""
    assert excerpts.sample(range(excerpts.ALL)) == list(range(excerpts.ALL))
    spread = excerpts.sample(range(10 * excerpts.ALL))
    assert len(spread) == excerpts.SAMPLE
    assert {after - before for before, after in pairwise(spread)} == {10 * excerpts.ALL // excerpts.SAMPLE}


def test_a_sample_is_bounded_and_spread() -> None:
    """However many come by, between n and 2n stay, from the beginning to the end."""
    sample: Sample[int] = Sample(10)
    for number in range(1000):
        sample.add(number)
    assert 10 <= len(sample.kept) < 20
    assert sample.kept[0] == 0
    assert sample.kept[-1] > 850
