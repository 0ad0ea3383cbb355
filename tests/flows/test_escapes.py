"""Whatever ends a submission that may have left says that a task may exist, or which; observers and journal agree."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import httpx2
import pytest

from kie import AsyncKie, Journal, Kie, KieError, SubmitUnknown, TaskRef
from kie._core.call import HttpRequest, HttpResponse
from kie._exchange.exchange import to_http
from kie._io.bodies import Stream
from kie._records.lifecycles import lifecycle
from kie.errors import CircuitOpen, ConfigError, RateLimited, TransportFailed
from kie.models import NanoBananaPro
from kie.telemetry import TaskFinished
from kie.testing import virtual_kie

REQUEST = NanoBananaPro(prompt="A lighthouse")
ACCEPTED = HttpResponse(status=200, headers={}, body=b'{"code":200,"msg":"success","data":{"taskId":"t1"}}')


class Raising:
    """A transport of the user's own that raises what it is given once the request is out, if it is not an answer."""

    def __init__(self, came: HttpResponse | BaseException) -> None:
        self.came = came

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        if isinstance(self.came, BaseException):
            raise self.came
        return self.came

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractContextManager[Stream]:
        raise AssertionError("nothing is downloaded here")

    def close(self) -> None:
        pass


class AsyncRaising:
    """The same for asyncio."""

    def __init__(self, came: HttpResponse | BaseException) -> None:
        self.inner = Raising(came)

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return self.inner.send(request, timeout)

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Any:
        raise AssertionError("nothing is downloaded here")

    async def close(self) -> None:
        pass


Submit = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def submit(request: pytest.FixtureRequest) -> Submit:
    """Submits over a transport that gives or raises something, with options."""

    def blocking(came: Any, method: str = "submit", **options: Any) -> Any:
        return getattr(Kie("key", transport=Raising(came), **options), method)(REQUEST)

    def later(came: Any, method: str = "submit", **options: Any) -> Any:
        async def main() -> Any:
            return await getattr(AsyncKie("key", transport=AsyncRaising(came), **options), method)(REQUEST)

        return asyncio.run(main())

    return blocking if request.param == "sync" else later


INTERRUPTIONS: dict[str, BaseException] = {
    "a fault of the user's transport": ConnectionResetError("own transport"),
    "a bug": ZeroDivisionError(),
    "Ctrl-C": KeyboardInterrupt(),
    "the end of the program": SystemExit(3),
    "a KieError of the user's": KieError("mine"),
}


@pytest.mark.parametrize("name", INTERRUPTIONS)
def test_what_interrupts_a_submission_says_that_a_task_may_exist(name: str, submit: Submit, tmp_path: Path) -> None:
    ends: list[TaskFinished] = []

    def observer(event: object) -> None:
        if isinstance(event, TaskFinished):
            ends.append(event)

    error = INTERRUPTIONS[name]
    with pytest.raises(type(error)) as caught:
        submit(error, journal=tmp_path / "journal.jsonl", observers=[observer])
    assert any("a task may exist" in note for note in caught.value.__notes__)
    assert caught.value.task_created is None  # type: ignore[attr-defined]
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]
    assert [event.outcome for event in ends] == ["unknown"]


@pytest.mark.parametrize("method", ["submit", "run"])
@pytest.mark.parametrize("error", [ConnectionError("the database is away"), KeyboardInterrupt(), ConfigError("mine")])
def test_what_on_submitted_raises_carries_the_ref(
    error: BaseException, method: str, submit: Submit, tmp_path: Path
) -> None:
    def save(ref: object) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        submit(ACCEPTED, method, on_submitted=save, journal=tmp_path / "journal.jsonl")
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]
    assert any("t1" in note for note in caught.value.__notes__)
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert (entry.state, entry.ref and entry.ref.id) == ("open", "t1")


def test_an_interrupt_of_the_note_of_a_task_carries_its_ref_and_nothing_is_noted_twice(
    submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    events: list[object] = []

    def interrupted(self: Journal, entry: Mapping[str, Any]) -> None:
        events.append(entry["event"])
        if entry["event"] == "task":
            raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "append", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(ACCEPTED, journal=tmp_path / "journal.jsonl", on_submitted=lambda ref: told.append(ref.id))
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]
    assert any("client.task('t1').wait()" in note for note in caught.value.__notes__)
    assert told == ["t1"]
    assert events == ["submit", "task"]


