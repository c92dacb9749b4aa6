"""The note as people read it: every part in its place, and words that stay words, whatever they look like."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from reflect.session import note
from reflect.session.note import Next, Note, Said

NASTY = "<script>alert(1)</script> *bold* [a](javascript:x) \x1b[31mred\u202e"
FULL = Note(
    session="7k2m9x3p",
    group="Hub partners",
    title="Ours",
    held_on="2026-11-20",
    purpose="fair meetings",
    audience="the partners",
    aims="to be found with the group",
    cost="",
    responder="Femi",
    respond_by="2026-12-15",
    add_until="2026-11-27",
    said=(Said("What did we take for granted?", "King's Fund, Language", ("The key.\nAnd the caretaker.",)),),
    missing="the night staff",
    promise=(Next("ask them", "Amara", "2026-12-01", "open", "", ""),),
    actions=(
        Next("ring the caretaker", "Len", "2026-11-27", "open", "Not on Mondays", ""),
        Next("paint the door", "", "", "proposed", "", ""),
    ),
    no_action="",
    heard=("mostly",),
    learnt=("slow is fine", "ask first"),
    earlier=(Next("book the hall", "Joel", "2026-11-01", "dropped", "", "it burnt down"),),
    evenness="Turns ran 60 to 110 seconds; two passed.",
    minutes=31,
)


def test_the_note_is_whole() -> None:
    """REQ-36: what was said, what happens next with owner and date, who was missing, what was learnt, and how made."""
    text = note.markdown(FULL)
    for line in (
        "# Hub partners: Ours",
        "- Held: 20 November 2026, 31 minutes",
        "- Who responds: Femi, by 15 December 2026",
        "- What taking part costs, and how it is recompensed: not stated",
        "- Words can be added until: 27 November 2026",
        "### What did we take for granted?",
        "> The key.\n> And the caretaker.",
        "- ring the caretaker (Len, by 27 November 2026) Not on Mondays.",
        "- paint the door (proposed; nobody has accepted it)",
        "the night staff\n\n- ask them (Amara, by 1 December 2026)",
        "- book the hall (Joel, by 1 November 2026): dropped, it burnt down",
        "slow is fine\n\nask first",
        "- Views held by few may be missing.",
        "- Turns ran 60 to 110 seconds; two passed.",
    ):
        assert line in text, line


def test_the_page_says_the_same() -> None:
    """Every sentence of the Markdown form stands on the page, too."""
    page = _text(note.html(FULL))
    for line in note.markdown(FULL).replace("\\", "").splitlines():
        words = line.lstrip("#->* ").rstrip("*").partition(": ")[2] or line.lstrip("#->* ").rstrip("*")
        assert words in page, words


def test_what_is_missing_is_said_and_not_left_out() -> None:
    """Where nothing was recorded, it says so in each place."""
    empty = FULL._replace(said=(), missing="", promise=(), actions=(), heard=(), learnt=(), earlier=(), evenness="")
    text = note.markdown(empty._replace(no_action="we listened"))
    assert note.NOTHING_MARKED in text
    assert "No action today: we listened" in text
    assert text.count("Nothing recorded.") == 3
    assert "What became of" not in text
    page = note.html(empty)
    assert page.count("Nothing recorded.") == 3


@pytest.mark.parametrize("field", ["group", "title", "purpose", "missing", "no_action", "responder"])
def test_words_stay_words(field: str) -> None:
    """Row 81: whatever people write is text in both forms: no markup, no escape, no direction that leaks."""
    made = FULL._replace(**{field: NASTY}, said=(Said(NASTY, NASTY, (NASTY,)),), heard=(NASTY,))
    page, text = note.html(made), note.markdown(made)
    assert "<script" not in page
    assert "\x1b" not in page + text
    assert "<script" not in text.replace("\\<", "")
    assert "](javascript" not in text.replace("\\]", "")


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    """One file, readable by anything: a language, one heading of each rank in order, no address of elsewhere."""
    page = note.html(FULL)
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert '<html lang="en-GB">' in page
    assert page.count("<h1>") == page.count("<main>") == 1


def test_limits_stand_only_where_their_owner_shared_them() -> None:
    """REQ-46: an action without a shared limit says nothing of one."""
    assert note.promised(FULL.actions[0]).endswith("Not on Mondays.")
    assert note.promised(FULL.actions[0]._replace(limits="")) == "ring the caretaker (Len, by 27 November 2026)"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def _text(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    return "".join(reader.said)
