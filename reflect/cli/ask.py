"""`reflect ask`: serve a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from reflect import fields, ids
from reflect.bank import choose
from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.cli.shown import care
from reflect.dates import in_words
from reflect.journal import Journal
from reflect.models import Entry
from reflect.summary.say import many, source

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def ask(
    ctx: typer.Context,
    theme: Annotated[str, typer.Option("--theme", metavar="ID", help="About this theme.")] = "",
    occasion: Annotated[
        str, typer.Option("--occasion", metavar="ID", help="For this occasion, such as after-meeting.")
    ] = "",
    depth: Annotated[str, typer.Option("--depth", metavar="DEPTH", help="light, working or deep.")] = "",
    for_group: Annotated[bool, typer.Option("--for-group", help="In the wording for a group.")] = False,
    count: Annotated[int, typer.Option("-n", metavar="N", help="How many, at most 3.")] = 1,
    as_json: options.Json = False,
) -> None:
    """Serve a question, with where it comes from.

    None comes again before all that fit have been asked. Pass one over and nothing is
    kept of that.

    Examples:

    reflect ask

    reflect ask --occasion before-meeting -n 3
    """
    here = desk(ctx)
    with here.open() as journal:
        wishes = choose.Wishes(
            theme=journal.theme(theme) if theme else "",
            occasion=journal.occasion(occasion) if occasion else "",
            depth=choose.depth(depth),
            for_group=for_group,
        )
        chosen = journal.ask(wishes, count)
        before = {each.prompt.id: None if for_group else journal.answered_before(each.prompt.id) for each in chosen}
        if as_json:
            here.screen.json_list(
                fields.prompt(each.prompt, each.why) | {"answered_before": _earlier(before[each.prompt.id])}
                for each in chosen
            )
        else:
            _show(here, journal, chosen, before, for_group=for_group)


def _show(
    here: Desk,
    journal: Journal,
    chosen: Sequence[choose.Chosen],
    before: Mapping[str, Entry | None],
    *,
    for_group: bool,
) -> None:
    prompts = [each.prompt for each in chosen]
    here.screen.line((f"{many(len(prompts), 'question')}, about {choose.minutes(prompts)} minutes.", "dim"))
    for each in chosen:
        here.screen.gap()
        care(here.screen, journal, each.prompt)
        here.screen.question(each.prompt.group_text if for_group else each.prompt.text, indent="")
        here.screen.line((f"{source(each.prompt)}. Why this one: {each.why}.", "dim"))
        if earlier := before[each.prompt.id]:
            here.screen.line(
                (f"You answered this question before, on {in_words(earlier.happened_at)}: reflect show ", "dim"),
                (ids.shown(earlier.id), "id"),
            )
        if len(prompts) > 1:
            here.screen.line("To answer: reflect write --prompt ", (each.prompt.id, "id"))
    if len(prompts) == 1:
        here.screen.gap()
        here.screen.line("To answer: reflect write")


def _earlier(entry: Entry | None) -> dict[str, str] | None:
    return {"entry": ids.shown(entry.id), "happened_at": entry.happened_at} if entry else None
