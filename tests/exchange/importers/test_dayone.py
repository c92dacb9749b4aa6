"""Day One's exports: zones, escapes, pictures that stay behind, and Day One Classic."""

from __future__ import annotations

import json
import plistlib
from datetime import datetime
from typing import Any

import pytest

from tests.exchange.importers.reading import read

ONE: dict[str, Any] = {
    "uuid": "A1B2C3D4E5F60718293A4B5C6D7E8F90",
    "creationDate": "2026-07-10T23:22:12Z",
    "modifiedDate": "2026-07-11T08:00:00Z",
    "timeZone": "Europe/London",
    "text": "# Heading\n\nBody\\. It was good\\! \\(really\\) 1\\. one \\- two\u200b",
    "tags": ["supervision", "Two Words"],
    "starred": True,
    "isPinned": False,
    "isAllDay": False,
    "duration": 0,
    "editingTime": 12.3,
    "photos": [],
}


def journal(*entries: object) -> str:
    """Return entries as Day One exports them, slashes escaped."""
    return json.dumps({"metadata": {"version": "1.0"}, "entries": entries}, ensure_ascii=False).replace("/", "\\/")


def test_an_entry_by_the_clock_of_its_own_zone() -> None:
    """Day One keeps UTC; the entry is on the day its writer had, with the zone's name."""
    (found,) = read("dayone", journal(ONE), zone="America/New_York").arrivals
    entry = found.whole.entry
    assert (entry.happened_at, entry.zone) == ("2026-07-11T00:22:12+01:00", "Europe/London")
    assert found.whole.revised_at == "2026-07-11T09:00:00+01:00"
    assert entry.tags == ("starred", "supervision", "two words")
    assert (found.key, found.named) == (ONE["uuid"], True)


def test_words_are_as_they_were_typed() -> None:
    """Escaped punctuation and signs that can't be seen are gone, and real backslashes stay."""
    (entry,) = read("dayone", journal(ONE)).entries
    assert entry.text == "# Heading\n\nBody. It was good! (really) 1. one - two"
    path = ONE | {"text": "C:\\notes and C:\\\\temp, `a\\.b`\n```\nx\\!\n```\ny\\!"}
    assert read("dayone", journal(path)).texts == ["C:\\notes and C:\\temp, `a\\.b`\n```\nx\\!\n```\ny!"]


def test_pictures_and_sounds_are_named_and_told() -> None:
    """What stays in Day One leaves its name in the words, and is counted as left out, never in silence."""
    photo = "0123456789ABCDEF0123456789ABCDEF"
    entry = ONE | {
        "text": f"Before\n![](dayone-moment://{photo})\n![](dayone-moment:/audio/CD)\n![](dayone-moment://AB)",
        "photos": [{"identifier": photo, "md5": "d41d", "type": "jpeg", "orderInEntry": 0}, {"identifier": "AB"}],
        "audios": [{"identifier": "CD", "format": "m4a"}],
        "location": {"placeName": "Home", "latitude": 1.5},
        "weather": {"temperatureCelsius": 3},
        "userActivity": {},
    }
    found = read("dayone", journal(entry))
    assert found.texts == ["Before\n[photo d41d.jpeg]\n[audio]\n[photo]"]
    assert found.left_out == {"photos": 2, "sounds": 1, "places": 1, "weather": 1}


def test_an_entry_of_pictures_alone_does_not_stop_the_others() -> None:
    """An entry without words is told as refused, and keeps nothing else out."""
    bare = {key: value for key, value in ONE.items() if key != "text"} | {"photos": [{"identifier": "AB", "md5": "x"}]}
    found = read("dayone", journal(bare, ONE))
    (refusal,) = found.refusals
    assert (refusal.why, refusal.stops) == ("it holds no words, only photos", False)
    assert len(found.entries) == 1


