"""The rows of the source guide as tables, so that tests need not hold the guide.

Run: python tests/data/make_source_tables.py GUIDE
where GUIDE is the guide's Markdown file. It writes beside itself rows.toml (its section 4: every
row with document, kind and primary theme; its section 8: the occasions of each question) and
starred.toml (its section 3: how many things each of the 13 starred questions asks).
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROWS = Path(__file__).with_name("rows.toml")
STARRED = Path(__file__).with_name("starred.toml")

_LINE = re.compile(
    r"^\| (?:\*\*★ )?(?P<row>(?P<document>[A-Z]+)-[QPFR]\d+)(?:\*\*)? \| (?P<cells>.*) \|$", re.MULTILINE
)
_QUESTION = re.compile(r"[A-Z]+-Q\d+")
_OCCASION = re.compile(r"^\| (?P<code>[A-Z]{2}) \| (?P<questions>.*)$", re.MULTILINE)
_OCCASIONS = {
    "AM": "after-meeting",
    "BM": "before-meeting",
    "CI": "check-in",
    "AE": "after-event",
    "FD": "funding-decision",
    "EV": "evidence",
    "GS": "group-session",
    "JP": "joining",
    "VA": "vision",
    "CO": "engagement",
    "WS": "story",
    "LG": "naming",
    "TD": "tension",
    "SR": "strategy",
    "AR": "annual-review",
    "CC": "campaign",
    "SD": "solo",
    "SH": "sharing",
    "HO": "hand-over",
}
_KINDS = {
    "Question · asked": "asked",
    "Question · heading": "heading",
    "Question · implied": "implied",
    "Question · AVOID": "avoid",
    "Practice": "practice",
    "Framework": "framework",
    "Principle": "principle",
}


@dataclass(frozen=True)
class Row:
    """One row of the guide: which document, what it has there, and what that is about."""

    row: str
    document: str
    kind: str
    """star, asked, heading, implied or avoid for a question; practice, framework or principle."""
    theme: str
    occasions: tuple[str, ...] = ()
    """When the guide would ask it; questions only."""

    @property
    def may_be_served(self) -> bool:
        """Return whether it is a question, and not the one quoted as the wrong thing to ask."""
        return self.kind in ("star", "asked", "heading", "implied")


def rows() -> dict[str, Row]:
    """Return every row by its id, in the guide's order."""
    found = tomllib.loads(ROWS.read_text(encoding="utf-8"))["rows"]
    return {each["row"]: Row(**each | {"occasions": tuple(each.get("occasions", ()))}) for each in found}


def starred() -> dict[str, int]:
    """Return how many things each starred question asks, by its row."""
    return {each["row"]: each["asks"] for each in tomllib.loads(STARRED.read_text(encoding="utf-8"))["starred"]}


def main(guide: Path) -> None:
    """Write both tables."""
    text = guide.read_text(encoding="utf-8")
    three, four, eight = (_section(text, number) for number in (3, 4, 8))
    fits: dict[str, list[str]] = {}
    for found in _OCCASION.finditer(eight.partition("**Practices, frameworks")[0]):
        for row in _QUESTION.findall(found["questions"]):
            fits.setdefault(row, []).append(_OCCASIONS[found["code"]])
    kept = [
        f'  {{ row = "{row}", document = "{document}", kind = "{_kind(cells[0])}", theme = "{cells[3].split()[0]}"'
        + (f", occasions = {json.dumps(fits[row])}" if row in fits else "")
        + " },"
        for row, document, cells in _table(four)
    ]
    asks = [f'  {{ row = "{row}", asks = {cells[3]} }},' for row, _, cells in _table(three)]
    ROWS.write_text("\n".join(["rows = [", *kept, "]", ""]), encoding="utf-8")
    STARRED.write_text("\n".join(["starred = [", *asks, "]", ""]), encoding="utf-8")
    print(f"{len(kept)} rows, {len(asks)} of them starred")


def _section(text: str, number: int) -> str:
    return text.partition(f"\n## {number}. ")[2].partition("\n## ")[0]


def _table(section: str) -> list[tuple[str, str, list[str]]]:
    return [(found["row"], found["document"], found["cells"].split(" | ")) for found in _LINE.finditer(section)]


def _kind(cell: str) -> str:
    name = cell.strip("*")
    return "star" if name.startswith("★") else _KINDS[name]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
