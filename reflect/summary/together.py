"""Contributions in, a group's themed summary out: a pure function with every protection applied.

One and the same for everybody (REQ-38). What may not be shown is left out here, so that
no form of the summary can show it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

from reflect.bank.choose import STARRED
from reflect.errors import ReflectError, Withheld
from reflect.models import Prompt
from reflect.store.groups import CodebookChange, Coding, Gathered, Reading
from reflect.summary import excerpts, protect, recurring
from reflect.summary.protect import Cell, Shown

CONSTANT = "Views held by few may be missing."
"""Printed by every group summary, whether or not anything was held back (design rule 3)."""

HEAVY_SHARE, HEAVY_FEWEST = 0.4, 5
"""A summary leans on one person who gave more than this share of at least so many contributions (REQ-43)."""

QUOTES = 3
"""Under a theme; differing views come on top."""

HANDOUT_THEMES = 5
"""At most so many themes stand in the handout, and have a question for the session."""

DRAFT, FINAL, MADE = "draft", "final", "made"
"""The kinds of summaries."""

_NOT_PLACED = "not placed"
_A_MATTER = 2  # length of the path to something that recurs in a theme


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage as it may be read: exactly `words[start:end]` of one contribution."""

    contribution: str
    start: int
    end: int
    text: str
    reworded: bool
    attribution: str
    occasion: str
    leads_to: str
    stance: str
    called_by_lead: bool = False
    """Whether the stance is the lead's reading, because its author said nothing."""
    memo: str = ""
    """Why the lead reads it so."""


@dataclass(frozen=True, slots=True)
class MatterShown:
    """Something that recurs in a theme, named by the contributors' own words."""

    name: str
    shown: Shown
    quotation: Quotation | None


@dataclass(frozen=True, slots=True)
class Moved:
    """People who wrote about a theme in the period before, and in this one."""

    before: int
    now: int


@dataclass(frozen=True, slots=True)
class GroupTheme:
    """What a group wrote about one theme; below k people only its name, and quotations whose authors agreed."""

    id: str
    name: str
    touched: bool
    """Whether anything of it may be shown: never whether anybody wrote about it."""
    shown: Shown
    entries: int | None
    moved: Moved | None
    matters: tuple[MatterShown, ...]
    words: tuple[str, ...]
    """What stands out in its words against the other themes'."""
    quotations: tuple[Quotation, ...]
    gains: tuple[Quotation, ...]
    losses: tuple[Quotation, ...]
    differing: tuple[Quotation, ...]
    memos: tuple[str, ...]
    """Why the lead placed contributions here."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a summary."""

    audience: str = "group"
    since: str = ""
    until: str = ""
    period: str = ""
    theme: str = ""
    not_heard_from: str = ""
    """In the lead's own words."""
    handout_themes: tuple[str, ...] = ()
    """The themes the lead picked for the handout; left empty, those most people are shown to have written about."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the group agreed, as its invitation says."""

    name: str
    purpose: str
    audience: str
    keeper: str
    responder: str
    respond_by: str
    cost: str
    fewest: int
    sites: tuple[str, ...]
    glossary: Mapping[str, str]
    support: str = ""
    """Whom to turn to when a story stirs something up."""


