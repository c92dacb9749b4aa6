"""What a group's summary shows of what was planted in a collection: matters, rises and falls, views held by few.

Each entry is a contribution placed by its author. The same code as in `reflect summary
--group` rolls them up, with every protection.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from benchmarks.quality.measure import Labelled
from reflect import config
from reflect.store.groups import Gathered
from reflect.summary import excerpts, recurring, together
from reflect.summary.together import Agreed, GroupSummary, Material, Wanted
from reflect.themes import codebook
from reflect.words import stems, words

FEWEST = 5
"""People below whom no number is shown, as most groups have it."""

SINCE, UNTIL = "2026-05-18", "2026-10-04"
"""The later half of the collections' year; the summary holds it against the twenty weeks before."""

MOVED = 3
"""People by whom a theme must have grown or shrunk for it to count as a rise or a fall."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many."""

    found: int
    of_all: int

    def __str__(self) -> str:
        """Return it in words with its share."""
        return f"{self.found} of {self.of_all}" + (f" ({self.found / self.of_all:.2f})" if self.of_all else "")


def contributions(entries: Iterable[Labelled]) -> list[Gathered]:
    """Return a collection as a group would hold it."""
    return [
        Gathered(
            id=each.id,
            contributor=each.person,
            site="",
            audience="group",
            level="verbatim",
            words=each.text,
            themes=tuple(sorted(each.themes)),
            prompt="",
            asked="",
            occasion="",
            week="{}-W{:02}".format(*date.fromisoformat(each.date).isocalendar()),
            stance=each.stance,
            leads_to="",
            alone_ok=False,
            attribution="",
        )
        for each in entries
    ]


def summary(entries: Sequence[Labelled], since: str = "", until: str = "") -> GroupSummary:
    """Return the group's summary of a collection."""
    themes = [(theme.id, theme.name) for theme in codebook.read(config.our_data() / "themes.toml").theme]
    material = Material(
        contributions=contributions(entries),
        people={each.person: each.person for each in entries},
        codings=(),
        changes=(),
        themes=themes,
        prompts=(),
        earlier=(),
    )
    return together.roll_up(_AGREED, material, Wanted(since=since, until=until))


_AGREED = Agreed(
    name="A collection",
    purpose="to measure",
    audience="nobody",
    keeper="nobody",
    responder="nobody",
    respond_by="2026-12-31",
    cost="",
    fewest=FEWEST,
    sites=(),
    glossary={},
)


def matters(entries: Sequence[Labelled]) -> tuple[Share, Share]:
    """Return how many planted matters are found, and how many of the matters that are listed are planted ones.

    One is found where most of the passages that a listed name stands for speak of it.
    """
    by_theme: dict[str, list[Labelled]] = defaultdict(list)
    for each in entries:
        for theme in each.themes:
            by_theme[theme].append(each)
    beside = recurring.Read([_passage(each) for each in entries])
    subs = {each.id: each.sub for each in entries}
    found: set[str] = set()
    listed = right = 0
    for inside in by_theme.values():
        for matter in recurring.Contrast([_passage(each) for each in inside], beside).recurring():
            about, many = Counter(subs[each] for each in matter.passages).most_common(1)[0]
            listed += 1
            if about and 2 * many > len(matter.passages):
                right += 1
                found.add(about)
    return Share(len(found), len({each.sub for each in entries if each.sub})), Share(right, listed)


def _passage(each: Labelled) -> recurring.Passage:
    return recurring.Passage(each.id, each.person, each.text)


def matters_shown(entries: Sequence[Labelled]) -> Share:
    """Return how many planted matters stand in the summary, whose names must come from enough people."""
    subs = {each.id: each.sub for each in entries}
    shown = {
        subs[matter.quotation.contribution]
        for theme in summary(entries).themes
        for matter in theme.matters
        if matter.quotation
    }
    return Share(len(shown - {""}), len(set(subs.values()) - {""}))


def movements(entries: Sequence[Labelled]) -> tuple[Share, int]:
    """Return how many rises and falls the summary shows as such, and how many it shows that are none."""
    made = summary(entries, SINCE, UNTIL)
    found = planted = wrong = 0
    for theme in made.themes:
        now = {each.person for each in entries if theme.id in each.themes and each.date >= SINCE}
        before = {each.person for each in entries if theme.id in each.themes and each.date < SINCE}
        moved = len(now) - len(before)
        shown = theme.moved.now - theme.moved.before if theme.moved else 0
        if abs(moved) >= MOVED:
            planted += 1
            found += shown * moved > 0
        wrong += shown * moved < 0
    return Share(found, planted), wrong


def views_of_few(entries: Sequence[Labelled]) -> Share:
    """Return how many views held against the others by one or two people are quoted in the summary."""
    few = {each.id for each in entries if each.is_minority}
    return Share(len(few & {each.contribution for each in summary(entries).quotations()}), len(few))


def redundancy(entries: Sequence[Labelled]) -> tuple[float, float]:
    """Return which share of an excerpt's telling words its theme's other excerpts have, as chosen and by turns.

    By turns means as many of the theme's passages, evenly spread over the period.
    """
    by_id = {each.id: each for each in entries}
    chosen: list[float] = []
    by_turns: list[float] = []
    for theme in summary(entries).themes:
        for quoted in (theme.quotations, theme.gains, theme.losses):
            inside = [by_id[each.contribution] for each in quoted]
            if len(inside) < 2:
                continue
            alike = [
                each for each in entries if theme.id in each.themes and each.stance == inside[0].stance and each.text
            ]
            chosen += _said_elsewhere([each.text for each in quoted])
            by_turns += _said_elsewhere(
                [
                    excerpts.passages(excerpts.Told(each.id, each.person, each.text))[0].text
                    for each in excerpts.spread(alike, len(inside))
                ]
            )
    return sum(chosen) / len(chosen), sum(by_turns) / len(by_turns)


def _said_elsewhere(texts: Sequence[str]) -> Iterator[float]:
    telling = [frozenset(stems(words(text))) - excerpts.SMALL_WORDS for text in texts]
    for at, mine in enumerate(telling):
        others = frozenset[str]().union(*telling[:at], *telling[at + 1 :])
        yield len(mine & others) / max(len(mine), 1)


def voices(entries: Sequence[Labelled]) -> Share:
    """Return how many excerpts of a theme come from somebody not quoted before in the same list."""
    lists = [
        [each.contribution for each in quoted]
        for theme in summary(entries).themes
        for quoted in (theme.quotations, theme.gains, theme.losses)
    ]
    person = {each.id: each.person for each in entries}
    return Share(sum(len({person[each] for each in found}) for found in lists), sum(map(len, lists)))
