"""Writes docs/sources.md, the key to the row ids that questions, lenses and plans rest on, from what ships.

Run: make schemas
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reflect.bank import lenses, packs, shelf
from reflect.session import plans
from tests.data.make_source_tables import Row, rows

PAGE = Path(__file__).with_name("sources.md")


@dataclass(frozen=True)
class Source:
    """What is known of one source document."""

    prefix: str
    who: str
    date: str
    what: str


SOURCES = (
    Source(
        "IVAR",
        "Dr Vita Terry and Keeva Rooney, for the Institute for Voluntary Action Research (IVAR)",
        "not given; a related piece on its page is from March 2024",
        "A long read on what keeps power from communities and four ways of shifting it, with the tensions these bring.",
    ),
    Source(
        "KF",
        "The King's Fund, which names itself in the text; no person is named",
        "not given; its programme ran from 2020 on",
        "A long read on five local partnerships, told by four themes. Each theme closes with questions for readers,"
        " 13 in all, and these are the ones that reflect marks with a star. The copy we worked from has no title;"
        " ours is that of the public page with the same text.",
    ),
    Source(
        "NL",
        "New Local, by inference: the page names neither author nor publisher",
        "16 February 2021",
        "A short piece that led up to a report on what communities did in the pandemic and before it.",
    ),
    Source(
        "BWL",
        "A Better Way, by inference: the page ends with the name of one of its groups",
        "not given; it looks back on a year that included the pandemic",
        "One page with three lessons of a network's talks, and what anybody can do about each.",
    ),
    Source(
        "BW",
        "A Better Way; convenors Caroline Slocock and Steve Wyler, speakers as each note names them",
        "one note is from 17 July 2017 and one from 2 June 2020; the other four give no date of their own",
        "Six notes of the network's meetings on one page, newest first. A heading in reflect begins with the meeting"
        " it belongs to.",
    ),
)

KINDS = {
    "star": "★ question to consider",
    "asked": "question the text asks",
    "heading": "heading worded as a question",
    "implied": "question the text implies",
    "avoid": "question quoted as the wrong one to ask",
    "practice": "practice",
    "framework": "framework",
    "principle": "principle",
}

HEAD = """\
# Where the questions come from

Made by `make schemas`; change the packs in `prompts/` or that script, not this page.

Every question in `prompts/` is worded by us and rests on one or more places in five documents about power and
partnership. A place has an id, a *row*, such as KF-Q10. `reflect prompts show KF-Q10` shows the question that rests
on it, and `--json` lists the rows of each question. `reflect prompts lenses KF-F05` does the same for lenses.

## How to read a row id

The letters before the hyphen name the document:

{documents}

The letter after it says what the document has there, and the number counts that kind in reading order:

| Letter | What is there | Form of our question |
|---|---|---|
| Q | a question: asked outright, worded as a heading, or only implied | `asked`, `heading` or `implied` |
| P | a practice: something people do, tried, or tell of | `practice`: the question is ours, made from it |
| F | a framework: a list, lens or caution that orders thought | a lens, or cited beside another row |
| R | a principle: how people and their words are to be treated | cited beside another row |

One question is left out on purpose: {avoided} stands in its document as an example of what not to ask. A pack that
cites it is refused. KF-F01 is no lens, since its four parts are the first four themes of `reflect themes list`.

A lens is offered and never imposed. What a document only names stays without an explanation, and what our copy of it
has lost stays lost; the lens then says *incomplete in source*.
"""


def page() -> str:
    """Return the whole page."""
    known = rows()
    questions = [(pack, prompt) for pack, path in shelf.shipped().items() for prompt in packs.read(path).prompts()]
    resting: dict[str, list[str]] = {}
    for pack, prompt in questions:
        for row in prompt.rows:
            resting.setdefault(row, []).append(f"[{prompt.id}](../prompts/{pack}.toml)")
    for lens in lenses.shipped().lens:
        for row in lens.rows:
            resting.setdefault(row, []).append(f"[lens {lens.id}](../prompts/lenses.toml)")
    for plan, path in plans.shipped().items():
        for row in plans.read(path).plan.rows:
            resting.setdefault(row, []).append(f"[plan {plan}](../prompts/plans/{plan}.toml)")
    avoided = ", ".join(row for row, each in known.items() if each.kind == "avoid")
    documents = ["| Prefix | Title | By | Date |", "|---|---|---|---|"]
    documents += [
        f"| {each.prefix} | {packs.DOCUMENTS[each.prefix][1]} | {each.who} | {each.date} |" for each in SOURCES
    ]
    sections = [_section(source, known, resting) for source in SOURCES]
    return "\n".join([HEAD.format(documents="\n".join(documents), avoided=avoided), *sections])


def _section(source: Source, known: dict[str, Row], resting: dict[str, list[str]]) -> str:
    title = packs.DOCUMENTS[source.prefix][1]
    lines = [f"## {source.prefix}: {title}", "", source.what, ""]
    lines += ["| Row | What it is | Theme | What rests on it |", "|---|---|---|---|"]
    lines += [
        f"| {row} | {KINDS[each.kind]} | {each.theme} | {', '.join(resting[row])} |"
        for row, each in known.items()
        if each.document == source.prefix and row in resting
    ]
    return "\n".join([*lines, ""])


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
