"""Invitation, share and answer: read strictly, written the same every time, refused by the name of what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reflect.errors import NewerVersion, Refused
from reflect.exchange import letters
from tests.people import AGREEMENT, hexadecimal, passage

INVITATION = AGREEMENT | {"reflect": "invitation", "format": 1, "group": "abcd1234", "keys": ["age1" + "q" * 58]}
SHARE: dict[str, Any] = {
    "reflect": "share",
    "format": 1,
    "group": "abcd1234",
    "contributor": hexadecimal(7),
    "sequence": 1,
    "contributions": [passage(1, "Nobody asked her.")],
}
ANSWER: dict[str, Any] = {
    "reflect": "answer",
    "format": 1,
    "group": "abcd1234",
    "output": hexadecimal(1),
    "kind": "final",
    "audience": "group",
    "made_on": "2026-11-20",
    "quoted": [hexadecimal(1)],
    "summary": "# What we wrote",
    "answers": [{"point": "Funding", "outcome": "can act", "reply": "From May."}],
}
LETTERS = {"invitation": INVITATION, "share": SHARE, "answer": ANSWER}

Change = Callable[[dict[str, Any]], None]


def as_file(value: object) -> bytes:
    """A letter as it would lie in a file."""
    return json.dumps(value).encode()


def changed(kind: str, /, **values: object) -> bytes:
    """A letter with some of its fields changed."""
    return as_file(LETTERS[kind] | values)


def with_passage(**values: object) -> bytes:
    """A share whose one contribution has some of its fields changed."""
    return changed("share", contributions=[passage(1, "Nobody asked her.") | values])


# -- good ones ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LETTERS)
def test_round_trip(kind: str) -> None:
    """A letter comes back as it was written, always as the same bytes."""
    read = letters.read(as_file(LETTERS[kind]), "file.json")
    assert read.reflect == kind
    assert letters.read(letters.write(read), "file.json") == read
    assert letters.write(letters.read(letters.write(read), "file.json")) == letters.write(read)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_any_words_travel_unchanged(words: str) -> None:
    """REQ-05, REQ-15: any words of any script, angry ones and signs that terminals obey included, arrive unaltered."""
    read = letters.read(with_passage(words=words), "file.json")
    assert isinstance(read, letters.Share)
    assert letters.read(letters.write(read), "file.json").contributions[0].words == words


def test_expect_names_both_kinds() -> None:
    """Where another kind of letter is needed, both are named."""
    answer = letters.read(as_file(ANSWER), "answer.json")
    with pytest.raises(Refused, match=r"answer\.json is an answer: here one needs an invitation"):
        letters.expect(answer, letters.Invitation, "answer.json")
    with pytest.raises(Refused, match="here one needs a share"):
        letters.expect(answer, letters.Share, "answer.json")
    assert letters.expect(answer, letters.Answer, "answer.json") is answer


# -- rows 25 and 37 to 43: what is refused, and by what name ----------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (as_file(SHARE)[:-30], "damaged or cut in x.json, line 1, column"),
        (as_file(SHARE)[:1], "damaged or cut in x.json, line 1, column"),
        (b"", "damaged or cut"),
        (b"\xff\xfe{}", "not UTF-8 in x.json, byte 0"),
        (b"PK\x03\x04" + b"\x00" * 40, "damaged or cut"),
        (b"SQLite format 3\x00", "damaged or cut"),
        (b"[" * 100_000, "nested too deeply in x.json"),
        (b'{"reflect": ' + b"[" * 100_000, "nested too deeply in x.json"),
        (b'{"reflect": "share", "format": ' + b"9" * 5000 + b"}", "can't be used in x.json"),
        (b'{"reflect": "share", "format": NaN}', "NaN is no number"),
        (b'{"reflect": "share", "sequence": -Infinity}', "-Infinity is no number"),
        (b'{"reflect": "share", "group": "a", "group": "b"}', "the key 'group' stands twice"),
        (b"[]", "is not a file of reflect's"),
        (b'"share"', "is not a file of reflect's"),
        (b"{}", "is not a file of reflect's"),
        (b'{"reflect": "journal"}', "is not a file of reflect's"),
        (b'{"reflect": ["share"]}', "is not a file of reflect's"),
    ],
)
def test_what_is_no_letter(content: bytes, said: str) -> None:
    """Rows 25, 37 to 41: a cut, foreign, nested, doubled or endless file is refused by name, with exit code 3."""
    with pytest.raises(Refused) as refused:
        letters.read(content, "x.json")
    assert said in str(refused.value)
    assert "x.json" in str(refused.value)
    assert refused.value.exit_code == 3


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (changed("share", host="laptop-3"), "field host: no such field"),
        (with_passage(written_at="2026-11-20T16:00:00"), "field contributions.1.written_at: no such field"),
        (changed("share", contributor="Ada"), "field contributor"),
        (changed("share", group="../../etc"), "field group"),
        (changed("share", sequence=0), "field sequence"),
        (changed("share", sequence="many"), "field sequence"),
        (changed("share", format=0), "field format"),
        (changed("share", format="one"), "field format"),
        (changed("share", withdrawn=["all"]), "field withdrawn.1"),
        (changed("share", contributions=None), "field contributions"),
        (changed("share", comments=[3]), "field comments.1"),
        (changed("share", site="North\x1b[2J"), "field site"),
        (with_passage(id="../evil"), "field contributions.1.id"),
        (with_passage(words="half \ud800 a sign"), "field contributions.1.words"),
        (with_passage(leads_to="half \ud800 a sign"), "field contributions.1.leads_to"),
        (with_passage(attribution="a\nb"), "field contributions.1.attribution"),
        (with_passage(audience="everybody"), "field contributions.1.audience"),
        (with_passage(level="whole"), "field contributions.1.level"),
        (with_passage(stance="angry"), "field contributions.1.stance"),
        (with_passage(week="2026-W60"), "field contributions.1.week"),
        (with_passage(week="2026-11-20"), "field contributions.1.week"),
        (with_passage(themes=["../../roles"]), "field contributions.1.themes.1"),
        (with_passage(prompt={"id": "a", "text": "b", "answer": "c"}), "field contributions.1.prompt.answer"),
        (changed("invitation", fewest=2), "field fewest"),
        (changed("invitation", keys=[]), "field keys"),
        (changed("invitation", keys=["ssh-rsa AAAA"]), "field keys.1"),
        (changed("invitation", respond_by="2026-02-31"), "field respond_by"),
        (changed("invitation", erase_on="soon"), "field erase_on"),
        (changed("answer", answers=[{"point": "a", "outcome": "will do", "reply": "b"}]), "field answers.1.outcome"),
        (changed("answer", kind="made"), "field kind"),
    ],
)
def test_what_does_not_fit(content: bytes, field: str) -> None:
    """Rows 13, 25, 34: an unknown field or a value that can't stand is refused by its field and record."""
    with pytest.raises(Refused) as refused:
        letters.read(content, "x.json")
    assert f"x.json, {field}" in str(refused.value)


