"""A group's summary: what it says of whom, and what it never says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect.errors import ReflectError, Withheld
from reflect.store.groups import CodebookChange, Coding, Gathered, Reading
from reflect.summary import excerpts, group_forms, protect, together
from reflect.summary.protect import Cell
from reflect.summary.together import CONSTANT, Agreed, GroupSummary, GroupTheme, Material, Offered, Wanted
from reflect.summary.together_say import NO_ACTION, actions, attributed
from reflect.words import stems
from tests.people import hexadecimal
from tests.summary.hub import PROMPTS

THEMES = (("roles", "Roles"), ("funding", "Funding"), ("voice", "Voice"), ("language", "Language"))
AGREED = Agreed(
    name="Hub partners",
    purpose="fair meetings",
    audience="the partners",
    keeper="Dilys",
    responder="Femi",
    respond_by="2026-12-15",
    cost="",
    fewest=5,
    sites=(),
    glossary={},
)
BUDGET = "We waited for the budget again, and nobody who is paid said a word about it."
LONE = "I like it as it is, and I am glad that somebody decides."
EVERYTHING = Wanted()

Numbers = list[tuple[tuple[str, ...], tuple[str, str], int]]


def said(number: int, person: int, words: str = "", *themes: str, **more: Any) -> Gathered:
    """One contribution, as a group holds it; about funding where nothing else is said."""
    values: dict[str, Any] = {
        "id": hexadecimal(number),
        "contributor": hexadecimal(person),
        "site": "",
        "audience": "group",
        "level": "verbatim" if words else "theme",
        "words": words,
        "themes": themes or ("funding",),
        "prompt": "",
        "asked": "",
        "occasion": "after-meeting" if words else "",
        "week": "2026-W40",
        "stance": "",
        "leads_to": "",
        "alone_ok": False,
        "attribution": "",
    }
    return Gathered(**values | more)


def people(many: int, *themes: str, start: int = 0, **more: Any) -> list[Gathered]:
    """So many people with one passage each, on the same themes."""
    first = 10**6 + 1000 * sum(map(ord, "".join(themes))) + start
    return [said(first + n, start + n, f"{BUDGET} It was my {n + 2}nd time.", *themes, **more) for n in range(many)]


def roll(
    contributions: Sequence[Gathered],
    wanted: Wanted = EVERYTHING,
    *,
    material: dict[str, Any] | None = None,
    **agreed: Any,
) -> GroupSummary:
    """The summary of these contributions."""
    values: dict[str, Any] = {
        "contributions": sorted(contributions, key=lambda each: each.id),
        "people": {},
        "codings": (),
        "changes": (),
        "themes": THEMES,
        "prompts": PROMPTS,
        "earlier": (),
    }
    return together.roll_up(replace(AGREED, **agreed), Material(**values | (material or {})), wanted)


def theme(made: GroupSummary, identity: str = "funding") -> GroupTheme:
    """One of its themes."""
    return next(each for each in made.themes if each.id == identity)


def texts(found: Sequence[Any]) -> set[str]:
    """The words of quotations."""
    return {each.text for each in found}


def everything(made: GroupSummary) -> str:
    """All that its plain forms show."""
    return "\n".join(group_forms.load(form).render(made).decode() for form in ("markdown", "json"))


def readable(rendered: bytes) -> str:
    """The text of a form, those that are archives included."""
    if not zipfile.is_zipfile(io.BytesIO(rendered)):
        return rendered.decode()
    with zipfile.ZipFile(io.BytesIO(rendered)) as archive:
        return "\n".join(archive.read(each).decode("utf-8", "replace") for each in archive.namelist())


# -- what a summary says -----------------------------------------------------------------------


def test_how_it_was_made() -> None:
    """REQ-24: a summary says for whom it is, who could read what, how many wrote, how it was placed, who is missing."""
    made = roll(people(6), Wanted(not_heard_from="the night staff"))
    shown = everything(made)
    assert "'group', and nothing else. Who wrote: 6 people." in shown
    assert "Dilys holds the key" in shown
    assert "under the themes its author chose" in shown
    assert "the night staff" in shown
    assert "Everything shared so far" in shown
    assert (made.total.people, made.entries) == (6, 6)


def test_a_sample_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """REQ-24: where not everything was compared, the method says so; numbers are of all, as ever."""
    everybody = people(20, "funding")
    whole = roll(everybody)
    assert not any("Of more than" in each for each in whole.method)
    monkeypatch.setattr(excerpts, "ALL", 8)
    monkeypatch.setattr(excerpts, "SAMPLE", 4)
    made = roll(everybody)
    assert "Of more than 8 contributions in one place, they were looked for in 4 of these." in made.method
    assert made.cells == whole.cells
    assert len(theme(made, "funding").quotations) == together.QUOTES


def test_a_sample_is_told_where_the_total_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a sample was taken tells nothing of a total that may not be told: the sentence stands either way."""
    earlier = [Cell((), "", "", 18, 18)]
    made = roll(people(20, "funding"), material={"earlier": earlier})
    assert made.entries is None
    assert any("Of more than" in each for each in made.method)


