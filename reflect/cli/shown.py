"""How an entry looks on a screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reflect import clean, ids
from reflect.cli.screen import Piece, Screen
from reflect.dates import in_words
from reflect.models import Action, Entry, Layer

LAYER = {"still": "still true", "changed": "changed", "act": "act", "let-go": "let go"}
"""How each kind of later thought is called."""


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
        said = (f"Now, {moment.day} {moment:%b %Y}: {LAYER[each.kind]}", "bold")
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


def _why(by: str, because: str) -> str:
    return f"suggested by “{because}”" if by == "suggested" else because
