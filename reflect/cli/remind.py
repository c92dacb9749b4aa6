"""`reflect remind`: a reminder that your own system or calendar keeps."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.config import private_folder
from reflect.errors import Busy, NotFound, Refused, Usage
from reflect.files import write_private
from reflect.reminders import here as of_this_system
from reflect.reminders import when as times
from reflect.reminders.keeper import SAYS, TITLE, Command, Keeper, Reminder

if TYPE_CHECKING:
    from reflect.reminders.when import When

app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)

_PATIENCE = 60  # seconds for what tells the system
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")]
Times = Annotated[list[str], typer.Argument(metavar="WHEN", help="Such as friday 16:00, or daily 17:30.")]


@app.callback()
def remind(ctx: typer.Context, as_json: options.Json = False) -> None:
    """A reminder that your own system keeps, or any calendar; alone it shows the one there is.

    It says one sentence, always the same, and knows nothing of what you wrote or
    when. What is put on your system is shown first, and removed as easily.

    Examples:

    reflect remind set friday 16:00

    reflect remind ics friday 16:00 -o reminder.ics
    """
    if ctx.invoked_subcommand is None:
        _show(desk(ctx), as_json=as_json)


@app.command()
def show(ctx: typer.Context, as_json: options.Json = False) -> None:
    """Show the reminder there is.

    Examples:

    reflect remind show

    reflect remind show --json
    """
    _show(desk(ctx), as_json=as_json)


@app.command("set")
def set_(
    ctx: typer.Context,
    when: Times,
    dry_run: DryRun = False,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Write the files and tell the system nothing of them.")
    ] = False,
    yes: options.Yes = False,
) -> None:
    """Have your system remind you, in place of a reminder of before.

    On Linux this is a timer of your own systemd, on macOS an agent of launchd, on
    Windows a task of Task Scheduler. Each file is shown before it is written.

    Examples:

    reflect remind set friday 16:00

    reflect remind set "weekdays 16:30" --dry-run
    """
    here = desk(ctx)
    wanted = times.read(" ".join(when))
    keeper = of_this_system.keeper(here.places.home)
    program = of_this_system.program(sys.argv[0], sys.executable)
    files = keeper.files(Reminder(wanted, program, wanted.after(here.now)))
    before = _ours(keeper)
    commands = () if files_only else keeper.start()
    _show_files(here, wanted, files, commands)
    if dry_run:
        here.screen.line("Nothing was written.")
        return
    if not files_only and not shutil.which(keeper.tool):
        _refuse_without_tool(keeper, wanted)
    if not _agreed(yes=yes, question="Write this?"):
        here.screen.line("Nothing was written.")
        return
    if before and not files_only:
        for command in keeper.stop():  # one that is not running can't be stopped, and that is as well
            _run(command)
    for path, content in files.items():
        private_folder(path.parent)
        write_private(path, content, replace=True)
    _tell(commands, changed="The files are written.")
    if files_only:
        here.screen.line("The files are written, and your system was not told. To tell it:")
        for command in keeper.start():
            here.screen.line("  ", _shown(command))
    else:
        here.screen.line(f"You will be reminded {wanted}. To end it: reflect remind remove")


@app.command()
def remove(ctx: typer.Context, dry_run: DryRun = False, yes: options.Yes = False) -> None:
    """Remove the reminder from your system.

    Examples:

    reflect remind remove

    reflect remind remove --yes
    """
    here = desk(ctx)
    keeper = of_this_system.keeper(here.places.home)
    files = _ours(keeper)
    if not files:
        raise NotFound("there is no reminder here", next_step="one in a calendar is removed there")
    has_tool = shutil.which(keeper.tool) is not None
    for path in files:
        here.screen.line("Would be removed: " if dry_run else "To be removed: ", str(path))
    if dry_run:
        return
    if not _agreed(yes=yes, question="Remove this?"):
        here.screen.line("Nothing was removed.")
        return
    troubles = [_run(command) for command in keeper.stop()] if has_tool else []
    for path in files:
        path.unlink()
    troubles += [_run(command) for command in keeper.settle()] if has_tool else []
    for trouble in filter(None, troubles):
        here.screen.aside(f"Note: {trouble}.")
    here.screen.line("Removed. Nothing reminds you any more.")


@app.command()
def ics(
    ctx: typer.Context,
    when: Times,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Into this new file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Make the reminder as an .ics file, which every calendar takes in.

    Examples:

    reflect remind ics friday 16:00 -o reminder.ics

    reflect remind ics "weekdays 16:30" > reminder.ics
    """
    from reflect.reminders import calendar_file

    here = desk(ctx)
    wanted = times.read(" ".join(when))
    content = calendar_file.render(wanted, here.now)
    if output is None:
        here.screen.raw(content.decode().replace("\r\n", "\n") if sys.stdout.isatty() else content.decode())
        return
    write_private(output, content, replace=force)
    here.screen.line("Made ", str(output), f", which reminds you {wanted}. Open it with your calendar.")


