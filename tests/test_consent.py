"""What of a journal its author lets others read: marks, groups joined, what leaves and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reflect.consent import Consent, Leaving, Terms, invitation_of, membership_in
from reflect.errors import NotFound, Refused
from reflect.exchange import letters, seal
from reflect.intake import from_text
from reflect.journal import Details, Journal
from reflect.models import Entry, Filters
from tests.conftest import bytes_under
from tests.people import AGREEMENT, WHEN, hexadecimal, journal_of, marked

SECRET, PUBLIC = seal.new_key()
THREE = "Nobody asked the caretaker. She had the keys. We waited outside for an hour."
PRIVATE = "zqx this is for nobody but me"


def invitation(group: str = "abcd1234", **agreed: Any) -> letters.Invitation:
    """An invitation to a group."""
    return letters.Invitation.model_validate(AGREEMENT | {"group": group, "keys": (PUBLIC,)} | agreed)


@pytest.fixture
def permissions(journal: Journal) -> Consent:
    """The permissions of a journal that has joined nothing."""
    return Consent(journal)


@pytest.fixture
def member(permissions: Consent) -> Consent:
    """The permissions of a journal that has joined one group."""
    permissions.join(invitation(sites=("North", "South")), site="North")
    return permissions


def entry_of(journal: Journal, text: str = THREE, **details: Any) -> Entry:
    """A fresh entry."""
    return journal.write(from_text(text), Details(**details)).entry


def mark(permissions: Consent, entry: Entry, sentences: str = "", **terms: Any) -> list[Any]:
    """Mark an entry, or sentences of it."""
    return permissions.mark(entry, permissions.passages(entry, sentences), Terms(**terms))


def leaves(permissions: Consent, *comments: str) -> Leaving:
    """What a share would hold."""
    return permissions.leaving(permissions.membership(), comments)


def shares(permissions: Consent, **said: Any) -> Leaving:
    """Make a share, as the command does once its file is written."""
    leaving = leaves(permissions)
    permissions.made(permissions.membership(), leaving, **said)
    return leaving


# -- marks -------------------------------------------------------------------------------------


def test_everything_is_private(journal: Journal, member: Consent) -> None:
    """REQ-01: nothing of an entry that is not marked leaves: no words, no count, no theme."""
    entry_of(journal, PRIVATE, themes=("funding",), about="a private matter", tags=("mine",))
    letter = leaves(member).letter
    assert letter.contributions == ()
    assert letters.write(letter) == letters.write(
        letters.Share(
            group="abcd1234",
            contributor=member.membership().contributor,
            sequence=1,
            site="North",
            contributions=(),
        )
    )


@pytest.mark.parametrize(
    ("sentences", "passages"),
    [
        ("", [THREE]),
        ("1", ["Nobody asked the caretaker."]),
        ("1-2", ["Nobody asked the caretaker. She had the keys."]),
        ("1,3", ["Nobody asked the caretaker.", "We waited outside for an hour."]),
        ("3, 1,2", [THREE]),
        ("2,2", ["She had the keys."]),
    ],
)
def test_sentences(journal: Journal, permissions: Consent, sentences: str, passages: list[str]) -> None:
    """REQ-05: sentences are exact pieces of the entry; those that follow each other are one passage."""
    entry = entry_of(journal)
    assert [entry.text[start:end] for start, end in permissions.passages(entry, sentences)] == passages


@pytest.mark.parametrize("sentences", ["0", "4", "1-4", "3-1", "a", "1-", "-1", "1,,2", "²", "1-999999999", "9" * 30])
def test_sentences_that_are_not_there(journal: Journal, permissions: Consent, sentences: str) -> None:
    """A sentence the entry does not have is refused at once, by its number."""
    with pytest.raises(Refused):
        permissions.passages(entry_of(journal), sentences)


def test_levels_carry_no_more_than_they_say(journal: Journal, member: Consent) -> None:
    """Rule 1: a theme carries no words, a rewording what its author approved, verbatim the passage."""
    prompt = journal.bank.get("KF-Q12")
    entry = journal.write(from_text(THREE), Details(occasion="after-meeting", themes=("roles",)), prompt).entry
    by_level = {}
    for level, words in (("theme", ""), ("reworded", "Keys were not shared."), ("verbatim", "")):
        mark(member, entry, "1", level=level, words=words, leads_to="keys for her", attribution="a neighbour")
        (by_level[level],) = leaves(member).letter.contributions
    theme, reworded, verbatim = (by_level[level] for level in ("theme", "reworded", "verbatim"))
    assert (theme.words, theme.prompt, theme.occasion, theme.leads_to, theme.attribution) == ("", None, "", "", "")
    assert "roles" in theme.themes
    assert reworded.words == "Keys were not shared."
    assert b"caretaker" not in letters.write(replace_share(member, reworded))
    assert verbatim.words == "Nobody asked the caretaker."
    assert verbatim.prompt == letters.SharedPrompt(id=prompt.id, text=prompt.text)
    assert (verbatim.occasion, verbatim.leads_to) == ("after-meeting", "keys for her")
    assert verbatim.attribution == "a neighbour"


def replace_share(permissions: Consent, contribution: letters.Contribution) -> letters.Share:
    """A share of one contribution."""
    return leaves(permissions).letter.model_copy(update={"contributions": (contribution,)})


def test_attribution_is_none_by_default(journal: Journal, member: Consent) -> None:
    """REQ-07: no name travels unless one was chosen for this passage."""
    mark(member, entry_of(journal))
    assert leaves(member).letter.contributions[0].attribution == ""


def test_only_the_week_travels(journal: Journal, member: Consent) -> None:
    """Of the time only the week leaves: an entry of a Sunday late at night is of that week."""
    mark(member, entry_of(journal, at="2026-10-25 23:59"))
    letter = letters.write(leaves(member).letter).decode()
    assert '"week": "2026-W43"' in letter
    assert "23:59" not in letter
    assert "2026-10" not in letter


def test_suggested_themes_stay_at_home(journal: Journal, member: Consent) -> None:
    """A theme nobody confirmed does not travel, so that a group's summary lists the passage as not placed (REQ-25)."""
    entry = entry_of(journal, "The funding, the grant, the budget and the commissioner decide.")
    assert any(theme.by == "suggested" for theme in entry.themes)
    mark(member, entry)
    assert leaves(member).letter.contributions[0].themes == ()


