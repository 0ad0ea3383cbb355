"""The key: where it goes, where it never goes, and where it never shows."""

from __future__ import annotations

import copy
import io
import logging
import math
import pickle
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image

from kie import AsyncKie, ConfigError, Kie, KieError, PollPolicy, RetryPolicy, TaskRef, TaskStatus, errors, no_retry
from kie._core.call import FilePart, HttpRequest, HttpResponse, Multipart
from kie._core.journal_entry import JournalEntry
from kie._core.prices import estimate_body
from kie._flow.effects import Fetched, Inspect, Inspected, Recall, Record
from kie._flow.options import API_URL, UPLOAD_URL, Options
from kie._io.bodies import Stream
from kie._io.process import Process
from kie._io.secrets import Secret
from kie._io.session import Session
from kie._policy.rate import RateLimit
from kie.models import NanoBananaPro
from kie.testing import VirtualClock, virtual_kie
from tests.processes import joined

KEY = "sk-4f1d-NEVER-SHOWN-9a"


def session(key: str | None = KEY, **options: Any) -> Session:
    return Session.make(Options(**options), api_key=Secret.given(key), process=Process())


def authorization(made: Session, url: str, *, auth: bool = True) -> str | None:
    return made.prepare(HttpRequest(method="GET", url=url, auth=auth)).headers.get("Authorization")


@pytest.mark.parametrize(("length", "shown"), [(11, True), (12, False)])
def test_an_answer_that_repeats_the_key_is_blotted_out_unless_the_key_is_as_short_as_a_word(
    length: int, shown: bool
) -> None:
    key = "k" * length
    body = session(key).redact(HttpResponse(status=200, headers={}, body=f"no {key} here".encode())).body
    assert body == (f"no {key} here".encode() if shown else b"no <key> here")


def test_what_came_of_a_download_says_nothing_of_the_key() -> None:
    fetched = Fetched(403, {"location": f"https://cdn.example.com/?k={KEY}", "x-served": "1"}, None, fault=f"no {KEY}")
    made = session().redact_fetched(fetched)
    assert dict(made.headers) == {"location": "https://cdn.example.com/?k=<key>", "x-served": "1"}
    assert (made.status, made.path, made.fault) == (403, None, "no <key>")


# where it goes


def test_what_is_prepared_keeps_all_but_its_headers() -> None:
    part = FilePart("a.png", content_type="image/png", open=lambda: io.BytesIO(b"x"))
    multipart = Multipart(fields={"name": "a"}, file=part)
    for more in ({"content": b"{}"}, {"multipart": multipart}):
        request = HttpRequest(method="POST", url=f"{API_URL}/x", auth=True, creates_task=True, **more)
        assert attrs.evolve(session().prepare(request), headers=request.headers) == request


@pytest.mark.parametrize(
    "url", [f"{API_URL}/api/v1/chat/credit", f"{UPLOAD_URL}/api/file-stream-upload", f"{API_URL}/"]
)
def test_the_key_goes_to_the_two_servers_it_belongs_to(url: str) -> None:
    assert authorization(session(), url) == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.kie.ai.evil.example/api/v1/chat/credit",
        "https://api.kie.ai@evil.example/api",
        "https://api.kie.ai:443@evil.example/api",
        "https://api.kie.ai:444/api",
        "https://api.kie.aievil.example/",
        "https://api.kie.ai",
        "https://api.kie.ai\\@evil.example/",
        "https://api.kie.ai?x=https://api.kie.ai/",
        "https://api.kie.ai#/",
        "http://api.kie.ai/api/v1/chat/credit",
        "https://evil.example/https://api.kie.ai/",
        "https://evil.example/?https://api.kie.ai/",
        "https://evil.example/#https://api.kie.ai/",
        "https://xapi.kie.ai/",
        "https://kie.ai/api",
        "https://kieai.redpandaai.co.evil.example/",
        "https://tempfile.redpandaai.co/kieai/1.png",
        "https://tempfile.aiquickdraw.com/r/1.png",
        "//api.kie.ai/",
        " https://api.kie.ai/",
        "",
    ],
)
def test_the_key_goes_to_no_other_origin_whatever_it_looks_like(url: str) -> None:
    assert authorization(session(), url) is None


