"""Words on their way: each line is on the disk before the next is read, until the entry is stored.

A draft is a readable file for its writer alone, named by when it was begun and never by
its words: a line of what it belongs to, then the words.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from reflect.config import private_folder
from reflect.errors import NotFound

_ENDINGS = (".txt", ".raw")  # words, and bytes that were no text
_NAMES = "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]-*"
_PART = "\x1e"  # begins the line that names which part of a question the next words answer


class Kept(NamedTuple):
    """A draft that was kept: its name (when it was begun), what it belongs to and its words, part by part."""

    name: str
    options: dict[str, object]
    answers: dict[int, str]

    @property
    def text(self) -> str:
        """Return all its words."""
        return "\n\n".join(words for words in self.answers.values() if words)


class Draft:
    """One piece of writing while it is being written."""

    def __init__(self, folder: Path, now: datetime, options: dict[str, object]) -> None:
        """Prepare a draft; its file is made with the first line, so that nothing typed leaves nothing."""
        self.path = folder / f"{now:%Y-%m-%d-%H%M%S}-{os.urandom(2).hex()}.txt"
        self._options = options
        self._file: int | None = None
        self._part = self._said = 0

    def __enter__(self) -> Self:
        """Return the draft; leaving the block closes the file and keeps it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; whether it stays is decided by `discard`."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def part(self, number: int) -> None:
        """Say which part of the question the next lines answer."""
        self._part = number

    def line(self, text: str) -> None:
        """Put one line on the disk."""
        before = "" if self._part == self._said else f"{_PART}{self._part}\n"  # a part passed over leaves no file
        self._said = self._part
        self._append(before + text + "\n")

    def discard(self) -> None:
        """Remove the draft and its words."""
        self.close()
        self.path.unlink(missing_ok=True)

    def _append(self, text: str) -> None:
        if self._file is None:
            private_folder(self.path.parent)
            self._file = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_WRONLY, 0o600)
            text = json.dumps(self._options, ensure_ascii=False) + "\n" + text
        whole = os.fstat(self._file).st_size
        try:
            left = text.encode("utf-8", "surrogatepass")
            while left:  # a disk that is nearly full takes a part and says so only by the number
                left = left[os.write(self._file, left) :]
            os.fsync(self._file)
        except OSError:
            self._take_back(whole)
            raise

    def _take_back(self, whole: int) -> None:
        """Leave no cut line behind, and no file without words."""
        if whole and self._file is not None:
            os.ftruncate(self._file, whole)
        else:
            self.discard()


def keep(folder: Path, now: datetime, text: str, options: dict[str, object]) -> Path:
    """Put words that could not be stored into a draft; return its path."""
    with Draft(folder, now, options) as draft:
        draft.line(text)
        return draft.path


def every(folder: Path) -> list[Path]:
    """Return the drafts, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.glob(_NAMES) if path.suffix in _ENDINGS)


def find(folder: Path, beginning: str) -> Path:
    """Return the one draft whose name begins so."""
    like = [path for path in every(folder) if path.stem.startswith(beginning)]
    if len(like) != 1:
        raise NotFound(f"there is no one draft {beginning!r}", next_step="see `reflect drafts`")
    return like[0]


def read(path: Path) -> Kept:
    """Return a draft's words and what they belong to."""
    head, _, rest = path.read_text(encoding="utf-8", errors="surrogateescape").partition("\n")
    try:
        options = json.loads(head)
    except ValueError:  # not ours, or its first line was cut
        options = None
    if not isinstance(options, dict):  # then all of it is words
        options, rest = {}, head + "\n" + rest
    answers: dict[int, list[str]] = {0: []}
    number = 0
    for each in rest.split("\n"):
        if each.startswith(_PART) and each[len(_PART) :].isdigit():
            number = int(each[len(_PART) :])
            answers.setdefault(number, [])
        else:
            answers[number].append(each)
    return Kept(path.stem, options, {number: "\n".join(lines).strip("\n") for number, lines in answers.items()})


def discard(path: Path) -> None:
    """Remove a draft and its words."""
    path.unlink(missing_ok=True)
