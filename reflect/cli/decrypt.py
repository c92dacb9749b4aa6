"""`reflect decrypt`: the journal without a passphrase again."""

from __future__ import annotations

from typing import Annotated

import typer

from reflect.cli import keyboard, options
from reflect.cli.desk import at_a_terminal, desk
from reflect.errors import Refused, Usage

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def decrypt(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be decrypted.")] = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Keep the journal without a passphrase again; its copies and drafts, too.

    Whoever can open the files can read them then. The keyring forgets the key.

    Examples:

    reflect decrypt

    reflect decrypt --yes
    """
    from reflect import locking
    from reflect.cli.encrypt import tell, tell_outlook

    here = desk(ctx)
    if not locking.may_be_decrypted(here.places):
        raise Refused("the journal is not encrypted", next_step="`reflect encrypt` encrypts it")
    with here.open():
        pass
    if dry_run:
        tell_outlook(here, locking.outlook(here.places), "be decrypted", as_json=as_json)
        return
    if not yes:
        if not at_a_terminal():
            raise Usage("a plain journal can be read by others, and nobody is here to confirm", next_step="add --yes")
        if not keyboard.agreed("Whoever can open the file can read it then. Decrypt it?"):
            here.screen.line("Nothing was changed.")
            return
    tell(here, locking.decrypt(here.places), "Decrypted", as_json=as_json, fields={"encrypted": False})
