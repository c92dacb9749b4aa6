"""Whether a question is worded as reflect's questions are: plain, and without talking anybody down."""

from __future__ import annotations

import re

from reflect.words import sentences, words

LONGEST_SENTENCE = 26
"""Words; a tired reader loses the thread of a longer one."""

HARDEST = 45
"""LIX (Björnsson, 1968): words a sentence plus the percentage of words over six letters; 45 is a newspaper."""

JARGON = frozenset(
    """
    actionable agentic asset-based bandwidth beneficiaries beneficiary capacity-building co-production
    commissioner commissioners coproduction deliverables discourse empower empowering empowerment empowers
    facilitate facilitates framework frameworks hegemony holistic incentivise interdependence intersectionality
    learnings leverage operationalise outcomes-focused paradigm positionality praxis robust seldom-heard
    signpost signposting siloed silos stakeholder stakeholders statutory synergy transformative upskill vcse
    """.split()
)
JARGON_PHRASES = (
    "capacity building",
    "co-production",
    "going forward",
    "key learnings",
    "lived experience",
    "reach out",
    "seldom heard",
    "service user",
    "systemic change",
    "touch base",
)
"""Words a newcomer needs a dictionary for (REQ-55), and the label that BW-R42 warns of."""

DEFICIT = (
    "at-risk",
    "deprived",
    "deserving",
    "disadvantaged",
    "empowering the poor",
    "give a voice",
    "give voice",
    "gives a voice",
    "giving a voice",
    "giving voice",
    "hard to reach",
    "hard-to-reach",
    "less fortunate",
    "marginalised people",
    "needy",
    "powerless",
    "the poor",
    "underprivileged",
    "unheard people",
    "voiceless",
    "vulnerable",
)
"""Phrases that place the speaker above those spoken of (REQ-18; KF-R20, IVAR-R02, BW-R48)."""


def difficulty(text: str) -> float:
    """Return the LIX of a text: below 30 is easy, above 50 is hard."""
    found = words(text)
    if not found:
        return 0.0
    long = sum(len(word) > 6 for word in found)
    return len(found) / max(1, len(sentences(text))) + 100 * long / len(found)


def deficit(text: str) -> list[str]:
    """Return the phrases in a text that talk people down."""
    lowered = " ".join(text.lower().split())
    return [phrase for phrase in DEFICIT if re.search(rf"\b{re.escape(phrase)}\b", lowered)]


def jargon(text: str) -> list[str]:
    """Return the words in a text that a newcomer would need a dictionary for."""
    lowered = " ".join(text.lower().split())
    found = [phrase for phrase in JARGON_PHRASES if phrase in lowered]
    return found + sorted(set(words(text)) & JARGON)


def remarks(text: str) -> list[str]:
    """Return what is hard to read in a question, one sentence each; nothing when it is plain."""
    found = [f"{word!r} is jargon" for word in jargon(text)]
    found += [
        f"a sentence of {length} words (at most {LONGEST_SENTENCE}): {sentence[:50]}…"
        for sentence in sentences(text)
        if (length := len(words(sentence))) > LONGEST_SENTENCE
    ]
    if (lix := difficulty(text)) > HARDEST:
        found.append(f"it reads as hard as a report (LIX {lix:.0f}, at most {HARDEST})")
    return found
