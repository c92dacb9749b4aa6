"""`reflect` alone: where you are."""

from __future__ import annotations

from reflect import fields, ids
from reflect.cli.desk import Desk
from reflect.dates import in_words
from reflect.summary.say import many, source


def show(desk: Desk, *, as_json: bool = False) -> None:
    """Show a question for now, what you offered to do and is due, and drafts; never what you did not do."""
    with desk.open() as journal:
        chosen = next(iter(journal.preview()), None)
        today = desk.now.date().isoformat()
        due = [action for action in journal.actions() if action.due and action.due <= today]
        drafts = journal.drafts()
        if as_json:
            desk.screen.json(
                {
                    "question": fields.prompt(chosen.prompt, chosen.why) if chosen else None,
                    "actions_due": [fields.action(action) for action in due],
                    "drafts": [path.stem for path in drafts],
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
        if drafts:
            dates = ", ".join(sorted({in_words(path.name[:10]) for path in drafts}))
            screen.line(f"{many(len(drafts), 'draft')} of {dates}: see `reflect drafts`")
        for left_out in journal.bank.left_out:
            screen.aside(f"A pack of yours was left out: {left_out}")
