"""The ceiling of an export as JSON: the rows of entries and tags, each entry an object, with sqlite3 and json."""

import json
import sqlite3
import sys

ENTRIES = """
    SELECT id, version, text, asked, about, occasion, happened_at, precision, written_at, revised_at, zone,
        (SELECT group_concat(tag, char(31)) FROM tag WHERE entry = e.id),
        (SELECT group_concat(theme || char(30) || by, char(31)) FROM choice WHERE entry = e.id),
        (SELECT group_concat(theme || char(30) || cue, char(31)) FROM suggestion WHERE entry = e.id)
    FROM entry e ORDER BY happened, id
"""
NAMES = """id version text asked about occasion happened_at precision written_at revised_at zone""".split()

write = sys.stdout.write
write('{"entries": [')
before = "\n"
for row in sqlite3.connect(sys.argv[1]).execute(ENTRIES):
    entry = dict(zip(NAMES, row, strict=False))
    for name, joined in zip(("tags", "themes", "suggested"), row[len(NAMES) :], strict=True):
        entry[name] = joined.split("\x1f") if joined else []
    write(before + json.dumps(entry, ensure_ascii=False))
    before = ",\n"
write("]}\n")
