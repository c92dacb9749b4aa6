"""`write` and `edit` in an editor of one's own: rows 1, 64 and 67 and section 4 of the safety anchors."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reflect import drafts
from reflect.cli import editor
from reflect.errors import Usage
from tests.cli.conftest import AtTerminal, Write
from tests.conftest import NOW, Run, bytes_under

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these editors are shell scripts")

Fake = Callable[[str], dict[str, str]]


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """Make an editor out of a few lines of shell, where "$1" is the page; return the environment that names it."""

    def make(script: str) -> dict[str, str]:
        path = tmp_path / "fake-editor"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return {"EDITOR": str(path)}

    return make


def pages(home: Path) -> list[Path]:
    """The drafts that are left."""
    return drafts.every(home / "drafts")


def left(home: Path) -> list[str]:
    """The names of all files that are left in the drafts folder."""
    return sorted(path.name for path in (home / "drafts").iterdir()) if (home / "drafts").is_dir() else []


# -- as it should be ----------------------------------------------------------------------------------


def test_an_entry_is_written_in_the_editor(run: Run, home: Path, fake: Fake) -> None:
    """What the editor saved is the entry, with all that was said of it; nothing of the page is left."""
    env = fake('printf "Written.\\n\\nIn two paragraphs.\\n" > "$1"')
    entry = run("write", "--editor", "--free", "--about", "Board", "--tag", "x", "--json", env=env).json
    assert (entry["text"], entry["about"], entry["tags"]) == ("Written.\n\nIn two paragraphs.", "Board", ["x"])
    assert left(home) == []


def test_an_entry_is_edited_in_the_editor(run: Run, home: Path, fake: Fake, write: Write) -> None:
    """The page holds the words as they are; what is saved is the next version."""
    entry = write("Old words.\n\nMore.")
    seen = home.parent / "seen"
    out = run("edit", entry["id"], "--editor", env=fake(f'cp "$1" {seen}; echo "And new." >> "$1"')).out
    assert out.startswith("Saved version 2 of ")
    assert seen.read_text(encoding="utf-8") == "Old words.\n\nMore."
    assert run("show", entry["id"], "--raw").out == "Old words.\n\nMore.And new."
    assert left(home) == []


def test_at_a_terminal_edit_opens_the_editor_that_is_named(
    at_terminal: AtTerminal, run: Run, fake: Fake, write: Write
) -> None:
    """Nobody types a whole entry again who has an editor; VISUAL comes before EDITOR."""
    entry = write("Old words.")
    env = {"VISUAL": fake('echo "By VISUAL." > "$1"')["EDITOR"], "EDITOR": "false"}
    at_terminal("edit", entry["id"], env=env).see("Saved version 2").leave()
    assert run("show", entry["id"], "--raw").out == "By VISUAL."


def test_the_setting_names_an_editor_before_the_environment(run: Run, home: Path, fake: Fake) -> None:
    """`editor` in config.toml stands above VISUAL and EDITOR."""
    run()
    path = fake('echo "By the setting." > "$1"')["EDITOR"]
    (home / "config.toml").write_text(f'editor = "{path}"\n', encoding="utf-8")
    assert run("write", "--editor", "--free", "--json", env={"VISUAL": "false"}).json["text"] == "By the setting."


@pytest.mark.parametrize("keep", ["cat", "grep -v ^-----"], ids=["as it was", "the line lost"])
def test_the_question_is_on_the_page_and_not_in_the_entry(run: Run, fake: Fake, tmp_path: Path, keep: str) -> None:
    """Below a line stand the question and its source; with that line or without it, they are not taken for words."""
    seen = tmp_path / "seen"
    env = fake(f'cp "$1" {seen}; (echo "My answer."; {keep} {seen}) > "$1"')
    entry = run("write", "--editor", "--prompt", "KF-Q12", "--json", env=env).json
    page = seen.read_text(encoding="utf-8")
    assert entry["prompt"]["text"] in page
    assert "King's Fund" in page
    assert entry["text"] == "My answer."


def test_a_page_is_private_from_the_first_byte(run: Run, fake: Fake, tmp_path: Path) -> None:
    """The page is 0600 in a folder of 0700 of our own, named by the day and never by its words."""
    seen = tmp_path / "seen"
    run(
        "write",
        "--editor",
        "--free",
        env=fake(f'stat -c "%a %n" "$1" "$(dirname "$1")" > {seen}; echo heliotrope > "$1"'),
    )
    page, folder = seen.read_text(encoding="utf-8").splitlines()
    assert page.startswith("600 ")
    assert Path(page[4:]).name.startswith("2026-11-20-160000-")
    assert folder.startswith("700 ")
    assert folder.endswith("/home/drafts")


def test_no_passphrase_reaches_the_editor(run: Run, fake: Fake, tmp_path: Path) -> None:
    """What holds a passphrase in the environment is not handed on."""
    env = fake(f'env > {tmp_path / "seen"}; echo x > "$1"') | {"REFLECT_PASSPHRASE": "heliotrope", "KEPT": "saxifrage"}
    run("write", "--editor", "--free", env=env)
    seen = (tmp_path / "seen").read_text(encoding="utf-8")
    assert "heliotrope" not in seen
    assert "saxifrage" in seen


def test_other_encodings_with_a_mark_and_other_line_ends_are_taken(run: Run, fake: Fake, tmp_path: Path) -> None:
    """Row 5: what Notepad saves (UTF-8 or UTF-16 with its mark, CRLF) is read, and the question still cut off."""
    for encoding in ("utf-8-sig", "utf-16"):
        source = tmp_path / "source"
        script = f"{sys.executable} -c 'import sys; p = sys.argv[1]; t = open(p).read(); "
        script += f'open(p, "wb").write(("caf\\u00e9\\n" + t).replace("\\n", "\\r\\n").encode("{encoding}"))\' "$1"'
        source.touch()
        entry = run("write", "--editor", "--prompt", "KF-Q12", "--json", env=fake(script)).json
        assert entry["text"] == "café"


# -- row 1 and row 64: every other end ------------------------------------------------------------------


@pytest.mark.parametrize("script", ["true", 'echo "  " > "$1"', ': > "$1"', "exit 0"])
def test_nothing_written_is_nothing_saved(run: Run, home: Path, fake: Fake, script: str) -> None:
    """Row 1: an editor that was closed without words saves nothing, lists nothing and leaves no draft: exit 3."""
    ran = run("write", "--editor", "--prompt", "KF-Q12", code=3, env=fake(script))
    assert "nothing to save" in ran.err
    assert ran.out == ""
    assert run("list", "--json").json == []
    assert left(home) == []


def test_an_unchanged_page_changes_nothing(run: Run, home: Path, fake: Fake, write: Write) -> None:
    """Row 1: closing the editor on an entry as it was is no edit, never an erasure and never a listing."""
    entry = write("Old words.")
    assert run("edit", entry["id"], "--editor", env=fake("true")).out == "Nothing was changed.\n"
    assert run("edit", entry["id"], "--editor", env=fake('echo "" >> "$1"')).out == "Nothing was changed.\n"
    assert len(run("history", entry["id"], "--json").json) == 1
    assert left(home) == []


def test_an_emptied_page_erases_nothing(run: Run, home: Path, fake: Fake, write: Write) -> None:
    """Row 1: an entry whose page was emptied stands as it was, and `erase` is named."""
    entry = write("Old words.")
    assert f"reflect erase {entry['id']}" in run("edit", entry["id"], "--editor", code=3, env=fake(': > "$1"')).err
    assert run("show", entry["id"], "--raw").out == "Old words."
    assert left(home) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('echo "heliotrope" > "$1"; exit 1', "the editor ended with 1"),
        ('echo "heliotrope" > "$1"; kill -9 $$', "the editor was stopped by SIGKILL"),
        ('echo "heliotrope" > "$1"; kill -HUP $$', "the editor was stopped by SIGHUP"),
        ('printf "heliotrope caf\\351" > "$1"', "some bytes on the page are no text"),
        ('rm "$1"; ln -s /etc/hostname "$1"', "the page can't be read"),
        ('rm "$1"; mkdir "$1"', "the page can't be read: it is no file any more"),
        ('rm "$1"; mkfifo "$1"', "the page can't be read: it is no file any more"),
    ],
    ids=["exit 1", "killed", "hung up", "Latin-1", "a link", "a folder", "a pipe"],
)
@pytest.mark.parametrize("command", ["write", "edit"])
def test_whatever_else_happens_the_words_are_kept(
    run: Run, home: Path, fake: Fake, write: Write, command: str, script: str, said: str
) -> None:
    """Row 64: the editor fails or dies, or leaves no text: nothing is saved, the page stays and is named: exit 3."""
    entry = write("Old words.")
    words = ("write", "--editor", "--free") if command == "write" else ("edit", entry["id"], "--editor")
    ran = run(*words, code=3, env=fake(script))
    assert said in ran.err
    (page,) = pages(home)
    assert str(page) in ran.err
    assert f"reflect drafts resume {page.stem}" in ran.err
    if "heliotrope" in script:
        assert b"heliotrope" in page.read_bytes()
    if not page.is_file() or page.is_symlink():
        run("drafts", "show", page.stem, code=3)
    assert run("show", entry["id"], "--raw").out == "Old words."
    assert len(run("list", "--json").json) == 1


def test_the_kept_words_are_stored_when_resumed(run: Run, home: Path, fake: Fake, write: Write) -> None:
    """Row 64: what an editor that failed had saved becomes the entry, or the new words of the one that was edited."""
    run("write", "--editor", "--prompt", "KF-Q12", "--about", "Board", code=3, env=fake('echo "New." > "$1"; exit 1'))
    run("drafts", "resume", pages(home)[0].stem)
    (entry,) = run("list", "--prompt", "KF-Q12", "--json").json
    assert (entry["text"], entry["about"]) == ("New.", "Board")
    run("edit", entry["id"], "--editor", code=3, env=fake('echo "Newer." > "$1"; exit 1'))
    run("drafts", "resume", pages(home)[0].stem)
    assert run("show", entry["id"], "--raw").out == "Newer."
    assert left(home) == []


def test_bytes_that_were_no_text_are_stored_when_resumed_and_kept_beside(run: Run, home: Path, fake: Fake) -> None:
    """Row 4 and 64: resuming a page in another encoding takes its good words, and keeps the bytes as they came."""
    run("write", "--editor", "--free", code=3, env=fake('printf "caf\\351 words" > "$1"'))
    ran = run("drafts", "resume", pages(home)[0].stem)
    assert run("list", "--json").json[0]["text"] == "caf\ufffd words"
    assert "the bytes as they came" in ran.err
    assert [path.suffix for path in pages(home)] == [".raw"]


@pytest.mark.parametrize("command", ["write", "edit"])
def test_a_page_that_the_editor_removed_is_told(run: Run, home: Path, fake: Fake, write: Write, command: str) -> None:
    """Row 64: without a page there is nothing to read; nothing is saved and nothing left over: exit 3."""
    entry = write("Old words.")
    words = ("write", "--editor", "--free") if command == "write" else ("edit", entry["id"], "--editor")
    assert "removed its page" in run(*words, code=3, env=fake('rm "$1"')).err
    assert run("show", entry["id"], "--raw").out == "Old words."
    assert left(home) == []


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$"])
def test_an_editor_that_fails_on_an_unchanged_page_leaves_nothing(
    run: Run, home: Path, fake: Fake, script: str
) -> None:
    """Row 64: giving up in the editor (`:cq`) saves nothing and leaves no empty draft: exit 3."""
    assert "it left no new words" in run("write", "--editor", "--free", code=3, env=fake(script)).err
    assert left(home) == []


@pytest.mark.parametrize("named", ["no-such-editor", "/nowhere/ed -w", "/etc/passwd", "'unclosed"])
def test_an_editor_that_is_not_there_is_named(run: Run, home: Path, named: str) -> None:
    """Row 64: an editor that can't be started is named, with what to set; nothing is left."""
    ran = run("write", "--editor", "--free", code=None, env={"EDITOR": named})
    assert ran.code in (2, 3)
    assert named.split(maxsplit=1)[0].strip("'") in ran.err
    assert "EDITOR" in ran.err
    assert left(home) == []


