"""Plans, kinds of step and lenses that ship are what they promise to be: complete, plain, and open about sources."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflect.bank import lenses, packs, shelf, wording
from reflect.bank.choose import STARRED
from reflect.bank.lenses import Lens
from reflect.config import our_data
from reflect.models import Prompt
from reflect.session import plans, scale
from reflect.session.plans import Plan, Step
from reflect.words import sentences, words
from tests.data.make_source_tables import rows

BANK: list[Prompt] = [prompt for path in shelf.shipped().values() for prompt in packs.read(path).prompts()]
PLANS: dict[str, Plan] = {name: plans.read(path) for name, path in plans.shipped().items()}
SESSIONS = sorted(name for name, plan in PLANS.items() if plan.plan.kind == "session")
LENSES = lenses.shipped().lens

THE_PLANS = """
    action-learning-set after-action-review after-event-pair annual-review before-using-a-story check-in
    conversation-rounds gibbs money-decision quarterly-session silent-retrospective story-round weekly-check-in
    what-so-what-now-what
""".split()
"""Those that were asked for."""

CREDITS = {
    "gibbs": ("Gibbs", "1988"),
    "what-so-what-now-what": ("Borton", "1970", "Driscoll", "1994", "Rolfe", "2001"),
    "action-learning-set": ("Revans", "1940s"),
    "conversation-rounds": ("Conversation Café", "Robin", "2001"),
    "after-action-review": ("United States Army", "1970s", "NHS"),
    "silent-retrospective": ("Kerth", "2001"),
    "story-round": ("Schwartz Round", "licensed"),
}
"""Whose model a plan follows, and since when."""

FEW = 8
"""Words, of which one or two long ones make no text hard."""


def _rows_of(name: str) -> set[str]:
    """Return the rows that a plan, the questions it names and its lenses rest on."""
    bank = {each.id: each for each in BANK}
    found = set(PLANS[name].plan.rows)
    for step in PLANS[name].step:
        if step.prompt:
            found |= set(bank[step.prompt].rows)
        if step.lens:
            found |= set(plans.lenses()[step.lens].rows)
    return found


def _read_in(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield every text of a plan that people in the room or their host read, with where it stands."""
    yield "title", plan.plan.title
    yield "about", plan.plan.about
    for step in plan.step:
        yield f"{step.id}, title", step.title
        yield f"{step.id}, text", step.text
        yield f"{step.id}, care", step.care
        for text in (*step.parts, *step.hints):
            yield f"{step.id}, parts and hints", text


def _of_a_kind(kind: plans.Kind) -> Iterator[tuple[str, str]]:
    yield "title", kind.title
    yield "about", kind.about
    yield "asks", kind.asks
    for text in (*kind.parts, *kind.hints):
        yield "parts and hints", text


def _of_a_lens(lens: Lens) -> Iterator[tuple[str, str]]:
    yield "title", lens.title
    yield "asks", lens.asks
    for text in lens.warnings:
        yield "warnings", text
    for choice in lens.choices:
        yield choice.id, choice.name
        yield choice.id, choice.says


def _hard(texts: Iterator[tuple[str, str]]) -> list[str]:
    """Return what is not plain. Difficulty is a matter of averages, which a line of a few words does not have."""
    found = []
    for where, text in texts:
        jargon = [f"{each!r} is jargon" for each in wording.jargon(text)]
        found += [f"{where}: {each}" for each in (jargon if len(words(text)) <= FEW else wording.remarks(text))]
    return found


# -- plans -----------------------------------------------------------------------------------


def test_the_plans_that_were_asked_for_ship() -> None:
    """There are the fourteen plans, each named as its file, and all of them pass every rule with the whole bank."""
    assert sorted(PLANS) == THE_PLANS
    assert all(plan.id == name for name, plan in PLANS.items())
    shelf_of_plans = plans.every(Path("nowhere"), BANK)
    assert sorted(shelf_of_plans.plans) == THE_PLANS
    assert not shelf_of_plans.left_out


