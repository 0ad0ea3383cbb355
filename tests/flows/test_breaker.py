"""The circuit breaker in a client: where it is asked, what it counts, and what callers see."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import (
    ApiError,
    CircuitBreaker,
    CircuitOpen,
    DownloadFailed,
    Kie,
    KieError,
    RateLimit,
    RetryPolicy,
    TaskTimeout,
    TransportFailed,
    no_retry,
)
from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie.models import NanoBananaPro
from kie.telemetry import Event, RequestLimited
from kie.testing import VirtualClock, trace, virtual_async_kie, virtual_kie
from tests.processes import LONGEST, joined

REQUEST = NanoBananaPro(prompt="A lighthouse at dusk")
API, UPLOADS = "https://api.kie.ai", "https://kieai.redpandaai.co"
QUICK: dict[str, Any] = {"retry": no_retry(), "rate_limit": RateLimit(reads=1000, submissions=1000)}


def down(
    what: dict[str, Any] | None = None, *, on: str = "getCredits", **options: Any
) -> tuple[Kie, Any, VirtualClock]:
    what = what or {"do": "http", "status": 503}
    return virtual_kie(faults=[{"on": on, **what}], **{**QUICK, **options})


def ask(client: Kie, times: int) -> list[type[KieError] | None]:
    outcomes: list[type[KieError] | None] = []
    for _ in range(times):
        try:
            client.credits()
        except KieError as error:
            outcomes.append(type(error))
        else:
            outcomes.append(None)
    return outcomes


@pytest.mark.parametrize(
    "what",
    [
        {"do": "http", "status": 503},
        {"do": "envelope", "code": 500},
        {"do": "garbage"},
        {"do": "refuse"},
        {"do": "drop_after"},
        {"do": "slow", "seconds": 100},
    ],
    ids=lambda what: what["do"],
)
def test_after_five_failures_nothing_is_sent_for_thirty_seconds(what: dict[str, Any]) -> None:
    client, _, clock = down(what)
    assert CircuitOpen not in ask(client, 5)
    sent = len(trace(client))
    with pytest.raises(CircuitOpen, match="tried again in 30 s") as caught:
        client.credits()
    assert (caught.value.origin, caught.value.retry_after) == (API, pytest.approx(30))
    assert len(trace(client)) == sent
    clock.sleep(29.9)
    assert ask(client, 1) == [CircuitOpen]
    clock.sleep(0.2)
    assert ask(client, 2)[1] is CircuitOpen, "the probe failed"
    assert len(trace(client)) == sent + 1


def test_two_successes_close_it_again() -> None:
    client, _, clock = down({"do": "http", "status": 503, "times": 5})
    ask(client, 5)
    assert client.breaker.state() == "open"
    clock.sleep(30)
    assert client.breaker.state(f"{API}/anything?x=1") == "half_open"
    assert ask(client, 1) == [None]
    assert client.breaker.state() == "half_open"
    assert ask(client, 1) == [None]
    stats = client.breaker.stats()[API]
    assert (stats.state, stats.opened, stats.failures) == ("closed", 1, 0)
    assert f"{API!r}: 'closed'" in repr(client.breaker)


@pytest.mark.parametrize("code", [402, 422, 429, 455, 505, 12345])
def test_a_refusal_is_an_answer_and_no_failure(code: int) -> None:
    client, _, _ = down({"do": "envelope", "code": code})
    assert CircuitOpen not in ask(client, 20)
    assert client.breaker.state() == "closed"


def test_a_success_in_between_begins_the_count_anew() -> None:
    client, _, _ = virtual_kie(
        faults=[
            {"on": "getCredits", "do": "http", "status": 500, "every": 5},
            {"on": "getCredits", "do": "garbage", "every": 2},
        ],
        **QUICK,
    )
    outcomes = ask(client, 40)
    assert None in outcomes and CircuitOpen not in outcomes


def test_every_attempt_of_a_call_counts_and_is_asked_for() -> None:
    client, _, _ = down(retry=RetryPolicy(attempts=10, base=1e-3, cap=1e-3))
    with pytest.raises(ApiError) as caught:
        client.credits()
    assert caught.value.status == 503, "what went wrong is told, not that the circuit is open by now"
    assert len(trace(client)) == 5
    assert ask(client, 1) == [CircuitOpen]


def test_another_calls_failures_stop_a_call_between_its_attempts() -> None:
    client, _, clock = down(retry=RetryPolicy(attempts=10, base=1e-3, cap=1e-3))
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        slept.append(seconds)
        if len(slept) == 2:
            ask(client.with_options(retry=no_retry()), 5)

    client._driver.sleep = sleep
    with pytest.raises(ApiError) as caught:
        client.credits()
    assert caught.value.status == 503
    assert len(trace(client)) == 2 + 3, "two attempts; three more failures of other calls opened the circuit"


def test_code_500_to_a_submission_may_be_a_bad_field_and_says_nothing_of_the_service() -> None:
    client, _, _ = down({"do": "envelope", "code": 500}, on="createTask")
    for _ in range(8):
        with pytest.raises(ApiError):
            client.submit(REQUEST)
    assert client.breaker.state() == "closed"
    http, _, _ = down({"do": "http", "status": 500}, on="createTask")
    for _ in range(5):
        with pytest.raises(KieError):
            http.submit(REQUEST)
    with pytest.raises(CircuitOpen):
        http.submit(REQUEST)
    assert http.breaker.state() == "open"


def test_a_submission_that_is_not_let_through_created_nothing_and_leaves_no_trace(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    client, service, _ = down(journal=journal)
    ask(client, 5)
    with pytest.raises(CircuitOpen):
        client.run(REQUEST)
    assert not service.accepted
    assert not journal.exists() or not journal.read_text()


def test_each_origin_has_a_circuit_of_its_own() -> None:
    client, _, _ = down(on="uploadStream")
    for _ in range(5):
        with pytest.raises(ApiError):
            client.upload(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    with pytest.raises(CircuitOpen) as caught:
        client.upload(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    assert caught.value.origin == UPLOADS
    assert ask(client, 1) == [None]
    assert (client.breaker.state(UPLOADS), client.breaker.state()) == ("open", "closed")


def test_downloads_have_circuits_too(tmp_path: Path) -> None:
    client, _, _ = down({"do": "http", "status": 503}, on="result")
    result = client.run(REQUEST)
    for _ in range(5):
        with pytest.raises(DownloadFailed):
            result.save(tmp_path)
    with pytest.raises(CircuitOpen):
        result.save(tmp_path)
    assert client.breaker.state(result.urls[0]) == "open"
    assert client.breaker.state() == "closed"


def test_a_wait_outlasts_an_open_circuit() -> None:
    client, service, _ = virtual_kie(
        faults=[{"on": "getTask", "do": "http", "status": 503, "times": 6}], rate_limit=RateLimit(reads=1000)
    )
    assert client.run(REQUEST).urls
    assert client.breaker.stats()[API].opened == 2
    assert len(service.accepted) == 1


@pytest.mark.parametrize("timeout", [1, 20, 100])
def test_a_wait_ends_in_time_while_the_circuit_is_open(timeout: float) -> None:
    client, _, clock = down(on="getTask")
    task = client.submit(REQUEST)
    begun = clock.now()
    with pytest.raises(TaskTimeout):
        task.wait(timeout=timeout)
    assert timeout - 1 <= clock.now() - begun <= timeout + 0.01


def test_reset_lets_calls_through_at_once() -> None:
    client, _, _ = down({"do": "http", "status": 503, "times": 5})
    ask(client, 6)
    client.breaker.reset(UPLOADS)
    assert client.breaker.state() == "open"
    client.breaker.reset()
    assert ask(client, 1) == [None]
    assert client.breaker.stats()[API].refused == 1


def test_a_copy_shares_the_circuits_another_client_does_not() -> None:
    client, service, clock = down()
    ask(client, 5)
    assert ask(client.with_options(request_timeout=1), 1) == [CircuitOpen]
    other, _, _ = virtual_kie(service, clock=clock, retry=no_retry())
    assert ask(other, 1) != [CircuitOpen]


def test_without_a_breaker_everything_is_sent() -> None:
    client, _, _ = down(breaker=None)
    assert CircuitOpen not in ask(client, 20)
    assert client.breaker.stats() == {}
    assert client.breaker.state() == "closed"
    client.breaker.reset()


def test_a_file_that_cannot_be_opened_is_no_failure_of_the_service(tmp_path: Path) -> None:
    class Broken:
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            raise TransportError("cannot open photo.png", sent=False, local=True)

    client = Kie("k" * 20, transport=Broken(), retry=no_retry())  # type: ignore[arg-type]
    assert set(ask(client, 20)) == {TransportFailed}


class Answering:
    """A transport for real threads: answers as told, and counts who is inside at the same time."""

    def __init__(self) -> None:
        self.status = 503
        self.inside = self.most = self.calls = 0
        self.entered, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()
        self._lock = threading.Lock()

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        with self._lock:
            self.calls += 1
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.entered.set()
        self.go_on.wait(LONGEST)
        with self._lock:
            self.inside -= 1
        return HttpResponse(status=self.status, headers={}, body=b'{"code":200,"msg":"ok","data":7}')

    def close(self) -> None:
        pass


def test_under_threads_one_probe_at_a_time_is_let_through() -> None:
    service = Answering()
    client = Kie("k" * 20, transport=service, retry=no_retry(), rate_limit=RateLimit(reads=10_000))  # type: ignore[arg-type]
    clock = client._driver.session.clock = VirtualClock()
    ask(client, 5)
    clock.sleep(30)
    service.status, service.calls, service.most = 200, 0, 0
    service.go_on.clear()
    service.entered.clear()
    outcomes: list[object] = []
    prober = threading.Thread(target=lambda: outcomes.extend(ask(client, 1)))
    prober.start()
    assert service.entered.wait(LONGEST)
    others = [threading.Thread(target=lambda: outcomes.extend(ask(client, 1))) for _ in range(16)]
    for thread in others:
        thread.start()
    joined(*others)
    assert outcomes == [CircuitOpen] * 16
    assert (service.calls, client.breaker.state()) == (1, "half_open")
    service.go_on.set()
    joined(prober)
    assert outcomes[-1] is None
    storm = [threading.Thread(target=lambda: outcomes.extend(ask(client, 3))) for _ in range(8)]
    for thread in storm:
        thread.start()
    joined(*storm)
    assert client.breaker.state() == "closed"
    assert outcomes[16:] == [None] * 25 and service.calls == 25


def test_many_threads_that_fail_at_once_open_it_once() -> None:
    service = Answering()
    client = Kie("k" * 20, transport=service, retry=no_retry(), rate_limit=RateLimit(reads=10_000))  # type: ignore[arg-type]
    client._driver.session.clock = VirtualClock()
    threads = [threading.Thread(target=ask, args=(client, 10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    joined(*threads)
    stats = client.breaker.stats()[API]
    assert (stats.state, stats.opened) == ("open", 1)
    assert service.calls + stats.refused == 80


def test_an_interrupted_probe_is_no_failure_and_frees_its_place() -> None:
    service = Answering()
    client = Kie("k" * 20, transport=service, retry=no_retry(), rate_limit=RateLimit(reads=10_000))  # type: ignore[arg-type]
    clock = client._driver.session.clock = VirtualClock()
    ask(client, 5)
    clock.sleep(30)

    class Interrupted(Answering):
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            raise KeyboardInterrupt

    client._driver.transport = Interrupted()  # type: ignore[assignment]
    for _ in range(10):
        with pytest.raises(KeyboardInterrupt):
            client.credits()
    assert client.breaker.state() == "half_open"
    service.status = 200
    client._driver.transport = service  # type: ignore[assignment]
    assert ask(client, 2) == [None, None]
    assert client.breaker.state() == "closed"


def test_a_flow_that_is_closed_in_the_middle_of_a_probe_frees_its_place() -> None:
    from kie._flow.effects import Send
    from kie._tasks.account import balance

    client, _, clock = down({"do": "http", "status": 503, "times": 5})
    ask(client, 5)
    clock.sleep(30)
    flow = balance(client._ctx)
    effect = next(flow)
    while not isinstance(effect, Send):
        effect = flow.send(client._driver.perform(effect))
    assert ask(client, 1) == [CircuitOpen], "a probe is under way"
    flow.close()
    assert ask(client, 2) == [None, None]


def test_a_cancelled_call_is_no_failure() -> None:
    async def main() -> None:
        client, _, _ = virtual_async_kie(faults=[{"on": "getCredits", "do": "slow", "seconds": 20}], **QUICK)
        for _ in range(10):
            call = asyncio.ensure_future(client.credits())
            for _ in range(3):
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        assert client.breaker.stats()[API].failures == 0
        assert client.breaker.state() == "closed"

    asyncio.run(main())


FAILURES: list[dict[str, Any]] = [{"do": "http", "status": 503}, {"do": "envelope", "code": 500}, {"do": "refuse"}]
RULES = st.lists(
    st.sampled_from(FAILURES).flatmap(
        lambda what: st.builds(
            lambda times, operation: {"on": operation, **what, "times": times},
            st.integers(1, 9),
            st.sampled_from(["getCredits", "getTask", "createTask"]),
        )
    ),
    max_size=3,
)


@given(RULES, st.lists(st.sampled_from(["credits", "run", "pause"]), min_size=3, max_size=12), st.integers(0, 99))
def test_both_drivers_open_and_close_it_at_the_same_moments(
    script: list[dict[str, Any]], steps: list[str], seed: int
) -> None:
    def line(what: object, at: float, client: Any) -> tuple[Any, ...]:
        return (str(what), pytest.approx(at), {origin: s.state for origin, s in client.breaker.stats().items()})

    ours, theirs = [], []
    client, _, clock = virtual_kie(faults=script, seed=seed)
    for step in steps:
        outcome: object = None
        try:
            outcome = (
                clock.sleep(15)
                if step == "pause"
                else client.credits()
                if step == "credits"
                else client.run(REQUEST).urls
            )
        except KieError as error:
            outcome = repr(error)
        ours.append(line(outcome, clock.now(), client))

    async def main() -> None:
        other, _, time = virtual_async_kie(faults=script, seed=seed)
        for step in steps:
            outcome: object = None
            try:
                if step == "pause":
                    time.sleep(15)
                else:
                    outcome = await other.credits() if step == "credits" else (await other.run(REQUEST)).urls
            except KieError as error:
                outcome = repr(error)
            theirs.append(line(outcome, time.now(), other))

    asyncio.run(main())
    assert ours == theirs


@given(st.integers(1, 12), st.floats(0.01, 50), st.floats(0.01, 60), st.integers(0, 99))
def test_no_attempt_begins_after_the_budget(attempts: int, base: float, budget: float, seed: int) -> None:
    policy = RetryPolicy(attempts=attempts, base=base, cap=60, budget=budget)
    told: list[Event] = []
    client, _, _ = virtual_kie(
        faults=[{"on": "getTask", "do": "rate_limit", "retry_after": 1}],
        retry=policy,
        breaker=None,
        seed=seed,
        rate_limit=RateLimit(reads=1, reads_window=7),
        latency=0.25,
        observers=[told.append],
    )
    with pytest.raises(ApiError):
        client.task("1f").refresh()
    begun = [exchange.at - 0.25 for exchange in trace(client)]
    assert 1 <= len(begun) <= attempts
    # waiting in line under our own limit does not count
    queued = sum(event.delay for event in told if isinstance(event, RequestLimited) and not event.refused)
    assert begun[-1] - begun[0] - queued <= budget + 1e-9


def test_a_copy_with_another_policy_has_circuits_of_its_own() -> None:
    client, _, _ = down()
    ask(client, 2)
    strict = client.with_options(breaker=CircuitBreaker(failures=1))
    assert [ask(strict, 1)[0] is CircuitOpen for _ in range(2)] == [False, True]
    assert [ask(client, 1)[0] is CircuitOpen for _ in range(4)] == [False] * 3 + [True]
    assert (client.breaker.stats()[API].failures, strict.breaker.state()) == (5, "open")
