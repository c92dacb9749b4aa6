"""jrnl and kaydet beside reflect: the same entries, the same wishes, whole processes by turns.

Both are installed from the package index into a folder that is removed afterwards; where
that can't be done, it is said and nothing is measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from benchmarks import moves, processes
from benchmarks.goals import MIDDLE, QUICK, SMALL, Thoroughness
from benchmarks.processes import Ratio, compared

PEERS = ("jrnl", "kaydet")

_CONFIGURATION = """\
colors: {{body: none, date: none, tags: none, title: none}}
default_hour: 9
default_minute: 0
editor: ''
encrypt: false
highlight: true
indent_character: '|'
journals: {{default: {{journal: {file}}}}}
linewrap: 79
tagsymbols: '#@'
template: false
timeformat: '%Y-%m-%d %H:%M'
version: v{version}
"""
_WORDS = "Something was said about who decides, and the meeting went on as if it had not been said."
_TAG = "board-a"
_MONTH = ("2024-03-01", "2024-03-31")


@dataclass(frozen=True)
class Task:
    """The same wish in each tool's words, and at least how many times as long the others should take."""

    name: str
    reflect: tuple[str, ...]
    jrnl: tuple[str, ...] = ()
    kaydet: tuple[str, ...] = ()
    jrnl_goal: float | None = None
    kaydet_goal: float | None = None
    needs_tags: bool = False


TASKS = (
    Task(
        "adding an entry",
        ("write", _WORDS, "--tag", "trust"),
        (f"today at 10:00: {_WORDS} #trust",),
        (f"{_WORDS} #trust",),
        40,
        1,
    ),
    Task(
        "the last five",
        ("list", "-n", "5"),
        ("-n", "5"),
        ("--list", "--filter", "since:0", "--limit", "5"),
        3,
        5,
    ),
    Task(
        "a rare word",
        ("search", "kingfisher"),
        ("-contains", "kingfisher"),
        ("--list", "--filter", "kingfisher"),
        3.5,
        1.8,
    ),
    Task(
        "a tag and a month",
        ("list", "--tag", _TAG, "--from", _MONTH[0], "--to", _MONTH[1]),
        (f"#{_TAG}", "-from", _MONTH[0], "-to", _MONTH[1]),
        ("--list", "--filter", f"#{_TAG} since:{_MONTH[0]} until:{_MONTH[1]}"),
        4,
        needs_tags=True,
    ),
    Task(
        "JSON of everything",
        ("export", "json"),
        ("--format", "json"),
        ("--list", "--filter", "since:0", "--format", "json"),
        15,
        3,
    ),
    Task(
        "a month as Markdown",
        ("export", "markdown", "--month", _MONTH[0][:7]),
        ("-from", _MONTH[0], "-to", _MONTH[1], "--format", "md"),
        jrnl_goal=4,
    ),
)


@dataclass(frozen=True)
class Row:
    """One task: how many times as long another tool took."""

    name: str
    peer: str
    goal: float | None
    found: Ratio

    @property
    def met(self) -> bool:
        """Whether the median reaches the goal, if there is one."""
        return self.goal is None or self.found.median >= self.goal


class NotInstallable(Exception):
    """The other tools can't be had here."""


@dataclass(frozen=True)
class Peers:
    """The other tools, installed in a folder of their own."""

    programs: Path
    versions: Mapping[str, str]


