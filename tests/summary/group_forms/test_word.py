"""Word: headings and tables that can be read aloud, words as they were written, and nothing of who made it."""

from __future__ import annotations

import io
import re
import shutil
import socket
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from PIL import Image

from reflect.summary.group_forms import word
from reflect.summary.protect import Shown
from reflect.summary.together import CONSTANT, GroupSummary, MatterShown
from reflect.summary.together_say import NOTHING_RECORDED
from tests.summary import docx_parts, hub
from tests.summary.group_forms.conftest import Rendered, golden

HANDOUT = [
    (0, "Hub partners: what we wrote, by theme"),
    (1, "What we wrote"),
    (2, "Funding and commissioning: 13 people wrote"),
    (3, "Differing views"),
    (2, "Voice and experience: 10 people wrote"),
    (3, "Differing views"),
    (2, "Roles: 8 people wrote"),
    (2, "Working with communities: 7 people wrote"),
    (2, "Language: 5 people wrote"),
    (1, "Our session: 60 minutes"),
    (1, "What we need to decide"),
]
THEME = [(3, "In our words")]
"""What every theme has; gains, losses and differing views have a heading where somebody named one."""

FULL = [
    (1, "The full summary"),
    (2, "People by theme"),
    (2, "Before and now"),
    *[(2, "Roles"), *THEME, (3, "Gains")],
    *[(2, "Funding and commissioning"), *THEME, (3, "Differing views")],
    *[(2, "Working with communities"), *THEME, (3, "Losses")],
    *[(2, "Language"), *THEME],
    *[(2, "Voice and experience"), *THEME, (3, "Differing views")],
    *[(2, "Learning together"), *THEME],
    (2, "Not placed"),
    (2, "Questions for the session"),
    (2, "What was offered in sessions"),
    (2, "What was said to the draft"),
    (2, "Words explained"),
    (2, "How it was made"),
]


def test_paragraphs(rendered: Rendered) -> None:
    """Every paragraph, its style, every row and the words for every picture stand as in the golden file."""
    made = docx_parts.outline(rendered("word", "canal"))
    assert made == golden("word.txt", made)


@pytest.fixture(scope="module")
def made() -> GroupSummary:
    """The invented group's summary."""
    return hub.summary()


@pytest.fixture(scope="module")
def document(made: GroupSummary) -> bytes:
    """Its Word form."""
    return word.render(made)


def test_it_is_a_handout_and_then_the_full_summary(document: bytes) -> None:
    """Its outline is the handout's, then the summary's: one title, no level left out, real headings."""
    assert docx_parts.headings(document) == HANDOUT + FULL


def test_the_full_summary_begins_on_a_new_page(document: bytes) -> None:
    """One page break stands in it: before the full summary."""
    breaks = [each.text for each in docx_parts.read(document).paragraphs if each.paragraph_format.page_break_before]
    assert breaks == ["The full summary"]


def test_the_handout_says_what_for_who_reads_and_who_responds(made: GroupSummary) -> None:
    """The first lines name purpose, audience, responder and day, the people, and the constant sentence (REQ-35)."""
    first = docx_parts.text(word.handout(made)).split("What we wrote\n")[0].replace("\u00a0", " ")
    for said in (made.agreed.purpose, made.agreed.audience, "Who responds: Dilys, by 15 December 2026.", CONSTANT):
        assert said in first
    assert "July to September 2026. 20 people wrote." in first


def test_every_quotation_is_letter_for_letter(made: GroupSummary, document: bytes) -> None:
    """What stands between quotation marks is a quotation of the summary, and every one of the summary's is there."""
    assert set(docx_parts.quoted(document)) == {each.text for each in made.quotations()}


def test_words_that_look_like_something_else_stay_as_they_are(made: GroupSummary) -> None:
    """Markup, formulas, line ends, tabs, several spaces and signs beyond the alphabet come back exactly."""
    hostile = "<w:p>&amp; =1+1\n\n  two  spaces\tand a tab, “marks”, 名前 🚌 é e\u0301 {% x %} {{ y }} _x000D_ end "
    assert hostile in set(docx_parts.quoted(word.render(with_quotation(made, hostile))))


def test_what_no_document_can_hold_is_shown_as_its_code(made: GroupSummary) -> None:
    """A control sign or one that XML forbids stops nothing and is shown."""
    content = word.render(with_quotation(made, "a\x00b\x1b[31mc\ufffed"))
    assert "a␀b␛[31mc⟨U+FFFE⟩d" in set(docx_parts.quoted(content))
    for part in docx_parts.parts(content).values():
        assert b"\x1b" not in part or part.startswith(b"\x89PNG")


def with_quotation(made: GroupSummary, text: str) -> GroupSummary:
    """Return the summary with one more passage that was not placed."""
    passage = replace(made.quotations()[0], start=0, end=len(text), text=text)
    return replace(made, not_placed=(passage,))


