"""A made-up group of any size, the same every time but for its key and seals: people, what they shared, sealed.

Words come from the passages that teach the suggester (`prompts/passages`): each word is
one that follows the last one somewhere in a theme's passages, so that themes have words
of their own, no two passages are alike, and sentences end where sentences do.
"""

from __future__ import annotations

import random
import shutil
import tomllib
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from benchmarks.journals import NOW, OUT, SEED
from reflect import config, group
from reflect.exchange import letters, seal
from reflect.group import Group
from reflect.journal import Journal
from reflect.store import migrations

NAME = "Hub partners"
PASSAGES = Path(__file__).parent.parent / "prompts" / "passages"
SITES = tuple(f"Site {letter}" for letter in "ABCDEFGH")
OCCASIONS = ("after-meeting", "check-in", "funding-decision", "")
STANCES, _STANCE_SHARES = ("", "gain", "loss", "differs"), (86, 6, 5, 3)
LEVELS, _LEVEL_SHARES = ("verbatim", "reworded", "theme"), (80, 15, 5)
NOT_PLACED = 0.02
"""How many contributions stand under no theme."""

_TWO_THEMES = 0.25
_ASKED = 0.4
_LENGTH = 415
_WEEKS = 156
_AGREEMENT: dict[str, object] = {
    "name": NAME,
    "purpose": "to find out how decisions can be shared",
    "audience": "everybody who took part",
    "keeper": "Dilys",
    "responder": "Femi",
    "respond_by": "2026-12-15",
    "cost": "an hour",
    "fewest": 5,
    "sites": SITES,
    "glossary": {"INT": "Integrated Neighbourhood Team", "rota": "who is there when"},
    "contribute_until": "",
    "erase_on": "2027-12-31",
}


def made(people: int, contributions: int) -> Path:
    """Return a folder with a keeper's home, the group empty, and a folder of shares; made once and kept under `out`."""
    folder = OUT / f"group-{people}-{contributions}-{_recipe():08x}"
    if not folder.exists():
        for older in OUT.glob(f"group-{people}-{contributions}-*"):
            shutil.rmtree(older)
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        fill(part, people, contributions)
        part.rename(folder)
    return folder


def fill(folder: Path, people: int, contributions: int) -> None:
    """Lay out a keeper's home with an empty group, and write what its people shared as sealed files."""
    home = folder / "reflect"
    config.private_folder(folder)
    config.private_folder(home)
    now = datetime.fromisoformat(NOW)
    with Journal(config.Places(home, home), now, seed="bench") as journal:
        journal.first_time("greeted")
        themes = [theme.id for theme in journal.themes]
        asked = [{"id": prompt.id, "text": prompt.text} for prompt in journal.prompts()]
    found, _ = group.found(home, now, _AGREEMENT)
    config.private_folder(folder / "shares")
    with found:
        keys = found.invitation.keys
        for at, share in enumerate(shared(found.invitation.group, people, contributions, themes, asked)):
            (folder / "shares" / f"share-{at:05}.age").write_bytes(seal.seal(letters.write(share), keys))


def empty(people: int, contributions: int, name: str) -> Path:
    """Return a fresh copy of a keeper's home whose group has gathered nothing yet."""
    copy = OUT / f"work-{name}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(made(people, contributions) / "reflect", copy / "reflect")
    return copy / "reflect"


def gathered(people: int, contributions: int, name: str) -> Path:
    """Return a fresh copy of a keeper's home whose group holds all that was shared."""
    home = empty(people, contributions, name)
    files = [(path.name, path.read_bytes()) for path in shares(people, contributions)]
    with opened(home) as kept:
        taken = kept.gather(files, lambda: "")
    assert taken.files == len(files), taken
    return home


def shares(people: int, contributions: int) -> list[Path]:
    """Return the files that a group's people shared."""
    return sorted((made(people, contributions) / "shares").iterdir())


def opened(home: Path) -> Group:
    """Return the group kept in a home."""
    return group.named(home, datetime.fromisoformat(NOW), NAME)


def file_of(home: Path) -> Path:
    """Return the file of the group kept in a home."""
    return next((home / "groups").glob("*/group.db"))


def key_of(home: Path) -> Path:
    """Return the file with the secret key of the group kept in a home."""
    return next((home / "groups").glob("*/key.secret"))


