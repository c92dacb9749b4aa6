"""Made-up journals of any size, the same every time: three years of entries of about 415 letters and 1.8 tags.

`meeting` stands in 55 % of the entries, `ledger` in 1 % and `kingfisher` in 0.1 %, so that
a search can be timed for a common, an uncommon and a rare word.
"""

from __future__ import annotations

import random
import shutil
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reflect import config
from reflect.journal import Journal
from reflect.models import Asked, Entry, Prompt, Suggestion
from reflect.store import engine, entries, migrations

OUT = Path(__file__).parent / "out"
NOW = "2026-11-20T16:00:00+00:00"
SEED = 2026
SHARES = {"meeting": 0.55, "ledger": 0.01, "kingfisher": 0.001}
"""In how many of the entries these words stand."""

_LENGTH = 415
_YEARS = 3
_VOCABULARY = 6_500
_SMALL_WORDS = """
    the of and to a we in that it was for they with as had on not but at said be this from our were by or have
    them about what is so would their all one who when there if more out up which no could how do did time other
    some people who felt asked after need should because
""".split()
_SYLLABLES = """
    ba be bo ca co da de di do fa fe fo ga ge ha he ho ka ke ki la le li lo ma me mi mo na ne no pa pe po ra re ri
    ro sa se si so ta te ti to va ve wa we win ter lan der mon ral ton ver sen tal ker din gal mer per tan
""".split()
TAGS = [f"{first}-{second}" for first in ("board", "visit", "call", "review") for second in "abcdefghij"]
TAG_COUNTS = (1, 1, 2, 2, 3)  # 1.8 on average


def made(size: int) -> Path:
    """Return a home whose journal has this many entries; made once and kept under `out`."""
    home = OUT / f"{size}-{_recipe():08x}"
    if not home.exists():
        for older in OUT.glob(f"{size}-*"):
            shutil.rmtree(older)
        part = home.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        config.private_folder(part)
        fill(part, size)
        part.rename(home)
    return home


def copied(size: int, name: str) -> Path:
    """Return a fresh copy of the home of this size, for runs that write."""
    copy = OUT / f"work-{name}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(made(size), copy / "reflect")
    return copy / "reflect"


def forget_copies() -> None:
    """Remove the copies that runs wrote to; the journals they were made from stay."""
    for copy in OUT.glob("work-*"):
        shutil.rmtree(copy)


def fill(home: Path, size: int) -> None:
    """Write a journal of this many entries through the store, in one transaction."""
    places = config.Places(home, home)
    with Journal(places, datetime.fromisoformat(NOW), seed="bench") as journal:
        journal.first_time("greeted")
        prompts, themes = journal.prompts(), [theme.id for theme in journal.themes]
    db = engine.connect(places.database)
    with engine.write(db, places.database):
        for entry, prompt_theme, author_themes, suggestions in generated(size, prompts, themes):
            entries.add(
                db,
                entry,
                author_themes=author_themes,
                prompt_theme=prompt_theme,
                suggestions=suggestions,
                suggester="generated",
            )
        entries.rebuild_index(db)
    db.close()


def generated(
    size: int, prompts: Sequence[Prompt], themes: Sequence[str]
) -> Iterator[tuple[Entry, str, tuple[str, ...], list[Suggestion]]]:
    """Yield entries, oldest first, each with its question's theme, its author's themes and the suggested ones."""
    chance = random.Random(SEED)
    writer = Writer(chance)
    last = datetime.fromisoformat(NOW).astimezone(UTC) - timedelta(hours=1)
    first = last - timedelta(days=365 * _YEARS)
    step = (last - first) / size
    numbers: set[int] = set()
    for at in range(size):
        number = chance.getrandbits(40)
        while number in numbers:
            number = chance.getrandbits(40)
        numbers.add(number)
        text = writer.entry()
        prompt = chance.choice(prompts) if chance.random() < 0.5 else None
        happened = (first + step * at).isoformat(timespec="seconds")
        entry = Entry(
            id=number,
            version=1,
            text=text,
            asked=Asked(prompt.id, prompt.text, prompt.parts, None) if prompt else None,
            about=chance.choice(("Board", "Team day", "Site visit", "")),
            occasion="",
            happened_at=happened,
            precision="minute",
            written_at=happened,
            zone="Europe/London",
            tags=tuple(chance.sample(TAGS, chance.choice(TAG_COUNTS))),
            themes=(),
        )
        author = (chance.choice(themes),) if chance.random() < 0.1 else ()
        yield entry, prompt.theme if prompt else "", author, _suggestions(chance, text, themes)


def _suggestions(chance: random.Random, text: str, themes: Sequence[str]) -> list[Suggestion]:
    """Return up to two suggestions, each with a word of the text as its cue; every third entry has none."""
    found = []
    for theme in chance.sample(themes, chance.choice((0, 1, 2))):
        start = text.index(" ") + 1
        end = text.index(" ", start)
        found.append(Suggestion(theme, text[start:end], start, end))
    return found


class Writer:
    """Writes sentences of made-up words, frequent ones often and rare ones rarely."""

    def __init__(self, chance: random.Random) -> None:
        """Make up the words."""
        self._chance = chance
        content = [_word(chance) for _ in range(_VOCABULARY - len(_SMALL_WORDS))]
        self._words = _SMALL_WORDS + content
        small = [6.0 / (rank + 2) for rank in range(len(_SMALL_WORDS))]
        weights = small + [1.6 / (rank + 20) for rank in range(len(content))]
        total = 0.0
        self._cumulative = [total := total + weight for weight in weights]

    def entry(self) -> str:
        """Return one entry of two paragraphs."""
        chance = self._chance
        special = [word for word, share in SHARES.items() if chance.random() < share]
        length = chance.gauss(_LENGTH, _LENGTH / 4)
        sentences: list[str] = []
        while sum(map(len, sentences)) + len(sentences) < length - 30:
            words = chance.choices(self._words, cum_weights=self._cumulative, k=chance.randint(6, 16))
            if special:
                words.insert(len(words) // 2, special.pop())
            sentences.append(" ".join(words).capitalize() + ".")
        if special or not sentences:
            sentences.append(f"Something about {' and '.join(special) or 'it'}.")
        half = len(sentences) // 2
        return " ".join(sentences[:half]) + "\n\n" * bool(half) + " ".join(sentences[half:])


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 4))))


def _recipe() -> int:
    """Return a checksum of what decides how a journal is made, so that an old one is not taken for it."""
    made_by = (Path(__file__), Path(migrations.__file__), Path(entries.__file__))
    return zlib.crc32(b"".join(path.read_bytes() for path in made_by))
