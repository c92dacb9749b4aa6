"""`reflect actions`: what the writer offered to do."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import fields, ids
from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.dates import in_words
from reflect.models import Action

app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The action's id, or the beginning of it.")]


@app.callback()
def actions(ctx: typer.Context, as_json: options.Json = False) -> None:
    """What you offered to do; alone it lists what is open.

    Examples:

    reflect actions

    reflect actions add "Ring the caretaker about the keys" --by friday
    """
    if ctx.invoked_subcommand is None:
        _list(desk(ctx), closed=False, as_json=as_json)


@app.command("list")
def list_actions(
    ctx: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that are closed, too.")] = False,
    as_json: options.Json = False,
) -> None:
    """List what is open, nearest date first.

    Examples:

    reflect actions list

    reflect actions list --all --json
    """
    _list(desk(ctx), closed=everything, as_json=as_json)


@app.command()
def add(
    ctx: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="What you offer to do.")],
    by: Annotated[str, typer.Option("--by", metavar="DAY", help="Until when, such as friday or 12/6/2026.")] = "",
    entry: Annotated[str, typer.Option("--entry", metavar="ID", help="The entry it comes from.")] = "",
    as_json: options.Json = False,
) -> None:
    """Keep something you offer to do.

    Examples:

    reflect actions add "Ask who takes the minutes"

    reflect actions add "Send the bus times" --by friday --entry 7k2m
    """
    here = desk(ctx)
    with here.open() as journal:
        action = journal.offer(" ".join(text), due=by, entry=journal.named(entry) if entry else None)
    _answer(here, "Noted ", action, as_json=as_json)


@app.command()
def done(
    ctx: typer.Context,
    action: Id,
    note: Annotated[str, typer.Option("--note", metavar="WORDS", help="What came of it.")] = "",
    as_json: options.Json = False,
) -> None:
    """Close an action as kept.

    Examples:

    reflect actions done 3f8w

    reflect actions done 3f8w --note "the minutes go round in turn now"
    """
    here = desk(ctx)
    with here.open() as journal:
        closed = journal.close_action(action, "kept", note)
    _answer(here, "Done: ", closed, as_json=as_json)


def _list(here: Desk, *, closed: bool, as_json: bool) -> None:
    with here.open() as journal:
        found = journal.actions(only_open=not closed)
    if as_json:
        here.screen.json_list(map(fields.action, found))
        return
    for action in found:
        here.screen.line(*_line(action))
    if not found:
        here.screen.line("No actions." if closed else "Nothing is open.")


def _answer(here: Desk, before: str, action: Action, *, as_json: bool) -> None:
    if as_json:
        here.screen.json(fields.action(action))
    else:
        here.screen.line(before, *_line(action))


def _line(action: Action) -> list[str | tuple[str, str]]:
    pieces: list[str | tuple[str, str]] = [(ids.shown(action.id), "id"), "  ", action.text]
    if action.due:
        pieces.append((f"  by {in_words(action.due)}", "dim"))
    if action.state != "open":
        pieces.append((f"  {action.state}{': ' + action.note if action.note else ''}", "dim"))
    return pieces
