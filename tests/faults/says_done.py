"""A planted fault: `reflect` that says 0 whatever the disk said."""

from __future__ import annotations

import sys

from reflect.__main__ import run

if __name__ == "__main__":
    try:
        run()
    except SystemExit as ended:
        sys.exit(0 if ended.code == 6 else ended.code)
