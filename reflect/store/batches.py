"""Entries brought in from elsewhere, many at once: stored in one transaction, known again, and taken out as one."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from reflect import ids
from reflect.errors import NotFound, Refused
from reflect.models import Action, Asked
from reflect.store import actions, consent, engine, entries, layers, meetings, rotation, undo
from reflect.whole import Arrival, Batch, Rest, Whole

_CACHE_KIB = 64_000
"""Memory for pages while very many rows are written; the usual two megabytes would be swapped in and out."""
_USUAL_CACHE_KIB = 2_000
_HASH_BYTES, _USUAL_HASH_BYTES = 64 << 20, 1 << 20
"""Memory in which the search index gathers words before it writes them, FTS5's `hashsize`."""
_A_PIECE = 1_000
"""Entries after which the caller is told how far it is."""
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - subtracted below, where the alias costs a look-up
_MICROSECOND = timedelta(microseconds=1)


class Known(NamedTuple):
    """What a journal knows of entries that were brought in before."""

    keys: dict[str, int]
    """For each key of a family of formats, the entry it became."""
    erased: Container[int]
    """Ids of entries that were erased and never come back."""


def known(connection: engine.Connection, family: str) -> Known:
    """Return what was brought in before by formats of one family."""
    rows = connection.execute("SELECT origin_key, entry FROM batch_entry WHERE kind = ?", (family,))
    return Known(dict(rows.fetchall()), entries.erased(connection))


def worded(connection: engine.Connection, number: int, text: str) -> bool | None:
    """Return whether an entry has, or had in any version, just these words; None when there is no such entry."""
    row = connection.execute(
        "SELECT text = ?2 OR EXISTS (SELECT 1 FROM version WHERE entry = e.id AND text = ?2)"
        " FROM entry e WHERE id = ?1",
        (number, text),
    ).fetchone()
    return None if row is None else bool(row[0])


def fresh_ids(connection: engine.Connection, many: int, wanted: Iterable[int] = ()) -> list[int]:
    """Return so many ids that nothing has, in rising order, so that rows are written one after the other."""
    taken = set(wanted) | {row[0] for row in connection.execute("SELECT id FROM entry")}
    found: set[int] = set()
    while len(found) < many:
        found |= {ids.new() for _ in range(many - len(found))} - taken
    return sorted(found)


def bring_in(
    connection: engine.Connection,
    batch: Batch,
    family: str,
    arrivals: Sequence[Arrival],
    numbers: Sequence[int],
    *,
    tick: Callable[[int], None],
) -> None:
    """Store entries under these ids, with all that belongs to them; the caller holds the transaction.

    `tick` is called with how many are done. A new index is made where that is quicker than adding to it.
    """
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB:d}")
    try:
        connection.execute("INSERT INTO batch VALUES (?, ?, ?, ?)", tuple(batch))
        anew = len(arrivals) * 2 > entries.count(connection)
        connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _entry_rows(arrivals, numbers, tick)
        )
        connection.executemany(
            "INSERT INTO tag VALUES (?, ?)",
            ((number, tag) for number, each in zip(numbers, arrivals, strict=True) for tag in each.whole.entry.tags),
        )
        connection.executemany(
            "INSERT INTO batch_entry (batch, entry, kind, origin_key) VALUES (?, ?, ?, ?)",
            ((batch.id, number, family, each.key) for number, each in zip(numbers, arrivals, strict=True)),
        )
        for number, each in zip(numbers, arrivals, strict=True):
            if any(each.whole[2:]):
                _bring_in_more(connection, number, each.whole)
        if anew:
            _index_anew(connection, len(arrivals))
        else:
            connection.executemany(
                "INSERT INTO entry_fts (rowid, text, about) VALUES (?, ?, ?)",
                (
                    (number, each.whole.entry.text, each.whole.entry.about)
                    for number, each in zip(numbers, arrivals, strict=True)
                ),
            )
    finally:
        connection.execute(f"PRAGMA cache_size=-{_USUAL_CACHE_KIB:d}")


