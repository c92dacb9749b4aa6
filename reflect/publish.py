"""Makes a group's summaries, enters them in its ledger, and checks and re-issues what was put out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from reflect import __version__
from reflect.dates import in_words
from reflect.errors import NotFound, Refused
from reflect.exchange import datasette, letters
from reflect.group import GlossaryChange, Group, Tell, random_id
from reflect.journal import Journal
from reflect.models import Prompt, Suggestion
from reflect.store.groups import Gathered, Output
from reflect.store.sessions import Action
from reflect.summary import group_forms, together, together_rows, together_say
from reflect.summary.protect import Cell
from reflect.summary.together import GroupSummary, Quotation, Wanted

LETTER = "letter"
NOTE = "note"
"""The kind of output that carries a draft or a final summary to those who wrote."""


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
    """Quotations that no longer stand: withdrawn or reworded."""
    others: int
    """Quotations that stand but were chosen otherwise now."""
    numbers: tuple[str, ...]
    """Cells that are shown otherwise now."""


def make(
    group: Group,
    wanted: Wanted,
    frame: Frame,
    *,
    kind: str,
    comment_by: str = "",
    of: Output | None = None,
    tell: Tell = lambda *_: None,
) -> tuple[GroupSummary, Output]:
    """Return a summary, or an earlier one as it would be today, and its entry for the ledger.

    Nothing is put out yet. `tell` hears how many of how many themes are done.
    """
    drafts = group.drafts_of(of, wanted.audience) if kind == "final" else []
    if kind == "final" and not drafts:
        raise Refused(
            f"there has been no draft for the audience {wanted.audience!r}",
            why="those who wrote see it before it is final",
            next_step="make one with --draft --until DAY",
        )
    invitation = group.invitation
    material = together.Material(
        contributions=group.contributions(),
        people=group.people(),
        codings=group.codings(),
        readings=group.lead_readings(),
        changes=group.codebook_changes(),
        themes=frame.themes,
        prompts=frame.prompts,
        earlier=[cell for each in group.outputs() for cell in cells_of(each)],
        actions=[_offered(each, day) for each, day in group.offered()],
        objections=group.objections(drafts),
        sessions=group.wrote_in_sessions(),
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
        support=invitation.support,
    )
    made = together.roll_up(agreed, material, wanted, tell)
    words_agreed = tuple(_in_words(change) for change in group.glossary_changes())
    made = replace(made, kind=kind, comment_by=comment_by, method=(*made.method, *words_agreed))
    words = {each.id: each.words for each in material.contributions}
    together.check(made, lambda contribution: words[contribution])
    manifest = _manifest(made) | ({"instead_of": of.root} if of else {})
    return made, Output(random_id(), kind, wanted.audience, group.now.date().isoformat(), comment_by, manifest)


def _offered(each: Action, day: str) -> together.Offered:
    """Return an action as everybody may read it: its owner's limits stay with its owner."""
    owner = each.owner if each.state != "proposed" else ""
    return together.Offered(each.text, owner, each.due, each.state, each.note, day)


def _in_words(change: GlossaryChange) -> str:
    """Say a change of the agreed words, by which those who read the summary learn of it."""
    what = f"is agreed to mean {change.meaning!r}" if change.meaning else "is no agreed word any more"
    who = f", {change.who}" if change.who else ""
    return f"{change.term} {what} ({in_words(change.at[:10])}{who}): {change.why.rstrip('.')}."


def put_out(
    group: Group,
    output: Output,
    files: Iterable[bytes] = (),
    pack: Mapping[str, bytes] = MappingProxyType({}),
    name: str = "",
) -> None:
    """Enter a summary in the ledger, with a digest of every file it was written to; a pack's with their names.

    `name` is what the keeper called the file or folder, without its path.
    """
    named = {hashlib.sha256(content).hexdigest(): name for name, content in pack.items()}
    digests = [*(hashlib.sha256(content).hexdigest() for content in files), *named]
    group.put_out(replace(output, manifest={**output.manifest, "files": digests, "pack": named, "name": name}))


def put_out_note(
    group: Group,
    session: str,
    quoted: Iterable[tuple[str, str]],
    files: Mapping[str, bytes],
    *,
    audience: str,
    name: str = "",
) -> None:
    """Enter the files of a session's note in the ledger, so that what is withdrawn later is known to stand in them.

    `quoted` are contributions with their words, `name` is what the keeper called the file or
    folder. A note shows no numbers, so it has no cells.
    """
    manifest = {
        "program": __version__,
        "session": session,
        "quoted": [_span(contribution, 0, words) for contribution, words in quoted],
    }
    put_out(
        group, Output(random_id(), NOTE, audience, group.now.date().isoformat(), "", manifest), pack=files, name=name
    )


