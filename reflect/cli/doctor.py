"""`reflect doctor`: is the journal sound and private?"""

from __future__ import annotations

from typing import Annotated

import typer

from reflect.cli import options
from reflect.cli.desk import desk

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_SIGNS = {"good": "good   ", "note": "note   ", "fault": "FAULT  ", "mended": "mended "}


@app.command()
def doctor(
    ctx: typer.Context,
    rebuild_index: Annotated[
        bool, typer.Option("--rebuild-index", help="First make the search index anew from the entries.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="First mend what can be mended without a doubt, and say what was.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Check that the journal is sound and private, its copies and its place, too; by itself it writes nothing.

    It also reads config.toml and says what in it is not known.

    --repair makes the search index anew, finishes an erasure that was cut off, closes
    files that others can read, removes what a kill left half-made, and takes damaged
    words from a copy that still has them. It writes nothing into a file whose structure
    is broken: `reflect restore` and `reflect recover` are for that.

    Examples:

    reflect doctor

    reflect doctor --repair
    """
    from reflect import doctor as examination
    from reflect.cli import aliases
    from reflect.cli.app import COMMANDS

    here = desk(ctx)
    if rebuild_index:
        with here.open() as journal:
            journal.rebuild_index()
    mended = examination.repair(here.places, here.now) if repair else []
    found = [*mended, *examination.examine(here.places, lambda settings: aliases.check(settings.aliases, COMMANDS))]
    if as_json:
        here.screen.json_list({"code": each.code, "level": each.level, "text": each.text} for each in found)
    else:
        for each in found:
            here.screen.line((_SIGNS[each.level], "bold" if each.level == "fault" else "dim"), each.text)
    examination.raise_if_at_fault(found)