def test_an_interrupt_before_the_task_is_known_says_that_one_may_exist(
    submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(row: object, document: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kie._tasks.submit.find_task_id", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(ACCEPTED, journal=tmp_path / "journal.jsonl")
    assert caught.value.task_created is None  # type: ignore[attr-defined]
    assert any("a task may exist" in note for note in caught.value.__notes__)
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]


def test_an_interrupt_whose_note_fails_says_so(submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Journal, entry: Mapping[str, Any]) -> None:
        if entry["event"] != "submit":
            raise ZeroDivisionError

    monkeypatch.setattr(Journal, "append", failing)
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(KeyboardInterrupt(), journal=tmp_path / "journal.jsonl")
    assert any("the journal was not told of it: ZeroDivisionError()" in note for note in caught.value.__notes__)


def test_what_on_submitted_raises_for_a_label_that_is_known_carries_the_ref(tmp_path: Path) -> None:
    def save(ref: object) -> None:
        raise ConnectionError("the database is away")

    journal = tmp_path / "journal.jsonl"
    Kie("key", transport=Raising(ACCEPTED), journal=journal).submit(REQUEST, label="order-1")
    client = Kie("key", transport=Raising(ZeroDivisionError()), journal=journal, on_submitted=save)
    with pytest.raises(ConnectionError) as caught:
        client.submit(REQUEST, label="order-1")
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]
    assert any("client.task('t1').wait()" in note for note in caught.value.__notes__)


def test_an_interrupt_between_two_attempts_created_nothing(tmp_path: Path) -> None:
    dropped = HttpResponse(status=200, headers={}, body=b'{"code":429,"msg":"slow down","data":null}')
    client = Kie("key", transport=Raising(dropped), journal=tmp_path / "journal.jsonl")

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    client._driver.sleep = interrupt
    with pytest.raises(KeyboardInterrupt) as caught:
        client.submit(REQUEST)
    assert not hasattr(caught.value, "__notes__")
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["refused"]


def test_a_cancelled_submission_says_that_a_task_may_exist(tmp_path: Path) -> None:
    class Slow(AsyncRaising):
        async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            under_way.set()
            await asyncio.Event().wait()
            raise AssertionError("it is cancelled before")

    async def main() -> None:
        client = AsyncKie("key", transport=Slow(ACCEPTED), journal=tmp_path / "journal.jsonl")
        task = asyncio.create_task(client.submit(REQUEST))
        await under_way.wait()
        task.cancel()
        await task

    under_way = asyncio.Event()
    with pytest.raises(asyncio.CancelledError) as caught:
        asyncio.run(main())
    assert any("a task may exist" in note for note in caught.value.__notes__)
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]


CONTRADICTIONS: dict[str, tuple[int, str]] = {
    "429 that names a task": (200, '{"code":429,"msg":"slow down","data":{"taskId":"t1"}}'),
    "430 that names a task": (200, '{"code":430,"msg":"slow down","data":{"taskId":"t1"}}'),
    "455 that names a task": (200, '{"code":455,"msg":"later","data":{"taskId":"t1"}}'),
    "550 that names a task": (200, '{"code":550,"msg":"later","data":{"taskId":"t1"}}'),
    "500 that names a task": (200, '{"code":500,"msg":"oh","data":{"taskId":"t1"}}'),
    "200 inside HTTP 502": (502, '{"code":200,"msg":"success","data":{"taskId":"t1"}}'),
    "429 inside HTTP 503, with a task": (503, '{"code":429,"msg":"slow down","data":{"taskId":"t1"}}'),
    "429 beside a task": (200, '{"code":429,"msg":"slow down","taskId":"t1"}'),
    "430 with a task further in": (200, '{"code":430,"msg":"slow down","data":{"task":{"task_id":"t1"}}}'),
    "455 with a list of tasks": (200, '{"code":455,"msg":"later","data":[{"taskId":"t1"}]}'),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_refusal_that_names_a_task_is_unknown_and_keeps_the_id(name: str, submit: Submit, tmp_path: Path) -> None:
    status, body = CONTRADICTIONS[name]
    answer = HttpResponse(status=status, headers={}, body=body.encode())
    with pytest.raises(SubmitUnknown, match="kie status") as caught:
        submit(answer, journal=tmp_path / "journal.jsonl")
    assert caught.value.ref is not None and caught.value.ref.id == "t1"
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert entry.ref == caught.value.ref


@pytest.mark.parametrize(
    "body",
    [
        b'{"code":200,"msg":"ok","taskId":"t1"}',
        b'{"code":200,"msg":"ok","data":[{"taskId":"t1"}]}',
        b'{"code":200,"msg":"ok","data":{"task":{"task_id":"t1"}}}',
        b'\xef\xbb\xbf{"code":200,"msg":"ok","data":{"taskId":"t1"}}',
        b'{"code":200,"msg":"\xff\xe9","data":{"taskId":"t1"}}',
    ],
)
def test_an_accepted_task_is_found_wherever_and_however_the_answer_names_it(body: bytes, submit: Submit) -> None:
    assert submit(HttpResponse(status=200, headers={}, body=body)).ref.id == "t1"


def test_an_id_that_stands_for_something_else_is_not_taken_for_the_task(submit: Submit) -> None:
    body = b'{"code":200,"msg":"ok","data":{"userId":"t1","parentTaskId":"t2","a":{"b":{"c":{"d":{"taskId":"t3"}}}}}}'
    with pytest.raises(SubmitUnknown) as caught:
        submit(HttpResponse(status=200, headers={}, body=body))
    assert caught.value.ref is None


ODD_IDS: dict[str, Any] = {
    "half a character": "\ud800",
    "a control character": "t1\n",
    "nothing that can be seen": "t\u200b1",
    "10,000 characters": "t" * 10_000,
}


@pytest.mark.parametrize("code", [200, 429])
@pytest.mark.parametrize("name", ODD_IDS)
def test_an_id_that_nobody_can_ask_by_is_told_and_a_task_may_exist(
    name: str, code: int, submit: Submit, tmp_path: Path
) -> None:
    body = json.dumps({"code": code, "msg": "success", "data": {"taskId": ODD_IDS[name]}})
    with pytest.raises(SubmitUnknown) as caught:
        submit(HttpResponse(status=200, headers={}, body=body.encode()), journal=tmp_path / "journal.jsonl")
    assert caught.value.ref is None
    shown = ODD_IDS[name][:600].replace("\ud800", "\ufffd")  # the reader of answers replaces it
    assert ascii(shown) in str(caught.value)
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]


