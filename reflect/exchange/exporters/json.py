"""reflect's own JSON: everything, to be brought back to an identical journal with `reflect import reflect`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from reflect.exchange import our_fields
from reflect.exchange.exporters import Outgoing

ENDING = ".json"
EVERYTHING = True
LEAVES_OUT = ""


def pieces(outgoing: Outgoing) -> Iterator[str]:
    """Yield one JSON object, each entry on a line of its own."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    yield f'{{"reflect": "{our_fields.KIND}", "format": {our_fields.FORMAT},\n"entries": ['
    yield from _lines(map(our_fields.entry_text, outgoing.wholes))
    yield '],\n"actions": ['
    yield from _lines(map(encode, map(our_fields.action_fields, outgoing.actions())))
    yield "]"
    if outgoing.rest:
        for name, listed in our_fields.rest_fields(outgoing.rest()).items():
            yield f',\n"{name}": ['
            yield from _lines(map(encode, listed))
            yield "]"
    yield "}\n"


def _lines(values: Iterable[str]) -> Iterator[str]:
    before = "\n"
    for value in values:
        yield before + value
        before = ",\n"
