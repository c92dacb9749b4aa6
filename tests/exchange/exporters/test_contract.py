"""Every format a journal can be written out in: found by itself, and held to the same promises."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from reflect import ids
from reflect.errors import Usage
from reflect.exchange import exporters
from reflect.exchange.exporters.jrnl import GUARD
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Filters
from reflect.revisit import Revisit
from tests.moving import another, brought, exported, members
from tests.test_incoming import two  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ODD = (
    "[bold]not markup[/bold] **nor** `this` <script>alert(1)</script> | a & b; 'one' \"two\"",
    "# not a heading\n\n---\ntags: [x]\n---\n\n> nor a quotation\n\n```\nnever closed",
    "escape \x1b[31mred\x1b[0m and \x07 bell",
    "turned \u202eback\u202c and \u2066kept\u2069",
    "caf\u00e9 \U0001fad6 \ufdfd \u0301 \u65e5\u672c\u8a9e",
    '=HYPERLINK("http://x")\n+1\n-2\n@SUM(A1)',
    "First **bold**\n\n[2024-01-02 10:00] please call back\n[2024-01-02] x\n\nC:\\notes\\new",
    "\u2026",
)
"""Words that a journal may hold."""


@pytest.fixture
def odd(journal: Journal) -> list[Entry]:
    """Entries with whatever words may hold, on days one after the other, one of them read again later."""
    found = []
    for number, text in enumerate(ODD):
        details = Details(
            at=f"{number + 1}/11/2026" + (" 15:00" if number % 2 else ""),
            tags=(f"t{number}", "two words") if number % 3 else (),
            about='Board: "the" <b> one' if number % 2 else "",
            themes=("voice",) if number % 2 else (),
        )
        found.append(journal.write(from_text(text), details, journal.prompts()[number] if number == 3 else None).entry)
    Revisit(journal).answer(found[0], "changed", from_text("I see it otherwise <now>."))
    return found


@pytest.mark.parametrize("form", exporters.names())
class TestEveryFormat:
    """What a module in the folder must keep; a new file is held to it the moment it exists."""

    def test_says_what_it_is(self, form: str) -> None:
        """A format has a docstring of one line, an ending, and says in a sentence what stays behind."""
        module = import_module(f"{exporters.__name__}.{form}")
        assert module.__doc__
        assert "\n" not in module.__doc__.strip()
        assert module.ENDING.startswith(".")
        assert isinstance(module.EVERYTHING, bool)
        assert module.LEAVES_OUT == "" or module.LEAVES_OUT.endswith(".")

    def test_a_journal_without_entries(self, form: str, journal: Journal) -> None:
        """An empty journal is a whole file."""
        made = exported(journal, form)
        assert isinstance(made, str)
        if form == "json":
            assert json.loads(made)["entries"] == []

    def test_every_word_is_there(self, form: str, journal: Journal, odd: list[Entry]) -> None:
        """Each entry's words are in the file, letter for letter once the format's own signs are taken away."""
        made = exported(journal, form)
        made.encode()
        for entry in odd:
            assert _found(form, made, entry.text), entry.text

    @pytest.mark.usefixtures("odd")
    def test_the_oldest_comes_first(self, form: str, journal: Journal) -> None:
        """Entries stand in order of time."""
        made = exported(journal, form)
        places = [
            made.index(text)
            for text in ("not markup", "never closed", "[31m", "turned", "HYPERLINK", "please call back")
        ]
        assert places == sorted(places)

    @pytest.mark.usefixtures("odd")
    def test_the_same_journal_gives_the_same_bytes(self, form: str, journal: Journal) -> None:
        """Nothing in the file tells when or where it was made (Row 91)."""
        made = exported(journal, form)
        assert made == exported(journal, form)
        assert str(Path.home()) not in made

    @pytest.mark.usefixtures("odd")
    def test_a_part_is_a_part(self, form: str, journal: Journal) -> None:
        """Filters hold: what does not pass them is nowhere in the file."""
        made = exported(journal, form, Filters(since="2026-11-03", until="2026-11-05"))
        assert "red" in made
        assert "caf\u00e9" in made
        for other in ("bold", "HYPERLINK", "please call back", "otherwise"):
            assert other not in made

    def test_erased_words_are_in_no_export(self, form: str, journal: Journal, odd: list[Entry]) -> None:
        """What was erased is not written out, nor what was thought of it later (REQ-13)."""
        journal.erase(odd[0])
        made = exported(journal, form)
        assert "bold]" not in made
        assert "otherwise" not in made


def _found(form: str, made: str, text: str) -> bool:
    """Return whether words stand in a file of a format."""
    if form in ("json", "jsonl"):
        return json.dumps(text, ensure_ascii=False)[1:-1] in made
    if form == "csv":
        cells = {cell.removeprefix("'") for row in csv.reader(io.StringIO(made)) for cell in row}
        return _shown(text) in {_shown(cell) for cell in cells}
    if form == "html":
        return _shown(text) in _shown(html.unescape(made))
    if form == "jrnl":
        return text in made.replace(GUARD, "")
    return text in made


def _shown(text: str) -> str:
    """Return words without what is made visible for a page or a sheet."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\u2400-\u241f\u202a-\u202e\u2066-\u2069]|\u27e8U\+[0-9A-F]+\u27e9", "", text)


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    """A wrong name is refused, with the nearest one and the list."""
    with pytest.raises(Usage, match="no format 'markdwon'") as refused:
        exporters.load("markdwon")
    assert refused.value.next_step == "did you mean markdown?"
    assert "jsonl" in refused.value.why