@app.command(hidden=True)
def now(ctx: typer.Context) -> None:
    """Show the reminder once; this is what your system calls.

    Examples:

    reflect remind now

    reflect remind now > reminder.txt
    """
    command = of_this_system.notice(sys.platform, shutil.which)
    if command and not _run(command):
        return
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, SAYS, TITLE, 0x40)
        return
    desk(ctx).screen.line(SAYS)


def _show(here: Desk, *, as_json: bool) -> None:
    keeper = of_this_system.keeper(here.places.home)
    files = _ours(keeper, refuse=False)
    first = keeper.paths[0]
    when = keeper.when(first.read_bytes()) if first in files else None
    if as_json:
        here.screen.json(
            {
                "installed": bool(files),
                "when": str(when) if when else None,
                "kept_by": keeper.name,
                "files": [str(path) for path in files],
            }
        )
        return
    if not files:
        here.screen.line("No reminder. To have one: reflect remind set friday 16:00")
        return
    here.screen.line(f"A reminder of {keeper.name}: {when or 'its time was changed by hand'}.")
    for path in files:
        here.screen.line("  ", (str(path), "dim"))
    here.screen.line("To end it: reflect remind remove")


def _ours(keeper: Keeper, *, refuse: bool = True) -> list[Path]:
    """Return our files that are there; another's in such a place is refused."""
    found = []
    for path in keeper.paths:
        if not path.exists():
            continue
        if keeper.is_ours(path.read_bytes()):
            found.append(path)
        elif refuse:
            raise Refused(f"{path} was not made by reflect", next_step="look at it, and move it away")
    return found


def _show_files(here: Desk, when: When, files: Mapping[Path, bytes], commands: Sequence[Command]) -> None:
    """Show whole what would be put on the system."""
    here.screen.line(f"A reminder {when}. It says: {SAYS}")
    for path, content in files.items():
        here.screen.line("The file ", (str(path), "bold"), ":")
        here.screen.words(content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8").strip())
    if commands:
        here.screen.line("Then your system is told:")
    for command in commands:
        here.screen.line("  ", _shown(command))


def _refuse_without_tool(keeper: Keeper, when: When) -> None:
    raise Refused(
        f"there is no {keeper.tool} here, which would be told of the reminder",
        next_step=f'`reflect remind ics "{_words(when)}" -o reminder.ics` makes one for your calendar;'
        " with --files-only the files are written all the same",
    )


def _words(when: When) -> str:
    days = "daily" if when.is_daily else " ".join(times.DAYS[day].lower() for day in when.days)
    return f"{days} {when.time}"


def _agreed(*, yes: bool, question: str) -> bool:
    if yes:
        return True
    if not at_a_terminal():
        raise Usage("nobody is here to be asked", next_step="look at what is shown above, then add --yes")
    keyboard.prepare()
    return keyboard.agreed(question)


def _tell(commands: Sequence[Command], *, changed: str) -> None:
    """Run commands; the first that fails stops the rest."""
    for number, command in enumerate(commands):
        trouble = _run(command)
        if trouble:
            left = "; ".join(_shown(each) for each in commands[number:])
            raise Busy("your system was not told", why=trouble, next_step=f"run {left}", changed=changed)


def _run(command: Command) -> str:
    """Run a command of the system; return why it failed, empty when it did not."""
    found = shutil.which(command[0])
    if not found:
        return f"there is no {command[0]}"
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(  # noqa: S603 - our own words
            [found, *command[1:]], capture_output=True, stdin=subprocess.DEVNULL, timeout=_PATIENCE, check=False
        )
        said = " ".join(done.stderr.decode(errors="replace").split()) or f"it ended with {done.returncode}"
        return f"{_shown(command)}: {said}" if done.returncode else ""
    return f"{_shown(command)}: it could not be run"


def _shown(command: Command) -> str:
    """Return a command as it can be typed."""
    import shlex

    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)
