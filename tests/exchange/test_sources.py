"""What an import reads: files, folders, archives, pipes, and nothing that could do harm."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from reflect.errors import NotFound, Refused
from reflect.exchange import sources
from reflect.exchange.sources import File


def archive(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> str:
    """Make an archive of these members; return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return str(path)


def test_one_file_whatever_its_name(tmp_path: Path) -> None:
    """A file that is named is read, though its ending is another."""
    (tmp_path / "journal").write_bytes(b"words")
    found = sources.of(str(tmp_path / "journal"), (".txt",))
    assert [(each.name, each.read()) for each in found.files] == [("journal", b"words")]
    assert found.name == "journal"


def test_a_folder_in_the_order_of_names(tmp_path: Path) -> None:
    """Files of a folder are found by their endings, in the order of their names; others are told of."""
    for name in ("b.md", "a/2.md", "a/10.md", "x.png", ".hidden.md", ".obsidian/app.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = sources.of(str(tmp_path), (".md",))
    assert [each.name for each in found.files] == ["a/10.md", "a/2.md", "b.md"]
    assert found.others == ["x.png"]


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    """A link that leads round in a circle ends nothing: linked folders are left alone."""
    (tmp_path / "a.md").write_bytes(b"x")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [each.name for each in sources.of(str(tmp_path), (".md",)).files] == ["a.md"]


def test_an_archive(tmp_path: Path) -> None:
    """Members are read in memory; what the format has no use for is told of, hidden members are not."""
    path = archive(
        tmp_path / "e.zip",
        ("Journal.json", b"{}"),
        ("photos/x.jpeg", b"\xff"),
        ("__MACOSX/._J.json", b"x"),
        (".DS_Store", b"x"),
    )
    found = sources.of(path, (".json",))
    assert [(each.name, each.read()) for each in found.files] == [("Journal.json", b"{}")]
    assert found.others == ["photos/x.jpeg"]
    assert list(tmp_path.iterdir()) == [tmp_path / "e.zip"]


def linked(name: str) -> zipfile.ZipInfo:
    """Return a member that is a link."""
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ([("../../evil.json", b"x")], "leads out"),
        ([("/etc/evil.json", b"x")], "leads out"),
        ([("a\\..\\evil.json", b"x")], "leads out"),
        ([("C:/evil.json", b"x")], "leads out"),
        ([(linked("a.json"), b"/etc/passwd")], "is a link"),
        ([("a.json", b"\0" * 50_000_000)], "200 times as large"),
    ],
)
def test_an_archive_that_no_honest_program_makes(
    tmp_path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], why: str
) -> None:
    """Names that lead out, links and bombs are refused by the member's name (Row 37, Row 38)."""
    with pytest.raises(Refused, match="archive can't be read") as refused:
        sources.of(archive(tmp_path / "e.zip", *members), (".json",))
    assert why in refused.value.why
    assert "json" in refused.value.where


def test_a_member_that_stands_twice(tmp_path: Path) -> None:
    """Of two members with one name neither is taken (Row 39)."""
    with pytest.warns(UserWarning, match="Duplicate"):
        path = archive(tmp_path / "e.zip", ("a.json", b"1"), ("a.json", b"2"))
    with pytest.raises(Refused) as refused:
        sources.of(path, (".json",))
    assert "twice" in refused.value.why


def read_all(path: str) -> list[str]:
    """Return the text of every file."""
    return [sources.decoded(each) for each in sources.of(path, (".json",)).files]


@pytest.mark.parametrize("at", [4, 60, -30])
def test_a_damaged_archive(tmp_path: Path, at: int) -> None:
    """A cut or changed archive is refused, not half read (Row 39)."""
    path = Path(archive(tmp_path / "e.zip", ("a.json", os.urandom(400)), ("b.json", os.urandom(400))))
    whole = bytearray(path.read_bytes())
    whole[at] ^= 0xFF
    for content in (bytes(whole), bytes(whole[: len(whole) // 2])):
        path.write_bytes(content)
        with pytest.raises(Refused):
            read_all(str(path))


def test_what_is_no_file(tmp_path: Path) -> None:
    """A pipe, a device and a name that is nowhere are named before anything is read (Row 26)."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Refused, match="is a pipe"):
        sources.of(str(tmp_path / "pipe"), (".txt",))
    with pytest.raises(Refused, match="is a device"):
        sources.of("/dev/zero", (".txt",))
    with pytest.raises(NotFound):
        sources.of(str(tmp_path / "missing"), (".txt",))


def test_a_file_larger_than_any_journal(tmp_path: Path) -> None:
    """Five gigabytes are refused by their number, before reading (Row 26)."""
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(5_000_000_000)
    with pytest.raises(Refused, match="too large") as refused:
        sources.of(str(tmp_path / "huge.txt"), (".txt",))
    assert "5,000,000,000" in refused.value.why
    with pytest.raises(Refused, match="too large"):
        sources.of(str(tmp_path), (".txt",))


def test_an_endless_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is read up to the largest file and no further (Row 26)."""
    monkeypatch.setattr(sources, "LARGEST", 1000)

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            buffer[:] = b"x" * len(buffer)
            return len(buffer)

    stream = io.TextIOWrapper(io.BufferedReader(Endless()), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", stream)
    (file,) = sources.of("-", (".txt",)).files
    with pytest.raises(Refused, match="too large"):
        file.read()


def test_a_file_that_can_not_be_read(tmp_path: Path) -> None:
    """A file that vanished, or is not ours to read, is named when it is read (Row 26)."""
    (tmp_path / "a.txt").write_bytes(b"x")
    (file,) = sources.of(str(tmp_path / "a.txt"), (".txt",)).files
    (tmp_path / "a.txt").unlink()
    with pytest.raises(Refused, match=r"a\.txt can't be read"):
        file.read()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    """UTF-8, and UTF-16 or UTF-32 with their mark, need not be named (Row 5)."""
    text = "caf\u00e9 \U0001fad6"
    assert sources.decoded(File("a", lambda: text.encode(encoding))) == text


def test_an_encoding_that_is_named() -> None:
    """A named encoding is used, and one that does not exist is refused."""
    file = File("a", lambda: "caf\u00e9".encode("cp1252"))
    assert sources.decoded(file, "cp1252") == "caf\u00e9"
    with pytest.raises(Refused, match="no encoding 'klingon'"):
        sources.decoded(file, "klingon")
    with pytest.raises(Refused, match="no text") as refused:
        sources.decoded(file)
    assert refused.value.where == "a, line 1, byte 4"


def test_line_ends() -> None:
    """All ends of lines become one kind (Row 6)."""
    assert sources.lined(File("a", "a\r\nb\rc\u2028d\u0085e\n".encode)) == "a\nb\nc\nd\ne\n"
