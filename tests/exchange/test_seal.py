"""What travels is sealed: only who holds the group's key reads it, and any change on the way shows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reflect.errors import Refused, WrongKey
from reflect.exchange import seal

SECRET, PUBLIC = seal.new_key()
WORDS = b"Nobody asked the caretaker."
SEALED = seal.seal(WORDS, [PUBLIC])


@given(st.binary(max_size=2000).filter(lambda content: b"age-" not in content))  # how every sealed file begins
def test_round_trip(content: bytes) -> None:
    """What was sealed comes out as it went in, and nothing of it can be read on the way."""
    made = seal.seal(content, [PUBLIC])
    assert seal.unseal(made, SECRET, "a.age") == content
    assert seal.is_sealed(made)
    assert not seal.is_sealed(content)
    assert len(content) < 8 or content not in made


def test_never_the_same_twice() -> None:
    """The same words sealed twice look different, so that nobody sees a share come again."""
    assert seal.seal(WORDS, [PUBLIC]) != SEALED


def test_several_keepers() -> None:
    """A letter sealed for two keepers opens with the key of each."""
    other_secret, other_public = seal.new_key()
    made = seal.seal(WORDS, [PUBLIC, other_public])
    assert seal.unseal(made, SECRET, "a.age") == seal.unseal(made, other_secret, "a.age") == WORDS


def test_public_key_belongs_to_the_secret_one() -> None:
    """The public key can be had from the secret one, as the recovery sheet's check needs it."""
    assert seal.public_key(SECRET) == PUBLIC


@pytest.mark.parametrize(
    "typed", ["", "AGE-SECRET-KEY-1", PUBLIC, "three words typed"], ids=["nothing", "cut", "public", "words"]
)
def test_no_key_at_all(typed: str) -> None:
    """What is no secret key is told to be none."""
    with pytest.raises(WrongKey, match="no secret key"):
        seal.public_key(typed)


def test_another_key() -> None:
    """Row 40: a file for another key is told apart from a damaged one, by its name and with exit code 8."""
    other, _ = seal.new_key()
    with pytest.raises(WrongKey, match=r"a\.age is sealed for another key") as refused:
        seal.unseal(SEALED, other, "a.age")
    assert refused.value.exit_code == 8


@pytest.mark.parametrize("cut", [1, 16, len(SEALED) // 2, len(SEALED) - 30], ids=["byte", "end", "half", "most"])
def test_cut(cut: int) -> None:
    """Row 40: a file cut by one byte or by half is damaged, by its name and with exit code 3."""
    with pytest.raises(Refused, match=r"a\.age is damaged") as refused:
        seal.unseal(SEALED[:-cut], SECRET, "a.age")
    assert refused.value.exit_code == 3


@settings(max_examples=200)
@given(st.integers(0, len(SEALED) * 8 - 1))
def test_flipped(bit: int) -> None:
    """Row 40: with any one bit flipped nothing opens, and nothing but the refusal comes out."""
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises((Refused, WrongKey)):
        seal.unseal(bytes(changed), SECRET, "a.age")


def test_passphrase() -> None:
    """A copy under a passphrase opens with it alone, and its header tells it apart from a share."""
    made = seal.seal_with(WORDS, "three old otters")
    assert seal.is_under_a_passphrase(made)
    assert not seal.is_under_a_passphrase(SEALED)
    assert seal.unseal_with(made, "three old otters", "key") == WORDS
    with pytest.raises(WrongKey, match="the passphrase does not open key"):
        seal.unseal_with(made, "three old otter", "key")
