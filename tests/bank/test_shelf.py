"""The bank on its shelf: found by name, kept ready, and never stopped by a broken pack of one's own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reflect.bank import packs, shelf
from reflect.config import our_data
from reflect.errors import NotFound, Refused
from tests.bank.test_packs import HEAD, PACK, PROMPT

THEMES = ["change"]
OCCASIONS = ["hand-over"]


def _own(folder: Path, name: str = "ours", content: str = PACK) -> Path:
    path = folder / f"{name}.toml"
    path.write_text(content, encoding="utf-8")
    return path


def _second(content: str = PACK) -> str:
    """A pack like the first under names of its own."""
    return content.replace('"ours"', '"second"').replace("what-to-leave", "what-to-take")


def _read(folder: Path) -> shelf.Bank:
    return shelf.read(sorted(folder.glob("*.toml")), folder, THEMES, OCCASIONS)


def _bank(*names: str, **rows: str) -> shelf.Bank:
    """A bank of prompts of these names, some of them resting on a row."""
    prompts = [
        PROMPT.replace("what-to-leave", name) + (f'rows = ["{rows[name]}"]\n' if name in rows else "") for name in names
    ]
    return shelf.Bank(tuple(packs.parse("".join([HEAD, *prompts]).encode(), "ours.toml").prompts()))


# -- finding ---------------------------------------------------------------------------------


def test_a_prompt_is_found_by_id_row_and_beginning() -> None:
    """An id, a row in any case, and a beginning that only one id has all name a prompt."""
    bank = _bank("tea", "teatime", "walk", walk="KF-Q09")
    assert bank.get("tea").id == "tea"
    assert bank.get(" teat ").id == "teatime"
    assert bank.get("W").id == "walk"
    assert bank.get("kf-q09").id == "walk"


def test_a_beginning_of_two_ids_is_refused_with_both() -> None:
    """More than one prompt of that beginning: the message names them."""
    with pytest.raises(Refused, match="teacup, teatime"):
        _bank("teacup", "teatime").get("tea")


@pytest.mark.parametrize("name", ["coffee", "", " ", "KF-Q99"])
def test_a_name_of_no_prompt_is_not_found(name: str) -> None:
    """A name that no prompt has, or none at all, is not found."""
    with pytest.raises(NotFound, match="no prompt"):
        _bank("teacup", "teatime").get(name)


def test_what_two_prompts_rest_on_names_the_first() -> None:
    """A row that several prompts rest on leads to the first of them."""
    assert _bank("tea", "walk", tea="KF-P08", walk="KF-P08").get("KF-P08").id == "tea"


def test_retired_prompts_are_left_out() -> None:
    """The bank without the retired ones keeps the others in their order."""
    bank = _bank("tea", "walk", "talk")
    assert [prompt.id for prompt in bank.without(["walk", "gone"])] == ["tea", "talk"]


# -- kept ready ------------------------------------------------------------------------------


def test_the_shipped_bank_survives_being_kept() -> None:
    """The bank comes back from its kept form as it was, packs left out included."""
    ours = list(shelf.shipped().values())
    prompts = tuple(prompt for path in ours for prompt in packs.read(path).prompts())
    bank = shelf.Bank(prompts, ("a pack was left out",))
    assert shelf.from_json(shelf.to_json(bank)) == bank


def test_the_stamp_follows_name_and_content(tmp_path: Path) -> None:
    """The stamp stays while nothing changes, and another name, content or number of packs changes it."""
    first = _own(tmp_path)
    stamp = shelf.stamp([first])
    assert shelf.stamp([first]) == stamp
    second = _own(tmp_path, "second", PACK)
    assert len({stamp, shelf.stamp([second]), shelf.stamp([first, second]), shelf.stamp([])}) == 4
    _own(tmp_path, content=PACK.replace("desk", "door"))
    assert shelf.stamp([first]) != stamp


def test_a_newer_reflect_reads_the_packs_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack that an older version left out, or kept in its own form, is not taken from what that version kept."""
    path = _own(tmp_path)
    stamp = shelf.stamp([path])
    monkeypatch.setattr(shelf, "__version__", "99.0")
    assert shelf.stamp([path]) != stamp


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_the_stamp_never_waits_for_a_pipe(tmp_path: Path) -> None:
    """A named pipe among the packs is neither read nor waited for."""
    os.mkfifo(tmp_path / "pipe.toml")
    assert shelf.stamp([tmp_path / "pipe.toml", tmp_path / "gone.toml", tmp_path])


