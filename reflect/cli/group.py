"""`reflect group`: a group, from its first invitation to the day its words are erased."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from reflect import dates, publish
from reflect import group as groups
from reflect.cli import group_agreed, group_exchange, keyboard, options
from reflect.cli.desk import Desk, at_a_terminal, desk
from reflect.cli.progress import Progress, summing_up
from reflect.cli.secret import PassphraseFile, new_passphrase, passphrase
from reflect.cli.together import tell_fallen
from reflect.consent import Consent, invitation_of, membership_in
from reflect.errors import Refused, Usage
from reflect.exchange import letters, seal
from reflect.files import write_private
from reflect.store.groups import CodebookChange, Gathered
from reflect.summary.say import many

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)

Name = Annotated[str, typer.Option("--group", "-g", metavar="NAME", help="The group; left out, the only one here.")]
LongName = Annotated[str, typer.Option("--group", metavar="NAME", help="The group; left out, the only one here.")]
"""Without a short option, so that `-roles` is a theme."""
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why; kept with the change.")]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help="The name you choose to be known by in the log.")]

USUAL_FEWEST, SMALLEST_FEWEST = 5, 3
_THEME_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@app.callback()
def group() -> None:
    """A group: begin, join, gather, answer, hand over, close.

    It learns from what its people choose to share, and from nothing else.

    Examples:

    reflect group new

    reflect group gather shares/
    """


@app.command()
def new(
    ctx: typer.Context,
    name: Annotated[str, typer.Option("--name", help="What the group is called.")] = "",
    purpose: Annotated[
        str, typer.Option("--purpose", help="What it reflects for; may be 'to be found together'.")
    ] = "",
    audience: Annotated[str, typer.Option("--audience", help="Who reads the summaries.")] = "",
    keeper: Annotated[str, typer.Option("--keeper", help="The name of the person who can open what is shared.")] = "",
    second_keeper: Annotated[
        str,
        typer.Option(
            "--second-keeper", metavar="NAME", help="Somebody who can open it, too; gets a sheet of their own."
        ),
    ] = "",
    responder: Annotated[str, typer.Option("--responder", help="The name of the person who will respond.")] = "",
    respond_by: Annotated[str, typer.Option("--respond-by", metavar="DAY", help="By when they respond.")] = "",
    cost: Annotated[str, typer.Option("--cost", help="What taking part costs and how it is recompensed.")] = "",
    fewest: Annotated[
        int, typer.Option("--fewest", min=SMALLEST_FEWEST, max=50, help="People below whom no number is shown.")
    ] = USUAL_FEWEST,
    site: Annotated[list[str] | None, typer.Option("--site", help="A site; can be given again.")] = None,
    term: Annotated[
        list[str] | None, typer.Option("--term", metavar="WORD=MEANING", help="An agreed word; can be given again.")
    ] = None,
    support: Annotated[
        str, typer.Option("--support", metavar="TEXT", help="Whom to turn to when a story stirs something up.")
    ] = "",
    until: Annotated[str, typer.Option("--until", metavar="DAY", help="Until when people may add.")] = "",
    erase_on: Annotated[str, typer.Option("--erase-on", metavar="DAY", help="When gathered words are erased.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The invitation's file.")] = "",
    passphrase_file: PassphraseFile = "",
    as_json: options.Json = False,
) -> None:
    """Begin a group: write its invitation and recovery sheet.

    Nobody can be asked to share before it is said what for, who reads it, who responds
    and by when. What is not given is asked for at the terminal.

    Examples:

    reflect group new

    reflect group new --name "Hub partners" --respond-by 15/12/2026
    """
    here = desk(ctx)
    said = {
        "name": name,
        "purpose": purpose,
        "audience": audience,
        "keeper": keeper,
        "responder": responder,
        "respond_by": respond_by,
        "erase_on": erase_on,
        "cost": cost,
        "support": support.strip(),
    }
    agreement: dict[str, object] = dict(_asked_for(here, said))
    for day in ("respond_by", "erase_on"):
        agreement[day] = dates.day(str(agreement[day]), here.now, ahead=True)
    agreement |= {
        "fewest": fewest,
        "sites": tuple(site or ()),
        "glossary": dict(_term(each) for each in term or ()),
        "contribute_until": dates.day(until, here.now, ahead=True) if until else "",
    }
    for path in (Path(output), _sheet_beside(Path(output)), _sheet_beside(Path(output), second=True)) if output else ():
        if path.exists():
            raise Refused(f"{path} is there already", why="it would be overwritten", next_step="choose another name")
    second_secret, second_public = seal.new_key() if second_keeper else ("", "")
    if second_keeper:
        agreement["keeper"] = f"{agreement['keeper']} and {second_keeper}"
    made, secret = groups.found(here.places.home, here.now, agreement, (second_public,) if second_keeper else ())
    with made:
        invitation = made.invitation
        chosen = new_passphrase(passphrase_file)
        if chosen:
            made.lock(chosen)
    path = Path(output or f"invitation-{invitation.group}.json")
    sheet = _sheet_beside(path)
    write_private(path, letters.write(invitation))
    write_private(sheet, _recovery_sheet(invitation, secret).encode())
    theirs = _sheet_beside(path, second=True)
    if second_keeper:
        write_private(theirs, _recovery_sheet(invitation, second_secret).encode())
    if as_json:
        here.screen.json(
            {
                "group": invitation.group,
                "invitation": str(path),
                "recovery_sheet": str(sheet),
                "second_recovery_sheet": str(theirs) if second_keeper else None,
            }
        )
        return
    here.screen.line("Begun: ", (invitation.name, "bold"), "  ", (invitation.group, "id"))
    here.screen.line(f"Send {path} to everybody you invite.")
    here.screen.line(f"Print {sheet}, lock it away, and delete the file: whoever has it can open what is shared.")
    if second_keeper:
        here.screen.line(f"Print {theirs} for {second_keeper}, give it to them by hand, and delete the file.")


def _sheet_beside(path: Path, *, second: bool = False) -> Path:
    return path.with_name(f"{path.stem}-recovery{'-second-keeper' * second}.txt")


_QUESTIONS = {
    "name": "What is the group called?",
    "purpose": "What does it reflect for? (It may say: to be found together)",
    "audience": "Who reads the summaries?",
    "keeper": "Who can open what is shared? (a name)",
    "responder": "Who will respond? (a name)",
    "respond_by": "By which day?",
    "erase_on": "On which day are the gathered words erased?",
    "cost": "What does taking part cost, and how is it recompensed? (Enter: not stated)",
    "support": "Whom can people turn to if a story stirs something up? (Enter: not stated)",
}
_MAY_BE_LEFT = ("cost", "support")


def _asked_for(here: Desk, said: Mapping[str, str]) -> dict[str, str]:
    """Return what was said, the rest asked for at the terminal; without one, what is missing is named."""
    missing = [field for field, value in said.items() if not value.strip() and field not in _MAY_BE_LEFT]
    if missing and not at_a_terminal():
        raise Usage(
            "a group can't begin without " + ", ".join(f"--{field.replace('_', '-')}" for field in missing),
            why="people must know what for, who reads, who responds and by when before they write",
        )
    if missing:
        keyboard.prepare()
    answered = dict(said)
    for field in missing and [*missing, *(each for each in _MAY_BE_LEFT if not said[each].strip())]:
        answered[field] = keyboard.line(f"{_QUESTIONS[field]} ").strip()
        if not answered[field] and field not in _MAY_BE_LEFT:
            raise Refused("a group can't begin without that", where=field.replace("_", " "))
    here.screen.gap() if missing else None
    return answered


def _term(text: str) -> tuple[str, str]:
    word, equals, meaning = text.partition("=")
    if not equals or not word.strip() or not meaning.strip():
        raise Usage(f"{text!r} is no agreed word", next_step="write WORD=MEANING")
    return word.strip(), meaning.strip()


def _recovery_sheet(invitation: letters.Invitation, secret: str) -> str:
    return (
        f"Recovery sheet of the group {invitation.name} ({invitation.group})\n\n"
        "Whoever has this key can open everything that is shared with the group.\n"
        "Print it, lock it away, delete this file.\n\n"
        f"{secret}\n\n"
        f"To put it back: reflect group key --group {invitation.group} --restore\n"
        "On a computer that does not keep the group: reflect group key --restore --invitation invitation.json,\n"
        "then gather once more what was shared.\n"
    )


@app.command()
def join(
    ctx: typer.Context,
    invitation: Annotated[Path, typer.Argument(metavar="INVITATION", help="The file you were sent.")],
    site: Annotated[str, typer.Option("--site", metavar="NAME", help="Your site, if the group has sites.")] = "",
    elsewhere: Annotated[
        str,
        typer.Option(
            "--from", metavar="BACKUP", help="Your journal on another device, to stay one and the same person."
        ),
    ] = "",
    accept_small: Annotated[
        bool, typer.Option("--accept-small", help="Accept that this group counts from fewer than five people.")
    ] = False,
    yes: options.Yes = False,
    as_json: options.Json = False,
) -> None:
    """Join a group, told first who can open what you share.

    Nothing is shared by joining.

    Examples:

    reflect group join invitation.json

    reflect group join invitation.json --site North --yes

    reflect group join invitation.json --from /media/stick/journal.db
    """
    here = desk(ctx)
    found = letters.expect(letters.read(contents(invitation), invitation.name), letters.Invitation, invitation.name)
    with here.open() as journal:
        permissions = Consent(journal)
        before = [each for each in permissions.memberships() if each.reader == found.group]
        if not as_json:
            show_invitation(here, found, *map(invitation_of, before))
        if any(invitation_of(each).keys != found.keys for each in before):
            here.screen.aside(
                "This invitation is for another key than the one you joined with: ask its keeper before you go on."
            )
    if found.fewest < USUAL_FEWEST and not accept_small:
        if not at_a_terminal():
            raise Usage(
                f"this group shows numbers from {found.fewest} people up",
                next_step="add --accept-small if you accept that",
            )
        if not keyboard.agreed(f"Numbers are shown from {found.fewest} people up. Do you accept that?"):
            here.screen.line("Not joined.")
            return
    if not yes:
        if not at_a_terminal():
            raise Usage("nobody is here to agree", next_step="add --yes")
        if not keyboard.agreed("Join?"):
            here.screen.line("Not joined.")
            return
    with here.open() as journal:
        known = membership_in(Path(elsewhere), found.group) if elsewhere else None
        membership = Consent(journal).join(found, site=site, elsewhere=known)
    if as_json:
        here.screen.json({"group": membership.reader, "name": found.name})
    else:
        here.screen.line(
            "Joined ", (found.name, "bold"), ". Nothing is shared until you mark entries and run `reflect share`."
        )


def show_invitation(here: Desk, found: letters.Invitation, *accepted: letters.Invitation) -> None:
    """Say in plain words what joining means (REQ-13, REQ-35, REQ-45)."""
    screen = here.screen
    screen.line((found.name, "bold"))
    screen.line("What for: ", found.purpose)
    screen.line("Who reads the summaries: ", found.audience)
    screen.line(f"Who responds: {found.responder}, by {dates.in_words(found.respond_by)}")
    screen.line("What taking part costs and how it is recompensed: ", found.cost or "not stated")
    screen.line("Whom to turn to if a story stirs something up: ", found.support or "not stated")
    screen.line(f"{found.keeper} can open what you share, and may know which file is yours. Nobody else can.")
    screen.line(
        f"Below {found.fewest} people no number is shown, and you are only quoted there if you agreed to that passage."
    )
    screen.line(f"If fewer than {found.fewest} people write, the whole summary takes that form.")
    screen.line(f"Gathered words are erased on {dates.in_words(found.erase_on)}.")
    if found.contribute_until:
        screen.line(f"You can add until {dates.in_words(found.contribute_until)}; late counts like any other.")
    for term in sorted(found.glossary):
        screen.line(f"Agreed word: {term} means {found.glossary[term]}")
    for each in accepted:
        _show_changes(here, each, found)


_AGREED = {
    "name": "its name",
    "purpose": "what for",
    "audience": "who reads the summaries",
    "responder": "who responds",
    "respond_by": "by when they respond",
    "cost": "what it costs",
    "support": "whom to turn to",
    "keeper": "who can open what you share",
    "fewest": "from how many people numbers are shown",
    "sites": "its sites",
    "erase_on": "when words are erased",
    "contribute_until": "until when you can add",
}


def _show_changes(here: Desk, accepted: letters.Invitation, found: letters.Invitation) -> None:
    """Say what is otherwise than in the invitation that was accepted."""
    changed = [said for field, said in _AGREED.items() if getattr(accepted, field) != getattr(found, field)]
    words = {term for term, _ in accepted.glossary.items() ^ found.glossary.items()}
    changed += [f"the agreed words {', '.join(sorted(words))}"] if words else []
    if changed:
        here.screen.line(("Changed since you joined: " + "; ".join(changed) + ".", "bold"))


@app.command()
def invitation(
    ctx: typer.Context,
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The invitation's file.")],
    name: Name = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a group's invitation once more, as it stands now.

    After a handover it names the new keeper.

    Examples:

    reflect group invitation -o invitation.json

    reflect group invitation --group "Hub partners" -o invitation.json --force
    """
    here = desk(ctx)
    with groups.named(here.places.home, here.now, name) as kept:
        write_private(Path(output), letters.write(kept.invitation), replace=force)
    here.screen.line("Written to ", output, ".")


