"""What the real service was asked and what it answered, sent and read by this package."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

import pytest

from kie import Kie, RawRequest, TaskStatus, UploadedFile, catalog
from kie._client import Task
from kie._core.call import HttpRequest, HttpResponse
from kie._core.request import Request
from kie._core.results import ImageResult, Result, VideoResult
from kie._io.process import Process
from kie._io.transport import Stream
from kie.errors import Unprocessable
from kie.testing import VirtualClock

COVERED = (
    "bytedance_seedance_2",
    "bytedance_seedance_2_first_frame",
    "credit",
    "download_url_convert",
    "file_uploads_base64",
    "file_uploads_stream",
    "gpt_image_2_text_to_image",
    "grok_imagine_lifecycle_step_1_text_to_image",
    "happyhorse_reference_to_video",
    "happyhorse_video_edit",
    "helpers_upload_file",
    "kling_30_reference_bakeoff",
    "models_nano_banana_pro",
    "qwen2_text_to_image",
    "seedream_5_lite_text_to_image",
    "wan_27_image",
    "wan_27_r2v",
)
NOT_YET = {
    "claude_chat_hello": "chat endpoints are out of scope: their own SDKs speak to them",
}
ELSEWHERE = {"suno_extend_bogus_audio_id", "suno_generate_submit", "suno_lyrics_submit"} | {
    *("suno_record_info_not_found", "suno_style_boost", "suno_wav_bogus_ids"),
}
"""Played by tests/conformance/test_suno.py."""
BUILT = {
    ("POST", "/api/v1/jobs/createTask"),
    ("GET", "/api/v1/jobs/recordInfo"),
    ("GET", "/api/v1/chat/credit"),
    ("POST", "/api/v1/common/download-url"),
    ("POST", "/api/file-stream-upload"),
    ("POST", "/api/file-base64-upload"),
}
STATES = {"waiting": "queued", "generating": "running", "success": "succeeded"}
EVERY = pytest.mark.parametrize("name", COVERED)

Exchange = dict[str, Any]


class Recording:
    """A transport that answers as recorded, in order, and keeps what was sent."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self.left = list(exchanges)
        self.sent: list[HttpRequest] = []
        self.files: list[bytes] = []

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        assert self.left, f"nothing was recorded after {len(self.sent)} exchanges, but {request.url} was asked for"
        self.sent.append(request)
        if request.multipart is not None:
            self.files.append(request.multipart.file.open().read())
        exchange = self.left.pop(0)
        body = json.dumps(exchange["response"]).encode()
        return HttpResponse(status=exchange["status"], headers={"content-type": "application/json"}, body=body)

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[Stream]:
        self._no_stream(url)
        yield

    def _no_stream(self, url: str) -> NoReturn:
        raise AssertionError(f"{url} was to be fetched")

    def close(self) -> None:
        pass


