"""`reflect restore`: a copy that comes back, or what it has more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reflect.cli import keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.errors import Refused, Usage

if TYPE_CHECKING:
    from reflect import rescue

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The copy: a file, or part of a name in backups.")],
    merge: Annotated[
        bool, typer.Option("--merge", help="Keep the journal and take in what the copy has more.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")] = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Bring a copy back, or take in what it has more.

    The copy is checked first and never changed. The present journal is kept among our
    copies. What was erased or withdrawn since the copy was made stays erased and withdrawn.

    Examples:

    reflect restore 2026-11-20

    reflect restore "journal (conflicted copy).db" --merge
    """
    from reflect import rescue

    here = desk(ctx)
    with rescue.Return(rescue.copy_named(here.places, file), here.places, here.now) as coming:
        outlook = coming.outlook
        if outlook.here is None:
            merge = False  # there is nothing to merge with
        if not as_json:
            _show(here, outlook, merge=merge)
        if dry_run:
            _finish(here, {"restored": False, **_fields(outlook)}, "Nothing was changed.", as_json=as_json)
            return
        if not yes:
            _agree(here, outlook, merge=merge)
        if merge:
            found = coming.merge()
            _finish(
                here,
                {
                    "merged": True,
                    "added": len(found.entries),
                    "newer": len(found.newer),
                    "mended": len(found.mended),
                    "both": rescue.ids_of(found.both),
                },
                _merged(found),
                as_json=as_json,
            )
            return
        done = coming.replace()
    kept = f" What was there before is kept: {done.kept.name}." if done.kept else ""
    _finish(
        here,
        {"restored": True, **_fields(outlook), "kept": str(done.kept) if done.kept else None},
        f"Restored {_entries(done.entries)}.{kept}",
        as_json=as_json,
    )


def _fields(outlook: rescue.Outlook) -> dict[str, object]:
    return {
        "copy": str(outlook.copy.path),
        "entries": outlook.copy.entries,
        "entries_here": outlook.here,
        "only_here": len(outlook.only_here),
        "only_there": len(outlook.only_there),
        "differing": len(outlook.differing),
        "stay_erased": outlook.stay_erased,
        "stay_withdrawn": outlook.stay_withdrawn,
    }


def _show(here: Desk, outlook: rescue.Outlook, *, merge: bool) -> None:
    say = here.screen.line
    say(f"{outlook.copy.path} is whole.")
    say(f"In the copy: {_entries(outlook.copy.entries)}.")
    if outlook.here is None:
        say("Here: no journal that can be read.")
    else:
        say(f"Here: {_entries(outlook.here)}.")
    for what, many in (
        ("Only in the copy", outlook.only_there),
        ("Only here", outlook.only_here),
        ("With other words here", outlook.differing),
    ):
        if many and outlook.here is not None:
            say(f"{what}: {_entries(len(many))}.")
    if outlook.stay_erased:
        say(f"Erased since, and stays so: {_entries(outlook.stay_erased)}.")
    if outlook.stay_withdrawn:
        say(f"Permissions that do not hold any more, and stay so: {outlook.stay_withdrawn:,}.")
    if merge and outlook.erased_there:
        say(f"Erased there, and would be erased here, too: {_entries(outlook.erased_there)}.")


def _agree(here: Desk, outlook: rescue.Outlook, *, merge: bool) -> None:
    """Go on only when the person agrees, or when nothing here can be missed."""
    missed = not merge and (outlook.only_here or outlook.differing)
    if at_a_terminal():
        question = "Take in what it has more?" if merge else "Let it take the journal's place? What is here is kept."
        if keyboard.agreed(question):
            return
        here.screen.line("Nothing was changed.")
        raise typer.Exit
    if missed:
        raise Refused(
            "the journal here has what the copy has not",
            why=f"only here {_entries(len(outlook.only_here))}, with other words {len(outlook.differing):,}",
            next_step="add --merge to keep both, or --yes to go back to the copy; the journal here is then kept beside",
        )
    raise Usage("a copy would change the journal, and nobody is here to confirm", next_step="add --yes")


def _merged(found: rescue.Merged) -> str:
    from reflect import rescue

    said = [f"Took in {_entries(len(found.entries))}"]
    if found.newer:
        said.append(f"newer words of {len(found.newer):,}")
    if found.mended:
        said.append(f"the words of {len(found.mended):,} that were damaged here")
    text = ", ".join(said) + ". The copy is left as it is."
    if found.both:
        text += (
            f" Changed in both, and both wordings are in the history of: {rescue.shown(found.both)}."
            " `reflect history ID` shows them."
        )
    return text


def _entries(many: int) -> str:
    return f"{many:,} {'entry' if many == 1 else 'entries'}"


def _finish(here: Desk, fields: dict[str, object], text: str, *, as_json: bool) -> None:
    if as_json:
        here.screen.json(fields)
    else:
        here.screen.line(text)
