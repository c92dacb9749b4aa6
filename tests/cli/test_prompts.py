"""`reflect prompts`: the bank is looked into and changed, and nothing that comes in does harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reflect.bank import shelf
from tests.bank.test_packs import HEAD, PACK, PROMPT
from tests.cli.test_ask import FIELDS
from tests.conftest import NOW, Run, bytes_under

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A sound pack of one's own, outside the home."""
    path = tmp_path / "ours.toml"
    path.write_text(PACK, encoding="utf-8")
    return path


def _pack(tmp_path: Path, content: str | bytes) -> str:
    path = tmp_path / "theirs.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def _changes(run: Run) -> list[dict[str, str]]:
    return run("prompts", "packs", "--json").json["changes"]


# -- list and show ---------------------------------------------------------------------------


def test_list_has_the_whole_bank_with_the_fields_of_the_contract(run: Run) -> None:
    """Every prompt is listed in JSON with the fields that scripts may rely on, and none is said to be chosen."""
    found = run("prompts", "list", "--json").json
    assert len(found) == len({each["id"] for each in found}) > 190
    for each in found:
        assert set(each) >= FIELDS
        assert set(each["source"]) == {"document", "title", "heading"}
        assert each["parts"]
        assert each["why"] is None
        for name in ("parts", "also_themes", "occasions", "rows", "flags"):
            assert isinstance(each[name], list)


def test_starred_lists_the_thirteen(run: Run) -> None:
    """`--starred` has the 13 questions to consider, in JSON and with a star on the screen."""
    found = run("prompts", "list", "--starred", "--json").json
    assert len(found) == 13
    assert all("question-to-consider" in each["flags"] for each in found)
    out = run("prompts", "list", "--starred").out
    assert out.count("★") == 13
    assert all(each["id"] in out and each["text"] in out for each in found)
    assert out.endswith("13 questions.\n")


def test_list_is_narrowed_by_theme_and_occasion(run: Run) -> None:
    """A theme, as first or further one, and an occasion narrow the list; the beginning of their names is enough."""
    found = run("prompts", "list", "--theme", "lang", "--occasion", "nam", "--json").json
    assert found
    for each in found:
        assert "language" in (each["theme"], *each["also_themes"])
        assert "naming" in each["occasions"]


def test_a_list_of_nothing_is_an_empty_array(run: Run) -> None:
    """What nothing fits is `[]`, and in words no questions."""
    assert run("prompts", "list", "--theme", "connection", "--occasion", "naming", "--starred", "--json").json == []
    assert run("prompts", "list", "--theme", "connection", "--occasion", "naming", "--starred").out == "0 questions.\n"


@pytest.mark.parametrize("option", ["--theme", "--occasion"])
def test_an_unknown_theme_or_occasion_is_told(run: Run, option: str) -> None:
    """A name that isn't there is not found (4), with those there are."""
    ran = run("prompts", "list", option, "weather", code=4)
    assert ran.out == ""
    assert "'weather'" in ran.err
    assert "there are " in ran.err


def test_show_tells_all_of_a_question(run: Run) -> None:
    """A question is shown with both wordings, every part, where it stands and when it fits."""
    asked = run("prompts", "show", "KF-Q19", "--json").json
    assert asked["rows"] == ["KF-Q19"]
    assert len(asked["parts"]) == 3
    out = run("prompts", "show", asked["id"]).out
    for text in (asked["id"], asked["text"], asked["group_text"], *asked["parts"], asked["context"]):
        assert text in out
    assert "From: King's Fund, Funding and commissioning (the document asks it outright)" in out
    assert asked["source"]["title"] in out
    assert "Rests on: KF-Q19" in out
    assert "A decision about money" in out


@pytest.mark.parametrize(
    ("row", "source"),
    [
        ("KF-Q05", "Drawn from: King's Fund, Expectations of each other's roles (the document implies it)"),
        ("KF-Q04", "From a heading in: King's Fund,"),
        ("IVAR-P11", "Made from a practice in: IVAR, So, power is showing up"),
    ],
)
def test_an_implied_question_is_never_told_as_asked(run: Run, row: str, source: str) -> None:
    """Where a document doesn't ask a question outright, its source line says what it has instead."""
    out = run("prompts", "show", row).out
    assert source in out
    assert "asks it outright" not in out


