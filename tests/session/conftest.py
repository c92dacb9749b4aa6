"""A group to hold sessions in, and a clock that only goes when it is told to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reflect.group import Group
from tests.session.rooms import Clock, a_group


@pytest.fixture
def clock() -> Clock:
    """A clock of the tests."""
    return Clock()


@pytest.fixture
def group(home) -> Iterator[Group]:
    """A group whose k is five."""
    with a_group(home) as made:
        yield made
