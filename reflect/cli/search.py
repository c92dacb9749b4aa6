"""`reflect search`: find entries by their words."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from reflect import fields
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.screen import HIT_FROM, HIT_TO
from reflect.cli.shown import entry_line

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_MOST = 20
"""Entries shown where nobody says how many."""


@app.command()
def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help='Words, "a phrase", AND, OR, NOT, begin*.')],
    since: options.From = "",
    until: options.To = "",
    on: options.On = "",
    theme: options.Theme = "",
    tag: options.Tag = "",
    about: options.About = "",
    prompt: options.PromptId = "",
    text: options.Text = "",
    saved: options.Filter = "",
    limit: options.Limit = None,
    as_json: options.Json = False,
) -> None:
    """Find entries by their words, best first, with the words around each hit; 20 of them, or as -n says.

    Endings and accents don't matter: fund finds funding, cafe finds café.

    Examples:

    reflect search unpaid OR volunteer

    reflect search '"who pays"' --from "last month"
    """
    here = desk(ctx)
    filters = options.filters(
        here,
        since=since,
        until=until,
        on=on,
        theme=theme,
        tag=tag,
        about=about,
        prompt=prompt,
        text=text,
        limit=limit,
        saved=saved,
    )
    if filters.limit is None:
        filters = replace(filters, limit=_MOST)
    with here.open() as journal:
        found = journal.search(" ".join(words), journal.narrowed(filters))
        if as_json:
            here.screen.json_list(
                fields.entry(each.entry) | {"snippet": each.snippet.replace(HIT_FROM, "").replace(HIT_TO, "")}
                for each in found
            )
            return
        count = 0
        for each in found:
            count += 1
            here.screen.line(*entry_line(each.entry))
            here.screen.found(each.snippet, indent="    ")
        if not count:
            here.screen.line("Nothing found.")
        elif count == filters.limit:
            here.screen.line((f"The first {count}; -n gives more.", "dim"))
