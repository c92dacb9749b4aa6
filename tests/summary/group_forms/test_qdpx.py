"""The REFI-QDA project: the passages of the same audience's summary and nothing of who wrote them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from reflect.summary.together import CONSTANT, Wanted
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import Rendered, golden, members

PROJECT = "{urn:QDA-XML:project:1.0}"


@pytest.fixture
def project(rendered: Rendered) -> Element:
    """The small group's project."""
    found: Element = fromstring(members(rendered("qdpx", "canal"))["project.qde"])
    return found


def test_project(rendered: Rendered) -> None:
    """The project's XML stands as in the golden file."""
    made = members(rendered("qdpx", "canal"))["project.qde"].decode()
    assert made == golden("qdpx.txt", made)


def test_holds_the_printed_passages_and_no_other(rendered: Rendered, project: Element) -> None:
    """Each source is one quotation of the summary, letter for letter; nothing unprinted is in the file."""
    texts = {name: inside for name, inside in members(rendered("qdpx", "canal")).items() if name != "project.qde"}
    quoted = [each.text for each in canal.summary().quotations()]
    assert sorted(inside.decode() for inside in texts.values()) == sorted(quoted)
    paths = {f"sources/{each.get('plainTextPath', '')[11:]}" for each in project.iter(f"{PROJECT}TextSource")}
    assert paths == set(texts)


def test_names_no_person(project: Element) -> None:
    """There is no user, no case, no variable and no moment in it."""
    tags = {each.tag.removeprefix(PROJECT) for each in project.iter()}
    allowed = {"Project", "CodeBook", "Codes", "Code", "Description", "Sources", "TextSource"}
    assert tags == allowed | {"PlainTextSelection", "Coding", "CodeRef"}
    attributes = {name for each in project.iter() for name in each.attrib}
    assert attributes == {
        *("name", "origin", "guid", "isCodable", "plainTextPath", "startPosition", "endPosition", "targetGUID")
    }


def test_passages_are_coded_whole_with_themes_and_what_authors_said(project: Element) -> None:
    """A passage carries the codes of its themes, of what recurs, and of what its author said of it."""
    names = {each.get("guid"): each.get("name") for each in project.iter(f"{PROJECT}Code")}
    coded = {
        frozenset(str(names[ref.get("targetGUID")]) for ref in source.iter(f"{PROJECT}CodeRef"))
        for source in project.iter(f"{PROJECT}TextSource")
    }
    assert frozenset({"Funding", "Voice", "Gain"}) in coded
    assert frozenset({"Funding", "bus fares"}) in coded
    assert frozenset() in coded  # what stands in no theme
    for selection in project.iter(f"{PROJECT}PlainTextSelection"):
        assert selection.get("startPosition") == "0"


def test_children_stand_in_the_order_the_format_wants(project: Element) -> None:
    """The format fixes the order of a project's children: codebook, sources, description."""
    assert [each.tag.removeprefix(PROJECT) for each in project] == ["CodeBook", "Sources", "Description"]
    assert CONSTANT in (project[2].text or "")


def test_another_audience_gets_what_was_shared_with_it() -> None:
    """A project for a funder holds only what people marked for the funder."""
    standing = canal.contributions()
    shared = [
        canal.gathered(90 + each, each, f"For the funder, too, number {each} wrote this.", "voice", audience="funder")
        for each in range(5)
    ]
    from reflect.summary.group_forms import qdpx

    made = qdpx.render(canal.summary(Wanted(audience="funder"), standing=standing + shared))
    texts = [inside.decode() for name, inside in members(made).items() if name != "project.qde"]
    assert texts
    assert all(text.startswith("For the funder") for text in texts)


def test_hostile_words(rendered: Rendered) -> None:
    """Whatever people wrote, the XML can be read, and holds their words as text."""
    content = members(rendered("qdpx", "hostile"))["project.qde"]
    assert b"<script" not in content
    fromstring(content, forbid_dtd=True)
