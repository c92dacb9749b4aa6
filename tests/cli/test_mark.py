"""`reflect mark`, `unmark` and `shared`: what may leave, taken back, and where it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflect.consent import LONE_VIEW
from tests.conftest import Run
from tests.people import Person, begins

THREE = "Nobody asked the caretaker. She had the keys. We waited outside for an hour."


@pytest.fixture
def me(home: Path, run: Run) -> Person:
    """Somebody with a journal."""
    return Person(home, run)


@pytest.fixture
def invitation(tmp_path: Path, run: Run) -> Path:
    """An invitation to a group."""
    return begins(Person(tmp_path / "lead", run), tmp_path)


# -- mark ------------------------------------------------------------------------------------------


def test_shows_exactly_what_would_leave(me: Person) -> None:
    """REQ-04: the author sees the very words that would leave, what goes with them, and that a part can be chosen."""
    entry = me.writes(THREE, "--theme", "roles")
    said = me(
        "mark", entry, "--for", "group", "--level", "verbatim", "--sentences", "2-3", "--leads-to", "keys for her"
    )
    assert "For the group, verbatim, under no name:\n  She had the keys. We waited outside for an hour.\n" in said.out
    assert "with: roles; the week, not the day" in said.out
    assert "what you want it to lead to: keys for her" in said.out
    assert "caretaker" not in said.out
    assert "All of it" not in said.out
    assert "All of it. For a part: --sentences" in me("mark", entry, "--for", "group", "--level", "verbatim").out


def test_a_theme_carries_no_words(me: Person) -> None:
    """Without a level only the theme would leave, and no words are shown as leaving."""
    entry = me.writes(THREE, "--theme", "roles")
    said = me("mark", entry, "--for", "group")
    assert "theme, under no name" in said.out
    assert "caretaker" not in said.out
    assert LONE_VIEW not in said.out


def test_a_rewording_is_shown_instead(me: Person) -> None:
    """Of a rewording only the approved words are shown as leaving."""
    entry = me.writes(THREE)
    said = me("mark", entry, "--for", "funder", "--level", "reworded", "--words", "Keys were not shared.")
    assert "For funders, reworded, under no name:\n  Keys were not shared.\n" in said.out
    assert "caretaker" not in said.out


@pytest.mark.parametrize("agreed", [(), ("--alone-ok",)])
def test_told_that_a_lone_view_may_be_recognised(me: Person, agreed: tuple[str, ...]) -> None:
    """REQ-28: before words are marked, their author is told that few may have written, agreed to or not."""
    entry = me.writes(THREE)
    said = me("mark", entry, "--for", "group", "--level", "verbatim", *agreed)
    assert said.out.startswith(LONE_VIEW)
    assert ("You agreed" in said.out) == bool(agreed)
    as_json = me("mark", entry, "--for", "group", "--level", "verbatim", "--json", *agreed)
    assert LONE_VIEW in as_json.err
    assert as_json.json[0]["alone_ok"] == bool(agreed)


def test_told_what_could_identify(me: Person) -> None:
    """Names, numbers and places in the passage are pointed at; in what stays at home they are not."""
    entry = me.writes("I rang Dr Okafor on 0161 496 0123. Nobody asked the caretaker.")
    said = me("mark", entry, "--for", "group", "--level", "verbatim", "--sentences", "1")
    assert "Could tell who it is: “Dr Okafor” (a title and name)." in said.out
    assert "“0161 496 0123” (a phone number)" in said.out
    assert "Okafor" not in me("mark", entry, "--for", "group", "--level", "verbatim", "--sentences", "2").out


def test_own_list_stops(me: Person, home: Path, tmp_path: Path, invitation: Path) -> None:
    """Row 92: a word of the author's own list stops the mark and the share, with exit 10; a vaguer word goes."""
    entry = me.writes("We met in Otter Lane again. Nobody asked.")
    me.joins(invitation)
    me("mark", entry, "--for", "group", "--level", "verbatim")
    (home / "config.toml").write_text('never_share = ["otter lane"]\n')
    for words in (("--level", "verbatim"), ("--level", "reworded", "--words", "At OTTER LANE nobody asked.")):
        said = me("mark", entry, "--for", "public", *words, code=10)
        assert "tter lane" in said.err.lower()
        assert "vaguer word" in said.err
    assert [each["audience"] for each in me("shared", "--json").json["marks"]] == ["group"]
    me("share", "--yes", "-o", str(tmp_path / "a.age"), code=10)
    assert not (tmp_path / "a.age").exists()
    me("mark", entry, "--for", "group", "--level", "reworded", "--words", "In one place nobody asked.")
    me.shares(tmp_path / "a.age")


