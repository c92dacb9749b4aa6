"""Packs are read whole or refused by file, prompt and field."""

from __future__ import annotations

from pathlib import Path

import pytest

from reflect.bank import packs
from reflect.errors import NewerVersion, NotFound, Refused

HEAD = """
[pack]
id = "ours"
title = "Our questions"
about = "What we ask each other."
"""
PROMPT = """
[[prompt]]
id = "what-to-leave"
text = "What would you leave on the desk for whoever comes next?"
theme = "change"
occasions = ["hand-over"]
"""
PACK = HEAD + PROMPT


def _refused(content: str | bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        packs.parse(content if isinstance(content, bytes) else content.encode(), "ours.toml")
    assert refused.value.exit_code == 3
    assert "ours.toml" in refused.value.where
    assert refused.value.next_step
    return refused.value


# -- what a pack becomes ---------------------------------------------------------------------


def test_the_smallest_pack_becomes_a_question() -> None:
    """A question needs an id, its words, a theme and an occasion; all else has a meaning when left out."""
    (prompt,) = packs.parse(PACK.encode(), "ours.toml").prompts()
    assert (prompt.id, prompt.theme, prompt.occasions, prompt.pack) == (
        "what-to-leave",
        "change",
        ("hand-over",),
        "ours",
    )
    assert prompt.group_text == prompt.text
    assert prompt.parts == (prompt.text,)
    assert (prompt.form, prompt.document, prompt.title, prompt.rows) == ("own", "", "", ())
    assert (prompt.depth, prompt.suits, prompt.care, prompt.near) == ("working", ("one", "group"), "", "")


def test_a_question_from_a_document_names_it_in_full() -> None:
    """The short name of a document becomes its name on the screen and its title."""
    own = PACK + 'document = "KF"\nheading = "Language"\nform = "implied"\nrows = ["KF-Q33"]\n'
    (prompt,) = packs.parse(own.encode(), "ours.toml").prompts()
    assert (prompt.document, prompt.heading) == ("King's Fund", "Language")
    assert prompt.title == "Transforming power relationships in partnership working"


def test_a_story_without_a_care_note_gets_ours() -> None:
    """A question with the flag story always says first that one may stop, keep it private or discard it."""
    (prompt,) = packs.parse((PACK + 'flags = ["story"]\n').encode(), "ours.toml").prompts()
    assert prompt.care == packs.DEFAULT_CARE
    assert "/discard" in prompt.care


def test_a_byte_order_mark_does_no_harm() -> None:
    """An editor that marks UTF-8 with a sign before the first byte is forgiven."""
    assert packs.parse(b"\xef\xbb\xbf" + PACK.encode(), "ours.toml").pack.id == "ours"


# -- what is refused, and how it is told -----------------------------------------------------


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        (PACK + 'colour = "red"\n', "prompt what-to-leave, field colour", "no such field"),
        (PACK + 'include = "https://example.org/more.toml"\n', "prompt what-to-leave, field include", "no such field"),
        ('include = ["../secrets.toml"]\n' + PACK, "field include", "no such field"),
        ('url = "https://example.org"\n' + PACK, "field url", "no such field"),
        (HEAD + 'url = "https://example.org"\n' + PROMPT, "field pack.url", "no such field"),
        (PACK.replace('theme = "change"\n', ""), "prompt what-to-leave, field theme", "it is missing"),
        (PACK.replace('id = "what-to-leave"\n', ""), "prompt 1, field id", "it is missing"),
        (PACK.replace('title = "Our questions"\n', ""), "field pack.title", "it is missing"),
        (PROMPT, "field pack", "it is missing"),
        (HEAD, "field prompt", "it is missing"),
        (PACK.replace('"change"', "7"), "prompt what-to-leave, field theme", "words in quotes"),
        (PACK.replace('["hand-over"]', '"hand-over"'), "prompt what-to-leave, field occasions", "a list"),
        (PACK.replace('["hand-over"]', "[1]"), "prompt what-to-leave, field occasions.0", "words in quotes"),
        (PACK.replace('["hand-over"]', "[]"), "prompt what-to-leave, field occasions", "at least one"),
        (PACK.replace("[[prompt]]", "[prompt]"), "field prompt", "[[prompt]]"),
        (PACK + 'depth = "bottomless"\n', "prompt what-to-leave, field depth", "'light', 'working' or 'deep'"),
        (PACK + 'flags = ["loud"]\n', "prompt what-to-leave, field flags.0", "'challenge'"),
        (PACK.replace('"what-to-leave"', '"What to leave"'), "prompt What to leave, field id", "hyphens between them"),
        (PACK + 'rows = ["KF-10"]\n', "prompt what-to-leave, field rows.0", "looks like KF-Q10"),
        (PACK + 'parts = ["What would you leave?"]\n', "prompt what-to-leave, field parts", "leave parts out"),
        (PACK + 'form = "asked"\n', "prompt what-to-leave, field form", "'own' goes with"),
        (PACK + 'document = "KF"\nform = "asked"\n', "prompt what-to-leave, field heading", "under which heading"),
        (PACK + 'care = "You can stop at any time."\n', "prompt what-to-leave, field care", "flag 'story'"),
        (
            PACK + 'flags = ["question-to-consider"]\n',
            "prompt what-to-leave, field flags",
            "the 13 that the King's Fund lists",
        ),
        (PACK.replace('"What would', '"' + "very " * 200), "prompt what-to-leave, field text", "at most 600"),
    ],
)
def test_a_fault_is_told_by_file_prompt_and_field(content: str, where: str, why: str) -> None:
    """Row 34: an unknown key, a link, a missing field or a wrong value is refused, and the message names its place."""
    error = _refused(content)
    assert error.where == f"ours.toml, {where}"
    assert why in error.why
    assert "more)" not in error.why


