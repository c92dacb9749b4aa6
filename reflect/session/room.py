"""Room: one running session, as screen, plain mode, script and phone page use it alike.

The whole of it, for whoever draws or drives one:

    here = room.begin(group, plan, questions, now, names=("Amara", "Len"))   # a new session
    here = room.reopen(group, now)         # the one that was left open; it comes back paused
    view = here.view(now)                  # everything a screen shows
    view = here.do("next", now)            # a key; the event is on the disk when this returns
    here.tick(now)                         # about once a second: the heartbeat
    note = here.close(now)                 # names, log and the room's words are gone after this

`now` is always passed in. Nothing here sleeps, draws or asks; every failure is a ReflectError.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import wraps
from inspect import isfunction
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from reflect import group as groups
from reflect import ids, intake
from reflect.errors import Busy, NotFound, ReflectError, Refused, StorageRefused, Usage
from reflect.group import Group
from reflect.session import after, log, order, scale, words
from reflect.session.log import Course, Event, State
from reflect.session.note import Note
from reflect.session.plans import Plan, Question
from reflect.session.scale import Timed
from reflect.session.takeaway import Accepted, Answered, Takeaway
from reflect.session.values import Held, Line, Offer, Offered, Opening, Person, Phone, Setup, View
from reflect.store import engine, sessions
from reflect.store import groups as rows

__all__ = [
    "KEYS",
    "Elsewhere",
    "Held",
    "Line",
    "Offer",
    "Offered",
    "Opening",
    "Person",
    "Phone",
    "Room",
    "Setup",
    "View",
    "begin",
    "reopen",
    "team",
]

TEAM, THE_TEAM = "team", "the team"
TO_BE_FOUND = "to be found with the group"
"""Aims that are still open (REQ-47)."""

KEYS = frozenset("start next pass pause go undo reveal more jump shorten extend ready unready leave away".split())
"""What `Room.do` takes."""

SAID = ("missing", "heard", "learnt", "no-action")
"""What the room may keep: who is missing, whether people felt heard, what they learnt, why there is no action."""

_Class = TypeVar("_Class")

_OPENERS = "openers"
_A_MOMENT = 200  # milliseconds; a heartbeat is not worth a longer wait for another reflect


class Elsewhere(Busy):
    """The session goes on in another reflect, or was closed there."""


def team(home: Path, now: datetime) -> Group:
    """Return the group `team`, made on first use with the defaults of a quick check-in."""
    for group in groups.every(home, now):
        if group.invitation.name.casefold() == TEAM and not group.is_closed:
            return Group(group.folder, now)
    agreement = {
        "name": TEAM,
        "purpose": "to check in with each other",
        "audience": THE_TEAM,
        "keeper": THE_TEAM,
        "responder": THE_TEAM,
        "respond_by": now.date().isoformat(),
        "cost": "",
        "fewest": 5,
        "erase_on": (now.date() + timedelta(days=365)).isoformat(),
    }
    return groups.found(home, now, agreement)[0]


def begin(
    group: Group,
    plan: Plan,
    questions: Mapping[str, Question],
    now: datetime,
    *,
    names: Sequence[str] = (),
    people: int = 0,
    minutes: float = 0,
    setup: Setup | None = None,
    seed: str = "",
) -> Room:
    """Open a new session; nobody's time runs before `do("start")`.

    `questions` come from `plans.questions`. `names` are typed by the host; `people` is how
    many there will be where that is more than the names (phones, or people without names).
    `minutes` left out: as long as these people need. Refused when the time is too short, or
    when a session lacks purpose, audience, responder or date (REQ-35). With `seed` the same
    arrivals draw the same order; without it the lot is random.
    """
    if group.is_closed:
        raise Refused(f"{group.invitation.name} is closed", why="what it gathered has been erased")
    called = [_name(each) for each in names]
    agenda = scale.scaled(plan, max(people, len(called)), minutes, questions)
    agreed = _agreed(group, plan, setup or Setup(), now)
    with group.change() as db:
        held = len(sessions.find(db))
        made = sessions.Session(
            id=ids.shown(ids.new()),
            held_at=now.isoformat(),
            closed_at="",
            plan=plan.model_dump(mode="json", exclude_defaults=True),
            setup=agreed._asdict(),
            course={
                "agenda": scale.to_fields(agenda),
                "order": [],
                "questions": {name: each._asdict() for name, each in questions.items()},
                "people": people,
                "minutes": minutes,
                "lot": f"{seed} {held}" if seed else os.urandom(8).hex(),
            },
            secret=os.urandom(16).hex(),
            record={},
        )
        sessions.add(db, made)
        for number, name in enumerate(called, 1):
            person = _new_id()
            sessions.note(db, made.id, sessions.Row(number, _milliseconds(now), "arrive", person, -1, 0))
            sessions.name(db, made.id, person, name, joined=False)
    after.compact(group)  # what an earlier run could not finish
    return Room(group, made)


def reopen(group: Group, now: datetime, session: str = "") -> Room:
    """Take up a session that was left open, by its id's beginning or the latest; it comes back paused.

    The time since its last heartbeat does not count.
    """
    with group.reading() as db:
        found = after.named(db, session, closed=False)
    room = Room(group, found)
    room.append(now, "back")
    return room


def _one_at_a_time(room: type[_Class]) -> type[_Class]:
    """Make each public call whole before the next one begins: the page for phones lives in a thread of its own."""

    def whole(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Any, *args: Any, **named: Any) -> Any:
            with self.lock:
                return method(self, *args, **named)

        return call

    for name, method in list(vars(room).items()):
        if isfunction(method) and not name.startswith("_"):
            setattr(room, name, whole(method))
    return room


@_one_at_a_time
class Room:
    """One session that is being held; made by `begin` or `reopen`. Several threads may use it."""

    def __init__(self, group: Group, session: sessions.Session) -> None:
        """Take up a session from its row and its log."""
        self.lock = RLock()
        """Held during each call; hold it to read more than one thing of the same moment."""
        self.id = session.id
        self.group = group
        self.plan = Plan.model_validate_json(json.dumps(session.plan))
        self.setup = Setup(**session.setup)
        self.support = group.invitation.support
        """Whom to turn to when a story stirs something up; stands with each care note; may be empty."""
        self.course = Course(scale.from_fields(session.course["agenda"]), tuple(session.course["order"]))
        """The agenda, and the order once it is drawn at the start."""
        with group.reading() as db:
            events = [Event(*row) for row in sessions.log(db, session.id)]
            self._names = sessions.names(db, session.id)
        self.state: State = log.fold(self.course, events)
        """The fold of the log; `view` says all of it that a screen needs."""
        self.takeaways: Mapping[str, Takeaway] = {}
        """After the close: what each owner of an action takes home, private limits included; kept nowhere else."""
        self._session = session
        self._stored = self.state.number
        self._beat = events[-1] if events and events[-1].what == "beat" else None
        self._beat_is_stored = True
        self._offers: dict[str, sessions.Words] = {}
        self._offers_as_of = (-1, -1)

    # -- the clock and the keys ---------------------------------------------------------------

    def view(self, now: datetime) -> View:
        """Return everything a screen shows."""
        course, state, place = self.course, self.state, self.state.place
        clock = log.look(course, state, _milliseconds(now))
        queue = log.queue(course, state) if state.is_under_way else ()
        step = course.agenda.steps[place.step] if place.step >= 0 else None
        shown, hidden = self._shown(step)
        asked = len(place.spoke | place.again)
        return View(
            phase=state.phase,
            title=course.agenda.title,
            step=place.step,
            visit=place.entered,
            steps=len(course.agenda.steps),
            now=step,
            clock=clock,
            speaker=self._person(queue[0]) if queue else None,
            following=self._person(queue[1]) if len(queue) > 1 else None,
            asked_again=bool(queue) and queue[0] in place.passed,
            turn=asked + 1 if queue else 0,
            turns=asked + len(queue) if queue else 0,
            ready=sum(1 for visit, who in state.ready if visit == place.entered and who not in state.gone),
            present=len(state.present),
            finish=datetime.fromtimestamp(clock.finish / 1000, now.tzinfo),
            cuts=log.cuts(course, state, clock.late),
            ahead=log.ahead(course, state),
            lines=shown,
            hidden=hidden,
            line=next((each for each in shown if each.id == place.line), None) if place.line else None,
            unvoiced=sum(1 for each in shown if not each.voiced) if step and step.voices else 0,
            evenness=log.evenness(log.passed(state)),
            can_undo=state.history is not None and state.is_under_way,
        )

    def do(self, what: str, now: datetime, *, who: str = "", step: int = -1, amount: int = 0) -> View:
        """Store one event and return the new view; it is on the disk when this returns.

        start · next · pass · pause · go · undo · reveal; more (amount: seconds, + or -) ·
        jump (step) · shorten (step, amount: seconds late) · extend (amount: seconds) ·
        ready and unready (who) · leave (who) · away (close for now).
        `next` in a step that voices shows the next line, unseen ones first; a `who` given
        with `next` or `pass` is whose turn is meant, so that two hands never skip somebody.
        """
        if what not in KEYS:
            raise Usage(f"a session has no event {what!r}", why="there are " + ", ".join(sorted(KEYS)))
        if what == "start":
            self._start(now)
        elif what == "next" and (line := self._next_line()):
            self.append(now, "voice", line)
        else:
            self.append(now, what, who, step, amount)
        return self.view(now)

    def tick(self, now: datetime) -> None:
        """Say that somebody is there; call it about once a second, paused or not.

        A heartbeat that finds the file busy or the disk full is let go: the next key says so.
        """
        at = _milliseconds(now)
        if self.state.phase not in ("running", "paused") or at - self.state.at < log.BEAT:
            return
        # One row holds all heartbeats in a row, so that two hours of them are no burden.
        number = self._beat.number if self._beat else self.state.number + 1
        latest = log.beat(self.state, number, at)
        whole = latest._replace(amount=latest.amount + (self._beat.amount if self._beat else 0))
        try:
            with self._change(wait_ms=_A_MOMENT) as db:
                sessions.note(db, self.id, sessions.Row(*whole))
        except Elsewhere:
            raise
        except (Busy, StorageRefused):
            self._beat_is_stored = False
        else:
            self._beat_is_stored, self._stored = True, number
        self._beat = whole
        self.state = log.after(self.course, self.state, latest)

    def append(self, now: datetime, what: str, who: str = "", step: int = -1, amount: int = 0) -> None:
        """Store one event of the log; screens use `do`."""
        event = self._event(now, what, who, step, amount)
        with self._change() as db:
            self._store(db, event)
        self._stands(event)

    def _event(self, now: datetime, what: str, who: str = "", step: int = -1, amount: int = 0) -> Event:
        return Event(self.state.number + 1, max(_milliseconds(now), self.state.at), what, who, step, amount)

    def _store(self, db: engine.Connection, event: Event) -> None:
        if self._beat and not self._beat_is_stored:
            sessions.note(db, self.id, sessions.Row(*self._beat))
        sessions.note(db, self.id, sessions.Row(*event))

    def _stands(self, event: Event) -> None:
        """Take an event into the state once it is on the disk."""
        self._beat, self._beat_is_stored, self._stored = None, True, event.number
        self.state = log.after(self.course, self.state, event)

    def _start(self, now: datetime) -> None:
        """Fit the plan to those who came, draw the order and let the time run, all in one change."""
        if self.state.phase != "arriving":
            return
        begun = self._session.course
        if not any(joined for _, joined in self._names.values()):
            expected = begun["people"] or (0 if self.state.present else self.plan.plan.people)
            for _ in range(expected - len(self.state.present)):
                self.append(now, "arrive", _new_id())
        here = self.state.present
        questions = {name: _question(each) for name, each in begun["questions"].items()}
        agenda = scale.fitted(self.plan, len(here), begun["minutes"], questions)
        with self._change() as db:
            drawn = order.drawn(here, begun["lot"], self._openers(db))
            sessions.follow(db, self.id, {**begun, "agenda": scale.to_fields(agenda), "order": drawn})
            event = self._event(now, "start")
            self._store(db, event)
        self.course, self.state = Course(agenda, drawn), log.fitted(self.state, agenda)
        self._stands(event)

    def _openers(self, db: engine.Connection) -> list[str]:
        """Return those here who opened a round of the last session, in that order."""
        kept = json.loads(rows.about(db, _OPENERS) or '{"salt": "", "digests": []}')
        known = {words.opener(kept["salt"], name): person for person, (name, _) in self._names.items() if name}
        return [known[each] for each in kept["digests"] if each in known]

    @contextmanager
    def _change(self, *, wait_ms: int | None = None) -> Iterator[engine.Connection]:
        """One whole change of this session, refused when it went on in another process."""
        with self.group.change(wait_ms=wait_ms) as db:
            if sessions.last_number(db, self.id) != self._stored:
                raise Elsewhere(
                    "this session goes on in another window, or was closed there",
                    why="its log has grown without us",
                    next_step="close this one, and go on there",
                )
            is_known = self._offers_as_of == sessions.version(db)
            yield db
            if is_known:
                self._offers_as_of = sessions.version(db)

    # -- people -------------------------------------------------------------------------------

    def arrive(self, now: datetime, name: str = "", *, person: str = "", joined: bool = False) -> Person:
        """Seat somebody, by name or without; with `person` somebody known comes back or is renamed.

        A phone's `person` is that of `phone(token)`. Whoever comes after the start speaks last.
        """
        who = person or _new_id()
        before, was_joined = self._names.get(who, ("", False))
        called, joined = _name(name) or before, joined or was_joined
        is_here = who in self.state.people and who not in self.state.gone
        event = self._event(now, "arrive", who)
        with self._change() as db:
            sessions.name(db, self.id, who, called, joined=joined)
            if not is_here:
                self._store(db, event)
        self._names[who] = (called, joined)
        if not is_here:
            self._stands(event)
        return self._person(who)

    def rename(self, person: str, name: str) -> Person:
        """Call somebody otherwise, or by no name."""
        if person not in self.state.people:
            raise NotFound("there is nobody of that id here", next_step="look at who is here")
        called, joined = _name(name), self._names.get(person, ("", False))[1]
        with self._change() as db:
            sessions.name(db, self.id, person, called, joined=joined)
        self._names[person] = (called, joined)
        return self._person(person)

    def people(self) -> tuple[Person, ...]:
        """Return who is there, in the order of speaking once it is drawn."""
        seats = (*self.course.order, *self.state.late) if self.course.order else self.state.people
        return tuple(self._person(each) for each in seats if each not in self.state.gone)

    def _person(self, who: str) -> Person:
        name, joined = self._names.get(who, ("", False))
        seats = (*self.course.order, *self.state.late) if self.course.order else self.state.people
        return Person(who, name, joined, seats.index(who) + 1)

    def phone(self, token: str) -> Phone:
        """Return the ids of the phone whose random page address this is; the address itself is stored nowhere."""
        return words.phone(self._session.secret, token)

    def code(self) -> str:
        """Return the code with which phones join; it stays the same after a resume."""
        return words.code(self._session.secret)

    # -- words ----------------------------------------------------------------------------------

    def offer(
        self,
        contributor: str,
        text: str,
        *,
        key: str,
        step: int | None = None,
        for_group: bool = False,
        alone_ok: bool = False,
    ) -> Offered:
        """Keep an answer; the same `key` again is the same answer, changed or not (double tap, reload, retry).

        `step` is the index of the step it answers, left out: the present one. It is safe on
        the disk when this returns. What was taken back under this key is refused.
        """
        at = self.state.place.step if step is None else step
        if not -1 <= at < len(self.course.agenda.steps):
            raise Refused(f"there is no step {at}", next_step="write to a step of this session")
        taken = words.taken(text)
        with self._change() as db:
            before = sessions.offered_under(db, self.id, contributor, key)
            if before and before.taken_back:
                raise Refused("this answer was taken back", next_step="write a new one")
            made = sessions.Words(
                id=before.id if before else groups.random_id(),
                contributor=contributor,
                key=key,
                step=at,
                words=taken,
                contribution=self._contribute(
                    db, before, contributor, at, taken, for_group=for_group, alone_ok=alone_ok
                ),
                alone_ok=for_group and alone_ok,
                taken_back=False,
            )
            if made != before:
                sessions.offer(db, self.id, made)
        self._offers[made.id] = made
        return self._offered(made)

    def _contribute(
        self,
        db: engine.Connection,
        before: sessions.Words | None,
        contributor: str,
        step: int,
        taken: str,
        *,
        for_group: bool,
        alone_ok: bool,
    ) -> str:
        """Keep words for the group as a contribution, or take back that they are; return its id."""
        identity = before.contribution if before else ""
        if not for_group:
            if identity:
                self._withdraw(db, identity, contributor)
            return ""
        identity = identity or groups.random_id()
        day = date.fromisoformat(self._session.held_at[:10])
        agenda = self.course.agenda
        rows.revise(db, words.contribution(identity, contributor, agenda, step, taken, day, alone_ok=alone_ok))
        receipt = words.receipt(self._session.secret, identity)
        sessions.hear(db, self.id, identity, step, words.receipt_digest(receipt))
        return identity

    @staticmethod
    def _withdraw(db: engine.Connection, contribution: str, contributor: str) -> None:
        rows.withdraw(db, contribution, contributor)
        sessions.unhear(db, contribution)
        after.to_compact(db)

    def mine(self, contributor: str) -> tuple[Offered, ...]:
        """Return a phone's own answers, by the step they answer."""
        own = [each for each in self._words() if each.contributor == contributor]
        return tuple(self._offered(each) for each in sorted(own, key=lambda each: each.step))

    def take_back(self, contributor: str, offered: str) -> None:
        """Remove an answer of one's own for good; no undo, resume or late retry brings it back."""
        with self._change() as db:
            own = [each for each in sessions.words(db, self.id) if each.contributor == contributor]
            found = next((each for each in own if each.id == offered), None)
            if found is None:
                raise NotFound("there is no such answer of yours", next_step="look at your answers again")
            if found.contribution:
                self._withdraw(db, found.contribution, contributor)
            sessions.take_back(db, offered)
        self._offers.pop(offered, None)

    def withdraw(self, receipt: str) -> None:
        """Take words for the group back by their receipt; whoever holds it may."""
        after.withdraw(self.group, receipt)
        self._lines = None

    def _offered(self, each: sessions.Words) -> Offered:
        for_group = bool(each.contribution)
        receipt = words.receipt(self._session.secret, each.contribution) if for_group else ""
        return Offered(each.id, each.step, each.words, for_group, each.alone_ok, receipt, each.key)

    def _words(self) -> list[sessions.Words]:
        """Return what is offered, in no order of who or when; read anew when others changed the file."""
        with self.group.reading() as db:
            version = sessions.version(db)
            if version != self._offers_as_of:
                self._offers = {each.id: each for each in sessions.words(db, self.id)}
                self._offers_as_of = version
        return [self._offers[each] for each in sorted(self._offers)]

    def _shown(self, step: Timed | None) -> tuple[tuple[Line, ...], int]:
        """Return the lines that stand beside a step's question, and how many wait to be revealed."""
        place, everything = self.state.place, self._words()
        revealed = [each for each in everything if each.step <= place.revealed]
        if step is None or not step.shows:
            beside = [each for each in revealed if each.step < 0] if step and "brought" in step.beside else []
        else:
            beside = revealed
        lines = tuple(Line(each.id, each.step, each.words, each.id in place.voiced) for each in beside)
        return lines, len(everything) - len(revealed)

    def _next_line(self) -> str:
        """Return the line to be voiced next, those nobody has seen first; empty when there is none."""
        place = self.state.place
        step = self.course.agenda.steps[place.step] if place.step >= 0 else None
        if step is None or not step.voices or not self.state.is_under_way:
            return ""
        waiting = [each for each in self._shown(step)[0] if not each.voiced]
        return min((each.id for each in waiting), key=lambda line: (line in place.seen, line), default="")

    # -- what the host notes ----------------------------------------------------------------------

    def opening(self) -> Opening:
        """Return what the last session left to this one."""
        with self.group.reading() as db:
            return after.opening_of(self.group, db, self.id)

    def actions(self) -> tuple[Offer, ...]:
        """Return what was offered in this session, promises for the empty chair included."""
        with self.group.reading() as db:
            return tuple(after.offer(each) for each in sessions.actions(db) if each.session == self.id)

    def propose(self, text: str, *, sort: str = "action", owner: str = "", due: str = "") -> Offer:
        """Note something offered; it is nobody's before it is accepted (REQ-46). `sort`: action or empty-chair."""
        if sort not in ("action", "empty-chair"):
            raise Usage(f"{sort!r} is no sort of action", why="there are action and empty-chair")
        offered = intake.short(text, "an action")
        if not offered:
            raise Refused("an action needs words", next_step="say what is offered")
        made = sessions.Action(
            id=ids.shown(ids.new()),
            session=self.id,
            settled_in="",
            sort=sort,
            text=offered,
            owner=_name(owner),
            due=_day(due),
            state="proposed",
            limits="",
            limits_shared=False,
            note="",
        )
        return self._put(made)

    def accept(
        self, action: str, *, owner: str = "", due: str = "", limits: str = "", share_limits: bool = False
    ) -> Offer:
        """Record an action as its owner's: a name and a day, limits if they state any."""
        found = self._action(action)
        made = found._replace(
            owner=_name(owner) or found.owner,
            due=_day(due) or found.due,
            state="open",
            limits=intake.short(limits, "a limit"),
            limits_shared=share_limits and bool(limits.strip()),
        )
        if not made.owner or not made.due:
            raise Refused(
                "an action that is accepted has an owner and a day",
                why="people are owed to know who does it and by when",
                next_step="say both, or leave it proposed",
            )
        return self._put(made)

    def decline(self, action: str) -> Offer:
        """Record that the person asked declined: it stays proposed, and nobody's."""
        return self._put(self._action(action)._replace(owner="", state="proposed", limits="", limits_shared=False))

    def drop(self, action: str) -> None:
        """Take something offered in this session back."""
        found = self._action(action)
        if found.session != self.id:
            raise Refused("it was offered in an earlier session", next_step="settle it as dropped")
        with self._change() as db:
            sessions.drop_action(db, found.id)

    def settle(self, action: str, state: str, note: str = "") -> Offer:
        """Say of an earlier action that it was kept, changed or dropped, or is open still."""
        if state not in ("kept", "changed", "dropped", "open"):
            raise Usage(f"an action can't be {state!r}", why="it is kept, changed, dropped or open")
        found = self._action(action)
        settled_in = "" if state == "open" else self.id
        return self._put(found._replace(state=state, settled_in=settled_in, note=intake.short(note, "a note")))

    def _action(self, beginning: str) -> sessions.Action:
        with self.group.reading() as db:
            like = [each for each in sessions.actions(db) if beginning and each.id.startswith(beginning.lower())]
        if len(like) != 1:
            raise NotFound(f"there is no one action {beginning!r}", next_step="name one that is on the list")
        return like[0]

    def _put(self, action: sessions.Action) -> Offer:
        with self._change() as db:
            sessions.put_action(db, action)
        return after.offer(action)

    def say(self, what: str, text: str) -> None:
        """Keep what the room says (one of SAID); empty words take it back."""
        if what not in SAID:
            raise Usage(f"nothing is kept as {what!r}", why="there are " + ", ".join(SAID))
        kept = words.taken(text) if text.strip() else ""
        with self._change() as db:
            sessions.say(db, self.id, what, kept)

    def said(self) -> Mapping[str, str]:
        """Return what was kept with `say`."""
        with self.group.reading() as db:
            return sessions.said(db, self.id)

    # -- the end --------------------------------------------------------------------------------------

    def takeaway(self, owner: str = "", contributor: str = "") -> Takeaway:
        """Return what one person takes home: the actions they accepted (limits too) and their own answers."""
        steps = self.course.agenda.steps
        answers = [
            Answered(question=steps[each.step].question.text if each.step >= 0 else "", words=each.words)
            for each in (self.mine(contributor) if contributor else ())
        ]
        mine = [each for each in self.actions() if owner and each.owner == owner and each.state == "open"]
        return Takeaway(
            group=self.group.invitation.name,
            title=self.course.agenda.title,
            held_on=self._session.held_at[:10],
            actions=tuple(Accepted(text=each.text, due=each.due, limits=each.limits) for each in mine),
            answers=tuple(answers),
        )

    def missing(self) -> str:
        """Return what is still needed before this session can be closed, empty when nothing is (REQ-36)."""
        if not any(step.takes == "actions" for step in self.course.agenda.steps):
            return ""
        accepted = any(each.sort == "action" and each.state == "open" for each in self.actions())
        return "" if accepted or self.said().get("no-action") else "an accepted action, or why there is none today"

    def close(self, now: datetime) -> Note:
        """End the session for good and return its feedback note.

        Refused without an accepted action or a reason for none (REQ-36). Names, the log and
        words for the room only are gone from the file after this.
        """
        if missing := self.missing():
            raise Refused(
                "the session can't be closed yet",
                why=f"it has no {missing.removeprefix('an ')}",
                next_step="accept an action with owner and day, or say why there is none",
            )
        owners = dict.fromkeys(each.owner for each in self.actions() if each.owner and each.state == "open")
        self.takeaways = {owner: self.takeaway(owner) for owner in owners}
        ended = log.after(self.course, self.state, self._event(now, "away"))
        with self._change() as db:
            self._keep_openers(db)
            sessions.follow(db, self.id, {"agenda": scale.to_fields(self.course.agenda), "order": []})
            sessions.close(db, self.id, now.isoformat(), log.record(self.course, ended))
            after.to_compact(db)
        self._ended(ended)
        return after.note_of(self.group, self.id)

    def discard(self) -> None:
        """End the session and keep nothing of it: no note, no actions, and no words, those for the group included."""
        with self._change() as db:
            for each in sessions.heard(db, self.id):
                self._withdraw(db, each.contribution, each.contributor)
            sessions.remove(db, self.id)
            after.to_compact(db)
        self._ended(self.state)

    def _ended(self, state: State) -> None:
        self.state, self._names, self._offers = replace(state, phase="closed"), {}, {}
        try:
            after.compact(self.group)
        except ReflectError as error:
            error.changed = (
                "The session is closed. Pieces of removed words may lie in the file until it can be written anew,"
                " which the next `reflect session` tries."
            )
            raise

    def _keep_openers(self, db: engine.Connection) -> None:
        """Keep who opened a round, for the next order only, and not by name."""
        salt = os.urandom(16).hex()
        names = [self._names.get(each, ("", False))[0] for each in self.state.place.openers]
        digests = [words.opener(salt, each) for each in names if each]
        rows.say(db, _OPENERS, json.dumps({"salt": salt, "digests": digests}))


