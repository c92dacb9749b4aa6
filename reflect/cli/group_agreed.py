"""What a group agreed and may change later: `reflect group glossary` and `reflect group support`."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import group as groups
from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.consent import Consent, invitation_of
from reflect.errors import NotFound, Refused
from reflect.exchange import letters
from reflect.group import GlossaryChange

glossary = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)

Name = Annotated[str, typer.Option("--group", "-g", metavar="NAME", help="The group; left out, the only one here.")]
Term = Annotated[str, typer.Argument(metavar="TERM", help="The word or acronym.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; kept with the change.")]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help="The name you choose to be known by in the log.")]

SEND_AGAIN = "The next summary says so. For new members: reflect group invitation -o FILE"


@glossary.callback()
def group_glossary(ctx: typer.Context, name: Name = "", as_json: options.Json = False) -> None:
    """See or change the words a group agreed on.

    Where one occurs in a quotation, every summary says what it means.

    Examples:

    reflect group glossary

    reflect group glossary add INT "neighbourhood team" --why "half of us asked"
    """
    if ctx.invoked_subcommand:
        return
    here = desk(ctx)
    words = _invitation(here, name).glossary
    if as_json:
        here.screen.json_list({"term": term, "meaning": words[term]} for term in sorted(words))
        return
    for term in sorted(words):
        here.screen.line((term, "bold"), ": ", words[term])
    if not words:
        here.screen.line("No agreed words.")


@glossary.command()
def add(
    ctx: typer.Context,
    term: Term,
    meaning: Annotated[str, typer.Argument(metavar="MEANING", help="What it means here.")],
    why: Why,
    who: Who = "",
    name: Name = "",
) -> None:
    """Say what a word means in this group.

    A word that has a meaning gets the new one. Who changed it, when and why are kept.

    Examples:

    reflect group glossary add INT "neighbourhood team" --why "half of us asked"

    reflect group glossary add GP "family doctor" --why "plain" --who Dilys
    """
    here = desk(ctx)
    if not term.strip() or not meaning.strip():
        raise Refused("an agreed word needs a meaning", next_step='write: add WORD "what it means"')
    with groups.named(here.places.home, here.now, name) as kept:
        before = kept.invitation.glossary.get(term.strip())
        change = GlossaryChange(term.strip(), meaning.strip(), who, why, here.now.isoformat())
        kept.change_glossary(change)
    here.screen.line((change.term, "bold"), ": ", change.meaning, f" (before: {before})" if before else "")
    here.screen.line(SEND_AGAIN)


@glossary.command()
def remove(ctx: typer.Context, term: Term, why: Why, who: Who = "", name: Name = "") -> None:
    """Take a word out of those agreed on.

    Who did it, when and why are kept.

    Examples:

    reflect group glossary remove INT --why "nobody says it any more"

    reflect group glossary remove GP --why "everybody knows" --who Dilys
    """
    here = desk(ctx)
    with groups.named(here.places.home, here.now, name) as kept:
        kept.change_glossary(GlossaryChange(term.strip(), "", who, why, here.now.isoformat()))
    here.screen.line((term.strip(), "bold"), " is no agreed word any more.")
    here.screen.line(SEND_AGAIN)


@glossary.command()
def log(ctx: typer.Context, name: Name = "", as_json: options.Json = False) -> None:
    """Show who changed which word, when and why.

    Examples:

    reflect group glossary log

    reflect group glossary log --group "Hub partners" --json
    """
    here = desk(ctx)
    with groups.named(here.places.home, here.now, name) as kept:
        changes = kept.glossary_changes()
    if as_json:
        here.screen.json_list(
            {"term": each.term, "meaning": each.meaning or None, "who": each.who, "why": each.why, "at": each.at}
            for each in changes
        )
        return
    for each in changes:
        by = f", {each.who}" if each.who else ""
        here.screen.line(
            (each.term, "bold"), f": {each.meaning or 'taken out'}", (f"  {each.at[:10]}{by}: {each.why}", "dim")
        )
    if not changes:
        here.screen.line("Nothing was changed since the group began.")


def support(
    ctx: typer.Context,
    contact: Annotated[
        str, typer.Argument(metavar="TEXT", help="Whom to turn to when a story stirs something up.")
    ] = "",
    name: Name = "",
) -> None:
    """Say whom people can turn to when a story stirs something up.

    It is told at joining and stands before every question that may touch a story. Those
    who have joined learn of it from the invitation, written once more.

    Examples:

    reflect group support "Mo at the hub, 01632 960000"

    reflect group support
    """
    here = desk(ctx)
    if not contact.strip():
        here.screen.line(_invitation(here, name).support or "Not stated.")
        return
    with groups.named(here.places.home, here.now, name) as kept:
        said = kept.amend(support=contact.strip()).support
    here.screen.line("For support: ", said)
    here.screen.line("Write the invitation once more, and send it: reflect group invitation -o FILE")


def _invitation(here: Desk, name: str) -> letters.Invitation:
    """Return the invitation of a group that is kept here, or that was joined."""
    try:
        with groups.named(here.places.home, here.now, name) as kept:
            return kept.invitation
    except NotFound:
        with here.open() as journal:
            return invitation_of(Consent(journal).membership(name))