@app.command("list")
def list_groups(ctx: typer.Context, as_json: options.Json = False) -> None:
    """List the groups you joined and those you keep.

    Examples:

    reflect group list

    reflect group list --json
    """
    here = desk(ctx)
    kept = [each.invitation for each in groups.every(here.places.home, here.now)]
    with here.open() as journal:
        joined = [invitation_of(each) for each in Consent(journal).memberships()]
    if as_json:
        here.screen.json_list(
            {"group": each.group, "name": each.name, "kept_here": each in kept, "joined": each in joined}
            for each in {invitation.group: invitation for invitation in [*joined, *kept]}.values()
        )
        return
    for each in kept:
        here.screen.line((each.group, "id"), "  ", (each.name, "bold"), "  you keep it")
    for each in joined:
        here.screen.line((each.group, "id"), "  ", (each.name, "bold"), "  you joined it")
    if not kept and not joined:
        here.screen.line("No groups. Begin one: reflect group new")


@app.command()
def gather(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Shares, or a folder of them.")],
    name: Name = "",
    passphrase_file: PassphraseFile = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken in.")] = False,
    as_json: options.Json = False,
) -> None:
    """Take in what people shared.

    In any order, twice or late: the result is the same.

    Examples:

    reflect group gather shares/

    reflect group gather share-1.age share-2.age --group "Hub partners"
    """
    here = desk(ctx)
    found = [path for each in files for path in (sorted(each.glob("*.age")) if each.is_dir() else [each])]
    brought = [(path.name, contents(path)) for path in found if path.is_file() or path in files]
    with groups.named(here.places.home, here.now, name) as kept:
        if not kept.is_locked and not dry_run:
            chosen = new_passphrase(passphrase_file)
            if chosen:
                kept.lock(chosen)
            else:
                here.screen.aside(
                    "The group's key is not under a passphrase yet: whoever uses this account can open shares."
                )
        with Progress(here.screen) as progress:
            ask, tell = passphrase(passphrase_file), progress.counted("Gathering", "files")
            taken = kept.gather(brought, ask, tell, dry_run=dry_run)
            progress.step("Looking for quotations that no longer stand")
            fallen = [] if dry_run else publish.to_re_issue(kept)
        due = kept.is_due_to_close
    for refusal in taken.refused:
        here.screen.aside(f"Refused: {refusal}")
    if due:
        here.screen.aside("The day has come to erase these words: `reflect group close`.")
    if as_json:
        here.screen.json(
            {
                "files": taken.files,
                "already_here": taken.already_here,
                "refused": [each.fields() for each in taken.refused],
                "to_re_issue": [
                    {"kind": each.kind, "audience": each.audience, "made_on": each.made_on, "name": each.name}
                    for each in fallen
                ],
            }
        )
    else:
        rest = f"{taken.already_here} were here already, {len(taken.refused)} refused"
        here.screen.line(f"{'Would gather' if dry_run else 'Gathered'} {many(taken.files, 'file')}; {rest}.")
        tell_fallen(here.screen, fallen)
    if taken.refused:
        raise typer.Exit(taken.refused[0].exit_code)


