"""The files of an import, read safely: one file, a folder, a zip archive, or standard input.

What it is and how large is checked before it is read. Nothing is ever unpacked onto the disk.
"""

from __future__ import annotations

import codecs
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from reflect.envelopes import AGE, is_sealed
from reflect.errors import NotFound, Refused
from reflect.whole import Piece, Refusal

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

LARGEST = 500_000_000
"""Bytes of one file; a larger one is refused before it is read."""

LARGEST_ALTOGETHER = 2_000_000_000
MOST_FILES = 500_000
RATIO = 200
"""How many times as large as its packed form a member of an archive may be."""

STANDARD_INPUT = "-"
_ZIP = b"PK\x03\x04"
_SMALL = 1_000_000
_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_LINK = 0o120000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class File(NamedTuple):
    """One file of an import, by the name it has inside its folder or archive."""

    name: str
    read: Callable[[], bytes]
    modified: datetime | None = None
    """When it was last changed, where that is known."""


class Source(NamedTuple):
    """Where an import comes from."""

    name: str
    """As people know it: the file's or folder's name, without the path to it."""
    files: Sequence[File]
    others: Sequence[str] = ()
    """Names of files beside them that the format has no use for."""


def of(path: str, endings: Sequence[str]) -> Source:
    """Return the files of a path whose names end so; a single file is taken whatever its name."""
    if path == STANDARD_INPUT:
        return Source("standard input", [File("standard input", _standard_input)])
    place = Path(path)
    try:
        found = place.stat()
    except FileNotFoundError:
        raise NotFound(f"there is no {path}", next_step="check the path") from None
    name = place.resolve().name
    if stat.S_ISDIR(found.st_mode):
        return _folder(name, place, endings)
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{path} is {_kind(found.st_mode)}", why="entries are read from files", next_step="name a file")
    _check_size(path, found.st_size, LARGEST)
    if is_sealed(place):
        return _sealed(name, place, endings)
    if place.suffix.lower() in (".zip", ".dayone") or _begins_as_zip(place):
        return _archive(name, place, endings)
    return Source(name, [_on_disk(place, name)])


def _kind(mode: int) -> str:
    for test, name in ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device")):
        if test(mode):
            return name
    return "no file"


def _check_size(name: str, size: int, most: int) -> None:
    if size > most:
        raise Refused(
            f"{name} is too large",
            why=f"it has {size:,} bytes, and at most {most:,} are read",
            next_step="bring it in by parts",
        )


def _on_disk(path: Path, name: str) -> File:
    def read() -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise Refused(f"{name} can't be read", why=error.strerror or str(error), next_step="check it") from None

    return File(name, read, datetime.fromtimestamp(path.stat().st_mtime).astimezone())


def _standard_input() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise Refused("nothing comes in", why="standard input is a terminal", next_step="name a file, or pipe one in")
    content = sys.stdin.buffer.read(LARGEST + 1)
    _check_size("what came in", len(content), LARGEST)
    return content


def _sealed(name: str, place: Path, endings: Sequence[str]) -> Source:
    """Open a file that is sealed under a passphrase, in memory only."""
    from io import BytesIO

    from reflect.store import cipher

    with cipher.asked_for(place):
        content, _ = cipher.opened(place)
    name = name.removesuffix(AGE)
    if content.startswith(_ZIP):
        return _archive(name, BytesIO(content), endings)
    return Source(name, [File(name, lambda: content)])


def _begins_as_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ZIP


def _folder(name: str, folder: Path, endings: Sequence[str]) -> Source:
    files: list[File] = []
    others: list[str] = []
    total = 0
    for path in _walk(folder):
        inside = path.relative_to(folder).as_posix()
        if not inside.lower().endswith(tuple(endings)) or not path.is_file():
            others.append(inside)
            continue
        size = path.stat().st_size
        _check_size(inside, size, LARGEST)
        total += size
        files.append(_on_disk(path, inside))
        _check_many(name, len(files), total)
    return Source(name, files, others)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder in the order of their names; hidden ones and linked folders are left alone."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not path.is_symlink():
                yield from _walk(path)
        else:
            yield path


