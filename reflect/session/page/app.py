"""The routes of the page: join, see, write, take back, and nothing that shows whose words are whose."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from reflect import clean
from reflect.dates import in_words
from reflect.errors import Busy, NotFound, ReflectError, Refused, StorageRefused, Usage
from reflect.session import say, scale, takeaway
from reflect.session.pace import Pace
from reflect.session.page import door, stage
from reflect.session.page.address import Place
from reflect.session.page.door import Turnstile
from reflect.session.page.guard import Guard, Limits, Stopped, form
from reflect.session.page.live import Board, Stream
from reflect.session.page.stage import Moment
from reflect.session.room import Offered, Person, Phone, Room

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Scope

LONGEST = 4_000
"""Letters of one answer from a phone: more than anybody writes in a quiet ten minutes."""

MOST_ANSWERS = 50
"""Answers of one phone that stand at the same time."""

_HERE = Path(__file__).parent
_STATUS: Mapping[type, int] = {Usage: 400, Refused: 422, NotFound: 404, Busy: 503, StorageRefused: 507}

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Desk:
    """What all routes share: the room, the clock, the board, and what has been counted at the door."""

    def __init__(self, room: Room, pace: Pace, place: Place, limits: Limits) -> None:
        """Make ready to answer for one room."""
        self.room = room
        self.pace = pace
        self.place = place
        self.limits = limits
        self.code = room.code()
        self.agreed = room.group.invitation
        self.faults: list[Exception] = []
        self.board = Board(self._look, self._draw, self.faults.append)
        self.guesses = Turnstile(door.GUESSES)
        self.all_guesses = Turnstile(door.ALL_GUESSES)
        self.joins = Turnstile(door.JOINS)
        self.writes = Turnstile(door.WRITES)
        # One thread for all that touches the room: a disk that is slow keeps nobody's connection waiting.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="room")
        self._pages = _environment()
        self._beside: tuple[int, tuple[str, ...]] = (-2, ())

    def close(self) -> None:
        """Let the thread go."""
        self._worker.shutdown(wait=True)

    @property
    def is_over(self) -> bool:
        """Return whether the session was closed for good."""
        return self.room.state.phase == "closed"

    async def ask(self, work: Callable[_P, _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """Have the room do something, while other phones are answered."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, lambda: work(*args, **named))

    # -- what is shown --------------------------------------------------------------------------

    async def _look(self) -> Moment:
        return await self.ask(self.look)

    def look(self) -> Moment:
        """Return the present moment; only ever in the room's thread."""
        visit = self.room.state.place.entered
        if self._beside[0] != visit and not self.is_over:
            self._beside = visit, tuple(say.opening(self.room.opening()))
        pace = self.pace.outside(1.0)
        return stage.look(self.room, self.pace.now(), 1 / pace if pace else 0.0, self._beside[1])

    def _draw(self, part: str, moment: Moment) -> str:
        return self.draw(part, moment=moment)

    def draw(self, template: str, /, **values: Any) -> str:
        """Return a page, or a part of one; whatever people wrote is text in it and nothing else."""
        return self._pages.get_template(template).render(desk=self, **values)

    def page(self, template: str, /, status: int = 200, **values: Any) -> Response:
        """Answer with a page."""
        return Response(self.draw(template, **values), status, media_type="text/html")

    # -- who it is ------------------------------------------------------------------------------

    def phone(self, request: Request) -> Phone:
        """Return whose page address this is; one that nobody has joined with is nobody's."""
        token = request.path_params["token"]
        found = self.room.phone(token) if door.is_token(token) else None
        if found is None or found.person not in self.room.state.people:
            raise Stopped(404, "This page is nobody's. Join again with the code on the host's screen.")
        return found

    def person(self, phone: Phone) -> Person | None:
        """Return who takes turns under this address, None when they have left."""
        return next((each for each in self.room.people() if each.id == phone.person), None)

    def slow_down(self, turnstile: Turnstile, who: str) -> None:
        """Count one more, and refuse what comes too fast."""
        if wait := turnstile.passes(who, time.monotonic()):
            raise _too_fast(wait)

    def check_code(self, request: Request, typed: str, code: str) -> None:
        """Refuse a wrong code, and after some of them any code at all for a while."""
        who, now = _client(request), time.monotonic()
        if wait := max(self.guesses.wait(who, now), self.all_guesses.wait("", now)):
            raise _too_fast(wait)
        if not door.is_code(typed, code):
            self.count_guess(request)
            raise Stopped(403, "That is not the code of this session. It stands on the host's screen.")

    def count_guess(self, request: Request) -> None:
        """Count a wrong code against whoever sent it."""
        now = time.monotonic()
        self.guesses.count(_client(request), now)
        self.all_guesses.count("", now)


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"in_words": in_words, "spoken": scale.spoken, "longest": LONGEST, "clock": say.clock}
    made.filters["line"] = clean.line
    return made


