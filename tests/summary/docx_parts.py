"""Reads a Word file back, part by part, as the tests of what it holds need it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table

if TYPE_CHECKING:
    from docx.document import Document as Read


def read(content: bytes) -> Read:
    """Return the document."""
    return Document(io.BytesIO(content))


def parts(content: bytes) -> dict[str, bytes]:
    """Return every part of the container."""
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        return {name: given.read(name) for name in given.namelist()}


def text(content: bytes) -> str:
    """Return all that can be read in it, tables and words for pictures included, in their order."""
    found = read(content).element.body.iter(qn("w:t"), qn("w:p"), qn("w:br"), qn("wp:docPr"))
    breaks = (qn("w:p"), qn("w:br"))
    return "".join("\n" if each.tag in breaks else each.get("descr") or each.text or "" for each in found)


def headings(content: bytes) -> list[tuple[int, str]]:
    """Return the headings with their levels, the title as level 0."""
    levels = {"Title": 0, "Heading 1": 1, "Heading 2": 2, "Heading 3": 3}
    return [(levels[each.style.name], each.text) for each in read(content).paragraphs if each.style.name in levels]


def outline(content: bytes) -> str:
    """Return every paragraph and table row in its order, with its style; pictures by their words."""
    lines = []
    for block in read(content).iter_inner_content():
        if isinstance(block, Table):
            lines += ["Row: " + " | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            pictures = [each.get("descr") for each in block._p.iter(qn("wp:docPr"))]
            lines.append(f"{block.style.name if block.style else ''}: {block.text}{''.join(map(str, pictures))}")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def quoted(content: bytes) -> Iterator[str]:
    """Return the words of each quotation, without the marks around them."""
    for each in read(content).paragraphs:
        if each.style.name == "Quote":
            opening, words, closing = (run.text for run in each.runs[:3])
            assert (opening, closing) == ("“", "”")
            yield words
