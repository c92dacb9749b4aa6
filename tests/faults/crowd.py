"""Part F: several processes write at once, and one reads."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from reflect import config
from reflect.journal import Journal
from reflect.models import Filters
from tests.conftest import NOW
from tests.faults import commands, oracle
from tests.faults.oracle import Figures
from tests.faults.tracing import environment

WRITERS, EACH = 4, 20

_READER = """
import sys
from datetime import datetime
from pathlib import Path
from reflect import config
from reflect.journal import Journal
from reflect.models import Filters

home = Path(sys.argv[1])
with Journal(config.Places(home, home), datetime.now().astimezone(), seed="x") as journal:
    for _ in range(60):
        list(journal.find(Filters()))
"""


def together(home: Path, *, plant: str = "") -> Figures:
    """Four writers add twenty entries each while a fifth process reads: all are stored, once, and nobody fails."""
    figures = Figures("F", "several at once")
    commands.run(home, "list")
    planted = ["--plant", plant] if plant else []
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.child", str(home), *(["add"] * EACH), *planted],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment(home) | {"REFLECT_WRITER": str(number)},
        )
        for number in range(WRITERS)
    ]
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER, str(home)], stderr=subprocess.PIPE, encoding="utf-8", env=environment(home)
    )
    for process in (*writers, reader):
        _, said = process.communicate(timeout=120)
        figures.runs += 1
        if process.returncode:
            figures.fault(f"a process failed: {said.strip().splitlines()[-1:]}")
    with Journal(config.Places(home, home), datetime.fromisoformat(NOW), seed="x") as journal:
        oracle.check(journal)
        texts = [entry.text for entry in journal.find(Filters())]
    figures.acknowledged = WRITERS * EACH
    if len(set(texts)) != WRITERS * EACH or len(texts) != WRITERS * EACH:
        figures.fault(f"{len(texts)} entries of {WRITERS * EACH}", lost=max(0, WRITERS * EACH - len(set(texts))))
    return figures
