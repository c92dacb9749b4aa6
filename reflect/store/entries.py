"""Entries, their versions, tags and themes as rows, and the search index kept beside them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from reflect import ids
from reflect.errors import Busy, NotFound
from reflect.models import Asked, Entry, Filters, Mark, Placed, Suggestion, Version
from reflect.store import engine
from reflect.store.query import fts_expression

_LONG = 20_000  # letters; the time SQLite takes to show a hit in its context grows with the square of the hits
_UNIT, _FIELD = "\x1f", "\x1e"  # separators that no theme or tag can hold; a cue loses them
_APART = {ord(_UNIT): " ", ord(_FIELD): " "}

# One row is one whole entry: choices and suggestions arrive as one string each, because a
# second query per entry would double the time of a long list.
_COLUMNS = """
    e.id, e.version, e.text, e.asked, e.about, e.occasion, e.happened_at, e.precision, e.written_at, e.zone,
    (SELECT group_concat(tag, char(31)) FROM tag WHERE entry = e.id),
    (SELECT group_concat(theme || char(30) || by, char(31)) FROM choice WHERE entry = e.id),
    (SELECT group_concat(theme || char(30) || cue, char(31)) FROM suggestion WHERE entry = e.id),
    (SELECT group_concat(json_array(id, entry, version, start, end, audience, reader, purpose, level, attribution,
        words, stance, leads_to, alone_ok, made_at, withdrawn_at), char(31))
        FROM mark WHERE entry = e.id AND withdrawn_at = '')
"""
_BECAUSE = {"prompt": "the question is about it", "author": "you chose it"}


def checksum(text: str, about: str) -> int:
    """Return a checksum by which `doctor` notices a letter that changed on the disk."""
    return zlib.crc32(about.encode(), zlib.crc32(text.encode()))


def instant(iso: str) -> int:
    """Return an ISO 8601 time with offset as microseconds since 1970, the order entries keep."""
    moment = datetime.fromisoformat(iso)
    return int(moment.timestamp() * 1_000_000)


def add(
    connection: engine.Connection,
    entry: Entry,
    *,
    author_themes: Sequence[str],
    prompt_theme: str,
    suggestions: Iterable[Suggestion],
    suggester: str,
) -> None:
    """Store a new entry with all that belongs to it; the caller holds the transaction."""
    asked = entry.asked
    connection.execute(
        "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.id,
            entry.version,
            entry.text,
            _asked_to_json(asked) if asked else None,
            asked.id if asked else None,
            entry.about,
            entry.occasion,
            instant(entry.happened_at),
            entry.happened_at,
            entry.precision,
            entry.written_at,
            entry.written_at,
            entry.zone,
            checksum(entry.text, entry.about),
        ),
    )
    connection.execute(
        "INSERT INTO entry_fts (rowid, text, about) VALUES (?, ?, ?)", (entry.id, entry.text, entry.about)
    )
    connection.executemany("INSERT INTO tag VALUES (?, ?)", [(entry.id, tag) for tag in entry.tags])
    if prompt_theme and prompt_theme not in author_themes:
        connection.execute("INSERT INTO choice VALUES (?, ?, 'prompt')", (entry.id, prompt_theme))
    for theme in author_themes:
        connection.execute("INSERT INTO choice VALUES (?, ?, 'author')", (entry.id, theme))
    suggest(connection, entry.id, entry.version, suggestions, suggester)


def suggest(
    connection: engine.Connection, entry: int, version: int, suggestions: Iterable[Suggestion], suggester: str
) -> None:
    """Replace an entry's suggestions; the author's choices are never touched."""
    connection.execute("DELETE FROM suggestion WHERE entry = ?", (entry,))
    connection.executemany(
        "INSERT INTO suggestion VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (entry, each.theme, version, each.cue.translate(_APART), each.start, each.end, suggester)
            for each in suggestions
        ],
    )


def choose_themes(connection: engine.Connection, entry: int, added: Sequence[str], removed: Sequence[str]) -> None:
    """Record the author's own choice of themes, removals included."""
    connection.executemany(
        "INSERT INTO choice VALUES (?, ?, ?) ON CONFLICT (entry, theme) DO UPDATE SET by = excluded.by",
        [(entry, theme, "author") for theme in added] + [(entry, theme, "removed") for theme in removed],
    )


def choices(connection: engine.Connection, entry: int) -> dict[str, str]:
    """Return the themes somebody chose for an entry, or took away, each with who did."""
    return dict(connection.execute("SELECT theme, by FROM choice WHERE entry = ?", (entry,)).fetchall())


