"""The command line's root: which commands there are, and the one door through which every failure leaves.

A command's module is imported only when that command runs, so that nobody waits for
what they did not ask for.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from reflect import __version__, clean, config
from reflect.cli.desk import Desk
from reflect.cli.screen import told
from reflect.errors import NOTHING_CHANGED, Interrupted, NotFound, ReflectError, Refused, StorageRefused, Usage

COMMANDS = {
    "ask": "Serve a question, with where it comes from.",
    "write": "Write an entry.",
    "list": "List entries, newest first.",
    "show": "Show one entry whole.",
    "search": "Find entries by their words.",
    "edit": "Give an entry new words; the old ones stay in its history.",
    "history": "Show every wording of an entry.",
    "undo": "Take back what you did last.",
    "erase": "Erase an entry for good.",
    "theme": "Say which themes an entry is about.",
    "drafts": "See, resume or discard words that were not stored yet.",
    "revisit": "Look at an earlier entry again.",
    "actions": "What you offered to do, and what came of it.",
    "calendar": "Meetings that ended lately, of the calendars you added.",
    "remind": "A reminder that your own system keeps, or any calendar.",
    "summary": "Roll up your entries by theme, or what a group gathered.",
    "mark": "Let others read an entry, or some sentences of it.",
    "unmark": "Take a permission back.",
    "share": "Make the file in which marked words leave, for one group.",
    "shared": "See where your words went, and what came of it.",
    "open": "Recognise a file that came: an invitation, a draft, an answer.",
    "group": "A group: begin, join, gather, answer, hand over, close.",
    "checkin": "Hold a quick check-in of a team.",
    "session": "Hold a timed session, in which everybody is heard.",
    "prompts": "Look into the bank of questions, and change it.",
    "themes": "Look into the codebook of themes.",
    "import": "Bring entries in from another tool.",
    "export": "Write your journal out in a form other tools read.",
    "backup": "Copy the journal, whole and checked.",
    "restore": "Bring a copy back, or take in what it has more.",
    "recover": "Read what can be read of a damaged journal.",
    "encrypt": "Encrypt the journal under a passphrase.",
    "decrypt": "Keep the journal without a passphrase again.",
    "passphrase": "Change the passphrase, or have the system's keyring keep it.",
    "doctor": "Check that the journal is sound and private.",
    "journals": "List your journals: the first one, and those with a name.",
    "completion": "Print what makes your shell complete commands.",
    "tour": "See the main job on sample people, in under a minute.",
}
_MODULES = {"import": "import_"}
"""Modules that can't have their command's name, since it is a word of Python's."""
_BEGIN = {"write", "import", "restore", "encrypt", "actions", "calendar"}
"""Commands with which a journal of a new name may begin."""
_REFUSED_BY_NAME = {errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP}
_REFUSED_BY_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EFBIG}


