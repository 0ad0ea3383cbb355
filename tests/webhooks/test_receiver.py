"""A receiver behaves the same over ASGI and WSGI: one table of deliveries for both."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import threading
import traceback
from collections.abc import Callable
from typing import Any, cast

import attrs
import pytest
from anyio import to_thread

from kie import AsyncKie, ConfigError, Kie, TaskRef, TaskStatus
from kie._core.call import HttpResponse
from kie._records.callbacks import signature
from kie._records.lifecycles import lifecycle
from kie._tasks.poll import poll
from kie.simulator import Simulator
from kie.testing import VirtualClock, virtual_async_kie, virtual_kie
from kie.webhooks import Receiver, WebhookRejected, sign, verify
from kie.webhooks._memory import Memory
from tests.flows.test_escapes import AsyncRaising, Raising
from tests.processes import LONGEST, joined, until_async
from tests.simulator.support import CITY, LATER, accept
from tests.webhooks.support import NOW, SECRET, WAYS, Answer, Delivery, StillClock, asgi, body_of, over_asgi, over_wsgi

Way = Callable[[Receiver, Delivery], Answer]
GOOD = body_of()
SIGNED = list(sign(GOOD, SECRET, now=NOW).items())
CUT = GOOD[:-20]


@pytest.fixture(params=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


class Desk:
    """A receiver, the reports that it handled, and its clock."""

    def __init__(self, **options: Any) -> None:
        self.got: list[TaskStatus] = []
        self.clock = StillClock()
        options = {"secret": SECRET, "on_status": self.got.append, "clock": self.clock, **options}
        self.receiver = Receiver(options.pop("secret"), **options)


def test_a_signed_report_is_handled(way: Way) -> None:
    desk = Desk()
    status, answer, headers = way(desk.receiver, Delivery())
    assert (status, answer) == (200, {"outcome": "accepted"})
    assert headers["content-type"] == "application/json"
    [found] = desk.got
    assert (str(found.ref), found.state, found.urls) == ("task_1", "succeeded", ("https://example.com/a.png",))


def test_a_failed_task_is_a_report_like_any_other(way: Way) -> None:
    desk = Desk()
    assert way(desk.receiver, Delivery(body=body_of(state="fail", failCode="500", failMsg="no")))[0] == 200
    assert (desk.got[0].state, desk.got[0].fail_code) == ("failed", "500")


REFUSED: list[tuple[str, Delivery, int, str]] = [
    ("forged with another secret", Delivery(secret="guess"), 401, "signature"),
    ("forged for another task", Delivery(body=body_of("task_2"), headers=SIGNED), 401, "signature"),
    ("unsigned", Delivery(headers=[]), 401, "unsigned"),
    ("without a timestamp", Delivery(headers=SIGNED[1:]), 401, "unsigned"),
    ("without a signature", Delivery(headers=SIGNED[:1]), 401, "unsigned"),
    ("with two timestamps", Delivery(headers=[SIGNED[0], *SIGNED]), 401, "timestamp"),
    ("with a timestamp in words", Delivery(headers=[("X-Webhook-Timestamp", "now"), SIGNED[1]]), 401, "timestamp"),
    ("replayed an hour later", Delivery(at=NOW - 3600), 401, "stale"),
    ("stale by a second", Delivery(at=NOW - 301), 401, "stale"),
    ("from the future", Delivery(at=NOW + 301), 401, "early"),
    ("truncated on the way", Delivery(body=CUT, headers=SIGNED, length=len(GOOD)), 400, "truncated"),
    ("truncated by its sender", Delivery(body=CUT, headers=SIGNED), 400, "not_json"),
    ("lost on the way", Delivery(lost=True, length=len(GOOD) + 1), 400, "truncated"),
    ("with an invalid length", Delivery(length="-1"), 400, "truncated"),
    ("with a length in words", Delivery(length="many"), 400, "truncated"),
    ("oversized as it says itself", Delivery(length=1001), 413, "too_large"),
    ("oversized by far as it says", Delivery(length=10**17), 413, "too_large"),
    ("oversized", Delivery(body=body_of(param="x" * 1000)), 413, "too_large"),
    ("oversized in chunks", Delivery(body=body_of(param="x" * 1000), length=None, pieces=40), 413, "too_large"),
    ("of another charset by its type", Delivery(content_type="application/json; charset=utf-16"), 400, "charset"),
    ("of another charset", Delivery(body=GOOD.decode().encode("utf-16"), headers=SIGNED), 400, "charset"),
    ("not in UTF-8", Delivery(body=GOOD.replace(b"ok", b"\xff\xfe"), headers=SIGNED), 400, "charset"),
    ("not JSON", Delivery(body=b"taskId=task_1", headers=SIGNED), 400, "not_json"),
    ("empty", Delivery(body=b"", headers=SIGNED), 400, "not_json"),
    ("nested without end", Delivery(body=b"[" * 1000, headers=SIGNED), 400, "not_json"),
    ("without a task", Delivery(body=b"{}", headers=SIGNED), 400, "no_task"),
    ("of an unknown shape", Delivery(body=b'{"task_id": "task_1"}'), 400, "unrecognised"),
    ("fetched", Delivery(method="GET"), 405, "method"),
    ("put", Delivery(method="PUT"), 405, "method"),
]


@pytest.mark.parametrize(
    ("delivery", "status", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_delivery_is_rejected(
    way: Way, delivery: Delivery, status: int, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(max_bytes=1000)
    found, answer, headers = way(desk.receiver, delivery)
    assert (found, answer) == (status, {"error": reason})
    assert desk.got == []
    assert ("allow" in headers) is (status == 405)
    expected = signature(SECRET, "task_1", str(NOW))
    shown = caplog.text + str(answer) + repr(desk.receiver)
    assert reason in caplog.text and SECRET not in shown and expected not in shown


ACCEPTED: list[tuple[str, Delivery]] = [
    ("in chunks", Delivery(length=None, pieces=7)),
    ("in pieces", Delivery(pieces=7)),
    ("with headers in capitals", Delivery(headers=[(name.upper(), value) for name, value in SIGNED])),
    ("with headers as documented", Delivery(headers=[(name.title(), value) for name, value in SIGNED])),
    ("with a second signature", Delivery(headers=[*SIGNED, ("x-webhook-signature", "AAAA")])),
    ("with a charset", Delivery(content_type='application/json; charset="UTF-8"')),
    ("at the edge of the past", Delivery(at=NOW - 300)),
    ("at the edge of the future", Delivery(at=NOW + 300)),
    ("with the other secret", Delivery(secret="old secret")),
    ("with letters of every language", Delivery(body=body_of(param="夕暮れの灯台 ☀"))),
    ("of exactly the size", Delivery(body=GOOD + b" " * (1000 - len(GOOD)))),
]


@pytest.mark.parametrize("delivery", [row[1] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_a_delivery_is_accepted(way: Way, delivery: Delivery) -> None:
    desk = Desk(secret=[SECRET, "old secret\n"], max_bytes=1000)
    assert way(desk.receiver, delivery)[:2] == (200, {"outcome": "accepted"})
    assert len(desk.got) == 1


@attrs.define
class Endless:
    """A body without an end, in chunks. It counts what was read, and breaks off long after any limit."""

    read: int = 0

    def chunk(self) -> bytes:
        self.read += 64 * 1024
        assert self.read < 8 * 1024**2, "the body is read without a limit"
        return b" " * (64 * 1024)


@pytest.mark.parametrize("length", [None, 1000], ids=["without a length", "with a false length"])
def test_an_endless_chunked_body_is_cut_at_the_limit_under_asgi(length: int | None) -> None:
    body, limit = Endless(), 1024**2
    headers = Delivery(length=length).all_headers()
    scope = {"type": "http", "method": "POST", "headers": [(name.encode(), text.encode()) for name, text in headers]}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body.chunk(), "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Desk(max_bytes=limit).receiver.asgi(scope, receive, send))
    assert sent[0]["status"] == 413
    assert limit < body.read <= limit + 64 * 1024


def test_an_endless_chunked_body_is_cut_at_the_limit_under_wsgi() -> None:
    body, limit = Endless(), 1024**2

    class Stream:
        def read(self, size: int) -> bytes:
            return body.chunk()[:size]

    environ = {"REQUEST_METHOD": "POST", "wsgi.input": Stream(), "wsgi.input_terminated": True}
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in SIGNED}
    statuses: list[str] = []
    app: Any = Desk(max_bytes=limit).receiver.wsgi
    app(environ, lambda status, headers, *rest: statuses.append(status))
    assert statuses == ["413 Request Entity Too Large"] or statuses == ["413 Content Too Large"]
    assert limit < body.read <= limit + 64 * 1024


# duplicates


def test_the_same_delivery_is_answered_again_but_handled_once(way: Way) -> None:
    desk = Desk()
    for outcome in ("accepted", "duplicate", "duplicate"):
        assert way(desk.receiver, Delivery())[:2] == (200, {"outcome": outcome})
    assert len(desk.got) == 1


def test_the_same_report_with_another_signature_is_a_duplicate(way: Way) -> None:
    desk = Desk()
    assert way(desk.receiver, Delivery())[1] == {"outcome": "accepted"}
    again = Delivery(at=NOW + 20, body=body_of(updateTime=1755597097000))
    assert way(desk.receiver, again)[:2] == (200, {"outcome": "duplicate"})
    assert len(desk.got) == 1


def test_another_report_on_the_same_task_is_not_a_duplicate(way: Way) -> None:
    desk = Desk()
    for at, state in enumerate(["generating", "success"], NOW):
        assert way(desk.receiver, Delivery(at=at, body=body_of(state=state)))[1] == {"outcome": "accepted"}
    assert [status.state for status in desk.got] == ["running", "succeeded"]


def test_a_captured_signature_carries_no_other_body(way: Way) -> None:
    desk = Desk()
    assert way(desk.receiver, Delivery())[0] == 200
    for body in (body_of(state="fail"), body_of().replace(b"example.com", b"evil.example")):
        assert way(desk.receiver, Delivery(body=body, headers=SIGNED))[:2] == (401, {"error": "replayed"})
    assert len(desk.got) == 1


def test_a_report_whose_handler_failed_is_handled_when_it_comes_again(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[TaskStatus] = []

    def handle(status: TaskStatus) -> None:
        tries.append(status)
        if len(tries) < 3:
            raise RuntimeError("the disk is full")

    desk = Desk(on_status=handle)
    assert [way(desk.receiver, Delivery())[0] for _ in range(4)] == [500, 500, 200, 200]
    assert len(tries) == 3
    assert "task_1 was not handled" in caplog.text and "the disk is full" in caplog.text


def test_a_refusal_inside_the_handler_is_a_failure_of_the_handler(way: Way) -> None:
    from kie.webhooks import parse

    desk = Desk(on_status=lambda status: parse(b"{}"))
    assert way(desk.receiver, Delivery())[:2] == (500, {"error": "failed"})


def test_duplicates_are_remembered_for_as_long_as_a_signature_is_fresh(way: Way) -> None:
    desk = Desk(window=7200)
    for passed, outcome in ((0, "accepted"), (3700, "duplicate"), (14300, "duplicate")):
        desk.clock.passed = passed
        assert way(desk.receiver, Delivery(at=NOW + 7200))[1] == {"outcome": outcome}
    assert len(desk.got) == 1


def test_duplicates_are_remembered_for_an_hour_and_no_longer(way: Way) -> None:
    desk = Desk()
    for passed, outcome in ((0, "accepted"), (3599, "duplicate"), (8000, "accepted")):
        desk.clock.passed = passed
        assert way(desk.receiver, Delivery(at=NOW + passed))[1] == {"outcome": outcome}


def test_what_is_remembered_is_bounded() -> None:
    memory = Memory[int](3, 10.0)
    for number in range(100):
        memory.put(str(number), number, 0.0)
    assert len(memory) == 3
    assert (memory.get("99", 9.9), memory.get("99", 10.0), memory.get("96", 0.0)) == (99, None, None)
    memory.put("late", 1, 20.0)
    assert len(memory) == 1
    assert (memory.pop("late", 21.0), memory.pop("late", 21.0)) == (1, None)


def test_a_report_that_is_being_handled_has_to_be_sent_again(caplog: pytest.LogCaptureFixture) -> None:
    """Answering 200 would lose it if the first delivery failed after all."""
    inside, go_on = threading.Event(), threading.Event()

    def slow(status: TaskStatus) -> None:
        inside.set()
        assert go_on.wait(LONGEST)

    desk = Desk(on_status=slow)
    first: list[Answer] = []
    thread = threading.Thread(target=lambda: first.append(over_wsgi(desk.receiver, Delivery())))
    thread.start()
    assert inside.wait(LONGEST)
    for again in (Delivery(), Delivery(at=NOW + 1), Delivery(headers=SIGNED, body=body_of(state="fail"))):
        assert over_wsgi(desk.receiver, again)[0] in (500, 401)
    assert over_asgi(desk.receiver, Delivery())[:2] == (500, {"error": "busy"})
    go_on.set()
    joined(thread)
    assert first[0][0] == 200
    assert over_asgi(desk.receiver, Delivery())[1] == {"outcome": "duplicate"}


def test_of_many_simultaneous_deliveries_one_is_handled() -> None:
    desk = Desk()
    barrier = threading.Barrier(8)
    answers: list[int] = []

    def deliver(at: int) -> None:
        delivery = Delivery(at=at)
        barrier.wait(LONGEST)
        answers.append(over_wsgi(desk.receiver, delivery)[0])

    threads = [threading.Thread(target=deliver, args=(NOW + number % 4,)) for number in range(8)]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert len(desk.got) == 1
    assert set(answers) <= {200, 500} and 200 in answers


# confirm


def ended(**faults: Any) -> tuple[Simulator, str]:
    """A simulated service with one task that ends at `LATER`."""
    state = Simulator(**faults)
    return state, accept(state, CITY)


def confirming(way: Way, state: Simulator, at: float = LATER) -> Desk:
    """A receiver that reads tasks again with the client that fits."""
    clock = VirtualClock()
    clock.sleep(at)
    client = (virtual_async_kie if way is over_asgi else virtual_kie)(state, clock=clock)[0]
    return Desk(confirm=client)


def test_a_confirmed_report_says_what_the_service_says(way: Way) -> None:
    state, task_id = ended()
    desk = confirming(way, state)
    lie = body_of(task_id, "fail", failCode="500", failMsg="made up")
    assert way(desk.receiver, Delivery(body=lie))[:2] == (200, {"outcome": "accepted"})
    assert [(status.ref.id, status.state) for status in desk.got] == [(task_id, "succeeded")]
    assert desk.got[0].urls[0].startswith("https://files.kie.example/")


def test_a_confirmed_report_is_handled_once_whatever_the_bodies_say(way: Way) -> None:
    state, task_id = ended()
    desk = confirming(way, state)
    headers = list(sign(body_of(task_id), SECRET, now=NOW).items())
    for body, outcome in [
        (body_of(task_id), "accepted"),
        (body_of(task_id), "duplicate"),
        (body_of(task_id, "fail"), "duplicate"),
    ]:
        assert way(desk.receiver, Delivery(body=body, headers=headers))[:2] == (200, {"outcome": outcome})
    assert len(desk.got) == 1
    polls = [outcome for operation, outcome in state.log if operation == "getTask"]
    assert len(polls) == 2, "the delivery that was byte for byte the same needed no poll"


def test_an_end_that_the_service_does_not_confirm_is_not_handled(way: Way) -> None:
    state, task_id = ended()
    desk = confirming(way, state, at=0.5)
    assert way(desk.receiver, Delivery(body=body_of(task_id)))[:2] == (500, {"error": "unconfirmed"})
    assert desk.got == []


def test_a_record_of_another_task_confirms_nothing(way: Way) -> None:
    record = {"code": 200, "msg": "ok", "data": {"taskId": "task_2", "state": "success", "resultJson": "{}"}}
    answer = HttpResponse(status=200, headers={}, body=json.dumps(record).encode())
    blocking = Kie("key", transport=Raising(answer))
    desk = Desk(confirm=AsyncKie("key", transport=AsyncRaising(answer)) if way is over_asgi else blocking)
    assert way(desk.receiver, Delivery(body=body_of("task_1")))[:2] == (500, {"error": "failed"})
    assert desk.got == []


def test_a_task_that_the_service_does_not_know_is_not_handled(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    desk = confirming(way, Simulator())
    assert way(desk.receiver, Delivery())[:2] == (500, {"error": "failed"})
    assert desk.got == []
    assert "could not be confirmed" in caplog.text


def test_a_service_that_cannot_be_read_is_asked_once_and_the_report_comes_again(way: Way) -> None:
    state, task_id = ended(faults=[{"on": "getTask", "do": "http", "status": 503, "nth": 1}])
    desk = confirming(way, state)
    delivery = Delivery(body=body_of(task_id))
    assert [way(desk.receiver, delivery)[0] for _ in range(2)] == [500, 200]
    assert len(desk.got) == 1


def test_the_service_is_answered_before_it_gives_up_on_the_response(way: Way) -> None:
    state, task_id = ended(faults=[{"on": "getTask", "do": "slow", "seconds": 14.0, "nth": 1}])
    desk = confirming(way, state)
    assert [way(desk.receiver, Delivery(body=body_of(task_id)))[0] for _ in range(2)] == [500, 200]


def test_a_task_is_looked_for_in_every_family_that_could_have_reported_so(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report of failure does not name its family; this one is taken for another family's at first."""
    rows = (attrs.evolve(lifecycle("jobs"), name="other"), lifecycle("jobs"))
    monkeypatch.setattr("kie._records.reading.lifecycles", lambda: rows)
    monkeypatch.setattr("kie._records.callbacks.lifecycles", lambda: rows)
    looked: list[str] = []

    def nothing_elsewhere(ctx: Any, ref: TaskRef) -> Any:
        looked.append(ref.lifecycle)
        return (yield from poll(ctx, ref)) if ref.lifecycle == "jobs" else None

    monkeypatch.setattr("kie._tasks.poll.poll", nothing_elsewhere)
    state, task_id = ended()
    desk = confirming(way, state)
    report = json.dumps({"code": 500, "msg": "no", "data": {"taskId": task_id}}).encode()
    assert way(desk.receiver, Delivery(body=report))[0] == 200
    assert looked == ["other", "jobs"]
    assert [(status.ref, status.state) for status in desk.got] == [(TaskRef(task_id), "succeeded")]


