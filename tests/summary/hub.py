"""An invented group, big enough for numbers: twenty people, six themes, one of them touched by two people only."""

from __future__ import annotations

from dataclasses import replace

from reflect.bank import packs, shelf
from reflect.store.groups import Gathered
from reflect.summary import together
from reflect.summary.together import Agreed, GroupSummary, Material, Wanted

THEMES = (
    ("roles", "Roles"),
    ("funding", "Funding and commissioning"),
    ("communities", "Working with communities"),
    ("language", "Language"),
    ("own-power", "Our own power"),
    ("voice", "Voice and experience"),
    ("structures", "Hidden rules and data"),
    ("connection", "Connection"),
    ("change", "How change happens"),
    ("learning", "Learning together"),
)
PROMPTS = tuple(prompt for path in shelf.shipped().values() for prompt in packs.read(path).prompts())
WORDS = {
    "funding": (
        "We waited for the budget again, and nobody who is paid to be there said a word about bus fares.",
        "The form asks for three years of accounts. We have a tin with receipts in it, and a neighbour who can add up.",
        "I sign off small grants by myself and I have never been asked how I choose. That sat badly with me today.",
        "The money comes in March and has to be gone by June, so we buy what is quick and not what people asked for.",
        "When the commissioner left the room everybody breathed out, and then we talked about what the work is for.",
        "Bus fares were on the agenda for the third time. They were the last item for the third time, too.",
        "A pot of two hundred pounds with no form did more this summer than the whole programme did.",
        "I noticed that we call it an investment when it goes to the trust and a cost when it goes to the estate.",
        "Whoever holds the budget speaks first. I timed it, and it was nineteen minutes before anybody else came in.",
        "We were thanked for our flexibility, by which they meant that we had worked two months without a contract.",
        "The reporting took longer than the thing we were reporting on.",
        "Bus fares again. I paid mine and two other people's and said nothing, which I am not proud of.",
    ),
    "voice": (
        "She told the story of her brother for the fourth time this year, to a room that was new each time.",
        "I was asked to 'bring the lived experience'. I had brought a plan, with figures, and nobody opened it.",
        "The minutes have one line for what Joel said. It took him four minutes and a week to find the words.",
        "We invited them to speak and then we ran over, so they were given the last five minutes with coats on.",
        "For once the chair asked those who had not spoken, and waited. It was uncomfortable and it worked.",
        "Two people who use the service wrote the agenda, and it was the first meeting which ended on time.",
        "I spoke over somebody and only noticed on the bus home. I would like to say so to her, and not in an e-mail.",
        "My account was used in a slide without my name, and without anybody asking me.",
        "Quotes from residents were read out by officers. The residents were sitting there.",
    ),
    "roles": (
        "I still do not know what I am allowed to say yes to, so I say I will check, and everybody waits for me.",
        "The lanyard opens doors in both senses. I took mine off today and had to be let in.",
        "We agreed that I would step back, and then three people rang me to ask what I thought.",
        "Nobody had told the new member that decisions are taken in the car park afterwards.",
        "I was introduced by my job title and she was introduced by her first name.",
        "It turned out that four of us thought that somebody else was chairing.",
        "He knows more about housing than anyone in the room, and he was there to take notes.",
    ),
    "communities": (
        "The lunch club decides by who is still there at the washing-up. It is slower than a vote, and nobody leaves.",
        "We held it in the town hall because it was free. It is free, and no one from the estate has ever been in it.",
        "They had already solved it, with a rota and a borrowed van. We had come to consult them on a strategy.",
        "People stayed after the end for the first time, and it was about a bench.",
        "What we call hard to reach has a front door and a letter box.",
        "The mosque, the school and the bowls club each thought they were the only ones who had been left out.",
    ),
    "language": (
        "I counted eleven abbreviations before the first break, and three of them were mine.",
        "We say 'service user' when they are in the room and 'patient' when they are not.",
        "She asked what INT stands for, and two of us gave different answers.",
        "The word 'empower' was in the title, and nobody could say who would be doing it to whom.",
        "Plain words got us to the point in ten minutes. I missed the long ones, because I could hide in them.",
    ),
    "learning": (
        "I offered an excuse where I could have offered a question.",
        "We wrote down what went wrong and put it where nobody will look.",
    ),
}
FIRST = {"roles": 13, "language": 10}
"""The first of the people who wrote about a theme, where it isn't the first of all."""

