"""REFI-QDA, the format in which programs for qualitative analysis exchange codebooks and projects.

Codebooks (`.qdc`) go out and come in; a project (`.qdpx`) goes out with quoted passages alone: no
user, no case, no moment. Ids are made from names, so that the same content always has the same ids.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize
from xml.etree import ElementTree as ET  # for writing; reading goes through defusedxml

from reflect import clean
from reflect.errors import Refused
from reflect.files import zipped

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 5_000_000
"""Bytes of a codebook; what is larger is refused before it is read."""

DEEPEST, MOST = 20, 2_000
"""Levels of codes and number of codes; a codebook is read by people."""

LONGEST_NAME = 120

_CODEBOOK, _PROJECT = "urn:QDA-XML:codebook:1.0", "urn:QDA-XML:project:1.0"
_IDS = uuid.UUID("6f1a5d9e-2c7b-5b0e-9a43-0d3c5c1f7e21")
"""The name space our ids are made in."""


@dataclass(frozen=True, slots=True)
class Code:
    """One code: in a group's codebook a theme, below it what recurs in it."""

    key: str
    """What its id is made from; never shown."""
    name: str
    description: str = ""
    is_codable: bool = True
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Quoted words with the keys of the codes they stand under."""

    key: str
    name: str
    text: str
    about: str
    """What stands beside the quotation."""
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A code of a codebook that came in."""

    guid: str
    name: str
    description: str


def guid(key: str) -> str:
    """Return the id made from a key."""
    return str(uuid.uuid5(_IDS, key)).upper()


def codebook(codes: Sequence[Code]) -> bytes:
    """Return a codebook as `.qdc`."""
    book = ET.Element("CodeBook", {"xmlns": _CODEBOOK, "origin": "reflect"})
    _codes(book, codes)
    return _document(book)


def project(name: str, description: str, codes: Sequence[Code], passages: Sequence[Passage]) -> bytes:
    """Return a project as `.qdpx`: each passage a text source of its own, coded whole."""
    root = ET.Element("Project", {"xmlns": _PROJECT, "name": _one_line(name), "origin": "reflect"})
    if codes:
        _codes(ET.SubElement(root, "CodeBook"), codes)
    if passages:
        sources = ET.SubElement(root, "Sources")
        for each in passages:
            _source(sources, each)
    ET.SubElement(root, "Description").text = clean.document(description)
    # The folder's name is in lower case because a widely used program takes no other.
    texts = [(f"sources/{guid(each.key)}.txt", each.text.encode()) for each in passages]
    return zipped([("project.qde", _document(root)), *texts])


def _codes(parent: Element, codes: Sequence[Code]) -> None:
    inside = ET.SubElement(parent, "Codes")
    for each in codes:
        _code(inside, each)


def _code(parent: Element, code: Code) -> None:
    made = ET.SubElement(
        parent,
        "Code",
        {"guid": guid(code.key), "name": _one_line(code.name), "isCodable": str(code.is_codable).lower()},
    )
    if code.description:
        ET.SubElement(made, "Description").text = clean.document(code.description)
    for each in code.codes:
        _code(made, each)


def _source(parent: Element, passage: Passage) -> None:
    identity = guid(passage.key)
    source = ET.SubElement(
        parent,
        "TextSource",
        {"guid": identity, "name": _one_line(passage.name), "plainTextPath": f"internal://{identity}.txt"},
    )
    if passage.about:
        ET.SubElement(source, "Description").text = clean.document(passage.about)
    selection = ET.SubElement(
        source,
        "PlainTextSelection",
        {
            "guid": guid(f"{passage.key} selection"),
            "name": _one_line(passage.name),
            "startPosition": "0",
            "endPosition": str(len(passage.text)),  # in code points
        },
    )
    for key in passage.codes:
        coding = ET.SubElement(selection, "Coding", {"guid": guid(f"{passage.key} coded {key}")})
        ET.SubElement(coding, "CodeRef", {"targetGUID": guid(key)})


def _document(root: Element) -> bytes:
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _one_line(text: str) -> str:
    return clean.document(clean.line(" ".join(text.split())))


