"""Summaries put out, held in a ledger, answered, checked and re-issued."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect import publish
from reflect.errors import NotFound, Refused, Withheld
from reflect.group import Group
from reflect.publish import Frame
from reflect.store.groups import CodebookChange, Output
from reflect.summary import group_forms
from reflect.summary.together import GroupSummary, Wanted
from tests.conftest import bytes_under
from tests.people import WHEN, gather, group_of, hexadecimal, letter, passage
from tests.summary.hub import PROMPTS

FRAME = Frame((("roles", "Roles"), ("funding", "Funding"), ("voice", "Voice")), PROMPTS)
EVERYTHING = Wanted()


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """A group in which six people wrote about funding, one passage each."""
    made, _ = group_of(tmp_path / "lead")
    with made:
        for person in range(6):
            share(made, person)
        yield made


def words(person: int) -> str:
    """What a person wrote."""
    return f"We waited for the budget again, and I was there for the {person + 2}nd time that month."


def share(group: Group, person: int, *, sequence: int = 1, **said: Any) -> None:
    """Gather one person's share."""
    gather(group, letter(group, 100 + person, [passage(person, words(person), **said)], sequence=sequence))


def take_back(group: Group, person: int) -> None:
    """Gather a share in which a person takes their passage back."""
    gather(group, letter(group, 100 + person, sequence=2, withdrawn=(hexadecimal(person),)))


def put_out(
    group: Group, form: str = "markdown", kind: str = "made", wanted: Wanted = EVERYTHING
) -> tuple[bytes, GroupSummary]:
    """Put a summary out in a file; return its content and the summary."""
    made, output = publish.make(group, wanted, FRAME, kind=kind, comment_by="2026-12-01" if kind == "draft" else "")
    content = group_forms.load(form).render(made)
    publish.put_out(group, output, [content], name=f"{kind}.{form}")
    return content, made


# -- drafts and finals --------------------------------------------------------------------------------


def test_no_final_without_a_draft(group: Group) -> None:
    """REQ-26: those who wrote see a draft before anything is final."""
    with pytest.raises(Refused, match="there has been no draft"):
        publish.make(group, EVERYTHING, FRAME, kind="final")
    assert group.outputs() == []


def test_objections_stand_in_the_final(group: Group) -> None:
    """REQ-26: what was said to the draft stands in the final text, in all its forms, and not in the draft."""
    put_out(group, kind="draft")
    group.object("You left out the buses.")
    for form in ("markdown", "json"):
        assert b"You left out the buses." in put_out(group, form, kind="final")[0]
    assert b"You left out the buses." not in put_out(group, kind="draft")[0]


def test_what_the_group_said_is_not_for_the_funder(group: Group) -> None:
    """REQ-02, REQ-26: what is said to the group's draft stands in the group's final one and in no funder's, ever."""
    funder = Wanted(audience="funder")
    for person in range(6):
        gather(group, letter(group, 100 + person, [passage(50 + person, words(person), audience="funder")], sequence=2))
    gather(group, letter(group, 106, comments=("Said before any draft.",)))
    put_out(group, kind="draft")
    with pytest.raises(Refused, match="no draft for the audience 'funder'"):
        put_out(group, kind="final", wanted=funder)
    put_out(group, kind="draft", wanted=funder)
    group.object("You left out the buses.")
    gather(group, letter(group, 107, comments=("It was louder than that.",)))
    said = ("Said before any draft.", "You left out the buses.", "It was louder than that.")
    for_group, for_funder = put_out(group, kind="final")[0], put_out(group, kind="final", wanted=funder)[0]
    for each in said:
        assert each.encode() in for_group
        assert each.encode() not in for_funder
    group.answer("The buses", "can act", "From May.")
    assert [each.point for each in group.answers(group.for_members("final"))] == ["The buses"]
    assert group.for_members("final").audience == "group"
    assert group.answers(group.output("final")) == ()


def test_a_funders_draft_alone_is_spoken_to(group: Group) -> None:
    """REQ-26: where there is only a funder's draft, what is said is said to that."""
    funder = Wanted(audience="funder")
    for person in range(6):
        gather(group, letter(group, 100 + person, [passage(50 + person, words(person), audience="funder")], sequence=2))
    put_out(group, kind="draft", wanted=funder)
    group.object("You left out the buses.")
    assert b"You left out the buses." in put_out(group, kind="final", wanted=funder)[0]


