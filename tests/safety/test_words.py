"""Rows 1 to 20 of the table of bad inputs: words as people, pipes and terminals bring them. No words are lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reflect import drafts, intake
from reflect.errors import Interrupted, Refused
from reflect.intake import LARGEST, Taken, from_text
from reflect.journal import Details, Journal
from reflect.models import Filters
from reflect.store import engine, entries
from tests.bank.test_packs import HEAD
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import NOW, UNMEASURED, Run, bytes_under

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that a terminal obeys: controls, escapes, and those that turn text round."""

COLOURS = re.compile("\x1b\\[[0-9;]*m")

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
"""Four people joined to one sign."""


def texts(run: Run) -> list[str]:
    """The words of every entry, newest first."""
    return [entry["text"] for entry in run("list", "--json").json]


def only_draft(home: Path, ending: str = ".txt") -> Path:
    """The one draft of its kind there is."""
    found = [path for path in drafts.every(home / "drafts") if path.suffix == ending]
    assert len(found) == 1, found
    return found[0]


# -- row 1: nothing ----------------------------------------------------------------------------


@pytest.mark.parametrize("nothing", ["", "   ", "\n\n\n", " \t\r\n \u3000", "\ufeff"], ids=repr)
def test_row_1_nothing_is_not_saved(run: Run, nothing: str) -> None:
    """No words, blanks or line ends alone are refused, and no row is made."""
    ran = run("write", "-", stdin=nothing, code=3)
    assert "nothing to save" in ran.err
    assert ran.out == ""
    assert texts(run) == []


def test_row_1_an_edit_that_changes_nothing_makes_no_version(write: Write, run: Run) -> None:
    """The same words again, or none, leave the entry as it was, and nothing of the journal is shown for it."""
    write("something private")
    entry = write("the words")
    same = run("edit", entry["id"], "-", stdin="the words\n")
    assert "Nothing was changed" in same.out
    none = run("edit", entry["id"], "-", stdin="", code=3)
    assert "something private" not in same.out + same.err + none.out + none.err
    assert run("show", entry["id"], "--json").json["version"] == 1


# -- row 2: much -------------------------------------------------------------------------------


def test_row_2_a_megabyte_is_stored_whole(write: Write, run: Run) -> None:
    """A long entry comes back letter for letter."""
    text = "".join(f"Line {number}: who decides, and who is told?\n" for number in range(25_000)).strip("\n")
    assert len(text) > 1_000_000
    entry = write(text)
    assert run("show", entry["id"], "--raw").out == text


@pytest.mark.parametrize("sign", [".", "!?", "a.", "\u0301", "\n-"], ids=repr)
def test_row_2_monotonous_words_hang_nothing(write: Write, run: Run, sign: str) -> None:
    """Words that repeat one sign for ever are stored, listed, searched and rolled up as any others."""
    text = ("x" + sign * (300_000 // len(sign)) + "x").strip()
    entry = write(text)
    assert run("show", entry["id"], "--raw").out == text
    assert len(run("list").out) < 1_000
    run("search", "x")
    assert len(run("summary", "--format", "json").json["themes"]) == 10


def test_row_2_more_than_an_entry_holds_is_refused_and_its_beginning_kept(run: Run, home: Path) -> None:
    """The limit is named, and what had been read is in a private file."""
    text = b"word " * (LARGEST // 5 + 1_000)
    ran = run("write", "-", stdin=text, code=3)
    assert f"{LARGEST:,}" in ran.err
    kept = only_draft(home, ".raw")
    assert str(kept) in ran.err
    assert text.startswith(kept.read_bytes())
    assert kept.stat().st_size > LARGEST
    assert kept.stat().st_mode & 0o077 == 0
    assert texts(run) == []


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no endless file on this system")
def test_row_2_an_endless_pipe_is_not_read_to_its_end(run: Run, home: Path) -> None:
    """The limit is named before more is read."""
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [sys.executable, "-m", "reflect", "write", "-"],
            stdin=endless,
            capture_output=True,
            env=os.environ | {"REFLECT_HOME": str(home)},
            timeout=60,
            check=False,
        )
    assert done.returncode == 3, done.stderr


# -- rows 3 to 6: bytes that are no text -------------------------------------------------------


def test_row_3_nul_is_replaced_and_told(write: Write, run: Run) -> None:
    """A NUL becomes U+FFFD; how many there were and where the first stood is said."""
    ran = run("write", "-", "--json", stdin=b"a\0b\0c")
    assert ran.json["text"] == "a\ufffdb\ufffdc"
    assert "2 NUL signs" in ran.err
    assert "place 1" in ran.err


def test_row_4_argument_that_is_not_utf8(run: Run, home: Path) -> None:
    """Bytes that are no text stand as U+FFFD, and all bytes as they came are in a private file that is named."""
    ran = run("write", b"caf\xe9 at ten", "--json")
    assert ran.json["text"] == "caf\ufffd at ten"
    kept = only_draft(home, ".raw")
    assert kept.read_bytes() == b"caf\xe9 at ten"
    assert kept.stat().st_mode & 0o077 == 0
    assert str(kept) in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("search", b"caf\xe9"),
        ("list", "--text", b"caf\xe9"),
        ("list", "--about", b"caf\xe9"),
        ("write", "words", "--about", b"caf\xe9"),
        ("actions", "add", b"caf\xe9"),
        ("prompts", "retire", "KF-Q09", "--why", b"caf\xe9", "--who", b"\xff"),
        ("summary", "--about", b"\xff"),
    ],
    ids=lambda words: f"{words[0]} {words[1]!r}",
)
def test_row_4_no_option_stumbles_over_bytes(run: Run, words: tuple[str | bytes, ...]) -> None:
    """Wherever bytes that are no text come in, the command does its work."""
    run(*words)


