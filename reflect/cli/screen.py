"""All that is shown to a person; the only module that knows Rich, and it is loaded only for a terminal.

Text from people and files goes through `clean` here, on every path.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from reflect import clean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

Piece = str | tuple[str, str]
"""Text, or text with a style: dim, bold, id, theme, hit, removed, added."""

_STYLES = {
    "dim": "dim",
    "bold": "bold",
    "id": "cyan",
    "theme": "green",
    "hit": "bold reverse",
    "heading": "bold underline",
    "same": "",
    "removed": "red strike",
    "added": "green underline",
}
_CHANGES = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
HIT_FROM, HIT_TO = "\ue000", "\ue001"


class Screen:
    """Lines for a person, or JSON for a script."""

    def __init__(self, *, plain: bool = False) -> None:
        """Show plain lines when asked to, when nobody looks, or when the terminal or its user wishes it."""
        asked_for = plain or bool(os.environ.get("NO_COLOR")) or os.environ.get("ACCESSIBLE") == "1"
        self.plain = asked_for or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty()

    @cached_property
    def _console(self) -> Console:
        from rich.console import Console

        return Console(highlight=False, emoji=False, markup=False)

    def line(self, *pieces: Piece) -> None:
        """Show one line of pieces; whatever they hold stays on the line."""
        self._put(
            [
                (clean.line(piece), "") if isinstance(piece, str) else (clean.line(piece[0]), piece[1])
                for piece in pieces
            ]
        )

    def words(self, text: str, indent: str = "  ") -> None:
        """Show a person's words, paragraphs kept."""
        for each in clean.body(text).split("\n"):
            self._put([((indent + each).rstrip(), "")], indent=len(indent))

    def question(self, text: str, indent: str = "  ") -> None:
        """Show a question; unlike in a person's own words, signs that turn text round become marks."""
        for each in text.split("\n"):
            self._put([((indent + clean.line(each)).rstrip(), "")], indent=len(indent))

    def found(self, snippet: str, indent: str = "  ") -> None:
        """Show the words around a search hit, the hit marked."""
        pieces: list[tuple[str, str]] = [(indent, "")]
        for number, part in enumerate(snippet.replace("\n", " ").split(HIT_FROM)):
            hit, _, rest = part.partition(HIT_TO) if number else ("", "", part)
            marked = f"«{clean.line(hit)}»" if self.plain else clean.line(hit)
            pieces += [(marked, "hit")] if hit else []
            pieces.append((clean.line(rest), ""))
        self._put(pieces, indent=len(indent))

    def changed(self, pieces: Iterable[tuple[str, str]], indent: str = "  ") -> None:
        """Show two wordings as one, from pieces that stayed (same), went (removed) or came (added)."""
        lines: list[list[tuple[str, str]]] = [[(indent, "")]]
        for kind, text in pieces:
            for number, part in enumerate(clean.body(text).split("\n")):
                if number:
                    lines.append([(indent, "")])
                before, after = _CHANGES[kind] if self.plain and part else ("", "")
                lines[-1].append((before + part + after, kind))
        for line in lines:
            self._put(line, indent=len(indent))

    def heading(self, text: str) -> None:
        """Show a heading with air above it."""
        self._put([("", "")])
        self._put([(clean.line(text), "heading")])

    def gap(self) -> None:
        """Leave a line empty."""
        self._put([("", "")])

    def aside(self, text: str) -> None:
        """Say something beside the answer, on stderr, so that pipes stay clean."""
        print(told(clean.body(text)), file=sys.stderr)

    def bar(self) -> Progress:
        """Return a bar for stderr that shows how far something has come, and is cleared when it stops."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        words = TextColumn("{task.description}", markup=False)
        return Progress(words, BarColumn(), console=Console(stderr=True), transient=True)

    def raw(self, text: str) -> None:
        """Write text as it is, in UTF-8, for files and pipes; what goes to a terminal has been cleaned before."""
        if sys.stdout.isatty():
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode())

    def json(self, value: object) -> None:
        """Write one JSON value."""
        print(json.dumps(value, ensure_ascii=_ascii_only(), indent=2))

    def json_list(self, values: Iterable[object]) -> None:
        """Write a JSON array value by value, so that a long one needs little memory."""
        encode = json.JSONEncoder(ensure_ascii=_ascii_only()).encode
        write = sys.stdout.write
        before = "["
        for value in values:
            write(before)
            write(encode(value))
            before = ",\n"
        write("[]\n" if before == "[" else "]\n")

    def _put(self, pieces: list[tuple[str, str]], indent: int = 0) -> None:
        if self.plain:
            print("".join(text for text, _ in pieces))
            return
        from rich.text import Text

        text = Text()
        for part, style in pieces:
            text.append(part, style=_STYLES.get(style, style))
        if not indent:
            self._console.print(text)
            return
        before, rest = text[:indent], text[indent:]  # a bar beside a quotation stands beside each of its lines
        for piece in rest.wrap(self._console, max(20, self._console.width - indent)):
            self._console.print(before + piece)


def told(text: str) -> str:
    """Return a sentence for stderr, cut between words where a terminal shows it; several lines stay as they are."""
    if "\n" in text or not sys.stderr.isatty():
        return text
    import textwrap

    width = os.get_terminal_size(sys.stderr.fileno()).columns or 80  # 0 where a terminal doesn't know
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _ascii_only() -> bool:
    """JSON stays valid where the output's encoding can't hold every sign."""
    return (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
