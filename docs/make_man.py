"""Writes the man page from the help of every command, so that both always say the same.

Run: make schemas
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

import typer

from reflect import __version__, errors
from reflect.cli.app import app

PAGE = Path(__file__).parent / "man" / "reflect.1"

_SIGNS = {"\\": r"\(rs", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "^": r"\(ha", "~": r"\(ti", '"': r"\(dq"}
_WIDTH = 78  # letters of a line of the file; roff fills lines anew

ENVIRONMENT = {
    "REFLECT_HOME": "Where everything is kept; without it, the folder that the system has for a person's data.",
    "VISUAL, EDITOR": "The editor that `write --editor` and `edit` open, unless config.toml names one.",
    "NO_COLOR, ACCESSIBLE": "Set, as `ACCESSIBLE=1`, they give plain lines, as `--plain` does; so does `TERM=dumb`.",
    "REFLECT_DEBUG": "Set, a fault of ours is shown whole. It may hold words of yours.",
    "REFLECT_NOW, REFLECT_SEED": "A fixed time and a fixed choice of questions, for tests and demonstrations.",
}

FILES = {
    "journal.db": "The journal, one SQLite file.",
    "drafts/": "Words that were not stored yet.",
    "backups/": "Copies of the journal that reflect made.",
    "config.toml": "Settings, aliases and saved filters.",
    "packs/, plans/": "Packs of questions and plans of sessions of your own.",
    "groups/ID/": "Groups that are kept here, each with its key.",
    "journals/NAME/": "Further journals, each with drafts and backups of its own.",
}
"""What stands in REFLECT_HOME."""


def page() -> str:
    """Return the whole page; it holds no date, so that it changes only when a help does."""
    root: Any = typer.main.get_command(app)
    return "\n".join([*_head(root), *_commands(root), *_tables()]) + "\n"


def _head(root: Any) -> Iterator[str]:
    yield r".\" Made by docs/make_man.py from the help of the commands; mend it there."
    yield f'.TH REFLECT 1 "" "reflect {__version__}" "User commands"'
    first, *_ = _paragraphs(root.help)
    yield from (".SH NAME", rf"reflect \- {roff(first.rstrip('.'))}")
    yield from (".SH SYNOPSIS", r".B reflect", r"[\fIOPTIONS\fR] [\fICOMMAND\fR [\fIARGUMENTS\fR]]")
    yield ".SH DESCRIPTION"
    yield from _help(root)
    yield ".SH OPTIONS"
    yield from _parameters(root, _context(root, (), root.context_settings))


def _commands(root: Any) -> Iterator[str]:
    yield ".SH COMMANDS"
    yield marked("Each command takes `--help`, too.")
    for words, command in tree(root):
        if words:
            context = _context(command, words, {"help_option_names": []})
            yield f'.SS "{roff(" ".join(("reflect", *words)))}"'
            usage = " ".join(command.collect_usage_pieces(context))
            yield from (rf"\fBreflect {roff(' '.join(words))}\fR {roff(usage)}", ".PP")
            yield from _help(command)
            yield from _parameters(command, context)


def _tables() -> Iterator[str]:
    yield ".SH EXIT STATUS"
    yield from _table([("0", "Done."), *((str(kind.exit_code), kind.__doc__ or "") for kind in _failures())])
    yield ".SH ENVIRONMENT"
    yield from _table(ENVIRONMENT.items())
    yield ".SH FILES"
    yield "In REFLECT_HOME:"
    yield from _table(FILES.items())
    yield ".SH NOTES"
    yield roff("Nothing leaves this computer unless you say so: reflect uses no network but the page for phones that")
    yield roff("the host of a session opens.")


def _failures() -> list[type[errors.ReflectError]]:
    """Return every kind of failure by its exit code."""
    kinds = [errors.ReflectError, *errors.ReflectError.__subclasses__()]
    ours = [kind for kind in kinds if kind.__module__ == errors.__name__]
    return sorted(ours, key=lambda kind: kind.exit_code)


def tree(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command and subcommand that is shown, with its words."""
    yield words, command
    if hasattr(command, "list_commands"):
        for name in command.list_commands(None):
            below = command.get_command(None, name)
            if not below.hidden:
                yield from tree(below, (*words, name))


def _context(command: Any, words: tuple[str, ...], settings: dict[str, Any]) -> typer.Context:
    return typer.Context(command, info_name=" ".join(("reflect", *words)), **settings)


def _help(command: Any) -> Iterator[str]:
    """Yield a command's help: its paragraphs, then its examples as they are typed."""
    said, _, examples = (command.help or "").partition("Examples:")
    for number, paragraph in enumerate(_paragraphs(said)):
        if number:
            yield ".PP"
        yield marked(paragraph)
    if examples.strip():
        yield from (".PP", "Examples:", ".PP", ".RS 4", ".EX")
        yield from map(roff, _paragraphs(examples))
        yield from (".EE", ".RE")


def _parameters(command: Any, context: typer.Context) -> Iterator[str]:
    records = [
        each.get_help_record(context) for each in command.get_params(context) if not getattr(each, "hidden", False)
    ]
    yield from _table(record for record in records if record)


def _table(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in rows:
        yield from (".TP", rf"\fB{roff(name)}\fR", marked(" ".join(text.split())))


def _paragraphs(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split("\n\n") if each.strip()]


def marked(text: str) -> str:
    """Return a paragraph for roff, what stands in backquotes in bold."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        pieces = [text]
    bold = (rf"\fB{_escaped(piece)}\fR" if number % 2 else _escaped(piece) for number, piece in enumerate(pieces))
    lines = wrap("".join(bold), _WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join(map(_begun, lines))


def roff(text: str) -> str:
    """Return text so that roff shows every sign as it is, and takes none at a line's beginning for a request."""
    return _begun(_escaped(text))


def _escaped(text: str) -> str:
    return "".join(_SIGNS.get(sign) or (sign if sign.isascii() else f"\\[u{ord(sign):04X}]") for sign in text)


def _begun(line: str) -> str:
    return rf"\&{line}" if line.startswith((".", "'")) else line


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
