"""A group: what it gathers in any order, whom it refuses, how its key is kept, and how it ends."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect import group as groups
from reflect.errors import NewerVersion, NotFound, Refused, WrongKey
from reflect.exchange import letters, seal
from reflect.group import Group
from reflect.store.groups import Output
from tests.conftest import bytes_under
from tests.people import AGREEMENT, WHEN, gather, group_of, hexadecimal, letter, nobody, passage, sealed

WORDS = "Nobody asked the caretaker, again."


@pytest.fixture
def group(tmp_path: Path) -> Iterator[Group]:
    """A group of the lead's that has gathered nothing yet; it has two sites."""
    made, _ = group_of(tmp_path / "lead", sites=("North", "South"))
    with made:
        yield made


def rows_of(group: Group) -> dict[str, list[Any]]:
    """Everything the group holds of what was shared, as rows."""
    with group.reading() as db:
        return {
            table: db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608
            for table, columns in {
                "contribution": "*",
                "withdrawn": "*",
                "contributor": "*",
                "objection": "output, text",
            }.items()
        }


def draft(group: Group, number: int, kind: str = "draft", **manifest: Any) -> Output:
    """Enter an output in the ledger."""
    made = Output(hexadecimal(number), kind, "group", "2026-11-20", "", manifest)
    group.put_out(made)
    return made


def refused_by(group: Group, name: str, content: bytes) -> Exception:
    """Have the group refuse a file; nothing may have changed."""
    before = rows_of(group)
    taken = group.gather([(name, content)], nobody)
    assert (taken.files, taken.already_here) == (0, 0)
    assert rows_of(group) == before
    (error,) = taken.refused
    assert name in str(error)
    return error


# -- gathering -----------------------------------------------------------------------------------


def test_what_was_shared_stands(group: Group) -> None:
    """A share is taken in whole: its passages, its site, what it says to a draft."""
    draft(group, 1)
    gather(group, letter(group, 70, [passage(1, WORDS)], site="North", comments=("Too long.",)))
    (each,) = group.contributions()
    assert (each.words, each.contributor, each.site) == (WORDS, hexadecimal(70), "North")
    assert group.objections(group.drafts_of()) == ["Too long."]


def test_how_far_gathering_has_come(group: Group) -> None:
    """Whoever waits hears before each file how many of how many are done, and nothing of what they hold."""
    heard: list[tuple[int, int]] = []
    files = sealed(group, *(letter(group, person, [passage(person, WORDS)]) for person in (70, 71, 72)))
    group.gather(files, nobody, lambda *far: heard.append(far))
    assert heard == [(0, 3), (1, 3), (2, 3)]


def test_twice_is_once(group: Group) -> None:
    """Row 27: the same file twice is said to be here already and changes nothing."""
    files = sealed(group, letter(group, 70, [passage(1, WORDS)]))
    assert group.gather(files, nobody).files == 1
    before = rows_of(group)
    again = group.gather([*files, *files], nobody)
    assert (again.files, again.already_here, again.refused) == (0, 2, ())
    assert rows_of(group) == before


def test_withdrawn_is_gone(group: Group) -> None:
    """REQ-03, row 93: what was taken back is gone with the next file, and the words leave the group's folder."""
    gather(group, letter(group, 70, [passage(1, WORDS), passage(2, "Keep this.")]))
    gather(group, letter(group, 70, [passage(2, "Keep this.")], sequence=2, withdrawn=(hexadecimal(1),)))
    assert [each.words for each in group.contributions()] == ["Keep this."]
    assert WORDS.encode() not in bytes_under(group.folder)


def test_replay_of_what_was_taken_back(group: Group) -> None:
    """Row 43: an older file that comes late brings nothing back."""
    first = sealed(group, letter(group, 70, [passage(1, WORDS)]))
    gather(group, letter(group, 70, sequence=2, withdrawn=(hexadecimal(1),)))
    assert group.gather(first, nobody).files == 1
    assert group.contributions() == []


