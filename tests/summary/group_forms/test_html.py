"""The HTML page: its structure, what it refuses to load or run, and how it does in a browser."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reflect.summary import charts
from reflect.summary.group_forms import html as form
from tests.summary import hub
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import Rendered, golden

if TYPE_CHECKING:
    from playwright.sync_api import Browser

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
EMPTY = {"meta", "rect"}


class Outline(HTMLParser):
    """The elements of a page in order, each with its depth, attributes and own text."""

    def __init__(self, page: bytes) -> None:
        """Read a page."""
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[int, str, dict[str, str], list[str]]] = []
        self.open: list[tuple[int, str, dict[str, str], list[str]]] = []
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        element = (len(self.open), tag, {name: value or "" for name, value in attrs}, [])
        self.elements.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element that closes itself."""
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        assert self.open[-1][1] == tag, f"</{tag}> closes {self.open[-1][1]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        """Keep text with the element it stands in."""
        if self.open:
            self.open[-1][3].append(data)

    def named(self, tag: str) -> list[tuple[dict[str, str], str]]:
        """Every element of a name: its attributes and its own text."""
        return [(attributes, "".join(text)) for _, name, attributes, text in self.elements if name == tag]


@pytest.fixture
def page(rendered: Rendered) -> Outline:
    """The page of the small group."""
    return Outline(rendered("html", "canal"))


@pytest.fixture
def hostile(rendered: Rendered) -> Outline:
    """The page of the group whose words are meant to do harm."""
    return Outline(rendered("html", "hostile"))


class TestPage:
    """What the page is made of."""

    def test_structure(self, page: Outline) -> None:
        """Elements, headings and words stand as in the golden file."""
        shown = [
            f"{'  ' * depth}{tag}{' #' + said['id'] if 'id' in said else ''} {' '.join(''.join(text).split())}".rstrip()
            for depth, tag, said, text in page.elements
            if tag not in ("style", "meta")
        ]
        made = "\n".join(shown) + "\n"
        assert made == golden("html.txt", made)

    def test_language_title_and_landmarks(self, page: Outline) -> None:
        """It is in British English, has one title, and its parts are landmarks with names."""
        assert page.named("html")[0][0] == {"lang": "en-GB"}
        assert page.named("title")[0][1] == "Canal partners: what we wrote, by theme"
        assert [len(page.named(each)) for each in ("header", "main", "footer", "nav", "h1")] == [1] * 5
        ids = [said["id"] for _, _, said, _ in page.elements if "id" in said]
        assert len(set(ids)) == len(ids)
        for attributes, _ in page.named("section") + page.named("nav"):
            assert attributes["aria-labelledby"] in ids

    def test_skip_link_comes_first_and_links_stay_in_the_page(self, page: Outline) -> None:
        """The first thing to reach by keyboard leads to the summary; no link leaves the page."""
        body = [tag for _, tag, _, _ in page.elements].index("body")
        assert page.elements[body + 1][1:3] == ("a", {"class": "skip", "href": "#main"})
        ids = {said["id"] for _, _, said, _ in page.elements if "id" in said}
        assert {said["href"][1:] for said, _ in page.named("a")} <= ids
        assert all(said["href"].startswith("#") for said, _ in page.named("a"))

    def test_headings_skip_no_level(self, page: Outline) -> None:
        """Headings go down one level at a time."""
        levels = [int(tag[1]) for _, tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_tables_say_what_their_headers_are_for(self, page: Outline) -> None:
        """Every table has a caption, and every header cell a scope."""
        assert len(page.named("table")) == len(page.named("caption")) > 0
        assert {said["scope"] for said, _ in page.named("th")} == {"col", "row"}

    def test_empty_themes_stand_on_one_line(self, page: Outline) -> None:
        """A theme nobody wrote about has no section; it stands with the others on one line."""
        assert [text for said, text in page.named("p") if said.get("class") == "nothing"] == [
            "Nothing to show under: How change happens."
        ]
        assert "How change happens" not in [text for _, text in page.named("h2")]

    def test_quotations_are_the_words_and_nothing_else(self, page: Outline) -> None:
        """What stands in a block quote is a quotation, letter for letter."""
        quoted = {text for _, text in page.named("blockquote")}
        assert quoted == {each.text for each in canal.summary().quotations()}

    def test_nothing_recorded_stands_where_nobody_said_so(self, page: Outline) -> None:
        """Gains, losses and differing views are never left empty."""
        assert [text for _, text in page.named("p")].count("Nothing recorded.") == 5


class TestCharts:
    """Bars drawn from numbers that the summary shows."""

    def test_message_words_and_table(self, page: Outline) -> None:
        """Each chart has its message as heading and title, every number in words, and its table after it."""
        drawn = charts.of(canal.summary())
        assert [text for _, text in page.named("title")][1:] == [each.title for each in drawn]
        assert [text for _, text in page.named("desc")] == [each.alt for each in drawn]
        assert {each.title for each in drawn} <= {text for _, text in page.named("h3")}
        for picture, _ in page.named("svg"):
            assert picture["role"] == "img"
            assert picture["aria-labelledby"]

    def test_bars_are_as_long_as_their_numbers(self) -> None:
        """A bar of half the people is half as long, and its number stands behind it."""
        found = Outline(form.render(hub.summary()))
        bars = [float(said["width"][:-1]) for said, _ in found.named("rect") if said.get("y") and "%" in said["width"]]
        numbers = [int(text.split()[0]) for said, text in found.named("text") if "x" in said]
        assert numbers[:5] == [13, 10, 8, 7, 5]
        assert [round(bar / bars[0] * 13) for bar in bars[:5]] == [13, 10, 8, 7, 5]

    def test_no_colour_is_needed(self) -> None:
        """Where two bars stand for one theme, one is striped, and both say in words which they are."""
        found = Outline(form.render(hub.summary()))
        behind = [text for said, text in found.named("text") if "x" in said][5:]
        assert {text.split()[1] for text in behind} == {"before", "now"}
        striped = [said for said, _ in found.named("rect") if said["fill"].startswith("url(#chart-2-stripes")]
        assert len(striped) == len(behind) / 2

    def test_no_number_no_chart(self, rendered: Rendered) -> None:
        """Of a group smaller than k nothing is drawn."""
        assert b"<svg" not in rendered("html", "four")

    def test_long_names_are_cut_in_the_picture_alone(self) -> None:
        """A long theme's name is shortened beside its bar and whole in the table."""
        assert form._cut("x" * 40) == "x" * 31 + "…"
        assert form._cut("Funding and commissioning") == "Funding and commissioning"


