"""Every format that can be brought in: found by itself, and held to the same promises."""

from __future__ import annotations

import json
import plistlib
import re
from datetime import datetime
from importlib import import_module
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect.errors import ReflectError, Refused, Usage
from reflect.exchange import importers
from reflect.exchange.arriving import Wishes
from reflect.exchange.our_fields import entry_text
from reflect.exchange.our_json import EntryFields, OriginFields
from tests.exchange.importers.reading import Found, read
from tests.exchange.importers.test_reflect import ENTRY, journal

ODD = (
    "[bold]not markup[/bold] `this` <script>alert(1)</script> | a & b; \"quoted\", 'too' {0} %s $(rm x)",
    "escape \x1b[31mred\x1b[0m and \x07 bell",
    "turned \u202eback\u202c and e\u0301 \U0001f469\u200d\U0001f467 \u65e5\u672c",
    "'); DROP TABLE entry; --",
)
"""Words that any file may hold."""


def sample(form: str, texts: tuple[str, ...]) -> dict[str, str | bytes]:
    """Return files of a format that hold these words, an entry each, one minute after the other."""
    times = [f"2026-11-20 10:{number:02}" for number in range(len(texts))]
    both = list(zip(times, texts, strict=True))
    made: dict[str, dict[str, str | bytes]] = {
        "jrnl": {"j.txt": "\n".join(f"[{at}] {text}\n" for at, text in both)},
        "jrnl-json": {
            "j.json": json.dumps(
                {"entries": [{"title": text, "body": "", "date": at[:10], "time": at[11:]} for at, text in both]}
            )
        },
        "dayone": {
            "J.json": json.dumps(
                {
                    "entries": [
                        {"uuid": at, "creationDate": f"{at}:00Z".replace(" ", "T"), "text": _escaped(text)}
                        for at, text in both
                    ]
                }
            ),
            "entries/x.doentry": plistlib.dumps(
                {"Creation Date": datetime.fromisoformat("2014-06-01T22:30:00"), "Entry Text": "classic"}
            ),
        },
        "markdown": {f"{number}.md": f"---\ndate: {at}\n---\n{text}\n" for number, (at, text) in enumerate(both)},
        "csv": {"c.csv": "date,text\n" + "".join(f"{at},{_cell(text)}\n" for at, text in both)},
        "journal-cli": {"j.json": json.dumps([{"date": f"{at} UTC", "data": {"a": {"b": text}}} for at, text in both])},
        "reflect": {
            "j.json": journal(
                *(
                    ENTRY
                    | {"id": f"0000000{number}", "text": text, "prompt": None, "marks": [], "history": []}
                    | {"happened_at": f"{at}:00+00:00".replace(" ", "T")}
                    for number, (at, text) in enumerate(both)
                )
            )
        },
    }
    return made[form]


PIECES = [
    *(
        b"",
        b'"',
        b"'",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"null",
        b"true",
        b"-1",
        b"1e999",
        b"9" * 400,
        b"\\ud800",
        b"\\u0000",
    ),
    *(b"\0", b"\xff", b"---\n", b"\n\n", b"2026-02-30", b"9999-12-31", b"0001-01-01 00:00", b"\xe2\x80\xa8", b"<key>"),
    *(b"[2026-01-01 10:00] ", b"[2026-01-01T10:00Z] ", b"+99:99", b"#", b": ", b"- ", b"|", b"&a ", b"*a", b";", b"\t"),
    *(b"sep=;\n", b"25:61", b"12:00:00 PM", b"encoding='none'", b"</string>", b"id: x\n", b"x" * 2000),
]
SPLICES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES)), min_size=1, max_size=6)
"""Where in a file something is taken out, as a share of it; how many bytes; and what is put there."""


