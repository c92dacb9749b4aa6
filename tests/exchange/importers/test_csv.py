"""CSV with a header: columns by name, dates day first, sheets as programs save them."""

from __future__ import annotations

import pytest

from reflect.errors import Refused, Usage
from tests.exchange.importers.reading import read

DAYLIO = (
    "\ufefffull_date,date,weekday,time,mood,activities,note_title,note\r\n"
    '2026-11-19,19 Nov,Thursday,18:15,good,"work | family","Board","We said ""no"".\nAnd left."\r\n'
    "2026-11-20,20 Nov,Friday,08:00,meh,,,Tired.\r\n"
)


def test_daylio() -> None:
    """Daylio's columns are known: day and time, activities as tags, the title as what it is about."""
    found = read("csv", DAYLIO)
    first, second = found.entries
    assert first.text == 'We said "no".\nAnd left.'
    assert (first.happened_at, first.about, first.tags) == ("2026-11-19T18:15:00+00:00", "Board", ("family", "work"))
    assert (second.text, second.tags) == ("Tired.", ())
    assert found.lines == [2, 4]
    assert found.left_out == {"column 'date'": 2, "column 'weekday'": 2, "column 'mood'": 2}
    assert "date from 'full_date'" in found.remarks[0]


CPD = "Date;Activity;Hours;Learning;Impact\n03/04/2026;Course;3,5;Listening;I ask first\n13/04/2026;Talk;1;;\n"


def test_a_log_of_one_s_own_with_a_mapping() -> None:
    """Columns are mapped by name, several to the words; dates are day first; the rest is told as left out."""
    columns = (("text", "activity"), ("text", "Learning"), ("text", "Impact"))
    found = read("csv", CPD, columns=columns)
    assert found.texts == ["Activity: Course\n\nLearning: Listening\n\nImpact: I ask first", "Activity: Talk"]
    assert [each.happened_at[:10] for each in found.entries] == ["2026-04-03", "2026-04-13"]
    assert {each.precision for each in found.entries} == {"day"}
    assert found.left_out == {"column 'Hours'": 2}


def test_dates_with_the_month_first() -> None:
    """When told so, 03/04 is the fourth of March."""
    found = read("csv", "date,content\n03/04/2026,one\n11/21/2026,two\n", month_first=True)
    assert [each.happened_at[:10] for each in found.entries] == ["2026-03-04", "2026-11-21"]


def test_dates_that_can_only_be_month_first_are_not_guessed() -> None:
    """A file whose dates read only with the month first is refused with the line and the option."""
    with pytest.raises(Refused, match="day first") as refused:
        read("csv", "date,content\n03/04/2026,one\n11/21/2026,two\n")
    assert refused.value.where == "file, line 3"
    assert refused.value.next_step == "add --month-first"


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("20/11/2026", "2026-11-20T12:00:00"),
        ("20.11.2026 15:30", "2026-11-20T15:30:00"),
        ("20 Nov 2026", "2026-11-20T12:00:00"),
        ("2026-11-20T15:30:00Z", "2026-11-20T15:30:00"),
        ("20/11/26", "2026-11-20T12:00:00"),
        ("Friday, 20 November 2026", "2026-11-20T12:00:00"),
    ],
)
def test_forms_of_dates(written: str, at: str) -> None:
    """Dates are read as spreadsheets write them."""
    assert read("csv", f'date,text\n"{written}",one\n').entries[0].happened_at[:19] == at


def test_a_bad_row_is_named_by_line_and_cell() -> None:
    """A row with a day that is none is refused with the line it begins on; the others can be read (Row 29)."""
    found = read("csv", 'date,text\n2026-11-19,"a\nb"\n2026-02-30,c\nsoon,d\n,e\n2026-11-20,f,extra\n2026-11-20,\n')
    assert [(each.line, each.stops) for each in found.refusals] == [
        (4, True),
        (5, True),
        (6, True),
        (7, True),
        (8, False),
    ]
    assert found.texts == ["a\nb"]


def test_times_may_have_several_forms() -> None:
    """A time is read in whichever form its row has it; one that is none is refused."""
    found = read("csv", "date,time,text\n2026-11-20,15:15,a\n2026-11-20,3:16\u202fpm,b\n2026-11-20,25:00,c\n")
    assert [each.happened_at[11:16] for each in found.entries] == ["15:15", "15:16"]
    assert [each.line for each in found.refusals] == [4]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_are_found(separator: str) -> None:
    """Commas, semicolons and tabs part cells, and commas inside quotation marks do not."""
    content = f'"date, of day"{separator}text\n2026-11-19{separator}"one, two; three"\n'
    assert read("csv", content, columns=(("date", "date, of day"),)).texts == ["one, two; three"]


def test_a_separator_that_is_stated() -> None:
    """The hint that some spreadsheets put first is heeded, and lines are counted with it."""
    found = read("csv", "sep=|\ndate|text\n2026-11-19|one\n")
    assert (found.texts, found.lines) == (["one"], [3])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("when happened,said\n2026-11-19,x\n", "no column was found for the date"),
        ("date,said\n2026-11-19,x\n", "no column was found for the text"),
    ],
)
def test_a_column_that_is_missing(content: str, why: str) -> None:
    """Without a date or words the columns there are get listed."""
    with pytest.raises(Refused, match=why) as refused:
        read("csv", content)
    assert "'said'" in refused.value.why


def test_mapping_to_what_is_not_there() -> None:
    """An unknown column, and an unknown field, are named."""
    with pytest.raises(Refused, match="no column 'Nope'"):
        read("csv", DAYLIO, columns=(("text", "Nope"),))
    with pytest.raises(Usage, match="can't be mapped to 'mood'"):
        read("csv", DAYLIO, columns=(("mood", "mood"),))


def test_a_table_that_breaks_off() -> None:
    """A quotation mark that is never closed is refused with its line (Row 24)."""
    with pytest.raises(Refused, match="no table") as refused:
        read("csv", 'date,text\n2026-11-19,one\n2026-11-20,"two\n')
    assert "line 3" in refused.value.where


def test_a_very_long_cell() -> None:
    """A cell of a million letters is read whole."""
    assert len(read("csv", f"date,text\n2026-11-19,{'word ' * 200_000}\n").texts[0]) == 1_000_000


def test_an_id_column_is_the_key() -> None:
    """Rows with an id are known again by it."""
    (found,) = read("csv", "id,date,text\nr-1,2026-11-19,one\n").arrivals
    assert (found.key, found.named) == ("r-1", True)


def test_an_empty_table() -> None:
    """A header alone, or nothing, holds no entries."""
    assert read("csv", "date,text\n").entries == []
    assert read("csv", "").entries == []
