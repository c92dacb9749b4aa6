"""Reads the rows of a damaged journal straight from its pages, where SQLite itself gives up.

A file is cut into pages; each leaf page says by itself where its rows are, so one broken
page costs its own rows and no others. Written from SQLite's file format description.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

Value = int | float | str | bytes | None
_TABLE_LEAF, _TABLE_INNER, _INDEX_LEAF, _INDEX_INNER = 13, 5, 10, 2
_LEAVES = (_TABLE_LEAF, _INDEX_LEAF)
_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_MASTER = "sqlite_master"


class Row(NamedTuple):
    """One row: its rowid (None in an index or a table WITHOUT ROWID) and its values."""

    rowid: int | None
    values: tuple[Value, ...]


class Salvaged(NamedTuple):
    """What could be read: rows by table, and rows of pages that no table leads to any more."""

    tables: Mapping[str, Sequence[Row]]
    stray: Sequence[Row]
    schema: Mapping[str, str]
    """Each table's CREATE statement, as far as the file's first page still has it."""
    version: int


class _Lost(Exception):
    """A page, cell or value that can't be read."""


def read(content: bytes, page_size: int = 4096) -> Salvaged:
    """Return every row that stands whole on the pages of a file; of a file that is none, nothing."""
    return _File(content, page_size).all()


class _File:
    def __init__(self, content: bytes, fallback: int) -> None:
        self._content = content
        stated = int.from_bytes(content[16:18], "big")
        stated = 65536 if stated == 1 else stated
        sound = stated >= 512 and stated & (stated - 1) == 0 and len(content) > stated
        self._size = stated if sound else fallback
        self._usable = self._size - (content[20] if sound and self._size - content[20] >= 480 else 0)
        self._many = -(-len(content) // self._size)  # the last page may be cut

    def all(self) -> Salvaged:
        """Walk each tree from its root, then look at the leaves that no tree leads to."""
        seen: set[int] = self._free()
        roots = {1: _MASTER}
        schema: dict[str, str] = {}
        tables: dict[str, list[Row]] = defaultdict(list)
        for row in self._tree(1, seen):
            try:
                kind, name, _, root, sql = row.values[:5]
            except ValueError:
                continue
            if isinstance(root, int) and root > 0 and isinstance(name, str):
                roots[root] = name
                if kind == "table" and isinstance(sql, str):
                    schema[name] = sql
        for root, name in roots.items():
            if root != 1:
                tables[name].extend(self._tree(root, seen))
        stray = [row for page in range(1, self._many + 1) if page not in seen for row in self._leaf(page, seen)]
        version = int.from_bytes(self._content[60:64], "big")
        return Salvaged(tables, stray, schema, version)

    def _free(self) -> set[int]:
        """Return the pages that hold nothing any more."""
        found: set[int] = set()
        trunk = int.from_bytes(self._content[32:36], "big")
        while 0 < trunk <= self._many and trunk not in found:
            found.add(trunk)
            page = self._page(trunk)
            many = int.from_bytes(page[4:8], "big")
            if many > self._usable // 4:
                break
            found.update(struct.unpack_from(f">{many}I", page, 8))
            trunk = int.from_bytes(page[:4], "big")
        return found

    def _page(self, number: int) -> bytes:
        return self._content[(number - 1) * self._size : number * self._size]

    def _tree(self, number: int, seen: set[int]) -> Iterator[Row]:
        """Yield the rows under a page, each page once; what is broken is left out."""
        waiting = [number]
        while waiting:
            page = waiting.pop()
            if page in seen or not 1 <= page <= self._many:
                continue
            seen.add(page)
            data = self._page(page)
            start = 100 if page == 1 else 0
            kind = data[start] if len(data) > start else 0
            if kind in _LEAVES:
                yield from self._rows(data, start, kind, seen)
            elif kind in (_TABLE_INNER, _INDEX_INNER) and len(data) == self._size:
                waiting.append(int.from_bytes(data[start + 8 : start + 12], "big"))
                for cell in self._cells(data, start, 12):
                    waiting.append(int.from_bytes(data[cell : cell + 4], "big"))
                    if kind == _INDEX_INNER:  # an index keeps rows on its inner pages, too
                        try:
                            yield self._row(data, cell + 4, kind, seen)
                        except _Lost:
                            continue

    def _leaf(self, number: int, seen: set[int]) -> Iterator[Row]:
        data = self._page(number)
        if data and data[0] in _LEAVES:
            yield from self._rows(data, 0, data[0], seen)

    def _rows(self, data: bytes, start: int, kind: int, seen: set[int]) -> Iterator[Row]:
        for cell in self._cells(data, start, 8):
            try:
                yield self._row(data, cell, kind, seen)
            except _Lost:
                continue

    def _cells(self, data: bytes, start: int, header: int) -> Iterator[int]:
        many = int.from_bytes(data[start + 3 : start + 5], "big")
        first = start + header
        for place in range(first, min(first + 2 * many, len(data) - 1), 2):
            cell = int.from_bytes(data[place : place + 2], "big")
            if first <= cell < len(data):
                yield cell

    def _row(self, data: bytes, place: int, kind: int, seen: set[int]) -> Row:
        length, place = _varint(data, place)
        rowid = None
        if kind == _TABLE_LEAF:
            rowid, place = _varint(data, place)
        return Row(rowid, _values(self._payload(data, place, length, kind, seen)))

    def _payload(self, data: bytes, place: int, length: int, kind: int, seen: set[int]) -> bytes:
        """Return a cell's content, followed over the pages it overflows to."""
        usable = self._usable
        most = usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if length > len(self._content):
            raise _Lost
        local = length
        if length > most:
            least = (usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (usable - 4)
            local = local if local <= most else least
        found = data[place : place + local]
        if len(found) < local:
            raise _Lost
        following = int.from_bytes(data[place + local : place + local + 4], "big") if length > local else 0
        pieces, used = [found], local
        while used < length:
            page = self._page(following) if 1 < following <= self._many else b""
            piece = page[4 : min(usable, 4 + length - used)]
            if not piece:
                raise _Lost
            seen.add(following)
            pieces.append(piece)
            used += len(piece)
            following = int.from_bytes(page[:4], "big")
        return b"".join(pieces)


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        if place >= len(data):
            raise _Lost
        byte = data[place]
        place += 1
        if count == 8:
            value = value << 8 | byte
            break
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value - (1 << 64) if value >> 63 else value, place


def _values(record: bytes) -> tuple[Value, ...]:
    """Return the values of a record, or fail when it is not one."""
    end, place = _varint(record, 0)
    if not place <= end <= len(record):
        raise _Lost
    kinds = []
    while place < end:
        kind, place = _varint(record, place)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, size = _value(record, end, kind)
        values.append(value)
        end += size
    if end > len(record):
        raise _Lost
    return tuple(values)


def _value(record: bytes, place: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, 0
    if kind in (8, 9):
        return kind - 8, 0
    if kind in _SIZES:
        size = _SIZES[kind]
        return int.from_bytes(record[place : place + size], "big", signed=True), size
    if kind == 7:
        if len(record) < place + 8:
            raise _Lost
        return struct.unpack_from(">d", record, place)[0], 8
    if kind < 12:
        raise _Lost
    size = (kind - 12) // 2
    raw = record[place : place + size]
    if len(raw) < size:
        raise _Lost
    return (raw if kind % 2 == 0 else raw.decode("utf-8", "replace")), size