@pytest.mark.parametrize(
    "words",
    [("list", "--tag", b"\xe9"), ("write", "x", "--tag", b"\xe9"), ("show", b"\xe9"), ("--journal", b"\xe9", "list")],
    ids=lambda words: f"{words[0]} {words[1]!r}",
)
def test_row_4_names_that_are_not_utf8_are_refused(run: Run, words: tuple[str | bytes, ...]) -> None:
    """A tag, an id or a journal's name must be text."""
    run(*words, code=3)


def test_row_5_marks_of_encodings(write: Write, run: Run) -> None:
    """UTF-8 with its mark, and UTF-16 either way round, are taken as the text they are."""
    for content in (b"\xef\xbb\xbfna\xc3\xafve", "naïve".encode("utf-16"), b"\xfe\xff" + "naïve".encode("utf-16-be")):
        ran = run("write", "-", "--json", stdin=content)
        assert ran.json["text"] == "naïve"
        assert "Note" not in ran.err


@pytest.mark.parametrize("command", ["write", "edit"])
def test_row_5_latin_1_is_saved_and_its_bytes_kept(write: Write, run: Run, home: Path, command: str) -> None:
    """What is neither UTF-8 nor UTF-16 is saved with U+FFFD, told of, and kept as it came."""
    before = [write("old words")["id"]] if command == "edit" else []
    ran = run(command, *before, "-", "--json", stdin="Übergabe im Café".encode("latin-1"))
    assert ran.json["text"] == "\ufffdbergabe im Caf\ufffd"
    kept = only_draft(home, ".raw")
    assert kept.read_bytes() == "Übergabe im Café".encode("latin-1")
    assert str(kept) in ran.err
    run("erase", ran.json["id"], "--yes")
    assert not kept.exists()


def test_row_6_line_ends_become_one_kind(write: Write, run: Run) -> None:
    """CRLF, CR, and Unicode's own line ends are stored as LF; what is stored comes back equal."""
    entry = write("a\r\nb\rc\u2028d\u2029e\u0085f\n\n\n")
    assert entry["text"] == "a\nb\nc\nd\ne\nf"
    assert run("show", entry["id"], "--raw").out == entry["text"]
    again = write(entry["text"])
    assert again["text"] == entry["text"]


# -- rows 7 to 10: what a terminal would obey --------------------------------------------------

ATTACK = (
    "\x1b]52;c;ZXZpbA==\x07 \x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\ \x9b31mred \x9dtitle\x9c"
    " \x1b[2J\x08\x08gone\x7f\x0b\x0c\x1bPq\x1b\\ end"
)
MARKUP = "[/foo] [bold]not bold[/bold] [link=https://evil.example]x[/link] :cow: {0} %s <b>&amp; `tick` *star* _line_"


def reading_commands(entry: str) -> list[tuple[str, ...]]:
    """Every command that shows an entry's words."""
    return [
        ("list",),
        ("show", entry),
        ("search", "end"),
        ("history", entry),
        ("erase", entry, "--dry-run"),
        ("theme", entry),
        ("actions",),
        ("summary",),
        (),
    ]


def test_row_7_escapes_are_kept_and_shown_as_marks(write: Write, run: Run, at_terminal: AtTerminal) -> None:
    """Escapes and controls are stored as they are, shown as visible marks by every command, raw only into a file."""
    entry = write(ATTACK, "--about", "about " + ATTACK)
    run("actions", "add", "action " + ATTACK, "--by", "20/11/2026")
    assert entry["text"] == ATTACK
    assert run("show", entry["id"], "--raw").out == ATTACK
    assert "␛" in run("show", entry["id"]).out
    for words in reading_commands(entry["id"]):
        ran = run(*words)
        assert not OBEYED.search(ran.out + ran.err), words
    for words in (("show", entry["id"]), ("list",), ("search", "end")):
        screen = COLOURS.sub("", at_terminal(*words, env={"TERM": "xterm-256color"}).leave())
        assert not OBEYED.search(screen), words
    assert "a terminal would obey" in at_terminal("show", entry["id"], "--raw").leave(2)


