"""The events that observers receive: the same by both drivers, never the key, and never at the cost of a call."""

from __future__ import annotations

import asyncio
import inspect
import logging
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import ConfigError, KieError, RateLimit, RawRequest, telemetry
from kie.models import NanoBananaPro
from kie.telemetry import (
    BreakerChanged,
    Event,
    FileDownloaded,
    FileUploaded,
    LoggingObserver,
    RequestAnswered,
    RequestLimited,
    RequestRetried,
    RequestSent,
    TaskFinished,
    TaskPolled,
    TaskSubmitted,
    Work,
    _events,
)
from kie.telemetry._events import without_query
from kie.testing import virtual_async_kie, virtual_kie

KEY = "canary-4f1d0c9be27a"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
REQUEST = NanoBananaPro(prompt="A lighthouse at dusk", image_input=[PNG])
SECRET = "https://files.kie.example/a.png?signature=s3cr3t"


def names(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_run_emits_its_events_in_order(tmp_path: Path) -> None:
    seen: list[Event] = []
    client, _, clock = virtual_kie(
        observers=[seen.append], faults=[{"on": "createTask", "do": "rate_limit", "retry_after": 3, "nth": 1}]
    )
    result = client.run(REQUEST)
    assert names(seen)[0] == "TaskEstimated"
    del seen[0]
    assert names(seen)[:10] == [
        *("RequestSent", "RequestAnswered", "FileUploaded"),
        *("RequestSent", "RequestAnswered", "RequestLimited", "RequestRetried", "RequestSent", "RequestAnswered"),
        "TaskSubmitted",
    ]
    assert names(seen)[-3:] == ["RequestAnswered", "TaskPolled", "TaskFinished"]
    upload, end = seen[2], seen[-1]
    assert isinstance(upload, FileUploaded) and isinstance(end, TaskFinished)
    assert (upload.bytes, upload.duration, upload.model) == (len(PNG), pytest.approx(0.05), "nano-banana-pro")
    assert upload.work.kind == "upload" and upload.work.parent is end.work
    refused, retried = seen[4 + 1], seen[6]
    assert isinstance(refused, RequestLimited) and (refused.refused, refused.delay, refused.bucket) == (
        True,
        3,
        "submit",
    )
    assert isinstance(retried, RequestRetried)
    assert (retried.attempt, retried.delay, retried.code, retried.error) == (1, 3, 429, "RateLimited")
    answered = seen[8]
    assert isinstance(answered, RequestAnswered)
    assert (answered.operation, answered.attempt, answered.status, answered.code) == ("createTask", 2, 200, 200)
    assert answered.error is None and answered.bytes and answered.duration == pytest.approx(0.05)
    assert (end.outcome, end.ref, end.credits, end.work.kind) == ("succeeded", result.ref, result.credits, "task")
    assert end.duration == pytest.approx(clock.now())
    assert {event.work for event in seen if event.work.kind != "upload"} == {end.work}
    assert all(event.ref == result.ref for event in seen[9:])
    seen.clear()
    (path,) = result.save(tmp_path)
    assert names(seen) == ["RequestSent", "RequestAnswered", "FileDownloaded"]
    assert isinstance(seen[-1], FileDownloaded)
    assert (seen[-1].bytes, seen[-1].error) == (Path(path).stat().st_size, None)


FAILING: list[tuple[dict[str, Any], str, str | None]] = [
    ({"on": "createTask", "do": "envelope", "code": 402}, "refused", "InsufficientCredits"),
    ({"on": "createTask", "do": "envelope", "code": 500}, "unknown", "ServerError"),
    ({"on": "createTask", "do": "drop_after"}, "unknown", "SubmitUnknown"),
    ({"on": "createTask", "do": "fail_task", "code": 501}, "failed", "TaskFailed"),
    ({"on": "createTask", "do": "state", "state": "generating", "polls": 9999}, "timeout", "TaskTimeout"),
    ({"on": "createTask", "do": "refuse"}, "error", "TransportFailed"),
    ({"on": "getTask", "do": "envelope", "code": 401}, "error", "Unauthorized"),
]


@pytest.mark.parametrize(("fault", "outcome", "error"), FAILING, ids=str)
def test_every_ending_emits_one_event(fault: dict[str, Any], outcome: str, error: str) -> None:
    seen: list[Event] = []
    client, _, _ = virtual_kie(observers=[seen.append], faults=[fault])
    with pytest.raises(KieError) as caught:
        client.run(NanoBananaPro(prompt="x"), timeout=60)
    ends = [event for event in seen if isinstance(event, TaskFinished)]
    assert [(end.outcome, end.error) for end in ends] == [(outcome, error)]
    assert ends[0].ref == getattr(caught.value, "ref", ends[0].ref)
    assert seen[-1] is ends[0]


def test_a_task_that_is_submitted_and_awaited_apart_is_two_pieces_of_work() -> None:
    seen: list[Event] = []
    client, _, _ = virtual_kie(observers=[seen.append])
    task = client.submit(NanoBananaPro(prompt="x"))
    assert isinstance(seen[-1], TaskSubmitted) and seen[-1].work.kind == "submit"
    assert not [event for event in seen if isinstance(event, TaskFinished)]
    seen.clear()
    task.refresh()
    assert names(seen) == ["RequestSent", "RequestAnswered", "TaskPolled"]
    seen.clear()
    task.wait()
    assert isinstance(seen[-1], TaskFinished) and seen[-1].work.kind == "wait"
    assert {event.ref for event in seen} == {task.ref}


def test_waiting_for_a_permit_and_a_change_of_the_circuit_emit_events() -> None:
    seen: list[Event] = []
    client, _, clock = virtual_kie(
        observers=[seen.append],
        rate_limit=RateLimit(reads=1, reads_window=4),
        faults=[{"on": "getTask", "do": "http", "status": 503, "times": 5}],
    )
    assert client.run(NanoBananaPro(prompt="x")).urls
    assert client.credits()
    waits = [event.delay for event in seen if isinstance(event, RequestLimited)]
    assert waits and all(0 < delay < 4.2 for delay in waits)
    changes = [(event.origin, event.before, event.after) for event in seen if isinstance(event, BreakerChanged)]
    api = "https://api.kie.ai"
    states = ["closed", "open", "half_open", "closed"]
    assert changes == [(api, before, after) for before, after in pairwise(states)]
    seen.clear()
    client.breaker.reset()
    assert seen == []
    policy = client.breaker.policy
    assert policy is not None
    for _ in range(5):
        client._driver.session.circuits.report(
            client._driver.session.circuits.admit(policy, api, clock.now()), False, clock.now()
        )
    client.breaker.reset()
    assert [(event.before, event.after) for event in seen if isinstance(event, BreakerChanged)] == [("open", "closed")]


def test_an_interrupted_run_ends_as_cancelled() -> None:
    seen: list[Event] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    client, _, _ = virtual_kie(observers=[seen.append])
    with pytest.raises(KeyboardInterrupt):
        client.run(NanoBananaPro(prompt="x"), on_progress=interrupt)
    assert isinstance(seen[-1], TaskFinished)
    assert (seen[-1].outcome, seen[-1].error) == ("cancelled", "KeyboardInterrupt")
    assert seen[-1].ref is not None


WHAT = st.sampled_from(
    [
        {"do": "rate_limit", "retry_after": 2},
        {"do": "http", "status": 503},
        {"do": "envelope", "code": 500},
        {"do": "envelope", "code": 402},
        {"do": "refuse"},
        {"do": "drop_after"},
        {"do": "slow", "seconds": 100},
        {"do": "garbage"},
    ]
)
WHEN = st.sampled_from([{"nth": 1}, {"nth": 2}, {"times": 3}, {"times": 6}, {}])
ON = st.sampled_from(["createTask", "getTask", "uploadStream", "*"])
SCRIPTS = st.lists(st.builds(lambda on, what, when: {"on": on, **what, **when}, ON, WHAT, WHEN), max_size=3)


def shape(event: Event) -> dict[str, Any]:
    """An event without what differs from run to run: whose it is. Times of two drivers add up differently."""
    held = {field.name: getattr(event, field.name) for field in attrs.fields(type(event)) if field.name != "work"}
    rounded = {name: pytest.approx(value) if isinstance(value, float) else value for name, value in held.items()}
    return {**rounded, "what": type(event).__name__, "kind": event.work.kind, "model": event.model}


def test_both_drivers_emit_the_same_events(tmp_path: Path) -> None:
    @given(SCRIPTS, st.integers(0, 99))
    def check(script: list[dict[str, Any]], seed: int) -> None:
        ours: list[Event] = []
        theirs: list[Event] = []
        client, _, _ = virtual_kie(observers=[ours.append], faults=script, seed=seed)
        with suppress(KieError):
            client.run(REQUEST, timeout=200).save(tmp_path / "sync")

        async def main() -> None:
            other, _, _ = virtual_async_kie(observers=[theirs.append], faults=script, seed=seed)
            with suppress(KieError):
                await (await other.run(REQUEST, timeout=200)).save(tmp_path / "async")

        asyncio.run(main())
        assert [shape(event) for event in ours] == [shape(event) for event in theirs]
        assert len(ours) > 2
        for one, next_one in pairwise(ours):
            assert one.at <= next_one.at, "monotonic"
        sent = [event for event in ours if isinstance(event, RequestSent)]
        assert len(sent) == len([event for event in ours if isinstance(event, RequestAnswered)])

    check()


def test_being_observed_changes_nothing(tmp_path: Path) -> None:
    from kie.testing import trace

    @given(SCRIPTS, st.integers(0, 99))
    def check(script: list[dict[str, Any]], seed: int) -> None:
        ends = []
        for observers in ([], [lambda event: None]):
            client, _, clock = virtual_kie(observers=observers, faults=script, seed=seed)
            try:
                end: object = client.run(REQUEST, timeout=200).urls
            except KieError as error:
                end = repr(error)
            ends.append((end, trace(client), clock.now()))
        assert ends[0] == ends[1]

    check()


class Loud(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.__dict__!r}")


@given(SCRIPTS, st.booleans(), st.sampled_from([KEY, f"model-{KEY}"]), st.integers(0, 99))
def test_the_key_is_in_no_event_and_no_log_line(script: Any, show: bool, model: str, seed: int) -> None:
    """Even where the caller puts it: in a URL, a model's name, a task's id."""
    seen: list[Event] = []

    def everything(event: Event) -> None:
        seen.append(event)

    everything.show_queries = show  # type: ignore[attr-defined]
    logger, loud = logging.Logger("canary"), Loud()
    logger.addHandler(loud)
    logging.getLogger("kie").addHandler(loud)
    try:
        client, _, _ = virtual_kie(
            api_key=KEY,
            observers=[everything, LoggingObserver(logger, show_queries=show), lambda event: 1 / 0],
            faults=script,
            seed=seed,
        )
        for call in (
            lambda: client.run(REQUEST, timeout=100),
            lambda: client.run(RawRequest(model, {"prompt": KEY}), timeout=100),
            lambda: client.task(KEY).refresh(),
            lambda: client.task(f"jobs:{KEY}").wait(timeout=10),
            lambda: client.download(f"https://files.kie.example/{KEY}.png?key={KEY}#{KEY}", "/nowhere/at/all"),
            lambda: client.upload(f"https://files.kie.example/{KEY}.png?key={KEY}"),
            lambda: client.download_url(f"https://files.kie.example/{KEY}.png"),
        ):
            with suppress(KieError):
                call()
    finally:
        logging.getLogger("kie").removeHandler(loud)
    assert seen and loud.lines
    for event in seen:
        assert KEY not in f"{event!r} {event.work!r} {attrs.asdict(event)!r}"
    assert not [line for line in loud.lines if KEY in line]


def test_queries_are_shown_to_those_only_who_ask_for_them() -> None:
    plain: list[Event] = []
    asking: list[Event] = []

    def curious(event: Event) -> None:
        asking.append(event)

    curious.show_queries = True  # type: ignore[attr-defined]
    logger, loud = logging.Logger("plain"), Loud()
    logger.addHandler(loud)
    client, _, _ = virtual_kie(observers=[plain.append, curious, LoggingObserver(logger)])
    with pytest.raises(KieError):
        client.download(SECRET, "/nowhere/at/all")
    client.task("0" * 32)
    assert len(plain) == len(asking) > 1
    assert "s3cr3t" not in repr([attrs.asdict(event) for event in plain])
    assert "s3cr3t" not in repr(loud.lines)
    assert "s3cr3t" in repr(asking)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (SECRET, "https://files.kie.example/a.png"),
        ("https://user:pass@host:8443/a?b#c", "https://host:8443/a"),
        ("https://[broken?secret#x", "https://[broken"),
        ("", ""),
    ],
)
def test_what_may_be_secret_in_a_url_is_cut_off(url: str, shown: str) -> None:
    assert without_query(url) == shown