def _spliced(content: str | bytes, splices: list[tuple[float, int, bytes]]) -> bytes:
    made = bytearray(content if isinstance(content, bytes) else content.encode())
    for share, many, piece in splices:
        at = int(share * len(made))
        made[at : at + many] = piece
    return bytes(made)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()#+.!<>|-])", r"\\\1", text) if "`" not in text else text


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("form", importers.names())
class TestEveryFormat:
    """What a module in the folder must keep; a new file is held to it the moment it exists."""

    def test_says_what_it_is(self, form: str) -> None:
        """A format has a docstring of one line, endings, a family and options that are wishes."""
        module = import_module(f"{importers.__name__}.{form.replace('-', '_')}")
        assert module.__doc__
        assert "\n" not in module.__doc__.strip()
        assert all(ending.startswith(".") for ending in module.ENDINGS)
        assert module.FAMILY
        assert set(Wishes.__dataclass_fields__) >= module.OPTIONS

    def test_words_arrive_letter_for_letter(self, form: str) -> None:
        """Whatever words hold, they arrive as they were (Row 7, Row 8, Row 9, Row 14)."""
        found = read(form, sample(form, ODD))
        assert not found.refusals
        assert [text for text in found.texts if text != "classic"] == list(ODD)

    def test_reading_twice_gives_the_same(self, form: str) -> None:
        """The same file read again has the same entries under the same keys."""
        first, second = (read(form, sample(form, ODD)) for _ in range(2))
        assert first.arrivals == second.arrivals
        assert len({each.key for each in first.arrivals}) == len(first.arrivals)

    def test_each_entry_can_be_stored(self, form: str) -> None:
        """Times have an offset, tags are as they are stored, and words begin and end with words."""
        for entry in read(form, sample(form, ODD)).entries:
            assert datetime.fromisoformat(entry.happened_at).tzinfo is not None
            assert datetime.fromisoformat(entry.written_at).tzinfo is not None
            assert entry.text.strip("\n") == entry.text
            assert entry.precision in ("minute", "day")

    def test_any_bytes_are_refused_or_read(self, form: str) -> None:
        """Bytes of another kind end in a sentence, never in a fault."""
        for content in (
            b"",
            b"\xff\xfe\xfa",
            b"\0" * 50,
            b"{",
            b"[]",
            b"[1]",
            b"---\n",
            b'"',
            b"\x1f\x8b\x08",
            b"[a] b",
        ):
            try:
                found = read(form, dict.fromkeys(sample(form, ODD), content))
            except Refused as refused:
                assert refused.why or refused.what  # noqa: PT017 - either way of saying it is right
            else:
                assert isinstance(found, Found)
                assert not found.arrivals

    @settings(max_examples=60, deadline=None)
    @given(splices=SPLICES)
    def test_whatever_a_file_becomes_it_ends_in_a_sentence(
        self, form: str, splices: list[tuple[float, int, bytes]]
    ) -> None:
        """Wherever a file is cut and whatever is put there: it is refused, or what is read can be stored and exported.

        That is more than words: ids, titles, tags and questions pass into our own JSON and back (Row 24, Row 25).
        """
        files = {name: _spliced(content, splices) for name, content in sample(form, ODD).items()}
        try:
            found = read(form, files)
        except ReflectError as refused:
            assert refused.what  # noqa: PT017 - either way of saying it is right
            return
        assert all(each.why for each in found.refusals)
        for each in found.arrivals:
            entry = EntryFields.model_validate(json.loads(entry_text(each.whole)))
            OriginFields(kind=form, key=each.key, batch="00000000")
            assert datetime.fromisoformat(entry.happened_at).tzinfo is not None

    def test_of_several_files_one_may_be_unreadable(self, form: str) -> None:
        """It is a refusal of its own, nothing of it comes, and the others are read (Row 24)."""
        files = sample(form, ODD)
        name, content = next(iter(files.items()))
        whole = content if isinstance(content, bytes) else content.encode()
        bad = f"z{PurePosixPath(name).suffix}"
        found = read(form, files | {bad: whole[: len(whole) // 2] + b"\xff\xff"})
        assert [(each.file, each.stops) for each in found.refusals] == [(bad, True)]
        assert [text for text in found.texts if text != "classic"] == list(ODD)
        assert {each.file for each in found.arrivals} == set(files)

    def test_a_file_cut_anywhere_is_refused_or_read_in_part(self, form: str) -> None:
        """Wherever a file is cut, what is read of it is entries of the whole one, or it is refused (Row 24)."""
        name, whole = next(iter(sample(form, ODD[:2]).items()))
        content = whole if isinstance(whole, bytes) else whole.encode()
        full = "\n".join(ODD)
        for cut in range(0, len(content), 7):
            try:
                found = read(form, {name: content[:cut]})
            except Refused:
                continue
            texts = [re.sub(r"\n+\[[\d: -]*$", "", text) for text in found.texts]  # a date that was cut is words
            assert all(text in full for text in texts), texts


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    """A wrong name is refused, with the nearest one and the list."""
    with pytest.raises(Usage, match="no format 'jrn'") as refused:
        importers.load("jrn")
    assert "journal-cli" in refused.value.why
    assert refused.value.next_step == "did you mean jrnl?"
    with pytest.raises(Usage, match="no format '__init__'"):
        importers.load("__init__")


MANY = 300_000
MONOTONOUS = {
    "a name of blanks": ("markdown", f"---\ndate: 2026-01-01\na{' ' * MANY}b: c\n---\nwords"),
    "a name without an end": ("markdown", f"---\ndate: 2026-01-01\na{' ' * MANY}b :c\n---\nwords"),
    "brackets": ("markdown", f"---\ndate: 2026-01-01\ntags: [{'[[' * MANY}]\n---\nwords"),
    "a date": ("markdown", f"---\ndate: 2026{' ' * MANY}x\n---\nwords"),
    "a heading": ("markdown", f"---\ndate: 2026-01-01\n---\n# a{' ' * MANY}b\nwords"),
    "links": (
        "dayone",
        json.dumps({"entries": [{"uuid": "A", "creationDate": "2026-01-10T12:22:12Z", "text": "![" * MANY}]}),
    ),
    "a cell": ("csv", f"date,text\n2026-01-01{' ' * MANY}x,words\n"),
}


@pytest.mark.parametrize("what", MONOTONOUS)
def test_monotonous_files_hang_nothing(what: str) -> None:
    """The time that a line takes grows with its length and not with its square, which here would be hours (Row 26)."""
    form, content = MONOTONOUS[what]
    found = read(form, content)
    assert len(found.arrivals) + len(found.refusals) == 1