def name_in_pack(group: Group, content: bytes) -> str:
    """Return the name a file has in a discussion pack; empty when it was put out on its own."""
    named = behind(group, content).manifest.get("pack", {})
    return str(named.get(hashlib.sha256(content).hexdigest(), "")) if isinstance(named, dict) else ""


def _manifest(made: GroupSummary) -> dict[str, object]:
    """Return what later outputs and checks need: ids, spans, digests and numbers; never words."""
    return {
        "program": __version__,
        "options": asdict(made.wanted),
        "codebook": hashlib.sha256(repr([(theme.id, theme.name) for theme in made.themes]).encode()).hexdigest(),
        "cells": [asdict(cell) for cell in made.cells],
        "quoted": [_quoted(each) for each in made.quotations()],
    }


def _quoted(each: Quotation) -> Mapping[str, object]:
    return _span(each.contribution, each.start, each.text)


def _span(contribution: str, start: int, text: str) -> Mapping[str, object]:
    """Return where a text stands in a contribution, and the digest by which it is known again."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"contribution": contribution, "start": start, "end": start + len(text), "sha256": digest}


def cells_of(output: Output) -> list[Cell]:
    """Return the numbers an output showed."""
    return [Cell(**{**cell, "path": tuple(cell["path"])}) for cell in _list(output.manifest, "cells")]


def codebook(group: Group, themes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the group's themes: id and name, after its changes."""
    return together.after_changes(themes, group.codebook_changes())


def placements(group: Group, themes: Sequence[tuple[str, str]]) -> together.Placing:
    """Return how the group's contributions are placed in its codebook of today."""
    return together.Placing(group.codebook_changes(), group.codings(), codebook(group, themes))


def suggestions(
    group: Group, journal: Journal, wanted: Sequence[Gathered], tell: Tell = lambda *_: None
) -> Mapping[str, list[Suggestion]]:
    """Return for each of these contributions that nobody placed the themes its words hint at.

    They are for the lead, who may confirm them: no summary reads or counts them. What was
    placed already teaches them, where that helps.
    """
    from reflect.themes import placed, suggest

    themes = [(theme.id, theme.name) for theme in journal.themes]
    known = [identity for identity, _ in codebook(group, themes)]
    placing = placements(group, themes)
    unplaced = [each for each in wanted if each.words and not placing.of(each)]
    if not unplaced:
        return {}
    tell(0, len(unplaced))
    teaching: dict[str, frozenset[str]] = {}
    for each in group.contributions():
        teaching[each.words] = teaching.get(each.words, frozenset()) | placing.of(each)
    teaching.pop("", None)
    own = placed.learn(
        {words: found for words, found in teaching.items() if found},
        known,
        journal.suggester,
        [words for words, found in teaching.items() if not found],
    )
    refused = {(coding.contribution, placing.today(coding.theme)) for coding in group.codings() if coding.removed}
    found: dict[str, list[Suggestion]] = {}
    for done, each in enumerate(unplaced):
        tell(done, len(unplaced))
        hints: dict[str, Suggestion] = {}
        for hint in suggest.suggest(each.words, journal.suggester, own):
            theme = placing.today(hint.theme)
            if theme in known and (each.id, theme) not in refused:
                hints.setdefault(theme, hint._replace(theme=theme))
        found[each.id] = list(hints.values())
    return found


def theme(group: Group, name: str, frame: Frame) -> str:
    """Return a theme's id in the group's codebook from the id or its beginning; empty stays empty."""
    known = [identity for identity, _ in codebook(group, frame.themes)]
    like = [each for each in known if each == name.lower()] or [
        each for each in known if name and each.startswith(name.lower())
    ]
    if name and len(like) != 1:
        raise NotFound(
            f"there is no theme {name!r}", why="there are " + ", ".join(known), next_step="choose one of them"
        )
    return like[0] if name else ""


def answer_letter(
    group: Group, output: Output, frame: Frame, tell: Tell = lambda *_: None
) -> tuple[letters.Answer, Output]:
    """Return what goes back to everybody, and its own entry for the ledger.

    It holds the summary as it stands today, what that quotes, and the replies.
    """
    made, fresh = _anew(group, output, frame, tell)
    letter = letters.checked(
        letters.Answer,
        {
            "group": group.invitation.group,
            "output": output.root,
            "kind": output.kind,
            "audience": output.audience,
            "made_on": output.made_on,
            "comment_by": output.comment_by,
            "quoted": tuple(sorted({each.contribution for each in made.quotations()})),
            "summary": group_forms.load("markdown").render(made).decode(),
            "answers": group.answers(output) if output.kind == "final" else (),
        },
    )
    manifest = {name: value for name, value in fresh.manifest.items() if name != "instead_of"}
    return letter, replace(fresh, kind=LETTER, manifest={**manifest, "letter_of": output.root})


