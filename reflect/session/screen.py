"""The host's screen: the time readable across a room, whose turn it is, the question, and the keys.

Everything shown comes from `Room.view` and `say`; a key becomes an act of `host`, just as a typed line does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Digits, Footer, Input, Static

from reflect import clean
from reflect.errors import ReflectError
from reflect.session import host, log, say
from reflect.session.host import Act
from reflect.session.pace import Pace
from reflect.session.plain import CUES
from reflect.session.room import Room, View
from reflect.session.scale import spoken

_LOOK = 0.25  # real seconds between two looks at the clock, so that no second is skipped
_LAST = 10  # seconds before the end of a turn from which the time stands out


def hold(room: Room, pace: Pace, *, cues: frozenset[str] = CUES, how_to_join: Sequence[str] = ()) -> View:
    """Hold the session on the whole screen until it is closed, for good or for now; return how it stands then."""
    HostScreen(room, pace, cues=cues, how_to_join=how_to_join).run()
    if not host.is_over(room.view(pace.now())):
        room.do("away", pace.now())
    return room.view(pace.now())


class HostScreen(App[None]):
    """One session on a terminal of 80 by 24 or larger."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "reflect"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "act('pause')", "pause"),
        Binding("n,enter", "act('next')", "next", key_display="n"),
        Binding("p", "act('pass')", "pass"),
        Binding("plus,equals_sign", "act('more')", "30 s", key_display="+ -"),
        Binding("minus", "act('less')", "30 s less", show=False),
        Binding("u", "act('undo')", "undo"),
        Binding("m", "left", "left"),
        Binding("q", "act('away')", "close for now"),
        Binding("question_mark,h", "help", "all", key_display="?"),
        Binding("r", "act('reveal')", "show what was written", show=False),
        Binding("s", "write('s 1')", "shorten", show=False),
        Binding("e", "write('e 5')", "agree to more time", show=False),
        Binding("a", "write('here ')", "somebody came", show=False),
        Binding("g", "write('gone ')", "somebody left", show=False),
        Binding("w", "write('who ')", "who isn't here", show=False),
        Binding("o", "write('offer ')", "an action", show=False),
        Binding("i", "write('promise ')", "a promise", show=False),
        Binding("x", "write('none ')", "no action, and why", show=False),
        Binding("c", "act('close')", "close for good", show=False),
        Binding("slash,colon", "write('')", "type", show=False),
        Binding("j", "join", "how phones join", show=False),
        Binding("b", "bell_off", "bell on or off", show=False),
        Binding("escape", "cancel", "back", show=False),
    ]

    def __init__(self, room: Room, pace: Pace, *, cues: frozenset[str] = CUES, how_to_join: Sequence[str] = ()) -> None:
        """Show a room; time is told as `cues` say, and `how_to_join` tells latecomers where the page is."""
        super().__init__()
        self._room = room
        self._pace = pace
        self._cues = set(cues)
        self._how_to_join = how_to_join
        self._told: View | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen: time and turn on top, the question in the middle, keys below."""
        with Horizontal(id="top"):
            yield Static(id="place", markup=False)
            yield Static(id="finish", markup=False)
        with Horizontal(id="now"):
            yield Digits(id="time")
            with Vertical(id="turn"):
                yield Static(id="speaker", markup=False)
                yield Static(id="following", markup=False)
                yield Static(id="cue", markup=False)
        with VerticalScroll(id="middle"):
            yield Static(id="question", markup=False)
            yield Static(id="beside", markup=False)
            yield Static(id="hints", markup=False)
        yield Static(id="said", markup=False)
        yield Input(id="typed", placeholder="? tells what can be typed; Esc goes back", select_on_focus=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin to look at the clock."""
        self.query_one("#typed").display = False
        arriving = self._room.view(self._pace.now()).phase == "arriving"
        self._put("said", ["Press n when everybody is here; ? tells the other keys."] if arriving else [])
        self._show()
        self.set_interval(max(0.02, min(_LOOK, self._pace.outside(1.0) or _LOOK)), self._look)

    # -- what the host does ---------------------------------------------------------------------

    def action_act(self, what: str) -> None:
        """Do what a key stands for."""
        self._do(Act(what))

    def action_left(self) -> None:
        """Say how much is left and when it will end."""
        self._put("said", say.overall(self._room.view(self._pace.now())))

    def action_help(self) -> None:
        """Say what can be typed after /, and which keys stand for it."""
        keys = [f"{each.key.split(',')[0]} {each.description}" for each in _hidden(self.BINDINGS)]
        self._put("said", ["Keys: " + " · ".join(keys).replace("slash", "/"), "After /: " + " · ".join(host.WORDS)])

    def action_write(self, begun: str) -> None:
        """Open a line to type in, with its first word."""
        typed = self.query_one("#typed", Input)
        typed.display = True
        typed.value = begun
        typed.focus()
        typed.cursor_position = len(begun)

    def action_cancel(self) -> None:
        """Close the line without doing anything."""
        typed = self.query_one("#typed", Input)
        typed.display = False
        self.set_focus(None)

    def action_join(self) -> None:
        """Say where the page for phones is."""
        self._put("said", self._how_to_join or ["There is no page for phones; `--join` opens one."])

    def action_bell_off(self) -> None:
        """Switch the bell on or off."""
        self._cues ^= {"bell"}
        self._put("said", [f"The bell is {'on' if 'bell' in self._cues else 'off'}."])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what was typed."""
        self.action_cancel()
        try:
            act = host.read(event.value)
        except ReflectError as error:
            self._put("said", [str(error)])
        else:
            self._do(act)

    def _do(self, act: Act) -> None:
        if act.what == "left":
            self.action_left()
            return
        if act.what == "help":
            self.action_help()
            return
        try:
            answer = host.do(self._room, act, self._pace.now())
        except ReflectError as error:
            answer = str(error)
        self._put("said", [answer] if answer else [])
        if act.what == "away":  # also before the start, where no time is to be stopped
            self.exit()
            return
        self._show()

    # -- what is shown ----------------------------------------------------------------------------

    def _look(self) -> None:
        if not self.query("#time"):
            return  # the screen is being taken down
        try:
            self._room.tick(self._pace.now())
        except ReflectError as error:
            self._put("said", [str(error)])
        self._show()

    def _show(self) -> None:
        view = self._room.view(self._pace.now())
        if host.is_over(view):
            self.exit()
            return
        self._clock(view)
        if _body(view) != (_body(self._told) if self._told else None):
            self._middle(view)
        self._cue(view)
        self._told = view

    def _clock(self, view: View) -> None:
        seconds = _seconds(view)
        self.query_one("#time", Digits).update(say.clock(seconds))
        place = f"Step {view.step + 1} of {view.steps}: {view.now.title}" if view.now else view.title
        self._put("place", [place + (" (paused)" if view.phase == "paused" else "")])
        late = f" ({spoken(view.clock.late)} late)" if view.clock.late else ""
        self._put("finish", [f"finish at {view.finish:%H:%M}{late}"])
        now = self.query_one("#now")
        now.set_class(view.phase != "running", "resting")
        now.set_class("sight" in self._cues and view.phase == "running" and seconds <= _LAST, "ending")

    def _middle(self, view: View) -> None:
        speaker, following = _turn(view)
        self._put("speaker", [speaker])
        self._put("following", [following])
        self._put("question", say.question(view.now) if view.now else [f"Here: {say.people(self._room.people())}"])
        beside = say.opening(self._room.opening()) if view.now is None else []
        beside += say.care(view.now, self._room.support)
        beside += list(view.now.lens) if view.now else []
        if view.line:
            beside.append(say.voiced(view.line, view.unvoiced))
        else:
            beside += [f"– {each.words}" for each in view.lines]
        if view.hidden and view.now and view.now.writes:
            beside.append(f"{say.readiness(view)} What is written stays hidden until it is shown to all.".strip())
        self._put("beside", beside)
        hints = [f"Host: {each}" for each in view.now.hints] if view.now else []
        self._put("hints", hints)
        if view.clock.late:
            self._put("said", [*say.late(view), "s shortens, e agrees to finish later."])

    def _cue(self, view: View) -> None:
        """Tell the end of a time, gently: by words and the bell, once each."""
        before = self._told
        if before is None or view.phase != "running" or view.now is None:
            return
        same = (before.step, before.turn, before.visit) == (view.step, view.turn, view.visit)
        mark = log.crossed(_seconds(before), _seconds(view), say.marks(_whole(view))) if same else None
        if not same:
            self._put("cue", [])
        elif mark is not None:
            if "words" in self._cues:
                self._put("cue", [say.left(mark)])
            if "bell" in self._cues and mark == 0:
                self.bell()
        if view.clock.half == 2 and before.clock.half == 1:
            self._put("cue", ["Change over: the other one speaks now."])

    def _put(self, place: str, lines: Sequence[str]) -> None:
        shown = self.query_one(f"#{place}", Static)
        shown.update("\n".join(clean.line(each) for each in lines))
        shown.display = bool(lines)


def _hidden(bindings: Sequence[BindingType]) -> list[Binding]:
    return [each for each in bindings if isinstance(each, Binding) and not each.show and each.key != "escape"]


def _seconds(view: View) -> int:
    """Return the seconds that stand large: of the turn where somebody has one, else of the step."""
    if view.now is None:
        return view.clock.session_left
    return view.clock.turn_left if view.speaker or view.clock.half else view.clock.step_left


def _whole(view: View) -> int:
    if view.now is None:
        return 0
    return view.now.turn or view.now.seconds


def _turn(view: View) -> tuple[str, str]:
    """Return whose turn it is and who is next, or how many are here."""
    if view.speaker is None:
        return (f"{view.present} people" if view.present else "", say.readiness(view))
    again = ", asked again" if view.asked_again else ""
    then = f"then {say.name(view.following, view.turns)}" if view.following else "the last turn"
    return say.upper(say.name(view.speaker, view.turns)) + again, f"{then} · turn {view.turn} of {view.turns}"


def _body(view: View) -> tuple[object, ...]:
    """Return what the middle of the screen hangs on; the clock alone changes far more often."""
    return (view.phase, view.step, view.visit, view.speaker, view.following, view.lines, view.line, view.hidden,
            view.ready, view.present, view.cuts)  # fmt: skip
