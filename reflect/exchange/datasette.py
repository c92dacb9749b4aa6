"""SQLite file of a group's summary, for Datasette and other readers of tables: themes, quotations, method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reflect import clean
from reflect.store.published import Table, database


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme, or what recurs in one, with its number as far as it may be shown."""

    key: str
    """By which quotations find it; not in the file."""
    theme: str
    recurs: str
    people: int | None
    said: str
    before: int | None


@dataclass(frozen=True, slots=True)
class QuotationRow:
    """A quotation in one place of the summary."""

    key: str
    """Of the row of `themes` it stands under."""
    period: str
    level: str
    stance: str
    attribution: str
    occasion: str
    leads_to: str
    text: str


def render(themes: Sequence[ThemeRow], quotations: Sequence[QuotationRow], method: Sequence[str]) -> bytes:
    """Return the file; a quotation points at the row of `themes` it stands under."""
    numbered = {each.key: number for number, each in enumerate(themes, start=1)}
    return database(
        [
            Table(
                "themes",
                (
                    "id INTEGER PRIMARY KEY",
                    "path TEXT NOT NULL",
                    "theme TEXT NOT NULL",
                    "recurs TEXT",
                    "people INTEGER",
                    "people_in_words TEXT NOT NULL",
                    "people_before INTEGER",
                ),
                [_theme(number, each) for number, each in enumerate(themes, start=1)],
            ),
            Table(
                "quotations",
                (
                    "id INTEGER PRIMARY KEY",
                    "theme INTEGER NOT NULL REFERENCES themes (id)",
                    "period TEXT NOT NULL",
                    "level TEXT NOT NULL",
                    "stance TEXT NOT NULL",
                    "attribution TEXT NOT NULL",
                    "occasion TEXT NOT NULL",
                    "leads_to TEXT NOT NULL",
                    "quotation TEXT NOT NULL",
                ),
                [_quotation(at, numbered[each.key], each) for at, each in enumerate(quotations, start=1)],
            ),
            Table(
                "method",
                ("id INTEGER PRIMARY KEY", "sentence TEXT NOT NULL"),
                [(number, clean.document(each)) for number, each in enumerate(method, start=1)],
            ),
        ]
    )


def _theme(number: int, each: ThemeRow) -> tuple[str | int | None, ...]:
    theme, recurs = clean.document(each.theme), clean.document(each.recurs)
    path = f"{theme} / {recurs}" if recurs else theme
    return number, path, theme, recurs or None, each.people, each.said, each.before


def _quotation(number: int, theme: int, each: QuotationRow) -> tuple[str | int | None, ...]:
    said = (each.period, each.level, each.stance, each.attribution, each.occasion, each.leads_to, each.text)
    return number, theme, *map(clean.document, said)
