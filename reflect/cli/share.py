"""`reflect share`: the file in which marked words leave the journal, for one group."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from reflect import clean, identify, ids, intake
from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.marks import check_own_list, show_hints, show_leaving
from reflect.consent import LONE_VIEW, Consent, Leaving, Terms, invitation_of
from reflect.errors import Refused, Usage
from reflect.exchange import letters, seal
from reflect.files import write_private
from reflect.journal import Journal
from reflect.models import Entry, Membership
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def share(
    ctx: typer.Context,
    group: Annotated[str, typer.Argument(metavar="[GROUP]", help="The group's name; left out, the only one.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write it to this new file.")] = "",
    comment: Annotated[
        list[str] | None,
        typer.Option("--comment", metavar="TEXT", help="What you say to the group's draft; - reads it from a pipe."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Share what is marked, without walking or asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print exactly what would leave.")] = False,
    as_json: options.Json = False,
) -> None:
    """Make the file in which marked words leave, for one group.

    It is sealed: only the group's keeper can open it. At a terminal you first walk
    through what you wrote since last time. What you took back travels in it, too. You
    see exactly what leaves before it does.

    Examples:

    reflect share "Hub partners"

    reflect share --yes -o for-the-hub.age
    """
    here = desk(ctx)
    if not (yes or dry_run) and not at_a_terminal():
        raise Usage("nobody is here to look through it", next_step="mark entries first, then add --yes")
    with here.open() as journal:
        permissions = Consent(journal)
        membership = permissions.membership(group)
        listed = journal.settings.never_share
        if not (yes or dry_run):
            keyboard.prepare()
            _walk(here, permissions, membership, listed)
            _look_again(here, journal, permissions, membership)
        leaving = permissions.leaving(membership, _said(comment or ()))
        for each in leaving.letter.contributions:
            check_own_list(f"{each.words}\n{each.leads_to}\n{each.attribution}", listed)
        check_own_list("\n".join(leaving.letter.comments), listed)
        if dry_run:
            text = letters.write(leaving.letter).decode()
            here.screen.raw(clean.body(text) if sys.stdout.isatty() else text)
            return
        if not as_json:
            _show(here, journal, leaving, listed)
        invitation = invitation_of(membership)
        if not yes and not keyboard.agreed(f"Let this leave, sealed for {invitation.name}?"):
            here.screen.line("Nothing left.")
            return
        path = Path(output or f"share-{os.urandom(4).hex()}.age")
        write_private(path, seal.seal(letters.write(leaving.letter), invitation.keys))
        permissions.made(membership, leaving, looked=not yes)
    if as_json:
        here.screen.json(
            {
                "file": str(path),
                "group": invitation.name,
                "contributions": len(leaving.letter.contributions),
                "withdrawn": len(leaving.letter.withdrawn),
                "suspended": [ids.shown(each.id) for each in leaving.suspended],
            }
        )
    else:
        here.screen.line(f"Written to {path}. Send it to {invitation.keeper}, who holds the key.")


def _said(comments: Sequence[str]) -> list[str]:
    """Return what is said to a draft; - reads it from a pipe, so that it stays out of the shell's history."""
    said = [intake.from_stream(sys.stdin.buffer).text if each == "-" else each for each in comments]
    if not all(each.strip() for each in said):
        raise Refused("there is nothing to say to the draft", why="no words came in", next_step="leave --comment out")
    return [each.strip() for each in said]


def _walk(here: Desk, permissions: Consent, membership: Membership, listed: Sequence[str]) -> None:
    """Go through what is new, one entry after another; Enter keeps it private."""
    marked = {each.entry for each in permissions.marks()}
    fresh = [entry for entry in permissions.unseen(membership) if entry.id not in marked]
    invitation = invitation_of(membership)
    here.screen.line(
        f"{many(len(fresh), 'entry')} since last time. Shared with {invitation.name}, for: {invitation.purpose}."
    )
    for entry in fresh:
        here.screen.gap()
        here.screen.words(entry.text)
        answer = keyboard.choice("Enter keep private · t theme only · m my wording · w these words: ", "tmw")
        if answer:
            _mark(here, permissions, membership, entry, answer, listed)


def _look_again(here: Desk, journal: Journal, permissions: Consent, membership: Membership) -> None:
    """Show the new words of what was edited since it was marked; they leave only if their author says so."""
    for each in permissions.leaving(membership).suspended:
        entry = journal.entry(each.entry)
        here.screen.gap()
        here.screen.line(("Edited since it was marked; now it says:", "bold"))
        here.screen.words(entry.text)
        if keyboard.agreed(f"Let it leave like this, {each.level}?") and not permissions.reaffirm(each, entry):
            here.screen.line("The sentences you marked are no longer in it; mark it again.")


def _mark(
    here: Desk, permissions: Consent, membership: Membership, entry: Entry, answer: str, listed: Sequence[str]
) -> None:
    level = {"t": "theme", "m": "reworded", "w": "verbatim"}[answer]
    words = keyboard.line("What may be read instead: ").strip() if answer == "m" else ""
    if answer == "m" and not words:
        here.screen.line("Kept private.")
        return
    alone = False
    if answer != "t":
        if own := identify.own_words(words or entry.text, listed):
            here.screen.line(f"It holds “{own[0].text}”, which your own list says must never leave. Kept private.")
            return
        show_hints(here.screen, words or entry.text, listed)
        here.screen.line((LONE_VIEW, "dim"))
        alone = keyboard.agreed("May it be quoted even so?")
    terms = Terms(
        audience="group",
        reader=membership.reader,
        purpose=invitation_of(membership).purpose,
        level=level,
        words=words,
        alone_ok=alone,
    )
    permissions.mark(entry, permissions.passages(entry), terms)


def _show(here: Desk, journal: Journal, leaving: Leaving, listed: Sequence[str]) -> None:
    here.screen.line(("This, and nothing else, leaves:", "bold"))
    for each, _ in leaving.marks:
        show_leaving(here.screen, each, journal.entry(each.entry))
    if leaving.letter.withdrawn:
        here.screen.line(f"Taken back: {many(len(leaving.letter.withdrawn), 'passage')}.")
    for comment in leaving.letter.comments:
        here.screen.line("To the draft you say: ", comment)
        show_hints(here.screen, comment, listed)
    if leaving.letter.comments:
        here.screen.line("  It stands in the final summary, under no name; once gathered it can't be taken back.")
    for each in leaving.suspended:
        here.screen.line(f"Not sent: {ids.shown(each.entry)} was edited since it was marked; mark it again.")
    if not leaving.marks and not leaving.letter.withdrawn:
        here.screen.line("  (no passages)")