def contents(path: Path, largest: int = letters.LARGEST) -> bytes:
    """Return a file's content; what is no file, or too large to be a letter, is refused before it is read."""
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise Refused(f"{path} is not a file", next_step="name a file")
    if path.exists() and path.stat().st_size > largest:
        raise Refused(f"{path.name} is too large", why=f"such a file has at most {largest:,} bytes")
    return path.read_bytes()


@app.command()
def read(
    ctx: typer.Context,
    name: Name = "",
    not_placed: Annotated[bool, typer.Option("--not-placed", help="Only what stands in no theme.")] = False,
    as_json: options.Json = False,
) -> None:
    """Read what was gathered, to place it in themes.

    It shows no names, sites or files. What nobody placed comes with the themes its words
    hint at, and the words; no summary counts these before you place it: reflect group code.

    Examples:

    reflect group read --not-placed

    reflect group read --json
    """
    here = desk(ctx)
    with here.open() as journal, groups.named(here.places.home, here.now, name) as kept:
        codings = kept.codings()
        called_by_lead = {each.contribution: each.stance for each in kept.lead_readings()}
        placing = publish.placements(kept, [(theme.id, theme.name) for theme in journal.themes])
        shown = [each for each in kept.contributions() if not (not_placed and placing.of(each))]
        with Progress(here.screen) as progress:
            hints = publish.suggestions(kept, journal, shown, progress.counted("Looking for themes", "contributions"))
    placed_by_lead: dict[str, list[str]] = {}
    for coding in codings:
        if not coding.removed:
            placed_by_lead.setdefault(coding.contribution, []).append(coding.theme)
    if as_json:
        here.screen.json_list(
            {
                "id": each.id,
                "audience": each.audience,
                "level": each.level,
                "words": each.words,
                "prompt": {"id": each.prompt, "text": each.asked} if each.prompt else None,
                "themes": {"author": each.themes, "lead": placed_by_lead.get(each.id, [])},
                "suggested": [{"id": hint.theme, "because": hint.cue} for hint in hints.get(each.id, ())],
                "stance": {"author": each.stance or None, "lead": called_by_lead.get(each.id)},
            }
            for each in shown
        )
        return
    for each in shown:
        lead = [f"{theme} (lead)" for theme in placed_by_lead.get(each.id, [])]
        here.screen.line(
            (each.id[:8], "id"),
            "  ",
            (" ".join([*each.themes, *lead]) or "not placed", "theme"),
            f"  for {each.audience}",
            _called(each.stance, called_by_lead.get(each.id, "")),
        )
        if each.words:
            here.screen.words(each.words)
        if suggested := hints.get(each.id):
            here.screen.line(
                "  its words hint at ", ", ".join(f"{hint.theme} ({_as_told(hint.cue)})" for hint in suggested)
            )
    here.screen.line((many(len(shown), "contribution") + ".", "dim"))
    if any(hints.values()):
        here.screen.line(("What words hint at counts nowhere until you place it: reflect group code ID +THEME", "dim"))


