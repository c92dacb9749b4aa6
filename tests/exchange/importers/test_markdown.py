"""Markdown files: front matter in its variants, dates in names, several entries in one file."""

from __future__ import annotations

import pytest

from tests.exchange.importers.reading import read

ZK = """---
title: Board meeting
date: 2026-11-19 15:00:00
tags: [minutes, "two words"]
---

Somebody asked who decides. #people

    code with #include
"""


def test_a_note_of_zk() -> None:
    """A title says what it is about, tags come from the list and from the words, the body stays as it is."""
    found = read("markdown", {"x7f.md": ZK})
    (entry,) = found.entries
    assert entry.text == "Somebody asked who decides. #people\n\n    code with #include"
    assert (entry.about, entry.happened_at, entry.precision) == ("Board meeting", "2026-11-19T15:00:00+00:00", "minute")
    assert set(entry.tags) >= {"minutes", "two words", "people"}
    assert found.lines == [6]


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("date: 2026-11-19", "2026-11-19T12:00:00+00:00", "day"),
        ("created: 2026-11-19T15:00", "2026-11-19T15:00:00+00:00", "minute"),
        ("date: '2026-11-19T15:00:00Z'", "2026-11-19T15:00:00+00:00", "minute"),
        ("date: 2026-07-19T23:30:00.000Z", "2026-07-20T00:30:00+01:00", "minute"),
        ("date: 2026-07-19T23:30:00-04:00", "2026-07-19T23:30:00-04:00", "minute"),
        ("date: 19/11/2026", "2026-11-19T12:00:00+00:00", "day"),
        ("date: 19 November 2026 15:00", "2026-11-19T15:00:00+00:00", "minute"),
        ("Created: [[2026-11-19]]", "2026-11-19T12:00:00+00:00", "day"),
        ("creation date: 2026-11-19 15:00", "2026-11-19T15:00:00+00:00", "minute"),
        ("date: 2026-11-19 15:00:00 +0100", "2026-11-19T15:00:00+01:00", "minute"),
        ("date: 12:30\ncreated: 2026-11-19", "refused", ""),
    ],
)
def test_dates_in_front_matter(written: str, at: str, precision: str) -> None:
    """Dates are read as these tools write them, day first; an offset that is written is kept."""
    found = read("markdown", {"a.md": f"---\n{written}\n---\nwords"})
    if at == "refused":
        assert "12:30" in found.refusals[0].why
        return
    assert [(each.happened_at, each.precision) for each in found.entries] == [(at, precision)]


def test_a_foreign_offset_has_no_zone_name() -> None:
    """Where a date has the offset of another place, the name of the own zone is not put beside it."""
    (entry,) = read("markdown", {"a.md": "---\ndate: 2026-07-19T23:30:00-04:00\n---\nwords"}).entries
    assert entry.zone == ""


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("2026-11-20.md", "2026-11-20T12:00:00+00:00"),
        ("2026_11_20.md", "2026-11-20T12:00:00+00:00"),
        ("journals/journal-2026-11-20.md", "2026-11-20T12:00:00+00:00"),
        ("2026-11-20-0915 standup.md", "2026-11-20T09:15:00+00:00"),
        ("20261120.md", "2026-11-20T12:00:00+00:00"),
    ],
)
def test_dates_in_file_names(name: str, at: str) -> None:
    """Without front matter the file's name has the day, and the first heading says what it is about."""
    (entry,) = read("markdown", {name: "# Standup\n\nwords"}).entries
    assert (entry.happened_at, entry.about, entry.text) == (at, "Standup", "# Standup\n\nwords")


def test_a_title_that_is_only_the_date_says_nothing() -> None:
    """A daily note called by its day is about nothing in particular."""
    for content in ("---\ntitle: 2026-11-20\n---\nwords", "# 20 November 2026\n\nwords", "# 2026-11-20\nwords"):
        assert read("markdown", {"2026-11-20.md": content}).entries[0].about == ""


def test_a_file_without_a_date() -> None:
    """It is refused with what would help; --file-times takes the day it was changed."""
    (refusal,) = read("markdown", {"README.md": "words"}).refusals
    assert "--file-times" in refusal.why
    (entry,) = read("markdown", {"README.md": "words"}, file_times=True).entries
    assert (entry.happened_at, entry.precision) == ("2026-05-04T12:00:00+01:00", "day")


def test_an_empty_note_stops_nothing() -> None:
    """A file without words is told, and keeps nothing else out."""
    (refusal,) = read("markdown", {"Untitled.md": "---\ntags: x\n---\n"}).refusals
    assert not refusal.stops


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("tags: a, b c", {"a", "b c"}),
        ("tags: one two", {"one", "two"}),
        ("tags: '#one #two'", {"one", "two"}),
        ("tags:\n  - one\n  - '#two'", {"one", "two"}),
        ("tags:\n- one\n- Two", {"one", "two"}),
        ("tags: [one, two]\nkeywords: three", {"one", "two", "three"}),
        ("tags: []", set()),
        ("tags:", set()),
        ("tags: no", {"no"}),
    ],
)
def test_tags_in_their_variants(tags: str, found: set[str]) -> None:
    """Lists, commas, hashes and words are all tags; `no` is a word and not a truth value (Row 32)."""
    assert set(read("markdown", {"2026-11-20.md": f"---\n{tags}\n---\nwords"}).entries[0].tags) == found


