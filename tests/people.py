"""People of a group in tests: with homes of their own and the installed command, or as letters only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from reflect import config
from reflect import group as groups
from reflect.consent import Consent, Terms
from reflect.exchange import letters, seal
from reflect.group import Group
from reflect.intake import from_text
from reflect.journal import Details, Journal
from tests.conftest import NOW, Ran, Run

WHEN = datetime.fromisoformat(NOW).astimezone()
AGREEMENT: dict[str, object] = {
    "name": "Hub partners",
    "purpose": "fair meetings",
    "audience": "the partners",
    "keeper": "Dilys",
    "responder": "Femi",
    "respond_by": "2026-12-15",
    "cost": "",
    "fewest": 5,
    "sites": (),
    "glossary": {},
    "contribute_until": "",
    "erase_on": "2027-03-31",
}
NEW_GROUP = (
    "group",
    "new",
    "--name",
    "Hub partners",
    "--purpose",
    "fair meetings",
    "--audience",
    "the partners",
    "--keeper",
    "Dilys",
    "--responder",
    "Femi",
    "--respond-by",
    "15/12/2026",
    "--erase-on",
    "31/3/2027",
)
NOBODY_ASKED = "no passphrase is asked for"


def nobody() -> str:
    """Stand for a keeper who is asked for a passphrase though none is needed."""
    raise AssertionError(NOBODY_ASKED)


# -- by the installed command ------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Somebody with a home of their own, who uses the installed command."""

    home: Path
    run: Run

    def __call__(self, *words: str, stdin: str | None = None, code: int | None = 0, now: str = NOW) -> Ran:
        """Run the command in this person's home."""
        return self.run(*words, stdin=stdin, code=code, env={"REFLECT_HOME": str(self.home), "REFLECT_NOW": now})

    def writes(self, text: str, *options: str, now: str = NOW) -> str:
        """Write an entry; return its id."""
        return str(self("write", "-", "--json", *options, stdin=text, now=now).json["id"])

    def joins(self, invitation: Path, *options: str) -> None:
        """Join a group."""
        self("group", "join", str(invitation), "--yes", *options)

    def lets(self, text: str, *options: str, theme: str = "funding", level: str = "verbatim") -> str:
        """Write an entry under a theme and mark it for the group; return its id."""
        entry = self.writes(text, *(("--theme", theme) if theme else ()))
        self("mark", entry, "--for", "group", "--level", level, *options)
        return entry

    def shares(self, path: Path, *options: str) -> Path:
        """Write a share to this path."""
        self("share", "--yes", "-o", str(path), *options)
        return path

    def entry(self, identity: str) -> Any:
        """Return an entry as the command shows it."""
        return self("show", identity, "--json").json


def begins(lead: Person, folder: Path, *options: str) -> Path:
    """Have a lead begin a group; return its invitation."""
    path = folder / "invitation.json"
    lead(*NEW_GROUP, *options, "-o", str(path))
    return path


def key_of(invitation: Path) -> str:
    """Return the group's secret key from the recovery sheet beside its invitation."""
    sheet = invitation.with_name(f"{invitation.stem}-recovery.txt").read_text()
    return next(word for word in sheet.split() if word.startswith("AGE-SECRET-KEY-1"))


def opened(share: Path, secret: str) -> Any:
    """Return what a share holds, as whoever has the key reads it."""
    return json.loads(seal.unseal(share.read_bytes(), secret, share.name))


# -- in this process ---------------------------------------------------------------------------


def group_of(home: Path, **agreed: object) -> tuple[Group, str]:
    """Return a new group in a home, and its secret key."""
    return groups.found(home, WHEN, AGREEMENT | agreed)


def journal_of(home: Path, now: datetime = WHEN) -> Journal:
    """Return a journal in a home of its own."""
    return Journal(config.Places(home, home), now, seed="test")


def marked(
    journal: Journal, text: str, *, themes: Sequence[str] = ("funding",), sentences: str = "", **terms: Any
) -> Any:
    """Write an entry and mark it; return the entry."""
    entry = journal.write(from_text(text), Details(themes=tuple(themes))).entry
    permissions = Consent(journal)
    permissions.mark(entry, permissions.passages(entry, sentences), Terms(**terms))
    return entry


def hexadecimal(number: int) -> str:
    """Return a number as the id of a contribution or a person."""
    return f"{number:032x}"


def passage(number: int, words: str = "", **said: Any) -> dict[str, Any]:
    """Return one contribution as a share holds it: verbatim where there are words, else as a theme only."""
    values: dict[str, Any] = {
        "id": hexadecimal(number),
        "audience": "group",
        "level": "verbatim" if words else "theme",
        "words": words,
        "themes": ("funding",),
        "prompt": None,
        "occasion": "",
        "week": "2026-W40",
        "stance": "",
        "leads_to": "",
        "alone_ok": False,
        "attribution": "",
    }
    return values | said


def letter(group: Group, person: int, passages: Iterable[dict[str, Any]] = (), /, **said: Any) -> letters.Share:
    """Return one person's share."""
    values = {
        "group": group.invitation.group,
        "contributor": hexadecimal(person),
        "sequence": 1,
        "contributions": tuple(passages),
    }
    return letters.Share.model_validate(values | said)


def sealed(group: Group, *shares: letters.Share) -> list[tuple[str, bytes]]:
    """Return shares as files sealed for their group."""
    keys = group.invitation.keys
    return [(f"share-{at}.age", seal.seal(letters.write(each), keys)) for at, each in enumerate(shares)]


def gather(group: Group, *shares: letters.Share) -> groups.Taken:
    """Gather shares, none of which may be refused."""
    taken = group.gather(sealed(group, *shares), nobody)
    assert not taken.refused, taken.refused
    return taken
