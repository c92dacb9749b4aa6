"""A group's file: what was gathered, how it was coded, what was put out; as rows.

It holds words only of contributions that stand: a withdrawal blanks them at once and
leaves a tombstone, which no later file can undo.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from reflect.store import engine

_AT_HAND = 128 * 1024
"""KiB of the file, at most."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """One contribution as a group holds it."""

    id: str
    contributor: str
    site: str
    audience: str
    level: str
    words: str
    themes: tuple[str, ...]
    prompt: str
    asked: str
    occasion: str
    week: str
    """ISO week, 2026-W40."""
    stance: str
    leads_to: str
    alone_ok: bool
    attribution: str


@dataclass(frozen=True, slots=True)
class Coding:
    """The lead's placement of a contribution: a layer of its own, with a memo."""

    contribution: str
    theme: str
    removed: bool
    memo: str
    at: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lead calls a contribution: a gain, a loss or a differing view; a layer of its own, with a memo."""

    contribution: str
    stance: str
    memo: str
    at: str


@dataclass(frozen=True, slots=True)
class CodebookChange:
    """One change of a group's codebook: added, renamed, merged (into another) or retired."""

    theme: str
    change: str
    name: str
    into: str
    who: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class Output:
    """One summary this group put out, with the cells and contributions that later ones are held against."""

    id: str
    kind: str
    audience: str
    made_on: str
    comment_by: str
    manifest: Mapping[str, object]

    @property
    def name(self) -> str:
        """Return what the keeper called its file or folder, empty when it was only looked at."""
        return str(self.manifest.get("name", ""))

    @property
    def root(self) -> str:
        """Return the id of the output it re-issues, or its own."""
        return str(self.manifest.get("instead_of") or self.id)


def about(connection: engine.Connection, name: str) -> str:
    """Return what is kept of the group under a name, empty when nothing is."""
    row = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return row[0] if row else ""


def say(connection: engine.Connection, name: str, value: str) -> None:
    """Keep something of the group."""
    connection.execute(
        "INSERT INTO about VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
    )


def keep_at_hand(connection: engine.Connection) -> None:
    """Let this connection keep much of the file in memory, for taking in very much.

    Ids are random, so that each new contribution touches another page; one that does not
    fit is written and read again and again.
    """
    connection.execute(f"PRAGMA cache_size=-{_AT_HAND}")


def owners(connection: engine.Connection, contributions: Iterable[str]) -> set[str]:
    """Return the contributors that contributions, standing or taken back, belong to; new ones belong to nobody."""
    wanted = json.dumps(list(contributions))
    rows = connection.execute(
        "SELECT contributor FROM contribution WHERE id IN (SELECT value FROM json_each(?))"
        " UNION SELECT contributor FROM withdrawn WHERE id IN (SELECT value FROM json_each(?))",
        (wanted, wanted),
    )
    return {row[0] for row in rows}


def _taken_back(connection: engine.Connection, contributions: Iterable[Gathered]) -> set[str]:
    rows = connection.execute(
        "SELECT id FROM withdrawn WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([each.id for each in contributions]),),
    )
    return {row[0] for row in rows}


def take(connection: engine.Connection, contributions: Sequence[Gathered], sequence: int, order: str) -> None:
    """Store contributions, each unless a later wording of it, or its withdrawal, is here already.

    `order` decides between two files of one sequence, so that any order of gathering ends the same.
    """
    taken_back = _taken_back(connection, contributions)
    connection.executemany(
        """
        INSERT INTO contribution VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            sequence = excluded.sequence, sort = excluded.sort, audience = excluded.audience, level = excluded.level,
            words = excluded.words, themes = excluded.themes, prompt = excluded.prompt, asked = excluded.asked,
            occasion = excluded.occasion, week = excluded.week, stance = excluded.stance,
            leads_to = excluded.leads_to, alone_ok = excluded.alone_ok, attribution = excluded.attribution
        WHERE (excluded.sequence, excluded.sort) > (sequence, sort)
        """,
        [
            (
                each.id,
                each.contributor,
                sequence,
                order,
                each.audience,
                each.level,
                each.words,
                _as_json(each.themes),
                each.prompt,
                each.asked,
                each.occasion,
                each.week,
                each.stance,
                each.leads_to,
                int(each.alone_ok),
                each.attribution,
            )
            for each in contributions
            if each.id not in taken_back
        ],
    )


