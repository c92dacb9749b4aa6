"""Names to offer: those of the whole home, and what can't be read offers nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflect import config
from reflect.completing import Names, Offer
from reflect.consent import Consent
from reflect.journal import Journal
from tests.people import AGREEMENT, group_of

KINDS = [name for name, value in vars(Names).items() if callable(value) and not name.startswith("_") and name != "of"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_place_is_no_trouble(kind: str, tmp_path: Path) -> None:
    """Without a home every kind is answered, and no home is made."""
    home = tmp_path / "none"
    for beginning in ("", "x", "?", "é"):
        assert isinstance(Names(config.Places(home, home)).of(kind, beginning), list)
    assert not home.exists()


def test_only_what_a_shell_can_show_on_one_line_is_offered(journal: Journal) -> None:
    """A name that would move the cursor or turn text round is not offered; a note loses such signs."""
    journal.places.settings.write_text("[aliases]\nweek = \"list --about 'a\\u202eb\\u001b[2J'\"\n", encoding="utf-8")
    (alias,) = Names(journal.places).of("aliases", "")
    assert "\x1b" not in alias.note
    assert "\u202e" not in alias.note
    (journal.places.home / "journals" / "a\nb").mkdir(parents=True)
    (journal.places.home / "journals" / "a\nb" / "journal.db").touch()
    assert Names(journal.places).of("journals", "") == []


def test_prompts_of_a_broken_pack_are_left_out(journal: Journal) -> None:
    """A pack that is no TOML, or none at all, hides no other."""
    journal.places.packs.mkdir()
    for name, content in (("a", b"["), ("b", b"prompt = 3"), ("c", b'[[prompt]]\nid = "mine"\ntext = "What?"\n')):
        (journal.places.packs / f"{name}.toml").write_bytes(content)
    (journal.places.packs / "folder.toml").mkdir()
    assert Names(journal.places).of("prompts", "min") == [Offer("mine", "What?")]
    assert {each.word for each in Names(journal.places).of("prompts", "")} > {each.id for each in journal.prompts()}


def test_groups_are_offered_to_who_keeps_and_who_joined_them(journal: Journal) -> None:
    """A group kept here is offered by its name, and one that was joined where words leave for it."""
    kept, _ = group_of(journal.places.home)
    with kept:
        Consent(journal).join(kept.invitation)
    (offer,) = Names(journal.places).of("kept_groups", "")
    assert offer.word == AGREEMENT["name"]
    assert Names(journal.places).of("joined_groups", offer.word[:3]) == [offer]
