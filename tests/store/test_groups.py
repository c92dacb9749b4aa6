"""A group's file as rows: what stands, what was taken back, what was put out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reflect.group import Group
from reflect.store import groups as rows
from reflect.store.groups import CodebookChange, Coding, Gathered, Output
from tests.conftest import bytes_under
from tests.people import group_of, hexadecimal

A, B = hexadecimal(1), hexadecimal(2)
WORDS = "Nobody asked the caretaker, again."
ONE = Gathered(
    id=A,
    contributor=hexadecimal(70),
    site="",
    audience="group",
    level="verbatim",
    words=WORDS,
    themes=("funding", "voice"),
    prompt="",
    asked="",
    occasion="after-meeting",
    week="2026-W40",
    stance="differs",
    leads_to="keys for her",
    alone_ok=True,
    attribution="a neighbour",
)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """A group that has gathered nothing yet."""
    made, _ = group_of(tmp_path / "lead")
    with made:
        yield made


def standing(group: Group) -> list[Gathered]:
    """What stands in the group."""
    with group.reading() as db:
        return list(rows.contributions(db))


def take(group: Group, each: Gathered, sequence: int = 1, order: str = "a") -> None:
    """Store a contribution as from a file."""
    with group.change() as db:
        rows.take(db, [each], sequence, order)


def test_a_contribution_comes_back_whole(group: Group) -> None:
    """What was taken in is what is read, every field of it."""
    with group.change() as db:
        rows.contributor(db, ONE.contributor, "North", 1)
        rows.take(db, [ONE], 1, "a")
    assert standing(group) == [replace(ONE, site="North")]


def test_words_of_those_asked_for(group: Group) -> None:
    """The words of chosen contributions are read alone; of what was taken back, or never was, there are none."""
    take(group, ONE)
    take(group, replace(ONE, id=B, words="Keep this."))
    take(group, replace(ONE, id=hexadecimal(3)))
    with group.change() as db:
        rows.withdraw(db, A, ONE.contributor)
        assert rows.words_of(db, [A, B, hexadecimal(9)]) == {B: "Keep this."}
        assert rows.words_of(db, []) == {}


def test_who_gave_what_stands(group: Group) -> None:
    """Each is named once, and nobody of whom nothing stands."""
    take(group, ONE)
    take(group, replace(ONE, id=B))
    take(group, replace(ONE, id=hexadecimal(3), contributor=hexadecimal(71)))
    with group.change() as db:
        rows.withdraw(db, hexadecimal(3), hexadecimal(71))
        assert rows.contributors(db) == [ONE.contributor]


def test_what_many_share_is_kept_once(group: Group) -> None:
    """Read with very many others, a week, a question or a person is one value in memory and not many."""
    take(group, ONE)
    take(group, replace(ONE, id=B, asked="Who was there?"))
    take(group, replace(ONE, id=hexadecimal(3), asked="Who was there?"))
    first, second, third = standing(group)
    assert first.contributor is second.contributor
    assert second.asked is third.asked
    assert first.themes is second.themes


def test_later_wording_wins_in_any_order(group: Group) -> None:
    """The higher number of a share wins, whichever was gathered first; between equals, the file's own order decides."""
    later = replace(ONE, words="She was asked, and late.", alone_ok=False)
    take(group, later, sequence=2)
    take(group, ONE, sequence=1, order="z")
    assert standing(group) == [later]
    take(group, ONE, sequence=2, order="b")
    assert standing(group) == [ONE]
    take(group, later, sequence=2, order="a")
    assert standing(group) == [ONE]


def test_taken_back_for_good(group: Group) -> None:
    """Row 43: after a withdrawal its words are gone from the file, and no later file brings them back."""
    take(group, ONE)
    with group.change() as db:
        rows.code(db, Coding(A, "roles", removed=False, memo="hers", at="2026-11-20"))
        rows.withdraw(db, A, ONE.contributor)
        rows.withdraw(db, B, ONE.contributor)
    take(group, ONE, sequence=9)
    take(group, replace(ONE, id=B))
    assert standing(group) == []
    with group.reading() as db:
        assert rows.codings(db) == []
    assert WORDS.encode() not in bytes_under(group.folder)


def test_owner_of_what_stands_and_of_what_was_taken_back(group: Group) -> None:
    """A contribution's author is known while it stands and after it was taken back; a new one has none."""
    take(group, ONE)
    with group.change() as db:
        assert rows.owners(db, [A, B]) == {ONE.contributor}
        rows.withdraw(db, A, ONE.contributor)
        assert rows.owners(db, [B, A]) == {ONE.contributor}
        assert rows.owners(db, [B]) == rows.owners(db, []) == set()


def test_site_of_the_latest_share(group: Group) -> None:
    """A person's site is that of their latest share, whichever was gathered first."""
    take(group, ONE)
    with group.change() as db:
        rows.contributor(db, ONE.contributor, "South", 2)
        rows.contributor(db, ONE.contributor, "North", 1)
    assert standing(group)[0].site == "South"


