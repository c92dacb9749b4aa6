"""The discussion pack: handout, summary, host's sheet and data, all of one summary."""

from __future__ import annotations

import re
from dataclasses import replace

from reflect.summary import group_forms, hour, pack
from reflect.summary.group_forms import word
from reflect.summary.together import CONSTANT
from tests.summary import docx_parts, hub
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import golden


def sheet(**agreed: object) -> str:
    """Return the host's sheet."""
    return pack.host_sheet(hub.summary(**agreed)).decode()


def test_a_pack_holds_what_a_session_needs() -> None:
    """Handout, summary, host's sheet and data, each as its own form makes it."""
    made = hub.summary()
    files = pack.files(made)
    assert list(files) == ["handout.docx", "summary.docx", "host-sheet.md", "data.csv", "data.json"]
    assert files["handout.docx"] == word.handout(made)
    assert files["summary.docx"] == word.render(made)
    assert files["data.csv"] == group_forms.load("csv").render(made)
    assert files["data.json"] == group_forms.load("json").render(made)


def test_the_hosts_sheet() -> None:
    """It stands as in the golden file."""
    made = pack.host_sheet(canal.summary()).decode()
    assert made == golden("host-sheet.md", made)


def test_each_file_can_be_made_again_on_its_own() -> None:
    """By its name, a file of the pack is made with the same bytes as in the pack."""
    made = hub.summary()
    assert {name: pack.file(name, made) for name in pack.files(made)} == pack.files(made)


def test_the_handout_of_a_pack_is_only_the_handout() -> None:
    """It has the handout's sections and not the full summary's."""
    found = [text for level, text in docx_parts.headings(pack.files(hub.summary())["handout.docx"]) if level == 1]
    assert found == ["What we wrote", "Our session: 60 minutes", "What we need to decide"]


def test_host_and_group_have_the_same_hour() -> None:
    """The host's agenda has the handout's steps and minutes; it begins in quiet and closes at sixty minutes."""
    made = hub.summary()
    rows = [row.split(" | ") for row in sheet().splitlines() if re.match(r"\| \d", row)]
    assert [(int(row[1]), row[2].removesuffix(" |")) for row in rows] == [
        (step.minutes, step.name) for step in hour.steps(made)
    ]
    assert [int(row[0].strip("| ")) for row in rows] == [
        sum(step.minutes for step in hour.steps(made)[:at]) for at in range(len(rows))
    ]
    assert rows[0][2].startswith("Read and write, quietly")
    handout = docx_parts.read(word.handout(made)).tables[0]
    assert [row.cells[0].text for row in handout.rows[1:]] == [row[1] for row in rows]


def test_the_host_is_told_what_to_read_out() -> None:
    """How it was made, who has not been heard from and the constant sentence stand under 'To read out' (REQ-24)."""
    said = sheet().split("## To read out")[1].split("## ")[0]
    for sentence in hub.summary().method:
        assert sentence in said
    assert "Not heard from: the night staff" in said
    assert CONSTANT in said


def test_the_sheet_has_one_challenge_an_empty_chair_actions_and_a_close() -> None:
    """Each stands there once, with what the host does (REQ-29)."""
    said = sheet()
    for heading in ("A question that tests what we assume", "The empty chair", "What we need to decide", "Close"):
        assert len(re.findall(rf"^### \d+\. {heading} ", said, re.MULTILINE)) == 1
    assert "passing is fine" in said
    assert "You answer the same questions as everybody." in said


def test_a_question_that_may_stir_a_story_is_asked_with_care() -> None:
    """The host says first that it may touch a story, and only before such questions."""
    made = hub.summary()
    stirring = sum(bool(prompt.care) for prompt in made.questions)
    assert stirring
    assert sheet().count("this may touch your own story") == stirring


def test_the_sheet_shows_no_number_that_the_summary_does_not() -> None:
    """Below k a theme of the handout has its name only; a group below k has no count at all."""
    picked = pack.host_sheet(hub.summary(replace(hub.WANTED, handout_themes=("learning", "roles")))).decode()
    assert "- Learning together\n- Roles: 8 people wrote\n" in picked
    small = sheet(fewest=21).replace("fewer than 21 people", "").replace("Fewer than 21 people", "")
    assert not re.search(r"\d+ (people|or more)", small)


def test_words_of_the_group_cannot_become_markup() -> None:
    """A name or purpose that looks like Markdown or HTML is shown as it was written."""
    said = sheet(name="# <b>Hub</b> | *x*", purpose="`code`")
    assert said.startswith("# Host's sheet: \\# \\<b\\>Hub\\</b\\> \\| \\*x\\*\n")
    assert "- What for: \\`code\\`" in said


def test_the_same_summary_gives_the_same_pack() -> None:
    """Made twice, every file is equal to the last byte."""
    assert pack.files(hub.summary()) == pack.files(hub.summary())
