"""Brings an earlier entry back at the right moment, and keeps what is thought of it now beside what was thought then.

The entry's own words stay as they are. What is said about it decides when it comes
again: still true, later each time; changed, sooner; an action, when its day has come;
let go, never. Nothing here counts days.
"""

from __future__ import annotations

import zlib
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from reflect import dates, drafts, ids
from reflect.errors import Refused
from reflect.models import Action, Entry, Layer
from reflect.store import actions, engine, entries, kept, layers
from reflect.store.layers import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reflect.intake import Taken
    from reflect.journal import Journal

STILL, CHANGED, ACT, LET_GO = "still", "changed", "act", "let-go"
KINDS = (STILL, CHANGED, ACT, LET_GO)

FIRST = 30
"""Days after which an entry may come up for the first time."""
AFTER_AN_ACTION = 14
"""Days after which an entry comes up when something is to be done, but no day was named."""
LATER = 7
"""Days for which an entry stays away when the writer has no time for it now."""
LONGEST = 730
"""Days after which even what is still true comes up again."""
_LOOKED = "looked back"
"""Name under which the day is kept on which an entry was looked at last; not which, and not how often."""
_A_DAY = 24 * 3_600 * 1_000_000  # microseconds


class Coming(NamedTuple):
    """An entry that comes up, and why."""

    entry: Entry
    why: str
    """on-this-day, due (its turn has come) or earlier (nobody has looked at it since it was written)."""


class Answered(NamedTuple):
    """What was kept of an answer: the later thought, when the entry comes again, and the action it led to."""

    layer: Layer
    turn: Turn
    action: Action | None


def next_turn(kind: str, before: Turn | None, today: date, due: str = "") -> Turn:
    """Return when an entry comes again after this answer; `due` is the day of the action it led to."""
    days = before.days if before else FIRST
    if kind == LET_GO:
        return Turn("", days)
    if kind == STILL:
        days = min(2 * days, LONGEST)
    elif kind == CHANGED:
        days = FIRST
    elif due:
        return Turn(max(due, (today + timedelta(days=1)).isoformat()), FIRST)
    else:
        return Turn((today + timedelta(days=AFTER_AN_ACTION)).isoformat(), FIRST)
    return Turn((today + timedelta(days=days)).isoformat(), days)


def same_days(today: date, first: date) -> Iterator[date]:
    """Yield this day of the earlier years, the nearest first; between leap years, 29 February comes on the 28th."""
    for year in range(today.year - 1, first.year - 1, -1):
        try:
            yield today.replace(year=year)
        except ValueError:  # the 29th, in a year without one
            continue
        if (today.month, today.day) == (2, 28) and not _is_leap(today.year) and _is_leap(year):
            yield date(year, 2, 29)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


