"""A group: people who agreed what for they share, what is gathered from them, and what goes back.

The keeper holds the group's key. What the keeper can read is exactly what the group was
shared; summaries are the same for everybody.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from pydantic import Base64Bytes, BaseModel, ConfigDict

from reflect import config, ids
from reflect.errors import Damaged, NewerVersion, NotFound, ReflectError, Refused, WrongKey
from reflect.exchange import letters, seal
from reflect.files import write_private
from reflect.store import engine, sessions
from reflect.store import groups as rows
from reflect.store.groups import CodebookChange, Coding, Gathered, Output, Reading

_OPEN_KEY, _LOCKED_KEY = "key.secret", "key.age"
_GLOSSARY_LOG = "glossary changes"
LARGEST = 2_000_000_000
"""Bytes of a group that is handed over."""

_AT_ONCE = 2_000
"""Files that reach the disk together: as ids are random, each time most of what is stored is written anew."""

Tell = Callable[[int, int], None]
Ask = Callable[[], str]
"""Returns the passphrase, asking for it only when it is needed."""


@dataclass(frozen=True, slots=True)
class GlossaryChange:
    """One change of a group's agreed words: what a word means from then on, or that it is agreed no more."""

    term: str
    meaning: str
    """Empty when the word was taken out."""
    who: str
    why: str
    at: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What gathering did, as the keeper may know it: files read, never who or how many each held."""

    files: int
    already_here: int
    refused: tuple[ReflectError, ...]


class _OnlyLooked(Exception):
    """Raised to take back what was done for a look."""


class Group:
    """One group, in a folder of its own: its file, and beside it the key."""

    def __init__(self, folder: Path, now: datetime) -> None:
        """Open a group that exists."""
        self.folder = folder
        self.now = now
        self._path = folder / "group.db"
        self._db = engine.connect(self._path, application_id=engine.GROUP_APPLICATION_ID, schema=engine.GROUP_SCHEMA)

    def __enter__(self) -> Self:
        """Return the group; leaving the block closes its file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def change(self, *, wait_ms: int | None = None) -> Iterator[engine.Connection]:
        """One whole change of the group's file: all of it, or nothing; `wait_ms` as for `engine.write`."""
        with engine.write(self._db, self._path, wait_ms=wait_ms):
            yield self._db

    @contextmanager
    def reading(self) -> Iterator[engine.Connection]:
        """The group's file for reading, its faults turned into our own errors."""
        with engine.translated(self._path):
            yield self._db

    def compact(self) -> None:
        """Write the file anew, so that no piece of what was removed is left in it."""
        engine.compact(self._db, self._path)

    @property
    def invitation(self) -> letters.Invitation:
        """What people know of the group before they join."""
        with self.reading() as db:
            return letters.Invitation.model_validate(json.loads(rows.about(db, "invitation")))

    def amend(self, **changed: object) -> letters.Invitation:
        """Change the invitation, such as its glossary or a second keeper's key; return the new one."""
        made = letters.checked(letters.Invitation, self.invitation.model_dump() | changed)
        with self.change() as db:
            rows.say(db, "invitation", letters.write(made).decode())
        return made

    # -- the key ----------------------------------------------------------------------------

    @property
    def is_locked(self) -> bool:
        """Return whether the key is under a passphrase."""
        return (self.folder / _LOCKED_KEY).exists()

    def secret_key(self, ask: Ask) -> str:
        """Return the group's secret key."""
        if self.is_locked:
            return seal.unseal_with((self.folder / _LOCKED_KEY).read_bytes(), ask(), "the key").decode()
        try:
            return (self.folder / _OPEN_KEY).read_text().strip()
        except FileNotFoundError:
            raise WrongKey(
                f"the key of {self.invitation.name!r} is not here",
                why="this computer does not keep the group, or the file was moved",
                next_step="type the recovery sheet's key into `reflect group key --restore`",
            ) from None

    def lock(self, passphrase: str) -> None:
        """Put the key under a passphrase; from then on nobody opens shares without it."""
        if not passphrase:
            raise WrongKey("an empty passphrase guards nothing", next_step="choose a few words")
        if self.is_locked:
            raise Refused(
                "the key is under a passphrase already",
                next_step="to change it, put the key back from the recovery sheet and lock it anew",
            )
        secret = (self.folder / _OPEN_KEY).read_text().strip()
        write_private(self.folder / _LOCKED_KEY, seal.seal_with(secret.encode(), passphrase))
        (self.folder / _OPEN_KEY).unlink()

    def check_key(self, secret: str) -> None:
        """Refuse a key that opens nothing of this group."""
        if seal.public_key(secret.strip()) not in self.invitation.keys:
            raise _not_its_key()

    def restore_key(self, secret: str) -> None:
        """Put the key back from the recovery sheet."""
        self.check_key(secret)
        write_private(self.folder / _OPEN_KEY, secret.strip().encode() + b"\n", replace=True)
        (self.folder / _LOCKED_KEY).unlink(missing_ok=True)

    # -- gathering --------------------------------------------------------------------------

    def gather(
        self, files: Sequence[tuple[str, bytes]], ask: Ask, tell: Tell = lambda *_: None, *, dry_run: bool = False
    ) -> Taken:
        """Take in shares: in any order, twice or late, the result is the same; a bad file is refused by name.

        Each file is taken whole or not at all. Nothing tells how much a file held. `tell`
        hears before each file how many of how many are done. With `dry_run` nothing is kept.
        """
        if self.is_closed:
            raise Refused(f"{self.invitation.name} is closed", why="what was gathered has been erased")
        secret = self.secret_key(ask) if files else ""
        invitation = self.invitation
        done, before = 0, 0
        refused: list[ReflectError] = []
        for first in range(0, len(files), _AT_ONCE):
            with suppress(_OnlyLooked), self.change() as db:
                rows.keep_at_hand(db)
                for at, (name, content) in enumerate(files[first : first + _AT_ONCE], first):
                    tell(at, len(files))
                    digest = hashlib.sha256(content).hexdigest()
                    if rows.about(db, f"file {digest}"):
                        before += 1
                        continue
                    try:
                        share = self._read(name, content, secret, invitation)
                        self._check_owners(db, name, share)
                    except (Refused, WrongKey, NewerVersion) as error:
                        refused.append(error)
                    else:
                        self._take(db, share, digest)
                        done += 1
                if dry_run:
                    raise _OnlyLooked
        return Taken(done, before, tuple(refused))

    @staticmethod
    def _read(name: str, content: bytes, secret: str, invitation: letters.Invitation) -> letters.Share:
        if len(content) > letters.LARGEST:
            raise Refused(f"{name} is too large for a share", why=f"one has at most {letters.LARGEST:,} bytes")
        if not seal.is_sealed(content):
            raise Refused(f"{name} is not a share", why="a share is sealed, and this file is not")
        if seal.is_under_a_passphrase(content):
            raise Refused(f"{name} is not a share", why="it is under a passphrase", next_step=f"reflect open {name}")
        share = letters.expect(letters.read(seal.unseal(content, secret, name), name), letters.Share, name)
        if share.group != invitation.group:
            raise Refused(f"{name} is for another group", next_step="ask for one shared with this group")
        if share.site and share.site not in invitation.sites:
            raise Refused(f"{name} names a site this group does not have")
        seen: set[str] = set()
        for contribution in share.contributions:
            if contribution.id in seen:
                raise Refused(f"{name} holds a contribution twice", where=contribution.id)
            seen.add(contribution.id)
        return share

    @staticmethod
    def _check_owners(db: engine.Connection, name: str, share: letters.Share) -> None:
        named = [*(each.id for each in share.contributions), *share.withdrawn]
        if rows.owners(db, named) - {share.contributor}:
            raise Refused(f"{name} holds somebody else's contribution", why="only its author can change it")

    def _take(self, db: engine.Connection, share: letters.Share, digest: str) -> None:
        rows.contributor(db, share.contributor, share.site, share.sequence)
        rows.take(db, [_gathered(each, share) for each in share.contributions], share.sequence, digest)
        for identity in share.withdrawn:
            rows.withdraw(db, identity, share.contributor)
        for text in share.comments:
            rows.comment(db, rows.latest_output(db, "draft"), text, self._stamp)
        rows.say(db, f"file {digest}", "taken")

    def contributions(self) -> list[Gathered]:
        """Return what stands."""
        with self.reading() as db:
            return list(rows.contributions(db))

    def words_of(self, contributions: Iterable[str]) -> Mapping[str, str]:
        """Return the words of these contributions as they stand; of one that was taken back there are none."""
        with self.reading() as db:
            return rows.words_of(db, contributions)

    def count_as_one(self, one: str, other: str) -> None:
        """Count two contributions' authors as one person; when unsure, the lower number is the safe one."""
        people = [self.contribution(each).contributor for each in (one, other)]
        with self.change() as db:
            rows.join_people(db, *people)

    def people(self) -> Mapping[str, str]:
        """Return for each contributor the one that stands for the person."""
        with self.reading() as db:
            pairs, standing = rows.joined_people(db), rows.contributors(db)
        stands: dict[str, str] = {}

        def first(identity: str) -> str:
            while stands.get(identity, identity) != identity:
                identity = stands[identity]
            return identity

        for one, other in pairs:
            low, high = sorted((first(one), first(other)))
            stands[high] = low
        return {each: first(each) for each in standing}

    def offered(self) -> list[tuple[sessions.Action, str]]:
        """Return what was offered in the group's sessions with the day of each, the oldest session's first."""
        with self.reading() as db:
            days = {each.id: each.held_at[:10] for each in sessions.find(db)}
            return [(each, days[each.session]) for each in sessions.actions(db)]

    def wrote_in_sessions(self) -> Mapping[str, str]:
        """Return for each contributor who is known in one session only, that session."""
        with self.reading() as db:
            return sessions.contributors(db)

    def contribution(self, beginning: str) -> Gathered:
        """Return the one contribution whose id begins with these signs."""
        like = [each for each in self.contributions() if beginning and each.id.startswith(beginning.lower())]
        if len(like) != 1:
            raise NotFound(f"there is no one contribution {beginning!r}", next_step="see `reflect group read`")
        return like[0]

    # -- coding -----------------------------------------------------------------------------

    def code(self, contribution: Gathered, added: Sequence[str], removed: Sequence[str], memo: str) -> None:
        """Place a contribution in themes as the lead sees it; the author's own placement stands above it."""
        with self.change() as db:
            for theme, gone in [(each, False) for each in added] + [(each, True) for each in removed]:
                rows.code(db, Coding(contribution.id, theme, gone, memo, self._stamp))

    def codings(self) -> list[Coding]:
        """Return the lead's placements."""
        with self.reading() as db:
            return rows.codings(db)

    def read_as(self, contribution: Gathered, stance: str, memo: str) -> None:
        """Call a contribution a gain, a loss or a differing view as the lead reads it, or nothing any more.

        What its author said stands above it.
        """
        with self.change() as db:
            if stance:
                rows.read_as(db, Reading(contribution.id, stance, memo, self._stamp))
            else:
                rows.unread(db, contribution.id)

    def lead_readings(self) -> list[Reading]:
        """Return what the lead calls contributions."""
        with self.reading() as db:
            return rows.readings(db)

    def change_codebook(self, change: CodebookChange) -> None:
        """Add to, rename, merge or retire in the codebook; who, when and why are kept."""
        with self.change() as db:
            rows.change_codebook(db, change)

    def codebook_changes(self) -> list[CodebookChange]:
        """Return the codebook's changes, oldest first."""
        with self.reading() as db:
            return rows.codebook_changes(db)

    def change_glossary(self, change: GlossaryChange) -> None:
        """Add or change an agreed word, or take it out; who, when and why are kept, and the invitation has it."""
        glossary = {**self.invitation.glossary, change.term: change.meaning}
        if not change.meaning:
            del glossary[change.term]
            if change.term not in self.invitation.glossary:
                raise NotFound(f"{change.term!r} is no agreed word", next_step="see `reflect group glossary`")
        made = letters.checked(letters.Invitation, self.invitation.model_dump() | {"glossary": glossary})
        log = json.dumps([asdict(each) for each in (*self.glossary_changes(), change)])
        with self.change() as db:
            rows.say(db, "invitation", letters.write(made).decode())
            rows.say(db, _GLOSSARY_LOG, log)

    def glossary_changes(self) -> list[GlossaryChange]:
        """Return the changes of the agreed words, oldest first."""
        with self.reading() as db:
            return [GlossaryChange(**each) for each in json.loads(rows.about(db, _GLOSSARY_LOG) or "[]")]

    # -- putting out ------------------------------------------------------------------------

    def put_out(self, output: Output) -> None:
        """Enter a summary in the ledger."""
        with self.change() as db:
            rows.put_out(db, output)

    def outputs(self) -> list[Output]:
        """Return what was put out, oldest first."""
        with self.reading() as db:
            return rows.outputs(db)

    def output(self, kind: str = "") -> Output:
        """Return the latest summary, or the latest of a kind."""
        found = [each for each in self.outputs() if kind in ("", each.kind)]
        if not found:
            raise NotFound(
                f"this group has put out no {kind or 'summary'} yet",
                next_step="make one with `reflect summary --group`",
            )
        return found[-1]

    def for_members(self, kind: str) -> Output:
        """Return the latest of a kind that members speak to and are answered on: the group's own, else any.

        What is said to the group's summary is for the group, and never stands in a funder's (REQ-02).
        """
        with self.reading() as db:
            latest = rows.latest_output(db, kind)
        return next((each for each in self.outputs() if each.id == latest), None) or self.output(kind)

    def object(self, text: str) -> None:
        """Keep an objection that was spoken; it stands in the final summary."""
        if not text.strip():
            raise Refused("there is nothing to keep", why="no words came in", next_step="say what was objected to")
        draft = self.for_members("draft")
        with self.change() as db:
            rows.comment(db, draft.id, text, self._stamp)

    def drafts_of(self, final: Output | None = None, audience: str = "group") -> list[Output]:
        """Return the drafts a final summary rests on (or the next one for an audience would), newest first.

        They are those since the final summary before for the same audience; a final in a
        second form rests on the same.
        """
        audience = final.audience if final else audience
        issued = [each for each in self.outputs() if each.root == each.id and each.audience == audience]
        if final is not None:
            issued = issued[: next(at for at, each in enumerate(issued) if each.id == final.root)]
        drafts: list[Output] = []
        for each in reversed(issued):
            if each.kind == "draft":
                drafts.append(each)
            elif each.kind == "final" and drafts:
                break
        return drafts

    def objections(self, drafts: Sequence[Output]) -> list[str]:
        """Return what was said to these drafts and to their re-issues, and to none where they are the first."""
        roots = {each.id for each in drafts}
        said_to = [each.id for each in self.outputs() if each.root in roots]
        all_drafts = [each for each in self.outputs() if each.kind == "draft"]
        first = next((each.id for each in sorted(all_drafts, key=lambda each: each.audience != "group")), "")
        with self.reading() as db:
            found = {text for each in said_to for text in rows.comments(db, each)}
            return sorted(found.union(rows.comments(db, "") if first in roots else ()))

    def answer(self, point: str, outcome: str, reply: str) -> None:
        """Reply to one point of the latest final summary."""
        letters.checked(letters.AnswerPoint, {"point": point, "outcome": outcome, "reply": reply})
        if not point.strip():
            raise Refused("an answer names the point it answers", next_step="name a theme or a sentence")
        if not reply.strip():
            raise Refused("an outcome comes with a reply", why="people are owed words", next_step="add --reply")
        answered = self._answered_with(self.for_members("final"))
        with self.change() as db:
            rows.answer(db, answered, point, outcome, reply)

    def answers(self, final: Output) -> tuple[letters.AnswerPoint, ...]:
        """Return the replies to a final summary's points, whichever of its forms they were given to."""
        with self.reading() as db:
            found = rows.answers(db, self._answered_with(final))
        return tuple(
            letters.AnswerPoint(point=point, outcome=outcome, reply=reply)  # type: ignore[arg-type]
            for point, outcome, reply in found
        )

    def _answered_with(self, final: Output) -> str:
        """Return under which id a final's answers are kept: that of its newest draft, which its other forms share."""
        drafts = self.drafts_of(final)
        return drafts[0].id if drafts else final.root

    @property
    def is_closed(self) -> bool:
        """Return whether what was gathered has been erased for good."""
        with self.reading() as db:
            return rows.about(db, "closed") != ""

    def close(self) -> None:
        """Erase everything that was gathered, and the key with which shares could be opened again.

        What was put out and promised stays as numbers, ids and replies.
        """
        with self.change() as db:
            rows.erase_words(db)
            rows.say(db, "closed", self._stamp)
        self.compact()
        for name in (_OPEN_KEY, _LOCKED_KEY):
            (self.folder / name).unlink(missing_ok=True)

    @property
    def is_due_to_close(self) -> bool:
        """Return whether the day has come on which the invitation promised to erase the words."""
        return self.now.date() >= date.fromisoformat(self.invitation.erase_on)

    @property
    def _stamp(self) -> str:
        return self.now.isoformat()


