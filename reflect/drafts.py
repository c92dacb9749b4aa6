"""Words on their way: each line is on the disk before the next is read, until the entry is stored.

A draft is a readable file for its writer alone, named by when it was begun and never by
its words: a line of what it belongs to, then the words. A page, which an editor opens,
holds the words alone; what it belongs to lies in a file beside it. Beside an encrypted
journal a draft is sealed (`envelopes.py`), and an editor's page stands in memory.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import NamedTuple, Self

from reflect.config import SEALED as _ENCRYPTED
from reflect.config import private_folder
from reflect.errors import NotFound, StorageRefused

PAGE = ".md"
RAW = ".raw"
SEALED = ".sealed"
_ENDINGS = (
    ".txt",
    PAGE,
    RAW,
    SEALED,
)  # words, words for an editor, bytes that were no text, and words only we can read
_IN_MEMORY = "reflect-"  # begins the name of a folder for pages outside the journal's own
_KEY = "drafts.pub"  # beside the journal: the public key, where drafts are sealed
_BESIDE = ".json"  # what a page belongs to
_BELOW = "below"  # in it: what stands on the page below the words
_AWAY = "drafts"  # in it: the drafts' folder, where the page stands elsewhere, in memory
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
        self._key = public_key(folder)
        ending = SEALED if self._key else ".txt"
        self.path = folder / f"{now:%Y-%m-%d-%H%M%S}-{os.urandom(2).hex()}{ending}"
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
            if self._key:
                left = _sealed(left, self._key)
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


def public_key(folder: Path) -> str:
    """Return the key to which drafts in this folder are sealed, empty beside a plain journal."""
    try:
        return (folder.parent / _KEY).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _sealed(content: bytes, key: str) -> bytes:
    from reflect import envelopes

    return envelopes.piece(content, key)


def keep(folder: Path, now: datetime, text: str, options: dict[str, object]) -> Path:
    """Put words that could not be stored into a draft; return its path."""
    with Draft(folder, now, options) as draft:
        draft.line(text)
        return draft.path


def keep_bytes(folder: Path, now: datetime, name: str, raw: bytes) -> Path:
    """Keep bytes that were no text as they came; return their path."""
    from reflect.files import write_private

    private_folder(folder)
    path = folder / f"{now:%Y-%m-%d-%H%M%S}-{name}{RAW}"
    key = public_key(folder)
    if key:
        raw, path = _sealed(raw, key), path.with_name(path.name + SEALED)
    write_private(path, raw, replace=True)
    return path


def refuse_plain(folder: Path, database: Path) -> None:
    """Refuse a draft in plain beside a journal that is encrypted, when the key that would seal it is gone.

    The journal is opened by hand, so none of this process may hold it.
    """
    if (folder.parent / _KEY).exists() or not database.exists():
        return
    with database.open("rb") as file:
        if file.read(len(_ENCRYPTED)) == _ENCRYPTED:
            raise StorageRefused("no draft can be made", why=f"{_KEY} is gone, to which it would be sealed")


def page_folder(folder: Path) -> Path:
    """Return where an editor's page stands: in memory, where drafts are sealed and the system has such a place."""
    if not (folder.parent / _KEY).exists():
        return folder
    from reflect import envelopes

    return envelopes.memory_folder(folder) or folder


def page(folder: Path, now: datetime, words: str, options: dict[str, object], below: str = "") -> Path:
    """Make a page for an editor to open, with these words on it; `below` is shown under them and never kept."""
    beside = {**options, _AWAY: str(folder)}
    folder = page_folder(folder)
    private_folder(folder)
    _refuse_others(folder)
    path = folder / f"{now:%Y-%m-%d-%H%M%S}-{os.urandom(2).hex()}{PAGE}"
    below = f"\n\n{below}\n" if below else ""
    beside[_BELOW] = below
    try:
        _write_new(path.with_suffix(_BESIDE), json.dumps(beside, ensure_ascii=False))
        _write_new(path, words + below)
    except BaseException:
        discard(path)
        raise
    return path


def _refuse_others(folder: Path) -> None:
    """Refuse a folder that another account made in our place, where all may make folders."""
    found = folder.lstat()
    if os.name != "nt" and (not folder.is_dir() or folder.is_symlink() or found.st_uid != os.getuid()):
        raise PermissionError(1, "the folder is another account's", str(folder))


def _write_new(path: Path, text: str) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        os.fsync(file.fileno())


