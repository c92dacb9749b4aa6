"""Charts: only numbers the summary shows, each with its message, its words and its table."""

from __future__ import annotations

import io
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from reflect.summary import charts
from reflect.summary.protect import Shown
from reflect.summary.together import GroupSummary
from tests.summary import hub
from tests.summary.group_forms import canal

REPOSITORY = Path(__file__).parents[2]


def with_shown(made: GroupSummary, **shown: Shown) -> GroupSummary:
    """Return a summary whose themes are shown otherwise; those not named are not shown."""
    themes = [
        replace(theme, shown=shown.get(theme.id, Shown(None, None)), moved=None, touched=theme.id in shown)
        for theme in made.themes
    ]
    return replace(made, themes=tuple(themes))


def test_the_title_says_what_the_chart_says() -> None:
    """The message names the theme most people wrote about, and how many they are."""
    chart = charts.people_by_theme(hub.summary())
    assert chart is not None
    assert chart.title == "Most people wrote about Funding and commissioning (13 of them)"
    assert chart.rows[0] == ("Funding and commissioning", "13")
    assert [int(people) for _, people in chart.rows] == sorted((int(people) for _, people in chart.rows), reverse=True)


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ({"roles": 7}, "7 people wrote about Roles"),
        ({"roles": 7, "voice": 7, "language": 5}, "Most people wrote about Roles and Voice and experience (7 each)"),
        (
            {"roles": 7, "voice": 7, "language": 7, "funding": 7},
            "As many people wrote about each of 4 themes (7)",
        ),
    ],
)
def test_equals_are_named_together(shown: dict[str, int], title: str) -> None:
    """A title names no theme as the one most people wrote about when another has as many."""
    chart = charts.people_by_theme(
        with_shown(hub.summary(), **{key: Shown(people, None) for key, people in shown.items()})
    )
    assert chart is not None
    assert chart.title == title


def test_a_band_is_said_and_never_drawn_as_a_number() -> None:
    """What is shown as '5 or more' has words and no bar, and the title doesn't call another theme the largest."""
    made = with_shown(hub.summary(), roles=Shown(8, None), language=Shown(6, None), funding=Shown(None, "5 or more"))
    chart = charts.people_by_theme(made)
    assert chart is not None
    assert chart.title.startswith("Where it can be counted, ")
    assert chart.rows[-1] == ("Funding and commissioning", "5 or more")
    assert "Funding and commissioning 5 or more" in chart.alt


def test_below_k_there_is_nothing_to_draw() -> None:
    """A theme with fewer than k people is in no chart, table or words; with no number at all there is no chart."""
    for chart in charts.of(hub.summary()):
        assert "Learning together" not in " ".join(
            (chart.title, chart.alt, *(cell for row in chart.rows for cell in row))
        )
    assert charts.of(with_shown(hub.summary(), funding=Shown(None, "5 or more"), roles=Shown(None, None))) == ()


def test_charts_hold_no_number_that_the_summary_does_not_show() -> None:
    """Every number in a chart's words and table is one the summary shows (rule 3)."""
    made = hub.summary()
    allowed = {theme.shown.people for theme in made.themes}
    allowed |= {number for theme in made.themes if theme.moved for number in (theme.moved.before, theme.moved.now)}
    found = charts.of(made)
    assert len(found) == 2
    for chart in found:
        said = " ".join((chart.title, chart.alt, *(cell for row in chart.rows for cell in row)))
        assert {int(number) for number in re.findall(r"\d+", said)} <= allowed


def test_before_and_now_stand_side_by_side() -> None:
    """The movement's title says where it is largest; its table has both numbers."""
    chart = charts.before_and_now(hub.summary())
    assert chart is not None
    assert chart.title == "More people wrote about Funding and commissioning: 13, and 7 in the period before"
    assert chart.header == ("Theme", "The period before", "This period")
    assert ("Voice and experience", "9", "10") in chart.rows


