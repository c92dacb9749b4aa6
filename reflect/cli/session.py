"""`reflect session`: timed check-ins and reflections of a group."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reflect import dates, fields
from reflect import group as groups
from reflect.cli import holding, options
from reflect.cli.desk import Desk, desk
from reflect.errors import NotFound, ReflectError
from reflect.files import write_private
from reflect.group import Group
from reflect.session import after, plans, scale
from reflect.session import note as forms
from reflect.session.plans import Plan
from reflect.session.values import Held, Setup
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)

GroupName = Annotated[str, typer.Option("--group", metavar="GROUP", help="Which group; a check-in's is `team`.")]
People = Annotated[
    str, typer.Option("--people", metavar="NAMES", help="Who is there: Amara, Len, Priya; or only how many.")
]
Minutes = Annotated[float, typer.Option("--minutes", metavar="N", help="How long; left out, as long as these need.")]
PlanName = Annotated[str, typer.Argument(metavar="PLAN", help="A plan of `reflect session plans`, or its beginning.")]
Which = Annotated[str, typer.Argument(metavar="ID", help="A session's id, or its beginning; else the latest.")]


@app.callback()
def session() -> None:
    """Hold a timed session, in which everybody is heard.

    Examples:

    reflect session plans

    reflect session run what-so-what --people 6 --minutes 45
    """


# -- plans ------------------------------------------------------------------------------------------


@app.command("plans")
def list_plans(ctx: typer.Context, as_json: options.Json = False) -> None:
    """List the plans there are, ours and your own.

    A plan of your own is a TOML file in the folder `plans` of REFLECT_HOME.

    Examples:

    reflect session plans

    reflect session plans --json
    """
    here = desk(ctx)
    shelf = _shelf(here)
    if as_json:
        here.screen.json_list(_plan_fields(each) for each in shelf.plans.values())
        return
    for each in shelf.plans.values():
        head = each.plan
        here.screen.line((each.id, "id"), "  ", (head.title, "bold"), f"  {each.minutes:g} minutes for {head.people}")
        here.screen.words(head.about)


@app.command()
def show(
    ctx: typer.Context,
    plan: PlanName,
    people: People = "",
    minutes: Minutes = 0,
    lens: Annotated[str, typer.Option("--lens", metavar="ID", help="Add a step that looks through this lens.")] = "",
    as_json: options.Json = False,
) -> None:
    """Show a plan, fitted to people and minutes.

    Turns are equal, and what is cut is said.

    Examples:

    reflect session show check-in

    reflect session show gibbs --people 7 --minutes 40
    """
    here = desk(ctx)
    chosen = _plan(here, plan, lens)
    names, number = who(people)
    agenda = scale.scaled(chosen, max(number, len(names)), minutes)
    if as_json:
        here.screen.json(_plan_fields(chosen) | {"agenda": scale.to_fields(agenda)})
        return
    screen = here.screen
    screen.line((chosen.plan.title, "bold"), f"  {many(agenda.people, 'person')}, {scale.spoken(agenda.seconds)}")
    screen.words(chosen.plan.about)
    if chosen.plan.credit:
        screen.line((chosen.plan.credit, "dim"))
    screen.gap()
    for step, planned in zip(agenda.steps, _steps(chosen, agenda), strict=True):
        turn = f", {scale.spoken(step.turn)} each" if step.turn else ""
        kept = "  (protected)" if step.protected else "  (optional)" if step.optional else ""
        screen.line((step.title, "bold"), f"  {scale.spoken(step.seconds)}{turn}", (kept, "dim"))
        for line in planned:
            screen.question(line)
    for line in (*agenda.cut, *agenda.grown, *agenda.remarks):
        screen.line((line, "dim"))


def _steps(plan: Plan, agenda: scale.Agenda) -> Sequence[Sequence[str]]:
    """Return what each step asks, or where its question will come from, and its hints for the host."""
    by_id = {each.id: each for each in plan.step}
    return [[*_asks(by_id[each.id]), *(f"For the host: {hint}" for hint in each.hints)] for each in agenda.steps]


def _asks(step: plans.Step) -> Sequence[str]:
    if step.text:
        return [step.text, *(f"- {each}" for each in step.parts)]
    if step.prompt:
        return [f"Question {step.prompt}; see `reflect prompts show {step.prompt}`."]
    if step.choose:
        wanted = [value for value in (step.choose.theme, step.choose.occasion, step.choose.depth) if value]
        about = f" ({', '.join(wanted)})" if wanted else ""
        return [f"A question of the bank{about}, the one this group was asked least."]
    if step.same_as:
        return [f"The question of {step.same_as} once more."]
    asks = plans.lenses()[step.lens].asks if step.lens else plans.kind_of(step).asks
    return [asks] if asks else []


def _plan_fields(each: Plan) -> dict[str, object]:
    head = each.plan
    return {
        "id": each.id,
        "title": head.title,
        "about": head.about,
        "kind": head.kind,
        "people": head.people,
        "minutes": each.minutes,
        "credit": head.credit or None,
        "steps": [step.model_dump(mode="json", exclude_defaults=True) for step in each.step],
    }


def _shelf(here: Desk) -> plans.Shelf:
    with here.open() as journal:
        shelf = plans.every(here.places.home / "plans", journal.prompts())
    for each in shelf.left_out:
        here.screen.aside(each)
    return shelf


def _plan(here: Desk, name: str, lens: str = "") -> Plan:
    plan = _shelf(here).get(name)
    return plans.with_lens(plan, lens) if lens else plan


def who(people: str) -> tuple[tuple[str, ...], int]:
    """Return names, or a bare number of people."""
    if people.strip().isdigit():
        return (), int(people)
    return tuple(each.strip() for each in people.split(",") if each.strip()), 0


# -- a session held --------------------------------------------------------------------------------------

Script = Annotated[str, typer.Option("--script", metavar="FILE", help="A file that does what a host would.")]
PaceOption = Annotated[float, typer.Option("--pace", metavar="N", min=0, help="So many times as fast; 0 never waits.")]
Cues = Annotated[
    str, typer.Option("--cues", metavar="LIST", help="How the end of a time is told: sight, bell, words; or none.")
]
Me = Annotated[str, typer.Option("--me", metavar="NAME", help="Your name there: your actions enter your journal.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="A new folder for note and actions.")]
Bring = Annotated[bool, typer.Option("--bring", help="Choose first which of your marked entries to bring.")]
Join = Annotated[str, typer.Option("--join", metavar="ADDRESS", help="Let phones join here: an address, or `any`.")]
Port = Annotated[
    int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port for phones; else 8400, if it is free.")
]


@app.command()
def run(
    ctx: typer.Context,
    plan: PlanName,
    group: GroupName = "",
    people: People = "",
    minutes: Minutes = 0,
    lens: Annotated[str, typer.Option("--lens", metavar="ID", help="Add a step that looks through this lens.")] = "",
    purpose: Annotated[str, typer.Option("--purpose", metavar="WORDS", help="What this session is for.")] = "",
    audience: Annotated[str, typer.Option("--audience", metavar="WORDS", help="Who reads what comes out.")] = "",
    responder: Annotated[str, typer.Option("--responder", metavar="NAME", help="Who responds to it.")] = "",
    respond_by: Annotated[str, typer.Option("--respond-by", metavar="DAY", help="By when they respond.")] = "",
    cost: Annotated[str, typer.Option("--cost", metavar="WORDS", help="What taking part costs, how it is met.")] = "",
    aims: Annotated[str, typer.Option("--aims", metavar="WORDS", help="Left out: to be found with the group.")] = "",
    add_until: Annotated[str, typer.Option("--add-until", metavar="DAY", help="People can add words until then.")] = "",
    bring: Bring = False,
    join: Join = "",
    port: Port = 0,
    me: Me = "",
    output: Output = "",
    script: Script = "",
    pace: PaceOption = 1,
    cues: Cues = "sight,bell,words",
) -> None:
    """Hold a session in which everybody is heard.

    It keeps the time, the order and the quiet.
    Phones are not needed: paper is fine, and the host gives the word to people on a call.

    Examples:

    reflect session run check-in --people "Amara, Len, Priya"

    reflect session run gibbs --people 8 --minutes 60 -o monday
    """
    here = desk(ctx)
    names, number = who(people)
    setup = Setup(
        purpose,
        audience,
        responder,
        dates.day(respond_by, here.now, ahead=True) if respond_by else "",
        cost,
        aims,
        dates.day(add_until, here.now, ahead=True) if add_until else "",
    )
    wanted = holding.Wanted(plan, group, names, number, minutes, lens, setup)
    holding.begin(here, wanted, holding.Manner(script, pace, holding.cues(cues), me, output, bring, join, port))


@app.command()
def resume(
    ctx: typer.Context,
    which: Which = "",
    group: GroupName = "",
    join: Join = "",
    port: Port = 0,
    me: Me = "",
    output: Output = "",
    script: Script = "",
    pace: PaceOption = 1,
    cues: Cues = "sight,bell,words",
) -> None:
    """Take up a session that was left open.

    It comes back paused, at the second where it stood.

    Examples:

    reflect session resume

    reflect session resume 4k2m --group team
    """
    here = desk(ctx)
    with with_session(here, group, which.lower(), closed=False) as kept:
        manner = holding.Manner(script, pace, holding.cues(cues), me, output, join=join, port=port)
        holding.resume(here, kept, which, manner)


# -- what was held ------------------------------------------------------------------------------------


@app.command("check-join")
def check_join(
    ctx: typer.Context,
    address: Annotated[str, typer.Option("--address", metavar="ADDRESS", help="One of this laptop's own.")] = "",
    port: Port = 0,
    wait: Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for a phone.")] = 0,
    as_json: options.Json = False,
) -> None:
    """Test beforehand whether phones can join.

    Guest networks often keep devices apart; it says what to do instead.

    Examples:

    reflect session check-join

    reflect session check-join --address 192.168.1.20 --wait 60
    """
    from reflect.session.page import address as place

    here = desk(ctx)

    def show(link: str, qr: Sequence[str]) -> None:
        here.screen.line("Open this on a phone: ", (link, "bold"))
        for line in qr:
            here.screen.line(line)

    found = place.check(address, port, wait=wait, show=None if as_json else show)
    if as_json:
        here.screen.json(fields.named(found))
        return
    for line in (*found.remarks, *found.instead):
        here.screen.line(line)


@app.command("list")
def list_sessions(ctx: typer.Context, group: GroupName = "", as_json: options.Json = False) -> None:
    """List the sessions there were, the newest first.

    Examples:

    reflect session list

    reflect session list --group team --json
    """
    here = desk(ctx)
    found: list[tuple[str, Held]] = []
    for folder in _folders(here, group):
        with Group(folder, here.now) as kept:
            found += [(kept.invitation.name, each) for each in after.every(kept)]
    found.sort(key=lambda each: each[1].held_at, reverse=True)
    if as_json:
        here.screen.json_list({"group": name, **each._asdict()} for name, each in found)
        return
    for name, each in found:
        how = "" if each.closed_at else "  still open: `reflect session resume`"
        here.screen.line((each.id, "id"), f"  {dates.in_words(each.held_at)}  ", (each.title, "bold"), f"  {name}{how}")
        if each.record.get("evenness"):
            here.screen.line((f"  {each.record['evenness']}", "dim"))
    if not found:
        here.screen.line("No session yet. Begin with `reflect checkin`.")


def _folders(here: Desk, group: str) -> list[Path]:
    """Return the folders of one group, or of all."""
    if group:
        with groups.named(here.places.home, here.now, group) as kept:
            return [kept.folder]
    return [each.folder for each in groups.every(here.places.home, here.now)]


def with_session(here: Desk, group: str, which: str, *, closed: bool) -> Group:
    """Return the group that has this session, or the latest of its kind; of several groups the latest one's."""
    found: list[tuple[str, Path]] = []
    for folder in _folders(here, group):
        with Group(folder, here.now) as kept:
            like = [each for each in after.every(kept) if bool(each.closed_at) == closed and each.id.startswith(which)]
            found += [(each.held_at, folder) for each in like]
    if not found:
        kind = "closed" if closed else "open"
        raise NotFound(
            f"there is no {kind} session {which!r}" if which else f"there is no {kind} session",
            why="`reflect session list` shows those there were",
            next_step="begin one with `reflect checkin`",
        )
    return Group(max(found)[1], here.now)


