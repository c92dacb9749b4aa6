"""`reflect show`: one entry whole."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from reflect import fields
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.shown import action_line, later, mirror, whole
from reflect.errors import Usage

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def show(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    raw: Annotated[bool, typer.Option("--raw", help="Only the words, letter for letter, into a file or pipe.")] = False,
    mirrored: Annotated[
        bool, typer.Option("--mirror", help="With it, words in it that some would stop at, for your eyes only.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Show one entry whole: its question, its themes, and then and now, what you thought of it later.

    The mirror notes words that talk people down or need a dictionary. To see it after
    everything you write: `language_mirror = true` in config.toml.

    Examples:

    reflect show 7k2m

    reflect show 7k2m --raw > entry.txt

    reflect show 7k2m --mirror
    """
    here = desk(ctx)
    if mirrored and (raw or as_json):
        raise Usage("the mirror is for your eyes", why="--raw and --json are for files and programs")
    if raw and sys.stdout.isatty():
        raise Usage(
            "--raw is for files and pipes", why="a terminal would obey signs in the words", next_step="add > FILE"
        )
    with here.open() as journal:
        found = journal.named(entry)
        layers, actions = ((), ()) if raw else (journal.layers(found), journal.actions_of(found))
        meeting = journal.meeting_of(found) if as_json else None
    if as_json:
        here.screen.json(fields.whole(found, layers, actions, meeting))
    elif raw:
        here.screen.raw(found.text)
    else:
        if layers:
            here.screen.line(("Then:", "bold"))
        whole(here.screen, found)
        later(here.screen, found, layers)
        if actions:
            here.screen.gap()
        for action in actions:
            here.screen.line(*action_line(action))
        if mirrored:
            mirror(here.screen, found)
