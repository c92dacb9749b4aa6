"""One HTML page to read or print: nothing loaded from anywhere, no script, words as text and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape

from reflect import clean, ids
from reflect.dates import in_words
from reflect.exchange.exporters import Outgoing
from reflect.exchange.exporters.markdown import KINDS
from reflect.models import Entry, Layer
from reflect.whole import Whole

ENDING = ".html"
EVERYTHING = False
LEAVES_OUT = "History, marks and actions stay behind; `reflect export json` has all of it."

_STYLE = """
:root { color-scheme: light dark }
body { max-width: 42rem; margin: 0 auto; padding: 1rem; font: 1.05rem/1.6 Georgia, serif; color: #1a1a1a;
  background: #fff }
h1, h2, h3, p.beside, nav { font-family: system-ui, sans-serif; line-height: 1.3 }
h2 { margin-top: 3rem; border-bottom: 1px solid #767676 }
article { margin: 2rem 0 }
h3 { font-size: 1.05rem; margin-bottom: .3rem }
.words { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
.question { margin: .3rem 0 .8rem; padding-left: 1rem; border-left: 3px solid #767676; white-space: pre-wrap }
.beside { font-size: .85rem; color: #595959 }
.later { margin: 1rem 0 0 1.5rem }
a { color: #0b5394 }
@media (prefers-color-scheme: dark) {
  body { color: #e8e8e8; background: #161616 } .beside { color: #b5b5b5 } a { color: #9cc8f5 }
}
@media print { nav { display: none } article { break-inside: avoid-page } }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_TOP = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
"""


def pieces(outgoing: Outgoing) -> Iterator[str]:
    """Yield the page, entry by entry, with a heading for each month."""
    yield _TOP.format(language="en-GB", policy=_POLICY, title=_safe(outgoing.title), style=_STYLE)
    month = ""
    for whole in outgoing.wholes:
        moment = datetime.fromisoformat(whole.entry.happened_at)
        if f"{moment:%B %Y}" != month:
            month = f"{moment:%B %Y}"
            yield f'<h2 id="m{moment:%Y-%m}">{month}</h2>\n'
        yield _article(whole, moment)
    if not month:
        yield "<p>No entries.</p>\n"
    yield "</main>\n</body>\n</html>\n"


def _article(whole: Whole, moment: datetime) -> str:
    entry = whole.entry
    at = "" if entry.precision == "day" else f", {moment:%H:%M}"
    about = f": {_safe(entry.about)}" if entry.about else ""
    number = ids.shown(entry.id)
    when = f'<time datetime="{_safe(entry.happened_at)}">{in_words(entry.happened_at)}{at}</time>'
    lines = [f'<article id="e{number}" aria-labelledby="h{number}">', f'<h3 id="h{number}">{when}{about}</h3>']
    if entry.asked:
        lines.append(f'<p class="question">{_safe(entry.asked.text)}</p>')
    lines.append(f'<p class="words" dir="auto">{_safe(entry.text)}</p>')
    if beside := _beside(entry):
        lines.append(f'<p class="beside">{beside}</p>')
    lines += map(_later, whole.layers)
    return "\n".join([*lines, "</article>\n"])


def _beside(entry: Entry) -> str:
    themes = ", ".join(_safe(theme.id) for theme in entry.themes if theme.by != "suggested")
    tags = " ".join(f"#{_safe(tag)}" for tag in entry.tags)
    return ". ".join(filter(None, [f"Themes: {themes}" if themes else "", f"Tags: {tags}" if tags else ""]))


def _later(layer: Layer) -> str:
    words = f'<p class="words" dir="auto">{_safe(layer.text)}</p>' if layer.text else ""
    said = f"{in_words(layer.at)}: {KINDS[layer.kind]}"
    return f'<div class="later"><p class="beside">{said}</p>{words}</div>'


def _safe(text: str) -> str:
    """Return words as text that no browser takes for anything else."""
    return escape(clean.document(text))
