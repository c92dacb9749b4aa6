"""What is offered in a session: words as contributions, the receipts that take them back, the ids of phones.

Whatever leaves a trace of who wrote is made here from a secret that is gone when the
session closes.
"""

from __future__ import annotations

import hashlib
from datetime import date

from reflect import ids, intake
from reflect.errors import Refused
from reflect.session.scale import Agenda
from reflect.session.values import Phone
from reflect.store.groups import Gathered

LONGEST = 20_000
"""Letters of one answer."""

_RECEIPT_SIGNS = 16  # 80 bits: nobody guesses one


def taken(words: str, what: str = "an answer") -> str:
    """Return words as they will be stored; none, or too many, are refused."""
    text = intake.from_text(words).text
    if not text.strip():
        raise Refused(f"{what} needs words", why="none came in", next_step="write something, or leave it")
    if len(text) > LONGEST:
        raise Refused(f"{what} is too long", why=f"it has more than {LONGEST:,} letters", next_step="say it shorter")
    return text


def contribution(
    identity: str, contributor: str, agenda: Agenda, step: int, words: str, held_on: date, *, alone_ok: bool
) -> Gathered:
    """Return words for the group as a contribution like any gathered one, of no named author."""
    question = agenda.steps[step].question if 0 <= step < len(agenda.steps) else None
    year, week, _ = held_on.isocalendar()
    return Gathered(
        id=identity,
        contributor=contributor,
        site="",
        audience="group",
        level="verbatim",
        words=words,
        themes=(question.theme,) if question and question.theme else (),
        prompt=question.prompt if question else "",
        asked=question.text if question else "",
        occasion="check-in" if agenda.kind == "check-in" else "group-session",
        week=f"{year}-W{week:02d}",
        stance="",
        leads_to="",
        alone_ok=alone_ok,
        attribution="",
    )


def phone(secret: str, token: str) -> Phone:
    """Return the ids of the phone whose page address this is: without the address nobody can tie them together."""
    return Phone(_digest(secret, f"person {token}")[:16], _digest(secret, f"contributor {token}")[:32])


def code(secret: str) -> str:
    """Return the eight signs with which a phone joins: the same after a resume, gone with the secret at the close."""
    return ids.shown(int(_digest(secret, "join")[: ids.LENGTH * 5 // 4], 16))


def receipt(secret: str, identity: str) -> str:
    """Return the code that takes a contribution back, in four groups of four signs."""
    number = int(_digest(secret, f"receipt {identity}")[: _RECEIPT_SIGNS * 5 // 4], 16)
    signs = "".join(ids.SIGNS[number >> 5 * at & 31] for at in reversed(range(_RECEIPT_SIGNS)))
    return "-".join(signs[at : at + 4] for at in range(0, _RECEIPT_SIGNS, 4))


def receipt_digest(code: str) -> str:
    """Return what is kept of a receipt: whoever reads it can't make the code from it."""
    read = code.lower().translate(str.maketrans("ilo", "110"))
    return hashlib.sha256("".join(sign for sign in read if sign in ids.SIGNS).encode()).hexdigest()


def opener(salt: str, name: str) -> str:
    """Return what is kept of who opened a round, by which their name is known when they come again."""
    return _digest(salt, f"opener {' '.join(name.casefold().split())}")[:32]


def _digest(secret: str, what: str) -> str:
    key = hashlib.blake2b(secret.encode()).digest()  # a key has at most 64 bytes
    return hashlib.blake2b(what.encode(), key=key, digest_size=32).hexdigest()
