"""`reflect encrypt`: the journal under a passphrase, with its copies and drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.cli.secret import NewPassphraseFile
from reflect.errors import Busy
from reflect.summary.say import many

if TYPE_CHECKING:
    from reflect import locking

app = typer.Typer(rich_markup_mode=None, add_completion=False)

WARNING = "Nobody can bring your words back without the passphrase: keep it on paper, too, in a safe place."


@app.command()
def encrypt(
    ctx: typer.Context,
    passphrase_file: NewPassphraseFile = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be encrypted.")] = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Encrypt the journal under a passphrase, and all of its copies and drafts that can be reached.

    The passphrase is typed twice and is kept nowhere, unless `reflect passphrase keep` asks
    your system's keyring to. A new file is written and checked before it takes the old one's
    place, whose bytes are then overwritten. It can't reach what others copied before: a sync
    service, a system backup, an exported file.

    Examples:

    reflect encrypt

    reflect encrypt --dry-run
    """
    from reflect import locking, unlocking
    from reflect.cli import secret
    from reflect.store import engine

    here = desk(ctx)
    engine.sqlcipher()
    with here.open():
        pass  # it is there, and in the present format
    unfinished = locking.is_encrypted(here.places)
    found = locking.outlook(here.places)
    if dry_run:
        tell_outlook(here, found, "be encrypted", as_json=as_json)
        return
    passphrase = ""
    if not unfinished:
        here.screen.aside(WARNING)
        passphrase = secret.chosen(passphrase_file, "A passphrase, such as six words: ", yes=yes)
        for hint in secret.hints(passphrase):
            here.screen.aside(hint)
        unlocking.checked(passphrase)
    done = locking.encrypt(here.places, passphrase)
    tell(here, done, "Encrypted", as_json=as_json, fields={"encrypted": True, "was_encrypted": unfinished})


def tell_outlook(here: Desk, found: locking.Outlook, what: str, *, as_json: bool) -> None:
    """Say what would be written anew, and what can't be."""
    if as_json:
        here.screen.json({"copies": [str(path) for path in found.copies], "drafts": found.drafts, "stays": found.stays})
        return
    here.screen.line(f"Would {what}: the journal, {many(len(found.copies), 'copy')}, {many(found.drafts, 'draft')}.")
    for each in found.stays:
        here.screen.line(f"Would stay as it is: {each}.")
    here.screen.line("Nothing was changed.")


def tell(here: Desk, done: locking.Done, what: str, *, as_json: bool, fields: dict[str, object]) -> None:
    """Say what was written anew; what could not be is an unfinished end."""
    if as_json:
        here.screen.json(fields | {"copies": done.copies, "drafts": done.drafts, "stays": done.stays})
    else:
        also = [many(number, name) for number, name in ((done.copies, "copy"), (done.drafts, "draft")) if number]
        here.screen.line(f"{what} the journal{', ' if also else ''}{' and '.join(also)}, and checked.")
    if done.stays:
        raise Busy(
            "not everything could be reached",
            where="; ".join(done.stays),
            next_step="take out what you need with `reflect restore` or `reflect recover`, then delete these;"
            " `reflect backup --forget FILE` for what is no more",
            changed="The journal itself is done.",
        )
