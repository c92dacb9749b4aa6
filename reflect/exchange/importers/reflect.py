"""reflect's own JSON (or a line of it for each entry): brought back with history, marks, actions and all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from reflect.errors import NewerVersion, Refused
from reflect.exchange import our_fields, our_json
from reflect.exchange.arriving import Bad, Wishes
from reflect.exchange.checking import checked
from reflect.exchange.json_records import Document, Element, Reader, odd
from reflect.exchange.sources import File, decoded, one_by_one
from reflect.whole import OUR_OWN, Arrival, Piece, Refusal, Together

ENDINGS = (".json", ".jsonl")
FAMILY = OUR_OWN
OPTIONS: frozenset[str] = frozenset()


def read(files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
    """Yield the entries, and then what else the file holds."""
    yield from one_by_one(files, lambda file: _file(file, wishes))


def _file(file: File, wishes: Wishes) -> Iterator[Piece]:
    text = decoded(file)
    if not text.strip():
        return
    if _is_lines(text, file.name):
        yield from _lines(text, file.name, wishes)
    else:
        yield from _journal(text, file.name, wishes)


def _is_lines(text: str, name: str) -> bool:
    first = text.lstrip()[:200]
    return name.endswith(".jsonl") or first.startswith('{"id"')


def _lines(text: str, name: str, wishes: Wishes) -> Iterator[Piece]:
    reader = Reader()
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        reader.found_odd = False
        try:
            value, end = reader.read(line.strip())
        except (json.JSONDecodeError, RecursionError) as error:
            raise Refused(
                "this is no JSON that can be read",
                where=f"{name}, line {number:,}",
                why=getattr(error, "msg", "lists or objects stand in each other without end"),
                next_step="get the file anew; it may have been cut",
            ) from None
        beyond = line.strip()[end:]
        why = "something follows its end" if beyond else odd(value) if reader.found_odd else ""
        yield _entry(Element(value, number, why), name, wishes)


def _journal(text: str, name: str, wishes: Wishes) -> Iterator[Piece]:
    document = Document(text, name)
    for element in document.elements("entries"):
        if "reflect" in document.beside and "format" in document.beside:  # a newer file's entries would be refused
            _check_kind(document.beside, name)
        yield _entry(element, name, wishes)
    _check_kind(document.beside, name)
    beside = dict(document.beside)
    for head in ("reflect", "format"):
        beside.pop(head)
    found = beside.pop("actions", [])
    try:
        actions = [
            checked(our_json.ActionFields, Element(each, 0, odd(each))).action()
            for each in (found if isinstance(found, list) else [found])
        ]
        rest = checked(our_json.RestFields, Element(beside, 0, odd(beside))).rest()
    except Bad as error:
        raise Refused(
            "what stands beside the entries can't be read", where=name, why=error.why, next_step="export it anew"
        ) from None
    yield Together(tuple(actions), rest)


def _check_kind(beside: Mapping[str, object], name: str) -> None:
    if beside.get("reflect") != our_fields.KIND:
        raise Refused(
            f"{name} is no journal of reflect's",
            why="it does not begin with its name and format",
            next_step="`reflect open` recognises other files of ours",
        )
    number = beside.get("format")
    if not isinstance(number, int) or number < 1:
        raise Refused(f"{name} does not say its format", next_step="export it anew")
    if number > our_fields.FORMAT:
        raise NewerVersion(
            f"{name} is in format {number} and this reflect knows formats up to {our_fields.FORMAT}",
            why="a newer reflect made it",
            next_step="install the newer reflect",
        )


def _entry(element: Element, name: str, wishes: Wishes) -> Arrival | Refusal:
    try:
        whole = checked(our_json.EntryFields, element).whole()
    except Bad as error:
        return Refusal(name, element.line, _with_id(element.value, error.why))
    entry = whole.entry
    if wishes.tags:
        entry = entry._replace(tags=tuple(sorted({*entry.tags, *wishes.tags})))
    return Arrival(name, element.line, element.value["id"], whole._replace(entry=entry), named=True)


def _with_id(value: object, why: str) -> str:
    number = value.get("id") if isinstance(value, dict) else None
    return f"entry {number}: {why}" if isinstance(number, str) else why
