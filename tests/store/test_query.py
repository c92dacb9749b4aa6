"""What a person types becomes an expression that SQLite always understands, or is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflect.errors import Refused
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.store.query import fts_expression

SIGNS = st.sampled_from(
    [*"\"'()*^-+:;,.{}[]&|!?\\/<>=%_~#@\0\n\t \u00a0", "AND", "OR", "NOT", "NEAR", "NEAR(a b, 2)", "a", "ß"]
)

LETTERS = "abczABCZ019äÖüßéçñøÅłžšαβΓδωабвГдזחטאبتثदखग東京日本ハン"


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("paid time", '"paid" AND "time"'),
        ('"who pays" now', '"who pays" AND "now"'),
        ("fund*", '"fund"*'),
        ("pay OR unpaid", '"pay" OR "unpaid"'),
        ("pay NOT unpaid", '"pay" NOT "unpaid"'),
        ("a AND b OR c", '"a" AND "b" OR "c"'),
        ("and or not", '"and" AND "or" AND "not"'),
        ("AND", '"AND"'),
        ("OR pay", '"OR" AND "pay"'),
        ("pay NOT", '"pay" AND "NOT"'),
        ("a AND OR b", '"a" AND "AND" AND "OR" AND "b"'),
        ("don't", '"don\'t"'),
        ("text:pay", '"text:pay"'),
        ('say "', '"say"'),
        ('"half open', '"half" AND "open"'),
        ("* pay ( )", '"pay"'),
        ('"***" pay', '"pay"'),
    ],
)
def test_words_phrases_operators_and_beginnings(typed: str, expression: str) -> None:
    """Words are joined by AND; phrases, operators between terms and beginnings keep their meaning; all is quoted."""
    assert fts_expression(typed) == expression


@pytest.mark.parametrize("typed", ["", " ", "\n", '"', '""', "*", "()", "-", "!", "\0", "🙂", "…"])
def test_nothing_to_search_for_is_refused(typed: str) -> None:
    """Without a letter or digit there is nothing to look for."""
    with pytest.raises(Refused, match="nothing to search for"):
        fts_expression(typed)


def test_too_many_words_are_refused() -> None:
    """Two hundred words and operators are searched for; more is refused, before SQLite refuses its depth."""
    assert fts_expression(" NOT ".join("abc"[number % 3] for number in range(100)))
    with pytest.raises(Refused, match="too much"):
        fts_expression(" NOT ".join(["a"] * 130))


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """An index as the journal has it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE f USING fts5(text, about, tokenize='porter unicode61 remove_diacritics 2')"
        )
        connection.execute("INSERT INTO f VALUES ('who pays the volunteers and why not', 'Board')")
        yield connection


@given(st.one_of(st.text(), st.lists(SIGNS, max_size=12).map(" ".join), st.lists(SIGNS, max_size=12).map("".join)))
@example("NOT NOT NOT")
@example("a OR OR b")
@example("\ud800")
@example("caf\udce9")
@example('"\u0301"')
@example("²")
@example("a\0b")
def test_any_text_is_a_valid_query_or_refused(index: sqlite3.Connection, typed: str) -> None:
    """Whatever is typed, SQLite never answers with an error."""
    try:
        expression = fts_expression(typed)
    except Refused:
        return
    index.execute("SELECT snippet(f, 0, '[', ']', '…', 24) FROM f WHERE f MATCH ?", (expression,)).fetchall()


@given(st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=5))
def test_words_that_stand_in_a_text_find_it(index: sqlite3.Connection, words: list[str]) -> None:
    """A search for the very words of a text finds that text, in any script and any case."""
    text = " ".join(words)
    row = index.execute("INSERT INTO f VALUES (?, '')", (text,)).lastrowid
    try:
        expression = fts_expression(text.lower() if text.lower().upper() == text.upper() else text)
        found = index.execute("SELECT rowid FROM f WHERE f MATCH ?", (expression,)).fetchall()
        assert (row,) in found
    finally:
        index.execute("DELETE FROM f WHERE rowid = ?", (row,))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("funding", {"funded", "funds"}),
        ("FUND", {"funded", "funds"}),
        ("cafe", {"café"}),
        ("CAFÉ", {"café"}),
        ("fun*", {"funded", "funds"}),
        ('"the tea room"', {"funds"}),
        ('"room tea"', set()),
        ("funded OR café", {"funded", "café", "funds"}),
        ("fund NOT room", {"funded"}),
        ("board", {"café"}),
        ("nowhere", set()),
    ],
)
def test_search_is_stemmed_and_blind_to_accents_and_case(journal: Journal, typed: str, found: set[str]) -> None:
    """Endings, accents, capitals don't matter; phrases and beginnings are as typed; what it was about counts, too."""
    texts = {"funded": "They funded it", "funds": "Who pays? The tea room funds", "café": "Le café du coin"}
    for name, text in texts.items():
        journal.write(from_text(text), Details(about="Board" if name == "café" else ""))
    hits = {each.entry.text for each in journal.search(typed, Filters())}
    assert hits == {texts[name] for name in found}
