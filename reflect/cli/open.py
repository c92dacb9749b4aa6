"""`reflect open`: recognise a file that came, and say what can be done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reflect import dates
from reflect import group as groups
from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.cli.group import contents, show_invitation
from reflect.cli.secret import PassphraseFile, passphrase
from reflect.consent import Consent, invitation_of
from reflect.errors import Refused
from reflect.exchange import letters, seal
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command("open")
def open_file(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file you were sent.")],
    passphrase_file: PassphraseFile = "",
    as_json: options.Json = False,
) -> None:
    """Recognise a file that came: an invitation, a draft, an answer.

    It says what can be done with the file. A group that was handed over to you is
    taken in with it, too.

    Examples:

    reflect open invitation.json

    reflect open answer.json
    """
    here = desk(ctx)
    content = contents(file, groups.LARGEST)
    if seal.is_sealed(content):
        _open_sealed(here, file, content, passphrase_file)
        return
    letter = letters.read(content, file.name)
    if isinstance(letter, letters.Answer):
        _open_answer(here, letter, as_json=as_json)
    elif isinstance(letter, letters.Invitation):
        if as_json:
            here.screen.json(letter.model_dump(mode="json"))
            return
        joined = _accepted(here, letter)
        show_invitation(here, letter, *joined)
        verb = "To take it over" if joined else "To join"
        here.screen.line(f"{verb}: reflect group join {file}")
    else:
        raise Refused(f"{file.name} is a share that is not sealed", why="it was not made by `reflect share`")


def _accepted(here: Desk, letter: letters.Invitation) -> list[letters.Invitation]:
    """Return the invitation to this group that was accepted before, if there was one."""
    if not here.places.database.exists():
        return []
    with here.open() as journal:
        return [invitation_of(each) for each in Consent(journal).memberships() if each.reader == letter.group]


def _open_answer(here: Desk, letter: letters.Answer, *, as_json: bool) -> None:
    with here.open() as journal:
        came = Consent(journal).keep(letter)
    if as_json:
        here.screen.json(letter.model_dump(mode="json") | {"mine": came.mine})
        return
    screen = here.screen
    screen.line((f"{came.group}: {letter.kind} summary of {dates.in_words(letter.made_on)}", "bold"))
    screen.words(letter.summary, indent="")
    for each in letter.answers:
        screen.line(f"{each.point}: {each.outcome}. {each.reply}")
    screen.gap()
    screen.line(f"It quotes {many(came.mine, 'passage')} of yours. Kept: `reflect shared` shows it.")
    if letter.kind == "draft" and letter.comment_by:
        screen.line(
            f"Until {dates.in_words(letter.comment_by)} you can say something to it: reflect share --comment TEXT"
        )


def _open_sealed(here: Desk, file: Path, content: bytes, passphrase_file: str) -> None:
    if not seal.is_under_a_passphrase(content):
        here.screen.line(
            f"{file.name} is a share, sealed for its group. Its keeper opens it: reflect group gather {file}"
        )
        return
    ask = passphrase(passphrase_file, "the file", "The file's passphrase: ")
    invitation = groups.take_over(here.places.home, here.now, content, ask(), file.name)
    here.screen.line("You keep ", (invitation.name, "bold"), " now. Send the group its new invitation:")
    here.screen.line(f"  reflect group invitation --group {invitation.group} -o FILE")