def _as_told(cue: str) -> str:
    return f"\u201c{' '.join(cue.split())}\u201d"


def _called(by_author: str, by_lead: str) -> str:
    said = [by_author, f"{by_lead} (lead)" if by_lead else ""]
    return "".join(f"  {each}" for each in said if each)


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
def code(
    ctx: typer.Context,
    contribution: Annotated[str, typer.Argument(metavar="ID", help="The contribution, as `group read` shows it.")],
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[+THEME] [-THEME]", help="Themes to add and take away.")
    ] = None,
    memo: Annotated[str, typer.Option("--memo", metavar="TEXT", help="Why; stands in the summary.")] = "",
    gain: Annotated[bool, typer.Option("--gain", help="You read it as a gain.")] = False,
    loss: Annotated[bool, typer.Option("--loss", help="You read it as a loss.")] = False,
    differs: Annotated[bool, typer.Option("--differs", help="You read it as a view that differs.")] = False,
    no_stance: Annotated[bool, typer.Option("--no-stance", help="Take back what you read it as.")] = False,
    name: LongName = "",
) -> None:
    """Place a contribution in themes, or say what you read it as.

    What its author said of it stands above what you say, and yours is shown as yours.

    Examples:

    reflect group code 3fa9c2 +funding --memo "about who is paid"

    reflect group code 3fa9c2 -roles

    reflect group code 3fa9c2 --differs --memo "all others were glad of it"
    """
    here = desk(ctx)
    said = {"gain": gain, "loss": loss, "differs": differs, "": no_stance}
    stances = [stance for stance, is_said in said.items() if is_said]
    if len(stances) > 1:
        raise Usage("--gain, --loss, --differs and --no-stance exclude each other", next_step="choose one")
    if not (changes or stances):
        raise Usage("there is nothing to say of it", next_step="add +THEME or -THEME, or --gain, --loss or --differs")
    with here.open() as journal, groups.named(here.places.home, here.now, name) as kept:
        known = dict(publish.codebook(kept, [(theme.id, theme.name) for theme in journal.themes]))
        found = kept.contribution(contribution)
        added, removed = _placements(changes or [], known, found)
        if any(stances):
            _check_unsaid(found)
        kept.code(found, added, removed, memo)
        for stance in stances:
            kept.read_as(found, stance, memo)
    if changes:
        here.screen.line("Placed: ", " ".join(changes))
    for stance in stances:
        here.screen.line(f"Your reading: {stance}." if stance else "Your reading of it is taken back.")