def test_somebody_elses_contribution(group: Group) -> None:
    """A file that changes or takes back another person's contribution is refused whole."""
    gather(group, letter(group, 70, [passage(1, WORDS)]))
    for stranger in (
        letter(group, 66, [passage(1, "Other words."), passage(2, "Mine.")]),
        letter(group, 66, [passage(2, "Mine.")], withdrawn=(hexadecimal(1),)),
    ):
        ((name, content),) = sealed(group, stranger)
        assert "somebody else's contribution" in str(refused_by(group, name, content))
    gather(group, letter(group, 70, sequence=2, withdrawn=(hexadecimal(1),)))
    ((name, content),) = sealed(group, letter(group, 66, [passage(1, "Again.")]))
    assert "somebody else's contribution" in str(refused_by(group, name, content))


@pytest.mark.parametrize("site", ["", "South"])
def test_late_ones_count_like_any_other(group: Group, site: str) -> None:
    """REQ-44: who comes late is in the group like anybody else, with no mark of being late."""
    gather(group, letter(group, 70, [passage(1, WORDS)]))
    draft(group, 1)
    group.now = WHEN.replace(year=2027)
    gather(group, letter(group, 71, [passage(2, WORDS)], site=site))
    one, other = rows_of(group)["contribution"]
    assert [a == b for a, b in zip(one, other, strict=True)].count(False) == 3  # id, person, digest of the file


# -- any order, twice, late, several devices ----------------------------------------------------------


