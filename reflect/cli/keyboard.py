"""Typing at the terminal: line by line, each on the disk before the next is read."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from reflect import intake
from reflect.cli.screen import Screen
from reflect.drafts import Draft
from reflect.errors import Interrupted, StorageRefused

END, DISCARD = ".", "/discard"


class Discarded(Exception):
    """The writer asked that nothing be kept."""


def prepare() -> None:
    """Let a line be of any length: a terminal by itself cuts a pasted line at 4,096 bytes."""
    try:
        import readline
    except ImportError:  # Windows, whose console has no such limit
        return
    readline.set_auto_history(False)  # what was typed is nobody's history
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # bytes that are no text are no reason to stop


def line(prompt: str) -> str:
    """Return one line as typed; EOFError at Ctrl-D, KeyboardInterrupt at Ctrl-C."""
    try:
        return input(prompt)
    except KeyboardInterrupt:
        sys.stdout.write("\n")  # what is said next begins on a line of its own
        raise


def paragraphs(draft: Draft, prompt: str = "> ") -> str:
    """Return what is typed up to a lone `.` or Ctrl-D; `/discard` raises Discarded, Ctrl-C keeps the begun line."""
    typed: list[str] = []
    while True:
        try:
            received = line(prompt)
        except EOFError:
            sys.stdout.write("\n")
            break
        except KeyboardInterrupt:
            if _begun_line().strip():
                _keep(draft, _begun_line())
            raise
        for each in intake.lines(received):  # a paste may bring several lines at once
            if each.strip() == DISCARD:
                raise Discarded
            if each.strip() == END:
                return "\n".join(typed).strip("\n")
            _keep(draft, each)
            typed.append(each)
    return "\n".join(typed).strip("\n")


def _keep(draft: Draft, typed: str) -> None:
    try:
        draft.line(typed)
    except OSError as error:
        raise StorageRefused(
            "what you type can't be kept",
            where=str(draft.path),
            why=error.strerror or str(error),
            next_step="free some space; what came before this line is in `reflect drafts`",
            changed="This line is not there:\n" + typed,
        ) from None


def _begun_line() -> str:
    readline = sys.modules.get("readline")
    return str(readline.get_line_buffer()) if readline else ""


def answers(screen: Screen, draft: Draft, parts: Sequence[str], *, first: int = 0) -> list[str]:
    """Return what is typed for each part of a question from `first` on, empty where it was passed over."""
    found = []
    for number, part in enumerate(parts):
        if number < first:
            continue
        if len(parts) > 1:
            screen.gap()
            screen.line((f"{number + 1} of {len(parts)}: ", "dim"), (part, "bold"))
        draft.part(number)
        found.append(paragraphs(draft))
    return found


def joined(found: Sequence[str]) -> tuple[str, list[tuple[int, int] | None]]:
    """Return answers as one text, and for each part the place of its answer, None where it has none."""
    text = ""
    spans: list[tuple[int, int] | None] = []
    for each in found:
        if not each.strip():
            spans.append(None)
            continue
        text += "\n\n" if text else ""
        spans.append((len(text), len(text) + len(each)))
        text += each
    return text, spans


def kept_as(draft: Draft) -> Interrupted:
    """Return what is said when the writer stopped and a draft keeps what they typed."""
    return Interrupted(
        "stopped, not saved",
        next_step=f"`reflect drafts resume {draft.path.stem}`",
        changed=f"Your words are in the draft {draft.path}",
    )


def agreed(question: str) -> bool:
    """Return whether the person said yes; anything else, or no answer, is no."""
    try:
        return line(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def choice(question: str, signs: str) -> str:
    """Return the one sign that was typed, empty for Enter, Ctrl-D or anything else."""
    try:
        typed = line(question).strip().lower()
    except EOFError:
        return ""
    return typed if len(typed) == 1 and typed in signs else ""


def wait(sentence: str) -> None:
    """Wait for Enter; Ctrl-D does as well."""
    with contextlib.suppress(EOFError):
        line(sentence + " ")


def one_line(question: str) -> str:
    """Return one typed line, empty for Enter or Ctrl-D."""
    try:
        return line(question).strip()
    except EOFError:
        sys.stdout.write("\n")
        return ""


def key(question: str, signs: str) -> str:
    """Return the one key that was pressed, of these signs, without waiting for Enter; empty for any other.

    Ctrl-C raises KeyboardInterrupt. Where a terminal can't give single keys, a line is read.
    """
    with _single_keys() as pressed:
        sys.stdout.write(question)
        sys.stdout.flush()
        try:
            sign = pressed()
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            raise
    sys.stdout.write(f"{sign}\n" if sign.isprintable() else "\n")
    return sign.lower() if len(sign) == 1 and sign.lower() in signs else ""


@contextmanager
def _single_keys() -> Iterator[Callable[[], str]]:
    """Have the terminal give each key as it is pressed, before anybody is asked to press one."""
    try:
        import termios
        import tty
    except ImportError:  # Windows
        import msvcrt

        yield msvcrt.getwch  # type: ignore[attr-defined]
        return
    terminal = sys.stdin.fileno()
    try:
        usual = termios.tcgetattr(terminal)
    except termios.error:
        yield lambda: sys.stdin.readline().strip()[:1]
        return
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)  # Ctrl-C is still a signal, and what was typed already counts

        def pressed() -> str:
            sign = os.read(terminal, 1)
            if sign == b"\x1b" or sign >= b"\x80":  # the rest of an arrow key, or of é, is not the shell's to read
                termios.tcflush(terminal, termios.TCIFLUSH)
            return sign.decode("utf-8", "replace")

        yield pressed
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, usual)
