"""jrnl's text files: which lines begin an entry, and what stays as it was typed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.errors import Refused
from tests.exchange.importers.reading import read

TWO = """[2026-11-19 15:00] Met the board. They listened.
Somebody asked who decides. @sam #money

[2026-11-20 09:30] Short one *
"""


def test_entries_with_title_body_tags_and_star() -> None:
    """An entry is its title and body as they stand, with its local minute, its tags, and its star as a tag."""
    found = read("jrnl", TWO)
    first, second = found.entries
    assert first.text == "Met the board. They listened.\nSomebody asked who decides. @sam #money"
    assert (first.happened_at, first.zone, first.precision) == ("2026-11-19T15:00:00+00:00", "Europe/London", "minute")
    assert first.written_at == first.happened_at
    assert first.tags == ("money", "sam")
    assert (second.text, second.tags) == ("Short one", ("starred",))
    assert found.lines == [1, 4]
    assert found.remarks == ["Dates were read as %Y-%m-%d %H:%M."]


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        ("[2024-01-02 10:00] please call back", "right below other words"),
        ("\n[2024-01-02 10:00] please call back", "earlier than its entry, after an empty line"),
        ("\n[2031-01-02 10:00] annual review", "in the future, after an empty line"),
        ("\n[see notes] and [x] done", "no date at all"),
        ("\n[02/01/2024 10:00] in another form", "a date of another form"),
    ],
)
def test_a_bracketed_date_inside_a_body_stays_there(body: str, taken: str) -> None:
    """A line of a body that looks like the beginning of an entry is words, and it is told."""
    found = read(
        "jrnl", f"[2026-11-18 08:00] One.\n{body}\nmore\n\n[2026-11-19 09:00] Two.\n\n[2026-11-20 10:00] Three."
    )
    assert [text.partition("\n")[0] for text in found.texts] == ["One.", "Two.", "Three."], taken
    assert body.strip() in found.texts[0]
    assert found.texts[0].endswith("more")
    if "20" in body:
        assert "1 bracketed date was found inside an entry" in found.remarks[1]
        assert "--every-date" in found.remarks[1]


def test_every_date_can_begin_an_entry() -> None:
    """With --every-date each line that begins with a date is an entry, wherever it stands."""
    text = "[2026-11-18 08:00] One.\n[2024-01-02 10:00] please call back\n\n[2026-11-20 10:00] Three."
    assert len(read("jrnl", text, every_date=True).entries) == 3


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (("11/20/2026 15:00", "11/21/2026 09:30"), ("2026-11-20", "2026-11-21")),
        (("03/04/2026 15:00", "03/25/2026 09:30"), ("2026-03-04", "2026-03-25")),
        (("03/04/2026 15:00", "03/05/2026 09:30"), ("2026-04-03", "2026-05-03")),
        (("11/20/2026 03:00:00 PM", "11/21/2026 09:30:00 AM"), ("2026-11-20", "2026-11-21")),
    ],
)
def test_the_month_comes_first_only_where_the_day_can_not(dates: tuple[str, ...], days: tuple[str, ...]) -> None:
    """Dates are read day first, unless more of them are days with the month first; how is told."""
    found = read("jrnl", "\n\n".join(f"[{each}] Words." for each in dates))
    assert tuple(each.happened_at[:10] for each in found.entries) == days
    assert found.refusals == []
    assert found.remarks[0].startswith(f"Dates were read as {'%m/%d' if days[0].endswith(dates[0][3:5]) else '%d/%m'}")


def test_a_file_that_jrnl_did_not_sort_has_all_its_entries() -> None:
    """Newest first, as somebody may keep it by hand, is an order too: no entry is swallowed by another."""
    text = "\n\n".join(f"[2026-11-{day:02} 08:00] Day {day}." for day in range(20, 10, -1))
    assert read("jrnl", text).texts == [f"Day {day}." for day in range(20, 10, -1)]


def test_files_put_one_behind_the_other_have_all_their_entries() -> None:
    """Where the dates begin anew and go on in order, another file was put there; a date between others is a quotation.

    Nothing is swallowed, whichever of the files is the longer one.
    """
    new = [f"[2026-{month:02}-11 08:00] New {month}.\n\n[2024-01-02 10:00] quoted" for month in range(1, 4)]
    new += [f"[2026-{month:02}-11 08:00] New {month}." for month in range(4, 10)]
    old = [f"[2025-0{month}-11 08:00] Old {month}." for month in range(1, 7)]
    for parts in (new + old, old + new):
        found = read("jrnl", "\n\n".join(parts))
        assert len(found.entries) == len(parts)
        assert sum(text.startswith("Old") for text in found.texts) == len(old)
        assert "3 bracketed dates were found inside an entry" in found.remarks[1]


def test_dates_with_and_without_an_offset_stand_in_one_file() -> None:
    """A date with an offset is that very moment, one without is the clock's."""
    found = read("jrnl", "[2026-11-18T08:00+00:00] One.\n\n[2026-11-19 08:00] Two.\n\n[2026-11-20T08:00+02:00] Three.")
    assert [each.happened_at[11:] for each in found.entries] == ["08:00:00+00:00", "08:00:00+00:00", "08:00:00+02:00"]


