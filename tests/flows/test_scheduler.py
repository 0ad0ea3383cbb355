"""Many flows in one: who goes on when, what a stop interrupts, and what becomes of answers that come too late."""

from __future__ import annotations

import weakref

import pytest

from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie._flow.effects import Effect, Ended, Flow, Join, Notify, OnDisk, Record, Send, Sleep, Start, Stop, Stopped
from kie._flow.scheduler import Fiber, Scheduler, gather
from kie.testing import VirtualClock

READ = Send(HttpRequest(method="GET", url="https://api.example/read"), 10.0)
SUBMISSION = Send(HttpRequest(method="POST", url="https://api.example/submit", creates_task=True), 10.0)


def answer(text: bytes) -> HttpResponse:
    return HttpResponse(status=200, headers={}, body=text)


def carried_out(effect: Effect[object]) -> object:
    """What comes of what a flow writes down while it ends at once."""
    return effect.function() if isinstance(effect, OnDisk) else None


def scheduler(root: Flow[object]) -> tuple[Scheduler, VirtualClock]:
    clock = VirtualClock()
    return Scheduler(root, clock.now, carried_out), clock


def only(jobs: list[tuple[Fiber, Effect[object]]]) -> tuple[Fiber, int, Effect[object]]:
    """The one effect that is to be carried out, its fiber and the step to report back with."""
    [(fiber, effect)] = jobs
    return fiber, fiber.step, effect


def read_then_call(told: list[object]) -> Flow[bytes]:
    """Reads, and where it is stopped meanwhile calls a function of the user's."""
    try:
        return (yield from READ).body
    except Stopped:
        told.append((yield from Notify(print, ("stopped",))))
        raise


def started_and_stopped(flow: Flow[object], seconds: float = 1.0) -> Flow[Ended | None]:
    yield from Start(0, flow)
    yield from Sleep(seconds)
    yield from Stop("enough")
    return (yield from Join())


def test_an_answer_that_comes_after_a_stop_is_not_taken_for_that_of_the_next_effect() -> None:
    told: list[object] = []
    run, clock = scheduler(started_and_stopped(read_then_call(told)))
    fiber, asked, _ = only(run.advance())
    clock.reach(1.0)
    stopped, now, effect = only(run.advance())
    assert stopped is fiber
    assert isinstance(effect, Notify)
    run.resume(fiber, asked, answer(b"too late"))
    assert run.advance() == []
    assert told == []
    run.resume(fiber, now, "what the function gave")
    assert run.advance() == []
    assert told == ["what the function gave"]
    assert run.finished
    assert isinstance(run.value, Ended)
    assert isinstance(run.value.error, Stopped)


def test_what_is_stopped_before_it_begins_is_not_carried_out() -> None:
    def flow() -> Flow[bytes]:
        yield from Sleep(0.5)  # it wakes before the root does, which then stops it
        return (yield from READ).body

    run, clock = scheduler(started_and_stopped(flow()))
    assert run.advance() == []
    clock.reach(1.0)
    assert run.advance() == []
    assert run.finished
    assert isinstance(run.value, Ended)
    assert isinstance(run.value.error, Stopped)


def test_an_answer_that_is_reported_twice_counts_once() -> None:
    def flow() -> Flow[tuple[bytes, bytes]]:
        first = yield from READ
        return first.body, (yield from READ).body

    run, _ = scheduler(flow())
    fiber, step, _ = only(run.advance())
    run.resume(fiber, step, answer(b"1"))
    run.resume(fiber, step, answer(b"1 again"))
    _, following, _ = only(run.advance())
    run.resume(fiber, step, answer(b"1 once more"))
    assert run.advance() == []
    run.resume(fiber, following, answer(b"2"))
    assert run.advance() == []
    assert run.value == (b"1", b"2")


def test_a_stop_interrupts_a_read_at_once_and_tells_the_driver() -> None:
    run, clock = scheduler(started_and_stopped(read_then_call([])))
    fiber, _, _ = only(run.advance())
    assert run.dropped == []
    clock.reach(1.0)
    run.advance()
    assert run.dropped == [fiber]


