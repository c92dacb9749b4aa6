"""What the files that travel hold: invitation, share and answer; Pydantic stands here, at the border.

A letter is one JSON object that names its kind and format. Nothing in it is ever run or
looked up, and unknown fields are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from reflect.errors import NewerVersion, Refused

FORMAT = 1
"""Of every letter this reflect writes and reads."""

LARGEST = 50_000_000
"""Bytes of one letter; what is larger is refused before it is read."""

RandomId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
GroupId = Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{8}$")]
Key = Annotated[str, StringConstraints(pattern=r"^age1[0-9a-z]{50,70}$")]
Words = Annotated[str, StringConstraints(max_length=5_000_000)]
Line = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^\x00-\x1f\x7f]*$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Week = Annotated[str, StringConstraints(pattern=r"^\d{4}-W\d{2}$")]
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
    format: int = FORMAT
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
    fewest: Annotated[int, Field(ge=3, le=50)]
    """k: people below whom no count is shown."""
    sites: tuple[Line, ...] = ()
    glossary: Mapping[Line, Line] = Field(default_factory=dict)
    contribute_until: Day | Literal[""] = ""
    erase_on: Day
    keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=5)]


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

    @field_validator("words")
    @classmethod
    def _storable(cls, words: str) -> str:
        if re.search("[\ud800-\udfff]", words):
            raise ValueError("it holds half a sign (a lone surrogate)")
        return words


class Share(_Letter):
    """What one author lets one group read, and what they take back."""

    reflect: Literal["share"] = "share"
    format: int = FORMAT
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
    format: int = FORMAT
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


def write(letter: Letter) -> bytes:
    """Return a letter as JSON, the same letter always as the same bytes."""
    return json.dumps(letter.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def read(content: bytes, name: str) -> Letter:
    """Return the letter in a file's content, or say what is wrong with it by field."""
    if len(content) > LARGEST:
        raise Refused(f"{name} is too large for a letter", why=f"one has at most {LARGEST:,} bytes")
    value = _json(content, name)
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
    try:
        return _KINDS[kind].model_validate(value)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(each + 1) if isinstance(each, int) else each for each in fault["loc"])
        why = "no such field" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, ")
        raise Refused(f"this {kind} can't be used", where=f"{name}, field {field}", why=why) from None


def expect(letter: Letter, kind: type[_Kind], name: str) -> _Kind:
    """Return the letter if it is of this kind; another is refused by its own name."""
    if not isinstance(letter, kind):
        raise Refused(f"{name} is an {letter.reflect}", why=f"here one needs a {kind.__name__.lower()}")
    return letter


def _json(content: bytes, name: str) -> dict[str, Any]:
    """Read JSON strictly: no key twice, no NaN, no number or nesting without end."""
    try:
        value = json.loads(content, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
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
        twice = next(key for at, (key, _) in enumerate(pairs) if key in {each for each, _ in pairs[:at]})
        raise ValueError(f"the key {twice!r} stands twice")
    return made


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")
