"""One exchange, step by step: deadlines, budgets, permits, and what the circuit breaker is told."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import attrs
import pytest

from kie import ApiError, CircuitOpen, ConfigError, KieError, RetryPolicy, TransportFailed, no_retry
from kie._core.call import Bucket, Call, Endpoint, FilePart, HttpResponse, Multipart, Server, TransportError
from kie._core.json import JSON
from kie._exchange.answers import Answer
from kie._exchange.exchange import OutcomeUnknown, OutOfTime, exchange, typed
from kie._flow.context import Context
from kie._flow.effects import Effect, Flow, Open, Send, Sleep, Stopped
from kie._flow.options import Options
from kie._io.local_limits import LocalLimits
from kie._io.process import Process
from kie._io.secrets import Secret
from kie._io.session import Session
from kie._policy.breaker import Admission
from kie._policy.codes import judge
from kie._policy.limits import Permit
from kie.errors import Maintenance, RateLimited, ResultInvalid, ServerError
from kie.testing import VirtualClock


class Unlucky(random.Random):
    """Jitter that adds nothing: only what the service asks for is waited."""

    def random(self) -> float:
        return 0.0


def call(*, creates_task: bool = False, server: Server = "api", limited: bool = True) -> Call[object]:
    bucket: Bucket = "none" if not limited else "submit" if creates_task else "read"
    endpoint = Endpoint(
        operation="anything",
        method="POST",
        path="/anything",
        server=server,
        bucket=bucket,
        creates_task=creates_task,
        auth=True,
        body="none",
        callback=None,
        callback_required=False,
        function="",
    )
    return Call(endpoint=endpoint, parse=lambda document: document)


def answer(status: int = 200, code: int | None = 200, retry_after: float | None = None) -> HttpResponse:
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    document: JSON = None if code is None else {"code": code, "msg": "", "data": None}
    return HttpResponse(status=status, headers=headers, body=json.dumps(document).encode())


REFUSED = answer(429, 429, retry_after=10.0)


@attrs.define
class Bench:
    """Drives an exchange by hand. What it sent, how long it slept, and what it told limits and breaker."""

    clock: VirtualClock = attrs.field(factory=VirtualClock)
    context: Context = attrs.field(init=False)
    sent: list[Send] = attrs.field(factory=list)
    slept: list[float] = attrs.field(factory=list)
    settled: list[tuple[bool, bool]] = attrs.field(factory=list)
    healthy: list[bool | None] = attrs.field(factory=list)

    def drive(self, flow: Flow[Answer], *answers: HttpResponse | TransportError) -> Answer:
        left = list(answers)
        value: object = None
        error: BaseException | None = None
        while True:
            try:
                effect: Effect[object] = flow.send(value) if error is None else flow.throw(error)
            except StopIteration as end:
                assert not left, "answers are left that nobody asked for"
                assert isinstance(end.value, Answer)
                return end.value
            value, error = None, None
            if isinstance(effect, Sleep):
                self.slept.append(effect.seconds)
                self.clock.reach(self.clock.now() + effect.seconds)
            elif isinstance(effect, Send):
                self.sent.append(effect)
                came = left.pop(0)
                value, error = (None, came) if isinstance(came, TransportError) else (came, None)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    made = Bench()
    made.clock.reach(made.clock.now() + 1000.0)
    options = Options(request_timeout=30.0, upload_timeout=300.0)
    session = Session.make(options, api_key=Secret("simulated"), process=Process())
    session.clock, session.chance = made.clock, Unlucky()
    made.context = Context(options=options, services=session)
    settle, report = Session.settle, Session.report

    def noting_settle(
        self: Session, bucket: Bucket, permit: Permit, *, refused: bool = False, sent: bool = True
    ) -> None:
        made.settled.append((refused, sent))
        settle(self, bucket, permit, refused=refused, sent=sent)

    def noting_report(self: Session, admission: Admission, success: bool | None) -> object:
        made.healthy.append(success)
        return report(self, admission, success)

    monkeypatch.setattr(Session, "settle", noting_settle)
    monkeypatch.setattr(Session, "report", noting_report)
    return made


# time


def test_no_retry_is_waited_for_that_would_come_at_the_deadline_or_later(bench: Bench) -> None:
    deadline = bench.clock.now() + 10.0
    with pytest.raises(RateLimited):
        bench.drive(exchange(bench.context, call(), deadline=deadline), REFUSED)
    assert bench.slept == []


def test_a_retry_before_the_deadline_has_what_is_left_of_the_time(bench: Bench) -> None:
    deadline = bench.clock.now() + 10.5
    bench.drive(exchange(bench.context, call(), deadline=deadline), REFUSED, answer())
    assert bench.slept == [10.0]
    assert [send.timeout for send in bench.sent] == [10.5, 0.5]


@pytest.mark.parametrize(("budget", "attempts"), [(25.0, 3), (20.0, 3), (19.9, 2), (9.9, 1)])
def test_no_attempt_begins_later_than_the_budget_after_the_first(bench: Bench, budget: float, attempts: int) -> None:
    policy = RetryPolicy(attempts=3, budget=budget)
    with pytest.raises(RateLimited):
        bench.drive(exchange(bench.context, call(), retry=policy), *[REFUSED] * attempts)
    assert len(bench.sent) == attempts
    assert bench.slept == [10.0] * (attempts - 1)


@pytest.mark.parametrize(
    ("server", "left", "timeout"),
    [("api", None, 30.0), ("upload", None, 300.0), ("api", 31.0, 30.0), ("api", 29.0, 29.0), ("upload", 31.0, 31.0)],
)
def test_an_exchange_takes_no_longer_than_its_own_limit_or_what_is_left(
    bench: Bench, server: Server, left: float | None, timeout: float
) -> None:
    deadline = None if left is None else bench.clock.now() + left
    bench.drive(exchange(bench.context, call(server=server), deadline=deadline), answer())
    assert [send.timeout for send in bench.sent] == [timeout]


@pytest.mark.parametrize(("creates_task", "left"), [(False, 0.0), (False, -1.0), (True, 2.0), (True, 0.0)])
def test_nothing_is_sent_when_there_is_no_time_for_an_answer(bench: Bench, creates_task: bool, left: float) -> None:
    deadline = bench.clock.now() + left
    with pytest.raises(OutOfTime):
        bench.drive(exchange(bench.context, call(creates_task=creates_task), deadline=deadline))
    assert bench.sent == []
    assert bench.settled == [(False, False)], "the permit is given back"


@pytest.mark.parametrize(("creates_task", "left"), [(False, 0.01), (True, 2.01)])
def test_a_little_time_is_enough_to_begin(bench: Bench, creates_task: bool, left: float) -> None:
    deadline = bench.clock.now() + left
    bench.drive(exchange(bench.context, call(creates_task=creates_task), deadline=deadline), answer())
    assert len(bench.sent) == 1


# permits


@pytest.mark.parametrize(
    ("came", "refused", "sent"),
    [
        (answer(), False, True),
        (answer(429, 429), True, True),
        (answer(200, 500), False, True),
        (TransportError("refused", sent=False), False, False),
        (TransportError("broken", sent=True), False, True),
        (TransportError("broken", sent=None), False, True),
    ],
    ids=["accepted", "429", "an error", "not sent", "sent", "perhaps sent"],
)
def test_a_permit_is_used_up_by_whatever_may_have_arrived(
    bench: Bench, came: HttpResponse | TransportError, refused: bool, sent: bool
) -> None:
    with suppress(KieError):
        bench.drive(exchange(bench.context, call(), retry=no_retry()), came)
    assert bench.settled == [(refused, sent)]


def test_a_permit_is_given_back_by_a_flow_that_is_closed_before_its_answer(bench: Bench) -> None:
    flow = exchange(bench.context, call())
    assert isinstance(flow.send(None), Send)
    flow.close()
    assert bench.settled == [(False, False)]
    assert bench.healthy == [None]


def test_a_flow_that_is_stopped_while_it_waits_for_an_answer_ends_with_what_stopped_it(bench: Bench) -> None:
    flow = exchange(bench.context, call(creates_task=True))
    assert isinstance(flow.send(None), Send)
    with pytest.raises(Stopped, match="enough"):
        flow.throw(Stopped("enough"))
    assert bench.healthy == [None]


def test_what_draws_from_no_limit_needs_no_permit(bench: Bench) -> None:
    bench.drive(exchange(bench.context, call(limited=False)), answer())
    assert bench.settled == []


def waiting(seconds: float, asked: float) -> Permit:
    permit = Permit(asked)
    permit.wait = seconds
    permit.at = asked + seconds
    return permit


def queueing(monkeypatch: pytest.MonkeyPatch, permit: Permit) -> None:
    """Makes every permit wait once."""

    def reserve(self: Session, bucket: object, again: Permit | None = None) -> Flow[Permit]:
        if again is not None:
            again.wait = 0.0
        yield from ()
        return permit

    monkeypatch.setattr(Session, "reserve", reserve)
    monkeypatch.setattr(LocalLimits, "settle", lambda *_, **__: None)


@pytest.mark.parametrize(("left", "in_time"), [(5.0, False), (4.0, False), (5.1, True)])
def test_a_permit_that_comes_at_the_deadline_or_later_is_not_waited_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, left: float, in_time: bool
) -> None:
    queueing(monkeypatch, waiting(5.0, bench.clock.now()))
    flow = exchange(bench.context, call(), deadline=bench.clock.now() + left)
    if in_time:
        bench.drive(flow, answer())
        assert bench.slept == [5.0]
        assert bench.settled == [(False, True)]
    else:
        with pytest.raises(OutOfTime, match="limit on read requests"):
            bench.drive(flow)
        assert (bench.slept, bench.sent) == ([], [])
        assert bench.settled == [(False, False)]


@pytest.mark.parametrize(("at", "wait"), [(30.0, 1.0), (1.0, 30.0)])
def test_a_permit_is_not_waited_for_if_it_comes_too_late_by_either_figure(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, at: float, wait: float
) -> None:
    """Whoever waits may be told to ask again sooner than the permit is expected, or later."""
    permit = waiting(wait, bench.clock.now())
    permit.at = bench.clock.now() + at
    queueing(monkeypatch, permit)
    with pytest.raises(OutOfTime, match="limit on read requests"):
        bench.drive(exchange(bench.context, call(), deadline=bench.clock.now() + 10.0))
    assert (bench.slept, bench.sent) == ([], [])


@pytest.mark.parametrize("came", [answer(401, 401), TransportError("refused", sent=False)])
def test_an_error_names_the_server_that_it_is_of(bench: Bench, came: HttpResponse | TransportError) -> None:
    with pytest.raises(KieError) as caught:
        bench.drive(exchange(bench.context, call(), retry=no_retry()), came)
    assert isinstance(caught.value, (ApiError, TransportFailed))
    assert caught.value.origin == "https://api.kie.ai"


def test_a_permit_that_comes_soon_is_waited_for_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    queueing(monkeypatch, waiting(0.5, bench.clock.now()))
    bench.drive(exchange(bench.context, call()), answer())
    assert bench.slept == [0.5]


def test_time_spent_waiting_for_a_permit_is_not_taken_off_the_budget(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    queueing(monkeypatch, waiting(5.0, bench.clock.now()))
    policy = RetryPolicy(attempts=2, budget=10.0)
    bench.drive(exchange(bench.context, call(), retry=policy), REFUSED, answer())
    assert bench.slept == [5.0, 10.0]


def test_a_circuit_that_opened_during_the_wait_for_a_permit_stops_the_call(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    queueing(monkeypatch, waiting(5.0, bench.clock.now()))
    flow = exchange(bench.context, call())
    assert isinstance(flow.send(None), Sleep)
    assert bench.healthy == [None], "no trial is held while nothing is sent"

    def opened(self: Session, policy: object, origin: str) -> Admission:
        raise CircuitOpen(origin, retry_after=1.0)

    monkeypatch.setattr(Session, "admit", opened)
    with pytest.raises(CircuitOpen):
        flow.send(None)
    assert bench.settled == [(False, False)]


def test_the_first_attempt_uses_the_permit_that_it_was_given_and_each_runs_what_comes_before(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = waiting(0.0, bench.clock.now())
    reserved: list[object] = []
    before: list[str] = []

    def reserve(self: Session, bucket: object, again: Permit | None = None) -> Flow[Permit]:
        reserved.append(bucket)
        yield from ()
        return waiting(0.0, self.now())

    def begin() -> Flow[None]:
        before.append("begun")
        yield from ()

    monkeypatch.setattr(Session, "reserve", reserve)
    monkeypatch.setattr(LocalLimits, "settle", lambda *_, **__: None)
    bench.drive(exchange(bench.context, call(), permit=given, before=begin), answer())
    assert reserved == []
    bench.drive(exchange(bench.context, call(), permit=given, before=begin), REFUSED, REFUSED, answer())
    assert reserved == ["read", "read"]
    assert before == ["begun"] * 4, "one attempt, then three"


def test_the_http_library_is_made_ready_before_what_comes_before_the_first_attempt(bench: Bench) -> None:
    story: list[str] = []

    def begin() -> Flow[None]:
        story.append("before")
        yield from ()

    flow = exchange(bench.context, call(creates_task=True), before=begin)
    effect = flow.send(None)
    assert isinstance(effect, Open) and story == []
    assert isinstance(flow.send(None), Send) and story == ["before"]
    flow.close()


@pytest.mark.parametrize("stop", [ConfigError("no proxy"), Stopped("enough")])
def test_what_is_raised_instead_of_sending_says_nothing_of_a_task(bench: Bench, stop: KieError) -> None:
    flow = exchange(bench.context, call(creates_task=True))
    assert isinstance(flow.send(None), Send)
    with pytest.raises(type(stop)) as caught:
        flow.throw(stop)
    assert not hasattr(caught.value, "__notes__")
    assert not hasattr(caught.value, "task_created")


# what the breaker is told


@pytest.mark.parametrize(
    ("creates_task", "came", "healthy"),
    [
        (False, answer(), True),
        (False, answer(429, 429), True),
        (False, answer(200, 500), False),
        (False, answer(503, None), False),
        (True, answer(200, 500), None),
        (True, answer(499, 500), None),
        (True, answer(500, 500), False),
        (True, answer(503, None), False),
        (False, TransportError("broken", sent=True), False),
        (False, TransportError("no such file", sent=False, local=True), None),
    ],
)
def test_what_an_attempt_says_of_the_health_of_the_service(
    bench: Bench, creates_task: bool, came: HttpResponse | TransportError, healthy: bool | None
) -> None:
    with suppress(KieError):
        bench.drive(exchange(bench.context, call(creates_task=creates_task), retry=no_retry()), came)
    assert bench.healthy == [healthy]


# what observers are told


def observed(bench: Bench) -> list[Any]:
    told: list[Any] = []
    bench.context = attrs.evolve(bench.context, options=attrs.evolve(bench.context.options, observers=[told.append]))
    return told


@pytest.mark.parametrize(
    ("content", "size"),
    [
        ({}, 0),
        ({"json": {"a": "ä"}}, 10),
        ({"multipart": Multipart({}, file=FilePart("cat.png", content_type="image/png", open=io.BytesIO))}, None),
    ],
)
def test_observers_know_the_size_of_a_body_unless_it_is_streamed(
    bench: Bench, content: dict[str, Any], size: int | None
) -> None:
    told = observed(bench)
    bench.drive(exchange(bench.context, attrs.evolve(call(), **content)), answer())
    [sent, answered] = told
    assert sent.bytes == size
    assert (answered.status, answered.code, answered.error, answered.bytes) == (200, 200, None, len(answer().body))


@pytest.mark.parametrize(("asked", "delay"), [(None, 0.0), (7.0, 7.0)])
def test_observers_know_how_long_a_refusal_asks_to_wait(bench: Bench, asked: float | None, delay: float) -> None:
    told = observed(bench)
    bench.drive(exchange(bench.context, call()), answer(429, 429, retry_after=asked), answer())
    [limited] = [event for event in told if type(event).__name__ == "RequestLimited"]
    assert (limited.delay, limited.refused, limited.bucket) == (delay, True, "read")


@pytest.mark.parametrize(
    ("came", "error"), [(answer(503, None), "ServerError"), (answer(418, None), "BadRequest"), (answer(), None)]
)
def test_observers_know_what_a_refusal_is_called(bench: Bench, came: HttpResponse, error: str | None) -> None:
    told = observed(bench)
    with suppress(KieError):
        bench.drive(exchange(bench.context, call(), retry=no_retry()), came)
    assert [event.error for event in told if type(event).__name__ == "RequestAnswered"] == [error]


def test_observers_hear_of_what_was_lost_and_of_the_retry_and_of_no_limit(bench: Bench) -> None:
    told = observed(bench)
    lost = TransportError("refused", sent=False)
    bench.drive(exchange(bench.context, call()), lost, answer(200, 500), answer())
    names = [type(event).__name__ for event in told]
    one = ["RequestSent", "RequestAnswered"]
    assert names == [*one, "RequestRetried", *one, "RequestRetried", *one]
    assert next(event.error for event in told if type(event).__name__ == "RequestAnswered") is not None


# what is sent


@pytest.mark.parametrize(
    ("query", "end"), [({}, "/anything"), ({"taskId": "a b&c", "x": "ä"}, "/anything?taskId=a+b%26c&x=%C3%A4")]
)
def test_a_query_is_quoted_and_an_empty_one_left_out(bench: Bench, query: dict[str, str], end: str) -> None:
    bench.drive(exchange(bench.context, attrs.evolve(call(), query=query)), answer())
    [send] = bench.sent
    assert send.request.url == f"https://api.kie.ai{end}"


@pytest.mark.parametrize("creates_task", [False, True])
def test_a_request_says_what_it_carries_and_whether_it_may_create_a_task(bench: Bench, creates_task: bool) -> None:
    bench.drive(exchange(bench.context, attrs.evolve(call(creates_task=creates_task), json={"a": "ä"})), answer())
    bench.drive(exchange(bench.context, call(creates_task=creates_task)), answer())
    with_body, without = [send.request for send in bench.sent]
    assert (with_body.content, without.content) == ('{"a":"ä"}'.encode(), None)
    assert with_body.headers == {"Accept": "application/json", "Content-Type": "application/json"}
    assert without.headers == {"Accept": "application/json"}
    assert with_body.auth and with_body.creates_task is creates_task


@pytest.mark.parametrize(
    "content",
    [
        {"json": {"a": ["\ud800"]}},
        {"query": {"a": "\ud800"}},
        {"arguments": {"a": "\ud800"}},
        {"multipart": Multipart({"a": "\ud800"}, file=FilePart("a.png", content_type="image/png", open=io.BytesIO))},
    ],
    ids=lambda content: next(iter(content)),
)
def test_half_of_a_surrogate_pair_is_refused_wherever_it_stands_and_nothing_is_sent(
    bench: Bench, content: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError, match=r"anything: a text contains half of a surrogate pair \('.ud800'\)"):
        bench.drive(exchange(bench.context, attrs.evolve(call(), **content)))
    assert bench.sent == []


@pytest.mark.parametrize("fault", [TypeError("so"), ValueError("so"), AttributeError("so"), KeyError("so")])
def test_an_answer_that_cannot_be_read_is_an_error_that_holds_it(bench: Bench, fault: Exception) -> None:
    def parse(document: object) -> None:
        raise fault

    flow = typed(bench.context, attrs.evolve(call(), parse=parse))
    assert isinstance(flow.send(None), Send)
    with pytest.raises(ResultInvalid, match=r"anything cannot be read \(.*so") as caught:
        flow.send(answer())
    assert caught.value.raw == {"code": 200, "msg": "", "data": None}


# what may be sent again


@pytest.mark.parametrize(
    ("came", "error"),
    [
        (answer(399, None), OutcomeUnknown),
        (answer(400, None), ApiError),
        (answer(408, None), OutcomeUnknown),
        (answer(498, None), ApiError),
        (answer(499, None), OutcomeUnknown),
        (answer(500, None), OutcomeUnknown),
        (answer(200, None), OutcomeUnknown),
        (answer(400, 200), OutcomeUnknown),
        (answer(200, 500), ServerError),
        (TransportError("broken", sent=True), OutcomeUnknown),
        (TransportError("broken", sent=None), OutcomeUnknown),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_a_submission_that_may_have_arrived_is_sent_once(
    bench: Bench, came: HttpResponse | TransportError, error: type[KieError]
) -> None:
    with pytest.raises(error) as caught:
        bench.drive(exchange(bench.context, call(creates_task=True)), came)
    assert caught.type is error or error is ApiError
    assert len(bench.sent) == 1


def naming(bench: Bench, named: str) -> Flow[Answer]:
    """A submission about the task `earlier`, whose answers name a task."""
    about = attrs.evolve(call(creates_task=True), json={"taskId": "earlier"})
    return exchange(bench.context, about, task_id=lambda document: named)


def test_a_refusal_that_names_the_task_which_the_request_is_about_is_a_refusal(bench: Bench) -> None:
    assert bench.drive(naming(bench, "earlier"), answer(429, 429), answer()).accepted
    assert len(bench.sent) == 2


@pytest.mark.parametrize("named", ["another", "earl"])
def test_a_refusal_that_names_another_task_leaves_it_open(bench: Bench, named: str) -> None:
    with pytest.raises(OutcomeUnknown, match=r"refuses \(HTTP 429, code 429\) and names a task") as caught:
        bench.drive(naming(bench, named), answer(429, 429))
    assert caught.value.task_id == named


def test_a_refusal_of_a_request_without_a_body_that_names_a_task_leaves_it_open(bench: Bench) -> None:
    with pytest.raises(OutcomeUnknown):
        bench.drive(exchange(bench.context, call(creates_task=True), task_id=lambda _: "t1"), answer(429, 429))


@pytest.mark.parametrize("creates_task", [False, True])
def test_what_cannot_have_arrived_is_sent_again(bench: Bench, creates_task: bool) -> None:
    lost = TransportError("refused", sent=False)
    bench.drive(exchange(bench.context, call(creates_task=creates_task)), lost, answer(429, 429), answer())
    assert len(bench.sent) == 3


@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_no_more_attempts_are_made_than_the_policy_allows(bench: Bench, attempts: int) -> None:
    lost = TransportError("refused", sent=False)
    policy = RetryPolicy(attempts=attempts)
    with pytest.raises(TransportFailed) as caught:
        bench.drive(exchange(bench.context, call(), retry=policy), *[lost] * attempts)
    assert caught.value.sent is False
    assert len(bench.sent) == attempts


@pytest.mark.parametrize(("status", "code"), [(200, 500), (500, None), (500, 500), (200, 455)])
def test_a_read_is_repeated(bench: Bench, status: int, code: int | None) -> None:
    came = bench.drive(exchange(bench.context, call()), answer(status, code), answer())
    assert came.accepted
    assert len(bench.sent) == 2


@pytest.mark.parametrize("make", [lambda: answer(503, None), lambda: TransportError("broken", sent=True)])
def test_a_circuit_that_an_attempt_opens_ends_its_retries_with_the_error_of_the_service(
    bench: Bench, make: Callable[[], HttpResponse | TransportError]
) -> None:
    policy = RetryPolicy(attempts=20)
    with pytest.raises((ServerError, TransportFailed)):
        bench.drive(exchange(bench.context, call(), retry=policy), *[make() for _ in range(5)])
    assert len(bench.sent) == 5


@pytest.mark.parametrize(("creates_task", "created"), [(False, False), (True, None)])
def test_a_refused_read_has_created_no_task_whatever_the_code_means(
    bench: Bench, creates_task: bool, created: bool | None
) -> None:
    with pytest.raises(ServerError) as caught:
        bench.drive(exchange(bench.context, call(creates_task=creates_task), retry=no_retry()), answer(200, 500))
    assert caught.value.task_created is created


def test_a_family_may_give_a_code_another_meaning(bench: Bench) -> None:
    maintenance = judge(200, 455)
    overrides = {"500": attrs.evolve(maintenance, retry_read=False)}
    with pytest.raises(Maintenance):
        bench.drive(exchange(bench.context, call(), overrides=overrides), answer(200, 500))
    assert len(bench.sent) == 1
