"""Which question comes next: a pure function of the bank, what was served, the wishes and a seed.

None repeats before all that fit were served: the fewest servings come first, among
equals the 13 questions to consider, among these the seed decides.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from reflect.errors import Refused
from reflect.models import Prompt

STARRED = "question-to-consider"
MOST = 3
"""Questions in one sitting; more would be a form to fill in (REQ-42)."""

MINUTES = {"light": 2, "working": 5, "deep": 10}
"""About how long an answer of each depth takes."""

UNASKED = ("light", "working")
"""Depths served when the person names none; deep ones come only on request (REQ-14)."""


class Wishes(NamedTuple):
    """What the person asked for; an empty field lets all through."""

    theme: str = ""
    occasion: str = ""
    depth: str = ""
    for_group: bool = False


class Chosen(NamedTuple):
    """A question that is served, and a few words on why this one."""

    prompt: Prompt
    why: str


def choose(
    prompts: Iterable[Prompt], times: Mapping[str, int], wishes: Wishes, seed: str, many: int = 1
) -> list[Chosen]:
    """Return the next questions, at most `many`, no two of one near-duplicate family."""
    fitting = sorted(
        (prompt for prompt in prompts if fits(prompt, wishes)),
        key=lambda prompt: _order(prompt, times.get(prompt.id, 0), seed),
    )
    sitting: list[Chosen] = []
    families: set[str] = set()
    waiting: int | None = None  # how often the first one passed over was served
    for prompt in fitting:
        served = times.get(prompt.id, 0)
        if len(sitting) == many or (waiting is not None and served > waiting):
            break  # better a short sitting than a repeat while another has not had its turn
        if prompt.near and prompt.near in families:
            waiting = served if waiting is None else waiting
            continue
        families.add(prompt.near)
        sitting.append(Chosen(prompt, _why(prompt, served, wishes)))
    return sitting


def fits(prompt: Prompt, wishes: Wishes) -> bool:
    """Return whether a prompt is one of those asked for."""
    if wishes.theme and wishes.theme != prompt.theme and wishes.theme not in prompt.also_themes:
        return False
    if wishes.occasion and wishes.occasion not in prompt.occasions:
        return False
    if ("group" if wishes.for_group else "one") not in prompt.suits:
        return False
    if wishes.depth:
        return prompt.depth == wishes.depth
    return prompt.depth in UNASKED or announced(prompt)


def announced(prompt: Prompt) -> bool:
    """Return whether this is the one deep question that a rotation reaches unasked, announced as such (REQ-14)."""
    return prompt.depth == "deep" and STARRED in prompt.flags


def depth(name: str) -> str:
    """Return a depth from its name, empty for none; another is refused with those there are."""
    if name and name not in MINUTES:
        raise Refused(
            f"there is no depth {name!r}", why="there are " + ", ".join(MINUTES), next_step="choose one of them"
        )
    return name


def minutes(sitting: Sequence[Prompt]) -> int:
    """Return about how many minutes a sitting takes."""
    return sum(MINUTES[prompt.depth] for prompt in sitting)


def _order(prompt: Prompt, times: int, seed: str) -> tuple[int, bool, bool, int]:
    chance = zlib.crc32(f"{seed}:{times}:{prompt.id}".encode())
    return times, STARRED not in prompt.flags, prompt.depth == "deep", chance


def _why(prompt: Prompt, times: int, wishes: Wishes) -> str:
    reasons = []
    if announced(prompt) and not wishes.depth:
        reasons.append("a deep one, for you alone first; skip it if this is not the day")
    elif STARRED in prompt.flags:
        reasons.append("one of the 13 questions to consider")
    if wishes.occasion:
        reasons.append(f"fits the occasion {wishes.occasion}")
    if wishes.theme:
        reasons.append(f"is about {wishes.theme}" if prompt.theme == wishes.theme else f"touches {wishes.theme}")
    reasons.append("not asked before" if not times else "all others that fit have been asked as often")
    return "; ".join(reasons)
