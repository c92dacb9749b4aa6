"""Answers a shell that asks what may stand next on a line: quickly, in silence, and without ever writing.

Typer carries what finds the place on the line; which names may stand there is the table
below. Typer's own scripts are not used: the one for zsh has the shell evaluate what the
program prints, and a name in somebody's file must never be run.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import Any, NamedTuple

import typer
from typer._click import shell_completion as library

from reflect import config
from reflect.cli.app import COMMANDS, app
from reflect.completing import Names, Offer

ASKED = "_REFLECT_COMPLETE"
"""The variable by which a script asks; its value is the shell's name."""

MOST = 60
"""Offers for one place."""

_LONGEST = 70  # letters of a note; a shell shows one line an offer
_OPTIONS = {
    "--theme": "themes",
    "--handout-theme": "themes",
    "--into": "themes",
    "--tag": "tags",
    "--untag": "tags",
    "--about": "abouts",
    "--prompt": "prompts",
    "--occasion": "occasions",
    "--depth": "depths",
    "--group": "kept_groups",
    "--lens": "lenses",
    "--plan": "plans",
    "--journal": "journals",
    "--filter": "filters",
    "--entry": "entries",
}
_ARGUMENTS = {
    "show entry": "entries",
    "edit entry": "entries",
    "history entry": "entries",
    "erase entry": "entries",
    "theme entry": "entries",
    "mark entry": "entries",
    "unmark entry": "entries",
    "revisit entry": "entries",
    "theme changes": "changes_of_themes",
    "group code changes": "changes_of_themes",
    "group themes theme": "themes",
    "actions show action": "actions",
    "actions done action": "open_actions",
    "actions change action": "open_actions",
    "actions drop action": "open_actions",
    "actions seen action": "actions",
    "drafts show name": "drafts",
    "drafts resume name": "drafts",
    "drafts discard name": "drafts",
    "share group": "joined_groups",
    "session show plan": "plans",
    "session run plan": "plans",
    "session resume which": "sessions",
    "session note which": "sessions",
    "prompts show prompt": "prompts",
    "prompts retire prompt": "prompts",
    "prompts restore prompt": "prompts",
    "prompts lenses lens": "lenses",
    "restore file": "copies",
}
"""What each argument takes, by its command's words and its own name."""

_WORDS = {
    "--audience": ("group", "funder", "public"),
    "--level": ("theme", "reworded", "verbatim"),
    "--meeting": ("last",),
    "calendar pass meeting": ("last",),
    "--outcome": ("act", "pass-on", "not-ours"),
    "mark --for": ("group", "funder", "public"),
    "unmark --for": ("group", "funder", "public"),
    "group themes change": ("add", "rename", "define", "merge", "retire"),
    "completion shell": ("bash", "zsh", "fish"),
    "summary what": ("verify", "again"),
}
_FILES = ("FILE", "PATH", "INVITATION", "BACKUP")
_FOLDERS = ("FOLDER",)


class Answer(NamedTuple):
    """What may stand at a place: words, and whether a file or a folder may, too."""

    offers: list[Offer]
    paths: str = ""
    """files, folders, or empty."""


def answer(words: list[str], incomplete: str) -> Answer:
    """Return what may stand after these words, beginning with what is typed of it; its place is found as Typer does."""
    context = library._resolve_context(typer.main.get_command(app), {}, "reflect", words)  # noqa: SLF001
    holder, beginning = library._resolve_incomplete(context, words, incomplete)  # noqa: SLF001
    names = Names(config.places(context.find_root().params.get("journal") or ""))
    lead = incomplete.removesuffix(beginning)  # of --theme=fun, where the shell takes it for one word
    if holder is context.command:
        found = _of_a_command(context, names, beginning)
    else:
        found = of_a_parameter(_path(context), holder, names, beginning)
    return found._replace(offers=[Offer(lead + each.word, each.note) for each in found.offers[:MOST]])


def _of_a_command(context: Any, names: Names, beginning: str) -> Answer:
    if context.parent is None and not beginning.startswith("-"):  # its commands stay unloaded
        ours = [Offer(*each) for each in COMMANDS.items() if each[0].startswith(beginning)]
        return Answer([*ours, *names.of("aliases", beginning)])
    options = [
        Offer(each.value, _line_of(context, each.value) or each.help or "")
        for each in context.command.shell_complete(context, beginning)
    ]
    if beginning.startswith("-") and _path(context) in ("theme", "group code"):  # -THEME is a change, no option
        return Answer([*names.of("changes_of_themes", beginning), *options])
    return Answer(options)


