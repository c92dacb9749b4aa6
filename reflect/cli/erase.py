"""`reflect erase`: an entry, gone for good."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import ids
from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.shown import entry_line, first_words
from reflect.errors import Busy, NotFound, Usage
from reflect.journal import Journal, Remains
from reflect.models import Entry
from reflect.summary.say import many

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
    """Erase an entry for good: its words, its history, what you thought of it later, in our own copies, too.

    This can't be undone, not by `reflect undo` either. Copies made by others (a sync folder, a system backup, a
    printed page) are out of our reach. The whole id of an entry that was undone reaches
    what our copies and its draft still hold of it.

    Examples:

    reflect erase 7k2m

    reflect erase 7k2m --yes
    """
    here = desk(ctx)
    with here.open() as journal:
        found = _named(journal, entry)
        if dry_run or not as_json:
            _say_what(here, journal, found, dry_run=dry_run, as_json=as_json)
        if dry_run:
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
            next_step="bring what is missing back and run `reflect doctor --repair`, or delete it;"
            " `reflect backup --forget FILE` for what is no more",
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


def _named(journal: Journal, name: str) -> Entry | Remains:
    """Return the entry of this name, or what our copies and drafts still hold of one that was taken back."""
    try:
        return journal.named(name)
    except NotFound:
        left = journal.remains(name)
        if left is None:
            raise
        return left


def _say_what(here: Desk, journal: Journal, entry: Entry | Remains, *, dry_run: bool, as_json: bool) -> None:
    """Show the entry that would go, and what would go with it."""
    if isinstance(entry, Remains):
        _say_what_is_left(here, entry, dry_run=dry_run, as_json=as_json)
        return
    along = _along(journal, entry)
    if as_json:
        here.screen.json({"would_erase": ids.shown(entry.id)} | along)
        return
    here.screen.line(*entry_line(entry))
    here.screen.words(first_words(entry), indent="    ")
    if any(along.values()):
        here.screen.line("With it: ", ", ".join(_said(along)))
    if dry_run:
        here.screen.line("Nothing was erased.")


def _say_what_is_left(here: Desk, left: Remains, *, dry_run: bool, as_json: bool) -> None:
    """Say where the words of an entry still are that the journal has no more."""
    if as_json:
        found = {"copies": len(left.copies), "drafts": len(left.drafts)}
        here.screen.json({"would_erase": ids.shown(left.id)} | found)
        return
    places = [many(len(left.copies), "copy")] if left.copies else []
    places += [many(len(left.drafts), "draft")] if left.drafts else []
    here.screen.line(f"The journal has no {ids.shown(left.id)} any more; still in ", " and ".join(places), ":")
    for path in (*left.copies, *left.drafts):
        here.screen.line("    ", (str(path), "dim"))
    if dry_run:
        here.screen.line("Nothing was erased.")


def _along(journal: Journal, entry: Entry) -> dict[str, int]:
    """Return how much goes with an entry."""
    return {
        "earlier_wordings": len(journal.versions(entry)) - 1,
        "later_thoughts": len(journal.layers(entry)),
        "actions": sum(action.from_line for action in journal.actions_of(entry)),
    }


def _said(along: dict[str, int]) -> list[str]:
    names = ("earlier wording", "later thought", "action")
    return [many(count, name) for count, name in zip(along.values(), names, strict=True) if count]
