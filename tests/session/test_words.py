"""What is offered leaves no trace of who: ids from a secret that goes, receipts nobody can guess or read back."""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reflect.exchange import letters
from reflect.session import scale, words
from tests.session.rooms import PLAN, QUESTIONS, WRITE

KEY = "0123456789abcdef0123456789abcdef"


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_phone_is_known_by_its_address_only(one: str, other: str) -> None:
    """The same address is the same phone, another address another one, and its two ids have nothing in common."""
    phone = words.phone(KEY, one)
    assert words.phone(KEY, one) == phone
    assert (words.phone(KEY, other) == phone) == (one == other)
    assert phone.person not in phone.contributor
    assert words.phone(KEY[::-1], one) != phone


@given(st.integers(0, 2**128 - 1))
def test_a_receipt_can_be_typed(number: int) -> None:
    """Sixteen signs in four groups; capitals, blanks and letters that look alike don't matter."""
    code = words.receipt(KEY, f"{number:032x}")
    assert re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code)
    typed = code.upper().replace("-", " ").replace("1", "I").replace("0", "O")
    assert words.receipt_digest(typed) == words.receipt_digest(code)
    assert code.replace("-", "") not in words.receipt_digest(code)


def test_receipts_differ() -> None:
    """No two contributions share a receipt, nor does one under another secret."""
    codes = {words.receipt(key, f"{number:032x}") for number in range(500) for key in (KEY, KEY[::-1])}
    assert len(codes) == 1000


def test_words_of_a_session_are_a_contribution_that_could_travel() -> None:
    """What is stored for the group would pass as a contribution of a share: same ids, week, level, occasion."""
    agenda = scale.scaled(PLAN, 4, 0, QUESTIONS["ours"])
    made = words.contribution("a" * 32, "b" * 32, agenda, WRITE, "Nobody asked.", date(2026, 11, 20), alone_ok=True)
    letters.checked(
        letters.Contribution,
        {
            name: getattr(made, name)
            for name in ("id audience level words themes occasion week stance leads_to alone_ok attribution").split()
        }
        | {"prompt": None},
    )
    assert (made.occasion, made.week, made.asked) == (
        "group-session",
        "2026-W47",
        "What did we take for granted this month?",
    )
    before = words.contribution("a" * 32, "b" * 32, agenda, -1, "Brought.", date(2026, 11, 20), alone_ok=False)
    assert (before.asked, before.themes) == ("", ())


@given(st.text(), st.text())
def test_who_opened_is_known_by_name_and_salt_only(name: str, salt: str) -> None:
    """Capitals and blanks don't make another person, another salt does, and the name isn't in it."""
    kept = words.opener(salt or "x", name)
    assert kept == words.opener(salt or "x", f" {name.upper().lower() if name.isascii() else name}  ")
    assert kept != words.opener((salt or "x") + "y", name)
