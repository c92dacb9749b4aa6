"""`reflect write`: one entry."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated, BinaryIO

import typer

from reflect import drafts, fields, ids, intake
from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.shown import care, entry_line, mirror_if_wished, then_and_now
from reflect.dates import in_words
from reflect.drafts import Draft
from reflect.errors import Interrupted, ReflectError, Refused, Usage
from reflect.journal import Details, Journal, Written, draft_options, keep_words
from reflect.models import Action, Entry, Meeting, Prompt
from reflect.summary.say import source

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(context_settings={"ignore_unknown_options": False})
def write(
    ctx: typer.Context,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT]", help="The words; - reads them from a pipe.")
    ] = None,
    prompt: Annotated[str, typer.Option("--prompt", metavar="ID", help="Answer this question.")] = "",
    occasion: Annotated[str, typer.Option("--occasion", metavar="ID", help="When it is, such as after-meeting.")] = "",
    about: Annotated[
        str | None, typer.Option("--about", metavar="WORDS", help="What it is about, such as a meeting.")
    ] = None,
    meeting: Annotated[
        str,
        typer.Option("--meeting", metavar="ID", help="The meeting it is about; see `reflect calendar`, or say last."),
    ] = "",
    at: Annotated[str, typer.Option("--at", metavar="WHEN", help="When it happened, such as `yesterday 3pm`.")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; can be given again.")] = None,
    theme: Annotated[
        list[str] | None, typer.Option("--theme", metavar="ID", help="A theme it is about; can be given again.")
    ] = None,
    free: Annotated[bool, typer.Option("--free", help="Write without a question.")] = False,
    in_editor: Annotated[bool, typer.Option("--editor", help="Write in your editor (VISUAL or EDITOR).")] = False,
    as_json: options.Json = False,
) -> None:
    """Write an entry.

    With no TEXT it asks the question `reflect ask` last showed, or a light one. Words
    given as TEXT stay in your shell's history: `reflect write` alone, or `-` with a
    pipe, leave none. A lone . ends, /discard keeps nothing. A line that begins with ->
    is kept as an action, too: -> Ring the caretaker by Friday.

    At a terminal it is about the meeting that just ended in your calendar, and says
    so; --about "" leaves that out.

    Examples:

    reflect write --about "Board"

    reflect write - --prompt KF-Q12 < notes.txt
    """
    here = desk(ctx)
    details = Details(about=about or "", at=at, occasion=occasion, tags=tuple(tag or ()), themes=tuple(theme or ()))
    given = text or []
    if free and prompt:
        raise Usage("--free and --prompt exclude each other", next_step="leave one of them out")
    if given and in_editor:
        raise Usage("--editor writes the words itself", next_step="leave TEXT out, or --editor")
    if not given and not in_editor and not at_a_terminal():
        raise Usage(
            "there are no words and no terminal to type them at",
            next_step="pipe them in with `reflect write -`, or give them as TEXT",
        )
    with _opened(here, given, details, prompt) as journal:
        details = _with_meeting(here, journal, journal.check(details), meeting, about, is_typed=not given)
        question = journal.bank.get(prompt) if prompt else None
        for action in journal.actions_about(details):
            _remind(here, action, aside=bool(given) or as_json)
        if given:
            options = draft_options(details, question)
            taken = _words(given, lambda pipe: journal.take(pipe, options))
            written = journal.write(taken, details, question)
            if given != ["-"]:
                _say_where_arguments_stay(here, journal)
        else:
            question = question or (None if free else journal.question_for_now(details.occasion))
            if in_editor:
                found: Written | None = _in_editor(journal, details, question)
            else:
                found = _typed(here, journal, details, question)
            if found is None:
                return
            written = found
        before = journal.answered_before(written.entry.asked.id, but=written.entry) if written.entry.asked else None
    _confirm(here, written, before, details.meeting, as_json=as_json)


def _opened(here: Desk, given: list[str], details: Details, prompt: str) -> Journal:
    """Open the journal; when that fails, words that came with the command go to a draft."""
    try:
        return here.open()
    except (ReflectError, OSError) as error:
        text = _words(given, intake.from_stream).text if given else ""
        if text.strip():
            where = keep_words(here.places, here.now, text, draft_options(details, None) | {"prompt": prompt})
            if isinstance(error, ReflectError):
                error.changed = f"The entry was not saved. {where}"
            else:
                error.add_note(where)
        raise


def _with_meeting(
    here: Desk, journal: Journal, details: Details, wanted: str, about: str | None, *, is_typed: bool
) -> Details:
    """Return what is said of an entry with the meeting it is about.

    Asked for, it is found or refused; otherwise the last one that ended, and only for what is typed at a terminal.
    """
    may_guess = is_typed and at_a_terminal() and about != "" and not details.at
    if not (wanted or (may_guess and journal.has_calendars())):
        return details
    from reflect.meetings import Meetings

    if wanted:
        ended = Meetings(journal).named(wanted)
    else:
        lately = Meetings(journal).lately()
        for sentence in lately.told:
            here.screen.aside(sentence)
        like = [each for each in lately.ended if about is None or each.title.casefold() == details.about.casefold()]
        if not like:
            return details
        ended = like[0]
        if about is None:
            here.screen.line("About ", (ended.name, "bold"), f", which ended {ended.ago(here.now)}.")
            here.screen.line(('Not so? /discard, then: reflect write --about ""', "dim"))
    return details._replace(
        about=details.about if about is not None else ended.title,
        at=details.at or ended.meeting.started_at,
        meeting=ended.meeting,
    )


def _words(given: list[str], read: Callable[[BinaryIO], intake.Taken]) -> intake.Taken:
    """Take in the words that came with the command: from the pipe, or its arguments."""
    return read(sys.stdin.buffer) if given == ["-"] else intake.from_text(" ".join(given))


def _in_editor(journal: Journal, details: Details, question: Prompt | None) -> Written:
    """Have the entry written in the editor."""
    from reflect.cli import editor

    words = editor.command(journal.editor)
    below = [*filter(None, [question.care]), question.text, source(question)] if question else []
    page = journal.page("", draft_options(details, question), editor.hint(below))
    taken = editor.write_on(page, words, "")
    if taken is None or not taken.text.strip():
        raise Refused("there is nothing to save", why="the editor left no words", next_step="write again")
    written = journal.write(taken, details, question, draft=page)
    drafts.discard(page)
    return written


def _remind(here: Desk, action: Action, *, aside: bool) -> None:
    """Say what is open about the same thing, before anything is written about it again."""
    by = f", by {in_words(action.due)}" if action.due else ""
    if aside:
        here.screen.aside(f"You offered{by}: {action.text}  {ids.shown(action.id)}")
    else:
        here.screen.line(f"You offered{by}: ", (action.text, "bold"), "  ", (ids.shown(action.id), "id"))


def _typed(here: Desk, journal: Journal, details: Details, question: Prompt | None) -> Written | None:
    """Have the entry typed; None when the writer discarded it or wrote nothing."""
    screen = here.screen
    keyboard.prepare()
    parts: Sequence[str] = question.parts if question else ("",)
    if question:
        care(screen, journal, question)
        screen.question(question.text, indent="")
        screen.line((source(question), "dim"))
        before = journal.answered_before(question.id)
        if before:
            screen.line(
                ("You answered this question before; what you wrote then comes after what you write now.", "dim")
            )
    screen.line(
        (
            "A lone . ends"
            + (" a part, and passes it over when nothing stands before it" if len(parts) > 1 else "")
            + "; /discard keeps nothing.",
            "dim",
        )
    )
    with journal.draft(details, question) as draft:
        try:
            text, spans = keyboard.joined(keyboard.answers(screen, draft, parts))
            if not text.strip():
                draft.discard()
                screen.line("Nothing was written, nothing is kept.")
                return None
            answers = spans if len(parts) > 1 else None
            written = journal.write(intake.from_text(text), details, question, answers, draft=draft.path)
        except keyboard.Discarded:
            draft.discard()
            screen.line("Discarded. Nothing is kept.")
            return None
        except KeyboardInterrupt:
            raise _stopped(draft, question) from None
        draft.discard()
        return written


def _stopped(draft: Draft, question: Prompt | None) -> Interrupted:
    """Keep what was typed; after a story, ask first. No answer keeps."""
    if not draft.path.exists():
        return Interrupted("stopped", changed="Nothing was written.")
    if question and "story" in question.flags:
        try:
            gone = keyboard.agreed("\nDiscard what you wrote?")
        except KeyboardInterrupt:
            gone = False
        if gone:
            draft.discard()
            return Interrupted("stopped", changed="Nothing is kept.")
    return keyboard.kept_as(draft)


def _say_where_arguments_stay(here: Desk, journal: Journal) -> None:
    if journal.first_time("told-arguments"):
        here.screen.aside(
            "Words given as arguments stay in your shell's history and can be seen by other accounts"
            " while the command runs; `reflect write` alone leaves none. (This is said once.)"
        )


def _confirm(here: Desk, written: Written, before: Entry | None, meeting: Meeting | None, *, as_json: bool) -> None:
    for remark in written.remarks:
        here.screen.aside(f"Note: {remark}.")
    if as_json:
        here.screen.json(fields.entry(written.entry) | {"meeting": fields.meeting(meeting)})
        return
    here.screen.line("Saved ", *entry_line(written.entry))
    for action in written.offered:
        by = f"  by {in_words(action.due)}" if action.due else ""
        here.screen.line("  Offered ", (ids.shown(action.id), "id"), "  ", action.text, (by, "dim"))
    entry = ids.shown(written.entry.id)
    for theme in written.entry.themes:
        if theme.by == "suggested":
            because = f"suggested by “{theme.because}”. Not so? reflect theme {entry} -{theme.id}"
            here.screen.line(f"  {theme.id}: {because}")
    if before:
        then_and_now(here.screen, before, written.entry)
    mirror_if_wished(here.screen, here.places.settings, written.entry)
