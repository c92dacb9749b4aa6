"""PDF of the Word form, tagged for screen readers, made by LibreOffice where it is installed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from reflect import config
from reflect.errors import NotFound, StorageRefused
from reflect.summary.group_forms import word
from reflect.summary.together import GroupSummary

ENDING = ".pdf"

LONGEST_WAIT = 180
"""Seconds; the first start of LibreOffice on a slow machine takes about thirty."""

_FILTER = (
    'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"PDFUACompliance":{"type":"boolean","value":"true"},"ExportBookmarks":{"type":"boolean","value":"true"}}'
)

# What LibreOffice writes of the moment, in the two places of a PDF that have one, and the marks it makes from it.
_MOMENT = re.compile(rb"(?<=\(D:)\d{14}|(?<=Date>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_MARK = re.compile(rb"(/ID \[\s*<)[0-9A-F]{32}(>\s*<)[0-9A-F]{32}(>)|(/DocChecksum /)[0-9A-F]{32}")


def render(summary: GroupSummary) -> bytes:
    """Return the Word form as PDF; where LibreOffice is missing or fails, say so."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise NotFound(
            "LibreOffice is not here, and it is what makes a PDF",
            next_step="install LibreOffice (Debian and Ubuntu: the package libreoffice-writer),"
            " or choose --format word or html, and print from there",
        )
    home = config.places().home
    config.private_folder(home)
    # Words never lie in the shared temp folder: the document, the program's profile and its scraps stay in the home.
    folder = Path(tempfile.mkdtemp(prefix=".making-pdf-", dir=home))
    try:
        return _without_a_clock(_converted(program, folder, word.render(summary)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _converted(program: str, folder: Path, document: bytes) -> bytes:
    (folder / "summary.docx").write_bytes(document)
    made = folder / "summary.pdf"
    told = _run(
        [
            *(program, "--headless", "--norestore", f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
            *("--convert-to", _FILTER, "--outdir", str(folder), "summary.docx"),
        ],
        folder,
    )
    if not made.exists():
        last = told.strip().splitlines()[-1:] or ["it said nothing"]
        raise StorageRefused(
            "LibreOffice made no PDF",
            why=last[0].replace(str(folder), "…"),
            next_step="choose --format word, and open that file in LibreOffice to see what is wrong",
        )
    return made.read_bytes()


def _run(command: list[str], folder: Path) -> str:
    """Run LibreOffice with nothing of the person's settings, in a group of processes that can be ended whole."""
    process = subprocess.Popen(  # noqa: S603 - a program of the system's, and no word of a person in the command
        command,
        cwd=folder,
        env={
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "TZ": "UTC",
            "LANG": "C.UTF-8",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        told, _ = process.communicate(timeout=LONGEST_WAIT)
    except subprocess.TimeoutExpired:
        raise StorageRefused(
            "LibreOffice did not finish",
            why=f"it was given {LONGEST_WAIT} seconds",
            next_step="close other programs and try again, or choose --format word",
        ) from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return told.decode("utf-8", "replace")


def _without_a_clock(content: bytes) -> bytes:
    """Return the PDF with the day every container here carries, so that the same summary gives the same bytes."""

    def long_ago(found: re.Match[bytes]) -> bytes:
        return b"1980-01-01T00:00:00" if b"-" in found[0] else b"19800101000000"

    def marked(content: bytes, mark: str) -> bytes:
        put = mark.encode()
        return _MARK.sub(lambda at: at[4] + put if at[4] else at[1] + put + at[2] + put + at[3], content)

    timeless = marked(_MOMENT.sub(long_ago, content), "0" * 32)
    return marked(timeless, hashlib.sha256(timeless).hexdigest()[:32].upper())
