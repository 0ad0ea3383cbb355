"""Every kind of fault, as a client in virtual time meets it."""

from __future__ import annotations

from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from kie import (
    DownloadFailed,
    Kie,
    ResultInvalid,
    RetryPolicy,
    SubmitUnknown,
    TaskFailed,
    TransportFailed,
    no_retry,
)
from kie._core.errors import ApiError, RateLimited, ServerError
from kie.models import NanoBananaPro
from kie.simulator import Simulator
from kie.testing import VirtualClock, trace, virtual_kie
from kie.testing._clock import EPOCH

CITY = NanoBananaPro(prompt="A futuristic city")


def broken(*rules: dict[str, Any], **options: Any) -> tuple[Kie, Simulator, VirtualClock]:
    return virtual_kie(faults=rules, **options)


def outcomes(client: Kie) -> list[int | str]:
    return [exchange.outcome for exchange in trace(client)]


@pytest.mark.parametrize("http", [False, True])
def test_a_rate_limit_on_submission_is_waited_out(http: bool) -> None:
    client, state, clock = broken({"on": "createTask", "do": "rate_limit", "http": http, "retry_after": 7, "nth": 1})
    client.submit(CITY)
    assert outcomes(client) == [429 if http else 200, 200]
    assert clock.now() >= 7
    assert len(state.accepted) == 1


def test_retry_after_may_be_a_date() -> None:
    then = format_datetime(EPOCH.replace(second=20), usegmt=True)
    client, _, clock = broken({"on": "createTask", "do": "rate_limit", "retry_after": then, "nth": 1})
    client.submit(CITY)
    assert 19 <= clock.now() <= 21


def test_a_rate_limit_that_stays_is_an_error() -> None:
    client, state, _ = broken({"on": "createTask", "do": "rate_limit"})
    with pytest.raises(RateLimited):
        client.submit(CITY)
    assert (len(outcomes(client)), state.accepted) == (RetryPolicy().attempts, [])


def test_an_http_error_on_a_read_is_repeated() -> None:
    client, _, _ = broken({"on": "getCredits", "do": "http", "status": 502, "body": "bad gateway", "times": 2})
    assert client.credits() == 1000
    assert outcomes(client) == [502, 502, 200]


@pytest.mark.parametrize("accepted", [False, True])
def test_an_http_error_on_submission_leaves_the_outcome_unknown(accepted: bool) -> None:
    client, state, _ = broken({"on": "createTask", "do": "http", "status": 502, "accepted": accepted})
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert (len(outcomes(client)), len(state.accepted)) == (1, int(accepted))


def test_headers_of_an_http_fault_are_sent() -> None:
    fault = {"on": "getCredits", "do": "http", "status": 503, "headers": {"Retry-After": "9"}, "nth": 1}
    client, _, clock = broken(fault)
    client.credits()
    assert clock.now() >= 9


def test_an_envelope_of_any_code_is_given() -> None:
    client, state, _ = broken({"on": "createTask", "do": "envelope", "code": 433, "msg": "cap reached"})
    with pytest.raises(ApiError, match="cap reached") as caught:
        client.submit(CITY)
    assert (caught.value.code, caught.value.status, state.accepted) == (433, 200, [])


def test_a_refused_connection_did_not_send_and_is_repeated() -> None:
    client, state, _ = broken({"on": "createTask", "do": "refuse", "nth": 1})
    client.submit(CITY)
    assert outcomes(client) == ["refused", 200]
    assert len(state.accepted) == 1


def test_a_refused_connection_is_reported_as_not_sent() -> None:
    client, _, _ = broken({"on": "createTask", "do": "refuse"}, retry=no_retry())
    with pytest.raises(TransportFailed) as caught:
        client.submit(CITY)
    assert caught.value.sent is False


@pytest.mark.parametrize(("kind", "created"), [("drop_before", 0), ("drop_after", 1)])
def test_a_lost_connection_leaves_the_outcome_of_a_submission_unknown(kind: str, created: int) -> None:
    client, state, _ = broken({"on": "createTask", "do": kind})
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert (outcomes(client), len(state.accepted)) == (["lost"], created)


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_lost_connection_on_a_read_is_repeated(kind: str) -> None:
    client, _, _ = broken({"on": "getCredits", "do": kind, "nth": 1})
    assert client.credits() == 1000


def test_a_slow_answer_takes_time() -> None:
    client, _, clock = broken({"on": "getCredits", "do": "slow", "seconds": 20})
    client.credits()
    assert clock.now() == pytest.approx(20.05)


def test_an_answer_that_is_too_slow_times_out_after_the_timeout() -> None:
    client, _, clock = broken({"on": "getCredits", "do": "slow", "seconds": 99}, retry=no_retry())
    with pytest.raises(TransportFailed, match="timed out") as caught:
        client.credits()
    assert caught.value.sent is None
    assert clock.now() == pytest.approx(30.0)


def test_a_slow_submission_may_have_created_a_task() -> None:
    client, state, _ = broken({"on": "createTask", "do": "slow", "seconds": 99})
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert len(state.accepted) == 1