def _shown(value: object) -> object:
    """Make text from people safe to show, before Jinja escapes it."""
    return clean.document(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _too_fast(wait: int) -> Stopped:
    return Stopped(429, f"That was too fast. Wait {scale.spoken(wait)} and try again.", {"Retry-After": str(wait)})


def page_app(desk: Desk) -> ASGIApp:
    """Return the app of one room, with its guard before it."""
    routes = [
        Route("/", _Join(desk).show),
        Route("/page.css", _static("page.css", "text/css")),
        Route("/page.js", _static("page.js", "text/javascript")),
        Route("/j/{code}", _Join(desk).show),
        Route("/J/{code}", _Join(desk).show),
        Route("/join", _Join(desk).join, methods=["POST"]),
        Route("/receipt", _Receipt(desk).show),
        Route("/receipt", _Receipt(desk).withdraw, methods=["POST"]),
        Route("/p/{token}", _Own(desk).show),
        Route("/p/{token}/live", _Own(desk).live),
        Route("/p/{token}/mine.txt", _Own(desk).as_text),
        Route("/p/{token}/mine.json", _Own(desk).as_file),
        Route("/p/{token}/{what}", _Own(desk).act, methods=["POST"]),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(desk.board.watch())
        yield
        desk.board.stop()
        await watching

    def refusal(scope: Scope, stopped: Stopped) -> Response:
        return _refused(desk, Request(scope), stopped)

    async def of_ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, ReflectError)  # noqa: S101 - it is registered for these
        return _refused(desk, request, _as_stopped(error))

    async def at_the_door(request: Request, error: Exception) -> Response:
        assert isinstance(error, Stopped)  # noqa: S101 - as above
        return _refused(desk, request, error)

    async def of_the_routes(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - as above
        why = "There is no such page." if error.status_code == 404 else "This page does not take that."
        return _refused(desk, request, Stopped(error.status_code, why))

    async def fault(request: Request, error: Exception) -> Response:
        desk.faults.append(error)
        why = "Something went wrong on the laptop. What was saved is safe; this was not saved. Try again."
        return _refused(desk, request, Stopped(500, why))

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={
            Stopped: at_the_door,
            ReflectError: of_ours,
            HTTPException: of_the_routes,
            Exception: fault,
        },
    )
    return Guard(app, desk.place, lambda: desk.is_over, refusal)


def _as_stopped(error: ReflectError) -> Stopped:
    status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)
    if status in (503, 507):
        return Stopped(status, "Not saved: the laptop can't store it just now. Keep your words and try again.")
    why = f": {error.why}" if error.why else ""
    return Stopped(status, f"{say.upper(error.what)}{why}.")


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _refused(desk: Desk, request: Request, stopped: Stopped) -> Response:
    if _wants_json(request):
        made: Response = JSONResponse({"said": stopped.why, "ended": stopped.status == 410}, stopped.status)
    else:
        token = request.path_params.get("token", "")
        back = f"/p/{token}" if door.is_token(token) and stopped.status not in (404, 410) else ""
        made = desk.page("message.html", stopped.status, why=stopped.why, ended=stopped.status == 410, back=back)
    made.headers.update(stopped.headers)
    return made


def _static(name: str, kind: str) -> Callable[[Request], Response]:
    content = (_HERE / "static" / name).read_bytes()

    def answer(_request: Request) -> Response:
        return Response(content, media_type=kind)

    return answer


# -- joining ---------------------------------------------------------------------------------------


