"""Any Unicode text survives being written and read again, letter for letter, apart from the documented changes."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reflect import config, fields, intake
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.summary.formats import json as summary_json
from tests.conftest import NOW, Run
from tests.test_intake import as_documented

LETTERS = st.characters(exclude_categories=["Cs"])
ODD = [*"ab \n\r\t\0\x1b\x1e\x1f\u0085\u2028\u202e\u2069\ufeff\ue000\ue001.!?”😀\u0301"]
CUES = ["who", "pays", "funding", "\x1f", "\x1e", " ", "\n", ". ", "power", "dynamics", "”", "steering group"]
TEXT = st.one_of(
    st.text(LETTERS, min_size=1, max_size=200),
    st.lists(st.sampled_from(ODD), min_size=1, max_size=40).map("".join),
    st.lists(st.sampled_from(CUES), min_size=2, max_size=30).map("".join),
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Journal:
    """One journal for all examples."""
    home = tmp_path_factory.mktemp("round") / "home"
    return Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="test")


def parsed(made: object) -> Any:
    """What a script reads of what was written for it."""
    return json.loads(json.dumps(made, ensure_ascii=False))


@given(TEXT)
@settings(max_examples=150)
@example("steering\x1fgroup who\x1epays")
@example("\ufeffmarked")
@example("\ue000private\ue001 use")
@example("İstanbul ﬁ ẞ ŉ funding ǰ")
@example("a\u2028b\r\nc\rd\u0085e")
@example("{}[]\"'\\ \u0000 null")
@example("\U0010ffff\ufffe\uffff")
def test_any_text_survives_in_every_form(shelf: Journal, text: str) -> None:
    """What is stored is the text with its documented changes; list, search and summary JSON hold just that."""
    wanted = as_documented(text)
    assume(wanted.strip())
    entry = shelf.write(intake.from_text(text), Details(about="Board")).entry
    try:
        assert entry.text == wanted
        assert shelf.entry(entry.id) == entry
        (listed,) = (parsed(fields.entry(each)) for each in shelf.find(Filters()))
        assert listed["text"] == wanted
        word = re.search(r"[a-zA-Z]{2,}", wanted)
        if word:
            hits = [parsed(fields.entry(each.entry))["text"] for each in shelf.search(word[0], Filters())]
            assert hits in ([wanted], [])
        assert [each.entry.text for each in shelf.search("Board", Filters())] == [wanted]
        made = shelf.summary(Filters())
        shelf.check_summary(made)
        read = json.loads(summary_json.render(made))
        excerpts = [*read["not_placed"], *(each for theme in read["themes"] for each in theme["excerpts"])]
        assert excerpts
        for excerpt in excerpts:
            assert wanted[excerpt["start"] : excerpt["end"]] == excerpt["text"]
            assert excerpt["text"].strip()
        changed = shelf.edit(entry, intake.from_text(wanted + "!"))
        assert changed
        assert [each.text for each in shelf.versions(changed)] == [wanted, wanted + "!"]
    finally:
        shelf.erase(shelf.entry(entry.id))
    assert shelf.size() == 0


HANDFUL = [
    "Plain words.",
    "Ünïcödé “quotes” – dashes… ★ 東京 עברית العربية हिन्दी",
    "Emoji \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1ec\U0001f1e7 e\u0301\u0323",
    "  leading blanks\n\n\n\tand tabs  \n  trailing blanks  ",
    "escapes \x1b[31m \x07 \x9b \x08 and separators \x1c\x1d\x1e\x1f \x0b\x0c",
    "bidi \u202e \u2067 \u2069 \u200f and invisible \u200b\u2060\u00ad\ufeff",
    "private \ue000 use \ue001 and last \U0010ffff \uffff",
    "[bold]markup[/bold] :cow: <b>html</b> `code` *md* _md_ # no heading",
    "\ufeff a mark at the beginning is a mark of the encoding",
]


@pytest.mark.parametrize("text", HANDFUL, ids=lambda text: ascii(text)[:24])
def test_the_command_returns_what_it_was_given(run: Run, text: str, tmp_path: Path) -> None:
    """Through real processes, pipes and files: show --raw, list, show, search and summary have the very words."""
    wanted = text.removeprefix("\ufeff").strip("\n")
    entry = run("write", "-", "--about", "heliotrope", "--json", stdin=text.encode()).json
    assert entry["text"] == wanted
    assert run("show", entry["id"], "--raw").out == wanted
    assert run("show", entry["id"], "--json").json == entry | {"layers": [], "actions": []}
    del entry["meeting"]  # which only one entry by itself names
    assert run("list", "--json").json == [entry]
    found = run("search", "heliotrope", "--json").json
    assert [each["text"] for each in found] == [wanted]
    path = tmp_path / "summary.json"
    run("summary", "-o", str(path))
    made = json.loads(path.read_text(encoding="utf-8"))
    assert made == run("summary", "--format", "json").json
    for excerpt in [*made["not_placed"], *(each for theme in made["themes"] for each in theme["excerpts"])]:
        assert wanted[excerpt["start"] : excerpt["end"]] == excerpt["text"]
    env = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    assert run("show", entry["id"], "--json", env=env).json["text"] == wanted
    assert run("show", entry["id"], "--raw", env=env).out == wanted