def _gathered(each: letters.Contribution, share: letters.Share) -> Gathered:
    return Gathered(
        id=each.id,
        contributor=share.contributor,
        site=share.site,
        audience=each.audience,
        level=each.level,
        words=each.words,
        themes=each.themes,
        prompt=each.prompt.id if each.prompt else "",
        asked=each.prompt.text if each.prompt else "",
        occasion=each.occasion,
        week=each.week,
        stance=each.stance,
        leads_to=each.leads_to,
        alone_ok=each.alone_ok,
        attribution=each.attribution,
    )


def found(home: Path, now: datetime, agreement: Mapping[str, object], also: Sequence[str] = ()) -> tuple[Group, str]:
    """Make a new group on what was agreed; return it with its secret key, for the recovery sheet.

    `also` are the public keys of further keepers, who can open what is shared as well.
    """
    secret, public = seal.new_key()
    values = {**agreement, "group": ids.shown(ids.new()), "keys": (public, *also)}
    return _laid_out(home, now, letters.checked(letters.Invitation, values), secret), secret


def found_again(home: Path, now: datetime, invitation: letters.Invitation, secret: str) -> Group:
    """Keep a group here from its invitation and a keeper's recovery sheet: what was shared is to be gathered anew."""
    if (home / "groups" / invitation.group).exists():
        raise Refused("this group is kept here already", next_step="put its key back without the invitation")
    if seal.public_key(secret.strip()) not in invitation.keys:
        raise _not_its_key()
    return _laid_out(home, now, invitation, secret.strip())