def test_show_begins_a_story_with_its_care_note(run: Run) -> None:
    """A question that may stir a story shows first that one may stop or discard."""
    out = run("prompts", "show", "BW-Q18").out
    asked = run("prompts", "show", "BW-Q18", "--json").json
    assert asked["care"]
    assert out.index(asked["care"]) < out.index(asked["text"])


@pytest.mark.parametrize(("name", "code"), [("no-such-question", 4), ("KF-Q99", 4), ("IVAR-Q07", 4), ("a", 3), ("", 4)])
def test_a_name_of_none_or_several_is_told(run: Run, name: str, code: int) -> None:
    """No prompt of that name is not found (4), several are refused (3), in words and as fields."""
    ran = run("prompts", "show", name, "--json", code=code)
    assert ran.out == ""
    assert '"what"' in ran.err
    assert run("prompts", "show", name, code=code).err.startswith("reflect: ")


@pytest.mark.parametrize("command", ["show", "retire", "restore"])
def test_the_examples_of_the_help_work(run: Run, command: str) -> None:
    """Every question named in an example of the help is in the bank."""
    named = re.findall(rf"(?m)^  reflect prompts {command} (\S+)", run("prompts", command, "--help").out)
    assert len(named) == 2
    for name in named:
        assert run("prompts", "show", name, "--json").json["id"]


# -- check and add ---------------------------------------------------------------------------


def test_check_says_that_a_pack_is_sound(run: Run, pack: Path, home: Path) -> None:
    """A sound pack is told as usable, in words and as fields, and is not added by that."""
    assert run("prompts", "check", str(pack)).out == "Our questions: 1 question, all usable.\n"
    assert run("prompts", "check", str(pack), "--json").json == {"pack": "ours", "prompts": 1, "remarks": []}
    assert not (home / "packs").exists()


def test_check_and_add_say_what_could_be_plainer(run: Run, tmp_path: Path) -> None:
    """Jargon in a pack of one's own is remarked on and allowed."""
    file = _pack(tmp_path, PACK.replace("whoever", "the stakeholders"))
    assert "Could be plainer: what-to-leave, text: 'stakeholders' is jargon" in run("prompts", "check", file).out
    assert run("prompts", "check", file, "--json").json["remarks"] == ["what-to-leave, text: 'stakeholders' is jargon"]
    assert "'stakeholders' is jargon" in run("prompts", "add", file, "--why", "we say so").err


def test_an_added_question_is_served_and_answered(run: Run, pack: Path) -> None:
    """A pack of one's own is listed, shown, served and answered like ours, and told as our own."""
    assert run("prompts", "add", str(pack), "--why", "hand-over").out == "Added 1 question of the pack ours.\n"
    assert "Our own question (of the pack ours)" in run("prompts", "show", "what-to-leave").out
    served = run("ask", "--occasion", "hand-over", "--theme", "change", "-n", "3", "--json").json
    listed = run("prompts", "list", "--occasion", "hand-over", "--theme", "change", "--json").json
    assert "what-to-leave" in [each["id"] for each in listed]
    assert served
    written = run("write", "-", "--prompt", "what-to-leave", "--json", stdin="The key and a list.").json
    assert written["prompt"]["text"] == "What would you leave on the desk for whoever comes next?"
    assert [theme["id"] for theme in written["themes"] if theme["by"] == "prompt"] == ["change"]


def test_a_changed_pack_is_noticed(run: Run, pack: Path, home: Path) -> None:
    """Who edits a pack of their own on the shelf sees the change with the next command."""
    run("prompts", "add", str(pack), "--why", "hand-over")
    kept = home / "packs" / "ours.toml"
    kept.write_text(PACK.replace("the desk", "the doormat"), encoding="utf-8")
    assert "on the doormat" in run("prompts", "show", "what-to-leave").out
    kept.unlink()
    run("prompts", "show", "what-to-leave", code=4)


