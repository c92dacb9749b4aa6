"""What sessions leave behind: the note, what the next one opens with, and words that come or go later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from reflect import group as groups
from reflect.dates import in_words
from reflect.errors import NotFound, Refused
from reflect.group import Group
from reflect.session import scale, words
from reflect.session.note import Next, Note, Said
from reflect.session.plans import Question
from reflect.session.scale import Agenda
from reflect.session.values import Held, Offer, Opening, Setup
from reflect.store import engine, sessions
from reflect.store import groups as rows
from reflect.store.sessions import Action, Heard, Session
from reflect.summary.protect import may_quote

_TO_COMPACT = "to compact"


def every(group: Group) -> list[Held]:
    """Return the group's sessions, the newest first."""
    with group.reading() as db:
        return [_held(each) for each in sessions.find(db)]


def named(db: engine.Connection, beginning: str, *, closed: bool) -> Session:
    """Return the session whose id begins so, or the latest, among those that are closed or still open."""
    found = [each for each in sessions.find(db, beginning.lower()) if bool(each.closed_at) == closed]
    if not found:
        kind = "closed" if closed else "open"
        raise NotFound(
            f"there is no {kind} session {beginning!r}" if beginning else f"there is no {kind} session",
            why="`reflect session list` shows those there were",
            next_step="name one of them, or begin one with `reflect session run`",
        )
    if beginning and len(found) > 1:
        raise Refused(f"more than one session begins with {beginning!r}", next_step="give one more sign")
    return found[0]


def asked(group: Group) -> Mapping[str, int]:
    """Return how often each question of the bank was asked in this group's sessions."""
    with group.reading() as db:
        agendas = [agenda_of(each) for each in sessions.find(db)]
    return Counter(prompt for agenda in agendas for prompt in {step.question.prompt for step in agenda.steps} if prompt)


def agenda_of(session: Session) -> Agenda:
    """Return the agenda that a session follows."""
    return scale.from_fields(session.course["agenda"])


# -- the note ------------------------------------------------------------------------------------


def note_of(group: Group, session: str = "") -> Note:
    """Return the feedback note of a closed session, by its id's beginning or the latest, as it stands today.

    Words that were withdrawn since are not in it; those added until the stated day are.
    """
    compact(group)  # what an earlier run could not finish
    with group.reading() as db:
        found = named(db, session, closed=True)
        return _note(group, db, found)


def quoted_in(group: Group, session: str = "") -> list[Heard]:
    """Return what the note of a closed session quotes, each word's contribution with it."""
    with group.reading() as db:
        found = named(db, session, closed=True)
        agenda = agenda_of(found)
        said = [each for _, heard in _asked(group, db, found, agenda) for each in heard]
        return said + list(_quotable(group, db, found, agenda, takes_close=True))


def _note(group: Group, db: engine.Connection, session: Session) -> Note:
    agenda, setup, said = agenda_of(session), Setup(**session.setup), sessions.said(db, session.id)
    of_this = [each for each in sessions.actions(db) if each.session == session.id]
    earlier = [each for each in sessions.actions(db) if each.settled_in == session.id and each.session != session.id]
    close = tuple(each.words for each in _quotable(group, db, session, agenda, takes_close=True))
    return Note(
        session=session.id,
        group=group.invitation.name,
        title=agenda.title,
        held_on=session.held_at[:10],
        purpose=setup.purpose,
        audience=setup.audience,
        aims=setup.aims,
        cost=setup.cost,
        responder=setup.responder,
        respond_by=setup.respond_by,
        add_until=setup.add_until,
        said=tuple(
            Said(question.text, question.source, tuple(each.words for each in heard))
            for question, heard in _asked(group, db, session, agenda)
        ),
        missing=said.get("missing", ""),
        promise=tuple(_next(each) for each in of_this if each.sort == "empty-chair"),
        actions=tuple(_next(each) for each in of_this if each.sort == "action"),
        no_action=said.get("no-action", ""),
        heard=_some(said.get("heard", "")),
        learnt=(*_some(said.get("learnt", "")), *close),
        earlier=tuple(_next(each) for each in earlier),
        evenness=session.record["evenness"],
        minutes=session.record["minutes"],
    )


def _asked(
    group: Group, db: engine.Connection, session: Session, agenda: Agenda
) -> Iterator[tuple[Question, list[Heard]]]:
    """Yield each question once, with what was said to it and may be quoted."""
    asked: dict[str, tuple[Question, list[int]]] = {}
    for at, step in enumerate(agenda.steps):
        if step.question.text and step.takes != "close":
            asked.setdefault(step.question.text, (step.question, []))[1].append(at)
    for question, places in asked.values():
        if heard := list(_under(group, db, session, places)):
            yield question, heard


def _quotable(
    group: Group, db: engine.Connection, session: Session, agenda: Agenda, *, takes_close: bool
) -> Iterator[Heard]:
    places = [at for at, step in enumerate(agenda.steps) if (step.takes == "close") == takes_close]
    return _under(group, db, session, places)


