"""`reflect undo`: take the last steps back."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import ids
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.screen import Piece
from reflect.dates import in_words
from reflect.undo import Step, Undo, Undone

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_SHOWN = 20  # steps in a list, unless -n says more
MANY = 5_000
"""Entries from which making the search index anew takes more than a second."""


@app.command()
def undo(
    ctx: typer.Context,
    count: Annotated[
        int | None, typer.Option("-n", metavar="N", min=1, help="How many steps, the last one first.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Only show what can be taken back.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken back.")] = False,
    as_json: options.Json = False,
) -> None:
    """Take back what you did last: an entry, an edit, themes, tags, an action, a mark, an import.

    Your words stay within reach: those of an edit in `reflect history`, those of an
    entry in a draft. What was erased, shared or answered can't be taken back.

    Examples:

    reflect undo

    reflect undo -n 2 --dry-run
    """
    here = desk(ctx)
    with here.open() as journal:
        log = Undo(journal)
        if listed or dry_run:
            found = log.steps(count or _SHOWN) if listed else log.wanted(count or 1)
            if as_json:
                here.screen.json_list(_fields(Undone(step)) for step in found)
                return
            for number, step in enumerate(found, start=1):
                here.screen.line(*([f"{number:3}  "] if listed else ["Would be taken back: "]), *_line(step))
            if not found:
                here.screen.line("There is nothing to take back.")
            return
        if journal.size() > MANY and any(step.removes for step in log.wanted(count or 1)):
            here.screen.aside("Making the search index anew; in a long journal this takes a moment.")
        done = log.back(count or 1)
    if as_json:
        here.screen.json_list(map(_fields, done))
        return
    for each in done:
        here.screen.line("Taken back: ", *_line(each.step))
        if each.draft:
            here.screen.line("  Its words: reflect drafts resume ", each.draft.stem, ", or discard ", each.draft.stem)
        for other in each.others:
            here.screen.line("  Another wording of it: reflect drafts resume ", other.stem, ", or discard ", other.stem)


def _line(step: Step) -> list[Piece]:
    pieces: list[Piece] = [step.what]
    if step.entry is not None:
        pieces += ["  ", (ids.shown(step.entry), "id")]
    return [*pieces, (f"  {in_words(step.at)}, {step.at[11:16]}", "dim")]


def _fields(each: Undone) -> dict[str, object]:
    step = each.step
    return {
        "kind": step.kind,
        "what": step.what,
        "at": step.at,
        "entry": ids.shown(step.entry) if step.entry is not None else None,
        "actions": [ids.shown(row.action) for row in step.rows if row.action is not None],
        "draft": each.draft.stem if each.draft else None,
        "other_drafts": [path.stem for path in each.others],
    }
