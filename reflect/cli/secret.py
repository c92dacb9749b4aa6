"""Asks for a passphrase: from a private file a script names, or typed unseen at the terminal."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from reflect.cli.desk import at_a_terminal
from reflect.errors import Refused, Usage, WrongKey

PassphraseFile = Annotated[
    str, typer.Option("--passphrase-file", metavar="FILE", help="Read the passphrase from this private file.")
]

NewPassphraseFile = Annotated[
    str,
    typer.Option("--new-passphrase-file", metavar="FILE", help="Read the new passphrase from this private file."),
]
SHORT = 16
"""Letters below which a passphrase is told to be short."""


def passphrase(
    file: str, what: str = "the group's key", question: str = "The group's passphrase: "
) -> Callable[[], str]:
    """Return what asks for the passphrase when it is needed; without a terminal or file it says so at once."""

    def ask() -> str:
        if file:
            return _from_file(Path(file))
        if not at_a_terminal():
            raise WrongKey(f"{what} is under a passphrase", next_step="add --passphrase-file FILE")
        return getpass.getpass(question)

    return ask


def new_passphrase(file: str, question: str = "A passphrase for the group's key (Enter: later): ") -> str:
    """Return a new passphrase, typed twice; empty when the person leaves it for later."""
    if file:
        return _from_file(Path(file))
    if not at_a_terminal():
        return ""
    first = getpass.getpass(question)
    if first and getpass.getpass("Once more: ") != first:
        raise Refused("the two differ", next_step="try again")
    return first


def chosen(file: str, question: str, *, yes: bool = False) -> str:
    """Return a new passphrase for the journal: from a file, else typed twice; without either it says so at once."""
    from reflect import unlocking

    if file:
        if not yes and not unlocking.somebody_is_here():
            raise Usage("nobody can open the journal without the passphrase", next_step="add --yes")
        return unlocking.from_file(Path(file).expanduser())
    if not unlocking.somebody_is_here():
        raise WrongKey("nobody is here to type a passphrase", next_step="add --new-passphrase-file FILE --yes")
    first = unlocking.checked(unlocking.ask(question))
    if unlocking.ask("Once more: ") != first:
        raise Refused("the two differ", next_step="try again")
    return first


def hints(passphrase: str) -> list[str]:
    """Return what to know of a new passphrase."""
    if len(passphrase) >= SHORT:
        return []
    return ["That is short: whoever has the file can try many. Six words that don't belong together are far better."]


def _from_file(path: Path) -> str:
    if os.name != "nt" and path.stat().st_mode & 0o077:
        raise Refused(f"others can read {path}", next_step=f"make it yours alone: chmod 600 {path}")
    return path.read_text(encoding="utf-8").rstrip("\r\n")
