"""Who may come in: join codes, random page addresses, and what is counted so that nobody can guess either."""

from __future__ import annotations

import hmac
import math
import re
import secrets
from collections.abc import Mapping
from typing import NamedTuple

from reflect import ids

TOKEN_SIGNS = 26
"""Of a phone's page address: 130 random bits."""

_TOKEN = re.compile(f"[{ids.SIGNS}]{{{TOKEN_SIGNS}}}")


class Limit(NamedTuple):
    """So many at once, and after that one more every so many seconds."""

    at_once: int
    seconds: float


GUESSES = Limit(10, 6)
"""Wrong codes from one address: ten, then ten a minute."""

ALL_GUESSES = Limit(120, 0.5)
"""Wrong codes from everywhere; at two a second eight signs outlast any session by ten thousand years."""

JOINS = Limit(300, 0.2)
"""Phones that join from one address: a whole room, where a network shows all its devices as one."""

WRITES = Limit(30, 2)
"""Answers saved and keys pressed by one phone."""


def read(typed: str) -> str:
    """Return a code as it is compared: capitals, spaces, hyphens and signs easily misread do not matter."""
    plain = typed.lower().translate(str.maketrans("ilo", "110"))
    return "".join(sign for sign in plain if sign in ids.SIGNS)


def shown(code: str) -> str:
    """Return a code as people read and type it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def is_code(typed: str, code: str) -> bool:
    """Return whether this is the code, in a time that tells nothing of how much of it is right."""
    return hmac.compare_digest(read(typed).encode(), code.encode())


def token() -> str:
    """Return a fresh page address for one phone."""
    return "".join(secrets.choice(ids.SIGNS) for _ in range(TOKEN_SIGNS))


def is_token(text: str) -> bool:
    """Return whether text has the form of a page address."""
    return _TOKEN.fullmatch(text) is not None


class Turnstile:
    """Counts what came from where, and says how long to wait; it forgets whoever has waited."""

    def __init__(self, limit: Limit) -> None:
        """Let through as many as the limit says."""
        self._limit = limit
        self._free_at: dict[str, float] = {}
        """For each address, when all it used up will have come back, in seconds of a clock that only goes on."""

    def wait(self, who: str, now: float) -> int:
        """Return the whole seconds to wait before the next is let through, 0 for none."""
        ahead = self._free_at.get(who, now) - now
        room = (self._limit.at_once - 1) * self._limit.seconds
        return max(0, math.ceil(ahead - room - 1e-9))

    def count(self, who: str, now: float) -> None:
        """Count one more."""
        if len(self._free_at) > 4096:
            self._free_at = {each: at for each, at in self._free_at.items() if at > now}
        self._free_at[who] = max(self._free_at.get(who, now), now) + self._limit.seconds

    def passes(self, who: str, now: float) -> int:
        """Count one more if it need not wait; return the seconds to wait."""
        seconds = self.wait(who, now)
        if not seconds:
            self.count(who, now)
        return seconds


def is_our_host(headers: Mapping[str, str], host: str) -> bool:
    """Return whether a request was meant for this very address: another name may be a page that points at it."""
    return headers.get("host", "").lower() == host


def is_our_origin(headers: Mapping[str, str], origin: str) -> bool:
    """Return whether a form was sent by a page of ours.

    Our pages send no referrer, and a browser then says `null` of a plain form. Another site
    can say so, too, and gets no further: each address that takes a form holds a secret.
    """
    return headers.get("origin", "").lower() in (origin, "null")
