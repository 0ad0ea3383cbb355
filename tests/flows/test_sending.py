"""What may be sent twice: the table, row by row, over the simulator in virtual time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kie import (
    ApiError,
    ConfigError,
    Journal,
    Kie,
    KieError,
    RetryPolicy,
    SubmitUnknown,
    no_retry,
)
from kie.errors import FeatureDisabled, Maintenance, RateLimited, ServerError, Unauthorized, Unprocessable
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_kie

REQUEST = NanoBananaPro(prompt="A lighthouse at dusk")


def submissions(client: Kie) -> int:
    return sum(exchange.path.endswith("createTask") for exchange in trace(client))


RETRIED: dict[str, dict[str, Any]] = {
    "a refused connection": {"do": "refuse"},
    "429 in the envelope": {"do": "rate_limit"},
    "429 as HTTP status": {"do": "rate_limit", "http": True},
    "430": {"do": "envelope", "code": 430},
    "455": {"do": "envelope", "code": 455},
    "550": {"do": "envelope", "code": 550},
}


@pytest.mark.parametrize("name", RETRIED)
def test_a_submission_that_started_nothing_is_sent_again(name: str) -> None:
    client, service, _ = virtual_kie(faults=[{"on": "createTask", "times": 2, **RETRIED[name]}])
    client.submit(REQUEST)
    assert submissions(client) == 3
    assert len(service.accepted) == 1


REFUSED: dict[str, tuple[dict[str, Any], type[ApiError], bool | None]] = {
    "401": ({"do": "envelope", "code": 401}, Unauthorized, False),
    "422": ({"do": "envelope", "code": 422}, Unprocessable, False),
    "500": ({"do": "envelope", "code": 500}, ServerError, None),
    "500 with HTTP 500": ({"do": "garbage", "status": 500, "body": '{"code":500,"msg":"no"}'}, ServerError, None),
    "505": ({"do": "envelope", "code": 505}, FeatureDisabled, False),
    "a code nobody knows": ({"do": "envelope", "code": 777}, ApiError, None),
    "HTTP 403 from the edge": ({"do": "http", "status": 403, "body": "error code: 1010"}, ApiError, False),
    "a redirect": ({"do": "http", "status": 302, "headers": {"location": "https://example.com/"}}, ApiError, False),
    "HTTP 413 without an envelope": ({"do": "http", "status": 413}, ApiError, False),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_submission_is_not_sent_again(name: str) -> None:
    fault, error, created = REFUSED[name]
    client, service, _ = virtual_kie(faults=[{"on": "createTask", **fault}])
    with pytest.raises(error) as caught:
        client.submit(REQUEST)
    assert caught.value.task_created is created
    assert submissions(client) == 1
    assert service.accepted == []


UNKNOWN: dict[str, dict[str, Any]] = {
    "the connection breaks before": {"do": "drop_before"},
    "the connection breaks after": {"do": "drop_after"},
    "a timeout": {"do": "slow", "seconds": 1000},
    "half an answer": {"do": "truncate", "bytes": 10},
    "HTML in HTTP 200": {"do": "garbage", "accepted": True},
    "HTTP 502 from the edge": {"do": "http", "status": 502, "body": "bad gateway", "accepted": True},
    "HTTP 408 from the edge": {"do": "http", "status": 408, "accepted": True},
    "200 without a task id": {"do": "no_task_id"},
    "an envelope without a code": {"do": "garbage", "body": '{"msg":"fine"}', "accepted": True},
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_submission_with_no_usable_answer_is_never_sent_again(name: str) -> None:
    client, _, _ = virtual_kie(faults=[{"on": "createTask", **UNKNOWN[name]}])
    with pytest.raises(SubmitUnknown, match=r"kie\.ai/logs") as caught:
        client.submit(REQUEST)
    assert submissions(client) == 1
    assert caught.value.request == REQUEST
    assert caught.value.sent_at.tzinfo is not None


READS: dict[str, dict[str, Any]] = {
    **RETRIED,
    "500": {"do": "envelope", "code": 500},
    "HTTP 503": {"do": "http", "status": 503},
    "a broken connection": {"do": "drop_after"},
    "a timeout": {"do": "slow", "seconds": 1000},
    "half an answer": {"do": "truncate", "bytes": 10},
    "HTML in HTTP 200": {"do": "garbage"},
}


@pytest.mark.parametrize("name", READS)
def test_a_read_is_repeated_until_it_works(name: str) -> None:
    client, _, _ = virtual_kie(faults=[{"on": "getCredits", "times": 2, **READS[name]}])
    assert client.credits() == 1000
    assert len(trace(client)) == 3


@pytest.mark.parametrize("name", [name for name in READS if name not in ("430", "550")])
def test_an_upload_is_repeated_until_it_works(name: str) -> None:
    faults = [{"on": "uploadStream", "times": 2, **READS[name]}]
    client, service, _ = virtual_kie(faults=faults, upload_timeout=30)
    client.upload(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    assert len(trace(client)) == 3
    assert service.uploads


def test_an_upload_from_a_stream_that_cannot_be_rewound_is_repeated_too() -> None:
    class Once:
        def __init__(self) -> None:
            self.left = [b"abc"]

        def read(self, _: int = -1) -> bytes:
            return self.left.pop() if self.left else b""

    client, state, _ = virtual_kie(faults=[{"on": "uploadStream", "do": "drop_before", "times": 2}])
    client.upload(Once())
    assert len(trace(client)) == 3
    assert [file.body for file in state.files.uploads.values()] == [b"abc"]


def test_retries_end_with_the_last_error_and_after_so_many_attempts() -> None:
    client, _, _ = virtual_kie(faults=[{"on": "createTask", "do": "rate_limit"}])
    with pytest.raises(RateLimited):
        client.submit(REQUEST, retry=RetryPolicy(attempts=3))
    assert submissions(client) == 3
    with pytest.raises(RateLimited):
        client.submit(REQUEST, retry=no_retry())
    assert submissions(client) == 4


def test_retries_end_when_their_time_is_used_up() -> None:
    client, _, clock = virtual_kie(faults=[{"on": "getCredits", "do": "rate_limit", "retry_after": 50}])
    with pytest.raises(RateLimited) as caught:
        client.with_options(retry=RetryPolicy(attempts=100, budget=120)).credits()
    assert caught.value.retry_after == 50
    assert 100 <= clock.now() <= 120


def test_retry_after_is_observed_and_capped() -> None:
    client, _, clock = virtual_kie(faults=[{"on": "getCredits", "nth": 1, "do": "rate_limit", "retry_after": 7}])
    client.credits()
    assert clock.now() >= 7
    client, _, clock = virtual_kie(faults=[{"on": "getCredits", "nth": 1, "do": "rate_limit", "retry_after": 9999}])
    client.credits()
    assert 60 <= clock.now() < 65


def test_retry_after_may_be_a_date_counted_from_the_date_of_the_answer() -> None:
    headers = {"retry-after": "Tue, 01 Sep 2026 12:00:20 GMT"}
    fault = {"on": "getCredits", "nth": 1, "do": "http", "status": 429, "headers": headers}
    client, _, clock = virtual_kie(faults=[fault])
    client.credits()
    assert 20 <= clock.now() < 25


def test_an_envelope_that_says_200_inside_an_http_error_is_not_believed() -> None:
    body = '{"code":200,"msg":"success","data":1}'
    client, _, _ = virtual_kie(faults=[{"on": "getCredits", "do": "garbage", "status": 503, "body": body}])
    with pytest.raises(ServerError):
        client.credits()


def test_maintenance_is_reported_as_such() -> None:
    client, _, _ = virtual_kie(faults=[{"on": "createTask", "do": "envelope", "code": 455, "msg": "back at noon"}])
    with pytest.raises(Maintenance, match="back at noon"):
        client.submit(REQUEST)


def test_twenty_submissions_go_at_once_and_the_rest_waits_for_its_turn() -> None:
    client, service, clock = virtual_kie(latency=0.0)
    for _ in range(45):
        client.submit(REQUEST)
    assert 20 < clock.now() < 21
    assert len(service.accepted) == 45
    assert all(exchange.outcome == 200 for exchange in trace(client))
    assert not [outcome for _, outcome in service.log if "429" in outcome]


def test_an_acceptance_inside_an_http_error_is_an_unknown_outcome() -> None:
    body = '{"code":200,"msg":"success","data":{"taskId":"x"}}'
    for status in (429, 500):
        fault = {"on": "createTask", "do": "garbage", "status": status, "body": body, "accepted": True}
        client, service, _ = virtual_kie(faults=[fault])
        with pytest.raises(SubmitUnknown, match=f"both 200 and HTTP {status}"):
            client.submit(REQUEST)
        assert len(service.accepted) == 1


def test_the_journal_says_unknown_where_a_task_may_exist(tmp_path: Path) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"do": "envelope", "code": 500, "accepted": True}, "unknown"),
        ({"do": "envelope", "code": 422}, "refused"),
        ({"do": "drop_after"}, "unknown"),
    ]
    for number, (fault, state) in enumerate(cases):
        client, _, _ = virtual_kie(faults=[{"on": "createTask", **fault}], journal=tmp_path / str(number))
        with pytest.raises(KieError):
            client.submit(REQUEST)
        assert [entry.state for entry in Journal(tmp_path / str(number)).entries()] == [state]


def test_a_disk_that_fills_up_after_the_submission_does_not_lose_the_task(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, service, _ = virtual_kie(journal=tmp_path / "journal")
    append = Journal.append
    written: list[object] = []

    def fail_later(self: Journal, entry: Any) -> None:
        if written:
            raise ConfigError("the journal cannot be written: no space left on device")
        written.append(entry)
        append(self, entry)

    monkeypatch.setattr(Journal, "append", fail_later)
    task = client.submit(REQUEST)
    assert task.id == service.accepted[0].task_id
    assert task.id in caplog.text


def test_nothing_is_sent_if_the_journal_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    client, service, _ = virtual_kie(journal=tmp_path / "folder")
    with pytest.raises(ConfigError, match="journal"):
        client.submit(REQUEST)
    assert service.accepted == []


def test_another_server_needs_another_client() -> None:
    client, _, _ = virtual_kie()
    with pytest.raises(TypeError, match="base_url"):
        client.with_options(base_url="https://example.com")  # type: ignore[call-arg]