def read_codebook(content: bytes, name: str) -> list[Found]:
    """Return the codes of a `.qdc`, each once; `name` is what an error calls the file.

    Codes inside others become codes of their own; a mere heading is left out. Any spelling of
    the name space is read, because some programs write a wrong one.
    """
    root = _parsed(content, name)
    if _tag(root) != "CodeBook":
        raise Refused(f"{name} is no codebook", why="it does not begin with CodeBook", next_step="export it as .qdc")
    found = list(_read_codes(root, name))
    if not found:
        raise Refused(f"{name} holds no codes", next_step="export the codebook again")
    return _named_apart(found)


def _parsed(content: bytes, name: str) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(content) > LARGEST:
        raise Refused(f"{name} is too large for a codebook", why=f"one has at most {LARGEST:,} bytes")
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Refused(
            f"{name} can't be used", why="it declares a document type or entities, which no codebook needs"
        ) from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Refused("the file is damaged, or no XML", where=name, why=str(error)) from None
    return root


def _read_codes(root: Element, name: str) -> Iterator[tuple[tuple[str, ...], Found]]:
    """Yield each code that can be used, with the names of those it stands in."""
    seen = 0
    waiting: list[tuple[Element, tuple[str, ...], int]] = [(root, (), 0)]
    while waiting:
        parent, above, depth = waiting.pop(0)
        if depth > DEEPEST:
            raise Refused(f"{name} is nested too deeply", why=f"codes stand in one another at most {DEEPEST} deep")
        for each in parent:
            if _tag(each) == "Codes":
                waiting.append((each, above, depth))
            elif _tag(each) == "Code":
                seen += 1
                if seen > MOST:
                    raise Refused(f"{name} holds too many codes", why=f"one has at most {MOST:,}")
                title = _name(each, name, seen)
                waiting.append((each, (*above, title), depth + 1))
                if each.get("isCodable", "true").strip().lower() not in ("false", "0"):
                    about = next((child.text or "" for child in each if _tag(child) == "Description"), "")
                    yield above, Found(each.get("guid", "").strip("{} \n").upper(), title, " ".join(about.split()))


def _name(code: Element, name: str, number: int) -> str:
    title = " ".join(code.get("name", "").split())
    if not title or len(title) > LONGEST_NAME or clean.is_unsafe(title):
        why = "it has no name" if not title else f"a name is one line of at most {LONGEST_NAME} letters"
        raise Refused("a code can't be used", where=f"{name}, code {number}", why=why)
    return title


def _named_apart(found: Sequence[tuple[tuple[str, ...], Found]]) -> list[Found]:
    """Return the codes, those that share a name with what they stand in put before it."""
    times: dict[str, int] = {}
    for _, each in found:
        times[each.name.casefold()] = times.get(each.name.casefold(), 0) + 1
    apart: dict[str, Found] = {}
    for above, each in found:
        title = each.name if times[each.name.casefold()] == 1 else " / ".join((*above, each.name))
        apart.setdefault(title.casefold(), Found(each.guid, title, each.description))
    return list(apart.values())


def _tag(element: Element) -> str:
    return re.sub(r"^\{[^}]*\}", "", str(element.tag))


def theme_key(identity: str) -> str:
    """Return the key of a theme's code, which is the same in codebooks and in projects."""
    return f"theme {identity}"


def new_codes(found: Sequence[Found], known: Mapping[str, str], gone: Iterable[str] = ()) -> list[tuple[str, Found]]:
    """Return the codes a codebook does not have yet, each with the id it gets.

    `known` maps the ids of its themes to their names, `gone` are ids that can't be used again. A code
    is known by its id or its name, so that bringing one file in twice adds nothing.
    """
    guids = {guid(theme_key(identity)) for identity in known}
    names = {name.casefold() for name in known.values()}
    taken = {*known, *gone}
    fresh = []
    for each in found:
        if each.guid not in guids and each.name.casefold() not in names:
            identity = _slug(each, taken)
            taken.add(identity)
            fresh.append((identity, each))
    return fresh


def _slug(each: Found, taken: set[str]) -> str:
    """Return a short readable id that is free."""
    letters = normalize("NFKD", each.name.casefold()).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:30].strip("-") or "theme"
    candidates = [plain, *(f"{plain}-{number}" for number in range(2, MOST + len(taken) + 2))]
    return next(candidate for candidate in candidates if candidate not in taken)
