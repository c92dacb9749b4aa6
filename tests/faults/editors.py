"""Part J: editors that fail, die, kill, remove the page or save it as something else; the words are found again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from tests.conftest import bytes_under
from tests.faults import commands
from tests.faults.oracle import Figures

WORDS = "three paragraphs that somebody thought about"


class Editor(NamedTuple):
    """A fake editor: what it does with its page `$1`, the exit codes that are right, and where the words must be."""

    name: str
    script: str
    codes: tuple[int, ...]
    words_in: str
    """entry, draft or nowhere."""


EDITORS = (
    Editor("saves", f'echo "{WORDS}" > "$1"', (0,), "entry"),
    Editor("saves by another file", f'echo "{WORDS}" > "$1.new" && mv "$1.new" "$1"', (0,), "entry"),
    Editor("saves and ends with 1", f'echo "{WORDS}" > "$1"; exit 1', (3,), "draft"),
    Editor("saves and is killed", f'echo "{WORDS}" > "$1"; kill -9 $$', (3,), "draft"),
    Editor("saves and kills its parent", f'echo "{WORDS}" > "$1"; kill -9 $PPID', (-9,), "draft"),
    Editor("saves other bytes", f'printf "{WORDS} caf\\351" > "$1"', (3,), "draft"),
    Editor("removes its page", 'rm "$1"', (3,), "nowhere"),
    Editor("changes nothing", "true", (3,), "nowhere"),
    Editor("empties its page", ': > "$1"', (3,), "nowhere"),
)


def every(folder: Path, *, module: str = "reflect") -> Figures:
    """Write in each editor, and look for the words in the journal, in drafts and everywhere else."""
    figures = Figures("J", "editors that fail")
    for number, editor in enumerate(EDITORS):
        base = folder / str(number)
        home = base / "home"
        for name in ("user", "tmp", "bin with blanks"):
            (base / name).mkdir(parents=True)
        script = base / "bin with blanks" / "ed"
        script.write_text(f"#!/bin/sh\n{editor.script}\n", encoding="utf-8")
        script.chmod(0o700)
        commands.run(home, "list")
        env = {
            "EDITOR": f"'{script}'",
            "VISUAL": "",
            "HOME": str(base / "user"),
            "TMPDIR": str(base / "tmp"),
        }
        answer = commands.run_module(module, home, "write", "--editor", "--free", env=env)
        figures.runs += 1
        _judge(figures, editor, base, answer)
        shutil.rmtree(base)
    return figures


def _judge(figures: Figures, editor: Editor, base: Path, answer: commands.Ended) -> None:
    home = base / "home"
    if answer.code not in editor.codes:
        figures.fault(f"{editor.name}: exit {answer.code}: {answer.err[-200:]}")
    listed = commands.run(home, "search", WORDS.split(maxsplit=1)[0], "--json").out
    in_draft = any(WORDS.encode() in path.read_bytes() for path in (home / "drafts").glob("*"))
    where = "entry" if WORDS in listed else "draft" if in_draft else "nowhere"
    if where != editor.words_in:
        figures.fault(f"{editor.name}: the words are in {where}", lost=where == "nowhere")
    if editor.words_in == "draft" and answer.code > 0 and "drafts resume" not in answer.err:
        figures.fault(f"{editor.name}: the way to the words is not said")
    (base / "bin with blanks" / "ed").unlink()
    strays = [path for path in base.rglob("*") if path.is_file() and not path.is_relative_to(home)]
    figures.more["words outside our folders"] = figures.more.get("words outside our folders", 0)
    for path in strays:
        if WORDS.encode() in path.read_bytes():
            figures.more["words outside our folders"] += 1
            figures.fault(f"{editor.name}: words were left in {path.name}")
    if editor.words_in != "nowhere" and WORDS.encode() not in bytes_under(home):
        figures.fault(f"{editor.name}: no byte of the words is left", lost=1)
