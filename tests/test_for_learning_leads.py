"""The learning lead's guide, pasted line by line: from six homes to a Word summary, an answer and a withdrawal."""

from __future__ import annotations

import html
import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest

from reflect import sample
from reflect.bank import packs, shelf
from reflect.exchange import letters, seal
from reflect.words import sentence_spans
from tests.conftest import NOW

REPOSITORY = Path(__file__).parent.parent
GUIDE = (REPOSITORY / "docs" / "for-learning-leads.md").read_text(encoding="utf-8")
RUN_OF_WORDS = 6
"""So many words in a row, in their order, are taken for somebody's words."""

SHARED = {"shares": "invitation-recovery.txt", "shares-of-four": "four-recovery.txt"}
"""Folders of shares, with the sheet that has the key."""

COMMANDS = {"reflect": '"{python}" -m reflect "$@"', "python3": '"{python}" "$@"'}


@dataclass(frozen=True)
class Led:
    """What pasting the whole guide left: its exit code, what it showed, and the folder it was pasted in."""

    code: int
    shown: str
    folder: Path

    def shares(self) -> Iterator[letters.Share]:
        """Yield what travelled sealed, opened with the key of the recovery sheet."""
        for folder, name in SHARED.items():
            (key,) = re.findall(r"AGE-SECRET-KEY-1\w+", (self.folder / name).read_text(encoding="utf-8"))
            for path in sorted((self.folder / folder).iterdir()):
                yield letters.expect(
                    letters.read(seal.unseal(path.read_bytes(), key, path.name), path.name), letters.Share, path.name
                )

    def outputs(self) -> dict[str, str]:
        """Return every file outside the people's homes as text, shares opened, and what was on the screen."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        found = {
            str(path.relative_to(self.folder)): text_of(path.read_bytes())
            for path in files
            if path.relative_to(self.folder).parts[0] not in ("people", "four", *SHARED)
        }
        opened = {f"share {number}": text_of(letters.write(each)) for number, each in enumerate(self.shares())}
        return found | opened | {"the screen": self.shown}


def text_of(content: bytes) -> str:
    """Return a file's words: of a Word file those between its tags, of JSON those of its strings."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return "\n".join(text_of(archive.read(name)) for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    if text.startswith("<?xml"):
        return html.unescape(re.sub(r"<[^>]+>", " ", text))
    if text.startswith(("{", "[")):
        return "\n".join(strings_in(json.loads(text)))
    return re.sub(r"^> ?", "", text.replace("\\", ""), flags=re.MULTILINE)