def test_marking_again_replaces(journal: Journal, permissions: Consent) -> None:
    """A mark for the same readers and an overlapping passage takes the place of the first; another audience's stays."""
    entry = entry_of(journal)
    mark(permissions, entry, "1-2")
    mark(permissions, entry, "1", audience="funder")
    mark(permissions, entry, "2-3", level="theme")
    mark(permissions, entry, "1")
    held = {(each.audience, entry.text[each.start : each.end], each.level) for each in permissions.marks(entry)}
    assert held == {
        ("funder", "Nobody asked the caretaker.", "verbatim"),
        ("group", "She had the keys. We waited outside for an hour.", "theme"),
        ("group", "Nobody asked the caretaker.", "verbatim"),
    }


def test_no_audience_implies_another(journal: Journal, member: Consent) -> None:
    """REQ-02: a mark for one audience travels for that one only; publicity needs a mark of its own."""
    mark(member, entry_of(journal), audience="group")
    mark(member, entry_of(journal, "Another day."), audience="public")
    assert sorted(each.audience for each in leaves(member).letter.contributions) == ["group", "public"]


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"level": "reworded"}, "a rewording needs its words"),
        ({"level": "reworded", "words": "  "}, "a rewording needs its words"),
        ({"level": "verbatim", "words": "Other words"}, "--words goes with"),
        ({"attribution": "a\nb"}, "attribution"),
        ({"attribution": "x" * 401}, "attribution"),
    ],
)
def test_terms_that_cannot_stand(journal: Journal, member: Consent, terms: dict[str, str], why: str) -> None:
    """What could not travel is refused when it is marked, and nothing is stored."""
    with pytest.raises(Refused, match=why):
        mark(member, entry_of(journal), **terms)
    assert member.marks() == []


def test_one_rewording_for_one_passage(journal: Journal, member: Consent) -> None:
    """Two places can't share one rewording: nobody's words are merged into one quotation (REQ-05)."""
    with pytest.raises(Refused, match="one rewording stands for one passage"):
        mark(member, entry_of(journal), "1,3", level="reworded", words="Other words")


# -- edits -------------------------------------------------------------------------------------


def test_an_edit_suspends(journal: Journal, member: Consent) -> None:
    """A mark belongs to the version its author saw: after an edit nothing of it leaves until it is affirmed."""
    entry = entry_of(journal)
    (each,) = mark(member, entry, "1")
    edited = journal.edit(entry, from_text(THREE + " And it rained."))
    assert edited is not None
    leaving = leaves(member)
    assert (leaving.letter.contributions, leaving.suspended) == ((), (each,))
    assert member.reaffirm(each, edited)
    assert [made.words for made in leaves(member).letter.contributions] == ["Nobody asked the caretaker."]
    assert leaves(member).suspended == ()


