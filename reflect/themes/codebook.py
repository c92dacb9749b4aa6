"""Reads the codebook and the occasions from TOML and checks them; Pydantic stands here, at the border."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from reflect.bank.packs import Slug, contents, table_of
from reflect.errors import Refused


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Table = TypeVar("_Table", bound=_Checked)


class Theme(_Checked):
    """One line of the codebook."""

    id: Slug
    name: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    definition: str
    origin: str
    cues: tuple[str, ...] = Field(description="Words and short phrases that hint at the theme, one form of each.")
    weak: tuple[str, ...] = Field((), description="Common words that only add weight beside a cue.")
    examples: tuple[str, ...] = Field((), description="Passages about the theme, which teach the suggester.")


class Tie(_Checked):
    """Which theme a word belongs to when it could be two: by what stands near it."""

    when: tuple[str, ...]
    near: tuple[str, ...]
    then: Slug
    otherwise: Slug | None = None
    why: str


class Codebook(_Checked):
    """The themes, in the order in which summaries print them."""

    theme: tuple[Theme, ...]
    tie: tuple[Tie, ...] = ()


class Occasion(_Checked):
    """When a question fits."""

    id: Slug
    name: str
    when: str


class Occasions(_Checked):
    """The moments at which people reach for a question."""

    occasion: tuple[Occasion, ...]


def read(path: Path) -> Codebook:
    """Read the codebook, or say what is wrong with it."""
    return _checked(Codebook, path)


def read_occasions(path: Path) -> Occasions:
    """Read the occasions, or say what is wrong with them."""
    return _checked(Occasions, path)


def _checked(kind: type[_Table], path: Path) -> _Table:
    try:
        return kind.model_validate(table_of(contents(path), path.name))
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        raise Refused("the codebook can't be used", where=f"{path.name}, field {field}", why=fault["msg"]) from None