def strings_in(value: object) -> Iterator[str]:
    """Yield every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (each for inner in value.values() for each in strings_in(inner))
    elif isinstance(value, list):
        yield from (each for inner in value for each in strings_in(inner))


def runs(text: str) -> set[str]:
    """Return every run of six words of a text, whatever signs and line ends stand between them."""
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[at : at + RUN_OF_WORDS]) for at in range(len(words) - RUN_OF_WORDS + 1)}


def chosen(entry: sample.SampleEntry) -> str:
    """Return the words of an entry that its author let leave."""
    if entry.mark is None or entry.mark.level == "theme":
        return entry.mark.leads_to if entry.mark else ""
    if entry.mark.level == "reworded":
        return f"{entry.mark.words}\n{entry.mark.leads_to}"
    sentences = [entry.text[start:end] for start, end in sentence_spans(entry.text)]
    numbers: list[int] = []
    for part in filter(None, entry.mark.sentences.split(",")):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    picked = [sentences[number - 1] for number in numbers] if numbers else sentences
    return "\n".join([*picked, entry.mark.leads_to])


def entries() -> list[sample.SampleEntry]:
    """Return all that the six people wrote."""
    return [entry for person in sample.people(of_the_group=True).values() for entry in person.entry]


@pytest.fixture(scope="module")
def led(tmp_path_factory: pytest.TempPathFactory) -> Led:
    """Paste every shell block of the guide, in order, as one script into an empty folder."""
    place = tmp_path_factory.mktemp("lead")
    folder, commands = place / "empty", place / "bin"
    folder.mkdir()
    commands.mkdir()
    for name, line in COMMANDS.items():
        (commands / name).write_text(f"#!/bin/sh\nexec {line.format(python=sys.executable)}\n", encoding="utf-8")
        (commands / name).chmod(0o700)
    environment = {name: value for name, value in os.environ.items() if name not in ("REFLECT_HOME", "XDG_DATA_HOME")}
    done = subprocess.run(
        ["bash", "-c", "set -e\n" + "".join(re.findall(r"^```sh\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE))],
        cwd=folder,
        env=environment
        | {
            "HOME": str(place / "user"),
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUTF8": "1",
            "REFLECT_NOW": NOW,
            "REFLECT_SEED": "test",
            "TZ": "Europe/London",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Led(done.returncode, done.stdout, folder)


def test_the_guide_leads_to_its_end(led: Led) -> None:
    """Every line works as it stands, and Word summary, discussion pack and answer are there at the end."""
    assert led.code == 0, led.shown
    assert "Traceback" not in led.shown
    assert (led.folder / "final.docx").read_bytes().startswith(b"PK")
    assert json.loads((led.folder / "answer.json").read_text(encoding="utf-8"))["kind"] == "final"
    assert {"handout.docx", "summary.docx", "host-sheet.md", "data.csv", "data.json"} <= {
        path.name for path in (led.folder / "session").iterdir()
    }
    assert not (led.folder.parent / "user").exists(), "everything is in the homes that were named"


def test_nothing_unmarked_is_in_any_output(led: Led) -> None:
    """REQ-01, REQ-48: no run of words that its author did not let leave is in a file or on the screen."""
    questions = "\n".join(prompt.text for path in shelf.shipped().values() for prompt in packs.read(path).prompt)
    allowed = runs(GUIDE).union(runs(questions), *(runs(chosen(entry)) for entry in entries()))
    private = set().union(*(runs(entry.text) for entry in entries())) - allowed
    assert sum(entry.mark is None for entry in entries()) >= 6
    assert len(private) > 1000
    outputs = led.outputs()
    found = {name: runs(text) & private for name, text in outputs.items()}
    assert {name: words for name, words in found.items() if words} == {}
    quoted = set().union(*(runs(chosen(entry)) for entry in entries()))
    for name in ("final.docx", "session/data.csv", "session/data.json", "answer.json", "draft.md", "share 0"):
        assert runs(outputs[name]) & quoted, f"{name} was read, and holds marked words"


def test_all_that_leaves_was_shown_first(led: Led) -> None:
    """REQ-04: each passage of each share stands letter for letter in what its author saw."""
    shown = " ".join(led.shown.split())
    passages = [each.words for share in led.shares() for each in share.contributions if each.words]
    assert len(passages) > 30
    for words in passages:
        assert " ".join(words.split()) in shown


def test_cost_and_who_can_open_it_are_said_before_joining(led: Led) -> None:
    """REQ-13, REQ-35, REQ-45: each is told what for, who responds, who has the key, what it costs, whom to turn to."""
    for line in (
        "What for: fair meetings at the hub",
        "Who responds: Dilys, by 15 December 2026",
        "recompensed: an hour in working time, or a voucher",
        "Whom to turn to if a story stirs something up: Mo at the hub, 01632 960000",
        "Dilys can open what you share",
        "Gathered words are erased on 31 March 2027",
    ):
        before = led.shown.split("Joined Cresset hub.")[:-1]
        assert len(before) == 6
        assert all(line in each for each in before)


def test_what_was_said_to_the_draft_stands_in_the_final_one(led: Led) -> None:
    """REQ-26: the comment that came by share and the objection that was spoken are in the final summary."""
    final = led.outputs()["final.docx"]
    assert "It leaves out that the bus is the reason." in final
    assert "The vouchers were our idea before they were the council's." in final
    assert "this is final before that day" in led.shown


def test_what_it_should_lead_to_travels_with_a_quotation(led: Led) -> None:
    """REQ-06: where a passage is quoted whose author said what it should lead to, that stands beside it."""
    draft = " ".join(led.outputs()["draft.md"].split())
    wished = [entry for entry in entries() if entry.mark and entry.mark.leads_to]
    quoted = [entry for entry in wished if runs(chosen(entry).removesuffix(entry.mark.leads_to)) & runs(draft)]
    assert quoted
    for entry in quoted:
        assert f"should lead to: {entry.mark.leads_to}" in draft


def test_everybody_gets_the_same_summary(led: Led) -> None:
    """REQ-38: what travels back with the draft is, letter for letter, the summary that the lead put out."""
    letter = json.loads((led.folder / "draft.letter.json").read_text(encoding="utf-8"))
    assert letter["summary"] == (led.folder / "draft.md").read_text(encoding="utf-8")


def test_each_point_is_answered_to_those_who_wrote(led: Led) -> None:
    """REQ-34, REQ-37: all three outcomes come back with their replies, and the author sees where words went."""
    seen = led.shown[led.shown.index("Marked: ") :]
    assert "went to Cresset hub on 20 November 2026" in seen
    assert re.search(r"it quotes \d+ passages of yours", seen)
    assert "Who is paid to be here: can act. From January everybody who comes is paid the same hour." in seen
    assert "The last bus: can pass on. The county runs it;" in seen
    assert "The lift in the tower: acknowledged, not within our power. We can't mend it." in seen


def test_nobody_is_named_who_did_not_choose_a_name(led: Led) -> None:
    """REQ-07: none of the six chose a name, so no summary has one but the keeper's."""
    names = {name.casefold() for name in sample.people(of_the_group=True)} - {"dilys"}
    outputs = led.outputs()
    for name in ("final.docx", "answer.json", "draft.md", *(each for each in outputs if each.startswith("session"))):
        assert not names & set(re.findall(r"\w+", outputs[name].casefold())), name


