"""How SQLite goes about what a function asks of it."""

from __future__ import annotations

from collections.abc import Callable

from reflect.store import engine


def plans(connection: engine.Connection, work: Callable[[], object]) -> dict[str, list[str]]:
    """Do the work and return each question it asked of SQLite with the steps of its plan."""
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    try:
        work()
    finally:
        connection.set_trace_callback(None)
    return {
        sql: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        for sql in asked
        if sql.lstrip().startswith("SELECT")
    }


def walks(found: dict[str, list[str]], *but: str) -> list[str]:
    """Return the steps that walk through a whole table or index, or sort, but those that begin so."""
    return [
        step
        for steps in found.values()
        for step in steps
        if step.startswith(("SCAN", "USE TEMP B-TREE")) and not step.startswith(but)
    ]
