"""The shipped questions are what they promise to be."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from reflect import sample
from reflect.bank import packs, shelf, wording
from reflect.bank.choose import STARRED
from reflect.bank.packs import PackPrompt
from reflect.config import our_data
from reflect.words import sentences, words
from tests.data.make_source_hashes import known, shared
from tests.data.make_source_tables import rows, starred

ROOT = Path(__file__).parent.parent
PROMPTS: dict[str, PackPrompt] = {
    prompt.id: prompt for path in shelf.shipped().values() for prompt in packs.read(path).prompt
}
ROWS = rows()
BY_ROW: dict[str, list[PackPrompt]] = {}
for _prompt in PROMPTS.values():
    for _row in _prompt.rows:
        BY_ROW.setdefault(_row, []).append(_prompt)

THEMES = "roles funding communities language own-power voice structures connection change learning".split()
OCCASIONS = [
    each["id"] for each in tomllib.loads((our_data() / "occasions.toml").read_text(encoding="utf-8"))["occasion"]
]
LIGHT = {"KF-Q09", "IVAR-Q08", "BW-Q13", "BW-Q27", "KF-Q37"}
DEEP = {"KF-Q01", "KF-Q06", "KF-Q32", "IVAR-Q11", "BWL-Q02", "BW-Q01", "BW-Q17", "BW-Q21", "BW-Q24", "BW-Q42"}
CHALLENGES = {"IVAR-Q13", "BW-Q02", "KF-Q36", "BW-Q29", "IVAR-Q11", "KF-Q32"}
FAMILIES = {
    "who-is-missing": {"IVAR-Q05", "BW-Q23", "BW-Q27", "BW-Q31", "BW-Q18"},
    "inclusive-conversations": {"BW-Q17", "BW-Q32", "BW-Q07"},
    "who-sets-the-agenda": {"KF-Q23", "BW-Q29", "BW-Q34"},
    "what-is-power": {"IVAR-Q01", "IVAR-Q02", "NL-Q02"},
    "what-are-we-doing": {"KF-Q07", "KF-Q17", "KF-Q27", "KF-Q34", "IVAR-Q06", "BWL-Q03"},
}
MERGED = ({"BW-Q09", "BW-Q25", "BW-Q33"}, {"BWL-Q02", "BW-F06"})
"""Rows so alike that one question stands for them."""


def _questions(prompt: PackPrompt) -> list[str]:
    return [row for row in prompt.rows if ROWS[row].may_be_served]


def _said(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text inside a TOML or JSON value, with where it stands."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _said(each, f"{path}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _said(each, f"{path}[{number}]")


def _data_files() -> list[Path]:
    return [path for path in sorted(our_data().rglob("*.toml")) if "schema" not in path.parts]


# -- the 13 ----------------------------------------------------------------------------------


def test_the_thirteen_questions_to_consider_stand_in_four_themes() -> None:
    """There are 13 starred questions: 3 of roles, 4 of funding, 3 of communities, 3 of language."""
    stars = [prompt for prompt in PROMPTS.values() if STARRED in prompt.flags]
    assert Counter(prompt.theme for prompt in stars) == {"roles": 3, "funding": 4, "communities": 3, "language": 3}
    assert sorted(row for prompt in stars for row in prompt.rows) == sorted(starred())


@pytest.mark.parametrize("row", starred())
def test_a_starred_question_keeps_every_part(row: str) -> None:
    """A starred question has as many parts as things are asked at its place in the document."""
    (prompt,) = BY_ROW[row]
    assert (len(prompt.parts) or 1) == starred()[row]


def test_the_thirteen_ask_twenty_one_things() -> None:
    """Between them the 13 ask 21 things."""
    assert sum(len(prompt.parts) or 1 for prompt in PROMPTS.values() if STARRED in prompt.flags) == 21


def test_every_starred_question_fits_a_group_session_and_something_else() -> None:
    """A team that holds nothing but group sessions meets all 13, and each has another moment, too."""
    for row in starred():
        (prompt,) = BY_ROW[row]
        assert "group-session" in prompt.occasions
        assert len(prompt.occasions) > 1
        assert "group" in prompt.suits


# -- coverage --------------------------------------------------------------------------------


def test_every_servable_question_is_in_the_bank() -> None:
    """Each question of the five documents that may be served has exactly one prompt resting on it."""
    wanted = [row for row, each in ROWS.items() if each.may_be_served]
    assert len(wanted) == 99
    assert {row: len(BY_ROW.get(row, [])) for row in wanted} == dict.fromkeys(wanted, 1)


def test_the_question_quoted_as_a_warning_is_not_in_the_bank() -> None:
    """The one row that says what never to ask has no prompt."""
    assert [row for row, each in ROWS.items() if each.kind == "avoid"] == ["IVAR-Q07"]
    assert "IVAR-Q07" not in BY_ROW


def test_every_row_cited_is_one_of_the_guide() -> None:
    """No prompt rests on a row that isn't there, and its document is that of its first row."""
    assert not set(BY_ROW) - set(ROWS)
    for prompt in PROMPTS.values():
        assert prompt.document == ROWS[prompt.rows[0]].document, prompt.id


