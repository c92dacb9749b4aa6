"""Where a person's files live, and the settings they may change."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from reflect.errors import Damaged, NotFound, Refused

SEALED = b"reflect\x01"
"""The beginning of every encrypted file of ours, in place of SQLite's; eight random bytes after it complete the salt.

By it such a file is known for what it is, wherever it lies, and a damaged plain one is never taken for it.
"""


class Settings(NamedTuple):
    """What a person may set in `config.toml`; each name is the name there."""

    never_share: tuple[str, ...] = ()
    """Words that must never leave: names, places."""
    language_mirror: bool = False
    """Whether notes on watch-list words are shown to the author after writing (REQ-57)."""
    support: str = ""
    """Whom the author turns to when a story stirs something up (REQ-13)."""
    revisit: bool = True
    """Whether earlier entries come up by themselves: at home, and where a question is asked again."""
    editor: str = ""
    """The command of the editor, before VISUAL and EDITOR."""
    aliases: Mapping[str, str] = {}
    """Commands of the person's own: the words that each stands for, as a shell would read them."""
    filters: Mapping[str, Mapping[str, str | int]] = {}
    """Filters kept under a name, each with the options of a command without their hyphens."""


class Places(NamedTuple):
    """The folders of one home and, in them, of one journal."""

    home: Path
    journal: Path
    """Folder of the journal: the home itself, or `journals/NAME` for a named one."""

    @property
    def database(self) -> Path:
        """Return the journal's one file."""
        return self.journal / "journal.db"

    @property
    def drafts(self) -> Path:
        """Return the folder of words that could not be stored yet."""
        return self.journal / "drafts"

    @property
    def backups(self) -> Path:
        """Return the folder of our own copies of the journal."""
        return self.journal / "backups"

    @property
    def drafts_key(self) -> Path:
        """Return the file of the public key to which drafts of an encrypted journal are sealed."""
        return self.journal / "drafts.pub"

    @property
    def packs(self) -> Path:
        """Return the folder of the person's or group's own packs of prompts."""
        return self.home / "packs"

    @property
    def settings(self) -> Path:
        """Return the file of settings a person may edit."""
        return self.home / "config.toml"


def places(journal: str = "") -> Places:
    """Return where things live: `REFLECT_HOME`, else the platform's data folder."""
    named = os.environ.get("REFLECT_HOME")
    home = Path(named).expanduser().resolve() if named else _data_folder()
    if not journal:
        return Places(home, home)
    if not _names_a_journal(journal):
        raise Refused(
            f"{journal!r} can't name a journal",
            why="a name is letters, digits and hyphens, at most 40",
            next_step="choose another name",
        )
    return Places(home, home / "journals" / journal)


def journals(home: Path) -> list[str]:
    """Return the names of the journals beside the first one."""
    return [
        path.parent.name for path in sorted(home.glob("journals/*/journal.db")) if _names_a_journal(path.parent.name)
    ]


def _names_a_journal(name: str) -> bool:
    return name.replace("-", "").isalnum() and len(name) <= 40


def _data_folder() -> Path:
    """Return the platform's folder for a person's data, as platformdirs names it."""
    stated = Path(os.environ.get("XDG_DATA_HOME") or Path(os.environ.get("HOME", ""), ".local/share"))
    if sys.platform == "linux" and stated.is_absolute():
        return stated / "reflect"  # the plain case, which need not load the library
    import platformdirs

    return Path(platformdirs.user_data_dir("reflect", appauthor=False))


def refuse_plain(here: Places) -> None:
    """Refuse to begin a plain journal where an encrypted one was."""
    if here.drafts_key.exists():
        raise Damaged(
            "the journal is gone, and it was encrypted",
            where=str(here.database),
            why="a plain one in its place would be taken for it",
            next_step=f"bring a copy back with `reflect restore FILE`, or remove {here.drafts_key} to begin afresh",
        )


def make_home(here: Places) -> None:
    """Make the journal's folder, private from the start, if the folder above the home exists."""
    if here.journal.is_dir():
        return
    if "REFLECT_HOME" in os.environ and not here.home.parent.is_dir():
        raise NotFound(
            f"there is no folder {here.home.parent}",
            why="REFLECT_HOME names a place inside it; a drive may be unplugged",
            next_step="plug it in, make the folder, or set REFLECT_HOME to another place",
        )
    private_folder(here.journal)


def private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for the owner alone (0700)."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        try:
            each.mkdir(mode=0o700)
        except FileExistsError:
            if not each.is_dir():
                raise
        else:
            each.chmod(0o700)  # the umask may have taken rights away from the owner, too


def our_data() -> Path:
    """Return the folder of packs, plans and themes that ships with this very package."""
    inside = Path(__file__).parent / "prompts"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "prompts"