def test_a_blocking_client_confirms_under_asgi_too() -> None:
    state, task_id = ended()
    desk = confirming(over_wsgi, state)
    assert over_asgi(desk.receiver, Delivery(body=body_of(task_id)))[0] == 200
    assert desk.got[0].state == "succeeded"


def test_confirm_true_reads_with_the_key_of_the_environment(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    from kie import simulated
    from kie.models import NanoBananaPro

    with simulated(speed=1000, keys=["simulated-key"], limits=False) as service:
        result = service.client().run(NanoBananaPro(prompt="x"))
        with pytest.raises(ConfigError, match="KIE_API_KEY"):
            Receiver(SECRET, confirm=True)
        monkeypatch.setenv("KIE_API_KEY", service.api_key)
        monkeypatch.setenv("KIE_BASE_URL", service.base_url)
        desk = Desk(confirm=True)
        assert way(desk.receiver, Delivery(body=body_of(result.ref.id, "fail")))[0] == 200
        assert desk.got[0].urls == result.urls


def test_an_async_client_cannot_confirm_under_wsgi() -> None:
    state, task_id = ended()
    desk = confirming(over_asgi, state)
    assert over_wsgi(desk.receiver, Delivery(body=body_of(task_id)))[0] == 500
    assert desk.got == []


# handlers


def test_an_async_handler_is_awaited_under_asgi_and_refused_under_wsgi(caplog: pytest.LogCaptureFixture) -> None:
    got: list[str] = []

    async def handle(status: TaskStatus) -> None:
        await asyncio.sleep(0)
        got.append(status.ref.id)

    def later(status: TaskStatus) -> object:
        return handle(status)

    class Callable_:
        async def __call__(self, status: TaskStatus) -> None:
            await handle(status)

    for number, handler in enumerate((handle, Callable_(), later)):
        receiver = Desk(on_status=handler).receiver
        assert over_asgi(receiver, Delivery(body=body_of(f"task_{number}")))[0] == 200
    assert got == ["task_0", "task_1", "task_2"]
    assert over_wsgi(Desk(on_status=handle).receiver, Delivery())[0] == 500
    assert "use receiver.asgi" in caplog.text
    assert len(got) == 3


def test_a_blocking_handler_does_not_hold_up_the_event_loop() -> None:
    names: list[str] = []
    desk = Desk(on_status=lambda status: names.append(threading.current_thread().name))
    assert over_asgi(desk.receiver, Delivery())[0] == 200
    assert names != [threading.main_thread().name]


def test_an_async_handler_needs_no_thread() -> None:
    """All may be busy, with blocking endpoints of the same server say."""
    got: list[str] = []

    async def handle(status: TaskStatus) -> None:
        got.append(status.ref.id)

    class Handler:
        async def __call__(self, status: TaskStatus) -> None:
            got.append(status.ref.id)

    async def run() -> None:
        threads = to_thread.current_default_thread_limiter()
        threads.total_tokens = 1
        async with threads:
            for number, handler in enumerate((handle, Handler())):
                delivery = Delivery(body=body_of(f"task_{number}"))
                assert (await asyncio.wait_for(asgi(Desk(on_status=handler).receiver, delivery), 30))[0] == 200

    asyncio.run(run())
    assert got == ["task_0", "task_1"]


def test_a_handler_that_is_cancelled_gets_the_report_again() -> None:
    entered = 0

    async def handle(status: TaskStatus) -> None:
        nonlocal entered
        entered += 1
        if entered == 1:
            await asyncio.Event().wait()

    receiver = Desk(on_status=handle).receiver

    async def run() -> int:
        first = asyncio.create_task(asgi(receiver, Delivery()))
        await until_async(lambda: entered)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return (await asgi(receiver, Delivery()))[0]

    assert asyncio.run(run()) == 200
    assert entered == 2


def test_without_a_handler_reports_are_accepted(way: Way) -> None:
    assert way(Desk(on_status=None).receiver, Delivery())[0] == 200


def test_asgi_servers_find_nothing_to_start() -> None:
    sent: list[Any] = []
    waiting = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    receiver = Desk().receiver
    asyncio.run(receiver.asgi({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    with pytest.raises(ConfigError, match="websocket"):
        asyncio.run(receiver.asgi({"type": "websocket"}, receive, send))


def test_a_body_without_a_length_is_read_only_where_the_server_ends_it() -> None:
    """Elsewhere reading would wait for more until the connection ends."""
    assert over_wsgi(Desk().receiver, Delivery(length=""))[:2] == (400, {"error": "truncated"})


# making one


def test_nobody_sees_the_secret(caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver([SECRET, "another secret"], url="https://example.com/kie")
    with caplog.at_level(logging.DEBUG):
        over_wsgi(receiver, Delivery())
        over_wsgi(receiver, Delivery(secret="guess"))
    shown = f"{receiver!r} {vars(receiver)!r} {caplog.text}"
    assert SECRET not in shown and "another secret" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(receiver)


HALVES = ("whsec-NEVER", "-SHOWN-9a")  # so that the whole text is in no frame of these tests


def secret() -> str:
    return "".join(HALVES)


def test_a_body_may_have_four_mebibytes_unless_the_receiver_is_told_otherwise() -> None:
    processor = Desk().receiver.asgi.processor
    assert processor.admit("POST", SIGNED, "4194304") == 4194304
    assert processor.complete(bytearray(4194304), None)
    for refused in (
        lambda: processor.admit("POST", SIGNED, "4194305"),
        lambda: processor.complete(bytearray(4194305), None),
    ):
        with pytest.raises(WebhookRejected) as caught:
            refused()
        assert caught.value.reason == "too_large"


def test_a_report_may_hold_a_hundred_thousand_values() -> None:
    processor = Desk().receiver.asgi.processor
    assert processor.verify(SIGNED, body_of(more=[1] * 90_000)).status.done
    with pytest.raises(WebhookRejected) as caught:
        processor.verify(SIGNED, body_of(more=[1] * 110_000))
    assert caught.value.reason == "not_json"


def test_a_report_whose_body_comes_too_late_is_stale() -> None:
    desk = Desk()
    processor = desk.receiver.asgi.processor
    assert processor.admit("POST", SIGNED, str(len(GOOD))) == len(GOOD)
    desk.clock.passed = 301.0
    with pytest.raises(WebhookRejected) as caught:
        processor.verify(SIGNED, GOOD)
    assert caught.value.reason == "stale"


def wrong_headers() -> list[tuple[str, str]]:
    return list(sign(GOOD, "guess", now=NOW).items())


REFUSALS: dict[str, Callable[[], object]] = {
    "verify": lambda: verify(wrong_headers(), GOOD, secret(), now=NOW),
    "verify, unsigned": lambda: verify([], GOOD, [secret(), secret()], now=NOW),
    "verify, with an empty one": lambda: verify([], GOOD, [secret(), ""]),
    "verify, as bytes": lambda: verify([], GOOD, cast("Any", secret().encode())),
    "sign": lambda: sign("{}", secret()),
    "a receiver": lambda: Receiver(secret(), window=-1),
    "a receiver, with half a character": lambda: Receiver([secret(), "\ud800"]),
    "a delivery": lambda: Desk(secret=secret()).receiver.asgi.processor.verify(wrong_headers(), GOOD),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_secret_is_in_no_frame_text_or_pickle_of_a_refusal(name: str) -> None:
    with pytest.raises((WebhookRejected, ConfigError)) as caught:
        REFUSALS[name]()
    error = caught.value
    frames = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    for text in (frames, str(error), repr(error), repr(vars(error)), repr(pickle.dumps(error))):
        assert HALVES[0] not in text
    assert "kie/webhooks" in frames


@pytest.mark.parametrize(
    "options",
    [
        {"secret": ""},
        {"secret": []},
        {"window": 0},
        {"window": float("nan")},
        {"max_bytes": 0},
        {"url": "example.com/kie"},
        {"url": "ftp://example.com"},
        {"url": 5},
        {"on_status": 5},
        {"confirm": "yes"},
    ],
)
def test_a_receiver_that_cannot_work_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Desk(**options)


def test_clients_of_both_kinds_can_confirm() -> None:
    for client in (Kie("key"), AsyncKie("key")):
        assert Receiver(SECRET, confirm=client) is not None


def test_the_body_of_an_unsigned_delivery_is_not_read() -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("nobody reads it")

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Desk().receiver.asgi({"type": "http", "method": "POST", "headers": []}, receive, send))
    assert sent[0]["status"] == 401