def _placements(changes: Sequence[str], known: Mapping[str, str], found: Gathered) -> tuple[list[str], list[str]]:
    """Return the themes to add and to take away."""
    added: list[str] = []
    removed: list[str] = []
    for change in changes:
        theme = change[1:]
        if change[:1] not in "+-" or theme not in known:
            raise Usage(f"{change!r} is no +THEME or -THEME", why="there are " + ", ".join(known))
        if change[0] == "-" and theme in found.themes:
            raise Refused(f"its author placed it under {theme}", why="the author's placement stands above yours")
        (added if change[0] == "+" else removed).append(theme)
    return added, removed


def _check_unsaid(found: Gathered) -> None:
    """Refuse a reading of what its author said, or of words that nobody can read."""
    if found.stance:
        raise Refused(f"its author said what it is: {found.stance}", why="the author's word stands above yours")
    if not found.words:
        raise Refused("no words of it were shared", why="there is nothing that could be read as a gain or a loss")


@app.command()
def themes(
    ctx: typer.Context,
    change: Annotated[str, typer.Argument(metavar="CHANGE", help="add, rename, merge or retire.")],
    theme: Annotated[str, typer.Argument(metavar="THEME", help="The theme's id.")],
    why: Why,
    title: Annotated[str, typer.Option("--name", metavar="NAME", help="Its name, for add and rename.")] = "",
    into: Annotated[str, typer.Option("--into", metavar="THEME", help="Where it goes, for merge.")] = "",
    who: Who = "",
    name: Name = "",
) -> None:
    """Add, rename, merge or retire a theme of the group.

    Who did it, when and why are kept.

    Examples:

    reflect group themes add buses --name "Buses" --why "half of us did"

    reflect group themes merge voice --into communities --why "too alike"
    """
    here = desk(ctx)
    kinds = {"add": "added", "rename": "renamed", "merge": "merged", "retire": "retired"}
    if change not in kinds:
        raise Usage(f"{change!r} is no change", why="there are " + ", ".join(kinds))
    if change in ("add", "rename") and not title:
        raise Usage(f"to {change} a theme needs --name")
    with here.open() as journal, groups.named(here.places.home, here.now, name) as kept:
        known = dict(publish.codebook(kept, [(each.id, each.name) for each in journal.themes]))
        if change == "add" and not _THEME_ID.fullmatch(theme):
            raise Refused(f"{theme!r} is no id of a theme", why="an id is small letters, digits and hyphens")
        if (theme in known) == (change == "add"):
            raise Refused(f"{theme!r} is {'there already' if change == 'add' else 'no theme of this group'}")
        if change == "merge" and (into not in known or into == theme):
            raise Refused(f"{into!r} is no other theme of this group", next_step="name one with --into")
        kept.change_codebook(CodebookChange(theme, kinds[change], title, into, who, why, here.now.isoformat()))
    here.screen.line(f"{theme}: {kinds[change]}.")