def test_the_form_agrees_with_what_the_document_has() -> None:
    """A prompt is called asked, heading or implied as its row is, and all else is made from a practice."""
    for prompt in PROMPTS.values():
        kinds = {"asked" if ROWS[row].kind == "star" else ROWS[row].kind for row in _questions(prompt)}
        if kinds:
            assert kinds == {prompt.form}, prompt.id
        else:
            assert prompt.form == "practice", prompt.id
            assert any(ROWS[row].kind == "practice" for row in prompt.rows), prompt.id


def test_every_theme_has_at_least_eight_prompts() -> None:
    """No theme is thin, and each pack holds the theme it is named after."""
    assert all(count >= 8 for count in Counter(prompt.theme for prompt in PROMPTS.values()).values())
    assert sorted(shelf.shipped()) == sorted(THEMES)
    for name, path in shelf.shipped().items():
        assert packs.read(path).pack.id == name
        assert {prompt.theme for prompt in packs.read(path).prompt} == {name}


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_occasion_has_four_prompts_for_one_person(occasion: str) -> None:
    """Somebody alone finds at least four questions for each occasion."""
    fit = [prompt for prompt in PROMPTS.values() if occasion in prompt.occasions and "one" in prompt.suits]
    assert len(fit) >= 4


def test_the_occasions_are_the_guides() -> None:
    """There are 19 occasions, and every prompt carries those that the guide gives its rows."""
    assert len(OCCASIONS) == 19
    for row, each in ROWS.items():
        for prompt in BY_ROW.get(row, []):
            assert set(each.occasions) <= set(prompt.occasions), prompt.id


def test_themes_and_occasions_are_known() -> None:
    """No prompt names a theme or an occasion that isn't there."""
    for path in shelf.shipped().values():
        packs.check_names(packs.read(path), path.name, THEMES, OCCASIONS)


def test_ids_are_unique_in_the_whole_bank() -> None:
    """No two prompts of any packs share an id."""
    ids = [prompt.id for path in shelf.shipped().values() for prompt in packs.read(path).prompt]
    assert len(ids) == len(set(ids))


def test_near_duplicates_are_told_as_families() -> None:
    """Questions so alike that one sitting has only one of them carry the same family, and no others do."""
    for family, alike in FAMILIES.items():
        found = {row for prompt in PROMPTS.values() if prompt.near == family for row in _questions(prompt)}
        assert found == alike, family
    assert {prompt.near for prompt in PROMPTS.values()} - set(FAMILIES) == {"", "how-power-sources"}


@pytest.mark.parametrize("alike", MERGED)
def test_what_two_places_ask_alike_is_one_prompt(alike: set[str]) -> None:
    """Rows that say the same are served once, with all of them cited."""
    prompts = {prompt.id for row in alike for prompt in BY_ROW[row]}
    assert len(prompts) == 1


# -- depth, challenge, stories ---------------------------------------------------------------


def test_deep_prompts_are_those_of_the_guide() -> None:
    """Only the ten questions that the guide calls deep are deep."""
    assert {row for prompt in PROMPTS.values() if prompt.depth == "deep" for row in _questions(prompt)} == DEEP
    assert all(_questions(prompt) for prompt in PROMPTS.values() if prompt.depth == "deep")


def test_light_prompts_hold_those_of_the_guide() -> None:
    """The five questions that the guide calls light are light; other light ones are made from practices."""
    light = [prompt for prompt in PROMPTS.values() if prompt.depth == "light"]
    assert {row for prompt in light for row in _questions(prompt)} == LIGHT
    assert Counter(prompt.theme for prompt in light).keys() == set(THEMES)