def revise(connection: engine.Connection, each: Gathered) -> None:
    """Store a contribution that its author wrote here, or wrote anew, unless it was withdrawn."""
    connection.execute("DELETE FROM contribution WHERE id = ?", (each.id,))
    take(connection, [each], 1, "")


def withdraw(connection: engine.Connection, contribution: str, contributor: str) -> None:
    """Remove a contribution's words for good and remember that it was withdrawn."""
    connection.execute("DELETE FROM contribution WHERE id = ?", (contribution,))
    connection.execute("DELETE FROM coding WHERE contribution = ?", (contribution,))
    unread(connection, contribution)
    connection.execute("INSERT OR IGNORE INTO withdrawn VALUES (?, ?)", (contribution, contributor))


def contributor(connection: engine.Connection, identity: str, site: str, sequence: int) -> None:
    """Remember a contributor's site, the latest file's counting."""
    connection.execute(
        "INSERT INTO contributor VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
        " SET site = excluded.site, sequence = excluded.sequence"
        " WHERE (excluded.sequence, excluded.site) > (sequence, site)",
        (identity, site, sequence),
    )


def comment(connection: engine.Connection, output: str, text: str, at: str) -> None:
    """Keep a comment on a draft; the same words twice are kept once."""
    connection.execute("INSERT OR IGNORE INTO objection VALUES (?, ?, ?)", (output, text, at))


def comments(connection: engine.Connection, output: str) -> list[str]:
    """Return the comments on a draft, in the order of their words, which tells nothing of who came first."""
    rows = connection.execute("SELECT text FROM objection WHERE output = ? ORDER BY text", (output,))
    return [row[0] for row in rows]


def contributions(connection: engine.Connection) -> Iterable[Gathered]:
    """Yield what stands, in an order that tells nothing of who or when.

    What many have in common, such as a site, a week or the question, is kept in memory once.
    """
    rows = connection.execute(
        """
        SELECT c.id, c.contributor, coalesce(p.site, ''), c.audience, c.level, c.words, c.themes, c.prompt, c.asked,
            c.occasion, c.week, c.stance, c.leads_to, c.alone_ok, c.attribution
        FROM contribution c LEFT JOIN contributor p ON p.id = c.contributor ORDER BY c.id
        """
    )
    same: dict[str, str] = {}
    one = same.setdefault
    for row in rows:
        identity, person, site, audience, level, words, themes, prompt, asked, occasion, week, stance, *rest = row
        leads_to, alone_ok, attribution = rest
        yield Gathered(
            identity,
            one(person, person),
            one(site, site),
            one(audience, audience),
            one(level, level),
            words,
            _from_json(themes),
            one(prompt, prompt),
            one(asked, asked),
            one(occasion, occasion),
            one(week, week),
            stance,
            leads_to,
            bool(alone_ok),
            one(attribution, attribution),
        )


def words_of(connection: engine.Connection, wanted: Iterable[str]) -> dict[str, str]:
    """Return the words of contributions as they stand; one that was taken back is not there."""
    rows = connection.execute(
        "SELECT id, words FROM contribution WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(wanted)),)
    )
    return dict(rows.fetchall())


def contributors(connection: engine.Connection) -> list[str]:
    """Return who has given what stands."""
    return [row[0] for row in connection.execute("SELECT DISTINCT contributor FROM contribution ORDER BY contributor")]


@lru_cache(maxsize=1024)  # people choose among few themes
def _as_json(themes: tuple[str, ...]) -> str:
    return json.dumps(themes)


@lru_cache(maxsize=1024)
def _from_json(themes: str) -> tuple[str, ...]:
    return tuple(json.loads(themes))


def join_people(connection: engine.Connection, one: str, other: str) -> None:
    """Count two contributors as one person from now on."""
    connection.execute("INSERT OR IGNORE INTO same_person VALUES (?, ?)", (min(one, other), max(one, other)))


def joined_people(connection: engine.Connection) -> list[tuple[str, str]]:
    """Return the pairs of contributors that count as one person."""
    return connection.execute("SELECT one, other FROM same_person ORDER BY one, other").fetchall()


def code(connection: engine.Connection, each: Coding) -> None:
    """Store the lead's placement, in place of an earlier one of the same contribution and theme."""
    connection.execute(
        "INSERT INTO coding VALUES (?, ?, ?, ?, ?) ON CONFLICT (contribution, theme) DO UPDATE"
        " SET removed = excluded.removed, memo = excluded.memo, at = excluded.at",
        (each.contribution, each.theme, int(each.removed), each.memo, each.at),
    )


