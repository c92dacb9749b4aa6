"""Moving out: what passes the filters, as the journal stands at one moment, given to whatever writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reflect.exchange.exporters import Outgoing
from reflect.journal import Journal
from reflect.models import Filters
from reflect.store import exported


@contextmanager
def going_out(
    journal: Journal, filters: Filters, title: str, *, everything: bool, count: Callable[[int], None]
) -> Iterator[Outgoing]:
    """Give what passes the filters for writing out, all of it as the journal stands at one moment.

    `count` is called now and then with how many entries have gone out, and at the end.
    """
    with journal.reading() as db:
        db.execute("BEGIN")
        try:
            reader = exported.Reader(db, filters, everything=everything)
            rest = reader.rest if filters == Filters() else None
            yield Outgoing(reader.wholes(count), reader.actions, rest, title)
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
