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
from kie._io.bodies import Stream
from kie._io.process import Process
from kie.errors import Unprocessable
from kie.testing import VirtualClock

SESSIONS = Path(__file__).parent.parent / "recordings" / "sessions"
ELSEWHERE = {path.stem for path in SESSIONS.glob("suno_*.json")}
"""Played by tests/conformance/test_suno.py."""
COVERED = sorted({path.stem for path in SESSIONS.glob("*.json")} - ELSEWHERE)
ORIGINALS = {
    "bytedance_seedance_2_5_references": "bytedance_seedance_2_5_cat_reference",
    "grok_imagine_text_to_image": "grok_imagine_lifecycle_step_1_text_to_image",
    "kling_30_elements": "kling_30_reference_bakeoff",
    "suno_extend_unknown_audio": "suno_extend_bogus_audio_id",
    "suno_wav_unknown_ids": "suno_wav_bogus_ids",
}
"""Recordings that are named otherwise where they were made."""
NOT_YET = {
    "claude_chat_hello": "chat endpoints are out of scope: their own SDKs speak to them",
}
BUILT = {
    ("POST", "/api/v1/jobs/createTask"),
    ("GET", "/api/v1/jobs/recordInfo"),
    ("GET", "/api/v1/chat/credit"),
    ("POST", "/api/v1/common/download-url"),
    ("POST", "/api/file-stream-upload"),
    ("POST", "/api/file-base64-upload"),
    ("POST", "/api/file-url-upload"),
}
STATES = {"waiting": "queued", "generating": "running", "success": "succeeded"}
EVERY = pytest.mark.parametrize("name", COVERED)
SCRUBBED = pytest.mark.parametrize("original", [False, True], ids=["scrubbed", "original"])
"""The recordings kept here, and, where they are at hand, those that they were made from: with other people's texts."""

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


HEADS = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff\xe0",
    ".mp4": b"\0\0\0\x18ftypisom\0\0\2\0isommp42",
    ".mp3": b"ID3",
}
"""How files begin that stand in for those that were uploaded."""