def _index_anew(connection: engine.Connection, many: int) -> None:
    """Make the index anew, with memory for more words than usual at once: it takes two thirds of the time."""
    if many > _A_PIECE:
        connection.execute("INSERT INTO entry_fts (entry_fts, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
    entries.rebuild_index(connection)
    if many > _A_PIECE:
        connection.execute("INSERT INTO entry_fts (entry_fts, rank) VALUES ('hashsize', ?)", (_USUAL_HASH_BYTES,))
        connection.execute("DELETE FROM entry_fts_config WHERE k = 'hashsize'")


def _entry_rows(
    arrivals: Sequence[Arrival], numbers: Sequence[int], tick: Callable[[int], None]
) -> Iterator[tuple[object, ...]]:
    moment_of, crc32 = datetime.fromisoformat, zlib.crc32
    for done, (number, arrival) in enumerate(zip(numbers, arrivals, strict=True)):
        if not done % _A_PIECE:
            tick(done)
        entry = arrival.whole.entry
        asked = entry.asked
        yield (
            number,
            entry.version,
            entry.text,
            asked_to_json(asked) if asked else None,
            asked.id if asked else None,
            entry.about,
            entry.occasion,
            (moment_of(entry.happened_at) - _EPOCH) // _MICROSECOND,
            entry.happened_at,
            entry.precision,
            entry.written_at,
            arrival.whole.revised_at,
            entry.zone,
            crc32(entry.about.encode(), crc32(entry.text.encode())),
        )
    tick(len(arrivals))


def asked_to_json(asked: Asked) -> str:
    """Return a question as an entry keeps it."""
    return json.dumps(
        {"id": asked.id, "text": asked.text, "parts": asked.parts, "answers": asked.answers}, ensure_ascii=False
    )


def _bring_in_more(connection: engine.Connection, number: int, whole: Whole) -> None:
    """Store what few entries have besides their words and tags."""
    connection.executemany("INSERT INTO choice VALUES (?, ?, ?)", [(number, *each) for each in whole.choices])
    connection.executemany(
        "INSERT INTO version (entry, number, text, at, answers, checksum) VALUES (?, ?, ?, ?, ?, ?)",
        [(number, *each, zlib.crc32(each.text.encode())) for each in whole.wordings],
    )
    connection.executemany(
        "INSERT INTO suggestion VALUES (?, ?, ?, ?, ?, ?, ?)", [(number, *each) for each in whole.hints]
    )
    for mark in whole.marks:
        consent.mark(connection, mark._replace(entry=number))
    for layer in whole.layers:  # the action it names comes later
        layers.add(connection, layer._replace(entry=number, action=None))
    if whole.revisit:
        connection.execute("INSERT INTO revisit VALUES (?, ?, ?)", (number, *whole.revisit))
    if whole.meeting:
        meetings.add(connection, number, whole.meeting)


# -- what a file of our own holds besides entries -------------------------------------------------


def is_empty(connection: engine.Connection) -> bool:
    """Return whether a journal has never been used, so that another one can move in whole."""
    tables = ("entry", "action", "membership", "erased", "batch")
    return all(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None for table in tables)  # noqa: S608


def bring_in_origins(
    connection: engine.Connection, batches: Iterable[Batch], arrivals: Sequence[Arrival], numbers: Sequence[int]
) -> None:
    """Remember for entries of our own file where they were brought in from before that."""
    connection.executemany("INSERT OR IGNORE INTO batch VALUES (?, ?, ?, ?)", [tuple(each) for each in batches])
    rows = [
        (origin.batch, number, origin.kind, origin.key)
        for number, each in zip(numbers, arrivals, strict=True)
        for origin in each.whole.origins
    ]
    connection.executemany(
        "INSERT OR IGNORE INTO batch_entry (batch, entry, kind, origin_key) VALUES (?, ?, ?, ?)", rows
    )


def unknown(connection: engine.Connection, found: Iterable[Action]) -> list[Action]:
    """Return the actions that are not here; those from lines of an entry that was erased are gone with it."""
    here = {row[0] for row in connection.execute("SELECT id FROM action")}
    gone = entries.erased(connection)
    return [each for each in found if each.id not in here and not (each.from_line and each.entry in gone)]


def bring_in_actions(connection: engine.Connection, found: Iterable[Action]) -> list[int]:
    """Store new actions with what was seen of them; return their ids. One whose entry is not here stands alone."""
    new = []
    for each in found:
        is_held = each.entry is None or entries.holds(connection, each.entry)
        action = each if is_held else each._replace(entry=None)
        actions.add(connection, action)
        for outcome in action.outcomes:
            actions.see(connection, action.id, outcome)
        new.append(action.id)
    return new


def tie_layers(connection: engine.Connection, arrivals: Sequence[Arrival]) -> None:
    """Let later thoughts name the actions that came of them, now that these are there."""
    connection.executemany(
        "UPDATE layer SET action = ?1 WHERE id = ?2 AND EXISTS (SELECT 1 FROM action WHERE id = ?1)",
        [(layer.action, layer.id) for each in arrivals for layer in each.whole.layers if layer.action is not None],
    )


def move_in(connection: engine.Connection, rest: Rest) -> None:
    """Store what a journal held besides entries and actions, into one that was empty."""
    connection.executemany("INSERT INTO served VALUES (?, ?, ?, ?, ?)", rest.served)
    for change in rest.bank_changes:
        rotation.note_change(connection, rotation.BankChange(*change))
    for membership in rest.memberships:
        consent.join(connection, membership)
    for sent in rest.sent:
        consent.send(connection, sent)
    connection.executemany("INSERT INTO came_back VALUES (?, ?, ?, ?, ?)", rest.came_back)


def bury(connection: engine.Connection, erased: Iterable[tuple[int, str]]) -> None:
    """Remember what was erased elsewhere and is not here, so that no older copy brings it in."""
    connection.executemany(
        "INSERT OR IGNORE INTO erased SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM entry WHERE id = ?1)", list(erased)
    )


# -- taking a batch out again -----------------------------------------------------------------------


def brought(connection: engine.Connection, batch: int) -> Batch:
    """Return one batch."""
    row = connection.execute("SELECT id, kind, source, at FROM batch WHERE id = ?", (batch,)).fetchone()
    if row is None:
        raise NotFound("there is no such import", next_step="see `reflect undo`")
    return Batch(*row)


def take_out(connection: engine.Connection, batch: int) -> int:
    """Take out again what one import brought in, entries changed since then included; return how many entries.

    The caller holds the transaction and makes the index anew. Words that were shared are not taken out: they are
    withdrawn or erased.
    """
    gone = [row[0] for row in connection.execute("SELECT entry FROM batch_entry WHERE batch = ?", (batch,))]
    shared = connection.execute(
        "SELECT count(*) FROM sent WHERE entry IN (SELECT entry FROM batch_entry WHERE batch = ?)", (batch,)
    ).fetchone()[0]
    if shared:
        raise Refused(
            "what was brought in has been shared since then",
            why=f"{shared:,} passages of it left this journal",
            next_step="take those back with `reflect unmark`, or erase the entries one by one",
        )
    marked = connection.execute(
        "SELECT label FROM undo JOIN undo_label ON undo = undo.id WHERE batch = ? AND label GLOB 'action *'", (batch,)
    ).fetchall()
    connection.executemany(
        "DELETE FROM action WHERE id = ?", [(int(label.removeprefix("action "), 16),) for (label,) in marked]
    )
    entries.delete(connection, gone)
    connection.execute("DELETE FROM batch WHERE id = ?", (batch,))
    return len(gone)


def note(connection: engine.Connection, batch: Batch, new_actions: Iterable[int]) -> None:
    """Put an import into the log of steps that can be taken back."""
    labels = {f"action {number:x}": "" for number in new_actions}
    undo.note(connection, "import", batch.at, batch=batch.id, labels=labels)
