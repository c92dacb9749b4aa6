"""Settings are checked whole, and a wrong one is named with what is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflect import settings
from reflect.config import Settings
from reflect.errors import Refused
from reflect.journal import Journal


@pytest.fixture
def file(journal: Journal) -> Path:
    """The settings of the journal's home."""
    return journal.places.settings


def test_without_a_file_everything_is_as_usual(journal: Journal, file: Path) -> None:
    """Nobody needs settings: earlier entries come up, and no editor is named."""
    assert journal.settings == settings.read(file) == Settings()
    assert journal.looks_back


def test_what_is_written_holds(journal: Journal, file: Path) -> None:
    """Each setting is taken as it is written, also from a file that begins with the mark some editors put there."""
    file.write_text(
        'revisit = false\neditor = "code -w"\nnever_share = ["Ada", "Moss Lane"]\n'
        'language_mirror = true\nsupport = " Mo, 01632 960000 "\n'
        '[aliases]\nweek = "list -n 7"\n[filters.board]\ntag = ["board"]\nfrom = 2026-09-01\nlimit = 3\n',
        encoding="utf-8-sig",
    )
    wished = Settings(
        never_share=("Ada", "Moss Lane"),
        language_mirror=True,
        support="Mo, 01632 960000",
        revisit=False,
        editor="code -w",
        aliases={"week": "list -n 7"},
        filters={"board": {"tag": "board", "from": "2026-09-01", "limit": 3}},
    )
    assert journal.settings == settings.read(file) == wished
    del journal.settings
    assert journal.settings == wished, "kept ready as it was read"
    assert not journal.looks_back


def test_settings_are_kept_ready_until_they_change(journal: Journal, file: Path) -> None:
    """The file is read and checked once; a changed file is read again."""
    file.write_text("revisit = false\n", encoding="utf-8")
    assert not journal.settings.revisit
    del journal.settings
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "read", lambda _: pytest.fail("it was read again"))
        assert not journal.settings.revisit
    del journal.settings
    file.write_text("revisit = true\n", encoding="utf-8")
    assert journal.settings.revisit


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("revist = false", "did you mean revisit"),
        ('never_shared = ["Ada"]', "did you mean never_share"),
        ("wholly_unknown = 1", "there are never_share, language_mirror, support, revisit, editor"),
        ("never_share = 3", "never_share"),
        ('never_share = ["Ada", 1]', "never_share"),
        ('never_share = [" "]', "never_share"),
        ('language_mirror = "yes"', "true or false"),
        ("support = 3", "support"),
        ('revisit = "no"', "write revisit = true or false"),
        ("revisit = 0", "write revisit = true or false"),
        ("editor = 7", 'write editor = "code -w"'),
        ("revisit = ", "can't be read"),
        pytest.param("revisit = " + "9" * 5000, "can't be read", id="long"),
        ("revisit = false\nrevisit = true", "can't be read"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(journal: Journal, file: Path, content: str, said: str) -> None:
    """An unknown name, a wrong kind of value or no TOML at all is refused with the file and what is meant."""
    file.write_text(content, encoding="utf-8")
    with pytest.raises(Refused, match=said) as refused:
        journal.settings  # noqa: B018 - reading them is the test
    assert str(file) in str(refused.value)
    assert not journal.looks_back
