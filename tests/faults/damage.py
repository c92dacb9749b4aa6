"""Part H: a dozen damaged journals, each named with the right exit code, read as far as it goes, and left as it is."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from reflect.store import engine
from tests.faults import commands, counted
from tests.faults.oracle import Figures

Damage = Callable[[Path], None]


def _bytes(change: Callable[[bytes], bytes]) -> Damage:
    def damage(home: Path) -> None:
        path = home / "journal.db"
        path.write_bytes(change(path.read_bytes()))

    return damage


def _sql(*statements: str) -> Damage:
    def damage(home: Path) -> None:
        with closing(sqlite3.connect(home / "journal.db", isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)

    return damage


def _beside(name: str, content: bytes) -> Damage:
    def damage(home: Path) -> None:
        (home / name).write_bytes(content)
        (home / name).chmod(0o600)

    return damage


def _zeroed(home: Path) -> None:
    path = home / "journal.db"
    content = bytearray(path.read_bytes())
    page = content.index(b"the second entry") // 4096
    content[page * 4096 : (page + 1) * 4096] = bytes(4096)
    path.write_bytes(content)


def _foreign(home: Path) -> None:
    (home / "journal.db").unlink()
    _sql("CREATE TABLE entry (id INTEGER PRIMARY KEY, text TEXT)", "INSERT INTO entry (text) VALUES ('theirs')")(home)
    (home / "journal.db").chmod(0o600)


DAMAGES: dict[str, tuple[Damage, int, bool]] = {
    "47 emptied": (_bytes(lambda _: b""), 7, True),
    "48 a text file": (_bytes(lambda _: b"Shopping list\n"), 7, True),
    "48 zeros": (_bytes(lambda content: bytes(len(content))), 7, True),
    "48 another program's file": (_foreign, 7, False),
    "49 cut in half": (_bytes(lambda content: content[: len(content) // 2]), 7, True),
    "49 cut in its header": (_bytes(lambda content: content[:50]), 7, True),
    "49 header overwritten": (_bytes(lambda content: b"\xff" * 64 + content[64:]), 7, True),
    "50 a page zeroed": (_zeroed, 7, True),
    "51 a letter changed": (
        _bytes(lambda content: content.replace(b"the second entry", b"the secomd entry", 1)),
        7,
        True,
    ),
    "52 another's log beside": (_beside("journal.db-wal", b"\x37\x7f\x06\x82" + bytes(90)), 7, False),
    "52 no rollback beside": (_beside("journal.db-journal", b"shopping list"), 7, False),
    "73 a newer format": (_sql(f"PRAGMA user_version={engine.SCHEMA + 5}"), 9, False),
    "74 a newer index": (_sql("UPDATE entry_fts_config SET v = 99 WHERE k = 'version'"), 7, False),
}
"""What was done, what `doctor` ends with, and whether our copy can then be brought back over it."""


def every(folder: Path) -> Figures:
    """Damage a journal in every way, run commands on it, and bring the copy back where that is the way out."""
    figures = Figures("H", "damaged journals")
    ready = counted.prepared(folder)
    (ready / "journal.db-journal").unlink(missing_ok=True)
    for name, (damage, code, comes_back) in DAMAGES.items():
        home = folder / "run"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(ready, home)
        damage(home)
        before = _digests(home)
        figures.runs += 1
        for words in (("doctor", "--json"), ("list",)):
            answer = commands.run(home, *words)
            wanted = (code,) if words[0] == "doctor" else (0, 7, 9)
            if answer.code not in wanted:
                figures.fault(f"{name}, {words[0]}: exit {answer.code}: {answer.err[-200:]}")
            if answer.code and "Next:" not in answer.err and '"next": "' not in answer.err:
                figures.fault(f"{name}, {words[0]}: no next step is named")
        if _digests(home) != before:
            figures.fault(f"{name}: a byte was changed")
        answer = commands.run(home, "write", "-", stdin=counted.WORDS)
        if answer.code and counted.WORDS.strip() not in commands.words_of(home, answer):
            figures.fault(f"{name}: the words are nowhere", lost=1)
        if comes_back:
            answer = commands.run(home, "restore", "2026-11-20", "--yes")
            if answer.code or commands.run(home, "doctor").code:
                figures.fault(f"{name}: the copy does not come back: {answer.err[-200:]}")
    return figures


def _digests(home: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(home.rglob("*")) if path.is_file()
    }
