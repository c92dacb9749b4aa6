"""A session from a file: what the host does and what people write, and when; for demonstrations and tests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from reflect.bank.packs import contents, refusal, table_of
from reflect.errors import Usage
from reflect.session import host
from reflect.session.host import Act
from reflect.session.pace import Pace
from reflect.session.room import View

Line = Annotated[str, Field(max_length=2000)]


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cue(_Checked):
    """One moment of a script: what is waited for, and what is done then."""

    wait: float = Field(0, ge=0, le=36_000, description="Seconds of the session to wait first.")
    step: str = Field("", description="Wait until the step with this id has come.")
    type: Line = Field("", description="What the host types, as in plain mode: `n`, `p`, `offer … / Len / Friday`.")
    write: Line = Field("", description="What somebody writes down.")
    who: str = Field("", description="Whose words `write` holds; one name, one person.")
    for_group: bool = Field(default=False, description="Whether the words are marked for the group.")
    limits: Line = Field("", description="What the owner of an offered action can't do.")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if bool(self.type) == bool(self.write):
            raise ValueError("type: a cue does one thing, `type` or `write`")
        return self

    def act(self) -> Act:
        """Return what is done."""
        if self.write:
            return Act("write", self.write, self.who, for_group=self.for_group)
        return host.read(self.type)._replace(limits=self.limits)


class Script(_Checked):
    """A whole session in writing."""

    moves_on: bool = Field(default=True, description="Go on by itself when a turn or a step is over.")
    people: tuple[str, ...] = Field((), description="Names of who is in the room, where the command gives none.")
    cue: tuple[Cue, ...] = Field((), description="What happens, in order.")


def read(path: Path) -> Script:
    """Read a script, or say which cue and which field is wrong; what can't be typed is refused before it starts."""
    table = table_of(contents(path), path.name)
    try:
        made = Script.model_validate(table)
    except ValidationError as error:
        raise refusal(
            error, table, path.name, Script, what="script", item="cue", next_step="mend the file, then try again"
        ) from None
    for number, each in enumerate(made.cue, 1):
        try:
            each.act()
        except Usage as error:
            raise Usage(str(error.what), where=f"{path.name}, cue {number}", next_step=error.next_step) from None
    return made


class Reader:
    """Plays a script: the hand of a host who is not there."""

    def __init__(self, script: Script) -> None:
        """Begin at the first cue."""
        self._left = list(script.cue)
        self._waited = 0.0

    def act(self, pace: Pace, view: View, most: float) -> Act | None:
        """Return what is due, or let time pass."""
        if view.phase == "arriving" and (not self._left or self._left[0].step):
            return Act("next")
        if self._left and self._is_due(view):
            if self._waited >= self._left[0].wait:
                self._waited = 0.0
                return self._left.pop(0).act()
            most = min(most, self._left[0].wait - self._waited)
            self._waited += most
        elif not self._left and view.step + 1 == view.steps and view.clock.step_left == 0:
            return Act("away")  # nobody is there to close it
        _sleep(pace, most)
        return None

    def _is_due(self, view: View) -> bool:
        wanted = self._left[0].step
        return not wanted or (view.now is not None and view.now.id == wanted)


def _sleep(pace: Pace, seconds: float) -> None:
    import time

    if outside := pace.outside(seconds):
        time.sleep(outside)
    else:
        pace.leap(seconds)
