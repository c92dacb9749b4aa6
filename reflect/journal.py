"""One person's journal: the one thing that commands talk to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from reflect import config, dates, drafts, ids, intake
from reflect.bank import choose, shelf
from reflect.errors import Busy, Damaged, NotFound, ReflectError, Refused, StorageRefused
from reflect.models import Action, Asked, Entry, Filters, Found, Prompt, Version
from reflect.store import actions, consent, engine, entries, kept, rotation

if TYPE_CHECKING:
    from reflect.summary.roll_up import Summary
    from reflect.themes.suggest import Table

_AN_HOUR = 3600
_LIGHT = choose.Wishes(occasion="after-meeting", depth="light")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme's id, name and definition, for screens and checks."""

    id: str
    name: str
    definition: str
    origin: str


@dataclass(frozen=True, slots=True)
class Details:
    """What a person may say about an entry besides its words; all of it may be left out."""

    about: str = ""
    at: str = ""
    occasion: str = ""
    tags: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that is safely stored, and what the writer should know of how."""

    entry: Entry
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure reached: our own copies it rewrote, and those it could not."""

    entry: int
    copies: int
    out_of_reach: tuple[str, ...]


class Journal:
    """The entries of one person, in one file that is theirs alone."""

    def __init__(self, places: config.Places, now: datetime, *, seed: str = "") -> None:
        """Open the journal, or make it whole when there is none; `seed` decides among equal questions."""
        self.places = places
        self.now = now
        self._seed = seed
        if not places.database.exists():
            from reflect.store import migrations  # carries sqlite-utils, needed once in a journal's life

            config.make_home(places)
            migrations.create(places.database)
        self._db = engine.connect(places.database)
        if self._db.execute("PRAGMA user_version").fetchone()[0] < engine.SCHEMA:
            from reflect.store import migrations

            with engine.translated(places.database):
                migrations.upgrade(self._db, places.database, now)

    def __enter__(self) -> Self:
        """Return the journal; leaving the block closes its file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[engine.Connection]:
        """One whole change of the journal's file: all of it, or nothing."""
        with engine.write(self._db, self.places.database):
            yield self._db

    @contextmanager
    def reading(self) -> Iterator[engine.Connection]:
        """The journal's file for reading, its faults turned into our own errors."""
        with engine.translated(self.places.database):
            yield self._db

    # -- the bank ---------------------------------------------------------------------------

    @cached_property
    def bank(self) -> shelf.Bank:
        """Every question, checked once and kept ready until a pack's content changes."""
        paths = shelf.files(self.places.packs)
        stamp = shelf.stamp(paths)
        with self.reading() as db:
            ready = kept.get(db, "bank", stamp)
        if ready is not None:
            return shelf.from_json(ready)
        bank = shelf.read(paths, self.places.packs)
        self._keep_ready("bank", shelf.to_json(bank), stamp)
        return bank

    def ask(self, wishes: choose.Wishes, many: int = 1) -> list[choose.Chosen]:
        """Choose the next questions and record that they were served."""
        if not 1 <= many <= choose.MOST:
            raise Refused(
                f"{many} questions can't be served in one sitting",
                why=f"a sitting has one to {choose.MOST}, so that reflecting stays light",
                next_step=f"ask for -n {choose.MOST} or fewer",
            )
        self._check_wishes(wishes)
        chosen = self.preview(wishes, many)
        if not chosen:
            raise NotFound("no question fits all of that", next_step="leave out a theme, an occasion or a depth")
        self.serve([each.prompt for each in chosen])
        return chosen

    def preview(self, wishes: choose.Wishes | None = None, many: int = 1) -> list[choose.Chosen]:
        """Choose the next questions without serving them."""
        with self.reading() as db:
            served = rotation.history(db)
        times = {prompt: each.times for prompt, each in served.items()}
        return choose.choose(self.prompts(), times, wishes or choose.Wishes(), self.seed, many)

    def serve(self, prompts: Sequence[Prompt]) -> None:
        """Record that questions were shown; a skip leaves no other trace."""
        with self.change() as db:
            rotation.serve(db, [prompt.id for prompt in prompts], self._stamp)

    def prompts(self) -> tuple[Prompt, ...]:
        """Return the questions that are not retired."""
        with self.reading() as db:
            return self.bank.without(rotation.retired(rotation.changes(db)))

    def bank_changes(self) -> list[rotation.BankChange]:
        """Return what was added, retired and restored, by whom and why, oldest first."""
        with self.reading() as db:
            return rotation.changes(db)

    def retire(self, name: str, *, who: str, why: str) -> Prompt:
        """Take a question out of the rotation; it can be restored."""
        return self._change_bank(name, "retired", who, why)

    def restore(self, name: str, *, who: str, why: str) -> Prompt:
        """Put a retired question back."""
        return self._change_bank(name, "restored", who, why)

    def added(self, prompts: Iterable[Prompt], *, who: str, why: str) -> None:
        """Record that questions of one's own were added."""
        with self.change() as db:
            for prompt in prompts:
                rotation.note_change(db, rotation.BankChange(prompt.id, "added", self._stamp, who, why))

    def _change_bank(self, name: str, change: str, who: str, why: str) -> Prompt:
        prompt = self.bank.get(name)
        with self.change() as db:
            is_retired = prompt.id in rotation.retired(rotation.changes(db))
            if is_retired == (change == "retired"):
                state = "retired already" if is_retired else "not retired"
                raise Refused(f"{prompt.id} is {state}", next_step="see `reflect prompts list`")
            rotation.note_change(db, rotation.BankChange(prompt.id, change, self._stamp, who, why))
        return prompt

    def question_for_now(self, occasion: str = "") -> Prompt:
        """Return the question `ask` showed within the hour and nobody answered, else serve one light one."""
        if not occasion:
            with self.reading() as db:
                served = rotation.history(db)
            open_ones = [(each.last, prompt) for prompt, each in served.items() if not each.answered]
            if open_ones:
                last, prompt = max(open_ones)
                age = (self.now - datetime.fromisoformat(last)).total_seconds()
                known = {each.id: each for each in self.prompts()}
                if 0 <= age <= _AN_HOUR and prompt in known:
                    return known[prompt]
        wishes = replace(_LIGHT, occasion=occasion, depth="") if occasion else _LIGHT
        return self.ask(wishes)[0].prompt

    @cached_property
    def seed(self) -> str:
        """What decides among equal questions: `REFLECT_SEED`, else a number drawn once for this journal."""
        if self._seed:
            return self._seed
        with self.reading() as db:
            drawn = kept.get(db, "seed")
        if drawn is None:
            drawn = os.urandom(8).hex()
            self._keep_ready("seed", drawn)
        return drawn

    # -- themes and occasions ---------------------------------------------------------------

    @cached_property
    def _codebook(self) -> dict[str, list[list[str]]]:
        """The themes' and occasions' names, kept ready without the suggester's table."""
        stamp = shelf.stamp(self._codebook_files)
        with self.reading() as db:
            ready = kept.get(db, "codebook", stamp)
        if ready is None:
            from reflect.themes import codebook

            themes, occasions = self._codebook_files
            found = codebook.read(themes)
            ready = json.dumps(
                {
                    "themes": [[each.id, each.name, each.definition, each.origin] for each in found.theme],
                    "occasions": [
                        [each.id, each.name, each.when] for each in codebook.read_occasions(occasions).occasion
                    ],
                },
                ensure_ascii=False,
            )
            self._keep_ready("codebook", ready, stamp)
        names: dict[str, list[list[str]]] = json.loads(ready)
        return names

    @property
    def _codebook_files(self) -> tuple[Path, Path]:
        ours = config.our_data()
        return ours / "themes.toml", ours / "occasions.toml"

    @property
    def themes(self) -> list[Theme]:
        """The codebook's themes, in its order."""
        return [Theme(*each) for each in self._codebook["themes"]]

    @property
    def occasions(self) -> Mapping[str, str]:
        """Each occasion's id and name."""
        return {identity: name for identity, name, _ in self._codebook["occasions"]}

    @cached_property
    def _suggester(self) -> Table:
        from reflect.themes import suggest

        stamp = shelf.stamp(self._codebook_files[:1]) + suggest.VERSION
        with self.reading() as db:
            ready = kept.get(db, "suggester", stamp)
        if ready is None:
            from reflect.themes import codebook

            ready = json.dumps(suggest.compiled(codebook.read(self._codebook_files[0])), ensure_ascii=False)
            self._keep_ready("suggester", ready, stamp)
        table: Table = json.loads(ready)
        return table

    def theme(self, name: str) -> str:
        """Return a theme's id from its id or the beginning of it; another is refused with those there are."""
        known = [theme.id for theme in self.themes]
        like = [each for each in known if each == name.lower()] or [
            each for each in known if name and each.startswith(name.lower())
        ]
        if len(like) == 1:
            return like[0]
        raise NotFound(
            f"there is no theme {name!r}", why="there are " + ", ".join(known), next_step="choose one of them"
        )

    def occasion(self, name: str) -> str:
        """Return an occasion's id from its id or the beginning of it; another is refused with those there are."""
        like = [each for each in self.occasions if each == name.lower()] or [
            each for each in self.occasions if name and each.startswith(name.lower())
        ]
        if len(like) == 1:
            return like[0]
        raise NotFound(
            f"there is no occasion {name!r}",
            why="there are " + ", ".join(self.occasions),
            next_step="choose one of them",
        )

    def _check_wishes(self, wishes: choose.Wishes) -> None:
        if wishes.theme:
            self.theme(wishes.theme)
        if wishes.occasion:
            self.occasion(wishes.occasion)

    def retheme(self, entry: Entry, added: Sequence[str], removed: Sequence[str]) -> Entry:
        """Record the author's own choice of themes, which no suggestion overrides."""
        with self.change() as db:
            entries.choose_themes(db, entry.id, added, removed)
        return self.entry(entry.id)

    def refresh_suggestions(self) -> int:
        """Suggest themes anew for every entry; return how many entries there were."""
        from reflect.themes import suggest

        done = 0
        with self.change() as db:
            for entry in list(entries.find(db, Filters())):
                found = suggest.suggest(entry.text, self._suggester)
                entries.suggest(db, entry.id, entry.version, found, suggest.VERSION)
                done += 1
        return done

    # -- writing ----------------------------------------------------------------------------

    def check(self, details: Details) -> Details:
        """Return what was said about an entry in the form it is stored, or refuse it before anything is written."""
        if details.at:
            dates.moment(details.at, self.now)
        return Details(
            about=intake.short(details.about, "what it is about"),
            at=details.at,
            occasion=self.occasion(details.occasion) if details.occasion else "",
            tags=tuple(dict.fromkeys(intake.tag(each) for each in details.tags)),
            themes=tuple(dict.fromkeys(self.theme(each) for each in details.themes)),
        )

    def write(
        self,
        taken: intake.Taken,
        details: Details,
        prompt: Prompt | None = None,
        answers: Sequence[tuple[int, int] | None] | None = None,
    ) -> Written:
        """Store one entry; words that can't be stored go to a private draft, and the error says where."""
        if not taken.text.strip():
            raise Refused("there is nothing to save", why="no words came in", next_step="write a sentence or two")
        details = self.check(details)
        try:
            return self._store(taken, details, prompt, answers)
        except (StorageRefused, Busy, Damaged) as error:
            self._rescue(error, taken.text, details, prompt)
            raise

    def _store(
        self,
        taken: intake.Taken,
        details: Details,
        prompt: Prompt | None,
        answers: Sequence[tuple[int, int] | None] | None,
    ) -> Written:
        from reflect.themes import suggest

        happened, precision = dates.moment(details.at, self.now) if details.at else (self.now, "minute")
        asked = Asked(prompt.id, prompt.text, prompt.parts, tuple(answers) if answers else None) if prompt else None
        entry = Entry(
            id=ids.new(),
            version=1,
            text=taken.text,
            asked=asked,
            about=details.about,
            occasion=details.occasion,
            happened_at=happened.isoformat(),
            precision=precision,
            written_at=self._stamp,
            zone=dates.zone_name(),
            tags=details.tags,
            themes=(),
        )
        found = suggest.suggest(entry.text, self._suggester)
        with self.change() as db:
            latest = db.execute("SELECT max(happened), happened_at FROM entry").fetchone()[1]
            entries.add(
                db,
                entry,
                author_themes=details.themes,
                prompt_theme=prompt.theme if prompt else "",
                suggestions=found,
                suggester=suggest.VERSION,
            )
            if prompt:
                rotation.answered(db, prompt.id)
            stored = entries.get(db, entry.id)
        remarks = [*taken.remarks]
        if taken.raw:
            remarks.append(f"the bytes as they came are in {self._keep_raw(entry.id, taken.raw)}")
        if latest and not details.at and datetime.fromisoformat(latest) > self.now:
            remarks.append("your clock is behind your latest entry; this one is stored with the clock's time")
        return Written(stored, tuple(remarks))

    def _rescue(self, error: ReflectError, text: str, details: Details, prompt: Prompt | None) -> None:
        """Put words that could not be stored where their writer finds them again."""
        options = draft_options(details, prompt)
        try:
            path = drafts.keep(self.places.drafts, self.now, text, options)
        except OSError:
            error.changed = "The entry was not saved, and there is no room for a draft; these are your words:\n" + text
        else:
            error.changed = f"The entry was not saved; your words are in {path}"

    def _keep_raw(self, entry: int, raw: bytes) -> Path:
        from reflect.files import write_private

        config.private_folder(self.places.drafts)
        path = self.places.drafts / f"{self.now:%Y-%m-%d-%H%M%S}-{ids.shown(entry)}.raw"
        write_private(path, raw)
        return path

    def draft(self, details: Details, prompt: Prompt | None) -> drafts.Draft:
        """Begin a draft for what will be typed."""
        return drafts.Draft(self.places.drafts, self.now, draft_options(details, prompt))

    def edit(self, entry: Entry, taken: intake.Taken) -> Entry | None:
        """Give an entry new words, keeping the old ones as a version; None when nothing differs."""
        if not taken.text.strip():
            raise Refused(
                "there is nothing to save",
                why="an edit to nothing is no edit",
                next_step=f"to remove the entry, `reflect erase {ids.shown(entry.id)}`",
            )
        if taken.text == entry.text:
            return None
        from reflect.themes import suggest

        found = suggest.suggest(taken.text, self._suggester)
        try:
            with self.change() as db:
                entries.revise(db, entry, taken.text, self._stamp)
                entries.suggest(db, entry.id, entry.version + 1, found, suggest.VERSION)
        except (StorageRefused, Busy, Damaged) as error:
            self._rescue(error, taken.text, Details(about=entry.about), None)
            raise
        return self.entry(entry.id)

    def erase(self, entry: Entry) -> Erased:
        """Remove an entry for good: from the file, its index, its history, drafts and our own copies."""
        with self.change() as db:
            consent.withdraw_entry(db, entry.id, self._stamp)
            entries.erase(db, entry.id)
        for path in drafts.every(self.places.drafts):
            if ids.shown(entry.id) in path.name:
                path.unlink()
        rewritten, out_of_reach = 0, []
        for copy in sorted(self.places.backups.glob("*.db")):
            try:
                rewritten += _erase_from(copy, entry.id)
            except (ReflectError, OSError) as error:
                out_of_reach.append(f"{copy}: {error}")
        return Erased(entry.id, rewritten, tuple(out_of_reach))

    # -- reading ----------------------------------------------------------------------------

    def named(self, beginning: str) -> Entry:
        """Return the one entry whose id begins with these signs."""
        with self.reading() as db:
            like = entries.matching(db, beginning)
            if not like:
                raise NotFound(f"there is no entry {beginning!r}", next_step="see `reflect list`")
            if len(like) > 1:
                raise Refused(
                    f"more than one entry begins with {beginning!r}",
                    why=", ".join(map(ids.shown, like)),
                    next_step="give one more sign",
                )
            return entries.get(db, like[0])

    def entry(self, number: int) -> Entry:
        """Return an entry by its number."""
        with self.reading() as db:
            return entries.get(db, number)

    def find(self, filters: Filters, *, newest_first: bool = True) -> Iterator[Entry]:
        """Yield the entries that pass the filters."""
        with self.reading() as db:
            yield from entries.find(db, filters, newest_first=newest_first)

    def narrowed(self, filters: Filters) -> Filters:
        """Return filters with their theme and question found by the beginnings of their names."""
        return replace(
            filters,
            theme=self.theme(filters.theme) if filters.theme else "",
            prompt=self.bank.get(filters.prompt).id if filters.prompt else "",
        )

    def size(self) -> int:
        """Return how many entries there are."""
        with self.reading() as db:
            return entries.count(db)

    def search(self, typed: str, filters: Filters) -> Iterator[Found]:
        """Yield entries that hold the words, best first."""
        with self.reading() as db:
            for entry, snippet in entries.search(db, typed, filters):
                yield Found(entry, snippet)

    def versions(self, entry: Entry) -> list[Version]:
        """Return every wording of an entry, oldest first."""
        with self.reading() as db:
            return entries.versions(db, entry.id)

    def drafts(self) -> list[Path]:
        """Return the drafts that were kept, oldest first."""
        return drafts.every(self.places.drafts)

    # -- actions ----------------------------------------------------------------------------

    def offer(self, text: str, *, due: str = "", entry: Entry | None = None) -> Action:
        """Keep something the writer offers to do, with a day if they name one."""
        said = intake.short(text, "an action")
        if not said:
            raise Refused("there is nothing to offer", why="no words came in", next_step="say it in a sentence")
        day = dates.day(due, self.now, ahead=True) if due else ""
        action = Action(ids.new(), said, entry.id if entry else None, self._stamp, day, "open", "", "")
        with self.change() as db:
            actions.add(db, action)
        return action

    def actions(self, *, only_open: bool = True) -> list[Action]:
        """Return what was offered, nearest date first."""
        with self.reading() as db:
            return actions.find(db, only_open=only_open)

    def close_action(self, beginning: str, state: str, note: str) -> Action:
        """Close an action as kept, changed or dropped, with a word of why; none is a failure."""
        with self.change() as db:
            action = actions.get(db, beginning)
            actions.close(db, action.id, state, self._stamp, intake.short(note, "the note"))
            return actions.get(db, ids.shown(action.id))

    # -- the whole --------------------------------------------------------------------------

    def summary(self, filters: Filters, period: str = "") -> Summary:
        """Roll up the journal by theme, for its writer's own eyes."""
        from reflect.summary import roll_up

        with self.reading() as db:
            return roll_up.roll_up(
                entries=lambda chosen: entries.find(db, chosen, newest_first=False),
                filters=filters,
                period=period,
                themes=[(theme.id, theme.name) for theme in self.themes],
                actions=actions.find(db, only_open=True),
                prompts=self.prompts(),
                answered=rotation.ever_answered(db),
            )

    def check_summary(self, summary: Summary) -> None:
        """Compare every quotation with the words as they are stored now; one that differs stops the output."""
        from reflect.summary import roll_up

        def wording(entry: int, version: int) -> str:
            return next(each.text for each in self.versions(self.entry(entry)) if each.number == version)

        roll_up.check(summary, wording)

    def first_time(self, what: str) -> bool:
        """Return whether this is the first time, and remember that it was."""
        with self.reading() as db:
            if kept.get(db, what) is not None:
                return False
        self._keep_ready(what, self._stamp)
        return True

    @property
    def _stamp(self) -> str:
        return self.now.isoformat()

    def _keep_ready(self, name: str, value: str, stamp: str = "") -> None:
        """Keep a value for next time; a journal that can't be written is still read."""
        try:
            with self.change() as db:
                kept.put(db, name, value, stamp)
        except (StorageRefused, Busy):
            pass


def draft_options(details: Details, prompt: Prompt | None) -> dict[str, object]:
    """Return what a draft remembers besides its words."""
    return {
        "prompt": prompt.id if prompt else "",
        "about": details.about,
        "at": details.at,
        "occasion": details.occasion,
        "tags": list(details.tags),
        "themes": list(details.themes),
    }


def _erase_from(copy: Path, entry: int) -> bool:
    """Erase an entry from one of our copies; return whether it was there."""
    db = engine.connect(copy)
    try:
        with engine.translated(copy):
            if not entries.holds(db, entry):
                return False
        with engine.write(db, copy):
            entries.erase(db, entry)
    finally:
        db.close()
    return True
