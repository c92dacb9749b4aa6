"""A discussion pack: all that a group's session about its summary needs, in one folder."""

from __future__ import annotations

from collections.abc import Mapping

from reflect.dates import in_words
from reflect.summary import group_forms, hour
from reflect.summary.formats.markdown import escaped
from reflect.summary.group_forms import word
from reflect.summary.say import source
from reflect.summary.together import CONSTANT, GroupSummary, for_handout
from reflect.summary.together_say import people, period, standing

HANDOUT, SUMMARY, HOST = "handout.docx", "summary.docx", "host-sheet.md"
DATA = {"csv": "data.csv", "json": "data.json"}
"""The forms that hold a summary's data, and their files."""

_CARE = "Say first: this may touch your own story or somebody else's. You can pass, or go out for a while."

_WHAT_TO_DO = {
    hour.QUIET: (
        "Give everybody the handout, paper and a pen. Nobody speaks, you neither.",
        "Say: what you write is yours; nobody has to show it.",
    ),
    hour.MADE: ("Read out what stands below under 'To read out'.",),
    hour.QUESTION: (
        "Read the question out, then leave half a minute of quiet.",
        "Go round: everybody may speak once before anybody speaks twice; passing is fine.",
    ),
    hour.CHALLENGE: ("Read it out, and let it stand. It has no right answer.", "Ask: what would show us to be wrong?"),
    hour.CHAIR: (
        "Put a chair that nobody sits on where all can see it.",
        "Ask for the other side's account, and for how it can be asked for; nobody speaks for somebody else.",
    ),
    hour.DECIDE: (
        "Write on the handout's lines: what, who offers it, by when. An offer is made, never given out.",
        "Ask: which of these does the host's own side take on?",
    ),
    hour.CLOSE: ("Read the actions out once more.", "Say who responds, and by when."),
}


def files(summary: GroupSummary) -> dict[str, bytes]:
    """Return the pack's files by name; data in the forms there are."""
    names = [HANDOUT, SUMMARY, HOST, *(DATA[form] for form in DATA if form in group_forms.names())]
    return {name: file(name, summary) for name in names}


def file(name: str, summary: GroupSummary) -> bytes:
    """Return one of the pack's files."""
    if name == HANDOUT:
        return word.handout(summary)
    if name == SUMMARY:
        return word.render(summary)
    if name == HOST:
        return host_sheet(summary)
    return group_forms.load(_by_file()[name]).render(summary)


def host_sheet(summary: GroupSummary) -> bytes:
    """Return the host's sheet as Markdown: the hour step by step, and what to read out."""
    agreed = summary.agreed
    steps = hour.steps(summary)
    lines = [
        f"# Host's sheet: {escaped(agreed.name)}",
        "",
        f"**{standing(summary)}**",
        "",
        f"{escaped(period(summary))}. {escaped(people(summary.total, agreed.fewest))}. **{CONSTANT}**",
        "",
        f"- What for: {escaped(agreed.purpose)}",
        f"- Read by: {escaped(agreed.audience)}",
        f"- Who responds: {escaped(agreed.responder)}, by {in_words(agreed.respond_by)}",
        *([f"- For support, said aloud: {escaped(agreed.support)}"] if agreed.support else []),
        "- Bring: a handout and a pen for everybody, this sheet, a clock, and one chair more than there are people",
        "- You answer the same questions as everybody.",
        "",
        f"## The hour: {hour.MINUTES} minutes",
        "",
        "| From minute | Minutes | Step |",
        "| ---: | ---: | :--- |",
    ]
    start = 0
    for step in steps:
        lines.append(f"| {start} | {step.minutes} | {escaped(step.name)} |")
        start += step.minutes
    lines.append("")
    for number, step in enumerate(steps, 1):
        lines += [f"### {number}. {escaped(step.name)} ({step.minutes} minutes)", "", escaped(step.text), ""]
        if step.prompt:
            lines += [f"*{escaped(source(step.prompt))}*", ""]
        care = (_CARE,) if step.prompt and step.prompt.care else ()
        lines += [*(f"- {each}" for each in (*care, *_WHAT_TO_DO[step.kind])), ""]
    lines += _to_read_out(summary)
    lines += ["## The handout's themes", ""]
    lines += [f"- {_counted(name, said)}" for name, said in _themes(summary)] or ["Nothing recorded."]
    lines += [
        "",
        "## Afterwards",
        "",
        "- What was said to a draft: `reflect group objection TEXT`; the final summary prints it.",
        "- What comes of each point: `reflect group answer POINT`; the answer goes back to everybody who wrote.",
        "- Collect nothing that people wrote for themselves.",
    ]
    return ("\n".join(lines) + "\n").encode()


def _to_read_out(summary: GroupSummary) -> list[str]:
    """Return how the summary was made, as it is read out."""
    return [
        "## To read out",
        "",
        *(f"- {escaped(sentence)}" for sentence in summary.method),
        f"- Not heard from: {escaped(summary.wanted.not_heard_from or 'nothing was said')}",
        *([f"- {summary.site_note}"] if summary.site_note else []),
        f"- {CONSTANT}",
        "",
    ]


def _themes(summary: GroupSummary) -> list[tuple[str, str]]:
    """Return the handout's themes, each with how many people wrote where that is shown."""
    fewest = summary.agreed.fewest
    return [
        (theme.name, people(theme.shown, fewest) if theme.shown.people is not None or theme.shown.band else "")
        for theme in for_handout(summary.themes, summary.wanted.handout_themes)
    ]


def _counted(name: str, said: str) -> str:
    return f"{escaped(name)}: {said}" if said else escaped(name)


def _by_file() -> Mapping[str, str]:
    return {name: form for form, name in DATA.items()}
