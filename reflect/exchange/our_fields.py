"""reflect's own JSON as it is written: an entry, and a journal, with everything that belongs to it.

`our_json.py` reads it. Kept apart, so that writing need not wait for Pydantic.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from reflect import ids
from reflect.models import Action, Asked, Layer, Mark
from reflect.whole import Rest, Whole, Wording

FORMAT = 1
"""Of the files this reflect writes and reads."""

KIND = "journal"
"""What `reflect` says in such a file."""

_SERVED = ("prompt", "whose", "times", "last", "answered")
_BANK_CHANGE = ("prompt", "change", "at", "who", "why")
_CAME_BACK = ("reader", "output", "audience", "made_at", "value")


def entry_fields(whole: Whole) -> dict[str, object]:
    """Return an entry with all that belongs to it; its first fields are those of `list --json`."""
    entry = whole.entry
    return {
        "id": ids.shown(entry.id),
        "version": entry.version,
        "text": entry.text,
        "prompt": _prompt_fields(entry.asked) if entry.asked else None,
        "about": entry.about,
        "occasion": entry.occasion,
        "happened_at": entry.happened_at,
        "precision": entry.precision,
        "written_at": entry.written_at,
        "revised_at": whole.revised_at,
        "zone": entry.zone,
        "tags": entry.tags,
        "themes": [{"id": theme, "by": by} for theme, by in whole.choices],
        "suggested": [hint._asdict() for hint in whole.hints],
        "history": [_wording_fields(each) for each in whole.wordings],
        "marks": [_mark_fields(each) for each in whole.marks],
        "layers": [_layer_fields(each) for each in whole.layers],
        "revisit": whole.revisit._asdict() if whole.revisit else None,
        "origins": [{"kind": each.kind, "key": each.key, "batch": _batch(each.batch)} for each in whole.origins],
    }


def _prompt_fields(asked: Asked) -> Mapping[str, object]:
    spans = asked.answers or (None,) * len(asked.parts)
    return {
        "id": asked.id,
        "text": asked.text,
        "parts": [
            {"text": part, "start": span[0] if span else None, "end": span[1] if span else None}
            for part, span in zip(asked.parts, spans, strict=True)
        ],
        "answered_by_part": asked.answers is not None,
    }


def _wording_fields(each: Wording) -> Mapping[str, object]:
    return {
        "version": each.number,
        "text": each.text,
        "at": each.at,
        "answers": json.loads(each.answers) if each.answers else None,
    }


def _mark_fields(each: Mark) -> Mapping[str, object]:
    fields = each._asdict() | {"id": ids.shown(each.id)}
    del fields["entry"]
    return fields


def _layer_fields(each: Layer) -> Mapping[str, object]:
    fields = each._asdict() | {"id": ids.shown(each.id), "action": _shown(each.action)}
    del fields["entry"]
    return fields


def action_fields(each: Action) -> Mapping[str, object]:
    """Return an action with what was seen to come of it."""
    return each._asdict() | {
        "id": ids.shown(each.id),
        "entry": _shown(each.entry),
        "outcomes": [outcome._asdict() for outcome in each.outcomes],
    }


def rest_fields(rest: Rest) -> Mapping[str, Sequence[object]]:
    """Return what else a journal holds."""
    return {
        "imports": [
            {"batch": ids.shown(each.id), "kind": each.kind, "source": each.source, "at": each.at}
            for each in rest.batches
        ],
        "served": [dict(zip(_SERVED, each, strict=True)) for each in rest.served],
        "bank_changes": [dict(zip(_BANK_CHANGE, each, strict=True)) for each in rest.bank_changes],
        "memberships": [each._asdict() for each in rest.memberships],
        "sent": [each._asdict() | {"mark": _shown(each.mark), "entry": _shown(each.entry)} for each in rest.sent],
        "came_back": [dict(zip(_CAME_BACK, each, strict=True)) for each in rest.came_back],
        "erased": [{"entry": ids.shown(number), "at": at} for number, at in rest.erased],
    }


def _shown(number: int | None) -> str | None:
    return None if number is None else ids.shown(number)


@lru_cache(maxsize=1_000)
def _batch(number: int) -> str:
    """Return an import's id; very many entries share one."""
    return ids.shown(number)
