"""Part I: words that were erased are looked for in every byte of every file that anything may have left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from reflect import config, drafts, ids
from reflect.errors import Busy
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Mark, Meeting
from reflect.store import consent, engine
from tests.conftest import NOW, bytes_under
from tests.faults import commands
from tests.faults.oracle import Figures

PLACES = (
    *("words", "older wording", "about", "tag", "later thought", "action", "rewording", "purpose"),
    *("name", "wish", "meeting", "draft", "copy", "copy elsewhere", "half-made copy", "answer"),
)
"""Where one entry's words may stand; each place gets a word of its own."""


def secret(place: str) -> str:
    """Return the word that stands in one place only."""
    return f"Zqx{''.join(each.capitalize() for each in place.split())}Sentinel"


def traces(folder: Path, word: str) -> int:
    """Return how often a word is found: as text, folded, as the tail that an index keeps, and in UTF-16."""
    content = bytes_under(folder)
    folded = content.lower()
    return (
        folded.count(word.lower().encode())
        + folded.count(word.lower()[-12:-3].encode())  # an index cuts endings and shares beginnings
        + content.count(word.encode("utf-16-le"))
        + content.count(word.encode("utf-16-be"))
    )


def told(journal: Journal, elsewhere: Path) -> Entry:
    """Write an entry among others whose words stand in every place there is, and return it."""
    from reflect.revisit import Revisit

    for number in range(20):
        journal.write(from_text(f"ordinary entry {number} about the hub and its colleagues"), Details())
    prompt = next(each for each in journal.prompts() if len(each.parts) > 1)
    answer = secret("answer")
    entry = journal.write(
        from_text(f"{answer}\n\n{secret('older wording')} wording\n-> Ring {secret('action')} by friday"),
        Details(
            about=secret("about"),
            tags=(secret("tag").lower(),),
            meeting=Meeting(f"{secret('meeting')}@example.org", "", NOW, NOW),
        ),
        prompt,
        [(0, len(answer)), *[None] * (len(prompt.parts) - 1)],
    ).entry
    changed = journal.edit(entry, from_text(f"now {secret('words')} pays for funding"))
    assert changed
    Revisit(journal).answer(changed, "changed", from_text(f"later {secret('later thought')}"))
    what = ("group", "", secret("purpose"), "reworded", secret("name"), secret("rewording"), "loss", secret("wish"))
    with journal.change() as db:
        consent.mark(db, Mark(5, entry.id, 2, 0, 3, *what, alone_ok=False, made_at=NOW, withdrawn_at=""))
    with journal.draft(Details(), None, changed) as draft:
        draft.line(secret("draft"))
    journal.backup()
    elsewhere.mkdir(exist_ok=True)
    journal.backup(elsewhere)
    (journal.places.backups / ".copy-12345678.part").write_bytes(secret("half-made copy").encode())
    return journal.entry(entry.id)


def scan(folder: Path) -> Figures:
    """Erase an entry by the command and look for each of its words in every file, before and after."""
    figures = Figures("I", "erased words")
    home, elsewhere = folder / "home", folder / "stick"
    for name in ("user", "tmp", "run"):
        (folder / name).mkdir()
    with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
        entry = told(journal, elsewhere)
    env = {"HOME": str(folder / "user"), "TMPDIR": str(folder / "tmp"), "XDG_RUNTIME_DIR": str(folder / "run")}
    places = [each for each in PLACES if each not in ("copy", "copy elsewhere")]  # which hold all of the others
    for place in places:
        if not traces(folder, secret(place)):
            figures.fault(f"{place}: not there before, so nothing is known")
    answer = commands.run(home, "erase", ids.shown(entry.id), "--yes", env=env)
    figures.runs = 1
    if answer.code:
        figures.fault(f"exit {answer.code}: {answer.err[-200:]}")
    found = {place: traces(folder, secret(place)) for place in places}
    for place, times in found.items():
        if times:
            figures.fault(f"{place}: found {times} times after it was erased")
    if bytes_under(folder).count(ids.shown(entry.id).encode()):
        figures.fault("its id stands somewhere as text")
    figures.more["places looked for"] = len(PLACES)
    figures.more["erased words found"] = sum(found.values())
    return figures


def beside_a_reader(home: Path) -> Figures:
    """Erase while another program reads: refused whole, and complete once it has gone."""
    figures = Figures("I", "erasing beside a reader", runs=2)
    wait, engine.WAIT_MS = engine.WAIT_MS, 50
    try:
        with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
            entry = journal.write(from_text(secret("words")), Details()).entry
        with (
            Journal(journal.places, journal.now, seed="x") as other,
            closing(sqlite3.connect(home / "journal.db", isolation_level=None)) as reader,
        ):
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entry").fetchone()
            try:
                other.erase(entry)
            except Busy as busy:
                if busy.exit_code != 5 or other.entry(entry.id).text != entry.text:
                    figures.fault("refused, and not whole")
            else:
                figures.fault("erased under a reader")
            reader.execute("COMMIT")
            other.erase(entry)
    finally:
        engine.WAIT_MS = wait
    if traces(home, secret("words")):
        figures.fault("words are left once the reader has gone")
    return figures


def planted(folder: Path, plant: str) -> Figures:
    """Erase with a planted fault, in a process of its own; the scan must find words."""
    figures = Figures("I", f"erased words, {plant}", runs=1)
    home = folder / "home"
    places = config.Places(home, home)
    with Journal(places, datetime.fromisoformat(NOW), seed="x") as journal:
        told(journal, folder / "stick")
        for copy in journal.places.backups.glob("*"):
            copy.unlink()
        for path in drafts.every(places.drafts):
            path.unlink()
        journal._db.execute("UPDATE entry SET happened = 0 WHERE version = 2")  # so that `erase` takes this one
    commands.run_module("tests.faults.child", home, str(home), "erase", "--plant", plant)
    for place in ("words", "older wording", "later thought"):
        if traces(home, secret(place)):
            figures.fault(f"{place}: found after it was erased")
    return figures
