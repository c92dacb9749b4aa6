"""`reflect unmark`: take a permission back."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import dates, ids
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.marks import audience_of
from reflect.consent import Consent
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def unmark(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    audience: Annotated[
        str, typer.Option("--for", metavar="AUDIENCE", help="Only a group, funder or public; left out, all.")
    ] = "",
    as_json: options.Json = False,
) -> None:
    """Take a permission back.

    What was shared already is withdrawn with your next `reflect share`.

    Examples:

    reflect unmark 7k2m

    reflect unmark 7k2m --for public
    """
    here = desk(ctx)
    with here.open() as journal:
        permissions = Consent(journal)
        found = journal.named(entry)
        kind, reader, _ = audience_of(permissions, audience) if audience else ("", "", "")
        withdrawn = permissions.unmark(found, kind, reader)
        gone = {each.id for each in withdrawn}
        out = [each for each in permissions.sent() if each.mark in gone]
        quoted = permissions.quoted_in(found) if out else []
    if as_json:
        here.screen.json(
            {
                "entry": ids.shown(found.id),
                "withdrawn": [ids.shown(each.id) for each in withdrawn],
                "shared": bool(out),
                "quoted_in": [
                    {"group": each.group, "kind": each.kind, "audience": each.audience, "made_on": each.made_on}
                    for each in quoted
                ],
            }
        )
        return
    here.screen.line(f"{many(len(withdrawn), 'mark')} withdrawn." if withdrawn else "It was not marked.")
    if out:
        here.screen.line(
            "It has been shared: run `reflect share` once more, and send that file, to take it back there."
        )
    for each in quoted:
        made_on = dates.in_words(each.made_on)
        here.screen.line(f"Quoted in the {each.kind} summary of {made_on} of {each.group}, for {each.audience}.")
