"""For all words: what goes out in a form that we also read comes back as it was; values in, values out, no journal."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reflect import clean, intake
from reflect.exchange import exporters
from reflect.exchange.exporters import FolderExporter, Outgoing
from reflect.exchange.exporters.jrnl import GUARD
from reflect.exchange.exporters.markdown import LATER
from reflect.models import Entry, Layer
from reflect.whole import Whole
from tests.exchange.importers.reading import Found, read

PIECES = [
    *("words", " ", "\n", "\n\n", "\t", "  ", "#tag", "# heading", "@sam", "-", "->", "---", "...", ".", ",", ";", "*"),
    *(" *", "'", "''", '"', '""', "=1+1", "+1", "@SUM(A1)", "|", "\\", "\\n", "C:\\notes", "é", "🫖", GUARD, "\ufeff"),
    *("[2026-01-02 10:00] ", "[2026-01-02 10:00]", "[x] ", "[", "]", "## 14:30", "date: 2026-01-01", "<b>", "&amp;"),
    *("<!-- reflect: later thoughts -->", LATER, "sep=;", "id,date,time", "{", "}", "%s", ":cow:", "\u0085", "’"),
]
LETTERS = st.characters(exclude_categories=["Cs"])


class Written(NamedTuple):
    """What somebody wrote."""

    words: str
    tags: tuple[str, ...]
    about: str
    later: str


WORDS = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join), st.text(LETTERS, min_size=1, max_size=30)
)
TAGS = st.lists(st.sampled_from(["one", "two words", "a/b", "café", "starred", "lens-power"]), unique=True, max_size=3)
ABOUT = st.sampled_from(["", "Board", "'=1", "=1", "a: b", "#x", 'the "board"', "2026-01-02"])
ENTRIES = st.lists(st.builds(Written, WORDS, TAGS.map(tuple), ABOUT, st.one_of(st.just(""), WORDS)), max_size=5)
MANY = settings(max_examples=150, deadline=None)


def _wholes(found: list[Written]) -> list[Whole]:
    """Return entries as a journal keeps them: words as they are stored, the days one after the other."""
    wholes = []
    for number, each in enumerate(found, 1):
        words = intake.from_text(each.words).text
        assume(words.strip())
        at = f"2026-02-{number:02}T10:00:00+00:00"
        tags = tuple(sorted(map(intake.tag, each.tags)))
        entry = Entry(number, 1, words, None, each.about, "", at, "minute", at, "Europe/London", tags, ())
        later = intake.from_text(each.later).text
        layers = (Layer(number, number, 1, "changed", later, None, at, ""),) if later else ()
        wholes.append(Whole(entry, at, layers=layers))
    return wholes


def _outgoing(wholes: list[Whole]) -> Outgoing:
    return Outgoing(wholes, list, None, "My journal")


def _back(form: str, made: str | dict[str, str], of: str = "") -> Found:
    found = read(of or form, made)
    assert found.refusals == []
    return found


def _as_file(form: str, wholes: list[Whole]) -> str:
    return "".join(exporters.load(form).pieces(_outgoing(wholes)))


def _said(entries: list[Entry]) -> list[tuple[object, ...]]:
    return [(each.text, each.tags, each.about, each.happened_at, each.precision, each.zone) for each in entries]


@MANY
@given(found=ENTRIES)
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_our_own(form: str, found: list[Written]) -> None:
    """Our own JSON, and its lines, bring back every value there is."""
    wholes = _wholes(found)
    back = _back(form, {f"journal.{form}": _as_file(form, wholes)}, "reflect")
    assert [each.whole for each in back.arrivals] == wholes


@MANY
@given(found=ENTRIES)
@example(found=[Written(f"words{LATER}and more", (), "", "later"), Written(f"words{LATER}and more", (), "", "")])
def test_markdown(found: list[Written]) -> None:
    """A folder of Markdown brings back id, words, tags, times and what it was about; a blank in a tag is a hyphen."""
    wholes = _wholes(found)
    assume(not any(LATER.strip() in layer.text for each in wholes for layer in each.layers))
    folder: FolderExporter = exporters.load("markdown")  # type: ignore[assignment]  # which can be a folder
    back = _back("markdown", dict(folder.members(_outgoing(wholes))))
    hyphened = [
        each.entry._replace(tags=tuple(sorted(tag.replace(" ", "-") for tag in each.entry.tags))) for each in wholes
    ]
    assert _said(back.entries) == _said(hyphened)
    assert [each.id for each in back.entries] == [each.entry.id for each in wholes]


@MANY
@given(found=ENTRIES)
@example(found=[Written("'=1", (), "'=1", ""), Written("''\t", (), "=1", "")])
def test_csv(found: list[Written]) -> None:
    """A table brings back words, tags and times; no cell of it is a formula, also where words have an apostrophe."""
    wholes = _wholes(found)
    assume(all(clean.document(each.entry.text) == each.entry.text for each in wholes))  # others are shown as marks
    back = _back("csv", _as_file("csv", wholes))
    assert [each[:4] for each in _said(back.entries)] == [each[:4] for each in _said([one.entry for one in wholes])]


@MANY
@given(found=ENTRIES)
def test_jrnl(found: list[Written]) -> None:
    """A file for jrnl brings back each entry with its minute and all its words; tags that it adds stand below them."""
    wholes = _wholes(found)
    assume(all(GUARD not in each.entry.text for each in wholes))
    back = _back("jrnl", _as_file("jrnl", wholes)) if wholes else Found()
    assert [each.happened_at for each in back.entries] == [each.entry.happened_at for each in wholes]
    for whole, after in zip(wholes, back.entries, strict=True):
        assert after.text.strip().startswith(whole.entry.text.strip())
