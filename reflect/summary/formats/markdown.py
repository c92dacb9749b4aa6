"""Markdown to read, print or paste; quotations as block quotes with their entry and date."""

from __future__ import annotations

import re

from reflect import clean, ids
from reflect.dates import in_words
from reflect.summary.roll_up import Excerpt, Summary, ThemeSummary
from reflect.summary.say import many, movement, source, sparkline, spread

ENDING = ".md"

# Signs that Markdown, or HTML inside it, would take for its own.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def render(summary: Summary) -> str:
    """Return the summary as Markdown."""
    lines = [
        "# What I wrote, by theme",
        "",
        f"{summary.period[:1].upper()}{summary.period[1:]}. {many(summary.method.entries, 'entry')}.",
        "",
    ]
    for theme in summary.themes:
        if theme.entries:
            lines += _theme(theme)
    empty = [theme.name for theme in summary.themes if not theme.entries]
    if empty:
        lines += [f"Nothing written under: {', '.join(map(escaped, empty))}.", ""]
    if summary.not_placed:
        lines += ["## Not placed", ""]
        for excerpt in summary.not_placed:
            lines += _quotation(excerpt)
    lines += ["## Open actions", ""]
    lines += [
        f"- {escaped(each.text)}{f' (by {in_words(each.due)})' if each.due else ''}" for each in summary.actions
    ] or ["Nothing recorded."]
    if summary.questions:
        lines += ["", "## Questions a group session could take", ""]
        lines += [f"- {escaped(prompt.group_text)} *{escaped(source(prompt))}*" for prompt in summary.questions]
    lines += ["", "## How it was made", ""]
    lines += [f"- {sentence}" for sentence in summary.method.sentences]
    return "\n".join(lines) + "\n"


def _theme(theme: ThemeSummary) -> list[str]:
    lines = [f"## {escaped(theme.name)}", "", f"{many(theme.entries, 'entry')}, {spread(theme.weeks)}."]
    if theme.movement:
        lines.append(movement(theme.movement))
    if len(theme.weeks) > 1:
        lines += ["", f"Entries a week: `{sparkline(theme.weeks)}`"]
    lines.append("")
    for excerpt in theme.excerpts:
        lines += _quotation(excerpt)
    return lines


def _quotation(excerpt: Excerpt) -> list[str]:
    quoted = [f"> {escaped(line)}".rstrip() for line in clean.body(excerpt.text).split("\n")]
    return [*quoted, ">", f"> {in_words(excerpt.happened_at)}, entry {ids.shown(excerpt.entry)}", ""]


def escaped(text: str) -> str:
    """Return text letter for letter, whatever Markdown or HTML it looks like."""
    made = _SIGNS.sub(r"\\\1", clean.body(text))
    return re.sub(r"^(\s*)([-+]|\d+[.)])(\s)", lambda found: f"{found[1]}\\{found[2]}{found[3]}", made)