class _Join:
    """From the code to a page of one's own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Say what the session is and what this laptop stores, and ask for a name, or none."""
        code = request.path_params.get("code", "")
        if code:
            self._desk.check_code(request, code, self._desk.code)
        return self._page(code=door.shown(self._desk.code) if code else "")

    async def join(self, request: Request) -> Response:
        """Seat a phone; the same form twice is the same phone."""
        desk = self._desk
        given = await form(request, desk.limits.request_seconds)
        code, token, name = given.get("code", ""), given.get("token", ""), given.get("name", "")
        try:
            desk.check_code(request, code, desk.code)
        except Stopped as stopped:
            return self._page(stopped.status, name=name, why=stopped.why, headers=stopped.headers)
        if not door.is_token(token):
            raise Stopped(400, "This is not a form of ours.")
        person = desk.room.phone(token).person
        if person not in desk.room.state.people:
            desk.slow_down(desk.joins, _client(request))
            if len(desk.room.state.present) >= scale.MOST_PEOPLE:
                raise Stopped(429, "The room is full.")
        return await desk.ask(self._seat, person, token, name, is_same=given.get("same") == "yes")

    def _seat(self, person: str, token: str, name: str, *, is_same: bool) -> Response:
        desk, now = self._desk, self._desk.pace.now()
        called = " ".join(name.split()).casefold()
        others = [each for each in desk.room.people() if each.name.casefold() == called and each.id != person]
        if called and others and not is_same:
            return self._page(code=door.shown(desk.code), name=name, token=token, taken=True)
        try:
            desk.room.arrive(now, name, person=person, joined=True)
        except Refused as error:
            return self._page(422, code=door.shown(desk.code), name=name, why=_as_stopped(error).why)
        for each in others if called else ():
            desk.room.do("leave", now, who=each.id)
        return RedirectResponse(f"/p/{token}", 303)

    def _page(
        self,
        status: int = 200,
        *,
        code: str = "",
        name: str = "",
        token: str = "",
        why: str = "",
        taken: bool = False,
        headers: Any = None,
    ) -> Response:
        desk = self._desk
        agenda = desk.room.course.agenda
        made = desk.page(
            "join.html",
            status,
            code=code,
            name=name,
            token=token or door.token(),
            why=why,
            taken=taken,
            agenda=agenda,
            setup=desk.room.setup,
            questions=len({each.question.text for each in agenda.steps if each.question.text and each.writes}),
            is_small=max(agenda.people, len(desk.room.state.present)) < desk.agreed.fewest,
        )
        made.headers.update(headers or {})
        return made


# -- one's own page ----------------------------------------------------------------------------------


