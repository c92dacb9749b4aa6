"""`reflect actions`: what the writer offered to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reflect import fields, ids
from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.dates import in_words
from reflect.errors import Usage
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
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT", help="What you offer to do.")] = None,
    by: Annotated[str, typer.Option("--by", metavar="DAY", help="Until when, such as friday or 12/6/2026.")] = "",
    entry: Annotated[str, typer.Option("--entry", metavar="ID", help="The entry it comes from.")] = "",
    taken_home: Annotated[
        str, typer.Option("--from", metavar="FILE", help="The file that a session gave you at its close.")
    ] = "",
    as_json: options.Json = False,
) -> None:
    """Keep something you offer to do.

    Examples:

    reflect actions add "Ask who takes the minutes"

    reflect actions add "Send the bus times" --by friday --entry 7k2m

    reflect actions add --from len.takeaway.json
    """
    here = desk(ctx)
    if bool(text) == bool(taken_home) or (taken_home and (by or entry)):
        raise Usage("say what you offer, or --from FILE", next_step="one of them, and --by and --entry with words only")
    if text is None or taken_home:
        _take_home(here, Path(taken_home), as_json=as_json)
        return
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


def _take_home(here: Desk, path: Path, *, as_json: bool) -> None:
    """Keep the actions of a session's file that are not here yet, their limits as part of them."""
    from reflect.bank.packs import contents
    from reflect.session import takeaway

    taken = takeaway.read(contents(path), path.name)
    with here.open() as journal:
        known = {(each.text, each.due) for each in journal.actions(only_open=False)}
        offered = [(f"{each.text} ({each.limits})" if each.limits else each.text, each.due) for each in taken.actions]
        made = [journal.offer(text, due=due) for text, due in offered if (text, due) not in known]
    if as_json:
        here.screen.json_list(map(fields.action, made))
        return
    for action in made:
        here.screen.line("Noted ", *_line(action))
    if not made:
        here.screen.line("Nothing in it that is not here already.")


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