def test_row_7_drafts_and_errors_are_cleaned_too(run: Run, home: Path) -> None:
    """A draft's words, and what an error repeats of what was typed, reach the screen as marks."""
    drafts.keep(home / "drafts", _now(), ATTACK, {})
    for words, code in (
        (("drafts", "show", "2026"), 0),
        (("show", ATTACK), 3),
        (("write", "x", "--at", ATTACK), 3),
        (("write", "x", "--tag", ATTACK), 3),
        (("write", "x", "--theme", ATTACK), 4),
        (("ask", "--depth", ATTACK), 3),
        (("prompts", "show", ATTACK), 4),
        (("edit", ATTACK, "x"), 2),
        ((ATTACK,), 2),
        (("summary", "--format", ATTACK), 2),
        (("summary", "-o", f"{home}/none/{ATTACK}"), 4),
    ):
        ran = run(*words, code=code)
        assert not OBEYED.search(ran.out + ran.err), words


def test_row_8_markup_is_shown_letter_for_letter(write: Write, run: Run, at_terminal: AtTerminal) -> None:
    """Rich's markup, emoji names, HTML and Markdown are words like any others, on a terminal and in a pipe."""
    entry = write(MARKUP, "--about", "[red]Board[/red] :cow:")
    for words in (("show", entry["id"]), ("history", entry["id"])):
        assert MARKUP in run(*words).out
        screen = at_terminal(*words, env={"TERM": "xterm-256color", "COLUMNS": "200"}).leave()
        assert MARKUP in " ".join(COLOURS.sub("", screen).split()), words
    for words in (("list",), ("search", "cow"), ("show", entry["id"])):
        screen = COLOURS.sub("", at_terminal(*words, env={"TERM": "xterm-256color"}).leave())
        assert "[red]Board[/red] :cow:" in screen, words


TURNED = "start \u202eevil\u202c mid \u2067rtl open \u202dlro \u2069\u2069\u202c then \u200f\u061c end"


def test_row_9_direction_signs_are_closed_in_words_and_shown_in_names(write: Write, run: Run) -> None:
    """In a body, direction changes end with their line; in names, dates' neighbours and questions they are marks."""
    entry = write(TURNED + "\nnext line", "--about", "About \u202e drawkcab")
    shown = run("show", entry["id"]).out
    first, rest = shown.split("\n", 1)
    assert not OBEYED.search(first)
    assert "⟨U+202E⟩" in first
    for line in rest.split("\n"):
        if OBEYED.search(line):
            assert line.strip().startswith("\u2068")
            assert line.endswith("\u2069")
            assert open_at_the_end(line) == 0
    assert run("show", entry["id"], "--raw").out == TURNED + "\nnext line"
    for words in (("search", "mid"), ("history", entry["id"]), ("list",), ("summary",)):
        for line in run(*words).out.split("\n"):
            assert open_at_the_end(line) == 0, words


def open_at_the_end(line: str) -> int:
    """How many direction changes a line leaves open or ends without having begun them (UAX 9, X1 to X8)."""
    ends: list[str] = []
    astray = 0
    for sign in line:
        if sign in "\u202a\u202b\u202d\u202e":
            ends.append("\u202c")
        elif sign in "\u2066\u2067\u2068":
            ends.append("\u2069")
        elif sign == "\u202c":
            astray += ends[-1:] != ["\u202c"]
            ends = ends[:-1] if ends[-1:] == ["\u202c"] else ends
        elif sign == "\u2069":
            astray += "\u2069" not in ends
            while "\u2069" in ends and ends.pop() != "\u2069":
                pass
    return len(ends) + astray


CLUSTERS = {
    "family": FAMILY,
    "accents": "e\u0301\u0323\u0308",
    "skin": "\U0001f44d\U0001f3fd",
    "heart": "❤️",
    "hebrew": "שָׁ",
    "flag": "\U0001f1ec\U0001f1e7",
}


@pytest.mark.parametrize("cluster", CLUSTERS.values(), ids=CLUSTERS)
def test_row_10_nothing_is_cut_inside_a_letter(write: Write, run: Run, cluster: str) -> None:
    """A list cuts between letters, however many code points a letter has; a file has all of them."""
    text = cluster * 120
    entry = write(text)
    assert run("show", entry["id"], "--raw").out == text
    shown = run("list").out.split("\n")[1].strip()
    assert shown.endswith(" …")
    assert re.fullmatch(f"({cluster})+", shown.removesuffix(" …"))
    made = run("summary", "--format", "json").json
    for excerpt in [*made["not_placed"], *(each for theme in made["themes"] for each in theme["excerpts"])]:
        assert re.fullmatch(f"({cluster})+", excerpt["text"])


