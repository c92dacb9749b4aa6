"""The lines between two --- at the top of a Markdown file, as zk, Obsidian and jrnl write them.

Only what these files hold is read: names with a text, a list, or a block of text. A value is
always a text (`no` and `12:30` stay what they are), and nothing in it is ever followed or
expanded: what YAML would look up elsewhere is refused.
"""

from __future__ import annotations

import json
import re
from typing import NamedTuple

_QUOTED = re.compile(r"""("[^"\n]+"|'[^'\n]+')\s*:(?:\s+(.*))?""")
_ITEM = re.compile(r"\s*-(?:\s+(?P<value>.*))?$")
_LOOKED_UP = re.compile(r"[&*!](?=\S)|<<")
_BLOCK = re.compile(r"[|>][+-]?\d?$")

Value = str | tuple[str, ...]


class FrontMatter(NamedTuple):
    """What stands above a file's words."""

    fields: dict[str, Value]
    """By their names in small letters."""
    body: str
    """The file's words."""
    body_line: int
    """Line on which they begin, counted from 1."""


class Unreadable(ValueError):
    """Front matter that is not taken, with its line."""

    def __init__(self, line: int, why: str) -> None:
        """Say where and why."""
        super().__init__(why)
        self.line = line
        self.why = why


def parted(text: str) -> FrontMatter:
    """Return a file's front matter and its words; a file without any is all words."""
    if not re.match(r"---[ \t]*(?:\n|\Z)", text):
        return FrontMatter({}, text, 1)
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if number and line.rstrip() in ("---", "...")), None)
    if end is None:
        return FrontMatter({}, text, 1)  # a line across the page, and no end: words
    return FrontMatter(_fields(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2)


def _fields(lines: list[str]) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        number = at + 2  # the first line is ---
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] in " \t":
            raise Unreadable(number, "a line is indented where a name should begin")
        key, value = _parted(line.rstrip(), number)
        if key in fields:
            raise Unreadable(number, f"{key!r} stands twice")
        below = at
        while below < len(lines) and (not lines[below].strip() or lines[below][0] in " \t" or _is_item(lines[below])):
            below += 1
        fields[key] = _value(value, lines[at:below], number)
        at = below
    return fields


def _parted(line: str, number: int) -> tuple[str, str]:
    """Return a line's name, in small letters, and what stands behind its colon."""
    if line[0] in "\"'":
        found = _QUOTED.fullmatch(line)
        key, colon, value = (found[1].strip("\"'"), ":", found[2] or "") if found else ("", "", "")
    else:
        key, colon, value = line.partition(":")
        if value[:1].strip() or line[0] in ":#[{-":
            colon = ""
    if not colon:
        raise Unreadable(number, "it is no name with a value")
    return key.strip().lower(), value.strip()


def _is_item(line: str) -> bool:
    return _ITEM.fullmatch(line.rstrip()) is not None


def _value(written: str, below: list[str], line: int) -> Value:
    if _LOOKED_UP.match(written):
        raise Unreadable(line, "what it refers to is not looked up")
    if _BLOCK.fullmatch(written):
        return _block(below, folded=written[0] == ">")
    items = [found["value"] or "" for each in below if (found := _ITEM.fullmatch(each.rstrip()))]
    if items and not written:
        return tuple(_item(each, line) for each in items)
    if re.fullmatch(r"\[\[[^\[\]]*\]\]", written):  # a link to another note
        return written
    if written.startswith("[") or (written.startswith("{") and written != "{}"):
        return _flow(" ".join([written, *(each.strip() for each in below)]), line)
    if below and any(each.strip() for each in below):
        if not written:  # names within a name: kept as they stand, since nothing here reads them
            return "\n".join(each.strip() for each in below).strip()
        written = " ".join([written, *(each.strip() for each in below if each.strip())])
    return _scalar(written, line)


def _item(written: str, line: int) -> str:
    if _LOOKED_UP.match(written):
        raise Unreadable(line, "what it refers to is not looked up")
    return _scalar(written, line)


def _scalar(written: str, line: int) -> str:
    if written.startswith('"'):
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(written)
        except ValueError:
            raise Unreadable(line, "a quotation mark is not closed") from None
        if written[end:].strip() and not written[end:].lstrip().startswith("#"):
            raise Unreadable(line, "something follows its quotation marks")
        return str(value)
    if written.startswith("'"):
        found = re.match(r"'((?:[^']|'')*)'\s*(?:#.*)?$", written)
        if not found:
            raise Unreadable(line, "a quotation mark is not closed")
        return found[1].replace("''", "'")
    bare = re.sub(r"\s#\s.*$", "", written).strip()
    return "" if bare in ("~", "null") else bare


def _flow(written: str, line: int) -> Value:
    """Return a list in square brackets as its texts."""
    found = re.fullmatch(r"\[(.*)\]\s*(?:#.*)?", written, re.DOTALL)
    if not found:
        raise Unreadable(line, "a list is not closed")
    inside = found[1]
    if re.search(r"[\[{]", re.sub(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|\[\[[^\[\]]*\]\]""", "", inside)):
        raise Unreadable(line, "a list stands in a list")
    pieces = re.findall(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,]*)\s*(?:,|$)""", inside)
    return tuple(_item(piece.strip(), line) for piece in pieces if piece.strip())


def _block(below: list[str], *, folded: bool) -> str:
    """Return a block of text: what the first line is indented by is not part of it."""
    first = next((each for each in below if each.strip()), "")
    indent = len(first) - len(first.lstrip(" \t"))
    lines = [each[indent:] if not each[:indent].strip() else each.lstrip(" \t") for each in below]
    text = "\n".join(lines).strip("\n")
    return re.sub(r"(?<!\n)\n(?!\n)", " ", text) if folded else text