def test_nothing_is_changed_where_the_mark_can_not_stand(me: Person, invitation: Path) -> None:
    """A mark with an unknown level, group, audience or sentence, or two stances, is refused; nothing is marked."""
    entry = me.writes(THREE)
    me.joins(invitation)
    for options, code in (
        (("--for", "group", "--level", "whole"), 2),
        (("--for", "the neighbours"), 4),
        (("--for", "group", "--level", "verbatim", "--sentences", "9"), 3),
        (("--for", "group", "--level", "verbatim", "--sentences", "²"), 3),
        (("--for", "group", "--level", "reworded"), 3),
        (("--for", "group", "--level", "verbatim", "--words", "Other words"), 3),
        (("--for", "group", "--level", "verbatim", "--as", "a\nb"), 3),
        (("--for", "group", "--gain", "--loss"), 2),
        ((), 2),
    ):
        assert me("mark", entry, *options, code=code).err
    me("mark", "zzzzzzzz", "--for", "group", code=4)
    assert me("shared", "--json").json["marks"] == []


def test_audiences_by_name(me: Person, tmp_path: Path, invitation: Path) -> None:
    """REQ-02: a mark names its audience and purpose; with two groups joined, the group is to be named."""
    entry = me.writes(THREE)
    before = me("mark", entry, "--for", "group", "--json").json[0]
    assert (before["group"], before["purpose"]) == (None, "")
    me.joins(invitation)
    made = {name: me("mark", entry, "--for", name, "--json").json[0] for name in ("group", "hub PARTNERS", "public")}
    assert {each["audience"] for each in made.values()} == {"group", "public"}
    assert {each["purpose"] for each in made.values()} == {"fair meetings"}
    assert (
        me("mark", entry, "--for", "public", "--purpose", "the leaflet", "--json").json[0]["purpose"] == "the leaflet"
    )
    (tmp_path / "two").mkdir()
    me.joins(begins(Person(tmp_path / "lead-2", me.run), tmp_path / "two"))
    assert "more than one group" in me("mark", entry, "--for", "group", code=4).err


def test_fields_for_scripts(me: Person, invitation: Path) -> None:
    """In JSON a mark says what leaves, on what terms, and whether it waits for its author."""
    me.joins(invitation)
    entry = me.writes(THREE, "--theme", "roles")
    (made,) = me(
        "mark", entry, "--for", "group", "--level", "verbatim", "--as", "a neighbour", "--differs", "--json"
    ).json
    assert made["leaves"] == THREE
    assert (made["entry"], made["version"], made["start"], made["end"]) == (entry, 1, 0, len(THREE))
    assert (made["level"], made["attribution"], made["stance"]) == ("verbatim", "a neighbour", "differs")
    assert (made["themes"], made["alone_ok"], made["suspended"]) == (["roles"], False, False)
    assert made["group"]


def test_an_entry_has_its_marks(me: Person, invitation: Path) -> None:
    """An entry's JSON says all that its author agreed to, mark by mark, wherever the entry is read; None is private."""
    entry = me.writes(THREE)
    assert me("show", entry, "--json").json["mark"] is None
    me(
        *("mark", entry, "--for", "group", "--level", "verbatim", "--sentences", "2", "--as", "Dilys", "--loss"),
        *("--leads-to", "keys for her", "--alone-ok"),
    )
    me("mark", entry, "--for", "funder", "--level", "reworded", "--words", "Keys were not \x1f shared.")
    shown = me("show", entry, "--json").json["mark"]
    verbatim = next(each for each in shown["for"] if each["audience"] == "group")
    assert {name: verbatim[name] for name in ("level", "as", "words", "stance", "leads_to", "alone_ok")} == {
        "level": "verbatim",
        "as": "Dilys",
        "words": "She had the keys.",
        "stance": "loss",
        "leads_to": "keys for her",
        "alone_ok": True,
    }
    assert THREE[verbatim["start"] : verbatim["end"]] == verbatim["words"]
    reworded = next(each for each in shown["for"] if each["audience"] == "funder")
    assert (reworded["as"], reworded["stance"], reworded["alone_ok"], reworded["suspended"]) == (
        None,
        None,
        False,
        False,
    )
    assert reworded["words"].startswith("Keys were not")
    assert me("list", "--json").json[0]["mark"] == me("search", "keys", "--json").json[0]["mark"] == shown
    me("edit", entry, "-", stdin="Other words.")
    after = me("show", entry, "--json").json["mark"]["for"]
    assert all(each["suspended"] for each in after)
    assert [each["words"] for each in after if each["level"] == "verbatim"] == [None]


