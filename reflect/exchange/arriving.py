"""What every importer needs: the wishes of whoever imports, and entries made from what a file holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b

from reflect import intake
from reflect.errors import Refused
from reflect.exchange.stamps import Clock, Placed
from reflect.models import Asked, Entry
from reflect.whole import Arrival, LeftOut, Whole

MOST_KEY = 500
"""Letters that an entry's id may have where it came from."""
MOST_ABOUT = 200
"""Letters that what an entry is about may have."""


@dataclass(frozen=True)
class Wishes:
    """How a file is to be understood, where it does not say so itself."""

    clock: Clock
    now: datetime
    themes: frozenset[str] = frozenset()
    """Ids of the themes there are."""
    time_format: str = ""
    tag_symbols: str = "#@"
    every_date: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    """For CSV: pairs of what a column holds and its name."""
    month_first: bool = False
    encoding: str = ""
    at_times: bool = False
    """For Markdown: a heading such as ## 14:30 begins an entry of its own."""
    file_times: bool = False
    """For Markdown: a file without a date has the day it was last changed."""
    tags: tuple[str, ...] = ()
    """Added to every entry."""


class Bad(Exception):
    """A record that can't be taken; `stops` as in a Refusal."""

    def __init__(self, why: str, *, stops: bool = True) -> None:
        """Say why."""
        super().__init__(why)
        self.why = why
        self.stops = stops


@dataclass
class Desk:
    """Makes the entries of one file, and notes what of them had to be left out."""

    file: str
    wishes: Wishes
    left_out: list[LeftOut] = field(default_factory=list)
    _alike: dict[str, int] = field(default_factory=dict)
    _tags: dict[str, str] = field(default_factory=dict)

    def leave_out(self, what: str, line: int, many: int = 1) -> None:
        """Note something that reflect has no place for."""
        if many:
            self.left_out.append(LeftOut(what, self.file, line, many))

    def taken(self) -> list[LeftOut]:
        """Return what was left out since the last time."""
        found, self.left_out = self.left_out, []
        return found

    def arrival(
        self,
        line: int,
        *,
        text: str,
        placed: Placed,
        precision: str = "minute",
        about: str = "",
        tags: Iterable[str] = (),
        key: str = "",
        number: int = 0,
        revised_at: str = "",
        themes: Sequence[str] = (),
        asked: Asked | None = None,
    ) -> Arrival:
        """Return an entry, ready to be stored, or say with Bad why it can't be.

        `key` is its own id where it came from; without one, its words and its minute tell it apart.
        """
        words = self.words(text, line)
        at = placed.at
        self._check_names(line, about, key)
        about = about.replace("\0", "\ufffd")
        entry = Entry(
            number,
            1,
            words,
            asked,
            about,
            "",
            at,
            precision,
            at,
            placed.zone,
            tuple(sorted({*self.tags(tags, line), *self.wishes.tags})),
            (),
        )
        return Arrival(
            self.file,
            line,
            key or self._key(at, words),
            Whole(entry, max(revised_at, at), tuple((theme, "author") for theme in themes)),
            bool(key),
        )

    def _check_names(self, line: int, about: str, key: str) -> None:
        """Refuse halves of letters where nobody looks for them, and tell of NUL signs."""
        for said in (about, key):
            if not said.isascii():
                _check_letters(said)
        if len(key) > MOST_KEY or "\0" in key:
            raise Bad("its id is longer than any, or holds a NUL sign")
        self.leave_out("NUL signs, where \ufffd stands now", line, about.count("\0"))

    def words(self, text: str, line: int) -> str:
        """Return words as they are stored: line ends of one kind, nothing that a text can't hold."""
        if not text.isascii():
            _check_letters(text)
        if text.isascii() and "\r" not in text and "\0" not in text:
            made = text.strip("\n")
        else:
            if "\0" in text:
                self.leave_out("NUL signs, where \ufffd stands now", line, text.count("\0"))
            made = intake.from_text(text).text
        if not made or made.isspace():
            raise Bad("it holds no words", stops=False)
        if len(made) > intake.LARGEST:
            raise Bad(f"it has more than {intake.LARGEST:,} letters")
        return made

    def about(self, said: str, line: int) -> str:
        """Return what an entry is about as it is stored; more than fits on a line is left out and told."""
        made = " ".join(said.replace("\0", " ").split())
        if len(made) > MOST_ABOUT:
            self.leave_out(f"titles longer than {MOST_ABOUT} letters", line)
            return ""
        return made

    def tags(self, found: Iterable[str], line: int) -> list[str]:
        """Return tags as they are stored; what can't be one is left out and told."""
        made = []
        for each in found:
            tag = self._tags.get(each)
            if tag is None:
                tag = self._tags[each] = _tag(each)
            if tag:
                made.append(tag)
            else:
                self.leave_out("words that can't be a tag", line)
        return made

    def _key(self, at: str, words: str) -> str:
        """Return what tells an entry without an id apart: its local minute, its words, and which of its likes it is."""
        # The time comes first, so that rows written in order of time are in order of their keys.
        key = f"{at[:16]} {digest_of(words)}"
        alike = self._alike.get(key, 0) + 1
        self._alike[key] = alike
        return key if alike == 1 else f"{key} {alike}"


def _check_letters(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Bad(f"half a letter (a lone surrogate) stands at place {error.start} of its words") from None


def digest_of(text: str) -> str:
    """Return a short digest by which the same words are known again, however their lines are broken."""
    return blake2b(text.encode().translate(None, b" \n\t"), digest_size=8).hexdigest()


def _tag(said: str) -> str:
    """Return a tag as it is stored, or empty when it can't be one."""
    bare = re.sub(r"\s+", " ", unicodedata.normalize("NFC", said)).strip()
    try:
        return intake.tag(bare)
    except Refused:
        return ""