@app.command("one-person")
def one_person(
    ctx: typer.Context,
    one: Annotated[str, typer.Argument(metavar="ID", help="A contribution of the one file.")],
    other: Annotated[str, typer.Argument(metavar="ID", help="A contribution of the other.")],
    name: Name = "",
) -> None:
    """Count the authors of two contributions as one person.

    When you are unsure, do: the lower number is the safe one.

    Examples:

    reflect group one-person 3fa9c2 77be01

    reflect group one-person 3fa9c2 77be01 --group "Hub partners"
    """
    here = desk(ctx)
    with groups.named(here.places.home, here.now, name) as kept:
        kept.count_as_one(one, other)
    here.screen.line("They count as one person now.")


@app.command()
def objection(
    ctx: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="What was said.")],
    name: Name = "",
) -> None:
    """Keep an objection that was spoken.

    It stands in the final summary.

    Examples:

    reflect group objection "The part on pay leaves out the volunteers."

    reflect group objection "We said more about buses." --group "Hub partners"
    """
    here = desk(ctx)
    with groups.named(here.places.home, here.now, name) as kept:
        kept.object(" ".join(text))
    here.screen.line("Kept; the final summary prints it.")


@app.command()
def answer(
    ctx: typer.Context,
    point: Annotated[str, typer.Argument(metavar="POINT", help="What is answered, such as a theme's name.")] = "",
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome", metavar="OUTCOME", help="act, pass-on or not-ours (acknowledged, not within our power)."
        ),
    ] = "",
    reply: Annotated[str, typer.Option("--reply", metavar="TEXT", help="What is said to those who wrote.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Write the answer's file.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    name: Name = "",
) -> None:
    """Answer a point of the final summary.

    With -o it writes the file that goes back to everybody who may have written.

    Examples:

    reflect group answer "The bus" --outcome act --reply "From May."

    reflect group answer -o answer.json
    """
    here = desk(ctx)
    outcomes = {"act": "can act", "pass-on": "can pass on", "not-ours": "acknowledged, not within our power"}
    with groups.named(here.places.home, here.now, name) as kept:
        if point:
            if outcome not in outcomes:
                raise Usage(
                    f"{outcome!r} is no outcome", why="there are " + ", ".join(outcomes), next_step="add --outcome"
                )
            kept.answer(point, outcomes[outcome], reply)
            here.screen.line(f"Answered: {point}: {outcomes[outcome]}.")
        if output:
            with here.open() as journal:
                frame = publish.Frame.of(journal)
            with summing_up(here.screen) as tell:
                letter, entry = publish.answer_letter(kept, kept.for_members("final"), frame, tell)
            content = letters.write(letter)
            write_private(Path(output), content, replace=force)
            publish.put_out(kept, entry, [content], name=Path(output).name)
            here.screen.line(f"Written to {output}. Send it to everybody who may have written.")
        elif not point:
            for each in kept.answers(kept.for_members("final")):
                here.screen.line(f"{each.point}: {each.outcome}. {each.reply}")


@app.command()
def key(
    ctx: typer.Context,
    restore: Annotated[bool, typer.Option("--restore", help="Put the key back from the recovery sheet.")] = False,
    lock: Annotated[bool, typer.Option("--lock", help="Put the key under a passphrase.")] = False,
    sheet: Annotated[
        str, typer.Option("--from", metavar="FILE", help="The recovery sheet, instead of typing its key.")
    ] = "",
    invited: Annotated[
        str, typer.Option("--invitation", metavar="FILE", help="Keep the group here, where it is not kept yet.")
    ] = "",
    passphrase_file: PassphraseFile = "",
    name: Name = "",
) -> None:
    """Lock the group's key, or put it back.

    Locked, it stands under a passphrase; it is put back from the recovery sheet.

    Examples:

    reflect group key --lock

    reflect group key --restore --from recovery.txt

    reflect group key --restore --from recovery.txt --invitation invitation.json
    """
    here = desk(ctx)
    if restore == lock or (lock and invited):
        raise Usage("say --restore or --lock", next_step="choose one")
    if invited:
        _keep_again(here, Path(invited), sheet)
        return
    with groups.named(here.places.home, here.now, name) as kept:
        if restore:
            kept.restore_key(_typed_key(sheet))
        else:
            chosen = new_passphrase(passphrase_file)
            if not chosen:
                raise Usage("there is no passphrase", next_step="type one, or add --passphrase-file FILE")
            kept.lock(chosen)
    here.screen.line("The key is back." if restore else "The key is under a passphrase.")


def _keep_again(here: Desk, path: Path, sheet: str) -> None:
    found = letters.expect(letters.read(contents(path), path.name), letters.Invitation, path.name)
    with groups.found_again(here.places.home, here.now, found, _typed_key(sheet)):
        here.screen.line("You keep ", (found.name, "bold"), " here now. Gather once more what was shared.")


def _typed_key(sheet: str) -> str:
    if sheet:
        lines = Path(sheet).read_text(encoding="utf-8").split()
        return next((each for each in lines if each.startswith("AGE-SECRET-KEY-1")), "")
    if not at_a_terminal():
        raise Usage("nobody is here to type the key", next_step="add --from FILE")
    return keyboard.line("The key on the sheet: ")


@app.command()
def handover(
    ctx: typer.Context,
    keeper: Annotated[str, typer.Argument(metavar="NAME", help="Who keeps the group from now on.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The sealed copy for them.")],
    for_them: Annotated[
        str, typer.Option("--copy-passphrase-file", metavar="FILE", help="Read the copy's passphrase from this file.")
    ] = "",
    passphrase_file: PassphraseFile = "",
    name: Name = "",
) -> None:
    """Write a sealed copy of the group for its next keeper.

    It is sealed under a passphrase that you tell them yourself. They take it in with
    `reflect open FILE`. Members see the new keeper's name in the next invitation.

    Examples:

    reflect group handover Priya -o for-priya.age

    reflect group handover Priya -o priya.age --copy-passphrase-file copy.txt
    """
    here = desk(ctx)
    if Path(output).exists():
        raise Refused(f"{output} is there already", why="it would be overwritten", next_step="choose another name")
    with groups.named(here.places.home, here.now, name) as kept:
        secret = kept.secret_key(passphrase(passphrase_file))
        chosen = new_passphrase(for_them or passphrase_file, "A passphrase for the copy: ")
        if not chosen:
            raise Usage("the copy needs a passphrase", next_step="type one, or add --copy-passphrase-file FILE")
        kept.amend(keeper=keeper)
        write_private(Path(output), groups.sealed_copy(kept, secret, chosen))
    here.screen.line(
        f"Written to {output}. Tell {keeper} the passphrase by another way; then `reflect group close` here."
    )


@app.command()
def close(
    ctx: typer.Context,
    name: Name = "",
    yes: options.Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
) -> None:
    """Erase everything that was gathered.

    This can't be undone.

    Examples:

    reflect group close

    reflect group close --group "Hub partners" --yes
    """
    here = desk(ctx)
    with groups.named(here.places.home, here.now, name) as kept:
        due = dates.in_words(kept.invitation.erase_on)
        if dry_run:
            gathered = f"All gathered words of {kept.invitation.name} (promised for {due})"
            here.screen.line(f"{gathered} and its key would be erased. Nothing was changed.")
            return
        if not yes:
            if not at_a_terminal():
                raise Usage("erasing can't be undone, and nobody is here to confirm", next_step="add --yes")
            if not keyboard.agreed(f"Erase all gathered words of {kept.invitation.name} (promised for {due})?"):
                here.screen.line("Nothing was erased.")
                return
        kept.close()
    here.screen.line("Erased. Summaries that were printed or sent are out of reach.")


app.command()(group_agreed.support)
app.add_typer(group_agreed.glossary, name="glossary")
app.command()(group_exchange.export)
app.add_typer(group_exchange.codebook, name="codebook")
