"""The PDF: made by LibreOffice where it is, refused in plain words where it isn't."""

from __future__ import annotations

import os
import re
import select
from pathlib import Path

import pytest

from reflect.errors import NotFound, StorageRefused
from reflect.summary import charts
from reflect.summary.group_forms import pdf
from tests.summary.group_forms import canal
from tests.summary.group_forms.conftest import Rendered, text_of


def pretend(folder: Path, script: str) -> str:
    """Put a program in the place of LibreOffice; return the search path that finds it."""
    folder.mkdir()
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def has_ended(process: int) -> bool:
    """Return whether a process ends, which one that was killed may take a moment for."""
    try:
        watched = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 60)[0])
    finally:
        os.close(watched)


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without LibreOffice nothing is made, and the message says what to install or do instead."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFound, match=r"LibreOffice.*install LibreOffice.*--format word"):
        pdf.render(canal.summary())


def test_says_why_it_failed_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When LibreOffice makes no PDF, its own last words are told, and no word of the group stays behind."""
    monkeypatch.setenv("PATH", pretend(tmp_path / "bin", "echo the disk is full; exit 1"))
    with pytest.raises(StorageRefused, match="the disk is full"):
        pdf.render(canal.summary())
    assert [each for each in (tmp_path / "home").iterdir() if each.name != charts.CACHE] == []


def test_ends_what_does_not_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A LibreOffice that hangs is ended with everything it started."""
    told = tmp_path / "child"
    monkeypatch.setenv(
        "PATH", pretend(tmp_path / "bin", f"sleep 600 & echo $! > {told}.new; mv {told}.new {told}; wait")
    )
    longest = 0.25
    while not told.exists():  # on a busy machine it may be ended before it has started anything
        longest *= 2
        monkeypatch.setattr(pdf, "LONGEST_WAIT", longest)
        with pytest.raises(StorageRefused, match="did not finish"):
            pdf.render(canal.summary())
    assert has_ended(int(told.read_text()))


def test_works_in_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It gets no setting of the person's, and its words and scraps lie in a private folder of the home."""
    monkeypatch.setenv("SECRET_OF_THE_PERSON", "1")
    monkeypatch.setenv(
        "PATH", pretend(tmp_path / "bin", f"env > {tmp_path}/told; stat -c %a . >> {tmp_path}/told; exit 1")
    )
    with pytest.raises(StorageRefused):
        pdf.render(canal.summary())
    told = (tmp_path / "told").read_text()
    assert "SECRET_OF_THE_PERSON" not in told
    assert f"TMPDIR={tmp_path}/home/.making-pdf-" in told
    assert told.endswith("700\n")


def test_is_tagged_titled_and_in_our_language(rendered: Rendered) -> None:
    """A screen reader finds the structure, the title and the language."""
    content = rendered("pdf", "canal")
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo<</Marked true>>" in content
    assert b"/Lang(en-GB)" in content
    assert b"/StructTreeRoot" in content
    assert b"/JavaScript" not in content
    assert b"/URI" not in content


def test_tells_no_moment(rendered: Rendered) -> None:
    """Its dates are those of every container of ours, and its marks are made from its content."""
    content = rendered("pdf", "canal")
    assert set(re.findall(rb"\(D:(\d+)", content)) == {b"19800101000000"}
    assert set(re.findall(rb"CreateDate>(\d[^<]*)<", content)) == {b"1980-01-01T00:00:00Z"}


def test_bookmarks_that_look_like_marks_are_left_alone() -> None:
    """Only the file's own marks are written over, not a heading of seven letters, which looks like one."""
    heading = b"/Title<FEFF" + b"0041" * 7 + b">"
    content = b"%PDF " + heading + b" /ID [ <" + b"A" * 32 + b">\n<" + b"A" * 32 + b"> ]\n/DocChecksum /" + b"B" * 32
    made = pdf._without_a_clock(content)
    assert heading in made
    assert b"A" * 32 not in made
    assert b"B" * 32 not in made
    assert len(made) == len(content)


def test_reads_as_the_word_form_does(rendered: Rendered) -> None:
    """The handout and the summary are in it."""
    text = text_of("pdf", rendered("pdf", "canal"))
    assert "What we need to decide" in text
    assert "The full summary" in text
