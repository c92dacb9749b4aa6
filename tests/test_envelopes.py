"""Sealed drafts: piece by piece, readable only with the journal's own key, and a cut piece costs itself alone."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reflect import drafts, envelopes
from reflect.errors import StorageRefused, WrongKey
from tests.conftest import NOW, bytes_under

SECRET, PUBLIC = envelopes.new_key()
AT = datetime.fromisoformat(NOW)


@given(some.lists(some.binary(max_size=200), max_size=5), some.integers(0, 60))
def test_what_is_whole_is_read_and_what_was_cut_is_not(pieces: list[bytes], cut: int) -> None:
    """For all pieces and every place at which the last is cut off, the ones before it are read whole."""
    sealed = [envelopes.piece(each, PUBLIC) for each in pieces]
    assert envelopes.opened(b"".join(sealed), [SECRET]) == b"".join(pieces)
    if pieces:
        short = b"".join(sealed)[: len(b"".join(sealed)) - 1 - cut]
        assert envelopes.opened(short, [SECRET]) == b"".join(pieces[:-1])


def test_another_key_opens_nothing() -> None:
    """A piece is for one journal; with another's key, or changed, it is refused."""
    sealed = envelopes.piece(b"words", PUBLIC)
    with pytest.raises(WrongKey):
        envelopes.opened(sealed, [envelopes.new_key()[0]])
    changed = bytearray(sealed)
    changed[-1] ^= 1
    with pytest.raises(WrongKey):
        envelopes.opened(bytes(changed), [SECRET])


def test_a_draft_is_sealed_line_by_line(tmp_path: Path) -> None:
    """Beside an encrypted journal each line is on the disk, sealed, before the next; nothing of it stands in plain."""
    (tmp_path / "drafts.pub").write_text(PUBLIC + "\n")
    options: dict[str, object] = {"about": "Board zqxneedle"}
    with drafts.Draft(tmp_path / "drafts", AT, options) as draft:
        draft.line("first zqxneedle")
        assert drafts.read(draft.path, [SECRET]).text == "first zqxneedle"
        draft.part(1)
        draft.line("second")
    found = drafts.read(draft.path, [SECRET])
    assert (found.options, found.answers) == (options, {0: "first zqxneedle", 1: "second"})
    assert b"zqxneedle" not in bytes_under(tmp_path)
    assert drafts.every(tmp_path / "drafts") == [draft.path]


def test_there_and_back(tmp_path: Path) -> None:
    """Plain drafts of every kind are sealed and opened again, the same; what a kill left half done is not done over."""
    folder = tmp_path / "drafts"
    plain = drafts.keep(folder, AT, "words\n\nmore", {"about": "Board"})
    raw = drafts.keep_bytes(folder, AT, "ab12", b"\xff\x00 bytes")
    page = drafts.page(folder, AT, "on a page", {"about": "Board"}, below="a question?")
    (tmp_path / "drafts.pub").write_text(PUBLIC)
    before = {path.stem: path.read_bytes() for path in (plain, raw)}
    made = [drafts.sealed(path) for path in (plain, raw, page)]
    assert sorted(path for path in folder.iterdir()) == sorted(made)
    assert drafts.read(made[2], [SECRET]).text == "on a page"
    again = [drafts.unsealed(path, [SECRET]) for path in made[:2]]
    assert {path.stem: path.read_bytes() for path in again} == before
    sealed = drafts.sealed(again[0])
    content = sealed.read_bytes()
    again[0].write_bytes(bytes(20))  # overwritten, and killed before it was removed
    assert drafts.sealed(again[0]).read_bytes() == content


def test_no_plain_draft_where_the_key_is_gone(tmp_path: Path) -> None:
    """Beside an encrypted journal whose public key is gone no draft is begun in plain."""
    database = tmp_path / "journal.db"
    drafts.refuse_plain(tmp_path / "drafts", database)
    database.write_bytes(b"SQLite format 3\0" + bytes(84))
    drafts.refuse_plain(tmp_path / "drafts", database)
    database.write_bytes(b"reflect\x01" + bytes(92))
    with pytest.raises(StorageRefused, match=r"drafts\.pub is gone"):
        drafts.refuse_plain(tmp_path / "drafts", database)


def test_a_folder_that_another_made_in_our_place_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every account may make folders, a link or another's folder under our name gets no page."""
    (tmp_path / "drafts.pub").write_text(PUBLIC)
    trap, place = tmp_path / "trap", tmp_path / "reflect-0-abc"
    trap.mkdir()
    place.symlink_to(trap)
    monkeypatch.setattr(envelopes, "memory_folder", lambda _: place)
    with pytest.raises(PermissionError):
        drafts.page(tmp_path / "drafts", AT, "words", {})
    assert list(trap.iterdir()) == []


def test_memory_is_only_what_is_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runtime folder that lies on a disk is not taken for memory."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    found = envelopes.memory_folder(tmp_path / "drafts")
    assert found is None or found.parent != tmp_path
    assert not envelopes._is_in_memory(tmp_path / "not-there")


def test_shredding_leaves_zeros(tmp_path: Path) -> None:
    """A file that goes is overwritten first; one that is not there is no fault."""
    path = tmp_path / "words"
    path.write_bytes(b"words" * 40_000)
    with path.open("rb") as held:
        envelopes.shred(path)
        content = held.read()
    assert len(content) == 200_000
    assert not any(content)
    envelopes.shred(path)


def test_under_a_passphrase(tmp_path: Path) -> None:
    """What leaves is an age file that the passphrase opens; without the right one it is refused by name."""
    sealed = envelopes.under_passphrase(b"words", "blue heron")
    path = tmp_path / "x.age"
    path.write_bytes(sealed)
    assert envelopes.is_sealed(path)
    assert not envelopes.is_sealed(tmp_path / os.devnull.strip("/"))
    assert envelopes.opened_with(sealed, ["blue heron"], path) == (b"words", "blue heron")
    with pytest.raises(WrongKey, match="does not open"):
        envelopes.opened_with(sealed, ["grey heron"], path)
