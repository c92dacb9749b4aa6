"""Plans are read whole or refused by file, step and field; sessions and check-ins keep their rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from docs import make_schemas
from reflect.bank import packs, shelf, wording
from reflect.bank.choose import STARRED
from reflect.errors import NewerVersion, NotFound, Refused
from reflect.models import Prompt
from reflect.session import plans
from reflect.session.plans import Plan
from tests.session.rooms import CHECK_IN, HEAD, PLAN, STEPS

BANK: list[Prompt] = [prompt for path in shelf.shipped().values() for prompt in packs.read(path).prompts()]
LIGHT = """
[plan]
id = "light"
title = "A light one"
about = "A check-in of the tests."
kind = "check-in"
people = 5

[[step]]
id = "write"
kind = "write"
minutes = 1

[[step]]
id = "round"
kind = "round"
each = 1
text = "What made you smile this week?"

[[step]]
id = "empty-chair"
kind = "empty-chair"
minutes = 1

[[step]]
id = "close"
kind = "close"
minutes = 1
"""


def _without(step: str) -> str:
    """Return the session's TOML with a step left out."""
    return HEAD + "".join("[[step]]" + each for each in STEPS.split("[[step]]")[1:] if f'id = "{step}"' not in each)


def _refused(content: str) -> Refused:
    with pytest.raises(Refused) as refused:
        plans.parse(content.encode(), "ours.toml")
    assert refused.value.exit_code == 3
    assert refused.value.where.startswith("ours.toml")
    assert refused.value.next_step
    return refused.value


# -- reading -------------------------------------------------------------------------------------


def test_a_plan_says_how_long_it_takes() -> None:
    """REQ-42: its minutes are known before it is held, for those it is meant for."""
    assert PLAN.minutes == 31
    assert CHECK_IN.minutes == 20


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        ("", "field plan", "missing"),
        ("[plan]\nid = \n", "ours.toml", "line 2"),
        (HEAD + STEPS.replace("minutes = 2\n", "minutos = 2\n", 1), "step write, field minutos", "'minutes' was meant"),
        (HEAD + STEPS.replace('id = "write"', 'id = "Write it"', 1), "step Write it, field id", "small letters"),
        (HEAD + STEPS.replace("minutes = 5", "minutes = 5.3"), "step talk, field minutes", "quarter"),
        (HEAD + STEPS.replace("minutes = 5", "minutes = 0"), "step talk, field minutes", "greater than 0"),
        (HEAD + STEPS.replace("minutes = 5", "each = 5"), "step talk", "`minutes`, since nobody has a turn"),
        (HEAD + STEPS.replace("each = 2", "minutes = 8"), "step round", "`each`, the minutes of a turn"),
        (HEAD + STEPS.replace("minutes = 5", "minutes = 5\neach = 1"), "step talk, field minutes", "not both"),
        (HEAD + STEPS.replace('kind = "pairs"', 'kind = "trios"'), "step pairs, field kind", "there are actions"),
        (HEAD + STEPS.replace("least = 2", "least = 9"), "step pairs, field least", "more than the step has"),
        (HEAD + STEPS.replace('same_as = "write"', 'same_as = "close"', 1), "step round, field same_as", "before it"),
        (HEAD + STEPS.replace('text = "What s', 'prompt = "x"\ntext = "What s'), "field prompt", "one question"),
        (
            HEAD + STEPS.replace('text = "What s', 'parts = ["one"]\ntext = "What s'),
            "step again, field parts",
            "itself",
        ),
        (HEAD + STEPS.replace('id = "again"', 'id = "round"'), "step round", "one id"),
        (HEAD + STEPS.replace("optional = true", 'lens = "kinds-of-power"'), "step talk, field optional", "imposed"),
        (HEAD.replace("people = 4", "people = 40") + STEPS, "plan, field people", "fewest and most"),
        (HEAD + STEPS.replace("What stays with you?", "What do the needy want?"), "step again, field text", "down"),
    ],
)
def test_a_fault_is_told_by_step_and_field(content: str, where: str, why: str) -> None:
    """Whoever writes a plan is told which step and which field is wrong, and what was perhaps meant."""
    error = _refused(content)
    assert where in error.where
    assert why in f"{error.why} {error.where}"


