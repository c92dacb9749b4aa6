"""Parts E and G: files that may grow no further, a disk that is full, and folders that may not be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.faults import commands, counted, oracle
from tests.faults.commands import Ended
from tests.faults.oracle import Figures

SHARES = (0.5, 1.0)
"""Sizes at which a file may grow no further, as shares of the journal's own."""


def small_files(folder: Path) -> Figures:
    """Part E: every command that writes, held to files of some size, as a quota does."""
    figures = Figures("E", "files that may grow no further")
    ready = counted.prepared(folder)
    size = (ready / "journal.db").stat().st_size
    for case in counted.cases(ready):
        source = counted._old(folder) if case.name == "migrate" else ready
        before = counted.texts(source)
        clean = _fresh(source, folder / "clean")
        commands.run(clean, *case.words, stdin=case.stdin)
        after = counted.texts(clean)
        for share in SHARES:
            home = _fresh(source, folder / "run")
            answer = commands.run_limited(home, *case.words, stdin=case.stdin, file_size=int(size * share))
            figures.runs += 1
            _judge(figures, home, f"{case.name} at {share:.0%}", case, answer, (before, after))
            again = commands.run(home, *case.words, stdin=case.stdin) if share == 1 else answer._replace(code=0)
            if again.code and case.name != "erase":  # which may be done already
                figures.fault(f"{case.name} at {share:.0%}: no second try works: {again.err[-200:]}")
    return figures


def _fresh(source: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    return shutil.copytree(source, to)


def _judge(
    figures: Figures, home: Path, what: str, case: counted.Case, answer: Ended, states: tuple[list[str], list[str]]
) -> None:
    before, after = states
    try:
        found = counted.texts(home)
    except oracle.Unsound as error:
        figures.fault(f"{what}: {error}", lost=1)
        return
    if answer.code == 0:
        figures.acknowledged += 1
    if answer.code not in (0, 5, 6):
        figures.fault(f"{what}: exit {answer.code}: {answer.err[-200:]}")
    if (answer.code == 0 and found != after) or found not in (before, after):
        figures.fault(f"{what}: exit {answer.code}, {len(found)} entries", lost=1)
    if case.stdin and found == before and case.stdin.strip() not in commands.words_of(home, answer):
        figures.fault(f"{what}: the words are nowhere", lost=1)


_FULL = """
mount -t tmpfs -o size=2m tmpfs "$0"
cp -r "$1" "$0/home"
python="$2"
export REFLECT_HOME="$0/home"
head -c 100000000 /dev/zero > "$0/filler" 2>/dev/null || true
echo 'words that must not get lost' | "$python" -m reflect write - ; echo "code $?"
"$python" -m reflect erase "$3" --yes ; echo "code $?"
"$python" -m reflect show "$3" > /dev/null ; echo "code $?"
rm "$0/filler"
echo 'words that fit now' | "$python" -m reflect write - ; echo "code $?"
"$python" -m reflect erase "$3" --yes ; echo "code $?"
"$python" -m reflect doctor ; echo "code $?"
grep -c 'the third entry' -r "$0/home" || true
umount "$0"
"""


def full_disk(folder: Path) -> Figures:
    """Part E: a disk without a byte left, and then with room again."""
    figures = Figures("E", "a full disk", not_run=why_no_disk(folder))
    if figures.not_run:
        return figures
    ready = counted.prepared(folder)
    entry = next(case for case in counted.cases(ready) if case.name == "erase").words[1]
    disk = folder / "disk"
    disk.mkdir()
    command = ["sh", "-c", _FULL, str(disk), str(ready), sys.executable, entry]
    done = subprocess.run(
        [*_unshared(), *command],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "REFLECT_NOW": "2026-11-20T16:00:00+00:00", "REFLECT_SEED": "x", "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
    )
    figures.runs = 1
    codes = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("code ")]
    if codes != ["6", "6", "0", "0", "0", "0"]:
        figures.fault(f"exit codes {codes}, wanted 6 6 0 0 0 0: {done.stderr[-500:]}")
    if "words that must not get lost" not in done.stderr:
        figures.fault("the words were not printed", lost=1)
    if "Traceback" in done.stderr:
        figures.fault("a traceback")
    return figures


def why_no_disk(folder: Path) -> str:
    """Return why no small disk can be made here, empty when it can."""
    probe = folder / "probe"
    probe.mkdir(parents=True, exist_ok=True)
    if not shutil.which("mount"):
        return "a small disk needs the right to mount one"
    script = 'mount -t tmpfs -o size=1m tmpfs "$0" && umount "$0"'
    tried = subprocess.run([*_unshared(), "sh", "-c", script, str(probe)], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "a small disk needs the right to mount one"


def _unshared() -> list[str]:
    """Return how an ordinary user gets a name space in which they may mount a disk of their own."""
    if os.name == "nt" or os.geteuid() == 0 or not shutil.which("unshare"):
        return []
    return ["unshare", "-Urm"]


def read_only(folder: Path) -> Figures:
    """Part G: with its file or folder read-only, a journal is read and not written, and the words are told."""
    figures = Figures("G", "folders that may not be written")
    ready = counted.prepared(folder)
    (ready / "journal.db-journal").unlink(missing_ok=True)
    for name, file, home_mode in (("file", 0o400, 0o700), ("folder", 0o600, 0o500), ("both", 0o400, 0o500)):
        home = _fresh(ready, folder / "run")
        (home / "journal.db").chmod(file)
        home.chmod(home_mode)
        try:
            before = (home / "journal.db").read_bytes()
            for words, code in ((("list",), 0), (("doctor",), 0), (("write", "-"), 6), (("backup",), (0, 6))):
                answer = commands.run_limited(home, *words, stdin=counted.WORDS)
                figures.runs += 1
                if answer.code != code and answer.code not in (code if isinstance(code, tuple) else ()):
                    figures.fault(f"{name} read-only, {words[0]}: exit {answer.code}: {answer.err[-200:]}")
                if words[0] == "write" and counted.WORDS.strip() not in commands.words_of(home, answer):
                    figures.fault(f"{name} read-only: the words are nowhere", lost=1)
            if (home / "journal.db").read_bytes() != before:
                figures.fault(f"{name} read-only: the journal was changed")
        finally:
            home.chmod(0o700)
    return figures