def _line_of(context: Any, name: str) -> str:
    """Return the whole line of a command in a group; Typer cuts it after a few words."""
    command = context.command.get_command(context, name) if hasattr(context.command, "get_command") else None
    return command.get_short_help_str(_LONGEST) if command else ""


def of_a_parameter(path: str, parameter: Any, names: Names, beginning: str) -> Answer:
    """Return what a parameter of the command with these words takes."""
    kind, words, paths = takes(path, parameter)
    offers = names.of(kind, beginning) if kind else []
    offers += [Offer(each) for each in words if each.startswith(beginning)]
    return Answer(offers, paths)


def takes(path: str, parameter: Any) -> tuple[str, tuple[str, ...], str]:
    """Return what a parameter takes: a kind of names, words of its own, and files or folders."""
    metavar = str(parameter.metavar or "")
    options = [each for each in parameter.opts if each.startswith("--")]
    named = f"{path} {options[0] if options else parameter.name}"
    words = _WORDS.get(named) or (_WORDS.get(options[0], ()) if options else ())
    kind = _ARGUMENTS.get(named, "") or (_OPTIONS.get(options[0], "") if options else "")
    if named.endswith((" --format", "import form", "export form")):
        words = _formats(path)
    if re.fullmatch(r"[a-z]+(\|[a-z]+)+", metavar):
        words = tuple(metavar.split("|"))
    paths = "folders" if metavar in _FOLDERS else "files" if metavar.startswith(_FILES) else ""
    if not kind and metavar == "NAME" and {"--group"} & set(options):
        kind = "kept_groups"
    return kind, tuple(words), paths


def _formats(path: str) -> tuple[str, ...]:
    if path == "import":
        from reflect.exchange import importers

        return tuple(importers.names())
    if path == "export":
        from reflect.exchange import exporters

        return tuple(exporters.names())
    return ("markdown", "json", "word", "html", "pdf", "csv", "xlsx", "qdpx")


def _path(context: Any) -> str:
    """Return a command's words, without the program's own."""
    words: list[str] = []
    while context.parent is not None:
        words.insert(0, context.info_name)
        context = context.parent
    return " ".join(words)


# -- the shells --------------------------------------------------------------------------------


def line_of(shell: str, content: str) -> tuple[list[str], str]:
    """Return the whole words before the place and what is typed of the word there.

    bash hands over the line up to the cursor; the others all words after the program's,
    each with a NUL after it, the last one being typed.
    """
    if shell == "bash":
        words = _split(content)
        is_between = not content or (content[-1].isspace() and not content.endswith("\\ "))
        words = words[1:]
        return (words, "") if is_between or not words else (words[:-1], words[-1])
    words = [_unquoted(each) for each in content.removesuffix("\0").split("\0")]
    return words[:-1], words[-1]


def _split(line: str) -> list[str]:
    """Return a line's words as a shell reads them; a quotation that is still open ends where the line does."""
    return library.split_arg_string(line)


def _unquoted(word: str) -> str:
    """Return a word as the shell would hand it over; one that needs no such reading stays as it is."""
    if not word or word[0] not in "'\"":
        return word
    return "".join(_split(word)[:1])


def written(found: Answer) -> str:
    """Return an answer as the scripts read it: where paths may stand, then a line an offer, its note after a tab."""
    lines = [found.paths]
    for each in found.offers:
        note = " ".join(each.note.split())
        lines.append(f"{each.word}\t{note if len(note) <= _LONGEST else note[: _LONGEST - 1].rstrip() + '…'}")
    return "\n".join(lines) + "\n"


def run() -> None:
    """Answer one request; whatever is wrong, say nothing and end well, since somebody is typing."""
    with suppress(BaseException):
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - to the end of the run
        shell = os.environ[ASKED]
        words, incomplete = line_of(shell, sys.stdin.buffer.read(100_000).decode("utf-8", "replace"))
        sys.stdout.buffer.write(written(answer(words, incomplete)).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
