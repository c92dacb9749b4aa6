"""The ceiling of an export as JSON: the same entries from the same file, by hand with sqlite3 and json."""

import json
import sqlite3
import sys
from collections import defaultdict

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
ENTRIES = """
    SELECT id, version, text, asked, about, occasion, happened_at, precision, written_at, revised_at, zone
    FROM entry ORDER BY happened, id
"""
HINT = ("theme", "version", "cue", "start", "end", "suggester")

connection = sqlite3.connect(sys.argv[1])


def grouped(select):
    """Return the rows of each entry."""
    found = defaultdict(list)
    for number, *row in connection.execute(select):
        found[number].append(row)
    return found


def prompt(asked):
    """Return the question as it was asked, no part of it answered by itself."""
    found = json.loads(asked)
    parts = [{"text": part, "start": None, "end": None} for part in found["parts"]]
    return {"id": found["id"], "text": found["text"], "parts": parts, "answered_by_part": False}


tags = grouped("SELECT entry, tag FROM tag ORDER BY entry, tag")
choices = grouped("SELECT entry, theme, by FROM choice ORDER BY entry, theme")
hints = grouped("SELECT entry, theme, version, cue, start, end, suggester FROM suggestion ORDER BY entry, theme")
write = sys.stdout.write
write('{"entries": [')
before = "\n"
for row in connection.execute(ENTRIES):
    number = row[0]
    entry = {
        "id": "".join(SIGNS[(number >> shift) & 31] for shift in range(35, -1, -5)),
        "version": row[1],
        "text": row[2],
        "prompt": prompt(row[3]) if row[3] else None,
        "about": row[4],
        "occasion": row[5],
        "happened_at": row[6],
        "precision": row[7],
        "written_at": row[8],
        "revised_at": row[9],
        "zone": row[10],
        "tags": [tag for (tag,) in tags[number]],
        "themes": [{"id": theme, "by": by} for theme, by in choices[number]],
        "suggested": [dict(zip(HINT, hint, strict=True)) for hint in hints[number]],
        "history": [],
        "marks": [],
        "layers": [],
        "revisit": None,
        "origins": [],
        "meeting": None,
    }
    write(before + json.dumps(entry, ensure_ascii=False))
    before = ",\n"
write("]}\n")
