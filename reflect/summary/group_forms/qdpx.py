"""REFI-QDA project for programs that code texts: the quoted passages under their themes, and nobody behind them."""

from __future__ import annotations

from reflect.exchange.refi_qda import Code, Passage, project, theme_key
from reflect.summary.together import GroupSummary, Quotation
from reflect.summary.together_rows import Quoted, method, quotations
from reflect.summary.together_say import attributed, period

ENDING = ".qdpx"

_SAID = {"gain": "Gain", "loss": "Loss", "differs": "Differing view"}
"""What may have been said of a passage, as codes."""

_SAID_BY = {"author": "As its author said", "lead": "As the lead called it"}


def render(summary: GroupSummary) -> bytes:
    """Return the summary's passages as a project."""
    found: dict[str, tuple[Quotation, list[str]]] = {}
    for each in quotations(summary):
        _, codes = found.setdefault(_key(each.quotation), (each.quotation, []))
        codes += [key for key in _codes_of(each) if key not in codes]
    return project(
        f"{summary.agreed.name}: what we wrote, by theme. {period(summary)}",
        "\n".join(method(summary)),
        _codes(summary),
        [
            Passage(key, f"Passage {number}", quotation.text, attributed(quotation), tuple(codes))
            for number, (key, (quotation, codes)) in enumerate(found.items(), start=1)
        ],
    )


def _key(each: Quotation) -> str:
    return f"passage {each.contribution} {each.start} {each.end}"


def _codes_of(each: Quoted) -> list[str]:
    keys = [theme_key(each.theme_id)] if each.theme_id else []
    keys += [_recurs_key(each.theme_id, each.recurs)] if each.recurs else []
    keys += [_stance_key(each.quotation.stance, _said_by(each.quotation))] if each.quotation.stance else []
    return keys


def _recurs_key(theme: str, name: str) -> str:
    return f"{theme_key(theme)} recurs {name}"


def _said_by(each: Quotation) -> str:
    return "lead" if each.called_by_lead else "author"


def _stance_key(stance: str, by: str) -> str:
    return f"stance {stance}" if by == "author" else f"stance {stance} by the {by}"


def _codes(summary: GroupSummary) -> list[Code]:
    """Return the themes with what recurs in them, and what was said of the passages, by whom."""
    themes = [
        Code(
            theme_key(theme.id),
            theme.name,
            codes=tuple(Code(_recurs_key(theme.id, matter.name), matter.name) for matter in theme.matters),
        )
        for theme in summary.themes
    ]
    said = {(each.stance, _said_by(each)) for each in summary.quotations()}
    for by, title in _SAID_BY.items():
        stances = tuple(Code(_stance_key(each, by), name) for each, name in _SAID.items() if (each, by) in said)
        key = "stances" if by == "author" else f"stances by the {by}"
        themes += [Code(key, title, is_codable=False, codes=stances)] if stances else []
    return themes