def _agreed(group: Group, plan: Plan, setup: Setup, now: datetime) -> Setup:
    """Return what was agreed, filled from the invitation; a session that lacks what people must know is refused."""
    invitation, today = group.invitation, now.date().isoformat()
    filled = Setup(
        purpose=intake.short(setup.purpose, "a purpose") or invitation.purpose,
        audience=intake.short(setup.audience, "an audience") or invitation.audience,
        responder=_name(setup.responder) or invitation.responder,
        respond_by=_day(setup.respond_by) or invitation.respond_by,
        cost=intake.short(setup.cost, "the cost") or invitation.cost,
        aims=intake.short(setup.aims, "the aims") or TO_BE_FOUND,
        add_until=_day(setup.add_until) or invitation.contribute_until,
    )
    if plan.plan.kind == "check-in":
        return filled._replace(respond_by=max(filled.respond_by, today))
    missing = []
    if filled.responder == THE_TEAM:
        missing.append("a named person who will respond (--responder)")
    if filled.respond_by < today or (invitation.responder == THE_TEAM and not setup.respond_by):
        missing.append("a day to come by which they respond (--respond-by)")
    if missing:
        raise Refused(
            "the session can't be opened",
            why="it lacks " + " and ".join(missing),
            next_step="say it, or hold a check-in, which needs neither",
        )
    return filled


def _name(name: str) -> str:
    return intake.short(name, "a name")


def _day(day: str) -> str:
    """Return a day as it was checked before, or refuse what is none."""
    try:
        return date.fromisoformat(day).isoformat() if day else ""
    except ValueError:
        raise Refused(f"{day!r} is no day", why="a day here is YYYY-MM-DD", next_step="write it so") from None


def _question(fields: Mapping[str, Any]) -> Question:
    return Question(**{**fields, "parts": tuple(fields["parts"])})


def _new_id() -> str:
    return os.urandom(8).hex()


def _milliseconds(now: datetime) -> int:
    return round(now.timestamp() * 1000)