def installed(folder: Path) -> Peers:
    """Install the other tools into a folder; say why where that can't be done."""
    try:
        subprocess.run([sys.executable, "-m", "venv", folder / "peers"], check=True, capture_output=True, timeout=120)
        programs = folder / "peers" / ("Scripts" if os.name == "nt" else "bin")
        pip = [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS]
        subprocess.run(pip, check=True, capture_output=True, timeout=600)
        told = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
        done = subprocess.run([programs / "python", "-c", told, *PEERS], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise NotInstallable(error.stderr.strip().splitlines()[-1] if error.stderr else str(error)) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstallable(str(error)) from error
    return Peers(programs, dict(zip(PEERS, done.stdout.split(), strict=True)))


class Journals:
    """The same entries kept by each tool, in a folder."""

    def __init__(self, folder: Path, peers: Peers, size: int, *, tagged: bool) -> None:
        """Make the journals."""
        self._peers = peers
        self._home = folder
        folder.mkdir()
        file = moves.jrnl_file(size, folder / "journal.txt", tagged=tagged)
        self._configuration = folder / "jrnl.yaml"
        version = ".".join(peers.versions["jrnl"].split(".")[:2])
        self._configuration.write_text(_CONFIGURATION.format(file=file, version=version))
        self.reflect_home = folder / "reflect"
        self._run(self.reflect("import", "jrnl", str(file), "--yes"))
        self._keep_with_kaydet(file)

    def _keep_with_kaydet(self, file: Path) -> None:
        store = self._home / "kaydet-files"
        store.mkdir()
        settings = self._home / ".config" / "kaydet" / "config.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[SETTINGS]\nSTORAGE_DIR = {store}\n")
        found = [piece.split("] ", 1) for piece in file.read_text().lstrip("[").split("\n\n[")]
        number = 0
        for day, pieces in groupby(found, key=lambda each: each[0][:10]):
            lines = [f"{datetime.fromisoformat(day):%Y/%m/%d/ - %A}", "-" * 20]
            for stamp, words in pieces:
                number += 1
                lines.append(f"{stamp[11:]} [{number}]: {words.rstrip()}")
            (store / f"{day}.txt").write_text("\n".join(lines) + "\n")
        self._run(self.kaydet("--doctor"))

    def reflect(self, *words: str) -> tuple[str, ...]:
        """Return reflect's command."""
        return (*processes.REFLECT, *words)

    def jrnl(self, *words: str) -> tuple[str, ...]:
        """Return jrnl's command."""
        return (str(self._peers.programs / "jrnl"), "--config-file", str(self._configuration), *words)

    def kaydet(self, *words: str) -> tuple[str, ...]:
        """Return kaydet's command."""
        return (str(self._peers.programs / "kaydet"), *words)

    def seconds(self, command: tuple[str, ...]) -> float:
        """Run a command; return how long it took."""
        start = time.perf_counter()
        self._run(command)
        return time.perf_counter() - start

    def _run(self, command: tuple[str, ...]) -> None:
        environment = processes.environment(self.reflect_home) | {"HOME": str(self._home)}
        subprocess.run(
            command,
            check=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def every(folder: Path, peers: Peers, size: int, pairs: int) -> Iterator[Row]:
    """Yield each task with what was found: with tags in the entries, and for jrnl without them, too."""
    kept = Journals(folder / "tagged", peers, size, tagged=True)
    for task in TASKS:
        yield _row(kept, task, "jrnl", task.jrnl, task.jrnl_goal, pairs)
    for task in TASKS:
        if task.kaydet:
            yield _row(kept, task, "kaydet", task.kaydet, task.kaydet_goal, pairs)
    kept = Journals(folder / "untagged", peers, size, tagged=False)
    for task in TASKS:
        if not task.needs_tags:
            yield _row(kept, task, "jrnl, entries without tags", task.jrnl, None, pairs)


def _row(kept: Journals, task: Task, peer: str, words: tuple[str, ...], goal: float | None, pairs: int) -> Row:
    theirs = kept.kaydet(*words) if peer == "kaydet" else kept.jrnl(*words)
    ours = kept.reflect(*task.reflect)
    found = compared(lambda: kept.seconds(ours), lambda: kept.seconds(theirs), pairs)
    return Row(f"{task.name}", peer, goal, found)


def line(row: Row) -> str:
    """Return a task as a line of the table."""
    found = row.found
    goal = "" if row.goal is None else f"{row.goal:g}"
    met = "" if row.goal is None else "met" if row.met else "**not met**"
    return (
        f"| {row.name} | {row.peer} | {goal} | **{found.median:.1f}** ({found.lowest:.1f} to {found.highest:.1f})"
        f" | {found.pairs} | {met} |"
    )


def measured(how: Thoroughness) -> str:
    """Return the table, or why there is none; each line is told as it is found."""
    size, pairs = (SMALL, 3) if how is QUICK else (MIDDLE, 7)
    folder = Path(tempfile.mkdtemp(prefix="reflect-peers-"))
    try:
        peers = installed(folder)
        head = f"{size:,} entries; jrnl {peers.versions['jrnl']}, kaydet {peers.versions['kaydet']}."
        lines = ["| What | By | At least | Times as long as reflect | Pairs | |", "|---|---|---|---|---|---|"]
        for row in every(folder, peers, size, pairs):
            lines.append(line(row))
            print(lines[-1], flush=True)
        return "\n".join([head, "", *lines])
    except NotInstallable as error:
        said = f"jrnl and kaydet could not be installed here, so they were not measured: {error}"
        print(said)
        return said
    finally:
        shutil.rmtree(folder)