class Revisit:
    """Earlier entries of one journal, and what their writer thinks of them now."""

    def __init__(self, journal: Journal) -> None:
        """Take the journal they stand in."""
        self._journal = journal

    def coming(self) -> Coming | None:
        """Return the entry to look at now: of this day in an earlier year, else one whose turn it is, else an old one.

        The same one all day, until something is said about it.
        """
        journal, today = self._journal, self._journal.now.date()
        with journal.reading() as db:
            first = layers.first_happened(db)
            if first is None:
                return None
            earliest = datetime.fromtimestamp(first / 1_000_000, journal.now.tzinfo).date()
            days = [(each.isoformat(), *_reach(each)) for each in same_days(today, earliest)]
            if (found := layers.unseen_on(db, days)) is not None:
                return Coming(entries.get(db, found), "on-this-day")
            if (found := layers.due(db, today.isoformat())) is not None:
                return Coming(entries.get(db, found), "due")
            if (found := self._unseen(db, first)) is not None:
                return Coming(entries.get(db, found), "earlier")
        return None

    def quietly(self) -> Coming | None:
        """Return what home may show: nothing where it is switched off, or once today's entry was looked at."""
        with self._journal.reading() as db:
            looked = kept.get(db, _LOOKED)
        if looked == self._journal.now.date().isoformat() or not self._journal.looks_back:
            return None
        return self.coming()

    def _unseen(self, db: engine.Connection, first: int) -> int | None:
        """Return an entry nobody has looked at again: the day and the seed decide which, so that old ones come, too."""
        last = int(self._journal.now.timestamp() * 1_000_000) - FIRST * _A_DAY
        if first > last:
            return None
        drawn = zlib.crc32(f"{self._journal.seed} {self._journal.now.date()}".encode()) / 2**32
        found = layers.unseen_before(db, first + int(drawn * (last - first)))
        return found if found is not None else layers.unseen_before(db, last)

    def draft(self, entry: Entry, kind: str) -> drafts.Draft:
        """Begin a draft for a later thought of an entry."""
        return drafts.Draft(self._journal.places.drafts, self._journal.now, draft_options(entry, kind))

    def answer(
        self,
        entry: Entry,
        kind: str,
        taken: Taken | None = None,
        *,
        do: str = "",
        by: str = "",
        draft: Path | None = None,
    ) -> Answered:
        """Keep what the writer thinks of an entry now, beside it; `do` is what they offer to do because of it.

        Words that can't be stored are in a private draft, and the error says where; `draft` holds them already.
        """
        if do and kind != ACT:
            raise Refused("only `act` comes with something to do", next_step="leave it out, or say act")
        layer = Layer(
            id=ids.new(),
            entry=entry.id,
            version=entry.version,
            kind=kind,
            text=taken.text if taken else "",
            action=None,
            at=self._journal.now.isoformat(),
            zone=dates.zone_name(),
        )
        offered = self._offer(entry, do, by)
        if not layer.text.strip():
            return self._keep(layer, offered)

        def is_stored() -> bool:
            with self._journal.reading() as db:
                return layers.get(db, layer.id) is not None

        with self._journal.rescuing(layer.text, draft_options(entry, kind), draft, is_stored, "What you think now"):
            return self._keep(layer, offered)

    def _keep(self, layer: Layer, offered: Action | None) -> Answered:
        from reflect.store import undo

        with self._journal.change() as db:
            before, today = layers.turn(db, layer.entry), self._journal.now.date()
            turn = next_turn(layer.kind, before, today, offered.due if offered else "")
            if offered:
                actions.add(db, offered)
                layer = layer._replace(action=offered.id)
            layers.add(db, layer)
            layers.set_turn(db, layer.entry, turn)
            kept.put(db, _LOOKED, today.isoformat())
            days, due = (before.days, before.due) if before else (None, "")
            step = undo.note(db, "layer", layer.at, entry=layer.entry, layer=layer.id, before=days, was=due)
            if offered:
                undo.note(db, "offer", layer.at, step=step, action=offered.id)
        return Answered(layer, turn, offered)

    def not_now(self, entry: Entry) -> None:
        """Let an entry stay away for some days; nothing else is kept of that."""
        with self._journal.change() as db:
            before = layers.turn(db, entry.id)
            due = (self._journal.now.date() + timedelta(days=LATER)).isoformat()
            layers.set_turn(db, entry.id, Turn(due, before.days if before else FIRST))
            kept.put(db, _LOOKED, self._journal.now.date().isoformat())

    def _offer(self, entry: Entry, do: str, by: str) -> Action | None:
        from reflect import intake, offers

        said = intake.short(do, "an action")
        if not said:
            return None
        day = dates.day(by, self._journal.now, ahead=True) if by else ""
        if not by:
            said, day = offers.read(said, self._journal.now)
        return Action(ids.new(), said, entry.id, self._journal.now.isoformat(), day, "open", "", "", entry.about)


def draft_options(entry: Entry, kind: str) -> dict[str, object]:
    """Return what a draft of a later thought remembers besides its words."""
    return {"entry": ids.shown(entry.id), "revisit": kind}


def _reach(day: date) -> tuple[int, int]:
    """Return instants, in microseconds since 1970, that a local day lies between in every zone."""
    midday = (day - date(1970, 1, 1)).days * _A_DAY + _A_DAY // 2
    return midday - _A_DAY * 3 // 2, midday + _A_DAY * 3 // 2
