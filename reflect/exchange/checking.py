"""Checks a record of somebody's JSON against what it should be; Pydantic stands here, at the border."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reflect.exchange.arriving import Bad, Desk, Wishes
from reflect.exchange.json_records import Document, Element
from reflect.exchange.sources import File, decoded
from reflect.whole import Arrival, Piece, Refusal

Model = TypeVar("Model", bound=BaseModel)


def checked(kind: type[Model], element: Element) -> Model:
    """Return a record as a model that has checked it; what is wrong is said with the name of its field."""
    if element.odd:
        raise Bad(element.odd)
    if not isinstance(element.value, dict):
        raise Bad("it is no object with names and values")
    try:
        return kind.model_validate(element.value)
    except ValidationError as error:
        raise Bad(_in_words(error, kind)) from None


def each_record(
    file: File,
    wishes: Wishes,
    kind: type[Model],
    entry: Callable[[Model, int, Desk], Arrival],
    under: str = "",
) -> Iterator[Piece]:
    """Yield an entry for each record of a JSON file, or why there is none; an empty file holds none."""
    text = decoded(file, wishes.encoding)
    if not text.strip():
        return
    desk = Desk(file.name, wishes)
    for element in Document(text, file.name).elements(under):
        try:
            yield entry(checked(kind, element), element.line, desk)
        except Bad as error:
            yield refusal(file.name, element, error)
        yield from desk.taken()


def refusal(file: str, element: Element, bad: Bad) -> Refusal:
    """Return a record that can't be taken with its place: its line, and which record it is where lines don't tell."""
    why = f"record {element.number:,}: {bad.why}" if element.number else bad.why
    return Refusal(file, element.line, why, bad.stops)


def _in_words(error: ValidationError, kind: type[BaseModel]) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"])) or "it"
    if first["type"] == "extra_forbidden":
        like = get_close_matches(str(first["loc"][-1]), _names(kind), 1)
        return f"{where}: this name is not known" + (f"; did you mean {like[0]}?" if like else "")
    said = "it is missing" if first["type"] == "missing" else first["msg"].removeprefix("Value error, ")
    return f"{where}: {said[:1].lower()}{said[1:]}"


def _names(kind: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]
