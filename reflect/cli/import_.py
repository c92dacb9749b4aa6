"""`reflect import`: entries from another tool, looked at first, then all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from reflect import clean, dates, ids, incoming, intake
from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.progress import Progress
from reflect.cli.screen import Screen
from reflect.errors import Refused, Usage
from reflect.exchange import importers
from reflect.exchange.arriving import Wishes
from reflect.exchange.stamps import Clock
from reflect.incoming import Brought, Plan
from reflect.summary.say import many
from reflect.whole import Refusal

app = typer.Typer(rich_markup_mode=None, add_completion=False)

FEW = 20
"""Refusals that a screen lists while nothing can be brought in; --json and --skip-bad list all."""

_SWITCHES = {
    "time_format": "--time-format",
    "tag_symbols": "--tag-symbols",
    "every_date": "--every-date",
    "columns": "--map",
    "month_first": "--month-first",
    "encoding": "--encoding",
    "at_times": "--at-times",
    "file_times": "--file-times",
}


@app.command("import")
def bring_in(
    ctx: typer.Context,
    form: Annotated[
        str,
        typer.Argument(metavar="FORMAT", help="jrnl, jrnl-json, dayone, markdown, csv, journal-cli or reflect."),
    ],
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file, a folder, a zip archive, or - for a pipe.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be brought in.")] = False,
    yes: options.Yes = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what can't be taken, and list it.")] = False,
    zone: Annotated[
        str, typer.Option("--zone", metavar="NAME", help="Time zone of times without one, such as Europe/London.")
    ] = "",
    tag: Annotated[
        list[str] | None, typer.Option("--tag", metavar="TAG", help="Give every entry this tag; can be given again.")
    ] = None,
    themes: Annotated[
        bool | None, typer.Option("--themes/--no-themes", help="Suggest themes now, however many entries there are.")
    ] = None,
    time_format: Annotated[
        str, typer.Option("--time-format", metavar="FORMAT", help="How dates are written, such as '%d.%m.%Y %H:%M'.")
    ] = "",
    tag_symbols: Annotated[
        str, typer.Option("--tag-symbols", metavar="SIGNS", help="For jrnl: what tags begin with, if not # or @.")
    ] = "",
    every_date: Annotated[
        bool, typer.Option("--every-date", help="For jrnl: each line that begins with a date is an entry.")
    ] = False,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="For CSV: where date, time, text, about, tags or id stand; can be given again.",
        ),
    ] = None,
    month_first: Annotated[bool, typer.Option("--month-first", help="Dates have the month before the day.")] = False,
    encoding: Annotated[
        str, typer.Option("--encoding", metavar="NAME", help="The file's encoding, if not UTF-8, such as cp1252.")
    ] = "",
    at_times: Annotated[
        bool, typer.Option("--at-times", help="For Markdown: a heading such as ## 14:30 begins an entry.")
    ] = False,
    file_times: Annotated[
        bool, typer.Option("--file-times", help="For Markdown: a file without a date has the day it was changed.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Bring entries in from another tool, or from reflect's own JSON.

    First it says what it found: how many entries are new, here already, or can't be
    taken, and why. Then it asks. All of them are stored, or none. The same file brought
    in again changes nothing, and `reflect undo` takes an import back.

    Photos and other files stay where they are; it says how many.

    Examples:

    reflect import jrnl journal.txt

    reflect import dayone Export.zip --dry-run

    reflect import csv log.csv --map text=Reflection --map tags=Type
    """
    here = desk(ctx)
    wished = {
        "time_format": time_format,
        "tag_symbols": tag_symbols,
        "every_date": every_date,
        "columns": columns or [],
        "month_first": month_first,
        "encoding": encoding,
        "at_times": at_times,
        "file_times": file_times,
    }
    _check_heeded(form, [name for name, value in wished.items() if value])
    with here.open() as journal, Progress(here.screen) as progress:
        wishes = Wishes(
            clock=Clock(zone, dates.zone_name()),
            now=here.now,
            themes=frozenset(theme.id for theme in journal.themes),
            time_format=time_format,
            tag_symbols=tag_symbols or "#@",
            every_date=every_date,
            columns=tuple(map(_column, columns or ())),
            month_first=month_first,
            encoding=encoding,
            at_times=at_times,
            file_times=file_times,
            tags=tuple(map(intake.tag, tag or ())),
        )
        plan = incoming.look(journal, form, path, wishes, progress.stage)
    if not as_json:
        _show(here.screen, plan, wishes, every_refusal=skip_bad)
    if plan.stopping and not skip_bad:
        if as_json:
            here.screen.json(_fields(plan, None, dry_run=dry_run))
        raise _cannot(plan)
    if not _is_wanted(here, plan, dry_run=dry_run, yes=yes, as_json=as_json):
        return
    with here.open() as journal, Progress(here.screen) as progress:
        brought = incoming.bring_in(journal, plan, progress.stage, suggest=themes)
    if as_json:
        here.screen.json(_fields(plan, brought, dry_run=False))
    else:
        _say_done(here.screen, brought)