def test_a_swap_file_goes_with_its_page(run: Run, home: Path, fake: Fake) -> None:
    """Section 4: copies and swap files that an editor leaves beside the page are removed once its words are stored."""
    swap = 'd="$(dirname "$1")"; b="$(basename "$1")"; echo heliotrope > "$d/.$b.swp"; cp "$1" "$1~"; echo x > "$1"'
    run("write", "--editor", "--free", env=fake(swap))
    assert left(home) == []
    run("write", "--editor", "--free", code=3, env=fake(swap + "; exit 1"))
    assert len(left(home)) == 4
    run("drafts", "discard", pages(home)[0].stem)
    assert left(home) == []
    assert b"heliotrope" not in bytes_under(home)


def test_a_journal_that_is_gone_keeps_the_page(run: Run, home: Path, fake: Fake) -> None:
    """Section 4: where the entry can't be stored, its page stays and is named."""
    run("write", "-", stdin="x")
    env = fake(f'echo heliotrope > "$1"; mv {home / "journal.db"} {home / "away.db"}')
    ran = run("write", "--editor", "--free", code=7, env=env)
    (page,) = pages(home)
    assert str(page) in ran.err
    assert page.read_text(encoding="utf-8") == "heliotrope\n"


# -- row 64: reflect itself dies ----------------------------------------------------------------------


