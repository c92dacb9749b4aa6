"""`reflect revisit`: an earlier entry, and what you think of it now."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from reflect import fields, ids, intake
from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.shown import action_line, entry_line, later, whole
from reflect.dates import in_words
from reflect.errors import Interrupted, Usage
from reflect.journal import Journal
from reflect.models import LAYER_KINDS, Entry
from reflect.revisit import ACT, CHANGED, KINDS, LET_GO, STILL, Answered, Revisit, draft_options

app = typer.Typer(rich_markup_mode=None, add_completion=False)

WHY = {
    "on-this-day": "From this day in an earlier year.",
    "due": "You looked at it before; its turn has come again.",
    "earlier": "You have not looked at it since you wrote it.",
}
_KEYS = {"s": STILL, "c": CHANGED, "a": ACT, "l": LET_GO}
_QUESTION = "[s]till true, [c]hanged, [a]ct, [l]et go; any other key: not now > "


@app.command()
def revisit(
    ctx: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="[ID]", help="An entry of your choice.")] = "",
    text: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT]", help="A later thought; with --act, what you will do.")
    ] = None,
    still: Annotated[bool, typer.Option("--still", help="It is still true.")] = False,
    changed: Annotated[
        str | None, typer.Option("--changed", metavar="TEXT", help="It has changed; - reads how from a pipe.")
    ] = None,
    act: Annotated[bool, typer.Option("--act", help="Something is to be done.")] = False,
    let_go: Annotated[bool, typer.Option("--let-go", help="Let it go: it does not come up again.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="DAY", help="With --act: until when.")] = "",
    as_json: options.Json = False,
) -> None:
    """Look at an earlier entry again: still true, changed, act, or let go.

    Your words of then stay as they are; what you think now stands beside them, dated,
    and decides when the entry comes up again. To have none come up by themselves,
    write `revisit = false` into config.toml.

    Examples:

    reflect revisit

    reflect revisit 7k2m --changed "They do ask us now, and early."
    """
    here = desk(ctx)
    said = [kind for kind, given in zip(KINDS, (still, changed is not None, act, let_go), strict=True) if given]
    if len(said) > 1:
        raise Usage("more than one answer was given", next_step="give one of --still, --changed, --act, --let-go")
    if said and not entry:
        raise Usage("the answer names no entry", next_step="reflect revisit ID --still")
    if text and not said:
        raise Usage("TEXT goes with an answer", next_step="add --still, --changed, --act or --let-go")
    if by and not act:
        raise Usage("--by goes with --act", next_step="leave it out")
    with here.open() as journal:
        looking = Revisit(journal)
        coming = None if entry else looking.coming()
        found = journal.named(entry) if entry else coming.entry if coming else None
        if found is None:
            _nothing(here, as_json=as_json)
            return
        why = coming.why if coming else ""
        if said:
            words = " ".join(([changed] if changed else []) + (text or []))
            answered = _said(journal, looking, found, said[0], words, by)
        elif as_json or not at_a_terminal():
            _show(here, journal, found, why, as_json=as_json)
            return
        else:
            _show(here, journal, found, why, as_json=False)
            maybe = _asked(here, looking, found)
            if maybe is None:
                return
            answered = maybe
        layers = journal.layers(found)
    if as_json:
        turn = {"comes_again": answered.turn.due or None, "interval_days": answered.turn.days}
        done = [answered.action] if answered.action else []
        here.screen.json(fields.whole(found, layers, done) | turn)
    else:
        _confirm(here, found, answered)


def _said(journal: Journal, looking: Revisit, entry: Entry, kind: str, words: str, by: str) -> Answered:
    """Keep an answer that came with the command."""
    if kind == ACT:
        return looking.answer(entry, kind, do=words, by=by)
    if words == "-":
        return looking.answer(entry, kind, journal.take(sys.stdin.buffer, draft_options(entry, kind)))
    return looking.answer(entry, kind, intake.from_text(words))


def _asked(here: Desk, looking: Revisit, entry: Entry) -> Answered | None:
    """Ask for one key, and for the words that go with it; None when it is not now."""
    here.screen.gap()
    kind = _KEYS.get(keyboard.key(_QUESTION, "".join(_KEYS)), "")
    if not kind:
        looking.not_now(entry)
        here.screen.line("Not now.")
        return None
    keyboard.prepare()
    if kind == ACT:
        return looking.answer(entry, kind, do=keyboard.one_line("What will you do (Enter: not said yet)? "))
    if kind != CHANGED:
        return looking.answer(entry, kind)
    here.screen.line(("What do you think now? A lone . ends; /discard leaves it as it was.", "dim"))
    with looking.draft(entry, kind) as draft:
        try:
            words = keyboard.paragraphs(draft)
        except keyboard.Discarded:
            draft.discard()
            here.screen.line("Nothing is kept.")
            return None
        except KeyboardInterrupt:
            raise (keyboard.kept_as(draft) if draft.path.exists() else Interrupted("stopped")) from None
        answered = looking.answer(entry, kind, intake.from_text(words), draft=draft.path)
        draft.discard()
    return answered


def _show(here: Desk, journal: Journal, entry: Entry, why: str, *, as_json: bool) -> None:
    layers = journal.layers(entry)
    if as_json:
        here.screen.json({"why": why or None, "entry": fields.whole(entry, layers, journal.actions_of(entry))})
        return
    if why:
        here.screen.line((WHY[why], "dim"))
    whole(here.screen, entry)
    later(here.screen, entry, layers)
    if not at_a_terminal():
        here.screen.gap()
        answers = "--still, --changed TEXT, --act or --let-go"
        here.screen.line(f"To answer: reflect revisit {ids.shown(entry.id)} with {answers}")


def _nothing(here: Desk, *, as_json: bool) -> None:
    if as_json:
        here.screen.json({"why": None, "entry": None})
    else:
        here.screen.line("Nothing comes up today.")


def _confirm(here: Desk, entry: Entry, answered: Answered) -> None:
    again = f"; it comes again from {in_words(answered.turn.due)}" if answered.turn.due else "; it stays, and rests"
    here.screen.line("Kept beside ", *entry_line(entry), f": {LAYER_KINDS[answered.layer.kind]}{again}.")
    if answered.action:
        here.screen.line("  Offered ", *action_line(answered.action))
