"""A session is a fold over its events: exact about time, fair about turns, and able to go back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reflect.session import log, scale
from reflect.session.log import Course, Event, Place, State
from tests.session.rooms import AGAIN, CLOSE, PAIRS, PLAN, ROUND, SETTLE, TALK, VOICE, WRITE

PEOPLE = ("a", "b", "c", "d")
AGENDA = scale.scaled(PLAN, 4)
COURSE = Course(AGENDA, PEOPLE)
BEGAN = 1_800_000_000_000

KEYS = st.one_of(
    st.sampled_from(["next"] * 6 + ["pass", "reveal"]).map(lambda what: {"what": what}),
    st.sampled_from([30, -30]).map(lambda amount: {"what": "more", "amount": amount}),
    st.integers(-1, 10).map(lambda step: {"what": "jump", "step": step}),
    st.tuples(st.integers(-1, 10), st.integers(-10, 400)).map(
        lambda both: {"what": "shorten", "step": both[0], "amount": both[1]}
    ),
    st.integers(-60, 600).map(lambda amount: {"what": "extend", "amount": amount}),
    st.sampled_from("uvw").map(lambda line: {"what": "voice", "who": line}),
)
OTHERS = st.one_of(
    st.sampled_from(["pause", "go", "undo", "away", "back", "start", "beat", "beat"]).map(lambda what: {"what": what}),
    st.tuples(st.sampled_from(["arrive", "leave", "ready", "unready"]), st.sampled_from("abcdxy")).map(
        lambda both: {"what": both[0], "who": both[1]}
    ),
)
GAPS = st.one_of(st.integers(0, log.LAPSE), st.integers(-5_000, 5 * 3_600_000))


def _logged(happened: list[tuple[dict[str, object], int]], *, start: bool = True) -> list[Event]:
    """Return events with numbers and times: four people, the start, then what happened, each after a gap."""
    said: list[tuple[dict[str, object], int]] = [({"what": "arrive", "who": each}, 0) for each in PEOPLE]
    said += [({"what": "start"}, 0)] * start + happened
    events, at = [], BEGAN
    for number, (each, gap) in enumerate(said, 1):
        if each["what"] == "beat":  # as `log.beat` makes one
            each = {**each, "amount": gap if 0 <= gap <= log.LAPSE else 0}  # noqa: PLW2901
        at += gap
        events.append(Event(number, at, **each))
    return events


HAPPENED = st.lists(st.tuples(st.one_of(KEYS, OTHERS), GAPS), max_size=40)
LIVED = st.lists(st.tuples(st.one_of(KEYS, OTHERS), st.integers(0, log.LAPSE)), max_size=40)
"""What happened without a lapse between."""


def _state(happened: list[tuple[dict[str, object], int]]) -> State:
    return log.fold(COURSE, _logged(happened))


def _after(state: State, what: str, gap: int = 0, **said: object) -> State:
    return log.after(COURSE, state, Event(state.number + 1, state.at + gap, what, **said))


# -- time ----------------------------------------------------------------------------------------


@given(HAPPENED, GAPS)
def test_time_is_never_negative(happened: list[tuple[dict[str, object], int]], later: int) -> None:
    """Whatever happens, and when the clock is put back, no time that is shown or kept is below nothing."""
    state = _state(happened)
    clock = log.look(COURSE, state, state.at + later)
    assert min(clock) >= 0
    assert min(state.place.spent) >= 0
    assert min(state.place.planned) >= 0
    assert clock.half in (0, 1, 2)
    assert state.elapsed >= 0
    assert state.place.spread.shortest <= state.place.spread.longest


@given(LIVED)
def test_elapsed_time_is_the_time_it_ran(happened: list[tuple[dict[str, object], int]]) -> None:
    """Every millisecond counts while it runs and none while it is paused or away."""
    state, ran = log.opening(AGENDA), 0
    for event in _logged(happened):
        gap = event.at - state.at if state.at else 0
        ran += gap if state.phase == "running" and event.what != "back" else 0
        state = log.after(COURSE, state, event)
    assert state.elapsed == ran
    spent = sum(state.place.spent) + state.elapsed - state.place.step_began
    assert spent == state.elapsed


def test_a_closed_lid_does_not_count() -> None:
    """Hours without a heartbeat are not the room's: the turn goes on at the second it stood at, the end moves."""
    state = _after(_state([({"what": "jump", "step": ROUND}, 1000)]), "beat", 20_000, amount=20_000)
    before = log.look(COURSE, state, state.at)
    hours = 3 * 3_600_000
    assert log.look(COURSE, state, state.at + hours)._replace(finish=before.finish) == before
    woken = log.after(COURSE, state, log.beat(state, state.number + 1, state.at + hours))
    after = log.look(COURSE, woken, woken.at)
    assert after._replace(finish=before.finish) == before
    assert after.finish == before.finish + hours
    assert after.late == 0


