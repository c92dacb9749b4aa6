"""Starts the command: the door of the installed `reflect` and of `python -m reflect`."""

from __future__ import annotations

import gc


def run() -> None:
    """Run the command line, without the search for garbage that a short run hardly makes.

    Python would look through everything at each 700th new object and once more at
    the end: more than a bare start-up, to find nothing (docs/performance.md).
    """
    gc.set_threshold(100_000)
    from reflect.cli import app

    try:
        app.run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    run()