@dataclass(frozen=True, slots=True)
class Offered:
    """Something offered in one of the group's sessions, and how it stands."""

    text: str
    owner: str
    """Empty while nobody accepted it."""
    due: str
    """Day, YYYY-MM-DD; empty for none."""
    state: str
    """proposed, open, kept, changed or dropped."""
    note: str
    """A word on how it ended."""
    offered_on: str
    """Day of the session, YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """A group's themed summary."""

    agreed: Agreed
    wanted: Wanted
    total: Shown
    entries: int | None
    small: bool
    """Whether no theme has k people, so that all of it is in the protected form."""
    themes: tuple[GroupTheme, ...]
    not_placed: tuple[Quotation, ...]
    not_placed_shown: Shown
    sites: tuple[tuple[str, Shown], ...]
    site_note: str
    questions: tuple[Prompt, ...]
    actions: tuple[Offered, ...] | None
    """Of the period's sessions, and older ones still open; None for other audiences, to whom nobody offered them."""
    objections: tuple[str, ...]
    key: tuple[tuple[str, str], ...]
    """Agreed words and acronyms that occur in the quotations, with what they mean."""
    codebook_changes: tuple[str, ...]
    method: tuple[str, ...]
    cells: tuple[Cell, ...]
    """The numbers it shows; entered in the ledger when it is put out."""
    leans_on_one: bool
    """For the lead's eyes when making it; no form prints it."""
    kind: str = MADE
    """What it is to those who read it: draft, final, or made to be looked at."""
    comment_by: str = ""
    """Until when a draft can be spoken to."""

    def quotations(self) -> list[Quotation]:
        """Return every quotation, each once."""
        found = {(each.contribution, each.start, each.end): each for each in self.printed()}
        return [found[place] for place in sorted(found)]

    def printed(self) -> Iterator[Quotation]:
        """Yield every quotation wherever it is printed."""
        for theme in self.themes:
            yield from (matter.quotation for matter in theme.matters if matter.quotation)
            yield from (*theme.quotations, *theme.gains, *theme.losses, *theme.differing)
        yield from self.not_placed


@dataclass(frozen=True, slots=True)
class Material:
    """All a group holds that a summary is made from."""

    contributions: Sequence[Gathered]
    people: Mapping[str, str]
    codings: Sequence[Coding]
    changes: Sequence[CodebookChange]
    themes: Sequence[tuple[str, str]]
    prompts: Sequence[Prompt]
    earlier: Sequence[Cell]
    actions: Sequence[Offered] = ()
    objections: Sequence[str] = ()
    readings: Sequence[Reading] = ()
    sessions: Mapping[str, str] = field(default_factory=dict)
    """For each contributor who wrote in a session only, that session: the same people may be in several."""


def roll_up(
    agreed: Agreed, material: Material, wanted: Wanted, tell: Callable[[int, int], None] = lambda *_: None
) -> GroupSummary:
    """Place what was shared for this audience in its themes, count people, protect, and quote.

    `tell` hears how many of how many themes are done.
    """
    standing = [each for each in material.contributions if each.audience == wanted.audience]
    now = [each for each in standing if _falls(each.week, wanted.since, wanted.until)]
    codebook = after_changes(material.themes, material.changes)
    placing = Placing(material.changes, material.codings, codebook)
    ledger = _Ledger(agreed.fewest, wanted, material, placing)
    heard = _Heard(now, placing, ledger)
    before = _before(standing, wanted)
    total = ledger.show((), heard.counted)
    themes = []
    wanted_themes = [theme for theme in codebook if wanted.theme in ("", theme[0])]
    for done, (identity, name) in enumerate(wanted_themes):
        tell(done, len(wanted_themes))
        themes.append(_theme(identity, name, heard, before, placing, ledger))
    unplaced = [] if wanted.theme else heard.under(_NOT_PLACED)
    unplaced_shown = ledger.show((_NOT_PLACED,), unplaced)
    unplaced_quoted = tuple(_quotations(unplaced, ledger.people(unplaced), ledger, many=len(unplaced)))
    if not (any(theme.touched for theme in themes) or unplaced_quoted or _says(unplaced_shown) or material.objections):
        raise Withheld(
            "there is nothing that may be shown",
            why=f"nobody, or too few, shared something of it for the audience {wanted.audience!r}",
            next_step="choose another period, theme or audience",
            changed="Nothing was written.",
        )
    sites, site_note = _sites(agreed, heard.counted, wanted, ledger)
    made = GroupSummary(
        agreed=agreed,
        wanted=wanted,
        total=total,
        entries=total.entries,
        small=not _says(total),
        themes=tuple(themes),
        not_placed=unplaced_quoted,
        not_placed_shown=unplaced_shown,
        sites=sites,
        site_note=site_note,
        questions=tuple(_questions(material.prompts, for_handout(themes, wanted.handout_themes))),
        actions=tuple(_of_the_period(material.actions, wanted)) if wanted.audience == "group" else None,
        objections=tuple(material.objections),
        key=(),
        codebook_changes=tuple(_changed_in_words(change) for change in material.changes),
        method=_told(agreed, wanted, total),
        cells=tuple(ledger.shown),
        leans_on_one=_leans_on_one(now, material.people),
    )
    return _with_key(made)


