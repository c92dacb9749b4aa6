"""Reads packs of questions from TOML and checks every one of them; Pydantic stands here, at the border."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from reflect import clean
from reflect.bank import wording
from reflect.bank.shelf import LARGEST
from reflect.errors import NewerVersion, NotFound, Refused
from reflect.models import Prompt

FORMAT = 1
"""The pack format this reflect reads."""

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_ROW = r"^(IVAR|KF|NL|BWL|BW)-[QPFR][0-9]{2}$"

Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=40)]
Row = Annotated[str, StringConstraints(pattern=_ROW)]
Sentence = Annotated[str, StringConstraints(min_length=8, max_length=600, strip_whitespace=True)]
Document = Literal["IVAR", "KF", "NL", "BWL", "BW", "own"]
Form = Literal["asked", "heading", "implied", "practice", "own"]
Depth = Literal["light", "working", "deep"]
Flag = Literal["question-to-consider", "challenge", "story"]
Suits = Literal["one", "group"]

DOCUMENTS: dict[str, tuple[str, str]] = {
    "IVAR": ("IVAR", "What is 'power' and how can it be redistributed to communities?"),
    "KF": ("King's Fund", "Transforming power relationships in partnership working"),
    "NL": ("New Local", "Crisis or not, the evidence shows that community power works"),
    "BWL": ("A Better Way", "What have we learnt?"),
    "BW": ("A Better Way", "Notes of the Sharing Power meetings"),
    "own": ("", ""),
}
"""For each source its name on the screen and its title."""

DEFAULT_CARE = (
    "This may stir memories. You can stop at any time, keep what you write private,"
    " or type /discard and nothing is kept."
)


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackHead(_Checked):
    """What a pack says of itself."""

    id: Slug = Field(description="A short name of small letters, digits and hyphens.")
    title: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    about: Sentence = Field(description="A sentence or two: what these questions are about.")
    format: Annotated[int, Field(ge=1, le=FORMAT, strict=True)] = FORMAT


class PackPrompt(_Checked):
    """One question as it stands in a pack."""

    id: Slug = Field(description="A short name of small letters, digits and hyphens, one in the whole bank.")
    text: Sentence = Field(description="The question for one person writing alone, with every part of it.")
    group_text: Sentence | None = Field(None, description="The same question read aloud to a group.")
    parts: tuple[Sentence, ...] = Field((), description="Each thing asked, when more than one is.")
    document: Document = Field("own", description="The source document; leave out for a question of your own.")
    heading: Annotated[str, StringConstraints(max_length=100)] = Field(
        "", description="Under which heading of the document it stands."
    )
    rows: tuple[Row, ...] = Field((), description="Rows of docs/sources.md that it rests on.")
    form: Form = Field(
        "own", description="Whether the document asks it, has it as a heading, implies it, or tells of a practice."
    )
    theme: Slug = Field(description="The theme it is about; see `reflect themes list`.")
    also_themes: tuple[Slug, ...] = Field((), description="Other themes it touches.")
    occasions: tuple[Slug, ...] = Field(min_length=1, description="When it fits.")
    depth: Depth = Field("working", description="About two, five or ten minutes; deep ones come only on request.")
    context: Annotated[str, StringConstraints(max_length=400)] = Field(
        "", description="The idea behind it, for specialists."
    )
    flags: tuple[Flag, ...] = Field((), description="What to know of it: it challenges, or touches one's own story.")
    near: Slug | Literal[""] = Field("", description="A family of questions so alike that one sitting has one of them.")
    suits: tuple[Suits, ...] = Field(get_args(Suits), min_length=1, description="One person alone, a group, or both.")
    care: Annotated[str, StringConstraints(max_length=400)] = Field(
        "", description="Said before a question with the flag 'story'."
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> PackPrompt:
        if len(self.parts) == 1:
            raise ValueError("parts: one part is the question itself; leave parts out")
        if (self.document == "own") != (self.form == "own"):
            raise ValueError("form: 'own' goes with a question that names no document, and only with it")
        if self.document != "own" and not self.heading:
            raise ValueError("heading: a question from a document says under which heading it stands")
        if self.care and "story" not in self.flags:
            raise ValueError("care: only a question with the flag 'story' carries a care note")
        if "question-to-consider" in self.flags and self.document != "KF":
            raise ValueError("flags: 'question-to-consider' marks the 13 that the King's Fund lists, and no other")
        return self


class Pack(_Checked):
    """A file of questions."""

    pack: PackHead
    prompt: Annotated[tuple[PackPrompt, ...], Field(min_length=1, max_length=1000)]

    def prompts(self) -> list[Prompt]:
        """Return the pack's questions as the values the rest of reflect knows."""
        return [_prompt(each, self.pack.id) for each in self.prompt]