def _under(group: Group, db: engine.Connection, session: Session, places: list[int]) -> Iterator[Heard]:
    """Yield what was written in these steps: all where k people wrote, else those whose authors agreed (rule 3)."""
    found = [each for each in sessions.heard(db, session.id) if each.step in places]
    people = len({each.contributor for each in found})
    for each in found:
        if may_quote(people, group.invitation.fewest, author_agreed=each.alone_ok):
            yield each


def _next(action: Action) -> Next:
    limits = action.limits if action.limits_shared else ""
    return Next(action.text, action.owner, action.due, action.state, limits, action.note)


def _some(words_of_the_room: str) -> tuple[str, ...]:
    return (words_of_the_room,) if words_of_the_room else ()


def _held(session: Session) -> Held:
    agenda = agenda_of(session)
    return Held(session.id, agenda.plan, agenda.title, agenda.kind, session.held_at, session.closed_at, session.record)


# -- the next opening --------------------------------------------------------------------------------


def opening_of(group: Group, db: engine.Connection, this: str) -> Opening:
    """Return what the last closed session left to this one: its actions, and older ones that are still open."""
    closed = [each for each in sessions.find(db) if each.closed_at and each.id != this]
    last = closed[0] if closed else None
    actions = tuple(
        offer(each)
        for each in sessions.actions(db)
        if each.session != this
        and (each.state == "open" or each.settled_in == this or (last and each.session == last.id))
    )
    if last is None:
        return Opening("", actions, "", (), (), "", _summary(db))
    said = sessions.said(db, last.id)
    return Opening(
        held_on=last.held_at[:10],
        actions=actions,
        missing=said.get("missing", ""),
        heard=_some(said.get("heard", "")),
        learnt=(
            *_some(said.get("learnt", "")),
            *(each.words for each in _quotable(group, db, last, agenda_of(last), takes_close=True)),
        ),
        no_action=said.get("no-action", ""),
        summary=_summary(db),
    )


def _summary(db: engine.Connection) -> str:
    found = [each for each in rows.outputs(db) if each.kind in ("draft", "final")]
    if not found:
        return ""
    called = f" ({found[-1].name})" if found[-1].name else ""
    return f"The group's last summary is the {found[-1].kind} of {in_words(found[-1].made_on)}{called}."


def offer(action: Action) -> Offer:
    """Return an action as the room sees it."""
    return Offer(
        id=action.id,
        sort=action.sort,
        text=action.text,
        owner=action.owner,
        due=action.due,
        state=action.state,
        limits=action.limits,
        limits_shared=action.limits_shared,
        note=action.note,
        session=action.session,
    )


# -- words that come or go later -------------------------------------------------------------------------


def add_later(
    group: Group, now: datetime, session: str, answers: Mapping[int, str], *, alone_ok: bool = False
) -> tuple[str, ...]:
    """Take in what one person who could not come wrote, as if they had been there (REQ-44); return the receipts.

    `answers` maps indexes of steps to words.
    """
    with group.change() as db:
        found = named(db, session, closed=True)
        until = found.setup["add_until"]
        if until < now.date().isoformat():
            raise Refused(
                "nothing can be added to this session any more",
                why=f"words could come until {until}" if until else "no day was stated for it",
                next_step="share them with the group, or bring them to the next session",
            )
        agenda, contributor, secret = agenda_of(found), groups.random_id(), groups.random_id()
        receipts = []
        for step, text in answers.items():
            if not 0 <= step < len(agenda.steps) or not agenda.steps[step].question.text:
                raise Refused(f"nothing was asked in step {step}", next_step="name a step that asks something")
            identity = groups.random_id()
            day = date.fromisoformat(found.held_at[:10])
            made = words.contribution(identity, contributor, agenda, step, words.taken(text), day, alone_ok=alone_ok)
            rows.revise(db, made)
            receipts.append(words.receipt(secret, identity))
            sessions.hear(db, found.id, identity, step, words.receipt_digest(receipts[-1]))
    return tuple(receipts)


def withdraw(group: Group, receipt: str, *, dry_run: bool = False) -> None:
    """Take words back by their receipt, also long after the session; they are gone from the file.

    With `dry_run` only whether the receipt opens something is looked at.
    """
    with group.change() as db:
        found = sessions.by_receipt(db, words.receipt_digest(receipt))
        if found is None:
            raise NotFound(
                "this receipt opens nothing here",
                why="its words were taken back already, or they are another group's",
                next_step="check it sign by sign",
            )
        if dry_run:
            return
        rows.withdraw(db, *found)
        sessions.unhear(db, found[0])
        to_compact(db)
    compact(group)


def to_compact(db: engine.Connection) -> None:
    """Remember that the file is to be written anew without what was removed, should that not succeed at once."""
    rows.say(db, _TO_COMPACT, "yes")


def compact(group: Group) -> None:
    """Write the file anew where something was removed from it."""
    with group.reading() as db:
        is_due = rows.about(db, _TO_COMPACT)
    if is_due:
        group.compact()
        with group.change() as db:
            rows.say(db, _TO_COMPACT, "")