@st.composite
def exchanges(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What three people share from up to two devices each: new words, other wordings, withdrawals, replays."""
    found = []
    for _ in range(draw(st.integers(2, 7))):
        person = draw(st.integers(1, 3))
        mine = [person * 10 + n for n in range(3)]
        kept = draw(st.lists(st.sampled_from(mine), unique=True))
        found.append(
            {
                "person": person,
                "passages": [passage(n, draw(st.sampled_from(("Early words.", "Late words.")))) for n in kept],
                "sequence": draw(st.integers(1, 2)),
                "site": draw(st.sampled_from(("", "North", "South"))),
                "withdrawn": tuple(map(hexadecimal, draw(st.lists(st.sampled_from(mine), max_size=1)))),
                "comments": tuple(draw(st.lists(st.sampled_from(("Too long.", "Too short.")), max_size=1))),
            }
        )
    return found


@settings(max_examples=80)
@given(exchanges(), st.data())
def test_any_order_ends_the_same(
    tmp_path_factory: pytest.TempPathFactory, said: list[dict], data: st.DataObject
) -> None:
    """Files gathered in any order, twice, late, one by one or together give the same group, to the row."""
    folder = tmp_path_factory.mktemp("order")
    made, _ = group_of(folder, sites=("North", "South"))
    with made:
        files = sealed(
            made,
            *(letter(made, each["person"], each["passages"], **{k: each[k] for k in list(each)[2:]}) for each in said),
        )
        copies = [folder / "one", folder / "other"]
        for copy in copies:
            shutil.copytree(made.folder, copy)
    with Group(copies[0], WHEN) as one, Group(copies[1], WHEN) as other:
        one.gather(files, nobody)
        shuffled = data.draw(st.permutations([*files, *data.draw(st.lists(st.sampled_from(files), max_size=3))]))
        for file in shuffled:
            assert not other.gather([file], nobody).refused
        assert rows_of(one) == rows_of(other)


# -- refused by name: rows 37 to 43 -----------------------------------------------------------------


def test_not_sealed(group: Group) -> None:
    """Rows 37 to 41: a zip, a database, plain JSON or an empty file is no share, by its name and with exit code 3."""
    plain = letters.write(letter(group, 70, [passage(1, WORDS)]))
    for name, content in {
        "evil.zip": b"PK\x03\x04" + b"../../evil" * 9,
        "share.db": b"SQLite format 3\x00" + b"\x00" * 99,
        "plain.json": plain,
        "empty.age": b"",
        "almost.age": b"age-encryption.org",
    }.items():
        error = refused_by(group, name, content)
        assert isinstance(error, Refused)
        assert error.exit_code == 3


def test_damaged_and_foreign(group: Group, tmp_path: Path) -> None:
    """Row 40: cut or flipped is "damaged" with exit 3; for another key is told as such with exit 8."""
    ((_, content),) = sealed(group, letter(group, 70, [passage(1, WORDS)]))
    assert "damaged" in str(refused_by(group, "cut.age", content[:-1]))
    assert "damaged" in str(refused_by(group, "half.age", content[: len(content) // 2]))
    flipped = bytearray(content)
    flipped[-20] ^= 1
    assert "damaged" in str(refused_by(group, "flipped.age", bytes(flipped)))
    _, other = seal.new_key()
    error = refused_by(group, "other.age", seal.seal(letters.write(letter(group, 70)), [other]))
    assert isinstance(error, WrongKey)
    assert error.exit_code == 8


def test_under_a_passphrase(group: Group) -> None:
    """A handed-over group among the shares is told to be one, without a passphrase being asked for."""
    content = seal.seal(b"x", group.invitation.keys).replace(b"-> X25519", b"-> scrypt", 1)
    assert "under a passphrase" in str(refused_by(group, "copy.age", content))


def test_for_another_group(group: Group) -> None:
    """A share for another group, sealed with this one's key, is refused."""
    ((name, content),) = sealed(group, letter(group, 70, [passage(1, WORDS)], group="zzzz9999"))
    assert "for another group" in str(refused_by(group, name, content))


def test_a_site_the_group_does_not_have(group: Group) -> None:
    """A site nobody agreed on can't be brought in by a file."""
    ((name, content),) = sealed(group, letter(group, 70, [passage(1, WORDS)], site="Site of Ada"))
    assert "a site this group does not have" in str(refused_by(group, name, content))


def test_one_id_twice_in_a_file(group: Group) -> None:
    """Row 39: a contribution that stands twice in one file is named."""
    ((name, content),) = sealed(group, letter(group, 70, [passage(1, WORDS), passage(1, "Other words.")]))
    error = refused_by(group, name, content)
    assert hexadecimal(1) in str(error)


def test_another_kind_of_letter(group: Group) -> None:
    """A sealed invitation is no share."""
    content = seal.seal(letters.write(group.invitation), group.invitation.keys)
    assert "is an invitation" in str(refused_by(group, "x.age", content))


@pytest.mark.parametrize(
    "inside",
    [
        b'{"reflect": "share", "reflect": "share"}',
        b'{"reflect": "share", "format": 1, "sequence": NaN}',
        b'{"reflect": "share", "format": 1, "host": "laptop"}',
        b"[" * 100_000,
        b'{"reflect": "share", "format": ' + b"1" * 5000 + b"}",
        b"{",
        b"\xff",
        b"SQLite format 3\x00",
    ],
)
def test_hostile_inside(group: Group, inside: bytes) -> None:
    """Rows 25, 34, 41: what a seal holds is read as strictly as any file, and refused by its name."""
    error = refused_by(group, "hostile.age", seal.seal(inside, group.invitation.keys))
    assert error.exit_code == 3  # type: ignore[attr-defined]


def test_newer_format(group: Group) -> None:
    """Row 42: a share in a newer format is refused by name with exit 9, and does not stop the others."""
    value = json.loads(letters.write(letter(group, 70, [passage(1, WORDS)]))) | {"format": 2, "new": 1}
    newer = seal.seal(json.dumps(value).encode(), group.invitation.keys)
    assert isinstance(refused_by(group, "newer.age", newer), NewerVersion)
    files = [("newer.age", newer), *sealed(group, letter(group, 71, [passage(2, WORDS)]))]
    taken = group.gather(files, nobody)
    assert (taken.files, len(taken.refused)) == (1, 1)


def test_too_large(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 38: a file beyond the cap is refused before it is opened."""
    ((name, content),) = sealed(group, letter(group, 70, [passage(1, WORDS)]))
    monkeypatch.setattr(letters, "LARGEST", len(content) - 1)
    assert "too large" in str(refused_by(group, name, content))


# -- people and coding ---------------------------------------------------------------------------


def test_counted_as_one(group: Group) -> None:
    """Two files may be joined as one person's; joined in a chain, all of them are one."""
    gather(group, *(letter(group, person, [passage(person, WORDS)]) for person in (3, 1, 2, 9)))
    group.count_as_one(hexadecimal(3), hexadecimal(2))
    group.count_as_one(hexadecimal(2), hexadecimal(1))
    one, two, three, nine = map(hexadecimal, (1, 2, 3, 9))
    assert group.people() == {one: one, two: one, three: one, nine: nine}


def test_contribution_by_its_beginning(group: Group) -> None:
    """A contribution is found by the beginning of its id; none and several are told."""
    gather(group, letter(group, 70, [passage(0x10 << 120), passage(0x11 << 120)]))
    assert group.contribution("10").id == hexadecimal(0x10 << 120)
    for beginning in ("", "1", "2"):
        with pytest.raises(NotFound, match="no one contribution"):
            group.contribution(beginning)


# -- drafts, objections, answers --------------------------------------------------------------------


def test_an_objection_needs_a_draft(group: Group) -> None:
    """Nobody can object to what was not shown; empty words are refused."""
    with pytest.raises(NotFound, match="no draft yet"):
        group.object("You left out the buses.")
    draft(group, 1)
    with pytest.raises(Refused, match="nothing to keep"):
        group.object("  ")


def test_every_objection_of_a_round_stands(group: Group) -> None:
    """REQ-26: what was said to any draft since the last final one stands, spoken or shared, to a re-issue too."""
    gather(group, letter(group, 70, comments=("Before anything was drafted.",)))
    draft(group, 1)
    group.object("To the first draft.")
    draft(group, 2)
    gather(group, letter(group, 71, comments=("To the second draft.",)))
    draft(group, 3, instead_of=hexadecimal(1))
    group.object("To the first one's re-issue.")
    said = [
        "Before anything was drafted.",
        "To the first draft.",
        "To the first one's re-issue.",
        "To the second draft.",
    ]
    assert group.objections(group.drafts_of()) == said
    final = draft(group, 4, "final")
    other_form = draft(group, 5, "final")
    again = draft(group, 6, "final", instead_of=final.id)
    for each in (final, other_form, again):
        assert group.objections(group.drafts_of(each)) == said
    draft(group, 7)
    group.object("To the next round.")
    assert group.objections(group.drafts_of()) == ["To the next round."]
    assert group.objections(group.drafts_of(again)) == said


def test_no_draft_no_round(group: Group) -> None:
    """Without a draft there is nothing that a final summary could rest on."""
    draft(group, 1, "made")
    assert group.drafts_of() == []


@pytest.mark.parametrize("outcome", ["can act", "can pass on", "acknowledged, not within our power"])
def test_three_outcomes_each_with_a_reply(group: Group, outcome: str) -> None:
    """REQ-34: each outcome can be chosen, each needs a reply, and a point; one without changes nothing."""
    draft(group, 1)
    final = draft(group, 2, "final")
    for point, reply in (("Funding", ""), ("Funding", "  "), (" ", "From May.")):
        with pytest.raises(Refused):
            group.answer(point, outcome, reply)
    assert group.answers(final) == ()
    group.answer("Funding", outcome, "From May.")
    assert [(each.point, each.outcome, each.reply) for each in group.answers(final)] == [
        ("Funding", outcome, "From May.")
    ]


@pytest.mark.parametrize("said", [("a\nb", "can act"), ("x" * 401, "can act"), ("Funding", "will do")])
def test_an_answer_that_cannot_travel(group: Group, said: tuple[str, str]) -> None:
    """A point or outcome that no letter could hold is refused when it is given."""
    draft(group, 1)
    draft(group, 2, "final")
    with pytest.raises(Refused):
        group.answer(*said, "From May.")


def test_answers_belong_to_the_final_in_all_its_forms(group: Group) -> None:
    """Replies to a final summary stand in its other forms and re-issues, and not in the next round's."""
    draft(group, 1)
    first = draft(group, 2, "final")
    group.answer("Funding", "can act", "From May.")
    other_form, again = draft(group, 3, "final"), draft(group, 4, "final", instead_of=first.id)
    assert len(group.answers(first)) == len(group.answers(other_form)) == len(group.answers(again)) == 1
    draft(group, 5)
    assert group.answers(draft(group, 6, "final")) == ()
    assert len(group.answers(first)) == 1


def test_no_answer_before_the_final(group: Group) -> None:
    """What is still a draft can't be answered."""
    draft(group, 1)
    with pytest.raises(NotFound, match="no final yet"):
        group.answer("Funding", "can act", "From May.")


# -- the agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["purpose", "audience", "responder", "respond_by", "name", "keeper"])
def test_a_group_needs_its_agreement(tmp_path: Path, field: str) -> None:
    """REQ-35: no group without purpose, audience, a person who responds and a date; nothing is made."""
    with pytest.raises(Refused, match=field):
        group_of(tmp_path / "lead", **{field: ""})
    assert not (tmp_path / "lead").exists()


@pytest.mark.parametrize("fewest", [0, 2, 51])
def test_k_has_bounds(tmp_path: Path, fewest: int) -> None:
    """Nobody can agree on a k below three, or above fifty."""
    with pytest.raises(Refused, match="fewest"):
        group_of(tmp_path / "lead", fewest=fewest)


def test_aims_may_stay_open(tmp_path: Path) -> None:
    """REQ-47: a purpose that is to be found together opens a group like any other."""
    made, _ = group_of(tmp_path / "lead", purpose="to be found together")
    with made:
        gather(made, letter(made, 70, [passage(1, WORDS)]))
        assert made.contributions()


def test_folder_and_key_are_private(group: Group) -> None:
    """Rule 7: the group's folder is 0700, its files 0600."""
    assert group.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in group.folder.iterdir()} == {0o600}


def test_amended_invitation(group: Group) -> None:
    """An invitation can be changed as a whole that still stands, and not otherwise."""
    assert group.amend(keeper="Priya").keeper == group.invitation.keeper == "Priya"
    with pytest.raises(Refused, match="keeper"):
        group.amend(keeper="")
    assert group.invitation.keeper == "Priya"


# -- keys --------------------------------------------------------------------------------------------


def test_key_under_a_passphrase(group: Group) -> None:
    """Locked, the key opens with its passphrase alone; the sheet puts it back; a wrong one and an empty one don't."""
    secret = group.secret_key(nobody)
    with pytest.raises(WrongKey, match="empty passphrase"):
        group.lock("")
    group.lock("three old otters")
    assert group.is_locked
    assert secret.encode() not in bytes_under(group.folder)
    assert group.secret_key(lambda: "three old otters") == secret
    with pytest.raises(WrongKey, match="does not open the key"):
        group.gather(sealed(group, letter(group, 70)), lambda: "two old otters")
    with pytest.raises(Refused, match="already"):
        group.lock("another")
    group.restore_key(f" {secret}\n")
    assert not group.is_locked
    assert group.secret_key(nobody) == secret


def test_another_groups_key_is_not_put_back(group: Group) -> None:
    """A key that is not the group's is refused and leaves the right one in place."""
    secret = group.secret_key(nobody)
    other, _ = seal.new_key()
    for typed in (other, "", "three words"):
        with pytest.raises(WrongKey):
            group.restore_key(typed)
    assert group.secret_key(nobody) == secret


def test_key_that_is_missing(group: Group) -> None:
    """Without its key file a group says where the key is to be had."""
    (group.folder / "key.secret").unlink()
    with pytest.raises(WrongKey, match="recovery sheet"):
        group.gather(sealed(group, letter(group, 70)), nobody)


def test_handed_over(group: Group, tmp_path: Path) -> None:
    """The next keeper has all of it: what was gathered, the ledger, the key; one who keeps it already is told."""
    gather(group, letter(group, 70, [passage(1, WORDS)]))
    draft(group, 1)
    copy = groups.sealed_copy(group, group.secret_key(nobody), "three old otters")
    assert WORDS.encode() not in copy
    taken = groups.take_over(tmp_path / "priya", WHEN, copy, "three old otters", "copy.age")
    assert taken == group.invitation
    with groups.named(tmp_path / "priya", WHEN, "Hub partners") as theirs:
        assert rows_of(theirs) == rows_of(group)
        assert theirs.outputs() == group.outputs()
        gather(theirs, letter(theirs, 71, [passage(2, WORDS)]))
    with pytest.raises(Refused, match="kept here already"):
        groups.take_over(tmp_path / "lead", WHEN, copy, "three old otters", "copy.age")


def test_what_is_no_handed_over_group(group: Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 25: a copy that is cut, foreign or made up is refused by name and leaves nothing in the home."""
    monkeypatch.setattr(seal, "unseal_with", lambda *given: given[0])
    with group.reading() as db:
        file = base64.b64encode(db.serialize()).decode()
    secret = group.secret_key(nobody)
    other_secret, _ = seal.new_key()
    whole = {"reflect": "group", "group": group.invitation.group, "key": secret, "file": file}
    for value in (
        b"not json",
        b'{"reflect": "share"}',
        json.dumps(whole | {"file": "###"}).encode(),
        json.dumps(whole | {"group": "../../etc"}).encode(),
        json.dumps(whole | {"more": 1}).encode(),
        json.dumps(whole | {"key": other_secret}).encode(),
        json.dumps(whole | {"key": "no key"}).encode(),
    ):
        with pytest.raises((Refused, WrongKey)):
            groups.take_over(tmp_path / "priya", WHEN, value, "x", "copy.age")
        assert not list((tmp_path / "priya").rglob("*.*"))
        assert not list((tmp_path / "priya" / "groups").glob("*"))


# -- the end -------------------------------------------------------------------------------------------


def test_closed(group: Group) -> None:
    """Closing erases every word that was gathered, and the key, so that no share can be opened again."""
    files = sealed(group, letter(group, 70, [passage(1, WORDS, leads_to="zqxKeys")], comments=("zqxComment",)))
    group.gather(files, nobody)
    secret = group.secret_key(nobody)
    group.close()
    left = bytes_under(group.folder)
    for text in (WORDS, "zqxKeys", "zqxComment", hexadecimal(70), secret):
        assert text.encode() not in left
    assert group.contributions() == []
    for brought in (files, sealed(group, letter(group, 71, [passage(2, WORDS)]))):
        with pytest.raises(Refused, match="closed"):
            group.gather(brought, nobody)


def test_due_on_the_day_that_was_promised(group: Group) -> None:
    """The day on which words are erased is the invitation's."""
    assert not group.is_due_to_close
    group.now = WHEN.replace(year=2027, month=3, day=31)
    assert group.is_due_to_close


# -- several groups ------------------------------------------------------------------------------------


def test_found_by_name(tmp_path: Path) -> None:
    """A group is found by its name in any case or its id's beginning; without a name the only one; else it is told."""
    home = tmp_path / "lead"
    first, _ = group_of(home)
    second, _ = group_of(home, name="Other people")
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    with groups.named(home, WHEN, "hub PARTNERS") as found:
        assert found.folder == first.folder
    with groups.named(home, WHEN, second.folder.name[:6]) as found:
        assert found.folder == second.folder
    for name in ("", "Nobody"):
        with pytest.raises(NotFound, match="no one group"):
            groups.named(home, WHEN, name)
    assert len(list(groups.every(home, WHEN))) == 2


def test_invitation_says_what_was_agreed(group: Group) -> None:
    """The invitation holds what was agreed, and the public key of the secret one that is kept."""
    said = group.invitation.model_dump()
    assert {name: said[name] for name in AGREEMENT} == AGREEMENT | {"sites": ("North", "South")}
    assert said["keys"] == (seal.public_key(group.secret_key(nobody)),)


def test_gathering_can_be_tried_first(group: Group) -> None:
    """With `dry_run` each file is read, opened and checked, counted or refused, and the group stays as it is."""
    before = rows_of(group)
    files = sealed(group, letter(group, 1, [passage(1, WORDS)]), letter(group, 2, [passage(2, WORDS)]))
    looked = group.gather([*files, ("notes.txt", b"no share")], nobody, dry_run=True)
    assert (looked.files, looked.already_here, len(looked.refused)) == (2, 0, 1)
    assert rows_of(group) == before
    assert group.gather(files, nobody).files == 2
    assert group.gather(files, nobody, dry_run=True).already_here == 2