def _prompt(found: PackPrompt, pack: str) -> Prompt:
    document, title = DOCUMENTS[found.document]
    return Prompt(
        id=found.id,
        text=found.text,
        group_text=found.group_text or found.text,
        parts=found.parts or (found.text,),
        document=document,
        title=title,
        heading=found.heading,
        rows=found.rows,
        form=found.form,
        theme=found.theme,
        also_themes=found.also_themes,
        occasions=found.occasions,
        depth=found.depth,
        context=found.context,
        flags=found.flags,
        near=found.near,
        suits=found.suits,
        care=found.care or (DEFAULT_CARE if "story" in found.flags else ""),
        pack=pack,
    )


def read(path: Path) -> Pack:
    """Read one pack, or say which file, which prompt and which field is wrong."""
    return parse(contents(path), path.name)


def contents(path: Path) -> bytes:
    """Return a pack file's bytes; a folder, a device or an overlong file is refused before it is read."""
    if not path.exists():
        raise NotFound(f"there is no file {path}", next_step="check the path")
    if not path.is_file():
        raise Refused(f"{path} is not a file", next_step="name a pack, a file that ends in .toml")
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path} is too large for a pack", why=f"a pack has at most {LARGEST:,} bytes")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} can't be read", why=error.strerror or "", next_step="look at its permissions") from None


def parse(content: bytes, name: str) -> Pack:
    """Check a pack's content; `name` is what the error calls it."""
    table = table_of(content, name)
    head = table.get("pack")
    if isinstance(head, dict) and isinstance(head.get("format"), int) and head["format"] > FORMAT:
        raise NewerVersion(
            f"this pack is in format {head['format']} and this reflect reads up to {FORMAT}",
            where=name,
            next_step="install the newer reflect",
        )
    try:
        pack = Pack.model_validate(table)
    except ValidationError as error:
        raise refusal(error, table, name, Pack) from None
    _check_ids(pack, name)
    _check_wording(pack, name)
    return pack


def table_of(content: bytes, name: str) -> dict[str, object]:
    """Return a TOML file's content as a table; a file that is no TOML is refused with line and column."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(
            "the file is not UTF-8", where=f"{name}, byte {error.start}", next_step="save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise Refused("the file is not TOML", where=name, why=str(error), next_step="mend that line") from None
    except RecursionError:
        raise Refused("the file is nested too deeply", where=name, next_step="make it flat") from None
    except ValueError:  # Python refuses to read a whole number of thousands of digits
        raise Refused("a number is too long to be read", where=name, next_step="take it out") from None


def refusal(
    error: ValidationError,
    table: Mapping[str, object],
    name: str,
    kind: type[BaseModel],
    *,
    what: str = "pack",
    item: str = "prompt",
    next_step: str = "mend the file, then `reflect prompts check` it",
) -> Refused:
    """Return what to say of the first fault: which item, which field, why; and how many more there are.

    `what` is what the file should be, `item` the list in it whose members have ids of their own.
    """
    found = error.errors()
    # A list whose items are at fault counts as empty, too; that is no second fault.
    inside = {fault["loc"][:depth] for fault in found for depth in range(len(fault["loc"]))}
    faults = [fault for fault in found if fault["type"] != "too_short" or fault["loc"] not in inside]
    # A field that is missing and one that is unknown, side by side, are one misspelt field; the second says more.
    beside = (
        fault for fault in faults if fault["type"] == "extra_forbidden" and fault["loc"][:-1] == faults[0]["loc"][:-1]
    )
    first = next(beside, faults[0]) if faults[0]["type"] == "missing" else faults[0]
    path = list(first["loc"])
    where = name
    if path and path[0] == item and len(path) > 1:
        items = table.get(item)
        index = path[1]
        named = items[index] if isinstance(items, list) and isinstance(index, int) else {}
        identity = named.get("id") if isinstance(named, dict) else None
        where += f", {item} {clean.line(str(identity))[:60] if identity else int(index) + 1}"
        path = path[2:]
    sort = first["ctx"]["pattern"] if first["type"] == "string_pattern_mismatch" else first["type"]
    why = _PLAINLY.get(sort, first["msg"])
    if first["type"] == "extra_forbidden":
        why += _meant(str(path[-1]), kind)
    if first["type"] == "value_error":  # one of our own, which begins with the field's name
        field, _, why = why.removeprefix("Value error, ").partition(": ")
        path.append(field)
    if path:
        where += f", field {clean.line('.'.join(map(str, path)))}"
    if len(faults) > 1:
        why += f" (and {len(faults) - 1} more)"
    return Refused(f"the {what} can't be used", where=where, why=why, next_step=next_step)


def _meant(field: str, kind: type[BaseModel]) -> str:
    """Return which field may have been meant, among all that stand anywhere in the file."""
    from difflib import get_close_matches

    schema = kind.model_json_schema()
    tables = (schema, *schema.get("$defs", {}).values())
    like = get_close_matches(field, sorted({name for table in tables for name in table.get("properties", ())}), n=1)
    return f"; perhaps {like[0]!r} was meant" if like else ""


_PLAINLY = {
    "extra_forbidden": "no such field",
    "missing": "it is missing",
    "string_type": "it should be words in quotes",
    "tuple_type": "it should be a list; tables of a list stand in two brackets, such as [[prompt]]",
    "model_type": "it should be a table of fields",
    "too_short": "it needs at least one",
    _SLUG: "it should be small letters and digits, with hyphens between them",
    _ROW: "a row looks like KF-Q10",
}
"""What Pydantic's commonest findings, or a pattern that is missed, mean to somebody who writes a pack."""


