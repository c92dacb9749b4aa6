"""What the files that travel hold: invitation, share and answer; Pydantic stands here, at the border.

A letter is one JSON object that names its kind and format. Nothing in it is ever run or
looked up, and unknown fields are refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from reflect.errors import NewerVersion, Refused

FORMAT = 1
"""Of every letter this reflect writes and reads."""

LARGEST = 50_000_000
"""Bytes of one letter; what is larger is refused before it is read."""


def _day(written: str) -> str:
    date.fromisoformat(written)
    return written


def _week(written: str) -> str:
    date.fromisocalendar(int(written[:4]), int(written[6:]), 1)
    return written


RandomId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
GroupId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{8}$")]
Key = Annotated[str, StringConstraints(pattern=r"^age1[0-9a-z]{50,70}$")]
Words = Annotated[str, StringConstraints(max_length=5_000_000)]
Line = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_day)]
Week = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-W[0-9]{2}$"), AfterValidator(_week)]
Format = Annotated[int, Field(ge=1, strict=True)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Audience = Literal["group", "funder", "public"]
Level = Literal["theme", "reworded", "verbatim"]
Stance = Literal["", "gain", "loss", "differs"]
Outcome = Literal["can act", "can pass on", "acknowledged, not within our power"]


class _Letter(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Invitation(_Letter):
    """What people know of a group before they join it."""

    reflect: Literal["invitation"] = "invitation"
    format: Format = FORMAT
    group: GroupId
    name: Line
    purpose: Line
    audience: Line
    keeper: Line
    """Who can open what is shared, by the name they choose."""
    responder: Line
    respond_by: Day
    cost: Line
    """What taking part costs and how it is recompensed; empty prints as "not stated"."""
    support: Line = ""
    """Whom to turn to when a story stirs something up (REQ-13); empty prints as "not stated"."""
    fewest: Annotated[int, Field(ge=3, le=50)]
    """k: people below whom no count is shown."""
    sites: Annotated[tuple[Line, ...], Field(max_length=1000)] = ()
    glossary: Mapping[Line, Line] = Field(default_factory=dict)
    contribute_until: Day | Literal[""] = ""
    erase_on: Day
    keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=5)]

    @field_validator("name", "purpose", "audience", "keeper", "responder")
    @classmethod
    def _said(cls, line: str) -> str:
        if not line.strip():
            raise ValueError("it is empty, and people must know it before they write")
        return line


class SharedPrompt(_Letter):
    """The question a passage answers, as it was asked."""

    id: Slug
    text: Words


class Contribution(_Letter):
    """One passage as its author lets it leave; nothing of host, user, path or exact time."""

    id: RandomId
    audience: Audience
    level: Level
    words: Words
    themes: tuple[Slug, ...]
    prompt: SharedPrompt | None
    occasion: Slug | Literal[""]
    week: Week
    stance: Stance
    leads_to: Words
    alone_ok: bool
    attribution: Line

    @model_validator(mode="after")
    def _no_more_than_its_level(self) -> Self:
        beside = (self.words, self.prompt, self.occasion, self.leads_to, self.attribution)
        if self.level == "theme" and any(beside):
            raise ValueError("what is shared as a theme carries no words")
        if self.level != "theme" and not self.words.strip():
            raise ValueError(f"what is shared as {self.level} needs its words")
        return self


class Share(_Letter):
    """What one author lets one group read, and what they take back."""

    reflect: Literal["share"] = "share"
    format: Format = FORMAT
    group: GroupId
    contributor: RandomId
    sequence: Annotated[int, Field(ge=1, le=1_000_000)]
    site: Line = ""
    contributions: Annotated[tuple[Contribution, ...], Field(max_length=100_000)]
    withdrawn: Annotated[tuple[RandomId, ...], Field(max_length=100_000)] = ()
    comments: tuple[Words, ...] = ()
    """What the author says to a draft summary; stands in the final one (REQ-26)."""


class AnswerPoint(_Letter):
    """One point of a summary and what became of it."""

    point: Line
    outcome: Outcome
    reply: Words


class Answer(_Letter):
    """What goes back to everybody who wrote: which passages an output held, and the replies."""

    reflect: Literal["answer"] = "answer"
    format: Format = FORMAT
    group: GroupId
    output: RandomId
    kind: Literal["draft", "final"]
    audience: Audience
    made_on: Day
    comment_by: Day | Literal[""] = ""
    quoted: tuple[RandomId, ...]
    summary: Words
    """The summary itself as Markdown: the same for everybody (REQ-38)."""
    answers: tuple[AnswerPoint, ...] = ()


Letter = Invitation | Share | Answer
_KINDS: dict[str, type[Invitation | Share | Answer]] = {
    "invitation": Invitation,
    "share": Share,
    "answer": Answer,
}
_Kind = TypeVar("_Kind", Invitation, Share, Answer)
_Any = TypeVar("_Any", bound=BaseModel)


def write(letter: Letter) -> bytes:
    """Return a letter as JSON, the same letter always as the same bytes."""
    return json.dumps(letter.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def read(content: bytes, name: str) -> Letter:
    """Return the letter in a file's content, or say what is wrong with it by field."""
    if len(content) > LARGEST:
        raise Refused(f"{name} is too large for a letter", why=f"one has at most {LARGEST:,} bytes")
    value = as_object(content, name)
    kind = value.get("reflect")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Refused(f"{name} is not a file of reflect's", next_step="check that it is the file you were given")
    version = value.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise NewerVersion(
            f"this {kind} is in format {version} and this reflect reads up to {FORMAT}",
            where=name,
            next_step="install the newer reflect",
        )
    return checked(_KINDS[kind], value, name)


def checked(kind: type[_Any], value: Mapping[str, object], name: str = "") -> _Any:
    """Return a letter, or a part of one, made of these values; the first that can't stand is named."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(each + 1) if isinstance(each, int) else each for each in fault["loc"])
        where = ", ".join(filter(None, [name, f"field {field}" if field else ""]))
        why = "no such field" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, ")
        raise Refused(f"this {kind.__name__.lower()} can't be used", where=where, why=why) from None


def expect(letter: Letter, kind: type[_Kind], name: str) -> _Kind:
    """Return the letter if it is of this kind; another is refused by its own name."""
    if not isinstance(letter, kind):
        raise Refused(f"{name} is {_a(letter.reflect)}", why=f"here one needs {_a(kind.__name__.lower())}")
    return letter


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "ai" else f"a {kind}"


def as_object(content: bytes, name: str) -> dict[str, Any]:
    """Read JSON strictly: no key twice, no NaN, no number or nesting without end."""
    try:
        text = content.decode("utf-8-sig")  # bytes would be taken for UTF-16 where they look like it
        value = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except RecursionError:
        raise Refused("the file is nested too deeply", where=name) from None
    except UnicodeDecodeError as error:
        raise Refused("the file is not UTF-8", where=f"{name}, byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise Refused(
            "the file is damaged or cut", where=f"{name}, line {error.lineno}, column {error.colno}", why=error.msg
        ) from None
    except ValueError as error:
        raise Refused("the file can't be used", where=name, why=str(error)) from None
    if not isinstance(value, dict):
        raise Refused(f"{name} is not a file of reflect's", why="it holds no object")
    return value


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice!r} stands twice")
    return made


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")
