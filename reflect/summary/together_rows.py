"""A group's summary as rows, for the forms that are tables: each quotation where it stands, each number, the method."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reflect.dates import in_words
from reflect.summary.protect import Shown
from reflect.summary.together import CONSTANT, GroupSummary, GroupTheme, Quotation
from reflect.summary.together_say import NO_ACTION, actions, called, occasion, people, period, standing

NOT_PLACED = "Not placed"

_STANCES = {"": "nothing recorded", "gain": "gain", "loss": "loss", "differs": "differs"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """One quotation in one place of the summary; what it says of itself is never left blank."""

    theme_id: str
    """Empty for what is not placed."""
    theme: str
    recurs: str
    """What recurs in the theme and is quoted with it; empty for a quotation of the theme itself."""
    quotation: Quotation

    @property
    def path(self) -> str:
        """Return where it stands: the theme, or the theme and what recurs in it."""
        return f"{self.theme} / {self.recurs}" if self.recurs else self.theme

    @property
    def level(self) -> str:
        """Return whether these are the author's words or a rewording the author approved."""
        return "reworded" if self.quotation.reworded else "verbatim"

    @property
    def stance(self) -> str:
        """Return what the author said it is, or what the lead calls it, which says so."""
        said = _STANCES[self.quotation.stance]
        return f"{said} ({called(self.quotation)})" if self.quotation.called_by_lead else said

    @property
    def attribution(self) -> str:
        """Return the name the author chose."""
        return self.quotation.attribution or "no name"

    @property
    def occasion(self) -> str:
        """Return when it was written, as far as it was said and may be."""
        return occasion(self.quotation) or "not said"


@dataclass(frozen=True, slots=True)
class Number:
    """How many people wrote about something, as far as it may be shown."""

    theme_id: str
    """Empty for what is not placed."""
    theme: str
    recurs: str
    people: int | None
    said: str
    """The number in words, or why there is none."""
    before: int | None
    """People in the period before; None where it may not be shown or there is no such period."""


def quotations(summary: GroupSummary) -> list[Quoted]:
    """Return every quotation under each theme it stands in, once a theme, in the summary's order."""
    found = [quoted for theme in summary.themes for quoted in _of_theme(theme)]
    return found + [Quoted("", NOT_PLACED, "", each) for each in summary.not_placed]


def _of_theme(theme: GroupTheme) -> Iterator[Quoted]:
    seen = set()
    recurring = [(matter.name, matter.quotation) for matter in theme.matters if matter.quotation]
    plain = [("", each) for each in (*theme.quotations, *theme.gains, *theme.losses, *theme.differing)]
    for name, each in recurring + plain:
        place = (each.contribution, each.start, each.end)
        if place not in seen:
            seen.add(place)
            yield Quoted(theme.id, theme.name, name, each)


def numbers(summary: GroupSummary) -> list[Number]:
    """Return a number, or the reason for its absence, for each theme that was written about and what recurs in it."""
    fewest = summary.agreed.fewest

    def number(theme: str, name: str, recurs: str, shown: Shown, before: int | None = None) -> Number:
        return Number(theme, name, recurs, shown.people, people(shown, fewest), before)

    found = []
    for theme in summary.themes:
        if theme.touched:
            found.append(number(theme.id, theme.name, "", theme.shown, theme.moved.before if theme.moved else None))
            found += [number(theme.id, theme.name, matter.name, matter.shown) for matter in theme.matters]
    if summary.not_placed:
        found.append(number("", NOT_PLACED, "", summary.not_placed_shown))
    return found


def untouched(summary: GroupSummary) -> list[str]:
    """Return the themes there is nothing to show of, which stand on one line."""
    return [theme.name for theme in summary.themes if not theme.touched]


def method(summary: GroupSummary) -> list[str]:
    """Return what the summary is and how it was made, one sentence a line; first whether it is final."""
    agreed = summary.agreed
    told = [
        standing(summary),
        CONSTANT,
        f"{agreed.name}: what we wrote, by theme. {period(summary)}. {people(summary.total, agreed.fewest)}.",
        f"{_sentence(f'What for: {agreed.purpose}')} {_sentence(f'Read by: {agreed.audience}')}",
        f"{agreed.responder} responds by {in_words(agreed.respond_by)}.",
        _sentence(f"What taking part costs and how it is recompensed: {agreed.cost or 'not stated'}"),
        *summary.method,
        _sentence(f"Not heard from: {summary.wanted.not_heard_from or 'nothing was said'}"),
    ]
    if empty := untouched(summary):
        told.append(f"Nothing to show under: {', '.join(empty)}.")
    told += [f"{name}: {people(shown, agreed.fewest)}." for name, shown in summary.sites]
    told += [summary.site_note] if summary.site_note else []
    told += [f"Codebook: {each}" for each in summary.codebook_changes]
    told += [each if each == NO_ACTION else f"Offered in a session. {each}" for each in actions(summary)]
    told += [f"Said to the draft: {each}" for each in summary.objections]
    told += [f"{term}: {meaning}" for term, meaning in summary.key]
    return told


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