@pytest.mark.parametrize("cluster", [CLUSTERS[name] for name in CLUSTERS if name != "flag"])
def test_row_10_a_terminal_breaks_lines_between_letters(write: Write, at_terminal: AtTerminal, cluster: str) -> None:
    """A run without a blank is broken between letters and fits the width; flags are left to Rich, which halves them."""
    entry = write(cluster * 120)
    screen = at_terminal("show", entry["id"], env={"TERM": "xterm-256color", "COLUMNS": "21"}).leave()
    lines = [line.strip() for line in COLOURS.sub("", screen).split("\n") if cluster in line]
    assert len(lines) > 1
    assert all(re.fullmatch(f"({cluster})+", line) for line in lines)
    assert max(len(line) for line in lines) // len(cluster) <= 21


def test_row_10_right_to_left_and_invisible_signs_come_back_equal(write: Write, run: Run) -> None:
    """Arabic, Hebrew, zero-width signs and soft hyphens are stored and returned as they are."""
    text = "سلام عليكم — שלום\u200b\u200c\u2060zero\u00adwidth\ufe0f\U000e0067 end"
    entry = write(text)
    assert run("show", entry["id"], "--raw").out == text
    assert texts(run) == [text]


# -- rows 11 and 12: tags ----------------------------------------------------------------------


def test_row_11_one_tag_however_it_is_typed(write: Write, run: Run) -> None:
    """A tag in either normal form and any case is one tag."""
    forms = ["caf\u00e9", "cafe\u0301", "CAFE\u0301", "#Caf\u00e9", " # café "]
    for form in forms:
        assert write("words", "--tag", form)["tags"] == ["caf\u00e9"]
    for form in forms:
        assert len(run("list", "--tag", form, "--json").json) == len(forms)


@pytest.mark.parametrize(
    "tag",
    ["two\nlines", "a\tb", "\x1b[31m", "a\u202eb", "x" * 1_000, "-x", "", "#", "\u200d", "\u2028", "\x7f", "a\u200bb"],
    ids=lambda tag: repr(tag[:12]),
)
def test_row_12_a_tag_that_is_none_is_refused_by_name(run: Run, home: Path, tag: str) -> None:
    """Line breaks, controls, unseen signs, great length, a leading hyphen: refused, nothing stored."""
    ran = run("write", "-", f"--tag={tag}", stdin="words", code=3)
    assert "can't be a tag" in ran.err
    assert not OBEYED.search(ran.err)
    assert texts(run) == []


def test_row_12_a_tag_like_an_option_is_refused(run: Run) -> None:
    """`--tag -x` is a tag that begins with a hyphen, and no option."""
    assert "hyphen" in run("write", "-", "--tag", "-x", stdin="words", code=3).err


# -- row 13: lone surrogates -------------------------------------------------------------------


def test_row_13_lone_surrogates_never_come_through_intake(journal: Journal) -> None:
    """Half a letter that arrives as text stands as U+FFFD, in words, names and actions."""
    written = journal.write(from_text("a\ud800b"), Details(about="c\udfffd"))
    assert written.entry.text == "a\ufffdb"
    assert written.entry.about == "c\ufffdd"
    assert written.remarks
    assert journal.offer("e\ud83df").text == "e\ufffdf"


def test_row_13_past_the_intake_they_are_refused_and_the_words_kept(journal: Journal, home: Path) -> None:
    """A program that hands over half a letter by itself is refused, with its place; the words are in a draft."""
    with pytest.raises(Refused, match="place 3") as refused:
        journal.write(Taken("abc\ud800"), Details())
    assert str(only_draft(home)) in refused.value.changed
    assert journal.size() == 0


# -- rows 14 to 16: words that look like code --------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["'); DROP TABLE entry; --", "$(rm -rf x) `rm x`", "{0} {name} %s %n", "a\\nb \\x00", "\"quoted\" 'q'", "NULL"],
    ids=repr,
)
def test_row_14_code_is_stored_letter_for_letter(run: Run, text: str) -> None:
    """What looks like SQL, shell or a format is words, as argument, from a pipe and as a name."""
    run("write", text, "--about", text)
    run("write", "-", stdin=text)
    assert texts(run) == [text, text]
    assert [entry["about"] for entry in run("list", "--about", text, "--json").json] == [text]


def test_row_15_words_that_begin_with_a_hyphen(run: Run) -> None:
    """After --, or from a pipe, they are words; otherwise the way is shown."""
    run("write", "--", "--help", "-x")
    run("write", "-", stdin="-n or not")
    assert sorted(texts(run)) == ["--help -x", "-n or not"]
    for hint in (run("write", "-x", code=2), run("write", "--words", code=2)):
        assert "go after --" in hint.err
    assert len(texts(run)) == 2


