"""Charts of a group's summary: numbers it shows and no others, each with its message, its words and its table."""

from __future__ import annotations

import io
import os
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from reflect import clean, config
from reflect.summary.together import GroupSummary, GroupTheme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 6.85
"""Inches; the letters are 11 points high when it is placed in this width."""

CACHE = ".matplotlib"
"""Folder of the home in which the plotting library keeps its list of fonts."""

_DOTS = 200
_NOW, _BEFORE, _INK = "#1f4e79", "#dce6f1", "#1a1a1a"
_BAR_ROOM, _LINE_ROOM, _LABEL_LETTERS, _LABEL_ROOM = 0.42, 0.23, 25, 2.3
_VALUE_ROOM, _TITLE_LETTERS = 0.55, 60
_SIZE, _TITLE_SIZE = 11, 12


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, what it says, and the numbers it was drawn from."""

    title: str
    """Its message, in words."""
    alt: str
    """For whoever can't see it: the message and every number."""
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    """Stands with the table, whatever was left out."""
    draw: Callable[[], bytes] = field(repr=False, compare=False)

    @property
    def png(self) -> bytes:
        """The picture, drawn when it is asked for: a page with bars of its own needs no plotting library."""
        return self.draw()


@dataclass(frozen=True, slots=True)
class _Bars:
    """One row of bars of a theme, drawn alike and named in the key."""

    name: str
    people: tuple[int, ...]
    colour: str
    hatch: str


def people_by_theme(summary: GroupSummary) -> Chart | None:
    """Return how many people wrote about each theme, most first; None when no number may be shown."""
    counted = sorted(
        (theme for theme in summary.themes if theme.shown.people is not None),
        key=lambda each: -(each.shown.people or 0),
    )
    if not counted:
        return None
    bands = [(_name(theme), theme.shown.band) for theme in summary.themes if theme.shown.band]
    title = _most(counted, all_have_numbers=not bands)
    rows = [(_name(theme), str(theme.shown.people)) for theme in counted]
    bars = [_Bars("", tuple(theme.shown.people or 0 for theme in counted), _NOW, "")]
    return Chart(
        title=title,
        alt=f"Bar chart: {_sentence(title)} People who wrote about each theme: {_said(rows + bands)}.",
        header=("Theme", "People who wrote"),
        rows=tuple(rows + bands),
        note=_note(summary),
        draw=partial(_drawn, title, "People who wrote about each theme", [name for name, _ in rows], bars, bands),
    )


def before_and_now(summary: GroupSummary) -> Chart | None:
    """Return the movement against the period before; None when no pair of numbers may be shown."""
    moved = [(theme, theme.moved) for theme in summary.themes if theme.moved]
    if not moved:
        return None
    themes = [theme for theme, _ in moved]
    before, now = tuple(each.before for _, each in moved), tuple(each.now for _, each in moved)
    title = _movement(themes, before, now)
    rows = [(_name(theme), str(was), str(now)) for theme, was, now in zip(themes, before, now, strict=True)]
    bars = [
        _Bars("the period before (striped)", before, _BEFORE, "///"),
        _Bars("this period (plain)", now, _NOW, ""),
    ]
    said = "; ".join(f"{name} {was}, now {today}" for name, was, today in rows)
    return Chart(
        title=title,
        alt=f"Bar chart: {_sentence(title)} People who wrote in the period before, and in this one: {said}.",
        header=("Theme", "The period before", "This period"),
        rows=tuple(rows),
        note=_note(summary),
        draw=partial(_drawn, title, "People who wrote about each theme", [name for name, *_ in rows], bars),
    )


def of(summary: GroupSummary) -> tuple[Chart, ...]:
    """Return the charts there may be."""
    return tuple(chart for chart in (people_by_theme(summary), before_and_now(summary)) if chart)


def in_blocks(chart: Chart, width: int) -> list[str]:
    """Return a chart as lines of a screen so wide: its message, then a bar of blocks before each number."""
    names = [textwrap.shorten(row[0], _LABEL_LETTERS, placeholder="…") for row in chart.rows]
    room = max(map(len, names))
    most = max(int(cell) for row in chart.rows for cell in row[1:] if cell.isdecimal())
    longest = max(10, width - room - max(len(cell) for row in chart.rows for cell in row[1:]) - 12)
    lines = [*textwrap.wrap(chart.title, width), ""]
    for name, row in zip(names, chart.rows, strict=True):
        for at, cell in enumerate(row[1:]):
            last = at == len(row) - 2
            sign = "█" if last else "░"  # the period before looks otherwise, whatever the screen's colours
            bar = sign * round(int(cell) * longest / most) + " " if cell.isdecimal() else ""
            said = "" if len(row) == 2 else " now" if last else " before"
            lines.append(f"{name if at == 0 else '':<{room}}  {bar}{cell}{said}")
    return [*lines, "", *textwrap.wrap(chart.note, width)]


