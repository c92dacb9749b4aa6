"""Options that mean the same in every command."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import dates, intake
from reflect.cli.desk import Desk
from reflect.errors import Usage
from reflect.models import Filters

Json = Annotated[bool, typer.Option("--json", help="One JSON value for scripts.")]
From = Annotated[str, typer.Option("--from", metavar="DAY", help="From this day, such as 1/10/2026 or `last monday`.")]
To = Annotated[str, typer.Option("--to", metavar="DAY", help="Up to and with this day.")]
On = Annotated[str, typer.Option("--on", metavar="DAY", help="On this one day.")]
Theme = Annotated[str, typer.Option("--theme", metavar="ID", help="Only this theme; see `reflect themes list`.")]
Tag = Annotated[str, typer.Option("--tag", metavar="TAG", help="Only with this tag.")]
About = Annotated[str, typer.Option("--about", metavar="WORDS", help="Only what was about this.")]
PromptId = Annotated[str, typer.Option("--prompt", metavar="ID", help="Only answers to this question.")]
Text = Annotated[str, typer.Option("--text", metavar="WORDS", help="Only with these words.")]
Filter = Annotated[
    str, typer.Option("--filter", metavar="NAME", help="As saved under this name in config.toml; what you add wins.")
]
Limit = Annotated[int | None, typer.Option("--limit", "-n", metavar="N", min=1, help="At most this many.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask to confirm.")]
Month = Annotated[str, typer.Option("--month", metavar="2026-10", help="Only this month.")]
Quarter = Annotated[str, typer.Option("--quarter", metavar="2026-Q3", help="Only this quarter.")]


def filters(
    desk: Desk,
    *,
    since: str = "",
    until: str = "",
    on: str = "",
    theme: str = "",
    tag: str = "",
    about: str = "",
    prompt: str = "",
    text: str = "",
    limit: int | None = None,
    saved: str = "",
) -> Filters:
    """Return what was asked for as filters; a day that can't be read is refused before anything is read.

    `saved` names a filter of config.toml, which fills in what was not asked for.
    """
    if on and (since or until):
        raise Usage("--on names one day", why="--from or --to is there, too", next_step="leave one of them out")
    if saved:
        from reflect.cli import saved_filters

        filled = saved_filters.filled(
            desk,
            saved,
            {
                "from": since,
                "to": until,
                "on": on,
                "theme": theme,
                "tag": tag,
                "about": about,
                "prompt": prompt,
                "text": text,
                "limit": limit,
            },
        )
        since, until, on = filled["from"], filled["to"], filled["on"]
        theme, tag, about, prompt, text = (filled[each] for each in ("theme", "tag", "about", "prompt", "text"))
        limit = filled["limit"]
    first, last = on or since, on or until
    return Filters(
        since=dates.day(first, desk.now) if first else "",
        until=dates.day(last, desk.now) if last else "",
        theme=theme,
        tag=intake.tag(tag) if tag else "",
        about=intake.short(about, "--about"),
        prompt=prompt,
        text=text,
        limit=limit,
    )


def period(since: str, until: str, month: str, quarter: str) -> tuple[str, str, str]:
    """Return a period's first and last day, and its words where it has a name."""
    if sum(map(bool, (since or until, month, quarter))) > 1:
        raise Usage("one period is enough", next_step="use --from and --to, or --month, or --quarter")
    if month:
        first, last = dates.month(month)
        return first, last, f"{dates.in_words(first).split(' ', 1)[1]}"
    if quarter:
        first, last = dates.quarter(quarter)
        start, end = dates.in_words(first).split(), dates.in_words(last).split()
        return first, last, f"{start[1]} to {end[1]} {end[2]}"
    return since, until, ""
