"""Markdown to read, print or paste."""

from __future__ import annotations

from collections.abc import Sequence

from reflect import clean
from reflect.dates import in_words
from reflect.summary.formats.markdown import escaped
from reflect.summary.say import source
from reflect.summary.together import CONSTANT, GroupSummary, GroupTheme, Quotation
from reflect.summary.together_say import NOTHING_RECORDED, actions, attributed, people, period, stances, standing

ENDING = ".md"


def render(summary: GroupSummary) -> bytes:
    """Return the summary as Markdown."""
    agreed = summary.agreed
    lines = [
        f"# {escaped(agreed.name)}: what we wrote, by theme",
        "",
        f"**{standing(summary)}**",
        "",
        f"{escaped(period(summary))}. {escaped(people(summary.total, agreed.fewest))}.",
        "",
        f"What for: {escaped(agreed.purpose)}. Read by: {escaped(agreed.audience)}.",
        f"{escaped(agreed.responder)} responds by {in_words(agreed.respond_by)}.",
        f"What taking part costs and how it is recompensed: {escaped(agreed.cost or 'not stated')}.",
        "",
        f"**{CONSTANT}**",
        "",
    ]
    for theme in summary.themes:
        if theme.touched:
            lines += _theme(theme, summary)
    empty = [theme.name for theme in summary.themes if not theme.touched]
    if empty:
        lines += [f"Nothing to show under: {', '.join(map(escaped, empty))}.", ""]
    lines += ["## Not placed", "", *_quotations(summary.not_placed)]
    lines += ["## Questions for the session", ""]
    lines += [f"- {escaped(prompt.group_text)} *{escaped(source(prompt))}*" for prompt in summary.questions]
    if offered := actions(summary):
        lines += ["", "## What was offered in sessions", "", *(f"- {escaped(each)}" for each in offered)]
    if summary.objections:
        lines += ["", "## What was said to the draft", ""]
        lines += [f"- {escaped(each)}" for each in summary.objections]
    if summary.key:
        lines += ["", "## Words explained", ""]
        lines += [f"- {escaped(term)}: {escaped(meaning)}" for term, meaning in summary.key]
    lines += ["", "## How it was made", ""]
    lines += [f"- {escaped(each)}" for each in summary.method]
    lines.append(f"- Not heard from: {escaped(summary.wanted.not_heard_from or 'nothing was said')}")
    lines += [f"- {escaped(name)}: {escaped(people(shown, agreed.fewest))}" for name, shown in summary.sites]
    lines += [f"- {summary.site_note}"] if summary.site_note else []
    lines += [f"- Codebook: {escaped(each)}" for each in summary.codebook_changes]
    return ("\n".join(lines) + "\n").encode()


def _theme(theme: GroupTheme, summary: GroupSummary) -> list[str]:
    lines = [f"## {escaped(theme.name)}", ""]
    if theme.shown.people is not None or theme.shown.band:
        lines += [f"{people(theme.shown, summary.agreed.fewest)}.", ""]
    if theme.moved:
        lines += [f"The period before: {theme.moved.before} people; this one: {theme.moved.now}.", ""]
    if theme.words:
        lines += [f"Words that stand out here against the other themes: {escaped(', '.join(theme.words))}.", ""]
    if theme.matters:
        lines += ["What recurs:", ""]
        lines += [
            f"- {escaped(matter.name)}: {people(matter.shown, summary.agreed.fewest)}" for matter in theme.matters
        ]
        lines.append("")
    lines += _quotations(theme.quotations, none="")
    for title, found in stances(theme):
        lines += [f"### {title}", "", *_quotations(found)] if found else [f"**{title}:** {NOTHING_RECORDED}", ""]
    for memo in theme.memos:
        lines += [f"Placed here by the lead: {escaped(memo)}", ""]
    return lines


def _quotations(found: Sequence[Quotation], none: str = NOTHING_RECORDED) -> list[str]:
    lines = []
    for each in found:
        lines += [f"> {escaped(line)}".rstrip() for line in clean.body(each.text).split("\n")]
        said = attributed(each)
        lines += [">", f"> {escaped(said)}"] if said else []
        lines.append("")
    return lines or ([none, ""] if none else [])