def wanted_of(output: Output) -> Wanted:
    """Return what was asked of an output."""
    options = output.manifest["options"]
    if not isinstance(options, dict):
        raise NotFound("the ledger's entry has no options")
    return Wanted(**{**options, "handout_themes": tuple(options.get("handout_themes", ()))})


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
    if group.is_closed:
        raise Refused(
            "nothing is left to hold this file against", why="what was gathered has been erased; the file is unchanged"
        )
    return [
        f"quotation {each['contribution'][:8]} no longer stands: it was withdrawn or reworded"
        for each in _fallen(output, _words(group, [output]))
    ]


def to_re_issue(group: Group) -> list[Output]:
    """Return the outputs in files that quote what no longer stands and were not re-issued yet (REQ-03)."""
    filed = [each for each in group.outputs() if _list(each.manifest, "files")]
    words = _words(group, filed)
    latest = {part: each.id for each in filed for part in _parts(each)}
    return [each for each in filed if each.id in {latest[part] for part in _parts(each)} and _fallen(each, words)]


def _parts(output: Output) -> list[tuple[str, str]]:
    """Return what a later output must have anew to take this one's place: each file of a pack on its own."""
    pack = output.manifest.get("pack")
    names = list(pack.values()) if isinstance(pack, dict) and pack else [""]
    what = output.manifest.get("letter_of") or output.manifest.get("session") or output.root
    return [(f"{what}{output.kind}", str(name)) for name in names]


def _words(group: Group, outputs: Iterable[Output]) -> Mapping[str, str]:
    """Return the words, as they stand, of what outputs quote."""
    return group.words_of({each["contribution"] for output in outputs for each in _list(output.manifest, "quoted")})


def _fallen(output: Output, words: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """Return the quotations of an output that are no longer what was shared."""
    return [each for each in _list(output.manifest, "quoted") if not _stands(each, words)]


def _stands(quoted: Mapping[str, Any], words: Mapping[str, str]) -> bool:
    text = words.get(quoted["contribution"], "")[quoted["start"] : quoted["end"]]
    return bool(hashlib.sha256(text.encode()).hexdigest() == quoted["sha256"])


def again(
    group: Group, content: bytes, frame: Frame, tell: Tell = lambda *_: None
) -> tuple[GroupSummary, Output, Differences]:
    """Make a put-out summary once more with what stands now, and say what differs."""
    output = behind(group, content)
    if output.kind == LETTER:
        raise Refused(
            "a letter is not re-issued: it is written anew from what stands",
            next_step="reflect group answer -o FILE, or the draft once more",
        )
    if output.kind == NOTE:
        raise Refused(
            "a session's note is not re-issued: it is written anew from what stands",
            next_step=f"reflect session note {output.manifest['session']} -o FILE",
        )
    made, fresh = _anew(group, output, frame, tell)
    now = {json.dumps(_quoted(each), sort_keys=True) for each in made.quotations()}
    missing = [each for each in _list(output.manifest, "quoted") if json.dumps(each, sort_keys=True) not in now]
    gone = len(_fallen(output, _words(group, [output])))
    before = {cell.name: cell.people for cell in cells_of(output)}
    today = {cell.name: cell.people for cell in made.cells}
    changed = sorted(name for name in before | today if before.get(name) != today.get(name))
    return made, fresh, Differences(gone, len(missing) - gone, tuple(changed))


def _anew(group: Group, output: Output, frame: Frame, tell: Tell) -> tuple[GroupSummary, Output]:
    """Return a summary that was put out as it would be today."""
    wanted, until = wanted_of(output), output.comment_by
    return make(group, wanted, frame, kind=output.kind, comment_by=until, of=output, tell=tell)


def as_database(made: GroupSummary) -> bytes:
    """Return a summary as a SQLite file: its themes, its quotations and how it was made, nothing else."""
    themes = [
        datasette.ThemeRow(
            f"{each.theme_id} / {each.recurs}", each.theme, each.recurs, each.people, each.said, each.before
        )
        for each in together_rows.numbers(made)
    ]
    quotations = [
        datasette.QuotationRow(
            key=f"{each.theme_id} / {each.recurs}",
            period=together_say.period(made),
            level=each.level,
            stance=each.stance,
            attribution=each.attribution,
            occasion=each.occasion,
            leads_to=each.quotation.leads_to or "not said",
            text=each.quotation.text,
        )
        for each in together_rows.quotations(made)
    ]
    return datasette.render(themes, quotations, together_rows.method(made))


def rendered(form: str) -> Callable[[GroupSummary], bytes]:
    """Return what renders a summary in a form."""
    return group_forms.load(form).render


def _list(manifest: Mapping[str, object], name: str) -> list[Any]:
    found = manifest.get(name, [])
    return found if isinstance(found, list) else []
