"""Drafts keep every line that was typed, for its writer alone, under a name that tells nothing of it."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect import drafts
from reflect.errors import NotFound
from tests.conftest import NOW

WHEN = datetime.fromisoformat(NOW)
LINES = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\x1e")), max_size=6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for drafts, which isn't there yet."""
    return tmp_path / "drafts"


def test_each_line_is_on_the_disk_before_the_next(folder: Path) -> None:
    """After every line the file has all lines so far; before the first there is no file."""
    with drafts.Draft(folder, WHEN, {"about": "Board"}) as draft:
        draft.part(0)
        assert not folder.exists()
        for number, line in enumerate(("one", "", "zwei ✓")):
            draft.line(line)
            assert draft.path.read_text(encoding="utf-8").split("\n")[1:-1] == ["one", "", "zwei ✓"][: number + 1]
    assert drafts.read(draft.path) == drafts.Kept(draft.path.stem, {"about": "Board"}, {0: "one\n\nzwei ✓"})


def test_each_line_is_made_to_last(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is not only written but synced, so that a power cut leaves it."""
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_size))
    with drafts.Draft(folder, WHEN, {}) as draft:
        for line in ("one", "two"):
            draft.line(line)
        assert synced == [len("{}\none\n"), len("{}\none\ntwo\n")]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_drafts_are_private(folder: Path) -> None:
    """The folder is 0700 and the file 0600, whatever the umask."""
    before = os.umask(0)
    try:
        path = drafts.keep(folder, WHEN, "secret", {})
    finally:
        os.umask(before)
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_names_tell_when_and_nothing_else(folder: Path) -> None:
    """A draft is named by the minute it was begun, with a random part for several at once."""
    paths = {drafts.keep(folder, WHEN, "heliotrope", {"about": "saxifrage"}) for _ in range(5)}
    assert len(paths) == 5
    for path in paths:
        assert path.name.startswith("2026-11-20-160000-")
        assert path.suffix == ".txt"
        assert len(path.stem) == len("2026-11-20-160000-ffff")


@given(st.lists(st.tuples(st.integers(0, 4), LINES), max_size=5))
def test_answers_come_back_in_their_parts(
    tmp_path_factory: pytest.TempPathFactory, typed: list[tuple[int, list[str]]]
) -> None:
    """Whatever is typed in whatever part comes back there, up to outer empty lines."""
    wanted: dict[int, list[str]] = {}
    with drafts.Draft(tmp_path_factory.mktemp("drafts"), WHEN, {}) as draft:
        for part, lines in typed:
            draft.part(part)
            for line in lines:
                draft.line(line)
                wanted.setdefault(part, []).append(line)
        if not wanted:
            assert not draft.path.exists()
            return
        kept = drafts.read(draft.path)
    for part, lines in wanted.items():
        assert kept.answers[part] == "\n".join(lines).strip("\n")
    assert set(kept.answers) == {0, *wanted}


def test_discarding_leaves_nothing(folder: Path) -> None:
    """A discarded draft is gone, open or closed, and discarding again is no failure."""
    with drafts.Draft(folder, WHEN, {}) as draft:
        draft.line("secret")
        draft.discard()
        draft.discard()
    assert list(folder.iterdir()) == []
    path = drafts.keep(folder, WHEN, "x", {})
    drafts.discard(path)
    drafts.discard(path)
    assert drafts.every(folder) == []


def test_a_write_in_pieces_is_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the system takes a few bytes at a time, all of them arrive."""
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, content: write(handle, content[:7]))
        path = drafts.keep(folder, WHEN, "words that come in pieces", {"about": "Board"})
    assert drafts.read(path).text == "words that come in pieces"