# -- jrnl -----------------------------------------------------------------------------------------

JRNL_SEES_A_DATE = re.compile(r"(?:^|\n)\[([^\]]+)\] ")
"""How jrnl 4.6 finds its entries; of seven letters or more nearly anything is a date to it."""


def test_jrnl_finds_each_entry_and_no_other(journal: Journal, odd: list[Entry]) -> None:
    """Jrnl sees one date for each entry, and takes no words for a date or a star."""
    made = exported(journal, "jrnl")
    stamps = [found for found in JRNL_SEES_A_DATE.findall(made) if len(found) > 6]
    assert stamps == [f"{entry.happened_at[:10]} {entry.happened_at[11:16]}" for entry in odd]
    titles = [line for line in made.split("\n") if JRNL_SEES_A_DATE.match(line)]
    assert not [line for line in titles if line.endswith("*")]


def test_jrnl_s_tags_and_stars(journal: Journal) -> None:
    """Tags that the words don't name stand in a last line; a star is a star again."""
    journal.write(from_text("About #money and a@b.com\n\nmore"), Details(tags=("money", "two words", "starred")))
    made = exported(journal, "jrnl")
    assert made == "[2026-11-20 16:00] About #money and a@b.com *\n\nmore\n#two-words\n"


def test_what_jrnl_gets_comes_back_word_for_word(journal: Journal, odd: list[Entry], tmp_path: Path) -> None:
    """Our text for jrnl, read back, has the same words and minutes; tags it had to add stand in a last line."""
    (tmp_path / "j.txt").write_text(exported(journal, "jrnl"), newline="")
    with another(journal, tmp_path / "other") as other:
        brought(other, "jrnl", tmp_path / "j.txt")
        back = list(other.find(Filters(), newest_first=False))
        for entry, found in zip(odd, back, strict=True):
            assert (
                found.text.removesuffix("\n" + " ".join(f"#{tag.replace(' ', '-')}" for tag in entry.tags))
                == entry.text
            )
            assert found.happened_at == entry.happened_at


# -- Markdown -------------------------------------------------------------------------------------


def test_a_folder_of_files(journal: Journal, odd: list[Entry]) -> None:
    """Each entry is a file named by its day and id; its front matter is YAML that other tools read."""
    made = members(journal)
    assert list(made) == [
        f"2026/2026-11-0{number + 1}{'-1500' if number % 2 else ''}-{ids.shown(entry.id)}.md"
        for number, entry in enumerate(odd)
    ]
    second = made[list(made)[1]]
    assert second == (
        "---\n"
        f'id: "{ids.shown(odd[1].id)}"\n'
        'title: "Board: \\"the\\" <b> one"\n'
        "date: 2026-11-02T15:00:00+00:00\n"
        'zone: "Europe/London"\n'
        'about: "Board: \\"the\\" <b> one"\n'
        'tags:\n  - "t1"\n  - "two-words"\n'
        'themes:\n  - "voice"\n'
        "reflect: entry\n"
        "---\n\n" + ODD[1] + "\n"
    )
    first = made[next(iter(made))]
    assert 'title: "1 November 2026"\n' in first
    assert "precision: day\n" in first
    assert first.endswith("\n## 20 November 2026: changed\n\nI see it otherwise <now>.\n")


