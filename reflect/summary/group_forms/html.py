"""HTML page to read, print or send: one file, nothing loaded from anywhere, no script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reflect import clean
from reflect.dates import in_words
from reflect.summary import charts
from reflect.summary.say import source
from reflect.summary.together import CONSTANT, GroupSummary
from reflect.summary.together_rows import untouched
from reflect.summary.together_say import NOTHING_RECORDED, actions, attributed, people, period, standing

ENDING = ".html"

_TEMPLATES = Path(__file__).parent.parent / "templates"

_NAME_LETTERS = 32
"""Letters of a theme's name that a chart has room for on a phone; its table has the whole name."""

_ROOM = {1: 85.0, 2: 70.0}
"""Per cent of the width that the longest bar takes, by bars a theme; the rest is for what stands behind it."""


@dataclass(frozen=True, slots=True)
class _Bar:
    percent: float
    said: str
    striped: bool


@dataclass(frozen=True, slots=True)
class _Group:
    name: str
    bars: tuple[_Bar, ...]


@dataclass(frozen=True, slots=True)
class _Picture:
    """A chart as the template draws it: a group of bars for each row of its table that is numbers."""

    title: str
    measure: str
    alt: str
    caption: str
    names: tuple[str, ...]
    groups: tuple[_Group, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def render(summary: GroupSummary) -> bytes:
    """Return the summary as a page; whatever people wrote is text in it and nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page = pages.get_template("group_summary.html").render(
        summary=summary,
        agreed=summary.agreed,
        touched=[theme for theme in summary.themes if theme.touched],
        untouched=untouched(summary),
        pictures=[_picture(chart) for chart in charts.of(summary)],
        constant=CONSTANT,
        nothing_recorded=NOTHING_RECORDED,
        standing=standing(summary),
        period=period(summary),
        attributed=attributed,
        offered=actions(summary),
        in_words=in_words,
        people=lambda shown: people(shown, summary.agreed.fewest),
        said=lambda text: text if text.endswith((".", "?", "!")) else f"{text}.",
        source=source,
    )
    return page.encode()


def _shown(value: object) -> object:
    """Make text from people safe to show, before Jinja escapes it."""
    return clean.document(value) if type(value) is str else value


def _picture(chart: charts.Chart) -> _Picture:
    names = chart.header[1:]
    counted = [row for row in chart.rows if all(cell.isdecimal() for cell in row[1:])]
    most = max(int(cell) for row in counted for cell in row[1:])
    wide = _ROOM[len(names)] / most
    groups = [
        _Group(
            _cut(row[0]),
            tuple(
                _Bar(round(int(cell) * wide, 2), _behind(name, cell, names), striped=at < len(names) - 1)
                for at, (name, cell) in enumerate(zip(names, row[1:], strict=True))
            ),
        )
        for row in counted
    ]
    measure = "People who wrote about each theme"
    if len(names) > 1:
        measure += ": the period before striped, this period plain"
    return _Picture(
        title=chart.title,
        measure=f"{measure}.",
        alt=chart.alt,
        caption="The same numbers as a table",
        names=names,
        groups=tuple(groups),
        header=chart.header,
        rows=chart.rows,
        note=chart.note,
    )


def _behind(name: str, cell: str, names: tuple[str, ...]) -> str:
    """Return what stands behind a bar: its number, and where there are two bars which of them it is."""
    return cell if len(names) == 1 else f"{cell} {'now' if name == names[-1] else 'before'}"


def _cut(name: str) -> str:
    return name if len(name) <= _NAME_LETTERS else name[: _NAME_LETTERS - 1] + "…"