def shared(
    group_id: str, people: int, contributions: int, themes: Sequence[str], asked: Sequence[Mapping[str, str]]
) -> Iterator[letters.Share]:
    """Yield one share a person: some gave a few contributions, some very many."""
    chance = random.Random(SEED)
    writer = _Writer(chance, themes)
    for site, many in zip(_sites(chance, people), _how_many(chance, people, contributions), strict=True):
        yield letters.Share(
            group=group_id,
            contributor=_id(chance),
            sequence=1,
            site=site,
            contributions=tuple(
                letters.Contribution.model_validate(_contribution(chance, writer, themes, asked)) for _ in range(many)
            ),
            withdrawn=(_id(chance),) if chance.random() < 0.02 else (),
        )


def _sites(chance: random.Random, people: int) -> list[str]:
    return [chance.choice(SITES) for _ in range(people)]


def _how_many(chance: random.Random, people: int, contributions: int) -> list[int]:
    """Return how many each person gave: at least one, and all together exactly so many."""
    eager = list(accumulate(chance.lognormvariate(0, 1) for _ in range(people)))
    ends = [round(each / eager[-1] * (contributions - people)) for each in eager]
    return [1 + after - before for before, after in pairwise([0, *ends])]


def _contribution(
    chance: random.Random, writer: _Writer, themes: Sequence[str], asked: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Return one contribution; early themes of the codebook are chosen more often than late ones."""
    placed = _placed(chance, themes)
    level = chance.choices(LEVELS, _LEVEL_SHARES)[0] if placed else "verbatim"
    said = level != "theme"
    week = date.fromisoformat(NOW[:10]) - timedelta(weeks=chance.randrange(_WEEKS))
    year, number, _ = week.isocalendar()
    return {
        "id": _id(chance),
        "audience": "group",
        "level": level,
        "words": writer.passage(placed) if said else "",
        "themes": placed,
        "prompt": chance.choice(asked) if said and chance.random() < _ASKED else None,
        "occasion": chance.choice(OCCASIONS) if said else "",
        "week": f"{year}-W{number:02}",
        "stance": chance.choices(STANCES, _STANCE_SHARES)[0],
        "leads_to": "we wrote to the board" if said and chance.random() < 0.08 else "",
        "alone_ok": chance.random() < 0.3,
        "attribution": "a neighbour" if said and chance.random() < 0.1 else "",
    }


def _placed(chance: random.Random, themes: Sequence[str]) -> tuple[str, ...]:
    if chance.random() < NOT_PLACED:
        return ()
    weights = [1 / (at + 3) for at in range(len(themes))]
    found = chance.choices(themes, weights, k=2 if chance.random() < _TWO_THEMES else 1)
    return tuple(dict.fromkeys(found))


class _Writer:
    """Writes passages whose every word follows the last one somewhere in a theme's own passages."""

    def __init__(self, chance: random.Random, themes: Sequence[str]) -> None:
        self._chance = chance
        self._after: dict[str, dict[str, list[str]]] = {theme: defaultdict(list) for theme in themes}
        for path in sorted(PASSAGES.glob("*.toml")):
            for each in tomllib.loads(path.read_text(encoding="utf-8"))["passage"]:
                words = each["text"].split()
                for theme in each["themes"]:
                    after = self._after[theme]
                    for word, following in pairwise(["", *words]):
                        after["" if word.endswith((".", "!", "?")) else word].append(following)
        self._themes = list(themes)

    def passage(self, themes: Sequence[str]) -> str:
        """Return whole sentences on a theme, all together about as long as a journal's entry."""
        after = self._after[self._chance.choice(themes or self._themes)]
        length = max(60.0, self._chance.gauss(_LENGTH, _LENGTH / 3))
        pick = self._chance.random
        found: list[str] = []
        so_far, word = 0, ""
        while so_far < length or word:
            follow = after.get(word) or after[""]
            word = follow[int(pick() * len(follow))]
            found.append(word)
            so_far += len(word) + 1
            word = "" if word.endswith((".", "!", "?")) or so_far > 2 * length else word
        return " ".join(found)


def _id(chance: random.Random) -> str:
    return f"{chance.getrandbits(128):032x}"


def _recipe() -> int:
    """Return a checksum of what decides how a group is made, so that an old one is not taken for it."""
    made_by = (Path(__file__), Path(migrations.__file__), Path(letters.__file__), *sorted(PASSAGES.glob("*.toml")))
    return zlib.crc32(b"".join(path.read_bytes() for path in made_by))
