"""`reflect export`: the journal, or a part of it, in a form that other tools read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from reflect import clean, dates, outgoing
from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.cli.progress import Progress
from reflect.errors import Usage
from reflect.exchange import exporters
from reflect.exchange.exporters import Exporter, FolderExporter, Outgoing
from reflect.files import write_pieces, write_tree
from reflect.models import Filters
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_A_PIECE = 64_000
"""Letters that are written at once."""


@app.command()
def export(
    ctx: typer.Context,
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="json, jsonl, markdown, csv, jrnl or html.")],
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write it there; for Markdown a folder, or a file ending in .md."
        ),
    ] = "",
    since: options.From = "",
    until: options.To = "",
    on: options.On = "",
    month: options.Month = "",
    quarter: options.Quarter = "",
    theme: options.Theme = "",
    tag: options.Tag = "",
    about: options.About = "",
    prompt: options.PromptId = "",
    text: options.Text = "",
    saved: options.Filter = "",
    limit: options.Limit = None,
    force: Annotated[bool, typer.Option("--force", help="Write over what is there.")] = False,
    plain_text: Annotated[
        bool, typer.Option("--plain-text", help="Of an encrypted journal: don't seal what is written.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With -o: say what was written as JSON.")] = False,
) -> None:
    """Write your journal out in a form other tools read, all of it or the part that you name.

    `json` holds everything; `reflect import reflect` makes the same journal of it.
    Markdown is a folder of files for Obsidian or zk. Without -o it goes to the screen
    or into a pipe. What is written holds your words as they are: keep it as private as
    the journal. Of an encrypted journal it is sealed under the passphrase, as an age file.

    Examples:

    reflect export json -o journal.json

    reflect export markdown --month 2026-10 -o october.md

    reflect export csv --theme funding --from 1/9/2026 -o funding.csv
    """
    here = desk(ctx)
    found = exporters.load(form)
    output = "" if output == "-" else output
    if as_json and not output:
        raise Usage(
            "--json says what was written", why="without -o the export itself is shown", next_step="add -o FILE"
        )
    first, last, named = options.period(on or since, on or until, month, quarter)
    filters = options.filters(
        here,
        since=first,
        until=last,
        theme=theme,
        tag=tag,
        about=about,
        prompt=prompt,
        text=text,
        limit=limit,
        saved=saved,
    )
    with here.open() as journal, Progress(here.screen) as progress:
        narrowed = journal.narrowed(filters)
        title = _title(filters, named)
        written = _Counted(progress)
        with outgoing.going_out(journal, narrowed, title, everything=found.EVERYTHING, count=written) as going:
            if journal.is_encrypted and not plain_text and (output or not sys.stdout.isatty()):
                output = _seal(found, going, output, force=force)
            elif output:
                _write(found, going, Path(output), force=force)
            else:
                _print(here, found, going)
    if as_json:
        here.screen.json({"path": output, "format": form, "entries": written.entries})
        return
    if output:
        here.screen.line(f"Wrote {many(written.entries, 'entry')} to {output}, for you alone to read.")
    if found.LEAVES_OUT:
        here.screen.aside(found.LEAVES_OUT)


class _Counted:
    """Counts what has gone out, and shows it where that takes long."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.entries = 0

    def __call__(self, number: int) -> None:
        self.entries = number
        self._progress.stage("Writing", number, 0)


def _write(form: Exporter, going: Outgoing, place: Path, *, force: bool) -> None:
    if hasattr(form, "members") and place.suffix.lower() != form.ENDING:
        folder: FolderExporter = form  # type: ignore[assignment]  # it has what such a form needs
        members = ((name, text.encode()) for name, text in folder.members(going))
        write_tree(place, members, replace=force)
    else:
        write_pieces(place, (piece.encode() for piece in _large(form.pieces(going))), replace=force)


def _seal(form: Exporter, going: Outgoing, output: str, *, force: bool) -> str:
    """Write what goes out of an encrypted journal sealed under its passphrase; return where to."""
    from reflect import envelopes
    from reflect.files import write_private, zipped
    from reflect.store import cipher

    place = Path(output)
    passphrase = cipher.for_what_leaves()
    if hasattr(form, "members") and place.suffix.lower() not in (form.ENDING, envelopes.AGE):
        folder: FolderExporter = form  # type: ignore[assignment]  # it has what such a form needs
        content = zipped((name, text.encode()) for name, text in folder.members(going))
        place = place.with_name(place.name + ".zip")
    else:
        content = "".join(form.pieces(going)).encode()
    sealed = envelopes.under_passphrase(content, passphrase)
    if not output:
        sys.stdout.buffer.write(sealed)
        return ""
    if place.suffix.lower() != envelopes.AGE:
        place = place.with_name(place.name + envelopes.AGE)
    write_private(place, sealed, replace=force)
    return str(place)


def _print(here: Desk, form: Exporter, going: Outgoing) -> None:
    at_terminal = sys.stdout.isatty()
    for piece in _large(form.pieces(going)):
        here.screen.raw(clean.body(piece) if at_terminal else piece)


def _large(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the same text in larger pieces."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _A_PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _title(filters: Filters, named: str) -> str:
    """Return what goes out in words: its period where it has one."""
    if named:
        return named
    if filters.since and filters.since == filters.until:
        return dates.in_words(filters.since)
    start = f" from {dates.in_words(filters.since)}" if filters.since else ""
    end = f" to {dates.in_words(filters.until)}" if filters.until else ""
    return f"My journal{start}{end}"
