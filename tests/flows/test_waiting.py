"""Waiting for a task: when it is looked at, what is tolerated, and that its ref is never lost."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from kie import ApiError, ConfigError, PollPolicy, ResultInvalid, TaskFailed, TaskRef, TaskTimeout
from kie._core.errors import NotFound
from kie.errors import Unauthorized
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie
from kie.webhooks import Receiver

REQUEST = NanoBananaPro(prompt="A lighthouse at dusk")
RECEIVER = Receiver("s" * 32, url="https://receiver.example")


def polls(client: Any) -> list[float]:
    return [exchange.at for exchange in trace(client) if exchange.path.endswith("recordInfo")]


def test_intervals_begin_short_and_grow_with_the_time_since_submission() -> None:
    client, _, _ = virtual_kie(latency=0.0, speed=0.005, timeout=10_000)
    client.run(REQUEST)
    seen = polls(client)
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    assert seen[0] == gaps[0] == 1.0
    assert all(gap == pytest.approx(min(max(1.0, at / 100), 10.0)) for at, gap in zip(seen, gaps, strict=False))
    assert gaps[-1] == pytest.approx(10.0), "and no longer than that"


def test_a_task_that_is_taken_up_again_is_polled_once_and_at_once() -> None:
    client, service, clock = virtual_kie(latency=0.0)
    task = client.submit(REQUEST)
    clock.sleep(100)
    other, _, _ = virtual_kie(service, latency=0.0, clock=clock)
    result = other.task(str(task.ref)).wait()
    assert result.urls
    assert polls(other) == [100]


def test_progress_is_reported_after_each_poll() -> None:
    seen: list[tuple[str, float, int]] = []
    client, _, _ = virtual_kie()
    client.run(REQUEST, on_progress=lambda status, elapsed, n: seen.append((status.state, elapsed, n)))
    assert [n for _, _, n in seen] == list(range(1, len(seen) + 1))
    assert seen[-1][0] == "succeeded"
    assert {state for state, _, _ in seen[:-1]} == {"queued"}
    assert all(a[1] < b[1] for a, b in pairwise(seen))


TOLERATED: dict[str, dict[str, Any]] = {
    "a refused connection": {"do": "refuse"},
    "a broken connection": {"do": "drop_after"},
    "a timeout": {"do": "slow", "seconds": 100},
    "429": {"do": "rate_limit"},
    "455": {"do": "envelope", "code": 455},
    "500": {"do": "envelope", "code": 500},
    "HTTP 503": {"do": "http", "status": 503},
    "HTML": {"do": "garbage"},
}


@pytest.mark.parametrize("name", TOLERATED)
def test_passing_trouble_does_not_end_a_wait(name: str) -> None:
    client, service, _ = virtual_kie(faults=[{"on": "getTask", "times": 8, **TOLERATED[name]}])
    assert client.run(REQUEST).urls
    assert len(service.accepted) == 1


@pytest.mark.parametrize("fault", ["rate_limit", "http"])
def test_no_poll_is_sent_before_the_time_that_the_service_asks_to_wait_has_passed(fault: str) -> None:
    how: dict[str, Any] = {
        "rate_limit": {"do": "rate_limit", "retry_after": 25},
        "http": {"do": "http", "status": 503, "headers": {"retry-after": "25"}},
    }
    client, _, _ = virtual_kie(latency=0.0, speed=0.1, faults=[{"on": "getTask", "times": 3, **how[fault]}])
    assert client.run(REQUEST).urls
    gaps = [later - earlier for earlier, later in pairwise(polls(client))]
    assert gaps[:3] == [pytest.approx(25)] * 3, "longer than any interval"
    assert len(gaps) > 3 and all(gap < 25 for gap in gaps[3:]), "and then as before"


def test_a_wait_that_the_service_asks_for_is_capped_and_never_outlasts_the_deadline() -> None:
    fault = {"on": "getTask", "do": "rate_limit", "times": 1, "retry_after": 10_000}
    client, _, _ = virtual_kie(latency=0.0, faults=[fault])
    assert client.run(REQUEST).urls
    first, second, *_ = polls(client)
    assert second - first == pytest.approx(60), "RetryPolicy.retry_after_cap"
    client, _, clock = virtual_kie(latency=0.0, faults=[{**fault, "times": 99}])
    with pytest.raises(TaskTimeout):
        client.run(REQUEST, timeout=40)
    first, second, *_ = polls(client)
    assert second == pytest.approx(38) and first < 20, "once more while there is time for an answer"
    assert clock.now() <= 40


def test_a_poll_that_fails_makes_the_next_ones_rarer_until_one_works() -> None:
    faults = [{"on": "getTask", "do": "http", "status": 503, "times": 5}]
    client, _, _ = virtual_kie(latency=0.0, speed=0.02, faults=faults, timeout=10_000, breaker=None)
    client.run(REQUEST)
    gaps = [later - earlier for earlier, later in pairwise(polls(client))]
    assert gaps[:5] == [pytest.approx(gap) for gap in (2, 4, 8, 10, 10)]
    assert gaps[5] == pytest.approx(1.0)


def test_a_record_that_is_not_visible_yet_is_waited_for() -> None:
    client, _, _ = virtual_kie(faults=[{"on": "createTask", "do": "invisible", "polls": 3}])
    assert client.run(REQUEST).urls


def test_a_record_that_never_appears_is_an_error_that_names_the_task() -> None:
    client, service, clock = virtual_kie(faults=[{"on": "createTask", "do": "invisible", "polls": 10_000}])
    with pytest.raises(NotFound, match=r"there is no record of task [0-9a-f]{32}"):
        client.run(REQUEST)
    assert len(service.accepted) == 1
    assert 60 < clock.now() < 90


def test_a_task_that_is_taken_up_again_and_has_no_record_is_given_up_after_ten_seconds() -> None:
    client, _, clock = virtual_kie()
    with pytest.raises(NotFound, match="there is no record of task 0123456789abcdef"):
        client.task("0123456789abcdef").wait()
    assert 10 < clock.now() < 20


def test_an_unknown_state_counts_as_running_and_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    states: list[str] = []
    client, _, _ = virtual_kie(faults=[{"on": "createTask", "do": "state", "state": "pondering", "polls": 2}])
    client.run(REQUEST, on_progress=lambda status, *_: states.append(status.state))
    assert states[:2] == ["running", "running"]
    assert [record.message for record in caplog.records if "pondering" in record.message]


def test_a_failed_task_raises_with_its_code_message_and_ref() -> None:
    client, service, _ = virtual_kie(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "msg": "too dark"}])
    with pytest.raises(TaskFailed, match="too dark") as caught:
        client.run(REQUEST)
    assert (caught.value.code, caught.value.ref.id) == ("422", service.accepted[0].task_id)
    assert client.task(caught.value.ref).refresh().state == "failed"


@pytest.mark.parametrize("code", [408, 501, 531])
def test_a_code_that_ends_the_task_fails_it(code: int) -> None:
    client, _, _ = virtual_kie(faults=[{"on": "getTask", "do": "envelope", "code": code, "msg": "gone wrong"}])
    with pytest.raises(TaskFailed, match="gone wrong") as caught:
        client.run(REQUEST)
    assert caught.value.code == str(code)


def test_trouble_that_stays_ends_the_wait_at_once_and_names_the_task() -> None:
    client, _, _ = virtual_kie(faults=[{"on": "getTask", "do": "envelope", "code": 401, "msg": "no"}])
    with pytest.raises(Unauthorized) as caught:
        client.run(REQUEST)
    assert len(polls(client)) == 1
    assert any("kie wait" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("timeout", [0.4, 3, 30, 100])
def test_the_deadline_holds_whatever_the_service_does(timeout: float) -> None:
    for fault in (
        {"do": "slow", "seconds": 1000},
        {"do": "refuse"},
        {"do": "state", "state": "generating", "polls": 9999},
    ):
        client, service, clock = virtual_kie(faults=[{"on": "getTask", **fault}])
        task = client.submit(REQUEST)
        begun = clock.now()
        with pytest.raises(TaskTimeout) as caught:
            task.wait(timeout=timeout)
        assert timeout - 1 <= clock.now() - begun <= timeout + 0.01
        assert caught.value.ref.id == service.accepted[0].task_id
        assert f"kie wait {caught.value.ref}" in str(caught.value)
        assert isinstance(caught.value, TimeoutError)


def test_ctrl_c_goes_through_and_says_where_the_task_is() -> None:
    refs: list[TaskRef] = []
    client, _, _ = virtual_kie(on_submitted=refs.append)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        client.run(REQUEST, on_progress=interrupt)
    assert f"kie wait {refs[0]}" in caught.value.__notes__[0]
    assert client.task(refs[0]).wait().urls


def test_on_submitted_is_called_before_the_first_poll() -> None:
    order: list[str] = []
    client, _, _ = virtual_kie(on_submitted=lambda ref: order.append("submitted"))
    client.run(REQUEST, on_progress=lambda *_: order.append("poll"))
    assert order[0] == "submitted"
    assert order[1] == "poll"


def test_an_async_callback_is_awaited_and_a_sync_client_refuses_it() -> None:
    seen: list[str] = []

    async def note(ref: TaskRef) -> None:
        await asyncio.sleep(0)
        seen.append(ref.id)

    async def main() -> None:
        client, _, _ = virtual_async_kie(on_submitted=note)
        await client.run(REQUEST)

    asyncio.run(main())
    assert len(seen) == 1
    with pytest.raises(ConfigError, match=r"on_submitted of a Kie may not be async: .* AsyncKie"):
        virtual_kie(on_submitted=note)

    def told(ref: TaskRef) -> object:  # only its call shows what it gives
        return note(ref)

    client, _, _ = virtual_kie(on_submitted=told)
    with pytest.raises(ConfigError, match="AsyncKie"):
        client.run(REQUEST)


class _AsyncObject:
    async def __call__(self, *arguments: object) -> None:
        raise AssertionError


@pytest.mark.parametrize("name", ["on_submitted", "on_progress", "progress", "on_submission", "on_postponed"])
def test_a_sync_client_refuses_async_functions_before_anything_is_sent(name: str) -> None:
    client, _, _ = virtual_kie()
    given: Any = {name: _AsyncObject()}
    with pytest.raises(ConfigError, match=f"{name} of a Kie may not be async"):
        client.batch.run([REQUEST], **given)
    if not name.startswith(("progress", "on_submission", "on_postponed")):
        for call in (lambda: client.run(REQUEST, **given), lambda: client.with_options(**given)):
            with pytest.raises(ConfigError, match=f"{name} of a Kie may not be async"):
                call()
    assert trace(client) == []


OPTIONS_WITHOUT_EFFECT: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"via": RECEIVER, "callback_url": "https://a.example"}, "via and callback_url are mutually exclusive"),
    ({"via": RECEIVER}, {"callback_url": "https://a.example"}, "via and callback_url are mutually exclusive"),
]


@pytest.mark.parametrize(("of_client", "of_call", "said"), OPTIONS_WITHOUT_EFFECT)
def test_an_option_of_a_call_that_would_have_no_effect_is_refused(
    of_client: dict[str, Any], of_call: dict[str, Any], said: str
) -> None:
    client, _, _ = virtual_kie(**of_client)
    for call in (client.run, client.submit, lambda request, **more: client.batch.run([request], **more)):
        with pytest.raises(ConfigError, match=said):
            call(REQUEST, **of_call)
    assert trace(client) == []


@pytest.mark.parametrize("option", [{"tags": ["x"]}, {"source": {"project": "x"}}])
def test_what_no_library_keeps_is_reported_and_stops_nothing(
    option: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    client, _, _ = virtual_kie()
    for _ in range(2):
        assert client.run(REQUEST, **option).urls
    (told,) = [record.message for record in caplog.records if "kept in a library" in record.message]
    assert told.endswith("give the client a Library")


def test_what_a_client_knows_for_later_calls_is_no_contradiction() -> None:
    client, _, _ = virtual_kie(callback_url="https://a.example", tags=["x"], source={"project": "x"})
    assert client.run(REQUEST, via=None, tags=(), callback_url=None).urls
    with pytest.raises(ConfigError, match="via and callback_url are mutually exclusive"):
        virtual_kie(via=RECEIVER, callback_url="https://a.example")


def test_success_without_a_file_is_an_error_that_holds_the_record() -> None:
    from kie._core.result_types import read_result
    from kie._records.lifecycles import lifecycle
    from kie._records.reading import read_status

    record: Any = {"code": 200, "data": {"taskId": "t", "state": "success", "resultJson": "not json"}}
    status = read_status(lifecycle("jobs"), TaskRef("t"), record)
    with pytest.raises(ResultInvalid) as caught:
        read_result("image", status)
    assert caught.value.raw == record


def test_intervals_that_make_no_sense_are_refused() -> None:
    for wrong in ({"min_interval": 0}, {"max_interval": -1}, {"growth": -0.1}, {"growth": float("nan")}, {"speed": 0}):
        with pytest.raises(ConfigError):
            PollPolicy(**wrong)
    client, _, _ = virtual_kie()
    with pytest.raises(ConfigError):
        client.run(REQUEST, timeout=0)


def test_refreshing_a_task_that_does_not_exist_is_an_error() -> None:
    client, _, _ = virtual_kie()
    with pytest.raises(ApiError, match="there is no record"):
        client.task("nowhere").refresh()
    with pytest.raises(ConfigError, match="not a lifecycle"):
        client.task("nothing:abc").refresh()