def _most(counted: Sequence[GroupTheme], *, all_have_numbers: bool) -> str:
    """Say what the chart says; where a theme has no number, it may be the one most people wrote about."""
    most = counted[0].shown.people
    top = [_name(theme) for theme in counted if theme.shown.people == most]
    if len(counted) == 1:
        return f"{most} people wrote about {top[0]}"
    if len(top) == 1:
        said = f"most people wrote about {top[0]} ({most} of them)"
    elif len(top) <= 3:
        said = f"most people wrote about {', '.join(top[:-1])} and {top[-1]} ({most} each)"
    else:
        said = f"as many people wrote about each of {len(top)} themes ({most})"
    return said[:1].upper() + said[1:] if all_have_numbers else f"Where it can be counted, {said}"


def _movement(themes: Sequence[GroupTheme], before: Sequence[int], now: Sequence[int]) -> str:
    at = max(range(len(themes)), key=lambda each: abs(now[each] - before[each]))
    if before[at] == now[at]:
        return "As many people wrote about each of these themes as in the period before"
    how = "More" if now[at] > before[at] else "Fewer"
    return f"{how} people wrote about {_name(themes[at])}: {now[at]}, and {before[at]} in the period before"


def _note(summary: GroupSummary) -> str:
    return f"Only themes that {summary.agreed.fewest} or more people wrote about are counted here."


def _said(rows: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" ".join(row) for row in rows)


def _name(theme: GroupTheme) -> str:
    return clean.line(theme.name)


def _sentence(text: str) -> str:
    return text.rstrip(".") + "."


@contextmanager
def _in_our_place() -> Iterator[None]:
    """Have the plotting library keep its list of fonts in reflect's home, private, and not in the person's own."""
    if "MPLCONFIGDIR" in os.environ or "matplotlib" in sys.modules:
        yield
        return
    folder = config.places().home / CACHE
    config.private_folder(folder)
    os.environ["MPLCONFIGDIR"] = str(folder)  # read once, while it is imported
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
        del os.environ["MPLCONFIGDIR"]


def _drawn(
    title: str, measure: str, names: Sequence[str], rows: Sequence[_Bars], bands: Sequence[tuple[str, str]] = ()
) -> bytes:
    """Draw horizontal bars with their values; what has a band and no number stands below them as words, without a bar.

    The same numbers give the same bytes, whatever the machine is set to.
    """
    with _in_our_place():
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

    title_lines = textwrap.wrap(title, _TITLE_LETTERS)
    key_room = _LINE_ROOM + 0.1 if len(rows) > 1 else 0
    top = 0.15 + len(title_lines) * 0.25 + _LINE_ROOM + 0.12 + key_room
    height = top + (len(names) + len(bands)) * _BAR_ROOM * (1 if len(rows) == 1 else 1.5) + 0.1
    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams["hatch.linewidth"] = 1.2
        warnings.simplefilter("ignore")  # a sign its letters don't have is drawn as a box; the table has it
        figure = Figure(figsize=(WIDTH, height), dpi=_DOTS)
        FigureCanvasAgg(figure)
        for at, line in enumerate([*title_lines, measure]):
            heading = at < len(title_lines)
            figure.text(
                0,
                1 - (0.15 + at * 0.25) / height,
                line,
                va="top",
                color=_INK,
                fontsize=_TITLE_SIZE if heading else _SIZE,
                fontweight="bold" if heading else "normal",
                parse_math=False,
            )
        width = WIDTH - _LABEL_ROOM - _VALUE_ROOM
        axes = figure.add_axes((_LABEL_ROOM / WIDTH, 0.1 / height, width / WIDTH, 1 - (top + 0.1) / height))
        _bars(axes, [*names, *(name for name, _ in bands)], rows)
        for at, (_, band) in enumerate(bands, len(names)):
            axes.annotate(band, (0, at), (4, 0), textcoords="offset points", va="center", fontsize=_SIZE, color=_INK)
        if len(rows) > 1:
            figure.legend(
                loc="upper left",
                bbox_to_anchor=(-0.01, 1 - (top - key_room - 0.08) / height),
                ncols=len(rows),
                frameon=False,
                fontsize=_SIZE,
                borderpad=0,
            )
        made = io.BytesIO()
        figure.savefig(made, format="png", dpi=_DOTS, metadata={"Software": None})
    return made.getvalue()


def _bars(axes: Axes, names: Sequence[str], rows: Sequence[_Bars]) -> None:
    thick = 0.62 if len(rows) == 1 else 0.8 / len(rows)
    for at, row in enumerate(rows):
        places = [number + (at - (len(rows) - 1) / 2) * thick for number in range(len(row.people))]
        drawn: Any = axes.barh(
            places, row.people, height=thick * 0.92, color=row.colour, edgecolor=_NOW, hatch=row.hatch, label=row.name
        )
        axes.bar_label(drawn, padding=4, fontsize=_SIZE, color=_INK)
    axes.set_yticks(range(len(names)), ["\n".join(textwrap.wrap(name, _LABEL_LETTERS)[:2]) for name in names])
    for label in axes.get_yticklabels():
        label.set_parse_math(False)
    axes.tick_params(axis="y", length=0, labelsize=_SIZE, labelcolor=_INK)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, max(max(row.people) for row in rows))
    axes.xaxis.set_visible(False)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
