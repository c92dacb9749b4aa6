"""`reflect erase`: an entry, gone for good."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import ids
from reflect.cli import keyboard, options
from reflect.cli.desk import at_a_terminal, desk
from reflect.cli.shown import entry_line, first_words
from reflect.errors import Busy, Usage

app = typer.Typer(rich_markup_mode=None, add_completion=False)

MANY = 5_000
"""Entries from which rebuilding the search index takes more than a second."""


@app.command()
def erase(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    yes: options.Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
    as_json: options.Json = False,
) -> None:
    """Erase an entry for good: its words, its history, its place in the search index and in our own copies.

    This can't be undone. Copies made by others (a sync folder, a system backup, a
    printed page) are out of our reach.

    Examples:

    reflect erase 7k2m

    reflect erase 7k2m --yes
    """
    here = desk(ctx)
    with here.open() as journal:
        found = journal.named(entry)
        if not as_json:
            here.screen.line(*entry_line(found))
            here.screen.words(first_words(found), indent="    ")
        if dry_run:
            here.screen.line("Nothing was erased.")
            return
        if not yes:
            if not at_a_terminal():
                raise Usage("erasing can't be undone, and nobody is here to confirm", next_step="add --yes")
            if not keyboard.agreed("Erase it for good? This can't be undone."):
                here.screen.line("Nothing was erased.")
                return
        if journal.size() > MANY:
            here.screen.aside("Rewriting the search index; in a long journal this takes a moment.")
        erased = journal.erase(found)
    if erased.out_of_reach:
        raise Busy(
            "erased from the journal, but not from every copy",
            where="; ".join(erased.out_of_reach),
            next_step="bring the copy back, then delete it by hand",
            changed="The entry is gone from the journal.",
        )
    if as_json:
        here.screen.json({"erased": ids.shown(erased.entry), "copies_rewritten": erased.copies})
    else:
        here.screen.line(
            "Erased ",
            ids.shown(erased.entry),
            f"; {erased.copies} of our own copies rewritten." if erased.copies else ".",
        )
