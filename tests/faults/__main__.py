"""`python -m tests.faults`: run every part and print the figures."""

from __future__ import annotations

import sys

from tests.faults.every_part import main

if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