def test_a_pause_moves_the_end_and_says_so() -> None:
    """While it is paused nobody's time runs, and the room is told when it will end now."""
    state = _after(_state([({"what": "jump", "step": ROUND}, 0)]), "pause")
    for _ in range(120):
        state = log.after(COURSE, state, log.beat(state, state.number, state.at + 1000))
    clock = log.look(COURSE, state, state.at)
    assert clock.turn_left == AGENDA.steps[ROUND].turn
    skipped = sum(AGENDA.steps[at].seconds for at in (SETTLE, WRITE))
    assert clock.late == 0
    assert clock.finish == BEGAN + (AGENDA.seconds - skipped + 120) * 1000


@given(LIVED, st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_heartbeats_in_a_row_are_one(happened: list[tuple[dict[str, object], int]], gaps: list[int]) -> None:
    """The one row that holds many heartbeats folds to what they fold to one by one."""
    state = one_by_one = _state(happened)
    for gap in gaps:
        one_by_one = log.after(COURSE, one_by_one, log.beat(one_by_one, state.number + 1, one_by_one.at + gap))
    whole = Event(state.number + 1, state.at + sum(gaps), "beat", amount=sum(gaps))
    assert log.after(COURSE, state, whole) == one_by_one


@given(LIVED, st.data())
@example([({"what": "next"}, 500), ({"what": "next"}, 29_000)], None)
def test_resuming_after_any_prefix_is_no_interruption(
    happened: list[tuple[dict[str, object], int]], data: st.DataObject | None
) -> None:
    """A process killed at any moment and taken up again hours later ends where it would have ended, to the second."""
    events = _logged([each for each in happened if each[0]["what"] != "back"])
    cut = data.draw(st.integers(0, len(events))) if data else 6
    away = data.draw(st.integers(0, 10**9)) if data else 10**7
    before = log.fold(COURSE, events[:cut])
    assume(before.phase != "away")
    back = replace(log.after(COURSE, before, Event(before.number, before.at + away, "back")), number=before.number)
    assert back.phase == (before.phase if before.phase == "arriving" else "paused")
    if before.phase == "running":
        back = log.after(COURSE, back, Event(before.number, back.at, "go"))
    shift = back.at - before.at
    rest = [event._replace(at=event.at + shift) for event in events[cut:]]
    resumed, never = log.fold(COURSE, rest, back), log.fold(COURSE, events)
    moved = replace(never, at=never.at + shift * bool(never.at), finish=never.finish + shift * bool(never.finish))
    assert resumed == moved


@given(LIVED)
def test_the_fold_may_be_taken_in_pieces(happened: list[tuple[dict[str, object], int]]) -> None:
    """Event by event, or all at once: the same state."""
    state = log.opening(AGENDA)
    for event in _logged(happened):
        state = log.after(COURSE, state, event)
    assert state == _state(happened)


# -- undo ----------------------------------------------------------------------------------------


@given(LIVED, KEYS, st.integers(0, log.LAPSE), st.integers(0, log.LAPSE))
def test_undo_restores_exactly(
    happened: list[tuple[dict[str, object], int]], key: dict[str, object], before: int, later: int
) -> None:
    """After undo everything stands as if the key had never been pressed; only time has gone on."""
    state = _state(happened)
    pressed = _after(state, gap=before, **key)
    assume(pressed.place != state.place)
    undone = _after(pressed, "undo", later)
    untouched = _after(_after(state, "beat", before, amount=before), "beat", later, amount=later)
    assert undone == untouched


@given(st.lists(st.tuples(KEYS, st.integers(0, 5000)), max_size=25))
def test_everything_can_be_undone(happened: list[tuple[dict[str, object], int]]) -> None:
    """Any number of keys can be taken back, one after the other, to the very start."""
    state = _state(happened)
    for _ in range(len(happened)):
        state = _after(state, "undo")
    assert state.place == _state([]).place
    assert state.history is None


def test_what_people_did_in_between_is_not_undone() -> None:
    """Undo takes back a key of the host, and nobody's arrival, departure or readiness."""
    state = _after(_state([]), "next")
    entered = _state([]).place.entered
    for what, who in (("arrive", "x"), ("leave", "b"), ("ready", "a")):
        state = _after(state, what, who=who)
    state = _after(state, "undo")
    assert (state.place.step, state.late, state.gone) == (SETTLE, ("x",), frozenset("b"))
    assert {who for visit, who in state.ready if visit == entered} == set()


def test_a_ready_is_for_one_visit_of_a_step() -> None:
    """Who was ready counts again when a jump is undone, and not in the next step."""
    state = _after(_state([({"what": "next"}, 0)]), "ready", who="a")
    there = state.place.entered
    gone_on = _after(state, "next")
    assert not {who for visit, who in gone_on.ready if visit == gone_on.place.entered}
    assert _after(gone_on, "undo").place.entered == there
    assert {who for visit, who in _after(gone_on, "undo").ready if visit == there} == {"a"}
    twice = _after(_after(state, "ready", who="a"), "ready", who="stranger")
    assert twice.ready == state.ready, "a double tap is one, and a stranger's is none"
    assert not _after(state, "unready", who="a").ready


# -- turns ---------------------------------------------------------------------------------------


def _in(step: int, *after: tuple[str, dict[str, object]]) -> State:
    state = _state([({"what": "jump", "step": step}, 0)])
    for what, said in after:
        state = _after(state, what, **said)
    return state


def _turns(state: State) -> list[str]:
    """Return who has the word, press after press, until the step is over."""
    step, found = state.place.entered, []
    while state.place.entered == step:
        found.append(log.speaker(COURSE, state))
        state = _after(state, "next", 1000)
    return found


def test_everybody_has_one_turn() -> None:
    """REQ-50: in a round each person has the word once, in the drawn order; the next round begins with another."""
    assert _turns(_in(ROUND)) == ["a", "b", "c", "d"]
    assert _turns(_in(AGAIN)) == ["b", "c", "d", "a"]


@given(st.sets(st.sampled_from("abcd")), st.lists(st.sampled_from("xyz"), unique=True))
def test_whoever_is_there_has_one_turn(gone: set[str], late: list[str]) -> None:
    """Those who left are passed over, and those who came late come last."""
    happened = [("leave", {"who": each}) for each in sorted(gone)] + [("arrive", {"who": each}) for each in late]
    state = _after(_state([]), "beat")
    for what, said in happened:
        state = _after(state, what, **said)
    state = _after(state, "jump", step=ROUND)
    expected = [each for each in PEOPLE if each not in gone] + late
    assert _turns(state) == (expected or [""])


def test_who_passes_is_asked_again_at_the_end_and_once() -> None:
    """REQ-50: a pass moves on; at the end they are asked once more, and a second pass is one."""
    state = _in(ROUND, ("pass", {}), ("next", {}), ("pass", {}), ("next", {}))
    assert log.queue(COURSE, state) == ("a", "c")
    assert state.place.passed == {"a", "c"}
    state = _after(state, "pass")
    assert log.speaker(COURSE, state) == "c"
    state = _after(state, "next", 2000)
    assert (state.place.step, state.place.spread.passed, state.place.spread.turns) == (PAIRS, 1, 3)


def test_two_hands_skip_nobody() -> None:
    """A second press that is meant for a turn that is over changes nothing, nor does one for a turn to come."""
    state = _after(_in(ROUND), "next", who="a")
    assert log.speaker(COURSE, state) == "b"
    for what in ("next", "pass"):
        assert _after(state, what, who="a").place == state.place
        assert _after(state, what, who="c").place == state.place


def test_who_leaves_in_their_turn_gives_it_on() -> None:
    """The next person has a whole turn then, and who comes back is in the round again."""
    state = _after(_after(_in(ROUND), "beat", 20_000, amount=20_000), "leave", who="a")
    clock = log.look(COURSE, state, state.at)
    assert (log.speaker(COURSE, state), clock.turn_left) == ("b", AGENDA.steps[ROUND].turn)
    assert log.queue(COURSE, _after(state, "arrive", who="a")) == ("b", "a", "c", "d")
    for who in "bcd":
        state = _after(state, "leave", who=who)
    assert (state.place.step, log.speaker(COURSE, state)) == (PAIRS, "")


def test_who_comes_into_an_empty_round_has_the_word() -> None:
    """A round in which nobody was gives its turn to the first who comes."""
    state = _state([])
    for who in PEOPLE:
        state = _after(state, "leave", who=who)
    state = _after(_after(state, "jump", step=ROUND), "beat", 9_000, amount=9_000)
    state = _after(state, "arrive", who="x")
    assert log.speaker(COURSE, state) == "x"
    assert log.look(COURSE, state, state.at).turn_left == AGENDA.steps[ROUND].turn


def test_pairs_change_over_at_half_time() -> None:
    """In pairs both halves are the same, also when time was added."""
    state = _in(PAIRS)
    half = AGENDA.steps[PAIRS].turn
    clocks = [log.look(COURSE, _after(state, "more", amount=60), state.at + at * 1000) for at in (0, 30)]
    assert [each.half for each in clocks] == [1, 1]
    assert clocks[1].turn_left == half + 30 - 30
    later = log.fold(
        COURSE, [Event(99, state.at + 29_000 * each, "beat", amount=29_000) for each in range(1, 6)], state
    )
    clock = log.look(COURSE, later, later.at)
    assert (clock.half, clock.turn_left) == (2, 2 * half - 145)


def test_the_last_step_has_no_next() -> None:
    """`next` in the last step leaves it as it is."""
    state = _in(CLOSE)
    assert _after(state, "next", 5000).place == state.place


def test_a_late_arrival_lengthens_the_rounds_and_cuts_nobody_short() -> None:
    """REQ-50: every turn stays as long as it was; the end moves."""
    state = _state([])
    before = log.look(COURSE, state, state.at)
    late = log.look(COURSE, _after(state, "arrive", who="x"), state.at)
    turns = AGENDA.steps[ROUND].turn + AGENDA.steps[AGAIN].turn
    assert late.finish - before.finish == turns * 1000
    assert late.late == turns


# -- more, less, shorten, extend --------------------------------------------------------------------


def test_time_can_be_given_and_taken() -> None:
    """Half a minute more or less is this turn's alone, and never less than was used."""
    state = _in(ROUND, ("more", {"amount": 30}))
    assert log.look(COURSE, state, state.at).turn_left == AGENDA.steps[ROUND].turn + 30
    state = _after(state, "beat", 25_000, amount=25_000)
    for _ in range(9):
        state = _after(state, "more", amount=-30)
    clock = log.look(COURSE, state, state.at)
    assert (clock.turn_left, clock.turn_over) == (0, 0)
    following = _after(state, "next")
    assert log.look(COURSE, following, following.at).turn_left == AGENDA.steps[ROUND].turn


def test_over_time_is_told_and_less_takes_nothing_more() -> None:
    """When a turn is over its time, that is said, and taking half a minute changes nothing."""
    state = _in(ROUND)
    for _ in range(6):
        state = _after(state, "beat", 25_000, amount=25_000)
    clock = log.look(COURSE, state, state.at)
    assert (clock.turn_left, clock.turn_over) == (0, 30)
    assert _after(state, "more", amount=-30).place == state.place


def _late_by(seconds: int) -> State:
    """Return a session in which the first writing took so much longer."""
    state = _in(WRITE)
    for _ in range(AGENDA.steps[SETTLE].seconds + AGENDA.steps[WRITE].seconds + seconds):
        state = _after(state, "beat", 1000, amount=1000)
    return state


def test_on_overrun_it_says_when_it_will_end_and_what_may_go() -> None:
    """It offers later steps, those that win most first, and never a protected one."""
    state = _late_by(0)
    assert log.look(COURSE, state, state.at).late == 0
    state = _late_by(240)
    clock = log.look(COURSE, state, state.at)
    assert (clock.late, clock.finish) == (240, BEGAN + (AGENDA.seconds + 240) * 1000)
    offered = log.cuts(COURSE, state, clock.late)
    assert {each.step for each in offered} == {ROUND, PAIRS, TALK, AGAIN}
    assert [each.seconds for each in offered] == sorted((each.seconds for each in offered), reverse=True)
    best = offered[0]
    assert best.sentence == "Round: 1 minute a turn instead of 2 minutes wins 4 minutes."
    shortened = _after(state, "shorten", step=best.step, amount=clock.late)
    assert log.look(COURSE, shortened, shortened.at).late == 0


@given(HAPPENED, st.integers(1, 5000))
def test_nothing_protected_is_offered_and_nothing_goes_below_its_least(
    happened: list[tuple[dict[str, object], int]], late: int
) -> None:
    """Whatever happened, what may be shortened is to come, unprotected, and keeps its least or goes whole."""
    state = _state(happened)
    assume(state.is_under_way)
    for cut in log.cuts(COURSE, state, late):
        step = AGENDA.steps[cut.step]
        assert cut.step > state.place.step
        assert not step.protected
        assert cut.seconds > 0
        done = _after(state, "shorten", step=cut.step, amount=late)
        won = sum(seconds for _, seconds in log.ahead(COURSE, state))
        won -= sum(seconds for _, seconds in log.ahead(COURSE, done))
        assert won == cut.seconds
        least = step.least * step.turn // step.seconds if step.turns == "each" else step.least
        assert done.place.planned[cut.step] >= least or (step.optional and done.place.planned[cut.step] == 0)
    for at, step in enumerate(AGENDA.steps):
        if step.protected:
            assert _after(state, "shorten", step=at, amount=late).place == state.place


def test_an_optional_step_may_go_and_is_passed_over_then() -> None:
    """When it is at its least already, leaving it out is what is offered."""
    state = _in(PAIRS, ("shorten", {"step": TALK, "amount": 9999}))
    (cut,) = [each for each in log.cuts(COURSE, state, 60) if each.step == TALK]
    assert cut.sentence == "Leaving out Open talk wins 1 minute."
    state = _after(_after(state, "shorten", step=TALK, amount=60), "next")
    assert state.place.step == VOICE


def test_the_room_may_agree_to_end_later() -> None:
    """Once agreed, it is no longer late."""
    state = _late_by(200)
    agreed = _after(state, "extend", amount=200)
    assert (log.look(COURSE, state, state.at).late, log.look(COURSE, agreed, agreed.at).late) == (200, 0)


@pytest.mark.parametrize(
    ("before", "now", "told"), [(301, 300, 300), (300, 299, None), (61, 0, 0), (400, 170, 180), (0, 0, None), (1, 0, 0)]
)
def test_time_is_told_at_five_three_one_and_nothing(before: int, now: int, told: int | None) -> None:
    """A mark is told once, when it is come to; of several at once the last."""
    assert log.crossed(before, now) == told


# -- what is hidden, what is voiced --------------------------------------------------------------------


def test_words_are_hidden_until_a_step_shows_them() -> None:
    """What is written stays hidden through round and talk; voicing shows it, and so does the host's key."""
    state = _in(WRITE)
    assert state.place.revealed < WRITE
    assert _after(state, "jump", step=TALK).place.revealed < WRITE
    assert _after(state, "jump", step=VOICE).place.revealed >= WRITE
    shown = _after(state, "reveal")
    assert shown.place.revealed == WRITE
    assert _after(shown, "undo").place.revealed < WRITE
    assert _after(_after(state, "jump", step=VOICE), "jump", step=WRITE).place.revealed < WRITE


def test_a_line_is_voiced_once() -> None:
    """A line that was shown is not shown again in the step, and undo takes it back."""
    state = _in(VOICE, ("voice", {"who": "u"}))
    assert (state.place.line, state.place.voiced) == ("u", {"u"})
    assert _after(state, "voice", who="u").place == state.place
    assert _after(state, "undo").place.voiced == set()
    assert _in(TALK, ("voice", {"who": "u"})).place.line == ""
    later = _after(_after(state, "next"), "jump", step=VOICE)
    assert (later.place.voiced, later.place.seen) == (set(), {"u"})


# -- what people see of it --------------------------------------------------------------------------


def _spread(state: State) -> str:
    return log.evenness(log.passed(state))


def test_evenness_is_a_spread_and_never_a_ranking() -> None:
    """REQ-41: the room sees from how many to how many seconds turns ran, and how many passed."""
    state = _in(ROUND)
    for seconds in (60, 110, 80):
        for _ in range(seconds):
            state = _after(state, "beat", 1000, amount=1000)
        state = _after(state, "next")
    assert _spread(state) == "Turns ran 60 to 110 seconds."
    assert _spread(_after(_after(state, "pass"), "pass")) == "Turns ran 60 to 110 seconds; one passed."
    assert all(isinstance(each, int) for each in state.place.spread)


def test_the_spread_of_few_turns_is_not_told() -> None:
    """One person's time, or two people's, is theirs."""
    assert _spread(_in(ROUND, ("next", {}), ("next", {}))) == ""
    state = _in(ROUND, ("next", {}), ("next", {}), ("next", {}))
    assert _spread(state) == "Turns ran 0 seconds each."


def test_the_record_holds_steps_and_spread_and_nobody() -> None:
    """What stays after the close are lengths of steps and the spread of turns."""
    state = _in(ROUND, *[("next", {"gap": 10_000})] * 4)
    kept = log.record(COURSE, state)
    assert kept["evenness"] == "Turns ran 10 seconds each."
    assert kept["steps"][ROUND] == {"title": "Round", "planned": 480, "spent": 40}
    assert set(kept) == {"minutes", "steps", "evenness"}


def test_no_event_says_who_spoke_or_passed() -> None:
    """The log holds ids of people who came and left; a turn's event names nobody, and nothing has words."""
    assert Event._fields == ("number", "at", "what", "who", "step", "amount")
    assert Place.__slots__
    state = _in(ROUND, ("next", {}), ("pass", {}))
    assert state.place.spread.turns == 1


@given(HAPPENED)
def test_a_closed_session_stays_closed(happened: list[tuple[dict[str, object], int]]) -> None:
    """After the close no event changes anything."""
    closed = _after(_state(happened), "close")
    assert closed.phase == "closed"
    for event in _logged(happened):
        assert log.after(COURSE, closed, event) is closed
