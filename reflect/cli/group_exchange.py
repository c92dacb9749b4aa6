"""What of a group other programs can take and give: `reflect group codebook` and `reflect group export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reflect import group as groups
from reflect import publish
from reflect.cli import options
from reflect.cli.desk import desk
from reflect.cli.progress import summing_up
from reflect.cli.together import AUDIENCES
from reflect.errors import NotFound, Refused, Usage
from reflect.exchange import refi_qda
from reflect.files import write_private
from reflect.store.groups import CodebookChange
from reflect.summary.say import many
from reflect.summary.together import Wanted

codebook = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Name = Annotated[str, typer.Option("--group", "-g", metavar="NAME", help="The group; left out, the only one here.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file.")]

BROUGHT_IN = "brought in from a REFI-QDA codebook"


@codebook.callback()
def group_codebook() -> None:
    """Take the group's themes to other programs, or bring some.

    They travel as a REFI-QDA codebook, which programs for qualitative analysis read.

    Examples:

    reflect group codebook export themes.qdc

    reflect group codebook import themes.qdc --dry-run
    """


@codebook.command("export")
def export_codebook(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.qdc", help="The new file.")],
    name: Name = "",
    force: Force = False,
) -> None:
    """Write the group's themes as a REFI-QDA codebook.

    Examples:

    reflect group codebook export themes.qdc

    reflect group codebook export themes.qdc --group "Hub partners" --force
    """
    here = desk(ctx)
    with here.open() as journal, groups.named(here.places.home, here.now, name) as kept:
        about = {theme.id: theme.definition for theme in journal.themes}
        themes = publish.codebook(kept, [(theme.id, theme.name) for theme in journal.themes])
    codes = [refi_qda.Code(refi_qda.theme_key(identity), title, about.get(identity, "")) for identity, title in themes]
    if not codes:
        raise NotFound(
            "this group has no themes", why="all were retired", next_step="add one: reflect group themes add"
        )
    write_private(file, refi_qda.codebook(codes), replace=force)
    here.screen.line("Written to ", str(file), f": {many(len(codes), 'theme')}.")


@codebook.command("import")
def import_codebook(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.qdc", help="A codebook another program wrote.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; kept with the change.")] = "",
    who: Annotated[
        str, typer.Option("--who", metavar="NAME", help="The name you choose to be known by in the log.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added, and add nothing.")] = False,
    name: Name = "",
    as_json: options.Json = False,
) -> None:
    """Add the themes of a REFI-QDA codebook to the group's.

    Those it has already stay as they are.

    Examples:

    reflect group codebook import themes.qdc --dry-run

    reflect group codebook import themes.qdc --who Dilys --why "partners' own"
    """
    here = desk(ctx)
    found = refi_qda.read_codebook(_content(file), file.name)
    with here.open() as journal, groups.named(here.places.home, here.now, name) as kept:
        known = dict(publish.codebook(kept, [(theme.id, theme.name) for theme in journal.themes]))
        merged = [change.theme for change in kept.codebook_changes() if change.change == "merged"]
        fresh = refi_qda.new_codes(found, known, merged)
        if not dry_run:
            for identity, each in fresh:
                reason = why or ": ".join(filter(None, [BROUGHT_IN, each.description]))
                kept.change_codebook(
                    CodebookChange(identity, "added", each.name, "", who, reason, here.now.isoformat())
                )
    if as_json:
        here.screen.json(
            {
                "added": [{"id": identity, "name": each.name} for identity, each in fresh],
                "known": len(found) - len(fresh),
            }
        )
        return
    for identity, each in fresh:
        here.screen.line((identity, "id"), "  ", (each.name, "theme"))
    verb = "would be added" if dry_run else "added"
    here.screen.line(f"{many(len(fresh), 'theme')} {verb}; {len(found) - len(fresh)} known already.")


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise Refused(f"{path} is not a file", next_step="name a file")
    if path.exists() and path.stat().st_size > refi_qda.LARGEST:
        raise Refused(f"{path.name} is too large for a codebook", why=f"one has at most {refi_qda.LARGEST:,} bytes")
    return path.read_bytes()


def export(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="datasette", help="A SQLite file of themes, quotations and method.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The new file.")],
    audience: Annotated[str, typer.Option("--audience", metavar="AUDIENCE", help="group, funder or public.")] = "group",
    name: Name = "",
    force: Force = False,
) -> None:
    """Write the group's summary as tables for other programs.

    Every protection that a summary has is in them.

    Examples:

    reflect group export datasette -o summary.db

    reflect group export datasette -o for-the-funder.db --audience funder
    """
    here = desk(ctx)
    if what != "datasette":
        raise Usage(
            f"there is no export {what!r}", why="there is datasette; every form of a summary is `reflect summary`"
        )
    if audience not in AUDIENCES:
        raise Usage(f"there is no audience {audience!r}", why="there are " + ", ".join(AUDIENCES))
    with here.open() as journal, groups.named(here.places.home, here.now, name) as kept:
        with summing_up(here.screen) as tell:
            made, entry = publish.make(kept, Wanted(audience), publish.Frame.of(journal), kind="made", tell=tell)
        content = publish.as_database(made)
        write_private(Path(output), content, replace=force)
        publish.put_out(kept, entry, [content])
    if made.small:
        here.screen.aside(f"No theme has {made.agreed.fewest} people: all of it is in the protected form.")
    here.screen.line("Written to ", output, ".")