class Placing:
    """Which themes a contribution stands under: its author's, then the lead's where the author said nothing against."""

    def __init__(
        self, changes: Iterable[CodebookChange], codings: Iterable[Coding], codebook: Iterable[tuple[str, str]]
    ) -> None:
        """Take the codebook as it is after its changes, and how it came to be so."""
        self._known = frozenset(identity for identity, _ in codebook)
        self._into: dict[str, str] = {}
        for change in changes:
            if change.change == "merged":
                self._into[change.theme] = change.into
            elif change.change == "added":
                self._into.pop(change.theme, None)  # it is a theme of its own again
        self._codings: dict[str, list[Coding]] = {}
        for coding in codings:
            self._codings.setdefault(coding.contribution, []).append(coding)
        self._chosen: dict[tuple[str, ...], frozenset[str]] = {}

    def of(self, each: Gathered) -> frozenset[str]:
        """Return the themes of a contribution."""
        found = self._chosen.get(each.themes)
        if found is None:  # many choose the same
            found = self._chosen[each.themes] = self._known_today(each.themes)
        codings = self._codings.get(each.id)
        return found | self._known_today(coding.theme for coding in codings if not coding.removed) if codings else found

    def _known_today(self, themes: Iterable[str]) -> frozenset[str]:
        return self._known.intersection(map(self.today, themes))

    def memos(self, contributions: Iterable[Gathered], theme: str) -> list[str]:
        """Return the lead's memos on contributions placed in a theme."""
        return sorted(
            {
                coding.memo
                for each in contributions
                for coding in self._codings.get(each.id, ())
                if coding.memo and not coding.removed and self.today(coding.theme) == theme
            }
        )

    def cell(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Return where a number shown earlier would stand today: in what its theme went into, or as not placed."""
        if not path or not path[0].startswith("theme "):
            return path
        theme = self.today(path[0].removeprefix("theme "))
        return (f"theme {theme}", *path[1:]) if theme in self._known else (_NOT_PLACED,)

    def today(self, theme: str) -> str:
        """Return what a theme is today: itself, or what it was merged into."""
        seen = set()
        while theme in self._into and theme not in seen:
            seen.add(theme)
            theme = self._into[theme]
        return theme


def _of_the_period(actions: Iterable[Offered], wanted: Wanted) -> Iterator[Offered]:
    """Yield what was offered in the period, and what was offered before and is open still."""
    for each in actions:
        is_in = each.offered_on >= wanted.since and (not wanted.until or each.offered_on <= wanted.until)
        was_before = each.offered_on < wanted.since and each.state in ("proposed", "open")
        if is_in or was_before:
            yield each


class _Ledger:
    """What this summary shows, each number held against all that was shown before."""

    def __init__(self, fewest: int, wanted: Wanted, material: Material, placing: Placing) -> None:
        self.fewest = fewest
        self._weeks = protect.weeks(wanted.since, wanted.until)
        self._people = material.people
        self._sessions = material.sessions
        self._readings = {each.contribution: each for each in material.readings}
        self._earlier = protect.Numbers(replace(cell, path=placing.cell(cell.path)) for cell in material.earlier)
        self.shown: list[Cell] = []
        self._told: list[tuple[Cell, Sequence[Gathered]]] = []

    def people(self, contributions: Iterable[Gathered]) -> int:
        """Return how many people are behind contributions, at least.

        Who wrote in a session is known in no other one and in no share, so that only people
        of one session, or of the shares, are sure to be different ones.
        """
        known: dict[str, set[str]] = defaultdict(set)
        for each in {each.contributor for each in contributions}:  # few give very many
            known[self._sessions.get(each, "")].add(self._people.get(each, each))
        return max(map(len, known.values()), default=0)

    def person(self, each: Gathered) -> str:
        """Return who stands behind a contribution: an id that means nothing outside the group's file."""
        return self._people.get(each.contributor, each.contributor)

    def reading(self, each: Gathered) -> Reading | None:
        """Return the lead's reading of a contribution, unless its author said what it is."""
        return None if each.stance else self._readings.get(each.id)

    def show(
        self, path: tuple[str, ...], contributions: Sequence[Gathered], weeks: tuple[str, str] | None = None
    ) -> Shown:
        """Return how a cell of this period, or of other weeks, may be shown, and remember a number that is."""
        since, until = weeks or self._weeks
        cell = Cell(path, since, until, self.people(contributions))
        allowed = protect.shown(cell, [*self._earlier.near(cell), *self.shown], self.fewest)
        if allowed.people is None:
            return allowed
        if not weeks and len(path) < _A_MATTER:
            told = replace(cell, entries=len(contributions))
            if self._may_tell(told, contributions):
                cell = told
                self._told.append((told, contributions))
        self.shown.append(cell)
        return replace(allowed, entries=cell.entries)

    def _may_tell(self, cell: Cell, contributions: Sequence[Gathered]) -> bool:
        """Return whether the number of contributions may be told: no difference of two rests on fewer than k people."""
        for other, theirs in self._told:
            if protect.comparable(cell, other) and abs(cell.people - other.people) < self.fewest:
                here, there = ({each.id: each for each in found} for found in (contributions, theirs))
                if self._rests_on_few(here.get(each) or there[each] for each in here.keys() ^ there.keys()):
                    return False
        return protect.may_tell_contributions(cell, self._earlier.near(cell), self.shown, self.fewest)

    def _rests_on_few(self, contributions: Iterable[Gathered]) -> bool:
        """Return whether there are people behind contributions, but fewer than k; no more are read than needed."""
        people: set[str] = set()
        for each in contributions:
            people.add(self.person(each))
            if len(people) >= self.fewest:
                return False
        return bool(people)


class _Heard:
    """What a summary rests on: what few wrote, and did not agree to be read alone, leaves no trace in it.

    With or without such a view every number, name and quotation is the same, so that
    nobody can tell whether one was held back.
    """

    def __init__(self, now: Sequence[Gathered], placing: Placing, ledger: _Ledger) -> None:
        self._ledger = ledger
        places: dict[str, list[Gathered]] = defaultdict(list)
        for each in now:
            for place in placing.of(each) or (_NOT_PLACED,):
                places[place].append(each)
        enough = {place for place, found in places.items() if ledger.people(found) >= ledger.fewest}
        self._places = {
            place: found if place in enough else [each for each in found if each.alone_ok and each.words]
            for place, found in places.items()
        }
        counted = {each.id for place in enough for each in places[place]}
        self.counted = [each for each in now if each.id in counted]
        """Who stands in a place with k people at least; all totals are of these."""

    def under(self, place: str) -> list[Gathered]:
        """Return what may show in a theme, or among what is not placed."""
        return self._places.get(place, [])

    @cached_property
    def beside(self) -> recurring.Read:
        """What each theme's words are held against: of very much that is counted an even spread."""
        worded = [each for each in self.counted if each.words]
        return recurring.Read(_passages(excerpts.spread(worded, recurring.BESIDE), self._ledger))


def _theme(
    identity: str,
    name: str,
    heard: _Heard,
    before: _Before | None,
    placing: Placing,
    ledger: _Ledger,
) -> GroupTheme:
    inside = heard.under(identity)
    people = ledger.people(inside)
    shown = ledger.show((f"theme {identity}",), inside)
    enough = _says(shown)
    quotable = _quotable(inside, people, ledger)
    by_stance: dict[str, list[Gathered]] = {stance: [] for stance in ("", "gain", "loss", "differs")}
    for each in quotable:
        reading = ledger.reading(each)
        by_stance[reading.stance if reading else each.stance].append(each)
    contrast = recurring.Contrast(_passages(inside, ledger), heard.beside) if enough else None
    return GroupTheme(
        id=identity,
        name=name,
        touched=enough or bool(quotable),
        shown=shown,
        entries=shown.entries,
        moved=_moved(before, identity, shown, placing, ledger),
        matters=tuple(_matters(identity, inside, contrast, ledger)) if contrast else (),
        words=tuple(_standing_out(inside, contrast, ledger)) if contrast else (),
        quotations=tuple(_quotations(by_stance[""], people, ledger, many=QUOTES)),
        gains=tuple(_quotations(by_stance["gain"], people, ledger, many=QUOTES)),
        losses=tuple(_quotations(by_stance["loss"], people, ledger, many=QUOTES)),
        differing=tuple(_quotations(by_stance["differs"], people, ledger, many=len(inside))),
        memos=tuple(placing.memos(inside, identity)) if enough else (),
    )


def _says(shown: Shown) -> bool:
    """Return whether a cell has k people, so that a number or a band stands there."""
    return shown.people is not None or shown.band is not None


def _quotable(contributions: Iterable[Gathered], people: int, ledger: _Ledger) -> list[Gathered]:
    """Return what may be quoted: it has words, and where few wrote, its author agreed to stand alone."""
    anybody = protect.may_quote(people, ledger.fewest, author_agreed=False)
    return [
        each
        for each in contributions
        if each.words and (anybody or protect.may_quote(people, ledger.fewest, author_agreed=each.alone_ok))
    ]


def _quotations(contributions: Sequence[Gathered], people: int, ledger: _Ledger, *, many: int) -> list[Quotation]:
    """Return passages for different voices; none of a theme with few people says where or when."""
    allowed = _quotable(contributions, people, ledger)
    enough = people >= ledger.fewest
    if many >= len(allowed) > QUOTES:  # all are wanted, so there is nothing to choose between but each one's passage
        first = [(each, excerpts.passages(_told_by(each, ledger))[0]) for each in allowed]
        return [_quotation(each, quote, ledger, enough=enough) for each, quote in first]
    by_id = {each.id: each for each in excerpts.sample(allowed)}
    chosen = excerpts.choose([_told_by(each, ledger) for each in by_id.values()], many)
    return [_quotation(by_id[quote.id], quote, ledger, enough=enough) for quote in chosen]


def _told_by(each: Gathered, ledger: _Ledger) -> excerpts.Told:
    return excerpts.Told(each.id, ledger.person(each), each.words)


def _quotation(each: Gathered, quote: excerpts.Quote, ledger: _Ledger, *, enough: bool) -> Quotation:
    reading = ledger.reading(each)
    return Quotation(
        contribution=each.id,
        start=quote.start,
        end=quote.end,
        text=quote.text,
        reworded=each.level == "reworded",
        attribution=each.attribution,
        occasion=each.occasion if enough else "",
        leads_to=each.leads_to,
        stance=reading.stance if reading else each.stance,
        called_by_lead=reading is not None,
        memo=reading.memo if reading and enough else "",
    )


def _matters(
    identity: str, inside: Sequence[Gathered], contrast: recurring.Contrast, ledger: _Ledger
) -> list[MatterShown]:
    """Return what recurs; below k people it has no number and is not quoted beside its name."""
    by_id = {each.id: each for each in inside}
    found = []
    for matter in contrast.recurring():
        about = [by_id[each] for each in sorted(matter.passages)]
        people = ledger.people(about)
        if people < ledger.fewest:
            continue  # its very name would point at few
        shown = ledger.show((f"theme {identity}", matter.term), about)
        quotations = _quotations(about, people, ledger, many=1)
        found.append(MatterShown(matter.name, shown, quotations[0] if quotations else None))
    return found


def _standing_out(inside: Sequence[Gathered], contrast: recurring.Contrast, ledger: _Ledger) -> list[str]:
    """Return the words that set a theme apart, each used by k people who are sure to be different ones."""
    by_id = {each.id: each for each in inside}
    return contrast.standing_out(
        fewest_people=ledger.fewest, people=lambda found: ledger.people(by_id[each] for each in found)
    )


def _passages(contributions: Iterable[Gathered], ledger: _Ledger) -> list[recurring.Passage]:
    return [recurring.Passage(each.id, ledger.person(each), each.words) for each in contributions if each.words]


def _moved(before: _Before | None, identity: str, shown: Shown, placing: Placing, ledger: _Ledger) -> Moved | None:
    """Return the movement where both numbers may be shown."""
    if before is None or shown.people is None:
        return None
    then = ledger.show(
        (f"theme {identity}",), [each for each in before.contributions if identity in placing.of(each)], before.weeks
    )
    return Moved(then.people, shown.people) if then.people is not None else None


def _sites(
    agreed: Agreed, counted: Sequence[Gathered], wanted: Wanted, ledger: _Ledger
) -> tuple[tuple[tuple[str, Shown], ...], str]:
    """Return people by site, if every site reaches k and the reader is the group itself (REQ-11)."""
    if not agreed.sites or wanted.audience != "group":
        return (), ""
    by_site: dict[str, list[Gathered]] = {site: [] for site in agreed.sites}
    for each in counted:
        by_site.setdefault(each.site, []).append(each)
    numbers = [ledger.people(contributions) for contributions in by_site.values()]
    if not protect.sites_may_be_named(numbers, agreed.fewest):
        return (), "Some sites are not named."
    return tuple(
        (site or "no site given", ledger.show((f"site {site}",), found)) for site, found in by_site.items()
    ), ""


@dataclass(frozen=True, slots=True)
class _Before:
    """What was shared in the period before."""

    contributions: Sequence[Gathered]
    weeks: tuple[str, str]


def _before(standing: Sequence[Gathered], wanted: Wanted) -> _Before | None:
    """Return what falls into the days just before the period, as many as it has; None when it has no two ends."""
    if not (wanted.since and wanted.until):
        return None
    first, last = date.fromisoformat(wanted.since), date.fromisoformat(wanted.until)
    since = (first - (last - first) - timedelta(days=1)).isoformat()
    until = (first - timedelta(days=1)).isoformat()
    return _Before([each for each in standing if _falls(each.week, since, until)], protect.weeks(since, until))


def _falls(week: str, since: str, until: str) -> bool:
    """Return whether a week falls into a period: the day that decides is its Thursday, as ISO weeks have it."""
    thursday = _thursday(week)
    return (not since or thursday >= since) and (not until or thursday <= until)


@lru_cache(maxsize=4096)
def _thursday(week: str) -> str:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 4).isoformat()