def test_affirmed_keeps_its_place(journal: Journal, member: Consent) -> None:
    """A passage that moved inside the new words is found again; one that is no longer whole is not sent."""
    entry = entry_of(journal)
    (each,) = mark(member, entry, "3")
    before = shares(member).letter.contributions[0]
    moved = journal.edit(entry, from_text("It was cold. We waited outside for an hour."))
    assert moved is not None
    assert member.reaffirm(each, moved)
    after = leaves(member).letter.contributions[0]
    assert (after.id, after.words) == (before.id, before.words)
    gone = journal.edit(moved, from_text("We waited outside for two hours."))
    assert gone is not None
    (each,) = member.marks(gone)
    assert not member.reaffirm(each, gone)
    assert leaves(member).letter.contributions == ()


def test_a_whole_entry_stays_whole(journal: Journal, member: Consent) -> None:
    """A mark of the whole entry, once affirmed, lets the whole of the new words leave."""
    entry = entry_of(journal)
    (each,) = mark(member, entry)
    edited = journal.edit(entry, from_text("All of it is new."))
    assert edited is not None
    assert member.reaffirm(each, edited)
    assert leaves(member).letter.contributions[0].words == "All of it is new."


# -- withdrawing -------------------------------------------------------------------------------


def test_taken_back_with_the_next_share(journal: Journal, member: Consent) -> None:
    """REQ-03: what was unmarked is no longer in the next share, which names its random id as taken back."""
    entry = entry_of(journal)
    mark(member, entry)
    left = shares(member).letter.contributions[0]
    assert member.unmark(entry)
    letter = shares(member).letter
    assert (letter.contributions, letter.withdrawn) == ((), (left.id,))
    assert leaves(member).letter.withdrawn == (left.id,)
    assert [each.withdrawal_told for each in member.sent()] == [True]


def test_what_never_left_is_not_taken_back(journal: Journal, member: Consent) -> None:
    """A mark that was withdrawn before any share leaves no trace in it."""
    entry = entry_of(journal)
    mark(member, entry)
    member.unmark(entry)
    assert (leaves(member).letter.contributions, leaves(member).letter.withdrawn) == ((), ())


def test_erased_is_taken_back(journal: Journal, member: Consent, home: Path) -> None:
    """REQ-03, REQ-08: erasing an entry that was shared sends its withdrawal, and leaves none of its words behind."""
    entry = entry_of(journal, "zqxErased words of mine.")
    mark(
        member, entry, level="reworded", words="zqxReworded words of mine.", leads_to="zqxLeads", attribution="zqxName"
    )
    left = shares(member).letter.contributions[0]
    came_back(member, quoted=(left.id,), summary=f"> {left.words}")
    assert b"zqxReworded" in bytes_under(home)
    journal.erase(entry)
    assert b"zqx" not in bytes_under(home)
    assert leaves(member).letter.withdrawn == (left.id,)


def test_replaced_mark_is_taken_back(journal: Journal, member: Consent) -> None:
    """Marking the same passage on other terms takes back what left before, and gives the new one an id of its own."""
    entry = entry_of(journal)
    mark(member, entry)
    first = shares(member).letter.contributions[0]
    mark(member, entry, level="theme")
    letter = leaves(member).letter
    assert letter.withdrawn == (first.id,)
    assert letter.contributions[0].id != first.id


def test_unmark_for_one_audience(journal: Journal, member: Consent) -> None:
    """A permission is taken back for one audience, or for one group, without the others."""
    entry = entry_of(journal)
    mark(member, entry, reader="abcd1234")
    mark(member, entry, audience="public")
    assert [each.audience for each in member.unmark(entry, "public")] == ["public"]
    assert member.unmark(entry, "group", "other123") == []
    assert [each.audience for each in member.unmark(entry, "group", "abcd1234")] == ["group"]


# -- what leaves ---------------------------------------------------------------------------------


def test_a_share_is_repeatable(journal: Journal, member: Consent) -> None:
    """Looked at twice, what leaves is the same to the byte; ids stay from share to share and nobody can guess them."""
    mark(member, entry_of(journal), "1")
    mark(member, entry_of(journal, "Another day.", themes=("voice",)))
    first, second = leaves(member, "Too long."), leaves(member, "Too long.")
    assert letters.write(first.letter) == letters.write(second.letter)
    before = {each.id for each in shares(member).letter.contributions}
    after = leaves(member).letter
    assert {each.id for each in after.contributions} == before
    assert after.sequence == 2


