"""Files that are whole or absent, and private from the first byte."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from reflect.errors import NotFound, Refused

_FEW = 100
"""Files that are put on the disk one by one; more of them all at once."""


def write_private(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file for the owner alone (0600): whole or not at all, never over another unless told."""
    write_pieces(path, (content,), replace=replace)


def write_pieces(path: Path, pieces: Iterable[bytes], *, replace: bool = False) -> None:
    """Write a file as `write_private` does, from pieces that are made while it is written."""
    if path.is_dir():
        raise Refused(f"{path} is a folder", why="a file is to be written", next_step="name a file, in it or elsewhere")
    if not replace and path.exists():
        raise _is_there(path)
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", next_step="make it, or choose another place")
    part = _part(path)
    handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            part.replace(path)
        elif not put_in_place(part, path):
            raise _is_there(path)
    finally:
        part.unlink(missing_ok=True)


def write_tree(folder: Path, members: Iterable[tuple[str, bytes]], *, replace: bool = False) -> None:
    """Write a folder of files for the owner alone: whole or not at all, into nothing that is there unless told.

    With `replace`, files of the same names are replaced, each at once, and others stay.
    """
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is not a folder", next_step="choose another name")
    is_new = not folder.exists() or not any(folder.iterdir())
    if not is_new and not replace:
        raise Refused(
            f"{folder} holds something already",
            why="files in it could be overwritten",
            next_step="name a new folder, or add --force",
        )
    if not folder.parent.is_dir():
        raise NotFound(f"there is no folder {folder.parent}", next_step="make it, or choose another place")
    part = _part(folder)
    part.mkdir(mode=0o700)
    try:
        written = [_write_member(part, name, content) for name, content in members]
        _sync_all(written)
        if is_new:
            if folder.exists():
                folder.rmdir()
            part.rename(folder)
        else:
            for path in written:
                place = folder / path.relative_to(part)
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.replace(place)
        sync_folder(folder.parent)
    finally:
        _remove_tree(part)


def _part(path: Path) -> Path:
    return path.with_name(f".reflect-{os.urandom(4).hex()}.part")


def _is_there(path: Path) -> Refused:
    return Refused(
        f"{path} is there already", why="it would be overwritten", next_step="choose another name, or add --force"
    )


def _write_member(part: Path, name: str, content: bytes) -> Path:
    path = part / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
    return path


def _sync_all(written: Sequence[Path]) -> None:
    """Have files on the disk: very many of them at once where the system can, since one by one takes minutes."""
    if len(written) > _FEW and hasattr(os, "sync"):
        os.sync()
        return
    for path in written:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _remove_tree(folder: Path) -> None:
    if folder.exists():
        import shutil

        shutil.rmtree(folder)


def put_in_place(made: Path, place: Path) -> bool:
    """Give a whole file its own name and have that on the disk; return False when another file has the name."""
    try:
        os.link(made, place)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if place.exists():
            return False
        made.rename(place)
    sync_folder(place.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power cut, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems know no such thing
            raise
    finally:
        os.close(handle)


def write_folder(folder: Path, files: Mapping[str, bytes], *, replace: bool = False) -> None:
    """Write files into a folder for the owner alone: all of them or none, never over another unless told."""
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is not a folder", next_step="choose another name")
    there = [folder / name for name in files if (folder / name).exists()]
    if there and not replace:
        raise Refused(
            f"{there[0]} is there already",
            why="it would be overwritten",
            next_step="choose another folder, or add --force",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for name, content in files.items():
            write_private(folder / name, content, replace=replace)
            written.append(folder / name)
    except BaseException:
        for path in written:
            path.unlink()  # half a pack would be read as a whole one
        raise


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip container of these members in this order: the same members always as the same bytes.

    It tells nothing of when, where or by whom it was made.
    """
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()