def test_files_are_ours_and_then_the_persons(tmp_path: Path) -> None:
    """Our ten packs come first by name, without codebook and occasions, then those of one's own."""
    own = _own(tmp_path, "a-first")
    (tmp_path / "notes.txt").write_text("no pack", encoding="utf-8")
    found = shelf.files(tmp_path)
    assert found[-1] == own
    assert [path.parent for path in found[:-1]] == [our_data()] * 10
    assert not {"themes", "occasions"} & {path.stem for path in found}
    assert shelf.files(tmp_path / "gone") == found[:-1]


# -- reading ---------------------------------------------------------------------------------


def test_packs_of_ones_own_stand_on_the_shelf(tmp_path: Path) -> None:
    """Two sound packs give all their prompts, each with its pack's name."""
    _own(tmp_path)
    _own(tmp_path, "second", _second())
    bank = _read(tmp_path)
    assert [(prompt.id, prompt.pack) for prompt in bank.prompts] == [
        ("what-to-leave", "ours"),
        ("what-to-take", "second"),
    ]
    assert bank.left_out == ()


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("[pack\n", "broken.toml"),
        (PROMPT, "broken.toml, field pack"),
        (_second(PACK).replace('"change"', '"weather"'), "broken.toml, prompt what-to-take, field theme"),
        (_second(PACK).replace('"hand-over"', '"teatime"'), "broken.toml, prompt what-to-take, field occasions"),
        (_second(HEAD + "format = 2\n" + PROMPT), "format 2"),
        (PACK.replace('"ours"', '"second"'), "a prompt what-to-leave already"),
        (PACK.replace("what-to-leave", "what-to-take"), "a pack ours already"),
        ("#" * (shelf.LARGEST + 1), "too large"),
    ],
    ids="slip field theme occasion newer prompt-taken pack-taken large".split(),
)
def test_a_broken_pack_of_ones_own_is_left_out_by_name(tmp_path: Path, broken: str, told: str) -> None:
    """Row 34: whatever is wrong with a pack of one's own, it is named and the others still serve."""
    _own(tmp_path, "a-sound")
    _own(tmp_path, "broken", broken)
    bank = _read(tmp_path)
    assert [prompt.id for prompt in bank.prompts] == ["what-to-leave"]
    (left_out,) = bank.left_out
    assert told in left_out
    assert "broken.toml" in left_out
    assert "Nothing was changed" not in left_out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither named pipes in folders nor /proc")
def test_what_is_no_file_is_left_out_by_name(tmp_path: Path) -> None:
    """A pipe, a folder, a link to nowhere and a file that can't be read are named, and the sound pack still serves."""
    _own(tmp_path, "a-sound")
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "link.toml").symlink_to("gone")
    names = ["folder.toml", "link.toml", "pipe.toml"]
    if Path("/proc/self/mem").exists():  # a file whose reading fails, also for the superuser
        (tmp_path / "unread.toml").symlink_to("/proc/self/mem")
        names.append("unread.toml")
    bank = _read(tmp_path)
    assert len(bank.prompts) == 1
    assert len(bank.left_out) == len(names)
    for name, left_out in zip(names, bank.left_out, strict=True):
        assert name in left_out


def test_a_broken_pack_of_ours_is_an_error(tmp_path: Path) -> None:
    """A fault in a shipped pack is ours and is never passed over in silence."""
    path = _own(tmp_path, content=PROMPT)
    with pytest.raises(Refused):
        shelf.read([path], tmp_path / "packs", THEMES, OCCASIONS)
