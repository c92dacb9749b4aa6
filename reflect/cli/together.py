"""A group's summary at the command line: made, put out, checked and re-issued."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from reflect import clean, dates, publish
from reflect import group as groups
from reflect.cli import keyboard
from reflect.cli.desk import Desk, at_a_terminal
from reflect.cli.progress import doing, summing_up
from reflect.cli.screen import Screen
from reflect.errors import Refused, Usage
from reflect.files import write_folder, write_private
from reflect.store.groups import Output
from reflect.summary import charts, group_forms, pack
from reflect.summary.say import many
from reflect.summary.together import HANDOUT_THEMES, GroupSummary, Wanted

_WIDEST = 100
"""Signs of a chart on a screen."""

AUDIENCES = ("group", "funder", "public")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for of a group's summary."""

    group: str
    wanted: Wanted
    form: str
    output: str
    force: bool
    draft: bool
    final: bool
    until: str
    pack: str = ""
    """A folder for all that a session needs."""

    @property
    def letter(self) -> Path | None:
        """The file by which a draft reaches those who wrote."""
        if self.pack:
            return Path(self.pack) / "summary.letter.json"
        return Path(self.output).with_suffix(".letter.json") if self.output else None


def tell_fallen(screen: Screen, fallen: Iterable[Output]) -> None:
    """Say which outputs quote words that were taken back or changed, and how each is made anew (REQ-03)."""
    for each in fallen:
        again = {
            publish.LETTER: "write it anew",
            publish.NOTE: f"write it anew: reflect session note {each.manifest.get('session')} -o FILE",
        }.get(each.kind, "re-issue it: reflect summary again FILE")
        screen.line(
            f"Quotes words that were taken back or changed: {each.name or each.kind}, made on"
            f" {dates.in_words(each.made_on)} for {each.audience}; {again}"
        )


def show(desk: Desk, request: Request) -> None:
    """Make a group's summary and put it out: to the screen, to a file, or as a discussion pack."""
    kind, comment_by = _kind(desk, request)
    request = replace(request, wanted=_not_heard_from(request))
    with desk.open() as journal, groups.named(desk.places.home, desk.now, request.group) as group:
        frame = publish.Frame.of(journal)
        _warn(desk, group, request)
        wanted = replace(
            request.wanted,
            theme=publish.theme(group, request.wanted.theme, frame),
            handout_themes=tuple(publish.theme(group, each, frame) for each in request.wanted.handout_themes),
        )
        with summing_up(desk.screen) as tell:
            made, output = publish.make(group, wanted, frame, kind=kind, comment_by=comment_by, tell=tell)
        _check_handout(made)
        _put_out(desk, group, made, output, request)
        if kind == "draft":
            _write_letter(desk, group, frame, request.letter, force=request.force)


def _kind(desk: Desk, request: Request) -> tuple[str, str]:
    if request.draft and request.final:
        raise Usage("a summary is a draft or final", next_step="leave one of them out")
    if request.draft and not request.until:
        raise Usage("a draft says until when it can be spoken to", next_step="add --until DAY")
    if request.wanted.audience not in AUDIENCES:
        raise Usage(f"there is no audience {request.wanted.audience!r}", why="there are " + ", ".join(AUDIENCES))
    if request.pack and (request.output or request.form):
        raise Usage("a pack is a folder with files of several forms", next_step="leave out --output and --format")
    if len(request.wanted.handout_themes) > HANDOUT_THEMES:
        raise Usage(f"a handout has room for {HANDOUT_THEMES} themes", next_step="pick fewer")
    kind = "draft" if request.draft else "final" if request.final else "made"
    return kind, dates.day(request.until, desk.now, ahead=True) if request.until else ""


def _not_heard_from(request: Request) -> Wanted:
    """Ask the lead who has not been heard from, where others will read it and nothing was said (REQ-24)."""
    others_read_it = request.draft or request.final or request.pack
    if request.wanted.not_heard_from or not others_read_it or not at_a_terminal():
        return request.wanted
    try:
        said = keyboard.line("Who has not been heard from, in your own words? (Enter: nothing is said) ")
    except EOFError:
        said = ""
    return replace(request.wanted, not_heard_from=said.strip())


def _warn(desk: Desk, group: groups.Group, request: Request) -> None:
    if request.final:
        drafts = group.drafts_of(audience=request.wanted.audience)
        if drafts and drafts[0].comment_by > desk.now.date().isoformat():
            desk.screen.aside(
                f"The draft can be spoken to until {dates.in_words(drafts[0].comment_by)};"
                " this is final before that day."
            )


def _check_handout(made: GroupSummary) -> None:
    touched = {theme.id for theme in made.themes if theme.touched}
    for identity in made.wanted.handout_themes:
        if identity not in touched:
            raise Refused(f"there is nothing under {identity!r} for a handout", next_step="pick another theme")


