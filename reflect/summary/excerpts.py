"""Chooses passages that show the different things that were said, each an exact span of one entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reflect.models import Entry
from reflect.words import sentence_spans, stems, words

SHORTEST, LONGEST = 40, 320
"""Letters: a shorter passage says too little on its own, a longer one is not read."""

SAMPLE = 200
"""Entries a theme whose passages are compared, spread evenly over the period."""

_HEARD = 0.2  # what is left of a word's weight once a chosen passage has it
_SMALL_WORDS = frozenset(
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


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of one version of one entry: `text` is exactly its words at [start:end], in code points."""

    entry: int
    version: int
    happened_at: str
    start: int
    end: int
    text: str


def passages(entry: Entry) -> list[Excerpt]:
    """Return the passages of an entry that can stand alone: a sentence, or a short one with its next."""
    spans = sentence_spans(entry.text)
    found = []
    for at, (start, own_end) in enumerate(spans):
        end = own_end
        if end - start < SHORTEST and at + 1 < len(spans) and "\n" not in entry.text[end : spans[at + 1][0]]:
            end = spans[at + 1][1]
        if SHORTEST <= end - start <= LONGEST:
            found.append(_excerpt(entry, start, end))
    return found or [first_passage(entry)]


def first_passage(entry: Entry) -> Excerpt:
    """Return an entry's first sentence, or its beginning up to a word's end where that is very long."""
    spans = sentence_spans(entry.text)
    start, end = spans[0] if spans else (0, len(entry.text))
    if end - start > LONGEST:
        cut = entry.text.rfind(" ", start, start + LONGEST)
        end = cut if cut > start else start + LONGEST
    return _excerpt(entry, start, end)


def _excerpt(entry: Entry, start: int, end: int) -> Excerpt:
    return Excerpt(entry.id, entry.version, entry.happened_at, start, end, entry.text[start:end])


class Sample:
    """A bounded, evenly spread and repeatable selection from however many entries come by."""

    def __init__(self, size: int = SAMPLE) -> None:
        """Keep between `size` and twice as many."""
        self._size = size
        self._stride = 1
        self._seen = 0
        self.entries: list[tuple[Entry, str]] = []

    def add(self, entry: Entry, cue: str) -> None:
        """Offer the next entry, with the words that placed it where that was a suggestion."""
        if self._seen % self._stride == 0:
            self.entries.append((entry, cue))
            if len(self.entries) == 2 * self._size:
                self.entries = self.entries[::2]
                self._stride *= 2
        self._seen += 1


def choose(entries: Sequence[tuple[Entry, str]], many: int = 3) -> list[Excerpt]:
    """Return passages from different entries, each saying much that the ones before it did not.

    Where words placed an entry in the theme, the passage with those words is the one about it.
    A passage is worth the sum of its words' weights, a word's weight being how many entries
    use it; words already heard lose most of theirs (after SumBasic, Nenkova and Vanderwende 2005).
    Length, author and vocabulary earn nothing by themselves (REQ-20).
    """
    candidates = [
        (passage, _content(passage.text)) for entry, cue in entries for passage in _about(passages(entry), cue)
    ]
    used: Counter[str] = Counter()
    for entry, _ in entries:
        used.update(_content(entry.text))
    weight = {word: float(count) for word, count in used.items()}
    chosen: list[Excerpt] = []
    while len(chosen) < many:
        left = [each for each in candidates if each[0].entry not in {excerpt.entry for excerpt in chosen}]
        if not left:
            break
        passage, content = max(left, key=lambda each: (_worth(each[1], weight), -each[0].entry, -each[0].start))
        chosen.append(passage)
        for word in content:
            weight[word] *= _HEARD
    return sorted(chosen, key=lambda excerpt: (excerpt.happened_at, excerpt.entry))


def _about(found: list[Excerpt], cue: str) -> list[Excerpt]:
    return [passage for passage in found if cue in passage.text] or found


def _content(text: str) -> frozenset[str]:
    return frozenset(stems(words(text))) - _SMALL_WORDS


def _worth(content: Iterable[str], weight: dict[str, float]) -> float:
    """The mean weight, so that a long passage is not preferred for being long; few words are held against it."""
    weights = [weight[word] for word in content]
    return sum(weights) / max(len(weights), 6)
