"""Part I, of an encrypted journal: no word that was told to it stands in plain in any byte of any file."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from reflect import ids
from tests.faults import commands
from tests.faults.oracle import Figures
from tests.faults.traces import secret, traces

PASSPHRASE, ANOTHER = "blue heron lamp stone river oak", "not the words that were chosen"
PLACES = ("before", "entry", "wording", "elsewhere", "wrong passphrase", "no passphrase", "no library")
"""When words were told to the journal; each has a word of its own."""


def scan(folder: Path, *, encrypts: bool = True) -> Figures:
    """Tell words to an encrypted journal in every way, also where it can't be opened, and look for them in all files.

    Without `encrypts` the journal stays plain, and everything must be found.
    """
    figures = Figures("I", "words of an encrypted journal")
    if not find_spec("sqlcipher3"):
        figures.not_run = "sqlcipher3 is not installed"
        return figures
    home, files = folder / "home", folder / "files"
    for name in ("files", "user", "tmp", "run", "stick", "stub/sqlcipher3"):
        (folder / name).mkdir(parents=True)
    for name, words in (("right", PASSPHRASE), ("wrong", ANOTHER)):
        (files / name).write_text(words + "\n", encoding="utf-8")
        (files / name).chmod(0o600)
    (folder / "stub" / "sqlcipher3" / "__init__.py").write_text("raise ImportError('sqlcipher3')\n", encoding="utf-8")
    outside = {"HOME": str(folder / "user"), "TMPDIR": str(folder / "tmp"), "XDG_RUNTIME_DIR": str(folder / "run")}
    right = outside | {"REFLECT_PASSPHRASE_FILE": str(files / "right")}
    wrong = outside | {"REFLECT_PASSPHRASE_FILE": str(files / "wrong")}
    commands.run(home, "write", "-", stdin=secret("before"), env=right)
    if not traces(folder, secret("before")):
        figures.fault("not there before, so nothing is known")
    if encrypts:
        _ended(
            figures, commands.run(home, "encrypt", "--yes", "--new-passphrase-file", str(files / "right"), env=right)
        )
    _ended(figures, commands.run(home, "write", "-", stdin=secret("entry"), env=right))
    entry = commands.run(home, "list", "--json", "-n", "1", env=right).out.partition('"id": "')[2][: ids.LENGTH]
    _ended(figures, commands.run(home, "edit", entry, "-", stdin=f"{secret('wording')} anew", env=right))
    _ended(figures, commands.run(home, "write", "-", stdin=secret("elsewhere"), env=right))
    _ended(figures, commands.run(home, "backup", env=right))
    _ended(figures, commands.run(home, "backup", "-o", str(folder / "stick"), env=right))
    _ended(figures, commands.run(home, "export", "json", "-o", str(folder / "stick" / "out.json"), env=right))
    if encrypts:
        _refused(figures, commands.run(home, "write", "-", stdin=secret("wrong passphrase"), env=wrong))
        _refused(figures, commands.run(home, "write", "-", stdin=secret("no passphrase"), env=outside))
        without = right | {"PYTHONPATH": str(folder / "stub")}
        _refused(figures, commands.run(home, "write", "-", stdin=secret("no library"), env=without))
    found = {place: traces(folder, secret(place)) for place in PLACES}
    for place, times in found.items():
        if times:
            figures.fault(f"{place}: found {times} times in plain")
    figures.more["plain words found"] = sum(found.values())
    return figures


def _ended(figures: Figures, answer: commands.Ended) -> None:
    figures.runs += 1
    if answer.code:
        figures.fault(f"exit {answer.code}: {answer.err[-200:]}")


def _refused(figures: Figures, answer: commands.Ended) -> None:
    figures.runs += 1
    if answer.code != 8:
        figures.fault(f"exit {answer.code} without the key: {answer.err[-200:]}")
