"""The JSON that scripts rely on (design section 5): fields may be added, none is renamed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reflect import ids
from reflect.models import Action, Asked, Entry, Layer, Mark, Meeting, Prompt, Version

Fields = Mapping[str, object]


def prompt(each: Prompt, why: str | None = None) -> dict[str, object]:
    """Return a question of the bank; `why` says why it was served, None where it was only listed."""
    return {
        "id": each.id,
        "text": each.text,
        "group_text": each.group_text,
        "parts": each.parts,
        "theme": each.theme,
        "also_themes": each.also_themes,
        "occasions": each.occasions,
        "depth": each.depth,
        "form": each.form,
        "source": source(each),
        "rows": each.rows,
        "flags": each.flags,
        "suits": each.suits,
        "context": each.context,
        "care": each.care,
        "pack": each.pack,
        "why": why,
    }


def source(each: Prompt) -> Fields:
    """Return where a question comes from."""
    return {"document": each.document, "title": each.title, "heading": each.heading}


def question(each: Prompt) -> Fields:
    """Return a question in its wording for a group."""
    return {"id": each.id, "theme": each.theme, "text": each.group_text, "source": source(each)}


def entry(each: Entry) -> dict[str, object]:
    """Return an entry with all that its writer said of it."""
    return {
        "id": ids.shown(each.id),
        "version": each.version,
        "text": each.text,
        "prompt": asked(each.asked) if each.asked else None,
        "about": each.about,
        "occasion": each.occasion,
        "happened_at": each.happened_at,
        "precision": each.precision,
        "written_at": each.written_at,
        "zone": each.zone,
        "tags": each.tags,
        "themes": [{"id": theme.id, "by": theme.by, "because": theme.because} for theme in each.themes],
        "mark": {"for": [mark(found, each) for found in each.marks]} if each.marks else None,
    }


def mark(each: Mark, of: Entry) -> Fields:
    """Return what an author lets others read of an entry; suspended until they have seen its newer words."""
    stands = each.version == of.version
    words = {"theme": "", "reworded": each.words, "verbatim": of.text[each.start : each.end] if stands else None}
    return {
        "id": ids.shown(each.id),
        "audience": each.audience,
        "group": each.reader or None,
        "purpose": each.purpose,
        "level": each.level,
        "as": each.attribution or None,
        "version": each.version,
        "start": each.start,
        "end": each.end,
        "words": words[each.level],
        "stance": each.stance or None,
        "leads_to": each.leads_to,
        "alone_ok": each.alone_ok,
        "suspended": not stands,
    }


def asked(found: Asked) -> Fields:
    """Return a question as it was asked, with where the answer to each of its parts stands."""
    spans = found.answers or (None,) * len(found.parts)
    return {
        "id": found.id,
        "text": found.text,
        "parts": [
            {"text": part, "start": span[0] if span else None, "end": span[1] if span else None}
            for part, span in zip(found.parts, spans, strict=True)
        ],
        "answered_by_part": found.answers is not None,
    }


def whole(
    each: Entry, layers: Iterable[Layer], actions: Iterable[Action], about: Meeting | None = None
) -> dict[str, object]:
    """Return an entry with the meeting it is about, what was thought of it later and what it led to."""
    return entry(each) | {
        "meeting": meeting(about),
        "layers": [layer(one) for one in layers],
        "actions": [action(one) for one in actions],
    }


def meeting(each: Meeting | None) -> Fields | None:
    """Return the meeting that an entry is about."""
    return each._asdict() if each else None


def layer(each: Layer) -> Fields:
    """Return a later thought."""
    return {
        "id": ids.shown(each.id),
        "kind": each.kind,
        "text": each.text,
        "at": each.at,
        "zone": each.zone,
        "version": each.version,
        "action": ids.shown(each.action) if each.action is not None else None,
    }


def version(each: Version) -> dict[str, object]:
    """Return one wording of an entry."""
    return {"version": each.number, "text": each.text, "at": each.at}


def action(each: Action) -> dict[str, object]:
    """Return an action."""
    return {
        "id": ids.shown(each.id),
        "text": each.text,
        "entry": ids.shown(each.entry) if each.entry is not None else None,
        "offered_at": each.offered_at,
        "due": each.due or None,
        "state": each.state,
        "closed_at": each.closed_at or None,
        "note": each.note,
        "about": each.about,
        "intended": each.intended,
        "outcomes": [
            {
                "for_whom": one.for_whom,
                "seen": one.seen,
                "expected": one.expected or None,
                "helped": one.helped or None,
                "at": one.at,
            }
            for one in each.outcomes
        ],
    }


def named(value: object) -> object:
    """Return a value in which named tuples are mappings of their fields, all the way down."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: named(each) for name, each in value._asdict().items()}
    return [named(each) for each in value] if isinstance(value, tuple) else value
