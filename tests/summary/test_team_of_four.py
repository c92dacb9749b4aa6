"""A team of four, whose numbers begin at five: what its summary holds, and what it does not."""

from __future__ import annotations

import re

import pytest

from reflect.summary import group_forms, pack
from reflect.summary.together import CONSTANT, GroupSummary
from tests.summary import docx_parts
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import text_of

SAID = {
    0: ("The rota came out on Friday for the Monday.", "funding", "", "the rota a week ahead"),
    1: ("Since we swapped shifts by ourselves nobody has rung me at night.", "funding", "gain", ""),
    2: ("We lost the hour in which we sat down together.", "voice", "loss", ""),
    3: ("I like the rota as it is, because it asks nothing of me.", "funding", "differs", ""),
    4: ("Nobody asked who wanted the early shift.", "voice", "", ""),
}
KEPT = "This one I did not agree to, and it is about the funding, too."


@pytest.fixture(scope="module")
def made() -> GroupSummary:
    """The final summary of four people, who agreed to all of their passages but one."""
    agreed = [
        canal.gathered(number, number % 4, words, theme, stance=stance, leads_to=leads_to, alone_ok=True)
        for number, (words, theme, stance, leads_to) in SAID.items()
    ]
    return canal.summary(standing=[*agreed, canal.gathered(9, 3, KEPT, "funding")], kind="final")


def test_what_it_holds(made: GroupSummary) -> None:
    """Every theme with an agreed passage, gains, losses and differing views, questions, objections and the method."""
    page = group_forms.load("markdown").render(made).decode()
    for words, *_ in SAID.values():
        assert f"> {words}" in page
    funding, voice = (page.split(f"## {name}\n")[1].split("\n## ")[0] for name in ("Funding", "Voice"))
    assert "should lead to: the rota a week ahead" in funding
    assert SAID[1][0] in funding.split("### Gains")[1].split("### Differing")[0]
    assert SAID[3][0] in funding.split("### Differing views")[1]
    assert SAID[2][0] in voice.split("### Losses")[1]
    for heading in ("Questions for the session", "What was said to the draft", "How it was made"):
        assert f"## {heading}\n" in page
    assert "Not heard from: the night staff" in page
    assert CONSTANT in page


@pytest.mark.parametrize("form", [name for name in group_forms.names() if name != "pdf"])
def test_what_it_does_not_hold(made: GroupSummary, form: str) -> None:
    """Rule 3: no number of people, nothing that recurs or stands out, no occasion, site, chart or unagreed word."""
    text = text_of(form, group_forms.load(form).render(made))
    assert SAID[0][0] in text
    assert not re.search(r"\b[1-4] people", text)
    for never in (
        KEPT,
        "What recurs:",
        "Words that stand out",
        "after a meeting",
        "after-meeting",
        "North",
        "South",
        "<svg",
        "Bar chart",
    ):
        assert never not in text, never
    assert made.entries is None
    assert made.cells == ()


def test_a_session_can_be_held_with_it(made: GroupSummary) -> None:
    """The handout has its themes with their passages, the hour's steps and room to decide; the host's sheet, too."""
    files = pack.files(made)
    handout = docx_parts.text(files[pack.HANDOUT])
    assert all(words in handout for words, *_ in SAID.values() if words not in (SAID[1][0], SAID[2][0]))
    assert "What we need to decide" in handout
    assert "- Funding\n- Voice\n" in files[pack.HOST].decode()
