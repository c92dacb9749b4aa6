"""Moving in: what a file would bring is looked at first, then all of it is stored, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reflect import ids
from reflect.errors import Refused
from reflect.exchange import sources
from reflect.exchange.arriving import Wishes, digest_of
from reflect.exchange.importers import load
from reflect.journal import Journal
from reflect.store import batches, engine
from reflect.whole import OUR_OWN, Arrival, Batch, LeftOut, Piece, Refusal, Remark, Rest, Together, Whole

SUGGEST_AT_ONCE = 2_000
"""Entries for which themes are suggested while they are brought in; for more it would take far longer than the rest."""

_A_PIECE = 1_000
Tick = Callable[[str, int, int], None]
"""Called with what is being done, how many entries are done, and of how many (0 where that is not known)."""


class Pair(NamedTuple):
    """An entry that is here under the same id with other words; both are kept."""

    file: str
    line: int
    here: int
    """Id of the entry that is here."""


@dataclass
class Plan:
    """What a file would bring in."""

    form: str
    family: str
    source: str
    new: list[Arrival] = field(default_factory=list)
    here: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)
    together: list[Together] = field(default_factory=list)
    actions: int = 0
    """New actions of our own file."""
    moves_in: bool = False
    """Whether the journal is empty and a whole one moves in."""
    arrivals: list[Arrival] = field(default_factory=list)
    """Everything that could be read, sorted out into `new` and what is here already."""

    @property
    def read(self) -> int:
        """How many entries the file holds: new, already here and refused add up to it."""
        return len(self.new) + self.here + len(self.refusals)

    @property
    def stopping(self) -> list[Refusal]:
        """The refusals that keep everything else out."""
        return [each for each in self.refusals if each.stops]

    @property
    def brings_something(self) -> bool:
        """Whether there is anything to store."""
        return bool(self.new or self.actions or self.moves_in)


class Brought(NamedTuple):
    """What was stored."""

    batch: int
    entries: int
    actions: int
    suggested: bool
    """Whether themes were suggested for them."""


def look(journal: Journal, form: str, path: str, wishes: Wishes, tick: Tick) -> Plan:
    """Read a file or folder and say what it would bring in; nothing is changed."""
    importer = load(form)
    source = sources.of(path, importer.ENDINGS)
    if not source.files:
        raise Refused(
            f"{path} holds nothing to read",
            why=f"no file in it ends in {' or '.join(importer.ENDINGS)}",
            next_step="check the path and the format",
        )
    plan = Plan(form, importer.FAMILY, source.name)
    _read(importer.read(source.files, wishes), plan, tick)
    if source.others:
        plan.remarks.append(_not_read(source.others))
    if wishes.clock.leapt:
        plan.remarks.append(f"{wishes.clock.leapt:,} times stood in an hour that the clocks leap over, and were moved.")
    with journal.reading() as db:
        _sort_out(db, plan)
    return plan


def _not_read(others: Sequence[str]) -> str:
    if len(others) == 1:
        return f"{others[0]} was not read."
    return f"{len(others):,} other files were not read, such as {others[0]}."


def _read(pieces: Iterator[Piece], plan: Plan, tick: Tick) -> None:
    arrivals = plan.arrivals
    for piece in pieces:
        if isinstance(piece, Arrival):
            arrivals.append(piece)
            if not len(arrivals) % _A_PIECE:
                tick("Reading", len(arrivals), 0)
        elif isinstance(piece, Refusal):
            plan.refusals.append(piece)
        elif isinstance(piece, LeftOut):
            plan.left_out[piece.what] += piece.many
        elif isinstance(piece, Remark):
            plan.remarks.append(piece.text)
        else:
            plan.together.append(piece)


_ERASED = "it was erased here, and stays so"


def _sort_out(connection: engine.Connection, plan: Plan) -> None:
    """Part what could be read into new entries, those that are here already, and those erased here."""
    known = batches.known(connection, plan.family)
    keys = known.keys
    named: dict[str, str] = {}
    """Words of the entries with an id of their own that this very file brings."""
    plan.new, plan.pairs, plan.here = [], [], 0
    plan.actions = sum(len(batches.unknown(connection, each.actions)) for each in plan.together)
    plan.moves_in = batches.is_empty(connection) and any(each.rest != Rest() for each in plan.together)
    plan.refusals = [each for each in plan.refusals if each.why != _ERASED]
    for arrival in plan.arrivals:
        number = arrival.whole.entry.id
        if number and number in known.erased:
            plan.refusals.append(Refusal(arrival.file, arrival.line, _ERASED, stops=False))
            continue
        met: Arrival | None = arrival
        if arrival.named:
            met = _met(connection, arrival, keys, named)
        elif arrival.key in keys:
            met = None
        if met is None:
            plan.here += 1
            continue
        plan.new.append(met)
        keys[met.key] = 0
        if met is not arrival:
            plan.pairs.append(Pair(arrival.file, arrival.line, keys.get(arrival.key, number)))


def _met(
    connection: engine.Connection, arrival: Arrival, keys: dict[str, int], named: dict[str, str]
) -> Arrival | None:
    """Return an entry that has an id of its own as it is to be stored; None when it is here already.

    Under an id that is taken by other words it gets a new one, and a key that tells both apart.
    """
    number, text = arrival.whole.entry.id, arrival.whole.entry.text
    here = keys.get(arrival.key)
    if arrival.key in named:
        same: bool | None = named[arrival.key] == text
    else:
        same = batches.worded(connection, here, text) if here else None
        if same is None and number:
            same = batches.worded(connection, number, text)
    if same is None:
        named[arrival.key] = text
        return arrival
    key = f"{arrival.key} {digest_of(text)}"
    if same or key in keys:
        return None
    return arrival._replace(key=key, whole=_renumbered(arrival.whole))


def _renumbered(whole: Whole) -> Whole:
    """Return an entry without its id, its marks and later thoughts with new ones."""
    return whole._replace(
        entry=whole.entry._replace(id=0),
        marks=tuple(mark._replace(id=ids.new()) for mark in whole.marks),
        layers=tuple(layer._replace(id=ids.new()) for layer in whole.layers),
        origins=(),
    )


def bring_in(journal: Journal, plan: Plan, tick: Tick, *, suggest: bool | None = None) -> Brought:
    """Store what a plan brings, as one batch that can be taken back; `suggest` themes, or as their number allows.

    Another reflect may have written since the plan was made, so what is here is asked once more.
    """
    journal.copy_before("import")
    batch = Batch(ids.new(), plan.form, plan.source, journal.now.isoformat())
    new_actions: list[int] = []
    journal.prepare_to_suggest()
    with journal.change() as db:
        _sort_out(db, plan)
        many = len(plan.new)
        plan.new, numbers = _numbered(db, plan.new)
        batches.bring_in(db, batch, plan.family, plan.new, numbers, tick=lambda done: tick("Storing", done, many))
        suggesting = plan.family != OUR_OWN and (many <= SUGGEST_AT_ONCE if suggest is None else suggest)
        if suggesting:
            _suggest(journal, db, plan, numbers, tick)
        for each in plan.together:
            new_actions += _bring_in_beside(db, each, plan, numbers)
        batches.note(db, batch, new_actions)
    return Brought(batch.id, many, len(new_actions), suggesting or plan.family == OUR_OWN)


def _numbered(connection: engine.Connection, new: list[Arrival]) -> tuple[list[Arrival], list[int]]:
    """Return the entries in the order they are written, each with its id: its own, or a fresh one."""
    own = [each for each in new if each.whole.entry.id]
    if not own:
        return new, batches.fresh_ids(connection, len(new))
    others = [each for each in new if not each.whole.entry.id]
    fresh = batches.fresh_ids(connection, len(others), (each.whole.entry.id for each in own))
    return own + others, [each.whole.entry.id for each in own] + fresh


def _suggest(journal: Journal, connection: engine.Connection, plan: Plan, numbers: Sequence[int], tick: Tick) -> None:
    """Suggest themes for the new entries by their words."""
    for done, (number, arrival) in enumerate(zip(numbers, plan.new, strict=True)):
        if not done % 100:
            tick("Looking for themes", done, len(numbers))
        journal.suggest_anew(connection, arrival.whole.entry._replace(id=number))


def _bring_in_beside(
    connection: engine.Connection, together: Together, plan: Plan, numbers: Sequence[int]
) -> list[int]:
    """Store what a file of our own holds besides its entries; return the ids of new actions."""
    new_actions = batches.bring_in_actions(connection, batches.unknown(connection, together.actions))
    batches.tie_layers(connection, plan.new)
    rest = together.rest
    batches.bring_in_origins(connection, rest.batches, plan.new, numbers)
    batches.bury(connection, rest.erased)
    if plan.moves_in:
        batches.move_in(connection, rest)
    elif rest.memberships or rest.sent or rest.served or rest.bank_changes or rest.came_back:
        plan.remarks.append("Groups, and which questions were served, were left out: this journal has its own.")
    return new_actions
