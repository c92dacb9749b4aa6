"""Takes steps back, the last one first: what was written, edited, themed, tagged, offered, marked or brought in.

Never what was erased, shared, gathered or answered. Words that are taken back stay
within reach: an edit's in the history, an entry's in a draft, each wording of it in one of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reflect import drafts, ids, offers
from reflect.errors import Busy, Damaged, NotFound, Refused, StorageRefused
from reflect.models import LAYER_KINDS
from reflect.store import actions, batches, consent, engine, entries, kept, layers, meetings, rotation, undo
from reflect.store.undo import Row

if TYPE_CHECKING:
    from reflect.journal import Journal


class Step(NamedTuple):
    """One step that can be taken back: when it was done, and what in words and in ids."""

    number: int
    at: str
    kind: str
    entry: int | None
    what: str
    rows: tuple[Row, ...]

    @property
    def removes(self) -> bool:
        """Return whether taking it back removes words, after which the search index is made anew."""
        return self.kind in ("write", "import", "layer")


class Undone(NamedTuple):
    """A step that was taken back, and the draft that holds its words, if it had any."""

    step: Step
    draft: Path | None = None
    others: tuple[Path, ...] = ()
    """Drafts of other wordings of it, from edits that were taken back before."""


class Undo:
    """The last steps of one journal."""

    def __init__(self, journal: Journal) -> None:
        """Take the journal they were done in."""
        self._journal = journal
        self._made: list[Path] = []
        self._others: list[Path] = []
        """Drafts that hold the words of what is being taken back."""

    def steps(self, many: int = undo.MOST) -> list[Step]:
        """Return the last steps that can be taken back, the newest first."""
        with self._journal.reading() as db:
            return self._steps(db)[:many]

    def wanted(self, many: int) -> list[Step]:
        """Return the last so many steps; refused when there are fewer."""
        with self._journal.reading() as db:
            return self._wanted(db, many)

    def back(self, many: int = 1) -> list[Undone]:
        """Take the last steps back, all of them or none; return what was taken back, in that order."""
        self._journal.prepare_to_suggest()
        try:
            with self._journal.change() as db:
                undone = [self._back(db, step) for step in self._wanted(db, many)]
                removes = any(each.step.removes for each in undone)
                if removes:
                    entries.rebuild_index(db)
                    kept.put(db, kept.ERASING, self._journal.now.isoformat())
        except BaseException:
            for path in self._made:  # nothing was taken back, so the words stand where they stood
                drafts.discard(path)
            raise
        if removes:
            with suppress(Busy, StorageRefused):  # it is kept in mind, and done with the next erasure or rebuilding
                self._journal.finish_erasing()
        return undone

    # -- what can be taken back -------------------------------------------------------------

    def _wanted(self, db: engine.Connection, many: int) -> list[Step]:
        found = self._steps(db)[:many]
        if len(found) < many:
            raise NotFound(
                f"only {len(found)} step{'s' * (len(found) > 1)} can be taken back"
                if found
                else "there is nothing to take back",
                why="" if found else "what was erased or shared stays so",
                next_step="`reflect undo --list` shows what can be taken back" if found else "",
            )
        return found

    def _steps(self, db: engine.Connection) -> list[Step]:
        found = []
        for rows in undo.last(db, undo.MOST):
            first = rows[-1]
            if not any(_has_left(db, row) for row in rows):
                found.append(Step(first.step, first.at, first.kind, first.entry, _in_words(db, rows), tuple(rows)))
        return found

    def _back(self, db: engine.Connection, step: Step) -> Undone:
        draft = None
        for row in step.rows:  # the last thing first
            draft = _WAYS[row.kind](self, db, row) or draft
        undo.drop(db, step.number)
        others, self._others = tuple(self._others), []
        return Undone(step, draft, others)

    # -- one way back for each kind of step -------------------------------------------------

    def _unwrite(self, db: engine.Connection, row: Row) -> Path:
        entry = entries.get(db, _known(row.entry))
        options: dict[str, object] = {
            "prompt": entry.asked.id if entry.asked else "",
            "about": entry.about,
            "at": entry.happened_at[:10] if entry.precision == "day" else entry.happened_at,
            "occasion": entry.occasion,
            "tags": list(entry.tags),
            "themes": [theme.id for theme in entry.themes if theme.by == "author"],
            "meeting": list(meetings.of(db, entry.id) or ()),
            "undone": ids.shown(entry.id),
        }
        texts = dict.fromkeys(each.text for each in entries.versions(db, entry.id))
        self._others = [self._draft(text, options) for text in texts if text != entry.text]
        draft = self._draft(entry.text, options)
        if entry.asked:
            rotation.unanswered(db, entry.asked.id)
        entries.delete(db, [entry.id])
        return draft

    def _unedit(self, db: engine.Connection, row: Row) -> None:
        entry = entries.get(db, _known(row.entry))
        if entry.version != row.after:
            raise Refused(
                f"entry {ids.shown(entry.id)} is not as that edit left it",
                why="it was changed since, in a way that is not in the list",
                next_step=f"see `reflect history {ids.shown(entry.id)}`, and edit it",
            )
        entries.put_back(db, entry, _known(row.before))
        back = entries.get(db, entry.id)
        self._journal.suggest_anew(db, back)
        if offers.may_offer(entry.text + back.text):
            from reflect.offered import reword_lines

            reword_lines(db, entry, back.text, self._journal.now)

    def _untheme(self, db: engine.Connection, row: Row) -> None:
        was = {label[1:]: by for label, by in undo.labels(db, row).items()}
        entries.put_choices_back(db, _known(row.entry), was)

    def _untag(self, db: engine.Connection, row: Row) -> None:
        changed = list(undo.labels(db, row))
        entries.retag(
            db,
            _known(row.entry),
            [label[1:] for label in changed if label[0] == "-"],
            [label[1:] for label in changed if label[0] == "+"],
        )

    def _unoffer(self, db: engine.Connection, row: Row) -> None:
        actions.remove(db, _known(row.action))

    def _reopen(self, db: engine.Connection, row: Row) -> None:
        actions.close(db, _known(row.action), "open", "", "")

    def _unsee(self, db: engine.Connection, row: Row) -> None:
        actions.unsee(db, _known(row.after))

    def _unintend(self, db: engine.Connection, row: Row) -> None:
        actions.intend(db, _known(row.action), "")

    def _unmark(self, db: engine.Connection, row: Row) -> None:
        consent.remove(db, _known(row.mark))

    def _remark(self, db: engine.Connection, row: Row) -> None:
        consent.put_back(db, _known(row.mark))

    def _unlayer(self, db: engine.Connection, row: Row) -> Path | None:
        layer = layers.get(db, _known(row.layer))
        entry = _known(row.entry)
        layers.set_turn(db, entry, None if row.before is None else layers.Turn(row.was, row.before))
        if layer is None:
            return None
        layers.remove(db, layer)
        options: dict[str, object] = {"entry": ids.shown(layer.entry), "revisit": layer.kind}
        return self._draft(layer.text, options) if layer.text else None

    def _draft(self, text: str, options: dict[str, object]) -> Path:
        self._made.append(drafts.keep(self._journal.places.drafts, self._journal.now, text, options))
        return self._made[-1]

    def _unimport(self, db: engine.Connection, row: Row) -> None:
        batches.take_out(db, _known(row.batch))


def _has_left(db: engine.Connection, row: Row) -> bool:
    """Return whether what a step did has left the journal, or is of a kind that this reflect doesn't know."""
    if row.kind in ("mark", "unmark"):
        return consent.has_left(db, mark=row.mark)
    if row.kind == "write":
        return consent.has_left(db, entry=row.entry)
    if row.kind == "import":
        return undo.batch_has_left(db, _known(row.batch))
    return row.kind not in _WAYS


