"""What of a journal its author lets others read: marks, groups joined, shares made, answers that came back.

Nothing leaves unmarked. Every way out of the journal goes through `Consent.share`, which
builds the letter from marks and from nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from reflect import ids
from reflect.errors import NotFound, Refused
from reflect.exchange import letters
from reflect.journal import Journal
from reflect.models import Entry, Filters, Mark, Membership, Sent
from reflect.store import consent as rows
from reflect.store import engine, undo
from reflect.store.entries import instant
from reflect.words import sentence_spans

LONE_VIEW = (
    "Few may have written about this theme; whoever knows you may recognise you in it."
    " It is only quoted there if you agree with --alone-ok."
)
"""Said before a passage is marked verbatim or reworded (REQ-28)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a passage may leave."""

    audience: str = "group"
    reader: str = ""
    purpose: str = ""
    level: str = "verbatim"
    attribution: str = ""
    words: str = ""
    stance: str = ""
    leads_to: str = ""
    alone_ok: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a share will hold: the letter, and for people the marks it was built from."""

    letter: letters.Share
    marks: tuple[tuple[Mark, str], ...]
    """Each mark with the random id under which its passage leaves."""
    suspended: tuple[Mark, ...]
    """Marks that wait until their author has seen the edited text."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """What came of one's words: an output that held some of them, and the replies in it."""

    group: str
    kind: str
    audience: str
    made_on: str
    comment_by: str
    mine: int
    """How many of one's own passages it held."""
    answers: tuple[letters.AnswerPoint, ...]