def test_entries_that_nothing_parts() -> None:
    """A file in which no empty line stands between entries is read by its dates alone."""
    text = "\n".join(f"[2026-11-{day:02} 08:00] Day {day}." for day in range(1, 9))
    assert len(read("jrnl", text).entries) == 8


def test_words_stay_letter_for_letter() -> None:
    r"""Backslashes, addresses and markdown are words: C:\notes\new breaks no line, a@b.com is no tag."""
    text = "[2026-11-18 08:00] See C:\\notes\\new and a@b.com.\n\n  - indented **bold**\n\n\tcode [x]"
    (entry,) = read("jrnl", text).entries
    assert entry.text == "See C:\\notes\\new and a@b.com.\n\n  - indented **bold**\n\n\tcode [x]"
    assert entry.tags == ()


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("@sam", ("sam",)),
        ("a @sam,b", ("sam",)),
        ("(@sam)", ()),
        ("x@sam y#z", ()),
        ("#a/b #c+d @e-f", ("a/b", "c+d", "e-f")),
        ("#Ça #ça", ("ça",)),
        ("end #", ()),
        ("##double", ("#double".lstrip("#"),)),
    ],
)
def test_tags_are_those_that_jrnl_sees(words: str, tags: tuple[str, ...]) -> None:
    """A tag is a symbol at a line's start or after a blank, and letters with some signs after it."""
    assert read("jrnl", f"[2026-11-18 08:00] {words}").entries[0].tags == tags


def test_tags_with_a_symbol_of_ones_own() -> None:
    """--tag-symbols names what jrnl was told to use."""
    (entry,) = read("jrnl", "[2026-11-18 08:00] +one @two", tag_symbols="+").entries
    assert entry.tags == ("one",)


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("2026-11-20 03:00:00 PM", "2026-11-20T15:00:00"),
        ("2026-11-20 12:05:00 AM", "2026-11-20T00:05:00"),
        ("2026-11-20 03:00:00 p.m.", "2026-11-20T15:00:00"),
        ("2026-11-20T15:00", "2026-11-20T15:00:00"),
        ("20/11/2026 15:00", "2026-11-20T15:00:00"),
        ("3.4.2026 15:00", "2026-04-03T15:00:00"),
        ("Fri 20 Nov 2026 15:00", "2026-11-20T15:00:00"),
        ("November 20, 2026 15:00", "2026-11-20T15:00:00"),
        ("2026-11-20", "2026-11-20T12:00:00"),
    ],
)
def test_dates_in_other_forms(stamp: str, at: str) -> None:
    """The form of the dates is guessed, day first, and told; a bare day is put at noon."""
    found = read("jrnl", f"[{stamp}] One.\n")
    assert found.entries[0].happened_at[:19] == at
    assert found.entries[0].precision == ("minute" if ":" in stamp else "day")
    assert found.remarks[0].startswith("Dates were read as %")


def test_a_stated_form_wins() -> None:
    """--time-format says how dates are written, month first included."""
    (entry,) = read("jrnl", "[03/04/2026 10:00] One.", time_format="%m/%d/%Y %H:%M").entries
    assert entry.happened_at.startswith("2026-03-04")


def test_a_file_of_two_forms() -> None:
    """Where a good part of the dates has a second form, both are read."""
    text = "\n\n".join(
        f"[2026-11-{day:02} 08:00] A." if day % 2 else f"[{day:02}/11/2026 08:00] B." for day in range(1, 11)
    )
    assert len(read("jrnl", text).entries) == 10


def test_the_first_version_had_no_brackets() -> None:
    """A file of jrnl 1 is read by the dates its lines begin with, and it is told."""
    found = read("jrnl", "2013-01-01 09:00 New year.\nbody\n\n2013-01-02 10:00 Next.\n")
    assert found.texts == ["New year.\nbody", "Next."]
    assert "first version" in found.remarks[1]


def test_a_folder_of_days() -> None:
    """In jrnl's folders the path names the day, whatever the date inside says."""
    found = read(
        "jrnl", {"2026/11/20.txt": "[2026-11-19 09:00] One.\n\n[2026-11-19 10:00] Two.", "2026/11/21.txt": "[15:30] T."}
    )
    assert [each.happened_at[:16] for each in found.entries] == [
        "2026-11-20T09:00",
        "2026-11-20T10:00",
        "2026-11-21T15:30",
    ]


@pytest.mark.parametrize("content", [b"JRNLv3\x00\x01", b"gAAAAABk"])
def test_an_encrypted_journal_is_named(content: bytes) -> None:
    """What only jrnl can open is refused with how to open it."""
    with pytest.raises(Refused, match="encrypted") as refused:
        read("jrnl", content)
    assert "jrnl --decrypt" in refused.value.next_step


