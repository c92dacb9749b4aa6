"""`reflect drafts`: words that were not stored yet."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from reflect import drafts as folder
from reflect import fields, ids, intake
from reflect.cli import editor, keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.screen import Screen
from reflect.cli.shown import entry_line, mirror_if_wished
from reflect.errors import Interrupted, ReflectError, Refused
from reflect.journal import Details, Journal
from reflect.models import Entry, Meeting, Prompt

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
    if found:
        here.screen.line("To store one: reflect drafts resume NAME")
        here.screen.line("To remove one and its words: reflect drafts discard NAME")
    else:
        here.screen.line("No drafts.")


@app.command()
def show(ctx: typer.Context, name: Name) -> None:
    """Show a draft's words.

    Examples:

    reflect drafts show 2026-11-21

    reflect drafts show 2026-11-21-1504
    """
    here = desk(ctx)
    path = folder.find(here.places.drafts, name)
    if path.suffix == folder.SEALED:
        with here.open() as journal:
            here.screen.words(folder.read(path, journal.draft_keys).text)
    else:
        here.screen.words(folder.read(path).text)


@app.command()
def resume(ctx: typer.Context, name: Name, as_json: options.Json = False) -> None:
    """Store a draft as an entry; at a terminal, write on first.

    Examples:

    reflect drafts resume 2026-11-21

    reflect drafts resume 2026-11-21 --json
    """
    here = desk(ctx)
    path = folder.find(here.places.drafts, name)
    if folder.RAW in path.suffixes:
        raise Refused(f"{path.name} holds bytes that are no text", next_step="open it with an editor, or discard it")
    with here.open() as journal:
        kept = folder.read(path, journal.draft_keys if path.suffix == folder.SEALED else ())
        if kept.options.get("revisit") and _belongs_to(journal, kept)[0]:
            saved: Entry | None = _later_thought(journal, kept, path)
        elif path.suffix == folder.PAGE and at_a_terminal() and editor.named(journal.editor):
            saved = _on_its_page(here, journal, kept, path)
        else:
            saved = _at_the_prompt(here, journal, kept, path)
    if saved is None:
        return
    if as_json:
        here.screen.json(fields.entry(saved))
    else:
        here.screen.line("Saved ", *entry_line(saved))
        mirror_if_wished(here.screen, here.places.settings, saved)


def _later_thought(journal: Journal, kept: folder.Kept, path: Path) -> Entry:
    """Store a draft as what its writer thinks of an earlier entry now."""
    from reflect.revisit import KINDS, Revisit

    entry = journal.named(str(kept.options.get("entry", "")))
    kind = str(kept.options["revisit"])
    if kind not in KINDS:
        raise Refused(f"{path.name} has been changed", why=f"{kind!r} is no answer", next_step="discard it")
    Revisit(journal).answer(entry, kind, intake.from_text(kept.text), draft=path)
    folder.discard(path)
    return entry


def _on_its_page(here: Desk, journal: Journal, kept: folder.Kept, path: Path) -> Entry | None:
    """Have a page written on in the editor, and store it."""
    entry, question = _belongs_to(journal, kept)
    # An unchanged page is stored as well: resuming it says that its words are meant.
    taken = editor.write_on(path, editor.command(journal.editor), "")
    if taken is None or not taken.text.strip():
        here.screen.line("Nothing was written, nothing is kept.")
        return None
    return _stored(here, journal, kept, path, taken, entry, question, None)


def _at_the_prompt(here: Desk, journal: Journal, kept: folder.Kept, path: Path) -> Entry | None:
    """Store a draft; at a terminal, have it written on first."""
    entry, question = _belongs_to(journal, kept)
    parts: Sequence[str] = question.parts if question else ("",)
    if len(parts) <= max(kept.answers) or path.suffix == folder.PAGE:
        parts = ("",)  # the question has changed since, or was answered as one; the words matter more
    found = [kept.answers.get(number, "") for number in range(len(parts))] if len(parts) > 1 else [kept.text]
    if at_a_terminal():
        with journal.draft(_details(kept), question, entry) as draft:
            path = _taken_over(path, draft, found)
            try:
                found = _written_on(here.screen, draft, parts, found, question)
            except keyboard.Discarded:
                draft.discard()
                here.screen.line("Discarded. Nothing is kept.")
                return None
            except KeyboardInterrupt:
                raise (keyboard.kept_as(draft) if draft.path.exists() else Interrupted("stopped")) from None
    text, spans = keyboard.joined(found)
    answers = spans if len(parts) > 1 else None
    return _stored(here, journal, kept, path, intake.from_text(text), entry, question, answers)


def _stored(
    here: Desk,
    journal: Journal,
    kept: folder.Kept,
    path: Path,
    taken: intake.Taken,
    entry: Entry | None,
    question: Prompt | None,
    answers: Sequence[tuple[int, int] | None] | None,
) -> Entry:
    """Store a draft's words as the entry they belong to, then remove the draft."""
    if entry:
        saved = journal.edit(entry, taken, draft=path) or entry
        began = kept.options.get("version")
        if isinstance(began, int) and 0 < began < entry.version:
            theirs = f"version {entry.version}, which came meanwhile, is in `reflect history {ids.shown(entry.id)}`"
            here.screen.aside(f"Note: {theirs}.")
        remarks = journal.remarks(entry, taken)
    else:
        written = journal.write(taken, _details(kept), question, answers, draft=path)
        saved, remarks = written.entry, list(written.remarks)
    for remark in remarks:
        here.screen.aside(f"Note: {remark}.")
    folder.discard(path)
    return saved


