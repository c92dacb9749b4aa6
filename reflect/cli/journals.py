"""`reflect journals`: which journals there are."""

from __future__ import annotations

import typer

from reflect import config
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.screen import Piece
from reflect.dates import in_words
from reflect.errors import ReflectError, WrongKey
from reflect.store import glimpses
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def journals(ctx: typer.Context, as_json: options.Json = False) -> None:
    """List your journals: the first one, and those with a name.

    `--journal NAME` before a command means one of these; with `write` or `import` a name
    that is new begins another. Each has entries, drafts and copies of its own; settings,
    packs and groups are for all of them.

    Examples:

    reflect journals

    reflect journals --json
    """
    here = desk(ctx)
    home = here.places.home
    first = [""] if config.places().database.exists() else []
    found = [_looked_at(name) for name in (*first, *config.journals(home))]
    if as_json:
        here.screen.json_list(found)
        return
    for each in found:
        named: Piece = (str(each["name"]), "id") if each["name"] else ("the first one", "dim")
        said = [f"  {many(int(str(each['entries'])), 'entry')}"] if each["entries"] is not None else []
        said += [f", the newest of {in_words(str(each['newest']))}"] if each["newest"] else []
        said += [f"  {each['note']}"] if each["note"] else []
        here.screen.line(named, *said, "  ", (str(each["path"]), "dim"))
    if not found:
        here.screen.line("No journal yet. Write an entry: reflect write")


def _looked_at(name: str) -> dict[str, object]:
    """Return what can be said of a journal without opening it for writing or asking for a passphrase."""
    path = config.places(name).database
    entries: int | None = None
    newest, note = "", ""
    try:
        with glimpses.looking(path) as db:
            entries, newest = glimpses.size(db)
    except WrongKey:
        note = "encrypted"
    except ReflectError as error:
        note = error.what
    return {"name": name, "path": str(path.parent), "entries": entries, "newest": newest or None, "note": note}