class Consent:
    """The author's permissions in one journal."""

    def __init__(self, journal: Journal) -> None:
        """Work on an open journal."""
        self._journal = journal

    # -- marks ------------------------------------------------------------------------------

    def passages(self, entry: Entry, sentences: str = "") -> list[tuple[int, int]]:
        """Return where the chosen sentences stand, runs joined: "1,3-4"; empty means the whole entry."""
        if not sentences:
            return [(0, len(entry.text))]
        spans = sentence_spans(entry.text)
        chosen = sorted(_numbers(sentences, len(spans)))
        found: list[tuple[int, int]] = []
        for number in chosen:
            start, end = spans[number - 1]
            if found and number - 1 in chosen:
                start = found.pop()[0]
            found.append((start, end))
        return found

    def mark(self, entry: Entry, passages: Sequence[tuple[int, int]], terms: Terms) -> list[Mark]:
        """Let passages of an entry leave on these terms; a mark for the same audience and place is replaced."""
        if terms.level == "reworded" and not terms.words.strip():
            raise Refused("a rewording needs its words", next_step="add --words with what may be read instead")
        if terms.level != "reworded" and terms.words:
            raise Refused("--words goes with --level reworded", next_step="leave one of them out")
        if terms.level == "reworded" and len(passages) > 1:
            raise Refused("one rewording stands for one passage", next_step="mark the sentences one after another")
        made = [
            Mark(
                id=ids.new(),
                entry=entry.id,
                version=entry.version,
                start=start,
                end=end,
                audience=terms.audience,
                reader=terms.reader,
                purpose=terms.purpose,
                level=terms.level,
                attribution=terms.attribution,
                words=terms.words,
                stance=terms.stance,
                leads_to=terms.leads_to,
                alone_ok=terms.alone_ok,
                made_at=self._stamp,
                withdrawn_at="",
            )
            for start, end in passages
        ]
        for each in made:
            contribution_of(each, entry, "0" * 32)  # what can't travel is refused before it is stored
        step = 0
        with self._journal.change() as db:
            for old in rows.marks(db, entry.id):
                for new in made:
                    same = (old.audience, old.reader) == (new.audience, new.reader)
                    if same and old.start < new.end and new.start < old.end:
                        rows.withdraw(db, old.id, self._stamp)
                        step = undo.note(db, "unmark", self._stamp, step=step, entry=entry.id, mark=old.id)
            for new in made:
                rows.mark(db, new)
                step = undo.note(db, "mark", self._stamp, step=step, entry=entry.id, mark=new.id)
        return made

    def marks(self, entry: Entry | None = None) -> list[Mark]:
        """Return the marks that hold, of one entry or all."""
        with self._journal.reading() as db:
            return rows.marks(db, entry.id if entry else None)

    def unmark(self, entry: Entry, audience: str = "", reader: str = "") -> list[Mark]:
        """Withdraw an entry's marks, for one audience and group or all; the next share tells who holds it."""
        withdrawn = [
            each for each in self.marks(entry) if audience in ("", each.audience) and reader in ("", each.reader)
        ]
        step = 0
        with self._journal.change() as db:
            for each in withdrawn:
                rows.withdraw(db, each.id, self._stamp)
                step = undo.note(db, "unmark", self._stamp, step=step, entry=entry.id, mark=each.id)
        return withdrawn

    def reaffirm(self, each: Mark, entry: Entry) -> bool:
        """Let a mark hold for the entry's present version; False when its passage is no longer there whole."""
        old = next(version for version in self._journal.versions(entry) if version.number == each.version)
        passage = old.text[each.start : each.end]
        whole = (each.start, each.end) == (0, len(old.text))
        start = 0 if whole else entry.text.find(passage)
        if start < 0:
            return False
        end = len(entry.text) if whole else start + len(passage)
        with self._journal.change() as db:
            rows.reaffirm(db, each, entry.version, start, end)
        return True

    # -- groups -----------------------------------------------------------------------------

    def join(
        self, invitation: letters.Invitation, *, site: str = "", elsewhere: Membership | None = None
    ) -> Membership:
        """Join a group: its author may share with it, under a random id that only says "the same person".

        `elsewhere` is the membership in the same person's journal on another device, whose id is taken over.
        What was marked before any group was known is marked for the first one that is joined.
        """
        if site and site not in invitation.sites:
            there = ", ".join(invitation.sites)
            raise Refused(f"{site!r} is no site of this group", why=f"there are {there}" if there else "it has none")
        joined = self.memberships()
        known = next((each for each in joined if each.reader == invitation.group), None)
        if known and elsewhere and known.shares and known.contributor != elsewhere.contributor:
            raise Refused(
                "this journal has shared with the group under an id of its own",
                why="its words would count as two people's",
                next_step="ask the keeper to count the two as one person",
            )
        known = elsewhere or known
        made = Membership(
            reader=invitation.group,
            contributor=known.contributor if known else os.urandom(16).hex(),
            invitation=letters.write(invitation).decode(),
            site=site or (known.site if known else ""),
            joined_at=known.joined_at if known else self._stamp,
            looked_until=known.looked_until if known else "",
            shares=known.shares if known else 0,
        )
        with self._journal.change() as db:
            rows.join(db, made)
            if not joined:
                rows.adopt(db, made.reader, invitation.purpose)
        return made

    def memberships(self) -> list[Membership]:
        """Return the groups that were joined."""
        with self._journal.reading() as db:
            return rows.memberships(db)

    def membership(self, name: str = "") -> Membership:
        """Return a group by its name or the beginning of its id; without a name, the only one."""
        joined = self.memberships()
        like = [each for each in joined if not name or _is_called(each, name)]
        if len(like) == 1:
            return like[0]
        if not joined:
            raise NotFound("you have joined no group", next_step="join one with `reflect group join INVITATION`")
        names = ", ".join(invitation_of(each).name for each in joined)
        what = f"there is no one group {name!r}" if name else "you have joined more than one group"
        raise NotFound(what, why=f"you have joined {names}", next_step="name one of them")

    # -- sharing ----------------------------------------------------------------------------

    def unseen(self, membership: Membership) -> list[Entry]:
        """Return entries written since the last share to this group, oldest first."""
        since = instant(membership.looked_until) if membership.looked_until else 0
        return [
            entry for entry in self._journal.find(Filters(), newest_first=False) if instant(entry.written_at) > since
        ]

    def leaving(self, membership: Membership, comments: Sequence[str] = ()) -> Leaving:
        """Return exactly what a share to this group will hold, without making it."""
        ready: list[tuple[Mark, str]] = []
        suspended: list[Mark] = []
        contributions = []
        with self._journal.reading() as db:
            already = {each.mark: each for each in rows.sent(db, membership.reader) if not each.withdrawn_at}
            withdrawn = [each.contribution for each in rows.sent(db, membership.reader) if each.withdrawn_at]
        for each in self.marks():
            if each.reader not in ("", membership.reader):
                continue
            entry = self._journal.entry(each.entry)
            if entry.version != each.version:
                suspended.append(each)
                continue
            contribution = already[each.id].contribution if each.id in already else _id_of(each, membership)
            ready.append((each, contribution))
            contributions.append(contribution_of(each, entry, contribution))
        letter = letters.Share(
            group=membership.reader,
            contributor=membership.contributor,
            sequence=membership.shares + 1,
            site=membership.site,
            contributions=tuple(sorted(contributions, key=lambda made: made.id)),
            withdrawn=tuple(sorted(withdrawn)),
            comments=tuple(comments),
        )
        return Leaving(letter, tuple(ready), tuple(suspended))

    def made(self, membership: Membership, leaving: Leaving, *, looked: bool = False) -> None:
        """Record that a share was made; called once its file is safely written.

        `looked` says that its author walked through what was written up to now.
        """
        with self._journal.change() as db:
            known = {each.contribution for each in rows.sent(db, membership.reader)}
            for each, contribution in leaving.marks:
                if contribution not in known:
                    sent = Sent(
                        contribution=contribution,
                        reader=membership.reader,
                        mark=each.id,
                        entry=each.entry,
                        audience=each.audience,
                        sent_at=self._stamp,
                        withdrawn_at="",
                        withdrawal_told=False,
                    )
                    rows.send(db, sent)
            rows.told(db, list(leaving.letter.withdrawn))
            rows.shared(db, membership, self._stamp if looked else membership.looked_until)

    def sent(self) -> list[Sent]:
        """Return every passage that left, oldest first."""
        with self._journal.reading() as db:
            return rows.sent(db)

    # -- what came back ---------------------------------------------------------------------

    def keep(self, answer: letters.Answer) -> CameBack:
        """Keep an answer that came back from a group; the summary itself, others' words, stays in its file."""
        if answer.group not in {each.reader for each in self.memberships()}:
            raise NotFound("this is for a group you have not joined", next_step="ask who sent it")
        answer = answer.model_copy(update={"summary": ""})
        with self._journal.change() as db:
            rows.keep_answer(
                db,
                reader=answer.group,
                output=answer.output,
                audience=answer.audience,
                made_at=answer.made_on,
                value=letters.write(answer).decode(),
            )
        return self._came_back(answer)

    def came_back(self) -> list[CameBack]:
        """Return what came of one's words, oldest first."""
        with self._journal.reading() as db:
            kept = rows.answers(db)
        return [self._came_back(letters.Answer.model_validate(json.loads(value))) for *_, value in kept]

    def quoted_in(self, entry: Entry) -> list[CameBack]:
        """Return the outputs that came back and held passages of an entry, as it is now or was (REQ-03)."""
        left = {each.contribution for each in self.sent() if each.entry == entry.id}
        with self._journal.reading() as db:
            kept = [letters.Answer.model_validate(json.loads(value)) for *_, value in rows.answers(db)]
        return [self._came_back(each) for each in kept if left.intersection(each.quoted)]

    def _came_back(self, answer: letters.Answer) -> CameBack:
        with self._journal.reading() as db:
            mine = {each.contribution for each in rows.sent(db, answer.group)}
        names = {each.reader: invitation_of(each).name for each in self.memberships()}
        return CameBack(
            group=names.get(answer.group, answer.group),
            kind=answer.kind,
            audience=answer.audience,
            made_on=answer.made_on,
            comment_by=answer.comment_by,
            mine=len(mine.intersection(answer.quoted)),
            answers=answer.answers,
        )

    @property
    def _stamp(self) -> str:
        return self._journal.now.isoformat()