@pytest.mark.parametrize("field", ["name", "purpose", "audience", "keeper", "responder"])
@pytest.mark.parametrize("said", ["", "   "])
def test_nothing_opens_without_being_said(field: str, said: str) -> None:
    """REQ-35: an invitation without purpose, audience or responder is none."""
    with pytest.raises(Refused, match=f"field {field}"):
        letters.read(changed("invitation", **{field: said}), "x.json")


@pytest.mark.parametrize(
    "beside", [{"words": "Her name"}, {"leads_to": "buses"}, {"attribution": "Ada"}, {"occasion": "after-meeting"}]
)
def test_a_theme_carries_no_words(beside: dict[str, str]) -> None:
    """Rule 1: a share whose passage is a theme only and has words or a name all the same is refused."""
    with pytest.raises(Refused, match="carries no words"):
        letters.read(changed("share", contributions=[passage(1) | beside]), "x.json")


@pytest.mark.parametrize("level", ["verbatim", "reworded"])
@pytest.mark.parametrize("words", ["", " \n"])
def test_a_quotation_has_words(level: str, words: str) -> None:
    """A passage that is to be quoted and has no words is refused."""
    with pytest.raises(Refused, match="needs its words"):
        letters.read(with_passage(level=level, words=words), "x.json")


@pytest.mark.parametrize("kind", LETTERS)
def test_newer_format(kind: str) -> None:
    """Row 42: a letter in a newer format is refused with both formats named and exit code 9."""
    with pytest.raises(NewerVersion, match=f"this {kind} is in format 7 and this reflect reads up to 1") as refused:
        letters.read(changed(kind, format=7, new_field=1), "x.json")
    assert refused.value.exit_code == 9


@pytest.mark.parametrize("version", [2.0, 1.5, "1", "2", True, None])
def test_a_format_is_a_whole_number(version: object) -> None:
    """A format that is no whole number is refused, and never read as one of ours (row 42)."""
    with pytest.raises(Refused, match="format"):
        letters.read(as_file(SHARE | {"format": version}), "x.json")


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 38: a letter beyond the cap is refused before it is read."""
    monkeypatch.setattr(letters, "LARGEST", 100)
    with pytest.raises(Refused, match="too large"):
        letters.read(as_file(SHARE), "x.json")


@given(st.binary(max_size=200))
def test_rubbish(content: bytes) -> None:
    """Whatever bytes come, the answer is a refusal and never a fault."""
    with pytest.raises(Refused):
        letters.read(content, "x.json")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(sorted(SHARE)),
)
@example(2.0, "format")
def test_any_value_in_any_field(value: object, field: str) -> None:
    """Whatever stands in a field, the letter is read whole or refused; nothing else happens."""
    content = as_file(SHARE | {field: value})
    try:
        read = letters.read(content, "x.json")
    except (Refused, NewerVersion):
        return
    assert letters.read(letters.write(read), "x.json") == read
