"""What every form of a group's summary keeps; a new file in the folder is held to it the moment it exists."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import platform
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from reflect.errors import Usage
from reflect.summary import group_forms
from reflect.summary.together import CONSTANT
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import Rendered, members, text_of, unpacked

REPOSITORY = Path(__file__).parents[3]
PAGE_END = "\f"
"""What the reader of PDFs puts after each page."""

SUMMARIES = ("canal", "four", "theme marks", "hostile")


def test_unknown_form_is_refused_with_those_there_are() -> None:
    """A form that does not exist is refused, and the forms there are stand in the message."""
    with pytest.raises(Usage, match="csv, html, json"):
        group_forms.load("clay")


def test_endings_tell_forms_apart() -> None:
    """No two forms share an ending, so that -o FILE alone can choose."""
    endings = [group_forms.load(name).ENDING for name in group_forms.names()]
    assert len(set(endings)) == len(endings)


def test_reading_the_endings_loads_no_big_library() -> None:
    """Asking which forms there are is quick: no library of a form is loaded for it."""
    code = (
        "import sys; from reflect.summary import group_forms as g; [g.load(n).ENDING for n in g.names()];"
        "print([m for m in ('openpyxl', 'docx', 'jinja2', 'matplotlib', 'defusedxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("form", group_forms.names())
class TestEveryForm:
    """Held for each form by its name."""

    def test_says_what_it_is(self, form: str) -> None:
        """A form has a docstring of one line and an ending with a dot."""
        module = import_module(f"{group_forms.__name__}.{form}")
        assert module.__doc__
        assert "\n" not in module.__doc__.strip()
        assert re.fullmatch(r"\.[a-z]+", group_forms.load(form).ENDING)

    @pytest.mark.parametrize("summary", SUMMARIES)
    def test_prints_the_constant_sentence(self, form: str, summary: str, rendered: Rendered) -> None:
        """Whatever was or was not held back, the same sentence says that views may be missing (design rule 3)."""
        assert CONSTANT in text_of(form, rendered(form, summary))

    @pytest.mark.parametrize(
        ("summary", "kind", "said"),
        [
            ("canal", "draft", "Draft, for comments until 1 December 2026."),
            ("four", "final", "Final."),
            ("theme marks", "made", "Neither draft nor final: what was gathered, as it stands."),
        ],
    )
    def test_says_whether_it_is_final(self, form: str, summary: str, kind: str, said: str, rendered: Rendered) -> None:
        """A draft says so and until when it can be spoken to, a final one that it is final, before any quotation."""
        if form == "json":
            made = json.loads(rendered(form, summary))
            assert made["kind"] == kind
            assert made["comment_by"] == (canal.COMMENT_BY if kind == "draft" else None)
            return
        text = text_of(form, rendered(form, summary))
        assert said in text
        if form != "csv" and "“" in text:  # there it stands in each row, behind the quotation
            assert text.index(said) < text.index("“")
        assert [other for other in ("Draft,", "Final.", "Neither draft") if other in text] == [
            other for other in ("Draft,", "Final.", "Neither draft") if said.startswith(other)
        ]

    def test_quotations_stand_letter_for_letter(self, form: str, rendered: Rendered) -> None:
        """Every quotation of the summary stands in the form, exactly (REQ-05)."""
        text = text_of(form, rendered(form, "canal"))
        quoted = [each.text for each in canal.summary().quotations()]
        assert len(quoted) > 6
        if form == "markdown":  # prints what recurs by its name and number, without its quotation
            recurring = {matter.quotation for theme in canal.summary().themes for matter in theme.matters}
            quoted = [each.text for each in canal.summary().quotations() if each not in recurring]
        missing = [words for words in quoted if words not in text and words.replace('"', '\\"') not in text]
        assert missing == []

    def test_below_k_there_is_no_number_and_no_unagreed_word(self, form: str, rendered: Rendered) -> None:
        """A theme of two people has its name, the words one of them agreed to, and no number (design rule 3)."""
        text = text_of(form, rendered(form, "canal"))
        assert "Learning" in text
        assert "offered an excuse" in text
        assert "Nobody may read this sentence" not in text
        assert "2 people" not in text
        assert not re.search(r"Learning[^a-z]{0,40}\b2\b", text)

    def test_a_group_smaller_than_k_has_no_number_at_all(self, form: str, rendered: Rendered) -> None:
        """Of four people, nothing says that they are four (design rule 3)."""
        text = text_of(form, rendered(form, "four"))
        assert "4 people" not in text
        assert "number 0 wrote" in text
        assert "number 3 wrote" not in text

    def test_marks_without_words_show_none(self, form: str, rendered: Rendered) -> None:
        """Where people let a theme be counted and nothing be read, the form is made, with no quotation."""
        assert rendered(form, "theme marks")
        assert canal.of_theme_marks().quotations() == []

    def test_obeys_nothing_people_wrote(self, form: str, rendered: Rendered) -> None:
        """No escape or other sign that a terminal obeys is in what was made of hostile words (safety row 90)."""
        text = text_of(form, rendered(form, "hostile"))
        if form == "qdpx":  # its sources are the words as they are, for a program; the rest is for people
            text = members(rendered(form, "hostile"))["project.qde"].decode()
        assert "evil.example" in text
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text.replace(PAGE_END, ""))

    @pytest.mark.parametrize("summary", ["canal", "hostile"])
    def test_hides_nothing(self, form: str, summary: str, rendered: Rendered) -> None:
        """No contributor's id, user, host, path or exact time is in the file, also not in what it packs (row 91)."""
        made = unpacked(form, rendered(form, summary))
        for person in range(20):
            assert canal.contributor(person).encode() not in made.lower()
        assert b"09:13" not in made
        assert b"09:14" not in made
        told = (getpass.getuser(), platform.node(), str(REPOSITORY), str(Path.home()), os.environ["REFLECT_HOME"])
        found = [
            each for each in told if len(each) > 4 and each.encode() in made
        ]  # a shorter one may be part of any word
        assert found == []
        assert not re.search(rb"20[2-9]\d-\d\d-\d\dT\d\d:\d\d", made)

    def test_same_summary_same_bytes(self, form: str, rendered: Rendered) -> None:
        """Made again, elsewhere, by somebody else and in another zone, the file is the same, byte for byte."""
        made = rendered(form, "canal")
        code = (
            "import hashlib; from reflect.summary import group_forms; from tests.summary.group_forms import canal;"
            f"print(hashlib.sha256(group_forms.load({form!r}).render(canal.summary())).hexdigest())"
        )
        elsewhere = {"TZ": "Asia/Tokyo", "USER": "somebody-else", "LOGNAME": "somebody-else", "PYTHONHASHSEED": "7"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=REPOSITORY,
            env=os.environ | elsewhere,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == hashlib.sha256(made).hexdigest()