@pytest.mark.parametrize("given", ["a/b", "a?b=c&d#e", "veo:a", "jobs:a", "../../x", 4711, "-1", "é", "t" * 512, " t "])
def test_any_other_id_is_kept_asked_by_and_read_again(given: Any, submit: Submit, tmp_path: Path) -> None:
    body = json.dumps({"code": 200, "msg": "success", "data": {"taskId": given}})
    ref = submit(HttpResponse(status=200, headers={}, body=body.encode()), journal=tmp_path / "journal.jsonl").ref
    assert ref == TaskRef(str(given))
    assert TaskRef.parse(str(ref)) == ref
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert entry.ref == ref
    url = to_http(virtual_kie()[0]._ctx, lifecycle("jobs").reading(ref.id)).url
    assert parse_qs(urlsplit(url).query) == {"taskId": [str(given)]}


@pytest.mark.parametrize("name", ODD_IDS)
def test_nothing_is_asked_about_a_task_by_an_id_that_cannot_be_one(name: str) -> None:
    client, service, _ = virtual_kie()
    with pytest.raises(ConfigError, match="nobody can ask for a task"):
        client.task(ODD_IDS[name]).wait()
    assert service.log == []


@pytest.mark.parametrize("code", [429, 430, 455, 550])
def test_a_refusal_inside_a_failure_of_the_server_is_not_sent_again(code: int, tmp_path: Path) -> None:
    sent: list[HttpRequest] = []

    class Counting(Raising):
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            sent.append(request)
            return super().send(request, timeout)

    body = f'{{"code":{code},"msg":"no","data":null}}'.encode()
    client = Kie("key", transport=Counting(HttpResponse(status=502, headers={}, body=body)), journal=tmp_path / "j")
    with pytest.raises(KieError) as caught:
        client.submit(REQUEST)
    assert len(sent) == 1
    assert caught.value.task_created is None  # type: ignore[attr-defined]
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["unknown"]


FROM_ANOTHER_CLIENT = [
    ConfigError("mine"),
    TransportFailed("another request", sent=False),
    RateLimited("another request", status=200, code=429),
    CircuitOpen("https://elsewhere", retry_after=1),
]


def hooked(library: Any, error: BaseException) -> dict[str, Any]:
    """A client whose request is answered, and whose hook then raises."""
    transport = library.MockTransport(lambda _: library.Response(200, content=ACCEPTED.body))
    return {"http_client": library.Client(transport=transport, event_hooks={"response": [partial(raised, error)]})}


def raised(error: BaseException, *_: object) -> None:
    raise error


@pytest.mark.parametrize("error", FROM_ANOTHER_CLIENT, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["hook of httpx", "hook of httpx2", "transport"])
def test_an_error_of_ours_that_a_users_hook_or_transport_lets_through_proves_nothing(
    where: str, error: Exception, tmp_path: Path
) -> None:
    libraries = {"hook of httpx": httpx, "hook of httpx2": httpx2}
    given = hooked(libraries[where], error) if where in libraries else {"transport": Raising(error)}
    client = Kie("k" * 32, journal=tmp_path / "journal", **given)
    outcomes = client.batch.run([REQUEST])
    assert [outcome.state for outcome in outcomes] == ["unknown"]
    assert isinstance(outcomes[0].error, SubmitUnknown)
    assert [entry.state for entry in Journal(tmp_path / "journal").entries()] == ["unknown"]


@dataclasses.dataclass(frozen=True)
class Frozen(Exception):
    """An error that takes neither notes nor attributes."""

    text: str


def test_an_error_that_takes_no_note_becomes_submit_unknown(submit: Submit, tmp_path: Path) -> None:
    with pytest.raises(SubmitUnknown, match="mine"):
        submit(Frozen("mine"), journal=tmp_path / "journal")
    assert [entry.state for entry in Journal(tmp_path / "journal").entries()] == ["unknown"]


def test_an_error_of_progress_that_takes_no_note_comes_through_unchanged() -> None:
    client = Kie("k" * 32, transport=Raising(ACCEPTED))
    with pytest.raises(Frozen, match="mine"):
        client.batch.submit([REQUEST], progress=lambda *_: raised(Frozen("mine")))
