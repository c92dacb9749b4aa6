"""The steps that make a journal what it is; a step that has shipped is never edited.

New journals are built whole under another name and linked into place, so that a
half-made one is never seen and six processes on an empty home all succeed.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reflect.config import private_folder
from reflect.errors import Damaged
from reflect.files import put_in_place
from reflect.store import backups, engine

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

_JOURNAL = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    asked TEXT,
    prompt TEXT,
    about TEXT NOT NULL,
    occasion TEXT NOT NULL,
    happened INTEGER NOT NULL,
    happened_at TEXT NOT NULL,
    precision TEXT NOT NULL,
    written_at TEXT NOT NULL,
    revised_at TEXT NOT NULL,
    zone TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX entry_by_time ON entry (happened, id);
CREATE INDEX entry_by_prompt ON entry (prompt);
CREATE INDEX entry_by_about ON entry (about COLLATE NOCASE);
CREATE TABLE version (
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (entry, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE tag (
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (entry, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_by_name ON tag (tag, entry);
CREATE TABLE choice (
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    theme TEXT NOT NULL,
    by TEXT NOT NULL CHECK (by IN ('prompt', 'author', 'removed')),
    PRIMARY KEY (entry, theme)
) STRICT, WITHOUT ROWID;
CREATE INDEX choice_by_theme ON choice (theme, entry);
CREATE TABLE suggestion (
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    theme TEXT NOT NULL,
    version INTEGER NOT NULL,
    cue TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    suggester TEXT NOT NULL,
    PRIMARY KEY (entry, theme)
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestion_by_theme ON suggestion (theme, entry);
CREATE TABLE action (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    entry INTEGER REFERENCES entry ON DELETE SET NULL,
    offered_at TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'changed', 'dropped')),
    closed_at TEXT NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE TABLE served (
    prompt TEXT NOT NULL,
    whose TEXT NOT NULL CHECK (whose IN ('mine', 'group')),
    times INTEGER NOT NULL,
    last TEXT NOT NULL,
    answered INTEGER NOT NULL,
    PRIMARY KEY (prompt, whose)
) STRICT, WITHOUT ROWID;
CREATE TABLE bank_change (
    id INTEGER PRIMARY KEY,
    prompt TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('added', 'retired', 'restored')),
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE TABLE kept (
    name TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_SHARING = """
