"""What others may build on: the JSON of a group's summary and the letters that travel, as JSON Schemas.

The models of the letters are what reads them; those here say what a summary's JSON holds.
Fields may be added, none is renamed.
"""

from __future__ import annotations

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from reflect.exchange import letters

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class _Published(BaseModel):
    model_config = ConfigDict(frozen=True)


class Quotation(_Published):
    """A passage, exactly the words at [start:end] of the contribution as it was shared, in code points."""

    entry: letters.RandomId = Field(description="The contribution; no id of a journal or of a person.")
    version: int
    start: int
    end: int
    text: str
    reworded: bool = Field(description="Whether these are other words that the author approved.")
    attribution: str | None = Field(description="The name its author chose.")
    occasion: str | None
    leads_to: str | None = Field(description="What should come of it, as its author said.")
    stance: Literal["gain", "loss", "differs"] | None = Field(description="As it was called; never inferred.")
    called_by: Literal["author", "lead"] | None = Field(description="Who called it so; the author's word comes first.")
    memo: str | None = Field(description="Why the lead called it so.")


class _Counted(_Published):
    people: int | None = Field(description="People, not contributions; null where a number may not be shown.")
    band: str | None = Field(description="Stands instead of a number that could be subtracted from another.")


class Recurring(_Counted):
    """Something that recurs in a theme, named by the contributors' own words."""

    name: str
    excerpt: Quotation | None


class Movement(_Published):
    """People in the period before, and in this one."""

    before: int
    now: int


class Theme(_Counted):
    """What a group wrote about one theme."""

    id: str
    name: str
    entries: int | None
    movement: Movement | None
    recurs: tuple[Recurring, ...]
    words: tuple[str, ...] = Field(description="What stands out in its words against the other themes'.")
    excerpts: tuple[Quotation, ...]
    gains: tuple[Quotation, ...]
    losses: tuple[Quotation, ...]
    differing: tuple[Quotation, ...]
    memos: tuple[str, ...] = Field(description="Why the lead placed contributions here.")


class Source(_Published):
    """Where a question comes from."""

    document: str
    title: str
    heading: str


class Question(_Published):
    """A question for the session, in its wording for a group."""

    id: str
    theme: str
    text: str
    source: Source


class Site(_Counted):
    """One site, named only if every site reaches the number of people agreed."""

    name: str


class Period(_Published):
    """First and last day, or null for without end, and the period's name if it has one."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    since: str | None = Field(alias="from")
    to: str | None
    words: str


class Method(_Published):
    """How the summary was made."""

    told: tuple[str, ...]
    constant: str
    fewest: int = Field(description="Below so many people no number is shown.")
    not_heard_from: str | None
    site_note: str | None
    codebook_changes: tuple[str, ...]


class Action(_Published):
    """Something offered in a session of the group, and how it stands."""

    text: str
    owner: str = Field(description="Empty while nobody accepted it.")
    due: str = Field(description="Day; empty for none.")
    state: Literal["proposed", "open", "kept", "changed", "dropped"]
    note: str
    offered_on: str


class Summary(_Counted):
    """A group's themed summary, the same for everybody."""

    group: str
    kind: Literal["draft", "final", "made"] = Field(
        description="A draft that can be spoken to, the final one, or made only to be looked at."
    )
    comment_by: str | None = Field(description="The last day on which a draft can be spoken to.")
    purpose: str
    audience: letters.Audience
    period: Period
    entries: int | None
    themes: tuple[Theme, ...]
    not_placed: tuple[Quotation, ...]
    questions: tuple[Question, ...]
    actions: tuple[Action, ...]
    objections: tuple[str, ...]
    key: dict[str, str] = Field(description="Agreed words and acronyms that occur in the quotations.")
    sites: tuple[Site, ...]
    method: Method


_TITLES: dict[str, tuple[type[BaseModel], str]] = {
    "summary": (Summary, "A group's themed summary"),
    "invitation": (letters.Invitation, "An invitation to a group"),
    "share": (letters.Share, "A share, as it is before it is sealed"),
    "answer": (letters.Answer, "An answer to those who wrote"),
}


def schemas() -> dict[str, str]:
    """Return each published schema's file name with its content; `prompts/schema` holds them."""
    return {
        f"{name}.json": json.dumps(
            {"$schema": DRAFT, **kind.model_json_schema(), "title": title}, ensure_ascii=False, indent=2
        )
        + "\n"
        for name, (kind, title) in _TITLES.items()
    }