def test_a_latency_beyond_the_timeout_times_out() -> None:
    client, state, clock = virtual_kie(latency=5, request_timeout=1, retry=no_retry())
    with pytest.raises(TransportFailed, match="timed out"):
        client.credits()
    assert (clock.now(), state.log) == (1.0, [])


def test_a_truncated_answer_is_repeated_on_a_read_only() -> None:
    client, state, _ = broken({"on": "*", "do": "truncate", "bytes": 5, "times": 2})
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert len(state.accepted) == 1
    assert client.credits() == state.credits


def test_a_truncated_file_is_fetched_again(tmp_path: Path) -> None:
    client, state, _ = broken({"on": "result", "do": "truncate", "bytes": 100, "nth": 1})
    saved = client.run(CITY).save(tmp_path)
    assert [path.stat().st_size > 100 for path in saved] == [True]
    assert [path.name for path in tmp_path.iterdir()] == [saved[0].name]
    assert [entry for entry in state.log if entry[0] == "result"] == [("result", "truncate"), ("result", "200")]


def test_garbage_on_a_read_is_repeated_and_on_submission_is_not() -> None:
    client, state, _ = broken({"on": "*", "do": "garbage", "body": "<html>", "times": 2})
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert client.credits() == 1000
    assert state.accepted == []


def test_garbage_may_follow_acceptance() -> None:
    client, state, _ = broken({"on": "createTask", "do": "garbage", "status": 500, "accepted": True})
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert len(state.accepted) == 1


def test_an_answer_without_an_id_leaves_the_outcome_unknown() -> None:
    client, state, _ = broken({"on": "createTask", "do": "no_task_id"})
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert len(state.accepted) == 1


@pytest.mark.parametrize("on", ["createTask", "getTask"])
def test_an_unknown_state_is_shown_for_some_polls(on: str) -> None:
    client, _, _ = broken({"on": on, "do": "state", "state": "reticulating", "polls": 2, "nth": 1})
    task = client.submit(CITY)
    assert [task.refresh().raw_state for _ in range(3)] == ["reticulating", "reticulating", "waiting"]


def test_a_task_whose_end_was_reported_never_looks_unfinished_again() -> None:
    client, state, clock = broken(
        {"on": "getTask", "do": "state", "state": "reticulating", "polls": 2}, callback_url="https://example.com/hook"
    )
    polled, reported = client.submit(CITY), client.submit(CITY)
    assert [polled.refresh().raw_state for _ in range(2)] == ["reticulating", "reticulating"]
    clock.sleep(3600)
    assert {report.task_id for report in state.due_callbacks(clock.now())} == {polled.id, reported.id}
    assert [task.refresh().done for task in (polled, reported)] == [True, True]
    assert [task.refresh().done for task in (polled, reported)] == [True, True]


def test_a_task_that_only_seems_done_has_no_result() -> None:
    client, _, _ = broken({"on": "createTask", "do": "state", "state": "success"})
    with pytest.raises(ResultInvalid):
        client.run(CITY)


@pytest.mark.parametrize("on", ["createTask", "getTask"])
def test_a_task_may_be_invisible_at_first(on: str) -> None:
    client, state, _ = broken({"on": on, "do": "invisible", "polls": 2, "nth": 1})
    assert client.run(CITY).urls
    assert [outcome for name, outcome in state.log if name == "getTask"].count("422") == (
        2 if on == "createTask" else 1
    )


@pytest.mark.parametrize("on", ["createTask", "getTask"])
def test_a_task_fails_as_scripted_and_gives_its_credits_back(on: str) -> None:
    client, state, _ = broken({"on": on, "do": "fail_task", "code": 451, "msg": "cannot fetch", "nth": 1})
    with pytest.raises(TaskFailed, match="cannot fetch") as caught:
        client.run(CITY)
    assert caught.value.code == "451"
    assert client.credits() == state.credits == 1000


def test_a_file_that_is_gone_is_fetched_through_a_new_link(tmp_path: Path) -> None:
    client, state, _ = broken({"on": "result", "do": "gone", "nth": 1})
    assert client.run(CITY).save(tmp_path)
    assert ("getDownloadUrl", "200") in state.log


def test_a_file_that_stays_gone_is_an_error(tmp_path: Path) -> None:
    client, _, _ = broken({"on": "result", "do": "gone"})
    result = client.run(CITY)
    with pytest.raises(DownloadFailed):
        result.save(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_error_while_waiting_does_not_end_the_wait() -> None:
    client, _, _ = broken({"on": "getTask", "do": "envelope", "code": 500, "times": 2})
    assert client.run(CITY).urls
    client, _, _ = broken({"on": "getCredits", "do": "envelope", "code": 500})
    with pytest.raises(ServerError):
        client.credits()


def test_no_key_is_ever_sent_to_a_file(tmp_path: Path) -> None:
    client, state, _ = broken({"on": "result", "do": "http", "status": 503, "times": 2})
    client.run(CITY).save(tmp_path)
    assert len([name for name, _ in state.log if name == "result"]) == 3
    assert state.leaked_keys == []
