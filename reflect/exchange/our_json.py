"""reflect's own JSON as it is read: Pydantic stands here, at the border.

`our_fields.py` writes it; what is written is read back to an identical journal. The published
schema (`prompts/schema/journal.json`) is made from these models. Fields may be added, none is
renamed; a file of a newer format is refused.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from reflect import ids, intake
from reflect.errors import Refused
from reflect.models import Action, Asked, Entry, Layer, Mark, Meeting, Membership, Outcome, Sent
from reflect.whole import Batch, Hint, Origin, Rest, Revisit, Whole, Wording


def _time(written: str) -> str:
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError("the time has no offset")
    if not 1900 <= found.year <= 2199:
        raise ValueError("years go from 1900 to 2199")
    return written


def _tag(written: str) -> str:
    try:
        return intake.tag(written)
    except Refused as error:
        raise ValueError(f"{error.what}: {error.why}") from None


def _storable(written: str) -> str:
    if "\0" in written:
        raise ValueError("a NUL sign can't be stored")
    try:
        written.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a letter (a lone surrogate) stands at place {error.start}") from None
    return written


Id = Annotated[str, StringConstraints(pattern=f"^[{ids.SIGNS}]{{{ids.LENGTH}}}$")]
Time = Annotated[str, StringConstraints(max_length=40), AfterValidator(_time)]
Words = Annotated[str, StringConstraints(max_length=intake.LARGEST), AfterValidator(_storable)]
Line = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(_storable)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Number = Annotated[int, Field(ge=0, le=2**40)]
Place = Annotated[list[Number], Field(min_length=2, max_length=2)]


class _Ours(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, ser_json_inf_nan="null")


class PartFields(_Ours):
    """One part of a question, and the place of its answer in the entry's text (code points)."""

    text: Words
    start: Number | None
    end: Number | None


class PromptFields(_Ours):
    """The question as it was asked."""

    id: Line
    text: Words
    parts: Annotated[list[PartFields], Field(max_length=100)]
    answered_by_part: bool


class ThemeFields(_Ours):
    """A theme that the prompt or the author put on an entry, or that its author removed."""

    id: Line
    by: Literal["prompt", "author", "removed"]


class HintFields(_Ours):
    """A suggested theme, with the place of the words that caused it and who suggested it."""

    theme: Line
    version: Number
    cue: Words
    start: Number
    end: Number
    suggester: Line


class WordingFields(_Ours):
    """Another wording of the entry, with the places of the answers in it."""

    version: Annotated[int, Field(ge=1)]
    text: Words
    at: Time
    answers: list[Place | None] | None = None


class MarkFields(_Ours):
    """A permission, withdrawn when `withdrawn_at` is not empty."""

    id: Id
    version: Number
    start: Number
    end: Number
    audience: Literal["group", "funder", "public"]
    reader: Line
    purpose: Words
    level: Literal["theme", "reworded", "verbatim"]
    attribution: Line
    words: Words
    stance: Literal["", "gain", "loss", "differs"]
    leads_to: Words
    alone_ok: bool
    made_at: Time
    withdrawn_at: Time | Literal[""]


class LayerFields(_Ours):
    """A later thought."""

    id: Id
    version: Number
    kind: Literal["still", "changed", "act", "let-go"]
    text: Words
    action: Id | None
    at: Time
    zone: Line


class RevisitFields(_Ours):
    """When an entry comes back; no day when it was let go."""

    due: Day | Literal[""]
    interval_days: Number


class OriginFields(_Ours):
    """Where an entry came from before it was here."""

    kind: Line
    key: Line
    batch: Id


class MeetingFields(_Ours):
    """The meeting of a calendar that an entry is about: its event, and which time of one that repeats."""

    uid: Line
    instance: Line
    started_at: Time
    ended_at: Time


class EntryFields(_Ours):
    """An entry with all that belongs to it."""

    id: Id
    version: Annotated[int, Field(ge=1)]
    text: Words
    prompt: PromptFields | None
    about: Line
    occasion: Line
    happened_at: Time
    precision: Literal["minute", "day"]
    written_at: Time
    revised_at: Time
    zone: Line
    tags: list[Annotated[str, AfterValidator(_tag)]]
    themes: list[ThemeFields]
    suggested: list[HintFields] = []
    history: list[WordingFields] = []
    marks: list[MarkFields] = []
    layers: list[LayerFields] = []
    revisit: RevisitFields | None = None
    origins: list[OriginFields] = []
    meeting: MeetingFields | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if not self.text.strip():
            raise ValueError("text: it holds no words")
        for unique, what in (
            ([self.version, *(each.version for each in self.history)], "history: a version"),
            ([each.id for each in self.marks], "marks: an id"),
            ([each.id for each in self.layers], "layers: an id"),
            ([each.id for each in self.themes], "themes: one"),
        ):
            if len(set(unique)) != len(unique):
                raise ValueError(f"{what} stands twice")
        self._check_places()
        return self

    def _check_places(self) -> None:
        """Refuse places outside the words they mean, over which showing the entry would fall."""
        lengths = {self.version: len(self.text)} | {each.version: len(each.text) for each in self.history}
        for part in self.prompt.parts if self.prompt else ():
            if (part.start is None) != (part.end is None) or not (part.start or 0) <= (part.end or 0) <= len(self.text):
                raise ValueError("prompt: the place of an answer is not in the text")
        for wording in self.history:
            for place in wording.answers or ():
                if place and not place[0] <= place[1] <= len(wording.text):
                    raise ValueError("history: the place of an answer is not in its text")
        for mark in self.marks:
            if not mark.start <= mark.end <= lengths.get(mark.version, mark.end):
                raise ValueError("marks: the place of one is not in the text")

    def whole(self) -> Whole:
        """Return the entry as the inside knows it."""
        number = number_of(self.id)
        entry = Entry(
            number,
            self.version,
            self.text,
            _asked(self.prompt) if self.prompt else None,
            self.about,
            self.occasion,
            self.happened_at,
            self.precision,
            self.written_at,
            self.zone,
            tuple(sorted(set(self.tags))),
            (),
        )
        return Whole(
            entry,
            self.revised_at,
            tuple((theme.id, theme.by) for theme in self.themes),
            tuple(_wording(each) for each in self.history),
            tuple(Hint(**dict(each)) for each in self.suggested),
            tuple(Mark(**(dict(each) | {"id": number_of(each.id), "entry": number})) for each in self.marks),
            tuple(_layer(each, number) for each in self.layers),
            Revisit(self.revisit.due, self.revisit.interval_days) if self.revisit else None,
            tuple(Origin(each.kind, each.key, number_of(each.batch)) for each in self.origins),
            Meeting(**dict(self.meeting)) if self.meeting else None,
        )


