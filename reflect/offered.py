"""Lets actions follow the lines of an entry that begin with ->, from its first wording through every edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from reflect import ids, offers
from reflect.models import Action, Entry
from reflect.store import actions, engine, undo


def from_lines(db: engine.Connection, entry: Entry, now: datetime, step: int) -> tuple[Action, ...]:
    """Offer what the lines of a new entry offer; the caller holds the transaction."""
    return _offer_lines(db, entry, offers.lines(entry.text), now, step)


def follow_lines(db: engine.Connection, old: Entry, text: str, now: datetime, step: int) -> None:
    """Let the actions of an entry follow its new words; what has no line any more stays offered."""
    found = reword_lines(db, old, text, now)
    new = offers.follow(offers.lines(old.text), offers.lines(text)).new
    _offer_lines(db, old, [line for line in new if not _of_line(found, line)], now, step)


def reword_lines(db: engine.Connection, old: Entry, text: str, now: datetime) -> list[Action]:
    """Reword the open actions whose line has other words now; return those that came from the entry's lines."""
    found = [each for each in actions.of_entry(db, old.id) if each.from_line]
    for before, after in offers.follow(offers.lines(old.text), offers.lines(text)).reworded:
        action = _of_line(found, before)
        if action and action.state == "open":
            said = offers.read(after, now)
            said = said if said.due else offers.read(after, datetime.fromisoformat(action.offered_at))
            actions.reword(db, action.id, said.text, said.due)
    return found


def _of_line(found: Iterable[Action], line: str) -> Action | None:
    """Return the action that a line offered, its day read as it was then; the open one, where it was put off."""
    like = [each for each in found if offers.read(line, datetime.fromisoformat(each.offered_at)).text == each.text]
    return min(like, key=lambda each: each.state != "open", default=None)


def _offer_lines(
    db: engine.Connection, entry: Entry, lines: Sequence[str], now: datetime, step: int
) -> tuple[Action, ...]:
    made = []
    for number, line in zip(rising(len(lines)), lines, strict=True):
        said = offers.read(line, now)
        action = Action(
            id=number,
            text=said.text,
            entry=entry.id,
            offered_at=now.isoformat(),
            due=said.due,
            state="open",
            closed_at="",
            note="",
            about=entry.about,
            from_line=True,
        )
        actions.add(db, action)
        undo.note(db, "offer", now.isoformat(), step=step, action=action.id)
        made.append(action)
    return tuple(made)


def rising(many: int) -> list[int]:
    """Return so many new ids, each above the one before, so that what came in one go keeps its order in every list."""
    return sorted(ids.new() for _ in range(many))