@pytest.mark.parametrize("command", ["check", "add"])
@pytest.mark.parametrize(
    ("content", "where"),
    [
        (PACK + 'colour = "red"\n', "theirs.toml, prompt what-to-leave, field colour: no such field"),
        (PACK + 'url = "https://example.org/q.toml"\n', "theirs.toml, prompt what-to-leave, field url: no such field"),
        ('include = "../../secrets.toml"\n' + PACK, "theirs.toml, field include: no such field"),
        (HEAD + 'include = "/etc/passwd"\n' + PROMPT, "theirs.toml, field pack.include: no such field"),
        ("prompt: !!python/object/apply:os.system ['touch harm']\n", "not TOML in theirs.toml"),
    ],
    ids=["key", "url", "include", "include-in-head", "python-tag"],
)
def test_a_pack_that_would_reach_further_is_refused(
    run: Run, tmp_path: Path, home: Path, command: str, content: str, where: str
) -> None:
    """Row 34: unknown keys, links, includes and Python tags are refused by name (3), and nothing is fetched or run."""
    why = ["--why", "w"] if command == "add" else []
    ran = run("prompts", command, _pack(tmp_path, content), *why, code=3)
    assert where in ran.err
    assert ran.out == ""
    assert not (home / "packs").exists()
    assert not list(tmp_path.rglob("harm"))


@pytest.mark.parametrize(
    "sign", ["\\u001b]52;c;aGk=\\u0007", "\\u001b[2J", "\\u009b2J", "\\u202e", "\\u2066", "\\u200f"]
)
def test_a_prompt_with_signs_a_screen_obeys_is_shown_with_marks(run: Run, tmp_path: Path, sign: str) -> None:
    """Row 35: escapes and direction marks in a prompt are told when it is checked and added, and shown as marks."""
    file = _pack(tmp_path, PACK.replace("the desk", f"the desk{sign}").replace("Our questions", f"Our{sign} questions"))
    checked = run("prompts", "check", file)
    assert "what-to-leave, text: it holds characters a screen would obey" in checked.out
    added = run("prompts", "add", file, "--why", "w")
    assert "what-to-leave, text: it holds characters a screen would obey" in added.err
    shown = run("prompts", "show", "what-to-leave")
    listed = run("prompts", "list", "--occasion", "hand-over")
    assert "What would you leave on the desk" in shown.out
    for ran in (checked, added, shown, listed):
        assert not UNSAFE.search(ran.out + ran.err)
    assert any(mark in shown.out for mark in ("␛", "⟨U+"))


@pytest.mark.parametrize(
    "identity",
    ["../../x", "CON", "con", "x" * 300, "/tmp/x", "", *list(shelf.shipped())[:2]],  # noqa: S108 - not opened
)
def test_a_pack_of_a_harmful_name_is_refused(run: Run, tmp_path: Path, home: Path, identity: str) -> None:
    """Row 36: a pack named as a path, a device, endlessly or as one of ours is refused by its name (3)."""
    file = _pack(tmp_path, PACK.replace('"ours"', f'"{identity}"'))
    for words in (("check", file), ("add", file, "--why", "w")):
        assert "theirs.toml" in run("prompts", *words, code=3).err
    assert not (home / "packs").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "theirs.toml"]


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (PACK.encode() + b'context = "caf\xe9"\n', 3, "not UTF-8"),
        (PACK + PROMPT, 3, "two prompts have one id in theirs.toml, prompt what-to-leave"),
        (PACK.replace('"change"', '"weather"'), 3, "field theme"),
        (PACK.replace("whoever", "the voiceless who"), 3, "'voiceless' talks people down"),
        (PACK + 'rows = ["IVAR-Q07"]\n', 3, "field rows"),
        (PACK.replace("what-to-leave", "who-was-listened-to"), 3, "an id is taken in theirs.toml"),
        ("a = " + "[" * 20_000 + "]" * 20_000, 3, "nested too deeply"),
        (HEAD + "format = 2\n" + PROMPT, 9, "format 2 and this reflect reads up to 1"),
        ("#" * 1_000_001, 3, "too large"),
        ("", 3, "field pack: it is missing"),
    ],
    ids="latin twice theme deficit avoid taken deep newer large empty".split(),
)
def test_a_pack_that_can_not_be_used_is_refused(
    run: Run, tmp_path: Path, home: Path, content: str | bytes, code: int, told: str
) -> None:
    """A pack at fault is refused with its place (3, or 9 from a newer reflect), by check as by add, and not kept."""
    file = _pack(tmp_path, content)
    for words in (("check", file), ("add", file, "--why", "w")):
        ran = run("prompts", *words, code=code)
        assert told in ran.err
        assert ran.err.rstrip().endswith("Nothing was changed.")
    assert not (home / "packs").exists()
    assert _changes(run) == []


