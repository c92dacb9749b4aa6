"""What looking back costs after years: home, `revisit` and `actions` with very many entries beside few."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks import journals, processes
from benchmarks.goals import SMALL, Row, Thoroughness
from benchmarks.processes import compared
from reflect import config, ids
from reflect.journal import Journal
from reflect.models import Action, Filters, Layer, Outcome
from reflect.store import actions, engine, layers

OPEN = 20
"""Actions that are open, in a long journal as in a short one: what is open does not grow with the years."""
COMMANDS = ((), ("revisit",), ("actions",), ("actions", "add", "Ring her"), ("undo", "--list"))


def every(how: Thoroughness) -> Iterator[Row]:
    """Yield for each command how much longer it takes with very many entries."""
    homes = [journals.copied(size, f"looking-back-{size}") for size in (SMALL, how.largest)]
    for home in homes:
        live_with(home)
    for words in COMMANDS:
        small, large = (processes.reflect(home, *words) for home in homes)
        name = " ".join(("reflect", *words[:2]))
        found = compared(small, large, how.starts)
        yield Row(f"`{name}`, looked back on for years, {how.largest:,} entries", f"with {SMALL:,}", 1.2, found)


def live_with(home: Path) -> None:
    """Give a journal what years bring: a later thought on every tenth entry, an action on every twentieth."""
    places = config.Places(home, home)
    chance = random.Random(journals.SEED)
    now = datetime.fromisoformat(journals.NOW)
    with Journal(places, now, seed="bench") as journal:
        rows = [entry.id for entry in journal.find(Filters())]
    db = engine.connect(places.database)
    with engine.write(db, places.database):
        for at, entry in enumerate(rows):
            if at % 10 == 0:
                _look_again(db, entry, now, chance)
            if at % 20 == 0:
                _act(db, entry, now, chance, is_open=at // 20 < OPEN)
        db.execute("INSERT INTO layer_fts (layer_fts) VALUES ('rebuild')")
    db.close()


def _look_again(db: engine.Connection, entry: int, now: datetime, chance: random.Random) -> None:
    kind = chance.choice(("still", "changed", "let-go"))
    text = "It is another matter now." if kind == "changed" else ""
    layers.add(db, Layer(ids.new(), entry, 1, kind, text, None, now.isoformat(), "Europe/London"))
    due = (now + timedelta(days=chance.randint(1, 400))).date().isoformat()
    layers.set_turn(db, entry, layers.Turn("" if kind == "let-go" else due, 60))


def _act(db: engine.Connection, entry: int, now: datetime, chance: random.Random, *, is_open: bool) -> None:
    due = (now + timedelta(days=chance.randint(-5, 30))).date().isoformat()
    state, closed = ("open", "") if is_open else (chance.choice(("kept", "changed", "dropped")), now.isoformat())
    action = Action(ids.new(), "Ring the caretaker", entry, now.isoformat(), due, state, closed, "", "Board")
    actions.add(db, action)
    if not is_open:
        actions.see(db, action.id, Outcome("families", "they came", "yes", "partly", now.isoformat()))
