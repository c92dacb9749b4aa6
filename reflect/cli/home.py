"""`reflect` alone: where you are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reflect import fields, ids
from reflect.cli.desk import Desk
from reflect.dates import in_words
from reflect.store import consent
from reflect.summary.say import many, source

if TYPE_CHECKING:
    from reflect.consent import CameBack
    from reflect.journal import Journal


def show(desk: Desk, *, as_json: bool = False) -> None:
    """Show a question for now, what you offered to do and is due, and drafts; never what you did not do."""
    with desk.open() as journal:
        chosen = next(iter(journal.preview()), None)
        today = desk.now.date().isoformat()
        due = [action for action in journal.actions() if action.due and action.due <= today]
        drafts = journal.drafts()
        with journal.reading() as db:
            has_answers = bool(consent.answers(db))
        back = _came_back(journal) if has_answers else []
        if as_json:
            desk.screen.json(
                {
                    "question": fields.prompt(chosen.prompt, chosen.why) if chosen else None,
                    "actions_due": [fields.action(action) for action in due],
                    "drafts": [path.stem for path in drafts],
                    "came_back": [
                        {"group": each.group, "kind": each.kind, "made_on": each.made_on, "answers": len(each.answers)}
                        for each in back
                    ],
                }
            )
            return
        screen = desk.screen
        if chosen:
            screen.line("A question for now:")
            screen.question(chosen.prompt.text)
            screen.line("  ", (source(chosen.prompt), "dim"))
            screen.line("To answer it: reflect write --prompt ", (chosen.prompt.id, "id"))
            screen.line("To write freely: reflect write --free")
        for action in due:
            offered = ("You offered, for ", in_words(action.due), ": ", (action.text, "bold"))
            screen.line(*offered, "  ", (ids.shown(action.id), "id"))
        for each in back:
            what = f"{many(len(each.answers), 'answer')} in the" if each.answers else "the"
            made = f": {what} {each.kind} summary of {in_words(each.made_on)}; see `reflect shared`"
            screen.line("From ", (each.group, "bold"), made)
        if drafts:
            dates = ", ".join(sorted({in_words(path.name[:10]) for path in drafts}))
            screen.line(f"{many(len(drafts), 'draft')} of {dates}: see `reflect drafts`")
        for left_out in journal.bank.left_out:
            screen.aside(f"A pack of yours was left out: {left_out}")


def _came_back(journal: Journal) -> list[CameBack]:
    """Return the newest of what came back from each group; loaded only where something did."""
    from reflect.consent import Consent

    return list({each.group: each for each in Consent(journal).came_back()}.values())
