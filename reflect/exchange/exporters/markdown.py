"""Markdown that Obsidian and zk read: a folder of files with front matter, or one file to read through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime

from reflect import ids
from reflect.dates import in_words
from reflect.exchange.exporters import Outgoing
from reflect.models import Entry, Layer

ENDING = ".md"
EVERYTHING = False
LEAVES_OUT = "History, marks and actions stay behind; `reflect export json` has all of it."

OURS = "reflect"
"""Name in the front matter by which our own importer knows our own files."""

LATER = "\n\n<!-- reflect: later thoughts -->\n"
"""Parts an entry's words from what was thought of them later."""

LATER_HERE = "later"
"""Name in the front matter that says so: the same line may stand in anybody's words."""

KINDS = {"still": "still true", "changed": "changed", "act": "to act on", "let-go": "let go"}
"""How an answer to an earlier entry is said."""


def pieces(outgoing: Outgoing) -> Iterator[str]:
    """Yield one document, each entry under a heading with its day."""
    yield f"# {outgoing.title}\n"
    for whole in outgoing.wholes:
        entry = whole.entry
        yield f"\n## {heading(entry)}\n\n"
        if entry.asked:
            yield "".join(f"> {line}\n" for line in entry.asked.text.split("\n")) + "\n"
        yield entry.text + "\n"
        if entry.themes or entry.tags:
            labels = [theme.id for theme in entry.themes if theme.by != "suggested"] + [f"#{tag}" for tag in entry.tags]
            yield f"\n*{' '.join(labels)}*\n" if labels else ""
        if whole.layers:
            yield f"\n{_later(whole.layers, '### ')}\n"


def members(outgoing: Outgoing) -> Iterator[tuple[str, str]]:
    """Yield a file for each entry, in a folder for each year."""
    for whole in outgoing.wholes:
        entry = whole.entry
        moment = datetime.fromisoformat(entry.happened_at)
        at = "" if entry.precision == "day" else f"-{moment:%H%M}"
        later = f"{LATER}\n{_later(whole.layers, '## ')}\n" if whole.layers else "\n"
        yield (
            f"{moment:%Y}/{moment:%Y-%m-%d}{at}-{ids.shown(entry.id)}.md",
            f"---\n{_front_matter(entry, later=bool(whole.layers))}---\n\n{entry.text}{later}",
        )


def heading(entry: Entry) -> str:
    """Return when an entry happened and what it was about, as a heading."""
    moment = datetime.fromisoformat(entry.happened_at)
    at = "" if entry.precision == "day" else f", {moment:%H:%M}"
    about = f": {entry.about}" if entry.about else ""
    return f"{in_words(entry.happened_at)}{at}{about}"


def _front_matter(entry: Entry, *, later: bool) -> str:
    lines = [
        f"id: {_quoted(ids.shown(entry.id))}",
        f"title: {_quoted(entry.about or heading(entry))}",
        f"date: {entry.happened_at}",
        f"zone: {_quoted(entry.zone)}" if entry.zone else "",
        "precision: day" if entry.precision == "day" else "",
        f"about: {_quoted(entry.about)}" if entry.about else "",
        f"question: {_quoted(entry.asked.text)}" if entry.asked else "",
        *_list("tags", [tag.replace(" ", "-") for tag in entry.tags]),
        *_list("themes", [theme.id for theme in entry.themes if theme.by == "author"]),
        f"{LATER_HERE}: true" if later else "",
        f"{OURS}: entry",
    ]
    return "".join(f"{line}\n" for line in lines if line)


def _list(name: str, items: list[str]) -> list[str]:
    return [f"{name}:", *(f"  - {_quoted(item)}" for item in items)] if items else []


def _quoted(text: str) -> str:
    """Return a text between quotation marks, which is the same in YAML and JSON; no sign in it is hidden."""
    made = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff]", lambda sign: f"\\u{ord(sign[0]):04x}", made)


def _later(layers: tuple[Layer, ...], marks: str) -> str:
    """Return what was thought later, oldest first, each with its day."""
    said = [
        f"{marks}{in_words(each.at)}: {KINDS[each.kind]}" + (f"\n\n{each.text}" if each.text else "") for each in layers
    ]
    return "\n\n".join(said)