def test_the_key_does_not_go_to_kies_own_servers_where_none_is_needed() -> None:
    assert authorization(session(), f"{API_URL}/client/v1/model-pricing/count", auth=False) is None


def test_the_key_goes_to_the_servers_that_were_named_and_to_kies_no_more() -> None:
    made = session(base_url="http://127.0.0.1:8000", upload_url="https://uploads.example/kie/")
    assert authorization(made, "http://127.0.0.1:8000/api/v1/chat/credit")
    assert authorization(made, "https://uploads.example/kie/api")
    assert not authorization(made, "https://uploads.example/api")
    assert not authorization(made, "http://127.0.0.1:80001/api")
    assert not authorization(made, f"{API_URL}/api/v1/chat/credit")


def test_every_request_to_the_service_names_this_package() -> None:
    headers = session().prepare(HttpRequest(method="GET", url="https://anywhere.example/")).headers
    assert headers["User-Agent"].startswith("kie-python/")


class Noting:
    """A transport that notes what it is given and answers what it is told."""

    def __init__(self, *answers: bytes, redirect: str | None = None) -> None:
        self.answers = list(answers)
        self.redirect = redirect
        self.sent: list[HttpRequest] = []
        self.streams: list[tuple[str, Mapping[str, str]]] = []

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.sent.append(request)
        return HttpResponse(status=200, headers={}, body=self.answers.pop(0))

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[Stream]:
        self.streams.append((url, headers))
        if self.redirect is not None:
            target, self.redirect = self.redirect, None
            yield Stream(302, headers={"location": target}, chunks=iter(()))
        else:
            yield Stream(200, headers={"content-type": "image/png"}, chunks=iter([b"PNG"]))

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "url", ["https://tempfile.aiquickdraw.com/r/1.png", f"{API_URL}/r/1.png", f"{UPLOAD_URL}/1.png"]
)
def test_the_key_goes_to_no_result_url_and_to_no_redirect_target(url: str, tmp_path: Path) -> None:
    transport = Noting(redirect=f"{API_URL}/elsewhere.png")
    Kie(KEY, transport=transport).download(url, tmp_path)
    assert [target for target, _ in transport.streams] == [url, f"{API_URL}/elsewhere.png"]
    assert KEY not in repr(transport.streams)


def test_options_for_one_call_cannot_send_the_key_elsewhere() -> None:
    transport = Noting(b'{"code":200,"msg":"success","data":1}')
    client = Kie(KEY, transport=transport)
    with pytest.raises(TypeError, match="base_url"):
        client.with_options(base_url="https://evil.example")  # type: ignore[call-arg]
    assert transport.sent == []


def test_a_key_that_the_service_repeats_is_not_repeated_in_the_error() -> None:
    transport = Noting(f'{{"code":401,"msg":"key {KEY} is invalid"}}'.encode())
    with pytest.raises(errors.Unauthorized) as caught:
        Kie(KEY, transport=transport).credits()
    assert KEY not in repr(caught.value) + str(caught.value) + repr(vars(caught.value))
    assert "key <key> is invalid" in str(caught.value)


# which keys and servers are taken


@pytest.mark.parametrize("key", [None, "", "   ", "\n"])
def test_without_a_key_there_is_no_client_and_the_message_says_what_to_do(key: str | None) -> None:
    with pytest.raises(ConfigError, match="KIE_API_KEY"):
        Kie(key)


@pytest.mark.parametrize(
    "key", ["sk-é", "sk one", "sk\none", "sk\r\nHost: evil", "sk\x00", "sk\t1", "ｓｋ", "sk\u200b1"]
)
def test_a_key_that_cannot_be_a_header_value_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigError, match="KIE_API_KEY") as caught:
        Kie(key)
    assert key not in str(caught.value)


def test_the_key_comes_from_the_environment_unless_it_is_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIE_API_KEY", f"  {KEY}\n")
    assert Kie()._driver.session.key.reveal() == KEY
    assert Kie("other")._driver.session.key.reveal() == "other"
    with pytest.raises(ConfigError):
        Kie("")


