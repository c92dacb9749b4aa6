"""The reminder on this very system: who keeps it, what shows it, and which program that is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from reflect.reminders.keeper import SAYS, TITLE, Command, Keeper


def keeper(home: Path, platform: str = sys.platform) -> Keeper:
    """Return who keeps reminders on a system; `home` is reflect's own folder."""
    if platform == "win32":
        from reflect.reminders.windows import TaskScheduler

        return TaskScheduler(home)
    if platform == "darwin":
        from reflect.reminders.launchd import Launchd

        return Launchd(Path.home() / "Library" / "LaunchAgents", os.getuid() if hasattr(os, "getuid") else 0)
    from reflect.reminders.systemd import Systemd

    settings = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(settings) if os.path.isabs(settings) else Path.home() / ".config"  # noqa: PTH117 - it may be empty
    return Systemd(folder / "systemd" / "user")


def program(started_as: str, python: str) -> Command:
    """Return what shows the reminder: the installed command, or Python with this package.

    `started_as` is how this run was started, `python` the interpreter.
    """
    script = Path(os.path.abspath(started_as))  # noqa: PTH100 - a link is the name that stays when what it leads to moves
    if script.stem.lower() == "reflect" and script.suffix.lower() in ("", ".exe") and script.is_file():
        return str(script), "remind", "now"
    # -P: no file that lies about in the folder where it starts can stand for the package
    return python, "-P", "-m", "reflect", "remind", "now"


def notice(platform: str, which: Callable[[str], str | None]) -> Command | None:
    """Return the command that shows the reminder on the screen; None where it is printed or has a window of ours."""
    if platform == "darwin":
        return "osascript", "-e", f'display notification "{SAYS}" with title "{TITLE}"'
    found = which("notify-send") if platform != "win32" else None
    return (found, f"--app-name={TITLE}", TITLE, SAYS) if found else None