class TestHostileWords:
    """Whatever people wrote is text in the page, and nothing else (safety rows 81 and 90)."""

    def test_policy_refuses_everything(self, hostile: Outline) -> None:
        """The page's own policy lets nothing be loaded, sent or run."""
        policies = [said["content"] for said, _ in hostile.named("meta") if "http-equiv" in said]
        assert policies == [POLICY]

    def test_no_element_or_attribute_of_theirs(self, hostile: Outline) -> None:
        """No script, picture, frame, form or handler is in it, and nothing has an address."""
        tags = {tag for _, tag, _, _ in hostile.elements}
        assert not tags & {"script", "img", "iframe", "object", "embed", "form", "link", "base", "image", "use"}
        attributes = {name for _, _, said, _ in hostile.elements for name in said}
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset", "action")
        ]
        assert all(said["href"].startswith("#") for _, _, said, _ in hostile.elements if "href" in said)

    def test_their_words_can_be_read(self, hostile: Outline, rendered: Rendered) -> None:
        """The words stand there to be read, as they were written."""
        quoted = {text for _, text in hostile.named("blockquote")}
        for words in (canal.HOSTILE[1], canal.HOSTILE[2], canal.HOSTILE[3], canal.HOSTILE[6]):
            assert any(part.text in quoted for part in canal.hostile().quotations() if part.text in words)
        assert b"{{ 7 * 7 }}" in rendered("html", "hostile")
        assert "\x1b" not in html.unescape(rendered("html", "hostile").decode())


@pytest.mark.parametrize("summary", ["canal", "four", "hostile"])
class TestInABrowser:
    """The page as Chromium shows it."""

    @pytest.fixture
    def file(self, tmp_path: Path, rendered: Rendered, summary: str) -> str:
        """The page's file, as an address."""
        path = tmp_path / "summary.html"
        path.write_bytes(rendered("html", summary))
        return path.as_uri()

    @pytest.mark.parametrize("width", [320, 1200])
    def test_axe_finds_nothing(self, browser: Browser, file: str, width: int) -> None:
        """No rule of WCAG 2.2 AA that axe can check, and none of its best practices, is broken."""
        from axe_playwright_python.sync_playwright import Axe

        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(file)
        levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = Axe().run(page, options={"runOnly": levels, "rules": {"target-size": {"enabled": True}}}).response
        assert found["violations"] == []
        assert len(found["passes"]) > 25
        page.close()

    def test_fits_a_narrow_screen(self, browser: Browser, file: str) -> None:
        """At 320 pixels nobody needs to scroll sideways (WCAG 2.2, 1.4.10)."""
        page = browser.new_page(viewport={"width": 320, "height": 900})
        page.goto(file)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        page.close()

    def test_loads_nothing_and_runs_nothing(self, browser: Browser, file: str) -> None:
        """Opening it asks for no other file, raises no dialog and leaves no message."""
        page = browser.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(file)
        page.wait_for_load_state("networkidle")
        assert asked == [file]
        assert said == []
        page.close()

    def test_prints_on_a4(self, browser: Browser, file: str, tmp_path: Path) -> None:
        """Printed, it has the size of paper and leaves out what only helps on a screen."""
        page = browser.new_page()
        page.goto(file)
        printed = page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
        size = re.search(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", printed)
        assert size
        assert size.groups() == (b"594", b"841") or size.groups() == (b"595", b"841")
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible()
        page.close()