def test_what_is_given_up_ends_as_unknown_and_may_still_be_noted() -> None:
    lost = TransportError("interrupted again", sent=None)

    def flow() -> Flow[object]:
        with pytest.raises(TransportError) as caught:
            yield from SUBMISSION
        assert caught.value is lost
        return (yield from Record(lambda: {}))

    def noting() -> Flow[object]:
        return (yield from Record(lambda: {}))

    def both() -> Flow[object]:
        yield from Start(0, flow())
        yield from Start(1, noting())
        return [(yield from Join()), (yield from Join())]

    run, _ = scheduler(both())
    (sending, step, _), (note, its_step, _) = [(fiber, fiber.step, effect) for fiber, effect in run.advance()]
    run.give_up(lost)
    fiber, again, effect = only(run.advance())
    assert (fiber, run.dropped, isinstance(effect, Record)) == (sending, [sending], True)
    run.resume(sending, step, "an answer that came too late")
    run.resume(note, its_step, "noted")
    run.resume(sending, again, "noted, too")
    run.advance()
    assert run.value == [Ended(1, "noted", None), Ended(0, "noted, too", None)]


@pytest.mark.parametrize(
    "effect",
    [SUBMISSION, Notify(print, ()), OnDisk(bool)],
    ids=["a submission", "a function of the user's", "the file of a budget"],
)
def test_a_stop_lets_what_may_not_be_lost_come_to_its_end(effect: Effect[object]) -> None:
    def flow() -> Flow[object]:
        given = yield from effect
        with pytest.raises(Stopped, match="enough"):
            yield from Sleep(1.0)
        return given

    run, clock = scheduler(started_and_stopped(flow()))
    fiber, step, _ = only(run.advance())
    clock.reach(1.0)
    assert run.advance() == []
    assert run.dropped == []
    run.resume(fiber, step, "what came of it")
    assert run.advance() == []
    assert run.value == Ended(0, "what came of it", None)


@pytest.mark.parametrize(
    "effect", [Notify(print, ()), OnDisk(bool)], ids=["a function of the user's", "a file of ours"]
)
def test_what_may_not_be_lost_is_also_carried_out_after_a_stop(effect: Effect[object]) -> None:
    def flow() -> Flow[object]:
        yield from SUBMISSION
        return (yield from effect)

    run, clock = scheduler(started_and_stopped(flow()))
    fiber, step, _ = only(run.advance())
    clock.reach(1.0)
    assert run.advance() == []
    run.resume(fiber, step, answer(b"accepted"))
    fiber, step, found = only(run.advance())
    assert found is effect
    run.resume(fiber, step, "what came of it")
    run.advance()
    assert run.value == Ended(0, "what came of it", None)


def test_a_submission_that_follows_a_sleep_may_not_be_lost_either() -> None:
    def flow() -> Flow[object]:
        yield from Sleep(0.5)
        return (yield from SUBMISSION).body

    run, clock = scheduler(started_and_stopped(flow()))
    run.advance()
    clock.reach(0.5)
    fiber, step, _ = only(run.advance())
    clock.reach(1.0)
    assert run.advance() == []
    run.resume(fiber, step, answer(b"accepted"))
    run.advance()
    assert run.value == Ended(0, b"accepted", None)


def test_a_stop_wakes_a_flow_that_sleeps_and_its_sleep_is_over() -> None:
    def sleeper() -> Flow[str]:
        try:
            yield from Sleep(5.0)
        except Stopped:
            yield from Notify(print, ("woken",))
            return "stopped"
        return "slept"

    run, clock = scheduler(started_and_stopped(sleeper()))
    assert run.advance() == []
    clock.reach(1.0)
    fiber, step, _ = only(run.advance())
    assert run.dropped == []
    assert run.wake_at is None, "the sleep that was cut short wakes nobody"
    clock.reach(5.0)
    assert run.advance() == []
    run.resume(fiber, step, True)
    run.advance()
    assert run.value == Ended(0, "stopped", None)