def put_choices_back(connection: engine.Connection, entry: int, was: Mapping[str, str]) -> None:
    """Let each of these themes be chosen as it was, or not at all where that is empty."""
    connection.executemany("DELETE FROM choice WHERE entry = ? AND theme = ?", [(entry, theme) for theme in was])
    connection.executemany(
        "INSERT INTO choice VALUES (?, ?, ?)", [(entry, theme, by) for theme, by in was.items() if by]
    )


def revise(connection: engine.Connection, old: Entry, text: str, at: str) -> int:
    """Give an entry new words and keep the old ones as a version; return the new one's number.

    Refused when the entry has moved on.
    """
    connection.execute(
        "INSERT INTO version (entry, number, text, at, answers, checksum)"
        " SELECT id, version, text, revised_at, ?, ? FROM entry WHERE id = ? AND version = ?",
        (_answers_to_json(old.asked), zlib.crc32(old.text.encode()), old.id, old.version),
    )
    # Past every number ever given, since a wording that was taken back keeps its own.
    last = connection.execute("SELECT max(number) FROM version WHERE entry = ?", (old.id,)).fetchone()[0]
    number: int = 1 + max(old.version, last or 0)
    changed = connection.execute(
        "UPDATE entry SET text = ?, revised_at = ?, checksum = ?, asked = ?, version = ? WHERE id = ? AND version = ?",
        (text, at, checksum(text, old.about), _without_answers(old.asked), number, old.id, old.version),
    ).rowcount
    if not changed:
        raise Busy(
            f"entry {ids.shown(old.id)} was changed by another reflect while you were editing",
            why="both wordings matter",
            next_step=f"`reflect history {ids.shown(old.id)}` shows theirs, and `reflect drafts` has yours",
            changed="The entry was left as it is.",
        )
    _reindex(connection, old, text)
    return number


def put_back(connection: engine.Connection, present: Entry, number: int) -> None:
    """Let an earlier wording hold again, with its number and its time; the present one is kept under its own.

    Refused when the entry has moved on, or that wording is no longer there.
    """
    connection.execute(
        "INSERT INTO version (entry, number, text, at, answers, checksum)"
        " SELECT id, version, text, revised_at, ?, ? FROM entry WHERE id = ? AND version = ?",
        (_answers_to_json(present.asked), zlib.crc32(present.text.encode()), present.id, present.version),
    )
    old = connection.execute(
        "SELECT text, at, answers FROM version WHERE entry = ? AND number = ?", (present.id, number)
    ).fetchone()
    if old is None:
        raise NotFound(f"entry {ids.shown(present.id)} has no version {number}", next_step="see `reflect history`")
    text, at, answers = old
    connection.execute(
        "UPDATE entry SET text = ?, revised_at = ?, checksum = ?, asked = ?, version = ? WHERE id = ? AND version = ?",
        (
            text,
            at,
            checksum(text, present.about),
            _asked_with(present.asked, answers),
            number,
            present.id,
            present.version,
        ),
    )
    connection.execute("DELETE FROM version WHERE entry = ? AND number = ?", (present.id, number))
    _reindex(connection, present, text)


def _reindex(connection: engine.Connection, old: Entry, text: str) -> None:
    connection.execute(
        "INSERT INTO entry_fts (entry_fts, rowid, text, about) VALUES ('delete', ?, ?, ?)",
        (old.id, old.text, old.about),
    )
    connection.execute("INSERT INTO entry_fts (rowid, text, about) VALUES (?, ?, ?)", (old.id, text, old.about))


def retag(connection: engine.Connection, entry: int, added: Iterable[str], removed: Iterable[str]) -> None:
    """Give an entry tags and take some away."""
    connection.executemany("DELETE FROM tag WHERE entry = ? AND tag = ?", [(entry, tag) for tag in removed])
    connection.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", [(entry, tag) for tag in added])


def erase(connection: engine.Connection, entry: int, at: str) -> None:
    """Remove an entry, its versions, later thoughts and every trace in the index; the caller holds the transaction.

    What stays is its id and the day, so that no copy brings it back. A copy may be of any format.
    """
    remove(connection, [entry])
    if _has_layers(connection):
        connection.execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", (entry, at[:10]))


def remove(connection: engine.Connection, gone: Sequence[int]) -> None:
    """Remove entries with all that hangs on them, and make the index anew; the caller holds the transaction."""
    delete(connection, gone)
    rebuild_index(connection)  # deleting a row from the index leaves its words in old segments


