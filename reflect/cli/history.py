"""`reflect history`: every wording of an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from reflect import fields
from reflect.cli import options
from reflect.cli.desk import desk

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def history(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    as_json: options.Json = False,
) -> None:
    """Show every wording of an entry, oldest first.

    Examples:

    reflect history 7k2m

    reflect history 7k2m --json
    """
    here = desk(ctx)
    with here.open() as journal:
        versions = journal.versions(journal.named(entry))
    if as_json:
        here.screen.json_list(map(fields.version, versions))
        return
    for version in versions:
        moment = datetime.fromisoformat(version.at)
        here.screen.line((f"Version {version.number}", "bold"), (f"  {moment.day} {moment:%b %Y, %H:%M}", "dim"))
        here.screen.words(version.text)
