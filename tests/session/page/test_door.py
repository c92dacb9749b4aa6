"""Join codes, page addresses, and what is counted at the door."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reflect import ids
from reflect.session.page import door
from reflect.session.page.door import Limit, Turnstile

CODES = st.text(ids.SIGNS, min_size=8, max_size=8)


class TestCodes:
    """What people type to join."""

    @given(CODES)
    def test_read_as_people_type_it(self, code: str) -> None:
        """Capitals, the hyphen, spaces, and letters that look like digits do not matter."""
        misread = code.upper().replace("0", "O").replace("1", "I")
        assert door.is_code(door.shown(code), code)
        assert door.is_code(f"  {misread[:3]} {misread[3:]} ", code)
        assert door.is_code(code.replace("1", "l"), code)

    @given(CODES, CODES)
    def test_another_code_is_wrong(self, code: str, other: str) -> None:
        """Nothing but the code opens the door."""
        assert door.is_code(other, code) == (other == code)
        assert not door.is_code(code[:-1], code)
        assert not door.is_code(code + "0", code)
        assert not door.is_code("", code)


class TestTokens:
    """The random address of a phone's own page."""

    def test_random_and_long(self) -> None:
        """Row 83: a page address has 130 random bits, and no two are the same."""
        made = {door.token() for _ in range(1000)}
        assert len(made) == 1000
        assert all(door.is_token(each) for each in made)

    def test_nothing_else_is_one(self) -> None:
        """What has another form is no page address, whatever it tries."""
        for text in ("", "a", "../" * 9, "A" * 26, "0" * 25, "0" * 27, "0" * 26 + "\n", "é" * 26):
            assert not door.is_token(text)


class TestTurnstile:
    """How many may come, from where, and when again."""

    @given(st.lists(st.floats(0, 30), min_size=1, max_size=80), st.integers(1, 8), st.floats(0.1, 10))
    def test_never_more_than_the_limit(self, gaps: list[float], at_once: int, seconds: float) -> None:
        """Row 83: however they are spaced, in no time do more come through than at once and then one by one."""
        turnstile, now, let = Turnstile(Limit(at_once, seconds)), 0.0, []
        for gap in gaps:
            now += gap
            if not turnstile.passes("phone", now):
                let.append(now)
        for first in range(len(let)):
            for last in range(first, len(let)):
                assert last - first + 1 <= at_once + (let[last] - let[first]) / seconds + 1e-6

    @given(st.integers(1, 8), st.floats(0.1, 10))
    def test_whoever_waits_as_long_as_told_comes_through(self, at_once: int, seconds: float) -> None:
        """The seconds it names are enough, and until then nobody is counted again."""
        turnstile = Turnstile(Limit(at_once, seconds))
        assert [turnstile.passes("phone", 5.0) for _ in range(at_once)] == [0] * at_once
        wait = turnstile.passes("phone", 5.0)
        assert wait >= 1
        assert turnstile.passes("phone", 5.0) == wait
        assert turnstile.passes("phone", 5.0 + wait) == 0

    def test_each_by_itself(self) -> None:
        """One who tries too often keeps nobody else out."""
        turnstile = Turnstile(Limit(2, 60))
        assert [bool(turnstile.passes("one", 0)) for _ in range(4)] == [False, False, True, True]
        assert turnstile.passes("other", 0) == 0

    def test_forgets_who_has_waited(self) -> None:
        """Thousands who came once do not stay in memory."""
        turnstile = Turnstile(Limit(1, 1))
        for number in range(20_000):
            turnstile.count(str(number), number / 100)
        assert len(turnstile._free_at) < 6_000