def after_changes(themes: Sequence[tuple[str, str]], changes: Iterable[CodebookChange]) -> list[tuple[str, str]]:
    """Return the codebook as a group has made it: added, renamed, merged and retired."""
    names = dict(themes)
    for change in changes:
        if change.change in ("added", "renamed"):
            names[change.theme] = change.name
        else:
            names.pop(change.theme, None)
    return list(names.items())


def _changed_in_words(change: CodebookChange) -> str:
    who = f", {change.who}" if change.who else ""
    what = {
        "added": f"{change.name} was added",
        "renamed": f"{change.theme} was renamed {change.name}",
        "merged": f"{change.theme} went into {change.into}",
        "retired": f"{change.theme} was retired",
    }[change.change]
    return f"{what} ({change.at[:10]}{who}): {change.why}"


def for_handout(themes: Iterable[GroupTheme], picked: Sequence[str] = ()) -> tuple[GroupTheme, ...]:
    """Return the themes of the handout, at most five: those picked, in that order, else by the people shown.

    Only what is shown decides the order, so that it tells nothing more.
    """
    touched = {theme.id: theme for theme in themes if theme.touched}
    by_people = sorted(touched.values(), key=lambda theme: (-(theme.shown.people or 0), not theme.shown.band))
    standing = [touched[identity] for identity in dict.fromkeys(picked) if identity in touched]
    return tuple((standing or by_people)[:HANDOUT_THEMES])


