"""What an encrypted journal costs beside a plain one, with its key from the system's keyring.

The keyring is a file here, since no two machines have the same one. It is asked once: Linux' kernel holds
the key from then on.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from benchmarks import goals, journals, processes
from benchmarks.processes import compared
from reflect import config, locking
from reflect.store import cipher

PASSPHRASE = "blue heron lamp stone river oak"  # noqa: S105 - of a journal that nobody wrote
GOAL = 1.2
SIZE = 10_000
LONG = (("list",), ("search", "board"), ("export", "json", "--plain-text"))
_BACKEND = """
import json
from pathlib import Path
from keyring.backend import KeyringBackend


class InAFile(KeyringBackend):
    priority = 1
    file = Path(__file__).with_name("keyring.json")

    def _all(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def get_password(self, service, username):
        return self._all().get(f"{service} {username}")

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps(self._all() | {f"{service} {username}": password}))

    def delete_password(self, service, username):
        self.file.unlink()
"""


def every(how: goals.Thoroughness) -> Iterator[goals.Row]:
    """Yield for each command how much longer it takes where the journal is encrypted."""
    plain, sealed = (journals.copied(SIZE, f"encrypted-{name}") for name in ("no", "yes"))
    short = [each.words for each in goals.everyday(plain) if not each.name.startswith("reflect --")]
    encrypt(sealed)
    try:
        for words in (*short, *LONG):
            found = compared(processes.reflect(plain, *words), processes.reflect(sealed, *words), how.starts)
            name = " ".join(
                ("reflect", *("ID" if words[:1] == ("show",) and at else word for at, word in enumerate(words)))
            )
            yield goals.Row(f"`{name}`, encrypted, {SIZE:,} entries", "in a plain journal", GOAL, found)
    finally:
        _run(sealed, "passphrase", "forget")


def encrypt(home: Path) -> None:
    """Encrypt a home's journal, and have a keyring in a file keep its key."""
    folder = home / ".config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "in_a_file.py").write_text(_BACKEND, encoding="utf-8")
    settings = f"[backend]\ndefault-keyring=in_a_file.InAFile\nkeyring-path={folder}\n"
    (folder / "keyringrc.cfg").write_text(settings, encoding="utf-8")
    locking.encrypt(config.Places(home, home), PASSPHRASE)
    cipher.let_go()
    file = home / "passphrase"
    file.write_text(PASSPHRASE, encoding="utf-8")
    file.chmod(0o600)
    _run(home, "passphrase", "keep", REFLECT_PASSPHRASE_FILE=str(file))
    file.unlink()


def _run(home: Path, *words: str, **more: str) -> None:
    command = processes.reflect(home, *words).command
    subprocess.run(command, check=True, capture_output=True, env=processes.environment(home, **more))