CREATE TABLE mark (
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    version INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('group', 'funder', 'public')),
    reader TEXT NOT NULL,
    purpose TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('theme', 'reworded', 'verbatim')),
    attribution TEXT NOT NULL,
    words TEXT NOT NULL,
    stance TEXT NOT NULL CHECK (stance IN ('', 'gain', 'loss', 'differs')),
    leads_to TEXT NOT NULL,
    alone_ok INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    withdrawn_at TEXT NOT NULL
) STRICT;
CREATE INDEX mark_by_entry ON mark (entry);
CREATE TABLE membership (
    reader TEXT PRIMARY KEY,
    contributor TEXT NOT NULL,
    invitation TEXT NOT NULL,
    site TEXT NOT NULL,
    joined_at TEXT NOT NULL,
    looked_until TEXT NOT NULL,
    shares INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sent (
    contribution TEXT PRIMARY KEY,
    reader TEXT NOT NULL,
    mark INTEGER REFERENCES mark ON DELETE SET NULL,
    entry INTEGER REFERENCES entry ON DELETE SET NULL,
    audience TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    withdrawn_at TEXT NOT NULL,
    withdrawal_told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE came_back (
    reader TEXT NOT NULL,
    output TEXT NOT NULL,
    audience TEXT NOT NULL,
    made_at TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (reader, output)
) STRICT, WITHOUT ROWID;
"""

_KEEPING = """
ALTER TABLE version ADD COLUMN answers TEXT NOT NULL DEFAULT '';
ALTER TABLE version ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE action ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE action ADD COLUMN from_line INTEGER NOT NULL DEFAULT 0;
ALTER TABLE action ADD COLUMN intended TEXT NOT NULL DEFAULT '';
CREATE INDEX action_by_entry ON action (entry);
CREATE INDEX action_by_due ON action (due, offered_at, id) WHERE state = 'open';
CREATE INDEX action_by_about ON action (about COLLATE NOCASE) WHERE state = 'open';
CREATE TABLE outcome (
    id INTEGER PRIMARY KEY,
    action INTEGER NOT NULL REFERENCES action ON DELETE CASCADE,
    for_whom TEXT NOT NULL,
    seen TEXT NOT NULL,
    expected TEXT NOT NULL CHECK (expected IN ('', 'yes', 'no', 'partly')),
    helped TEXT NOT NULL CHECK (helped IN ('', 'yes', 'no', 'partly')),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX outcome_by_action ON outcome (action, at);
CREATE TABLE layer (
    id INTEGER PRIMARY KEY,
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('still', 'changed', 'act', 'let-go')),
    text TEXT NOT NULL,
    action INTEGER REFERENCES action ON DELETE SET NULL,
    at TEXT NOT NULL,
    zone TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
CREATE INDEX layer_by_entry ON layer (entry, at);
CREATE INDEX layer_by_action ON layer (action);
CREATE TABLE revisit (
    entry INTEGER PRIMARY KEY REFERENCES entry ON DELETE CASCADE,
    due TEXT NOT NULL,
    interval_days INTEGER NOT NULL
) STRICT;
CREATE INDEX revisit_by_due ON revisit (due) WHERE due <> '';
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE TABLE batch_entry (
    kind TEXT NOT NULL,
    origin_key TEXT NOT NULL,
    batch INTEGER NOT NULL REFERENCES batch ON DELETE CASCADE,
    entry INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    PRIMARY KEY (kind, origin_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_entry_by_batch ON batch_entry (batch);
CREATE INDEX batch_entry_by_entry ON batch_entry (entry);
CREATE TABLE undo (
    id INTEGER PRIMARY KEY,
    step INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    entry INTEGER REFERENCES entry ON DELETE CASCADE,
    action INTEGER REFERENCES action ON DELETE CASCADE,
    batch INTEGER REFERENCES batch ON DELETE CASCADE,
    mark INTEGER REFERENCES mark ON DELETE CASCADE,
    layer INTEGER REFERENCES layer ON DELETE CASCADE,
    before INTEGER,
    after INTEGER,
    was TEXT NOT NULL
) STRICT;
CREATE INDEX undo_by_entry ON undo (entry);
CREATE TABLE undo_label (
    undo INTEGER NOT NULL REFERENCES undo ON DELETE CASCADE,
    label TEXT NOT NULL,
    was TEXT NOT NULL,
    PRIMARY KEY (undo, label)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased (
    entry INTEGER PRIMARY KEY,
    at TEXT NOT NULL
) STRICT;
CREATE TABLE calendar (path TEXT PRIMARY KEY, added_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE meeting (
    entry INTEGER PRIMARY KEY REFERENCES entry ON DELETE CASCADE,
    uid TEXT NOT NULL,
    instance TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL
) STRICT;
CREATE INDEX meeting_by_event ON meeting (uid, instance);
CREATE TABLE passed (
    uid TEXT NOT NULL,
    instance TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (uid, instance)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_by_entry ON sent (entry);
CREATE INDEX sent_by_mark ON sent (mark);
DROP INDEX entry_by_prompt;
CREATE INDEX entry_by_prompt ON entry (prompt, happened);
"""

_GROUP = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE contributor (id TEXT PRIMARY KEY, site TEXT NOT NULL, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE contribution (
    id TEXT PRIMARY KEY,
    contributor TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    sort TEXT NOT NULL,
    audience TEXT NOT NULL,
    level TEXT NOT NULL,
    words TEXT NOT NULL,
    themes TEXT NOT NULL,
    prompt TEXT NOT NULL,
    asked TEXT NOT NULL,
    occasion TEXT NOT NULL,
    week TEXT NOT NULL,
    stance TEXT NOT NULL,
    leads_to TEXT NOT NULL,
    alone_ok INTEGER NOT NULL,
    attribution TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE withdrawn (id TEXT PRIMARY KEY, contributor TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE coding (
    contribution TEXT NOT NULL,
    theme TEXT NOT NULL,
    removed INTEGER NOT NULL,
    memo TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (contribution, theme)
) STRICT, WITHOUT ROWID;
CREATE TABLE reading (
    contribution TEXT PRIMARY KEY,
    stance TEXT NOT NULL CHECK (stance IN ('gain', 'loss', 'differs')),
    memo TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE same_person (one TEXT NOT NULL, other TEXT NOT NULL, PRIMARY KEY (one, other)) STRICT, WITHOUT ROWID;
CREATE TABLE codebook_change (
    id INTEGER PRIMARY KEY,
    theme TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('added', 'renamed', 'merged', 'retired')),
    name TEXT NOT NULL,
    goes_into TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE TABLE output (
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    made_on TEXT NOT NULL,
    comment_by TEXT NOT NULL,
    manifest TEXT NOT NULL
) STRICT;
CREATE TABLE objection (
    output TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (output, text)
) STRICT, WITHOUT ROWID;
CREATE TABLE answer (
    output TEXT NOT NULL,
    point TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reply TEXT NOT NULL,
    UNIQUE (output, point)
) STRICT;
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    held_at TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    plan TEXT NOT NULL,
    setup TEXT NOT NULL,
    course TEXT NOT NULL,
    secret TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session_event (
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    who TEXT NOT NULL,
    step INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (session, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE session_person (
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    joined INTEGER NOT NULL,
    PRIMARY KEY (session, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE offered (
    id TEXT PRIMARY KEY,
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    contributor TEXT NOT NULL,
    key TEXT NOT NULL,
    step INTEGER NOT NULL,
    words TEXT NOT NULL,
    contribution TEXT NOT NULL,
    taken_back INTEGER NOT NULL,
    UNIQUE (session, contributor, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE heard (
    contribution TEXT PRIMARY KEY,
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    step INTEGER NOT NULL,
    receipt TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
CREATE INDEX heard_by_session ON heard (session, step);
CREATE TABLE session_action (
    id TEXT PRIMARY KEY,
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    settled_in TEXT NOT NULL,
    sort TEXT NOT NULL CHECK (sort IN ('action', 'empty-chair')),
    text TEXT NOT NULL,
    owner TEXT NOT NULL,
    due TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'open', 'kept', 'changed', 'dropped')),
    limits TEXT NOT NULL,
    limits_shared INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session_said (
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    what TEXT NOT NULL CHECK (what IN ('missing', 'heard', 'learnt', 'no-action')),
    words TEXT NOT NULL,
    PRIMARY KEY (session, what)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is told apart, and the steps that make it."""

    application_id: int
    schema: int
    steps: Callable[[], Migrations]


def _group_steps() -> Migrations:
    from sqlite_utils.migrations import Migrations

    steps = Migrations("group")

    @steps()
    def group(db: Database) -> None:
        _run(db, _GROUP)

    return steps


def _steps() -> Migrations:
    """Return the named steps, in order, as sqlite-utils applies them."""
    from sqlite_utils.migrations import Migrations

    steps = Migrations("journal")

    @steps()
    def journal(db: Database) -> None:
        _run(db, _JOURNAL)
        # The index is written by store/entries.py and not by triggers, which
        # trusted_schema=OFF would have to let in.
        db.table("entry").enable_fts(["text", "about"], tokenize="porter unicode61 remove_diacritics 2")

    @steps()
    def sharing(db: Database) -> None:
        _run(db, _SHARING)

    @steps()
    def keeping(db: Database) -> None:
        _run(db, _KEEPING)
        db.table("layer").enable_fts(["text"], tokenize="porter unicode61 remove_diacritics 2")
        db.conn.create_function("crc32", 1, lambda text: zlib.crc32(text.encode()), deterministic=True)
        db.conn.execute("UPDATE version SET checksum = crc32(text)")

    return steps


def _run(db: Database, script: str) -> None:
    # executescript would commit the transaction that the steps run in
    for statement in script.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


def a_journal() -> Kind:
    """Return what a journal is."""
    return Kind(engine.APPLICATION_ID, engine.SCHEMA, _steps)


def a_group() -> Kind:
    """Return what a group's file is."""
    return Kind(engine.GROUP_APPLICATION_ID, engine.GROUP_SCHEMA, _group_steps)


def create(database: Path, kind: Kind | None = None) -> None:
    """Build a new file, a journal if nothing else is said, and put it in place unless another process was faster."""
    kind = kind or a_journal()
    copies = [copy.path for copy in backups.beside(database)]
    if copies or backups.damaged(database):
        raise Damaged(
            "the journal is gone, but copies of it are here",
            where=str(database),
            why="a home with copies and no journal is never started afresh",
            next_step=f"`reflect restore {max(copies).name}` brings the newest one back"
            if copies
            else f"`reflect recover {backups.damaged(database)[-1]}` reads what can be read",
        )
    private_folder(database.parent)
    # mkstemp makes the file for the owner alone (0600) before the first byte.
    handle, name = tempfile.mkstemp(prefix=".new-", suffix=".db", dir=database.parent)
    os.close(handle)
    made = Path(name)
    try:
        build(made, kind)
        put_in_place(made, database)  # unless another process made it first: theirs is as good
    finally:
        made.unlink(missing_ok=True)
        made.with_name(made.name + "-journal").unlink(missing_ok=True)


def build(made: Path, kind: Kind, key: engine.Key | None = None) -> None:
    """Make an empty file into one of this kind, an encrypted one where there is a key."""
    with closing(engine.raw(made, key=key)) as connection, engine.translated(made):
        connection.execute(f"PRAGMA application_id={kind.application_id}")
        _apply(connection, kind)


def upgrade(connection: engine.Connection, database: Path, now: datetime) -> Path | None:
    """Bring an older journal up to date after copying it; return the copy, or None when none was needed."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version >= engine.SCHEMA:
        return None
    copy = backups.make(connection, database, now, f"{backups.BEFORE_FORMAT}-{engine.SCHEMA}")
    bring_up_to_date(connection)
    return copy.path


def bring_up_to_date(connection: engine.Connection) -> None:
    """Run the missing steps on a journal's file that has been copied, or is a copy."""
    _apply(connection, a_journal())


def _apply(connection: engine.Connection, kind: Kind) -> None:
    """Run the missing steps inside one transaction that re-reads what is there."""
    from sqlite_utils import Database

    db = Database(connection, execute_plugins=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        kind.steps().apply(db)
        connection.execute(f"PRAGMA user_version={kind.schema}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