@app.command()
def note(
    ctx: typer.Context,
    which: Which = "",
    group: GroupName = "",
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Write it there: .md, or .html for a page.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show the note a session gives back.

    What was said, from marked words only, and what happens next.
    Words withdrawn since are not in it.

    Examples:

    reflect session note

    reflect session note 4k2m -o note.html
    """
    here = desk(ctx)
    with with_session(here, group, which.lower(), closed=True) as kept:
        found = after.note_of(kept, which)
        if output and not as_json:
            render = forms.html if output.endswith((".html", ".htm")) else forms.markdown
            content = render(found).encode()
            write_private(Path(output), content, replace=force)
            holding.put_out(kept, found, {f"note{Path(output).suffix.lower()}": content}, Path(output).name)
    if as_json:
        here.screen.json(fields.named(found))
    elif output:
        here.screen.line("Written to ", output, ".")
    else:
        here.screen.words(forms.markdown(found), indent="")


@app.command()
def withdraw(
    ctx: typer.Context,
    receipt: Annotated[str, typer.Argument(metavar="RECEIPT", help="The code the page showed beside the words.")],
    group: GroupName = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say whether the receipt opens words here.")] = False,
) -> None:
    """Take words of a session back, by their receipt.

    They are gone from the group's file.

    Examples:

    reflect session withdraw k7d2-m4pq-x9a1

    reflect session withdraw k7d2-m4pq-x9a1 --group team
    """
    from reflect import publish
    from reflect.cli.together import tell_fallen

    here = desk(ctx)
    for folder in _folders(here, group):
        with Group(folder, here.now) as kept:
            try:
                after.withdraw(kept, receipt, dry_run=dry_run)
            except NotFound as error:
                refused: ReflectError = error
                continue
            fallen = [] if dry_run else publish.to_re_issue(kept)
        if dry_run:
            here.screen.line("It opens words here, which would be gone. Nothing was changed.")
            return
        here.screen.line("Gone. Notes and summaries made from now on do not have it.")
        tell_fallen(here.screen, fallen)
        return
    raise refused if _folders(here, group) else NotFound("there is no group here", next_step="see `reflect group list`")