def test_how_far_it_has_come() -> None:
    """Whoever waits hears of each theme how many of how many are done; a filter leaves one."""
    heard: list[tuple[int, int]] = []
    material = Material(people(6, "funding"), {}, (), (), THEMES, PROMPTS, ())
    together.roll_up(AGREED, material, EVERYTHING, lambda *far: heard.append(far))
    together.roll_up(AGREED, material, Wanted(theme="funding"), lambda *far: heard.append(far))
    assert heard == [(0, 4), (1, 4), (2, 4), (3, 4), (0, 1)]


def test_a_number_that_may_not_be_shown_is_withheld_in_words() -> None:
    """REQ-24: where the number of people may not stand, the method says so instead."""
    made = roll([said(1, 1, LONE, alone_ok=True)])
    assert made.total == protect.NOTHING
    assert made.entries is None
    assert "Who wrote: fewer people than may be counted." in everything(made)


@pytest.mark.parametrize("contributions", [people(6), [said(1, 1, LONE, alone_ok=True)]])
def test_the_constant_sentence_always_stands(contributions: list[Gathered]) -> None:
    """Rule 3: every group summary prints one constant sentence, whether or not anything was held back."""
    made = roll(contributions)
    for form in ("markdown", "json"):
        assert CONSTANT in group_forms.load(form).render(made).decode()


def test_counts_and_words_together() -> None:
    """REQ-33: a theme with marked words is never only a number, and a quotation keeps its occasion."""
    found = theme(roll(people(6)))
    assert found.shown.people == 6
    assert found.quotations
    assert {each.occasion for each in found.quotations} == {"after-meeting"}


def test_contributions_are_counted_where_no_difference_tells_of_few() -> None:
    """Contributions have numbers, unless what is left of the whole comes from fewer than k people."""
    six = [*people(6), *people(6, "voice")]
    made = roll(six)
    assert (made.entries, theme(made).entries, theme(made, "voice").entries) == (12, 6, 6)
    again = roll(six, material={"earlier": made.cells})
    assert (again.entries, theme(again).entries, theme(again, "voice").entries) == (12, 6, 6)
    one_more = roll([*six, said(1, 1, LONE, "voice")], material={"earlier": made.cells})
    assert (one_more.total.people, theme(one_more, "voice").shown.people) == (6, 6)
    assert (one_more.entries, theme(one_more, "voice").entries) == (None, None)
    rest_of_one = roll([*people(6, "funding", "voice"), *(said(n, 1, f"{LONE} {n}", "voice") for n in range(3))])
    assert (rest_of_one.entries, theme(rest_of_one, "voice").entries) == (9, 9)
    assert (theme(rest_of_one).shown.people, theme(rest_of_one).entries) == (6, None)


def test_counts_are_of_people() -> None:
    """Three passages of one person count as one person, in the theme and in all."""
    made = roll([*people(5), *(said(n, 0, f"{LONE} {n}") for n in range(3))])
    assert (theme(made).shown.people, made.total.people) == (5, 5)
    assert theme(made).entries == made.entries == 8


def test_two_files_of_one_person_count_once() -> None:
    """What the lead joined as one person is counted and quoted as one."""
    same = {hexadecimal(n): hexadecimal(0) for n in range(2)}
    assert roll(people(6), material={"people": same}).total.people == 5
    with pytest.raises(Withheld):
        roll(people(5), material={"people": same})


