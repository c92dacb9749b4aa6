"""`reflect summary`: the journal rolled up by theme."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from reflect import clean, dates, ids
from reflect.cli import options, together
from reflect.cli.desk import Desk, desk
from reflect.cli.screen import Screen
from reflect.errors import Usage
from reflect.files import write_private
from reflect.models import Filters
from reflect.summary import formats
from reflect.summary.roll_up import Excerpt, Summary, ThemeSummary
from reflect.summary.say import many, movement, source, sparkline, spread
from reflect.summary.together import Wanted

app = typer.Typer(rich_markup_mode=None, add_completion=False)

FEW = 10
"""Entries without a theme that a screen lists; files list all."""


@app.command()
def summary(
    ctx: typer.Context,
    what: Annotated[
        list[str] | None, typer.Argument(metavar="[verify FILE] [again FILE]", help="Check or re-issue a group's file.")
    ] = None,
    since: options.From = "",
    until: options.To = "",
    on: options.On = "",
    month: options.Month = "",
    quarter: options.Quarter = "",
    theme: options.Theme = "",
    tag: options.Tag = "",
    about: options.About = "",
    prompt: options.PromptId = "",
    text: options.Text = "",
    saved: options.Filter = "",
    limit: options.Limit = None,
    group: Annotated[
        str, typer.Option("--group", "-g", metavar="NAME", help="A group's, from what was gathered.")
    ] = "",
    audience: Annotated[str, typer.Option("--audience", metavar="AUDIENCE", help="group, funder or public.")] = "",
    draft: Annotated[bool, typer.Option("--draft", help="A group's draft, which people can speak to.")] = False,
    final: Annotated[bool, typer.Option("--final", help="The final one, with what was said to the draft.")] = False,
    until_when: Annotated[
        str, typer.Option("--until", metavar="DAY", help="Until when a draft can be spoken to.")
    ] = "",
    not_heard_from: Annotated[
        str, typer.Option("--not-heard-from", metavar="TEXT", help="Who has not been heard from, in your own words.")
    ] = "",
    pack: Annotated[
        str,
        typer.Option("--pack", metavar="FOLDER", help="All that a group's session needs: handout, host's sheet, data."),
    ] = "",
    handout_theme: Annotated[
        list[str] | None,
        typer.Option("--handout-theme", metavar="ID", help="A theme of the handout, at most five; can be given again."),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORM",
            help="markdown or json; a group's also word, html, pdf, csv, xlsx or qdpx. Left out, the screen.",
        ),
    ] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write it to this new file.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    as_json: options.Json = False,
) -> None:
    """Roll up your entries by theme, or what a group gathered.

    Your own is for your eyes, in your own words. A group's holds what people marked and
    is the same for everybody; `verify` checks its file, `again` re-issues it.

    Examples:

    reflect summary --month 2026-10

    reflect summary --quarter 2026-Q3 --format markdown -o quarter.md

    reflect summary --group "Hub partners" --final -o final.docx

    reflect summary verify final.docx
    """
    here = desk(ctx)
    if what:
        _with_a_file(here, what, group, output, force=force)
        return
    if group or audience or draft or final or pack or handout_theme or until_when or not_heard_from:
        if tag or about or text or saved:
            why = "a group's file holds none of them"
            raise Usage("--tag, --about, --text and --filter narrow your own journal", why=why)
        first, last, period = options.period(since, until, month, quarter)
        filters = options.filters(here, since=first, until=last)
        wanted = Wanted(
            audience=audience or "group",
            since=filters.since,
            until=filters.until,
            period=period,
            theme=theme,
            not_heard_from=not_heard_from,
            handout_themes=tuple(handout_theme or ()),
        )
        together.show(
            here,
            together.Request(
                group=group,
                wanted=wanted,
                form="json" if as_json else form,
                output=output,
                force=force,
                draft=draft,
                final=final,
                until=until_when,
                pack=pack,
            ),
        )
        return
    chosen = "json" if as_json else form or (_by_ending(output) if output else "")
    form_found = formats.load(chosen) if chosen else None
    first, last, period = options.period(on or since, on or until, month, quarter)
    filters = options.filters(
        here,
        since=first,
        until=last,
        theme=theme,
        tag=tag,
        about=about,
        prompt=prompt,
        text=text,
        limit=limit,
        saved=saved,
    )
    with here.open() as journal:
        made = journal.summary(journal.narrowed(filters), period or _in_words(filters))
        journal.check_summary(made)
    if output:
        assert form_found is not None  # noqa: S101 - an output always has a form
        write_private(Path(output), form_found.render(made).encode(), replace=force)
        here.screen.line("Written to ", output, ".")
    elif form_found:
        rendered = form_found.render(made)
        here.screen.raw((rendered if not sys.stdout.isatty() else clean.body(rendered)).rstrip("\n") + "\n")
    else:
        _show(here.screen, made)


def _with_a_file(here: Desk, what: list[str], group: str, output: str, *, force: bool) -> None:
    if len(what) != len(("verify", "FILE")) or what[0] not in ("verify", "again"):
        raise Usage(f"{' '.join(what)!r} is not understood", next_step="write verify FILE or again FILE")
    if what[0] == "verify":
        together.verify(here, group, Path(what[1]))
    else:
        together.again(here, group, Path(what[1]), output, force=force)


def _by_ending(output: str) -> str:
    for name in formats.names():
        if output.endswith(formats.load(name).ENDING):
            return name
    return "markdown"


def _in_words(filters: Filters) -> str:
    start = f"from {dates.in_words(filters.since)}" if filters.since else ""
    end = f"to {dates.in_words(filters.until)}" if filters.until else ""
    return " ".join(filter(None, [start, end]))


def _show(screen: Screen, made: Summary) -> None:
    screen.line((f"What you wrote, by theme: {made.period}. {many(made.method.entries, 'entry')}.", "bold"))
    for theme in made.themes:
        if theme.entries:
            _show_theme(screen, theme)
    empty = [theme.name for theme in made.themes if not theme.entries]
    if empty and made.method.entries:
        screen.gap()
        screen.line("Nothing under: ", ", ".join(empty), ".")
    if made.not_placed:
        screen.heading("Not placed")
        for excerpt in made.not_placed[:FEW]:
            _quote(screen, excerpt)
        if len(made.not_placed) > FEW:
            screen.line((f"and {len(made.not_placed) - FEW} more; --format markdown lists all", "dim"))
    _show_next(screen, made)
    screen.heading("How it was made")
    for sentence in made.method.sentences:
        screen.words(sentence)


def _show_theme(screen: Screen, theme: ThemeSummary) -> None:
    screen.heading(theme.name)
    moved = f" {movement(theme.movement)}" if theme.movement else ""
    screen.line(f"{many(theme.entries, 'entry')}, {spread(theme.weeks)}.{moved}")
    if len(theme.weeks) > 1 and not screen.plain:
        screen.line((sparkline(theme.weeks), "theme"))
    for excerpt in theme.excerpts:
        _quote(screen, excerpt)


def _show_next(screen: Screen, made: Summary) -> None:
    """Show what the writer offered to do, and what a group could talk about."""
    screen.heading("Open actions")
    for action in made.actions:
        screen.line(f"  {action.text}", (f"  by {dates.in_words(action.due)}" if action.due else "", "dim"))
    if not made.actions:
        screen.line("  Nothing recorded.")
    if made.questions:
        screen.heading("Questions a group session could take")
        for prompt in made.questions:
            screen.question(prompt.group_text)
            screen.line((f"    {source(prompt)}", "dim"))


def _quote(screen: Screen, excerpt: Excerpt) -> None:
    screen.words(excerpt.text, indent="  │ " if not screen.plain else "  ")
    screen.line((f"    {dates.in_words(excerpt.happened_at)}, entry {ids.shown(excerpt.entry)}", "dim"))