def _in_words(db: engine.Connection, rows: list[Row]) -> str:
    """Say what a step did; its words are read where they stand, since the log holds none."""
    first = rows[-1]
    said = _DONE.get(first.kind, first.kind)
    if first.kind in ("theme", "tag"):
        said += " ".join(undo.labels(db, first))
    elif first.kind == "import":
        batch = batches.brought(db, _known(first.batch))
        said += f"{undo.batch_size(db, batch.id):,} entries from {batch.kind}"
    elif first.kind == "edit":
        said += str(first.after)
    elif first.kind == "layer":
        layer = layers.get(db, _known(first.layer))
        said += LAYER_KINDS[layer.kind] if layer else ""
    elif first.action is not None:
        said += actions.get(db, ids.shown(first.action)).text
    return said


def _known(number: int | None) -> int:
    if number is None:
        raise Damaged("the log of steps is not as it should be", next_step="run `reflect doctor`")
    return number


_DONE = {
    "write": "written",
    "edit": "version ",
    "theme": "themes: ",
    "tag": "tags: ",
    "import": "brought in: ",
    "layer": "looked at again: ",
    "mark": "marked",
    "unmark": "unmarked",
    "offer": "offered: ",
    "close": "closed: ",
    "outcome": "what came of: ",
    "intend": "what is meant by: ",
}
_Way = Callable[[Undo, engine.Connection, Row], Path | None]
_WAYS: dict[str, _Way] = {
    "write": Undo._unwrite,  # noqa: SLF001 - the table of the class above
    "edit": Undo._unedit,  # noqa: SLF001
    "theme": Undo._untheme,  # noqa: SLF001
    "tag": Undo._untag,  # noqa: SLF001
    "offer": Undo._unoffer,  # noqa: SLF001
    "close": Undo._reopen,  # noqa: SLF001
    "outcome": Undo._unsee,  # noqa: SLF001
    "intend": Undo._unintend,  # noqa: SLF001
    "mark": Undo._unmark,  # noqa: SLF001
    "unmark": Undo._remark,  # noqa: SLF001
    "layer": Undo._unlayer,  # noqa: SLF001
    "import": Undo._unimport,  # noqa: SLF001
}