@pytest.mark.parametrize(("name", "code"), [("gone.toml", 4), (".", 3)])
def test_what_is_no_file_is_told(run: Run, tmp_path: Path, name: str, code: int) -> None:
    """A missing file is not found (4) and a folder is refused (3)."""
    for words in (("check",), ("add", "--why", "w")):
        assert run("prompts", *words, str(tmp_path / name), code=code).out == ""


@pytest.mark.parametrize(
    "words", [("check",), ("add",), ("add", "x.toml"), ("retire", "KF-Q09"), ("show",), ("juggle",)]
)
def test_a_command_that_is_cut_short_is_usage(run: Run, words: tuple[str, ...]) -> None:
    """A missing file, question or reason, or a word that is no command, is a matter of usage (2)."""
    run("prompts", *words, code=2)


def test_a_pack_is_added_once(run: Run, pack: Path) -> None:
    """Adding the same pack again is refused, and the log has it once."""
    run("prompts", "add", str(pack), "--why", "hand-over")
    assert "there is a pack 'ours' already" in run("prompts", "add", str(pack), "--why", "again", code=3).err
    assert len(_changes(run)) == 1


# -- retire, restore and the log -------------------------------------------------------------


def test_a_retired_question_is_out_until_it_is_restored(run: Run) -> None:
    """A retired question is neither listed nor served, is still shown with its log, and comes back when restored."""
    light = ("--occasion", "check-in", "--theme", "roles", "--depth", "light")
    retired = run("prompts", "retire", "KF-Q09", "--why", "we know by now", "--json").json["id"]
    assert retired not in [each["id"] for each in run("prompts", "list", "--json").json]
    served = {run("ask", *light, "--json").json[0]["id"] for _ in range(6)}
    assert retired not in served
    assert f"20 November 2026: {retired} retired: we know by now" in run("prompts", "show", retired).out
    assert run("prompts", "restore", retired, "--why", "new people").out == f"Restored {retired}.\n"
    assert retired in [each["id"] for each in run("prompts", "list", "--json").json]
    assert run("ask", *light, "--json").json[0]["id"] == retired


def test_each_change_is_kept_with_when_who_and_why(run: Run, pack: Path) -> None:
    """The log has every change of the bank, oldest first, with its time, the name given and the reason."""
    run("prompts", "add", str(pack), "--why", "what we ask at hand-over", "--who", "Sam")
    run("prompts", "retire", "what-to-leave", "--why", "nobody leaves")
    run("prompts", "restore", "what-to-leave", "--why", "somebody does", "--who", "Jo")
    assert _changes(run) == [
        {"prompt": "what-to-leave", "change": change, "at": NOW, "who": who, "why": why}
        for change, who, why in (
            ("added", "Sam", "what we ask at hand-over"),
            ("retired", "", "nobody leaves"),
            ("restored", "Jo", "somebody does"),
        )
    ]
    out = run("prompts", "packs").out
    assert "20 November 2026: what-to-leave added by Sam: what we ask at hand-over" in out
    assert "20 November 2026: what-to-leave retired: nobody leaves" in out


@pytest.mark.parametrize("words", [("retire", "KF-Q09"), ("add", "ours.toml")])
@pytest.mark.parametrize("why", ["", "   ", "w" * 201])
def test_a_change_without_a_sound_reason_is_refused(
    run: Run, tmp_path: Path, pack: Path, home: Path, words: tuple[str, str], why: str
) -> None:
    """A change whose reason is empty or endless is refused (3) and leaves no trace."""
    name = str(tmp_path / words[1]) if words[0] == "add" else words[1]
    run("prompts", words[0], name, "--why", why, code=3)
    assert _changes(run) == []
    assert not (home / "packs").exists()


