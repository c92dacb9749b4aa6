"""`reflect unmark`: take a permission back."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import ids
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.consent import Consent
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def unmark(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    audience: Annotated[str, typer.Option("--for", metavar="AUDIENCE", help="Only group, funder or public.")] = "",
    as_json: options.Json = False,
) -> None:
    """Take a permission back; what was shared is withdrawn with your next `reflect share`.

    Examples:

    reflect unmark 7k2m

    reflect unmark 7k2m --for public
    """
    here = desk(ctx)
    with here.open() as journal:
        permissions = Consent(journal)
        found = journal.named(entry)
        withdrawn = permissions.unmark(found, audience)
        out = [each for each in permissions.sent() if each.entry == found.id]
    if as_json:
        here.screen.json({"entry": ids.shown(found.id), "withdrawn": [ids.shown(each.id) for each in withdrawn]})
        return
    here.screen.line(f"{many(len(withdrawn), 'mark')} withdrawn." if withdrawn else "It was not marked.")
    if out:
        here.screen.line(
            "It has been shared: run `reflect share` once more, and send that file, to take it back there."
        )