def test_one_and_the_same(group: Group) -> None:
    """REQ-38: made twice, for whomever, the summary is the same to the byte, and so is the one in the letter."""
    put_out(group, kind="draft")
    first, second = put_out(group, kind="final")[0], put_out(group, kind="final")[0]
    assert first == second
    assert publish.answer_letter(group, group.output("final"), FRAME)[0].summary.encode() == first


# -- the ledger --------------------------------------------------------------------------------------


def test_manifest_holds_no_words(group: Group) -> None:
    """Point 8: the ledger keeps ids, spans, digests, numbers, codebook, options and program version; never words."""
    put_out(group, wanted=Wanted(not_heard_from="the night staff"))
    manifest = group.output().manifest
    assert {"program", "options", "codebook", "cells", "quoted", "files"} <= manifest.keys()
    assert "budget" not in json.dumps([manifest["quoted"], manifest["files"]])
    assert {each["contribution"] for each in manifest["quoted"]} <= {hexadecimal(n) for n in range(6)}  # type: ignore[attr-defined]
    assert publish.wanted_of(group.output()) == Wanted(not_heard_from="the night staff")
    assert [cell.people for cell in publish.cells_of(group.output()) if cell.path == ()] == [6]


def test_what_was_only_looked_at_counts_too(group: Group) -> None:
    """Row 88: numbers shown on a screen are held against later ones like those in a file."""
    _, output = publish.make(group, EVERYTHING, FRAME, kind="made")
    publish.put_out(group, output)
    share(group, 6)
    made, _ = publish.make(group, EVERYTHING, FRAME, kind="made")
    assert made.total.band == "5 or more"


def test_what_was_not_put_out_does_not_count(group: Group) -> None:
    """A summary that was never put out binds no later one."""
    publish.make(group, EVERYTHING, FRAME, kind="made")
    share(group, 6)
    assert publish.make(group, EVERYTHING, FRAME, kind="made")[0].total.people == 7


def test_letters_count_too(group: Group) -> None:
    """What an answer shows is an output like any other: later numbers are held against it."""
    put_out(group, kind="draft")
    put_out(group, kind="final")
    for person in range(6, 12):
        share(group, person)
    answer, entry = publish.answer_letter(group, group.output("final"), FRAME)
    assert "12 people wrote" in answer.summary
    publish.put_out(group, entry, [b"letter"], name="answer.json")
    share(group, 12)
    assert publish.make(group, EVERYTHING, FRAME, kind="made")[0].total.band == "5 or more"
    assert group.output("final").kind == "final"


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(("take back", "share")), st.integers(0, 11)), max_size=10),
    st.lists(st.integers(1, 4), min_size=3, max_size=5),
)
def test_no_two_outputs_differ_by_few(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, int]], steps: list[int]
) -> None:
    """REQ-10, row 88: while people come and go, no two numbers of one cell differ by one to four."""
    made, _ = group_of(tmp_path_factory.mktemp("ledger"))
    gone: set[int] = set()
    with made:
        for person in range(7):
            share(made, person)
        seen: list[int] = []
        changes = iter(said)
        for step in steps:
            try:
                _, output = publish.make(made, EVERYTHING, FRAME, kind="made")
            except Withheld:
                continue
            publish.put_out(made, output)
            seen += [cell.people for cell in publish.cells_of(output) if cell.path == ()]
            for (kind, person), _ in zip(changes, range(step), strict=False):
                if kind == "take back":
                    gone.add(person)
                    take_back(made, person)
                elif person not in gone:
                    share(made, person)
        assert all(one == other or abs(one - other) >= 5 for one in seen for other in seen)