def test_a_reason_that_is_no_text_is_kept_as_far_as_it_is(run: Run) -> None:
    """A reason with a byte that is no text, or with signs a screen obeys, is kept and shown harmless."""
    run("prompts", "retire", "KF-Q09", b"--why", b"caf\xe9 \x1b[2J \xe2\x80\xae", "--who", "S\x07am")
    packs = run("prompts", "packs")
    assert "caf\ufffd ␛[2J" in packs.out
    assert not UNSAFE.search(packs.out)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("retire", "retire", "is retired already"),
        ("", "restore", "is not retired"),
    ],
)
def test_a_change_that_changes_nothing_is_refused(run: Run, first: str, second: str, told: str) -> None:
    """Retiring what is retired, or restoring what isn't, is refused (3) and not logged."""
    if first:
        run("prompts", first, "KF-Q09", "--why", "w")
    assert told in run("prompts", second, "KF-Q09", "--why", "w", code=3).err
    assert len(_changes(run)) == bool(first)


def test_a_question_that_is_not_there_can_not_be_retired(run: Run) -> None:
    """A name of no prompt is not found (4)."""
    for command in ("retire", "restore"):
        assert "no prompt" in run("prompts", command, "no-such-question", "--why", "w", code=4).err


# -- packs -----------------------------------------------------------------------------------


def test_packs_are_listed_with_their_questions(run: Run, pack: Path) -> None:
    """Our ten packs and one's own are listed with how many questions each has."""
    run("prompts", "add", str(pack), "--why", "hand-over")
    found = run("prompts", "packs", "--json").json
    assert [each["id"] for each in found["packs"]] == [*shelf.shipped(), "ours"]
    assert sum(each["prompts"] for each in found["packs"]) == len(run("prompts", "list", "--json").json)
    assert found["left_out"] == []
    assert "ours  1 question\n" in run("prompts", "packs").out


@pytest.mark.parametrize(
    "content",
    ["[pack\n", PACK.replace("what-to-leave", "who-was-listened-to"), PACK.replace('"ours"', '"../../x"')],
    ids=["slip", "taken", "name"],
)
def test_a_broken_pack_is_named_and_blocks_nothing(run: Run, home: Path, content: str) -> None:
    """Row 34: a pack on the shelf that is broken is named, left out, and neither `ask` nor `write` minds."""
    (home / "packs").mkdir(parents=True)
    (home / "packs" / "broken.toml").write_text(content, encoding="utf-8")
    assert run("ask", "--json").json[0]["id"]
    assert run("write", "-", "--prompt", "KF-Q35", "--json", stdin="words").json["version"] == 1
    (left_out,) = run("prompts", "packs", "--json").json["left_out"]
    assert "broken.toml" in left_out
    assert "Left out: " in run("prompts", "packs").out
    (home / "packs" / "broken.toml").write_text(PACK, encoding="utf-8")
    assert run("prompts", "packs", "--json").json["left_out"] == []
    assert run("prompts", "show", "what-to-leave", "--json").json["pack"] == "ours"


def test_a_pack_stays_out_of_the_way_of_entries(run: Run, home: Path, pack: Path) -> None:
    """An entry keeps the question as it was asked, also when its pack is gone."""
    run("prompts", "add", str(pack), "--why", "hand-over")
    entry = run("write", "-", "--prompt", "what-to-leave", "--json", stdin="The key.").json["id"]
    (home / "packs" / "ours.toml").unlink()
    shown = run("show", entry, "--json").json
    assert shown["prompt"]["text"] == "What would you leave on the desk for whoever comes next?"
    assert b"The key." in bytes_under(home)


def test_prompts_alone_shows_its_help(run: Run) -> None:
    """`reflect prompts` alone names its commands and is no failure."""
    out = run("prompts").out
    for command in ("list", "show", "check", "add", "retire", "restore", "packs", "lenses"):
        assert re.search(rf"^  {command} ", out, re.MULTILINE)


# -- lenses ----------------------------------------------------------------------------------