def test_a_plan_of_a_newer_reflect_is_told_apart() -> None:
    """A later format is no broken file: it asks for the newer reflect."""
    with pytest.raises(NewerVersion):
        plans.parse(HEAD.replace("people", "format = 2\npeople").encode(), "ours.toml")


# -- the rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEAD + STEPS.replace('kind = "write"', 'kind = "settle"'), "writing alone comes before sharing"),
        (HEAD + STEPS.replace('challenge = ["assumption"]', ""), "tests an assumption"),
        (HEAD + STEPS.replace('challenge = ["other-side"]', ""), "asks for the other side's account"),
        (_without("empty-chair"), "who isn't here"),
        (_without("actions"), "nothing is offered"),
        (_without("close"), "does not end with a close"),
        (HEAD + STEPS.replace('kind = "settle"', 'kind = "open-talk"'), "writing alone comes before sharing"),
        (
            HEAD + STEPS.replace('kind = "actions"\nminutes = 2', 'kind = "actions"\noptional = true\nminutes = 2'),
            "every session has",
        ),
    ],
)
def test_a_session_has_all_that_one_needs(content: str, why: str) -> None:
    """REQ-29, 36, 49, 52: quiet writing first, both challenges, the empty chair, actions and a close."""
    assert why in _refused(content).why


def test_an_optional_challenge_is_none() -> None:
    """REQ-29: what may be left out for time is not what a session rests on."""
    content = HEAD + STEPS.replace('challenge = ["assumption"]', "").replace(
        'optional = true\nsame_as = "write"',
        'optional = true\ntext = "Are we sure of that?"\nchallenge = ["assumption"]',
    )
    assert "tests an assumption" in _refused(content).why


def test_a_session_without_turns_is_refused() -> None:
    """REQ-50: somebody might not be heard otherwise."""
    content = LIGHT.replace('kind = "round"\neach = 1', 'kind = "open-talk"\nminutes = 1')
    assert "nobody is sure to be heard" in _refused(content).why
    assert "everybody has the same time" in _refused(LIGHT.replace('"round"\neach', '"pairs"\nminutes')).why


def test_a_check_in_is_light() -> None:
    """REQ-14, 42: it needs neither challenge nor actions, is short, and asks nothing deep."""
    assert plans.parse(LIGHT.encode(), "light.toml").minutes == 8
    assert "at most 30" in _refused(LIGHT.replace("each = 1", "each = 6")).why
    deep = LIGHT.replace('text = "What made you smile this week?"', 'choose = { depth = "deep" }')
    assert "nothing deep" in _refused(deep).why


def test_questions_in_one_session_are_few() -> None:
    """REQ-42: three questions of the bank at most, unless the plan says that it asks more."""
    step = '\n[[step]]\nid = "more-{}"\nkind = "open-talk"\nminutes = 2\nchoose = {{}}\n'
    head, close = LIGHT.rsplit("\n[[step]]", 1)
    more = head + "".join(step.format(at) for at in range(4)) + "\n[[step]]" + close
    assert "asks 4 questions" in _refused(more).why
    assert plans.parse(more.replace("people = 5", "people = 5\nquestions = 4").encode(), "x").plan.questions == 4


@pytest.mark.parametrize("name", plans.shipped())
def test_every_plan_of_ours_keeps_the_rules(name: str) -> None:
    """REQ-29, 49, 52: what ships passes its own checker, and the questions and lenses it names are there."""
    plan = plans.read(plans.shipped()[name])
    plans.check_names(plan, name, BANK)
    assert plan.id == name
    takes = {plans.kind_of(step).takes for step in plan.step}
    assert {"missing", "close"} <= takes
    assert plan.plan.kind == "check-in" or "actions" in takes


