"""What differs between two wordings, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

_WORD = r"(\w+(?:['\u2019-]\w+)*|[^\w\s]|^)(\s*)"  # with the blanks behind it; the first may be blanks alone
_MOST = 24_000
"""Words or lines, of both wordings together, that are compared in one place; beyond it, all of it is replaced."""
_SLOW = 300_000
"""Pairs of equal words from which what stands everywhere, such as "the", is no place to begin comparing at."""


class Piece(NamedTuple):
    """A run of words that stayed, went or came."""

    kind: str
    """same, removed or added."""
    text: str


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """Return both wordings as one run of pieces.

    What is same or removed is the old wording letter for letter; what is same or added, the new one.
    """
    pieces: list[Piece] = []
    ours, theirs = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for same, start, end, there, until in _compared(ours, theirs):
        if same:
            pieces.append(Piece("same", "".join(ours[start:end])))
        else:
            pieces += _of_words("".join(ours[start:end]), "".join(theirs[there:until]))
    return tuple(_joined(pieces))


def _of_words(old: str, new: str) -> Iterator[Piece]:
    ours, theirs = re.findall(_WORD, old), re.findall(_WORD, new)
    for same, start, end, there, until in _compared([word for word, _ in ours], [word for word, _ in theirs]):
        if same:
            for (word, blank), (_, other) in zip(ours[start:end], theirs[there:until], strict=True):
                yield Piece("same", word)
                yield from _replaced(blank, other)
        else:
            yield from _replaced("".join(map("".join, ours[start:end])), "".join(map("".join, theirs[there:until])))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield for each run whether it is the same, and where it stands in both."""
    if len(old) + len(new) > _MOST:
        yield False, 0, len(old), 0, len(new)
        return
    times = Counter(new)
    is_slow = sum(times[each] for each in old) > _SLOW
    for what, start, end, there, until in SequenceMatcher(None, old, new, autojunk=is_slow).get_opcodes():
        yield what == "equal", start, end, there, until


def _replaced(old: str, new: str) -> Iterator[Piece]:
    """Yield what went and what came, the blanks at their end that both have kept."""
    blank = new[len(new.rstrip()) :]
    kept = blank if old.endswith(blank) else ""
    yield Piece("removed", old.removesuffix(kept))
    yield Piece("added", new.removesuffix(kept))
    yield Piece("same", kept)


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Join what belongs together, what went before what came; a blank between two changes is no word that stayed."""
    kept = [each for each in pieces if each.text]
    for same, run in groupby(_without_lone_blanks(kept), key=lambda each: each.kind == "same"):
        together = list(run)
        for kind in ("same",) if same else ("removed", "added"):
            text = "".join(each.text for each in together if each.kind == kind)
            if text:
                yield Piece(kind, text)


def _without_lone_blanks(pieces: list[Piece]) -> Iterator[Piece]:
    for at, each in enumerate(pieces):
        between = 0 < at < len(pieces) - 1 and pieces[at - 1].kind != "same" and pieces[at + 1].kind != "same"
        if between and each.kind == "same" and not each.text.strip() and "\n" not in each.text:
            yield Piece("removed", each.text)
            yield Piece("added", each.text)
        else:
            yield each