def delete(connection: engine.Connection, gone: Sequence[int]) -> None:
    """Remove entries with all that hangs on them from every table; the caller makes the index anew."""
    if _has_layers(connection):
        # The words of a line, and what the entry was about, are the entry's own.
        connection.executemany("DELETE FROM action WHERE entry = ? AND from_line = 1", [(number,) for number in gone])
        connection.executemany(
            "UPDATE action SET about = '' WHERE entry = ?1 AND about = (SELECT about FROM entry WHERE id = ?1)",
            [(number,) for number in gone],
        )
    connection.executemany("DELETE FROM entry WHERE id = ?", [(number,) for number in gone])


def erased(connection: engine.Connection) -> dict[int, str]:
    """Return the ids of entries that were erased, each with the day of it."""
    return dict(connection.execute("SELECT entry, at FROM erased").fetchall())


def _has_layers(connection: engine.Connection) -> bool:
    """Return whether this file knows later thoughts; a copy that was made before they came does not."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'layer_fts'").fetchone() is not None


def rebuild_index(connection: engine.Connection) -> None:
    """Make the search index anew from the entries; the caller holds the transaction."""
    for index in ("entry_fts", "layer_fts") if _has_layers(connection) else ("entry_fts",):
        # An index of a newer SQLite refuses even to be rebuilt; 4 is the format that every FTS5 knows.
        connection.execute(f"UPDATE {index}_config SET v = 4 WHERE k = 'version'")  # noqa: S608
        connection.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")  # noqa: S608


def holds(connection: engine.Connection, entry: int) -> bool:
    """Return whether this file (the journal, or a copy of it) has the entry."""
    return connection.execute("SELECT 1 FROM entry WHERE id = ?", (entry,)).fetchone() is not None


def matching(connection: engine.Connection, beginning: str) -> list[int]:
    """Return the ids that begin with these signs, at most three of them."""
    low, high = ids.span(beginning)
    rows = connection.execute("SELECT id FROM entry WHERE id BETWEEN ? AND ? LIMIT 3", (low, high))
    return [row[0] for row in rows]


def get(connection: engine.Connection, entry: int) -> Entry:
    """Return one entry by its number."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM entry e WHERE id = ?", (entry,)).fetchone()  # noqa: S608
    if row is None:
        raise NotFound(f"there is no entry {ids.shown(entry)}", next_step="see `reflect list`")
    return _entry(row)


def versions(connection: engine.Connection, entry: int) -> list[Version]:
    """Return every wording of an entry, oldest first, the present one last."""
    rows = connection.execute(
        "SELECT number, text, at FROM version WHERE entry = ?"
        " UNION ALL SELECT version, text, revised_at FROM entry WHERE id = ? ORDER BY 1",
        (entry, entry),
    )
    return [Version(*row) for row in rows]


def wording(connection: engine.Connection, entry: int, version: int) -> str:
    """Return the words of one version of an entry, empty when there is no such version."""
    row = connection.execute(
        "SELECT text FROM entry WHERE id = ?1 AND version = ?2"
        " UNION ALL SELECT text FROM version WHERE entry = ?1 AND number = ?2",
        (entry, version),
    ).fetchone()
    return row[0] if row else ""


def find(connection: engine.Connection, filters: Filters, *, newest_first: bool = True) -> Iterator[Entry]:
    """Yield the entries that pass the filters, one at a time, so that a long journal needs little memory.

    A limit always means the newest ones, in whichever order they come.
    """
    if filters.limit is not None and not newest_first:
        return reversed(list(find(connection, filters)))
    where, values = _where(filters)
    order = "DESC" if newest_first else "ASC"
    limit = "" if filters.limit is None else f" LIMIT {int(filters.limit)}"
    sql = f"SELECT {_COLUMNS} FROM entry e{where} ORDER BY e.happened {order}, e.id {order}{limit}"  # noqa: S608
    return map(_entry, connection.execute(sql, values))


