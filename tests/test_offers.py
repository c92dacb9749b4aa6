"""Lines that begin with -> offer something, and a day at their end is read when it is one."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import offers
from tests.conftest import NOW

WHEN = datetime.fromisoformat(NOW).astimezone()  # a Friday


def test_only_lines_that_begin_with_an_arrow_offer() -> None:
    """The arrow stands first, after blanks at most; one sign for the two is as good; a line twice is one offer."""
    text = "We met -> nothing.\n-> Ring her\n  ->Ask him  \n\u2192 Write\n->\n-> \n--> no\n=> no\n-> Ring   her"
    assert offers.lines(text) == ["Ring her", "Ask him", "Write"]


def test_a_text_without_arrows_is_not_looked_at() -> None:
    """Most entries offer nothing, and that is seen at once."""
    assert not offers.may_offer("We met. Nobody asked her.")
    assert offers.lines("We met. Nobody asked her.") == []


@pytest.mark.parametrize(
    ("line", "text", "due"),
    [
        ("Ring the caretaker by Friday", "Ring the caretaker", "2026-11-27"),
        ("Ring the caretaker, by friday.", "Ring the caretaker", "2026-11-27"),
        ("Ring the caretaker (by Monday)", "Ring the caretaker", "2026-11-23"),
        ("Send it BY 1 December", "Send it", "2026-12-01"),
        ("Send it by 25/11/2026!", "Send it", "2026-11-25"),
        ("Send it by tomorrow", "Send it", "2026-11-21"),
        ("Send it by today", "Send it", "2026-11-20"),
        ("Send it by the end of the week", "Send it", "2026-11-20"),
        ("Send it by end of this month", "Send it", "2026-11-30"),
        ("Send it by the end of the year", "Send it", "2026-12-31"),
        ("Send it by the 3rd", "Send it", "2026-12-03"),
        ("Send it by the 30th", "Send it", "2026-11-30"),
        ("Send it by the 31st", "Send it", "2026-12-31"),
        ("Stand by the door by Monday", "Stand by the door", "2026-11-23"),
        ("Go there by bus", "Go there by bus", ""),
        ("Stand by Monday's decision", "Stand by Monday's decision", ""),
        ("Send it by the next meeting", "Send it by the next meeting", ""),
        ("Send it by 31 June", "Send it by 31 June", ""),
        ("Send it by 1/1/2026", "Send it by 1/1/2026", ""),
        ("Send it by the 42nd", "Send it by the 42nd", ""),
        ("By Friday", "By Friday", ""),
        ("by Friday we know", "by Friday we know", ""),
    ],
)
def test_a_day_at_the_end_is_read(line: str, text: str, due: str) -> None:
    """A day ahead that follows "by" is the day; whatever else follows it stays words."""
    assert offers.read(line, WHEN) == offers.Offered(text, due)


def test_what_is_no_day_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that can't be a day don't cost the reading of dates in words."""
    monkeypatch.setattr(offers.dates, "day", lambda *_, **__: pytest.fail("it was tried"))
    for line in ("Go there by bus", "Stand by her", "Send it by the door"):
        assert offers.read(line, WHEN).due == ""


def test_a_long_line_is_cut_at_a_word() -> None:
    """An action holds one line; what the line has more stays in its entry."""
    text = offers.read("word " * 100, WHEN).text
    assert len(text) <= offers.LONGEST
    assert text.endswith("word …")
    assert len(offers.read("x" * 500, WHEN).text) <= offers.LONGEST


@pytest.mark.parametrize(
    ("old", "new", "followed"),
    [
        (["a b c"], ["a b c"], ((), (), ())),
        ([], ["Ring her"], (("Ring her",), (), ())),
        (["Ring her"], [], ((), (), ("Ring her",))),
        (["Ring her now"], ["Ring her soon"], ((), (("Ring her now", "Ring her soon"),), ())),
        (["Ring her"], ["Book the hall"], (("Book the hall",), (), ("Ring her",))),
    ],
)
def test_an_edit_is_followed(old: list[str], new: list[str], followed: tuple[object, ...]) -> None:
    """A line in other words is that line; one that is quite another is new, and the old one gone."""
    assert offers.follow(old, new) == offers.Followed(*followed)


WORDS = st.lists(st.sampled_from(["ring", "her", "now", "book", "the", "hall"]), min_size=1, max_size=4).map(" ".join)


@given(st.lists(WORDS, unique=True, max_size=5), st.lists(WORDS, unique=True, max_size=5))
def test_every_line_is_accounted_for_once(old: list[str], new: list[str]) -> None:
    """What is new, reworded and the same make up the new lines; what is gone, reworded and the same the old ones."""
    found = offers.follow(old, new)
    same = [line for line in new if line in old]
    assert sorted([*same, *found.new, *(after for _, after in found.reworded)]) == sorted(new)
    assert sorted([*same, *found.gone, *(before for before, _ in found.reworded)]) == sorted(old)
