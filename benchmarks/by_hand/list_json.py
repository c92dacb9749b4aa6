"""The ceiling of `list --json`: the same objects from the same file, by hand with sqlite3 and json."""

import json
import sqlite3
import sys

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
BECAUSE = {"prompt": "the question is about it", "author": "you chose it"}
ENTRIES = """
    SELECT id, version, text, asked, about, occasion, happened_at, precision, written_at, zone,
        (SELECT group_concat(tag, char(31)) FROM tag WHERE entry = e.id),
        (SELECT group_concat(theme || char(30) || by, char(31)) FROM choice WHERE entry = e.id),
        (SELECT group_concat(theme || char(30) || cue, char(31)) FROM suggestion WHERE entry = e.id),
        (SELECT group_concat(audience || char(30) || level, char(31)) FROM mark
            WHERE entry = e.id AND withdrawn_at = '')
    FROM entry e ORDER BY happened DESC, id DESC
"""


def themes(chosen, suggested):
    """Return the themes that hold, as the command shows them."""
    choices = dict(each.split("\x1e") for each in chosen.split("\x1f")) if chosen else {}
    found = [{"id": theme, "by": by, "because": BECAUSE[by]} for theme, by in choices.items() if by != "removed"]
    for each in suggested.split("\x1f") if suggested else ():
        theme, cue = each.split("\x1e")
        if theme not in choices:
            found.append({"id": theme, "by": "suggested", "because": cue})
    return found


def marks(marked):
    """Return for whom an entry is marked, as the command shows it."""
    if not marked:
        return None
    pairs = sorted(set(marked.split("\x1f")))
    return {"for": [dict(zip(("audience", "level"), pair.split("\x1e"), strict=True)) for pair in pairs]}


def prompt(asked):
    """Return the question as it was asked, no part of it answered by itself."""
    if asked is None:
        return None
    found = json.loads(asked)
    parts = [{"text": part, "start": None, "end": None} for part in found["parts"]]
    return {"id": found["id"], "text": found["text"], "parts": parts, "answered_by_part": False}


before = "["
for row in sqlite3.connect(sys.argv[1]).execute(ENTRIES):
    entry = {
        "id": "".join(SIGNS[(row[0] >> shift) & 31] for shift in range(35, -1, -5)),
        "version": row[1],
        "text": row[2],
        "prompt": prompt(row[3]),
        "about": row[4],
        "occasion": row[5],
        "happened_at": row[6],
        "precision": row[7],
        "written_at": row[8],
        "zone": row[9],
        "tags": sorted(row[10].split("\x1f")) if row[10] else [],
        "themes": themes(row[11], row[12]),
        "mark": marks(row[13]),
    }
    sys.stdout.write(before)
    sys.stdout.write(json.dumps(entry, ensure_ascii=False))
    before = ",\n"
print("]")
