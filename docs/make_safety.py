"""Writes the tables of docs/safety.md anew: rows of bad inputs with the tests that hold each, and doctor's codes.

Run: make schemas. The figures come from `python -m tests.faults --write`.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from reflect import doctor

PAGE = Path(__file__).with_name("safety.md")
TESTS = PAGE.parent.parent / "tests"
MOST = 3
"""Tests that a row names; how many more there are is said."""

ROWS: dict[int, str] = {
    1: "Nothing is written, or an editor changes nothing: nothing is saved, exit 3",
    2: "An entry of a megabyte is whole; what is past the limit is said before it is read",
    3: "A NUL becomes �, and that is said",
    4: "Arguments that are no UTF-8: the words are saved, the bytes kept beside",
    5: "UTF-16, a byte-order mark and Latin-1 through a pipe",
    6: "Line ends of every kind become one kind",
    7: "Escape sequences are kept, and shown as marks",
    8: "Markup is shown letter for letter",
    9: "Signs that turn text round stay closed in, and are shown in names",
    10: "Emoji, piled marks and right-to-left: widths are right, nothing is cut inside a letter",
    11: "One tag, however its letters are put together",
    12: "A tag that is none is refused by name",
    13: "Half a letter is refused, and the words kept",
    14: "Code in the words is stored as words",
    15: "Words that begin with a hyphen",
    16: "Odd signs in a search are words; a search for nothing is refused",
    17: "Poor, narrow and closed terminals: marks instead of a crash",
    18: "Words as arguments work, and what that leaves behind is said once",
    19: "The reader of a pipe goes away: a silent end",
    20: "Ctrl-C anywhere: a draft that is named, and the truth about what was saved",
    24: "A file cut short or in another encoding: the place is said, nothing comes in",
    25: "Nesting without end, endless numbers, NaN, a key twice: refused by record and key",
    26: "Endless pipes, huge files, devices, folders, files that are not there: said before they are read",
    27: "The same file twice changes nothing",
    28: "The same entry with other words: both stay, and the pair is named",
    29: "Dates that are none: the record is refused with its line",
    30: "One bad record of ten thousand is named, and nothing comes in",
    31: "A bomb of references is refused",
    32: "Words that a format would take for numbers or truth stay words",
    33: "A file nested too deeply is refused",
    34: "A pack with an unknown key, an address or code is refused by the key",
    35: "Escapes in a pack are shown as marks, and told of",
    36: "A pack whose name leads elsewhere is refused by name",
    44: "What is written out never overwrites, is whole or not there, and private",
    47: "A journal of no bytes is named, not begun afresh",
    48: "Another program's file is named and left",
    49: "A journal cut short or overwritten is left as it is, and what stands in it can be read",
    50: "A broken page costs what stood on it; the rest comes out",
    51: "A letter that changed on the disk is found, and taken from a copy",
    52: "Another journal's side files and conflict copies are told of and left; merging takes in what they have more",
    53: "A full disk: nothing is said to be saved, the words are kept or printed",
    54: "A full disk while erasing: not by halves",
    55: "A quota or a limit on files: as on a full disk",
    56: "Read-only places are read; writing is refused",
    57: "A sync that fails is never taken for one",
    58: "A drive that is not there gets no new journal",
    59: "A file replaced while it is open: nothing is acknowledged",
    60: "Links lead to the one journal; a second name is told of",
    61: "Synced and network folders are told of, at the first start and by doctor",
    62: "Files are for their owner alone; what was opened is closed again, and that is said",
    63: "A kill or a power cut at any moment: all or nothing, and the next start is sound",
    64: "Whatever an editor does, the words are stored or in a draft",
    65: "A copy is checked before it comes back; what is here is kept",
    66: "Several terminals at once: everything is stored",
    67: "One entry edited in two places: both wordings stay",
    68: "Who reads first still waits to write",
    69: "A lock that is held too long is told, and the words kept",
    70: "Clocks that jump lose and mix nothing",
    71: "The hour that comes twice and the hour that never comes",
    72: "An unknown zone counts as a fixed offset, and that is said",
    73: "A newer journal is refused, byte for byte as it was",
    74: "An index of a newer SQLite: entries are read, a new index is offered",
    75: "A kill at each step of an upgrade: old or new, and the copy stays",
    76: "A passphrase that is wrong, empty or missing: said which, exit 8",
    77: "An encrypted journal where the library is missing: never plain text instead",
}
"""The rows of bad inputs and faults that concern a journal, in our own words."""

AWAITED: frozenset[int] = frozenset()
"""Rows that come with the encrypted journal."""

_ROW = re.compile(r"\bRow (\d+)")


def held_by() -> dict[int, list[str]]:
    """Return each row's tests: those that name it, in their name or in their docstring."""
    found: dict[int, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for each in ast.walk(module):
            if isinstance(each, ast.FunctionDef) and each.name.startswith("test_"):
                for row in sorted(_named(each)):
                    found[row].append(f"{path.relative_to(TESTS.parent).as_posix()}::{each.name}")
    return found


def _named(function: ast.FunctionDef) -> set[int]:
    """Return the rows that a test names."""
    rows = {int(number) for number in _ROW.findall(ast.get_docstring(function) or "")}
    for numbers in re.findall(r"_rows?_(\d+)", function.name):
        rows.add(int(numbers))
    return rows


def rows_table() -> str:
    """Return the table of rows, each with tests that hold it."""
    found = held_by()
    lines = ["| Row | What is asked | Held by |", "|---|---|---|"]
    for row, what in ROWS.items():
        tests = found[row]
        named = ", ".join(f"`{test}`" for test in tests[:MOST])
        if len(tests) > MOST:
            named += f" and {len(tests) - MOST} more"
        lines.append(f"| {row} | {what} | {named or 'comes with the encrypted journal'} |")
    return "\n".join(lines)


def codes_table() -> str:
    """Return the table of the codes that `reflect doctor --json` uses."""
    lines = ["| Code | Means |", "|---|---|"]
    return "\n".join([*lines, *(f"| `{code}` | {what} |" for code, what in doctor.CODES.items())])


def put(text: str, name: str, content: str) -> str:
    """Return a page with what stands between the two marks of this name replaced."""
    begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}{content}\n{end}{after}"


def page() -> str:
    """Return docs/safety.md with its tables as the source has them now."""
    text = PAGE.read_text(encoding="utf-8")
    return put(put(text, "rows", rows_table()), "codes", codes_table())


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
