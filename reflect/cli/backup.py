"""`reflect backup`: a copy of the journal, whole and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.errors import Usage

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def backup(
    ctx: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Put the copy there: a folder, or a name that is free."),
    ] = None,
    plain_text: Annotated[
        bool, typer.Option("--plain-text", help="With -o, of an encrypted journal: a copy that needs no passphrase.")
    ] = False,
    show_list: Annotated[bool, typer.Option("--list", help="List the copies there are, and make none.")] = False,
    forget: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Forget a copy made elsewhere, because it is no more."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Copy the journal, whole and checked; each copy is opened before it counts.

    Without -o the copy goes into the journal's own backups folder, named by its day.
    Erasing an entry rewrites every copy made here, also one that -o put elsewhere; one
    that is out of reach then is named. A copy is as the journal is: of a plain one,
    whoever can open the file can read it; of an encrypted one it is encrypted, and what -o
    puts elsewhere is sealed under the passphrase as an age file.

    Examples:

    reflect backup

    reflect backup -o /media/stick
    """
    here = desk(ctx)
    if show_list:
        _show_list(here, as_json=as_json)
        return
    with here.open() as journal:
        if forget is not None:
            journal.forget_copy(forget)
            if as_json:
                here.screen.json({"forgotten": str(forget)})
            else:
                here.screen.line(f"Forgotten: {forget}. Erasing will not look for it any more.")
            return
        if plain_text and output is None:
            raise Usage("a copy in plain text needs a place", next_step="add -o FILE")
        made = journal.backup(output, plain_text=plain_text)
    if as_json:
        here.screen.json({"path": str(made.path), "entries": made.entries, "damaged_entries": len(made.broken)})
        return
    here.screen.line(
        f"Copied {made.entries:,} {'entry' if made.entries == 1 else 'entries'} to {made.path}, and checked."
    )
    if made.broken:
        here.screen.aside(f"The words of {len(made.broken)} are not as they were written; see `reflect doctor`.")


def _show_list(here: Desk, *, as_json: bool) -> None:
    from reflect import rescue

    copies = rescue.copies(here.places)
    if as_json:
        here.screen.json_list(
            {"path": str(each.path), "reason": each.reason, "elsewhere": each.elsewhere, "is_there": each.path.exists()}
            for each in copies
        )
        return
    for each in copies:
        note = "elsewhere" if each.elsewhere else each.reason
        there = "" if each.path.exists() else "  not there now"
        here.screen.line(str(each.path) if each.elsewhere else each.path.name, (f"  {note}{there}", "dim"))
    if not copies:
        here.screen.line("No copies yet. Make one: reflect backup")