def _questions(prompts: Iterable[Prompt], themes: Iterable[GroupTheme]) -> list[Prompt]:
    """Return one question for each theme of the handout, and one that tests an assumption."""
    usable = [
        prompt
        for prompt in sorted(prompts, key=lambda each: STARRED not in each.flags)
        if "group" in prompt.suits and "group-session" in prompt.occasions and prompt.depth != "deep"
    ]
    found: list[Prompt] = []
    for theme in themes:
        found += [prompt for prompt in usable if prompt.theme == theme.id and prompt not in found][:1]
    found += [prompt for prompt in usable if "challenge" in prompt.flags and prompt not in found][:1]
    return found


def _leans_on_one(contributions: Sequence[Gathered], people: Mapping[str, str]) -> bool:
    counts: dict[str, int] = defaultdict(int)
    for each in contributions:
        counts[people.get(each.contributor, each.contributor)] += 1
    total = len(contributions)
    return total >= HEAVY_FEWEST and len(counts) > 1 and max(counts.values()) > HEAVY_SHARE * total


def _with_key(made: GroupSummary) -> GroupSummary:
    text = "\n".join(each.text for each in made.quotations())
    key = [
        (term, meaning)
        for term, meaning in sorted(made.agreed.glossary.items())
        if re.search(rf"\b{re.escape(term)}\b", text)
    ]
    return replace(made, key=tuple(key))


