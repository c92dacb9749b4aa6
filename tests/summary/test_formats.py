"""Every form a summary can be written in: found by itself, and held to the same promises."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from reflect.errors import Usage
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.summary import formats
from reflect.summary.roll_up import Summary

ODD = (
    "[bold]not markup[/bold] **nor** `this` <script>alert(1)</script> | a & b",
    "# not a heading\n\n- not a list\n\n1. nor this\n\n> nor a quotation",
    "escape \x1b[31mred\x1b[0m and \x07 bell",
    "turned \u202eback\u202c and \u2066kept\u2069",
    "café 🫖 ﷽ \u0301 日本語",
    "…",
)


@pytest.fixture
def empty(journal: Journal) -> Summary:
    """A summary of a journal without an entry."""
    return journal.summary(Filters(), "July to September 2026")


@pytest.fixture
def odd(journal: Journal) -> Summary:
    """A summary of entries and actions that hold whatever people and files may hold."""
    for number, text in enumerate(ODD):
        journal.write(from_text(text), Details(themes=("voice",) if number % 2 else ()))
        journal.offer(" ".join(text.split()), due="1/12/2026")
    return journal.summary(Filters(), "July to September 2026")


@pytest.mark.parametrize("name", formats.names())
class TestEveryForm:
    """What a module in the folder must keep; a new file is held to it the moment it exists."""

    def test_says_what_it_is(self, name: str) -> None:
        """A form has a docstring of one line and the ending of its files."""
        module = import_module(f"{formats.__name__}.{name}")
        assert module.__doc__
        assert "\n" not in module.__doc__.strip()
        ending = formats.load(name).ENDING
        assert ending.startswith(".")
        assert len(ending) > 1

    def test_empty_summary(self, name: str, empty: Summary) -> None:
        """A summary without entries is text that holds how it was made."""
        made = formats.load(name).render(empty)
        assert isinstance(made, str)
        assert made.strip()
        assert "program" in made or "computer" in made

    def test_odd_characters(self, name: str, odd: Summary) -> None:
        """Whatever people wrote, the form is made, can be stored as UTF-8, and obeys no sign in it."""
        made = formats.load(name).render(odd)
        made.encode()
        assert "\x1b" not in made
        assert "\x07" not in made
        assert "日本語" in made

    def test_the_same_summary_gives_the_same_bytes(self, name: str, odd: Summary) -> None:
        """A form is a pure function of the summary and leaves it as it was."""
        before = replace(odd)
        assert formats.load(name).render(odd) == formats.load(name).render(odd)
        assert odd == before

    def test_period_and_questions_are_there(self, name: str, odd: Summary) -> None:
        """Every form names the period in words and the questions a group could take."""
        made = formats.load(name).render(odd)
        assert "July to September 2026" in made
        assert odd.questions
        for prompt in odd.questions:
            assert prompt.group_text.split()[0] in made


def test_no_two_forms_share_an_ending() -> None:
    """The ending of a file's name says which form it is."""
    endings = [formats.load(name).ENDING for name in formats.names()]
    assert len(endings) == len(set(endings))


def test_unknown_form_is_refused_with_those_there_are() -> None:
    """A name that no module has is a usage error that names the forms."""
    with pytest.raises(Usage) as caught:
        formats.load("interpretive-dance")
    for name in formats.names():
        assert name in str(caught.value)


def test_markdown_shows_words_letter_for_letter(odd: Summary) -> None:
    """In Markdown, signs that would be a heading, a list, HTML or markup are escaped, so a reader sees the words."""
    made = formats.load("markdown").render(odd)
    assert "<script>" not in made
    assert r"\<script\>" in made
    assert "**nor**" not in made
    assert "\n# not a heading" not in made
    assert r"\# not a heading" in made


def test_json_holds_the_words_exactly(odd: Summary, journal: Journal) -> None:
    """In JSON a quotation is not escaped for a reader but exactly the stored words."""
    import json

    made = json.loads(formats.load("json").render(odd))
    texts = {entry.text for entry in journal.find(Filters())}
    quoted = [each for theme in made["themes"] for each in theme["excerpts"]] + made["not_placed"]
    assert quoted
    for excerpt in quoted:
        assert any(text[excerpt["start"] : excerpt["end"]] == excerpt["text"] for text in texts)