def test_who_wrote_is_only_a_random_id(journal: Journal, tmp_path: Path, permissions: Consent) -> None:
    """Two people's ids, and one person's in two groups, have nothing in common."""
    permissions.join(invitation())
    permissions.join(invitation("efgh5678"))
    with journal_of(tmp_path / "other") as other:
        Consent(other).join(invitation())
        ids = {each.contributor for each in (*permissions.memberships(), *Consent(other).memberships())}
    assert len(ids) == 3
    assert all(len(each) == 32 for each in ids)


def test_only_for_its_group(journal: Journal, permissions: Consent) -> None:
    """A mark for one group does not travel to another."""
    permissions.join(invitation())
    permissions.join(invitation("efgh5678", name="Other people"))
    mark(permissions, entry_of(journal), reader="abcd1234")
    assert permissions.leaving(permissions.membership("Hub partners")).letter.contributions
    assert not permissions.leaving(permissions.membership("efgh")).letter.contributions


def test_marked_before_joining(journal: Journal, permissions: Consent) -> None:
    """What was marked for the group before any was joined is for the first one, on its purpose, and no other."""
    mark(permissions, entry_of(journal))
    permissions.join(invitation())
    mark(permissions, entry_of(journal, "For any."), audience="funder")
    permissions.join(invitation("efgh5678", name="Other people"))
    marks = {each.audience: each for each in permissions.marks()}
    assert {audience: each.reader for audience, each in marks.items()} == {"group": "abcd1234", "funder": ""}
    permissions.unmark(journal.entry(marks["funder"].entry))
    assert len(permissions.leaving(permissions.membership("abcd")).letter.contributions) == 1
    assert permissions.leaving(permissions.membership("efgh")).letter.contributions == ()
    assert permissions.marks()[0].purpose == "fair meetings"


def test_unseen_since_the_last_walk(journal: Journal, member: Consent) -> None:
    """REQ-04: what was written since the last walk is to be looked at; a share made without a walk is none."""
    first = entry_of(journal, "First.")
    shares(member)
    assert member.unseen(member.membership()) == [first]
    shares(member, looked=True)
    assert member.unseen(member.membership()) == []
    journal.now = WHEN + timedelta(minutes=1)
    second = entry_of(journal, "Second.", at="2026-01-01")
    assert member.unseen(member.membership()) == [second]


# -- groups -------------------------------------------------------------------------------------


def test_joining_shares_nothing(permissions: Consent) -> None:
    """Joining only remembers the invitation as it was accepted, and a random id."""
    joined = permissions.join(invitation(sites=("North",)), site="North")
    assert (joined.shares, joined.looked_until, joined.site) == (0, "", "North")
    assert invitation_of(joined) == invitation(sites=("North",))


def test_joining_again_stays_the_same_person(journal: Journal, member: Consent) -> None:
    """A newer invitation, as after a handover, replaces the older one and nothing else."""
    before = member.membership()
    mark(member, entry_of(journal))
    shares(member)
    after = member.join(invitation(keeper="Priya", sites=("North",)))
    assert (after.contributor, after.site, after.shares) == (before.contributor, "North", 1)
    assert invitation_of(member.membership()).keeper == "Priya"


def test_a_second_device_is_the_same_person(journal: Journal, member: Consent, home: Path, tmp_path: Path) -> None:
    """With the first device's journal at hand, a second one shares under the same id."""
    known = membership_in(home, "abcd1234")
    assert known == membership_in(home / "journal.db", "abcd1234") == member.membership()
    with journal_of(tmp_path / "second") as second:
        other = Consent(second)
        other.join(invitation(sites=("North", "South")), elsewhere=known)
        assert other.membership().contributor == member.membership().contributor
        assert other.membership().site == "North"
    with pytest.raises(NotFound, match="has not joined this group"):
        membership_in(home, "efgh5678")


def test_two_ids_are_not_made_one_behind_the_groups_back(journal: Journal, member: Consent, tmp_path: Path) -> None:
    """A journal that has shared under its own id keeps it: what it sent would else be nobody's to take back."""
    shares(member)
    with journal_of(tmp_path / "second") as second:
        other = Consent(second).join(invitation())
    with pytest.raises(Refused, match="an id of its own"):
        member.join(invitation(), elsewhere=other)


def test_unknown_site(permissions: Consent) -> None:
    """A site the invitation does not name is refused."""
    with pytest.raises(Refused, match="North"):
        permissions.join(invitation(sites=("North",)), site="Nroth")
    with pytest.raises(Refused, match="it has none"):
        permissions.join(invitation(), site="North")
    assert permissions.memberships() == []