@pytest.mark.parametrize("name", THE_PLANS)
def test_every_plan_reads_easily(name: str) -> None:
    """REQ-55: questions, hints and care notes keep to the limits of our questions, and hold no jargon."""
    assert not _hard(_read_in(PLANS[name]))


@pytest.mark.parametrize("name", THE_PLANS)
def test_no_plan_talks_people_down(name: str) -> None:
    """REQ-18: nothing in a plan, its credit included, places the speaker above those spoken of."""
    assert not [where for where, text in _read_in(PLANS[name]) if wording.deficit(text)]
    assert not wording.deficit(PLANS[name].plan.credit)


@pytest.mark.parametrize("name", THE_PLANS)
def test_every_step_helps_its_host(name: str) -> None:
    """Every step has a short hint, its plan's or its kind's, so that somebody can host who never did before."""
    for step in PLANS[name].step:
        hints = step.hints or plans.kind_of(step).hints
        assert hints, step.id
        assert all(len(hint) <= 200 for hint in hints), step.id


@pytest.mark.parametrize("name", THE_PLANS)
def test_every_plan_can_be_held_by_those_it_is_meant_for(name: str) -> None:
    """From its fewest people to its most, a plan scales to the minutes it needs and to those it is meant for."""
    plan = PLANS[name]
    asked = plans.questions(plan, BANK, {}, "seed")
    for people in (plan.plan.fewest, plan.plan.people, plan.plan.most):
        for minutes in (0, scale.needs(plan, people)):
            agenda = scale.scaled(plan, people, minutes, asked)
            assert sum(step.seconds for step in agenda.steps) == agenda.seconds
    assert not scale.scaled(plan).cut


@pytest.mark.parametrize("name", sorted(CREDITS))
def test_a_known_model_is_credited(name: str) -> None:
    """A plan that follows somebody's model names them and the year, and says that the minutes are ours."""
    credit = PLANS[name].plan.credit
    assert all(each in credit for each in CREDITS[name])
    assert "ours" in credit


def test_what_a_plan_rests_on_is_there() -> None:
    """Each row a plan cites is one of the guide, and a plan without a credit is all our own."""
    known = rows()
    for name, plan in PLANS.items():
        assert set(plan.plan.rows) <= set(known), name
        assert plan.plan.credit or not plan.plan.rows, name
        assert "IVAR-Q07" not in plan.plan.rows


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("money-decision", {"KF-Q19", "KF-Q20", "KF-Q21", "BW-Q11"}),
        ("before-using-a-story", {"BW-F10", "BW-F20", "BW-Q18"}),
        ("annual-review", {"BWL-Q01", "NL-Q04", "BW-F38", "BW-Q12", "KF-Q22"}),
        ("after-event-pair", {"BW-Q20", "KF-Q28"}),
        ("quarterly-session", {"BW-P03", "NL-Q03", "BW-Q23", "BW-P31", "IVAR-P16"}),
    ],
)
def test_a_set_of_the_guide_is_whole(name: str, wanted: set[str]) -> None:
    """A plan made from one of the guide's sets holds everything in that set."""
    assert wanted <= _rows_of(name)


def test_the_quarterly_session_asks_one_starred_question_of_each_theme() -> None:
    """One question to consider for each of the King's Fund's four themes, and the last summary at its beginning."""
    plan = PLANS["quarterly-session"]
    starred = [step.choose.theme for step in plan.step if step.choose and step.choose.starred]
    assert starred == ["roles", "funding", "communities", "language"]
    assert "last-summary" in (plan.step[0].beside or ())
    asked = plans.questions(plan, BANK, {}, "seed")
    stars = {each.id for each in BANK if STARRED in each.flags}
    assert len({each.prompt for each in asked.values() if each.prompt in stars}) == 4


def test_the_check_in_is_the_one_that_was_asked_for() -> None:
    """REQ-50: seven people in twenty minutes, each with a minute and a half, and a light question."""
    agenda = scale.scaled(PLANS["check-in"], 7, 20)
    assert [(step.kind, step.seconds) for step in agenda.steps] == [
        ("settle", 60),
        ("write", 120),
        ("round", 7 * 90),
        ("open-talk", 180),
        ("empty-chair", 60),
        ("actions", 90),
        ("close", 60),
    ]
    assert [step.turn for step in agenda.steps if step.turns] == [90]