def test_servers_come_from_the_environment_unless_they_are_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIE_BASE_URL", "http://127.0.0.1:8000/")
    monkeypatch.setenv("KIE_UPLOAD_URL", "http://localhost:8001")
    client = Kie(KEY)
    assert (client._ctx.options.base_url, client._ctx.options.upload_url) == (
        "http://127.0.0.1:8000",
        "http://localhost:8001",
    )
    assert authorization(client._driver.session, "http://127.0.0.1:8000/api") == f"Bearer {KEY}"
    assert Kie(KEY, base_url="https://proxy.example")._ctx.options.base_url == "https://proxy.example"
    assert AsyncKie(KEY)._ctx.options == client._ctx.options


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3:8000", "localhost", "localhost:80", "[::1]:8000"])
def test_plain_http_is_taken_for_this_machine(host: str) -> None:
    assert Options(base_url=f"http://{host}").base_url == f"http://{host}"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.kie.ai",
        "http://127.0.0.1.evil.example",
        "http://127.evil.example",
        "http://localhost.evil.example",
        "http://192.168.0.1",
        "ftp://api.kie.ai",
        "api.kie.ai",
        "https://",
        "https://user:password@api.kie.ai",
        "https://user@api.kie.ai",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("name", ["base_url", "upload_url"])
def test_a_server_that_would_show_the_key_to_others_is_refused(name: str, url: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Kie(KEY, **{name: url})  # type: ignore[arg-type]


def test_a_server_from_the_environment_is_checked_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIE_BASE_URL", "http://api.kie.ai")
    with pytest.raises(ConfigError, match="https"):
        Kie(KEY)


BAD = [0, -1, math.nan, math.inf, -math.inf]


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize("name", ["timeout", "request_timeout", "upload_timeout", "download_timeout", "max_download"])
def test_an_option_that_is_no_positive_figure_is_refused(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=name):
        Kie(KEY, **{name: value})  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=name):
        Kie(KEY).with_options(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("value", BAD)
def test_a_policy_with_a_figure_that_is_not_positive_is_refused(value: float) -> None:
    for name in ("base", "factor", "cap", "budget", "retry_after_cap"):
        with pytest.raises(ConfigError, match=name):
            RetryPolicy(**{name: value})  # type: ignore[arg-type]
    for name in ("min_interval", "max_interval", "growth", "speed"):
        with pytest.raises(ConfigError, match=name):
            PollPolicy(**{name: value})


def test_a_policy_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ConfigError, match="attempts"):
        RetryPolicy(attempts=0)
    with pytest.raises(ConfigError, match=r"min_interval \(5\) cannot be more than max_interval \(1\)"):
        PollPolicy(min_interval=5, max_interval=1)


@pytest.mark.parametrize("path", ["", "/", "//"])
def test_an_upload_folder_cannot_be_empty(path: str) -> None:
    with pytest.raises(ConfigError, match="upload_path"):
        Kie(KEY, upload_path=path)


def test_an_option_that_does_not_exist_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="tiemout"):
        Kie(KEY, tiemout=3)  # type: ignore[call-arg]


# where it never shows


def test_the_key_shows_in_no_repr() -> None:
    for client in (Kie(KEY), AsyncKie(KEY)):
        made = client._driver.session
        prepared = made.prepare(HttpRequest(method="GET", url=f"{API_URL}/x", auth=True))
        assert prepared.headers["Authorization"]
        for thing in (
            client,
            client._driver,
            made,
            made.key,
            client._ctx.options,
            client.task("1"),
            prepared,
            vars(client),
        ):
            assert KEY not in repr(thing)
            assert KEY not in str(thing)
        assert KEY not in made.group


def test_a_client_is_not_pickled_because_that_would_write_the_key() -> None:
    for thing in (Kie(KEY), Kie(KEY).task("1"), Secret(KEY)):
        with pytest.raises(TypeError):
            pickle.dumps(thing)
    with pytest.raises(TypeError, match="holds the key"):
        copy.copy(Secret(KEY))