def invitation_of(membership: Membership) -> letters.Invitation:
    """Return the invitation as it was accepted."""
    return letters.Invitation.model_validate(json.loads(membership.invitation))


def contribution_of(each: Mark, entry: Entry, contribution: str) -> letters.Contribution:
    """Return what leaves because of a mark: no more than its level allows, the time cut to a week."""
    words = {"theme": "", "reworded": each.words, "verbatim": entry.text[each.start : each.end]}[each.level]
    asked = entry.asked if each.level != "theme" else None
    year, week, _ = datetime.fromisoformat(entry.happened_at).date().isocalendar()
    return letters.checked(
        letters.Contribution,
        {
            "id": contribution,
            "audience": each.audience,
            "level": each.level,
            "words": words,
            "themes": tuple(theme.id for theme in entry.themes if theme.by in ("author", "prompt")),
            "prompt": {"id": asked.id, "text": asked.text} if asked else None,
            "occasion": entry.occasion if each.level != "theme" else "",
            "week": f"{year}-W{week:02}",
            "stance": each.stance,
            "leads_to": each.leads_to if each.level != "theme" else "",
            "alone_ok": each.alone_ok,
            "attribution": each.attribution if each.level != "theme" else "",
        },
    )


def membership_in(journal: Path, group: str) -> Membership:
    """Return the membership of a group in another journal file of the same person: a backup, or a second device's."""
    path = journal / "journal.db" if journal.is_dir() else journal
    db = engine.connect(path)
    try:
        with engine.translated(path):
            found = [each for each in rows.memberships(db) if each.reader == group]
    finally:
        db.close()
    if not found:
        raise NotFound("that journal has not joined this group", where=str(path))
    return found[0]


def _id_of(each: Mark, membership: Membership) -> str:
    """Return the id under which a passage leaves: the same however often it is looked at, and nobody can guess it."""
    secret = f"{membership.contributor}:{each.id}:{each.made_at}".encode()
    return hashlib.blake2b(secret, digest_size=16).hexdigest()


def _numbers(text: str, most: int) -> set[int]:
    """Return the sentence numbers in "1,3-4"."""
    found: set[int] = set()
    for piece in text.split(","):
        run = re.fullmatch(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", piece.strip())
        if not run:
            raise Refused(f"{piece.strip()!r} is no sentence number", next_step="write 1,3-4")
        first, last = int(run[1]), int(run[2] or run[1])
        for number in (first, last):
            if not 1 <= number <= most:
                raise Refused(f"there is no sentence {number}", why=f"the entry has {most}")
        if last < first:
            raise Refused(f"{piece.strip()!r} runs backwards", next_step=f"write {last}-{first}")
        found.update(range(first, last + 1))
    return found


def _is_called(membership: Membership, name: str) -> bool:
    wanted = name.casefold()
    return membership.reader.startswith(wanted) or invitation_of(membership).name.casefold() == wanted