def _laid_out(home: Path, now: datetime, invitation: letters.Invitation, secret: str) -> Group:
    from reflect.store import migrations

    folder = home / "groups" / invitation.group
    config.private_folder(folder)
    migrations.create(folder / "group.db", migrations.a_group())
    write_private(folder / _OPEN_KEY, secret.encode() + b"\n")
    group = Group(folder, now)
    with group.change() as db:
        rows.say(db, "invitation", letters.write(invitation).decode())
    return group


def _not_its_key() -> WrongKey:
    return WrongKey("this is not the group's key", next_step="check the sheet letter by letter")


def every(home: Path, now: datetime) -> Iterator[Group]:
    """Yield the groups kept on this computer, each open while it is looked at."""
    for path in sorted((home / "groups").glob("*/group.db")):
        with Group(path.parent, now) as group:
            yield group


def named(home: Path, now: datetime, name: str) -> Group:
    """Return the group of this name or id's beginning; without a name, the only one."""
    like = [
        group.folder
        for group in every(home, now)
        if not name or group.invitation.name.casefold() == name.casefold() or group.folder.name.startswith(name.lower())
    ]
    if len(like) == 1:
        return Group(like[0], now)
    raise NotFound(
        f"there is no one group {name!r} kept here",
        why="`reflect group list` shows those there are",
        next_step="name one of them, or begin one with `reflect group new`",
    )


