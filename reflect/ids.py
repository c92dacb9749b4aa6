"""Short random ids: 40 bits shown as eight base-32 signs, any unique beginning accepted.

Random, because a sequence would tell a reader how many entries are gone.
"""

from __future__ import annotations

import os

from reflect.errors import Refused

SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's alphabet: no i, l, o or u to misread
LENGTH = 8
_VALUE = {sign: value for value, sign in enumerate(SIGNS)} | {"i": 1, "l": 1, "o": 0}


def new() -> int:
    """Return a fresh random 40-bit id."""
    return int.from_bytes(os.urandom(5), "big")


def shown(number: int) -> str:
    """Return an id as its eight signs."""
    return "".join(SIGNS[(number >> shift) & 31] for shift in range(35, -1, -5))


def span(beginning: str) -> tuple[int, int]:
    """Return the lowest and highest id that begin with these signs; anything else is refused."""
    signs = beginning.strip().lower()
    if not signs or len(signs) > LENGTH or any(sign not in _VALUE for sign in signs):
        raise Refused(
            f"{beginning!r} is not an id",
            why=f"an id is up to {LENGTH} letters and digits, as `reflect list` shows them",
            next_step="copy one from `reflect list`",
        )
    value = 0
    for sign in signs:
        value = value << 5 | _VALUE[sign]
    free = 5 * (LENGTH - len(signs))
    return value << free, ((value + 1) << free) - 1
