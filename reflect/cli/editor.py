"""Writing in an editor of one's own: on a page in our own folder, read and stored before it is removed.

Whatever else happens (the editor fails, dies, removes the page, writes bytes that are no
text), the page stays and is named.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from reflect import drafts, intake
from reflect.errors import ReflectError, Refused, Usage

_WAIT = {
    "code": "--wait",
    "codium": "--wait",
    "gvim": "--nofork",
    "kate": "--block",
    "mate": "--wait",
    "subl": "--wait",
    "zed": "--wait",
}
"""Editors that return at once and leave a window behind, each with the option that makes it wait."""
_VIMS = ("vim", "nvim", "gvim")
_NO_TRACES = ("-i", "NONE", "--cmd", "set noundofile nobackup")
"""Keeps Vim from writing what was yanked, searched for and undone into files of its own."""
_USUAL = ("editor", "nano", "vim", "vi", "notepad")
"""What is looked for where nobody named an editor."""
_BELOW = "-------- what stands below this line is not kept --------"


def named(setting: str = "") -> str:
    """Return the editor's command as the person named it: in config.toml, in VISUAL or in EDITOR; else empty."""
    return next(
        (each for each in (setting, os.environ.get("VISUAL", ""), os.environ.get("EDITOR", "")) if each.strip()), ""
    )


def command(setting: str = "") -> list[str]:
    """Return the editor's command as words; where nobody named one, the first usual one that is installed."""
    stated = named(setting)
    words = _split(stated) if stated else [each for each in _USUAL if shutil.which(each)][:1]
    if not words:
        raise Usage("no editor is named", next_step='set EDITOR, or write editor = "nano" into config.toml')
    wait = _WAIT.get(Path(words[0]).stem)
    return [*words, wait] if wait and len(words) == 1 else words


def _split(stated: str) -> list[str]:
    """Return a command as words; a path with blanks in it, as it stands on the disk, is one word without quotes."""
    stated = stated.strip()
    for end in (at for at in range(len(stated), 0, -1) if at == len(stated) or stated[at].isspace()):
        if _is_a_path(stated[:end]):
            return [str(Path(stated[:end]).expanduser()), *_words(stated[end:])]
    return _words(stated)


def _is_a_path(text: str) -> bool:
    try:
        return os.sep in text and Path(text).expanduser().is_file()
    except (OSError, RuntimeError, ValueError):  # too long for a name, of a user that is not there, or with a NUL
        return False


def _words(stated: str) -> list[str]:
    try:
        return shlex.split(stated, posix=os.name != "nt")
    except ValueError as error:
        raise Usage(f"the editor's command {stated!r} can't be read", why=str(error), next_step="set EDITOR") from None


def hint(lines: Sequence[str]) -> str:
    """Return what stands on a page below the words: the question, say."""
    return "\n".join([_BELOW, *lines]) if lines else ""


def write_on(page: Path, words: Sequence[str], before: str) -> intake.Taken | None:
    """Have a page written on and return what is on it then; None when it is as it was before, words and all.

    A page with new words stays until they are stored; where they can't be taken, the error names it.
    """
    try:
        ended = _run([*words, *_leaving_nothing(words, page), str(page)])
    except Refused:
        if drafts.read(page).text == before.strip("\n"):
            drafts.discard(page)
        raise
    try:
        content = drafts.page_bytes(page)
    except FileNotFoundError:
        drafts.discard(page)
        raise Refused("the editor removed its page", why="there is nothing to read", next_step="write again") from None
    except OSError as error:
        raise _kept(page, "the page can't be read", error.strerror or str(error)) from None
    taken = intake.from_bytes(content[: intake.LARGEST])
    text = drafts.words_of(page, taken.text)
    is_new = bool(text.strip()) and text != before.strip("\n")
    if ended and is_new:
        raise _kept(page, f"the editor {_how(ended)}", "so it is not sure that these are all the words")
    if len(content) > intake.LARGEST:
        raise _kept(page, f"the page has more than {intake.LARGEST:,} bytes", "that is more than one entry holds")
    if taken.raw:
        raise _kept(page, "some bytes on the page are no text", "the editor saved it in another encoding than UTF-8")
    if not is_new:
        drafts.discard(page)
    if ended:
        raise Refused(f"the editor {_how(ended)}", why="it left no new words", next_step="write again")
    return taken._replace(text=text) if is_new or not text.strip() else None


def _leaving_nothing(words: Sequence[str], page: Path) -> tuple[str, ...]:
    """Return what keeps an editor from noting words of an encrypted journal elsewhere; its own options win."""
    stands_in_memory = not drafts.is_at_home(page)
    return _NO_TRACES if stands_in_memory and len(words) == 1 and Path(words[0]).stem in _VIMS else ()


def _run(words: list[str]) -> int:
    """Run the editor until it ends; return its exit code, a signal as a negative number."""
    environment = {name: value for name, value in os.environ.items() if "PASSPHRASE" not in name}
    sys.stdout.flush()
    # Ctrl-C is the editor's while it runs. A handler of ours is not inherited, as ignoring would be.
    usual = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(words, env=environment, check=False).returncode  # noqa: S603 - the person's own choice
    except OSError as error:
        raise Refused(
            f"the editor {words[0]!r} can't be started",
            why=error.strerror or str(error),
            next_step="set EDITOR to a command that is there",
        ) from None
    finally:
        signal.signal(signal.SIGINT, usual)


def _how(ended: int) -> str:
    if ended > 0:
        return f"ended with {ended}"
    try:
        return f"was stopped by {signal.Signals(-ended).name}"
    except ValueError:
        return f"was stopped by signal {-ended}"


def _kept(page: Path, what: str, why: str) -> ReflectError:
    with suppress(OSError):
        page = drafts.put_away(page)
    return Refused(
        what,
        why=why,
        next_step=f"`reflect drafts resume {page.stem}` stores what is there, or `discard` removes it",
        changed=f"Nothing was saved. Your words are in the draft {page}",
    )
