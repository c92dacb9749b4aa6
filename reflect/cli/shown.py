"""How an entry looks on a screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reflect import clean, ids
from reflect.cli.screen import Piece, Screen
from reflect.dates import in_words
from reflect.errors import Refused
from reflect.models import LAYER_KINDS, Action, Entry, Layer, Prompt

if TYPE_CHECKING:
    from reflect.journal import Journal


def when(entry: Entry) -> str:
    """Return when an entry happened, as people write it: 21 Nov 2026, 15:02."""
    moment = datetime.fromisoformat(entry.happened_at)
    day = f"{moment.day} {moment:%b %Y}"
    return day if entry.precision == "day" else f"{day}, {moment:%H:%M}"


def entry_line(entry: Entry) -> list[Piece]:
    """Return an entry's id, date, subject, themes and tags as one line."""
    pieces: list[Piece] = [(ids.shown(entry.id), "id"), "  ", (when(entry), "dim")]
    if entry.about:
        pieces += ["  ", (entry.about, "bold")]
    themes = [theme.id + ("?" if theme.by == "suggested" else "") for theme in entry.themes]
    if themes:
        pieces += ["  ", (" ".join(themes), "theme")]
    if entry.tags:
        pieces += ["  ", ("#" + " #".join(entry.tags), "dim")]
    return pieces


def first_words(entry: Entry, most: int = 100) -> str:
    """Return an entry's first words on one line, cut at a word's end."""
    words = " ".join(entry.text[: most * 2].split())
    if len(words) <= most and len(entry.text) <= most * 2:
        return words
    cut = words.rfind(" ", 0, most)
    return clean.cut(words, cut if cut > most // 2 else most) + " …"


def then_and_now(screen: Screen, before: Entry, now: Entry) -> None:
    """Show an earlier answer to a question beside the one of now, by their first words."""
    screen.line(("You answered this question before. Then, ", "dim"), (when(before), "dim"), (":", "dim"))
    screen.words(first_words(before, 300), indent="    ")
    screen.line(("Now:", "dim"))
    screen.words(first_words(now, 300), indent="    ")
    screen.line((f"All of it: reflect show {ids.shown(before.id)}", "dim"))


def later(screen: Screen, entry: Entry, layers: Sequence[Layer]) -> None:
    """Show what was thought of an entry later, below its words: then, and now."""
    for each in layers:
        screen.gap()
        moment = datetime.fromisoformat(each.at)
        said = (f"Now, {moment.day} {moment:%b %Y}: {LAYER_KINDS[each.kind]}", "bold")
        of = (f"  (of version {each.version})", "dim") if each.version != entry.version else ("", "")
        screen.line(said, of)
        if each.text:
            screen.words(each.text)


def action_line(action: Action) -> list[Piece]:
    """Return an action's id, words, day and how it was closed as one line."""
    pieces: list[Piece] = [(ids.shown(action.id), "id"), "  ", action.text]
    if action.due:
        pieces.append((f"  by {in_words(action.due)}", "dim"))
    if action.state != "open":
        pieces.append((f"  {action.state}{': ' + action.note if action.note else ''}", "dim"))
    return pieces


def whole(screen: Screen, entry: Entry) -> None:
    """Show an entry whole; the parts of its question stay visible, answered or not."""
    screen.line(*entry_line(entry))
    for theme in entry.themes:
        screen.line(("  " + theme.id, "theme"), (f": {_why(theme.by, theme.because)}", "dim"))
    screen.gap()
    asked = entry.asked
    if asked and asked.answers is not None:
        for part, span in zip(asked.parts, asked.answers, strict=True):
            screen.line((part, "dim"))
            screen.words(entry.text[span[0] : span[1]] if span else "(not answered)")
            screen.gap()
        return
    if asked:
        screen.question(asked.text, indent="")
        screen.gap()
    screen.words(entry.text)


def care(screen: Screen, journal: Journal, question: Prompt) -> None:
    """Before a question that may stir a story: its care note, and whom to turn to, one's own contact first (REQ-13)."""
    if not question.care:
        return
    screen.line((question.care, "dim"))
    try:
        own = journal.settings.support
    except Refused as error:  # no setting stands in the way of a question
        screen.aside(f"Note: your own support contact is not shown: {error.what} in {error.where}.")
        own = ""
    for contact in filter(None, [own, *journal.support()]):
        screen.line((f"For support: {contact}", "dim"))


MOST_NOTES = 3
"""Notes of the language mirror that follow an entry; `show --mirror` has all."""


def mirror(screen: Screen, entry: Entry, most: int | None = None) -> None:
    """Show its author the words of an entry that are on the watch list; nothing is altered or kept (REQ-57)."""
    from reflect.mirror import notes

    found = notes(entry.text)
    if found or most is None:
        screen.gap()
        screen.line(("Your language mirror, for your eyes only. Your words stay as they are.", "dim"))
    for note in found[:most]:
        screen.line(f"  “{note.text}”: {note.because}. Perhaps: {note.instead}")
    if most is not None and len(found) > most:
        screen.line((f"  and {len(found) - most} more: reflect show {ids.shown(entry.id)} --mirror", "dim"))
    if not found and most is None:
        screen.line("  Nothing in it is on the watch list.")


def mirror_if_wished(screen: Screen, settings: Path, entry: Entry) -> None:
    """Show the language mirror after writing, where the author switched it on and looks at a terminal.

    What goes to a file or another program is the same with and without it.
    """
    if not sys.stdout.isatty():
        return
    from reflect.settings import read

    try:
        wished = read(settings).language_mirror
    except Refused as error:  # the entry is stored, and no setting stands in its way
        screen.aside(f"Note: the language mirror is not shown: {error.what} in {error.where}.")
        return
    if wished:
        mirror(screen, entry, MOST_NOTES)


def _why(by: str, because: str) -> str:
    return f"suggested by “{because}”" if by == "suggested" else because