class NamedFile(io.BytesIO):
    """An open file, as users hand one over."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def load(reference: Path, name: str) -> list[Exchange]:
    exchanges: list[Exchange] = json.loads((reference / "live" / f"{name}.json").read_bytes())["exchanges"]
    return exchanges


def route(exchange: Exchange) -> tuple[str, str]:
    return exchange["method"], urlsplit(exchange["url"]).path


def client_of(transport: Recording) -> tuple[Kie, VirtualClock]:
    clock = VirtualClock()
    client = Kie("key", transport=transport)
    client._driver.sleep = clock.sleep
    client._driver.session.clock = clock
    client._driver.session.process = Process()
    return client, clock


def request_of(body: Mapping[str, Any]) -> Request[Any]:
    known = catalog.find(body["model"])
    return known.request_class.from_wire(body) if known else RawRequest.from_wire(body)


def instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def agrees(status: TaskStatus, record: Mapping[str, Any]) -> bool:
    """Whether a status says what the record says. Read here from the record by hand, not by the lifecycle row."""
    urls = json.loads(record["resultJson"])["resultUrls"] if record["resultJson"] else []
    created, completed, cost = record["createTime"], record["completeTime"], record["costTime"]
    assert (status.raw_state, status.state) == (record["state"], STATES[record["state"]])
    assert (status.ref.id, status.ref.lifecycle, status.ref.model) == (record["taskId"], "jobs", record["model"])
    assert list(status.urls) == urls
    assert status.seconds == (None if cost is None else float(cost))
    assert status.created_at == instant(created)
    assert status.completed_at == (None if completed is None else instant(completed))
    assert not status.times_assumed
    assert (status.fail_code, status.fail_message, status.credits) == (None, None, None)
    assert status.done is (record["state"] == "success")
    return True


class Session:
    """Plays the part of a user who wants just what was recorded."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self.exchanges = exchanges
        self.transport = Recording(exchanges)
        self.client, self.clock = client_of(self.transport)
        self.uploads: list[UploadedFile] = []
        self.balances: list[Decimal] = []
        self.refusals: list[Unprocessable] = []
        self.tasks: list[Task[Any]] = []
        self.looks: list[TaskStatus] = []
        self.results: list[Result] = []

    def play(self) -> Session:
        at = 0
        while at < len(self.exchanges):
            exchange = self.exchanges[at]
            match route(exchange):
                case ("GET", "/api/v1/chat/credit"):
                    self.balances.append(self.client.credits())
                case ("POST", "/api/v1/common/download-url"):
                    with pytest.raises(Unprocessable) as caught:
                        self.client.download_url(exchange["request"]["url"])
                    self.refusals.append(caught.value)
                case ("POST", "/api/file-stream-upload"):
                    self.uploads.append(self._upload(exchange))
                case ("POST", "/api/file-base64-upload"):
                    body = exchange["request"]
                    url = f"data:{body['mimeType']};base64,{body['base64Data']}"
                    self.uploads.append(self.client.upload(url, name=body["fileName"], folder=body["uploadPath"]))
                case ("POST", "/api/v1/jobs/createTask"):
                    self._run(exchange, self.exchanges[at + 1 :])
            at = len(self.transport.sent)
        assert not self.transport.left
        return self

    def _upload(self, exchange: Exchange) -> UploadedFile:
        sent, kept = exchange["request"], exchange["response"]["data"]
        folder = "/".join(PurePosixPath(kept["filePath"]).parts[2:-1])
        name = f"file{PurePosixPath(kept['fileName']).suffix}"
        if sent is not None:
            folder, name = sent["uploadPath"], sent["file"]["filename"]
        return self.client.upload(NamedFile(name, b"x" * kept["fileSize"]), folder=folder)

    def _run(self, exchange: Exchange, after: list[Exchange]) -> None:
        looks = [other["response"]["data"] for other in after if route(other)[1].endswith("/recordInfo")]
        task = self.client.submit(request_of(exchange["request"]))
        self.tasks.append(task)
        if looks and looks[-1]["state"] == "success":
            self.results.append(task.wait(on_progress=lambda status, elapsed, count: self.looks.append(status)))
        else:
            self.looks += [task.refresh() for _ in looks]


@EVERY
def test_what_is_sent_equals_what_was_sent_to_the_real_service(name: str, reference: Path) -> None:
    exchanges = load(reference, name)
    session = Session(exchanges).play()
    files = iter(session.transport.files)
    for sent, exchange in zip(session.transport.sent, exchanges, strict=True):
        expected, actual = urlsplit(exchange["url"]), urlsplit(sent.url)
        assert (sent.method, actual.scheme, actual.netloc, actual.path) == (
            *(exchange["method"], expected.scheme, expected.netloc, expected.path),
        )
        assert parse_qsl(actual.query) == parse_qsl(expected.query)
        body = exchange["request"]
        if sent.multipart is not None:
            content = next(files)
            if body is not None:  # the oldest recordings left multipart bodies out
                file = body["file"]
                fields = {key: value for key, value in body.items() if key not in ("_multipart", "file")}
                assert dict(sent.multipart.fields) == fields
                assert (sent.multipart.file.name, sent.multipart.file.content_type, len(content)) == (
                    *(file["filename"], file["contentType"], file["size"]),
                )
        elif actual.path == "/api/file-base64-upload":
            # `mimeType` is an extra of the client that was recorded: the documentation does not know it. We say the
            # type in the data URL that stands before the same Base64 text.
            ours = json.loads(sent.content or b"")
            assert ours == {
                "base64Data": f"data:{body['mimeType']};base64,{body['base64Data']}",
                "uploadPath": body["uploadPath"],
                "fileName": body["fileName"],
            }
        else:
            assert (json.loads(sent.content) if sent.content else None) == body
        assert sent.headers["Authorization"] == "Bearer key"
        assert sent.headers["User-Agent"].startswith("kie-python/")