@pytest.mark.parametrize("name", plans.kinds())
def test_every_kind_of_step_is_one_whole_file(name: str) -> None:
    """A kind of step is a file of its name; where it asks, it asks plainly, and it always helps the host."""
    kind = plans.kinds()[name]
    assert kind.id == name
    assert kind.hints
    assert kind.asks or not kind.takes
    assert not wording.deficit(f"{kind.about} {kind.asks}")


def test_an_editor_marks_what_the_checker_refuses() -> None:
    """The published schemas accept our plans and kinds, and refuse a field or a kind that isn't there."""
    import tomllib

    plan, step = (
        Draft202012Validator(json.loads((make_schemas.FOLDER / f"{each}.json").read_text()))
        for each in ("plan", "step")
    )
    for path in plans.shipped().values():
        assert path.read_text(encoding="utf-8").startswith("#:schema ../schema/plan.json\n")
        assert list(plan.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))) == []
    for path in (make_schemas.FOLDER.parent / "steps").glob("*.toml"):
        assert list(step.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))) == []
    for wrong in (LIGHT.replace("minutes", "minutos"), LIGHT.replace('"round"', '"trios"')):
        assert list(plan.iter_errors(tomllib.loads(wrong)))


# -- the shelf -----------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of one's own plans."""
    folder = tmp_path / "plans"
    folder.mkdir()
    return folder


def test_a_plan_is_added_by_dropping_in_a_file(own: Path) -> None:
    """One's own plan stands beside ours; a broken one is named and left out, and stops nothing."""
    (own / "light.toml").write_text(LIGHT)
    (own / "broken.toml").write_text(LIGHT.replace("each", "eech"))
    (own / "taken.toml").write_text(LIGHT.replace('"light"', '"check-in"'))
    found = plans.every(own, BANK)
    assert found.get("light").plan.title == "A light one"
    assert len(found.plans) == len(plans.shipped()) + 1
    assert [each.partition(" in ")[2][:8] for each in found.left_out] == ["broken.t", "taken.to"]
    assert "'each' was meant" in found.left_out[0]


def test_a_plan_is_found_by_its_beginning(own: Path) -> None:
    """As everywhere, a unique beginning is enough, and what fits several or none is told."""
    found = plans.every(own, BANK)
    assert found.get("check").id == "check-in"
    with pytest.raises(Refused) as several:
        found.get("after")
    assert "after-action-review" in several.value.why
    for name in ("nonsense", ""):
        with pytest.raises(NotFound):
            found.get(name)


@pytest.mark.parametrize(
    ("asks", "field"),
    [
        ('prompt = "no-such-question"', "prompt"),
        ('choose = { theme = "no-such-theme" }', "choose"),
        ('prompt = "rituals-for-hard-talks"\nchallenge = ["assumption"]', "challenge"),
        ('choose = { depth = "light" }\nchallenge = ["assumption"]', "challenge"),
    ],
)
def test_a_question_that_is_not_what_the_plan_says_is_refused(own: Path, asks: str, field: str) -> None:
    """A plan can't name what isn't in the bank, nor call a question a challenge that is none."""
    (own / "light.toml").write_text(LIGHT.replace('text = "What made you smile this week?"', asks))
    (said,) = plans.every(own, BANK).left_out
    assert f"step round, field {field}" in said


def test_a_lens_must_be_there(own: Path) -> None:
    """REQ-23: an optional step names a lens of the sources; another is refused."""
    head, close = LIGHT.rsplit("\n[[step]]", 1)
    talk = '\n[[step]]\nid = "talk"\nkind = "open-talk"\nminutes = 3\noptional = true\nlens = "{}"\n'
    for lens, left_out in (("no-such-lens", 1), ("kinds-of-power", 0)):
        (own / "light.toml").write_text(f"{head}{talk.format(lens)}\n[[step]]{close}")
        assert len(plans.every(own, BANK).left_out) == left_out


# -- which questions are asked ------------------------------------------------------------------------------


def _asking(asks: str) -> Plan:
    return plans.parse(LIGHT.replace('text = "What made you smile this week?"', asks).encode(), "light.toml")


