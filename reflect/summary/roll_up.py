"""Entries in, a themed summary out: a pure function, the same input giving the same summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from reflect import ids
from reflect.bank.choose import STARRED
from reflect.errors import ReflectError
from reflect.models import Action, Entry, Filters, Prompt
from reflect.summary import excerpts

FEWEST_FOR_MOVEMENT = 8
"""Entries in one of the two periods; below that a rise or fall says nothing."""

QUESTIONS = 6
"""At the most; a session takes two or three of them."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage of one version of one entry: `text` is exactly its words at [start:end], in code points."""

    entry: int
    version: int
    happened_at: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Movement:
    """How many entries the period before had, and how many this one has."""

    before: int
    now: int


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """What was written about one theme."""

    id: str
    name: str
    entries: int
    people: int
    weeks: tuple[tuple[str, int], ...]
    """For each ISO week of the period (2026-W40) how many entries it has."""
    movement: Movement | None
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """How the summary was made."""

    entries: int
    placed_by: Mapping[str, int]
    """How many placings rest on the question answered, the author's choice, or a suggestion."""
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A themed roll-up of one journal, for its writer's own eyes."""

    since: str
    until: str
    period: str
    """The period in words."""
    themes: tuple[ThemeSummary, ...]
    not_placed: tuple[Excerpt, ...]
    questions: tuple[Prompt, ...]
    actions: tuple[Action, ...]
    method: Method


def roll_up(
    *,
    entries: Callable[[Filters], Iterable[Entry]],
    filters: Filters,
    period: str,
    themes: Sequence[tuple[str, str]],
    actions: Sequence[Action],
    prompts: Iterable[Prompt],
    answered: frozenset[str],
) -> Summary:
    """Place entries in their themes, count them, and let their writer's own words stand for each.

    `entries` returns what passes the filters, oldest first; `themes` are id and name in the
    codebook's order; `answered` are the prompts any entry answers.
    """
    wanted = [theme for theme in themes if filters.theme in ("", theme[0])]
    total = 0
    placed_by: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    weeks: dict[str, Counter[str]] = {identity: Counter() for identity, _ in wanted}
    samples: dict[str, excerpts.Sample[tuple[Entry, str]]] = {identity: excerpts.Sample() for identity, _ in wanted}
    not_placed: list[Excerpt] = []
    week_of = _WeekOf()
    for entry in entries(filters):
        total += 1
        for placed in entry.themes:
            if placed.id in samples:
                counts[placed.id] += 1
                placed_by[placed.by] += 1
                weeks[placed.id][week_of(entry.happened_at)] += 1
                samples[placed.id].add((entry, placed.because if placed.by == "suggested" else ""))
        if not entry.themes:
            not_placed.append(_excerpt(entry, excerpts.first_passage(_told_in(entry))))
    before = _before(entries, filters)
    span = week_of.all_seen()
    return Summary(
        since=filters.since,
        until=filters.until,
        period=period or "everything written so far",
        themes=tuple(
            ThemeSummary(
                id=identity,
                name=name,
                entries=counts[identity],
                people=1 if counts[identity] else 0,
                weeks=tuple((week, weeks[identity][week]) for week in span),
                movement=_movement(before, identity, counts[identity]),
                excerpts=_chosen(samples[identity].kept),
            )
            for identity, name in wanted
        ),
        not_placed=tuple(not_placed),
        questions=tuple(_open_questions(prompts, answered, counts)),
        actions=tuple(actions),
        method=Method(total, dict(sorted(placed_by.items())), _told(filters, total, placed_by, len(not_placed))),
    )


def _told_in(entry: Entry, cue: str = "") -> excerpts.Told:
    return excerpts.Told(ids.shown(entry.id), ids.shown(entry.id), entry.text, cue)


def _chosen(sample: Sequence[tuple[Entry, str]]) -> tuple[Excerpt, ...]:
    by_id = {ids.shown(entry.id): entry for entry, _ in sample}
    quotes = excerpts.choose([_told_in(entry, cue) for entry, cue in sample])
    found = [_excerpt(by_id[quote.id], quote) for quote in quotes]
    return tuple(sorted(found, key=lambda excerpt: (excerpt.happened_at, excerpt.entry)))


def _excerpt(entry: Entry, quote: excerpts.Quote) -> Excerpt:
    return Excerpt(entry.id, entry.version, entry.happened_at, quote.start, quote.end, quote.text)