def test_killed_while_the_editor_is_open_the_words_are_in_a_draft(home: Path, fake: Fake, run: Run) -> None:
    """Row 64: when `reflect` is killed during the edit, what the editor saved is a draft that can be resumed."""
    env = fake('echo heliotrope > "$1"; kill -9 $PPID')
    done = subprocess.run(
        [sys.executable, "-m", "reflect", "write", "--editor", "--free"],
        env=os.environ | env | {"REFLECT_HOME": str(home), "REFLECT_NOW": NOW},
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert "1 draft of 20 November 2026" in run().out
    run("drafts", "resume", pages(home)[0].stem)
    assert run("list", "--json").json[0]["text"] == "heliotrope"


def test_ctrl_c_belongs_to_the_editor(at_terminal: AtTerminal, run: Run, fake: Fake) -> None:
    """Section 4: Ctrl-C in the editor stops neither `reflect` nor, where the editor uses it, the editor."""
    script = """trap 'echo caught >> "$1"' INT\necho ready\nsleep 30 & wait $!\nkill $!"""
    at_terminal("write", "--editor", "--free", env=fake(script)).see("ready").interrupt().see("Saved ").leave()
    assert run("list", "--json").json[0]["text"] == "caught"


# -- row 67: two editors of one entry ---------------------------------------------------------------------


def test_two_editors_of_one_entry_meet_safely(run: Run, home: Path, fake: Fake, write: Write) -> None:
    """Row 67: the second to save is told; the first one's words stand and the second one's are kept: exit 5."""
    entry = write("Old words.")
    other = (
        f'printf "Their words." | {sys.executable} -m reflect edit {entry["id"]} - > /dev/null; echo "My words." > "$1"'
    )
    env = fake(other) | {"REFLECT_HOME": str(home), "REFLECT_NOW": NOW}
    ran = run("edit", entry["id"], "--editor", code=5, env=env)
    assert "was changed by another reflect while you were editing" in ran.err
    assert run("show", entry["id"], "--raw").out == "Their words."
    (page,) = pages(home)
    assert str(page) in ran.err
    told = run("drafts", "resume", page.stem).err
    assert f"version 2, which came meanwhile, is in `reflect history {entry['id']}`" in told
    assert run("show", entry["id"], "--raw").out == "My words."
    texts = [each["text"] for each in run("history", entry["id"], "--json").json]
    assert texts == ["Old words.", "Their words.", "My words."]
    assert left(home) == []


# -- how an editor is named ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("vim", ["vim"]),
        ("vim -u NONE", ["vim", "-u", "NONE"]),
        ("code", ["code", "--wait"]),
        ("code -w", ["code", "-w"]),
        ("/usr/bin/subl", ["/usr/bin/subl", "--wait"]),
        ("'/opt/my editor/ed' -w", ["/opt/my editor/ed", "-w"]),
        ('emacs -nw --eval "(a b)"', ["emacs", "-nw", "--eval", "(a b)"]),
        ("  nano  ", ["nano"]),
    ],
)
def test_a_command_is_read_as_a_shell_would(stated: str, words: list[str]) -> None:
    """Row 64: options, quotes and blanks are understood without a shell; an editor with a window is made to wait."""
    assert editor.command(stated) == words