def test_nobody_twice_before_everybody_once() -> None:
    """REQ-20: no person is quoted a second time while another of the theme has not been quoted."""
    heavy = [said(n, 1, f"Budget day {n} was long, and we waited and waited for the budget again.") for n in range(9)]
    other = [said(20 + n, 20 + n, f"Short and plain, number {n}, said here once only.") for n in range(4)]
    made = roll([*heavy, *other])
    voices = [int(each.contribution, 16) // 10 for each in theme(made).quotations]
    assert voices.count(0) <= 1


def test_strong_words_stay() -> None:
    """REQ-15: anger and blunt words are quoted as they were written."""
    angry = "This is a bloody disgrace, and you know it, and you let it happen AGAIN!!"
    assert angry in texts(theme(roll([*people(4), said(99, 99, angry)])).quotations)


def test_same_whoever_asks() -> None:
    """REQ-38, REQ-48: nothing of a reader goes into a summary, so that one made twice is the same."""
    assert everything(roll(people(7))) == everything(roll(people(7)[::-1]))


def test_what_an_author_wants_travels_with_the_words() -> None:
    """REQ-06: what a passage should lead to is printed beside it."""
    made = roll([*people(4), said(99, 99, BUDGET, stance="gain", leads_to="fares paid on the day")])
    assert theme(made).gains[0].leads_to == "fares paid on the day"
    assert "should lead to: fares paid on the day" in everything(made)


def test_names_only_where_chosen() -> None:
    """REQ-07: no name by default; a chosen one only beside the passage it was chosen for."""
    assert all(not each.attribution for each in roll(people(6)).quotations())
    made = roll([*people(5), said(99, 99, LONE, stance="loss", attribution="a neighbour")])
    assert [each.attribution for each in made.quotations() if each.attribution] == ["a neighbour"]


def test_rewording_is_told_apart() -> None:
    """REQ-05: a rewording is quoted exactly as its author approved it, and marked as one."""
    made = roll(
        [*people(5), said(99, 99, "We were not asked, and it showed for months.", level="reworded", stance="loss")]
    )
    assert theme(made).losses[0].reworded
    assert "in other words the author approved" in everything(made)


def test_every_quotation_is_an_exact_span() -> None:
    """REQ-05: each quotation is exactly `words[start:end]` of one contribution."""
    contributions = [
        *people(6),
        *people(6, "voice", start=10),
        said(99, 99, f"{LONE}\n\n{BUDGET}", "roles", alone_ok=True),
    ]
    made = roll(contributions)
    words = {each.id: each.words for each in contributions}
    assert made.quotations()
    for each in made.quotations():
        assert words[each.contribution][each.start : each.end] == each.text
    together.check(made, words.__getitem__)


def test_a_changed_word_stops_the_output() -> None:
    """REQ-05: a quotation that does not match the words it is taken from stops the output."""
    made = roll(people(6))
    with pytest.raises(ReflectError, match="does not match the words"):
        together.check(made, lambda _: "other words")


def test_key_explains_and_changes_nothing() -> None:
    """REQ-56: agreed words inside quotations are explained in a key, the quotation byte for byte as it was."""
    words = "She asked what INT stands for, and two of us gave different answers to her."
    made = roll(
        [*people(5), said(99, 99, words, stance="differs")],
        glossary={"INT": "Integrated Neighbourhood Team", "ICB": "Integrated Care Board", "in": "no word of theirs"},
    )
    assert made.key == (("INT", "Integrated Neighbourhood Team"),)
    assert texts(theme(made).differing) == {words}


# -- differing views, gains and losses ------------------------------------------------------------


def test_nine_agree_and_one_differs() -> None:
    """REQ-28: of nine who agree and one who differs, the one is printed, unnamed, in a section of its own."""
    made = roll([*people(9), said(99, 99, LONE, stance="differs")])
    found = theme(made)
    assert texts(found.differing) == {LONE}
    assert found.differing[0].attribution == ""
    assert LONE not in texts(found.quotations)
    assert found.shown.people == 10


def test_every_differing_view_is_there() -> None:
    """REQ-28: differing views are never chosen among, and never crowd out the others."""
    others = [
        said(50 + n, 50 + n, f"I see it in another way, and my way is number {n}.", stance="differs") for n in range(8)
    ]
    found = theme(roll([*people(6), *others]))
    assert len(found.differing) == 8
    assert len(found.quotations) == together.QUOTES


def test_gain_and_loss_stand_side_by_side() -> None:
    """REQ-31: both stand under every theme by name, with `Nothing recorded.` where nobody said so."""
    shown = group_forms.load("markdown").render(roll([*people(5), said(99, 99, LONE, stance="loss")])).decode()
    section = shown.split("## Funding\n")[1].split("\nNothing to show under")[0]
    assert section.index("**Gains:** Nothing recorded.\n") < section.index("### Losses\n\n> I like it")
    assert "**Differing views:** Nothing recorded.\n" in section


def test_stance_is_never_inferred() -> None:
    """Rule 4: however a passage sounds, it is a gain, a loss or a differing view only if its author said so."""
    made = roll([*people(4), said(99, 99, "I disagree; we lost everything that we had gained before.")])
    assert theme(made).gains == theme(made).losses == theme(made).differing == ()


def read_as(contribution: Gathered, stance: str, memo: str = "") -> Reading:
    """What the lead calls a contribution."""
    return Reading(contribution.id, stance, memo, "2026-11-20T16:00:00+00:00")


def test_a_view_the_lead_calls_differing_says_so() -> None:
    """REQ-28, REQ-31: what the lead calls a loss or a differing view stands there, as the lead's word, with its why."""
    lone, lost = said(99, 99, LONE), said(98, 98, "We have no room to meet in any more.")
    readings = [read_as(lone, "differs", "all others were glad of it"), read_as(lost, "loss")]
    made = roll([*people(9), lone, lost], material={"readings": readings})
    found = theme(made)
    assert [attributed(each) for each in found.differing] == [
        "after a meeting; called a differing view by the lead: all others were glad of it"
    ]
    assert [attributed(each) for each in found.losses] == ["after a meeting; called a loss by the lead"]
    assert not {lone.words, lost.words} & texts(found.quotations)
    assert any("where the lead did, that is told" in each for each in made.method)


def test_the_author_says_what_it_is() -> None:
    """REQ-28, REQ-31: what its author said of a passage beats the lead's reading, and is not called the lead's."""
    lone = said(99, 99, LONE, stance="gain")
    found = theme(roll([*people(9), lone], material={"readings": [read_as(lone, "loss", "it sounds sad")]}))
    assert (texts(found.gains), found.losses) == ({LONE}, ())
    assert "lead" not in attributed(found.gains[0])


def test_the_lead_reads_nobody_into_the_open() -> None:
    """REQ-28: below k people a reading brings nothing out, and where its author agreed to stand alone, no memo."""
    few = people(3, "roles", start=20)
    alone = said(97, 97, LONE, "roles", alone_ok=True)
    readings = [read_as(each, "differs", "only she said so") for each in (*few, alone)]
    made = roll([*people(9), *few, alone], material={"readings": readings})
    assert [attributed(each) for each in theme(made, "roles").differing] == ["called a differing view by the lead"]
    assert "only she said so" not in everything(made)


@pytest.mark.parametrize("form", ["markdown", "html", "json", "csv", "qdpx", "word", "xlsx"])
def test_every_form_says_that_the_lead_called_it_so(form: str) -> None:
    """REQ-28, REQ-31: no form shows the lead's reading as if it were the author's."""
    by_author, by_lead = said(98, 98, "It costs us the evenings.", stance="loss"), said(99, 99, LONE)
    made = roll([*people(9), by_author, by_lead], material={"readings": [read_as(by_lead, "loss", "of the old way")]})
    shown = readable(group_forms.load(form).render(made))
    assert "of the old way" in shown
    assert {"json": '"called_by": "lead"'}.get(form, "called a loss by the lead: of the old way") in shown


# -- small numbers -----------------------------------------------------------------------------


def test_below_k_only_the_name() -> None:
    """REQ-10, row 87: a theme with four people keeps its name, and shows no number, quotation, occasion or matter."""
    made = roll([*people(9), *people(4, "roles", start=20)])
    found = theme(made, "roles")
    assert found.name == "Roles"
    assert not found.touched
    assert found.shown == protect.NOTHING
    assert (found.entries, found.moved, found.matters, found.words, found.memos) == (None, None, (), (), ())
    assert found.quotations == found.gains == found.losses == found.differing == ()


def test_below_k_an_agreed_passage_is_quoted_without_when_and_where() -> None:
    """REQ-10, rule 3: with its author's agreement a lone passage is quoted, without number, occasion or place."""
    lone = said(99, 99, LONE, "roles", alone_ok=True, stance="differs", site="North")
    made = roll([*people(9), lone, said(98, 98, "Nobody agreed to this being read here.", "roles")])
    found = theme(made, "roles")
    assert found.touched
    assert texts(found.differing) == {LONE}
    assert found.differing[0].occasion == ""
    assert found.shown == protect.NOTHING
    assert "Nobody agreed" not in everything(made)


def test_chosen_name_needs_the_agreement_below_k() -> None:
    """REQ-10: with two contributors a chosen name is missing; with their agreement it appears."""
    two = [said(n, n, f"{LONE} {n}", attribution=f"neighbour {n}") for n in range(2)]
    with pytest.raises(Withheld):
        roll(two)
    made = roll([replace(each, alone_ok=True) for each in two])
    assert {each.attribution for each in made.quotations()} == {"neighbour 0", "neighbour 1"}
    assert made.small


def test_a_group_smaller_than_k() -> None:
    """Rule 3: a team of four gets the whole summary in the protected form: agreed passages, no number anywhere."""
    four = [said(n, n, f"{BUDGET} Number {n}.", alone_ok=n != 3) for n in range(4)]
    made = roll(four, Wanted(not_heard_from="the night staff"))
    assert made.small
    assert len(theme(made).quotations) == 3
    assert made.cells == ()
    assert "4 people" not in everything(made)


def test_k_of_three_where_all_accepted_it() -> None:
    """A group that agreed on three shows numbers from three people up."""
    assert theme(roll(people(3), fewest=3)).shown.people == 3


@pytest.mark.parametrize(
    "contributions",
    [[], [said(1, 1, LONE)], people(4), [said(1, 1), said(2, 2)], [said(1, 1, LONE, audience="funder")]],
)
def test_nothing_may_be_shown(contributions: list[Gathered]) -> None:
    """Rows 87, 88: exit 10 where nothing may be shown, in the same words whether nobody wrote or too few did."""
    with pytest.raises(Withheld) as withheld:
        roll(contributions)
    with pytest.raises(Withheld) as nobody:
        roll([])
    assert str(withheld.value) == str(nobody.value)
    assert withheld.value.exit_code == 10


def test_a_filter_that_leaves_few() -> None:
    """Row 88: a theme or a period that leaves few is withheld, in the same words."""
    contributions = [*people(9), *people(2, "roles", start=20, week="2026-W10")]
    with pytest.raises(Withheld):
        roll(contributions, Wanted(theme="roles"))
    with pytest.raises(Withheld):
        roll(contributions, Wanted(since="2026-03-01", until="2026-03-31"))
    assert roll(contributions, Wanted(theme="funding")).themes[0].shown.people == 9


def test_objections_alone_are_not_lost() -> None:
    """REQ-26: what was said to a draft stands, also where nothing else may."""
    assert roll([said(1, 1, LONE)], material={"objections": ("You left it out.",)}).objections == ("You left it out.",)


def test_not_placed_is_listed() -> None:
    """REQ-25: what stands in no theme is listed as not placed, every passage of it."""
    unplaced = [said(50 + n, n, f"Something else altogether, and this is number {n}.", themes=()) for n in range(6)]
    made = roll([*people(6), *unplaced])
    assert len(made.not_placed) == 6
    assert made.not_placed_shown.people == 6


def test_not_placed_by_few_needs_their_agreement() -> None:
    """REQ-25, rule 4: what few left unplaced is listed with its author's agreement, and not without."""
    made = roll([*people(6), said(98, 98, BUDGET, themes=(), alone_ok=True), said(99, 99, LONE, themes=())])
    assert texts(made.not_placed) == {BUDGET}
    assert made.not_placed_shown == protect.NOTHING


def test_a_matter_of_few_is_not_named() -> None:
    """Inside a theme with enough people, what few of them speak of has no name, and is no word that stands out."""
    few = [said(50 + n, n, f"Parking permits, parking permits, and {n} times so.") for n in range(1, 4)]
    found = theme(roll([*people(6), *few, *people(6, "voice", start=20)]))
    assert all("parking" not in matter.name for matter in found.matters)
    assert "parking" not in found.words
    many = [said(50 + n, n, f"Parking permits, parking permits, and {n} times so.") for n in range(1, 7)]
    assert "parking permits" in {matter.name for matter in theme(roll([*many, *people(6, "voice", start=20)])).matters}


def test_words_held_back_weigh_nothing() -> None:
    """Rule 3: what stands out in a theme is the same with and without the words of four who wrote elsewhere."""
    many = [said(50 + n, n, f"Parking permits and parking permits, {n} times so.") for n in range(6)]
    seen = [*many, *people(6, "voice", start=20)]
    few = [said(80 + n, 40 + n, f"Parking permits again, {n}.", "roles") for n in range(4)]
    assert "parking permits" in {matter.name for matter in theme(roll(seen)).matters}
    assert everything(roll([*seen, *few])) == everything(roll(seen))


def test_nothing_leans_out_for_readers() -> None:
    """REQ-43: ten passages by one person of four weigh heavily; the lead is told, and no form prints it."""
    heavy = [said(n, 1, f"{BUDGET} Day {n}.", alone_ok=True) for n in range(10)]
    others = [said(50 + n, 50 + n, f"{LONE} {n}", alone_ok=True) for n in range(3)]
    made = roll([*heavy, *others])
    assert made.leans_on_one
    assert everything(made) == everything(replace(made, leans_on_one=False))
    assert not roll(people(6)).leans_on_one


def test_a_word_stands_out_only_by_people_who_are_sure_to_be_different() -> None:
    """Who wrote in two sessions has two ids; a word that three used in one and two in another is not one of five."""
    first = [said(n, n, "The tender was late." if n < 4 else "The hall was cold.") for n in range(1, 6)]
    second = [said(10 + n, 10 + n, "The tender came." if n < 3 else "We had soup.") for n in range(1, 6)]
    elsewhere = people(6, "voice", start=50)
    sessions = {each.contributor: "one" for each in first} | {each.contributor: "two" for each in second}

    def words(**material: Any) -> tuple[str, ...]:
        made = roll([*first, *second, *elsewhere], material=material)
        return next(theme.words for theme in made.themes if theme.id == "funding")

    assert "tender" in words()
    assert "tender" not in words(sessions=sessions)


def test_nobody_speaks_for_everybody() -> None:
    """REQ-17: a summary counts people and quotes them one by one; no form says that the group thinks something."""
    shown = everything(roll([*people(6), *people(5, "voice", start=20)])).lower()
    whole = ("the group", "hub partners", "everybody", "everyone", "people", "residents", "members", "we all")
    for phrase in (f"{who} {verb}" for who in whole for verb in ("think", "feel", "say", "want", "believe", "agree")):
        assert phrase not in shown, phrase
    assert CONSTANT.lower() in shown


def test_no_count_of_anybody() -> None:
    """REQ-41: who gave how much is in no form of a summary: no person's id, and no number but those of many people."""
    made = roll([*people(5), *(said(n, 1, f"{LONE} {n}") for n in range(11, 22))])
    assert (made.total.people, made.entries) == (5, 16)
    assert not any(hexadecimal(person) in everything(made) for person in range(5))


# -- sites and audiences ----------------------------------------------------------------------


def at_sites(*sizes: int) -> list[Gathered]:
    """So many people at each site, A, B, C …, all on funding."""
    return [
        said(100 * at + n, 100 * at + n, f"{BUDGET} Site number {n}.", site="ABCDEFG"[at])
        for at, size in enumerate(sizes)
        for n in range(size)
    ]


def test_sites_of_which_two_are_small() -> None:
    """Five sites, two of them with three contributors: no site is named, and no number told by site."""
    made = roll(at_sites(7, 7, 7, 3, 3), sites=tuple("ABCDE"))
    assert made.sites == ()
    assert made.site_note == "Some sites are not named."


def test_sites_that_all_reach_k() -> None:
    """All five sites at five people or more: each is named with its number."""
    made = roll(at_sites(7, 7, 7, 5, 5), sites=tuple("ABCDE"))
    assert [(name, shown.people) for name, shown in made.sites] == [("A", 7), ("B", 7), ("C", 7), ("D", 5), ("E", 5)]
    assert made.site_note == ""


def test_a_site_nobody_wrote_from() -> None:
    """A site without contributors is a small one."""
    assert roll(at_sites(7, 7), sites=tuple("ABC")).sites == ()


@pytest.mark.parametrize("audience", ["funder", "public"])
def test_no_sites_for_others(audience: str) -> None:
    """REQ-11: an output for funders or the public has no breakdown by site, however many wrote, and no word of it."""
    made = roll(
        [replace(each, audience=audience) for each in at_sites(7, 7)], Wanted(audience=audience), sites=tuple("AB")
    )
    assert (made.sites, made.site_note) == ((), "")


def test_no_audience_implies_another() -> None:
    """REQ-02: an output for one audience holds nothing that was marked for another."""
    mixed = [
        *people(6),
        *people(6, "voice", start=10, audience="funder"),
        *people(6, "roles", start=20, audience="public"),
    ]
    for audience, identity in (("group", "funding"), ("funder", "voice"), ("public", "roles")):
        made = roll(mixed, Wanted(audience=audience))
        assert [each.id for each in made.themes if each.touched] == [identity]
        assert made.total.people == 6


# -- placing -----------------------------------------------------------------------------------


def coded(contribution: Gathered, identity: str, *, removed: bool = False, memo: str = "") -> Coding:
    """The lead's placement of a contribution."""
    return Coding(contribution.id, identity, removed, memo, "2026-11-20T16:00:00+00:00")


def changed(identity: str, change: str, *, name: str = "", into: str = "") -> CodebookChange:
    """A change of the codebook."""
    return CodebookChange(
        identity, change, name, into, "Dilys", "we could not tell them apart", "2026-11-20T16:00:00+00:00"
    )


def test_lead_adds_and_never_takes_away() -> None:
    """The lead's coding places what was not placed; the author's own placement stands above it."""
    plain = people(6)
    unplaced = [said(50 + n, n, f"{LONE} {n}", themes=()) for n in range(6)]
    codings = [coded(each, "funding", removed=True) for each in plain] + [
        coded(each, "voice", memo="it is about being heard") for each in unplaced
    ]
    made = roll([*plain, *unplaced], material={"codings": codings})
    assert theme(made).shown.people == 6
    assert theme(made, "voice").shown.people == 6
    assert theme(made, "voice").memos == ("it is about being heard",)
    assert made.not_placed == ()


def test_codebook_of_the_group() -> None:
    """REQ-22: themes are added, renamed, merged and retired, and the summary says who, when and why."""
    contributions = [
        *people(6),
        *people(6, "voice", start=10),
        *people(6, "roles", start=20),
        *people(6, "buses", start=30),
    ]
    changes = [
        changed("buses", "added", name="Getting there"),
        changed("funding", "renamed", name="Money"),
        changed("voice", "merged", into="language"),
        changed("roles", "retired"),
    ]
    made = roll(contributions, material={"changes": changes})
    assert {each.name: each.shown.people for each in made.themes} == {"Money": 6, "Language": 6, "Getting there": 6}
    assert len(made.not_placed) == 6
    assert "voice went into language (2026-11-20, Dilys): we could not tell them apart" in made.codebook_changes


def test_a_merged_theme_can_come_back() -> None:
    """A theme that is added anew is its own again."""
    changes = [changed("voice", "merged", into="language"), changed("voice", "added", name="Voice")]
    made = roll(people(6, "voice"), material={"changes": changes})
    assert theme(made, "voice").shown.people == 6


def test_a_ring_of_merges_ends() -> None:
    """Themes merged in a circle lose nobody: what they held is listed as not placed."""
    changes = [changed("voice", "merged", into="roles"), changed("roles", "merged", into="voice")]
    assert len(roll(people(6, "voice"), material={"changes": changes}).not_placed) == 6


def test_movement() -> None:
    """The people of this period stand beside those of the one before, where both may be shown."""
    quarter = Wanted(since="2026-07-01", until="2026-09-30")
    before = people(6, week="2026-W20")
    now = people(12, start=20, week="2026-W30")
    moved = theme(roll([*before, *now], quarter)).moved
    assert moved is not None
    assert (moved.before, moved.now) == (6, 12)
    assert theme(roll([*before[:4], *now], quarter)).moved is None
    assert theme(roll([*before, *now], Wanted(since="2026-07-01"))).moved is None


def test_movement_obeys_the_ledger() -> None:
    """The number of the period before is held against what was shown of it, and remembered for what comes."""
    quarter = Wanted(since="2026-07-01", until="2026-09-30")
    spring = Cell(("theme funding",), "2026-04-02", "2026-06-25", 7)
    contributions = [*people(6, week="2026-W20"), *people(12, start=20, week="2026-W30")]
    assert theme(roll(contributions, quarter, material={"earlier": [spring]})).moved is None
    made = roll(contributions, quarter)
    assert (("theme funding",), "2026-04-02", 6) in [(cell.path, cell.since, cell.people) for cell in made.cells]


def test_questions_for_the_session() -> None:
    """REQ-29: the session gets a question for each theme, and one that tests an assumption; none is deep."""
    made = roll([*people(6), *people(6, "voice", start=10)])
    assert [prompt.theme for prompt in made.questions[:2]] == ["funding", "voice"]
    assert any("challenge" in prompt.flags for prompt in made.questions)
    assert all(prompt.depth != "deep" for prompt in made.questions)


# -- what was offered in sessions -----------------------------------------------------------------


def offer(text: str, state: str, day: str = "2026-11-01", owner: str = "Len") -> Offered:
    """Something offered in a session."""
    return Offered(text, owner, "2026-12-01", state, "", day)


def test_actions_of_the_period_and_older_ones_still_open() -> None:
    """REQ-30: what was offered in the period stands there however it ended, and what is still open of before."""
    offered = [
        offer("Old and open", "open", "2026-01-01"),
        offer("Old and kept", "kept", "2026-01-01"),
        offer("New and dropped", "dropped"),
        offer("Later", "open", "2027-01-01"),
    ]
    wanted = replace(EVERYTHING, since="2026-10-01", until="2026-12-31")
    made = roll(people(6), wanted, material={"actions": offered})
    assert made.actions is not None
    assert [each.text for each in made.actions] == ["Old and open", "New and dropped"]


def test_actions_are_offered_to_the_group_and_nobody_else() -> None:
    """An action was offered to the group: a summary for others has none, and does not say that there is none."""
    others = [replace(each, audience="funder") for each in people(6)]
    made = roll(others, replace(EVERYTHING, audience="funder"), material={"actions": [offer("Ring them", "open")]})
    assert made.actions is None
    assert actions(made) == []


def test_no_action_is_said() -> None:
    """REQ-30: when none has been recorded the summary says so; one that has is said by how it stands."""
    assert actions(roll(people(6))) == [NO_ACTION]
    made = roll(people(6), material={"actions": [offer("Ring them", "open"), offer("Ask", "proposed", owner="")]})
    assert actions(made) == [
        "Open: Ring them (Len, by 1 December 2026)",
        "Offered, and nobody's yet: Ask (by 1 December 2026)",
    ]


def test_no_effect_is_said() -> None:
    """REQ-30: of an action that ended the summary says what came of it, or that nothing is recorded."""
    ended = [offer("Ring them", "kept"), replace(offer("Ask", "dropped"), note="she moved")]
    assert actions(roll(people(6), material={"actions": ended})) == [
        "Kept: Ring them (Len, by 1 December 2026): what came of it is not recorded",
        "Dropped: Ask (Len, by 1 December 2026): she moved",
    ]


# -- merges and the ledger ------------------------------------------------------------------------


def test_what_was_shown_before_a_merge_counts_after_it() -> None:
    """A theme shown with six people, and merged into one of three, would tell of the others by subtraction: a band."""
    voice, language = people(6, "voice"), people(2, "language", start=20)
    before = roll([*voice, *language])
    assert theme(before, "voice").shown.people == 6
    after = roll(
        [*voice, *language],
        material={"earlier": before.cells, "changes": [changed("voice", "merged", into="language")]},
    )
    assert theme(after, "language").shown.band == "5 or more"


def test_what_was_shown_before_it_was_retired_counts_after() -> None:
    """A retired theme's people stand among what is not placed, and may not be subtracted from it."""
    voice, loose = people(6, "voice"), [said(900 + n, 50 + n, f"{LONE} {n}", themes=()) for n in range(2)]
    before = roll([*voice, *loose])
    after = roll([*voice, *loose], material={"earlier": before.cells, "changes": [changed("voice", "retired")]})
    assert theme(before, "voice").shown.people == 6
    assert after.not_placed_shown.band == "5 or more"


# -- properties over generated groups -------------------------------------------------------------

VOCABULARY = ("bus fares", "budget", "chair", "coats on", "minutes", "the form")
WEEKS = ("2026-W20", "2026-W27", "2026-W30", "2026-W36", "2026-W39", "2026-W40", "2026-W41")
IDENTITIES = tuple(identity for identity, _ in THEMES)


@st.composite
def groups(draw: st.DrawFn, most: int = 26) -> list[Gathered]:
    """The contributions of a group of up to fourteen people at two sites, of all kinds."""
    found = []
    for number in range(draw(st.integers(0, most))):
        person = draw(st.integers(0, 13))
        pieces = draw(st.lists(st.sampled_from(VOCABULARY), max_size=3))
        found.append(
            said(
                number,
                person,
                f"We spoke of {' and '.join(pieces)}, number {number} it was." if pieces else "",
                themes=tuple(draw(st.sets(st.sampled_from(IDENTITIES[:3]), max_size=2))),
                week=draw(st.sampled_from(WEEKS)),
                site="AB"[person % 2],
                audience=draw(st.sampled_from(("group", "group", "group", "funder"))),
                stance=draw(st.sampled_from(("", "", "gain", "differs"))),
                alone_ok=draw(st.booleans()),
            )
        )
    return found


PERIODS = st.sampled_from(
    [
        ("", ""),
        ("2026-07-01", "2026-09-30"),
        ("2026-07-02", "2026-10-01"),
        ("2026-10-01", "2026-12-31"),
        ("2026-07-01", "2026-07-31"),
        ("", "2026-09-30"),
        ("2026-08-01", ""),
    ]
)


def numbers_of(made: GroupSummary) -> Numbers:
    """Every number of people that a reader sees, with what it counts and over which weeks."""
    now = protect.weeks(made.wanted.since, made.wanted.until)
    found: Numbers = []

    def see(path: tuple[str, ...], people: int | None, weeks: tuple[str, str] = now) -> None:
        if people is not None:
            found.append((path, weeks, people))

    see((), made.total.people)
    see(("not placed",), made.not_placed_shown.people)
    for name, shown in made.sites:
        see((f"site {name}",), shown.people)
    for each in made.themes:
        see((each.id,), each.shown.people)
        for matter in each.matters:
            see((each.id, " ".join(stems(matter.name.split()))), matter.shown.people)
        if each.moved:
            assert each.moved.now == each.shown.people
            see((each.id,), each.moved.before, before(made.wanted))
    return found


def before(wanted: Wanted) -> tuple[str, str]:
    """The weeks of the period before."""
    from datetime import date, timedelta

    first, last = date.fromisoformat(wanted.since), date.fromisoformat(wanted.until)
    day = timedelta(days=1)
    return protect.weeks((first - (last - first) - day).isoformat(), (first - day).isoformat())


def nested(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one is a part of the other: a theme of all, what recurs of its theme, two words of one of them."""
    if one[:1] != other[:1]:
        return not one or not other
    if len(one) == len(other) == 2:
        return set(one[1].split()) <= set(other[1].split()) or set(other[1].split()) <= set(one[1].split())
    return True


def share_a_week(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two periods have a week in common."""
    since, until = max(one[0], other[0]), min(one[1] or "9999", other[1] or "9999")
    return since <= until


def assert_no_difference_is_small(new: Numbers, seen: Numbers, fewest: int) -> None:
    """No new number is below k or differs from one of its part or whole, old or new, by one to k-1."""
    for path, weeks, many in new:
        assert many >= fewest, (path, many)
        for other, when, more in [*seen, *new]:
            if nested(path, other) and share_a_week(weeks, when):
                assert many == more or abs(many - more) >= fewest, (path, weeks, many, other, when, more)


@settings(max_examples=150)
@given(groups(), st.integers(3, 5), PERIODS)
def test_k_holds_in_every_summary(contributions: list[Gathered], fewest: int, period: tuple[str, str]) -> None:
    """REQ-10: in every generated group, no number is below k and no two nested ones differ by fewer than k people."""
    try:
        made = roll(contributions, Wanted(since=period[0], until=period[1]), fewest=fewest, sites=("A", "B"))
    except Withheld:
        return
    assert_no_difference_is_small(numbers_of(made), [], fewest)
    for each in made.themes:
        standing = {
            other.contributor for other in contributions if each.id in other.themes and other.audience == "group"
        }
        if each.shown == protect.NOTHING:
            assert each.matters == each.words == ()
            quoted = (*each.quotations, *each.gains, *each.losses, *each.differing)
            agreed = {other.id for other in contributions if other.alone_ok}
            assert all(quote.contribution in agreed and not quote.occasion for quote in quoted)
        else:
            assert len(standing) >= fewest


@settings(max_examples=150)
@given(
    groups(),
    st.integers(3, 5),
    st.lists(
        st.tuples(
            st.sampled_from(("group", "group", "funder")),
            PERIODS,
            st.sets(st.integers(0, 25), max_size=6),
            st.sampled_from(("", "", "", "merge", "retire")),
        ),
        min_size=2,
        max_size=6,
    ),
)
def test_k_holds_over_any_sequence(
    contributions: list[Gathered],
    fewest: int,
    outputs: list[tuple[str, tuple[str, str], set[int], str]],
) -> None:
    """REQ-10, row 88: k holds over any sequence of outputs, of any periods, audiences, withdrawals and merges."""
    seen: Numbers = []
    earlier: list[Cell] = []
    changes: list[CodebookChange] = []
    where = {identity: identity for identity in IDENTITIES}
    for audience, (since, until), missing, change in outputs:
        if change == "merge" and not changes:
            changes.append(changed("funding", "merged", into="voice"))
            where["funding"] = "voice"
        elif change == "retire" and not changes:
            changes.append(changed("funding", "retired"))
            where["funding"] = "not placed"
        seen = [((where.get(path[0], path[0]), *path[1:]) if path else (), weeks, many) for path, weeks, many in seen]
        standing = [each for each in contributions if int(each.id, 16) not in missing]
        wanted = Wanted(audience=audience, since=since, until=until)
        try:
            made = roll(
                standing,
                wanted,
                fewest=fewest,
                sites=("A", "B"),
                material={"earlier": earlier, "changes": tuple(changes)},
            )
        except Withheld:
            continue
        assert_no_difference_is_small(numbers_of(made), seen, fewest)
        seen += numbers_of(made)
        earlier += made.cells


@settings(max_examples=200)
@given(groups(), st.integers(3, 5), PERIODS)
def test_a_view_held_back_leaves_no_trace(contributions: list[Gathered], fewest: int, period: tuple[str, str]) -> None:
    """Rule 3: an output with views that were held back is, byte for byte, the one that was made without them."""
    wanted = Wanted(since=period[0], until=period[1])
    in_period = [each for each in contributions if together._falls(each.week, *period) and each.audience == "group"]
    places: dict[str, set[str]] = {}
    for each in in_period:
        for place in each.themes or ("",):
            places.setdefault(place, set()).add(each.contributor)
    lone = {
        each.id
        for each in in_period
        if not (each.alone_ok and each.words) and all(len(places[place]) < fewest for place in each.themes or ("",))
    }
    without = [each for each in contributions if each.id not in lone]

    def shown(material: list[Gathered]) -> str:
        try:
            return everything(roll(material, wanted, fewest=fewest, sites=("A", "B")))
        except Withheld as withheld:
            return str(withheld)

    assert shown(contributions) == shown(without)
