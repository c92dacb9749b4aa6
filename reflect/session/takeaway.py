"""What one person takes home from a session: the actions they accepted and their own answers; a file, or plain text.

The file is what `reflect actions add --from FILE` reads. Pydantic stands here, at the border.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from reflect.dates import in_words
from reflect.exchange import letters
from reflect.exchange.letters import Day, Line, Words

FORMAT = 1


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Accepted(_Checked):
    """One action its owner accepted."""

    text: Annotated[Line, Field(min_length=1)]
    due: Day
    limits: Line = ""
    """What the owner can't do, as they said it; for nobody else."""


class Answered(_Checked):
    """One answer of one's own."""

    question: Words
    words: Words


class Takeaway(_Checked):
    """What one person takes home."""

    reflect: Literal["takeaway"] = "takeaway"
    format: Annotated[int, Field(ge=1)] = FORMAT
    group: Line
    title: Line
    held_on: Day
    actions: Annotated[tuple[Accepted, ...], Field(max_length=1000)] = ()
    answers: Annotated[tuple[Answered, ...], Field(max_length=1000)] = ()


def write(takeaway: Takeaway) -> bytes:
    """Return the file."""
    return (takeaway.model_dump_json(indent=2) + "\n").encode()


def read(content: bytes, name: str) -> Takeaway:
    """Return what a file holds, or say what is wrong with it; `name` is what the error calls it."""
    return letters.checked(Takeaway, letters.as_object(content, name), name)


def text(takeaway: Takeaway) -> str:
    """Return the same as plain text."""
    lines = [f"{takeaway.title}, {takeaway.group}, {in_words(takeaway.held_on)}", ""]
    if takeaway.actions:
        lines.append("What you offered to do:")
        for each in takeaway.actions:
            lines.append(f"- {each.text}, by {in_words(each.due)}")
            lines += [f"  Your limits: {each.limits}"] if each.limits else []
        lines.append("")
    for answer in takeaway.answers:
        lines += [*([answer.question, ""] if answer.question else []), answer.words, ""]
    return "\n".join(lines).rstrip("\n") + "\n"
