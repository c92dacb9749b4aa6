"""Files are whole or absent, and private from the first byte."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
