"""reflect's own JSON as it is written: an entry, and a journal, with everything that belongs to it.

`our_json.py` reads it. Kept apart, so that writing need not wait for Pydantic.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from reflect import ids
from reflect.fields import asked
from reflect.models import Action, Layer, Mark
from reflect.whole import Hint, Origin, Rest, Whole, Wording

FORMAT = 1
"""Of the files this reflect writes and reads."""

KIND = "journal"
"""What `reflect` says in such a file."""

_text = json.encoder.encode_basestring  # what the encoder itself uses
_encoded = json.JSONEncoder(ensure_ascii=False).encode
_SERVED = ("prompt", "whose", "times", "last", "answered")
_BANK_CHANGE = ("prompt", "change", "at", "who", "why")
_CAME_BACK = ("reader", "output", "audience", "made_at", "value")


def entry_text(whole: Whole) -> str:
    """Return an entry with all that belongs to it as JSON; its first fields are those of `list --json`.

    Put together by hand, since most entries have only words, and a long journal takes half the time so. Times were
    checked on their way in and hold nothing to be escaped.
    """
    entry = whole.entry
    return (
        f'{{"id": "{_shown(entry.id)}", "version": {entry.version}, "text": {_text(entry.text)},'
        f' "prompt": {_encoded(asked(entry.asked)) if entry.asked else "null"},'
        f' "about": {_text(entry.about)}, "occasion": {_text(entry.occasion)},'
        f' "happened_at": "{entry.happened_at}", "precision": "{entry.precision}",'
        f' "written_at": "{entry.written_at}", "revised_at": "{whole.revised_at}",'
        f' "zone": {_text(entry.zone)}, "tags": [{", ".join(map(_text, entry.tags))}],'
        f' "themes": [{", ".join(map(_theme_text, whole.choices))}],'
        f' "suggested": [{", ".join(map(_hint_text, whole.hints))}],'
        f' "history": {_list(_wording_fields, whole.wordings)}, "marks": {_list(_mark_fields, whole.marks)},'
        f' "layers": {_list(_layer_fields, whole.layers)},'
        f' "revisit": {_encoded(whole.revisit._asdict()) if whole.revisit else "null"},'
        f' "origins": [{", ".join(map(_origin_text, whole.origins))}],'
        f' "meeting": {_encoded(whole.meeting._asdict()) if whole.meeting else "null"}}}'
    )


def _list(fields: Callable[[Any], Mapping[str, object]], found: Sequence[object]) -> str:
    return _encoded([fields(each) for each in found]) if found else "[]"


def _hint_text(each: Hint) -> str:
    return (
        f'{{"theme": {_text(each.theme)}, "version": {each.version}, "cue": {_text(each.cue)},'
        f' "start": {each.start}, "end": {each.end}, "suggester": {_text(each.suggester)}}}'
    )


def _theme_text(choice: tuple[str, str]) -> str:
    theme, by = choice
    return f'{{"id": {_text(theme)}, "by": "{by}"}}'


def _origin_text(each: Origin) -> str:
    return f'{{"kind": {_text(each.kind)}, "key": {_text(each.key)}, "batch": "{_batch(each.batch)}"}}'


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
    fields = each._asdict() | {"id": ids.shown(each.id), "action": _maybe(each.action)}
    del fields["entry"]
    return fields


def action_fields(each: Action) -> Mapping[str, object]:
    """Return an action with what was seen to come of it."""
    return each._asdict() | {
        "id": ids.shown(each.id),
        "entry": _maybe(each.entry),
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
        "sent": [each._asdict() | {"mark": _maybe(each.mark), "entry": _maybe(each.entry)} for each in rest.sent],
        "came_back": [dict(zip(_CAME_BACK, each, strict=True)) for each in rest.came_back],
        "erased": [{"entry": ids.shown(number), "at": at} for number, at in rest.erased],
    }


def _shown(number: int) -> str:
    """Return an id as `ids.shown` does, two signs at a time."""
    pairs = _pairs()
    return pairs[number >> 30] + pairs[number >> 20 & 1023] + pairs[number >> 10 & 1023] + pairs[number & 1023]


@cache
def _pairs() -> list[str]:
    return [first + second for first in ids.SIGNS for second in ids.SIGNS]


def _maybe(number: int | None) -> str | None:
    return None if number is None else ids.shown(number)


@lru_cache(maxsize=1_000)
def _batch(number: int) -> str:
    """Return an import's id; very many entries share one."""
    return ids.shown(number)
