"""Holds a session at the command line: begun or taken up again, on a screen or line by line, and what comes out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from reflect import group as groups
from reflect.cli import keyboard
from reflect.cli.desk import Desk, at_a_terminal
from reflect.errors import Refused, Usage
from reflect.files import write_folder
from reflect.group import Group
from reflect.journal import Journal
from reflect.session import after, note, plain, plans, room, script, takeaway
from reflect.session.pace import Pace
from reflect.session.plans import Plan
from reflect.session.room import Room
from reflect.session.values import Setup

LIKELIEST = "any"
"""Stands for the address of this laptop at which phones most likely get through."""


class Manner(NamedTuple):
    """How a session is held: by whom, on what, and how fast."""

    script: str = ""
    """A file that does what a host would."""
    pace: float = 1
    cues: frozenset[str] = plain.CUES
    """How the end of a time is told."""
    me: str = ""
    """The host's own name in the room; their actions enter their journal."""
    folder: str = ""
    """Where note and actions are written at the close."""
    bring: bool = False
    join: str = ""
    """The address at which phones join, LIKELIEST for the one that most likely works; empty for none."""
    port: int = 0


class Wanted(NamedTuple):
    """Which session is begun."""

    plan: str
    group: str = ""
    names: tuple[str, ...] = ()
    people: int = 0
    minutes: float = 0
    lens: str = ""
    setup: Setup = Setup()


def begin(desk: Desk, wanted: Wanted, manner: Manner) -> None:
    """Begin a session and hold it."""
    played = _ready(manner)
    with desk.open() as journal:
        prompts = journal.prompts()
        seed = os.environ.get("REFLECT_SEED", "")
        plan = plans.every(desk.places.home / "plans", prompts).get(wanted.plan)
        plan = plans.with_lens(plan, wanted.lens) if wanted.lens else plan
        names = wanted.names or (played.people if played and not wanted.people else ())
        with _group(desk, wanted.group, plan) as group:
            questions = plans.questions(plan, prompts, after.asked(group), journal.seed)
            here = room.begin(
                group,
                plan,
                questions,
                desk.now,
                names=names,
                people=wanted.people,
                minutes=wanted.minutes,
                setup=wanted.setup,
                seed=seed,
            )
            if manner.bring:
                _bring(desk, journal, here)
            _hold(desk, journal, here, manner, played)


def resume(desk: Desk, group: Group, which: str, manner: Manner) -> None:
    """Take up a session that was left open, and hold it to its end."""
    played = _ready(manner)
    with desk.open() as journal:
        here = room.reopen(group, desk.now, which)
        _hold(desk, journal, here, manner, played)


def cues(wanted: str) -> frozenset[str]:
    """Return the cues that were asked for; one there is not is refused."""
    found = frozenset(each.strip() for each in wanted.split(",")) - {"", "none"}
    if unknown := found - plain.CUES:
        raise Usage(f"there is no cue {min(unknown)!r}", why="there are sight, bell and words")
    return found


def _ready(manner: Manner) -> script.Script | None:
    """Return the script if there is one; without one somebody has to sit there. What comes out must find a place."""
    if manner.folder and Path(manner.folder).exists():
        raise Refused(
            f"{manner.folder} is there already",
            why="the note would land among other files",
            next_step="name a new folder",
        )
    if manner.script:
        return script.read(Path(manner.script))
    if not at_a_terminal():
        raise Usage(
            "nobody is here to host", why="there is no terminal", next_step="give a --script FILE, or use a terminal"
        )
    return None


@contextmanager
def _group(desk: Desk, name: str, plan: Plan) -> Iterator[Group]:
    if not name and plan.plan.kind == "check-in":
        found = room.team(desk.places.home, desk.now)
    else:
        found = groups.named(desk.places.home, desk.now, name)
    with found:
        yield found