def _told(agreed: Agreed, wanted: Wanted, total: Shown) -> tuple[str, ...]:
    """Say in plain sentences how the summary was made and who could read what (REQ-24)."""
    people = f"{total.people} people" if total.people is not None else total.band or "fewer people than may be counted"
    return (
        f"It holds what people marked for the audience '{wanted.audience}', and nothing else. Who wrote: {people}.",
        f"{agreed.keeper} holds the key, can open what is shared, and may know whose file is whose.",
        "Everybody reads this same summary; no fuller one is kept.",
        "A contribution stands under the themes its author chose, that of its question, and those the lead gave it.",
        "A program's guesses were not used.",
        "Quotations are exact pieces of what was shared, in the author's words or in a rewording the author approved.",
        "They were chosen so that different people and different things are heard.",
        *_told_of_very_many(total),
        f"What recurs was looked for in at most {recurring.SAMPLE:,} contributions a theme, and counted in all.",
        f"Where fewer than {agreed.fewest} people wrote, no number is shown, and they are in no other number.",
        "A passage stands there only if its author agreed to that.",
        "Gains, losses and differing views are such because their authors said so; where the lead did, that is told.",
    )


def _told_of_very_many(total: Shown) -> tuple[str, ...]:
    """Say where a sample was taken, unless the total tells that none was."""
    if not _says(total) or (total.entries is not None and total.entries <= excerpts.ALL):
        return ()
    return (
        f"Of more than {excerpts.ALL} contributions in one place, they were looked for in {excerpts.SAMPLE} of these.",
        f"What is said elsewhere was read in at most {recurring.BESIDE:,} contributions, evenly spread.",
    )


def check(summary: GroupSummary, words: Callable[[str], str]) -> None:
    """Compare every quotation with the words as they were shared; one that differs stops the output (REQ-05)."""
    for each in summary.printed():
        if words(each.contribution)[each.start : each.end] != each.text:
            raise ReflectError(
                "a quotation does not match the words it is taken from",
                where=each.contribution,
                next_step="make the summary again",
                changed="Nothing was written.",
            )