def test_what_there_is_no_place_for_is_told() -> None:
    """Other names in the front matter are counted as left out."""
    found = read("markdown", {"2026-11-20.md": "---\nmood: 7\naliases: [x]\ncssclass:\n---\nwords"})
    assert found.left_out == {"mood (front matter)": 1, "aliases (front matter)": 1}


@pytest.mark.parametrize(
    ("front", "line", "why"),
    [
        ("a: &x [1]\ntags: *x", 2, "not looked up"),
        ("date: 2026-11-20\ntags: *x", 3, "not looked up"),
        ("tags: [a", 2, "not closed"),
        ('title: "a', 2, "not closed"),
        ("no name here", 2, "no name with a value"),
        ("title: a\ntitle: b", 3, "stands twice"),
        ("tags: [[a], [b]]", 2, "list stands in a list"),
    ],
)
def test_front_matter_that_is_not_taken(front: str, line: int, why: str) -> None:
    """What YAML would look up or run together is refused with its line, never expanded (Row 31)."""
    (refusal,) = read("markdown", {"2026-11-20.md": f"---\n{front}\n---\nwords"}).refusals
    assert refusal.line == line
    assert why in refusal.why


def test_a_line_across_the_page_is_no_front_matter() -> None:
    """A file that begins with --- and never ends it is all words."""
    (entry,) = read("markdown", {"2026-11-20.md": "---\nwords: these\nand more"}).entries
    assert entry.text == "---\nwords: these\nand more"


DAILY = """# Friday

Slept badly.

## 9:15 Standup
We hurried. #team

## 14:30
- one
- two

### 2:45 pm \u2013 corridor
She said no.
"""


def test_a_daily_file_is_one_entry_unless_wished() -> None:
    """Headings with times begin entries only with --at-times: an option, not a guess."""
    assert len(read("markdown", {"2026-11-20.md": DAILY}).entries) == 1
    found = read("markdown", {"2026-11-20.md": DAILY}, at_times=True)
    assert [(each.happened_at[11:16], each.precision, each.text) for each in found.entries] == [
        ("12:00", "day", "# Friday\n\nSlept badly."),
        ("09:15", "minute", "Standup\nWe hurried. #team"),
        ("14:30", "minute", "- one\n- two"),
        ("14:45", "minute", "corridor\nShe said no."),
    ]
    assert found.entries[1].tags == ("team",)
    assert found.lines == [1, 5, 8, 12]


def test_headings_whose_time_is_none() -> None:
    """Hour 25 is refused with its line."""
    found = read("markdown", {"2026-11-20.md": "## 25:10 x\nwords\n## 8:00\nmore"}, at_times=True)
    assert [(each.line, "hour" in each.why) for each in found.refusals] == [(1, True)]
    assert len(found.entries) == 1


def test_files_that_jrnl_writes_as_yaml() -> None:
    """The front matter of jrnl is no YAML: tabs, a block for the body, three dots at the end."""
    text = (
        "---\ntitle: Met the board.\ndate: 2026-11-19 15:00\nstarred: True\ntags: sam, money\n"
        "body: |\t\t\n\tSomebody asked.\n\t\n\t- who decides\n..."
    )
    (entry,) = read("markdown", {"2026-11-19_met-the-board.md": text}).entries
    assert entry.text == "Met the board.\nSomebody asked.\n\n- who decides"
    assert entry.tags == ("money", "sam", "starred")
    assert entry.about == ""


def test_a_title_too_long_for_a_line_stays_in_the_words() -> None:
    """No word of a title is lost because it is long."""
    (entry,) = read("markdown", {"2026-11-19.md": f"---\ntitle: {'long ' * 50}\n---\nwords"}).entries
    assert entry.about == ""
    assert entry.text.endswith("long\n\nwords")


def test_an_id_is_the_key() -> None:
    """A note with an id of its own is known again by it, whatever became of its words."""
    (found,) = read("markdown", {"2026-11-19.md": "---\nid: 20261119-a\nupdated: 2026-11-20\n---\nwords"}).arrivals
    assert (found.key, found.named) == ("20261119-a", True)
    assert found.whole.revised_at == "2026-11-20T12:00:00+00:00"


def test_a_file_in_another_encoding_is_refused_by_itself() -> None:
    """One file that is no UTF-8 is one refusal with its line (Row 5)."""
    found = read("markdown", {"2026-11-19.md": "caf\u00e9".encode("latin-1"), "2026-11-20.md": "tea"})
    assert [(each.file, "line 1, byte 4" in each.why) for each in found.refusals] == [("2026-11-19.md", True)]
    assert found.texts == ["tea"]


def test_a_title_with_a_sign_that_no_text_holds() -> None:
    """A NUL sign in a title is replaced, and that is told."""
    found = read("markdown", "---\ntitle: a\0b\ndate: 2026-11-20\n---\nwords")
    assert found.entries[0].about == "a\ufffdb"
    assert found.left_out == {"NUL signs, where \ufffd stands now": 1}
