"""`reflect recover`: what can still be read of a damaged journal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reflect.cli import options
from reflect.cli.desk import desk

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def recover(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="The damaged file; your journal when none is named.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Read what can be read of a damaged journal, page by page, into a new file.

    The damaged file stays as it is. The new one is put among our copies, and
    `reflect restore` lets it take the journal's place.

    Examples:

    reflect recover

    reflect recover journal-from-the-old-laptop.db
    """
    from reflect import rescue

    here = desk(ctx)
    made, found = rescue.recover(file.expanduser().absolute() if file else here.places.database, here.places, here.now)
    if as_json:
        here.screen.json(
            {
                "path": str(made),
                "entries": found.entries,
                "older_wordings": found.wordings,
                "doubtful": rescue.ids_of(found.doubtful),
                "lost": rescue.ids_of(found.lost),
            }
        )
        return
    here.screen.line(f"Read {found.entries:,} entries and {found.wordings:,} older wordings into {made}.")
    if found.doubtful:
        here.screen.line(f"Not quite as they were written: {rescue.shown(found.doubtful)}. Read these again.")
    if found.lost:
        here.screen.line(f"Could not be read: {rescue.shown(found.lost)}. A copy may have them: reflect backup --list")
    here.screen.line(f"Next: reflect restore {made.name}")