def test_sleepers_wake_in_the_order_of_their_moments_and_not_before() -> None:
    woken: list[tuple[str, float]] = []
    clock = VirtualClock()

    def sleeper(name: str, seconds: float) -> Flow[None]:
        yield from Sleep(seconds)
        woken.append((name, clock.now()))

    def root() -> Flow[None]:
        for key, (name, seconds) in enumerate({"late": 3.0, "soon": 1.0, "also late": 3.0}.items()):
            yield from Start(key, sleeper(name, seconds))
        for _ in range(3):
            yield from Join()

    run = Scheduler(root(), clock.now, carried_out)
    begun = clock.now()
    for until in (0.0, 0.5, 1.0, 2.5, 3.0):
        clock.reach(begun + until)
        assert run.advance() == []
        expected = [1.0] if until < 1.0 else [3.0] if until < 3.0 else []
        assert [run.wake_at] == ([begun + expected[0]] if expected else [None])
    assert woken == [("soon", begun + 1.0), ("late", begun + 3.0), ("also late", begun + 3.0)]
    assert run.finished


def test_a_join_ends_with_none_when_its_time_is_up_and_only_then() -> None:
    def root() -> Flow[list[object]]:
        yield from Start(0, read_then_call([]))
        return [(yield from Join(until=2.0)), (yield from Join())]

    run, clock = scheduler(root())
    fiber, step, _ = only(run.advance())
    assert run.wake_at == 2.0
    clock.reach(1.9)
    assert run.advance() == []
    assert run.wake_at == 2.0
    clock.reach(2.0)
    assert run.advance() == []
    assert not run.finished
    assert run.wake_at is None
    run.resume(fiber, step, answer(b"x"))
    run.advance()
    assert run.value == [None, Ended(0, b"x", None)]


class Interrupted(Exception):
    """What a driver throws into the root, say because of Ctrl-C."""


def interrupted_joins(before: Flow[None]) -> Flow[list[str]]:
    """Starts a read, does what comes before, and tells how two joins end."""
    yield from Start(0, read_then_call([]))
    yield from before
    caught = []
    for _ in range(2):
        try:
            yield from Join()
            caught.append("joined")
        except Interrupted:
            caught.append("interrupted")
            yield from Stop("interrupted")
    return caught


def nothing() -> Flow[None]:
    yield from ()


def test_a_root_that_waits_wakes_for_the_sleeper_or_its_own_time_whichever_is_sooner() -> None:
    def sleeper() -> Flow[None]:
        yield from Sleep(3.0)

    def root(until: float) -> Flow[None]:
        yield from Start(0, sleeper())
        yield from Join(until)

    for until, moment in ((2.0, 2.0), (4.0, 3.0)):
        run, _ = scheduler(root(until))
        run.advance()
        assert run.wake_at == moment


def test_a_flow_that_has_ended_is_forgotten() -> None:
    def root(flows: list[Flow[object]]) -> Flow[None]:
        yield from Start(0, flows.pop())
        yield from Join()
        yield from Sleep(1.0)

    flow = iter(READ)
    ended = weakref.ref(flow)
    run, _ = scheduler(root([flow]))
    fiber, step, _ = only(run.advance())
    run.resume(fiber, step, answer(b""))
    run.advance()
    del flow, fiber
    assert ended() is None
    assert not run.finished


@pytest.mark.parametrize("how", ["with the root", "all of them"])
def test_a_flow_that_ends_at_once_writes_what_it_leaves_behind_and_does_nothing_else(how: str) -> None:
    written: list[str] = []

    def lost() -> None:
        written.append("not")
        raise OSError("the disk is full")

    def flow() -> Flow[None]:
        try:
            yield from READ
        except BaseException:
            with pytest.raises(OSError, match="full"):
                yield from OnDisk(lost)
            yield from OnDisk(lambda: written.append("written"))
            yield from Sleep(1.0)
            written.append("slept")

    def root() -> Flow[None]:
        yield from Start(0, flow())
        if how == "with the root":
            yield from Sleep(1.0)
            raise ValueError("mine")
        yield from Join()

    run, clock = scheduler(root())
    run.advance()
    clock.reach(1.0)
    run.advance()
    if how == "all of them":
        assert not run.finished
        run.abort()
    assert run.finished
    assert written == ["not", "written"]