def test_a_path_with_blanks_needs_no_quotes(tmp_path: Path) -> None:
    """Row 64: a path with blanks, as it stands on the disk, is the editor, with options behind it or without."""
    folder = tmp_path / "my own editor"
    folder.mkdir()
    path = folder / "the ed"
    path.touch()
    assert editor.command(str(path)) == [str(path)]
    assert editor.command(f"{path} -w --x") == [str(path), "-w", "--x"]


def test_a_path_with_blanks_runs(run: Run, tmp_path: Path) -> None:
    """Row 64: such an editor is started on the page."""
    path = tmp_path / "my own editor"
    path.write_text('#!/bin/sh\necho "By $1" | cut -c1-2 > "$2"\n', encoding="utf-8")
    path.chmod(0o755)
    assert run("write", "--editor", "--free", "--json", env={"EDITOR": f"{path} -w"}).json["text"] == "By"


def test_where_none_is_named_a_usual_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first usual editor that is installed; where there is none, that is said."""
    monkeypatch.setattr(shutil, "which", lambda name: name if name in ("nano", "vi") else None)
    assert editor.command() == ["nano"]
    assert editor.command("  ") == ["nano"]
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Usage, match="no editor is named"):
        editor.command()


def test_words_and_an_editor_exclude_each_other(run: Run) -> None:
    """TEXT given beside --editor is exit 2, and nothing is written."""
    run("write", "words", "--editor", code=2)
    assert run("list", "--json").json == []
