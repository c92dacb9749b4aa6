"""Hashes of every seven-word run of the five source documents, so that tests need not hold the documents.

Run: python tests/data/make_source_hashes.py FOLDER
where FOLDER holds the documents as text files. It writes source_runs.txt.gz beside itself: for
each run of seven words eight bytes of BLAKE2b as hexadecimal, sorted, one a line.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from collections.abc import Iterable
from pathlib import Path

RUN = 7
"""Words; as many in a row as in a source make a sentence copied."""

HASHES = Path(__file__).with_name("source_runs.txt.gz")

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def runs(text: str) -> list[str]:
    """Return every run of seven words of a text: lower case, straight apostrophes, no punctuation."""
    words = _WORD.findall(text.lower().replace("\u2019", "'").replace("\u2018", "'"))
    return [" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def hashed(run: str) -> str:
    """Return the hash under which a run is kept."""
    return hashlib.blake2b(run.encode(), digest_size=8).hexdigest()


def known() -> frozenset[str]:
    """Return the hashes of the sources' runs."""
    return frozenset(gzip.decompress(HASHES.read_bytes()).decode().split())


def shared(text: str, sources: Iterable[str]) -> list[str]:
    """Return the runs that a text has in common with the sources, given their hashes."""
    return [run for run in runs(text) if hashed(run) in sources]


def main(folder: Path) -> None:
    """Write the hashes of all documents of a folder."""
    documents = sorted(folder.glob("*.txt"))
    found = {hashed(run) for path in documents for run in runs(path.read_text(encoding="utf-8", errors="replace"))}
    HASHES.write_bytes(gzip.compress("\n".join(sorted(found)).encode(), mtime=0))
    print(f"{len(found):,} runs of {len(documents)} documents")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
