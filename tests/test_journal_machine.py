"""A journal through any sequence of what people and disks do, held against a dictionary of what it must hold."""

from __future__ import annotations

import copy
import json
import random
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from reflect import config, drafts, ids, rescue
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.revisit import Revisit
from reflect.store import backups
from reflect.undo import Undo
from tests.conftest import NOW, bytes_under
from tests.faults import oracle

_WORDS = st.lists(
    st.sampled_from(["hub", "board", "who", "pays", "’", "\n", "£", "naïve", "🌿", "שלום", "\x1b[1m", "-> ring"]),
    max_size=8,
).map(" ".join)
_TAGS = st.sampled_from(["team", "café", "money", "trust"])


class Held:
    """What a journal must hold, and which steps can be taken back."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.entries: dict[int, dict[str, object]] = {}
        self.steps: list[tuple[object, ...]] = []


class JournalMachine(RuleBasedStateMachine):
    """Adds, edits, erases, takes back, copies, brings back and merges in any order."""

    def __init__(self) -> None:
        """Make a home of its own."""
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="reflect-machine-")
        self.home = Path(self._folder.name).resolve() / "home"
        self.places = config.Places(self.home, self.home)
        self.now = datetime.fromisoformat(NOW)
        self.held = Held()
        self.copies: dict[Path, Held] = {}
        self.strays: dict[Path, Held] = {}
        """Copies that others made."""
        self.erased: set[int] = set()
        self.gone: list[str] = []
        """Words that stood in erased entries only."""
        self.count = 0
        self._new, drawn = ids.new, random.Random(11)
        ids.new = lambda: drawn.getrandbits(40)  # the same each time, so that a failure can be shrunk

    @initialize()
    def begin(self) -> None:
        """Open the journal for the first time."""
        self.journal = Journal(self.places, self.now, seed="x")
        self.journal.first_time("greeted")

    def teardown(self) -> None:
        """At the end no word of an erased entry is in any byte, and the file is sound."""
        try:
            oracle.check(self.journal)
            self.journal._db.close()
            content = bytes_under(self.home)
            assert [word for word in self.gone if word.encode() in content.lower()] == []
        finally:
            ids.new = self._new
            self.journal._db.close()
            self._folder.cleanup()

    # -- what people do -------------------------------------------------------------------------

    def _text(self, words: str) -> tuple[str, str]:
        self.count += 1
        word = f"unique{self.count:05}"
        return f"{word} {words}", word

    def _one(self, which: int) -> int:
        return list(self.held.entries)[which % len(self.held.entries)]

    @rule(words=_WORDS, tags=st.sets(_TAGS), hours=st.integers(-50_000, 50_000))
    def add(self, words: str, tags: set[str], hours: int) -> None:
        """Write an entry, whenever it happened."""
        text, _ = self._text(words)
        taken = from_text(text)
        at = (self.now + timedelta(hours=hours)).isoformat()
        entry = self.journal.write(taken, Details(at=at, tags=tuple(sorted(tags)), about="Board")).entry
        self.held.entries[entry.id] = {
            "text": taken.text,
            "wordings": [taken.text],
            "tags": set(tags),
            "thoughts": [],
            "happened": datetime.fromisoformat(entry.happened_at),
        }
        self.held.steps.append(("write", entry.id))

    @precondition(lambda self: self.held.entries)
    @rule(which=st.integers(0, 99), words=_WORDS)
    def edit(self, which: int, words: str) -> None:
        """Give an entry new words; the old ones stay."""
        number = self._one(which)
        held = self.held.entries[number]
        taken = from_text(self._text(words)[0])
        assert self.journal.edit(self.journal.entry(number), taken)
        self.held.steps.append(("edit", number, held["text"]))
        held["text"] = taken.text
        held["wordings"].append(taken.text)

    @precondition(lambda self: self.held.entries)
    @rule(which=st.integers(0, 99), tag=_TAGS)
    def retag(self, which: int, tag: str) -> None:
        """Give an entry a tag, or take it away."""
        number = self._one(which)
        tags = self.held.entries[number]["tags"]
        here, there = ((), (tag,)) if tag in tags else ((tag,), ())
        self.journal.retag(self.journal.entry(number), here, there)
        tags ^= {tag}
        self.held.steps.append(("tag", number, tag))

    @precondition(lambda self: self.held.entries)
    @rule(which=st.integers(0, 99), words=_WORDS)
    def think(self, which: int, words: str) -> None:
        """Put a later thought beside an entry."""
        number = self._one(which)
        taken = from_text(self._text(words)[0])
        Revisit(self.journal).answer(self.journal.entry(number), "changed", taken)
        self.held.entries[number]["thoughts"].append(taken.text)
        self.held.steps.append(("think", number, taken.text))

    @precondition(lambda self: self.held.entries)
    @rule(which=st.integers(0, 99))
    def erase(self, which: int) -> None:
        """Erase an entry for good."""
        number = self._one(which)
        assert self.journal.erase(self.journal.entry(number)).out_of_reach == ()
        held = self.held.entries[number]
        for text in [*held["wordings"], *held["thoughts"]]:
            self.gone.append(text.split()[0])
        self.erased.add(number)
        for each in (self.held, *self.copies.values()):
            _forget(each, number)

    @precondition(lambda self: self.held.steps)
    @rule()
    def take_back(self) -> None:
        """Take the last step back."""
        Undo(self.journal).back()
        kind, number, *what = self.held.steps.pop()
        held = self.held.entries[number]
        if kind == "write":
            del self.held.entries[number]
        elif kind == "edit":
            held["text"] = what[0]
        elif kind == "tag":
            held["tags"] ^= {what[0]}
        else:
            held["thoughts"].remove(what[0])
        for path in drafts.every(self.places.drafts):  # what was taken back waits there, till it is discarded
            drafts.discard(path)

    def _any(self) -> list[tuple[Path, Held]]:
        """Every copy with what may come back of it: nothing that was erased since."""
        held = [(path, copy.deepcopy(each)) for path, each in {**self.copies, **self.strays}.items()]
        for _, each in held:
            for number in self.erased:
                _forget(each, number)
        return held

    # -- copies ---------------------------------------------------------------------------------

    @precondition(lambda self: len(self.copies) < 4)
    @rule()
    def back_up(self) -> None:
        """Make a copy."""
        self.copies[self.journal.backup().path] = copy.deepcopy(self.held)

    @precondition(lambda self: len(self.strays) < 3)
    @rule()
    def copy_by_others(self) -> None:
        """Let a system's own backup copy the file, where erasing does not reach."""
        folder = self.home.with_name("others")
        folder.mkdir(exist_ok=True)
        path = folder / f"{len(self.strays)}.db"
        shutil.copyfile(self.places.database, path)
        self.strays[path] = copy.deepcopy(self.held)

    @precondition(lambda self: self._any())
    @rule(which=st.integers(0, 9))
    def restore(self, which: int) -> None:
        """Let a copy take the journal's place: all of it but what was erased since."""
        path, held = self._any()[which % len(self._any())]
        self.journal._db.close()
        with rescue.Return(path, self.places, self.now) as coming:
            coming.replace()
        self.held = held
        self.reopen()

    @precondition(lambda self: self._any())
    @rule(which=st.integers(0, 9))
    def merge(self, which: int) -> None:
        """Take in what a copy has more; nothing here is lost for it."""
        path, held = self._any()[which % len(self._any())]
        self.journal._db.close()
        with rescue.Return(path, self.places, self.now) as coming:
            coming.merge()
        for number, theirs in held.entries.items():
            _bring_together(self.held, number, theirs)
        self.reopen()

    # -- what machines do -----------------------------------------------------------------------

    @rule(what=st.sampled_from(["reopen", "jump", "crash", "out_and_in"]), hours=st.integers(-20_000, 20_000))
    def meanwhile(self, what: str, hours: int) -> None:
        """Let something happen that must change nothing."""
        if what == "jump":
            self.now = datetime.fromisoformat(NOW) + timedelta(hours=hours)
        {"crash": self.crash, "out_and_in": self.out_and_in}.get(what, self.reopen)()

    def reopen(self) -> None:
        """Close the journal and open it as the next command would."""
        self.journal._db.close()
        self.journal = Journal(self.places, self.now, seed="x")

    def crash(self) -> None:
        """What is on the disk while the journal is open is the whole of it."""
        folder = self.home.with_name("crashed")
        folder.mkdir()
        for side in ("", "-journal"):
            shutil.copyfile(f"{self.places.database}{side}", folder / f"journal.db{side}")
        with Journal(config.Places(folder, folder), self.now, seed="x") as found:
            oracle.check(found)
            assert _all(found) == _all(self.journal)
        shutil.rmtree(folder)

    def out_and_in(self) -> None:
        """Write everything out as JSON and bring it into another journal: both hold the same."""
        from reflect import incoming, outgoing
        from reflect.exchange.arriving import Wishes
        from reflect.exchange.exporters import json as exporter
        from reflect.exchange.stamps import Clock

        file = self.home.with_name("all.json")
        with outgoing.going_out(self.journal, Filters(), "all", everything=True, count=lambda _: None) as everything:
            file.write_text("".join(exporter.pieces(everything)), encoding="utf-8")
        json.loads(file.read_text(encoding="utf-8"))
        folder = self.home.with_name("other")
        with Journal(config.Places(folder, folder), self.now, seed="x") as other:
            wishes = Wishes(Clock("", "UTC"), self.now, frozenset(theme.id for theme in other.themes))
            plan = incoming.look(other, "reflect", str(file), wishes, lambda *_: None)
            incoming.bring_in(other, plan, lambda *_: None)
            oracle.check(other)
            assert _all(other) == _all(self.journal)
        shutil.rmtree(folder)

    # -- what must always hold ------------------------------------------------------------------

    @invariant()
    def holds_what_it_must(self) -> None:
        """Every entry with its words, wordings, tags and later thoughts, in the order of when it happened."""
        if not hasattr(self, "journal"):
            return
        found = list(self.journal.find(Filters()))
        wanted = self.held.entries
        order = sorted(wanted, key=lambda number: (wanted[number]["happened"], number), reverse=True)
        assert [entry.id for entry in found] == order
        for entry in found:
            held = wanted[entry.id]
            assert entry.text == held["text"]
            assert set(entry.tags) == held["tags"]
            assert {each.text for each in self.journal.versions(entry)} == set(held["wordings"])
            assert sorted(layer.text for layer in self.journal.layers(entry)) == sorted(held["thoughts"])

    @invariant()
    def finds_what_is_there(self) -> None:
        """The words in force and later thoughts are found, and nothing else is; nothing half-made is left."""
        if not hasattr(self, "journal") or not self.count:
            return
        word = f"unique{1 + self.count // 2:05}"
        hits = {hit.entry.id for hit in self.journal.search(word, Filters())}
        assert hits == {
            number
            for number, held in self.held.entries.items()
            if any(text.startswith(word) for text in (held["text"], *held["thoughts"]))
        }
        assert backups.parts(self.home, self.places.backups) == []


def _forget(held: Held, number: int) -> None:
    held.entries.pop(number, None)
    held.steps = [step for step in held.steps if step[1] != number]


def _bring_together(here: Held, number: int, theirs: dict[str, object]) -> None:
    """Bring one entry of a copy into what must be held, as merging does."""
    ours = here.entries.get(number)
    if ours is None:
        here.entries[number] = copy.deepcopy(theirs)
        return
    ours["tags"] |= theirs["tags"]
    ours["thoughts"] += [each for each in theirs["thoughts"] if each not in ours["thoughts"]]
    if theirs["text"] in ours["wordings"]:
        return
    if ours["text"] in theirs["wordings"]:
        ours["text"] = theirs["text"]
    ours["wordings"] += [each for each in theirs["wordings"] if each not in ours["wordings"]]
    here.steps = [step for step in here.steps if step[:2] != ("edit", number)]


def _all(journal: Journal) -> list[object]:
    """All that a journal holds of its entries."""
    return [
        (entry._replace(themes=()), journal.versions(entry), journal.layers(entry), journal.actions_of(entry))
        for entry in journal.find(Filters())
    ]


JournalMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestAJournalAgainstADictionary = JournalMachine.TestCase