def test_without_a_period_before_there_is_no_movement() -> None:
    """A summary of everything has nothing to compare with."""
    assert charts.before_and_now(hub.summary(replace(hub.WANTED, since="", until="", period=""))) is None


def test_the_same_numbers_give_the_same_picture(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """A chart has the same bytes twice, with no program's name in it, whatever the machine's settings are."""
    import matplotlib as mpl

    first = charts.people_by_theme(hub.summary())
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "savefig.dpi": 10}):
        second = charts.people_by_theme(hub.summary())
    assert first == second
    assert first is not None
    picture = Image.open(io.BytesIO(first.png))
    assert set(picture.info) <= {"dpi"}
    assert picture.width == round(charts.WIDTH * 200)


def test_what_the_library_keeps_is_in_our_home(home: Path, tmp_path: Path) -> None:
    """The first chart leaves a list of fonts in reflect's home, private, and nothing in the person's own."""
    code = (
        "import os; from reflect.summary import charts; from tests.summary import hub;"
        "charts.people_by_theme(hub.summary()).png; print(os.environ.get('MPLCONFIGDIR'))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("None\n", "")
    assert not (tmp_path / "user").exists()
    kept = list(home.rglob("*"))
    assert home / charts.CACHE in kept
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_bars_differ_by_more_than_colour() -> None:
    """Turned to black and white, the two bars of a movement still differ: one is striped."""
    chart = charts.before_and_now(hub.summary())
    assert chart is not None
    grey = Image.open(io.BytesIO(chart.png)).convert("L").point(lambda value: 255 if value > 128 else 0)
    column = grey.width * 2 // 5
    changes = [
        sum(grey.getpixel((x, y)) != grey.getpixel((x + 1, y)) for x in range(column, column + 100))
        for y in range(grey.height // 2, grey.height - 30)
    ]
    assert max(changes) > 5, "no stripes"
    assert min(changes) == 0


@pytest.mark.parametrize("width", [60, 80, 100])
def test_blocks_on_a_screen(width: int) -> None:
    """On a screen each bar is as long as its number, the period before looks otherwise, and no line is too wide."""
    for chart in charts.of(hub.summary()):
        lines = charts.in_blocks(chart, width)
        assert max(map(len, lines)) <= width
        assert " ".join(lines).startswith(chart.title[:30])
        bars = [line for line in lines if "█" in line or "░" in line]
        numbers = [int(cell) for row in chart.rows for cell in row[1:]]
        longest = max(line.count("█") for line in bars)
        most = max(numbers)
        assert [line.count("█") + line.count("░") for line in bars] == [
            round(each * longest / most) for each in numbers
        ]
        said = [line.split("█")[-1].split("░")[-1].split()[0] for line in bars]
        assert said == list(map(str, numbers))
        if len(chart.header) > 2:
            assert all(("░" in line) == line.endswith(" before") for line in bars)


def test_blocks_of_a_band() -> None:
    """A theme without a number has its words and no bar."""
    made = canal.summary()
    (chart, _) = charts.of(made)
    (line,) = (line for line in charts.in_blocks(chart, 80) if line.startswith("Voice"))
    assert line.split() == ["Voice", "5", "or", "more"]


@pytest.mark.parametrize(
    "name", ["$money_{2}$ and \\frac", "名前 🚌", "A theme with a very " + "long " * 30 + "name", "a\x1b[31mb"]
)
def test_any_theme_name_can_be_drawn(name: str, recwarn: pytest.WarningsRecorder) -> None:
    """Names that look like formulas, have signs the letters lack, or are very long make a chart and no noise."""
    made = hub.summary()
    themes = tuple(replace(theme, name=name) if theme.id == "funding" else theme for theme in made.themes)
    chart = charts.people_by_theme(replace(made, themes=themes))
    assert chart is not None
    assert chart.png.startswith(b"\x89PNG")
    assert "\x1b" not in chart.title
    assert not recwarn.list
