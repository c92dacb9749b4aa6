"""`reflect doctor`: is the journal sound and private?"""

from __future__ import annotations

import typer

from reflect.cli import options
from reflect.cli.desk import desk

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_SIGNS = {"good": "good   ", "note": "note   ", "fault": "FAULT  "}


@app.command()
def doctor(ctx: typer.Context, as_json: options.Json = False) -> None:
    """Check that the journal is sound and private; nothing is written.

    Examples:

    reflect doctor

    reflect doctor --json
    """
    from reflect import doctor as examination

    here = desk(ctx)
    found = examination.examine(here.places)
    if as_json:
        here.screen.json_list({"code": each.code, "level": each.level, "text": each.text} for each in found)
    else:
        for each in found:
            here.screen.line((_SIGNS[each.level], "bold" if each.level == "fault" else "dim"), each.text)
    examination.raise_if_at_fault(found)