def test_lenses_are_listed_as_offers(run: Run) -> None:
    """REQ-23: every lens is listed with its question, said to be optional, and marked where disputed or incomplete."""
    found = run("prompts", "lenses", "--json").json
    assert len(found) > 60
    assert all(each["optional"] is True for each in found)
    out = run("prompts", "lenses").out
    assert all(each["id"] in out and each["asks"] in out for each in found)
    assert out.endswith(f"{len(found)} lenses, all optional.\n")
    lines = out.splitlines()
    for each in found:
        (line,) = [line for line in lines if line.startswith(f"{each['id']}  ")]
        assert ("disputed" in line) == each["disputed"]
        assert ("incomplete in source" in line) == each["incomplete"]


def test_lenses_are_narrowed_by_theme_and_occasion(run: Run) -> None:
    """A theme and an occasion narrow the list of lenses; what nothing fits is `[]`."""
    found = run("prompts", "lenses", "--theme", "chan", "--occasion", "campaign", "--json").json
    assert {(each["theme"], "campaign" in each["occasions"]) for each in found} == {("change", True)}
    assert run("prompts", "lenses", "--theme", "funding", "--occasion", "campaign", "--json").json == []
    assert run("prompts", "lenses", "--theme", "funding", "--occasion", "campaign").out == "0 lenses, all optional.\n"


def test_a_lens_is_shown_with_all_its_choices_and_sources(run: Run) -> None:
    """REQ-19: a lens shows each choice with the tag it puts on an entry, 'not sure' and 'something else' among them."""
    lens = run("prompts", "lenses", "KF-F05", "--json").json
    assert lens["id"] == "kinds-of-power"
    assert [each["name"] for each in lens["choices"]][-2:] == ["not sure", "something else"]
    assert lens["rows"] == ["KF-F05", "BW-F03", "BW-F04", "BW-F37", "BW-F28"]
    out = run("prompts", "lenses", "kinds-of-p").out
    assert "Optional: as many as fit, or none." in out
    for each in lens["choices"]:
        assert f"  {each['name']}  {each['id']}\n" in out
    for source in lens["sources"]:
        assert f"From: {source['document']}, {source['heading']} ({', '.join(source['rows'])})" in out
    assert "Named there, and not explained. (BW-F03)" in out
    assert out.endswith("On an entry: reflect write --tag power-over\n")


def test_a_lost_part_is_printed_as_lost(run: Run) -> None:
    """REQ-61: a lens with parts lost from its source prints that notice, and nothing in their place."""
    out = run("prompts", "lenses", "BW-F26").out
    assert out.count("Incomplete in source: what stood here is lost.") == 3
    assert "Incomplete in source: The picture of the grid is lost." in out
    assert run("prompts", "lenses", "BW-F26", "--json").json["incomplete"] is True


@pytest.mark.parametrize("row", ["BW-F36", "BW-F45"])
def test_a_disputed_lens_prints_its_caveat(run: Run, row: str) -> None:
    """REQ-23: what people in the source dispute is shown with the source's caveat."""
    lens = run("prompts", "lenses", row, "--json").json
    assert lens["caveat"]
    assert f"Disputed: {lens['caveat']}\n" in run("prompts", "lenses", row).out


@pytest.mark.parametrize("chosen", [[], ["power-with"], ["power-over", "power-to", "kinds-of-power-not-sure"]])
def test_any_number_of_choices_goes_on_an_entry(run: Run, chosen: list[str]) -> None:
    """REQ-19: choices of a lens are tags of an entry, any number and none, and an entry is found by them."""
    tags = [word for choice in chosen for word in ("--tag", choice)]
    saved = run("write", "-", *tags, "--json", stdin="They asked us before they set the date.").json
    assert sorted(saved["tags"]) == sorted(chosen)
    for choice in chosen:
        assert [each["id"] for each in run("list", "--tag", choice, "--json").json] == [saved["id"]]


def test_a_lens_that_is_not_there_is_told(run: Run) -> None:
    """An unknown lens is not found (4), one that fits several is refused (3), and a lens with a filter is usage (2)."""
    assert "'weather'" in run("prompts", "lenses", "weather", code=4).err
    assert "layers-of-power, helped-and-held-back" in run("prompts", "lenses", "BW-F07", code=3).err
    assert run("prompts", "lenses", "alinsky", "--theme", "change", code=2).out == ""
