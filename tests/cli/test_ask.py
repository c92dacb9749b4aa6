"""`reflect ask`: a question is served."""

from __future__ import annotations

import pytest

from tests.cli.conftest import AtTerminal
from tests.conftest import Run

FIELDS = {
    "id",
    "text",
    "group_text",
    "parts",
    "theme",
    "also_themes",
    "occasions",
    "depth",
    "form",
    "source",
    "rows",
    "flags",
    "why",
}
"""What scripts may rely on (design section 5)."""


def test_says_the_time_first_then_question_source_and_reason(run: Run) -> None:
    """The minutes come before the question, its source and a few words on why this one after it."""
    question = run("--json").json["question"]
    out = run("ask").out
    assert out.startswith("1 question, about ")
    after = out.partition("minutes.")[2]
    assert after.index(question["text"]) < after.index(question["source"]["heading"]) < after.index("Why this one:")


def test_json_has_the_fields_of_the_contract(run: Run) -> None:
    """A question in JSON has every field that scripts may rely on."""
    (served,) = run("ask", "--json").json
    assert set(served) >= FIELDS
    assert set(served["source"]) == {"document", "title", "heading"}
    assert served["parts"]
    assert served["why"]


def test_first_thirteen_are_the_questions_to_consider(run: Run) -> None:
    """Unfiltered, the first 13 served are the 13 starred ones, each once, the deep one last and announced."""
    starred = {each["id"] for each in run("prompts", "list", "--starred", "--json").json}
    served = [run("ask", "--json").json[0] for _ in range(13)]
    assert {each["id"] for each in served} == starred
    assert len(starred) == 13
    assert "KF-Q32" in served[-1]["rows"]
    assert "deep" in served[-1]["why"]
    assert "skip" in served[-1]["why"]
    assert run("ask", "--json").json[0]["id"] not in starred


def test_a_sitting_has_three_questions_at_most(run: Run) -> None:
    """One to three are served at once; any other number is refused and serves nothing."""
    before = run("--json").json["question"]["id"]
    for count in ("0", "4", "-1"):
        assert run("ask", "-n", count, code=None).code in (2, 3)
    assert run("--json").json["question"]["id"] == before
    assert len(run("ask", "-n", "3", "--json").json) == 3


def test_no_near_duplicates_in_one_sitting(run: Run) -> None:
    """Through a long run of sittings, no two questions of one family are served together."""
    for _ in range(8):
        ids = [each["id"] for each in run("ask", "-n", "3", "--occasion", "engagement", "--json").json]
        assert len(ids) == len(set(ids)) == 3


def test_each_of_several_says_how_to_answer_it(run: Run) -> None:
    """With more than one question on the screen, each stands with the command that answers it."""
    before = {each["id"] for each in run("prompts", "list", "--json").json}
    out = run("ask", "-n", "3").out
    named = [line.split()[-1] for line in out.splitlines() if line.startswith("To answer: ")]
    assert len(named) == 3
    assert set(named) <= before


@pytest.mark.parametrize("theme", ["language", "voice"])
def test_theme_is_respected(run: Run, theme: str) -> None:
    """With --theme every question is about it or touches it."""
    for each in run("ask", "-n", "3", "--theme", theme, "--json").json:
        assert theme in (each["theme"], *each["also_themes"])


def test_occasion_is_respected(run: Run) -> None:
    """With --occasion, or the beginning of it, every question fits it."""
    for each in run("ask", "-n", "3", "--occasion", "before", "--json").json:
        assert "before-meeting" in each["occasions"]


@pytest.mark.parametrize("depth", ["light", "working", "deep"])
def test_depth_is_respected(run: Run, depth: str) -> None:
    """With --depth every question is of that depth."""
    assert {each["depth"] for each in run("ask", "-n", "3", "--depth", depth, "--json").json} == {depth}


def test_group_wording(run: Run) -> None:
    """--for-group shows a question in its wording for a group."""
    ran = run("ask", "--for-group", "--theme", "language")
    wanted = [each for each in run("prompts", "list", "--json").json if each["group_text"] in ran.out]
    assert len(wanted) == 1
    assert wanted[0]["group_text"] != wanted[0]["text"]
    assert wanted[0]["text"] not in ran.out


@pytest.mark.parametrize(
    ("words", "code", "known"),
    [
        (("--theme", "weather"), 4, "funding"),
        (("--occasion", "never"), 4, "after-meeting"),
        (("--depth", "abyss"), 3, "working"),
    ],
)
def test_unknown_wish_is_refused_with_those_there_are(run: Run, words: tuple[str, str], code: int, known: str) -> None:
    """A theme, occasion or depth that does not exist is refused by name, and those that exist are named."""
    ran = run("ask", *words, code=code)
    assert words[1] in ran.err
    assert known in ran.err


def test_story_question_begins_with_its_care_note(run: Run) -> None:
    """Before a question that may stir a story stands that one may stop, keep it private, or discard."""
    stories = [
        each for each in run("prompts", "list", "--occasion", "story", "--json").json if "story" in each["flags"]
    ]
    assert stories
    for each in stories:
        assert "/discard" in each["care"]
    for _ in range(40):
        out = run("ask", "--occasion", "story").out
        shown = [each for each in stories if each["text"] in out]
        if shown:
            assert out.index(shown[0]["care"]) < out.index(shown[0]["text"])
            return
    pytest.fail("no story question was served")


def test_skipping_leaves_no_trace(run: Run) -> None:
    """Questions passed over change nothing that a summary or a list shows."""
    before = run("summary", "--json").out, run("list", "--json").out
    for _ in range(4):
        run("ask", "-n", "2")
    assert (run("summary", "--json").out, run("list", "--json").out) == before


def test_at_a_terminal(at_terminal: AtTerminal) -> None:
    """At a terminal with colours the same is shown, and nothing is asked back."""
    screen = at_terminal("ask", env={"TERM": "xterm-256color"}).leave()
    assert "Why this one" in screen
    assert "reflect write" in screen
