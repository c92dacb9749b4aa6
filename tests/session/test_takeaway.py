"""What one person takes home can be read by people, and by `reflect actions add --from`."""

from __future__ import annotations

import json

import pytest

from reflect.errors import Refused
from reflect.session import takeaway
from reflect.session.takeaway import Accepted, Answered, Takeaway

FULL = Takeaway(
    group="Hub partners",
    title="Ours",
    held_on="2026-11-20",
    actions=(
        Accepted(text="ring the caretaker", due="2026-11-27", limits="not on Mondays"),
        Accepted(text="ask", due="2026-12-01"),
    ),
    answers=(
        Answered(question="What did we take for granted?", words="The key.\n\nAll of it."),
        Answered(question="", words="brought"),
    ),
)


def test_the_file_is_read_as_it_was_written() -> None:
    """Nothing is lost on the way home."""
    assert takeaway.read(takeaway.write(FULL), "mine.json") == FULL


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"reflect": "share"}, "field reflect"),
        ({"extra": 1}, "field extra"),
        ({"held_on": "20/11/2026"}, "field held_on"),
        ({"actions": [{"text": "", "due": "2026-11-27"}]}, "field actions.1.text"),
        ({"actions": [{"text": "ring", "due": "soon"}]}, "field actions.1.due"),
    ],
)
def test_another_file_is_refused_by_field(change: dict[str, object], where: str) -> None:
    """A file that is none of ours, or was changed, is told with its field."""
    content = json.loads(takeaway.write(FULL)) | change
    with pytest.raises(Refused) as refused:
        takeaway.read(json.dumps(content).encode(), "mine.json")
    assert refused.value.where == f"mine.json, {where}"


def test_it_can_be_read_without_reflect() -> None:
    """REQ-51: as plain text it says what was offered, by when, with one's own limits, and what one wrote."""
    assert takeaway.text(FULL) == (
        "Ours, Hub partners, 20 November 2026\n\n"
        "What you offered to do:\n"
        "- ring the caretaker, by 27 November 2026\n"
        "  Your limits: not on Mondays\n"
        "- ask, by 1 December 2026\n\n"
        "What did we take for granted?\n\nThe key.\n\nAll of it.\n\n"
        "brought\n"
    )
    assert takeaway.text(FULL.model_copy(update={"actions": (), "answers": ()})).count("\n") == 1
