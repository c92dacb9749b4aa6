"""How an action is closed (kept, changed or dropped, none of it a failure), and what is seen to come of it.

Fields by viewpoint (REQ-30): what an action was meant to bring about, and, from each
viewpoint, what was seen, whether that was expected, whether it helped, and whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from reflect import dates, ids, intake, offers
from reflect.errors import Refused
from reflect.models import Action, Outcome
from reflect.offered import rising
from reflect.store import actions, engine, undo

if TYPE_CHECKING:
    from reflect.journal import Journal

ANSWERS = ("yes", "no", "partly")
"""What can be said to "as expected?" and "did it help?"; nothing said is fine, too."""


class Seen(NamedTuple):
    """What came of an action, from one viewpoint; every field may be left empty."""

    seen: str = ""
    expected: str = ""
    helped: str = ""
    for_whom: str = ""

    @property
    def says_anything(self) -> bool:
        """Return whether there is anything to keep."""
        return any(self)


class Closed(NamedTuple):
    """A closed action, and the one it was changed into, if it was."""

    action: Action
    instead: Action | None = None


class Actions:
    """The actions of one journal: taking them in, closing them, and saying what came of them."""

    def __init__(self, journal: Journal) -> None:
        """Take the journal they stand in."""
        self._journal = journal

    def named(self, beginning: str) -> Action:
        """Return the one action whose id begins with these signs."""
        with self._journal.reading() as db:
            return actions.get(db, beginning)

    def close(self, beginning: str, state: str, why: str, seen: Seen | None = None) -> Closed:
        """Close an action as kept, changed or dropped, with a word of why and what was seen."""
        with self._journal.change() as db:
            return Closed(self._close(db, beginning, state, why, seen or Seen())[0])

    def change(self, beginning: str, why: str, *, to: str = "", due: str = "", seen: Seen | None = None) -> Closed:
        """Close an action as changed; with other words or another day, that is offered in its place."""
        day = dates.day(due, self._journal.now, ahead=True) if due else ""
        with self._journal.change() as db:
            old, step = self._close(db, beginning, "changed", why, seen or Seen())
            if not to and not due:
                return Closed(old)
            said = offers.Offered(intake.short(to, "an action") or old.text, day)
            if to and not due:
                said = offers.read(said.text, self._journal.now)
            new = old._replace(
                id=ids.new(),
                text=said.text,
                offered_at=self._stamp,
                due=said.due,
                state="open",
                closed_at="",
                note="",
                from_line=old.from_line and said.text == old.text,  # the entry's words go with the entry
                outcomes=(),
            )
            actions.add(db, new)
            undo.note(db, "offer", self._stamp, step=step, action=new.id)
            return Closed(old, new)

    def see(self, beginning: str, seen: Seen, intended: str = "") -> Action:
        """Say what came of an action, open or closed, from one viewpoint; a later look stands beside an earlier one."""
        if not seen.says_anything and not intended:
            raise Refused("there is nothing to keep", why="no words came in", next_step="say what you saw")
        with self._journal.change() as db:
            action = actions.get(db, beginning)
            step = self._see(db, action, seen, 0)
            if intended:
                self._intend(db, action, intended, step)
            return actions.get(db, ids.shown(action.id))

    def take(self, found: Sequence[offers.Offer], *, dry_run: bool = False) -> tuple[list[Action], int]:
        """Take in what was offered elsewhere, in one step; return what is new, and how many were here already."""
        made: list[Action] = []
        step = already = 0
        with self._journal.change() as db:
            there = {(each.text, each.due) for each in actions.find(db, only_open=False)}
            for number, each in zip(rising(len(found)), found, strict=True):
                if (each.text, each.due) in there:
                    already += 1
                    continue
                there.add((each.text, each.due))
                action = Action(
                    id=number,
                    text=each.text,
                    entry=None,
                    offered_at=self._stamp,
                    due=each.due,
                    state="open",
                    closed_at="",
                    note="",
                    about=each.about,
                    intended=each.intended,
                )
                made.append(action)
                if not dry_run:
                    actions.add(db, action)
                    step = undo.note(db, "offer", self._stamp, step=step, action=action.id)
        return made, already

    def _close(self, db: engine.Connection, beginning: str, state: str, why: str, seen: Seen) -> tuple[Action, int]:
        action = actions.get(db, beginning)
        if action.state != "open":
            raise Refused(
                f"action {ids.shown(action.id)} is closed already, as {action.state}",
                next_step="what you saw since can stand beside it: `reflect actions seen ID`",
            )
        step = undo.note(db, "close", self._stamp, action=action.id)
        actions.close(db, action.id, state, self._stamp, intake.short(why, "the reason"))
        self._see(db, action, seen, step)
        return actions.get(db, ids.shown(action.id)), step

    def _intend(self, db: engine.Connection, action: Action, intended: str, step: int) -> None:
        if action.intended:
            raise Refused(
                f"what action {ids.shown(action.id)} is meant to bring about was said already",
                why=action.intended,
                next_step="say what you saw instead, or change the action",
            )
        actions.intend(db, action.id, intake.short(intended, "what it is meant to bring about"))
        undo.note(db, "intend", self._stamp, step=step, action=action.id)

    def _see(self, db: engine.Connection, action: Action, seen: Seen, step: int) -> int:
        if not seen.says_anything:
            return step
        outcome = Outcome(
            for_whom=intake.short(seen.for_whom, "for whom"),
            seen=intake.short(seen.seen, "what was seen"),
            expected=_answer(seen.expected, "--expected"),
            helped=_answer(seen.helped, "--helped"),
            at=self._stamp,
        )
        number = actions.see(db, action.id, outcome)
        return undo.note(db, "outcome", self._stamp, step=step, action=action.id, after=number)

    @property
    def _stamp(self) -> str:
        return self._journal.now.isoformat()


def _answer(said: str, option: str) -> str:
    like = [each for each in ANSWERS if said and each.startswith(said.lower())]
    if said and len(like) != 1:
        raise Refused(f"{said!r} is no answer to {option}", next_step="say yes, no or partly, or leave it out")
    return like[0] if like else ""
