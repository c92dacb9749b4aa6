"""Word: a two-page handout for the session, then the full summary; real headings, tables and words for pictures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reflect.dates import in_words
from reflect.summary import charts, hour
from reflect.summary.say import source
from reflect.summary.together import CONSTANT, DRAFT, QUOTES, GroupSummary, GroupTheme, Quotation, for_handout
from reflect.summary.together_say import NOTHING_RECORDED, actions, attributed, people, period, stances, standing

if TYPE_CHECKING:
    from reflect.summary.paper import Paper

ENDING = ".docx"

LINES_TO_WRITE_ON = 4
_DIFFERING = 2
_ROOM = 1480
"""Points of two pages that may be filled; the rest is lost where lines are kept together."""

_STRONG, _SOURCE = "Strong", "Quote Source"
_MORE = "More differing views are in the full summary."


def render(summary: GroupSummary) -> bytes:
    """Return the handout, and from a new page on the full summary, as one document."""
    paper = _begun_with_handout(summary)
    _full(paper, summary)
    return paper.content()


def handout(summary: GroupSummary) -> bytes:
    """Return the two-page handout alone."""
    return _begun_with_handout(summary).content()


def _begun_with_handout(summary: GroupSummary) -> Paper:
    """Return a document with its handout: three quotations and two differing views a theme, as far as two pages go.

    None is cut: a theme whose quotations are the longest shows one fewer, and at least one. Where even
    that is too much, a third page begins; picking fewer themes helps.
    """
    themes = for_handout(summary.themes, summary.wanted.handout_themes)
    many, differing = [QUOTES] * len(themes), _DIFFERING
    while True:
        shown: list[_Short] = []
        for theme, most in zip(themes, many, strict=True):
            before = {each for other in shown for each in other.quotations}
            fresh = [each for each in theme.quotations if each not in before]  # one that stands twice says no more
            shown.append(_Short(theme, (fresh or theme.quotations)[:most], theme.differing[:differing]))
        paper = _begun(summary)
        _handout(paper, summary, shown)
        long = [at for at, each in enumerate(shown) if len(each.quotations) > 1]
        if paper.points <= _ROOM or (differing == 1 and not long):
            return paper
        if differing > 1:
            differing = 1
        else:
            longest = max(long, key=lambda at: shown[at].letters)
            many[longest] = len(shown[longest].quotations) - 1


@dataclass(frozen=True, slots=True)
class _Short:
    """A theme as the handout shows it."""

    theme: GroupTheme
    quotations: Sequence[Quotation]
    differing: Sequence[Quotation]

    @property
    def letters(self) -> int:
        return sum(len(each.text) for each in self.quotations)


def _begun(summary: GroupSummary) -> Paper:
    from reflect.summary.paper import Paper  # reading a form's ending is no reason to load Word's library

    title = f"{summary.agreed.name}: what we wrote, by theme"
    paper = Paper(title)
    paper.footer(f"{standing(summary)} {title}" if summary.kind == DRAFT else title)
    paper.words((standing(summary), _STRONG))
    return paper


def _handout(paper: Paper, summary: GroupSummary, themes: Sequence[_Short]) -> None:
    agreed = summary.agreed
    paper.words(
        ("What for: ", _STRONG),
        f"{_sentence(agreed.purpose)} ",
        ("Read\u00a0by: ", _STRONG),
        f"{_sentence(agreed.audience)} ",
        ("Who\u00a0responds: ", _STRONG),
        f"{agreed.responder}, by {in_words(agreed.respond_by)}.",
    )
    paper.words(f"{_sentence(period(summary))} {people(summary.total, agreed.fewest)}. ", (CONSTANT, _STRONG))
    paper.heading("What we wrote", 1)
    for each in themes:
        number = f": {people(each.theme.shown, agreed.fewest)}" if _may_be_counted(each.theme) else ""
        paper.heading(f"{each.theme.name}{number}", 2)
        _quote(paper, each.quotations)
        _stance(paper, "Differing views", each.differing)
    if not themes:
        paper.words(NOTHING_RECORDED)
    if any(len(each.theme.differing) > len(each.differing) for each in themes):
        paper.words(_MORE)
    paper.heading(f"Our session: {hour.MINUTES} minutes", 1)
    rows = [(str(step.minutes), _asked(step)) for step in hour.steps(summary)]
    paper.table("the session's steps and their minutes", ("Minutes", "What we do"), rows, 22, 152, captioned=False)
    paper.heading("What we need to decide", 1)
    paper.words("What is decided, who offers to do it, and by when:")
    for _ in range(LINES_TO_WRITE_ON):
        paper.line_to_write_on()


def _stance(paper: Paper, title: str, found: Sequence[Quotation]) -> None:
    if not found:
        paper.words((f"{title}: ", _STRONG), NOTHING_RECORDED)
        return
    paper.heading(title, 3)
    _quote(paper, found)


def _asked(step: hour.Step) -> list[tuple[str, str] | str]:
    said: list[tuple[str, str] | str] = [(f"{step.name}: ", _STRONG), step.text]
    return [*said, (f"  ({source(step.prompt)})", _SOURCE)] if step.prompt else said


def _full(paper: Paper, summary: GroupSummary) -> None:
    agreed = summary.agreed
    paper.heading("The full summary", 1, new_page=True)
    paper.words((CONSTANT, _STRONG))
    paper.words(("What taking part costs and how it is recompensed: ", _STRONG), _sentence(agreed.cost or "not stated"))
    _pictures(paper, summary)
    for theme in summary.themes:
        if theme.touched:
            _theme(paper, theme, summary)
    empty = [theme.name for theme in summary.themes if not theme.touched]
    if empty:
        paper.words(("Nothing to show under: ", _STRONG), f"{', '.join(empty)}.")
    paper.heading("Not placed", 2)
    _quote(paper, summary.not_placed, none=NOTHING_RECORDED)
    paper.heading("Questions for the session", 2)
    for prompt in summary.questions:
        paper.bullet(prompt.group_text, (f"  ({source(prompt)})", _SOURCE))
    if offered := actions(summary):
        paper.heading("What was offered in sessions", 2)
        for each in offered:
            paper.bullet(each)
    if summary.objections:
        paper.heading("What was said to the draft", 2)
        for each in summary.objections:
            paper.bullet(each)
    if summary.key:
        paper.heading("Words explained", 2)
        paper.table("words and what they mean", ("Word", "What it means"), summary.key, 44, 130)
    _method(paper, summary)


def _pictures(paper: Paper, summary: GroupSummary) -> None:
    found = (
        ("People by theme", "people who wrote about each theme", charts.people_by_theme(summary)),
        ("Before and now", "people who wrote in the period before, and in this one", charts.before_and_now(summary)),
    )
    for heading, caption, chart in found:
        if chart:
            paper.heading(heading, 2)
            paper.picture(chart.png, chart.alt, 174)
            first = 174 - 44 * (len(chart.header) - 1)
            paper.table(caption, chart.header, chart.rows, first, *[44] * (len(chart.header) - 1))
            paper.words(chart.note)


def _theme(paper: Paper, theme: GroupTheme, summary: GroupSummary) -> None:
    fewest = summary.agreed.fewest
    paper.heading(theme.name, 2)
    if _may_be_counted(theme):
        paper.words(f"{people(theme.shown, fewest)}.")
    if theme.moved:
        paper.words(f"The period before: {theme.moved.before} people; this one: {theme.moved.now}.")
    if theme.words:
        paper.words(f"Words that stand out here against the other themes: {', '.join(theme.words)}.")
    if theme.matters:
        paper.heading("What recurs", 3)
        for matter in theme.matters:
            paper.bullet(f"{matter.name}: {people(matter.shown, fewest)}")
            if matter.quotation and matter.quotation not in theme.quotations:
                _quote(paper, [matter.quotation])
    if theme.quotations:
        paper.heading("In our words", 3)
        _quote(paper, theme.quotations)
    for title, found in stances(theme):
        _stance(paper, title, found)
    for memo in theme.memos:
        paper.words(("Placed here by the lead: ", _STRONG), memo)


def _method(paper: Paper, summary: GroupSummary) -> None:
    paper.heading("How it was made", 2)
    for sentence in summary.method:
        paper.bullet(sentence)
    paper.bullet(("Not heard from: ", _STRONG), _sentence(summary.wanted.not_heard_from or "nothing was said"))
    for name, shown in summary.sites:
        paper.bullet(f"{name}: {people(shown, summary.agreed.fewest)}.")
    if summary.site_note:
        paper.bullet(summary.site_note)
    for change in summary.codebook_changes:
        paper.bullet(("Codebook: ", _STRONG), change)


def _quote(paper: Paper, found: Iterable[Quotation], none: str = "") -> None:
    quoted = list(found)
    for each in quoted:
        paper.quotation(each.text, attributed(each))
    if not quoted and none:
        paper.words(none)


def _may_be_counted(theme: GroupTheme) -> bool:
    return theme.shown.people is not None or bool(theme.shown.band)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