def test_an_interruption_reaches_a_root_that_waits_at_once() -> None:
    run, _ = scheduler(interrupted_joins(nothing()))
    run.advance()
    assert not run.ready
    run.interrupt(Interrupted())
    assert run.ready
    run.advance()
    assert isinstance(run.value, list)
    assert run.value[0] == "interrupted"


def test_an_interruption_reaches_a_root_that_is_busy_when_it_waits_next_and_the_first_one_counts() -> None:
    run, clock = scheduler(interrupted_joins(iter(Sleep(1.0))))
    run.advance()
    run.interrupt(Interrupted())
    run.interrupt(KeyboardInterrupt())
    assert not run.ready
    clock.reach(1.0)
    fiber, step, effect = only(run.advance())
    assert isinstance(effect, Notify), "the read was stopped"
    run.resume(fiber, step, None)
    run.advance()
    assert run.value == ["interrupted", "joined"]


def test_an_abort_closes_every_flow() -> None:
    closed: list[str] = []

    def closing(name: str) -> Flow[None]:
        try:
            yield from READ
        finally:
            closed.append(name)

    def root() -> Flow[None]:
        try:
            yield from Start(0, closing("started"))
            yield from Join()
        finally:
            closed.append("root")

    run, _ = scheduler(root())
    run.advance()
    run.abort()
    assert closed == ["started", "root"]
    assert run.finished


def test_flows_that_the_root_leaves_behind_are_closed_when_it_ends() -> None:
    closed: list[str] = []

    def left_behind() -> Flow[None]:
        try:
            yield from READ
        finally:
            closed.append("left behind")

    flow = left_behind()

    def root() -> Flow[str]:
        yield from Start(0, flow)
        yield from Sleep(1.0)
        return "done"

    run, clock = scheduler(root())
    run.advance()
    clock.reach(1.0)
    assert run.advance() == []
    assert (run.value, run.error, run.finished, closed) == ("done", None, True, ["left behind"])


def test_what_the_root_raises_is_its_error() -> None:
    def root() -> Flow[None]:
        yield from Start(0, read_then_call([]))
        raise ValueError("broken")

    run, _ = scheduler(root())
    run.advance()
    assert run.finished
    assert isinstance(run.error, ValueError)


@pytest.mark.parametrize("width", [1, 2, 3])
def test_gather_runs_as_many_side_by_side_as_it_may_and_keeps_the_order(width: int) -> None:
    def reading(number: int) -> Flow[int]:
        yield from READ
        if number == 1:
            raise ValueError("broken")
        return number

    run, _ = scheduler(gather([reading(number) for number in range(4)], width))
    pending: list[Fiber] = []
    most = 0
    while not run.finished:
        pending += [fiber for fiber, _ in run.advance()]
        most = max(most, len(pending))
        if pending:
            fiber = pending.pop()
            run.resume(fiber, fiber.step, answer(b""))
    assert most == width
    assert isinstance(run.value, list)
    assert [found if isinstance(found, int) else type(found) for found in run.value] == [0, ValueError, 2, 3]


def test_gather_raises_at_once_what_is_not_an_exception_of_its_own() -> None:
    def interrupted() -> Flow[None]:
        yield from READ
        raise KeyboardInterrupt

    run, _ = scheduler(gather([interrupted(), interrupted()], 2))
    (fiber, _), _ = run.advance()
    run.resume(fiber, fiber.step, answer(b""))
    run.advance()
    assert isinstance(run.error, KeyboardInterrupt)
