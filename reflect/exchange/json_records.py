"""JSON that others wrote, read record by record: each with its line, and nothing taken that JSON forbids or hides.

A key that stands twice, NaN, a number of hundreds of digits and lists nested without end are
refused; Python's own reader takes the first two in silence and falls over the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator
from typing import Any, NamedTuple

from reflect.errors import Refused

_BLANK = re.compile(r"[ \t\n\r]*")
_DIGITS = 300
"""Digits of the longest number that is read."""


class Odd(NamedTuple):
    """Stands in a record for what JSON doesn't know or hides; a record that holds one is refused."""

    why: str


class Element(NamedTuple):
    """One element of an array."""

    value: Any
    line: int
    odd: str
    """What is odd in it and under which key; empty when nothing is."""
    number: int = 0
    """Which record of the array it is, counted from 1, where its line begins others, too; 0 where the line says it."""


Elements = Generator[Element, None, int]


class Reader:
    """Python's own reader of JSON, told to mark what is odd."""

    def __init__(self) -> None:
        """Begin with nothing odd."""
        self.found_odd = False
        self.read = json.JSONDecoder(
            object_pairs_hook=self._pairs, parse_constant=self._constant, parse_int=self._integer
        ).raw_decode

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            self.found_odd = True
            keys = [key for key, _ in pairs]
            made |= {key: Odd("stands twice") for key in made if keys.count(key) > 1}
        return made

    def _constant(self, name: str) -> Odd:
        self.found_odd = True
        return Odd(f"is {name}, which is no number")

    def _integer(self, digits: str) -> int | Odd:
        if len(digits) <= _DIGITS:
            return int(digits)
        self.found_odd = True
        return Odd(f"is a number of {len(digits):,} digits")


class Document:
    """One JSON text whose records stand in an array, at the top or under a key."""

    def __init__(self, text: str, file: str) -> None:
        """Take a text and the name of its file."""
        self._text = text
        self._file = file
        self.beside: dict[str, Any] = {}
        """What else stood in the object; complete when the elements have been read."""
        self._reader = Reader()
        self._line, self._counted = 1, 0

    def elements(self, under: str = "") -> Elements:
        """Yield the elements of the array: the whole text, or what stands under a key of its one object."""
        at = self._blank(0)
        opening = self._text[at : at + 1]
        if opening == "[":
            at = yield from self._array(at)
        elif opening == "{" and under:
            at = yield from self._object(at, under)
        else:
            wanted = f"an object with a list {under!r}" if under else "a list"
            raise self._broken(at, f"it should begin with {wanted}")
        end = self._blank(at)
        if end != len(self._text):
            raise self._broken(end, "something follows its end")
        return end

    def _object(self, at: int, under: str) -> Elements:
        found = False
        at = self._blank(at + 1)
        while self._text[at : at + 1] != "}":
            place = at
            if self._text[at : at + 1] != '"':
                raise self._broken(at, "a name in quotation marks should stand here")
            key, at = self._value(at)
            at = self._blank(self._sign(at, ":"))
            if key in self.beside or (key == under and found):
                raise self._broken(place, f"{key!r} stands twice")
            if key == under and self._text[at : at + 1] == "[":
                found = True
                at = yield from self._array(at)
            else:
                self.beside[key], at = self._value(at)
            at = self._blank(at)
            if self._text[at : at + 1] != "}":
                at = self._blank(self._sign(at, ","))
                if self._text[at : at + 1] == "}":
                    raise self._broken(at, "a name in quotation marks should stand here")
        if not found:
            raise Refused(
                f"there is no list {under!r}", where=self._file, why="it is another kind of file", next_step="check it"
            )
        return at + 1

    def _array(self, at: int) -> Elements:
        at = self._blank(at + 1)
        if self._text[at : at + 1] == "]":
            return at + 1
        number = 0
        while True:
            number += 1
            place, before = at, self._line
            self._reader.found_odd = False
            value, at = self._value(at)
            line = self._line_of(place)
            shares = number > 1 and line == before
            yield Element(value, line, odd(value) if self._reader.found_odd else "", number if shares else 0)
            at = self._blank(at)
            if self._text[at : at + 1] == "]":
                return at + 1
            at = self._blank(self._sign(at, ","))

    def _value(self, at: int) -> tuple[Any, int]:
        try:
            value, end = self._reader.read(self._text, at)
        except json.JSONDecodeError as error:
            raise self._broken(error.pos, error.msg) from None
        except RecursionError:
            raise self._broken(at, "lists or objects stand in each other without end") from None
        return value, end

    def _sign(self, at: int, sign: str) -> int:
        at = self._blank(at)
        if self._text[at : at + 1] != sign:
            raise self._broken(at, f"a {sign!r} should stand here")
        return at + 1

    def _blank(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at

    def _line_of(self, place: int) -> int:
        """Return the line of a place, counted on from the last one that was asked for."""
        self._line += self._text.count("\n", self._counted, place)
        self._counted = place
        return self._line

    def _broken(self, at: int, why: str) -> Refused:
        line = self._text.count("\n", 0, at) + 1
        column = at - (self._text.rfind("\n", 0, at) + 1) + 1
        if at >= len(self._text.rstrip()):
            why = "it ends in the middle"
        return Refused(
            "this is no JSON that can be read",
            where=f"{self._file}, line {line:,}, column {column:,}",
            why=why,
            next_step="get the file anew; it may have been cut",
        )


def odd(value: Any, path: str = "") -> str:
    """Return what is odd in a record and under which key, empty when nothing is."""
    if isinstance(value, Odd):
        return f"{path or 'it'} {value.why}"
    if isinstance(value, dict):
        for key, each in value.items():
            if found := odd(each, f"{path}.{key}" if path else key):
                return found
    elif isinstance(value, list):
        for number, each in enumerate(value):
            if found := odd(each, f"{path}[{number}]"):
                return found
    return ""
