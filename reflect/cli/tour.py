"""`reflect tour`: the main job on sample people, in a home that is thrown away."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from reflect import config
from reflect.cli.desk import Desk, desk
from reflect.errors import Refused
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)

WHO = "amara"
WORDS = (
    "Sat next to Len at the hub today. He had counted the people round the table who were paid to be there:"
    " nine of eleven. He was not angry, he just said the number. I want to bring it up, and not as his number."
)
STEPS = (
    ("A question for after a meeting, from the bank", ("ask", "--occasion", "after-meeting"), ""),
    (
        "An entry, straight from a pipe so that no shell remembers it",
        ("write", "-", "--about", "Hub steering group"),
        WORDS,
    ),
    ("What was written before about pay", ("search", "paid", "OR", "unpaid", "-n", "3"), ""),
    (
        "The quarter, rolled up by theme in the writer's own words",
        ("summary", "--from", "1/8/2026", "--to", "31/10/2026"),
        "",
    ),
)


@app.command()
def tour(
    ctx: typer.Context,
    homes: Annotated[
        str, typer.Option("--homes", metavar="FOLDER", help="Only lay out the sample people's homes in a new folder.")
    ] = "",
) -> None:
    """See the main job on sample people, in under a minute; nothing of yours is touched.

    Examples:

    reflect tour

    reflect --plain tour
    """
    here = desk(ctx)
    if homes:
        _lay_out(here, Path(homes).resolve())
        return
    with tempfile.TemporaryDirectory(prefix="reflect-tour-") as folder:
        _lead(here, Path(folder))


def _lay_out(here: Desk, folder: Path) -> None:
    """Give each sample person a home to try things with; a folder that is there already is left alone."""
    from reflect import sample

    if folder.exists():
        raise Refused(f"{folder} is there already", next_step="name a new folder")
    config.private_folder(folder)
    names = sample.homes(folder)
    here.screen.line(f"Homes of {', '.join(names)} in {folder}. For one of them: REFLECT_HOME={folder}/{names[0]}")


def _lead(here: Desk, home: Path) -> None:
    from reflect import sample

    people = sample.people()
    written = sum(
        sample.fill(config.Places(home, home / "journals" / name), name, person) for name, person in people.items()
    )
    screen = here.screen
    screen.line((f"{len(people)} people who do not exist wrote {many(written, 'entry')} over six months.", "bold"))
    for person in people.values():
        screen.line(f"  {person.person.name}, {person.person.about}")
    environment = os.environ | {
        "REFLECT_HOME": str(home),
        "REFLECT_NOW": sample.ENDS.isoformat(),
        "REFLECT_SEED": "tour",
    }
    for title, command, words in STEPS:
        screen.heading(title)
        screen.line((f"$ reflect {shlex.join(command)}", "dim"))
        sys.stdout.flush()
        options = ["--journal", WHO, *(["--plain"] if screen.plain else [])]
        subprocess.run(  # noqa: S603 - our own program with our own words
            [sys.executable, "-m", "reflect", *options, *command], env=environment, input=words, text=True, check=True
        )
    screen.gap()
    screen.line(("That was all of it, and it is gone again. Your own first entry: reflect write", "bold"))