def test_a_changed_word_stops_everything(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """REQ-05: a summary whose quotation is not what was shared is not made, and the ledger stays as it was."""
    from reflect.errors import ReflectError
    from reflect.summary import together

    real = together.roll_up

    def altered(*given: Any) -> GroupSummary:
        made = real(*given)
        theme = made.themes[1]
        quote = replace(theme.quotations[0], text=theme.quotations[0].text.replace("budget", "money"))
        return replace(made, themes=(made.themes[0], replace(theme, quotations=(quote,)), made.themes[2]))

    monkeypatch.setattr(together, "roll_up", altered)
    with pytest.raises(ReflectError, match="does not match the words"):
        publish.make(group, EVERYTHING, FRAME, kind="made")
    assert group.outputs() == []


# -- checking and re-issuing ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_verified(group: Group, form: str) -> None:
    """A file as it was put out stands, quotation by quotation."""
    content, _ = put_out(group, form)
    assert publish.verify(group, content) == []


@pytest.mark.parametrize("change", [lambda c: c + b" ", lambda c: c.replace(b"budget", b"money"), lambda _: b""])
def test_a_changed_file_is_no_output(group: Group, change: Any) -> None:
    """A file with one byte changed, and one of another group, is found out."""
    content, _ = put_out(group)
    with pytest.raises(NotFound, match="no summary of this group"):
        publish.verify(group, change(content))


def test_a_withdrawn_quotation_is_found(group: Group) -> None:
    """REQ-03: after a withdrawal the earlier output no longer verifies, and is listed for re-issue until it was."""
    content, made = put_out(group)
    quoted = int(made.quotations()[0].contribution, 16)
    assert publish.to_re_issue(group) == []
    take_back(group, quoted)
    (fault,) = publish.verify(group, content)
    assert f"{quoted:032x}"[:8] in fault
    assert [each.name for each in publish.to_re_issue(group)] == ["made.markdown"]
    again, entry, differences = publish.again(group, content, FRAME)
    assert differences.gone == 1
    fresh = group_forms.load("markdown").render(again)
    publish.put_out(group, entry, [fresh], name="made.markdown")
    assert words(quoted).encode() not in fresh
    assert publish.verify(group, fresh) == []
    assert publish.to_re_issue(group) == []


def test_reworded_words_are_found(group: Group) -> None:
    """A passage that its author put into other words no longer stands as it was quoted."""
    content, made = put_out(group)
    person = int(made.quotations()[0].contribution, 16)
    other = passage(person, "We waited, and it was long.", level="reworded")
    gather(group, letter(group, 100 + person, [other], sequence=2))
    assert len(publish.verify(group, content)) == 1


def test_again_says_what_changed(group: Group) -> None:
    """Re-issued after one of six withdrew, the numbers that would tell of one person become bands, and are named."""
    content, made = put_out(group)
    unquoted = ({hexadecimal(n) for n in range(6)} - {each.contribution for each in made.quotations()}).pop()
    take_back(group, int(unquoted, 16))
    again, _, differences = publish.again(group, content, FRAME)
    assert differences.gone == 0
    assert {"total", "theme funding"} <= set(differences.numbers)
    assert again.total.band == "5 or more"


def test_again_with_nothing_new_is_the_same(group: Group) -> None:
    """Nothing withdrawn: the re-issue is the same file, byte for byte, and says so."""
    content, _ = put_out(group)
    made, _, differences = publish.again(group, content, FRAME)
    assert group_forms.load("markdown").render(made) == content
    assert (differences.gone, differences.others, differences.numbers) == (0, 0, ())


def test_again_keeps_its_period_and_audience(group: Group) -> None:
    """A re-issue is made with what was asked of the first one."""
    wanted = Wanted(since="2026-07-01", until="2026-12-31", period="this half", not_heard_from="the night staff")
    content, _ = put_out(group, wanted=wanted)
    assert publish.again(group, content, FRAME)[0].wanted == wanted


def test_re_issued_final_keeps_its_objections_and_answers(group: Group) -> None:
    """REQ-26, REQ-37: what was said to the draft, and the replies, are in the re-issue and in the letter after it."""
    put_out(group, kind="draft")
    group.object("You left out the buses.")
    content, _ = put_out(group, kind="final")
    group.answer("Funding", "can act", "From May.")
    put_out(group, kind="draft")
    group.object("To the next one.")
    made, entry, _ = publish.again(group, content, FRAME)
    assert made.objections == ("You left out the buses.",)
    publish.put_out(group, entry, [b"again"])
    answer, _ = publish.answer_letter(group, group.output("final"), FRAME)
    assert [each.reply for each in answer.answers] == ["From May."]
    assert "You left out the buses." in answer.summary
    assert "To the next one." not in answer.summary


def test_letters_are_written_anew(group: Group) -> None:
    """A letter is checked like any file, listed when a quotation fell, and not re-issued but written anew."""
    put_out(group, kind="draft")
    answer, entry = publish.answer_letter(group, group.output("draft"), FRAME)
    publish.put_out(group, entry, [b"the letter"], name="draft.letter.json")
    assert publish.verify(group, b"the letter") == []
    take_back(group, int(answer.quoted[0], 16))
    assert [each.name for each in publish.to_re_issue(group)] == ["draft.markdown", "draft.letter.json"]
    with pytest.raises(Refused, match="written anew"):
        publish.again(group, b"the letter", FRAME)
    _, entry = publish.answer_letter(group, group.output("draft"), FRAME)
    publish.put_out(group, entry, [b"a new letter"], name="draft.letter.json")
    assert [each.name for each in publish.to_re_issue(group)] == ["draft.markdown"]


def test_a_note_is_written_anew(group: Group) -> None:
    """REQ-03: a session's note is listed while it quotes what was taken back, and is not re-issued as a summary is."""
    there = next(each for each in group.contributions() if int(each.id, 16) == 1)
    publish.put_out_note(group, "4k2m", [(there.id, there.words)], {"note.md": b"old"}, audience="group", name="n")
    assert publish.verify(group, b"old") == []
    take_back(group, 1)
    assert [each.name for each in publish.to_re_issue(group)] == ["n"]
    with pytest.raises(Refused, match="written anew") as refused:
        publish.again(group, b"old", FRAME)
    assert "session note 4k2m" in refused.value.next_step
    publish.put_out_note(group, "4k2m", [], {"note.md": b"new"}, audience="group")
    assert publish.to_re_issue(group) == []


def test_each_file_of_a_pack_is_re_issued(group: Group) -> None:
    """A pack stays listed until each of its files was re-issued."""
    made, output = publish.make(group, EVERYTHING, FRAME, kind="made")
    publish.put_out(group, output, pack={"a.md": b"a", "b.md": b"b"}, name="pack")
    take_back(group, int(made.quotations()[0].contribution, 16))
    for name, expected in (("a.md", ["pack"]), ("b.md", [])):
        _, entry, _ = publish.again(group, name[:1].encode(), FRAME)
        publish.put_out(group, entry, pack={name: b"new " + name.encode()}, name=name)
        assert [each.name for each in publish.to_re_issue(group)] == expected


def test_after_closing_nothing_can_be_checked(group: Group) -> None:
    """A closed group says that it can't check a file any more; it does not say that it stands."""
    content, _ = put_out(group)
    group.close()
    with pytest.raises(Refused, match="erased"):
        publish.verify(group, content)
    with pytest.raises(Withheld):
        publish.again(group, content, FRAME)
    assert words(0).encode() not in bytes_under(group.folder)


# -- answers -----------------------------------------------------------------------------------------


def test_letter_holds_what_was_said_and_what_comes_of_it(group: Group) -> None:
    """REQ-36, REQ-37: the letter holds the summary, which passages it quotes, and every reply."""
    put_out(group, kind="draft")
    put_out(group, kind="final")
    group.answer("Funding", "can pass on", "The council was told.")
    answer, _ = publish.answer_letter(group, group.output("final"), FRAME)
    made, _ = publish.make(group, EVERYTHING, FRAME, kind="final")
    assert set(answer.quoted) == {each.contribution for each in made.quotations()}
    assert (answer.kind, answer.output, answer.made_on) == ("final", group.output("final").id, WHEN.date().isoformat())
    assert [(each.point, each.outcome, each.reply) for each in answer.answers] == [
        ("Funding", "can pass on", "The council was told.")
    ]


def test_themes_by_their_beginnings(group: Group) -> None:
    """A theme is named by its id or the beginning of it, in the group's own codebook; another is told."""
    group.change_codebook(
        CodebookChange("buses", "added", "Getting there", "", "", "half of us wrote of it", "2026-11-20")
    )
    assert [publish.theme(group, name, FRAME) for name in ("", "fund", "BUSES")] == ["", "funding", "buses"]
    for name in ("x", "r o"):
        with pytest.raises(NotFound, match="there are roles, funding, voice, buses"):
            publish.theme(group, name, FRAME)


def test_no_options_no_summary(group: Group) -> None:
    """A ledger's entry without options is told and not guessed."""
    with pytest.raises(NotFound):
        publish.wanted_of(Output(hexadecimal(1), "made", "group", "2026-11-20", "", {"options": None}))
