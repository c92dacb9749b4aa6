"""`reflect prompts`: the bank of questions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reflect import fields
from reflect.bank import choose
from reflect.cli import options
from reflect.cli.desk import Desk, desk
from reflect.cli.screen import Screen
from reflect.cli.shown import care
from reflect.dates import in_words
from reflect.errors import Usage
from reflect.models import Prompt
from reflect.store.rotation import BankChange
from reflect.summary.say import many, source

if TYPE_CHECKING:
    from reflect.bank.lenses import Lens

app = typer.Typer(rich_markup_mode=None, add_completion=False, invoke_without_command=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="The question's id, as --json and `prompts list` show it.")]
Why = Annotated[str, typer.Option("--why", metavar="WORDS", help="Why; kept with the change.")]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help="The name you choose to be known by in the log.")]

_FORMS = {
    "asked": "the document asks it outright",
    "heading": "the document has it as a heading",
    "implied": "the document implies it",
    "practice": "made from a practice the document tells of",
}


@app.callback()
def prompts(ctx: typer.Context) -> None:
    """Look into the bank of questions, and change it.

    Examples:

    reflect prompts list --starred

    reflect prompts show KF-Q12
    """
    if ctx.invoked_subcommand is None:
        desk(ctx).screen.raw(ctx.get_help() + "\n")


@app.command("list")
def list_prompts(
    ctx: typer.Context,
    theme: Annotated[str, typer.Option("--theme", metavar="ID", help="About this theme.")] = "",
    occasion: Annotated[str, typer.Option("--occasion", metavar="ID", help="For this occasion.")] = "",
    starred: Annotated[bool, typer.Option("--starred", help="Only the 13 questions to consider.")] = False,
    as_json: options.Json = False,
) -> None:
    """List the questions that may be served.

    Examples:

    reflect prompts list --starred

    reflect prompts list --theme language --occasion naming
    """
    here = desk(ctx)
    with here.open() as journal:
        wanted_theme = journal.theme(theme) if theme else ""
        wanted_occasion = journal.occasion(occasion) if occasion else ""
        found = [
            each
            for each in journal.prompts()
            if (not wanted_theme or wanted_theme in (each.theme, *each.also_themes))
            and (not wanted_occasion or wanted_occasion in each.occasions)
            and (not starred or choose.STARRED in each.flags)
        ]
    if as_json:
        here.screen.json_list(map(fields.prompt, found))
        return
    for each in found:
        star = "★ " if choose.STARRED in each.flags else "  "
        here.screen.line(
            star,
            (each.id, "id"),
            "  ",
            (each.theme, "theme"),
            ("" if each.depth == "working" else f"  {each.depth}", "dim"),
        )
        here.screen.question(each.text, indent="    ")
    here.screen.line((many(len(found), "question") + ".", "dim"))


@app.command()
def show(ctx: typer.Context, prompt: Id, as_json: options.Json = False) -> None:
    """Show one question with its parts, its source and what it is for.

    Examples:

    reflect prompts show KF-Q12

    reflect prompts show KF-Q10 --json
    """
    here = desk(ctx)
    with here.open() as journal:
        found = journal.bank.get(prompt)
        names = journal.occasions
        log = [each for each in journal.bank_changes() if each.prompt == found.id]
        screen = here.screen
        if as_json:
            screen.json(fields.prompt(found))
            return
        screen.line((found.id, "id"), "  ", (found.theme, "theme"), (f"  {found.depth}", "dim"))
        care(screen, journal, found)
    screen.question(found.text, indent="")
    if found.group_text != found.text:
        screen.line(("For a group:", "dim"))
        screen.question(found.group_text)
    if len(found.parts) > 1:
        screen.line(("Its parts:", "dim"))
        for part in found.parts:
            screen.question(f"- {part}")
    screen.line(f"{source(found)} ({_FORMS.get(found.form, f'of the pack {found.pack}')})")
    if found.title:
        screen.line(("  " + found.title, "dim"))
    if found.rows:
        screen.line(("Rests on: " + ", ".join(found.rows), "dim"))
    if found.context:
        screen.line(("For specialists: " + found.context, "dim"))
    screen.line(("For: " + ", ".join(names.get(each, each) for each in found.occasions), "dim"))
    for each in log:
        screen.line((_told(each), "dim"))


@app.command()
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A pack, a TOML file.")],
    as_json: options.Json = False,
) -> None:
    """Check a pack of your own before adding it.

    What is wrong is named by file, prompt and field.

    Examples:

    reflect prompts check our-questions.toml

    reflect prompts check our-questions.toml --json
    """
    from reflect.bank import packs

    here = desk(ctx)
    with here.open() as journal:
        pack = journal.check_pack(file)
    remarks = packs.remarks(pack)
    if as_json:
        here.screen.json({"pack": pack.pack.id, "prompts": len(pack.prompt), "remarks": remarks})
        return
    here.screen.line(f"{pack.pack.title}: {many(len(pack.prompt), 'question')}, all usable.")
    for remark in remarks:
        here.screen.line(f"  Could be plainer: {remark}")


@app.command()
def add(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A pack, a TOML file.")],
    why: Why,
    who: Who = "",
    as_json: options.Json = False,
) -> None:
    """Add a pack of your own questions.

    Examples:

    reflect prompts add our-questions.toml --why "what we ask at hand-over"

    reflect prompts add our-questions.toml --why "from our away day" --who us
    """
    from reflect.bank import packs

    here = desk(ctx)
    with here.open() as journal:
        pack = journal.add_pack(file, who=who, why=why)
    for remark in packs.remarks(pack):
        here.screen.aside(f"Could be plainer: {remark}")
    if as_json:
        here.screen.json({"pack": pack.pack.id, "prompts": len(pack.prompt)})
    else:
        here.screen.line(f"Added {many(len(pack.prompt), 'question')} of the pack {pack.pack.id}.")


@app.command()
def retire(ctx: typer.Context, prompt: Id, why: Why, who: Who = "", as_json: options.Json = False) -> None:
    """Take a question out of the rotation; `restore` brings it back.

    Examples:

    reflect prompts retire KF-Q09 --why "we know by now"

    reflect prompts retire KF-Q12 --why "asked too soon" --who us
    """
    here = desk(ctx)
    with here.open() as journal:
        _changed(here, "Retired ", journal.retire(prompt, who=who, why=why), as_json=as_json)


@app.command()
def restore(ctx: typer.Context, prompt: Id, why: Why, who: Who = "", as_json: options.Json = False) -> None:
    """Bring a retired question back.

    Examples:

    reflect prompts restore KF-Q09 --why "new people joined"

    reflect prompts restore KF-Q12 --why "the time is right" --who us
    """
    here = desk(ctx)
    with here.open() as journal:
        _changed(here, "Restored ", journal.restore(prompt, who=who, why=why), as_json=as_json)


def _changed(here: Desk, what: str, prompt: Prompt, *, as_json: bool) -> None:
    if as_json:
        here.screen.json(fields.prompt(prompt))
    else:
        here.screen.line(what, (prompt.id, "id"), ".")


@app.command("packs")
def list_packs(ctx: typer.Context, as_json: options.Json = False) -> None:
    """List the packs and every change of the bank, when and why.

    Examples:

    reflect prompts packs

    reflect prompts packs --json
    """
    here = desk(ctx)
    with here.open() as journal:
        bank, log = journal.bank, journal.bank_changes()
    counts: dict[str, int] = {}
    for prompt in bank.prompts:
        counts[prompt.pack] = counts.get(prompt.pack, 0) + 1
    if as_json:
        here.screen.json(
            {
                "packs": [{"id": pack, "prompts": count} for pack, count in counts.items()],
                "left_out": bank.left_out,
                "changes": [
                    {"prompt": each.prompt, "change": each.change, "at": each.at, "who": each.who, "why": each.why}
                    for each in log
                ],
            }
        )
        return
    for pack, count in counts.items():
        here.screen.line((pack, "id"), f"  {many(count, 'question')}")
    for left_out in bank.left_out:
        here.screen.line("Left out: ", left_out)
    for each in log:
        here.screen.line((_told(each), "dim"))


@app.command("lenses")
def list_lenses(
    ctx: typer.Context,
    lens: Annotated[
        str, typer.Argument(metavar="[ID]", help="One lens: its id, one of its choices, or a row of its source.")
    ] = "",
    theme: Annotated[str, typer.Option("--theme", metavar="ID", help="About this theme.")] = "",
    occasion: Annotated[str, typer.Option("--occasion", metavar="ID", help="For this occasion.")] = "",
    as_json: options.Json = False,
) -> None:
    """List the lenses, which are ways of looking, or show one.

    A lens is an offer. Take as many of its choices as fit, or none; each is a tag you may
    put on an entry with `reflect write --tag`.

    Examples:

    reflect prompts lenses --occasion funding-decision

    reflect prompts lenses kinds-of-power
    """
    from reflect.bank import lenses

    here = desk(ctx)
    if lens and (theme or occasion):
        raise Usage("one lens and a filter exclude each other", next_step="leave one of them out")
    known = lenses.shipped()
    with here.open() as journal:
        names = journal.occasions
        wanted_theme = journal.theme(theme) if theme else ""
        wanted_occasion = journal.occasion(occasion) if occasion else ""
    if lens:
        found = known.get(lens)
        if as_json:
            here.screen.json(found.fields())
        else:
            _show_lens(here.screen, found, names)
        return
    fitting = [
        each
        for each in known.lens
        if wanted_theme in ("", each.theme) and (not wanted_occasion or wanted_occasion in each.occasions)
    ]
    if as_json:
        here.screen.json_list(each.fields() for each in fitting)
        return
    for each in fitting:
        said = "  disputed" * each.disputed + "  incomplete in source" * bool(each.incomplete)
        here.screen.line((each.id, "id"), "  ", (each.theme, "theme"), "  ", (each.title, "bold"), (said, "dim"))
        here.screen.question(each.asks, indent="    ")
    here.screen.line((many(len(fitting), "lens") + ", all optional.", "dim"))


def _show_lens(screen: Screen, lens: Lens, names: Mapping[str, str]) -> None:
    from reflect.bank import lenses, packs

    screen.line((lens.id, "id"), "  ", (lens.theme, "theme"), "  ", (lens.title, "bold"))
    screen.question(lens.asks, indent="")
    screen.line((lenses.OFFER, "dim"))
    for choice in lens.offered:
        screen.line("  ", (choice.name, "bold"), (f"  {choice.id}", "id"))
        rests = f" ({', '.join(choice.rows)})" if choice.rows else ""
        if choice.told or rests:
            screen.question(f"{choice.told}{rests}".strip(), indent="    ")
    for warning in lens.warnings:
        screen.question(warning, indent="")
    for each in lens.sources:
        document, title = packs.DOCUMENTS[each.document]
        screen.line(f"From: {document}, {each.heading}", (f" ({', '.join(each.rows)})", "dim"))
        screen.line((f"  {title}", "dim"))
    screen.line((f"For specialists: {lens.context}", "dim"))
    screen.line(("For: " + ", ".join(names.get(each, each) for each in lens.occasions), "dim"))
    screen.line((f"On an entry: reflect write --tag {lens.choices[0].id}", "dim"))


def _told(each: BankChange) -> str:
    by = f" by {each.who}" if each.who else ""
    return f"{in_words(each.at)}: {each.prompt} {each.change}{by}: {each.why}"
