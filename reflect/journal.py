"""One person's journal: the one thing that commands talk to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Self

from reflect import config, dates, drafts, ids, intake
from reflect.bank import choose, shelf
from reflect.errors import Busy, Interrupted, NotFound, ReflectError, Refused, StorageRefused
from reflect.models import Action, Asked, Entry, Filters, Found, Layer, Meeting, Prompt, Version
from reflect.store import actions, engine, entries, kept, rotation

if TYPE_CHECKING:
    from reflect.bank.packs import Pack
    from reflect.store import backups
    from reflect.summary.roll_up import Summary
    from reflect.themes.suggest import Table

_AN_HOUR = 3600
_A_MOMENT = 200  # milliseconds; what is only kept ready is not worth a longer wait for another reflect
_A_FEW = 5  # actions shown before an entry; more would be a list to work off
_LIGHT = choose.Wishes(occasion="after-meeting", depth="light")


class Theme(NamedTuple):
    """A theme's id, name and definition, for screens and checks."""

    id: str
    name: str
    definition: str
    origin: str


class Details(NamedTuple):
    """What a person may say about an entry besides its words; all of it may be left out."""

    about: str = ""
    at: str = ""
    occasion: str = ""
    tags: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    meeting: Meeting | None = None
    """The meeting of a calendar it is about."""
    undone: str = ""
    """Id of the entry that these words were, before `undo` took it back; it gets the same again."""


class Written(NamedTuple):
    """An entry that is safely stored, what its lines offer to do, and what the writer should know of how."""

    entry: Entry
    remarks: tuple[str, ...]
    offered: tuple[Action, ...] = ()


class Remains(NamedTuple):
    """What is left of an entry that is in the journal no more: our copies and the drafts that hold its words."""

    id: int
    copies: tuple[Path, ...]
    drafts: tuple[Path, ...]


