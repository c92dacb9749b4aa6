"""REFI-QDA: codebooks out and in, and what a hostile or damaged one meets."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from reflect.errors import Refused
from reflect.exchange import refi_qda
from reflect.exchange.refi_qda import Code, Found, Passage

CODEBOOK = "{urn:QDA-XML:codebook:1.0}"
GUID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
CODES = [
    Code("theme funding", "Funding", "Who pays, and who decides."),
    Code("said", "Said", is_codable=False, codes=(Code("gain", "Gain"), Code("loss", "Loss & <more>"))),
]


def qdc(codes: str, namespace: str = "urn:QDA-XML:codebook:1.0") -> bytes:
    """Return a codebook another program might have written."""
    return f'<?xml version="1.0"?><CodeBook xmlns="{namespace}" origin="X"><Codes>{codes}</Codes></CodeBook>'.encode()


def code(name: str, inside: str = "", number: int = 1, codable: str = "true") -> str:
    """Return one code of such a codebook."""
    return f'<Code guid="1FF58B12-6F6F-4B0C-8BE5-{number:012d}" name="{name}" isCodable="{codable}">{inside}</Code>'


class TestCodebookOut:
    """What a `.qdc` of ours holds."""

    def test_structure(self) -> None:
        """The root, its codes and their attributes are those that the format requires."""
        root = fromstring(refi_qda.codebook(CODES))
        assert root.tag == f"{CODEBOOK}CodeBook"
        assert [each.tag for each in root] == [f"{CODEBOOK}Codes"]
        for each in root.iter(f"{CODEBOOK}Code"):
            assert set(each.attrib) == {"guid", "name", "isCodable"}
            assert GUID.fullmatch(each.get("guid", ""))
            assert each.get("isCodable") in ("true", "false")
        funding = root[0][0]
        assert [each.tag.removeprefix(CODEBOOK) for each in funding] == ["Description"]
        assert [each.get("name") for each in root[0][1]] == ["Gain", "Loss & <more>"]

    def test_bytes(self) -> None:
        """There is no byte-order mark, and the same codes give the same bytes."""
        made = refi_qda.codebook(CODES)
        assert made.startswith(b"<?xml")
        assert made == refi_qda.codebook(list(CODES))
        assert b"\r" not in made

    @given(st.text(min_size=1), st.text())
    def test_any_name_makes_xml_that_can_be_read(self, name: str, description: str) -> None:
        """Whatever a theme is called, the codebook is well formed."""
        fromstring(refi_qda.codebook([Code("x", name, description)]))


class TestCodebookIn:
    """What a `.qdc` of others may hold."""

    def test_our_own(self) -> None:
        """What went out comes in: names, ids and definitions; a mere heading does not."""
        found = refi_qda.read_codebook(refi_qda.codebook(CODES), "ours.qdc")
        assert found == [
            Found(refi_qda.guid("theme funding"), "Funding", "Who pays, and who decides."),
            Found(refi_qda.guid("gain"), "Gain", ""),
            Found(refi_qda.guid("loss"), "Loss & <more>", ""),
        ]

    @pytest.mark.parametrize("namespace", ["urn:QDA-XML:codebook:1.0", "urn:QDA-XML:codebook:1:0", ""])
    def test_any_name_space(self, namespace: str) -> None:
        """The wrong name spaces that some programs write are read, too."""
        assert [each.name for each in refi_qda.read_codebook(qdc(code("A"), namespace), "x")] == ["A"]

    def test_names_that_stand_twice_are_told_apart(self) -> None:
        """A name that stands in two places gets the names it stands in before it."""
        nested = code("Pay", code("Late", number=2)) + code("Care", code("Late", number=4), number=3)
        names = [each.name for each in refi_qda.read_codebook(qdc(nested), "x")]
        assert sorted(names) == ["Care", "Care / Late", "Pay", "Pay / Late"]

    def test_braces_and_lower_case_ids(self) -> None:
        """An id may stand in braces and in lower case."""
        content = qdc('<Code guid="{1ff58b12-6f6f-4b0c-8be5-bbdc91f55294}" name="A" isCodable="true"/>')
        assert refi_qda.read_codebook(content, "x")[0].guid == "1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294"

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b'<?xml version="1.0"?><!DOCTYPE c [<!ENTITY a "b">]><CodeBook/>', "document type or entities"),
            (b'<!DOCTYPE c SYSTEM "http://evil.example/x.dtd"><CodeBook/>', "document type or entities"),
            (b'<!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/passwd">]><CodeBook>&a;</CodeBook>', "document type"),
            (b"", "damaged, or no XML"),
            (b"PK\x03\x04", "damaged, or no XML"),
            (b"<CodeBook", "damaged, or no XML"),
            (b"\xff\xfe\x00", "damaged, or no XML"),
            (b'<?xml version="1.0" encoding="no-such"?><CodeBook/>', "damaged, or no XML"),
            (b"<Project/>", "is no codebook"),
            (b"<CodeBook><Codes/></CodeBook>", "holds no codes"),
            (qdc(code("")), "code 1: it has no name"),
            (qdc(code("A") + code("x" * 121)), "code 2: a name is one line"),
            (qdc(code("&#x202e;A")), "a name is one line"),
            (qdc(code("A", codable="false")), "holds no codes"),
            (qdc(code("A") * (refi_qda.MOST + 1)), "too many codes"),
            (b" " * (refi_qda.LARGEST + 1), "too large"),
        ],
    )
    def test_refused(self, content: bytes, why: str) -> None:
        """What can't be a codebook, or might do harm, is refused by name and reason."""
        with pytest.raises(Refused, match=re.escape(why)):
            refi_qda.read_codebook(content, "in.qdc")

    def test_deep_nesting(self) -> None:
        """Codes without end inside one another are refused, and quickly."""
        deep = '<Code guid="" name="A">' * 50_000 + "</Code>" * 50_000
        with pytest.raises(Refused, match="nested too deeply"):
            refi_qda.read_codebook(qdc(deep), "in.qdc")

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, content: bytes) -> None:
        """No content makes anything but a refusal."""
        with pytest.raises(Refused):
            refi_qda.read_codebook(content, "in.qdc")


