"""The clock a session goes by: the wall's, or one that runs faster, for tests and demonstrations."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from reflect import dates


class Pace:
    """A clock that says what time it is in the session, and waits."""

    def __init__(self, begin: datetime | None = None, times: float = 1) -> None:
        """Begin now, or at a given moment; `times` as fast as the wall's clock, 0 for without any waiting."""
        self._begin = begin
        self._times = times
        self._zero = time.monotonic()
        self._leapt = 0.0

    @property
    def is_real(self) -> bool:
        """Return whether a second is a second."""
        return self._begin is None and self._times == 1

    def now(self) -> datetime:
        """Return the moment in the session."""
        if self.is_real:  # the wall's clock goes on while a lid is closed, which a counter of seconds does not
            return dates.now()
        gone = (time.monotonic() - self._zero) * self._times + self._leapt
        return (self._begin or dates.now()) + timedelta(seconds=gone)

    def outside(self, seconds: float) -> float:
        """Return how many real seconds so many of the session take."""
        return seconds / self._times if self._times else 0.0

    def leap(self, seconds: float) -> None:
        """Let time pass without waiting, where nobody waits."""
        if not self._times:
            self._leapt += seconds