class Refusing(BaseHTTPRequestHandler):
    """A service on a real socket that refuses everything, each time in another way."""

    def do_GET(self) -> None:
        number = self.server.count = getattr(self.server, "count", 0) + 1  # type: ignore[attr-defined]
        status = {1: 401, 2: 500, 3: 302}.get(number, 200)
        body = b'{"code":200,"msg":"success","data":7}' if number > 3 else b"<html>refused</html>"
        self.send_response(status)
        self.send_header("Location", "http://localhost:1/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    joined(thread)
    server.server_close()


def test_the_key_shows_in_no_log_record_and_in_no_error_even_over_a_real_socket(
    refusing: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpx2", "httpcore", "httpcore2", "kie"):
        caplog.set_level(logging.DEBUG, name)
    found: list[KieError] = []
    with Kie(KEY, base_url=refusing, retry=no_retry()) as client:
        for _ in range(3):
            with pytest.raises(KieError) as caught:
                client.credits()
            found.append(caught.value)
        assert client.credits() == 7
    with Kie(KEY, base_url="http://127.0.0.1:9", retry=no_retry()) as client, pytest.raises(KieError) as caught:
        client.credits()
    found.append(caught.value)

    assert [record for record in caplog.records if record.name.startswith("http")]
    for record in caplog.records:
        assert KEY not in record.getMessage()
        assert KEY not in repr(record.args)
    for error in found:
        assert KEY not in "".join(traceback.format_exception(error))
        assert KEY not in repr(error.__dict__)
        assert KEY.encode() not in pickle.dumps(error)


def test_the_key_shows_in_no_journal_and_in_no_trace_of_a_failed_submission(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    client, _, _ = virtual_kie(
        api_key=KEY, journal=journal, faults=[{"on": "createTask", "do": "drop_after", "nth": 1}]
    )
    with pytest.raises(errors.SubmitUnknown) as caught:
        client.submit(NanoBananaPro(prompt="x"))
    client.run(NanoBananaPro(prompt="y"))
    assert KEY not in journal.read_text()
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY.encode() not in pickle.dumps(caught.value)


def test_a_limit_of_ones_own_is_that_of_the_key_in_the_process_that_is_given() -> None:
    process, limit = Process(), RateLimit(reads=1, reads_window=60.0)
    session = Session.make(Options(), api_key=Secret("key"), process=process, rate_limit=limit)
    again = Session.make(Options(), api_key=Secret("key"), process=process)
    assert session.process is again.process is process
    first, second = (process.limits(each.group).reserve("read", 0.0) for each in (session, again))
    assert first is not None and first.wait == 0.0
    assert second is not None and second.wait > 0.0


def test_limits_are_kept_under_a_hash_of_the_key_or_under_the_group() -> None:
    one, other = Session.make(Options(), api_key=Secret("a")), Session.make(Options(), api_key=Secret("b"))
    assert one.group != other.group
    grouped = [Session.make(Options(), api_key=Secret(key), limit_group="team") for key in "ab"]
    assert grouped[0].group == grouped[1].group == "group:team"


@pytest.mark.parametrize("name", ["limit_group", "journal", "rate_limit"])
def test_what_a_client_is_made_of_is_refused_by_name_if_it_is_of_another_kind(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} must be"):
        Session.make(Options(), api_key=Secret("key"), process=Process(), **{name: 5})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", [5, b"key", Secret("key")])
def test_a_key_that_is_not_text_is_refused_by_its_type(key: Any) -> None:
    with pytest.raises(ConfigError, match=f"the API key must be text, not {type(key).__name__}"):
        session(key)


def test_a_label_is_looked_up_in_the_journal(tmp_path: Path) -> None:
    made = Session.make(Options(), api_key=Secret("key"), process=Process(), journal=tmp_path / "j")
    line = {"event": "submit", "id": "a", "model": "m", "at": "2026-01-01T00:00:00", "label": "l", "server": "s"}
    assert made.on_disk(Recall("l", "s")) is None
    made.on_disk(Record(lambda: line))
    found = made.on_disk(Recall("l", "s"))
    assert isinstance(found, JournalEntry) and found.id == "a"


def test_media_are_read_within_the_bounds_of_their_field() -> None:
    found = session().on_disk(Inspect(io.BytesIO(b"GIF89a;" * 9), max_bytes=20))
    assert isinstance(found, Inspected) and found.facts.cut
    found = session().on_disk(Inspect(Image.new("RGB", (2, 2)), formats=("jpeg",)))
    assert isinstance(found, Inspected) and found.facts.content_type == "image/jpeg"


# errors survive a process boundary

REF = TaskRef("1f", "jobs", "nano-banana-pro")
STATUS = TaskStatus(ref=REF, state="failed", raw_state="fail", fail_code="501", raw={"data": {"state": "fail"}})
ISSUE = errors.Issue("prompt", "required", "is required", ("a", 1))


def api(cls: type[errors.ApiError]) -> errors.ApiError:
    details: dict[str, Any] = {
        "status": 200,
        "code": 422,
        "request_id": "r-1",
        "retry_after": 1.5,
        "task_created": None,
    }
    return cls("no", hint="do it otherwise", **details)


INSTANCES: dict[str, KieError] = {
    "KieError": errors.KieError("it went wrong"),
    "ConfigError": errors.ConfigError("no key"),
    "ArgumentInvalid": errors.ArgumentInvalid("'proxy' is not an argument of this call"),
    "BudgetExceeded": errors.BudgetExceeded("too dear", estimate=estimate_body("m", {}), left=Decimal(3)),
    "BatchStopped": errors.BatchStopped("input 3 failed", REF),
    "RequestInvalid": errors.RequestInvalid("kling-3.0/video", [ISSUE, ISSUE], captured="2026-08-19"),
    "MediaRejected": errors.MediaRejected("kling-3.0/video", [ISSUE]),
    "MediaPending": errors.MediaPending(["image_urls[0]"]),
    "PresetInvalid": errors.PresetInvalid("a.md", ["it has no text"]),
    "NotReady": errors.NotReady(virtual_kie()[0].plan("nano-banana-pro")),
    "UnknownModel": errors.UnknownModel("nano-banan", ["nano-banana-pro"]),
    "ModelRetired": errors.ModelRetired("old", ["new", "newer"]),
    "TransportFailed": errors.TransportFailed("no answer", sent=None),
    "CircuitOpen": errors.CircuitOpen("https://api.kie.ai", retry_after=12.5),
    "SubmitUnknown": errors.SubmitUnknown(
        NanoBananaPro(prompt="x"), datetime(2026, 9, 1, tzinfo=UTC), why="the connection was lost"
    ),
    "TaskFailed": errors.TaskFailed(REF, code="501", service_message="no", status=STATUS),
    "TaskTimeout": errors.TaskTimeout(REF, elapsed=1800.5, status=STATUS, why="the limit"),
    "ResultInvalid": errors.ResultInvalid(REF, "no files", raw={"a": [1]}),
    "WebhookRejected": errors.WebhookRejected("signature"),
    "DownloadFailed": errors.DownloadFailed("https://files.example/a.png?token=1", "gone", status=404),
} | {
    name: api(getattr(errors, name))
    for name in errors.__all__
    if name != "Issue" and issubclass(getattr(errors, name), errors.ApiError)
}


def test_every_error_class_is_among_those_that_are_pickled_here() -> None:
    assert {*INSTANCES, "Issue"} == set(errors.__all__)


@pytest.mark.parametrize("name", INSTANCES)
@pytest.mark.parametrize("through", [pickle.dumps, copy.copy, copy.deepcopy])
def test_an_error_keeps_its_class_text_and_attributes_when_it_is_pickled_or_copied(name: str, through: Any) -> None:
    error = INSTANCES[name]
    again = pickle.loads(through(error)) if through is pickle.dumps else through(error)
    assert type(again) is type(error)
    assert (str(again), repr(again), again.args) == (str(error), repr(error), error.args)
    assert again.__dict__ == error.__dict__
    assert isinstance(again, KieError)


def test_errors_are_also_what_python_calls_them() -> None:
    assert isinstance(INSTANCES["RequestInvalid"], ValueError)
    assert isinstance(INSTANCES["TaskTimeout"], TimeoutError)
    assert str(INSTANCES["TaskTimeout"]).startswith("task 1f had not ended after")


def test_the_url_of_a_failed_download_is_shown_without_its_query() -> None:
    error = INSTANCES["DownloadFailed"]
    assert isinstance(error, errors.DownloadFailed)
    assert error.url == "https://files.example/a.png"
    assert "token" not in str(error)


def test_a_clock_of_ones_own_replaces_the_machines() -> None:
    clock = VirtualClock()
    made = session()
    made.clock = clock
    clock.sleep(5)
    assert made.clock.now() == 5.0