ODD = ["don't", "a-b", "AND", "OR", "NOT", "NEAR(a b)", "a AND", "NOT a", "text:word", "^a", "a*b", '"', '"a', "a\"b'c"]
EMPTY = ["", " ", "*", "(", ")", "***", '""', "-", "!?", "\u0301", "\u200d"]


@pytest.mark.parametrize("words", ODD, ids=repr)
def test_row_16_any_odd_search_is_words(write: Write, run: Run, words: str) -> None:
    """What full-text search would take for syntax is looked for as words, in `search` and in filters."""
    write("plain words")
    for command in (("search", "--", words), ("list", f"--text={words}")):
        ran = run(*command, code=None)
        assert ran.code in (0, 3), ran.err
        assert (ran.code == 3) == (words == '"')


@pytest.mark.parametrize("words", EMPTY, ids=repr)
def test_row_16_a_search_for_nothing_is_refused(run: Run, words: str) -> None:
    """No letter or digit to look for: refused with what to give instead."""
    assert "nothing to search for" in run("search", "--", words, code=3).err


def test_row_16_a_hit_in_a_very_long_entry_is_shown_in_its_context(write: Write, run: Run) -> None:
    """However long an entry and however many hits, a search answers, with the first hit among the words around it."""
    write("before it all " * 2_000 + "then Saxifrage grew there " + "saxifrage " * 20_000)
    found = run("search", "--json", "saxifrage").json[0]
    assert "then Saxifrage grew there" in found["snippet"]
    assert len(found["snippet"]) < 300
    assert found["snippet"].strip(" …") in found["text"]
    assert "«Saxifrage»" in run("search", "saxifrage").out


def test_row_16_odd_words_are_found(write: Write, run: Run) -> None:
    """Operators typed as words, apostrophes and hyphens find what holds them."""
    write("They don't say AND/OR; it's either-or: NOT near (the) \"door\"")
    for words in ("don't", "AND/OR", "either-or", "(the)", '"door"', "NOT near", "it's*", "AND OR NOT"):
        assert len(run("search", "--json", "--", words).json) == 1, words


# -- rows 17 to 19: terminals, pipes, shells ---------------------------------------------------


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"},
        {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict"},
        {"PYTHONUTF8": "0", "LC_ALL": "C", "LANG": "C"},
        {"PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
        {"NO_COLOR": "1", "COLUMNS": "20"},
        {"TERM": "dumb"},
        {"COLUMNS": "1"},
    ],
    ids=lambda env: " ".join(f"{name}={value}" for name, value in env.items()),
)
def test_row_17_no_output_is_too_poor(write: Write, run: Run, env: dict[str, str]) -> None:
    """An output that can't show a sign shows a mark instead; JSON loses nothing even there."""
    text = "Zürich → 東京 \U0001f469 “quoted” " * 20
    entry = write(text.strip(), "--about", "Café ★")
    for words in ((), ("list",), ("show", entry["id"]), ("search", "Zürich")):
        run(*words, env=env)
    assert run("show", entry["id"], "--json", env=env).json["text"] == text.strip()
    assert run("list", "--json", env=env).json[0]["about"] == "Café ★"
    assert run("summary", "--format", "json", env=env).json["not_placed"] is not None


@pytest.mark.parametrize("env", [{"COLUMNS": "20"}, {"COLUMNS": "20", "TERM": "xterm-256color"}, {"NO_COLOR": "1"}])
def test_row_17_a_narrow_terminal(write: Write, at_terminal: AtTerminal, env: dict[str, str]) -> None:
    """Twenty columns, no colour: every word is still there."""
    entry = write("Zürich Tokyo " * 10, "--about", "Hub")
    for words in (("show", entry["id"]), ("list",), ("summary",), ("search", "Tokyo"), ()):
        assert "Zürich" in at_terminal(*words, env=env).leave() or not words