class Erased(NamedTuple):
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
            config.refuse_plain(places)
            from reflect.store import migrations  # carries sqlite-utils, needed once in a journal's life

            config.make_home(places)
            migrations.create(places.database)
        self._db = engine.connect(places.database)
        if self._db.execute("PRAGMA user_version").fetchone()[0] < engine.SCHEMA:
            from reflect.store import migrations

            with engine.translated(places.database):
                migrations.upgrade(self._db, places.database, now)
        if self._db.key is not None:
            self._look_after_encryption()

    def __enter__(self) -> Self:
        """Return the journal; leaving the block closes its file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._db.close()

    def _look_after_encryption(self) -> None:
        """See to it that drafts have a key, and that nothing of encrypting was left half done."""
        with self.reading() as db:
            keys = kept.named(db, kept.DRAFTS)
            unfinished = kept.get(db, kept.SEALING) is not None
        if unfinished or drafts.public_key(self.places.drafts) not in keys:
            from reflect import locking

            locking.look_after(self._db, self.places, unfinished=unfinished)

    @contextmanager
    def change(self) -> Iterator[engine.Connection]:
        """One whole change of the journal's file: all of it, or nothing."""
        with engine.write(self._db, self.places.database):
            yield self._db

    @contextmanager
    def reading(self) -> Iterator[engine.Connection]:
        """The journal's file for reading, its faults turned into our own errors."""
        with engine.translated(self.places.database, self._db):
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
        bank = shelf.read(paths, self.places.packs, self._theme_ids, self.occasions)
        self.keep_ready("bank", shelf.to_json(bank), stamp)
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
        self.serve([each.prompt for each in chosen], for_group=wishes.for_group)
        return chosen

    def preview(self, wishes: choose.Wishes | None = None, many: int = 1) -> list[choose.Chosen]:
        """Choose the next questions without serving them."""
        wishes = wishes or choose.Wishes()
        with self.reading() as db:
            served = rotation.history(db, _whose(wishes.for_group))
        times = {prompt: each.times for prompt, each in served.items()}
        return choose.choose(self.prompts(), times, wishes, self.seed, many)

    def serve(self, prompts: Sequence[Prompt], *, for_group: bool = False) -> None:
        """Record that questions were shown; a skip leaves no other trace."""
        with self.change() as db:
            rotation.serve(db, [prompt.id for prompt in prompts], self._stamp, _whose(for_group))
            if not for_group:
                kept.put(db, "sitting", json.dumps([prompt.id for prompt in prompts]))

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

    def check_pack(self, file: Path) -> Pack:
        """Return a pack of one's own if it could be used here, or say which file, prompt and field is wrong."""
        from reflect.bank import own, packs

        return own.check(packs.contents(file), file.name, self.bank, self._theme_ids, self.occasions)

    def add_pack(self, file: Path, *, who: str, why: str) -> Pack:
        """Put a pack of one's own on the shelf, and record which questions came with it."""
        from reflect.bank import own

        who, why = _signed(who, why)
        bank, themes, occasions = self.bank, self._theme_ids, self.occasions
        with self.change() as db:
            pack = own.add(file, self.places.packs, bank, themes, occasions)
            for prompt in pack.prompts():
                rotation.note_change(db, rotation.BankChange(prompt.id, "added", self._stamp, who, why))
        return pack

    def _change_bank(self, name: str, change: str, who: str, why: str) -> Prompt:
        who, why = _signed(who, why)
        prompt = self.bank.get(name)
        with self.change() as db:
            is_retired = prompt.id in rotation.retired(rotation.changes(db))
            if is_retired == (change == "retired"):
                state = "retired already" if is_retired else "not retired"
                raise Refused(f"{prompt.id} is {state}", next_step="see `reflect prompts packs`")
            rotation.note_change(db, rotation.BankChange(prompt.id, change, self._stamp, who, why))
        return prompt

    def support(self) -> list[str]:
        """Return whom to turn to when a story stirs something up, as the groups that were joined say (REQ-13)."""
        from reflect.store import consent

        with self.reading() as db:
            joined = [json.loads(each.invitation) for each in consent.memberships(db)]
        return [f"{each['support']} ({each['name']})" for each in joined if each.get("support")]

    def question_for_now(self, occasion: str = "") -> Prompt:
        """Return the first question `ask` showed within the hour that has no answer yet, else serve one light one."""
        with self.reading() as db:
            sitting = kept.get(db, "sitting")
            served = rotation.history(db)
        known = {each.id: each for each in self.prompts()}
        for name in json.loads(sitting) if sitting else ():
            last = served[name]
            age = (self.now - datetime.fromisoformat(last.last)).total_seconds()
            fits = name in known and (not occasion or occasion in known[name].occasions)
            if fits and not last.answered and 0 <= age <= _AN_HOUR:
                return known[name]
        wishes = _LIGHT._replace(occasion=occasion, depth="") if occasion else _LIGHT
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
            self.keep_ready("seed", drawn)
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
            self.keep_ready("codebook", ready, stamp)
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
    def _theme_ids(self) -> list[str]:
        return [theme.id for theme in self.themes]

    @property
    def occasions(self) -> Mapping[str, str]:
        """Each occasion's id and name."""
        return {identity: name for identity, name, _ in self._codebook["occasions"]}

    @cached_property
    def suggester(self) -> Table:
        """What themes are suggested by: the codebook and what was learnt, kept ready in the journal."""
        from reflect.themes import suggest

        themes, learnt = self._codebook_files[0], config.our_data() / "learnt.json"
        stamp = shelf.stamp((themes, learnt)) + suggest.VERSION
        with self.reading() as db:
            ready = kept.get(db, "suggester", stamp)
        if ready is None:
            from reflect.themes import codebook

            made = suggest.compiled(codebook.read(themes), json.loads(learnt.read_bytes()))
            ready = json.dumps(made, ensure_ascii=False)
            self.keep_ready("suggester", ready, stamp)
        table: Table = json.loads(ready)
        return table

    def theme(self, name: str) -> str:
        """Return a theme's id from its id or the beginning of it; another is refused with those there are."""
        known = self._theme_ids
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
        from reflect.store import undo

        wished = dict.fromkeys(removed, "removed") | dict.fromkeys(added, "author")
        with self.change() as db:
            before = entries.choices(db, entry.id)
            was = {
                ("+" if by == "author" else "-") + theme: before.get(theme, "")
                for theme, by in wished.items()
                if before.get(theme) != by
            }
            entries.choose_themes(db, entry.id, added, removed)
            if was:
                undo.note(db, "theme", self._stamp, entry=entry.id, labels=was)
        return self.entry(entry.id)

    def retag(self, entry: Entry, added: Sequence[str], removed: Sequence[str]) -> Entry:
        """Give an entry tags and take some away."""
        from reflect.store import undo

        new, gone = dict.fromkeys(map(intake.tag, added)), dict.fromkeys(map(intake.tag, removed))
        with self.change() as db:
            there = entries.get(db, entry.id).tags
            come = [tag for tag in new if tag not in there]
            go = [tag for tag in gone if tag in there and tag not in new]
            entries.retag(db, entry.id, come, go)
            changed = ["+" + tag for tag in come] + ["-" + tag for tag in go]
            if changed:
                undo.note(db, "tag", self._stamp, entry=entry.id, labels=dict.fromkeys(changed, ""))
        return self.entry(entry.id)

    def prepare_to_suggest(self) -> None:
        """Have at hand what suggests themes; what is kept ready can't be kept while something else is changed."""
        self.suggester  # noqa: B018 - reading it is what makes it

    def suggest_anew(self, db: engine.Connection, entry: Entry) -> None:
        """Suggest themes for an entry's present words, within a change that was prepared for it."""
        from reflect.themes import suggest

        entries.suggest(db, entry.id, entry.version, suggest.suggest(entry.text, self.suggester), suggest.VERSION)

    def refresh_suggestions(self) -> int:
        """Suggest themes anew for every entry; return how many entries there were."""
        from reflect.themes import suggest

        done = 0
        with self.change() as db:
            for entry in list(entries.find(db, Filters())):
                found = suggest.suggest(entry.text, self.suggester)
                entries.suggest(db, entry.id, entry.version, found, suggest.VERSION)
                done += 1
        return done

    # -- writing ----------------------------------------------------------------------------

    def check(self, details: Details) -> Details:
        """Return what was said about an entry in the form it is stored, or refuse it before anything is written."""
        at = details.at
        if at:  # a draft that is resumed another day must not move "yesterday" with it
            when, precision = dates.moment(at, self.now)
            at = when.date().isoformat() if precision == "day" else when.isoformat()
        return Details(
            about=intake.short(details.about, "what it is about"),
            at=at,
            occasion=self.occasion(details.occasion) if details.occasion else "",
            tags=tuple(dict.fromkeys(intake.tag(each) for each in details.tags)),
            themes=tuple(dict.fromkeys(self.theme(each) for each in details.themes)),
            meeting=details.meeting,
            undone=details.undone,
        )

    def write(
        self,
        taken: intake.Taken,
        details: Details,
        prompt: Prompt | None = None,
        answers: Sequence[tuple[int, int] | None] | None = None,
        *,
        draft: Path | None = None,
    ) -> Written:
        """Store one entry; words that can't be stored are in a private draft, and the error says where.

        `draft` is the draft that holds them already.
        """
        if not taken.text.strip():
            raise Refused("there is nothing to save", why="no words came in", next_step="write a sentence or two")
        details = self.check(details)
        number = self._number(details)
        with self.rescuing(taken.text, draft_options(details, prompt), draft, lambda: entries.holds(self._db, number)):
            return self._store(number, taken, details, prompt, answers)

    def _number(self, details: Details) -> int:
        """Return a fresh id, or the one an entry had before it was taken back, by which our copies know it."""
        if details.undone:
            with suppress(Refused), self.reading() as db:
                number, last = ids.span(details.undone)
                if number == last and not entries.holds(db, number) and number not in entries.erased(db):
                    return number
        return ids.new()

    def _store(
        self,
        number: int,
        taken: intake.Taken,
        details: Details,
        prompt: Prompt | None,
        answers: Sequence[tuple[int, int] | None] | None,
    ) -> Written:
        from reflect import offers
        from reflect.store import undo
        from reflect.themes import suggest

        happened, precision = dates.moment(details.at, self.now) if details.at else (self.now, "minute")
        asked = Asked(prompt.id, prompt.text, prompt.parts, tuple(answers) if answers else None) if prompt else None
        entry = Entry(
            id=number,
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
        found = suggest.suggest(entry.text, self.suggester)
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
            if details.meeting:
                from reflect.store import meetings

                meetings.add(db, entry.id, details.meeting)
            if prompt:
                rotation.answered(db, prompt.id)
            step = undo.note(db, "write", self._stamp, entry=entry.id)
            offered: tuple[Action, ...] = ()
            if offers.may_offer(entry.text):
                from reflect.offered import from_lines

                offered = from_lines(db, entry, self.now, step)
            stored = entries.get(db, entry.id)
        remarks = self.remarks(entry, taken)
        if latest and not details.at and datetime.fromisoformat(latest) > self.now:
            remarks.append("your clock is behind your latest entry; this one is stored with the clock's time")
        return Written(stored, tuple(remarks), offered)

    @contextmanager
    def rescuing(
        self,
        text: str,
        options: dict[str, object],
        draft: Path | None,
        is_stored: Callable[[], bool],
        what: str = "The entry",
    ) -> Iterator[None]:
        """Whatever stops words from being stored, leave them where their writer finds them again, and say where."""
        try:
            yield
        except ReflectError as error:
            if error.changed:
                error.changed = f"{what} was not saved. {self._rescued(text, options, draft)}"
            else:  # whether it was is not known
                error.changed = self._rescued(text, options, draft)
            raise
        except KeyboardInterrupt:
            if not is_stored():
                raise Interrupted("stopped, not saved", changed=self._rescued(text, options, draft)) from None
            if draft:
                drafts.discard(draft)
            raise Interrupted("stopped, but your words had been saved", changed="") from None
        except UnicodeEncodeError as error:
            raise Refused(
                "half a letter can't be stored",
                why=f"a lone surrogate stands at place {error.start}",
                next_step="take the words in as text or bytes with reflect.intake",
                changed=f"{what} was not saved. {self._rescued(text, options, draft)}",
            ) from None
        except Exception as error:
            error.add_note(self._rescued(text, options, draft))
            raise

    def _rescued(self, text: str, options: dict[str, object], draft: Path | None) -> str:
        if draft:
            with suppress(OSError):
                draft = drafts.put_away(draft)
            return f"Your words are in the draft {draft}"
        return keep_words(self.places, self.now, text, options)

    def take(self, stream: BinaryIO, options: dict[str, object]) -> intake.Taken:
        """Read words from a pipe; what came of too much, or before it was stopped, is kept, and the error says where.

        `options` is what a draft would remember besides the words.
        """
        try:
            return intake.from_stream(stream)
        except intake.CutOff as error:
            text = intake.from_bytes(error.begun).text
            if text.strip():
                error.changed = keep_words(self.places, self.now, text, options)
            raise
        except intake.TooMuch as error:
            where = self._keep_bytes(os.urandom(2).hex(), error.begun)
            error.changed = f"Nothing was saved. The first {intake.LARGEST:,} bytes {where}"
            raise

    def remarks(self, entry: Entry, taken: intake.Taken) -> list[str]:
        """Return what the writer should know of how words were taken in; bytes that were no text are kept beside."""
        if not taken.raw:
            return [*taken.remarks]
        return [*taken.remarks, f"the bytes as they came {self._keep_bytes(ids.shown(entry.id), taken.raw)}"]

    def _keep_bytes(self, name: str, raw: bytes) -> str:
        try:
            path = drafts.keep_bytes(self.places.drafts, self.now, name, raw)
        except OSError as error:
            return f"could not be kept ({error.strerror})"
        return f"are in {path}"

    @cached_property
    def draft_keys(self) -> tuple[str, ...]:
        """The secret keys that open sealed drafts; a journal that was never encrypted has none."""
        with self.reading() as db:
            return tuple(kept.named(db, kept.DRAFTS).values())

    def draft(self, details: Details, prompt: Prompt | None, entry: Entry | None = None) -> drafts.Draft:
        """Begin a draft for what will be typed; `entry` is the one that gets these new words."""
        return drafts.Draft(self.places.drafts, self.now, draft_options(details, prompt, entry))

    def page(self, words: str, options: dict[str, object], below: str = "") -> Path:
        """Make a page for an editor, which is a draft until its words are stored."""
        try:
            return drafts.page(self.places.drafts, self.now, words, options, below)
        except OSError as error:
            why, next_step = error.strerror or str(error), "free some space, or make the folder yours to write"
            raise StorageRefused(
                "no page can be made", where=str(self.places.drafts), why=why, next_step=next_step
            ) from None

    def edit(self, entry: Entry, taken: intake.Taken, *, draft: Path | None = None) -> Entry | None:
        """Give an entry new words, keeping the old ones as a version; None when nothing differs.

        `draft` is the draft that holds the new words already.
        """
        if not taken.text.strip():
            raise Refused(
                "there is nothing to save",
                why="an edit to nothing is no edit",
                next_step=f"to remove the entry, `reflect erase {ids.shown(entry.id)}`",
            )
        if taken.text == entry.text:
            return None
        from reflect.themes import suggest

        def is_stored() -> bool:
            return self.entry(entry.id).text == taken.text

        from reflect import offers
        from reflect.store import undo

        options = draft_options(Details(about=entry.about), None, entry)
        with self.rescuing(taken.text, options, draft, is_stored):
            found = suggest.suggest(taken.text, self.suggester)
            with self.change() as db:
                version = entries.revise(db, entry, taken.text, self._stamp)
                entries.suggest(db, entry.id, version, found, suggest.VERSION)
                step = undo.note(db, "edit", self._stamp, entry=entry.id, before=entry.version, after=version)
                if offers.may_offer(entry.text + taken.text):
                    from reflect.offered import follow_lines

                    follow_lines(db, entry, taken.text, self.now, step)
        return self.entry(entry.id)

    def remains(self, name: str) -> Remains | None:
        """Return what is left of an entry that the journal has no more, from its whole id; None where nothing is."""
        from reflect.store import backups

        low, high = ids.span(name)
        if low != high:  # only a whole id is sure to mean one entry
            return None
        kept_in = [path for path in drafts.every(self.places.drafts) if self._belongs(path, low)]
        copies = backups.with_entry(self._db, self.places.database, low)
        return Remains(low, tuple(copies), tuple(kept_in)) if copies or kept_in else None

    def erase(self, entry: Entry | Remains) -> Erased:
        """Remove an entry for good: from the file, its index, its history, drafts and our own copies.

        The journal comes last, so that an erasure that was cut off can be done again.
        """
        from reflect.store import backups, consent

        out_of_reach = []
        for path in drafts.every(self.places.drafts):
            try:
                if ids.shown(entry.id) in path.name or self._belongs(path, entry.id):
                    drafts.discard(path)
            except OSError as error:
                out_of_reach.append(f"{path}: {error.strerror}")
            except ReflectError as error:
                out_of_reach.append(f"{path}: {error.why}")
        for path in backups.parts(self.places.journal, self.places.backups, self.places.drafts):
            try:
                backups.remove(path)
            except OSError as error:
                out_of_reach.append(f"{path}: {error.strerror}")
        rewritten, unreached = backups.erase_everywhere(self._db, self.places.database, [entry.id], self._stamp)
        with self.change() as db:
            consent.withdraw_entry(db, entry.id, self._stamp)
            entries.erase(db, entry.id, self._stamp)
            kept.put(db, kept.ERASING, self._stamp)
        # Once more for a copy that another reflect made meanwhile; from now on each copier sees the tombstone.
        again, unreached = backups.erase_everywhere(self._db, self.places.database, [entry.id], self._stamp)
        try:
            self.finish_erasing()
        except (Busy, StorageRefused) as error:
            raise Busy(
                "erased, but pieces of it may be left in the file",
                where=str(self.places.database),
                why=error.why,
                next_step="`reflect doctor --rebuild-index` when no other reflect is open and the disk has room",
                changed="The entry is gone from the journal.",
            ) from error
        return Erased(entry.id, rewritten + again, (*out_of_reach, *unreached))

    def backup(self, target: Path | None = None, *, plain_text: bool = False) -> backups.Verified:
        """Copy the journal into its backups folder, or to a folder or a free name elsewhere; return the copy."""
        from reflect.store import backups

        return backups.make(self._db, self.places.database, self.now, target=target, plain_text=plain_text)

    @property
    def is_encrypted(self) -> bool:
        """Whether the journal's file is encrypted."""
        return self._db.key is not None

    def forget_copy(self, path: Path) -> None:
        """Forget a copy that was made elsewhere and is no more, so that erasing does not look for it."""
        from reflect.store import backups

        backups.forget(self._db, self.places.database, path.expanduser().absolute())

    def copy_before(self, what: str) -> Path | None:
        """Copy the journal before something that changes much of it; None while it holds no entries."""
        from reflect.store import backups

        if not self.size():
            return None
        return backups.make(self._db, self.places.database, self.now, f"before-{what}").path

    def rebuild_index(self) -> None:
        """Make the search index anew from the entries, and finish an erasure that was cut off."""
        with self.change() as db:
            entries.rebuild_index(db)
        self.finish_erasing()

    def finish_erasing(self) -> None:
        """Write the file anew without the pieces of what was removed, which it keeps in mind until then."""
        engine.compact(self._db, self.places.database)
        with self.change() as db:
            kept.drop(db, kept.ERASING)

    def _belongs(self, path: Path, number: int) -> bool:
        """Return whether a draft holds words of this entry."""
        keys = self.draft_keys if path.suffix == drafts.SEALED else ()
        said = drafts.read(path, keys).options
        return ids.shown(number) in (said.get("entry"), said.get("undone"))

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

    def offer(
        self, text: str, *, due: str = "", entry: Entry | None = None, about: str = "", intended: str = ""
    ) -> Action:
        """Keep something the writer offers to do, with a day if they name one."""
        from reflect import offers
        from reflect.store import undo

        said = intake.short(text, "an action")
        if not said:
            raise Refused("there is nothing to offer", why="no words came in", next_step="say it in a sentence")
        day = dates.day(due, self.now, ahead=True) if due else ""
        if not due:
            said, day = offers.read(said, self.now)
        action = Action(
            id=ids.new(),
            text=said,
            entry=entry.id if entry else None,
            offered_at=self._stamp,
            due=day,
            state="open",
            closed_at="",
            note="",
            about=intake.short(about, "what it is about") or (entry.about if entry else ""),
            intended=intake.short(intended, "what it is meant to bring about"),
        )
        with self.change() as db:
            actions.add(db, action)
            undo.note(db, "offer", self._stamp, action=action.id)
        return action

    def actions(self, *, only_open: bool = True) -> list[Action]:
        """Return what was offered, nearest date first."""
        with self.reading() as db:
            return actions.find(db, only_open=only_open)

    def actions_due(self) -> list[Action]:
        """Return what is open and offered for today or a day before."""
        with self.reading() as db:
            return actions.due(db, self.now.date().isoformat())

    def actions_about(self, details: Details) -> list[Action]:
        """Return what is open about the same thing, or from an entry with one of the same tags; a few at most."""
        if not details.about and not details.tags:
            return []
        with self.reading() as db:
            return actions.about(db, details.about, details.tags, _A_FEW)

    # -- looking back -----------------------------------------------------------------------

    @cached_property
    def settings(self) -> config.Settings:
        """What the person set in config.toml; the defaults where there is no such file."""
        if not self.places.settings.exists():
            return config.Settings()
        stamp = shelf.stamp((self.places.settings,))
        with self.reading() as db:
            ready = kept.get(db, "settings", stamp)
        if ready is not None:
            values: list[Any] = [tuple(each) if isinstance(each, list) else each for each in json.loads(ready)]
            return config.Settings(*values)
        from reflect import settings

        found = settings.read(self.places.settings)
        self.keep_ready("settings", json.dumps(found), stamp)
        return found

    def answered_before(self, prompt: str, *, but: Entry | None = None) -> Entry | None:
        """Return the latest answer to a question, another than `but`; None without one, or when switched off."""
        with self.reading() as db:
            found = entries.answered(db, prompt, but=but.id if but else None)
        return found if found and self.looks_back else None

    @property
    def looks_back(self) -> bool:
        """Whether earlier entries come up by themselves; not where the settings can't be read, as home says."""
        try:
            return self.settings.revisit
        except Refused:
            return False

    @property
    def editor(self) -> str:
        """The editor that the settings name; none where they can't be read, which stops nobody from writing."""
        try:
            return self.settings.editor
        except Refused:
            return ""

    def layers(self, entry: Entry) -> list[Layer]:
        """Return what the writer thought of an entry later, oldest first."""
        from reflect.store import layers

        with self.reading() as db:
            return layers.of(db, entry.id)

    def has_calendars(self) -> bool:
        """Return whether calendars were added, of which meetings may have ended."""
        from reflect.store import meetings

        with self.reading() as db:
            return bool(meetings.calendars(db))

    def meeting_of(self, entry: Entry) -> Meeting | None:
        """Return the meeting of a calendar that an entry is about."""
        from reflect.store import meetings

        with self.reading() as db:
            return meetings.of(db, entry.id)

    def actions_of(self, entry: Entry) -> list[Action]:
        """Return what was offered in an entry, or because of it."""
        with self.reading() as db:
            return actions.of_entry(db, entry.id)

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

        with self.reading() as db:
            roll_up.check(summary, lambda entry, version: entries.wording(db, entry, version))

    def first_time(self, what: str) -> bool:
        """Return whether this is the first time, and remember that it was."""
        with self.reading() as db:
            if kept.get(db, what) is not None:
                return False
        self.keep_ready(what, self._stamp)
        return True

    @property
    def _stamp(self) -> str:
        return self.now.isoformat()

    def keep_ready(self, name: str, value: str, stamp: str = "") -> None:
        """Keep a value for next time; a journal that can't be written is still read."""
        try:
            with engine.write(self._db, self.places.database, wait_ms=_A_MOMENT):
                kept.put(self._db, name, value, stamp)
        except (StorageRefused, Busy):
            pass


def _signed(who: str, why: str) -> tuple[str, str]:
    """Return who changes the bank and why as the log keeps it; a change without a reason is refused (REQ-22)."""
    reason = intake.short(why, "the reason")
    if not reason:
        raise Refused("there is no reason", why="each change of the bank says why", next_step="say it after --why")
    return intake.short(who, "the name"), reason


def _whose(for_group: bool) -> str:  # noqa: FBT001 - one word of a wish
    return "group" if for_group else "mine"


def keep_words(places: config.Places, now: datetime, text: str, options: dict[str, object]) -> str:
    """Put words that could not be stored into a draft, and return the sentence that says where they are."""
    try:
        if not places.journal.is_dir():  # an unplugged drive is not made anew
            raise FileNotFoundError(places.journal)
        drafts.refuse_plain(places.drafts, places.database)
        return f"Your words are in the draft {drafts.keep(places.drafts, now, text, options)}"
    except (OSError, StorageRefused):
        return "No draft could be made; these are your words:\n" + text


def draft_options(details: Details, prompt: Prompt | None, entry: Entry | None = None) -> dict[str, object]:
    """Return what a draft remembers besides its words."""
    return {
        "entry": ids.shown(entry.id) if entry else "",
        "version": entry.version if entry else 0,
        "prompt": prompt.id if prompt else "",
        "about": details.about,
        "at": details.at,
        "occasion": details.occasion,
        "tags": list(details.tags),
        "themes": list(details.themes),
        "meeting": list(details.meeting or ()),
        **({"undone": details.undone} if details.undone else {}),
    }
