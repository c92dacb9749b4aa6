"""How marks look on a screen and in JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reflect import fields, identify, ids
from reflect.cli.screen import Screen
from reflect.consent import Consent, contribution_of, invitation_of
from reflect.errors import Withheld
from reflect.models import Entry, Mark

_FOR = {"group": "the group", "funder": "funders", "public": "the public"}


def audience_of(permissions: Consent, name: str) -> tuple[str, str, str]:
    """Return the audience, the group it goes through (empty: the first that is joined, or any) and its purpose."""
    joined = permissions.memberships()
    audience = name if name in ("funder", "public") else "group"
    if name in ("group", "funder", "public") and (not joined or (audience != "group" and len(joined) > 1)):
        return audience, "", ""
    membership = permissions.membership("" if name in ("group", "funder", "public") else name)
    return audience, membership.reader, invitation_of(membership).purpose


def mark_fields(each: Mark, entry: Entry) -> Mapping[str, object]:
    """Return a mark with exactly what would leave because of it."""
    leaving = contribution_of(each, entry, "0" * 32)
    return {
        **fields.mark(each, entry),
        "entry": ids.shown(each.entry),
        "attribution": each.attribution or None,
        "leaves": leaving.words,
        "themes": leaving.themes,
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


def show_hints(screen: Screen, text: str, listed: Sequence[str]) -> None:
    """Show what in a passage could tell others who it is about; no word is changed."""
    for hint in identify.hints(text, listed):
        screen.line(f"Could tell who it is: “{hint.text}” ({hint.kind}).")


def check_own_list(text: str, listed: Sequence[str]) -> None:
    """Stop a passage that holds a word its author said must never leave."""
    found = identify.own_words(text, listed)
    if found:
        raise Withheld(
            f"it holds “{found[0].text}”, which your own list says must never leave",
            why="never_share in config.toml names it",
            next_step="choose other sentences, or use --level reworded with a vaguer word",
        )