class NamedFile(io.BytesIO):
    """An open file, as users hand one over."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def recording(name: str, folder: Path = SESSIONS) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_bytes())
    return found


def load(name: str, folder: Path = SESSIONS) -> list[Exchange]:
    exchanges: list[Exchange] = recording(name, folder)["exchanges"]
    return exchanges


def load_either(name: str, original: bool, request: pytest.FixtureRequest) -> list[Exchange]:
    if not original:
        return load(name)
    folders = [request.getfixturevalue("reference") / folder for folder in ("live", "live-2026-10")]
    file = ORIGINALS.get(name, name)
    return next(load(file, folder) for folder in folders if (folder / f"{file}.json").exists())


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
    result = json.loads(record["resultJson"]) if record["resultJson"] else None
    created, completed, cost = record["createTime"], record["completeTime"], record["costTime"]
    assert (status.raw_state, status.state) == (record["state"], STATES[record["state"]])
    assert (status.ref.id, status.ref.lifecycle, status.ref.model) == (record["taskId"], "jobs", record["model"])
    assert list(status.urls) == (result.get("resultUrls", []) if result else [])
    assert status.data == result
    assert status.seconds == (None if cost is None else float(cost))
    assert status.created_at == instant(created)
    assert status.completed_at == (None if completed is None else instant(completed))
    assert not status.times_assumed
    assert (status.fail_code, status.fail_message) == (None, None)
    amount = Decimal(str(record["creditsConsumed"])) if "creditsConsumed" in record else None
    assert (status.credits, status.held) == ((amount, None) if status.done else (None, amount))
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
                case ("POST", "/api/file-url-upload"):
                    body = exchange["request"]
                    uploaded = self.client.upload(body["fileUrl"], name=body["fileName"], folder=body["uploadPath"])
                    self.uploads.append(uploaded)
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
        content = HEADS[PurePosixPath(name).suffix].ljust(kept["fileSize"], b"x")
        return self.client.upload(NamedFile(name, content), folder=folder)

    def _run(self, exchange: Exchange, after: list[Exchange]) -> None:
        records = [other["response"]["data"] for other in after if route(other)[1].endswith("/recordInfo")]
        looks = [record for record in records if record["taskId"] == exchange["response"]["data"]["taskId"]]
        task = self.client.submit(request_of(exchange["request"]))
        self.tasks.append(task)
        if looks and looks[-1]["state"] == "success":
            self.results.append(task.wait(on_progress=lambda status, elapsed, count: self.looks.append(status)))
        else:
            self.looks += [task.refresh() for _ in looks]


@EVERY
@SCRUBBED
def test_what_is_sent_equals_what_was_sent_to_the_real_service(
    name: str, original: bool, request: pytest.FixtureRequest
) -> None:
    exchanges = load_either(name, original, request)
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
@SCRUBBED
def test_every_recorded_answer_is_read(name: str, original: bool, request: pytest.FixtureRequest) -> None:
    exchanges = load_either(name, original, request)
    session = Session(exchanges).play()
    answers: dict[str, list[Any]] = {path: [] for _, path in BUILT}
    for exchange in exchanges:
        answers[urlsplit(exchange["url"]).path].append(exchange["response"]["data"])

    assert session.balances == [Decimal(str(data)) for data in answers["/api/v1/chat/credit"]]
    assert len(session.refusals) == len(answers["/api/v1/common/download-url"])
    kept = [data for path, found in answers.items() if path.endswith("-upload") for data in found]
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


def test_results_have_the_type_that_the_class_names_and_the_recorded_urls() -> None:
    session = Session(load("kling_30_elements")).play()
    [result] = session.results
    assert type(result) is VideoResult
    assert result.urls == ("https://files.example/media-0001.mp4",)
    assert result.seconds == 127.0
    assert result.status.completed_at == datetime(2026, 4, 30, 9, 15, 52, 331000, UTC)


def test_a_task_with_six_results_gives_all_urls_in_order() -> None:
    session = Session(load("grok_imagine_text_to_image")).play()
    [result] = session.results
    assert type(result) is ImageResult
    assert result.urls == tuple(f"https://files.example/media-{number:04}.jpg" for number in range(1, 7))
    assert result.data == {"resultUrls": list(result.urls)}


def test_the_recorded_balance_keeps_its_decimals() -> None:
    session = Session(load("credit")).play()
    assert session.balances == [Decimal("1234.25")]


def test_a_url_that_is_not_kies_is_unprocessable_in_the_services_own_words() -> None:
    session = Session(load("download_url_convert")).play()
    [refusal] = session.refusals
    assert (refusal.status, refusal.code, refusal.service_message) == (200, 422, "url is wrong")


def test_a_recorded_wait_takes_only_virtual_time() -> None:
    session = Session(load("bytedance_seedance_2"))
    assert 5 < session.play().clock.now() < 100


@EVERY
def test_a_session_is_read_as_its_file_expects(name: str) -> None:
    expect = recording(name).get("expect", {})
    session = Session(load(name)).play()
    assert [upload.url for upload in session.uploads] == expect.get("uploads", [])
    assert session.balances == [Decimal(str(balance)) for balance in expect.get("balances", [])]
    assert [task.id for task in session.tasks] == list(expect.get("tasks", {}))
    for task_id, wanted in expect.get("tasks", {}).items():
        polls = [status for status in session.looks if status.ref.id == task_id]
        assert list(dict.fromkeys(status.raw_state for status in polls)) == wanted["words"]
        if polls:
            assert list(polls[-1].urls) == wanted["urls"]
            assert polls[-1].seconds == wanted.get("seconds")
            amount = Decimal(str(wanted["credits"])) if "credits" in wanted else None
            assert (polls[-1].credits if polls[-1].done else polls[-1].held) == amount


def test_every_kind_of_recorded_exchange_is_played() -> None:
    assert {route(exchange) for name in COVERED for exchange in load(name)} == BUILT


def test_every_recording_is_either_covered_or_listed_as_not_built_yet(reference: Path) -> None:
    names = {path.stem for path in (reference / "live").glob("*.json")}
    kept = {ORIGINALS.get(name, name) for name in (*COVERED, *ELSEWHERE)}
    newer = {path.stem for path in (reference / "live-2026-10").glob("*.json")}
    assert names == {*(kept - newer), *NOT_YET}
    assert not NOT_YET.keys() & set(COVERED)


def test_what_is_listed_as_not_built_yet_really_is_not(reference: Path) -> None:
    for name in NOT_YET:
        assert not {route(exchange) for exchange in load(name, reference / "live")} & BUILT, name