def test_order_tells_nothing(group: Group) -> None:
    """What stands is read in the order of its random ids, not of who or when."""
    take(group, replace(ONE, id=B))
    take(group, ONE)
    assert [each.id for each in standing(group)] == [A, B]


def test_comments_once_and_in_the_order_of_their_words(group: Group) -> None:
    """The same comment twice is one, and the order tells nothing of who came first."""
    with group.change() as db:
        for text in ("We said more.", "Buses!", "We said more."):
            rows.comment(db, A, text, "2026-11-20")
        assert rows.comments(db, A) == ["Buses!", "We said more."]
        assert rows.comments(db, B) == []


def test_codings_replace_their_like(group: Group) -> None:
    """A placement of the same contribution in the same theme replaces the one before."""
    first, second = (Coding(A, "roles", removed, memo, "2026-11-20") for removed, memo in ((False, "a"), (True, "b")))
    with group.change() as db:
        rows.code(db, first)
        rows.code(db, second)
        assert rows.codings(db) == [second]


def test_a_reading_replaces_the_one_before_and_can_be_taken_back(group: Group) -> None:
    """REQ-28, REQ-31: the lead calls a contribution one thing at a time; it goes when taken back, or with the words."""
    first, second = (rows.Reading(A, stance, "hers", "2026-11-20") for stance in ("loss", "differs"))
    take(group, ONE)
    with group.change() as db:
        rows.read_as(db, first)
        rows.read_as(db, second)
        assert rows.readings(db) == [second]
        rows.unread(db, A)
        assert rows.readings(db) == []
        rows.read_as(db, first)
        rows.withdraw(db, A, ONE.contributor)
        assert rows.readings(db) == []
        rows.read_as(db, rows.Reading(B, "gain", "hers", "2026-11-20"))
        rows.erase_words(db)
        assert rows.readings(db) == []


def test_codebook_changes_in_order(group: Group) -> None:
    """REQ-22: changes of the codebook are kept, oldest first, with who, why and when."""
    made = [CodebookChange(theme, "retired", "", "", "Dilys", "nobody used it", "2026-11-20") for theme in ("b", "a")]
    with group.change() as db:
        for each in made:
            rows.change_codebook(db, each)
        assert rows.codebook_changes(db) == made


def test_ledger_keeps_its_order(group: Group) -> None:
    """Outputs are read in the order in which they were put out, with all their manifest says."""
    made = [Output(hexadecimal(n), "made", "group", "2026-11-20", "", {"cells": [], "name": "é"}) for n in (3, 1, 2)]
    with group.change() as db:
        for each in made:
            rows.put_out(db, each)
        assert rows.outputs(db) == made
    again = replace(made[0], manifest={"instead_of": A})
    assert (made[0].root, made[0].name, again.root) == (made[0].id, "é", A)


def test_newest_of_a_kind(group: Group) -> None:
    """The newest output of a kind is found; there may be none."""
    with group.change() as db:
        for number, kind in ((1, "draft"), (2, "draft"), (3, "final")):
            rows.put_out(db, Output(hexadecimal(number), kind, "group", "2026-11-20", "", {}))
        assert rows.latest_output(db, "draft") == hexadecimal(2)
        assert rows.latest_output(db, "made") == ""


def test_answers_replace_their_like(group: Group) -> None:
    """A second reply to a point replaces the first."""
    with group.change() as db:
        rows.answer(db, A, "Funding", "can act", "Soon.")
        rows.answer(db, A, "Funding", "can pass on", "The council was told.")
        assert rows.answers(db, A) == [("Funding", "can pass on", "The council was told.")]


def test_people_joined_in_any_order(group: Group) -> None:
    """Two contributors are joined once, whichever is named first."""
    with group.change() as db:
        rows.join_people(db, B, A)
        rows.join_people(db, A, B)
        assert rows.joined_people(db) == [(A, B)]


def test_erased_words_are_gone_from_the_file(group: Group) -> None:
    """When a group closes, no byte of what was gathered, said or chosen is left in its folder."""
    take(group, ONE)
    with group.change() as db:
        rows.contributor(db, ONE.contributor, "North", 1)
        rows.comment(db, A, "You left out the buses.", "2026-11-20")
        manifest = {"quoted": [{"contribution": A, "start": 0, "end": 3, "sha256": "f" * 64}], "cells": [1]}
        rows.put_out(db, Output(B, "made", "group", "2026-11-20", "", manifest))
    assert WORDS.encode() in bytes_under(group.folder)
    with group.change() as db:
        rows.erase_words(db)
        assert rows.outputs(db)[0].manifest == {"quoted": [], "cells": [1]}
    group._db.execute("VACUUM")
    left = bytes_under(group.folder)
    for text in (WORDS, "keys for her", "a neighbour", "left out the buses", ONE.contributor, "f" * 64):
        assert text.encode() not in left
