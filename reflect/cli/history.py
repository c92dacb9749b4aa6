"""`reflect history`: every wording of an entry, and what each changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from reflect import fields
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.differences import difference
from reflect.models import Version

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def history(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    whole: Annotated[bool, typer.Option("--whole", help="Each wording whole, without marks.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show every wording of an entry, oldest first, and word by word what each one changed.

    [-what went-] and {+what came+}; on a terminal with colours, crossed out and
    underlined.

    Examples:

    reflect history 7k2m

    reflect history 7k2m --whole
    """
    here = desk(ctx)
    with here.open() as journal:
        found = journal.named(entry)
        versions = journal.versions(found)
    if as_json:
        here.screen.json_list(
            fields.version(each) | {"in_force": each.number == found.version, "changes": _changes(before, each)}
            for before, each in _with_the_one_before(versions)
        )
        return
    for before, each in _with_the_one_before(versions):
        moment = datetime.fromisoformat(each.at)
        note = "  not in force: taken back" if each.number > found.version else ""
        here.screen.line((f"Version {each.number}", "bold"), (f"  {moment.day} {moment:%b %Y, %H:%M}{note}", "dim"))
        if before is None or whole:
            here.screen.words(each.text)
        else:
            here.screen.changed((piece.kind, piece.text) for piece in difference(before.text, each.text))


def _with_the_one_before(versions: list[Version]) -> list[tuple[Version | None, Version]]:
    return list(zip([None, *versions[:-1]], versions, strict=True))


def _changes(before: Version | None, each: Version) -> list[dict[str, str]] | None:
    if before is None:
        return None
    return [{"kind": piece.kind, "text": piece.text} for piece in difference(before.text, each.text)]
