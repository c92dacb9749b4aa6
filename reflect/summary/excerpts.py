"""Chooses passages that show the different things that were said, each an exact span of somebody's words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from reflect import clean
from reflect.words import sentence_spans, stem, stems, words

_Any = TypeVar("_Any")

SHORTEST, LONGEST = 40, 320
"""Letters: a shorter passage says too little on its own, a longer one is not read."""

SAMPLE = 200
"""Entries a theme whose passages are compared, spread evenly over the period."""

ALL = 2 * SAMPLE
"""Entries up to which all that a group gave for one place are compared, and no sample is taken."""

_HEARD = 0.2  # what is left of a word's weight once a chosen passage has it
SMALL_WORDS = frozenset(
    stems(
        """
    a about after again all also am an and any are as at be because been before being but by can could did do
    does don't down even for from get go got had has have he her him his how i i'm if in into is it it's its
    just like me more most much my no not now of off on one only or other our out over said say she so some
    still than that the their them then there they this to too up us very was we well went were what when where
    which while who why will with would you your
    """.split()
    )
)


class Told(NamedTuple):
    """Words that may be quoted: whose they are, and the cue that placed them where that was a suggestion."""

    id: str
    voice: str
    """Nobody's name: equal for words of one person (or, in one's own journal, of one entry)."""
    text: str
    cue: str = ""


class Quote(NamedTuple):
    """A passage of somebody's words: `text` is exactly what stands at [start:end], in code points."""

    id: str
    start: int
    end: int
    text: str


def passages(told: Told) -> list[Quote]:
    """Return the passages that can stand alone: a sentence, or a short one with its next."""
    spans = sentence_spans(told.text)
    found = []
    for at, (start, own_end) in enumerate(spans):
        end = own_end
        if end - start < SHORTEST and at + 1 < len(spans) and "\n" not in told.text[end : spans[at + 1][0]]:
            end = spans[at + 1][1]
        if SHORTEST <= end - start <= LONGEST:
            found.append(_quote(told, start, end))
    about = [quote for quote in found if told.cue in quote.text]
    return about or found or [first_passage(told)]


def first_passage(told: Told) -> Quote:
    """Return the first sentence, or its beginning up to a word's end where that is very long."""
    spans = sentence_spans(told.text)
    start, end = spans[0] if spans else (0, len(told.text))
    if end - start > LONGEST:
        cut = told.text.rfind(" ", start, start + LONGEST)
        end = cut if cut > start else len(clean.cut(told.text, start + LONGEST))
    return _quote(told, start, end)


def _quote(told: Told, start: int, end: int) -> Quote:
    return Quote(told.id, start, end, told.text[start:end])


class Sample(Generic[_Any]):
    """A bounded, evenly spread and repeatable selection from however many come by."""

    def __init__(self, size: int = SAMPLE) -> None:
        """Keep between `size` and twice as many."""
        self._size = size
        self._stride = 1
        self._seen = 0
        self.kept: list[_Any] = []

    def add(self, each: _Any) -> None:
        """Offer the next one."""
        if self._seen % self._stride == 0:
            self.kept.append(each)
            if len(self.kept) == 2 * self._size:
                self.kept = self.kept[::2]
                self._stride *= 2
        self._seen += 1


def choose(told: Sequence[Told], many: int = 3) -> list[Quote]:
    """Return passages of different voices, each saying much that the ones before it did not.

    Where words placed something in the theme, the passage with those words is the one about it.
    A passage is worth the sum of its words' weights, a word's weight being how many voices
    use it; words already heard lose most of theirs (after SumBasic, Nenkova and Vanderwende 2005).
    Nobody is quoted twice before everybody was once; length, author and vocabulary earn
    nothing by themselves (REQ-20).
    """
    candidates = [(each.voice, quote, _content(quote.text)) for each in told for quote in passages(each)]
    users: dict[str, set[str]] = defaultdict(set)
    for voice, _, content in candidates:
        for word in content:
            users[word].add(voice)
    weight = {word: float(len(voices)) for word, voices in users.items()}
    chosen: list[Quote] = []
    heard: Counter[str] = Counter()
    while candidates and len(chosen) < many:
        fewest = min(heard[voice] for voice, _, _ in candidates)
        voice, quote, content = max(
            (each for each in candidates if heard[each[0]] == fewest),
            key=lambda each: (_worth(each[2], weight), each[1].id, -each[1].start),
        )
        chosen.append(quote)
        heard[voice] += 1
        candidates = [each for each in candidates if each[1].id != quote.id]
        for word in content:
            weight[word] *= _HEARD
    return chosen


def sample(told: Sequence[_Any]) -> list[_Any]:
    """Return what is compared of a list: all of it, or an even spread of a very long one."""
    return spread(told, SAMPLE) if len(told) > ALL else list(told)


def spread(told: Sequence[_Any], most: int) -> list[_Any]:
    """Return at most so many of a long list, evenly spread over it."""
    return [told[at * len(told) // most] for at in range(most)] if len(told) > most else list(told)


def _content(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(text))) - SMALL_WORDS


def _worth(content: Iterable[str], weight: dict[str, float]) -> float:
    """The mean weight, so that a long passage is not preferred for being long; few words are held against it."""
    weights = [weight[word] for word in content]
    return math.fsum(weights) / max(len(weights), 6)  # exact, so that the order of a set decides nothing