def _details(kept: folder.Kept) -> Details:
    said = kept.options
    meeting = _texts(said.get("meeting"))
    return Details(
        about=str(said.get("about", "")),
        at=str(said.get("at", "")) or f"{kept.name[:10]} {kept.name[11:13]}:{kept.name[13:15]}",
        occasion=str(said.get("occasion", "")),
        tags=tuple(_texts(said.get("tags"))),
        themes=tuple(_texts(said.get("themes"))),
        meeting=Meeting(*meeting) if len(meeting) == len(Meeting._fields) else None,
        undone=str(said.get("undone", "")),
    )


def _belongs_to(journal: Journal, kept: folder.Kept) -> tuple[Entry | None, Prompt | None]:
    """Return the entry these are new words of, and the question they answer; gone since, it is neither."""
    entry, question = None, None
    with suppress(ReflectError):
        entry = journal.named(str(kept.options["entry"])) if kept.options.get("entry") else None
    with suppress(ReflectError):
        question = journal.bank.get(str(kept.options["prompt"])) if kept.options.get("prompt") else None
    return entry, question


def _taken_over(path: Path, draft: folder.Draft, found: Sequence[str]) -> Path:
    """Put the words so far into the new draft before the old one goes, so that there is one at all times."""
    for number, words in enumerate(found):
        if words:
            draft.part(number)
            draft.line(words + "\n")
    if draft.path.exists():
        folder.discard(path)
        return draft.path
    return path


def _written_on(
    screen: Screen, draft: folder.Draft, parts: Sequence[str], found: Sequence[str], question: Prompt | None
) -> list[str]:
    """Have the last part that was begun written on, then the parts after it."""
    keyboard.prepare()
    begun = max((number for number, words in enumerate(found) if words), default=0)
    if question:
        screen.question(question.text, indent="")
    for words in found[: begun + 1]:
        screen.words(words)
    screen.line(("Write on. A lone . ends; /discard keeps nothing.", "dim"))
    more = keyboard.answers(screen, draft, parts, first=begun)
    return [*found[:begun], "\n\n".join(filter(None, [found[begun], more[0]])), *more[1:]]


@app.command()
def discard(
    ctx: typer.Context,
    name: Name,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
) -> None:
    """Remove a draft and its words at once.

    Examples:

    reflect drafts discard 2026-11-21

    reflect drafts discard 2026-11-21-1504
    """
    here = desk(ctx)
    path = folder.find(here.places.drafts, name)
    if dry_run:
        here.screen.line("Would be discarded: ", (path.stem, "id"), "  ", (str(path), "dim"))
        return
    undone = ""
    with suppress(ReflectError, OSError):  # whatever it holds, it goes
        undone = str(folder.read(path).options.get("undone", ""))
    folder.discard(path)
    here.screen.line("Discarded ", path.stem, ". Nothing of it is kept.")
    if undone:
        here.screen.line(f"If a copy was made while it was an entry: reflect erase {undone} removes it there, too.")


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []
