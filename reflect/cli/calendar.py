"""`reflect calendar`: meetings that ended lately, from calendar files on this computer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.cli.home import how_to_answer, offer
from reflect.cli.progress import Progress
from reflect.meetings import LAST, LATELY, Added, Meetings
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)

_A_FEW = 10  # refused events shown; --json has all
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]


@app.callback()
def calendar(ctx: typer.Context, as_json: options.Json = False) -> None:
    """Meetings that ended lately, of the calendars you added.

    A calendar is an .ics file on this computer, as every calendar program exports
    it; nothing is asked of the network. `reflect` offers to look back on a meeting
    for twelve hours after its end, and `reflect write` begins with the last one.

    Examples:

    reflect calendar

    reflect calendar add work.ics
    """
    if ctx.invoked_subcommand is None:
        _lately(desk(ctx), as_json=as_json)


@app.command()
def add(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An .ics file, or a folder that holds some.")],
    dry_run: DryRun = False,
    as_json: options.Json = False,
) -> None:
    """Add a calendar, by its path; it is read anew when it changes.

    Events that can't be read are named, and the rest is read.

    Examples:

    reflect calendar add work.ics

    reflect calendar add work.ics --dry-run --json
    """
    here = desk(ctx)
    with here.open() as journal, Progress(here.screen) as progress:
        added = Meetings(journal).add(path, dry_run=dry_run, tick=progress.counted("Reading", "events"))
    if as_json:
        here.screen.json(
            {
                "path": added.path,
                "new": added.is_new,
                "files": added.files,
                "events": added.reading.events,
                "refused": [each._asdict() for each in added.reading.refused],
                "dry_run": dry_run,
            }
        )
    else:
        _say(here, added, dry_run=dry_run)


@app.command("list")
def list_calendars(ctx: typer.Context, as_json: options.Json = False) -> None:
    """List the calendars you added.

    Examples:

    reflect calendar list

    reflect calendar list --json
    """
    here = desk(ctx)
    with here.open() as journal:
        found = Meetings(journal).calendars()
    if as_json:
        here.screen.json_list({"path": each.path, "added_at": each.added_at, "there": each.is_there} for each in found)
        return
    for each in found:
        here.screen.line(each.path, ("" if each.is_there else "  (gone)", "dim"))
    if not found:
        here.screen.line("No calendar yet. To add one: reflect calendar add FILE.ics")


@app.command()
def remove(
    ctx: typer.Context,
    path: Annotated[str, typer.Argument(metavar="FILE", help="Its path, or its name in `reflect calendar list`.")],
    dry_run: DryRun = False,
) -> None:
    """Forget a calendar; its file stays as it is, and so do your entries.

    Examples:

    reflect calendar remove work.ics

    reflect calendar remove work.ics --dry-run
    """
    here = desk(ctx)
    with here.open() as journal:
        gone = Meetings(journal).remove(path, dry_run=dry_run)
    here.screen.line("Would be forgotten: " if dry_run else "Forgotten: ", gone, "; the file stays as it is.")


@app.command("pass")
def pass_over(
    ctx: typer.Context,
    meeting: Annotated[
        str, typer.Argument(metavar="[ID]", help="Its id as `reflect calendar` shows it; alone, the last one.")
    ] = LAST,
) -> None:
    """Pass a meeting over: it is offered no more.

    Examples:

    reflect calendar pass

    reflect calendar pass 7k2m
    """
    here = desk(ctx)
    with here.open() as journal:
        meetings = Meetings(journal)
        ended = meetings.named(meeting, only_offered=True)
        meetings.pass_over(ended)
    here.screen.line("Passed over: ", (ended.name, "bold"))


def _lately(here: Desk, *, as_json: bool) -> None:
    with here.open() as journal:
        meetings = Meetings(journal)
        lately = meetings.lately()
        has_calendars = bool(meetings.calendars())
    for sentence in lately.told:
        here.screen.aside(sentence)
    if as_json:
        here.screen.json_list(each.fields() for each in lately.ended)
        return
    for each in lately.ended:
        offer(here, each)
    if lately.ended:
        how_to_answer(here)
    elif has_calendars:
        hours = int(LATELY.total_seconds()) // 3600
        here.screen.line(f"No meeting ended in the last {hours} hours that you have not written about or passed over.")
    else:
        here.screen.line("No calendar yet. To add one: reflect calendar add FILE.ics")


def _say(here: Desk, added: Added, *, dry_run: bool) -> None:
    screen, reading = here.screen, added.reading
    done = ("Would be added" if dry_run else "Added") if added.is_new else "Read anew"
    of_files = f" in {many(added.files, 'file')}" if added.files > 1 else ""
    screen.line(f"{done}: ", added.path, f", {many(reading.events, 'event')}{of_files}.")
    for each in reading.refused[:_A_FEW]:
        title = f", “{each.event}”" if each.event else ""
        screen.line(f"  Not read: {each.file}, line {each.line}{title}: {each.why}")
    if len(reading.refused) > _A_FEW:
        screen.line(f"  And {len(reading.refused) - _A_FEW:,} more; --json names all of them.")
