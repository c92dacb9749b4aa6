"""A file of actions comes in as plain text, TOML or JSON, whole or not at all."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.errors import NotFound, ReflectError, Refused
from reflect.exchange import handed_out
from reflect.offers import Offer
from tests.conftest import NOW

WHEN = datetime.fromisoformat(NOW).astimezone()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "actions.txt"


def read(path: Path, content: str | bytes, ending: str = ".txt") -> list[Offer]:
    """What a file of this content offers."""
    path = path.with_suffix(ending)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return handed_out.read(path, WHEN)


def test_plain_text_has_one_a_line(path: Path) -> None:
    """Arrows, bullets and boxes before a line don't count; empty lines and remarks are passed over."""
    text = "# From the check-in\n\n-> Ring her by Friday\n- Write to him\n* Book it by 1/12/2026\n[ ] Ask\nBare\n->\n"
    assert read(path, text) == [
        Offer("Ring her", "2026-11-27"),
        Offer("Write to him"),
        Offer("Book it", "2026-12-01"),
        Offer("Ask"),
        Offer("Bare"),
    ]


def test_toml_and_json_say_more(path: Path) -> None:
    """Words, day, subject and what it is for; a subject of the whole file holds where none is said."""
    toml = """
        about = "Board"
        [[action]]
        text = "Ring her by Friday"
        intended = "so that she knows"
        [[action]]
        text = "Write by Monday"
        by = "1/12/2026"
        about = "Team"
    """
    offered = [
        Offer("Ring her", "2026-11-27", "Board", "so that she knows"),
        Offer("Write by Monday", "2026-12-01", "Team"),
    ]
    assert read(path, toml, ".toml") == offered
    json = """{"format": 1, "about": "Board", "actions": [
        {"text": "Ring her by Friday", "intended": "so that she knows"},
        {"text": "Write by Monday", "by": "1/12/2026", "about": "Team"}]}"""
    assert read(path, json, ".json") == offered
    assert read(path, json) == offered, "JSON is known by how it begins, too"
    assert read(path, '["Ring her by Friday", {"text": "Write"}]') == [Offer("Ring her", "2026-11-27"), Offer("Write")]
    assert read(path, 'actions = ["Ring her"]', ".toml") == [Offer("Ring her")]
    assert read(path, "", ".toml") == read(path, "") == read(path, "[]") == []


@pytest.mark.parametrize(
    ("content", "ending", "said"),
    [
        ('[[action]]\ntxt = "x"', ".toml", "did you mean text"),
        ('[[action]]\ntext = "x"\nowner = "Ann"', ".toml", "action 1 owner: this name is not known"),
        ("[[action]]\ntext = 7", ".toml", "action 1 text"),
        ('[[action]]\ntext = ""', ".toml", "action 1 text"),
        ('[[action]]\ntext = "   "', ".toml", "no words"),
        ('[[action]]\ntext = "x"\n[[action]]\ntext = "y"\nby = "soonish"', ".toml", "action 2 of"),
        ("format = 2", ".toml", "format"),
        ("[[action]", ".toml", "no TOML"),
        ("a = " + "[" * 20_000, ".toml", "TOML|deep"),
        ('{"actions": [{"text": "x", "text": "y"}]}', ".json", "twice"),
        ('{"actions": [NaN]}', ".json", "no number"),
        ('{"actions": [{"text"', ".json", "line 1, column"),
        ("[" * 100_000, ".json", "deep"),
        ('{"actions": 7}', ".json", "actions"),
        ("7", ".json", "can't be taken"),
        ("[1" + "0" * 5_000 + "]", ".json", "can't be taken"),
        (b"caf\xe9", ".txt", "no text"),
        ("x" * 1_000_001, ".txt", "too large"),
        ('["' + "x" * 201 + '"]', ".json", "too long"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_cannot_be_taken_is_refused_by_its_place(path: Path, content: str | bytes, ending: str, said: str) -> None:
    """Rows 24, 25, 33, 34: file, record and field are named, and nothing of the file is taken."""
    with pytest.raises(Refused, match=said) as refused:
        read(path, content, ending)
    assert str(path.with_suffix("")) in str(refused.value)
    assert refused.value.exit_code == 3


def test_what_is_no_file_is_named_before_it_is_read(tmp_path: Path) -> None:
    """Row 26: a missing file, a folder and a pipe without end are named, and nobody waits."""
    with pytest.raises(NotFound):
        handed_out.read(tmp_path / "none.txt", WHEN)
    with pytest.raises(Refused, match="is no file"):
        handed_out.read(tmp_path, WHEN)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(Refused, match="is no file"):
            handed_out.read(tmp_path / "pipe", WHEN)


@given(
    st.one_of(st.binary(max_size=80), st.text(max_size=80).map(str.encode)), st.sampled_from([".txt", ".toml", ".json"])
)
def test_any_bytes_are_taken_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str) -> None:
    """Whatever is in a file, it becomes actions that can be stored, or a refusal of ours."""
    try:
        found = read(tmp_path_factory.mktemp("x") / "a.txt", content, ending)
    except ReflectError:
        return
    for each in found:
        assert each.text.strip()
        assert "\n" not in each.text
        assert len(each.text) <= 202