@pytest.mark.parametrize("kind", [RuntimeError, StopIteration, GeneratorExit])
def test_an_observer_that_fails_is_logged_once_and_breaks_nothing(
    kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[Event] = []

    class Faulty:
        def __call__(self, event: Event) -> None:
            calls.append(event)
            raise kind("the disk of the metrics is full")

    after: list[Event] = []
    client, _, _ = virtual_kie(observers=[Faulty(), Faulty(), after.append])
    with caplog.at_level(logging.WARNING, "kie"):
        assert client.run(NanoBananaPro(prompt="x")).urls
    assert len(calls) == 2 * len(after) > 10
    assert len(caplog.records) == 2, "one for each observer"
    assert "Faulty" in caplog.text and "the disk of the metrics is full" in caplog.text


def test_an_async_observer_is_refused_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    async def observer(event: Event) -> None:
        raise AssertionError("never awaited")

    async def main() -> None:
        client, _, _ = virtual_async_kie(observers=[observer])
        assert (await client.run(NanoBananaPro(prompt="x"))).urls

    with caplog.at_level(logging.WARNING, "kie"):
        asyncio.run(main())
    assert "may not be async" in caplog.text


@pytest.mark.parametrize("wrong", [[1], 1, ["print"], print, None])
def test_what_cannot_observe_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigError, match="observer"):
        virtual_kie(observers=wrong)


def test_observers_can_be_given_to_one_call_or_a_copy() -> None:
    first: list[Event] = []
    second: list[Event] = []
    client, _, _ = virtual_kie(observers=[first.append])
    client.run(NanoBananaPro(prompt="x"), observers=[second.append])
    assert second and not first
    client.with_options(observers=()).credits()
    assert not first
    client.credits()
    assert names(first) == ["RequestSent", "RequestAnswered"]
    assert first[0].work is first[1].work and first[0].work.kind == "call"


def test_events_are_frozen_and_documented() -> None:
    kinds = [kind for kind in vars(_events).values() if inspect.isclass(kind) and issubclass(kind, Event)]
    public = [kind for kind in kinds if not kind.__name__.startswith("_")]
    assert {kind.__name__ for kind in public} <= set(telemetry.__all__)
    assert len(public) == 15, "fourteen kinds of event and their base"
    for kind in public:
        assert kind.__doc__
    event = TaskPolled(work=Work("call"), at=1.0, state="running")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        event.at = 2.0  # type: ignore[misc]
    assert Work("call") != Work("call")