def _check_ids(pack: Pack, name: str) -> None:
    seen: set[str] = set()
    for prompt in pack.prompt:
        if prompt.id in seen:
            raise Refused("two prompts have one id", where=f"{name}, prompt {prompt.id}", next_step="rename one")
        seen.add(prompt.id)


def _check_wording(pack: Pack, name: str) -> None:
    """Refuse what must never be asked: words that talk people down, and the question quoted as a warning."""
    for prompt in pack.prompt:
        if "IVAR-Q07" in prompt.rows:
            raise Refused(
                "this question is not to be asked",
                where=f"{name}, prompt {prompt.id}, field rows",
                why="the source quotes IVAR-Q07 as the wrong thing to ask",
                next_step="take the prompt out",
            )
        for field, text in _shown(prompt):
            found = wording.deficit(text)
            if found:
                raise Refused(
                    f"{found[0]!r} talks people down",
                    where=f"{name}, prompt {prompt.id}, field {field}",
                    why="a question names what people face, not what they lack",
                    next_step="say it in other words",
                )


def _shown(prompt: PackPrompt) -> Iterator[tuple[str, str]]:
    """Yield every field of a prompt that somebody will read, with its words."""
    for field in ("text", "group_text", "parts", "heading", "context", "care"):
        value = getattr(prompt, field) or ""
        for words in (value,) if isinstance(value, str) else value:
            yield field, words


def check_names(pack: Pack, name: str, themes: Collection[str], occasions: Collection[str]) -> None:
    """Refuse a theme or an occasion that isn't there: an answer would stand in no summary."""
    for prompt in pack.prompt:
        for field, kind, named, known in (
            ("theme", "theme", (prompt.theme,), themes),
            ("also_themes", "theme", prompt.also_themes, themes),
            ("occasions", "occasion", prompt.occasions, occasions),
        ):
            for each in named:
                if each not in known:
                    raise Refused(
                        f"there is no {kind} {each!r}",
                        where=f"{name}, prompt {prompt.id}, field {field}",
                        why="there are " + ", ".join(known),
                        next_step="choose one of them",
                    )


def remarks(pack: Pack) -> list[str]:
    """Return what could be plainer in a pack and what a screen would mark, one line each; none of it stops its use."""
    found = []
    for prompt in pack.prompt:
        for field, text in _shown(prompt):
            if field in ("text", "group_text"):
                found += [f"{prompt.id}, {field}: {remark}" for remark in wording.remarks(text)]
            if clean.is_unsafe(text):
                found.append(f"{prompt.id}, {field}: it holds characters a screen would obey; they are shown as marks")
    return found
