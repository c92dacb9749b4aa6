"""`reflect list`: entries, newest first."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Write
from tests.conftest import Run


@pytest.fixture
def five(write: Write) -> dict[str, str]:
    """Five entries, written in another order than they happened in; returns the id of each by its first word."""
    made = {
        "August": write(
            "August: the lease and the rent.", "--at", "31/8/2026", "--theme", "funding", "--about", "Lease meeting"
        ),
        "July": write("July: who speaks first.", "--at", "1/7/2026", "--theme", "voice", "--tag", "chair"),
        "October": write("October: the chair went round.", "--at", "2/10/2026 09:30", "--tag", "chair"),
        "September": write("September: silence.", "--at", "1/9/2026", "--prompt", "KF-Q12"),
        "Evening": write("Evening of the second.", "--at", "2/10/2026 20:15", "--about", "lease, again"),
    }
    return {name: entry["id"] for name, entry in made.items()}


def names(run: Run, *filters: str) -> list[str]:
    """Return the first word of each entry that is listed."""
    return [each["text"].split()[0].rstrip(":") for each in run("list", *filters, "--json").json]


def test_newest_first_by_when_it_happened(run: Run, five: dict[str, str]) -> None:
    """Order follows when things happened, not when they were written."""
    assert names(run) == ["Evening", "October", "September", "August", "July"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (("--from", "1/9/2026"), ["Evening", "October", "September"]),
        (("--to", "31/8/2026"), ["August", "July"]),
        (("--from", "31/8/2026", "--to", "1/9/2026"), ["September", "August"]),
        (("--on", "2/10/2026"), ["Evening", "October"]),
        (("--tag", "CHAIR"), ["October", "July"]),
        (("--tag", "#chair", "--to", "1/9/2026"), ["July"]),
        (("--about", "lease"), ["Evening", "August"]),
        (("--prompt", "KF-Q12"), ["September"]),
        (("--text", "rent"), ["August"]),
        (("-n", "2"), ["Evening", "October"]),
        (("--limit", "1", "--to", "30/9/2026"), ["September"]),
        (("--tag", "nobody"), []),
    ],
)
def test_filters(run: Run, five: dict[str, str], filters: tuple[str, ...], found: list[str]) -> None:
    """Each filter lets through what it says; both ends of a period are part of it."""
    assert names(run, *filters) == found


def test_theme_filter(run: Run, five: dict[str, str]) -> None:
    """--theme, or the beginning of it, lets through the entries that are about it and no other."""
    about_it = run("list", "--theme", "fund", "--json").json
    every = run("list", "--json").json
    assert five["August"] in {each["id"] for each in about_it}
    assert about_it == [each for each in every if "funding" in {theme["id"] for theme in each["themes"]}]


def test_screen_shows_id_day_subject_and_first_words(run: Run, five: dict[str, str]) -> None:
    """An entry takes two lines: id, day, what it was about and themes; then its first words."""
    out = run("list", "--on", "31/8/2026").out.splitlines()
    assert out[0].startswith(f"{five['August']}  31 Aug 2026  Lease meeting  funding")
    assert out[1] == "    August: the lease and the rent."


def test_time_is_shown_only_where_it_is_known(run: Run, five: dict[str, str]) -> None:
    """An entry placed on a day shows no time that nobody said."""
    out = run("list").out
    assert "2 Oct 2026, 09:30" in out
    assert "31 Aug 2026, " not in out


def test_long_words_are_cut_at_a_words_end(run: Run, write: Write) -> None:
    """Of a long entry the list shows a beginning, cut between words, on one line."""
    write("\n".join(f"word{number}" for number in range(100)))
    line = run("list").out.splitlines()[1]
    assert len(line) < 120
    assert line.endswith(" …")
    assert line.split()[-2].removeprefix("word").isdigit()


def test_empty_journal_says_how_to_begin(run: Run) -> None:
    """With no entry the screen names the next command, and JSON is an empty list."""
    assert "reflect write" in run("list").out
    assert run("list", "--json").out == "[]\n"


def test_nothing_found_is_no_failure(run: Run, five: dict[str, str]) -> None:
    """Filters that let nothing through end with exit 0 and say so."""
    assert run("list", "--tag", "nobody").out == "No entries.\n"


@pytest.mark.parametrize("option", ["--from", "--to", "--on"])
def test_unreadable_day_is_refused(run: Run, option: str) -> None:
    """A day that can't be read is refused by name: exit 3."""
    assert "soonish" in run("list", option, "soonish", code=3).err


def test_one_day_and_a_period_exclude_each_other(run: Run) -> None:
    """--on beside --from or --to is exit 2."""
    run("list", "--on", "yesterday", "--from", "1/1/2026", code=2)
    run("list", "--on", "yesterday", "--to", "1/1/2026", code=2)


def test_unknown_theme_or_question_is_not_found(run: Run) -> None:
    """A theme or question that does not exist is told instead of an empty list: exit 4."""
    run("list", "--theme", "weather", code=4)
    run("list", "--prompt", "no-such-question", code=4)


def test_limit_below_one_is_refused(run: Run) -> None:
    """-n 0 is exit 2."""
    run("list", "-n", "0", code=2)