@pytest.mark.parametrize(
    ("stamp", "why"), [("2024-02-30 10:00", "day"), ("2024-01-01 25:00", "hour"), ("0000-01-01 10:00", "year")]
)
def test_a_day_that_does_not_exist_is_refused_with_its_line(stamp: str, why: str) -> None:
    """30 February, hour 25 and year 0 are refused by name and line (Row 29)."""
    found = read("jrnl", f"[2023-01-01 10:00] One.\n\n[{stamp}] Two.\n\n[2026-01-01 10:00] Three.")
    (refusal,) = found.refusals
    assert (refusal.line, refusal.stops) == (3, True)
    assert stamp in refusal.why
    assert why in refusal.why
    assert len(found.entries) == 2


@pytest.mark.parametrize("stamp", ["1899-01-01 10:00", "2200-01-01 10:00"])
def test_a_year_out_of_reach_is_refused(stamp: str) -> None:
    """Years before 1900 and after 2199 are no journal's (Row 29)."""
    (refusal,) = read("jrnl", f"[{stamp}] One.").refusals
    assert "years go from 1900 to 2199" in refusal.why


def test_words_before_the_first_date_are_refused() -> None:
    """Words that belong to no entry are told with their line, never dropped in silence."""
    (refusal,) = read("jrnl", "\nstray words\n\n[2026-11-18 08:00] One.").refusals
    assert (refusal.line, refusal.stops) == (2, True)


def test_a_file_without_entries_is_refused() -> None:
    """Another kind of text is not taken for one entry dated now, as jrnl itself does."""
    with pytest.raises(Refused, match="no entry was found"):
        read("jrnl", "Dear diary,\nnothing here has a date.")


def test_an_empty_file_holds_nothing() -> None:
    """An empty file is read: it has no entries."""
    found = read("jrnl", "\n")
    assert (found.entries, found.refusals) == ([], [])


def test_one_bad_file_of_many_is_refused_by_itself() -> None:
    """In a folder a file that can't be read is one refusal, and the others are read."""
    found = read("jrnl", {"a.txt": TWO, "readme.txt": "no dates", "old.txt": b"JRNLv3 x"})
    assert len(found.entries) == 2
    assert {each.file for each in found.refusals} == {"readme.txt", "old.txt"}


def test_line_ends_of_other_systems() -> None:
    """A file from Windows is read as the same words, lines counted alike (Row 6)."""
    assert read("jrnl", TWO.replace("\n", "\r\n").encode("utf-16")).texts == read("jrnl", TWO).texts
    assert read("jrnl", TWO.replace("\n", "\r\n")).lines == [1, 4]


def test_the_clocks_leap() -> None:
    """A time that the clocks leap over is moved behind the leap; one that comes twice is taken the first time."""
    found = read("jrnl", "[2026-03-29 01:30] Leapt.\n\n[2026-10-25 01:30] Twice.")
    assert [each.happened_at for each in found.entries] == ["2026-03-29T02:30:00+01:00", "2026-10-25T01:30:00+01:00"]


def test_the_same_entry_has_the_same_key() -> None:
    """Keys come from the minute and the words; two alike in one file stay two, and a copy of the file adds none."""
    twice = "[2026-11-18 08:00] Same.\n\n[2026-11-18 08:00] Same.\n"
    first, second = read("jrnl", twice).arrivals
    assert first.key != second.key
    assert [each.key for each in read("jrnl", {"a": twice, "b": twice}).arrivals] == [first.key, second.key] * 2
    assert read("jrnl", twice).arrivals[0].key == first.key


first_day, last_day = map(datetime.fromisoformat, ("2000-01-01", "2026-11-20"))
moments = st.datetimes(first_day, last_day).map(lambda moment: moment.replace(second=0, microsecond=0))
lines = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=30)
first_lines = lines.map(str.strip).filter(lambda line: line and not line.endswith("*"))


@given(st.lists(st.tuples(moments, first_lines, st.lists(lines, max_size=5)), min_size=1, max_size=6))
def test_whatever_is_written_is_read(written: list[tuple[datetime, str, list[str]]]) -> None:
    """For all sorted journals, as jrnl keeps them: each entry is found with its minute and its very words."""
    found = sorted(written, key=lambda each: each[0])
    text = "".join(
        f"[{moment:%Y-%m-%d %H:%M}] " + "\n".join([first, *body]).rstrip() + "\n\n" for moment, first, body in found
    )
    got = read("jrnl", text)
    assert [each.text for each in got.entries] == ["\n".join([first, *body]).rstrip() for _, first, body in found]
    shift = timedelta(hours=2)
    for entry, (moment, _, _) in zip(got.entries, found, strict=True):
        assert abs(datetime.fromisoformat(entry.happened_at).replace(tzinfo=None) - moment) < shift
