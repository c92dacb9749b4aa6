"""`reflect theme`: the author's word on what an entry is about."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import fields
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.shown import entry_line
from reflect.errors import Usage

# No short options here, so that -roles is a theme.
app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
)


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
def theme(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[+THEME] [-THEME]", help="Themes to add and to take away.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Say which themes an entry is about; your choice stands above every suggestion.

    Examples:

    reflect theme 7k2m +funding -roles

    reflect theme 7k2m
    """
    here = desk(ctx)
    with here.open() as journal:
        found = journal.named(entry)
        added: list[str] = []
        removed: list[str] = []
        for change in changes or []:
            if change[:1] not in "+-" or len(change) < 2:
                raise Usage(f"{change!r} is neither +THEME nor -THEME", next_step="write +funding or -roles")
            (added if change[0] == "+" else removed).append(journal.theme(change[1:]))
        if added or removed:
            found = journal.retheme(found, added, removed)
    if as_json:
        here.screen.json(fields.entry(found))
        return
    here.screen.line(*entry_line(found))
    for placed in found.themes:
        here.screen.line(
            ("  " + placed.id, "theme"),
            f": {f'suggested by “{placed.because}”' if placed.by == 'suggested' else placed.because}",
        )
    if not found.themes:
        here.screen.line("  No theme.")
