"""`reflect edit`: new words for an entry, and its tags."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from reflect import drafts, fields, intake
from reflect.cli import editor, keyboard, options
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
    in_editor: Annotated[bool, typer.Option("--editor", help="In your editor, even without a terminal.")] = False,
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="Give it this tag.")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", metavar="TAG", help="Take this tag away.")] = None,
    as_json: options.Json = False,
) -> None:
    """Give an entry new words; the old ones stay in its history.

    At a terminal it opens your editor (VISUAL or EDITOR), or has the new words typed
    where there is none. With --tag or --untag alone, the words stay as they are.

    Examples:

    reflect edit 7k2m

    reflect edit 7k2m - < mended.txt
    """
    here = desk(ctx)
    if source not in ("", "-"):
        raise Usage(f"{source!r} is not -", next_step="pipe the new words in with -, or type them at a terminal")
    only_tags = bool(tag or untag) and not source and not in_editor
    if not source and not in_editor and not only_tags and not at_a_terminal():
        raise Usage("there is no terminal to type at", next_step="pipe the new words in: reflect edit ID -")
    with here.open() as journal:
        found = journal.named(entry)
        changed = None
        if source:
            changed = _piped(here, journal, found)
        elif in_editor or (not only_tags and editor.named(journal.editor)):
            changed = _in_editor(here, journal, found)
        elif not only_tags:
            changed = _typed(here, journal, found)
        tagged = journal.retag(changed or found, tag or (), untag or ()) if tag or untag else None
    result = tagged or changed or found
    if as_json:
        here.screen.json(fields.entry(result))
    elif changed:
        here.screen.line("Saved version ", str(changed.version), " of ", *entry_line(result))
        mirror_if_wished(here.screen, here.places.settings, changed)
    elif tagged and tagged.tags != found.tags:
        here.screen.line("Saved ", *entry_line(tagged))
    else:
        here.screen.line("Nothing was changed.")


def _in_editor(here: Desk, journal: Journal, entry: Entry) -> Entry | None:
    """Have the words changed in the editor; None when they are as before."""
    words = editor.command(journal.editor)
    page = journal.page(entry.text, draft_options(Details(about=entry.about), None, entry))
    taken = editor.write_on(page, words, entry.text)
    if taken is None:
        return None
    changed = journal.edit(entry, taken, draft=page)
    for remark in taken.remarks:
        here.screen.aside(f"Note: {remark}.")
    drafts.discard(page)
    return changed


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
