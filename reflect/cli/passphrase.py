"""`reflect passphrase`: another one, or have the system's keyring keep it."""

from __future__ import annotations

import typer

from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.cli.secret import NewPassphraseFile
from reflect.errors import Refused, WrongKey

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=False)


@app.callback(invoke_without_command=True)
def passphrase(ctx: typer.Context) -> None:
    """Change the passphrase, or have the system's keyring keep it.

    Alone it says whether the journal is encrypted and where its key is kept.

    Examples:

    reflect passphrase

    reflect passphrase change
    """
    if ctx.invoked_subcommand:
        return
    from reflect import locking, unlocking

    here = desk(ctx)
    if not locking.is_encrypted(here.places):
        here.screen.line("The journal is not encrypted. To encrypt it: reflect encrypt")
    elif unlocking.is_kept(here.places.journal):
        here.screen.line("The journal is encrypted, and the system's keyring keeps its key.")
        here.screen.line("To end that: reflect passphrase forget")
    else:
        here.screen.line("The journal is encrypted, and its passphrase is kept nowhere.")
        here.screen.line("To have the system's keyring keep it: reflect passphrase keep")


@app.command()
def change(
    ctx: typer.Context,
    passphrase_file: NewPassphraseFile = "",
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Put the journal, its copies and its drafts under another passphrase.

    The old passphrase still opens every copy that is out of reach: one on a stick that is
    not here, in a sync service's history, in a system backup.

    Examples:

    reflect passphrase change

    reflect passphrase change --new-passphrase-file words.txt
    """
    from reflect import locking
    from reflect.cli import secret
    from reflect.cli.encrypt import WARNING, tell

    here = _opened(ctx)
    here.screen.aside(WARNING)
    new = secret.chosen(passphrase_file, "The new passphrase: ", yes=yes)
    for hint in secret.hints(new):
        here.screen.aside(hint)
    tell(here, locking.change(here.places, new), "Changed the passphrase of", as_json=as_json, fields={"changed": True})


@app.command()
def keep(ctx: typer.Context, as_json: options.Json = False) -> None:
    """Have the system's keyring keep the key, so that nobody types it.

    Whoever sits at your unlocked computer can then read the journal. The keyring is only
    a second place: remember the passphrase, for the day the keyring is gone.

    Examples:

    reflect passphrase keep

    reflect passphrase keep --json
    """
    from reflect import locking, unlocking
    from reflect.store import cipher

    here = _opened(ctx)
    words = cipher.passphrase()
    if not words:
        if not unlocking.somebody_is_here():
            raise WrongKey("the keyring keeps it already", next_step="`reflect passphrase forget` ends it")
        words = unlocking.ask("Passphrase: ")
        key = cipher.derive(words, locking.salt(here.places))
        if not cipher.fits(here.places.database, key):
            raise WrongKey("the passphrase does not open the journal", next_step="try again")
    locking.keep_key(here.places, words)
    if as_json:
        here.screen.json({"kept": True})
    else:
        here.screen.line("The system's keyring keeps the key. Remember the passphrase all the same.")


@app.command()
def forget(ctx: typer.Context, as_json: options.Json = False) -> None:
    """Have the keyring forget the key; the passphrase is typed again.

    Examples:

    reflect passphrase forget

    reflect passphrase forget --json
    """
    from reflect import locking

    here = desk(ctx)
    was_kept = locking.forget_key(here.places)
    if as_json:
        here.screen.json({"kept": False, "was_kept": was_kept})
    else:
        said = "The keyring has forgotten the key." if was_kept else "The keyring was never asked to keep it."
        here.screen.line(said)


def _opened(ctx: typer.Context) -> Desk:
    """Return the desk of an encrypted journal that opens."""
    from reflect import locking

    here = desk(ctx)
    if not locking.is_encrypted(here.places):
        raise Refused("the journal is not encrypted", next_step="`reflect encrypt` encrypts it")
    with here.open():
        pass
    return here