class Root(TyperGroup):
    """The group of all commands, each imported when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer hands it over
        """Return the commands in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as above
        """Return one command; for the list in `--help`, its name and line are enough."""
        if cmd_name not in COMMANDS:
            return None
        if _only_help_is_wanted():
            return TyperCommand(cmd_name, help=COMMANDS[cmd_name], rich_markup_mode=None)
        module = import_module(f"reflect.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command = typer.main.get_command(module.app)
        command.name, command.short_help = cmd_name, COMMANDS[cmd_name]
        return command

    def make_context(self, info_name: Any, args: list[str], *rest: Any, **kwargs: Any) -> Any:
        """Read the command's words, an alias replaced by what it stands for; `--help` is shown here."""
        with _until_nobody_reads():
            return super().make_context(info_name, _expanded(args), *rest, **kwargs)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands in `--help`, and below them the person's own."""
        super().format_commands(ctx, formatter)
        if config.places().settings.exists():
            from reflect.cli import aliases

            own = aliases.known(COMMANDS)
            if own:
                with formatter.section("Your aliases"):
                    formatter.write_dl([(name, clean.line(words)) for name, words in own.items()])

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            with _until_nobody_reads():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            raise Interrupted("stopped", changed="") from None

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program and leave with the exit code of the contract."""
        try:
            code = super().main(*args, **kwargs | {"standalone_mode": False})
        except ReflectError as error:
            _tell(error)
            code = error.exit_code
        except typer.TyperException as error:
            _tell(_misread(error.format_message()))
            code = getattr(error, "exit_code", Usage.exit_code)
        except typer.Abort:
            code = Interrupted.exit_code
        except OSError as error:
            known = _from_the_system(error)
            _tell(known)
            code = known.exit_code
        except Exception as error:
            if os.environ.get("REFLECT_DEBUG"):
                raise
            _tell(_fault_of_ours(error))
            code = ReflectError.exit_code
        try:
            sys.stdout.flush()
        except OSError:
            _let_go_of_stdout()
        sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def _until_nobody_reads() -> Iterator[None]:
    """End silently when the reader went away, as `head` does."""
    try:
        try:
            yield
        except typer.Exit:
            sys.stdout.flush()
            raise
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
        raise typer.Exit(0) from None


def _let_go_of_stdout() -> None:
    """Let what can't be written go nowhere, or Python would fail on it once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _misread(message: str) -> Usage:
    hint = "; words that begin with a hyphen go after --" if message.startswith("No such option") else ""
    return Usage(message.rstrip("."), next_step="see `reflect --help`" + hint)


def _expanded(words: list[str]) -> list[str]:
    """Return the words with an alias of the person's own written out; where a command of ours stands, at no cost."""
    if not words or words[0] in COMMANDS:
        return words
    from reflect.cli import aliases

    at = aliases.place_of_command(words)
    if at is None or words[at] in COMMANDS:
        return words
    meant = aliases.expanded(words, at, COMMANDS)
    sys.argv[1:] = meant  # as if it had been typed, for whoever asks what was
    return meant


def _only_help_is_wanted() -> bool:
    return sys.argv[1:] in (["--help"], ["-h"])


def _from_the_system(error: OSError) -> ReflectError:
    where, why = str(error.filename or ""), error.strerror or str(error)
    changed = _notes(error) or (NOTHING_CHANGED if where else "What was saved before stays saved.")
    if isinstance(error, FileNotFoundError):
        return NotFound(f"there is no {where}", next_step="check the path", changed=changed)
    if error.errno in _REFUSED_BY_NAME:
        return Refused(f"{where} can't be used", why=why, next_step="name another file", changed=changed)
    if error.errno in _REFUSED_BY_DISK:
        next_step = "free some space or choose another place"
        return StorageRefused("the disk refused", where=where, why=why, next_step=next_step, changed=changed)
    return _fault_of_ours(error)


def _notes(error: Exception) -> str:
    """Where rescued words are, which whoever rescued them noted on the error."""
    return " ".join(getattr(error, "__notes__", ()))


def _fault_of_ours(error: Exception) -> ReflectError:
    """Say it without the error's own text, which might hold somebody's words."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno}" if trace else ""
    return ReflectError(
        f"a fault of ours ({type(error).__name__})",
        where=place,
        next_step="set REFLECT_DEBUG=1 to see all of it, and tell us; your stored entries are as they were",
        changed=_notes(error),
    )


def _json_is_wanted(words: list[str]) -> bool:
    return "--json" in words or "--format=json" in words or ("--format", "json") in pairwise(words)


def _tell(error: ReflectError) -> None:
    if _json_is_wanted(sys.argv[1:]):
        print(json.dumps({"error": error.fields()}), file=sys.stderr)
    else:
        print(told(f"reflect: {clean.body(str(error))}"), file=sys.stderr)


app = typer.Typer(
    cls=Root,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback()
def reflect(
    ctx: typer.Context,
    journal: Annotated[
        str, typer.Option(metavar="NAME", help="Use this journal of yours instead of the first one.")
    ] = "",
    plain: Annotated[bool, typer.Option("--plain", help="Plain lines: no colour, boxes or redraw.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Home as one JSON object.")] = False,
) -> None:
    """A private journal that a group can learn from.

    Run `reflect` alone to see where you are. Everything is saved on this computer
    only, encrypted if you ask for it, and nothing leaves it unless you say so.

    reflect is not a therapist. It is not a reporting system. It is not a substitute
    for talking with those who hold less power than you. And it is slow by nature.

    Examples:

    reflect ask

    reflect write --about "Board"
    """
    if version:
        print(__version__)
        raise typer.Exit
    ctx.obj = Desk(journal=journal, plain=plain, begins=ctx.invoked_subcommand in _BEGIN)
    if ctx.invoked_subcommand is None:
        from reflect.cli import home

        home.show(ctx.obj, as_json=as_json)


def run() -> None:
    """Run the command line; what the terminal can't show becomes a mark instead of a crash."""
    if "_REFLECT_COMPLETE" in os.environ:  # a shell asks what may stand next on a line
        from reflect.cli import completing

        completing.run()
        return
    os.umask(0o077)
    # What was closed by the caller is opened on nothing, so that no file of ours takes its number.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the end
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app()