def test_words_that_stand_only_in_rich_text() -> None:
    """An entry whose plain words are missing is read from its rich text."""
    rich = json.dumps({"contents": [{"text": "Said "}, {"embeddedObjects": []}, {"text": "richly."}]})
    bare = {key: value for key, value in ONE.items() if key != "text"} | {"richText": rich}
    assert read("dayone", journal(bare)).texts == ["Said richly."]


def test_a_whole_day() -> None:
    """An all-day entry has the day for its precision."""
    (entry,) = read("dayone", journal(ONE | {"isAllDay": True})).entries
    assert (entry.happened_at, entry.precision) == ("2026-07-11T12:00:00+01:00", "day")


def test_a_zone_that_is_not_known_here() -> None:
    """An entry of a zone without rules here is put into the one that was asked for, and it is told."""
    found = read("dayone", journal(ONE | {"timeZone": "Mars/Olympus"}), zone="Asia/Tokyo")
    assert found.entries[0].happened_at == "2026-07-11T08:22:12+09:00"
    assert found.left_out == {"names of time zones that are not known here": 1}


def test_several_journals_in_one_archive() -> None:
    """Where there are several journals, each entry has its journal's name as a tag, and it is told."""
    found = read("dayone", {"Work.json": journal(ONE), "Home life.json": journal(ONE | {"uuid": "B" * 32})})
    assert [each.tags[-1] for each in found.entries] == ["work", "two words"]
    assert "home life" in found.entries[1].tags
    assert "several journals" in found.remarks[0]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"creationDate": "2026-02-30T10:00:00Z"}, "creationDate"),
        ({"creationDate": "9999-12-31T23:59:59Z"}, "years go from"),
        ({"creationDate": 1e20}, "creationDate"),
        ({"tags": "work"}, "tags"),
        ({"photos": [7]}, "photos.0"),
        ({"uuid": "half"}, "half a letter"),
        ({"uuid": "\0"}, "NUL"),
        ({"uuid": "A" * 501}, "longer"),
    ],
)
def test_a_bad_entry_is_named(changed: dict[str, Any], why: str) -> None:
    """A date that is none, or a field of another kind, is refused with its line (Row 29)."""
    (refusal,) = read("dayone", journal(ONE | changed).replace('"half"', '"\\ud800"')).refusals
    assert why in refusal.why
    assert refusal.line == 1


def plist(**changed: Any) -> bytes:
    """Return an entry of Day One Classic."""
    fields = {
        "Creation Date": datetime.fromisoformat("2014-06-01T22:30:00"),
        "Creator": {"Device Agent": "Macintosh"},
        "Entry Text": "Classic words. 1\\. stays",
        "Starred": True,
        "Tags": ["old"],
        "Time Zone": "Europe/Paris",
        "UUID": "FF00",
    }
    return plistlib.dumps({key: value for key, value in (fields | changed).items() if value is not None})


def test_day_one_classic() -> None:
    """A .doentry is read: UTC by its own zone, words as they are, the id as its key."""
    (found,) = read("dayone", {"entries/FF00.doentry": plist(Location={"Place Name": "x"})}).arrivals
    entry = found.whole.entry
    assert (entry.text, entry.happened_at) == ("Classic words. 1\\. stays", "2014-06-02T00:30:00+02:00")
    assert (entry.tags, found.key, found.named) == (("old", "starred"), "FF00", True)


@pytest.mark.parametrize(
    "content",
    [
        plist(**{"Creation Date": None}),
        plist(**{"Entry Text": 7}),
        b"not xml",
        b"<key>x</key>",
        b"<?xml version='1.0' encoding='none'?><plist/>",
        b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><plist><dict/></plist>",
    ],
)
def test_a_bad_classic_entry_is_refused(content: bytes) -> None:
    """A property list that is none, or lacks its date, is refused with its file; entities are never expanded."""
    (refusal,) = read("dayone", {"entries/X.doentry": content}).refusals
    assert refusal.file == "entries/X.doentry"
    assert refusal.stops
