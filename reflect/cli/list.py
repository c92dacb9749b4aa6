"""`reflect list`: entries, newest first."""

from __future__ import annotations

import typer

from reflect import fields
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.shown import entry_line, first_words

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def show_list(
    ctx: typer.Context,
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
    """List entries, newest first.

    Examples:

    reflect list -n 5

    reflect list --from 1/10/2026 --theme funding --json
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
    with here.open() as journal:
        found = journal.find(journal.narrowed(filters))
        if as_json:
            here.screen.json_list(map(fields.entry, found))
            return
        none = True
        for entry in found:
            none = False
            here.screen.line(*entry_line(entry))
            here.screen.words(first_words(entry), indent="    ")
        if none:
            here.screen.line(
                "No entries." if filters != options.filters(here) else "No entries yet. Write one: reflect write"
            )
