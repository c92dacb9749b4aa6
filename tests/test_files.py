"""Files are whole or absent, and private from the first byte."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflect import files
from reflect.errors import NotFound, Refused
from reflect.files import write_private


def test_file_is_written_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    """The content is there, the mode is 0600, and nothing else is left in the folder."""
    path = tmp_path / "summary.md"
    write_private(path, b"words")
    assert path.read_bytes() == b"words"
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_it_is_private_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its first byte the unfinished file is readable by nobody else, whatever the umask."""
    modes = []

    def look(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):  # the folder is put on the disk, too
            modes.append(os.fstat(handle).st_mode & 0o777)

    monkeypatch.setattr(os, "fsync", look)
    before = os.umask(0)
    try:
        write_private(tmp_path / "x", b"words")
    finally:
        os.umask(before)
    assert os.name == "nt" or modes == [0o600]


def test_another_file_is_not_overwritten_unless_told(tmp_path: Path) -> None:
    """What is there stays, unless replacing was asked for; then it is replaced whole."""
    path = tmp_path / "x"
    path.write_bytes(b"old")
    with pytest.raises(Refused, match="--force"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    write_private(path, b"new", replace=True)
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("replace", [False, True])
def test_a_failure_leaves_what_was_there_and_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, replace: bool
) -> None:
    """When the disk refuses, the old file stands and no part of the new one stays."""
    path = tmp_path / "x"
    if replace:
        path.write_bytes(b"old")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new", replace=replace)
    assert [each.read_bytes() for each in tmp_path.iterdir()] == ([b"old"] if replace else [])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The folder that isn't there is what the error names, not a file of ours in it."""
    with pytest.raises(NotFound, match=r"no folder .*none\b"):
        write_private(tmp_path / "none" / "x", b"words")


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    """The unfinished file's name grows no longer than the finished one's may be."""
    path = tmp_path / ("x" * 250)
    write_private(path, b"words")
    assert path.read_bytes() == b"words"


# -- files written piece by piece, and folders ---------------------------------------------------


def pieces_that_fail() -> Iterator[bytes]:
    """Yield one piece, and then no more."""
    yield b"begun"
    raise RuntimeError  # the words ran out


def test_pieces_make_one_private_file(tmp_path: Path) -> None:
    """A file written in pieces is whole and for its owner alone."""
    path = tmp_path / "out.json"
    files.write_pieces(path, iter([b"one", b" two"]))
    assert path.read_bytes() == b"one two"
    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600


def test_half_a_file_never_stays(tmp_path: Path) -> None:
    """When the pieces break off, nothing is there, and what was there before still is (Row 44)."""
    path = tmp_path / "out.json"
    with pytest.raises(RuntimeError):
        files.write_pieces(path, pieces_that_fail())
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"older")
    with pytest.raises(RuntimeError):
        files.write_pieces(path, pieces_that_fail(), replace=True)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_taken_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """A file that appears under the name while ours is written stays (Row 44)."""
    path = tmp_path / "out.json"

    def pieces() -> Iterator[bytes]:
        yield b"ours"
        path.write_bytes(b"theirs")

    with pytest.raises(Refused, match="is there already"):
        files.write_pieces(path, pieces())
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_whole_and_private(tmp_path: Path) -> None:
    """A folder of files appears at once, folders inside included, all of it private."""
    folder = tmp_path / "out"
    files.write_tree(folder, iter([("2026/a.md", b"a"), ("b.md", b"b")]))
    assert (folder / "2026" / "a.md").read_bytes() == b"a"
    if os.name != "nt":
        for path in (folder, *folder.rglob("*")):
            assert path.stat().st_mode & 0o077 == 0


def test_half_a_folder_never_stays(tmp_path: Path) -> None:
    """When the files break off, there is no folder."""

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "a.md", b"a"
        raise RuntimeError  # the words ran out

    with pytest.raises(RuntimeError):
        files.write_tree(tmp_path / "out", broken())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """Into a folder that holds anything nothing is written unasked; with leave, other files stay."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.md").write_bytes(b"mine")
    (folder / "a.md").write_bytes(b"old")
    with pytest.raises(Refused, match="holds something already"):
        files.write_tree(folder, [("a.md", b"new")])
    files.write_tree(folder, [("a.md", b"new"), ("deep/b.md", b"b")], replace=True)
    assert (folder / "mine.md").read_bytes() == b"mine"
    assert (folder / "a.md").read_bytes() == b"new"
    assert (folder / "deep" / "b.md").read_bytes() == b"b"
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_an_empty_folder_can_be_filled(tmp_path: Path) -> None:
    """A folder that is there and empty is as good as a new one."""
    (tmp_path / "out").mkdir()
    files.write_tree(tmp_path / "out", [("a.md", b"a")])
    assert (tmp_path / "out" / "a.md").read_bytes() == b"a"


def test_a_folder_has_a_place(tmp_path: Path) -> None:
    """A file in the way, or no folder around it, is refused."""
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(Refused, match="not a folder"):
        files.write_tree(tmp_path / "file", [])
    with pytest.raises(NotFound, match="no folder"):
        files.write_tree(tmp_path / "none" / "out", [])


def test_very_many_files_are_put_on_the_disk_at_once(tmp_path: Path) -> None:
    """A folder of hundreds of files is written, each of them whole."""
    files.write_tree(tmp_path / "out", ((f"{number}.md", b"x" * number) for number in range(150)))
    assert sorted(path.stat().st_size for path in (tmp_path / "out").iterdir()) == list(range(150))