def codings(connection: engine.Connection) -> list[Coding]:
    """Return the lead's placements."""
    rows = connection.execute("SELECT contribution, theme, removed, memo, at FROM coding ORDER BY contribution, theme")
    return [Coding(row[0], row[1], bool(row[2]), row[3], row[4]) for row in rows]


def read_as(connection: engine.Connection, each: Reading) -> None:
    """Store what the lead calls a contribution, in place of what they called it before."""
    connection.execute(
        "INSERT INTO reading VALUES (?, ?, ?, ?) ON CONFLICT (contribution) DO UPDATE"
        " SET stance = excluded.stance, memo = excluded.memo, at = excluded.at",
        (each.contribution, each.stance, each.memo, each.at),
    )


def unread(connection: engine.Connection, contribution: str) -> None:
    """Take back what the lead called a contribution."""
    connection.execute("DELETE FROM reading WHERE contribution = ?", (contribution,))


def readings(connection: engine.Connection) -> list[Reading]:
    """Return the lead's readings."""
    rows = connection.execute("SELECT contribution, stance, memo, at FROM reading ORDER BY contribution")
    return [Reading(*row) for row in rows]


def change_codebook(connection: engine.Connection, each: CodebookChange) -> None:
    """Add a change of the codebook to its log (REQ-22)."""
    connection.execute(
        "INSERT INTO codebook_change (theme, change, name, goes_into, who, why, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (each.theme, each.change, each.name, each.into, each.who, each.why, each.at),
    )


def codebook_changes(connection: engine.Connection) -> list[CodebookChange]:
    """Return the codebook's changes, oldest first."""
    rows = connection.execute("SELECT theme, change, name, goes_into, who, why, at FROM codebook_change ORDER BY id")
    return [CodebookChange(*row) for row in rows]


def put_out(connection: engine.Connection, each: Output) -> None:
    """Enter a summary in the ledger."""
    connection.execute(
        "INSERT INTO output VALUES (?, ?, ?, ?, ?, ?)",
        (
            each.id,
            each.kind,
            each.audience,
            each.made_on,
            each.comment_by,
            json.dumps(each.manifest, ensure_ascii=False),
        ),
    )


def outputs(connection: engine.Connection) -> list[Output]:
    """Return the ledger, oldest first."""
    rows = connection.execute("SELECT id, kind, audience, made_on, comment_by, manifest FROM output ORDER BY rowid")
    return [_output(row) for row in rows]


def latest_output(connection: engine.Connection, kind: str) -> str:
    """Return the id of the newest output of a kind, the group's own before others'; empty where there is none."""
    row = connection.execute(
        "SELECT id FROM output WHERE kind = ? ORDER BY audience = 'group' DESC, rowid DESC LIMIT 1", (kind,)
    ).fetchone()
    return row[0] if row else ""


def _output(row: tuple[Any, ...]) -> Output:
    values: list[Any] = [*row[:5], json.loads(row[5])]
    return Output(*values)


def answer(connection: engine.Connection, output: str, point: str, outcome: str, reply: str) -> None:
    """Keep the reply to one point of a summary."""
    connection.execute(
        "INSERT INTO answer VALUES (?, ?, ?, ?) ON CONFLICT (output, point) DO UPDATE"
        " SET outcome = excluded.outcome, reply = excluded.reply",
        (output, point, outcome, reply),
    )


def answers(connection: engine.Connection, output: str) -> list[tuple[str, str, str]]:
    """Return the replies to a summary's points: point, outcome, reply."""
    return connection.execute(
        "SELECT point, outcome, reply FROM answer WHERE output = ? ORDER BY rowid", (output,)
    ).fetchall()


def erase_words(connection: engine.Connection) -> None:
    """Remove everything that was gathered, comments and sessions included; the ledger keeps ids and numbers.

    The digests of quotations go, too: a short sentence can be guessed from its digest.
    """
    for table in ("contribution", "coding", "reading", "objection", "same_person", "contributor", "session"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
    for each in outputs(connection):
        manifest = json.dumps({**each.manifest, "quoted": []}, ensure_ascii=False)
        connection.execute("UPDATE output SET manifest = ? WHERE id = ?", (manifest, each.id))
