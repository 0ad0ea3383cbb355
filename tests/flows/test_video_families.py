"""The life of a Veo, Runway, Aleph and Luma task, in both drivers, against a service that answers as the facts say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import attrs
import pytest

from kie import AsyncKie, Kie, KieError, RequestInvalid, SubmitUnknown, TaskFailed
from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie._core.errors import NotFound, Unprocessable
from kie._core.request import Request
from kie._core.results import VideoResult
from kie._io.process import Process
from kie.models import (
    AlephGenerate,
    LumaModify,
    RunwayExtend,
    RunwayGenerate,
    Veo4K,
    Veo1080p,
    VeoExtend,
    VeoGenerate,
)
from kie.testing import VirtualClock, virtual_kie
from tests.flows.clients import of_client

VIDEO = "https://example.com/result.mp4"
EARLIER = "earlier"
"""The task that extensions and other sizes build on."""


def answered(data: Any = None, code: int = 200, msg: str = "success") -> Any:
    return {"code": code, "msg": msg, "data": data}


@attrs.frozen
class Family:
    """What a family of endpoints is asked and answers."""

    request: Callable[[], Request[VideoResult]]
    submit: str
    read: str
    running: Any
    done: Any
    failed: Any
    missing: Any
    strange: Any
    running_state: str = "running"
    placeholder: bool = False
    """Whether a callback URL is sent that nobody gave."""


def flag(value: Any, **data: Any) -> Any:
    return answered({"taskId": "new", "successFlag": value, "response": None, **data})


def runway(state: str, **data: Any) -> Any:
    return answered({"taskId": "new", "state": state, "videoInfo": None, **data})


VEO_DONE = flag(1, response={"resultUrls": [VIDEO], "resolution": "720p"}, fallbackFlag=False)
VEO_FAILED = flag(3, errorCode=501, errorMessage="no luck")
RUNWAY_DONE = runway("success", videoInfo={"videoUrl": VIDEO, "imageUrl": "https://example.com/cover.png"})
RUNWAY_FAILED = runway("fail", failCode=400, failMsg="no luck")
NO_VEO = answered(code=422, msg="Record not found for taskId: new")
READS = {"veo": "/api/v1/veo/record-info", "runway": "/api/v1/runway/record-detail"}
VEO = Family(
    request=lambda: VeoGenerate(prompt="A lighthouse at dusk"),
    submit="/api/v1/veo/generate",
    read=READS["veo"],
    running=flag(0),
    done=VEO_DONE,
    failed=VEO_FAILED,
    missing=NO_VEO,
    strange=flag(9),
)
RUNWAY = Family(
    request=lambda: RunwayGenerate(prompt="A lighthouse", duration=5, quality="720p", aspect_ratio="16:9"),
    submit="/api/v1/runway/generate",
    read=READS["runway"],
    running=runway("wait"),
    running_state="queued",
    done=RUNWAY_DONE,
    failed=RUNWAY_FAILED,
    missing=answered(None),
    strange=runway("pondering"),
    placeholder=True,
)
FAMILIES = {
    "veo": VEO,
    "veo/extend": attrs.evolve(
        VEO, request=lambda: VeoExtend(task_id=EARLIER, prompt="on"), submit="/api/v1/veo/extend"
    ),
    "veo/4k": attrs.evolve(
        VEO,
        request=lambda: Veo4K(task_id=EARLIER),
        submit="/api/v1/veo/get-4k-video",
        running=VEO_DONE,  # the record of the video itself
        done=flag(1, response={"resultUrls": [VIDEO], "mediaIds": ["CAUaJDQ5"]}),
    ),
    "runway": RUNWAY,
    "runway/extend": attrs.evolve(
        RUNWAY,
        request=lambda: RunwayExtend(task_id=EARLIER, prompt="on", quality="720p"),
        submit="/api/v1/runway/extend",
    ),
    "aleph": Family(
        request=lambda: AlephGenerate(prompt="Make it winter", video_url="https://example.com/a.mp4"),
        submit="/api/v1/aleph/generate",
        read="/api/v1/aleph/record-info",
        running=flag(0),
        done=flag(1, response={"resultVideoUrl": VIDEO}, errorCode=0),
        failed=flag(3, errorCode=501, errorMessage="no luck"),
        missing=answered(None),
        strange=flag(9),
    ),
    "luma": Family(
        request=lambda: LumaModify(prompt="Make it winter", video_url="https://example.com/a.mp4"),
        submit="/api/v1/modify/generate",
        read="/api/v1/modify/record-info",
        running=flag(0),
        done=flag(1, response={"resultUrls": [VIDEO]}),
        failed=flag(2, errorCode=501, errorMessage="no luck"),
        missing=NO_VEO,
        strange=flag(9),
    ),
}
EVERY = pytest.mark.parametrize("name", FAMILIES)


class Service:
    """Answers reads of the new task with `records` in turn, the last one from then on; keeps what it was asked."""

    def __init__(self, records: list[Any], *, submitted: Any = None, earlier: Any = None) -> None:
        self.records = records
        self.submitted = submitted if submitted is not None else answered({"taskId": "new"})
        self.earlier = earlier
        self.clock = VirtualClock()
        self.asked: list[tuple[float, str, str, Any]] = []

    def answer(self, request: HttpRequest) -> HttpResponse:
        url = urlsplit(request.url)
        body = json.loads(request.content) if request.content else dict(parse_qsl(url.query))
        self.asked.append((self.clock.now(), request.method, url.path, body))
        if request.method == "POST":
            found = self.submitted
        elif body["taskId"] == EARLIER and self.earlier is not None and url.path in READS.values():
            found = self.earlier
        else:
            found = self.records.pop(0) if len(self.records) > 1 else self.records[0]
        if request.method == "GET" and isinstance(found, dict) and "taskId" in (found["data"] or ()):
            found = {**found, "data": {**found["data"], "taskId": body["taskId"]}}
        if isinstance(found, Exception):
            raise found
        return HttpResponse(status=200, headers={}, body=json.dumps(found).encode())

    @property
    def posts(self) -> list[Any]:
        return [body for _, method, _, body in self.asked if method == "POST"]

    def paths(self) -> list[str]:
        return [f"{method} {path}" for _, method, path, _ in self.asked]


@attrs.frozen
class Sync:
    service: Service

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return self.service.answer(request)

    def stream(self, *arguments: object) -> Any:
        raise AssertionError("nothing is to be fetched")

    def close(self) -> None:
        pass


@attrs.frozen
class Async:
    service: Service

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        await asyncio.sleep(0)
        return self.service.answer(request)

    def stream(self, *arguments: object) -> Any:
        raise AssertionError("nothing is to be fetched")

    async def close(self) -> None:
        pass


def prepare(client: Any, service: Service) -> Any:
    session = client._driver.session
    session.clock, session.process = service.clock, Process()
    session.chance.seed(0)
    return client


def run_sync(service: Service, request: Any, **options: Any) -> Any:
    client = prepare(Kie("key", transport=Sync(service)), service)
    client._driver.sleep = service.clock.sleep
    return client.run(request, **options)


def run_async(service: Service, request: Any, **options: Any) -> Any:
    async def main() -> Any:
        client = prepare(AsyncKie("key", transport=Async(service)), service)
        client._driver.sleep = service.clock.async_sleep
        return await client.run(request, **options)

    return asyncio.run(main())


DRIVERS = {"sync": run_sync, "async": run_async}
BOTH = pytest.mark.parametrize("driver", DRIVERS)


def serving(family: Family, *records: Any, **options: Any) -> Service:
    """A service that knows the earlier task as a finished one, and answers for the new one as told."""
    earlier = {READS["veo"]: VEO_DONE, READS["runway"]: RUNWAY_DONE}.get(family.read)
    submitted = answered({"taskId": EARLIER if family.submit.endswith("4k-video") else "new"})
    service = Service(list(records), **{"submitted": submitted, "earlier": earlier, **options})
    if submitted["data"]["taskId"] == EARLIER:
        # its record is that of the video: looked at before the order, then until it is the 4K version's
        service.earlier, service.records = None, [VEO_DONE, *records]
    return service


@BOTH
@EVERY
def test_a_task_is_submitted_once_and_looked_at_until_it_is_done(name: str, driver: str) -> None:
    family = FAMILIES[name]
    service = serving(family, family.running, family.running, family.done)
    states: list[str] = []
    result = DRIVERS[driver](service, family.request(), on_progress=lambda status, *_: states.append(status.state))
    assert isinstance(result, of_client(VideoResult, driver))
    assert result.urls == (VIDEO,)
    assert states == [family.running_state, family.running_state, "succeeded"]
    assert service.paths()[-4:] == [f"POST {family.submit}", *[f"GET {family.read}"] * 3]
    (body,) = service.posts
    assert {key: value for key, value in body.items() if key != "callBackUrl"} == family.request().to_wire()
    assert body.get("callBackUrl") == ("https://callback.invalid/kie" if family.placeholder else None)


@BOTH
@EVERY
def test_a_failed_task_raises_with_the_services_words(name: str, driver: str) -> None:
    family = FAMILIES[name]
    service = serving(family, family.running, family.failed)
    with pytest.raises(TaskFailed, match="no luck") as caught:
        DRIVERS[driver](service, family.request())
    assert caught.value.code in ("501", "400")
    assert caught.value.ref.lifecycle == family.request().info.lifecycle
    assert len(service.posts) == 1


@BOTH
@EVERY
def test_a_record_that_appears_late_is_waited_for(name: str, driver: str) -> None:
    family = FAMILIES[name]
    service = serving(family, family.missing, family.missing, family.running, family.done)
    assert DRIVERS[driver](service, family.request()).urls == (VIDEO,)
    assert len(service.posts) == 1


@BOTH
@EVERY
def test_a_record_that_never_appears_is_an_error_after_a_minute(name: str, driver: str) -> None:
    family = FAMILIES[name]
    service = serving(family, family.missing)
    with pytest.raises(NotFound, match="there is no record of task"):
        DRIVERS[driver](service, family.request())
    assert 60 < service.clock.now() < 90
    assert len(service.posts) == 1


@BOTH
@EVERY
def test_an_unknown_state_counts_as_running(name: str, driver: str, caplog: pytest.LogCaptureFixture) -> None:
    family = FAMILIES[name]
    service = serving(family, family.strange, family.done)
    states: list[str] = []
    DRIVERS[driver](service, family.request(), on_progress=lambda status, *_: states.append(status.state))
    assert states == ["running", "succeeded"]
    assert [record for record in caplog.records if "unknown state" in record.message]


@EVERY
def test_both_drivers_ask_the_same_at_the_same_times(name: str) -> None:
    family = FAMILIES[name]
    asked = []
    for drive in DRIVERS.values():
        service = serving(family, family.missing, family.strange, family.running, family.done)
        drive(service, family.request())
        asked.append([(round(at, 6), method, path) for at, method, path, _ in service.asked])
    assert asked[0] == asked[1]


@BOTH
@EVERY
def test_a_submission_whose_outcome_is_unknown_is_not_repeated(name: str, driver: str) -> None:
    family = FAMILIES[name]
    service = serving(family, family.done, submitted=TransportError("cut off", sent=None))
    with pytest.raises(SubmitUnknown):
        DRIVERS[driver](service, family.request())
    assert len(service.posts) == 1


@BOTH
def test_a_callback_url_goes_where_each_family_wants_it(driver: str) -> None:
    for family in FAMILIES.values():
        service = serving(family, family.done)
        DRIVERS[driver](service, family.request(), callback_url="https://example.com/hook")
        assert service.posts[0]["callBackUrl"] == "https://example.com/hook"


NOT_YET = answered(code=400, msg="1080P is processing. It should be ready in 1-2 minutes.")
READY = answered({"resultUrl": VIDEO})


@BOTH
@pytest.mark.parametrize("index", [None, 1])
def test_the_1080p_version_is_asked_for_until_it_is_there_and_nothing_is_submitted(
    driver: str, index: int | None
) -> None:
    service = Service([NOT_YET, NOT_YET, READY], earlier=VEO_DONE)
    result = DRIVERS[driver](service, Veo1080p(task_id=EARLIER, index=index))
    assert (result.urls, str(result.ref)) == (
        (VIDEO,),
        f"veo-1080p:{EARLIER}" + ("" if index is None else f"/{index}"),
    )
    assert service.posts == []
    assert service.paths() == [f"GET {READS['veo']}", *["GET /api/v1/veo/get-1080p-video"] * 3]
    query = {"taskId": EARLIER} | ({} if index is None else {"index": str(index)})
    assert [asked for *_, asked in service.asked[1:]] == [query] * 3


@BOTH
def test_a_1080p_version_of_a_video_that_does_not_exist_is_refused_before_it_is_asked_for(driver: str) -> None:
    service = Service([answered(code=422, msg="Record does not exist")], earlier=NO_VEO)
    with pytest.raises(RequestInvalid, match="there is no record of task"):
        DRIVERS[driver](service, Veo1080p(task_id=EARLIER))
    assert service.paths() == [f"GET {READS['veo']}"]


@BOTH
def test_a_1080p_version_that_the_service_does_not_know_is_an_error(driver: str) -> None:
    service = Service([answered(code=422, msg="Record does not exist")], earlier=VEO_DONE)
    with pytest.raises(NotFound):
        DRIVERS[driver](service, Veo1080p(task_id=EARLIER))


def test_a_1080p_version_is_taken_up_by_its_ref() -> None:
    service = Service([NOT_YET, READY])
    client = prepare(Kie("key", transport=Sync(service)), service)
    client._driver.sleep = service.clock.sleep
    assert client.task("veo-1080p:earlier/1").wait().urls == (VIDEO,)
    assert service.asked[-1][3] == {"taskId": EARLIER, "index": "1"}


REFUSED = {
    "a failed one": (VeoExtend(task_id=EARLIER, prompt="on"), VEO_FAILED, "is failed"),
    "a running one": (Veo4K(task_id=EARLIER), flag(0), "is running"),
    "an unknown one": (VeoExtend(task_id=EARLIER, prompt="on"), NO_VEO, "no record"),
    "an unknown one of Runway": (RunwayExtend(task_id=EARLIER, prompt="on", quality="720p"), answered(), "no record"),
    "one whose video is gone": (
        RunwayExtend(task_id=EARLIER, prompt="on", quality="720p"),
        runway("success", videoInfo={"videoUrl": VIDEO}, expireFlag=1),
        "has expired",
    ),
}


@BOTH
@pytest.mark.parametrize("name", REFUSED)
def test_nothing_is_charged_for_building_on_a_task_that_cannot_work(name: str, driver: str) -> None:
    request, record, words = REFUSED[name]
    service = Service([record], earlier=record)
    with pytest.raises(RequestInvalid, match=words) as caught:
        DRIVERS[driver](service, request)
    assert [issue.path for issue in caught.value.issues] == ["taskId"]
    assert service.posts == []


def test_a_result_stands_where_an_earlier_task_is_wanted_and_needs_no_further_look() -> None:
    service = serving(VEO, VEO.done)
    video = run_sync(service, VEO.request())
    request = VeoExtend(task_id=video, prompt="on")
    assert request.to_wire()["taskId"] == "new"
    again = serving(VEO, VEO.done)
    run_sync(again, request)
    assert again.paths()[0] == "POST /api/v1/veo/extend"


@BOTH
def test_a_4k_version_that_was_ordered_before_is_not_ordered_again_and_the_error_says_how_to_take_it_up(
    driver: str,
) -> None:
    refusal = answered({"taskId": EARLIER, "resultUrls": None}, 422, "4k is processing. Please check back shortly.")
    service = serving(FAMILIES["veo/4k"], VEO_DONE, submitted=refusal)
    with pytest.raises(Unprocessable, match="4k is processing") as caught:
        DRIVERS[driver](service, Veo4K(task_id=EARLIER))
    assert "client.task('veo-4k:" in str(caught.value)
    assert caught.value.task_created is False
    assert len(service.posts) == 1


@BOTH
@pytest.mark.parametrize("name", ["veo", "veo/extend", "veo/4k"])
def test_a_refusal_that_veo_reports_while_looking_is_how_the_task_failed(name: str, driver: str) -> None:
    family = FAMILIES[name]
    service = serving(family, answered(code=400, msg="Your prompt was flagged"))
    with pytest.raises(TaskFailed, match="flagged") as caught:
        DRIVERS[driver](service, family.request())
    assert caught.value.code == "400"


def test_an_invalid_request_sends_nothing() -> None:
    service = Service([VEO_DONE])
    with pytest.raises(KieError):
        run_sync(service, VeoGenerate(prompt="x", generation_type="REFERENCE_2_VIDEO", duration=8))
    assert service.asked == []


def test_a_video_and_its_better_versions_are_saved_side_by_side(tmp_path: Path) -> None:
    client, _, _ = virtual_kie()
    video = client.run(VeoGenerate(prompt="A lighthouse at dusk"))
    saved = [
        client.run(request).save(tmp_path) if request else video.save(tmp_path)
        for request in (None, Veo1080p(task_id=video, index=0), Veo4K(task_id=video))
    ]
    names = [path.name for paths in saved for path in paths]
    assert names == [f"veo-{video.ref.id}_0.mp4", f"veo-1080p-{video.ref.id}_0_0.mp4", f"veo-4k-{video.ref.id}_0.mp4"]
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
