"""A pack of one's own goes on the shelf whole and private, or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reflect.bank import own, packs, shelf
from reflect.errors import NewerVersion, NotFound, Refused
from tests.bank.test_packs import HEAD, PACK, PROMPT

THEMES = ["change"]
OCCASIONS = ["hand-over"]
EMPTY = shelf.Bank(())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A sound pack as somebody wrote it."""
    path = tmp_path / "my file.toml"
    path.write_text(PACK, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where packs of one's own go; it is made when it is needed."""
    return tmp_path / "home" / "packs"


def _with_id(identity: str) -> bytes:
    return PACK.replace('"ours"', f'"{identity}"').encode()


def _bank(content: str = PACK) -> shelf.Bank:
    return shelf.Bank(tuple(packs.parse(content.encode(), "ours.toml").prompts()))


def test_a_pack_is_copied_as_it_is(file: Path, folder: Path) -> None:
    """The copy has every byte of the file, comments too, under the pack's own name."""
    file.write_text("# from our away day\n" + PACK, encoding="utf-8")
    pack = own.add(file, folder, EMPTY, THEMES, OCCASIONS)
    assert pack.pack.id == "ours"
    assert (folder / "ours.toml").read_bytes() == file.read_bytes()
    assert [path.name for path in folder.iterdir()] == ["ours.toml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in another way")
def test_the_copy_is_private(file: Path, folder: Path) -> None:
    """Folder and copy are for their owner alone."""
    file.chmod(0o644)
    own.add(file, folder, EMPTY, THEMES, OCCASIONS)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "ours.toml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("identity", "why"),
    [
        ("../../x", "small letters"),
        ("..", "small letters"),
        ("/etc/passwd", "small letters"),
        ("a\\\\b", "small letters"),
        ("CON", "small letters"),
        ("con", "device"),
        ("nul", "device"),
        ("com1", "device"),
        ("lpt9", "device"),
        ("x" * 300, "at most 40"),
        ("x\\u0000", "small letters"),
        ("", "small letters"),
    ],
)
def test_a_name_that_could_do_harm_is_refused(identity: str, why: str) -> None:
    """Row 36: a pack named as a path, a device or endlessly is refused by its name."""
    with pytest.raises(Refused) as refused:
        own.check(_with_id(identity), "mine.toml", EMPTY, THEMES, OCCASIONS)
    assert why in refused.value.why
    assert "mine.toml" in refused.value.where


@pytest.mark.parametrize("name", shelf.shipped())
def test_a_pack_can_not_take_the_name_of_ours(name: str) -> None:
    """Row 36: a pack of one's own never stands in for a shipped one."""
    with pytest.raises(Refused, match=f"pack '{name}' already"):
        own.check(_with_id(name), "mine.toml", EMPTY, THEMES, OCCASIONS)


def test_a_prompt_can_not_take_the_id_of_another_packs() -> None:
    """A prompt's id that another pack has is refused by file and prompt."""
    with pytest.raises(Refused, match="id is taken") as refused:
        own.check(_with_id("other"), "mine.toml", _bank(), THEMES, OCCASIONS)
    assert refused.value.where == "mine.toml, prompt what-to-leave"


def test_a_pack_on_the_shelf_can_be_checked_again() -> None:
    """Who mends a pack that is already theirs may check it: its own ids are not taken by itself."""
    assert own.check(PACK.encode(), "ours.toml", _bank(), THEMES, OCCASIONS).pack.id == "ours"


def test_a_pack_is_added_once(file: Path, folder: Path) -> None:
    """A pack whose name is on the shelf is refused, and the one there stays as it is."""
    own.add(file, folder, EMPTY, THEMES, OCCASIONS)
    before = (folder / "ours.toml").read_bytes()
    file.write_text(PACK.replace("desk", "door"), encoding="utf-8")
    for bank in (_bank(), EMPTY):  # read soundly, or left out because it is broken
        with pytest.raises(Refused, match="pack 'ours' already"):
            own.add(file, folder, bank, THEMES, OCCASIONS)
    assert (folder / "ours.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PROMPT, Refused),
        (PACK.replace('"change"', '"weather"'), Refused),
        (PACK.replace('"hand-over"', '"teatime"'), Refused),
        (HEAD + "format = 9\n" + PROMPT, NewerVersion),
    ],
)
def test_a_pack_that_is_refused_leaves_nothing(file: Path, folder: Path, content: str, kind: type[Exception]) -> None:
    """A pack that can't be used is not copied, nor is a folder made for it."""
    file.write_text(content, encoding="utf-8")
    with pytest.raises(kind):
        own.add(file, folder, EMPTY, THEMES, OCCASIONS)
    assert not folder.exists()


def test_a_pack_that_is_not_there_is_not_found(tmp_path: Path, folder: Path) -> None:
    """A file that is missing is told as missing, and nothing is made."""
    with pytest.raises(NotFound):
        own.add(tmp_path / "gone.toml", folder, EMPTY, THEMES, OCCASIONS)
    assert not folder.exists()
