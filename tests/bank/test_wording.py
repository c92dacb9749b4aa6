"""Whether a question is plain and talks nobody down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.bank import wording


@pytest.mark.parametrize("phrase", wording.DEFICIT)
def test_each_phrase_that_talks_people_down_is_found(phrase: str) -> None:
    """Every phrase of the list is found in a sentence, in capitals, and across a line break."""
    assert phrase in wording.deficit(f"What would {phrase} mean here?")
    assert phrase in wording.deficit(f"{phrase.upper()} again.")
    assert phrase in wording.deficit(f"Say {phrase.replace(' ', chr(10) + '  ')} aloud.")


@pytest.mark.parametrize(
    "text", ["Who is in the poorest state of repair?", "What do you give, and whose voice is it?", ""]
)
def test_words_that_only_look_alike_are_not_found(text: str) -> None:
    """A part of a longer word or a phrase pulled apart is nobody's fault."""
    assert wording.deficit(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Which stakeholders did you meet?", ["stakeholders"]),
        ("What is the Lived\nExperience here?", ["lived experience"]),
        ("How do you operationalise a robust paradigm?", ["operationalise", "paradigm", "robust"]),
        ("Who came to tea?", []),
    ],
)
def test_jargon_is_named(text: str, found: list[str]) -> None:
    """Words that a newcomer needs a dictionary for are named, also as phrases."""
    assert wording.jargon(text) == found


@pytest.mark.parametrize(
    ("text", "lix"),
    [
        ("The cat sat. The dog ran.", 3),
        ("Organisations incentivise collaboration.", 103),
        ("Who stayed late to wash all the teacups?", 8 + 12.5),
        ("", 0),
    ],
)
def test_difficulty_is_lix(text: str, lix: float) -> None:
    """LIX is the words in a sentence plus the percentage of words over six letters."""
    assert wording.difficulty(text) == pytest.approx(lix)


def test_a_long_sentence_is_remarked_on_from_27_words() -> None:
    """Twenty-six words pass, twenty-seven are told with their number."""
    assert wording.remarks(" ".join(["tea"] * 26) + "?") == []
    (remark,) = wording.remarks(" ".join(["tea"] * 27) + "?")
    assert remark.startswith("a sentence of 27 words (at most 26)")


def test_a_hard_text_is_remarked_on() -> None:
    """What reads as hard as a report is told with its figure."""
    assert wording.remarks("Organisations incentivise collaboration.") == [
        "'incentivise' is jargon",
        "it reads as hard as a report (LIX 103, at most 45)",
    ]


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    """Whatever a pack holds, judging it neither fails nor finds less in it when words are added."""
    assert wording.difficulty(text) >= 0
    assert set(wording.deficit(text)) <= set(wording.deficit(f"{text} voiceless"))
    assert isinstance(wording.remarks(text), list)