def _bring(desk: Desk, journal: Journal, here: Room) -> None:
    """Walk what I marked for groups, and lay beside the session what I choose to bring."""
    from reflect.consent import Consent, contribution_of

    if not at_a_terminal():
        raise Usage("nobody is here to choose what to bring", next_step="leave --bring out")
    desk.screen.line("What do you bring? It is shown to this room without your name, and not kept.")
    for mark in Consent(journal).marks():
        entry = journal.entry(mark.entry)
        words = contribution_of(mark, entry, "0" * 32).words
        if mark.audience != "group" or not words or mark.version != entry.version:
            continue
        desk.screen.gap()
        desk.screen.words(words)
        if keyboard.agreed("Bring this?"):
            here.offer("brought by the host", words, key=f"brought {mark.id}", step=-1)


def _hold(desk: Desk, journal: Journal, here: Room, manner: Manner, played: script.Script | None) -> None:
    pretended = desk.now if os.environ.get("REFLECT_NOW") else None
    pace = Pace(pretended, manner.pace)
    desk.screen.aside(f"Session {here.id} of {here.group.invitation.name}. Its log is kept as it happens.")
    with _phones(desk, here, manner, pace) as how_to_join:
        if played is None and not desk.screen.plain:
            from reflect.session import screen

            view = screen.hold(here, pace, cues=manner.cues, how_to_join=how_to_join)
        else:
            hand = script.Reader(played) if played else plain.Keyboard()
            moves_on = bool(played and played.moves_on)
            view = plain.hold(here, hand, pace, _line(desk), cues=manner.cues, moves_on=moves_on)
    desk.screen.line(
        "Closed." if view.phase == "closed" else "Closed for now; nothing is lost. `reflect session resume` goes on."
    )
    if view.phase == "closed":
        _give_back(desk, journal, here, manner)


def _line(desk: Desk) -> plain.Say:
    def tell(text: str) -> None:
        desk.screen.question(text, indent="")

    return tell


@contextmanager
def _phones(desk: Desk, here: Room, manner: Manner, pace: Pace) -> Iterator[Sequence[str]]:
    """Open the page for phones, if that was asked for; yield the sentences that say where it is."""
    if not manner.join:
        yield ()
        return
    from reflect.session.page.serve import Page

    with Page(here, pace, "" if manner.join == LIKELIEST else manner.join, manner.port) as page:
        for sentence in page.sentences():
            desk.screen.line(sentence)
        if not desk.screen.plain:  # to a screen reader the code is noise
            for line in page.qr():
                desk.screen.line(line)
            keyboard.wait("Enter shows the session, when everybody has joined.")
        yield page.sentences()
        for fault in page.faults:
            desk.screen.aside(f"The page for phones had a fault of ours: {fault!r}")


def _give_back(desk: Desk, journal: Journal, here: Room, manner: Manner) -> None:
    """Say and write what the session gives back: the note, and for each owner their actions, limits included."""
    mine = [home for owner, home in here.takeaways.items() if owner.casefold() == manner.me.casefold()]
    for each in mine[0].actions if mine else ():
        journal.offer(each.text, due=each.due)
        desk.screen.line("In your own journal now: ", (each.text, "bold"))
    if not manner.folder:
        desk.screen.line(f"What it gives back: `reflect session note {here.id}`")
        return
    found = after.note_of(here.group, here.id)
    notes = {"note.md": note.markdown(found).encode(), "note.html": note.html(found).encode()}
    write_folder(
        Path(manner.folder),
        {
            **notes,
            **{f"{_as_name(owner)}.takeaway.json": takeaway.write(home) for owner, home in here.takeaways.items()},
        },
    )
    put_out(here.group, found, notes, Path(manner.folder).name)
    desk.screen.line("Written to ", manner.folder, ": the note, and what each owner takes home.")


def put_out(group: Group, made: note.Note, files: Mapping[str, bytes], name: str) -> None:
    """Enter a note's files in the group's ledger; `name` is what the file or folder is called."""
    from reflect import publish

    quoted = [(each.contribution, each.words) for each in after.quoted_in(group, made.session)]
    publish.put_out_note(group, made.session, quoted, files, audience=made.audience, name=name)


def _as_name(owner: str) -> str:
    """Return a person's name as a file's name."""
    return "-".join(re.findall(r"\w+", owner.casefold())) or "somebody"
