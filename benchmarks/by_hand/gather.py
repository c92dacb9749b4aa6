"""The ceiling of gathering: decrypt every share, parse its JSON and insert its contributions, nothing checked."""

import json
import sqlite3
import sys
from pathlib import Path

import pyrage

database, key, shares = map(Path, sys.argv[1:])
database.unlink(missing_ok=True)
connection = sqlite3.connect(database, isolation_level=None)
for setting in ("journal_mode=TRUNCATE", "synchronous=FULL"):
    connection.execute(f"PRAGMA {setting}")
connection.execute(
    "CREATE TABLE contribution (id TEXT PRIMARY KEY, contributor TEXT, site TEXT, audience TEXT, level TEXT,"
    " words TEXT, themes TEXT, prompt TEXT, asked TEXT, occasion TEXT, week TEXT, stance TEXT, leads_to TEXT,"
    " alone_ok INTEGER, attribution TEXT)"
)
identity = pyrage.x25519.Identity.from_str(key.read_text().strip())
connection.execute("BEGIN")
for path in sorted(shares.iterdir()):
    share = json.loads(pyrage.decrypt(path.read_bytes(), [identity]))
    connection.executemany(
        "INSERT INTO contribution VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                each["id"],
                share["contributor"],
                share["site"],
                each["audience"],
                each["level"],
                each["words"],
                json.dumps(each["themes"]),
                each["prompt"]["id"] if each["prompt"] else "",
                each["prompt"]["text"] if each["prompt"] else "",
                each["occasion"],
                each["week"],
                each["stance"],
                each["leads_to"],
                each["alone_ok"],
                each["attribution"],
            )
            for each in share["contributions"]
        ],
    )
connection.execute("COMMIT")