def answered(connection: engine.Connection, prompt: str, *, but: int | None = None) -> Entry | None:
    """Return the latest entry that answers a question, another than `but`; None when there is none."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM entry e WHERE prompt = ? AND id IS NOT ? ORDER BY happened DESC LIMIT 1",  # noqa: S608
        (prompt, but),
    ).fetchone()
    return _entry(row) if row else None


def count(connection: engine.Connection) -> int:
    """Return how many entries there are."""
    number: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    return number


def search(
    connection: engine.Connection, words: str, filters: Filters, *, many: int = 20_000
) -> Iterator[tuple[Entry, str]]:
    """Yield entries that hold the words, best first, each with the words around the hit.

    Ranking must score every match, so past `many` matches the newest come first instead.
    """
    expression = fts_expression(words)
    where, values = _where(filters)
    matched = connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM entry_fts WHERE entry_fts MATCH ? LIMIT ?)", (expression, many + 1)
    ).fetchone()[0]
    # A cross join keeps its order: back through time, asking the index about each entry, a page is soon full.
    found, order = (
        ("entry_fts JOIN entry e ON e.id = entry_fts.rowid", "bm25(entry_fts), e.happened DESC")
        if matched <= many
        else ("entry e CROSS JOIN entry_fts ON entry_fts.rowid = e.id", "e.happened DESC")
    )
    limit = "" if filters.limit is None else f" LIMIT {int(filters.limit)}"
    sql = f"""
        SELECT CASE WHEN length(e.text) <= {_LONG}
            THEN snippet(entry_fts, 0, char(57344), char(57345), ' … ', 24) END, {_COLUMNS}
        FROM {found}{where or " WHERE 1"} AND entry_fts MATCH ? ORDER BY {order}{limit}
    """  # noqa: S608
    found_already: set[int] = set()
    for row in connection.execute(sql, (*values, expression)):
        entry = _entry(row[1:])
        found_already.add(entry.id)
        yield entry, row[0] if row[0] is not None else _around_the_hit(entry.text, expression)
    room = None if filters.limit is None else filters.limit - len(found_already)
    if room is None or room > 0:
        yield from islice(_in_later_thoughts(connection, expression, filters, found_already), room)


def _in_later_thoughts(
    connection: engine.Connection, expression: str, filters: Filters, but: Container[int]
) -> Iterator[tuple[Entry, str]]:
    """Yield the entries that hold the words in a later thought only, the best first."""
    where, values = _where(filters)
    sql = f"""
        SELECT snippet(layer_fts, 0, char(57344), char(57345), ' … ', 24), {_COLUMNS}
        FROM layer_fts JOIN layer l ON l.id = layer_fts.rowid JOIN entry e ON e.id = l.entry{where or " WHERE 1"}
        AND layer_fts MATCH ? ORDER BY bm25(layer_fts), e.happened DESC
    """  # noqa: S608
    seen: set[int] = set()
    for row in connection.execute(sql, (*values, expression)):
        entry = _entry(row[1:])
        if entry.id not in but and entry.id not in seen:
            seen.add(entry.id)
            yield entry, row[0]


def _around_the_hit(text: str, expression: str) -> str:
    """Return what stands around the first word of the query in a long text, else its beginning."""
    hits = (re.search(re.escape(term), text, re.IGNORECASE) for term in re.findall(r'"([^"]+)"', expression))
    hit = next(filter(None, hits), None)
    start, end = hit.span() if hit else (0, 0)
    first = text.rfind(" ", 0, max(0, start - 80)) + 1 if start > 80 else 0
    last = text.find(" ", end + 80, end + 160)
    last = last if last > 0 else end + 80
    shown = text[first:start] + (f"\ue000{text[start:end]}\ue001" if hit else "") + text[end:last]
    return (" … " if first else "") + shown + (" … " if last < len(text) else "")


def abouts(connection: engine.Connection) -> list[str]:
    """Return what entries were about, most recent first."""
    rows = connection.execute(
        "SELECT about FROM entry WHERE about <> '' GROUP BY about ORDER BY max(happened) DESC LIMIT 50"
    )
    return [row[0] for row in rows]


def broken(connection: engine.Connection) -> Iterator[int]:
    """Yield the ids of entries whose words, now, before or in a later thought, don't agree with their checksum."""
    # As bytes, because damaged words may be no text any more.
    rows = connection.execute("SELECT id, CAST(text AS BLOB), CAST(about AS BLOB), checksum FROM entry")
    for number, text, about, stored in rows:
        if zlib.crc32(about, zlib.crc32(text)) != stored:
            yield number
    for table in ("version", "layer") if _has_layers(connection) else ():
        for number, text, stored in connection.execute(f"SELECT entry, CAST(text AS BLOB), checksum FROM {table}"):  # noqa: S608
            if zlib.crc32(text) != stored:
                yield number


def passing(filters: Filters) -> tuple[str, list[object]]:
    """Return the WHERE clause, on `entry e`, that lets through what passes the filters, with its values."""
    return _where(filters)