@pytest.mark.parametrize("name", ["check-in", "weekly-check-in"])
def test_a_check_in_asks_something_light(name: str) -> None:
    """REQ-14: whatever the rotation brings, a check-in's question is a light one."""
    depth = {each.id: each.depth for each in BANK}
    times: dict[str, int] = {}
    for seed in map(str, range(12)):
        for asked in plans.questions(PLANS[name], BANK, times, seed).values():
            if asked.prompt:
                assert depth[asked.prompt] == "light"
                times[asked.prompt] = times.get(asked.prompt, 0) + 1
    assert len(times) > 2


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_challenges_everybody_in_their_own_words(name: str) -> None:
    """REQ-29: what tests an assumption and what asks for the other side are questions, and never left out."""
    tests: list[Step] = [step for step in PLANS[name].step if step.challenge]
    assert {each for step in tests for each in step.challenge} == set(plans.TESTS)
    for step in tests:
        assert step.text.endswith("?") or step.prompt, step.id
        assert not step.optional, step.id


@pytest.mark.parametrize("name", ["story-round", "before-using-a-story"])
def test_stories_begin_and_end_with_care(name: str) -> None:
    """REQ-13: where stories are told or used, people hear first that they may stop, and last whom to turn to."""
    first, last = PLANS[name].step[0], PLANS[name].step[-1]
    assert "stop" in first.care
    assert "somebody you trust" in last.care
    telling = next(step for step in PLANS[name].step if step.kind == "decide")
    assert plans.is_protected(telling), "what may leave is decided by the teller, however short the time"


def test_lenses_are_offered_and_never_needed() -> None:
    """REQ-23: a step with a lens is optional and says so, and no disputed lens stands in a plan of ours."""
    with_lens = [(name, step) for name, plan in PLANS.items() for step in plan.step if step.lens]
    assert len(with_lens) >= 5
    for name, step in with_lens:
        assert step.optional, name
        assert step.title.startswith("If it helps"), name
        assert "not a duty" in step.hints[0], name
        assert not plans.lenses()[step.lens].disputed, name


@pytest.mark.parametrize("lens", [each.id for each in LENSES])
def test_any_lens_can_be_laid_into_a_session(lens: str) -> None:
    """REQ-23: a host may add each lens to a plan; its step is optional and asks what the lens asks."""
    plan = plans.with_lens(PLANS["gibbs"], lens)
    (step,) = [step for step in plan.step if step.lens == lens]
    assert step.optional
    assert plans.questions(plan, BANK, {}, "seed")[step.id].text == plans.lenses()[lens].asks


# -- kinds of step, and lenses ---------------------------------------------------------------


def test_every_kind_of_step_reads_easily() -> None:
    """REQ-55, 18: what a kind of step says of itself is plain and talks nobody down."""
    for name, kind in plans.kinds().items():
        assert not _hard(_of_a_kind(kind)), name
        assert not [text for _, text in _of_a_kind(kind) if wording.deficit(text)], name


def test_every_lens_reads_easily() -> None:
    """REQ-55, 18: a lens is worded as our questions are; words for specialists stand in its note for them."""
    for lens in LENSES:
        assert not _hard(_of_a_lens(lens)), lens.id
        for text in (*(text for _, text in _of_a_lens(lens)), lens.context):
            assert not wording.deficit(text), lens.id
            assert all(len(words(each)) <= wording.LONGEST_SENTENCE for each in sentences(text)), lens.id
        assert lens.asks.endswith("?"), lens.id


@pytest.mark.parametrize("folder", ["plans", "steps"])
def test_every_file_names_its_schema(folder: str) -> None:
    """An editor finds the schema of each plan and kind of step in its first line, and its id is its file's name."""
    schema = {"plans": "plan", "steps": "step"}[folder]
    for path in sorted((our_data() / folder).glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"#:schema ../schema/{schema}.json\n"), path.name
        table = tomllib.loads(text)
        assert (table.get("plan") or table)["id"] == path.stem, path.name
