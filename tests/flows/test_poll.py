"""One poll: what it asks, what it tells, and what a record or a refusal says of a task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import Any

import attrs
import pytest

from kie import ApiError, ConfigError, Kie, RateLimit, TransportFailed
from kie._core.call import HttpRequest, HttpResponse
from kie._core.request import Request
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._io.bodies import Stream
from kie._io.process import Process
from kie._tasks.poll import kind_of, ref_of
from kie.errors import NotFound
from kie.models import NanoBananaPro
from kie.telemetry import TaskPolled
from kie.testing import VirtualClock, trace, virtual_kie

URL = "https://example.com/a.png"
DONE = {"taskId": "1f", "state": "success", "resultJson": json.dumps({"resultUrls": [URL]})}


def envelope(data: object, code: int = 200, msg: str = "success", status: int = 200) -> HttpResponse:
    return HttpResponse(status=status, headers={}, body=json.dumps({"code": code, "msg": msg, "data": data}).encode())


@attrs.define
class Service:
    """Answers each poll with the next of some answers, and notes what observers are told."""

    answers: list[HttpResponse]
    asked: list[str] = attrs.field(factory=list)
    told: list[Any] = attrs.field(factory=list)
    clock: VirtualClock = attrs.field(factory=VirtualClock)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.asked.append(request.url.partition("/api/")[2])
        return self.answers.pop(0)

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractContextManager[Stream]:
        raise AssertionError("nothing is downloaded here")

    def close(self) -> None:
        pass

    def refresh(self, ref: str = "1f") -> TaskStatus:
        client = Kie("key", transport=self, observers=[self.told.append])
        session = client._driver.session
        session.clock, session.process = self.clock, Process()
        client._driver.sleep = self.clock.sleep
        return client.task(ref).refresh()

    def polls(self) -> list[tuple[str | None, str | None]]:
        return [(event.state, event.raw_state) for event in self.told if isinstance(event, TaskPolled)]


def test_a_poll_tells_the_state_in_the_record_to_observers_too(caplog: pytest.LogCaptureFixture) -> None:
    service = Service([envelope(DONE)])
    status = service.refresh()
    assert (status.state, status.urls) == ("succeeded", (URL,))
    assert service.polls() == [("succeeded", "success")]
    assert caplog.records == []


def test_a_single_poll_that_fails_in_passing_is_repeated() -> None:
    service = Service([HttpResponse(status=503, headers={}, body=b""), envelope(DONE)])
    assert service.refresh().done
    assert len(service.asked) == 2
    assert service.clock.now() > 0


def test_what_a_family_says_of_a_code_decides_whether_a_poll_is_repeated() -> None:
    record = {"taskId": "1f", "status": "SUCCESS"}
    service = Service([envelope(None, 405, "too fast"), envelope(record)])
    assert service.refresh("suno-lyrics:1f").done
    assert len(service.asked) == 2
    with pytest.raises(ApiError, match="too fast"):
        Service([envelope(None, 405, "too fast"), envelope(DONE)]).refresh("jobs:1f")


@pytest.mark.parametrize("data", [None, {}, []])
def test_a_record_without_data_is_none(data: object) -> None:
    service = Service([envelope(data)])
    with pytest.raises(NotFound, match="there is no record of task 1f") as caught:
        service.refresh()
    assert (caught.value.status, caught.value.code) == (200, 404)
    assert service.polls() == [(None, None)]


@pytest.mark.parametrize("code", [404, 422])
def test_a_code_that_says_that_there_is_no_record_is_no_failure_of_the_task(code: int) -> None:
    with pytest.raises(NotFound, match="there is no record of task 1f"):
        Service([envelope(None, code, "no such record")]).refresh()


def test_an_http_404_says_that_there_is_no_record_but_not_under_a_code_of_the_service() -> None:
    with pytest.raises(NotFound, match="there is no record of task 1f"):
        Service([HttpResponse(status=404, headers={}, body=b"")]).refresh()
    with pytest.raises(ApiError) as caught:
        Service([envelope(None, 401, "wrong key", status=404)]).refresh()
    assert not isinstance(caught.value, NotFound)


@pytest.mark.parametrize(("code", "family"), [(501, "jobs"), (400, "veo")])
def test_a_code_that_ends_a_task_is_its_failure(code: int, family: str) -> None:
    status = Service([envelope(None, code, "no luck")]).refresh(f"{family}:1f")
    kind = "video" if family == "veo" else "json"
    assert (status.state, status.kind, status.fail_code, status.fail_message) == ("failed", kind, str(code), "no luck")
    assert status.ref == TaskRef("1f", family)


def test_a_code_of_one_family_means_nothing_in_another() -> None:
    with pytest.raises(ApiError, match="no luck"):
        Service([envelope(None, 400, "no luck")]).refresh("jobs:1f")


def test_a_file_that_is_not_ready_yet_is_running() -> None:
    status = Service([envelope(None, 400, "processing")]).refresh("veo-1080p:1f/0")
    assert (status.state, status.raw_state, status.kind) == ("running", "400", "video")
    assert str(status.ref) == "veo-1080p:1f/0"


def test_a_record_of_another_task_is_refused_and_its_id_is_cut() -> None:
    other = "x" * 200
    with pytest.raises(TransportFailed, match=rf"another task \({'x' * 80}\), not of 1f$") as caught:
        Service([envelope(DONE | {"taskId": other})]).refresh()
    assert caught.value.sent is True


def test_a_record_without_an_id_is_taken() -> None:
    service = Service([envelope({name: value for name, value in DONE.items() if name != "taskId"})])
    assert service.refresh().done


def test_a_file_found_by_searching_the_record_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    hidden = {"taskId": "1f", "state": "success", "resultJson": json.dumps({"elsewhere": {"file_url": URL}})}
    status = Service([envelope(hidden)]).refresh()
    assert status.urls == (URL,)
    [record] = caplog.records
    assert "names no file where Market does; 1 URLs were found by searching it" in record.getMessage()


@pytest.mark.parametrize("state", ["waiting", "generating"])
def test_nothing_is_warned_of_while_a_task_runs_in_a_documented_state(
    state: str, caplog: pytest.LogCaptureFixture
) -> None:
    Service([envelope({"taskId": "1f", "state": state})]).refresh()
    assert caplog.records == []


def test_an_undocumented_state_is_warned_of_with_what_it_is_taken_for(caplog: pytest.LogCaptureFixture) -> None:
    assert Service([envelope({"taskId": "1f", "state": "pondering"})]).refresh().state == "running"
    [record] = caplog.records
    assert "Market reports the unknown state 'pondering'; it is taken as running" in record.getMessage()


def test_a_poll_of_a_wait_takes_one_read_of_the_limit() -> None:
    limit = RateLimit(reads=1, reads_window=30.0)
    client, _, _ = virtual_kie(latency=0.0, speed=0.1, rate_limit=limit)
    client.run(NanoBananaPro(prompt="A lighthouse"), timeout=1000)
    polled = [exchange.at for exchange in trace(client) if exchange.path.endswith("recordInfo")]
    assert len(polled) > 2
    assert all(30 <= later - earlier < 31 for earlier, later in pairwise(polled))


def test_what_is_no_task_is_refused_by_what_may_be_given() -> None:
    client, _, _ = virtual_kie()
    with pytest.raises(ConfigError, match="a task must be an id, or anything with a ref, not 5"):
        client.task(5)  # type: ignore[call-overload]


@pytest.mark.parametrize("of", [Request, int, NanoBananaPro(prompt="x"), "nano-banana-pro"])
def test_what_is_not_a_class_of_a_model_cannot_say_of_what_a_task_is(of: Any) -> None:
    with pytest.raises(ConfigError, match="of must be a request class"):
        ref_of("1f", of)


def test_a_class_says_of_which_model_a_task_is_where_its_ref_does_not() -> None:
    assert ref_of("jobs:1f", NanoBananaPro).model == "nano-banana-pro"
    assert ref_of(TaskRef("1f", "jobs", "nano-banana-pro"), NanoBananaPro).model == "nano-banana-pro"
    with pytest.raises(ConfigError, match="leave out of="):
        ref_of(TaskRef("1f", "jobs", "kling-3.0/video"), NanoBananaPro)


@pytest.mark.parametrize(("model", "kind"), [("nano-banana-pro", "image"), ("of/nobody", "json"), (None, "json")])
def test_the_catalog_says_what_a_task_makes(model: str | None, kind: str) -> None:
    assert kind_of(TaskRef("1f", "jobs", model), "json") == kind