def _where(filters: Filters) -> tuple[str, list[object]]:
    clauses: list[str] = []
    values: list[object] = []
    # The local date decides; the instant, widened by a day either way, lets the index narrow first.
    if filters.since:
        clauses.append("e.happened >= ? AND substr(e.happened_at, 1, 10) >= ?")
        values += [instant(f"{_other_day(filters.since, -1)}T00:00:00+00:00"), filters.since]
    if filters.until:
        clauses.append("e.happened <= ? AND substr(e.happened_at, 1, 10) <= ?")
        values += [instant(f"{_other_day(filters.until, 2)}T00:00:00+00:00"), filters.until]
    if filters.theme:
        clauses.append(
            "e.id IN (SELECT entry FROM choice WHERE theme = ? AND by <> 'removed' UNION"
            " SELECT entry FROM suggestion s WHERE theme = ? AND NOT EXISTS"
            " (SELECT 1 FROM choice WHERE entry = s.entry AND theme = s.theme AND by = 'removed'))"
        )
        values += [filters.theme, filters.theme]
    if filters.tag:
        clauses.append("e.id IN (SELECT entry FROM tag WHERE tag = ?)")
        values.append(filters.tag)
    if filters.about:
        clauses.append("e.about LIKE ? ESCAPE char(92)")
        values.append("%" + re.sub(r"([%_\\])", r"\\\1", filters.about) + "%")
    if filters.prompt:
        clauses.append("e.prompt = ?")
        values.append(filters.prompt)
    if filters.text:
        clauses.append(
            "e.id IN (SELECT rowid FROM entry_fts WHERE entry_fts MATCH ? UNION"
            " SELECT entry FROM layer WHERE id IN (SELECT rowid FROM layer_fts WHERE layer_fts MATCH ?))"
        )
        values += [fts_expression(filters.text)] * 2
    return (" WHERE " + " AND ".join(clauses) if clauses else ""), values


def _other_day(day: str, by: int) -> str:
    return (datetime.fromisoformat(day) + timedelta(days=by)).date().isoformat()


def of_row(row: Sequence[Any]) -> Entry:
    """Return an entry from its row: its columns up to the zone, its tags, choices, suggestions and marks joined."""
    return _entry(row)


def _entry(row: Sequence[Any]) -> Entry:  # STRICT tables promise the types
    number, version, text, asked, about, occasion, happened_at, precision, written_at, zone = row[:10]
    tags, chosen, suggested, marked = row[10:]
    return Entry(
        number,
        version,
        text,
        _asked_from_json(asked) if asked else None,
        about,
        occasion,
        happened_at,
        precision,
        written_at,
        zone,
        tuple(sorted(tags.split(_UNIT))) if tags else (),
        _placed(chosen, suggested) if chosen or suggested else (),
        _marks(marked) if marked else (),
    )


def _marks(marked: str) -> tuple[Mark, ...]:
    """Return marks, oldest first."""
    found = [Mark(*json.loads(each)) for each in marked.split(_UNIT)]  # in JSON no separator stands as it is
    found.sort(key=lambda each: (each.made_at, each.start, each.id))
    return tuple(each._replace(alone_ok=bool(each.alone_ok)) for each in found)


def _placed(chosen: str | None, suggested: str | None) -> tuple[Placed, ...]:
    """Return the themes that hold: the author's and the prompt's, then suggestions nobody removed."""
    choices = dict(each.split(_FIELD) for each in chosen.split(_UNIT)) if chosen else {}
    themes = [Placed(theme, by, _BECAUSE[by]) for theme, by in choices.items() if by != "removed"]
    if suggested:
        for each in suggested.split(_UNIT):
            theme, cue = each.split(_FIELD)
            if theme not in choices:
                themes.append(Placed(theme, "suggested", cue))
    return tuple(themes)


def _asked_to_json(asked: Asked) -> str:
    return json.dumps(
        {"id": asked.id, "text": asked.text, "parts": asked.parts, "answers": asked.answers},
        ensure_ascii=False,
    )


def _answers_to_json(asked: Asked | None) -> str:
    return json.dumps(asked.answers) if asked and asked.answers else ""


def _asked_from_json(text: str) -> Asked:
    found = json.loads(text)
    answers = found["answers"]
    return Asked(
        found["id"],
        found["text"],
        tuple(found["parts"]),
        None if answers is None else tuple(span and (span[0], span[1]) for span in answers),
    )


def _asked_with(asked: Asked | None, answers: str) -> str | None:
    """Return a question with the places of the answers that a wording had."""
    if asked is None:
        return None
    spans = tuple(span and (span[0], span[1]) for span in json.loads(answers)) if answers else None
    return _asked_to_json(asked._replace(answers=spans))


def _without_answers(asked: Asked | None) -> str | None:
    """New words have new places: which words answered which part is no longer known."""
    if asked is None:
        return None
    return _asked_to_json(Asked(asked.id, asked.text, asked.parts, None))