class _Own:
    """The page of one phone: what the room sees, and what is this person's alone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._acts: dict[str, Callable[[Phone, dict[str, str]], str]] = {
            "write": self._write,
            "take-back": self._take_back,
            "ready": self._ready,
            "turn": self._turn,
            "name": self._name,
            "leave": self._leave,
            "return": self._return,
        }

    async def show(self, request: Request) -> Response:
        """Show everything; what was written is shown to whoever holds this address."""
        phone = self._desk.phone(request)
        asked = {name: request.query_params.get(name, "") for name in ("change", "auto", "more", "done")}
        return await self._desk.ask(self._show, request.path_params["token"], phone, asked)

    async def live(self, request: Request) -> Response:
        """Tell this page whatever changes."""
        phone = self._desk.phone(request)
        return _Streamed(Stream(self._desk.board, phone.person, self._desk.limits.beat_seconds))

    async def as_text(self, request: Request) -> Response:
        """Give a person their own words and actions, to read."""
        made = await self._desk.ask(self._taken, self._desk.phone(request))
        return _file(takeaway.text(made).encode(), "text/plain", "my-reflection.txt")

    async def as_file(self, request: Request) -> Response:
        """Give a person the same as a file that `reflect actions add --from` reads."""
        made = await self._desk.ask(self._taken, self._desk.phone(request))
        return _file(takeaway.write(made), "application/json", "my-reflection.json")

    def _taken(self, phone: Phone) -> takeaway.Takeaway:
        person = self._desk.person(phone)
        made = self._desk.room.takeaway(person.name if person else "", phone.contributor)
        # A name is anybody's to type, so what only an owner may know stays out.
        return made.model_copy(update={"actions": tuple(_without_limits(each) for each in made.actions)})

    async def act(self, request: Request) -> Response:
        """Do what a form asks for."""
        desk, what = self._desk, request.path_params["what"]
        phone = desk.phone(request)
        if what not in self._acts:
            raise Stopped(404, "There is no such page.")
        given = await form(request, desk.limits.request_seconds)
        try:
            desk.slow_down(desk.writes, phone.person)
            said = await desk.ask(self._acts[what], phone, given)
        except (Stopped, ReflectError) as error:
            stopped = error if isinstance(error, Stopped) else _as_stopped(error)
            if what != "write" or _wants_json(request):
                raise stopped from error
            return await desk.ask(self._again, request.path_params["token"], phone, given, stopped)
        desk.board.poke()
        if not _wants_json(request):
            return RedirectResponse(f"/p/{request.path_params['token']}?done={what}", 303)
        return JSONResponse(await desk.ask(self._done, request.path_params["token"], phone, said))

    # -- in the room's thread -----------------------------------------------------------------------

    def _show(self, token: str, phone: Phone, asked: dict[str, str]) -> Response:
        mine = self._desk.room.mine(phone.contributor)
        changed = next((each for each in mine if each.id == asked["change"]), None)
        return self._page(token, phone, mine, changed=changed, asked=asked)

    def _again(self, token: str, phone: Phone, given: dict[str, str], stopped: Stopped) -> Response:
        """Show the form once more with the words in it, which could not be saved."""
        return self._page(token, phone, self._desk.room.mine(phone.contributor), given=given, stopped=stopped)

    def _page(
        self,
        token: str,
        phone: Phone,
        mine: tuple[Offered, ...],
        *,
        changed: Offered | None = None,
        given: dict[str, str] | None = None,
        stopped: Stopped | None = None,
        asked: dict[str, str] | None = None,
    ) -> Response:
        desk, asked = self._desk, asked or {}
        moment = desk.look()
        own = stage.mine(moment, phone.person)
        person = desk.person(phone)
        draft = given or {}
        step = _index(draft.get("step", "")) if given else changed.step if changed else moment.write
        return desk.page(
            "room.html",
            stopped.status if stopped else 200,
            base=f"/p/{token}",
            moment=moment,
            mine=own,
            name=person.name if person else "",
            answers=mine,
            question_of=self._question,
            agreed=desk.agreed,
            setup=desk.room.setup,
            key=draft.get("key") or (changed.key if changed else _key()),
            words=draft.get("words", "") or (changed.words if changed else ""),
            step=step if step is not None else -1,
            is_for_group=draft.get("for") == "group" or bool(changed and changed.for_group),
            is_alone_ok=bool(draft.get("alone")) or bool(changed and changed.alone_ok),
            is_change=changed is not None,
            is_open=bool(given or changed or asked.get("more") or not any(each.step == moment.write for each in mine)),
            why=stopped.why if stopped else "",
            done=_DONE.get(asked.get("done", ""), ""),
            auto=bool(asked.get("auto")),
        )

    def _done(self, token: str, phone: Phone, said: str) -> dict[str, Any]:
        """Return what the page's script needs after something was done."""
        desk = self._desk
        moment = desk.look()
        person = desk.person(phone)
        answers = desk.draw(
            "_answers.html",
            base=f"/p/{token}",
            answers=desk.room.mine(phone.contributor),
            question_of=self._question,
        )
        return {
            "said": said,
            "answers": answers,
            "key": _key(),
            "mine": stage.mine(moment, phone.person)._asdict(),
            "name": person.name if person else "",
        }

    def _question(self, step: int) -> str:
        return self._desk.room.course.agenda.steps[step].question.text if step >= 0 else ""

    # -- what a form can ask for --------------------------------------------------------------------

    def _write(self, phone: Phone, given: dict[str, str]) -> str:
        room, step = self._desk.room, _index(given.get("step", ""))
        steps = room.course.agenda.steps
        if step is None or not 0 <= step < len(steps) or not stage.takes_answers(steps[step]):
            raise Stopped(422, "Nothing is written in this step; wait until the host goes on.")
        if not room.state.is_under_way:
            raise Stopped(422, "The session has not begun yet.")
        words, key = given.get("words", ""), given.get("key", "")
        if len(words) > LONGEST:
            raise Stopped(422, f"Not saved: it has more than {LONGEST:,} letters. Make it shorter, or two answers.")
        if not 8 <= len(key) <= 64:
            raise Stopped(400, "This is not a form of ours.")
        mine = room.mine(phone.contributor)
        if len(mine) >= MOST_ANSWERS and all(each.key != key for each in mine):
            raise Stopped(422, f"Not saved: {MOST_ANSWERS} answers are enough. Change one, or take one back.")
        for_group = given.get("for") == "group"
        room.offer(
            phone.contributor,
            words,
            key=key,
            step=step,
            for_group=for_group,
            alone_ok=for_group and bool(given.get("alone")),
        )
        if for_group:
            return "Saved for the group. Its receipt stands under “What I wrote”: note it down."
        return "Saved, for this room only."

    def _take_back(self, phone: Phone, given: dict[str, str]) -> str:
        self._desk.room.take_back(phone.contributor, given.get("answer", ""))
        return "Taken back. It is gone."

    def _ready(self, phone: Phone, given: dict[str, str]) -> str:
        what = "unready" if given.get("ready") == "no" else "ready"
        self._desk.room.do(what, self._desk.pace.now(), who=phone.person)
        return "Noted that you are ready." if what == "ready" else "Noted that you need more time."

    def _turn(self, phone: Phone, given: dict[str, str]) -> str:
        what = "pass" if given.get("turn") == "pass" else "next"
        moment = self._desk.look()
        if moment.speaker != phone.person or moment.turn != given.get("key"):
            return "It is somebody else's turn now."
        self._desk.room.do(what, self._desk.pace.now(), who=phone.person)
        return "You passed. You are asked again at the end." if what == "pass" else "Thank you."

    def _name(self, phone: Phone, given: dict[str, str]) -> str:
        made = self._desk.room.rename(phone.person, given.get("name", ""))
        return f"You are called {made.name}." if made.name else "You are called by no name."

    def _leave(self, phone: Phone, _given: dict[str, str]) -> str:
        self._desk.room.do("leave", self._desk.pace.now(), who=phone.person)
        return "You have left. What you wrote stays unless you take it back."

    def _return(self, phone: Phone, _given: dict[str, str]) -> str:
        self._desk.room.arrive(self._desk.pace.now(), person=phone.person, joined=True)
        return "Welcome back."