def test_tables_have_a_header_that_repeats_and_a_caption(document: bytes) -> None:
    """Every table has one header row marked as such, rows that don't break, a name, and no empty cell."""
    tables = docx_parts.read(document).tables
    assert [[cell.text for cell in table.rows[0].cells] for table in tables] == [
        ["Minutes", "What we do"],
        ["Theme", "People who wrote"],
        ["Theme", "The period before", "This period"],
        ["Word", "What it means"],
    ]
    for table in tables:
        marked = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
        assert marked == [True] + [False] * (len(marked) - 1)
        assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert all(cell.text.strip() for row in table.rows for cell in row.cells)


def test_the_steps_minutes_stand_in_the_handout(document: bytes) -> None:
    """The minutes of the handout's table make an hour."""
    assert sum(int(row.cells[0].text) for row in docx_parts.read(document).tables[0].rows[1:]) == 60


def test_pictures_have_words_and_their_numbers_beside_them(document: bytes) -> None:
    """Each chart says in words what it shows, and its table follows it."""
    read = docx_parts.read(document)
    described = [each.get("descr") for each in read.element.body.iter(qn("wp:docPr"))]
    assert len(described) == len(read.inline_shapes) == 2
    for said, table in zip(described, read.tables[1:3], strict=True):
        for row in table.rows[1:]:
            assert row.cells[0].text in said
            assert row.cells[-1].text in said


def test_the_language_is_british_english(document: bytes) -> None:
    """Styles, settings and properties all say en-GB; no other language is the document's."""
    parts = docx_parts.parts(document)
    assert docx_parts.read(document).core_properties.language == "en-GB"
    found = re.findall(
        rb'<w:(?:lang|themeFontLang)[^>]* ?w:val="([^"]+)"', parts["word/styles.xml"] + parts["word/settings.xml"]
    )
    assert set(found) == {b"en-GB"}


def test_the_same_summary_gives_the_same_bytes(made: GroupSummary, document: bytes) -> None:
    """Made twice, handout and whole are equal to the last byte."""
    assert word.render(made) == document
    assert word.handout(made) == word.handout(made)