@pytest.mark.parametrize("after", [0, 1, 30])
def test_a_full_disk_leaves_no_cut_line(folder: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """A line that doesn't fit is not there by halves; a draft without a line is not there at all."""
    write, room = os.write, [after]

    def write_little(handle: int, content: bytes) -> int:
        if not room[0]:
            raise OSError(28, "No space left on device")
        written = write(handle, content[: room[0]])
        room[0] -= written
        return written

    with drafts.Draft(folder, WHEN, {}) as draft:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", write_little)
            with pytest.raises(OSError, match="No space"):
                draft.line("a first line that is longer than there is room for")
        assert not draft.path.exists()
    with drafts.Draft(folder, WHEN, {}) as draft:
        draft.line("kept")
        room[0] = after
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", write_little)
            with pytest.raises(OSError, match="No space"):
                draft.line("a second line that is longer than there is room for")
        draft.line("third")
    assert drafts.read(draft.path).text == "kept\nthird"


def test_every_lists_drafts_oldest_first_and_nothing_else(folder: Path) -> None:
    """Files that are no drafts, by their name or their ending, are not among them."""
    assert drafts.every(folder) == []
    folder.mkdir()
    names = ["2026-11-20-160000-aaaa.txt", "2026-11-19-160000-bbbb.raw", "2025-01-01-000000-cccc.txt"]
    for name in [*names, "notes.txt", "2026-11-20-160000-aaaa.txt~", "abcd-ef-gh-x.txt", ".x.txt", "2026-99-01-x.txt"]:
        (folder / name).touch()
    assert [path.name for path in drafts.every(folder)] == sorted(names)


def test_find_takes_any_unique_beginning(folder: Path) -> None:
    """One draft is found by the beginning of its name; none or several are not found."""
    one = drafts.keep(folder, WHEN, "one", {})
    two = drafts.keep(folder, WHEN.replace(hour=17), "two", {})
    assert drafts.find(folder, one.stem) == drafts.find(folder, "2026-11-20-16") == one
    assert drafts.find(folder, "2026-11-20-17") == two
    for unclear in ("", "2026", "2027", "../", "*", two.name + "x"):
        with pytest.raises(NotFound, match="no one draft"):
            drafts.find(folder, unclear)


@pytest.mark.parametrize(
    "content",
    ["no head at all", "{cut", "[1, 2]\nwords", "7\nwords", '"text"\nwords', "null\nwords", "", "\n", "\x1e3\nwords"],
    ids=repr,
)
def test_a_file_that_is_no_draft_of_ours_is_all_words(folder: Path, content: str) -> None:
    """A draft whose first line is damaged loses no word to it."""
    folder.mkdir()
    path = folder / "2026-11-20-160000-aaaa.txt"
    path.write_text(content, encoding="utf-8")
    kept = drafts.read(path)
    assert kept.options == {}
    for word in content.replace("\x1e3", "").split():
        assert word in kept.text


def test_bytes_that_are_no_text_are_read_all_the_same(folder: Path) -> None:
    """A draft with damaged bytes can still be read; its good words are there."""
    folder.mkdir()
    path = folder / "2026-11-20-160000-aaaa.txt"
    path.write_bytes(json.dumps({"about": "Board"}).encode() + b"\ncaf\xe9 words\n")
    kept = drafts.read(path)
    assert kept.options == {"about": "Board"}
    assert kept.text.endswith(" words")


# -- pages, which an editor opens -------------------------------------------------------------------------


def test_a_page_holds_the_words_alone(folder: Path) -> None:
    """The page is what the editor shows; what it belongs to lies beside it, and both come back together."""
    path = drafts.page(folder, WHEN, "words\n\nmore", {"about": "Board", "entry": "7k2m"})
    assert path.read_text(encoding="utf-8") == "words\n\nmore"
    assert drafts.read(path) == drafts.Kept(path.stem, {"about": "Board", "entry": "7k2m"}, {0: "words\n\nmore"})
    assert drafts.every(folder) == [path]
    assert drafts.find(folder, path.stem) == path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_pages_are_private(folder: Path) -> None:
    """Page and what lies beside it are 0600 from the first byte, whatever the umask."""
    before = os.umask(0)
    try:
        drafts.page(folder, WHEN, "secret", {})
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_what_stands_below_the_words_is_not_read(folder: Path, ends: str) -> None:
    """The question below the line is left out, whatever line ends the editor made, and with the line lost, too."""
    path = drafts.page(folder, WHEN, "", {}, "---- below ----\nA question?\nFrom: here")
    shown = path.read_text(encoding="utf-8")
    for page in (f"My words.\n{shown}", f"My words.{shown.replace('---- below ----', '')}", "My words."):
        path.write_bytes(page.replace("\n", ends).encode())
        assert drafts.read(path).text == "My words."
    path.write_text(shown + "after it", encoding="utf-8")
    assert "after it" in drafts.read(path).text


def test_a_page_written_anew_after_it_was_removed_is_still_read(folder: Path) -> None:
    """An editor that saves once more later leaves words that belong to nothing, and can be resumed all the same."""
    path = drafts.page(folder, WHEN, "words", {"about": "Board"})
    drafts.discard(path)
    assert list(folder.iterdir()) == []
    path.write_text("later words", encoding="utf-8")
    assert drafts.read(path) == drafts.Kept(path.stem, {}, {0: "later words"})
    for content in ("{cut", "[1]"):
        path.with_suffix(".json").write_text(content, encoding="utf-8")
        assert drafts.read(path).options == {}


def test_discarding_a_page_takes_what_an_editor_left(folder: Path) -> None:
    """Swap files and copies of a page go with it; other drafts and other files stay."""
    path, other = (drafts.page(folder, WHEN, "secret", {}) for _ in range(2))
    for name in (f".{path.name}.swp", f"{path.name}~", f"#{path.name}#", "notes.txt"):
        (folder / name).write_text("secret", encoding="utf-8")
    drafts.discard(path)
    assert {each.name for each in folder.iterdir()} == {other.name, other.with_suffix(".json").name, "notes.txt"}


def test_half_a_page_does_not_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is no room for a page, nothing of it is left."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        drafts.page(folder, WHEN, "words", {})
    assert list(folder.iterdir()) == []
