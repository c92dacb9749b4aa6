"""`reflect search`: entries by their words."""

from __future__ import annotations

import pytest

from reflect.cli.screen import HIT_FROM, HIT_TO
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run

ENTRIES = {
    "fund": "The funding ended in March, and with it the café on Mondays.",
    "volunteer": "Volunteers carried the chairs; nobody paid them, and nobody said so.",
    "minutes": "Who pays for the room writes the minutes. Who pays also chairs.",
    "silence": "A long silence, then one voice from the back row about the bus.",
}


@pytest.fixture
def four(write: Write) -> None:
    """Four entries, a day apart."""
    for day, (name, text) in enumerate(ENTRIES.items(), 1):
        write(text, "--tag", name, "--at", f"{day}/11/2026")


def found(run: Run, *words: str) -> set[str]:
    """Return the tags of the entries that are found."""
    return {each["tags"][0] for each in run("search", "--json", *words).json}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("funded",), {"fund"}),
        (("FUNDS",), {"fund"}),
        (("cafe",), {"fund"}),
        (("café",), {"fund"}),
        (("chair",), {"volunteer", "minutes"}),
        (("pay", "room"), {"minutes"}),
        (("pay room",), {"minutes"}),
        (('"who pays"',), {"minutes"}),
        (('"pays who"',), set()),
        (("silence", "OR", "funding"), {"silence", "fund"}),
        (("chairs", "NOT", "volunteers"), {"minutes"}),
        (("bus", "AND", "voice"), {"silence"}),
        (("volun*",), {"volunteer"}),
        (("zeppelin",), set()),
    ],
)
def test_finds(run: Run, four: None, words: tuple[str, ...], names: set[str]) -> None:
    """Endings and accents don't matter; phrases, AND, OR, NOT and prefixes do what they say."""
    assert found(run, *words) == names


@pytest.mark.parametrize(
    "typed",
    [
        *("AND", "OR OR", "NOT", "a AND", '"', '"unclosed phrase', "*", "bus*)", "(bus", "text:bus", "bus^2"),
        *("-bus", "{bus}", "a+b", "'; DROP TABLE entry;--", "💡", "NEAR(bus voice)"),
    ],
)
def test_any_odd_string_is_treated_as_words(run: Run, four: None, typed: str) -> None:
    """Whatever is typed is searched for as words; only what has no letter or digit is refused."""
    ran = run("search", "--json", "--", typed, code=None)
    assert ran.code == (0 if any(sign.isalnum() for sign in typed) else 3), ran.err
    if ran.code == 0:
        assert isinstance(ran.json, list)


def test_signs_around_a_word_do_not_hide_it(run: Run, four: None) -> None:
    """A word between odd signs is still found."""
    for typed in ("(bus", "bus*)", "{bus}", "bus^"):
        assert found(run, "--", typed) == {"silence"}, typed


def test_hit_is_shown_in_its_words(run: Run, four: None) -> None:
    """On the screen the hit is marked within the words around it, under the entry's line."""
    lines = run("search", "minutes").out.splitlines()
    assert "#minutes" in lines[0]
    assert "«minutes»" in lines[1]
    assert "Who pays" in lines[1]


def test_json_adds_a_snippet_without_marks(run: Run, four: None) -> None:
    """In JSON an entry has all its fields and a snippet of plain words."""
    (entry,) = run("search", "minutes", "--json").json
    assert entry["text"] == ENTRIES["minutes"]
    assert entry["snippet"] in ENTRIES["minutes"]
    assert HIT_FROM not in entry["snippet"]
    assert HIT_TO not in entry["snippet"]


def test_best_first(run: Run, write: Write) -> None:
    """An entry that is all about the word comes before one that mentions it in a long text."""
    write("lease " + "and other things that were said at length " * 40, "--tag", "long")
    write("The lease, the lease!", "--tag", "short", "--at", "1/1/2026")
    assert [each["tags"] for each in run("search", "lease", "--json").json] == [["short"], ["long"]]


def test_about_is_searched_too(run: Run, write: Write) -> None:
    """What an entry was about can be found as its words can."""
    entry = write("It went on.", "--about", "Quarterly allotment meeting")
    assert [each["id"] for each in run("search", "allotments", "--json").json] == [entry["id"]]


def test_filters_narrow(run: Run, four: None) -> None:
    """The filters of `list` work here, too."""
    assert found(run, "nobody", "OR", "bus", "--from", "3/11/2026") == {"silence"}
    assert found(run, "nobody", "OR", "bus", "--tag", "volunteer") == {"volunteer"}


def test_limit_says_that_there_is_more(run: Run, four: None) -> None:
    """-n limits, and the screen says how to see more."""
    ran = run("search", "the", "-n", "1")
    assert "-n gives more" in ran.out
    assert len(run("search", "the", "-n", "1", "--json").json) == 1


def test_nothing_found_is_no_failure(run: Run, four: None) -> None:
    """No hit: exit 0, a sentence on the screen, an empty list in JSON."""
    assert run("search", "zeppelin").out == "Nothing found.\n"
    assert run("search", "zeppelin", "--json").out == "[]\n"


def test_nothing_to_search_for_is_refused(run: Run) -> None:
    """A search without a letter or digit is exit 3; without any argument, 2."""
    assert "nothing to search for" in run("search", "?!", code=3).err
    run("search", code=2)


def test_at_a_terminal_the_hit_is_marked_by_style(at_terminal: AtTerminal, four: None) -> None:
    """On a terminal with colours the hit is reversed instead of wrapped in signs."""
    screen = at_terminal("search", "minutes", env={"TERM": "xterm-256color"}).leave()
    assert "«" not in screen
    assert "\x1b[1;7mminutes\x1b[0m" in screen