def _check_heeded(form: str, given: Sequence[str]) -> None:
    """Refuse a wish that the format would pass over in silence."""
    heeded = importers.load(form).OPTIONS
    for name in given:
        if name not in heeded:
            mean = [_SWITCHES[each] for each in _SWITCHES if each in heeded]
            raise Usage(
                f"{_SWITCHES[name]} means nothing for {form}",
                why=f"there {'are ' + ', '.join(mean) if mean else 'is none of these for it'}",
                next_step="leave it out",
            )


def _column(written: str) -> tuple[str, str]:
    field, is_there, column = written.partition("=")
    if not is_there or not column.strip():
        raise Usage(f"{written!r} maps nothing", next_step="write FIELD=COLUMN, such as text=Reflection")
    return field.strip().lower(), column.strip()


def _is_wanted(here: Desk, plan: Plan, *, dry_run: bool, yes: bool, as_json: bool) -> bool:
    """Return whether to bring in what was shown; a person is asked."""
    if dry_run or not plan.brings_something:
        if as_json:
            here.screen.json(_fields(plan, None, dry_run=dry_run))
        else:
            here.screen.line("Nothing was brought in; this was only a look." if dry_run else "Nothing to bring in.")
        return False
    if yes:
        return True
    if as_json or not at_a_terminal():
        raise Usage(
            "nobody is here to say yes", next_step="add --yes, or --dry-run to look", changed="Nothing was brought in."
        )
    agreed = keyboard.agreed(f"Bring in {many(len(plan.new), 'new entry')}?")
    if not agreed:
        here.screen.line("Nothing was brought in.")
    return agreed


def _cannot(plan: Plan) -> Refused:
    first = plan.stopping[0]
    return Refused(
        f"{len(plan.stopping):,} of {plan.read:,} entries can't be taken",
        where=_place(first),
        why=first.why,
        next_step="mend the file, or add --skip-bad to leave them out",
        changed="Nothing was brought in.",
    )


# -- on the screen --------------------------------------------------------------------------------


def _show(screen: Screen, plan: Plan, wishes: Wishes, *, every_refusal: bool) -> None:
    screen.line((f"{plan.source}: {many(plan.read, 'entry')} read.", "bold"))
    for number, what in ((len(plan.new), "new"), (plan.here, "already here"), (len(plan.refusals), "refused")):
        screen.line(f"  {number:>9,}  {what}")
    if plan.new:
        days = [each.whole.entry.happened_at[:10] for each in plan.new]
        span = " to ".join(dict.fromkeys(map(dates.in_words, (min(days), max(days)))))
        screen.line(f"New from {span}. Times without a zone are those of {wishes.clock.said}.")
    for remark in plan.remarks:
        screen.words(remark, indent="")
    if plan.left_out:
        screen.line("Left out, since reflect has no place for them:")
        for what, number in plan.left_out.most_common():
            screen.line(f"  {number:>9,}  {what}")
    for pair in plan.pairs:
        other = ids.shown(pair.here) if pair.here else "another of the file"
        screen.line(f"  {_place(pair)}: the same as {other} by its id, with other words; both are kept.")
    shown = plan.refusals if every_refusal else plan.refusals[:FEW]
    for refusal in shown:
        screen.line(f"  {_place(refusal)}: ", refusal.why)
    if len(plan.refusals) > len(shown):
        screen.line((f"  and {len(plan.refusals) - len(shown):,} more; --json lists all", "dim"))


def _place(each: Refusal | incoming.Pair) -> str:
    return f"{each.file}, line {each.line:,}" if each.line else each.file


def _say_done(screen: Screen, brought: Brought) -> None:
    actions = f" and {many(brought.actions, 'action')}" if brought.actions else ""
    what = "it" if brought.entries + brought.actions == 1 else "them"
    screen.line(f"Brought in {many(brought.entries, 'entry')}{actions}. `reflect undo` takes {what} out again.")
    if brought.entries and not brought.suggested:
        screen.line("Themes were not looked for, since that takes a while: `reflect themes refresh` does.")


def _fields(plan: Plan, brought: Brought | None, *, dry_run: bool) -> dict[str, object]:
    return {
        "format": plan.form,
        "source": plan.source,
        "dry_run": dry_run,
        "read": plan.read,
        "new": len(plan.new),
        "already_here": plan.here,
        "refused": len(plan.refusals),
        "refusals": [
            {"file": each.file, "line": each.line or None, "why": clean.line(each.why), "stops": each.stops}
            for each in plan.refusals
        ],
        "pairs": [
            {"file": each.file, "line": each.line or None, "here": ids.shown(each.here) if each.here else None}
            for each in plan.pairs
        ],
        "left_out": [{"what": what, "count": number} for what, number in plan.left_out.most_common()],
        "remarks": plan.remarks,
        "brought_in": brought is not None,
        "actions": brought.actions if brought else 0,
        "batch": ids.shown(brought.batch) if brought else None,
        "themes_suggested": brought.suggested if brought else False,
    }
