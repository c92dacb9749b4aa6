"""A host in a process of its own, to be killed; one process keeps everything imported and makes each host by a fork.

Run as `python -m tests.session.page.killed FOLDER PORT`: each line on stdin makes a host
that takes the session up and opens its page; "up PID" is said when the page answers.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from reflect.group import Group
from reflect.session import room
from reflect.session.pace import Pace
from reflect.session.page.serve import Page
from tests.people import WHEN


def host(folder: Path, port: int, parent: int) -> None:
    """Hold the session until killed, or left alone."""
    pace = Pace(WHEN, 1)
    with Group(folder, WHEN) as group:
        here = room.reopen(group, pace.now())
        with Page(here, pace, "127.0.0.1", port):
            here.do("go", pace.now())
            print("up", os.getpid(), flush=True)
            while os.getppid() == parent:
                here.tick(pace.now())
                signal.sigtimedwait([], 0.2)


def main() -> None:
    """Make a host for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever was killed leaves nothing to be collected
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    here = os.getpid()
    for _ in sys.stdin:
        if not os.fork():
            host(folder, port, here)
            os._exit(0)


if __name__ == "__main__":
    main()