def test_further_faults_are_counted() -> None:
    """The first fault is told whole and the others by their number."""
    assert "(and 2 more)" in _refused(PACK + 'colour = "red"\nsize = 3\nshape = "round"\n').why


def test_two_prompts_of_one_id_are_refused() -> None:
    """A pack whose prompts share an id says which id."""
    error = _refused(PACK + PROMPT)
    assert error.what == "two prompts have one id"
    assert error.where == "ours.toml, prompt what-to-leave"


@pytest.mark.parametrize("field", ["text", "group_text", "parts", "heading", "context", "care"])
def test_words_that_talk_people_down_are_refused_in_every_field(field: str) -> None:
    """Whatever of a question is read by somebody names what people face, not what they lack."""
    value = "Who is hard to reach round here?"
    content = PACK + 'document = "KF"\nform = "implied"\nflags = ["story"]\n'
    content += "" if field == "heading" else 'heading = "Language"\n'
    if field == "text":
        content = content.replace("What would you leave on the desk for whoever comes next?", value)
    elif field == "parts":
        content += f'parts = ["Who comes along?", "{value}"]\n'
    else:
        content += f'{field} = "{value}"\n'
    error = _refused(content)
    assert error.where == f"ours.toml, prompt what-to-leave, field {field}"
    assert "'hard to reach'" in error.what


def test_the_question_quoted_as_a_warning_is_refused() -> None:
    """A prompt that rests on the row of what never to ask is refused by its field."""
    content = PACK + 'document = "IVAR"\nheading = "Power"\nform = "asked"\nrows = ["IVAR-Q06", "IVAR-Q07"]\n'
    error = _refused(content)
    assert error.where == "ours.toml, prompt what-to-leave, field rows"
    assert "IVAR-Q07" in error.why


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("[pack\n", "not TOML"),
        ('{"pack": {}}', "not TOML"),
        ("pack: !!python/object/apply:os.system [ls]\n", "not TOML"),
        (PACK + 'id = "twice"\n', "not TOML"),
        (PACK + 'context = "\x1b[31m red"\n', "not TOML"),
        (PACK.encode() + b'context = "caf\xe9"\n', "not UTF-8"),
        (PACK.encode("utf-16"), "not UTF-8"),
        ("a = " + "[" * 20_000 + "]" * 20_000, "nested too deeply"),
        (HEAD + "format = " + "1" * 5_000, "too long to be read"),
    ],
)
def test_what_is_no_toml_is_refused_by_line(content: str | bytes, what: str) -> None:
    """Row 33 and 34: another format, another encoding, endless nesting or a Python tag is refused, never obeyed."""
    assert what in _refused(content).what


def test_the_line_of_a_slip_is_told() -> None:
    """A slip in the TOML names its line, so that it can be mended."""
    assert "line 5" in _refused(HEAD.replace('about = "', "about = ")).why


