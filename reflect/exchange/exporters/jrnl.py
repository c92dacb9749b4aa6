"""A text file that jrnl reads back, entry by entry, words and dates as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from reflect.exchange.exporters import Outgoing
from reflect.models import Entry

ENDING = ".txt"
EVERYTHING = False
LEAVES_OUT = (
    "Time zones, questions, themes, history, later thoughts, marks and actions stay behind, for which jrnl has no"
    " place; `reflect export json` has all of it. In jrnl's configuration, timeformat should be %Y-%m-%d %H:%M."
)

GUARD = "\u2060"
"""A sign without width that keeps jrnl from taking words for the date of another entry, or for a star."""

_LIKE_A_DATE = re.compile(r"^\[(?=[^\]]+\] )", re.MULTILINE)
_IN_WORDS = re.compile(r"(?<!\S)[#@]([-+*#/\w]+)")
_NO_TAG = re.compile(r"[^-+*#/\w]+")


def pieces(outgoing: Outgoing) -> Iterator[str]:
    """Yield the entries, parted by empty lines."""
    before = ""
    for whole in outgoing.wholes:
        yield before + _entry(whole.entry)
        before = "\n"


def _entry(entry: Entry) -> str:
    moment = datetime.fromisoformat(entry.happened_at)
    first, _, rest = entry.text.partition("\n")
    starred = "starred" in entry.tags
    if first.rstrip().endswith("*"):
        first = first.rstrip() + GUARD
    text = f"{first}{' *' if starred else ''}\n{_LIKE_A_DATE.sub(f'{GUARD}[', rest)}".rstrip()
    in_words = {tag.lower() for tag in _IN_WORDS.findall(entry.text)}
    tags = [each for each in map(_tag, entry.tags) if each and each not in in_words and each != "starred"]
    if tags:
        text += "\n" + " ".join(f"#{tag}" for tag in tags)
    return f"[{moment:%Y-%m-%d %H:%M}] {text}\n"


def _tag(tag: str) -> str:
    """Return a tag with the signs that jrnl allows in one."""
    return _NO_TAG.sub("-", tag).strip("-")