def _put_out(desk: Desk, group: groups.Group, made: GroupSummary, output: Output, request: Request) -> None:
    if made.leans_on_one:
        desk.screen.aside(
            "This summary leans heavily on what one person gave; you may ask others before you put it out."
        )
    if made.small:
        desk.screen.aside(f"No theme has {made.agreed.fewest} people: all of it is in the protected form.")
    if request.pack:
        _put_out_pack(desk, group, made, output, request)
        return
    form = request.form or (_by_ending(request.output) if request.output else "markdown")
    if not request.output and form not in ("markdown", "json"):
        raise Usage(f"{form} is no form for a screen", next_step="add -o FILE")
    with doing(desk.screen, f"Writing it as {form}"):
        content = group_forms.load(form).render(made)
    if request.output:
        write_private(Path(request.output), content, replace=request.force)
        publish.put_out(group, output, [content], name=Path(request.output).name)
        desk.screen.line("Written to ", request.output, ".")
        return
    publish.put_out(group, output)
    text = content.decode()
    if not sys.stdout.isatty():
        desk.screen.raw(text)
        return
    desk.screen.raw(clean.body(text) + "\n")
    if form == "markdown" and not desk.screen.plain:
        for chart in charts.of(made):
            desk.screen.gap()
            for line in charts.in_blocks(chart, min(_WIDEST, shutil.get_terminal_size().columns)):
                desk.screen.line(line)


def _put_out_pack(desk: Desk, group: groups.Group, made: GroupSummary, output: Output, request: Request) -> None:
    """Write all files of a pack, or none, and enter them in the ledger."""
    folder = Path(request.pack)
    if request.draft and request.letter and request.letter.exists() and not request.force:
        raise Refused(
            f"{request.letter} is there already", why="it would be overwritten", next_step="name a new folder"
        )
    with doing(desk.screen, "Writing the pack"):
        files = pack.files(made)
    write_folder(folder, files, replace=request.force)
    publish.put_out(group, output, pack=files, name=folder.name)
    for name in files:
        desk.screen.line("Written to ", str(folder / name), ".")


def _write_letter(
    desk: Desk, group: groups.Group, frame: publish.Frame, path: Path | None, *, force: bool = False
) -> None:
    """Write the file by which a draft reaches those who wrote."""
    if path is None:
        return
    from reflect.exchange import letters

    with summing_up(desk.screen) as tell:
        letter, entry = publish.answer_letter(group, group.output("draft"), frame, tell)
    content = letters.write(letter)
    write_private(path, content, replace=force)
    publish.put_out(group, entry, [content], name=path.name)
    desk.screen.line(f"Send {path} to everybody who may have written; they answer with `reflect share --comment`.")


def _by_ending(output: str) -> str:
    for name in group_forms.names():
        if output.endswith(group_forms.load(name).ENDING):
            return name
    raise Usage(f"it isn't clear which form {output} is to have", next_step="add --format")


def verify(desk: Desk, name: str, file: Path) -> None:
    """Say whether every quotation in a file still stands as it was shared."""
    with groups.named(desk.places.home, desk.now, name) as group, doing(desk.screen, "Comparing the quotations"):
        faults = publish.verify(group, file.read_bytes())
    if faults:
        raise Refused(
            f"{many(len(faults), 'quotation')} no longer stand{'s' * (len(faults) == 1)}",
            where=str(file),
            why="; ".join(faults[:5]),
            next_step=f"re-issue it: reflect summary again {file}",
        )
    desk.screen.line("Every quotation stands as it was shared.")


def again(desk: Desk, name: str, file: Path, output: str, *, force: bool) -> None:
    """Make a put-out file once more with what stands now, and say what changed."""
    with desk.open() as journal, groups.named(desk.places.home, desk.now, name) as group:
        with summing_up(desk.screen) as tell:
            made, entry, differences = publish.again(group, file.read_bytes(), publish.Frame.of(journal), tell)
        named = publish.name_in_pack(group, file.read_bytes())
        with doing(desk.screen, "Writing it"):
            content = pack.file(named, made) if named else group_forms.load(_by_ending(str(file))).render(made)
        path = Path(output) if output else file
        write_private(path, content, replace=force or not output)
        publish.put_out(group, entry, [] if named else [content], {named: content} if named else {}, path.name)
    desk.screen.line(f"Written to {path}. {many(differences.gone, 'quotation')} gone: withdrawn or reworded.")
    if differences.others:
        desk.screen.line(f"  {many(differences.others, 'quotation')} chosen otherwise now")
    for number in differences.numbers:
        desk.screen.line(f"  shown otherwise now: {number}")