def test_a_month_as_one_document(journal: Journal, odd: list[Entry]) -> None:
    """One file has a heading for each entry, its question quoted, its themes and tags below, later thoughts too."""
    made = exported(journal, "markdown", title="November 2026")
    assert made.startswith("# November 2026\n\n## 1 November 2026\n\n[bold]")
    assert '\n## 4 November 2026, 15:00: Board: "the" <b> one\n\n> ' in made
    assert "\n### 20 November 2026: changed\n\nI see it otherwise <now>.\n" in made
    assert "*voice #t1 #two words*" in made


# -- CSV ------------------------------------------------------------------------------------------


def test_no_cell_can_be_a_formula(journal: Journal, odd: list[Entry]) -> None:
    """Every cell that a spreadsheet might work out has an apostrophe before it (Row 89)."""
    made = exported(journal, "csv")
    assert made.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(made.removeprefix("\ufeff"), newline="")))
    assert len(table) == len(ODD)
    for row in table:
        for cell in row.values():
            assert cell[:1] not in tuple("=+-@\t\r\n")
    assert table[1]["tags"] == "t1 | two words"
    assert (table[0]["time"], table[1]["time"]) == ("", "15:00:00")


def test_our_own_csv_is_known_again(journal: Journal, odd: list[Entry], tmp_path: Path) -> None:
    """Our own table comes back with ids, words and tags; the apostrophes are gone."""
    (tmp_path / "j.csv").write_text(exported(journal, "csv"), encoding="utf-8", newline="")
    with another(journal, tmp_path / "other") as other:
        brought(other, "csv", tmp_path / "j.csv")
        back = list(other.find(Filters(), newest_first=False))
        assert [each.tags for each in back] == [each.tags for each in odd]
        assert back[5].text == ODD[5]
        plan, _ = brought(other, "csv", tmp_path / "j.csv")
        assert (plan.here, len(plan.new)) == (len(ODD), 0)


# -- HTML -----------------------------------------------------------------------------------------


def test_a_page_is_one_file_that_loads_nothing(journal: Journal, odd: list[Entry]) -> None:
    """No script, nothing from elsewhere, every word escaped, and headings in order (Row 90)."""
    made = exported(journal, "html", title="A & B <c>")
    assert "<title>A &amp; B &lt;c&gt;</title>" in made
    assert "<script" not in made
    assert "default-src 'none'" in made
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import""", made)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made
    assert "\x1b" not in made
    assert '<html lang="en-GB">' in made
    levels = [int(level) for level in re.findall(r"<h(\d)", made)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(re.findall("<article", made)) == len(ODD)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible(
    journal: Journal,
    odd: list[Entry],
    tmp_path: Path,
    browser: Browser,
    scheme: Literal["light", "dark"],
) -> None:
    """No rule of WCAG 2.2 AA that axe can check is broken, light or dark, at 320 pixels; nothing else is asked for."""
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "journal.html"
    file.write_text(exported(journal, "html"), encoding="utf-8")
    page = browser.new_page(viewport={"width": 320, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": levels}).response
    assert found["violations"] == []
    assert len(found["passes"]) > 10
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert asked == [file.as_uri()]
    page.close()


# -- JSON -----------------------------------------------------------------------------------------


def test_json_keeps_to_its_published_schema(journal: Journal, odd: list[Entry], two: Path) -> None:  # noqa: F811
    """What is exported validates against the schema in prompts/schema, imports and all."""
    import jsonschema

    from reflect.config import our_data

    brought(journal, "jrnl", two)
    journal.offer("ring them", entry=odd[0])
    journal.edit(odd[2], from_text("Edited."))
    schema = json.loads((our_data() / "schema" / "journal.json").read_text())
    made = json.loads(exported(journal))
    jsonschema.Draft202012Validator(schema).validate(made)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(made | {"entries": [{"id": 1}]})


def test_each_line_is_an_entry(journal: Journal, odd: list[Entry]) -> None:
    """JSON Lines have the entries of the JSON, one a line."""
    lines = exported(journal, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == json.loads(exported(journal))["entries"]
