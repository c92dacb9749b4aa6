"""`reflect actions`: what the writer offered to do, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reflect import fields
from reflect.actions import Actions, Closed, Seen
from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.shown import action_line
from reflect.errors import Usage
from reflect.models import Action
from reflect.offers import Offer

app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The action's id, or the beginning of it.")]
Why = Annotated[str, typer.Option("--why", "--note", metavar="WORDS", help="A word of why.")]
SeenWords = Annotated[str, typer.Option("--seen", metavar="WORDS", help="What you saw come of it.")]
Expected = Annotated[str, typer.Option("--expected", metavar="yes|no|partly", help="Whether you expected that.")]
Helped = Annotated[str, typer.Option("--helped", metavar="yes|no|partly", help="Whether it helped.")]
ForWhom = Annotated[str, typer.Option("--for", metavar="WHOM", help="Whose view this is: whom it did or didn't help.")]
By = Annotated[str, typer.Option("--by", metavar="DAY", help="Until when, such as friday or 12/6/2026.")]
Intended = Annotated[str, typer.Option("--intended", metavar="WORDS", help="What it is meant to bring about.")]


@app.callback()
def actions(ctx: typer.Context, as_json: options.Json = False) -> None:
    """What you offered to do, and what came of it; alone it lists what is open.

    A line of an entry that begins with -> is kept as an action, too.

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
def show(ctx: typer.Context, action: Id, as_json: options.Json = False) -> None:
    """Show one action and what came of it.

    Examples:

    reflect actions show 3f8w

    reflect actions show 3f8w --json
    """
    here = desk(ctx)
    with here.open() as journal:
        found = Actions(journal).named(action)
    _answer(here, "", Closed(found), as_json=as_json)


@app.command()
def add(
    ctx: typer.Context,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT]", help="What you offer to do.")] = None,
    by: By = "",
    entry: Annotated[str, typer.Option("--entry", metavar="ID", help="The entry it comes from.")] = "",
    about: Annotated[str, typer.Option("--about", metavar="WORDS", help="What it is about, such as a meeting.")] = "",
    intended: Intended = "",
    taken_home: Annotated[
        str, typer.Option("--from", metavar="FILE", help="The file that a session gave you at its close.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --from: only say what would be noted.")] = False,
    as_json: options.Json = False,
) -> None:
    """Keep something you offer to do.

    "By friday" at its end is read as its day.

    What a session's file offers is passed over where it is here already.

    Examples:

    reflect actions add "Send the bus times by friday" --entry 7k2m

    reflect actions add --from len.takeaway.json
    """
    here = desk(ctx)
    if bool(text) == bool(taken_home) or (taken_home and (by or entry or about or intended)):
        raise Usage(
            "say what you offer, or --from FILE", next_step="one of them, and the other options with words only"
        )
    if taken_home:
        _take_home(here, Path(taken_home), dry_run=dry_run, as_json=as_json)
        return
    with here.open() as journal:
        action = journal.offer(
            " ".join(text or ()),
            due=by,
            entry=journal.named(entry) if entry else None,
            about=about,
            intended=intended,
        )
    _answer(here, "Noted ", Closed(action), as_json=as_json)


@app.command()
def done(
    ctx: typer.Context,
    action: Id,
    why: Why = "",
    seen: SeenWords = "",
    expected: Expected = "",
    helped: Helped = "",
    for_whom: ForWhom = "",
    as_json: options.Json = False,
) -> None:
    """Close an action as kept.

    Examples:

    reflect actions done 3f8w

    reflect actions done 3f8w --seen "we take turns now" --for "the note-takers"
    """
    _close(desk(ctx), action, "kept", why, Seen(seen, expected, helped, for_whom), as_json=as_json)


@app.command()
def change(
    ctx: typer.Context,
    action: Id,
    to: Annotated[list[str] | None, typer.Argument(metavar="[TEXT]", help="What you offer in its place.")] = None,
    by: By = "",
    why: Why = "",
    seen: SeenWords = "",
    expected: Expected = "",
    helped: Helped = "",
    for_whom: ForWhom = "",
    as_json: options.Json = False,
) -> None:
    """Close an action as changed.

    With other words or another day, that is offered in its place.

    Examples:

    reflect actions change 3f8w "Write to the caretaker" --why "she is out"

    reflect actions change 3f8w --by "1 december"
    """
    here = desk(ctx)
    with here.open() as journal:
        why = _asked(why)
        seen_now = Seen(seen, expected, helped, for_whom)
        closed = Actions(journal).change(action, why, to=" ".join(to or ()), due=by, seen=seen_now)
    _answer(here, "Changed: ", closed, as_json=as_json)