def page_bytes(path: Path) -> bytes:
    """Return what an editor left on a page; a link in its place is not followed, and a pipe is not waited for."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    number = os.open(path, flags)
    if not S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise FileExistsError(errno.EEXIST, "it is no file any more", str(path))
    with os.fdopen(number, "rb") as file:
        return file.read()


def words_of(path: Path, text: str) -> str:
    """Return a page's text, its line ends made one kind, without what stood below the words.

    Where the line that parts them was lost, what it stood above is known by itself.
    """
    below = str(_beside(path).get(_BELOW, "")).strip()
    bare = text.rstrip()
    for hint in (below, below.partition("\n")[2]):
        if hint and bare.endswith(hint):
            return bare.removesuffix(hint).strip("\n")
    return text.strip("\n")


def _beside(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.with_suffix(_BESIDE).read_bytes())
    except (OSError, ValueError):  # an editor wrote the page anew after it had been stored and removed
        return {}
    return found if isinstance(found, dict) else {}


def every(folder: Path) -> list[Path]:
    """Return the drafts, oldest first."""
    found = [path for path in folder.glob(_NAMES) if path.suffix in _ENDINGS] if folder.is_dir() else []
    pages = page_folder(folder)
    if pages != folder:
        found += pages.glob(_NAMES + PAGE)
    return sorted(found)


def find(folder: Path, beginning: str) -> Path:
    """Return the one draft whose name begins so."""
    like = [path for path in every(folder) if path.stem.startswith(beginning)]
    if len(like) != 1:
        raise NotFound(f"there is no one draft {beginning!r}", next_step="see `reflect drafts`")
    return like[0]


def read(path: Path, keys: Iterable[str] = ()) -> Kept:
    """Return a draft's words and what they belong to; a sealed one is opened with these secret keys."""
    if path.suffix == SEALED:
        return _understood(path.stem, _opened(path, keys).decode("utf-8", "surrogateescape"))
    if path.suffix == PAGE:
        words = page_bytes(path).decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
        beside = {name: value for name, value in _beside(path).items() if name not in (_BELOW, _AWAY)}
        return Kept(path.stem, beside, {0: words_of(path, words)})
    return _understood(path.stem, path.read_text(encoding="utf-8", errors="surrogateescape"))


def _opened(path: Path, keys: Iterable[str]) -> bytes:
    from reflect import envelopes

    return envelopes.opened(path.read_bytes(), keys)


def _understood(name: str, content: str) -> Kept:
    head, _, rest = content.partition("\n")
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
    return Kept(name, options, {number: "\n".join(lines).strip("\n") for number, lines in answers.items()})


def sealed(path: Path) -> Path:
    """Seal a draft that stands in plain, and remove that; return the sealed one."""
    folder = path.parent
    if path.suffix == PAGE:
        kept = read(path)
        content = json.dumps(kept.options, ensure_ascii=False) + "\n" + kept.text + "\n"
        raw = content.encode("utf-8", "surrogateescape")
    else:
        raw = path.read_bytes()
    return _turned(
        path, folder, _sealed(raw, public_key(folder)), (path.name if path.suffix == RAW else path.stem) + SEALED
    )


def unsealed(path: Path, keys: Iterable[str]) -> Path:
    """Write a sealed draft in plain, and remove the sealed one; return the plain one."""
    name = path.stem if path.stem.endswith(RAW) else path.stem + ".txt"
    return _turned(path, path.parent, _opened(path, keys), name)


def is_at_home(path: Path) -> bool:
    """Return whether a page stands in the drafts' own folder, and not in memory."""
    return str(_beside(path).get(_AWAY, path.parent)) == str(path.parent)


def put_away(path: Path) -> Path:
    """Seal a page that stands in memory into the drafts, where it outlasts this day; return where it is."""
    folder = Path(str(_beside(path).get(_AWAY, path.parent))) if path.suffix == PAGE else path.parent
    if path.parent == folder or not path.exists() or not public_key(folder):
        return path
    kept = read(path)
    content = json.dumps(kept.options, ensure_ascii=False) + "\n" + kept.text + "\n"
    private_folder(folder)
    raw = _sealed(content.encode("utf-8", "surrogateescape"), public_key(folder))
    return _turned(path, folder, raw, path.stem + SEALED)


def _turned(path: Path, folder: Path, content: bytes, name: str) -> Path:
    from reflect import envelopes
    from reflect.files import write_private

    made = folder / name
    if not made.exists():  # it is whole, whatever a kill left of the other one
        write_private(made, content)
    if path.suffix != SEALED:
        envelopes.shred(path)
    _remove(path, but=made)
    return made


def discard(path: Path) -> None:
    """Remove a draft and its words, and what an editor left beside it."""
    _remove(path)


def _remove(path: Path, but: Path | None = None) -> None:
    path.unlink(missing_ok=True)
    if path.suffix != PAGE or not path.parent.is_dir():
        return
    for each in path.parent.iterdir():  # a copy of before, or a swap file: they carry the page's name in their own
        if path.stem in each.name and each != but and not each.is_dir():
            each.unlink(missing_ok=True)
    if path.parent.name.startswith(_IN_MEMORY):
        with suppress(OSError):  # another page is still there
            path.parent.rmdir()
