"""The JSON of journal-cli: for each date sections of questions with their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, StrictStr

from reflect.exchange.arriving import Bad, Desk, Wishes
from reflect.exchange.checking import each_record
from reflect.exchange.sources import File, one_by_one
from reflect.intake import from_text
from reflect.models import Asked
from reflect.whole import Arrival, Piece

ENDINGS = (".json",)
FAMILY = "journal-cli"
OPTIONS = frozenset({"encoding"})

_WHEN = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2})?)\s*(UTC|GMT|Z|[+-]\d{2}:?\d{2})?")


class JournalCliEntry(BaseModel):
    """One date with its answers: section, question, answer."""

    model_config = ConfigDict(extra="ignore")

    date: StrictStr
    data: dict[str, Any]


def read(files: Sequence[File], wishes: Wishes) -> Iterator[Piece]:
    """Yield an entry for each date, the questions beside their answers."""
    yield from one_by_one(files, lambda file: each_record(file, wishes, JournalCliEntry, _entry))


def _entry(found: JournalCliEntry, line: int, desk: Desk) -> Arrival:
    answers = list(_answers(found.data))
    desk.words("\n\n".join(answer for _, answer in answers), line)  # says what is wrong with them, if anything is
    made = [(from_text(question).text, from_text(answer).text) for question, answer in answers]
    text, asked = _asked(made, list(found.data))
    try:
        placed = desk.wishes.clock.wall(_moment(found.date))
    except ValueError as error:
        raise Bad(f"date: {found.date!r}: {error}") from None
    return desk.arrival(line, text=text, placed=placed, asked=asked)


def _moment(written: str) -> datetime:
    found = _WHEN.fullmatch(written.strip())
    if not found:
        raise ValueError("it is not a time")
    moment = datetime.fromisoformat(f"{found[1]}T{found[2]}")
    if found[3] in ("UTC", "GMT", "Z"):
        return moment.replace(tzinfo=UTC)
    return datetime.fromisoformat(f"{moment.isoformat()}{found[3]}") if found[3] else moment


def _answers(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each question with its answer in words; a section's name stands before its questions."""
    for section, answers in data.items():
        if not isinstance(answers, dict):
            yield section, _in_words(answers)
            continue
        for question, answer in answers.items():
            yield (f"{section}: {question}" if len(data) > 1 else question), _in_words(answer)


def _in_words(answer: Any) -> str:
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, dict):
        return "\n".join(f"{name}: {_in_words(each)}" for name, each in answer.items() if _in_words(each))
    if isinstance(answer, list):
        return "\n".join(filter(None, map(_in_words, answer)))
    return str(answer).strip("\n")


def _asked(answers: Sequence[tuple[str, str]], sections: Sequence[str]) -> tuple[str, Asked]:
    """Return the answers as one text, and the questions with the place of the answer to each."""
    text = ""
    spans: list[tuple[int, int] | None] = []
    for _, answer in answers:
        if not answer.strip():
            spans.append(None)
            continue
        text += "\n\n" if text else ""
        spans.append((len(text), len(text) + len(answer)))
        text += answer
    identity = re.sub(r"[^a-z0-9]+", "-", " ".join(sections).lower()).strip("-")[:60].strip("-") or "journal"
    questions = tuple(question for question, _ in answers)
    return text, Asked(identity, "\n".join(questions), questions, tuple(spans))
