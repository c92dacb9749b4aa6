"""What the tests of a group summary's forms share: each summary in each form, made once."""

from __future__ import annotations

import html
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reflect.summary import group_forms
from reflect.summary.together import GroupSummary
from tests.summary.group_forms import canal

Rendered = Callable[[str, str], bytes]

_SUMMARIES: dict[str, Callable[[], GroupSummary]] = {
    "canal": canal.summary,
    "four": canal.of_four,
    "theme marks": canal.of_theme_marks,
    "hostile": canal.hostile,
}
_MADE: dict[tuple[str, str], bytes] = {}


@pytest.fixture
def rendered() -> Rendered:
    """Return a summary in a form; made once for all tests, because some forms take seconds."""

    def render(form: str, summary: str) -> bytes:
        if form == "pdf" and not (shutil.which("soffice") or shutil.which("libreoffice")):
            pytest.skip("LibreOffice is not installed here, so no PDF can be made")
        if (form, summary) not in _MADE:
            _MADE[form, summary] = group_forms.load(form).render(_SUMMARIES[summary]())
        return _MADE[form, summary]

    return render


def members(content: bytes) -> dict[str, bytes]:
    """Return what a container holds, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def unpacked(form: str, content: bytes) -> bytes:
    """Return every byte a form holds, and every byte of what it packs."""
    if content.startswith(b"PK"):
        return content + b"\0".join(name.encode() + b"\0" + inside for name, inside in members(content).items())
    if form == "pdf":
        return content + text_of(form, content).encode()
    return content


def text_of(form: str, content: bytes) -> str:
    """Return what a reader of a form reads, its white space made single."""
    if form == "pdf":
        if not shutil.which("pdftotext"):
            pytest.skip("pdftotext (poppler-utils) is not installed here, so the PDF can't be read")
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
        text = done.stdout.decode()
    elif content.startswith(b"PK"):
        readable = [inside for name, inside in members(content).items() if not name.endswith(".png")]
        text = b" ".join(readable).decode()
    else:
        text = content.decode()
    if form in ("html", "word", "xlsx"):
        text = html.unescape(re.sub(r"<[^>]*>", " " if form == "html" else "", text))
    if form == "markdown":
        text = text.replace("\\", "").replace("\n> ", " ")
    return " ".join(text.split())


def golden(name: str, made: str) -> str:
    """Return what a form should hold; with REFLECT_WRITE_GOLDEN set, what it holds becomes that, to be looked over."""
    path = Path(__file__).parent / "golden" / name
    if os.environ.get("REFLECT_WRITE_GOLDEN"):
        path.write_text(made, encoding="utf-8")
    return path.read_text(encoding="utf-8")