class OutcomeFields(_Ours):
    """What was seen to come of an action."""

    for_whom: Words
    seen: Words
    expected: Literal["", "yes", "no", "partly"]
    helped: Literal["", "yes", "no", "partly"]
    at: Time


class ActionFields(_Ours):
    """Something the writer offered to do."""

    id: Id
    text: Words
    entry: Id | None
    offered_at: Time
    due: Day | Literal[""]
    state: Literal["open", "kept", "changed", "dropped"]
    closed_at: Time | Literal[""]
    note: Words
    about: Line = ""
    from_line: bool = False
    intended: Words = ""
    outcomes: list[OutcomeFields] = []

    def action(self) -> Action:
        """Return the action as the inside knows it."""
        fields = dict(self) | {
            "id": number_of(self.id),
            "entry": number_of(self.entry) if self.entry else None,
            "outcomes": tuple(Outcome(**dict(each)) for each in self.outcomes),
        }
        return Action(**fields)


class ImportFields(_Ours):
    """An import that entries came with."""

    batch: Id
    kind: Line
    source: Words
    at: Time


class ServedFields(_Ours):
    """How often a question was served."""

    prompt: Line
    whose: Literal["mine", "group"]
    times: Number
    last: Time
    answered: bool


class BankChangeFields(_Ours):
    """A change of the bank of questions, by whom and why."""

    prompt: Line
    change: Literal["added", "retired", "restored"]
    at: Time
    who: Words
    why: Words


class MembershipFields(_Ours):
    """A group that was joined; `contributor` is how it knows that words come from one person."""

    reader: Line
    contributor: Line
    invitation: Words
    site: Words
    joined_at: Line
    looked_until: Line
    shares: Number


class SentFields(_Ours):
    """A passage that left in a share."""

    contribution: Line
    reader: Line
    mark: Id | None
    entry: Id | None
    audience: Line
    sent_at: Line
    withdrawn_at: Line
    withdrawal_told: bool


class CameBackFields(_Ours):
    """What a group answered."""

    reader: Line
    output: Line
    audience: Line
    made_at: Line
    value: Words


class ErasedFields(_Ours):
    """An entry that was erased, and never comes back."""

    entry: Id
    at: Line


class RestFields(_Ours):
    """What stands in the file besides its entries and actions; only a whole journal has it."""

    imports: list[ImportFields] = []
    served: list[ServedFields] = []
    bank_changes: list[BankChangeFields] = []
    memberships: list[MembershipFields] = []
    sent: list[SentFields] = []
    came_back: list[CameBackFields] = []
    erased: list[ErasedFields] = []

    def rest(self) -> Rest:
        """Return it as the inside knows it."""
        return Rest(
            tuple(Batch(number_of(each.batch), each.kind, each.source, each.at) for each in self.imports),
            tuple((each.prompt, each.whose, each.times, each.last, each.answered) for each in self.served),
            tuple((each.prompt, each.change, each.at, each.who, each.why) for each in self.bank_changes),
            tuple(Membership(**dict(each)) for each in self.memberships),
            tuple(Sent(**(dict(each) | _numbers(each))) for each in self.sent),
            tuple((each.reader, each.output, each.audience, each.made_at, each.value) for each in self.came_back),
            tuple((number_of(each.entry), each.at) for each in self.erased),
        )


class JournalFile(RestFields):
    """A journal, or a part of one, as `reflect export json` writes it."""

    reflect: Literal["journal"]
    format: Annotated[int, Field(ge=1)]
    entries: list[EntryFields]
    actions: list[ActionFields] = []


def number_of(shown: str) -> int:
    """Return an id from its eight signs."""
    return ids.span(shown)[0]


def _numbers(each: SentFields) -> dict[str, int | None]:
    return {
        "mark": number_of(each.mark) if each.mark else None,
        "entry": number_of(each.entry) if each.entry else None,
    }


def _asked(prompt: PromptFields) -> Asked:
    spans = tuple((part.start, part.end or 0) if part.start is not None else None for part in prompt.parts)
    return Asked(
        prompt.id, prompt.text, tuple(part.text for part in prompt.parts), spans if prompt.answered_by_part else None
    )


def _wording(each: WordingFields) -> Wording:
    return Wording(each.version, each.text, each.at, "" if each.answers is None else json.dumps(each.answers))


def _layer(each: LayerFields, entry: int) -> Layer:
    fields = dict(each) | {
        "id": number_of(each.id),
        "entry": entry,
        "action": number_of(each.action) if each.action else None,
    }
    return Layer(**fields)


def schema() -> dict[str, object]:
    """Return the published JSON Schema of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **JournalFile.model_json_schema(),
        "title": "A journal, as reflect exports it",
    }