DIFFERS = {
    "funding": (12, "I like the form. It is the only thing which treats us all the same, whoever we happen to know."),
    "voice": (
        13,
        "I would rather be asked four times than not at all, and I wish people would stop apologising for asking.",
    ),
}
GAIN = (
    "roles",
    8,
    "Since we swapped chairs each month I have learnt more about her work than in the six years before.",
)
LOSS = ("communities", 9, "We lost the Thursday group when the room was painted, and it has not come back.")
OCCASIONS = ("after-meeting", "check-in", "funding-decision", "")
AGREED = Agreed(
    name="Hub partners",
    purpose="to find out how we can share decisions with the people who live with them",
    audience="everybody who took part, and the partnership board",
    keeper="Dilys",
    responder="Dilys",
    respond_by="2026-12-15",
    cost="an hour, and bus fares are paid",
    fewest=5,
    sites=(),
    glossary={"INT": "Integrated Neighbourhood Team"},
)
WANTED = Wanted(
    since="2026-07-01", until="2026-09-30", period="July to September 2026", not_heard_from="the night staff"
)


def gathered(
    number: int, person: int, words: str, *themes: str, stance: str = "", week: str = "2026-W33", alone_ok: bool = False
) -> Gathered:
    """Return one contribution, as a group holds it."""
    return Gathered(
        id=f"{number:032x}",
        contributor=f"{person:032x}",
        site="",
        audience="group",
        level="verbatim",
        words=words,
        themes=themes,
        prompt="",
        asked="",
        occasion=OCCASIONS[number % len(OCCASIONS)],
        week=week,
        stance=stance,
        leads_to="bus fares paid on the day" if "Bus fares" in words else "",
        alone_ok=alone_ok,
        attribution="a neighbour" if number % 7 == 3 else "",
    )


def contributions() -> list[Gathered]:
    """Return what the twenty people shared in the summer."""
    found: list[Gathered] = []
    for theme, passages in WORDS.items():
        for person, words in enumerate(passages, FIRST.get(theme, 0)):
            found.append(gathered(len(found), person, words, theme, alone_ok=theme == "learning" and person == 0))
    for theme, (person, words) in DIFFERS.items():
        found.append(gathered(len(found), person, words, theme, stance="differs"))
    for stance, (theme, person, words) in (("gain", GAIN), ("loss", LOSS)):
        found.append(gathered(len(found), person, words, theme, stance=stance))
    return found


def earlier_contributions() -> list[Gathered]:
    """Return what was shared in the spring: money by seven people, voice by nine and the rest by few."""
    rows = [("funding", 7), ("voice", 9), ("roles", 2)]
    return [
        gathered(
            1000 + 100 * at + person,
            person,
            f"In spring, too, {theme} was on the table. {person}",
            theme,
            week="2026-W20",
        )
        for at, (theme, people) in enumerate(rows)
        for person in range(people)
    ]


def summary(
    wanted: Wanted = WANTED, *, more: tuple[Gathered, ...] = (), without: tuple[str, ...] = (), **agreed: object
) -> GroupSummary:
    """Return the group's summary, with more contributions or without some themes'."""
    standing = [each for each in (*earlier_contributions(), *contributions(), *more) if not {*each.themes} & {*without}]
    material = Material(
        contributions=standing,
        people={},
        codings=(),
        changes=(),
        themes=THEMES,
        prompts=PROMPTS,
        earlier=(),
        objections=("You left out the buses in the evening.",),
    )
    return together.roll_up(replace(AGREED, **agreed), material, wanted)  # type: ignore[arg-type]
