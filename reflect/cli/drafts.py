"""`reflect drafts`: words that were not stored yet."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect import drafts as folder
from reflect import fields, intake
from reflect.cli import keyboard, options
from reflect.cli.desk import at_a_terminal, desk
from reflect.cli.shown import entry_line
from reflect.errors import ReflectError, Refused
from reflect.journal import Details

app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The draft's name, or the beginning of it.")]


@app.callback()
def drafts(ctx: typer.Context, as_json: options.Json = False) -> None:
    """See, resume or discard words that were not stored yet; named by when they were begun.

    Examples:

    reflect drafts

    reflect drafts resume 2026-11-21
    """
    if ctx.invoked_subcommand:
        return
    here = desk(ctx)
    found = folder.every(here.places.drafts)
    if as_json:
        here.screen.json_list({"name": path.stem, "path": str(path)} for path in found)
        return
    for path in found:
        here.screen.line((path.stem, "id"), "  ", (str(path), "dim"))
    here.screen.line("Resume or discard one: reflect drafts resume NAME" if found else "No drafts.")


@app.command()
def show(ctx: typer.Context, name: Name) -> None:
    """Show a draft's words.

    Examples:

    reflect drafts show 2026-11-21

    reflect drafts show 2026-11-21-1504
    """
    here = desk(ctx)
    here.screen.words(folder.read(folder.find(here.places.drafts, name)).text)


@app.command()
def resume(ctx: typer.Context, name: Name, as_json: options.Json = False) -> None:
    """Store a draft as an entry; at a terminal, write on first.

    Examples:

    reflect drafts resume 2026-11-21

    reflect drafts resume 2026-11-21 --json
    """
    here = desk(ctx)
    path = folder.find(here.places.drafts, name)
    if path.suffix == ".raw":
        raise Refused(f"{path.name} holds bytes that are no text", next_step="open it with an editor, or discard it")
    kept = folder.read(path)
    said = kept.options
    with here.open() as journal:
        details = Details(
            about=str(said.get("about", "")),
            at=str(said.get("at", "")) or f"{path.name[:10]} {path.name[11:13]}:{path.name[13:15]}",
            occasion=str(said.get("occasion", "")),
            tags=tuple(_texts(said.get("tags"))),
            themes=tuple(_texts(said.get("themes"))),
        )
        try:
            question = journal.bank.get(str(said["prompt"])) if said.get("prompt") else None
        except ReflectError:
            question = None  # retired or gone since; the words matter more
        count = len(question.parts) if question else 1
        found = [kept.answers.get(number, "") for number in range(max([count, *(n + 1 for n in kept.answers)]))]
        if at_a_terminal():
            keyboard.prepare()
            here.screen.words(kept.text)
            here.screen.line(("Write on. A lone . ends; /discard keeps nothing.", "dim"))
            with journal.draft(details, question) as draft:
                for number, words in enumerate(found):
                    draft.part(number)
                    draft.line(words)
                try:
                    more = keyboard.paragraphs(draft)
                except keyboard.Discarded:
                    draft.discard()
                    folder.discard(path)
                    here.screen.line("Discarded. Nothing is kept.")
                    return
                draft.discard()
            found[-1] = "\n\n".join(filter(None, [found[-1], more]))
        text, spans = keyboard.joined(found)
        written = journal.write(
            intake.from_text(text), details, question, spans if count > 1 and len(spans) == count else None
        )
        folder.discard(path)
    if as_json:
        here.screen.json(fields.entry(written.entry))
    else:
        here.screen.line("Saved ", *entry_line(written.entry))


@app.command()
def discard(ctx: typer.Context, name: Name) -> None:
    """Remove a draft and its words at once.

    Examples:

    reflect drafts discard 2026-11-21

    reflect drafts discard 2026-11-21-1504
    """
    here = desk(ctx)
    path = folder.find(here.places.drafts, name)
    folder.discard(path)
    here.screen.line("Discarded ", path.stem, ". Nothing of it is kept.")


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