@EVERY
def test_every_recorded_answer_is_read(name: str, reference: Path) -> None:
    exchanges = load(reference, name)
    session = Session(exchanges).play()
    answers: dict[str, list[Any]] = {path: [] for _, path in BUILT}
    for exchange in exchanges:
        answers[urlsplit(exchange["url"]).path].append(exchange["response"]["data"])

    assert session.balances == [Decimal(str(data)) for data in answers["/api/v1/chat/credit"]]
    assert len(session.refusals) == len(answers["/api/v1/common/download-url"])
    kept = answers["/api/file-stream-upload"] + answers["/api/file-base64-upload"]
    for upload, data in zip(session.uploads, kept, strict=True):
        assert upload == UploadedFile(
            url=data["downloadUrl"],
            name=data["fileName"],
            path=data["filePath"],
            size=data["fileSize"],
            content_type=data["mimeType"],
            uploaded_at=datetime.fromisoformat(data["uploadedAt"]),
        )
    assert [task.id for task in session.tasks] == [data["taskId"] for data in answers["/api/v1/jobs/createTask"]]
    records = answers["/api/v1/jobs/recordInfo"]
    assert all(agrees(status, record) for status, record in zip(session.looks, records, strict=True))
    assert len(session.results) == sum(record["state"] == "success" for record in records)


def test_results_have_the_type_that_the_class_names_and_the_recorded_urls(reference: Path) -> None:
    session = Session(load(reference, "kling_30_reference_bakeoff")).play()
    [result] = session.results
    assert type(result) is VideoResult
    assert result.urls == ("https://tempfile.aiquickdraw.com/k/56074f12319c68b246e5a03e05608f31_1_1777540551_7969.mp4",)
    assert result.seconds == 127.0
    assert result.status.completed_at == datetime(2026, 4, 30, 9, 15, 52, 331000, UTC)


def test_a_task_with_six_results_gives_all_urls_in_order(reference: Path) -> None:
    session = Session(load(reference, "grok_imagine_lifecycle_step_1_text_to_image")).play()
    [result] = session.results
    assert type(result) is ImageResult
    assert [url.rpartition("/")[2][:8] for url in result.urls] == [
        *("160e3e4b", "a3d0943f", "78c190d4", "370c5bd1", "f7fd7998", "5d920764"),
    ]
    assert result.data == {"resultUrls": list(result.urls)}


def test_the_recorded_balance_keeps_its_decimals(reference: Path) -> None:
    session = Session(load(reference, "credit")).play()
    assert session.balances == [Decimal("5916.25")]


def test_a_url_that_is_not_kies_is_unprocessable_in_the_services_own_words(reference: Path) -> None:
    session = Session(load(reference, "download_url_convert")).play()
    [refusal] = session.refusals
    assert (refusal.status, refusal.code, refusal.service_message) == (200, 422, "url is wrong")


def test_a_recorded_wait_takes_only_virtual_time(reference: Path) -> None:
    session = Session(load(reference, "bytedance_seedance_2"))
    assert 5 < session.play().clock.now() < 30


def test_every_recording_is_either_covered_or_listed_as_not_built_yet(reference: Path) -> None:
    names = {path.stem for path in (reference / "live").glob("*.json")}
    assert names == {*COVERED, *NOT_YET, *ELSEWHERE}
    assert not NOT_YET.keys() & set(COVERED)


def test_what_is_listed_as_not_built_yet_really_is_not(reference: Path) -> None:
    for name in NOT_YET:
        assert not {route(exchange) for exchange in load(reference, name)} & BUILT, name
