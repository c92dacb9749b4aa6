"""A journal read whole, entry by entry, with all that belongs to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from reflect.models import Action, Entry, Filters, Layer, Mark, Meeting
from reflect.store import actions, consent, engine, entries, rotation
from reflect.whole import OUR_OWN, Batch, Hint, Origin, Rest, Revisit, Whole, Wording

# Their columns have the names of the fields.
_MARK = f"SELECT entry, {', '.join(Mark._fields)} FROM mark WHERE entry"  # noqa: S608
_LAYER = f"SELECT {', '.join(Layer._fields)} FROM layer WHERE entry"  # noqa: S608
_ENTRY = """
    e.id, e.version, e.text, e.asked, e.about, e.occasion, e.happened_at, e.precision, e.written_at, e.zone,
    (SELECT group_concat(tag, char(31)) FROM tag WHERE entry = e.id), NULL, NULL, NULL, e.revised_at
"""
_TABLES = ("choice", "version", "suggestion", "mark", "layer", "revisit", "batch_entry", "meeting")
_A_PIECE = 400
"""Entries read at once; their other rows are asked for together."""


class Reader:
    """Reads the entries that pass the filters, and afterwards what goes with just these."""

    def __init__(self, connection: engine.Connection, filters: Filters, *, everything: bool) -> None:
        """Take what to read; without `everything` only words, tags, themes and later thoughts."""
        self._connection = connection
        self._filters = filters
        self._everything = everything
        self._seen: set[int] = set()
        self._empty = {table for table in _TABLES if not self._has_rows(table)}

    def _has_rows(self, table: str) -> bool:
        return self._connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None  # noqa: S608

    def wholes(self, count: Callable[[int], None]) -> Iterator[Whole]:
        """Yield the entries, oldest first; `count` is called now and then with how many there were, and at the end."""
        found = self._entries() if self._everything else self._words()
        number = 0
        while piece := list(islice(found, _A_PIECE)):
            if self._filters != Filters():
                self._seen.update(entry.id for entry, _ in piece)
            yield from self._with_all(piece) if self._everything else self._with_layers(piece)
            number += len(piece)
            count(number)

    def _words(self) -> Iterator[tuple[Entry, str]]:
        for entry in entries.find(self._connection, self._filters, newest_first=False):
            yield entry, ""

    def _entries(self) -> Iterator[tuple[Entry, str]]:
        """Yield the entries without themes and marks, which come whole afterwards, each with when it was revised."""
        if self._filters.limit is not None:  # it means the newest, which only the usual way knows
            revised = dict(self._connection.execute("SELECT id, revised_at FROM entry").fetchall())
            yield from ((entry, revised[entry.id]) for entry, _ in self._words())
            return
        where, values = entries.passing(self._filters)
        rows = self._connection.execute(
            f"SELECT {_ENTRY} FROM entry e{where} ORDER BY happened, id",  # noqa: S608
            values,
        )
        for row in rows:
            yield entries.of_row(row[:-1]), row[-1]

    def actions(self) -> Sequence[Action]:
        """Return the actions of the entries that were read, or all of them when nothing was left out."""
        found = sorted(actions.find(self._connection, only_open=False), key=lambda each: (each.offered_at, each.id))
        return [each for each in found if self._filters == Filters() or each.entry in self._seen]

    def rest(self) -> Rest:
        """Return what the journal holds besides its entries and actions."""
        rows = self._connection.execute
        return Rest(
            tuple(
                Batch(*row)
                for row in rows("SELECT id, kind, source, at FROM batch WHERE kind <> ? ORDER BY at, id", (OUR_OWN,))
            ),
            tuple(
                (prompt, whose, times, last, bool(answered))
                for prompt, whose, times, last, answered in rows(
                    "SELECT prompt, whose, times, last, answered FROM served ORDER BY prompt, whose"
                )
            ),
            tuple(tuple(each) for each in rotation.changes(self._connection)),  # type: ignore[misc]  # five texts each
            tuple(consent.memberships(self._connection)),
            tuple(consent.sent(self._connection)),
            tuple(consent.answers(self._connection)),
            tuple(sorted(entries.erased(self._connection).items())),
        )

    def _with_all(self, piece: Sequence[tuple[Entry, str]]) -> Iterator[Whole]:
        choices = self._grouped(piece, "SELECT entry, theme, by FROM choice WHERE entry", "entry, theme")
        wordings = self._grouped(
            piece, "SELECT entry, number, text, at, answers FROM version WHERE entry", "entry, number"
        )
        hints = self._grouped(
            piece,
            "SELECT entry, theme, version, cue, start, end, suggester FROM suggestion WHERE entry",
            "entry, theme",
        )
        marks = self._grouped(piece, _MARK, "made_at, start, id")
        revisits = self._grouped(piece, "SELECT entry, due, interval_days FROM revisit WHERE entry", "entry")
        origins = self._grouped(
            piece,
            "SELECT entry, kind, origin_key, batch FROM batch_entry WHERE entry",
            "entry, kind, origin_key",
        )
        meetings = self._grouped(
            piece, "SELECT entry, uid, instance, started_at, ended_at FROM meeting WHERE entry", "entry"
        )
        later = self._layers(piece)
        for entry, revised_at in piece:
            number = entry.id
            yield Whole(
                entry,
                revised_at,
                tuple(choices.get(number, ())),
                tuple(map(Wording._make, wordings.get(number, ()))),
                tuple(map(Hint._make, hints.get(number, ()))),
                tuple(map(_mark, marks.get(number, ()))),
                tuple(later.get(number, ())),
                Revisit(*revisits[number][0]) if number in revisits else None,
                tuple(Origin(*row) for row in origins.get(number, ()) if row[0] != OUR_OWN),
                Meeting(*meetings[number][0]) if number in meetings else None,
            )

    def _with_layers(self, piece: Sequence[tuple[Entry, str]]) -> Iterator[Whole]:
        later = self._layers(piece)
        for entry, _ in piece:
            yield Whole(entry, "", layers=tuple(later.get(entry.id, ())))

    def _layers(self, piece: Sequence[tuple[Entry, str]]) -> dict[int, list[Layer]]:
        found: dict[int, list[Layer]] = defaultdict(list)
        for row in self._rows(piece, _LAYER, "entry, at, id"):
            layer = Layer(*row)
            found[layer.entry].append(layer)
        return found

    def _grouped(self, piece: Sequence[tuple[Entry, str]], select: str, order: str) -> dict[int, list[tuple[Any, ...]]]:
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for number, *rest in self._rows(piece, select, order):
            found[number].append(tuple(rest))
        return found

    def _rows(self, piece: Sequence[tuple[Entry, str]], select: str, order: str = "1") -> Iterator[tuple[Any, ...]]:
        if any(f" FROM {table} " in select for table in self._empty):
            return
        places = ", ".join("?" * len(piece))
        yield from self._connection.execute(
            f"{select} IN ({places}) ORDER BY {order}", [entry.id for entry, _ in piece]
        )


def _mark(row: tuple[Any, ...]) -> Mark:
    made = Mark(*row)
    return made._replace(alone_ok=bool(made.alone_ok))