def test_a_group_is_found_by_its_name(permissions: Consent) -> None:
    """A group is found by its name in any case or the beginning of its id; without a name, the only one."""
    with pytest.raises(NotFound, match="joined no group"):
        permissions.membership()
    permissions.join(invitation())
    assert permissions.membership().reader == "abcd1234"
    permissions.join(invitation("efgh5678", name="Other people"))
    assert permissions.membership("HUB PARTNERS").reader == "abcd1234"
    assert permissions.membership("efgh").reader == "efgh5678"
    with pytest.raises(NotFound, match="more than one group: you have joined Hub partners, Other people"):
        permissions.membership()
    with pytest.raises(NotFound, match="no one group 'Hub'"):
        permissions.membership("Hub")


# -- what came back --------------------------------------------------------------------------------


def answer(**said: Any) -> letters.Answer:
    """An answer of the group."""
    values = {
        "group": "abcd1234",
        "output": hexadecimal(1),
        "kind": "final",
        "audience": "group",
        "made_on": "2026-11-20",
        "quoted": (),
        "summary": "# What we wrote",
        "answers": ({"point": "Funding", "outcome": "can act", "reply": "From May."},),
    }
    return letters.Answer.model_validate(values | said)


def came_back(permissions: Consent, **said: Any) -> Any:
    """Keep an answer."""
    return permissions.keep(answer(**said))


def test_what_came_of_it(journal: Journal, member: Consent) -> None:
    """REQ-37: an author sees which output quoted how much of theirs, and what was answered; REQ-03: of which entry."""
    entry, other = entry_of(journal), entry_of(journal, "Another day.")
    mark(member, entry)
    mark(member, other)
    left = shares(member)
    mine = next(identity for each, identity in left.marks if each.entry == entry.id)
    came = came_back(member, quoted=(mine, hexadecimal(99)))
    assert (came.group, came.kind, came.mine) == ("Hub partners", "final", 1)
    assert came.answers[0].outcome == "can act"
    assert member.came_back() == [came]
    assert member.quoted_in(entry) == [came]
    assert member.quoted_in(other) == []
    member.unmark(entry)
    assert member.quoted_in(entry) == [came]


def test_a_later_answer_replaces(member: Consent) -> None:
    """A second answer to the same output takes the place of the first."""
    came_back(member)
    came_back(member, answers=())
    assert [each.answers for each in member.came_back()] == [()]


def test_others_words_are_not_kept(member: Consent, home: Path) -> None:
    """Of an answer the journal keeps what came of it, not the summary with other people's words."""
    came_back(member, summary="zqxOthers words")
    assert b"zqxOthers" not in bytes_under(home)


def test_an_answer_for_strangers(member: Consent) -> None:
    """An answer of a group that was not joined is not kept."""
    with pytest.raises(NotFound, match="not joined"):
        came_back(member, group="efgh5678")
    assert member.came_back() == []


# -- property ------------------------------------------------------------------------------------


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Journal]:
    """A journal in which many examples may write."""
    with journal_of(tmp_path / "diary") as opened:
        Consent(opened).join(invitation())
        yield opened


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["private", "theme", "reworded", "verbatim", "withdrawn", "edited", "funder"]),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
        ),
        max_size=6,
    )
)
def test_nothing_unmarked_leaves(diary: Journal, said: list[tuple[str, str]]) -> None:
    """REQ-01, rule 1: whatever was written, marked, edited and withdrawn, a share holds exactly what stands marked."""
    permissions = Consent(diary)
    for entry in list(diary.find(Filters())):
        diary.erase(entry)
    expected = []
    for number, (kind, text) in enumerate(said):
        words = f"w{number} {text}".strip()
        if kind == "private":
            entry_of(diary, words)
            continue
        level = kind if kind in ("theme", "reworded") else "verbatim"
        terms: dict[str, Any] = {"level": level, "words": f"other {number}" if kind == "reworded" else ""}
        entry = marked(diary, words, audience="funder" if kind == "funder" else "group", **terms)
        if kind == "withdrawn":
            permissions.unmark(entry)
        elif kind == "edited":
            diary.edit(entry, from_text(words + " more"))
        else:
            leaving = {"theme": "", "reworded": f"other {number}"}.get(kind, entry.text)
            expected.append(("funder" if kind == "funder" else "group", leaving))
    letter = permissions.leaving(permissions.membership()).letter
    assert sorted((each.audience, each.words) for each in letter.contributions) == sorted(expected)