def test_the_least_asked_question_is_chosen() -> None:
    """A group's rotation goes on from session to session: none repeats before all that fit were asked."""
    plan, times = _asking('choose = { occasion = "check-in" }'), {}
    fitting = [each for each in BANK if plans._fits(each, plan.step[1].choose, plan)]
    for _ in fitting:
        asked = plans.questions(plan, BANK, times, "seed")["round"].prompt
        assert asked not in times
        times[asked] = 1
    assert set(times) == {each.id for each in fitting}
    assert plans.questions(plan, BANK, times, "seed")["round"].prompt in times


def test_no_question_is_asked_twice_in_one_session() -> None:
    """Two choices of one sort find two questions, never two of one family."""
    plan = plans.read(plans.shipped()["annual-review"])
    for seed in ("a", "b", "c"):
        asked = [each.prompt for each in plans.questions(plan, BANK, {}, seed).values() if each.prompt]
        repeated = {step.id for step in plan.step if step.same_as}
        assert len(set(asked)) >= len(asked) - len(repeated)


@pytest.mark.parametrize(
    ("choice", "holds"),
    [
        ("challenge = true", lambda prompt: "challenge" in prompt.flags),
        ("starred = true", lambda prompt: STARRED in prompt.flags),
        ('theme = "language"', lambda prompt: "language" in (prompt.theme, *prompt.also_themes)),
        ('depth = "light"', lambda prompt: prompt.depth == "light"),
        ("", lambda prompt: prompt.depth != "deep" and "group" in prompt.suits),
    ],
)
def test_a_choice_is_kept_to(choice: str, holds) -> None:
    """What is chosen is what the plan asked for; deep questions come only by name (REQ-14)."""
    plan = _asking(f"choose = {{ {choice} }}")
    for seed in map(str, range(12)):
        asked = plans.questions(plan, BANK, {}, seed)["round"].prompt
        assert holds(next(each for each in BANK if each.id == asked))


def test_a_retired_question_is_not_asked() -> None:
    """What a group took out of its bank is not chosen, and a plan that needs it says so."""
    plan = _asking('prompt = "rituals-for-hard-talks"')
    asked = plans.questions(plan, BANK, {}, "")["round"]
    assert (asked.source, asked.theme) == ("King's Fund, Expectations of each other's roles", "roles")
    with pytest.raises(NotFound):
        plans.questions(plan, [each for each in BANK if each.id != asked.prompt], {}, "")
    chosen = _asking('choose = { occasion = "check-in" }')
    with pytest.raises(NotFound) as nothing:
        plans.questions(chosen, (), {}, "")
    assert "restore" in nothing.value.next_step


def test_a_question_is_asked_with_all_its_parts() -> None:
    """REQ-59: a compound question of the bank keeps every part, and a plan's own words theirs."""
    asked = plans.questions(_asking('prompt = "what-we-expect-of-each-other"'), BANK, {}, "")["round"]
    assert len(asked.parts) == 2
    own = plans.questions(_asking('text = "What, and for whom?"\nparts = ["What?", "For whom?"]'), (), {}, "")["round"]
    assert own.parts == ("What?", "For whom?")


def test_a_step_without_a_question_asks_what_its_kind_asks() -> None:
    """The empty chair and the close have words of their own; quiet writing may have none."""
    asked = plans.questions(plans.parse(LIGHT.encode(), "x"), (), {}, "")
    assert asked["empty-chair"].text.startswith("Who isn't here")
    assert "Did people feel heard?" in asked["close"].parts
    assert asked["write"] == plans.NOTHING_ASKED


def test_a_lens_can_be_laid_into_any_plan() -> None:
    """REQ-23, 61: as one more optional step after the telling, with its caveats; an unknown one is told."""
    plan = plans.with_lens(CHECK_IN, "kinds-of-power")
    (step,) = [each for each in plan.step if each.lens]
    assert (step.optional, step.kind) == (True, "open-talk")
    assert plan.step.index(step) == [each.id for each in CHECK_IN.step].index("empty-chair")
    assert plans.questions(plan, BANK, {}, "")[step.id].text == plans.lenses()["kinds-of-power"].asks
    with pytest.raises(NotFound):
        plans.with_lens(CHECK_IN, "no-such-lens")
