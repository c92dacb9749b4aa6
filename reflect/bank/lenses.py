"""Reads the lenses, ways of looking that are offered and never imposed; Pydantic stands here, at the border.

A lens has no field on an entry and no score: what somebody chose through it is a tag, as any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from reflect import clean
from reflect.bank.packs import DOCUMENTS, Document, Row, Sentence, Slug, contents, refusal, table_of
from reflect.config import our_data
from reflect.errors import NotFound, Refused

INCOMPLETE = "Incomplete in source"
"""Begins what is said of a lens of which the document, as we have it, lost a part (REQ-61)."""

OFFER = "Optional: as many as fit, or none."
"""Said with every lens (REQ-19, 23)."""

Title = Annotated[str, StringConstraints(min_length=2, max_length=60)]
Note = Annotated[str, StringConstraints(max_length=300)]


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Checked):
    """One part of a lens: what somebody may say they saw."""

    id: Slug = Field(description="One in all lenses; it is the tag that this choice puts on an entry.")
    name: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    says: Note = Field(default="", description="What the source says of it.")
    rows: tuple[Row, ...] = Field(default=(), description="Rows of docs/sources.md; left out: all of the lens's.")
    unexplained: bool = Field(default=False, description="The document names it and doesn't explain it; nor do we.")
    lost: bool = Field(default=False, description="The document had it, and our copy has lost what it was.")

    @model_validator(mode="after")
    def _adds_nothing(self) -> Self:
        if self.says and (self.lost or self.unexplained):
            raise ValueError("says: what a document lost or never explained is not filled in")
        return self

    @property
    def told(self) -> str:
        """Return what is said of it, or that the source says nothing, or that it is lost."""
        if self.lost:
            return f"{INCOMPLETE}: what stood here is lost."
        return "Named there, and not explained." if self.unexplained else self.says


class Source(_Checked):
    """Where a lens, or some of its choices, stands."""

    document: Document
    heading: Annotated[str, StringConstraints(min_length=2, max_length=100)]
    rows: tuple[Row, ...] = Field(min_length=1)


class Lens(_Checked):
    """A question and what may be seen through it, of which anybody takes as much as fits, or nothing."""

    id: Slug = Field(max_length=30)
    title: Title
    optional: Literal[True] = Field(description="Always true: a lens is offered and never imposed.")
    asks: Sentence = Field(description="The question asked while it is at hand.")
    choices: tuple[Choice, ...] = Field(min_length=1, description="'Not sure' and 'something else' are always added.")
    sources: tuple[Source, ...] = Field(min_length=1)
    theme: Slug
    occasions: tuple[Slug, ...] = Field(min_length=1)
    disputed: bool = Field(default=False, description="People in the source disagree on it, or with it.")
    caveat: Annotated[str, StringConstraints(max_length=400)] = Field("", description="The source's own reservation.")
    incomplete: Note = Field("", description="What is lost from the document; it is not filled in.")
    context: Annotated[str, StringConstraints(max_length=400)] = Field(description="The idea, for specialists.")

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.disputed != bool(self.caveat):
            raise ValueError("caveat: a disputed lens has one, and only a disputed lens")
        if any(choice.lost for choice in self.choices) and not self.incomplete:
            raise ValueError("incomplete: a lens with a lost part says what is lost")
        if any(not set(choice.rows) <= set(self.rows) for choice in self.choices):
            raise ValueError("choices: a choice rests on rows that the lens's sources name")
        return self

    @property
    def rows(self) -> tuple[str, ...]:
        """Return all rows it rests on, in the order of its sources."""
        return tuple(row for source in self.sources for row in source.rows)

    @property
    def offered(self) -> tuple[Choice, ...]:
        """Return its choices and the two that every lens has: not sure, and something else."""
        return (
            *self.choices,
            Choice(id=f"{self.id}-not-sure", name="not sure"),
            Choice(id=f"{self.id}-other", name="something else"),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what to know before using it: that it is disputed, and what is lost from the source."""
        disputed = (f"Disputed: {self.caveat}",) if self.caveat else ()
        return (*disputed, f"{INCOMPLETE}: {self.incomplete}") if self.incomplete else disputed

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what a room is shown beside the question, line by line."""
        choices = (f"{each.name}: {each.told}" if each.told else each.name for each in self.offered)
        return (OFFER, *choices, *self.warnings)

    def fields(self) -> Mapping[str, object]:
        """Return the lens as scripts get it."""
        return {
            "id": self.id,
            "title": self.title,
            "optional": self.optional,
            "asks": self.asks,
            "choices": [
                *(each.model_dump() | {"rows": each.rows or self.rows} for each in self.choices),
                *(each.model_dump() for each in self.offered[len(self.choices) :]),
            ],
            "theme": self.theme,
            "occasions": self.occasions,
            "sources": [
                {"document": name, "title": title, "heading": each.heading, "rows": each.rows}
                for each in self.sources
                for name, title in (DOCUMENTS[each.document],)
            ],
            "rows": self.rows,
            "disputed": self.disputed,
            "caveat": self.caveat,
            "incomplete": bool(self.incomplete),
            "warnings": self.warnings,
            "context": self.context,
        }


class Lenses(_Checked):
    """All lenses, in the order in which they are listed."""

    lens: tuple[Lens, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_name_once(self) -> Self:
        seen: set[str] = set()
        for lens in self.lens:
            for name in (lens.id, *(choice.id for choice in lens.offered)):
                if name in seen:
                    raise ValueError(f"lens: {name!r} stands there twice")
                seen.add(name)
        return self

    @cached_property
    def _by_choice(self) -> Mapping[str, Lens]:
        return {choice.id: lens for lens in self.lens for choice in lens.offered}

    def get(self, name: str) -> Lens:
        """Return the lens with this id or beginning of one, with this choice, or resting on this row."""
        wanted = name.strip().lower()
        found = (
            [lens for lens in self.lens if lens.id == wanted]
            or [lens for lens in self.lens if lens is self._by_choice.get(wanted)]
            or [lens for lens in self.lens if wanted.upper() in lens.rows]
            or [lens for lens in self.lens if wanted and lens.id.startswith(wanted)]
        )
        if len(found) == 1:
            return found[0]
        shown = repr(clean.line(name))
        if found:
            ids = ", ".join(lens.id for lens in found[:4])
            raise Refused(f"more than one lens fits {shown}", why=ids, next_step="give more of the name")
        raise NotFound(f"there is no lens {shown}", next_step="see `reflect prompts lenses`")


def shipped() -> Lenses:
    """Read our own lenses."""
    return read(our_data() / "lenses.toml")


def read(path: Path) -> Lenses:
    """Read a file of lenses, or say which lens and which field is wrong."""
    table = table_of(contents(path), path.name)
    try:
        return Lenses.model_validate(table)
    except ValidationError as error:
        raise refusal(
            error, table, path.name, Lenses, what="file of lenses", item="lens", next_step="mend the file"
        ) from None
