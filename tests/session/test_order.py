"""The order is drawn by lot, nobody is first twice running, late arrivals come last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reflect.session import order

PEOPLE = st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=30, unique=True)


@given(PEOPLE, st.text(max_size=8))
def test_everybody_is_drawn_once(people: list[str], seed: str) -> None:
    """Whoever is there is in the order, once, and the same lot draws the same order."""
    assert sorted(order.drawn(people, seed)) == sorted(people)
    assert order.drawn(people, seed) == order.drawn(people, seed)


def test_nobody_is_drawn_from_an_empty_room() -> None:
    """A room with nobody in it has no order."""
    assert order.drawn([], "x") == ()


def test_the_lot_decides() -> None:
    """REQ-50: over many sessions everybody comes first at some time, and orders differ."""
    orders = [order.drawn("abcde", f"{number}") for number in range(60)]
    assert {each[0] for each in orders} == set("abcde")
    assert len(set(orders)) > 20


@given(PEOPLE, st.text(max_size=8), st.data())
def test_nobody_is_first_twice_running(people: list[str], seed: str, data: st.DataObject) -> None:
    """REQ-50: who opened a round last time does not open this session while anybody else is there."""
    openers = data.draw(st.lists(st.sampled_from(people), max_size=3))
    first = order.drawn(people, seed, openers)[0]
    if set(people) - set(openers):
        assert first not in openers
    elif len(people) > 1:
        assert first != openers[0]


@given(PEOPLE, st.integers(0, 5))
def test_each_round_is_opened_by_another(people: list[str], number: int) -> None:
    """In one session no two rounds in a row are opened by one person, if there are two."""
    one, other = (order.in_round(people, [], each) for each in (number, number + 1))
    assert sorted(one) == sorted(other) == sorted(people)
    assert len(people) == 1 or one[0] != other[0]


def test_who_comes_late_speaks_last_in_every_round() -> None:
    """Late arrivals stand behind everybody who was there, however the round turns."""
    for number in range(4):
        assert order.in_round("abc", "xy", number)[-2:] == ("x", "y")
