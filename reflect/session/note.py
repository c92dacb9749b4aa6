"""The feedback note: what was said, from marked words only, and what happens next (REQ-36); as Markdown and as HTML."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from reflect import clean
from reflect.dates import in_words
from reflect.summary.formats.markdown import escaped
from reflect.summary.together import CONSTANT

NOTHING_MARKED = "Nobody marked words for this note, or too few did to quote them."
NOBODY_YET = "proposed; nobody has accepted it"
NOT_STATED = "not stated"
PROMISE = "Only words that their authors marked for the group are quoted here, each exactly as it was written."

_TEMPLATES = Path(__file__).parent / "templates"


class Said(NamedTuple):
    """One question of the session with the passages that may be quoted."""

    question: str
    source: str
    passages: tuple[str, ...]


class Next(NamedTuple):
    """One action as the note tells it."""

    text: str
    owner: str
    """Empty while nobody accepted it."""
    due: str
    """Day, YYYY-MM-DD."""
    state: str
    """proposed, open, kept, changed or dropped."""
    limits: str
    """Only where its owner shares them."""
    note: str


class Note(NamedTuple):
    """The feedback note of one session."""

    session: str
    group: str
    title: str
    held_on: str
    """Day, YYYY-MM-DD."""
    purpose: str
    audience: str
    aims: str
    cost: str
    responder: str
    respond_by: str
    add_until: str
    said: tuple[Said, ...]
    missing: str
    promise: tuple[Next, ...]
    actions: tuple[Next, ...]
    no_action: str
    """Why there is none, where there is none."""
    heard: tuple[str, ...]
    learnt: tuple[str, ...]
    earlier: tuple[Next, ...]
    """What became of the actions of sessions before."""
    evenness: str
    minutes: int

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what people should know of the session: each a name and what is said of it."""
        adding = (("Words can be added until", in_words(self.add_until)),) if self.add_until else ()
        return (
            ("Held", f"{in_words(self.held_on)}, {self.minutes} minutes"),
            ("What for", self.purpose),
            ("Aims", self.aims),
            ("For", self.audience),
            ("Who responds", f"{self.responder}, by {in_words(self.respond_by)}"),
            ("What taking part costs, and how it is recompensed", self.cost or NOT_STATED),
            *adding,
        )

    @property
    def ending(self) -> str:
        """Return what is said where no action was accepted."""
        return f"No action today: {self.no_action}" if self.no_action else ""


def promised(action: Next) -> str:
    """Return an action as a sentence: what, who, by when, and how it stands."""
    if action.state == "proposed":
        return f"{action.text} ({NOBODY_YET})"
    said = f"{action.text} ({action.owner}, by {in_words(action.due)})" if action.due else action.text
    said += f" {action.limits}." if action.limits else ""
    if action.state == "open":
        return said
    return f"{said}: {action.state}{f', {action.note}' if action.note else ''}"


def markdown(note: Note) -> str:
    """Return the note to read, print or paste."""
    lines = [f"# {escaped(note.group)}: {escaped(note.title)}", ""]
    lines += [f"- {name}: {escaped(said)}" for name, said in note.facts]
    lines += ["", "## What was said", ""]
    for each in note.said:
        lines += [f"### {escaped(each.question)}", ""]
        lines += [f"*{escaped(each.source)}*", ""] if each.source else []
        for passage in each.passages:
            lines += [*(f"> {escaped(line)}".rstrip() for line in clean.body(passage).split("\n")), ""]
    lines += [] if note.said else [NOTHING_MARKED, ""]
    lines += ["## What happens next", ""]
    lines += [f"- {escaped(promised(each))}" for each in note.actions]
    lines += [escaped(note.ending)] if note.ending else []
    lines += ["", "## Who wasn't here", "", escaped(note.missing) or "Nothing recorded.", ""]
    lines += [f"- {escaped(promised(each))}" for each in note.promise]
    if note.earlier:
        lines += ["", "## What became of what was offered before", ""]
        lines += [f"- {escaped(promised(each))}" for each in note.earlier]
    lines += ["", "## Did people feel heard?", "", *_all(note.heard)]
    lines += ["", "## What we learnt about working together", "", *_all(note.learnt)]
    lines += ["", "## How this note was made", "", f"- {PROMISE}", f"- {CONSTANT}"]
    lines += [f"- {note.evenness}"] if note.evenness else []
    return "\n".join(lines) + "\n"


def _all(said: tuple[str, ...]) -> list[str]:
    return [line for each in said for line in (escaped(each), "")][:-1] or ["Nothing recorded."]


def html(note: Note) -> str:
    """Return the note as a page: one file, nothing loaded from anywhere, no script."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return pages.get_template("note.html").render(
        note=note,
        promised=promised,
        constant=CONSTANT,
        promise=PROMISE,
        nothing_marked=NOTHING_MARKED,
    )


def _shown(value: object) -> object:
    """Make text from people safe to show, before Jinja escapes it."""
    return clean.document(value) if type(value) is str else value
