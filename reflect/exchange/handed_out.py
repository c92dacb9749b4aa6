"""Reads a file of actions, such as a session hands out: plain text, one a line, or TOML or JSON."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from stat import S_ISREG
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reflect import dates, intake, offers
from reflect.errors import NotFound, Refused

_BEGINS_TOML = r"\s*\[\[actions?\]\]"
_BEGINS_JSON = r"\s*(?:\{|\[\s*[\"{\]])"
LARGEST = 1_000_000
"""Bytes of such a file; a session hands out a page."""


class _Checked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Told(_Checked):
    """One action as a file tells it."""

    text: str = Field(min_length=1)
    by: str = ""
    about: str = ""
    intended: str = ""


class HandedOut(_Checked):
    """A file of actions; `from` and `format` are for people and later versions."""

    format: int = Field(1, ge=1, le=1)
    session: str = ""
    about: str = ""
    actions: tuple[Told, ...] = Field((), strict=False)
    action: tuple[Told, ...] = Field((), strict=False)


def read(path: Path, now: datetime) -> list[offers.Offer]:
    """Return what a file offers, whole or not at all; what is wrong is named by file, record and field."""
    text = _text(path)
    kind = path.suffix.lower()
    if kind == ".toml" or re.match(_BEGINS_TOML, text):
        return _offers(_checked(_toml(path, text), path), path, now)
    if kind == ".json" or re.match(_BEGINS_JSON, text):
        return _offers(_checked(_json(path, text), path), path, now)
    lines = [line.strip() for line in text.splitlines()]
    said = [_bare(line) for line in lines if line and not line.startswith("#")]
    return [offers_from(each, now) for each in said if each]


def offers_from(line: str, now: datetime) -> offers.Offer:
    """Return what one line offers, with the day at its end."""
    found = offers.read(line, now)
    return offers.Offer(found.text, found.due)


def _bare(line: str) -> str:
    for sign in (*offers.ARROWS, "- [ ]", "[ ]", "-", "*", "\u2022"):
        if line.startswith(sign):
            return line[len(sign) :].strip()
    return line


def _text(path: Path) -> str:
    try:
        found = path.stat()
    except FileNotFoundError:
        raise NotFound(f"there is no {path}", next_step="check the path") from None
    if not S_ISREG(found.st_mode):
        raise Refused(f"{path} is no file", next_step="name a file of actions")
    if found.st_size > LARGEST:
        raise Refused(f"{path} is too large", why=f"it has more than {LARGEST:,} bytes", next_step="name another file")
    taken = intake.from_bytes(path.read_bytes())
    if taken.raw:
        raise Refused(f"{path} can't be read", why="some of its bytes are no text", next_step="save it as UTF-8")
    return taken.text


def _json(path: Path, text: str) -> Any:
    try:
        found = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Refused(f"{path} is no JSON", where=f"line {error.lineno}, column {error.colno}", why=error.msg) from None
    except RecursionError:
        raise _too_deep(path) from None
    except ValueError as error:
        raise Refused(f"{path} can't be taken", why=str(error), next_step="mend the file") from None
    return {"actions": found} if isinstance(found, list) else found


def _refuse(name: str) -> None:
    message = f"{name} is no number"
    raise ValueError(message)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key stands twice in one record"
        raise ValueError(message)
    return found


def _toml(path: Path, text: str) -> Any:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _too_deep(path) from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{path} is no TOML", why=str(error), next_step="mend the file") from None


def _too_deep(path: Path) -> Refused:
    return Refused(f"{path} can't be taken", why="it is nested too deep", next_step="name another file")


def _checked(found: Any, path: Path) -> HandedOut:
    if isinstance(found, dict):
        for name in ("actions", "action"):
            if isinstance(found.get(name), list):
                found = found | {name: [{"text": each} if isinstance(each, str) else each for each in found[name]]}
    try:
        return HandedOut.model_validate(found)
    except ValidationError as error:
        # A name that is not known explains the one that is missing.
        first = min(error.errors(include_url=False), key=lambda each: each["type"] != "extra_forbidden")
        place = [str(part + 1) if isinstance(part, int) else str(part) for part in first["loc"]]
        known = [*Told.model_fields, *HandedOut.model_fields]
        like = get_close_matches(place[-1], known, 1) if first["type"] == "extra_forbidden" and place else []
        raise Refused(
            f"{path} can't be taken",
            where=" ".join(place),
            why="this name is not known" if first["type"] == "extra_forbidden" else first["msg"],
            next_step=f"did you mean {like[0]}?" if like else "mend the file",
        ) from None


def _offers(found: HandedOut, path: Path, now: datetime) -> list[offers.Offer]:
    made = []
    for number, each in enumerate((*found.actions, *found.action), start=1):
        try:
            made.append(_offer(each, found.about, now))
        except Refused as error:
            raise Refused(
                error.what, where=f"action {number} of {path}", why=error.why, next_step=error.next_step
            ) from None
    return made


def _offer(each: Told, about: str, now: datetime) -> offers.Offer:
    said = intake.short(each.text, "an action")
    if not said:
        raise Refused("an action has no words", next_step="mend the file")
    day = dates.day(each.by, now, ahead=True) if each.by else ""
    if not day:
        said, day = offers.read(said, now)
    about = intake.short(each.about or about, "what it is about")
    return offers.Offer(said, day, about, intake.short(each.intended, "what it is meant to bring about"))