def test_nothing_tells_who_made_it_where_or_when(
    made: GroupSummary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No part holds an author, a program, a user, a host, a path or an id; the container has no clock."""
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "Quillfeather")
    monkeypatch.chdir(tmp_path)
    document = word.render(made)
    properties = docx_parts.read(document).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.title == "Hub partners: what we wrote, by theme"
    assert properties.created == properties.modified
    assert properties.created.year == 2000
    names = {"python", "matplotlib", "Macintosh", "quillfeather", "/home/", "/root", "Users\\", str(tmp_path)}
    names |= {socket.gethostname()} if len(socket.gethostname()) > 3 else set()
    names |= {each.contribution for each in made.quotations()}
    for part, content in docx_parts.parts(document).items():
        for name in names:
            assert name.encode().lower() not in content.lower(), f"{name} in {part}"
    with zipfile.ZipFile(io.BytesIO(document)) as container:
        assert {each.date_time for each in container.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "docProps/app.xml" not in docx_parts.parts(document)
    assert not [part for part in docx_parts.parts(document) if "thumbnail" in part or "customXml" in part]


def test_below_k_a_theme_has_its_name_and_no_number(document: bytes) -> None:
    """Two people wrote under 'Learning together': its name stands there, no count, and what its author let stand."""
    section = docx_parts.text(document).split("\nLearning together\n")[1].split("\nNothing to show under")[0]
    assert not re.search(r"\d", section)
    assert "people" not in section
    assert "I offered an excuse where I could have offered a question." in section
    assert "We wrote down what went wrong" not in docx_parts.text(document)


def test_a_group_smaller_than_k_gets_no_number_and_no_chart() -> None:
    """With k above the people there are, no count stands anywhere, and no picture."""
    document = word.render(hub.summary(fewest=21))
    said = docx_parts.text(document)
    assert not re.search(r"\d+ (people|or more)", said.replace("21 people", ""))
    assert "Fewer than 21 people wrote" in said
    assert not docx_parts.read(document).inline_shapes


def test_nothing_recorded_stands_where_nobody_said_so(made: GroupSummary) -> None:
    """Gains beside losses and differing views are never left out silently (REQ-31)."""
    bare = replace(
        made, themes=tuple(replace(theme, gains=(), losses=(), differing=()) for theme in made.themes if theme.touched)
    )
    touched = len(bare.themes)
    assert docx_parts.text(word.handout(bare)).count(f"Differing views: {NOTHING_RECORDED}") == min(touched, 5)
    assert docx_parts.text(word.render(bare)).count(NOTHING_RECORDED) == 5 + 3 * touched + 1


def test_what_recurs_is_counted_and_quoted_once(made: GroupSummary) -> None:
    """What recurs in a theme stands with its people and its passage; one that is quoted anyway isn't said twice."""
    funding = made.themes[1]
    more = replace(funding.quotations[0], text="Nobody had a timetable.")
    matters = (
        MatterShown("bus fares", Shown(6, None), more),
        MatterShown("the form", Shown(None, "5 or more"), funding.quotations[0]),
    )
    themes = (made.themes[0], replace(funding, matters=matters), *made.themes[2:])
    said = docx_parts.text(word.render(replace(made, themes=themes))).split("The full summary")[1]
    assert "bus fares: 6 people wrote\n“Nobody had a timetable.”" in said
    assert "the form: 5 or more people wrote\n" in said
    assert said.count(funding.quotations[0].text) == 1


def test_the_handout_says_nothing_twice(made: GroupSummary) -> None:
    """A passage that stands in two themes is in the handout under the first, and under both where one has no other."""
    touched = [theme for theme in made.themes if theme.touched][:2]
    first, second = touched
    both = first.quotations[0]
    wanted = replace(made.wanted, handout_themes=(first.id, second.id))
    for others in (second.quotations[:2], ()):
        themes = (first, replace(second, quotations=(both, *others)))
        shown = list(docx_parts.quoted(word.handout(replace(made, themes=themes, wanted=wanted))))
        assert shown.count(both.text) == (1 if others else 2)
        assert all(each.text in shown for each in others)


def test_empty_themes_take_one_line(document: bytes) -> None:
    """Themes nobody wrote about are named together."""
    said = docx_parts.text(document)
    assert "\nNothing to show under: Our own power, Hidden rules and data, Connection, How change happens.\n" in said


def test_the_lead_picks_the_handouts_themes() -> None:
    """Picked themes stand in the handout in the order in which they were picked, each with its question."""
    made = hub.summary(replace(hub.WANTED, handout_themes=("language", "learning")))
    found = [text for level, text in docx_parts.headings(word.handout(made)) if level == 2]
    assert found == ["Language: 5 people wrote", "Learning together"]
    assert [prompt.theme for prompt in made.questions][:2] == ["language", "learning"]


def test_where_words_are_long_fewer_are_shown_and_none_is_cut(made: GroupSummary) -> None:
    """With very long passages the handout shows fewer, whole, at least one a theme, and says that there are more."""
    long = "Nobody said who decides, and so we waited for each other until the caretaker came with the keys. " * 3
    themes = tuple(
        replace(
            theme,
            quotations=tuple(replace(each, text=f"{at} {long}") for at, each in enumerate(theme.quotations)),
            differing=tuple(replace(theme.quotations[0], text=f"No. {at} {long}") for at in range(3)),
        )
        if theme.touched
        else theme
        for theme in made.themes
    )
    handout = word.handout(replace(made, themes=themes))
    shown = list(docx_parts.quoted(handout))
    assert set(shown) <= {each.text for theme in themes for each in (*theme.quotations, *theme.differing)}
    assert len(shown) == 10
    assert "More differing views are in the full summary." in docx_parts.text(handout)


def test_the_page_is_a4_and_letters_are_large_enough(document: bytes) -> None:
    """A4, upright, in a sans serif face, nothing that is read smaller than 12 points, nothing in italics."""
    read = docx_parts.read(document)
    assert round(read.sections[0].page_width.mm) == 210
    assert read.sections[0].orientation == WD_ORIENT.PORTRAIT
    for each in read.paragraphs:
        if each.text:
            assert each.style.font.size.pt >= 12
            assert each.style.font.name == "Arial"
            assert not each.style.font.italic


def test_every_part_is_sound_xml(document: bytes) -> None:
    """Each part reads as XML, and each relation leads to a part that is there."""
    parts = docx_parts.parts(document)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(content)  # noqa: S314 - our own file
    targets = re.findall(r'Target="([^"]+)"', parts["word/_rels/document.xml.rels"].decode())
    assert {f"word/{each}" for each in targets} <= set(parts)


def soffice() -> str:
    """Return LibreOffice with letters as wide as Word's, or skip and say what is missing."""
    found = shutil.which("soffice")
    if not found or not shutil.which("pdftoppm"):
        pytest.skip("LibreOffice or poppler is not here: libreoffice-writer and poppler-utils open a document for us")
    faces = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=True).stdout
    if "Arial" not in faces and "Liberation Sans" not in faces:
        pytest.skip("no letters as wide as Word's are here: fonts-liberation has them")
    return found


def pages(content: bytes, folder: Path) -> list[Image.Image]:
    """Return a document's pages as LibreOffice prints them."""
    (folder / "made.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        [soffice(), profile, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "made.docx"],
        check=True,
        capture_output=True,
        timeout=180,
    )
    subprocess.run(["pdftoppm", "-r", "40", "-png", folder / "made.pdf", folder / "page"], check=True)
    return [Image.open(io.BytesIO(each.read_bytes())) for each in sorted(folder.glob("page*.png"))]


def test_the_handout_takes_two_pages(made: GroupSummary, tmp_path: Path) -> None:
    """Opened in LibreOffice, five themes with three quotations each and differing views fill two pages."""
    soffice()
    assert len(list(docx_parts.quoted(word.handout(made)))) == 5 * 3 + 2
    assert len(pages(word.handout(made), tmp_path)) == 2


def test_the_full_summary_opens_in_libreoffice(document: bytes, tmp_path: Path) -> None:
    """The whole opens and prints, and no page of it is empty."""
    soffice()
    found = pages(document, tmp_path)
    assert len(found) >= 5
    for page in found:
        assert min(page.convert("L").tobytes()) < 100
