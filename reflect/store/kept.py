"""Small values kept ready in the journal, each under the stamp of what it was made from."""

from __future__ import annotations

from reflect.store import engine

ERASING = "erasing"
"""Kept from an erasure until the file has been written anew without what was erased."""
SEALING = "sealing"
"""Kept from the moment a journal is encrypted, or has another key, until all of its copies are so, too."""
DRAFTS = "drafts "
"""Names, with the public key after it, what keeps the secret key of drafts."""


def get(connection: engine.Connection, name: str, stamp: str = "") -> str | None:
    """Return the value kept under this name, or None when there is none or its stamp is another."""
    row = connection.execute("SELECT value FROM kept WHERE name = ? AND stamp = ?", (name, stamp)).fetchone()
    return row[0] if row else None


def drop(connection: engine.Connection, name: str) -> None:
    """Remove a value."""
    connection.execute("DELETE FROM kept WHERE name = ?", (name,))


def put(connection: engine.Connection, name: str, value: str, stamp: str = "") -> None:
    """Keep a value under this name in place of any older one."""
    connection.execute(
        "INSERT INTO kept VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET stamp = excluded.stamp, value = excluded.value",
        (name, stamp, value),
    )


def named(connection: engine.Connection, beginning: str) -> dict[str, str]:
    """Return the values whose names begin so, under the rest of their names."""
    rows = connection.execute(
        "SELECT substr(name, ?), value FROM kept WHERE substr(name, 1, ?) = ?",
        (len(beginning) + 1, len(beginning), beginning),
    )
    return {row[0]: row[1] for row in rows}