def test_words_that_were_taken_back_are_gone(led: Led) -> None:
    """REQ-03: every output that held them is named, and the re-issued summary is without them."""
    (taken,) = (entry for entry in entries() if "vouchers, with nothing to sign" in entry.text)
    fallen = re.findall(r"Quotes words that were taken back or changed: (\S+),", led.shown)
    assert {"draft.md", "final.docx", "session", "answer.json"} <= set(fallen)
    outputs = led.outputs()
    assert runs(outputs["draft.md"]) & runs(chosen(taken))
    assert not runs(outputs["final.docx"]) & runs(chosen(taken))
    assert "1 quotation gone: withdrawn or reworded." in led.shown


def test_closing_erases_what_was_gathered(led: Led) -> None:
    """After `group close` no marked words are left in the lead's own files."""
    quoted = set().union(*(runs(chosen(entry)) for entry in entries()))
    mine = {name: text for name, text in led.outputs().items() if name.startswith("lead/")}
    assert mine
    for name, text in mine.items():
        assert not runs(text) & quoted, name


def test_the_key_is_never_without_its_passphrase(led: Led) -> None:
    """The key is locked before the first share comes, and nobody is warned of an open one."""
    assert led.shown.count("The key is under a passphrase.") == 2
    assert "not under a passphrase yet" not in led.shown
    assert [path.name for path in (led.folder / "lead-of-four").rglob("key.*")] == ["key.age"]
    assert stat.S_IMODE((led.folder / "passphrase.txt").stat().st_mode) == 0o600


def test_draft_and_final_say_what_they_are(led: Led) -> None:
    """A draft says on top until when people can speak to it; what was final says that, re-issued, too."""
    outputs = led.outputs()
    for name in ("draft.md", "draft.letter.json"):
        assert "Draft, for comments until 5 December 2026." in outputs[name]
    for name in ("final.docx", "session/handout.docx", "session/host-sheet.md", "session/data.csv", "answer.json"):
        assert "Final." in outputs[name], name
        assert "for comments until" not in outputs[name], name


def test_an_agreed_word_is_explained(led: Led) -> None:
    """REQ-56: a word that was agreed on later is explained where it was used, with who changed it and why."""
    outputs = led.outputs()
    for name in ("draft.md", "final.docx", "answer.json"):
        assert "the old library, Mondays" in outputs[name], name
        assert "(20 November 2026, Dilys): three of us meant the building" in outputs[name], name


def test_a_team_of_four_gets_a_useful_summary(led: Led) -> None:
    """Four people who accepted to be counted from three up get themes with numbers, what recurs and quotations."""
    made = (led.folder / "four.md").read_text(encoding="utf-8")
    assert "4 people wrote." in made
    themes = [
        each for each in made.split("\n## ") if re.search(r"^(3|4|3 or more) people wrote\.$", each, re.MULTILINE)
    ]
    assert len(themes) >= 3
    assert all("\n> " in each for each in themes)
    assert "What recurs:" in made
    assert not re.search(r"\b[12] people wrote", made)
    assert (led.folder / "four.docx").read_bytes().startswith(b"PK")
