"""A home is found, named journals have a place in it, and folders are made private or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from reflect import config
from reflect.errors import NotFound, Refused


def test_home_is_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """REFLECT_HOME rules: relative paths, ~ and links are resolved."""
    monkeypatch.setenv("REFLECT_HOME", "~/my journal")
    assert config.places().home == tmp_path / "user" / "my journal"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REFLECT_HOME", "here")
    assert config.places().home == tmp_path / "here"


@pytest.mark.parametrize("named", ["", None])
def test_home_is_the_platforms_folder_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, named: str | None
) -> None:
    """Without REFLECT_HOME, or with an empty one, it is where platformdirs puts a person's data."""
    monkeypatch.delenv("REFLECT_HOME") if named is None else monkeypatch.setenv("REFLECT_HOME", named)
    assert config.places().home == Path(platformdirs.user_data_dir("reflect", appauthor=False))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert config.places().home == Path(platformdirs.user_data_dir("reflect", appauthor=False))
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert config.places().home.is_absolute()


def test_journals_have_folders_of_their_own_and_share_the_rest(home: Path) -> None:
    """A named journal is a folder in the home; packs and settings are the home's."""
    first, named = config.places(), config.places("Team-2")
    assert (first.journal, named.journal) == (home, home / "journals" / "Team-2")
    assert named.database == home / "journals" / "Team-2" / "journal.db"
    assert (named.drafts.parent, named.backups.parent) == (named.journal, named.journal)
    assert (first.packs, first.settings) == (named.packs, named.settings) == (home / "packs", home / "config.toml")


@pytest.mark.parametrize(
    "name", ["..", "../x", "a/b", "a\\b", "/etc", ".hidden", "a b", "-", "a\nb", "x" * 41, "CON:", "a\0", "a_b", "~"]
)
def test_names_that_could_lead_elsewhere_are_refused(name: str) -> None:
    """A journal's name is letters, digits and hyphens: no path comes out of it."""
    with pytest.raises(Refused, match="can't name a journal"):
        config.places(name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    """Every folder that is made is 0700; one that was there keeps its mode."""
    tmp_path.chmod(0o755)
    for mask in (0o000, 0o777):
        before = os.umask(mask)
        try:
            config.private_folder(tmp_path / f"{mask:o}" / "b" / "c")
        finally:
            os.umask(before)
        for folder in (f"{mask:o}", f"{mask:o}/b", f"{mask:o}/b/c"):
            assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_home_is_made_only_where_its_parent_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder above the home must be there; the home, and a named journal in it, are made."""
    config.make_home(config.places("named"))
    assert (home / "journals" / "named").is_dir()
    monkeypatch.setenv("REFLECT_HOME", str(home / "a" / "b"))
    with pytest.raises(NotFound, match="unplugged"):
        config.make_home(config.places())
    assert not (home / "a").exists()


def test_our_data_is_beside_this_very_package() -> None:
    """Packs and themes are found from the package's own place."""
    assert (config.our_data() / "themes.toml").is_file()
    assert (
        Path(config.__file__).parent.parent in config.our_data().parents or config.our_data().parent.name == "reflect"
    )
