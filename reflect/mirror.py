"""The language mirror: words in a person's own draft that some would stop at, with why and another way to say it.

For the author's eyes alone, and only where they switched it on (REQ-57). It points and
never alters, keeps or sends anything; what a person said or meant is theirs to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple


class Note(NamedTuple):
    """A piece of a draft that is on the watch list: exactly `draft[start:end]`."""

    text: str
    start: int
    end: int
    because: str
    instead: str
    """Another way to say it, or a question whose answer could stand there."""


class _Watched(NamedTuple):
    pattern: re.Pattern[str]
    because: str
    instead: str


_PEOPLE = (
    r"(?:people|persons?|adults?|groups?|communit(?:y|ies)|residents?|famil(?:y|ies)|households?|child(?:ren)?|parents?"
    r"|women|men|patients?|clients?|tenants?|neighbourhoods?|areas?|estates?|populations?|individuals?)"
)
# "the poor" names people where nothing follows that it could describe, as "the poor chair" has.
_ALONE = r"(?=\s+(?:are|were|have|had|who|do|can|can't|need|want|in|and|or|from|of)\b|\s*[^\w\s-]|\s*\Z)"


def _watched(words: str, because: str, instead: str) -> _Watched:
    pattern = words.replace("PEOPLE", _PEOPLE).replace("ALONE", _ALONE)
    pattern = pattern.replace("'", "['\u2019]").replace(" ", r"[\s-]+")
    return _Watched(re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), because, instead)


# The earlier of two that stand at one place is the one that is noted.
_WATCH_LIST = (
    # -- words that place the speaker above those spoken of
    _watched(
        "(?:so called )?hard(?:er|est)? to (?:reach|engage)",
        "it puts the distance on their side",
        "people we have not reached yet",
    ),
    _watched(
        "seldom heard|unheard (?:people|voices?)",
        "they may speak every day, and to people who listen",
        "people we seldom listen to",
    ),
    _watched(
        "(?:giv(?:e|es|ing|en)|gave|lend(?:s|ing)?|lent) (?:(?:them|people|others|those|him|her) )?(?:a )?voice"
        "|voiceless",
        "they have a voice before anybody lends it",
        "listened to, or made room for",
    ),
    _watched(
        "empowering (?:the )?poor(?: people)?|empower(?:s|ed|ing|ment)?",
        "it makes power something that is ours to hand out",
        "who decides now what somebody else decided before?",
    ),
    _watched(
        "the (?:most )?(?:disadvantaged|underprivileged|marginalised|marginalized|deprived|needy|vulnerable"
        "|powerless|less fortunate|poor(?:est)?|homeless|elderly|disabled|unemployed|mentally ill)ALONE",
        "it makes one thing of many people and names them by a lack",
        "who are they, and what stands in their way?",
    ),
    _watched(
        "(?:disadvantaged|underprivileged|marginalised|marginalized|deprived|needy|less fortunate) PEOPLE"
        "|disadvantaged|underprivileged|marginalised people|less fortunate|deprived|needy",
        "hardly anybody would say it of themselves, and it leaves out what was done or not done",
        "what stands in whose way?",
    ),
    _watched(
        "(?:most )?vulnerable PEOPLE",
        "everybody can be hurt by something; it leaves out by what",
        "what, or who, could harm them?",
    ),
    _watched(
        "at risk PEOPLE|at-risk",
        "it makes the danger a part of the person",
        "at risk of what?",
    ),
    _watched(
        "powerless PEOPLE|(?:they|people|residents|families) (?:are|were|feel|felt) powerless",
        "they may not see it that way, and may have power that we don't see",
        "what could they not decide, and who could?",
    ),
    _watched(
        "(?:un)?deserving(?: poor)?(?: PEOPLE)?",
        "it judges who has earned what everybody is owed",
        "what is needed, and by whom?",
    ),
    _watched(
        "service users?",
        "it names a person by what we provide",
        "people who use the clinic, or the name they use for themselves",
    ),
    _watched(
        "beneficiar(?:y|ies)",
        "it has them receive and others act",
        "the people it is for, or who take part",
    ),
    _watched(
        "lived experience",
        "as a label it can stand for the person, and leave out what else they know",
        "what have they lived through, and what do they know?",
    ),
    _watched(
        "experts? by experience",
        "some welcome it and some don't",
        "the name they use for themselves",
    ),
    _watched(
        "(?:did not|didn't|won't|will not|refus(?:e|es|ed|ing) to|fail(?:s|ed|ing)? to|wouldn't) engage"
        "|non engag(?:ers?|ing|ement)|disengaged (?:PEOPLE|from us)",
        "it tells our side of a meeting that did not happen",
        "what was offered, when and where, and what kept them away?",
    ),
    _watched(
        "(?:did not|didn't|failed to) (?:attend|comply)|non complian(?:t|ce)|dna'?d",
        "it tells what we expected and not what happened to them",
        "they were not there; does anybody know why?",
    ),
    _watched(
        "challenging (?:behaviour|people|families|patients)|difficult (?:people|families|patients|parents)"
        "|trouble ?makers?|the usual suspects",
        "it tells how it was for us and sounds like what they are",
        "what was said or done, and what came before it?",
    ),
    _watched(
        "troubled famil(?:y|ies)|broken homes?|chaotic (?:lives|lifestyles?|PEOPLE)|frequent flyers?"
        "|bed blockers?|addicts?",
        "it turns a hard time into what somebody is",
        "what happened, or what are they dealing with?",
    ),
    _watched(
        "BAME|BME|ethnics",
        "it puts many under one label that few chose",
        "the name people use for themselves",
    ),
    _watched(
        "those people|these people|people like (?:that|them)",
        "it draws a line with us on this side",
        "who are they?",
    ),
    # -- telling where asking was possible
    _watched(
        "they (?:just |only |simply |really )?(?:need|ought) to"
        "|they (?:just|only|simply|really) (?:should|must|have to)",
        "it says what is good for them, maybe before they were asked",
        "what do they say they need?",
    ),
    _watched(
        "get(?:ting)? (?:them|people|residents|communities|everybody|everyone) (?:to|on board)|buy ins?",
        "it has one side persuade and the other follow",
        "what would they want from it?",
    ),
    _watched(
        "educat(?:e|ed|ing) (?:them|people|residents|communities|the public|the community)|rais(?:e|ed|ing) awareness",
        "it has them lack what we know",
        "what do they know, and what would they like to hear?",
    ),
    _watched(
        "on behalf of|speak(?:ing|s)? for (?:them|the community|people|those)",
        "somebody else's words may be missing",
        "whose words are these, and did they agree?",
    ),
    _watched(
        "(?:they|nobody|no one|people) had nothing to say"
        "|nobody (?:said anything|spoke)|no one (?:said anything|spoke)",
        "a silence may say something, too",
        "what could the quiet have meant?",
    ),
    # -- words that a newcomer needs a dictionary for
    _watched("(?:key )?stakeholders?", "it hides who they are", "who are they?"),
    _watched("co ?production|co ?produc(?:e|ed|ing)", "people mean different things by it", "who decided what?"),
    _watched(
        "capacity building|build(?:ing)? capacity|upskill(?:s|ed|ing)?",
        "it has others lack skills",
        "who learns what, and from whom?",
    ),
    _watched("facilitat(?:e|es|ed|ing|or|ors|ion)", "it is a long word for helping", "helped, led, hosted"),
    _watched("leverag(?:e|es|ed|ing)", "it is money's word", "use"),
    _watched("reach(?:ed|ing)? out", "it has one side stand further up", "asked, wrote, rang"),
    _watched("touch(?:ed|ing)? base", "it is a game's word", "talked, rang"),
    _watched("signpost(?:s|ed|ing)?", "a sign does not walk along", "told them of; went with them to"),
    _watched("(?:key )?learnings", "it is an office's word", "what we learnt"),
    _watched("bandwidth", "it is a machine's word", "time, or strength"),
    _watched("going forward|moving forward", "it says nothing that a date would not", "from now on; from when"),
    _watched(
        "deliverables?|actionable|outcomes focus(?:s)?ed", "it is a contract's word", "what will be there, or done"
    ),
    _watched("operationalis(?:e|es|ed|ing)|incentivis(?:e|es|ed|ing)", "it needs a dictionary", "do; reward, or ask"),
    _watched(
        "holistic(?:ally)?|robust(?:ly)?|transformative|synerg(?:y|ies)|paradigms?",
        "it can mean anything",
        "what is it like?",
    ),
    _watched("systemic change|systems? change", "it hides what would be different on a Monday", "what would change?"),
    _watched("silos?|siloed", "it hides who does not talk with whom", "who does not talk with whom, and about what?"),
    _watched("asset based", "it needs a dictionary", "beginning with what people have and know"),
    _watched(
        "positionality|intersectional(?:ity)?|hegemon(?:y|ic)|praxis|discourse",
        "it needs a dictionary",
        "how would you tell a neighbour?",
    ),
    _watched("interdependence", "it needs a dictionary", "needing each other"),
    _watched("agentic", "it needs a dictionary", "able to act"),
)


def notes(draft: str) -> list[Note]:
    """Return what in a draft is on the watch list, in the draft's order, each thing once."""
    found: list[Note] = []
    for watched in _WATCH_LIST:
        match = next((each for each in watched.pattern.finditer(draft) if _is_free(each.span(), found)), None)
        if match:
            found.append(Note(match[0], *match.span(), watched.because, watched.instead))
    return sorted(found, key=lambda note: note.start)


def _is_free(span: tuple[int, int], found: Iterable[Note]) -> bool:
    return all(span[1] <= note.start or span[0] >= note.end for note in found)
