"""`reflect shared`: where one's words went, and what came of it."""

from __future__ import annotations

import typer

from reflect import dates, ids
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.marks import mark_fields
from reflect.consent import Consent, invitation_of
from reflect.models import Sent
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def shared(ctx: typer.Context, as_json: options.Json = False) -> None:
    """See where your words went, and what came of it.

    It begins with what you marked: nothing else of yours can leave.

    Examples:

    reflect shared

    reflect shared --json
    """
    here = desk(ctx)
    with here.open() as journal:
        permissions = Consent(journal)
        entries = {each.entry: journal.entry(each.entry) for each in permissions.marks()}
        marks = [(each, entries[each.entry]) for each in permissions.marks()]
        names = {each.reader: invitation_of(each).name for each in permissions.memberships()}
        sent = permissions.sent()
        answers = permissions.came_back()
    if as_json:
        here.screen.json(
            {
                "marks": [mark_fields(each, entry) for each, entry in marks],
                "sent": [
                    {
                        "contribution": each.contribution,
                        "group": names.get(each.reader, each.reader),
                        "audience": each.audience,
                        "entry": ids.shown(each.entry) if each.entry is not None else None,
                        "sent_at": each.sent_at,
                        "withdrawn_at": each.withdrawn_at or None,
                        "withdrawal_told": each.withdrawal_told,
                    }
                    for each in sent
                ],
                "came_back": [
                    {
                        "group": each.group,
                        "kind": each.kind,
                        "audience": each.audience,
                        "made_on": each.made_on,
                        "comment_by": each.comment_by or None,
                        "mine": each.mine,
                        "answers": [answer.model_dump() for answer in each.answers],
                    }
                    for each in answers
                ],
            }
        )
        return
    screen = here.screen
    waiting = [(each, entry) for each, entry in marks if each.version != entry.version]
    screen.line(f"Marked: {many(len(marks), 'passage')}.", " Nothing else of yours can leave.")
    for _, entry in waiting:
        screen.line(f"  {ids.shown(entry.id)}: edited since it was marked; mark it again to share the new words")
    for passage in sent:
        screen.line(_went(passage, names))
    for came in answers:
        made = f"{came.kind} summary of {dates.in_words(came.made_on)}, for {came.audience}"
        screen.line(f"{came.group}, {made}: it quotes {many(came.mine, 'passage')} of yours.")
        for answer in came.answers:
            screen.line(f"  {answer.point}: {answer.outcome}. {answer.reply}")
    if not sent and not answers:
        screen.line("Nothing has left this journal.")


def _went(passage: Sent, names: dict[str, str]) -> str:
    entry = ids.shown(passage.entry) if passage.entry is not None else "an erased entry"
    went = f"  {entry} went to {names.get(passage.reader, passage.reader)} on {dates.in_words(passage.sent_at)}"
    if passage.withdrawn_at:
        went += f", taken back on {dates.in_words(passage.withdrawn_at)}"
        if not passage.withdrawal_told:
            went += " (the group learns of it with your next share)"
    return went