@pytest.mark.parametrize("number", [2, 99])
def test_a_newer_format_names_both(number: int) -> None:
    """A pack made for a newer reflect is told as such, with its format and ours."""
    with pytest.raises(NewerVersion, match=rf"format {number} .* up to 1") as newer:
        packs.parse((HEAD + f"format = {number}\nnew = true\n" + PROMPT).encode(), "ours.toml")
    assert newer.value.exit_code == 9


@pytest.mark.parametrize("number", ["0", "-1", '"2"', "1.5", "true"])
def test_a_format_that_never_was_is_refused(number: str) -> None:
    """A format is a whole number from one up."""
    assert _refused(HEAD + f"format = {number}\n" + PROMPT).where == "ours.toml, field pack.format"


# -- files -----------------------------------------------------------------------------------


def test_a_pack_is_read_from_its_file(tmp_path: Path) -> None:
    """A pack's file is read, and a fault in it names the file without its folders."""
    path = tmp_path / "ours.toml"
    path.write_text(PACK, encoding="utf-8")
    assert packs.read(path).pack.id == "ours"
    path.write_text(PROMPT, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        packs.read(path)
    assert refused.value.where == "ours.toml, field pack"


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    """A file that isn't there is told as missing."""
    with pytest.raises(NotFound, match=r"gone\.toml"):
        packs.read(tmp_path / "gone.toml")


def test_a_folder_is_no_pack(tmp_path: Path) -> None:
    """A folder is refused before anything is read."""
    with pytest.raises(Refused, match="is not a file"):
        packs.read(tmp_path)


def test_an_overlong_file_is_no_pack(tmp_path: Path) -> None:
    """A file of more than a million bytes is refused before it is read."""
    path = tmp_path / "ours.toml"
    path.write_bytes(PACK.encode() + b"#" * packs.LARGEST)
    with pytest.raises(Refused, match="too large"):
        packs.read(path)
    path.write_bytes(PACK.encode() + b"#" * (packs.LARGEST - len(PACK)))
    assert packs.read(path).pack.id == "ours"


# -- names and remarks -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field", "what"),
    [
        (PACK.replace('"change"', '"weather"'), "theme", "no theme 'weather'"),
        (PACK + 'also_themes = ["change", "weather"]\n', "also_themes", "no theme 'weather'"),
        (PACK.replace('"hand-over"', '"hand-over", "teatime"'), "occasions", "no occasion 'teatime'"),
    ],
)
def test_a_theme_or_occasion_that_is_not_there_is_refused(changed: str, field: str, what: str) -> None:
    """A question under no known theme would have its answers in no summary, so it is refused with those there are."""
    pack = packs.parse(changed.encode(), "ours.toml")
    with pytest.raises(Refused, match=what) as refused:
        packs.check_names(pack, "ours.toml", ["change", "voice"], ["hand-over"])
    assert refused.value.where == f"ours.toml, prompt what-to-leave, field {field}"


def test_known_themes_and_occasions_pass() -> None:
    """A pack that names only what is there is fine."""
    packs.check_names(packs.parse(PACK.encode(), "ours.toml"), "ours.toml", ["change"], ["hand-over"])


def test_what_could_be_plainer_is_remarked_on_and_allowed() -> None:
    """Jargon in a pack of one's own is said and not forbidden; a plain pack has no remarks."""
    assert packs.remarks(packs.parse(PACK.encode(), "ours.toml")) == []
    hard = PACK.replace("whoever", "the stakeholders")
    assert packs.remarks(packs.parse(hard.encode(), "ours.toml")) == ["what-to-leave, text: 'stakeholders' is jargon"]


@pytest.mark.parametrize("sign", ["\\u001b[2J", "\\u009b", "\\u202e", "\\u2066"])
@pytest.mark.parametrize("field", ["text", "parts", "context"])
def test_signs_that_a_screen_would_obey_are_remarked_on(field: str, sign: str) -> None:
    """Row 35: a prompt with escapes or direction marks can be used, and which field holds them is told."""
    content = {
        "text": PACK.replace("the desk", f"the desk{sign}"),
        "parts": PACK + f'parts = ["What would you leave?", "For whom{sign}?"]\n',
        "context": PACK + f'context = "A note{sign} for specialists."\n',
    }[field]
    (remark,) = packs.remarks(packs.parse(content.encode(), "ours.toml"))
    assert remark.startswith(f"what-to-leave, {field}: it holds characters a screen would obey")
