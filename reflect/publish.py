"""Makes a group's summaries, enters them in its ledger, and checks and re-issues what was put out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from reflect import __version__
from reflect.errors import NotFound, Refused
from reflect.exchange import letters
from reflect.group import Group, random_id
from reflect.journal import Journal
from reflect.models import Prompt
from reflect.store.groups import Output
from reflect.summary import group_forms, together
from reflect.summary.protect import Cell
from reflect.summary.together import GroupSummary, Quotation, Wanted


@dataclass(frozen=True, slots=True)
class Frame:
    """The codebook and the questions a summary is made with; a group has none of its own."""

    themes: tuple[tuple[str, str], ...]
    prompts: tuple[Prompt, ...]

    @staticmethod
    def of(journal: Journal) -> Frame:
        """Return the frame of the keeper's own journal."""
        return Frame(tuple((theme.id, theme.name) for theme in journal.themes), journal.prompts())


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed between an output and its re-issue."""

    gone: int
    """Quotations that no longer stand, withdrawn or reworded."""
    numbers: tuple[str, ...]
    """Cells that are shown otherwise now."""


def make(group: Group, wanted: Wanted, frame: Frame, *, kind: str, comment_by: str = "") -> tuple[GroupSummary, Output]:
    """Return a summary and its entry for the ledger; nothing is put out yet."""
    with_objections = kind == "final"
    draft = next((each for each in reversed(group.outputs()) if each.kind == "draft"), None)
    if with_objections and draft is None:
        raise Refused(
            "there has been no draft",
            why="those who wrote see it before it is final",
            next_step="make one with --draft --until DAY",
        )
    invitation = group.invitation
    material = together.Material(
        contributions=group.contributions(),
        people=group.people(),
        codings=group.codings(),
        changes=group.codebook_changes(),
        themes=frame.themes,
        prompts=frame.prompts,
        earlier=[cell for each in group.outputs() for cell in cells_of(each)],
        objections=group.objections(draft.id) if draft and with_objections else (),
    )
    agreed = together.Agreed(
        name=invitation.name,
        purpose=invitation.purpose,
        audience=invitation.audience,
        keeper=invitation.keeper,
        responder=invitation.responder,
        respond_by=invitation.respond_by,
        cost=invitation.cost,
        fewest=invitation.fewest,
        sites=invitation.sites,
        glossary=invitation.glossary,
    )
    made = together.roll_up(agreed, material, wanted)
    words = {each.id: each.words for each in material.contributions}
    together.check(made, lambda contribution: words[contribution])
    return made, Output(random_id(), kind, wanted.audience, group.now.date().isoformat(), comment_by, _manifest(made))


def put_out(group: Group, output: Output, files: Iterable[bytes] = ()) -> None:
    """Enter a summary in the ledger, with a digest of every file it was written to."""
    digests = [hashlib.sha256(content).hexdigest() for content in files]
    group.put_out(replace(output, manifest={**output.manifest, "files": digests}))


def _manifest(made: GroupSummary) -> Mapping[str, object]:
    """Return what later outputs and checks need: ids, spans, digests and numbers; never words."""
    return {
        "program": __version__,
        "options": asdict(made.wanted),
        "codebook": hashlib.sha256(repr([(theme.id, theme.name) for theme in made.themes]).encode()).hexdigest(),
        "cells": [asdict(cell) for cell in made.cells],
        "quoted": [_quoted(each) for each in made.quotations()],
    }


def _quoted(each: Quotation) -> Mapping[str, object]:
    digest = hashlib.sha256(each.text.encode()).hexdigest()
    return {"contribution": each.contribution, "start": each.start, "end": each.end, "sha256": digest}


def cells_of(output: Output) -> list[Cell]:
    """Return the numbers an output showed."""
    return [Cell(**cell) for cell in _list(output.manifest, "cells")]


def codebook(group: Group, themes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the group's themes: id and name, after its changes."""
    return together.after_changes(themes, group.codebook_changes())


def answer_letter(group: Group, output: Output, frame: Frame) -> letters.Answer:
    """Return what goes back to everybody: the summary as it stands today, what it quotes, and the replies."""
    made, _ = make(group, wanted_of(output), frame, kind=output.kind)
    return letters.Answer.model_validate(
        {
            "group": group.invitation.group,
            "output": output.id,
            "kind": output.kind,
            "audience": output.audience,
            "made_on": output.made_on,
            "comment_by": output.comment_by,
            "quoted": tuple(sorted({each.contribution for each in made.quotations()})),
            "summary": group_forms.load("markdown").render(made).decode(),
            "answers": group.answers(output.id),
        }
    )


def wanted_of(output: Output) -> Wanted:
    """Return what was asked of an output."""
    options = output.manifest["options"]
    if not isinstance(options, dict):
        raise NotFound("the ledger's entry has no options")
    return Wanted(**options)


def behind(group: Group, content: bytes) -> Output:
    """Return the ledger's entry for a file; one that was changed, or is another group's, is not found."""
    digest = hashlib.sha256(content).hexdigest()
    for each in reversed(group.outputs()):
        if digest in _list(each.manifest, "files"):
            return each
    raise NotFound(
        "no summary of this group is this file",
        why="it was changed after it was written, or another group made it",
        next_step="ask for the file again, or re-issue it",
    )


def verify(group: Group, content: bytes) -> list[str]:
    """Return what no longer holds of a file's quotations: one line each, nothing when all stand."""
    output = behind(group, content)
    words = {each.id: each.words for each in group.contributions()}
    faults = []
    for each in _list(output.manifest, "quoted"):
        text = words.get(each["contribution"], "")[each["start"] : each["end"]]
        if hashlib.sha256(text.encode()).hexdigest() != each["sha256"]:
            faults.append(f"quotation {each['contribution'][:8]} no longer stands: it was withdrawn or reworded")
    return faults


def holding(group: Group, contributions: Iterable[str]) -> list[Output]:
    """Return the outputs that quoted any of these contributions, so that they can be re-issued (REQ-03)."""
    wanted = set(contributions)
    return [
        each
        for each in group.outputs()
        if _list(each.manifest, "files")
        and wanted & {quoted["contribution"] for quoted in _list(each.manifest, "quoted")}
    ]


def again(group: Group, content: bytes, frame: Frame) -> tuple[GroupSummary, Output, Differences]:
    """Make a put-out summary once more with what stands now, and say what differs."""
    output = behind(group, content)
    made, fresh = make(group, wanted_of(output), frame, kind=output.kind, comment_by=output.comment_by)
    now = {json.dumps(_quoted(each), sort_keys=True) for each in made.quotations()}
    gone = sum(json.dumps(each, sort_keys=True) not in now for each in _list(output.manifest, "quoted"))
    before = {cell.name: cell.people for cell in cells_of(output)}
    today = {cell.name: cell.people for cell in made.cells}
    changed = sorted(name for name in before | today if before.get(name) != today.get(name))
    return made, fresh, Differences(gone, tuple(changed))


def rendered(form: str) -> Callable[[GroupSummary], bytes]:
    """Return what renders a summary in a form."""
    return group_forms.load(form).render


def _list(manifest: Mapping[str, object], name: str) -> list[Any]:
    found = manifest.get(name, [])
    return found if isinstance(found, list) else []