class TestNewCodes:
    """Which codes of a file are new to a group."""

    KNOWN = {"funding": "Funding", "voice": "Voice"}  # noqa: RUF012 - read only

    def test_known_by_id_or_name(self) -> None:
        """A theme is known by its id, also once renamed elsewhere, and by its name in any case."""
        found = [Found(refi_qda.guid("theme funding"), "Money", ""), Found("X", "VOICE", ""), Found("Y", "Buses", "")]
        assert refi_qda.new_codes(found, self.KNOWN) == [("buses", found[2])]

    def test_ids_are_short_plain_and_free(self) -> None:
        """An id is made from the name, and is never that of another theme or of one that was merged away."""
        names = ["Getting there", "Café & Türen", "日本語", "公共", "Funding!", "x" * 100, "Merged"]
        found = [Found(str(at), name, "") for at, name in enumerate(names)]
        made = [identity for identity, _ in refi_qda.new_codes(found, self.KNOWN, ["merged"])]
        assert made == ["getting-there", "cafe-turen", "theme", "theme-2", "funding-2", "x" * 30, "merged-2"]
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) and len(each) <= 40 for each in made)


class TestProject:
    """What a `.qdpx` of ours holds beside what its form's tests say."""

    def test_empty(self) -> None:
        """Without codes and passages there is neither codebook nor sources, which may not be empty."""
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(refi_qda.project("N", "D", [], []))) as archive:
            assert archive.namelist() == ["project.qde"]
            assert [each.tag.split("}")[1] for each in fromstring(archive.read("project.qde"))] == ["Description"]

    def test_positions_count_code_points(self) -> None:
        """The selection ends after the last code point, emoji included."""
        made = refi_qda.project("N", "D", [Code("a", "A")], [Passage("p", "P", "a 🫖 b", "", ("a",))])
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            assert b'endPosition="5"' in archive.read("project.qde")
            times = {each.date_time for each in archive.infolist()}
        assert times == {(1980, 1, 1, 0, 0, 0)}

    def test_ids_differ(self) -> None:
        """Every id stands once, and every reference finds its code."""
        passages = [Passage(f"p{at}", "P", "words", "", ("a", "b")) for at in range(3)]
        made = refi_qda.project("N", "D", [Code("a", "A"), Code("b", "B")], passages)
        import io
        import zipfile

        with zipfile.ZipFile(io.BytesIO(made)) as archive:
            text = archive.read("project.qde").decode()
        ids = sorted(re.findall(r' guid="([^"]+)"', text))
        assert all(one != other for one, other in pairwise(ids))
        assert set(re.findall(r'targetGUID="([^"]+)"', text)) <= set(ids)