def test_none_is_the_default_name(me: Person) -> None:
    """REQ-07: without a chosen name, and with `--as none`, no name goes along."""
    entry = me.writes(THREE)
    for options in ((), ("--as", "none")):
        made = me("mark", entry, "--for", "group", "--level", "verbatim", "--json", *options).json[0]
        assert made["attribution"] is None


def test_terminal_signs_in_what_leaves(me: Person) -> None:
    """Rule 7: words that a terminal would obey are shown as marks, never raw."""
    entry = me.writes("Look \x1b[2J here. [/bold] :cow:")
    said = me("mark", entry, "--for", "group", "--level", "verbatim")
    assert "\x1b" not in said.out
    assert "[/bold] :cow:" in said.out


# -- unmark ----------------------------------------------------------------------------------------


def test_unmark(me: Person, invitation: Path, tmp_path: Path) -> None:
    """REQ-03: a permission is taken back at once here, and there with the next share, which is said."""
    me.joins(invitation)
    entry = me.writes(THREE)
    me("mark", entry, "--for", "group", "--level", "verbatim")
    assert me("unmark", entry).out == "1 mark withdrawn.\n"
    assert me("unmark", entry).out == "It was not marked.\n"
    me("mark", entry, "--for", "group", "--level", "verbatim")
    me.shares(tmp_path / "a.age")
    said = me("unmark", entry, "--json").json
    assert (len(said["withdrawn"]), said["shared"], said["quoted_in"]) == (1, True, [])
    assert "learns of it with your next share" in me("shared").out
    me.shares(tmp_path / "b.age")
    assert "taken back on" in me("shared").out
    assert "learns of it" not in me("shared").out


def test_unmark_for_one(me: Person, invitation: Path) -> None:
    """A permission for one group or audience is taken back alone; an unknown name is refused and changes nothing."""
    me.joins(invitation)
    entry = me.writes(THREE)
    for audience in ("group", "public", "funder"):
        me("mark", entry, "--for", audience)
    me("unmark", entry, "--for", "nobody we know", code=4)
    assert len(me("unmark", entry, "--for", "Hub partners", "--json").json["withdrawn"]) == 1
    assert len(me("unmark", entry, "--for", "public", "--json").json["withdrawn"]) == 1
    assert [each["audience"] for each in me("shared", "--json").json["marks"]] == ["funder"]


# -- shared ----------------------------------------------------------------------------------------


def test_nothing_shared(me: Person) -> None:
    """Where nothing left, that is said."""
    assert me("shared").out == "Marked: 0 passages. Nothing else of yours can leave.\nNothing has left this journal.\n"
    assert me("shared", "--json").json == {"marks": [], "sent": [], "came_back": []}


def test_where_it_went(me: Person, invitation: Path, tmp_path: Path) -> None:
    """REQ-37: each passage that left is listed with its group and day; an erased entry's too, without its words."""
    me.joins(invitation)
    kept, erased = me.lets(THREE), me.lets("zqxGone is gone.")
    me.shares(tmp_path / "a.age")
    me("erase", erased, "--yes")
    said = me("shared").out
    assert f"  {kept} went to Hub partners on 20 November 2026\n" in said
    assert "an erased entry went to Hub partners on 20 November 2026, taken back on 20 November 2026" in said
    assert "zqxGone" not in said
    sent = me("shared", "--json").json["sent"]
    assert sorted(each["entry"] or "" for each in sent) == ["", kept]
    assert {each["group"] for each in sent} == {"Hub partners"}


def test_an_edit_suspends(me: Person, invitation: Path, tmp_path: Path) -> None:
    """An edited entry's mark waits, which `shared` and `share` say; nothing of it leaves meanwhile."""
    me.joins(invitation)
    entry = me.lets(THREE)
    me("edit", entry, "-", stdin=THREE + " zqxNew words.")
    assert f"{entry}: edited since it was marked" in me("shared").out
    said = me("share", "--yes", "-o", str(tmp_path / "a.age"))
    assert f"Not sent: {entry} was edited" in said.out
    assert me("share", "--dry-run").out.count("zqxNew") == 0
