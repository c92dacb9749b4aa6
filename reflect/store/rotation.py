"""Which questions were served and when, and what was changed in the bank, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reflect.store import engine


class Served(NamedTuple):
    """How often a prompt was served and when last (ISO 8601 with offset)."""

    times: int
    last: str
    answered: bool
    """Whether the last serving has been answered by an entry."""


class BankChange(NamedTuple):
    """One change of the bank: a prompt added, retired or restored."""

    prompt: str
    change: str
    at: str
    who: str
    why: str


def history(connection: engine.Connection, whose: str = "mine") -> dict[str, Served]:
    """Return every prompt that was ever served: to the writer (mine), or to be read to a group."""
    rows = connection.execute("SELECT prompt, times, last, answered FROM served WHERE whose = ?", (whose,))
    return {prompt: Served(times, last, bool(answered)) for prompt, times, last, answered in rows}


def serve(connection: engine.Connection, prompts: list[str], at: str, whose: str = "mine") -> None:
    """Record that prompts were shown; a person's history and a group's are separate."""
    connection.executemany(
        "INSERT INTO served VALUES (?, ?, 1, ?, 0)"
        " ON CONFLICT (prompt, whose) DO UPDATE SET times = times + 1, last = excluded.last, answered = 0",
        [(prompt, whose, at) for prompt in prompts],
    )


def answered(connection: engine.Connection, prompt: str) -> None:
    """Record that the prompt's last serving has its answer."""
    connection.execute("UPDATE served SET answered = 1 WHERE prompt = ? AND whose = 'mine'", (prompt,))


def unanswered(connection: engine.Connection, prompt: str) -> None:
    """Record that the answer to the prompt's last serving was taken back."""
    connection.execute("UPDATE served SET answered = 0 WHERE prompt = ? AND whose = 'mine'", (prompt,))


def ever_answered(connection: engine.Connection) -> frozenset[str]:
    """Return the ids of prompts that any entry answers."""
    rows = connection.execute("SELECT DISTINCT prompt FROM entry WHERE prompt IS NOT NULL")
    return frozenset(row[0] for row in rows)


def note_change(connection: engine.Connection, change: BankChange) -> None:
    """Add a change of the bank to its log (REQ-22)."""
    connection.execute(
        "INSERT INTO bank_change (prompt, change, at, who, why) VALUES (?, ?, ?, ?, ?)",
        (change.prompt, change.change, change.at, change.who, change.why),
    )


def changes(connection: engine.Connection) -> list[BankChange]:
    """Return the log of changes, oldest first."""
    rows = connection.execute("SELECT prompt, change, at, who, why FROM bank_change ORDER BY id")
    return [BankChange(*row) for row in rows]


def retired(log: list[BankChange]) -> Mapping[str, BankChange]:
    """Return the prompts whose last change was their retirement."""
    last = {change.prompt: change for change in log}
    return {prompt: change for prompt, change in last.items() if change.change == "retired"}
