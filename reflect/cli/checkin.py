"""`reflect checkin`: a light round for a team, short for `session run check-in`."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect.cli import holding, session
from reflect.cli.desk import desk

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def checkin(
    ctx: typer.Context,
    group: session.GroupName = "",
    people: session.People = "",
    minutes: session.Minutes = 0,
    plan: Annotated[str, typer.Option("--plan", metavar="PLAN", help="Another plan of the kind.")] = "check-in",
    bring: session.Bring = False,
    join: session.Join = "",
    port: session.Port = 0,
    me: session.Me = "",
    output: session.Output = "",
    script: session.Script = "",
    pace: session.PaceOption = 1,
    cues: session.Cues = "sight,bell,words",
) -> None:
    """Hold a quick check-in of a team.

    Everybody writes for two minutes, then speaks once, for the same time.
    Without a group it belongs to `team`, which is made the first time.

    Examples:

    reflect checkin --people "Amara, Len, Priya"

    reflect checkin --people 7 --minutes 20 --plan weekly-check-in
    """
    names, number = session.who(people)
    wanted = holding.Wanted(plan, group, names, number, minutes)
    holding.begin(desk(ctx), wanted, holding.Manner(script, pace, holding.cues(cues), me, output, bring, join, port))