class _WeekOf:
    """The ISO week of a day, each day worked out once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __call__(self, happened_at: str) -> str:
        day = happened_at[:10]
        if day not in self._known:
            year, week, _ = date.fromisoformat(day).isocalendar()
            self._known[day] = f"{year}-W{week:02}"
        return self._known[day]

    def all_seen(self) -> list[str]:
        """Return every week from the first to the last seen, those without an entry included."""
        if not self._known:
            return []
        day, last = date.fromisoformat(min(self._known)), date.fromisoformat(max(self._known))
        day -= timedelta(days=day.weekday())
        weeks = []
        while day <= last:
            weeks.append(self(day.isoformat()))
            day += timedelta(weeks=1)
        return weeks


def _before(entries: Callable[[Filters], Iterable[Entry]], filters: Filters) -> Counter[str] | None:
    """Count themes over the days just before the period, as many as it has; None when it has no two ends."""
    if not (filters.since and filters.until):
        return None
    first, last = date.fromisoformat(filters.since), date.fromisoformat(filters.until)
    length = last - first + timedelta(days=1)
    earlier = replace(
        filters, since=(first - length).isoformat(), until=(first - timedelta(days=1)).isoformat(), limit=None
    )
    return Counter(placed.id for entry in entries(earlier) for placed in entry.themes)


def _movement(before: Counter[str] | None, theme: str, now: int) -> Movement | None:
    if before is None or max(before[theme], now) < FEWEST_FOR_MOVEMENT:
        return None
    return Movement(before[theme], now)


def _open_questions(prompts: Iterable[Prompt], answered: frozenset[str], counts: Counter[str]) -> list[Prompt]:
    """Return questions nobody answered yet that a group session could take, the most written themes first."""
    waiting: dict[str, list[Prompt]] = {}
    for prompt in sorted(prompts, key=lambda each: STARRED not in each.flags):
        for_a_group = "group" in prompt.suits and "group-session" in prompt.occasions and prompt.depth != "deep"
        if for_a_group and counts[prompt.theme] and prompt.id not in answered:
            waiting.setdefault(prompt.theme, []).append(prompt)
    themes = sorted(waiting, key=lambda theme: (-counts[theme], theme))
    in_turn = [waiting[theme][turn] for turn in range(QUESTIONS) for theme in themes if turn < len(waiting[theme])]
    return in_turn[:QUESTIONS]


def _told(filters: Filters, total: int, placed_by: Mapping[str, int], not_placed: int) -> tuple[str, ...]:
    """Say in plain sentences how the summary was made (REQ-24)."""
    count = f"{total:,} {'entry' if total == 1 else 'entries'}"
    asked, chosen, suggested = (placed_by.get(by, 0) for by in ("prompt", "author", "suggested"))
    one = not_placed == 1
    told = [
        f"It was made from {count} of one journal, by a program on this computer.",
        "No text was generated: every quotation is an exact piece of one entry.",
        (
            f"Entries stand under the theme of the question answered ({asked}), the author's choice"
            f" ({chosen}) or what their words suggest ({suggested}); one can stand under several."
        ),
        "Pieces were chosen so that each says something the others do not.",
        f"They were looked for in at most {2 * excerpts.SAMPLE} entries a theme, spread evenly over the period.",
        f"{not_placed} {'entry fits' if one else 'entries fit'} no theme and {'is' if one else 'are'} listed.",
        f"A rise or fall against the period before is shown from {FEWEST_FOR_MOVEMENT} entries up.",
    ]
    narrowed = [
        name
        for name, value in (
            ("theme", filters.theme),
            ("tag", filters.tag),
            ("what it was about", filters.about),
            ("question", filters.prompt),
            ("words", filters.text),
        )
        if value
    ]
    if narrowed:
        told.append(f"Only entries that pass a filter were read: {', '.join(narrowed)}.")
    return tuple(told)


def check(summary: Summary, wording: Callable[[int, int], str]) -> None:
    """Compare every quotation with the stored words of its version; one that differs stops the output (REQ-05).

    `wording` returns the words of an entry's version.
    """
    quoted = [excerpt for theme in summary.themes for excerpt in theme.excerpts] + list(summary.not_placed)
    for excerpt in quoted:
        if wording(excerpt.entry, excerpt.version)[excerpt.start : excerpt.end] != excerpt.text:
            raise ReflectError(
                "a quotation does not match the words it is taken from",
                why="the entry was changed while the summary was made, or we have a fault",
                next_step="make the summary again",
                changed="Nothing was written.",
            )
