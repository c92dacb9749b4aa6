"""How an entry looks on a screen."""

from __future__ import annotations

from datetime import datetime

from reflect import clean, ids
from reflect.cli.screen import Piece, Screen
from reflect.models import Entry


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
