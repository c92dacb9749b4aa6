"""One JSON object for scripts; people and entries are numbers, or null with a band."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from reflect import fields
from reflect.summary.together import CONSTANT, GroupSummary, GroupTheme, Quotation

ENDING = ".json"


def render(summary: GroupSummary) -> bytes:
    """Return the summary as JSON."""
    value = {
        "group": summary.agreed.name,
        "kind": summary.kind,
        "comment_by": summary.comment_by or None,
        "purpose": summary.agreed.purpose,
        "audience": summary.wanted.audience,
        "period": {
            "from": summary.wanted.since or None,
            "to": summary.wanted.until or None,
            "words": summary.wanted.period,
        },
        "entries": summary.entries,
        "people": summary.total.people,
        "band": summary.total.band,
        "themes": [_theme(theme) for theme in summary.themes],
        "not_placed": [_quotation(each) for each in summary.not_placed],
        "questions": [fields.question(prompt) for prompt in summary.questions],
        "actions": [asdict(each) for each in summary.actions or ()],
        "objections": list(summary.objections),
        "key": dict(summary.key),
        "sites": [{"name": name, "people": shown.people, "band": shown.band} for name, shown in summary.sites],
        "method": {
            "told": list(summary.method),
            "constant": CONSTANT,
            "fewest": summary.agreed.fewest,
            "not_heard_from": summary.wanted.not_heard_from or None,
            "site_note": summary.site_note or None,
            "codebook_changes": list(summary.codebook_changes),
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _theme(theme: GroupTheme) -> Mapping[str, object]:
    return {
        "id": theme.id,
        "name": theme.name,
        "entries": theme.entries,
        "people": theme.shown.people,
        "band": theme.shown.band,
        "movement": {"before": theme.moved.before, "now": theme.moved.now} if theme.moved else None,
        "recurs": [
            {
                "name": matter.name,
                "people": matter.shown.people,
                "band": matter.shown.band,
                "excerpt": _quotation(matter.quotation) if matter.quotation else None,
            }
            for matter in theme.matters
        ],
        "words": list(theme.words),
        "excerpts": [_quotation(each) for each in theme.quotations],
        "gains": [_quotation(each) for each in theme.gains],
        "losses": [_quotation(each) for each in theme.losses],
        "differing": [_quotation(each) for each in theme.differing],
        "memos": list(theme.memos),
    }


def _quotation(each: Quotation) -> Mapping[str, object]:
    return {
        "entry": each.contribution,
        "version": 1,
        "start": each.start,
        "end": each.end,
        "text": each.text,
        "reworded": each.reworded,
        "attribution": each.attribution or None,
        "occasion": each.occasion or None,
        "leads_to": each.leads_to or None,
        "stance": each.stance or None,
        "called_by": ("lead" if each.called_by_lead else "author") if each.stance else None,
        "memo": each.memo or None,
    }