def test_challenging_questions_are_told() -> None:
    """The questions that test an assumption say so."""
    for row in CHALLENGES:
        assert all("challenge" in prompt.flags for prompt in BY_ROW[row]), row


def test_a_question_about_a_story_carries_its_care_note() -> None:
    """What may stir a story says first that one may stop, keep it private or discard it, and nothing else does."""
    for prompt in PROMPTS.values():
        assert bool(prompt.care) == ("story" in prompt.flags), prompt.id
        assert not prompt.care or "/discard" in prompt.care, prompt.id
        assert "story" not in prompt.occasions or prompt.care, prompt.id


# -- wording ---------------------------------------------------------------------------------


def test_every_question_reads_easily() -> None:
    """No question has a word for specialists, a long sentence or the difficulty of a report."""
    hard = [
        f"{prompt.id}, {field}: {remark}"
        for prompt in PROMPTS.values()
        for field in ("text", "group_text")
        for remark in wording.remarks(getattr(prompt, field))
    ]
    assert not hard


def test_every_part_and_note_reads_easily() -> None:
    """Parts and care notes hold no jargon, and nothing a person reads has a sentence of more than 26 words."""
    for prompt in PROMPTS.values():
        for text in (*prompt.parts, prompt.care):
            assert not wording.jargon(text), prompt.id
        for text in (*prompt.parts, prompt.care, prompt.context):
            assert all(len(words(each)) <= wording.LONGEST_SENTENCE for each in sentences(text)), prompt.id


def test_a_group_has_its_own_wording() -> None:
    """Every question is worded for one person and, differently, for a group."""
    for prompt in PROMPTS.values():
        assert prompt.group_text, prompt.id
        assert prompt.group_text != prompt.text, prompt.id


def test_every_prompt_has_a_note_for_specialists() -> None:
    """Plain words never mean that the exact idea is lost: each prompt has its context."""
    assert all(prompt.context for prompt in PROMPTS.values())


@pytest.mark.parametrize("path", [*_data_files()], ids=lambda path: path.relative_to(our_data()).as_posix())
def test_no_text_shares_seven_words_with_a_source(path: Path) -> None:
    """Prompts, themes, lenses, plans, passages and sample entries are worded by us: no run of seven words is theirs."""
    sources = known()
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    copied = {where: found for where, text in _said(table) if (found := shared(text, sources))}
    assert not copied


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks" / "quality").glob("*.jsonl")), ids=lambda path: path.name)
def test_no_entry_to_judge_by_shares_seven_words_with_a_source(path: Path) -> None:
    """The entries that the suggester is judged by are worded by us, too."""
    sources = known()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines
    assert not [found for line in lines if (found := shared(json.loads(line)["text"], sources))]


def test_the_hashes_are_those_of_the_documents() -> None:
    """A run that does stand in a document, its title, is found, however it is cased and quoted."""
    title = "“Crisis or not”, the evidence SHOWS that community power works"
    assert len(shared(title, known())) == 4
    assert not shared("nobody ever wrote quite this row of words", known())


def test_no_text_that_ships_talks_people_down() -> None:
    """Prompts, packs' heads, occasions, plans and lenses hold no phrase that places us above those spoken of."""
    others = [path for path in _data_files() if path.parent.name in ("plans", "steps")]
    for path in (*shelf.shipped().values(), *others, our_data() / "occasions.toml", our_data() / "lenses.toml"):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        assert not {where: found for where, text in _said(table) if (found := wording.deficit(text))}
    themes = tomllib.loads((our_data() / "themes.toml").read_text(encoding="utf-8"))
    for theme in themes["theme"]:
        assert not wording.deficit(f"{theme['name']}. {theme['definition']}")


# -- the sample ------------------------------------------------------------------------------


def test_sample_entries_answer_prompts_that_are_there() -> None:
    """Every question and occasion that a sample entry names is one that ships."""
    people = sample.people()
    assert len(people) == 4
    entries = [entry for person in people.values() for entry in person.entry]
    assert len(entries) >= 50
    assert {entry.prompt for entry in entries} - {""} <= set(PROMPTS)
    assert {entry.occasion for entry in entries} - {""} <= set(OCCASIONS)
    assert (max(entry.date for entry in entries) - min(entry.date for entry in entries)).days > 150
