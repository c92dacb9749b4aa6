"""The goals of speed, each measured: what was wished for, and what was found."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks import groups, journals, processes, session_page, sessions
from benchmarks.by_hand import sql
from benchmarks.processes import Ratio, compared
from reflect import config, ids, intake
from reflect.journal import Details, Journal
from reflect.models import Filters

SMALL, MIDDLE, LARGE = 1_000, 10_000, 100_000
START = "a bare start of Python"
PEOPLE = 2_000
"""In a group that was given as many contributions as the largest journal has entries."""

MORE = 2
"""How many in-process pairs are run for each pair of whole processes; they are short."""

_TEXT = (
    "We talked about who decides how the money is spent. Two people who were not in the room came up again and"
    " again, and nobody had asked them. I said I would write to both of them before the next meeting, and I felt"
    " uneasy that it needed saying at all. The chair took a note. What I want to remember is how quiet it went when"
    " somebody said that the agenda had been agreed before we came, and that nobody seemed to find it strange."
)


@dataclass(frozen=True)
class Row:
    """One goal: at most so many times as much as something else."""

    name: str
    against: str
    goal: float
    found: Ratio

    @property
    def met(self) -> bool:
        """Whether the median keeps within the goal."""
        return self.found.median <= self.goal


@dataclass(frozen=True)
class Thoroughness:
    """How many pairs are run, and how large the largest journal is."""

    starts: int
    """Pairs of short runs."""
    passes: int
    """Pairs of runs that read a whole journal."""
    largest: int


FULL = Thoroughness(starts=51, passes=11, largest=LARGE)
QUICK = Thoroughness(starts=7, passes=3, largest=MIDDLE)


@dataclass(frozen=True)
class Everyday:
    """A command of every day, and how much its start may take, in bare starts of Python."""

    name: str
    words: tuple[str, ...]
    time: float
    instructions: float


def everyday(home: Path) -> tuple[Everyday, ...]:
    """Return the commands of every day, for the journal of this home."""
    with _journal(home) as journal:
        entry = ids.shown(next(journal.find(Filters(limit=1))).id)
    return (
        Everyday("reflect --help", ("--help",), 7.0, 7.5),
        Everyday("reflect --version", ("--version",), 7.0, 7.5),
        Everyday("reflect", (), 7.5, 8.0),
        Everyday("reflect list -n 5", ("list", "-n", "5"), 7.5, 8.0),
        Everyday("reflect show ID", ("show", entry), 7.5, 8.0),
        Everyday("reflect search kingfisher", ("search", "kingfisher"), 7.5, 8.0),
        Everyday("reflect ask", ("ask",), 8.5, 9.0),
        Everyday("reflect write -", ("write", "-"), 8.5, 9.0),
    )


def every(how: Thoroughness) -> Iterator[Row]:
    """Yield each goal of a journal with what was found."""
    sizes = [size for size in (SMALL, MIDDLE, LARGE) if size <= how.largest]
    homes = {size: journals.copied(size, str(size)) for size in sizes}
    yield from _starts(homes[MIDDLE], how)
    yield from _at_a_terminal(homes[MIDDLE], how)
    yield from _instructions(homes[MIDDLE])
    yield from _flat(homes[SMALL], homes[how.largest], how)
    for size in sizes[1:]:
        yield from _whole_journal(homes[size], size, how)
    yield _memory(homes[SMALL], homes[how.largest], how)
    yield from _searches(homes[how.largest], how)
    yield _insert(homes[MIDDLE], how)


def of_groups(how: Thoroughness) -> Iterator[Row]:
    """Yield each goal of a group with what was found."""
    yield _gather(how)
    yield from _group_summary(how)


def of_sessions(how: Thoroughness) -> Iterator[Row]:
    """Yield each goal of a session with what was found."""
    is_quick = how.largest < LARGE
    for each in (*sessions.every(how.passes), *session_page.every(1 if is_quick else 3, spread=10 if is_quick else 60)):
        yield Row(*each)


def _starts(home: Path, how: Thoroughness) -> Iterator[Row]:
    for each in everyday(home):
        found = compared(processes.bare(home), processes.reflect(home, *each.words), how.starts)
        yield Row(f"`{each.name}`", START, each.time, found)


def _at_a_terminal(home: Path, how: Thoroughness) -> Iterator[Row]:
    floor = processes.bare(home, at_a_terminal=True)
    for each in everyday(home)[2:]:
        words = each.words if each.words[-1:] != ("-",) else ("write", "--free")
        found = compared(floor, processes.reflect(home, *words, at_a_terminal=True), how.starts)
        yield Row(f"`{each.name.rstrip(' -')}` on a terminal", START, 11.0, found)


def _instructions(home: Path) -> Iterator[Row]:
    if not processes.instructions_can_be_counted():
        return
    floor = processes.instructions(processes.BARE, home)
    for each in everyday(home):
        ratio = processes.instructions((*processes.REFLECT, *each.words), home) / floor
        yield Row(f"`{each.name}`, instructions", START, each.instructions, Ratio(ratio, ratio, ratio, 1))


def _flat(small: Path, large: Path, how: Thoroughness) -> Iterator[Row]:
    size = how.largest
    for one, other in zip(everyday(small)[2:], everyday(large)[2:], strict=True):
        found = compared(processes.reflect(small, *one.words), processes.reflect(large, *other.words), how.starts)
        yield Row(f"`{one.name}` with {size:,} entries", f"with {SMALL:,}", 1.2, found)


def _whole_journal(home: Path, size: int, how: Thoroughness) -> Iterator[Row]:
    listed, by_hand = (
        processes.reflect(home, "list", "--json"),
        processes.script(home, "list_json", home / "journal.db"),
    )
    if processes.output(listed) != processes.output(by_hand):
        message = "`list --json` and its raw loop write different objects: they can't be compared"
        raise AssertionError(message)
    yield Row(
        f"`reflect list --json`, {size:,} entries",
        "a raw `sqlite3` and `json` loop",
        1.4,
        compared(by_hand, listed, how.passes),
    )
    yield Row(
        f"`reflect summary`, {size:,} entries",
        "reading and tokenising every body",
        3.0 if size < LARGE else 2.5,
        compared(
            processes.script(home, "tokenise", home / "journal.db", "SELECT text FROM entry"),
            processes.reflect(home, "summary"),
            how.passes,
        ),
    )


def _memory(small: Path, large: Path, how: Thoroughness) -> Row:
    def peak(home: Path) -> Callable[[], float]:
        return lambda: processes.peak(processes.reflect(home, "list", "--json"))

    name = f"peak memory of `reflect list --json`, {how.largest:,} entries"
    return Row(name, f"with {SMALL:,}", 1.2, compared(peak(small), peak(large), 3))


def _searches(home: Path, how: Thoroughness) -> Iterator[Row]:
    """Compare searches, hits made into entries, with their SQL alone."""
    connection = sql.connect(home / "journal.db")
    with _journal(home) as journal:
        for word, share in sorted(journals.SHARES.items(), key=lambda each: each[1]):
            found = compared(
                _timed(lambda word=word: sql.search(connection, word)),
                _timed(lambda word=word: list(journal.search(word, Filters(limit=20)))),
                how.starts * MORE,
            )
            name = f"search of `{word}` (in {share:.1%} of {how.largest:,} entries), in process"
            yield Row(name, "its SQL alone", 1.25, found)
    connection.close()


def _insert(home: Path, how: Thoroughness) -> Row:
    """Compare writing an entry, checks and suggestions included, with inserting the same rows by hand."""
    connection = sql.connect(journals.copied(MIDDLE, "by-hand") / "journal.db")
    with _journal(home) as journal:
        prompt = journal.prompts()[0]
        details = Details(about="Board", tags=("board-a", "visit-b"))
        first = journal.write(intake.from_text(_TEXT), details, prompt).entry
        pattern = sql.connect(home / "journal.db")
        rows, chance = sql.rows_of(pattern, first.id), random.Random(journals.SEED)
        pattern.close()
        found = compared(
            _timed(lambda: sql.insert(connection, rows, chance)),
            _timed(lambda: journal.write(intake.from_text(_TEXT), details, prompt)),
            how.starts * MORE,
        )
    connection.close()
    return Row(f"a durable insert into {MIDDLE:,} entries, in process", "a raw one", 1.5, found)


def _gather(how: Thoroughness) -> Row:
    """Compare gathering with decrypting, parsing and inserting by hand; each time into a group that holds nothing."""
    made = groups.made(PEOPLE, LARGE)
    by_hand = groups.empty(PEOPLE, LARGE, "by-hand-group")
    raw = processes.script(by_hand, "gather", by_hand / "raw.db", groups.key_of(by_hand), made / "shares")

    def gather() -> float:
        home = groups.empty(PEOPLE, LARGE, "gather")
        return processes.reflect(home, "group", "gather", str(made / "shares"))()

    name = f"`reflect group gather`, {LARGE:,} contributions of {PEOPLE:,} people"
    return Row(name, "raw decrypt, JSON and insert", 3.0, compared(raw, gather, how.passes))


def _group_summary(how: Thoroughness) -> Iterator[Row]:
    """Compare a group's summary, put out each time, with one pass over its words; and its memory with its file."""
    home = groups.gathered(PEOPLE, LARGE, "group")
    file = groups.file_of(home)
    size_of_file = file.stat().st_size / 2**20
    summary = processes.reflect(home, "summary", "--group", groups.NAME, "-o", str(home / "made.md"), "--force")
    pass_over_it = processes.script(home, "tokenise", file, "SELECT words FROM contribution")
    name = f"`reflect summary --group`, {LARGE:,} contributions"
    yield Row(name, "reading and tokenising every body", 3.0, compared(pass_over_it, summary, how.passes))
    peak = compared(lambda: size_of_file, lambda: processes.peak(summary), 3)
    yield Row(f"peak memory of {name}", f"the group's file of {size_of_file:.0f} MiB", 2.0, peak)


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    """Return what does the work and says how many seconds it took."""

    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def _journal(home: Path) -> Journal:
    return Journal(config.Places(home, home), datetime.fromisoformat(journals.NOW), seed="bench")