_DONE = {
    "write": "Saved.",
    "take-back": "Taken back. It is gone.",
    "ready": "Noted.",
    "turn": "Thank you.",
    "name": "Noted.",
    "leave": "You have left. What you wrote stays unless you take it back.",
    "return": "Welcome back.",
}


class _Streamed(Response):
    """A response that is told as it happens."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self._stream(scope, receive, send)


def _key() -> str:
    return secrets.token_hex(8)


def _index(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _without_limits(each: takeaway.Accepted) -> takeaway.Accepted:
    return each.model_copy(update={"limits": ""})


# -- receipts ------------------------------------------------------------------------------------------


class _Receipt:
    """Takes words back for whoever holds their receipt."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, _request: Request) -> Response:
        """Ask for a receipt."""
        return self._desk.page("receipt.html", why="", done=False)

    async def withdraw(self, request: Request) -> Response:
        """Take the words of a receipt back; wrong ones are counted like wrong codes."""
        desk = self._desk
        given = await form(request, desk.limits.request_seconds)
        now, who = time.monotonic(), _client(request)
        if wait := max(desk.guesses.wait(who, now), desk.all_guesses.wait("", now)):
            raise _too_fast(wait)
        try:
            await desk.ask(desk.room.withdraw, given.get("receipt", ""))
        except NotFound:
            desk.count_guess(request)
            why = "No words stand under this receipt. Check it sign by sign; it may have been used already."
            return desk.page("receipt.html", 404, why=why, done=False)
        desk.board.poke()
        return desk.page("receipt.html", why="", done=True)
