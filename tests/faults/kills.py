"""Parts A and B: kills at random moments, and what was acknowledged before them."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from reflect import config, drafts, ids
from reflect.journal import Journal
from reflect.models import Filters
from tests.conftest import NOW
from tests.faults import commands, oracle
from tests.faults.child import digest
from tests.faults.oracle import Figures
from tests.faults.tracing import environment


def one_shot(home: Path, kills: int = 30) -> Figures:
    """Part A: `reflect write -` killed at a random moment of its life, again and again."""
    figures = Figures("A", "one command killed")
    chance = random.Random(7)
    filler = " words" * 500
    commands.run(home, "write", "-", stdin=f"entry -1{filler}")
    started = time.monotonic()
    commands.run(home, "write", "-", stdin=f"entry -2{filler}")
    life = time.monotonic() - started
    acknowledged = {f"entry -1{filler}", f"entry -2{filler}"}
    command = [sys.executable, "-m", "reflect", "write", "-"]
    for number in range(kills):
        text = f"entry {number}{filler}"
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(home),
        ) as one:
            try:
                one.communicate(text.encode(), timeout=chance.uniform(0, 1.2) * life)
            except subprocess.TimeoutExpired:
                one.kill()
                one.communicate()
                figures.runs += 1
            if one.returncode == 0:
                acknowledged.add(text)
        if number % 5 == 4:
            _look(figures, home, acknowledged, filler)
    _look(figures, home, acknowledged, filler)
    figures.acknowledged = len(acknowledged)
    if drafts.every(home / "drafts"):
        figures.fault("a draft was left by a pipe")
    return figures


def _look(figures: Figures, home: Path, acknowledged: set[str], filler: str) -> None:
    try:
        with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
            oracle.check(journal)
            found = {entry.text for entry in journal.find(Filters())}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the part looks for
        figures.fault(f"the journal can't be opened: {error}")
        return
    if acknowledged - found:
        figures.fault("acknowledged, and not there", lost=len(acknowledged - found))
    if any(not text.endswith(filler) for text in found):
        figures.fault("half an entry is there")


def loop(home: Path, kills: int = 40, *, most: int = 60) -> Figures:
    """Part B: a process that adds, edits and erases without end, killed after a random number of acknowledgements."""
    figures = Figures("B", "a writer killed")
    chance = random.Random(63)
    expected: dict[str, str] = {}
    for kill in range(kills):
        said = _until_killed(home, kill, chance.randrange(1, most))
        figures.runs += 1
        doubtful: dict[str, set[str | None]] = {}
        new: set[str] = set()
        for word, act, entry, words in said:
            if word == "try":
                doubtful = {entry: {expected.get(entry), words if act == "edit" else None}} if act != "add" else {}
                new = {words} if act == "add" else set()
                continue
            figures.acknowledged += 1
            doubtful, new = {}, set()
            if act == "erase":
                del expected[entry]
            else:
                expected[entry] = words
        found = _digests(figures, home)
        if found is None:
            return figures
        lost = [entry for entry, words in expected.items() if found.get(entry) not in doubtful.get(entry, {words})]
        if lost:
            figures.fault(f"kill {kill}: acknowledged, and not there as it was", lost=len(lost))
        if any(found[entry] not in new for entry in found.keys() - expected.keys()):
            figures.fault(f"kill {kill}: there, and nobody wrote it, or erased and back")
        expected = found
    return figures


def _until_killed(home: Path, seed: int, lines: int) -> list[list[str]]:
    """Return what the writer said before it was killed at its `lines`th line, and what it said meanwhile."""
    said: list[list[str]] = []
    with commands.start(home, ["tests.faults.child", str(home), "--forever", str(seed)]) as writer:
        assert writer.stdout
        writer.stdout.readline()
        for line in writer.stdout:
            said.append(line.split())
            if len(said) == lines:
                writer.send_signal(signal.SIGKILL)
    return said


def _digests(figures: Figures, home: Path) -> dict[str, str] | None:
    try:
        with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
            oracle.check(journal)
            return {ids.shown(entry.id): digest(entry.text) for entry in journal.find(Filters())}
    except Exception as error:  # noqa: BLE001 - as above
        figures.fault(f"the journal can't be opened: {error}")
        return None
