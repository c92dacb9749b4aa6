"""What a shell may offer while a command is typed: names of things, never the words of an entry.

Somebody may look on. Nothing is written, nothing is asked, and what can't be read offers nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from reflect import clean, config, drafts, ids
from reflect.bank import choose, shelf
from reflect.dates import in_words
from reflect.errors import ReflectError
from reflect.store import engine, glimpses


class Offer(NamedTuple):
    """One word that may stand here, and a few words on it."""

    word: str
    note: str = ""


class Names:
    """The names of one home and one of its journals."""

    def __init__(self, places: config.Places) -> None:
        """Look into these places when a name is wanted, and no sooner."""
        self.places = places

    def of(self, kind: str, beginning: str) -> list[Offer]:
        """Return what of a kind begins with these letters; whatever can't be read offers nothing."""
        offered: Callable[[str], Iterable[Offer]] = getattr(self, kind)
        found = []
        try:
            for each in offered(beginning):
                if _fits(each.word, beginning):
                    found.append(Offer(each.word, clean.line(each.note)))  # noqa: PERF401 - kept when the next one fails
        except (ReflectError, OSError, ValueError, LookupError, TypeError):
            return found
        return found

    # -- of the journal ---------------------------------------------------------------------

    def entries(self, beginning: str) -> Iterator[Offer]:
        """Yield the newest entries by id, with their date and what they are about."""
        with glimpses.looking(self.places.database) as db:
            found = glimpses.entries(db, beginning)
        yield from map(_glimpsed, found)

    def actions(self, beginning: str) -> Iterator[Offer]:
        """Yield actions by id, with their date and what they are about."""
        with glimpses.looking(self.places.database) as db:
            found = glimpses.actions(db, beginning)
        yield from map(_glimpsed, found)

    def open_actions(self, beginning: str) -> Iterator[Offer]:
        """Yield actions that are not closed yet, as the others."""
        with glimpses.looking(self.places.database) as db:
            found = glimpses.actions(db, beginning, only_open=True)
        yield from map(_glimpsed, found)

    def tags(self, _: str) -> Iterator[Offer]:
        """Yield the tags that entries have."""
        with glimpses.looking(self.places.database) as db:
            yield from map(Offer, glimpses.tags(db))

    def abouts(self, _: str) -> Iterator[Offer]:
        """Yield what entries are about."""
        with glimpses.looking(self.places.database) as db:
            yield from map(Offer, glimpses.abouts(db))

    def drafts(self, _: str) -> Iterator[Offer]:
        """Yield the drafts, which are named by when they were begun."""
        for path in drafts.every(self.places.drafts):
            yield Offer(path.stem)

    def copies(self, _: str) -> Iterator[Offer]:
        """Yield our own copies of the journal, the newest first."""
        for path in sorted(self.places.backups.glob("*.db"), reverse=True):
            yield Offer(path.name)

    # -- of the home ------------------------------------------------------------------------

    def journals(self, _: str) -> Iterator[Offer]:
        """Yield the journals that have a name."""
        yield from map(Offer, config.journals(self.places.home))

    def aliases(self, _: str) -> Iterator[Offer]:
        """Yield the person's own commands, each with what it stands for."""
        for name, words in self._settings.aliases.items():
            yield Offer(name, words)

    def filters(self, _: str) -> Iterator[Offer]:
        """Yield the saved filters, each with what it holds."""
        for name, options in self._settings.filters.items():
            yield Offer(name, ", ".join(f"{option} {value}" for option, value in options.items()))

    def kept_groups(self, _: str) -> Iterator[Offer]:
        """Yield the groups that are kept on this computer."""
        for path in sorted((self.places.home / "groups").glob("*/group.db")):
            with suppress(ReflectError, OSError), glimpses.looking(path, engine.GROUP_APPLICATION_ID) as db:
                yield Offer(glimpses.group(db))

    def joined_groups(self, _: str) -> Iterator[Offer]:
        """Yield the groups that this journal's author joined."""
        with glimpses.looking(self.places.database) as db:
            yield from map(Offer, glimpses.joined(db))

    def sessions(self, _: str) -> Iterator[Offer]:
        """Yield the sessions of every group that is kept here, with their day."""
        for path in sorted((self.places.home / "groups").glob("*/group.db")):
            with suppress(ReflectError, OSError), glimpses.looking(path, engine.GROUP_APPLICATION_ID) as db:
                for identity, held_at in glimpses.sessions(db):
                    yield Offer(identity, in_words(held_at))

    @cached_property
    def _settings(self) -> config.Settings:
        from reflect import settings

        return settings.read(self.places.settings)

    # -- of the bank ------------------------------------------------------------------------

    def themes(self, _: str) -> Iterator[Offer]:
        """Yield the themes of the codebook."""
        for each in _tables(config.our_data() / "themes.toml", "theme"):
            yield Offer(each["id"], each["name"])

    def changes_of_themes(self, beginning: str) -> Iterator[Offer]:
        """Yield themes to add with + before them, or to take away with -."""
        for each in self.themes(""):
            yield Offer(("-" if beginning.startswith("-") else "+") + each.word, each.note)

    def occasions(self, _: str) -> Iterator[Offer]:
        """Yield the occasions a question may fit."""
        for each in _tables(config.our_data() / "occasions.toml", "occasion"):
            yield Offer(each["id"], each["name"])

    def depths(self, _: str) -> Iterator[Offer]:
        """Yield the depths of questions, each with about how long an answer takes."""
        for name, minutes in choose.MINUTES.items():
            yield Offer(name, f"about {minutes} minutes")

    def prompts(self, _: str) -> Iterator[Offer]:
        """Yield the questions of every pack, ours and the person's own."""
        for path in shelf.files(self.places.packs):
            with suppress(OSError, ValueError, LookupError, TypeError):
                for each in _tables(path, "prompt"):
                    yield Offer(each["id"], each["text"])

    def lenses(self, _: str) -> Iterator[Offer]:
        """Yield the lenses."""
        for each in _tables(config.our_data() / "lenses.toml", "lens"):
            yield Offer(each["id"], each["title"])

    def plans(self, _: str) -> Iterator[Offer]:
        """Yield the plans of sessions, ours and the person's own."""
        for folder in (config.our_data() / "plans", self.places.home / "plans"):
            for path in sorted(folder.glob("*.toml")):
                with suppress(OSError, ValueError, LookupError, TypeError):
                    yield Offer(path.stem, _table(path)["plan"]["title"])


def _fits(word: str, beginning: str) -> bool:
    """Return whether a word begins so, and can stand on one line of a shell."""
    return word.isprintable() and word.casefold().startswith(beginning.casefold())


def _glimpsed(found: glimpses.Glimpse) -> Offer:
    about = f", {found.about}" if found.about else ""
    return Offer(ids.shown(found.id), in_words(found.at) + about)


def _table(path: Path) -> dict[str, Any]:
    if not path.is_file() or path.stat().st_size > shelf.LARGEST:
        return {}
    return tomllib.loads(path.read_bytes().decode("utf-8-sig"))


def _tables(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the tables of one name in a file; what is no table is left out."""
    for each in _table(path).get(name, ()):
        if isinstance(each, dict):
            yield each
