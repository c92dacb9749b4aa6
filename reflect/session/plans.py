"""Reads plans of sessions and kinds of step from TOML and checks them; Pydantic stands here, at the border.

A plan is one file in `prompts/plans/`, or in `plans/` of a person's own home; a kind of
step is one file in `prompts/steps/`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from reflect.bank import choose, wording
from reflect.bank.lenses import Lens
from reflect.bank.lenses import read as read_lenses
from reflect.bank.packs import Depth, Row, Sentence, Slug, contents, refusal, table_of
from reflect.config import our_data
from reflect.errors import NewerVersion, NotFound, ReflectError, Refused
from reflect.models import Prompt

FORMAT = 1
"""The plan format this reflect reads."""

LONGEST_CHECK_IN = 30
"""Minutes; what takes longer is a session."""

TESTS = ("assumption", "other-side")
"""What the challenges of a session do between them: test an assumption, ask for the other side's account (REQ-29)."""


def _quarters(minutes: float) -> float:
    if minutes * 4 != int(minutes * 4):
        raise ValueError("it should be whole, half or quarter minutes, such as 1.5")
    return minutes


Minutes = Annotated[float, Field(gt=0, le=180), AfterValidator(_quarters)]
Title = Annotated[str, StringConstraints(min_length=2, max_length=60, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(max_length=400, strip_whitespace=True)]
Beside = Literal["last-actions", "last-promise", "last-close", "last-summary", "brought", "lines"]
Takes = Literal["", "missing", "actions", "close"]


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Table = TypeVar("_Table", bound=_Checked)


class Kind(_Checked):
    """A kind of step: what people do in it, which the clock, the screen and the page go by."""

    id: Slug
    title: Title = Field(description="What a step of this kind is called when its plan says nothing.")
    about: Sentence = Field(description="What people do in it.")
    turns: Literal["", "each", "halves"] = Field(
        "", description="Whether each person has a turn in the drawn order, or pairs change over at half time."
    )
    quiet: bool = Field(default=False, description="Nobody speaks; it may stand before the first writing.")
    writes: bool = Field(
        default=False, description="People write in it; what they write is hidden until a step shows lines."
    )
    shares: bool = Field(default=False, description="People tell each other something; writing comes before it.")
    voices: bool = Field(default=False, description="Shows each written line once, unseen ones first.")
    takes: Takes = Field("", description="What is noted in it: who is missing, actions, or the words of the close.")
    beside: tuple[Beside, ...] = Field((), description="What stands beside the question.")
    protected: bool = Field(default=False, description="Never offered for shortening.")
    stretches: bool = Field(default=True, description="Grows when there is more time than the plan needs.")
    least: Minutes = Field(1, description="Minutes below which it is not shortened; of a turn, where there are turns.")
    asks: Line = Field("", description="The question of a step whose plan gives none.")
    parts: tuple[Line, ...] = ()
    hints: tuple[Line, ...] = Field((), description="For the host.")


class Choice(_Checked):
    """A question to be chosen from the bank when the session begins, those least asked first."""

    theme: Slug | Literal[""] = ""
    occasion: Slug | Literal[""] = ""
    depth: Depth | Literal[""] = Field("", description="Left out: light or working.")
    challenge: bool = Field(default=False, description="One that carries the flag 'challenge'.")
    starred: bool = Field(default=False, description="One of the 13 questions to consider.")


class Step(_Checked):
    """One step of a plan: how long, of which kind, and what is asked in it."""

    id: Slug
    kind: Slug = Field(description="A kind of step; there is a file of its name in prompts/steps.")
    title: Title | Literal[""] = Field("", description="Left out: as its kind is called.")
    minutes: Minutes | None = Field(None, description="How long it is; in pairs both halves together.")
    each: Minutes | None = Field(None, description="How long each person's turn is, where each has one.")
    least: Minutes | None = Field(
        None,
        description="Minutes below which it is not shortened; of a turn, where there are turns."
        " Left out: all of it where it is protected, else as its kind says.",
    )
    protected: bool | None = Field(None, description="Keeps its least, and is never offered for shortening.")
    optional: bool = Field(default=False, description="Left out when time is short.")
    text: Sentence | Literal[""] = Field("", description="The question in the plan's own words.")
    parts: tuple[Line, ...] = Field((), description="Each thing asked, when more than one is.")
    prompt: Slug | Literal[""] = Field("", description="The question of the bank with this id.")
    choose: Choice | None = Field(None, description="A question chosen from the bank when the session begins.")
    same_as: Slug | Literal[""] = Field("", description="The question of this earlier step once more.")
    challenge: tuple[Literal["assumption", "other-side"], ...] = Field(
        (), description="What the question challenges: it tests an assumption, or asks for the other side's account."
    )
    lens: Slug | Literal[""] = Field("", description="A lens laid beside the question; its step is optional.")
    hints: tuple[Line, ...] = Field((), description="For the host; left out: as the kind says.")
    care: Line = Field("", description="Said before a step that may stir one's own story.")
    beside: tuple[Beside, ...] | None = Field(
        None, description="What stands beside the question; left out: as its kind says."
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        asked = [
            name
            for name, value in (
                ("text", self.text),
                ("prompt", self.prompt),
                ("choose", self.choose),
                ("same_as", self.same_as),
            )
            if value
        ]
        if len(asked) > 1:
            raise ValueError(f"{asked[1]}: a step has one question, and {asked[0]} gives it")
        if self.parts and not self.text:
            raise ValueError("parts: they belong to a text; a question of the bank has its own")
        if len(self.parts) == 1:
            raise ValueError("parts: one part is the question itself; leave parts out")
        if (self.minutes is None) == (self.each is None):
            raise ValueError("minutes: a step has minutes, or `each` where every person has a turn, and not both")
        if self.lens and not self.optional:
            raise ValueError("optional: a lens is offered and never imposed, so its step is optional")
        whole = self.each if self.minutes is None else self.minutes
        if self.least is not None and whole is not None and self.least > whole:
            raise ValueError("least: it is more than the step has")
        return self


class PlanHead(_Checked):
    """What a plan says of itself."""

    id: Slug = Field(description="A short name of small letters, digits and hyphens.")
    title: Title
    about: Sentence = Field(description="A sentence or two: what it is good for.")
    kind: Literal["check-in", "session"] = Field(description="A check-in is light; a session holds all that one needs.")
    people: Annotated[int, Field(ge=2, le=200, strict=True)] = Field(description="How many its minutes are meant for.")
    fewest: Annotated[int, Field(ge=1, le=200, strict=True)] = Field(2, description="People it still works with.")
    most: Annotated[int, Field(ge=2, le=1000, strict=True)] = Field(12, description="People it still works with.")
    questions: Annotated[int, Field(ge=1, le=6, strict=True)] = Field(
        choose.MOST, description="Most questions it asks of the bank; more than three only where a plan says so."
    )
    credit: Line = Field("", description="Whose model it follows, and what of it is ours, such as the minutes.")
    rows: tuple[Row, ...] = Field((), description="Rows of docs/sources.md that it rests on.")
    format: Annotated[int, Field(ge=1, le=FORMAT, strict=True)] = FORMAT


class Plan(_Checked):
    """A session's agenda: its head and its steps, in order."""

    plan: PlanHead
    step: Annotated[tuple[Step, ...], Field(min_length=2, max_length=40)]

    @property
    def id(self) -> str:
        """Return the plan's name."""
        return self.plan.id

    @property
    def minutes(self) -> float:
        """Return how long it takes with as many people as it is meant for."""
        return sum(each.minutes or (each.each or 0) * self.plan.people for each in self.step)


class Question(NamedTuple):
    """What is asked in a step, as it was chosen for this session."""

    text: str
    parts: tuple[str, ...]
    """Each thing asked, one or more; none where nothing is asked."""
    prompt: str = ""
    """Id in the bank; empty for a plan's own words."""
    source: str = ""
    """Document and heading, for a question of the bank."""
    theme: str = ""
    care: str = ""


NOTHING_ASKED = Question("", ())


# -- what ships, and what people add ---------------------------------------------------------


class Shelf(NamedTuple):
    """The plans there are, ours first, then the person's own."""

    plans: Mapping[str, Plan]
    left_out: tuple[str, ...] = ()
    """Plans of the person's own that could not be used, each with why."""

    def get(self, name: str) -> Plan:
        """Return the plan with this id or this beginning of one."""
        wanted = name.strip().lower()
        if wanted in self.plans:
            return self.plans[wanted]
        like = [each for each in self.plans if wanted and each.startswith(wanted)]
        if len(like) == 1:
            return self.plans[like[0]]
        if like:
            raise Refused(
                f"more than one plan begins with {name!r}", why=", ".join(like), next_step="give more of the name"
            )
        raise NotFound(f"there is no plan {name!r}", next_step="see `reflect session plans`")


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of step, each by its id, which is its file's name."""
    return {path.stem: _checked(Kind, path) for path in sorted((our_data() / "steps").glob("*.toml"))}


@cache
def lenses() -> Mapping[str, Lens]:
    """Return the lenses the sources offer, each by its id."""
    return {each.id: each for each in read_lenses(our_data() / "lenses.toml").lens}


def shipped() -> dict[str, Path]:
    """Return our own plans, each by its id, which is its file's name."""
    return {path.stem: path for path in sorted((our_data() / "plans").glob("*.toml"))}


def every(own: Path, prompts: Collection[Prompt]) -> Shelf:
    """Read and check every plan; a fault in one of ours is an error, one in the person's own is left out by name.

    `own` is the folder of a person's own plans, `prompts` the whole bank.
    """
    found: dict[str, Plan] = {}
    left_out = []
    for path in [*shipped().values(), *(sorted(own.glob("*.toml")) if own.is_dir() else ())]:
        try:
            plan = read(path)
            check_names(plan, path.name, prompts)
            if plan.id in found:
                raise Refused("the plan's id is taken", where=path.name, why=f"there is a plan {plan.id} already")
        except ReflectError as error:
            if path.parent != own:
                raise
            error.changed = ""
            left_out.append(str(error))
        else:
            found[plan.id] = plan
    return Shelf(found, tuple(left_out))


def _checked(kind: type[_Table], path: Path) -> _Table:
    table = table_of(contents(path), path.name)
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        raise refusal(error, table, path.name, kind, what="file", next_step="mend the file") from None


# -- reading and checking one plan -------------------------------------------------------------


def read(path: Path) -> Plan:
    """Read one plan, or say which file, which step and which field is wrong."""
    return parse(contents(path), path.name)


def parse(content: bytes, name: str) -> Plan:
    """Check a plan's content; `name` is what the error calls it."""
    table = table_of(content, name)
    head = table.get("plan")
    if isinstance(head, dict) and isinstance(head.get("format"), int) and head["format"] > FORMAT:
        raise NewerVersion(
            f"this plan is in format {head['format']} and this reflect reads up to {FORMAT}",
            where=name,
            next_step="install the newer reflect",
        )
    try:
        plan = Plan.model_validate(table)
    except ValidationError as error:
        raise refusal(error, table, name, Plan, what="plan", item="step", next_step=_MEND) from None
    for faults in (_of_the_head, _of_the_steps, _of_the_words, _of_every_plan, _RULES[plan.plan.kind]):
        for where, why, next_step in faults(plan):
            raise Refused("the plan can't be used", where=f"{name}, {where}", why=why, next_step=next_step)
    return plan


Fault = tuple[str, str, str]
"""Where in the plan, why it can't stay so, what to do."""

_MEND = "mend the file, then `reflect session show` it"


def kind_of(step: Step) -> Kind:
    """Return what a step's kind says."""
    return kinds()[step.kind]


def is_protected(step: Step) -> bool:
    """Return whether a step keeps its least and is never offered for shortening."""
    return kind_of(step).protected if step.protected is None else step.protected


def _of_the_head(plan: Plan) -> Iterator[Fault]:
    head = plan.plan
    if not head.fewest <= head.people <= head.most:
        yield "plan, field people", "it is not between fewest and most", "change one of the three"


def _of_the_steps(plan: Plan) -> Iterator[Fault]:
    seen: set[str] = set()
    for step in plan.step:
        here = f"step {step.id}"
        kind = kinds().get(step.kind)
        if step.id in seen:
            yield here, "two steps have one id", "rename one"
        if kind is None:
            yield f"{here}, field kind", f"there is no kind {step.kind!r}; there are {', '.join(kinds())}", "choose one"
        elif (step.each is not None) != (kind.turns == "each"):
            wanted = "`each`, the minutes of a turn" if kind.turns == "each" else "`minutes`, since nobody has a turn"
            yield here, f"a step of the kind {kind.id} is given {wanted}", "write that instead"
        if step.same_as and step.same_as not in seen:
            yield f"{here}, field same_as", f"no step {step.same_as!r} stands before it", "name an earlier step"
        seen.add(step.id)


def _of_the_words(plan: Plan) -> Iterator[Fault]:
    """Find words that talk people down, wherever somebody will read them (REQ-18)."""
    fields: list[tuple[str, str]] = [("plan, field title", plan.plan.title), ("plan, field about", plan.plan.about)]
    for step in plan.step:
        for field in ("title", "text", "care", "parts", "hints"):
            value = getattr(step, field)
            texts = (value,) if isinstance(value, str) else value
            fields += [(f"step {step.id}, field {field}", text) for text in texts]
    for where, text in fields:
        if found := wording.deficit(text):
            yield where, f"{found[0]!r} talks people down", "say it in other words"


def _of_every_plan(plan: Plan) -> Iterator[Fault]:
    """Hold a plan to what a session and a check-in have in common (REQ-42, 49, 50, 52)."""
    steps = [kind_of(each) for each in plan.step]
    first_shared = next((at for at, kind in enumerate(steps) if kind.shares), len(steps))
    if not any(kind.writes for kind in steps[:first_shared]):
        where = plan.step[min(first_shared, len(steps) - 1)].id
        yield f"step {where}", "nobody has written yet; writing alone comes before sharing", "put a `write` before it"
    if not any(kind.turns for kind in steps):
        yield "its steps", "nobody is sure to be heard", "add a `round`, or `pairs`"
    yield from _missing(plan, "missing", "it never asks who isn't here", "add a step of the kind `empty-chair`")
    if steps[-1].takes != "close":
        yield "its steps", "it does not end with a close", "end it with a step of the kind `close`"
    asked = sum(1 for step in plan.step if step.prompt or step.choose)
    if asked > plan.plan.questions:
        yield "plan, field questions", f"it asks {asked} questions of the bank", "ask fewer, or say so in `questions`"
    for step in plan.step:
        if step.optional and kind_of(step).takes:
            yield f"step {step.id}, field optional", "it is part of what every session has", "leave `optional` out"


def _of_a_session(plan: Plan) -> Iterator[Fault]:
    """Hold a session to its rules: quiet writing first, challenges, actions (REQ-29, 36, 49)."""
    for step in plan.step:
        kind = kind_of(step)
        if kind.writes:
            break
        if not kind.quiet:
            yield f"step {step.id}", "a session begins with quiet writing", "put it after the first `write`"
    said = {each for step in plan.step for each in step.challenge if not step.optional}
    for each in TESTS:
        if each not in said:
            what = "tests an assumption" if each == "assumption" else "asks for the other side's account"
            yield "its steps", f"none of its questions {what}", f'add one with challenge = ["{each}"]'
    yield from _missing(plan, "actions", "nothing is offered in it", "add a step of the kind `actions`")


def _of_a_check_in(plan: Plan) -> Iterator[Fault]:
    """Hold a check-in to being light (REQ-14, 50)."""
    if plan.minutes > LONGEST_CHECK_IN:
        yield "its steps", f"it takes {plan.minutes:g} minutes and a check-in at most {LONGEST_CHECK_IN}", "shorten it"
    if not any(kind_of(step).turns == "each" for step in plan.step):
        yield "its steps", "a check-in has a round, in which everybody has the same time", "add a `round`"
    for step in plan.step:
        if step.choose and step.choose.depth == "deep":
            yield f"step {step.id}, field choose", "a check-in asks nothing deep", "choose light or working"


def _missing(plan: Plan, takes: str, why: str, next_step: str) -> Iterator[Fault]:
    if not any(kind_of(step).takes == takes for step in plan.step):
        yield "its steps", why, next_step


_RULES = {"session": _of_a_session, "check-in": _of_a_check_in}


def check_names(plan: Plan, name: str, prompts: Collection[Prompt]) -> None:
    """Refuse a question or a lens that isn't there, and a question that isn't what the plan says of it."""
    bank = {each.id: each for each in prompts}
    for step in plan.step:
        for field, why in _names(plan, step, bank):
            raise Refused(
                "the plan can't be used", where=f"{name}, step {step.id}, field {field}", why=why, next_step=_MEND
            )


def _names(plan: Plan, step: Step, bank: Mapping[str, Prompt]) -> Iterator[tuple[str, str]]:
    if step.lens and step.lens not in lenses():
        yield "lens", f"there is no lens {step.lens!r}"
    if step.prompt:
        yield from _of_the_prompt(plan, step, bank.get(step.prompt))
    if step.choose and not any(_fits(each, step.choose, plan) for each in bank.values()):
        yield "choose", "no question of the bank fits all of that"
    if step.choose and step.challenge and not step.choose.challenge:
        yield "challenge", "the choice should say challenge = true"


def _of_the_prompt(plan: Plan, step: Step, prompt: Prompt | None) -> Iterator[tuple[str, str]]:
    if prompt is None:
        yield "prompt", f"there is no question {step.prompt!r} in the bank"
        return
    if "group" not in prompt.suits:
        yield "prompt", "this question suits one person alone"
    if step.challenge and "challenge" not in prompt.flags:
        yield "challenge", "the bank does not mark this question as a challenge"
    if plan.plan.kind == "check-in" and prompt.depth == "deep":
        yield "prompt", "a check-in asks nothing deep"


# -- which questions a session asks --------------------------------------------------------------


def questions(plan: Plan, prompts: Collection[Prompt], times: Mapping[str, int], seed: str) -> dict[str, Question]:
    """Return for each step its question; those chosen from the bank are the ones this group was asked least.

    `times` says how often each was served to the group; no two of one family stand in one session.
    """
    bank = {each.id: each for each in prompts}
    taken = {step.prompt for step in plan.step}
    families = {bank[each].near for each in taken if each in bank} - {""}
    asked: dict[str, Question] = {}
    for step in plan.step:
        if step.same_as:
            before = asked[step.same_as]
            asked[step.id] = before._replace(care=step.care or before.care)
        elif step.choose:
            fitting = [
                each
                for each in prompts
                if _fits(each, step.choose, plan) and each.id not in taken and each.near not in families
            ]
            wishes = choose.Wishes(step.choose.theme, step.choose.occasion, step.choose.depth, for_group=True)
            found = choose.choose(fitting, times, wishes, seed)
            if not found:
                raise NotFound(
                    f"no question is left for the step {step.id!r} of {plan.id}",
                    why="all that fit are retired, or asked in another step",
                    next_step="restore one with `reflect prompts restore`, or choose another plan",
                )
            prompt = found[0].prompt
            taken.add(prompt.id)
            families |= {prompt.near} - {""}
            asked[step.id] = _of_the_bank(prompt, step)
        elif step.prompt:
            if step.prompt not in bank:
                raise NotFound(f"there is no question {step.prompt!r}", next_step="see `reflect prompts list`")
            asked[step.id] = _of_the_bank(bank[step.prompt], step)
        else:
            asked[step.id] = _of_the_plan(step)
    return asked


def _fits(prompt: Prompt, choice: Choice, plan: Plan) -> bool:
    if choice.challenge and "challenge" not in prompt.flags:
        return False
    if choice.starred and choose.STARRED not in prompt.flags:
        return False
    if plan.plan.kind == "check-in" and prompt.depth == "deep":
        return False
    return choose.fits(prompt, choose.Wishes(choice.theme, choice.occasion, choice.depth, for_group=True))


def _of_the_bank(prompt: Prompt, step: Step) -> Question:
    source = ", ".join(each for each in (prompt.document, prompt.heading) if each)
    parts = prompt.parts if len(prompt.parts) > 1 else (prompt.group_text,)
    return Question(prompt.group_text, parts, prompt.id, source, prompt.theme, step.care or prompt.care)


def _of_the_plan(step: Step) -> Question:
    kind = kind_of(step)
    text, parts = (step.text, step.parts) if step.text else (kind.asks, kind.parts)
    if step.lens and not step.text:
        text, parts = lenses()[step.lens].asks, ()
    if not text:
        return NOTHING_ASKED._replace(care=step.care)
    return Question(text, parts or (text,), theme=lenses()[step.lens].theme if step.lens else "", care=step.care)


def with_lens(plan: Plan, name: str, minutes: float = 5) -> Plan:
    """Return a plan with one more step, in which the room looks through a lens; it comes after the first telling."""
    if name not in lenses():
        raise NotFound(f"there is no lens {name!r}", why="there are " + ", ".join(lenses()), next_step="choose one")
    lens = lenses()[name]
    step = Step.model_validate(
        {
            "id": f"lens-{name}"[:40],
            "kind": "open-talk",
            "title": lens.title,
            "minutes": minutes,
            "optional": True,
            "lens": name,
            "text": lens.asks,
        }
    )
    at = next((at for at, each in enumerate(plan.step) if kind_of(each).takes), len(plan.step) - 1)
    return plan.model_copy(update={"step": (*plan.step[:at], step, *plan.step[at:])})