def sealed_copy(group: Group, secret: str, passphrase: str) -> bytes:
    """Return the whole group with its secret key for its next keeper, sealed under a passphrase."""
    with group.reading() as db:
        content = base64.b64encode(db.serialize()).decode()
    value = {"reflect": "group", "group": group.invitation.group, "key": secret, "file": content}
    return seal.seal_with(json.dumps(value).encode(), passphrase)


class _HandedOver(BaseModel):
    """A whole group on its way to its next keeper."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reflect: Literal["group"]
    group: letters.GroupId
    key: str
    file: Base64Bytes


def take_over(home: Path, now: datetime, content: bytes, passphrase: str, name: str) -> letters.Invitation:
    """Put a handed-over group into this home; refused when it is here already."""
    value = letters.as_object(seal.unseal_with(content, passphrase, name), name)
    if value.get("reflect") != "group":
        raise Refused(f"{name} is no group that was handed over")
    given = letters.checked(_HandedOver, value, name)
    folder = home / "groups" / given.group
    if folder.exists():
        raise Refused("this group is kept here already", where=str(folder))
    config.private_folder(folder)
    try:
        write_private(folder / "group.db", given.file)
        write_private(folder / _OPEN_KEY, given.key.encode() + b"\n")
        with Group(folder, now) as group:
            group.check_key(given.key)
            return group.invitation
    except BaseException as error:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        if isinstance(error, Damaged | ValueError):
            raise Refused(f"{name} holds no whole group", next_step="ask for it again") from None
        raise


def random_id() -> str:
    """Return a random 128-bit id as hex."""
    return os.urandom(16).hex()
