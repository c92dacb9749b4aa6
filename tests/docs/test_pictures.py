"""The pictures of the README: small, described in words, and made by a script of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from docs import make_pictures

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"!\[([^\]]*)\]\(docs/pictures/([^)]+)\)", README))
NAMES = sorted(path.name for path in make_pictures.PICTURES.iterdir())


def test_each_is_shown_once() -> None:
    """Every picture that is stored stands in the README, and no other."""
    assert sorted(SHOWN.values()) == NAMES
    assert len(NAMES) == 5


@pytest.mark.parametrize("name", NAMES)
def test_small_and_upright(name: str) -> None:
    """A picture loads quickly and holds no more than its dots."""
    path = make_pictures.PICTURES / name
    assert path.stat().st_size < make_pictures.LARGEST
    with Image.open(path) as picture:
        assert picture.format == "PNG"
        assert picture.width == make_pictures.WIDTH + 2
        assert not set(picture.info) - {"transparency", "dpi"}


@pytest.mark.parametrize("said", SHOWN)
def test_said_in_words(said: str) -> None:
    """Whoever can't see it is told what it shows, in whole sentences."""
    assert len(said.split()) >= 20
    assert said.endswith(".")


def test_what_is_too_large_is_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture is stored small, in few colours; one that stays large is refused."""
    monkeypatch.setattr(make_pictures, "PICTURES", tmp_path)
    make_pictures.store(Image.new("RGB", (1600, 2000), "white"), "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (make_pictures.WIDTH + 2, 952)
    noise = Image.effect_noise((900, 1200), 200)
    with pytest.raises(SystemExit, match=r"b\.png has"):
        make_pictures.store(noise, "b.png")
    assert not (tmp_path / "b.png").exists()