def _check_many(name: str, many: int, total: int) -> None:
    if many > MOST_FILES:
        raise Refused(f"{name} holds more than {MOST_FILES:,} files", next_step="bring it in by parts")
    _check_size(name, total, LARGEST_ALTOGETHER)


def _archive(name: str, path: Path | BinaryIO, endings: Sequence[str]) -> Source:
    from zipfile import BadZipFile, ZipFile

    try:
        archive = ZipFile(path)
    except BadZipFile as error:
        raise _bad_archive(name, str(error)) from None
    files: list[File] = []
    others: list[str] = []
    seen: set[str] = set()
    total = 0
    for member in archive.infolist():
        if member.is_dir():
            continue
        _check_member(name, member, seen)
        if _is_hidden(member.filename):
            continue
        if not member.filename.lower().endswith(tuple(endings)):
            others.append(member.filename)
            continue
        total += member.file_size
        files.append(File(member.filename, _reader(archive, name, member)))
        _check_many(name, len(files), total)
    return Source(name, sorted(files, key=lambda each: each.name), others)


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or any(part.startswith(".") for part in PurePosixPath(name).parts)


def _check_member(archive: str, member: ZipInfo, seen: set[str]) -> None:
    """Refuse an archive that no honest program makes, by the name of the member."""
    inside = member.orig_filename
    parts = inside.split("/")
    why = ""
    if "\\" in inside or "\0" in inside or inside.startswith("/") or ".." in parts or inside[1:2] == ":":
        why = "its name leads out of the archive"
    elif (member.external_attr >> 16) & 0o170000 == _LINK:
        why = "it is a link"
    elif inside in seen:
        why = "it is there twice"
    elif member.flag_bits & 1:
        why = "it is locked by a password"
    elif member.file_size > max(_SMALL, RATIO * member.compress_size):
        why = f"it would be more than {RATIO} times as large as it is packed"
    elif member.file_size > LARGEST:
        why = f"it has {member.file_size:,} bytes, and at most {LARGEST:,} are read"
    if why:
        raise _bad_archive(f"{archive}, {inside}", why)
    seen.add(inside)


def _reader(archive: ZipFile, name: str, member: ZipInfo) -> Callable[[], bytes]:
    import zlib
    from zipfile import BadZipFile

    def read() -> bytes:
        try:
            with archive.open(member) as file:
                content = file.read(member.file_size + 1)
        except (BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _bad_archive(f"{name}, {member.filename}", str(error)) from None
        if len(content) != member.file_size:
            raise _bad_archive(f"{name}, {member.filename}", "it is not as large as the archive says")
        return content

    return read


def _bad_archive(where: str, why: str) -> Refused:
    return Refused(
        "the archive can't be read", where=where, why=why or "it is damaged", next_step="get the archive anew"
    )


def decoded(file: File, encoding: str = "") -> str:
    """Return a file's text; bytes that are no text are refused with their place."""
    content = file.read()
    named = encoding or next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(named)
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise Refused(
            "some bytes are no text",
            where=f"{file.name}, line {line}, byte {column}",
            why=f"the file is not {named.upper()}",
            next_step="save it as UTF-8, or name its encoding, such as --encoding cp1252",
        ) from None
    except LookupError:
        raise Refused(f"there is no encoding {named!r}", next_step="name another, such as cp1252") from None


def one_by_one(files: Sequence[File], read: Callable[[File], Iterator[Piece]]) -> Iterator[Piece]:
    """Yield what is read of each file; of several, one that can't be read is a refusal, and nothing of it comes."""
    if len(files) == 1:
        yield from read(files[0])
        return
    for file in files:
        try:
            pieces = list(read(file))
        except Refused as error:
            yield unread(file, error)
        else:
            yield from pieces


def unread(file: File, error: Refused) -> Refusal:
    """Return one of many files, which can't be read, as a refusal of its own."""
    place = f" ({error.where})" if error.where not in ("", file.name) else ""
    return Refusal(file.name, 0, f"{error.what}{place}: {error.why}")


def lined(file: File, encoding: str = "") -> str:
    """Return a file's text with its line ends made one kind."""
    text = decoded(file, encoding)
    strange = "\r" in text or (not text.isascii() and any(sign in text for sign in "\u0085\u2028\u2029"))
    return _ENDS.sub("\n", text) if strange else text
