"""`reflect edit`: new words for an entry."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from reflect import fields, intake
from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.shown import entry_line, mirror_if_wished
from reflect.errors import Interrupted, Usage
from reflect.journal import Details, Journal, draft_options
from reflect.models import Entry

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def edit(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    source: Annotated[str, typer.Argument(metavar="[-]", help="- reads the new words from a pipe.")] = "",
    as_json: options.Json = False,
) -> None:
    """Give an entry new words; the old ones stay in its history.

    Examples:

    reflect edit 7k2m

    reflect edit 7k2m - < mended.txt
    """
    here = desk(ctx)
    if source not in ("", "-"):
        raise Usage(f"{source!r} is not -", next_step="pipe the new words in with -, or type them at a terminal")
    if not source and not at_a_terminal():
        raise Usage("there is no terminal to type at", next_step="pipe the new words in: reflect edit ID -")
    with here.open() as journal:
        found = journal.named(entry)
        changed = _piped(here, journal, found) if source else _typed(here, journal, found)
    if as_json:
        here.screen.json(fields.entry(changed or found))
    elif changed:
        here.screen.line("Saved version ", str(changed.version), " of ", *entry_line(changed))
        mirror_if_wished(here.screen, here.places.settings, changed)
    else:
        here.screen.line("Nothing was changed.")


def _piped(here: Desk, journal: Journal, entry: Entry) -> Entry | None:
    """Take the new words from a pipe; None when they are the old ones."""
    taken = journal.take(sys.stdin.buffer, draft_options(Details(about=entry.about), None, entry))
    changed = journal.edit(entry, taken)
    for remark in journal.remarks(entry, taken):
        here.screen.aside(f"Note: {remark}.")
    return changed


def _typed(here: Desk, journal: Journal, entry: Entry) -> Entry | None:
    """Have the new words typed below the old ones; None when the writer gave up."""
    keyboard.prepare()
    here.screen.line(("The words now:", "dim"))
    here.screen.words(entry.text)
    here.screen.line(("Type the new words. A lone . ends; nothing before it leaves the entry as it is.", "dim"))
    with journal.draft(Details(about=entry.about), None, entry) as draft:
        try:
            text = keyboard.paragraphs(draft)
        except keyboard.Discarded:
            draft.discard()
            return None
        except KeyboardInterrupt:
            if not draft.path.exists():
                raise Interrupted("stopped") from None
            raise keyboard.kept_as(draft) from None
        changed = journal.edit(entry, intake.from_text(text), draft=draft.path) if text.strip() else None
        draft.discard()
    return changed
