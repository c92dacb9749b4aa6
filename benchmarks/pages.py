"""Where a page shows what was measured: between two markers that name the part and the command."""

from __future__ import annotations

from pathlib import Path


def marks(part: str, command: str) -> tuple[str, str]:
    """Return the two markers between which what a command measured of a part stands in its page."""
    return f"<!-- begin: {part}, measured by `{command}` -->", f"<!-- end: {part}, measured by `{command}` -->"


def put(page: Path, part: str, measured: str, command: str) -> None:
    """Put what was measured between a part's two markers in the page."""
    first, last = marks(part, command)
    before, begin, rest = page.read_text(encoding="utf-8").partition(first)
    _, end, after = rest.partition(last)
    if not (begin and end):
        message = f"{page.name} has lost the two markers of its table {part!r}"
        raise ValueError(message)
    page.write_text(f"{before}{begin}\n{measured}\n{end}{after}", encoding="utf-8")