@pytest.mark.skipif(os.name == "nt", reason="a shell closes streams in this way on POSIX systems")
@pytest.mark.parametrize(("closed", "code"), [("<&-", 3), (">&-", 3), ("2>&-", 3), ("<&- >&- 2>&-", 3)])
def test_row_17_closed_streams(write: Write, home: Path, closed: str, code: int) -> None:
    """With input, output or errors closed a command still ends as it should, and writes into no file by mistake."""
    write("words")
    before = (home / "journal.db").read_bytes()
    for words, wanted in (("list", 0), ("write -", code), ("show zzzzzzzz", 4), ("--version", 0)):
        done = subprocess.run(
            [
                "/bin/sh",
                "-c",
                f'"{sys.executable}" -m reflect {words} {closed} </dev/null'.replace("<&- </dev/null", "<&-"),
            ],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == wanted, (words, done.stderr)
        assert b"Traceback" not in done.stderr
    assert (home / "journal.db").read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device on this system")
def test_row_17_an_output_that_is_full_is_told(write: Write, home: Path) -> None:
    """An output that takes nothing is exit 6, and what was saved before is not said to be unsaved."""
    for words in ("list", "--version", "write -", "list --json"):
        done = subprocess.run(
            ["/bin/sh", "-c", f'echo words | "{sys.executable}" -m reflect {words} > /dev/full'],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 6, done.stderr
        assert "Nothing was changed" not in done.stderr
        assert "Traceback" not in done.stderr


def test_row_18_words_as_arguments_work_and_are_warned_of_once(run: Run) -> None:
    """An entry given as arguments is saved; once it is said that history and process list show them."""
    assert "shell's history" in run("write", "some words").err
    assert "shell's history" not in run("write", "more words").err
    assert "shell's history" not in run("write", "-", stdin="piped").err
    assert len(texts(run)) == 3


@pytest.mark.skipif(os.name == "nt", reason="head belongs to POSIX systems")
@pytest.mark.parametrize(
    "command", ["show {}", "list --json", "search --json word", "--help", "write --help", "--version"]
)
def test_row_19_a_reader_that_goes_away(write: Write, command: str) -> None:
    """`head -1` or `true` at the other end: a silent end, no traceback, exit 0."""
    entry = write("word\n" * 100_000)
    for reader in ("head -1", "true"):
        done = subprocess.run(
            [
                "/bin/bash",
                "-c",
                f'"{sys.executable}" -m reflect {command.format(entry["id"])} | {reader}; exit ${{PIPESTATUS[0]}}',
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stderr == ""
        assert done.returncode in (0, 141), done.stderr


# -- row 20: stopped while writing -------------------------------------------------------------

FIVE_PARTS = (
    HEAD
    + """
[[prompt]]
id = "five-in-one"
text = "What came first, second, third, fourth and fifth?"
group_text = "What came first, second, third, fourth and fifth for us?"
parts = ["What came first?", "What came second?", "What came third?", "What came fourth?", "What came fifth?"]
theme = "learning"
occasions = ["group-session"]
depth = "working"
form = "own"
"""
)


@pytest.fixture
def five_parts(run: Run, tmp_path: Path) -> str:
    """A question in five parts, added to the bank; its id."""
    pack = tmp_path / "five.toml"
    pack.write_text(FIVE_PARTS, encoding="utf-8")
    run("prompts", "add", str(pack), "--why", "a test")
    return "five-in-one"


def test_row_20_ctrl_c_at_part_3_of_5_keeps_a_draft(
    at_terminal: AtTerminal, run: Run, home: Path, five_parts: str
) -> None:
    """Ctrl-C in the third part: exit 130, the draft is kept and named, and resuming has every answer in its part."""
    terminal = at_terminal("write", "--prompt", five_parts).type("one", ".", "two", ".").see("3 of 5").press("c")
    screen = terminal.leave(130)
    kept = only_draft(home)
    assert kept.stem in screen
    assert "not saved" in screen
    assert texts(run) == []
    entry = run("drafts", "resume", kept.stem, "--json").json
    answers = [entry["text"][part["start"] : part["end"]] for part in entry["prompt"]["parts"] if part["end"]]
    assert answers == ["one", "two"]
    assert run("drafts", "--json").json == []


def test_row_20_ctrl_c_keeps_the_line_that_was_begun(at_terminal: AtTerminal, run: Run, home: Path) -> None:
    """Ctrl-C in the middle of a line keeps that line, too, even when it is the only one."""
    terminal = at_terminal("write", "--free").see("> ")
    terminal._child.send("half a thought")
    terminal.see("half a thought").interrupt().leave(130)
    assert drafts.read(only_draft(home)).text == "half a thought"


@pytest.mark.parametrize(("answer", "kept"), [("y", 0), ("n", 1), ("", 1), ("\x04", 1), ("\x03", 1)], ids=repr)
def test_row_20_a_story_asks_keep_or_discard(
    at_terminal: AtTerminal, run: Run, home: Path, answer: str, kept: int
) -> None:
    """After Ctrl-C in a story, only a yes discards; no answer keeps."""
    prompts = run("prompts", "list", "--json").json
    story = next(prompt["id"] for prompt in prompts if "story" in prompt["flags"])
    terminal = at_terminal("write", "--prompt", story).type("heliotrope").press("c").see("Discard what you wrote?")
    terminal._child.send(answer if answer in ("\x04", "\x03") else answer + "\r")
    terminal.leave(130)
    assert (b"heliotrope" in bytes_under(home)) is bool(kept)
    assert len(drafts.every(home / "drafts")) == kept


def test_row_20_a_long_paste_arrives_whole(at_terminal: AtTerminal, run: Run) -> None:
    """Ten thousand letters pasted in one line are all stored."""
    text = "".join(f"{number:05} " for number in range(1_700))[:10_000]
    at_terminal("write", "--free").type(text, ".").leave()
    assert texts(run) == [text]


@pytest.mark.parametrize("paste", ["marked", "unmarked"])
def test_row_20_many_long_lines_pasted_at_once_arrive_whole(at_terminal: AtTerminal, run: Run, paste: str) -> None:
    """Paragraphs of any length pasted in one go, with or without the terminal's paste marks, are all stored."""
    text = "\n".join(letter * 6_000 + letter.upper() for letter in "abcd") + "\n\n\ttab and end"
    terminal = at_terminal("write", "--free", env={"TERM": "xterm"}).see("> ")
    pasted = f"\x1b[200~{text}\x1b[201~" if paste == "marked" else text.replace("\n", "\r")
    # Typed by a thread of its own: the terminal echoes, and both sides would wait for each other.
    threading.Thread(target=terminal._child.send, args=(pasted + "\r.\r",), daemon=True).start()
    terminal.leave()
    assert texts(run) == [text]


@pytest.mark.parametrize("end", [".", "\x04"], ids=["dot", "Ctrl-D"])
def test_row_20_a_lone_dot_or_ctrl_d_ends(at_terminal: AtTerminal, run: Run, home: Path, end: str) -> None:
    """Either ends the entry and saves it, paragraphs kept; no draft is left."""
    terminal = at_terminal("write", "--free").type("first. line", "", "not . alone")
    terminal.see("> ")
    terminal._child.send(end if end == "\x04" else end + "\r")
    terminal.leave()
    assert texts(run) == ["first. line\n\nnot . alone"]
    assert drafts.every(home / "drafts") == []


def test_row_20_discard_leaves_no_byte(at_terminal: AtTerminal, home: Path, five_parts: str) -> None:
    """/discard, even in a later part, leaves no byte of any part anywhere under the home."""
    terminal = at_terminal("write", "--prompt", five_parts, "--about", "saxifrage")
    terminal.type("heliotrope", ".", "aubrietia", "/discard").leave()
    for word in (b"heliotrope", b"aubrietia", b"saxifrage"):
        assert word not in bytes_under(home)
    assert drafts.every(home / "drafts") == []


def test_row_20_kill_while_typing_keeps_every_finished_line(at_terminal: AtTerminal, run: Run, home: Path) -> None:
    """Killed without warning, every line that was ended is in the draft; it can be resumed."""
    terminal = at_terminal("write", "--free", "--about", "Board").type("first line", "", "second line").see("> ")
    terminal._child.kill(signal.SIGKILL)
    terminal._child.expect(terminal._pexpect.EOF)
    kept = only_draft(home)
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.stem in run("drafts").out
    assert "20 November 2026" in run().out
    entry = run("drafts", "resume", kept.stem, "--json").json
    assert (entry["text"], entry["about"]) == ("first line\n\nsecond line", "Board")
    assert drafts.every(home / "drafts") == []


def test_row_20_a_killed_draft_can_be_discarded(at_terminal: AtTerminal, run: Run, home: Path) -> None:
    """Discarding a draft leaves no byte of it."""
    terminal = at_terminal("write", "--free").type("heliotrope").see("> ")
    terminal._child.kill(signal.SIGKILL)
    terminal._child.expect(terminal._pexpect.EOF)
    run("drafts", "discard", only_draft(home).stem)
    assert b"heliotrope" not in bytes_under(home)


@pytest.mark.parametrize("command", ["edit", "resume"])
def test_row_20_ctrl_c_in_other_places_keeps_a_draft_too(
    at_terminal: AtTerminal, write: Write, run: Run, home: Path, command: str
) -> None:
    """Stopped while editing or while writing on, the words are in the one draft that is named."""
    if command == "edit":
        words = ("edit", write("the old words")["id"])
    else:
        words = ("drafts", "resume", drafts.keep(home / "drafts", _now(), "so far", {}).stem)
    screen = at_terminal(*words).type("new words").press("c").leave(130)
    kept = only_draft(home)
    assert kept.stem in screen
    assert "new words" in drafts.read(kept).text


SEEN_TO_START = {"TZ": "Nonsense/Zone"}
"""With it a command says something before it reads from standard input, and a test knows that it has begun."""


@pytest.mark.parametrize("command", ["write", "edit"])
def test_row_20_ctrl_c_while_words_come_in_keeps_what_came(
    at_terminal: AtTerminal, write: Write, run: Run, home: Path, command: str
) -> None:
    """Stopped while - is still reading, the lines that had come are in a draft that is named: exit 130."""
    words = ("write", "-", "--about", "Board") if command == "write" else ("edit", write("the old words")["id"], "-")
    terminal = at_terminal(*words, env=SEEN_TO_START).see("is not known here")
    terminal._child.sendline("a first line")
    terminal.see("a first line")
    terminal._child.sendline("a second line")
    terminal.see("a second line").interrupt()
    screen = terminal.leave(130)
    kept = drafts.read(only_draft(home))
    assert kept.text.startswith("a first line")
    assert kept.name in "".join(screen.split())
    assert kept.options["about" if command == "write" else "entry"]


def test_row_20_ctrl_c_before_any_word_leaves_nothing(at_terminal: AtTerminal, run: Run, home: Path) -> None:
    """Stopped before anything came, nothing is kept."""
    terminal = at_terminal("write", "-", env=SEEN_TO_START).see("is not known here")
    assert "draft" not in terminal.interrupt().leave(130)
    assert drafts.every(home / "drafts") == []


def _now() -> Any:
    from datetime import datetime

    return datetime.fromisoformat(NOW)


@contextmanager
def interrupted_after(monkeypatch: pytest.MonkeyPatch, place: str) -> Iterator[None]:
    """Let Ctrl-C arrive just before an entry's rows are written, or just after they are safe."""

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if place == "before":
            patch.setattr(entries, "suggest", stop)
        else:
            patch.setattr(Journal, "remarks", stop)
            patch.setattr(Journal, "entry", _interrupt_once(Journal.entry))
        yield


def _interrupt_once(then: Callable[..., object]) -> Callable[..., object]:
    calls = []

    def reading(self: Journal, number: int) -> object:
        calls.append(number)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return then(self, number)

    return reading


def test_row_20_ctrl_c_before_the_write_says_not_saved(
    journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before an entry is stored: not saved, words in a draft that is named."""
    with interrupted_after(monkeypatch, "before"), pytest.raises(Interrupted, match="not saved") as stopped:
        journal.write(from_text("words that matter"), Details(about="Board"))
    kept = drafts.read(only_draft(home))
    assert (kept.text, kept.options["about"]) == ("words that matter", "Board")
    assert str(only_draft(home)) in stopped.value.changed
    assert list(journal.find(Filters())) == []


def test_row_20_ctrl_c_after_the_write_says_saved(
    journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped after the entry was stored: that is what is said, and no draft stays to make a second one of it."""
    draft = drafts.keep(home / "drafts", _now(), "words that matter", {})
    with interrupted_after(monkeypatch, "after"), pytest.raises(Interrupted, match="had been saved"):
        journal.write(from_text("words that matter"), Details(), draft=draft)
    assert [entry.text for entry in journal.find(Filters())] == ["words that matter"]
    assert drafts.every(home / "drafts") == []


def test_row_20_ctrl_c_around_an_edit(journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit that is stopped tells the same truth, and a draft of it belongs to its entry."""
    entry = journal.write(from_text("old words"), Details()).entry
    with interrupted_after(monkeypatch, "before"), pytest.raises(Interrupted, match="not saved"):
        journal.edit(entry, from_text("new words"))
    assert journal.entry(entry.id).text == "old words"
    journal.erase(entry)
    assert b"new words" not in bytes_under(home / "drafts")


def test_row_20_words_survive_any_fault_of_ours(journal: Journal, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when our own code fails, the words are in a draft and the error carries where."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(entries, "add", fail)
    with pytest.raises((ZeroDivisionError, TypeError)) as failed:
        journal.write(from_text("words that matter"), Details())
    assert drafts.read(only_draft(home)).text == "words that matter"
    assert str(only_draft(home)) in failed.value.__notes__[0]


def test_row_20_a_full_disk_while_typing_names_the_line(
    at_terminal: AtTerminal, run: Run, home: Path, tmp_path: Path
) -> None:
    """When the draft can't take a line, typing stops with exit 6 and that line is shown; the ones before are kept."""
    run("ask")
    (home / "drafts").mkdir(exist_ok=True)
    terminal = at_terminal("write", "--free", env=UNMEASURED).type("a first line").see("> ")
    kept = only_draft(home)
    limit = kept.stat().st_size + 10
    import resource

    resource.prlimit(terminal._child.pid, resource.RLIMIT_FSIZE, (limit, limit))
    terminal._child.sendline("a second line that is too long")
    screen = terminal.leave(6)
    assert "a second line that is too long" in screen.split("reflect:")[1]
    assert drafts.read(kept).text == "a first line"
    assert json.loads(kept.read_text().partition("\n")[0])["prompt"] == ""


def test_intake_has_a_limit_that_is_said_in_docs() -> None:
    """The limit of one entry is a thousand pages, as its message says."""
    assert intake.LARGEST == 5_000_000
    assert engine.WAIT_MS == 10_000
