"""`reflect mark`: let others read an entry, or some sentences of it."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import ids
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.marks import audience_of, check_own_list, mark_fields, show_hints, show_leaving
from reflect.consent import LONE_VIEW, Consent, Terms
from reflect.errors import Usage
from reflect.words import sentence_spans

app = typer.Typer(rich_markup_mode=None, add_completion=False)

LEVELS = ("theme", "reworded", "verbatim")


@app.command()
def mark(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ID", help="The entry's id, or the beginning of it.")],
    audience: Annotated[str, typer.Option("--for", metavar="AUDIENCE", help="A group you joined, funder or public.")],
    level: Annotated[
        str, typer.Option("--level", metavar="LEVEL", help="theme (no words), reworded (--words) or verbatim.")
    ] = "theme",
    attribution: Annotated[
        str, typer.Option("--as", metavar="NAME", help="A name to be known by; none is the default.")
    ] = "none",
    sentences: Annotated[
        str, typer.Option("--sentences", metavar="1,3-4", help="Only these sentences; shown numbered without it.")
    ] = "",
    words: Annotated[str, typer.Option("--words", metavar="TEXT", help="What may be read instead of your words.")] = "",
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="TEXT", help="What it may be used for; the group's purpose if left out.")
    ] = "",
    gain: Annotated[bool, typer.Option("--gain", help="It tells of a gain.")] = False,
    loss: Annotated[bool, typer.Option("--loss", help="It tells of a loss.")] = False,
    differs: Annotated[bool, typer.Option("--differs", help="It is a view that differs from most.")] = False,
    leads_to: Annotated[
        str, typer.Option("--leads-to", metavar="TEXT", help="What you want it to lead to; printed beside it.")
    ] = "",
    alone_ok: Annotated[
        bool, typer.Option("--alone-ok", help="It may be quoted even where few wrote, and you may be recognised.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Let others read an entry, or some sentences of it.

    Nothing leaves before `reflect share`, and what is not marked never leaves. A mark
    can be taken back with `reflect unmark`.

    Examples:

    reflect mark 7k2m --for group --level verbatim --sentences 2-3

    reflect mark 7k2m --for public --level reworded --words "We were not asked." --differs
    """
    here = desk(ctx)
    if level not in LEVELS:
        raise Usage(f"there is no level {level!r}", why="there are " + ", ".join(LEVELS))
    stances = [name for name, said in (("gain", gain), ("loss", loss), ("differs", differs)) if said]
    if len(stances) > 1:
        raise Usage("a passage is a gain, a loss or a differing view", next_step="mark it as one of them")
    with here.open() as journal:
        permissions = Consent(journal)
        found = journal.named(entry)
        to_whom, reader, agreed_purpose = audience_of(permissions, audience)
        terms = Terms(
            audience=to_whom,
            reader=reader,
            purpose=purpose or agreed_purpose,
            level=level,
            attribution="" if attribution == "none" else attribution,
            words=words,
            stance=stances[0] if stances else "",
            leads_to=leads_to,
            alone_ok=alone_ok,
        )
        passages = permissions.passages(found, sentences)
        text = words or "\n".join(found.text[start:end] for start, end in passages)
        listed = journal.settings.never_share
        if level != "theme":
            check_own_list(f"{text}\n{terms.leads_to}\n{terms.attribution}", listed)
            (here.screen.aside if as_json else here.screen.line)(LONE_VIEW)
        made = permissions.mark(found, passages, terms)
        if as_json:
            here.screen.json_list(mark_fields(each, found) for each in made)
            return
        for each in made:
            show_leaving(here.screen, each, found)
        if level != "theme":
            if not sentences and len(sentence_spans(found.text)) > 1:
                here.screen.line(("All of it. For a part: --sentences 1,3-4", "dim"))
            show_hints(here.screen, text, listed)
            if alone_ok:
                here.screen.line("You agreed that it may be quoted even so.")
        here.screen.line("Take it back: reflect unmark ", (ids.shown(found.id), "id"))