@app.command()
def drop(
    ctx: typer.Context,
    action: Id,
    why: Why = "",
    seen: SeenWords = "",
    expected: Expected = "",
    helped: Helped = "",
    for_whom: ForWhom = "",
    as_json: options.Json = False,
) -> None:
    """Close an action as dropped.

    Letting go of one is as good an end as any.

    Examples:

    reflect actions drop 3f8w

    reflect actions drop 3f8w --why "the council does it now"
    """
    _close(desk(ctx), action, "dropped", why, Seen(seen, expected, helped, for_whom), as_json=as_json)


@app.command()
def seen(
    ctx: typer.Context,
    action: Id,
    words: Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="What you saw come of it.")] = None,
    expected: Expected = "",
    helped: Helped = "",
    for_whom: ForWhom = "",
    intended: Intended = "",
    as_json: options.Json = False,
) -> None:
    """Say what came of an action, open or closed.

    Once for each viewpoint, and as often as you look.

    Examples:

    reflect actions seen 3f8w "two more came" --expected no --for families

    reflect actions seen 3f8w --intended "so that nobody waits at the gate"
    """
    here = desk(ctx)
    with here.open() as journal:
        noted = Seen(" ".join(words or ()), expected, helped, for_whom)
        found = Actions(journal).see(action, noted, intended)
    _answer(here, "Noted: ", Closed(found), as_json=as_json)


def _close(here: Desk, action: str, state: str, why: str, seen: Seen, *, as_json: bool) -> None:
    with here.open() as journal:
        closed = Actions(journal).close(action, state, _asked(why), seen)
    _answer(here, "Done: " if state == "kept" else "Dropped: ", closed, as_json=as_json)


def _asked(why: str) -> str:
    """Return the word of why, asked for at a terminal where none was given; Enter passes it over."""
    if why or not at_a_terminal():
        return why
    keyboard.prepare()
    return keyboard.one_line("A word of why (Enter: none)? ")


def _take_home(here: Desk, path: Path, *, dry_run: bool, as_json: bool) -> None:
    """Keep the actions of a session's file that are not here yet, their limits as part of them."""
    from reflect.bank.packs import contents
    from reflect.session import takeaway

    taken = takeaway.read(contents(path), path.name)
    offered = [Offer(f"{each.text} ({each.limits})" if each.limits else each.text, each.due) for each in taken.actions]
    with here.open() as journal:
        made, already = Actions(journal).take(offered, dry_run=dry_run)
    if as_json:
        here.screen.json(
            {
                "read": len(offered),
                "new": [fields.action(each) for each in made],
                "already_here": already,
                "dry_run": dry_run,
            }
        )
        return
    for each in made:
        here.screen.line("Would be noted: " if dry_run else "Noted ", *action_line(each)[2 if dry_run else 0 :])
    here.screen.line(f"Read {len(offered)}: {len(made)} new, {already} here already.")


def _list(here: Desk, *, closed: bool, as_json: bool) -> None:
    with here.open() as journal:
        found = journal.actions(only_open=not closed)
    if as_json:
        here.screen.json_list(map(fields.action, found))
        return
    for action in found:
        here.screen.line(*action_line(action))
        if closed:
            _more(here, action)
    if not found:
        here.screen.line("No actions." if closed else "Nothing is open.")


def _answer(here: Desk, before: str, closed: Closed, *, as_json: bool) -> None:
    if as_json:
        instead = {"instead": fields.action(closed.instead)} if closed.instead else {}
        here.screen.json(fields.action(closed.action) | instead)
        return
    here.screen.line(before, *action_line(closed.action))
    _more(here, closed.action)
    if closed.instead:
        here.screen.line("In its place: ", *action_line(closed.instead))


def _more(here: Desk, action: Action) -> None:
    """Show what was meant and what was seen, each viewpoint on a line of its own (REQ-30)."""
    if action.intended:
        here.screen.line("    meant to: ", action.intended)
    for each in action.outcomes:
        said = [f"seen: {each.seen}"] if each.seen else []
        said += [f"as expected: {each.expected}"] if each.expected else []
        said += [f"helped: {each.helped}"] if each.helped else []
        here.screen.line("    ", f"{each.for_whom or 'for me'}: ", "; ".join(said))
