"""`reflect` alone: where you are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reflect import fields, ids
from reflect.cli.desk import Desk
from reflect.cli.screen import Piece, Screen
from reflect.dates import in_words
from reflect.errors import Refused
from reflect.revisit import Coming, Revisit
from reflect.store import consent
from reflect.summary.say import many, source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reflect.consent import CameBack
    from reflect.journal import Journal
    from reflect.meetings import Ended

_A_FEW = 3  # actions or meetings shown; more would be a list to work off


def show(desk: Desk, *, as_json: bool = False) -> None:
    """Show a question for now, what ended or is due, an earlier entry, drafts; never what is missing."""
    with desk.open() as journal:
        chosen = next(iter(journal.preview()), None)
        due = journal.actions_due()
        drafts = journal.drafts()
        coming, trouble = _coming(journal)
        with journal.reading() as db:
            has_answers = bool(consent.answers(db))
        back = _came_back(journal) if has_answers else []
        ended = _ended(desk, journal)
        if as_json:
            desk.screen.json(
                {
                    "question": fields.prompt(chosen.prompt, chosen.why) if chosen else None,
                    "meetings": [each.fields() for each in ended],
                    "actions_due": [fields.action(action) for action in due],
                    "revisit": {"id": ids.shown(coming.entry.id), "why": coming.why, "about": coming.entry.about}
                    if coming
                    else None,
                    "drafts": [path.stem for path in drafts],
                    "came_back": [
                        {"group": each.group, "kind": each.kind, "made_on": each.made_on, "answers": len(each.answers)}
                        for each in back
                    ],
                }
            )
            return
        screen = desk.screen
        _offer(desk, ended)
        if chosen:
            screen.line("A question for now:")
            screen.question(chosen.prompt.text)
            screen.line("  ", (source(chosen.prompt), "dim"))
            screen.line("To answer it: reflect write --prompt ", (chosen.prompt.id, "id"))
            screen.line("To write freely: reflect write --free")
        for action in due[:_A_FEW]:
            offered = ("You offered, for ", in_words(action.due), ": ", (action.text, "bold"))
            screen.line(*offered, "  ", (ids.shown(action.id), "id"))
        if due:
            more = f"{len(due) - _A_FEW} more: reflect actions. " if len(due) > _A_FEW else ""
            screen.line((f"{more}What came of it? reflect actions done, change or drop ID", "dim"))
        if coming:
            screen.line(*_looking_back(coming))
        _say_what_came_back(screen, back)
        if drafts:
            dates = ", ".join(sorted({in_words(path.name[:10]) for path in drafts}))
            screen.line(f"{many(len(drafts), 'draft')} of {dates}: see `reflect drafts`")
        if trouble:
            screen.aside(trouble)
        for left_out in journal.bank.left_out:
            screen.aside(f"A pack of yours was left out: {left_out}")


def _coming(journal: Journal) -> tuple[Coming | None, str]:
    """Return the earlier entry to look at; settings that can't be read are told of, and stop nothing."""
    trouble = ""
    try:
        if journal.settings.aliases:  # one that has a command's name is never looked up, so it is told of here
            from reflect.cli import aliases
            from reflect.cli.app import COMMANDS

            aliases.check(journal.settings.aliases, COMMANDS)
    except Refused as error:
        trouble = str(error)
    return Revisit(journal).quietly(), trouble


def _ended(desk: Desk, journal: Journal) -> Sequence[Ended]:
    """Return which meetings ended lately; what it takes is loaded only where a calendar was added."""
    if not journal.has_calendars():
        return ()
    from reflect.meetings import Meetings

    found = Meetings(journal).lately()
    for sentence in found.told:
        desk.screen.aside(sentence)
    return found.ended


def _offer(desk: Desk, ended: Sequence[Ended]) -> None:
    for each in ended[:_A_FEW]:
        offer(desk, each)
    if ended:
        how_to_answer(desk, more=len(ended) - _A_FEW)


def offer(desk: Desk, ended: Ended) -> None:
    """Offer to look back on a meeting, on one line."""
    desk.screen.line((ended.name, "bold"), f" ended {ended.ago(desk.now)}: reflect?  ", (ended.id, "id"))


def how_to_answer(desk: Desk, *, more: int = 0) -> None:
    """Say how such an offer is taken, and how it is not."""
    others = f"{more} more: reflect calendar. " if more > 0 else ""
    desk.screen.line((f"{others}Yes: reflect write --meeting ID. No: reflect calendar pass ID", "dim"))


def _looking_back(coming: Coming) -> list[Piece]:
    """Return one line on an earlier entry, without its words: whoever looks on need not read them."""
    entry = coming.entry
    day = in_words(entry.happened_at)
    said = f"From this day, {day}" if coming.why == "on-this-day" else f"From {day}"
    about: list[Piece] = [", about ", (entry.about, "bold")] if entry.about else []
    return [said, *about, ": reflect revisit"]


def _say_what_came_back(screen: Screen, back: Sequence[CameBack]) -> None:
    for each in back:
        what = f"{many(len(each.answers), 'answer')} in the" if each.answers else "the"
        made = f": {what} {each.kind} summary of {in_words(each.made_on)}; see `reflect shared`"
        screen.line("From ", (each.group, "bold"), made)


def _came_back(journal: Journal) -> list[CameBack]:
    """Return the newest of what came back from each group; loaded only where something did."""
    from reflect.consent import Consent

    return list({each.group: each for each in Consent(journal).came_back()}.values())
