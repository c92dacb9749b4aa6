"""One entry a line, each a JSON object with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator

from reflect.exchange import our_fields
from reflect.exchange.exporters import Outgoing

ENDING = ".jsonl"
EVERYTHING = True
LEAVES_OUT = "Actions stay behind, and what else is not an entry; `reflect export json` has all of it."


def pieces(outgoing: Outgoing) -> Iterator[str]:
    """Yield a line for each entry."""
    for whole in outgoing.wholes:
        yield our_fields.entry_text(whole) + "\n"
