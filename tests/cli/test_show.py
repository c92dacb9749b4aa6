"""`reflect show`: one entry whole."""

from __future__ import annotations

from itertools import pairwise

from reflect import ids
from reflect.intake import from_text
from reflect.journal import Details, Journal
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import Run

TEXT = "The caretaker was there.\n\nNobody asked her; café & [b]x[/b].\n  Indented."


def test_shows_all_words_and_details(run: Run, write: Write) -> None:
    """Every line of the entry is there, with day, subject, tags and themes."""
    entry = write(TEXT, "--about", "Board", "--tag", "minutes", "--theme", "roles")
    out = run("show", entry["id"]).out
    for line in TEXT.split("\n"):
        assert line in out
    assert out.startswith(f"{entry['id']}  20 Nov 2026, 16:00  Board  roles")
    assert "#minutes" in out


def test_says_why_each_theme_is_there(run: Run, write: Write) -> None:
    """Every theme stands with who put it there: the question, the writer, or a cue in the words."""
    text = "The grant ran out and the contract, the budget and the funder all changed at once."
    entry = write(text, "--prompt", "KF-Q36", "--theme", "change")
    out = run("show", entry["id"]).out
    assert "language: the question is about it" in out
    assert "change: you chose it" in out
    for each in entry["themes"]:
        if each["by"] == "suggested":
            assert f"{each['id']}: suggested by “{each['because']}”" in out


def test_question_stands_before_its_answer(run: Run, write: Write) -> None:
    """The question, as it was asked, is shown above the words that answer it."""
    entry = write("Answer.", "--prompt", "KF-Q12")
    out = run("show", entry["id"]).out
    assert 0 < out.index(entry["prompt"]["text"]) < out.index("Answer.")


def test_any_unique_beginning_of_an_id_will_do(run: Run, write: Write) -> None:
    """One sign is enough while only one entry begins with it, in capitals, too."""
    entry = write("Words.")
    for beginning in (entry["id"][0], entry["id"][:4], entry["id"].upper()):
        assert run("show", beginning, "--json").json["id"] == entry["id"]


def test_beginning_of_more_than_one_is_refused(run: Run, journal: Journal) -> None:
    """Where several entries begin so, none is guessed: exit 3, and the ids are named."""
    entries = [journal.write(from_text(f"Entry {number}."), Details()).entry for number in range(33)]
    first = sorted(ids.shown(entry.id) for entry in entries)
    shared = next(one[0] for one, other in pairwise(first) if one[0] == other[0])
    assert "more than one" in run("show", shared, code=3).err


def test_unknown_id_is_not_found(run: Run) -> None:
    """No entry of that id: exit 4, with the next step."""
    assert "reflect list" in run("show", "zzzzzzzz", code=4).err


def test_what_is_no_id_is_refused(run: Run) -> None:
    """What can't be an id is exit 3, and nothing else happens."""
    for word in ("", "u", "7k2m-", "123456789", "*", "../x"):
        run("show", "--", word, code=3)


def test_raw_is_the_words_letter_for_letter(run: Run, write: Write) -> None:
    """--raw into a pipe is exactly the stored words and no byte more."""
    assert run("show", write(TEXT)["id"], "--raw").out == TEXT


def test_raw_is_refused_at_a_terminal(at_terminal: AtTerminal, write: Write) -> None:
    """A terminal would obey signs in the words, so --raw there is exit 2."""
    screen = at_terminal("show", write(TEXT)["id"], "--raw").leave(2)
    assert "Nobody asked" not in screen
