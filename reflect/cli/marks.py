"""How marks look on a screen and in JSON."""

from __future__ import annotations

from collections.abc import Mapping

from reflect import ids
from reflect.cli.screen import Screen
from reflect.consent import Consent, contribution_of, invitation_of
from reflect.models import Entry, Mark

_FOR = {"group": "the group", "funder": "funders", "public": "the public"}


def audience_of(permissions: Consent, name: str) -> tuple[str, str, str]:
    """Return the audience, the group it goes through (empty: any) and that group's purpose."""
    if name in ("funder", "public"):
        return name, "", ""
    if name == "group" and len(permissions.memberships()) != 1:
        return "group", "", ""
    membership = permissions.membership("" if name == "group" else name)
    return "group", membership.reader, invitation_of(membership).purpose


def mark_fields(each: Mark, entry: Entry) -> Mapping[str, object]:
    """Return a mark with exactly what would leave because of it."""
    leaving = contribution_of(each, entry, "0" * 32)
    return {
        "id": ids.shown(each.id),
        "entry": ids.shown(each.entry),
        "version": each.version,
        "start": each.start,
        "end": each.end,
        "audience": each.audience,
        "group": each.reader or None,
        "purpose": each.purpose,
        "level": each.level,
        "attribution": each.attribution or None,
        "stance": each.stance or None,
        "leads_to": each.leads_to,
        "alone_ok": each.alone_ok,
        "leaves": leaving.words,
        "themes": leaving.themes,
        "suspended": each.version != entry.version,
    }


def show_leaving(screen: Screen, each: Mark, entry: Entry) -> None:
    """Show exactly what would leave."""
    leaving = contribution_of(each, entry, "0" * 32)
    name = leaving.attribution or "no name"
    screen.line((f"For {_FOR[each.audience]}, {each.level}, under {name}:", "bold"))
    if leaving.words:
        screen.words(leaving.words)
    themes = ", ".join(leaving.themes) or "no theme you chose"
    screen.line((f"  with: {themes}; the week, not the day", "dim"))
    if leaving.prompt:
        screen.line((f"  and the question: {leaving.prompt.text}", "dim"))
    if leaving.leads_to:
        screen.line(f"  and what you want it to lead to: {leaving.leads_to}")
    if leaving.stance:
        screen.line(f"  as: {leaving.stance}")
