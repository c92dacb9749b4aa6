"""`reflect themes`: the codebook."""

from __future__ import annotations

import typer

from reflect.cli import options
from reflect.cli.desk import desk
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)


@app.callback()
def themes(ctx: typer.Context) -> None:
    """Look into the codebook of themes.

    Examples:

    reflect themes list

    reflect themes refresh
    """
    if ctx.invoked_subcommand is None:
        desk(ctx).screen.raw(ctx.get_help() + "\n")


@app.command("list")
def list_themes(ctx: typer.Context, as_json: options.Json = False) -> None:
    """List the themes with what each is about.

    Examples:

    reflect themes list

    reflect themes list --json
    """
    here = desk(ctx)
    with here.open() as journal:
        found = journal.themes
    if as_json:
        here.screen.json_list(
            {"id": each.id, "name": each.name, "definition": each.definition, "origin": each.origin} for each in found
        )
        return
    for each in found:
        here.screen.line((each.id, "theme"), "  ", (each.name, "bold"))
        here.screen.words(each.definition, indent="    ")


@app.command()
def refresh(ctx: typer.Context, as_json: options.Json = False) -> None:
    """Suggest themes anew for every entry.

    Your own choices stay as they are.

    Examples:

    reflect themes refresh

    reflect themes refresh --json
    """
    here = desk(ctx)
    with here.open() as journal:
        done = journal.refresh_suggestions()
    if as_json:
        here.screen.json({"entries": done})
    else:
        here.screen.line(f"Read {many(done, 'entry')} again.")
