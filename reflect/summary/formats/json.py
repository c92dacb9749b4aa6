"""One JSON object for scripts, as design section 5 promises it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from reflect import fields, ids
from reflect.summary.roll_up import Excerpt, Summary, ThemeSummary

ENDING = ".json"


def render(summary: Summary) -> str:
    """Return the summary as JSON."""
    return json.dumps(
        {
            "period": {"from": summary.since or None, "to": summary.until or None, "words": summary.period},
            "themes": [_theme(theme) for theme in summary.themes],
            "not_placed": [_excerpt(excerpt) for excerpt in summary.not_placed],
            "questions": [fields.question(prompt) for prompt in summary.questions],
            "actions": [fields.action(each) for each in summary.actions],
            "method": {
                "entries": summary.method.entries,
                "placed_by": dict(summary.method.placed_by),
                "told": list(summary.method.sentences),
            },
        },
        ensure_ascii=False,
        indent=2,
    )


def _theme(theme: ThemeSummary) -> Mapping[str, object]:
    return {
        "id": theme.id,
        "name": theme.name,
        "entries": theme.entries,
        "people": theme.people,
        "band": None,
        "weeks": [{"week": week, "entries": count} for week, count in theme.weeks],
        "movement": {"before": theme.movement.before, "now": theme.movement.now} if theme.movement else None,
        "excerpts": [_excerpt(excerpt) for excerpt in theme.excerpts],
    }


def _excerpt(excerpt: Excerpt) -> Mapping[str, object]:
    return {
        "entry": ids.shown(excerpt.entry),
        "version": excerpt.version,
        "happened_at": excerpt.happened_at,
        "start": excerpt.start,
        "end": excerpt.end,
        "text": excerpt.text,
    }
