"""A Word document in our styles: headings, quotations and tables that can be read aloud, and nothing of who made it."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from reflect import clean
from reflect.files import zipped

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

Piece = str | tuple[str, str]
"""Text, or text with the style its letters are in."""

Cell = str | Sequence[Piece]

STRONG, SOURCE = "Strong", "Quote Source"

_FONT = "Arial"
_INK, _GREY, _BLUE = RGBColor(0x1A, 0x1A, 0x1A), RGBColor(0x4A, 0x4A, 0x4A), RGBColor(0x1F, 0x4E, 0x79)
_SIDE, _EDGE, _PAGE_WIDTH, _PAGE_HEIGHT = 18, 16, 210, 297
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 - Word's file properties know no zone
_ROWS_KEPT_TOGETHER, _CELL_EDGES, _QUOTE_INDENT = 12, 11, 12
_NOT_OURS = ("thumbnail", "stylesWithEffects", "customXml", "extended-properties")

_WIDTH = 493  # points from margin to margin

_LETTER, _LINE, _SPACING = 0.45, 1.15, 1.05  # of the letters' size: mean width, and height in a sans serif face

# name, points, bold, colour, points before and after
_STYLES = (
    ("Normal", 12.0, False, _INK, 0, 4),
    ("Title", 18.0, True, _BLUE, 0, 3),
    ("Heading 1", 16.0, True, _BLUE, 8, 3),
    ("Heading 2", 13.5, True, _BLUE, 7, 2),
    ("Heading 3", 12.0, True, _INK, 6, 2),
    ("List Bullet", 12.0, False, _INK, 0, 2),
    ("List Number", 12.0, False, _INK, 0, 2),
    ("Quote", 12.0, False, _INK, 0, 4),
    ("Caption", 12.0, True, _INK, 6, 3),
    ("Footer", 12.0, False, _GREY, 0, 0),
    ("After Table", 4.0, False, _INK, 0, 0),
    ("Table Text", 12.0, False, _INK, 1, 1),
    ("Line to Write On", 12.0, False, _INK, 12, 0),
)
_ROOM = {name: (size, before, after) for name, size, _, _, before, after in _STYLES}


class Paper:
    """A document being written, from top to bottom."""

    def __init__(self, title: str) -> None:
        """Begin a document in British English on A4, its title in its properties and on its first line."""
        self._document = Document()
        self._tables = 0
        self.points = 0.0
        """About how high everything is that was written so far, pictures left out."""
        self._strip()
        self._set_up_styles()
        self._set_up_page()
        properties = self._document.core_properties
        properties.title = clean.document(title)
        for name in ("author", "comments", "last_modified_by", "keywords", "subject", "category", "version"):
            setattr(properties, name, "")
        properties.language = "en-GB"
        properties.created = properties.modified = _LONG_AGO
        self._paragraph("Title", title)

    def footer(self, text: str) -> None:
        """Put a line with the page's number at the foot of every page."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.add_run(clean.document(text) + ", page ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        field.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
        paragraph._p.append(field)

    def heading(self, text: str, level: int, *, new_page: bool = False) -> None:
        """Write a heading of a level, 1 the highest."""
        self._paragraph(f"Heading {level}", text).paragraph_format.page_break_before = new_page or None

    def words(self, *pieces: Piece) -> None:
        """Write a paragraph."""
        self._paragraph("Normal", *pieces)

    def bullet(self, *pieces: Piece) -> None:
        """Write a line of a list."""
        self._paragraph("List Bullet", *pieces)

    def quotation(self, text: str, said: str = "") -> None:
        """Write somebody's words, letter for letter, between quotation marks, and beside them what is known of them."""
        self._paragraph("Quote", "“", text, "”", *([(f"  ({said})", SOURCE)] if said else []))

    def table(
        self, name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], *widths: int, captioned: bool = True
    ) -> None:
        """Write a table whose first row is its header, read out and repeated on each page; widths in millimetres."""
        if captioned:
            self._tables += 1
            self._paragraph("Caption", f"Table {self._tables}: {name}")
        table: Any = self._document.add_table(rows=0, cols=len(header), style="Table Grid")
        for each in ("w:tblCaption", "w:tblDescription"):
            said = OxmlElement(each)
            said.set(qn("w:val"), clean.document(name))
            table._tbl.tblPr.append(said)
        table._tbl.tblPr.find(qn("w:tblLook")).set(qn("w:firstColumn"), "0")
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        whole = len(rows) <= _ROWS_KEPT_TOGETHER
        self._row(table, [[(each, STRONG)] for each in header], widths, keep=True)
        for at, cells in enumerate(rows, 1):
            self._row(table, cells, widths, keep=whole and at < len(rows))
        first = table.rows[0]._tr.get_or_add_trPr()
        first.append(OxmlElement("w:tblHeader"))
        self._paragraph("After Table")

    def picture(self, png: bytes, alt: str, width: float) -> None:
        """Place a picture with the words for whoever can't see it; width in millimetres."""
        paragraph = self._document.add_paragraph(style="Normal")
        paragraph.paragraph_format.keep_with_next = True
        shape: Any = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width))
        for each in (shape._inline.docPr, shape._inline.graphic.graphicData.pic.nvPicPr.cNvPr):
            each.set("name", "Chart")
            each.set("descr", clean.document(alt))

    def line_to_write_on(self) -> None:
        """Leave a line for a pen."""
        self._paragraph("Line to Write On")

    def content(self) -> bytes:
        """Return the file: the same words give the same bytes, with no clock, host or name in it."""
        raw = io.BytesIO()
        self._document.save(raw)
        with zipfile.ZipFile(raw) as parts:
            return zipped((name, parts.read(name)) for name in parts.namelist())

    def _paragraph(self, style: str, *pieces: Piece) -> Paragraph:
        self.points += _height(style, pieces, _WIDTH)
        return _filled(self._document.add_paragraph(style=style), pieces)

    def _row(self, table: Any, cells: Sequence[Cell], widths: Sequence[int], *, keep: bool) -> None:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        highest = 0.0
        for cell, said, width in zip(row.cells, cells, widths, strict=True):
            pieces = (said,) if isinstance(said, str) else said
            cell.width = Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.style = "Table Text"
            paragraph.paragraph_format.keep_with_next = keep
            _filled(paragraph, pieces)
            highest = max(highest, _height("Table Text", pieces, Mm(width).pt - _CELL_EDGES))
        self.points += highest

    def _strip(self) -> None:
        """Leave out what the empty document brings along: a preview, a program's name, another language."""
        package = self._document.part.package
        for relations in (package.rels, self._document.part.rels):
            for key in [key for key, each in relations.items() if each.reltype.endswith(_NOT_OURS)]:
                relations.pop(key)
        settings = self._document.settings.element
        for name in ("w:savePreviewPicture", "w:rsids", "w:proofState"):
            for each in settings.findall(qn(name)):
                settings.remove(each)
        settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
        for each in settings.iter(qn("w:themeFontLang")):
            each.set(qn("w:val"), "en-GB")
        for each in settings.iter(qn("w:compatSetting")):
            if each.get(qn("w:name")) == "compatibilityMode":
                each.set(qn("w:val"), "15")

    def _set_up_styles(self) -> None:
        styles = self._document.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "en-GB")
        styles.add_style("After Table", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        styles.add_style("Line to Write On", WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        source: Any = styles.add_style(SOURCE, WD_STYLE_TYPE.CHARACTER)
        source.font.color.rgb = _GREY
        for name, size, bold, colour, before, after in _STYLES:
            self._set_up(styles[name], size, before, after, bold=bold, colour=colour)
        styles["Quote"].paragraph_format.left_indent = Pt(_QUOTE_INDENT)
        _border(styles["Quote"], '<w:left w:val="single" w:sz="18" w:space="6" w:color="1F4E79"/>')
        line = 'w:val="single" w:sz="6" w:space="1" w:color="4A4A4A"'
        _border(styles["Line to Write On"], f"<w:bottom {line}/><w:between {line}/>")

    def _set_up(self, style: Any, size: float, before: int, after: int, *, bold: bool, colour: RGBColor) -> None:
        font, layout = style.font, style.paragraph_format
        font.name, font.size, font.bold, font.italic, font.color.rgb = _FONT, Pt(size), bold, False, colour
        names = style.element.rPr.rFonts
        for key in list(names.attrib):
            del names.attrib[key]
        for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
            names.set(qn(f"w:{kind}"), _FONT)
        layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), _SPACING
        layout.keep_with_next = style.name.startswith(("Heading", "Caption"))
        layout.keep_together = style.name == "Quote"  # a passage is read whole, not across two pages
        layout.widow_control = True
        for each in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
            each.getparent().remove(each)
        for each in style.element.findall(f"{qn('w:rPr')}/{qn('w:spacing')}"):
            each.getparent().remove(each)

    def _set_up_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(_PAGE_WIDTH), Mm(_PAGE_HEIGHT)
        section.left_margin = section.right_margin = Mm(_SIDE)
        section.top_margin = section.bottom_margin = Mm(_EDGE)
        section.header_distance = section.footer_distance = Mm(8)


def _filled(paragraph: Paragraph, pieces: Iterable[Piece]) -> Paragraph:
    for piece in pieces:
        text, style = (piece, None) if isinstance(piece, str) else piece
        paragraph.add_run(clean.document(text), style=style)
    return paragraph


def _height(style: str, pieces: Iterable[Piece], width: float) -> float:
    """Return about how many points high a paragraph will be."""
    size, before, after = _ROOM[style]
    width -= _QUOTE_INDENT if style == "Quote" else 0
    text = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
    lines = sum(max(1, math.ceil(len(line) * size * _LETTER / width)) for line in text.split("\n"))
    return before + lines * size * _LINE * _SPACING + after


def _border(style: Any, sides: str) -> None:
    style.element.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"),
        *("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc"),
    )
